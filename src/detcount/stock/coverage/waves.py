"""Waves of releases beside the list of a monitor, and what each of them can say.

It is the rows and how they are read, as what a row can say depends on all of its columns.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np

from detcount.arguments import plain
from detcount.definition import NOT_DEFINED, Definition, checked
from detcount.errors import InputError
from detcount.frames import Frame, RowNames, refuse_to_come, row_names
from detcount.printing import Column
from detcount.published.days import read_days
from detcount.published.reading import read_columns, read_optional_counts, read_texts
from detcount.shown import Result
from detcount.words import Message

if TYPE_CHECKING:
    pass

Kind: TypeAlias = Literal[
    "coverage",
    "preliminary",
    "bounds",
    "share only",
    "list side only",
    "not compared",
    "definition",
    "wrong entries",
]

_SHARED = ("on_other_list_too", "of_these_on_both")
COUNTS = (
    *("list_size_before", "released", "released_identified", "of_these_on_list", "released_not_on_list"),
    *("recognised", "list_size_after", "added_to_list_during"),
    *_SHARED,
)
KIND_WORDS: dict[str, Message] = {
    "coverage": Message("set against the list"),
    "preliminary": Message("a first count"),
    "bounds": Message("two readings"),
    "share only": Message("a share of all released"),
    "list side only": Message("the list's side alone"),
    "not compared": Message("not compared"),
    "definition": Message("not counted alike"),
    "wrong entries": Message("a list that may be stale"),
}
"""What readers call the kinds."""
_PERSONS = ("listed", "identified", "both")
_TEXTS = ("source", "released_counts")
_SCOPES = ("same", "official", "wider", "returned")
_IDENTIFIED = 2 / 3  # of those released; where fewer are, they are those whose names were known
_IN_SPANISH = {"misma": "same", "oficial": "official", "mas amplia": "wider", "regresados": "returned"}


@dataclass(frozen=True)
class Wave:
    """One row: what a monitor knew of those who came out; None where it is not printed.

    Parameters
    ----------
    name, source, stratum : str
        The wave, whose list it is, and the group of the row; empty where there is none.
    day, day_end : datetime64[D]
        First and last day of the wave.
    listed, released, identified, both, unlisted, recognised, after, added : int or None
        The list before; those who came out; of how many it is known whether they were listed; those of
        them who were listed, and who were not; those whom the monitor counted as its own kind; the list
        after; names added meanwhile.
    scope : str
        Who is counted among those released: "same" as on the list, the "official" word for it, "wider", or
        everybody who "returned"; empty where nobody said.
    """

    name: str
    source: str
    stratum: str
    day: np.datetime64
    day_end: np.datetime64
    listed: int | None
    released: int | None
    identified: int | None
    both: int | None
    unlisted: int | None
    recognised: int | None
    after: int | None
    added: int | None
    scope: str

    @property
    def kind(self) -> Kind:
        """What the row can say; everything but "coverage" is no share of those held."""
        if self.scope == "returned":
            return "wrong entries"
        if self.scope == "wider":
            return "share only"
        if self.both is None:
            if self.recognised is not None:
                return "bounds"
            if self.scope == "same" and self.after is not None and self.after == self._left(self.released):
                return "wrong entries"  # the list took off everybody who came out
            return "not compared" if self.after is None or self.added is not None else "list side only"
        if self.identified is None:
            return "list side only" if self.released is None else "preliminary"
        if not self.scope:
            return "definition"
        if self.both == self.identified:
            by_construction = self.both == self.recognised or (
                self.after is not None and self.after == self._left(self.identified)
            )
            return "definition" if by_construction else "preliminary"
        if self.released is not None and self.identified < _IDENTIFIED * self.released:
            return "preliminary"
        return "bounds" if self.recognised == self.both else "coverage"

    def _left(self, released: int | None) -> int | None:
        """The list before, less those released."""
        return None if self.listed is None or released is None else self.listed - released


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class ReleaseWaves(Result):
    """Waves of releases beside the list that a monitor had of those inside.

    Read it with `from_frame`. A wave may have several rows, one for each group of those inside.

    Parameters
    ----------
    waves : tuple of Wave
        The rows, by day.
    fresh : bool or None
        Whether the list held nobody who was dead, free or named twice; None where nobody said.
    definition : Definition, optional
        Who is counted. It is no part of the digest.

    See Also
    --------
    CoverageFromReleases : How many the list does not know.

    Examples
    --------
    >>> from detcount import stock
    >>> rows = {
    ...     "wave": ["December"],
    ...     "day": ["2025-12-02"],
    ...     "source": ["the monitor"],
    ...     "list_size_before": [77],
    ...     "released_identified": [35],
    ...     "of_these_on_list": [18],
    ...     "released_counts": ["same"],
    ... }
    >>> waves = stock.ReleaseWaves.from_frame(rows)
    >>> waves.waves[0].kind
    'coverage'
    """

    waves: tuple[Wave, ...]
    fresh: bool | None = None
    definition: Definition | None = None

    @classmethod
    def from_frame(
        cls,
        frame: Any,
        *,
        by: str | None = None,
        fresh: bool | None = None,
        definition: Definition | None = None,
        dayfirst: bool | None = None,
        allow_future: bool = False,
    ) -> ReleaseWaves:
        """Read a frame with a row for each wave, or for each group of it.

        Parameters
        ----------
        frame : pandas, polars or pyarrow frame, or mapping of str to array
            Columns ``wave``, ``day`` and ``of_these_on_list``, and where they are known ``day_end``,
            ``source``, ``list_size_before``, ``released``, ``released_identified``, ``released_not_on_list``,
            ``recognised``, ``list_size_after``, ``added_to_list_during`` (persons) and
            ``released_counts``: "same", "official", "wider" or "returned". Where two sources have a list,
            ``on_other_list_too`` and ``of_these_on_both`` say how many stand on both before, and of those
            released. Others are left aside.
        by : str, optional
            Column with the group of those inside, as days inside, women, or a prison.
        fresh : bool, optional
            Whether the list held nobody who was dead, free or named twice.
        definition : Definition, optional
            Who is counted.
        dayfirst : bool, optional
            Whether 31/01/2026 is a day.
        allow_future : bool, optional
            Whether days to come are read.

        Returns
        -------
        ReleaseWaves
            The waves, by day.

        Raises
        ------
        InputError
            If a column is absent, a cell cannot be read, more were listed among those released than were
            released or listed, or a wave stands twice.
        """
        read = Frame.of(frame)
        rows = row_names(read)
        optional = (*_TEXTS, *COUNTS, "day_end", *(() if by is None else (by,)))
        # what else a file holds, as texts of pages, is left aside
        there = [str(name) for name in read.names if str(name) in {"wave", "day", *optional}]
        required = ("wave", "day", *(("of_these_on_list",) if "recognised" not in there else ()))
        columns, _ = read_columns(read.cells(there), required=required, optional=optional)
        n = len(columns["wave"])
        texts = {
            name: read_texts(columns.get(name, [None] * n), name, required=name == "wave", rows=rows)
            for name in ("wave", *_TEXTS, *(() if by is None else (by,)))
        }
        counts = {
            name: read_optional_counts(columns.get(name, [None] * n), name, rows=rows) for name in COUNTS
        }
        day = read_days(columns["day"], "day", required=True, rows=rows, dayfirst=dayfirst)
        last = read_days(
            columns.get("day_end", [None] * n), "day_end", required=False, rows=rows, dayfirst=dayfirst
        )
        last = np.where(np.isnat(last), day, last)
        if not allow_future:
            refuse_to_come(
                [each.item() for each in last],
                "day_end",
                rows=rows,
            )
        made = [
            _wave(
                {name: _number(values[k]) for name, values in counts.items()},
                texts["wave"][k],
                texts["source"][k],
                "" if by is None else texts[by][k],
                (day[k], last[k]),
                _scope(texts["released_counts"][k], rows(k)),
                rows(k),
            )
            for k in range(n)
        ]
        _refuse_twice(made, rows)
        shared = [
            (_number(inside), _number(out))
            for inside, out in zip(counts[_SHARED[0]], counts[_SHARED[1]], strict=True)
        ]
        made += _of_two_lists(made, shared, rows)
        order = sorted(range(len(made)), key=lambda k: (made[k].day_end, made[k].day, k))
        return cls(waves=tuple(made[k] for k in order), fresh=fresh, definition=checked(definition))

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the rows: the same data, the same digest."""
        rows = [[str(value) for value in vars(wave).values()] for wave in self.waves]
        return hashlib.sha256(json.dumps([rows, self.fresh]).encode()).hexdigest()

    def headline(self) -> Message:
        """Say how many waves there are, and how many of them can say what the list does not know."""
        usable = {wave.name for wave in self.waves if wave.kind == "coverage"}
        return Message(
            "{n:,} waves of releases, {usable:,} of which can be set against a list",
            n=len({wave.name for wave in self.waves}),
            usable=len(usable),
        )

    def sentence(self) -> Message:
        """Say the same, and who is counted."""
        return Message("{what}. {who}", what=self.headline(), who=self.definition or NOT_DEFINED)

    @property
    def _items(self) -> tuple[Wave, ...]:
        """The rows, by day."""
        return self.waves

    @property
    def _columns(self) -> tuple[Column, ...]:
        """The columns, of frames and of what people read."""
        shown = {
            "name": Message("wave"),
            "stratum": Message("group"),
            "listed": Message("listed"),
            "identified": Message("released"),
            "both": Message("of them listed"),
        }
        return (
            *(
                Column(name=name, title=shown.get(name), write="," if name in _PERSONS else "text")
                for name in Wave.__annotations__
            ),
            Column(name="kind", title=Message("what it is"), write=KIND_WORDS.__getitem__, left=True),
        )


def _number(value: float) -> int | None:
    """A count, or None where none is printed."""
    return None if np.isnan(value) else int(value)


def _scope(text: str, row: str) -> str:
    """Who is counted among those released, as it is spelled here."""
    word = plain(text)
    word = _IN_SPANISH.get(word, word)
    if word and word not in _SCOPES:
        raise InputError(
            Message(
                "released_counts, {row}: expected {known!r:or}, got another word. Say whether those "
                "released are "
                "counted as on the list",
                row=row,
                known=_SCOPES,
            )
        )
    return word


def _wave(
    counts: dict[str, int | None],
    name: str,
    source: str,
    stratum: str,
    days: tuple[np.datetime64, np.datetime64],
    scope: str,
    row: str,
) -> Wave:
    """One row, checked; those identified are the listed and the unlisted where both are printed."""
    both, unlisted = counts["of_these_on_list"], counts["released_not_on_list"]
    identified, listed = counts["released_identified"], counts["list_size_before"]
    if identified is None and both is not None and unlisted is not None:
        identified = both + unlisted
    for most, where in ((identified, "released_identified"), (listed, "list_size_before")):
        if both is not None and most is not None and both > most:
            raise InputError(
                Message(
                    "of_these_on_list, {row}: expected at most {most:,}, the number in {where!r}, got "
                    "{got:,}. "
                    "Mend the row",
                    row=row,
                    most=most,
                    where=where,
                    got=both,
                )
            )
    if None not in (identified, both, unlisted) and identified != (both or 0) + (unlisted or 0):
        raise InputError(
            Message(
                "released_identified, {row}: expected {sum:,}, those on the list and those not, got "
                "{got:,}. Mend "
                "the row",
                row=row,
                sum=(both or 0) + (unlisted or 0),
                got=identified or 0,
            )
        )
    if days[1] < days[0]:
        raise InputError(
            Message("day_end, {row}: expected a day not before the first, got an earlier one", row=row)
        )
    return Wave(
        name=name,
        source=source,
        stratum=stratum,
        day=days[0],
        day_end=days[1],
        listed=listed,
        released=counts["released"],
        identified=identified,
        both=both,
        unlisted=unlisted,
        recognised=counts["recognised"],
        after=counts["list_size_after"],
        added=counts["added_to_list_during"],
        scope=scope,
    )


def _of_two_lists(
    made: Sequence[Wave], shared: Sequence[tuple[int | None, int | None]], rows: RowNames
) -> list[Wave]:
    """Whoever stands on one of two lists at least, where it is said how many stand on both."""
    found = []
    for row, (wave, (inside, out)) in enumerate(zip(made, shared, strict=True)):
        others = [each for each in made[:row] if (each.name, each.stratum) == (wave.name, wave.stratum)]
        if inside is None or out is None or not others:
            continue
        pair = (others[0], wave)
        if any(None in (each.listed, each.both, each.identified) for each in pair):
            continue
        listed, both = ([getattr(each, name) for each in pair] for name in ("listed", "both"))
        if inside > min(listed) or out > min(inside, *both) or pair[0].identified != wave.identified:
            raise InputError(
                Message(
                    "on_other_list_too and of_these_on_both, {row}: expected no more than stand on each of "
                    "the two lists, and the same released beside both, got other numbers. Mend the row",
                    row=rows(row),
                )
            )
        found.append(
            replace(
                wave,
                source=" + ".join(each.source for each in pair),
                listed=sum(listed) - inside,
                both=sum(both) - out,
                unlisted=None,
                recognised=None,
                after=None,
                added=None,
                scope=wave.scope if wave.scope == pair[0].scope else "",
            )
        )
    return found


def _refuse_twice(waves: Sequence[Wave], rows: RowNames) -> None:
    """Refuse a wave that stands twice with the same group: it would count twice."""
    first: dict[tuple[str, str, str], int] = {}
    for row, wave in enumerate(waves):
        key = (wave.name, wave.source, wave.stratum)
        if key in first:
            raise InputError(
                Message(
                    "wave, {first} and {second}: the same wave stands twice. Name the column of the "
                    "groups with "
                    "by=, or leave one row out",
                    first=rows(first[key]),
                    second=rows(row),
                )
            )
        first[key] = row
