"""Log-linear models and latent classes of strata in which not every list operates.

The cells of a stratum are the histories over all lists. Those that differ only in lists that do not operate
there are seen as one: a group. Its count is Poisson with mean the sum over its cells, and the group of nobody
seen has no count. The maximum is found by EM, which shares the count of a group out among its cells (Zwane,
van der Pal and van der Heijden 2004), and the last digits by Fisher's scoring on the same likelihood.
Coefficients of strata may be normal around 0, with a spread for each list that EM learns as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import expit, gammaln, logit, softmax, xlogy

from detcount._numerics import regression
from detcount._numerics.arrays import Bools, Floats, Ints, bincount, repeat


@dataclass(frozen=True)
class Tuning:
    """Iterations of lists that operate in part.

    Parameters
    ----------
    steps : int, steps
        Most steps of one fit. Computational (`test_numbers`).
    em_first : int, steps
        EM steps before Fisher scoring. Computational (`test_numbers`).
    eta_step : float
        Change of a linear predictor at which a fit ends. Computational (`test_numbers`).
    sure : float, relative
        Gain of the log-likelihood that is no rounding. Computational (`test_numbers`).
    halvings : int, steps
        Halvings of a step. Computational (`test_numbers`).
    scoring_halvings : int, steps
        Halvings of a scoring step before EM goes on. Computational (`test_numbers`).
    spread_steps : int, steps
        Most steps of the variance between strata. Computational (`test_numbers`).
    spread_step : float, relative
        Change of a variance at which they end. Computational (`test_numbers`).
    least_variance : float, log odds
        Variance below which strata count as equal. Convention: a standard deviation of 1%.
    class_steps : int, steps
        Most EM steps of classes. Scored in benchmarks/results/partial_lists.csv.
    class_tolerance : float, relative
        Change of the log-likelihood at which they end. Scored in benchmarks/results/partial_lists.csv.
    starts : int, starts
        Random starts of classes. Scored in benchmarks/results/partial_lists.csv.
    start_steps : int, steps
        EM steps of each start. Scored in benchmarks/results/partial_lists.csv.
    """

    steps: int = 2000
    em_first: int = 5
    eta_step: float = 1e-10
    sure: float = 1e-9
    halvings: int = 30
    scoring_halvings: int = 8
    spread_steps: int = 500
    spread_step: float = 1e-5
    least_variance: float = 1e-4
    class_steps: int = 3000
    class_tolerance: float = 1e-12
    starts: int = 20
    start_steps: int = 50


TUNING = Tuning()


@dataclass(frozen=True, eq=False)
class PartialCells:
    """The cells of all strata, in the order of their groups.

    Parameters
    ----------
    design : scipy.sparse.csr_array, shape (cells, p)
        A column for each coefficient.
    groups : scipy.sparse.csr_array, shape (groups, cells)
        1 where a cell is of a group.
    counts : ndarray of float64, shape (groups,)
        Persons seen with the history of the group; 0 where nobody can be seen.
    unseen : ndarray of bool, shape (groups,)
        Groups whose persons are on no list that operates; the first of each stratum.
    stratum : ndarray of int64, shape (groups,)
        Stratum of each group.
    histories : ndarray of int64, shape (groups,)
        Code of the lists that operate.
    own : ndarray of int64, shape (strata, width)
        Columns that are a stratum's own; p where it has fewer than others.
    """

    design: Any
    groups: Any
    counts: Floats
    unseen: Bools
    stratum: Ints
    histories: Ints
    own: Ints

    @property
    def sizes(self) -> Ints:
        """Cells of each group."""
        return np.asarray(np.diff(self.groups.indptr), dtype=np.int64)


@dataclass(frozen=True, eq=False)
class PartialFit:
    """Maximum of the likelihood.

    Parameters
    ----------
    coefficients : ndarray of float64, shape (p,)
        One a column of the design.
    information : Information or None
        Fisher's; None where the data do not determine all coefficients.
    means : ndarray of float64, shape (groups,)
        Expected persons of each group.
    slopes : ndarray of float64, shape (strata, p)
        Derivatives by the coefficients of the means of those unseen.
    log_likelihood, deviance : float
        Poisson, with its constant, and twice the distance to a mean for each count.
    converged : bool
        Whether the last step was at rounding.
    """

    coefficients: Floats
    information: Information | None
    means: Floats
    slopes: Floats
    log_likelihood: float
    deviance: float
    converged: bool


def partial_cells(
    counts: Floats, operates: Bools, absent: Bools, terms: Ints, varying: Ints
) -> tuple[PartialCells, list[tuple[int, int]]]:
    """Cells of strata, and what each column of the design is: a code of lists, and a stratum or -1 for all.

    `counts` has a row for each stratum and a column for each code. `operates` and `absent` say of a stratum
    and list whether it operates, and whether it is left out of the stratum: as it is in no interaction, or
    names nobody there. `terms` are the codes that have one coefficient for all strata, `varying` the lists
    whose main effect is each stratum's own.
    """
    from scipy import sparse

    n_strata, n_lists = operates.shape
    bits = 1 << np.arange(n_lists)
    columns = [(0, s) for s in range(n_strata)] + [(int(term), -1) for term in terms]
    here = operates & ~absent
    columns += [(int(bits[k]), s) for k in varying for s in np.flatnonzero(here[:, k]).tolist()]
    needed, of_stratum = np.array(columns).T
    parts = []
    for s in range(n_strata):
        codes = np.arange(1 << n_lists)
        codes = codes[codes & bits[absent[s]].sum() == 0]
        visible = codes & bits[here[s]].sum()
        order = np.argsort(visible, kind="stable")
        codes, visible = codes[order], visible[order]
        design = ((needed & ~codes[:, None]) == 0) & np.isin(of_stratum, (-1, s))
        parts.append((sparse.csr_array(design.astype(np.float64)), visible, np.full(len(codes), s)))
    designs, *found = zip(*parts, strict=True)
    visible, of_cell = map(np.concatenate, found)
    first = np.flatnonzero(np.diff(visible, prepend=-1) | np.diff(of_cell, prepend=-1))
    histories, stratum = visible[first], of_cell[first]
    unseen = histories == 0
    n_cells = len(visible)
    edges = np.append(first, n_cells)
    groups = sparse.csr_array((np.ones(n_cells), np.arange(n_cells), edges), shape=(len(first), n_cells))
    persons = np.where(unseen, 0.0, counts[stratum, histories])
    mine = [np.flatnonzero(of_stratum == s) for s in range(n_strata)]
    own = np.full((n_strata, max(map(len, mine))), len(columns))
    for row, each in zip(own, mine, strict=True):
        row[: len(each)] = each
    design = sparse.vstack(designs, format="csr")
    return PartialCells(design, groups, persons, unseen, stratum, histories, own), columns


@dataclass(frozen=True, eq=False)
class Information:
    """An information in which strata meet in shared coefficients alone, by Cholesky, stratum by stratum.

    Of `n` strata the work is n times that of one: the whole matrix would take its third power.

    Parameters
    ----------
    own : ndarray of int64, shape (strata, width)
        As in `PartialCells`.
    shared : ndarray of int64, shape (q,)
        The other columns.
    scale : ndarray of float64, shape (p + 1,)
        1 over the root of the diagonal.
    inverse : ndarray of float64, shape (strata, width, width)
        Of the factor of each stratum.
    through : ndarray of float64, shape (strata, width, q)
        `inverse` times the information of own and shared coefficients.
    rest : ndarray of float64, shape (q, q)
        Inverse of the factor of what strata leave to be known of shared coefficients.
    """

    own: Ints
    shared: Ints
    scale: Floats
    inverse: Floats
    through: Floats
    rest: Floats

    @classmethod
    def of(cls, own: Ints, matrix: Floats) -> Information | None:
        """Factor a matrix; None where it is singular."""
        diagonal = np.append(np.diagonal(matrix), 1.0)
        if not (np.isfinite(matrix).all() and (diagonal > 0).all()):
            return None
        scale = 1.0 / np.sqrt(diagonal)
        scaled = np.pad(matrix, (0, 1)) * scale[:, None] * scale
        shared = np.setdiff1d(np.arange(len(matrix)), own)
        blocks = scaled[own[:, :, None], own[:, None, :]]
        blocks += np.eye(own.shape[1]) * (own == len(matrix))[:, :, None]
        try:
            factors = np.linalg.cholesky(blocks)
            inverse = np.linalg.inv(factors)
            through = inverse @ scaled[own[:, :, None], shared]
            left = scaled[np.ix_(shared, shared)] - np.einsum("swq,swr->qr", through, through)
            of_rest = np.linalg.cholesky(left)
        except np.linalg.LinAlgError:
            return None
        pivots = np.append(np.diagonal(factors, axis1=1, axis2=2), np.diagonal(of_rest))
        if pivots.min() ** 2 < regression.TUNING.singular:
            return None
        return cls(own, shared, scale, inverse, through, np.linalg.inv(of_rest))

    def solve(self, right: Floats) -> Floats:
        """The inverse times a vector, or times the columns of a matrix."""
        columns = right.reshape(len(right), -1)
        scaled = np.pad(columns, ((0, 1), (0, 0))) * self.scale[:, None]
        of_own = self.inverse @ scaled[self.own]
        of_shared = scaled[self.shared] - np.einsum("swq,swm->qm", self.through, of_own)
        solution = np.empty_like(scaled)
        solution[self.shared] = found = self.rest.T @ (self.rest @ of_shared)
        solution[self.own] = self.inverse.transpose(0, 2, 1) @ (of_own - self.through @ found)
        return np.asarray((solution * self.scale[:, None])[:-1].reshape(right.shape))

    def variances(self) -> Floats:
        """The diagonal of the inverse."""
        found = np.empty(len(self.scale))
        found[self.shared] = (self.rest**2).sum(axis=0)
        of_shared = self.rest @ (self.through.transpose(0, 2, 1) @ self.inverse)
        found[self.own] = (self.inverse**2).sum(axis=1) + (of_shared**2).sum(axis=1)
        return np.asarray((found * self.scale**2)[:-1])


def fit_pooled(cells: PartialCells, of_list: Ints) -> tuple[PartialFit, Floats]:
    """Fit with coefficients that are normal around 0, those of one list with one variance, which is learned.

    `of_list` has the list of each column, -1 where it is free. Gives the fit, and 1 over the variance of
    each column. One step of EM gives each list the mean of its squared coefficients, as known by their fit.
    """
    variances = np.where(of_list < 0, np.inf, 1.0)
    fit = fit_partial(cells, cells.counts, precision=1 / variances)
    lists = set(of_list[of_list >= 0].tolist())
    for _ in range(TUNING.spread_steps if lists else 0):
        if fit.information is None:
            break
        squares, before = fit.coefficients**2 + fit.information.variances(), variances.copy()
        for k in lists:
            variances[of_list == k] = max(squares[of_list == k].mean(), TUNING.least_variance)
        fit = fit_partial(cells, cells.counts, fit.coefficients, 1 / variances)
        if np.allclose(variances, before, rtol=TUNING.spread_step, atol=0):
            break
    return fit, 1 / variances


def fit_partial(
    cells: PartialCells, counts: Floats, start: Floats | None = None, precision: Floats | float = 0.0
) -> PartialFit:
    """Maximise the likelihood of the counts of groups; `counts` may differ from those of the cells.

    With `precision` coefficients are normal around 0: 1 over their variances, 0 for those that are free. Both
    kinds of step use the gradient of the counts shared out. EM divides it by the information of complete
    data, scoring by that of the data there are; a step of scoring that lowers the likelihood is not taken.
    """
    seen = ~cells.unseen
    of_seen = repeat(seen, cells.sizes)
    inside = cells.design[of_seen]
    prior = np.diag(np.broadcast_to(precision, cells.design.shape[1]))
    beta = _start(cells, counts, prior) if start is None else start
    value, means, mu = _objective(cells, counts, beta, prior)
    converged, first = False, 1.0
    for step_number in range(TUNING.steps):
        shared_out = mu * repeat(np.where(seen, counts / means, 1.0), cells.sizes)
        gradient = cells.design.T @ (shared_out - mu) - prior @ beta
        slopes = cells.groups @ _by_rows(cells.design, mu)
        information = _gram(slopes[seen], 1 / means[seen]) + prior
        scoring = None if start is None and step_number < TUNING.em_first else information
        for step, scale in _steps(cells.own, scoring, first, inside, mu[of_seen], gradient, prior):
            if step is not None:
                trial = _objective(cells, counts, beta + scale * step, prior)
                if trial[0] >= value - 1e-13 * (abs(value) + 1.0):
                    break
        else:
            break  # at the limit of rounding, or nothing determines the model
        # a length that was right stays: where the likelihood is flat to rounding it cannot be found again
        first = min(2 * scale, 1.0) if trial[0] - value > TUNING.sure * (abs(value) + 1.0) else scale
        beta = beta + scale * step
        value, means, mu = trial
        d_eta = cells.design @ (scale * step)
        if (np.abs(d_eta) / (1.0 + np.abs(np.log(mu)))).max() < TUNING.eta_step:
            converged = True
            break
    observed = counts[seen]
    return PartialFit(
        coefficients=beta,
        information=Information.of(cells.own, information),
        means=means,
        slopes=slopes[cells.unseen].toarray(),
        log_likelihood=value + 0.5 * float(beta @ prior @ beta) - float(gammaln(observed + 1.0).sum()),
        deviance=2.0 * float((xlogy(observed, observed / means[seen]) - observed + means[seen]).sum()),
        converged=converged,
    )


def _solved(own: Ints, matrix: Floats, right: Floats) -> Floats | None:
    """Solve with an information; None where it is singular."""
    information = Information.of(own, matrix)
    return None if information is None else information.solve(right)


def _steps(
    own: Ints,
    scoring: Floats | None,
    first: float,
    inside: Any,
    mu: Floats,
    gradient: Floats,
    prior: Floats,
) -> Iterator[tuple[Floats | None, float]]:
    """A step of scoring where it is asked for, by `first` of its length and less; then those of EM."""
    if scoring is not None:
        step = _solved(own, scoring, gradient)
        yield from ((step, first * 0.5**k) for k in range(TUNING.scoring_halvings))
    step = _solved(own, _gram(inside, mu) + prior, gradient)
    yield from ((step, 0.5**k) for k in range(TUNING.halvings))


def _by_rows(design: Any, weights: Floats) -> Any:
    """A sparse design, its rows times weights."""
    return design.multiply(weights[:, None]).tocsr()


def _gram(design: Any, weights: Floats) -> Floats:
    """Weighted products of the columns of a sparse design, (p, p)."""
    return np.asarray((design.T @ _by_rows(design, weights)).toarray())


def _objective(
    cells: PartialCells, counts: Floats, beta: Floats, prior: Floats
) -> tuple[float, Floats, Floats]:
    """Log-likelihood and prior without their constants, the means of groups and of cells."""
    mu = np.exp(np.clip(cells.design @ beta, -500.0, 500.0))
    means = cells.groups @ mu
    seen = ~cells.unseen
    value = xlogy(counts[seen], means[seen]).sum() - means[seen].sum() - 0.5 * beta @ prior @ beta
    return float(value), means, mu


def _start(cells: PartialCells, counts: Floats, prior: Floats) -> Floats:
    """Least squares on the logarithms of counts shared out evenly, half a person added to each cell."""
    shared = repeat((counts + 0.5) / cells.sizes, cells.sizes)
    seen = repeat(~cells.unseen, cells.sizes)
    inside, weights = cells.design[seen], shared[seen]
    solution = _solved(cells.own, _gram(inside, weights) + prior, inside.T @ (weights * np.log(weights)))
    return np.zeros(cells.design.shape[1]) if solution is None else solution


def size_variances(cells: PartialCells, fit: PartialFit) -> tuple[Floats, Floats, float]:
    """Persons unseen in each stratum, the variance of N in each, and that of the sum."""
    assert fit.information is not None  # asked before
    unseen, slopes = fit.means[cells.unseen], fit.slopes
    each = unseen + np.einsum("sp,ps->s", slopes, fit.information.solve(slopes.T))
    total = slopes.sum(axis=0)
    return unseen, each, float(unseen.sum() + total @ fit.information.solve(total))


@dataclass(frozen=True, eq=False)
class ClassFit:
    """Maximum of the likelihood of latent classes.

    Parameters
    ----------
    probabilities : ndarray of float64, shape (classes, lists)
        Of a person of a class to be on a list that operates.
    weights : ndarray of float64, shape (strata, classes)
        Shares of the classes among all persons of a stratum.
    means : ndarray of float64, shape (groups,)
        Expected persons of each group.
    log_likelihood : float
        Of the histories of the listed, without its constant.
    """

    probabilities: Floats
    weights: Floats
    means: Floats
    log_likelihood: float


def fit_classes(
    cells: PartialCells,
    counts: Floats,
    operates: Bools,
    n_classes: int,
    random: np.random.Generator,
    start: ClassFit | None = None,
) -> ClassFit:
    """Fit latent classes by EM: the best of several starts, or from one that is given."""
    if start is None:
        shape, even = (n_classes, operates.shape[1]), np.full(n_classes, 2.0)
        anywhere = (
            (random.uniform(0.05, 0.95, shape), random.dirichlet(even, len(operates)))
            for _ in range(TUNING.starts)
        )
        started = [_fit_classes(cells, counts, operates, *each, TUNING.start_steps) for each in anywhere]
        start = max(started, key=lambda fit: fit.log_likelihood)
    return _fit_classes(cells, counts, operates, start.probabilities, start.weights, TUNING.class_steps)


def _fit_classes(
    cells: PartialCells, counts: Floats, operates: Bools, probabilities: Floats, weights: Floats, n_steps: int
) -> ClassFit:
    """EM; two steps are extrapolated into a long one where that is better (squared extrapolation)."""
    there = operates[cells.stratum].astype(np.float64)
    on = (cells.histories[:, None] >> np.arange(operates.shape[1]) & 1) * there
    off = there - on
    seen, which = ~cells.unseen, cells.stratum
    listed = bincount(which, weights=np.where(seen, counts, 0.0))
    n_free = probabilities.size

    def shares(packed: Floats) -> tuple[Floats, float]:
        """Joint shares of groups and classes, and the log-likelihood."""
        p = np.clip(expit(packed[:n_free]).reshape(probabilities.shape), 1e-9, 1 - 1e-9)
        of_class = softmax(packed[n_free:].reshape(weights.shape), axis=1)
        joint = of_class[which] * np.exp(on @ np.log(p).T + off @ np.log1p(-p).T)
        share = joint.sum(axis=1)
        value = xlogy(counts[seen], share[seen]).sum() - listed @ np.log1p(-share[cells.unseen])
        return joint, float(value)

    def step(joint: Floats) -> Floats:
        """Parameters at the maximum, given the joint shares."""
        share = joint.sum(axis=1)
        nobody = share[cells.unseen]
        complete = np.where(seen, counts, 0.0)
        complete[cells.unseen] = listed * nobody / (1 - nobody)
        shared_out = (complete / share)[:, None] * joint
        by_class = np.stack([bincount(which, weights=column) for column in shared_out.T], axis=1)
        p = np.clip((shared_out.T @ on) / np.maximum(shared_out.T @ there, 1e-300), 1e-9, 1 - 1e-9)
        return np.concatenate([logit(p).ravel(), np.log(np.maximum(by_class, 1e-12)).ravel()])

    packed = np.concatenate([logit(probabilities).ravel(), np.log(weights).ravel()])
    joint, value = shares(packed)
    for _ in range(n_steps):
        first = step(joint)
        second = step(shares(first)[0])
        change, bend = first - packed, second - 2 * first + packed
        long = max(float(np.linalg.norm(change)) / max(float(np.linalg.norm(bend)), 1e-300), 1.0)
        further = packed + 2 * long * change + long**2 * bend
        new_joint, new_value = shares(further)
        if not new_value >= value:
            further = second
            new_joint, new_value = shares(second)
        done = abs(new_value - value) <= TUNING.class_tolerance * (1 + abs(new_value))
        packed, joint, value = further, new_joint, new_value
        if done:
            break
    share = joint.sum(axis=1)
    return ClassFit(
        probabilities=expit(packed[:n_free]).reshape(probabilities.shape),
        weights=softmax(packed[n_free:].reshape(weights.shape), axis=1),
        means=share * (listed / (1 - share[cells.unseen]))[which],
        log_likelihood=value,
    )
