"""Numbers that stand: of 0.3.0, and of Calibrated of 0.6.0. What is moved or renamed leaves them alone."""

import warnings
from itertools import groupby

import pytest

from cases import of_package
from detcount import abundance, calibration, datasets
from detcount.errors import DetcountWarning

ROWS = of_package("numbers")
# What a changed formula would move, and another processor does not: the order of a sum.
TOLERANCE = 1e-9
# Calibrated adds many small terms: another processor moved it by 4e-9.
OF_CALIBRATED = 1e-7
# Chains of latent classes go other ways on another processor: some standard errors of chance of a limit.
OF_CHAINS = 0.1
NAMES = {name: getattr(abundance, name) for name in abundance.__all__} | {
    "Calibrated": calibration.Calibrated
}


def compare(dataset, rows):
    """Fit each estimator to a table, and compare its number and limits with those that stand."""
    table = datasets.load(dataset)
    found = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DetcountWarning)
        for row in rows:
            estimate = eval(row["estimator"], dict(NAMES)).fit(table, seed=0)
            interval = estimate.interval()
            found[row["estimator"]] = (estimate.point, interval.low, interval.high)
    stands = {row["estimator"]: tuple(float(row[key]) for key in ("point", "low", "high")) for row in rows}
    assert found.keys() == stands.keys()
    for name, numbers in found.items():
        own = {"LatentClass": OF_CHAINS, "Calibrated": OF_CALIBRATED}
        allowed = own.get(name.partition("(")[0], TOLERANCE)
        assert numbers == pytest.approx(stands[name], rel=allowed), name


def tables(speed):
    """The rows that take so long, by table."""
    chosen = [row for row in ROWS if row["speed"] == speed]
    return [(name, [*rows]) for name, rows in groupby(chosen, key=lambda row: row["dataset"])]


def test_numbers_that_take_milliseconds():
    for dataset, rows in tables("quick"):
        compare(dataset, rows)


@pytest.mark.slow
def test_numbers_that_take_longer():
    for dataset, rows in tables("slow"):
        compare(dataset, rows)


def test_every_table_of_persons_on_lists_is_there():
    captures = {name for name in datasets.names() if hasattr(datasets.load(name), "histories")}
    no_answer = {"colombia_recruitment_2000_2004"}  # 34 lists, of which some name nobody
    since = {name for name in captures if name.startswith(("peru_", "oud_"))}
    since |= {"census_rehearsal_1988", "cottontails", "pwid_hcv_scotland", "sudan_deaths"}
    assert {row["dataset"] for row in ROWS} == captures - no_answer - since
    assert len(ROWS) > 300
