"""Sentences that are data until they are said: a template, its values, and the languages it is known in."""

from __future__ import annotations

from detcount.words.catalogue import translation
from detcount.words.locale import day, join, languages, locale_of, number, quoted
from detcount.words.message import Message, Said, fields, said
from detcount.words.name import Name
from detcount.words.numeral import Number
from detcount.words.sentence import Capitalised, Sentence
from detcount.words.visible import visible

__all__ = [
    "Capitalised",
    "Message",
    "Name",
    "Number",
    "Said",
    "Sentence",
    "day",
    "fields",
    "join",
    "languages",
    "locale_of",
    "number",
    "quoted",
    "said",
    "translation",
    "visible",
]
