"""Announced batches: how many releases were carried out, with that number summed out exactly.

Of A announced releases R happened, beta-binomial; a monitor had verified each of them by its k-th figure with
probability pi G_k, G_k the share of delays that had run out by then. Given R, pi and G the exact figures V_1
<= ... <= V_K are multinomial increments: V_K is binomial of R, and each earlier figure binomial of the next
exact one with probability G_k/G_next, whatever R. A figure known only as "at least v" between exact ones x
and y is a binomial tail of y - x, and after the last exact one a binomial tail of R - x.
"""

from __future__ import annotations

from detcount._numerics.batches.likelihood import log_likelihood
from detcount._numerics.batches.model import BatchModel, Series
from detcount._numerics.batches.parts import carried_out_probabilities, draw_parts, weaker_prior_log_weights
from detcount._numerics.batches.sampler import Posterior, sample_posterior
from detcount._numerics.batches.scores import chances, delay_parameters, log_prior, sample_prior

__all__ = [
    "BatchModel",
    "Posterior",
    "Series",
    "carried_out_probabilities",
    "chances",
    "delay_parameters",
    "draw_parts",
    "log_likelihood",
    "log_prior",
    "sample_posterior",
    "sample_prior",
    "weaker_prior_log_weights",
]
