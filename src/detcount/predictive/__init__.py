"""Checks of Bayesian estimates: what they predict of the listed, what the prior does, draws for ArviZ."""

from detcount.predictive.check import posterior_predictive, to_arviz
from detcount.predictive.priors import prior_sensitivity

__all__ = ["posterior_predictive", "prior_sensitivity", "to_arviz"]
