"""Invented campaigns that break what models assume: each option does what it says, and no more."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats
from scipy.special import logit

from detcount import simulate
from detcount._numerics.delay import discrete_cdf
from detcount.errors import InputError
from detcount.simulate import Authority, Batch, Monitor, Wave, Waves, release_campaign

# chance that a correct simulator fails one of the checks of a distribution
P_VALUE = 1e-4
# standard errors; beyond four a binomial count of some thousands is a defect in 16,000 cases to 1
SIGMAS = 4.0
ALONE = {"daily": 0.0, "house_arrest_share": 0.0, "authority": Authority(report_every=0)}
AT_ONCE = {"delay": None, "totals": False}


def one_batch(*monitors, announced=20_000, seed=3, n_days=40):
    return release_campaign(
        **ALONE, batches=(Batch(0, announced, inflation=0.0),), monitors=monitors, seed=seed, n_days=n_days
    )


def within(found, expected, deviation):
    assert abs(found - expected) < SIGMAS * deviation


def test_the_chance_of_verification_varies_by_batch_around_that_of_the_monitor():
    n, size = 250, 1_500
    campaign = release_campaign(
        **ALONE,
        batches=tuple(Batch(0, size, inflation=0.0) for _ in range(n)),
        monitors=(Monitor("m", verification=0.7, verification_sd=1.0, batches=False, delay=None),),
        n_days=1,
        seed=5,
    )
    found = np.array([dict(batch.eventually_verified)["m"] for batch in campaign.truth.batches])
    moved = logit(found / size)  # whose sampling error, 0.1 or so, is small beside 1
    within(moved.mean(), logit(0.7), 1 / math.sqrt(n))
    within(moved.std(), 1.0, 1 / math.sqrt(2 * n))


def test_slow_verifications_are_a_mixture_of_two_delays():
    campaign = one_batch(
        Monitor("m", 1.0, slow_share=0.3, delay_parameters=(1.2, 4.0), slow_delay=(2.5, 0.6))
    )
    days = campaign.truth.verified[:, 0]
    edges = np.array([0, 1, 2, 3, 5, 8, 12, 16, 25])
    quick = discrete_cdf("weibull", (1.2, 4.0), edges)
    slow = discrete_cdf("log-normal", (2.5, 0.6), edges)
    cdf = 0.7 * quick + 0.3 * slow
    expected = np.append(np.diff(cdf, prepend=0), 1 - cdf[-1]) * len(days)
    at = np.searchsorted(edges, days)
    assert stats.chisquare(np.bincount(at, minlength=len(expected)), expected).pvalue > P_VALUE


def test_outsiders_are_their_share_of_those_counted_and_stay():
    campaign = one_batch(Monitor("m", 0.6, outsider_share=0.2, **AT_ONCE))
    parts = campaign.truth.parts("batch 1", "m", on="2026-01-08")
    outsiders = parts.eventually_counted - parts.eventually_verified
    # the outsiders are Poisson given the verified
    within(outsiders, parts.eventually_verified / 4, math.sqrt(parts.eventually_verified / 4))
    assert parts.counted == parts.eventually_counted == campaign.reports.count[-1]
    assert len(campaign.truth.releases) == 20_000


def test_copied_entries_come_a_day_later_and_raise_the_share():
    campaign = one_batch(
        Monitor("a", 0.5, outsider_share=0.1), Monitor("b", 0.4, copies=("a", 0.5), **AT_ONCE), n_days=60
    )
    first, second = campaign.truth.verified.T
    on = np.isfinite(second)
    within(on.mean(), 1 - (1 - 0.4) * (1 - 0.5 * 0.5), math.sqrt(0.25 / len(on)))
    within((on & np.isfinite(first)).mean(), 0.5 * (1 - 0.6 * 0.5), math.sqrt(0.25 / len(on)))
    late = on & (second > 0)  # what it finds by itself it finds at once
    assert (second[late] == first[late] + 1).all()
    entries = campaign.truth.outsiders
    theirs, own = (int((entries[:, 0] == j).sum()) for j in (0, 1))
    within(own, theirs / 2, math.sqrt(theirs / 4))


def test_a_copier_alone_would_find_what_it_finds():
    alone, copying = (
        one_batch(Monitor("a"), Monitor("b", 0.4, copies=copies), announced=500)
        for copies in (None, ("a", 0.5))
    )
    before, after = (campaign.truth.verified[:, 1] for campaign in (alone, copying))
    assert (after <= before).all()
    assert (alone.truth.verified[:, 0] == copying.truth.verified[:, 0]).all()


def test_batches_that_are_not_followed_have_no_figures_and_no_verified():
    campaign = release_campaign(
        **ALONE,
        batches=tuple(Batch(0, 5, inflation=0.0) for _ in range(400)),
        monitors=(Monitor("m", 1.0, follow_chance=0.7, **AT_ONCE),),
        n_days=2,
        seed=1,
    )
    followed = campaign.truth.followed[0] > 0
    within(followed.sum(), 280, math.sqrt(400 * 0.7 * 0.3))
    verified = np.array([dict(batch.eventually_verified)["m"] for batch in campaign.truth.batches])
    assert (verified == np.where(followed, 5, 0)).all()
    with_figures = {int(event.split()[1]) - 1 for event in campaign.reports.select(source="m").event}
    assert with_figures == set(np.flatnonzero(followed))


def test_a_monitor_that_falls_silent_verifies_and_says_nothing_more():
    campaign = release_campaign(
        **ALONE,
        batches=tuple(Batch(2, 30, inflation=0.0) for _ in range(200)),
        monitors=(Monitor("m", 1.0, followed_days=4.0, totals=False),),
        n_days=30,
        seed=1,
    )
    truth, figures = campaign.truth, campaign.reports.select(source="m")
    lasting = truth.followed[0]
    # the number of days begun is geometric
    within(lasting.mean(), 1 / -math.expm1(-1 / 4.0), 4.0 / math.sqrt(200))
    first = np.datetime64(truth.first_day, "D")
    for k, batch in enumerate(truth.batches):
        last = min(2 + lasting[k], 30) - 1
        own = figures.select(event=batch.label)
        assert (own.published[-1] - first).astype(int) == last
        finite = truth.verified[(truth.batch == k) & np.isfinite(truth.verified[:, 0]), 0]
        assert (finite < 2 + lasting[k]).all()
        assert own.count[-1] == (finite <= last).sum()


def test_first_figures_are_lowered_more_often_than_later_ones():
    campaign = release_campaign(
        **ALONE,
        batches=tuple(Batch(0, 300, inflation=0.0) for _ in range(300)),
        monitors=(Monitor("m", 1.0, overcount_chance=0.6, overcount_days=3.0, **AT_ONCE),),
        n_days=5,
        seed=2,
    )
    days = (campaign.reports.published - np.datetime64("2026-01-08")).astype(int)
    verified = np.array(campaign.reports.role) == "verified"
    for day in range(5):
        too_high = (campaign.reports.count > 300)[verified & (days == day)]
        chance = 0.6 * math.exp(-day / 3.0)
        within(too_high.sum(), 300 * chance, math.sqrt(300 * chance * (1 - chance)))
    excess = campaign.reports.count[campaign.reports.count > 300] - 300
    within(excess.mean(), 60, math.sqrt(60 / len(excess)))


def test_announcements_say_what_they_speak_of():
    batches = (
        Batch(3, 100, over_days=4, inflation=0.0),
        Batch(3, 100, over_days=4, inflation=0.0, kind="retrospective"),
        Batch(3, 102, over_days=4, inflation=0.0, kind="running total"),
        Batch(3, 100, inflation=0.0, kind="prospective", measure="all prisoners"),
    )
    campaign = release_campaign(**ALONE, batches=batches, monitors=(), seed=2)
    day = {n: np.datetime64("2026-01-08") + n for n in range(10)}
    rows = [
        [campaign.reports.select(event=f"batch {k}").published.tolist(),
         campaign.reports.select(event=f"batch {k}").end.tolist(),
         campaign.reports.select(event=f"batch {k}").count.tolist()]
        for k in (1, 2, 3, 4)
    ]  # fmt: skip
    plain = {n: date.astype(object) for n, date in day.items()}
    assert rows[0] == [[plain[3]], [plain[6]], [100]]
    assert rows[1] == [[plain[6]], [plain[6]], [100]]
    assert rows[2] == [[plain[n] for n in (3, 4, 5, 6)]] * 2 + [[25, 51, 76, 102]]
    assert rows[3] == [[plain[3]], [None], [100]]
    assert campaign.reports.select(event="batch 4").measure == ("all prisoners",)
    assert campaign.truth.total.announced == 402
    assert not campaign.truth.daily[:3].any()


def test_a_prospective_announcement_is_carried_out_at_its_pace():
    batch = Batch(0, 20_000, inflation=0.0, kind="prospective", pace=(0.7, 6.0))
    campaign = release_campaign(**ALONE, batches=(batch,), monitors=(), seed=4)
    days = np.arange(10)
    cdf = discrete_cdf("weibull", (0.7, 6.0), days)
    expected = np.append(np.diff(cdf, prepend=0), 1 - cdf[-1]) * 20_000
    observed = np.bincount(np.minimum(campaign.truth.releases, 10), minlength=11)
    assert stats.chisquare(observed, expected).pvalue > P_VALUE


def test_people_of_other_offences_are_released_and_no_monitor_counts_them():
    batch = Batch(0, 20_000, inflation=0.0, political_share=0.4)
    monitor = Monitor("m", 1.0, measure="political prisoners", **AT_ONCE)
    campaign = release_campaign(**ALONE, batches=(batch,), monitors=(monitor,), n_days=1, seed=4)
    assert campaign.reports.measure == ("left prison", "political prisoners")
    parts = campaign.truth.parts("batch 1", "m", on="2026-01-08")
    assert (parts.carried_out, parts.unsubstantiated) == (20_000, 0)
    within(parts.verified, 8_000, math.sqrt(20_000 * 0.4 * 0.6))
    assert parts.outside_definition == parts.unverifiable == 20_000 - parts.verified
    assert campaign.cases["political"].sum() == parts.verified


def test_waves_fade_and_their_days_have_the_mean_that_is_said():
    campaign = release_campaign(
        batches=(),
        daily=0.0,
        dispersion=math.inf,
        waves=(Wave(3, 50_000.0, fading=4.0), Wave(5, 20_000.0, fading=1.0)),
        n_days=12,
        monitors=(),
    )
    days = np.arange(12)
    one = 50_000 * (np.exp(-(days - 3) / 4) - np.exp(-(days - 2) / 4)) * (days >= 3)
    two = 20_000 * (np.exp(-(days - 5.0)) - np.exp(-(days - 4.0))) * (days >= 5)
    mean = one + two
    assert not campaign.truth.daily[:3].any()
    assert (np.abs(campaign.truth.daily - mean)[3:] < SIGMAS * np.sqrt(mean[3:])).all()


def test_a_silence_says_as_much_of_the_end_as_the_formula():
    # P(ended | no wave for u days since the last one), by the rate of waves and the hazard of the end
    rate, ending, silence = 0.15, 0.07, 8
    ended, running = 0, 0
    for seed in range(600):
        truth = release_campaign(
            batches=(),
            daily=0.0,
            waves=Waves(rate=rate, ending=ending, size=(0.0001, 0.1)),
            n_days=60,
            monitors=(),
            seed=seed,
        ).truth
        if sum(wave.day < silence for wave in truth.waves) == 1:  # the first one
            over = truth.ended is not None and truth.ended <= silence
            ended, running = ended + over, running + (not over)
    total = rate + ending
    q = ending * -math.expm1(-total * silence) / total
    expected = q / (q + math.exp(-total * silence))
    n = ended + running
    within(ended / n, expected, math.sqrt(expected * (1 - expected) / n))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Monitor("m", outsider_share=1.0), "below 1"),
        (lambda: Monitor("m", slow_share=1.5), "slow_share: expected a number from 0 to 1"),
        (lambda: Monitor("m", slow_delay=(3.0, 0.0)), "slow_delay: expected a finite number above 0"),
        (lambda: Monitor("m", verification_sd=-1.0), "verification_sd"),
        (lambda: Monitor("m", followed_days=0.0), "followed_days"),
        (lambda: Monitor("m", overcount_days=0.0), "overcount_days"),
        (lambda: Monitor("m", copies=("a", 2.0)), "copies: expected a number from 0 to 1"),
        (
            lambda: release_campaign(monitors=(Monitor("b", copies=("a", 0.5)), Monitor("a"))),
            "b: copies: expected",
        ),
        (lambda: Batch(1, 3, kind="promise"), "kind: expected"),
        (lambda: Batch(1, 3, pace=(1.0, 0.0)), "pace"),
        (lambda: Batch(1, 3, political_share=-0.1), "political_share"),
        (lambda: Batch(1, 3, measure=" "), "measure: expected what a release is"),
        (lambda: Wave(-1, 3.0), "Wave: day"),
        (lambda: Wave(1, 3.0, fading=0.0), "fading"),
        (lambda: Waves(ending=0.0), "ending"),
        (lambda: Waves(size=(0.0, 1.0)), "size"),
        (
            lambda: release_campaign(batches=(Batch(38, 3, over_days=5, kind="retrospective"),)),
            "expected batches on days 0 to 39, got day 42",
        ),
        (lambda: release_campaign().truth.parts("batch 9", "committee", on="2026-01-20"), "batch: expected"),
        (lambda: release_campaign().truth.parts("batch 1", "x", on="2026-01-20"), "monitor: expected"),
    ],
)
def test_bad_input_is_refused_with_a_reason(call, message):
    with pytest.raises(InputError, match=message):
        call()


@pytest.mark.parametrize(
    "spec",
    [
        Batch(4, 553, kind="prospective", pace=(0.8, 6.0), political_share=0.4, measure="all prisoners"),
        Monitor("m", verification_sd=1.0, slow_share=0.3, outsider_share=0.2, copies=("a", 0.5)),
        Wave(3, 120.0, fading=4.0),
        Waves(rate=0.2, size=(60.0, 1.0)),
    ],
)
def test_repr_can_be_evaluated(spec):
    assert eval(repr(spec), vars(simulate)) == spec
