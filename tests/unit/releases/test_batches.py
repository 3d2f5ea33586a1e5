"""Announced batches: exact posteriors, what is a batch, what identifies what, and every shape of the data."""

from __future__ import annotations

import math
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from detcount import PublishedReleases, datasets, releases
from detcount._numerics.batches import (
    Posterior,
    sample_prior,
    sampler,
)
from detcount.errors import ConvergenceError, DetcountError, InputError, NotEstimableError
from detcount.releases.batches import AnnouncedBatches
from detcount.releases.batches import specification as module

SAME = 1e-9  # the same sum written twice, over at most a few thousand terms
STANDARD_ERRORS = 4.5  # Monte Carlo: passed by once in 150,000 comparisons

MINISTRY = "Ministry of Penitentiary Service"
FORO, JEP, CLIPPVE = (
    "Foro Penal",
    "Justicia, Encuentro y Perdon (JEP)",
    "Comite por la Libertad de los Presos Politicos (CLIPPVE)",
)


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


# --- exact posteriors ---


def test_exact_posterior_with_two_monitors_is_the_product_of_beta_binomials():
    spec = AnnouncedBatches(
        delay=None, verification={"a": (3, 2), "b": (5, 1.5)}, carried_out=(2, 0.7), n_draws=5000
    )
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
        * stats.betabinom.pmf(14, r, 5, 1.5)
    )
    weight /= weight.sum()
    np.testing.assert_allclose(batch.carried_out.probabilities, weight, atol=SAME)
    assert batch.verified_by == "b"
    assert batch.verified == 14
    # the draws are the distribution, at even steps
    shares = np.bincount(batch.carried_out.draws - 14, minlength=10) / 5000
    np.testing.assert_allclose(shares, weight, atol=1 / 5000)
    total = batch.verified + sum(part.draws for part in batch.parts.values())
    assert (total == 23).all()


def test_exact_and_sampled_answers_agree():
    # with nearly no delay the sampled model is the exact one
    spec = AnnouncedBatches(verification=(8, 2), delay_median=(0.01, 1.01), delay_shape=(1.0, 1.01))
    batch = spec.fit(one_batch(99, 61)).batches[0]
    # 4,000 draws with a spread of 9.8 persons and some 4,000 effective proposals
    assert batch.carried_out.mean == pytest.approx(75.897976, abs=0.7)
    assert batch.pending.interval().high == 0
    assert batch.p_all_carried_out == pytest.approx(0.008653, abs=0.008)


# --- what is a batch, and what belongs to it ---


def venezuela():
    return datasets.load("venezuela_releases")


def test_shipped_file_gives_its_batches_and_says_why_the_rest_is_none():
    estimate = AnnouncedBatches().fit(venezuela())
    assert [(batch.label, batch.announced, batch.verified) for batch in estimate.batches] == [
        ("round 2024-12-10", 179, 48),
        ("round 2024-12-23", 177, 43),
        ("event 2025-12-25", 99, 71),
        ("event 2026-01-01", 88, 2),
        ("event 2026-01-12", 116, 116),
    ]
    assert "a running total" in estimate.declined["cumulative since 2024-11"].reason
    assert "225 at first and 2,006 later" in estimate.declined["cumulative since 2024-11"].reason
    assert "ReleaseProcess" in estimate.declined["since 2025-12"].remedy
    assert "31, more than the 14" in estimate.declined["December 2025"].reason
    assert any("in all since November 2024: Public Ministry" in note for note in estimate.notes)
    assert any("Verified figures that belong to no batch" in note for note in estimate.notes)
    assert estimate.diagnostics.effective_size > 400
    assert estimate.diagnostics.pareto_shape < 0.7
    for batch in estimate.batches:
        total = batch.verified + sum(part.draws for part in batch.parts.values())
        assert (total == batch.announced).all()


def test_christmas_batch_notes_the_fall_and_the_other_announcer():
    batch = AnnouncedBatches(headline=FORO).fit(venezuela().as_of("2025-12-30")).batch("event 2025-12-25")
    assert (batch.announced, batch.announced_by, batch.verified) == (99, MINISTRY, 61)
    assert any("75 verified on 26 December 2025 and 61 on 29 December 2025" in note for note in batch.notes)
    assert any("14 verified releases count as withdrawn" in note for note in batch.notes)
    assert any(f"63 ({CLIPPVE}, 27 December 2025)" in note for note in batch.notes)
    later = AnnouncedBatches(headline=FORO).fit(venezuela()).batch("event 2025-12-25")
    assert any("102 (Public Ministry / Attorney General, 29 January 2026)" in note for note in later.notes)
    assert later.carried_out.bounds == (71, 99)
    assert later.eventually_verified.bounds == (61, 99)


def test_a_first_announcement_and_its_misprint_are_one_batch_until_the_total_runs_on():
    event = "cumulative since 2024-11"
    early = AnnouncedBatches().fit(venezuela().as_of("2024-11-21")).batch(event)
    assert (early.announced, early.verified) == (225, 143)
    assert any("255 (Public Ministry" in note for note in early.notes)
    assert any('"at least 107" on 16 November 2024' in note for note in early.notes)
    with pytest.raises(NotEstimableError, match="running total under this name, 225 at first and 255 later"):
        AnnouncedBatches().fit(venezuela().as_of("2024-11-18"))
    late = AnnouncedBatches().fit(venezuela().as_of("2024-12-20"))
    with pytest.raises(NotEstimableError, match="225 at first and 533 later"):
        late.batch(event)


def test_twelfth_of_january_is_matched_by_days_until_a_figure_has_its_name():
    batch = AnnouncedBatches(headline=FORO).fit(venezuela().as_of("2026-01-13")).batch("event 2026-01-12")
    assert (batch.announced, batch.verified) == (116, 56)
    assert any("did not say when the releases announced began" in note for note in batch.notes)
    assert any("belong to this announcement by their days" in note for note in batch.notes)
    later = AnnouncedBatches().fit(venezuela()).batch("event 2026-01-12")
    assert later.verified_by == JEP
    assert later.carried_out.identified_by == "data"
    assert any("verified as many as were announced, 116" in note for note in later.notes)


@pytest.mark.parametrize(
    ("window", "count"),
    [
        (("2025-03-10", "2025-03-12"), 20),  # the same
        (("2025-03-10", "2025-03-20"), 20),  # runs on
        (("2025-03-10", "2025-03-27"), None),  # runs on for longer than a batch
        (("2025-03-11", "2025-03-12"), 20),  # inside
        (("2025-03-09", "2025-03-12"), None),  # begins before
        (("2025-03-11", "2025-03-13"), None),  # begins inside and runs on
        ((None, "2025-03-12"), None),  # begins nobody knows when
    ],
)
def test_verified_figures_belong_by_their_days(window, count):
    rows = reports(
        ("2025-03-10", "ministry", "announced", "2025-03-10", "2025-03-12", 40),
        ("2025-03-28", "monitor", "verified", *window, 20),
        ("2025-03-15", "other", "verified", "2025-03-10", "2025-03-12", 5),
    )
    batch = AnnouncedBatches(n_draws=500).fit(rows).batches[0]
    assert batch.verified == (5 if count is None else count)
    part = any("cover a part of the days" in note for note in batch.notes)
    assert part == (window[0] == "2025-03-11" and count is not None)


def test_a_window_that_covers_two_batches_belongs_to_neither():
    rows = reports(
        ("2025-03-10", "ministry", "announced", "2025-03-10", "2025-03-10", 40),
        ("2025-03-14", "ministry", "announced", "2025-03-14", "2025-03-14", 30),
        ("2025-03-12", "monitor", "verified", "2025-03-10", "2025-03-12", 11),
        ("2025-03-15", "monitor", "verified", "2025-03-10", "2025-03-15", 33),
        ("2025-03-15", "monitor", "verified", "2025-03-14", "2025-03-15", 17),
    )
    estimate = AnnouncedBatches(n_draws=500).fit(rows)
    assert [(batch.label, batch.verified) for batch in estimate.batches] == [
        ("2025-03-10", 11),
        ("2025-03-14", 17),
    ]
    assert any("are not used here: 1 of 3" in note for note in estimate.notes)


def test_rows_of_one_event_need_no_days():
    rows = reports(
        ("2025-03-10", "ministry", "announced", None, None, 40, "amnesty"),
        ("2025-03-12", "monitor", "verified", None, None, 31, "amnesty"),
    )
    batch = AnnouncedBatches().fit(rows).batches[0]
    assert (batch.start, batch.end, batch.verified) == (None, None, 31)
    notes = " ".join(batch.notes)
    assert "did not say when the releases announced began" in notes
    assert "did not say when the releases announced ended" in notes


def test_more_verified_than_announced_is_allowed_and_explained():
    batch = AnnouncedBatches().fit(one_batch(40, 52)).batches[0]
    assert (batch.carried_out.interval().low, batch.carried_out.interval().high) == (52, 52)
    assert batch.unsubstantiated.bounds == (0, 0)
    assert batch.p_all_carried_out == 1
    assert any(
        "more than the 40 announced" in note and "12 verified releases" in note for note in batch.notes
    )


def test_at_least_figures_are_bounds():
    day = "2025-03-10"
    exact = reports((day, "m", "announced", day, day, 80), ("2025-03-20", "v", "verified", day, day, 30))
    bound = reports(
        (day, "m", "announced", day, day, 80), ("2025-03-20", "v", "verified", day, day, 30, "", True)
    )
    one, two = (AnnouncedBatches().fit(each).batches[0] for each in (exact, bound))
    assert two.carried_out.mean > one.carried_out.mean + 3
    assert two.eventually_verified.bounds == (30, 80)
    assert two.verified == 30
    assert any('"at least 30"' in note for note in two.notes)
    announced = reports(
        (day, "m", "announced", day, day, 80, "", True), ("2025-03-20", "v", "verified", day, day, 30)
    )
    three = AnnouncedBatches().fit(announced).batches[0]
    assert three.at_least
    assert three.carried_out.bounds == (30, math.inf)
    assert three.unsubstantiated.bounds == (0, 50)
    assert any("at least 80" in note for note in three.notes)


def test_bounds_in_a_row_keep_the_largest():
    day = "2025-03-10"
    rows = reports(
        (day, "m", "announced", day, day, 80),
        ("2025-03-11", "v", "verified", day, day, 10, "", True),
        ("2025-03-13", "v", "verified", day, day, 25, "", True),
        ("2025-03-16", "v", "verified", day, day, 30),
    )
    without = reports(
        (day, "m", "announced", day, day, 80),
        ("2025-03-13", "v", "verified", day, day, 25, "", True),
        ("2025-03-16", "v", "verified", day, day, 30),
    )
    one, two = (AnnouncedBatches().fit(each).batches[0] for each in (rows, without))
    assert (one.carried_out.draws == two.carried_out.draws).all()
    assert any("several times in a row" in note for note in one.notes)


def test_measures_that_differ_and_monitors_without_figures_are_noted():
    day = "2025-03-10"
    rows = reports(
        (day, "m", "announced", day, day, 88),
        ("2025-03-12", "v", "verified", day, day, 50),
        ("2025-03-12", "w", "verified", day, day, 40),
        measure=["reviews of custody", "release from prison", "reviews of custody"],
    )
    estimate = AnnouncedBatches(delay=None, monitors=("w", "v", "absent")).fit(rows)
    assert any("what v verified are not measured alike" in note for note in estimate.batches[0].notes)
    assert "No figure in these rows is by absent." in estimate.notes


def test_reported_figures_count_only_when_asked_for():
    day = "2026-01-01"
    rows = reports(
        (day, "m", "announced", day, day, 88),
        (day, "press", "reported", day, day, 87),
        ("2026-01-02", "v", "verified", day, day, 2),
    )
    assert AnnouncedBatches().fit(rows).batches[0].verified == 2
    both = AnnouncedBatches(roles=("verified", "reported")).fit(rows).batches[0]
    assert (both.verified, both.verified_by) == (87, "press")


def test_several_figures_of_a_day_are_settled_without_their_order():
    day = "2025-03-10"
    first = [
        (day, "m", "announced", day, day, 80, "e"),
        (day, "n", "announced", day, day, 82, "e"),
        ("2025-03-12", "v", "verified", day, day, 41, "e"),
        ("2025-03-12", "v", "verified", day, day, 56, "e"),
        ("2025-03-12", "w", "verified", day, day, 50, "e"),
    ]
    estimates = [
        AnnouncedBatches(n_draws=500).fit(reports(*order)).batches[0] for order in (first, first[::-1])
    ]
    one, two = estimates
    assert (one.announced, one.announced_by, one.verified) == (80, "m", 56)
    assert one.notes == two.notes
    assert (one.carried_out.draws == two.carried_out.draws).all()
    assert any("several figures on 12 March 2025 (41, 56)" in note for note in one.notes)


def test_verification_before_the_first_day_announced_moves_it():
    rows = reports(
        ("2025-03-10", "m", "announced", "2025-03-10", "2025-03-12", 40, "e"),
        ("2025-03-08", "v", "verified", "2025-03-08", "2025-03-08", 7, "e"),
    )
    batch = AnnouncedBatches().fit(rows).batches[0]
    assert batch.verified == 7
    assert any("before the first day announced" in note for note in batch.notes)


# --- what identifies what ---


def growing(*counts, monitor="v"):
    day = "2025-03-10"
    return reports(
        (day, "m", "announced", day, day, 300),
        *((str(np.datetime64(day) + lag), monitor, "verified", day, day, count) for lag, count in counts),
    )


def test_data_identify_what_is_verified_in_the_end_only_by_successive_figures():
    one = AnnouncedBatches().fit(growing((12, 150))).batches[0]
    two = AnnouncedBatches().fit(growing((3, 90), (12, 150))).batches[0]
    many = AnnouncedBatches().fit(growing((1, 62), (3, 105), (6, 133), (12, 149), (20, 150), (30, 150)))
    assert one.eventually_verified.identified_by == "prior"
    assert two.eventually_verified.identified_by == "prior"
    assert many.batches[0].eventually_verified.identified_by == "data"
    assert many.batches[0].pending.identified_by == "data"
    assert many.delay.identified_by == ("data",)
    assert {many.batches[0].unverifiable.identified_by, many.batches[0].carried_out.identified_by} == {
        "prior"
    }
    assert any("do not show how long its verification takes" in note for note in one.notes)
    assert many.batches[0].pending.mean < 0.2 * min(one.pending.mean, two.pending.mean)
    # six figures of nearly exponential growth with a median of 2 to 3 days
    assert 1.5 < many.delay.median("v").low < many.delay.median("v").high < 3.5
    assert (np.diff(many.delay.cdf([0, 2, 5, 9], "v")) > 0).all()
    low, high = many.delay.interval([4], "v", 0.8)[0]
    assert 0 < low < many.delay.cdf(4, "v")[0] < high < 1


def test_a_prior_that_drives_the_answer_is_named_whatever_the_data_show():
    # five figures, of 90 in the end by their growth; a prior that nearly all of 300 are found
    rows = growing((1, 30), (2, 50), (4, 72), (6, 83), (9, 88))
    spec = AnnouncedBatches(carried_out=(400, 4), verification=(400, 40))
    pulled = spec.fit(rows).batches[0].eventually_verified
    free = AnnouncedBatches().fit(rows).batches[0].eventually_verified
    assert pulled.mean > free.mean + 5
    assert (pulled.identified_by, free.identified_by) == ("prior", "data")


def test_monitors_find_the_same_people_when_the_odds_ratio_is_above_one():
    day = "2025-03-10"
    rows = reports(
        (day, "m", "announced", day, day, 120),
        ("2025-03-14", "v", "verified", day, day, 40),
        ("2025-03-14", "w", "verified", day, day, 30),
    )
    means = [
        AnnouncedBatches(odds_ratio=ratio).fit(rows).batches[0].carried_out.mean for ratio in (0.2, 1.0, 5.0)
    ]
    # totals say little of the overlap, so the odds ratio moves little: it must not blow up, and can be asked
    assert max(means) - min(means) < 15
    assert len({round(mean, 6) for mean in means}) == 3
    alone = AnnouncedBatches(odds_ratio=5.0).fit(growing((3, 90)))
    assert any("odds ratio changes nothing" in note for note in alone.notes)
    with pytest.raises(NotEstimableError, match="3 monitors have figures"):
        AnnouncedBatches(odds_ratio=2.0).fit(
            reports(
                (day, "m", "announced", day, day, 120),
                *(("2025-03-14", name, "verified", day, day, 30) for name in "uvw"),
            )
        )
    with pytest.raises(NotEstimableError, match='the last figure of w is an "at least"'):
        AnnouncedBatches(odds_ratio=2.0).fit(
            reports(
                (day, "m", "announced", day, day, 120),
                ("2025-03-14", "v", "verified", day, day, 40),
                ("2025-03-14", "w", "verified", day, day, 30, "", True),
            )
        )


def two_batches():
    return reports(
        ("2025-03-10", "m", "announced", "2025-03-10", "2025-03-10", 60),
        ("2025-05-10", "m", "announced", "2025-05-10", "2025-05-10", 90),
        ("2025-03-20", "v", "verified", "2025-03-10", "2025-03-10", 60),
        ("2025-05-20", "v", "verified", "2025-05-10", "2025-05-10", 30),
    )


def test_a_batch_verified_whole_informs_others_only_while_the_chance_is_one():
    one = AnnouncedBatches(delay=None).fit(two_batches())
    several = AnnouncedBatches(delay=None, verification_varies=True).fit(two_batches())
    assert one.batches[1].carried_out.mean < several.batches[1].carried_out.mean - 2
    assert any("the same in all batches" in note for note in one.notes)
    assert not any("the same in all batches" in note for note in several.notes)


def test_batches_not_pooled_do_not_inform_each_other():
    spec = AnnouncedBatches(delay=None, pooled=False, verification_varies=True)
    batch = spec.fit(two_batches()).batches[1]
    alone = AnnouncedBatches(delay=None).fit(one_batch(90, 30)).batches[0]
    # 4,000 draws with a spread of 9 persons, and as many effective proposals
    assert batch.carried_out.mean == pytest.approx(
        alone.carried_out.mean, abs=STANDARD_ERRORS * 9 / 2000**0.5
    )


def test_delays_are_pooled_over_batches():
    day, later = "2025-03-10", "2025-05-10"
    history = [
        (day, "m", "announced", day, day, 400, "first"),
        *(
            (str(np.datetime64(day) + lag), "v", "verified", day, day, count, "first")
            for lag, count in ((1, 80), (4, 190), (9, 270), (16, 296), (40, 300))
        ),
    ]
    new = [
        (later, "m", "announced", later, later, 400, "second"),
        ("2025-05-14", "v", "verified", later, later, 95, "second"),
    ]
    alone = AnnouncedBatches().fit(reports(*new)).batches[0].eventually_verified
    pooled = AnnouncedBatches().fit(reports(*history, *new)).batch("second").eventually_verified
    assert pooled.identified_by == "data"
    # 190 of 300 after 4 days: 95 are about 150 in the end
    assert pooled.interval().low < 150 < pooled.interval().high
    assert pooled.interval().high - pooled.interval().low < alone.interval().high - alone.interval().low


# --- every shape of the data ---


ROWS = len(venezuela())


def answer(spec, rows):
    """The estimate, or why there is none."""
    try:
        return spec.fit(rows), None
    except NotEstimableError as error:
        return None, error


@settings(max_examples=15)
@given(
    chosen=st.lists(st.integers(0, ROWS - 1), min_size=1, max_size=40, unique=True),
    delay=st.sampled_from([None, "weibull"]),
)
def test_no_sub_sample_of_the_shipped_file_crashes(chosen, delay):
    sample = venezuela().where(np.array(chosen))
    estimate, declined = answer(AnnouncedBatches(delay=delay, n_draws=200), sample)
    if estimate is None:
        assert declined.reason
        assert declined.remedy.endswith(".")
        return
    for batch in estimate.batches:
        for row in batch.rows():
            assert row["least"] <= row["low"] <= row["high"] <= row["most"]
            assert row["least"] <= row["mean"] <= row["most"]
        if not batch.carried_out.draws.max() > batch.announced:
            total = batch.verified + sum(part.draws for part in batch.parts.values())
            assert (total == batch.announced).all()
    assert all(note.endswith((".", ")")) for note in estimate.notes)


@pytest.mark.slow
def test_every_day_of_the_shipped_file_has_an_answer_or_a_reason():
    answers = 0
    for day in np.unique(venezuela().published):
        estimate, declined = answer(AnnouncedBatches(), venezuela().as_of(day))
        answers += estimate is not None
        assert estimate is not None or declined.reason
    assert answers > 30


@settings(max_examples=5)
@given(order=st.permutations(list(range(ROWS))))
def test_order_of_rows_does_not_matter(order):
    rows = venezuela()
    one = AnnouncedBatches(n_draws=200, delay=None).fit(rows)
    two = AnnouncedBatches(n_draws=200, delay=None).fit(rows.where(np.array(order)))
    for a, b in zip(one.batches, two.batches, strict=True):
        assert (a.announced, a.announced_by, a.verified, a.verified_by) == (
            b.announced,
            b.announced_by,
            b.verified,
            b.verified_by,
        )
        assert (a.carried_out.draws == b.carried_out.draws).all()


@settings(max_examples=25)
@given(
    announced=st.integers(1, 60),
    counts=st.lists(st.tuples(st.integers(0, 70), st.booleans(), st.integers(0, 9)), min_size=1, max_size=5),
    names=st.integers(1, 2),
)
def test_parts_add_up_and_respect_their_bounds(announced, counts, names):
    day = np.datetime64("2025-03-10")
    rows = [(day, "m", "announced", day, day, announced)]
    rows += [
        (day + lag, f"v{place % names}", "verified", day, day, count, "", at_least)
        for place, (count, at_least, lag) in enumerate(counts)
    ]
    batch = AnnouncedBatches(n_draws=200).fit(reports(*rows)).batches[0]
    parts = sum(part.draws for part in batch.parts.values())
    assert (batch.verified + parts == np.maximum(announced, batch.carried_out.draws)).all()
    assert (batch.eventually_verified.draws <= batch.carried_out.draws).all()
    for name, part in batch.parts.items():
        assert part.draws.min() >= 0, name


# --- specifications and results ---


def test_specification_says_itself():
    spec = AnnouncedBatches(
        delay="log-normal",
        verification={"b": (8, 2), "a": (3, 1)},
        carried_out=(2, 1),
        concentration=5,
        pooled=False,
        delay_median=(3, 2),
        delay_shape=(1.2, 1.4),
        shared_delay=True,
        odds_ratio=2,
        monitors=("b", "a"),
        headline="a",
        roles=("reported", "verified"),
        max_window=7,
        n_draws=300,
        verification_varies=True,
    )
    assert eval(repr(spec), vars(releases)) == spec
    assert hash(spec) == hash(eval(repr(spec), vars(releases)))
    assert repr(AnnouncedBatches()) == "AnnouncedBatches()"
    assert pickle.loads(pickle.dumps(spec)) == spec


def test_result_is_a_table_and_a_record_and_the_same_again():
    rows = venezuela().as_of("2025-12-31")
    one, two = (AnnouncedBatches(n_draws=400).fit(rows, seed=5) for _ in range(2))
    frame = one.to_frame(0.8)
    assert len(frame) == 5 * len(one.batches)
    assert set(frame["quantity"]) >= {"pending", "unverifiable", "unsubstantiated"}
    for a, b in zip(one.batches, two.batches, strict=True):
        assert (a.carried_out.draws == b.carried_out.draws).all()
    assert one.record() == two.record()
    assert one.record()["seed"] == 5
    assert "Royle" in one.cite()
    assert one.assumptions == AnnouncedBatches.assumes
    assert set(one.by_monitor[-1]) == {FORO, JEP, CLIPPVE}
    assert str(one).count("\n") == len(one.batches) - 1
    copy = pickle.loads(pickle.dumps(one))
    assert (copy.batches[0].carried_out.draws == one.batches[0].carried_out.draws).all()
    with pytest.raises(InputError, match="label: expected one of"):
        one.batch("event 1999-01-01")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"delay": "gamma"}, "delay: expected 'weibull' or 'log-normal', got 'gamma'"),
        ({"verification": (0, 2)}, "verification: expected a finite number above 0, got 0"),
        ({"verification": (1, 2, 3)}, "verification: expected two numbers above 0, got 3 values"),
        ({"verification": (math.inf, 2)}, "verification: expected a finite number above 0, got inf"),
        ({"verification": (("a", (1, 2)), ("a", (2, 2)))}, "expected each monitor once"),
        ({"carried_out": (1, -1)}, "carried_out: expected a finite number above 0, got -1"),
        ({"concentration": 0}, "concentration: expected a finite number above 0, got 0"),
        ({"odds_ratio": math.nan}, "odds_ratio: expected a finite number above 0, got nan"),
        ({"delay_median": (3, 1)}, "delay_median: expected a factor above 1 as the second number"),
        ({"roles": ("announced",)}, "roles: expected 'verified', 'reported' or both"),
        ({"monitors": ()}, "monitors: expected different names, at least one"),
        ({"monitors": ("a",), "headline": "b"}, "headline: expected one of monitors, got 'b'"),
        ({"max_window": 0}, "max_window: expected a whole number of at least 1, got 0"),
        ({"max_window": 2.5}, "max_window: expected a whole number of at least 1, got 2.5"),
        ({"n_draws": 10}, "n_draws: expected a whole number of at least 100, got 10"),
    ],
)
def test_bad_options_are_refused(options, message):
    with pytest.raises(InputError, match=message):
        AnnouncedBatches(**options)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"verification": "high"}, "verification: expected two numbers above 0, got str"),
        ({"verification": (True, 2)}, "verification: expected a number above 0, got bool"),
        ({"pooled": "yes"}, "pooled: expected True or False, got str"),
        ({"monitors": "Foro Penal"}, "monitors: expected a tuple of names, got str"),
        ({"headline": 3}, "headline: expected the name of a monitor, got int"),
        ({"max_window": "2"}, "max_window: expected a whole number of at least 1, got str"),
    ],
)
def test_options_of_the_wrong_kind_are_refused(options, message):
    with pytest.raises(TypeError, match=message):
        AnnouncedBatches(**options)


def test_data_without_an_answer_are_declined_with_a_remedy():
    day = "2025-03-10"
    with pytest.raises(TypeError, match="expected PublishedReleases, got dict"):
        AnnouncedBatches().fit({"published": [day]})
    with pytest.raises(NotEstimableError, match="no row is an announced figure"):
        AnnouncedBatches().fit(reports((day, "v", "verified", day, day, 3)))
    with pytest.raises(NotEstimableError, match="no row is a verified figure"):
        AnnouncedBatches().fit(reports((day, "m", "announced", day, day, 3)))
    with pytest.raises(NotEstimableError, match="no monitor published a verified figure"):
        AnnouncedBatches().fit(
            reports(
                (day, "m", "announced", day, day, 3), (day, "v", "verified", "2025-01-01", "2025-01-02", 3)
            )
        )
    with pytest.raises(NotEstimableError, match="none of its verified figures is by nobody"):
        AnnouncedBatches(headline="nobody").fit(one_batch(9, 3))
    with pytest.raises(NotEstimableError, match="none of the monitors"):
        AnnouncedBatches(monitors=("nobody",)).fit(one_batch(9, 3))
    with pytest.raises(InputError, match="got none for 'monitor'"):
        AnnouncedBatches(verification={"other": (1, 2)}).fit(one_batch(9, 3))
    estimate = AnnouncedBatches(delay=None).fit(one_batch(9, 3))
    with pytest.raises(InputError, match="level: expected a number between 0 and 1"):
        estimate.batches[0].interval(95)
    delay = AnnouncedBatches().fit(one_batch(9, 3)).delay
    with pytest.raises(InputError, match="level: expected a number between 0 and 1"):
        delay.median("monitor", 1.0)
    with pytest.raises(InputError, match="monitor: expected one of"):
        delay.cdf([1], "nobody")
    with pytest.raises(InputError, match="monitor: expected one of"):
        delay.median("nobody")


def test_collapsed_weights_are_an_error_and_poor_ones_a_note(monkeypatch):
    def worth(size):
        def sample(model, n_draws, random):
            return Posterior(sample_prior(model, n_draws, random), size, 0.9, 100, 1)

        return sample

    monkeypatch.setattr(module, "sample_posterior", worth(20.0))
    with pytest.raises(ConvergenceError, match="draws are worth 20"):
        AnnouncedBatches().fit(one_batch(9, 3))
    monkeypatch.setattr(module, "sample_posterior", worth(200.0))
    estimate = AnnouncedBatches().fit(one_batch(9, 3))
    assert any("do not rely on the limits" in note for note in estimate.notes)


def test_rounds_that_never_end_are_an_error(monkeypatch):
    monkeypatch.setattr(sampler, "_ROUNDS", 1)
    with pytest.raises(DetcountError, match="rounds of importance sampling let in"):
        AnnouncedBatches().fit(growing((1, 62), (3, 105), (6, 133), (12, 149)))


# --- nothing announced, and more than can be


@pytest.mark.parametrize("verified", [0, 7])
def test_nothing_announced_is_an_answer_with_that_reason(verified):
    with pytest.raises(NotEstimableError, match="nothing was announced: the figure given is 0") as caught:
        AnnouncedBatches().fit(one_batch(0, verified))
    assert caught.value.reason.say("es").endswith("no se anunció nada: la cifra dada es 0)")
    assert caught.value.advice.say("es") == "Informe de lo verificado por sí solo."


@pytest.mark.parametrize("announced", [3_000_000, 10**8, 9 * 10**9])
def test_more_people_than_can_be_summed_over_are_declined_at_once(announced):
    for spec in (AnnouncedBatches(), AnnouncedBatches(delay=None)):
        with pytest.raises(NotEstimableError, match="are not verified, more than the 1,000,000 whose split"):
            spec.fit(one_batch(announced, 61))


def test_a_bound_on_many_people_is_declined_at_once():
    day = "2025-12-25"
    rows = reports(
        (day, "ministry", "announced", day, day, 400_000),
        ("2025-12-29", "monitor", "verified", day, day, 61_000, "", True),
    )
    with pytest.raises(NotEstimableError, match=r'more than the 100,000 .* a last figure is an "at least"'):
        AnnouncedBatches().fit(rows)
