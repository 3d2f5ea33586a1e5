"""Numbers of documents that one slip of a digit takes to each other."""

from __future__ import annotations

import numpy as np

from detcount._numerics.arrays import Floats, Ints

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
