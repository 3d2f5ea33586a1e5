"""What reports of lists say: the English templates by key, with the names of their values in braces."""

from __future__ import annotations

from detcount.privacy import FEWEST_TOLD
from detcount.words import Message
from detcount.words.by_key import Messages

message = Messages("detcount.assessment.abundance")


def at_least(n: int) -> Message:
    """Say how many people the lists name, as the floor of the total; 0 where they are few."""
    if n == 0:
        return Message("Fewer than {n} people are named on the lists.", n=FEWEST_TOLD)
    return Message.counted(
        "At least 1 person is named on the lists.", "At least {n:,} people are named on the lists.", n=n
    )


def listed_on(n: int, k: int) -> Message:
    """Say how many people so many lists name."""
    return Message.counted(
        "1 person is named on at least one of {k} lists.",
        "{n:,} people are named on at least one of {k} lists.",
        n=n,
        k=k,
    )
