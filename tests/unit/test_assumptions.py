"""Assumptions: a clause each, that can be said in every language."""

import pickle

import pytest

from detcount.assumptions import Assumption


@pytest.mark.parametrize("assumption", Assumption)
def test_each_is_a_sentence_in_both_languages(assumption):
    english, spanish = str(assumption), assumption.sentence.translated("es")
    for sentence in (english, spanish):
        assert sentence == sentence.strip()
        assert not sentence.endswith(".")
        assert sentence[0].islower()
        assert len(sentence.split()) > 5
    assert english != spanish
    assert assumption.sentence == english
    assert pickle.loads(pickle.dumps(assumption)) is assumption


def test_no_two_say_the_same():
    # an enum makes an alias of a member whose value stands twice
    assert len(Assumption.__members__) == len(list(Assumption))
    assert len({assumption.sentence.translated("es") for assumption in Assumption}) == len(Assumption)
