"""What every table and result shows of itself: headline, paragraph, whole, frame, and HTML.

The classes are found by looking, so that a new one is held to the same promises.
"""

import ast
import base64
import html
import importlib
import inspect
import json
import pkgutil
import re
from dataclasses import replace
from html.parser import HTMLParser
from importlib import resources

import pandas as pd
import pytest

import detcount
from detcount.reports.printing import Summary
from detcount.reports.shown import Shown
from detcount.words import Message, translated
from shown_examples import EXAMPLES, HOSTILE, SMALL_CELLS, example
from templates import words_left

FILE = resources.files("detcount.contract") / "other_names.json"
OTHER_NAMES = json.loads(FILE.read_text(encoding="utf-8"))["attributes"]
NAMES = sorted(EXAMPLES)
TAGS = {
    *("div", "style", "p", "ul", "li", "table", "caption", "thead", "tbody", "tr", "th", "td", "code", "wbr"),
    *("h1", "h2", "h3", "h4", "blockquote", "details", "summary", "a", "img"),
}
ATTRIBUTES = {
    *("class", "lang", "role", "tabindex", "aria-label", "scope", "id", "href", "data-head", "alt", "src"),
}


class Read(HTMLParser):
    def __init__(self, page):
        super().__init__()
        self.tags = []
        self.attributes = set()
        self.open = []
        self.words = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag != "wbr":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.words.append(data)


def results(base=Shown):
    """Classes of the package that are shown and that no other class is made of, and those that have one."""
    below = base.__subclasses__()
    found = set().union(*map(results, below))
    whole = base.__module__.startswith("detcount.") and (not below or base.__name__ in EXAMPLES)
    return found | {base.__name__} if whole else found


def test_every_result_has_an_example():
    for module in pkgutil.walk_packages(detcount.__path__, "detcount."):
        if module.name != "detcount.__main__":
            importlib.import_module(module.name)
    assert results() == set(EXAMPLES)
    for name in NAMES:
        assert isinstance(example(name), Shown)
        assert type(example(name)).__name__ == name


@pytest.mark.parametrize("name", NAMES)
def test_a_headline_is_one_short_line(name):
    headline = example(name).headline()
    assert isinstance(headline, Message)
    assert headline
    assert "\n" not in headline
    assert len(headline) < 200


@pytest.mark.parametrize("name", NAMES)
def test_a_paragraph_is_whole_sentences(name):
    sentence = example(name).sentence()
    assert isinstance(sentence, str)
    assert "\n" not in sentence
    assert sentence.endswith(".")
    assert sentence != example(name).headline()


@pytest.mark.parametrize("name", NAMES)
def test_the_whole_is_said_in_every_language(name):
    whole = example(name).summary()
    english, spanish = str(whole), whole.translated("es")
    assert english == whole.translated("en")
    assert english != spanish
    assert len(english) > len(example(name).headline())
    if isinstance(whole, Summary):  # text of reports is wrapped
        assert len(english.splitlines()) == len(spanish.splitlines())


@pytest.mark.parametrize("name", NAMES)
def test_no_english_is_left_in_the_spanish(name):
    whole = example(name).summary()
    if isinstance(whole, Summary):  # the specification is code
        whole = replace(whole, method="")
        assert words_left(without_names(whole.translated("es")), "es") == set()


@pytest.mark.parametrize("name", NAMES)
def test_a_frame_has_a_row_a_number(name):
    frame = example(name).to_frame()
    assert isinstance(frame, pd.DataFrame)
    assert len(frame) > 0
    assert all(isinstance(column, str) for column in frame.columns)


def without_names(text):
    for name in HOSTILE:
        text = text.replace(name, "")
    return text


@pytest.mark.parametrize("name", NAMES)
def test_html_is_not_opened_by_names(name):
    result = example(name)
    pages = {"": result._repr_html_(), **{lang: result.summary().html(lang) for lang in ("en", "es")}}
    for lang, page in pages.items():
        read = Read(page)
        assert read.open == []
        assert set(read.tags) <= TAGS
        assert read.attributes <= ATTRIBUTES
        assert read.tags[0] == "div"
        assert page.startswith('<div class="detcount"')
        assert not any(bad in page for bad in ("<script", "<b>", 'x" onload'))
        if not name.endswith(("Assessment", "Report")):  # reports have a title and a verdict
            assert translated(result.headline(), lang or "en") in "".join(read.words)


def test_a_cell_shows_the_answer_and_its_picture_and_folds_the_rest(subtests):
    """The examples are made when the test runs: each worker collects it, and one runs it."""
    assert sum(hasattr(example(name), "plot") for name in NAMES) > 10
    for name in NAMES:
        with subtests.test(name):
            result = example(name)
            page = result._repr_html_()
            seen, _, folded = page.partition("<details>")
            words = re.sub(r"<style>.*?</style>|<[^>]*>", " ", seen, flags=re.DOTALL).split()
            assert len(words) < 120
            assert words[:3] == html.escape(result.headline()).split()[:3]
            if not hasattr(result, "plot"):
                continue
            if "Its counts are not" not in page and getattr(result, "_notebook", "summary") == "summary":
                (data,) = re.findall(r'src="data:image/png;base64,([^"]*)"', seen)
                assert base64.b64decode(data).startswith(b"\x89PNG")
                assert folded


def test_names_stand_in_the_pages_escaped():
    page = example("CaptureTable")._repr_html_()
    assert all(html.escape(name) in page for name in HOSTILE)


@pytest.mark.parametrize("name", sorted(SMALL_CELLS))
def test_a_notebook_shows_no_count_of_who_is_on_which_list(name):
    result = example(name)
    words = "".join(Read(result._repr_html_()).words)
    assert "Its counts are not shown here" in words
    assert "table" not in Read(result._repr_html_()).tags
    left = words.replace(result.headline(), "")
    assert re.findall(r"\d", left) == []
    assert "table" in Read(result.summary().html("en")).tags


def test_a_notebook_shows_the_public_report_of_a_table():
    assessment = example("Assessment")
    page = assessment._repr_html_()
    assert "This report is for the public" in page
    assert page == assessment.public()._repr_html_()
    assert "This report is full" in assessment.full().summary().html("en")
    assert assessment.headline() == assessment.public().headline()


def test_a_notebook_shows_of_a_table_what_its_repr_shows():
    for name in ("CaptureTable", "PublishedArrests", "PublishedReleases", "PublishedStock", "RepeatedCounts"):
        result = example(name)
        assert repr(result) == str(result) == f"<{name}: {result.headline()}>"
    for name in ("CaptureTable", "RepeatedCounts"):
        result = example(name)
        assert "".join(Read(result._repr_html_()).words).strip() == result.headline()


def test_notes_that_may_name_small_counts_are_counted_in_a_notebook():
    estimate = example("AbundanceEstimate")
    assert estimate.notes
    page = estimate._repr_html_()
    assert not any(html.escape(note) in page for note in estimate.notes)
    assert "which may name small counts" in page
    assert all(note[1:] in str(estimate.summary()) for note in estimate.notes)


def test_small_strata_are_not_shown_in_a_notebook():
    from detcount import CaptureTable, abundance, fit_strata

    lists = ["press", "families"]
    large = CaptureTable.from_counts({"10": 40, "01": 60, "11": 20}, lists=lists)
    small = CaptureTable.from_counts({"10": 2, "11": 2}, lists=lists)
    whole = fit_strata(abundance.Chapman(), {"north": large, "south": large.keep(lists)})
    assert "<table>" in whole._repr_html_()
    assert "<table>" not in fit_strata(abundance.Chapman(), {"north": large, "south": small})._repr_html_()


def said_of(found, name):
    """What is said of a name that is not there; nothing where it is there."""
    try:
        getattr(found, name)
    except AttributeError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("name", NAMES)
def test_names_of_other_libraries_are_answered_with_code_that_works(name):
    found = example(name)
    answers = {asked: said_of(found, asked) for names, _ in OTHER_NAMES for asked in names}
    codes = {asked: text.split(". Write ")[1] for asked, text in answers.items() if ". Write " in text}
    assert {"head", "to_pandas", "to_csv"} <= codes.keys(), "each has a frame"
    assert codes["to_word"] == "to_docx(path)"
    for code in {*codes.values()}:
        written = code if code.startswith("dc.") else f"result.{code}"
        asked = ast.parse(written, mode="eval").body
        called = asked.func if isinstance(asked, ast.Call) else asked
        there = eval(ast.unparse(called), {"dc": detcount, "result": found})
        if isinstance(asked, ast.Call):
            named = [each.arg for each in asked.keywords]
            inspect.signature(there).bind(*asked.args, **dict.fromkeys(named))


def test_names_that_nobody_knows_are_refused_as_python_does():
    for found in (example("AbundanceEstimate"), example("CaptureTable"), detcount.abundance.LogLinear()):
        kind = type(found).__name__
        with pytest.raises(AttributeError, match=f"^'{kind}' object has no attribute 'nobodys'$"):
            found.nobodys  # noqa: B018


def test_an_error_within_an_attribute_is_not_hidden():
    class Broken(detcount.CaptureTable):
        @property
        def aic(self):
            return self.counts.nothing

    table = example("CaptureTable")
    with pytest.raises(AttributeError, match=r"numpy\.ndarray"):
        Broken(table.lists, table.histories, table.counts).aic  # noqa: B018


def test_names_of_an_estimate_and_of_an_estimator():
    estimate, estimator = example("AbundanceEstimate"), detcount.abundance.LogLinear()
    spoken = {
        "conf_int": "AbundanceEstimate has no 'conf_int'. Write interval(level=0.95)",
        "to_arviz": "AbundanceEstimate has no 'to_arviz'. Write dc.to_arviz(result)",
        "params": "AbundanceEstimate has no 'params'. Write detail",
    }
    assert {name: said_of(estimate, name) for name in spoken} == spoken
    for name in ("predict", "score", "fit_transform", "conf_int", "get_params", "summary_frame"):
        assert said_of(estimator, name).startswith(f"LogLinear has no '{name}'. Write ")
