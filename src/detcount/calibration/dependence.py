"""Dependence of lists in the training cases: learned, or read from the file that ships."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources

import numpy as np
from scipy.special import ndtri

from detcount._numerics.arrays import Floats, Ints, bincount
from detcount._numerics.calibration import Discrepancies, numbered, variances
from detcount._numerics.diagnostics import pair_overlaps
from detcount._numerics.interactions import FittedSizes, Sizes
from detcount._numerics.scales import learn
from detcount._numerics.unlisted import unlisted
from detcount.calibration.errors import HALF, require_groups
from detcount.calibration.training import TrainingCases
from detcount.data.captures import CaptureTable
from detcount.datasets import KnownCase

SHIPPED = "dependence.json"


@dataclass(frozen=True)
class Tuning:
    """Limits of learned interactions.

    Parameters
    ----------
    most_lists : int, lists
        Lists of a case from which interactions are learned. Convention: 64 cells; each list more is eight
        times the work.
    farthest : float, normal scores
        Farthest score of a truth. Convention: beyond, a posterior gives no information.
    """

    most_lists: int = 6
    farthest: float = 4.0


TUNING = Tuning()
MOST_LISTS_INTERACTING = TUNING.most_lists


@dataclass(frozen=True, eq=False)
class LearnedDependence:
    """Size of interactions in the training cases."""

    learned: FittedSizes
    n_cases: int
    n_datasets: int
    n_groups: int
    most_lists: int
    cases: tuple[KnownCase, ...] = ()
    known_share: float | None = None

    @cached_property
    def shared(self) -> float:
        """Share of the variance of normal scores of the truths that cases of one group have in common."""
        if self.known_share is not None:
            return self.known_share
        scores = [_score(case, self.learned) for case in self.cases]
        common, own = variances(
            Discrepancies(
                np.array(scores), numbered([case.group for case in self.cases]), np.zeros(len(scores))
            )
        )
        return common / (common + own)


def _score(case: KnownCase, learned: FittedSizes) -> float:
    """Normal score at which the posterior of a case has its truth."""
    posterior = unlisted(cells(case.table), learned)
    below = posterior.cumulative(math.log(max(case.n_unobserved, HALF)))
    return float(np.clip(ndtri(below), -TUNING.farthest, TUNING.farthest))


@cache
def learned_anew(training: TrainingCases) -> LearnedDependence:
    """Learn the dependence from training cases of three lists or more.

    Where it has none it is learned from those of two.
    """
    part = training.of_more_lists or training.of_two_lists
    cases = () if part is None else part.cases
    require_groups(cases, False, training.of_more_lists is None)
    assert part is not None
    tables = []
    for case in cases:
        whole = cells(case.table)
        whole[0] = case.n_unobserved
        tables.append(whole)
    learned = learn(tables, numbered([case.group for case in cases]), np.array(part.weights))
    return LearnedDependence(
        learned=learned,
        n_cases=len(cases),
        n_datasets=len({case.dataset for case in cases}),
        n_groups=len(part.groups),
        most_lists=max(case.table.n_lists for case in cases),
        cases=cases,
    )


@cache
def shipped_dependence() -> LearnedDependence:
    """Read the dependence of the training cases that ship; the cases need not even be loaded."""
    file = resources.files("detcount.calibration") / SHIPPED
    known = json.loads(file.read_text(encoding="utf-8"))
    return LearnedDependence(
        learned=FittedSizes(Sizes(**known["sizes"]), known["omega"]),
        n_cases=known["n_cases"],
        n_datasets=known["n_datasets"],
        n_groups=known["n_groups"],
        most_lists=known["most_lists"],
        known_share=known["shared"],
    )


def cells(table: CaptureTable) -> Floats:
    """Persons by capture history, list k having bit k; beyond six lists the smallest are one.

    Where the largest five and the rest share nobody, those that share most are kept apart instead. Lists of
    one size are ordered by how many persons they share with each other list, so that neither the order nor
    the names of lists say which are put together.
    """
    histories = table.histories.astype(np.int64)
    if table.n_lists > MOST_LISTS_INTERACTING:
        shared = pair_overlaps(table.histories, table.counts)
        merged = _merged(
            histories, sorted(range(table.n_lists), key=lambda k: (-shared[k, k], *sorted(-shared[k])))
        )
        if not (merged.sum(axis=1) > 1).any():
            others = shared.sum(axis=1) - np.diag(shared)
            order = sorted(
                range(table.n_lists), key=lambda k: (-others[k], -shared[k, k], *sorted(-shared[k]))
            )
            merged = _merged(histories, order)
        histories = merged
    n_lists = histories.shape[1]
    codes = histories @ (1 << np.arange(n_lists))
    return bincount(codes, weights=table.counts, minlength=1 << n_lists).astype(np.float64)


def _merged(histories: Ints, order: list[int]) -> Ints:
    """The first lists of an order, and the others as one."""
    first, others = order[: MOST_LISTS_INTERACTING - 1], order[MOST_LISTS_INTERACTING - 1 :]
    return np.column_stack([histories[:, first], histories[:, others].max(axis=1)])
