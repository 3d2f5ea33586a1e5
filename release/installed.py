"""Install the wheel and the source of dist/, each into an empty environment, and ask each for its answer.

    python3 release/installed.py [--dist dist] [--python python3.13]

Only what a user has is there: a Python, and what the metadata ask for. The answer comes from a folder that is
not the clone, in both languages, and the command starts.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ASKED = """
import importlib.metadata as metadata, pathlib, sys
import detcount as dc
assert pathlib.Path(dc.__file__).is_relative_to(pathlib.Path(sys.prefix).resolve()), dc.__file__
assert metadata.version("detcount") == sys.argv[1], metadata.version("detcount")
bound = dc.abundance.ChaoLowerBound().fit(dc.datasets.load("kosovo"))
assert "4,400 listed" in bound.headline(), bound.headline()
assert "4\\u00a0400 en las listas" in bound.headline().translated("es"), bound.headline().translated("es")
"""


def main(words: list[str]) -> int:
    """Try every file of a folder; give 0 when each answers."""
    parser = argparse.ArgumentParser(prog="installed.py", description=__doc__.splitlines()[0])
    parser.add_argument("--dist", type=Path, default=ROOT / "dist", help="folder of the wheel and the source")
    parser.add_argument("--python", default=sys.executable, help="the Python of the empty environments")
    options = parser.parse_args(words)
    files = [path for end in ("*.whl", "*.tar.gz") for path in sorted(options.dist.glob(f"detcount-{end}"))]
    if {path.suffix for path in files} != {".whl", ".gz"} or len(files) != 2:
        raise SystemExit(f"{options.dist}: expected one wheel and one source, got {len(files)} files")
    faults = [fault for path in files if (fault := fault_of(path.resolve(), options.python))]
    print("\n".join(faults) or f"{len(files)} files install into empty environments, and answer")
    return 1 if faults else 0


def fault_of(path: Path, python: str) -> str:
    """Install one file into a new environment; give what is wrong with it, or nothing."""
    version = path.name.removesuffix(".tar.gz").split("-")[1]
    variables = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    with tempfile.TemporaryDirectory() as place:
        scripts = Path(place, "empty", "Scripts" if os.name == "nt" else "bin")
        for command in (
            [python, "-m", "venv", str(Path(place, "empty"))],
            [str(scripts / "python"), "-m", "pip", "install", "--quiet", str(path)],
            [str(scripts / "python"), "-I", "-c", ASKED, version],
            [str(scripts / "detcount"), "assess", "--help"],
        ):
            done = subprocess.run(
                command, cwd=place, env=variables, capture_output=True, text=True, check=False
            )
            if done.returncode:
                return f"{path.name}: {' '.join(command[:4])} failed:\n{done.stdout}{done.stderr}"
    return ""


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
