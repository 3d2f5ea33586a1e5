"""Names in their parts: the usual shapes, the split against a sum written out, and what is learned."""

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases import tables
from detcount._numerics.linkage import words as words_numerics
from detcount._numerics.linkage.words import Layout, learn_splits, prior_of_splits
from detcount.linkage import read_lists
from detcount.linkage.sounds import NICKNAMES, meanings
from detcount.linkage.splitting import Name, split_names, tokens_of
from detcount.simulate.names.people import given_names, surnames

TABLES = tables("linkage_names")

# A sum over a handful of splits, in another order.
ROUNDING = 1e-12


def split(written, surname_first=None):
    """Words of a name that is read alone: given names, and surnames."""
    found = split_names([tokens_of(written)], [0], {0: surname_first} if surname_first is not None else {})
    words = np.array(found.words)[found.word]
    return tuple(words[found.word_given > 0.5]), tuple(words[found.word_given <= 0.5])


@pytest.mark.parametrize(("written", "given_names", "surnames"), TABLES["the_usual_shapes"])
def test_the_usual_shapes(written, given_names, surnames):
    """Particles are no words of their own; the husband's name after "de" is a surname."""
    for found, wanted in zip(split(written), (given_names, surnames), strict=True):
        assert found == tuple(word for part in wanted.split("|") for word in tokens_of(part).words)


def test_the_order_may_be_said():
    assert split("Santiago Martín", surname_first=False) == (("santiago",), ("martin",))
    assert split("Santiago Martín", surname_first=True) == (("martin",), ("santiago",))


def test_what_names_nobody_has_no_words():
    nobody = ("", "  ", "N/N", "desconocido", "Sin identificar", "12345", "XXX", "persona no identificada")
    assert not any(tokens_of(text).words for text in nobody)


def test_words_are_small_without_accents_and_particles():
    assert tokens_of("De La Cruz Núñez, María-José").words == ("cruz", "nunez", "maria", "jose")
    assert tokens_of("DELACRUZ ANA").words == ("cruz", "ana")
    assert tokens_of("Mª Glez. Hdez.").words == ("maria", "gonzalez", "hernandez")
    assert tokens_of("Ana Sta. Cruz").words == ("ana", "santacruz")
    assert tokens_of("José D. Rojas Y.").words == ("jose", "d", "rojas", "y")
    assert tokens_of("PEREZ, ANA").n_surnames == 1
    assert tokens_of("ANA PEREZ, 123").n_surnames == -1
    assert tokens_of(", ANA PEREZ").n_surnames == tokens_of("ANA PEREZ,").n_surnames == -1


def test_nicknames_have_meanings_that_add_up():
    assert meanings("chuy") == (("jesus", 1.0),)
    assert next(name for name, _ in meanings("beto")) == "alberto"
    assert meanings("perez") == ()
    for name, short in NICKNAMES.items():
        for nickname in short:
            shares = dict(meanings(nickname))
            assert name in shares
            assert name != nickname
            assert math.isclose(sum(shares.values()), 1.0)


def naive(words, flags, odds, first, lengths):
    """Probability that each word is a given name."""
    n = len(words)
    total, given_weight = 0.0, [0.0] * n
    for given_first, k in itertools.product((True, False), range(n + 1)):
        chosen = range(k) if given_first else range(n - k, n)
        weight = (first if given_first else 1 - first) * lengths[k]
        for j in chosen:
            weight *= math.exp(odds[words[j]])
        if k and flags[0 if given_first else n - k]:
            weight *= math.exp(-4.0)
        total += weight
        for j in chosen:
            given_weight[j] += weight
    return [weight / total for weight in given_weight]


@given(st.data())
@settings(max_examples=60)
def test_one_round_equals_the_sum_over_all_splits(data):
    n = data.draw(st.integers(1, 6))
    m = data.draw(st.integers(1, 4))
    odds = np.array(data.draw(st.lists(st.floats(-3, 3), min_size=8, max_size=8)))
    words = np.array(
        data.draw(st.lists(st.lists(st.integers(0, 7), min_size=n, max_size=n), min_size=m, max_size=m))
    )
    flags = np.array(
        data.draw(st.lists(st.lists(st.booleans(), min_size=n, max_size=n), min_size=m, max_size=m))
    )
    layout = Layout(np.arange(m), np.zeros(m, dtype=int), words, flags)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(words_numerics, "TUNING", replace(words_numerics.TUNING, split_rounds=0))
        learned = learn_splits([layout], odds, np.array([[2.0, 1.0]]))
    for row in range(m):
        wanted = naive(list(words[row]), list(flags[row]), odds, 2 / 3, prior_of_splits(n))
        assert learned[0][row] == pytest.approx(wanted, abs=ROUNDING)


NOT_SPLIT = 0.985  # of words; .994 to .997 were found with other seeds
WHOLE_NAMES = 0.97


def invented(seed, n, order):
    """Names of people in one column, and whether each word is a given name."""
    rng = np.random.default_rng(seed)
    pool, shares = surnames("wide")
    cells, truth = [], []
    for _ in range(n):
        first, weights = given_names(bool(rng.random() < 0.25))
        given_part = list(rng.choice(first, 1 + (rng.random() < 0.55), p=weights))
        surname_part = list(rng.choice(pool, 1 + (rng.random() < 0.7), p=shares))
        swapped = order == "surname" or (order == "mixed" and rng.random() < 0.5)
        parts = [(given_part, True), (surname_part, False)][:: -1 if swapped else 1]
        cells.append(" ".join(word for part, _ in parts for word in part))
        truth.append([is_given for part, is_given in parts for _ in tokens_of(" ".join(part)).words])
    return cells, truth


@pytest.mark.parametrize("seed", [11, pytest.param(12, marks=pytest.mark.slow)])
def test_the_order_of_each_list_and_the_kind_of_each_word_are_learned(seed):
    written = {order: invented(seed + k, 300, order) for k, order in enumerate(("given", "surname", "mixed"))}
    lists = read_lists({order: {"nombre": cells} for order, (cells, _) in written.items()})
    records = lists.records()
    right, log_score, whole, n = 0, 0.0, 0, 0
    for number, order in enumerate(lists.lists):
        start = int(np.flatnonzero(records.list_of == number)[0])
        for row, truth in enumerate(written[order][1]):
            share = records.word_given[records.word_record == start + row]
            assert len(share) == len(truth)
            hits = (share > 0.5) == np.array(truth)
            right += int(hits.sum())
            whole += bool(hits.all())
            n += len(truth)
            log_score -= float(np.log(np.clip(np.where(truth, share, 1 - share), 1e-9, 1)).sum())
    assert right / n > NOT_SPLIT
    assert whole / 900 > WHOLE_NAMES
    assert log_score / n < 0.06  # stated probabilities are not sure of what is wrong


def test_what_other_lists_say_of_words_decides_a_list_without_commas():
    labelled = {"nombres": ["Xalo", "Brivo"] * 20, "apellidos": ["Tindal", "Corvan"] * 20}
    free = {"nombre": ["Tindal Xalo", "Corvan Brivo", "Tindal Brivo"]}
    split = read_lists({"a": labelled, "b": free})._split
    last = split.word_given[-6:]
    assert (last[::2] < 0.1).all()
    assert (last[1::2] > 0.9).all()


def test_columns_that_are_exchanged_in_one_row_are_noticed():
    rows = {
        "Nombres": ["Ana", "Luis", "Eva"] * 10 + ["Pérez"],
        "Apellidos": ["Pérez", "Mora", "Gil"] * 10 + ["Ana"],
    }
    split = read_lists({"x": rows})._split
    assert split.word_given[-2] < 0.5 < split.word_given[-1]
    assert (split.word_given[:-2:2] > 0.9).all()


@given(st.permutations(["Ana", "María", "Pérez", "Rojas"]))
def test_a_comma_outweighs_everything(order):
    split = split_names([Name(tuple(map(str.lower, order)), (0, 0, 0, 0), n_surnames=3)], [0])
    assert (split.word_given > 0.5).sum() in (1, 3)
    assert split.word_given[3] != pytest.approx(split.word_given[0])
