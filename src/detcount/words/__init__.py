"""Sentences that are data until they are said: a template, its values, and the languages it is known in."""

from __future__ import annotations

from detcount.words.catalogue import translation as translation
from detcount.words.locale import day, join, languages, number
from detcount.words.locale import locale_of as locale_of
from detcount.words.locale import quoted as quoted
from detcount.words.message import Message, fields, said
from detcount.words.message import Said as Said
from detcount.words.name import Name as Name
from detcount.words.numeral import Number as Number
from detcount.words.sentence import Capitalised as Capitalised
from detcount.words.sentence import Sentence as Sentence
from detcount.words.visible import visible

__all__ = ["Message", "day", "fields", "join", "languages", "number", "said", "visible"]
