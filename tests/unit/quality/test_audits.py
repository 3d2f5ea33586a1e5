"""Samples of entries that were checked: what they say of a list, and N without those who do not belong."""

import itertools
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import hypergeom

from detcount import CaptureTable, abundance, quality
from detcount._numerics.withdrawn import sample_limits
from detcount.linkage import Audit
from detcount.quality.audits import probability_of_width


def answers(**columns):
    """Answers of a sample of 40 entries, three of which do not belong and two are not settled."""
    given = {
        "belongs": ["sí"] * 35 + ["no"] * 3 + [None, "?"],
        "list": ["press"] * 40,
        "drawn_from": [200] * 40,
    }
    return quality.AuditAnswers.from_frame(given | columns)


def by_hand(n, checked, found):
    """Numbers of entries under which so few and so many are found in more than 2.5% of samples each."""
    tail = 0.025
    return [
        k
        for k in range(n + 1)
        if sum(hypergeom.pmf(x, n, k, checked) for x in range(found, checked + 1)) > tail
        and sum(hypergeom.pmf(x, n, k, checked) for x in range(found + 1)) > tail
    ]


def test_limits_are_exact_and_hold_whatever_was_not_settled():
    (checked,) = answers().checked
    assert (checked.belong, checked.wrong, checked.unclear) == (35, 3, 2)
    assert checked.limits() == (by_hand(200, 40, 3)[0], by_hand(200, 40, 5)[-1])


def test_sentence_says_the_whole_list_in_both_languages():
    told = answers().sentence()
    assert "Of the 200 entries of press that were sampled from, 4 to 50 do not belong" in told
    assert "200" in told.translated("es")
    assert told.translated("es") != told
    assert "press: of 38 entries checked 3 do not belong" in answers().headline()


def test_without_the_number_of_entries_there_are_shares_alone():
    (checked,) = answers(drawn_from=[""] * 40).checked
    assert checked.limits() is None
    low, high = checked.shares()
    assert low == pytest.approx(0.01573, abs=1e-4)
    assert 0.2 < high < 0.3


def test_answers_of_two_lists_are_apart():
    both = answers(list=["press"] * 20 + ["families"] * 20, also_on=["families + press"] * 0 + [""] * 40)
    assert [each.lists for each in both.checked] == [("press",), ("families",)]
    assert both.audits()[1] == Audit(list="families", checked=18, wrong=3, drawn_from=200)


@pytest.mark.parametrize(
    ("width", "share", "entries"), [(0.1, 0.05, None), (0.1, 0.05, 300), (0.2, 0.3, 500)]
)
def test_sample_size_is_the_least_that_is_enough(width, share, entries):
    def widths(n):
        found = round(share * n)
        answer = ["no"] * found + ["yes"] * (n - found)
        sample = {"belongs": answer, "drawn_from": [entries or ""] * n}
        low, high = quality.AuditAnswers.from_frame(sample).checked[0].shares()
        return high - low

    n = quality.audit_sample_size(width, share=share, entries=entries)
    assert widths(n) <= width < max(widths(n - 1), widths(n - 2), widths(n - 3))


def test_how_often_limits_are_as_narrow_as_asked_is_what_samples_say():
    entries = np.arange(598) < 30  # who does not belong
    rng = np.random.default_rng(5)
    wrong = [int(rng.choice(entries, 81, replace=False).sum()) for _ in range(2000)]
    limits = {found: sample_limits(598, 81, found, 0.95) for found in {*wrong}}
    assert probability_of_width(598, 81, 0.05, 0.1) == pytest.approx(0.616, abs=0.001)
    narrow = [limits[found][1] - limits[found][0] <= 0.1 for found in wrong]
    assert np.mean(narrow) == pytest.approx(0.616, abs=0.04)


TABLE = CaptureTable.from_counts({"10": 440, "01": 600, "11": 200}, lists=["press", "families"])


def test_number_is_that_of_the_table_without_the_expected_wrong_entries():
    audit = Audit(list="press", checked=400, wrong=40)
    found = quality.Audited((audit,), n_draws=200).fit(TABLE)
    rest = CaptureTable.from_counts({"10": 396, "01": 600, "11": 200}, lists=["press", "families"])
    assert found.point == pytest.approx(abundance.Chapman().fit(rest).point, rel=0.005)
    assert "Audit(list='press', checked=400, wrong=40" in found.record()["estimator"]
    assert ("drawn at random" in found.sentence(), "nobody outside" in found.sentence()) == (True, False)


def test_persons_on_several_lists_are_put_together_where_few_were_checked():
    table = CaptureTable.from_counts(
        {"100": 300, "010": 300, "001": 300, "110": 80, "101": 80, "011": 80, "111": 40},
        lists=["a", "b", "c"],
    )
    audits = (
        Audit(list="a", also=("b",), checked=20, wrong=10),
        Audit(list="a", also=("c",), checked=20, wrong=10),
    )
    without = quality.Audited(audits, n_draws=20).fit(table)
    assert (
        without.n_observed < 300 * 3 + 280 * 0.65
    )  # half of all on several lists leave, those on b and c too


def test_whoever_is_in_the_samples_of_two_lists_counts_once():
    """Of 200 persons two samples of 150 have 187.5 between them, and a tenth of these are wrong."""
    audits = (
        Audit(list="press", also=("families",), checked=150, wrong=15),
        Audit(list="families", also=("press",), checked=150, wrong=15),
    )
    found = quality.Audited(audits, n_draws=40).fit(TABLE)
    assert found.n_observed in range(1240 - 25, 1240 - 18)
    assert quality.Audited((replace(audits[0], checked=200, wrong=20),)).fit(TABLE).n_observed == 1220


def test_a_sample_of_those_not_known_to_have_left_says_nothing_against_the_others():
    """100 were drawn from 320 of the 640 entries of press, 60 of them of persons on no other list."""
    audits = (
        Audit(list="press", checked=60, wrong=30, drawn_from=320),
        Audit(list="press", also=("families",), checked=40, wrong=0, drawn_from=320),
    )
    found = quality.Audited(audits, n_draws=200).fit(TABLE)
    assert found.n_observed <= 1240 - 320 * 0.6 * 0.5 + 40
    rest = CaptureTable.from_counts({"10": 344, "01": 600, "11": 200}, lists=TABLE.lists)
    assert found.point == pytest.approx(abundance.Chapman().fit(rest).point, rel=0.01)
    everybody = tuple(replace(each, drawn_from=640) for each in audits)
    assert quality.Audited(everybody).fit(TABLE).point < 0.9 * found.point


@pytest.mark.parametrize(
    ("word", "belongs"),
    [
        *((word, True) for word in ("Sí", "SI", "yes", "Pertenece", "1", "VERDADERO", "corresponde.")),
        *((word, False) for word in ("NO", "no pertenece", "No corresponde", "0", "falso")),
        *((word, None) for word in ("no se sabe", "No sé", "?", "-", "N/D", "s/d", "desconocido", " ")),
    ],
)
def test_answers_are_read_as_people_write_them(word, belongs):
    (checked,) = answers(belongs=["yes", *[word] * 39]).checked
    assert (checked.belong, checked.wrong, checked.unclear) == {
        True: (40, 0, 0),
        False: (1, 39, 0),
        None: (1, 0, 39),
    }[belongs]


def test_each_audit_keeps_its_own_prior():
    nothing_known, sure = Audit(list="press", checked=30, wrong=0), (1e6, 1.0)
    all_wrong = Audit(list="families", checked=1, wrong=0, prior=sure)
    for audits in ((nothing_known, all_wrong), (all_wrong, nothing_known)):  # of families alone one is left
        assert 0.9 * 440 + 200 < quality.Audited(audits).fit(TABLE).n_observed < 440 + 200 + 5


def test_a_sample_of_a_whole_list_is_one_whatever_other_lists_its_entries_stand_on():
    by_kind = answers(also_on=["families"] * 15 + [""] * 25)
    assert [each.lists for each in by_kind.checked] == [("press", "families"), ("press",)]
    assert by_kind.drawn == (
        quality.audits.Checked(lists=("press",), drawn_from=200, belong=35, wrong=3, unclear=2),
    )
    assert by_kind.sentence() == answers().sentence()
    apart = answers(also_on=["families"] * 15 + [""] * 25, drawn_from=[""] * 40)
    assert apart.drawn == apart.checked


KINDS = ("alone", "copied", "known to all", "namesakes", "one list", "not settled", "exits")


def system(rng, n_lists, share, kind):
    """N, entries by person and list, which of them are wrong, and who is known to have left."""
    n = int(rng.integers(800, 4000))
    right = rng.random((n, n_lists)) < rng.uniform(0.2, 0.6, n_lists)
    right = right[right.any(axis=1)]
    left = rng.random(len(right)) < (rng.uniform(0.1, 0.4) if kind == "exits" else 0)
    others = np.zeros(n_lists - 1) if kind == "one list" else rng.uniform(0, share, n_lists - 1)
    shares = rng.permutation([share, *others])
    persons, wrong = right.copy(), [np.zeros_like(right)]
    n_wrong = np.rint(shares * right.sum(axis=0) / (1 - shares)).astype(int)
    if kind == "known to all" and share:
        pool = rng.random((2 * n_wrong.max(), n_lists)) < n_wrong / (2 * n_wrong.max())
        wrong.append(pool[pool.any(axis=1)])
    for k in [] if kind == "known to all" else range(n_lists):
        entries = np.zeros((n_wrong[k], n_lists), dtype=bool)
        entries[:, k] = True
        if kind == "copied":
            entries[
                rng.random(len(entries)) < rng.uniform(0.2, 0.6), (k + rng.integers(1, n_lists)) % n_lists
            ] = True
        if kind == "namesakes":  # some are taken for somebody of another list
            n_taken = round(0.02 * n_wrong[k])
            taken = rng.choice(np.flatnonzero(~right[:, k]), n_taken, replace=False)
            persons[taken, k] = wrong[0][taken, k] = True
            entries = entries[n_taken:]
        wrong.append(entries)
    everybody = np.vstack([persons, *wrong[1:]])
    left = np.append(left, np.zeros(len(everybody) - len(left), dtype=bool))
    return n, everybody, np.vstack(wrong), left


def checked_entries(rng, everybody, wrong, left, kind):
    """Answers of 100 entries of each list, drawn from those not known to have left, as files hold them."""
    rows = []
    for k in range(everybody.shape[1]):
        entries = np.flatnonzero(everybody[:, k] & ~left)
        for row in rng.choice(entries, 100, replace=False):
            open_ = kind == "not settled" and rng.random() < 0.1
            rows.append(
                {
                    "belongs": "" if open_ else "no" if wrong[row, k] else "yes",
                    "list": f"list {k}",
                    "also_on": "+".join(f"list {j}" for j in np.flatnonzero(everybody[row]) if j != k),
                    "drawn_from": len(entries),
                }
            )
    return quality.AuditAnswers.from_frame(pd.DataFrame(rows))


def table_of(everybody):
    histories, counts = np.unique(everybody, axis=0, return_counts=True)
    names = tuple(f"list {k}" for k in range(everybody.shape[1]))
    return CaptureTable(names, histories.astype(np.uint8), counts)


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "n_lists"), list(itertools.product(KINDS, (2, 3))))
def test_audits_of_100_entries_of_each_list_give_n_and_bounds_hold_without_them(kind, n_lists):
    """40 systems for each of five shares of entries that do not belong."""
    every, covered, bounded = [], [], []
    for share in (0, 0.025, 0.05, 0.1, 0.2):
        errors = []
        for seed in range(40):
            rng = np.random.default_rng([n_lists, round(1000 * share), KINDS.index(kind), seed])
            n, everybody, wrong, left = system(rng, n_lists, share, kind)
            table = table_of(everybody)
            audits = checked_entries(rng, everybody, wrong, left, kind).audits()
            found = quality.Audited(audits).fit(table, seed=seed)
            limits = found.interval(0.95)
            errors.append(found.point / n - 1)
            covered.append(limits.low <= n <= limits.high)
            most = (wrong.sum(axis=0) / everybody.sum(axis=0)).max()
            trimmed = quality.Trimmed(most=most).fit(table)
            low, high = trimmed.bounds
            bounded.append(low <= n <= high)
            for step in trimmed.steps:
                assert low <= step.low <= step.high <= high
        assert abs(np.mean(errors)) - np.std(errors) / 40**0.5 <= 0.03  # less one standard error
        every += errors
    assert abs(np.mean(every)) <= 0.02
    assert 0.9 <= np.mean(covered) <= 0.98
    assert np.mean(bounded) >= 0.95
