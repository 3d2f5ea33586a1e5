"""What a reader must know of a calibrated estimate."""

from __future__ import annotations

import math

from detcount.calibration.base import BaseErrors
from detcount.calibration.dependence import MOST_LISTS_INTERACTING, DependenceLesson
from detcount.calibration.lessons import HALF
from detcount.words import Message

_UPPER_EIGHTH = 1.3444  # of Student's t-distribution of four degrees of freedom: a fourth lies further out


def notes_of_dependence(lesson: DependenceLesson, n_lists: int) -> tuple[str, ...]:
    """What a reader must know of an estimate by the dependence that a bank shows."""
    sizes, omega = lesson.learned.sizes, lesson.learned.omega
    low, middle, high = (math.exp(sizes.mean + k * sizes.pairs) for k in (-1, 0, 1))
    notes = [
        _learned(lesson.n_cases, lesson.n_datasets, lesson.n_groups),
        Message(
            "In the middle source the odds ratio of two lists is {middle:.1f} in the middle, and from "
            "{low:.1f} to {high:.1f} for two thirds of pairs; in every fourth source these spread by a "
            "factor of {factor:.1f} more, or less.",
            middle=middle,
            low=low,
            high=high,
            factor=math.exp(_UPPER_EIGHTH * omega),
        ),
    ]
    if n_lists > lesson.most_lists:
        notes.append(_more_lists(n_lists, lesson.most_lists))
    if n_lists > MOST_LISTS_INTERACTING:
        notes.append(
            Message("The {n} smallest lists are taken as one.", n=n_lists - MOST_LISTS_INTERACTING + 1)
        )
    return tuple(notes)


def notes_of_errors(errors: BaseErrors, n_lists: int) -> tuple[str, ...]:
    """What a reader must know of an estimate by the errors of a base."""
    datasets = len({case.dataset for case in errors.cases})
    groups = len({case.group for case in errors.cases})
    most = max(case.table.n_lists for case in errors.cases)
    notes = [
        _learned(len(errors.cases), datasets, groups),
        Message(
            "About {share:.0%} of the spread of errors lies between groups.",
            share=errors.lesson.share_between,
        ),
    ]
    if n_lists > most:
        notes.append(_more_lists(n_lists, most))
    if errors.declined:
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
    if errors.n_unobserved <= HALF:
        notes.append(
            Message("The base finds nobody unlisted, which counts as half a person, as in the cases.")
        )
    return tuple(notes)


def _learned(n_cases: int, n_datasets: int, n_groups: int) -> Message:
    """How much was learned from."""
    return Message(
        "Learned from {n} cases of known size, from {datasets} data sets in {groups} groups.",
        n=n_cases,
        datasets=n_datasets,
        groups=n_groups,
    )


def _more_lists(n_lists: int, most: int) -> Message:
    """That the cases have fewer lists."""
    return Message(
        "There are {n} lists here, and at most {most} in a case learned from.", n=n_lists, most=most
    )
