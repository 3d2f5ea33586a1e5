"""The sentence that can be printed: the floor, then as much as the verdict allows."""

from __future__ import annotations

import math
from collections.abc import Iterable

from detcount.assessment.abundance.content import Finding, Verdict
from detcount.assessment.abundance.messages import at_least, tell
from detcount.assumptions import Assumption, conditions
from detcount.estimates import AbundanceEstimate, Interval
from detcount.reports.numbers import level_words, persons, rounded
from detcount.words import Message

__all__ = ["printable_sentence", "public_sentence"]


def printable_sentence(
    verdict: Verdict,
    *,
    n_observed: int,
    findings: Iterable[Finding],
    recommended: AbundanceEstimate | None,
    calibrated: bool,
    span: Interval | None,
    n_claims: int,
) -> Message:
    """Write the sentence of a full report.

    Parameters
    ----------
    verdict : {"estimate", "range", "floor only", "refuse"}
        What can be printed.
    n_observed : int
        Persons on at least one list.
    findings : iterable of Finding
        The rules that apply; those behind the verdict are its reasons.
    recommended : AbundanceEstimate, optional
        The estimate whose number and assumptions are said.
    calibrated : bool
        Whether its interval was learned from populations of known size.
    span : Interval, optional
        What a range says.
    n_claims : int
        Methods that claim a number.

    Returns
    -------
    Message
        The sentence; its numbers are rounded, limits outward.
    """
    reason = _reasons(findings := tuple(findings), verdict)
    if verdict == "floor only":
        apart = any(finding.rule == "no overlap" for finding in findings)
        rest = tell("supports floor") if apart else tell("supports too little", reason=reason)
    elif verdict == "range" and span is not None:
        if calibrated and recommended is not None:
            condition = conditions(recommended.assumptions)
            rest = _within("supports calibrated range", span, n_observed, condition=condition, reason=reason)
        else:
            key = "supports range" if n_claims > 1 else "supports range one"
            rest = _within(key, span, n_observed, k=n_claims, reason=reason)
    elif verdict == "estimate" and recommended is not None:
        figures = 3 if recommended.point >= 1000 else 2
        rest = _within(
            "supports estimate",
            recommended.interval(),
            n_observed,
            point=rounded(recommended.point, floor=n_observed, figures=figures),
            condition=conditions(recommended.assumptions),
        )
    else:
        rest = tell("supports nothing", reason=_reasons(findings, "refuse"))
    return Message.together((at_least(n_observed), rest))


def public_sentence(
    verdict: Verdict,
    *,
    n_observed: int,
    findings: Iterable[Finding],
    limits: tuple[float, float] | None,
    level: float,
    point: float | None,
    assumptions: Iterable[Assumption],
    calibrated: bool,
) -> Message:
    """Write the sentence of a public report, from numbers that are rounded already.

    Parameters
    ----------
    verdict : {"estimate", "range", "floor only", "refuse"}
        What can be printed.
    n_observed : int
        Persons on at least one list.
    findings : iterable of Finding
        The rules that apply, in words for the public.
    limits : tuple of (float, float), optional
        The limits to be said, persons; without them the sentence is that of a refusal.
    level : float
        Level of the limits.
    point : float, optional
        The number to be said, persons.
    assumptions : iterable of Assumption
        What the numbers assume.
    calibrated : bool
        Whether the limits were learned from populations of known size.

    Returns
    -------
    Message
        The sentence.
    """
    reason = _reasons(findings := tuple(findings), verdict)
    if verdict in ("floor only", "refuse") or limits is None:
        apart = any(finding.rule == "no overlap" for finding in findings)
        floor_only = "supports floor" if apart else "supports too little"
        key = floor_only if verdict == "floor only" else "supports nothing"
        rest = tell(key, reason=reason or tell("public other rule"))
    else:
        key = "public estimate"
        if verdict == "range":
            key = "supports calibrated range" if calibrated else "public range"
        elif point is not None:
            key = "supports estimate"
        rest = tell(
            key if math.isfinite(limits[1]) else f"{key} without limit",
            low=persons(limits[0]),
            high=persons(limits[1]),
            point="" if point is None else persons(point),
            level=level_words(level),
            condition=conditions(assumptions),
            reason=reason,
        )
    return Message.together((at_least(n_observed), rest))


def _reasons(findings: Iterable[Finding], verdict: Verdict) -> Message:
    """What the rules behind a verdict found."""
    return Message.together((finding.text for finding in findings if finding.verdict == verdict), "; ")


def _within(key: str, interval: Interval, floor: float, **values: object) -> Message:
    """A sentence with limits: as many figures as it can carry, rounded outward, and not below the floor."""
    return tell(
        key if math.isfinite(interval.high) else f"{key} without limit",
        low=rounded(interval.low, floor=floor, towards="down"),
        high=rounded(interval.high, floor=floor, towards="up"),
        level=level_words(interval.level),
        **values,
    )
