"""The data of a report: what lies there, what each is, and the data of each kind together.

One thing although long: each kind of data is put together from the entries of all files at once, and every
kind takes the same path from entry to job.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from pathlib import Path
from typing import Any

from detcount.abundance import Anchored
from detcount.assessment.abundance import anchor as samples
from detcount.assessment.joint.entries import (
    UNLINKED,
    Fault,
    SourceRow,
    not_used,
    read_entry,
    read_or_left_aside,
)
from detcount.assessment.joint.facts import WAVES_DIFFER
from detcount.assessment.joint.folder import Entry, Files, entries_in
from detcount.assessment.joint.names import (
    NameSource,
    answers_of,
    linked,
    operates_of,
    parts_of,
    people_of,
    same_lists,
    shares_of,
    version_words,
)
from detcount.assessment.joint.settings import SETTINGS, Settings, check_sample, settings_of
from detcount.data.captures import CaptureTable
from detcount.data.operates import Operates
from detcount.errors import DetcountError, InputError, InputTypeError
from detcount.linkage import Linkage
from detcount.linkage.list_notes import whole_name
from detcount.linkage.result import ONE_RULE
from detcount.quality import AuditAnswers
from detcount.reading.kinds import Kind
from detcount.reading.tables import read_with_notes
from detcount.reports.numbers import number_or_dash
from detcount.stock import ReleaseWaves
from detcount.strata.cache import Cache
from detcount.words import N_, Message

_TWO_OF_A_KIND = N_(
    "{one} and {two}: expected one file of {kind!r}, got two. Leave one aside with --take {two}=nothing"
)

KEPT = ".detcount"
"""Folder in which what was computed is kept, where there are settings."""
_ALONE: tuple[Kind, ...] = ("lists", "people")  # of which there is one


@dataclass(frozen=True)
class Gathered:
    """The data of a report.

    Parameters
    ----------
    data : dict of str to object
        The data, by kind; under "released" the links with lists of released people, under "who" the tables
        of linked persons by sex, age and place, a mapping a draw.
    rows : tuple of SourceRow
        Every file, in the order of the names, with what it was taken for.
    settings : Settings
        What was said of the folder.
    cache : Cache, optional
        Where what is computed is kept.
    between : tuple of Message, optional
        Where two files say different things of one wave of releases.
    wrong : mapping of str to float, optional
        Shares of the entries of linked lists that are said not to belong.
    operates : Operates, optional
        Where and when lists are said to operate.
    anchor : Anchored, optional
        The list that is said to be a random sample, with its design.
    """

    data: dict[str, Any]
    rows: tuple[SourceRow, ...]
    settings: Settings = field(default_factory=Settings)
    cache: Cache | None = None
    between: tuple[Message, ...] = ()
    wrong: Mapping[str, float] = field(default_factory=dict)
    operates: Operates | None = None
    anchor: Anchored | None = None

    def noting(self, words: Mapping[str, Message]) -> Gathered:
        """The same, with something more said of some files, by their names."""
        rows = tuple(
            replace(row, why=Message.together([row.why, words[row.name]], "; ")) if row.name in words else row
            for row in self.rows
        )
        return replace(self, rows=rows)

    def without(self, faults: Mapping[str, Fault], *, jobs: bool = False) -> Gathered:
        """The same, with what cannot be used left aside, each file with its reason.

        Parameters
        ----------
        faults : mapping of str to Exception
            What is wrong, by the name of a file or of a kind of data.
        jobs : bool, optional
            Whether arrests that stand alone are left aside too, as there is no job for them.

        Raises
        ------
        InputError
            If nothing is left.
        """
        own = {row.kind for row in self.rows}
        of_names = [faults[kind] for kind in _ALONE if kind in faults and kind not in own]
        rows, data = [], {kind: data for kind, data in self.data.items() if kind not in faults}
        alone = jobs and "stock" not in data and data.pop("arrests", None) is not None
        for row in self.rows:
            known = (row.name, row.name.rpartition(":")[0], row.kind or "")
            error = next((faults[key] for key in known if key in faults), None)
            if row.kind == "names" and error is None and of_names:
                row, error = replace(row, seems="names"), of_names[0]
            elif row.kind == "arrests" and alone:
                row = replace(
                    row,
                    kind=None,
                    why=Message(
                        "it holds arrests, which need the published totals of people held beside them"
                    ),
                )
            rows.append(row if error is None else not_used(row, error))
        if not data.keys() - {"who"}:
            seen = [Message("{file}: {why}", file=row.name, why=row.why) for row in rows]
            raise InputError(
                Message(
                    "report: expected lists, published totals of people held, announced releases, waves or "
                    "an audit, got nothing that can be used: {why:;}",
                    why=seen or [Message("there is no file")],
                )
            )
        return replace(self, data=data, rows=tuple(rows))


def gathered(given: Any, asked: Settings, seed: int = 0) -> Gathered:
    """Read all that is given.

    Parameters
    ----------
    given : str, path-like or mapping
        A folder, or data by name.
    asked : Settings
        How tables are read, whatever is said of the folder.
    seed : int, optional
        Seed of the links of lists of names.

    Returns
    -------
    Gathered
        The data by kind, and what each file was taken for.

    Raises
    ------
    InputError
        If nothing can be used, two files are of one kind, a file could be two things, or one that is
        understood cannot be read.
    InputTypeError
        If what is given is neither a folder nor a mapping.
    """
    folder, entries = _lying_in(given)
    stated = given.settings if isinstance(given, Files) else Settings()
    settings = asked.over(stated if folder is None else settings_of(folder))
    _refuse_strangers({entry.name for entry in entries}, asked, settings)
    drawn = {e.name: e.value for e in entries if e.name == "who" and isinstance(e.value, Mapping)}
    one_by_one = isinstance(given, Mapping)
    read_one = read_entry if one_by_one else read_or_left_aside
    read = [read_one(entry, settings) for entry in entries if entry.name not in drawn]
    names = [made for _, made in read if isinstance(made, NameSource)]
    faults: dict[str, Fault] = {}
    data, between = _by_kind(read, faults)
    if "audit" in data:
        data["audit"] = answers_of(data["audit"], names)
    cache = Cache(folder / KEPT) if folder and (folder / SETTINGS).is_file() else None
    found = Gathered(drawn | data, tuple(row for row, _ in read), settings, cache, between)
    if names:
        found = _with_links(found, names, folder, seed, faults)
    found = replace(found.noting(_of_no_list(found)), anchor=_sample(entries, settings))
    if faults and one_by_one:
        raise next(iter(faults.values()))
    return found.without(faults)


def _sample(entries: Sequence[Entry], settings: Settings) -> Anchored | None:
    """The list that is said to be a random sample, with its design, which may stand in a file."""
    if not settings.sample:
        return None
    check_sample(settings.sample)

    def read(name: str) -> Any:
        entry = next(entry for entry in entries if entry.name == name)
        return read_with_notes(entry.source(None), entry.sheet)[0]

    stated = dict(settings.sample)
    return samples.stated(
        stated["list"], stated["design"], read, stated.get("clusters"), stated.get("inmates")
    )


def _lying_in(given: Any) -> tuple[Path | None, list[Entry]]:
    """The folder, if one is given, and what lies there."""
    if isinstance(given, Mapping):
        return None, [Entry(str(name), value) for name, value in given.items()]
    if isinstance(given, Files):
        return None, entries_in(given)
    if not isinstance(given, (str, os.PathLike)):
        raise InputTypeError(
            Message(
                "report: expected the name of a folder or a mapping of names to data, got {kind}",
                kind=type(given).__name__,
            )
        )
    return Path(given), entries_in(Path(given))


def _refuse_strangers(known: set[str], asked: Settings, settings: Settings) -> None:
    """Refuse names of files that are not there, as they are written."""
    files = known | {name.rpartition(":")[0] for name in known}
    stated = [settings.read[key] for key in ("decisions", "operates") if key in settings.read]
    stated += [file for file in (settings.sample_file,) if file]
    lists = [each.entries[0] for each in settings.names.values() if known.isdisjoint(each.entries)]
    strange = {name for name in settings.take if name not in known} | {*lists} | ({*stated} - files)
    for where, names in (("take", strange & asked.take.keys()), (SETTINGS, strange)):
        if names:
            raise InputError(
                Message(
                    "{where}: expected names of files of the folder as they are written there, got "
                    "{names!r:,}. Correct them, or delete them there",
                    where=where,
                    names=sorted(names),
                )
            )


def _by_kind(
    read: Sequence[tuple[SourceRow, Any]], faults: dict[str, Fault]
) -> tuple[dict[str, Any], tuple[Message, ...]]:
    """The data of each kind as one, and where two files do not agree; what cannot be one is a fault."""
    parts: dict[Kind, list[tuple[str, Any]]] = defaultdict(list)
    for row, made in read:
        if row.kind is not None and not isinstance(made, NameSource):
            parts[row.kind].append((row.name, made))
    data: dict[str, Any] = {}
    between: list[Message] = []
    for kind, several in parts.items():
        joined, words = _together(kind, several, faults)
        data |= {} if joined is None else {kind: joined}
        between += words
    return data, tuple(dict.fromkeys(between))


def _with_links(
    found: Gathered, names: list[NameSource], folder: Path | None, seed: int, faults: dict[str, Fault]
) -> Gathered:
    """The same, with the lists of names linked: their histories, persons with days, and groups."""
    made = _linked(names, folder, found, seed, faults)
    if made is None:
        return found
    links, who, names = made
    data, rows, several = dict(found.data), found.rows, len(links.lists) > 1
    if "lists" in data and several:
        table = next(row.name for row in rows if row.kind == "lists")
        faults[table] = InputError(Message(_TWO_OF_A_KIND, one=names[0].name, two=table, kind="lists"))
    well = not links.other_rules
    people = people_of(links, seed) if well and "people" not in data else ()
    released = well and links.released is not None
    data |= {"released": links} if released else {}
    data |= {"lists": links} if well and several else {}
    data |= {"people": people} if people else {}
    data |= {"who": who} if who and data.get("lists") is links else {}
    why, seems = (
        Message(
            "it is one list of names alone, which says nothing of whom it does not know: add another list"
        ),
        "",
    )
    if not well:
        why, seems = (
            Message(
                "nothing is estimated from this list of names, as the lists seem to be written by different "
                "rules and one person stands as two. {remedy}",
                remedy=ONE_RULE,
            ),
            UNLINKED,
        )
    if not well or not (several or people or released):
        rows = tuple(
            replace(row, kind=None, why=why, seems=seems) if row.kind == "names" else row for row in rows
        )
    operates = _operates(folder, found.settings, links.lists, faults)
    found = replace(found, data=data, rows=rows, wrong=shares_of(links, names), operates=operates)
    versions = version_words(same_lists(names))
    return found.noting({each.name: versions[each.called] for each in names if each.called in versions})


def _of_no_list(found: Gathered) -> dict[str, Message]:
    """Notes on samples of lists that are not there, by the names of their files."""
    lists, audit = found.data.get("lists"), found.data.get("audit")
    if lists is None or audit is None:
        return {}
    known = {part for name in lists.lists for part in parts_of(name)}
    strange = {each.lists[0] for each in audit.checked} - known
    words = Message(
        "{names!r:and} is none of the lists here, so that nothing is taken out by it: write {lists!r:or} in "
        "its column list",
        names=sorted(strange),
        lists=sorted(known),
    )
    return {row.name: words for row in found.rows if row.kind == "audit" and strange}


def _together(
    kind: Kind, several: Sequence[tuple[str, Any]], faults: dict[str, Fault]
) -> tuple[Any, list[Message]]:
    """The data of the files of one kind as one, and where two do not agree; what cannot be is a fault."""
    (first, made), *others = several
    if kind in _ALONE and others:
        fault = InputError(Message(_TWO_OF_A_KIND, one=first, two=others[0][0], kind=kind))
        faults |= {name: fault for name, _ in several}
        return None, []
    found = []
    for name, read in others:
        try:
            made, words = _joined((made, read), (first, name), kind)
        except InputError as error:
            faults[name] = error
        else:
            found += words
    return made, found


def _operates(
    folder: Path | None, settings: Settings, lists: Sequence[str], faults: dict[str, Fault]
) -> Operates | None:
    """Where the lists are said to operate, if the file can be read and names no others."""
    place = settings.read.get("operates")
    if place is None or folder is None:
        return None
    try:
        found = operates_of(Operates.from_frame(folder / place), lists)
        found.at("").there(lists)
    except (DetcountError, OSError) as error:
        faults[place] = error
        return None
    return found


def _linked(
    names: list[NameSource], folder: Path | None, found: Gathered, seed: int, faults: dict[str, Fault]
) -> tuple[Linkage, dict[str, list[dict[str, CaptureTable]]], list[NameSource]] | None:
    """The lists linked, if need be without the audit, the decisions or the one list that forbids it.

    Of two lists that cannot be linked nobody knows which is wrong; there is None then.
    """
    settings, audit = found.settings, found.data.get("audit")
    if all(each.released for each in names):
        alone = Message("it names released people, and no list of the detained stands beside it")
        faults |= {each.name: InputError(alone) for each in names}
        return None
    decisions = settings.read.get("decisions", "")
    fewer = {key: value for key, value in settings.read.items() if key != "decisions"}
    attempts = [("", names, settings, audit), ("audit" if audit else "", names, settings, None)]
    attempts += [(decisions, names, replace(settings, read=fewer), audit)]
    for one in names if len(names) > 2 else ():
        attempts += [(one.name, [each for each in names if each is not one], settings, audit)]
    first: Fault | None = None
    for blamed, kept, how, answers in attempts:
        if first is not None and not blamed:
            continue
        try:
            links, by_sex = linked(kept, folder, how, found.cache, same_lists(kept), seed, answers)
        except (DetcountError, OSError) as error:
            first = first or error
        else:
            faults |= {} if first is None else {blamed: first}
            return links, by_sex, kept
    if first is not None and any(each.how.checked for each in names):  # which may be what is wrong
        raise first
    faults |= {each.name: first for each in names if first is not None}
    return None


def _joined(parts: tuple[Any, Any], files: tuple[str, str], kind: Kind) -> tuple[Any, list[Message]]:
    """The counts or answers of two files together, and where they do not agree; what both have is one."""
    import pandas as pd

    one, two = parts
    if kind == "waves":
        return _waves_together(parts, files)
    notes = (*one.notes, *two.notes)
    if kind == "audit":
        return AuditAnswers((*one.checked, *two.checked), notes), []
    rows = pd.concat([each.to_frame() for each in parts]).drop_duplicates()
    made = type(one).from_frame(rows, definition=one.definition, allow_future=True)
    return replace(made, notes=notes), []


def _waves_together(
    parts: tuple[ReleaseWaves, ReleaseWaves], files: tuple[str, str]
) -> tuple[ReleaseWaves, list[Message]]:
    """Waves of two files, and where the two do not agree; the second holds for a wave of one source in both.

    Files of parts, such as months, are of one source. Others are of two where they name none, called after
    them.
    """
    sources = [whole_name(Path(file).stem) for file in files]
    sources = ["", ""] if sources[0] == sources[1] else sources
    read = [
        replace(wave, source=wave.source or source)
        for each, source in zip(parts, sources, strict=True)
        for wave in each.waves
    ]
    stated = []
    for pair in combinations(read, 2):
        one, other = pair
        alike = one.wave == other.wave or (one.day, one.day_end) == (other.day, other.day_end)
        unlike = {(wave.released, wave.both if one.source == other.source else None) for wave in pair}
        if alike and one.stratum == other.stratum and len(unlike) > 1:
            released, listed = (
                [number_or_dash(getattr(wave, of)) for wave in pair] for of in ("released", "both")
            )
            names = [*dict.fromkeys(wave.source for wave in pair)]
            stated.append(
                Message(
                    WAVES_DIFFER,
                    wave=one.wave,
                    sources=names,
                    released=released,
                    listed=listed,
                )
            )
    found = {(wave.wave, wave.source, wave.stratum): wave for wave in read}
    waves = sorted(found.values(), key=lambda wave: (wave.day_end, wave.day))
    return replace(parts[0], waves=tuple(waves)), stated
