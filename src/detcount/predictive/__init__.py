"""Checks of Bayesian estimates: what they predict of the listed, what the prior does, draws for ArviZ."""

from detcount.predictive.check import PredictedCell, PredictiveCheck, posterior_predictive
from detcount.predictive.export import to_arviz
from detcount.predictive.priors import PriorSensitivity, SensitivityRow, prior_sensitivity

__all__ = [
    "PredictedCell",
    "PredictiveCheck",
    "PriorSensitivity",
    "SensitivityRow",
    "posterior_predictive",
    "prior_sensitivity",
    "to_arviz",
]
