"""Audits of lists reach persons, floor, path and flows, as a rerun without who is taken away would."""

import datetime as dt
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from detcount import abundance, assess_stock, simulate, stock
from detcount.assessment.joint.assessing import _digest
from detcount.errors import InputError
from detcount.linkage import Audit
from invented_linkage import invented_linkage

START = dt.date(2025, 1, 1)
SURE = (1e-9, 1e-9)  # a prior that leaves the share of the sample
DATES = [START + dt.timedelta(days=day) for day in (60, 90, 120)]


@cache
def with_days():
    """Three lists of persons arrested within 100 days, of whom a third has left by day 150."""
    linked = invented_linkage(truth=simulate.name_lists(500, seed=8).truth, doubtful=0)
    rng = np.random.default_rng(3)
    arrest = rng.integers(0, 100, linked.n_persons)
    leaves = rng.random(linked.n_persons) < 1 / 3
    listed = rng.integers(0, 20, linked.n_rows) + arrest[linked.person]
    exits = arrest + 30 + rng.integers(0, 20, linked.n_persons)
    known = leaves[linked.person] & (listed < exits[linked.person])

    def days(values, there=True):
        there = np.broadcast_to(there, len(values))
        return [
            str(START + dt.timedelta(days=int(k))) if on else None
            for k, on in zip(values, there, strict=True)
        ]

    spells = {
        "entered": days(arrest[linked.person]),
        "left": days(exits[linked.person], known),
        "status": [None] * linked.n_rows,
        "listed_on": days(listed),
        "left_known_on": days(exits[linked.person] + 5, known),
    }
    return replace(linked, spells=spells)


def alone(people, name):
    lists = {}
    for person, on in zip(people.person.tolist(), people.on.tolist(), strict=True):
        lists.setdefault(person, set()).add(on)
    return {person for person, on in lists.items() if on == {people.lists.index(name)}}


def shown(people):
    taken = stock.snapshots(people, DATES)
    path = stock.series(abundance.LogLinear(), taken, n_draws=200)
    moved = stock.flows(abundance.LogLinear(), people, path, DATES[0], DATES[-1])
    return taken.floors.tolist(), path.draws.tolist(), moved.to_frame().to_dict("list")


def test_half_of_a_list_audited_away_is_a_rerun_without_these_people():
    linked = with_days()
    before = linked.people()
    lone = alone(before, "government")
    half = len(lone) // 2
    audited = Audit(list="government", checked=len(lone), wrong=half, prior=SURE).apply(linked).linkage
    after = audited.people()
    gone = np.setdiff1d(before.row, after.row)
    assert len({int(linked.person[row]) for row in gone}) == half > 30
    assert set(linked.list_of[gone].tolist()) == {linked.lists.index("government")}
    assert any(f"{half} persons who do not belong, by an audit, are left out" in str(n) for n in after.notes)
    without = linked.counts & ~np.isin(linked.person, linked.person[gone])
    rerun = replace(replace(linked, counts=without).people(), audited=("government",))
    assert after.digest == rerun.digest != before.digest
    one, two, whole = shown(after), shown(rerun), shown(before)
    for k in range(3):
        assert one[k] == two[k]
        assert one[k] != whole[k]
    assert sum(one[0]) < sum(whole[0])


def test_a_sample_of_those_not_known_to_have_left_takes_none_of_the_others():
    linked = with_days()
    before = linked.people()
    left = {int(person) for person, day in zip(before.person, before.left_last, strict=True) if day < 2**40}
    kept = alone(before, "government") - {
        int(linked.person[row]) for row in np.flatnonzero(linked.known_left)
    }
    audit = Audit(list="government", checked=len(kept), wrong=len(kept), left=False, prior=SURE)
    changed = audit.apply(linked)
    after = changed.linkage.people()
    gone = {int(linked.person[row]) for row in np.setdiff1d(before.row, after.row)}
    assert gone == kept
    assert left & alone(before, "government")
    assert "whose exit is not known" in changed.note
    assert changed.linkage.table().exclusives["government"] == len(alone(before, "government")) - len(kept)
    Audit(list="government", checked=5, wrong=0, left=True).apply(changed.linkage)
    with pytest.raises(InputError, match="was audited before"):
        Audit(list="government", checked=5, wrong=0).apply(changed.linkage)


def test_a_sample_of_those_on_two_lists_is_of_these_alone():
    linked = with_days()
    names = linked.table().lists
    both = [name for name in names if name != "government"][:1]
    audit = Audit(list="government", also=tuple(both), checked=4, wrong=4, prior=SURE)
    changed = audit.apply(linked)
    assert changed.linkage.table().exclusives == linked.table().exclusives
    assert changed.linkage.table().n_observed < linked.table().n_observed


def test_drawn_persons_lose_a_drawn_number():
    linked = with_days()
    audited = Audit(list="government", checked=40, wrong=10).apply(linked).linkage
    sizes = {each.n_persons for each in audited.people(8)}
    assert len(sizes) > 3
    assert audited.people().digest == audited.people().digest
    assert audited.people().digest != audited.people(seed=1).digest


@cache
def audited_all(n=None):
    """An audit of a quarter of those on one list alone, of each list or of the first n."""
    linked = with_days()
    for name in linked.lists[:n]:
        lone = alone(linked.people(), name)
        step = Audit(list=name, checked=len(lone), wrong=len(lone) // 4, prior=SURE)
        linked = step.apply(linked).linkage
    return linked.people()


def path_of(people, **options):
    return stock.series(abundance.LogLinear(), stock.snapshots(people, DATES), n_draws=400, **options)


def test_of_audited_lists_no_share_is_drawn_besides():
    people = audited_all()
    assert set(people.audited) == set(people.lists)
    ours, none = path_of(people), path_of(people, wrong=stock.WrongShare(shares=0))
    assert (ours.draws == none.draws).all()
    assert not any(ours.detail.lone_wrong.values())
    drawn = path_of(replace(people, audited=()))
    assert min(drawn.detail.lone_wrong.values()) > 0.01
    assert drawn.point[-1] < ours.point[-1]
    assert any("An audit checked" in note for note in ours.notes)
    assert not any("a share of all entries is drawn" in note for note in ours.notes)
    stated = path_of(people, wrong=stock.WrongShare(shares=(("committee", 0.05),)))
    assert [name for name, share in stated.detail.lone_wrong.items() if share] == ["committee"]


def test_of_the_other_lists_the_law_is_drawn():
    people = audited_all(1)
    (audited,) = people.audited
    path = path_of(people)
    assert path.detail.lone_wrong[audited] == 0
    assert min(share for name, share in path.detail.lone_wrong.items() if name != audited) > 0.01
    note = f"An audit checked {audited}: the share that it found is left out, and no other is drawn of what"
    assert any(note in text for text in path.notes)
    assert people.as_of(people.latest_day).audited == people.audited


def test_the_report_says_what_the_audit_took_the_place_of():
    said = assess_stock(people=audited_all()).to_markdown()
    assert "the share that it found is left out, and no other is drawn of what is left." in said
    assert "To change that, have somebody check" not in said
    assert "do not belong (95%)" not in said


@cache
def doubtful_with_days():
    """Lists of which 60 pairs of rows may be one person, each in about half of the draws."""
    linked = with_days()
    rng = np.random.default_rng(11)
    single = np.flatnonzero(np.bincount(linked.person) == 1)[:120].reshape(60, 2)
    draws = np.repeat(linked.person[None, :], 200, axis=0)
    for draw in draws:
        for keep, other in single[rng.random(60) < 0.5]:
            draw[draw == other] = keep
        draw[:] = np.unique(draw, return_inverse=True)[1]
    return replace(linked, draws=draws.astype(np.int32))


@pytest.mark.slow
def test_drawn_persons_vary_as_the_interval_of_the_linkage_says():
    linked = doubtful_with_days()
    low, high = linked.persons_interval()
    assert 10 < high - low < 30
    drawn = linked.people(draws=30, seed=4)
    counts = np.array([each.n_persons for each in drawn])
    inside = ((counts >= low) & (counts <= high)).mean()
    assert inside > 0.85
    assert counts.std() == pytest.approx(linked.n_persons_draws.std(), rel=0.35)
    few, other = (linked.people(draws=3, seed=seed) for seed in (4, 5))
    assert [each.digest for each in few] == [each.digest for each in linked.people(draws=3, seed=4)]
    assert [each.digest for each in few] != [each.digest for each in other]


@pytest.mark.slow
def test_the_report_of_drawn_persons_says_what_is_due_to_who_is_who():
    drawn = doubtful_with_days().people(draws=3, seed=4)
    held = assess_stock(people=drawn)
    path = held.answers["lists"]
    share = path.detail.share_links
    assert 0 < share < 1
    floors = [stock.snapshots(each, [each.latest_day]).floors.sum() for each in drawn]
    assert held.people.digest == drawn[int(np.argmin(floors))].digest
    said = f"Of the variance on the last day {share:.0%} is due to who is who, over 3 drawn partitions."
    assert held.full().to_markdown().count(said) == 1
    assert "is due to who is who" not in held.to_markdown()  # a figure that one person less moves
    assert "De la varianza del último día" in held.full().to_markdown(lang="es")
    assert "other drawn people" in held.full().record()["data_sha256"]
    assert "other drawn people" not in held.record()["data_sha256"]
    assert assess_stock(people=drawn).answers["lists"].digest == path.digest
    assert "is due to who is who" not in assess_stock(people=drawn[:1]).full().to_markdown()


def test_what_is_kept_of_linked_lists_is_not_that_of_another_audit():
    linked = invented_linkage()
    name, *_ = linked.lists
    audits = [Audit(list=name, checked=checked, wrong=2, prior=SURE) for checked in (20, 40)]
    changed = [each.apply(linked).linkage for each in audits]
    assert len({_digest(each) for each in (linked, *changed)}) == 3
    same = replace(changed[0], wrong=changed[1].wrong)  # the same rows, another share to be drawn
    assert _digest(same) != _digest(changed[0])
