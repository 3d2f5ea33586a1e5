"""Backtests: targets found by rule, nothing known too early, scores right, baselines and rivals fair."""

import sys
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases import rows_in
from detcount import stock
from detcount.estimates import UncertainCount

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "benchmarks"))

import stock_forecasts  # noqa: E402
from backtest import scores, targets  # noqa: E402
from backtest.forecasters import FORECASTERS, Case, answer, others  # noqa: E402
from registers import LocalLevel, LocalLinearTrend, RegisterPool  # noqa: E402

RESULTS = ROOT / "benchmarks" / "results" / "releases_backtest.csv"
EXACT = 1e-12  # the same arithmetic in another order
STORED = 1e-5  # figures are stored with six digits
REPORTS = targets.COLLECTIONS[0].reports
TARGETS = targets.targets(REPORTS)
EVERY = targets.every_target()


def test_targets_are_those_of_the_rules_written_another_way():
    frame = REPORTS.to_frame()
    frame["end"] = frame["end"].fillna(frame["published"])
    frame["row"] = np.arange(len(frame))
    event = frame["event"]
    frame["lot"] = event.where(event.str.split(" ").str[0].isin(["event", "round"]), "")
    frame = frame[(frame["role"] == "verified") & frame["start"].notna()]
    pairs = frame.merge(frame, on=["source", "measure", "start", "lot"], suffixes=("", "_then"))
    group = pairs.groupby(["source", "measure", "start", "lot"])
    final = pairs["row_then"] == group["row_then"].transform("max")
    newest = frame.groupby(["source", "measure", "start", "lot", "published"])["row"].transform("max")
    last_of_day = set(frame["row"][frame["row"] == newest])
    ahead = (pairs["published_then"] - pairs["published"]).dt.days
    positive = ahead.where(ahead > 0)
    following = positive.groupby(pairs["row"]).transform("min")
    closed = final & ((pairs["published_then"] - pairs["end_then"]).dt.days >= 7)
    chosen = pairs[
        (ahead > 0)
        & pairs["row_then"].isin(last_of_day)
        & ~pairs["at_least_then"]
        & (pairs["end_then"] >= pairs["end"])
        & ((ahead == following) | (ahead <= 7) | closed)
    ]
    expected = sorted(
        zip(
            chosen["source"],
            chosen["published"].astype("datetime64[s]").astype(str),
            chosen["count"],
            chosen["published_then"].astype("datetime64[s]").astype(str),
            chosen["count_then"],
            strict=True,
        )
    )
    found = sorted(
        (t.question.source, str(t.as_of), t.latest, str(t.question.on), t.outcome) for t in TARGETS
    )
    assert found == expected
    assert len(found) > 100


@pytest.mark.parametrize("same_day", [False, True])
def test_nothing_is_known_too_early(same_day):
    for target in targets.targets(REPORTS, same_day=same_day):
        known = REPORTS.where(target.known)
        assert (known.published <= target.as_of).all()
        own = known.select(source=target.question.source)
        assert own.count[-1] == target.latest or own.published[-1] == target.as_of
        assert Case(target, known, ()).figures.latest == target.latest


def test_interval_scores_by_hand():
    assert scores.interval_score(3.0, 7.0, 5.0, 0.8) == 4
    assert scores.interval_score(3.0, 7.0, 1.0, 0.8) == pytest.approx(4 + 10 * 2, rel=EXACT)
    assert scores.interval_score(3.0, 7.0, 8.5, 0.95) == pytest.approx(4 + 40 * 1.5, rel=EXACT)


@given(
    draws=st.lists(st.integers(0, 40), min_size=1, max_size=30),
    outcome=st.integers(0, 50),
    level=st.sampled_from([0.5, 0.8, 0.95]),
)
def test_crps_and_limits_agree_with_brute_force(draws, outcome, level):
    distribution = scores.Distribution.of(draws)
    for scale in (np.asarray, np.log1p):
        x, y = scale(np.array(draws, dtype=float)), scale(float(outcome))
        slow = np.abs(x - y).mean() - np.abs(x[:, None] - x[None, :]).mean() / 2
        assert distribution.crps(float(outcome), scale) == pytest.approx(slow, abs=1e-9)
    count = UncertainCount.from_draws(draws, bounds=(0, 60), identified_by="data")
    interval = count.interval(level)
    assert scores.Distribution.of(count).interval(level) == (interval.low, interval.high)
    assert distribution.interval(level) == (interval.low, interval.high)


def test_each_target_counts_once_however_many_reports_it_is_forecast_from():
    several = [t for t in TARGETS if t.outcome == 169]
    one = next(t for t in TARGETS if t.outcome == 61)
    sure = scores.Distribution.of([100])
    given = [scores.Score("f", t, sure) for t in [*several, one]]
    mean = scores.averages(given)["f"]["crps"]
    assert mean == pytest.approx((69 + 39) / 2, rel=EXACT)


@given(draws=st.lists(st.integers(0, 12), min_size=1, max_size=40), outcome=st.integers(0, 14))
def test_pit_bins_hold_the_mass_of_the_outcome(draws, outcome):
    bins = scores.Distribution.of(draws).pit(outcome)
    assert bins.sum() == pytest.approx(1.0, abs=1e-9)
    below, upto = np.mean(np.array(draws) < outcome), np.mean(np.array(draws) <= outcome)
    if upto - below > 1e-9:  # uniform between the two, in tenths
        points = below + (np.arange(20_000) + 0.5) / 20_000 * (upto - below)
        slow = np.histogram(points, bins=np.linspace(0, 1, 11))[0] / 20_000
        assert bins == pytest.approx(slow, abs=2e-3)
    else:
        assert bins[min(int(below * 10 + 1e-12), 9)] == 1 or below * 10 == pytest.approx(round(below * 10))


def test_a_campaign_left_out_is_learned_from_by_nothing():
    target, known = next((t, k) for t, k in EVERY if t.campaign == "Cuba, January 2025")
    case = Case(target, known, others(target.campaign))
    assert target.campaign not in case.elsewhere
    from detcount.releases.totals import growth_in

    used = growth_in(case.elsewhere)
    with_it = growth_in(others())
    assert len(with_it.growth) - len(used.growth) == 6  # four figures of Prisoners Defenders: six pairs
    assert 192.0 not in used.totals


def test_stored_results_are_those_of_the_code():
    of_case = ("forecaster", "campaign", "series", "as_of", "latest", "on")
    stored = {tuple(line[name] for name in of_case): line for line in rows_in(RESULTS)}
    for target, known in EVERY[::9]:
        for name, forecaster in FORECASTERS.items():
            line = stored[(name, *target.key)]
            score = scores.Score(
                name, target, answer(forecaster, Case(target, known, others(target.campaign)))
            )
            assert int(line["outcome"]) == target.outcome
            for figure, value in score.figures.items():
                assert float(line[figure]) == pytest.approx(value, rel=STORED, abs=STORED)
    forecasters = {key[0] for key in stored}
    assert len(stored) == len(forecasters) * len(EVERY)


def test_the_page_prints_tables_of_the_results():
    page = (ROOT / "docs" / "backtest.md").read_text(encoding="utf-8")
    results = "".join(
        path.read_text(encoding="utf-8") for path in sorted((ROOT / "benchmarks" / "results").glob("*.md"))
    ).splitlines()
    printed = [line for line in page.splitlines() if line.startswith("|")]
    assert len(printed) > 15
    assert [line for line in printed if line not in results] == []


def test_the_pool_is_what_the_rule_asks_for():
    """Each cover of 0.90, and on the campaign of nine months a score of 2.5 at most."""
    pool = [line for line in rows_in(RESULTS) if line["forecaster"] == "pool"]
    havana = [float(line["log interval score 95%"]) for line in pool if line["campaign"] == "Cuba, July 2010"]
    assert np.mean(havana) <= 2.5
    assert np.mean([int(line["cover 95%"]) for line in pool]) >= 0.9


sys.path.insert(0, str(ROOT / "benchmarks"))
RIVALS = (RegisterPool(), LocalLinearTrend(), LocalLevel(), LocalLevel(burst=None))


@cache
def scored(name):
    """Mean error and mean pinball loss of each forecaster over the next three totals of a series."""
    rows = stock_forecasts.scores((*RIVALS, stock.LastValue()), (name,))[name]
    names = dict.fromkeys(row["forecaster"] for row in rows)
    return {
        who: {
            score: float(np.mean([row[score] for row in rows if row["forecaster"] == who]))
            for score in ("error", "pinball")
        }
        for who in names
    }


@pytest.mark.slow
@pytest.mark.parametrize("rival", RIVALS, ids=repr)
def test_none_beats_the_last_total_on_every_series_that_ships(rival):
    """A forecaster is public only if it does, in error and in pinball loss."""
    lost = [
        name
        for name in stock_forecasts.SERIES
        for score in ("error", "pinball")
        if scored(name)[repr(rival)][score] >= scored(name)["LastValue()"][score]
    ]
    assert lost
