"""Monte Carlo errors of uncertain counts."""

import datetime as dt
import math
import pickle
from dataclasses import replace

import numpy as np
import pytest

from detcount.estimates import UncertainCount
from releases_hand import gap

NEAR = 0.05  # of an error, for 40,000 draws of whole persons


def drawn(effective_size=None, spread=40.0):
    draws = np.rint(900 + spread * np.random.default_rng(3).standard_normal(40_000))
    return UncertainCount.from_draws(
        draws, bounds=(0, math.inf), identified_by="data", effective_size=effective_size
    )


def test_of_the_mean_and_of_both_limits():
    for count, size in ((drawn(), 40_000), (drawn(400.0), 400)):
        assert count.monte_carlo_error == pytest.approx(40 / math.sqrt(size), rel=NEAR)
        low, high = count.interval(0.8).monte_carlo_error
        expected = 40 * 0.3 / 0.17549833 / math.sqrt(size)  # sqrt(0.1 0.9) over the normal density there
        if size == 400:  # with 40,000 draws the limits err by less than a person
            assert low == pytest.approx(expected, rel=2 * NEAR)
            assert high == pytest.approx(expected, rel=2 * NEAR)


def test_what_is_printed_is_rounded_to_what_they_support():
    assert str(drawn(400.0)) == "900 (820 to 980, 95%, from the counts)"
    assert str(drawn()).startswith("900 (82")


def test_exact_and_unknown_distributions_have_none():
    exact = UncertainCount(
        bounds=(3, 5),
        identified_by="prior",
        draws=np.array([3, 4, 5]),
        values=np.array([3, 4, 5]),
        probabilities=np.array([0.2, 0.5, 0.3]),
    )
    unknown = UncertainCount.only_bounded(2, 9)
    for count in (exact, unknown):
        assert count.monte_carlo_error is count.interval().monte_carlo_error is None
        assert pickle.loads(pickle.dumps(count)).monte_carlo_error is None
    certain = UncertainCount.known(7, n_draws=50)
    assert (certain.monte_carlo_error, certain.interval().monte_carlo_error) == (0.0, (0.0, 0.0))
    again = pickle.loads(pickle.dumps(drawn(400.0)))
    assert again.monte_carlo_error == drawn(400.0).monte_carlo_error


def test_rows_of_a_gap():
    made = gap(announced=120, verified=60)
    for row, count in zip(
        made.rows(0.8),
        (made.eventually_verified, made.carried_out, *made.parts.values()),
        strict=True,
    ):
        assert row["monte_carlo_error"] == count.monte_carlo_error
        assert row["monte_carlo_error_low"] == count.interval(0.8).finite_errors[0]
        assert row["monte_carlo_error_high"] == count.interval(0.8).finite_errors[1]
    assert made.record()["quantities"][0]["monte_carlo_error"] == made.eventually_verified.monte_carlo_error


def test_what_counts_and_gaps_say():
    count = UncertainCount.from_draws([3, 4, 4, 9], bounds=(3, 10), identified_by="data")
    assert (str(count), count.translated("en")) == ("4 (3 to 10, 95%, from the counts)",) * 2
    assert count.translated("es") == "4 (3 a 10, 95\u00a0%, según los recuentos)"
    assert (
        UncertainCount.only_bounded(2, math.inf).translated("es")
        == "2 a sin límite superior (mínimo y máximo posibles)"
    )
    made = gap(announced=120, verified=60)
    # by the counts alone, and never by the prior of what was completed
    assert str(made) == (
        f"event of 12 January 2026: 120 announced, 60 verified by {made.as_of}; completed 60 to 120 if "
        "those verified are of it, and 0 to 120 if that is not known"
    )
    assert ": 120 anunciadas, 60 verificadas al" in made.translated("es")
    assert "by its bounds alone" in made.sentence()
    assert "from the prior" not in made.sentence()


def test_a_point_is_the_median_and_not_the_mean_of_a_long_tail():
    long = UncertainCount.from_draws([2, 2, 2, 3, 2_000_000], bounds=(0, math.inf), identified_by="data")
    assert long.printed()[1] == 2
    assert str(long).startswith("2 (2 to ")
    assert "below 2," in str(long.sentence())
    by_prior = replace(long, identified_by="prior").sentence()
    assert by_prior == "Whatever is assumed, the number lies within these bounds: 0 to no upper limit."


def test_a_verified_figure_keeps_its_own_day_and_its_own_window():
    day = dt.date(2026, 1, 2)
    made = replace(
        gap(announced=88, verified=2),
        start=dt.date(2026, 1, 1),
        end=dt.date(2026, 1, 1),
        as_of=dt.date(2026, 1, 29),
        verified_on=day,
        verified_start=dt.date(2026, 1, 1),
        verified_end=day,
    )
    assert made.silent_days == 27
    assert "by 2 January 2026" in str(made.sentence())
    assert "verified by 2026-01-02" in str(made.headline())
    assert (made.window_shift, made.windows_match) == ((0, 1), True)
    wider = replace(made, verified_start=dt.date(2025, 12, 28))
    assert (wider.window_shift, wider.windows_match) == ((-4, 1), False)
    unsaid = replace(made, verified_start=None)
    assert (unsaid.window_shift, unsaid.windows_match) == ((None, 1), None)
    assert replace(unsaid, verified_end=dt.date(2026, 1, 9)).windows_match is False
    assert replace(made, verified_on=None).silent_days is None
