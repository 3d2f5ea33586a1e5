"""The posterior of a daily intensity of releases given increments of published totals.

The log intensity of block b (a day, or several days that no report tells apart) is

    x_b = level + campaign_b + jump_b + day_b,

a constant, an Ornstein-Uhlenbeck process, what jumps on days of announcements leave, and an independent
part for each day; x is Gaussian given the scales. Increment i of series j has mean
exp(ratio_j) sum_b weight_ib exp(x_b), the weights a difference of delay distributions summed over days.

Given the five global parameters (delay: median and shape; spread of the clusters; scale of the day part and
of the campaign part) Gauss-Newton finds the mode of x and the ratios, and Laplace the evidence: a Student t
adapted by it proposes the global parameters (nested Laplace). From there many short chains run side by side,
which makes the draws exact:

- Hamiltonian moves of all latent parts at once that turn exactly in the Laplace Gaussian and are kicked by
  the rest (Shahbaba et al. 2014). That Gaussian is the prior times N(z; J x + ratios, V), z, J and V from
  the mode, so that no inverse of the prior covariance is needed;
- the scales both given the parts and with the parts moved along (interweaving, Yu & Meng 2011);
- delay and spread by random walks in the likelihood.
"""

from __future__ import annotations

from detcount._numerics.process.increments import EXACT, LEAST, ROBUST, ROBUST_LEAST, Increments
from detcount._numerics.process.prior import Scales
from detcount._numerics.process.sampler import Posterior, fit_process, nested_r_hat

__all__ = [
    "EXACT",
    "LEAST",
    "ROBUST",
    "ROBUST_LEAST",
    "Increments",
    "Posterior",
    "Scales",
    "fit_process",
    "nested_r_hat",
]
