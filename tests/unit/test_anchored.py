"""`Anchored`: what it refuses and declines, what it says, and what holds for any table."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import detcount as dc
from detcount import CaptureTable
from detcount.abundance import Anchored, Chapman, ClustersAtRandom, KnownShare, PersonsAtRandom
from detcount.assumptions import Assumption
from detcount.errors import InputError, NotEstimableError
from invented_tables import of_counts
from strategies import capture_tables

COUNTS = {"100": 310, "010": 190, "110": 90, "101": 31, "011": 20, "111": 9, "001": 42}
TABLE = CaptureTable.from_counts(COUNTS, lists=["press", "families", "visit"])
VISITS = {"inmates": [30, 22, 29, 21], "unlisted": [12, 9, 14, 7]}
NORTH_AND_SOUTH = {**VISITS, "stratum": ["north", "south", "north", "south"]}


def visited(clusters, rows, inmates=None):
    frame = {name: [row[k] for row in rows] for k, name in enumerate(("inmates", "unlisted"))}
    return ClustersAtRandom.from_frame(frame, clusters=clusters, inmates=inmates)


@pytest.mark.parametrize(
    ("made", "message"),
    [
        (lambda: KnownShare(1.2), "KnownShare: share: expected a number from 0 to 1, got 1.2"),
        (lambda: KnownShare(0), "KnownShare: share: expected a finite number above 0, got 0"),
        (
            lambda: ClustersAtRandom((("", 9, 10), ("", 4, 1)), (("", 5, None),)),
            "cluster 1: expected at most",
        ),
        (lambda: Anchored("visit", "by hand"), "expected PersonsAtRandom"),
    ],
)
def test_a_design_that_cannot_be_is_refused(made, message):
    with pytest.raises((InputError, TypeError), match=message):
        made()


@pytest.mark.parametrize(
    ("design", "message"),
    [
        (PersonsAtRandom(110, 100), "expected at most 100 persons drawn, the roll, got 110"),
        (visited({"": 5}, [(102, 42)]), "expected two to 5 clusters visited, got 1"),
        (visited({"": 2}, [(60, 20), (50, 20), (9, 2)]), "expected two to 2 clusters"),
        (visited({"south": 5}, [(60, 20), (50, 22)]), "got those of 'south'; visited were ''"),
        (visited({"": 5}, [(60, 20), (50, 22)], 100), "no more than in all of them, got 110"),
        (PersonsAtRandom(101, 1200), "101 persons were drawn, and the sample names 102"),
        (
            ClustersAtRandom.from_frame({**VISITS, "unlisted": [12, 9, 14, 8]}, clusters=9),
            "names 102, 42 of them alone",
        ),
    ],
)
def test_a_table_that_contradicts_its_design_is_refused(design, message):
    with pytest.raises(InputError, match=message):
        Anchored("visit", design).fit(TABLE)


def test_a_list_that_is_not_there_is_named():
    with pytest.raises(InputError, match="no list 'visita'"):
        Anchored("visita", KnownShare(0.1)).fit(TABLE)


def test_clusters_that_do_not_differ_are_declined():
    rows = (("", 10, 1), ("", 20, 2), ("", 30, 3))
    table = CaptureTable.from_counts({"11": 54, "10": 300, "01": 6}, lists=["press", "visit"])
    assert Anchored("visit", ClustersAtRandom(rows, (("", 9, None),))).fit(table).interval().high > 360
    with pytest.raises(NotEstimableError, match="do not differ"):  # each tenth person, in all of them
        Anchored("visit", ClustersAtRandom(rows, (("", 9, 90),))).fit(table)


def test_few_clusters_are_said():
    few = Anchored("visit", ClustersAtRandom.from_frame(VISITS, clusters=40)).fit(TABLE)
    assert few.notes == (
        "4 clusters were visited, and limits from fewer than five rest on how these few differ.",
    )
    assert Anchored("visit", ClustersAtRandom.from_frame(VISITS, clusters=4)).fit(TABLE).notes == ()


def test_lists_and_sample_that_contradict_each_other_are_said():
    design = PersonsAtRandom(110, 4_000)
    assert "contradict" in Anchored("visit", design, Chapman()).fit(TABLE).notes[-1]
    far = Anchored("visit", PersonsAtRandom(110, 12_000), Chapman()).fit(TABLE)  # the sample prevails
    alone = Anchored("visit", PersonsAtRandom(110, 12_000)).fit(TABLE)
    assert far.interval().low > 0.95 * alone.interval().low
    assert far.interval().high < 1.05 * alone.interval().high
    agreeing = Anchored("visit", PersonsAtRandom(110, 1_800), Chapman()).fit(TABLE)
    assert agreeing.notes == ()


def test_what_the_lists_assume_is_assumed_too():
    alone, both = Anchored("visit", KnownShare(0.1)), Anchored("visit", KnownShare(0.1), dc.Calibrated())
    assert Assumption.EXCHANGEABLE_ERROR not in alone.fit(TABLE).assumptions
    assert {*both.fit(TABLE).assumptions} == {*alone.assumes, Assumption.EXCHANGEABLE_ERROR}
    assert "drawn as its design says" in str(alone.fit(TABLE).sentence())


def test_strata_add_up_and_sizes_are_used():
    clusters, inmates = {"north": 5, "south": 7}, {"north": 160, "south": 150}
    by_stratum = ClustersAtRandom.from_frame(NORTH_AND_SOUTH, clusters=clusters)
    assert Anchored("visit", by_stratum).fit(TABLE).detail.sample.point == 5 * 13 + 7 * 8
    by_size = ClustersAtRandom.from_frame(NORTH_AND_SOUTH, clusters=clusters, inmates=inmates)
    point = Anchored("visit", by_size).fit(TABLE).detail.sample.point
    assert point == pytest.approx(160 * 26 / 59 + 150 * 16 / 43)


@given(capture_tables(2, 4, full=True, max_count=30), st.integers(2, 60), st.data())
def test_order_of_lists_and_growth_of_samples(table, others, data):
    sample = data.draw(st.sampled_from(table.lists))
    size = table.list_sizes[sample] + others
    for design in (PersonsAtRandom(size, 3 * size), KnownShare(0.3)):
        one = Anchored(sample, design).fit(table)
        turned = Anchored(sample, design).fit(table.keep(table.lists[::-1]))
        assert (turned.point, turned.interval()) == (one.point, one.interval())
    whole = [Anchored(sample, design).fit(table) for design in (PersonsAtRandom(size, size), KnownShare(1))]
    for each in whole:  # everybody was seen
        assert (each.point, *each.interval()) == (table.n_observed,) * 3
        assert each.standard_error == 0


def test_whole_sample_with_lists_gives_the_truth_too():
    for design in (PersonsAtRandom(102, 102), KnownShare(1), ClustersAtRandom.from_frame(VISITS, clusters=4)):
        estimate = Anchored("visit", design, Chapman()).fit(TABLE)
        assert (estimate.point, *estimate.interval()) == (TABLE.n_observed,) * 3


def test_limits_narrow_as_the_sample_grows():
    random = np.random.default_rng(51)
    counts = np.array([400, 310, 190, 90])  # on none, on one, on the other, on both
    widths = []
    for drawn in (100, 200, 400, 800):
        found = random.multivariate_hypergeometric(counts, drawn)
        with_sample = of_counts([0, *(counts - found)[1:], *found], ["press", "families", "visit"])
        both = [
            Anchored("visit", PersonsAtRandom(drawn, 990), lists).fit(with_sample)
            for lists in (None, Chapman())
        ]
        widths.append([each.interval().high - each.interval().low for each in both])
    assert (np.diff(np.array(widths), axis=0) < 0).all()


def test_no_count_of_a_single_cluster_is_printed():
    estimate = Anchored("visit", ClustersAtRandom.from_frame(VISITS, clusters=40)).fit(TABLE)
    text = " ".join(map(str, (estimate, estimate.sentence(), *estimate.notes)))
    assert not {"12", "9", "14", "7"} & {word.strip(".,;()") for word in text.split()}
