"""Days as people write them, as the first and the last day that they can mean; ages as a year of birth."""

from __future__ import annotations

import datetime as dt
import re
from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from detcount.contract.arguments import FIRST_YEAR, LAST_YEAR, plain
from detcount.reading.text import NAMES, PATTERNS
from detcount.words import Message

DAY_FIRST, MONTH_FIRST = "day first", "month first"
EXPECTED_DAY = Message("a day, a month or a year, such as 2024-08-24, 24/08/2024 or agosto 2024")
EXPECTED_CALENDAR = Message("a day of the calendar")
EXPECTED_ORDER = Message("the earlier of two days first")
EXPECTED_AGE = Message("an age in years, from 0 to 115")

_EPOCH = dt.date(1970, 1, 1).toordinal()
_SERIAL_ZERO = dt.date(1899, 12, 30).toordinal()  # as spreadsheets count days
_FIRST_SERIAL, _LAST_SERIAL = 5_000, 75_000  # 1913 to 2105
EARLIEST, LATEST = dt.date(FIRST_YEAR, 1, 1), dt.date(LAST_YEAR, 12, 31)
_OLDEST = 115


@dataclass(frozen=True)
class Tuning:
    """Days that are written as near.

    Parameters
    ----------
    about : int, days
        Days to either side of a day that is written as near. Convention: a week.
    """

    about: int = 7


TUNING = Tuning()

_DASHES = dict.fromkeys(map(ord, "‐‑‒–—−"), "-")  # as word processors write them

_MONTHS = {
    name.replace("_", " "): number
    for number, names in enumerate(NAMES["months"], 1)
    for name in names.split()
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_TIME = re.compile(
    r"(?<=\d)[t ,]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[ap]\.? ?m\.?)?(?: "
    r"?(?:z|utc|gmt|[+-]\d{2}:?\d{2}))?$"
)
_YEAR_FIRST = re.compile(r"(\d{4})([-/. \\])(\d{1,2})(?:\2(\d{1,2}))?")
_YEAR_LAST = re.compile(r"(\d{1,2})\s*([-/. \\])\s*(\d{1,2})\s*\2\s*(\d{4}|\d{2})")
_MONTH_YEAR = re.compile(r"(\d{1,2})[-/.](\d{4})")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SERIAL = re.compile(r"(\d{4,5})(?:[.,]\d+)?")
_WORDS = re.compile(
    rf"(?:(\d{{1,2}})(?:st|nd|rd|th|o|ro|er|°)?[\s./-]*(?:de |of )?)?({_MONTH})(?![^\W\d_])\.?[\s,./-]*"
    rf"(?:del? |of )?(?:ano )?(\d{{4}}|\d\.\d{{3}}|\d{{2}})"
)
_MONTH_DAY_YEAR = re.compile(rf"({_MONTH})\b\.?\s*(\d{{1,2}})(?:st|nd|rd|th)?\s*,?\s+(?:del? )?(\d{{4}})")
_GLUED = re.compile(r"(?<=[^\W\d])-?(?=\d)")  # as in the name of a file: releases-2025-12-25
_WRITTEN_ON = re.compile(  # and no court, no public ministry
    r"\b(?:publi(?:ca[cdrt]|e|sh)|se publico|actuali|elabor|emiti|al\b|hasta\b|until\b|ate\b|jusqu|"
    r"updated?|issued|as of|printed|gacet|gazett|boletin|diario oficial|journal officiel|mise? a jour|atuali|"
    r"опублик|обновл|(?<!la )corte\b(?! (?:constit|inter|marcial|penal|sup|de (?:apel|casa|just))))"
)
_MOST = 31  # days of the longest month
# words of a span of days in a title, such as "del 25 de diciembre de 2025 al 3 de enero de 2026"
_LONGEST = 12
_SLASH = re.compile(r"(\d{4}(?:-\d{1,2}){0,2})\s*/\s*(\d{4}(?:-\d{1,2}){0,2})")


@dataclass(frozen=True, slots=True)
class Span:
    """The first and the last day that something written can mean, in days since 1970."""

    first: int
    last: int
    open: str = ""  # "before" and "after" where one end is not written


def read_span(text: str, order: str = DAY_FIRST, *, born: bool = False) -> tuple[Span | None, Message | None]:
    """Days that a cell means, None where it holds none; and what was expected, if it holds something else."""
    written = plain(text).translate(_DASHES).strip(" ;,'\"()[]¿?*=")
    if is_nothing(written):
        return None, None
    exact = PATTERNS["about"].sub("", written).strip(" (")
    try:
        span = _span(exact, order, born)
        is_day = exact != written and span.first == span.last
        return (Span(span.first - TUNING.about, span.last + TUNING.about) if is_day else span), None
    except ArithmeticError:
        return None, EXPECTED_ORDER
    except ValueError:
        return None, EXPECTED_CALENDAR
    except LookupError:
        return None, EXPECTED_DAY


def days_within(text: str, read: Sequence[str] = (DAY_FIRST, MONTH_FIRST)) -> list[Span]:
    """List days, months and spans of days in a title or in the name of a file, but for those of publishing.

    Spans above a month and years of two figures are left out. A day that reads both ways is there once for
    each order in which days are read.
    """
    words = _GLUED.sub(" ", plain(text.replace("_", " ")).translate(_DASHES)).replace("(", " ").split()
    found: list[Span] = []
    at = since = 0
    while at < len(words):
        for end in range(min(at + _LONGEST, len(words)), at, -1):
            written = " ".join(words[at:end]).strip(" ;,.:)[]")
            if re.fullmatch(r"\d{0,5}", written) or not re.search(r"\d{4}", written):
                continue  # a number, as spreadsheets count days, is a number in a title
            spans = [span for order in read if (span := read_span(written, order)[0]) is not None]
            if not spans or any(span.open or span.last - span.first >= _MOST for span in spans):
                continue
            if not _WRITTEN_ON.search(" ".join(words[since:at])):
                found += spans
            at = since = end
            break
        else:
            at += 1
    return list(dict.fromkeys(found))


def ends_of_stay(text: str) -> tuple[str, str]:
    """The day of the arrest and that of the exit in one cell, as written; blank where one is not."""
    written = plain(text).translate(_DASHES).strip(" ;,'\"()[]")
    first, *last = PATTERNS["to a day"].split(written, maxsplit=1)
    end = "" if not last or PATTERNS["still held"].fullmatch(last[0]) else last[0]
    return PATTERNS["from a day"].sub("", first), end


def is_nothing(text: str) -> bool:
    """Check whether a cell says that nothing is known."""
    written = plain(text)
    return not written or is_unknown(written) or PATTERNS["no day"].fullmatch(written) is not None


def is_unknown(text: str) -> bool:
    """Check whether a cell says that there is a day which nobody knows."""
    return PATTERNS["day unknown"].fullmatch(plain(text)) is not None


def _span(written: str, order: str, born: bool) -> Span:
    """Days of what is written; LookupError where it is no day, ValueError where there is no such day.

    ArithmeticError where the second of two days is before the first.
    """
    before, after = PATTERNS["before"].fullmatch(written), PATTERNS["after"].fullmatch(written)
    if before is not None:
        return Span(number_of(EARLIEST), _span(before[1], order, born).first - 1, "before")
    if after is not None:
        return Span(_span(after[1], order, born).last + 1, number_of(LATEST), "after")
    try:
        return _point(written, order, born)
    except LookupError:
        two = _SLASH.fullmatch(written) or PATTERNS["between"].fullmatch(written)
        if two is None:
            raise
    last = _point(two[2], order, born)
    try:
        first = _point(two[1], order, born)
    except LookupError:  # "24 al 26 de agosto de 2024": the first has the month and the year of the last
        figures = re.fullmatch(r"\d{1,2}", two[1])
        if figures is None:
            raise
        end = as_day(last.first)
        first = _one(end.year, end.month, int(two[1]))
    if last.last < first.first:
        raise ArithmeticError
    return Span(first.first, last.last)


def _point(written: str, order: str, born: bool) -> Span:
    """Days of one day, month or year."""
    written = PATTERNS["on"].sub("", PATTERNS["weekday"].sub("", _TIME.sub("", written))).strip(" ,.")
    if found := _YEAR_FIRST.fullmatch(written):
        if found[4] is None:
            return _month(int(found[1]), int(found[3]))
        return _one(int(found[1]), int(found[3]), int(found[4]))
    if found := _YEAR_LAST.fullmatch(written):
        one, other, year = int(found[1]), int(found[3]), _year_of(found[4], born)
        day, month = (other, one) if order == MONTH_FIRST else (one, other)
        if month > 12 >= day:  # only one order is a day of the calendar
            day, month = month, day
        return _one(year, month, day)
    if found := _MONTH_YEAR.fullmatch(written):
        return _month(int(found[2]), int(found[1]))
    if found := _WORDS.fullmatch(written):
        year, month = _year_of(found[3], born), _MONTHS[found[2]]
        return _month(year, month) if found[1] is None else _one(year, month, int(found[1]))
    if found := _MONTH_DAY_YEAR.fullmatch(written):
        return _one(int(found[3]), _MONTHS[found[1]], int(found[2]))
    if (found := _COMPACT.fullmatch(written)) and FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        return _one(int(found[1]), int(found[2]), int(found[3]))
    if found := _SERIAL.fullmatch(written):
        number = int(found[1])
        if len(found[1]) == 4 and FIRST_YEAR <= number <= LAST_YEAR:
            return Span(number_of(dt.date(number, 1, 1)), number_of(dt.date(number, 12, 31)))
        if _FIRST_SERIAL <= number <= _LAST_SERIAL:
            return Span(*(2 * (number + _SERIAL_ZERO - _EPOCH,)))
    raise LookupError


def _one(year: int, month: int, day: int) -> Span:
    """One day."""
    number = number_of(dt.date(_checked(year), month, day))
    return Span(number, number)


def _month(year: int, month: int) -> Span:
    """The days of a month."""
    first = dt.date(_checked(year), month, 1)
    return Span(number_of(first), number_of(first.replace(day=monthrange(year, month)[1])))


def _checked(year: int) -> int:
    """A year of our times."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError
    return year


def _year_of(figures: str, born: bool) -> int:
    """A year of two figures or four; two are of this century, or of the last where that suits better."""
    year = int(figures.replace(".", ""))
    if len(figures) > 3:
        return year
    return 1900 + year if year >= (25 if born else 70) else 2000 + year


def number_of(day: dt.date) -> int:
    """Days since 1970."""
    return day.toordinal() - _EPOCH


def as_day(number: int) -> dt.date:
    """The day of a number of days since 1970."""
    return dt.date.fromordinal(int(number) + _EPOCH)


def orders_shown(cells: Iterable[str]) -> tuple[int, int]:
    """Of days that end with the year: how many can only have the day first, and how many the month."""
    orders = [*map(order_of, cells)]
    return orders.count(DAY_FIRST), orders.count(MONTH_FIRST)


def order_of(cell: str) -> str | None:
    """The one order that a day can have which ends with the year; blank if it may be both, None if none."""
    found = _YEAR_LAST.fullmatch(_TIME.sub("", plain(cell)).strip())
    if found is None or found[1].zfill(2) == found[3].zfill(2):
        return None
    first, second = int(found[1]) > 12, int(found[3]) > 12
    return "" if first == second else DAY_FIRST if first else MONTH_FIRST


def has_year_last(cells: Iterable[str]) -> bool:
    """Check whether a column has days whose order has to be known."""
    return any(_YEAR_LAST.fullmatch(_TIME.sub("", plain(cell)).strip()) for cell in cells)


def day_first(text: str) -> str:
    """Write 31/01/2026 as 2026-01-31; any other text, also with a year of two figures, stays as it is."""
    found = _YEAR_LAST.fullmatch(_TIME.sub("", plain(text)).strip())
    return text if found is None or len(found[4]) == 2 else f"{found[4]}-{found[3]:0>2}-{found[1]:0>2}"


def as_written(span: Span | None) -> str | None:
    """Days in the one way of writing that lists of persons take."""
    if span is None:
        return None
    first, last = map(as_day, (span.first, span.last))
    if span.open == "before":
        return f"before {(last + dt.timedelta(days=1)).isoformat()}"
    if span.open == "after":
        return f"after {(first - dt.timedelta(days=1)).isoformat()}"
    return first.isoformat() if first == last else f"{first.isoformat()}/{last.isoformat()}"


# Ages.


def read_age(text: str) -> tuple[tuple[int, int] | None, Message | None]:
    """The least and the greatest age in completed years; None where there is none, or something else."""
    written = plain(text).strip(" ;,'\"()~")
    if is_nothing(written) and written.strip("0"):
        return None, None
    if not written:
        return None, None
    if found := PATTERNS["age in months"].fullmatch(written):
        years = int(found[1]) // 12
        return (years, years), None
    if re.fullmatch(r"(?:menor(?: de edad)?|minor)", written):
        return (0, 17), None
    found = PATTERNS["age"].fullmatch(written)
    if found is None:
        return None, EXPECTED_AGE
    least, most = int(found[1]), int(found[2] or found[1])
    return ((least, most), None) if least <= most <= _OLDEST else (None, EXPECTED_AGE)


def born_by_age(age: tuple[int, int], reference: Span) -> Span:
    """Days of birth of somebody of this age on a day of a span."""
    earliest = _years_before(reference.first, age[1] + 1) + 1
    return Span(earliest, _years_before(reference.last, age[0]))


def _years_before(number: int, years: int) -> int:
    """The same day of an earlier year; 28 February where that has no 29."""
    day = as_day(number)
    try:
        return number_of(day.replace(year=day.year - years))
    except ValueError:
        return number_of(day.replace(year=day.year - years, day=28))


# What cells look like, for columns without a name that says it.


def looks_like_day(text: str) -> bool:
    """Check whether a cell holds a day and could not be a plain number."""
    if plain(text).isdigit():
        return False
    span, _ = read_span(text)
    return span is not None
