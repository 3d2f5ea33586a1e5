"""Every estimator held to simulated populations: cover, width, bias and how often it declines.

    OMP_NUM_THREADS=1 python benchmarks/coverage.py           # 20 minutes of CPU time, half that on two cores
    OMP_NUM_THREADS=1 python benchmarks/coverage.py --quick   # a tenth of the populations, four minutes
    python benchmarks/coverage.py --out -                     # prints, and writes nothing
    python benchmarks/coverage.py --only Calibrated           # those alone; other figures stay as they are
    python benchmarks/coverage.py --tables                    # writes the pages anew from the figures

Writes results/coverage.md, results/coverage.csv (a row for each estimator in each setting) and the table
of docs/coverage.md. Lists come from `detcount.simulate.population`; every estimator sees the same ones, the
slow ones the first few. Estimators of repeated counts have populations of their own.
"""

from __future__ import annotations

import argparse
import csv
import math
import time
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv

from detcount import Calibrated, RepeatedCounts, abundance, simulate
from detcount._numerics.arrays import Floats
from detcount.contract.specification import specification
from detcount.errors import ConvergenceError, DetcountWarning, NotEstimableError

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results" / "coverage.md"
FIGURES = ROOT / "benchmarks" / "results" / "coverage.csv"
PAGE = ROOT / "docs" / "coverage.md"
BEGIN, END = "<!-- figures begin -->", "<!-- figures end -->"
LEVELS = (0.5, 0.8, 0.95)
QUICK = 10  # times fewer populations
SEED = 20261124

CHEAP, DEAR, DEARER, DEAREST = 40, 8, 4, 3  # populations in each setting, by what an estimator costs


@specification
class Dependent:
    """The first list and the second depend on each other, and so do the third and the fourth.

    `odds_ratio` is that of two such lists: above 1 they name the same persons, below 1 they avoid each other.
    """

    odds_ratio: float = 4.0

    def histories(self, size: int, probabilities: Floats, random: np.random.Generator) -> NDArray[np.uint8]:
        """A row of 0 and 1 for each person."""
        listed = named(np.tile(probabilities, (size, 1)), random)
        for first in range(0, len(probabilities) - 1, 2):
            one, other = probabilities[first : first + 2]
            on_both = both(one, other, self.odds_ratio)
            share = np.where(listed[:, first] == 1, on_both / one, (other - on_both) / (1 - one))
            listed[:, first + 1] = random.random(size) < share
        return listed


@specification
class BetaHeterogeneity:
    """Persons who differ in how easily they are listed, by Beta distributions with one `concentration`."""

    concentration: float = 4.0

    def histories(self, size: int, probabilities: Floats, random: np.random.Generator) -> NDArray[np.uint8]:
        """A row of 0 and 1 for each person."""
        easy, mean = random.random(size)[:, None], self.concentration * probabilities
        return named(betaincinv(mean, self.concentration - mean, easy), random)


@specification
class Darroch:
    """Every two lists depend on each other alike: the log-linear model of Darroch and others (1993).

    `interaction` is the logarithm of the odds ratio of two lists, given the others.
    """

    interaction: float = 1.0

    def histories(self, size: int, probabilities: Floats, random: np.random.Generator) -> NDArray[np.uint8]:
        """A row of 0 and 1 for each person."""
        n_lists = len(probabilities)
        cells = (np.arange(2**n_lists)[:, None] >> np.arange(n_lists)[::-1] & 1).astype(np.uint8)
        times = cells.sum(axis=1, dtype=np.int64)
        exponent = self.interaction * times * (times - 1) / 2
        share = np.exp(exponent - exponent.max())
        for _ in range(10_000):  # proportional fitting of the shares keeps every odds ratio
            share /= share.sum()
            if np.abs(share @ cells - probabilities).max() < 1e-13:
                break
            for position, wanted in enumerate(probabilities):
                on = cells[:, position] == 1
                share[on] *= wanted / share[on].sum()
                share[~on] *= (1 - wanted) / share[~on].sum()
        return np.repeat(cells, random.multinomial(size, share / share.sum()), axis=0)


def named(shares: Floats, random: np.random.Generator) -> NDArray[np.uint8]:
    """A 0 or 1 for each probability."""
    return np.asarray(random.random(shares.shape) < shares, dtype=np.uint8)


def both(first: float, second: float, odds_ratio: float) -> float:
    """Share on both of two lists with given shares and odds ratio (Plackett 1965)."""
    if odds_ratio == 1:
        return first * second
    gain = odds_ratio - 1
    total = 1 + gain * (first + second)
    root = math.sqrt(total**2 - 4 * odds_ratio * gain * first * second)
    # the smaller root, written so that nothing is subtracted from its like
    return 2 * odds_ratio * first * second / (total + root)


@dataclass(frozen=True)
class Entry:
    """An estimator, the numbers of lists it takes here, and populations for each setting."""

    estimator: object
    lists: tuple[int, int]
    populations: int = CHEAP
    most_persons: int = 1_000_000


OF_LISTS = (
    Entry(Calibrated(), (2, 8)),
    Entry(abundance.LincolnPetersen(), (2, 2)),
    Entry(abundance.Chapman(), (2, 2)),
    Entry(abundance.Chapman(interval=abundance.Hypergeometric()), (2, 2)),
    Entry(abundance.OddsRatioAdjusted(odds_ratio=2.0), (2, 2)),
    Entry(abundance.LogLinear(), (2, 8)),
    Entry(abundance.LogLinear(interval=abundance.ProfileLikelihood()), (2, 8)),
    Entry(abundance.SelectedLogLinear(), (3, 8), DEAR),
    Entry(abundance.StepwiseLogLinear(), (3, 8), DEAR),
    Entry(abundance.AveragedLogLinear(), (3, 5), DEARER),
    Entry(abundance.BayesAveragedLogLinear(), (3, 5), DEAR),
    Entry(abundance.DecomposableGraphs(), (3, 7)),
    Entry(abundance.ThresholdedLogLinear(), (3, 8), DEAR),
    Entry(abundance.LatentClass(), (3, 5), DEAREST, most_persons=2000),
    Entry(abundance.ChaoLowerBound(), (2, 8)),
    Entry(abundance.Heterogeneity(), (3, 8)),
    Entry(abundance.Heterogeneity(model="Mth", form="Darroch"), (3, 8)),
    Entry(abundance.Heterogeneity(model="Mth", form="Poisson"), (3, 8)),
    Entry(abundance.SampleCoverage(), (3, 8)),
    Entry(abundance.NoHighestOrderInteraction(), (2, 8)),
    Entry(abundance.PairwiseNoInteraction(lists=("list 1", "list 3")), (3, 8)),
    Entry(abundance.IdentifiedBy(), (2, 5)),
)
OF_COUNTS = tuple(
    Entry(estimator, (1, 1), populations=CHEAP)
    for estimator in (
        abundance.ZeroTruncatedPoisson(),
        abundance.ZeroTruncatedNegativeBinomial(),
        abundance.ChaoCounts(),
        abundance.ChaoLee(),
    )
)

# shares of the population that each list names, no two alike; a setting takes the first of them
SHARES = (0.30, 0.12, 0.22, 0.08, 0.26, 0.15, 0.10, 0.20)
SPARSE = (0.04, 0.02, 0.03, 0.015, 0.025)
MECHANISMS = {
    "independence": simulate.Independent(),
    "positive pairs": Dependent(odds_ratio=4.0),
    "negative pairs": Dependent(odds_ratio=0.25),
    "Beta": BetaHeterogeneity(concentration=4.0),
    "two classes": simulate.TwoClasses(share=0.5, odds_ratio=10.0),
    "Darroch": Darroch(interaction=0.7),
    "Darroch, negative": Darroch(interaction=-0.5),
}
# name, lists, persons, shares
SETTINGS = (
    ("2 lists", 2, 1000, SHARES),
    ("3 lists", 3, 1000, SHARES),
    ("4 lists", 4, 1000, SHARES),
    ("8 lists", 8, 1000, SHARES),
    ("100 persons", 4, 100, SHARES),
    ("10,000 persons", 4, 10_000, SHARES),
    ("100,000 persons", 4, 100_000, SHARES),
    ("sparse overlaps", 5, 2000, SPARSE),
)
# how often a person is named: a family, its mean, persons
COUNTS = {
    "Poisson": lambda random, size, mean: random.poisson(mean, size),
    "geometric": lambda random, size, mean: random.geometric(1 / (1 + mean), size) - 1,
    "negative binomial": lambda random, size, mean: random.poisson(random.gamma(0.5, mean / 0.5, size)),
    "two classes": lambda random, size, mean: random.poisson(
        np.where(random.random(size) < 0.5, 0.2 * mean, 1.8 * mean)
    ),
}
COUNT_SETTINGS = (
    ("100 persons", 100, 0.8),
    ("1,000 persons", 1000, 0.8),
    ("10,000 persons", 10_000, 0.8),
    ("seldom named", 1000, 0.2),
)
COLUMNS = (
    "kind", "mechanism", "setting", "lists", "persons", "estimator", "populations", "answered",
    "cover 0.5", "cover 0.8", "cover 0.95", "median width", "median bias", "seconds",
)  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """What an estimator said of one population; empty limits where it declined."""

    limits: tuple[tuple[float, float], ...]
    point: float
    truth: int

    @property
    def answered(self) -> bool:
        return bool(self.limits)


def simulated(mechanism, n_lists: int, persons: int, shares, seed) -> object:
    """A population's table, drawn again where a list names nobody."""
    for attempt in range(1000):
        drawn = simulate.population(persons, shares[:n_lists], mechanism, seed=seed + 1_000_003 * attempt)
        if min(drawn.table.list_sizes.values()) > 0:
            return drawn.table
    raise RuntimeError(f"{mechanism!r}: a list names nobody in a thousand populations")


def counted(family: str, persons: int, mean: float, seed: int) -> RepeatedCounts:
    """How often persons are named, those never named left out."""
    times = COUNTS[family](np.random.default_rng(seed), persons, mean)
    return RepeatedCounts.from_frequencies(np.bincount(times)[1:])


def outcome(estimator, data, truth: int, seed: int) -> Outcome:
    """Fit, and keep the limits."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DetcountWarning)
            estimate = estimator.fit(data, seed=seed)
    except (NotEstimableError, ConvergenceError):
        return Outcome((), math.nan, truth)
    intervals = [estimate.interval(level) for level in LEVELS]
    return Outcome(tuple((each.low, each.high) for each in intervals), estimate.point, truth)


def row_of(outcomes: list[Outcome]) -> dict[str, object]:
    """Figures of the populations of a setting, or of several."""
    answered = [each for each in outcomes if each.answered]
    row: dict[str, object] = {"populations": len(outcomes), "answered": len(answered)}
    if not answered:
        return row | {f"cover {level:g}": "" for level in LEVELS} | {"median width": "", "median bias": ""}
    truth = np.array([each.truth for each in answered], dtype=float)
    limits = np.array([each.limits for each in answered])
    for position, level in enumerate(LEVELS):
        low, high = limits[:, position].T
        row[f"cover {level:g}"] = round(float(((low <= truth) & (truth <= high)).mean()), 4)
    widths = np.log(limits[:, -1, 1]) - np.log(limits[:, -1, 0])
    points = np.array([each.point for each in answered])
    row["median width"] = round(float(np.median(widths)), 4)
    row["median bias"] = round(float(np.median(np.log(points / truth))), 4)
    return row


def cell(kind: str, mechanism: str, setting: tuple, number: int, quick: bool, only: str) -> list[tuple]:
    """All estimators in one setting of one mechanism: labels, outcomes and CPU seconds."""
    share = QUICK if quick else 1
    of_lists = kind == "lists"
    name, n_lists, persons = setting[:3] if of_lists else (setting[0], 1, setting[1])
    entries = [
        each
        for each in (OF_LISTS if of_lists else OF_COUNTS)
        if each.lists[0] <= n_lists <= each.lists[1]
        and persons <= each.most_persons
        and repr(each.estimator).startswith(only)
    ]
    seeds = np.random.SeedSequence([SEED, number]).generate_state(CHEAP)
    tables = [
        simulated(MECHANISMS[mechanism], n_lists, persons, setting[3], int(seed))
        if of_lists
        else counted(mechanism, persons, setting[2], int(seed))
        for seed in seeds[: math.ceil(CHEAP / share)]
    ]
    results = []
    for entry in entries:
        start = time.process_time()
        outcomes = [
            outcome(entry.estimator, table, persons, seed)
            for seed, table in enumerate(tables[: math.ceil(entry.populations / share)])
        ]
        labels = {
            "kind": kind, "mechanism": mechanism, "setting": name, "lists": n_lists, "persons": persons,
            "estimator": repr(entry.estimator),
        }  # fmt: skip
        results.append((labels, outcomes, time.process_time() - start))
    print(f"{kind}, {mechanism}, {name}", flush=True)
    return results


def run(quick: bool, n_jobs: int, only: str) -> list[tuple]:
    """Every setting of every mechanism."""
    from joblib import Parallel, delayed

    jobs = [("lists", mechanism, setting) for setting in SETTINGS for mechanism in MECHANISMS]
    jobs += [("counts", family, setting) for setting in COUNT_SETTINGS for family in COUNTS]
    cells = Parallel(n_jobs=n_jobs)(
        delayed(cell)(*job, number, quick, only) for number, job in enumerate(jobs)
    )
    return [result for part in cells for result in part]


def rows_of(results: list[tuple]) -> list[dict[str, object]]:
    """A row for each estimator in each setting, and one over the settings of each mechanism."""
    rows = [labels | row_of(outcomes) | {"seconds": round(used, 2)} for labels, outcomes, used in results]
    together: dict[tuple, list] = {}
    for labels, outcomes, used in results:
        key = labels["kind"], labels["mechanism"], labels["estimator"]
        part = together.setdefault(key, [[], 0.0])
        part[0] += outcomes
        part[1] += used
    for (kind, mechanism, estimator), (outcomes, used) in together.items():
        rows.append(
            {
                "kind": kind,
                "mechanism": mechanism,
                "setting": "all",
                "lists": "",
                "persons": "",
                "estimator": estimator,
                **row_of(outcomes),
                "seconds": round(used, 2),
            }
        )
    return rows


def read() -> list[dict[str, object]]:
    """The figures that are there."""
    with FIGURES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))  # type: ignore[arg-type]


def merged(rows: list[dict[str, object]], new: list[dict[str, object]]) -> list[dict[str, object]]:
    """Rows with those of the same estimator, mechanism and setting replaced."""

    def key(row: dict[str, object]) -> tuple:
        return row["kind"], row["mechanism"], row["setting"], row["estimator"]

    by_key = {key(row): row for row in new}
    return [by_key.get(key(row), row) for row in rows]


def number(value: object, form: str) -> str:
    """A figure of a table, or a dash."""
    return "-" if value in ("", None) else format(float(value), form)  # type: ignore[arg-type]


def error_of(cover: object, answered: object) -> float:
    """Monte Carlo standard error of a cover; that of one miss more where all or none are held."""
    n = int(answered)  # type: ignore[call-overload]
    share = min(max(float(cover), 1 / (n + 1)), n / (n + 1))  # type: ignore[arg-type]
    return math.sqrt(share * (1 - share) / n)


def summary(rows: list[dict[str, object]], kind: str) -> list[str]:
    """Cover of 95% intervals by mechanism, all settings together."""
    chosen = [row for row in rows if row["kind"] == kind and row["setting"] == "all"]
    mechanisms = list(dict.fromkeys(str(row["mechanism"]) for row in chosen))
    lines = [
        f"| estimator | populations | {' | '.join(mechanisms)} | declined |",
        f"|:---|{'---:|' * (len(mechanisms) + 2)}",
    ]
    for estimator in dict.fromkeys(row["estimator"] for row in chosen):
        by = {row["mechanism"]: row for row in chosen if row["estimator"] == estimator}
        shown = []
        for mechanism in mechanisms:
            row = by[mechanism]
            cover, width = number(row["cover 0.95"], ".2f"), number(row["median width"], ".2f")
            shown.append("-" if cover == "-" else f"{cover} ({width})")
        total = sum(int(row["populations"]) for row in by.values())  # type: ignore[call-overload]
        answered = sum(int(row["answered"]) for row in by.values())  # type: ignore[call-overload]
        lines.append(
            f"| `{estimator}` | {total // len(by)} | {' | '.join(shown)} | {1 - answered / total:.2f} |"
        )
    return lines


def details(rows: list[dict[str, object]], kind: str, mechanism: str, setting: str) -> list[str]:
    """All figures of one mechanism in one setting, or over all."""
    lines = [
        "| estimator | answered | cover 50% | cover 80% | cover 95% (s.e.) | width | bias |",
        "|:---|---:|---:|---:|---:|---:|---:|",
    ]
    for row in rows:
        if (row["kind"], row["mechanism"], row["setting"]) != (kind, mechanism, setting):
            continue
        last = "-"
        if row["cover 0.95"] not in ("", None):
            error = error_of(row["cover 0.95"], row["answered"])
            last = f"{number(row['cover 0.95'], '.2f')} ({error:.3f})"
        lines.append(
            f"| `{row['estimator']}` | {row['answered']}/{row['populations']} | "
            f"{number(row['cover 0.5'], '.2f')} | {number(row['cover 0.8'], '.2f')} | {last} | "
            f"{number(row['median width'], '.2f')} | {number(row['median bias'], '+.3f')} |"
        )
    return lines


def by_setting(rows: list[dict[str, object]], estimator: str) -> list[str]:
    """Cover and width of one estimator in every setting of every mechanism."""
    chosen = [row for row in rows if row["estimator"] == estimator and row["setting"] != "all"]
    mechanisms = list(dict.fromkeys(str(row["mechanism"]) for row in chosen))
    lines = [f"| setting | {' | '.join(mechanisms)} |", f"|:---|{'---:|' * len(mechanisms)}"]
    for setting in dict.fromkeys(row["setting"] for row in chosen):
        by = {row["mechanism"]: row for row in chosen if row["setting"] == setting}
        shown = [
            f"{number(by[each]['cover 0.95'], '.2f')} ({number(by[each]['median width'], '.2f')})"
            for each in mechanisms
        ]
        lines.append(f"| {setting} | {' | '.join(shown)} |")
    return lines


def short_report(rows: list[dict[str, object]]) -> str:
    """The tables of docs."""
    return "\n".join(
        [
            "Lists: share of 95% intervals that cover the truth, and in brackets the median width of log N; "
            "all settings together: 2 lists to 8, 100 persons to 100,000, and sparse overlaps.",
            "",
            *summary(rows, "lists"),
            "",
            "`Calibrated()` in every setting:",
            "",
            *by_setting(rows, "Calibrated()"),
            "",
            "`LogLinear()` in every setting:",
            "",
            *by_setting(rows, "LogLinear()"),
            "",
            "Counts of how often each person is named:",
            "",
            *summary(rows, "counts"),
            "",
            "Populations: those of one mechanism; an estimator that takes fewer numbers of lists has fewer. "
            "Monte Carlo standard error of a cover of 0.95 and of 0.5: "
            + "; ".join(
                f"with {n} populations {error_of(0.95, n):.3f} and {error_of(0.5, n):.3f}"
                for n in (8 * CHEAP, 7 * DEAR, 6 * DEARER, 4 * DEAREST)
            )
            + ". "
            "Declined: of the populations it was asked about.",
        ]
    )


def long_report(rows: list[dict[str, object]]) -> str:
    """The page of results: the tables of docs, and all figures by mechanism."""
    lines = [short_report(rows)]
    for kind, mechanisms in (("lists", MECHANISMS), ("counts", COUNTS)):
        for mechanism in mechanisms:
            what = f", `{MECHANISMS[mechanism]!r}`" if kind == "lists" else ""
            lines += ["", f"## {kind.capitalize()}: {mechanism}{what}", ""]
            lines += details(rows, kind, mechanism, "all")
    used = sum(float(row["seconds"]) for row in rows if row["setting"] != "all")  # type: ignore[arg-type]
    lines += [
        "",
        f"{used / 60:.0f} minutes of CPU time. Width is of the 95% interval of log N, bias of log N.",
    ]
    return "\n".join(lines) + "\n"


def put_into_page(text: str) -> None:
    """Replace the figures of the page in docs."""
    page = PAGE.read_text(encoding="utf-8")
    before, rest = page.split(BEGIN, 1)
    after = rest.split(END, 1)[1]
    PAGE.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="a tenth of the populations")
    parser.add_argument("--jobs", type=int, default=2, help="processes")
    parser.add_argument("--only", default="", help="estimators whose text begins so; the others stay")
    parser.add_argument("--out", default="", help="- prints, and writes nothing")
    parser.add_argument(
        "--tables", action="store_true", help="write the pages from the figures that are there"
    )
    options = parser.parse_args()
    if options.tables:
        rows = read()
    else:
        rows = rows_of(run(options.quick, options.jobs, options.only))
        if options.only:
            rows = merged(read(), rows)
    text = long_report(rows)
    if options.out == "-":
        print(text)
        return
    if not options.tables:
        with FIGURES.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    RESULTS.write_text(
        f"# Cover on simulated populations\n\n`python benchmarks/coverage.py`\n\n{text}", encoding="utf-8"
    )
    if PAGE.exists():
        put_into_page(short_report(rows))


if __name__ == "__main__":
    main()
