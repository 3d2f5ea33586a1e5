"""Similarity of a table to the training cases, by what can be seen of it without its truth."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np

from detcount._numerics.arrays import Floats
from detcount._numerics.calibration import (
    Scattered,
    balanced_weights,
    distance,
    distances_left_out,
    numbered,
    scattered,
)
from detcount._numerics.diagnostics import pair_overlaps
from detcount.calibration.training import TrainingCases
from detcount.data.captures import CaptureTable
from detcount.words import Message

PLACES = "similarity.json"


@dataclass(frozen=True)
class Tuning:
    """Similarity of a table to the training cases.

    Parameters
    ----------
    marked_beyond : float, share
        Share of the training cases that are more similar, beyond which a note says so. Convention: nine in
        ten.
    least_groups : int, groups
        Groups of training cases from which a distance is computed. Convention: each is compared with two
        others.
    """

    marked_beyond: float = 0.9
    least_groups: int = 3


TUNING = Tuning()


_FEATURES = (
    Message("how many of the persons are on several lists"),
    Message("how much two lists overlap, on average"),
    Message("how unlike each other the overlaps of pairs of lists are"),
)


@dataclass(frozen=True)
class Similarity:
    """Distance of a table from the training cases.

    Parameters
    ----------
    distance : float
        Mean distance to the nearest case of each of the two nearest groups of data sets, over features that
        do not depend on the truth, turned into uncorrelated ones of unit variance.
    nearer : float
        Share of the training cases that lie nearer to the other groups than this table to all of them.
    most_unlike : str
        The feature in which the table differs most from its nearest case, in words.
    nearest : str
        Name of that case.
    features : tuple of float
        The features.
    """

    distance: float
    nearer: float
    most_unlike: str
    nearest: str
    features: tuple[float, ...]

    @property
    def marked(self) -> bool:
        """True if the table lies farther out than nine in ten of the training cases themselves."""
        return self.nearer > TUNING.marked_beyond

    def sentence(self) -> Message:
        """Say how far the table lies out."""
        if self.marked:
            return Message(
                "This table is unlike those learned from: {share:.0%} of them lie nearer to those of other "
                "sources. It differs most in {feature}. Its interval may be too narrow.",
                share=self.nearer,
                feature=self.most_unlike,
            )
        return Message(
            "The lists overlap as those learned from do: {share:.0%} of these lie nearer to those of other "
            "sources.",
            share=self.nearer,
        )


@dataclass(frozen=True, eq=False)
class Places:
    """Where the training cases lie: their names and groups, their features, and how far each lies out.

    Parameters
    ----------
    names : tuple of str
        Names of the cases.
    among : Scattered
        Their features, and how these vary.
    own : ndarray of float64, shape (n_cases,)
        Distance of each case from those of the other groups.
    """

    names: tuple[str, ...]
    among: Scattered
    own: Floats


def similarity(table: CaptureTable, training: TrainingCases | None = None) -> Similarity | None:
    """Hold a table to the training cases that it learns from.

    Parameters
    ----------
    table : CaptureTable
        Two lists or more; each names somebody.
    training : TrainingCases, optional
        Cases to learn from; None takes those that ship, as they lie in the file that ships.

    Returns
    -------
    Similarity or None
        How far the table lies from them; None where there are fewer than three groups of data sets.

    Notes
    -----
    The features: log odds of being on several lists; mean, and standard deviation, over pairs of
    lists of log(n_ab n / (n_a n_b)), half a person added to n_ab. A pair of lists has the first two. None of
    them depends on who is on no list, or on how many persons, or lists, there are.
    """
    of_two = table.n_lists == 2
    places = shipped_places(of_two) if training is None else places_of(training, of_two)
    if places is None:
        return None
    point = _features(table)
    how_far, closest = distance(point, places.among)
    gaps = np.abs(point - places.among.points[closest]) / places.among.scales
    return Similarity(
        distance=how_far,
        nearer=float((places.own < how_far).mean()),
        most_unlike=_FEATURES[int(np.argmax(gaps))],
        nearest=places.names[closest],
        features=tuple(point.tolist()),
    )


@cache
def places_of(training: TrainingCases, of_two: bool) -> Places | None:
    """Where the training cases lie; None of fewer than three groups."""
    part = training.of_two_lists if of_two else training.of_more_lists
    if part is None or len(part.groups) < TUNING.least_groups:
        return None
    groups = numbered([case.group for case in part.cases])
    points = np.array([_features(case.table) for case in part.cases])
    among = scattered(points, groups, balanced_weights(groups))
    return Places(tuple(case.name for case in part.cases), among, distances_left_out(among))


@cache
def shipped_places(of_two: bool) -> Places:
    """Where the training cases that ship lie, from the file that ships."""
    file = resources.files("detcount.calibration") / PLACES
    stored: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))["two" if of_two else "more"]
    groups = np.array(stored["groups"], dtype=np.int64)
    among = scattered(np.array(stored["points"]), groups, balanced_weights(groups))
    return Places(tuple(stored["names"]), among, np.array(stored["own"]))


def _features(table: CaptureTable) -> Floats:
    """Compute the features of a table, each on an unbounded scale."""
    shared = pair_overlaps(table.histories, table.counts).astype(np.float64)
    sizes = np.diag(shared)
    listed = float(table.n_observed)
    several = float(table.counts[table.histories.sum(axis=1) > 1].sum())
    upper = np.triu_indices(table.n_lists, 1)
    overlaps = np.log((shared[upper] + 0.5) * listed / (sizes[upper[0]] * sizes[upper[1]]))
    seen = [np.log((several + 0.5) / (listed - several + 0.5)), overlaps.mean()]
    return np.array(seen if table.n_lists == 2 else [*seen, overlaps.std()])
