"""A language added as a folder of data comes out of reports, figures and errors without a word of English."""

import datetime as dt
import html
import re
from functools import cache

import pytest

import detcount as dc
from detcount.cli.parser import build, commands
from detcount.errors import error_text
from detcount.reports.blocks import FigureSlot, unfolded
from detcount.reports.canvas import drawn
from detcount.verbs.resample.bootstrapping import draws_of
from detcount.words import Message, languages, translated
from detcount.words.locale import FOLDERS
from pseudo import write_locale

QUICK = ("chapman", "independence", "chao", "stepwise", "pairwise", "calibrated", "thresholded")
NAMES = ["ирис", "мак", "роза", "клён"]  # so that what is left in these letters is a name
# An estimate, a range, a refusal, the floor alone; with small counts and without.
COUNTS = {
    "two": {"10": 40, "01": 60, "11": 20},
    "nested": {"10": 40, "11": 30},
    "apart": {"100": 41, "010": 62, "001": 7, "110": 3},
    "floor only": {"100": 41, "010": 62, "001": 7},
    "three": {"100": 27, "010": 32, "001": 18, "110": 22, "101": 12, "011": 7, "111": 9},
    "few": {"10": 1, "01": 2, "11": 1},
}
DAYS = ("2026-01-05", "2026-01-09", "2026-01-14", "2026-01-20", "2026-01-26")
# What is the same in every language: code, what is cited, digests, and the names of estimators.
CODE_SPAN = re.compile(r"`[^`]*`|<code>.*?</code>", re.DOTALL)
SIGNS = re.compile(r"Chapman|Lincoln-Petersen|Chao|BCa|[0-9a-f]{64}|https?://\S+")
ENGLISH = re.compile(r"[A-Za-z]{2,}")


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("locales")
    return folder, write_locale(folder)


@pytest.fixture
def lang(written, monkeypatch):
    folder, code = written
    monkeypatch.setenv(FOLDERS, str(folder))
    assert code in languages()
    return code


def english(text, cited=""):
    """Words of plain English in a text, those that are the same in every language left out."""
    for line in cited.splitlines():
        text = text.replace(line, "")
    return ENGLISH.findall(SIGNS.sub("", CODE_SPAN.sub("", text)))


def plain_markdown(text):
    return re.sub(r"\\([\\|*_`<~\]&])", r"\1", text)


def words_of_page(page):
    page = re.sub(
        r"<style>.*?</style>|<head>.*?<title>|<!doctype html>|<html[^>]*>", "", page, flags=re.DOTALL
    )
    spoken = re.findall(r'aria-label="([^"]*)"', page)
    return html.unescape("\n".join([re.sub(r"<(?!code|/code)[^>]*>", " ", page), *spoken]))


def words_of_figures(document, lang):
    from matplotlib.text import Text

    figures = [block for block in unfolded(document.blocks) if isinstance(block, FigureSlot)]
    assert figures
    found = []
    for block in figures:
        figure = drawn(block.draw, lang)
        figure.canvas.draw()
        found += [text.get_text() for text in figure.findobj(Text)]
    return "\n".join(found)


def counts(day, count, role="verified", source="мак"):
    """One published count of the releases since 2 January."""
    told = {"published": DAYS[day], "source": source, "role": role, "count": count}
    return told | {"start": "2026-01-02", "end": DAYS[day], "event": "ирис"}


@cache
def assessed(kind):
    table = dc.CaptureTable.from_counts(COUNTS[kind], lists=NAMES[: len(next(iter(COUNTS[kind])))])
    return dc.assess(table, families=QUICK)


@cache
def releases():
    """An announcement, totals of a monitor that grow, one that falls, and one of another."""
    import pandas as pd

    rows = [
        counts(0, 120, "announced", "роза"),
        *(counts(day, count) for day, count in enumerate((11, 30, 52, 49, 80))),
        counts(3, 25, source="клён"),
        {**counts(2, 40, "announced", "роза"), "start": "2026-01-12", "end": "2026-01-12", "event": "дуб"},
        {**counts(4, 17), "start": "2026-01-12", "end": "2026-01-12", "event": "дуб"},
    ]
    return dc.assess_releases(dc.PublishedReleases.from_frame(pd.DataFrame(rows)))


@pytest.mark.parametrize("kind", COUNTS)
@pytest.mark.parametrize("disclosure", ["public", "full"])
def test_reports_of_lists(kind, disclosure, lang):
    result = assessed(kind)
    result = getattr(result, disclosure)()
    text = plain_markdown(result.to_markdown(lang=lang))
    assert english(text, result.cite()) == []
    assert english(result.sentence(lang=lang)) == []
    if kind in ("two", "three"):
        assert english(words_of_page(result.to_html(lang=lang)), result.cite()) == []
        assert english(words_of_figures(result.document(), lang)) == []


def test_reports_of_releases(lang):
    result = releases()
    assert english(plain_markdown(result.to_markdown(lang=lang, detail=True)), result.cite()) == []
    assert english(words_of_page(result.to_html(lang=lang)), result.cite()) == []
    assert english(words_of_figures(result.document(), lang)) == []
    assert english("\n".join([*result.sentences(lang=lang), result.sentence(lang=lang)])) == []


def table(**changes):
    """A table, or an error for what is changed in it."""
    given = {"counts": COUNTS["two"], "lists": NAMES[:2], **changes}
    return dc.CaptureTable.from_counts(given.pop("counts"), **given)


MISTAKES = {
    "count below 0": lambda: table(counts={"10": -1, "01": 2, "11": 3}),
    "three signs for two lists": lambda: table(counts={"101": 4}),
    "two lists of one name": lambda: table(lists=["мак", "мак"]),
    "two spellings": lambda: table(lists=["мак", "Мак"]),
    "no such list": lambda: table().keep(["роза", "дуб"]),
    "seed": lambda: dc.assess(table(), seed=-1),
    "claim": lambda: dc.assess(table(), claim="x"),
    "family": lambda: dc.assess(table(), families=["ель"]),
    "level": lambda: dc.abundance.Chapman().fit(table()).interval(2.0),
    "language": lambda: dc.assess(table(), families=["chapman"]).to_markdown(lang="ель"),
    "lists for an estimator": lambda: dc.abundance.SampleCoverage().fit(table()),
    "releases": lambda: dc.PublishedReleases.from_frame([]),
    "day": lambda: releases().reports.as_of("14/01/26"),
    "definition": lambda: dc.Definition(unit="person", who=" "),
    "period": lambda: dc.Definition(
        unit="person", who="мы", period=(dt.date(2026, 1, 2), dt.date(2026, 1, 1))
    ),
    "campaign": lambda: dc.simulate.Monitor("мак", (3.0, -1.0)),
    "bootstrap": lambda: draws_of(dc.abundance.Chapman(), table(), n_resamples=0, seed=0),
    "data set": lambda: dc.datasets.load("ель"),
    "strata": lambda: dc.fit_strata(dc.abundance.Chapman(), {}),
    "odds ratio": lambda: dc.odds_ratio_curve(dc.abundance.Chapman().fit(table()), [0.0]),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_errors(mistake, lang):
    with pytest.raises((dc.errors.DetcountError, TypeError, ValueError)) as caught:
        MISTAKES[mistake]()
    text = error_text(caught.value, lang)
    assert text != str(caught.value)
    assert type(caught.value.args[0]) is Message or isinstance(caught.value, dc.errors.NotEstimableError)
    # names of arguments, of methods and of types are code, and so is what stands in quotation marks
    code = (
        r"\b(?:[a-z]+_[a-z_]+|[A-Z]\w+\(?\)?|\w+\.\w+|[a-z]+(?=:)|str|int|float|list|tuple|dict)(?![A-Za-z])"
    )
    assert english(re.sub(code, "", re.sub(r"'[^']*'", "", text))) == []


# what is typed as it stands: options, endings of files, codes, and names of programs
TYPED = re.compile(
    r"^detcount .*$|eval \"[^\"]*\"|\| source|--?[a-zA-Z][\w-]*|\.\w+|\{[\w,]+\}|A,B(?:,C)?|N\b|"
    r"\b(?:detcount|CSV|JSON|Parquet|Excel|BibTeX|bash|zsh|fish)\b",
    re.MULTILINE,
)


@pytest.mark.parametrize("command", ["", *commands(build())])
def test_help(command, lang, monkeypatch):
    monkeypatch.setenv("COLUMNS", "1000")  # a sentence a line
    parser = build(lang)
    page = (commands(parser)[command] if command else parser).format_help()
    for part in (*commands(parser), *languages()):
        page = re.sub(rf"(?<![A-Za-z]){part}(?![A-Za-z])", "", page)
    assert english(TYPED.sub("", page)) == []


def test_notes_are_said(lang):
    notes = dc.Calibrated().fit(table()).notes
    assert notes
    assert english("\n".join(translated(note, lang) for note in notes)) == []
