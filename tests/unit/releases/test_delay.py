"""Delay of verification: distributions, likelihoods, families, totals, refusals."""

import datetime as dt
import math
import pickle
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from detcount._numerics import delay as numerics
from detcount._numerics import sampler
from detcount.assumptions import Assumption
from detcount.errors import InputError, NotEstimableError
from detcount.releases import MonitoredCases, VerificationDelay

EXACT = 1e-12  # a few operations in another order
SAMPLED = 0.06  # 4000 draws against a grid: three standard errors of a mean whose spread is near 1
SMALL = 400  # draws, where the numbers themselves are not looked at

RELEASED = ["2026-01-01"] * 9 + ["2026-01-04"] * 6 + ["2026-01-10"] * 4
VERIFIED = [
    *["2026-01-01", "2026-01-02", "2026-01-02", "2026-01-03", "2026-01-05", "2026-01-05", "2026-01-09"],
    *["2026-01-13", "2026-01-30", "2026-01-04", "2026-01-05", "2026-01-06", "2026-01-08", "2026-01-12"],
    *["2026-01-25", "2026-01-10", "2026-01-11", "2026-01-12", "2026-01-29"],
]
AS_OF = "2026-01-14"
FAMILIES = ["weibull", "log-normal"]


def cases(released=RELEASED, verified=VERIFIED, as_of=AS_OF):
    return MonitoredCases.from_frame({"release": released, "m": verified}, monitors=["m"], as_of=as_of)


def fit(spec, **options):
    return spec.fit(cases(), **options)


def test_discrete_cdf_is_that_of_scipy_a_day_later():
    days = np.array([-2, -1, 0, 1, 5, 60])
    parameters = np.array([[0.6, 20.0], [1.7, 3.0]])
    ours = numerics.discrete_cdf("weibull", parameters, days)
    theirs = [np.where(days < 0, 0, stats.weibull_min(k, scale=s).cdf(days + 1)) for k, s in parameters]
    assert ours == pytest.approx(np.array(theirs), abs=EXACT)
    ours = numerics.discrete_cdf("log-normal", [1.2, 0.7], days)
    assert ours == pytest.approx(
        np.where(days < 0, 0, stats.lognorm(0.7, scale=math.exp(1.2)).cdf(np.maximum(days + 1, 0))), abs=EXACT
    )
    assert numerics.discrete_cdf("weibull", np.ones((3, 4, 2)), days).shape == (3, 4, 6)
    with pytest.raises(ValueError, match="no delay family 'gamma'"):
        numerics.discrete_cdf("gamma", [1, 1], [1])


@given(
    family=st.sampled_from(numerics.FAMILIES),
    log_median=st.floats(-3, 6),
    log_second=st.floats(-1.5, 1.5),
    longest=st.integers(0, 80),
)
def test_pmf_sums_to_cdf_and_the_median_is_the_one_given(family, log_median, log_second, longest):
    parameters = numerics.from_median(family, [log_median, log_second])
    pmf = numerics.discrete_pmf(family, parameters, longest)
    cdf = numerics.discrete_cdf(family, parameters, np.arange(longest + 1))
    assert (np.diff(cdf) >= 0).all()
    assert np.cumsum(pmf) == pytest.approx(cdf, abs=1e-12)
    first, second = parameters
    half = (
        stats.weibull_min(first, scale=second)
        if family == "weibull"
        else stats.lognorm(second, scale=math.exp(first))
    )
    assert half.median() == pytest.approx(math.exp(log_median), rel=1e-9)


def test_log_likelihood_is_the_sum_over_cases():
    parameters = np.array([1.3, 4.0])
    data = numerics.triangle(np.array([0, 0, 2, 5]), np.array([0, 3, 3, 1]), n_days=8, longest=3)
    law = stats.weibull_min(1.3, scale=4.0)
    expected = sum(
        math.log((law.cdf(d + 1) - law.cdf(d)) / law.cdf(7 - t + 1))
        for t, d in [(0, 0), (0, 3), (2, 3), (5, 1)]
    )
    assert float(numerics.log_likelihood("weibull", parameters, data)) == pytest.approx(expected, rel=EXACT)


def test_posterior_agrees_with_a_grid():
    data = fit_data()
    prior = sampler.Prior(np.array([math.log(7), 0.0]), np.array([1.5, 0.5]), np.empty(0), np.empty(0))

    def density(points):
        return numerics.log_likelihood("weibull", numerics.from_median("weibull", points), data)

    grid = np.stack(np.meshgrid(np.linspace(-2, 7, 400), np.linspace(-2.5, 2, 300), indexing="ij"), axis=-1)
    flat = grid.reshape(-1, 2)
    log_weights = density(flat) + prior.log_density(flat)
    weights = np.exp(log_weights - log_weights.max())
    weights /= weights.sum()
    mean = weights @ flat
    deviation = np.sqrt(weights @ (flat - mean) ** 2)
    for threshold in (0.3, 2.0):  # by importance, and by tempering, which a share above 1 asks for
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sampler, "TUNING", replace(sampler.TUNING, least_share=threshold))
            found = sampler.sample_posterior(
                density, prior, np.array([1.5, 0.0]), n_draws=4000, random=np.random.default_rng(3)
            )
        assert abs(found.draws.mean(axis=0) - mean) / deviation == pytest.approx([0, 0], abs=SAMPLED)
        assert found.draws.std(axis=0) / deviation == pytest.approx([1, 1], abs=2 * SAMPLED)


def fit_data():
    first = np.datetime64(RELEASED[0])
    release = np.array(RELEASED, dtype="datetime64[D]")
    verified = np.array(VERIFIED, dtype="datetime64[D]")
    known = verified <= np.datetime64(AS_OF)
    number = (release - first).astype(int)[known]
    delay = (verified - release).astype(int)[known]
    return numerics.triangle(number, delay, n_days=14, longest=int(delay.max()))


def test_pending_is_the_posterior_of_a_gamma_prior_by_brute_force():
    verified, share, size, mean = 3, 0.4, 2.5, 6.0
    total = np.arange(verified, 2000)
    prior = stats.nbinom(size, size / (size + mean))
    weights = prior.pmf(total) * stats.binom(total, share).pmf(verified)
    weights /= weights.sum()
    rates = np.array([[size, mean]])
    arguments = (np.array([verified]), np.array([[share]]), rates)
    assert numerics.pending_mean(*arguments)[0] == pytest.approx(weights @ total - verified, rel=1e-9)
    cumulated = np.cumsum(weights)
    levels = [0.025, 0.5, 0.975]
    expected = [int(np.searchsorted(cumulated, level)) for level in levels]
    assert numerics.pending_quantiles(*arguments, levels)[:, 0].tolist() == expected


def test_rates_of_a_day_are_drawn_from_their_posterior_on_the_grid():
    verified, share, n = np.array([3, 9, 4, 6, 8]), np.array([1, 1, 0.8, 0.5, 0.3]), 4000
    drawn = np.log(numerics.daily_rates(verified, np.tile(share, (n, 1)), np.random.default_rng(2)))
    nodes = np.geomspace(0.05, 60, 13), 30.5 / 3.6 * np.exp(np.linspace(-3, 3, 17))
    size, mean = (grid.ravel() for grid in np.meshgrid(*nodes))
    weights = stats.nbinom(size, size / (size + mean * share[:, None])).pmf(verified[:, None]).prod(axis=0)
    for values, found in zip(np.log([size, mean]), drawn.T, strict=True):
        assert found.mean() == pytest.approx(weights @ values / weights.sum(), abs=5 * found.std() / n**0.5)


@pytest.mark.parametrize("mean", [2.0, 60.0, 700.0, 90_000.0])  # counted up, counted up, bisected, bisected
def test_pending_quantiles_are_those_of_the_mixture_by_its_distribution_function(mean):
    verified, shares = np.array([4, 0]), np.array([[0.3, 0.05], [0.9, 0.02], [0.5, 1.0]])
    rates = np.array([[3.0, mean], [0.7, mean / 2], [5000.0, mean * 2]])
    size, success = numerics.pending_law(verified, shares, rates)
    levels = [0.005, 0.1, 0.5, 0.9, 0.995]
    found = numerics.pending_quantiles(verified, shares, rates, levels)
    for t in range(2):
        law = stats.nbinom(size[:, t], success[:, t])
        for level, quantile in zip(levels, found[:, t], strict=True):
            assert law.cdf(quantile).mean() >= level
            assert quantile == 0 or law.cdf(quantile - 1).mean() < level


def test_nothing_is_pending_where_everything_is_verified():
    verified = np.array([3, 0, 8])
    rates = np.tile([1.5, 4.0], (SMALL, 1))
    shares = np.ones((SMALL, 3))
    assert not numerics.draw_pending(verified, shares, rates, np.random.default_rng(0)).any()
    assert not numerics.pending_quantiles(verified, shares, rates, [0.5, 0.99]).any()


@pytest.mark.parametrize("family", FAMILIES)
def test_what_every_family_answers(family):
    estimate = fit(VerificationDelay(family=family, n_draws=SMALL))
    assert estimate.as_of == dt.date(2026, 1, 14)
    assert int(estimate.verified.sum()) == 16
    assert estimate.draws.shape == (SMALL, 14)
    assert (estimate.draws >= estimate.verified).all()
    cdf = estimate.cdf([-1, 0, 3, 8, 4000])
    assert cdf[0] == 0
    assert (np.diff(cdf) >= 0).all()
    assert cdf[-1] == pytest.approx(1, abs=0.05)
    low, point, high = estimate.share_verified_by(3, level=0.8)
    assert 0 < low < point < high < 1
    interval = estimate.interval(0.9)
    assert interval.low <= estimate.median <= interval.high
    table = estimate.nowcast(0.8)
    assert (table["verified"] <= table["low"]).all()
    assert (table["low"] <= table["median"]).all()
    assert (table["median"] <= table["high"]).all()
    noise = 5 * estimate.draws.std(axis=0) / math.sqrt(SMALL) + 1e-9
    assert (np.abs(table["expected"] - estimate.draws.mean(axis=0)) <= noise).all()
    assert estimate.pending.identified_by == "data"
    assert estimate.eventually_verified.bounds == (16, math.inf)
    assert "2026" not in " ".join(estimate.notes[1:])
    assert estimate.notes[0].endswith("by 14 January 2026 were not known then and are left out: 3.")
    assert Assumption.COMMON_DELAY in estimate.assumptions
    assert "16 verified by 2026-01-14" in str(estimate)
    assert estimate.translated("es").startswith(
        f"la mitad de las verificaciones en {estimate.median} días o menos ("
    )
    again = pickle.loads(pickle.dumps(estimate))
    assert (again.draws == estimate.draws).all()
    assert not again.verified.flags.writeable


def test_a_median_delay_of_many_weeks_is_found():
    delays = np.arange(80, 121)
    later = (np.datetime64("2026-01-01") + delays).astype(str).tolist()
    estimate = VerificationDelay(n_draws=SMALL).fit(cases(["2026-01-01"] * len(delays), later, "2026-12-31"))
    assert estimate.median == pytest.approx(100, abs=5)


def test_what_was_not_known_does_not_move_the_numbers():
    spec = VerificationDelay(n_draws=SMALL)
    known = [day <= AS_OF for day in VERIFIED]
    only = cases(
        [day for day, yes in zip(RELEASED, known, strict=True) if yes],
        [day for day, yes in zip(VERIFIED, known, strict=True) if yes],
    )
    assert (spec.fit(only).draws == fit(spec).draws).all()


def test_tail_note_says_what_the_data_cannot_show():
    parametric = fit(VerificationDelay(family="log-normal", n_draws=SMALL))
    assert any("not identified by the data and rests on the log-normal form" in n for n in parametric.notes)


@given(data=st.data())
@settings(max_examples=30, deadline=None)
def test_every_sample_of_cases_has_an_answer_or_a_reason(data):
    rows = data.draw(st.lists(st.integers(0, len(RELEASED) - 1), max_size=8))
    family = data.draw(st.sampled_from(FAMILIES))
    spec = VerificationDelay(family=family, n_draws=100)
    try:
        estimate = spec.fit(cases([RELEASED[k] for k in rows], [VERIFIED[k] for k in rows]))
    except (NotEstimableError, InputError):
        known = [k for k in rows if VERIFIED[k] <= AS_OF]
        assert len(known) < 2
        return
    assert np.isfinite(estimate.nowcast()[["expected", "low", "high"]].to_numpy()).all()


def test_of_two_monitors_the_one_named_is_read():
    frame = {"release": RELEASED, "m": VERIFIED, "n": VERIFIED}
    two = MonitoredCases.from_frame(frame, monitors=["m", "n"], as_of=AS_OF)
    named = VerificationDelay(monitor="n", n_draws=SMALL).fit(two)
    assert (named.draws == fit(VerificationDelay(n_draws=SMALL)).draws).all()
