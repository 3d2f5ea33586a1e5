"""Writing of invented lists of names, and its errors: spelling, documents and days.

It is one thing: the errors of writers, and the numbers that say how often each is made.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

import numpy as np

from detcount._numerics.arrays import Ints
from detcount.contract import arguments
from detcount.contract.arguments import Proportion
from detcount.contract.specification import AS_TYPED, checked
from detcount.errors import InputError
from detcount.simulate.names.people import People, surnames, words
from detcount.words import Message

Layout = Literal["surnames, given", "given surnames", "surnames given", "columns"]
DocumentFormat = Literal["V-12.345.678", "12345678", "V12345678", "V-12345678-0"]
DayFormat = Literal["24/08/2024", "2024-08-24", "24-ago-2024", "agosto 2024", "serial"]
BirthFormat = Literal["day", "age", "none"]
_PARTICLES = {"de", "la", "los", "del", "san", "las", "y"}
_DOUBLED = ("l", "n", "t", "s", "r")
_KINDS = ("typing", "sound", "doubled", "initial", "nickname")


@dataclass(frozen=True)
class Priors:
    """Slips of invented lists.

    Parameters
    ----------
    shares : tuple of float, share
        Kinds of slips of a word, in their order. Convention: invented.
    accent_dropped : float, probability
        Accent dropped from a word, on lists that write accents. Convention: invented.
    swapped_days : float, share
        Wrong days that are day and month swapped, where they can be. Convention: invented.
    """

    shares: tuple[float, ...] = (0.45, 0.38, 0.07, 0.05, 0.05)
    accent_dropped: float = 0.15
    swapped_days: float = 0.2


PRIORS = Priors()
_SHARES = np.array(PRIORS.shares)


_CELLS = ("name", "document", "nameless", "birth", "arrest", "place", "sex")
_EPOCH = dt.date(1970, 1, 1)
_SERIAL = 25_569  # the number of 1 January 1970 in a spreadsheet


@checked(kw_only=True)
class WrittenList:
    """Format of a written list: whom it names, how it is written, and what it leaves out.

    Parameters
    ----------
    name : str
        Name of the list.
    share : float
        Share of the population that it finds by itself.
    layout : {"surnames, given", "given surnames", "surnames given", "columns"}, optional
        Order of names in one column; "columns" has a column for each of two given names and two surnames.
    capitals : bool, optional
        Whether names are written in capitals.
    accents : bool, optional
        Whether accents are written, most of the time.
    document : {"V-12.345.678", "12345678", "V12345678", "V-12345678-0"}, optional
        Format of documents; the last is a tax number.
    documents_missing : float, optional
        Share of rows without a document.
    day : {"24/08/2024", "2024-08-24", "24-ago-2024", "agosto 2024", "serial"}, optional
        Format of days; "agosto 2024" gives the month alone for half of the arrests, "serial" is the number
        that a spreadsheet keeps.
    birth : {"day", "age", "none"}, optional
        What is written of the birth: the day, the age on the day of the arrest, or nothing.
    headers : {"spanish", "english"}, optional
        Language of the names of the columns.
    forwards : tuple of (str, float), optional
        An earlier list that forwards rows to this one, and the share of its persons that it forwards: those
        rows are copied with their errors.
    marks_forwarded : bool, optional
        Whether forwarded rows have the name of the other list in a column of their own.

    Examples
    --------
    >>> import detcount as dc
    >>> press = dc.simulate.WrittenList(name="press", share=0.3)
    >>> press.layout, press.day
    ('given surnames', '24/08/2024')
    """

    name: str
    share: float
    layout: Annotated[Layout, AS_TYPED] = "given surnames"
    capitals: bool = False
    accents: bool = True
    document: Annotated[DocumentFormat, AS_TYPED] = "V-12.345.678"
    documents_missing: Proportion = 0.2
    day: Annotated[DayFormat, AS_TYPED] = "24/08/2024"
    birth: Annotated[BirthFormat, AS_TYPED] = "day"
    headers: Annotated[Literal["spanish", "english"], AS_TYPED] = "spanish"
    forwards: tuple[str, float] | None = None
    marks_forwarded: bool = True
    _where: ClassVar[str] = "WrittenList: "

    def __post_init__(self) -> None:
        if not 0 < arguments.number("WrittenList: share", self.share, least=0, most=1) < 1:
            raise InputError(
                Message(
                    "WrittenList: share: expected a number above 0 and below 1, got {got}",
                    got=repr(self.share),
                )
            )
        if self.forwards is not None:
            arguments.share("WrittenList: forwards", self.forwards[1])


@dataclass(frozen=True, kw_only=True)
class Mistakes:
    """Rates of errors of lists, each a share of what is written.

    Parameters
    ----------
    words : float, optional
        Words of names that are misspelt: typing errors, Venezuelan spelling, initials and short forms.
    second_surnames, second_given : float, optional
        Second surnames and second given names that are left out.
    swapped : float, optional
        Rows with given names and surnames the other way round.
    married : float, optional
        Women written with "de" and the surname of a husband.
    documents : float, optional
        Documents with a wrong digit or two digits transposed.
    shared : float, optional
        Documents that are those of another person of the list, such as a relative who reported.
    days : float, optional
        Days of arrest recorded some days later, or with day and month swapped.
    births : float, optional
        Births with a wrong day, and ages wrong by a year.
    days_missing, births_missing, places_missing, sexes_missing : float, optional
        Cells that are empty.
    places : float, optional
        Wrong places.
    sexes : float, optional
        Wrong sexes.
    nameless : float, optional
        Rows without a name and without a document.

    Examples
    --------
    >>> from detcount import simulate
    >>> simulate.Mistakes.none().words
    0.0
    """

    words: float = 0.10
    second_surnames: float = 0.30
    second_given: float = 0.45
    swapped: float = 0.02
    married: float = 0.02
    documents: float = 0.04
    shared: float = 0.003
    days: float = 0.10
    births: float = 0.06
    days_missing: float = 0.05
    births_missing: float = 0.15
    places_missing: float = 0.10
    sexes_missing: float = 0.10
    places: float = 0.04
    sexes: float = 0.01
    nameless: float = 0.0

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            arguments.share(f"Mistakes: {name}", value)

    @classmethod
    def none(cls) -> Mistakes:
        """Lists without any error and without empty cells."""
        return cls(**dict.fromkeys(cls.__dataclass_fields__, 0.0))


def misspell(word: str, rng: np.random.Generator) -> str:
    """Write a word wrongly in one way; the kind that does not apply becomes a typing error."""
    kind = _KINDS[int(rng.choice(len(_KINDS), p=_SHARES))]
    low = word.lower()
    if kind == "nickname" and word in words()["nicknames"]:
        return str(_one_of(words()["nicknames"][word], rng))
    if kind == "initial" and len(word) > 2:
        return f"{word[0]}."
    if kind == "sound":
        ways = [(old, new) for old, new in words()["sounds"] if old in low]
        if ways:
            old, new = _one_of(ways, rng)
            at = _one_of([k for k in range(len(low)) if low.startswith(old, k)], rng)
            return str(low[:at] + new + low[at + len(old) :]).capitalize()
    if kind == "doubled":
        places = [k for k in range(1, len(low)) if low[k] in _DOUBLED]
        if places:
            at = _one_of(places, rng)
            return (low[:at] + low[at] + low[at:]).capitalize()
    return _typed(low, rng).capitalize()


def _one_of(known: Sequence[Any], rng: np.random.Generator) -> Any:
    """One of some things, each as probable."""
    return known[int(rng.integers(len(known)))]


def _typed(low: str, rng: np.random.Generator) -> str:
    """One letter wrong, left out or added, or two transposed."""
    at, way = int(rng.integers(len(low))), int(rng.integers(4))
    if way == 0 and low[at] in words()["neighbours"]:
        near = str(_one_of(words()["neighbours"][low[at]], rng))
        return low[:at] + near + low[at + 1 :]
    if way == 1 and at + 1 < len(low) and low[at] != low[at + 1]:
        return low[:at] + low[at + 1] + low[at] + low[at + 2 :]
    if way == 2 or len(low) < 4:
        return low[:at] + chr(ord("a") + int(rng.integers(26))) + low[at:]
    return low[:at] + low[at + 1 :]


def _without_accents(text: str) -> str:
    """Text without accents; ñ stays."""
    kept = text.replace("ñ", "\0").replace("Ñ", "\1")
    plain = "".join(
        letter for letter in unicodedata.normalize("NFD", kept) if unicodedata.category(letter) != "Mn"
    )
    return plain.replace("\0", "ñ").replace("\1", "Ñ")


class _Writer:
    """The hand of one list: what it does to each kind of cell."""

    def __init__(
        self, how: WrittenList, mistakes: Mistakes, people: People, rng: np.random.Generator
    ) -> None:
        self.how, self.mistakes, self.people = how, mistakes, people
        # a stream for each kind of cell: errors of one kind leave the other cells as they are
        self.cells = dict(zip(_CELLS, rng.spawn(len(_CELLS)), strict=True))
        self.rng = rng

    def _happens(self, share: float) -> bool:
        return bool(self.rng.random() < share)

    def part(self, text: str) -> str:
        """One part of a name, with its errors."""
        parts = []
        for word in text.replace("-", " - ").split():
            written = word
            if len(word) > 1 and word.lower() not in _PARTICLES and self._happens(self.mistakes.words):
                written = misspell(word, self.rng)
            if not self.how.accents or self._happens(PRIORS.accent_dropped):
                written = _without_accents(written)
            parts.append(written.upper() if self.how.capitals else written)
        return " ".join(parts).replace(" - ", "-")

    def name(self, person: int) -> dict[str, str]:
        """The cells of a name."""
        given, family = list(self.people.given[person]), list(self.people.family[person])
        if self._happens(self.mistakes.second_given):
            given[1] = ""
        if self._happens(self.mistakes.second_surnames):
            family[1] = ""
        if self.people.woman[person] and self._happens(self.mistakes.married):
            known, shares = surnames("wide")
            family[1] = f"de {known[int(self.rng.choice(len(known), p=shares))]}"
        swapped = self._happens(self.mistakes.swapped)
        given, family = [self.part(text) for text in given], [self.part(text) for text in family]
        if swapped:
            given, family = family, given
        if self.how.layout == "columns":
            keys = ("given 1", "given 2", "family 1", "family 2")
            return dict(zip(keys, (*given, *family), strict=True))
        first, last = " ".join(filter(None, given)), " ".join(filter(None, family))
        if self.how.layout == "surnames, given":
            return {"name": f"{last}, {first}"}
        return {"name": f"{first} {last}" if self.how.layout == "given surnames" else f"{last} {first}"}

    def document(self, person: int, others: Ints) -> str:
        """The cell of a document."""
        if self._happens(self.how.documents_missing):
            return ""
        owner = person
        if self._happens(self.mistakes.shared):
            owner = int(others[int(self.rng.integers(len(others)))])
        digits = str(self.people.document[owner])
        if self._happens(self.mistakes.documents):
            at = int(self.rng.integers(len(digits) - 1))
            if self._happens(0.3) and digits[at] != digits[at + 1] and (at or digits[1] != "0"):
                digits = digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :]
            else:
                other = (int(digits[at + 1]) + 1 + int(self.rng.integers(9))) % 10
                digits = digits[: at + 1] + str(other) + digits[at + 2 :]
        letter = "E" if self.people.foreign[owner] else "V"
        dotted = f"{int(digits):,}".replace(",", ".")
        written = {
            "V-12.345.678": f"{letter}-{dotted}",
            "12345678": digits,
            "V12345678": f"{letter}{digits}",
            "V-12345678-0": f"{letter}-{digits}-{int(digits) % 10}",
        }
        return written[self.how.document]

    def _swapped(self, day: int) -> int:
        """The day with day and month swapped, where that is a day."""
        date = _EPOCH + dt.timedelta(day)
        return (dt.date(date.year, date.day, date.month) - _EPOCH).days if date.day <= 12 else day

    def arrest(self, person: int) -> str:
        """The cell of the day of the arrest."""
        if self._happens(self.mistakes.days_missing):
            return ""
        day = int(self.people.arrested[person])
        if self._happens(self.mistakes.days):
            day = (
                self._swapped(day)
                if self._happens(PRIORS.swapped_days)
                else day + int(self.rng.geometric(0.4))
            )
        return self.day(day, by_month=self.how.day == "agosto 2024" and self._happens(0.5))

    def day(self, day: int, *, by_month: bool = False) -> str:
        """A day in the format of the list."""
        date = _EPOCH + dt.timedelta(day)
        month = words()["months"][date.month - 1]
        if by_month:
            return f"{month} {date.year}"
        written: dict[str, Callable[[], str]] = {
            "24/08/2024": lambda: f"{date:%d/%m/%Y}",
            "2024-08-24": date.isoformat,
            "24-ago-2024": lambda: f"{date.day}-{month[:3]}-{date.year}",
            "agosto 2024": lambda: f"{date.day} de {month} de {date.year}",
            "serial": lambda: str(day + _SERIAL),
        }
        return written[self.how.day]()

    def birth(self, person: int) -> str:
        """The cell of a birth or of an age."""
        if self._happens(self.mistakes.births_missing):
            return ""
        born, wrong = int(self.people.born[person]), self._happens(self.mistakes.births)
        if self.how.birth == "age":
            age = int((int(self.people.arrested[person]) - born) // 365.25)
            return str(age + (int(self.rng.choice([-1, 1])) if wrong else 0))
        if wrong:
            if self._happens(0.4):
                born = self._swapped(born)
            elif self._happens(0.5):
                born += int(self.rng.choice([-1, 1])) * int(self.rng.integers(1, 10))
            else:
                born += int(self.rng.choice([-1, 1])) * 365
        return self.day(born)

    def place(self, person: int) -> str:
        """The cell of the place of the arrest."""
        if self._happens(self.mistakes.places_missing):
            return ""
        where = int(self.people.place[person])
        if self._happens(self.mistakes.places):
            where = int(self.rng.integers(len(words()["places"])))
        place = words()["places"][where]
        written = place if self.how.accents else _without_accents(place)
        return written.upper() if self.how.capitals else written

    def sex(self, person: int) -> str:
        """The cell of the sex."""
        if self._happens(self.mistakes.sexes_missing):
            return ""
        return "FM"[int(bool(self.people.woman[person]) == self._happens(self.mistakes.sexes))]

    def row(self, person: int, others: Ints) -> dict[str, str]:
        """One row, its cells by what they mean."""
        cells = {**self._cell("name", person), "document": self._cell("document", person, others)}
        if self._cell("nameless", self.mistakes.nameless):
            cells = dict.fromkeys(cells, "")
        if self.how.birth != "none":
            cells["birth" if self.how.birth == "day" else "age"] = self._cell("birth", person)
        for kind in ("arrest", "place", "sex"):
            cells[kind] = self._cell(kind, person)
        return cells

    def _cell(self, kind: str, *values: Any) -> Any:
        """One kind of cell, with its own stream of random numbers."""
        self.rng = self.cells[kind]
        write = self._happens if kind == "nameless" else getattr(self, kind)
        return write(*values)


def write_rows(
    how: WrittenList, mistakes: Mistakes, people: People, persons: Ints, rng: np.random.Generator
) -> list[dict[str, str]]:
    """One row for each of `persons`, in the hand of a list."""
    writer = _Writer(how, mistakes, people, rng)
    return [writer.row(person, persons) for person in persons.tolist()]


def titled(how: WrittenList, rows: list[dict[str, str]], forwarded_by: list[str] | None) -> dict[str, Any]:
    """Columns of a list under its headers, by cells."""
    headers = words()["headers"][how.headers]
    keys = list(dict.fromkeys(key for row in rows for key in row))
    columns: dict[str, Any] = {headers[key]: [row.get(key, "") for row in rows] for key in keys}
    if forwarded_by is not None:
        columns[headers["referred"]] = forwarded_by
    return columns
