"""Attacks on what `public` gives: everything that can be reached from it, stored of it or asked of it."""

import pickle
from collections import Counter

import numpy as np
import pytest

import detcount as dc
from attack.pages import held, made, reachable
from detcount.assessment import assess
from detcount.assessment.abundance.facts import Fits
from detcount.data.captures import CaptureTable
from detcount.errors import InputError
from detcount.estimates import AbundanceEstimate
from detcount.linkage import Linkage
from detcount.privacy import companions, new_digest_key
from invented_linkage import invented_linkage

KEPT = (CaptureTable, Fits, AbundanceEstimate, Linkage, np.ndarray)
"""What nothing for the public leads to."""
QUICK = ("calibrated", "independence", "chao", "selected")
TABLES = [(31, 17, 12, 3, 8, 4, 2), (42, 66, 3), (3, 110, 27), (14, 9, 2), (141, 86, 93, 61, 47, 32, 57)]
WITHHELD = (
    "table",
    "estimates",
    "declined",
    "recommended",
    "sensitivity",
    "leave_one_list_out",
    "composition",
)
WITHHELD += ("disagreement", "modes", "all_belong", "envelope", "range", "overlaps", "sample_coverage")


def numbers_of(full):
    """Numbers of a full assessment that say more than its public one may, with their digits."""
    table = full.table
    found = [table.n_observed, *table.list_sizes.values(), *table.exclusives.values()]
    for estimate in full.estimates.values():
        found += [estimate.point, *list(estimate.interval(0.95))[:2]]
    found += [full.sample_coverage, full.disagreement, full.tipping]
    return {float(each) for each in found if each is not None and each % 5 and each not in (1.0, 2.0)}


@pytest.mark.parametrize("cells", TABLES)
def test_nothing_leads_from_what_is_public_to_what_it_was_made_from(cells):
    result = assess(made(cells), families=QUICK)
    public = result.public()
    assert type(public) is type(result)
    assert [type(each) for each in reachable(public) if isinstance(each, KEPT)] == []
    assert not [each for each in reachable(public) if callable(each)]
    numbers, words = held(public)
    small = Counter(public.record()["lists"].values())  # what is printed, and may be a size by chance
    assert not (numbers_of(result) - set(small)) & numbers
    assert result.table.digest not in words
    assert not any("CaptureTable" in word or "Estimate" in word for word in words)
    for name in WITHHELD:
        with pytest.raises(InputError, match=f"{name}: expected an assessment of data.* made from"):
            getattr(public, name)


@pytest.mark.parametrize("cells", TABLES)
def test_a_companion_holds_the_same_to_the_last_bit(cells):
    """Whatever is public of a table is public of another one, in which every small count is another one."""
    table = made(cells)
    family = companions(table)
    one = assess(table, families=QUICK).public()
    for other in family:
        assert held(assess(other, families=QUICK).public()) == held(one)


def test_what_is_public_survives_pickle_and_prints_the_same():
    result = assess(made(TABLES[0]), families=QUICK)
    public = pickle.loads(pickle.dumps(result.public()))
    assert public.to_markdown() == result.to_markdown()
    assert public.record() == result.public().record()
    assert public.public() is public
    with pytest.raises(InputError, match="full: expected an assessment of data"):
        public.full()
    with pytest.raises(InputError, match="digest_key: expected an assessment of data"):
        public.public(new_digest_key())


def test_a_full_one_gives_a_public_one_and_nothing_of_it_is_lost():
    result = assess(made(TABLES[0]), families=QUICK)
    assert result.full().full().record() == result.record()
    assert result.full().public().record() == result.public().record()


def test_groups_are_left_behind_too():
    women, men = (
        {"100": 41, "010": 35, "001": 3, "110": 32, "101": 17, "011": 14, "111": 38},
        {"100": 130, "010": 103, "001": 4, "110": 101, "101": 48, "011": 41, "111": 111},
    )
    groups = {
        name: CaptureTable.from_counts(counts, lists=("press", "court", "families"))
        for name, counts in (("women", women), ("men", men))
    }
    result = assess(dc.strata.composing.together(groups), by=groups, families=("calibrated",))
    public = result.public()
    assert [each for each in reachable(public) if isinstance(each, (*KEPT, dc.strata.Composition))] == []
    assert {row.name for row in public.groups} == {"women", "men"}
    assert {row.listed for row in public.groups} == {None}


def test_linked_lists_are_left_behind():
    linked = invented_linkage(seed=2, doubtful=60)
    result = assess(linked, families=("calibrated", "chao"), n_draws=6, seed=1)
    public = result.public()
    assert [type(each) for each in reachable(public) if isinstance(each, KEPT)] == []
    numbers, words = held(public)
    assert not numbers_of(result) & numbers
    assert not {float(linked.n_persons), float(linked.n_doubtful)} & numbers
    assert not any("persons, " in word and str(linked.n_persons) in word for word in words)
    for name in ("linkage", *WITHHELD):
        with pytest.raises(InputError, match="made from"):
            getattr(public, name)
