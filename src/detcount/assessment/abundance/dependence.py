"""How a number moves when lists depend on each other more or less than assumed."""

from __future__ import annotations

from dataclasses import dataclass

from detcount.assessment.level import LEVEL
from detcount.estimates import AbundanceEstimate
from detcount.sensitivity import SensitivityCurve, TippingValue, odds_ratio_curve, tipping_odds_ratio

ODDS_RATIOS: tuple[float, ...] = tuple(2.0 ** (k / 4) for k in range(-8, 9))


@dataclass(frozen=True, kw_only=True)
class Sensitivity:
    """How the total moves when the lists depend on each other more or less than assumed.

    Parameters
    ----------
    family : str
        Key of the family that the curve starts from.
    curve : SensitivityCurve
        Estimate and 95% limits of N by odds ratio, persons.
    claim : float
        Persons in all, of the claim under test.
    tipping : TippingValue, optional
        The odds ratios at which the total reaches the claim; None where none does.

    Examples
    --------
    >>> import detcount as dc
    >>> counts = {"100": 40, "010": 60, "001": 35, "110": 20, "101": 12, "011": 9, "111": 6}
    >>> table = dc.CaptureTable.from_counts(counts, lists=["press", "court", "families"])
    >>> assessment = dc.assess(table, families=["independence"])
    >>> assessment.sensitivity.family
    'independence'
    """

    family: str
    curve: SensitivityCurve
    claim: float
    tipping: TippingValue | None


def sensitivity_of(estimate: AbundanceEstimate, family: str, claim: float | None) -> Sensitivity | None:
    """The curve around an estimate; none where it has nobody unlisted."""
    if estimate.n_unobserved <= 0:
        return None
    target = 2.0 * estimate.n_observed if claim is None else float(claim)
    tipping = None if target <= estimate.n_observed else tipping_odds_ratio(estimate, target, level=LEVEL)
    return Sensitivity(
        family=family,
        curve=odds_ratio_curve(estimate, ODDS_RATIOS, level=LEVEL),
        claim=target,
        tipping=tipping,
    )
