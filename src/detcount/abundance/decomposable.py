"""Bayesian averaging over every decomposable graph of dependence between the lists."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import combinations, compress
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from detcount._numerics.arrays import Floats, LazyField, LazyValue
from detcount._numerics.graph_sums import GraphPosteriors, GraphSums, MarginTerms, log_margins, margin_terms
from detcount._numerics.lattice import LatticeDensity, lattice_density
from detcount._numerics.monte_carlo import N_DRAWS
from detcount._numerics.roots import prominent_peaks
from detcount.abundance.guards import (
    ASSUMED_BY_ALL,
    answer_to,
    note_on_modes,
    notes_on_few,
    require_anybody_shared,
    require_names_on_every_list,
    require_number_of_lists,
)
from detcount.abundance.priors import InverseN, PopulationPrior
from detcount.assumptions import Assumption
from detcount.contract import arguments, references
from detcount.contract.citation import Reference
from detcount.contract.specification import specification
from detcount.data.captures import CaptureTable
from detcount.errors import NotEstimableError
from detcount.estimates import AbundanceEstimate
from detcount.reports.printing import frame_of
from detcount.words import Message

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Tuning:
    """Numbers of the posterior of decomposable graphs.

    Parameters
    ----------
    tail : float, probability
        Tail of the posterior that is left out. Computational (`test_numbers`).
    least_mode : float, share of the highest
        Lowest peak that a note reports. Convention: one twentieth.
    reach : int, times the listed
        Reach of the search for modes. Convention: every graph's mode of interest lies below.
    """

    tail: float = 1e-6
    least_mode: float = 1 / 20
    reach: int = 100


TUNING = Tuning()


_SHOWN_GRAPHS = 100


@dataclass(frozen=True)
class GraphPosterior:
    """One graph of dependence, after seeing the data.

    Parameters
    ----------
    edges : tuple of tuple of str
        Pairs of lists that depend on each other given the rest.
    probability : float
        Posterior probability of the graph.
    mean : float
        Posterior mean of N under the graph, persons.
    """

    edges: tuple[tuple[str, str], ...]
    probability: float
    mean: float


@dataclass(frozen=True, eq=False, kw_only=True)
class DecomposableGraphsDetail:
    """Details of an estimate by `DecomposableGraphs`.

    Parameters
    ----------
    graphs : tuple of GraphPosterior
        The most probable graphs, at most 100, in order.
    n_graphs : int
        Graphs averaged over.
    edge_probabilities : dict of tuple of str to float
        Posterior probability that two lists are joined.
    mean, standard_deviation : float
        Moments of the posterior of N, persons.
    modes : tuple of float
        Modes of the posterior of N that stand out, persons.
    tail_share : float
        Posterior share estimated to lie beyond the numbers added up.
    delta : float
        Prior mass of each cell of the full table.
    """

    graphs: LazyField[tuple[GraphPosterior, ...]] = LazyField()
    n_graphs: int
    edge_probabilities: LazyField[dict[tuple[str, str], float]] = LazyField()
    mean: float
    standard_deviation: float
    modes: tuple[float, ...]
    tail_share: float
    delta: float

    def to_frame(self) -> pd.DataFrame:
        """Give the graphs as a pandas frame, a row each."""
        edges = ["; ".join(f"{a}-{b}" for a, b in graph.edges) or "none" for graph in self.graphs]
        return frame_of(
            {"edges": words, "probability": graph.probability, "mean": graph.mean}
            for words, graph in zip(edges, self.graphs, strict=True)
        )


@dataclass(frozen=True, eq=False)
class _PosteriorRule:
    """Equal-tailed limits of the exact posterior."""

    density: LatticeDensity
    n_observed: int
    method: ClassVar[str] = "posterior"

    def bounds(self, level: float) -> tuple[float, float]:
        tail = (1 - level) / 2
        low, high = self.places(np.array([tail, 1 - tail]))
        return float(low), float(high)

    def places(self, probabilities: Floats) -> Floats:
        """Quantiles of the number of persons."""
        return np.asarray(self.n_observed + self.density.quantiles(probabilities))

    def sample(self, size: int, random: np.random.Generator) -> Floats:
        """Numbers of persons drawn at random."""
        return self.places(random.random(size))


@specification
class DecomposableGraphs:
    """Abundance averaged over every decomposable graph of dependence between 3 to 7 lists.

    The estimand is N, the persons in a closed population of whom each list names some. Each graph says
    which lists depend on each other given the rest; its marginal likelihood is exact, and so is the
    posterior of N: there is no simulation and no grid to choose. Prefer it to one selected model when
    several models fit about as well and disagree.

    Parameters
    ----------
    delta : float, optional
        Prior persons in each cell of the full table, above zero; None takes 2**-K, one in all.
    saturated : bool, optional
        Whether the graph that joins every pair takes part. Under it the data say nothing on the unlisted,
        so the prior decides; it is left out unless asked for.
    prior : PopulationPrior, optional
        Prior of N: `InverseN`, `UniformN`, `NegativeBinomial` or `ElicitedLogNormal`.

    See Also
    --------
    SelectedLogLinear : One model, selected by an information criterion.

    Notes
    -----
    All graphs are equally likely before the data. Within a graph the cell probabilities are
    hyper-Dirichlet with mass delta 2**(K - k) in each cell of a margin of k lists. The point is the posterior
    median, the interval equal-tailed.

    References
    ----------
    .. [1] Madigan, D. and York, J. C. (1997). Bayesian methods for estimation of the size of a closed
       population. Biometrika, 84(1), 19-31. https://doi.org/10.1093/biomet/84.1.19
    .. [2] Dawid, A. P. and Lauritzen, S. L. (1993). Hyper Markov laws in the statistical analysis of
       decomposable graphical models. Annals of Statistics, 21(3), 1272-1317.
       https://doi.org/10.1214/aos/1176349260

    Examples
    --------
    >>> from detcount import abundance, datasets
    >>> estimate = abundance.DecomposableGraphs().fit(datasets.load("korea"))
    >>> print(estimate)
    164 persons (132 to 429, 95% posterior); 123 listed
    """

    delta: Annotated[float | None, partial(arguments.positive, remedy=Message("None is 2**-K"))] = None
    saturated: bool = False
    prior: PopulationPrior = InverseN()

    assumes: ClassVar[tuple[Assumption, ...]] = (
        *ASSUMED_BY_ALL,
        Assumption.SELECTED_DEPENDENCE,
        Assumption.HOMOGENEOUS_PERSONS,
    )
    references: ClassVar[tuple[Reference, ...]] = (
        references.MADIGAN_YORK_1997,
        references.DAWID_LAURITZEN_1993,
    )

    def fit(self, table: CaptureTable, *, seed: int = 0) -> AbundanceEstimate:
        """Estimate N, persons, from a table of 3 to 7 lists."""
        require_number_of_lists("DecomposableGraphs", table, least=3, most=7)
        require_names_on_every_list("DecomposableGraphs", table)
        require_anybody_shared("DecomposableGraphs", table)
        n_repeated = int(table.capture_frequencies[1:].sum())
        self.prior.check(table.n_observed)
        delta = 2.0**-table.n_lists if self.delta is None else float(self.delta)
        terms = margin_terms(table.histories, table.counts, delta)

        def common(x: Floats) -> Floats:
            total = table.n_observed + x
            return np.asarray(gammaln(total + 1) - gammaln(x + 1) + self.prior.log_density(total))

        sums = GraphSums(table.n_lists, saturated=self.saturated)
        density = lattice_density(
            lambda x: sums.log_means(log_margins(terms, x), common(x)),
            first=self.prior.least_unobserved,
            reach=TUNING.reach * table.n_observed,
            last=self.prior.most_unobserved,
            ratio=_first_ratio(table),
            tail_tolerance=TUNING.tail,
        )
        if density.tail > 0.5:
            raise NotEstimableError(
                "DecomposableGraphs",
                Message("the posterior of N has no upper bound: the lists overlap too little"),
                Message(
                    "State what is known of N with NegativeBinomial or ElicitedLogNormal, or merge lists."
                ),
                advice=Message("State what is known of the total beforehand, or merge lists."),
            )
        graphs = _graph_posteriors(sums, terms, density, common)
        rule = _PosteriorRule(density, table.n_observed)
        detail = _detail(table, sums.n_graphs, graphs, density, delta)
        return answer_to(self, table)(
            point=float(rule.places(np.array([0.5]))[0]),
            interval_rule=rule,
            seed=seed,
            standard_error=detail.standard_deviation,
            notes=_notes(detail, self.saturated, n_repeated),
            detail=detail,
            draws=LazyValue(_drawn, rule, seed),
        )


def _drawn(rule: _PosteriorRule, seed: int) -> Floats:
    """Numbers of persons drawn from the posterior."""
    probabilities, order = _uniform(seed)
    draws = np.empty(N_DRAWS)
    draws[order] = rule.places(probabilities)
    return draws


@lru_cache(maxsize=8)
def _uniform(seed: int) -> tuple[Floats, NDArray[np.intp]]:
    """Uniform draws, rising, and the place of each: quantiles are read several times as fast in order."""
    drawn = np.random.default_rng(seed).random(N_DRAWS)
    order = np.argsort(drawn)
    return drawn[order], order


def _first_ratio(table: CaptureTable) -> float:
    """Width of the first panels, narrow enough that no graph's mode lies between two readings."""
    repeated = int(table.counts[table.histories.sum(axis=1) > 1].sum())
    relative_spread = 1 / np.sqrt(max(repeated, 1))
    return float(np.clip(1 + 16 * relative_spread, 1.1, 2.0))


def _graph_posteriors(
    sums: GraphSums, terms: MarginTerms, density: LatticeDensity, common: Callable[[Floats], Floats]
) -> GraphPosteriors:
    """Probabilities of graphs and edges, and the mean number of unlisted persons under each graph."""
    carrying = density.masses > TUNING.tail**2
    nodes, weights = density.nodes[carrying], density.weights[carrying]
    log_weights = np.log(weights) + common(nodes) - density.log_total - np.log(sums.n_graphs)
    return sums.posteriors(log_margins(terms, nodes), log_weights, nodes, n_shown=_SHOWN_GRAPHS)


def _detail(
    table: CaptureTable, n_graphs: int, found: GraphPosteriors, density: LatticeDensity, delta: float
) -> DecomposableGraphsDetail:
    """Compute weights of graphs and edges, moments and modes."""
    mean = density.expectation(density.nodes)
    spread = density.expectation((density.nodes - mean) ** 2)
    return DecomposableGraphsDetail(
        graphs=LazyValue(_graphs, table.lists, table.n_observed, found),
        n_graphs=n_graphs,
        edge_probabilities=LazyValue(_edge_probabilities, table.lists, found),
        mean=table.n_observed + mean,
        standard_deviation=float(np.sqrt(max(spread, 0.0))),
        modes=tuple(table.n_observed + mode for mode in _modes(density)),
        tail_share=density.tail,
        delta=delta,
    )


def _edge_probabilities(lists: tuple[str, ...], found: GraphPosteriors) -> dict[tuple[str, str], float]:
    """Posterior probability that each pair is joined."""
    return dict(zip(combinations(lists, 2), found.edge_probabilities.tolist(), strict=True))


def _graphs(lists: tuple[str, ...], n_observed: int, found: GraphPosteriors) -> tuple[GraphPosterior, ...]:
    """Graphs in order of their probability."""
    pairs = [*combinations(lists, 2)]
    return tuple(
        GraphPosterior(tuple(compress(pairs, _marks(edges, len(pairs)))), probability, n_observed + mean)
        for edges, probability, mean in zip(
            found.edges.tolist(), found.probabilities.tolist(), found.means.tolist(), strict=True
        )
        if probability > 0
    )


@lru_cache(maxsize=4096)
def _marks(edges: int, n_pairs: int) -> tuple[int, ...]:
    """Check whether each pair is joined."""
    return tuple(edges >> bit & 1 for bit in range(n_pairs))


def _modes(density: LatticeDensity) -> list[float]:
    """Modes of log n_0 that stand out."""
    x = density.nodes[density.weights > 0]
    order = np.argsort(x)
    x = x[order]
    height = density.log_density[density.weights > 0][order] + np.log(x + 1)
    return [float(x[k]) for k in prominent_peaks(height, least=TUNING.least_mode)]


def _notes(detail: DecomposableGraphsDetail, saturated: bool, n_repeated: int) -> tuple[str, ...]:
    """Write the notes for a reader."""
    notes: list[str] = []
    notes += notes_on_few(n_repeated)
    if len(detail.modes) > 1:
        notes.append(note_on_modes(detail.modes))
    if detail.tail_share > TUNING.tail:
        notes.append(
            Message(
                "About {share:.1e} of the posterior lies beyond the largest number added up.",
                share=detail.tail_share,
            )
        )
    if saturated:
        notes.append(
            Message("The saturated graph takes part: under it the prior alone decides on the unlisted.")
        )
    return tuple(notes)
