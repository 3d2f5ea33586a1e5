"""Repeated counts against the R package SPECIES 1.2.0, on the capture frequencies of two tables.

It rounds its estimates and limits to whole persons and prints eight digits of the standard error. Its
standard error where the coefficient of variation is cut at zero (ukdat) is that of the uncut estimator, and
so is ours.
"""

import pytest

from cases import extra, of_package
from detcount import RepeatedCounts, datasets
from detcount.abundance import ChaoCounts, ChaoLee

pytestmark = pytest.mark.reference

WHOLE = 0.5  # it prints whole persons
PRINTED = 1e-7  # eight digits
SPECS = {
    "chao1984": ChaoCounts(bias_corrected=False),
    "ChaoLee1992 ACE": ChaoLee(),
    "ChaoLee1992 ACE-1": ChaoLee(form="ACE-1"),
}
ROWS = [row for row in of_package("species") if row["method"] in SPECS]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['dataset']} {row['method']}")
def test_every_row(row):
    counts = RepeatedCounts.from_frequencies(datasets.load(row["dataset"]).capture_frequencies)
    fitted = SPECS[row["method"]].fit(counts)
    printed = extra(row)
    assert abs(fitted.point - float(row["estimate"])) <= WHOLE
    assert fitted.standard_error == pytest.approx(float(printed["se"]), rel=PRINTED)
    interval = fitted.interval()
    assert abs(interval.low - float(row["lower"])) <= WHOLE
    assert abs(interval.high - float(row["upper"])) <= WHOLE


def test_every_method_is_compared():
    assert {row["method"] for row in ROWS} == set(SPECS)
