"""Figures show the numbers they are given, in both languages, and words never cover each other."""

import datetime as dt
import re
import subprocess
import sys
from dataclasses import replace
from functools import partial

import matplotlib.dates as mdates
import numpy as np
import pytest
from matplotlib.text import Text

import detcount as dc
from assessed import QUICK, assessed, assessed_quickly
from detcount import abundance
from detcount.assessment import assess
from detcount.assessment.abundance import figures
from detcount.errors import InputError
from detcount.estimates.figures import EstimateRow, draw_rows, row_of
from detcount.reports.canvas import PART, Canvas, drawn
from detcount.reports.style import NARROW, WIDE
from detcount.verbs import sensitivity
from detcount.words import Message
from pictures import overlapping

SMALL = dc.CaptureTable.from_counts(
    {"100": 61, "010": 37, "001": 3, "110": 12, "101": 8, "011": 6, "111": 2}, lists=["press", "court", "ngo"]
)


@pytest.fixture(scope="module")
def kosovo():
    return assessed("kosovo")


@pytest.fixture(scope="module")
def small():
    return assess(SMALL)


def _drawn(draw, content, lang="en"):
    return drawn(partial(draw, assessment=content), lang)


def _words(figure):
    figure.canvas.draw()
    texts = [text.get_text() for axes in figure.axes for text in axes.texts]
    ticks = [label.get_text() for axes in figure.axes for label in axes.get_yticklabels()]
    titles = [axes.get_title(loc="left") for axes in figure.axes]
    return [*texts, *ticks, *titles]


def test_the_forest_has_every_family_and_the_floor(kosovo):
    figure = _drawn(figures.forest, kosovo)
    words = _words(figure)
    for row in kosovo.families:
        marked = f"{row.name} ★" if row.recommended else row.name
        assert marked in words
        low, point, high = row.low, row.point, row.high
        limits = f"{low:,.0f} – {high:,.0f}"
        assert (limits if row.recommended else f"{point:,.0f}  ({limits})") in words
    assert " 4,400 listed" in words
    floor = [line for line in figure.axes[0].lines if list(line.get_xdata()) == [4400, 4400]]
    assert len(floor) == 1


def test_a_limit_that_runs_away_leaves_the_axis_readable(kosovo):
    row = kosovo.families[1]
    far = replace(row, key="far", high=float("inf"), point=5e9, low=4500.0)
    figure = _drawn(figures.forest, replace(kosovo, families=(*kosovo.families, far)))
    words = _words(figure)
    assert figure.axes[0].get_xlim()[1] < 1e6
    assert "5,000,000,000  (4,500 – ∞)" in words


def test_the_upset_draws_the_counts_of_the_table(kosovo):
    figure = _drawn(figures.upset, kosovo)
    heights = [patch.get_height() for patch in figure.axes[0].patches]
    assert heights == sorted(kosovo.table.counts.tolist(), reverse=True)
    assert "EXH  (1,910)" in _words(figure)


def test_a_public_figure_has_no_overlaps_and_of_the_other_methods_their_spread(small):
    public = small.public()
    figure = _drawn(figures.overview, public)
    assert len(figure.axes) == 2
    rows = public.families
    assert [row.key for row in rows if not row.recommended] == ["spread"]
    texts = {text.get_text() for axes in figure.axes for text in axes.texts}
    assert {text for text in texts if any(mark.isdigit() for mark in text)} == {
        f" {public.n_observed} listed",
        *(f"{row.low:,.0f} – {row.high:,.0f}" for row in rows),
        f"{public.n_observed} listed",
    }
    assert "nothing to draw" in _words(_drawn(figures.upset, public))


def test_the_axis_holds_the_recommended_limits_and_those_below_the_number_listed(small):
    public = small.public()
    row = replace(public.families[0], recommended=True, low=600.0, high=1200.0)
    for narrow in (False, True):
        content = replace(public, n_observed=760, families=(row,))
        axes = drawn(partial(figures.forest, assessment=content), "en", narrow=narrow).axes[0]
        (left, right), limits = axes.get_xlim(), [line.get_xdata() for line in axes.lines]
        assert left < 600 < 1200 < right
        assert any(list(ends) == [600.0, 1200.0] for ends in limits)
        assert not [line for line in axes.lines if line.get_marker() == ">"]


def test_the_curve_passes_through_the_estimate_and_the_claim(kosovo):
    figure = _drawn(figures.sensitivity, kosovo)
    curve = max(figure.axes[0].lines, key=lambda line: len(line.get_xdata()))
    x, y = np.asarray(curve.get_xdata(), float), np.asarray(curve.get_ydata(), float)
    assert y[np.argmin(abs(x - 1))] == kosovo.estimates["selected"].point
    words = _words(figure)
    assert "8,800 reached at 0.739" in words
    assert "4,400 listed" in words
    assert "8,800: half of them listed" in words


def test_a_posterior_is_a_strip_and_several_modes_are_ticks():
    result = assessed_quickly("gaza")
    keys = [row.key for row in result.families]
    axes = _drawn(figures.forest, result).axes[0]
    ticks = [
        path.vertices for lines in axes.collections for path in lines.get_paths() if len(path.vertices) == 2
    ]
    at = {
        round(float(tick[0, 0]))
        for tick in ticks
        if abs(tick[:, 1].mean() - keys.index("decomposable")) < 0.01
    }
    assert at == {round(mode) for mode in result.modes["decomposable"]}
    posteriors = {key for key, row in zip(keys, result.families, strict=True) if row.strip}
    assert posteriors == {"calibrated", "thresholded", "decomposable"}
    strip = dict(result.families[keys.index("decomposable")].strip)
    near = {
        mode: max(height for x, height in strip.items() if abs(x / mode - 1) < 0.02)
        for mode in (53112, 79547)
    }
    between = min(height for x, height in strip.items() if 53112 < x < 79547)
    assert between < 0.5 * min(near.values())
    assert max(strip.values()) <= 1


def test_a_number_against_the_verdict_is_not_drawn(kosovo):
    def marks(result):
        axes = _drawn(figures.forest, result).axes[0]
        return sum(line.get_marker() == "D" for line in axes.lines)

    assert marks(kosovo) == 0
    assert marks(assessed("spina")) == 1


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("name", ["kosovo", pytest.param("korea", marks=pytest.mark.slow), "spina"])
def test_no_words_overlap_or_leave_the_figure(name, lang):
    assert overlapping(assessed(name).plot(lang=lang)) == []


@pytest.fixture(scope="module")
def long_names():
    long = ["Comité de familiares de personas detenidas", "private_networks_2", "drug_misuse_database"]
    table = dc.CaptureTable(tuple(long), SMALL.histories, 1000 * SMALL.counts)
    return assess(table, families=QUICK)


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("draw", [figures.forest, figures.upset, figures.sensitivity])
def test_nor_where_it_is_narrow_and_names_are_long(draw, lang, long_names):
    content = long_names
    for narrow in (False, True):
        figure = drawn(partial(draw, assessment=content), lang, narrow=narrow)
        assert overlapping(figure) == []
        assert figure.get_figwidth() == (NARROW if narrow else WIDE)


def test_of_many_lists_those_on_a_bar_are_drawn():
    table = dc.datasets.load("colombia_recruitment_2000_2004")
    figure = _drawn(figures.upset, assess(table))
    largest = np.argsort(-table.counts, kind="stable")[:20]
    on_a_bar = int(table.histories[largest].any(axis=0).sum())
    assert len(figure.axes[1].get_yticklabels()) == on_a_bar
    assert figure.axes[1].get_xlabel() == (
        f"336 more not shown. {34 - on_a_bar} lists are in none of these combinations."
    )
    assert figure.get_size_inches()[1] < 8


def test_every_word_of_a_drawing_states_its_size_as_svg_knows_it(kosovo):
    texts = re.findall("<text[^>]*>", kosovo.full().to_html())
    assert len(texts) > 20
    assert [each for each in texts if " font-size=" not in each or " font=" in each] == []


def test_pyplot_is_never_loaded():
    code = (
        "import sys, detcount as dc\n"
        "t = dc.CaptureTable.from_counts({'10': 40, '01': 60, '11': 20}, lists=['a', 'b'])\n"
        "a = dc.assess(t); a.plot(); a.to_html()\n"
        "sys.exit('matplotlib.pyplot' in sys.modules)\n"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


NORTH = dc.CaptureTable.from_counts(
    {"100": 310, "010": 170, "001": 130, "110": 120, "101": 80, "011": 60, "111": 40},
    lists=["press", "court", "ngo"],
)
SOUTH = dc.CaptureTable.from_counts(
    {"100": 31, "010": 17, "001": 13, "110": 12, "101": 8, "011": 6, "111": 4},
    lists=["press", "court", "ngo"],
)
TWO = dc.CaptureTable.from_counts({"10": 40, "01": 60, "11": 20}, lists=["press", "court"])
NOBODY = dc.CaptureTable.from_counts({"100": 7}, lists=["press", "court", "ngo"])
LONG = "Región del río Orinoco y de los llanos, desde 2015"


@pytest.fixture(scope="module")
def strata():
    return dc.fit_strata(abundance.DecomposableGraphs(), {"north": NORTH, LONG: SOUTH, "none": NOBODY})


def marks(figure, name):
    lines = [line for axes in figure.axes for line in axes.lines if line.get_gid() == PART + name]
    return [tuple(map(float, line.get_xdata())) for line in lines]


def test_a_row_a_stratum_with_its_floor_its_limits_and_its_point(strata):
    figure = strata.plot(0.9)
    assert marks(figure, "floor") == [(n, n) for n in strata.n_observed.values()]
    made = strata.estimates.values()
    end = figure.axes[0].get_xlim()[1]
    for (low, high), estimate in zip(marks(figure, "limits"), made, strict=True):
        interval = estimate.interval(0.9)
        assert (low, high) == (interval.low, pytest.approx(min(interval.high, end), rel=0.03))
    assert marks(figure, "point") == [(estimate.point,) for estimate in made]
    assert "no answer" in [text.get_text() for text in figure.axes[0].texts]
    bands = [each for each in figure.axes[0].collections if each.get_gid() == PART + "distribution"]
    assert len(bands) == len(strata.estimates)


@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize("lang", ["en", "es"])
def test_words_of_rows_never_overlap(strata, lang, narrow):
    rows = [row_of(estimate, name, 0.95) for name, estimate in strata.estimates.items()]
    rows.append(EstimateRow("none", 7, None, None, None, Message("no answer")))
    title = Message("How many there are, by stratum")
    figure = drawn(partial(draw_rows, rows=rows, title=title, level=0.95), lang, narrow=narrow)
    assert overlapping(figure) == []


def test_an_estimate_draws_what_it_prints():
    estimate = abundance.Chapman().fit(TWO)
    figure = estimate.plot(0.8, lang="es")
    assert marks(figure, "floor") == [(estimate.n_observed,) * 2]
    assert marks(figure, "point") == [(estimate.point,)]
    assert marks(figure, "limits") == [(estimate.interval(0.8).low, estimate.interval(0.8).high)]
    legend = " ".join(text.get_text() for text in figure.legends[0].get_texts())
    assert "80" in legend
    assert "Listed" not in legend


def test_a_limit_that_runs_away_is_an_arrow():
    rows = [
        EstimateRow("a", 100, 120.0, 150.0, np.inf, "150"),
        EstimateRow("b", 90, 95.0, 130.0, 200.0, "130"),
    ]
    figure = drawn(partial(draw_rows, rows=rows, title="t", level=0.95), "en")
    assert figure.axes[0].get_xlim()[1] < 500
    assert [line.get_marker() for line in figure.axes[0].lines].count(">") == 1


def test_the_curve_meets_the_claim_at_the_tipping_value():
    estimate = abundance.LogLinear().fit(NORTH)
    curve = sensitivity.odds_ratio_curve(estimate, claim=1.2 * estimate.point)
    figure, tipping = curve.plot(), curve.tipping
    assert marks(figure, "tipping value") == [(tipping.at_point,) * 2]
    (claim,) = (line for line in figure.axes[0].lines if line.get_gid() == PART + "claim")
    (drawn_curve,) = (line for line in figure.axes[0].lines if line.get_gid() == PART + "curve")
    x, y = drawn_curve.get_data()
    assert np.interp(np.log(tipping.at_point), np.log(x), y) == pytest.approx(claim.get_ydata()[0], rel=0.01)
    assert overlapping(figure) == []
    assert marks(sensitivity.odds_ratio_curve(estimate).plot(lang="es"), "claim") == []


def test_an_assessment_draws_each_figure_by_its_kind():
    result = dc.assess(NORTH, families=QUICK)
    figure = result.full().plot(kind="posterior")
    families = [row for row in result.families if row.strip]
    assert len(marks(figure, "floor")) == len(families) > 1
    for (low, _), row in zip(marks(figure, "limits"), families, strict=True):
        assert low == row.low
    assert overlapping(figure) == []
    assert len(result.plot(kind="forest").axes) == 1
    assert len(result.full().plot(kind="upset").axes) == 2
    with pytest.raises(InputError, match="kind: expected 'overview', 'forest', 'posterior'"):
        result.plot(kind="pie")


def test_nothing_hidden_follows_from_a_public_figure():
    """No bar is drawn and no count is written where overlaps are not to be printed."""
    public = dc.assess(SOUTH, families=QUICK)

    def texts(kind):
        figure = public.plot(kind=kind)
        figure.canvas.draw()
        return [text.get_text() for text in figure.findobj(Text)]

    counts = {str(count) for count in SOUTH.counts.tolist()}
    for kind in ("overview", "upset", "posterior"):
        figure = public.plot(kind=kind)
        bars = [patch for axes in figure.axes for patch in axes.patches if patch.get_gid() == PART + "bar"]
        assert bars == []
    assert not counts & set(texts("upset"))
    assert "nothing to draw" in texts("upset")
    shown = public.full().plot(kind="upset")
    bars = [patch for axes in shown.axes for patch in axes.patches if patch.get_gid() == PART + "bar"]
    assert len(bars) == len(SOUTH.counts), "with nothing hidden they are drawn, so that the test can fail"


def test_canvas_words_break_at_blanks_alone():
    canvas = Canvas("en", narrow=True)
    canvas.start(8.4, 1.0)
    lines = canvas.wrapped(" ".join(["mother-tongue"] * 12)).split("\n")
    assert len(lines) > 2
    assert {word for line in lines for word in line.split()} == {"mother-tongue"}


@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize("first", [dt.date(2024, 8, 3), dt.date(2025, 12, 20), dt.date(2026, 1, 1)])
def test_every_length_of_time_has_a_few_ticks(first, narrow):
    canvas = Canvas("es", narrow=narrow)
    axes = canvas.start(7, 3).add_subplot()
    for days in [*range(2, 130, 3), *range(130, 1500, 17), 3000, 9000]:
        axes.set_xlim(mdates.date2num(first), mdates.date2num(first + dt.timedelta(days)))
        canvas.day_axis(axes)
        low, high = axes.get_xlim()
        ticks = [tick for tick in axes.xaxis.get_majorticklocs() if low <= tick <= high]
        assert 1 <= len(ticks) <= (5 if narrow else 8), days
