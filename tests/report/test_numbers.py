"""How reports write numbers, lists of words and sentences, in English and Spanish."""

import math

import pytest

from detcount.reports.numbers import decimal, level_words, percent, persons, printed_limits, ratio, rounded

SPACE = "\u00a0"


@pytest.mark.parametrize(
    ("value", "english", "spanish"),
    [
        (7, "7", "7"),
        (4400.2, "4,400", f"4{SPACE}400"),
        (9999.4, "9,999", f"9{SPACE}999"),
        (9999.6, "10,000", f"10{SPACE}000"),
        (1234567.0, "1,234,567", f"1{SPACE}234{SPACE}567"),
        (math.inf, "no upper limit", "sin límite superior"),
    ],
)
def test_persons_as_people_read_them(value, english, spanish):
    assert persons(value) == english
    assert persons(value).say("es") == spanish


@pytest.mark.parametrize(
    ("value", "figures", "text"),
    [(10356.5, 3, "10,400"), (17987, 2, "18,000"), (6947, 2, "6,900"), (157.2, 2, "160"), (48.6, 2, "49")],
)
def test_sentences_round_to_significant_figures(value, figures, text):
    assert rounded(value, figures=figures) == text


@pytest.mark.parametrize(
    ("low", "high", "printed"),
    [(115.2, 423.1, ("110", "430")), (7100.0, 28930.0, ("7,100", "29,000")), (48.6, 99.4, ("49", "99"))],
)
def test_limits_in_sentences_hold_the_interval(low, high, printed):
    assert (rounded(low, towards="down"), rounded(high, towards="up")) == printed


def test_rounding_never_goes_below_the_floor():
    assert rounded(4446.0, floor=4444, figures=2) == "4,444"


@pytest.mark.parametrize(
    ("value", "english", "spanish"),
    [(0.7386, "0.739", "0,739"), (2.0, "2", "2"), (1234.0, "1,200", f"1{SPACE}200"), (math.inf, "∞", "∞")],
)
def test_ratios(value, english, spanish):
    assert ratio(value) == english
    assert ratio(value).say("es") == spanish


def test_decimals_and_percentages():
    assert decimal(12345.678) == "12,345.68"
    assert decimal(12345.678).say("es") == f"12{SPACE}345,68"
    assert decimal(1234.5, 1).say("es") == f"1{SPACE}234,5"
    assert decimal(math.inf) == "∞"
    assert percent(0.471) == "47%"
    assert percent(0.471).say("es") == f"47{SPACE}%"


@pytest.mark.parametrize(
    ("level", "shown"), [(0.95, "95%"), (0.57, "57%"), (0.975, "97.5%"), (0.999, "99.9%"), (0.9995, "99.95%")]
)
def test_a_level_has_the_decimals_that_it_was_given(level, shown):
    assert level_words(level) == shown
    assert level_words(level).say("es") == shown.replace(".", ",").replace("%", f"{SPACE}%")


@pytest.mark.parametrize(
    ("low", "high", "floor", "printed"),
    [
        (381.0, 425.4, 0, (380, 430)),
        (567.2, 2403.0, 0, (560, 2500)),
        (115.2, math.inf, 120, (120, math.inf)),
    ],
)
def test_limits_are_rounded_once(low, high, floor, printed):
    once = printed_limits(low, high, floor)
    assert once == printed
    assert printed_limits(*once, floor) == printed
