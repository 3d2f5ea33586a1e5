"""Sentences that are data until they are said: a template, its values, and the languages it is known in."""

from __future__ import annotations

from detcount.words.catalogue import translation
from detcount.words.locale import day, join, languages, locale_of, number, quoted
from detcount.words.message import Message, Said, fields, said
from detcount.words.name import Name

__all__ = [
    "Message",
    "Name",
    "Said",
    "day",
    "fields",
    "join",
    "languages",
    "locale_of",
    "number",
    "quoted",
    "said",
    "translation",
]
