"""What the listed persons show before any model, and what a fitted model leaves unexplained.

Text, frames and fields hold every count and are for the analyst. To hide single small counts would protect
nobody, as they follow from the others; what may be printed for the public is a matter of reports
(`Assessment.to_markdown`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from detcount import arguments
from detcount._numerics import diagnostics
from detcount.capture_rows import MAX_DENSE_LISTS
from detcount.captures import CaptureTable
from detcount.definition import require_comparable
from detcount.errors import InputError, NotEstimableError
from detcount.estimates import AbundanceEstimate
from detcount.words import Message

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "CellResidual",
    "ListPair",
    "ListSize",
    "ListSummary",
    "OverlapTable",
    "PairOddsRatio",
    "PairwiseOddsRatios",
    "Residuals",
    "SampleCoverageSummary",
    "list_summary",
    "overlap_table",
    "pairwise_odds_ratios",
    "residuals",
    "sample_coverage",
]

_PRIVATE = "Every count is shown: for those who may see the lists, not for print."
_COPIED = "everybody on {inner!r} is on {outer!r}: it may be copied from it"
_LEAST_COVERAGE = 0.55  # Chao et al. (2001) estimate abundance from coverage only above it
_SMALL_FITTED = 5.0  # below it a Pearson residual is far from normal


@dataclass(frozen=True)
class ListSize:
    """How many persons one list names.

    Parameters
    ----------
    name : str
        Name of the list.
    size : int
        Persons on the list.
    exclusive : int
        Persons on the list and on no other.
    """

    name: str
    size: int
    exclusive: int

    @property
    def shared(self) -> int:
        """Persons on the list and on some other."""
        return self.size - self.exclusive

    @property
    def shared_share(self) -> float | None:
        """Share of the list that is on some other; None for a list that names nobody."""
        return self.shared / self.size if self.size else None


@dataclass(frozen=True, repr=False)
class ListSummary:
    """Sizes of the lists, and how much of each is found nowhere else.

    Parameters
    ----------
    lists : tuple of ListSize
        One entry a list, in the order of the table.
    n_observed : int
        Persons on at least one list.
    """

    lists: tuple[ListSize, ...]
    n_observed: int

    def rows(self) -> list[dict[str, Any]]:
        """Give one row a list."""
        return [
            {
                "list": entry.name,
                "size": entry.size,
                "exclusive": entry.exclusive,
                "shared": entry.shared,
                "shared_share": entry.shared_share,
            }
            for entry in self.lists
        ]

    def to_frame(self) -> pd.DataFrame:
        """Give the rows as a pandas frame."""
        return _frame(self.rows(), ["list", "size", "exclusive", "shared", "shared_share"])

    def __str__(self) -> str:
        lines = []
        for entry in self.lists:
            share = "-" if entry.shared_share is None else f"{100 * entry.shared_share:.0f}%"
            counts = (entry.size, entry.exclusive, entry.shared)
            lines.append((entry.name, *(f"{count:,}" for count in counts), share))
        header = ("list", "persons", "on no other list", "on another list", "share on another list")
        return _text(header, lines)

    def __repr__(self) -> str:
        return f"<ListSummary: {len(self.lists)} lists, {self.n_observed:,} persons>"


@dataclass(frozen=True)
class ListPair:
    """How two lists overlap.

    Parameters
    ----------
    first, second : str
        Names of the lists.
    n_first, n_second : int
        Persons on each of them.
    shared : int
        Persons on both.
    """

    first: str
    second: str
    n_first: int
    n_second: int
    shared: int

    @property
    def first_only(self) -> int:
        """Persons on the first and not on the second."""
        return self.n_first - self.shared

    @property
    def second_only(self) -> int:
        """Persons on the second and not on the first."""
        return self.n_second - self.shared

    @property
    def share_of_first(self) -> float | None:
        """Share of the first list that is on the second; None for a list that names nobody."""
        return self.shared / self.n_first if self.n_first else None

    @property
    def share_of_second(self) -> float | None:
        """Share of the second list that is on the first; None for a list that names nobody."""
        return self.shared / self.n_second if self.n_second else None


@dataclass(frozen=True, repr=False)
class OverlapTable:
    """How every pair of lists overlaps, whoever else is named on other lists.

    Parameters
    ----------
    pairs : tuple of ListPair
        One entry a pair, in the order of the table.
    n_observed : int
        Persons on at least one list.
    """

    pairs: tuple[ListPair, ...]
    n_observed: int

    @property
    def notes(self) -> tuple[str, ...]:
        """Pairs that share nobody, and lists that stand wholly within another."""
        told = []
        for pair in self.pairs:
            if not pair.n_first or not pair.n_second:
                continue
            if pair.shared == 0:
                told.append(Message("{lists!r} share nobody", lists=(pair.first, pair.second)))
            elif pair.first_only == 0 and pair.second_only == 0:
                told.append(
                    Message(
                        "{lists!r} name the same persons: one may copy the other",
                        lists=(pair.first, pair.second),
                    )
                )
            elif pair.first_only == 0:
                told.append(Message(_COPIED, inner=pair.first, outer=pair.second))
            elif pair.second_only == 0:
                told.append(Message(_COPIED, inner=pair.second, outer=pair.first))
        return tuple(told)

    def rows(self) -> list[dict[str, Any]]:
        """Give one row a pair."""
        return [
            {
                "first": pair.first,
                "second": pair.second,
                "n_first": pair.n_first,
                "n_second": pair.n_second,
                "shared": pair.shared,
                "first_only": pair.first_only,
                "second_only": pair.second_only,
                "share_of_first": pair.share_of_first,
                "share_of_second": pair.share_of_second,
            }
            for pair in self.pairs
        ]

    def to_frame(self) -> pd.DataFrame:
        """Give the rows as a pandas frame."""
        return _frame(self.rows(), [])

    def __str__(self) -> str:
        lines = []
        for pair in self.pairs:
            cells = (pair.shared, pair.first_only, pair.second_only)
            shown = [f"{cell:,}" for cell in cells]
            lines.append((pair.first, pair.second, *shown))
        header = ("first", "second", "on both", "first only", "second only")
        return "\n".join([_text(header, lines, left=2), *self.notes])

    def __repr__(self) -> str:
        return f"<OverlapTable: {len(self.pairs)} pairs of lists, {self.n_observed:,} persons>"


@dataclass(frozen=True)
class PairOddsRatio:
    """How two lists depend on each other, among the persons on some other list.

    Parameters
    ----------
    first, second : str
        Names of the two lists.
    both, first_only, second_only, neither : int
        Persons on some other list, by whether they are on these two.
    odds_ratio : float
        both x neither / (first_only x second_only), or its conditional maximum likelihood estimate;
        infinite where that is.
    low, high : float
        Limits of the odds ratio; `high` is infinite when there is no upper limit.
    corrected : bool
        Whether 0.5 was added to each of the four counts because one of them is 0.
    """

    first: str
    second: str
    both: int
    first_only: int
    second_only: int
    neither: int
    odds_ratio: float
    low: float
    high: float
    corrected: bool = False

    @property
    def expected_both(self) -> float:
        """Persons that would be on both, were the two lists independent among these persons."""
        total = self.both + self.first_only + self.second_only + self.neither
        return (self.both + self.first_only) * (self.both + self.second_only) / total

    @property
    def dependence(self) -> Literal["positive", "negative", "not shown"]:
        """Direction of a dependence that the limits show."""
        if self.low > 1:
            return "positive"
        return "negative" if self.high < 1 else "not shown"


@dataclass(frozen=True, repr=False)
class PairwiseOddsRatios:
    """How every pair of lists depends on each other, among the persons on some other list.

    Parameters
    ----------
    pairs : tuple of PairOddsRatio
        One entry a pair, in the order of the table, for the pairs that have an answer.
    declined : dict of (str, str) to NotEstimableError
        Why the other pairs have none.
    level : float
        Confidence of each interval by itself, in (0, 1).
    method : str
        How the limits were found, as it is printed.
    """

    pairs: tuple[PairOddsRatio, ...]
    declined: dict[tuple[str, str], NotEstimableError]
    level: float
    method: str

    def rows(self) -> list[dict[str, Any]]:
        """Give one row a pair that has an answer."""
        return [
            {
                "first": pair.first,
                "second": pair.second,
                "both": pair.both,
                "first_only": pair.first_only,
                "second_only": pair.second_only,
                "neither": pair.neither,
                "expected_both": pair.expected_both,
                "odds_ratio": pair.odds_ratio,
                "low": pair.low,
                "high": pair.high,
                "level": self.level,
                "corrected": pair.corrected,
                "dependence": pair.dependence,
            }
            for pair in self.pairs
        ]

    def to_frame(self) -> pd.DataFrame:
        """Give the rows as a pandas frame."""
        return _frame(self.rows(), ["first", "second", "odds_ratio", "low", "high"])

    def __str__(self) -> str:
        lines = []
        for pair in self.pairs:
            cells = (pair.both, pair.first_only, pair.second_only, pair.neither)
            shown = [f"{cell:,}" for cell in cells]
            ratio = _ratio(pair.odds_ratio) + ("*" if pair.corrected else "")
            lines.append(
                (
                    pair.first,
                    pair.second,
                    *shown,
                    ratio,
                    f"{_ratio(pair.low)} to {_ratio(pair.high)}",
                    pair.dependence,
                )
            )
        header = (
            "first",
            "second",
            "both",
            "first only",
            "second only",
            "neither",
            "odds ratio",
            f"{100 * self.level:.10g}% {self.method}",
            "dependence",
        )
        told = [_text(header, lines, left=2)] if lines else []
        told.append("among the persons on some other list than the two")
        if any(pair.corrected for pair in self.pairs):
            told.append("* a count is 0, so 0.5 was added to each of the four")
        told += [
            f"{first!r} and {second!r}: {error.reason}" for (first, second), error in self.declined.items()
        ]
        return "\n".join(told)

    def __repr__(self) -> str:
        n_pairs = len(self.pairs) + len(self.declined)
        return f"<PairwiseOddsRatios: {len(self.pairs)} of {n_pairs} pairs of lists>"


@dataclass(frozen=True, repr=False)
class SampleCoverageSummary:
    """What share of the chances of being listed belongs to the persons who are.

    Parameters
    ----------
    good_turing : float
        1 - f1 / (f1 + 2 f2 + 3 f3 + ...), of all listings taken together.
    chao_tsay : float
        1 - the mean over lists of the share found on that list alone.
    n_observed : int
        Persons on at least one list.
    n_once : int
        Persons on exactly one list, f1.
    n_listings : int
        Listings: persons counted once for each list they are on.
    notes : tuple of str
        What a reader must know besides.
    """

    good_turing: float
    chao_tsay: float
    n_observed: int
    n_once: int
    n_listings: int
    notes: tuple[str, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """Give one row for each of the two measures, as a pandas frame."""
        rows = [
            {"measure": "Good-Turing", "sample_coverage": self.good_turing},
            {"measure": "Chao-Tsay", "sample_coverage": self.chao_tsay},
        ]
        return _frame(rows, [])

    def __str__(self) -> str:
        told = f"sample coverage {self.good_turing:.3f} (Good-Turing), {self.chao_tsay:.3f} (Chao-Tsay)"
        return "\n".join([told, *self.notes])

    def __repr__(self) -> str:
        return f"<SampleCoverageSummary: {self.good_turing:.3f} Good-Turing, {self.chao_tsay:.3f} Chao-Tsay>"


@dataclass(frozen=True)
class CellResidual:
    """How far one capture history is from what a model expects.

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
        """Whether fewer than 5 persons are expected, so that the Pearson residual misleads."""
        return self.fitted < _SMALL_FITTED


@dataclass(frozen=True, repr=False)
class Residuals:
    """How far every capture history is from what a fitted model expects.

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
    """

    estimator: str
    cells: tuple[CellResidual, ...]
    chi_squared: float
    deviance: float

    def rows(self) -> list[dict[str, Any]]:
        """Give one row a capture history, farthest first."""
        return [
            {
                "history": cell.history,
                "observed": cell.observed,
                "fitted": cell.fitted,
                "pearson": cell.pearson,
                "deviance": cell.deviance,
                "freeman_tukey": cell.freeman_tukey,
                "sparse": cell.sparse,
            }
            for cell in self.cells
        ]

    def to_frame(self) -> pd.DataFrame:
        """Give the rows as a pandas frame."""
        return _frame(self.rows(), [])

    def __str__(self) -> str:
        lines = [
            (
                " + ".join(cell.on),
                f"{cell.observed:,}",
                f"{cell.fitted:,.1f}",
                f"{cell.pearson:+.1f}",
                f"{cell.deviance:+.1f}",
                f"{cell.freeman_tukey:+.1f}",
                "sparse" if cell.sparse else "",
            )
            for cell in self.cells
        ]
        header = ("on", "observed", "fitted", "Pearson", "deviance", "Freeman-Tukey", "")
        told = [_text(header, lines)]
        if any(cell.sparse for cell in self.cells):
            told.append("sparse: fewer than 5 persons expected; read the Freeman-Tukey residual")
        return "\n".join(told)

    def __repr__(self) -> str:
        return (
            f"<Residuals of {self.estimator}: deviance {self.deviance:.4g} over {len(self.cells)} histories>"
        )


def list_summary(table: CaptureTable) -> ListSummary:
    """Say how many persons each list names, and how many of them no other list does.

    Parameters
    ----------
    table : CaptureTable
        Persons by capture history.

    Returns
    -------
    ListSummary
        Persons by list.

    Examples
    --------
    >>> from detcount import CaptureTable, diagnose
    >>> table = CaptureTable.from_counts({"10": 40, "01": 60, "11": 20}, lists=["press", "families"])
    >>> print(diagnose.list_summary(table))
    list      persons  on no other list  on another list  share on another list
    press          60                40               20                    33%
    families       80                60               20                    25%
    """
    exclusives = table.exclusives
    sizes = tuple(ListSize(name, size, exclusives[name]) for name, size in table.list_sizes.items())
    return ListSummary(sizes, table.n_observed)


def overlap_table(table: CaptureTable) -> OverlapTable:
    """Say for each pair of lists how many persons are on both, and how many on only one of the two.

    Parameters
    ----------
    table : CaptureTable
        Persons by capture history.

    Returns
    -------
    OverlapTable
        Persons by pair of lists. What independent lists would share depends on N, which is not known here;
        see `pairwise_odds_ratios`.

    Examples
    --------
    >>> from detcount import CaptureTable, diagnose
    >>> table = CaptureTable.from_counts({"10": 40, "01": 60, "11": 3}, lists=["press", "families"])
    >>> print(diagnose.overlap_table(table))
    first  second    on both  first only  second only
    press  families        3          40           60
    >>> diagnose.overlap_table(table).pairs[0].shared
    3
    """
    shared = diagnostics.pair_counts(table.histories, table.counts)
    pairs = tuple(
        ListPair(table.lists[i], table.lists[j], int(shared[i, i]), int(shared[j, j]), int(shared[i, j]))
        for i in range(table.n_lists)
        for j in range(i + 1, table.n_lists)
    )
    return OverlapTable(pairs, table.n_observed)


def pairwise_odds_ratios(
    table: CaptureTable,
    level: float = 0.95,
    *,
    method: Literal["log", "exact"] = "log",
) -> PairwiseOddsRatios:
    """Estimate how each pair of lists depends on each other, among the persons on some other list.

    Two lists by themselves do not show their odds ratio, because nobody counted the persons on neither. Among
    those on at least one of the other lists, however, the persons on neither are known. That odds ratio is 1
    if being on one list changes nothing for any other; it carries over to the persons on no list only if
    they depend on the lists in the same way, which the data cannot show.

    Parameters
    ----------
    table : CaptureTable
        Persons by capture history, of 3 lists or more.
    level : float, optional
        Confidence of each interval by itself, in (0, 1).
    method : {"log", "exact"}, optional
        "log": limits normal on the log scale, with 0.5 added to all four counts if one is 0. "exact": the
        conditional estimate given the margins, with limits that hold the truth at least as often as they say.

    Returns
    -------
    PairwiseOddsRatios
        Odds ratios by pair; above 1, a person on one list is more often on the other. Pairs without an
        answer are kept with their reason.

    Raises
    ------
    NotEstimableError
        If the table has only two lists.
    InputError
        If the level is not between 0 and 1, or the method is none of the two.

    See Also
    --------
    overlap_table : The counts, whoever is on other lists.

    Notes
    -----
    With a persons on both, b and c on one and d on neither, the odds ratio is ad/(bc), and the standard error
    of its logarithm the root of 1/a + 1/b + 1/c + 1/d. The exact method uses Fisher's noncentral
    hypergeometric distribution of a.

    References
    ----------
    .. [1] Woolf, B. (1955). On estimating the relation between blood group and disease. Annals of Human
       Genetics, 19(4), 251-253. https://doi.org/10.1111/j.1469-1809.1955.tb01348.x
    .. [2] Haldane, J. B. S. (1956). The estimation and significance of the logarithm of a ratio of
       frequencies. Annals of Human Genetics, 20(4), 309-311.
       https://doi.org/10.1111/j.1469-1809.1955.tb01285.x
    .. [3] Cornfield, J. (1956). A statistical problem arising from retrospective studies. Proceedings of the
       Third Berkeley Symposium on Mathematical Statistics and Probability, 4, 135-148.

    Examples
    --------
    >>> from detcount import CaptureTable, diagnose
    >>> table = CaptureTable.from_counts(
    ...     {"100": 60, "010": 50, "110": 34, "001": 45, "101": 12, "011": 9, "111": 14},
    ...     lists=["press", "court", "families"],
    ... )
    >>> pair = diagnose.pairwise_odds_ratios(table).pairs[0]
    >>> pair.first, pair.second, round(pair.odds_ratio, 2), pair.dependence
    ('press', 'court', 5.83, 'positive')
    """
    level = arguments.level(level)
    if method not in ("log", "exact"):
        raise InputError(f"method: expected 'log' or 'exact', got {method!r}")
    if table.n_lists < 3:
        raise NotEstimableError(
            "pairwise_odds_ratios",
            Message("needs at least 3 lists, got 2, and two lists do not show who is on neither"),
            Message("State an odds ratio instead, as OddsRatioAdjusted does, or add a list."),
            advice=Message("State an odds ratio instead, or add a list."),
        )
    pairs: list[PairOddsRatio] = []
    declined: dict[tuple[str, str], NotEstimableError] = {}
    for (i, j), cells in diagnostics.tables_elsewhere(table.histories, table.counts).items():
        first, second = table.lists[i], table.lists[j]
        reason = _no_odds_ratio(first, second, cells)
        if reason:
            declined[first, second] = NotEstimableError(
                "pairwise_odds_ratios", reason, Message("Merge lists, or add one that overlaps with both.")
            )
            continue
        solve = diagnostics.log_odds_ratio if method == "log" else diagnostics.conditional_odds_ratio
        corrected = method == "log" and 0 in cells
        pairs.append(PairOddsRatio(first, second, *cells, *solve(cells, level), corrected))
    return PairwiseOddsRatios(
        tuple(pairs),
        declined,
        level,
        "log-normal" if method == "log" else "exact conditional",
    )


def sample_coverage(table: CaptureTable) -> SampleCoverageSummary:
    """Estimate what share of the chances of being listed belongs to the persons who are listed.

    A low coverage says that the next listing would most likely be of a person not yet on any list, so that
    whatever is estimated rests on the model more than on the lists.

    Parameters
    ----------
    table : CaptureTable
        Persons by capture history.

    Returns
    -------
    SampleCoverageSummary
        Two measures, each from 0 to 1.

    Raises
    ------
    NotEstimableError
        If fewer than two lists name anybody.

    Notes
    -----
    With f_j persons on exactly j lists, Good and Turing's measure is 1 - f1/(f1 + 2 f2 + 3 f3 + ...). With
    n_j persons on list j and x_j on list j alone, Chao and Tsay's is 1 - the mean of x_j/n_j. They agree
    when all lists are as large as each other.

    References
    ----------
    .. [1] Good, I. J. (1953). The population frequencies of species and the estimation of population
       parameters. Biometrika, 40(3-4), 237-264. https://doi.org/10.1093/biomet/40.3-4.237
    .. [2] Chao, A. and Tsay, P. K. (1998). A sample coverage approach to multiple-system estimation with
       application to census undercount. Journal of the American Statistical Association, 93(441), 283-293.
       https://doi.org/10.1080/01621459.1998.10474109

    Examples
    --------
    >>> from detcount import CaptureTable, diagnose
    >>> table = CaptureTable.from_counts({"10": 40, "01": 60, "11": 20}, lists=["press", "families"])
    >>> print(diagnose.sample_coverage(table))
    sample coverage 0.286 (Good-Turing), 0.292 (Chao-Tsay)
    coverage of at most 0.55: most of what an estimate adds rests on its model
    """
    sizes = np.array(list(table.list_sizes.values()))
    exclusives = np.array(list(table.exclusives.values()))
    named = sizes > 0
    if named.sum() < 2:
        raise NotEstimableError(
            "sample_coverage",
            Message("fewer than two lists name anybody"),
            Message("Add a list that was made independently."),
        )
    frequencies = table.capture_frequencies
    chao_tsay = diagnostics.chao_tsay_coverage(sizes[named], exclusives[named])
    notes = [
        Message("list {name!r} names nobody and is left out", name=name)
        for name in np.array(table.lists)[~named].tolist()
    ]
    if chao_tsay <= _LEAST_COVERAGE:
        notes.append(
            Message(
                "coverage of at most {least}: most of what an estimate adds rests on its model",
                least=_LEAST_COVERAGE,
            )
        )
    return SampleCoverageSummary(
        good_turing=diagnostics.good_turing_coverage(frequencies),
        chao_tsay=chao_tsay,
        n_observed=table.n_observed,
        n_once=int(frequencies[0]),
        n_listings=int(sizes.sum()),
        notes=tuple(notes),
    )


def residuals(estimate: AbundanceEstimate, table: CaptureTable) -> Residuals:
    """Say how far each capture history is from what a fitted model expects.

    A model can fit every history that is seen and still be wrong on the persons of whom there is none.

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
        raise NotEstimableError(
            "residuals",
            Message(
                "{estimator} expects no numbers of persons by capture history",
                estimator=repr(estimate.estimator),
            ),
            Message("Fit a model that does, such as LogLinear."),
            advice=Message("Fit a model that does, such as a log-linear one."),
        )
    require_comparable("table", (estimate.definition, table.definition))
    if estimate.digest != table.digest:
        raise InputError("residuals: the estimate was made from another table. Give the one it was fitted to")
    if table.n_lists > MAX_DENSE_LISTS:
        raise InputError(f"residuals: expected at most {MAX_DENSE_LISTS} lists, got {table.n_lists}")
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


def _no_odds_ratio(first: str, second: str, cells: tuple[int, int, int, int]) -> str:
    """Why a table of two by two says nothing of dependence, if so."""
    both, first_only, second_only, _ = cells
    if sum(cells) == 0:
        return Message("nobody is on another list than these two")
    for name, on in ((first, both + first_only), (second, both + second_only)):
        if on == 0:
            return Message("of the persons on another list nobody is on {name!r}", name=name)
        if on == sum(cells):
            return Message("of the persons on another list everybody is on {name!r}", name=name)
    return ""


def _ratio(value: float) -> str:
    """Odds ratio, three digits."""
    return f"{value:.3g}" if math.isfinite(value) else "infinite"


def _text(header: Sequence[str], lines: Sequence[Sequence[str]], *, left: int = 1) -> str:
    """Lines of text in columns, the first `left` of them aligned to the left."""
    widths = [max(len(row[column]) for row in (header, *lines)) for column in range(len(header))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column < left else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in (header, *lines)
    )


def _frame(rows: list[dict[str, Any]], columns: list[str]) -> pd.DataFrame:
    """Pandas frame of the rows; `columns` name them when there are none."""
    import pandas as pd

    return pd.DataFrame(rows) if rows else pd.DataFrame(columns=columns)
