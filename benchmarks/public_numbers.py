"""Numbers of linked lists for the public: how sharp they can be, and how little they say of one person.

    OMP_NUM_THREADS=1 python benchmarks/public_numbers.py          # writes results/public_numbers.md
    OMP_NUM_THREADS=1 python benchmarks/public_numbers.py --held   # people held alone, into that file
    OMP_NUM_THREADS=1 python benchmarks/public_numbers.py --quick  # two folders, to the screen

The reader has the public page, this software, and every row but those of one person; the owner's key is not
known. The reader makes the page with that person and without, and says which of both was printed. The
*advantage* is the share of pages with the person of which this is said, less the share of those without.

Folders of linked lists are drawn with `simulate.name_lists`. One person of each capture history is taken from
every drawn table of who is who, so that nothing is linked again; persons of one history are alike, and count
as many times as there are of them. How far limits differ from key to key is measured with 20 draws of who is
who, and divided by the root of 2.5, as reports have 50.

What was fixed before any figure of these folders was seen:

- Four ways are compared. (a) Seeds of linking and of every sampler come from the owner's key; limits are
  rounded outward to two digits. (b) Discrete Laplace noise is added to both limits, half of epsilon each, its
  scale being how far one person moves the limit. (c) The grid: 1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8. (d) Normal
  noise, as `privacy.blurred_limits` adds it; how far one person moves a limit is measured with 4 of the drawn
  tables, again for each page that the reader makes. In (b) and (d) noise goes to both sides, and limits go
  outward before by what keeps the cover.
- A way is *private* where the advantage of the best of 20 named statistics, and that of a classifier by
  normal laws, is at most .1 for 99 of 100 persons. Both are chosen on one half of the keys and judged on the
  other.
- A way is *sharp* where the mean ratio of public to full width is at most 1.25 from 100 listed and 1.10 from
  300.
- In each class (100 to 299 listed, 300 to 999, 1,000 or more) (d) is taken where it is private, and sharp or
  at most as wide as (c). Else (c) stays.
- Cover of the truth may not be lower than that of the full limits: in invented tables of three to five lists,
  whose number of people is known.

The people held follow the same rule, on invented systems of `worlds/whole.py`: (c) against (d), where at
least `least` people of `assessment.stock.result` are on the lists of the last day. One person of each history
is taken from every drawn partition, and the stock is assessed anew. The rule was fixed, and `least` set on
other systems (seeds 92005 to 93024), before any figure of these was seen: with 102, 107 and 177 on the lists
limits with noise were 2.2, 4.0 and 1.6 times as wide as the full ones.

Two earlier runs had other folders. In the first noise went to one side alone, with a scale made of the width.
It was 1.5 to 1.7 times as wide as the full limits, and seeds alone hid nobody below 1,000 listed. That is why
(d) goes to both sides, and measures. In the second (seeds 160 to 170) `Blur.distance` was .2. In the three
classes widths were 1.23, 1.07 and 1.04, advantages .09, .11 and .07. As .11 is above .1, it is .17 now.
"""

from __future__ import annotations

import argparse
import math
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from detcount import assess_stock, linkage, simulate
from detcount._numerics.stock.spells import NEVER
from detcount.assessment.abundance.linked import LISTED, OverDraws, over_draws
from detcount.calibration import Calibrated
from detcount.data.captures import CaptureTable
from detcount.data.persons import PersonLists
from detcount.errors import NotEstimableError
from detcount.pooling import pool
from detcount.privacy import BLUR, coarse_limits, new_digest_key, noisy

RESULTS = Path(__file__).parent / "results" / "public_numbers.md"

SIZES = (150, 180, 220, 260, 450, 550, 700, 900, 1500, 1800, 6500)
FIRST_SEED = 260
DRAWS, OTHER_KEYS = 20, 4
OF_REPORTS = 50  # draws of who is who in a report
LEVEL = 0.95
FIRST_HELD, MOST_PERSONS = 94000, 6
KINDS_HELD = ("again", "register", "dark", "copied")
HELD = "\nThe people held on the last day:\n\n"
KEYS = 20_000
MOST_ADVANTAGE, SHARP = 0.1, {100: 1.25, 300: 1.10, 1000: 1.10}
EPSILONS = (0.5, 1.0, 2.0, 4.0)
WAYS = {"seeds": "seeds", "1": "Laplace, epsilon 1", "grid": "grid", "normal": "normal"}
TABLES, KEYS_OF_COVER = 200, 20
STATISTICS = {
    "low": lambda low, high: low,
    "high": lambda low, high: high,
    "sum": lambda low, high: low + high,
    "difference": lambda low, high: high - low,
    "ratio": lambda low, high: high / low,
    "geometric mean": lambda low, high: np.sqrt(low * high),
    "harmonic mean": lambda low, high: low * high / (low + high),
    "squares": lambda low, high: low**2 + high**2,
    **{f"high + {k} low": lambda low, high, k=k: high + k * low for k in (-3, -2, 2, 3, 5)},
    **{f"low in {k}": lambda low, high, k=k: low % k for k in (20, 50, 100)},
    **{f"high in {k}": lambda low, high, k=k: high % k for k in (20, 50, 100, 200)},
}


def fitted(table: CaptureTable, over: OverDraws, seed: int) -> list[float]:
    """Limits pooled over drawn tables."""
    found = pool(Calibrated(listed=LISTED), over.tables(table), seed=seed)
    return list(found.interval_rule.bounds(LEVEL))


def measured(size: int, seed: int, other_keys: int) -> dict[str, Any]:
    """Limits of one folder, without one person of each history, and under other seeds."""
    invented = simulate.name_lists(size, seed=seed)
    linked = linkage.link(linkage.read_lists(invented.frames), n_draws=200)
    table, over, _ = over_draws(linked, DRAWS, None, 0)
    without = []
    for k, count in enumerate(table.counts.tolist()):
        fewer = fewer_by_one(table, k)
        without.append(
            {"persons": count, "limits": fitted(fewer, over, 0), "moves": over.moves_by_one(fewer)}
        )
    keys = []
    for key in range(1, other_keys + 1):
        other, redrawn, _ = over_draws(linked, DRAWS, None, key)
        keys.append(fitted(other, redrawn, key))
    return {
        "listed": int(table.n_observed),
        "limits": fitted(table, over, 0),
        "moves": over.moves_by_one(table),
        "without": without,
        "keys": keys,
    }


def fewer_by_one(table: CaptureTable, k: int) -> CaptureTable:
    """A table without one person of a history."""
    counts = table.counts.copy()
    counts[k] -= 1
    left = counts > 0
    return replace(table, histories=table.histories[left], counts=counts[left])


def outward(low: Any, high: Any, share: float) -> tuple[Any, Any]:
    """Limits to so many tenths of the first digit, outward."""
    units = [share * 10.0 ** (np.floor(np.log10(end)) - 1) for end in (low, high)]
    return np.floor(low / units[0]) * units[0], np.ceil(high / units[1]) * units[1]


def printed(way: str, of: Mapping[str, Any], spread: Any, rng: Any, keys: int = KEYS) -> Any:
    """Public limits under so many keys; the spread over keys is of logarithms."""
    low, high = of["limits"]
    if way == "grid":
        return tuple(np.full(keys, end) for end in coarse_limits(low, high, 0))
    normal = rng.standard_normal((2, keys))
    if way == "seeds":
        noise = spread[:, None] * normal
        return outward(low * np.exp(noise[0]), high * np.exp(noise[1]), 1.0)
    if way == "normal":
        return outward(*noisy((low, high), of["moves"], normal), BLUR.step)
    return laplace(of, float(way), rng, keys)


def laplace(of: Mapping[str, Any], epsilon: float, rng: Any, keys: int) -> Any:
    """Limits with discrete Laplace noise, outward before by what keeps the cover, in whole persons."""
    z = stats.norm.ppf(0.5 + LEVEL / 2)
    ends = []
    for k, (limit, move) in enumerate(zip(of["limits"], of["moves"], strict=True)):
        scale = 2 * move * limit / epsilon
        spread = limit * math.log(of["limits"][1] / of["limits"][0]) / (2 * z)
        margin = z * (math.hypot(spread, math.sqrt(2) * scale) - spread)
        drawn = stats.dlaplace.rvs(1 / scale, size=keys, random_state=rng)
        ends.append(limit + (2 * k - 1) * margin + drawn)
    return tuple(ends)


def advantage(one: Any, other: Any) -> float:
    """What the best rule of one half of the keys has on the other half."""
    half, best = len(one[0]) // 2, (0.0, 0.0)
    for statistic in STATISTICS.values():
        a, b = statistic(*one), statistic(*other)
        places = np.unique(np.concatenate([a[:half], b[:half]]))
        below = np.searchsorted(np.sort(a[:half]), places) - np.searchsorted(np.sort(b[:half]), places)
        k = int(np.abs(below).argmax())
        judged = (a[half:] < places[k]).mean() - (b[half:] < places[k]).mean()
        best = max(best, (abs(below[k]) / half, float(judged * np.sign(below[k]))))
    laws = [law_of(np.log([end[:half] for end in page])) for page in (one, other)]
    said = []
    for page in (one, other):
        seen = np.log([end[half:] for end in page])
        said.append(float((log_density(laws[0], seen) > log_density(laws[1], seen)).mean()))
    return max(best[1], said[0] - said[1])


def law_of(values: NDArray[np.float64]) -> tuple[Any, Any]:
    """Mean and covariance, the latter with what a limit that never changes needs."""
    return values.mean(axis=1), np.cov(values) + 1e-12 * np.eye(2)


def log_density(law: tuple[Any, Any], values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Logarithm of a normal density, but for a constant."""
    mean, covariance = law
    left = values - mean[:, None]
    weighed = np.linalg.solve(covariance, left)
    return -0.5 * (left * weighed).sum(axis=0) - 0.5 * np.linalg.slogdet(covariance)[1]


def least_for(found: list[tuple[float, int]], share: float) -> float:
    """The least value that so large a share of persons is at or below."""
    values, weights = np.array(sorted(found)).T
    return float(values[np.searchsorted(np.cumsum(weights) / weights.sum(), share)])


def judged(folders: list[dict[str, Any]]) -> str:
    """The table of ways by class, and the curve of Laplace noise."""
    rng = np.random.default_rng(46)
    classes: dict[int, list[dict[str, Any]]] = {least: [] for least in SHARP}
    for of in folders:
        classes[max(least for least in SHARP if least <= max(of["listed"], 100))].append(of)
    lines = [
        "| listed from | folders | way | public to full width | advantage: 99 of 100 persons | worst |",
        "|---|---:|---|---:|---:|---:|",
    ]
    for least, members in [each for each in classes.items() if each[1]]:
        for way, name in WAYS.items():
            ratios, found = [], []
            for of in members:
                spread = np.std(np.log(of["keys"]), axis=0, ddof=1) * math.sqrt(DRAWS / OF_REPORTS)
                low, high = of["limits"]
                page = printed(way, of, spread, rng)
                ratios.append(float(np.mean(page[1] - page[0])) / (high - low))
                found += [
                    (advantage(page, printed(way, each, spread, rng)), each["persons"])
                    for each in of["without"]
                ]
            of_99, worst = least_for(found, 0.99), max(value for value, _ in found)
            lines.append(
                f"| {least} | {len(members)} | {name} | {np.mean(ratios):.2f} | {of_99:.2f} | {worst:.2f} |"
            )
    lines += ["", "Public to full width with Laplace noise, by folder:", ""]
    lines += [
        "| listed | " + " | ".join(f"epsilon {e:g}" for e in EPSILONS) + " |",
        "|---|---:|---:|---:|---:|",
    ]
    for of in folders:
        row = []
        for epsilon in EPSILONS:
            page = printed(str(epsilon), of, None, rng)
            row.append(f"{float(np.mean(page[1] - page[0])) / (of['limits'][1] - of['limits'][0]):.2f}")
        lines.append(f"| {of['listed']} | " + " | ".join(row) + " |")
    lines += ["", "| listed | limits | one person less: low, high at most | normal noise: low, high |"]
    lines += ["|---:|---|---:|---:|"]
    for of in folders:
        low, high = of["limits"]
        moved = np.abs(np.array([each["limits"] for each in of["without"]]) - of["limits"]).max(axis=0)
        scales = [math.sqrt(move * sum(of["moves"])) / BLUR.distance for move in of["moves"]]
        lines.append(
            f"| {of['listed']} | {low:.0f} to {high:.0f} | {moved[0]:.1f}, {moved[1]:.1f} | "
            f"{scales[0] * low:.1f}, {scales[1] * high:.1f} |"
        )
    return "\n".join(lines) + "\n"


def covered(n_tables: int) -> str:
    """How often full and public limits hold the number of people, in invented tables."""
    rng = np.random.default_rng(4600)
    held: dict[int, list[tuple[float, float, float]]] = {least: [] for least in SHARP}
    places = []
    while sum(map(len, held.values())) < n_tables:
        truth, table = invented_table(rng)
        if not 100 <= table.n_observed <= 5000:
            continue
        over = OverDraws(({}, {}), 0)
        try:
            fit = Calibrated(listed=LISTED).fit(table)
            limits, moves = list(fit.interval_rule.bounds(LEVEL)), over.moves_by_one(table)
        except NotEstimableError:
            continue
        page = printed("normal", {"limits": limits, "moves": moves}, None, rng, KEYS_OF_COVER)
        inside = float(((page[0] <= truth) & (truth <= page[1])).mean())
        width = float(np.mean(page[1] - page[0])) / (limits[1] - limits[0])
        places.append(math.log(fit.point / limits[0]) / math.log(limits[1] / limits[0]))
        least = max(each for each in SHARP if each <= table.n_observed)
        held[least].append((float(limits[0] <= truth <= limits[1]), inside, width))
    lines = [
        "| listed from | tables | full limits cover | public ones | width |",
        "|---|---:|---:|---:|---:|",
    ]
    for least, found in [each for each in held.items() if each[1]]:
        full, public, width = np.mean(found, axis=0)
        lines.append(f"| {least} | {len(found)} | {full:.3f} | {public:.3f} | {width:.2f} |")
    low, middle, high = np.quantile(places, [0.05, 0.5, 0.95])
    lines += ["", "Of the way from the lower limit to the upper one, by ratio, the number is at"]
    lines += [
        f"{middle:.2f} in the middle of these tables, and between {low:.2f} and {high:.2f} in nine of ten."
    ]
    return "\n".join(lines) + "\n"


def invented_table(rng: np.random.Generator) -> tuple[int, CaptureTable]:
    """How many people there are, and who is on three to five lists that may copy and miss the same people."""
    n_lists = int(rng.choice([3, 3, 3, 4, 5]))
    truth = int(np.exp(rng.uniform(np.log(150), np.log(6000))))
    logits = stats.logistic.ppf(rng.uniform(0.1, 0.6, n_lists))
    person = rng.choice([0.0, 0.5, 1.0]) * rng.standard_normal(truth)
    copied = rng.choice([0.0, 0.0, 1.0])
    on = np.zeros((truth, n_lists), dtype=np.uint8)
    for k in range(n_lists):
        logit = logits[k] + person + (copied * on[:, 0] if k == 1 else 0.0)
        on[:, k] = rng.random(truth) < stats.logistic.cdf(logit)
    histories, counts = np.unique(on[on.any(axis=1)], axis=0, return_counts=True)
    return truth, CaptureTable(
        lists=tuple(f"list {k}" for k in range(n_lists)), histories=histories, counts=counts
    )


def of_the_held(kinds: Iterable[str], n_systems: int) -> str:
    """The table of limits of the people held."""
    sys.path.insert(0, str(Path(__file__).parent / "worlds"))
    import whole

    lines = ["| system | on the lists | full | grid to full | noise to full | advantage, at most | place |"]
    lines += ["|---|---:|---|---:|---:|---:|---:|"]
    for name, seed in [(name, FIRST_HELD + k) for name in kinds for k in range(n_systems)]:
        with tempfile.TemporaryDirectory() as folder:
            paths = whole.files_of(whole.WHOLES[name], seed).write(Path(folder))
            people = linkage.link(linkage.read_lists(paths), seed=seed).people(draws=whole.N_DRAWS)
        made = assess_stock(people=people)
        page, tables = made.public(new_digest_key()), made._last_tables()
        limits = made.path.at(made.day).interval(LEVEL)
        full, grid = math.log(limits.high / limits.low), made.public().answer_rows
        if not (page.answer_rows and page.blurred):
            lines.append(
                f"| {name} | {people[0].n_persons} | {limits.low:.0f} to {limits.high:.0f} | | | | |"
            )
            continue
        moves = np.array(made._moves_by_one(tables, full))
        noise = np.sqrt(moves * moves.sum()) / BLUR.distance
        z = stats.norm.ppf(0.5 + LEVEL / 2)
        outward = np.hypot(full / (2 * z), noise) * z * 2
        apart = [
            np.log([other.low / limits.low, other.high / limits.high]) / noise
            for rows in one_of_each(people[0])
            for of in [assess_stock(people=[without_rows(each, rows) for each in people])]
            for other in [of.path.at(of.day).interval(LEVEL)]
        ]
        most = 2 * stats.norm.cdf(np.linalg.norm(apart, axis=1).max() / 2) - 1
        place = math.log(made.path.at(made.day).median / limits.low) / full
        lines.append(
            f"| {name} | {tables[0].n_observed} | {limits.low:.0f} to {limits.high:.0f} | "
            f"{math.log(grid[0].high / grid[0].low) / full:.2f} | {outward.mean() / full:.2f} | {most:.2f} | "
            f"{place:.2f} |"
        )
    return "\n".join(lines) + "\n"


def one_of_each(people: PersonLists) -> list[NDArray[np.int64]]:
    """Rows of one person of each history, by list and whether an exit is known."""
    found: dict[Any, NDArray[np.int64]] = {}
    for person in np.random.default_rng(46).permutation(people.n_persons):
        mine = people.person == person
        key = (tuple(sorted(set(people.on[mine].tolist()))), bool((people.left_known[mine] < NEVER).any()))
        found.setdefault(key, people.row[mine])
    return list(found.values())[:MOST_PERSONS]


def without_rows(people: PersonLists, rows: NDArray[np.int64]) -> PersonLists:
    """People without those rows."""
    kept = ~np.isin(people.row, rows)
    arrays = {
        name: value[kept]
        for name, value in vars(people).items()
        if isinstance(value, np.ndarray) and value.shape[:1] == kept.shape
    }
    arrays["person"] = np.unique(arrays["person"], return_inverse=True)[1]
    return replace(people, **arrays)


HEAD = """# Public numbers of linked lists

What one person's rows move, and what a reader who has every other row learns of that person: the rule stands
in `benchmarks/public_numbers.py`. Advantages are of 20,000 keys, half of which choose and half judge.

"""


def main() -> None:
    """Measure the folders, judge the ways by the rule, and write both."""
    parser = argparse.ArgumentParser(description="Public numbers of linked lists")
    parser.add_argument("--quick", action="store_true", help="two folders, to the screen")
    parser.add_argument(
        "--held", action="store_true", help="the people held alone, in place of the last ones"
    )
    asked = parser.parse_args()
    quick = asked.quick
    if asked.held:
        before = RESULTS.read_text(encoding="utf-8").partition(HELD)[0]
        RESULTS.write_text(before + HELD + of_the_held(KINDS_HELD, 2), encoding="utf-8")
        return
    sizes = SIZES[:2] if quick else SIZES
    first = 60 if quick else FIRST_SEED
    text = HEAD + judged([measured(size, first + k, OTHER_KEYS) for k, size in enumerate(sizes)])
    text += "\nCover of the truth:\n\n" + covered(8 if quick else TABLES)
    text += HELD + of_the_held(KINDS_HELD, 1 if quick else 2)
    if quick:
        sys.stdout.write(text)
    else:
        RESULTS.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
