"""What only a person knows of a folder of lists: ``detcount.toml``, read and checked.

Nothing in it is taken from a cell of a list: it has names of files, sheets, columns and lists.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from importlib import resources
from pathlib import Path
from typing import Any

from detcount.assessment.joint.content import message
from detcount.definition import Definition
from detcount.reading.kinds import KINDS

SETTINGS = "detcount.toml"
"""The name of the file."""
NOTHING = "nothing"
"""What a file is taken for that is to be left aside."""
_KINDS: dict[str, Any] = {
    "text": str,
    "day": (str, dt.date),
    "list": list,
    "table": dict,
    "yes or no": bool,
    "number": int,
    "share": (int, float),
}
_KNOWN = tomllib.loads((resources.files(__package__) / "settings.toml").read_text(encoding="utf-8"))


def asked_in(part: str) -> dict[str, str]:
    """What a part of the settings is asked for, with an example of each."""
    return {key: example for key, (_, *examples) in _KNOWN[part].items() for example in examples}


@dataclass(frozen=True, kw_only=True)
class NamesOf:
    """One list of names of a folder.

    Parameters
    ----------
    file : str
        Name of its file.
    sheet : str, optional
        Sheet of a workbook that has several.
    columns : mapping of str to object, optional
        Columns by role, as `linkage.read_lists` takes them.
    max_copies : int, optional
        Rows that one person can have at most; None where nobody said.
    forwarded_from : tuple of str, optional
        Lists that forward names to it.
    checked : int, optional
        Entries on no other list that were checked at random.
    wrong : int or float, optional
        How many of those checked do not belong; without a check the share of all entries that do not.
    """

    file: str
    sheet: str | None = None
    columns: Mapping[str, Any] = field(default_factory=dict)
    max_copies: int | None = None
    forwarded_from: tuple[str, ...] = ()
    checked: int | None = None
    wrong: float | None = None


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What was said of a folder.

    Parameters
    ----------
    definition : Definition, optional
        Who is counted.
    names : mapping of str to NamesOf, optional
        The lists of names, by name.
    take : mapping of str to str, optional
        What other files are, by their names; sheets as ``file:sheet``.
    read : mapping of str to object, optional
        How files are read: what `report` takes, the file of decisions, and that of where lists operate.
    """

    definition: Definition | None = None
    names: Mapping[str, NamesOf] = field(default_factory=dict)
    take: Mapping[str, str] = field(default_factory=dict)
    read: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, kind in self.take.items():
            if kind not in (*KINDS, NOTHING):
                raise message.refused("unknown kind", kinds=(*KINDS, NOTHING), name=str(name))

    def over(self, stated: Settings) -> Settings:
        """What was asked, and where nothing was, what was said of a folder."""
        asked = {
            key: value
            for key, value in self.read.items()
            if value or (key == "dayfirst" and value is not None)  # False is the month first
        }
        take, definition = {**stated.take, **self.take}, self.definition or stated.definition
        return replace(stated, definition=definition, take=take, read={**stated.read, **asked})

    def list_of(self, file: str, sheet: str | None) -> str | None:
        """The list of names that a file, or a sheet of it, was said to be; None where nobody said so."""
        return next(
            (name for name, each in self.names.items() if each.file == file and sheet in (None, each.sheet)),
            None,
        )


def settings_of(folder: Path) -> Settings:
    """Read what was said of a folder; nothing where nobody said anything.

    Raises
    ------
    InputError
        If the file is no TOML, or says what nobody asked, or something of another kind.
    """
    place = folder / SETTINGS
    if not place.is_file():
        return Settings()
    try:
        stated = tomllib.loads(place.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        where = str(error).rpartition("(")[2].rstrip(")") if "(at" in str(error) else ""
        raise message.refused("settings are no toml", file=SETTINGS, where=where) from None
    parts = _checked(stated, "", dict.fromkeys(sorted(("files", *_KNOWN)), ("table",)))
    counted = _checked(parts.get("counted", {}), "counted", _KNOWN["counted"])
    lists, key, names = parts.get("lists", {}), "forwarded_from", {}
    for name, stated in lists.items():
        each = _checked(stated, f"lists.{name}", _KNOWN["lists"])
        others, audited, wrong = tuple(each.get(key, ())), "checked" in each, each.get("wrong")
        shares = (others == () and isinstance(wrong, int)) if audited else wrong is None or 0 <= wrong < 1
        if "file" not in each or not shares or not set(others) <= lists.keys() - {name}:
            raise message.refused("list of settings", file=SETTINGS, name=name, lists=[*lists], key=key)
        names[name] = NamesOf(**each | {key: others})
    return Settings(
        definition=Definition(**{"unit": "person", **counted}) if counted.get("who") else None,
        names=names,
        take={str(name): str(kind) for name, kind in parts.get("files", {}).items()},
        read=_checked(parts.get("read", {}), "read", _KNOWN["read"]),
    )


def _checked(stated: Any, part: str, known: Mapping[str, Any]) -> dict[str, Any]:
    """A part of the settings, of which every word is known and of its kind."""
    where = f"{SETTINGS}, [{part}]" if part else SETTINGS
    if not isinstance(stated, dict):
        raise message.refused("settings of another kind", where=where, key=part)
    for key, value in stated.items():
        if key not in known:
            raise message.refused("unknown setting", where=where, known=[*known], key=key)
        kind = _KINDS[known[key][0]]
        if not isinstance(value, kind) or (kind is not bool and isinstance(value, bool)):
            raise message.refused("settings of another kind", where=where, key=key)
    return stated
