"""Rows of an assessment of lists, in no language yet, and the words that are about one number."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from detcount.privacy import FEWEST_PRINTED
from detcount.words import Message

VERDICTS = {
    "estimate": Message("an estimate can be printed"),
    "range": Message("print a range, not one number"),
    "floor only": Message("print the floor only"),
    "refuse": Message("do not print an estimate of the total"),
}
METHOD, REASON, LISTED = Message("Method"), Message("Reason"), Message("Listed")
LOW, POINT, HIGH = Message("Low"), Message("Point"), Message("High")
BY_METHOD = Message("Number of people by each method")
IF_DEPENDENT = Message("Total if the lists depend on each other")


@dataclass(frozen=True)
class Tuning:
    """Rows of tables.

    Parameters
    ----------
    curve : tuple, odds ratios
        Odds ratios that a table of the curve has. Convention: one or two doublings either way.
    """

    curve: tuple[float, ...] = (0.25, 0.5, 1.0, 2.0, 4.0)


TUNING = Tuning()
CURVE_SHOWN = TUNING.curve


Role = Literal["anchored", "calibrated", "claim", "bound", "baseline"]


@dataclass(frozen=True)
class ListRow:
    """One list.

    Parameters
    ----------
    name : str
        Name of the list.
    persons : int, optional
        Persons on it, or their number rounded; None where it is not to be printed.
    exclusive : int, optional
        Persons on it and on no other; None where it is not to be printed.
    """

    name: str
    persons: int | None
    exclusive: int | None


@dataclass(frozen=True)
class FamilyRow:
    """The answer of one method.

    Parameters
    ----------
    key : str
        Short name of the family.
    name : str
        Name of the family, as it is printed; a `Message` where it has words.
    estimator : str
        The specification, as it can be evaluated.
    role : {"anchored", "calibrated", "claim", "bound", "baseline"}
        Whether it has a random sample, or the interval learned from populations of known size, or claims a
        number, bounds it from below, or serves as a baseline.
    recommended : bool
        Whether it is the recommended one.
    low : float
        Lower limit of N, persons.
    point : float, optional
        Estimate of N, persons; None where it is not to be printed.
    high : float
        Upper limit of N, persons.
    interval : str
        Name of the interval.
    modes : tuple of float, optional
        Modes of the posterior of N that stand out, persons; empty without a posterior.
    strip : tuple of (float, float), optional
        The distribution of N: values in persons, and heights up to 1; empty where there is none.
    """

    key: str
    name: str
    estimator: str
    role: Role
    recommended: bool
    low: float
    point: float | None
    high: float
    interval: str
    modes: tuple[float, ...] = ()
    strip: tuple[tuple[float, float], ...] = ()

    @property
    def starred(self) -> str:
        """Its name, marked where it is the recommended one."""
        return Message("{name} ★", name=self.name) if self.recommended else self.name


@dataclass(frozen=True)
class GroupRow:
    """A group among all, listed or not.

    Parameters
    ----------
    name : str
        Name of the group.
    share_limits : tuple of (float, float)
        Limits of its share of all, from 0 to 1.
    listed : int, optional
        Persons listed; None where it is not to be printed, as the rest.
    limits : tuple of (float, float), optional
        Limits of N of the group, persons.
    persons : float, optional
        N of the group, persons.
    share : float, optional
        Its share of all.
    listed_share : float, optional
        Its share of those listed.
    apart_share : float, optional
        Its share by estimates of each group by itself.
    pooled : bool
        Whether it was taken together with others of few listed.
    """

    name: str
    share_limits: tuple[float, float]
    listed: int | None = None
    limits: tuple[float, float] | None = None
    persons: float | None = None
    share: float | None = None
    listed_share: float | None = None
    apart_share: float | None = None
    pooled: bool = False


@dataclass(frozen=True)
class CurveRow:
    """The total at one odds ratio.

    Parameters
    ----------
    odds_ratio : float
        By how much the persons on no list are multiplied.
    point : float, optional
        N, persons; None where it is not to be printed.
    low, high : float, optional
        Limits of N, persons, where the method gives them.
    """

    odds_ratio: float
    point: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class LeaveOutRow:
    """The total without one of the lists.

    Parameters
    ----------
    name : str
        The list left out.
    n_observed : int, optional
        Persons on the other lists.
    point, low, high : float, optional
        Estimate and limits of N, persons, where there is an answer.
    reason : str, optional
        Why there is none.
    """

    name: str
    n_observed: int | None = None
    point: float | None = None
    low: float | None = None
    high: float | None = None
    reason: str = ""


@dataclass(frozen=True)
class NoteRow:
    """Note for a reader.

    Parameters
    ----------
    names : tuple of str
        The methods that say it; none where it is of the data.
    text : str
        What they say.
    """

    names: tuple[str, ...]
    text: str


def ends(row: CurveRow) -> tuple[float, float]:
    """Limits at an odds ratio; the number itself where there are none."""
    point = math.nan if row.point is None else row.point
    return point if row.low is None else row.low, point if row.high is None else row.high


def at_least(n: int) -> Message:
    """Say how many people the lists name, as the floor of the total; 0 where they are few."""
    if n == 0:
        return Message("Fewer than {n} people are named on the lists.", n=FEWEST_PRINTED)
    return Message.counted(
        "At least 1 person is named on the lists.", "At least {n:,} people are named on the lists.", n=n
    )


def listed_on(n: int, k: int) -> Message:
    """Say how many people so many lists name."""
    return Message.counted(
        "1 person is named on at least one of {k} lists.",
        "{n:,} people are named on at least one of {k} lists.",
        n=n,
        k=k,
    )
