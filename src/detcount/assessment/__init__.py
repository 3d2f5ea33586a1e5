"""What users call: what some data can say about a number, side by side, and what of it can be printed."""

from __future__ import annotations

TYPE_CHECKING = False  # as type checkers read it

if TYPE_CHECKING:
    from detcount.assessment.abundance import FAMILIES as FAMILIES
    from detcount.assessment.abundance import RECOMMENDED_ORDER as RECOMMENDED_ORDER
    from detcount.assessment.abundance import Assessment, assess
    from detcount.assessment.abundance import Family as Family
    from detcount.assessment.abundance import Sensitivity as Sensitivity
    from detcount.assessment.abundance.linked import LinkageAssessment as LinkageAssessment
    from detcount.assessment.joint import JointReport, report
    from detcount.assessment.releases import ReleasesAssessment, assess_releases
    from detcount.assessment.stock import StockAssessment, assess_stock

__all__ = [
    "Assessment",
    "JointReport",
    "ReleasesAssessment",
    "StockAssessment",
    "assess",
    "assess_releases",
    "assess_stock",
    "report",
]

_LISTS = ("FAMILIES", "RECOMMENDED_ORDER", "Family", "Sensitivity")  # for the modules of the house
_RELEASES = ("ReleasesAssessment", "assess_releases")
_STOCK = ("StockAssessment", "assess_stock")
# Each function is imported when it is asked for, and without the others.
_HOMES = (
    dict.fromkeys((*__all__, *_LISTS), "abundance")
    | dict.fromkeys(_RELEASES, "releases")
    | dict.fromkeys(_STOCK, "stock")
    | dict.fromkeys(("JointReport", "report"), "joint")
    | {"LinkageAssessment": "abundance.linked"}
)

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """Import what is asked for."""
        from importlib import import_module

        if name in _HOMES:
            return getattr(import_module(f"detcount.assessment.{_HOMES[name]}"), name)
        raise AttributeError(f"module 'detcount.assessment' has no attribute {name!r}")
