"""Front doors for users: the evidence of some data on a number, side by side, and what can be printed."""

from __future__ import annotations

TYPE_CHECKING = False  # as type checkers read it

if TYPE_CHECKING:
    from detcount.assessment.abundance import FAMILIES as FAMILIES
    from detcount.assessment.abundance import RECOMMENDED_ORDER as RECOMMENDED_ORDER
    from detcount.assessment.abundance import Assessment as Assessment
    from detcount.assessment.abundance import Family as Family
    from detcount.assessment.abundance import Sensitivity as Sensitivity
    from detcount.assessment.abundance import assess
    from detcount.assessment.abundance.linked import LinkageAssessment as LinkageAssessment
    from detcount.assessment.joint import JointReport as JointReport
    from detcount.assessment.joint import report
    from detcount.assessment.releases import ReleasesAssessment as ReleasesAssessment
    from detcount.assessment.releases import assess_releases
    from detcount.assessment.releases.by_name import ReleasedAssessment as ReleasedAssessment
    from detcount.assessment.releases.by_name import assess_released
    from detcount.assessment.stock import StockAssessment as StockAssessment
    from detcount.assessment.stock import assess_stock

__all__ = ["assess", "assess_released", "assess_releases", "assess_stock", "report"]

# Each is imported when it is asked for, and without the others.
_ROOMS = {
    "abundance": ("FAMILIES", "RECOMMENDED_ORDER", "Assessment", "Family", "Sensitivity", "assess"),
    "abundance.linked": ("LinkageAssessment",),
    "joint": ("JointReport", "report"),
    "releases": ("ReleasesAssessment", "assess_releases"),
    "releases.by_name": ("ReleasedAssessment", "assess_released"),
    "stock": ("StockAssessment", "assess_stock"),
}
_HOMES = {name: room for room, names in _ROOMS.items() for name in names}

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """Import what is asked for."""
        from importlib import import_module

        if name in _HOMES:
            return getattr(import_module(f"detcount.assessment.{_HOMES[name]}"), name)
        raise AttributeError(f"module 'detcount.assessment' has no attribute {name!r}")
