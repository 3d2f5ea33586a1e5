"""Announced batches: how many releases were carried out, with that number summed out exactly.

Of A announced releases R happened, binomial with a chance of the batch. A monitor had verified each of them
by its k-th figure with probability pi G_k: pi its chance of ever being verified (by a monitor that follows
the batch, and in whose definition it is), G_k the share of delays that had run out. Some of those verified
are not of the announcement. Given pi and G the last exact figure V_K, less those, is binomial of R, and each
earlier figure binomial of the next exact one with probability G_k/G_next. A figure known only as "at least v"
between exact ones x and y is a binomial tail of y - x, and after the last exact one a binomial tail of R - x.
Chances, delays and outsiders of every batch and monitor are quantiles of stated priors at normal scores, and
the scores of one monitor, and of one batch, are alike.
"""

from __future__ import annotations

from detcount._numerics.batches.handover import handed_over
from detcount._numerics.batches.likelihood import (
    ever_verified,
    log_likelihood,
    log_likelihood_of,
    share_of_days,
)
from detcount._numerics.batches.model import MOST_OUTSIDE, BatchModel, Series
from detcount._numerics.batches.parts import InTheEnd, carried_out_probabilities, draw_parts
from detcount._numerics.batches.sampler import Posterior, resume_posterior, sample_posterior
from detcount._numerics.batches.scores import sample_prior
from detcount._numerics.batches.second import identified
from detcount._numerics.batches.silence import stopped_chance
from detcount._numerics.batches.summing import Seen, draw_carried_out, log_sum

__all__ = [
    "MOST_OUTSIDE",
    "BatchModel",
    "InTheEnd",
    "Posterior",
    "Seen",
    "Series",
    "carried_out_probabilities",
    "draw_carried_out",
    "draw_parts",
    "ever_verified",
    "handed_over",
    "identified",
    "log_likelihood",
    "log_likelihood_of",
    "log_sum",
    "resume_posterior",
    "sample_posterior",
    "sample_prior",
    "share_of_days",
    "stopped_chance",
]
