"""Lists of released people in draws of who is who: what is read of a linkage, and one draw of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Literal, Protocol

import numpy as np

from detcount._numerics.arrays import Bools, Ints, ShortInts, bincount
from detcount._numerics.by_name import (
    PRIORS,
    TUNING,
    How,
    Named,
    Stays,
    delays_shown,
    is_day,
    named,
    released_draws,
    stays_of,
    undone_prior,
    without_wrong,
)
from detcount._numerics.stock.spells import NEVER, Rows
from detcount.contract.definition import Definition
from detcount.data.persons import PersonLists
from detcount.words import Message


class ReleasedRowsLike(Protocol):
    """Rows of lists of released people, as `linkage` attaches them to persons."""

    @property
    def lists(self) -> tuple[str, ...]:
        """Names of the lists."""

    @property
    def kinds(self) -> tuple[Literal["announced", "verified"], ...]:
        """Kind of each list."""

    @property
    def days(self) -> Ints:
        """First and last day of each list."""

    @property
    def checked_from(self) -> Mapping[str, str]:
        """Announced list from which each verified one was checked."""

    @property
    def list_of(self) -> Ints:
        """List of each row."""

    @property
    def row(self) -> Ints:
        """Number of each row in its list."""

    @property
    def day(self) -> Ints:
        """Day of release of each row."""

    @property
    def ended(self) -> tuple[str, ...]:
        """Kind of exit by each row, in its words."""

    @property
    def person(self) -> ShortInts:
        """Person of each row, by draw."""

    @property
    def best(self) -> Ints:
        """Person of each row, by the best links."""

    @property
    def without_limits(self) -> tuple[Message, ...]:
        """Why counts have no limits."""


class LinkedReleases(Protocol):
    """Registers and lists of released people of a `Linkage`."""

    @property
    def released(self) -> ReleasedRowsLike | None:
        """Rows of lists of released people."""

    @property
    def draws(self) -> ShortInts:
        """Person of each row of a register, by draw."""

    @property
    def person(self) -> Ints:
        """Person of each row of a register, by the best links."""

    @property
    def counts(self) -> Bools:
        """Mask of the rows of registers that count."""

    @property
    def definition(self) -> Definition | None:
        """Who is counted."""

    @property
    def other_rules(self) -> bool:
        """True if links were made by other rules than the model's."""

    @property
    def digest(self) -> str:
        """Digest of the lists."""

    @property
    def entries(self) -> PersonLists | None:
        """Entries of rows of registers, each a person of its own; None where no row has a day."""


@dataclass(frozen=True)
class Draw:
    """One draw of who is who: spells of registers, and where the named stand."""

    labels: Ints
    stays: Stays
    registered: Ints
    named: Named


def drawn(linked: LinkedReleases, labels: Ints, person: Ints, spans: Ints | None = None) -> Draw:
    """Place the named by one partition; `spans` are the days of the lists, or others in their place."""
    rows, released = linked.entries, linked.released
    assert released is not None, "asked before"
    none = Rows(*(np.empty(0, dtype=np.int64) for _ in fields(Rows)))
    stays = stays_of(none if rows is None else replace(rows.entries, person=labels[rows.row]))
    registered = np.unique(labels[linked.counts])
    days = released.days if spans is None else spans
    found = named(stays, registered, person, released.list_of, released.day, days)
    return Draw(labels, stays, registered, found)


@dataclass(frozen=True)
class Table:
    """Persons of one draw who may have been released in a window, by what names them.

    Parameters
    ----------
    counts : ndarray of int64, shape (2, 2, 2^n)
        By announced, registered, and verified list; the unverified are known of the announced alone.
    n_seen : int
        Announced on registers whom these record inside later.
    refreshed : (int, int)
        Held whom nobody names and a register records inside after the window, and all of them.
    least, most : int
        Verified who are on a register or unannounced, and all verified or announced.
    mixed : bool
        Whether most of the announced are on no register.
    """

    counts: Ints
    n_seen: int
    refreshed: tuple[int, int]
    least: int
    most: int
    mixed: bool

    @classmethod
    def of(
        cls, linked: LinkedReleases, labels: Ints, person: Ints, ends: Ints, last: int, kept: Bools
    ) -> Table:
        """Make it of one draw, the first day of the window and the last of each list, and the last of all."""
        released = linked.released
        assert released is not None, "asked before"
        one = drawn(linked, labels, person, ends)
        at, n = one.named, len(one.named.label)
        first = ends[0, 0]
        official = np.array([kind == "announced" for kind in released.kinds])
        excluded = np.zeros(n, dtype=bool)
        excluded[np.searchsorted(at.label, person[~kept])] = True
        excluded[at.who[at.already_out]] = True
        held = np.zeros(n, dtype=bool)
        held[at.who[at.held_after]] = True
        inside = ~is_day(at.day) | ((at.day >= first) & (at.day <= last))
        day = np.full(n, NEVER)
        announced = np.zeros(n, dtype=bool)
        mine = official[at.on] & inside
        announced[at.who[mine]] = True
        day[at.who[mine]] = at.day[mine]
        theirs = ~official[at.on]
        late = delays_shown(day[at.who[theirs]], at.day[theirs])
        in_time = (at.day >= first - PRIORS.near) & ((at.day <= last + late) | announced[at.who])
        in_time = theirs & (in_time | ~is_day(at.day)) & ~at.held_after
        order = np.minimum(np.cumsum(~official) - 1, TUNING.most - 1)
        pattern = np.zeros(n, dtype=np.int64)
        np.bitwise_or.at(pattern, at.who[in_time], 1 << order[at.on[in_time]])
        n_patterns = 1 << int(order.max() + 1)
        there = ~excluded & (announced | (pattern > 0)) & ~(held & (pattern == 0))
        # a register without a day before the releases may have taken the name from the official list
        before = np.isin(at.label, one.stays.owner[one.stays.entered_last < first])
        registered = at.registered & (before | ~announced)
        codes = (announced * 2 + registered) * n_patterns + pattern
        counts = bincount(codes[there], minlength=4 * n_patterns).reshape(2, 2, n_patterns)
        known = ~excluded & announced & registered
        inside_still = held_by(one) - {*at.label.tolist()}
        seen_inside = {*one.stays.owner[one.stays.inside > last].tolist()}
        verified = there & (pattern > 0)
        return cls(
            counts=counts,
            n_seen=int((known & held & (pattern == 0)).sum()),
            refreshed=(len(inside_still & seen_inside), len(inside_still)),
            least=int((verified & (registered | ~announced)).sum()),
            most=int(there.sum()),
            mixed=bool(counts[1, 1].sum() < PRIORS.mostly * counts[1].sum()),
        )

    def draw(self, how: Sequence[How], n_draws: int, rng: np.random.Generator) -> tuple[Ints, bool]:
        """Draw the number released, at least the verified; tell if those off the registers are replaced."""
        named = self.n_seen + int(self.counts[1, 1].sum())
        undone = undone_prior(self.n_seen, named, self.refreshed, rng)
        table = without_wrong(self.counts, rng)
        found, replaced = released_draws(table, how, undone, n_draws=n_draws, mixed=self.mixed, rng=rng)
        return np.maximum(np.rint(found), self.least).astype(np.int64), replaced


def held_by(one: Draw) -> set[int]:
    """Labels on a register that no register knows to have left."""
    last = np.append(one.stays.owner[1:] != one.stays.owner[:-1], True)[: len(one.stays.owner)]
    left = one.stays.owner[last & (one.stays.left_last < NEVER)]
    return {*one.registered.tolist()} - {*left.tolist()}
