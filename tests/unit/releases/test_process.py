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
from detcount._numerics.delay import discrete_cdf
from detcount._numerics.process import Posterior, nested_r_hat
from detcount.errors import DetcountError, InputError, NotEstimableError
from detcount.releases.process import ProcessEstimate, ReleaseProcess, notes, series

CHEAP = ReleaseProcess(n_draws=512)
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
    return ReleaseProcess(n_draws=600).fit(shipped())


@cache
def small() -> ProcessEstimate:
    return CHEAP.fit(reports())


def test_nested_r_hat_sees_chains_that_remember() -> None:
    random = np.random.default_rng(8)
    start = random.standard_normal(64)
    fresh = random.standard_normal((64, 20))
    assert nested_r_hat(fresh, start) < 1.02  # standard error of group means is 1/sqrt(320)
    assert nested_r_hat(fresh + 2 * start[:, None], start) > 1.5


# likelihood: a brute-force rewrite


def test_means_are_sums_over_the_register() -> None:
    estimate = small()
    draw, which = 3, next(k for k, one in enumerate(estimate.series) if one.source == "monitor")
    first = np.datetime64("2026-01-08").astype(int)
    last = first + 8
    rates = estimate._forecast.rates(np.arange(first, last + 1))[draw]
    share = np.exp(estimate.posterior.ratio[draw, which])
    delay = estimate.posterior.delay[draw]
    on, seen = first + 7, first + 5  # the last report is of 13 January, for days up to then
    expected = 0.0
    for day in range(first, on + 1):
        for verified in range(day, on + 1):
            if day <= seen and verified <= seen:
                continue  # in the report
            chance = discrete_cdf("weibull", delay, [verified - day])[0]
            chance -= discrete_cdf("weibull", delay, [verified - day - 1])[0]
            expected += share * rates[day - first] * chance
    bases = estimate.series[which].cover(first, on, seen)
    found = estimate._forecast.mean(which, first, on, on, bases).sum(axis=1)[draw]
    assert found == pytest.approx(expected, rel=1e-10)  # the same sums in another order


# the shipped file


def test_the_shipped_file_converges_and_is_fast_enough() -> None:
    found = fitted().diagnostics
    assert found["r_hat"] < 1.2
    assert found["effective_draws"] > 60
    assert 0.2 < found["verified_same_day"] < 0.98


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
    assert 0.8 < pud["mean"] < 1.6
    announced = ratios.loc[("Public Ministry / Attorney General", "announced")]
    assert announced["low"] > 1


def test_daily_counts_add_up_to_the_published_totals() -> None:
    daily = fitted().daily
    verified = daily[(daily.source == MONITOR) & (daily.quantity == "verified in the end")]
    cumulative = fitted().cumulative
    total = cumulative[(cumulative.source == MONITOR) & (cumulative.quantity == "verified in the end")]
    assert (verified["low"] <= verified["high"]).all()
    assert total["mean"].is_monotonic_increasing
    assert total["mean"].iloc[-1] == pytest.approx(verified["mean"].sum(), rel=1e-9)
    since = verified[verified.date >= "2026-01-08"]["mean"].sum()
    assert since >= 302
    carried_out = daily[daily.quantity == "carried out"]
    assert set(carried_out.source) == {MONITOR}
    assert set(carried_out.identified_by) == {"prior"}
    assert (carried_out["mean"].to_numpy() >= verified["mean"].to_numpy()).all()


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
    assert (gap.eventually_verified.identified_by, gap.carried_out.identified_by) == ("data", "prior")
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
    assert record["estimator"] == "ReleaseProcess(n_draws=512)"
    assert record["data_sha256"] == reports().digest
    assert "monitor" in record["eventually_verified"]
    assert "Margossian" in small().cite()
    assert "monitor will have verified" in str(small())


def test_the_specification_can_be_evaluated_back() -> None:
    spec = ReleaseProcess(verification=(20, 2), delay="log-normal", memory=10, n_draws=200)
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
    with pytest.raises(InputError, match="memory: expected a finite number above 0"):
        ReleaseProcess(memory=0)
    with pytest.raises(InputError, match="n_draws: expected a whole number of at least 100"):
        ReleaseProcess(n_draws=10)
    with pytest.raises(InputError, match="jump: expected a finite number of 0 or more"):
        ReleaseProcess(jump=-1)
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
        assert np.isfinite(found.daily[["mean", "low", "high"]].to_numpy()).all()
        assert np.isfinite(found.cumulative["high"].to_numpy()).all()
        found.gap(found.as_of - dt.timedelta(60), found.as_of)
    except DetcountError:
        pass  # an answer too: valid data may have none


def test_counts_beyond_the_model_are_declined_at_once() -> None:
    rows = reports().to_frame()
    rows.loc[rows.index[-1], "count"] = 10**8 + 1
    with pytest.raises(NotEstimableError, match="a count of 100,000,001 releases is above the 100,000,000"):
        CHEAP.fit(PublishedReleases.from_frame(rows))


def invented_posterior(n_draws: int, n_blocks: int, **changes: Any) -> Posterior:
    """Draws of a process that is known: one release a day, and one source as good as the other."""
    one = np.ones(n_draws)
    fields: dict[str, Any] = {
        "log_rate": np.zeros((n_draws, n_blocks)),
        "ratio": np.zeros((n_draws, 2)),
        "level": 0 * one,
        "first": 0 * one,
        "last": 0 * one,
        "delay": np.column_stack([one, one]),
        "spread": 0.5 * one,
        "day": 1e-9 * one,
        "campaign": 0.8 * one,
        "r_hat": 1.0,
        "effective": float(n_draws),
        "worst": "",
        "effective_globals": 1.0,
        "pareto_k": 0.0,
    }
    return Posterior(**{**fields, **changes})


def test_beyond_the_days_of_the_counts_campaigns_keep_their_spread() -> None:
    """What is kept of a campaign and what is new add up to its variance on every day."""
    n_draws, campaign = 40_000, 0.8
    random = np.random.default_rng(11)
    at_the_end = campaign * random.standard_normal(n_draws)
    layout = small().layout
    posterior = invented_posterior(n_draws, len(layout.starts), last=at_the_end)
    estimate = dataclasses.replace(small(), posterior=posterior)
    steps = np.array([1, 2, 7, 60])
    logs = np.log(estimate._forecast.rates(layout.last + steps))
    error = campaign / math.sqrt(2 * n_draws)  # of a standard deviation
    np.testing.assert_allclose(logs.std(axis=0), campaign, atol=FOUR_ERRORS * error)
    kept = np.exp(-steps / estimate.estimator.memory)
    found = [np.corrcoef(at_the_end, column)[0, 1] for column in logs.T]
    np.testing.assert_allclose(found, kept, atol=FOUR_ERRORS / math.sqrt(n_draws))


def test_daily_carried_out_are_the_verified_and_those_that_never_will_be() -> None:
    """One release a day of the register with a chance c of being verified stands for 1/c that happened."""
    a, b = 40.0, 120.0
    n_draws, layout = 4000, small().layout
    estimate = dataclasses.replace(
        small(),
        posterior=invented_posterior(n_draws, len(layout.starts)),
        estimator=dataclasses.replace(CHEAP, verification=(a, b)),
    )
    frame = estimate.daily
    means = frame.pivot(index="date", columns="quantity", values="mean")
    never = (means["carried out"] - means["verified in the end"]).to_numpy()
    expected = b / (a - 1)  # mean of (1 - c)/c
    error = math.sqrt(expected + expected**2 / a) / math.sqrt(n_draws)
    assert len(never) > 3
    np.testing.assert_allclose(never, expected, atol=1.2 * FOUR_ERRORS * error)
