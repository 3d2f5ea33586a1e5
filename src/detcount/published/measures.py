"""What a release is in a published count, and of whom: the free words of sources as a few kinds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from detcount.errors import InputError
from detcount.frames import plain_name
from detcount.published.windowed import Windowed
from detcount.words import Message

Who = Literal["all", "political", "unknown"]
What = Literal["release", "review", "house arrest"]
Definitions = Literal["same", "unknown", "different"]

ALL_PRISONERS = "all prisoners"
POLITICAL_PRISONERS = "political prisoners"
REVIEWS = "reviews of custody"
MEASURES = (ALL_PRISONERS, POLITICAL_PRISONERS, REVIEWS)
"""Words that can be stated for a measure; each is read as itself."""

# Words as they are found in English, Spanish and French, without accents; `*` stands for any ending.
_ALL = (
    *("all prisoners", "all offences", "all offenses", "all crimes", "all inmates", "all detainees"),
    *("any offence", "common prisoners", "ordinary prisoners", "todos los presos", "todos los reclusos"),
    *("todos los delitos", "presos comunes", "tous les detenus", "tous les prisonniers", "droit commun"),
)
_POLITICAL = (
    "politic*",
    "politiq*",
    "prisoner* of conscience",
    "preso* de conciencia",
    "opposition prisoner*",
)
_NOT_ONLY_POLITICAL = ("not only politic*", "not just politic*", "no solo politic*", "pas seulement politi*")
_REVIEWS = (
    *("review*", "revision*", "precautionary measure* lifted", "measure* lifted", "lifted measure*"),
    *("lifting of * measure*", "medida* levantada*", "medida* cautelar* levantada*"),
    "levantamiento de medida*",
)
_HOUSE_ARREST = (
    *("house arrest*", "home detention", "arresto* domiciliario*", "detencion domiciliaria"),
    *("prision domiciliaria", "casa por carcel", "residence surveillee", "assignation* a residence"),
)
# a note is free text: only what can hardly mean another thing is read in it
_POLITICAL_IN_NOTE = ("only political prisoners", "political prisoners only", "solo presos politicos")


@dataclass(frozen=True)
class Measure:
    """What one published count counts.

    Parameters
    ----------
    who : {"all", "political", "unknown"}
        Prisoners whatever their offence, political prisoners, or not said.
    what : {"release", "review", "house arrest"}
        People who left prison; reviews of custody measures, and measures lifted, which are no releases; or
        people moved to house arrest.
    words : str
        The words of the source, without capitals, accents and signs.
    read_in : {"measure", "note", ""}
        Where it was read who is counted: in the column ``measure``, in a note of the source, or nowhere.
    """

    who: Who
    what: What
    words: str
    read_in: Literal["measure", "note", ""]

    @property
    def release(self) -> bool:
        """Whether people are counted who left prison."""
        return self.what == "release"


@lru_cache(maxsize=4096)
def measure_of(measure: str, note: str = "") -> Measure:
    """Read what a count counts from the words of its measure, and where these leave it open of its note."""
    words = plain_name(measure)
    who = _who(words, _POLITICAL)
    what: What = "review" if _says(words, _REVIEWS) else "release"
    if _says(words, _HOUSE_ARREST):
        what = "house arrest"
    if who != "unknown":
        return Measure(who, what, words, "measure")
    noted = _who(plain_name(note), _POLITICAL_IN_NOTE)
    return Measure(noted, what, words, "" if noted == "unknown" else "note")


def measures(reports: Windowed) -> tuple[Measure, ...]:
    """What each count counts; what a source notes beside one count holds for its others in the same words."""
    read = [measure_of(*texts) for texts in zip(reports.measure, reports.note, strict=True)]
    noted: dict[tuple[str, str], set[Who]] = {}
    for source, found in zip(reports.source, read, strict=True):
        if found.read_in == "note":
            noted.setdefault((source, found.words), set()).add(found.who)
    for row, found in enumerate(read):
        said = noted.get((reports.source[row], found.words), set())
        if not found.read_in and len(said) == 1:
            read[row] = Measure(next(iter(said)), found.what, found.words, "note")
    return tuple(read)


def same_people(one: Measure, other: Measure, *, defined: bool = False) -> Definitions:
    """Whether two counts are of the same people; `defined` says that counts in the same words are."""
    if one.what != other.what or (one.who != other.who and "unknown" not in (one.who, other.who)):
        return "different"
    known = one.who == other.who != "unknown"
    return "same" if known or (defined and one.words == other.words) else "unknown"


def checked_mapping(mapping: Any, known: tuple[str, ...]) -> dict[str, str]:
    """Refuse a mapping of measures that are not there, or to words that mean nothing here."""
    if not isinstance(mapping, Mapping):
        raise TypeError(
            Message(
                "measures: expected a mapping of measures to what they are, got {kind}",
                kind=type(mapping).__name__,
            )
        )
    for measure, stated in mapping.items():
        if measure not in known:
            raise InputError(
                Message(
                    "measures: expected texts that stand in the column, got another. "
                    "set(reports.measure) has those there are"
                )
            )
        if stated not in MEASURES:
            raise InputError(
                Message("measures: expected {kinds!r:or}, got something else", kinds=list(MEASURES))
            )
    return dict(mapping)


def _says(words: str, phrases: tuple[str, ...]) -> bool:
    """Whether one of the phrases stands among the words."""
    return any(
        re.search(r"\b" + re.escape(phrase).replace(r"\*", r"\w*") + r"\b", words) for phrase in phrases
    )


def _who(words: str, political: tuple[str, ...]) -> Who:
    """Who is counted; unknown where nothing or both are said."""
    everybody = _says(words, (*_ALL, *_NOT_ONLY_POLITICAL))
    some = _says(words, political) and not _says(words, _NOT_ONLY_POLITICAL)
    if everybody == some:
        return "unknown"
    return "all" if everybody else "political"
