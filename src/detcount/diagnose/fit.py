"""Residuals of a fitted model, history by history."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detcount._numerics import diagnostics
from detcount.contract.specification import door
from detcount.data.capture_rows import MAX_DENSE_LISTS
from detcount.data.captures import CaptureTable
from detcount.errors import InputError, NotEstimableError
from detcount.estimates import AbundanceEstimate
from detcount.fitting import require_its_table
from detcount.reports.printing import Column
from detcount.reports.shown import Tabular
from detcount.words import Message


@dataclass(frozen=True)
class Tuning:
    """Thresholds of residuals.

    Parameters
    ----------
    small : float, persons
        Fitted count below which a Pearson residual is far from normal. Convention: five.
    """

    small: float = 5.0


TUNING = Tuning()


@dataclass(frozen=True)
class CellResidual:
    """Distance of one capture history from the expectation of a model.

    Parameters
    ----------
    history : str
        The capture history: character k is 1 if list k names these persons.
    on : tuple of str
        The lists that name them.
    observed : int
        Persons with the history.
    fitted : float
        Persons that the model expects.
    pearson : float
        (observed - fitted) / sqrt(fitted); infinite if the model excludes what was observed.
    deviance : float
        Signed root of the share of this history in the deviance.
    freeman_tukey : float
        sqrt(observed) + sqrt(observed + 1) - sqrt(4 fitted + 1), nearest to normal in small cells.

    Examples
    --------
    >>> import detcount as dc
    >>> counts = {"100": 40, "010": 60, "001": 35, "110": 20, "101": 12, "011": 9, "111": 6}
    >>> table = dc.CaptureTable.from_counts(counts, lists=["press", "court", "families"])
    >>> residuals = dc.diagnose.residuals(dc.abundance.LogLinear().fit(table), table)
    >>> cell = residuals.cells[0]
    >>> print(cell.history, cell.observed, round(cell.fitted, 1))
    011 9 14.1
    """

    history: str
    on: tuple[str, ...]
    observed: int
    fitted: float
    pearson: float
    deviance: float
    freeman_tukey: float

    @property
    def sparse(self) -> bool:
        """True if fewer than 5 persons are expected, so that the Pearson residual misleads."""
        return self.fitted < TUNING.small


@dataclass(frozen=True, repr=False)
class Residuals(Tabular):
    """Distance of every capture history from the expectation of a fitted model.

    Parameters
    ----------
    estimator : str
        The estimator that was fitted, as its ``repr``.
    cells : tuple of CellResidual
        One entry for each of the 2**K - 1 histories, farthest first by deviance residual.
    chi_squared : float
        Sum of squared Pearson residuals.
    deviance : float
        Sum of squared deviance residuals.

    Examples
    --------
    >>> import detcount as dc
    >>> counts = {"100": 40, "010": 60, "001": 35, "110": 20, "101": 12, "011": 9, "111": 6}
    >>> table = dc.CaptureTable.from_counts(counts, lists=["press", "court", "families"])
    >>> print(dc.diagnose.residuals(dc.abundance.LogLinear().fit(table), table).headline())
    deviance 3.299 over 7 histories
    """

    _prints = ("_table", "notes")
    estimator: str
    cells: tuple[CellResidual, ...]
    chi_squared: float
    deviance: float

    _notebook = "withheld"
    _columns = (
        Column(name="history"),
        Column(value=lambda cell: " + ".join(cell.on), title=Message("on")),
        Column(name="observed", title=Message("observed"), write=","),
        Column(name="fitted", title=Message("fitted"), write=",.1f"),
        Column(name="pearson", title="Pearson", write="+.1f"),
        Column(name="deviance", title=Message("deviance"), write="+.1f"),
        Column(name="freeman_tukey", title="Freeman-Tukey", write="+.1f"),
        Column(name="sparse", title="", write=lambda few: Message("sparse") if few else "", if_any=True),
    )

    @property
    def _items(self) -> tuple[CellResidual, ...]:
        return self.cells

    def headline(self) -> Message:
        """Give the deviance in one line."""
        return Message(
            "deviance {deviance:.4g} over {n} histories", deviance=self.deviance, n=len(self.cells)
        )

    def sentence(self) -> Message:
        """Say which history is farthest from what the model expects."""
        far = self.cells[0]
        return Message(
            "Of {n} histories, the persons on {lists!r} and no other list are farthest from what the model "
            "expects: {fitted:,.1f} are expected and {observed:,} are there.",
            n=len(self.cells),
            lists=far.on,
            fitted=far.fitted,
            observed=far.observed,
        )

    @property
    def notes(self) -> tuple[Message, ...]:
        """Notes below the table."""
        if not any(cell.sparse for cell in self.cells):
            return ()
        return (Message("sparse: fewer than 5 persons expected; read the Freeman-Tukey residual"),)

    def __repr__(self) -> str:
        return (
            f"<Residuals of {self.estimator}: deviance {self.deviance:.4g} over {len(self.cells)} histories>"
        )


@door
def residuals(estimate: AbundanceEstimate, table: CaptureTable) -> Residuals:
    """Say how far each capture history is from what a fitted model expects.

    A model can fit every observed history and still be wrong about the persons on no list.

    Parameters
    ----------
    estimate : AbundanceEstimate
        An estimate whose detail holds ``fitted``, the persons expected with each history.
    table : CaptureTable
        The table that the estimate was made from, of at most 16 lists.

    Returns
    -------
    Residuals
        Pearson, deviance and Freeman-Tukey residuals by capture history, farthest first.

    Raises
    ------
    NotEstimableError
        If the method of the estimate expects no persons by history.
    InputError
        If the estimate was made from another table.

    Notes
    -----
    Histories that nobody has are among the cells. Where a term of the model is minus infinity it expects
    nobody with some histories, and these fit exactly.

    References
    ----------
    .. [1] Bishop, Y. M. M., Fienberg, S. E. and Holland, P. W. (1975). Discrete multivariate analysis:
       theory and practice. MIT Press, Cambridge.

    Examples
    --------
    >>> from detcount import CaptureTable, abundance, diagnose
    >>> table = CaptureTable.from_counts(
    ...     {"100": 60, "010": 50, "110": 34, "001": 45, "101": 12, "011": 9, "111": 14},
    ...     lists=["press", "court", "families"],
    ... )
    >>> found = diagnose.residuals(abundance.LogLinear().fit(table), table)
    >>> found.cells[0].on, round(found.cells[0].pearson, 1)
    (('court', 'families'), -1.8)
    """
    fitted = getattr(estimate.detail, "fitted", None)
    if fitted is None:
        expects = repr(estimate.estimator)
        raise NotEstimableError(
            "residuals",
            Message("{estimator} expects no numbers of persons by capture history", estimator=expects),
            Message("Fit a model that does, such as LogLinear."),
            advice=Message("Fit a model that does, such as a log-linear one."),
        )
    require_its_table("residuals", estimate, table)
    if table.n_lists > MAX_DENSE_LISTS:
        raise InputError(
            Message(
                "residuals: expected at most {most} lists, got {n_lists}",
                most=MAX_DENSE_LISTS,
                n_lists=table.n_lists,
            )
        )
    observed = table.dense().astype(np.float64)
    expected = np.asarray(fitted, dtype=np.float64)[-len(observed) :]
    pearson = diagnostics.pearson_residuals(observed, expected)
    deviance = diagnostics.deviance_residuals(observed, expected)
    freeman_tukey = diagnostics.freeman_tukey_residuals(observed, expected)
    cells = []
    for position in np.argsort(-np.abs(deviance), kind="stable").tolist():
        marks = [position + 1 >> k & 1 for k in range(table.n_lists)]
        cells.append(
            CellResidual(
                history="".join(map(str, marks)),
                on=tuple(name for name, mark in zip(table.lists, marks, strict=True) if mark),
                observed=int(observed[position]),
                fitted=float(expected[position]),
                pearson=float(pearson[position]),
                deviance=float(deviance[position]),
                freeman_tukey=float(freeman_tukey[position]),
            )
        )
    return Residuals(
        estimator=repr(estimate.estimator),
        cells=tuple(cells),
        chi_squared=float((pearson**2).sum()),
        deviance=float((deviance**2).sum()),
    )
