"""What holds for the assessment of any table."""

import json
import re

import pytest
from hypothesis import given, settings

from assessed import QUICK
from detcount.assessment import FAMILIES, assess
from detcount.privacy import public_floor
from strategies import capture_tables

# Of four lists one averaged estimate takes a second, and a public page assesses the table's companions
# as well: there, few examples, and pages of the families that are quick.
_QUICKEST = tuple(key for key in QUICK if key not in {"averaged", "calibrated", "selected"})


def _check(result):
    n = result.n_observed
    wanted = {"any", "two" if result.table.n_lists == 2 else "more"}
    keys = [family.key for family in FAMILIES if family.lists in wanted]
    assert sorted([*result.estimates, *result.declined]) == sorted(keys)
    shared = result.table.capture_frequencies[1:].any()
    if shared and "calibrated" in result.estimates:
        assert result.recommended_family == "calibrated"
        assert result.range == result.recommended.interval()
    else:
        assert (result.recommended is None) == (result.verdict in {"refuse", "floor only"})
        assert result.verdict != "estimate"
    assert (result.verdict == "estimate") == (not result.findings)
    assert all(estimate.point >= n for estimate in result.estimates.values())
    if result.range is not None:
        assert n <= result.range.low <= result.range.high
    if result.disagreement is not None:
        assert result.disagreement >= 1
    if (result.table.capture_frequencies[1:] == 0).all():
        assert result.verdict == "floor only"
    if 0 in result.table.list_sizes.values():
        assert result.estimates == {}
        assert result.verdict != "estimate"
    json.dumps(result.record(), allow_nan=False)


def _check_reports(result):
    for text in (str(result), result.to_markdown(), result.to_markdown(lang="es")):
        assert not re.search(r"\b(nan|inf|None(?! of)|True|False)\b(?!\))", text)
        assert "{" not in text
    assert result.full().sentence().startswith(f"At least {result.n_observed:,} ")
    floor = public_floor(result.n_observed)
    assert result.sentence().startswith(f"At least {floor:,} people " if floor else "Fewer than 25 people ")
    assert result.sentence(lang="es").startswith("Al menos " if floor else "Menos de 25 personas ")


@settings(max_examples=5)
@given(capture_tables(2, 3) | capture_tables(2, 3, max_count=12))
def test_an_assessment_is_whole_and_its_reports_can_be_written(table):
    result = assess(table, families=QUICK)
    _check(result)
    _check_reports(result)


@pytest.mark.slow
@settings(max_examples=3)
@given(capture_tables(4, 4), capture_tables(4, 4, max_count=12))
def test_so_are_those_of_four_lists(table, few):
    _check(assess(table, families=QUICK))
    _check_reports(assess(few, families=_QUICKEST))
