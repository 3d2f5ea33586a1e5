"""The words of the page, from ``words.json``, by the names that its templates have for them."""

from __future__ import annotations

import json
from importlib.resources import files

from detcount.page.protocol import Limits
from detcount.words import Message

_SAID = {
    place: {name: Message(text) for name, text in known.items()}
    for place, known in json.loads(
        (files("detcount.page") / "words.json").read_text(encoding="utf-8")
    ).items()
}
FIELDS, KIND_NAMES, STAGES, WORDS = (_SAID[place] for place in ("fields", "kinds", "stages", "pages"))
"""Fields of the forms, what a row of a file can be, what is being done, and what stands on the pages."""


def words_with(limits: Limits) -> dict[str, Message]:
    """Give what stands on the pages, with the limits that hold."""
    return WORDS | {
        "file_hint": Message(
            "CSV or Excel, up to {most} MB. You can also drop it on this field.", most=limits.file_bytes >> 20
        ),
        "stays_forgets": Message(
            "File and report are forgotten after {minutes} minutes without use, or when you say so.",
            minutes=round(limits.unseen / 60),
        ),
    }
