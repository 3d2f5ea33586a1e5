"""Which increments count something of which sources: blocks where waves begin, lots, the background.

Most increments count a few weeks only, so what they count is held for pairs of an increment and a source that
can meet, row after row.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.process.register import Array, Register

__all__ = ["Places", "places_of"]

_BEFORE = 14.0  # days before a window whose waves may still bring releases inside
_LEAST = 1e-9  # share of a lot below which it does not meet a block

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Places:
    """Pairs of increments (n) and blocks (B): P of them; and of increments and lots (L): Q.

    Parameters
    ----------
    row, block : ndarray of int64, shape (P,)
        Increment and block of each pair, in the order of increments.
    starts : ndarray of int64, shape (n,)
        First pair of each increment.
    last : ndarray of int64, shape (n,)
        Last pair of each increment.
    lag : ndarray of int64, shape (1 + most, P)
        Which pair of lags gives the share of the report, and of those it stands on.
    stands, stands_lag : list of ndarray of int64
        By what reports stand on: pairs where there is any, and their lags.
    near, far : ndarray of int64, shape (U,)
        The pairs of lags that differ; the first is empty.
    width : ndarray of float64, shape (U,)
        Days of their blocks.
    at : ndarray of int64, shape (B, n)
        The pair of each block and increment, or P.
    lot_row, lot : ndarray of int64, shape (Q,)
        Increment and lot of each pair, in the order of increments.
    lot_at : ndarray of int64, shape (L, n)
        The pair of each lot and increment, or Q.
    meets : sparse matrix of shape (Q * T, P)
        Shares of lots in the blocks of each increment, under T speeds.
    profiles : ndarray of float64, shape (L, T, B)
        Shares of lots that are released in each block, none where next to nothing is.
    released : sparse matrix of shape (B, L * T)
        The same, by block.
    days : sparse matrix of shape (n, P)
        Days of the blocks of each increment.
    of_block, of_increment : sparse matrices of shapes (B, P) and (n, P)
        Sums over pairs of a block, of an increment.
    of_lot : sparse matrix of shape (L, Q)
        Sums over pairs of a lot and increments.
    of_series : sparse matrix of shape (S, n)
        Sums over increments of a monitor.
    order : ndarray of int64, shape (P + Q + 2 n,)
        Pairs, lots, background and floor in the order of increments.
    source : ndarray of int64, shape (P + Q + 2 n,)
        In that order: block, B + lot, B + L for the background, B + L + 1 for the floor.
    all_starts : ndarray of int64, shape (n + 1,)
        Where each increment begins in that order.
    """

    row: Ints
    block: Ints
    starts: Ints
    last: Ints
    lag: Ints
    stands: list[Ints]
    stands_lag: list[Ints]
    near: Ints
    far: Ints
    width: Array
    at: Ints
    lot_row: Ints
    lot: Ints
    lot_at: Ints
    meets: Any
    profiles: Array
    released: Any
    days: Any
    of_block: Any
    of_increment: Any
    of_lot: Any
    of_series: Any
    order: Ints
    source: Ints
    all_starts: Ints


def places_of(data: Register) -> Places:
    """Find the pairs."""
    from scipy.sparse import csr_matrix

    n, n_blocks, n_lots = len(data.count), len(data.width), len(data.announced)
    begins = np.concatenate([[0.0], np.cumsum(data.width)])
    row, block = [], []
    for i, report in enumerate(data.report):
        covered = np.flatnonzero(data.far[report] > data.near[report])
        first, last = (int(covered[0]), int(covered[-1])) if len(covered) else (0, 0)
        least = int(np.searchsorted(begins, begins[first] - _BEFORE, side="right")) - 1
        found = np.arange(max(least, 0), last + 1)
        row.append(np.full(len(found), i))
        block.append(found)
    rows, blocks = np.concatenate(row), np.concatenate(block)
    starts = np.searchsorted(rows, np.arange(n))
    reports = np.concatenate([data.report[None, rows], data.below.T[:, rows]])
    there = reports >= 0
    near = np.where(there, data.near[reports, blocks], 0)
    far = np.where(there, data.far[reports, blocks], 0)
    width = np.where(far > near, data.width[blocks], 1.0)
    triples = np.stack([near.ravel(), far.ravel(), width.ravel().astype(np.int64)], axis=1)
    empty = triples[:, 1] <= triples[:, 0]
    triples[empty] = [0, 0, 1]
    unique, lag = np.unique(np.concatenate([[[0, 0, 1]], triples]), axis=0, return_inverse=True)
    at = np.full((n_blocks, n), len(rows))
    at[blocks, rows] = np.arange(len(rows))
    # lots that meet the blocks of an increment
    reach = data.profiles.max(axis=1) if n_lots else np.zeros((0, n_blocks))
    touches = np.zeros((n, n_lots), dtype=bool)
    pairs, lots = np.nonzero(reach[:, blocks].T > _LEAST)
    touches[rows[pairs], lots] = True
    lot_row, lot = np.nonzero(touches)
    lot_at = np.full((n_lots, n), len(lot))
    lot_at[lot, lot_row] = np.arange(len(lot))
    n_speeds = data.speeds.shape[1]
    profiles = np.where(data.profiles > _LEAST, data.profiles, 0.0).reshape(n_lots, n_speeds, n_blocks)
    values, to, of = [], [], []
    ends = np.append(starts[1:], len(rows))
    for pair, (increment, which) in enumerate(zip(lot_row, lot, strict=True)):
        own = np.arange(starts[increment], ends[increment])
        shares = data.profiles[which][:, blocks[own]]
        speed, column = np.nonzero(shares > _LEAST)
        values.append(shares[speed, column])
        to.append(pair * n_speeds + speed)
        of.append(own[column])
    parts = [np.concatenate([np.zeros(0, dtype=np.int64), *arrays]) for arrays in (to, of)]
    entries = np.concatenate([np.zeros(0), *values])
    meets = csr_matrix((entries, tuple(parts)), shape=(len(lot) * n_speeds, len(rows)))
    every_row = np.concatenate([rows, lot_row, np.arange(n), np.arange(n)])
    every_source = np.concatenate(
        [blocks, n_blocks + lot, np.full(n, n_blocks + n_lots), np.full(n, n_blocks + n_lots + 1)]
    )
    order = np.argsort(every_row, kind="stable")
    lag = lag[1:].reshape(near.shape)
    stands = [np.flatnonzero(below) for below in lag[1:]]
    return Places(
        row=rows,
        block=blocks,
        starts=starts,
        last=ends - 1,
        lag=lag,
        stands=stands,
        stands_lag=[below[there] for below, there in zip(lag[1:], stands, strict=True)],
        near=unique[:, 0],
        far=unique[:, 1],
        width=unique[:, 2].astype(np.float64),
        at=at,
        lot_row=lot_row,
        lot=lot,
        lot_at=lot_at,
        meets=meets,
        profiles=profiles,
        released=csr_matrix(profiles.reshape(n_lots * n_speeds, n_blocks).T),
        days=csr_matrix((data.width[blocks], (rows, np.arange(len(rows)))), shape=(n, len(rows))),
        of_block=_sums(blocks, n_blocks),
        of_increment=_sums(rows, n),
        of_lot=_sums(lot, n_lots),
        of_series=_sums(data.series, data.n_series),
        order=order,
        source=every_source[order],
        all_starts=np.searchsorted(every_row[order], np.arange(n + 1)),
    )


def _sums(group: Ints, n_groups: int) -> Any:
    """Sparse matrix that sums over the members of each group."""
    from scipy.sparse import csr_matrix

    return csr_matrix((np.ones(len(group)), (group, np.arange(len(group)))), shape=(n_groups, len(group)))
