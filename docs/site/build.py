"""Build the site: put its pages together in a folder, then have Sphinx set them, in English and in Spanish.

python docs/site/build.py                the site, in build/site
python docs/site/build.py --catalogues   the sentences of the front pages for translators, in docs/locales

The pages in docs/ are Markdown that reads well as it is. What is added here is made of the code: the
reference, the pictures of the gallery, and the list of versions. A warning of Sphinx is an error.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from itertools import product
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
SITE = ROOT / "build" / "site"
sys.path.insert(0, str(Path(__file__).parent))

from gallery import draw_pictures  # noqa: E402
from translations import in_english_alone, of_version, version_of, with_note  # noqa: E402

from reference import write_reference  # noqa: E402

FRONT_PAGES = (  # those in other languages
    "index",
    "start",
    "report",
    "page",
    "browser",
    "linkage",
    "wrong_entries",
    "stock",
    "releases",
    "coverage",
    "journalists",
    "from_excel",
    "cite",
)
LANGUAGES = ("es",)
# pages of the repository beside docs/, and what they are called here
BESIDE = {
    "CHANGELOG.md": "changes.md",
    "CONTRIBUTING.md": "contributing.md",
    "VISION.md": "vision.md",
    "site/reference.py": "reference/index.rst",  # what makes the pages stands for them in the repository
}
LINK = re.compile(r"(\]\()([^)#:\s]+)((?:#[^)\s]*)?\))")
TREE = re.compile(r"^(```\{toctree\}\n(?::[^\n]*\n)*\n)(.*?)(^```)", re.M | re.S)
LEFT_BEHIND = (".buildinfo*", "webpack-macros.html", "*.map", "_sources")  # no page needs them
REDIRECT = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>detcount</title>
<meta http-equiv="refresh" content="0; url={to}/index.html"></head>
<body><a href="{to}/index.html">detcount {to}</a></body></html>
"""


def main(words: list[str]) -> int:
    """Do what is asked; give the exit code."""
    start = time.monotonic()
    if words == ["--catalogues"]:
        return write_catalogues()
    version = current_version()
    with tempfile.TemporaryDirectory() as folder:
        source, out = Path(folder, "en"), Path(folder, "set", "site")
        assemble(source)
        versions = listed_versions({version})
        code = sphinx(source, out, language="en", versions=versions)
        for language in LANGUAGES:
            front = Path(folder, language)
            keep_front_pages(source, front, language)
            code = code or sphinx(front, out / language, language=language, versions=versions)
        if code:
            return code
        mend_roles(out)
        shutil.rmtree(SITE / version, ignore_errors=True)
        shutil.copytree(out, SITE / version, ignore=shutil.ignore_patterns(*LEFT_BEHIND))
    (SITE / "versions.json").write_text(json.dumps(listed_versions(built()), indent=1), encoding="utf-8")
    (SITE / "index.html").write_text(REDIRECT.format(to=version), encoding="utf-8")
    seconds = time.monotonic() - start
    print(f"The site is in {SITE / 'index.html'} ({seconds:.0f} s). Open it in a browser.", file=sys.stderr)
    return 0


def assemble(source: Path, *, of_code: bool = True) -> None:
    """Put all pages into one folder, with links as they have to be there; those made of the code if asked."""
    source.mkdir(parents=True)
    for path in sorted(DOCS.glob("*.*")):
        if path.suffix in (".md", ".svg"):
            shutil.copy(path, source)
    for name, page in BESIDE.items():
        if page.endswith(".md"):
            shutil.copy(ROOT / name, source / page)
    shutil.copytree(ROOT / "examples", source / "examples", ignore=shutil.ignore_patterns("*.py"))
    results = source / "benchmarks" / "results"
    results.mkdir(parents=True)
    for path in sorted((ROOT / "benchmarks" / "results").glob("*.md")):
        (results / path.name).write_text("---\norphan: true\n---\n\n" + path.read_text(encoding="utf-8"))
    shutil.copytree(DOCS / "locales", source / "locales")
    for path in (*source.glob("*.md"), *source.glob("examples/*.ipynb")):
        path.write_text(relinked(path.read_text(encoding="utf-8")), encoding="utf-8")
    hang_the_rest(source)
    if of_code:
        write_reference(source / "reference")
        draw_pictures(source)


def relinked(text: str) -> str:
    """Text of a page whose links lead to the places of the assembled pages."""

    def moved(link: re.Match[str]) -> str:
        target = link[2].replace("../docs/", "../") if "../docs/" in link[2] else link[2].removeprefix("../")
        target = target.removeprefix("docs/")
        return f"{link[1]}{BESIDE.get(target, target)}{link[3]}"

    return LINK.sub(moved, text)


def hang_the_rest(source: Path) -> None:
    """Give every page that no table of contents names a place at the end of the guide."""
    texts = {path.stem: path.read_text(encoding="utf-8") for path in source.glob("*.md")}
    named = {line for tree in TREE.finditer("\n".join(texts.values())) for line in tree[2].splitlines()}
    rest = sorted(set(texts) - named - {"index"})
    if rest:
        with (source / "guide.md").open("a", encoding="utf-8") as guide:
            guide.write("\n```{toctree}\n:caption: More\n\n" + "\n".join(rest) + "\n```\n")


def keep_front_pages(source: Path, front: Path, language: str | None = None) -> None:
    """Copy the pages that other languages have; their tables of contents name no other page.

    In a language, a page that has changed since it was translated says so.
    """
    front.mkdir()
    shutil.copytree(source / "locales", front / "locales")
    if (source / "pictures").is_dir():  # those of the first page
        shutil.copytree(source / "pictures", front / "pictures")
    for name in FRONT_PAGES:
        text = (source / f"{name}.md").read_text(encoding="utf-8")
        if name == "index":
            text = TREE.sub(lambda tree: tree[1] + "\n".join(FRONT_PAGES[1:]) + "\n" + tree[3], text)
        if language is not None:
            catalogue, sentences = catalogue_of(name, language)
            if in_english_alone(text, sentences):
                text = with_note(text, version_of(catalogue))
        (front / f"{name}.md").write_text(text, encoding="utf-8")


def sphinx(source: Path, out: Path, *, language: str, versions: list[dict[str, str]]) -> int:
    """Set the pages in one language."""
    environment = {
        **os.environ,
        "DETCOUNT_DOCS_LANGUAGE": language,
        "DETCOUNT_DOCS_VERSIONS": json.dumps(versions),
        "DETCOUNT_DOCS_TRANSLATED": json.dumps(FRONT_PAGES),
    }
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html", "-c", str(DOCS)]
    command += ["-d", str(source.parent / f"read-{language}"), "-j", "auto", str(source), str(out)]
    return subprocess.run(command, env=environment, check=False).returncode


def mend_roles(out: Path) -> None:
    """Take from papers the roles that docutils gives them, which readers of screens do not know any more."""
    for path in out.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        for role in (' role="doc-biblioentry"', ' role="list"'):
            text = text.replace(role, "")
        path.write_text(text, encoding="utf-8")


def current_version() -> str:
    """Version of the code, as its metadata say it."""
    import detcount

    return detcount.__version__


def built() -> set[str]:
    """Versions whose pages are in the folder of the site."""
    return {path.parent.name for path in SITE.glob("*/index.html")}


def listed_versions(there: set[str]) -> list[dict[str, str]]:
    """Versions of the change log, newest first; where the pages of one are not here, what changed in it."""
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    found = re.findall(r"^## ((\d+\.\d+\.\d+) \((.*)\))$", text, re.M)
    newest = max(there, key=lambda name: [int(part) for part in name.split(".")])
    return [
        {
            "version": version,
            "day": day,
            "address": f"{version}/index.html"
            if version in there
            else f"{newest}/changes.html#{anchor(heading)}",
        }
        for heading, version, day in found
    ]


def anchor(heading: str) -> str:
    """Name that Sphinx gives to a heading."""
    from docutils.nodes import make_id

    return make_id(heading)


def write_catalogues() -> int:
    """Bring the sentences of the front pages in docs/locales up to date with the pages."""
    with tempfile.TemporaryDirectory() as folder:
        source, front, pot = Path(folder, "en"), Path(folder, "front"), Path(folder, "pot")
        assemble(source, of_code=False)
        keep_front_pages(source, front)
        command = [sys.executable, "-m", "sphinx", "-q", "-b", "gettext", "-c", str(DOCS)]
        command += ["-D", "suppress_warnings=myst.xref_missing"]  # of pages that are in English alone
        code = subprocess.run([*command, str(front), str(pot)], check=False).returncode
        if code:
            return code
        languages = [word for language in LANGUAGES for word in ("-l", language)]
        intl = [sys.executable, "-m", "sphinx_intl", "update", "-p", str(pot), "-d", str(DOCS / "locales")]
        code = subprocess.run([*intl, "--no-obsolete", "-w", "110", *languages], check=False).returncode
    for language, name in product(LANGUAGES, FRONT_PAGES):
        catalogue, sentences = catalogue_of(name, language)
        if not in_english_alone((DOCS / f"{name}.md").read_text(encoding="utf-8"), sentences):
            path_of(name, language).write_text(of_version(catalogue, current_version()), encoding="utf-8")
    return code


def path_of(name: str, language: str) -> Path:
    """Catalogue of a page."""
    return DOCS / "locales" / language / "LC_MESSAGES" / f"{name}.po"


def catalogue_of(name: str, language: str) -> tuple[str, set[str]]:
    """Text of the catalogue of a page, and the sentences that it translates."""
    from detcount.words.catalogue import read_po

    text = path_of(name, language).read_text(encoding="utf-8")
    return text, set(read_po(text))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
