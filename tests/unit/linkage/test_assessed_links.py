"""Lists of names assessed over draws of who is who: one skeleton, limits that hold the links."""

from dataclasses import replace

import numpy as np
import pytest

import detcount as dc
from detcount import linkage, pooling, privacy, simulate, stock
from detcount.assessment import Assessment
from detcount.assessment.abundance.linked import _shares
from detcount.assessment.abundance.public import for_public, of_linked
from detcount.calibration import Calibrated
from invented_linkage import invented_linkage

ASKED = ("calibrated", "chao")


@pytest.fixture(scope="module")
def linked():
    return invented_linkage(seed=2, doubtful=60)


@pytest.fixture(scope="module")
def found(linked):
    return dc.assess(linked, families=ASKED, n_draws=12, seed=1, wrong=0)


@pytest.fixture(scope="module")
def drawn(linked):
    """The same by default: entries that do not belong are drawn."""
    return dc.assess(linked, families=ASKED, n_draws=12, seed=1)


def public_of(assessment, table):
    """What is public of another table, drawn and asked as the assessment was."""
    made = assessment.fits.asked.of_companion(table)
    return for_public(made, made.fits, made)


def test_every_estimate_is_that_of_the_drawn_tables(linked, found):
    tables = linked.tables(12, seed=1)
    pooled = pooling.pool(Calibrated(listed=1.0), tables, seed=1)
    assert found.recommended.point == pooled.point
    assert found.range == pooled.interval(0.95)
    assert found.recommended.detail.n_observed == tuple(table.n_observed for table in tables)
    assert found.verdict == "range"  # no other method was asked
    assert [finding.rule for finding in found.findings] == ["nothing beside"]


def test_it_is_an_assessment_with_all_that_others_have(found):
    assert isinstance(found, Assessment)
    assert "detcount" in found.to_html()
    assert found.to_html(lang="es") != found.to_html()
    assert found.plot(kind="forest").axes
    full = found.full().to_markdown()
    assert "12 draws of who is who" in full
    assert "of the variance" not in found.to_markdown()
    shares = found.to_frame().set_index("family")["share_of_links"]
    assert 0 < shares["calibrated"] < 1


@pytest.mark.slow
def test_its_record_is_made_again_from_the_lists_of_names():
    lists = linkage.read_lists(simulate.name_lists(20, seed=5).frames)
    linked = linkage.link(lists, n_draws=8)
    assessed = dc.assess(linked, families=ASKED, n_draws=3)
    for record in (assessed.public().record(), linked.record(disclosure="full")):
        assert dc.reproduce(record, lists, families=ASKED).agrees
    for record in (assessed.full().record(), linked.record(disclosure="public")):
        assert dc.reproduce(record, linked, families=ASKED).agrees
    other = linkage.read_lists(simulate.name_lists(40, seed=6).frames)
    assert not dc.reproduce(linked.record(disclosure="full"), other).agrees


def test_who_does_not_belong_is_taken_from_those_on_one_list(linked, drawn):
    """By hand: a Poisson number of mean share times entries of a list, at most nine tenths of the lone."""
    wrong = (("a", 0.1), ("b", 0.0), ("c", 0.9))
    names = dict(zip(("a", "b", "c"), linked.lists, strict=True))
    stated = dc.assess(
        linked, families=("chao",), n_draws=40, seed=1, wrong={names[k]: share for k, share in wrong}
    ).estimates["chao"]
    whole = linked.tables(40, seed=1)
    left = np.array([each.n_observed for each in whole]) - stated.detail.n_observed
    lone = np.array([[each.exclusives[name] for name in linked.lists] for each in whole])
    sizes = np.array([list(each.list_sizes.values()) for each in whole])
    mean = np.minimum(0.1 * sizes[:, 0], 0.9 * lone[:, 0]) + np.floor(0.9 * lone[:, 2])
    assert abs((left - mean).mean()) < 4 * np.sqrt(mean.mean() / 40)
    assert left.std() > 0
    assert stated.point < drawn.estimates["chao"].point


def test_shares_who_do_not_belong_hardly_depend_on_the_seed(linked):
    """The mean of 50 differs by a thirtieth between seeds; of as many drawn by chance by a tenth."""
    drawn = [_shares(linked, stock.WrongShare(), 50, seed)[0] for seed in range(12)]
    assert abs(np.corrcoef(range(50), drawn[0].sum(axis=1))[0, 1]) < 0.4  # draws of links have an order too
    found = [each.mean() for each in drawn]
    expected = 0.025 * np.exp(((np.log(0.08 / 0.025) / 1.6449) ** 2 + 0.4**2) / 2)
    assert found == pytest.approx([expected] * 12, rel=0.1)
    assert np.std(found) < expected / 25


def test_the_number_if_everybody_belongs_stands_beside_it(linked, found, drawn):
    whole = pooling.pool(Calibrated(listed=1.0), linked.tables(12, seed=1), seed=1)
    assert drawn.all_belong.point == whole.point == found.recommended.point > drawn.recommended.point
    assert found.all_belong is None
    belongs = dc.assumptions.Assumption.NO_OVERCOVERAGE
    assert belongs in found.assumptions
    assert belongs not in (*drawn.assumptions, *drawn.public().assumptions)
    assert found.law is None
    for shown in (drawn.public(), drawn.full()):
        said = shown.sentence()
        assert "2.5% in the middle and above 8% in one case of 20" in said
        assert "weighed" not in said  # no days, and so no exits
        assert ("If everybody on the lists belongs there are" in said) == (shown.fits is not None)
    assert "belong" not in found.public().sentence() + found.full().sentence()
    assert drawn.least == 0
    assert found.least == found.n_observed


def test_a_list_that_was_audited_loses_nobody_more(linked):
    """Nobody but those whom the audit takes from each drawn table."""
    changed = linked
    for name in linked.lists:
        changed = linkage.Audit(list=name, checked=20, wrong=1).apply(changed).linkage
    found = dc.assess(changed, families=("chao",), n_draws=4, seed=1)
    assert changed.audited == tuple(sorted(linked.lists))
    assert found.law is None
    tables = changed.tables(4, seed=1)
    assert found.estimates["chao"].detail.n_observed == tuple(table.n_observed for table in tables)


@pytest.mark.slow
def test_a_public_report_is_that_of_every_companion(linked, drawn):
    base = linked.table()
    counts = {
        "".join(map(str, history)): n
        for history, n in zip(base.histories.tolist(), base.counts.tolist(), strict=True)
    }
    counts["111"] = 3
    table = dc.CaptureTable.from_counts(counts, lists=base.lists)
    family = privacy.companions(table)
    assert len(family) > 1
    printed = [vars(public_of(drawn, other)) for other in family[:8]]
    assert all(each == printed[0] for each in printed)
    assert printed[0]["limits_if_all_belong"] is not None


def test_no_count_of_a_linkage_is_in_a_public_record(linked, found):
    assert "persons" not in linked.record(disclosure="public")
    assert set(found.public().record()["linkage"]) == {"seed", "draws", "tables", "wrong"}
    assert str(linked.n_persons) not in found.sentence()


def test_the_public_reads_of_linked_lists_what_one_person_less_does_not_move(drawn):
    content, table = drawn.public(), drawn.table
    assert (content.size_unit, content.limits_if_all_belong, content.tipping_within) == (None, None, None)
    assert (content.curve, content.wrong_entries) == ((), ())
    (row,) = content.families
    least = privacy.least_of_listed(row.low, content.n_observed)
    assert (row.low, row.high) == privacy.coarse_limits(row.low, row.high, least)
    assert row.point is None or row.point == privacy.coarse_point(row.point, row.low, row.high)
    assert table.n_observed % 10 > 0
    counts = table.counts - (np.arange(len(table.counts)) == 0)
    public = public_of(drawn, replace(table, counts=counts))
    found = of_linked(public, drawn.assumptions)
    assert (found.families, found.lists) == (content.families, content.lists)
    assert (found.n_observed, found.verdict) == (content.n_observed, content.verdict)
    assert public.limits_if_all_belong != found.limits_if_all_belong  # what is not printed tells
