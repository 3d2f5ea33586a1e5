"""Exits of which no list knows yet: how many, against a world that knows them, and where there are none."""

from __future__ import annotations

import numpy as np
import pytest

from detcount import PersonLists, abundance, simulate, stock
from detcount._numerics.stock import unlearned
from detcount._numerics.stock.spells import NEVER, joined
from detcount.errors import InputError
from detcount.simulate import DetaineeList
from detcount.stock.late_exits import those_who_left

FIRST = np.datetime64("2024-01-01")
N_DAYS = 400
N_SEEDS = 16


def world(seed, *, mean_delay=30.0, never=0.05, n=1500, told_by="each"):
    """People with constant hazards, on two lists that learn late: the frame, and the truth of each day."""
    rng = np.random.default_rng([5, seed])
    entered = rng.integers(0, N_DAYS - 20, n)
    left = entered + 5 + rng.geometric(1 / 180, n)
    frame = {name: [] for name in ("id", "source", "arrest", "exit", "seen", "heard")}
    known = np.full(n, NEVER)
    named = np.zeros(n, dtype=bool)
    for k, share in enumerate((0.6, 0.45)):
        mine = np.flatnonzero(rng.random(n) < share)
        seen = entered[mine] + rng.integers(0, 5, len(mine))
        delay = rng.geometric(1 / (1 + mean_delay * (1 + k)), len(mine)) - 1
        heard = np.where(rng.random(len(mine)) < never * (1 + k), NEVER, left[mine] + delay)
        heard = np.where(heard < N_DAYS, heard, NEVER)
        known[mine] = np.minimum(known[mine], heard)
        named[mine] = True
        for person, day, learned in zip(mine, seen, heard, strict=True):
            frame["id"].append(f"p{person}")
            frame["source"].append(("press", "court")[k])
            frame["arrest"].append(str(FIRST + entered[person]))
            frame["exit"].append(str(FIRST + left[person]) if learned < NEVER else None)
            frame["seen"].append(str(FIRST + day))
            frame["heard"].append(str(FIRST + learned) if learned < NEVER else None)
    if told_by == "person":  # the first to know is written beside every row
        for row, name in enumerate(frame["id"]):
            person = int(name[1:])
            out = known[person] < NEVER
            frame["exit"][row] = str(FIRST + left[person]) if out else None
            frame["heard"][row] = str(FIRST + known[person]) if out else None
    days = np.arange(N_DAYS)[:, None]
    free = named & (known == NEVER) & (left < N_DAYS) & (entered < N_DAYS)
    return frame, ((left <= days) & free).sum(axis=1)


def read(frame):
    return PersonLists.from_frame(
        frame, person="id", list="source", entered="arrest", left="exit", listed_on="seen",
        left_known_on="heard",
    )  # fmt: skip


def found(frame, seed=0, days=(150, 250, 330, 380), **asked):
    people = read(frame)
    dates = [FIRST + min(day, N_DAYS - 2) for day in days]
    taken = stock.snapshots(people, [date for date in dates if date <= np.datetime64(people.latest_day)])
    return those_who_left(taken, stock.LateExits(**asked), seed), taken


def scores(days, **options):
    """Truth less mean, over the standard deviation of the draws, by seed and day; and the two means."""
    rows, truths, means = [], [], []
    for seed in range(N_SEEDS):
        frame, truth = world(seed, n=600, **options)
        left, _ = found(frame, seed)
        at = np.stack([left.on(int((FIRST + day).astype(int))) for day in days])
        rows.append((truth[list(days)] - at.mean(axis=1)) / at.std(axis=1))
        truths.append(truth[list(days)])
        means.append(at.mean(axis=1))
    return np.array(rows), np.mean(truths, axis=0), np.mean(means, axis=0)


@pytest.mark.parametrize(
    "options",
    [
        {},
        pytest.param({"mean_delay": 60.0, "never": 0.0}, marks=pytest.mark.slow),
        pytest.param({"never": 0.1}, marks=pytest.mark.slow),
    ],
)
def test_as_many_are_found_to_have_left_as_did(options):
    z, truth, mean = scores((250, 330, 380), **options)
    # sixteen worlds: the standard error of a mean score is a quarter, and the prior pulls somewhat
    assert np.abs(z.mean(axis=0)).max() < 1.1
    assert 0.6 < z.std() < 1.6
    assert mean[-1] == pytest.approx(truth[-1], rel=0.2)
    assert truth[-1] > 12  # there is something to find


def test_the_tables_lose_as_many_by_history():
    frame, truth = world(3, n=4000)
    left, taken = found(frame)
    for date, table in taken.tables.items():
        without = left.tables[date]
        assert without.lists == table.lists
        gone = table.n_observed - without.n_observed
        day = int((np.datetime64(date) - FIRST).astype(int))
        assert gone == pytest.approx(truth[day], rel=0.35, abs=6)
    # whoever is on one list only is more often free without anybody knowing
    last = max(taken.tables)
    before, after = (
        dict(zip(map(tuple, table.histories.tolist()), table.counts.tolist(), strict=True))
        for table in (taken.tables[last], left.tables[last])
    )
    share = {history: 1 - after[history] / before[history] for history in before}
    assert share[1, 1] < share[0, 1] < share[1, 0]  # the court learns later, and misses more


def test_exits_written_beside_every_row_are_learned_once():
    _, truth, mean = scores((250, 330, 380), told_by="person", never=0.0)
    assert mean == pytest.approx(truth, rel=0.25, abs=2)
    frame, _ = world(0, told_by="person")
    people = read(frame)
    assert unlearned.told_once(people.spells, people.left_known)
    assert not unlearned.told_once(read(world(0)[0]).spells, read(world(0)[0]).left_known)


def test_nothing_is_taken_out_where_no_exit_was_learned_late():
    frame, _ = world(1, mean_delay=0.0, never=0.0)
    left, taken = found(frame)
    assert left is None
    plain = stock.series(abundance.LogLinear(), taken, late_exits=None)
    same = stock.series(abundance.LogLinear(), taken)
    assert (same.draws == plain.draws).all()
    assert not same.detail.left
    nobody = {key: [None] * len(cells) if key in ("exit", "heard") else cells for key, cells in frame.items()}
    left, _ = found(nobody)
    assert left is None


def test_stretches_follow_a_person_from_list_to_list():
    frame = {
        "id": ["a", "a", "a", "b", "c", "c"],
        "source": ["x", "y", "z", "x", "y", "z"],
        "arrest": ["2024-01-01", "2024-01-01", "2024-01-01", "2024-01-03", "2024-01-01", "2024-01-01"],
        "exit": ["2024-02-01", None, None, None, "2024-01-09", None],
        "seen": ["2024-01-05", "2024-01-11", "2024-01-11", "2024-01-20", "2024-01-02", "2024-01-15"],
        "heard": ["2024-02-03", None, None, None, "2024-01-31", None],
    }
    people = read(frame)
    stretches = unlearned.stretches_of(people.spells, people.on, people.listed)
    day = lambda text: int(np.datetime64(text).astype(int))  # noqa: E731
    got = {
        (int(stretches.codes[code]), int(start), int(stop), bool(exits))
        for code, start, stop, exits in zip(
            stretches.code, stretches.start, stretches.stop, stretches.exits, strict=True
        )
    }
    assert got == {
        (0b001, day("2024-01-05"), day("2024-01-11"), False),
        (0b111, day("2024-01-11"), day("2024-02-01"), True),
        (0b001, day("2024-01-20"), NEVER, False),
        (0b010, day("2024-01-02"), day("2024-01-09"), True),  # z came to the name when the person was out
    }


def test_a_list_that_stands_twice_in_a_spell_is_one_list():
    # two rows of list x are joined into one spell by the row of list z, as linked lists have them
    rows = {
        "on": [0, 0, 2, 1],
        "listed": [10, 20, 30, 12],
        "person": [0, 0, 0, 1],
        "left_last": [200, NEVER, NEVER, 300],
    }
    one = {name: np.array(cells) for name, cells in rows.items()}
    left_first = one["left_last"]
    spells = joined(
        one["person"], one["on"], np.zeros(4, int), np.zeros(4, int), left_first, one["left_last"],
        one["listed"],
    )  # fmt: skip
    got = unlearned.stretches_of(spells, one["on"], one["listed"])
    assert sorted(zip(got.codes[got.code].tolist(), got.start.tolist(), got.stop.tolist(), strict=True)) == [
        (0b001, 10, 20),
        (0b001, 20, 30),
        (0b010, 12, 300),
        (0b101, 30, 200),
    ]


def test_what_a_list_never_learns_comes_from_the_exits_that_another_knows():
    shares = []
    for seed in range(8):
        frame, _ = world(seed, never=0.15, mean_delay=10.0)
        people = read(frame)
        learned = unlearned.learning_draws(
            people.spells, people.on, people.left_known, 2, people.latest, (0.1, 3.9), 200,
            np.random.default_rng(seed),
        )  # fmt: skip
        shares.append(learned[:, :, -1].mean(axis=0))
    # court misses 30 in 100, press 15; lists are sorted by name
    assert np.mean(shares, axis=0) == pytest.approx([0.70, 0.85], abs=0.05)


@pytest.fixture(scope="module")
def late():
    lists = tuple(
        DetaineeList(name=name, share=share, exit_delay=40.0, exit_never=0.05)
        for name, share in (("monitor", 0.7), ("families", 0.5))
    )
    return simulate.detention_system(n_days=300, lists=lists, dependence=0.0, never_found=0.0, seed=4)


def test_the_path_is_lower_the_nearer_the_last_day(late):
    taken = stock.snapshots(late.people, late.truth.dates[60:300:60])
    with_them = stock.series(abundance.LogLinear(), taken, late_exits=None)
    path = stock.series(abundance.LogLinear(), taken)
    ratio = path.point / with_them.point
    assert ratio[-1] < 0.96 < ratio[0]
    truth = late.truth.at(path.dates[-1])
    assert abs(np.log(path.point[-1] / truth)) < abs(np.log(with_them.point[-1] / truth))
    assert (path.draws >= path.floor).all()
    assert path.floor.tolist() == [taken.floor(date) for date in path.dates]
    assert path.detail.left[path.dates[-1]].median > 10
    assert any("have left" in note for note in path.notes)
    assert "LATE_EXITS" in [assumption.name for assumption in path.assumptions]
    again = stock.series(abundance.LogLinear(), taken)
    assert (again.draws == path.draws).all()


def test_each_date_has_its_own_knowledge_as_known_on_each_day(late):
    dates = late.truth.dates[60:300:60]
    taken = stock.snapshots(late.people, dates, as_of="day")
    path = stock.series(abundance.LogLinear(), taken)
    with_them = stock.series(abundance.LogLinear(), taken, late_exits=None)
    for date in dates:
        truth = late.truth.at(date)
        assert path.at(date).median < with_them.at(date).median
        assert abs(np.log(path.at(date).median / truth)) < 0.12
    known = late.people.as_of(dates[1])
    alone = those_who_left(stock.snapshots(known, [dates[1]]), stock.LateExits(), 0)
    day = int(np.datetime64(dates[1]).astype(int))
    assert path.detail.left[dates[1]].mean == pytest.approx(alone.on(day).mean())


def test_lists_that_do_not_operate_stay_absent(late):
    dates = late.truth.dates[60:300:60]
    taken = stock.snapshots(late.people, dates, operates={"families": (dates[1], None)})
    left = those_who_left(taken, stock.LateExits(), 0)
    assert list(left.tables) == list(taken.tables) == list(dates[1:])


def test_nobody_has_left_before_anybody_was_on_a_list():
    left, _ = found(world(3)[0])
    assert left.on(left.first + 100).sum() > 0
    for before in (1, 2, 30, len(left.total), len(left.total) + 5):
        assert (left.on(left.first - before) == 0).all(), before
        assert left.count(left.first - before).bounds[0] == left.count(left.first - before).median == 0
    days = np.arange(left.first - 3, left.first + 4)
    assert left.mean(days).tolist() == [0, 0, 0, *(left.on(day).mean() for day in days[3:].tolist())]
    assert (left.on(left.first + len(left.total) - 1) == left.total[-1]).all()


def test_a_path_may_begin_before_the_first_day_on_which_a_list_named_anybody():
    frame, _ = world(3)
    begun = str(FIRST + 120)  # the lists begin late, and name people who had been arrested before
    kept = [row for row, heard in enumerate(frame["heard"]) if heard is None or heard >= begun]
    frame = {name: [column[row] for row in kept] for name, column in frame.items()}
    frame["seen"] = [max(day, begun) for day in frame["seen"]]
    frame["heard"] = [
        heard and max(heard, day) for heard, day in zip(frame["heard"], frame["seen"], strict=True)
    ]
    left, taken = found(frame, days=(90, 200, 300))
    early = int((FIRST + 90).astype(int))
    assert early < left.first
    path = stock.series(abundance.LogLinear(), taken)
    assert path.detail.left[path.dates[0]].interval().high == 0
    assert path.dates[0] == taken.dates[0]
    for date in taken.dates[1:]:
        assert path.detail.left[date].mean > 0


def test_what_cannot_be_is_refused(late):
    taken = stock.snapshots(late.people, late.truth.dates[60:300:60])
    with pytest.raises(InputError, match="never_learned: expected two numbers above 0"):
        stock.LateExits(never_learned=(1.0,))
    with pytest.raises(InputError, match="n_draws"):
        stock.LateExits(n_draws=0)
    with pytest.raises(TypeError, match="late_exits: expected LateExits or None, got float"):
        stock.series(abundance.LogLinear(), taken, late_exits=0.02)
    assert eval(repr(stock.LateExits(never_learned=(2.0, 30.0))), vars(stock)) == stock.LateExits((2.0, 30.0))
