"""Delay of verification: distributions, likelihoods, families, totals, refusals."""

from __future__ import annotations

import datetime as dt
import math
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from detcount import PublishedReleases, datasets, releases
from detcount._numerics import delay as numerics
from detcount._numerics import sampler
from detcount.assumptions import Assumption
from detcount.errors import InputError, NotEstimableError
from detcount.releases import VerificationDelay

EXACT = 1e-12  # a few operations in another order
SAMPLED = 0.06  # 4000 draws against a grid: three standard errors of a mean whose spread is near 1
DERIVATIVE = 1e-4  # central differences with a step of 1e-3
SMALL = 400  # draws, where the numbers themselves are not looked at

RELEASED = ["2026-01-01"] * 9 + ["2026-01-04"] * 6 + ["2026-01-10"] * 4
VERIFIED = [
    *["2026-01-01", "2026-01-02", "2026-01-02", "2026-01-03", "2026-01-05", "2026-01-05", "2026-01-09"],
    *["2026-01-13", "2026-01-30", "2026-01-04", "2026-01-05", "2026-01-06", "2026-01-08", "2026-01-12"],
    *["2026-01-25", "2026-01-10", "2026-01-11", "2026-01-12", "2026-01-29"],
]
AS_OF = "2026-01-14"
FAMILIES = ["weibull", "log-normal", "generalised-dirichlet"]


def fit(spec: VerificationDelay, **options):
    return spec.fit_cases(RELEASED, VERIFIED, as_of=AS_OF, **options)


# --- distributions


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


# --- likelihoods by brute force


def test_log_likelihood_is_the_sum_over_cases():
    parameters = np.array([1.3, 4.0])
    data = numerics.triangle(np.array([0, 0, 2, 5]), np.array([0, 3, 3, 1]), n_days=8, longest=3)
    law = stats.weibull_min(1.3, scale=4.0)
    expected = sum(
        math.log((law.cdf(d + 1) - law.cdf(d)) / law.cdf(7 - t + 1))
        for t, d in [(0, 0), (0, 3), (2, 3), (5, 1)]
    )
    assert float(numerics.log_likelihood("weibull", parameters, data)) == pytest.approx(expected, rel=EXACT)


def test_log_likelihood_of_totals_is_multinomial():
    law = stats.lognorm(0.9, scale=math.exp(1.1))
    window = numerics.FromTotals(np.array([[2, 1, 0], [5, 4, 3]]), np.array([14, 6]))
    share = [law.cdf(np.array(days) + 1).mean() for days in ([2, 1, 0], [5, 4, 3])]
    expected = stats.binom(20, share[0] / share[1]).logpmf(14) - math.log(math.comb(20, 6))
    ours = float(numerics.log_likelihood_of_totals("log-normal", np.array([1.1, 0.9]), [window]))
    assert ours == pytest.approx(expected, rel=1e-10)


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
        share, sampler._LEAST_SHARE = sampler._LEAST_SHARE, threshold
        try:
            found = sampler.sample_posterior(
                density, prior, np.array([1.5, 0.0]), n_draws=4000, random=np.random.default_rng(3)
            )
        finally:
            sampler._LEAST_SHARE = share
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


# --- reverse hazards


def test_dirichlet_draws_have_the_posterior_of_an_old_table():
    """Without truncation the posterior is Dirichlet, and F(d) beta."""
    delay = np.array([0, 0, 1, 1, 1, 4, 6])
    data = numerics.triangle(np.zeros(7, dtype=int), delay, n_days=30, longest=6)
    draws = numerics.generalised_dirichlet(data, 0.4, 20_000, np.random.default_rng(1))
    for d, below in ((0, 2), (1, 5), (4, 6)):
        law = stats.beta(0.4 * (d + 1) + below, 0.4 * (6 - d) + 7 - below)
        assert stats.kstest(draws[:, d], law.cdf).pvalue > 1e-3


@given(data=st.data())
@settings(max_examples=25)
def test_every_draw_of_reverse_hazards_is_a_distribution(data):
    n_days = data.draw(st.integers(3, 12))
    pairs = data.draw(
        st.lists(
            st.integers(0, n_days - 1).flatmap(
                lambda t: st.tuples(st.just(t), st.integers(0, n_days - 1 - t))
            ),
            min_size=1,
            max_size=30,
        )
    )
    release, delay = map(np.array, zip(*pairs, strict=True))
    table = numerics.triangle(release, delay, n_days=n_days, longest=int(delay.max()))
    cdf = numerics.generalised_dirichlet(table, 0.1, 50, np.random.default_rng(2))
    assert (cdf[:, -1] == 1).all()
    assert (np.diff(cdf, axis=1) >= -EXACT).all()
    assert (cdf >= 0).all()


# --- those still to come


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


# --- the estimate


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
    assert estimate.pending.identified_by == "data"
    assert estimate.eventually_verified.bounds == (16, math.inf)
    assert "2026" not in " ".join(estimate.notes[1:])
    assert estimate.notes[0] == "Verifications after 14 January 2026 were not known then and are left out: 3."
    assert Assumption.COMMON_DELAY in estimate.assumptions
    assert "Lawless" in estimate.cite()
    assert "16 verified by 2026-01-14" in str(estimate)
    assert estimate.say("en") == str(estimate)
    assert estimate.say("es").startswith(
        f"la mitad de las verificaciones en {estimate.median} días o menos ("
    )
    again = pickle.loads(pickle.dumps(estimate))
    assert (again.draws == estimate.draws).all()
    assert not again.verified.flags.writeable


def test_same_seed_same_numbers_and_rows_may_come_in_any_order():
    spec = VerificationDelay(n_draws=SMALL)
    one, other = fit(spec, seed=4), fit(spec, seed=5)
    assert (one.draws == fit(spec, seed=4).draws).all()
    assert (one.draws != other.draws).any()
    order = np.random.default_rng(0).permutation(len(RELEASED))
    shuffled = spec.fit_cases([RELEASED[k] for k in order], [VERIFIED[k] for k in order], as_of=AS_OF, seed=4)
    assert shuffled.digest == one.digest
    assert (shuffled.draws == one.draws).all()


def test_what_was_not_known_does_not_move_the_numbers():
    spec = VerificationDelay(n_draws=SMALL)
    known = [day <= AS_OF for day in VERIFIED]
    only = spec.fit_cases(
        [day for day, yes in zip(RELEASED, known, strict=True) if yes],
        [day for day, yes in zip(VERIFIED, known, strict=True) if yes],
        as_of=AS_OF,
    )
    assert (only.draws == fit(spec).draws).all()
    unverified = spec.fit_cases([*RELEASED, "2026-01-02"], [*VERIFIED, None], as_of=AS_OF)
    assert (unverified.draws == only.draws).all()


def test_tail_note_says_what_the_data_cannot_show():
    parametric = fit(VerificationDelay(family="log-normal", n_draws=SMALL))
    assert any("not identified by the data and rests on the log-normal form" in n for n in parametric.notes)
    bounded = fit(VerificationDelay(family="generalised-dirichlet", maximum=6, n_draws=SMALL))
    assert any("within 6 days is assumed" in note for note in bounded.notes)
    assert any("counted at 6 days: 3." in note for note in bounded.notes)


@given(data=st.data())
@settings(max_examples=30, deadline=None)
def test_every_sample_of_cases_has_an_answer_or_a_reason(data):
    rows = data.draw(st.lists(st.integers(0, len(RELEASED) - 1), max_size=8))
    family = data.draw(st.sampled_from(FAMILIES))
    spec = VerificationDelay(family=family, n_draws=100)
    try:
        estimate = spec.fit_cases([RELEASED[k] for k in rows], [VERIFIED[k] for k in rows], as_of=AS_OF)
    except NotEstimableError:
        known = [k for k in rows if VERIFIED[k] <= AS_OF]
        assert len(known) < 2
        return
    assert np.isfinite(estimate.nowcast()[["expected", "low", "high"]].to_numpy()).all()


# --- totals


def reports(counts, *, start="2026-01-05", end="2026-01-07", source="monitor", role="verified"):
    return PublishedReleases.from_frame(
        {
            "published": [day for day, _ in counts],
            "source": [source] * len(counts),
            "role": [role] * len(counts),
            "start": [start] * len(counts),
            "end": [end] * len(counts),
            "count": [count for _, count in counts],
        }
    )


LOOKS = [("2026-01-07", 20), ("2026-01-09", 34), ("2026-01-12", 43), ("2026-01-20", 52), ("2026-02-10", 55)]


def test_totals_of_one_window():
    estimate = VerificationDelay().fit(reports(LOOKS))
    assert estimate.verified.tolist() == [55]
    assert str(estimate.start[0]) == "2026-01-05"
    assert 2 <= estimate.median <= 5
    assert estimate.pending.interval(0.8).high < 15
    assert estimate.notes[0] == "Within each window the days of release are taken as equally likely."


def test_a_corrected_total_counts_for_nothing_and_is_noted():
    wrong = [*LOOKS[:2], ("2026-01-10", 70), *LOOKS[2:]]
    estimate = VerificationDelay(n_draws=SMALL).fit(reports(wrong))
    plain = VerificationDelay(n_draws=SMALL).fit(reports(LOOKS))
    assert estimate.median == plain.median
    assert any(note.endswith("taken as corrected and left out: 1.") for note in estimate.notes)


def test_windows_that_cannot_be_used_are_named():
    looks = reports(LOOKS)
    open_ended = reports([("2026-01-08", 5), ("2026-01-09", 8)], end=None)
    with pytest.raises(NotEstimableError, match="no window with a first and a last day was counted on two"):
        VerificationDelay().fit(open_ended)
    with pytest.raises(NotEstimableError, match="no total is verified"):
        VerificationDelay().fit(reports(LOOKS, role="announced"))
    with pytest.raises(NotEstimableError, match="no total by 'somebody' is verified"):
        VerificationDelay(source="somebody").fit(looks)
    with pytest.raises(NotEstimableError, match="a generalised-dirichlet delay needs dated cases"):
        VerificationDelay(family="generalised-dirichlet").fit(looks)
    with pytest.raises(TypeError, match="expected PublishedReleases, got list"):
        VerificationDelay().fit([1, 2])


@given(data=st.data())
@settings(max_examples=15, deadline=None)
def test_every_part_of_the_shipped_counts_has_an_answer_or_a_reason(data):
    shipped = datasets.load("venezuela_releases")
    kept = data.draw(st.lists(st.booleans(), min_size=len(shipped), max_size=len(shipped)).filter(any))
    family = data.draw(st.sampled_from(["weibull", "log-normal"]))
    spec = VerificationDelay(family=family, n_draws=SMALL)
    try:
        estimate = spec.fit(shipped.where(np.array(kept)))
    except NotEstimableError:
        return
    assert np.isfinite(estimate.nowcast()[["expected", "low", "high"]].to_numpy()).all()
    assert estimate.pending.interval(0.5).low >= 0


# --- refusals


def test_refuses_cases_that_cannot_be():
    spec = VerificationDelay()
    with pytest.raises(
        InputError, match=r"data row 2: expected a day on or after the release, got 2026-01-0"
    ):
        spec.fit_cases(["2026-01-01", "2026-01-05"], ["2026-01-02", "2026-01-04"], as_of=AS_OF)
    with pytest.raises(InputError, match="without a year"):
        spec.fit_cases(["2026-01-01", "5 January"], ["2026-01-02", "2026-01-06"], as_of=AS_OF)
    with pytest.raises(InputError, match="the day is missing"):
        spec.fit_cases(["2026-01-01", None], ["2026-01-02", "2026-01-06"], as_of=AS_OF)
    with pytest.raises(InputError, match="expected as many of each, got 1 and 2"):
        spec.fit_cases(["2026-01-01"], ["2026-01-02", "2026-01-06"], as_of=AS_OF)
    with pytest.raises(NotEstimableError, match="needs at least 2 cases verified by 1 January 2020, got 0"):
        spec.fit_cases(RELEASED, VERIFIED, as_of="2020-01-01")
    with pytest.raises(NotEstimableError, match="got 0"):
        spec.fit_cases(RELEASED, [None] * len(RELEASED), as_of=AS_OF)
    with pytest.raises(NotEstimableError, match="no delay has had time to be seen"):
        spec.fit_cases(["2026-01-01"] * 3, ["2026-01-01"] * 3, as_of="2026-01-01")
    with pytest.raises(NotEstimableError, match="a longest delay of 30 days cannot be seen in 14 days"):
        fit(VerificationDelay(family="generalised-dirichlet", maximum=30))


def test_refuses_options_that_mean_nothing():
    with pytest.raises(InputError, match="family: expected one of 'weibull'"):
        VerificationDelay(family="gamma")
    with pytest.raises(InputError, match="a weibull delay has none"):
        VerificationDelay(maximum=10)
    with pytest.raises(InputError, match=r"n_draws: .* from 100 to 1,000,000, got 10\.5"):
        VerificationDelay(n_draws=10.5)
    with pytest.raises(InputError, match="level: expected a number between 0 and 1"):
        fit(VerificationDelay(n_draws=SMALL)).nowcast(95)


@pytest.mark.parametrize(
    "spec",
    [
        VerificationDelay(),
        VerificationDelay(family="log-normal", source="a"),
        VerificationDelay(family="generalised-dirichlet", maximum=20, n_draws=200),
    ],
    ids=repr,
)
def test_repr_makes_the_specification_again(spec):
    assert eval(repr(spec), vars(releases)) == spec
