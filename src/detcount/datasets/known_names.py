"""What readers know the sources, events and measures of the shipped series of releases by."""

from __future__ import annotations

import datetime as dt
import re

from detcount.datasets.catalogue import facts
from detcount.words import Message, Name

_DAY, _MONTH = r"(\d{4}-\d{2}-\d{2})", r"(\d{4}-\d{2})"


def known_name(text: str) -> str:
    """Give a name of the shipped series with the words it is known by; any other as it is."""
    names = facts()["names"]
    if text in names:
        return Name(text, Message(names[text]))
    for event, words in facts()["events"].items():
        if found := re.fullmatch(event.replace("DAY", _DAY).replace("MONTH", _MONTH), text):
            return Name(text, Message(words, **_days(found)))
    if text == "December 2025":
        return Name(text, Message("{first:month}", first=dt.date(2025, 12, 1)))
    return text


def _days(found: re.Match[str]) -> dict[str, dt.date]:
    """The days that a name is made of; of a month the first."""
    days = [dt.date.fromisoformat(f"{text}-01"[:10]) for text in found.groups()]
    return dict(zip(("first", "second"), days, strict=False))
