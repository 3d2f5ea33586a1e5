"""Kind and data of each file of a folder, or of each entry of a mapping: read once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detcount.assessment.joint.folder import NO_FILE, Entry, aside
from detcount.assessment.joint.names import NameSource, name_source
from detcount.assessment.joint.settings import NOTHING, NamesOf, Settings
from detcount.data.captures import CaptureTable
from detcount.data.persons import PersonLists
from detcount.data.published import PublishedArrests, PublishedReleases, PublishedStock
from detcount.errors import DetcountError, InputError, InputTypeError, system_words
from detcount.linkage import Linkage
from detcount.quality import AuditAnswers
from detcount.quality.audits import ANSWER, POPULATION
from detcount.reading.content import Source
from detcount.reading.documents import NO_TABLE
from detcount.reading.frames import plain_name
from detcount.reading.grids import NO_ROWS
from detcount.reading.headers import AUDITS, KIND_WORDS
from detcount.reading.kinds import KINDS, LIST_OF_NAMES, Kind, Recognised, recognised
from detcount.reading.tables import ENDINGS, read_with_notes
from detcount.stock import ReleaseWaves
from detcount.words import N_, Message

if TYPE_CHECKING:
    import pandas as pd

Fault = DetcountError | OSError
"""Why a file cannot be used."""
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
_LETTERS = (".docx", ".docm", ".odt", ".json")  # which may hold no table at all
UNCLEAR, UNREAD, UNLINKED = "unclear", "unread", "unlinked"
"""What a file seems to hold of which nobody knows it, one that cannot be read, and names not linked."""
_SEEM = {
    UNCLEAR: N_("Of 1 file it is not clear what it holds.", "Of {n} files it is not clear what they hold."),
    UNLINKED: N_(
        "1 file is a list of names that seem to be written by different rules: nothing is estimated from it.",
        "{n} files are lists of names that seem to be written by different rules: nothing is estimated from "
        "them.",
    ),
    UNREAD: N_("1 file cannot be read.", "{n} files cannot be read."),
}
_VISITED = Message(
    "it seems to be a sample of prisons that were visited: name it under design of [sample] in detcount.toml"
)
_USES = {
    "decisions": Message("it says which rows are one person"),
    "operates": Message("it says where and when lists operate"),
}
_READ_WITH = {
    "dayfirst": N_("no row shows whether the day or the month comes first; the day was taken to be first"),
    "yes": N_("{marks!r:,} is read as 1"),
    "no": N_("{marks!r:,} is read as 0"),
    "blank_is_0": N_("blank cells are read as 0"),
}
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


def left_aside(rows: Iterable[SourceRow], *, named: bool) -> tuple[Message, ...]:
    """Say what was left aside that may be missed: each file with its reason, or what they seem to hold."""
    missed = [row for row in rows if row.seems]
    if named:
        return tuple(Message("{file}: {why}", file=row.name, why=row.why) for row in missed)
    return tuple(
        Message.counted(*_SEEM[seems], n=n)
        if seems in _SEEM
        else Message.counted(
            "1 file seems to hold {kind}, and something in it is not as it has to be.",
            "{n} files seem to hold {kind}, and something in them is not as it has to be.",
            n=n,
            kind=KIND_WORDS[seems],
        )
        for seems, n in Counter(row.seems for row in missed).items()
    )


def not_used(row: SourceRow, error: Fault) -> SourceRow:
    """A file that cannot be used, with the reason."""
    why = system_words(error) if isinstance(error, OSError) else _stated(error)
    stated = getattr(why, "values", {}).get("kind", row.kind)
    seems = stated if stated in KINDS else UNCLEAR
    if row.seems == "names":  # which are used for one thing, and not for another
        return replace(row, why=Message.together([row.why, why], "; "))
    return SourceRow(row.name, None, Message("{why}", why=why), seems)


def read_or_left_aside(entry: Entry, settings: Settings, *, most: int | None = None) -> tuple[SourceRow, Any]:
    """Read one entry of a folder, as `read_entry` does; what cannot be read is left aside with the reason."""
    try:
        return read_entry(entry, settings, most=most)
    except (DetcountError, OSError) as error:
        return not_used(SourceRow(entry.name, None, Message("left aside")), error), None


def read_entry(entry: Entry, settings: Settings, *, most: int | None = None) -> tuple[SourceRow, Any]:
    """Read one entry, and say what it was taken for; the data of a list of names are a `NameSource`.

    Of a text that is longer than `most` bytes its beginning is read alone.
    """
    name, stated = entry.name, settings.take.get(entry.name)
    if stated == NOTHING:
        return SourceRow(name, None, Message("it was said to be left aside")), None
    for key, use in _USES.items():
        if settings.read.get(key) in (name, name.rpartition(":")[0]):
            return SourceRow(name, None, use), None
    if settings.sample_file == name:
        return SourceRow(name, None, Message("it says what the random sample was drawn from")), None
    kind: Kind | None = next((each for each in KINDS if each in (stated, name)), None)
    if entry.file is None:
        return _in_memory(name, entry.value, kind, settings)
    return _of_file(entry, entry.file, kind, settings, most)


def _in_memory(name: str, value: Any, kind: Kind | None, settings: Settings) -> tuple[SourceRow, Any]:
    """Data of detcount, or a table in memory."""
    one = value[0] if isinstance(value, tuple) and value else value  # persons over several drawn links
    for each, (classes, _) in _KINDS.items():
        if isinstance(one, classes):
            if kind not in (None, each):
                wanted, got = (of.__name__ for of in (_KINDS[kind][0][0], type(one)))
                raise InputError(
                    Message(
                        "{name}: expected {kind}, got {got}. Give it another name",
                        name=name,
                        kind=wanted,
                        got=got,
                    )
                )
            return SourceRow(name, each, Message("it was given as such")), value
    return _of_table(name, _as_frame(name, value), [], kind, settings)


def _of_file(
    entry: Entry, file: Path, kind: Kind | None, settings: Settings, most: int | None
) -> tuple[SourceRow, Any]:
    """A file: a list of names where that was said, else the table that it is recognised as, else names."""
    name, why = entry.name, aside(file, entry.workbook)
    if why is not None:
        missed = why == NO_FILE and file.suffix.lower() in ENDINGS
        return SourceRow(name, None, why, UNREAD if missed else ""), None
    listed = settings.list_of(entry.within, entry.sheet)
    of_names = kind == "names" or listed is not None
    try:
        source = entry.source(most)
    except DetcountError as error:
        if kind is not None or of_names:
            raise
        return _unread(name, error), None
    if of_names:
        found = _names_in(entry, source, listed, settings, stated=True)
        return SourceRow(name, "names", found.why), found
    made = None
    try:
        frame, notes = read_with_notes(source, entry.sheet)
    except DetcountError as error:
        if kind is not None:
            raise
        row = _unread(name, error)
    else:
        row, made = _of_table(name, frame, notes, kind, settings)
    if row.kind is not None or not row.seems:
        return row, made
    try:
        found = _names_in(entry, source, listed, settings, stated=False)
    except InputError as error:
        if getattr(_stated(error), "template", None) == NO_ROWS:
            row = SourceRow(name, None, Message("it is a list of names that names nobody yet"), "names")
        elif row.why == LIST_OF_NAMES:
            row = SourceRow(
                name,
                None,
                Message(
                    "it seems to be a list of names, and {why}. Say it under columns of [lists] in "
                    "detcount.toml",
                    why=_stated(error),
                ),
                "names",
            )
        return row, None
    if re.search(AUDITS, plain_name(Path(name).stem)):
        return SourceRow(
            name,
            None,
            Message(
                "by its name it is a sample of entries that were checked, and no column says which of them "
                "belong: call that column {column!r}. If it is a list of names, say 'names' under [files] in "
                "detcount.toml",
                column=ANSWER,
            ),
            "audit",
        ), None
    return SourceRow(name, "names", found.why), found


def _unread(name: str, error: DetcountError) -> SourceRow:
    """A file that cannot be read, or a letter or records without a table; of a page a script may draw it."""
    if name.lower().endswith(_LETTERS) and getattr(_stated(error), "template", None) == NO_TABLE:
        return SourceRow(name, None, Message("it holds no table"))
    return SourceRow(name, None, Message("it cannot be read: {why}", why=_stated(error)), UNREAD)


def _names_in(
    entry: Entry, source: Source, listed: str | None, settings: Settings, *, stated: bool
) -> NameSource:
    """An entry as a list of names, under the name that was said or that it has itself."""
    how = NamesOf(file=entry.within, sheet=entry.sheet)
    if listed is not None:
        how = replace(settings.names[listed], sheet=entry.sheet)
    own = entry.called or Path(entry.name).stem
    own = entry.name if own in settings.names else own
    return name_source(entry.name, source, listed or own, how, settings.read, stated=stated)


def _of_table(
    name: str, frame: pd.DataFrame, notes: Sequence[Message], kind: Kind | None, settings: Settings
) -> tuple[SourceRow, Any]:
    """A table, and what it was taken for by the names of its columns."""
    found = recognised(frame, name, kind=kind, lists=settings.read.get("lists"))
    if isinstance(found, Message):
        why = _VISITED if {"inmates", "unlisted"} <= {*frame.columns} else found
        return SourceRow(name, None, why, UNCLEAR), None
    if kind is None and found.doubt is not None:
        return SourceRow(name, None, found.doubt, "people" if found.kind == "people" else ""), None
    try:
        made = _made(frame, found, name, settings)
    except InputError as error:
        asked: dict[str, Any] = dict(error.ask_for)
        if not asked or not asked.keys() <= _BY_ITSELF - settings.read.keys():
            raise
        made = _made(frame, found, name, replace(settings, read={**settings.read, **asked}))
        marks = {key: {} if value is True else {"marks": value} for key, value in asked.items()}
        notes = [*notes, *(Message(_READ_WITH[key], **each) for key, each in marks.items())]
    if isinstance(made, PublishedArrests | PublishedReleases | PublishedStock | ReleaseWaves):
        notes = [*notes, *made.notes]
    elif isinstance(made, AuditAnswers) and any(each.drawn_from is None for each in made.checked):
        notes = [
            *notes,
            Message(
                "it does not say of how many entries it was drawn, and is read as drawn from the whole list: "
                "where that is not so, write their number in a column {column!r}",
                column=POPULATION,
            ),
        ]
    return SourceRow(name, found.kind, Message.together([found.why, *notes], "; ")), made


def _as_frame(name: str, value: Any) -> pd.DataFrame:
    """A table in memory as a frame of pandas."""
    import pandas as pd

    if isinstance(value, Mapping):
        return pd.DataFrame(dict(value))
    made = [getattr(value, how)() for how in ("to_pandas", "df") if callable(getattr(value, how, None))]
    for frame in (value, *made):
        if isinstance(frame, pd.DataFrame):
            return frame
    raise InputTypeError(
        Message(
            "{name}: expected data of detcount, a frame or the name of a file, got {kind}",
            name=name,
            kind=type(value).__name__,
        )
    )


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
        fault = _stated(error)
        raise InputError(
            Message("{file}, taken for {kind!r}: {fault}", file=name, kind=found.kind, fault=fault),
            ask_for=error.ask_for,
        ) from None


def _stated(error: DetcountError) -> str:
    """Text of an error, as a message where it is one."""
    stated: str = getattr(error, "message", None) or (error.args[0] if error.args else str(error))
    return stated
