"""Two records side by side: each value of the one, what it is in the other, and how far they agree."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Outcome = Literal["same", "rounding", "within Monte Carlo error", "different"]
OUTCOMES: tuple[Outcome, ...] = ("same", "rounding", "within Monte Carlo error", "different")

_ROUNDING = 1e-9
_LOOSE = 0.05  # share by which what describes the draws may move
_ERRORS = 4.0  # Monte Carlo standard errors of a difference
_LARGEST = 10**300
_PLACES = {  # whose Monte Carlo error stands under which name
    "point": "monte_carlo_error",
    "low": "monte_carlo_error_low",
    "high": "monte_carlo_error_high",
}
_DERIVED = frozenset({"range", "envelope", "modes", "disagreement", "standard_error", *_PLACES.values()})
# what tells of the machine, and of nothing that was computed
_ELSEWHERE = frozenset({"versions", "platform", "cpu", "blas", "made_by", "private", "notes", "with_anchors"})
# what records of earlier versions do not have
_SINCE = frozenset({"specification", "listed"})


@dataclass(frozen=True)
class Compared:
    """One value of a record.

    Parameters
    ----------
    name : str
        Where it stands, as ``estimates / chapman / low``.
    recorded, found : object
        What the record says, and what was found; None where one of them lacks it.
    outcome : {"same", "rounding", "within Monte Carlo error", "different"}
        How far they agree.
    error : float, optional
        Monte Carlo error of the difference, where one is stated.
    """

    name: str
    recorded: Any
    found: Any
    outcome: Outcome
    error: float | None = None


def compared(recorded: Mapping[str, Any], found: Mapping[str, Any]) -> tuple[Compared, ...]:
    """Compare every value of two records.

    Parameters
    ----------
    recorded, found : mapping
        The records, as JSON holds them.

    Returns
    -------
    tuple of Compared
        A row for each value of either.
    """
    greatest = max([0.0, *_errors(recorded), *_errors(found)])
    return tuple(_walk(recorded, found, (), None, greatest))


def _walk(
    recorded: Any, found: Any, place: tuple[str, ...], error: float | None, greatest: float
) -> Iterator[Compared]:
    """Each value below a place; `error` is what the place above states for it."""
    if isinstance(recorded, Mapping) and isinstance(found, Mapping):
        for key in dict.fromkeys([*recorded, *found]):
            if key in _ELSEWHERE or (key in _SINCE and key not in recorded):
                continue
            stated = _stated(recorded, found, key, greatest)
            inside = stated if stated is not None else error
            name = str(key) if key in found else "?"  # which anybody may have written there
            yield from _walk(recorded.get(key), found.get(key), (*place, name), inside, greatest)
    elif isinstance(recorded, list) and isinstance(found, list) and len(recorded) == len(found):
        for number, (one, other) in enumerate(zip(recorded, found, strict=True), start=1):
            yield from _walk(one, other, (*place, str(number)), error, greatest)
    else:
        yield Compared(" / ".join(place), recorded, found, _outcome(recorded, found, error), error)


def _stated(recorded: Mapping[str, Any], found: Mapping[str, Any], key: str, greatest: float) -> float | None:
    """Monte Carlo error of the difference of two values of one name."""
    if key in _PLACES:
        numbers = _numbers(recorded, found, _PLACES[key])
        return math.hypot(*numbers) if numbers else None
    if key in _DERIVED and greatest > 0:
        # an error of an error, a spread of draws, a ratio of estimates: what moves with the draws
        if key in ("range", "envelope", "modes"):
            return greatest
        return _LOOSE * max(map(abs, _numbers(recorded, found, key)), default=0.0)
    return None


def _numbers(recorded: Mapping[str, Any], found: Mapping[str, Any], key: str) -> list[float]:
    """What two records have of one name, where it is a number."""
    values = [record.get(key) for record in (recorded, found)]
    return [float(value) for value in values if value is not None and _is_number(value)]


def _outcome(recorded: Any, found: Any, error: float | None) -> Outcome:
    """How far two values agree."""
    if _is_number(recorded) and _is_number(found):
        if recorded == found:
            return "same"
        if math.isclose(recorded, found, rel_tol=_ROUNDING):
            return "rounding"
        if error is not None and abs(recorded - found) <= _ERRORS * error:
            return "within Monte Carlo error"
        return "different"
    return "same" if recorded == found else "different"


def _errors(record: Any) -> Iterator[float]:
    """Every Monte Carlo error that a record states."""
    if isinstance(record, Mapping):
        for key, value in record.items():
            if key in _PLACES.values() and _is_number(value):
                yield float(value)
            else:
                yield from _errors(value)


def _is_number(value: Any) -> bool:
    """Whether a value is a number, and no truth value; whole ones that no float holds are none."""
    if isinstance(value, int):
        return not isinstance(value, bool) and abs(value) <= _LARGEST
    return isinstance(value, float)
