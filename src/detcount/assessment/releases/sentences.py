"""Sentences about an announced number of releases, fit to be printed.

Every percentage says what it is a share of, every number what it rests on, and none says more than the
counts do: what is pending is not false, and what is unsubstantiated is not proof of anything.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from detcount import arguments
from detcount.assessment.releases.counts import CountRow
from detcount.assessment.releases.messages import tell, times
from detcount.assessment.releases.phrases import share, span_words, window_words
from detcount.estimates import GapEstimate, Specification, UncertainCount
from detcount.releases import ReleaseProcess
from detcount.report.numbers import level_words, persons
from detcount.words import Message

__all__ = ["gap_sentences", "gap_text"]


_LONG_SILENCE = 7  # days after which a reader must know that a figure is old


def gap_text(
    gap: GapEstimate,
    *,
    level: float = 0.95,
    measures: tuple[str, str] = ("", ""),
    beside: Sequence[CountRow] = (),
) -> Message:
    """Say what became of an announced number of releases, as a paragraph that can be printed.

    Parameters
    ----------
    gap : GapEstimate
        The announced number and what is known of it.
    level : float, optional
        Level of the intervals, in (0, 1).
    measures : tuple of str, optional
        What the announcement counted and what was verified, as the files say it; where both are given
        and differ, the paragraph says so.
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
    >>> batches = dc.releases.AnnouncedBatches().fit(reports).batches
    >>> gap_text(batches[-1]).split(",")[0]
    'Of 99 releases of 25 December 2025 announced by the authorities (Ministry of Penitentiary Service)'
    """
    return Message.together(gap_sentences(gap, level=level, measures=measures, beside=beside))


def gap_sentences(
    gap: GapEstimate,
    *,
    level: float = 0.95,
    measures: tuple[str, str] = ("", ""),
    beside: Sequence[CountRow] = (),
) -> tuple[Message, ...]:
    """Say what became of an announced number of releases, sentence by sentence."""
    level = arguments.level(level)
    sentences = [_first(gap)]
    announced, verified = measures
    if announced and verified and announced != verified:
        sentences.append(tell("another measure", announced=announced, verified=verified))
    sentences += _silence(gap)
    sentences += _beside(beside)
    _, most = gap.unsubstantiated.bounds
    if gap.verified >= gap.announced and most <= 0:
        key = "more verified" if gap.verified > gap.announced else "all verified"
        return (*sentences, tell(key, who=gap.verified_by))
    sentences.append(_pending(gap.pending, level, gap.estimator))
    sentences += _rest(gap, level)
    limit = gap.carried_out.interval(level).high
    if any(row.count > limit for row in beside):
        sentences.append(tell("others above", high=persons(limit), level=level_words(level)))
    sentences.append(_unaccounted(gap))
    if gap.at_least:
        sentences.append(tell("at least base"))
    sentences.append(tell("no accusation"))
    return tuple(sentences)


def _first(gap: GapEstimate) -> Message:
    """What was announced, and how much of it is verified."""
    number = times("release", gap.announced)
    announced = tell(
        "of announced",
        announced=tell("at least", number=number) if gap.at_least else number,
        window=window_words(gap.start, gap.end),
        who=gap.announced_by,
    )
    counted = gap.as_of if gap.verified_on is None else gap.verified_on
    known = gap.end is not None and gap.end.year == counted.year
    day = Message("{day:no year}", day=counted) if known else Message("{day}", day=counted)
    if gap.verified == 0 and isinstance(gap.estimator, ReleaseProcess):
        verified = tell("no count", day=day, who=gap.verified_by)
    else:
        verified = times("had verified", gap.verified, day=day, who=gap.verified_by)
    if 0 < gap.verified <= gap.announced:
        part = _of_announced(gap.verified, gap)
        return Message("{announced}, {verified}: {part}.", announced=announced, verified=verified, part=part)
    return Message("{announced}, {verified}.", announced=announced, verified=verified)


def _of_announced(part: float, gap: GapEstimate) -> Message:
    """A share, with its base; of "at least" a number it is the most that the share can be."""
    words = share(part, gap.announced)
    return times(
        "of the announced", gap.announced, share=tell("at most", share=words) if gap.at_least else words
    )


def _silence(gap: GapEstimate) -> list[Message]:
    """For how long the monitor has said no more, where that is long."""
    if gap.verified_on is None or (silent := (gap.as_of - gap.verified_on).days) < _LONG_SILENCE:
        return []
    key = "silent since inside" if isinstance(gap.estimator, ReleaseProcess) else "silent since"
    return [tell(key, n=silent, day=gap.as_of, who=gap.verified_by)]


def _beside(rows: Sequence[CountRow]) -> list[Message]:
    """What others verified or reported."""
    sentences = []
    for role in ("verified", "reported"):
        items = [_item(row) for row in rows if row.role == role]
        if items:
            sentences.append(tell(f"others {role}", items=items))
    return sentences


def _item(row: CountRow) -> Message:
    """A count, who published it, and when."""
    number: str = persons(row.count)
    if row.at_least:
        number = tell("at least", number=number)
    return Message("{number} ({source}, {day})", number=number, source=row.source, day=row.published)


def _pending(pending: UncertainCount, level: float, spec: Specification) -> Message:
    """How many more will be verified."""
    span = span_words(pending, level)
    if pending.mean is None:
        return tell("pending bounds", span=span)
    if getattr(spec, "delay", "") is None and _fixed(pending):
        return tell("pending not modelled")
    if pending.interval(level).high == 0:
        return tell(f"pending {pending.identified_by} zero")
    of_process = isinstance(spec, ReleaseProcess) and pending.identified_by == "data"
    return times(f"pending {'model' if of_process else pending.identified_by}", pending.mean, span=span)


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


def _about_and_span(count: UncertainCount, level: float) -> Message:
    """About how many, and from what to what; the span alone where bounds are all there is."""
    span = span_words(count, level)
    return span if count.mean is None else Message("{about} ({span})", about=_about(count), span=span)


def _about(count: UncertainCount) -> str:
    """About how many; nothing where bounds are all there is."""
    if count.mean is None:
        return ""
    if round(count.mean) == 0 and count.values is not None and count.values[-1] > 0:
        return tell("about few")
    return times("about", count.mean)


def _fixed(count: UncertainCount) -> bool:
    """Whether a number can only be none."""
    return count.probability(1) == 0


def _unaccounted(gap: GapEstimate) -> Message:
    """How many cannot be accounted for, whatever is assumed."""
    low, high = gap.unsubstantiated.bounds
    left = gap.announced - gap.verified
    if not math.isfinite(high):
        high = float(max(left, 0))
    counts = tell("counts of all" if high < left else "counts alone")
    part = _of_announced(high, gap) if gap.announced else ""
    if low > 0:
        return tell("cannot account between", low=persons(low), high=persons(high), share=part, counts=counts)
    return times("cannot account", high, share=part, counts=counts)
