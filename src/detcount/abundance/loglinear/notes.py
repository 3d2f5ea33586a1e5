"""What is said of a log-linear model: why it has no estimate, which overlaps are empty."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.existence import NO_MAXIMUM, OK, UNIDENTIFIED
from detcount._numerics.hierarchy import formula, number_of_lists
from detcount.errors import NotEstimableError
from detcount.words import Message

_NAMED = 6  # empty overlaps that a note names

# Why a model has no estimate, by its existence code.
_FAILS = {
    NO_MAXIMUM: "model {model} has no finite maximum: capture histories that nobody has let a term run away "
    "(existence code {code})",
    UNIDENTIFIED: "model {model} does not determine the persons on no list: too many overlaps are empty "
    "(existence code {code})",
    NO_MAXIMUM | UNIDENTIFIED: "model {model} has no finite maximum: capture histories that nobody has let a "
    "term run away, and does not determine the persons on no list: too many overlaps are empty (existence "
    "code {code})",
}


def require_maximum(code: int, model: NDArray[np.bool_]) -> None:
    """Decline a model that cannot be fitted; say which way it fails."""
    if code == OK:
        return
    shown, n_lists = formula(model), number_of_lists(len(model))
    if model[-1]:
        raise NotEstimableError(
            "LogLinear",
            Message(
                "model {model} has the interaction of all the lists together, which the listed persons "
                "cannot show (existence code {code})",
                model=shown,
                code=code,
            ),
            Message("Leave it out, or state its size with NoHighestOrderInteraction."),
            advice=Message("Leave it out, or state its size."),
        )
    reason = Message(_FAILS[code], model=shown, code=code)
    if int(model.sum()) == n_lists + 1:
        remedy = Message(
            "Merge lists that share nobody (table.merge); for two lists, use "
            "Chapman(interval=Hypergeometric())."
        )
        advice = Message(
            "Merge lists that share nobody; for two lists, use Chapman's estimator with its exact interval."
        )
    else:
        remedy = Message("Use fewer interactions, or merge lists that share few persons (table.merge).")
        advice = Message("Use fewer interactions, or merge lists that share few persons.")
    raise NotEstimableError("LogLinear", reason, remedy, advice=advice)


def overlap_note(empty: tuple[tuple[str, ...], ...]) -> Message:
    """Say which overlaps of the model are empty, and what that does."""
    return Message(
        "Nobody is on these lists together: {named!r:;}. The model takes that as impossible: the "
        "interaction is minus infinity."
        if len(empty) <= _NAMED
        else "Nobody is on these lists together: {named!r:;}; and {rest} more. The model takes that as "
        "impossible: the interaction is minus infinity.",
        named=empty[:_NAMED],
        rest=len(empty) - _NAMED,
    )
