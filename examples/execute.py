"""Turn the percent scripts of this folder into executed notebooks.

    python examples/execute.py       # all of them
    python examples/execute.py 03    # those whose names begin so

The script is the source: edit it, then run this. The kernel is reached over IPC, so that no port is opened.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import jupytext
import nbformat
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient

HERE = Path(__file__).parent
SECONDS = 300


def notebook_of(script: Path) -> nbformat.NotebookNode:
    """Cells of a script, with identifiers that do not change from run to run."""
    notebook = jupytext.read(script)
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{number:02d}"
    notebook.metadata = nbformat.from_dict(
        {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        }
    )
    return notebook


def executed(notebook: nbformat.NotebookNode, folder: Path = HERE) -> nbformat.NotebookNode:
    """Run every cell in a kernel of this Python; an error in a cell is raised here."""
    environment = {name: value for name, value in os.environ.items() if name != "MPLBACKEND"}
    environment["OMP_NUM_THREADS"] = "1"  # the same sums on any number of cores, and none waits for another
    with tempfile.TemporaryDirectory() as sockets:

        class LocalKernel(AsyncKernelManager):
            """A kernel behind sockets in a folder of its own."""

            def __init__(self, **options: object) -> None:
                connection = str(Path(sockets, "kernel.json"))
                super().__init__(**{**options, "transport": "ipc", "connection_file": connection})
                self.ip = str(Path(sockets, "kernel"))

        client = NotebookClient(
            notebook,
            kernel_name="python3",
            kernel_manager_class=LocalKernel,
            timeout=SECONDS,
            resources={"metadata": {"path": str(folder)}},
            record_timing=False,
        )
        client.execute(env=environment)
    notebook.metadata["language_info"] = {"name": "python"}  # the version would differ between machines
    return notebook


def main() -> None:
    begins = sys.argv[1] if len(sys.argv) > 1 else "[0-9]"
    for script in sorted(HERE.glob(f"{begins}*.py")):
        target = script.with_suffix(".ipynb")
        nbformat.write(executed(notebook_of(script)), target)
        print(f"{target.name}: {target.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
