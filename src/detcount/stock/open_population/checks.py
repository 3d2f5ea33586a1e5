"""What open-population estimators ask of the data: rosters, enough of them, and taken anew each time."""

from __future__ import annotations

import math

from detcount._numerics.mantel_haenszel import CommonOddsRatio
from detcount._numerics.open_population import Sightings
from detcount.captures import CaptureTable
from detcount.errors import NotEstimableError
from detcount.estimates.interval import persons
from detcount.words import Message

__all__ = ["follow_one_another", "require_rosters", "require_taken_anew"]

_FEWEST_GAPS = 0.02  # of those known to be there: fewer absences are corrections of a register
_CARRIED_ODDS = 10.0  # people differ in how easily they are named, but not by as much as this
_NOTED_ODDS = 2.0
_LEVEL = 0.95
_RARE = 0.01

_REMEDY = Message(
    "Forecast the published totals of the register with stock.LocalLevel, or take the dated lists with "
    "stock.snapshots."
)
_ADVICE = Message(
    "Use the published totals of the register and its flows, or compare several lists that were made "
    "independently."
)


def require_rosters(estimator: str, table: object) -> CaptureTable:
    """Refuse what is no capture table of rosters."""
    if not isinstance(table, CaptureTable):
        raise TypeError(
            Message(
                "{estimator}: expected a CaptureTable whose lists are the rosters in their order, got "
                "{kind}. Use CaptureTable.from_memberships(frame, person=..., list=..., lists=[...])",
                estimator=estimator,
                kind=type(table).__name__,
            )
        )
    return table


def require_taken_anew(estimator: str, seen: Sightings, carried: CommonOddsRatio) -> None:
    """Decline a register: whoever is on it stays on it until struck off, and nobody is recaptured."""
    passed, between = float(seen.passed_over.sum()), float(seen.between.sum())
    if between > 0 and passed < _FEWEST_GAPS * (passed + between):
        raise NotEstimableError(
            estimator,
            Message(
                "the rosters leave out {passed} of {n} whom they name before and after, as one register "
                "does, where whoever is listed stays listed and no recapture happens",
                passed=persons(passed),
                n=persons(passed + between),
            ),
            _REMEDY,
            advice=_ADVICE,
        )
    if _sure_to_exceed(carried, _CARRIED_ODDS):
        raise NotEstimableError(
            estimator,
            Message(
                "among those known to be held, who is on one roster has more than {odds:.0f} times the odds "
                "of the others to be on the next, so that the rosters are states of one register, and not "
                "taken anew",
                odds=_CARRIED_ODDS,
            ),
            _REMEDY,
            advice=_ADVICE,
        )


def follow_one_another(carried: CommonOddsRatio) -> tuple[str, ...]:
    """Say that being on a roster goes with being on the next, where that is plain."""
    if not _sure_to_exceed(carried, _NOTED_ODDS):
        return ()
    return (
        Message(
            "Among those known to be held, who is on one roster has {odds:.1f} times the odds of the others "
            "to be on the next: people differ in how easily they are named, or rosters follow the ones "
            "before, and the numbers are then too low.",
            odds=carried.odds_ratio,
        ),
    )


def _sure_to_exceed(carried: CommonOddsRatio, odds: float) -> bool:
    """Whether an odds ratio is above a value, and not by chance above 1."""
    if math.isinf(carried.odds_ratio):
        return carried.p_value < _RARE
    return carried.odds_ratio > odds and carried.interval(_LEVEL)[0] > 1
