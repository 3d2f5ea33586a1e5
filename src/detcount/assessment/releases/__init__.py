"""Assessment of announced releases by published counts."""

from __future__ import annotations

from detcount.assessment.releases.result import ReleasesAssessment, assess_releases

__all__ = ["ReleasesAssessment", "assess_releases"]
