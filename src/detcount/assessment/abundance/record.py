"""An assessment as plain values that JSON can hold."""

from __future__ import annotations

import math
from typing import Any

from detcount.assessment.abundance.content import AssessmentContent
from detcount.assessment.abundance.moves import Sensitivity
from detcount.assessment.abundance.public import ends
from detcount.estimates import Interval
from detcount.estimates.origin import finite


def sensitivity_record(sensitivity: Sensitivity | None) -> dict[str, Any] | None:
    """The curve as plain values."""
    if sensitivity is None:
        return None
    curve = sensitivity.curve
    return {
        "family": sensitivity.family,
        "odds_ratios": curve.odds_ratios.tolist(),
        "points": curve.points.tolist(),
        "lows": curve.lows.tolist(),
        "highs": [finite(value) for value in curve.highs.tolist()],
        "claim": sensitivity.claim,
        "tipping": None if sensitivity.tipping is None else sensitivity.tipping.at_point,
    }


def limits_of(interval: Interval | None) -> list[float | None] | None:
    """Limits as plain values."""
    return None if interval is None else [finite(interval.low), finite(interval.high)]


def public_record(content: AssessmentContent) -> dict[str, Any]:
    """Give what a public report shows as plain values that JSON can hold.

    Parameters
    ----------
    content : AssessmentContent
        What a public report shows.

    Returns
    -------
    dict
        Verdict, findings, sentence, rounded sizes and limits, seed, versions; a digest where it has a key.
    """
    return {
        "disclosure": content.disclosure,
        "verdict": content.verdict,
        "reasons": [finding.record() for finding in content.findings],
        "sentence": str(content.sentence),
        "definition": None if content.definition is None else content.definition.record(),
        "notes": [row.text for row in content.notes],
        "at_least": content.n_observed,
        "lists": {row.name: row.persons for row in content.lists},
        "sizes_rounded_to": content.size_unit,
        "recommended": next(
            (
                {"family": row.key, **_plain(row.low, row.high), "point": row.point}
                for row in content.families
                if row.recommended
            ),
            None,
        ),
        "spread": None if content.span is None else _plain(*content.span),
        "claim": content.claim,
        "claim_reached_within": None if content.tipping_within is None else list(content.tipping_within),
        "answered": [row.key for row in content.families],
        "sensitivity": [{"odds_ratio": row.odds_ratio, **_plain(*ends(row))} for row in content.curve],
        "wrong_entries": [
            {
                "list": row.name,
                "share": row.share,
                "floor_change": row.floor_change,
                "total_change": row.total_change,
            }
            for row in content.wrong_entries
        ],
        "seed": content.seed,
        "keyed_digest": content.digest or None,
        "versions": dict(content.versions),
    }


def _plain(low: float, high: float) -> dict[str, float | None]:
    """Limits that JSON can hold: none where there is no upper one."""
    return {"low": low, "high": high if math.isfinite(high) else None}
