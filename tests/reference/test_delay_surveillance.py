"""Nowcasts of hospital admissions in the German HUS outbreak of 2011, held against what came.

Day of admission and day of report of 630 patients (of the R package surveillance 1.24.1), now = 2 June 2011.
"""

import pytest

from cases import of_package
from detcount.releases import MonitoredCases, VerificationDelay

pytestmark = pytest.mark.reference

NOW = "2011-06-02"
DAYS = slice(17, 25)  # 24 to 31 May; the first admission is of 7 May
FINAL = [51, 49, 34, 34, 22, 19, 26, 17]


def patients():
    rows = of_package("husO104Hosp")
    columns = {name: [row[name] for row in rows] for name in ("dHosp", "dReport")}
    return MonitoredCases.from_frame(columns, monitors=["dReport"], release="dHosp", as_of=NOW)


def test_what_came_lies_in_the_intervals():
    """Reporting became faster on the way (a change that the data of 2 June cannot show yet)."""
    table = VerificationDelay().fit(patients()).nowcast(0.95).iloc[DAYS]
    inside = (table["low"].to_numpy() <= FINAL) & (table["high"].to_numpy() >= FINAL)
    assert inside.sum() >= 6
