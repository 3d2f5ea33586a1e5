"""Odds-ratio curves and tipping values."""

import math

import numpy as np
import pytest

from detcount import CaptureTable, datasets, odds_ratio_curve
from detcount.abundance import (
    Chapman,
    Hypergeometric,
    LincolnPetersen,
    OddsRatioAdjusted,
    PairwiseNoInteraction,
)
from detcount.errors import DetcountWarning

EXACT = 1e-12  # the same closed form in another order of operations
TABLE = CaptureTable.from_counts({"10": 40, "01": 60, "11": 20}, lists=["press", "families"])


def test_odds_ratios_multiply():
    """Relative to an estimate that states 2, another 1.5 is a 3."""
    curve = odds_ratio_curve(OddsRatioAdjusted(2).fit(TABLE), 1.5)
    fitted = OddsRatioAdjusted(3).fit(TABLE)
    assert curve.points[0] == pytest.approx(fitted.point, rel=EXACT)
    assert curve.highs[0] == pytest.approx(fitted.interval().high, rel=EXACT)


def test_other_intervals_move_with_the_point():
    fitted = LincolnPetersen(interval=Hypergeometric()).fit(TABLE)
    interval = fitted.interval()
    curve = odds_ratio_curve(fitted, [1, 3])
    assert curve.lows.tolist() == [interval.low, 120 + 3 * (interval.low - 120)]
    assert curve.highs.tolist() == [interval.high, 120 + 3 * (interval.high - 120)]


def test_curve_at_one_is_the_estimate():
    """Also where the variance is below that of the unlisted persons themselves."""
    for fitted in (Chapman().fit(TABLE), PairwiseNoInteraction(("ABA", "HRW")).fit(datasets.load("kosovo"))):
        curve = odds_ratio_curve(fitted, 1, level=0.9)
        interval = fitted.interval(0.9)
        assert (curve.lows[0], curve.points[0], curve.highs[0]) == (interval.low, fitted.point, interval.high)


def test_no_upper_limit_stays_none():
    apart = CaptureTable.from_counts({"10": 9, "01": 14}, lists=["press", "court"])
    with pytest.warns(DetcountWarning, match="share nobody"):
        fitted = Chapman(interval=Hypergeometric()).fit(apart)
    assert np.isinf(odds_ratio_curve(fitted, [0.5, 2]).highs).all()
    assert odds_ratio_curve(fitted, claim=60).tipping.at_high == 0


def test_tipping_value_is_said():
    text = str(odds_ratio_curve(LincolnPetersen().fit(TABLE), claim=360).tipping)
    assert text.startswith("360 persons need an odds ratio of 2 (95% limits reach it from 1.")


def test_a_lower_limit_on_the_listed_is_never_enough():
    inside = CaptureTable.from_counts({"10": 30, "11": 12, "01": 1}, lists=["press", "court"])
    fitted = LincolnPetersen(interval=Hypergeometric()).fit(inside)
    assert fitted.interval().low == 43
    assert odds_ratio_curve(fitted, claim=60).tipping.at_low == math.inf
