"""Predictive check of a Bayesian estimate by the capture histories of the persons listed.

The cells of a posterior, the check and the draws for ArviZ are one thing: what it says of those listed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import numpy as np

from detcount._numerics.arrays import Floats, Ints
from detcount._numerics.decomposable import decomposable_graphs
from detcount._numerics.graph_sums import log_margins, margin_terms
from detcount._numerics.listed_cells import (
    freeman_tukey_p_value,
    graph_log_cells,
    latent_class_log_cells,
    listed_log_cells,
    perfect_order,
    tail_probabilities,
)
from detcount.abundance import (
    BayesAveragedLogLinear,
    DecomposableGraphs,
    IdentifiedBy,
    ThresholdedLogLinear,
)
from detcount.abundance.decomposable import DecomposableGraphsDetail
from detcount.abundance.guards import counts_by_code
from detcount.abundance.identification import IdentifiedByDetail
from detcount.abundance.latent_class import LatentClassDetail
from detcount.contract import arguments
from detcount.contract.specification import door
from detcount.data.captures import CaptureTable
from detcount.errors import InputError, MissingExtraError, NotEstimableError
from detcount.estimates import AbundanceEstimate
from detcount.fitting import require_its_table
from detcount.reports.printing import Column
from detcount.reports.shown import Tabular
from detcount.words import Message, Sentence


@dataclass(frozen=True)
class Tuning:
    """Posterior predictive checks.

    Parameters
    ----------
    values : int, values
        Values of N at which graphs are drawn. Convention: given N, many draws of a graph cost as much as one.
    chunk : int, draws
        Draws at a time. Convention: what memory holds.
    least_draws : int, draws
        Fewest draws of a check. Convention: one hundred.
    most_cells : int, cells
        Most cells drawn. Convention: what memory holds.
    misfit : float, probability
        Significance of a misfit, over all cells together. Convention: 5%.
    """

    values: int = 200
    chunk: int = 8
    least_draws: int = 100
    most_cells: int = 1 << 26
    misfit: float = 0.05


TUNING = Tuning()


def latent_class_cells(detail: LatentClassDetail) -> Floats:
    """Log probabilities of the observed-able cells, summing to one, a row for each draw that was kept."""
    return listed_log_cells(latent_class_log_cells(detail.list_shares, detail.class_weights))


def graph_cells(
    estimate: AbundanceEstimate, table: CaptureTable, n_draws: int, random: np.random.Generator
) -> Floats:
    """Log probabilities of the observed-able cells, summing to one: N, then a graph, then its cells."""
    estimator, detail, draws = estimate.estimator, estimate.detail, estimate.draws
    assert isinstance(estimator, DecomposableGraphs)
    assert isinstance(detail, DecomposableGraphsDetail)
    assert draws is not None
    n_lists, delta = table.n_lists, detail.delta
    pairs = list(combinations(range(n_lists), 2))
    graphs = decomposable_graphs(n_lists)
    rows, edges = graphs.rows, graphs.edges
    if not estimator.saturated:
        complete = (1 << len(pairs)) - 1
        rows, edges = rows[edges != complete], edges[edges != complete]
    n_values = min(n_draws, TUNING.values)
    unlisted = np.sort(draws - table.n_observed)
    values = random.permutation(unlisted[((np.arange(n_values) + 0.5) / n_values * len(draws)).astype(int)])
    terms = margin_terms(table.histories, table.counts, delta)
    masses = counts_by_code(table) + delta
    cells = np.empty((n_draws, 1 << n_lists))
    for start in range(0, n_values, TUNING.chunk):
        part = values[start : start + TUNING.chunk]
        scores = rows @ log_margins(terms, part)
        shares = np.cumsum(np.exp(scores - scores.max(axis=0)), axis=0)
        for column, n_unlisted in enumerate(part):
            places = np.arange(start + column, n_draws, n_values)
            share = shares[:, column]
            chosen = np.searchsorted(share, random.random(len(places)) * share[-1], side="right")
            masses[0] = n_unlisted + delta
            for place, graph in zip(places, np.minimum(chosen, len(edges) - 1), strict=True):
                joined = [pair for bit, pair in enumerate(pairs) if int(edges[graph]) >> bit & 1]
                cells[place] = graph_log_cells(perfect_order(joined, n_lists), masses, random)
    return listed_log_cells(cells)


@door
def to_arviz(estimate: AbundanceEstimate) -> Any:
    """Give the draws of N, and of parameters behind it, to ArviZ, for its plots and diagnostics.

    Parameters
    ----------
    estimate : AbundanceEstimate
        An estimate with draws: any Bayesian one, or one with a bootstrap.

    Returns
    -------
    xarray.DataTree
        Group ``posterior`` with the variable ``N``, persons, by chain and draw; of `IdentifiedBy` also
        ``log_odds`` of being on no list. Of `LatentClass` a group ``posterior_classes`` has the draws kept of
        ``class_weights`` and of ``list_shares`` by class and list, as one chain.

    Raises
    ------
    NotEstimableError
        If the estimate has no draws.
    MissingExtraError
        If the extra ``arviz`` is not installed.

    Notes
    -----
    Draws that were made one by one stand as one chain: nothing can be learned from comparing parts of it.

    Examples
    --------
    >>> import detcount as dc
    >>> counts = {"100": 40, "010": 60, "001": 35, "110": 20, "101": 12, "011": 9, "111": 6}
    >>> table = dc.CaptureTable.from_counts(counts, lists=["press", "court", "families"])
    >>> fitted = dc.abundance.DecomposableGraphs().fit(table)
    >>> data = dc.to_arviz(fitted)  # needs pip install "detcount[arviz]"  # doctest: +SKIP
    """
    if estimate.draws is None:
        raise NotEstimableError(
            "to_arviz",
            Message("the estimate by {estimator} has no draws", estimator=repr(estimate.estimator)),
            Message("Fit a Bayesian estimator such as DecomposableGraphs or LatentClass."),
            advice=Message("Fit a Bayesian estimator, such as decomposable graphs or latent classes."),
        )
    try:
        from arviz_base import from_dict
    except ImportError as error:
        raise MissingExtraError("to_arviz", "arviz") from error
    detail, groups = estimate.detail, {"posterior": {"N": np.array(estimate.draws[None, :])}}
    if isinstance(detail, IdentifiedByDetail):
        groups["posterior"]["log_odds"] = np.array(detail.log_odds[None, :])
    if isinstance(detail, LatentClassDetail):
        of_classes = {"class_weights": detail.class_weights, "list_shares": detail.list_shares}
        groups["posterior"]["N"] = np.array(detail.chains)
        groups["posterior_classes"] = {name: np.array(each[None]) for name, each in of_classes.items()}
    origin = {"estimator": repr(estimate.estimator), "seed": estimate.seed, "data_sha256": estimate.digest}
    return from_dict(groups, attrs={"/": origin})


_MOST_LISTS = 12
_LEVEL = 0.95


@dataclass(frozen=True)
class PredictedCell:
    """One capture history: the persons who have it, and how many the model predicts.

    Parameters
    ----------
    history : str
        The capture history: character k is 1 if list k names these persons.
    on : tuple of str
        The lists that name them.
    observed : int
        Persons with the history.
    mean : float
        Persons that the model predicts, on average.
    low, high : float
        Limits that hold 95% of the predictions, persons.
    tail_probability : float
        Probability, under the model, of a count at least as far out on either side.
    misfit : bool
        Whether that is below 5% divided by the number of histories.

    Examples
    --------
    >>> import detcount as dc
    >>> counts = {"100": 40, "010": 60, "001": 35, "110": 20, "101": 12, "011": 9, "111": 6}
    >>> table = dc.CaptureTable.from_counts(counts, lists=["press", "court", "families"])
    >>> fitted = dc.abundance.DecomposableGraphs().fit(table)
    >>> check = dc.posterior_predictive(fitted, table, n_draws=200)
    >>> print(check.cells[0].history, check.cells[0].observed)
    011 9
    """

    history: str
    on: tuple[str, ...]
    observed: int
    mean: float
    low: float
    high: float
    tail_probability: float
    misfit: bool


@dataclass(frozen=True, repr=False)
class PredictiveCheck(Tabular):
    """Predictive check of a Bayesian model by the capture histories of the persons listed.

    Parameters
    ----------
    estimator : str
        The estimator that was fitted, as its ``repr``.
    cells : tuple of PredictedCell
        One entry for each of the 2**K - 1 histories, least expected first.
    p_value : float
        Probability that a replicated table lies farther from the model than the one observed; near 0 the
        model does not fit. It is conservative: under the model it lies nearer to 0.5 than a uniform number
        would.
    n_draws : int
        Tables replicated.
    saturated : bool
        Whether the model gives every history its own probability. Then only what the prior adds to the
        histories can fail to fit: in sparse tables it predicts persons where there are none.

    Examples
    --------
    >>> import detcount as dc
    >>> counts = {"100": 40, "010": 60, "001": 35, "110": 20, "101": 12, "011": 9, "111": 6}
    >>> table = dc.CaptureTable.from_counts(counts, lists=["press", "court", "families"])
    >>> fitted = dc.abundance.DecomposableGraphs().fit(table)
    >>> check = dc.posterior_predictive(fitted, table, n_draws=200)
    >>> print(check.n_draws, len(check.misfits))
    200 0
    """

    _prints = ("_table", "_verdict")
    estimator: str
    cells: tuple[PredictedCell, ...]
    p_value: float
    n_draws: int
    saturated: bool

    @property
    def misfits(self) -> tuple[PredictedCell, ...]:
        """The histories that the model does not predict."""
        return tuple(cell for cell in self.cells if cell.misfit)

    _notebook = "withheld"
    _columns = (
        Column(name="history"),
        Column(value=lambda cell: " + ".join(cell.on), title=Message("on")),
        Column(name="observed", title=Message("observed"), write=","),
        Column(name="mean", title=Message("predicted"), write=",.1f"),
        Column(name="low"),
        Column(name="high"),
        Column(
            value=lambda cell: Message("{low:,.0f} to {high:,.0f}", low=cell.low, high=cell.high),
            title=Message("{share:.0%}", share=_LEVEL),
        ),
        Column(name="tail_probability", title=Message("tail"), write=".3f"),
        Column(name="misfit", title="", write=lambda misfit: Message("misfit") if misfit else "", left=True),
    )

    @property
    def _items(self) -> tuple[PredictedCell, ...]:
        return self.cells

    def headline(self) -> Message:
        """Say how many histories the model does not predict."""
        return Message(
            "{misfits} of {cells} histories are not predicted",
            misfits=len(self.misfits),
            cells=len(self.cells),
        )

    def sentence(self) -> Message:
        """Say the p-value, and how many histories are not predicted."""
        return Message.together([Sentence(self._verdict)])

    @property
    def _verdict(self) -> Message:
        """The check in a clause or two."""
        return (
            Message(
                "posterior predictive p-value {p:.3f} (Freeman-Tukey, {draws:,} tables); {misfits} of "
                "{cells} histories are not predicted; each history has its own probability, so only its "
                "prior mass is checked",
                p=self.p_value,
                draws=self.n_draws,
                misfits=len(self.misfits),
                cells=len(self.cells),
            )
            if self.saturated
            else Message(
                "posterior predictive p-value {p:.3f} (Freeman-Tukey, {draws:,} tables); {misfits} of "
                "{cells} histories are not predicted",
                p=self.p_value,
                draws=self.n_draws,
                misfits=len(self.misfits),
                cells=len(self.cells),
            )
        )

    def __repr__(self) -> str:
        return f"<PredictiveCheck of {self.estimator}: {self._verdict}>"


@door
def posterior_predictive(
    estimate: AbundanceEstimate, table: CaptureTable, *, n_draws: int = 1000, seed: int = 0
) -> PredictiveCheck:
    """Check whether a Bayesian estimate predicts the capture histories of the persons listed.

    As many persons as are listed are drawn anew from each posterior draw of the cell probabilities.

    Parameters
    ----------
    estimate : AbundanceEstimate
        An estimate by `DecomposableGraphs`, `LatentClass`, `BayesAveragedLogLinear`,
        `ThresholdedLogLinear` or `IdentifiedBy`.
    table : CaptureTable
        The table that the estimate was made from, of at most 12 lists.
    n_draws : int, optional
        Tables to replicate, at least 100.
    seed : int, optional
        Seed of the draws.

    Returns
    -------
    PredictiveCheck
        Observed and predicted persons by capture history, and an overall p-value.

    Raises
    ------
    NotEstimableError
        If the method of the estimate has no posterior of the cells, or there are more than 12 lists.
    InputError
        If the estimate was made from another table, or too few draws are asked for.

    Notes
    -----
    The distance is Freeman and Tukey's, sum of (sqrt(n_w) - sqrt(n q_w))^2 with q_w the probability of
    history w given that a person is listed. Tails of single histories are binomial, averaged over the
    draws. A model that passes may still be wrong on the unlisted: nothing here looks at them.

    References
    ----------
    .. [1] Gelman, A., Meng, X.-L. and Stern, H. (1996). Posterior predictive assessment of model fitness
       via realized discrepancies. Statistica Sinica, 6(4), 733-760.

    Examples
    --------
    >>> from detcount import abundance, datasets, posterior_predictive
    >>> table = datasets.load("korea")
    >>> check = posterior_predictive(abundance.DecomposableGraphs().fit(table), table)
    >>> len(check.cells), check.misfits
    (7, ())
    """
    require_its_table("posterior_predictive", estimate, table)
    n_draws = arguments.whole_number("n_draws", n_draws, least=TUNING.least_draws)
    if table.n_lists > _MOST_LISTS:
        raise NotEstimableError(
            "posterior_predictive",
            Message("takes at most {most} lists, got {found}", most=_MOST_LISTS, found=table.n_lists),
            Message("Merge lists that share a source (table.merge), fit again and check that."),
            advice=Message("Merge lists that share a source, fit again and check that."),
        )
    if n_draws << table.n_lists > TUNING.most_cells:
        raise InputError(
            Message(
                "n_draws: expected at most {most:,} with {n_lists} lists, got {n_draws:,}. More would not "
                "fit the memory of a common machine",
                most=TUNING.most_cells >> table.n_lists,
                n_lists=table.n_lists,
                n_draws=n_draws,
            )
        )
    random = np.random.default_rng(seed)
    cells = np.exp(_listed_cells(estimate, table, n_draws, random))
    cells /= cells.sum(axis=1, keepdims=True)
    counts = table.dense()
    replicates = random.multinomial(table.n_observed, cells)
    tails = tail_probabilities(counts, cells)
    edge = (1 - _LEVEL) / 2
    low, high = np.quantile(replicates, [edge, 1 - edge], axis=0, method="inverted_cdf")
    mean = table.n_observed * cells.mean(axis=0)
    found = []
    for position in np.argsort(tails, kind="stable").tolist():
        marks = [position + 1 >> k & 1 for k in range(table.n_lists)]
        found.append(
            PredictedCell(
                history="".join(map(str, marks)),
                on=tuple(name for name, mark in zip(table.lists, marks, strict=True) if mark),
                observed=int(counts[position]),
                mean=float(mean[position]),
                low=float(low[position]),
                high=float(high[position]),
                tail_probability=float(tails[position]),
                misfit=bool(tails[position] < TUNING.misfit / len(counts)),
            )
        )
    estimator = estimate.estimator
    return PredictiveCheck(
        estimator=repr(estimator),
        cells=tuple(found),
        p_value=freeman_tukey_p_value(counts, replicates, cells),
        n_draws=n_draws,
        saturated=isinstance(estimator, IdentifiedBy),
    )


def _listed_cells(
    estimate: AbundanceEstimate, table: CaptureTable, n_draws: int, random: np.random.Generator
) -> Floats:
    """Posterior draws of the log probabilities of the histories, given that a person is listed."""
    estimator = estimate.estimator
    if isinstance(estimator, DecomposableGraphs):
        return graph_cells(estimate, table, n_draws, random)
    if isinstance(estimator, (BayesAveragedLogLinear, ThresholdedLogLinear)):
        return estimator.listed_cells(table, n_draws, seed=estimate.seed)
    if isinstance(estimate.detail, LatentClassDetail):
        kept = latent_class_cells(estimate.detail)
        return kept[_spread(len(kept), n_draws, random)]
    if isinstance(estimator, IdentifiedBy):
        drawn = replace(estimator, n_draws=max(n_draws, 1000)).posterior(
            table, seed=estimate.seed, keep_cells=True
        )
        assert drawn.log_cells is not None
        return drawn.log_cells[:n_draws]
    raise NotEstimableError(
        "posterior_predictive",
        Message("{estimator} has no posterior of the capture histories", estimator=repr(estimator)),
        Message(
            "Use diagnose.residuals for log-linear models, or fit a Bayesian one: BayesAveragedLogLinear."
        ),
        advice=Message("Look at the residuals of log-linear models, or fit a Bayesian one."),
    )


def _spread(n_kept: int, n_draws: int, random: np.random.Generator) -> Ints:
    """Positions of as many draws as asked for, each of those kept about equally often."""
    rounds = -(-n_draws // n_kept)
    return np.concatenate([random.permutation(n_kept) for _ in range(rounds)])[:n_draws]
