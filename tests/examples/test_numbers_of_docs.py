"""Numbers of the prose come from somewhere: from what a block of the page prints, or from a stored file.

A number of three significant digits or more, of two on some pages, in a sentence or a table of README, of a
page or of a notebook, stands in a block of the same page, whose output other tests compare, or in a file that
the page names in
``<!-- numbers: benchmarks/results/coverage.md -->``. Years and what is written as code are left aside, and a
share may be written as a percentage. What is tied to nothing yet stands in ``untied_numbers.json``:
DETCOUNT_WRITE_GOLDEN=1 takes out what is gone, and nothing is added but by hand.
"""

import json
import os
import re
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import nbformat
import pytest

ROOT = Path(__file__).parents[2]
PAGES = [*sorted((ROOT / "docs").glob("*.md"))]
PAGES += [ROOT / name for name in ("README.md", "VISION.md", "paper/paper.md")]
NOTEBOOKS = sorted((ROOT / "examples").glob("*.ipynb"))
HELD = Path(__file__).with_name("untied_numbers.json")
NUMBER = re.compile(
    r"(?<![\w.,])(?<![a-z]-)(?:\d{1,3}(?:[,\u00a0 ]\d{3})+|\d+)(?:\.\d+)?(?!\w)|(?<![\w.])\.\d+(?!\w)"
)
BLOCK = re.compile(r"^```\w*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NO_PROSE = re.compile(r"`[^`\n]*`|\]\([^)]*\)|https?://\S+|<!--.*?-->|<[^>]*>|Python 3\.\d+", re.DOTALL)
SOURCES = re.compile(r"<!-- numbers: (.*?) -->", re.DOTALL)
FEWEST_DIGITS = 3
OF_TWO_DIGITS = ("covariates", "composition", "coverage_from_releases", "wrong_entries")
YEARS = range(1900, 2101)
SHARES = (1, 100, 0.01)  # as it stands, and as a percentage


def numbers(text):
    found = {}
    for each in NUMBER.findall(text):
        plain = re.sub(r"[,\u00a0 ]", "", each)
        found[each] = (float(plain), len(plain.partition(".")[2]))
    return found


def checked(prose, fewest=FEWEST_DIGITS):
    """The numbers of prose that must come from somewhere."""
    return {
        each: (value, decimals)
        for each, (value, decimals) in numbers(prose).items()
        if len(re.sub(r"\D", "", each).strip("0")) >= fewest and not (decimals == 0 and value in YEARS)
    }


def untied(prose, sources, fewest=FEWEST_DIGITS):
    """Numbers of prose that no source has, at the digits of the prose."""
    known = {value for source in sources for value, _ in numbers(source).values()}
    rounded = {
        decimals: {round(value * share, decimals) for value in known for share in SHARES}
        for decimals in {decimals for _, decimals in checked(prose, fewest).values()}
    }
    return sorted(
        each for each, (value, decimals) in checked(prose, fewest).items() if value not in rounded[decimals]
    )


@cache
def stored(name):
    """A file that a page names: results of a benchmark, data that ship, or the blocks of another page."""
    text = (ROOT / name).read_text(encoding="utf-8")
    is_page = name.endswith(".md") and not name.startswith("benchmarks/results/")
    text = "".join(BLOCK.findall(text)) if is_page else text
    return text.replace(",", ";") if name.endswith(".csv") else text


def untied_of_page(path):
    """Numbers of a page that neither its blocks nor the files that it names have."""
    text = path.read_text(encoding="utf-8")
    named = [name.strip() for found in SOURCES.findall(text) for name in found.split(",")]
    prose = NO_PROSE.sub(" ", BLOCK.sub("", text))
    fewest = 2 if path.stem in OF_TWO_DIGITS else FEWEST_DIGITS
    return untied(prose, [*BLOCK.findall(text), *map(stored, named)], fewest)


def untied_of_notebook(path):
    """Numbers of the sentences of a notebook that neither its code nor its outputs have."""
    cells = nbformat.read(path, as_version=4).cells
    prose = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    code = [cell.source for cell in cells if cell.cell_type == "code"]
    shown = [output for cell in cells for output in cell.get("outputs", [])]
    outputs = [
        json.dumps(output.get("data", {})) + output.get("text", "")
        for output in shown
        if "image/png" not in output.get("data", {})
    ]
    return untied(NO_PROSE.sub(" ", prose), [*code, *outputs])


def name(path):
    return path.relative_to(ROOT).as_posix()


def test_a_number_that_nothing_printed_is_found():
    page = "4,410 listed, 10,350 or 47.25%, .123; in 1999 and 12 of 30."
    assert untied(page, ["4410 listed", "share 0.4725, 0.1231"]) == ["10,350"]
    assert untied(page, ["10350"]) == [".123", "4,410", "47.25"]
    assert untied("10 356 personas", ["10,356 persons"]) == []
    assert untied("37 of 39, in 40", ["38 of 39"], 2) == ["37"]


def test_every_number_of_the_prose_comes_from_somewhere():
    found = {name(path): untied_of_page(path) for path in PAGES}
    found |= {name(path): untied_of_notebook(path) for path in NOTEBOOKS}
    held = json.loads(HELD.read_text(encoding="utf-8"))
    if os.environ.get("DETCOUNT_WRITE_GOLDEN"):
        kept = {page: [each for each in held.get(page, []) if each in found[page]] for page in found}
        held = {page: each for page, each in kept.items() if each}
        HELD.write_text(json.dumps(held, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    new = {page: [each for each in found[page] if each not in held.get(page, [])] for page in found}
    assert {page: each for page, each in new.items() if each} == {}, (
        "print them in a block, name the stored results with <!-- numbers: file -->, or leave them out"
    )


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_the_files_that_a_page_names_are_there(path):
    for found in SOURCES.findall(path.read_text(encoding="utf-8")):
        assert [each for each in found.split(",") if not (ROOT / each.strip()).is_file()] == []


def test_bars_are_the_shares_of_the_table():
    """The picture of where the truths lie says what the table below it says."""
    svg = "{http://www.w3.org/2000/svg}"
    page = (ROOT / "docs" / "calibration.md").read_text(encoding="utf-8")
    table = re.findall(r"^\| (0\.\d to [01]\.\d) \| (0\.\d\d) \|$", page, flags=re.MULTILINE)
    bars = [
        bar
        for bar in ElementTree.parse(ROOT / "docs" / "pit.svg").iter(f"{svg}rect")
        if bar.find(f"{svg}title") is not None
    ]
    titles = [bar.findtext(f"{svg}title", "").split(": ") for bar in bars]
    assert len(table) == 10
    assert titles == [list(row) for row in table]
    heights = [float(bar.get("height", "nan")) for bar in bars]
    shares = [float(share) for _, share in table]
    assert all(abs(height / 800 - share) < 0.0051 for height, share in zip(heights, shares, strict=True))
    assert "](pit.svg)" in page
