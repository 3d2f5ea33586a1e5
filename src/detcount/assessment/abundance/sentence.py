"""The sentence that can be printed: the floor, then as much as the verdict allows."""

from __future__ import annotations

import math
from collections.abc import Iterable

from detcount.assessment.abundance.messages import at_least, tell
from detcount.assessment.finding import Finding, Verdict
from detcount.assumptions import Assumption, conditions
from detcount.reports.numbers import level_words, persons
from detcount.words import Message


def printable_sentence(
    verdict: Verdict,
    *,
    n_observed: int,
    findings: Iterable[Finding],
    limits: tuple[float, float] | None,
    level: float,
    point: float | None,
    assumptions: Iterable[Assumption],
    calibrated: bool,
    n_claims: int | None = None,
) -> Message:
    """Write the sentence that can be printed, from numbers that are rounded already.

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
    n_claims : int, optional
        Methods that claim a number; None where that is not for the public.

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
            spread = "public" if n_claims is None else "supports"
            one = " one" if n_claims == 1 else ""
            key = "supports calibrated range" if calibrated else f"{spread} range{one}"
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
            k=n_claims or 0,
        )
    return Message.together((at_least(n_observed), rest))


def _reasons(findings: Iterable[Finding], verdict: Verdict) -> Message:
    """What the rules behind a verdict found."""
    return Message.together((finding.text for finding in findings if finding.verdict == verdict), "; ")
