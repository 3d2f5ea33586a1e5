"""Clusters behind negative binomial counts, and which source of releases each of them came from.

A negative binomial count of mean M and variance M (1 + s) is a Poisson number of clusters with mean
M log(1 + s)/s, whose sizes are logarithmic; given the count, the number of clusters is that of tables of a
Chinese restaurant (Zhou & Carin 2015). Given the clusters everything that is linear in M is conjugate.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import digamma, polygamma

from detcount._numerics.process.register import Array

__all__ = ["draw_clusters_of", "share_out"]

_ONE_BY_ONE = 1000  # persons, or clusters, of an increment that are drawn one by one
_TINY = 1e-12


def draw_clusters_of(count: NDArray[np.int64], size: Array, random: np.random.Generator) -> NDArray[np.int64]:
    """Draw the number of clusters of each count, shape (c, n): the l-th person begins one by size/(size + l).

    `size` is M/s.
    """
    found = np.zeros(count.shape, dtype=np.int64)
    longest = np.minimum(count.max(axis=0, initial=0), _ONE_BY_ONE)
    row = np.repeat(np.arange(len(longest)), longest)
    if not len(row):
        return found
    before = np.arange(len(row)) - np.repeat(np.cumsum(longest) - longest, longest)
    wide = np.repeat(size, longest, axis=1)
    level = random.random(wide.shape)
    level *= wide + before
    begins = level < wide
    unlike = np.flatnonzero((count.min(axis=0) < longest)[row])
    begins[:, unlike] &= before[unlike] < count[:, row[unlike]]
    there = np.flatnonzero(longest)
    starts = (np.cumsum(longest) - longest)[there]
    found[:, there] = np.add.reduceat(begins.view(np.int8), starts, axis=1, dtype=np.int64)
    many = np.flatnonzero(count.max(axis=0) > _ONE_BY_ONE)
    if len(many):
        # the rest by a normal distribution with the same mean and variance
        some = size[:, many]
        first, last = some + _ONE_BY_ONE, some + np.maximum(count[:, many], _ONE_BY_ONE)
        mean = some * (digamma(last) - digamma(first))
        variance = mean - some**2 * (polygamma(1, first) - polygamma(1, last))
        noise = random.standard_normal(mean.shape)
        rest = np.rint(mean + np.sqrt(np.maximum(variance, 0.0)) * noise)
        found[:, many] += np.clip(rest, 0, np.maximum(count[:, many] - _ONE_BY_ONE, 0)).astype(np.int64)
    return found


def share_out(
    clusters: NDArray[np.int64],
    parts: Array,
    starts: NDArray[np.int64],
    source: NDArray[np.int64],
    n_sources: int,
    random: np.random.Generator,
) -> NDArray[np.int64]:
    """Draw how many clusters came from each source, summed over increments: shape (c, n_sources).

    `clusters` has shape (c, n); `parts`, shape (c, m), are the means that each source brings to each
    increment, one increment after the other: that of row i from `starts[i]` on.
    """
    n_chains, n_parts = parts.shape
    many = clusters.max(axis=0, initial=0) > _ONE_BY_ONE
    found = np.zeros((n_chains, n_sources), dtype=np.int64)
    for row in np.flatnonzero(many):
        own = slice(starts[row], starts[row + 1])
        means = parts[:, own] + _TINY
        drawn = random.multinomial(clusters[:, row], means / means.sum(axis=1, keepdims=True))
        for part, which in enumerate(source[own].tolist()):
            found[:, which] += drawn[:, part]
    clusters = np.where(many, 0, clusters)
    cumulative = np.concatenate([np.zeros((n_chains, 1)), np.cumsum(parts, axis=1)], axis=1)
    whole = cumulative[:, -1] * (1 + 1e-9) + _TINY
    cumulative += (np.cumsum(whole) - whole)[:, None]
    low, high = cumulative[:, starts[:-1]].ravel(), cumulative[:, starts[1:]].ravel()
    owner = np.repeat(np.arange(clusters.size), clusters.ravel())
    values = low[owner] + random.random(len(owner)) * (high - low)[owner]
    place = np.searchsorted(cumulative.ravel(), values, side="right") - 1
    chain = np.repeat(np.arange(n_chains), clusters.sum(axis=1))
    row = owner - chain * clusters.shape[1]
    place = np.clip(place - chain * (n_parts + 1), starts[row], starts[row + 1] - 1)
    singly = np.bincount(chain * n_sources + source[place], minlength=n_chains * n_sources)
    return found + singly.reshape(n_chains, n_sources)
