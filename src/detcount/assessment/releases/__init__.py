"""What published counts can say of announced releases."""

from __future__ import annotations

from detcount.assessment.releases.front import assess_releases
from detcount.assessment.releases.result import ReleasesAssessment

__all__ = ["ReleasesAssessment", "assess_releases"]
