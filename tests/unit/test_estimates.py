"""The estimate: intervals at any level, records, rows, and what it refuses to hold."""

import math
from typing import ClassVar

import numpy as np
import pytest

from detcount import CaptureTable, abundance
from detcount.assumptions import Assumption
from detcount.contract.references import CHAO_1987
from detcount.contract.specification import specification
from detcount.errors import InputError
from detcount.estimates import AbundanceEstimate, Estimator, Interval, LogNormalRule

TABLE = CaptureTable.from_counts({"10": 40, "01": 60, "11": 20}, lists=["press", "families"])


@specification
class Invented:
    factor: float = 2.0

    assumes: ClassVar = (Assumption.CLOSED_POPULATION, Assumption.LOWER_BOUND)
    references: ClassVar = (CHAO_1987,)

    def fit(self, table, *, seed=0):
        return made(point=self.factor * table.n_observed, n_observed=table.n_observed, seed=seed)


class FixedRule:
    method = "fixed"

    def __init__(self, low, high):
        self.low, self.high = low, high

    def bounds(self, level):
        return self.low, self.high


def made(**changes):
    fields = {
        "point": 240.0,
        "n_observed": 120,
        "estimator": Invented(),
        "interval_rule": LogNormalRule(120.0, 900.0, 120),
        "digest": "0" * 64,
    }
    return AbundanceEstimate(**{**fields, **changes})


def test_what_the_estimate_says():
    estimate = abundance.Chapman().fit(TABLE)
    assert str(estimate).startswith("234 persons (184 to 325, 95% log-normal); 120 listed")
    assert repr(estimate) == f"<AbundanceEstimate by Chapman(): {estimate}>"
    assert estimate.n_unobserved == estimate.point - 120
    assert estimate.documented_share == 120 / estimate.point
    assert estimate.assumptions[0] is Assumption.CLOSED_POPULATION
    assert estimate.estimator == abundance.Chapman()
    assert isinstance(Invented(), Estimator)


def test_limits_never_fall_below_the_listed():
    interval = made(interval_rule=FixedRule(-5.0, 80.0)).interval()
    assert (interval.low, interval.high) == (120.0, 120.0)


def test_an_interval_without_an_upper_limit():
    interval = made(interval_rule=FixedRule(130.0, math.inf)).interval(0.9)
    assert str(interval) == "130 to no upper limit, 90% fixed"
    record = made(interval_rule=FixedRule(130.0, math.inf)).record()
    assert record["high"] is None
    below = made(interval_rule=FixedRule(math.inf, math.inf)).interval()
    assert (below.low, below.high) == (240.0, math.inf)


@pytest.mark.parametrize(
    ("fault", "changes"),
    [
        *(("a point of .* persons", {"point": point}) for point in (119.9, math.nan, math.inf, -math.inf)),
        *(("a standard error of .*", {"standard_error": error}) for error in (math.nan, math.inf, -1.0)),
        *(("a draw of .* with 120 listed", {"draws": [150.0, draw]}) for draw in (119.0, math.nan)),
        *(
            ("an interval from .*", {"interval_rule": FixedRule(*limits)})
            for limits in ((math.nan, 300.0), (200.0, math.nan), (300.0, 200.0))
        ),
    ],
)
def test_numbers_that_are_a_defect(fault, changes):
    with pytest.raises(ValueError, match=rf"^Invented\(\): {fault}.* is a defect of the estimator$"):
        made(**changes).interval()


def test_rounding_below_the_listed_is_lifted():
    estimate = made(point=120 * (1 - 1e-14), draws=np.array([120 * (1 - 1e-14), math.inf]))
    assert estimate.point == 120.0
    assert estimate.n_unobserved == 0.0
    assert estimate.draws.tolist() == [120.0, math.inf]


def test_numbers_are_plain():
    estimate = made(
        point=np.float64(240), n_observed=np.int64(120), seed=np.int64(3), standard_error=np.float64(30)
    )
    assert list(map(type, (estimate.point, estimate.n_observed, estimate.seed))) == [float, int, int]
    assert type(estimate.standard_error) is float
    interval = estimate.interval(np.float64(0.9))
    assert {type(value) for value in (interval.low, interval.high, interval.level)} == {float}
    with pytest.raises(InputError, match="seed: expected a whole number of 0 or more"):
        made(seed=1.5)


@pytest.mark.parametrize(
    ("level", "shown"), [(0.95, "95%"), (0.57, "57%"), (0.999, "99.9%"), (0.99999, "99.999%")]
)
def test_the_level_is_printed_as_it_was_asked(level, shown):
    assert str(Interval(1200.4, 3400.6, level, "log-normal")) == f"1,200 to 3,401, {shown} log-normal"
