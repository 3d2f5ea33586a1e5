"""The structural model's forecasts: seconds a fit, so they are made once, in parts, and kept in a file."""

from __future__ import annotations

import csv
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backtest.scores import Distribution
from backtest.targets import Target
from detcount import releases
from detcount.errors import NotEstimableError
from detcount.published import PublishedReleases

N_LEVELS = 100  # quantiles kept, at (i + 1/2) / 100
LEVELS: NDArray[np.float64] = (np.arange(N_LEVELS) + 0.5) / N_LEVELS
COLUMNS = ("campaign", "series", "as_of", "latest", "on", "seconds")

Fit = Callable[[PublishedReleases], Any]


def default_fit(known: PublishedReleases) -> Any:
    """The model as it answers by itself, whatever is pooled with it."""
    return releases.ReleaseProcess(pooled=False).fit(known)


def forecast(fitted: Any, target: Target) -> NDArray[np.float64]:
    """Quantiles of what the model says of a target."""
    question = target.question
    count = fitted.nowcast(question.source, start=question.start, end=question.end, on=question.on)
    return Distribution.of(count).quantiles(LEVELS)


def run(
    wanted: Iterable[tuple[Target, PublishedReleases]], fit: Fit = default_fit
) -> dict[tuple[str, ...], tuple[float, NDArray[np.float64]]]:
    """Fit once for each report, and forecast each target: seconds of the fit, and quantiles."""
    fits: dict[str, tuple[float, Any]] = {}
    found = {}
    for target, known in wanted:
        if known.digest not in fits:
            started = time.process_time()
            try:
                fitted = fit(known)
            except NotEstimableError:
                fitted = None
            fits[known.digest] = (time.process_time() - started, fitted)
        seconds, fitted = fits[known.digest]
        if fitted is not None:
            found[target.key] = (seconds, forecast(fitted, target))
    return found


def read(path: Path) -> dict[tuple[str, ...], tuple[float, NDArray[np.float64]]]:
    """Forecasts kept in a file; none if there is no file."""
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        _, *rows = csv.reader(file)
    return {tuple(row[:5]): (float(row[5]), np.array(row[6:], dtype=np.float64)) for row in rows}


def write(path: Path, found: Mapping[tuple[str, ...], tuple[float, NDArray[np.float64]]]) -> None:
    """Keep forecasts in a file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([*COLUMNS, *(f"{level:.3f}" for level in LEVELS)])
        for key, (seconds, quantiles) in found.items():
            writer.writerow([*key, f"{seconds:.2f}", *(f"{value:.0f}" for value in quantiles)])
