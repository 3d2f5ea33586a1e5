"""Precision, recall and F1 of pairs from a random sample of true clusters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import betaincinv, expit, logit, ndtri

from detcount._numerics.arrays import Floats, Ints


@dataclass(frozen=True)
class Counts:
    """Pairs of each true cluster; one entry a cluster.

    Parameters
    ----------
    right : ndarray of float64, shape (n_clusters,)
        Pairs within the cluster that were put together.
    true : ndarray of float64, shape (n_clusters,)
        Pairs within the cluster.
    kept : ndarray of float64, shape (n_clusters,)
        Pairs put together that belong to the cluster: all within it, and half of those that cross its border.
    """

    right: Floats
    true: Floats
    kept: Floats


def count_pairs(point: Ints, rows: Ints, cluster: Ints) -> Counts:
    """Count the pairs of labelled clusters under a partition of all rows.

    Parameters
    ----------
    point : ndarray of int64, shape (n,)
        The partition.
    rows : ndarray of int64, shape (m,)
        Labelled rows.
    cluster : ndarray of int64, shape (m,)
        True cluster of each, numbered from 0; every row of it is there.

    Returns
    -------
    Counts
        Pairs by cluster.
    """
    n = int(cluster.max(initial=-1)) + 1
    sizes = np.bincount(cluster, minlength=n).astype(np.float64)
    both = cluster * (int(point.max(initial=0)) + 1) + point[rows]
    found, together = np.unique(both, return_counts=True)
    right = np.bincount(found // (int(point.max(initial=0)) + 1), together * (together - 1) / 2, minlength=n)
    partners = np.bincount(point)[point[rows]] - 1.0
    within = np.bincount(cluster, partners, minlength=n)  # each pair within twice, each crossing once
    return Counts(right=right.astype(np.float64), true=sizes * (sizes - 1) / 2, kept=within / 2)


def ratio(top: Floats, bottom: Floats, weights: Floats) -> float:
    """Ratio of two weighted sums; 1 where there is nothing below."""
    below = float((weights * bottom).sum())
    return float((weights * top).sum()) / below if below > 0 else 1.0


def ratio_limits(top: Floats, bottom: Floats, weights: Floats, level: float) -> tuple[float, float]:
    """Limits of a share estimated as a ratio of sums over clusters.

    The variance is that of the linearised ratio, and the limits are normal on the logit scale. Where the
    ratio is 0 or 1 the limits are those of Clopper and Pearson for as many independent clusters as have
    something below.
    """
    share = ratio(top, bottom, weights)
    clusters = int((bottom > 0).sum())
    if not clusters:
        return 0.0, 1.0
    tail = (1 - level) / 2
    if share >= 1:
        return float(betaincinv(clusters, 1, tail)), 1.0
    if share <= 0:
        return 0.0, float(betaincinv(1, clusters, 1 - tail))
    if clusters == 1:
        return 0.0, 1.0
    n = len(top)
    mean = float((weights * bottom).mean())
    parts = weights * (top - share * bottom) / mean
    error = float(np.sqrt(parts.var(ddof=1) / n))
    half = -float(ndtri(tail)) * error / (share * (1 - share))
    middle = float(logit(share))
    return float(expit(middle - half)), float(expit(middle + half))
