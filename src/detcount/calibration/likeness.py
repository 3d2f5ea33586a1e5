"""Whether a table is like those that were learned from, by what can be seen of it without its truth."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.calibration import balanced_weights, numbered
from detcount._numerics.copies import pair_overlaps
from detcount._numerics.nearness import Scattered, distance, distances_left_out, scattered
from detcount.calibration.bank import Bank
from detcount.captures import CaptureTable
from detcount.words import Message

__all__ = ["MARKED_BEYOND", "Likeness", "likeness"]

MARKED_BEYOND = 0.9  # share of the bank's own cases that lie nearer to the other groups
_HALF = 0.5  # of a person, so that empty overlaps have logarithms
_LEAST_GROUPS = 3  # a case is held to two others

_FEATURES = (
    Message("how many of the persons are on several lists"),
    Message("how much two lists overlap, on average"),
    Message("how unlike each other the overlaps of pairs of lists are"),
)


@dataclass(frozen=True)
class Likeness:
    """How far a table lies from the cases learned from.

    Parameters
    ----------
    distance : float
        Mean distance to the nearest case of each of the two nearest groups of data sets, over features that
        do not see the truth, turned to uncorrelated ones of unit variance.
    nearer : float
        Share of the bank's own cases that lie nearer to the other groups than this table to all of them.
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
        """Whether the table lies farther out than nine in ten of the bank's own cases."""
        return self.nearer > MARKED_BEYOND

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


def likeness(table: CaptureTable, bank: Bank) -> Likeness | None:
    """Hold a table to the cases of a bank that it learns from.

    Parameters
    ----------
    table : CaptureTable
        Two lists or more; each names somebody.
    bank : Bank
        Cases to learn from.

    Returns
    -------
    Likeness or None
        How far the table lies from them; None where there are fewer than three groups of data sets.

    Notes
    -----
    The features: log odds of being on several lists; mean, and standard deviation, over pairs of lists of
    log(n_ab n / (n_a n_b)), half a person added to n_ab. A pair of lists has the first two. None of them
    sees who is on no list, or how many persons, or lists, there are.
    """
    of_two = table.n_lists == 2
    places = _places(bank, of_two)
    if places is None:
        return None
    among, names, own = places
    point = _features(table)
    how_far, closest = distance(point, among)
    gaps = np.abs(point - among.points[closest]) / among.scales
    return Likeness(
        distance=how_far,
        nearer=float((own < how_far).mean()),
        most_unlike=_FEATURES[int(np.argmax(gaps))],
        nearest=names[closest],
        features=tuple(point.tolist()),
    )


@cache
def _places(bank: Bank, of_two: bool) -> tuple[Scattered, tuple[str, ...], NDArray[np.float64]] | None:
    """Where the cases lie, their names, and how far each lies from other groups."""
    part = bank.of_two_lists if of_two else bank.of_more_lists
    if part is None or len(part.groups) < _LEAST_GROUPS:
        return None
    groups = numbered([case.group for case in part.cases])
    points = np.array([_features(case.table) for case in part.cases])
    among = scattered(points, groups, balanced_weights(groups))
    return among, tuple(case.name for case in part.cases), distances_left_out(among)


def _features(table: CaptureTable) -> NDArray[np.float64]:
    """What can be seen of a table, each on a scale without end."""
    shared = pair_overlaps(table.histories, table.counts).astype(np.float64)
    sizes = np.diag(shared)
    listed = float(table.n_observed)
    several = float(table.counts[table.histories.sum(axis=1) > 1].sum())
    upper = np.triu_indices(table.n_lists, 1)
    overlaps = np.log((shared[upper] + _HALF) * listed / (sizes[upper[0]] * sizes[upper[1]]))
    seen = [np.log((several + _HALF) / (listed - several + _HALF)), overlaps.mean()]
    return np.array(seen if table.n_lists == 2 else [*seen, overlaps.std()])
