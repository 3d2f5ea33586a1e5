"""Verbs over any estimator: fit it again, without a list, with other priors or another odds ratio."""
