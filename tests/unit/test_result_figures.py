"""Results draw themselves: what stands where is what they say, and words never cover each other."""

import datetime as dt
from functools import partial

import matplotlib.dates as mdates
import numpy as np
import pytest
from matplotlib.text import Text

import detcount as dc
from assessed import QUICK
from detcount import abundance, sensitivity
from detcount.errors import InputError
from detcount.estimates.figures import EstimateRow, draw_rows, row_of
from detcount.reports.canvas import PART, Canvas, drawn
from detcount.words import Message
from pictures import overlapping

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
    """Where the lines of a part of a figure are, persons."""
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
    figure = result.plot(kind="posterior", disclosure="full")
    families = [row for row in result.full_content.families if row.strip]
    assert len(marks(figure, "floor")) == len(families) > 1
    for (low, _), row in zip(marks(figure, "limits"), families, strict=True):
        assert low == row.low
    assert overlapping(figure) == []
    assert len(result.plot(kind="forest").axes) == 1
    assert len(result.plot(kind="upset", disclosure="full").axes) == 2
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
    shown = public.plot(kind="upset", disclosure="full")
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
