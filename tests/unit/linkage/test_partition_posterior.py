"""Who is who: all partitions, invented truth, decisions, copies, relatives and the order of rows."""

import dataclasses
import itertools
from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import sparse

from detcount import simulate
from detcount._numerics.linkage.fields import log_ratio
from detcount._numerics.linkage.words import spelling, word_log_ratio
from detcount.linkage import cluster_weights, groups, posterior
from detcount.linkage import partitions as chains
from detcount.linkage.candidates import Candidates
from detcount.linkage.channel import learn_channel
from detcount.linkage.cluster_weights import ClusterWeights, Parameters, Problem
from detcount.linkage.linking import learned_from
from detcount.linkage.people_likelihood import RATE_PRIORS, WORDS, between_rates, people_likelihood
from detcount.linkage.posterior import partition_posterior
from detcount.linkage.records import MISSING_DAY
from invented_names import as_records, close_pairs, invent

NO_DAY = (MISSING_DAY, MISSING_DAY)


def linked(world, **options):
    """The posterior, with every pair of the plain rule to be compared."""
    first, second = close_pairs(world)
    return of_pairs(world.records, first, second, **options)


def learned_of(records, first, second):
    none = np.zeros(len(first), dtype=bool)
    found = Candidates(first=first, second=second, free=none, worded=none)
    return learned_from(records, learn_channel(records), found)


def of_pairs(records, first, second, **options):
    learned = learned_of(records, first, second)
    return partition_posterior(records, learned, **{"n_draws": 200, **options})


def all_pairs(records):
    return np.array([*itertools.combinations(range(len(records)), 2)], dtype=np.int64).reshape(-1, 2).T


def row(list_of, given, surnames, document=-1, born=NO_DAY, arrested=NO_DAY, place=-1, sex=-1):
    words = [(w, 1.0) for w in given.split()] + [(w, 0.0) for w in surnames.split()]
    return (list_of, 0, words, document, born, arrested, place, sex)


def others(n, list_of, seed=0):
    """Rows of other people, so that frequencies are those of a list."""
    lists = (simulate.WrittenList(name="x", share=0.6, documents_missing=0.3),)
    world = invent(3 * n, seed, lists=lists, duplicates=0.0)
    records = world.records
    rows = []
    for k in range(n):
        at = np.flatnonzero(records.word_record == k)
        words = [(records.words[records.word[i]], float(records.word_given[i])) for i in at]
        days = tuple(records.born[k].tolist()), tuple(records.arrested[k].tolist())
        rows.append((list_of, 0, words, int(records.document[k]), *days, int(records.place[k]), 1))
    return rows


def store(records, alike=None):
    """Weights of clusters at fixed rates of errors."""
    n, n_lists = len(records), len(records.lists)
    problem = Problem(
        list_of=records.list_of,
        n_lists=n_lists,
        referred=records.referred,
        linkable=records.linkable,
        units=[np.array([k]) for k in range(n)],
        unit=np.arange(n),
        apart=np.empty((0, 2), dtype=np.int64),
        most=np.full(n_lists, 99),
    )
    likelihood = people_likelihood(records, learn_channel(records))
    weights = ClusterWeights(likelihood, problem, *(all_pairs(records) if alike is None else alike))
    weights.set_rates(rates_of(weights, 0.03, 0.02))
    return weights


def rates_of(weights, *rates):
    return {field: (*rates, 0.03)[: len(RATE_PRIORS[field]) - 1] for field in weights.fields}


def doubtful(n_lists=3):
    """Six rows of one common name in three lists, two with a document, and the rows of other people."""
    rows = [
        row(0, "jose", "perez", 5_111_222, sex=1),
        row(0, "jose luis", "perez", arrested=(19950, 19950), sex=1),
        row(1, "jose", "perez gomez", 5_111_222),
        row(1, "jose", "perez", arrested=(19957, 19957), sex=1),
        row(2, "luis", "perez", sex=1),
        row(2, "jose luis", "peres", place=3),
    ]
    common = [row(k % 3, "jose", f"{c}orreal {c}uenca") for k, c in enumerate("bcdfgm")]
    common += [row(k % 3, f"{c}ariela", f"perez {c}arreno") for k, c in enumerate("bcdfgm")]
    filler = [*common, *others(20, 0, 1), *others(20, 1, 2), *others(15, 2, 3)]
    return as_records(("a", "b", "c")[:n_lists], [*rows, *filler])


def test_listed_partitions_have_the_probabilities_of_their_weights():
    # Draws of a group against weights added up over all partitions, one after the other, at fixed parameters.
    records = doubtful()
    n = len(records)
    first, second = np.array([*itertools.combinations(range(6), 2)]).T
    weights = store(records, (first, second))
    parameters = Parameters(np.linspace(5.0, 40.0, 8).__getitem__, np.array([0.05, 0.03, 0.04]), 1e-6)
    small = groups.small_groups(n, first, second, weights, parameters)
    value = weights.log_weights(parameters, small.identity)
    chance = small.table.probabilities(value)
    group = small.table.group
    mine = group == np.argmax(np.bincount(group))
    expected = []
    for labels in itertools.product(range(6), repeat=6):
        seen = [*dict.fromkeys(labels)]
        if [seen.index(k) for k in labels] != [*labels]:
            continue
        clusters = [np.flatnonzero(np.array(labels) == k) for k in seen]
        flat, sizes = np.concatenate(clusters), np.array([len(c) for c in clusters])
        expected.append(weights.log_weights(parameters, weights.lookup(flat, sizes)).sum())
    share = np.exp(np.array(expected) - max(expected))
    share = np.sort(share / share.sum())[::-1]
    found = np.sort(chance[mine])[::-1]
    assert_allclose(found, share[: len(found)], atol=1e-4)
    assert share[len(found) :].sum() < 1e-3


def test_prior_weight_of_a_cluster_is_that_of_its_lists_and_copies():
    records = as_records(("a", "b"), [row(k, "ana", "perez") for k in (0, 0, 0, 1, 1)])
    weights = store(records)
    ids = weights.lookup(np.array([0, 0, 1, 2, 3, 4, 0, 3]), np.array([1, 5, 2]))
    patterns, copies = np.array([1.0, 30.0, 20.0, 7.0]), np.array([0.1, 0.2])
    expected = np.log([30 * 0.9, 7 * 0.9 * 0.1**2 * 6 * 0.8 * 0.2 * 2, 7 * 0.9 * 0.8])
    weight = weights.log_weights(Parameters(patterns.__getitem__, copies, 1e-3), ids)
    assert_allclose(weight - weights.evidence(1e-3, ids), expected)


def test_three_rows_are_not_three_independent_pairs():
    # Two namesakes of one list have different documents, and both resemble a row of another list. The ratios
    # of three pairs, multiplied, count one resemblance of names three times.
    rows = [
        row(0, "mariana", "zubillaga perez", 11_222_333, sex=0),
        row(0, "mariana", "zubillaga", 24_555_666, sex=0),
        row(1, "mariana", "zubillaga perez", arrested=(19950, 19950), sex=0),
    ]
    common = [row(k % 2, "mariana", f"{c}orreal {c}uenca") for k, c in enumerate("bcdfgm")]
    common += [row(k % 2, f"{c}ariela", f"zubillaga {c}arreno") for k, c in enumerate("bcdfgm")]
    records = as_records(("a", "b"), [*rows, *common, *others(25, 0, 1), *others(25, 1, 2)])
    weights = store(records)
    ids = weights.lookup(np.array([0, 1, 0, 2, 1, 2, 0, 1, 2]), np.array([2, 2, 2, 3]))
    *pairs, three = weights.by_field(ids).sum(axis=1).tolist()
    assert three < sum(pairs) - 3
    assert three == pytest.approx(pairs[0] + pairs[1], abs=1.5)
    found = of_pairs(records, np.array([0, 0, 1]), np.array([1, 2, 2]), n_draws=40)
    at = (found.pair_first == 0) & (found.pair_second == 1)
    assert found.pair_probability[at][0] < 0.6


@pytest.mark.slow
def test_rows_that_were_forwarded_count_once():
    # A row copied twice: without the mark three rows with the same misspelling speak as three witnesses.
    rows = [
        row(0, "jose", "peres", arrested=(19950, 19950)),
        row(1, "jose", "peres", arrested=(19950, 19950)),
        row(2, "jose", "perez gomez", arrested=(19951, 19951)),
    ]
    records = as_records(("a", "b", "c"), [*rows, *others(20, 0, 1), *others(20, 1, 2), *others(20, 2, 3)])
    marked = np.zeros(len(records), dtype=bool)
    marked[1] = True
    copied = dataclasses.replace(records, referred=marked)
    values = []
    for version in (records, copied):
        weights = store(version)
        ids = weights.lookup(np.array([0, 1, 2, 0, 1, 0, 2]), np.array([3, 2, 2]))
        three, pair, other = weights.by_field(ids).sum(axis=1)
        values.append((three, pair + other))
    assert values[0][0] != pytest.approx(values[0][1], abs=1e-3)
    assert values[1][0] == pytest.approx(values[1][1], abs=1e-5)
    assert values[1][1] == pytest.approx(values[0][1], abs=1e-5)
    first, second = np.array([0, 0, 1]), np.array([1, 2, 2])
    assert any("forwarded" in note for note in of_pairs(records, first, second, n_draws=8).notes)
    assert not any("forwarded" in note for note in of_pairs(copied, first, second, n_draws=8).notes)


def test_relatives_arrested_together_are_two_people():
    together = [
        ("ana rosa", "luisa ines", "zubillaga urrutia"),
        ("pedro leon", "ramon jose", "echenique barrios"),
        ("carla eva", "sofia mia", "landaeta oropeza"),
        ("diego simon", "mateo raul", "itriago mijares"),
        ("elena paz", "irene sol", "uslar pietri"),
    ]
    rows = []
    for k, (one, two, name) in enumerate(together):
        day = (19940 + k, 19940 + k)
        rows += [row(0, one, name, arrested=day, place=k), row(1, two, name, arrested=day, place=k)]
    records = as_records(("a", "b"), [*rows, *others(40, 0, 1), *others(40, 1, 2)])
    found = of_pairs(records, *all_pairs(records))
    for k in range(0, 10, 2):
        assert found.point[k] != found.point[k + 1]


@pytest.mark.slow
def test_a_third_row_is_compared_with_relatives_too():
    # Two rows that only their surname, day and place bring together weigh less when relatives are frequent;
    # so do three, whichever of them are alike.
    rows = [
        row(0, "ana rosa", "zubillaga", arrested=(19950, 19950), place=3),
        row(1, "ana rosa", "zubillaga", arrested=(19950, 19950), place=3),
        row(2, "ana rosa", "zubillaga"),
    ]
    records = as_records(("a", "b", "c"), [*rows, *others(40, 0, 1), *others(40, 1, 2), *others(40, 2, 3)])
    weights = store(records)
    rate = 1e-3
    pair, one, three = weights.lookup(np.array([0, 1, 0, 2, 1, 2, 0, 1, 2]), np.array([2, 2, 2, 3]))[
        [0, 1, 3]
    ]
    ids = np.array([pair, one, three])
    less = weights.by_field(ids).sum(axis=1) - weights.evidence(rate, ids)
    shared = weights.related(ids)
    expected = np.log1p(rate * np.exp(shared[:2]))
    assert_allclose(less[:2], expected, atol=1e-5)
    assert expected[0] > 2 > expected[1] > 0
    assert less[2] == pytest.approx(expected.sum(), abs=1e-5)


def test_rates_of_words_are_weighed_between_those_that_are_kept():
    for pair in ((0.0005, 0.004), (0.004, 0.2), (0.03, 0.03)):
        assert between_rates("surnames", pair).max() == pytest.approx(1.0)
    share = between_rates("surnames", (0.001, 0.01))
    assert share.sum() == pytest.approx(1.0)
    assert (share >= 0).all()
    assert (share > 0).sum() == 4
    records = doubtful()
    weights = store(records)
    ids = weights.lookup(np.array([0, 3, 1, 5]), np.array([2, 2]))
    for field in WORDS:
        rare = weights.field(field, ids, (0.0006, 0.004))
        often = weights.field(field, ids, (0.02, 0.004))
        middle = weights.field(field, ids, (0.003, 0.004))
        assert (np.minimum(rare, often) - 1e-9 <= middle).all()
        assert (middle <= np.maximum(rare, often) + 1e-9).all()


def test_fields_are_weighed_at_any_rates_as_their_cells_are():
    world = invent(60, 9)
    likelihood = people_likelihood(world.records, learn_channel(world.records))
    pairs = np.stack(close_pairs(world), axis=1)
    for name, rates in [
        ("document", (0.013, 0.07)),
        ("born", (0.004, 0.11)),
        ("arrested", (0.02, 0.15, 0.04)),
        ("place", (0.12, 0.0)),
    ]:
        field = likelihood.of[name]
        exact = log_ratio(field.cells(pairs), *rates)
        for side in pairs.T:
            exact -= log_ratio(field.cells(side[:, None]), *rates) * field.written(side)
        written = field.written(pairs).all(axis=1)
        found = likelihood.columns(name, pairs) @ between_rates(name, rates)
        assert_allclose(found[written], exact[written], atol=0.25)
        assert np.abs(found[written] - exact[written]).mean() < 0.03


def test_rates_of_errors_are_learned():
    # Many wrong places: the rate follows, and is not that of the prior.
    rates = []
    for wrong in (0.005, 0.15):
        world = invent(250, 6, places=2 * wrong, words=0.05)
        learned = learned_of(world.records, *close_pairs(world))
        rates.append(learned.rates["place"][0])
    clean, dirty = rates
    assert clean < 0.06
    assert 0.2 < dirty < 0.4  # places are wrong twice as often, some of them the same by chance


LETTERS = "bcdfghjklmnpqrtvwxyz"


def misspelt(word, n):
    return [word[: k % len(word)] + LETTERS[k % 20] + word[k % len(word) + 1 :] for k in range(n)]


def one_person(n, document, first=0):
    """Rows of one person with a document, each misspelt in another way."""
    given, surname = misspelt("zuleimar", n), misspelt("echenagucia", n)
    return [
        row(
            0,
            given[k] if k % 2 else "zuleimar",
            f"{'echenagucia' if k % 2 else surname[k]} villarroel",
            document,
            arrested=(19950 + first, 19950 + first),
        )
        for k in range(n)
    ]


@pytest.fixture
def weighed(monkeypatch):
    made = []

    class Kept(ClusterWeights):
        def __init__(self, *arguments):
            super().__init__(*arguments)
            made.append(self)

    monkeypatch.setattr(posterior, "ClusterWeights", Kept)
    return made


def test_twenty_rows_of_one_person_are_one_unit_and_it_is_said(weighed):
    rows = one_person(20, 12_345_678)
    records = as_records(("a", "b"), [*rows, *others(25, 0, 1), *others(25, 1, 2)])
    first, second = all_pairs(records)
    near = second < 20
    found = of_pairs(records, first[near], second[near], n_draws=40)
    assert (found.draws[:, :20] == found.draws[:, :1]).all()
    assert found.draws[:, 20:].min() > 0
    assert len([note for note in found.notes if note.startswith("20 rows that nearly say the same")]) == 1
    assert len(weighed[-1]) < 200


@pytest.mark.slow
def test_two_persons_of_one_name_with_their_own_documents_stay_two():
    rows = [*one_person(14, 12_345_678), *one_person(14, 25_999_111, first=60)]
    records = as_records(("a", "b"), [*rows, *others(25, 0, 1), *others(25, 1, 2)])
    first, second = all_pairs(records)
    near = second < 28
    found = of_pairs(records, first[near], second[near], n_draws=40)
    one, two = found.draws[:, :14], found.draws[:, 14:28]
    assert not (one[:, :, None] == two[:, None, :]).any()
    assert found.bounds[1] == 2 <= found.bounds[2] <= 8


@pytest.mark.parametrize(
    "options", [{"max_copies": {"a": 1}}, pytest.param({"apart": [(3, 4)]}, marks=pytest.mark.slow)]
)
def test_what_is_decided_holds_among_rows_that_are_alike(options):
    rows = one_person(14, 12_345_678)
    records = as_records(("a", "b"), [*rows, *others(25, 0, 1), *others(25, 1, 2)])
    first, second = all_pairs(records)
    near = second < 14
    found = of_pairs(records, first[near], second[near], n_draws=20, **options)
    assert (found.draws[:, 3] != found.draws[:, 4]).all()


def few_doubtful():
    """Rows, and the pairs of six of them that are doubtful."""
    return (doubtful(), *np.array([*itertools.combinations(range(6), 2)]).T)


@pytest.mark.slow
def test_work_is_bounded_and_what_was_not_drawn_anew_is_said(monkeypatch):
    monkeypatch.setattr(groups, "TUNING", replace(groups.TUNING, listed_rows=1))
    records, first, second = few_doubtful()
    free = of_pairs(records, first, second, n_draws=40)
    assert not [note for note in free.notes if "of the steps only" in note]
    every_expensive = replace(cluster_weights.TUNING, expensive_rows=1)
    monkeypatch.setattr(cluster_weights, "TUNING", every_expensive)
    monkeypatch.setattr(chains, "TUNING", replace(chains.TUNING, expensive_budget=0, expensive_paid=0))
    bound = of_pairs(records, first, second, n_draws=40)
    share = [note for note in bound.notes if "of the steps only" in note]
    assert len(share) == 1
    assert "among 6 rows" in share[0]


@pytest.mark.slow
def test_clusters_that_were_forgotten_weigh_the_same(monkeypatch):
    monkeypatch.setattr(groups, "TUNING", replace(groups.TUNING, listed_rows=1))
    records, first, second = few_doubtful()
    kept = of_pairs(records, first, second, n_draws=40)
    monkeypatch.setattr(chains, "TUNING", replace(chains.TUNING, clusters_kept=40))
    forgotten = of_pairs(records, first, second, n_draws=40)
    assert (kept.draws == forgotten.draws).all()
    assert_allclose(kept.pair_probability, forgotten.pair_probability, atol=1e-12)


def test_few_true_words_stand_for_all_in_a_cluster_of_many_rows():
    # forty written words, each within reach of its own true word and of the first: the sum over all pairs
    n = 40
    matrix = np.diag(np.full(n, 0.3)) + np.concatenate([np.full((n, 1), 0.015), np.zeros((n, n - 1))], axis=1)
    rest, frequency = np.full(n, 2e-4), np.full(n, 1.0 / n)
    spelled = spelling(sparse.csr_matrix(matrix), rest, frequency)
    words = np.stack([np.arange(20), np.full(20, -1)], axis=1)
    value = word_log_ratio(words[None], spelled, [0.03])[0, 0]
    given = np.where(matrix > 0, matrix, rest[:, None])
    marginal = given @ frequency
    both = 0.97 * given[:20, :, None] + 0.03 * given[:20, None, :]
    ratio = np.log(both / marginal[:20, None, None]).sum(axis=0)
    expected = np.logaddexp.reduce((ratio + 2 * np.log(1.0 / n)).ravel())
    assert expected - 0.15 < value <= expected  # out of 11.4
