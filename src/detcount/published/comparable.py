"""Whether two published counts may stand side by side: why not, and what has to be said where they do."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detcount.published.announcements import announcements
from detcount.published.days import as_date
from detcount.published.measures import Definitions, Measure, measures, same_people, who_words
from detcount.published.relations import MATCH_DAYS, days_apart, end_of
from detcount.published.windowed import Windowed
from detcount.words import Message

__all__ = ["Comparison", "comparable", "compared", "follows"]


@dataclass(frozen=True)
class Comparison:
    """Two published counts held against each other, the announced one first where there is one.

    Parameters
    ----------
    first, second : int
        Row numbers.
    start_apart, end_apart : int or None
        Days by which the window of the second starts and ends after that of the first; below 0 where it
        does so earlier, None where nobody said.
    definitions : {"same", "unknown", "different"}
        Whether the two count the same people; unknown where a source does not say whom it counts.
    why_not : tuple of str
        Why the two cannot be compared, as sentences; empty where they can.
    to_say : tuple of str
        What has to be said where the two stand side by side, as sentences.
    """

    first: int
    second: int
    start_apart: int | None
    end_apart: int | None
    definitions: Definitions
    why_not: tuple[str, ...]
    to_say: tuple[str, ...]

    @property
    def comparable(self) -> bool:
        """Whether nothing that is known speaks against it."""
        return not self.why_not

    @property
    def windows(self) -> str:
        """How the windows stand to each other: ``"same"``, ``"near"``, ``"apart"`` or ``"unknown"``."""
        known = [abs(days) for days in (self.start_apart, self.end_apart) if days is not None]
        if any(days > MATCH_DAYS for days in known):
            return "apart"
        if self.start_apart is None:
            return "unknown"
        return "near" if any(known) else "same"


def comparable(reports: Windowed, first: int, second: int) -> str | None:
    """Say why two counts cannot be compared; None where they can."""
    why_not = compared(reports, first, second).why_not
    return Message.together(why_not) if why_not else None


def follows(reports: Windowed, announced: int, row: int) -> bool:
    """Whether a figure follows an announcement, so that the later of its source is the better one.

    It is named for the same event; or it has no name, counts from the same day or one within two days of
    it, and ends before the first day of what was announced next. Next is what was announced of later days
    before the figure was published, or at any time where the announcement has a last day.
    """
    if reports.event[announced] or reports.event[row]:
        if reports.event[row] == reports.event[announced]:
            return True
        if reports.event[row]:
            return False
    start, _ = days_apart(reports, announced, row)
    if start is None or abs(start) > MATCH_DAYS:
        return False
    told = np.array([role == "announced" for role in reports.role])
    if np.isnat(reports.end[announced]):
        told &= reports.published < reports.published[row]
    following = reports.start[told & (reports.start > end_of(reports, announced))]
    return bool(not len(following) or end_of(reports, row) < following.min())


def compared(
    reports: Windowed,
    first: int,
    second: int,
    *,
    open_end: bool | None = None,
    read: tuple[Measure, ...] | None = None,
) -> Comparison:
    """Hold two counts against each other: their days, and whom they count.

    With `open_end` the first is of releases to come, whose last day nobody can know: ends are not compared.
    Where it is not given it is read from the announcement. `read` is ``measures(reports)``, for who compares
    many.
    """
    if open_end is None:
        open_end = any(each.row == first and each.kind == "prospective" for each in announcements(reports))
    start, end = days_apart(reports, first, second)
    last = None if open_end else end
    read = measures(reports) if read is None else read
    one, other = read[first], read[second]
    definitions = same_people(one, other, defined=reports.definition is not None)
    why_not: list[str] = []
    to_say: list[str] = []
    if definitions == "different":
        why_not.append(_other_people(reports, first, second, one, other))
    elif definitions == "unknown":
        to_say.append(_unknown_people(reports, first, second, one, other))
    if start is None:
        to_say += _unknown_start(reports, first, second)
    elif start:
        (why_not if abs(start) > MATCH_DAYS else to_say).append(
            Message.counted(
                "{first} counts from {one}, {second} from {other}: 1 day apart.",
                "{first} counts from {one}, {second} from {other}: {n:,} days apart.",
                n=abs(start),
                first=reports.source[first],
                second=reports.source[second],
                one=as_date(reports.start[first]),
                other=as_date(reports.start[second]),
            )
        )
    if last:
        # of one announcement more may be verified on later days; days that nobody looked at yet cannot be
        apart = last < -MATCH_DAYS or (last > MATCH_DAYS and not follows(reports, first, second))
        (why_not if apart else to_say).append(
            Message.counted(
                "{first} counts up to {one}, {second} up to {other}: 1 day apart.",
                "{first} counts up to {one}, {second} up to {other}: {n:,} days apart.",
                n=abs(last),
                first=reports.source[first],
                second=reports.source[second],
                one=as_date(end_of(reports, first)),
                other=as_date(end_of(reports, second)),
            )
        )
    return Comparison(first, second, start, last, definitions, tuple(why_not), tuple(to_say))


def _other_people(reports: Windowed, first: int, second: int, one: Measure, other: Measure) -> Message:
    """Say that two counts are of different people."""
    if one.release != other.release:
        reviews, releases = (first, second) if other.release else (second, first)
        return Message(
            "{reviews} counts reviews of custody, which are no releases; {releases} counts releases.",
            reviews=reports.source[reviews],
            releases=reports.source[releases],
        )
    return Message(
        "{first} counts {one}; {second} counts {other}.",
        first=reports.source[first],
        second=reports.source[second],
        one=who_words(one),
        other=who_words(other),
    )


def _unknown_people(reports: Windowed, first: int, second: int, one: Measure, other: Measure) -> Message:
    """Say who does not say whom it counts."""
    if one.who == other.who:
        return Message(
            "Neither {first} nor {second} says whether it counts all prisoners or political prisoners alone.",
            first=reports.source[first],
            second=reports.source[second],
        )
    silent, says = (first, other) if one.who == "unknown" else (second, one)
    return Message(
        "{source} does not say whether it counts all prisoners or political prisoners alone; "
        "beside it stand {who}.",
        source=reports.source[silent],
        who=who_words(says),
    )


def _unknown_start(reports: Windowed, first: int, second: int) -> list[str]:
    """Who did not say from which day on it counts."""
    silent = dict.fromkeys(reports.source[row] for row in (first, second) if np.isnat(reports.start[row]))
    return [Message("{source} does not say from which day on it counts.", source=source) for source in silent]
