"""Limits, detail and notes of a calibrated estimate."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Protocol

import numpy as np

from detcount._numerics.arrays import Floats
from detcount._numerics.calibration import Distribution, quantile
from detcount._numerics.interactions import FittedSizes
from detcount.calibration.dependence import MOST_LISTS_INTERACTING, LearnedDependence
from detcount.calibration.errors import HALF, BaseErrors
from detcount.calibration.similarity import Similarity
from detcount.reports.printing import frame_of
from detcount.words import Message

if TYPE_CHECKING:
    import pandas as pd


class Training(Protocol):
    """Training cases and the errors on them."""

    @property
    def shared(self) -> float:
        """Correlation of the errors of tables of one source."""
        ...


@dataclass(frozen=True, eq=False)
class CalibratedDetail:
    """Details of an estimate by `Calibrated`.

    Parameters
    ----------
    distribution : Distribution
        Distribution of the logarithm of the persons on no list of the table at hand.
    n_cases, n_datasets, n_groups : int
        Cases learned from, data sets they come from, and groups of data sets that share people.
    training : Training
        What was learned, which says how far tables of one source err together.
    similarity : Similarity, optional
        How far the table lies from the cases; None of training cases with fewer than three groups.
    interactions : FittedSizes, optional
        Sizes of interactions, and how much they differ from source to source; None where there is a base.
    base_unobserved : dict of str to float, optional
        Estimate of the persons on no list by each estimator of the base that answers.
    declined : dict of str to str, optional
        Estimators of the base that do not, and why.
    n_unobserved : float, optional
        The base's one estimate of the persons on no list, before calibration; half a person at least. None
        where there is no base.
    discrepancies : dict of str to float, optional
        Logarithm of true over estimated n_0 of each case learned from.
    share_between : float, optional
        Share of the variance of discrepancies that lies between groups; None where there is no base.
    sampling_variance : float, optional
        Variance added to the discrepancy, due to who happened to be on which lists.

    Examples
    --------
    >>> import detcount as dc
    >>> counts = {"100": 40, "010": 60, "001": 35, "110": 20, "101": 12, "011": 9, "111": 6}
    >>> table = dc.CaptureTable.from_counts(counts, lists=["press", "court", "families"])
    >>> detail = dc.Calibrated().fit(table).detail
    >>> print(detail.n_cases, detail.n_groups)
    84 11
    """

    distribution: Distribution
    n_cases: int
    n_datasets: int
    n_groups: int
    training: Training
    similarity: Similarity | None = None
    interactions: FittedSizes | None = None
    base_unobserved: dict[str, float] = field(default_factory=dict)
    declined: dict[str, str] = field(default_factory=dict)
    n_unobserved: float | None = None
    discrepancies: dict[str, float] = field(default_factory=dict)
    share_between: float | None = None
    sampling_variance: float = 0.0

    @property
    def shared(self) -> float:
        """Correlation of the errors of this table and of others of one source, as of cases of one group."""
        return self.training.shared

    def to_frame(self) -> pd.DataFrame:
        """Give the errors of the base on the cases as a pandas frame, a row each; none without a base."""
        rows = ({"case": case, "discrepancy": value} for case, value in self.discrepancies.items())
        return frame_of(rows, ["case", "discrepancy"])


@dataclass(frozen=True, eq=False)
class CalibratedRule:
    """Quantiles of n + n_0, log n_0 having a distribution; less than half a person is nobody."""

    distribution: Distribution
    n_observed: int
    method: ClassVar[str] = "calibrated"

    def bounds(self, level: float) -> tuple[float, float]:
        """Limits of N at a level."""
        tail = (1 - level) / 2
        return self.at(tail), self.at(1 - tail)

    def at(self, probability: float) -> float:
        """Number of persons that is not passed with a probability."""
        with np.errstate(over="ignore"):
            unlisted = float(np.exp(quantile(self.distribution, probability)))
        return self.n_observed + (unlisted if unlisted >= HALF else 0.0)

    def sample(self, size: int, random: np.random.Generator) -> Floats:
        """Numbers of persons drawn at random."""
        with np.errstate(over="ignore"):
            unlisted = np.exp(self.distribution.draws(size, random))
        return np.asarray(self.n_observed + np.where(unlisted >= HALF, unlisted, 0.0))


@dataclass(frozen=True)
class Tuning:
    """Thresholds of calibrated notes.

    Parameters
    ----------
    upper_eighth : float
        Quantile of 7/8 of Student's distribution of four degrees of freedom: a fourth lies further out.
        Convention: one in four.
    """

    upper_eighth: float = 1.3444


TUNING = Tuning()


def notes_of_dependence(training: LearnedDependence, n_lists: int) -> tuple[str, ...]:
    """Write the notes for a reader of an estimate by the dependence that training cases show."""
    sizes, omega = training.learned.sizes, training.learned.omega
    low, middle, high = (math.exp(sizes.mean + k * sizes.pairs) for k in (-1, 0, 1))
    notes = [
        _learned(training.n_cases, training.n_datasets, training.n_groups),
        Message(
            "In the middle source the odds ratio of two lists is {middle:.1f} in the middle, and from "
            "{low:.1f} to {high:.1f} for two thirds of pairs; in every fourth source these spread by a "
            "factor of {factor:.1f} more, or less.",
            middle=middle,
            low=low,
            high=high,
            factor=math.exp(TUNING.upper_eighth * omega),
        ),
    ]
    if n_lists > training.most_lists:
        notes.append(_more_lists(n_lists, training.most_lists))
    if n_lists > MOST_LISTS_INTERACTING:
        notes.append(
            Message("The {n} smallest lists are taken as one.", n=n_lists - MOST_LISTS_INTERACTING + 1)
        )
    return tuple(notes)


def notes_of_errors(errors: BaseErrors, n_lists: int) -> tuple[str, ...]:
    """Write the notes for a reader of an estimate by the errors of a base."""
    datasets = len({case.dataset for case in errors.cases})
    groups = len({case.group for case in errors.cases})
    most = max(case.table.n_lists for case in errors.cases)
    notes = [
        _learned(len(errors.cases), datasets, groups),
        Message(
            "About {share:.0%} of the spread of errors lies between groups.",
            share=errors.training.share_between,
        ),
    ]
    if n_lists > most:
        notes.append(_more_lists(n_lists, most))
    if errors.declined:
        notes.append(
            Message(
                "No answer from {estimators}. The error of the base was learned from the 1 estimator that "
                "answered.",
                estimators=errors.silent,
            )
            if len(errors.used) == 1
            else Message(
                "No answer from {estimators}. The error of the base was learned from the {n} estimators that "
                "answered.",
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
    """From how many cases, data sets and groups was learned."""
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
