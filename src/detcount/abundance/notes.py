"""What several estimators tell the reader."""

from __future__ import annotations

from detcount._numerics.importance import ENOUGH_DRAWS, TRUSTED_SHAPE
from detcount.words import Message

LOWER_BOUND = Message(
    "The figure is a lower bound: the more persons differ in how easily they are listed, the further it "
    "falls short."
)
_FEW = 10  # persons on two or more lists; below, two usual priors give upper limits far apart


def notes_on_few(n_repeated: int) -> tuple[Message, ...]:
    """Say so where hardly anybody is on two or more lists."""
    if n_repeated >= _FEW:
        return ()
    return (Message("So few persons are on more than one list that the upper limit rests on the prior."),)


def note_on_modes(modes: tuple[float, ...]) -> Message:
    """Say that a posterior has several modes."""
    return Message(
        "The posterior has {n} modes, near {modes:and|,.0f} persons: models that fit about as well "
        "disagree, and one number hides it.",
        n=len(modes),
        modes=modes,
    )


def notes_on_weights(effective_size: float, pareto_shape: float) -> tuple[Message, ...]:
    """Say so where weighted draws do not show the ends of a distribution."""
    if not (effective_size < ENOUGH_DRAWS or pareto_shape > TRUSTED_SHAPE):
        return ()
    return (
        Message(
            "The draws are worth {effective:,.0f} independent ones, with a Pareto shape of {shape:.2f}: do "
            "not rely on the limits.",
            effective=effective_size,
            shape=pareto_shape,
        ),
    )
