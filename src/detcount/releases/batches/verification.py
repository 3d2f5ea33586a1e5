"""Priors of the chance that a monitor ever verifies a release: one for all monitors, or one for each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from detcount import arguments
from detcount.errors import InputError
from detcount.words import Message

Beta: TypeAlias = tuple[float, float]
Verification: TypeAlias = Beta | tuple[tuple[str, Beta], ...]


def prior_of(verification: Verification, monitor: str) -> Beta:
    """Beta prior of the chance that a monitor ever verifies."""
    one, two = verification[0], verification[-1]
    if isinstance(one, float) and isinstance(two, float):
        return one, two
    priors: dict[str, Beta] = dict(verification)  # type: ignore[arg-type]
    if monitor not in priors:
        raise InputError(
            Message(
                "verification: expected a prior for every monitor, got none for {monitor}. "
                "Add it, or leave the monitor out with monitors",
                monitor=repr(monitor),
            )
        )
    return priors[monitor]


def checked_verification(value: object) -> Verification:
    """One pair, or pairs of a name and its pair, sorted by name."""
    pairs = tuple(value.items()) if isinstance(value, Mapping) else value
    if (
        isinstance(pairs, (list, tuple))
        and pairs
        and all(
            isinstance(pair, (list, tuple)) and len(pair) == 2 and isinstance(pair[0], str) for pair in pairs
        )
    ):
        names = [pair[0] for pair in pairs]
        if len(set(names)) < len(names):
            raise InputError(
                Message("verification: expected each monitor once, got {names}", names=repr(names))
            )
        return tuple(
            sorted(
                (name, arguments.positive_pair(Message("verification of {name!r}", name=name), prior))
                for name, prior in pairs
            )
        )
    return arguments.positive_pair("verification", pairs)
