"""`DoublyRobust` against the example that the R package drpop prints in its README.

Its data are drawn without a seed, so the printed numbers are one draw of a known design: 1,000 persons with
three covariates, and 3,000. We draw the same design many times; what is printed has to be a likely draw of
ours. The error that it prints, and ours, are near the least that any estimator can have, which the true
shares give. drpop 0.0.3, README at 162c4574, model "gam", method "DR".
"""

import numpy as np
import pytest

from detcount import abundance

# persons, estimate of N and its standard error, share listed, as printed
PRINTED = [(1000, 963, 27.987, 0.830), (3000, 2938, 49.622, 0.815)]
N_DRAWS = 16
OUTSIDE = 2.5  # standard deviations: a likely draw is nearer in 99 of 100 cases
LIKE = 0.4  # of that least error, by which shares that are learned from so few rows make it seem more or less


def chances(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of being on each list, by the sum of three normal covariates."""
    first, second = (1 / (1 + np.exp(1.8 - slope * x.sum(axis=1))) for slope in (0.4, 0.3))
    return first, second


def least_error(n_persons: int, rng: np.random.Generator) -> float:
    """Standard error of N with the true shares, the least there is: by 200,000 persons of the design."""
    first, second = chances(rng.normal(2, 1, (200_000, 3)))
    seen = 1 - (1 - first) * (1 - second)
    gamma, both = seen, first * second / seen
    q1, q2 = first / seen, second / seen
    # the variance of (Y1/q1 + Y2/q2 - Y1 Y2/q12)/gamma given x, and of its mean over x, among the listed
    only_first, only_second = q1 - both, q2 - both
    squares = only_first / q1**2 + only_second / q2**2 + both * (1 / q1 + 1 / q2 - 1 / both) ** 2
    inverse = np.average(1 / gamma, weights=seen)
    variance = np.average(squares / gamma**2, weights=seen) - inverse**2
    n_listed = n_persons / inverse
    return float(np.sqrt(n_listed * variance + n_listed * inverse * (inverse - 1)))


def listed(n_persons: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """The listed of the design; of each covariate exp(x/2) is seen."""
    x = rng.normal(2, 1, (n_persons, 3))
    first, second = (rng.random(n_persons) < chance for chance in chances(x))
    seen = first | second
    covariates = {f"x{k}": np.exp(x[seen, k] / 2) for k in range(3)}
    return {"y1": first[seen].astype(int), "y2": second[seen].astype(int)} | covariates


@pytest.mark.parametrize(("n_persons", "printed", "error", "share"), PRINTED)
def test_the_example_of_drpop_is_a_likely_draw(n_persons, printed, error, share):
    rng = np.random.default_rng(7)
    spec = abundance.DoublyRobust(("y1", "y2"), ("x0", "x1", "x2"))
    found = [spec.fit(listed(n_persons, rng)) for _ in range(N_DRAWS)]
    points = np.array([each.point for each in found])
    assert abs(points.mean() - n_persons) < 3 * points.std() / N_DRAWS**0.5
    assert abs(printed - points.mean()) < OUTSIDE * points.std()
    least = least_error(n_persons, rng)
    assert error == pytest.approx(least, rel=LIKE)
    assert np.median([each.standard_error for each in found]) == pytest.approx(least, rel=LIKE)
    assert np.mean([each.documented_share for each in found]) == pytest.approx(share, abs=0.03)
