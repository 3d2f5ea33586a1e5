"""Intervals of the closed-population models hold a simulated truth as often as they say.

Persons are drawn from the model itself, those on no list included, so each model is right. Coverage is
asserted in a band of three Monte Carlo standard errors around the level.
"""

from dataclasses import dataclass

import numpy as np
import pytest

from detcount.abundance import Heterogeneity, ProfileLikelihood
from invented_tables import histories_of, of_counts

pytestmark = pytest.mark.slow

N_TABLES = 400
LEVEL = 0.95
BAND = 3 * (LEVEL * (1 - LEVEL) / N_TABLES) ** 0.5  # 0.033
SPREAD = 0.14  # relative: a standard deviation over 400 tables has a standard error of 3.5%


def log_linear(slopes, form=lambda times: 0 * times):
    """Chances of all histories, with log odds to no list of slopes and a function of the number of lists."""
    h = histories_of(len(slopes))
    weight = np.exp(h @ np.asarray(slopes) + form(h.sum(axis=1)))
    return weight / weight.sum()


@dataclass
class Summary:
    cover: float
    points: np.ndarray
    errors: np.ndarray


def simulate(spec, chances, n_persons, seed):
    rng = np.random.default_rng(seed)
    held, points, errors = 0, [], []
    for _ in range(N_TABLES):
        estimate = spec.fit(of_counts(rng.multinomial(n_persons, chances)))
        interval = estimate.interval(LEVEL)
        held += interval.low <= n_persons <= interval.high
        points.append(estimate.point)
        errors.append(estimate.standard_error)
    return Summary(held / N_TABLES, np.array(points), np.array(errors))


def logits(*shares):
    shares = np.array(shares)
    return np.log(shares / (1 - shares))


TRUTHS = {
    # name: model, form, chances, persons, seed
    "M0": ("M0", None, log_linear(logits(0.2, 0.2, 0.2, 0.2)), 800, 101),
    "Mt": ("Mt", None, log_linear(logits(0.3, 0.2, 0.25, 0.12)), 600, 102),
    "Mh Darroch": ("Mh", "Darroch", log_linear([-1.6] * 5, lambda k: 0.35 * k**2 / 2), 1500, 103),
    "Mth Darroch": ("Mth", "Darroch", log_linear([-1.9, -1.5, -1.2, -1.6], lambda k: 0.2 * k**2), 3000, 104),
    "Mth Poisson": (
        "Mth",
        "Poisson",
        log_linear([-1.6, -1.2, -0.9, -1.4], lambda k: 0.12 * (2.0**k - 1)),
        2000,
        105,
    ),
    "Mh Gamma": ("Mh", "Gamma", log_linear([-0.9] * 5, lambda k: -1.5 * np.log1p(k / 3.5)), 3000, 106),
}


@pytest.mark.parametrize("name", TRUTHS)
def test_log_normal(name):
    model, form, chances, n_persons, seed = TRUTHS[name]
    found = simulate(Heterogeneity(model=model, form=form), chances, n_persons, seed)
    assert abs(found.cover - LEVEL) <= BAND
    assert found.errors.mean() == pytest.approx(found.points.std(), rel=SPREAD)


@pytest.mark.parametrize("name", TRUTHS)
def test_profile_likelihood(name):
    model, form, chances, n_persons, seed = TRUTHS[name]
    spec = Heterogeneity(model=model, form=form, interval=ProfileLikelihood())
    assert abs(simulate(spec, chances, n_persons, seed).cover - LEVEL) <= BAND


@pytest.mark.parametrize("model", ["Mh", "Mth"])
@pytest.mark.parametrize("interval", ["log-normal", "profile"])
def test_chaos_form_where_persons_are_alike(model, interval):
    # the bound is N itself; etas that cannot be negative push it up by about a third of its spread
    options = {"interval": ProfileLikelihood()} if interval == "profile" else {}
    name = "M0" if model == "Mh" else "Mt"
    _, _, chances, n_persons, seed = TRUTHS[name]
    found = simulate(Heterogeneity(model=model, **options), chances, n_persons, seed)
    assert abs(found.cover - LEVEL) <= BAND
    assert 0 < found.points.mean() - n_persons < 0.5 * found.points.std()


def test_the_correction_takes_bias_out_of_small_samples():
    chances, n_persons = log_linear(logits(0.2, 0.2, 0.2, 0.2)), 150
    plain = simulate(Heterogeneity(model="M0"), chances, n_persons, 109)
    corrected = simulate(Heterogeneity(model="M0", bias_corrected=True), chances, n_persons, 109)
    noise = corrected.points.std() / N_TABLES**0.5
    assert abs(corrected.points.mean() - n_persons) < 3 * noise
    assert plain.points.mean() > corrected.points.mean()
    assert abs(corrected.cover - LEVEL) <= BAND


def test_the_correction_of_mt_is_for_lists_that_name_few():
    # first-order biases by the formula of Cordeiro and McCullagh: 11.7 and 6.1 persons at shares of 0.1,
    # 1.9 and 2.5 at 0.2
    chances, n_persons = log_linear(logits(0.1, 0.1, 0.1, 0.1)), 500
    plain = simulate(Heterogeneity(model="Mt"), chances, n_persons, 110)
    corrected = simulate(Heterogeneity(model="Mt", bias_corrected=True), chances, n_persons, 110)
    assert abs(corrected.points.mean() - n_persons) < abs(plain.points.mean() - n_persons)
    assert abs(corrected.cover - LEVEL) <= BAND
