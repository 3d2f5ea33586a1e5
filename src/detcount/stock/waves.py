"""Waves of releases beside the list of a monitor, and what each of them can say.

It is the rows and how they are read, as what a row can say depends on all of its columns.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, TypeAlias

import numpy as np

from detcount._numerics.stock.released import PRIORS
from detcount.contract.definition import NOT_DEFINED, Definition, checked
from detcount.data.published.reading import Column as ReadColumn
from detcount.data.published.reading import as_date, read_columns
from detcount.errors import InputError
from detcount.reading.frames import Frame, RowNames, meanings, refuse_to_come, words_for
from detcount.reading.tables import read_frame
from detcount.reports.printing import Column
from detcount.reports.shown import Result
from detcount.words import Message

Kind: TypeAlias = Literal[
    "coverage",
    "preliminary",
    "bounds",
    "share only",
    "list side only",
    "not compared",
    "definition",
    "wrong entries",
    "by length",
]
KIND_WORDS: dict[str, Message] = {
    "coverage": Message("set against the list"),
    "preliminary": Message("a first count"),
    "bounds": Message("two readings"),
    "share only": Message("a share of all released"),
    "list side only": Message("the list's side alone"),
    "not compared": Message("not compared"),
    "definition": Message("not counted alike"),
    "wrong entries": Message("a list that may be stale"),
    "by length": Message("some groups are not seen"),
}
"""Names of the kinds for readers."""
_COUNTS = {
    "list_size_before": "listed",
    "released": "released",
    "released_identified": "identified",
    "of_these_on_list": "both",
    "released_not_on_list": "unlisted",
    "recognised": "recognised",
    "list_size_after": "after",
    "added_to_list_during": "added",
    "on_other_list_too": "",
    "of_these_on_both": "",
}
"""Columns of counts, and what a wave calls them."""
_SCOPE, _FRESH = "released_counts", "list_is_fresh"
_COLUMNS = (
    ReadColumn("wave", "text"),
    ReadColumn("day", "day"),
    ReadColumn("day_end", "day", in_frame=False, filled=False),
    ReadColumn("source", "text", in_frame=False, filled=False),
    ReadColumn(_SCOPE, "scopes", in_frame=False, filled=False),
    ReadColumn(_FRESH, "answers", in_frame=False, filled=False),
    *(
        ReadColumn(name, "optional count", in_frame=name == "of_these_on_list", unless="recognised")
        for name in _COUNTS
    ),
)


@dataclass(frozen=True)
class Wave:
    """One row: what a monitor knew of those who came out; None where it is not printed.

    Parameters
    ----------
    wave, source, stratum : str
        The wave, whose list it is, and the group of the row; empty where there is none.
    day, day_end : datetime.date
        First and last day of the wave.
    listed, released, identified, both, unlisted, recognised, after, added : int or None
        The list before; those who came out; of how many it is known whether they were listed; those of
        them who were listed, and who were not; those whom the monitor counted as its own kind; the list
        after; names added meanwhile.
    scope : str
        Who is counted among those released: "same" as on the list, the "official" word for it, "wider",
        everybody who "returned", or the "first" who were confirmed; empty where nobody said.
    fresh : str
        "yes" where the list held nobody who was dead, free or named twice, "no", or nothing.
    kind : str
        What the row can say: "coverage" where those released can be set against the list, or why they cannot.
    """

    wave: str
    source: str
    stratum: str
    day: dt.date
    day_end: dt.date
    listed: int | None
    released: int | None
    identified: int | None
    both: int | None
    unlisted: int | None
    recognised: int | None
    after: int | None
    added: int | None
    scope: str
    fresh: str
    kind: Kind

    @property
    def kept(self) -> int:
        """Of the listed who came out those whom the list kept, by its own arithmetic; 0 where nobody says."""
        if self.listed is None or self.both is None or self.after is None or self.added is None:
            return 0
        return max(self.after - (self.listed - self.both + self.added), 0)


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class ReleaseWaves(Result):
    """Waves of releases beside the list that a monitor had of those inside.

    Read it with `from_frame`. A wave may have several rows, one for each group of those inside.

    Parameters
    ----------
    waves : tuple of Wave
        The rows, by day.
    definition : Definition, optional
        Definition of who is counted. It is no part of the digest.
    notes : tuple of str, optional
        Words of the frame that were read as columns, and rows left out. It is no part of it either.

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
    ... }
    >>> waves = stock.ReleaseWaves.from_frame(rows, scope="same", fresh=True)
    >>> waves.waves[0].kind
    'coverage'
    """

    waves: tuple[Wave, ...]
    definition: Definition | None = None
    notes: tuple[Message, ...] = ()

    @classmethod
    def from_frame(
        cls,
        frame: Any,
        *,
        by: str | None = None,
        scope: str = "",
        fresh: bool | str | None = None,
        definition: Definition | None = None,
        dayfirst: bool | None = None,
        allow_future: bool = False,
    ) -> ReleaseWaves:
        """Read a frame with a row for each wave, or for each group of it.

        Parameters
        ----------
        frame : pandas, polars or pyarrow frame, mapping of str to array, or path
            The rows, or the file that holds them. Columns ``wave``, ``day`` and ``of_these_on_list``, and
            where they are known ``day_end``,
            ``source``, ``list_size_before``, ``released``, ``released_identified``, ``released_not_on_list``,
            ``recognised``, ``list_size_after``, ``added_to_list_during`` (persons),
            ``released_counts`` and ``list_is_fresh``. Where two sources have a list,
            ``on_other_list_too`` and ``of_these_on_both`` say how many stand on both before, and of those
            released. Others are left aside.
        by : str, optional
            Column with the group of those inside, as days inside, women, or a prison.
        scope : {"same", "official", "wider", "returned", "first"}, optional
            Who is counted among those released, of rows whose ``released_counts`` does not say it. "first"
            are those who were confirmed first, as their names were known.
        fresh : bool, "yes" or "no", optional
            Whether the list held nobody who was dead, free or named twice, of rows whose ``list_is_fresh``
            does not say it.
        definition : Definition, optional
            Definition of who is counted.
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
            If a column is absent, there is no row, a cell cannot be read, more were listed among those
            released than were released or listed, a wave stands twice, or every row says its ``scope`` or
            ``fresh`` itself, and otherwise.
        """
        whole = Frame.of(read_frame(frame) if isinstance(frame, (str, Path)) else frame)
        groups = () if by is None else (ReadColumn(by, "text", filled=False),)
        whole.require({each.name: ("by", Message("group")) for each in groups})
        read = read_columns(whole, (*_COLUMNS, *groups), "waves", dayfirst=dayfirst, others=True)
        rows, texts, called = read.rows, read.values, read.called
        counts, n = {name: texts[name] for name in _COUNTS}, len(texts["wave"])
        day, last = texts["day"], texts["day_end"]
        last = np.where(np.isnat(last), day, last)
        if not allow_future:
            refuse_to_come([each.item() for each in last], called["day_end"], rows=rows)
        numbers = [
            {name: None if np.isnan(of[k]) else int(of[k]) for name, of in counts.items()} for k in range(n)
        ]
        fresh = ("no", "yes")[fresh] if isinstance(fresh, bool) else fresh or ""
        stated = {_SCOPE: _word("scope", "scopes", scope), _FRESH: _word("fresh", "answers", fresh)}
        _refuse_otherwise(stated, texts, called)
        made = []
        for k in range(n):
            marks = {name: texts[name][k] or word for name, word in stated.items()}
            wave = Wave(
                wave=texts["wave"][k],
                source=texts["source"][k],
                stratum="" if by is None else texts[by][k],
                day=as_date(day[k]),
                day_end=as_date(last[k]),
                scope=marks[_SCOPE],
                fresh=marks[_FRESH],
                kind="definition",  # until the row is checked
                **{called: numbers[k][name] for name, called in _COUNTS.items() if called},
            )
            made.append(_checked(wave, rows(k), called))
        _refuse_twice(made, rows, called)
        made += _of_two_lists(made, numbers, rows, called)
        order = sorted(range(len(made)), key=lambda k: (made[k].day_end, made[k].day, k))
        return cls(
            waves=first_known(made[k] for k in order), definition=checked(definition), notes=read.notes
        )

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the rows: the same data, the same digest."""
        rows = [[str(value) for value in vars(wave).values()] for wave in self.waves]
        return hashlib.sha256(json.dumps(rows).encode()).hexdigest()

    def headline(self) -> Message:
        """Count the waves, and those that can be set against the list."""
        usable = {wave.wave for wave in self.waves if wave.kind == "coverage"}
        return Message.counted(
            "1 wave of releases; waves that can be set against a list: {usable:,}",
            "{n:,} waves of releases, {usable:,} of which can be set against a list",
            n=len({wave.wave for wave in self.waves}),
            usable=len(usable),
        )

    def sentence(self) -> Message:
        """State the same, and who is counted."""
        return Message("{what}. {who}", what=self.headline(), who=self.definition or NOT_DEFINED)

    @property
    def _items(self) -> tuple[Wave, ...]:
        """The rows, by day."""
        return self.waves

    @property
    def _columns(self) -> tuple[Column, ...]:
        """The columns, of frames and of what people read."""
        shown = {
            "wave": Message("wave"),
            "stratum": Message("group"),
            "listed": Message("listed"),
            "identified": Message("released"),
            "both": Message("of them listed"),
        }
        persons = ("listed", "identified", "both")
        return (
            *(
                Column(name=name, title=shown.get(name), write="," if name in persons else "text")
                for name in Wave.__annotations__
                if name != "kind"
            ),
            Column(name="kind", title=Message("what it is"), write=KIND_WORDS.__getitem__, left=True),
        )


def first_known(waves: Iterable[Wave]) -> tuple[Wave, ...]:
    """Waves of which those are first counts beside which a count of the source goes on from the same day."""
    given, last = tuple(waves), dict[tuple[str, str, dt.date], dt.date]()
    for each in given:
        key = (each.source, each.stratum, each.day)
        last[key] = max(last.get(key, each.day_end), each.day_end)

    def known(each: Wave) -> Wave:
        first = each.day_end < last[each.source, each.stratum, each.day]
        return replace(each, kind="preliminary") if first and each.kind == "coverage" else each

    return tuple(map(known, given))


def _settled(wave: Wave) -> Wave:
    """The wave with what it can say; everything but "coverage" is no share of those held."""

    def took_off(released: int | None) -> bool:
        """Check that the list after is the list before, less those released."""
        if wave.listed is None or wave.after is None or released is None:
            return False
        return wave.after == wave.listed - released

    def kind() -> Kind:
        slips = max(1, PRIORS.slips * (wave.both or 0))
        if wave.fresh == "no" or wave.scope == "returned" or wave.kept > slips:
            return "wrong entries"
        if wave.scope == "first":
            return "preliminary"
        if wave.scope == "wider":
            return "share only"
        if wave.both is None:
            if wave.recognised is not None:
                return "bounds"
            if wave.scope == "same" and took_off(wave.released):
                return "wrong entries"  # the list took off everybody who came out
            return "not compared"
        if wave.identified is None:
            return "list side only" if wave.released is None else "preliminary"
        if not wave.scope:
            return "definition"
        all_listed = wave.both == wave.identified and wave.scope == "official"
        if all_listed and (wave.both == wave.recognised or took_off(wave.identified)):
            return "definition"  # the list may be of those who let out
        if wave.released is not None and wave.identified < PRIORS.identified * wave.released:
            return "preliminary"
        return "bounds" if wave.recognised == wave.both < wave.identified else "coverage"

    return replace(wave, kind=kind())


def _word(name: str, kind: str, text: str) -> str:
    """A word that was said of all rows, as it is spelled here."""
    found = meanings(kind, text)
    if text and not found:
        raise InputError(
            Message(
                "{name}: expected {known!r:or}, got another word. Write one of them, or nothing",
                name=name,
                known=words_for(kind),
            )
        )
    return found[0] if found else ""


def _refuse_otherwise(
    stated: Mapping[str, str], texts: Mapping[str, Sequence[str]], called: Mapping[str, str]
) -> None:
    """Refuse a word for rows that do not say it where every row does, and one of them otherwise."""
    for name, word in stated.items():
        written = {*texts[name]}
        if word and "" not in written and written != {word}:
            raise InputError(
                Message(
                    "{column}: expected the word that the rows say, {said!r:or}, got {asked!r}. Leave it "
                    "out, or write it in the rows that it is true of",
                    column=called[name],
                    asked=word,
                    said=sorted(written),
                )
            )


def _checked(wave: Wave, row: str, called: Mapping[str, str]) -> Wave:
    """One row, whose counts agree; those identified are the listed and the unlisted together."""
    both, unlisted, identified = wave.both, wave.unlisted, wave.identified
    if identified is None and both is not None and unlisted is not None:
        identified = both + unlisted
    for most, name in ((identified, "released_identified"), (wave.listed, "list_size_before")):
        if both is not None and most is not None and both > most:
            raise InputError(
                Message(
                    "{column}, {row}: expected at most {most:,}, the number in {where!r}, got {got:,}. Mend "
                    "the row",
                    column=called["of_these_on_list"],
                    where=called[name],
                    row=row,
                    most=most,
                    got=both,
                )
            )
    together = (both or 0) + (unlisted or 0)
    if None not in (identified, both, unlisted) and identified != together:
        column = called["released_identified"]
        raise InputError(
            Message(
                "{column}, {row}: expected {sum:,}, those on the list and those not, got {got:,}. Mend the "
                "row",
                column=column,
                row=row,
                sum=together,
                got=identified or 0,
            )
        )
    if wave.day_end < wave.day:
        raise InputError(
            Message(
                "{column}, {row}: expected a day not before the first, got an earlier one. Mend one of the "
                "two",
                column=called["day_end"],
                row=row,
            )
        )
    return _settled(replace(wave, identified=identified))


def _of_two_lists(
    made: Sequence[Wave],
    numbers: Sequence[Mapping[str, int | None]],
    rows: RowNames,
    called: Mapping[str, str],
) -> list[Wave]:
    """Whoever stands on one of two lists at least, where it is said how many stand on both."""
    found = []
    for row, wave in enumerate(made):
        inside, out = numbers[row]["on_other_list_too"], numbers[row]["of_these_on_both"]
        others = [each for each in made[:row] if (each.wave, each.stratum) == (wave.wave, wave.stratum)]
        if inside is None or out is None or not others:
            continue
        pair = (others[0], wave)
        if any(None in (each.listed, each.both, each.identified) for each in pair):
            continue
        listed, both = ([getattr(each, name) for each in pair] for name in ("listed", "both"))
        if inside > min(listed) or out > min(inside, *both) or pair[0].identified != wave.identified:
            columns = [called[name] for name in ("on_other_list_too", "of_these_on_both")]
            raise InputError(
                Message(
                    "{columns:and}, {row}: expected no more than stand on each of the two lists, and the "
                    "same released beside both, got other numbers. Mend the row",
                    row=rows(row),
                    columns=columns,
                )
            )
        alike = {name: getattr(wave, name) == getattr(pair[0], name) for name in ("scope", "fresh")}
        fresh = wave.fresh if alike["fresh"] else "no" if "no" in (wave.fresh, pair[0].fresh) else ""
        both_lists = replace(
            wave,
            source=" + ".join(each.source for each in pair),
            listed=sum(listed) - inside,
            both=sum(both) - out,
            unlisted=None,
            recognised=None,
            after=None,
            added=None,
            scope=wave.scope if alike["scope"] else "",
            fresh=fresh,
        )
        found.append(_settled(both_lists))
    return found


def _refuse_twice(waves: Sequence[Wave], rows: RowNames, called: Mapping[str, str]) -> None:
    """Refuse a wave that stands twice with the same group: it would count twice."""
    first: dict[tuple[str, str, str], int] = {}
    for row, wave in enumerate(waves):
        key = (wave.wave, wave.source, wave.stratum)
        if key in first:
            raise InputError(
                Message(
                    "{column}, {first} and {second}: the same wave stands twice. Name the column of the "
                    "groups with by=, or leave one row out",
                    column=called["wave"],
                    first=rows(first[key]),
                    second=rows(row),
                )
            )
        first[key] = row
