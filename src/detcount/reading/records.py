"""Records of JSON as tables: an array, arrays under keys, a record a line, or the properties of places."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from detcount.errors import InputError
from detcount.reading.content import Source
from detcount.reading.text import decoded
from detcount.words import Message


class _Twice(ValueError):
    """An object gives one of its keys twice."""


@lru_cache(maxsize=2)
def records_in(source: Source) -> tuple[dict[str, list[dict[str, Any]]], tuple[Message, ...]]:
    """Tables of records by the keys under which they stand, and what was guessed or is not read."""
    content, notes = decoded(source.name, source.content)
    found, n_beside = _tables(_read(source.name, content.strip()))
    tables, deeper = {}, False
    for key, records in found.items():
        rows = [_flat(source.name, record) for record in records]
        if rows:
            tables[key] = rows
        deeper |= any(row.keys() != record.keys() for row, record in zip(rows, records, strict=True))
    if deeper:
        notes.append(
            Message(
                "{file}: records within records are read as columns with both names, and several values as "
                "one with semicolons between",
                file=source.name,
            )
        )
    if n_beside:
        notes.append(
            Message.counted(
                "{file}: 1 value beside the records is not read",
                "{file}: {n:,} values beside the records are not read",
                n=n_beside,
                file=source.name,
            )
        )
    return tables, tuple(notes)


def _read(file: str, content: str) -> Any:
    """Value of the text: one, or a list of those on its lines."""
    try:
        return json.loads(content, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        lines = content.split("\n")
        if isinstance(error, _Twice) or content[:1] == "[" or not _is_whole(lines[0]):
            raise _no_record(file, getattr(error, "lineno", 1), twice=isinstance(error, _Twice)) from None
    records: list[Any] = []
    for number, line in enumerate(lines, 1):
        try:
            read = json.loads(line, object_pairs_hook=_once) if line.strip() else []
        except (ValueError, RecursionError) as error:
            raise _no_record(file, number, twice=isinstance(error, _Twice)) from None
        records += read if isinstance(read, list) else [read]
    return records


def _is_whole(line: str) -> bool:
    """Check whether the first line is a record, so that each line may be one."""
    try:
        return isinstance(json.loads(line), (dict, list))
    except (ValueError, RecursionError):
        return line.strip().endswith("}")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object; one that gives a key twice is refused, as one of its values would be lost."""
    made = dict(pairs)
    if len(made) < len(pairs):
        raise _Twice
    return made


def _no_record(file: str, line: int, *, twice: bool) -> InputError:
    """Error for text that is no JSON, or an object with a key that comes twice."""
    if twice:
        return InputError(
            Message(
                "{file}: expected every name once in a record of JSON, got one that comes twice. Rename it",
                file=file,
            )
        )
    return InputError(
        Message(
            "{file}, line {line}: expected a record of JSON on every line, or one array of records, "
            "got something else. Mend that line, or save the table as CSV",
            file=file,
            line=line,
        )
    )


def _tables(value: Any) -> tuple[dict[str, list[dict[str, Any]]], int]:
    """Arrays of records by their keys, and how many values beside them are not read."""
    if isinstance(value, list):
        return {"": _as_records(value)}, 0
    found: dict[str, list[dict[str, Any]]] = {}
    beside = 0
    to_come = deque([("", value)])
    while to_come:
        key, one = to_come.popleft()
        if isinstance(one, list) and one and all(isinstance(each, (dict, list)) for each in one):
            found[key] = _as_records(one)
            beside += sum(isinstance(each, dict) and bool(each.get("geometry")) for each in one)
        elif isinstance(one, dict):
            to_come += [(f"{key}.{name}".strip("."), each) for name, each in one.items()]
        else:
            beside += 1
    if found:
        return found, beside
    columns = list(value.values())
    under_keys = all(isinstance(column, list) for column in columns)
    if under_keys and len({*map(len, columns)}) == 1:  # a column under each key
        return {"": [dict(zip(value, row, strict=True)) for row in zip(*columns, strict=True)]}, 0
    return {"": [value] if value else []}, 0


def _as_records(values: list[Any]) -> list[Any]:
    """Records of an array; of an array of arrays, whose first names the columns; properties of places."""
    if values and all(isinstance(each, dict) and each.get("type") == "Feature" for each in values):
        return [each.get("properties") or {} for each in values]
    if values and all(isinstance(each, list) for each in values):
        names, *rows = values
        if len({*map(str, names)}) == len(names) and all(len(row) == len(names) for row in rows):
            return [dict(zip(map(str, names), row, strict=True)) for row in rows]
    return values


def _flat(file: str, record: Any) -> dict[str, Any]:
    """A record with one value for each column; records in lists are refused."""
    made: dict[str, Any] = {}
    to_come: list[tuple[str, Any]] = list(record.items()) if isinstance(record, Mapping) else [("", [{}])]
    n_given = 0
    while to_come:
        name, value = to_come.pop(0)
        if isinstance(value, Mapping) and value:
            to_come[:0] = [(f"{name} {key}", each) for key, each in value.items()]
            continue
        if isinstance(value, list):
            if any(isinstance(each, (Mapping, list)) for each in value):
                raise InputError(
                    Message(
                        "{file}: expected records of JSON with one value for each column, got records within "
                        "records. Save the table as CSV",
                        file=file,
                    )
                )
            value = "; ".join(str(each) for each in value if each is not None) if value else None
        made[name] = None if value == {} else value
        n_given += 1
    if len(made) < n_given:
        raise _no_record(file, 1, twice=True)
    return made
