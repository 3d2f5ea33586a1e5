"""Choosing among log-linear models, again and again in resampled tables."""
