"""What a reader must know of an audit, beside the assumptions."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np

from detcount.published import PublishedArrests
from detcount.published.days import as_date
from detcount.stock.balance.register import Register
from detcount.words import Message

NOTE_EXITS = (
    "Exits are people who left the register of {source}: most were released, some may have gone to house "
    "arrest, died or been struck off. People it never listed are not among them."
)
NOTE_MOVED = (
    "No bulletin gives both figures for {day}; that of {used} is used, and the window is from {start} "
    "to {end}."
)
NOTE_BEHIND = (
    "The running total of arrests was behind the entries that bulletins print in {n_behind:,} of the "
    "{n_checked:,} spans that can be checked, by up to {most:,} persons. The interval supposes that it was "
    "like "
    "that on the first and on the last day."
)
NOTE_NEVER_BEHIND = (
    "The running total of arrests was never seen behind the entries that bulletins print, in {n_checked:,} "
    "spans that can be checked, so the interval has no width from it; so few spans exclude no shortfall."
)
NOTE_UNCHECKED = (
    "Nothing in the series says how complete the running total of arrests was, so only bounds are given "
    "beside the {implied:,} exits that it implies as it stands."
)
NOTE_ALL_PRINTED = (
    "Every bulletin of the window prints the entries, so that those are used in place of the running total."
)
NOTE_SHORT = (
    "The running total as it stands implies {implied:,} exits, fewer than the {low:,} that the stock "
    "forces: it "
    "lacks entries, and the interval rests on the shortfalls seen elsewhere."
)
NOTE_GIVEN = (
    "The entries that the running total does not hold are taken as stated, {low:,} to {high:,} persons, "
    "and not "
    "judged from the series."
)
NOTE_BALANCE = (
    "In all {n_checked:,} bulletins that print both entries and releases and can be held against the one "
    "before, the two explain the change of the stock to the person."
)
NOTE_NOT_BALANCED = (
    "In {n_open:,} of the {n_checked:,} bulletins that print both entries and releases and can be held "
    "against "
    "the one before, the two do not explain the change of the stock; the largest gap is {most:,} persons."
)
NOTE_NO_DEATHS = "Deaths in custody are not taken out of the exits."
NOTE_LATE_CASES = (
    "{source} itself counts {count:,} people detained earlier who were entered between {start} and {end}; "
    "the "
    "running total of arrests is taken to hold them."
)
NOTE_TWO_FIGURES = "Several figures are published for {day}, {figures:and|,}; each is given the same weight."
NOTE_FELL = (
    "The running total of arrests fell from {first:,} to {second:,} between {before} and {after}, so it was "
    "corrected within the window; entries are then less certain than the interval says."
)
NOTE_NO_CEILING = "The exits have no upper bound: cases may have been entered that no total holds."

_LATE_CASES = "late-reported cases"


def audit_notes(
    register: Register,
    asked: tuple[tuple[np.datetime64, np.datetime64], tuple[np.datetime64, np.datetime64]],
    late_by: str,
    late_range: tuple[int, int] | None,
    implied: int,
    deaths: tuple[int, int],
    high: float,
    arrests: PublishedArrests,
) -> list[str]:
    """What a reader must know of an audit; `asked` has both days, with the bulletin that stands for each."""
    opening, closing = (day for _, day in asked)
    notes: list[str] = [Message(NOTE_EXITS, source=register.source)]
    days = {"start": as_date(opening), "end": as_date(closing)}
    notes += [
        Message(NOTE_MOVED, day=as_date(day), used=as_date(used), **days)
        for day, used in asked
        if day != used
    ]
    notes += [
        Message(NOTE_TWO_FIGURES, day=as_date(day), figures=register.held[day])
        for day in (opening, closing)
        if len(set(register.held[day])) > 1
    ]
    inside = [day for day in register.totals if opening <= day <= closing]
    for before, day in pairwise(inside):
        if register.total_at(day) < register.total_at(before):
            first, second = register.total_at(before), register.total_at(day)
            notes.append(
                Message(NOTE_FELL, first=first, second=second, before=as_date(before), after=as_date(day))
            )
    checked = [check for check in register.checks if check.checked]
    behind = [check.backlog_at_least for check in checked if check.backlog_at_least > 0]
    if late_range is not None:
        notes.append(Message(NOTE_GIVEN, low=late_range[0], high=late_range[1]))
    elif late_by == "printed":
        notes.append(Message(NOTE_ALL_PRINTED))
    elif late_by == "unknown":
        notes.append(Message(NOTE_UNCHECKED, implied=implied))
    elif late_by == "judged" and behind:
        notes.append(Message(NOTE_BEHIND, n_behind=len(behind), n_checked=len(checked), most=max(behind)))
    elif late_by == "judged":
        notes.append(Message(NOTE_NEVER_BEHIND, n_checked=len(checked)))
    open_weeks = [abs(balance.unexplained) for balance in register.balances if balance.unexplained]
    if open_weeks:
        notes.append(
            Message(
                NOTE_NOT_BALANCED,
                n_open=len(open_weeks),
                n_checked=len(register.balances),
                most=max(open_weeks),
            )
        )
    elif register.balances:
        notes.append(Message(NOTE_BALANCE, n_checked=len(register.balances)))
    for row in range(len(arrests)):
        begins, ends = arrests.start[row], arrests.end[row]
        if (
            arrests.event[row] == _LATE_CASES
            and arrests.source[row] == register.source
            and begins <= closing
            and ends > opening
        ):
            count = int(arrests.count[row])
            notes.append(
                Message(
                    NOTE_LATE_CASES,
                    source=register.source,
                    count=count,
                    start=as_date(begins),
                    end=as_date(ends),
                )
            )
    if deaths == (0, 0):
        notes.append(Message(NOTE_NO_DEATHS))
    if high == math.inf:
        notes.append(Message(NOTE_NO_CEILING))
    return notes
