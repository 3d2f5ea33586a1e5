"""Simulation-based calibration of every Bayesian estimator: ranks of truths from the prior.

Run ``python benchmarks/calibration_by_simulation.py``; it prints a table and writes
benchmarks/results/calibration_by_simulation.md. A population is drawn from the prior, a table from the
population, and the posterior from the table: the truth then lies at a uniform rank among the draws, and
in L% of the L% intervals (Talts et al. 2018). Tables that an estimator would decline are drawn again, which
leaves the posterior as it is, for the rule looks at the table alone. Where a prior has no draws (1/N, flat)
truth and posterior are cut to the same range.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2, nbinom

from detcount import CaptureTable
from detcount._numerics import latent_class as lc
from detcount._numerics.log_linear_posterior import sign_design, term_posterior
from detcount._numerics.patterns import all_hierarchical, sizes
from detcount.abundance import (
    BayesAveragedLogLinear,
    DecomposableGraphs,
    IdentifiedBy,
    NegativeBinomial,
    NoHighestOrder,
    PairIndependence,
)
from detcount.errors import NotEstimableError

_RESULT = Path(__file__).parent / "results" / "calibration_by_simulation.md"
_N_BINS = 10
LEVELS = (0.5, 0.8, 0.95)

Truth = tuple[float, NDArray[np.float64], NDArray[np.float64]]  # the truth, draws, their weights


@dataclass(frozen=True)
class Case:
    """One estimator with priors that can be drawn from."""

    name: str
    prior: str
    replicate: Callable[[np.random.Generator, int], Truth | None]
    n_replicates: int
    n_quick: int


@dataclass(frozen=True)
class Ranks:
    """Ranks of the truths in their posteriors, in (0, 1)."""

    values: NDArray[np.float64]

    @property
    def histogram(self) -> NDArray[np.int64]:
        return np.histogram(self.values, bins=_N_BINS, range=(0, 1))[0]

    @property
    def chi_square(self) -> float:
        expected = len(self.values) / _N_BINS
        return float(np.sum((self.histogram - expected) ** 2 / expected))

    @property
    def p_value(self) -> float:
        return float(chi2.sf(self.chi_square, _N_BINS - 1))

    def cover(self, level: float) -> float:
        """Share of the truths in the equal-tailed interval of a level."""
        return float(np.mean(np.abs(self.values - 0.5) < level / 2))

    def error(self, level: float) -> float:
        """Standard error of `cover` for a right posterior."""
        return float(np.sqrt(level * (1 - level) / len(self.values)))


def ranks(case: Case, n_replicates: int, seed: int = 20261124) -> Ranks:
    """Draw truths until as many as asked for have a posterior."""
    random = np.random.default_rng(seed)
    found: list[float] = []
    tried = 0
    while len(found) < n_replicates:
        drawn = case.replicate(random, tried)
        tried += 1
        if drawn is None:
            continue
        truth, draws, weights = drawn
        weights = weights / weights.sum()
        found.append(weights[draws < truth].sum() + random.random() * weights[draws == truth].sum())
    return Ranks(np.array(found))


def _table(counts: NDArray[np.int64], n_lists: int) -> CaptureTable | None:
    """A table from the cells by code, list k its bit k, the unlisted first; None where a list is empty."""
    codes = np.arange(1, 1 << n_lists)
    marks = codes[:, None] >> np.arange(n_lists) & 1
    listed = counts[1:]
    if ((listed @ marks) == 0).any():
        return None
    names = tuple("abcdefgh"[:n_lists])
    return CaptureTable(names, marks[listed > 0].astype(np.uint8), listed[listed > 0])


def _equal(draws: NDArray[np.float64] | None) -> NDArray[np.float64]:
    assert draws is not None
    return np.ones(len(draws))


def _graphs(random: np.random.Generator, seed: int) -> Truth | None:
    """Three lists: a graph that is not complete, cell probabilities, N negative binomial."""
    delta, prior = 1.0, NegativeBinomial(mean=300.0, shape=4.0)
    total = int(random.negative_binomial(prior.shape, prior.shape / (prior.shape + prior.mean)))
    graphs: list[list[tuple[int, ...]]] = [[(0,), (1,), (2,)]]
    graphs += [[(i, j), (k,)] for i, j, k in ((0, 1, 2), (0, 2, 1), (1, 2, 0))]
    graphs += [[(i, k), (j, k)] for i, j, k in ((0, 1, 2), (0, 2, 1), (1, 2, 0))]
    cliques = graphs[random.integers(len(graphs))]
    cells = np.array([[code >> k & 1 for k in range(3)] for code in range(8)])
    if len(cliques) == 2 and len(cliques[1]) == 2:  # a separator: draw it, then each side given it
        shared = cliques[0][1]
        share = random.beta(4 * delta, 4 * delta)
        probability = np.where(cells[:, shared] == 1, share, 1 - share)
        for vertex in (cliques[0][0], cliques[1][0]):
            on = random.beta(2 * delta, 2 * delta, size=2)[cells[:, shared]]
            probability = probability * np.where(cells[:, vertex] == 1, on, 1 - on)
    else:
        probability = np.ones(8)
        for clique in cliques:
            drawn = random.dirichlet(np.full(2 ** len(clique), delta * 2 ** (3 - len(clique))))
            probability = probability * drawn[cells[:, list(clique)] @ (2 ** np.arange(len(clique)))]
    table = _table(random.multinomial(total, probability), 3)
    if table is None:
        return None
    draws = DecomposableGraphs(delta=delta, prior=prior).fit(table, seed=seed).draws
    return total, draws, _equal(draws)


def _latent_classes(random: np.random.Generator, seed: int) -> Truth | None:
    """Four lists, six classes; draws under 1/N weighted to the negative binomial of the truths."""
    n_lists, n_classes, shape, mean = 4, 6, 5.0, 400.0
    total = int(random.negative_binomial(shape, shape / (shape + mean)))
    sticks = np.append(random.beta(1, random.gamma(0.25, 4), n_classes - 1), 1.0)
    weights = sticks * np.concatenate([[1], np.cumprod(1 - sticks[:-1])])
    shares = random.beta(1, 1, (n_classes, n_lists))
    classes = random.choice(n_classes, total, p=weights / weights.sum())
    listed = random.random((total, n_lists)) < shares[classes]
    table = _table(np.bincount(listed @ (1 << np.arange(n_lists)), minlength=1 << n_lists), n_lists)
    if table is None or table.n_observed <= 20:
        return None
    data = lc.ClassData.of(table.histories, table.counts, n_classes=n_classes, shape=0.25, rate=0.25)
    own = np.random.default_rng(seed)
    unseen = lc.sample_posterior(data, min_effective_size=400, max_draws=8000, random=own).unseen
    draws = (table.n_observed + unseen).ravel()
    return total, draws, nbinom.pmf(draws, shape, shape / (shape + mean)) * draws


def _log_linear_models(random: np.random.Generator, seed: int) -> Truth | None:
    """Three lists: a hierarchical model, N(0, 1) coefficients, N from 300 to 3,000 with 1/N."""
    low, high = 300, 3000
    models = all_hierarchical(3)
    model = models[random.integers(len(models))]
    coefficients = np.where(model, random.standard_normal(8), 0.0)
    coefficients[0] = 0.0
    share = np.exp(sign_design(3) @ coefficients)
    range_of_n = np.arange(low, high + 1)
    total = int(random.choice(range_of_n, p=1 / range_of_n / (1 / range_of_n).sum()))
    table = _table(random.multinomial(total, share / share.sum()), 3)
    if table is None or len(table.counts) < 4:
        return None
    try:
        draws = BayesAveragedLogLinear().fit(table, seed=seed).draws
    except NotEstimableError:
        return None
    assert draws is not None
    inside = draws[(draws >= low) & (draws <= high)]
    # nearly all the posterior outside the range leaves too few to rank among
    return None if len(inside) < 200 else (total, inside, np.ones(len(inside)))


def _all_pairs(random: np.random.Generator, seed: int) -> Truth | None:
    """Three lists, all pairs N(0, 1), intercept and main effects flat in a box."""
    intercept, main = (np.log(50.0), np.log(2000.0)), (-2.5, 0.5)
    size = sizes(3)
    model = size <= 2
    coefficients = np.where(size == 2, random.standard_normal(8), 0.0)
    coefficients[0] = random.uniform(*intercept)
    coefficients[size == 1] = random.uniform(*main, size=3)
    codes = np.arange(8)
    log_means = ((codes & ~codes[:, None]) == 0).astype(float) @ coefficients
    counts = random.poisson(np.exp(log_means))
    cells = counts.astype(np.float64)
    cells[0] = 0.0
    if (counts[size == 2] == 0).any() or (counts[size == 1] == 0).any():
        return None
    posterior = term_posterior(model, cells, 1.0, np.random.default_rng(seed))
    first, mains = posterior.coefficients[:, 0], posterior.coefficients[:, size[posterior.codes] == 1]
    inside = (first > intercept[0]) & (first < intercept[1])
    inside &= ((mains > main[0]) & (mains < main[1])).all(axis=1)
    if inside.sum() < 200:
        return None
    weights = np.exp(posterior.log_weights - posterior.log_weights.max())[inside]
    return float(coefficients[0]), first[inside], weights


def _identified(
    assumption: NoHighestOrder | PairIndependence, n_lists: int
) -> Callable[[np.random.Generator, int], Truth | None]:
    """Dirichlet cells of the listed, a stated assumption, N negative binomial."""
    mass, prior = 3.0, NegativeBinomial(500, 8)
    spec = IdentifiedBy(assumption, prior, mass, n_draws=1000)
    codes = np.arange(1, 1 << n_lists)
    on = [(codes >> k & 1).astype(bool) for k in range(n_lists)]

    def replicate(random: np.random.Generator, seed: int) -> Truth | None:
        cells = random.dirichlet(np.full(len(codes), mass))
        if isinstance(assumption, NoHighestOrder):
            odd = np.sum(on, axis=0) % 2 == 1
            odds = assumption.odds_ratio * cells[odd].prod() / cells[~odd].prod()
        else:
            both, first, second, neither = (
                cells[(on[0] == one) & (on[1] == other)].sum() for one, other in product((1, 0), repeat=2)
            )
            odds = assumption.odds_ratio * first * second / both - neither
            if odds <= 0:  # the assumption restricts the prior to the others
                return None
        total = int(random.negative_binomial(prior.shape, prior.shape / (prior.shape + prior.mean)))
        listed = random.multinomial(random.binomial(total, 1 / (1 + odds)), cells)
        table = _table(np.concatenate([[0], listed]), n_lists)
        if table is None or table.n_observed < 60:
            return None
        try:
            draws = spec.fit(table, seed=seed).draws
        except NotEstimableError:
            return None
        return total, draws, _equal(draws)

    return replicate


CASES = (
    Case(
        "DecomposableGraphs(delta=1)", "N negative binomial (mean 300, shape 4); 3 lists", _graphs, 8000, 300
    ),
    Case("LatentClass(n_classes=6)", "N negative binomial (400, 5); 4 lists", _latent_classes, 300, 120),
    Case("BayesAveragedLogLinear()", "1/N from 300 to 3,000; 3 lists", _log_linear_models, 4000, 400),
    Case("ThresholdedLogLinear(threshold=0)", "flat in a box; 3 lists, all pairs", _all_pairs, 4000, 400),
    Case(
        "IdentifiedBy(NoHighestOrder(2))",
        "N negative binomial (500, 8); 3 lists",
        _identified(NoHighestOrder(2.0), 3),
        8000,
        600,
    ),
    Case(
        "IdentifiedBy(NoHighestOrder())",
        "N negative binomial (500, 8); 2 lists",
        _identified(NoHighestOrder(), 2),
        8000,
        600,
    ),
    Case(
        "IdentifiedBy(PairIndependence(OR 3))",
        "N negative binomial (500, 8); 3 lists",
        _identified(PairIndependence(("a", "b"), 3.0), 3),
        8000,
        600,
    ),
)


def main() -> None:
    """Run every case and write the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--quick", action="store_true", help="the fewer replicates that the tests take")
    quick = options.parse_args().quick
    lines = [
        "# Simulation-based calibration",
        "",
        "Truths drawn from the prior: a right posterior holds them as often as it says, and their ranks in "
        "it are uniform. ± is one standard error of a right posterior. p is that of the chi-square of ten "
        f"bins: of {len(CASES)} rows one below {1 / len(CASES):.2f} is expected.",
        "",
        "| estimator | prior, lists | truths | 50% | 80% | 95% | ranks in ten bins | p | CPU s |",
        "|:---|:---|---:|---:|---:|---:|:---|---:|---:|",
    ]
    for case in CASES:
        start = time.process_time()
        found = ranks(case, case.n_quick if quick else case.n_replicates)
        covers = " | ".join(f"{found.cover(level):.3f} ± {found.error(level):.3f}" for level in LEVELS)
        bins = " ".join(map(str, found.histogram))
        seconds = time.process_time() - start
        lines.append(
            f"| {case.name} | {case.prior} | {len(found.values):,} | {covers} | {bins} | {found.p_value:.2f} "
            f"| {seconds:.0f} |"
        )
        print(lines[-1], flush=True)
    if not quick:
        _RESULT.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
