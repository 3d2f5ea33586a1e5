"""Verbs over any estimator: refit it on resampled persons, and without each list in turn."""

from detcount.verbs.resample.bootstrapping import bootstrap_estimate
from detcount.verbs.resample.left_out import leave_one_list_out

__all__ = ["bootstrap_estimate", "leave_one_list_out"]
