"""What `DoublyRobust` does where the whole is known: pairs of lists within the members of another list.

The members of one list, the reference, are a population whose size is known. Any two other lists name some of
them, and of each member some covariates are known. Every estimator sees only those whom one of the two names.

The rule, written before any figure: every table of members with covariates that there is; every reference
with 500 members or more; every pair of other lists that shares 20 members or more, with 20 or more on each
alone. All covariates of the table go in. Beside it stands Chapman without covariates.

    python benchmarks/doubly_robust.py MEMBERS.csv... > benchmarks/results/doubly_robust.csv

A file has the columns dataset, reference_list, lists (names, "|" between), history (of these lists, a digit
each), count, and covariates.
"""

from __future__ import annotations

import math
import sys
from itertools import combinations
from pathlib import Path

import pandas as pd

from detcount import CaptureTable
from detcount.abundance import Chapman, DoublyRobust
from detcount.errors import DetcountError

LEAST_MEMBERS, LEAST_SHARED, LEAST_ALONE = 500, 20, 20
FORM = ("dataset", "reference_list", "lists", "history", "count")


def judged(estimate, truth: int) -> dict[str, object]:
    """Distance on the scale of logarithms, and whether the limits hold the truth."""
    limits = estimate.interval()
    return {
        "point": round(estimate.point),
        "low": math.floor(limits.low),
        "high": math.ceil(limits.high),
        "error": round(math.log(estimate.point / truth), 4),
        "covered": limits.low <= truth <= limits.high,
    }


def pairs_of(members: pd.DataFrame, reference: str):
    """Rows of the file for each pair of lists of one reference."""
    names = members["lists"].iloc[0].split("|")
    covariates = tuple(name for name in members.columns if name not in FORM and members[name].nunique() > 1)
    truth = int(members["count"].sum())
    marks = {name: members["history"].str[k].astype(int) for k, name in enumerate(names)}
    for first, second in combinations(names, 2):
        one, other = marks[first], marks[second]
        persons = members["count"]
        shared = int(persons[(one == 1) & (other == 1)].sum())
        alone = [int(persons[(one == 1) & (other == 0)].sum()), int(persons[(one == 0) & (other == 1)].sum())]
        if shared < LEAST_SHARED or min(alone) < LEAST_ALONE:
            continue
        seen = members.assign(first=one, second=other)[(one == 1) | (other == 1)]
        rows = seen[[*covariates, "count", "first", "second"]].reset_index(drop=True)
        table = CaptureTable.from_counts(
            {"10": alone[0], "01": alone[1], "11": shared}, lists=["first", "second"]
        )
        found = {"chapman": judged(Chapman().fit(table), truth)}
        try:
            estimate = DoublyRobust(("first", "second"), covariates, count="count").fit(rows)
            found["doubly_robust"] = judged(estimate, truth) | {
                "raised": estimate.detail.n_truncated,
                "plug_in": round(estimate.detail.plug_in),
            }
        except DetcountError as error:
            print(reference, first, second, error, file=sys.stderr)
            found["doubly_robust"] = {}
        yield {
            "dataset": members["dataset"].iloc[0],
            "reference": reference,
            "first": first,
            "second": second,
            "truth": truth,
            "listed": table.n_observed,
            "shared": shared,
        } | {f"{name}_{key}": value for name, each in found.items() for key, value in each.items()}


def main(paths: list[str]) -> None:
    """Write a row for each pair; the sums go to the other stream."""
    rows: list[dict[str, object]] = []
    for path in paths:
        table = pd.read_csv(Path(path), dtype={"history": str, "lists": str})
        for reference, members in table.groupby("reference_list"):
            if members["count"].sum() >= LEAST_MEMBERS:
                rows += pairs_of(members.reset_index(drop=True), str(reference))
    found = pd.DataFrame(rows)
    found.to_csv(sys.stdout, index=False)
    for name, part in [("all", found), *found.groupby("dataset")]:
        answered = part.dropna(subset=["doubly_robust_error"])
        nearer = answered["doubly_robust_error"].abs() < answered["chapman_error"].abs()
        covered = answered["doubly_robust_covered"].astype(bool)
        said = {
            "pairs": len(part),
            "answered": len(answered),
            "nearer": nearer.mean(),
            "covered": covered.mean(),
            "covered by Chapman": answered["chapman_covered"].mean(),
            "error": answered["doubly_robust_error"].abs().mean(),
            "error of Chapman": answered["chapman_error"].abs().mean(),
        }
        print(name, {key: round(float(value), 3) for key, value in said.items()}, file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1:])
