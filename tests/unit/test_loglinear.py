"""What `LogLinear` asks of a table, says of it, and keeps."""

import numpy as np
import pytest

from detcount import CaptureTable, datasets
from detcount._numerics.patterns import from_generators
from detcount._numerics.poisson import fit_hierarchical
from detcount.abundance import BCaBootstrap, LogLinear, LogNormal, PercentileBootstrap, ProfileLikelihood
from detcount.abundance.loglinear import LogLinearDetail
from detcount.errors import InputError, NotEstimableError, SparseTableWarning

CLOSED_FORM = 1e-9  # relative: the score converges to 1e-10

LISTS = ["press", "court", "families"]
TABLE = CaptureTable.from_counts(
    {"100": 60, "010": 50, "110": 34, "001": 45, "101": 12, "011": 9, "111": 14}, lists=LISTS
)
EMPTY = CaptureTable.from_counts({"100": 40, "010": 30, "110": 6, "001": 20, "011": 9}, lists=LISTS)
THIN = CaptureTable.from_counts({"100": 9, "010": 7, "110": 1, "001": 6, "101": 2, "011": 3}, lists=LISTS)


def detail(estimate):
    assert isinstance(estimate.detail, LogLinearDetail)
    return estimate.detail


def test_two_independent_lists_are_lincoln_petersen():
    table = CaptureTable.from_counts({"10": 40, "01": 60, "11": 20}, lists=["press", "families"])
    estimate = LogLinear().fit(table)
    assert estimate.point == pytest.approx(60 * 80 / 20, rel=CLOSED_FORM)
    # delta method by hand: n_0 + n_0^2 (1/40 + 1/60 + 1/20), n_0 = 120
    assert estimate.standard_error == pytest.approx((120 + 120**2 * (1 / 40 + 1 / 60 + 1 / 20)) ** 0.5)


def test_one_interaction_of_three_lists():
    """List 3 is independent of being on list 1 or 2: n_0 = (3 alone) x (not 3) / (3 and another)."""
    estimate = LogLinear(interactions=(("press", "court"),)).fit(TABLE)
    assert estimate.n_unobserved == pytest.approx(45 * (60 + 50 + 34) / (12 + 9 + 14), rel=CLOSED_FORM)
    assert detail(estimate).formula == "[12,3]"


def test_names_positions_and_formula_say_the_same():
    named = LogLinear(interactions=(("families", "press"), ("court", "families")))
    placed = LogLinear(interactions=((1, 3), (3, 2)))
    written = LogLinear.from_formula("[13,23]")
    mixed = LogLinear(interactions=(("press", 3), (2, "families")))
    points = {spec.fit(TABLE).point for spec in (named, placed, written, mixed)}
    assert len(points) == 1
    assert written == LogLinear(interactions=((1, 3), (2, 3)))


@pytest.mark.parametrize(
    ("interactions", "message"),
    [
        ("press", "expected groups of lists .* got 'press'"),
        (3, "expected groups of lists .* got 3"),
        (("press", "court"), "got the group 'press'. Put each group in brackets"),
        (((1,),), "expected two lists or more in a group"),
        ((("press", "press"),), "names a list twice"),
        (((0, 1),), "its position from 1, got 0"),
        (((True, 2),), "its position from 1, got True"),
        (((1.0, 2),), "its position from 1, got 1.0"),
    ],
)
def test_interactions_that_cannot_be_meant(interactions, message):
    with pytest.raises(InputError, match=message):
        LogLinear(interactions=interactions)


@pytest.mark.parametrize(
    ("interactions", "message"),
    [
        ((("press", "curt"),), "no list 'curt'. The lists are 'press', 'court', 'families'"),
        (((1, 4),), "no list 4, the table has 3 lists"),
        ((("court", 2),), "names list 'court' twice"),
    ],
)
def test_interactions_that_the_table_does_not_have(interactions, message):
    with pytest.raises(InputError, match=message):
        LogLinear(interactions=interactions).fit(TABLE)
    with pytest.raises(InputError, match=message):
        LogLinear(interactions=interactions).existence_code(TABLE)


def test_interval_of_another_kind():
    with pytest.raises(TypeError, match=r"interval: expected LogNormal\(\), .* got str"):
        LogLinear(interval="profile")


def test_saturated_model_is_declined():
    spec = LogLinear(interactions=(("press", "court", "families"),))
    assert spec.existence_code(TABLE) == 2
    with pytest.raises(NotEstimableError, match="interaction of all the lists together") as caught:
        spec.fit(TABLE)
    assert "NoHighestOrderInteraction" in caught.value.remedy


@pytest.mark.parametrize(
    ("formula", "code", "reason"),
    [
        ("[12,3]", 1, "has no finite maximum"),
        ("[12,13,23]", 2, "does not determine the persons on no list"),
    ],
)
def test_models_that_cannot_be_fitted_are_declined(formula, code, reason):
    table = datasets.load("artificial_3")
    assert LogLinear.from_formula(formula).existence_code(table) == code
    with pytest.raises(NotEstimableError, match=rf"{reason}.*\(existence code {code}\)") as caught:
        LogLinear.from_formula(formula).fit(table)
    assert "merge" in caught.value.remedy


def test_two_lists_that_share_nobody_are_sent_to_chapman():
    table = CaptureTable.from_counts({"10": 40, "01": 60}, lists=["press", "families"])
    with pytest.raises(NotEstimableError, match="existence code 1") as caught:
        LogLinear().fit(table)
    assert "Chapman" in caught.value.remedy


def test_empty_overlaps_are_said():
    spec = LogLinear(interactions=(("press", "families"), ("press", "court")))
    with pytest.warns(SparseTableWarning, match="Nobody is on these lists together: 'press' and 'families'"):
        estimate = spec.fit(EMPTY)
    found = detail(estimate)
    assert found.empty_overlaps == (("press", "families"),)
    assert found.coefficients["press:families"] == -np.inf
    assert estimate.notes == (
        "Nobody is on these lists together: 'press' and 'families'. "
        "The model takes that as impossible: the interaction is minus infinity.",
    )
    assert estimate.n_unobserved == pytest.approx(30 * 20 / 9, rel=CLOSED_FORM)
    assert found.fitted[[0b101 - 1, 0b111 - 1]].tolist() == [0.0, 0.0]
    assert found.degrees_of_freedom == 0  # five histories, five finite terms


def test_detail_holds_the_model():
    estimate = LogLinear(interactions=(("press", "court"),)).fit(TABLE)
    found = detail(estimate)
    assert list(found.coefficients) == ["intercept", "press", "court", "families", "press:court"]
    assert np.exp(found.coefficients["intercept"]) == pytest.approx(estimate.n_unobserved)
    assert found.fitted.sum() == pytest.approx(TABLE.n_observed, rel=CLOSED_FORM)
    assert (found.n_parameters, found.degrees_of_freedom, found.existence_code) == (5, 2, 0)
    assert found.aic == pytest.approx(-2 * found.log_likelihood + 10)
    assert found.bic == pytest.approx(-2 * found.log_likelihood + 5 * np.log(224))
    assert found.aicc == pytest.approx(found.aic + 2 * 5 * 6 / (224 - 6))
    with pytest.raises(ValueError, match="read-only"):
        found.fitted[0] = 1
    assert found.multinomial_point is None


def test_point_and_standard_error_do_not_depend_on_the_interval():
    kinds = (LogNormal(), ProfileLikelihood(), BCaBootstrap(200), PercentileBootstrap(200))
    fits = [LogLinear(((1, 2),), interval=kind).fit(TABLE, seed=3) for kind in kinds]
    assert len({(fit.point, fit.standard_error) for fit in fits}) == 1
    methods = [fit.interval().method for fit in fits]
    assert methods == ["log-normal", "profile likelihood", "BCa bootstrap", "percentile bootstrap"]
    for fit in fits:
        limits = [fit.interval(level) for level in (0.5, 0.8, 0.95)]
        assert all(limit.low <= fit.point <= limit.high for limit in limits)
        assert limits[0].low > limits[1].low > limits[2].low
        assert limits[0].high < limits[1].high < limits[2].high


def test_multinomial_point_comes_with_the_profile():
    fit = LogLinear(((1, 2),), interval=ProfileLikelihood()).fit(TABLE)
    multinomial = detail(fit).multinomial_point
    assert multinomial is not None
    assert TABLE.n_observed < multinomial < fit.point


def test_draws_are_refits_of_populations_drawn_again():
    fit = LogLinear(((1, 2),), interval=PercentileBootstrap(100)).fit(TABLE, seed=11)
    assert fit.draws is not None
    rng = np.random.default_rng(11)
    listed = rng.binomial(round(fit.point), TABLE.n_observed / fit.point, size=100)
    tables = rng.multinomial(listed, TABLE.counts / TABLE.n_observed)
    model = from_generators([0b011], 3)
    for draw, counts in zip(fit.draws, tables, strict=True):
        cells = np.zeros(8)
        cells[TABLE.codes.astype(int)] = counts
        expected = counts.sum() + fit_hierarchical(model, cells).n_unobserved[0]
        assert draw == pytest.approx(max(expected, TABLE.n_observed), rel=CLOSED_FORM)


@pytest.mark.parametrize("kind", [BCaBootstrap(400), PercentileBootstrap(400)])
def test_resamples_without_an_estimate_count_against_both_limits(kind):
    """Where the one person on both of two lists is not drawn, this model has no maximum."""
    spec = LogLinear(interactions=(("press", "court"), ("court", "families")), interval=kind)
    estimate = spec.fit(THIN)
    failed = detail(estimate).n_without_estimate
    assert estimate.draws is not None
    assert np.isinf(estimate.draws).sum() == failed
    assert f"cannot be fitted to {failed} of 400 resampled tables" in estimate.notes[-1]
    limits = estimate.interval()
    assert failed > 0.025 * 400  # so that both limits must feel it
    assert (limits.low, limits.high) == (THIN.n_observed, np.inf)
    narrow, wide = estimate.interval(0.5), estimate.interval(0.8)
    assert wide.low <= narrow.low <= narrow.high <= wide.high
