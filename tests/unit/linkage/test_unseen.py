"""The share of true pairs that no rule brings together: known rules, and rows without names."""

from dataclasses import replace

import numpy as np
import pytest

from detcount import simulate
from detcount._numerics.linkage.candidates import FoundPairs, unseen_draws
from detcount.linkage.candidates import candidates, missed_share
from detcount.linkage.channel import learn_channel
from detcount.linkage.linking import learned_from
from detcount.linkage.posterior import partition_posterior
from detcount.linkage.records import Records
from invented_names import invent

NONE = np.zeros((1, 1))


def found_pairs(**given):
    """Pairs of two lists and one class, none but those given."""
    empty = dict.fromkeys(("both", "free", "worded"), NONE)
    empty |= dict.fromkeys(("names", "documents"), np.stack([NONE, NONE]))
    empty |= dict.fromkeys(("neither", "unable"), np.zeros(1))
    return FoundPairs(**(empty | given))


def cell(*values):
    return np.array(values)[:, None, None] if len(values) > 1 else np.array([[values[0]]])


def test_the_share_missed_is_the_true_one_where_rules_miss_much():
    """Two kinds of rules that find known shares of known pairs."""
    rng = np.random.default_rng(4)
    covered = []
    for _ in range(200):
        able = rng.random(600) < 0.4
        first, second = able & (rng.random(600) < 0.7), rng.random(600) < 0.9
        alone = (second & ~able).sum()
        found = found_pairs(
            both=cell((first & second).sum()),
            free=cell((first & ~second).sum()),
            worded=cell((able & ~first & second).sum()),
            names=cell(alone, alone),
        )
        low, high = np.quantile(unseen_draws(found, rng, 1000).share, [0.025, 0.975])
        covered.append(low <= 1 - (first | second).mean() <= high)
    assert 0.85 <= np.mean(covered) <= 1.0


def test_each_class_has_its_own_rate_of_misses():
    """Rules with words find 95% of the pairs of one class and half of the other, where documents are few."""
    rng = np.random.default_rng(5)
    covered = []
    for _ in range(100):
        kind = np.arange(6000) % 2
        able = rng.random(6000) < np.where(kind == 0, 0.5, 0.1)
        first = able & (rng.random(6000) < 0.9)
        second = rng.random(6000) < np.where(kind == 0, 0.95, 0.5)

        def tally(which, kind=kind):
            return np.bincount(kind[which], minlength=2)[None, :].astype(float)

        found = FoundPairs(
            both=tally(first & second),
            free=tally(first & ~second),
            worded=tally(able & ~first & second),
            names=np.stack([tally(second & ~able)] * 2),
            documents=np.zeros((2, 1, 2)),
            neither=np.zeros(1),
            unable=np.zeros(1),
        )
        low, high = np.quantile(unseen_draws(found, rng, 400).share, [0.025, 0.975])
        covered.append(low <= 1 - (first | second).mean() <= high)
    assert 0.85 <= np.mean(covered) <= 1.0


def test_pairs_on_which_no_rule_can_speak_are_as_frequent_as_rows_say():
    draws = unseen_draws(
        found_pairs(both=cell(1e6), unable=np.array([0.25])), np.random.default_rng(0), 2000
    ).share
    assert draws.mean() == pytest.approx(0.25, abs=1e-3)
    # a few of them brought together in another way are not missed
    found = found_pairs(both=cell(7500.0), unable=np.array([0.25]), neither=np.array([1500.0]))
    assert unseen_draws(found, np.random.default_rng(0), 2000).share.mean() == pytest.approx(0.1, abs=0.005)


def test_pairs_with_a_document_alone_are_missed_as_often_as_documents_err():
    found = found_pairs(both=cell(8000.0), worded=cell(2000.0), documents=cell(800.0, 800.0))
    expected = 1 - (10_000 + 800) / (10_000 + 1000)
    assert unseen_draws(found, np.random.default_rng(0), 2000).share.mean() == pytest.approx(
        expected, abs=0.002
    )


def test_no_pair_found_by_the_first_rules_alone_leaves_the_share_open():
    draws = unseen_draws(found_pairs(names=cell(50.0, 50.0)), np.random.default_rng(0), 4000).share
    assert np.quantile(draws, 0.975) > 0.9
    assert (unseen_draws(found_pairs(), np.random.default_rng(0), 10).share == 0).all()


def without_names(made, share, seed, with_document=1.0):
    old = made.records
    chance = np.where(old.document >= 0, share * with_document, share)
    gone = np.random.default_rng(seed).random(len(old)) < chance
    kept = ~gone[old.word_record]
    held = {name: getattr(old, name) for name in Records.__dataclass_fields__}
    held |= {name: held[name][kept] for name in ("word_record", "word", "word_place", "word_given")}
    held["linkable"] = ~gone | (old.document >= 0)
    return replace(made, records=Records(**held))


def judged(made):
    """The true share that is missed, and what is said of it."""
    channel = learn_channel(made.records)
    found = candidates(made.records, channel)
    learned = learned_from(made.records, channel, found)
    drawn = partition_posterior(made.records, learned, n_draws=40)
    together = {*zip(found.first.tolist(), found.second.tolist(), strict=True)}
    true = made.true_pairs()
    said = missed_share(made.records, found.taken(learned.places), drawn.pair_probability[drawn.compared])
    return 1 - len(together & true) / len(true), said


@pytest.mark.slow
@pytest.mark.parametrize("with_document", [1.0, 2.0])
def test_the_interval_of_what_is_missed_covers_where_many_rows_have_no_name(with_document):
    inside, gap = [], []
    for seed in range(100, 104):
        missed, said = judged(without_names(invent(600, seed), 0.4, seed, with_document))
        inside.append(said.low <= missed <= said.high)
        gap.append(said.share - missed)
    assert sum(inside) >= 3  # of 4
    # where hardly any two rows have both a name and a document, more is said to be missed than is
    assert -0.04 < np.mean(gap) < (0.04 if with_document == 1.0 else 0.1)  # four worlds: an error of 0.01


@pytest.mark.slow
def test_rows_that_say_nothing_are_missed_where_all_others_are_compared():
    lists = tuple(simulate.WrittenList(name=name, share=0.5, documents_missing=0.5) for name in "abc")
    made = without_names(invent(100, 77, lists=lists), 0.4, 77)
    assert len(made.records) <= 400
    missed, said = judged(made)
    assert said.low <= missed <= said.high
    assert said.share > 0.2
    missed, said = judged(invent(100, 77, lists=lists))
    assert (missed, said.share, said.low, said.high) == (0.0, 0.0, 0.0, 0.0)
