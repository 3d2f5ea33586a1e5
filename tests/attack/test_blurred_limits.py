"""An attack on limits of linked lists under a key: with all rows but one person's, and without the key."""

import math
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

import detcount as dc
from attack.test_public_stock import without
from detcount.errors import InputError
from detcount.privacy import BLUR, blurred_limits, canonical, new_digest_key, noisy
from invented_linkage import invented_linkage

KEYS = 4_000
MOST = 0.1


@cache
def assessed():
    return dc.assess(
        invented_linkage(seed=2, doubtful=60), families=("calibrated", "chao"), n_draws=6, seed=1
    )


@cache
def keys():
    return [new_digest_key() for _ in range(KEYS)]


def pages(limits, moves, question):
    return np.array([blurred_limits(*limits, moves, key, question) for key in keys()])


def advantage(one, other, statistic):
    """Best cut of one half of the keys, judged on the other half."""
    a, b = statistic(*one.T), statistic(*other.T)
    half = len(a) // 2
    places = np.unique(np.concatenate([a[:half], b[:half]]))
    below = np.array([(a[:half] < at).mean() - (b[:half] < at).mean() for at in places])
    k = int(np.abs(below).argmax())
    return ((a[half:] < places[k]).mean() - (b[half:] < places[k]).mean()) * np.sign(below[k])


@pytest.mark.slow
def test_whoever_has_all_rows_but_one_persons_does_not_see_whether_they_are_on_the_page():
    made = assessed()
    over, table = made.fits.over, made.table
    limits = made.recommended.interval_rule.bounds(0.95)
    page = pages(limits, over.moves_by_one(table), canonical(table))
    for k in range(len(table.counts)):
        counts = table.counts.copy()
        counts[k] -= 1
        fewer = replace(table, histories=table.histories[counts > 0], counts=counts[counts > 0])
        without = dc.pooling.pool(dc.calibration.Calibrated(listed=1.0), over.tables(fewer), seed=1)
        other = pages(without.interval_rule.bounds(0.95), over.moves_by_one(fewer), canonical(fewer))
        for statistic in (np.add, np.subtract, np.divide, lambda low, _: low, lambda _, high: high):
            assert advantage(page, other, statistic) < MOST + 3 * math.sqrt(0.5 / KEYS)


@given(st.floats(1e-5, 0.05), st.floats(1e-5, 0.05), st.floats(50, 5e4), st.floats(1.05, 20))
def test_limits_are_so_far_apart_at_most_and_cover_as_before(first, second, low, ratio):
    limits, moves = (low, low * ratio), (first, second)
    at_0 = np.log(noisy(limits, moves, (0.0, 0.0)))
    noise = np.log(noisy(limits, moves, (1.0, 1.0))) - at_0
    assert math.hypot(first / noise[0], second / noise[1]) <= BLUR.distance * (1 + 1e-9)
    z = stats.norm.ppf(0.975)
    spread = math.log(ratio) / (2 * z)
    middle = math.log(low) + math.log(ratio) / 2
    below = stats.norm.cdf((middle - at_0[0]) / math.hypot(spread, noise[0]))
    above = stats.norm.cdf((at_0[1] - middle) / math.hypot(spread, noise[1]))
    assert below == pytest.approx(0.975, abs=1e-9)
    assert above == pytest.approx(0.975, abs=1e-9)


def test_the_noise_of_keys_is_normal_and_that_of_both_limits_is_not_the_same():
    limits, moves = (4.5e8, 8.3e8), (0.2, 0.3)  # so much noise that rounding is small beside it
    at_0, at_1 = (np.log(noisy(limits, moves, (k, k))) for k in (0.0, 1.0))
    drawn = (np.log(pages(limits, moves, "an attack")) - at_0) / (at_1 - at_0)
    for column in drawn.T:
        assert stats.kstest(column, "norm").pvalue > 1e-3
    assert abs(np.corrcoef(drawn.T)[0, 1]) < 4 / math.sqrt(KEYS)


def test_names_and_order_of_lists_draw_no_other_noise_and_another_person_does():
    counts = {"100": 40, "010": 60, "001": 35, "110": 20, "101": 12, "011": 9, "111": 6}
    table = dc.CaptureTable.from_counts(counts, lists=("press", "court", "families"))
    turned = dc.CaptureTable.from_counts({key[::-1]: n for key, n in counts.items()}, lists=("a", "b", "c"))
    fewer = dc.CaptureTable.from_counts(counts | {"100": 39}, lists=("press", "court", "families"))
    assert canonical(table) == canonical(turned) != canonical(fewer)
    (key,) = keys()[:1]
    found = [blurred_limits(450, 830, (0.01, 0.01), key, canonical(of)) for of in (table, turned, fewer)]
    assert found[0] == found[1] != found[2]


def test_a_page_under_a_key_has_its_limits_alone_and_says_so():
    made, (key, other) = assessed(), keys()[:2]
    plain, page = made.public(), made.public(key)
    assert not plain.blurred
    assert page.blurred
    assert page.to_markdown() == made.public(key).to_markdown()
    assert page.families != made.public(other).families
    row = page.recommended_row
    low, high = made.recommended.interval_rule.bounds(0.95)
    moves, question = made.fits.over.moves_by_one(made.table), f"calibrated {canonical(made.table)}"
    assert (row.low, row.high) == blurred_limits(low, high, moves, key, question)
    assert "blurred a little" in page.to_markdown()
    assert "blurred" not in plain.to_markdown()
    assert page.n_observed == plain.n_observed
    assert page.record()["blurred"] is True
    assert "blurred" not in plain.record()


@pytest.mark.slow
def test_a_record_with_noise_is_made_again_with_the_key_alone():
    made, (key, other) = assessed(), keys()[:2]
    record, families = made.public(key).record(), ("calibrated", "chao")
    again = dc.reproduce(record, made.linkage, families=families, digest_key=key)
    assert again.agrees
    assert not dc.reproduce(record, made.linkage, families=families, digest_key=other).agrees
    with pytest.raises(InputError, match="digest_key: expected the secret"):
        dc.reproduce(record, made.linkage, families=families)


@cache
def held(n=1, person=None):
    """People held by lists that count as linked, by as many partitions, with one person or without."""
    people = dc.simulate.detention_system(n_days=200, seed=3).people
    return dc.assess_stock(people=[people if person is None else without(people, person)] * n)


def test_limits_of_the_held_have_noise_under_a_key_and_say_so():
    made, (key, other) = held(2), keys()[:2]
    plain, page = made.public(), made.public(key)
    (row,), (coarse,) = page.answer_rows, plain.answer_rows
    found = made.path.at(made.day).interval(0.95)
    assert page.blurred
    assert not plain.blurred
    assert page.answer_rows == made.public(key).answer_rows != made.public(other).answer_rows
    assert (row.day, row.floor) == (coarse.day, coarse.floor)
    assert 0.7 * found.low <= row.low <= row.median <= row.high <= 1.4 * found.high
    assert row.low >= (coarse.floor or 0.0)
    assert "blurred a little" in page.to_markdown()
    assert "blurred" not in plain.to_markdown()
    assert page.record()["blurred"] is True
    assert "blurred" not in plain.record()
    alone = dc.assess_stock(people=made.people)  # nothing was linked
    assert not alone.public(key).blurred


@pytest.mark.slow
def test_noise_of_the_held_hides_any_one_person():
    made = held(12)
    found, tables = made.path.at(made.day).interval(0.95), made._last_tables()
    moves = np.array(made._moves_by_one(tables, math.log(found.high / found.low)))
    noise = np.sqrt(moves * moves.sum()) / BLUR.distance
    apart = []
    for person in (7, 41, 300, 805, 1162):
        other = held(12, person).path.at(made.day).interval(0.95)
        apart.append(np.log([other.low / found.low, other.high / found.high]) / noise)
    distances = np.linalg.norm(apart, axis=1)
    assert 2 * stats.norm.cdf(distances.max() / 2) - 1 <= MOST
    assert noise.max() < math.log(found.high / found.low) / 4  # and is no wider than it has to be


@pytest.mark.slow
def test_a_record_of_the_held_with_noise_is_made_again_with_the_key_alone():
    made, (key, other) = held(2), keys()[:2]
    record, given = made.public(key).record(), {"people": [made.people] * 2}
    assert dc.reproduce(record, given, digest_key=key).agrees
    with pytest.raises(InputError, match="digest_key: expected the secret"):
        dc.reproduce(record, given)
    with pytest.raises(InputError, match="expected those of the record"):
        dc.reproduce(record, given, digest_key=other)
