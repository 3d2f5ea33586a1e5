"""Strata: split the persons listed, estimate each part by itself, and add up what was answered."""

from detcount.strata.fit import fit_strata
from detcount.strata.result import StrataResult
from detcount.strata.split import stratify
from detcount.strata.total import StrataSum, StrataTotal

__all__ = ["StrataResult", "StrataSum", "StrataTotal", "fit_strata", "stratify"]
