"""Types at `millrace repl` in a pseudo-terminal, and checks what comes on the screen.

usage: python3 repl_terminal.py NODE MILLRACE     prints "ok", or fails with the screen so far
"""
import os
import pty
import select
import sys
import time


class Terminal:
    """One REPL in a terminal of its own."""

    def __init__(self, argv):
        self.screen = ""
        self.read_to = 0
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execv(argv[0], argv)

    def wait(self, text, seconds=60):
        """Reads until `text` comes after what was waited for before."""
        end = time.monotonic() + seconds
        while (at := self.screen.find(text, self.read_to)) == -1:
            if time.monotonic() > end:
                sys.exit(f"{text!r} did not come; the screen was:\n{self.screen}")
            if select.select([self.fd], [], [], 0.1)[0]:
                try:
                    self.screen += os.read(self.fd, 65536).decode("utf-8", "replace")
                except OSError:
                    sys.exit(f"it ended before {text!r}; the screen was:\n{self.screen}")
        self.read_to = at + len(text)

    def type(self, text, *wanted):
        """Types, and waits for what must come, in this order."""
        os.write(self.fd, text.encode())
        for want in wanted:
            self.wait(want)

    def leave(self):
        """Ctrl-D; gives the exit code."""
        os.write(self.fd, b"\x04")
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


PROMPT = "\x1b[3G"  # readline puts the cursor behind "> "

terminal = Terminal([sys.argv[1], sys.argv[2], "repl"])
terminal.wait(PROMPT)
terminal.type("const xs = [1, 2, 3]\r", PROMPT)
terminal.type("xs.reverse().joi\t", "xs.reverse().join")
terminal.type("('-')\r", "'3-2-1'", PROMPT)
terminal.type("function f() {\r", "… ")
terminal.type("return 7 }\r", PROMPT)
terminal.type("f()\r", "7", PROMPT)
terminal.type("console.log('loop' + 'ing'); while (true) {}\r", "looping")
terminal.type("\x03", "Interrupted", PROMPT)
terminal.type("xs.length\r", "3", PROMPT)
terminal.type("const dropped = 1", "dropped = 1")
terminal.type("\x03", "^C", PROMPT)
terminal.type("1 + 41\r", "42", PROMPT)
terminal.type("\x03", "Ctrl-D", PROMPT)
terminal.type("setTimeout(() => console.log('ti' + 'ck'), 1); 0\r", "tick")
code = terminal.leave()
if code != 0:
    sys.exit(f"it ended with {code}")

again = Terminal([sys.argv[1], sys.argv[2], "repl"])
again.wait(PROMPT)
again.type("\x1b[A", "setTimeout")
again.type("\x1b[A", "1 + 41")
again.type("\r", "42")
again.leave()
print("ok")
