"""How many people are detained, from several incomplete lists, and how sure we can be.

>>> import detcount as dc
>>> table = dc.CaptureTable.from_counts({"10": 40, "01": 60, "11": 20}, lists=["press", "families"])
>>> print(dc.abundance.Chapman().fit(table))
234 persons (184 to 325, 95% log-normal); 120 listed
"""

from __future__ import annotations

from detcount import abundance, calibration, datasets, diagnose, errors, releases, simulate
from detcount.assessment import Assessment, assess
from detcount.calibration import Calibrated
from detcount.captures import CaptureTable, RepeatedCounts
from detcount.citation import cite
from detcount.predictive import posterior_predictive, prior_sensitivity, to_arviz
from detcount.published import PublishedArrests, PublishedReleases, PublishedStock
from detcount.release_assessment import ReleasesAssessment, assess_releases
from detcount.resample import bootstrap, bootstrap_estimate, jackknife, leave_one_list_out
from detcount.sensitivity import odds_ratio_curve, tipping_odds_ratio
from detcount.strata import fit_strata, stratify

__all__ = [
    "Assessment",
    "Calibrated",
    "CaptureTable",
    "PublishedArrests",
    "PublishedReleases",
    "PublishedStock",
    "ReleasesAssessment",
    "RepeatedCounts",
    "abundance",
    "assess",
    "assess_releases",
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
    "odds_ratio_curve",
    "posterior_predictive",
    "prior_sensitivity",
    "releases",
    "simulate",
    "stratify",
    "tipping_odds_ratio",
    "to_arviz",
]


def __getattr__(name: str) -> str:
    """Look the version up when somebody asks for it."""
    if name == "__version__":
        from importlib import metadata

        return metadata.version("detcount")
    raise AttributeError(f"module 'detcount' has no attribute {name!r}")
