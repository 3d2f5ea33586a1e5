"""Gather all that installs detcount on a computer without network, in one file to carry there.

    python3 dev.py bundle [--extras excel,word] [--platform win_amd64 --python 3.13]

Without --platform the bundle is for computers like this one, with this Python. The file holds the wheels,
their digests, and a page that says in English and Spanish what to type. It needs a network here, none there.
"""

from __future__ import annotations

import argparse
import email
import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EXTRAS = ("excel", "word")
# entries of a zip have a day; one that never changes gives the same bytes for the same wheels
DAY = (2020, 2, 2, 0, 0, 0)
WINDOWS = r"detcount-env\Scripts\python"
UNIX = "detcount-env/bin/python"


def main(words: list[str]) -> int:
    """Gather the wheels, write what to do with them, and make one file of all."""
    parser = argparse.ArgumentParser(prog="dev.py bundle", description=__doc__.split("\n")[0])
    parser.add_argument("--extras", default=",".join(EXTRAS), help="what else to gather (%(default)s)")
    parser.add_argument("--platform", help="of the other computer: win_amd64, macosx_12_0_arm64 ...")
    parser.add_argument("--python", help="Python of the other computer, as 3.13; with --platform")
    parser.add_argument("--out", default=str(ROOT / "dist"), help="folder of the file")
    options = parser.parse_args(words)
    if (options.platform is None) != (options.python is None):
        parser.error("--platform and --python belong together: both say what the other computer has")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [extra for extra in options.extras.split(",") if extra]
    unknown = sorted(set(extras) - set(project["optional-dependencies"]))
    if unknown:
        parser.error(
            f"no extra is called {', '.join(unknown)}; known: {', '.join(project['optional-dependencies'])}"
        )
    place = options.platform or "this-computer"
    python = options.python or "{}.{}".format(*sys.version_info[:2])
    out = Path(options.out)
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as made:
        wheels = Path(made)
        own = build_own(wheels)
        gather(wheels, own, extras, options.platform, options.python)
        listed = "".join(sorted(hashed(path) for path in wheels.glob("*.whl")))
        (wheels / "requirements.txt").write_text(listed, encoding="utf-8")
        (wheels / "INSTALL.txt").write_text(told(python, options.platform), encoding="utf-8")
        target = out / f"detcount-{project['version']}-offline-{place}-python{python}.zip"
        pack(wheels, target)
    size = target.stat().st_size / 1e6
    print(f"{target} ({size:.0f} MB). Carry it to the other computer; INSTALL.txt in it says the rest.")
    return 0


def build_own(folder: Path) -> Path:
    """Build the wheel of detcount itself."""
    pip("wheel", "--no-deps", "--wheel-dir", str(folder), str(ROOT))
    return next(folder.glob("detcount-*.whl"))


def gather(folder: Path, own: Path, extras: list[str], platform: str | None, python: str | None) -> None:
    """Download the wheels of all that detcount needs, in the versions that are tested."""
    words = ["--only-binary", ":all:", "--constraint", str(ROOT / "constraints.txt"), "--dest", str(folder)]
    if platform is not None:
        words += ["--platform", platform, "--python-version", str(python), "--implementation", "cp"]
    pip("download", *words, f"{own}[{','.join(extras)}]" if extras else str(own))
    # pip asks this computer which requirements hold for another one; the wheels say what is needed there
    while platform is not None and (lacking := missing(folder, set(extras), platform, str(python))):
        pip("download", "--no-deps", *words, *lacking)


def missing(folder: Path, extras: set[str], platform: str, python: str) -> list[str]:
    """Name what the wheels of a folder need on another computer, and none of them is."""
    from packaging.requirements import Requirement

    windows, mac = platform.startswith("win"), platform.startswith("macosx")
    there = {
        "sys_platform": "win32" if windows else "darwin" if mac else "linux",
        "platform_system": "Windows" if windows else "Darwin" if mac else "Linux",
        "os_name": "nt" if windows else "posix",
        "platform_machine": "AMD64"
        if platform == "win_amd64"
        else "arm64"
        if "arm64" in platform
        else "x86_64",
        "python_version": python,
        "python_full_version": f"{python}.0",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
    }
    wheels = list(folder.glob("*.whl"))
    held = {normal(path.name.split("-")[0]) for path in wheels}
    needed: set[str] = set()
    for path in wheels:
        wanted = ("", *extras) if path.name.startswith("detcount-") else ("",)
        for one in map(Requirement, required(path)):
            if one.marker is None or any(one.marker.evaluate({**there, "extra": extra}) for extra in wanted):
                needed.add(normal(one.name))
    return sorted(needed - held)


def required(wheel: Path) -> list[str]:
    """Give the requirements that a wheel states."""
    with zipfile.ZipFile(wheel) as archive:
        name = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        said = email.message_from_bytes(archive.read(name))
    return [str(line) for line in said.get_all("Requires-Dist", [])]


def normal(name: str) -> str:
    """Write the name of a distribution as requirements do."""
    return re.sub("[-_.]+", "-", name).lower()


def pip(*words: str) -> None:
    """Run pip, or stop with what it says."""
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", *words]
    if subprocess.run(command, check=False).returncode:
        raise SystemExit("The wheels could not be gathered, for the reason above. Is there a network?")


def hashed(wheel: Path) -> str:
    """Give a line of requirements: the name, the version and the digest of a wheel."""
    name, version = wheel.name.split("-")[:2]
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    return f"{normal(name)}=={version} --hash=sha256:{digest}\n"


def told(python: str, platform: str | None) -> str:
    """Say in English and Spanish what to type on the other computer."""
    windows = (platform or sys.platform).startswith("win")
    start, inside = ("py", WINDOWS) if windows else ("python3", UNIX)
    commands = (
        f"    {start} -m venv detcount-env\n"
        f"    {inside} -m pip install --no-index --find-links . --require-hashes -r requirements.txt\n"
        f"    {inside} -m detcount assess --dataset kosovo\n"
    )
    return (
        f"detcount without network. You need Python {python}. Unpack this file, open a terminal\n"
        f"in its folder, and type:\n\n{commands}\n"
        "The second line refuses any file that is not the one gathered. The third shows that it works.\n\n"
        f"detcount sin red. Hace falta Python {python}. Descomprima este archivo, abra una terminal\n"
        "en su carpeta y escriba las tres líneas de arriba. La segunda rechaza todo archivo que no\n"
        "sea el que se reunió; la tercera muestra que funciona (con --lang es, en español).\n"
    )


def pack(folder: Path, target: Path) -> None:
    """Write the files of a folder into a zip; the same files give the same bytes."""
    partial = target.with_suffix(".part")
    with zipfile.ZipFile(partial, "w") as archive:
        for path in sorted(folder.iterdir()):
            entry = zipfile.ZipInfo(f"{target.stem}/{path.name}", date_time=DAY)
            entry.external_attr = 0o644 << 16
            with path.open("rb") as stream, archive.open(entry, "w") as inside:
                shutil.copyfileobj(stream, inside)
    partial.replace(target)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
