"""The published numbers of verdata: 20 replicates of one stratum, pooled as that package pools them.

The package tests its pooling on 1,000 draws of each replicate, and publishes 1,593 (1,266 to 2,148). Here
stand persons listed, mean, standard deviation and three quantiles of the draws, which are made from those.
"""

import math

import numpy as np
import pytest
from scipy.optimize import least_squares
from scipy.special import ndtri
from scipy.stats import t

from cases import of_package
from detcount import CaptureTable
from detcount.estimates import PercentileRule
from detcount.pooling import pool
from stubs import Stub

ROWS = of_package("verdata_replicates")
PUBLISHED = (1266, 1593, 2148)
# the limits rest on logarithms of single draws, which five figures of each replicate do not give exactly: of
# three shapes that have these figures the limits are 1,254 to 1,263 and 2,132 to 2,189
NEAR_LOW, NEAR_HIGH = 4, 16


def unlisted(row: dict[str, str]) -> np.ndarray:
    """Draws of persons on no list with the figures of a replicate; their logarithm is g-and-h (Tukey)."""
    n, mean, sd, *quantiles = (float(row[name]) for name in ("n_obs", "mean", "sd", "q025", "q50", "q975"))
    scores, at = ndtri((np.arange(2000) + 0.5) / 2000), ndtri([0.025, 0.5, 0.975])

    def logs(shape, z):
        place, scale, skew, tail = shape
        return place + np.exp(scale) * np.expm1(skew * z) / skew * np.exp(tail * z * z / 2)

    def misses(shape):
        drawn = np.exp(logs(shape, scores))
        of_quantiles = logs(shape, at) - np.log(np.array(quantiles) - n)
        return [*20 * of_quantiles, 50 * np.log(drawn.mean() / (mean - n)), 20 * np.log(drawn.std() / sd)]

    start = [np.log(quantiles[1] - n), np.log(0.3), 0.1, 0.05]
    drawn = np.exp(logs(least_squares(misses, start).x, scores))
    return drawn * (mean - n) / drawn.mean()


def published(table: CaptureTable, seed: int) -> dict[str, object]:
    """The draws of the replicate whose number of persons on both lists is its place."""
    drawn = table.n_observed + unlisted(ROWS[table.overlap("a", "b") - 1])
    rule = PercentileRule(drawn, "posterior")
    return {"point": float(np.median(drawn)), "interval_rule": rule, "draws": drawn}


DRAWN = Stub(published)


def tables(rows: list[dict[str, str]]) -> list[CaptureTable]:
    counts = [(int(row["n_obs"]), int(row["replicate"])) for row in rows]
    cells = [{"10": n - k - 1, "01": 1, "11": k} for n, k in counts]
    return [CaptureTable.from_counts(each, lists=["a", "b"]) for each in cells]


def test_all_twenty_replicates_give_what_is_published():
    pooled = pool(DRAWN, tables(ROWS), combine="verdata")
    low, high = pooled.interval()
    assert round(pooled.point) == PUBLISHED[1]
    assert low == pytest.approx(PUBLISHED[0], abs=NEAR_LOW)
    assert high == pytest.approx(PUBLISHED[2], abs=NEAR_HIGH)
    # their middle rests on means of logarithms alone: it is theirs, but for the rounding of limits to persons
    ours, theirs = (math.sqrt((one - 991) * (other - 991)) for one, other in ((low, high), PUBLISHED[::2]))
    assert ours == pytest.approx(theirs, abs=0.7)


def by_their_rule(draws: list[np.ndarray], listed: list[int]) -> tuple[int, int, int]:
    """What `combine_estimates` of verdata (R/combine_estimates.R at 31728b7c) does, written anew."""
    m = len(draws)
    logs = [np.log(np.where(each == 0, 0.1, each)) for each in draws]
    means = np.array([each.mean() for each in logs])
    within, between = np.mean([each.var(ddof=1) for each in logs]), means.var(ddof=1)
    reach = t.ppf(0.975, (m - 1) * (1 + within / between / (m + 1)) ** 2)
    reach *= math.sqrt(within + (m + 1) / m * between)
    ends = [round(math.exp(means.mean() + sign * reach)) for sign in (-1, 1)]
    n = round(np.mean(listed))
    return n + ends[0], n + round(np.mean([each.mean() for each in draws])), n + ends[1]


@pytest.mark.parametrize("nobody", [0, 40])
def test_the_rule_is_theirs_to_the_person(monkeypatch, nobody):
    def some_of_nobody(row, draw=unlisted):
        drawn = np.round(draw(row))
        drawn[:nobody] = 0  # whose logarithm they take to be that of a tenth of a person
        return drawn

    monkeypatch.setitem(published.__globals__, "unlisted", some_of_nobody)
    pooled = pool(DRAWN, tables(ROWS), combine="verdata")
    low, high = pooled.interval()
    theirs = by_their_rule([some_of_nobody(row) for row in ROWS], [int(row["n_obs"]) for row in ROWS])
    assert (round(low), round(pooled.point), round(high)) == theirs


def test_ten_replicates_do_not():
    # the second ten differ by hardly anything, which makes limits from them alone too narrow
    first, second = (pool(DRAWN, tables(half), combine="verdata") for half in (ROWS[:10], ROWS[10:]))
    assert (round(first.point), round(second.point)) == (1630, 1557)
    assert first.detail.share_between > 0.4 > 0.01 > second.detail.share_between
