"""Estimates of how many people are detained, from several incomplete lists, with their limits.

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
        planning,
        pooling,
        privacy,
        quality,
        releases,
        simulate,
        stock,
        strata,
    )
    from detcount.assessment import (
        assess,
        assess_released,
        assess_releases,
        assess_stock,
        report,
    )
    from detcount.calibration import Calibrated
    from detcount.contract.citation import cite
    from detcount.contract.definition import Definition
    from detcount.data.captures import CaptureTable
    from detcount.data.operates import Operates
    from detcount.data.persons import PersonLists
    from detcount.data.published import PublishedArrests, PublishedReleases, PublishedStock
    from detcount.data.repeated import RepeatedCounts
    from detcount.planning import plan
    from detcount.reports.shown import together
    from detcount.reproduction import reproduce
    from detcount.strata import fit_strata, stratify
    from detcount.verbs.predictive import posterior_predictive, prior_sensitivity, to_arviz
    from detcount.verbs.resample import bootstrap_estimate, leave_one_list_out
    from detcount.verbs.sensitivity import odds_ratio_curve

    __version__: str

__all__ = [
    "Calibrated",
    "CaptureTable",
    "Definition",
    "Operates",
    "PersonLists",
    "PublishedArrests",
    "PublishedReleases",
    "PublishedStock",
    "RepeatedCounts",
    "abundance",
    "assess",
    "assess_released",
    "assess_releases",
    "assess_stock",
    "bootstrap_estimate",
    "calibration",
    "cite",
    "datasets",
    "diagnose",
    "errors",
    "fit_strata",
    "leave_one_list_out",
    "linkage",
    "odds_ratio_curve",
    "plan",
    "planning",
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
    "strata",
    "stratify",
    "to_arviz",
    "together",
]

# Nothing is imported before it is asked for: the command answers --help and an interruption at once.
_ROOMS = {
    "assessment": ("assess", "assess_released", "assess_releases", "assess_stock", "report"),
    "calibration": ("Calibrated",),
    "data.captures": ("CaptureTable",),
    "contract.citation": ("cite",),
    "contract.definition": ("Definition",),
    "data.operates": ("Operates",),
    "data.persons": ("PersonLists",),
    "verbs.predictive": ("posterior_predictive", "prior_sensitivity", "to_arviz"),
    "data.published": ("PublishedArrests", "PublishedReleases", "PublishedStock"),
    "data.repeated": ("RepeatedCounts",),
    "planning": ("plan",),
    "reproduction": ("reproduce",),
    "verbs.resample": ("bootstrap_estimate", "leave_one_list_out"),
    "verbs.sensitivity": ("odds_ratio_curve",),
    "reports.shown": ("together",),
    "strata": ("fit_strata", "stratify"),
}
_HOMES = {name: room for room, names in _ROOMS.items() for name in names}

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
        from detcount.contract.other_names import in_rooms

        raise AttributeError(in_rooms(name, __all__))

    def __dir__() -> list[str]:
        """Public names, imported or not."""
        return [*__all__, "__version__"]
