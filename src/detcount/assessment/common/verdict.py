"""Verdicts: where a number says too little, the rules against printing it, and what they find."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import Any, Generic, Literal, TypeVar

from detcount.copies import CopyKind, ListCopy
from detcount.reports.opening import TUNING as FIRST_PAGE
from detcount.words import Message

LEVEL = FIRST_PAGE.level  # of the intervals that assessments show


@dataclass(frozen=True)
class Tuning:
    """Thresholds of what is printed as an estimate.

    Parameters
    ----------
    fewest_persons : int, persons
        Fewest people of whom a number is given; of fewer, one more or less on two lists changes everything.
        Convention: ten.
    most_width : float, ratio
        Upper over lower limit beyond which a range stands instead of an estimate. Convention: a factor of 2
        to either side.
    width_of_nothing : float, ratio
        Upper over lower limit beyond which no number is given. Convention: twenty.
    """

    fewest_persons: int = 10
    most_width: float = 4.0
    width_of_nothing: float = 20.0


TUNING = Tuning()
FEWEST_PERSONS = TUNING.fewest_persons
MOST_WIDTH = TUNING.most_width
WIDTH_OF_NOTHING = TUNING.width_of_nothing

MOST_DISAGREEMENT = 2.0  # highest over lowest number of the methods

Verdict = Literal["estimate", "range", "register only", "floor only", "refuse"]
_STRICTNESS: tuple[Verdict, ...] = ("estimate", "range", "register only", "refuse", "floor only")

Evidence = TypeVar("Evidence")


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

    def record(self) -> dict[str, Any]:
        """Give the finding as plain values; without the lists that it is about."""
        return {"rule": self.rule, "verdict": self.verdict, "text": str(self.text)}

    def full_record(self) -> dict[str, Any]:
        """Give the finding as plain values, with the lists that it is about."""
        return self.record() | ({"lists": [asdict(copy) for copy in self.copies]} if self.copies else {})


@dataclass(frozen=True)
class Rule(Generic[Evidence]):
    """A rule against printing a number as it stands.

    Parameters
    ----------
    key : str
        Name of the rule.
    verdict : {"range", "register only", "floor only", "refuse"}
        The most that can be printed where it applies.
    holds : callable
        Whether it applies to some evidence.
    text : callable
        What it found, as a clause.
    kinds : tuple of str, optional
        Kinds of `ListCopy` that it is about.
    """

    key: str
    verdict: Verdict
    holds: Callable[[Evidence], bool]
    text: Callable[[Evidence], Message]
    kinds: tuple[CopyKind, ...] = ()

    def finding(self, evidence: Evidence) -> Finding:
        """Give the finding of the rule in evidence to which it applies."""
        seen: tuple[ListCopy, ...] = getattr(evidence, "copies", ()) if self.kinds else ()
        copies = tuple(copy for copy in seen if copy.kind in self.kinds)
        return Finding(self.key, self.verdict, self.text(evidence), copies)


def apply_rules(evidence: Evidence, rules: Iterable[Rule[Evidence]]) -> tuple[Finding, ...]:
    """Give what each rule that applies has found, in the order of the rules."""
    return tuple(rule.finding(evidence) for rule in rules if rule.holds(evidence))


def strictest(findings: Iterable[Finding]) -> Verdict:
    """Give the verdict that every finding allows."""
    return max((finding.verdict for finding in findings), key=_STRICTNESS.index, default="estimate")


def reason(findings: Iterable[Finding]) -> Message:
    """Give why a verdict is what it is."""
    reasons = Message.together((found.text for found in findings), "; ")
    return reasons or Message("no rule against printing an estimate applies")
