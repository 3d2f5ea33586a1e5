"""What `Anchored` does on populations of known size: a sample alone, and one with dependent lists.

The rule, written before any figure. There are 1,000 invented populations of each kind, of 400 to 3,000
persons, with three lists that name about a quarter each. In the first kind the lists depend as `Calibrated`
learned that they do ("learned"), in the second each two by an odds ratio of 8 ("eight"). From each population
samples of 5, 10 and 20% are drawn in three ways: persons of a roll twice as long as the population; each
person by the same probability; and of 60 clusters, whose sizes and shares on no list differ, with everybody
in them (3, 6 and 12 clusters). A population on which `Calibrated` declines is drawn anew. An estimate that is
declined counts as one that does not cover.

Asked for: limits of 95% of persons cover .93 to .975, by the sample alone; those of each person by the same
probability and of clusters at least .93; with lists at least .93 everywhere. The limits with lists are, in
the middle population, at most 1.1 (w_s^-2 + w_l^-2)^(-1/2) wide, where w_s and w_l are the widths of sample
and lists alone.

    python benchmarks/anchored.py > benchmarks/results/anchored.csv
"""

from __future__ import annotations

import itertools
import math
import sys
from dataclasses import dataclass, replace
from functools import cache
from types import SimpleNamespace
from typing import ClassVar

import numpy as np
import pandas as pd

from detcount import Calibrated, CaptureTable, abundance
from detcount.calibration.dependence import shipped_dependence
from detcount.errors import NotEstimableError

LISTS = ("press", "families", "court")
HISTORIES = np.array(list(itertools.product((0, 1), repeat=3)))
SHARES, KINDS, DESIGNS = (0.05, 0.10, 0.20), ("learned", "eight"), ("roll", "share", "clusters")
POPULATIONS, CLUSTERS, LEAST, MOST = 1000, 60, 400, 3000
ROLL = 2  # length of the roll, in populations
SIZES, UNEVEN = 0.6, 20.0  # spread of log sizes of clusters; shape of the gamma law of shares on no list


@dataclass(frozen=True)
class Fitted:
    """An estimate that is there already, as an estimator of lists."""

    estimate: object
    assumes: ClassVar = Calibrated.assumes
    references: ClassVar = Calibrated.references

    def fit(self, table, *, seed=0):
        """Give it."""
        return self.estimate


def cells(kind: str, random: np.random.Generator) -> np.ndarray:
    """Persons by history of a population; the first are on no list."""
    learned = shipped_dependence().learned
    signs = HISTORIES - 0.5
    pairs = np.full(3, math.log(8))
    triple = 0.0
    if kind == "learned":
        spread = np.exp(np.clip(learned.omega * random.standard_t(4), -2, 2.5))
        pairs = random.normal(learned.sizes.mean, learned.sizes.pairs * spread, 3)
        triple = random.normal(0, learned.sizes.triples * spread)
    logs = signs @ random.normal(-1.1, 0.5, 3)
    for k, (i, j) in enumerate(itertools.combinations(range(3), 2)):
        logs = logs + pairs[k] * signs[:, i] * signs[:, j]
    logs = logs + triple * signs.prod(axis=1)
    size = round(math.exp(random.uniform(math.log(LEAST), math.log(MOST))))
    weights = np.exp(logs - logs.max())
    return random.multinomial(size, weights / weights.sum())


def sampled(counts: np.ndarray, design: str, share: float, random: np.random.Generator):
    """Persons of each history whom a sample finds, and the design."""
    size = int(counts.sum())
    if design == "roll":
        drawn = round(share * ROLL * size)
        found = random.multivariate_hypergeometric([*counts, (ROLL - 1) * size], drawn)[:-1]
        return found, abundance.PersonsAtRandom(drawn, ROLL * size)
    if design == "share":
        return random.binomial(counts, share), abundance.KnownShare(share)
    weights = np.exp(random.normal(0, SIZES, CLUSTERS))
    uneven = weights * random.gamma(UNEVEN, 1 / UNEVEN, CLUSTERS)
    there = np.array(
        [random.multinomial(n, w / w.sum()) for n, w in zip(counts, [uneven] + [weights] * 7, strict=True)]
    )
    chosen = random.choice(CLUSTERS, round(share * CLUSTERS), replace=False)
    visits = {"inmates": there.sum(axis=0)[chosen], "unlisted": there[0, chosen]}
    return there[:, chosen].sum(axis=1), abundance.ClustersAtRandom.from_frame(
        visits, clusters=CLUSTERS, inmates=size
    )


def table_of(counts: np.ndarray, found: np.ndarray) -> CaptureTable:
    """The table with the sample as its last list."""
    rows = {"".join(map(str, h)) + "1": int(n) for h, n in zip(HISTORIES, found, strict=True)}
    rows |= {
        "".join(map(str, h)) + "0": int(n) for h, n in zip(HISTORIES[1:], (counts - found)[1:], strict=True)
    }
    return CaptureTable.from_counts({h: n for h, n in rows.items() if n}, lists=[*LISTS, "visit"])


def outcomes(kind: str, n: int, seed: int):
    """A row for each population, design and share."""
    random = np.random.default_rng(seed)
    while n:
        counts = cells(kind, random)
        try:
            by_history = {
                "".join(map(str, h)): int(c) for h, c in zip(HISTORIES[1:], counts[1:], strict=True)
            }
            lists = Calibrated().fit(
                CaptureTable.from_counts({h: c for h, c in by_history.items() if c}, lists=LISTS)
            )
        except NotEstimableError:
            continue
        n -= 1
        rule = SimpleNamespace(bounds=cache(lists.interval_rule.bounds), method="calibrated")
        fitted, size = Fitted(replace(lists, interval_rule=rule)), int(counts.sum())
        for design, share in itertools.product(DESIGNS, SHARES):
            found, stated = sampled(counts, design, share, random)
            row = {"lists": kind, "design": design, "share": share}
            row |= {"covers_lists": covers(lists.interval(), size), "covers": False, "covers_both": False}
            if found.sum():
                try:
                    table = table_of(counts, found)
                    alone = abundance.Anchored("visit", stated).fit(table).interval()
                    row |= {"covers": covers(alone, size)}
                    both = abundance.Anchored("visit", stated, fitted).fit(table).interval()
                    target = (width(alone) ** -2 + width(lists.interval()) ** -2) ** -0.5
                    row |= {"covers_both": covers(both, size), "width": width(both) / target}
                except NotEstimableError:
                    pass
            yield row


def covers(limits, size: int) -> bool:
    """Whether limits hold the size."""
    return limits.low <= size <= limits.high


def width(limits) -> float:
    """Persons from one limit to the other."""
    return limits.high - limits.low


def main(n: int = POPULATIONS) -> pd.DataFrame:
    """Shares of populations whose size is covered, and the width in the middle one."""
    rows = pd.DataFrame([row for k, kind in enumerate(KINDS) for row in outcomes(kind, n, 510 + k)])
    by = rows.groupby(["lists", "design", "share"], sort=False)
    found = by[["covers_lists", "covers", "covers_both"]].mean()
    return found.assign(width=by["width"].median(), declined=by["width"].apply(lambda w: w.isna().sum()))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:])).round(4).to_csv(sys.stdout)
