"""A list blanked in half of the strata: how near `PartialLists` comes to the fit of the whole.

The rule, written before any figure: strata are the periods of a table of persons; lists are all of it; pairs
of lists that share 100 persons or more may depend on each other. In each of 100 random halves of the strata
one list, drawn at random of those with 1,000 persons or more, is blanked: its marks are taken away, and with
them persons whom no other list names. The reference is the total of the same model on the whole table. Beside
it stand the strata that are left, with the listed of the others (dropped) or raised to all by the listed
(raised), and the same model without that list (unlisted). The reach of lists differs around its mean from
stratum to stratum ("default"), or is alike in all ("alike"). What has no answer is never nearer.

    python benchmarks/partial_lists.py CELLS.csv STRATUM [HALVES] > benchmarks/results/partial_lists.csv

The file has the columns history (a digit for each list), count, and the stratum.
"""

from __future__ import annotations

import math
import sys
from itertools import combinations

import numpy as np
import pandas as pd

from detcount import CaptureTable, Operates
from detcount.abundance import PartialLists
from detcount.errors import DetcountError

LEAST_SHARED, LEAST_ON_LIST, SEED = 100, 1000, 2004


def tables_of(cells: pd.DataFrame, names: list[str]) -> dict[str, CaptureTable]:
    """A table for each stratum."""
    found = {}
    for stratum, part in cells.groupby("stratum"):
        counts = part.groupby("history")["count"].sum()
        counts = counts[[("1" in history) for history in counts.index]]
        found[str(stratum)] = CaptureTable.from_counts(
            {str(key): int(value) for key, value in counts.items()}, lists=names
        )
    return found


def point(tables: dict[str, CaptureTable], pairs, varying, operates=None) -> float:
    """Total, or nan where there is none."""
    try:
        spec = PartialLists(operates=operates, interactions=pairs, varying=varying)
        return spec.fit(tables).point
    except DetcountError as error:
        print(error, file=sys.stderr)
        return math.nan


def main(path: str, column: str, halves: str = "100") -> None:
    """Write a row for each half; the sums go to the other stream."""
    cells = pd.read_csv(path, dtype={"history": str})
    cells["stratum"] = cells[column].fillna("unknown").astype(str)
    n_lists = len(cells["history"].iloc[0])
    names = [f"list {k + 1}" for k in range(n_lists)]
    marks = np.array([[int(digit) for digit in history] for history in cells["history"]])
    persons = cells["count"].to_numpy()
    shared = {
        (names[a], names[b]): int(persons[(marks[:, a] == 1) & (marks[:, b] == 1)].sum())
        for a, b in combinations(range(n_lists), 2)
    }
    pairs = tuple(pair for pair, n in shared.items() if n >= LEAST_SHARED)
    large = [k for k in range(n_lists) if persons[marks[:, k] == 1].sum() >= LEAST_ON_LIST]
    whole = tables_of(cells, names)
    random = np.random.default_rng(SEED)
    rows = []
    for way in ("default", "alike"):
        random = np.random.default_rng(SEED)
        reference = point(whole, pairs, None if way == "default" else ())
        without = {}
        for name in (names[k] for k in large):
            left = {stratum: table.drop(name) for stratum, table in whole.items()}
            others = tuple(pair for pair in pairs if name not in pair)
            without[name] = point(left, others, None if way == "default" else ())
        for half in range(int(halves)):
            list_number = int(random.choice(large))
            blanked = set(random.permutation(list(whole))[: len(whole) // 2].tolist())
            name = names[list_number]
            inside = cells["stratum"].isin(blanked)
            histories = cells["history"].where(
                ~inside, cells["history"].str[:list_number] + "0" + cells["history"].str[list_number + 1 :]
            )
            left = cells.assign(history=histories)
            tables = tables_of(left[left["history"].str.contains("1")], names)
            operates = Operates(tuple((name, place, None, None) for place in whole if place not in blanked))
            varying = None if way == "default" else ()
            kept = {stratum: table for stratum, table in whole.items() if stratum not in blanked}
            of_kept = point(kept, pairs, varying)
            n_kept = sum(table.n_observed for table in kept.values())
            n_all = sum(table.n_observed for table in tables.values())
            answers = {
                "partial": point(tables, pairs, varying, operates),
                "dropped": of_kept + n_all - n_kept,
                "raised": of_kept * n_all / n_kept,
                "unlisted": without[name],
            }
            rows.append(
                {"reach": way, "half": half, "list": name, "reference": round(reference)}
                | {key: round(math.log(value / reference), 4) for key, value in answers.items()}
            )
    found = pd.DataFrame(rows)
    found.to_csv(sys.stdout, index=False)
    for way, part in found.groupby("reach"):
        error = part[["partial", "dropped", "raised", "unlisted"]].abs().fillna(math.inf)
        nearer = {key: float((error["partial"] < error[key]).mean()) for key in error.columns[1:]}
        print(way, pairs, "errors", error.mean().round(4).to_dict(), "nearer than", nearer, file=sys.stderr)


if __name__ == "__main__":
    main(*sys.argv[1:])
