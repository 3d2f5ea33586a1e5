"""What rows with the same document teach: kinds of errors in words, slips of days, wrong sexes."""

import numpy as np
import pytest

from detcount import linkage, simulate
from detcount.linkage.channel import IDENTITY, KINDS, learn_channel
from detcount.linkage.word_errors import known_pairs, same_document, sex_by_given_name, slips_of


def records_of(invented):
    records = linkage.read_lists(invented.frames).records("a key for tests")
    truth = invented.truth
    names = np.array(truth.lists)[truth.list_of].tolist()
    who = dict(zip(zip(names, truth.row.tolist(), strict=True), truth.person.tolist(), strict=True))
    lists = [records.lists[k] for k in records.list_of.tolist()]
    return records, np.array([who[row] for row in zip(lists, records.row.tolist(), strict=True)])


@pytest.fixture(scope="module")
def many():
    return records_of(simulate.name_lists(2000, seed=31))


def test_pairs_with_the_same_document_are_nearly_all_one_person(many):
    records, person = many
    one, two = same_document(records)
    assert len(one) > 200
    assert (person[one] == person[two]).mean() > 0.98
    shared = np.zeros(len(records), bool)
    shared[one[0]] = True
    assert len(same_document(records, shared)[0]) < len(one)


@pytest.mark.slow
@pytest.mark.parametrize("share", [0.03, 0.1, 0.2])
def test_as_many_words_are_misspelt_as_the_generator_misspells(share):
    """From words alone 0.058 were found of 0.10: misspellings that come back passed for words."""
    mistakes = simulate.Mistakes(words=share)
    records, _ = records_of(simulate.name_lists(2500, mistakes=mistakes, seed=32))
    rates = learn_channel(records).rates
    # what is neither right nor another word altogether
    wrong = sum(rate for kind, rate in rates.items() if kind not in (KINDS[IDENTITY], "rest"))
    assert wrong == pytest.approx(share, rel=0.25)


def test_pairs_of_rows_that_are_half_sure_count_half(many):
    records, _ = many
    one, two, sure = known_pairs(records)
    known = learn_channel(records).rates
    assert learn_channel(records, (one, two, sure)).rates == known
    twice = learn_channel(records, (np.tile(one, 2), np.tile(two, 2), np.tile(sure / 2, 2))).rates
    assert list(twice.values()) == pytest.approx(list(known.values()), rel=1e-12)
    assert learn_channel(records, (one, two, sure / 2)).rates != known  # the prior weighs more


@pytest.mark.slow
def test_without_documents_likely_pairs_show_how_often_words_are_misspelt(monkeypatch):
    """Words alone show less than half of them."""
    mistakes = simulate.Mistakes(words=0.14)
    invented = simulate.name_lists(260, seed=34, mistakes=mistakes)
    frames = {name: frame.drop(columns="Cédula") for name, frame in invented.frames.items()}
    learned = []
    monkeypatch.setattr(
        "detcount.linkage.linking.learn_channel",
        lambda *of, **how: learned.append(learn_channel(*of, **how)) or learned[-1],
    )
    lists = linkage.read_lists(frames)
    linkage.link(lists, n_draws=2)
    alone, first, second = (1 - each.rates["identity"] - each.rates["rest"] for each in learned)
    assert alone < 0.5 * 0.14
    assert 0.7 * 0.14 < first < second < 1.2 * 0.14
    assert second - first < 0.01


def test_slips_of_arrests_are_some_days_as_they_are_made(many):
    records, _ = many
    one, two = same_document(records)
    slips = slips_of("arrested", records.arrested, one, two)
    days = np.full(3, 19_960)
    # most are a day or two off (a geometric lag of 0.4), and hardly any three weeks
    day, days_off, weeks = slips(days + np.array([1, 4, 20]), days)
    assert day > 2 * days_off > 20 * weeks


def test_the_sex_that_a_name_tells_is_known_from_others(many):
    records, _ = many
    learned = learn_channel(records)
    one, two = same_document(records)
    chance, error = sex_by_given_name(records, learned.given, one, two)
    assert chance.sum(axis=1) == pytest.approx(1.0)
    assert error.sum() == pytest.approx(1.0)
    written = np.flatnonzero(records.sex >= 0)
    told = chance[written].max(axis=1) > 0.95
    assert told.mean() > 0.7
    assert (chance[written].argmax(axis=1) == records.sex[written])[told].mean() > 0.97
