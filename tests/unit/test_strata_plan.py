"""A dry run: what would be fitted, what is kept or declined, and a forecast that holds on counted work."""

from __future__ import annotations

import dataclasses
import math
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detcount import CaptureTable, RepeatedCounts, abundance, fit_strata, strata
from detcount._numerics.pilots import forecast, seconds_on
from detcount.errors import InputError
from detcount.estimates import AbundanceEstimate

LISTS = ("press", "court", "families", "clinic", "monitor", "register")
FACTOR = 1.35  # forecast of the sum: 16 fits of strata that differ by a factor of about 1.2 and a known law
BAND = (0.85, 1.0)  # 60 sets at 95% by Student's quantile: 0.95 less 3.5 standard errors


@dataclasses.dataclass(frozen=True)
class Ticking:
    """Chapman's estimate of the first two lists, that takes a number of ticks of a clock of its own."""

    power: float = 0.0  # of the histories
    unit: float = 1e-3
    assumes = abundance.Chapman().assumes
    references = abundance.Chapman().references

    def ticks(self, table: CaptureTable) -> float:
        noise = 0.8 + 0.4 * (int(table.digest[:6], 16) / 16**6)
        return self.unit * 4.0**table.n_lists * len(table.counts) ** self.power * noise

    def fit(self, table: CaptureTable, *, seed: int = 0) -> AbundanceEstimate:
        CLOCK.now += self.ticks(table)
        FITTED.append(table.digest)
        return abundance.Chapman().fit(table.keep(table.lists[:2]), seed=seed)


class Clock:
    now = 0.0


CLOCK = Clock()
FITTED: list[str] = []


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    FITTED.clear()
    monkeypatch.setattr("detcount.strata.plan._clock", lambda: CLOCK.now)


def table(n_lists: int, seed: int, n_persons: int = 200) -> CaptureTable:
    random = np.random.default_rng([n_lists, seed])
    rows = (random.random((n_persons, n_lists)) < random.uniform(0.1, 0.5, size=n_lists)).astype(np.int8)
    rows[: n_lists + 1] = 1 - np.eye(n_lists + 1, n_lists, dtype=np.int8)  # nobody missing on any list
    histories, counts = np.unique(rows[rows.any(axis=1)], axis=0, return_counts=True)
    return CaptureTable(LISTS[:n_lists], histories, counts)


def many(*n_of_lists: tuple[int, int], seed: int = 0) -> dict[str, CaptureTable]:
    return {
        f"{n_lists} lists, {k}": table(n_lists, 1000 * seed + k, 60 + 40 * k)
        for n_lists, n in n_of_lists
        for k in range(n)
    }


@pytest.mark.parametrize("power", [0.0, 1.0])
def test_the_forecast_holds_on_work_that_is_counted(power: float) -> None:
    estimator, covered = Ticking(power, 1e-5), 0
    random = np.random.default_rng(15)
    n_sets = 30
    for k in range(n_sets):
        tables = many((4, int(random.integers(5, 30))), (3, 15), (5, int(random.integers(1, 8))), seed=k)
        plan = strata.plan_fits(estimator, tables)
        truth = sum(map(estimator.ticks, tables.values()))
        assert truth / FACTOR < plan.cpu_seconds < truth * FACTOR
        assert not plan.at_least
        covered += plan.cpu_low <= truth <= plan.cpu_high
        assert sum(plan.seconds[name] for name in plan.timed) == pytest.approx(
            sum(estimator.ticks(tables[name]) for name in plan.timed)
        )
        assert set(plan.timed) < set(tables)
        FITTED.clear()
    assert BAND[0] <= covered / n_sets <= BAND[1]


def test_a_fit_that_would_take_too_long_is_not_begun() -> None:
    tables = many((3, 20), (4, 20), (6, 2))
    estimator = Ticking()  # 0.06, 0.26 and 4 seconds
    plan = strata.plan_fits(estimator, tables, most_seconds=1.5)
    truth = sum(map(estimator.ticks, tables.values()))
    assert not any(name.startswith("6") for name in plan.timed)
    assert plan.at_least
    assert plan.cpu_high == math.inf
    assert plan.cpu_low < plan.cpu_seconds < truth
    assert "at least" in plan.headline()
    assert any("No stratum with as many lists as the dearest was timed" in note for note in plan.notes)
    spent = sum(plan.seconds[name] for name in plan.timed)
    assert spent <= 1.5
    whole = strata.plan_fits(estimator, tables, most_seconds=60)
    assert any(name.startswith("6") for name in whole.timed)
    assert whole.cpu_low < truth < whole.cpu_high


def test_it_says_what_is_kept_declined_and_left(tmp_path: Path) -> None:
    folder = tmp_path / "answers"
    two = {
        f"two {k}": CaptureTable.from_counts({"10": 40 + k, "01": 60, "11": 20}, lists=LISTS[:2])
        for k in range(6)
    }
    odd = {
        "nobody in court": CaptureTable.from_counts({"10": 7}, lists=LISTS[:2]),
        "nobody in press": CaptureTable.from_counts({"01": 7}, lists=LISTS[:2]),
    }
    four = many((4, 5))
    tables = {**odd, **four, **two}
    chapman = abundance.Chapman()
    fit_strata(chapman, {name: two[name] for name in ("two 1", "two 4")}, cache=folder)
    before = sorted(folder.rglob("*"))
    plan = strata.plan_fits(chapman, tables, cache=folder)
    assert sorted(folder.rglob("*")) == before
    assert plan.kept == ("two 1", "two 4")
    assert plan.to_fit == ("two 0", "two 2", "two 3", "two 5")
    result = fit_strata(chapman, tables, cache=folder)
    assert {name: error.reason for name, error in plan.declined.items()} == {
        name: error.reason for name, error in result.declined.items()
    }
    assert set(plan.declined) == {*odd, *four}
    everything = strata.plan_fits(chapman, tables, cache=folder)
    assert everything.kept == tuple(tables)
    assert everything.cpu_seconds == everything.elapsed_seconds == 0
    assert everything.timed == everything.to_fit == ()
    assert everything.sentence().endswith("Nothing has to be computed.")
    states = plan.to_frame().set_index("stratum")["state"]
    assert states.value_counts().to_dict() == {"declined": 7, "to fit": 4, "kept": 2}


def test_a_folder_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    plan = strata.plan_fits(Ticking(), many((3, 3)), cache=tmp_path / "none", seed=4)
    assert plan.kept == ()
    assert plan.seed == 4
    assert list(tmp_path.iterdir()) == []


def test_an_estimator_that_takes_an_odd_table_is_asked_once() -> None:
    @dataclasses.dataclass(frozen=True)
    class Taking(Ticking):
        def fit(self, table: CaptureTable, *, seed: int = 0) -> AbundanceEstimate:
            CLOCK.now += 0.5
            FITTED.append(table.digest)
            full = CaptureTable.from_counts({"10": 40, "01": 60, "11": 20}, lists=LISTS[:2])
            return dataclasses.replace(abundance.Chapman().fit(full), digest=table.digest)

    empty = {f"empty {k}": CaptureTable.from_counts({"10": 7 + k}, lists=LISTS[:2]) for k in range(40)}
    plan = strata.plan_fits(Taking(), empty, most_seconds=2.0)
    assert plan.declined == {}
    assert len(FITTED) <= 1 + 4  # asked once, then timed: 2 seconds are four fits


def test_counts_of_one_list_are_planned_too() -> None:
    one = {f"s{k}": RepeatedCounts.from_frequencies({1: 54 + k, 2: 17, 4: 3}) for k in range(5)}
    plan = strata.plan_fits(abundance.ChaoCounts(), one)
    assert set(plan.n_lists.values()) == {1}
    assert plan.to_fit == tuple(one)
    assert plan.n_histories["s0"] == 3


def test_names_of_strata_stand_in_the_frame_alone() -> None:
    tables = {"Zutano": table(3, 1), "Perengano": CaptureTable.from_counts({"100": 2}, lists=LISTS[:3])}
    plan = strata.plan_fits(abundance.LogLinear(), tables)
    told = "".join(
        [str(plan.summary()), plan.summary().html("es"), repr(plan), str(plan), plan._repr_html_()]
    )
    assert "Zutano" not in told
    assert "Perengano" not in told
    assert plan.to_frame()["stratum"].tolist() == ["Zutano", "Perengano"]


def test_what_one_waits_for_on_workers() -> None:
    assert seconds_on(1, np.array([3.0, 4.0])) == 7.0
    assert seconds_on(2, np.array([3.0, 4.0, 3.0])) == pytest.approx(6.0)
    assert seconds_on(2, np.array([30.0, 1.0, 1.0])) == pytest.approx(31.0)
    assert seconds_on(2, np.array([0.2, 0.3])) == 0.5  # too small to share
    plan = strata.plan_fits(Ticking(), many((5, 12)), n_jobs=2)
    assert plan.n_workers == 2
    assert plan.elapsed_seconds < plan.cpu_seconds * 0.7
    assert "On 2 workers" in plan.sentence()


def test_what_cannot_be_planned() -> None:
    with pytest.raises(InputError, match="expected at least one stratum"):
        strata.plan_fits(Ticking(), {})
    with pytest.raises(InputError, match="most_seconds: expected a finite number above 0"):
        strata.plan_fits(Ticking(), many((3, 1)), most_seconds=0)
    named = abundance.LogLinear(interactions=(("press", "nobody"),))
    with pytest.raises(InputError, match="stratum '3 lists, 0': interactions: no list 'nobody'"):
        strata.plan_fits(named, many((3, 1)))


@given(
    st.lists(st.tuples(st.integers(2, 6), st.integers(1, 60), st.floats(1e-4, 50)), min_size=1, max_size=40),
    st.floats(0.01, 100),
)
def test_measured_seconds_stay_and_the_rest_is_between_them(
    tasks: list[tuple[int, int, float]], most: float
) -> None:
    groups = np.array([task[0] for task in tasks])
    sizes = np.array([[task[1], 10 * task[1]] for task in tasks], dtype=float)
    calls: list[int] = []

    def run(place: int) -> float:
        calls.append(place)
        return tasks[place][2]

    found = forecast(groups, sizes, run, most_seconds=most)
    assert set(found.timed) == set(calls)
    assert all(found.seconds[place] == tasks[place][2] for place in found.timed)
    assert (found.seconds > 0).all()
    assert found.low <= found.seconds.sum() * (1 + 1e-12)
    assert found.high >= found.seconds.sum() * (1 - 1e-12)
    untimed = set(groups) - set(groups[list(found.timed)])
    assert math.isinf(found.high) == bool(untimed)
    if len(found.timed) == len(tasks):
        assert found.high / found.low == pytest.approx(1.2**2)  # only the clock is left


@pytest.mark.slow
def test_the_forecast_holds_on_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("detcount.strata.plan._clock", time.process_time)
    tables = many((4, 40), (5, 2), seed=7)
    for estimator in (abundance.DecomposableGraphs(), abundance.SelectedLogLinear()):
        plan = strata.plan_fits(estimator, tables)
        start = time.process_time()
        fit_strata(estimator, tables, n_jobs=1)
        taken = time.process_time() - start
        assert taken / 2.5 < plan.cpu_seconds < taken * 2.5  # seconds of a shared machine
