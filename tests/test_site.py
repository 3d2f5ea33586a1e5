"""The documentation site: it builds without a warning, names what is public, loads nothing from outside."""

import html
import importlib
import inspect
import json
import os
import re
import subprocess
import sys
import zlib
from html.parser import HTMLParser
from pathlib import Path

import pytest

import detcount
from test_docstrings import PUBLIC_MODULES

ROOT = Path(__file__).parents[1]
SITE = ROOT / "build" / "site"
PAGES = (
    *("start", "gallery", "choosing", "model", "assumptions", "comparison", "calibration", "performance"),
    *("disclosure", "cite", "changes", "journalists", "from_r", "from_excel", "architecture"),
    *("reference/index",),
)
FRONT = ("index", "start", "journalists", "from_excel", "cite")
LOADS = {"src", "srcset", "poster", "data", "action"}  # attributes whose address is fetched without a click

pytestmark = pytest.mark.slow


class Page(HTMLParser):
    def __init__(self, path):
        super().__init__()
        self.loads = []
        self.links = []
        self.ids = set()
        self.words = []
        self.language = ""
        self.without_words = 0
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        found = {name: value or "" for name, value in attrs}
        self.ids |= {found[name] for name in ("id", "name") if name in found}
        if tag == "html":
            self.language = found.get("lang", "")
        if tag == "a":
            self.links.append(found.get("href", ""))
        elif tag == "link":
            self.loads.append(found.get("href", ""))
        if tag == "img" and not found.get("alt"):
            self.without_words += 1
        self.loads += [found[name] for name in LOADS & set(found)]

    def handle_data(self, data):
        self.words.append(data)


@pytest.fixture(scope="module")
def site():
    command = [sys.executable, str(ROOT / "docs" / "site" / "build.py")]
    path = os.pathsep.join(sys.path)
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": path})
    assert done.returncode == 0, done.stderr[-4000:]
    return SITE / detcount.__version__


@pytest.fixture(scope="module")
def pages(site):
    return {str(path.relative_to(site)): Page(path) for path in sorted(site.rglob("*.html"))}


def test_every_page_that_is_promised_is_there(pages):
    assert {f"{name}.html" for name in PAGES} <= set(pages)
    assert {f"es/{name}.html" for name in FRONT} <= set(pages)
    stems = {path.stem for path in (ROOT / "docs").glob("*.md")}
    assert {f"{stem}.html" for stem in stems} <= set(pages)


@pytest.fixture(scope="module")
def listed(site):
    raw = (site / "objects.inv").read_bytes()
    body = zlib.decompress(raw.split(b"\n", 4)[4]).decode("utf-8")
    return {line.split(" ")[0] for line in body.splitlines() if line.split(" ")[1].startswith("py:")}


def test_every_class_that_a_public_function_returns_is_in_the_inventory(listed):
    files = (ROOT / "src" / "detcount").rglob("[!_]*.py")
    texts = [path.read_text(encoding="utf-8") for path in files if "_numerics" not in path.parts]
    classes = {name for text in texts for name in re.findall(r"^class ([A-Z]\w*)", text, flags=re.MULTILINE)}
    modules = map(importlib.import_module, PUBLIC_MODULES)
    public = [getattr(module, name) for module in modules for name in module.__all__]
    functions = [item for item in public if inspect.isfunction(item)]
    functions += [item.fit for item in public if inspect.isclass(item) and hasattr(item, "fit")]
    given = " ".join(str(inspect.unwrap(each).__annotations__["return"]) for each in functions)
    returned = classes & set(re.findall(r"\w+", given))
    assert len(returned) > 35
    assert returned - {path.rpartition(".")[2] for path in listed} == set()


def test_every_public_name_is_in_the_inventory(listed):
    homes = {path: importlib.import_module(path) for path in PUBLIC_MODULES}
    known = [
        getattr(homes[path], name)
        for path in homes
        for name in homes[path].__all__
        if f"{path}.{name}" in listed
    ]
    missing = [
        f"{path}.{name}"
        for path, module in homes.items()
        for name in module.__all__
        if f"{path}.{name}" not in listed and not any(getattr(module, name) is item for item in known)
    ]
    assert missing == []
    assert len(known) > 120


def test_nothing_is_loaded_from_outside(site, pages):
    outside = {name: [to for to in page.loads if re.match(r"(\w+:)?//", to)] for name, page in pages.items()}
    assert {name: found for name, found in outside.items() if found} == {}
    styles = {path.name: path.read_text(encoding="utf-8") for path in site.rglob("*.css")}
    fetched = {
        name: [
            to
            for to in re.findall(r"url\(\s*[\"']?([^)\"']+)|@import\s+[\"']([^\"']+)", text)
            if "//" in "".join(to)
        ]
        for name, text in styles.items()
    }
    assert {
        name: [to for to in found if not to[0].startswith("data:")]
        for name, found in fetched.items()
        if found
    } == {}


def test_what_is_loaded_and_where_links_lead_is_there(site, pages):
    dead = []
    for name, page in pages.items():
        folder = (site / name).parent
        for to in {*page.loads, *page.links}:
            address, _, part = html.unescape(to).partition("#")
            address = address.partition("?")[0]
            if re.match(r"\w+:", to) or to in ("", "#"):
                continue
            target = (folder / address).resolve() if address else site / name
            if not target.exists():
                dead.append(f"{name}: {to}")
            elif part and target.suffix == ".html" and target.is_relative_to(site):
                there = pages[str(target.relative_to(site))]
                if part not in there.ids and not part.startswith("search-"):
                    dead.append(f"{name}: {to}")
    assert sorted(set(dead)) == []


def test_pages_in_spanish_are_spanish_and_keep_their_accents(pages):
    for name in FRONT:
        page = pages[f"es/{name}.html"]
        assert page.language == "es"
        assert "es" not in pages[f"{name}.html"].language
    said = " ".join(pages["es/journalists.html"].words)
    assert "estimación" in said
    assert not re.search(r"Ã|Â|\ufffd", said)
    assert "What can go wrong" not in said


def test_formulas_are_set_and_figures_have_words(site, pages):
    assert (site / "model.html").read_text(encoding="utf-8").count("<math") > 10
    assert len(list((site / "_images").glob("*.svg"))) >= 4
    assert {
        name for name, page in pages.items() if page.without_words and not name.startswith("examples/")
    } == set()


def test_versions_lead_to_pages_that_are_there(site, pages):
    versions = json.loads((SITE / "versions.json").read_text(encoding="utf-8"))
    changes = re.findall(r"^## (\d+\.\d+\.\d+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.M)
    assert [one["version"] for one in versions] == changes
    for one in versions:
        address, _, part = one["address"].partition("#")
        assert (SITE / address).exists()
        assert not part or part in pages[address.partition("/")[2]].ids
    assert f"{detcount.__version__}/index.html" in (SITE / "index.html").read_text(encoding="utf-8")
