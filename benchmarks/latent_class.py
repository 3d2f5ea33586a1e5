"""Effective draws of log N per CPU second: trajectories with N integrated out, against plain Gibbs.

Run ``python benchmarks/latent_class.py``; it prints a table and writes benchmarks/results/latent_class.md.
Plain Gibbs is the published sampler of the model, in the same language and with the same 32 chains. Its
chains start where the trajectories ended, so that it is not charged for the way to the posterior.
"""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np

from detcount import datasets
from detcount._numerics import latent_class as lc
from detcount._numerics.convergence import effective_sample_size, split_r_hat

_TABLES = ("kosovo", "hare", "western", "neworl")
_RESULT = Path(__file__).parent / "results" / "latent_class.md"


def _measure(name: str) -> str:
    table = datasets.load(name)
    data = lc.ClassData.of(table.histories, table.counts, n_classes=10, shape=0.25, rate=0.25)
    random = np.random.default_rng(1)
    state = lc.initial_state(data, 32, random)
    start = time.process_time()
    state, step = lc.warm_up(data, state, random, n_sweeps=300, n_trajectories=300)
    warm = time.process_time() - start
    rates, medians, agreement = [], [], []
    for sampler in ("trajectories", "gibbs"):
        start = time.process_time()
        if sampler == "trajectories":
            _, unseen = lc.sample(data, state, step, 1_000, random)
        else:
            _, unseen = lc.sample_plain(data, state, 12_000, random)
        seconds = time.process_time() - start
        values = np.log(table.n_observed + unseen)
        rates.append(effective_sample_size(values) / seconds)
        medians.append(float(np.exp(np.median(values))))
        agreement.append(split_r_hat(values))
    return (
        f"| {name} | {warm:.1f} | {rates[0]:,.0f} | {rates[1]:,.0f} | {rates[0] / rates[1]:.1f} | "
        f"{medians[0]:,.0f} / {medians[1]:,.0f} | {agreement[0]:.3f} / {agreement[1]:.3f} |"
    )


def main() -> None:
    lines = [
        "# Latent classes: effective draws of log N per CPU second",
        "",
        "One thread. LCMCR 0.4.14 (C++), measured elsewhere on the Kosovo table: 137.",
        "",
        "| table | warm-up, CPU s | trajectories | plain Gibbs | ratio | median N | R-hat |",
        "|:---|---:|---:|---:|---:|---:|---:|",
        *(_measure(name) for name in _TABLES),
        "",
    ]
    text = "\n".join(lines)
    print(text)
    _RESULT.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
