"""The pairs whose answer would move the number of persons most, as a sheet for somebody to decide."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.arrays import Floats, Ints
from detcount._numerics.linkage.tabulated import mean_effects
from detcount.linkage.spreadsheets import write_table

_MOST_DRAWS = 200


@dataclass(frozen=True, eq=False)
class Worth:
    """What the answer to each pair is worth.

    Parameters
    ----------
    effect : ndarray of float64, shape (n_pairs,)
        By how many persons the estimate moves if the pair is one person rather than two.
    value : ndarray of float64, shape (n_pairs,)
        Standard deviation of the estimate, persons, that the answer takes away.
    """

    effect: Floats
    value: Floats


def gradient_of(
    codes: Ints, persons: Ints, wanted: Ints, estimate: Callable[[Ints, Ints], float | None]
) -> dict[int, float]:
    """What one person more with each history does to an estimate, by the code of the history."""
    base = estimate(codes, persons)
    if base is None:
        return dict.fromkeys(wanted.tolist(), 1.0)  # no estimate: the number of persons listed
    found: dict[int, float] = {}
    for code in wanted.tolist():
        more_codes, place = np.unique(np.append(codes, code), return_index=False, return_inverse=True)
        more = np.bincount(place, np.append(persons, 1)).astype(np.int64)
        there = estimate(more_codes, more)
        found[code] = 0.0 if there is None or not math.isfinite(there) else there - base
    return found


def worth_of_pairs(
    draws: Ints,
    list_of: Ints,
    counts: NDArray[np.bool_],
    first: Ints,
    second: Ints,
    probability: Floats,
    gradient: dict[int, float],
) -> Worth:
    """Value of information of each pair: the spread of the estimate that its answer explains.

    Were the pair known to be one person or two, the variance of the estimate would fall by
    p (1 - p) effect^2 on average, p being its probability.
    """
    some = draws[np.linspace(0, len(draws) - 1, min(len(draws), _MOST_DRAWS)).astype(np.int64)]
    effect = mean_effects(some, list_of, counts, first, second, gradient)
    return Worth(effect, np.sqrt(probability * (1 - probability)) * np.abs(effect))


def write_review(
    path: Path,
    lists: tuple[str, ...],
    rows: tuple[tuple[int, int, int, int], ...],
    probability: Floats,
    worth: Worth,
    evidence: dict[str, Floats],
    digests: tuple[tuple[str, str], ...],
    key: str,
    written: tuple[tuple[str, str], ...] | None,
) -> None:
    """Write pairs as a workbook, the most valuable first; `rows` are (list, row, list, row)."""
    names = ("what_a", "what_b") if written is not None else ()
    head = (
        *("decision", "list_a", "row_a", "list_b", "row_b", *names, "probability", "effect", "value"),
        *evidence,
        *("digest_a", "digest_b", "key"),
    )
    lines = []
    for k, (list_a, row_a, list_b, row_b) in enumerate(rows):
        told = () if written is None else written[k]
        numbers = (probability[k], worth.effect[k], worth.value[k])
        fields = (round(float(values[k]), 2) for values in evidence.values())
        where = (lists[list_a], row_a, lists[list_b], row_b)
        lines.append(("", *where, *told, *(round(float(x), 3) for x in numbers), *fields, *digests[k], key))
    widths = [12, 16, 8, 16, 8, *(40 for _ in names), 11, 9, 9, *(11 for _ in evidence), 34, 34, 18]
    write_table(path, head, lines, widths)
