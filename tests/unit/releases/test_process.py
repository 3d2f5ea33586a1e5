"""The continuing process of releases: draws, nowcasts, gaps, little data, refusals."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import math
import pickle
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detcount import PublishedReleases, datasets, releases
from detcount._numerics.process import Posterior, delay_cdf, draw_carried_out
from detcount._numerics.process.waves import kinds_of
from detcount.errors import DetcountError, InputError, NotEstimableError
from detcount.published import PublishedArrests, PublishedStock
from detcount.releases.process import ProcessEstimate, ReleaseProcess, notes, series
from detcount.releases.process.basis import rests_on
from detcount.releases.process.forecast import never_verified
from detcount.releases.process.limit import read_limit
from detcount.releases.process.lots import read_lots

CHEAP = ReleaseProcess(n_draws=160)
MONITOR = "Foro Penal"
# Monte Carlo error of a mean of 200,000 draws, four standard errors
FOUR_ERRORS = 4.0


def reports(**changes: Any) -> PublishedReleases:
    """One monitor's running total, and one announcement."""
    frame: dict[str, Any] = {
        "published": ["2026-01-09", "2026-01-10", "2026-01-12", "2026-01-13", "2026-01-11"],
        "source": ["monitor"] * 4 + ["ministry"],
        "role": ["verified"] * 4 + ["announced"],
        "start": ["2026-01-08"] * 4 + ["2026-01-08"],
        "end": ["2026-01-09", "2026-01-10", "2026-01-12", "2026-01-13", "2026-01-11"],
        "count": [9, 16, 41, 47, 90],
        "at_least": [False] * 5,
    }
    return PublishedReleases.from_frame({**frame, **changes})


@cache
def shipped() -> PublishedReleases:
    found: PublishedReleases = datasets.load("venezuela_releases")
    return found


@cache
def fitted() -> ProcessEstimate:
    """The whole shipped file, once."""
    return ReleaseProcess(n_draws=240).fit(shipped())


@cache
def small() -> ProcessEstimate:
    return CHEAP.fit(reports())


# likelihood: a brute-force rewrite


def test_means_are_sums_over_the_register() -> None:
    estimate = small()
    draw, which = 3, next(k for k, one in enumerate(estimate.series) if one.source == "monitor")
    first = np.datetime64("2026-01-08").astype(int)
    last = first + 8
    rates = estimate._forecast.rates(np.arange(first, last + 1))[draw]
    share = estimate._forecast.ratio(which)[draw]
    delay, slow = estimate.posterior.delay[[draw]], estimate.posterior.slow[[draw]]
    on, seen = first + 7, first + 5  # the last report is of 13 January, for days up to then
    expected = 0.0
    for day in range(first, on + 1):
        for verified in range(day, on + 1):
            if day <= seen and verified <= seen:
                continue  # in the report
            late = np.array([verified - day - 1, verified - day])
            chance = float(np.diff(delay_cdf("weibull", delay, slow, late)[0])[0])
            expected += share * rates[day - first] * chance
    bases = estimate.series[which].cover(first, on, seen)
    found = estimate._forecast.mean(which, first, on, on, bases).sum(axis=1)[draw]
    assert found == pytest.approx(expected, rel=1e-10)  # the same sums in another order


# the shipped file


@pytest.mark.slow
def test_the_shipped_file_has_enough_independent_draws() -> None:
    """Of what is printed of the monitors that said most."""
    found = ReleaseProcess().fit(shipped())
    assert 0.2 < found.diagnostics["verified_same_day"] < 0.98
    for source in (MONITOR, "Plataforma Unitaria Democratica (PUD)"):
        for end in ("2026-01-29", "2026-02-05", "2026-02-20"):
            count = found.nowcast(source, start="2026-01-08", end=end, on=end)
            assert count.effective_size is not None
            assert count.effective_size >= 400


def test_corrections_and_figures_of_one_day_are_noted() -> None:
    notes = " ".join(fitted().notes)
    assert "Foro Penal had 75 on 26 December 2025 for days that its total of 61 of 29 December" in notes
    assert "Foro Penal published 41 and later 56 on 12 January 2026" in notes
    assert "Counts that do not say from which day they count were left out: 4" in notes


def test_a_running_total_grows_with_the_days_ahead() -> None:
    day = dt.date(2026, 1, 29)
    medians, tops = [], []
    for ahead in (1, 4, 12, 30):
        count = fitted().nowcast(
            MONITOR, start="2026-01-08", end=day + dt.timedelta(ahead), on=day + dt.timedelta(ahead)
        )
        medians.append(count.median)
        tops.append(count.interval(0.8).high)
    assert medians == sorted(medians)
    assert tops == sorted(tops)
    assert medians[0] >= 297
    # heavy tails, yet a forecast: a month ahead four fifths lie within a factor of 5
    assert tops[-1] < 5 * 302


def test_a_window_closed_long_ago_hardly_grows() -> None:
    count = fitted().nowcast(MONITOR, start="2025-12-25", end="2025-12-27")
    assert count.median is not None
    assert 61 <= count.median < 75
    assert count.interval(0.8).high < 90
    # and may be corrected again: rarely
    below = 1 - (count.probability(at_least=61) or 0)
    assert 0.005 < below < 0.12


def test_ratios_compare_sources_over_the_same_days() -> None:
    ratios = fitted().ratios.set_index(["source", "role"])
    pud = ratios.loc[("Plataforma Unitaria Democratica (PUD)", "verified")]
    assert pud["relative_to"] == MONITOR
    # the published totals of the same days are 303 and 302 at the end, 173 and 156 before
    assert pud["low"] < 1.1 < pud["high"]
    assert 0.8 < pud["median"] < 1.6
    announced = ratios.loc[("Public Ministry / Attorney General", "announced")]
    assert announced["low"] > 1


def test_daily_counts_add_up_to_the_published_totals() -> None:
    daily = fitted().daily
    verified = daily[(daily.source == MONITOR) & (daily.quantity == "verified in the end")]
    cumulative = fitted().cumulative
    total = cumulative[(cumulative.source == MONITOR) & (cumulative.quantity == "verified in the end")]
    assert (verified["low"] <= verified["high"]).all()
    assert total["median"].is_monotonic_increasing
    before = total[total.date < "2026-01-08"]["median"].iloc[-1]
    assert total["median"].iloc[-1] - before > 290
    carried_out = daily[daily.quantity == "carried out"]
    assert set(carried_out.source) == {MONITOR}
    assert set(carried_out.identified_by) == {"prior"}
    assert (carried_out["median"].to_numpy() >= verified["median"].to_numpy()).all()


def test_parts_of_a_gap_belong_together() -> None:
    gap = fitted().gap("2024-11-15", "2024-11-30", announced_by="Public Ministry / Attorney General")
    assert (gap.announced, gap.verified, gap.verified_by) == (225, 169, MONITOR)
    assert (gap.eventually_verified.draws == gap.verified + gap.pending.draws).all()
    assert (gap.carried_out.draws == gap.eventually_verified.draws + gap.unverifiable.draws).all()
    within = gap.carried_out.draws <= gap.announced
    parts = gap.verified + gap.pending.draws + gap.unverifiable.draws + gap.unsubstantiated.draws
    assert within.any()
    assert (parts[within] == gap.announced).all()
    assert gap.unsubstantiated.bounds == (0, 225 - 169)
    assert gap.carried_out.identified_by == "prior"
    assert (gap.verified_start, gap.verified_end) == (dt.date(2024, 11, 16), dt.date(2024, 11, 30))
    assert any(note.startswith("How many releases happened and will never") for note in gap.notes)


def test_more_verified_than_announced_is_explained() -> None:
    gap = small().gap("2026-01-08", "2026-01-13")
    assert gap.verified <= gap.announced
    fewer = CHEAP.fit(reports(count=[9, 16, 41, 47, 30])).gap("2026-01-08", "2026-01-13")
    assert fewer.unsubstantiated.bounds == (0, 0)
    assert any("more than the 30 announced" in note for note in fewer.notes)


def test_the_answer_depends_on_data_and_seed_alone() -> None:
    again = CHEAP.fit(reports())
    ask = {"start": "2026-01-08", "end": "2026-01-20", "on": "2026-01-20"}
    one, two = small().nowcast("monitor", **ask), again.nowcast("monitor", **ask)
    assert (one.draws == two.draws).all()
    assert not (one.draws == CHEAP.fit(reports(), seed=1).nowcast("monitor", **ask).draws).all()
    assert (pickle.loads(pickle.dumps(again)).nowcast("monitor", **ask).draws == one.draws).all()


def test_the_record_is_plain() -> None:
    record = json.loads(json.dumps(small().record(), allow_nan=False))
    assert record["estimator"] == "ReleaseProcess(n_draws=160)"
    assert record["data_sha256"] == reports().digest
    assert "monitor" in record["eventually_verified"]
    assert "Zhou" in small().cite()
    assert "monitor will have verified" in str(small())


def test_the_specification_can_be_evaluated_back() -> None:
    spec = ReleaseProcess(verification=(20, 2), delay="log-normal", wave_spread=2.0, n_draws=200)
    assert eval(repr(spec), vars(releases)) == spec


# little data


def test_one_report_rests_on_the_prior_of_the_delay() -> None:
    one = CHEAP.fit(reports().where(np.array([0])))
    count = one.nowcast("monitor", start="2026-01-08", end="2026-01-09")
    assert count.identified_by == "prior"
    assert notes.NOTE_DELAY_PRIOR in one.notes
    assert notes.NOTE_NO_ANNOUNCEMENT in one.notes
    assert count.median is not None
    assert count.median >= 9


def test_no_announcement_has_no_gap() -> None:
    alone = CHEAP.fit(reports().where(np.array([0, 1])))
    with pytest.raises(NotEstimableError, match="nothing was announced for days inside 8 January 2026"):
        alone.gap("2026-01-08", "2026-01-10")


def test_announcements_alone_are_declined() -> None:
    rows = np.array([role == "announced" for role in reports().role])
    with pytest.raises(NotEstimableError, match="no count of a monitor says which days it covers"):
        CHEAP.fit(reports().where(rows))


def test_a_figure_of_none_that_was_passed_on_says_nothing() -> None:
    with pytest.raises(NotEstimableError, match="every figure passed on is 0"):
        CHEAP.fit(
            PublishedReleases.from_frame(
                {
                    "published": ["2026-01-09", "2026-01-10"],
                    "source": ["ministry", "monitor"],
                    "role": ["announced", "reported"],
                    "start": ["2026-01-08", "2026-01-08"],
                    "end": ["2026-01-09", "2026-01-10"],
                    "count": [40, 0],
                    "at_least": [False, True],
                }
            )
        )


def test_before_the_first_count_there_is_nothing() -> None:
    with pytest.raises(InputError, match="2026-01-0"):
        reports().as_of("2026-01-01")


def test_an_end_that_is_not_said_is_the_day_of_publication() -> None:
    without = reports(end=["2026-01-09", None, "2026-01-12", "2026-01-13", "2026-01-11"])
    assert notes.NOTE_NO_END.format(n=1) in CHEAP.fit(without).notes


@pytest.mark.slow
def test_many_counts_are_thinned() -> None:
    days = np.datetime64("2024-01-01") + np.arange(400)
    many = PublishedReleases.from_frame(
        {
            "published": days,
            "source": ["monitor"] * 400,
            "role": ["verified"] * 400,
            "start": [days[0]] * 400,
            "end": days,
            "count": np.cumsum(np.arange(400) % 5),
        }
    )
    found = CHEAP.fit(many)
    assert found.diagnostics["n_counts"] <= series._MOST_COUNTS
    assert any(note.startswith("Of many counts") for note in found.notes)
    assert found.nowcast("monitor", start=days[0], end=days[-1]).median >= 800


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        ({"source": "nobody"}, "source: expected one of 'monitor', got 'nobody'"),
        ({"source": "ministry"}, "source: expected one of 'monitor', got 'ministry'"),
        ({"end": "2026-01-02"}, "end: expected a day from 2026-01-08 on, got 2026-01-02"),
        ({"on": "2026-01-02"}, "on: expected a day in or after the window from 2026-01-08"),
        ({"start": "soon"}, "start: expected a day as in 2026-01-31, got text"),
        ({"end": "2036-01-02"}, "window: expected days within"),
    ],
)
def test_bad_questions_are_refused(ask: dict[str, Any], message: str) -> None:
    question = {"source": "monitor", "start": "2026-01-08", "end": "2026-01-20", **ask}
    with pytest.raises(InputError, match=message):
        small().nowcast(question.pop("source"), **question)


def test_a_gap_names_the_argument_that_is_wrong() -> None:
    with pytest.raises(InputError, match=r"^verified_by: expected one of 'monitor', got 'nobody'"):
        small().gap("2026-01-08", "2026-01-13", verified_by="nobody")
    with pytest.raises(InputError, match=r"^announced_by: expected one of 'ministry', got 'nobody'"):
        small().gap("2026-01-08", "2026-01-13", announced_by="nobody")


def test_bad_options_are_refused() -> None:
    with pytest.raises(InputError, match="delay: expected one of"):
        ReleaseProcess(delay="gamma")
    with pytest.raises(TypeError, match="verification: expected two numbers above 0, got int"):
        ReleaseProcess(verification=3)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="wave_spread: expected a finite number above 0"):
        ReleaseProcess(wave_spread=0)
    with pytest.raises(InputError, match="n_draws: expected a whole number of at least 100"):
        ReleaseProcess(n_draws=10)
    with pytest.raises(TypeError, match="expected PublishedReleases, got dict"):
        CHEAP.fit({})  # type: ignore[arg-type]
    with pytest.raises(InputError, match="announced_by: expected one of 'ministry', got 'nobody'"):
        small().gap("2026-01-08", "2026-01-13", announced_by="nobody")


@pytest.mark.slow
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    rows=st.lists(st.integers(0, 99), min_size=1, max_size=25, unique=True),
    share=st.floats(0.3, 1),
)
def test_any_part_of_the_shipped_file_has_an_answer(rows: list[int], share: float) -> None:
    part = shipped().where(np.array(rows))
    part = part.as_of(part.published[int(share * (len(part) - 1))])
    try:
        found = ReleaseProcess(n_draws=100).fit(part)
        day = found.as_of + dt.timedelta(20)
        for source in found.sources:
            count = found.nowcast(source, start=found.as_of - dt.timedelta(30), end=day, on=day)
            assert count.mean is not None
            assert 0 <= count.mean < 1e7
        assert np.isfinite(found.daily[["median", "low", "high"]].to_numpy()).all()
        assert np.isfinite(found.cumulative["high"].to_numpy()).all()
        found.gap(found.as_of - dt.timedelta(60), found.as_of)
    except DetcountError:
        pass  # an answer too: valid data may have none


@pytest.mark.slow
def test_the_order_of_rows_of_other_sources_does_not_matter() -> None:
    rows = reports().to_frame()
    other = rows.assign(source=rows["source"].replace({"monitor": "committee"}), count=rows["count"] + 3)
    both = [*rows.to_dict("records"), *other[other.role == "verified"].to_dict("records")]
    columns = ("published", "source", "role", "start", "end", "count", "at_least")
    answers = []
    for order in (both, sorted(both, key=lambda row: (row["published"], row["source"]))):
        published = PublishedReleases.from_frame({name: [row[name] for row in order] for name in columns})
        count = CHEAP.fit(published).nowcast("monitor", start="2026-01-08", end="2026-01-20", on="2026-01-20")
        answers.append(count.draws)
    assert (answers[0] == answers[1]).all()


@pytest.mark.parametrize("count", [0, 10**8])
def test_one_row_has_an_answer_whatever_it_counts(count: int) -> None:
    one = reports().where(np.array([0])).to_frame().assign(count=count)
    found = ReleaseProcess(n_draws=100).fit(PublishedReleases.from_frame(one))
    answer = found.nowcast("monitor", start="2026-01-08", end="2026-01-12", on="2026-01-12")
    assert answer.median is not None
    assert 0.5 * count <= answer.median < 1e13


def test_counts_beyond_the_model_are_declined_at_once() -> None:
    rows = reports().to_frame()
    rows.loc[rows.index[-1], "count"] = 10**8 + 1
    with pytest.raises(NotEstimableError, match="a count of 100,000,001 releases is above the 100,000,000"):
        CHEAP.fit(PublishedReleases.from_frame(rows))


def invented_posterior(n_draws: int, n_blocks: int, **changes: Any) -> Posterior:
    """Draws of a process that is known: one release a day, no lots, and a campaign that has ended."""
    one = np.ones(n_draws)
    fields: dict[str, Any] = {
        "n_chains": 10,
        "rate": np.ones((n_draws, n_blocks)),
        "ratio": np.ones((n_draws, 1)),
        "delay": np.column_stack([one, one]),
        "other_delay": np.column_stack([one, one]),
        "slow": 0 * one,
        "spread": 0.5 * one,
        "tau": one,
        "wave_size": 10 * one,
        "wave_rate": 0.3 * one,
        "end": 0.1 * one,
        "again": 1e-12 * one,
        "background": one,
        "standing": 0 * one,
        "active": np.zeros(n_draws, dtype=bool),
        "lots": np.zeros((n_draws, 0)),
        "speed": np.zeros((n_draws, 0), dtype=np.int64),
        "other": 0 * one,
        "flatter": 0 * one,
        "r_hat": 1.0,
        "effective": float(n_draws),
        "worst": "",
    }
    return Posterior(**{**fields, **changes})


def without_lots(posterior: Posterior) -> ProcessEstimate:
    """The small estimate with draws that are known."""
    nobody = reports().where(np.array([role == "verified" for role in reports().role]))
    return dataclasses.replace(small(), posterior=posterior, lots=read_lots(nobody))


def test_what_is_left_of_waves_is_released_after_the_last_count() -> None:
    n_draws, tau = 4000, 2.0
    layout = small().layout
    posterior = invented_posterior(
        n_draws, len(layout.starts), standing=np.full(n_draws, 30.0), tau=np.full(n_draws, tau)
    )
    rates = without_lots(posterior)._forecast.rates(layout.today + np.arange(1, 6))
    left = 30 * np.exp(-np.arange(6) / tau)
    np.testing.assert_allclose(rates, 1 + np.tile(-np.diff(left), (n_draws, 1)), rtol=1e-9)


def test_new_waves_come_until_the_campaign_ends() -> None:
    """The mean of all that is to come is the mean number of waves, nu/eta, times their mean size."""
    n_draws, nu, eta, size = 20_000, 0.3, 0.1, 10.0
    layout = small().layout
    posterior = invented_posterior(
        n_draws,
        len(layout.starts),
        active=np.ones(n_draws, dtype=bool),
        background=np.zeros(n_draws),
        tau=np.full(n_draws, 0.5),
    )
    estimate = without_lots(posterior)
    found = estimate._forecast.rates(layout.today + np.arange(1, 121)).sum(axis=1)
    offsets, log_weights = kinds_of(estimate.estimator.wave_spread)
    mean_size = size * float((np.exp(log_weights) * np.exp(offsets)).sum())
    # waves are told apart by days: at most one in each, so that a few fewer come
    days = -np.expm1(-nu) * np.exp(-eta) / -np.expm1(-eta)
    last = (1 - np.exp(-eta) - eta / (eta + nu) * -np.expm1(-(eta + nu))) / -np.expm1(-eta)
    expected = mean_size * (days + last)
    assert found.mean() == pytest.approx(expected, abs=FOUR_ERRORS * found.std() / math.sqrt(n_draws))


def test_daily_carried_out_are_the_verified_and_those_that_never_will_be() -> None:
    """One release a day of the register with a chance c of being verified stands for 1/c that happened."""
    a, b = 40.0, 120.0
    n_draws, layout = 4000, small().layout
    days = layout.first + np.arange(5)
    forecast = without_lots(invented_posterior(n_draws, len(layout.starts)))._forecast
    chance = np.random.default_rng(1).beta(a, b, n_draws)
    never = never_verified(forecast.counted(1, days), chance[:, None], np.random.default_rng(2))
    expected = b / (a - 1)  # mean of (1 - c)/c
    error = math.sqrt(expected + expected**2 / a) / math.sqrt(n_draws)
    np.testing.assert_allclose(never.mean(axis=0), expected, atol=1.2 * FOUR_ERRORS * error)


@pytest.mark.parametrize(
    ("announced", "verified", "verification", "median", "low", "high", "all_of_them"),
    [
        (99, 61, (1.0, 1.0), 78, 61, 98, 0.020362),
        (99, 61, (8.0, 2.0), 74, 62, 97, 0.008653),
        (116, 56, (8.0, 2.0), 70, 57, 106, 0.001774),
        (88, 87, (8.0, 2.0), 88, 87, 88, 0.644689),
    ],
)
def test_a_finite_lot_is_carried_out_as_the_exact_posterior_says(
    announced: int,
    verified: int,
    verification: tuple[float, float],
    median: int,
    low: int,
    high: int,
    all_of_them: float,
) -> None:
    """One lot, no delay, nobody from outside: draws of R are of the posterior that is known exactly."""
    n = 200_000
    known = np.full(n, verified)
    random = np.random.default_rng(6)
    found = draw_carried_out(announced, known, verification, (1.0, 1.0), 0 * known, random)
    found = np.sort(found)
    assert found[n // 2] == median
    assert abs(int(found[int(0.025 * n)]) - low) <= 1
    assert abs(int(found[int(0.975 * n)]) - high) <= 1
    error = math.sqrt(all_of_them * (1 - all_of_them) / n)
    assert (found == announced).mean() == pytest.approx(all_of_them, abs=FOUR_ERRORS * error)


def test_more_verified_than_announced_are_carried_out_and_those_never_verified() -> None:
    known, never = np.array([70, 50]), np.array([3, 9])
    found = draw_carried_out(60, known, (8.0, 2.0), (1.0, 1.0), never, np.random.default_rng(0))
    assert found[0] == 73
    assert 50 <= found[1] <= 60


# a limit


def test_no_more_are_released_than_were_held_and_arrested() -> None:
    free = small().nowcast("monitor", start="2026-01-08", end="2026-02-20", on="2026-02-20")
    held = CHEAP.fit(reports(), stock=90, arrests=10)
    bound = held.nowcast("monitor", start="2026-01-08", end="2026-02-20", on="2026-02-20")
    assert free.draws.max() > 100
    assert 47 < bound.draws.max() <= 100
    # draws above are left out, so that there is no mass on the limit
    assert (bound.draws == 100).mean() < 0.05
    assert any(str(note).startswith("No more than 100") for note in held.notes)
    tight = CHEAP.fit(reports(), stock=20)
    with pytest.raises(NotEstimableError, match="every draw has more releases than"):
        tight.nowcast("monitor", start="2026-01-08", end="2026-01-20", on="2026-01-20")


def test_a_stock_is_read_from_what_was_published_before() -> None:
    stock = PublishedStock.from_frame(
        {
            "date": ["2025-12-28", "2026-01-05", "2026-01-19"],
            "source": ["monitor"] * 3,
            "role": ["verified"] * 3,
            "count": [800, 815, 777],
        }
    )
    arrests = PublishedArrests.from_frame(
        {
            "published": ["2026-01-04", "2026-01-12"],
            "source": ["monitor"] * 2,
            "role": ["verified"] * 2,
            "start": ["2014-01-01"] * 2,
            "end": ["2026-01-04", "2026-01-12"],
            "count": [18_000, 18_030],
            "event": ["since 2014"] * 2,
        }
    )
    first = int(np.datetime64("2026-01-08").astype(int))
    found = read_limit(stock, arrests, first)
    assert found is not None
    assert (found.day, found.persons) == (first - 3, 845)
    with pytest.raises(InputError, match="arrests: expected none without a stock"):
        read_limit(None, arrests, first)
    with pytest.raises(InputError, match="stock: expected a count of 2024-"):
        read_limit(stock, None, int(np.datetime64("2024-12-01").astype(int)))


# what forecasts rest on


def test_running_totals_alone_never_rest_on_the_counts() -> None:
    """Ten releases a day, verified after a delay: totals that run on cannot tell it from new releases."""
    days = np.datetime64("2026-01-01") + np.arange(14)
    counts = [4, 12, 21, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120, 130]
    totals = PublishedReleases.from_frame(
        {
            "published": days,
            "source": ["monitor"] * 14,
            "role": ["verified"] * 14,
            "start": [days[0]] * 14,
            "end": days,
            "count": counts,
        }
    )
    found = CHEAP.fit(totals)
    count = found.nowcast("monitor", start=days[0], end=days[-1])
    assert count.identified_by == "prior"
    assert notes.NOTE_DELAY_PRIOR in found.notes
    assert count.interval(0.95).low <= 140 <= count.interval(0.95).high


def test_counts_that_settle_a_limit_are_said_to() -> None:
    random = np.random.default_rng(0)
    draws = np.sort(random.poisson(100, 4000))
    nothing = np.zeros(4000)
    assert rests_on(draws, draws, nothing, nothing) == "data"
    assert rests_on(draws, draws + 10, nothing, nothing) == "prior"  # a quarter of the width
    assert rests_on(draws, draws, nothing, np.linspace(0, 2, 4000)) == "prior"
    heavy = np.zeros(4000)
    heavy[7] = 12.0  # one draw that counts for all the rest is no evidence that limits stay
    assert rests_on(draws, draws, heavy, nothing) == "prior"


# announcements as lots


def announced(*rows: tuple[Any, ...], measure: str = "release from prison") -> PublishedReleases:
    """Announced counts: published, source, start, end, count, event, note."""
    names = ("published", "source", "start", "end", "count", "event", "note")
    frame = {name: [row[k] for row in rows] for k, name in enumerate(names)}
    return PublishedReleases.from_frame(
        {**frame, "role": ["announced"] * len(rows), "measure": [measure] * len(rows)}
    )


def test_increments_of_a_running_total_are_lots_and_none_is_counted_twice() -> None:
    found = read_lots(
        announced(
            ("2026-01-10", "ministry", "2026-01-01", "2026-01-10", 50, "", ""),
            ("2026-01-12", "prosecutor", "2026-01-11", "2026-01-12", 20, "", ""),
            ("2026-01-15", "ministry", "2026-01-01", "2026-01-15", 90, "", ""),
        )
    )
    assert sorted(found.count) == [20, 20, 50]
    last = int(np.argmax(found.end))
    day = int(np.datetime64("2026-01-13").astype(int))
    assert found.days[last].tolist() == [day, day + 1, day + 2]
    assert not found.prospective.any()


def test_progress_of_a_promise_is_a_part_of_it() -> None:
    found = read_lots(
        announced(
            ("2025-01-14", "ministry", "2025-01-14", None, 553, "553 of 14 January", "will be freed"),
            ("2025-01-17", "court", "2025-01-14", "2025-01-17", 127, "553 of 14 January", ""),
        )
    )
    assert found.count.tolist() == [553]
    assert found.prospective.tolist() == [True]
    shares = found.shares(int(found.start[0]) - 3, int(found.start[0]) + 4000)
    assert (shares[:, :, :3] == 0).all()
    np.testing.assert_allclose(shares.sum(axis=2), 1.0, atol=1e-9)


def test_where_political_prisoners_are_announced_all_prisoners_are_no_lot_besides() -> None:
    both = PublishedReleases.from_frame(
        {
            "published": ["2022-11-17", "2022-11-17"],
            "source": ["council", "council"],
            "role": ["announced"] * 2,
            "start": ["2022-11-17"] * 2,
            "end": ["2022-11-17"] * 2,
            "count": [5774, 712],
            "measure": ["all prisoners", "political prisoners"],
        }
    )
    found = read_lots(both)
    assert found.count.tolist() == [712]
    assert found.wider.tolist() == [False]
