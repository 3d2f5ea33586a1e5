"""Choosing among log-linear models, again and again in resampled tables.

A model chosen in a thousand tables from a hundred candidates is a hundred thousand fits, nearly all of
them of models that lose by far. Here a model is bounded before it is fitted. Write l(theta) for the
Poisson log-likelihood without log n!, t = X'n for the sufficient statistics. For every m >= 0 with
X'm = t,

    max l  <=  sum(m log m - m)                      (duality), and   max l  >=  l(theta)   for any theta.

One Newton step from a fit mu of the same model to the average of the tables, delta = H^-1 X'(n - mu),
gives both at once: m = mu (1 + X delta) has exactly the margins of n. The step shares its matrix among
all tables, so that the bounds of a thousand tables are three matrix products. An m that is positive
wherever nobody was counted also proves that the maximum exists (Fienberg and Rinaldo 2012). Only
models that the bounds leave in the race are fitted to convergence.

A term whose margin is empty in a table is at minus infinity there: it goes, with every cell that
contains it (Chan, Silverman and Vincent 2021), and what is left, terms and cells, is called a face. It
still counts as a parameter: otherwise every empty overlap would be a free improvement.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, pdtr, pdtrc, xlogy

from detcount._numerics.existence import support_codes
from detcount._numerics.hierarchy import neighbours, sizes
from detcount._numerics.patterns import superset_sums
from detcount._numerics.poisson import HierarchicalFits, fit_hierarchical
from detcount.errors import ConvergenceError

__all__ = [
    "NEGLIGIBLE",
    "Choices",
    "Criterion",
    "StepwisePaths",
    "average",
    "choose",
    "criterion_values",
    "search",
    "stepwise",
    "weigh",
]

Criterion = Literal["aic", "aicc", "bic"]

_PAIRS = 1 << 22  # bounds kept at a time
_DOUBLES = 1 << 22  # doubles in a temporary
_SLACK = 1e-6  # far above the rounding of a bound, far below a difference of criteria that matters
_STEP = 1e-8  # last Newton step; convergence is quadratic, so the error is its square
_MAX_STEPS = 80
_FIRST_STEPS = 15  # enough wherever there is a maximum, unless it lies far out
_POSITIVE = 1e-6  # share of its fitted mean that an uncounted cell must keep to prove existence
_TINY = 1e-290  # tails below lose digits before they underflow
_RIDGE = 1e-13  # keeps a matrix that is singular to rounding solvable
_DENSE_HESSIAN = 256  # cells; beyond, the information comes from superset sums


@dataclass(frozen=True)
class Choices:
    """What was chosen in each table, among the first `tops[t]` candidates.

    Parameters
    ----------
    n_unobserved : ndarray of float64, shape (n_tops, n_tables)
        Unseen persons by the model chosen; infinite where no candidate can be fitted.
    chosen : ndarray of int64, shape (n_tops, n_tables)
        Place of the model chosen among the candidates, or -1.
    n_fitted : int
        Pairs of model and table fitted to convergence.
    n_unsettled : int
        Pairs left out because the iteration did not settle.
    """

    n_unobserved: NDArray[np.float64]
    chosen: NDArray[np.int64]
    n_fitted: int
    n_unsettled: int


def criterion_penalty(
    criterion: Criterion, n_parameters: NDArray[np.float64], n_persons: NDArray[np.float64]
) -> NDArray[np.float64]:
    """What each criterion adds to -2 log L; the sample size is the number of persons listed."""
    if criterion == "bic":
        return np.asarray(n_parameters * np.log(n_persons))
    if criterion == "aic":
        return np.asarray(2 * n_parameters + 0 * n_persons)
    room = n_persons - n_parameters - 1
    with np.errstate(divide="ignore"):
        extra = 2 * n_parameters * (n_parameters + 1) / np.maximum(room, 0)
    return np.asarray(2 * n_parameters + extra)


def criterion_values(criterion: Criterion, fits: HierarchicalFits, n_persons: float) -> NDArray[np.float64]:
    """Criterion of each fit, infinite where there is none; terms at minus infinity count."""
    penalty = criterion_penalty(criterion, fits.n_parameters.astype(np.float64), np.array([n_persons]))
    return np.where(fits.code == 0, -2 * fits.log_likelihood + penalty, np.inf)


def search(
    starts: NDArray[np.bool_], table: NDArray[np.float64], criterion: Criterion, max_order: int
) -> NDArray[np.bool_]:
    """Every model looked at on the way down from each start, by the best change of one term at a time."""
    n_persons = float(table[1:].sum())
    known: dict[bytes, float] = {}
    found: list[NDArray[np.bool_]] = []

    def look(models: NDArray[np.bool_]) -> NDArray[np.float64]:
        keys = [model.tobytes() for model in np.packbits(models, axis=1)]
        new = np.array([key not in known for key in keys])
        if new.any():
            fits = fit_hierarchical(models[new], table, with_variance=False)
            values = criterion_values(criterion, fits, n_persons)
            known.update(
                zip([key for key, is_new in zip(keys, new, strict=True) if is_new], values, strict=True)
            )
            found.extend(models[new])
        return np.array([known[key] for key in keys])

    for start in np.unique(starts, axis=0)[::-1]:
        model, value = start, float(look(start[None, :])[0])
        while True:
            around = neighbours(model, max_order)
            values = look(around)
            best = int(values.argmin())
            if not values[best] < value:
                break
            model, value = around[best], float(values[best])
    return np.array(found)


def choose(
    models: NDArray[np.bool_],
    codes: NDArray[np.int64],
    counts: NDArray[np.int64],
    *,
    criterion: Criterion,
    tops: Sequence[int],
    starts: NDArray[np.float64] | None = None,
) -> Choices:
    """Choose the model with the least criterion in each table, among the first so many candidates.

    `models` is (J, 2**K) over terms, in order of preference: the first wins a tie. Row r of `counts`,
    (R, m), has the persons of table r with each of the m histories in `codes`. `tops` increases.
    `starts` has coefficients near the fits, (J, 2**K).
    """
    n_tables, n_models = len(counts), len(models)
    n_unobserved = np.full((len(tops), n_tables), np.inf)
    chosen = np.full((len(tops), n_tables), -1, dtype=np.int64)
    n_fitted = n_unsettled = 0
    for part, tables in _dense(codes, counts, models.shape[1], _PAIRS // n_models):
        race = _Race(models, tables, criterion, tops, starts, margin=0.0)
        race.run()
        rows = np.arange(len(tables))
        for place, top in enumerate(tops):
            best = race.value[:top].argmin(axis=0)
            found = np.isfinite(race.value[best, rows])
            chosen[place, part] = np.where(found, best, -1)
            n_unobserved[place, part] = np.where(found, race.n_unobserved[best, rows], np.inf)
        n_fitted += race.n_fitted
        n_unsettled += race.n_unsettled
    return Choices(n_unobserved, chosen, n_fitted, n_unsettled)


def average(
    models: NDArray[np.bool_],
    codes: NDArray[np.int64],
    counts: NDArray[np.int64],
    *,
    criterion: Criterion,
    cap: float | None,
    starts: NDArray[np.float64] | None = None,
) -> NDArray[np.float64]:
    """Unseen persons of each table, averaged over models with weights exp(-criterion / 2).

    Tables are given as in `choose`. With a cap, models that put more than `cap` unseen persons to each
    listed one are left out. Infinite where no model remains.
    """
    n_models = len(models)
    n_unobserved = np.full(len(counts), np.inf)
    margin = NEGLIGIBLE if cap is None else np.inf
    for part, tables in _dense(codes, counts, models.shape[1], _PAIRS // n_models):
        race = _Race(models, tables, criterion, (n_models,), starts, margin)
        race.run()
        n_unobserved[part] = weigh(race.value, race.n_unobserved, race.n_persons, cap)[0]
    return n_unobserved


def _dense(
    codes: NDArray[np.int64], counts: NDArray[np.int64], n_codes: int, most: int
) -> Iterator[tuple[slice, NDArray[np.float64]]]:
    """Tables over all codes, some at a time."""
    step = max(1, min(most, _DOUBLES // n_codes))
    for first in range(0, len(counts), step):
        part = slice(first, first + step)
        tables = np.zeros((len(counts[part]), n_codes))
        tables[:, codes] = counts[part]
        yield part, tables


NEGLIGIBLE = 70.0  # a model so far behind has less than exp(-35) of the best one's weight


def weigh(
    value: NDArray[np.float64],
    n_unobserved: NDArray[np.float64],
    n_persons: NDArray[np.float64],
    cap: float | None,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Average over models, the first axis: unseen persons, weight capped away, weights."""
    usable = np.isfinite(value)
    plausible = usable if cap is None else usable & (n_unobserved <= cap * n_persons)
    best = np.where(usable, value, np.inf).min(axis=0)
    with np.errstate(invalid="ignore"):
        raw = np.where(usable, np.exp(-0.5 * (value - best)), 0.0)
    capped = np.where(usable.any(axis=0), (raw * ~plausible).sum(axis=0) / raw.sum(axis=0).clip(1e-300), 0.0)
    best_kept = np.where(plausible, value, np.inf).min(axis=0)
    with np.errstate(invalid="ignore"):
        raw = np.where(plausible, np.exp(-0.5 * (value - best_kept)), 0.0)
    total = raw.sum(axis=0)
    weights = raw / np.where(total > 0, total, 1.0)
    mean = (weights * np.where(plausible, n_unobserved, 0.0)).sum(axis=0)
    return np.where(total > 0, mean, np.inf), capped, weights


@dataclass
class _Face:
    """What is left of a model in a table: terms with a margin above zero, and the cells they leave."""

    terms: NDArray[np.int64]
    cells: NDArray[np.int64]
    n_codes: int
    design: NDArray[np.float64] = field(init=False)
    _squares: NDArray[np.float64] | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self.design = ((self.cells[:, None] & self.terms) == self.terms).astype(np.float64)

    @property
    def identified(self) -> bool:
        """Tell whether the cells kept determine the intercept."""
        signs = 1 - 2 * (np.bitwise_count(self.terms) & 1).astype(np.int64)
        return bool((self.design @ signs != 0).any())

    def information(self, means: NDArray[np.float64]) -> NDArray[np.float64]:
        """X' diag(means) X for each row of means, (B, p, p)."""
        p = len(self.terms)
        if len(self.cells) < _DENSE_HESSIAN:
            if self._squares is None:
                self._squares = (self.design[:, :, None] * self.design[:, None, :]).reshape(-1, p * p)
            matrix = (means @ self._squares).reshape(-1, p, p)
        else:
            full = np.zeros((len(means), self.n_codes))
            full[:, self.cells] = means
            matrix = superset_sums(full)[:, self.terms[:, None] | self.terms[None, :]]
        diagonal = np.arange(p)
        matrix[:, diagonal, diagonal] *= 1 + _RIDGE
        return matrix


def _faces(
    model: NDArray[np.bool_], margins: NDArray[np.float64]
) -> Iterator[tuple[_Face, NDArray[np.int64]]]:
    """Each face that the model has among the tables, with the tables that have it."""
    n_codes = len(model)
    terms = np.flatnonzero(model)
    empty = margins[:, terms] == 0
    cells = np.arange(1, n_codes)
    somewhere = np.flatnonzero(empty.any(axis=0))
    if len(somewhere) == 0:
        yield _Face(terms, cells, n_codes), np.arange(len(margins))
        return
    packed = np.packbits(empty[:, somewhere], axis=1)
    keys, inverse = np.unique(packed, axis=0, return_inverse=True)
    inverse = inverse.reshape(-1)
    for place in range(len(keys)):
        rows = np.flatnonzero(inverse == place)
        gone = terms[empty[rows[0]]]
        kept = cells if len(gone) == 0 else cells[~((cells[:, None] & gone) == gone).any(axis=1)]
        yield _Face(terms[~empty[rows[0]]], kept, n_codes), rows


@dataclass
class _Entry:
    """A face in the race: its place among the candidates, its tables, and where to start."""

    model: int
    face: _Face
    rows: NDArray[np.int64]
    theta: NDArray[np.float64]


class _Race:
    """All candidates against each other in some tables."""

    def __init__(
        self,
        models: NDArray[np.bool_],
        tables: NDArray[np.float64],
        criterion: Criterion,
        tops: Sequence[int],
        starts: NDArray[np.float64] | None,
        margin: float,
    ) -> None:
        self.models, self.tables, self.starts, self.margin = models, tables, starts, margin
        n_models, n_tables = len(models), len(tables)
        self.n_persons = tables[:, 1:].sum(axis=1)
        self.penalty = criterion_penalty(
            criterion, models.sum(axis=1)[:, None] * 1.0, self.n_persons[None, :]
        )
        # The first group of candidates, in increasing size, in which a model takes part.
        sizes = np.array(sorted(tops))
        self.group = np.searchsorted(sizes, np.arange(1, n_models + 1))
        self.n_groups = len(sizes)
        self.low = np.full((n_models, n_tables), np.inf)
        self.high = np.full((n_models, n_tables), np.inf)
        self.best = np.full((self.n_groups, n_tables), np.inf)  # least upper bound in each group
        self.value = np.full((n_models, n_tables), np.inf)
        self.n_unobserved = np.full((n_models, n_tables), np.inf)
        self.n_fitted = self.n_unsettled = 0
        self.entries: list[_Entry] = []

    def run(self) -> None:
        """Bound every candidate in every table, then fit those still in the race."""
        self._bound()
        self._refuse()
        for entry in self.entries:
            self._fit(entry)

    def _bound(self) -> None:
        """First step of every candidate."""
        margins = superset_sums(self.tables)
        for j, model in enumerate(self.models):
            for face, rows in _faces(model, margins):
                if not face.identified or len(face.terms) > len(face.cells):
                    continue
                start = None if self.starts is None else self.starts[j, face.terms]
                pooled = self.tables[rows][:, face.cells].mean(axis=0)
                theta = _pooled_fit(face, pooled, start)
                if theta is None:
                    continue
                entry = _Entry(j, face, rows, theta)
                self.entries.append(entry)
                for part in _parts(rows, len(face.cells)):
                    low, high = _first_bounds(face, self.tables[part][:, face.cells], theta)
                    self.low[j, part] = low + self.penalty[j, part]
                    self.high[j, part] = high + self.penalty[j, part]
            self._lower(j, slice(None))

    def _lower(self, j: int, rows: slice | NDArray[np.int64]) -> None:
        """Tell every group of candidates with model j its upper bound."""
        for group in range(self.group[j], self.n_groups):
            self.best[group, rows] = np.minimum(self.best[group, rows], self.high[j, rows])

    def _running(self, j: int, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Tell in which of these tables model j is still in the race."""
        limit = self.best[self.group[j], rows] + self.margin + _SLACK
        low = self.low[j, rows]
        return np.asarray((low <= limit) & np.isfinite(low))

    def _refuse(self) -> None:
        """Take out the pairs that have no maximum, among those that no bound has proved to have one."""
        models, rows, faces = [], [], []
        for place, entry in enumerate(self.entries):
            doubtful = entry.rows[
                self._running(entry.model, entry.rows) & np.isinf(self.high[entry.model, entry.rows])
            ]
            models.append(np.full(len(doubtful), entry.model))
            rows.append(doubtful)
            faces.append(np.full(len(doubtful), place))
        if not faces:
            return
        model, row, face = np.concatenate(models), np.concatenate(rows), np.concatenate(faces)
        n_codes = self.tables.shape[1]
        step = max(1, _DOUBLES // n_codes)
        for first in range(0, len(row), step):
            part = slice(first, first + step)
            terms = np.zeros((len(row[part]), n_codes), dtype=np.bool_)
            kept = np.zeros_like(terms)
            for place in np.unique(face[part]):
                mine = np.flatnonzero(face[part] == place)
                terms[np.ix_(mine, self.entries[place].face.terms)] = True
                kept[np.ix_(mine, self.entries[place].face.cells)] = True
            positive = self.tables[row[part]] > 0
            positive[:, 0] = False
            refused = support_codes(terms, kept, positive) != 0
            self.low[model[part][refused], row[part][refused]] = np.inf

    def _fit(self, entry: _Entry) -> None:
        """Fit a face in the tables where its model is still in the race."""
        j, face = entry.model, entry.face
        running = entry.rows[self._running(j, entry.rows)]
        for rows in _parts(running, len(face.cells) + len(face.terms) ** 2):
            limit = self.best[self.group[j], rows] + self.margin + _SLACK
            needed = -0.5 * (limit - self.penalty[j, rows])
            counts = self.tables[rows][:, face.cells]
            theta = np.repeat(entry.theta[None, :], len(rows), axis=0)
            log_likelihood, intercept, state = _newton(face, counts, theta, needed)
            fitted = state == _FITTED
            self.n_fitted += int(fitted.sum())
            self.n_unsettled += int((state == _UNSETTLED).sum())
            self.low[j, rows[~fitted]] = np.inf
            done = rows[fitted]
            value = -2 * log_likelihood[fitted] + self.penalty[j, done]
            self.low[j, done] = self.high[j, done] = self.value[j, done] = value
            self.n_unobserved[j, done] = np.exp(intercept[fitted])
            self._lower(j, done)


_FITTED, _BEATEN, _UNSETTLED = 0, 1, 2


def _parts(rows: NDArray[np.int64], width: int) -> Iterator[NDArray[np.int64]]:
    """Rows in bundles whose temporaries stay small."""
    step = max(1, _DOUBLES // width)
    for first in range(0, len(rows), step):
        yield rows[first : first + step]


def _pooled_fit(
    face: _Face, pooled: NDArray[np.float64], start: NDArray[np.float64] | None
) -> NDArray[np.float64] | None:
    """Coefficients for the average of the tables, or None if it has no maximum: then no table has one.

    (A positive point with the margins of one table, plus the other tables, is one for their sum.)
    """
    if start is None or not np.isfinite(start).all():
        weights = pooled + 0.5
        start = np.linalg.solve(
            face.information(weights[None, :])[0], face.design.T @ (weights * np.log(weights))
        )
    theta = start[None, :].copy()
    counts, needed = pooled[None, :], np.array([-np.inf])
    if _newton(face, counts, theta, needed, max_steps=_FIRST_STEPS)[2][0] != _FITTED:
        if not _has_maximum(face, counts)[0]:
            return None
        _newton(face, counts, theta, needed)
    return np.asarray(theta[0])


def _first_bounds(
    face: _Face, counts: NDArray[np.float64], theta: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Bounds of -2 log L by one step that all tables share; the upper one infinite without a proof."""
    means = np.exp(face.design @ theta)
    information = face.information(means[None, :])[0]
    change = np.linalg.solve(information, ((counts - means) @ face.design).T).T @ face.design.T
    upper, proved = _dual(counts, means[None, :], change)
    lower = _profile(counts, face.design @ theta + change)[0]
    return -2 * upper, np.where(proved, -2 * lower, np.inf)


def _dual(
    counts: NDArray[np.float64], means: NDArray[np.float64], change: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Upper bound of log L from a Newton step, and whether it proves that a maximum exists.

    A step that goes below zero is mixed with the counts themselves, which have the same margins.
    """
    moved = means * (1 + change)
    uncounted = counts == 0
    proved = ~(uncounted & (change <= _POSITIVE - 1)).any(axis=1)
    below = (moved <= 0) & ~uncounted
    share = np.where(proved, 1.0, 0.0)
    if below.any():
        room = np.where(below, 0.9 * counts / np.where(below, counts - moved, 1.0), 1.0)
        share = share * room.min(axis=1)
    mixed = share[:, None] * moved + (1 - share[:, None]) * counts
    return (xlogy(mixed, mixed) - mixed).sum(axis=1), proved


def _profile(
    counts: NDArray[np.float64], predictor: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Log L at a linear predictor with its intercept at the best value, and what to add to it."""
    total = counts.sum(axis=1)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        expected = np.exp(predictor).sum(axis=1)
        shift = np.log(total / expected)
        value = (counts * predictor).sum(axis=1) + total * shift - total
    return value, shift


def _newton(
    face: _Face,
    counts: NDArray[np.float64],
    theta: NDArray[np.float64],
    needed: NDArray[np.float64],
    *,
    max_steps: int = _MAX_STEPS,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """Maximise log L of a face in each table; give up on a table once it cannot reach `needed`.

    `theta` is changed in place. Gives log L, the intercept, and how each table ended.
    """
    design = face.design
    state = np.full(len(counts), _UNSETTLED)
    value, shift = _profile(counts, theta @ design.T)
    theta[:, 0] += shift
    live = np.arange(len(counts))
    for _ in range(max_steps):
        n, now = counts[live], theta[live]
        predictor = now @ design.T
        means = np.exp(predictor)
        step = np.linalg.solve(face.information(means), ((n - means) @ design)[:, :, None])[:, :, 0]
        change = step @ design.T
        upper, _ = _dual(n, means, change)
        beaten = upper < needed[live]
        settled = np.abs(step).max(axis=1) < _STEP
        scale = np.ones(len(live))
        old = value[live]
        new, shift = _profile(n, predictor + change)
        for _ in range(40):
            worse = ~(new >= old - 1e-9 * (1 + np.abs(old))) & ~beaten & ~settled
            if not worse.any():
                break
            scale[worse] /= 2
            new[worse], shift[worse] = _profile(
                n[worse], predictor[worse] + scale[worse, None] * change[worse]
            )
        now = now + scale[:, None] * step
        now[:, 0] += np.where(np.isfinite(shift), shift, 0.0)
        theta[live], value[live] = now, new
        state[live[beaten]] = _BEATEN
        state[live[settled & ~beaten]] = _FITTED
        live = live[~(beaten | settled)]
        if len(live) == 0:
            break
    return value, theta[:, 0], state


Step = tuple[int, int, float, float]


@dataclass(frozen=True)
class StepwisePaths:
    """Where forward selection of pairs ended in each table.

    Parameters
    ----------
    n_unobserved : ndarray of float64, shape (n_tables,)
        Unseen persons; infinite where not even the main effects can be fitted.
    models : ndarray of bool, shape (n_tables, 2**K)
        Terms of the model reached.
    steps : list of list of tuple
        For each table the pairs added in order, each as (code, observed, expected, p-value).
    """

    n_unobserved: NDArray[np.float64]
    models: NDArray[np.bool_]
    steps: list[list[Step]]


def stepwise(
    codes: NDArray[np.int64], counts: NDArray[np.int64], n_lists: int, threshold: float
) -> StepwisePaths:
    """Add pairs of lists to the main effects, the least p-value first, while it is at most `threshold`.

    The p-value of a pair not in the model compares the persons on both its lists, on others or not,
    with their mean under the model fitted without the pair: the smaller Poisson tail, one-sided (Chan,
    Silverman and Vincent 2021). A pair that would leave no maximum, or no identification, is passed over.
    Tables are given as in `choose`.
    """
    n_tables = len(counts)
    n_unobserved = np.full(n_tables, np.inf)
    pairs = np.zeros((n_tables, 1 << n_lists), dtype=np.bool_)
    steps: list[list[Step]] = []
    for part, tables in _dense(codes, counts, 1 << n_lists, n_tables):
        n_unobserved[part], pairs[part], found = _stepwise(tables, n_lists, threshold)
        steps += found
    return StepwisePaths(n_unobserved, pairs, steps)


def _stepwise(
    tables: NDArray[np.float64], n_lists: int, threshold: float
) -> tuple[NDArray[np.float64], NDArray[np.bool_], list[list[Step]]]:
    """Forward selection in some tables."""
    n_tables = len(tables)
    # in the order of the lists, 12, 13, ..., 23, ...: the first wins a tie
    pairs = np.array([1 << i | 1 << j for i, j in combinations(range(n_lists), 2)])
    observed = superset_sums(tables)[:, pairs]
    trial = np.repeat((sizes(n_lists) <= 1)[None, :], n_tables, axis=0)
    models = trial.copy()
    added = np.full(n_tables, -1)
    n_unobserved = np.full(n_tables, np.inf)
    log_p = np.full((n_tables, len(pairs)), np.inf)
    expected = np.zeros((n_tables, len(pairs)))
    steps: list[list[Step]] = [[] for _ in range(n_tables)]
    limit = np.log(threshold) if threshold > 0 else -np.inf
    pending = np.arange(n_tables)
    while len(pending):
        fitted, unseen, means = _fit_each(trial[pending], tables[pending], pairs)
        done, failed = pending[fitted], pending[~fitted]
        for r in done[added[done] >= 0]:
            k = added[r]
            p_value = float(np.exp(log_p[r, k]))
            steps[r].append((int(pairs[k]), int(observed[r, k]), float(expected[r, k]), p_value))
        models[done] = trial[done]
        n_unobserved[done] = unseen[fitted]
        expected[done] = means[fitted]
        log_p[done] = _log_tail(observed[done], expected[done])
        log_p[done] = np.where(models[done][:, pairs], np.inf, log_p[done])
        log_p[failed, added[failed]] = np.inf  # passed over until another pair is added
        pending = pending[np.isfinite(n_unobserved[pending])]
        added[pending] = log_p[pending].argmin(axis=1)
        pending = pending[log_p[pending, added[pending]] <= limit]
        trial[pending] = models[pending]
        trial[pending, pairs[added[pending]]] = True
    return n_unobserved, models, steps


def _fit_each(
    models: NDArray[np.bool_], tables: NDArray[np.float64], pairs: NDArray[np.int64]
) -> tuple[NDArray[np.bool_], NDArray[np.float64], NDArray[np.float64]]:
    """Fit one model in each table: whether that works, the unseen persons, and the means of the pairs."""
    try:
        fits = fit_hierarchical(models, tables, with_variance=False)
    except ConvergenceError:
        half = len(models) // 2
        if half == 0:
            return np.zeros(1, dtype=np.bool_), np.zeros(1), np.zeros((1, len(pairs)))
        parts = [_fit_each(models[part], tables[part], pairs) for part in (slice(half), slice(half, None))]
        return tuple(np.concatenate(pieces) for pieces in zip(*parts, strict=True))  # type: ignore[return-value]
    fitted = fits.code == 0
    means = np.where(fitted[:, None], fits.fitted, 0.0)
    means[:, 0] = 0.0
    return fitted, fits.n_unobserved, superset_sums(means)[:, pairs]


def _has_maximum(face: _Face, counts: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell in which tables the likelihood of a face has a maximum."""
    terms = np.zeros((len(counts), face.n_codes), dtype=np.bool_)
    kept, positive = np.zeros_like(terms), np.zeros_like(terms)
    terms[:, face.terms] = True
    kept[:, face.cells] = True
    positive[:, face.cells] = counts > 0
    return np.asarray(support_codes(terms, kept, positive) == 0)


def _log_tail(observed: NDArray[np.float64], mean: NDArray[np.float64]) -> NDArray[np.float64]:
    """Log of the smaller Poisson tail: P(X >= observed) or P(X <= observed), exact where they underflow."""
    upper = np.where(observed > 0, pdtrc(np.maximum(observed - 1, 0), mean), 1.0)
    tail = np.minimum(upper, pdtr(observed, mean))
    with np.errstate(divide="ignore"):
        log_tail = np.log(tail)
    far = np.flatnonzero((tail < _TINY) & (mean > 0))
    for place in far:
        log_tail.flat[place] = _log_far_tail(float(observed.flat[place]), float(mean.flat[place]))
    return np.asarray(log_tail)


def _log_far_tail(observed: float, mean: float) -> float:
    """Log of a tail too small for a double: its largest term, times a short sum."""
    largest = observed * np.log(mean) - mean - float(gammaln(observed + 1))
    total = term = 1.0
    k = observed
    while term > 1e-17 * total and k >= 0:
        term *= mean / (k + 1) if observed > mean else k / mean
        k += 1 if observed > mean else -1
        total += term
    return float(largest + np.log(total))
