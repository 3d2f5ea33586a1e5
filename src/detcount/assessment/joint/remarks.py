"""Remarks on jobs beside each other: they compare what is printed, and estimate nothing.

Contradictions, each with the function that finds it:

- a floor above a limit of one number (`remarks_of`);
- N of the lists above those held at the start and arrested since, or below them where nobody was arrested
  twice, or below those held on any day of the path (`_ever_beside_lists`) or on the day asked for
  (`_stock_beside_lists`);
- verified releases of the people of the lists above those who left by the lists (`_releases_beside_ever`);
- a register's verified releases above its own exits (`_verified_beside`);
- an official list that names more as released than were announced for the same days (`_names_beside_counts`);
- two files on one wave of releases (`JointFacts.between`).
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, replace
from typing import Any

from detcount.assessment.abundance.facts import AssessmentFacts
from detcount.assessment.abundance.opening import limits_of_lists
from detcount.assessment.joint.facts import EverHeld, JointFacts
from detcount.assessment.joint.summaries import summaries_of
from detcount.assessment.releases.by_name import ReleasedAssessment
from detcount.assessment.releases.by_name_rows import NamedRow
from detcount.assessment.releases.facts import ReleasesFacts
from detcount.assessment.releases.sentences import for_window, known_as, number_words
from detcount.assessment.stock.facts import StockFacts
from detcount.assessment.stock.registers import ExitsRow, TotalRow, total_words
from detcount.contract.definition import Definition
from detcount.data.published.counts import PublishedCount
from detcount.privacy import TENS
from detcount.releases.by_name_result import about
from detcount.reports.numbers import persons, printed_limits, rounded
from detcount.words import N_, Capitalised, Message

_STOCK_ABOVE_LISTS = N_(
    "At least {low} people were held at the end of {day}, and the lists allow {high} in all: both cannot be "
    "right if the two count the same people."
)
_EVER_ABOVE = N_(
    "The lists allow {low} people ever held or more. Those held on {start} and everybody arrested since are "
    "at most {high}: nobody else can have been held."
)
_EVER_BELOW = N_(
    "The lists allow {high} people ever held at most. Those held on {start} and those arrested since are "
    "{low} or more, and the lists know nobody arrested twice."
)

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Tuning:
    """Days of windows that stand beside each other.

    Parameters
    ----------
    slack : int, days
        Days by which a window of releases may begin before the days of the exits, or end after them.
        Convention: three days.
    """

    slack: int = 3


TUNING = Tuning()


@dataclass(frozen=True)
class Remark:
    """Remark on two numbers of a report beside each other.

    Parameters
    ----------
    words : Message
        The remark, with both numbers.
    contradicts : bool, optional
        Whether one of the two must be wrong.
    """

    words: Message
    contradicts: bool = False


def remarks_of(report: JointFacts) -> tuple[Remark, ...]:
    """Say what the jobs say beside each other.

    Parameters
    ----------
    report : JointFacts
        The jobs; of them what is printed is read alone, so that a remark has no number that they do not have.

    Returns
    -------
    tuple of Remark
        The remarks, a paragraph each; contradictions first.
    """
    lists, stock, releases, ever = report.lists, report.stock, report.releases, report.ever
    found = [Remark(words, True) for words in report.between]
    for row in (row for summary in summaries_of(report) for row in summary.rows):
        if row.floor is not None and row.high is not None and row.floor > row.high:
            above = Message(
                "{question}: at least {floor} by what is certain, and at most {high} by the limits.",
                question=row.question,
                floor=persons(row.floor),
                high=persons(row.high),
            )
            found.append(Remark(above, True))
    if lists is not None and stock is not None:
        found += map(Remark, _register_beside_lists(lists, stock, linked=report.linked))
        found += _stock_beside_lists(lists, stock, linked=report.linked)
    if lists is not None and ever is not None:
        found += _ever_beside_lists(lists, ever)
        if releases is not None:
            found += _releases_beside_ever(releases, lists.definition, ever)
    if stock is not None and releases is not None:
        found += _releases_beside_exits(releases, stock, report.about)
    if report.released is not None and releases is not None:
        found += _names_beside_counts(report.released, releases)
    return tuple(sorted(dict.fromkeys(found), key=lambda remark: not remark.contradicts))


def _above(
    template: str, least: float, most: float, floors: tuple[float, float] = (0.0, 0.0), **words: Any
) -> list[Remark]:
    """Remark where the least of one number is above the most of another; printed not below floors."""
    if least <= most:
        return []
    low = rounded(least, floor=floors[0], towards="down")
    high = rounded(most, floor=floors[1], towards="up")
    return [Remark(Message(template, low=low, high=high, **words), True)]


def _register_beside_lists(lists: AssessmentFacts, stock: StockFacts, *, linked: bool) -> list[Message]:
    """The register's total and the number of the lists: on one day, or not to be compared."""
    register = stock.register_total
    if register is None or not lists.n_observed:
        return []
    known: dict[str, Any] = {"source": register.source, "count": total_words(register), "day": register.day}
    who = lists.definition
    if who is None or (who.day is None and who.period is None):
        return (
            []
            if linked
            else [
                Message(
                    "Nobody said which days the lists are of, so that their number cannot be set against the "
                    "{count} people held on {day} that {source} published, nor against the people held on "
                    "one day. Say the day or the period whom they count.",
                    **known,
                )
            ]
        )
    if who.day == register.day:
        named = Message(
            "{source} published {count} people held on {day}, the day that the lists are of. The lists name "
            "at least {floor}.",
            floor=persons(lists.n_observed),
            **known,
        )
        return [Message.together([named, *_placed(register, lists)])]
    if who.period is None:
        return []
    return [
        Message(
            "The lists count everybody who was held at any time from {first} to {last}, and {source} "
            "published {count} people held on {day}: the first number is the larger one wherever people were "
            "let out in between, and the two are not to be subtracted.",
            first=who.period[0],
            last=who.period[1],
            **known,
        )
    ]


def _placed(register: TotalRow, lists: AssessmentFacts) -> list[Message]:
    """Where a register's total of one day stands among the limits of the lists of the same day."""
    if register.count < lists.n_observed and not register.at_least:
        return [
            Message(
                "That is fewer than the lists name: the register lacks people whom they know, or they name "
                "people who were not held that day."
            )
        ]
    limits = limits_of_lists(lists)
    if limits is None:
        return []
    low, high = map(persons, printed_limits(*limits, lists.least))
    if register.count > limits[1]:
        return [
            Message(
                "That is more than the upper limit of the lists, {high}: the register counts people whom the "
                "definition of the lists leaves out, or the limits are too low.",
                high=high,
            )
        ]
    under = register.count < limits[0]
    found = (
        Message(
            "That is less than the lower limit of the lists, {low}, as a register is that lacks the people "
            "whom its monitor does not know.",
            low=low,
        )
        if under
        else Message("That is within the limits of the lists, from {low} to {high}.", low=low, high=high)
    )
    return [] if register.at_least else [found]


def _stock_beside_lists(lists: AssessmentFacts, stock: StockFacts, *, linked: bool) -> list[Remark]:
    """People held on one day are among all whom the lists count, if these are of that day too.

    Where both come from the same `linked` rows, no definition is needed for that.
    """
    answer = stock.recommended
    limits = limits_of_lists(lists)
    same = linked or (answer is not None and _same_people(lists.definition, stock.definition, answer.day))
    if answer is None or limits is None or not same:
        return []
    if not math.isfinite(answer.high) or answer.high > limits[1]:
        return _above(_STOCK_ABOVE_LISTS, answer.low, limits[1], (0.0, lists.least), day=answer.day)
    low, high = map(persons, printed_limits(answer.low, answer.high))
    return [
        Remark(
            Message(
                "From {low} to {high} people were held at the end of {day}, within what the lists allow of "
                "all who were held at any time.",
                low=low,
                high=high,
                day=answer.day,
            )
        )
    ]


def _ever_beside_lists(lists: AssessmentFacts, ever: EverHeld) -> list[Remark]:
    """Whoever was ever held was held at the start or arrested since."""
    limits = limits_of_lists(lists)
    if limits is None:
        return []
    found = _above(_EVER_ABOVE, limits[0], ever.high, (lists.least, 0.0), start=ever.start)
    if not ever.again:
        found += _above(_EVER_BELOW, ever.low, limits[1], (0.0, lists.least), start=ever.start)
    if ever.most is not None:
        day, held = ever.most
        found += _above(_STOCK_ABOVE_LISTS, held, limits[1], (0.0, lists.least), day=day)
    return found


def _releases_beside_ever(
    releases: ReleasesFacts, definition: Definition | None, ever: EverHeld
) -> list[Remark]:
    """Verified releases of the people whom the lists count are among those who left, by the lists."""
    if ever.left is None or definition is None or releases.reports.definition != definition:
        return []
    end, high = ever.left
    largest = _largest(releases, ever.start + _DAY, end)
    if largest is None or largest.count <= high:
        return []
    left = Message(
        "By the lists at most {exits} left from {start} to {end}: both cannot be right if the two count the "
        "same people.",
        exits=rounded(high, towards="up"),
        start=ever.start,
        end=end,
    )
    return [Remark(Message.together([_verified_words(largest), left]), True)]


def _same_people(one: Definition | None, other: Definition | None, day: dt.date) -> bool:
    """Check whether somebody said that two numbers are of the same people, and the first of that day too."""
    if one is None or other is None:
        return False
    first, last = one.period or (one.day, one.day)
    if first is None or last is None or not first <= day <= last:
        return False
    return one == replace(other, day=one.day, period=one.period)


def _releases_beside_exits(
    releases: ReleasesFacts, stock: StockFacts, about: tuple[ExitsRow, ...]
) -> list[Remark]:
    """The largest verified count within the days of a balance, beside the exits of the shortest such one."""
    found: dict[PublishedCount, ExitsRow] = {}
    for exits in sorted((*stock.exits, *about), key=lambda each: each.end - each.start):
        slack = dt.timedelta(days=TUNING.slack)
        largest = _largest(releases, exits.start - slack, exits.end + slack)
        if largest is not None:
            found.setdefault(largest, exits)
    one, other = (
        (who.who, who.where) if who else None for who in (releases.reports.definition, stock.definition)
    )
    alike = one is None or other is None or one == other
    return [_verified_beside(row, exits, stock.register, alike=alike) for row, exits in found.items()]


def _verified_beside(row: PublishedCount, exits: ExitsRow, register: str, *, alike: bool) -> Remark:
    """Verified releases, and the exits of the same days by the register; its own are among these.

    Where nothing says how many arrests its running total lacks, as many left as its own totals say.
    """
    verified, most = row.count, exits.high
    implied = Message(
        "The totals of {source} imply {exits} exits from its register from {start} to {end}.",
        source=register,
        exits=persons(exits.implied),
        start=exits.start,
        end=exits.end,
    )
    own, start = alike and row.source == register, row.start
    within = start is not None and exits.start < start and row.last <= exits.end
    if own and within and not math.isfinite(most):
        most = exits.implied
    if verified <= most:
        last = Message("Among exits are those that are no releases, as deaths and transfers.")
    elif most == exits.high:
        last = Message(
            "More were verified than that: the two do not agree, or people were let out who are not among "
            "those counted as held."
        )
    else:
        last = Message(
            "More were verified than that: the two do not agree, unless the running total of arrests lacks "
            "people, or people were let out who are not among those counted as held."
        )
    return Remark(Message.together([_verified_words(row), implied, last]), own and verified > most)


def _names_beside_counts(released: ReleasedAssessment, releases: ReleasesFacts) -> list[Remark]:
    """Compare the people whom lists name as released with published counts of the same days."""
    found = []
    for row in released.lists:
        if row.named < TENS or row.first is None or row.last is None:
            continue
        for event in releases.events:
            counts = event.announced[:1] if row.kind == "announced" else event.verified
            same = (
                each
                for each in counts
                if each.measure.release and (each.start, each.last) == (row.first, row.last)
            )
            count = max(same, key=lambda each: each.count, default=None)
            if count is not None:
                found += _names_beside(row, count, released)
    return found


def _names_beside(row: NamedRow, count: PublishedCount, released: ReleasedAssessment) -> list[Remark]:
    """Say how many of those counted a list cannot name, or that it names more than were announced.

    In public the limits are those of a number printed in tens. Who verified fewer than another list names may
    be right too.
    """
    full = None if released.result is None or row.at_most else released.result.lists[row.name]
    low, high = (row.named - TENS // 2, row.named + TENS // 2) if full is None else full.named.printed()[::2]
    low = 0 if row.at_most else low
    stated = {
        "who": Capitalised(known_as(count.source)),
        "number": number_words(count),
        "window": for_window(count.start, count.last),
        "list": row.name,
        "n": row.number(about(row.named, exactly=row.at_most or low == high)),
    }
    heads = {
        "announced": Message("{who} announced {number} releases {window}, and {list} names {n}.", **stated),
        "verified": Message("{who} verified {number} releases {window}, and {list} names {n}.", **stated),
    }
    if high < count.count:
        rest = Message("At least {k} of them are not on it.", k=persons(count.count - high))
    elif row.kind == "announced" and low > count.count and not count.at_least:
        rest = Message("Both cannot be right if the two are of the same people.")
    else:
        return []
    return [Remark(Message.together([heads[row.kind], rest]), high >= count.count)]


def _verified_words(row: PublishedCount) -> Message:
    """Who verified how many."""
    window = for_window(row.start, row.last)
    return Message(
        "{who} verified {verified} releases {window}.",
        who=known_as(row.source),
        verified=persons(row.count),
        window=window,
    )


def _largest(releases: ReleasesFacts, first: dt.date, last: dt.date) -> PublishedCount | None:
    """The largest verified count of releases that is of some days alone."""
    counts = [each for event in releases.events for each in event.verified if each.measure.release]
    within = [each for each in counts if each.start is not None and first <= each.start and each.last <= last]
    return max(within, key=lambda each: each.count, default=None)
