"""Verbs over any estimator: refit it on resampled persons, and without each person or list in turn."""

from detcount.resample.bootstrapping import bootstrap, bootstrap_estimate
from detcount.resample.jackknifing import JackknifeResult, jackknife
from detcount.resample.left_out import LeaveOneListOut, leave_one_list_out
from detcount.resample.refit import Over

__all__ = [
    "JackknifeResult",
    "LeaveOneListOut",
    "Over",
    "bootstrap",
    "bootstrap_estimate",
    "jackknife",
    "leave_one_list_out",
]
