"""Profile likelihood as Rcapture 1.4.4 has it: above N = 100 it takes log x! as Stirling's first terms."""

import numpy as np
from scipy.special import gammaln

from detcount._numerics.profile import LogLinearProfile, maximum_of, profile_limits


def left_out(x):
    """What Stirling's first terms lack of log x!."""
    if x > 30:
        return 1 / (12 * x) - 1 / (360 * x**3) + 1 / (1260 * x**5)
    return float(gammaln(x + 1) - (x + 0.5) * np.log(x) + x - 0.5 * np.log(2 * np.pi))


class Stirling:
    """A profile whose log-factorials are Stirling's first terms above N = 100."""

    def __init__(self, exact):
        self.exact = exact

    def __call__(self, x):
        value, slope, curvature = self.exact(x)
        total = self.exact.n_observed + x
        if total > 100 and x >= 1:
            value -= left_out(total) - left_out(x)
            slope += 1 / (12 * total**2) - 1 / (12 * x**2)
        return value, slope, curvature


def as_rcapture(estimate):
    """The maximum and the 95% limits of N that Rcapture would print of a model with a profile interval."""
    rule = estimate.interval_rule
    profile = Stirling(
        LogLinearProfile(rule.design, rule.counts, offset=rule.offset, nonnegative=rule.nonnegative)
    )
    n, start = profile.exact.n_observed, estimate.n_unobserved
    low, high = profile_limits(profile, n, level=0.95, start=start)
    return n + maximum_of(profile, n, start=start).n_unobserved, low, high
