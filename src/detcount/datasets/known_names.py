"""What readers know the sources, events and measures of the shipped series of releases by."""

from __future__ import annotations

import datetime as dt
import re

from detcount.words import Message, Name

# Bodies, groups and measures as the files name them; those that a Spanish-speaking reader knows by other
# words have these in the catalogue.
NAMES = (
    "Acting President",
    "Aporrea (sum by the outlet)",
    "Comite de Madres en Defensa de la Verdad",
    "Comite por la Libertad de los Presos Politicos (CLIPPVE)",
    "Families with CLIPPVE",
    "Government",
    "Interior Minister",
    "Justicia, Encuentro y Perdon (JEP)",
    "Minister of Home Affairs",
    "Ministry of Foreign Affairs",
    "Ministry of Penitentiary Service",
    "NGOs (via AFP)",
    "National Assembly President",
    "Opposition leaders' spokesperson office",
    "Plataforma Unitaria Democratica (PUD)",
    "Presidential Pardon Committee",
    "Press at the crossings",
    "Prisoners' media office",
    "Public Ministry / Attorney General",
    "Royal decree",
    "State Administration Council",
    "Supreme People's Court",
    "UN Independent International Fact-Finding Mission",
    "Unnamed monitoring groups",
    "custody-measure reviews requested/granted by prosecutors",
    "group of Egyptian rights NGOs",
    "human rights defenders",
    "political prisoners released",
    "release from prison",
    "release from prison (usually with precautionary measures)",
    "unofficial estimate",
)
# Measures that the files write in one word.
MEASURES = {
    "all-prisoners": "prisoners of all kinds released",
    "political-released": "political prisoners released",
    "pretrial-released": "released before trial",
    "released": "released",
    "released-by-name": "released, by name",
    "released-of-NGO-lists": "released, of the lists of organisations",
}
_DAY, _MONTH = r"(\d{4}-\d{2}-\d{2})", r"(\d{4}-\d{2})"
# Events as the files write them, and the words that a reader expects.
EVENTS = {
    rf"event {_DAY}": "event of {first}",
    rf"round {_DAY}": "round of {first}",
    rf"day {_DAY}": "day of {first}",
    rf"month {_MONTH}": "{first:month}",
    rf"week to {_DAY}": "week to {first}",
    rf"since before {_MONTH}": "since before {first:month}",
    rf"since {_DAY}": "since {first}",
    rf"since {_MONTH}": "since {first:month}",
    rf"cumulative since {_MONTH}": "in all since {first:month}",
    rf"{_DAY} to {_DAY}": "{first} to {second}",
}
MONTH_OF_YEAR = "{first:month}"


def known_name(text: str) -> str:
    """Give a name of the shipped series with the words it is known by; any other as it is."""
    if text in NAMES:
        return Name(text, Message(NAMES[NAMES.index(text)]))
    if text in MEASURES:
        return Name(text, Message(MEASURES[text]))
    for pattern in EVENTS:
        if found := re.fullmatch(pattern, text):
            return Name(text, Message(EVENTS[pattern], **_days(found)))
    if text == "December 2025":
        return Name(text, Message(MONTH_OF_YEAR, first=dt.date(2025, 12, 1)))
    return text


def _days(found: re.Match[str]) -> dict[str, dt.date]:
    """The days that a name is made of; of a month the first."""
    days = [dt.date.fromisoformat(f"{text}-01"[:10]) for text in found.groups()]
    return dict(zip(("first", "second"), days, strict=False))
