"""Strata: split the persons listed, estimate each part by itself, and add up what was answered."""

from detcount.strata.fit import fit_strata
from detcount.strata.result import StrataResult as StrataResult
from detcount.strata.split import stratify

__all__ = ["fit_strata", "stratify"]
