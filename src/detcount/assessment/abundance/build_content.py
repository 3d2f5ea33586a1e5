"""From an assessment to what its reports show."""

from __future__ import annotations

import numpy as np

from detcount.assessment.abundance.content import (
    AssessmentContent,
    CurveRow,
    DeclinedRow,
    FamilyRow,
    ListRow,
    NoteRow,
    OverlapRow,
    message,
)
from detcount.assessment.abundance.families import CALIBRATED, FAMILIES, Family, claims_of
from detcount.assessment.abundance.moves import left_out_family
from detcount.assessment.abundance.result import Assessment
from detcount.assessment.common.verdict import LEVEL
from detcount.calibration.result import CalibratedDetail
from detcount.estimates import AbundanceEstimate, versions
from detcount.estimates.figures import strip_of
from detcount.pooling.result import PooledDetail
from detcount.reports.numbers import level_words, percent, persons, printed_limits, printed_point
from detcount.sensitivity import SensitivityCurve
from detcount.words import Message

# How often the 95% intervals of established methods covered the truth: the least and the most of six package
# defaults on the first 28 training cases, and Chapman's on the pairs of lists of those of three or
# more. docs/calibration.md has the figures.
_HELD = (0.53, 0.66)
_HELD_BY_CHAPMAN = 0.26
# How often its own did, on cases that it did not learn from: where each group of tables that share people
# counts alike, and where each table does; for three lists or more, and for two.
_OWN = (0.93, 0.80)
_OWN_OF_TWO = (0.93, 0.85)


def content_of(assessment: Assessment) -> AssessmentContent:
    """Fill in everything that a full report shows.

    Parameters
    ----------
    assessment : Assessment
        What was found.

    Returns
    -------
    AssessmentContent
        Rows in no language.
    """
    table = assessment.table
    families = {family.key: family for family in FAMILIES}
    sizes, alone = table.list_sizes, table.exclusives
    order = np.lexsort((table.codes, -table.counts))  # the same whatever the platform
    patterns = tuple(
        OverlapRow(
            tuple(name for name, mark in zip(table.lists, table.histories[k], strict=True) if mark),
            int(table.counts[k]),
        )
        for k in order.tolist()
    )
    sensitivity = assessment.sensitivity
    calibrated = assessment.recommended_family == CALIBRATED
    repeated = CALIBRATED if calibrated else None if sensitivity is None else sensitivity.family
    rows = tuple(
        _family_row(
            families[key],
            estimate,
            recommended=key == assessment.recommended_family,
            modes=assessment.modes.get(key, ()),
        )
        for key, estimate in assessment.estimates.items()
    )
    claims = [row for row in rows if row.role == "claim"]
    span = (min(row.low for row in claims), max(row.high for row in claims)) if claims else None
    claim = 2.0 * table.n_observed if assessment.claim is None else float(assessment.claim)
    return AssessmentContent(
        disclosure="full",
        dataset=table.dataset,
        n_observed=table.n_observed,
        lists=tuple(ListRow(name, sizes[name], alone[name]) for name in table.lists),
        pairs=tuple(OverlapRow(pair, count) for pair, count in assessment.overlaps.items()),
        patterns=patterns,
        frequencies=tuple(table.capture_frequencies.tolist()),
        sample_coverage=assessment.sample_coverage,
        families=rows,
        declined=tuple(
            DeclinedRow(key, families[key].name, error.reason, error.advice)
            for key, error in assessment.declined.items()
        ),
        verdict=assessment.verdict,
        findings=assessment.findings,
        calibration=_calibration(assessment) if calibrated else None,
        disagreement=assessment.disagreement,
        n_claims=len(claims_of(assessment.estimates)),
        span=span,
        curve=() if sensitivity is None else _curve_rows(sensitivity.curve),
        curve_base=None if sensitivity is None else families[sensitivity.family].name,
        claim=claim,
        claim_given=assessment.claim is not None,
        tipping=None if sensitivity is None or sensitivity.tipping is None else sensitivity.tipping.at_point,
        leave_out=assessment.leave_one_list_out,
        leave_out_base=None if repeated is None else families[left_out_family(repeated, table)].name,
        assumptions=assessment.assumptions,
        recommended=assessment.recommended is not None,
        notes=tuple(
            NoteRow(
                tuple(families[key].name for key in assessment.estimates if note in assessment.notes_of(key)),
                note,
            )
            for note in assessment.notes
        ),
        seed=assessment.seed,
        digest=table.digest,
        versions=tuple(versions().items()),
        citation=assessment.cite(),
        definition=table.definition,
        wrong_entries=assessment.wrong_entries,
        wrong_entries_base=None
        if assessment.wrong_entries_base is None
        else families[assessment.wrong_entries_base].name,
        law=assessment.law,
        all_belong=None if assessment.all_belong is None else _limits_of(assessment.all_belong),
    )


def _limits_of(estimate: AbundanceEstimate) -> tuple[float, float]:
    """Limits as they are printed."""
    least, _, most = estimate.printed(LEVEL)
    return printed_limits(least, most, estimate.n_observed)


def _calibration(assessment: Assessment) -> Message | None:
    """In one sentence what the calibrated interval assumes, and what it was learned from."""
    detail = None if assessment.recommended is None else assessment.recommended.detail
    if isinstance(detail, PooledDetail):
        detail = detail.estimates[0].detail
    if not isinstance(detail, CalibratedDetail):
        return None
    learned = {"k": persons(detail.n_cases), "d": detail.n_datasets, "level": level_words(LEVEL)}
    two = assessment.table.n_lists == 2
    groups, tables = map(percent, _OWN_OF_TWO if two else _OWN)
    own = message("calibration own", level=level_words(LEVEL), groups=groups, tables=tables)
    if two:
        chapman = percent(_HELD_BY_CHAPMAN)
        return Message.together((message("calibration two", **learned, chapman=chapman), own))
    least, most = map(percent, _HELD)
    return Message.together((message("calibration", **learned, least=least, most=most), own))


def _family_row(
    family: Family, estimate: AbundanceEstimate, *, recommended: bool, modes: tuple[float, ...]
) -> FamilyRow:
    """One family, for the tables and the forest."""
    interval = estimate.interval(LEVEL)
    point = estimate.printed(LEVEL)[1]
    low, high = _limits_of(estimate)
    return FamilyRow(
        key=family.key,
        name=family.name,
        estimator=repr(estimate.estimator),
        role=family.role,
        recommended=recommended,
        low=low,
        point=printed_point(point, estimate.n_observed),
        high=high,
        interval=interval.method,
        modes=modes,
        strip=strip_of(estimate),
    )


def _curve_rows(curve: SensitivityCurve) -> tuple[CurveRow, ...]:
    """The curve, for the table and the figure."""
    columns = (curve.odds_ratios, curve.points, curve.lows, curve.highs)
    return tuple(CurveRow(*row) for row in zip(*(column.tolist() for column in columns), strict=True))
