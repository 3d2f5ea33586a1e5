"""One sentence about an announced number of releases, short enough to be printed as it stands.

Each figure has its day and its source beside it; a monitor that counted other days, fell silent or lowered
its figure is said to have done so, and what others counted stands in the same sentence.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

from detcount.assessment.level import LEVEL
from detcount.assessment.releases.content import GapRow
from detcount.assessment.releases.counts import CountRow
from detcount.assessment.releases.days import days_differ
from detcount.assessment.releases.messages import tell, times
from detcount.assessment.releases.phrases import day_words, known_as, window_words
from detcount.estimates import GapEstimate
from detcount.releases import ReleaseProcess
from detcount.reports.numbers import level_words, persons
from detcount.words import Message

__all__ = ["LONG_SILENCE", "MOST_WORDS", "gap_sentence"]

MOST_WORDS = 45
"""Words of a sentence; clauses that it can do without are left out where there would be more."""
LONG_SILENCE = 7
"""Days after which a reader must know that a monitor has said no more."""


def gap_sentence(row: GapRow, *, level: float = LEVEL) -> Message:
    """Say what was announced and verified of one announcement, in one sentence.

    Parameters
    ----------
    row : GapRow
        The announced number, with the published counts that it is told from.
    level : float, optional
        Level of the interval of the number carried out, in (0, 1).

    Returns
    -------
    Message
        The sentence. Sources are named in full where there is room for it.
    """
    tried = list(_variants(row, level))
    return next((text for text in tried if len(text.split()) <= MOST_WORDS), tried[-1])


def _variants(row: GapRow, level: float) -> Iterator[Message]:
    """The same sentence, shorter each time."""
    clauses = _clauses(row, level)
    for n_kept in range(len(clauses), -1, -1):
        for short in (False, True):
            yield _sentence(row, clauses[:n_kept], short=short)
    yield _sentence(row, [], short=True, shortest=True)
    # what is left out here stands in the table and in the paragraph
    if row.completed is not None:
        yield _sentence(replace(row, completed=None), [], short=True, shortest=True)
    other = row.largest_beside
    if other is not None and (other.count <= row.gap.verified or _of_other_days(other, row.gap)):
        yield _sentence(replace(row, beside=()), [], short=True)
        yield _sentence(replace(row, beside=()), [], short=True, shortest=True)
        yield _sentence(replace(row, beside=(), completed=None), [], short=True, shortest=True)


def _sentence(row: GapRow, clauses: list[Message], *, short: bool, shortest: bool = False) -> Message:
    """The sentence with some of the clauses that it can do without."""
    gap = row.gap
    announced, verified = _announced(row, short=short), _verified(row, short=short, shortest=shortest)
    told = Message("{announced}, {verified}", announced=announced, verified=verified)
    other = row.largest_beside
    if other is not None:
        told = Message("{told} {other}", told=told, other=_other(other, gap, short=short))
    return Message("{told:;}.", told=[told, *_warnings(row, short=short), *clauses])


def _announced(row: GapRow, *, short: bool) -> Message:
    """What was announced, of which days, by whom and when."""
    gap = row.gap
    number = times("review" if row.reviews else "release", gap.announced)
    named = {
        "announced": tell("at least", number=number) if gap.at_least else number,
        "window": window_words(gap.start, gap.end),
        "who": _who(gap.announced_by, short=short),
    }
    if row.announced_on is None:
        return tell("of announced", **named)
    return tell("of announced on", day=_day(row.announced_on, gap), **named)


def _verified(row: GapRow, *, short: bool, shortest: bool) -> Message:
    """How many were verified, by which day, by whom; and which days, silence and fall go with that."""
    gap = row.gap
    day = _day(row.verified_on, gap)
    who: list[str] = [_who(gap.verified_by, short=short)]
    if row.covered is None:
        who += _counted_days(gap, short=short)
    if row.fallen is not None:
        number = persons(row.fallen.count)
        day_before = _day(row.fallen.published, gap)
        # the paragraph has the day
        brief = tell("lowered from no day", number=number)
        who.append(brief if shortest else tell("lowered from", number=number, day=day_before))
    if row.silent_days >= LONG_SILENCE and not (short and row.in_part):
        who.append(times("silent for" if short else "silent since", row.silent_days))
    return Message("{verified} ({who:;})", verified=_were_verified(row, day), who=who)


def _counted_days(gap: GapEstimate, *, short: bool) -> list[Message]:
    """Which days the figure is of, where they are not those of the announcement, or these were not said."""
    start, end = gap.verified_start, gap.verified_end
    if days_differ(start, end, gap.start, gap.end):
        return [tell("other days", window=_near_window(start, end, gap))]
    if gap.start is None and start is not None and gap.end is not None:
        window = _near_window(start, end, gap)
        return [window if short else tell("counted days", window=window)]
    return []


def _were_verified(row: GapRow, day: Message) -> Message:
    """How many were verified by a day, and in counts of which of the days."""
    verified = row.gap.verified
    if row.covered is not None and row.in_part:
        covered, days = row.covered
        return times("in part of those days", verified, day=day, covered=covered, days=days)
    if isinstance(row.gap.estimator, ReleaseProcess):
        return times("within those days", verified, day=day)
    if row.at_least and verified:
        return times("were verified at least", verified, day=day)
    return times("releases were verified" if row.reviews else "were verified", verified, day=day)


def _other(other: CountRow, gap: GapEstimate, *, short: bool) -> Message:
    """What another counted, by which day; of which days, where they are not the same."""
    number: str = persons(other.count)
    if other.at_least:
        number = tell("at least", number=number)
    who = _who(other.source, short=short)
    unknown = gap.start is None and other.start is not None
    its_day = other.start == other.end == other.published
    if its_day or not (unknown or _of_other_days(other, gap)):
        return tell(f"and {other.role}", number=number, day=_day(other.published, gap), who=[who])
    window = _near_window(other.start, other.end, gap)
    if (other.role, other.source) == ("verified", gap.verified_by) and other.end == other.published:
        return tell("and of its own", number=number, window=window)
    if other.end == other.published:
        return tell(f"and {other.role} of", number=number, window=window, who=who)
    key = "counted days" if unknown else "other days"
    named = [who, tell(key, window=window)]
    return tell(f"and {other.role}", number=number, day=_day(other.published, gap), who=named)


def _of_other_days(other: CountRow, gap: GapEstimate) -> bool:
    """Whether a count is of other days than the announcement."""
    return days_differ(other.start, other.end, gap.start, gap.end)


def _near_window(start: dt.date | None, end: dt.date | None, gap: GapEstimate) -> Message:
    """Days counted; without their year where it is that of the announcement."""
    near = gap.end or gap.start
    same = near is not None and all(day is None or day.year == near.year for day in (start, end))
    return window_words(start, end, year=not same)


def _warnings(row: GapRow, *, short: bool) -> list[Message]:
    """What a reader must not miss, as clauses."""
    gap = row.gap
    found = []
    if gap.verified > gap.announced:
        found.append(tell("clause more verified short" if short else "clause more verified"))
    if row.other_people and row.reviews:
        found.append(tell("clause reviews"))
    elif row.other_people:
        keys = {None: "clause another measure", True: "clause of all", False: "clause of political"}
        found.append(tell(keys[row.of_all]))
    done = row.completed
    if done is not None:
        number: str = persons(done.count)
        if done.at_least:
            number = tell("at least", number=number)
        day = _day(done.end or done.published, gap)
        key = "clause completed short" if short else "clause completed"
        found.append(tell(key, who=_who(done.source, short=short), number=number, day=day))
    return found


def _clauses(row: GapRow, level: float) -> list[Message]:
    """What the sentence can do without, the most needed first."""
    gap = row.gap
    found = []
    if gap.verified < gap.announced and not row.other_people:
        found.append(_carried_out(gap, level))
    return found


def _carried_out(gap: GapEstimate, level: float) -> Message:
    """From how many to how many were carried out, and what that rests on."""
    count = gap.carried_out
    low, _, high = count.printed(level)
    limits = {"low": persons(low), "high": persons(min(high, gap.announced))}
    if count.identified_by == "bounds":
        clause = tell("clause bounds", **limits)
    else:
        clause = tell(f"clause {count.identified_by}", level=level_words(level), **limits)
    outside = gap.outside is not None and low < gap.verified
    return tell("clause outside", clause=clause) if outside else clause


def _who(name: str, *, short: bool) -> str:
    """A source by its name, or by what it is known as."""
    return known_as(name) if short else name


def _day(day: dt.date, gap: GapEstimate) -> Message:
    """A day; without its year where the days of the releases have said it."""
    return day_words(day, gap.end or gap.start)
