"""Announced releases assessed: the front door, the result, and sentences about one announced number."""

from __future__ import annotations

from detcount.assessment.releases.front import assess_releases
from detcount.assessment.releases.result import ReleasesAssessment
from detcount.assessment.releases.sentences import gap_text

__all__ = ["ReleasesAssessment", "assess_releases", "gap_text"]
