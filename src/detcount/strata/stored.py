"""Answers as numbers and text in a file, and made from it again: nothing in the file is run.

A file holds JSON and arrays. It names classes of the library whose fields are numbers and text, no others.
"""

from __future__ import annotations

import datetime as dt
import importlib
import io
import json
import zipfile
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from detcount.errors import NotEstimableError
from detcount.words import Capitalised, Message, Name, Number, Sentence

_ROOMS = ("abundance", "calibration", "definition", "estimates", "_numerics")
_WORDS: dict[str, Any] = {each.__name__: each for each in (Capitalised, Name, Number, Sentence)}
_PLAIN = (bool, int, float, str, type(None))
_SEQUENCES: dict[str, Any] = {"tuple": tuple, "list": list, "frozenset": frozenset, "set": set}
_TEXT = "answer.json"
_MOST = 1 << 30  # bytes of an answer, unpacked


class NotStored(ValueError):
    """A value is of a kind that no file holds, or a file holds no answer."""


def stored(answer: object, key: str, estimator: object) -> bytes:
    """Write an answer under a key; `estimator` is known to who reads it, and is not written."""
    arrays: list[Any] = []
    text = json.dumps({"made_by": "detcount", "key": key, "answer": _plain(answer, arrays, estimator)})
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_TEXT, text)
        for number, array in enumerate(arrays):
            held = io.BytesIO()
            np.save(held, array, allow_pickle=False)
            archive.writestr(f"{number}.npy", held.getvalue())
    return stream.getvalue()


def read(content: bytes, key: str, estimator: object) -> Any:
    """Make the answer that was written under a key again; what is none raises `NotStored`."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if sum(part.file_size for part in parts) > _MOST:
                raise NotStored
            arrays = {
                part.filename: np.load(io.BytesIO(archive.read(part)), allow_pickle=False)
                for part in parts
                if part.filename != _TEXT
            }
            held = json.loads(archive.read(_TEXT))
        if held["key"] != key:
            raise NotStored
        return _made(held["answer"], arrays, estimator)
    except Exception as error:  # a file that somebody else wrote can be wrong in any way
        raise NotStored from error


def _plain(value: Any, arrays: list[Any], estimator: object) -> Any:
    """A value as JSON holds it: itself, or what kind it is and what it is made of."""

    def each(values: Any) -> list[Any]:
        return [_plain(one, arrays, estimator) for one in values]

    kind = type(value)
    if kind in _PLAIN:
        return value
    if value is estimator:
        return ["estimator"]
    if kind.__name__ in _SEQUENCES and _SEQUENCES[kind.__name__] is kind:
        return [kind.__name__, *each(value)]
    if kind is dict:
        return ["dict", *each(value.items())]
    if isinstance(value, (np.ndarray, np.generic)) and not value.dtype.hasobject:
        arrays.append(np.asarray(value))
        return ["array" if isinstance(value, np.ndarray) else "number", f"{len(arrays) - 1}.npy"]
    if kind is dt.date:
        return ["day", value.isoformat()]
    if kind is Message:
        return ["message", *each(value.__reduce__()[1][1:])]
    if kind.__name__ in _WORDS and _WORDS[kind.__name__] is kind:
        return ["words", kind.__name__, *each(value.__reduce__()[1])]
    if kind is NotEstimableError:
        return ["declined", *each((value.estimator, value.reason, value.remedy, value.advice))]
    if is_dataclass(value) and _is_ours(kind.__module__):
        held = {field.name: _plain(getattr(value, field.name), arrays, estimator) for field in fields(value)}
        return ["object", kind.__module__, kind.__qualname__, held]
    raise NotStored(kind.__qualname__)


def _made(held: Any, arrays: dict[str, Any], estimator: object) -> Any:
    """The value that `_plain` gave this of."""
    if type(held) in _PLAIN:
        return held
    kind, *parts = held
    if kind == "estimator":
        return estimator
    if kind in ("array", "number"):
        array = arrays[parts[0]]
        return array if kind == "array" else array[()]
    if kind == "day":
        return dt.date.fromisoformat(parts[0])
    if kind == "object":
        module, name, named = parts
        return _object(module, name, {key: _made(one, arrays, estimator) for key, one in named.items()})
    if kind == "words":
        return _WORDS[parts[0]](*(_made(one, arrays, estimator) for one in parts[1:]))
    found = [_made(one, arrays, estimator) for one in parts]
    if kind == "dict":
        return dict(found)
    if kind == "message":
        return Message._made(*found)
    if kind == "declined":
        return NotEstimableError(*found[:3], advice=found[3])
    return _SEQUENCES[kind](found)


def _is_ours(module: str) -> bool:
    """Whether a module is one of those whose results are numbers and text."""
    package, _, rest = module.partition(".")
    return package == "detcount" and rest.partition(".")[0] in _ROOMS


def _object(module: str, name: str, named: dict[str, Any]) -> Any:
    """An object of the library, of its fields."""
    kind = getattr(importlib.import_module(module), name) if _is_ours(module) else None
    if not (isinstance(kind, type) and is_dataclass(kind) and kind.__module__ == module):
        raise NotStored(name)
    given = {field.name: named.pop(field.name) for field in fields(kind) if field.init}
    made: Any = kind(**given)
    for field, value in named.items():
        object.__setattr__(made, field, value)
    return made
