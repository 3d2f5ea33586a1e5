"""Samples of entries that were checked: what they say of a list, and N without those who do not belong."""

import itertools

import numpy as np
import pytest
from scipy.stats import hypergeom

from detcount import CaptureTable, abundance, quality
from detcount.errors import InputError
from detcount.linkage import Audit


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
    assert "Of the 200 entries of press 4 to 50 do not belong" in told
    assert "200" in told.say("es")
    assert told.say("es") != told
    assert "press: of 40 entries checked 3 do not belong" in answers().headline()


def test_without_the_number_of_entries_there_are_shares_alone():
    (checked,) = answers(drawn_from=[""] * 40).checked
    assert checked.limits() is None
    low, high = checked.shares()
    assert low == pytest.approx(0.01573, abs=1e-4)
    assert 0.2 < high < 0.3


def test_answers_of_two_lists_are_apart():
    both = answers(list=["press"] * 20 + ["families"] * 20, also_on=["families + press"] * 0 + [""] * 40)
    assert [each.lists for each in both.checked] == [("press",), ("families",)]
    assert both.audits()[1] == Audit(list="families", checked=18, wrong=3)


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


def test_audits_that_do_not_fit_the_table_are_refused():
    with pytest.raises(InputError):
        quality.Audited((Audit(list="radio", checked=50, wrong=1),)).fit(TABLE)


def system(rng, n_lists, most_wrong):
    """N, memberships of everybody listed, and who does not belong: on one list, or copied to a second."""
    n = int(rng.integers(600, 4000))
    listed = rng.random((n, n_lists)) < rng.uniform(0.2, 0.6, n_lists)
    listed = listed[listed.any(axis=1)]
    wrong = []
    for k in range(n_lists):
        share = rng.uniform(0, most_wrong)
        entries = np.zeros((round(share * listed[:, k].sum() / (1 - share)), n_lists), dtype=bool)
        entries[:, k] = True
        entries[rng.random(len(entries)) < rng.choice([0, 0.2]), (k + 1) % n_lists] = True
        wrong.append(entries)
    everybody = np.vstack([listed, *wrong])
    return n, everybody, np.arange(len(everybody)) >= len(listed)


def audited(rng, everybody, wrong):
    """The table, and audits of 100 entries of each list drawn at random, by the lists on which they stand."""
    lists = [f"list {k}" for k in range(everybody.shape[1])]
    histories, counts = np.unique(everybody, axis=0, return_counts=True)
    seen = {}
    for k in range(len(lists)):
        for row in rng.choice(np.flatnonzero(everybody[:, k]), 100, replace=False):
            seen.setdefault(tuple(np.flatnonzero(everybody[row])), {})[int(row)] = bool(wrong[row])
    audits = [
        Audit(
            list=lists[on[0]],
            also=tuple(lists[k] for k in on[1:]),
            checked=len(found),
            wrong=sum(found.values()),
        )
        for on, found in seen.items()
    ]
    return CaptureTable(tuple(lists), histories.astype(np.uint8), counts), tuple(audits)


@pytest.mark.slow
@pytest.mark.parametrize(("n_lists", "most_wrong"), list(itertools.product((2, 3), (0.0, 0.05, 0.1, 0.2))))
def test_audits_of_100_entries_of_each_list_give_n_and_bounds_hold_without_them(n_lists, most_wrong):
    errors, covered, bounded = [], [], []
    for seed in range(40):
        rng = np.random.default_rng([n_lists, round(100 * most_wrong), seed])
        n, everybody, wrong = system(rng, n_lists, most_wrong)
        table, audits = audited(rng, everybody, wrong)
        found = quality.Audited(audits).fit(table, seed=seed)
        limits = found.interval(0.95)
        errors.append(found.point / n - 1)
        covered.append(limits.low <= n <= limits.high)
        low, high = quality.Trimmed(most=0.2).fit(table).bounds
        bounded.append(low <= n <= high)
    assert abs(np.mean(errors)) <= 0.03
    assert np.mean(covered) >= 0.85  # three standard errors below .95 of 40 systems
    assert np.mean(bounded) >= 0.95
