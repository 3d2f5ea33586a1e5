"""What tables of many dates cost: ``python benchmarks/stock_tables.py``.

CPU seconds of a hundred thousand people tabulated on every day of three years, and of the path of three
thousand people at eleven dates.
"""

from __future__ import annotations

import sys
from time import process_time

import numpy as np

from detcount import PersonLists, simulate, stock
from detcount.simulate import Burst, DetaineeList

PEOPLE, DAYS, DATES = 100_000, 1095, 11
SHARES = (0.5, 0.4, 0.3)


def many() -> PersonLists:
    """A hundred thousand people on three lists."""
    rng = np.random.default_rng(0)
    first = np.datetime64("2022-01-01")
    entered = rng.integers(0, DAYS - 95, PEOPLE)
    left = entered + rng.geometric(1 / 200, PEOPLE)
    who, on = np.nonzero(rng.random((PEOPLE, len(SHARES))) < SHARES)
    rows = {
        "person": who,
        "list": np.array(["a", "b", "c"])[on],
        "entered": first + entered[who],
        "left": np.where(left[who] < DAYS, first + left[who], np.datetime64("NaT")),
        "seen": first + np.minimum(entered[who] + rng.integers(0, 60, len(who)), DAYS),
    }
    return PersonLists.from_frame(
        rows, person="person", list="list", entered="entered", left="left", listed_on="seen"
    )


def system() -> simulate.DetentionSystem:
    """Some three thousand people on three lists."""
    lists = tuple(
        DetaineeList(name=name, share=share)
        for name, share in (("monitor", 0.75), ("families", 0.6), ("press", 0.5))
    )
    return simulate.detention_system(lists=lists, daily=3.0, bursts=(Burst(day=0, arrests=1800),), seed=1)


def main() -> None:
    """Print a line for each."""
    people = many()
    start = process_time()
    stock.snapshots(people, np.datetime64("2022-01-01") + np.arange(DAYS))
    spent = process_time() - start
    sys.stdout.write(f"{people.n_persons:,} people, tables of {DAYS:,} days: {spent:.2f} s\n")
    made = system()
    dates = made.truth.dates[20:505:48]
    start = process_time()
    stock.series(None, stock.snapshots(made.people, dates))
    spent = process_time() - start
    sys.stdout.write(f"{made.people.n_persons:,} people, a path of {len(dates)} dates: {spent:.1f} s\n")


if __name__ == "__main__":
    main()
