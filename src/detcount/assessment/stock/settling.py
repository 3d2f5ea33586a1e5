"""What would settle it: the data that would narrow the answer, by what there is and what lacks."""

from __future__ import annotations

from detcount.assessment.stock.messages import tell
from detcount.assessment.stock.result import StockAssessment
from detcount.words import Message

_LATE = 30  # days after the last estimate


def what_would_settle(assessment: StockAssessment) -> tuple[Message, ...]:
    """Say which data would narrow the answer, the most telling first.

    Parameters
    ----------
    assessment : StockAssessment
        What is known.

    Returns
    -------
    tuple of Message
        A sentence each.
    """
    rules = {finding.rule for finding in assessment.findings}
    found = []
    if assessment.people is None and not assessment.has_anchors:
        found.append(tell("settle people"))
    if rules & {"copied lists", "extracts"}:
        found.append(tell("settle copies"))
    if rules & {"no overlap", "no estimate"}:
        found.append(tell("settle second list"))
    elif assessment.people is not None and "width" in rules:
        found.append(tell("settle third list"))
    path = assessment.path
    dated = path is not None and path.identified_by == "data"
    last = path.anchors[-1] if path is not None and dated and path.anchors else None
    if last is not None and (assessment.as_of - last).days > _LATE:
        found.append(tell("settle date", day=last))
    if assessment.stock is not None and assessment.arrests is None:
        found.append(tell("settle arrests"))
    if assessment.stock is not None:
        found.append(tell("settle late"))
    found.append(tell("settle roll"))
    return tuple(found)
