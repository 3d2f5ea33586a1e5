"""How many people are detained, from several incomplete lists, and how sure we can be.

>>> import detcount as dc
>>> table = dc.CaptureTable.from_counts({"10": 40, "01": 60, "11": 20}, lists=["press", "families"])
>>> print(dc.abundance.Chapman().fit(table))
234 persons (184 to 325, 95% log-normal); 120 listed
"""

from __future__ import annotations

TYPE_CHECKING = False  # as type checkers read it; the module that defines it takes longer than all of this

if TYPE_CHECKING:
    from detcount import (
        abundance,
        calibration,
        datasets,
        diagnose,
        errors,
        linkage,
        pooling,
        privacy,
        quality,
        releases,
        simulate,
        stock,
    )
    from detcount.assessment import (
        Assessment,
        JointReport,
        ReleasesAssessment,
        StockAssessment,
        assess,
        assess_releases,
        assess_stock,
        report,
    )
    from detcount.calibration import Calibrated
    from detcount.captures import CaptureTable
    from detcount.citation import cite
    from detcount.definition import Definition
    from detcount.operates import Operates
    from detcount.persons import PersonLists
    from detcount.predictive import posterior_predictive, prior_sensitivity, to_arviz
    from detcount.published import PublishedArrests, PublishedReleases, PublishedStock
    from detcount.repeated import RepeatedCounts
    from detcount.reproduction import Reproduction, reproduce
    from detcount.resample import bootstrap, bootstrap_estimate, jackknife, leave_one_list_out
    from detcount.sensitivity import odds_ratio_curve, tipping_odds_ratio
    from detcount.shown import together
    from detcount.strata import fit_strata, stratify

    __version__: str

__all__ = [
    "Assessment",
    "Calibrated",
    "CaptureTable",
    "Definition",
    "JointReport",
    "Operates",
    "PersonLists",
    "PublishedArrests",
    "PublishedReleases",
    "PublishedStock",
    "ReleasesAssessment",
    "RepeatedCounts",
    "Reproduction",
    "StockAssessment",
    "abundance",
    "assess",
    "assess_releases",
    "assess_stock",
    "bootstrap",
    "bootstrap_estimate",
    "calibration",
    "cite",
    "datasets",
    "diagnose",
    "errors",
    "fit_strata",
    "jackknife",
    "leave_one_list_out",
    "linkage",
    "odds_ratio_curve",
    "pooling",
    "posterior_predictive",
    "prior_sensitivity",
    "privacy",
    "quality",
    "releases",
    "report",
    "reproduce",
    "simulate",
    "stock",
    "stratify",
    "tipping_odds_ratio",
    "to_arviz",
    "together",
]

# Nothing is imported before it is asked for: the command answers --help and an interruption at once.
_HOMES = {
    "Assessment": "assessment",
    "Calibrated": "calibration",
    "CaptureTable": "captures",
    "Definition": "definition",
    "JointReport": "assessment",
    "Operates": "operates",
    "PersonLists": "persons",
    "PublishedArrests": "published",
    "PublishedReleases": "published",
    "PublishedStock": "published",
    "ReleasesAssessment": "assessment",
    "RepeatedCounts": "repeated",
    "Reproduction": "reproduction",
    "StockAssessment": "assessment",
    "assess": "assessment",
    "assess_releases": "assessment",
    "assess_stock": "assessment",
    "bootstrap": "resample",
    "bootstrap_estimate": "resample",
    "cite": "citation",
    "fit_strata": "strata",
    "jackknife": "resample",
    "leave_one_list_out": "resample",
    "odds_ratio_curve": "sensitivity",
    "posterior_predictive": "predictive",
    "prior_sensitivity": "predictive",
    "report": "assessment",
    "reproduce": "reproduction",
    "stratify": "strata",
    "tipping_odds_ratio": "sensitivity",
    "to_arviz": "predictive",
    "together": "shown",
}

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """Import what is asked for: a public name, a module, or the version."""
        from importlib import import_module
        from importlib.util import find_spec

        if name == "__version__":
            from importlib import metadata

            return metadata.version("detcount")
        if name in _HOMES:
            found = getattr(import_module(f"detcount.{_HOMES[name]}"), name)
            globals()[name] = found
            return found
        if not name.startswith("_") and find_spec(f"detcount.{name}") is not None:
            return import_module(f"detcount.{name}")
        raise AttributeError(f"module 'detcount' has no attribute {name!r}")

    def __dir__() -> list[str]:
        """Public names, imported or not."""
        return sorted({*globals(), *__all__})
