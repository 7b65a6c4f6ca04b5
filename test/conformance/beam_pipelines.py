"""Runs the pipelines of the conformance list in Beam Python: what comes out is what ours must give.

Usage: beam_pipelines.py MODULE INPUTS FILES OUT [CASE…]. MODULE is one of the package beam, INPUTS a JSON file in the
canonical form of canonical.ts, FILES the folder of the input files; OUT becomes a JSON file of case → output → canonical
texts, sorted.
"""

import glob
import importlib
import json
import logging
import os
import sys
import tempfile

import apache_beam
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.direct.direct_runner import BundleBasedDirectRunner
from apache_beam.runners.portability.fn_api_runner import FnApiRunner

from beam.canonical import canonical, from_canonical
from beam.common import CASES, STREAMS


class Append(apache_beam.DoFn):
    """Appends each line to a file: what a stream gives, in one process."""

    def __init__(self, path):
        self._path = path

    def process(self, line):
        with open(self._path, "a", encoding="ascii", newline="\n") as file:
            file.write(f"{line}\n")


def run_stream(build, inputs, files):
    with tempfile.TemporaryDirectory() as folder:
        options = PipelineOptions(["--streaming", "--allow_unsafe_triggers"])
        with apache_beam.Pipeline(BundleBasedDirectRunner(), options=options) as p:
            outputs = build(p, inputs, files)
            for name, elements in outputs.items():
                path = os.path.join(folder, f"{name}-1-of-1")
                open(path, "w").close()
                elements | f"Canonical {name}" >> apache_beam.Map(canonical) | f"Append {name}" >> apache_beam.ParDo(Append(path))
        return {name: read_lines(os.path.join(folder, name)) for name in outputs}


def run(build, inputs, files):
    with tempfile.TemporaryDirectory() as folder:
        with apache_beam.Pipeline(FnApiRunner(), options=PipelineOptions([])) as p:
            outputs = build(p, inputs, files)
            for name, elements in outputs.items():
                (
                    elements
                    | f"Canonical {name}" >> apache_beam.Map(canonical)
                    | f"Write {name}" >> apache_beam.io.WriteToText(os.path.join(folder, name), num_shards=1)
                )
        return {name: read_lines(os.path.join(folder, name)) for name in outputs}


def read_lines(prefix):
    lines = []
    for file in glob.glob(f"{prefix}-*-of-*"):
        with open(file, encoding="ascii", newline="\n") as content:
            lines.extend(line.rstrip("\n") for line in content)
    return sorted(lines)


def main(module, inputs_file, files, out, *names):
    importlib.import_module(f"beam.{module}")  # puts its pipelines in CASES
    logging.getLogger().setLevel(logging.ERROR)
    with open(inputs_file, encoding="ascii") as content:
        inputs = from_canonical(json.load(content))
    results = {
        name: (run_stream if name in STREAMS else run)(CASES[name], inputs, files) for name in names or CASES
    }
    with open(out, "w", encoding="ascii") as file:
        json.dump(results, file)


if __name__ == "__main__":
    main(*sys.argv[1:])
