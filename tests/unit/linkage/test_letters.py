"""Letters of one rule beside those of another: sums over all cuts, and rules that are found again."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detcount._numerics.linkage.letters import Vocabulary, sounds_of

WORD = st.text("abcdklmsuz", min_size=1, max_size=5)
RULE = {"sh": "ch", "ee": "i", "oo": "ou", "kh": "x", "j": "dj", "w": "v", "th": "t", "a": "e"}
CUTS = ((1, 0), (1, 1), (1, 2), (1, 3), (2, 1), (2, 2))


def of_all_cuts(one, two, letters):
    """The sum over all ways to cut two words, one after the other."""
    if not one and not two:
        return 1.0
    return sum(
        letters.probability[letters.units[one[:a]], letters.written[two[:b]]]
        * of_all_cuts(one[a:], two[b:], letters)
        for a, b in CUTS
        if len(one) >= a and len(two) >= b
    )


def of_cuts_alone(one, letters):
    """The sum over all ways to cut a word, whatever is written for it."""
    if not one:
        return 1.0
    marginal = letters.probability.sum(axis=1)
    return sum(
        marginal[letters.units[one[:a]]] * of_cuts_alone(one[a:], letters) for a in (1, 2) if len(one) >= a
    )


@given(st.lists(st.tuples(WORD, WORD), min_size=1, max_size=6))
def test_probabilities_are_sums_over_all_cuts(pairs):
    one, two = zip(*pairs, strict=True)
    words = Vocabulary(one, two)
    places = np.arange(len(pairs))
    start = words.first()
    learned = words.learned(places, places, np.ones(len(pairs)), start, start)
    for letters in (start, learned):
        assert letters.probability.sum() == pytest.approx(1.0)
        found = words.log_probability(places, places, letters)
        for a, b, value in zip(one, two, found, strict=True):
            whole = of_all_cuts(a, b, letters)
            if whole == 0:  # too many letters for one word
                assert value == -math.inf
            else:
                assert value == pytest.approx(math.log(whole / of_cuts_alone(a, letters)))


def likelihood(words, letters, n):
    joint = words.log_probability(np.arange(n), np.arange(n), letters)
    return joint.sum() + np.log(words._alone(letters.probability.sum(axis=1))).sum()


def rewrite(word):
    at, made = 0, ""
    while at < len(word):
        size = 2 if word[at : at + 2] in RULE else 1
        made += RULE.get(word[at : at + size], word[at : at + size])
        at += size
    return made


def invented_words(n, seed=0):
    rng = np.random.default_rng(seed)
    parts = [
        a + b
        for a in ("b", "d", "f", "sh", "kh", "j", "w", "th", "r", "s", "m", "n", "l")
        for b in ("a", "ee", "oo", "i")
    ]
    return list(dict.fromkeys("".join(rng.choice(parts, rng.integers(2, 4))) for _ in range(n)))


def test_a_rule_is_found_again_and_words_that_were_not_seen_obey_it():
    words = invented_words(160)
    both = Vocabulary(words, [rewrite(word) for word in words])
    seen, unseen = np.arange(60), np.arange(60, len(words))
    start = both.first()
    letters = both.learned(seen, seen, np.ones(60), start, start)
    a, b = (each.ravel() for each in np.meshgrid(unseen, unseen, indexing="ij"))
    best = {}
    for known in (start, letters):
        score = both.log_probability(a, b, known).reshape(len(unseen), -1)
        best[known is letters] = (score.argmax(axis=1) == np.arange(len(unseen))).mean()
    assert best[True] > 0.97 > best[False]
    row = letters.probability[letters.units["sh"]] + letters.probability[letters.units["s"]]
    assert (
        row[letters.written["ch"]] > row[letters.written["s"]]
        or letters.probability[letters.units["sh"], letters.written["ch"]]
        > 5 * letters.probability[letters.units["sh"], letters.written["s"]]
    )


def test_sounds_need_no_language():
    assert sounds_of("šamil") == sounds_of("шамиль") == sounds_of("شامل") == "sml"
    assert sounds_of("ярослав") == sounds_of("yaroslav") == "lslb"
    assert sounds_of("ae") == ""
