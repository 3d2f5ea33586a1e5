"""The invented system of detention: its truth, and what each of its switches does to what can be counted."""

import numpy as np
import pytest

from detcount import simulate, stock
from detcount.errors import InputError
from detcount.simulate import Burst, ReleaseWave, Surge
from register_totals import monitors

CLEAR = {"delay": 0.0, "exit_delay": 0.0, "exit_never": 0.0, "partial": 0.0}
PLAIN = {"never_found": 0.0, "dependence": 0.0, "missing_bulletins": 0.0, "stale": 0.0, "inflation": 0.0}


def two(*shares, **options):
    return monitors(*(shares or (1.0, 1.0)), **{**CLEAR, **options})


def system(**options):
    return simulate.detention_system(**{"n_days": 150, **PLAIN, "lists": two(), **options})


def test_the_truth_adds_up():
    truth = system(seed=4).truth
    for k in (0, 7, 149):
        assert truth.stock[k] == ((truth.entered <= k) & (k < truth.left)).sum()
    first, last = truth.dates[3], truth.dates[90]
    assert truth.at(last) == truth.at(first) + truth.arrests(first, last) - truth.exits(first, last)
    with pytest.raises(InputError, match="expected a day from 29 July 2024 to 25 December 2024"):
        truth.at("2025-01-01")


def test_lists_without_a_fault_hold_the_truth_on_every_day():
    made = system(seed=1)
    taken = stock.snapshots(made.people, made.truth.dates[::10])
    still = [taken.not_known_to_have_left(date) for date in made.truth.dates]
    assert still == made.truth.stock.tolist()
    assert (np.array([taken.floor(date) for date in made.truth.dates]) <= still).all()
    assert [taken.named(date) for date in made.truth.dates] == made.truth.stock.tolist()
    assert [table.n_observed for table in taken.tables.values()] == made.truth.stock[::10].tolist()
    assert made.stock.count.tolist() == [made.truth.at(day) for day in made.stock.date]


def test_exits_learned_late_break_the_named_and_exits_never_learned_those_not_known_to_have_left():
    late = system(lists=two(exit_delay=30.0), seed=2)
    taken = stock.snapshots(late.people, [late.people.latest_day])
    middle = late.truth.dates[60]
    assert taken.named(middle) > late.truth.at(middle) + 20
    still = taken.not_known_to_have_left(middle)
    assert late.truth.at(middle) <= still <= late.truth.at(middle) + 5  # some not yet heard of
    never = system(lists=two(exit_never=0.3), seed=2)
    taken = stock.snapshots(never.people, [never.people.latest_day])
    last = never.truth.dates[-1]
    assert taken.floor(last) <= never.truth.at(last) < taken.not_known_to_have_left(last)


def test_a_surge_of_late_entries_raises_the_register_and_not_the_stock():
    plain = system(lists=two(0.4, 0.4), seed=3)
    surged = system(lists=two(0.4, 0.4), surge=Surge(day=100, name="monitor", share=0.5), seed=3)
    assert surged.truth.stock.tolist() == plain.truth.stock.tolist()
    assert surged.stock.count[-1] > 1.3 * plain.stock.count[-1]
    taken = [stock.snapshots(each.people, [each.truth.dates[60]]) for each in (plain, surged)]
    floors = [each.floor(plain.truth.dates[60]) for each in taken]
    assert floors[1] > floors[0]  # those entered late were held before
    assert taken[0].named(plain.truth.dates[60]) == taken[1].named(plain.truth.dates[60])


def test_bulletins_of_the_register_balance_to_the_person():
    made = system(lists=two(0.6, 1.0, exit_delay=20.0), missing_bulletins=0.3, seed=5)
    frame = made.stock.to_frame()
    flows = frame["entered_in_week"] - frame["released_in_week"]
    assert (frame["count"].diff()[1:] == flows[1:]).all()
    assert len(frame) < 150 // 7


def test_bursts_and_waves_can_be_switched_off():
    still = system(bursts=(), waves=(), daily=4.0, seed=1).truth
    moved = system(bursts=(Burst(day=50, arrests=500, days=5),), waves=(ReleaseWave(day=90, share=0.5),),
                   daily=4.0, seed=1).truth  # fmt: skip
    assert moved.stock[56] > still.stock[56] + 300
    assert moved.stock[94] < 0.7 * moved.stock[89]


def test_the_same_seed_gives_the_same_system_and_the_same_happening_whatever_the_lists_are():
    one, again = system(seed=9), system(seed=9)
    assert one.people == again.people
    assert one.stock == again.stock
    other = system(lists=two(0.3, 0.2, delay=9.0), seed=9)
    assert other.truth.stock.tolist() == one.truth.stock.tolist()
    assert system(seed=10).truth.stock.tolist() != one.truth.stock.tolist()
