"""Checks of Bayesian estimates: what they predict of the listed, what the prior does, draws for ArviZ."""

from detcount.verbs.predictive.check import posterior_predictive, to_arviz
from detcount.verbs.predictive.priors import prior_sensitivity

__all__ = ["posterior_predictive", "prior_sensitivity", "to_arviz"]
