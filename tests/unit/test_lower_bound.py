"""Chao's lower bound: formulas, refusals, what it assumes."""

import math

import pytest

from detcount import CaptureTable, datasets
from detcount.abundance import ChaoLowerBound
from detcount.errors import NotEstimableError

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


def test_the_interval_is_log_normal():
    estimate = ChaoLowerBound().fit(TABLE)
    ratio = estimate.standard_error / estimate.n_unobserved
    spread = math.exp(1.959963984540054 * math.sqrt(math.log(1 + ratio**2)))
    interval = estimate.interval()
    assert interval.low == pytest.approx(138 + estimate.n_unobserved / spread, rel=1e-9)
    assert interval.high == pytest.approx(138 + estimate.n_unobserved * spread, rel=1e-9)
    assert interval.method == "log-normal"


def test_two_lists():
    two = datasets.load("kosovo").keep(["EXH", "OSCE"])
    alone = sum(two.exclusives.values())
    both = two.overlap("EXH", "OSCE")
    estimate = ChaoLowerBound(bias_corrected=False).fit(two)
    # with equal shares each list alone is alone/2 persons: N = n + (alone/2)^2/both
    assert estimate.n_unobserved == pytest.approx((alone / 2) ** 2 / both, rel=1e-9)


def test_nobody_on_two_lists():
    table = CaptureTable.from_counts({"100": 9, "010": 5, "001": 4}, lists=["press", "court", "ngo"])
    estimate = ChaoLowerBound().fit(table)
    assert estimate.point == pytest.approx(18 + (2 / 3) * 18 * 17 / 2, rel=EXACT)
    assert "Nobody is on exactly two lists" in estimate.notes[1]
    with pytest.raises(NotEstimableError, match=r"nobody is on exactly two lists\. Use ChaoLowerBound"):
        ChaoLowerBound(bias_corrected=False).fit(table)


def test_nobody_or_one_on_one_list():
    lists = ["press", "court", "ngo"]
    none = CaptureTable.from_counts({"110": 9, "011": 5, "111": 4}, lists=lists)
    one = CaptureTable.from_counts({"110": 9, "011": 5, "111": 4, "100": 1}, lists=lists)
    for bias_corrected in (True, False):
        with pytest.raises(
            NotEstimableError, match="nobody is on exactly one list, so the bound is the number"
        ):
            ChaoLowerBound(bias_corrected=bias_corrected).fit(none)
    with pytest.raises(NotEstimableError, match="one person alone is on exactly one list"):
        ChaoLowerBound().fit(one)
    assert ChaoLowerBound(bias_corrected=False).fit(one).point == pytest.approx(
        19 + (2 / 3) / (2 * 14), rel=EXACT
    )


def test_sixty_lists():
    names = [f"list {k}" for k in range(60)]
    counts = {"0" * k + "1" + "0" * (59 - k): 2 + k for k in range(60)}
    counts["11" + "0" * 58] = 40
    table = CaptureTable.from_counts(counts, lists=names)
    once = sum(2 + k for k in range(60))
    expected = once + 40 + (59 / 60) * once * (once - 1) / (2 * 41)
    assert ChaoLowerBound().fit(table).point == pytest.approx(expected, rel=EXACT)
