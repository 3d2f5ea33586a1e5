"""Scores of pairs: what they recover, what they are sure of, and on what they rest."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from detcount._numerics.linkage import scores
from detcount._numerics.linkage.scores import FIELDS
from detcount.linkage.candidates import Candidates, candidates
from detcount.linkage.channel import learn_channel
from detcount.linkage.pairs import PairScores, score
from detcount.linkage.records import MISSING_DAY
from invented_rows import Rows, as_records, permuted, rows

NOT_LONG = 1e-9


@cache
def linked(
    seed: int, population: int = 1000, sizes: tuple[int, ...] = (500, 450, 300), n_surnames: int = 300
) -> tuple[Rows, Candidates, PairScores]:
    """Invented lists, their candidates and scores."""
    made = rows(seed, population=population, sizes=sizes, n_surnames=n_surnames)
    channel = learn_channel(made.records)
    found = candidates(made.records, channel)
    return made, found, score(made.records, channel, found, seed=seed)


def f1(made: Rows, found: Candidates, scored: PairScores) -> tuple[float, float, float]:
    """Precision, recall and F1 of the pairs above one half."""
    called = scored.probability > 0.5
    right = made.same(found.first, found.second)[called]
    precision, recall = right.mean(), right.sum() / len(made.true_pairs())
    return precision, recall, 2 * precision * recall / (precision + recall)


def test_pairs_of_one_person_are_found() -> None:
    results = np.array([f1(*linked(seed)) for seed in (21, 22, 23)])
    assert results.mean(axis=0)[2] >= 0.985
    assert results.mean(axis=0)[0] >= 0.985


def test_thirty_rows_are_enough() -> None:
    results = np.array([f1(*linked(seed, 60, (30, 30, 30))) for seed in range(31, 37)])
    assert results[:, 2].mean() >= 0.97


def test_few_surnames_are_enough() -> None:
    assert f1(*linked(24, 1500, (700, 600, 400), 51))[2] >= 0.96


def test_stated_probabilities_are_true() -> None:
    stated, right = [], []
    for seed in (21, 22, 23):
        made, found, scored = linked(seed)
        stated.append(scored.probability)
        right.append(made.same(found.first, found.second))
    p, same = np.concatenate(stated), np.concatenate(right)
    assert same[p > 0.99].mean() >= 0.995
    bins = [(0.01, 0.2), (0.2, 0.8), (0.8, 1.0)]
    gaps = [abs(p[(p > a) & (p <= b)].mean() - same[(p > a) & (p <= b)].mean()) for a, b in bins]
    assert np.mean(gaps) <= 0.12
    assert abs(p.sum() / same.sum() - 1) < 0.02


def test_weights_are_sums_over_fields() -> None:
    _, found, scored = linked(21)
    assert scored.fields == FIELDS
    assert scored.by_field.shape == (len(found), len(FIELDS))
    assert np.allclose(scored.by_field.sum(axis=1), scored.weight, rtol=0, atol=NOT_LONG)
    assert np.isfinite(scored.weight).all()


def test_rates_come_from_the_data_where_there_are_enough_pairs() -> None:
    made, _, scored = linked(21)
    rates = scored.rates
    assert all(rates.learned.values())
    assert scored.notes[0].startswith("Rates of errors learned from about")
    # What the generator does: one digit wrong in 4% of documents, place wrong in 5%, arrests later in 12%.
    assert 0.015 < rates.beta["document"] < 0.06
    assert 0.02 < rates.beta["place"] < 0.08
    assert 0.06 < rates.beta["arrested"] < 0.16
    sizes = np.bincount(made.records.list_of)
    person = made.person
    within = np.mean([len(np.unique(person[made.records.list_of == k])) for k in range(3)] / sizes)
    assert within > 0.9
    # Within a list a pair of rows is one person less often than across two.
    diagonal = np.diag(rates.match)
    assert (diagonal[:, None] < rates.match + np.diag(np.full(3, 1.0))).all()
    across = len(set(person[made.records.list_of == 0]) & set(person[made.records.list_of == 1]))
    expected = across / sizes[0] / sizes[1]
    assert rates.match[0, 1] == rates.match[1, 0] == pytest.approx(expected, rel=0.2)


def test_rates_are_the_published_ones_where_there_are_few_pairs() -> None:
    _, _, scored = linked(31, 60, (30, 30, 30))
    assert not any(scored.rates.learned[field] for field in ("document", "born", "sex"))
    assert any("published defaults" in note for note in scored.notes)
    assert 0.01 < scored.rates.beta["document"] < 0.05


def test_background_frequencies_are_those_of_the_rows() -> None:
    made, _, scored = linked(21)
    records, rates = made.records, scored.rates
    places = rates.background("place", records.place)
    assert (places[records.place < 0] == 1).all()
    assert np.unique(np.stack([records.place, places]), axis=1)[1, 1:].sum() == pytest.approx(1.0)
    births = rates.background("born", records.born)
    assert (births[records.born[:, 0] == MISSING_DAY] == 1).all()
    narrow = (records.born[:, 0] != MISSING_DAY) & (records.born[:, 0] == records.born[:, 1])
    wide = (records.born[:, 0] != MISSING_DAY) & ~narrow
    assert 0 < births[narrow].max() < births[wide].min()
    assert (rates.background("document", records.document)[records.document >= 0] < 1e-3).all()
    assert rates.background("arrested", records.arrested).max() == 1.0
    assert rates.background("sex", np.array([-1, 0])).tolist()[0] == 1.0


def test_one_document_on_many_rows_is_not_believed() -> None:
    made = rows(25)
    document = made.records.document.copy()
    document[::26] = 12_345_678
    records = replace(made.records, document=document)
    channel = learn_channel(records)
    found = candidates(records, channel)
    scored = score(records, channel, found)
    wrong = scored.shared_document & ~made.same(found.first, found.second)
    n = len(document[::26])
    assert wrong.sum() > 0.95 * n * (n - 1) / 2
    assert any("not believed" in note for note in scored.notes)
    precision, recall, _ = f1(made, found, scored)
    assert precision > 0.98
    assert recall > 0.96


def test_a_sample_of_dull_pairs_teaches_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    made = rows(28, population=1500, sizes=(700, 600, 400), n_surnames=51)
    channel = learn_channel(made.records)
    whole = candidates(made.records, channel)
    rates = score(made.records, channel, whole).rates
    monkeypatch.setattr(scores, "_MOST_PAIRS", 500)
    bare = Candidates(first=whole.first, second=whole.second, rules=whole.rules, missed=whole.missed)
    thinned = score(made.records, channel, bare).rates
    assert thinned.mixtures.n_matches != rates.mixtures.n_matches
    assert thinned.mixtures.n_matches == pytest.approx(rates.mixtures.n_matches, rel=0.02)
    for field in rates.fields:
        assert thinned.beta[field] == pytest.approx(rates.beta[field], abs=0.01)
    # Also where all kinds of pairs are sampled, true ones too, each counts for several.
    monkeypatch.setattr(scores, "_DULL", 100.0)
    monkeypatch.setattr(scores, "_MOST_PAIRS", 5000)
    sampled = score(made.records, channel, bare).rates.mixtures.n_matches
    assert sampled == pytest.approx(rates.mixtures.n_matches, rel=0.15)


NOBODY = (MISSING_DAY, MISSING_DAY)


def test_relatives_arrested_together_are_two_people() -> None:
    """Same surnames, day and place; other given names: taken off is what relatives share."""
    made, found, scored = linked(22)
    same = made.same(found.first, found.second)
    relatives = scored.by_field[:, FIELDS.index("relatives")]
    kin = ~same & (relatives < -1.0)
    assert kin.sum() > 5
    assert (scored.probability[kin] < 0.5).mean() > 0.95
    # Without what they share the weight would speak for one person more.
    assert (relatives <= NOT_LONG).all() or relatives.max() < 0.1


def test_surnames_in_another_order_say_less() -> None:
    made = rows(21)
    words, records = made.records.words, made.records
    written = [
        (
            int(records.list_of[k]),
            k,
            [
                (words[w], int(g < 0.5))
                for w, g in zip(records.word[own], records.word_given[own], strict=True)
            ],
            -1,
            NOBODY,
            NOBODY,
            -1,
            -1,
        )
        for k in range(len(records))
        for own in [records.word_record == k]
    ]
    n = len(written)
    names = [("rosa", 0), ("tovarich", 1), ("belisario", 1)]
    written += [(0, n, names, -1, NOBODY, NOBODY, -1, -1), (1, n, names, -1, NOBODY, NOBODY, -1, -1)]
    written += [(2, n, [names[0], names[2], names[1]], -1, NOBODY, NOBODY, -1, -1)]
    changed = as_records(sorted(written, key=lambda row: row[0]), 3)
    records = changed.records
    channel = learn_channel(records)
    found = candidates(records, channel)
    weight = score(records, channel, found).by_field[:, FIELDS.index("names")]
    of = changed.person == n
    ours = of[found.first] & of[found.second]
    crossed = ours & (records.list_of[found.second] == 2)
    assert ours.sum() == 3
    assert (weight[crossed] < weight[ours & ~crossed] - 2).all()


def test_sex_says_little_beside_the_given_name() -> None:
    _, found, scored = linked(21)
    sex = scored.by_field[:, FIELDS.index("sex")]
    paired = found._compared[1].names.paired[:, 0] > 0.9
    assert sex[paired].max() < 0.05
    assert sex[paired].min() < -2.0
    assert sex[~paired].max() > 0.1


def test_a_rare_name_says_more_than_a_frequent_one() -> None:
    written = [(k % 2, k, [("maria", 0), ("gonzalez", 1)], -1, NOBODY, NOBODY, -1, -1) for k in range(60)]
    written += [(k, 90, [("yuleisy", 0), ("uzcategui", 1)], -1, NOBODY, NOBODY, -1, -1) for k in (0, 1)]
    made = as_records(written, 2)
    channel = learn_channel(made.records)
    found = candidates(made.records, channel)
    scored = score(made.records, channel, found)
    rare = made.same(found.first, found.second)
    assert rare.sum() == 1
    assert scored.weight[rare][0] > scored.weight[~rare].max() + 3


def test_both_missing_differs_from_one_missing() -> None:
    """People without documents have none on any list: both missing speaks for one person."""
    made = rows(26, documents=(0.0,))
    without = np.random.default_rng(0).random(made.person.max() + 1) < 0.4
    document = np.where(without[made.person], -1, made.records.document)
    records = replace(made.records, document=document)
    channel = learn_channel(records)
    scored = score(records, channel, candidates(records, channel))
    none, one, both = scored.rates.mixtures.missing[0]
    assert both > 1.5 > 1.0 > 0.4 > one
    assert none > 1.0


def test_nothing_depends_on_the_order_of_rows() -> None:
    made = rows(27, population=600, sizes=(220, 150, 100))
    order = np.random.default_rng(1).permutation(len(made.records))
    answers = []
    for which, back in ((made, np.arange(len(order))), (permuted(made, order), order)):
        channel = learn_channel(which.records)
        found = candidates(which.records, channel)
        low, high = np.sort([back[found.first], back[found.second]], axis=0)
        by = np.lexsort([high, low])
        answers.append(score(which.records, channel, found).weight[by])
    assert np.allclose(answers[0], answers[1], rtol=0, atol=1e-6)


def test_candidates_made_by_hand_have_the_same_scores() -> None:
    made, found, scored = linked(31, 60, (30, 30, 30))
    bare = Candidates(first=found.first, second=found.second, rules=found.rules, missed=found.missed)
    again = score(made.records, learn_channel(made.records), bare)
    assert np.allclose(again.weight, scored.weight, rtol=0, atol=NOT_LONG)


def test_nothing_of_what_is_written_is_shown() -> None:
    _, found, scored = linked(31, 60, (30, 30, 30))
    assert repr(scored) == f"<PairScores: {len(found)} pairs>"
    assert repr(scored.rates) == "<FieldRates: document, born, arrested, place, sex, names>"
