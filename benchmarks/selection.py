"""Selection repeated in a thousand bootstrap resamples: CPU time, beside a plain loop of statsmodels fits.

    OMP_NUM_THREADS=1 python benchmarks/selection.py            # writes benchmarks/results/selection.md
    OMP_NUM_THREADS=1 python benchmarks/selection.py --out -

Time is CPU time, the least of three runs (of one where it is long), for the whole of `fit`: candidates,
point, resamples, jackknife. The loop fits the same candidates with statsmodels' GLM, one pair of model and
resample at a time, in the same process; it is timed on a sample of pairs and scaled to all of them, without
the existence checks, the selection and the jackknife that `fit` does besides.
"""

from __future__ import annotations

import argparse
import platform
import time
import warnings
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import numpy as np

from detcount import CaptureTable, abundance, datasets
from detcount._numerics.monte_carlo import multinomial_resamples
from detcount._numerics.patterns import all_hierarchical
from detcount._numerics.poisson import fit_hierarchical

RESULTS = Path(__file__).parent / "results" / "selection.md"
N_RESAMPLES = 1000
N_PAIRS = 300  # pairs of model and resample in the timed part of the loop
N_RUNS = 3

# name, estimator, models in the loop (None: no loop), most CPU seconds, CPU seconds of the R package in R 4.5
SelectedLogLinear, AveragedLogLinear = abundance.SelectedLogLinear, abundance.AveragedLogLinear
StepwiseLogLinear = abundance.StepwiseLogLinear
CASES = [
    ("kosovo", SelectedLogLinear(), 113, 5.0, "15.7 (20 models)"),
    ("ukdat_5", SelectedLogLinear(), 100, 10.0, "96.2"),
    ("ukdat_5", SelectedLogLinear(n_top=6893), None, None, ""),
    ("ukdat", SelectedLogLinear(), None, None, ""),
    ("neworl", SelectedLogLinear(), None, None, ""),
    ("kosovo", AveragedLogLinear(), None, None, ""),
    ("ukdat_5", AveragedLogLinear(), None, None, ""),
    ("kosovo", StepwiseLogLinear(), None, None, "23.0"),
    ("ukdat_5", StepwiseLogLinear(), None, None, "48.5"),
    ("ukdat", StepwiseLogLinear(), None, None, "145.5"),
    ("neworl", StepwiseLogLinear(), None, None, "658.5"),
    ("ned", StepwiseLogLinear(), None, None, "164.4"),
]


def least(function: Callable[[], object], runs: int = N_RUNS) -> float:
    """CPU seconds, the least of some runs."""
    times = []
    for _ in range(runs):
        start = time.process_time()
        function()
        times.append(time.process_time() - start)
    return min(times)


def loop_seconds(table: CaptureTable, n_top: int) -> float:
    """CPU seconds of the plain loop over all pairs, scaled from some of them."""
    import statsmodels.api as sm

    n_codes = 1 << table.n_lists
    cells = np.zeros(n_codes)
    cells[1:] = table.dense()
    models = all_hierarchical(table.n_lists)
    fits = fit_hierarchical(models, cells, with_variance=False)
    values = np.where(fits.code == 0, fits.bic(table.n_observed), np.inf)
    top = np.argsort(values, kind="stable")[:n_top]
    codes = np.arange(1, n_codes)
    designs = []
    for j in top:
        terms = np.flatnonzero(models[j])
        designs.append(((codes[:, None] & terms) == terms).astype(float))
    resamples = np.zeros((N_RESAMPLES, n_codes))
    resamples[:, table.codes.astype(np.int64)] = multinomial_resamples(table.counts, N_RESAMPLES, 0)
    rng = np.random.default_rng(0)
    pairs = list(zip(rng.integers(n_top, size=N_PAIRS), rng.integers(N_RESAMPLES, size=N_PAIRS), strict=True))

    def loop() -> None:
        for j, r in pairs:
            sm.GLM(resamples[r, 1:], designs[j], family=sm.families.Poisson()).fit()

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # empty overlaps: the loop walks to the boundary
        loop()  # imports and caches
        return least(loop, 1) / N_PAIRS * n_top * N_RESAMPLES


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", default=str(RESULTS), help="file to write, or - for the screen alone")
    arguments = parser.parse_args()
    lines = [
        "# Selection repeated in 1,000 bootstrap resamples",
        "",
        f"Written by `benchmarks/selection.py`. Python {platform.python_version()}, numpy {np.__version__}, "
        f"statsmodels {metadata.version('statsmodels')}, {platform.machine()}, CPU seconds, the least of "
        f"{N_RUNS} runs, the whole of `fit` with its jackknife. The loop of statsmodels GLM fits is timed on "
        f"{N_PAIRS} pairs of model and resample in the same run and scaled to all. The last column is what "
        "MultipleSystemsEstimation 1.2.0 takes for the same in R 4.5, on another day.",
        "",
        "| table | estimator | CPU s | at most | statsmodels loop, CPU s | ratio | R package, CPU s |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, estimator, n_top, most, package in CASES:
        table = datasets.load(name)
        seconds = least(
            lambda estimator=estimator, table=table: estimator.fit(table),
            1 if "6893" in repr(estimator) else N_RUNS,
        )
        loop = loop_seconds(table, n_top) if n_top else None
        limit = "" if most is None else f"{most:g}"
        beside = "| " if loop is None else f"{loop:,.0f} | {loop / seconds:,.0f}"
        lines.append(f"| {name} | `{estimator!r}` | {seconds:.2f} | {limit} | {beside} | {package} |")
        print(lines[-1], flush=True)
        if most is not None and seconds > most:
            print(f"{name}: {seconds:.1f} s, above the {most:g} s aimed for")
    text = "\n".join(lines) + "\n"
    if arguments.out != "-":
        Path(arguments.out).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
