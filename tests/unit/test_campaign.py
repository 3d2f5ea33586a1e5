"""Invented campaigns: published counts agree with the cases, the truth adds up, and seeds fix everything."""

from __future__ import annotations

import dataclasses
import datetime as dt
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from detcount import PublishedReleases, simulate
from detcount._numerics.delay import discrete_cdf
from detcount.errors import InputError
from detcount.simulate import Authority, Batch, Monitor, Wave, Waves, release_campaign

FIRST = dt.date(2026, 1, 8)
N_DAYS = 24

# chance that a correct simulator fails one of the checks of a distribution
P_VALUE = 1e-4
# standard errors; beyond four a binomial count of some thousands is a defect in 16,000 cases to 1
SIGMAS = 4.0


@st.composite
def campaigns(draw, corrections: bool = True):
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
            batch_days=draw(st.sampled_from([(), (9,), (15, 6)])),
            batch_share=draw(st.sampled_from([0.0, 0.5, 1.0])),
            report_every=draw(st.integers(1, 4)),
            report_chance=draw(st.sampled_from([0.6, 1.0])),
            windows=draw(st.sampled_from([((0, 0),), ((2, 1), (11, 8)), ((0, 0), (9, 3), (13, 1))])),
            second_figure=draw(st.sampled_from([0.0, 0.7])),
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
            windows=draw(st.sampled_from([((0, 0),), ((5, 5), (12, 2))])),
            at_least_share=draw(st.sampled_from([0.0, 0.4])),
        ),
        monitors=monitors,
        dependence=draw(st.sampled_from([0.0, 0.6])),
        waves=draw(st.sampled_from([(), (Wave(2, 30.0),), Waves(rate=0.2, ending=0.1)])),
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
        later = [
            k
            for k in range(row + 1, len(reports))
            if (reports.source[k], reports.published[k], reports.event[k])
            == (monitor, reports.published[row], reports.event[row])
        ]
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
        if later:  # a figure of the morning
            assert count <= true + wrong
        elif reports.at_least[row]:
            assert count == (true + wrong) // 10 * 10
        else:
            assert count == true + wrong
            if not reports.event[row].startswith("batch"):
                window = {"start": reports.start[row], "end": reports.end[row]}
                assert count == truth.register(monitor, **window, on=reports.published[row])
                assert true <= truth.register(monitor, **window)


@given(campaign=campaigns(corrections=False))
def test_without_corrections_totals_neither_fall_nor_exceed_the_truth(campaign):
    reports, truth = campaign.reports, campaign.truth
    last: dict[tuple[str, str], int] = {}
    for row in range(len(reports)):
        if reports.role[row] != "verified":
            continue
        assert reports.count[row] <= truth.window(reports.start[row], reports.end[row]).carried_out
        if not reports.at_least[row]:
            key = (reports.source[row], reports.event[row])
            assert reports.count[row] >= last.get(key, 0)
            last[key] = int(reports.count[row])


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
            assert reports.count[row] == (count // 10 * 10 if reports.at_least[row] else count)
    events = {reports.event[row] for row in announced if reports.event[row].startswith("batch")}
    assert len(events) == len(truth.batches)


def test_the_same_seed_gives_the_same_campaign_and_another_another():
    one, two, three = (release_campaign(seed=seed) for seed in (5, 5, 6))
    assert one.reports.digest == two.reports.digest != three.reports.digest
    assert one.cases.equals(two.cases)
    assert one.seed == 5


def test_what_happened_does_not_hang_on_who_publishes_it():
    one = release_campaign(monitors=(Monitor("a"),), seed=2)
    two = release_campaign(
        monitors=(Monitor("a", report_every=3, second_figure=0.5, at_least_share=0.5), Monitor("b")),
        authority=Authority(report_every=0),
        seed=2,
    )
    assert one.cases["release"].equals(two.cases["release"])
    assert one.cases["a"].equals(two.cases["a"])
    assert dict(one.truth.total.eventually_verified)["a"] == dict(two.truth.total.eventually_verified)["a"]


def test_one_more_batch_leaves_the_others_alone():
    few, many = (
        release_campaign(batches=batches, daily=0, seed=4)
        for batches in [(Batch(3, 80),), (Batch(3, 80), Batch(9, 50))]
    )
    assert few.truth.batches[0].carried_out == many.truth.batches[0].carried_out


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


def test_house_arrest_counts_for_one_and_not_for_another():
    campaign = release_campaign(
        house_arrest_share=0.4,
        monitors=(
            Monitor("strict", verification=1.0, delay=None),
            Monitor("wide", verification=1.0, delay=None, counts_house_arrest=True),
        ),
        seed=1,
    )
    total = campaign.truth.total
    assert total.house_arrest > 0
    assert dict(total.eventually_verified) == dict(total.in_definition)
    assert dict(total.in_definition) == {
        "strict": total.carried_out - total.house_arrest,
        "wide": total.carried_out,
    }
    assert len(set(campaign.reports.measure)) == 2


def test_a_total_falls_when_wrong_entries_are_withdrawn():
    campaign = release_campaign(
        daily=0.0,
        batches=(Batch(0, 200),),
        house_arrest_share=0.0,
        monitors=(Monitor("m", wrong_share=0.5, delay=None, withdrawn_after=2.0),),
        seed=3,
    )
    rows = campaign.reports.select(source="m", event="batch 1")
    verified = dict(campaign.truth.batches[0].eventually_verified)["m"]
    assert rows.count[0] > verified
    assert rows.count[-1] == verified
    assert "fell" in set(campaign.reports.conflicts()["how"])


def test_windows_move_and_the_rows_say_so():
    campaign = release_campaign(
        monitors=(Monitor("m", batches=False, windows=((3, 2), (10, 0))),),
        authority=Authority(report_every=0),
        batches=(),
        seed=3,
    )
    starts = {str(start) for start in campaign.reports.start}
    assert starts == {"2026-01-10", "2026-01-08"}
    assert campaign.reports.published[0] == np.datetime64("2026-01-11")
    assert set(campaign.reports.event) == {"since 2026-01-10", "since 2026-01-08"}


def test_cases_waiting_are_accepted_on_the_batch_day():
    campaign = release_campaign(
        batches=(Batch(0, 500),),
        daily=0.0,
        monitors=(Monitor("m", batch_days=(30, 12), batch_share=1.0),),
        seed=8,
    )
    days = campaign.truth.verified[np.isfinite(campaign.truth.verified)]
    assert set(days[days <= 30]) <= {12.0, 30.0}
    assert (days > 30).any() or len(days[days == 30])


def test_results_are_frozen_and_pickle():
    campaign = release_campaign(seed=1)
    with pytest.raises(ValueError, match="read-only"):
        campaign.truth.releases[0] = 3
    with pytest.raises(dataclasses.FrozenInstanceError):
        campaign.truth.n_days = 3  # type: ignore[misc]
    again = pickle.loads(pickle.dumps(campaign))
    assert again.cases.equals(campaign.cases)
    assert isinstance(campaign.reports, PublishedReleases)


def test_a_campaign_names_nobody():
    columns = list(release_campaign().cases.columns)
    assert columns == ["release", "batch", "house_arrest", "political", "committee", "families"]


@pytest.mark.parametrize(
    "spec",
    [
        Batch(3, 40, over_days=2, inflation=(1.0, 4.0), at_least=True),
        Authority(name="x", inflation=0.5, report_every=0, windows=((4, 2), (6, 0)), at_least_share=0.5),
        Monitor("m", verification=(8, 2), delay="log-normal", delay_parameters=(1.0, 0.5), batch_days=(3,)),
    ],
)
def test_repr_can_be_evaluated(spec):
    assert eval(repr(spec), vars(simulate)) == spec


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Batch(day=-1, announced=3), "Batch: day: expected a whole number of 0 or more, got -1"),
        (lambda: Batch(1, 3, over_days=0), "over_days: expected a whole number of at least 1"),
        (lambda: Batch(1, 3, inflation=1.5), "inflation: expected a number from 0 to 1, got 1.5"),
        (lambda: Batch(1, 3, inflation=(1.0, 0.0)), r"expected two positive numbers \(a, b\)"),
        (lambda: Authority(windows=((3, 5),)), "0 <= start <= day"),
        (lambda: Authority(windows=()), r"expected pairs \(day, start\)"),
        (lambda: Authority(report_every=-1), "report_every"),
        (lambda: Authority(inflation=1.0), "below 1"),
        (lambda: Monitor("m", delay="gamma"), "expected 'weibull', 'log-normal' or None"),
        (lambda: Monitor("m", delay_parameters=(0.0, 2.0)), "expected two positive numbers"),
        (
            lambda: Monitor("m", delay="log-normal", delay_parameters=(0.0, 0.0)),
            "a number and a positive one",
        ),
        (lambda: Monitor("m", report_every=0), "report_every"),
        (lambda: Monitor("m", wrong_share=-0.1), "wrong_share"),
        (lambda: Monitor("m", withdrawn_after=0.5), "at least 1 day"),
        (lambda: Monitor("m", batch_days=(-3,)), "batch_days"),
        (lambda: Monitor("m", report_chance=np.nan), "report_chance: expected a number from 0 to 1"),
        (lambda: release_campaign(daily=-1), "daily: expected a finite number"),
        (lambda: release_campaign(daily=1e9), "Lower daily"),
        (lambda: release_campaign(volatility=1e4), "volatility"),
        (lambda: release_campaign(dispersion=0), "dispersion: expected a finite number above 0"),
        (lambda: release_campaign(dependence=1.0), "dependence: expected a number from 0 to below 1"),
        (lambda: release_campaign(n_days=5), "expected batches on days 0 to 4, got day 5"),
        (lambda: release_campaign(seed=-1), "seed"),
        (lambda: release_campaign(first_day="NaT"), "first_day"),
        (
            lambda: release_campaign(monitors=(Monitor("m"), Monitor("m"))),
            "a name of its own for each source",
        ),
        (
            lambda: release_campaign(batches=(), monitors=(), authority=Authority(report_every=0)),
            "nobody publishes anything",
        ),
        (
            lambda: release_campaign().truth.window("2026-01-09", "2026-01-08"),
            "expected an end from 2026-01-09",
        ),
        (
            lambda: release_campaign().truth.register("x", start=FIRST, end=FIRST),
            "monitor: expected 'committee' or",
        ),
    ],
)
def test_bad_input_is_refused_with_a_reason(call, message):
    with pytest.raises(InputError, match=message):
        call()


@settings(max_examples=10)
@given(seed=st.integers(0, 2**30))
def test_there_may_be_no_release_at_all(seed):
    campaign = release_campaign(batches=(Batch(2, 0),), daily=0.0, n_days=4, seed=seed)
    assert len(campaign.cases) == 0
    assert campaign.truth.total.carried_out == 0
    assert set(campaign.reports.count) == {0}
