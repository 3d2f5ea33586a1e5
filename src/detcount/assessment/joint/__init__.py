"""All that some data can say, in one report: lists, releases and the stock of one folder."""

from __future__ import annotations

from detcount.assessment.joint.assessing import report
from detcount.assessment.joint.result import JointReport

__all__ = ["JointReport", "report"]
