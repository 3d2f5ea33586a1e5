"""Who was released, by name: the counts of each list, their parts, and the number released.

It is two classes, one for a list and one for all, each mostly its documentation.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from os import PathLike
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from detcount.contract.definition import Definition
from detcount.contract.specification import Specification
from detcount.estimates import Interval, UncertainCount
from detcount.estimates.count import OfCounts
from detcount.estimates.interval import persons
from detcount.estimates.result import Estimate
from detcount.privacy import TENS
from detcount.releases.by_name_figure import WORDS, Kind, draw_parts
from detcount.releases.by_name_uses import review, waves, with_exits
from detcount.words import Message

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Verdict = Literal["estimate", "range", "bounds", "refuse"]


@dataclass(frozen=True)
class ListCounts:
    """Persons that one list of released people names, and where registers and other lists have them.

    Parameters
    ----------
    kind : {"announced", "verified"}
        Whether an authority announces the releases, or a monitor verifies them.
    first, last : datetime.date, optional
        Days of release of the list; None where they are not known.
    stated : int, optional
        Number that was announced beside the list.
    held_on : datetime.date, optional
        Last day on which somebody it names was recorded inside, by the best links.
    named, repeated, on_register, not_on_register, already_out, held_after, arrested_again : UncertainCount
        Persons named; rows beyond the first of each; those on a register and on none; those with an exit
        before the list; the same stay recorded inside later; a later arrest.
    others : mapping of str to UncertainCount
        Persons whom each other list has too.
    other_kind, not_other_kind : UncertainCount
        Persons whom some list of the other kind has, and whom none has.
    parts : mapping of str to UncertainCount
        Parts that exclude each other and add up to `named` in every draw.
    kinds : mapping of str to str
        Kind of each other list.

    Examples
    --------
    See `ReleasedByName`, whose result holds them in `lists`.
    """

    kind: Kind
    first: dt.date | None
    last: dt.date | None
    stated: int | None
    held_on: dt.date | None
    named: UncertainCount
    repeated: UncertainCount
    on_register: UncertainCount
    not_on_register: UncertainCount
    already_out: UncertainCount
    held_after: UncertainCount
    arrested_again: UncertainCount
    others: Mapping[str, UncertainCount]
    other_kind: UncertainCount
    not_other_kind: UncertainCount
    parts: Mapping[str, UncertainCount]
    kinds: Mapping[str, str]

    def _of(self, kind: Kind) -> dict[str, UncertainCount]:
        """Persons on each other list of a kind."""
        return {name: count for name, count in self.others.items() if self.kinds[name] == kind}

    @property
    def also_announced(self) -> dict[str, UncertainCount]:
        """Persons on each other announced list."""
        return self._of("announced")

    @property
    def verified_by(self) -> dict[str, UncertainCount]:
        """Persons on each other verified list."""
        return self._of("verified")

    @property
    def verified(self) -> UncertainCount | None:
        """Of an announced list: persons on a verified one."""
        return self.other_kind if self.kind == "announced" else None

    @property
    def unverified(self) -> UncertainCount | None:
        """Of an announced list: persons on no verified one."""
        return self.not_other_kind if self.kind == "announced" else None

    @property
    def announced(self) -> UncertainCount | None:
        """Of a verified list: persons on an announced one."""
        return self.other_kind if self.kind == "verified" else None

    @property
    def not_announced(self) -> UncertainCount | None:
        """Of a verified list: persons on no announced one."""
        return self.not_other_kind if self.kind == "verified" else None

    @property
    def quantities(self) -> dict[str, UncertainCount]:
        """Every count by its name, parts under ``part:``."""
        plain = ("named", "repeated", "on_register", "not_on_register", "already_out", "held_after")
        found = {name: getattr(self, name) for name in (*plain, "arrested_again")}
        kind = ("verified", "unverified") if self.kind == "announced" else ("announced", "not_announced")
        found |= {name: getattr(self, name) for name in kind}
        found |= {f"also_announced: {name}": count for name, count in self.also_announced.items()}
        found |= {f"verified_by: {name}": count for name, count in self.verified_by.items()}
        return found | {f"part: {name}": count for name, count in self.parts.items()}

    def sentence(self, name: str) -> Message:
        """Say what became of those whom the list names, part by part; one of several lists by its name."""
        held, out, checked, known, unknown = map(_number, self.parts.values())
        if self.kind == "verified":
            return Message(
                "{list} names {n} people, of whom an official list announces {announced}.",
                list=name, n=_number(self.named), announced=checked,
            )  # fmt: skip
        when = between(self.first, self.last)
        sentences = [
            of_verified(_number(self.named), when, checked, name if self.also_announced else None),
            Message(
                "Nobody verified {n}, {unknown} of them on no list of the detained.",
                n=_sum(known, unknown, self),
                unknown=unknown,
            ),
        ]
        if (self.parts["already_out"].median or 0) > 0:
            sentences.append(Message("{n} had left before.", n=out))
        if (self.parts["held_after"].median or 0) > 0 and self.held_on is not None:
            sentences.append(
                Message("{n} stood as held on a later day, the last {day}.", n=held, day=self.held_on)
            )
        if self.stated is not None and self.stated != self.named.median:
            sentences.append(
                Message("The number announced was {stated:,}; the list names {n}.", stated=self.stated,
                        n=_number(self.named))
            )  # fmt: skip
        return Message.together(sentences)


def if_found(
    odds: tuple[float, float], low: float, high: float, window: tuple[dt.date | None, dt.date | None]
) -> Message:
    """Say the limits of the number released, and the odds of being verified that they assume."""
    least, most = odds
    return Message(
        "If monitors find somebody on no official list at {least:.2g} to {most:.2g} times the odds of "
        "somebody on one, {low} to {high} people were released {when}.",
        least=least,
        most=most,
        low=persons(low),
        high=persons(high),
        when=between(*window),
    )


def of_verified(named: Message, when: Message, verified: Message, name: str | None = None) -> Message:
    """Say how many of those whom an official list names monitors verified; of several lists by its name."""
    known = {"n": named, "when": when, "checked": verified}
    if name is None:
        return Message("Of {n} people named as released {when}, monitors verified {checked}.", **known)
    return Message(
        "Of {n} people whom {list} names as released {when}, monitors verified {checked}.",
        list=name,
        **known,
    )


def about(n: int, *, exactly: bool = False) -> Message:
    """Write a number of people that is rounded to tens, or not certain."""
    if not n and not exactly:
        return Message("fewer than {n}", n=persons(TENS // 2))
    return Message("{n}", n=persons(n)) if exactly else Message("about {n}", n=persons(n))


def between(first: dt.date | None, last: dt.date | None) -> Message:
    """Days of release."""
    if first is None or last is None:
        return Message("on unknown days")
    if first == last:
        return Message("on {day}", day=first)
    one_month = (first.year, first.month) == (last.year, last.month)
    return Message("from {first} to {last}", first=first.day if one_month else first, last=last)


def _number(count: UncertainCount) -> Message:
    """A count as a sentence has it: a number where it is certain, or the median and its limits."""
    low, median, high = count.printed()
    if median is None or low == high:
        return (
            Message("{low} to {high}", low=persons(low), high=persons(high))
            if low != high
            else Message("{n}", n=persons(low))
        )
    return Message("{n} ({low} to {high})", n=persons(median), low=persons(low), high=persons(high))


def _sum(one: Message, other: Message, counts: ListCounts) -> Message:
    """Those whom nobody verified and registers do not contradict."""
    known, unknown = counts.parts["unverified_on_register"], counts.parts["unverified_on_none"]
    if known.median is None or unknown.median is None:
        return Message("{low} to {high}", low=persons(0), high=persons(known.bounds[1]))
    return _number(
        UncertainCount.from_draws(
            known.draws + unknown.draws, bounds=(0, known.bounds[1]), identified_by="data"
        )
    )


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class ReleasedByNameEstimate(OfCounts, Estimate):
    """Who was released, by name: what lists announce and verify, and the number released.

    Parameters
    ----------
    lists : mapping of str to ListCounts
        Counts of each list of released people.
    released : UncertainCount, optional
        Persons of the definition who left custody in the window, on any list or on none; None without an
        announced and a verified list.
    remaining, remaining_if_announced_left : UncertainCount
        Persons on a register who are not known to have left: once the verified have, and if all announced
        did too.
    window : (datetime.date, datetime.date)
        First and last day of release that are counted; None where no list says it.
    verdict : {"estimate", "range", "bounds", "refuse"}
        What of `released` can be printed.
    odds : (float, float), optional
        Odds that a monitor verifies somebody on no official list, over those of somebody on one: 95% of what
        the number released assumes. None where no such number follows.
    estimator : ReleasedByName
        The specification.
    definition : Definition, optional
        Who is counted.
    seed : int
        Seed of the draws.
    digest : str
        Digest of the linkage.
    notes : tuple of str
        What a reader must know besides.
    linked : Linkage
        Registers and lists of released people, as numbers.

    Examples
    --------
    See `ReleasedByName`, which makes it.
    """

    lists: Mapping[str, ListCounts]
    released: UncertainCount | None
    remaining: UncertainCount
    remaining_if_announced_left: UncertainCount
    window: tuple[dt.date | None, dt.date | None]
    verdict: Verdict
    odds: tuple[float, float] | None
    estimator: Specification
    definition: Definition | None
    seed: int
    digest: str
    notes: tuple[str, ...]
    linked: Any
    _private: ClassVar[bool] = True
    _notebook: ClassVar[Literal["summary", "headline", "withheld"]] = "withheld"

    @property
    def range(self) -> Interval | None:
        """The 95% limits of the number released, or its bounds; None where there is no answer."""
        return None if self.released is None else self.released.interval()

    @property
    def _of_all(self) -> dict[str, UncertainCount]:
        """The counts that are of no single list."""
        found = {} if self.released is None else {"released": self.released}
        return found | {
            "remaining": self.remaining,
            "remaining_if_announced_left": self.remaining_if_announced_left,
        }

    @property
    def _quantities(self) -> dict[str, UncertainCount]:
        each = {
            (name, key): count for name, one in self.lists.items() for key, count in one.quantities.items()
        }
        return {"\0".join(key): count for key, count in each.items()} | self._of_all

    def _beside(self, name: str) -> dict[str, Any]:
        at, _, quantity = name.rpartition("\0")
        return {"list": at, "quantity": quantity}

    @property
    def _titles(self) -> dict[str, Message]:
        found = {}
        for name in self._quantities:
            at, _, quantity = name.rpartition("\0")
            kind, _, other = quantity.partition(": ")
            words = WORDS[other if kind == "part" else kind]
            if other and kind != "part":
                words = Message("{what}: {list}", what=words, list=other)
            found[name] = Message("{list}: {what}", list=at, what=words) if at else words
        return found

    def headline(self) -> Message:
        """Give the number released, in one line."""
        n = Message.counted("1 list", "{n} lists", n=len(self.lists))
        if self.released is None:
            return Message("{lists} of released people; no number released follows", lists=n)
        return Message(
            "{lists} of released people; released {count}", lists=n, count=self.released.headline()
        )

    def sentence(self) -> Message:
        """Say list by list who was verified, who was not, and how many were released."""
        sentences = [one.sentence(name) for name, one in self.lists.items() if one.kind == "announced"]
        more = self._more()
        return Message.together([*sentences, *([] if more is None else [more]), self._released()])

    def _more(self) -> Message | None:
        """Clause on the people whom monitors name and no official list has."""
        theirs = [one.parts for one in self.lists.values() if one.kind == "verified"]
        if not theirs or all(one.kind == "verified" for one in self.lists.values()):
            return None
        names = [name for name, one in self.lists.items() if one.kind == "verified"]
        if len(theirs) > 1:
            items = [
                Message("{n} ({list})", n=_number(self.lists[name].not_other_kind), list=name)
                for name in names
            ]
            return Message("Of people on no official list monitors name: {items:,}.", items=items)
        return Message("Monitors name {n} more.", n=_number(self.lists[names[0]].not_other_kind))

    def _released(self) -> Message:
        """Say the number released, as far as the verdict allows."""
        if self.released is None:
            return Message("No number released follows from these lists.")
        low, median, high = self.released.printed()
        limits = {"when": between(*self.window), "low": persons(low), "high": persons(high)}
        if self.odds is None or median is None:
            return Message(
                "Of the people on these lists {low} to {high} were released {when}, whatever monitors "
                "missed.",
                **limits,
            )
        if self.verdict == "estimate":
            return Message(
                "{median} people were released {when}, on a list or on none ({low} to {high}, 95%).",
                median=persons(median),
                **limits,
            )
        return if_found(self.odds, low, high, self.window)

    def _recorded(self, level: float) -> dict[str, Any]:
        names = ("list", "quantity", "low", "median", "high", "level", "identified_by")
        return {
            "window": self.window,
            "verdict": self.verdict,
            "definition": self.definition,
            "stated": {name: one.stated for name, one in self.lists.items()},
            "quantities": [{name: row[name] for name in names} for row in self.rows(level)],
        }

    def plot(self, *, lang: str = "en") -> Figure:
        """Draw the parts of each list, a bar a list.

        Parameters
        ----------
        lang : str, optional
            Language of the words and numbers, one of `detcount.words.languages`.

        Returns
        -------
        matplotlib.figure.Figure
            The figure, on a canvas of its own; ``figure.savefig("parts.png")`` writes it.

        Raises
        ------
        InputError
            If the language is unknown.
        """
        from detcount.reports.printed import figure_of

        bars = {
            name: {part: float(count.median or 0) for part, count in one.parts.items()}
            for name, one in self.lists.items()
        }
        return figure_of(partial(draw_parts, bars=bars), lang)

    def with_exits(self, people: Any, *, announced: bool = False) -> Any:
        """Let out of register spells whoever was released by name, for the stock.

        A verified day is an exit. An announced name alone is a possible exit: the stock lies between the
        answers without and with `announced`.

        Parameters
        ----------
        people : PersonLists
            Of `linked.people()`, by the best partition or a drawn one.
        announced : bool, optional
            Whether those who were announced alone are let out too.

        Returns
        -------
        PersonLists
            The same entries with these exits, where no list knows one.
        """
        return with_exits(self.linked, people, announced=announced)

    def waves(self, lists: tuple[str, ...]) -> dict[str, list[Any]]:
        """Give verified lists that were not made from the registers as waves for `ReleaseWaves.from_frame`.

        Parameters
        ----------
        lists : tuple of str
            Verified lists whose monitors did not look up the registers.

        Returns
        -------
        dict of str to list
            Columns of the waves, by the best links: the list before, those identified among the released, and
            how many of these were on the list.
        """
        return waves(self.linked, self.window, lists)

    def review(self, path: str | PathLike[str], *, force: bool = False) -> int:
        """Write the rows to look at, by number, for the owner of the lists alone.

        Parameters
        ----------
        path : str or path
            The file to write, ``.csv``; nobody else may read it.
        force : bool, optional
            Whether a file that detcount did not write may be replaced.

        Returns
        -------
        int
            Rows written: on no register, recorded inside later, left before, or doubtful.
        """
        return review(self.linked, path, force=force)
