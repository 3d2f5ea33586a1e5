"""What is said of published counts: exact sentences in both languages, and nothing that no count carries."""

import csv
import io
import json
import re
from functools import cache, partial
from itertools import pairwise
from pathlib import Path

import pytest

import detcount as dc
from cases import as_it_was
from detcount import assess_releases, simulate
from detcount.assessment.releases.figure import draw_events
from detcount.reports.canvas import drawn
from near import apart
from near import words as without_numbers

COLUMNS = ("published", "source", "role", "start", "end", "count", "event")
CHRISTMAS = (
    ("2025-12-25", "Ministry", "announced", "2025-12-25", "2025-12-25", 99, "Christmas"),
    ("2025-12-29", "Foro Penal", "verified", "2025-12-25", "2025-12-25", 61, "Christmas"),
)
COMMITTEES = (
    ("2026-01-01", "Committee A", "reported", "2026-01-01", "2026-01-01", 87, "New Year"),
    ("2026-01-01", "Committee B", "reported", "2026-01-01", "2026-01-01", 87, "New Year"),
)
CLAIM = (("2026-01-02", "Government", "announced", "2024-07-29", "2026-01-01", 2000, "since July 2024"),)
ARTICLE = (*CHRISTMAS, *COMMITTEES, *CLAIM)
AS_OF = "2026-01-05"


def reports(*rows, **more):
    columns = {name: [row[k] for row in rows] for k, name in enumerate(COLUMNS)}
    return dc.PublishedReleases.from_frame(columns | more)


def said(*rows, as_of=AS_OF, lang="en", **more):
    return assess_releases(reports(*rows, **more), as_of=as_of).sentences(lang=lang)


@cache
def shipped(day=None, **more):
    counts, stock, arrests = (
        dc.datasets.load(f"venezuela_{name}") for name in ("releases", "stock", "arrests")
    )
    return assess_releases(counts, as_of=day, stock=stock, arrests=arrests, **more)


SENTENCES = json.loads(Path(__file__).with_name("sentences_of_releases.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", SENTENCES)
def test_a_sentence_says_who_counted_how_many_and_what_that_leaves(name):
    case = SENTENCES[name]
    assert said(*case["rows"])[0] == case["en"]
    # a number is never written so that it reads as a year
    assert re.sub(r"2\s?000", "2000", said(*case["rows"], lang="es")[0]) == case["es"]


PAGES = {
    **{f"releases_{day}": lambda day=day: shipped(day) for day in ("2026-01-05", "2026-01-31")},
    "releases_article": lambda: assess_releases(reports(*ARTICLE), as_of=AS_OF),
    "releases_bahrain": lambda: assess_releases(dc.datasets.load("bahrain_releases_2024")),
    "releases_cuba": lambda: assess_releases(dc.datasets.load("cuba_releases_2010")),
}


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("name", PAGES)
def test_pages_are_as_they_were(name, lang):
    """Whole pages with every detail; DETCOUNT_WRITE_GOLDEN=1 writes them again."""
    page = PAGES[name]().to_markdown(lang=lang, detail=True)
    page = re.sub(r"detcount [\d.]+\w*, numpy [^`\n]*", "SOFTWARE", page)
    found = re.sub(r"Version \S+ \[software\]", "Version [software]", page)
    path = Path(__file__).parent / "golden" / f"{name}.{lang}.md"
    wanted = as_it_was(path, found)
    assert without_numbers(found) == without_numbers(wanted)
    assert apart(found, wanted) == []


def test_nothing_is_told_of_days_that_nobody_counted_in_any_format():
    assessment = assess_releases(reports(*ARTICLE), as_of=AS_OF)
    everything = json.dumps(assessment.record()) + assessment.to_markdown(detail=True)
    everything += assessment.to_frame().to_csv() + " ".join(assessment.sentences())
    for claimed in ("carried", "pending", "p_all", "55,000", "9,000", "1,600", "unsubstantiated", "median"):
        assert claimed not in everything.replace("MONOTONE", "")
    (claim,) = (
        row for row in assessment.rows() if row["quantity"] == "least and most" and row["high"] == 2000
    )
    assert claim["low"] == 61
    assert not any(
        row["quantity"].startswith("completed") and row["event"] == "since July 2024"
        for row in assessment.rows()
    )


def test_a_partial_count_heads_no_sentence_and_is_set_against_nothing():
    partial = ("2026-01-02", "Foro Penal", "verified", "2026-01-01", "2026-01-01", 2, "New Year")
    ministry = ("2026-01-02", "Ministry", "announced", "2026-01-01", "2026-01-01", 88, "New Year")
    noted = {"note": ["", "", "Partial: two releases from another prison"]}
    marked = {"partial": [False, False, True]}
    for more in (noted, marked):
        (sentence,) = said(COMMITTEES[0], ministry, partial, **more)
        assert sentence == (
            "Of 88 releases for 1 January 2026 announced by Ministry on 2 January, 87 were reported by Committee A "
            "by 1 January; this file has no full verified count of these."
        )
        (event,) = assess_releases(reports(COMMITTEES[0], ministry, partial, **more)).events
        assert event.bounds is None
        assert [each.count for each in event.partial] == [2]


def test_after_a_year_the_file_has_no_later_figure_and_nobody_is_called_silent():
    for lang, words in (("en", "This file has no later figure of these."), ("es", "ninguna cifra posterior")):
        sentence = said(*CHRISTMAS, as_of="2026-11-01", lang=lang)[0]
        assert words in sentence
        assert not re.search("silen|pending|pendiente", sentence)
    assert "no later figure" not in said(*CHRISTMAS)[0]


def test_reviews_and_house_arrest_are_told_apart_in_every_format():
    assessment = shipped()
    (sentence,) = (each for each in assessment.sentences() if each.startswith("Of 179"))
    assert sentence.startswith("Of 179 custody reviews for 10 to 14 December 2024 announced")
    assert "48 releases were verified" in sentence
    assert "neither number is taken from the other" in sentence
    rows = [row for row in assessment.rows() if row["event"] == "round 2024-12-10"]
    assert {row.get("measure") for row in rows if row["quantity"] == "announced"} == {"review"}
    assert not any(row["quantity"] == "least and most" for row in rows)
    moved = (("2026-01-02", "M", "verified", "2025-12-25", "2025-12-25", 30, "Christmas"),)
    words = {"measure": ["release from prison", "moved to house arrest"]}
    (sentence,) = said(CHRISTMAS[0], *moved, **words)
    assert "30 moves to house arrest were verified by M by 2 January" in sentence
    assert "house arrest is no release, and neither number is taken from the other" in sentence
    (row,) = (
        row
        for row in assess_releases(reports(CHRISTMAS[0], *moved, **words)).rows()
        if row.get("count") == 30
    )
    assert row["measure"] == "house arrest"


DAYS = ("2025-12-29", "2026-01-05", "2026-01-13", "2026-01-31")
MORE_DAYS = ("2026-01-02", "2026-01-09", "2026-01-16", "2026-01-20", "2026-01-24", "2026-01-27")


def figures(event):
    """What monitors verified of an event, as anybody may compare it."""
    own = sorted((each.source, each.count, each.start, each.last) for each in event.verified)
    others = sorted((each.source, each.count, each.start, each.last) for each in event.other_days)
    return own, others, sorted((one.source, one.total, one.covered) for one in event.parts), event.bounds


@pytest.mark.parametrize("day", [*DAYS, *(pytest.param(day, marks=pytest.mark.slow) for day in MORE_DAYS)])
def test_without_names_of_events_every_announcement_has_the_verified_figures_that_it_has_with_names(day):
    frame = dc.datasets.load("venezuela_releases").to_frame()
    unnamed = dc.PublishedReleases.from_frame(frame.assign(event=""), definition=shipped().reports.definition)
    named, blank = shipped(day), assess_releases(unnamed, as_of=day)
    heads = {(event.head.source, event.head.count, event.head.last): event for event in blank.events}
    for event in (event for event in named.events if event.announced):
        assert figures(heads[event.head.source, event.head.count, event.head.last]) == figures(event)
    for number in (99, 87, 88):  # before the folds wherever it stands there with names
        before = [
            number in {each.count for event in found.shown for each in event.counts}
            for found in (named, blank)
        ]
        assert before[1] >= before[0]
    assert not any(116 in (event.bounds or ())[:1] for event in (*named.events, *blank.events))


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_page_is_short_says_who_is_counted_and_prints_no_number_by_a_prior(day, lang):
    assessment = shipped(day)
    page = assessment.to_markdown(lang=lang)
    before = page.partition({"en": "## To make the numbers", "es": "## Para repetir"}[lang])[0]
    assert len(before.split()) <= 900
    assert before.count("\n> ") <= 4
    title, *_ = page.splitlines()
    assert title[2:] not in before[len(title) :], "the title stands once"
    assert len(title.split()) <= 31  # with its mark
    assert {"en": "Who is counted: people held for political ends", "es": "A quién se cuenta: personas"}[
        lang
    ] in before
    assert not re.search(r"supuest|previa|realizad|Cotas|silencio", page)
    assert not re.search(r"\bprior\b|median|pending|carried out|p_all", before)
    assert not re.search(r"\bDe 20\d\d\b", before.replace("2006", "2006" if lang == "en" else ""))


def test_all_formats_have_the_same_numbers():
    assessment = shipped("2026-01-31")
    record = json.loads(json.dumps(assessment.record()))["events"]
    table = list(csv.DictReader(io.StringIO(assessment.to_frame().to_csv(index=False))))
    assert len(record) == len(table)
    for one, other in zip(record, table, strict=True):
        for name in ("count", "low", "high", "days_counted", "days_announced"):
            value = one.get(name)
            assert other[name] == ("" if value is None else str(value)), (one, name)
    page = assessment.to_markdown(detail=True)
    parts = ("verified, in parts", "since 2025-12", "Foro Penal")
    (row,) = (row for row in record if (row["quantity"], row["event"], row.get("source")) == parts)
    assert f"{row['count']} in counts of {row['days_counted']} of {row['days_announced']} days" in page


def test_every_row_of_if_and_then_says_what_it_supposes_and_lies_inside_the_announcement():
    assessment = shipped("2026-01-31")
    rows = [row for row in assessment.rows() if row["quantity"].startswith("completed")]
    assert [row["share"] for row in rows] == [0.5, 0.7, 0.9]
    assert {row["source"] for row in rows} == {"Foro Penal"}
    for row in rows:
        assert 61 <= row["low"] <= row["high"] <= 99
        assert f"{row['low']}–{row['high']}" in assessment.to_markdown(detail=True)
    assert rows[0]["low"] >= rows[1]["low"] >= rows[2]["low"]
    front = assessment.to_markdown().partition("## To make")[0]
    assert "50%" not in front
    assert not assess_releases(reports(*CHRISTMAS), as_of="2027-01-02").supposed  # after a year


@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_figure_has_a_bar_for_what_was_announced_and_none_to_a_median(narrow, lang):
    events = assess_releases(reports(*ARTICLE), as_of=AS_OF).shown
    figure = drawn(partial(draw_events, events=events), lang, narrow=narrow)
    (axes,) = figure.axes
    widths = sorted(round(bar.get_width()) for bar in axes.patches)
    assert widths == [61, 61, 99, 2000]
    assert [line.get_xdata()[0] for line in axes.lines] == [87, 87]
    words = " ".join(text.get_text() for text in axes.texts)
    assert {"en": "61 verified, Foro Penal", "es": "61 verificadas, Foro Penal"}[lang] in words


def test_no_limit_of_an_announcement_is_wider_than_logic():
    """Of invented announcements: with a stated share inside what the counts leave, without one inside 0 to all."""
    batches = tuple(simulate.Batch(day, 90 + day, inflation=0.25) for day in (2, 9, 16))
    counts = simulate.release_campaign(batches=batches, daily=0.0, n_days=40, seed=5).reports
    stated, plain = (dc.releases.AnnouncedBatches(found=found).fit(counts).batches for found in (0.7, None))
    assert len(stated) == len(plain) == 3
    for one, other in zip(stated, plain, strict=True):
        limits = one.carried_out.interval()
        assert one.verified <= limits.low <= limits.high <= one.announced
        assert limits.high - limits.low < one.announced - one.verified
        low, high = other.unverifiable.interval().low, other.unverifiable.interval().high
        assert 0 <= low <= high <= one.announced


def test_windows_that_differ_at_either_end_are_subtracted_nowhere():
    """2,006 announced from 15 November, and exits of a register from 7 October: no remainder in any format."""
    whole = shipped(audit=("2024-10-07", "2025-03-31"))
    everything = (
        whole.to_markdown(detail=True) + json.dumps(whole.record()["events"]) + whole.to_frame().to_csv()
    )
    assert not re.search(r"\b566\b|\b544\b", everything)


def test_a_count_of_a_part_stands_beside_no_sentence_that_denies_it():
    """The page of 5 January: 87 reported, and two verified of another prison; neither is hidden."""
    content = shipped("2026-01-05")
    # 186, doubted by its note, heads no sentence
    assert [each.head.count for each in content.headed] == [87, 99]
    assert [[one.count for one in each.partial] for each in content.headed] == [[2], []]
    told = {"en": "no full verified count of these", "es": "cifra verificada completa de ellas"}
    for lang, words in told.items():
        (sentence,) = (each for each in shipped("2026-01-05").sentences(lang=lang) if each.startswith("87"))
        assert words in sentence
    assert "no verified count of these" in said(*COMMITTEES)[0]


@pytest.mark.parametrize("found", [None, 0.7])
def test_no_summary_of_an_announcement_prints_the_median_of_a_prior(found):
    """Bounds where no share is supposed; with one the limits, each beside its *if*; never a median."""
    fitted = dc.releases.AnnouncedBatches(found=found).fit(reports(*CHRISTMAS))
    (batch,) = fitted.batches
    text = batch.summary().translated("en")
    rows = [re.split(r"\s{2,}", line) for line in text.splitlines() if "  –  " in line]
    assert [row[0] for row in rows] == [
        *("verified in the end", "completed", "pending", "completed, never to be verified", "unsubstantiated")
    ]
    assert {row[-1] for row in rows} == {"bounds alone" if found is None else "if Foro Penal finds 70%"}
    limits = batch.carried_out.bounds if found is None else batch.carried_out.printed()[::2]
    assert rows[1][1:4:2] == [f"{limit:.0f}" for limit in limits]
    assert re.search(r"  \d+ \(\d", fitted.summary().translated("en")) is None
    assert str(batch.carried_out).endswith("(95%, if the stated prior holds)")
    assert "p_all" not in json.dumps(fitted.record())


@pytest.mark.parametrize("day", DAYS)
def test_every_heading_has_content_and_no_label_of_the_file_no_prior_and_no_forecast_is_printed(day):
    page = shipped(day).to_markdown(detail=True)
    lines = [line for line in page.splitlines() if line]
    assert not any(one[0] == other[0] == "#" for one, other in pairwise([*lines, "#"]))
    assert not re.search(r"\b(event|round|since) 20\d\d-|Beta\(", page)
    assert not re.search("expected to|in the end \\(|R-hat|effective draws", page)
    keys = [block.key for block in shipped(day).document().blocks if hasattr(block, "key")]
    assert keys == ["announcements"]


def test_one_figure_is_the_same_on_every_page():
    """Scores of register forecasts in the report and in docs; covers of `Calibrated` by groups and by tables."""
    pages = Path(__file__).parents[2] / "docs"
    whole = dc.assess_stock(**{name: dc.datasets.load(f"venezuela_{name}") for name in ("stock", "arrests")})
    printed = re.findall(
        r"^LastValue +(\d) +(\d+) +([\d.]+)", (pages / "stock_forecasts.md").read_text(), re.M
    )
    scores = [
        (f"{row['ahead']}", f"{row['n']}", f"{row['error']:.3f}") for row in whole.forecasts[1].scores()
    ]
    assert printed == scores
    calibration = (pages / "calibration.md").read_text()
    groups, tables = re.search(
        r"in (\d+) of 100 when groups .*?in (\d+) of 100\s+when tables", calibration, re.S
    ).groups()
    assert calibration.index("when tables") < 800
    for kind, share in ((r"\| 95% \| ", groups), (r"\| 95% \| [^|]*\| ", tables)):
        assert re.search(rf"^{kind}0\.{share} ", calibration, re.M)
