"""Announced releases assessed: the front door, the result, and the words on one announced number."""

from __future__ import annotations

from detcount.assessment.releases.front import assess_releases
from detcount.assessment.releases.paragraphs import gap_text
from detcount.assessment.releases.result import ReleasesAssessment

__all__ = ["ReleasesAssessment", "assess_releases", "gap_text"]
