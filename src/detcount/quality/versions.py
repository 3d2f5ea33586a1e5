"""Versions of one list: which entries stay, change, are withdrawn, or are new. Counts alone, no names.

It is one class, half of it its documentation, with how two versions are compared.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from detcount.contract import arguments
from detcount.contract.arguments import plain
from detcount.contract.definition import Definition
from detcount.errors import InputError
from detcount.linkage import link, read_lists
from detcount.reading.cells import as_text
from detcount.reading.frames import Frame
from detcount.reports.printing import Column
from detcount.reports.shown import Result
from detcount.words import Message

if TYPE_CHECKING:
    import pandas as pd


FACTORS = ("source", "age", "identifier")
"""What entries are told apart by: who reported them, new or older in the version, an identifier or none."""
_PARTS = {
    "same_identifier": None,
    "name_changed": Message("other name"),
    "identifier_changed": Message("other identifier"),
    "no_valid_identifier_in_one": Message("by name alone"),
    "same_name_other_birth": Message("perhaps the same"),
    "gone": Message("withdrawn"),
}
"""What becomes of an entry, as files of counts call it, with its heading; together they are `in_first`."""
_NEEDED = ("first", "second", "in_first", "gone")


@dataclass(frozen=True)
class Tuning:
    """Comparison of versions of a list.

    Parameters
    ----------
    sure : float, probability
        Probability from which two rows are one entry. Convention: nine in ten, for a changed identifier is
        claimed.
    known : int, entries
        Entries of equal identifier that stand beside the others in linkage. Convention: enough to learn from.
    """

    sure: float = 0.9
    known: int = 2000


TUNING = Tuning()


@dataclass(frozen=True, repr=False, eq=False)
class Versions(Result):
    """Two or more versions of one list: entries that stay, change, are withdrawn, or are new.

    An entry under another identifier is no withdrawal, and a withdrawal is no proof of an error: some return.
    It holds counts alone; names and identifiers are compared when it is made, and kept nowhere.

    Parameters
    ----------
    changes : pandas.DataFrame
        What became of the entries of each version in the next: ``first``, ``second`` (days), ``source``,
        ``age`` (new or older in the first), ``identifier`` (valid or not), ``in_first`` (entries), and its
        parts ``same_identifier``, ``name_changed``, ``identifier_changed``, ``no_valid_identifier_in_one``,
        ``same_name_other_birth`` (perhaps the same: another day of birth, or none in one version) and
        ``gone``. Blank is not known.
    today : pandas.DataFrame
        Entries of the last version: ``source``, ``age``, ``identifier`` and ``entries``.
    new : dict of datetime.date to int
        New entries of each version but the first.
    returned : dict of datetime.date to int
        Entries of an earlier version that were not in the one before and are in this one again.
    definition : Definition, optional
        Who is counted.

    See Also
    --------
    Withdrawals : Says how many of today's entries are still to be withdrawn.

    Examples
    --------
    >>> from detcount import quality
    >>> march = {"ID": ["1", "2", "3"], "Name": ["Ana Pérez Rojas", "Luis Mora Gil", "Eva Paz Ruiz"]}
    >>> june = {"ID": ["1", "9", "4"], "Name": ["Ana Pérez Rojas", "Luis Mora Gil", "Juan Sosa Mata"]}
    >>> versions = quality.Versions.from_frames(
    ...     {"2026-03-01": march, "2026-06-01": june}, identifier="ID", name="Name"
    ... )
    >>> print(versions.headline())
    2 versions, 1 March 2026 to 1 June 2026: 1 entry withdrawn, 1 new
    """

    changes: pd.DataFrame
    today: pd.DataFrame
    new: Mapping[dt.date, int]
    returned: Mapping[dt.date, int]
    definition: Definition | None = None

    @classmethod
    def from_frames(
        cls,
        versions: Mapping[Any, Any],
        *,
        identifier: str,
        name: str | Sequence[str],
        source: str | None = None,
        seed: int = 0,
        definition: Definition | None = None,
    ) -> Versions:
        """Compare versions row by row: by identifier first, and who is left by name, sex and birth.

        Parameters
        ----------
        versions : mapping of day to frame
            Each version by its day: pandas, polars or pyarrow frames, or mappings of columns.
        identifier : str
            Column with the document or number of a person; a blank is none.
        name : str or sequence of str
            Columns with the name.
        source : str, optional
            Column that says who reported an entry; versions may lack it, or give a source another name.
        seed : int, optional
            Seed of the linkage of those whose identifiers do not agree.
        definition : Definition, optional
            Who is counted.

        Returns
        -------
        Versions
            The counts.

        Raises
        ------
        InputError
            If there are fewer than two versions, two are of one day, a column is not there, or rows of those
            that are left cannot be read as names.

        Notes
        -----
        Rows whose identifiers do not meet are linked by `linkage.link`, without the identifiers; at most one
        row of each version is one person, and a pair is one entry from a probability of 0.9 on. Columns that
        one of two versions lacks are not compared. A source that the next version does not name has another
        name there if most of its entries that stayed stand under one that was not there before.
        """
        import pandas as pd

        if not isinstance(versions, Mapping) or len(versions) < 2:
            raise InputError(Message("versions: expected two days or more, each with a frame"))
        names = (name,) if isinstance(name, str) else tuple(name)
        by_day = {
            arguments.day("versions", day): _Version.of(frame, identifier, names, source)
            for day, frame in versions.items()
        }
        if len(by_day) < len(versions):
            raise InputError(Message("versions: expected a day for each, got one day twice"))
        days, read = sorted(by_day), [by_day[day] for day in sorted(by_day)]
        if source is not None and not any(any(version.sources) for version in read):
            raise InputError(
                Message(
                    "versions: expected a column {column!r} with sources in one version at least",
                    column=source,
                )
            )
        people, what, renamed = [list(range(len(read[0])))], [], []
        for before, after in pairwise(read):
            pairs = _same_entries(before, after, seed)
            what.append({a: kind for a, _, kind in pairs})
            renamed.append(_renamed(before, after, pairs))
            people.append(_numbered(read, people, {b: people[-1][a] for a, b, _ in pairs}, after))
        rows = [
            (
                days[k],
                days[k + 1] if k < len(what) else None,
                reduce(lambda name, names: names.get(name, name), renamed[k:], version.sources[row]),
                "" if not k else "older" if person in set_before else "new",
                "valid" if version.identifiers[row] else "not valid",
                what[k].get(row, "gone") if k < len(what) else "entries",
            )
            for k, version in enumerate(read)
            for set_before in [set(people[k - 1])]
            for row, person in enumerate(people[k])
        ]
        keys = ["first", "second", *FACTORS]
        frame = pd.DataFrame(rows, columns=[*keys, "what"]).groupby([*keys, "what"], dropna=False)
        counts = frame.size().unstack(fill_value=0).reset_index().reindex(columns=[*keys, *_PARTS, "entries"])
        counts["in_first"] = counts[[*_PARTS, "entries"]].sum(axis=1)
        every = [set(one) for one in people]
        return replace(
            cls.from_counts(counts, definition=definition),
            new={days[k]: len(every[k].difference(*every[:k])) for k in range(1, len(days))},
            returned={
                days[k]: len((every[k] - every[k - 1]) & set().union(*every[: k - 1]))
                for k in range(2, len(days))
            },
        )

    @classmethod
    def from_counts(cls, frame: Any, *, definition: Definition | None = None) -> Versions:
        """Read counts that were published: from one version to the next, by source where it is given.

        Parameters
        ----------
        frame : pandas, polars or pyarrow frame, mapping, or path
            A row a group. ``first`` and ``second`` (days of the versions), ``in_first`` (entries), ``gone``;
            if known ``source``, ``identifier`` (valid or not), ``age`` (new or older), ``new_in_second``, and
            the other parts of ``in_first``, as in `changes`. Other columns are summed over. Rows that leave
            a version out are not used. Rows without ``second`` say what the last version holds of each group,
            where the versions before distinguish fewer.
        definition : Definition, optional
            Who is counted.

        Returns
        -------
        Versions
            The counts.

        Raises
        ------
        InputError
            If a column is not there, a cell is no whole number, or more are gone than there were.
        """
        import pandas as pd

        given = Frame.of(frame)
        if not set(_NEEDED) <= set(given.names):
            raise InputError(
                Message(
                    "versions: expected columns first, second, in_first and gone, got {names!r:,}",
                    names=tuple(given.names),
                )
            )
        cells = pd.DataFrame(given.cells(given.names))
        counted = ("in_first", *_PARTS, "new_in_second")
        if not len(cells):
            raise InputError(Message("versions: expected a row for each step or group, got none"))
        if (again := cells.duplicated()).any():
            raise InputError(
                Message(
                    "versions: row {row:,} is the same as one before it, so that its entries would count "
                    "twice. Leave one out",
                    row=again.argmax() + 1,
                )
            )
        given_days = cells["second"].map(_text) != ""
        cells["second"] = cells["second"].mask(cells["second"].map(_text) == "", cells["first"])
        rows = pd.DataFrame(
            {side: [arguments.day(side, cell) for cell in cells[side]] for side in _NEEDED[:2]}
            | {each: list(map(_text, cells.get(each, [""] * len(cells)))) for each in FACTORS}
            | {each: _counts(cells.get(each, [0] * len(cells)), each) for each in counted}
        )
        if (backwards := given_days & (rows["second"] <= rows["first"])).any():
            raise InputError(
                Message(
                    "versions: row {row:,}: expected a second version of a later day than the first. Leave "
                    "second blank where a row says what the last version holds",
                    row=backwards.argmax() + 1,
                )
            )
        too_many = rows["gone"] + rows["same_name_other_birth"] > rows["in_first"]
        if too_many.any():
            raise InputError(
                Message(
                    "versions: row {row:,}: more entries are gone than there were", row=too_many.argmax() + 1
                )
            )
        days = sorted({*rows["first"], *rows["second"]})
        last = rows[(rows["first"] == rows["second"]) & (rows["first"] == days[-1])]
        rows = rows[rows["second"] == rows["first"].map(dict(pairwise(days)))]
        groups = ["first", "second", *FACTORS]
        sums, held = (each.groupby(groups)[list(counted)].sum().reset_index() for each in (rows, last))
        arrived = sums[sums["second"] == days[-1]].assign(entries=lambda each: each["new_in_second"])
        stayed = arrived.assign(entries=arrived["in_first"] - arrived["gone"])
        if sums["age"].any():
            arrived, stayed = arrived.assign(age="new"), stayed.assign(age="older")
        parts = [held.assign(entries=held["in_first"])] if len(held) else [stayed, arrived]
        today = pd.concat(parts).groupby(list(FACTORS))["entries"].sum().reset_index()
        return cls(
            sums[sums["in_first"] > 0].drop(columns="new_in_second").reset_index(drop=True),
            today[today["entries"] > 0].reset_index(drop=True),
            {day: int(sums["new_in_second"][sums["second"] == day].sum()) for day in days[1:]},
            {},
            definition,
        )

    @property
    def days(self) -> tuple[dt.date, ...]:
        """Days of the versions."""
        return tuple(sorted({*self.changes["first"], *self.changes["second"]}))

    @property
    def digest(self) -> str:
        """SHA-256 of the counts."""
        text = self.changes.to_csv(index=False) + self.today.to_csv(index=False)
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def _columns(self) -> Sequence[Column]:
        return (
            Column(name="first", title=Message("version"), write="day", left=True),
            Column(name="second", title=Message("next version"), write="day", left=True),
            Column(name="source", title=Message("source"), left=True, if_any=True),
            Column(name="age", if_any=True),
            Column(name="identifier"),
            Column(name="in_first", title=Message("entries"), write=","),
            *(Column(name=part, title=title, write=",") for part, title in _PARTS.items()),
        )

    @property
    def _items(self) -> Iterable[Any]:
        return self.changes.to_dict("records")

    def headline(self) -> Message:
        """Give one short sentence."""
        n, new, days = int(self.changes["gone"].sum()), sum(self.new.values()), self.days
        return Message.counted(
            "{k} versions, {first} to {last}: {n:,} entry withdrawn, {new:,} new",
            "{k} versions, {first} to {last}: {n:,} entries withdrawn, {new:,} new",
            n=n,
            k=len(days),
            first=days[0],
            last=days[-1],
            new=new,
        )

    def sentence(self) -> Message:
        """Say what changed between the last two versions."""
        *_, first, last = self.days
        total = self.changes[self.changes["second"] == last].sum(numeric_only=True).astype(int).to_dict()
        return Message(
            "Of {entries:,} entries of {first} {gone:,} were not in the list of {last}, and {unsure:,} only "
            "perhaps; {renumbered:,} stand under another identifier, which is no withdrawal. {returned:,} "
            "that had been withdrawn before were back.",
            entries=total["in_first"],
            first=first,
            gone=total["gone"],
            last=last,
            unsure=total["same_name_other_birth"],
            renumbered=total["identifier_changed"],
            returned=self.returned.get(last, 0),
        )


@dataclass(frozen=True, repr=False)
class _Version:
    """One version while it is compared; nothing of it is kept or shown."""

    columns: Mapping[str, list[Any]]
    identifiers: list[str]
    names: list[frozenset[str]]
    sources: list[str]

    @classmethod
    def of(cls, frame: Any, identifier: str, names: Sequence[str], source: str | None) -> _Version:
        """Take the columns out of a frame."""
        given, more = Frame.of(frame), Message.together(())
        places = {each: (Message("column {name!r}", name=each), more) for each in (identifier, *names)}
        given.require(places)
        cells = given.cells(given.names)
        written = zip(*(cells[each] for each in names), strict=True)
        return cls(
            {each: values for each, values in cells.items() if each not in (identifier, source)},
            [re.sub(r"[\W_]+", "", _text(cell)).casefold() for cell in cells[identifier]],
            [frozenset(plain(" ".join(map(_text, parts))).split()) for parts in written],
            [plain(_text(cell)) for cell in cells.get(source or "", [""] * len(cells[identifier]))],
        )

    def __len__(self) -> int:
        return len(self.identifiers)

    def by_identifier(self) -> dict[str, int]:
        """Row of each identifier that one row alone has."""
        often = Counter(self.identifiers)
        return {number: row for row, number in enumerate(self.identifiers) if number and often[number] == 1}

    def taken(self, rows: Sequence[int], other: _Version) -> dict[str, list[Any]]:
        """Some rows, in the columns that another version has too, without identifiers and sources."""
        both = self.columns.keys() & other.columns.keys()
        return {name: [values[row] for row in rows] for name, values in self.columns.items() if name in both}


def _same_entries(before: _Version, after: _Version, seed: int) -> list[tuple[int, int, str]]:
    """Rows of two versions that are one entry, and what changed of it."""

    def what(a: int, b: int, *, by_name_alone: bool = False) -> str:
        one, other = before.identifiers[a], after.identifiers[b]
        if by_name_alone:
            return "same_name_other_birth"
        if not (one and other):
            return "no_valid_identifier_in_one"
        if one != other:
            return "identifier_changed"
        return "same_identifier" if before.names[a] == after.names[b] else "name_changed"

    first, second = before.by_identifier(), after.by_identifier()
    pairs = [(first[number], second[number]) for number in first if number in second]
    ours = sorted(set(range(len(before))) - {a for a, _ in pairs})
    theirs = sorted(set(range(len(after))) - {b for _, b in pairs})
    linked = []
    if ours and theirs:
        # entries that are known to be the same say how rare a word is, and how seldom a version changes one
        rows = (
            [*ours, *(a for a, _ in pairs[: TUNING.known])],
            [*theirs, *(b for _, b in pairs[: TUNING.known])],
        )
        linked = [
            (ours[a], theirs[b], what(ours[a], theirs[b], by_name_alone=alone))
            for a, b, alone in _by_name(before.taken(rows[0], after), after.taken(rows[1], before), seed)
            if a < len(ours) and b < len(theirs) and before.names[ours[a]] & after.names[theirs[b]]
        ]
    return [*((a, b, what(a, b)) for a, b in pairs), *linked]


def _renamed(before: _Version, after: _Version, pairs: Iterable[tuple[int, int, str]]) -> dict[str, str]:
    """Sources of a version that have another name in the next one."""
    names: dict[str, Counter[str]] = defaultdict(Counter)
    for a, b, _ in pairs:
        names[before.sources[a]][after.sources[b]] += 1
    most = {old: found.most_common(1)[0][0] for old, found in names.items() if old}
    return {
        old: new
        for old, new in most.items()
        if 2 * names[old][new] > names[old].total() and old not in after.sources and new not in before.sources
    }


def _by_name(
    before: dict[str, list[Any]], after: dict[str, list[Any]], seed: int
) -> list[tuple[int, int, bool]]:
    """Rows of two frames that are one person by everything but identifiers, and whether by name alone.

    That is said where frames have days of birth, and those of the rows do not meet: namesakes are many.
    """
    lists = read_lists({"a": before, "b": after}, columns={"document": None})
    linked = link(lists, seed=seed, max_copies={"a": 1, "b": 1}, n_draws=200)
    sure = linked.pairs[linked.pairs["probability"] >= TUNING.sure]
    person = linked.clusters.set_index(["list", "row"])["person"]
    born = {name: dict(zip(each.rows, each.born, strict=True)) for name, each in lists.parsed.items()}
    with_births = all(any(days.values()) for days in born.values())
    found = []
    for row in sure[sure["list_a"] != sure["list_b"]].to_dict("records"):
        (_, a), (_, b) = ends = sorted((row[f"list_{side}"], int(row[f"row_{side}"])) for side in "ab")
        if person[ends[0]] == person[ends[1]]:
            one, other = born["a"][a], born["b"][b]
            agree = one and other and one.first <= other.last and other.first <= one.last
            found.append((a - 1, b - 1, with_births and not agree))
    return found


def _numbered(
    read: Sequence[_Version], people: Sequence[Sequence[int]], known: dict[int, int], after: _Version
) -> list[int]:
    """The person of each row of a version: those of the one before, those who are back, and new ones."""
    here, present = after.by_identifier(), set(people[-1])
    for version, persons in zip(read, people[:-1], strict=False):
        for number, row in version.by_identifier().items():
            if number in here and here[number] not in known and persons[row] not in present:
                known[here[number]] = persons[row]
    next_one = 1 + max(max(persons, default=-1) for persons in people)
    new = {row: next_one + k for k, row in enumerate(row for row in range(len(after)) if row not in known)}
    return [known[row] if row in known else new[row] for row in range(len(after))]


def _text(cell: Any) -> str:
    """A cell as text; nothing where it is missing."""
    return as_text(cell).strip()


def _counts(cells: Iterable[Any], column: str) -> list[int]:
    """Whole numbers of entries; 0 where a cell is blank."""
    texts = [_text(cell) or "0" for cell in cells]
    wrong = next((row for row, text in enumerate(texts, start=1) if not text.isdigit()), None)
    if wrong is not None:
        raise InputError(
            Message(
                "versions: row {row:,}, column {column!r}: expected a whole number", row=wrong, column=column
            )
        )
    return [int(text) for text in texts]
