"""What holds for every table: orders, names, nesting of models, limits, totals."""

import itertools

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cases import tables
from detcount import CaptureTable
from detcount.abundance import Heterogeneity, ProfileLikelihood
from strategies import capture_tables, estimated

SAME = 1e-7  # relative: Newton from the same data in another order
LIKELIHOOD = 1e-7  # log-likelihood of some hundreds, summed in another order
FORMS = ("Chao", "Poisson", "Darroch", "Gamma")
FITTED = tables("specifications")["any_table"]["fitted"]
ALL = [eval(one, {"Heterogeneity": Heterogeneity}) for one in FITTED if one.startswith("Heterogeneity")]
PROFILES = [
    Heterogeneity(model=spec.model, form=spec.form, interval=ProfileLikelihood())
    for spec in ALL
    if not spec.bias_corrected
]


@given(table=capture_tables(2, 4), spec=st.sampled_from(ALL))
def test_as_many_as_are_listed_are_fitted(table, spec):
    estimate = estimated(spec, table)
    assume(estimate is not None)
    assert sum(estimate.detail.fitted_frequencies) == pytest.approx(table.n_observed, rel=1e-6)
    assert estimate.detail.deviance > -1e-6
    assert estimate.detail.degrees_of_freedom >= 0


@given(table=capture_tables(2, 4), spec=st.sampled_from(PROFILES))
def test_profile_intervals_are_nested_around_the_maximum(table, spec):
    estimate = estimated(spec, table)
    if estimate is None:
        return
    maximum = estimate.detail.multinomial_point
    limits = [estimate.interval(level) for level in (0.5, 0.9, 0.99)]
    for interval in limits:
        assert table.n_observed <= interval.low <= maximum * (1 + SAME)
        assert interval.high >= maximum * (1 - SAME)
    for inner, outer in itertools.pairwise(limits):
        assert outer.low <= inner.low * (1 + SAME)
        assert inner.high <= outer.high * (1 + SAME)


@given(table=capture_tables(3, 4, full=True), form=st.sampled_from(FORMS))
def test_a_model_inside_another_fits_no_better(table, form):
    fits = {
        "M0": estimated(Heterogeneity(model="M0"), table),
        "Mt": estimated(Heterogeneity(model="Mt"), table),
        "Mh": estimated(Heterogeneity(model="Mh", form=form), table),
        "Mth": estimated(Heterogeneity(model="Mth", form=form), table),
    }
    value = {name: estimate.detail.log_likelihood for name, estimate in fits.items() if estimate is not None}
    for inner, outer in (("M0", "Mt"), ("M0", "Mh"), ("Mt", "Mth"), ("Mh", "Mth")):
        if inner in value and outer in value:
            assert value[inner] <= value[outer] + LIKELIHOOD


@given(table=capture_tables(3, 4, full=True), model=st.sampled_from(["Mh", "Mth"]))
def test_chaos_form_never_answers_less_than_the_model_without_heterogeneity(table, model):
    # each eta bends log mu upwards, towards no list as well
    plain = estimated(Heterogeneity(model={"Mh": "M0", "Mth": "Mt"}[model]), table)
    bent = estimated(Heterogeneity(model=model), table)
    assume(plain is not None and bent is not None)
    assert bent.point >= plain.point * (1 - SAME)


@given(table=capture_tables(3, 4, full=True))
def test_where_all_etas_are_held_chaos_form_is_the_plain_model(table):
    plain, bent = estimated(Heterogeneity(model="Mt"), table), estimated(Heterogeneity(model="Mth"), table)
    assume(plain is not None and bent is not None and len(bent.detail.held_at_zero) == table.n_lists - 2)
    assert bent.point == pytest.approx(plain.point, rel=SAME)
    assert bent.standard_error == pytest.approx(plain.standard_error, rel=SAME)


@given(table=capture_tables(3, 4, full=True, min_count=5), factor=st.integers(2, 6))
def test_more_persons_of_each_kind_scale_n_and_narrow_the_interval(table, factor):
    more = CaptureTable(table.lists, table.histories, table.counts * factor)
    for spec in (Heterogeneity(model="Mt"), Heterogeneity(), Heterogeneity(model="Mh", form="Poisson")):
        one, other = estimated(spec, table), estimated(spec, more)
        if one is None or one.n_unobserved > 1e4 * one.n_observed:
            continue
        assert other.point == pytest.approx(one.point * factor, rel=1e-6)  # etas near zero may be held or not
        assert other.interval().high < one.interval().high * factor * (1 + SAME)
