"""Scores as Markdown and as CSV."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from backtest.scores import (
    MAIN,
    Score,
    averages,
    pit_histogram,
)
from backtest.targets import Target

COLUMNS = {
    "cover 50%": "cover 50%",
    "cover 80%": "cover 80%",
    "cover 95%": "cover 95%",
    "log interval score 80%": "log IS 80%",
    MAIN: "log IS 95%",
    "log crps": "log CRPS",
    "interval score 80%": "IS 80%",
    "interval score 95%": "IS 95%",
    "crps": "CRPS",
}
AHEAD = (("1", 1, 1), ("2-3", 2, 3), ("4-7", 4, 7), ("8 and more", 8, 10_000))
CSV_NAMES = (
    "forecaster", "campaign", "series", "as_of", "start", "end", "on", "latest", "at_least", "outcome",
)  # fmt: skip


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Lines of a table."""
    lines = ["| " + " | ".join(header) + " |", "|---" * len(header) + "|"]
    return lines + ["| " + " | ".join(row) + " |" for row in rows]


def summary_table(scores: Sequence[Score]) -> list[str]:
    """Averages over targets, a row a forecaster."""
    rows = [
        [name, *(f"{figures[key]:.{2 if 'log' in key or 'cover' in key else 1}f}" for key in COLUMNS)]
        for name, figures in averages(scores).items()
    ]
    return table(["forecaster", *COLUMNS.values()], rows)


def parts_table(scores: Sequence[Score], label: str, part: Callable[[Score], str]) -> list[str]:
    """The main score and the 95% cover by parts of the targets."""
    names = list(dict.fromkeys(score.forecaster for score in scores))
    rows = []
    for which in dict.fromkeys(part(score) for score in scores):
        own = [score for score in scores if part(score) == which]
        figures = averages(own)
        cells = [f"{figures[name][MAIN]:.2f}, {figures[name]['cover 95%']:.2f}" for name in names]
        n_windows = len({score.target.window for score in own})
        rows.append([which, str(n_windows), str(len(own) // len(names)), *cells])
    return table([label, "targets", "forecasts", *(f"{name}: log IS 95%, cover 95%" for name in names)], rows)


def days_ahead(score: Score) -> str:
    """Days ahead, in four groups."""
    return next(label for label, low, high in AHEAD if low <= score.target.days_ahead <= high)


def pit_table(scores: Sequence[Score]) -> list[str]:
    """Share of targets in each tenth of the forecast."""
    found = pit_histogram(scores)
    n_bins = len(next(iter(found.values())))
    header = ["forecaster", *(f"{10 * k}-{10 * k + 10}%" for k in range(n_bins))]
    return table(header, [[name, *(f"{share:.2f}" for share in shares)] for name, shares in found.items()])


def target_table(scores: Sequence[Score]) -> list[str]:
    """Every forecast: what was known, what came, and the 95% intervals."""
    names = list(dict.fromkeys(score.forecaster for score in scores))
    by_case: dict[Target, list[Score]] = {}
    for score in scores:
        by_case.setdefault(score.target, []).append(score)
    rows = []
    for target, own in by_case.items():
        cells = []
        for score in own:
            assert score.distribution is not None
            low, high = score.distribution.interval(0.95)
            cells.append(f"{low:.0f} to {high:.0f}{'' if low <= target.outcome <= high else ' **missed**'}")
        latest = f"{target.latest}{'+' if target.at_least else ''}"
        rows.append(
            [target.series, str(target.as_of), latest, str(target.question.on), str(target.outcome), *cells]
        )
    return table(["series", "as of", "latest", "on", "came", *(f"{name}, 95%" for name in names)], rows)


def write_csv(path: Path, scores: Iterable[Score]) -> None:
    """Every forecast with its figures."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        header: list[str] | None = None
        for score in scores:
            target = score.target
            if header is None:
                header = list(score.figures)
                writer.writerow([*CSV_NAMES, *header])
            writer.writerow(
                [
                    score.forecaster, target.campaign, target.series, target.as_of, target.question.start,
                    target.question.end, target.question.on, target.latest, target.at_least, target.outcome,
                    *(f"{score.figures[name]:.6g}" for name in header),
                ]
            )  # fmt: skip
