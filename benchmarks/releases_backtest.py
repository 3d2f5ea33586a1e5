"""Backtest of what monitors will report later, campaigns left out whole, on counts that ship.

    OMP_NUM_THREADS=1 python benchmarks/releases_backtest.py            # the tables, from kept forecasts
    OMP_NUM_THREADS=1 python benchmarks/releases_backtest.py --fit      # the structural model anew
    OMP_NUM_THREADS=1 python benchmarks/releases_backtest.py --fit --campaign "Cuba, January 2025"
    OMP_NUM_THREADS=1 python benchmarks/releases_backtest.py --worlds 40
    OMP_NUM_THREADS=1 python benchmarks/releases_backtest.py --ablation          # each feature off, and alone
    OMP_NUM_THREADS=1 python benchmarks/releases_backtest.py --forecaster "growth elsewhere" --out -

From each report of a monitor, with what was known then and nothing later, a forecaster gives the distribution
of what the same monitor will have published for the same window on a later day. What is asked, and how
an answer is chosen, was written in docs/backtest.md before these figures; the parts are in `backtest/`.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from backtest import structural
from backtest.ablation import PARTS, ablation_lines
from backtest.candidates import (
    GROWTH,
    POOLS,
    SHAPE_NUMBERS,
    choose,
    failing,
    forecasts,
    pool_scores,
    single_scores,
)
from backtest.controls import control_lines
from backtest.learning import learn_shape
from backtest.scores import Score
from backtest.tables import (
    choice_table,
    covers_table,
    days_ahead,
    parts_table,
    pit_table,
    summary_table,
    target_table,
    write_csv,
)
from backtest.targets import ELSEWHERE, VENEZUELA, collection_of, every_target
from backtest.worlds import worlds_lines

from detcount.releases.forecasting.elsewhere import CAMPAIGNS
from detcount.releases.forecasting.members import GrowthShape

HERE = Path(__file__).parent / "results"
RESULTS = HERE / "releases_backtest.md"
STRUCTURAL = HERE / "releases_structural.csv"
SHAPES = HERE / "releases_growth.json"
WORLDS = HERE / "releases_worlds.md"
ABLATION = HERE / "releases_ablation.md"
EVERYTHING = "every campaign"


def fit(campaigns: Sequence[str]) -> None:
    """Forecast with the structural model, and keep it; other campaigns' forecasts stay."""
    wanted = [(t, known) for t, known in every_target() if not campaigns or t.campaign in campaigns]
    found = {**structural.read(STRUCTURAL), **structural.run(wanted)}
    order = [target.key for target, _ in every_target()]
    structural.write(STRUCTURAL, {key: found[key] for key in order if key in found})


def learn() -> None:
    """Learn the constants of growth elsewhere, on every campaign and with each left out."""
    known = every_target()
    found = {}
    for name in (None, *(one.name for one in CAMPAIGNS)):
        shape = learn_shape(known, name)
        found[name or EVERYTHING] = [shape.lasting, shape.offset, shape.smoothing]
    SHAPES.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


def shapes() -> dict[str, GrowthShape]:
    """The constants of growth elsewhere by the campaign left out."""
    stored = json.loads(SHAPES.read_text(encoding="utf-8"))
    return {name: GrowthShape(*constants) for name, constants in stored.items()}


def all_scores() -> tuple[list[Score], dict[str, int]]:
    """Scores of every candidate, and how many numbers each has learned."""
    known = every_target()
    said = forecasts(known, shapes(), structural.read(STRUCTURAL))
    scores = single_scores(known, said)
    learned = {GROWTH: SHAPE_NUMBERS}
    for pool in POOLS:
        scores += pool_scores(known, said, pool)
        learned[pool.name] = pool.learned_numbers
    return scores, learned


def in_page(scores: Sequence[Score], chosen: str) -> list[Score]:
    """The scores of single forecasters and of what was chosen."""
    singles = {score.forecaster for score in scores} - {pool.name for pool in POOLS}
    return [score for score in scores if score.forecaster in singles | {chosen}]


def of(scores: Sequence[Score], collection: str) -> list[Score]:
    """The scores of one collection."""
    return [score for score in scores if collection_of(score.target.campaign) == collection]


def result_lines(scores: Sequence[Score], learned: dict[str, int]) -> list[str]:
    """The text of the results."""
    chosen = choose(scores, learned)
    shown = in_page(scores, chosen)
    venezuela, elsewhere = of(shown, VENEZUELA), of(shown, ELSEWHERE)
    missed = failing(scores)
    first = [score for score in shown if score.forecaster == chosen]
    lines = [
        "# What monitors reported later, forecast from what was known",
        "",
        f"Written by `benchmarks/releases_backtest.py`. Python {platform.python_version()}, numpy "
        f"{np.__version__}, {platform.machine()}.",
        "",
        f"{len(first)} forecasts of {len({s.target.window for s in first})} targets in "
        f"{len({s.target.series for s in first})} series and {len(CAMPAIGNS)} campaigns. Scores are means "
        "over targets, each counted once however many reports it is forecast from. IS is the interval score, "
        "log IS that on log(1 + count); lower is better. S, G and O are the structural model, growth "
        "elsewhere and own increments.",
        "",
        f"Chosen by the rule: {chosen}."
        + (f" It fails: {', '.join(missed[chosen])}." if missed[chosen] else " It meets every condition."),
        "",
    ]
    for title, body in (
        ("Candidates", choice_table(scores, learned, missed)),
        ("Venezuela", summary_table(venezuela)),
        ("Elsewhere", summary_table(elsewhere)),
        ("By series, Venezuela", parts_table(venezuela, "series", lambda s: s.target.series)),
        ("By campaign, elsewhere", parts_table(elsewhere, "campaign", lambda s: s.target.campaign)),
        ("By days ahead", parts_table(shown, "days ahead", days_ahead)),
        ("Covers, series of Venezuela drawn again", covers_table(venezuela, lambda t: t.series)),
        ("Covers, campaigns drawn again", covers_table(shown, lambda t: t.campaign)),
        ("PIT, every target", pit_table(shown)),
        ("Controls: nothing more came", control_lines(shapes())),
        ("Every forecast, Venezuela", target_table(venezuela)),
        ("Every forecast, elsewhere", target_table(elsewhere)),
    ):
        lines += [f"## {title}", "", *body, ""]
    return lines


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--fit", action="store_true", help="forecast with the structural model anew")
    parser.add_argument("--learn", action="store_true", help="learn the constants of growth elsewhere anew")
    parser.add_argument("--campaign", action="append", default=[], help="with --fit: this campaign alone")
    parser.add_argument("--worlds", type=int, default=0, help="so many invented campaigns, instead of counts")
    parser.add_argument(
        "--ablation", nargs="*", choices=PARTS, help="each feature off, and alone, instead of counts"
    )
    parser.add_argument("--forecaster", action="append", default=[], help="this forecaster alone")
    parser.add_argument("--out", default=str(RESULTS), help="file to write, or - for the screen alone")
    options = parser.parse_args(arguments)
    if options.worlds:
        text = "\n".join(worlds_lines(options.worlds, options.forecaster))
        print(text)
        if options.out != "-":
            WORLDS.write_text(text, encoding="utf-8")
        return 0
    if options.ablation is not None:
        parts = options.ablation or PARTS
        text = "\n".join(ablation_lines(shapes(), parts))
        print(text)
        if options.out != "-" and tuple(parts) == PARTS:
            ABLATION.write_text(text, encoding="utf-8")
        return 0
    if options.learn:
        learn()
    if options.fit:
        fit(options.campaign)
        if options.campaign:
            return 0
    scores, learned = all_scores()
    if options.forecaster:
        scores = [score for score in scores if score.forecaster in options.forecaster]
        print("\n".join([*summary_table(scores), "", *target_table(scores)]))
        return 0
    lines = result_lines(scores, learned)
    print("\n".join(lines))
    if options.out != "-":
        path = Path(options.out)
        path.write_text("\n".join(lines), encoding="utf-8")
        write_csv(path.with_suffix(".csv"), in_page(scores, choose(scores, learned)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
