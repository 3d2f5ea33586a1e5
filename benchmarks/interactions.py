"""Interactions learned from populations of known size: CPU seconds, against one table at a time in SciPy.

    OMP_NUM_THREADS=1 python benchmarks/interactions.py

Prints a table and writes benchmarks/results/interactions.md. The baseline finds every mode by
`scipy.optimize.minimize` with the gradient, as one would write it first; it is timed on 40 of the modes
that a fit needs and scaled to all. Largest difference: between the two in the log evidence of these.
"""

from __future__ import annotations

import time
from pathlib import Path
from unittest import mock

import numpy as np
from scipy.optimize import minimize
from scipy.special import gammaln

from detcount import calibration, datasets
from detcount._numerics.interactions import FittedSizes, Sizes, _prior, log_evidence
from detcount._numerics.unlisted import unlisted
from detcount.calibration.dependence import cells, learned_anew

RESULT = Path(__file__).parent / "results" / "interactions.md"
TABLES = ("korea", "kosovo", "western", "ukdat", "neworl")
TIMED = 40
REPEATS = 3


def plain_evidence(counts: np.ndarray, sizes: Sizes) -> float:
    """Laplace's method for one table."""
    shape, precision, half = _prior(len(counts).bit_length() - 1, sizes)
    mean = np.log(counts.sum()) + shape

    def objective(logs: np.ndarray) -> tuple[float, np.ndarray]:
        means, away = np.exp(logs), logs - mean
        pull = precision @ away
        return -(counts @ logs - means.sum()) + 0.5 * away @ pull, -(counts - means) + pull

    found = minimize(objective, np.log(counts + 0.5), jac=True, method="BFGS", options={"gtol": 1e-7})
    curvature = np.linalg.slogdet(precision + np.diag(np.exp(found.x)))[1]
    return -found.fun - gammaln(counts + 1).sum() + half - 0.5 * curvature


def best_of(function) -> float:
    """CPU seconds of the quickest of some runs."""
    seconds = []
    for _ in range(REPEATS):
        start = time.process_time()
        function()
        seconds.append(time.process_time() - start)
    return min(seconds)


def count_modes(counts: np.ndarray, learned: FittedSizes) -> int:
    """How many whole tables a posterior is read from."""
    seen = []

    def counted(tables, *rest):
        seen.append(len(tables))
        return log_evidence(tables, *rest)

    with mock.patch("detcount._numerics.unlisted.log_evidence", counted):
        unlisted(counts, learned)
    return sum(seen)


def main() -> None:
    training = calibration.training_cases().of_more_lists
    learning = best_of(lambda: learned_anew.__wrapped__(training))
    learned = learned_anew(training).learned
    lines = [
        "# Interactions: CPU seconds",
        "",
        f"One thread. Learning from the {len(training.cases)} training cases: {learning:.2f} s.",
        "",
        "| table | lists taken | modes | CPU s | one at a time / ours | largest difference |",
        "|:---|---:|---:|---:|---:|---:|",
    ]
    for name in TABLES:
        counts = cells(datasets.load(name))
        ours = best_of(lambda counts=counts: unlisted(counts, learned))
        n_modes = count_modes(counts, learned)
        grid = counts[1:].sum() * np.geomspace(0.1, 50, TIMED)
        start = time.process_time()
        plain = []
        for n_unlisted in grid:
            table = counts.copy()
            table[0] = n_unlisted
            plain.append(plain_evidence(table, learned.sizes))
        baseline = (time.process_time() - start) * n_modes / TIMED
        whole = np.tile(counts, (TIMED, 1))
        whole[:, 0] = grid
        apart = np.abs(log_evidence(whole, learned.sizes, whole.sum(axis=1)) - plain).max()
        n_lists = len(counts).bit_length() - 1
        lines.append(
            f"| {name} | {n_lists} | {n_modes:,} | {ours:.3f} | {baseline / ours:,.0f} | {apart:.0e} |"
        )
    text = "\n".join(lines) + "\n"
    RESULT.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
