"""Six unlike kinds of whole invented systems, from files of names to the answers, by defaults alone.

    python benchmarks/worlds/whole.py                      # 5 systems of each kind, and one of 20,000 persons
    python benchmarks/worlds/whole.py --systems 2 --kind few --first 100
    python benchmarks/worlds/whole.py --write FOLDER --kind few --first 100   # the files of one system

Who is arrested, who leaves and what lists learn of it is of `stock.py`. Here every list is a file of its own
hand: names misspelt, documents missing, rows twice, rows taken over with their mistakes, people who do not
belong. Beside them stand the totals of the first list's register, and an announcement of releases with what a
list verified of it. `link` makes persons of the names; `assess` says how many were ever held,
`assess_stock` how many are held each week. The truth is kept apart, and nothing was chosen on these systems.
"""

from __future__ import annotations

import argparse
import csv
import dataclasses
import json
import resource
import sys
import tempfile
import time
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import detcount as dc
from detcount.simulate.names.lists import _copied
from detcount.simulate.names.people import People, invent_people
from detcount.simulate.names.writing import Mistakes, WrittenList, titled, write_rows

sys.path.insert(0, str(Path(__file__).parent))
import stock as worlds

RESULTS = Path(__file__).parents[1] / "results" / "whole_worlds.json"
TWICE = 0.03  # share of the rows of a list that stand there once more
N_DRAWS = 20  # partitions that reach the stock
HANDS = (
    WrittenList(name="monitor", share=0.5, layout="given surnames", document="12345678"),
    WrittenList(
        name="families", share=0.5, layout="columns", accents=False, document="V12345678", birth="age"
    ),
    WrittenList(name="press", share=0.5, layout="surnames, given", capitals=True, day="2024-08-24"),
    WrittenList(name="parish", share=0.5, layout="surnames given", day="24-ago-2024", birth="none"),
)
SAYS = {
    "left": "Fecha de excarcelación",
    "status": "Situación",
    "listed_on": "Fecha de registro",
    "left_known_on": "Salida conocida el",
}


@dataclass(frozen=True)
class Whole:
    """A kind of whole system: what happened and what lists know, and how names are written."""

    kind: worlds.Kind
    documents: tuple[float, ...]  # share of the rows of each list that have one
    words: float = 0.06  # share of the words of names that are misspelt
    pool: str = "wide"


STARTED: dict[str, Any] = {
    "begins": (0, 1)
}  # lists begin with the system, so that whoever was held could be named
WHOLES = {
    "few": Whole(
        worlds.Kind(
            **STARTED, shares=((0.6, 0.85), (0.5, 0.75), (0.3, 0.5)), spread=(0.2, 0.8), daily=(0.2, 0.6)
        ),
        (0.7, 0.5, 0.2),
    ),
    "copied": Whole(
        worlds.Kind(**STARTED, copied=(0.15, 0.4), wrong=(0.0, 0.06), daily=(1.0, 3.0)), (0.8, 0.5, 0.1)
    ),
    "register": Whole(
        worlds.Kind(**STARTED, shares=((0.75, 0.9), (0.2, 0.4), (0.15, 0.3)), daily=(1.0, 3.0)),
        (0.95, 0.9, 0.8),
        0.04,
    ),
    "dark": Whole(
        worlds.Kind(**STARTED, dark=(0.03, 0.1), daily=(1.0, 3.0)), (0.5, 0.4, 0.3), 0.08, "narrow"
    ),
    "again": Whole(worlds.Kind(**STARTED, again=(0.1, 0.25), daily=(1.0, 3.0)), (0.8, 0.6, 0.3)),
    "four lists": Whole(
        worlds.Kind(
            **STARTED,
            shares=((0.5, 0.7), (0.35, 0.6), (0.25, 0.5), (0.15, 0.4)),
            drift=1.0,
            loses_contact=True,
            daily=(1.0, 3.0),
        ),
        (0.6, 0.6, 0.3, 0.2),
    ),
    "large": Whole(worlds.Kind(**STARTED, daily=(30.0, 34.0)), (0.9, 0.7, 0.5)),
}


@dataclass(frozen=True)
class Files:
    """What monitors have of a system, a frame for each file; and the truth."""

    lists: dict[str, Any]
    totals: dict[str, list[Any]]
    announced: dict[str, list[Any]]
    world: worlds.World
    n_listed: int

    def write(self, folder: Path) -> dict[str, Path]:
        """Write the files, and give those of the lists."""
        for name, columns in {**self.lists, "totals": self.totals, "announcements": self.announced}.items():
            with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.writer(file)
                writer.writerow(columns)
                writer.writerows(zip(*columns.values(), strict=True))
        return {name: folder / f"{name}.csv" for name in self.lists}


def files_of(whole: Whole, seed: int) -> Files:
    """The files of a system."""
    world = worlds.invent(whole.kind, seed)
    rng = np.random.default_rng([3401, seed])
    rows = world.rows
    names, person = np.unique(rows["person"], return_inverse=True)
    entered = np.array(rows["entered"], dtype="datetime64[D]").astype(np.int64)
    somebody = invent_people(len(names), whole.pool, 0.03, int(worlds.FIRST.astype(np.int64)), rng)
    mistakes = dataclasses.replace(Mistakes(), words=whole.words, days=0.06)
    lists: dict[str, Any] = {}
    cells_of: dict[int, dict[str, str]] = {}
    for hand, share in zip(HANDS, whole.documents, strict=False):
        mine = np.flatnonzero(np.array(rows["list"]) == hand.name)
        mine = rng.permutation(np.repeat(mine, 1 + (rng.random(len(mine)) < TWICE)))
        how = dataclasses.replace(hand, documents_missing=1 - share)
        cells = write_rows(
            how, mistakes, as_arrested(somebody, person[mine], entered[mine]), np.arange(len(mine)), rng
        )
        own = list(dict.fromkeys(key for row in cells for key in row))
        for k, row in enumerate(mine.tolist()):
            if rows["copied"][row] and int(person[row]) in cells_of:
                cells[k] = _copied(cells_of[int(person[row])], own, how)
        if hand is HANDS[0]:
            cells_of = dict(zip(person[mine].tolist(), cells, strict=True))
        said = {title: [rows[role][k] or "" for k in mine.tolist()] for role, title in SAYS.items()}
        said[SAYS["status"]] = [
            {"released": "excarcelado", "inside": "detenido"}[word] for word in said[SAYS["status"]]
        ]
        lists[hand.name] = titled(how, cells, None) | {
            title: values for title, values in said.items() if any(values)
        }
    return Files(lists, totals_of(world), announced_of(world, rng), world, len(names))


def as_arrested(people: People, who: np.ndarray, entered: np.ndarray) -> People:
    """Some people, a row each, with the day of an arrest."""
    columns: dict[str, Any] = {
        name: getattr(people, name)[who] for name in ("woman", "foreign", "document", "place", "relative_of")
    }
    columns |= {name: tuple(getattr(people, name)[k] for k in who.tolist()) for name in ("given", "family")}
    born = people.born[who] - np.maximum(people.arrested[who] - entered, 0)
    return dataclasses.replace(people, **columns, born=born, arrested=entered)


def totals_of(world: worlds.World) -> dict[str, list[Any]]:
    """What the first list's own register has each four weeks: those named and not known to have left."""
    rows = world.rows
    mine = np.flatnonzero(np.array(rows["list"]) == HANDS[0].name)
    listed = (np.array(rows["listed_on"], dtype="datetime64[D]")[mine] - worlds.FIRST).astype(int)
    out = [rows["left_known_on"][k] or rows["left"][k] for k in mine.tolist()]
    never = worlds.FIRST + worlds.NEVER
    left = (np.array([day or never for day in out], dtype="datetime64[D]") - worlds.FIRST).astype(int)
    held = worlds.held(listed, left, len(world.truth))
    days = range(60, len(world.truth), 28)
    return {
        "date": [str(worlds.FIRST + day) for day in days],
        "source": ["monitor"] * len(days),
        "count": [int(held[day]) for day in days],
    }


def announced_of(world: worlds.World, rng: np.random.Generator) -> dict[str, list[Any]]:
    """The four days on which most left, as an authority announces them and the first list verifies them."""
    sums = np.convolve(world.left, np.ones(4, dtype=int), mode="valid")[: len(world.truth) - 45]
    start = int(sums.argmax())
    done = int(sums[start])
    announced = int(np.ceil(done * rng.uniform(1.0, 1.4)))
    found = np.sort(rng.geometric(0.1, rng.binomial(done, rng.uniform(0.5, 0.9))))
    at = [start + 3, *(start + 4 + wait for wait in (4, 10, 20, 35))]
    counts = [announced, *(int((found <= day - start - 3).sum()) for day in at[1:])]
    n = len(at)
    first, last = str(worlds.FIRST + start), str(worlds.FIRST + start + 3)
    return {
        "published": [str(worlds.FIRST + day) for day in at],
        "source": ["ministry", *["monitor"] * (n - 1)],
        "role": ["announced", *["verified"] * (n - 1)],
        "start": [first] * n,
        "end": [last] * n,
        "count": counts,
        "event": ["most"] * n,
    }


def answered(files: Files, seed: int) -> dict[str, float]:
    """What comes out by defaults, set against the truth."""
    world, found = files.world, {"persons": float(files.n_listed), "ever": float(files.world.ever)}
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        paths = files.write(Path(folder))
        start = time.process_time()
        linked = dc.linkage.link(dc.linkage.read_lists(paths), seed=seed)
        people = linked.people(draws=N_DRAWS)
        found["link seconds"] = time.process_time() - start
        found |= ever_held(dc.assess(linked, seed=seed), world, files.n_listed)
        found["persons error"] = linked.n_persons / files.n_listed - 1
        low, high = linked.persons_interval(0.95)
        found["persons cover"] = float(low <= files.n_listed <= high)
        start_of_stock = time.process_time()
        held = dc.assess_stock(people=people, seed=seed)
        found["stock seconds"] = time.process_time() - start_of_stock
        found["seconds"] = time.process_time() - start
    if held.path is not None and held.path.identified_by != "bounds":
        found |= {f"stock {key}": value for key, value in worlds.judged(held.path, world.truth).items()}
        found["contradictions"] = float(contradicted(found, held.path, world))
    found["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return found


def ever_held(assessed: Any, world: worlds.World, n_listed: int) -> dict[str, float]:
    """How many were ever held: limits and point of the method that is printed."""
    estimate = assessed.recommended
    if estimate is None:
        return {"no number": 1.0}
    found = {"no number": 0.0, "point": float(estimate.point)}
    for level in (0.8, 0.95):
        limits = estimate.interval(level)
        found[f"ever cover {level}"] = float(limits.low <= world.ever <= limits.high)
        found[f"low {level}"], found[f"high {level}"] = float(limits.low), float(limits.high)
    return found | {
        "ever error": abs(estimate.point / world.ever - 1),
        "ever bias": estimate.point / world.ever - 1,
        "listed over ever": n_listed / world.ever,
    }


def contradicted(found: dict[str, float], path: Any, world: worlds.World) -> int:
    """How many of the answers exclude each other: N below those held on a day, a floor above its limits."""
    limits = path.interval(0.95)
    above = found.get("high 0.95", np.inf) < limits.low.max()
    return int(above) + int((path.floor > limits.high).any()) + int((limits.high <= limits.low).any())


def main() -> None:
    """Print what came out of each system, and keep the means where asked."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--systems", type=int, default=5)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--kind", choices=WHOLES)
    parser.add_argument("--write", type=Path, help="write the files of one system into this folder and stop")
    parser.add_argument("--keep", action="store_true", help="write results/whole_worlds.json")
    asked = parser.parse_args()
    if asked.write:
        asked.write.mkdir(parents=True, exist_ok=True)
        files_of(WHOLES[asked.kind or "few"], asked.first).write(asked.write)
        return
    kept: dict[str, Any] = {}
    for k, (name, whole) in enumerate(WHOLES.items()):
        if asked.kind not in (None, name):
            continue
        rows = []
        first = asked.first + 1000 * k  # no two kinds have the same people
        for seed in range(first, first + (1 if name == "large" else asked.systems)):
            rows.append(answered(files_of(whole, seed), seed))
            print(name, seed, {key: round(value, 3) for key, value in rows[-1].items()}, flush=True)
        kept[name] = means(rows)
        print(f"{name:12}", kept[name], flush=True)
    if asked.keep:
        written = {"first": asked.first, "systems": asked.systems, **kept}
        RESULTS.write_text(json.dumps(written, indent=1) + "\n")


def means(rows: Sequence[dict[str, float]]) -> dict[str, float]:
    """Mean of each figure over the systems that have it; the most seconds and memory."""
    keys = dict.fromkeys(key for row in rows for key in row)
    most = ("seconds", "memory")
    return {
        key: round(float((np.max if key in most else np.mean)([row[key] for row in rows if key in row])), 3)
        for key in keys
    }


if __name__ == "__main__":
    main()
