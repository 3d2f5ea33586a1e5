"""Sample coverage against the R package CARE1 1.1.0, on every table it was run on.

Exceptions, with their reasons:

- western and neworl_5, high coverage: the equation solves to a negative number of persons. CARE1 puts the
  persons listed in its place, with a standard error; we decline.
- artificial_3, high coverage: no solution. CARE1 gives infinity; we decline.
- Standard errors of CARE1 are of 200 resampled tables, so they carry 5% of error of their own (more where
  the estimate has a long tail).
"""

import pytest

from cases import of_package
from detcount import datasets
from detcount.abundance import Chapman, SampleCoverage
from detcount.errors import NotEstimableError

pytestmark = pytest.mark.reference

POINTS = 1e-9  # the same closed form
ESTIMATES = {"estN Indep": "independent", "estN HSC": "high-coverage", "estN LSC": "low-coverage"}
# 1/sqrt(2 * 200) = 5% is the standard error of a standard deviation of 200 normal draws; 4 of them, since
# 17 are compared
ERRORS = 0.20
# coverage of 0.14 and 0.10: the draws have no normal tail, and 200 of them find it by luck
LONG_TAILS = {("neworl_5", "estN LSC"), ("artificial_3", "estN Indep"), ("artificial_3", "estN LSC")}
DECLINED = {("western", "estN HSC"), ("neworl_5", "estN HSC"), ("artificial_3", "estN HSC")}


def fitted(row, n_resamples=4000):
    spec = SampleCoverage(
        estimate=ESTIMATES[row["method"]],
        minimum_coverage=0,
        maximum_relative_error=float("inf"),
        n_resamples=n_resamples,
    )
    return spec.fit(datasets.load(row["dataset"]))


@pytest.mark.parametrize("row", of_package("care1"), ids=lambda row: f"{row['dataset']} {row['method']}")
def test_points(row):
    if (row["dataset"], row["method"]) in DECLINED:
        with pytest.raises(NotEstimableError, match="the equation of the high-coverage estimate"):
            fitted(row)
        return
    assert fitted(row, n_resamples=100).point == pytest.approx(float(row["estimate"]), rel=POINTS)


@pytest.mark.parametrize(
    "row",
    [
        row
        for row in of_package("care1")
        if "se=NA" not in row["extra"]
        and (row["dataset"], row["method"]) not in DECLINED | LONG_TAILS
        # a standard error of 20 times the estimate is one draw's
        and (row["dataset"], row["method"]) != ("hav", "estN HSC")
    ],
    ids=lambda row: f"{row['dataset']} {row['method']}",
)
def test_standard_errors_within_those_of_200_resampled_tables(row):
    expected = float(row["extra"].removeprefix("se="))
    ours = fitted(row)
    assert ours.standard_error == pytest.approx(expected, rel=ERRORS)
    interval = ours.interval()
    share = (interval.high - interval.low) / (float(row["upper"]) - float(row["lower"]))
    assert share == pytest.approx(1, rel=1.5 * ERRORS)  # the log-normal interval widens a little faster


def test_hepatitis_a_in_taiwan():
    """Chao et al. (2001): coverage 51.3%, 407, 971 and 508; CARE1 warns, we decline unless told not to."""
    table = datasets.load("hav")
    values = {}
    for name, estimate in ESTIMATES.items():
        spec = SampleCoverage(estimate=estimate, minimum_coverage=0, maximum_relative_error=float("inf"))
        result = spec.fit(table)
        values[name] = round(result.point)
        assert round(result.detail.sample_coverage, 3) == 0.513
    assert values == {"estN Indep": 407, "estN HSC": 971, "estN LSC": 508}
    pairs = [("L1", "L2"), ("L1", "L3"), ("L2", "L3")]
    assert [round(Chapman().fit(table.keep(pair)).point) for pair in pairs] == [334, 374, 331]


def test_diabetes_in_casale_monferrato():
    table = datasets.load("diabetes")
    points = [round(SampleCoverage(estimate=estimate).fit(table).point) for estimate in ESTIMATES.values()]
    assert points == [2272, 2609, 2458]
