"""Exits of which no list knows, and entries that do not belong by the day of the arrest: known worlds."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from detcount import PersonLists, abundance, simulate, stock
from detcount._numerics.stock.inside import wrong_odds_by_day
from detcount._numerics.stock.learning import reported_once, stated_learning
from detcount._numerics.stock.spells import NEVER
from detcount.stock.late_exits import listed_inside
from register_totals import monitors

FIRST = np.datetime64("2024-01-01")
N_DAYS = 400
N_SEEDS = 8


def world(
    seed, *, mean_delay=30.0, never=0.05, n=1500, told_by="each", says_when=True, undated=0.0, confirms=0
):
    """People with constant hazards, on two lists that learn late: the frame, and the truth of each day.

    Where lists confirm entries they do so every so many days after the entry, while the person is held.
    """
    rng = np.random.default_rng([5, seed])
    entered = rng.integers(0, N_DAYS - 5, n)
    left = entered + 5 + rng.geometric(1 / 180, n)
    frame = {name: [] for name in ("id", "source", "arrest", "exit", "seen", "heard", "state", "confirmed")}
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
            dated = learned < NEVER and rng.random() >= undated
            frame["exit"].append(str(FIRST + left[person]) if dated else None)
            frame["state"].append("released" if learned < NEVER else "inside")
            frame["seen"].append(str(FIRST + day))
            last = min(left[person], N_DAYS) - 1
            again = day + (last - day) // confirms * confirms if confirms and last > day else day
            frame["confirmed"].append(str(FIRST + again) if again > day else None)
            frame["heard"].append(str(FIRST + learned) if learned < NEVER and says_when else None)
    if told_by == "person":  # the first to know is written beside every row
        for row, name in enumerate(frame["id"]):
            person = int(name[1:])
            out = known[person] < NEVER
            frame["exit"][row] = str(FIRST + left[person]) if out else None
            frame["heard"][row] = str(FIRST + known[person]) if out and says_when else None
            frame["state"][row] = "released" if out else "inside"
    days = np.arange(N_DAYS)[:, None]
    return frame, ((entered <= days) & (left > days) & named).sum(axis=1)


def read(frame):
    return PersonLists.from_frame(
        frame, person="id", list="source", entered="arrest", left="exit", listed_on="seen",
        left_known_on="heard" if any(frame["heard"]) else None, status="state",
        last_confirmed="confirmed" if any(frame["confirmed"]) else None,
    )  # fmt: skip


def inside(frame, seed=0, days=(150, 250, 330, 380), late=stock.LateExits(), wrong=None):  # noqa: B008
    people = read(frame)
    taken = stock.snapshots(people, [FIRST + day for day in days])
    return listed_inside(taken, late, wrong, seed), taken


def test_what_is_stated_is_drawn_with_three_tenths_on_the_log_and_the_logit():
    one_above = SimpleNamespace(standard_normal=np.ones)
    drawn = stated_learning(0.1, 20.0, 2, 100, 3, one_above)
    assert drawn.days == pytest.approx(np.full((3, 2), 20 * np.exp(0.3)))
    assert drawn.never / (1 - drawn.never) == pytest.approx(np.full((3, 2), np.exp(0.3) / 9))


def left_by(found, day):
    return found.departed[int((FIRST + day).astype(int)) - found.first]


@pytest.mark.parametrize(
    "options",
    [
        {},
        pytest.param({"says_when": False}, marks=pytest.mark.slow),
        pytest.param({"undated": 0.4}, marks=pytest.mark.slow),
        pytest.param({"mean_delay": 60.0, "never": 0.0}, marks=pytest.mark.slow),
        pytest.param({"never": 0.1}, marks=pytest.mark.slow),
    ],
)
@pytest.mark.slow
def test_as_many_are_found_to_be_inside_as_are(options):
    z, off = [], []
    for seed in range(N_SEEDS):
        frame, truth = world(seed, n=600, **options)
        found, _ = inside(frame, seed)
        for day in (250, 330, 380):
            at = found.total[int((FIRST + day).astype(int)) - found.first]
            z.append((truth[day] - at.mean()) / at.std())
            off.append(at.mean() / truth[day] - 1)
    z = np.array(z).reshape(N_SEEDS, 3)
    # eight worlds: the standard error of a mean score is a third, and the prior pulls somewhat
    assert np.abs(z.mean(axis=0)).max() < 1.4
    assert z.std() < 1.6
    assert abs(np.mean(off)) < 0.03


def test_exits_since_a_list_stopped_reporting_do_not_count_against_it():
    frame, truth = world(4, n=900)
    for row, (source, day) in enumerate(zip(frame["source"], frame["heard"], strict=True)):
        if source == "court" and day is not None and day > "2024-08-01":
            frame["heard"][row], frame["exit"][row], frame["state"][row] = None, None, "inside"
    found, _ = inside(frame)
    at = found.total[int((FIRST + 380).astype(int)) - found.first]
    assert at.mean() == pytest.approx(truth[380], rel=0.1)


@pytest.mark.slow
def test_the_answer_follows_how_late_lists_learn():
    """Halved and doubled delays give the same error, with days on which exits became known or without."""
    for says_when in (True, False):
        naive, ours = [], []
        for mean_delay in (15.0, 30.0, 60.0):
            frame, truth = world(5, mean_delay=mean_delay, n=4000, says_when=says_when)
            found, taken = inside(frame)
            day = FIRST + 380
            at = found.total[int(day.astype(int)) - found.first].mean()
            ours.append(at / truth[380] - 1)
            naive.append(taken.not_known_to_have_left(day) / truth[380] - 1)
        assert naive[2] > 2 * naive[0] > 0.05
        assert np.abs(ours).max() < 0.05


@pytest.mark.slow
def test_entries_that_stop_being_confirmed_tell_of_exits():
    """Also where most exits are never learned, and twice as many as in the other truth."""
    for never in (0.2, 0.4):
        frame, truth = world(1, never=never, confirms=30)
        silent, _ = inside({**frame, "confirmed": [None] * len(frame["id"])})
        found, taken = inside(frame)
        day = int((FIRST + 380).astype(int)) - found.first
        assert found.total[day].mean() == pytest.approx(truth[380], rel=0.03)
        assert found.total[day].std() < 0.5 * silent.total[day].std()
        shown = taken.not_known_to_have_left(FIRST + 380)
        assert left_by(found, 380).mean() == pytest.approx(shown - truth[380], rel=0.1)
        assert 0.9 * truth[330] < taken.floor(FIRST + 330) <= truth[330]
        people = read(frame)
        assert people.as_of("2024-12-01").confirmed.max() <= people.as_of("2024-12-01").latest
        assert people.digest != read({**frame, "confirmed": [None] * len(frame["id"])}).digest


@pytest.mark.slow
def test_where_nothing_says_how_lists_learn_there_are_bounds():
    """Each exit stands on all rows of a person and nobody says when it was known: two truths, one answer."""
    answers = []
    for mean_delay in (15.0, 60.0):
        frame, truth = world(2, mean_delay=mean_delay, n=700, told_by="person", says_when=False)
        taken = stock.snapshots(read(frame), [FIRST + day for day in (150, 250, 380)])
        path = stock.series(abundance.LogLinear(), taken)
        assert path.identified_by == "bounds"
        assert not path.detail.identified
        assert np.isnan(path.point).all()
        assert (path.floor <= truth[150:381]).all()
        assert (path.ceiling >= truth[150:381]).all()
        answers.append(path)
        assert any("bounds alone" in note for note in path.notes)
        stated = stock.series(
            abundance.LogLinear(), taken, late_exits=stock.LateExits(never_learned=0.05, days=mean_delay)
        )
        assert stated.identified_by == "data"
    nobody = {key: [None] * len(cells) if key in ("exit", "heard", "state") else cells
              for key, cells in frame.items()}  # fmt: skip
    nobody["state"] = ["inside"] * len(nobody["id"])
    taken = stock.snapshots(read(nobody), [FIRST + day for day in (150, 380)])
    assert stock.series(abundance.LogLinear(), taken).identified_by == "bounds"


def test_exits_without_a_day_are_of_before_they_were_known():
    """With exits of which half have no day, thousands of persons are found as well as hundreds."""
    frame, truth = world(3, n=4500, undated=0.5, says_when=False)
    found, taken = inside(frame)
    days = np.arange(150, 381, 10)
    at = found.total[(FIRST + days).astype(int) - found.first].mean(axis=1)
    assert np.abs(at / truth[days] - 1).max() < 0.06
    path = stock.series(abundance.LogLinear(), taken)
    limits = path.interval(0.95)
    assert (limits.high > limits.low).all()


@pytest.mark.slow
def test_exits_written_beside_every_row_are_learned_once():
    frame, truth = world(0, told_by="person", never=0.0)
    people = read(frame)
    assert reported_once(people.spells, people.entries)
    assert not reported_once(read(world(0)[0]).spells, read(world(0)[0]).entries)
    found, taken = inside(frame)
    free = taken.not_known_to_have_left(FIRST + 380) - truth[380]
    assert 0.5 * free < np.median(left_by(found, 380)) < 2.5 * free
    # known on the very day on every row: nobody can tell whether that was so, or was not written down
    at_once, _ = world(1, mean_delay=0.0, never=0.0)
    assert not inside(at_once)[0].identified


@pytest.mark.slow
def test_what_a_list_never_learns_comes_from_the_exits_that_another_knows():
    shares = []
    for seed in range(8):
        found, _ = inside(world(seed, never=0.15, mean_delay=10.0)[0], seed)
        shares.append([found.learned[name][0] for name in ("court", "press")])
    assert np.mean(shares, axis=0) == pytest.approx([0.30, 0.15], abs=0.05)


def test_entries_that_do_not_belong_are_taken_out():
    rng = np.random.default_rng(9)
    drawn = stock.WrongShare().draw(("press", "court"), (), 200_000, rng)
    assert (np.median(drawn), drawn.max()) == pytest.approx((0.025, 0.5), rel=0.01)  # half a list at most
    frame, truth = world(4, n=3000)
    rows = len(frame["id"])
    for k in range(90):  # three entries in a hundred, named as others are, who never were inside
        i = int(rng.integers(rows))
        for key, cells in frame.items():
            cells.append(f"w{k}" if key == "id" else None if key in ("exit", "heard") else cells[i])
        frame["state"][-1] = "inside"
    day = int((FIRST + 380).astype(int))
    with_them, taken = inside(frame)
    without, _ = inside(frame, wrong=stock.WrongShare())
    stated, _ = inside(frame, wrong=stock.WrongShare(shares=90 / (rows + 90)))
    errors = [each.total[day - each.first].mean() / truth[380] - 1 for each in (with_them, without, stated)]
    assert errors[0] > 0.05
    assert abs(errors[1]) < 0.05
    assert abs(errors[2]) < 0.04
    low, high = np.quantile(without.wrong[day - without.first], [0.025, 0.975])
    assert 10 < low < 90 < high < 300
    assert taken.floor(FIRST + 200) < truth[200]


def test_lists_are_as_clean_on_one_date_as_on_another():
    system = simulate.detention_system(n_days=300, seed=3)
    taken = stock.snapshots(system.people, system.truth.dates[100:300:95], as_of="day")
    found = stock.series(None, taken, n_draws=200).detail.wrong
    first, second, third = (each.draws for each in found.values())
    assert first.max() > 20
    assert min(np.corrcoef(first, third)[0, 1], np.corrcoef(second, third)[0, 1]) > 0.9


@pytest.fixture(scope="module")
def late():
    lists = monitors(0.7, 0.5, exit_delay=40.0, exit_never=0.05)
    return simulate.detention_system(n_days=300, lists=lists, dependence=0.0, never_found=0.0, seed=4)


def test_the_path_is_lower_the_nearer_the_last_day(late):
    taken = stock.snapshots(late.people, late.truth.dates[60:300:60])
    with_them = stock.series(abundance.LogLinear(), taken, late_exits=None, wrong=None)
    path = stock.series(abundance.LogLinear(), taken, wrong=None)
    ratio = path.point / with_them.point
    assert ratio[-1] < 0.96 < ratio[0]
    truth = late.truth.at(path.dates[-1])
    assert abs(np.log(path.point[-1] / truth)) < abs(np.log(with_them.point[-1] / truth))
    assert (path.draws >= path.floor).all()
    assert path.floor.tolist() == [taken.floor(date) for date in path.dates]
    assert path.detail.left[path.dates[-1]].median > 10
    assert any("have left" in note for note in path.notes)
    assert "LATE_EXITS" in [assumption.name for assumption in path.assumptions]


@pytest.mark.slow
def test_each_date_has_its_own_knowledge_as_known_on_each_day(late):
    dates = late.truth.dates[60:300:60]
    taken = stock.snapshots(late.people, dates, as_of="day")
    path = stock.series(abundance.LogLinear(), taken, wrong=None)
    with_them = stock.series(abundance.LogLinear(), taken, late_exits=None, wrong=None)
    for date in dates:
        truth = late.truth.at(date)
        assert path.at(date).median < with_them.at(date).median
        assert abs(np.log(path.at(date).median / truth)) < 0.12


def test_lists_that_do_not_operate_stay_absent(late):
    dates = late.truth.dates[60:300:60]
    taken = stock.snapshots(late.people, dates, operates={"families": (dates[1], None)})
    path = stock.series(abundance.LogLinear(), taken)
    assert list(path.anchors) == list(taken.tables) == list(dates[1:])


@pytest.mark.parametrize(
    ("share", "delay", "never"), [pytest.param(0.6, 40.0, 0.05, marks=pytest.mark.slow), (1.0, 0.0, 0.0)]
)
def test_limits_of_a_day_are_at_least_one_person_apart(share, delay, never):
    """Also where lists are complete, told at once or audited: something is always left unsaid."""
    lists = monitors(share, share, exit_delay=delay, exit_never=never)
    world = simulate.detention_system(n_days=120, lists=lists, dependence=0.0, never_found=0.0, seed=4)
    audited = replace(world.people, audited=world.people.lists)
    for people in (world.people, audited):
        taken = stock.snapshots(people, world.truth.dates[60:120:40])
        for options in ({}, {"late_exits": None}):
            path = stock.series(abundance.LogLinear(), taken, n_draws=400, **options)
            limits = path.interval(0.95)
            assert (np.array(limits.high) - np.array(limits.low) >= 1).all()
            assert (path.ceiling > path.floor).all()


def system(share, seed):
    """One list: who belongs leaves in time, and the strange never do."""
    rng = np.random.default_rng(seed)
    entered = rng.integers(0, 1000, 6000)
    strange = rng.random(6000) < share
    is_open = strange | (entered + rng.exponential(120, 6000) > 1000)
    return entered, strange, is_open


def weights(entered, is_open, share):
    n = len(entered)
    code, shares = np.zeros(n, dtype=int), np.array([share])
    return wrong_odds_by_day(entered, is_open, code, np.array([0]), shares, entered, np.zeros(n, dtype=int))


@pytest.mark.parametrize("share", [0.01, 0.03, 0.06])
def test_the_share_by_day_is_near_the_truth_of_a_simulation(share):
    missed, flat = [], []
    for seed in range(8):
        entered, strange, is_open = system(share, seed)
        among = strange[is_open].mean()
        by_day = among * weights(entered, is_open, among)
        for low in range(0, 1000, 200):
            there = is_open & (entered >= low) & (entered < low + 200)
            missed.append(by_day[there].sum() - strange[there].sum())
            flat.append(among * there.sum() - strange[there].sum())
    assert np.abs(missed).mean() < 0.5 * np.abs(flat).mean()


def test_the_last_day_is_the_same_in_the_end_as_on_that_day():
    people = read(world(6, n=500)[0])
    days = [FIRST + 250, np.datetime64(people.latest_day)]
    found = [stock.snapshots(people, days, as_of=which) for which in ("latest", "day")]
    one, two = (listed_inside(taken, stock.LateExits(), None, 0) for taken in found)
    assert (one.total[-1] == two.total[-1]).all()
    first, before = (one.count(one.total, one.first - days).draws.tolist() for days in (0, 1))
    assert (sum(first) > 0, first, sum(before)) == (True, np.rint(one.total[0]).tolist(), 0)


def test_two_groups_of_days_share_by_the_entries_of_the_list():
    zeros, rows = np.zeros(80, dtype=int), np.repeat([1, 5], [60, 20])
    one, whole = np.array([0]), np.repeat([1, 5], 15)
    found = wrong_odds_by_day(whole, whole > 0, zeros[:30], one, np.array([0.1]), rows, zeros)
    assert found == pytest.approx(np.repeat([2 * 60.5 / 81, 2 * 20.5 / 81], 15))


def test_it_is_one_on_average_and_leaves_a_few_of_each_group():
    entered, _, is_open = system(0.05, 3)
    for share in (0.05, 0.4, 0.9):
        found = weights(entered, is_open, share)
        assert found[is_open].mean() == pytest.approx(1.0, abs=1e-9)
        assert (found[~is_open] == 1).all()
        assert (share * found[is_open]).max() <= 1 + 1e-9
        assert found[is_open & (entered < 300)].mean() >= found[is_open & (entered > 900)].mean() - 1e-9


def test_histories_of_several_lists_and_of_few_entries_are_left_alone():
    entered, _, is_open = system(0.05, 4)
    code = (np.arange(len(entered)) % 3 == 0).astype(int)
    on = np.zeros(len(entered), dtype=int)
    found = wrong_odds_by_day(entered, is_open, code, np.array([-1, 0]), np.array([0.2, 0.2]), entered, on)
    assert (found[code == 0] == 1).all()
    assert found[is_open & (code == 1)].std() > 0
    few = np.flatnonzero(is_open)[:20]
    assert (weights(entered[few], is_open[few], 0.2) == 1).all()
