"""Rows of the assessment of lists of released people, in full or in tens, and the answer that each gives."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from detcount.data.captures import CaptureTable
from detcount.estimates import UncertainCount
from detcount.privacy import FEW_LISTED, TENS, public_counts, round_to
from detcount.releases.by_name_figure import Kind
from detcount.releases.by_name_result import ListCounts, about, between, of_verified
from detcount.reports.blocks import Answer
from detcount.reports.numbers import NOTHING, persons
from detcount.reports.opening import shortest
from detcount.words import N_, Capitalised, Message

_NAMELESS = {"announced": N_("official list {n}"), "verified": N_("monitors' list {n}")}
_HISTORIES = ("100", "010", "001", "110", "101")  # as many as a list has parts


@dataclass(frozen=True)
class NamedRow:
    """Row about one list of released people.

    Parameters
    ----------
    name : str
        Name of the list.
    kind : {"announced", "verified"}
        Whether an authority announces the releases, or a monitor verifies them.
    first, last : datetime.date, optional
        Its days of release.
    named : int
        Persons named; for the public in tens.
    parts : tuple of (int or None)
        Persons of each part, as `PARTS` names them; None where they are withheld, or not known.
    at_most : bool, optional
        Whether links have no limits, so that `named` is the number of rows, and at most so many are named.
    """

    name: str
    kind: Kind
    first: dt.date | None
    last: dt.date | None
    named: int
    parts: tuple[int | None, ...]
    at_most: bool = False

    def number(self, named: Message) -> Message:
        """Say of a number of persons that it is the most, where links have no limits."""
        return Message("at most {n}", n=named) if self.at_most else named

    def public(self, number: int) -> NamedRow:
        """Give the row in tens, under a number: the same for lists whose small parts are others."""
        name = Message(_NAMELESS[self.kind], n=number)
        tens = -(-self.named // TENS) * TENS if self.at_most else round_to(self.named, TENS)
        return replace(self, name=name, named=tens, parts=public_parts(self.parts))

    def sentence(self) -> Message:
        """Say in tens how many were named, and as many parts as may be known."""
        _, _, checked, known, unknown = self.parts
        named, when = about(self.named, exactly=self.at_most), between(self.first, self.last)
        opens = {"list": Capitalised(self.name), "n": self.number(named), "when": when}
        if self.kind == "verified":
            return Message("{list} names {n} people as released.", **opens)
        if checked is None:
            return Message("{list} names {n} people as released {when}.", **opens)
        sentences = [of_verified(named, when, about(checked), self.name)]
        if known is not None and unknown is not None:
            sentences.append(
                Message(
                    "Nobody verified {known} who are on a list of the detained, and {unknown} who are on "
                    "none.",
                    known=about(known),
                    unknown=about(unknown),
                )
            )
        return Message.together(sentences)


def public_parts(parts: Sequence[int | None]) -> tuple[int | None, ...]:
    """Give the parts of a list as the public may know them: tens, where no small count follows from them."""
    counts = {history: count or 0 for history, count in zip(_HISTORIES, parts, strict=True)}
    if sum(counts.values()) < FEW_LISTED:
        return (None,) * len(parts)
    table = CaptureTable.from_counts(counts, lists=("1", "2", "3"))
    codes = ["".join(map(str, row)) for row in table.histories.tolist()]
    shown = dict(zip(codes, public_counts(table), strict=True))
    return tuple(shown.get(history) for history in _HISTORIES)


def answer_of_named(shown: NamedRow, full: ListCounts | None) -> Answer:
    """Answer on those whom a list names, as far as it may be known; in full by its counts."""
    if shown.kind == "verified":
        n = shown.number(about(shown.named, exactly=shown.at_most))
        return Answer(
            Message("How many people monitors named as released"),
            n,
            Message("named on {list}", list=shown.name),
            Message("{list} names {n} people as released.", list=Capitalised(shown.name), n=n),
            Message("print it as verified"),
            "fair",
        )
    _, _, checked, known, unknown = shown.parts
    when = between(shown.first, shown.last)
    sure = [False] * len(shown.parts) if full is None else [*map(_is_certain, full.parts.values())]
    named = shown.number(
        about(shown.named, exactly=shown.at_most or (full is not None and _is_certain(full.named)))
    )
    question = Message("How many of those named as released did monitors verify")
    if checked is None or known is None or unknown is None:
        sentence = Message("An official list names {n} people as released {when}.", n=named, when=when)
        verdict = Message("print it as announced")
        return Answer(question, NOTHING, Message("of {n} named", n=named), sentence, verdict, "poor")
    verified, on_none = about(checked, exactly=sure[2]), about(unknown, exactly=sure[4])
    rest = about(known + unknown, exactly=sure[3] and sure[4])
    given = {"n": named, "when": when, "verified": verified, "rest": rest}
    # in public both parts are rounded, and their sum is not known to the ten
    of_parts = Message(
        "Of {n} people named as released {when}, monitors verified {verified}; nobody verified {known} on a "
        "list of the detained, and {unknown} on none.",
        known=about(known),
        unknown=on_none,
        **given,
    )
    of_all = (
        Message(
            "Of {n} people named as released {when}, monitors verified {verified}; nobody verified {rest}, "
            "{unknown} of them on no list of the detained.",
            unknown=on_none,
            **given,
        ),
        Message(
            "Of {n} people named as released {when}, monitors verified {verified}; nobody verified {rest}.",
            **given,
        ),
    )
    sentence = shortest(*((of_parts,) if full is None else of_all), of_verified(named, when, verified))
    limits = Message("verified, of {n} named", n=named)
    if full is not None and not sure[2]:
        low, _, high = full.parts["verified"].printed()
        limits = Message(
            "verified ({low} to {high}), of {n} named", low=persons(low), high=persons(high), n=named
        )
    return Answer(question, verified, limits, sentence, Message("print both counts"), "fair")


def _is_certain(count: UncertainCount) -> bool:
    """Tell whether a count has one value as it is printed."""
    low, _, high = count.printed()
    return low == high
