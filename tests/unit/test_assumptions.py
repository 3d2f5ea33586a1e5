"""Assumptions: a sentence in English and in Spanish for each."""

from __future__ import annotations

import pickle

import pytest

from detcount.assumptions import Assumption

SPANISH_LETTERS = set("íóú")


@pytest.mark.parametrize("assumption", Assumption)
def test_each_is_a_sentence_in_both_languages(assumption):
    for sentence in (assumption.english, assumption.spanish):
        assert sentence == sentence.strip()
        assert not sentence.endswith(".")
        assert sentence[0].islower()
        assert len(sentence.split()) > 5
    assert assumption.english != assumption.spanish
    assert assumption.sentence() == assumption.sentence("en") == str(assumption) == assumption.english
    assert assumption.sentence("es") == assumption.spanish
    assert pickle.loads(pickle.dumps(assumption)) is assumption


def test_no_two_say_the_same():
    # an enum makes an alias of a member whose value stands twice
    assert len(Assumption.__members__) == len(list(Assumption))
    assert len({assumption.english for assumption in Assumption}) == len(Assumption)
    assert len({assumption.spanish for assumption in Assumption}) == len(Assumption)


def test_spanish_is_written_with_its_accents():
    letters = set("".join(assumption.spanish for assumption in Assumption))
    assert letters >= SPANISH_LETTERS
    assert Assumption.CLOSED_POPULATION.spanish.startswith("nadie entra ni sale de la población")
