"""The likelihood of rows that are one person: hit or miss in a field, summed over what is true."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detcount._numerics.arrays import Floats, Ints

_LARGE = 16  # rows of a cluster above which products are taken as logarithms


@dataclass(frozen=True, eq=False)
class Cells:
    """A field of many clusters of equal size, against every value that could be true of them.

    Each probability is divided by the background of what was written, so that 1 says nothing.

    Parameters
    ----------
    hit : ndarray of float64, shape (n_clusters, n_values, size)
        1 / f(written) where the true value would be written so, else 0.
    near : ndarray of float64, shape (n_clusters, n_values, size)
        Probability of what is written given a small error, over f(written).
    mass : ndarray of float64, shape (n_clusters, n_values)
        Probability of each true value; 0 for one that stands there twice.
    absent : ndarray of bool, shape (n_clusters, size)
        Where nothing is written.
    loose : ndarray of bool, shape (n_clusters, size)
        Where true values that stand in no cell can slip to what is written.
    far : ndarray of float64, shape (n_clusters, size), optional
        Probability of what is written given a miss, over f(written); 1 without it.
    """

    hit: Floats
    near: Floats
    mass: Floats
    absent: np.ndarray
    loose: np.ndarray
    far: Floats | None = None


def log_ratio(
    cells: Cells, miss: Floats | float, slip: Floats | float, again: Floats | float = 0.0
) -> Floats:
    """Log of what rows of one person write, over the product of backgrounds, by cluster.

    Given its true value t, a row writes x with probability (1 - miss - slip) 1[x = t] + slip near(x, t) +
    miss f(x). True values that stand in no cell leave every row to its errors. With probability `again` there
    are two true values, as of somebody who was arrested twice, and a row writes either: rows that stand in
    order, absent ones last, are then divided at one place. Of arrays of rates the answer has one row each.
    """
    miss, slip = (np.asarray(rate, dtype=np.float64)[..., None, None, None] for rate in (miss, slip))
    far = 1.0 if cells.far is None else cells.far[:, None, :]
    ratio = (1.0 - miss - slip) * cells.hit + slip * cells.near + miss * far
    ratio = np.where(cells.absent[:, None, :], 1.0, ratio)
    # of a value that stands in no cell
    errors = np.where(cells.loose, np.log(miss + slip)[..., 0], np.log(miss)[..., 0])
    alone: Floats = np.asarray(np.where(cells.absent, 0.0, errors))
    other = np.log(np.maximum(1.0 - cells.mass.sum(axis=1), 1e-300))
    whole = _summed(cells.mass, ratio, other, alone.sum(axis=-1))
    again = np.asarray(again, dtype=np.float64)[..., None]
    if ratio.shape[-1] == 1 or not again.any():
        return whole
    written = (~cells.absent).sum(axis=1)
    share = again * 2.0 ** (1.0 - np.maximum(written, 1))
    value = whole + np.log1p(share - again)
    for k in range(1, ratio.shape[-1]):
        both = _summed(cells.mass, ratio[..., :k], other, alone[..., :k].sum(axis=-1))
        both = both + _summed(cells.mass, ratio[..., k:], other, alone[..., k:].sum(axis=-1))
        value = np.where(k < written, np.logaddexp(value, both + np.log(share)), value)
    return np.asarray(value)


def _summed(mass: Floats, ratio: Floats, other: Floats, alone: Floats) -> Floats:
    """Log of the sum over true values, given the ratios of rows and what is left to their errors."""
    if ratio.shape[-1] <= _LARGE:
        return np.asarray(np.log((mass * ratio.prod(axis=-1)).sum(axis=-1) + np.exp(other + alone)))
    with np.errstate(divide="ignore"):
        log_mass = np.log(mass)
    terms = log_mass + np.log(np.maximum(ratio, 1e-300)).sum(axis=-1)
    return np.asarray(np.logaddexp(np.logaddexp.reduce(terms, axis=-1), other + alone))


def categorical_cells(codes: Ints, background: Floats, near: Floats | None = None) -> Cells:
    """Cells of a field of codes, -1 where nothing is written: the true values are the written ones.

    Parameters
    ----------
    codes : ndarray of int64, shape (n_clusters, size)
        What each row writes.
    background : ndarray of float64, shape (n_clusters, size)
        Frequency of the code.
    near : ndarray of float64, shape (n_clusters, size, size), optional
        Probability of what the last writes given a small error in what the one before it writes.
    """
    absent = codes < 0
    base = np.where(absent, 1.0, background)
    same = codes[:, :, None] == codes[:, None, :]  # true value, row
    before = np.tril(np.ones((codes.shape[1], codes.shape[1]), dtype=bool), -1)
    again = (same & before[None]).any(axis=2) | absent
    mass = np.where(again, 0.0, background)
    hit = np.where(same & ~absent[:, None, :], 1.0 / base[:, None, :], 0.0)
    small = np.zeros(hit.shape) if near is None else np.where(same, 0.0, near / base[:, None, :])
    return Cells(hit, small, mass, absent, ~absent)


def told_cells(codes: Ints, chance: Floats, missed: Floats) -> Cells:
    """Cells of a field of which another says much, such as the sex by the given name.

    True values are all codes, as likely as the other field makes them in the mean of the rows. Two rows that
    agree say little where the other field said it.

    Parameters
    ----------
    codes : ndarray of int64, shape (n_clusters, size)
        What each row writes; -1 where nothing is written.
    chance : ndarray of float64, shape (n_clusters, size, n_codes)
        Probability of each code by the other field of the row.
    missed : ndarray of float64, shape (n_codes,)
        Probability of each code given a miss.
    """
    absent = codes < 0
    written = np.where(absent, 0, codes)
    base = np.take_along_axis(chance, written[:, :, None], axis=2)[:, :, 0]
    same = (written[:, None, :] == np.arange(len(missed))[:, None]) & ~absent[:, None, :]
    hit = np.where(same, 1.0 / base[:, None, :], 0.0)
    far = np.where(absent, 1.0, missed[written] / base)
    return Cells(hit, np.zeros(hit.shape), chance.mean(axis=1), absent, ~absent, far)


_DIGITS = 12
_OTHERS = 9.0
_REPLACED, _SWAPPED, _LENGTH = 0.6, 0.2, 0.2  # shares of the slips


def near_number(written: Ints, true: Ints) -> Floats:
    """Probability of a written number given a slip: a digit replaced, two swapped, one lost or added.

    Parameters
    ----------
    written, true : ndarray of int64
        Numbers of equal or broadcastable shape; negative where there is none.
    """
    written, true = np.broadcast_arrays(written, true)
    answer = np.zeros(written.shape)
    where = np.nonzero((written >= 0) & (true >= 0) & (written != true))
    if not len(where[0]):
        return answer
    one, two = written[where], true[where]
    powers = 10 ** np.arange(_DIGITS, dtype=np.int64)
    digits_one, digits_two = (one[:, None] // powers) % 10, (two[:, None] // powers) % 10
    differ = digits_one != digits_two
    n_differ = differ.sum(axis=1)
    length = (two[:, None] >= powers).sum(axis=1)
    place = np.argmax(differ, axis=1)
    after = np.minimum(place + 1, _DIGITS - 1)
    row = np.arange(len(one))
    swapped = (
        (n_differ == 2)
        & differ[row, after]
        & (digits_one[row, place] == digits_two[row, after])
        & (digits_one[row, after] == digits_two[row, place])
    )
    value = np.where(n_differ == 1, _REPLACED / (_OTHERS * np.maximum(length, 1)), 0.0)
    value += np.where(swapped, _SWAPPED / np.maximum(length - 1, 1), 0.0)
    value += np.where(_one_struck(one, two, powers), _LENGTH / 2 / (10.0 * np.maximum(length, 1)), 0.0)
    value += np.where(_one_struck(two, one, powers), _LENGTH / 2 / np.maximum(length, 1), 0.0)
    answer[where] = value
    return answer


def _one_struck(longer: Ints, shorter: Ints, powers: Ints) -> np.ndarray:
    """Whether striking out one digit of the longer number leaves the shorter."""
    found = np.zeros(len(longer), dtype=bool)
    for power in powers.tolist():
        left = longer // (power * 10) * power + longer % power
        found |= (left == shorter) & (longer >= power) & (longer > shorter)
    return found
