"""Runs PyPI's jupyter_kernel_test against the installed kernel "millrace".

Prints {test: "passed" | "skipped: why" | "failed: why"}; never fails itself, so that each test is reported by name.
"""

import json
import unittest

import jupyter_kernel_test


class Conformance(jupyter_kernel_test.KernelTests):
    kernel_name = "millrace"
    language_name = "typescript"
    file_extension = ".ts"
    code_hello_world = "console.log('hello, world')"
    code_stderr = "console.error('oops')"
    completion_samples = [
        {"text": "const zzq = [1]; zzq.findLastInd", "matches": {"findLastIndex"}},
        {"text": "JSON.strin", "matches": {"stringify"}},
    ]
    complete_code_samples = ["1+1", "const a = 1", "function f() { return 1 }", "class A { x = 1 }"]
    incomplete_code_samples = ["function f() {", "const a = [1,", "if (true) {\n  1"]
    invalid_code_samples = ["const = 1", "let 3x = }"]
    code_generate_error = "throw new Error('boom')"
    code_execute_result = [
        {"code": "1+2", "result": "3"},
        {"code": "6*7", "result": "42"},
        {"code": "await Promise.resolve(5)", "result": "5"},
    ]
    code_display_data = [{"code": "display.html('<b>hi</b>')", "mime": "text/html"}]
    code_inspect_sample = "JSON.stringify"
    supported_history_operations = ("tail", "range", "search")
    code_history_pattern = "1?2*"
    code_clear_output = "display.clear()"


outcomes = {}


class Outcomes(unittest.TestResult):
    def addSuccess(self, test):
        outcomes.setdefault(name_of(test), "passed")

    def addSkip(self, test, reason):
        outcomes.setdefault(name_of(test), f"skipped: {reason}")

    def addFailure(self, test, err):
        outcomes[name_of(test)] = f"failed: {err[1]}"

    def addError(self, test, err):
        outcomes[name_of(test)] = f"failed: {err[0].__name__}: {err[1]}"

    def addSubTest(self, test, subtest, err):
        if err is not None:
            outcomes[name_of(test)] = f"failed: {subtest}: {err[1]}"


def name_of(test):
    return test.id().rsplit(".", 1)[-1]


# A failure in setUpClass is one of the class, and named after it: no test passes then.
unittest.defaultTestLoader.loadTestsFromTestCase(Conformance).run(Outcomes())
print(json.dumps(outcomes))
