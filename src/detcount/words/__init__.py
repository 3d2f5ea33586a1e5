"""Sentences kept as data until they are written: a template, its values, and its translations."""

from __future__ import annotations

from detcount.words.catalogue import translation as translation
from detcount.words.locale import day as day
from detcount.words.locale import escaped_controls as escaped_controls
from detcount.words.locale import join as join
from detcount.words.locale import languages
from detcount.words.locale import locale_of as locale_of
from detcount.words.locale import number as number
from detcount.words.locale import quoted as quoted
from detcount.words.locale import visible as visible
from detcount.words.message import N_ as N_
from detcount.words.message import Message as Message
from detcount.words.message import Translatable as Translatable
from detcount.words.message import fields as fields
from detcount.words.message import translated as translated
from detcount.words.parts import Capitalised as Capitalised
from detcount.words.parts import Name as Name
from detcount.words.parts import Number as Number
from detcount.words.parts import Sentence as Sentence

__all__ = ["languages"]
