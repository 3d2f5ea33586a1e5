"""Write the page on one's own computer as one HTML file, which needs neither Python nor a network.

    python3 dev.py browser PYODIDE_FOLDER [--out build/detcount.html]

The folder is a distribution of Pyodide with its lock file. What is taken from it must have the digest that
the lock file states. Libraries in Python alone come from this environment. All licences are inside.
"""

from __future__ import annotations

import argparse
import base64
import gzip
import hashlib
import importlib.metadata
import io
import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
CODE = ("pyodide.asm.js", "pyodide.js", "worker.js")
CORE = ("pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json")
COMPILED = ("numpy", "scipy", "pandas", "matplotlib", "joblib", "threadpoolctl")
IF_THERE = ("lxml", "python-calamine")
OF_THE_PAGE = ("starlette", "anyio", "idna", "typing-extensions", "python-multipart", "jinja2", "markupsafe")
PURE = ("narwhals", "tqdm", *OF_THE_PAGE)
COMPILED_HERE = (".so", ".pyd", ".pyc")
LICENCES = ("licen", "copying", "notice", "authors")
DAY = (2020, 2, 2, 0, 0, 0)  # of every entry, so that the same files give the same bytes
POLICY = (
    "default-src 'none'; script-src 'unsafe-eval' 'sha256-{script}'; worker-src blob:; connect-src 'none'; "
    "style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'"
)
PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>detcount</title>
<link rel="icon" href="data:,">
<style>{style} html:lang(es) [lang=en],
html:not(:lang(es)) [lang=es] {{ display: none; }}</style>
</head>
<body>
<main>
<h1>detcount</h1>
<div class="card" role="status">
<p class="stage"><span class="spin" aria-hidden="true"></span>{starting}</p>
</div>
</main>
{data}
<script>{script}</script>
</body>
</html>
"""


def main(words: list[str]) -> int:
    """Gather the parts, and write the page."""
    parser = argparse.ArgumentParser(prog="dev.py browser", description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path, help="a distribution of Pyodide")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "detcount.html")
    options = parser.parse_args(words)
    lock = json.loads((options.folder / "pyodide-lock.json").read_text(encoding="utf-8"))
    needed = closure(lock["packages"])
    files = {name: (options.folder / name).read_bytes() for name in (*CODE[:2], *CORE)}
    files |= {each["file_name"]: checked(options.folder, each) for each in needed.values()}
    own = [*PURE, *(["python-docx"] if "lxml" in needed else [])]
    own += [] if "python-calamine" in needed else ["openpyxl", "et-xmlfile"]
    wheels = {f"{name}.whl": packed(name) for name in own} | {"detcount.whl": built()}
    if "python-calamine" not in needed:
        wheels["calamine.whl"] = zipped(
            {"python_calamine.py": (HERE / "calamine_by_openpyxl.py").read_bytes()}
        )
    files |= wheels
    files["licences.txt"] = licences(files).encode()
    names = [*CORE, *(each["file_name"] for each in needed.values()), *wheels]
    info = {"code": CODE, "files": names, "packages": list(needed), "wheels": list(wheels)}
    files |= {name: (HERE / name).read_bytes() for name in ("worker.js", "inside.py")}
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(page(info, files), encoding="utf-8")
    print(f"{options.out} ({options.out.stat().st_size / 1e6:.0f} MB): open it in a browser, or carry it.")
    for name in [name for name in IF_THERE if name not in needed]:
        what = {"lxml": "Word files are not written", "python-calamine": "of workbooks only xlsx is read"}[
            name
        ]
        print(f"The folder has no {name}: {what}.")
    return 0


def closure(packages: dict[str, Any]) -> dict[str, Any]:
    """The packages that are needed, with all that they need."""
    waiting = [*COMPILED, *(name for name in IF_THERE if name in packages)]
    found: dict[str, Any] = {}
    while waiting:
        name = waiting.pop()
        if name not in found:
            if name not in packages:
                raise SystemExit(f"The folder has no {name}. Take the whole distribution of Pyodide.")
            found[name] = packages[name]
            waiting += found[name]["depends"]
    return found


def checked(folder: Path, package: dict[str, Any]) -> bytes:
    """The file of a package, if it is the one that the lock file means."""
    content = (folder / package["file_name"]).read_bytes()
    if hashlib.sha256(content).hexdigest() != package["sha256"]:
        raise SystemExit(f"{package['file_name']}: the digest is not that of the lock file. Take it again.")
    return content


def packed(name: str) -> bytes:
    """A library of this environment as a zip, without what is compiled."""
    found = [file for file in importlib.metadata.files(name) or () if ".." not in file.parts]
    return zipped({str(file): file.read_binary() for file in found if file.suffix not in COMPILED_HERE})


def zipped(files: dict[str, bytes]) -> bytes:
    """A zip of files; the same files give the same bytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name, DAY), content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def built() -> bytes:
    """The wheel of detcount itself."""
    with tempfile.TemporaryDirectory() as place:
        command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", place]
        subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return next(Path(place).glob("detcount-*.whl")).read_bytes()


def licences(files: dict[str, bytes]) -> str:
    """The licences of every part, each under its name."""
    texts = [("Python", (Path(sys.base_prefix) / "lib" / "python{}.{}".format(*sys.version_info[:2])))]
    parts = [(name, text.joinpath("LICENSE.txt").read_text(encoding="utf-8")) for name, text in texts]
    parts.append(("Pyodide", (HERE / "MPL-2.0.txt").read_text(encoding="utf-8")))
    for name, content in files.items():
        if not name.endswith(".whl"):
            continue
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for entry in archive.namelist():
                folder, _, last = entry.rpartition("/")
                if ".dist-info" in folder and last.lower().startswith(LICENCES):
                    parts.append((f"{name}: {last}", archive.read(entry).decode(errors="replace")))
    return "\n\n".join(f"{name}\n{'=' * len(name)}\n\n{text.strip()}" for name, text in parts)


def page(info: dict[str, Any], files: dict[str, bytes]) -> str:
    """The page, with all files in it."""
    from detcount.page.pages import STAGES, style
    from detcount.page.sessions import ENDED_EARLY
    from detcount.words import languages

    def block(name: str, content: bytes) -> str:
        text = base64.b64encode(gzip.compress(content, 9, mtime=0)).decode()
        return f'<script type="application/gzip" data-name="{name}">{text}</script>'

    info["ended"] = {lang: ENDED_EARLY.translated(lang) for lang in languages()}
    start = STAGES["load"]
    starting = "".join(f'<span lang="{lang}">{start.translated(lang)}</span>' for lang in ("en", "es"))
    known = json.dumps(info).replace("<", "\\u003c")
    data = [f'<script type="application/json" id="info">{known}</script>']
    data += [block(name, content) for name, content in files.items()]
    script = (HERE / "page.js").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = POLICY.format(script=digest)
    return PAGE.format(policy=policy, style=style(), starting=starting, data="\n".join(data), script=script)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
