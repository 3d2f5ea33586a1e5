"""What the posterior of a family shows besides its limits: its modes."""

from __future__ import annotations

from detcount._numerics.modes import modes_of_draws
from detcount.estimates import AbundanceEstimate
from detcount.estimates.row_figure import draws_of_unobserved


def modes_of(estimate: AbundanceEstimate) -> tuple[float, ...]:
    """Modes of a posterior of N that stand out, persons; of an exact one from its grid, else from draws."""
    if estimate.interval_rule.method != "posterior" or estimate.draws is None:
        return ()
    exact: tuple[float, ...] | None = getattr(estimate.detail, "modes", None)
    if exact is not None:
        return exact
    unobserved, independent = draws_of_unobserved(estimate)
    return tuple(estimate.n_observed + mode for mode in modes_of_draws(unobserved, independent))
