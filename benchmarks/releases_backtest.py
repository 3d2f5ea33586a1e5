"""What monitors reported later, forecast from what was known: counts that ship, and invented campaigns.

    OMP_NUM_THREADS=1 python benchmarks/releases_backtest.py            # writes results/ and docs/backtest.md
    OMP_NUM_THREADS=1 python benchmarks/releases_backtest.py --out -    # prints, and writes nothing

The rule of choice stands in docs/backtest.md, and was committed before its figures.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from backtest.forecasters import FORECASTERS, Case, answer, others
from backtest.scores import MAIN, Score, averages
from backtest.tables import days_ahead, parts_table, pit_table, summary_table, target_table, write_csv
from backtest.targets import ELSEWHERE, NINE_MONTHS, VENEZUELA, collection_of, every_target
from backtest.worlds import LOOKS, WORLDS, cases, worlds_table

HERE = Path(__file__).parent
RESULTS = HERE / "results" / "releases_backtest.md"
PAGE = HERE.parent / "docs" / "backtest.md"
N_CAMPAIGNS = 8  # invented, of each world


def counted() -> list[Score]:
    """Scores of every forecaster on the counts that ship, campaigns left out whole."""
    return [
        Score(name, target, answer(forecaster, Case(target, known, others(target.campaign))))
        for target, known in every_target()
        for name, forecaster in FORECASTERS.items()
    ]


def invented(n_campaigns: int) -> dict[tuple[str, str], list[Score]]:
    """Scores on invented campaigns by world and days ahead."""
    found: dict[tuple[str, str], list[Score]] = {}
    for world in WORLDS:
        for ahead, asked in cases(world, n_campaigns).items():
            found[world.name, f"{ahead} days"] = [
                Score(name, case.target, answer(forecaster, case))
                for case in asked
                for name, forecaster in FORECASTERS.items()
            ]
    return found


def of(scores: Sequence[Score], collection: str) -> list[Score]:
    """The scores of one collection."""
    return [score for score in scores if collection_of(score.target.campaign) == collection]


def choice_lines(scores: Sequence[Score], worlds: dict[tuple[str, str], list[Score]]) -> list[str]:
    """S short and S long of the rule, their mean, and both covers at 95%."""
    long = {
        ahead: [score for (_, days), own in worlds.items() if days == f"{ahead} days" for score in own]
        for ahead in LOOKS[1:]
    }
    parts = [averages(of(scores, name)) for name in (VENEZUELA, ELSEWHERE, NINE_MONTHS)]
    parts += [averages(own) for own in long.values()]
    covers = [
        averages([score for score in scores if collection_of(score.target.campaign) != NINE_MONTHS]),
        averages([*of(scores, NINE_MONTHS), *(score for own in long.values() for score in own)]),
    ]
    rows = []
    for name in FORECASTERS:
        s = [part[name][MAIN] for part in parts]
        short, lasting = sum(s[:2]) / 2, sum(s[2:]) / 3
        rows.append((short / 2 + lasting / 2, name, short, lasting, *(c[name]["cover 95%"] for c in covers)))
    lines = [
        "| candidate | S | S short | S long | cover, short | cover, long |",
        "|:---|---:|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {name} | {s:.2f} | {a:.2f} | {b:.2f} | {c:.2f} | {d:.2f} |"
        for s, name, a, b, c, d in sorted(rows)
    ]
    return lines


def result_lines(n_campaigns: int) -> tuple[dict[str, list[str]], list[Score]]:
    """The tables by title, and the scores of the counts that ship."""
    scores, worlds = counted(), invented(n_campaigns)
    found = {
        "Candidates": choice_lines(scores, worlds),
        "Venezuela": summary_table(of(scores, VENEZUELA)),
        "Elsewhere": summary_table(of(scores, ELSEWHERE)),
        "Cuba, July 2010": summary_table(of(scores, NINE_MONTHS)),
        "Invented campaigns": worlds_table(worlds),
        "By series, Venezuela": parts_table(of(scores, VENEZUELA), "series", lambda s: s.target.series),
        "By campaign, elsewhere": parts_table(of(scores, ELSEWHERE), "campaign", lambda s: s.target.campaign),
        "By days ahead": parts_table(scores, "days ahead", days_ahead),
        "PIT, every target": pit_table(scores),
        "Every forecast": target_table([s for s in scores if s.forecaster in ("growth elsewhere", "pool")]),
    }
    return found, scores


def write_page(tables: dict[str, list[str]]) -> None:
    """The tables of the page, between their marks."""
    text = PAGE.read_text(encoding="utf-8")
    for title, body in tables.items():
        mark = f"<!-- {title} -->"
        if mark in text:
            before, rest = text.split(mark)
            after = rest.split("<!-- end -->", 1)[1]
            text = "\n".join([before + mark, "", *body, "", "<!-- end -->" + after])
    PAGE.write_text(text, encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    """Forecast, score, and write or print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--campaigns", type=int, default=N_CAMPAIGNS)
    parser.add_argument("--out", choices=["-"], help="print, and write nothing")
    options = parser.parse_args(arguments)
    tables, scores = result_lines(options.campaigns)
    lines = ["# What monitors reported later, forecast from what was known", ""]
    for title, body in tables.items():
        lines += [f"## {title}", "", *body, ""]
    print("\n".join(lines))
    if options.out != "-":
        RESULTS.write_text("\n".join(lines), encoding="utf-8")
        write_csv(RESULTS.with_suffix(".csv"), scores)
        write_page(tables)
    return 0


if __name__ == "__main__":
    sys.exit(main())
