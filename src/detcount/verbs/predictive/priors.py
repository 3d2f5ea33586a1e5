"""One estimator under several priors, side by side."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields, is_dataclass, replace

from detcount._numerics.parallel import progress
from detcount.abundance.priors import PopulationPrior
from detcount.contract.specification import door
from detcount.data.captures import CaptureTable
from detcount.errors import InputError, InputTypeError, NotEstimableError
from detcount.estimates import Estimator
from detcount.estimates.interval import persons
from detcount.reports.printing import Column
from detcount.reports.shown import Result
from detcount.words import Message


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

    Examples
    --------
    >>> import detcount as dc
    >>> counts = {"100": 40, "010": 60, "001": 35, "110": 20, "101": 12, "011": 9, "111": 6}
    >>> table = dc.CaptureTable.from_counts(counts, lists=["press", "court", "families"])
    >>> priors = [dc.abundance.InverseN(), dc.abundance.UniformN(most_unobserved=900)]
    >>> found = dc.prior_sensitivity(dc.abundance.DecomposableGraphs(), table, priors)
    >>> print(found.rows[0].prior)
    InverseN()
    """

    prior: str
    point: float | None
    low: float | None
    high: float | None
    declined: str | None = None


@dataclass(frozen=True, repr=False)
class PriorSensitivity(Result):
    """One estimator under several priors, side by side.

    Parameters
    ----------
    estimator : str
        The estimator, as its ``repr``.
    rows : tuple of SensitivityRow
        One entry for each prior, in the order given.
    level : float
        Credibility of the limits.

    Examples
    --------
    >>> import detcount as dc
    >>> counts = {"100": 40, "010": 60, "001": 35, "110": 20, "101": 12, "011": 9, "111": 6}
    >>> table = dc.CaptureTable.from_counts(counts, lists=["press", "court", "families"])
    >>> priors = [dc.abundance.InverseN(), dc.abundance.UniformN(most_unobserved=900)]
    >>> found = dc.prior_sensitivity(dc.abundance.DecomposableGraphs(), table, priors)
    >>> print(found.headline())
    2 priors: the largest estimate is 1.01 times the smallest
    """

    _prints = ("_table", "sentence")
    estimator: str
    rows: tuple[SensitivityRow, ...]
    level: float

    @property
    def ratio(self) -> float | None:
        """Largest point over the smallest; None with fewer than two answers."""
        points = [row.point for row in self.rows if row.point is not None]
        return max(points) / min(points) if len(points) > 1 else None

    _columns = (
        Column(name="prior", title=Message("prior")),
        Column(name="point"),
        Column(name="low", title=Message("low"), write=persons, missing="-"),
        Column(value="point", title=Message("point"), write=persons, missing="-"),
        Column(name="high", title=Message("high"), write=persons, missing="-"),
        Column(name="declined", title="", missing="", if_any=True),
    )

    @property
    def _items(self) -> tuple[SensitivityRow, ...]:
        return self.rows

    def headline(self) -> Message:
        """Say how far the answers lie apart, in one line."""
        if self.ratio is None:
            return Message(
                "{n} of {all} priors give an answer",
                n=sum(row.point is not None for row in self.rows),
                all=len(self.rows),
            )
        return Message(
            "{n} priors: the largest estimate is {ratio:.2f} times the smallest",
            n=len(self.rows),
            ratio=self.ratio,
        )

    def sentence(self) -> Message:
        """Write how much the prior moves the answer."""
        answers = [row for row in self.rows if row.point is not None]
        if len(answers) < 2:
            return Message(
                "{n} of {all} priors give an answer, so there is nothing to compare.",
                n=len(answers),
                all=len(self.rows),
            )
        low = min(answers, key=lambda row: row.point or 0.0)
        high = max(answers, key=lambda row: row.point or 0.0)
        noted = Message(
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
        return Message.together([noted, upper])

    def __repr__(self) -> str:
        return f"<PriorSensitivity of {self.estimator}: {self.sentence()}>"


@door
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
    NegativeBinomial(mean=150.0, shape=10.0) 131 155 241
    """
    if len(priors) < 2:
        raise InputError(Message("priors: expected two or more to compare, got {n}", n=len(priors)))
    rows = []
    with progress(len(priors), Message("priors")) as done:
        for prior in priors:
            rows.append(_answer(_with_prior(estimator, prior), prior, table, seed, level))
            done(1)
    return PriorSensitivity(repr(estimator), tuple(rows), level)


def _with_prior(estimator: Estimator, prior: PopulationPrior | Estimator) -> Estimator:
    """The estimator under another prior."""
    if isinstance(prior, Estimator):
        if type(prior) is not type(estimator):
            raise InputError(
                Message(
                    "priors: expected specifications of {wanted}, got {kind}",
                    wanted=type(estimator).__name__,
                    kind=type(prior).__name__,
                )
            )
        return prior
    options: set[str] = {field.name for field in fields(estimator)} if is_dataclass(estimator) else set()
    if "prior" not in options:
        raise InputError(
            Message(
                "estimator: {kind} has no option prior. Give whole specifications instead",
                kind=type(estimator).__name__,
            )
        )
    if not hasattr(prior, "log_density"):
        raise InputTypeError(
            Message("priors: expected priors of N such as InverseN(), got {kind}", kind=type(prior).__name__)
        )
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


def _factor(high: float | None, low: float | None) -> Message:
    """Write how many times one number is the other."""
    ratio = (high or 0.0) / (low or 1.0)
    return Message("{ratio:.2f}" if ratio < 100 else "{ratio:,.0f}", ratio=ratio)
