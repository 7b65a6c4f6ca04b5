"""Runs JupyterLab, and ends it when the process that started it is gone: standard input closes then."""

import os
import signal
import sys
import threading

from jupyterlab.labapp import main


def end_with_parent() -> None:
    while os.read(0, 4096):  # not through sys.stdin, whose lock must be free at exit
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    threading.Thread(target=end_with_parent, daemon=True).start()
    sys.exit(main())
