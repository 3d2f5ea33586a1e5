"""What a reader must know of an integrated path."""

from __future__ import annotations

from detcount.estimates import IdentifiedBySource
from detcount.stock.integrated.detail import IntegratedDetail
from detcount.words import Message

_FEW = 100
_RAISED = 0.01


def path_notes(
    detail: IntegratedDetail, identified_by: IdentifiedBySource, raised: float, waves: int
) -> tuple[str, ...]:
    """Notes on what identifies the path, how many paths it rests on, and what the floor did."""
    notes: list[str] = []
    if identified_by == "data":
        notes.append(
            Message(
                "The number rests on the anchors; the register says how it moves between them. The anchors "
                "keep their distribution, apart from the floor."
            )
        )
    else:
        notes.append(
            Message(
                "No anchor: how many people the register does not know is the stated prior, and no data "
                "show it. The path is no estimate."
            )
        )
    notes.append(
        Message(
            "The upper limit at 95% is {ratio:.1f} times the lower one, the median over the days.",
            ratio=detail.ratio,
        )
    )
    notes.append(
        Message(
            "Arrests and exits rest on the prior: totals of one register identify the net change alone, and "
            "late entries are no arrests."
        )
    )
    notes.append(
        Message(
            "{n:,} paths were drawn, and they are worth {worth:,.0f}.",
            n=detail.n_paths,
            worth=detail.effective_paths,
        )
    )
    if detail.effective_paths < _FEW:
        notes.append(
            Message("That is few: limits are rough. Give wider priors, or look at anchors that fit no path.")
        )
    if detail.softened < 1:
        notes.append(
            Message(
                "Few paths come near the anchors, so that paths were bent further than stated: take the "
                "days between anchors with care."
            )
        )
    if raised > _RAISED:
        notes.append(
            Message("{share:.0%} of the draws, over all days, were raised to the floor.", share=raised)
        )
    if waves:
        notes.append(
            Message.counted(
                "1 window of releases says when a wave may have been, and not how large it was.",
                "{n:,} windows of releases say when waves may have been, and not how large they were.",
                n=waves,
            )
        )
    return tuple(notes)
