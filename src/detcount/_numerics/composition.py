"""Shares of groups among persons on no list, estimated from how shares change from list to list.

Among the persons of each capture history some belong to each group. A logistic regression of the group on the
lists, read where every list is 0, says which share of the unlisted each group has. Its intercepts are free,
and the coefficients of lists have a normal prior around 0, where the unlisted have the shares of the listed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from detcount._numerics.arrays import Floats, Ints
from detcount._numerics.regression import fit_logit, log_logit_shares


@dataclass(frozen=True)
class Tuning:
    """Numerical guards of compositions.

    Parameters
    ----------
    ridge : float
        Keeps a group that some history lacks from a singular system. Computational (`test_numbers`).
    least_shape : float
        Gamma shape below which nobody is drawn. Computational (`test_numbers`).
    """

    ridge: float = 1e-9
    least_shape: float = 1e-9


TUNING = Tuning()


@dataclass(frozen=True)
class Tilt:
    """Learned difference between the shares of groups among the unlisted and among the listed.

    Parameters
    ----------
    list_spread, list_weight : float
        Standard deviation of the coefficients of lists, and the factor by which their prediction is
        multiplied.
    several_spread, several_weight : float
        The same of one coefficient, for persons on several lists against those on one.
    own_spread, own_persons : float
        The variance of the error of the logarithm of a group's weight is own_spread**2 + own_persons /
        persons listed.
    shared : float
        Correlation of these errors of one group in two tables of one source.
    """

    list_spread: float
    list_weight: float
    several_spread: float
    several_weight: float
    own_spread: float
    own_persons: float
    shared: float


def log_weights(histories: Ints, counts: Floats, tilt: Tilt) -> Floats:
    """Logarithms of the weights of groups among the unlisted, shape (n_groups,).

    Parameters
    ----------
    histories : ndarray of int, shape (n_patterns, n_lists)
        Capture histories.
    counts : ndarray of float64, shape (n_groups, n_patterns)
        Persons of each group with each history; somebody in every group.
    tilt : Tilt
        What was learned.

    Returns
    -------
    ndarray of float64
        Their exponentials are shares once they are divided by their sum.
    """
    listed = log_shares(counts.sum(axis=1))
    several = (histories.sum(axis=1) > 1)[:, np.newaxis]
    by_list = off_the_lists(histories, counts, tilt.list_spread) - listed
    by_number = off_the_lists(several, counts, tilt.several_spread) - listed
    return np.asarray(listed + tilt.list_weight * by_list + tilt.several_weight * by_number)


def own_spreads(listed: Floats, tilt: Tilt) -> Floats:
    """Standard deviations of the errors of the logarithms of weights, given the persons listed."""
    return np.sqrt(tilt.own_spread**2 + tilt.own_persons / listed)


def log_shares(persons: Floats) -> Floats:
    """Logarithms of shares."""
    return np.asarray(np.log(persons) - np.log(persons.sum()))


def off_the_lists(features: Ints, counts: Floats, spread: float) -> Floats:
    """Logarithms of the shares of groups where every feature is 0, by penalised logistic regression.

    Newton's steps leave out the products of two groups in the Hessian, which gives a bound of it. The two
    differ in a direction that moves all groups alike and changes no share; steps are centred for that reason.
    """
    design = np.column_stack([np.ones(len(features)), features]).astype(np.float64)
    width = design.shape[1]
    products = (design[:, :, np.newaxis] * design[:, np.newaxis, :]).reshape(len(design), -1)
    penalty = np.full(width, spread**-2.0)
    penalty[0] = 0.0
    totals = counts.sum(axis=0)
    start = np.zeros((len(counts), width))
    start[:, 0] = log_shares(counts.sum(axis=1))

    def step_of(shares: Floats, gradient: Floats) -> Floats:
        curvature = ((totals * shares) @ products).reshape(-1, width, width) + np.diag(penalty + TUNING.ridge)
        step = np.linalg.solve(curvature, gradient[:, :, np.newaxis])[:, :, 0]
        return np.asarray(step - step.mean(axis=0))

    found = fit_logit(design, counts, penalty, start, step_of)
    return log_logit_shares(found[:, :1], np.ones((1, 1)))[:, 0]


def split(unlisted: Floats, weights: Floats, randoms: Sequence[np.random.Generator]) -> Floats:
    """Draws of the unlisted of each group, which add up to those of all, shape (n_draws, n_groups).

    Given the weights, the division among groups is random: Dirichlet, with the number of persons as total.

    Parameters
    ----------
    unlisted : ndarray of float64, shape (n_draws,)
        Draws of the persons on no list.
    weights : ndarray of float64, shape (n_draws, n_groups)
        Logarithms of the weights of groups.
    randoms : sequence of numpy.random.Generator
        One a group, so that the order of groups does not matter.

    Returns
    -------
    ndarray of float64
        Persons.
    """
    shares = np.exp(weights - weights.max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    shapes = unlisted[:, np.newaxis] * shares
    drawn = np.column_stack(
        [
            np.where(shape > TUNING.least_shape, random.standard_gamma(shape), 0.0)
            for shape, random in zip(shapes.T, randoms, strict=True)
        ]
    )
    sums = drawn.sum(axis=1, keepdims=True)
    somebody = sums > 0
    parts = np.where(somebody, drawn / np.where(somebody, sums, 1.0), shares)
    return np.asarray(unlisted[:, np.newaxis] * parts)
