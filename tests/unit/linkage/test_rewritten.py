"""Words of one list as another writes them: which are found, and where too little is known to find any."""

import numpy as np
import pytest

from detcount import linkage, simulate
from detcount.linkage.rewritten import rewritten_words, seldom_alike


@pytest.fixture(scope="module")
def two_rules():
    """Words of Spanish lists, those of the second list by another rule; no document and no birth."""
    lists = tuple(
        simulate.WrittenList(name=name, share=share, documents_missing=1.0, birth="none", accents=False)
        for name, share in (("a", 0.7), ("b", 0.6))
    )
    frames = dict(simulate.name_lists(120, lists=lists, seed=4).frames)
    column = next(name for name in frames["b"] if "ombre" in name)
    change = str.maketrans({"e": "ie", "v": "w", "c": "k", "o": "ou", "l": "lh"})
    plain = linkage.read_lists(frames).records()
    other = frames | {
        "b": frames["b"].assign(**{column: frames["b"][column].str.lower().str.translate(change)})
    }
    return plain, linkage.read_lists(other).records(), change


@pytest.mark.slow
def test_words_of_lists_without_documents_are_rewritten(two_rules):
    plain, other, change = two_rules
    assert seldom_alike(other)
    assert not seldom_alike(plain)
    found = rewritten_words(other)
    word_of = {name: k for k, name in enumerate(other.words)}
    right = []
    for word in plain.words:
        by_rule = word.translate(change)
        if word in word_of and by_rule in word_of and by_rule != word:
            mine = (found.true == word_of[word]) & (
                found.probability == found.probability.max(where=(found.true == word_of[word]), initial=0)
            )
            right.append(word_of[by_rule] in found.written[mine])
    assert len(right) > 60
    assert np.mean(right) > 0.9


def test_probabilities_of_words_are_shared_among_those_of_the_other_list(two_rules):
    _, other, _ = two_rules
    found = rewritten_words(other)
    assert (found.probability > 0).all()
    whole = np.bincount(found.true, found.probability, minlength=len(other.words))
    assert whole.max() <= 2.0 + 1e-9  # a word may stand on both lists, and then has forms of each
    assert found.written.max() < len(other.words)


def test_too_few_persons_show_no_letters(two_rules):
    _, other, _ = two_rules
    few = other.taken(np.concatenate([np.flatnonzero(other.list_of == k)[:5] for k in (0, 1)]))
    assert rewritten_words(few) is None
