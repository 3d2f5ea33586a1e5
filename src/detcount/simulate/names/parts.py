"""How an invented list of names is written, and how often it errs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from detcount import arguments
from detcount.errors import InputError
from detcount.words import Message

Layout = Literal["surnames, given", "given surnames", "surnames given", "columns"]
DocumentFormat = Literal["V-12.345.678", "12345678", "V12345678", "V-12345678-0"]
DayFormat = Literal["24/08/2024", "2024-08-24", "24-ago-2024", "agosto 2024", "serial"]
BirthFormat = Literal["day", "age", "none"]


@dataclass(frozen=True, kw_only=True)
class WrittenList:
    """How a list is written: whom it names, in which format, and what it leaves out.

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
    says_forwarded : bool, optional
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
    layout: Layout = "given surnames"
    capitals: bool = False
    accents: bool = True
    document: DocumentFormat = "V-12.345.678"
    documents_missing: float = 0.2
    day: DayFormat = "24/08/2024"
    birth: BirthFormat = "day"
    headers: Literal["spanish", "english"] = "spanish"
    forwards: tuple[str, float] | None = None
    says_forwarded: bool = True

    def __post_init__(self) -> None:
        arguments.share("WrittenList: documents_missing", self.documents_missing)
        if not 0 < arguments.number("WrittenList: share", self.share, least=0, most=1) < 1:
            raise InputError(
                Message(
                    "WrittenList: share: expected a number above 0 and below 1, got {got}",
                    got=repr(self.share),
                )
            )
        arguments.one_of("WrittenList: layout", self.layout, get_args(Layout))
        arguments.one_of("WrittenList: document", self.document, get_args(DocumentFormat))
        arguments.one_of("WrittenList: day", self.day, get_args(DayFormat))
        arguments.one_of("WrittenList: birth", self.birth, get_args(BirthFormat))
        arguments.one_of("WrittenList: headers", self.headers, ("spanish", "english"))
        if self.forwards is not None:
            arguments.share("WrittenList: forwards", self.forwards[1])


@dataclass(frozen=True, kw_only=True)
class Mistakes:
    """How often lists err, each a share of what is written.

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
