"""Latent classes beside LCMCR and plain Gibbs sweeps: seconds to an answer, effective draws per second.

Run ``python benchmarks/latent_class.py``; it prints a table and writes benchmarks/results/latent_class.md.
Everything of `LatentClass` counts: annealing, looks at the chains, draws. Plain Gibbs is the published
sampler of the model in the same language, in the same run, with 32 chains that start where an annealing
ended, so that it is not charged for the way to the posterior. LCMCR is not run here: its seconds were
measured once on another machine, a cold process with one chain of 110,000 sweeps and no check of it.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from detcount import datasets
from detcount._numerics import latent_class as lc
from detcount._numerics.monte_carlo import effective_sample_size
from detcount.abundance.latent_class import LatentClass, LatentClassDetail
from detcount.errors import ConvergenceError

_TABLES = ("kosovo", "diabetes", "ukdat", "ned_5", "hare", "western", "neworl")
_LCMCR = {"kosovo": (1.9, 132), "diabetes": (1.6, 25), "ukdat": (2.1, 3)}
_RESULT = Path(__file__).parent / "results" / "latent_class.md"
_SWEEPS = 3_000
_COLD = """
import time
from detcount import datasets
from detcount.abundance import LatentClass
from detcount.errors import ConvergenceError
try:
    LatentClass(min_effective_size={asked}).fit(datasets.load({name!r}))
except ConvergenceError:
    pass
print(time.process_time())
"""


def _cold(name: str, asked: int) -> float:
    """CPU seconds of a process that does nothing else, the least of two."""
    script = [sys.executable, "-c", _COLD.format(name=name, asked=asked)]
    return min(float(subprocess.run(script, capture_output=True, check=True).stdout) for _ in range(2))


def _measure(name: str) -> str:
    table = datasets.load(name)
    start = time.process_time()
    try:
        estimate = LatentClass().fit(table, seed=1)
        answer = f"{estimate.point:,.0f}"
    except ConvergenceError as declined:
        estimate, answer = declined.last, "declined"
    seconds = time.process_time() - start
    detail = estimate.detail
    assert isinstance(detail, LatentClassDetail)
    rate = detail.effective_sample_size / seconds
    data = lc.ClassData.of(table.histories, table.counts, n_classes=detail.n_classes, shape=0.25, rate=0.25)
    random = np.random.default_rng(1)
    way = lc.anneal(data, 4, 8, n_moves=2, share=0.5, random=random)
    start = time.process_time()
    _, unseen = lc.sample_plain(data, way.state, _SWEEPS, random)
    plain = effective_sample_size(np.log(table.n_observed + unseen)) / (time.process_time() - start)
    lcmcr = _LCMCR.get(name)
    return (
        f"| {name} | {_cold(name, 1_000):.1f} | {_cold(name, 400):.1f} | {lcmcr[0] if lcmcr else '-'} | "
        f"{seconds:.2f} | {detail.r_hat:.3f} | {detail.effective_sample_size:,.0f} | {rate:,.0f} | "
        f"{plain:,.0f} | {rate / plain:.1f} | {lcmcr[1] if lcmcr else '-'} | {answer} |"
    )


def main() -> None:
    lines = [
        "# Latent classes: CPU seconds to an answer, and effective draws of log N per CPU second",
        "",
        "One thread. Cold: a process that imports the library, fits and ends, 1,000 (the default) or 400",
        "effective draws asked for. Rates are effective draws of log N for all seconds of the fit, of plain",
        "Gibbs for its sweeps alone. LCMCR 0.4.14 (C++) was measured on another machine.",
        "",
        "| table | cold, 1,000 | cold, 400 | LCMCR, cold | fit | R-hat | effective | rate "
        "| plain Gibbs | ratio | LCMCR | N |",
        "|:---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
        *(_measure(name) for name in _TABLES),
        "",
    ]
    text = "\n".join(lines)
    print(text)
    _RESULT.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
