"""Runs a notebook with nbclient, as a Jupyter front end would, and prints its outputs as JSON.

usage: run_notebook.py NOTEBOOK [TIMEOUT_S]

Prints a list with one entry a code cell: {"id", "mayFail", "outputs"}. A cell that fails does not stop the run.
"""

import json
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

notebook_file = Path(sys.argv[1])
timeout = int(sys.argv[2]) if len(sys.argv) > 2 else 120
notebook = nbformat.read(notebook_file, as_version=4)
client = NotebookClient(
    notebook,
    timeout=timeout,
    allow_errors=True,
    resources={"metadata": {"path": str(notebook_file.parent)}},
)
client.execute()
json.dump(
    [
        {
            "id": cell["id"],
            "mayFail": "raises-exception" in cell["metadata"].get("tags", []),
            "outputs": cell["outputs"],
        }
        for cell in notebook.cells
        if cell["cell_type"] == "code"
    ],
    sys.stdout,
)
