"""Checks of Bayesian estimates: what they predict of the listed, what the prior does, draws for ArviZ."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from detcount import arguments
from detcount._numerics.parallel import progress
from detcount._numerics.predictive import freeman_tukey_p_value, tail_probabilities
from detcount.abundance import (
    BayesAveragedLogLinear,
    DecomposableGraphs,
    Dirichlet,
    IdentifiedBy,
    ThresholdedLogLinear,
)
from detcount.abundance.cells import graph_cells, latent_class_cells
from detcount.abundance.latent_class import LatentClassDetail
from detcount.abundance.priors import PopulationPrior
from detcount.captures import CaptureTable
from detcount.definition import require_comparable
from detcount.errors import InputError, MissingExtraError, NotEstimableError
from detcount.estimates import AbundanceEstimate, Estimator
from detcount.words import Message

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "PredictedCell",
    "PredictiveCheck",
    "PriorSensitivity",
    "SensitivityRow",
    "posterior_predictive",
    "prior_sensitivity",
    "to_arviz",
]

_MOST_LISTS = 12
_LEAST_DRAWS = 100
_MOST_CELLS = 1 << 26  # drawn in all
_LEVEL = 0.95
_MISFIT = 0.05  # over all the cells together


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
class PredictiveCheck:
    """Whether a Bayesian model predicts the capture histories of the persons listed.

    Parameters
    ----------
    estimator : str
        The estimator that was fitted, as its ``repr``.
    cells : tuple of PredictedCell
        One entry for each of the 2**K - 1 histories, least expected first.
    p_value : float
        Probability that a replicated table lies farther from the model than the one observed; near 0 the
        model does not fit. It is conservative: under the model it lies nearer to 0.5 than chance alone.
    n_draws : int
        Tables replicated.
    saturated : bool
        Whether the model gives every history its own probability. Then it is only the prior mass of the
        histories that can fail to fit: in sparse tables, by persons where nobody is.
    """

    estimator: str
    cells: tuple[PredictedCell, ...]
    p_value: float
    n_draws: int
    saturated: bool

    @property
    def misfits(self) -> tuple[PredictedCell, ...]:
        """The histories that the model does not predict."""
        return tuple(cell for cell in self.cells if cell.misfit)

    def rows(self) -> list[dict[str, Any]]:
        """Give one row a capture history, least expected first."""
        return [
            {
                "history": cell.history,
                "observed": cell.observed,
                "mean": cell.mean,
                "low": cell.low,
                "high": cell.high,
                "tail_probability": cell.tail_probability,
                "misfit": cell.misfit,
            }
            for cell in self.cells
        ]

    def to_frame(self) -> pd.DataFrame:
        """Give the rows as a pandas frame."""
        import pandas as pd

        return pd.DataFrame(self.rows())

    def __str__(self) -> str:
        header = ("on", "observed", "predicted", "95%", "tail", "")
        lines = [
            (
                " + ".join(cell.on),
                f"{cell.observed:,}",
                f"{cell.mean:,.1f}",
                f"{cell.low:,.0f} to {cell.high:,.0f}",
                f"{cell.tail_probability:.3f}",
                "misfit" if cell.misfit else "",
            )
            for cell in self.cells
        ]
        return f"{_columns([header, *lines])}\n{self._verdict()}"

    def _verdict(self) -> str:
        """The check in a sentence or two."""
        told = f"posterior predictive p-value {self.p_value:.3f} (Freeman-Tukey, {self.n_draws:,} tables)"
        told = f"{told}; {len(self.misfits)} of {len(self.cells)} histories are not predicted"
        if self.saturated:
            return f"{told}; each history has its own probability, so only its prior mass is checked"
        return told

    def __repr__(self) -> str:
        return f"<PredictiveCheck of {self.estimator}: {self._verdict()}>"


def posterior_predictive(
    estimate: AbundanceEstimate,
    table: CaptureTable,
    *,
    n_draws: int = 1000,
    seed: int = 0,
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
    if not isinstance(estimate, AbundanceEstimate):
        raise TypeError(f"estimate: expected an AbundanceEstimate, got {type(estimate).__name__}")
    require_comparable("table", (estimate.definition, table.definition))
    if estimate.digest != table.digest:
        raise InputError(
            "posterior_predictive: the estimate was made from another table. Give the one it was fitted to"
        )
    n_draws = arguments.whole_number("n_draws", n_draws, least=_LEAST_DRAWS)
    if table.n_lists > _MOST_LISTS:
        raise NotEstimableError(
            "posterior_predictive",
            Message("takes at most {most} lists, got {found}", most=_MOST_LISTS, found=table.n_lists),
            Message("Merge lists that share a source (table.merge), fit again and check that."),
            advice=Message("Merge lists that share a source, fit again and check that."),
        )
    if n_draws << table.n_lists > _MOST_CELLS:
        raise InputError(
            f"n_draws: expected at most {_MOST_CELLS >> table.n_lists:,} with {table.n_lists} lists, got "
            f"{n_draws:,}. More would not fit the memory of a common machine"
        )
    seed = arguments.seed(seed)
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
                misfit=bool(tails[position] < _MISFIT / len(counts)),
            )
        )
    estimator = estimate.estimator
    return PredictiveCheck(
        estimator=repr(estimator),
        cells=tuple(found),
        p_value=freeman_tukey_p_value(counts, replicates, cells),
        n_draws=n_draws,
        saturated=isinstance(estimator, IdentifiedBy) and isinstance(estimator.observed, Dirichlet),
    )


def _listed_cells(
    estimate: AbundanceEstimate, table: CaptureTable, n_draws: int, random: np.random.Generator
) -> NDArray[np.float64]:
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


def _spread(n_kept: int, n_draws: int, random: np.random.Generator) -> NDArray[np.int64]:
    """Positions of as many draws as asked for, each of those kept about equally often."""
    rounds = -(-n_draws // n_kept)
    return np.concatenate([random.permutation(n_kept) for _ in range(rounds)])[:n_draws]


@dataclass(frozen=True)
class SensitivityRow:
    """The answer under one prior.

    Parameters
    ----------
    prior : str
        The prior of N, or the whole specification, as its ``repr``.
    point, low, high : float or None
        Estimate of N and its limits, persons; None where the estimator declines.
    declined : str or None
        Why there is no answer.
    """

    prior: str
    point: float | None
    low: float | None
    high: float | None
    declined: str | None = None


@dataclass(frozen=True, repr=False)
class PriorSensitivity:
    """One estimator under several priors, side by side.

    Parameters
    ----------
    estimator : str
        The estimator, as its ``repr``.
    rows : tuple of SensitivityRow
        One entry for each prior, in the order given.
    level : float
        Credibility of the limits.
    """

    estimator: str
    rows: tuple[SensitivityRow, ...]
    level: float

    @property
    def ratio(self) -> float | None:
        """Largest point over the smallest; None with fewer than two answers."""
        points = [row.point for row in self.rows if row.point is not None]
        return max(points) / min(points) if len(points) > 1 else None

    @property
    def sentence(self) -> str:
        """How much the prior moves the answer."""
        answers = [row for row in self.rows if row.point is not None]
        if len(answers) < 2:
            return Message(
                "{n} of {all} priors give an answer, so there is nothing to compare.",
                n=len(answers),
                all=len(self.rows),
            )
        low = min(answers, key=lambda row: row.point or 0.0)
        high = max(answers, key=lambda row: row.point or 0.0)
        told = Message(
            "Under {prior} the estimate is {low:,.0f} persons, under {other} {high:,.0f}: a factor of "
            "{factor}.",
            prior=low.prior,
            low=low.point,
            other=high.prior,
            high=high.point,
            factor=_factor(high.point, low.point),
        )
        limits = [row.high for row in answers if row.high is not None]
        if math.isfinite(max(limits)):
            upper = Message(
                "The upper limits differ by a factor of {factor}.", factor=_factor(max(limits), min(limits))
            )
        else:
            upper = Message("Not every prior gives an upper limit.")
        return Message.together([told, upper])

    def to_frame(self) -> pd.DataFrame:
        """Give one row a prior as a pandas frame."""
        import pandas as pd

        return pd.DataFrame([vars(row) for row in self.rows])

    def __str__(self) -> str:
        lines = [("prior", "low", "point", "high", "")]
        for row in self.rows:
            if row.point is None or row.low is None or row.high is None:
                lines.append((row.prior, "-", "-", "-", row.declined or ""))
            else:
                high = f"{row.high:,.0f}" if math.isfinite(row.high) else "no upper limit"
                lines.append((row.prior, f"{row.low:,.0f}", f"{row.point:,.0f}", high, ""))
        return f"{_columns(lines)}\n{self.sentence}"

    def __repr__(self) -> str:
        return f"<PriorSensitivity of {self.estimator}: {self.sentence}>"


def prior_sensitivity(
    estimator: Estimator,
    table: CaptureTable,
    priors: Sequence[PopulationPrior | Estimator],
    *,
    seed: int = 0,
    level: float = 0.95,
) -> PriorSensitivity:
    """Fit one estimator under several priors, and set the answers side by side.

    Parameters
    ----------
    estimator : Estimator
        A specification with the option `prior`, such as `DecomposableGraphs` or `IdentifiedBy`.
    table : CaptureTable
        Persons by capture history.
    priors : sequence of PopulationPrior or Estimator
        Two or more priors of N. Where another option is the prior, as the concentration of `LatentClass`,
        whole specifications of the same class.
    seed : int, optional
        Seed of every fit.
    level : float, optional
        Credibility of the limits, in (0, 1).

    Returns
    -------
    PriorSensitivity
        Point and limits of N under each prior, persons; a refusal stays beside the answers.

    Raises
    ------
    InputError
        If fewer than two priors are given, or the estimator has no prior of N.

    Examples
    --------
    >>> from detcount import abundance, datasets, prior_sensitivity
    >>> found = prior_sensitivity(
    ...     abundance.DecomposableGraphs(),
    ...     datasets.load("korea"),
    ...     [abundance.InverseN(), abundance.NegativeBinomial(mean=150, shape=10)],
    ... )
    >>> for row in found.rows:
    ...     print(row.prior, round(row.low), round(row.point), round(row.high))
    InverseN() 132 164 429
    NegativeBinomial(mean=150, shape=10) 131 155 241
    """
    if isinstance(priors, str) or not isinstance(priors, Sequence):
        raise TypeError(f"priors: expected a sequence of priors of N, got {type(priors).__name__}")
    if len(priors) < 2:
        raise InputError(f"priors: expected two or more to compare, got {len(priors)}")
    level = arguments.level(level)
    rows = []
    with progress(len(priors), "priors") as done:
        for prior in priors:
            rows.append(_answer(_with_prior(estimator, prior), prior, table, seed, level))
            done(1)
    return PriorSensitivity(repr(estimator), tuple(rows), level)


def _with_prior(estimator: Estimator, prior: PopulationPrior | Estimator) -> Estimator:
    """The estimator under another prior."""
    if isinstance(prior, Estimator):
        if type(prior) is not type(estimator):
            raise InputError(
                f"priors: expected specifications of {type(estimator).__name__}, got {type(prior).__name__}"
            )
        return prior
    options: set[str] = {field.name for field in fields(estimator)} if is_dataclass(estimator) else set()
    if "prior" not in options:
        raise InputError(
            f"estimator: {type(estimator).__name__} has no option prior. Give whole specifications instead"
        )
    if not hasattr(prior, "log_density"):
        raise TypeError(f"priors: expected priors of N such as InverseN(), got {type(prior).__name__}")
    return replace(estimator, prior=prior)  # type: ignore[type-var]


def _answer(
    estimator: Estimator, prior: object, table: CaptureTable, seed: int, level: float
) -> SensitivityRow:
    """Fit, or keep the reason why not."""
    try:
        estimate = estimator.fit(table, seed=seed)
    except (NotEstimableError, InputError) as declined:
        return SensitivityRow(repr(prior), None, None, None, str(declined))
    interval = estimate.interval(level)
    return SensitivityRow(repr(prior), estimate.point, interval.low, interval.high)


def to_arviz(estimate: AbundanceEstimate) -> Any:
    """Give the draws of N to ArviZ, for its plots and diagnostics.

    Parameters
    ----------
    estimate : AbundanceEstimate
        An estimate with draws: any Bayesian one, or one with a bootstrap.

    Returns
    -------
    xarray.DataTree
        Group ``posterior`` with the variable ``N``, persons, by chain and draw.

    Raises
    ------
    NotEstimableError
        If the estimate has no draws.
    MissingExtraError
        If the extra ``arviz`` is not installed.

    Notes
    -----
    Draws that were made one by one stand as one chain: nothing can be learned from comparing parts of it.
    """
    if not isinstance(estimate, AbundanceEstimate):
        raise TypeError(f"estimate: expected an AbundanceEstimate, got {type(estimate).__name__}")
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
    chains = estimate.draws[None, :]
    if isinstance(estimate.detail, LatentClassDetail):
        chains = estimate.detail.chains
    origin = {"estimator": repr(estimate.estimator), "seed": estimate.seed, "data_sha256": estimate.digest}
    return from_dict({"posterior": {"N": np.array(chains)}}, attrs={"/": origin})


def _factor(high: float | None, low: float | None) -> Message:
    """How many times one number is the other."""
    ratio = (high or 0.0) / (low or 1.0)
    return Message("{ratio:.2f}" if ratio < 100 else "{ratio:,.0f}", ratio=ratio)


def _columns(lines: Sequence[Sequence[str]]) -> str:
    """Lines of text in columns, the first one and the last one aligned to the left."""
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    last = len(widths) - 1
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column in (0, last) else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )
