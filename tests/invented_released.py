"""Registers and lists of released people with true links, or links that drawn mistakes spoil."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from detcount import PersonLists

LONG_AGO, NEVER = -1_000_000, 1_000_000  # no day is known


@dataclass(frozen=True)
class Rows:
    lists: tuple
    kinds: tuple
    days: np.ndarray
    checked_from: dict
    list_of: np.ndarray
    row: np.ndarray
    day: np.ndarray
    ended: tuple
    person: np.ndarray
    best: np.ndarray
    without_limits: tuple = ()


@dataclass(frozen=True)
class Linked:
    """What a `Linkage` has that `ReleasedByName` reads."""

    lists: tuple
    list_of: np.ndarray
    draws: np.ndarray
    person: np.ndarray
    counts: np.ndarray
    spells: dict
    released: Rows | None
    definition: None = None
    other_rules: bool = False
    digest: str = "0" * 64

    @cached_property
    def entries(self):
        columns = {"record": [str(k) for k in range(len(self.list_of))]}
        columns["list"] = [self.lists[k] for k in self.list_of]
        columns |= self.spells
        return PersonLists.from_frame(
            columns, person="record", list="list", lists=self.lists, entered="entered", left="left",
            last_confirmed="seen", allow_future=True,
        )  # fmt: skip

    def people(self):
        return replace(self.entries, person=self.person)


def written(day):
    return None if not LONG_AGO < day < NEVER else str(np.datetime64(int(day), "D"))


def linked_by(
    lists, list_of, person, entered, left, seen, names, kinds, spans, of, who, day, *,
    checked_from=None, n_draws=1, noise=0.0, seed=0, ended=None, without_limits=(),
):  # fmt: skip
    """Make links of labels: `person` of register rows, `who` of released ones, both by one numbering."""
    rng = np.random.default_rng(seed)
    label, person = np.unique(person, return_inverse=True)
    n_known, fresh = len(label), {}
    best = np.array(
        [
            np.searchsorted(label, each)
            if each in set(label.tolist())
            else fresh.setdefault(each, n_known + len(fresh))
            for each in who
        ]
    )
    drawn = np.tile(best, (n_draws, 1))
    lost = rng.random(drawn.shape) < noise  # a row that finds nobody is a person of its own
    drawn = np.where(lost, n_known + len(fresh) + np.arange(len(best)), drawn)
    rows = Rows(
        lists=tuple(names), kinds=tuple(kinds), days=np.array(spans, dtype=np.int64),
        checked_from=dict(checked_from or {}), list_of=np.array(of), row=np.arange(1, len(of) + 1),
        day=np.array(day, dtype=np.int64), ended=tuple(ended or [""] * len(of)),
        person=drawn.astype(np.int32), best=best, without_limits=tuple(without_limits),
    )  # fmt: skip
    spells = {
        name: [written(each) for each in values]
        for name, values in (("entered", entered), ("left", left), ("seen", seen))
    }
    return Linked(
        lists=tuple(lists), list_of=np.array(list_of), draws=np.tile(person, (n_draws, 1)).astype(np.int32),
        person=person, counts=np.ones(len(person), dtype=bool), spells=spells, released=rows,
    )  # fmt: skip


def true_links(campaign, *, n_draws=1, noise=0.0, seed=0, without_limits=()):
    """Links of an invented campaign (`simulate.released_lists`) as they are, or with mistakes."""
    t = campaign.truth
    n = len(t.registers)
    register = t.list_of < n
    mine = ~register
    return linked_by(
        t.registers, t.list_of[register], t.person[register], t.entered[t.stay[register]], t.left[register],
        t.seen[register], t.released_lists, t.kinds,
        np.where(np.array(t.kinds)[:, None] == "announced", t.days, (LONG_AGO, NEVER)),
        t.list_of[mine] - n, t.person[mine], t.day[mine], checked_from=campaign.checked_from,
        n_draws=n_draws, noise=noise, seed=seed, without_limits=without_limits,
    )  # fmt: skip
