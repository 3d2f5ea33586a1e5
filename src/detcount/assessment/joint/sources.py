"""The data of a report: which file of a folder was taken for what, and why others were not.

It is one chapter: how tables are read, what a folder has, what each entry is, and the data of all of them.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detcount.assessment.joint.names import (
    NameSource,
    answers_of,
    linked,
    name_source,
    operates_of,
    parts_of,
    people_of,
    same_lists,
    shares_of,
    version_words,
)
from detcount.assessment.joint.settings import NOTHING, SETTINGS, NamesOf, Settings, message, settings_of
from detcount.data.captures import CaptureTable
from detcount.data.operates import Operates
from detcount.data.persons import PersonLists
from detcount.data.published import PublishedArrests, PublishedReleases, PublishedStock
from detcount.errors import DetcountError, InputError, InputTypeError, system_words
from detcount.linkage import Linkage
from detcount.linkage.list_notes import whole_name
from detcount.linkage.result import ONE_RULE
from detcount.quality import AuditAnswers
from detcount.quality.audits import ANSWER, POPULATION
from detcount.reading.cells import as_text
from detcount.reading.content import Source
from detcount.reading.frames import plain_name
from detcount.reading.headers import AUDITS, KIND_WORDS, columns_of, roles_of
from detcount.reading.kinds import KINDS, LIST_OF_NAMES, Kind, Recognised, recognised, with_days_in_rows
from detcount.reading.tables import ENDINGS, READERS, beginning_of, read_with_notes, tables_in
from detcount.reports.formats import FORMATS
from detcount.reports.numbers import number_or_dash
from detcount.stock import ReleaseWaves
from detcount.strata.cache import Cache
from detcount.words import Message

if TYPE_CHECKING:
    import pandas as pd

Fault = DetcountError | OSError
"""Why a file cannot be used."""
KEPT = ".detcount"
"""Folder in which what was computed is kept, where there are settings."""
_COUNTS = ("definition", "allow_future", "dayfirst")
_KINDS: dict[Kind, tuple[tuple[Any, ...], tuple[str, ...]]] = {
    "lists": ((CaptureTable, Linkage), ("definition", "yes", "no", "blank_is_0")),
    "people": ((PersonLists,), ("definition", "allow_future")),
    "stock": ((PublishedStock,), _COUNTS),
    "arrests": ((PublishedArrests,), _COUNTS[1:]),
    "releases": ((PublishedReleases,), _COUNTS),
    "waves": ((ReleaseWaves,), _COUNTS),
    "audit": ((AuditAnswers,), ()),
}
"""Kinds of data: the classes, of which the first reads a table, and what of how files are read it takes."""
_WITH_TABLES = tuple(ending for reader in READERS if reader.tables for ending in reader.endings)
_OURS = (
    *(mark for made in FORMATS.values() for mark in made.marks),
    '"made_by": "detcount"',
    "family,recommended,",
    "label,quantity,announced,verified,",
    "answer,recommended,",
    "job,question,verdict,",
)
_ALONE: tuple[Kind, ...] = ("lists", "people")  # of which there is one
UNCLEAR, UNREAD, UNLINKED = "unclear", "unread", "unlinked"
"""What a file seems to hold of which nobody knows it, one that cannot be read, and names not linked."""
_OLD = {"old", "viejo", "viejos", "vieja", "viejas", "anterior", "anteriores", "backup", "respaldo", "draft"}
_UNANSWERED = message("sample without answers")
_HEAD = 4096  # bytes in which a file of ours has its mark
_SURE = 0.8  # of the name of a column that it holds names
# how to read a file that shows it, where nobody says otherwise
_BY_ITSELF = {"dayfirst", "yes", "no", "blank_is_0"}


@dataclass(frozen=True)
class SourceRow:
    """One file, or one entry of a mapping, and what it was taken for.

    Parameters
    ----------
    name : str
        Name of the file without its folders, or the key of the mapping.
    kind : {"lists", "people", "stock", "arrests", "releases", "waves", "audit"}, optional
        What it was taken for; None where it was left aside.
    why : Message
        What showed it, or why it was left aside.
    seems : str
        What it seems to hold, where it was left aside and holds data that may be missed: a kind, "unclear",
        "unread" or "unlinked"; blank where nothing is missed.
    """

    name: str
    kind: Kind | None
    why: Message
    seems: str = ""


@dataclass(frozen=True)
class Gathered:
    """The data of a report.

    Parameters
    ----------
    data : dict of str to object
        The data, by kind; under "who" the tables of linked persons by sex, age and place, a mapping a draw.
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
    """

    data: dict[str, Any]
    rows: tuple[SourceRow, ...]
    settings: Settings = field(default_factory=Settings)
    cache: Cache | None = None
    between: tuple[Message, ...] = ()
    wrong: Mapping[str, float] = field(default_factory=dict)
    operates: Operates | None = None

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
                row = replace(row, kind=None, why=message("arrests alone"))
            rows.append(row if error is None else _left_aside(row, error))
        if not data.keys() - {"who"}:
            seen = [Message("{file}: {why}", file=row.name, why=row.why) for row in rows]
            raise message.refused("nothing understood", why=seen or [Message("there is no file")])
        return replace(self, data=data, rows=tuple(rows))


def left_aside(rows: Iterable[SourceRow], *, named: bool) -> tuple[Message, ...]:
    """Say what was left aside that may be missed: each file with its reason, or what they seem to hold."""
    missed = [row for row in rows if row.seems]
    if named:
        return tuple(Message("{file}: {why}", file=row.name, why=row.why) for row in missed)
    return tuple(
        message(seems, n=n)
        if seems in (UNCLEAR, UNREAD, UNLINKED)
        else message("seems to hold", n=n, kind=KIND_WORDS[seems])
        for seems, n in Counter(row.seems for row in missed).items()
    )


def _left_aside(row: SourceRow, error: Fault) -> SourceRow:
    """A file that cannot be used, with the reason."""
    why = system_words(error) if isinstance(error, OSError) else _stated(error)
    stated = getattr(why, "values", {}).get("kind", row.kind)
    seems = stated if stated in KINDS else UNCLEAR
    if row.seems == "names":  # which are used for one thing, and not for another
        return replace(row, why=Message.together([row.why, why], "; "))
    return SourceRow(row.name, None, Message("{why}", why=why), seems)


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
    cache, settings, folder = None, asked.over(Settings()), None
    if isinstance(given, Mapping):
        entries: Sequence[tuple[str, Any]] = [(str(name), value) for name, value in given.items()]
    elif isinstance(given, (str, os.PathLike)):
        folder = Path(given)
        entries = entries_in(folder)
        settings = asked.over(settings_of(folder))
        cache = Cache(folder / KEPT) if (folder / SETTINGS).is_file() else None
    else:
        raise InputTypeError(message("no folder or mapping", kind=type(given).__name__))
    _refuse_strangers({name for name, _ in entries}, asked, settings)
    rows: list[SourceRow] = []
    names: list[NameSource] = []
    parts: dict[Kind, list[tuple[str, Any]]] = {}
    faults: dict[str, Fault] = {}
    data: dict[str, Any] = {}
    for name, value in entries:
        if name == "who" and isinstance(value, Mapping):
            data["who"] = value
            continue
        row, read = (read_entry if folder is None else read_or_left_aside)(name, value, settings)
        rows.append(row)
        if isinstance(read, NameSource):
            names.append(read)
        elif row.kind is not None:
            parts.setdefault(row.kind, []).append((name, read))
    between: list[Message] = []
    for kind, several in parts.items():
        joined, words = _together(kind, several, faults)
        data |= {} if joined is None else {kind: joined}
        between += words
    also: dict[str, Message] = {}
    wrong: dict[str, float] = {}
    operates: Operates | None = None
    if "audit" in data:
        data["audit"] = answers_of(data["audit"], names)
    found = _linked(names, settings, cache, seed, data.get("audit"), faults) if names else None
    if found is not None:
        links, by_sex, names = found
        words_of = version_words(same_lists(names))
        also = {each.name: words_of[each.called] for each in names if each.called in words_of}
        if "lists" in data and len(links.lists) > 1:
            table = parts["lists"][0][0]
            faults[table] = message.refused("two of a kind", one=names[0].name, two=table, kind="lists")
        linked_well = not links.other_rules
        data |= {"lists": links} if linked_well and len(links.lists) > 1 else {}
        wrong = shares_of(links, names)
        operates = _operates(folder, settings, links.lists, faults)
        people = people_of(links, seed) if linked_well and "people" not in data else ()
        data |= {"people": people} if people else {}
        data |= {"who": by_sex} if by_sex and data.get("lists") is links else {}
        if not linked_well or (len(links.lists) == 1 and not people):
            why, seems = message("one list of names alone"), ""
            if not linked_well:
                why, seems = message("not linked", remedy=ONE_RULE), UNLINKED
            rows = [
                replace(row, kind=None, why=why, seems=seems) if row.kind == "names" else row for row in rows
            ]
    if "lists" in data and "audit" in data:
        known = {part for name in data["lists"].lists for part in parts_of(name)}
        strange = {each.lists[0] for each in data["audit"].checked} - known
        other = message("sample of no list", names=sorted(strange), lists=sorted(known))
        also |= {row.name: other for row in rows if row.kind == "audit" and strange}
    if faults and folder is None:
        raise next(iter(faults.values()))
    rows = [
        replace(row, why=Message.together([row.why, also[row.name]], "; ")) if row.name in also else row
        for row in rows
    ]
    made = Gathered(data, tuple(rows), settings, cache, tuple(dict.fromkeys(between)), wrong, operates)
    return made.without(faults)


def _refuse_strangers(known: set[str], asked: Settings, settings: Settings) -> None:
    """Refuse names of files that are not there, as they are written."""
    files = known | {name.rpartition(":")[0] for name in known}
    stated = [settings.read[key] for key in ("decisions", "operates") if key in settings.read]
    lists = [each.entries[0] for each in settings.names.values() if known.isdisjoint(each.entries)]
    strange = {name for name in settings.take if name not in known} | {*lists} | ({*stated} - files)
    for where, names in (("take", strange & asked.take.keys()), (SETTINGS, strange)):
        if names:
            raise message.refused("names of no files", where=where, names=sorted(names))


def _together(
    kind: Kind, several: Sequence[tuple[str, Any]], faults: dict[str, Fault]
) -> tuple[Any, list[Message]]:
    """The data of the files of one kind as one, and where two do not agree; what cannot be is a fault."""
    (first, made), *others = several
    if kind in _ALONE and others:
        fault = message.refused("two of a kind", one=first, two=others[0][0], kind=kind)
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
    names: list[NameSource],
    settings: Settings,
    cache: Cache | None,
    seed: int,
    audit: AuditAnswers | None,
    faults: dict[str, Fault],
) -> tuple[Linkage, dict[str, list[dict[str, CaptureTable]]], list[NameSource]] | None:
    """The lists linked, if need be without the audit, the decisions or the one list that forbids it.

    Of two lists that cannot be linked nobody knows which is wrong; there is None then.
    """
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
            links, by_sex = linked(kept, how, cache, same_lists(kept), seed, answers)
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
                message("waves differ", wave=one.wave, sources=names, released=released, listed=listed)
            )
    found = {(wave.wave, wave.source, wave.stratum): wave for wave in read}
    waves = sorted(found.values(), key=lambda wave: (wave.day_end, wave.day))
    return replace(parts[0], waves=tuple(waves)), stated


def files_of(folder: str | os.PathLike[str]) -> list[Path]:
    """Give what is in a folder and one folder below, by name, but for what is hidden, locked or old.

    Parameters
    ----------
    folder : str or path-like
        The folder.

    Returns
    -------
    list of Path
        Files and folders in it.

    Raises
    ------
    InputError
        If there is no such folder, or it is a file.
    """
    place = Path(folder)
    if not place.is_dir():
        key = "a file for a folder" if place.exists() else "no such folder"
        raise message.refused(key, file=place.name)
    found: list[Path] = []
    for file in _visible(place):
        within: list[Path] = []
        if file.is_dir() and not _OLD.intersection(plain_name(file.name).split()):
            with suppress(OSError):  # which is then said of the folder
                within = _visible(file)
        found += within or [file]
    return found


def _visible(place: Path) -> list[Path]:
    """What is in a folder, by name."""
    known = (file for file in place.iterdir() if not file.name.startswith((".", "~$")))
    return sorted((file for file in known if file.name != SETTINGS), key=lambda file: file.name)


def entries_in(folder: Path) -> list[tuple[str, tuple[Path, str | None, str]]]:
    """Each file or sheet by its name, with what its list is called: its sheet or file, if no other is so."""
    places = [(file, sheet) for file in files_of(folder) for sheet in _sheets_of(file)]
    # bytes of a name that are no text are written by their codes, as no settings can hold them
    texts = [
        Path(os.fsencode(file.relative_to(folder)).decode("utf-8", "backslashreplace")) for file, _ in places
    ]
    names = [
        text.as_posix() + (f":{sheet}" if sheet else "")
        for text, (_, sheet) in zip(texts, places, strict=True)
    ]
    tables = [k for k, (file, _) in enumerate(places) if file.suffix.lower() in ENDINGS]
    called = [sheet or text.stem for text, (_, sheet) in zip(texts, places, strict=True)]
    for part in (r"\.\w+(?=:|$)", ""):
        twice = {word for word, n in Counter(called[k] for k in tables).items() if n > 1}
        longer = [re.sub("[/:]", " ", re.sub(part, "", name)) for name in names]
        called = [long if word in twice else word for word, long in zip(called, longer, strict=True)]
    return [(name, (*place, word)) for name, place, word in zip(names, places, called, strict=True)]


def _sheets_of(file: Path) -> Sequence[str | None]:
    """The sheets of a workbook that has several which hold something; None for any other file."""
    sheets: Sequence[str] = ()
    if file.suffix.lower() in _WITH_TABLES and file.is_file() and not is_ours(file):
        with suppress(DetcountError, OSError):
            sheets = tables_in(Source.of(file))
    return sheets if len(sheets) > 1 else (None,)


def read_or_left_aside(
    name: str, value: Any, settings: Settings, *, most: int | None = None
) -> tuple[SourceRow, Any]:
    """Read one entry of a folder, as `read_entry` does; what cannot be read is left aside with the reason."""
    try:
        return read_entry(name, value, settings, most=most)
    except (DetcountError, OSError) as error:
        return _left_aside(SourceRow(name, None, message("aside")), error), None


def read_entry(
    name: str, value: Any, settings: Settings, *, most: int | None = None
) -> tuple[SourceRow, Any]:
    """Read one entry, and say what it was taken for; the data of a list of names are a `NameSource`.

    Of a text that is longer than `most` bytes its beginning is read alone.
    """
    stated = settings.take.get(name)
    if stated == NOTHING:
        return SourceRow(name, None, Message("it was said to be left aside")), None
    for key in ("decisions", "operates"):
        if settings.read.get(key) in (name, name.rpartition(":")[0]):
            return SourceRow(name, None, message(f"file of {key}")), None
    kind: Kind | None = next((each for each in KINDS if each in (stated, name)), None)
    one = value[0] if isinstance(value, tuple) and value else value  # persons over several drawn links
    for each, (classes, _) in _KINDS.items():
        if isinstance(one, classes):
            if kind not in (None, each):
                wanted, got = (of.__name__ for of in (_KINDS[kind][0][0], type(one)))
                raise message.refused("another kind", name=name, kind=wanted, got=got)
            return SourceRow(name, each, Message("it was given as such")), value
    file, sheet, called = value if isinstance(value, tuple) else (value, None, Path(name).stem)
    if not isinstance(file, (str, os.PathLike)):
        return _of_table(name, _as_frame(name, value), [], kind, settings)
    file = Path(file)
    aside = _aside(file)
    if aside is not None:
        missed = aside == message("no file") and file.suffix.lower() in ENDINGS
        return SourceRow(name, None, aside, UNREAD if missed else ""), None
    within = name.removesuffix(f":{sheet}")
    listed = settings.list_of(within, sheet)
    how = replace(settings.names[listed], sheet=sheet) if listed else NamesOf(file=within, sheet=sheet)
    called = listed or (name if called in settings.names else called)
    later = bool(settings.read.get("allow_future"))
    head = None if most is None or file.stat().st_size <= most else beginning_of(file, most)
    source = partial(name_source, name, file, called, how, allow_future=later, head=head)
    if kind == "names" or listed is not None:
        found = source(stated=True)
        return SourceRow(name, "names", found.why), found
    try:
        frame, notes = read_with_notes(head or Source.of(file), sheet)
    except DetcountError as error:
        if kind is not None:
            raise
        why = Message("it cannot be read: {why}", why=_stated(error))
        row, made = SourceRow(name, None, why, UNREAD), None
    else:
        row, made = _of_table(name, frame, notes, kind, settings)
    if row.kind is None and row.why != _UNANSWERED:
        try:
            found = source(stated=False)
        except InputError as error:
            if row.why == LIST_OF_NAMES:
                row = SourceRow(name, None, message("list of names in doubt", why=_stated(error)), "names")
        else:
            if re.search(AUDITS, plain_name(Path(name).stem)):
                return SourceRow(
                    name, None, message("sample without its column", column=ANSWER), "audit"
                ), None
            return SourceRow(name, "names", found.why), found
    return row, made


def _of_table(
    name: str, frame: pd.DataFrame, notes: Sequence[Message], kind: Kind | None, settings: Settings
) -> tuple[SourceRow, Any]:
    """A table, and what it was taken for by the names of its columns."""
    frame, melted = with_days_in_rows(frame)
    notes = [*notes, *melted]
    found = recognised(frame, name, kind=kind, lists=settings.read.get("lists"))
    if isinstance(found, Message):
        return SourceRow(name, None, found, UNCLEAR), None
    if kind is None and found.kind == "people" and _is_of_names(frame, found.columns["person"]):
        return SourceRow(name, None, message("nobody twice"), "people"), None
    if kind is None and found.kind == "audit" and not _answered(frame):
        return SourceRow(name, None, _UNANSWERED), None
    try:
        made = _made(frame, found, name, settings)
    except InputError as error:
        asked: dict[str, Any] = dict(error.ask_for)
        if not asked or not asked.keys() <= _BY_ITSELF - settings.read.keys():
            raise
        made = _made(frame, found, name, replace(settings, read={**settings.read, **asked}))
        marks = {key: {} if value is True else {"marks": value} for key, value in asked.items()}
        notes = [*notes, *(message(f"read with {key}", **each) for key, each in marks.items())]
    if isinstance(made, PublishedArrests | PublishedReleases | PublishedStock | ReleaseWaves):
        notes = [*notes, *made.notes]
    elif isinstance(made, AuditAnswers) and any(each.drawn_from is None for each in made.checked):
        notes = [*notes, message("sample of a whole list", column=POPULATION)]
    return SourceRow(name, found.kind, Message.together([found.why, *notes], "; ")), made


def _answered(frame: pd.DataFrame) -> bool:
    """Whether a sample has an answer to anything."""
    columns = columns_of("audit", list(map(str, frame.columns)))[ANSWER]
    return any(as_text(cell).strip() for column in columns for cell in frame[column])


def _is_of_names(frame: pd.DataFrame, person: str) -> bool:
    """Whether nobody stands in two rows, beside columns of names: the numbers are those of the rows."""
    roles = [role for column in frame.columns for role, sure in roles_of(str(column)) if sure >= _SURE]
    return bool(frame[person].is_unique) and not {"name", "given", "surname"}.isdisjoint(roles)


def _aside(file: Path) -> Message | None:
    """Why something of a folder is no table; None where it may be one."""
    reasons = {
        "folder aside": file.is_dir(),
        "no file": not file.is_file(),
        "ours": is_ours(file),
        "no table by its ending": file.suffix.lower() not in ENDINGS,
    }
    return next((message(key) for key, holds in reasons.items() if holds), None)


def is_ours(file: Path) -> bool:
    """Find whether a file is a report or a table that detcount wrote.

    Parameters
    ----------
    file : Path
        The file.

    Returns
    -------
    bool
        Whether it bears our mark; a file that is not there, is empty or may not be read, does not.
    """
    head = b""
    if file.is_file():  # a pipe would be waited for
        with suppress(OSError), file.open("rb") as stream:
            head = stream.read(_HEAD)
    return any(mark.encode() in head for mark in _OURS)


def _as_frame(name: str, value: Any) -> pd.DataFrame:
    """A table in memory as a frame of pandas."""
    import pandas as pd

    if isinstance(value, Mapping):
        return pd.DataFrame(dict(value))
    made = [getattr(value, how)() for how in ("to_pandas", "df") if callable(getattr(value, how, None))]
    for frame in (value, *made):
        if isinstance(frame, pd.DataFrame):
            return frame
    raise InputTypeError(message("no data of detcount", name=name, kind=type(value).__name__))


def _made(frame: pd.DataFrame, found: Recognised, name: str, settings: Settings) -> Any:
    """The data that a table holds; what is wrong with it is said with the name of the file."""
    read = {**settings.read, "definition": settings.definition}
    classes, known = _KINDS[found.kind]
    make, how = classes[0].from_frame, {key: read[key] for key in known if key in read}
    if found.kind == "audit":
        how["name"] = Path(name).stem
    elif "list" in found.columns and found.kind == "lists":
        make, how = CaptureTable.from_memberships, {"definition": settings.definition}
    elif "pattern" in found.columns:
        make, how = CaptureTable.from_patterns, {"definition": settings.definition}
    try:
        made = make(frame, **found.columns, **how)
        if isinstance(made, ReleaseWaves):  # what was said holds where the file does not say it
            words = {"scope": "released_counts", "fresh": "list_is_fresh"}
            silent = {of for of in words if not all(getattr(wave, of) for wave in made.waves)}
            stated = {of: read[key] for of, key in words.items() if of in silent and key in read}
            made = make(frame, **how, **stated) if stated else made
        return made
    except InputError as error:
        asked = {"file": name, "kind": found.kind, "fault": _stated(error)}
        raise message.refused("fault of a file", ask_for=error.ask_for, **asked) from None


def _stated(error: DetcountError) -> str:
    """What an error says, as a message where it is one."""
    stated: str = getattr(error, "message", None) or (error.args[0] if error.args else str(error))
    return stated
