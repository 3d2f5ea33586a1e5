"""Missing values drawn from a mixture of classes within which all columns are independent.

The mixture is a truncated Dirichlet process of product-multinomials (Dunson and Xing 2009, Si and Reiter
2013). Rows alike are one pattern, whose rows are shared out among the classes together; missing values are
integrated out, and drawn only in the sweeps that are kept. Within a class two columns may still depend on
each other: sex and age, where children are too few to be a class. So the probability of a missing value is
that in its class times, for each other column, how often both values were seen over how often the classes of
the rows expect them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from detcount._numerics.arrays import TINY, Floats, Ints, on_lattice, reduceat, repeat, rounded_bits
from detcount._numerics.monte_carlo import effective_sample_size, split_r_hat

Codes = NDArray[np.int16]


@dataclass(frozen=True)
class Priors:
    """Priors of missing values.

    Parameters
    ----------
    concentration : float, Gamma
        Shape and rate of the prior of the concentration. Their default (Si 2013).
    strengths : int, powers of 2, from 1/2
        Rows that shares among all rows may count for in each class. Scored in
        benchmarks/results/imputation.md.
    ties : int, powers of 2, from 1/2
        Rows that the absence of ties within classes may count for. Scored in
        benchmarks/results/imputation.md.
    """

    concentration: float = 0.25
    strengths: int = 12
    ties: int = 10


PRIORS = Priors()


# rows that the shares among all rows count for in each class, learned column by column
_STRENGTHS = 2.0 ** (np.arange(PRIORS.strengths) - 1)
_TIES = _STRENGTHS[: PRIORS.ties]


@dataclass(frozen=True)
class Tuning:
    """Starts and lengths of the chains of imputation.

    Parameters
    ----------
    rounds : int, rounds
        Rounds of drawing the missing values of a row. Scored in benchmarks/results/imputation.md.
    chains : int, chains
        Chains from different starts that must agree. Convention: two.
    warm_up : int, sweeps
        Sweeps dropped at the start of a chain. Scored in benchmarks/results/imputation.md.
    apart : int, sweeps
        Sweeps from one draw to the next. Scored in benchmarks/results/imputation.md.
    agreed : float, R-hat
        R-hat up to which chains agree on counts that are rounded to persons. Convention: half of a tenth
        above 1.
    longer : int, factor
        Length of the next chains over those that did not agree. Convention: four.
    most : int, sweeps
        Sweeps up to which chains are made longer. Scored in benchmarks/results/imputation.md.
    excess : int, factor
        Classes at the start for each class. Scored in benchmarks/results/imputation.md.
    joining : int, sweeps
        Sweeps until the largest of these classes alone remain. Scored in
        benchmarks/results/imputation.md.
    """

    rounds: int = 3
    chains: int = 2
    warm_up: int = 300
    apart: int = 50
    agreed: float = 1.05
    longer: int = 4
    most: int = 3500
    excess: int = 2
    joining: int = 100


TUNING = Tuning()


@dataclass(frozen=True)
class Imputations:
    """Filled tables, and how the chains behind them agree.

    `tables` has shape (n_draws, n_rows, n_columns). Of the expected number of imputed rows with each value,
    `r_hat` is the largest potential scale reduction, and `effective_size` the least number of independent
    draws that the sweeps are worth.
    """

    tables: Codes
    r_hat: float
    effective_size: float


@dataclass(frozen=True)
class _Patterns:
    """Distinct rows: a column of 0 and 1 for each value of each column; missing values have no 1."""

    marks: Floats  # (n_patterns, n_values)
    counts: Ints
    of_row: Ints
    first: Ints  # place of the first value of each column
    absent: Floats  # (n_patterns, n_columns)
    shares: Floats  # (n_values,), of the rows that have a value

    @classmethod
    def of(cls, codes: Codes) -> _Patterns:
        rows, of_row, counts = np.unique(codes, axis=0, return_inverse=True, return_counts=True)
        sizes = codes.max(axis=0).astype(np.int64) + 1
        marks = np.concatenate(
            [column[:, None] == np.arange(size) for column, size in zip(rows.T, sizes, strict=True)], axis=1
        ).astype(np.float64)
        first = np.append(0, np.cumsum(sizes)[:-1])
        known = counts @ marks
        shares = known / repeat(reduceat(np.add, known, first), sizes)
        return cls(marks, counts, of_row.ravel(), first, (rows < 0).astype(np.float64), shares)

    def values(self, column: int) -> slice:
        """Places of the values of a column."""
        return slice(self.first[column], self.first[column] + self.sizes[column])

    @property
    def sizes(self) -> Ints:
        """Number of values of each column."""
        return np.diff(np.append(self.first, len(self.shares)))


@dataclass(frozen=True)
class _State:
    """Shares of values in classes, (n_values, H), and log weights of classes."""

    shares: Floats
    log_weights: Floats


def impute(codes: Codes, *, n_draws: int, n_classes: int, seed: int) -> Imputations:
    """Draw the missing values of a table, coded from 0 with -1 for missing.

    Chains that do not agree go on, each time for longer; what they had drawn is dropped as a warm-up.
    """
    patterns = _Patterns.of(codes)
    randoms = [np.random.default_rng([seed, chain]) for chain in range(TUNING.chains)]
    states = [_start(patterns, n_classes, random) for random in randoms]
    shares = [n_draws // TUNING.chains + (chain < n_draws % TUNING.chains) for chain in range(TUNING.chains)]
    apart = TUNING.apart
    while True:
        tables, traces = [], []
        for chain, random in enumerate(randoms):
            trace = []
            for sweep in range(1, apart * shares[0] + 1):
                states[chain], members = _sweep(patterns, states[chain], random)
                trace.append(_expected(patterns, members, states[chain]))
                if sweep % apart == 0 and sweep <= apart * shares[chain]:
                    tables.append(_filled(codes, patterns, members, states[chain], random))
            traces.append(trace)
        followed = np.array(traces).transpose(2, 0, 1)  # (n_values with missing rows, chains, sweeps)
        moving = [each for each in followed if each.std() > 0]
        r_hat = max((split_r_hat(each) for each in moving), default=1.0)
        if r_hat <= TUNING.agreed or apart * shares[0] >= TUNING.most:
            effective = min((effective_sample_size(each) for each in moving), default=float(n_draws))
            return Imputations(np.stack(tables), r_hat, effective)
        apart = min(apart * TUNING.longer, -(-TUNING.most // shares[0]))


def _start(patterns: _Patterns, n_classes: int, random: np.random.Generator) -> _State:
    """The end of the warm-up, which begins with too many classes, each around one pattern.

    Classes that are too many join in a few sweeps, and a class that holds two groups seldom parts. The next
    pattern is drawn by its distance to the nearest one before, in which rare values weigh more (k-means++).
    """
    scales = np.sqrt(np.maximum(patterns.shares * (1 - patterns.shares), TINY))
    chosen = random.choice(len(patterns.counts), p=patterns.counts / patterns.counts.sum())
    distance, nearest = np.full(len(patterns.counts), np.inf), np.zeros(len(patterns.counts), dtype=np.int64)
    for number in range(TUNING.excess * n_classes):
        apart = np.abs(patterns.marks - patterns.marks[chosen]) @ (1 / scales)
        nearest[apart < distance] = number
        distance = np.minimum(distance, apart)
        reached = np.cumsum(distance * patterns.counts)
        chosen = int(np.searchsorted(reached, random.random() * reached[-1], side="right"))
        if chosen == len(reached):  # every pattern is a class
            break
    members = (nearest[:, None] == np.arange(TUNING.excess * n_classes)) * patterns.counts[:, None]
    for sweep in range(TUNING.warm_up):
        if sweep in (0, TUNING.joining):
            order = np.argsort(-members.sum(axis=0), kind="stable")
            state = _drawn(patterns, members[:, order[: n_classes if sweep else None]], 1.0, random)
        state, members = _sweep(patterns, state, random)
    return state


def _sweep(patterns: _Patterns, state: _State, random: np.random.Generator) -> tuple[_State, Ints]:
    """Classes of the rows given the shares, and shares given the classes; rows by pattern and class."""
    joint = on_lattice(patterns.marks @ np.log(state.shares) + state.log_weights)
    joint = np.exp(joint - joint.max(axis=1, keepdims=True))
    members = random.multinomial(patterns.counts, joint / joint.sum(axis=1, keepdims=True))
    n_classes = len(state.log_weights)
    rate = PRIORS.concentration - float(state.log_weights[-1])
    return _drawn(
        patterns, members, random.gamma(PRIORS.concentration + n_classes - 1, 1 / rate), random
    ), members


def _drawn(patterns: _Patterns, members: Ints, alpha: float, random: np.random.Generator) -> _State:
    """Shares and weights given the classes of the rows."""
    counts = patterns.marks.T @ members
    prior = repeat(_strengths(patterns, counts, random), patterns.sizes) * patterns.shares
    raw = np.maximum(random.standard_gamma(counts + prior[:, None]), TINY)
    shares = raw / repeat(reduceat(np.add, raw, patterns.first, axis=0), patterns.sizes, axis=0)
    sizes = members.sum(axis=0)
    behind = sizes[::-1].cumsum()[::-1] - sizes
    one = np.maximum(random.standard_gamma(1.0 + sizes[:-1]), TINY)
    other = np.maximum(random.standard_gamma(alpha + behind[:-1]), TINY)
    log_taken = np.log(one) - np.log(one + other)
    log_left = np.append(0.0, np.cumsum(np.log(other) - np.log(one + other)))
    return _State(np.maximum(rounded_bits(shares), TINY), on_lattice(np.append(log_taken, 0.0) + log_left))


def _strengths(patterns: _Patterns, counts: Floats, random: np.random.Generator) -> Floats:
    """Estimate how alike the classes of each column are, given the counts: Dirichlet-multinomial."""
    prior = _STRENGTHS[:, None, None] * np.maximum(patterns.shares, TINY)[:, None]  # nobody may have a value
    known = reduceat(np.add, counts, patterns.first, axis=0)
    some = known.sum(axis=0) > 0  # an empty class says nothing
    of_values = gammaln(counts[:, some] + prior) - gammaln(prior)
    scores = reduceat(np.add, of_values.sum(axis=2), patterns.first, axis=1)
    of_columns = _STRENGTHS[:, None, None]
    scores += (gammaln(of_columns) - gammaln(of_columns + known[:, some])).sum(axis=2)
    # the largest of scores with Gumbel noise is a draw in proportion to their exponentials
    return np.asarray(_STRENGTHS[np.argmax(on_lattice(scores) + random.gumbel(size=scores.shape), axis=0)])


def _expected(patterns: _Patterns, members: Ints, state: _State) -> Floats:
    """Rows with each value expected among those where it is missing."""
    missing = patterns.absent.T @ members  # (n_columns, H)
    expected: Floats = (repeat(missing, patterns.sizes, axis=0) * state.shares).sum(axis=1)
    return expected


def _filled(
    codes: Codes, patterns: _Patterns, members: Ints, state: _State, random: np.random.Generator
) -> Codes:
    """The table with its missing values drawn."""
    order = random.permutation(len(codes))  # so that no class takes the first rows of a pattern
    order = order[np.argsort(patterns.of_row[order], kind="stable")]
    classes = np.empty(len(codes), dtype=np.int64)
    n_classes = members.shape[1]
    classes[order] = repeat(np.tile(np.arange(n_classes), len(members)), members.ravel())
    filled = codes.copy()
    fields = np.flatnonzero(patterns.absent.any(axis=0)).tolist()
    n_columns = codes.shape[1]
    pairs = [(a, b) for a in fields for b in range(n_columns) if b > a or (b < a and b not in fields)]
    ties = {pair: _tie(patterns, members, *pair, random) for pair in pairs}
    ties |= {(b, a): tie.T for (a, b), tie in ties.items()}
    for later in range(TUNING.rounds + 1):  # by classes alone at first
        for a in fields:
            rows = np.flatnonzero(codes[:, a] < 0)
            scores = np.log(state.shares[patterns.values(a)])[:, classes[rows]]
            for b in range(n_columns):
                if later and a != b:
                    scores = scores + ties[a, b][:, filled[rows, b]]
            filled[rows, a] = (on_lattice(scores) + random.gumbel(size=scores.shape)).argmax(axis=0)
    return filled


def _tie(patterns: _Patterns, members: Ints, a: int, b: int, random: np.random.Generator) -> Floats:
    """Draw the log ratio of how often two values are seen together to how often classes expect it."""
    known = members * ((1 - patterns.absent[:, a]) * (1 - patterns.absent[:, b]))[:, None]
    of_a, of_b = patterns.marks[:, patterns.values(a)].T, patterns.marks[:, patterns.values(b)]
    expected = (of_a @ known / np.maximum(known.sum(axis=0), 1)) @ (known.T @ of_b)
    seen = (of_a * known.sum(axis=1)) @ of_b
    prior = _TIES[:, None, None]
    scores = gammaln(seen + prior) - gammaln(prior) + prior * np.log(prior)  # gamma and Poisson
    scores -= (seen + prior) * np.log(expected + prior)
    strength = _TIES[np.argmax(on_lattice(scores.sum(axis=(1, 2))) + random.gumbel(size=len(_TIES)))]
    drawn = np.maximum(random.standard_gamma(seen + strength), TINY)
    return np.asarray(np.log(drawn) - np.log(expected + strength))
