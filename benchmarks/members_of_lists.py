"""Are the members of a list like everybody? How two lists depend on each other among members of two others.

    python benchmarks/members_of_lists.py     # writes results/members_of_lists.md and docs

For every pair of lists X, Y and every two other lists A, B of a table: the log odds ratio of X and Y among
the members of (i) A and B, (ii) A, (iii) A or B. Each of these is a population whose size is known, so that
those who are on neither X nor Y are counted too. Its two steps outward are (ii) less (i), from people on both
to all who are on one, and (iii) less (ii), from there to all who are on either. In invented worlds, where
everybody is known, there is a third: from (iii) to everybody.

A combination counts where among members of both A and B at least five people would be on both X and Y if the
two were independent; that looks at the sizes of lists, and not at the overlap that the odds ratio is made of.
Half a person is added to every cell. Of a table the figure is the average over its combinations, and its
standard error that of 400 tables whose people are drawn again.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from detcount import CaptureTable, datasets

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results" / "members_of_lists.md"
PAGE = ROOT / "docs" / "members_of_lists.md"
BEGIN, END = "<!-- figures begin -->", "<!-- figures end -->"
LEAST_EXPECTED = 5.0
N_RESAMPLED = 400
HALF = 0.5
# Tables of people with four lists or more, each person once; of Colombia the lists that name a hundred.
TABLES = (
    *("kosovo", "ukdat", "ned", "diabetes", "congenital", "colombia_recruitment_2000_2004"),
    *("peru_STATE_1980_84", "peru_STATE_1985_89", "peru_STATE_1990_2002"),
    *("peru_SHINING_PATH_1980_84", "peru_SHINING_PATH_1985_89", "peru_SHINING_PATH_1990_2002"),
    *("peru_OTHER_1980_84", "peru_OTHER_1985_89", "peru_OTHER_1990_2002"),
    *(f"oud_massachusetts_{year}" for year in range(2011, 2016)),
    *("hiv_rome", "pwid_brighton", "deaths_maryland", "western", "neworl_5"),
)
# Worlds of independent lists, by shares of people and their chance to be on each of five lists.
WORLDS = {
    "a fifth at 0.40, the others at 0.15": ((0.8, 0.15), (0.2, 0.4)),
    "half at 0.50, half at 0.10": ((0.5, 0.1), (0.5, 0.5)),
    "three tenths at 0.50, the others at 0.05": ((0.7, 0.05), (0.3, 0.5)),
    "one tenth at 0.60, the others at 0.10": ((0.9, 0.1), (0.1, 0.6)),
    "a fifth at 0.50, three tenths at 0.10, half at 0.001": ((0.5, 0.001), (0.3, 0.1), (0.2, 0.5)),
}
N_LISTS, N_PEOPLE = 5, 1e6
LEAST_ON_A_LIST = 100  # of a list of the Colombian table, which has many that name a handful


@dataclass(frozen=True)
class Steps:
    """The two steps outward in one table, with their standard errors."""

    table: str
    group: str
    n_combinations: int
    first: float
    first_error: float
    second: float
    second_error: float


def log_odds_ratio(counts: np.ndarray, x: np.ndarray, y: np.ndarray, members: np.ndarray) -> np.ndarray:
    """Log odds ratio of two lists among members, of one table or of several (rows of counts)."""
    cells = [
        (counts * (members & (x == a) & (y == b))).sum(axis=-1) + HALF
        for a, b in ((True, True), (False, False), (True, False), (False, True))
    ]
    return np.log(cells[0]) + np.log(cells[1]) - np.log(cells[2]) - np.log(cells[3])


def combinations(table: CaptureTable, least: float = LEAST_EXPECTED) -> list[tuple[int, int, int, int]]:
    """Combinations X, Y, A, B of a table with enough people among members of both A and B."""
    on = table.histories.astype(bool)
    found = []
    for x, y in itertools.combinations(range(table.n_lists), 2):
        for a, b in itertools.combinations([k for k in range(table.n_lists) if k not in (x, y)], 2):
            both = table.counts * (on[:, a] & on[:, b])
            expected = (both @ on[:, x]) * (both @ on[:, y]) / max(both.sum(), 1)
            if expected >= least:
                found.append((x, y, a, b))
    return found


def averages(
    table: CaptureTable, chosen: list[tuple[int, int, int, int]], counts: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Average steps (ii) less (i) and (iii) less (ii), of one table or of several."""
    on = table.histories.astype(bool)
    first, second = [], []
    for x, y, a, b in chosen:
        two = on[:, x], on[:, y]
        both, either = on[:, a] & on[:, b], on[:, a] | on[:, b]
        inner = log_odds_ratio(counts, *two, both)
        middle = 0.5 * (log_odds_ratio(counts, *two, on[:, a]) + log_odds_ratio(counts, *two, on[:, b]))
        first.append(middle - inner)
        second.append(log_odds_ratio(counts, *two, either) - middle)
    return np.mean(first, axis=0), np.mean(second, axis=0)


def steps(name: str, least: float = LEAST_EXPECTED, seed: int = 0) -> Steps | None:
    """The steps of a table that ships; None where no combination has enough people."""
    table = datasets.load(name)
    if name.startswith("colombia"):
        table = table.keep([each for each, size in table.list_sizes.items() if size >= LEAST_ON_A_LIST])
    chosen = combinations(table, least)
    if not chosen:
        return None
    random = np.random.default_rng(seed)
    total = table.counts.sum()
    drawn = random.multinomial(total, table.counts / total, size=N_RESAMPLED)
    first, second = averages(table, chosen, table.counts)
    first_drawn, second_drawn = averages(table, chosen, drawn)
    return Steps(
        table=name,
        group=datasets.describe(name).people,
        n_combinations=len(chosen),
        first=float(first),
        first_error=float(first_drawn.std(ddof=1)),
        second=float(second),
        second_error=float(second_drawn.std(ddof=1)),
    )


def over_groups(found: list[Steps]) -> tuple[float, float, float, float]:
    """Mean of groups' means of both steps, with standard errors over groups."""
    groups = dict.fromkeys(each.group for each in found)
    means = np.array(
        [
            np.mean([(each.first, each.second) for each in found if each.group == group], axis=0)
            for group in groups
        ]
    )
    errors = means.std(axis=0, ddof=1) / np.sqrt(len(means))
    return float(means[:, 0].mean()), float(errors[0]), float(means[:, 1].mean()), float(errors[1])


def steps_in_world(classes: tuple[tuple[float, float], ...]) -> tuple[float, float, float]:
    """The two steps in a world of classes of people, and the third to everybody, from expected counts."""
    histories = np.array(list(itertools.product((False, True), repeat=N_LISTS)))
    counts = N_PEOPLE * sum(
        share * np.prod(np.where(histories, chance, 1 - chance), axis=1) for share, chance in classes
    )
    x, y, a, b = (histories[:, k] for k in range(4))
    everybody = np.ones(len(counts), dtype=bool)
    inner, middle, either, whole = (
        float(log_odds_ratio(counts, x, y, members)) for members in (a & b, a, a | b, everybody)
    )
    return middle - inner, either - middle, whole - either


def report() -> str:
    """The table of figures."""
    found = [each for each in map(steps, TABLES) if each is not None]
    lines = [
        "| table | combinations | (ii) less (i) | (iii) less (ii) |",
        "|:---|---:|---:|---:|",
        *(
            f"| `{each.table}` | {each.n_combinations} | {each.first:+.2f} ± {each.first_error:.2f} | "
            f"{each.second:+.2f} ± {each.second_error:.2f} |"
            for each in found
        ),
    ]
    first, first_error, second, second_error = over_groups(found)
    n_groups = len({each.group for each in found})
    lines += [
        f"| **mean over {n_groups} groups** | | **{first:+.2f} ± {first_error:.2f}** | "
        f"**{second:+.2f} ± {second_error:.2f}** |",
        "",
        "± is one standard error: of a table from people drawn again, of the mean over groups of data sets "
        "that share people. Without a combination: "
        + ", ".join(f"`{name}`" for name in TABLES if name not in {each.table for each in found})
        + ".",
        "",
        "By how many people are asked for (expected on X, Y, A and B together), the mean over groups:",
        "",
        "| at least | tables | groups | (ii) less (i) | (iii) less (ii) |",
        "|---:|---:|---:|---:|---:|",
    ]
    for least in (2.0, 5.0, 10.0, 20.0, 50.0):
        part = [each for each in (steps(name, least) for name in TABLES) if each is not None]
        first, first_error, second, second_error = over_groups(part)
        lines.append(
            f"| {least:.0f} | {len(part)} | {len({each.group for each in part})} | "
            f"{first:+.2f} ± {first_error:.2f} | {second:+.2f} ± {second_error:.2f} |"
        )
    lines += [
        "",
        "Invented worlds of five independent lists, by the probability that a person is on each:",
        "",
        "| people | (ii) less (i) | (iii) less (ii) | everybody less (iii) |",
        "|:---|---:|---:|---:|",
        *(
            f"| {name} | " + " | ".join(f"{step:+.2f}" for step in steps_in_world(classes)) + " |"
            for name, classes in WORLDS.items()
        ),
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    text = report()
    RESULTS.write_text(
        f"# Members of lists\n\n`python benchmarks/members_of_lists.py`\n\n{text}", encoding="utf-8"
    )
    if PAGE.exists():
        page = PAGE.read_text(encoding="utf-8")
        before, rest = page.split(BEGIN, 1)
        PAGE.write_text(f"{before}{BEGIN}\n\n{text}\n{END}{rest.split(END, 1)[1]}", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
