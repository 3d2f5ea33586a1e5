"""The paragraph about an announced number of releases: what each number rests on, and what moves it."""

from __future__ import annotations

import math
from collections.abc import Sequence

from detcount import arguments
from detcount.assessment.level import LEVEL
from detcount.assessment.releases.content import GapRow
from detcount.assessment.releases.counts import CountRow
from detcount.assessment.releases.days import days_differ
from detcount.assessment.releases.messages import tell, times
from detcount.assessment.releases.phrases import (
    day_words,
    share,
    span_words,
    window_words,
)
from detcount.assessment.releases.sentences import gap_sentence
from detcount.estimates import GapEstimate, UncertainCount
from detcount.releases import ReleaseProcess
from detcount.reports.numbers import persons
from detcount.words import Message

__all__ = ["gap_paragraph", "gap_text"]


def gap_text(
    gap: GapEstimate,
    *,
    level: float = LEVEL,
    beside: Sequence[CountRow] = (),
) -> Message:
    """Say what became of an announced number of releases: a sentence, and what it rests on.

    Parameters
    ----------
    gap : GapEstimate
        The announced number and what is known of it.
    level : float, optional
        Level of the intervals, in (0, 1).
    beside : sequence of CountRow, optional
        What others verified or reported of the same.

    Returns
    -------
    Message
        The paragraph: a `str` in English, and ``.say("es")`` gives it in another language. It says whose
        numbers it compares, the base of each percentage, and what each number rests on: the counts, a
        stated prior, or bounds alone.

    Raises
    ------
    InputError
        If the level is not between 0 and 1.

    Examples
    --------
    >>> import detcount as dc
    >>> from detcount.assessment import gap_text
    >>> reports = dc.datasets.load("venezuela_releases").as_of("2025-12-31")
    >>> batches = dc.releases.AnnouncedBatches(n_draws=200).fit(reports).batches
    >>> gap_text(batches[-1]).split(",")[0]
    'Of 99 releases of 25 December 2025 announced (Ministry of Penitentiary Service)'
    """
    level = arguments.level(level)
    row = GapRow(gap, tuple(beside), silent_days=gap.silent_days or 0)
    return Message.together([gap_sentence(row, level=level), gap_paragraph(row, level=level)])


def gap_paragraph(row: GapRow, *, level: float = LEVEL) -> Message:
    """Say what the numbers of one announcement rest on, and what moves them, after its sentence.

    Parameters
    ----------
    row : GapRow
        The announced number, with the published counts that it is told from.
    level : float, optional
        Level of the intervals, in (0, 1).

    Returns
    -------
    Message
        The paragraph.
    """
    gap = row.gap
    sentences = [*row.apart, *_fallen(row), *_beside(row), *_completed(row)]
    if row.other_people:
        return Message.together([*sentences, tell("not split")])
    _, most = gap.unsubstantiated.bounds
    if gap.verified >= gap.announced and most <= 0:
        key = "more verified" if gap.verified > gap.announced else "all verified"
        return Message.together([*sentences, tell(key, who=gap.verified_by)])
    sentences.append(_pending(gap, level))
    sentences += _rest(gap, level)
    sentences += [*_outside(gap, level), *_moved(row, level), *_above(row, level)]
    if gap.verified == gap.announced and not row.unlike:
        sentences.append(tell("as many verified"))
    sentences.append(_unaccounted(gap))
    if gap.at_least:
        sentences.append(tell("at least base"))
    return Message.together(sentences)


def _fallen(row: GapRow) -> list[Message]:
    """That the monitor lowered its figure, where it did."""
    before, gap = row.fallen, row.gap
    if before is None:
        return []
    day, later = day_words(before.published, row.verified_on), day_words(row.verified_on, gap.end)
    numbers = {"before": persons(before.count), "after": persons(gap.verified)}
    return [tell("lowered", who=before.source, day=day, later=later, **numbers)]


def _beside(row: GapRow) -> list[Message]:
    """What others verified or reported."""
    sentences = []
    for role in ("verified", "reported"):
        items = [_item(each, row.gap) for each in row.beside if each.role == role]
        if items:
            sentences.append(tell(f"others {role}", items=items))
    return sentences


def _completed(row: GapRow) -> list[Message]:
    """What an authority said later to have been released, where it did."""
    done = row.completed
    if done is None:
        return []
    number: str = persons(done.count)
    if done.at_least:
        number = tell("at least", number=number)
    end = done.end or done.published
    return [tell("completed", who=done.source, day=done.published, number=number, end=end)]


def _item(row: CountRow, gap: GapEstimate) -> Message:
    """A count, who published it, and when; of which days, where they are others."""
    number: str = persons(row.count)
    if row.at_least:
        number = tell("at least", number=number)
    if days_differ(row.start, row.end, gap.start, gap.end):
        number = Message("{number} {window}", number=number, window=window_words(row.start, row.end))
    return Message("{number} ({source}, {day})", number=number, source=row.source, day=row.published)


def _pending(gap: GapEstimate, level: float) -> Message:
    """How many more will be verified."""
    pending = gap.pending
    span = span_words(pending, level)
    _, median, high = pending.printed(level)
    if median is None:
        return tell("pending bounds", span=span)
    if getattr(gap.estimator, "delay", "") is None and _fixed(pending):
        return tell("pending not modelled")
    if high == 0:
        return tell(f"pending {pending.identified_by} zero")
    of_process = isinstance(gap.estimator, ReleaseProcess) and pending.identified_by == "data"
    return times(f"pending {'model' if of_process else pending.identified_by}", median, span=span)


def _rest(gap: GapEstimate, level: float) -> list[Message]:
    """The parts that are never verified: about how many, from what to what, and what that rests on."""
    parts = {"unverifiable": gap.unverifiable, "unsubstantiated": gap.unsubstantiated}
    rests_on = {count.identified_by for count in parts.values()}
    if len(rests_on) == 1:
        words = {name: _about_and_span(count, level) for name, count in parts.items()}
        by = rests_on.pop()
        again = " again" if by == "prior" == gap.pending.identified_by and not _fixed(gap.pending) else ""
        return [tell(f"both {by}{again}", **words)]
    return [
        tell(
            name,
            words=tell(f"about {count.identified_by}", about=_about(count), span=span_words(count, level)),
        )
        for name, count in parts.items()
    ]


def _moved(row: GapRow, level: float) -> list[Message]:
    """Which count moves the number carried out the most, and to what it would be without it."""
    if not row.influence:
        return []
    most = row.influence[0]
    if not most.moves:
        return [tell("moved by none")]
    low, _, high = row.gap.carried_out.printed(level)
    return [
        tell(
            "moved by",
            number=persons(most.count.count),
            who=most.count.source,
            day=most.count.published,
            low=persons(most.low),
            high=persons(most.high),
            now_low=persons(low),
            now_high=persons(high),
        )
    ]


def _outside(gap: GapEstimate, level: float) -> list[Message]:
    """That fewer may have been carried out than were verified, where the limits say so."""
    low, _, _ = gap.carried_out.printed(level)
    if gap.outside is None or low >= gap.verified:
        return []
    return [tell("some outside", verified=persons(gap.verified))]


def _above(row: GapRow, level: float) -> list[Message]:
    """That another counted more than the split allows, where one did."""
    most = row.largest_beside
    _, _, high = row.gap.carried_out.printed(level)
    if most is None or most.count <= high or row.other_people:
        return []
    return [tell("others above", number=persons(most.count), who=most.source, high=persons(high))]


def _about_and_span(count: UncertainCount, level: float) -> Message:
    """About how many, and from what to what; the span alone where bounds are all there is."""
    span = span_words(count, level)
    return span if count.median is None else Message("{about} ({span})", about=_about(count), span=span)


def _about(count: UncertainCount) -> str:
    """About how many; nothing where bounds are all there is."""
    _, median, _ = count.printed()
    if median is None:
        return ""
    if median == 0 and count.values is not None and count.values[-1] > 0:
        return tell("about few")
    return times("about", median)


def _fixed(count: UncertainCount) -> bool:
    """Whether a number can only be none."""
    return count.probability(1) == 0


def _unaccounted(gap: GapEstimate) -> Message:
    """How many cannot be accounted for, whatever is assumed."""
    low, high = gap.unsubstantiated.bounds
    if not math.isfinite(high):
        high = float(max(gap.announced - gap.verified, 0))
    part: str = ""
    if gap.announced:
        part = share(high, gap.announced)
        part = tell("at most", share=part) if gap.at_least else part
        part = times("of the announced", gap.announced, share=part)
    if low > 0:
        return tell("cannot account between", low=persons(low), high=persons(high), share=part)
    if gap.bounds_assume is None:
        return times("cannot account", high, share=part)
    return times("cannot account if", high, share=part, assumed=gap.bounds_assume)
