"""Whether `detcount.plan` promises the widths that steps then give, on invented systems.

The rule, written before any figure. There are 60 invented populations of 400 to 3,000 persons, with four
lists that name about a quarter each and depend on each other as `Calibrated` learned that lists do. Three of
the lists are there today. One of these also names people who do not belong, whom no other list names: their
share follows the law that the plan assumes. What the plan promises for a step is compared with the width of
the 95% limits after it is done:

- audit: 100 entries of that list are checked, and `Audited` takes the wrong ones out of `Calibrated`;
- persons: 150 are drawn from a roll twice as long as the population, and `Anchored` weighs the lists by them;
- prisons: of 40 prisons, whose sizes and shares on no list differ, 8 are visited; the inmates of all are
  known, of whom half are held for another reason;
- further list: the fourth list is linked, and `Calibrated` is fitted to the four;
- mix: the audit and the persons together.

The wrong entries are there for the audit and the mix alone. A system on which an estimator declines is drawn
anew. Asked for: the geometric mean of given over promised within 15% of 1, for each kind and over all.

    python benchmarks/plan.py > benchmarks/results/plan.csv
"""

from __future__ import annotations

import itertools
import math
import sys

import numpy as np
import pandas as pd

import detcount as dc
from detcount import abundance, planning, quality
from detcount.calibration.dependence import shipped_dependence
from detcount.errors import InputError, NotEstimableError
from detcount.linkage import Audit

LISTS = ("press", "families", "court", "church")
TODAY, HISTORIES = 3, np.array(list(itertools.product((0, 1), repeat=4)))
SYSTEMS, LEAST, MOST = 60, 400, 3000
CHECKED, DRAWN, ROLL, VISITED, PRISONS = 100, 150, 2, 8, 40
LAW = (0.5, 9.5)  # of the share of wrong entries: its mean is the 5% of the plan
SIZES, UNEVEN = 0.6, 20.0  # spread of log sizes of prisons; shape of the gamma law of shares on no list


def population(random: np.random.Generator) -> np.ndarray:
    """Persons by history of four lists; the first are on none."""
    learned = shipped_dependence().learned
    signs, sizes = HISTORIES - 0.5, learned.sizes
    spread = np.exp(np.clip(learned.omega * random.standard_t(4), -2, 2.5))
    logs = signs @ random.normal(-1.1, 0.5, 4)
    for order, mean, size in ((2, sizes.mean, sizes.pairs), (3, 0.0, sizes.triples), (4, 0.0, sizes.higher)):
        for chosen in itertools.combinations(range(4), order):
            logs = logs + random.normal(mean, size * spread) * signs[:, chosen].prod(axis=1)
    n = round(math.exp(random.uniform(math.log(LEAST), math.log(MOST))))
    weights = np.exp(logs - logs.max())
    return random.multinomial(n, weights / weights.sum())


def by_history(counts: np.ndarray, n_lists: int) -> dict[str, int]:
    """Persons by history of the first lists."""
    found: dict[str, int] = {}
    for history, n in zip(HISTORIES.tolist(), counts.tolist(), strict=True):
        key = "".join(map(str, history[:n_lists]))
        found[key] = found.get(key, 0) + n
    return found


def table_of(counts: dict[str, int], lists) -> dc.CaptureTable:
    """The table of those on some list."""
    return dc.CaptureTable.from_counts({h: n for h, n in counts.items() if n and "1" in h}, lists=lists)


def sampled(counts: dict[str, int], found: dict[str, int]) -> dict[str, int]:
    """Persons by history with a sample as the last list."""
    return {f"{h}1": n for h, n in found.items()} | {f"{h}0": n - found[h] for h, n in counts.items()}


def audits(
    counts: dict[str, int], n: int, wrong: int, lists, random: np.random.Generator
) -> tuple[Audit, ...]:
    """The answers of an audit of the first list, history by history; the wrong are on it alone."""
    mine = [history for history in counts if history[0] == "1" and counts[history]]
    checked = random.multivariate_hypergeometric([counts[history] for history in mine], n)
    answers = []
    for history, part in zip(mine, checked.tolist(), strict=True):
        also = tuple(name for name, on in zip(lists[1:], history[1:], strict=True) if on == "1")
        found = 0 if also or not part else int(random.hypergeometric(wrong, counts[history] - wrong, part))
        if part:
            prior = (0.5, 0.5) if also else LAW
            answers.append(Audit(list=lists[0], checked=part, wrong=found, also=also, prior=prior))
    return tuple(answers)


def persons(counts: dict[str, int], n: int, random: np.random.Generator):
    """Persons of each history who are drawn from a roll, and the design."""
    size = sum(counts.values())
    found = random.multivariate_hypergeometric([*counts.values(), (ROLL - 1) * size], n)[:-1]
    return dict(zip(counts, found.tolist(), strict=True)), abundance.PersonsAtRandom(n, ROLL * size)


def visit(counts: dict[str, int], random: np.random.Generator):
    """Persons of each history inside the prisons visited, and the design."""
    weights = np.exp(random.normal(0, SIZES, PRISONS))
    uneven = weights * random.gamma(UNEVEN, 1 / UNEVEN, PRISONS)
    size, others = sum(counts.values()), (ROLL - 1) * sum(counts.values())
    kinds = {h: (n, weights if "1" in h else uneven) for h, n in counts.items()} | {"": (others, weights)}
    there = {h: random.multinomial(n, shares / shares.sum()) for h, (n, shares) in kinds.items()}
    rows = {"inmates": sum(there.values())[:VISITED], "unlisted": there["000"][:VISITED]}
    design = abundance.ClustersAtRandom.from_frame(rows, clusters=PRISONS, inmates=ROLL * size)
    return {h: int(n[:VISITED].sum()) for h, n in there.items() if h}, design


def width(estimate) -> float:
    """Persons between the limits."""
    low, high = estimate.interval()
    return high - low


def without_wrong(whole: np.ndarray, random: np.random.Generator):
    """Promised and given for the steps that need no wrong entries: kind, today, promised, given."""
    counts, size, calibrated = by_history(whole, TODAY), int(whole.sum()), dc.Calibrated()
    drawn, roll = persons(counts, DRAWN, random)
    seen, prisons = visit(counts, random)
    reach = float(whole[HISTORIES[:, TODAY] == 1].sum()) / size
    steps = {
        "persons": planning.RandomSample(n=DRAWN, frame=ROLL * size),
        "prisons": planning.ClusterSample(prisons=VISITED, among=PRISONS, inmates=ROLL * size),
        "further list": planning.FurtherList(reach=reach),
    }
    made = dc.plan(table_of(counts, LISTS[:TODAY]), [*steps.values()])
    anchored = (*LISTS[:TODAY], "sample")
    given = (
        abundance.Anchored("sample", roll, calibrated).fit(table_of(sampled(counts, drawn), anchored)),
        abundance.Anchored("sample", prisons, calibrated).fit(table_of(sampled(counts, seen), anchored)),
        calibrated.fit(table_of(by_history(whole, TODAY + 1), LISTS)),
    )
    for kind, step, after in zip(steps, made.steps, given, strict=True):
        yield kind, made.today[1] - made.today[0], step.width, width(after)


def with_wrong(whole: np.ndarray, random: np.random.Generator):
    """Promised and given for an audit, and for the best mix of it with persons."""
    counts, size, lists = by_history(whole, TODAY), int(whole.sum()), LISTS[:TODAY]
    alone = "1" + "0" * (TODAY - 1)
    wrong = int(random.negative_binomial(max(counts[alone], 1), 1 - min(random.beta(*LAW), 0.5)))
    more = {**counts, alone: counts[alone] + wrong}
    table = table_of(more, lists)
    steps = [
        planning.AuditSample(list=lists[0], n=min(CHECKED, table.list_sizes[lists[0]]), cost=1.0),
        planning.RandomSample(n=DRAWN, frame=ROLL * size, cost=1.0),
    ]
    made = dc.plan(table, steps, budget=2.0)
    today = made.today[1] - made.today[0]
    checks = audits(more, steps[0].n, wrong, lists, random)
    yield "audit", today, made.steps[0].width, width(quality.Audited(checks, dc.Calibrated()).fit(table))
    sizes = {type(step): step.n for step in made.best.options}
    if len(sizes) < len(steps):
        return
    drawn, roll = persons(counts, sizes[planning.RandomSample], random)
    joint, names = sampled(more, drawn), (*lists, "sample")
    checks = audits(joint, sizes[planning.AuditSample], wrong, names, random)
    both = quality.Audited(checks, abundance.Anchored("sample", roll, dc.Calibrated()))
    yield "mix", today, made.best.width, width(both.fit(table_of(joint, names)))


def main(n: int = SYSTEMS, seed: int = 611) -> pd.DataFrame:
    """For each kind the geometric mean of given over promised, its error, and promised over today."""
    random, rows = np.random.default_rng(seed), []
    while len(rows) < 5 * n:
        whole = population(random)
        try:
            found = [*without_wrong(whole, random), *with_wrong(whole, random)]
        except (NotEstimableError, InputError):
            continue
        rows += found if len(found) == 5 else []
    frame = pd.DataFrame(rows, columns=["kind", "today", "promised", "given"])
    frame = pd.concat([frame, frame.assign(kind="all")])
    logs = np.log(frame["given"] / frame["promised"]).groupby(frame["kind"], sort=False)
    gain = np.log(frame["promised"] / frame["today"]).groupby(frame["kind"], sort=False)
    return pd.DataFrame(
        {
            "systems": logs.size(),
            "given over promised": np.exp(logs.mean()),
            "standard error": np.exp(logs.mean()) * logs.std() / logs.size() ** 0.5,
            "standard deviation of logs": logs.std(),
            "promised over today": np.exp(gain.mean()),
        }
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:])).round(3).to_csv(sys.stdout)
