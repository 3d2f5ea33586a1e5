"""Verbs over any estimator: refit it on resampled persons, and without each person or list in turn."""

from detcount.resample.bootstrapping import bootstrap, bootstrap_estimate
from detcount.resample.jackknifing import jackknife
from detcount.resample.left_out import leave_one_list_out

__all__ = ["bootstrap", "bootstrap_estimate", "jackknife", "leave_one_list_out"]
