"""Numbers of the selection of log-linear models."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Tuning:
    """Branch and bound over log-linear models, and the fits of its candidates.

    Parameters
    ----------
    pairs : int, bounds
        Bounds held at a time. Computational (`test_numbers`).
    doubles : int, doubles
        Doubles in a stack of tables or matrices. Computational (`test_numbers`).
    stacked_lists : int, lists
        Lists up to which models are fitted together. Computational (`test_numbers`).
    few_lists : int, lists
        Lists up to which a bound is cheaper than any fit. Computational (`test_numbers`).
    many_collapsed : int, lists
        Collapsed lists from which a fit is cheaper than a bound. Computational (`test_numbers`).
    leaders : int, candidates
        Candidates bounded first. Computational (`test_numbers`).
    tie : float, criterion
        Difference of criteria that counts as rounding. Computational (`test_numbers`).
    slack : float, criterion
        Slack of a bound, far above its rounding. Computational (`test_numbers`).
    collapsed_steps : int, steps
        Most steps of a residual model; six are usual. Computational (`test_numbers`).
    longest : float, log
        Longest step of a residual model. Computational (`test_numbers`).
    error : float, log mean
        Error left by the last step. Computational (`test_numbers`).
    least_curved : float
        Least error after a step over its square. Computational (`test_numbers`).
    farthest : float, log
        Log ratio of unlisted to listed beyond which differences are lost to rounding. Computational
        (`test_numbers`).
    positive : float, share
        Share of its fitted mean that an uncounted cell must keep to prove existence. Computational
        (`test_numbers`).
    ridge : float, relative
        Ridge that keeps a singular matrix solvable. Computational (`test_numbers`).
    kept_codes : int, cells
        Cells up to which faces are kept for later tables. Computational (`test_numbers`).
    product_codes : int, cells
        Cells up to which sums over supersets are a product of matrices. Computational (`test_numbers`).
    far : float, log L
        Log-likelihood behind the best from which a fit may be rough. Computational (`test_numbers`).
    steps : int, steps
        Most Newton steps. Computational (`test_numbers`).
    first_steps : int, steps
        Steps before existence is tested. Computational (`test_numbers`).
    pruned_steps : int, steps
        Steps before the bound of a fit is computed. Computational (`test_numbers`).
    halvings : int, steps
        Halvings of a step. Computational (`test_numbers`).
    most_codes : int, cells
        Cells up to which steps are conjugate gradients. Computational (`test_numbers`).
    conjugate_steps : int, steps
        Most steps of conjugate gradients. Computational (`test_numbers`).
    refreshed : tuple of int, steps
        Steps before which the preconditioner is computed anew. Computational (`test_numbers`).
    relaxed : int, steps
        Step from which fits far behind are relaxed. Computational (`test_numbers`).
    most_relaxed : float, decrement
        Decrement of a fit far behind at which it ends. Computational (`test_numbers`).
    ratios : tuple of float
        Least and largest ratio of means in the preconditioner. Computational (`test_numbers`).
    rounding : float, decrement
        Decrement that counts as rounding, for the square root of the persons listed. Computational
        (`test_numbers`).
    close : float, log
        Step that is corrected to the second order. Computational (`test_numbers`).
    leave : float, share
        Share of converged tables from which the others get arrays of their own. Computational
        (`test_numbers`).
    proof : float
        Least mean over the size of the score that proves a maximum. Computational (`test_numbers`).
    tail : float, probability
        Tail below which digits are lost to underflow. Computational (`test_numbers`).
    negligible : float, criterion
        Criterion behind the best beyond which a model is dropped. Computational (`test_numbers`).
    """

    pairs: int = 1 << 22
    doubles: int = 1 << 18
    stacked_lists: int = 4
    few_lists: int = 5
    many_collapsed: int = 4
    leaders: int = 10
    tie: float = 1e-12
    slack: float = 1e-6
    collapsed_steps: int = 12
    longest: float = 1.5
    error: float = 1e-10
    least_curved: float = 0.25
    farthest: float = 6.0
    positive: float = 1e-6
    ridge: float = 1e-13
    kept_codes: int = 16
    product_codes: int = 256
    far: float = 28.0
    steps: int = 80
    first_steps: int = 8
    pruned_steps: int = 2
    halvings: int = 40
    most_codes: int = 64
    conjugate_steps: int = 24
    refreshed: tuple[int, ...] = (0, 1, 3)
    relaxed: int = 3
    most_relaxed: float = 1e-8
    ratios: tuple[float, float] = (0.15, 6.0)
    rounding: float = 2e-14
    close: float = 0.5
    leave: float = 0.25
    proof: float = 1e3
    tail: float = 1e-290
    negligible: float = 70.0


TUNING = Tuning()
