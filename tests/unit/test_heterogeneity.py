"""Two and more lists of closed populations, and one list that names persons again: closed forms, refusals."""

import math

import numpy as np
import pytest

from cases import tables
from detcount import CaptureTable, RepeatedCounts, abundance, datasets
from detcount._numerics.closed_forms import coverage_estimates, coverage_sums, resampled_estimates
from detcount.errors import NotEstimableError

TABLES = tables("heterogeneity")

EXACT = 1e-9  # relative: a closed form against Newton, both at rounding
FORMS = ("Chao", "Poisson", "Darroch", "Gamma")
# 3 lists, no two cells alike, first captures 75, 51, 12
HISTORIES = {"100": 40, "010": 31, "001": 12, "110": 17, "101": 9, "011": 20, "111": 9}
TABLE = CaptureTable.from_counts(HISTORIES, lists=["press", "court", "ngo"])


def spec_for(model, **options):
    return abundance.Heterogeneity(model=model, **options)


def test_mt_with_two_lists_is_lincoln_petersen_and_corrected_chapman():
    table = datasets.load("kosovo").keep(["EXH", "OSCE"])
    n1, n2 = table.list_sizes.values()
    m = table.overlap("EXH", "OSCE")
    plain = spec_for("Mt").fit(table)
    assert plain.point == pytest.approx(n1 * n2 / m, rel=EXACT)
    unlisted = (n1 - m) * (n2 - m) / m
    variance = unlisted + unlisted**2 * (1 / (n1 - m) + 1 / (n2 - m) + 1 / m)
    assert plain.standard_error == pytest.approx(variance**0.5, rel=EXACT)
    corrected = spec_for("Mt", bias_corrected=True).fit(table)
    assert corrected.point == pytest.approx(abundance.Chapman().fit(table).point, rel=EXACT)


def test_mh_chao_is_the_lower_bound_where_nothing_is_held():
    table = datasets.load("congenital")
    estimate = spec_for("Mh").fit(table)
    assert estimate.detail.held_at_zero == ()
    bound = abundance.ChaoLowerBound(bias_corrected=False).fit(table)
    assert estimate.point == pytest.approx(bound.point, rel=EXACT)
    assert estimate.standard_error == pytest.approx(bound.standard_error, rel=1e-7)  # inverse of 5 by 5
    corrected = spec_for("Mh", bias_corrected=True).fit(table)
    assert corrected.point == abundance.ChaoLowerBound().fit(table).point
    assert corrected.standard_error == abundance.ChaoLowerBound().fit(table).standard_error


def test_saturated_mh_is_a_ratio_of_frequencies():
    # three lists, three frequencies, three terms: log(f_j/C(3, j)) is fitted exactly
    f = TABLE.capture_frequencies
    logs = np.log(f / [3.0, 3, 1])
    for form, column in (
        ("Darroch", [0.5, 2, 4.5]),
        ("Poisson", [1, 3, 7]),
        ("Gamma", np.log(3.5) - np.log([4.5, 5.5, 6.5])),
    ):
        b = np.linalg.solve(np.column_stack([np.ones(3), [1, 2, 3], column]), logs)[0]
        estimate = spec_for("Mh", form=form).fit(TABLE)
        assert estimate.n_unobserved == pytest.approx(math.exp(b), rel=EXACT)
        assert estimate.detail.fitted_frequencies == pytest.approx(f, rel=EXACT)


def test_mth_darroch_on_three_lists_is_quasi_symmetric():
    # Darroch et al. 1993: the fit keeps list totals and frequencies
    detail = spec_for("Mth", form="Darroch").fit(TABLE).detail
    assert detail.terms == ("intercept", "press", "court", "ngo", "Darroch")
    mean = sum(j * f for j, f in enumerate(detail.fitted_frequencies, 1))
    assert mean == pytest.approx(sum(TABLE.list_sizes.values()), rel=EXACT)
    assert sum(detail.fitted_frequencies) == pytest.approx(TABLE.n_observed, rel=EXACT)


def test_hare_as_otis_and_others_have_it():
    # cottontail-like example of the field: M0 and Mt of the snowshoe hares, multinomial maxima
    hare = datasets.load("hare")
    points = {
        model: spec_for(model, interval=abundance.ProfileLikelihood()).fit(hare).detail.multinomial_point
        for model in ("M0", "Mt")
    }
    assert points == pytest.approx({"M0": 74.7022436, "Mt": 74.3378987}, rel=1e-8)


def test_many_lists():
    rng = np.random.default_rng(3)
    people = rng.random((3000, 40)) < 0.03
    people = people[people.any(axis=1)]
    columns = {f"list {k}": people[:, k] for k in range(40)}
    table = CaptureTable.from_frame(columns, lists=list(columns))
    assert spec_for("M0").fit(table).point == pytest.approx(3000, abs=200)  # 3 standard errors
    for form in FORMS:
        assert spec_for("Mh", form=form).fit(table).point > table.n_observed
    assert spec_for("M0").fit(table).detail.degrees_of_freedom == (1 << 40) - 3
    with pytest.raises(NotEstimableError, match="takes at most 16 lists, got 40"):
        spec_for("Mt").fit(table)


def test_the_lower_bound_of_sixty_lists():
    counts = {"0" * k + "1" + "0" * (59 - k): 2 + k for k in range(60)} | {"11" + "0" * 58: 40}
    estimate = abundance.ChaoLowerBound().fit(
        CaptureTable.from_counts(counts, lists=[f"list {k}" for k in range(60)])
    )
    once = sum(2 + k for k in range(60))
    assert (estimate.detail.once, estimate.detail.twice) == (once, 40)
    assert estimate.point == pytest.approx(once + 40 + (59 / 60) * once * (once - 1) / (2 * 41), rel=1e-12)


ANYTHING_GOES = {"minimum_coverage": 0, "maximum_relative_error": float("inf")}


def delta_variance(table, estimate):
    """Multinomial variance of N from derivatives by differences; N is homogeneous in the counts."""
    counts = table.counts.astype(float)

    def n_hat(values):
        return float(coverage_estimates(coverage_sums(table.histories, values), estimate))

    slopes = []
    for k in range(len(counts)):
        step = np.zeros(len(counts))
        step[k] = 1e-4 * counts[k]
        slopes.append((n_hat(counts + step) - n_hat(counts - step)) / (2 * step[k]))
    return float(np.sum(np.square(slopes) * counts)) - n_hat(counts)


# 4,000 draws leave an error of 1.1% on a standard deviation; the rest is curvature, of order 1/overlap
BOOTSTRAP = 0.06


@pytest.mark.parametrize(("name", "estimate"), TABLES["large_overlaps"])
def test_bootstrap_agrees_with_the_delta_method_where_overlaps_are_large(name, estimate):
    table = datasets.load(name)
    fitted = abundance.SampleCoverage(estimate=estimate, n_resamples=4000, **ANYTHING_GOES).fit(table, seed=3)
    assert fitted.standard_error == pytest.approx(math.sqrt(delta_variance(table, estimate)), rel=BOOTSTRAP)


def test_bootstrap_redraws_the_unlisted():
    """The persons listed vary between resampled tables as a binomial of N-hat does."""
    table = datasets.load("korea")
    draws = resampled_estimates(
        table.histories, table.counts, "independent", point=147.0, n_resamples=50, seed=1
    )
    assert len(np.unique(draws)) == 50
    sure = resampled_estimates(
        table.histories[:1], table.counts[:1], "independent", point=123.0, n_resamples=5, seed=1
    )
    assert np.isinf(sure).all()  # a table of one history has empty lists, and no estimate


def test_a_resampled_table_that_leaves_nobody_out_has_the_number_listed():
    histories = np.array([[1, 1, 1], [1, 1, 0]], dtype=np.uint8)
    draws = resampled_estimates(histories, np.array([31, 9]), "independent", point=40, n_resamples=50, seed=2)
    assert (draws == 40).any()
    assert (draws >= 40).all()


CLOSED = 1e-12  # the same closed form in another order of operations
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
    assert abundance.ChaoCounts(bias_corrected=False).fit(COUNTS).point == N + 276**2 / (2 * 152)
    assert abundance.ChaoCounts().fit(COUNTS).point == N + 276 * 275 / (2 * 153)


def test_truncated_poisson_with_hardly_a_repeat():
    """One person of a million named twice: rate 2e-6, N = n^2/2 and more, without cancellation."""
    fitted = abundance.ZeroTruncatedPoisson().fit(RepeatedCounts.from_frequencies([999_999, 1]))
    series = 1e-5  # the next term of the series in the rate
    assert fitted.detail.mean == pytest.approx(2e-6, rel=series)
    assert fitted.standard_error == pytest.approx(math.sqrt(fitted.point / 2e-12), rel=series)


def test_published_variances():
    """Chao is the delta method on the multinomial; the others condition on n and add its own variance."""
    r = 276 / 152
    chao = 152 * (r**4 / 4 + r**3 + r**2 / 2)
    assert abundance.ChaoCounts(bias_corrected=False).fit(COUNTS).standard_error == pytest.approx(
        math.sqrt(chao), rel=CLOSED
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
    fitted = abundance.ZeroTruncatedNegativeBinomial().fit(COUNTS)
    mean, dispersion = fitted.detail.mean, fitted.detail.dispersion
    best = log_likelihood(mean, dispersion)
    for other in ((1.001, 1), (0.999, 1), (1, 1.001), (1, 0.999), (1.3, 0.4), (0.5, 3)):
        assert log_likelihood(mean * other[0], dispersion * other[1]) < best
