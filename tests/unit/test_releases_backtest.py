"""The backtest of releases: targets found by rule, nothing known too early, scores right, baselines fair."""

from __future__ import annotations

import csv
import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detcount import PublishedReleases
from detcount.errors import NotEstimableError
from detcount.estimates import UncertainCount

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "benchmarks" / "results" / "releases_backtest.csv"

EXACT = 1e-12  # the same arithmetic in another order
STORED = 1e-5  # figures are stored with six digits


def load():
    spec = importlib.util.spec_from_file_location(
        "releases_backtest", ROOT / "benchmarks" / "releases_backtest.py"
    )
    module = importlib.util.module_from_spec(spec)
    sys.modules["releases_backtest"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


backtest = load()
REPORTS = backtest.shipped()
TARGETS = backtest.targets(REPORTS)


def rows(table):
    """Published counts from short rows: published, source, role, start, end, count, event, at_least."""
    names = ("published", "source", "role", "start", "end", "count", "event", "at_least")
    return PublishedReleases.from_frame(dict(zip(names, map(list, zip(*table, strict=True)), strict=True)))


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


def test_the_figures_named_in_the_documentation_are_among_the_targets():
    found = {(t.latest, t.outcome) for t in TARGETS}
    named = {(107, 169), (131, 169), (143, 169), (18, 48), (25, 48), (80, 110), (104, 110), (75, 61)}
    assert named <= found
    # a lot and a running total that begin on the same day are not the same thing
    assert not {(53, 116), (116, 163)} & found
    for monitor in ("Foro Penal", "Plataforma Unitaria", "Justicia, Encuentro"):
        january = [
            t for t in TARGETS if t.series.startswith(monitor) and t.series.endswith("from 2026-01-08")
        ]
        assert january


def test_figures_of_one_day_are_apart():
    pairs = {(t.latest, t.outcome) for t in backtest.targets(REPORTS, same_day=True)}
    assert {(41, 56), (72, 84), (145, 151), (166, 170)} <= pairs
    assert all(t.days_ahead == 0 for t in backtest.targets(REPORTS, same_day=True))
    assert all(t.days_ahead > 0 for t in TARGETS)


@pytest.mark.parametrize("same_day", [False, True])
def test_nothing_is_known_too_early(same_day):
    for target in backtest.targets(REPORTS, same_day=same_day):
        known = REPORTS.where(target.known)
        assert (known.published <= target.as_of).all()
        own = known.select(source=target.question.source)
        assert own.count[-1] == target.latest or own.published[-1] == target.as_of
        assert backtest.latest_figure(known, target.question)[1] == target.latest


def test_rules_on_rows_made_for_them():
    v = "verified"
    reports = rows(
        [
            ("2026-03-01", "m", v, "2026-03-01", "2026-03-01", 5, "since", False),
            ("2026-03-02", "m", v, "2026-03-01", "2026-03-02", 9, "since", False),
            ("2026-03-02", "m", v, "2026-03-01", "2026-03-02", 10, "since", False),
            ("2026-03-05", "m", v, "2026-03-01", "2026-03-05", 20, "since", True),  # an "at least": no target
            ("2026-03-08", "m", v, "2026-03-01", None, 23, "since", False),
            ("2026-03-12", "m", v, "2026-03-01", "2026-03-04", 22, "since", False),  # covers less
            ("2026-03-30", "m", v, "2026-03-01", "2026-03-15", 40, "month", False),  # closed, and the last
            ("2026-03-09", "m", v, "2026-03-02", "2026-03-09", 50, "since", False),  # another first day
            ("2026-03-09", "n", v, "2026-03-01", "2026-03-09", 51, "since", False),  # another source
            ("2026-03-10", "m", "reported", "2026-03-01", "2026-03-10", 52, "since", False),
            ("2026-03-10", "m", v, "2026-03-01", "2026-03-10", 53, "event x", False),  # a lot
            ("2026-03-31", "m", v, None, "2026-03-30", 54, "since", False),  # first day not stated
        ]
    )
    found = [(t.latest, t.outcome) for t in backtest.targets(reports)]
    from_first = [(5, 10), (5, 23), (5, 40)]
    from_second_day = [(9, 23), (9, 40), (10, 23), (10, 40)]
    from_later = [(20, 23), (20, 40), (23, 40), (22, 40)]
    assert found == from_first + from_second_day + from_later


def test_interval_scores_by_hand():
    assert backtest.interval_score(3.0, 7.0, 5.0, 0.8) == 4
    assert backtest.interval_score(3.0, 7.0, 1.0, 0.8) == pytest.approx(4 + 10 * 2, rel=EXACT)
    assert backtest.interval_score(3.0, 7.0, 8.5, 0.95) == pytest.approx(4 + 40 * 1.5, rel=EXACT)


@given(
    draws=st.lists(st.integers(0, 40), min_size=1, max_size=30),
    outcome=st.integers(0, 50),
    level=st.sampled_from([0.5, 0.8, 0.95]),
)
def test_crps_and_limits_agree_with_brute_force(draws, outcome, level):
    distribution = backtest.Distribution.of(draws)
    for scale in (np.asarray, np.log1p):
        x, y = scale(np.array(draws, dtype=float)), scale(float(outcome))
        slow = np.abs(x - y).mean() - np.abs(x[:, None] - x[None, :]).mean() / 2
        assert distribution.crps(float(outcome), scale) == pytest.approx(slow, abs=1e-9)
    count = UncertainCount.from_draws(draws, bounds=(0, 60), identified_by="data")
    interval = count.interval(level)
    assert backtest.Distribution.of(count).interval(level) == (interval.low, interval.high)
    assert distribution.interval(level) == (interval.low, interval.high)


def test_each_target_counts_once_however_many_reports_it_is_forecast_from():
    several = [t for t in TARGETS if t.outcome == 169]
    one = next(t for t in TARGETS if t.outcome == 61)
    sure = backtest.Distribution.of([100])
    scores = [backtest.Score("f", t, sure) for t in [*several, one]]
    mean = backtest.averages(scores)["f"]["crps"]
    assert mean == pytest.approx((69 + 39) / 2, rel=EXACT)


def test_a_declined_target_is_left_out_for_all():
    class Shy:
        name = "shy"

        def forecast(self, known, question):
            if question.lot:
                raise NotEstimableError("shy", "lots", "ask another")
            return [3]

    some = [t for t in TARGETS if t.outcome in (48, 169)]
    scores = backtest.score_all(REPORTS, some, [backtest.NoMoreVerified(), Shy()])
    common = backtest.answered_by_all(scores)
    assert len(scores) == 2 * len(some)
    assert {s.target.outcome for s in common} == {169}
    assert {s.forecaster for s in common} == {"no more will be verified", "shy"}


def growing(n, factor=1.3, source="m", first="2026-03-01"):
    """A series whose 1 + total grows by one factor a day."""
    days = np.datetime64(first, "D") + np.arange(n)
    totals = np.rint(1e6 * factor ** np.arange(n)) - 1
    return [
        (str(day), source, "verified", first, str(day), int(total), "since", False)
        for day, total in zip(days, totals, strict=True)
    ]


def question_about(reports, days_ahead, source="m", start="2026-03-01"):
    on = reports.published[-1] + np.timedelta64(days_ahead, "D")
    return backtest.Question(source, np.datetime64(start, "D"), on, on)


def test_chain_ladder_continues_steady_growth():
    reports = rows(growing(8))
    draws = backtest.ChainLadder().forecast(reports, question_about(reports, 3))
    expected = 1e6 * 1.3**10
    # totals are rounded to persons, a millionth of them, and so are the factors
    assert np.allclose(draws, expected, rtol=1e-5)


def test_chain_ladder_takes_the_factor_of_an_age_from_older_series():
    # an older series that doubled on its second day of age and then stood still
    first = [("2026-01-01", 99), ("2026-01-02", 199), ("2026-01-03", 199), ("2026-01-04", 199)]
    old = [(day, "o", "verified", "2026-01-01", day, n, "since", False) for day, n in first]
    later = [
        ("2026-03-01", "m", "verified", "2026-03-01", "2026-03-01", 999_999, "since", False),
    ]
    reports = rows([*old, *later])
    draws = backtest.ChainLadder().forecast(reports, question_about(reports, 1))
    from_start = np.median(draws)
    # most redrawn factors hold the doubling; the noise at a million persons is a hundredth
    assert from_start == pytest.approx(2e6, rel=0.05)


def test_chain_ladder_with_too_little_history_says_between_none_and_a_few_times_as_many():
    reports = rows(growing(2))
    draws = backtest.ChainLadder().forecast(reports, question_about(reports, 4))
    latest = reports.count[-1]
    assert draws.min() >= latest
    # the median of a half-normal is 0.6745 standard deviations; 4,000 draws give it to some hundredths
    assert np.log(np.median(draws) / latest) == pytest.approx(0.6745 * np.log(2), rel=0.1)


def test_chain_ladder_does_not_read_what_the_authority_says():
    reports = rows(growing(6))
    more = rows(
        [
            *growing(6),
            ("2026-03-03", "ministry", "announced", "2026-03-01", "2026-03-03", 10**7, "since", False),
        ]
    )
    one, two = (backtest.ChainLadder().forecast(each, question_about(reports, 2)) for each in (reports, more))
    assert (one == two).all()


def test_stored_results_of_the_baselines_are_those_of_the_code():
    with RESULTS.open(encoding="utf-8", newline="") as file:
        stored = list(csv.DictReader(file))
    used = [backtest.NoMoreVerified(), backtest.ChainLadder()]
    for score in backtest.score_all(REPORTS, TARGETS, used):
        target = score.target
        match = [
            line
            for line in stored
            if (line["forecaster"], line["series"], line["as_of"], line["on"], int(line["latest"]))
            == (score.forecaster, target.series, str(target.as_of), str(target.question.on), target.latest)
        ]
        assert len(match) == 1
        assert int(match[0]["outcome"]) == target.outcome
        for name, value in score.figures.items():
            assert float(match[0][name]) == pytest.approx(value, rel=STORED, abs=STORED)
    n_forecasters = len({line["forecaster"] for line in stored})
    assert len(stored) == n_forecasters * len(TARGETS)


def test_the_page_prints_tables_of_the_results():
    page = (ROOT / "docs" / "backtest.md").read_text(encoding="utf-8")
    results = RESULTS.with_suffix(".md").read_text(encoding="utf-8")
    printed = [line for line in page.splitlines() if line.startswith("|")]
    assert len(printed) > 15
    assert [line for line in printed if line not in results.splitlines()] == []


def test_stored_results_beat_both_baselines_on_the_main_score():
    with RESULTS.open(encoding="utf-8", newline="") as file:
        stored = list(csv.DictReader(file))
    assert not [line for line in stored if line["declined"]]
    means = {}
    for name in dict.fromkeys(line["forecaster"] for line in stored):
        windows: dict[tuple[str, str, str], list[float]] = {}
        for line in stored:
            if line["forecaster"] == name:
                windows.setdefault((line["series"], line["end"], line["on"]), []).append(
                    float(line[backtest.MAIN])
                )
        means[name] = np.mean([np.mean(scores) for scores in windows.values()])
    ours = means.pop("ReleaseProcess")
    assert len(means) == 2
    assert ours < min(means.values())
