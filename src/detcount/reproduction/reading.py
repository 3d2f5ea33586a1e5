"""Reading a record: a file or plain values, whole and of a kind that is known; and a specification in it."""

from __future__ import annotations

import ast
import json
import os
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from detcount.contract.specification import is_specification
from detcount.errors import InputError
from detcount.reading.content import content_of
from detcount.words import Message

_LONGEST = 10_000  # letters of a specification, which have some hundreds
_LARGEST = 100_000_000  # bytes: records are a thousandth of that
_KINDS: dict[str, tuple[type, ...]] = {
    "versions": (dict,),
    "seed": (int,),
    "disclosure": (str,),
    "lists": (list, dict),
    "estimates": (dict,),
    "estimator": (str,),
    "declined": (dict,),
    "linkage": (dict,),
    "answered": (list,),
    "data_sha256": (str,),
    "as_of": (str,),
    "level": (int, float),
    "definition": (dict, type(None)),
}
# options of earlier versions, and their names now
_RENAMED = {"bank": "training", "struck_within": "removed_within"}
_PARTS = ("Audit",)  # what specifications are made of and is none itself
_INSIDE: dict[str, type] = {"estimates": dict, "answered": str, "versions": str}


def read_record(record: Any) -> dict[str, Any]:
    """Give a record as plain values.

    Parameters
    ----------
    record : mapping, str or path-like
        What a result's `record` gave, or the file of JSON that it was written to.

    Returns
    -------
    dict
        The record, as JSON holds it.

    Raises
    ------
    InputError
        If the file is cut off, is no JSON, or holds something else than a record.
    """
    if isinstance(record, (str, os.PathLike)):
        path = Path(record)
        content = content_of(path, most=_LARGEST)
        try:
            read = json.loads(content.decode("utf-8-sig"))
        except (ValueError, RecursionError) as error:  # also of numbers with thousands of digits
            raise InputError(
                Message(
                    "{file}: expected a record as JSON, got a file that is cut off or damaged at line "
                    "{line}. Take it again from who made it",
                    file=path.name,
                    line=getattr(error, "lineno", 1),
                )
            ) from None
    else:
        read = record
    if not isinstance(read, Mapping):
        raise InputError(
            Message(
                "record: expected what a result's record() gave, or a file with it, got {kind}",
                kind=type(read).__name__,
            )
        )
    try:
        plain: dict[str, Any] = json.loads(json.dumps(dict(read)))
    except (TypeError, ValueError, RecursionError):
        raise InputError(
            Message("record: expected plain values that JSON can hold, got others. Give what record() gave")
        ) from None
    require_keys(plain, ("versions", "seed"))
    _require_kinds(plain)
    return plain


def _require_kinds(record: Mapping[str, Any]) -> None:
    """Refuse a record with a value of another kind than every record has there."""
    of_stock = "as_of" in record and (
        isinstance(record.get("answers"), list)
        or ("answers" not in record and isinstance(record.get("data_sha256"), dict))
    )
    kinds = dict(_KINDS)
    if of_stock:
        kinds |= {"data_sha256": (dict,), "declined": (list,)}
    elif "as_of" in record:
        kinds |= {"declined": (list,)}
    for key, allowed in kinds.items():
        if key in record and (not isinstance(record[key], allowed) or isinstance(record[key], bool)):
            raise _other_kind(key, record[key])
    for key, inside in _INSIDE.items():
        held = record.get(key)
        values = held.values() if isinstance(held, dict) else held or ()
        for value in values:
            if not isinstance(value, inside):
                raise _other_kind(key, value)
    if not of_stock and isinstance(record.get("declined"), dict):
        for why in record["declined"].values():
            if not isinstance(why, dict) or not isinstance(why.get("reason"), str):
                raise _other_kind("declined", why)


def _other_kind(key: str, value: Any) -> InputError:
    """Error for a value of another kind; it never shows the value."""
    return InputError(
        Message(
            "record: expected another kind of value at {key!r}, got {kind}: the record was changed by hand "
            "or damaged. Take it again from who made it",
            key=key,
            kind=type(value).__name__,
        )
    )


def changed_by_hand(what: Message) -> InputError:
    """Error for a record that has something else in the place of what every record has there."""
    return InputError(
        Message(
            "record: expected {what}, got something else there: the record was changed by hand or damaged. "
            "Take it again from who made it",
            what=what,
        )
    )


def require_keys(record: Mapping[str, Any], keys: tuple[str, ...]) -> None:
    """Refuse a record that lacks what every one has.

    Parameters
    ----------
    record : mapping
        The record.
    keys : tuple of str
        What it must have.

    Raises
    ------
    InputError
        If it lacks one.
    """
    for key in keys:
        if key not in record:
            raise InputError(
                Message(
                    "record: expected the key {key!r}, which every record has, and it is not there: the "
                    "record is not whole. Take it again from who made it",
                    key=key,
                )
            )


def read_specification(text: str, known: Mapping[str, Any], *, has: str = "fit") -> Any:
    """Make the specification that a record names, without evaluating anything else.

    Parameters
    ----------
    text : str
        As ``LogLinear(interactions=(('a', 'b'),))``.
    known : mapping
        What it may name; of that, specifications alone: estimators, and what they are made of.
    has : str, optional
        Method that it has.

    Returns
    -------
    object
        The specification.

    Raises
    ------
    InputError
        If it is something else than a specification of this version.
    """
    classes = {name: one for name, one in known.items() if is_specification(one) or name in _PARTS}
    try:
        if len(text) > _LONGEST:
            raise ValueError
        made = _made(ast.parse(text, mode="eval").body, classes)
        if not callable(getattr(made, has, None)):
            raise ValueError
    except (SyntaxError, ValueError, TypeError, KeyError, RecursionError, MemoryError):
        raise unknown_specification() from None
    return made


def unknown_specification() -> InputError:
    """Error for what is no estimator of this version."""
    return InputError(
        Message(
            "record: expected a specification of this version of detcount, got one that it does not know. "
            "Use the version that the record names"
        )
    )


def _made(node: ast.expr, known: Mapping[str, Any]) -> Any:
    """A value: a literal, or a call of a known class with values by name."""
    if isinstance(node, ast.Call):
        name = node.func.id if isinstance(node.func, ast.Name) else ""  # which is known to nobody
        given = {str(part.arg): _made(part.value, known) for part in node.keywords}
        arguments = {_RENAMED.get(name, name): value for name, value in given.items()}
        if name == "float" and len(node.args) == 1:
            return float(ast.literal_eval(node.args[0]))
        return known[name](*[_made(part, known) for part in node.args], **arguments)
    if isinstance(node, ast.Tuple):
        return tuple(_made(part, known) for part in node.elts)
    return ast.literal_eval(node)


def record_schema() -> dict[str, Any]:
    """Give the JSON schema of every record that a result gives, of draft 2020-12.

    Returns
    -------
    dict
        The schema; its ``$defs`` are the kinds of records and their parts.

    Examples
    --------
    >>> from detcount.reproduction.reading import record_schema
    >>> len(record_schema()["anyOf"])
    24
    """
    text = files("detcount.reproduction").joinpath("record.schema.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema
