"""The stock-flow audit on invented registers: how often its interval holds the exits that happened."""

import numpy as np
import pytest

from detcount.stock import stock_flow_audit
from register_totals import running, totals

pytestmark = pytest.mark.slow

SEED = 20_241_007
N_WEEKS = 80
N_REGISTERS = 300
THREE_ERRORS_OF_A_MEAN_RANK = 3 / np.sqrt(12 * N_REGISTERS)  # ranks of a calibrated interval are uniform
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


def test_interval_holds_the_exits():
    rng = np.random.default_rng(SEED)
    held = {0.95: 0, 0.8: 0}
    ranks = []
    for _ in range(N_REGISTERS):
        stock, arrests, start, end, exits = simulated(rng, printed=1.0)
        audit = stock_flow_audit(stock, arrests, stock.date[start], stock.date[end])
        assert audit.exits.identified_by == "prior"  # of what the running total lacks
        assert audit.exits.bounds[0] <= exits
        ranks.append(np.mean(audit.exits.draws < exits) + np.mean(audit.exits.draws == exits) / 2)
        for level in held:
            interval = audit.exits.interval(level)
            held[level] += interval.low <= exits <= interval.high
    for level, times in held.items():
        assert times / N_REGISTERS >= level - _errors(level)
    # at 0.8 the interval is that of a higher level: most draws are one number, the next a stale total away
    assert held[0.95] / N_REGISTERS <= 0.95 + _errors(0.95)
    assert abs(np.mean(ranks) - 0.5) <= THREE_ERRORS_OF_A_MEAN_RANK


def test_interval_is_too_narrow_where_few_bulletins_print_flows():
    rng = np.random.default_rng(SEED)
    times = 0
    for _ in range(N_REGISTERS):
        stock, arrests, start, end, exits = simulated(rng, printed=0.5)
        audit = stock_flow_audit(stock, arrests, stock.date[start], stock.date[end])
        assert audit.exits.bounds[0] <= exits
        interval = audit.exits.interval(0.95)
        times += interval.low <= exits <= interval.high
    # the docstring says so: shortfalls that nothing printed shows are missed, and 95% are 88%
    assert 0.88 - _errors(0.88) <= times / N_REGISTERS <= 0.88 + _errors(0.88) < 0.95


def _errors(share):
    """Three Monte Carlo standard errors of a share."""
    return float(3 * np.sqrt(share * (1 - share) / N_REGISTERS))
