"""Linkage of invented lists whose truth is known: links, persons, overlaps and abundance."""

import itertools

import numpy as np
import pytest

from detcount import abundance, linkage, pooling, simulate

pytestmark = pytest.mark.slow

SEEDS = range(3000, 3008)  # on which nothing was set
POPULATION = 300


@pytest.fixture(scope="module")
def runs():
    """Linkages with their truth, and the estimates of both."""
    found = []
    for seed in SEEDS:
        invented = simulate.name_lists(POPULATION, seed=seed)
        linked = linkage.link(linkage.read_lists(invented.frames), n_draws=400)
        # the linkage sorts its lists by name
        perfect = invented.truth.table().keep(linked.lists)
        tables = linked.tables(100)
        pooled = pooling.pool(abundance.LogLinear(), tables)
        found.append((invented.truth, linked, perfect, tables, pooled))
    return found


def persons_of(truth, linked):
    lists = truth.to_frame()["list"]
    person = dict(zip(zip(lists, truth.row.tolist(), strict=True), truth.person.tolist(), strict=True))
    return np.array([person[pair] for pair in zip(linked.clusters["list"], linked.row.tolist(), strict=True)])


def test_links_and_persons_are_right(runs):
    measured = [linked.measure(truth.to_frame()) for truth, linked, *_ in runs]
    assert np.mean([each.f1.point for each in measured]) > 0.985
    assert np.mean([each.precision.point for each in measured]) > 0.98
    assert np.mean([each.recall.point for each in measured]) > 0.98
    ratio = [linked.n_persons / truth.n_persons for truth, linked, *_ in runs]
    assert abs(np.mean(ratio) - 1) < 0.01


def test_stated_probabilities_are_true(runs):
    stated, right = [], []
    for truth, linked, *_ in runs:
        who = persons_of(truth, linked)
        stated.append(linked.pair_probability)
        right.append(who[linked.pair_first] == who[linked.pair_second])
    p, one = np.concatenate(stated), np.concatenate(right)
    assert one[p > 0.99].mean() > 0.99
    assert one[p < 0.01].mean() < 0.01


def test_doubtful_pairs_are_right_as_often_as_the_draws_say(runs):
    gap, variance = 0.0, 0.0
    for truth, linked, *_ in runs:
        middle = (linked.pair_probability > 0.1) & (linked.pair_probability < 0.9)
        first, second = linked.pair_first[middle], linked.pair_second[middle]
        who = persons_of(truth, linked)
        # pairs of one cluster come and go together, so that the draws say how far their number varies
        drawn = (linked.draws[:, first] == linked.draws[:, second]).sum(axis=1)
        gap += (who[first] == who[second]).sum() - drawn.mean()
        variance += drawn.var()
    assert abs(gap) < 3.5 * np.sqrt(variance)  # 2.7 was measured: 5 of 38 pairs were right, 14 expected


def test_drawn_tables_hold_the_overlaps(runs):
    held = []
    for _, linked, perfect, tables, _ in runs:
        sets = [s for k in (2, 3) for s in itertools.combinations(linked.lists, k)]
        for names in sets:
            low, high = np.quantile([table.overlap(*names) for table in tables], [0.025, 0.975])
            held.append(low <= perfect.overlap(*names) <= high)
    assert np.mean(held) > 0.85  # 32 intervals that overlap: 0.95 less 2 standard deviations of 16 free ones


def test_abundance_is_that_of_a_perfect_linkage(runs):
    gaps, widths, covers = [], [], []
    for _, _, perfect, _, pooled in runs:
        known = abundance.LogLinear().fit(perfect)
        one, other = pooled.interval(0.95), known.interval(0.95)
        gaps.append(np.log(pooled.point / known.point))
        widths.append(np.log(one.high / one.low) / np.log(other.high / other.low))
        covers.append((one.low <= POPULATION <= one.high, other.low <= POPULATION <= other.high))
    assert abs(np.mean(gaps)) < 0.02
    assert 0.95 < np.mean(widths) < 1.15
    ours, perfect = np.sum(covers, axis=0)
    assert ours >= perfect - 1


def test_limits_of_the_number_of_persons_cover_where_names_say_little():
    """Few surnames, and no documents in half of the systems: errors that the model does not expect."""
    held, widths = [], []
    for seed in range(3100, 3106):
        for left_out in ([], ["Cédula"]):
            invented = simulate.name_lists(140, seed=seed, pool="narrow", again=0.1)
            frames = {name: frame.drop(columns=left_out) for name, frame in invented.frames.items()}
            linked = linkage.link(linkage.read_lists(frames), n_draws=200)
            wide, narrow = linked.persons_interval(), linked.persons_interval(0.8)
            n = invented.truth.n_persons
            held.append((wide.low <= n <= wide.high, narrow.low <= n <= narrow.high))
            widths.append((wide.high - wide.low) / n)
    inside, inside_narrow = np.sum(held, axis=0)
    assert inside >= 10  # of 12 at 95%: 2 misses or fewer in 98 of 100 such runs
    assert inside_narrow >= 7  # of 12 at 80%
    assert np.mean(widths) < 0.2
