"""What a reader of a closed-population model must know."""

from __future__ import annotations

import math

from detcount.abundance.heterogeneity.detail import ClosedModel, HeterogeneityDetail
from detcount.abundance.notes import LOWER_BOUND
from detcount.captures import CaptureTable
from detcount.words import Message


def notes_of(model: ClosedModel, table: CaptureTable, detail: HeterogeneityDetail) -> tuple[str, ...]:
    """What a reader must know besides the assumptions."""
    notes = []
    if model.form == "Chao":
        notes.append(LOWER_BOUND)
    elif model.form is not None:
        notes.append(
            Message(
                "How persons differ cannot be seen for those on no list: forms that fit alike can give "
                "figures far apart."
            )
        )
    if detail.held_at_zero:
        notes.append(
            Message("Terms held at zero that would be negative: {terms:,}.", terms=detail.held_at_zero)
        )
    if model.model in {"Mb", "Mbh"}:
        notes.append(
            Message(
                "The lists are taken in the order {lists:,}; from the second on each is taken to name "
                "the same share of those not named before."
                if model.model == "Mbh"
                else "The lists are taken in the order {lists:,}; each is taken to name the same share "
                "of those not named before.",
                lists=table.lists,
            )
        )
    if detail.multinomial_point is not None:
        notes.append(
            Message(
                "The interval surrounds the multinomial maximum, {point:,.1f} persons.",
                point=detail.multinomial_point,
            )
            if math.isfinite(detail.multinomial_point)
            else Message("The multinomial likelihood rises for ever, so these lists set no upper limit.")
        )
    return tuple(notes)
