"""How much each prior of the linkage moves: halved and doubled, one at a time, on invented lists.

    OMP_NUM_THREADS=1 python benchmarks/linkage_numbers.py          # all; writes results/linkage_numbers.md
    OMP_NUM_THREADS=1 python benchmarks/linkage_numbers.py copies   # these numbers, on the screen alone

Counts of a distribution and log odds are multiplied. Shares that add up to 1 are raised to a power and
divided by their sum, which evens them out or sharpens them. Of errors all but the last part are multiplied.
"""

from __future__ import annotations

import dataclasses
import json
import os
import sys
from pathlib import Path
from typing import Any

import numpy as np

from detcount._numerics.linkage.settings import PRIORS

RESULTS = Path(__file__).parent / "results" / "linkage_numbers.md"
FACTORS = (0.5, 2.0)
HEAD = """# Priors of the linkage, halved and doubled

Written by `benchmarks/linkage_numbers.py`; how each is changed is said there. Two systems of invented lists:
150 persons with hard names, few documents and some second arrests; 200 persons with documents and many
mistakes. Each cell is the largest change over both: of F1, of the number of persons, and of the limits of the
95% interval.

"""


def changed(name: str, factor: float) -> Any:
    """A number of `Priors`, halved or doubled."""
    value = getattr(PRIORS, name)
    if name == "field_errors":
        return tuple((field, (*(factor * part for part in shape[:-1]), shape[-1])) for field, shape in value)
    if name == "word_errors":
        errors = [(kind, factor * mean) for kind, mean in value[1:]]
        return ((value[0][0], 1.0 - sum(mean for _, mean in errors)), *errors)
    if name == "name_splits":
        return tuple(sharpened(shares, factor) for shares in value)
    if name == "lag_stays":  # probabilities, by their odds
        return tuple(factor * p / (1.0 - p + factor * p) for p in value)
    if isinstance(value, tuple):
        return sharpened(value, factor) if abs(sum(value) - 1.0) < 1e-9 else tuple(factor * v for v in value)
    return type(value)(round(factor * value)) if isinstance(value, int) else bounded(value, factor)


def sharpened(shares: tuple[float, ...], factor: float) -> tuple[float, ...]:
    """Shares raised to a power, which add up to 1."""
    raised = np.array(shares) ** factor
    return tuple((raised / raised.sum()).tolist())


def bounded(value: float, factor: float) -> float:
    """A number multiplied; a probability above one half by its complement."""
    return 1.0 - (1.0 - value) / factor if 0.5 < value < 1.0 else factor * value


def figures(name: str, factor: float) -> list[list[float]]:
    """F1, persons and limits of both systems, with one number changed, in a process of its own."""
    out, into = os.pipe()
    child = os.fork()
    if child == 0:
        if name:
            object.__setattr__(PRIORS, name, changed(name, factor))
        os.write(into, json.dumps(linked()).encode())
        os._exit(0)
    os.close(into)
    with os.fdopen(out) as answer:
        text = answer.read()
    os.waitpid(child, 0)
    return json.loads(text)


def linked() -> list[list[float]]:
    """Link both systems; imported here, so that what modules derive from priors follows."""
    from detcount import linkage, simulate

    kinds = [("a", 0.45), ("b", 0.40), ("c", 0.30)]
    lists = tuple(
        simulate.WrittenList(name=name, share=share, documents_missing=0.9, birth="none")
        for name, share in kinds
    )
    mistakes = simulate.Mistakes(words=0.1, documents=0.05, days=0.15)
    found = []
    for options in (
        {"population": 150, "pool": "narrow", "again": 0.05, "lists": lists, "seed": 8801},
        {"population": 200, "relatives": 0.1, "mistakes": mistakes, "seed": 8802},
    ):
        invented = simulate.name_lists(**options)
        answer = linkage.link(linkage.read_lists(invented.frames), n_draws=400)
        people = [len(np.unique(draw)) for draw in answer.draws]
        low, high = np.quantile(people, [0.025, 0.975]).tolist()
        found.append([answer.measure(invented.truth.to_frame()).f1.point, answer.n_persons, low, high])
    return found


def main(names: list[str]) -> None:
    """Change each number, and write what moves."""
    base = np.array(figures("", 1.0))
    lines = ["| number | F1 | persons | limits |", "|---|---:|---:|---:|"]
    for name in names or [field.name for field in dataclasses.fields(PRIORS)]:
        moved = np.max(
            [np.abs(np.array(figures(name, factor)) - base).max(axis=0) for factor in FACTORS], axis=0
        )
        lines.append(f"| {name} | {moved[0]:.4f} | {moved[1]:.0f} | {moved[2:].max():.0f} |")
        sys.stderr.write(lines[-1] + "\n")
    text = HEAD + "\n".join(lines) + "\n"
    if names:
        sys.stdout.write(text)
    else:
        RESULTS.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
