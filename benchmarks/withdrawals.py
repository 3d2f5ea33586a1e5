"""Withdrawals to come: invented histories of lists, with the next version kept aside.

The rule, written before any figure: each history has 1 to 6 sources of 50 to 20,000 entries, 2 to 12 steps,
and one step more, which is the truth. Rows are those of `quality.Withdrawals`, each source and all. Beside
its limits stand the least and the largest share of the row's own past steps. Scores are interval scores at
80% of the share withdrawn, summed over the rows of a kind. Asked: a ratio of at most 1.2 in each kind, and
no 95% limits wider than 0.9 of the entries. Cover is said at both levels, and is not asked. Kinds in `SEEN`
may set numbers of the law; those in `UNSEEN` judge it, once.

    python benchmarks/withdrawals.py seen|unseen|published [HISTORIES] >> benchmarks/results/withdrawals.md

`published` reads the two published steps of one list and keeps none aside: it says the limits alone.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from detcount import quality

SEEDS = {"seen": 1205, "unseen": 3011}
PUBLISHED = Path(__file__).parents[1] / "tests" / "reference" / "data" / "gaza_list_versions_transitions.csv"
Shares = Callable[[np.random.Generator, np.ndarray, int], np.ndarray]


def _calm(rng, days, sources, spread=0.5):
    """Shares of calm steps: a level of each source, and a deviation of each step of it."""
    level = rng.normal(np.log(rng.uniform(0.002, 0.03)), rng.uniform(0, 1), sources)
    return np.exp(level + spread * rng.standard_normal((len(days), sources)))


def _purged(rng, days, sources, common, least=0.05, most=0.4, rate=0.15):
    """Calm steps, some of which are purges: of all sources, or of each by itself."""
    shares = _calm(rng, days, sources)
    hit = rng.random((len(days), 1 if common else sources)) < rate
    return np.where(hit, np.maximum(shares, rng.uniform(least, most, shares.shape)), shares)


def _by_days(rng, days, sources):
    """A rate a day, constant, and versions that come after very different times."""
    rates = np.exp(rng.normal(np.log(rng.uniform(5e-5, 1e-3)), 0.5, sources))
    return -np.expm1(-rates * days[:, None])


def _audits(rng, days, sources):
    """Every third step is an audit of all sources."""
    shares, large = _calm(rng, days, sources, 0.3), rng.uniform(0.03, 0.25)
    audited = (np.arange(len(days)) + rng.integers(3)) % 3 == 0
    return np.where(audited[:, None], large * rng.uniform(0.6, 1.4, shares.shape), shares)


SEEN: dict[str, Shares] = {
    "calm": _calm,
    "purges of all": lambda *given: _purged(*given, common=True),
    "purges of one": lambda *given: _purged(*given, common=False),
    "wild steps": lambda *given: _calm(*given, spread=1.2),
    "nearly none": lambda *given: 0.05 * _calm(*given),
}
UNSEEN: dict[str, Shares] = {
    "by days": _by_days,
    "audits by turns": _audits,
    "falling": lambda rng, days, n: 4 * _calm(rng, days, n) * np.exp(-0.3 * np.arange(len(days)))[:, None],
    "whole sources": lambda *given: _purged(*given, common=False, least=0.3, most=0.95, rate=0.06),
    "rare and small": lambda *given: _purged(*given, common=True, least=0.02, most=0.06, rate=0.08),
}


def history(shares: Shares, rng: np.random.Generator) -> tuple[quality.Versions, dict[str, float]]:
    """Versions but the last, and the shares that are gone in it, by source; "" for all."""
    steps, sources = int(rng.integers(2, 13)), int(rng.integers(1, 7))
    days = rng.choice([7, 15, 30, 60, 120], steps + 1)
    part = shares(rng, days, sources).clip(0, 0.98)
    entries = np.exp(rng.uniform(np.log(50), np.log(20_000), sources)).astype(int)
    growth = rng.uniform(0, 0.3)
    dates = pd.Timestamp("2023-01-01") + pd.to_timedelta(np.append(0, days.cumsum()), unit="D")
    rows = []
    for step in range(steps + 1):
        gone, new = rng.binomial(entries, part[step]), rng.poisson(growth * entries)
        if step == steps:
            left = gone / np.maximum(entries, 1)
            truth = {f"s{k}": share for k, share in enumerate(left)} | {"": gone.sum() / entries.sum()}
            break
        day = [str(each.date()) for each in dates[step : step + 2]]
        rows += [
            (*day, f"s{k}", *map(int, each))
            for k, each in enumerate(zip(entries, gone, new, strict=True))
            if entries[k]
        ]
        entries = entries - gone + new
    names = ["first", "second", "source", "in_first", "gone", "new_in_second"]
    return quality.Versions.from_counts(pd.DataFrame(rows, columns=names)), truth


def score(low, high, share, level=0.8):
    """Interval score: the width, and what lies outside times 2 / (1 - level)."""
    return high - low + 2 / (1 - level) * (max(low - share, 0) + max(share - high, 0))


def judged(shares: Shares, rng: np.random.Generator) -> list[dict[str, float]]:
    """A row for each source and for all of one history."""
    versions, truth = history(shares, rng)
    answer, found = quality.Withdrawals().fit(versions), []
    for narrow, wide in zip(answer.rows(0.8), answer.rows(0.95), strict=True):
        name, n = narrow["source"], narrow["entries"]
        own = versions.changes if name == "" else versions.changes[versions.changes["source"] == name]
        sums = own.groupby("first")[["in_first", "gone"]].sum()
        past, share = (sums["gone"] / sums["in_first"]).to_numpy(), truth[name]
        found.append(
            {
                "all": name == "",
                "score": score(narrow["low"] / n, narrow["high"] / n, share),
                "range": score(past.min(), past.max(), share),
                "held_80": narrow["low"] / n - 1e-9 <= share <= narrow["high"] / n + 1e-9,
                "held_95": wide["low"] / n - 1e-9 <= share <= wide["high"] / n + 1e-9,
                "width_95": (wide["high"] - wide["low"]) / n,
            }
        )
    return found


def main(kinds: str, histories: str = "60") -> None:
    """Print a table: a line for each kind, of the sources and of all."""
    if kinds == "published":
        answer = quality.Withdrawals().fit(quality.Versions.from_counts(pd.read_csv(PUBLISHED)))
        print(answer.sentence(), *answer.rows(0.8), *answer.rows(0.95), sep="\n")
        return
    print("| kind | rows | n | score / range | cover 80% | cover 95% | width 95%, median | spans the list |")
    print("|---|---|---|---|---|---|---|---|")
    for number, (kind, shares) in enumerate({"seen": SEEN, "unseen": UNSEEN}[kinds].items()):
        rng = np.random.default_rng([SEEDS[kinds], number])
        found = pd.DataFrame([row for _ in range(int(histories)) for row in judged(shares, rng)])
        for of_all, rows in found.groupby("all"):
            print(
                f"| {kind} | {'all' if of_all else 'sources'} | {len(rows)} "
                f"| {rows['score'].sum() / rows['range'].sum():.2f} | {rows['held_80'].mean():.2f} "
                f"| {rows['held_95'].mean():.2f} | {rows['width_95'].median():.3f} "
                f"| {(rows['width_95'] > 0.9).sum()} |"
            )


if __name__ == "__main__":
    main(*sys.argv[1:])
