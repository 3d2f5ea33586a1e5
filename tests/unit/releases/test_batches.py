"""Announced batches: exact posteriors, what is a batch, what identifies what, and every shape of the data."""

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy import stats

from cases import stored, wanted
from detcount import PublishedReleases, datasets, releases
from detcount.errors import NotEstimableError
from detcount.releases.batches import AnnouncedBatches
from near import apart, words

SAME = 1e-9  # the same sum written twice, over at most a few thousand terms


def reports(*rows, **columns):
    """Rows of published, source, role, start, end, count, and optionally event and at least."""
    names = ["published", "source", "role", "start", "end", "count", "event", "at_least"]
    full = [(*row, *("", False)[len(row) - 6 :]) for row in rows]
    frame = {name: [row[place] for row in full] for place, name in enumerate(names)}
    return PublishedReleases.from_frame({**frame, **columns})


def one_batch(announced, verified, day="2025-12-25", on="2025-12-29"):
    return reports(
        (day, "ministry", "announced", day, day, announced),
        (on, "monitor", "verified", day, day, verified),
    )


def test_exact_posterior_with_two_monitors_is_the_product_of_beta_binomials():
    spec = AnnouncedBatches(delay=False, verification=(3, 2), carried_out=(2, 0.7), n_draws=5000)
    day = "2025-03-01"
    rows = reports(
        (day, "ministry", "announced", day, day, 23),
        (day, "a", "verified", day, day, 9),
        ("2025-03-04", "b", "verified", day, day, 14),
    )
    batch = spec.fit(rows).batches[0]
    r = np.arange(14, 24)
    weight = (
        stats.betabinom.pmf(r, 23, 2, 0.7)
        * stats.betabinom.pmf(9, r, 3, 2)
        * stats.betabinom.pmf(14, r, 3, 2)
    )
    weight /= weight.sum()
    np.testing.assert_allclose(batch.carried_out.probabilities, weight, atol=SAME)
    assert (batch.verified_by, batch.verified) == ("b", 14)
    # the draws are the distribution, at even steps
    shares = np.bincount(batch.carried_out.draws - 14, minlength=10) / 5000
    np.testing.assert_allclose(shares, weight, atol=1 / 5000)
    total = batch.verified + sum(part.draws for part in batch.parts.values())
    assert (total == 23).all()


@pytest.mark.parametrize("found", [0.5, 0.7, 0.9])
def test_if_the_monitor_finds_a_share_so_many_were_completed(found):
    batch = AnnouncedBatches(found=found, delay=False).fit(one_batch(99, 61)).batches[0]
    r = np.arange(61, 100)
    weight = stats.betabinom.pmf(r, 99, 1.2, 0.8) * stats.binom.pmf(61, r, found)
    np.testing.assert_allclose(batch.carried_out.probabilities, weight / weight.sum(), atol=SAME)
    later = AnnouncedBatches(found=found).fit(one_batch(99, 61)).batches[0]
    assert later.outside is None
    assert later.carried_out.bounds == (61, 99)
    assert later.pending.bounds == (0, 38)
    assert later.carried_out.mean > batch.carried_out.mean  # some are still to be found
    (note,) = AnnouncedBatches(found=found).fit(one_batch(99, 61)).notes
    assert note == (
        f"Assumed, not estimated: the monitor of each split eventually verifies {found:.0%} of the releases "
        "that happened."
    )


def venezuela():
    return datasets.load("venezuela_releases")


ROWS = len(venezuela())


def answer(spec, rows):
    try:
        return spec.fit(rows), None
    except NotEstimableError as error:
        return None, error


@settings(max_examples=6)
@given(
    chosen=st.lists(st.integers(0, ROWS - 1), min_size=1, max_size=40, unique=True),
    delay=st.booleans(),
)
def test_no_sub_sample_of_the_shipped_file_crashes(chosen, delay):
    sample = venezuela().where(np.array(chosen))
    estimate, declined = answer(AnnouncedBatches(delay=delay, n_draws=100), sample)
    if estimate is None:
        assert declined.reason
        assert declined.remedy.endswith(".")
        return
    for batch in estimate.batches:
        for row in batch.rows():
            assert row["least"] <= row["low"] <= row["high"] <= row["most"]
            assert row["mean"] is None or row["least"] <= row["mean"] <= row["most"]
    assert all(note.endswith((".", ")")) for note in estimate.notes)


@settings(max_examples=12)
@given(
    announced=st.one_of(st.integers(1, 60), st.integers(1, 10**6), st.integers(1, 8 * 10**9)),
    counts=st.lists(st.tuples(st.integers(0, 70), st.booleans(), st.integers(0, 9)), min_size=1, max_size=5),
    names=st.integers(1, 3),
)
# a count withdrawn to 0 and then given again as "at least": the last figure stands
@example(announced=1, counts=[(0, False, 1), (1, False, 0), (1, True, 1)], names=1)
def test_parts_add_up_and_respect_their_bounds(announced, counts, names):
    day = np.datetime64("2025-03-10")
    rows = [(day, "m", "announced", day, day, announced)]
    rows += [
        (day + lag, f"v{place % names}", "verified", day, day, count, "", at_least)
        for place, (count, at_least, lag) in enumerate(counts)
    ]
    estimate, declined = answer(AnnouncedBatches(n_draws=100), reports(*rows))
    if estimate is None:
        assert announced > 10**6
        assert declined.reason
        return
    batch = estimate.batches[0]
    assert (batch.eventually_verified.draws >= batch.verified + batch.pending.draws).all()
    assert (batch.pending.draws + batch.unverifiable.draws <= batch.carried_out.draws).all()
    assert (batch.carried_out.draws + batch.unsubstantiated.draws == announced).all()
    for name, part in (*batch.parts.items(), ("outside", batch.outside)):
        assert part.draws.min() >= 0, name


CASES = Path(__file__).with_name("announcements.json")
STORED = stored(CASES)


WRITTEN = (
    "{batch.label}, {batch.start} to {batch.end}: {least}{batch.announced} announced by {batch.announced_by}"
    ", {batch.verified} verified by {batch.verified_by} on {batch.verified_on} for {batch.verified_start} to "
    "{batch.verified_end}, {batch.silent_days} days before the last row"
)
QUANTITY = "{quantity}: {low} to {high}, median {median}, by {identified_by}, bounds {least} to {most}"


def data_of(case):
    """The counts of a case: those that ship, as known on a day, or its own rows."""
    if "data" in case:
        whole = datasets.load(case["data"])
        return whole.as_of(case["as_of"]) if "as_of" in case else whole
    rows = [*csv.DictReader(case["rows"])]
    columns = {name: [row.get(name) or None for row in rows] for name in ("start", "end", *rows[0])}
    return PublishedReleases.from_frame(columns | {"count": [int(row["count"]) for row in rows]})


def found_of(case):
    estimate, declined = answer(eval(case["estimator"], vars(releases)), data_of(case))
    if estimate is None:
        return [declined.reason, declined.remedy, declined.reason.translated("es")]
    lines = []
    for batch in estimate.batches:
        lines += [WRITTEN.format(batch=batch, least="at least " * batch.at_least)]
        lines += [QUANTITY.format(**row) for row in batch.rows()]
        lines += map(str, [batch.bounds_assume, *batch.notes])
    lines += [f"{name}: {one.reason} {one.remedy}" for name, one in estimate.declined.items()]
    return [*lines, *map(str, estimate.notes)]


@pytest.mark.parametrize("name", STORED)
def test_each_case_has_what_was_found_in_it(name):
    """DETCOUNT_WRITE_GOLDEN=1 writes them again; read the difference."""
    lines = [str(line) for line in found_of(STORED[name])]
    found, kept = "\n".join(lines), "\n".join(wanted(CASES, STORED, name, lines))
    assert words(found) == words(kept)
    assert apart(found, kept) == []
