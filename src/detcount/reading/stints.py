"""Stints of anonymous persons in places of detention, as registers publish them: who is held at midnight."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.arrays import bincount
from detcount.errors import InputError
from detcount.reading.cells import as_text
from detcount.reading.days import DAY_FIRST, MONTH_FIRST, as_day, is_nothing, order_of, read_span
from detcount.reading.headers import STINTS, normal
from detcount.words import Message

if TYPE_CHECKING:
    import pandas as pd

_NO_END, _UNREAD = np.iinfo(np.int64).max, np.iinfo(np.int64).min


def stints_in(headings: Iterable[Any]) -> dict[str, str] | None:
    """Columns with the identifier, the begin and the end of stints; None where the rows are no stints."""
    written = {normal(str(heading)): str(heading) for heading in headings}
    found = {
        what: next((written[words] for each in patterns for words in written if re.search(each, words)), "")
        for what, patterns in STINTS.items()
    }
    return found if all(found.values()) else None


def midnights(frame: pd.DataFrame, columns: dict[str, str]) -> tuple[pd.DataFrame, list[Message]]:
    """Count the persons held at every midnight; stints of one identifier that touch or overlap are one spell.

    Whoever is booked in on day e and out on day x is held at the midnights that end the days e, ..., x - 1.
    """
    import pandas as pd

    begins, ends = (_days(list(map(as_text, frame[columns[what]]))) for what in ("begins", "ends"))
    good = (begins != _NO_END) & (begins != _UNREAD) & (ends != _UNREAD) & (ends >= begins)
    codes, known = pd.factorize(frame[columns["person"]].map(as_text).str.strip().replace("", None))
    unknown = codes < 0
    persons = np.where(unknown, len(known) + np.cumsum(unknown), codes)
    kept = np.flatnonzero(good)
    if not len(kept):
        raise InputError(Message("stints: expected a day of the begin in some row, got none. Write them"))
    order = kept[np.lexsort((ends[kept], begins[kept], persons[kept]))]
    person, begin, end = persons[order], begins[order], ends[order]
    another = np.append(person[1:] != person[:-1], True)
    open_ = (end == _NO_END) & ~another
    end[open_] = begin[1:][open_[:-1]]
    first, last = _joined(person, begin, end)
    known_days = np.concatenate([begin, end[end != _NO_END]])
    start, latest = int(known_days.min()), int(known_days.max())
    n_days = latest - start + 1
    comes = bincount(begin[first] - start, minlength=n_days + 1)
    goes = bincount(np.minimum(last, latest + 1) - start, minlength=n_days + 1)
    days = pd.date_range(as_day(start), periods=n_days).strftime("%Y-%m-%d")
    counts = np.cumsum(comes - goes)[:n_days]
    made = pd.DataFrame({"date": days, "source": "register", "role": "announced", "count": counts})
    notes = [
        Message(
            "{stints:,} stints of {persons:,} persons were joined into {spells:,} spells where they touch or "
            "overlap, and those held at every midnight were counted; the count is too low on days before "
            "the register was kept",
            stints=len(kept),
            persons=len(np.unique(person)),
            spells=len(first),
        )
    ]
    bad = np.flatnonzero(~good)
    if len(bad):
        notes.append(
            Message.counted(
                "1 row is set aside, data row {row}: no day of its begin can be read, or no day of "
                "an end after it",
                "{n:,} rows are set aside, the first is data row {row}: no day of their begin can be "
                "read, or no day of an end after it",
                n=len(bad),
                row=int(bad[0]) + 1,
            )
        )
    if n_open := int(open_.sum()):
        notes.append(
            Message.counted(
                "1 stint without an end before another of its person is taken to end where that begins",
                "{n:,} stints without an end before another of their person are taken to end where "
                "that begins",
                n=n_open,
            )
        )
    if n_unknown := int(unknown[good].sum()):
        notes.append(
            Message.counted(
                "1 row without an identifier is a person of its own",
                "{n:,} rows without an identifier are persons of their own",
                n=n_unknown,
            )
        )
    return made, notes


def _days(cells: Sequence[str]) -> NDArray[np.int64]:
    """Days of cells; where there is none and where none can be read as two other numbers."""
    written = dict.fromkeys(cells)
    orders = {order_of(cell) for cell in written}
    order = MONTH_FIRST if MONTH_FIRST in orders and DAY_FIRST not in orders else DAY_FIRST
    both = {DAY_FIRST, MONTH_FIRST} <= orders  # then a day that reads both ways is not known
    known: dict[str, int] = {}
    for cell in written:
        span, _ = read_span(cell, order)
        one = span is not None and span.first == span.last and not (both and order_of(cell) == "")
        day = span.first if span is not None and one else _UNREAD
        known[cell] = _NO_END if is_nothing(cell) else day
    return np.array([known[cell] for cell in cells], dtype=np.int64)


def _joined(
    person: NDArray[np.int64], begin: NDArray[np.int64], end: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Positions of the stints that begin a spell, and the last day of each; stints are sorted."""
    first: list[int] = []
    last: list[int] = []
    for k, (who, start, until) in enumerate(zip(person.tolist(), begin.tolist(), end.tolist(), strict=True)):
        if first and person[first[-1]] == who and start <= last[-1]:
            last[-1] = max(last[-1], until)
        else:
            first.append(k)
            last.append(until)
    return np.array(first, dtype=np.int64), np.array(last, dtype=np.int64)
