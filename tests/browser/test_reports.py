"""Reports in a real browser: read by axe, on a telephone at night, and printed on A4."""

import re
from dataclasses import replace
from functools import cache

import pytest

from assessed import assessed_quickly
from detcount import stock
from shown_examples import example

JOBS = ("Assessment", "ReleasesAssessment", "StockAssessment", "JointReport")
ALONE = ("Assessment", "LinkageAssessment", "StockAssessment", "ReleasesAssessment", "ReleasedAssessment")
ALONE = (*ALONE, "CoverageEstimate", "AuditAnswers")
LEAST_FILLED = 0.5  # of a page but the last
OPEN = "document.querySelectorAll('details').forEach(each => each.open = true)"


@pytest.fixture
def shown(new_page, tmp_path):
    def opened(name, lang, **how):
        file = tmp_path / f"{name}.{lang}.html"
        if not file.exists():
            made = assessed_quickly("kosovo") if name == "Assessment" else example(name)
            made.to_html(file, lang=lang)
        page = new_page(**how)
        page.goto(file.as_uri())
        return page

    return opened


@pytest.mark.browser
@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("name", JOBS)
def test_axe_finds_nothing_by_day_or_on_a_telephone_at_night(name, lang, shown, axe):
    for how in (
        {},
        {"color_scheme": "dark", "viewport": {"width": 400, "height": 800}},
    ):
        page = shown(name, lang, **how)
        assert axe(page) == []
        page.evaluate(OPEN)
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
        empty = page.eval_on_selector_all("th", "all => all.filter(each => !each.textContent.trim()).length")
        assert empty == 0


@pytest.mark.browser
@pytest.mark.parametrize("lang", ["en", "es"])
def test_each_width_shows_one_drawing_of_a_figure(lang, shown):
    for width in (400, 1200):
        page = shown("JointReport", lang, viewport={"width": width, "height": 800})
        drawn = page.eval_on_selector_all(
            "figure",
            "all => all.map(each => [...each.querySelectorAll('svg')].filter("
            "svg => svg.getBoundingClientRect().width > 0).length)",
        )
        assert len(drawn) >= 3
        assert [n for k, n in enumerate(drawn) if n != 1 and k not in folded(page)] == []


FOLDERS = {
    "names": ("lists", "stock", "releases"),
    "tables": ("lists",),
    "groups": ("lists", "who", "stock"),
    "counts": ("stock", "releases"),
    "waves": ("stock", "waves"),
    "everything": ("lists", "who", "stock", "releases", "waves"),
}


@pytest.mark.browser
@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("folder", FOLDERS)
def test_the_first_screen_has_every_answer_and_a_picture(folder, lang, new_page, tmp_path):
    kinds = {"stock": "StockAssessment", "releases": "ReleasesAssessment", "waves": "CoverageEstimate"}
    made = example("JointReport")
    asked = {name: example(kind) for name, kind in kinds.items() if name in FOLDERS[folder]}
    asked["who"] = {"sex": example("Composition")} if "who" in FOLDERS[folder] else {}
    none = dict.fromkeys(("lists", "stock", "releases", "waves"))
    asked["lists"] = made.lists if "lists" in FOLDERS[folder] else None
    made = replace(made, **{**none, **asked})
    for shown in (made.full(), made.public()):
        shown.to_html(tmp_path / "page.html", lang=lang, force=True)
        page = new_page(viewport={"width": 1200, "height": 800})
        page.goto((tmp_path / "page.html").as_uri())
        places = page.eval_on_selector_all(
            ".answer, .answer .number",
            "all => all.map(each => [each.className, each.getBoundingClientRect().top,"
            " each.getBoundingClientRect().bottom])",
        )
        (answers,) = (each for each in shown.document().blocks if type(each).__name__ == "Answers")
        assert [name for name, *_ in places].count("answer") == len(answers.items) > 0
        assert max(bottom for *_, bottom in places) < 800
        assert len({top for name, top, _ in places if name == "number"}) == 1, "numbers stand on one line"
        pictures = page.locator("main > figure svg.wide")
        if (folder, shown.disclosure) == ("tables", "public"):  # of so few no picture is shown
            assert pictures.count() == 0
            continue
        box = pictures.first.bounding_box()
        assert min(800, box["y"] + box["height"]) - box["y"] > box["height"] / 2


@cache
def alone(name):
    """The result of a job by itself, of enough people that a public page has its answer."""
    if name == "Assessment":
        return assessed_quickly("kosovo")
    if name == "ReleasedAssessment":
        official, verified = example(name).lists
        official = replace(official, named=271, parts=(3, 41, 160, 55, 12))
        verified = replace(verified, named=140, parts=(1, 2, 130, 3, 4))
        return replace(example(name), lists=(official, verified))
    if name == "CoverageEstimate":
        made = example("ReleaseWaves")
        counts = ("listed", "identified", "both")
        more = [replace(each, **{of: 10 * getattr(each, of) for of in counts}) for each in made.waves]
        return stock.CoverageFromReleases().fit(replace(made, waves=tuple(more)))
    return example(name)


@pytest.mark.browser
@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("name", ALONE)
def test_the_first_screen_of_each_job_has_its_answer_and_a_picture(name, lang, new_page, tmp_path):
    made = alone(name)
    public = [made.public()] if hasattr(made, "public") else []
    for shown in (*public, made.full() if hasattr(made, "full") else made):
        shown.to_html(tmp_path / "page.html", lang=lang, force=True)
        for width in (1200, 400):
            page = new_page(viewport={"width": width, "height": 800})
            page.goto((tmp_path / "page.html").as_uri())
            ends = "all => all.map(each => each.getBoundingClientRect().bottom)"
            answers = page.eval_on_selector_all(".answer", ends)
            assert 0 < max(answers) < 800
            grids = "all => all.filter(each => getComputedStyle(each).display !== 'block').length"
            assert page.eval_on_selector_all("section", grids) == 0, "a section stands in columns"
            chips = page.eval_on_selector_all(
                ".good, .fair, .poor", "all => all.map(each => each.getBoundingClientRect().height)"
            )
            assert max(chips) < 60, "a verdict stands in a line or two"
            drawing = page.locator(f"main > figure svg.{'wide' if width == 1200 else 'narrow'}")
            box = drawing.first.bounding_box()
            assert box["height"] > 100
            if width == 1200:
                assert min(800, box["y"] + box["height"]) - box["y"] > box["height"] / 2
            cut = page.eval_on_selector_all(
                "main > .scroll", "all => all.filter(each => each.scrollWidth > each.clientWidth + 1).length"
            )
            assert width == 400 or cut == 0, "a table is cut off"
            dashes = page.eval_on_selector_all(
                "main > .scroll table",
                "all => all.slice(0, 1).filter(each => [...each.rows[0].cells].some((_, k) =>"
                " [...each.rows].slice(1).every(row => row.cells[k].textContent.trim() === '–'))).length",
            )
            # the table of announcements has the same columns everywhere
            assert name == "ReleasesAssessment" or dashes == 0, "a column holds dashes alone"


def folded(page):
    found = page.eval_on_selector_all("figure", "all => all.map(each => each.closest('details') !== null)")
    return {k for k, away in enumerate(found) if away}


def lines_of(file):
    """Lines of a printed report with where they end, as shares of their page, page by page."""
    from pypdfium2 import PdfDocument

    pages = []
    with PdfDocument(file) as document:
        for page in document:
            words, height = page.get_textpage(), page.get_height()
            places = [words.get_rect(k) for k in range(words.count_rects())]
            pages.append([(1 - place[1] / height, words.get_text_bounded(*place)) for place in places])
    return pages


def once(text):
    """Text without spaces and letters that repeat, as rectangles of a PDF overlap by a letter or two."""
    return re.sub(r"(.{1,2}?)\1+", r"\1", "".join(text.split()))


@pytest.mark.browser
@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("name", JOBS)
def test_a_printed_report_has_no_page_half_empty_and_no_heading_alone(name, lang, shown, tmp_path):
    page = shown(name, lang)
    headings = set(page.eval_on_selector_all("h2, h3, h4", "all => all.map(each => each.textContent)"))
    file = tmp_path / "printed.pdf"
    page.pdf(path=str(file), prefer_css_page_size=True, print_background=True)
    pages = lines_of(file)
    printed = once("".join("".join(words for _, words in lines) for lines in pages))
    away = page.eval_on_selector_all("details p", "all => all.map(each => each.textContent.slice(0, 20))")
    assert [words for words in away if once(words) not in printed] == []
    assert away or name == "Assessment"
    for lines in pages[:-1]:
        last, words = max(lines)
        assert LEAST_FILLED < last < 1, words
        assert words.strip() not in headings
