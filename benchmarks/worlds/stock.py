"""Eight kinds of invented systems of detention, and how the path of the stock does on them.

    python benchmarks/worlds/stock.py                        # 40 systems of each kind
    python benchmarks/worlds/stock.py --systems 5 --kind dark --first 100

Three lists or four name people late, some of whom do not belong; they learn of exits late, without a day or
never, and some do not say when. Nothing here is of the form of the estimator: stays are log-normal mixtures
that end in waves, persons differ in how easily lists find them, and what a list learns of one exit another
learns more often. The rule by which constants were chosen is in `benchmarks/results/stock_worlds.md`.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from detcount import PersonLists, stock
from detcount.assessment.stock.verdict import snapshot_dates
from detcount.linkage.spells import persons_of
from detcount.stock import late_exits

FIRST = np.datetime64("2024-01-01")
NEVER = 1_000_000
PATH: Any = sys.modules[stock.series.__module__]
FIT = PATH._fitted
RESULTS = Path(__file__).parents[1] / "results" / "stock_worlds.json"


@dataclass(frozen=True)
class Kind:
    """What a kind of system has; pairs are the ends between which each system draws."""

    shares: tuple[tuple[float, float], ...] = ((0.45, 0.75), (0.3, 0.6), (0.2, 0.5))
    spread: tuple[float, float] = (0.3, 1.1)  # standard deviation of persons' logits
    dark: tuple[float, float] = (0.0, 0.03)  # share of people whom no list reaches
    drift: float = 0.0  # change of the logit of coverage over the days, at most
    again: tuple[float, float] = (0.0, 0.05)  # share of those who left who are arrested again
    loses_contact: bool = False  # one list learns of no exit after some day
    copied: tuple[float, float] = (0.0, 0.0)  # share of the first list's rows that the second takes over
    wrong: tuple[float, float] = (0.0, 0.05)  # share of rows of people who do not belong
    daily: tuple[float, float] = (0.7, 6.0)  # arrests a day
    never: tuple[float, float] = (0.02, 0.2)  # share of exits that a list never learns
    late: tuple[float, float] = (5.0, 45.0)  # mean days until it does
    undated: tuple[float, float] = (0.0, 0.35)  # share of the exits it knows that have no day
    begins: tuple[int, int] = (0, 60)  # days after the first on which lists begin
    before: int = 400  # days of arrests before the first


KINDS = {
    "dense": Kind(shares=((0.7, 0.9), (0.6, 0.8), (0.5, 0.75)), spread=(0.2, 0.8)),
    "sparse": Kind(shares=((0.3, 0.5), (0.25, 0.4), (0.2, 0.35)), daily=(1.5, 8.0)),
    "dominant": Kind(shares=((0.75, 0.9), (0.15, 0.3), (0.1, 0.2)), daily=(1.5, 8.0)),
    "dark": Kind(dark=(0.04, 0.12)),
    "drifting": Kind(drift=1.2),
    "arrested again": Kind(again=(0.1, 0.25)),
    "loses contact": Kind(loses_contact=True),
    "copied": Kind(copied=(0.1, 0.4), wrong=(0.0, 0.08)),
}
CLEAN = Kind(
    shares=((0.55, 0.8), (0.4, 0.7), (0.3, 0.6)), dark=(0.0, 0.05), wrong=(0.0, 0.0), undated=(0.0, 0.0)
)
"""Everybody belongs and every known exit has its day: judged beside the eight, and never learned from."""


@dataclass(frozen=True)
class World:
    """Rows of lists; how many are held at the end of each day, and how many of them are on lists.

    `wrong` are those on the lists who do not belong and are not reported out, day by day. `ever` counts the
    persons who were held on some day, and `left` the exits of each day.
    """

    rows: dict[str, list[Any]]
    truth: np.ndarray
    listed: np.ndarray
    wrong: np.ndarray
    ever: int
    left: np.ndarray

    @property
    def people(self) -> PersonLists:
        """The rows as persons on lists, as `linkage.link` would give them if it made no mistake."""
        lists = tuple(dict.fromkeys(self.rows["list"]))
        _, person = np.unique(self.rows["person"], return_inverse=True)
        on = np.array([lists.index(name) for name in self.rows["list"]])
        return persons_of(self.rows, lists, on, person, np.ones(len(on), dtype=bool), definition=None)


def happened(kind: Kind, n_days: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Person, day of arrest and day of exit of every spell; day 0 is so many days after the first arrest."""
    before, daily = kind.before, np.exp(rng.uniform(*np.log(kind.daily)))
    pace = daily * np.exp(np.cumsum(rng.normal(0, 0.03, before + n_days)))
    for _ in range(rng.integers(0, 4)):
        start = int(rng.integers(0, before + n_days - 20))
        pace[start : start + 20] *= rng.uniform(2, 8)
    entered = np.repeat(np.arange(before + n_days), rng.poisson(np.minimum(pace, 60))) - before
    person = np.arange(len(entered))

    def leave(entered: np.ndarray) -> np.ndarray:
        brief = rng.random(len(entered)) < share_brief
        stay = np.where(
            brief,
            rng.exponential(12, len(entered)),
            rng.lognormal(np.log(typical), spread, len(entered)),
        )
        left = entered + 1 + stay.astype(int)
        for day, share, least in waves:
            caught = (entered < day) & (left > day + 3) & (rng.random(len(entered)) < share)
            caught &= (day - entered > least) | (rng.random(len(entered)) < 0.3)
            left = np.where(caught, day + rng.integers(0, 4, len(entered)), left)
        return left

    share_brief, typical, spread = rng.uniform(0, 0.35), rng.uniform(120, 500), rng.uniform(0.6, 1.1)
    waves = [
        (int(rng.integers(-100, n_days - 10)), rng.uniform(0.05, 0.3), int(rng.integers(0, 90)))
        for _ in range(rng.integers(0, 4))
    ]
    left = leave(entered)
    back = np.flatnonzero((rng.random(len(entered)) < rng.uniform(*kind.again)) & (left < n_days - 5))
    again = left[back] + 15 + rng.exponential(90, len(back)).astype(int)
    in_time = again < n_days
    person = np.concatenate([person, person[back][in_time]])
    entered = np.concatenate([entered, again[in_time]])
    left = np.concatenate([left, leave(again[in_time])])
    return person, entered, left


def invent(kind: Kind, seed: int) -> World:
    """A system of a kind."""
    rng = np.random.default_rng([2811, seed])
    n_days = int(rng.integers(240, 540))
    person, entered, left = happened(kind, n_days, rng)
    ease = rng.normal(0, rng.uniform(*kind.spread), len(person))[person]
    hidden = (rng.random(len(person)) < rng.uniform(*kind.dark))[person]
    heard_of = rng.normal(size=len(person))  # what decides whether an exit comes to be known at all
    begins = rng.integers(*kind.begins, len(kind.shares))
    drift = rng.uniform(-kind.drift, kind.drift, len(kind.shares))
    says_when, one_knows = rng.random() < 0.6, rng.uniform(0, 0.4)
    silent = int(rng.integers(1, len(kind.shares))) if kind.loses_contact else -1
    names = ("monitor", "families", "press", "parish")[: len(kind.shares)]
    of_list: list[dict[str, np.ndarray]] = []
    for k, share in enumerate(kind.shares):
        odds = rng.uniform(*share)
        logit = np.log(odds / (1 - odds)) + ease + drift[k] * (entered / n_days - 0.5)
        found = (rng.random(len(person)) < 1 / (1 + np.exp(-logit))) & ~hidden
        seen = np.maximum(entered + rng.exponential(rng.uniform(3, 25), len(person)).astype(int), begins[k])
        on = found & (seen < left)
        if k == 1:
            first = of_list[0]
            taken = rng.random(len(person)) < rng.uniform(*kind.copied)
            taken &= first["on"] & (first["seen"] + 5 < left)
            seen = np.where(taken & ~on, first["seen"] + rng.integers(0, 6, len(person)), seen)
            on = on | taken
        never, mean = rng.uniform(*kind.never), rng.uniform(*kind.late)
        own = rng.normal(size=len(person))
        score = np.sqrt(one_knows) * heard_of + np.sqrt(1 - one_knows) * own
        told = score > np.quantile(score, never)
        wait = rng.gamma(rng.choice([0.7, 1.0, 2.0]), 1, len(person))
        known = np.where(told, left + (wait * mean).astype(int), NEVER)
        if k == silent:
            known = np.where(known > n_days * rng.uniform(0.3, 0.7), NEVER, known)
        of_list.append(
            {
                "on": on,
                "seen": seen,
                "known": known,
                "undated": rng.random(len(person)) < rng.uniform(*kind.undated),
                "copied": (taken & ~found) if k == 1 else np.zeros(len(person), dtype=bool),
            }
        )
    rows: dict[str, list[Any]] = {
        name: []
        for name in ("person", "list", "entered", "left", "status", "listed_on", "left_known_on", "copied")
    }

    def written(
        name: str, k: int, entered: int, left: int | None, seen: int, known: int, copied: bool = False
    ) -> None:
        out = known < n_days
        rows["copied"].append(copied)
        rows["person"].append(name)
        rows["list"].append(names[k])
        rows["entered"].append(str(FIRST + entered))
        rows["left"].append(str(FIRST + left) if out and left is not None else None)
        rows["status"].append("released" if out else "inside")
        rows["listed_on"].append(str(FIRST + seen))
        rows["left_known_on"].append(str(FIRST + known) if out and says_when else None)

    wrong, leaves = rng.uniform(*kind.wrong), rng.uniform(0, 0.3)
    invented: list[tuple[int, int]] = []
    for k, one in enumerate(of_list):
        there = np.flatnonzero(one["on"] & (one["seen"] < n_days))
        for i in there:
            day = None if one["undated"][i] else int(left[i])
            seen, known = int(one["seen"][i]), int(one["known"][i])
            written(f"p{person[i]}", k, int(entered[i]), day, seen, known, bool(one["copied"][i]))
        extra = rng.poisson(wrong * rng.uniform(0.3, 1.7) * len(there)) if len(there) else 0
        for j, i in enumerate(rng.choice(there, extra)):  # named as others are, and never held
            known = int(one["seen"][i]) + int(rng.exponential(90)) if rng.random() < leaves else NEVER
            invented.append((int(entered[i]), known if known < n_days else NEVER))
            written(f"w{k}.{j}", k, int(entered[i]), known, int(one["seen"][i]), known)
    named = np.any([one["on"] & (one["seen"] < n_days) for one in of_list], axis=0)
    strange = np.array([[*span] for span in invented], dtype=int).reshape(-1, 2)
    return World(
        rows,
        held(entered, left, n_days),
        held(entered[named], left[named], n_days),
        held(strange[:, 0], strange[:, 1], n_days),
        len(np.unique(person[left > 0])),
        np.bincount(left[(left >= 0) & (left < n_days)], minlength=n_days),
    )


def held(entered: np.ndarray, left: np.ndarray, n_days: int) -> np.ndarray:
    """Spells that cover the end of each day."""
    steps = np.bincount(np.clip(entered, 0, n_days), minlength=n_days + 1)
    steps = steps - np.bincount(np.clip(left, 0, n_days), minlength=n_days + 1)
    return np.cumsum(steps)[:n_days]


def judged(path: stock.StockPath, truth: np.ndarray) -> dict[str, float]:
    """Error, cover and width of a path, week by week."""
    at = (np.array(path.dates[::-7][::-1], dtype="datetime64[D]") - FIRST).astype(int)
    there = [path.dates.index((FIRST + day).astype(object)) for day in at]
    came = truth[at]
    found = {
        "error": float(np.abs(path.point[there] / came - 1).mean()),
        "bias": float(np.log(path.point[there] / came).mean()),
    }
    for level in (0.8, 0.95):
        limits = path.interval(level)
        low, high = limits.low[there], limits.high[there]
        found[f"cover {level}"] = float(((low <= came) & (came <= high)).mean())
        found[f"above {level}"] = float((came > high).mean())
        found[f"width {level}"] = float(np.log(high / np.maximum(low, 1)).mean())
        found[f"no width {level}"] = float((high <= low).mean())
    found["floor above"] = float((path.floor[there] > came).mean())
    found["floor"] = float((path.floor[there] / came).mean())
    return found


GRID = {"lone_spread": (0.05, 0.1, 0.2), "shared_learning": (0.0, 0.5, 1.0)}
SHIPPED = {name: getattr(PATH.PRIORS, name) for name in GRID}
KEPT, ERRORS = (0.5, 0.6, 0.7, 0.85, 1.0), (0.0, 0.02, 0.03, 0.04)
Constants = tuple[float, float, float, float]


def tried(kind: Kind, seed: int) -> dict[Constants, tuple[float, float]]:
    """Mean interval score at 95% of the logarithm, and cover, of one system for each choice of constants.

    The two of the draws are changed one at a time, each with every share kept of the spread and every error.
    """
    people = (world := invent(kind, seed)).people
    taken = stock.snapshots(people, snapshot_dates(people))
    choices = {tuple({**SHIPPED, name: value}.values()) for name, values in GRID.items() for value in values}
    found = {}
    for lone, together in sorted(choices):
        late_exits.PRIORS = replace(PATH.PRIORS, lone_spread=lone, shared_learning=together)
        fitted: list[Any] = []  # the tables, and so the fits, are the same whatever is kept

        def once(*asked: Any, fitted: list[Any] = fitted) -> Any:
            return fitted[0] if fitted else fitted.append(FIT(*asked)) or fitted[0]

        PATH._fitted = once
        for kept in KEPT:
            PATH.PRIORS = replace(PATH.PRIORS, kept_spread=kept, unmodelled=0.0)
            path = stock.series(None, taken, seed=seed, n_draws=1000)
            if path.identified_by == "bounds":
                return {}
            weeks = slice(None, None, -7)
            first = (np.datetime64(path.dates[0]) - FIRST).astype(int)
            came = np.log(world.truth[first : first + len(path.dates)][weeks])
            draws = np.log(np.maximum(path.draws[:, weeks], 1))
            scores = np.random.default_rng(seed).standard_normal(len(draws))[:, None]
            for error in ERRORS:
                low, high = np.quantile(draws + error * scores, (0.025, 0.975), axis=0)
                missed = np.maximum(low - came, 0) + np.maximum(came - high, 0)
                inside = (low <= came) & (came <= high)
                score = float((high - low + 40 * missed).mean())
                found[lone, together, kept, error] = score, float(inside.mean())
    return found


def chosen(rows: dict[str, list[dict[Constants, tuple[float, float]]]], left_out: str = "") -> Constants:
    """The constants of the rule, by all kinds but one."""
    of_kinds = [[row for row in kind if row] for name, kind in rows.items() if name != left_out]
    means = {
        key: np.mean([[row[key] for row in kind] for kind in of_kinds], axis=1) for key in of_kinds[0][0]
    }
    enough = {
        key: mean for key, mean in means.items() if mean[:, 1].mean() >= 0.92 and mean[:, 1].min() >= 0.88
    } or means
    return min(enough, key=lambda key: float(enough[key][:, 0].mean()))


def choose(systems: int, first: int) -> None:
    """Print the constants that each kind left out would have, with its score and cover, and those of all."""
    rows = {
        name: [tried(kind, seed) for seed in range(first, first + systems)] for name, kind in KINDS.items()
    }
    for name, kind in rows.items():
        constants = chosen(rows, name)
        score, cover = np.mean([row[constants] for row in kind if row], axis=0)
        print(f"{name:15} left out: {constants}, score {score:.3f}, cover at 95% {cover:.3f}")
    print("all", chosen(rows))
    constants = next(row for row in rows["dense"] if row)
    for key in constants:
        mean = np.mean([row[key] for kind in rows.values() for row in kind if row], axis=0)
        print(key, np.round(mean, 4), flush=True)


def measured(kind: Kind, seed: int, **asked: Any) -> dict[str, float]:
    """Scores of `stock.series` on one system."""
    world = invent(kind, seed)
    start = time.process_time()
    people = world.people
    reading = time.process_time() - start
    path = stock.series(None, stock.snapshots(people, snapshot_dates(people)), seed=seed, **asked)
    spent = time.process_time() - start - reading
    if path.identified_by == "bounds":
        return {"bounds": 1.0}
    return {**judged(path, world.truth), "seconds": spent, "persons": float(people.n_persons), "bounds": 0.0}


def main() -> None:
    """Print the mean scores of each kind, and keep them where asked."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--systems", type=int, default=40)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--kind", choices=(*KINDS, "clean"))
    parser.add_argument("--keep", action="store_true", help="write results/stock_worlds.json")
    parser.add_argument("--choose", action="store_true", help="choose the constants by the rule")
    asked = parser.parse_args()
    if asked.choose:
        choose(asked.systems, asked.first)
        return
    kept = {}
    for name, kind in {**KINDS, "clean": CLEAN}.items():
        if asked.kind not in (None, name):
            continue
        rows = [measured(kind, seed) for seed in range(asked.first, asked.first + asked.systems)]
        answered = [row for row in rows if not row["bounds"]]
        kept[name] = {key: round(float(np.mean([row[key] for row in answered])), 4) for key in answered[0]}
        kept[name]["bounds"] = sum(row["bounds"] for row in rows)
        print(f"{name:15}", {key: round(value, 3) for key, value in kept[name].items()}, flush=True)
    if asked.keep:
        RESULTS.write_text(
            json.dumps({"first": asked.first, "systems": asked.systems, **kept}, indent=1) + "\n"
        )


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2] / "src"))
    main()
