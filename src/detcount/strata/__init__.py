"""Strata: split the persons listed, estimate each part by itself, and add up what was answered."""

from detcount.strata.fit import fit_strata
from detcount.strata.plan import plan_fits
from detcount.strata.plan_result import FitPlan
from detcount.strata.result import StrataResult
from detcount.strata.split import stratify
from detcount.strata.total import StrataSum, StrataTotal

__all__ = ["FitPlan", "StrataResult", "StrataSum", "StrataTotal", "fit_strata", "plan_fits", "stratify"]
