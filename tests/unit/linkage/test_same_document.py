"""What rows with the same document teach: kinds of errors in words, slips of days, wrong sexes."""

import numpy as np
import pytest

from detcount import linkage, simulate
from detcount.linkage.channel import IDENTITY, KINDS, learn_channel
from detcount.linkage.word_errors import same_document, sex_by_given_name, slips_of


def records_of(invented):
    """Rows of invented lists, and the person of each."""
    records = linkage.read_lists(invented.frames).records("a key for tests")
    truth = invented.truth
    names = np.array(truth.lists)[truth.list_of].tolist()
    who = dict(zip(zip(names, truth.row.tolist(), strict=True), truth.person.tolist(), strict=True))
    lists = [records.lists[k] for k in records.list_of.tolist()]
    return records, np.array([who[row] for row in zip(lists, records.row.tolist(), strict=True)])


@pytest.fixture(scope="module")
def many():
    """Many rows, in which the same misspellings come back."""
    return records_of(simulate.name_lists(4000, seed=31))


def test_pairs_with_the_same_document_are_nearly_all_one_person(many):
    records, person = many
    one, two = same_document(records)
    assert len(one) > 400
    assert (person[one] == person[two]).mean() > 0.98
    shared = np.zeros(len(records), bool)
    shared[one[0]] = True
    assert len(same_document(records, shared)[0]) < len(one)


@pytest.mark.parametrize(
    "share", [0.1, *(pytest.param(share, marks=pytest.mark.slow) for share in (0.03, 0.2))]
)
def test_as_many_words_are_misspelt_as_the_generator_misspells(share):
    """From words alone 0.058 were found of 0.10: misspellings that come back passed for words."""
    mistakes = simulate.Mistakes(words=share)
    records, _ = records_of(simulate.name_lists(2500, mistakes=mistakes, seed=32))
    rates = learn_channel(records).rates
    # what is neither right nor another word altogether
    wrong = sum(rate for kind, rate in rates.items() if kind not in (KINDS[IDENTITY], "rest"))
    assert wrong == pytest.approx(share, rel=0.25)


def test_without_documents_rates_are_learned_from_words():
    invented = simulate.name_lists(400, seed=33)
    frames = {name: frame.drop(columns="Cédula") for name, frame in invented.frames.items()}
    records = linkage.read_lists(frames).records("a key for tests")
    assert len(same_document(records)[0]) == 0
    assert sum(learn_channel(records).rates.values()) == pytest.approx(1.0)


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
