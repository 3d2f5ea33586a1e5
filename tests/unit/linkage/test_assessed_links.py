"""Lists of names assessed over draws of who is who: one skeleton, limits that hold the links."""

import numpy as np
import pytest

import detcount as dc
from detcount import linkage, pooling, privacy, simulate
from detcount.assessment import Assessment
from detcount.assessment.abundance.public import content_for_public
from detcount.calibration import Calibrated
from detcount.errors import InputError
from invented_linkage import invented_linkage

ASKED = ("calibrated", "chao")


@pytest.fixture(scope="module")
def linked():
    """Three lists with 60 doubtful links."""
    return invented_linkage(seed=2, doubtful=60)


@pytest.fixture(scope="module")
def found(linked):
    return dc.assess(linked, families=ASKED, n_draws=12, seed=1)


def test_every_estimate_is_that_of_the_drawn_tables(linked, found):
    tables = linked.tables(12, seed=1)
    pooled = pooling.pool(Calibrated(), tables, seed=1)
    assert found.recommended.point == pooled.point
    assert found.range == pooled.interval(0.95)
    assert found.recommended.detail.n_observed == tuple(table.n_observed for table in tables)
    assert found.verdict == "range"  # no other method was asked
    assert [finding.rule for finding in found.findings] == ["nothing beside"]
    alone = found.assessment
    assert (alone.range.low, alone.range.high) != (found.range.low, found.range.high)
    assert alone.recommended.point == Calibrated().fit(linked.table(), seed=1).point


def test_it_is_an_assessment_with_all_that_others_have(found):
    assert isinstance(found, Assessment)
    assert "detcount" in found.to_html()
    assert found.to_html(lang="es") != found.to_html()
    assert found.plot(kind="forest").axes
    full = found.to_markdown(disclosure="full")
    assert "Over 12 draws of who is who" in full
    assert "of the variance" not in found.to_markdown()
    shares = found.to_frame().set_index("family")["share_of_links"]
    assert 0 < shares["calibrated"] < 1


@pytest.mark.parametrize("disclosure", ["public", "full"])
def test_its_record_is_made_again_from_the_lists_of_names(disclosure):
    lists = linkage.read_lists(simulate.name_lists(60, seed=5).frames)
    linked = linkage.link(lists, n_draws=40)
    assessed = dc.assess(linked, families=ASKED, n_draws=4)
    for record in (assessed.record(disclosure=disclosure), linked.record(disclosure=disclosure)):
        assert dc.reproduce(record, lists, families=ASKED).agrees
        assert dc.reproduce(record, linked, families=ASKED).agrees
    if disclosure == "full":
        other = linkage.read_lists(simulate.name_lists(60, seed=6).frames)
        assert not dc.reproduce(linked.record(disclosure="full"), other).agrees
        with pytest.raises(InputError, match="data"):
            dc.reproduce(assessed.record(disclosure="full"), other)


def test_a_public_report_is_that_of_every_companion(linked, found):
    base = linked.table()
    counts = {
        "".join(map(str, history)): n
        for history, n in zip(base.histories.tolist(), base.counts.tolist(), strict=True)
    }
    counts["111"] = 3
    table = dc.CaptureTable.from_counts(counts, lists=base.lists)
    family = privacy.companions(table)
    assert len(family) > 1
    printed = [
        content_for_public(other, found.again(other).full_content, lambda one: found.again(one).full_content)
        for other in family
    ]
    assert all(content == printed[0] for content in printed)


def test_no_count_of_a_linkage_is_in_a_public_record(linked, found):
    assert "persons" not in linked.record(disclosure="public")
    assert set(found.record(disclosure="public")["linkage"]) == {"seed", "draws", "tables"}
    assert str(linked.n_persons) not in found.sentence()


def test_the_limits_of_persons_are_an_interval_that_unpacks(linked):
    limits = linked.persons_interval(0.8)
    low, high = limits
    drawn = np.quantile(linked.n_persons_draws, [0.1, 0.9])
    assert (limits.low, limits.high, limits.level) == (low, high, 0.8)
    assert low <= drawn[0] <= drawn[1] <= high
