"""Monitors that depend on each other in pairs: the sum over all histories, and the histories of a part.

A release of one day has the history h in {0, 1}^J with probability proportional to

    prod_j odds_j^h_j  x  prod over pairs (j, k) that depend of ratio_jk^(h_j h_k),

odds_j = p_j/(1 - p_j), so that p_j is the chance of monitor j where no monitor on which it depends has the
release. The sum over all histories is a product over the parts of the graph whose edges are these pairs.
"""

from __future__ import annotations

from itertools import product

import numpy as np

from detcount._numerics.arrays import Floats, Ints

Edges = tuple[tuple[int, int], ...]
Part = tuple[int, ...]


def parts(n_monitors: int, edges: Edges) -> tuple[Part, ...]:
    """Monitors that depend on each other, directly or through others, together; in their order."""
    label = list(range(n_monitors))
    for first, second in edges:
        old, new = label[second], label[first]
        label = [new if one == old else one for one in label]
    return tuple(tuple(j for j in range(n_monitors) if label[j] == one) for one in dict.fromkeys(label))


def histories_of(part: Part) -> Ints:
    """All histories of the monitors of a part, shape (2^m, m); the first has nobody."""
    return np.array(list(product((0, 1), repeat=len(part))), dtype=np.int64)


def log_weights(log_odds: Floats, log_ratios: Floats, edges: Edges, part: Part) -> Floats:
    """Log weight of each history of a part, shape (..., 2^m); 0 for that of nobody.

    `log_odds` has the monitors last, `log_ratios` the edges, and both the same shape before.
    """
    histories = histories_of(part)
    total = log_odds[..., list(part)] @ histories.T.astype(np.float64)
    own = [number for number, (first, _) in enumerate(edges) if first in part]
    if own:
        places = [(part.index(edges[number][0]), part.index(edges[number][1])) for number in own]
        both = np.stack([histories[:, i] * histories[:, j] for i, j in places])
        total = total + log_ratios[..., own] @ both.astype(np.float64)
    return np.asarray(total)


def log_partition(log_odds: Floats, log_ratios: Floats, edges: Edges, part: Part) -> Floats:
    """Log of the sum of the weights of a part."""
    if len(part) == 1:
        return np.asarray(np.logaddexp(0.0, log_odds[..., part[0]]))
    weights = log_weights(log_odds, log_ratios, edges, part)
    largest = weights.max(axis=-1)
    return np.asarray(largest + np.log(np.exp(weights - largest[..., None]).sum(axis=-1)))
