"""Announced batches and delays of verification, against an exact table and what came later.

Of one batch without delay P(R = r) is proportional to BetaBinomial(r; A, 1, 1) BetaBinomial(V; r, a, b). The
table was computed apart from this library, to six places. Delays are those of day of admission and day of
report of 630 patients in the German HUS outbreak of 2011 (R package surveillance 1.24.1), as of 2 June.
"""

import numpy as np
import pytest
from scipy import stats

from cases import of_package, tables
from detcount import PublishedReleases
from detcount.releases import AnnouncedBatches, MonitoredCases, VerificationDelay

TABLES = tables("releases_published")

pytestmark = pytest.mark.reference

PRINTED = 1e-6  # the table has six places
SAME = 1e-9  # the same finite sum, written twice


def one_batch(announced, verified):
    return PublishedReleases.from_frame(
        {
            "published": ["2025-12-25", "2025-12-29"],
            "source": ["ministry", "monitor"],
            "role": ["announced", "verified"],
            "start": ["2025-12-25", "2025-12-25"],
            "end": ["2025-12-25", "2025-12-25"],
            "count": [announced, verified],
        }
    )


@pytest.mark.parametrize(
    ("announced", "verified", "prior", "mean", "median", "low", "high", "p_all"), TABLES["one_batch"]
)
def test_one_batch_without_delay_is_exact(announced, verified, prior, mean, median, low, high, p_all):
    spec = AnnouncedBatches(delay=False, verification=tuple(prior), carried_out=(1, 1))
    batch = spec.fit(one_batch(announced, verified)).batches[0]
    assert batch.carried_out.mean == pytest.approx(mean, abs=PRINTED)
    assert batch.carried_out.median == median
    assert (batch.interval(0.95).low, batch.interval(0.95).high) == (low, high)
    assert batch.p_all_carried_out == pytest.approx(p_all, abs=PRINTED)
    r = np.arange(verified, announced + 1)
    weight = stats.betabinom.pmf(r, announced, 1, 1) * stats.betabinom.pmf(verified, r, *prior)
    np.testing.assert_allclose(batch.carried_out.probabilities, weight / weight.sum(), atol=SAME)
    # the other parts are shifts of the same distribution
    assert batch.unverifiable.mean == pytest.approx(mean - verified, abs=PRINTED)
    assert batch.unsubstantiated.mean == pytest.approx(announced - mean, abs=PRINTED)
    assert batch.unsubstantiated.probability(at_least=1) == pytest.approx(1 - p_all, abs=PRINTED)
    assert batch.pending.interval().high == 0


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
