"""The stock-flow audit on invented registers: how often its bounds hold the exits that happened."""

import numpy as np
import pytest

from detcount.stock import stock_flow_audit
from register_totals import running, totals

pytestmark = pytest.mark.slow

SEED = 20_241_007
N_WEEKS = 80
N_REGISTERS = 300
COVER1, COVER2 = 0.87, 0.77
FIRST = np.datetime64("2024-01-01", "D")


def simulated(rng, printed):
    """A register with a weekly bulletin, whose running total appears every other week, at times unchanged.

    Gives the stock, the arrests, the weeks of the window, and the exits within it.
    """
    entered, released = rng.poisson(9, N_WEEKS), rng.poisson(8, N_WEEKS)
    held = 600 + np.cumsum(entered - released)
    days = FIRST + 7 * np.arange(N_WEEKS)
    told = rng.random(N_WEEKS) < printed
    weeks = np.arange(1, N_WEEKS, 2)
    shown = []
    for total in (17_000 + np.cumsum(entered)[weeks]).tolist():
        stale = bool(shown) and rng.random() < 0.25
        shown.append(shown[-1] if stale else total)
    start, end = weeks[rng.integers(5, 12)], weeks[rng.integers(25, 36)]
    told[start - 1 : start + 1] = False  # nothing tells how complete the total is on the first day,
    told[start + 1 : end + 1] = False  # nor in the window, so that the total is needed
    bulletins = (np.where(told, each, np.nan) for each in (entered, released))
    stock = totals(days, held, *bulletins)
    arrests = running(days[weeks], shown)
    return stock, arrests, int(start), int(end), int(released[start + 1 : end + 1].sum())


@pytest.mark.parametrize(("printed", "cover"), [(1.0, COVER1), (0.5, COVER2)])
def test_exits_are_within_the_bounds_and_how_often_within_those_as_seen(printed, cover):
    rng = np.random.default_rng(SEED)
    times = 0
    for _ in range(N_REGISTERS):
        stock, arrests, start, end, exits = simulated(rng, printed)
        audit = stock_flow_audit(stock, arrests, stock.date[start], stock.date[end])
        assert audit.exits.bounds[0] <= exits
        low, high = (audit.as_seen or audit.exits).bounds
        times += low <= exits <= high
    # the docstring says so: shortfalls that nothing printed shows are missed
    assert abs(times / N_REGISTERS - cover) <= _errors(cover)


def _errors(share):
    """Three Monte Carlo standard errors of a share."""
    return float(3 * np.sqrt(share * (1 - share) / N_REGISTERS))
