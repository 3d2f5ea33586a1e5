"""Answers stored in a folder and found again by what they were made from, so that no work is done twice.

A file holds JSON and arrays, and reading it runs no code. It can name classes of the library whose fields are
numbers and text, and functions that its reader has named, and nothing else.
"""

from __future__ import annotations

import datetime as dt
import importlib
import io
import json
import zipfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import partial
from operator import attrgetter
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from detcount._numerics.parallel import versions
from detcount.errors import InputError, NotEstimableError
from detcount.estimates import AbundanceEstimate
from detcount.reports.writing import write_report
from detcount.words import Capitalised, Message, Name, Number, Sentence

Answer = AbundanceEstimate | NotEstimableError
_SUFFIX = ".answer"
Made = TypeVar("Made")
_PLAIN = (bool, int, float, str, type(None))


def _from(make: Callable[..., Any], parts: list[Any]) -> Any:
    """Make the value of a function of parts."""
    return make(*parts)


def _declined(estimator: str, reason: str, remedy: str, advice: str) -> NotEstimableError:
    """Read the refusal of an estimator."""
    return NotEstimableError(estimator, reason, remedy, advice=advice)


_ANSWER = attrgetter("estimator", "reason", "remedy", "advice")
_CALL = attrgetter("func", "args", "keywords")
_WORDS = (Capitalised, Name, Number, Sentence)
_KINDS: dict[str, tuple[type, Callable[[Any], Any], Callable[[list[Any]], Any]]] = {
    **{kind.__name__: (kind, list, kind) for kind in (tuple, list, set, frozenset)},
    **{kind.__name__: (kind, lambda words: words.__reduce__()[1], partial(_from, kind)) for kind in _WORDS},
    "dict": (dict, dict.items, dict),
    "day": (dt.date, lambda day: [day.isoformat()], partial(_from, dt.date.fromisoformat)),
    "message": (Message, lambda words: words.__reduce__()[1][1:], partial(_from, Message._made)),
    "declined": (NotEstimableError, _ANSWER, partial(_from, _declined)),
    "partial": (partial, _CALL, lambda parts: partial(parts[0], *parts[1], **parts[2])),
}
"""Kinds of values: the class, what one is made of, and how it is made of that again."""
_TEXT = "answer.json"
DEFINITION = "definition"
"""Who is counted, which changes no number: an answer takes it from what is known, where it is there."""
_MOST = 1 << 30  # bytes of an answer, unpacked


class _NotStored(ValueError):
    """A value is of a kind that no file holds, or a file holds no answer."""


def _stored(answer: object, key: str, known: Mapping[str, object]) -> bytes:
    """Write an answer under a key; what is `known` to who reads it is written by its name alone."""
    arrays: list[Any] = []
    text = json.dumps({"made_by": "detcount", "key": key, "answer": _plain(answer, arrays, known)})
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_TEXT, text)
        for number, array in enumerate(arrays):
            held = io.BytesIO()
            np.save(held, array, allow_pickle=False)
            archive.writestr(f"{number}.npy", held.getvalue())
    return stream.getvalue()


def _read(content: bytes, key: str, known: Mapping[str, object]) -> Any:
    """Read the answer that was written under a key; anything else raises `_NotStored`."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if sum(part.file_size for part in parts) > _MOST:
                raise _NotStored
            arrays = {
                part.filename: np.load(io.BytesIO(archive.read(part)), allow_pickle=False)
                for part in parts
                if part.filename != _TEXT
            }
            held = json.loads(archive.read(_TEXT))
        if held["key"] != key:
            raise _NotStored
        return _made(held["answer"], arrays, known)
    except Exception as error:  # a file that somebody else wrote can be wrong in any way
        raise _NotStored from error


def _plain(value: Any, arrays: list[Any], known: Mapping[str, object]) -> Any:
    """A value as JSON holds it: itself, or what kind it is and what it is made of."""

    def each(values: Any) -> list[Any]:
        return [_plain(one, arrays, known) for one in values]

    kind = type(value)
    if kind in _PLAIN:
        return value
    name = next((name for name, one in known.items() if one is value), None)
    if name is not None:
        return ["known", name]
    for code, (of_kind, parts, _) in _KINDS.items():
        if kind is of_kind:
            return [code, *each(parts(value))]
    if isinstance(value, (np.ndarray, np.generic)) and not value.dtype.hasobject:
        arrays.append(np.asarray(value))
        return ["array" if isinstance(value, np.ndarray) else "number", f"{len(arrays) - 1}.npy"]
    if isinstance(value, Enum) and _is_ours(kind.__module__):
        return ["member", kind.__module__, kind.__qualname__, value.name]
    if is_dataclass(value) and _is_ours(kind.__module__):
        held = {
            field.name: ["known", field.name]
            if field.name == DEFINITION and DEFINITION in known
            else _plain(getattr(value, field.name), arrays, known)
            for field in fields(value)
        }
        return ["object", kind.__module__, kind.__qualname__, held]
    raise _NotStored(kind.__qualname__)


def _made(held: Any, arrays: dict[str, Any], known: Mapping[str, object]) -> Any:
    """The value that `_plain` turned into JSON and arrays."""
    if type(held) in _PLAIN:
        return held
    kind, *parts = held
    if kind == "known":
        return known[parts[0]]
    if kind in ("array", "number"):
        array = arrays[parts[0]]
        return array if kind == "array" else array[()]
    if kind == "object":
        module, name, named = parts
        return _object(module, name, {key: _made(one, arrays, known) for key, one in named.items()})
    if kind == "member":
        return _class(parts[0], parts[1])[parts[2]]
    return _KINDS[kind][2]([_made(one, arrays, known) for one in parts])


def _is_ours(module: str) -> bool:
    """Check whether a module is one of the library that runs nothing when it is imported."""
    package, _, rest = module.partition(".")
    return package == "detcount" and rest.partition(".")[0] not in ("", "__main__", "cli", "page")


def _class(module: str, name: str) -> Any:
    """A class of data of the library; nothing else is looked up."""
    kind = getattr(importlib.import_module(module), name) if _is_ours(module) else None
    if (
        not isinstance(kind, type)
        or kind.__module__ != module
        or not (is_dataclass(kind) or issubclass(kind, Enum))
    ):
        raise _NotStored(name)
    return kind


def _object(module: str, name: str, named: dict[str, Any]) -> Any:
    """An object of the library, of its fields."""
    kind = _class(module, name)
    given = {field.name: named.pop(field.name) for field in fields(kind) if field.init}
    made: Any = kind(**given)
    for field, value in named.items():
        object.__setattr__(made, field, value)
    return made


class Cache:
    """A folder of answers.

    A file is named by a hash of what its answer was made from, with the versions of the software, so that
    none of that can be read from the name. A stored answer is compared with the one asked for; a damaged
    one, or one of other data, is computed again.

    Parameters
    ----------
    folder : Path
        The folder; it is made when an answer is kept.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._asked: set[Path] = set()

    def check(self) -> None:
        """Refuse a folder that is a file, or cannot be made, before there is anything to keep."""
        if self._folder.exists() and not self._folder.is_dir():
            raise InputError(
                Message(
                    "cache: expected the name of a folder, got that of a file, {file}. Choose another name",
                    file=self._folder.name,
                )
            )
        self._folder.mkdir(parents=True, exist_ok=True)

    def has(self, made_from: tuple[Any, ...]) -> bool:
        """Check whether an answer is there; it is not read, and no folder is made."""
        return self._place(made_from).is_file()

    def kept(
        self, made_from: tuple[Any, ...], compute: Callable[[], Made], known: Mapping[str, object]
    ) -> Made:
        """The stored answer, or else a computed one, which is then stored where that is possible.

        `known` gives names to parts of an answer that are not to be in a file: functions, and large data.
        """
        place = self._place(made_from)
        self._asked.add(place)
        with suppress(_NotStored, OSError):
            found: Made = _read(place.read_bytes(), place.stem, known)
            return found
        made = compute()
        with suppress(_NotStored, OSError):
            self._folder.mkdir(mode=0o700, exist_ok=True)
            write_report(_stored(made, place.stem, known), place, force=True, private=True)
        return made

    def forget_others(self) -> None:
        """Delete stored answers that were not asked for: those of data and settings no longer in use."""
        for place in set(self._folder.glob(f"*{_SUFFIX}")) - self._asked:
            with suppress(OSError):
                place.unlink()

    def answer(
        self, made_from: tuple[Any, ...], digest: str, estimator: object, compute: Callable[[], Answer]
    ) -> tuple[Answer, str]:
        """The stored answer, or a new one, which is then stored; and a warning about the folder, if any.

        `digest` is that of the data.
        """
        place = self._place(made_from)
        warning = ""
        if place.is_file():
            try:
                found = _read(place.read_bytes(), place.stem, {"estimator": estimator})
                if isinstance(found, NotEstimableError) or (
                    isinstance(found, AbundanceEstimate) and found.digest == digest
                ):
                    return found, ""
            except (_NotStored, OSError):
                pass
            warning = Message(
                "cache: a stored answer is damaged, or is not of these data: it was computed again"
            )
        answer = compute()
        try:
            write_report(
                _stored(answer, place.stem, {"estimator": estimator}), place, force=True, private=True
            )
        except _NotStored as error:
            warning = Message(
                "cache: the answer holds a {kind}, which cannot be written to a file, so it was not stored",
                kind=str(error) or type(answer).__name__,
            )
        except OSError as error:
            warning = Message(
                "cache: the answer could not be stored, and is in the result only: {what}",
                what=error.strerror or type(error).__name__,
            )
        return answer, warning

    def _place(self, made_from: tuple[Any, ...]) -> Path:
        """The file of an answer."""
        import joblib

        return self._folder / f"{joblib.hash((made_from, versions()))}{_SUFFIX}"
