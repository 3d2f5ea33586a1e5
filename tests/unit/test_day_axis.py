"""Axes of days: some ticks at any length of time, on any paper, and no warning of the library below."""

import datetime as dt

import matplotlib.dates as mdates
import pytest

from detcount.reports.canvas import Canvas

FIRST = dt.date(2024, 8, 3)


@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize("first", [FIRST, dt.date(2025, 12, 20), dt.date(2026, 1, 1)])
def test_every_length_of_time_has_a_few_ticks(first, narrow):
    canvas = Canvas("es", narrow=narrow)
    axes = canvas.start(7, 3).add_subplot()
    for days in [*range(2, 130, 3), *range(130, 1500, 17), 3000, 9000]:
        axes.set_xlim(mdates.date2num(first), mdates.date2num(first + dt.timedelta(days)))
        canvas.day_axis(axes)
        low, high = axes.get_xlim()
        ticks = [tick for tick in axes.xaxis.get_majorticklocs() if low <= tick <= high]
        assert 1 <= len(ticks) <= (5 if narrow else 8), days
