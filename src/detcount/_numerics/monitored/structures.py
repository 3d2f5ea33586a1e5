"""Which monitors depend on each other: structures weighed by their evidence, within Occam's window.

Every pair depends with a stated probability, independently of the others; one structure more, in which all
pairs depend with one odds ratio, has the prior weight of that without any dependence. The evidence of a
structure is found by Laplace's method. From the structure without any dependence, pairs are added to those
structures that are within the window, until none is left (Madigan and Raftery 1994, upwards).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from detcount._numerics.arrays import Floats
from detcount._numerics.monitored.dependence import Edges, parts
from detcount._numerics.monitored.likelihood import Structure
from detcount._numerics.sampler import Prior, maximise

WINDOW = 20.0  # a structure that is as many times less likely than the best one is left out
MOST_TOGETHER = 6  # monitors that depend on each other; their histories are summed over one by one


@dataclass(frozen=True)
class Weighed:
    """A structure that is kept.

    Parameters
    ----------
    structure : Structure
        Which monitors depend on each other.
    weight : float
        Posterior probability among those kept.
    mode : ndarray of float64
        Where its posterior density is highest.
    """

    structure: Structure
    weight: float
    mode: Floats


def laplace_evidence(
    log_likelihood: Callable[[Floats], Floats], prior: Prior, start: Floats, n_ratios: int
) -> tuple[float, Floats]:
    """Log evidence by Laplace's method, up to what structures have in common, and the mode.

    The last `n_ratios` of the normal coordinates are the log odds ratios, the only ones that structures do
    not have in common.
    """

    def log_density(points: Floats) -> Floats:
        return log_likelihood(points) + prior.log_density(points)

    mode, precision = maximise(log_density, start)
    _, log_determinant = np.linalg.slogdet(precision)
    deviations = prior.deviation[len(prior.deviation) - n_ratios :]
    constant = -float(np.log(deviations).sum())  # the roots of 2 pi cancel with those of the curvature
    return float(log_density(mode[None])[0]) - 0.5 * log_determinant + constant, mode


def weigh_structures(
    evidence: Callable[[Structure], tuple[float, Floats]], n_monitors: int, *, chance: float
) -> tuple[Weighed, ...]:
    """Structures within the window, the most likely first; `chance` is that of a pair to depend."""
    pairs = tuple(combinations(range(n_monitors), 2))
    each = math.log(chance) - math.log1p(-chance)
    found: dict[Structure, tuple[float, Floats]] = {}
    level = [Structure(n_monitors)]
    if n_monitors <= MOST_TOGETHER:
        level.append(Structure(n_monitors, pairs, common=True))
    while level:
        for structure in level:
            value, mode = evidence(structure)
            found[structure] = value + (0 if structure.common else each * len(structure.edges)), mode
        # the common structure has nothing above it, and may not bar the way to single pairs
        graphs = [value for structure, (value, _) in found.items() if not structure.common]
        least = max(graphs) - math.log(WINDOW)
        larger = dict.fromkeys(
            tuple(sorted((*structure.edges, pair)))
            for structure in level
            if found[structure][0] >= least and not structure.common
            for pair in pairs
            if pair not in structure.edges
        )
        level = [Structure(n_monitors, edges) for edges in larger if _is_small(edges, n_monitors)]
    least = max(value for value, _ in found.values()) - math.log(WINDOW)
    kept = {structure: one for structure, one in found.items() if one[0] >= least}
    best = max(value for value, _ in kept.values())
    total = sum(math.exp(value - best) for value, _ in kept.values())
    weighed = (
        Weighed(structure, math.exp(value - best) / total, mode) for structure, (value, mode) in kept.items()
    )
    return tuple(sorted(weighed, key=lambda one: (-one.weight, one.structure.edges)))


def _is_small(edges: Edges, n_monitors: int) -> bool:
    """Whether no part has too many monitors."""
    return max(map(len, parts(n_monitors, edges))) <= MOST_TOGETHER
