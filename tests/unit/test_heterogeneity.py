"""Closed-population models: closed forms, options, refusals, detail."""

import math

import numpy as np
import pytest

from detcount import CaptureTable, datasets
from detcount.abundance import ChaoLowerBound, Chapman, Heterogeneity, ProfileLikelihood
from detcount.errors import NotEstimableError

EXACT = 1e-9  # relative: a closed form against Newton, both at rounding

FORMS = ("Chao", "Poisson", "Darroch", "Gamma")
# 3 lists, no two cells alike, first captures 75, 51, 12
TABLE = CaptureTable.from_counts(
    {"100": 40, "010": 31, "001": 12, "110": 17, "101": 9, "011": 20, "111": 9},
    lists=["press", "court", "ngo"],
)


def spec_for(model, **options):
    return Heterogeneity(model=model, **options)


# closed forms


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
    assert corrected.point == pytest.approx(Chapman().fit(table).point, rel=EXACT)


def test_mh_chao_is_the_lower_bound_where_nothing_is_held():
    table = datasets.load("congenital")
    estimate = spec_for("Mh").fit(table)
    assert estimate.detail.held_at_zero == ()
    bound = ChaoLowerBound(bias_corrected=False).fit(table)
    assert estimate.point == pytest.approx(bound.point, rel=EXACT)
    assert estimate.standard_error == pytest.approx(bound.standard_error, rel=1e-7)  # inverse of 5 by 5
    corrected = spec_for("Mh", bias_corrected=True).fit(table)
    assert corrected.point == ChaoLowerBound().fit(table).point
    assert corrected.standard_error == ChaoLowerBound().fit(table).standard_error


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
        model: spec_for(model, interval=ProfileLikelihood()).fit(hare).detail.multinomial_point
        for model in ("M0", "Mt")
    }
    assert points == pytest.approx({"M0": 74.7022436, "Mt": 74.3378987}, rel=1e-8)


# the estimate


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
    estimate = ChaoLowerBound().fit(CaptureTable.from_counts(counts, lists=[f"list {k}" for k in range(60)]))
    once = sum(2 + k for k in range(60))
    assert (estimate.detail.once, estimate.detail.twice) == (once, 40)
    assert estimate.point == pytest.approx(once + 40 + (59 / 60) * once * (once - 1) / (2 * 41), rel=1e-12)
