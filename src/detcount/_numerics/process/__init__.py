"""The posterior of releases that come in waves, lots and a background, given increments of published totals.

Of a wave begun on day w, with size S_w, releases of day d >= w have mean S_w (exp(-(d - w)/tau) - exp(-(d
- w + 1)/tau)); waves begin at rate nu while a campaign lasts, which ends with hazard eta; a lot of A
persons brings a share of them over days of its own; besides there is a background.

An increment of a monitor's total has a mean that is linear in all of these, and is negative binomial.
Given how its clusters are shared out among the sources everything else is conjugate, or summed out: the
draws come from many chains side by side, with sizes summed out where it is decided which days have a
wave, and states of the campaign drawn as a whole path.
"""

from __future__ import annotations

from detcount._numerics.process.campaign import ended_chance
from detcount._numerics.process.exposure import delay_cdf
from detcount._numerics.process.future import future_rates
from detcount._numerics.process.register import Register
from detcount._numerics.process.remainder import draw_carried_out
from detcount._numerics.process.sampler import Posterior, fit_process
from detcount._numerics.process.state import GLOBALS, Scales, other_family

__all__ = [
    "GLOBALS",
    "Posterior",
    "Register",
    "Scales",
    "delay_cdf",
    "draw_carried_out",
    "ended_chance",
    "fit_process",
    "future_rates",
    "other_family",
]
