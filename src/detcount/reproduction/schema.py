"""The JSON schema of records, which ships."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any


def record_schema() -> dict[str, Any]:
    """Give the JSON schema of every record that a result gives, of draft 2020-12.

    Returns
    -------
    dict
        The schema; its ``$defs`` are the kinds of records and their parts.

    Examples
    --------
    >>> from detcount.reproduction.schema import record_schema
    >>> len(record_schema()["anyOf"])
    16
    """
    text = files("detcount.reproduction").joinpath("record.schema.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema
