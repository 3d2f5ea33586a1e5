"""What a reader must know of a calibrated estimate."""

from __future__ import annotations

import math

from detcount._numerics.interactions import Sizes
from detcount.calibration.base import BaseErrors
from detcount.calibration.lessons import HALF, MOST_LISTS_INTERACTING
from detcount.datasets import KnownCase
from detcount.words import Message

__all__ = ["notes_of"]

# What was learned from, by whether the cases are of two lists and whether they show how groups differ.
_LEARNED = {
    (False, False): "Learned from {n} cases of known size, from {datasets} data sets.",
    (True, False): "Learned from {n} pairs of lists of known size, from {datasets} data sets.",
    (False, True): (
        "Learned from {n} cases of known size, from {datasets} data sets in {groups} groups; about "
        "{share:.0%} of the spread of errors lies between groups."
    ),
    (True, True): (
        "Learned from {n} pairs of lists of known size, from {datasets} data sets in {groups} groups; about "
        "{share:.0%} of the spread of errors lies between groups."
    ),
}


def notes_of(
    cases: tuple[KnownCase, ...], errors: BaseErrors | None, sizes: Sizes | None, n_lists: int, asked: bool
) -> tuple[str, ...]:
    """What a reader must know; `asked` says that interactions were to be learned."""
    share = None if errors is None else errors.lesson.share_between
    notes = [
        Message(
            _LEARNED[n_lists == 2, share is not None],
            n=len(cases),
            datasets=len({case.dataset for case in cases}),
            groups=len({case.group for case in cases}),
            share=share or 0.0,
        )
    ]
    most = max(case.table.n_lists for case in cases)
    if n_lists > most:
        notes.append(
            Message(
                "There are {n} lists here, and at most {most} in a case learned from.", n=n_lists, most=most
            )
        )
    n_merged = n_lists - MOST_LISTS_INTERACTING + 1 if n_lists > MOST_LISTS_INTERACTING else 0
    if sizes is not None:
        low, middle, high = (math.exp(sizes.mean + k * sizes.pairs) for k in (-1, 0, 1))
        notes.append(
            Message(
                "Over the cases the odds ratio of two lists is {middle:.1f} in the middle, and from "
                "{low:.1f} to {high:.1f} for two thirds of pairs.",
                middle=middle,
                low=low,
                high=high,
            )
        )
        if n_merged:
            notes.append(Message("For the interactions the {n} smallest lists are taken as one.", n=n_merged))
    elif asked and n_merged:
        notes.append(
            Message(
                "Of interactions nothing is used: all overlaps are among the {n} smallest lists.", n=n_merged
            )
        )
    if errors is not None and errors.declined:
        notes.append(
            Message(
                "Without {estimators}, which gave no answer: what was learned is for the rest too, 1 "
                "estimator."
                if len(errors.used) == 1
                else "Without {estimators}, which gave no answer: what was learned is for the rest too, {n} "
                "estimators.",
                estimators=errors.silent,
                n=len(errors.used),
            )
        )
    if errors is not None and errors.n_unobserved <= HALF:
        notes.append(
            Message("The base finds nobody unlisted, which counts as half a person, as in the cases.")
        )
    return tuple(notes)
