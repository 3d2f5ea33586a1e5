"""Nowcasts of hospital admissions in the German HUS outbreak of 2011, against the R package surveillance.

Day of admission and day of report of 630 patients, now = 2 June 2011, longest delay 15 days; the figures
are medians of the admissions of 24 to 31 May printed by surveillance 1.24.1. Its `bayes.trunc` was run with
a gamma-Poisson prior of mean 50 and variance 3000.

Its `lawless` median is that of a normal distribution around Y/F whose lower tail, below the admissions
already reported, is taken out of the denominator but not out of the numerator, with the variance
Y(1 - F)/F^2 alone. With these two conventions our F gives its eight medians; without them the median is
that of Y/F itself, 1 to 2 persons higher on the last two days.
"""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import numpy as np
import pytest
from scipy.special import betainc, ndtr

from detcount._numerics.delay import pending_law
from detcount.releases import VerificationDelay

pytestmark = pytest.mark.reference

NOW = "2011-06-02"
DAYS = slice(17, 25)  # 24 to 31 May; the first admission is of 7 May
PRINTED_LAWLESS = [53, 50, 45, 36, 25, 41, 36, 25]
PRINTED_BAYES = [52, 49, 44, 35, 25, 40, 35, 27]
FINAL = [51, 49, 34, 34, 22, 19, 26, 17]
SAMPLED = 0.01  # a mixture over 1000 draws of the delay: the spread over draws of P(N <= n) is below 0.3
EXACT = 1e-12  # sums and products of a few dozen terms in another order


def patients() -> tuple[list[str], list[str]]:
    with (Path(__file__).parent / "data" / "husO104Hosp.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return [row["dHosp"] for row in rows], [row["dReport"] for row in rows]


def fitted(spec: VerificationDelay):
    return spec.fit_cases(*patients(), as_of=NOW)


def brute_force_cdf(maximum: int) -> list[float]:
    """F(0) to F(maximum) by loops over patients."""
    now = dt.date.fromisoformat(NOW)
    pairs = [(dt.date.fromisoformat(a), dt.date.fromisoformat(b)) for a, b in zip(*patients(), strict=True)]
    known = [(a, min((b - a).days, maximum)) for a, b in pairs if b <= now]
    cdf = [1.0] * (maximum + 1)
    for d in range(maximum, 0, -1):
        old = [delay for day, delay in known if (now - day).days >= d]
        cdf[d - 1] = cdf[d] * (1 - sum(x == d for x in old) / sum(x <= d for x in old))
    return cdf


def test_reverse_hazards_are_those_of_a_loop_over_patients():
    estimate = fitted(VerificationDelay(family="reverse-hazard", maximum=15))
    assert estimate.cdf(range(16)) == pytest.approx(brute_force_cdf(15), rel=EXACT)


def test_lawless():
    table = fitted(VerificationDelay(family="reverse-hazard", maximum=15)).nowcast().iloc[DAYS]
    y, share = table["verified"].to_numpy(), table["share"].to_numpy()
    point = table["expected"].to_numpy()
    assert point == pytest.approx(y / share, rel=EXACT)
    assert np.ceil(point).astype(int).tolist()[:6] == PRINTED_LAWLESS[:6]
    deviation = np.sqrt(y * (1 - share)) / share
    grid = np.arange(301)[:, None]
    reached = ndtr((grid - point) / deviation) / (1 - ndtr((y - point) / deviation))
    medians = np.where((grid >= y) & (reached >= 0.5), grid, 999).min(axis=0)
    assert medians.tolist() == PRINTED_LAWLESS


def test_variance_of_prediction_is_that_of_lawless():
    """Equations 2.15 and 2.16: delta method for F, and the releases still to come."""
    estimate = fitted(VerificationDelay(family="reverse-hazard", maximum=15))
    now = dt.date.fromisoformat(NOW)
    pairs = [(dt.date.fromisoformat(a), dt.date.fromisoformat(b)) for a, b in zip(*patients(), strict=True)]
    known = [(a, (b - a).days) for a, b in pairs if b <= now]
    age = 4
    day = now - dt.timedelta(days=age)
    y = sum(a == day for a, _ in known)
    cdf = brute_force_cdf(15)[age]
    variance_of_cdf = 0.0
    for d in range(age + 1, 16):
        old = [delay for a, delay in known if (now - a).days >= d]
        n, at_risk = sum(x == d for x in old), sum(x <= d for x in old)
        variance_of_cdf += cdf**2 * (n / at_risk) / (at_risk - n)
    expected = y * (y + 1) / cdf**4 * variance_of_cdf + y * (1 - cdf) / cdf**2
    row = [value.astype(object) for value in estimate.start].index(day)
    assert estimate.standard_errors[row] ** 2 == pytest.approx(expected, rel=EXACT)


@pytest.mark.parametrize("seed", [0, 7])
def test_generalised_dirichlet(seed):
    """The median printed is a median, up to the sampling error of the 1000 draws it was read from.

    Seven of the eight are exact. On 30 May 35 persons or fewer have probability 0.498, so the median is 36.
    """
    spec = VerificationDelay(family="generalised-dirichlet", maximum=15, daily=(50.0, 3000.0))
    estimate = spec.fit_cases(*patients(), as_of=NOW, seed=seed)
    medians = estimate.nowcast().iloc[DAYS]["median"].to_numpy()
    assert np.abs(medians - PRINTED_BAYES).tolist() == [0, 0, 0, 0, 0, 0, 1, 0]
    size, success = pending_law(estimate.verified, estimate.shares, estimate.rates)
    later = np.array(PRINTED_BAYES) - estimate.verified[DAYS]
    at_most = betainc(size[:, DAYS], later + 1.0, success[:, DAYS]).mean(axis=0)
    fewer = betainc(size[:, DAYS], np.maximum(later, 1e-9), success[:, DAYS]).mean(axis=0)
    assert (at_most > 0.5 - SAMPLED).all()
    assert (fewer < 0.5 + SAMPLED).all()


@pytest.mark.parametrize(
    "spec",
    [
        VerificationDelay(),
        VerificationDelay(family="generalised-dirichlet", maximum=15),
        VerificationDelay(family="reverse-hazard", maximum=15),
    ],
    ids=lambda spec: spec.family,
)
def test_what_came_lies_in_the_intervals(spec):
    """Reporting became faster on the way (a change that the data of 2 June cannot show yet)."""
    table = fitted(spec).nowcast(0.95).iloc[DAYS]
    inside = (table["low"].to_numpy() <= FINAL) & (table["high"].to_numpy() >= FINAL)
    assert inside.sum() >= 6
