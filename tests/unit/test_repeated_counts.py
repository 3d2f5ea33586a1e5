"""One list that names persons more than once."""

import math

import numpy as np
import pytest

from detcount import RepeatedCounts
from detcount.abundance import ChaoCounts, ZeroTruncatedNegativeBinomial, ZeroTruncatedPoisson

EXACT = 1e-12  # the same closed form in another order of operations
SLOPES = 1e-6  # central differences in the tests

COUNTS = RepeatedCounts.from_frequencies([276, 152, 82, 40, 29, 12, 8, 3, 2, 1])
F = np.array([276, 152, 82, 40, 29, 12, 8, 3, 2, 1], dtype=float)
N = 605


def multinomial_variance(n_hat, f):
    """Delta method by differences: N persons multinomial over the times they are named, none among them."""
    slopes = []
    for k in range(len(f)):
        step = np.zeros(len(f))
        step[k] = 1e-4 * max(f[k], 1)
        slopes.append((n_hat(f + step) - n_hat(f - step)) / (2 * step[k]))
    slopes = np.array(slopes)
    return float((slopes**2 * f).sum() - (slopes @ f) ** 2 / n_hat(f))


def test_closed_forms_by_hand():
    assert ChaoCounts(bias_corrected=False).fit(COUNTS).point == N + 276**2 / (2 * 152)
    assert ChaoCounts().fit(COUNTS).point == N + 276 * 275 / (2 * 153)


def test_truncated_poisson_with_hardly_a_repeat():
    """One person of a million named twice: rate 2e-6, N = n^2/2 and more, without cancellation."""
    fitted = ZeroTruncatedPoisson().fit(RepeatedCounts.from_frequencies([999_999, 1]))
    series = 1e-5  # the next term of the series in the rate
    assert fitted.detail.mean == pytest.approx(2e-6, rel=series)
    assert fitted.standard_error == pytest.approx(math.sqrt(fitted.point / 2e-12), rel=series)


def test_published_variances():
    """Chao is the delta method on the multinomial; the others condition on n and add its own variance."""
    r = 276 / 152
    chao = 152 * (r**4 / 4 + r**3 + r**2 / 2)
    assert ChaoCounts(bias_corrected=False).fit(COUNTS).standard_error == pytest.approx(
        math.sqrt(chao), rel=EXACT
    )
    assert chao == pytest.approx(
        multinomial_variance(lambda f: f.sum() + f[0] ** 2 / (2 * f[1]), F), rel=SLOPES
    )


def log_likelihood(mean, dispersion):
    from scipy.stats import nbinom

    k, size = np.arange(1, 11), 1 / dispersion
    p = size / (size + mean)
    return F @ (nbinom.logpmf(k, size, p) - np.log1p(-nbinom.pmf(0, size, p)))


def test_negative_binomial_is_at_its_maximum():
    fitted = ZeroTruncatedNegativeBinomial().fit(COUNTS)
    mean, dispersion = fitted.detail.mean, fitted.detail.dispersion
    best = log_likelihood(mean, dispersion)
    for other in ((1.001, 1), (0.999, 1), (1, 1.001), (1, 0.999), (1.3, 0.4), (0.5, 3)):
        assert log_likelihood(mean * other[0], dispersion * other[1]) < best
