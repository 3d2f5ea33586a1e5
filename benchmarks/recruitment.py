"""Replicates x strata at the scale of Colombia: recruitment of children, 34 lists, year x sex, ten draws.

    python benchmarks/recruitment.py TABLE.csv.gz [n_jobs]

The table does not ship: a row a person, with `history` (a digit a list), fields, and a column `FIELD_imputed`
that is 1 where the source filled the field. What the source filled is blanked, and imputed anew.
"""

from __future__ import annotations

import sys
import time

import numpy as np
import pandas as pd

import detcount as dc

FIELDS = {
    "sex": "sex_imputed",
    "age_group": "age_imputed",
    "ethnicity": "ethnicity_imputed",
    "agent": "agent_imputed",
    "department": "place_imputed",
    "year": None,
}
ESTIMATOR = dc.abundance.LatentClass(min_effective_size=100, max_r_hat=1.05)  # of each of ten tables


def people(path: str) -> tuple[pd.DataFrame, list[str]]:
    """Persons with the lists that name somebody, and fields as they were before they were filled."""
    table = pd.read_csv(path, dtype={"history": str})
    on = np.array([[int(mark) for mark in history] for history in table["history"]])
    named = np.flatnonzero(on.any(axis=0))
    lists = [f"list {place + 1}" for place in named]
    frame = pd.DataFrame(on[:, named], columns=lists)
    for field, flag in FIELDS.items():
        known = table[flag] == 0 if flag else np.ones(len(table), dtype=bool)
        frame[field] = table[field].where(known)
    return frame, lists


def main(path: str, n_jobs: int) -> None:
    """Impute, fit and pool, with the time of each and R-hat of every stratum."""
    frame, lists = people(path)
    start = time.perf_counter()
    imputed = dc.strata.impute(frame, lists=lists, fields=list(FIELDS), n_replicates=10)
    drawn = time.perf_counter()
    tables = imputed.stratify(["year", "sex"])
    result = dc.fit_strata(ESTIMATOR, tables, combine="verdata", n_jobs=n_jobs)
    fitted = time.perf_counter()
    print(imputed.summary())
    shown = ["stratum", "n_observed", "low", "point", "high", "r_hat", "declined"]
    print(result.to_frame()[shown].to_string())
    print(next((note for note in result.notes if note.startswith("R-hat")), ""))
    if result.estimates:
        print(result.total())
    print(f"{drawn - start:.0f} s to impute, {fitted - drawn:.0f} s to fit {sum(map(len, tables))} tables")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 2)
