"""Sentences about an announced number of releases, fit to be printed, in English and Spanish.

Every percentage says what it is a share of, every number what it rests on, and none says more than the
counts do: what is pending is not false, and what is unsubstantiated is not proof of anything.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from detcount import arguments
from detcount.estimates import GapEstimate, Specification, UncertainCount
from detcount.releases import ReleaseProcess
from detcount.report.messages import check_language, join, percent, persons
from detcount.report.releases_content import CountRow
from detcount.report.releases_messages import (
    share,
    tell,
    times,
    window_words,
)
from detcount.words import day, said

__all__ = ["gap_sentences", "gap_text", "span_words"]


_LONG_SILENCE = 7  # days after which a reader must know that a figure is old


def gap_text(
    gap: GapEstimate,
    *,
    lang: str = "en",
    level: float = 0.95,
    measures: tuple[str, str] = ("", ""),
    beside: Sequence[CountRow] = (),
) -> str:
    """Say what became of an announced number of releases, as a paragraph that can be printed.

    Parameters
    ----------
    gap : GapEstimate
        The announced number and what is known of it.
    lang : {"en", "es"}, optional
        Language of the words and numbers.
    level : float, optional
        Level of the intervals, in (0, 1).
    measures : tuple of str, optional
        What the announcement counted and what was verified, as the files say it; where both are given
        and differ, the paragraph says so.
    beside : sequence of CountRow, optional
        What others verified or reported of the same.

    Returns
    -------
    str
        The paragraph. It says whose numbers it compares, the base of each percentage, and what each
        number rests on: the counts, a stated prior, or bounds alone.

    Raises
    ------
    InputError
        If the language is neither, or the level not between 0 and 1.

    Examples
    --------
    >>> import detcount as dc
    >>> reports = dc.datasets.load("venezuela_releases").as_of("2025-12-31")
    >>> batches = dc.releases.AnnouncedBatches().fit(reports).batches
    >>> dc.report.gap_text(batches[-1]).split(",")[0]
    'Of 99 releases of 25 December 2025 announced by the authorities (Ministry of Penitentiary Service)'
    """
    lang = check_language(lang)
    return " ".join(gap_sentences(gap, lang, level=level, measures=measures, beside=beside))


def gap_sentences(
    gap: GapEstimate,
    lang: str,
    *,
    level: float = 0.95,
    measures: tuple[str, str] = ("", ""),
    beside: Sequence[CountRow] = (),
) -> tuple[str, ...]:
    """Say what became of an announced number of releases, sentence by sentence."""
    level = arguments.level(level)
    sentences = [_first(gap, lang)]
    if all(measures) and measures[0] != measures[1]:
        announced, verified = (said(measure, lang) for measure in measures)
        sentences.append(tell("another measure", lang).format(announced=announced, verified=verified))
    sentences += _silence(gap, lang)
    sentences += _beside(beside, lang)
    _, most = gap.unsubstantiated.bounds
    if gap.verified >= gap.announced and most <= 0:
        more = gap.verified > gap.announced
        words = tell("more verified" if more else "all verified", lang)
        return (*sentences, words.format(by=said(gap.verified_by, lang)))
    sentences.append(_pending(gap.pending, lang, level, gap.estimator))
    sentences += _rest(gap, lang, level)
    limit = gap.carried_out.interval(level).high
    if any(row.count > limit for row in beside):
        sentences.append(
            tell("others above", lang).format(high=persons(limit, lang), level=percent(level, lang))
        )
    sentences.append(_unaccounted(gap, lang))
    if gap.at_least:
        sentences.append(tell("at least base", lang))
    sentences.append(tell("no accusation", lang))
    return tuple(sentences)


def _first(gap: GapEstimate, lang: str) -> str:
    """What was announced, and how much of it is verified."""
    number = times("release", gap.announced, lang)
    announced = tell("of announced", lang).format(
        announced=tell("at least", lang).format(number) if gap.at_least else number,
        window=window_words(gap.start, gap.end, lang),
        by=said(gap.announced_by, lang),
    )
    counted = gap.as_of if gap.verified_on is None else gap.verified_on
    known = gap.end is not None and gap.end.year == counted.year
    uncounted = gap.verified == 0 and isinstance(gap.estimator, ReleaseProcess)
    words = tell("no count", lang) if uncounted else times("had verified", gap.verified, lang)
    verified = words.format(day=day(counted, lang, year=not known), by=said(gap.verified_by, lang))
    sentence = f"{announced}, {verified}"
    if 0 < gap.verified <= gap.announced:
        sentence += f": {_of_announced(gap.verified, gap, lang)}"
    return f"{sentence}."


def _of_announced(part: float, gap: GapEstimate, lang: str) -> str:
    """A share, with its base; of "at least" a number it is the most that the share can be."""
    words = share(part, gap.announced, lang)
    if gap.at_least:
        words = tell("at most", lang).format(words)
    return times("of the announced", gap.announced, lang).format(words)


def _pending(pending: UncertainCount, lang: str, level: float, spec: Specification) -> str:
    """How many more will be verified."""
    if pending.mean is None:
        return tell("pending bounds", lang).format(span=span_words(pending, lang, level))
    interval = pending.interval(level)
    of_process = isinstance(spec, ReleaseProcess)
    if getattr(spec, "delay", "") is None and _fixed(pending):
        return tell("pending not modelled", lang)
    if interval.high == 0:
        return tell(f"pending {pending.identified_by} zero", lang)
    by = "model" if of_process and pending.identified_by == "data" else pending.identified_by
    sentence = times(f"pending {by}", pending.mean, lang)
    return sentence.format(span=span_words(pending, lang, level))


def _rest(gap: GapEstimate, lang: str, level: float) -> list[str]:
    """The parts that are never verified: about how many, from what to what, and what that rests on."""
    parts = {"unverifiable": gap.unverifiable, "unsubstantiated": gap.unsubstantiated}
    rests_on = {count.identified_by for count in parts.values()}
    if len(rests_on) == 1:
        words = {
            name: _about(count, lang)
            + (
                span_words(count, lang, level)
                if count.mean is None
                else f" ({span_words(count, lang, level)})"
            )
            for name, count in parts.items()
        }
        by = rests_on.pop()
        again = " again" if by == "prior" == gap.pending.identified_by and not _fixed(gap.pending) else ""
        return [tell(f"both {by}{again}", lang).format(**words)]
    return [
        tell(name, lang).format(
            tell(f"about {count.identified_by}", lang).format(
                _about(count, lang), span_words(count, lang, level)
            )
        )
        for name, count in parts.items()
    ]


def _fixed(count: UncertainCount) -> bool:
    """Whether a number can only be none."""
    return count.probability(1) == 0


def _silence(gap: GapEstimate, lang: str) -> list[str]:
    """For how long the monitor has said no more, where that is long."""
    if gap.verified_on is None or (silent := (gap.as_of - gap.verified_on).days) < _LONG_SILENCE:
        return []
    inside = " inside" if isinstance(gap.estimator, ReleaseProcess) else ""
    return [
        tell(f"silent since{inside}", lang).format(
            n=persons(silent, lang), day=day(gap.as_of, lang), by=said(gap.verified_by, lang)
        )
    ]


def _beside(rows: Sequence[CountRow], lang: str) -> list[str]:
    """What others verified or reported."""
    sentences = []
    for role in ("verified", "reported"):
        items = [
            f"{tell('at least', lang).format(number) if row.at_least else number} "
            f"({said(row.source, lang)}, {day(row.published, lang)})"
            for row in rows
            if row.role == role
            for number in (persons(row.count, lang),)
        ]
        if items:
            sentences.append(tell(f"others {role}", lang).format(join(items, lang)))
    return sentences


def _about(count: UncertainCount, lang: str) -> str:
    """About how many; nothing where bounds are all there is."""
    if count.mean is None:
        return ""
    if round(count.mean) == 0 and count.values is not None and count.values[-1] > 0:
        return tell("about few", lang)
    return times("about", count.mean, lang)


def span_words(count: UncertainCount, lang: str, level: float = 0.95) -> str:
    """Say from what to what a number goes."""
    interval = count.interval(level)
    key = "span bounds" if count.mean is None else "span"
    if not math.isfinite(interval.high):
        key += " open"
    places = 0 if abs(100 * level - round(100 * level)) < 1e-9 else 1
    return tell(key, lang).format(
        level=percent(level, lang, places),
        low=persons(interval.low, lang),
        high=persons(interval.high, lang),
    )


def _unaccounted(gap: GapEstimate, lang: str) -> str:
    """How many cannot be accounted for, whatever is assumed."""
    low, high = gap.unsubstantiated.bounds
    if not math.isfinite(high):
        high = float(max(gap.announced - gap.verified, 0))
    key = "cannot account between" if low > 0 else None
    others = high < gap.announced - gap.verified
    counts = tell("counts of all" if others else "counts alone", lang)
    part = _of_announced(high, gap, lang) if gap.announced else ""
    if key:
        return (
            tell(key, lang)
            .replace("{n}", persons(high, lang))
            .format(low=persons(low, lang), share=part, counts=counts)
        )
    return times("cannot account", high, lang).format(share=part, counts=counts)
