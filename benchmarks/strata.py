"""CPU seconds to estimate and to add up a thousand strata: `python benchmarks/strata.py [strata]`.

Two lists whose odds ratio is 1.7 in every stratum of 600 persons: the totals can be held against the truth.
"""

from __future__ import annotations

import math
import sys
import time

import numpy as np

import detcount as dc


def strata(n_strata: int, n_persons: int = 600, odds_ratio: float = 1.7) -> dict[str, dc.CaptureTable]:
    """Tables of two lists that depend on each other in the same way everywhere."""
    first, second = 0.4, 0.35
    a, b = odds_ratio - 1, 1 + (first + second) * (odds_ratio - 1)
    both = (b - math.sqrt(b * b - 4 * a * odds_ratio * first * second)) / (2 * a)
    cells = [first - both, second - both, both, 1 - first - second + both]
    counts = np.random.default_rng(14).multinomial(n_persons, cells, size=n_strata)
    return {
        f"stratum {k:04d}": dc.CaptureTable.from_counts(
            dict(zip(("10", "01", "11"), row[:3].tolist(), strict=True)), lists=["press", "families"]
        )
        for k, row in enumerate(counts)
    }


def main() -> None:
    """Print one line for each estimator."""
    n_strata = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    tables = strata(n_strata)
    print(f"{n_strata:,} strata of 600 persons: {600 * n_strata:,} in all")
    for estimator in (dc.abundance.Chapman(), dc.Calibrated()):
        start = time.process_time()
        result = dc.fit_strata(estimator, tables)
        fitted = time.process_time()
        total = result.total()
        added = time.process_time()
        print(f"{estimator!r}: fitted in {fitted - start:.1f} s, added up in {added - fitted:.1f} s")
        for row in total.rows():
            limits = f"{row['low']:,.0f} to {row['high']:,.0f}"
            print(f"  shared {row['shared']:.2f}: {limits}, point {row['point']:,.0f}")


if __name__ == "__main__":
    main()
