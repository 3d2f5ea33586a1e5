"""Sentences that are data until they are said: a template, its values, and the languages it is known in."""

from __future__ import annotations

from detcount.words.catalogue import translation as translation
from detcount.words.locale import day, join, languages, number, visible
from detcount.words.locale import escaped_controls as escaped_controls
from detcount.words.locale import locale_of as locale_of
from detcount.words.locale import quoted as quoted
from detcount.words.message import Message, fields, said
from detcount.words.message import Said as Said
from detcount.words.parts import Capitalised as Capitalised
from detcount.words.parts import Name as Name
from detcount.words.parts import Number as Number
from detcount.words.parts import Sentence as Sentence

__all__ = ["Message", "day", "fields", "join", "languages", "number", "said", "visible"]
