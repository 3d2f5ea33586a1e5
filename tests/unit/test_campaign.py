"""Invented campaigns: published counts agree with the cases, the truth adds up, and seeds fix everything."""

import datetime as dt
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.special import logit

from detcount._numerics.delay import discrete_cdf
from detcount.simulate import Authority, Batch, Monitor, release_campaign

FIRST = dt.date(2026, 1, 8)
N_DAYS = 24

# chance that a correct simulator fails one of the checks of a distribution
P_VALUE = 1e-4
# standard errors; beyond four a binomial count of some thousands is a defect in 16,000 cases to 1
SIGMAS = 4.0
ALONE = {"daily": 0.0, "house_arrest_share": 0.0, "authority": Authority(report_every=0)}
AT_ONCE = {"delay": None, "totals": False}


@st.composite
def campaigns(draw, corrections=True):
    """Campaigns with every option away from its default now and then."""
    days = st.integers(0, N_DAYS - 1)
    batches = tuple(
        Batch(
            day=day,
            announced=draw(st.integers(0, 70)),
            over_days=draw(st.integers(1, 4)),
            inflation=draw(st.sampled_from([None, 0.0, 0.4, (2.0, 5.0)])),
            at_least=draw(st.booleans()),
            kind=draw(st.sampled_from(["window", "window", "prospective", "retrospective", "running total"])),
            political_share=draw(st.sampled_from([1.0, 0.4])),
        )
        for day in draw(st.lists(days.filter(lambda day: day < N_DAYS - 4), max_size=3))
    )
    monitors = tuple(
        Monitor(
            name,
            verification=draw(st.sampled_from([0.0, 0.7, 1.0, (8.0, 2.0)])),
            delay=family,
            delay_parameters=(0.8, 3.0),
            counts_house_arrest=draw(st.booleans()),
            report_every=draw(st.integers(1, 4)),
            report_chance=draw(st.sampled_from([0.6, 1.0])),
            at_least_share=draw(st.sampled_from([0.0, 0.4])),
            wrong_share=draw(st.sampled_from([0.0, 0.3])) if corrections else 0.0,
            withdrawn_after=draw(st.sampled_from([1.0, 4.0])),
            verification_sd=draw(st.sampled_from([0.0, 1.0])),
            slow_share=draw(st.sampled_from([0.0, 0.3])),
            outsider_share=draw(st.sampled_from([0.0, 0.2])) if corrections else 0.0,
            copies=draw(st.sampled_from([None, ("Ñ committee", 0.5)])) if name == "families" else None,
            follow_chance=draw(st.sampled_from([1.0, 0.5])),
            followed_days=draw(st.sampled_from([np.inf, 6.0])),
        )
        for name, family in zip(
            ["Ñ committee", "families"], draw(st.permutations(["weibull", "log-normal", None])), strict=False
        )
    )
    return release_campaign(
        batches=batches,
        daily=draw(st.sampled_from([0.0, 1.5, 6.0])),
        dispersion=draw(st.sampled_from([0.7, np.inf])),
        volatility=draw(st.sampled_from([0.0, 0.2])),
        n_days=N_DAYS,
        first_day=FIRST,
        house_arrest_share=draw(st.sampled_from([0.0, 0.25])),
        authority=Authority(
            inflation=draw(st.sampled_from([0.0, 0.3, (2.0, 6.0)])),
            report_every=draw(st.integers(1, 5)),
        ),
        monitors=monitors,
        dependence=draw(st.sampled_from([0.0, 0.6])),
        further=draw(st.sampled_from([(), (30.0, 8.0, 2.0)])),
        seed=draw(st.integers(0, 2**40)),
    )


@given(campaign=campaigns())
def test_the_truth_adds_up(campaign):
    truth = campaign.truth
    inside = truth.window(FIRST, FIRST + dt.timedelta(N_DAYS - 1))
    assert inside == truth.total
    assert truth.daily.sum() == inside.carried_out
    halves = [
        truth.window(FIRST, FIRST + dt.timedelta(9)),
        truth.window(FIRST + dt.timedelta(10), FIRST + dt.timedelta(N_DAYS - 1)),
    ]
    for name in ("announced", "carried_out", "house_arrest", "eventually_verified_by_any", "unverifiable"):
        assert sum(getattr(half, name) for half in halves) == getattr(inside, name)
    for what in (inside, *truth.batches):
        verified, defined = dict(what.eventually_verified), dict(what.in_definition)
        for monitor in truth.monitors:
            assert verified[monitor] <= defined[monitor] <= what.carried_out
        assert max(verified.values()) <= what.eventually_verified_by_any <= sum(verified.values())
        assert what.carried_out + what.unsubstantiated >= what.announced
    for batch in truth.batches:
        for monitor in truth.monitors:
            parts = truth.parts(batch.label, monitor, on=FIRST + dt.timedelta(12))
            split = (parts.verified, parts.pending, parts.unverifiable, parts.unsubstantiated)
            assert min(*split, parts.outside_definition) >= 0
            assert sum(split) == parts.announced == batch.announced
            assert parts.carried_out == batch.carried_out
            assert parts.eventually_verified == dict(batch.eventually_verified)[monitor]
            assert parts.outside_definition <= parts.unverifiable
            assert parts.verified <= parts.counted
            assert parts.eventually_verified <= parts.eventually_counted
        assert batch.carried_out <= batch.announced
        assert batch.unsubstantiated == batch.announced - batch.carried_out
    of_batches = sum(batch.carried_out for batch in truth.batches)
    assert of_batches + (truth.batch == -1).sum() == len(truth.releases)


@given(campaign=campaigns())
def test_published_verified_counts_are_those_of_the_register(campaign):
    reports, truth = campaign.reports, campaign.truth
    cases = campaign.cases
    for row in np.flatnonzero(np.array(reports.role) == "verified"):
        monitor, count = reports.source[row], int(reports.count[row])
        if reports.event[row].startswith("batch"):
            mine = cases[cases["batch"] == reports.event[row]]
            k = int(reports.event[row].split()[1]) - 1
            entries, others = truth.wrong[truth.wrong[:, 1] == k], truth.outsiders[truth.outsiders[:, 1] == k]
        else:
            mine = cases[(cases["release"] >= reports.start[row]) & (cases["release"] <= reports.end[row])]
            first = np.datetime64(FIRST, "D")
            claimed = first + truth.wrong[:, 2]
            entries = truth.wrong[(claimed >= reports.start[row]) & (claimed <= reports.end[row])]
            claimed = first + truth.outsiders[:, 2]
            others = truth.outsiders[(claimed >= reports.start[row]) & (claimed <= reports.end[row])]
        true = int((mine[monitor] <= reports.published[row]).sum())
        day = int((reports.published[row] - np.datetime64(FIRST, "D")) // np.timedelta64(1, "D"))
        j = truth.monitors.index(monitor)
        entries = entries[entries[:, 0] == j]
        wrong = int(((entries[:, 3] <= day) & (entries[:, 4] > day)).sum())
        wrong += int(((others[:, 0] == j) & (others[:, 3] <= day)).sum())
        if reports.at_least[row]:
            assert count == (true + wrong) // 10 * 10
        else:
            assert count == true + wrong
            if not reports.event[row].startswith("batch"):
                window = {"start": reports.start[row], "end": reports.end[row]}
                assert count == truth.register(monitor, **window, on=reports.published[row])
                assert true <= truth.register(monitor, **window)


@given(campaign=campaigns(), day=st.integers(0, N_DAYS - 1))
def test_cases_as_of_a_day_know_nothing_later(campaign, day):
    until = FIRST + dt.timedelta(day)
    known, all_cases = campaign.cases_as_of(until), campaign.cases
    limit = np.datetime64(until, "s")
    for monitor in campaign.truth.monitors:
        assert not (known[monitor] > limit).any()
        assert known[monitor].notna().sum() == (all_cases[monitor] <= limit).sum()
        assert not (all_cases[monitor] < all_cases["release"]).any()
    assert known[list(campaign.truth.monitors)].notna().any(axis=1).all()


@given(campaign=campaigns())
def test_announcements_are_those_of_the_truth(campaign):
    reports, truth = campaign.reports, campaign.truth
    announced = [row for row in range(len(reports)) if reports.role[row] == "announced"]
    for row in announced:
        if reports.event[row].startswith("batch"):
            batch = truth.batches[int(reports.event[row].split()[1]) - 1]
            assert reports.start[row] == np.datetime64(batch.start)
            # earlier figures of an announcement that is a running total are smaller
            last = max(other for other in announced if reports.event[other] == reports.event[row])
            assert (
                (reports.count[row] == batch.announced)
                if row == last
                else (reports.count[row] <= batch.announced)
            )
        else:
            count = truth.window(reports.start[row], reports.end[row]).announced
            assert reports.count[row] == count
    events = {reports.event[row] for row in announced if reports.event[row].startswith("batch")}
    assert len(events) == len(truth.batches)


def test_the_same_seed_gives_the_same_campaign_and_another_another():
    one, two, three = (release_campaign(seed=seed) for seed in (5, 5, 6))
    assert one.reports.digest == two.reports.digest != three.reports.digest
    assert one.cases.equals(two.cases)
    assert one.seed == 5


@pytest.mark.parametrize(
    ("family", "parameters"), [("weibull", (0.7, 6.0)), ("log-normal", (1.1, 0.8)), ("weibull", (1.8, 2.5))]
)
def test_delays_have_the_distribution_that_the_models_discretise(family, parameters):
    campaign = release_campaign(
        batches=(Batch(0, 20_000, inflation=0.0),),
        daily=0.0,
        house_arrest_share=0.0,
        monitors=(Monitor("m", verification=1.0, delay=family, delay_parameters=parameters),),
        seed=11,
    )
    delays = campaign.truth.verified[:, 0] - campaign.truth.releases
    days = np.arange(12)
    cdf = discrete_cdf(family, parameters, days)
    expected = np.append(np.diff(cdf, prepend=0), 1 - cdf[-1]) * len(delays)
    observed = np.append([(delays == day).sum() for day in days], (delays > days[-1]).sum())
    # cells of fewer than 5 expected would make the distribution of the statistic another
    rare = expected < 5
    expected, observed = (np.append(x[~rare], x[rare].sum()) for x in (expected, observed))
    kept = expected > 0
    assert stats.chisquare(observed[kept], expected[kept]).pvalue > P_VALUE


@pytest.mark.parametrize("dependence", [0.0, 0.7])
def test_dependence_moves_the_overlap_and_leaves_each_share(dependence):
    shares = (0.35, 0.8)
    campaign = release_campaign(
        batches=(Batch(0, 30_000, inflation=0.0),),
        daily=0.0,
        house_arrest_share=0.0,
        monitors=tuple(Monitor(name, verification=p) for name, p in zip("ab", shares, strict=True)),
        dependence=dependence,
        seed=12,
    )
    seen = np.isfinite(campaign.truth.verified)
    n = len(seen)
    limits = stats.norm.ppf(shares)
    both = stats.multivariate_normal(cov=[[1, dependence], [dependence, 1]]).cdf(limits)
    for found, p in [
        (seen[:, 0].sum(), shares[0]),
        (seen[:, 1].sum(), shares[1]),
        (seen.all(axis=1).sum(), both),
    ]:
        assert abs(found - n * p) < SIGMAS * np.sqrt(n * p * (1 - p))


def test_inflation_is_the_share_announced_and_not_carried_out():
    campaign = release_campaign(
        batches=(Batch(0, 40_000, inflation=0.3),),
        daily=150.0,
        volatility=0.0,
        n_days=200,
        authority=Authority(inflation=0.2, report_every=0),
        seed=13,
    )
    batch = campaign.truth.batches[0]
    assert abs(batch.unsubstantiated - 12_000) < SIGMAS * np.sqrt(40_000 * 0.3 * 0.7)
    announced = campaign.truth.total.announced - batch.announced
    never = announced - int((campaign.truth.batch == -1).sum())
    # the phantoms are Poisson given the releases, so their share has about this standard error
    assert abs(never / announced - 0.2) < SIGMAS * np.sqrt(never) / announced


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
