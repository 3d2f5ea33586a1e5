"""Speed of the log-linear engine, as a ratio to a plain loop of statsmodels fits in the same run.

Run it alone on a quiet machine, one thread: ``OMP_NUM_THREADS=1 python benchmarks/loglinear.py``. Figures
are CPU seconds. The loop is timed on every so many-th model or table and scaled up, which the table
says; the rest is timed whole, the best of three runs.
"""

from __future__ import annotations

import sys
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from detcount import datasets
from detcount._numerics.existence import existence_codes, extended_support
from detcount._numerics.patterns import all_hierarchical, from_generators, parse_formula
from detcount._numerics.poisson import fit_hierarchical

RESULTS = Path(__file__).parent / "results" / "loglinear.md"
EVERY_MODEL = 40
EVERY_TABLE = 20
N_RESAMPLES = 1000
RUNS = 3


@dataclass(frozen=True)
class Row:
    """A line of the table."""

    task: str
    fits: int
    seconds: float
    loop: float | None = None
    loop_share: str = ""

    def markdown(self) -> str:
        each = f"{1e6 * self.seconds / self.fits:,.1f}"
        if self.loop is None:
            return f"| {self.task} | {self.fits:,} | {self.seconds:.3f} | {each} | | | |"
        ratio = f"{self.loop / self.seconds:,.0f}"
        return (
            f"| {self.task} | {self.fits:,} | {self.seconds:.3f} | {each} | {self.loop:,.1f} "
            f"| {self.loop_share} | {ratio} |"
        )


def main() -> None:
    """Time, print and write the table."""
    rows = [*every_model("ukdat_5"), *every_model("western"), *every_model("kosovo"), *bootstraps()]
    lines = [
        "| task | fits | CPU s | us a fit | statsmodels loop, CPU s | loop timed on | ratio |",
        "|---|---|---|---|---|---|---|",
        *(row.markdown() for row in rows),
    ]
    text = "\n".join(lines) + "\n"
    sys.stdout.write(text)
    RESULTS.write_text("# Log-linear engine\n\n" + (__doc__ or "").strip() + "\n\n" + text)


def every_model(name: str) -> list[Row]:
    """Existence and fits, with variances, of every hierarchical model of one table."""
    counts = _cells(name)
    models = all_hierarchical(len(counts).bit_length() - 1)
    codes = existence_codes(models, counts)
    some = np.flatnonzero(codes == 0)[::EVERY_MODEL]
    loop = _cpu(lambda: [_statsmodels(models[place], counts) for place in some], runs=1)
    n_ok = int((codes == 0).sum())
    return [
        Row(f"{name}: existence codes", len(models), _cpu(lambda: existence_codes(models, counts))),
        Row(
            f"{name}: existence, fit and variance",
            len(models),
            _cpu(lambda: fit_hierarchical(models, counts)),
            loop * n_ok / len(some),
            f"{len(some)} of the {n_ok:,} that can be fitted",
        ),
    ]


def bootstraps() -> list[Row]:
    """One model, and every model, in resampled tables of Kosovo."""
    counts = _cells("kosovo")
    tables = np.random.default_rng(0).multinomial(4400, counts / counts.sum(), size=N_RESAMPLES).astype(float)
    model = from_generators(parse_formula("[123,14,34]", 4), 4)
    start = fit_hierarchical(model, counts).coefficients[0]
    some = tables[::EVERY_TABLE]
    loop = _cpu(lambda: [_statsmodels(model, table) for table in some], runs=1) * N_RESAMPLES / len(some)
    share = f"{len(some)} of {N_RESAMPLES:,} tables"
    models = all_hierarchical(4)
    all_models = np.tile(models, (N_RESAMPLES, 1))
    all_tables = np.repeat(tables, len(models), axis=0)
    return [
        Row(
            "kosovo [123,14,34]: resamples, warm start",
            N_RESAMPLES,
            _cpu(lambda: fit_hierarchical(model, tables, start=start, with_variance=False)),
            loop,
            share,
        ),
        Row(
            "kosovo, every model: resamples",
            len(all_models),
            _cpu(lambda: fit_hierarchical(all_models, all_tables, with_variance=False), runs=1),
            loop * len(models),
            f"{share}, one model",
        ),
    ]


def _cells(name: str) -> NDArray[np.float64]:
    """Persons by code, the unseen cell in front."""
    return np.concatenate([[0.0], datasets.load(name).dense().astype(np.float64)])


def _statsmodels(model: NDArray[np.bool_], counts: NDArray[np.float64]) -> float:
    """Extended maximum of one model by a generalised linear model of the cells and terms kept."""
    import statsmodels.api as sm

    terms, kept, _ = extended_support(model, counts)
    codes, cells = np.flatnonzero(terms[0]), np.flatnonzero(kept[0])
    design = (codes & ~cells[:, None] == 0).astype(np.float64)
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        return float(sm.GLM(counts[cells], design, family=sm.families.Poisson()).fit().params[0])


def _cpu(task: Callable[[], object], runs: int = RUNS) -> float:
    """Least CPU seconds of a few runs, imports paid before."""
    import statsmodels.api  # noqa: F401  so that no run pays for it

    found = []
    for _ in range(runs):
        start = time.process_time()
        task()
        found.append(time.process_time() - start)
    return min(found)


if __name__ == "__main__":
    main()
