"""Names that anyone may give to lists come back unchanged, in every format and language."""

import html
import re
from functools import cache

import pytest

import detcount as dc
from cases import tables
from detcount.reports.blocks import Table
from detcount.reports.render.markdown import escape, markdown_table
from detcount.words import Message, quoted, translated

TABLES = tables("names")

NAMES = (*TABLES["names"],)
QUICK = (*TABLES["quick"],)
# What each table brings out: an estimate, a range, a refusal, the floor alone.
COUNTS = TABLES["counts"]


def named(kind, first):
    """A table of a kind, its lists named from one of the names on."""
    counts = COUNTS[kind]
    k = len(next(iter(counts)))
    return dc.CaptureTable.from_counts(counts, lists=[NAMES[(first + j) % len(NAMES)] for j in range(k)])


# What translating a name would make of it.
CHANGED = re.compile(r"people con visas|Reporters [ye] Jurists|Ombudsman 2(\.|\u00a0)?000")
CASES = [*((kind, 0) for kind in COUNTS), ("nested", 3), ("apart", 4), ("four", 3)]


@pytest.fixture(scope="module", params=CASES, ids=str)
def result(request):
    return assessed(*request.param)


@cache
def assessed(kind, first):
    return dc.assess(named(kind, first), families=QUICK)


def sentences(result):
    """Whatever estimators said: notes, reasons, remedies, advice."""
    texts = list(result.notes)
    texts += [
        text for error in result.declined.values() for text in (error.reason, error.remedy, error.advice)
    ]
    return texts + [row.reason for row in result.leave_one_list_out if row.reason]


def held(text):
    assert isinstance(text, Message), text
    names = []

    def visit(value):
        if isinstance(value, Message):
            for inner in value.values.values():
                visit(inner)
        elif isinstance(value, tuple):
            for inner in value:
                visit(inner)
        elif isinstance(value, str) and value in NAMES:
            names.append(value)

    visit(text)
    return names


@pytest.mark.parametrize("lang", ["en", "es"])
def test_sentences_hold_names_as_they_were_given(result, lang):
    for text in sentences(result):
        spoken = translated(text, lang)
        for name in held(text):
            assert name in spoken or quoted(name) in spoken, text


@pytest.mark.parametrize("lang", ["en", "es"])
def test_reports_hold_names_as_they_were_given(result, lang):
    markdown = html.unescape(result.full().to_markdown(lang=lang).replace("\\", ""))
    assert [name for name in result.table.lists if name not in markdown] == []
    for text in (markdown, str(result), result.sentence(lang=lang)):
        assert not CHANGED.search(text)


@pytest.mark.parametrize("case", [("apart", 0), ("apart", 4)], ids=str)
def test_pages_hold_names_as_they_were_given(case):
    result = assessed(*case)
    page = html.unescape(re.sub(r"<wbr>|<[^>]*>", "", result.full().to_html(lang="es")))
    assert [name for name in result.table.lists if name not in page] == []
    assert not CHANGED.search(page)


@pytest.mark.parametrize("disclosure", ["public", "full"])
def test_the_spanish_report_has_no_english_sentence(result, disclosure):
    markdown = getattr(result, disclosure)().to_markdown(lang="es").split("## Cita")[0]
    for name in NAMES:
        markdown = markdown.replace(escape(name), "")
    words = re.findall(r"\b(?:the|and|with|of|is|are|which|nobody|lists|persons|from)\b", markdown)
    assert words == [], markdown


def test_the_tables_bring_out_every_verdict():
    found = {assessed(kind, 0).verdict for kind in COUNTS}
    assert found == {"estimate", "range", "refuse", "floor only"}


def test_money_in_a_name_is_no_formula():
    money = r"US$ and $\price$"
    table = dc.CaptureTable.from_counts(COUNTS["three"], lists=["press", money, "court"])
    figure = dc.assess(table, families=QUICK).full().plot()
    figure.canvas.draw()
    shown = [
        label
        for axes in figure.axes
        for label in axes.get_yticklabels()
        if label.get_text().startswith(money)
    ]
    assert [label.get_parse_math() for label in shown] == [False]


@pytest.mark.parametrize(
    ("code", "cell"), [("Chapman()", "`Chapman()`"), ("('`a|b`',)", r"`` ('`a\|b`',) ``"), ("", "")]
)
def test_no_name_ends_code(code, cell):
    table = markdown_table(Table(("",), ((code,),), "l", caption="", code=(0,)), "en")
    assert table.splitlines()[-1] == f"| {cell} |"
