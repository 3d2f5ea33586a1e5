"""Chao's lower bound: formulas, refusals, what it assumes."""

import pytest

from detcount import CaptureTable
from detcount.abundance import ChaoLowerBound

EXACT = 1e-12  # relative: the same arithmetic in another order

# f1 = 83, f2 = 46, f3 = 9
TABLE = CaptureTable.from_counts(
    {"100": 40, "010": 31, "001": 12, "110": 17, "101": 9, "011": 20, "111": 9},
    lists=["press", "court", "ngo"],
)


def test_plain_by_hand():
    estimate = ChaoLowerBound(bias_corrected=False).fit(TABLE)
    unlisted = (2 / 3) * 83**2 / (2 * 46)
    assert estimate.point == pytest.approx(138 + unlisted, rel=EXACT)
    # Chao 1987: f2 (a r^2/2 + a^2 r^3 + a^2 r^4/4), r = f1/f2
    a, r = 2 / 3, 83 / 46
    variance = 46 * (a * r**2 / 2 + a**2 * r**3 + a**2 * r**4 / 4)
    assert estimate.standard_error == pytest.approx(variance**0.5, rel=EXACT)


def test_bias_corrected_by_hand():
    estimate = ChaoLowerBound().fit(TABLE)
    unlisted = (2 / 3) * 83 * 82 / (2 * 47)
    assert estimate.point == pytest.approx(138 + unlisted, rel=EXACT)
    square = (2 / 3) ** 2 * 83 * 82 * 81 * 80 / (4 * 47 * 48)
    assert estimate.standard_error == pytest.approx((unlisted + unlisted**2 - square) ** 0.5, rel=EXACT)
    assert (estimate.detail.once, estimate.detail.twice) == (83, 46)


def test_sixty_lists():
    names = [f"list {k}" for k in range(60)]
    counts = {"0" * k + "1" + "0" * (59 - k): 2 + k for k in range(60)}
    counts["11" + "0" * 58] = 40
    table = CaptureTable.from_counts(counts, lists=names)
    once = sum(2 + k for k in range(60))
    expected = once + 40 + (59 / 60) * once * (once - 1) / (2 * 41)
    assert ChaoLowerBound().fit(table).point == pytest.approx(expected, rel=EXACT)
