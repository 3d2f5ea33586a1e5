"""Forecasts of published totals of persons held, over every series that ships: error, cover, pinball.

``python benchmarks/stock_forecasts.py`` prints the scores by series and, each series once, over all of them.
It writes ``results/stock_forecasts.md``: by series and forecaster, each forecast counted once.
"""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
from registers import LocalLevel, LocalLinearTrend, RegisterPool

from detcount import datasets, stock
from detcount.data.published import PublishedStock
from detcount.stock.forecasts import LastValue

# name, source, days with totals known at the first origin
SERIES = {
    "Venezuela 2024-26": ("venezuela_stock", "Foro Penal", 9),
    "Venezuela 2017-22": ("venezuela_stock_2017", "Foro Penal", 5),
    "Myanmar": ("myanmar_stock", "AAPP", 5),
    "Nicaragua": ("nicaragua_stock", "Mecanismo", 5),
    "Palestine": ("palestine_stock", "HaMoked", 5),
    "England and Wales": ("england_wales_stock", "MoJ", 9),
}
COLUMNS = ("error", "cover_80", "cover_95", "width_80", "pinball")
RESULTS = Path(__file__).parent / "results" / "stock_forecasts.md"
STORED = ("error", "cover_80", "cover_95", "pinball")


def totals(name: str) -> tuple[PublishedStock, int]:
    """The totals of one source, and how many have to be known."""
    dataset, source, least = SERIES[name]
    return datasets.load(dataset).select(source=source, role="verified"), least


def scores(forecasters: tuple[LastValue, ...], names: tuple[str, ...]) -> dict[str, list[dict]]:
    """Scores of every series."""
    found = {}
    for name in names:
        published, least = totals(name)
        done = (stock.backtest_register(published, each, least=least) for each in forecasters)
        found[name] = [row for each in done for row in each.scores()]
    return found


def stored(found: dict[str, list[dict]]) -> str:
    """The table that is stored: by series and forecaster, over the next three totals together."""
    lines = [
        "# Forecasts of the next three totals, each forecast once (`python benchmarks/stock_forecasts.py`)\n",
        "| series | forecaster | totals scored | error | at 80% | at 95% | pinball loss |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, rows in found.items():
        for forecaster in dict.fromkeys(row["forecaster"] for row in rows):
            own = [row for row in rows if row["forecaster"] == forecaster]
            weights = [row["n"] for row in own]
            means = (np.average([row[column] for row in own], weights=weights) for column in STORED)
            shown = " | ".join(f"{value:.4f}" for value in means)
            lines.append(f"| {name} | `{forecaster}` | {sum(weights)} | {shown} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Print the tables, and write what is stored."""
    forecasters = (
        RegisterPool(),
        LocalLinearTrend(),
        LocalLevel(),
        LocalLevel(burst=None),
        stock.LastValue(),
    )
    begun = time.process_time()
    found = scores(forecasters, tuple(SERIES))
    print(f"{time.process_time() - begun:.1f} s of CPU time\n")
    RESULTS.write_text(stored(found), encoding="utf-8")
    print("series | forecaster | ahead | n |", " | ".join(COLUMNS))
    for name, rows in found.items():
        for row in rows:
            shown = " | ".join(f"{row[column]:.3f}" for column in COLUMNS)
            print(name, "|", row["forecaster"], "|", row["ahead"], "|", row["n"], "|", shown)
    print("\neach series once")
    for forecaster in map(repr, forecasters):
        for ahead in (1, 2, 3):
            rows = [
                r
                for rows in found.values()
                for r in rows
                if (r["forecaster"], r["ahead"]) == (forecaster, ahead)
            ]
            shown = " | ".join(f"{np.mean([row[column] for row in rows]):.3f}" for column in COLUMNS)
            print("all |", forecaster, "|", ahead, "|", len(rows), "series |", shown)


if __name__ == "__main__":
    main()
