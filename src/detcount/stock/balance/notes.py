"""What a reader must know of a path made by balance."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from detcount._numerics.arrays import Ints
from detcount.persons.dates import as_day
from detcount.stock.balance.detail import LateEntries
from detcount.stock.balance.reading import Sheet
from detcount.words import Message

BOUNDS_ALONE = Message(
    "Totals of one register do not hold the number that it does not know, and nothing is stated of it: the "
    "path has bounds alone. State a prior of it, or take lists of people."
)
_GAP = 31  # days without a total that are named


def more_counted(sheet: Sheet, struck: Ints) -> tuple[Message, ...]:
    """Say where the register counted more releases than people left it, given the days of the bulletins."""
    before = np.cumsum(struck, axis=1)[:, sheet.days - sheet.days[0]]
    over = [
        (count, int(np.median(before[:, last] - before[:, first])), first, last)
        for first, last, count in sheet.verified
    ]
    over = [each for each in over if each[0] > each[1]]
    if not over:
        return ()
    count, left, first, last = max(over, key=lambda each: each[0] - each[1])
    return (
        Message(
            "{source} itself counts {count:,} releases between {start} and {end}, and by its totals and "
            "arrests some {left:,} people left the register then: it lacks entries, or never had all who "
            "were let out.",
            source=sheet.register.source,
            count=count,
            start=as_day(int(sheet.days[first])),
            end=as_day(int(sheet.days[last])),
            left=left,
        ),
    )


def balance_notes(
    sheet: Sheet, late: Sequence[LateEntries], never_entered: tuple[float, float] | None
) -> tuple[Message, ...]:
    """Say what is not known, what does not balance, and what the late entries say of earlier days."""
    source = sheet.register.source
    notes = []
    if never_entered is None:
        notes.append(BOUNDS_ALONE)
    elif never_entered[1] == 0:
        notes.append(
            Message(
                "Only those whom {source} enters sooner or later are counted; the stock of all is higher.",
                source=source,
            )
        )
    notes += [
        Message(
            "{count:,} people entered between {start} and {end} had been arrested earlier, by the "
            "register's own account. With the {total:,} on the register on {bulletin} they put "
            "{together:,} inside just before, if all of them were held then.",
            count=each.count,
            start=each.start,
            end=each.end,
            total=each.total,
            bulletin=each.bulletin,
            together=each.together,
        )
        for each in late
    ]
    open_ = [balance for balance in sheet.balances if balance.unexplained]
    if open_:
        notes.append(
            Message(
                "In {n_open:,} of the {n_checked:,} bulletins that print both entries and releases, the "
                "two do not explain the change of the total; the rest counts as corrections, up to "
                "{most:,} persons.",
                n_open=len(open_),
                n_checked=len(sheet.balances),
                most=max(abs(balance.unexplained) for balance in open_),
            )
        )
    for k, figures in enumerate(sheet.figures):
        if len(figures) > 1:
            notes.append(
                Message(
                    "Several totals are published for {day}, {figures:and|,}, and no printed flow "
                    "decides: each is given the same weight.",
                    day=as_day(int(sheet.days[k])),
                    figures=list(figures),
                )
            )
    gaps = [int(days) for days in sheet.days[1:] - sheet.days[:-1] if days > _GAP]
    if gaps:
        notes.append(
            Message.counted(
                "Once the register prints no total for more than a month, for {most:,} days.",
                "{n:,} times the register prints no total for more than a month, for {most:,} days at most.",
                n=len(gaps),
                most=max(gaps),
            )
        )
    if sheet.fell:
        notes.append(
            Message(
                "The running total of arrests fell between two bulletins; it is not used over these days."
            )
        )
    stands = sum(grown == 0 for _, _, grown in sheet.growth)
    if stands:
        notes.append(
            Message.counted(
                "The running total of arrests stands still over 1 span; what it lacks there is drawn.",
                "The running total of arrests stands still over {n:,} spans; what it lacks there is drawn.",
                n=stands,
            )
        )
    return tuple(notes)
