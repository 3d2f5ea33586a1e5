"""What the rules of the verdict look at."""

from __future__ import annotations

from detcount import abundance
from detcount.assessment.abundance.answers import not_asked
from detcount.assessment.abundance.families import (
    CALIBRATED,
    FAMILIES,
    LEVEL,
    RECOMMENDED_ORDER,
    claims_of,
    families_for,
)
from detcount.assessment.abundance.overlaps import sample_coverage, shared_by_pair
from detcount.capture_rows import MAX_DENSE_LISTS
from detcount.captures import CaptureTable
from detcount.copies import copied_lists
from detcount.errors import NotEstimableError
from detcount.estimates import AbundanceEstimate, Interval
from detcount.report.verdict import Evidence

__all__ = ["evidence_of"]


def evidence_of(
    table: CaptureTable,
    estimates: dict[str, AbundanceEstimate],
    declined: dict[str, NotEstimableError],
    wanted: frozenset[str],
    other: str | None,
    disagreement: float | None,
    modes: dict[str, tuple[float, ...]],
) -> Evidence:
    """What the rules look at; `other` is the first family that is not calibrated and could be recommended."""
    preferred = next(
        family
        for family in families_for(table)
        if family.key in RECOMMENDED_ORDER and family.key != CALIBRATED
    )
    empty = tuple(name for name, size in table.list_sizes.items() if size == 0)
    asked = not_asked(preferred, table, wanted) is None and not empty
    needs = ""
    if other is None and asked and 0 in shared_by_pair(table).values():
        needs = declined[preferred.key].reason
    best = None if other is None else estimates[other]
    calibrated = estimates.get(CALIBRATED)
    judged = calibrated or best
    names = {family.key: family.name for family in FAMILIES}
    return Evidence(
        n_lists=table.n_lists,
        empty_lists=empty,
        n_shared=int(table.capture_frequencies[1:].sum()),
        sample_coverage=sample_coverage(table),
        n_claims=len(claims_of(estimates)),
        needs_empty_overlap=needs,
        existence_code=_existence_code(table, best),
        unlisted_a_listed=None if judged is None else judged.n_unobserved / judged.n_observed,
        disagreement=disagreement,
        not_calibrated="" if calibrated is not None else declined[CALIBRATED].reason,
        width=None if calibrated is None else _width(calibrated.interval(LEVEL)),
        modes=tuple((names[key], several) for key, several in modes.items()),
        n_observed=table.n_observed,
        copies=copied_lists(table),
    )


def _width(interval: Interval) -> float:
    """Upper limit over lower."""
    return interval.high / interval.low


def _existence_code(table: CaptureTable, best: AbundanceEstimate | None) -> int:
    """Code of the log-linear model behind the recommended estimate, or of the smallest one where none is."""
    if table.n_lists == 2 or table.n_lists > MAX_DENSE_LISTS or 0 in table.list_sizes.values():
        return 0
    models = () if best is None else getattr(best.detail, "models", ())
    model = abundance.LogLinear(interactions=models[0].interactions if models else ())
    return model.existence_code(table)
