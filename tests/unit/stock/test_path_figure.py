"""A path drawn: what stands where, in both languages."""

import datetime as dt
import math

import matplotlib.dates as mdates
import numpy as np

from detcount import PublishedStock
from detcount.assumptions import Assumption
from detcount.estimates import StockPath
from detcount.estimates.path_figure import fan_of, totals_by_source
from detcount.reports.style import SERIES

FIRST = dt.date(2025, 3, 1)
DATES = tuple(FIRST + dt.timedelta(days=k) for k in range(40))


def path(**changed):
    rng = np.random.default_rng(4)
    floor = np.linspace(300, 260, 40).astype(np.int64)
    fields = {
        "dates": DATES,
        "draws": floor + rng.poisson(60, (500, 1)) + rng.poisson(5, (500, 40)),
        "floor": floor,
        "ceiling": np.full(40, 410.0),
        "anchors": (DATES[3], DATES[30]),
        "method": "by hand",
        "assumptions": (Assumption.KNOWN_EXITS,),
        "digest": "0",
        "seed": 0,
    }
    return StockPath(**(fields | changed))


def published():
    return PublishedStock.from_frame(
        {
            "date": ["2025-02-20", "2025-03-10", "2025-03-12", "2025-03-20"],
            "source": ["monitor", "Comité por la Libertad de los Presos (CLP)", "monitor", "monitor"],
            "role": ["verified"] * 4,
            "count": [290, 330, 280, 275],
            "at_least": [False, False, False, True],
        }
    )


def words(figure):
    (legend,) = figure.legends
    return [text.get_text().replace("\n", " ") for text in legend.get_texts()]


def test_the_figure_has_fan_days_bounds_and_totals_by_source():
    figure = path().plot(published())
    assert words(figure) == [
        "People held: median, 80% and 95% of each day, from the counts",
        "Days with an estimate of their own",
        "Floor: at least so many",
        "Upper bound: at most so many",
        "monitor",
        "CLP",
        'Hollow: the source said "at least"',
    ]
    (axes,) = figure.axes
    points = {
        (round(x), y)
        for line in axes.lines
        if line.get_color() == SERIES[0][0]
        for x, y in zip(*line.get_data(), strict=True)
    }
    monitor = {("2025-02-20", 290), ("2025-03-12", 280), ("2025-03-20", 275)}
    assert points == {(mdates.datestr2num(day), count) for day, count in monitor}
    assert axes.get_title(loc="left") == "How many are held, day by day"
    left, right = axes.get_xlim()
    assert left < mdates.datestr2num("2025-02-20") < mdates.date2num(DATES[-1]) < right
    assert axes.get_ylim()[0] == 0


def test_what_is_not_there_is_not_drawn():
    bare = path(floor=np.zeros(40), ceiling=np.full(40, math.inf), anchors=(), identified_by="prior")
    assert words(bare.plot()) == ["People held: median, 80% and 95% of each day, by a stated prior"]


def test_limits_of_the_fan_are_those_of_the_path():
    drawn = path()
    fan = fan_of(DATES, drawn.draws, (drawn.floor, drawn.ceiling), drawn.anchors, "data")
    for level, (low, high) in zip((0.95, 0.8), fan.bands, strict=True):
        assert (low == drawn.interval(level).low).all()
        assert (high == drawn.interval(level).high).all()
    assert (fan.median == drawn.point).all()
    assert fan.anchors == (3, 30)


def test_sources_stand_in_the_order_of_how_much_they_published():
    first, second = totals_by_source(published())
    assert (first.source, first.counts, first.at_least) == ("monitor", (290, 280, 275), (False, False, True))
    assert second.dates == (dt.date(2025, 3, 10),)
