"""The stock in a second world: real arrivals and stays of a city's jails, with invented lists and register.

``python benchmarks/stock_elsewhere.py [systems]`` samples one spell in ten of the jails of New York City,
held at least two weeks, from a random day on; lets three lists find the people and learn of exits late; and
judges the path of `stock.series`, and of `stock.IntegratedStock` from one register and three anchors,
against the days that are known.
"""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np

from detcount import PersonLists, PublishedStock, stock
from detcount.simulate import DetaineeList
from detcount.simulate.detention.happening import Known, bulletins, listing, listing_exits, rows_of_lists

STAYS = Path(__file__).parents[1] / "tests" / "reference" / "data" / "nyc_stays.csv.gz"
FIRST_DAY = dt.date(2016, 6, 2)
N_DAYS = 510
SHORTEST = 14  # days: a register of political prisoners hardly has people held for less
SHARE = 0.1  # of the spells: some 700 people held at a time
FUTURE = 1_000_000  # a day that does not come


def stays() -> tuple[np.ndarray, np.ndarray]:
    """Day entered and day left of every spell, since the first day; people inside at the end never leave."""
    with gzip.open(STAYS, "rt", encoding="utf-8", newline="") as stream:
        rows = [
            (int(row["entered"]), int(row["left"] or FUTURE), int(row["persons"]))
            for row in csv.DictReader(stream)
        ]
    entered, left, persons = np.array(rows, dtype=np.int64).T
    return np.repeat(entered, persons), np.repeat(left, persons)


def system(seed: int) -> tuple[PersonLists, PublishedStock, np.ndarray, list[dt.date]]:
    """Lists, a register's weekly totals, and the stock of every day, of one sample of the spells."""
    rng = np.random.default_rng([1616, seed])
    entered, left = stays()
    taken = (rng.random(len(entered)) < SHARE) & (left - entered >= SHORTEST)
    start = int(rng.integers(0, 942 - N_DAYS))
    entered, left = entered[taken] - start, left[taken] - start
    held = (left > 0) & (entered < N_DAYS)
    entered, left = entered[held], left[held]
    # who was inside on the first day has an arrest before it that is not in the sample: stretched at random
    entered = np.where(entered <= 0, -rng.integers(1, 200, len(entered)), entered)
    lists = tuple(
        DetaineeList(
            name=name, share=rng.uniform(*share), delay=rng.uniform(*delay), exit_delay=rng.uniform(*out)
        )
        for name, share, delay, out in (
            ("monitor", (0.65, 0.85), (3, 20), (5, 30)),
            ("families", (0.5, 0.75), (3, 30), (5, 40)),
            ("press", (0.4, 0.65), (3, 20), (10, 60)),
        )
    )
    findable = rng.random(len(entered)) >= rng.uniform(0, 0.03)
    listed = listing(entered, left, findable, lists, float(rng.uniform(0, 0.25)), None, rng)
    known = Known(listed, listing_exits(left, listed, lists, rng))
    first = FIRST_DAY + dt.timedelta(days=start)
    status = np.zeros(len(entered), dtype=np.int64)
    rows = rows_of_lists(entered, left, status, known, lists, N_DAYS, first, rng)
    columns = ("person", "list", "entered", "left", "status", "listed_on", "left_known_on")
    names = [one.name for one in lists]
    people = PersonLists.from_frame(rows, **{name: name for name in columns}, lists=names)
    published = bulletins("monitor", listed[:, 0], known.exit_known[:, 0], N_DAYS, first, 0.1, rng)
    days = np.arange(N_DAYS)
    truth = ((entered[:, None] <= days) & (left[:, None] > days)).sum(axis=0)
    return people, published, truth, [first + dt.timedelta(days=int(day)) for day in days]


def judged(path: stock.StockPath, truth: np.ndarray, dates: list[dt.date]) -> dict[str, float]:
    """Error, cover and width of a path, week by week."""
    there = [k for k, day in enumerate(path.dates) if dates[0] <= day <= dates[-1]][::7]
    came = truth[[(path.dates[k] - dates[0]).days for k in there]]
    row = {"error": float(np.abs(np.log(path.point[there] / came)).mean())}
    row["last four weeks"] = float(np.abs(np.log(path.point[there[-4:]] / came[-4:])).mean())
    for level in (0.8, 0.95):
        limits = path.interval(level)
        low, high = limits.low[there], limits.high[there]
        row[f"cover {level:.0%}"] = float(((low <= came) & (came <= high)).mean())
        row[f"width {level:.0%}"] = float(np.log(high / low).mean())
    below = float((path.floor[there] > came).mean())
    return {**row, "floor above": below}


def measured(seed: int) -> dict[str, dict[str, float]]:
    """Scores of each way to the stock, in one sample."""
    people, published, truth, dates = system(seed)
    found: dict[str, dict[str, float]] = {}
    snapshots = stock.snapshots(people, dates[20:505:48])
    path = stock.series(None, snapshots, wrong=None, seed=seed)  # everybody on these lists belongs
    found["series of three lists"] = judged(path, truth, dates)
    weeks = list(path.dates[::7])
    came = np.array([truth[(day - dates[0]).days] for day in weeks])
    named = np.array([snapshots.not_known_to_have_left(day) for day in weeks])
    found["the named"] = {"error": float(np.abs(np.log(np.maximum(named, 1) / came)).mean())}
    totals = np.interp(
        [(day - dates[0]).days for day in weeks],
        [(day - dates[0]).days for day in published.date.astype(object).tolist()],
        published.count,
    )
    found["the register as published"] = {"error": float(np.abs(np.log(totals / came)).mean())}
    at_three = stock.snapshots(people, [dates[k] for k in (60, 250, 480)], as_of="day")
    anchors = stock.series(None, at_three, wrong=None, seed=seed)
    model: Any = stock.IntegratedStock(register="monitor", n_draws=2000)
    anchored = model.fit(published, anchors=anchors, seed=seed)
    found["one register, three anchors"] = judged(anchored, truth, dates)
    stated: Any = stock.IntegratedStock(register="monitor", coverage=(0.33, 0.9), n_draws=2000)
    found["one register alone"] = judged(stated.fit(published, seed=seed), truth, dates)
    return found


def main() -> None:
    """Print the mean scores over some samples."""
    n_systems = int(sys.argv[1]) if len(sys.argv) > 1 else 12
    scores: dict[str, list[dict[str, float]]] = defaultdict(list)
    for seed in range(n_systems):
        for way, row in measured(seed).items():
            scores[way].append(row)
    for way, rows in scores.items():
        print(way, {name: round(float(np.mean([row[name] for row in rows])), 3) for name in rows[0]})


if __name__ == "__main__":
    main()
