"""The token channel against sums over everything that could have been meant or written."""

import string
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases import tables
from detcount._numerics.linkage.words import Confusions, fit_channel
from detcount.linkage import channel, sounds
from detcount.linkage.sounds import NICKNAMES
from invented_names import as_records, invent

TABLES = tables("channel")

EXACT = 1e-12  # sums of some thousand terms
WORD = st.text("abceghijlnrsuvz", min_size=2, max_size=6)


def every_edit(word):
    chance = {}

    def add(other, share):
        chance[other] = chance.get(other, 0.0) + share

    n = len(word)
    for k in range(n):
        add(word[:k] + word[k + 1 :], 1 / 3 / n)
        for letter in set(string.ascii_lowercase) - {word[k]}:
            add(word[:k] + letter + word[k + 1 :], 1 / 3 / n / 25)
    for k in range(n + 1):
        for letter in string.ascii_lowercase:
            add(word[:k] + letter + word[k:], 1 / 3 / (n + 1) / 26)
    return chance


@given(word=WORD)
@settings(max_examples=20, deadline=None)
def test_chances_of_edits_are_those_of_making_them_one_by_one(word):
    every = every_edit(word)
    assert sum(every.values()) == pytest.approx(1.0, abs=EXACT)
    for other, chance in every.items():
        assert channel.edit_probability(other, word) == pytest.approx(chance, abs=EXACT)
    assert channel.edit_probability(word + "aaa", word) == 0.0


@given(word=WORD)
@settings(max_examples=50, deadline=None)
def test_chances_of_swaps_add_up(word):
    swapped = [word[:k] + word[k + 1] + word[k] + word[k + 2 :] for k in range(len(word) - 1)]
    swapped = [other for other in swapped if other != word]
    assert sum(channel.swap_probability(other, word) for other in swapped) == pytest.approx(
        1.0 if swapped else 0.0
    )
    assert channel.swap_probability(word, word) == 0.0


@pytest.mark.parametrize("word", ["vez", "yoli", "jhon", "quiroz", "ana"])
def test_chances_of_spellings_add_up(word):
    cut, others = sounds.units(word), sounds.alternatives(word)
    total = 0.0
    for letters in product(*([own, *ways] for (_, own), ways in zip(cut, others, strict=True))):
        written = "".join(letters)
        if written != word and [u[1] for u in sounds.units(written)] == list(letters):
            total += channel.spelling_probability(written, word)
    # What is lost are spellings that read otherwise once they are put together.
    assert 0.65 < total <= 1 + EXACT


@pytest.mark.parametrize(("one", "other"), TABLES["venezuelan_spellings_sound_alike"])
def test_venezuelan_spellings_sound_alike(one, other):
    assert sounds.key(one) == sounds.key(other)
    assert channel.spelling_probability(one, other) > 0
    assert channel.spelling_probability(other, one) > 0


@pytest.mark.parametrize(("one", "other"), [("mora", "moro"), ("perez", "peraza"), ("luis", "luisa")])
def test_other_names_do_not(one, other):
    assert sounds.key(one) != sounds.key(other)
    assert channel.spelling_probability(one, other) == 0.0


def naive_written(made, written, role):
    """Probability of a written word: the sum over all true words and all kinds of error."""
    rest = made.rest[WORDS.index(written)]
    total = rest * (1.0 - made.frequency[role].sum())  # words that nobody else has
    for t, meant in enumerate(made.true):
        whole = len(written) > 1
        chances = {
            "identity": float(written == meant),
            "edit": every_edit(meant).get(written, 0.0) if whole and written != meant else 0.0,
            "transposition": channel.swap_probability(written, meant),
            "spelling": channel.spelling_probability(written, meant) if whole else 0.0,
            "initial": float(meant[0] == written and len(meant) > 1),
            "nickname": float(written in NICKNAMES.get(meant, ())) / max(len(NICKNAMES.get(meant, ())), 1),
        }
        chance = sum(made.rates[kind] * value for kind, value in chances.items())
        total += made.frequency[role, t] * (chance + rest)
    return total


ROWS = [
    (0, n, [(first, 0.97), (last, 0.03)], -1, (0, 0), (0, 0), -1, -1)
    for n, (first, last) in enumerate(
        [("maria", "gonzalez")] * 5
        + [("maria", "gonzales"), ("mari", "gonsalez"), ("m", "gnozalez"), ("maria", "perez")]
        + [("chuy", "peres"), ("jesus", "perez"), ("luis", "p"), ("luis", "gunzaleez")]
    )
]
WORDS = sorted({word for row in ROWS for word, _ in row[2]})


def test_written_words_have_the_naive_sum_over_true_ones():
    made = channel.learn_channel(as_records(("one",), ROWS))
    for role in (0, 1):
        for w, word in enumerate(WORDS):
            inside, reached = (
                np.asarray(each[[w]] @ made.frequency[role])[0] for each in (made.matrix, made.matrix > 0)
            )
            written = inside + made.rest[w] * (1.0 - reached)
            assert written == pytest.approx(naive_written(made, word, role), abs=EXACT)
    assert (made.frequency.sum(axis=1) < 1.0).all()
    assert sum(made.rates.values()) == pytest.approx(1.0)
    assert tuple(made.rates) == channel.KINDS


@pytest.mark.slow
def test_a_lone_misspelling_is_taken_for_what_is_frequent():
    records = invent(3000, 5, words=0.15).records
    made, words = channel.learn_channel(records), records.words
    likeliest = {
        word: made.true[made.given[w].indices[made.given[w].data.argmax()]]
        for w, word in enumerate(words)
        if made.given[w].nnz
    }
    assert likeliest["gonzalez"] == "gonzalez"
    counts = np.bincount(records.word, minlength=len(words))
    often = {words[w] for w in np.flatnonzero(counts > 30)}
    alone = [word for w, word in enumerate(words) if counts[w] == 1]
    lone = [word for word in alone if any(channel.swap_probability(word, other) for other in often)]
    assert len(lone) > 5
    assert np.mean([likeliest[word] in often for word in lone]) > 0.9


def test_frequencies_and_rates_come_back():
    """Words are drawn from known frequencies with known rates of two kinds of error."""
    rng = np.random.default_rng(3)
    n_true, n_words = 40, 40_000
    truth = rng.dirichlet(np.full(n_true, 0.5))
    # True word t is written as itself, or as one of its own ten errors of the first kind, ten of the second.
    meant = rng.choice(n_true, n_words, p=truth)
    kind = rng.choice(3, n_words, p=[0.9, 0.07, 0.03])
    written = np.where(
        kind == 0, meant, n_true + meant * 20 + (kind - 1) * 10 + rng.integers(10, size=n_words)
    )
    n_written = n_true * 21
    errors = np.arange(n_true, n_written)
    reach = Confusions(
        np.concatenate([np.arange(n_written), errors]),
        np.concatenate([np.arange(n_written), (errors - n_true) // 20]),
        np.concatenate([np.zeros(n_written, int), 1 + (errors - n_true) % 20 // 10]),
        np.concatenate([np.ones(n_written), np.full(len(errors), 0.1)]),
    )
    counts = np.bincount(written, minlength=n_written).astype(float)[None]
    found = fit_channel(reach, counts, n_written, np.array([0.9, 0.05, 0.04, 0.01]), 10.0, 1e-5)
    assert found.rates[3] == 0.01
    assert abs(found.rates[1] - 0.07 * 0.99) < 0.01
    assert abs(found.frequency[0, :n_true] - truth).max() < 0.02
