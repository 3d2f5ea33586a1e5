"""What the rules of a verdict find, and the verdicts from the least strict to the strictest."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from detcount.copies import ListCopy
from detcount.words import Message

Verdict = Literal["estimate", "range", "register only", "floor only", "refuse"]
_STRICTNESS: tuple[Verdict, ...] = ("estimate", "range", "register only", "refuse", "floor only")


@dataclass(frozen=True)
class Finding:
    """A rule that applies to these data.

    Parameters
    ----------
    rule : str
        Name of the rule.
    verdict : {"range", "register only", "floor only", "refuse"}
        What it allows at most.
    text : Message
        What it found, as a clause.
    copies : tuple of ListCopy, optional
        Lists that share nearly everybody, where the rule is about them. Whoever publishes the finding
        publishes their `shares`.
    """

    rule: str
    verdict: Verdict
    text: Message
    copies: tuple[ListCopy, ...] = ()


def strictest(findings: Iterable[Finding]) -> Verdict:
    """Give the verdict that every finding allows."""
    return max((finding.verdict for finding in findings), key=_STRICTNESS.index, default="estimate")
