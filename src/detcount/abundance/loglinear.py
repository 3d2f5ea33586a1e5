"""One log-linear model of how lists depend on each other, stated in advance."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from detcount import arguments, references
from detcount._numerics.existence import NO_MAXIMUM, OK, UNIDENTIFIED, existence_code, extended_support
from detcount._numerics.hierarchy import formula, from_generators, number_of_lists, parse_formula
from detcount._numerics.poisson import HierarchicalFits, fit_hierarchical
from detcount._numerics.profile import multinomial_maximum, profile_bounds
from detcount._numerics.resampling import jackknife_acceleration, jackknife_tables, population_resamples
from detcount.abundance._guards import require_names_on_every_list, require_number_of_lists
from detcount.abundance.intervals import BCaBootstrap, LogNormal, PercentileBootstrap, ProfileLikelihood
from detcount.assumptions import Assumption
from detcount.capture_rows import MAX_DENSE_LISTS
from detcount.captures import CaptureTable
from detcount.citation import Reference
from detcount.errors import InputError, NotEstimableError, SparseTableWarning
from detcount.estimates import (
    AbundanceEstimate,
    BCaRule,
    CautiousRule,
    IntervalRule,
    LogNormalRule,
    PercentileRule,
)
from detcount.specification import specification
from detcount.words import Message

__all__ = ["LogLinear", "LogLinearDetail"]

_DOUBLES = 1 << 22  # doubles in the resampled tables fitted at a time
_LOG_NORMAL = LogNormal()
_NAMED = 6  # empty overlaps that a note names
# Why a model has no estimate, by its existence code.
_FAILS = {
    NO_MAXIMUM: "model {model} has no finite maximum: capture histories that nobody has let a term run away "
    "(existence code {code})",
    UNIDENTIFIED: "model {model} does not determine the persons on no list: too many overlaps are empty "
    "(existence code {code})",
    NO_MAXIMUM | UNIDENTIFIED: "model {model} has no finite maximum: capture histories that nobody has let a "
    "term run away, and does not determine the persons on no list: too many overlaps are empty (existence "
    "code {code})",
}


@dataclass(frozen=True, eq=False)
class LogLinearDetail:
    """What stands behind an estimate by `LogLinear`.

    Parameters
    ----------
    formula : str
        The model by its largest terms, lists numbered from 1 in the order of the table: "[12,3]".
    coefficients : dict of str to float
        Logarithms of factors, by term: "intercept", then list names joined by ":". Minus infinity
        where nobody is on the lists of a term together.
    empty_overlaps : tuple of tuple of str
        The smallest terms of the model at minus infinity, by list names.
    existence_code : int
        0: the model has an extended maximum and determines N. No other value is ever fitted.
    n_parameters : int
        Terms of the model, the intercept and those at minus infinity among them.
    log_likelihood : float
        Of the Poisson model, with its constant.
    aic, aicc, bic : float
        Information criteria with `n_parameters`, and the persons listed as the sample size of the
        last two.
    deviance : float
        Twice the distance to the saturated model.
    degrees_of_freedom : int
        Capture histories that the model allows, less its finite coefficients.
    fitted : ndarray of float64, shape (2**n_lists - 1,)
        Expected persons by capture history, in the order of ``table.dense()``.
    multinomial_point : float or None
        N at the maximum of the multinomial likelihood, persons; with `ProfileLikelihood` only, whose
        limits lie around it and not around the Poisson estimate.
    n_without_estimate : int
        Resampled tables on which the model cannot be fitted; bootstrap intervals only.
    """

    formula: str
    coefficients: dict[str, float]
    empty_overlaps: tuple[tuple[str, ...], ...]
    existence_code: int
    n_parameters: int
    log_likelihood: float
    aic: float
    aicc: float
    bic: float
    deviance: float
    degrees_of_freedom: int
    fitted: NDArray[np.float64]
    multinomial_point: float | None = None
    n_without_estimate: int = 0


@specification
class LogLinear:
    """Abundance from a log-linear model: lists depend on each other through the interactions stated.

    The estimand is N, the persons in a closed population. Each list has its own reach, and each group
    of lists in `interactions` may depend on each other in any way; other dependence is absent by
    assumption, among the persons on no list as well. Prefer it when the dependence is known from how
    the lists were made; `SelectedLogLinear` lets the data choose the interactions, and pays for it.

    Parameters
    ----------
    interactions : tuple of tuple of str or int, optional
        Groups of two lists or more that may depend on each other, each list by its name or by its
        position from 1: ``(("press", "court"),)``. The interactions inside a group come with it, and
        the main effect of every list is always in the model. Empty: independent lists.
    interval : LogNormal, ProfileLikelihood, BCaBootstrap or PercentileBootstrap, optional
        How limits are found. The point stays the same.

    Warns
    -----
    SparseTableWarning
        If nobody is on the lists of an interaction together: its coefficient is minus infinity.

    See Also
    --------
    SelectedLogLinear : Chooses the interactions by an information criterion.
    NoHighestOrderInteraction : Every interaction but the highest, whose size is stated.
    Chapman : Two lists.

    Notes
    -----
    The persons n_w with history w are Poisson with log mean the sum of the coefficients of the terms
    inside w; N = n + exp(intercept), with variance n_0 + n_0^2 [I^-1]_00, I the information matrix.
    Where nobody is on the lists of a term together the maximum lies at minus infinity: the term and
    the histories that contain it are left out, and the rest is fitted. Whether a maximum exists and
    determines N is settled before any fit, by integer arithmetic and, in rare cases, a linear program:
    `existence_code`.

    A bootstrap interval redraws how many of the N persons are listed, then their histories (Buckland and
    Garthwaite 1991). Resampling the listed alone would hold their number fixed: of 1,000 persons, 700 of
    them on three or four lists, such 95% intervals held the truth 88 to 92 times in 100, and these 95.
    A resampled table on which the model cannot be fitted counts against both limits: below all others
    for the lower one, above them for the upper one.

    References
    ----------
    .. [1] Fienberg, S. E. (1972). The multiple recapture census for closed populations and incomplete
       2^k contingency tables. Biometrika, 59(3), 591-603. https://doi.org/10.1093/biomet/59.3.591
    .. [2] Rivest, L.-P. and Levesque, T. (2001). Improved log-linear model estimators of abundance in
       capture-recapture experiments. Canadian Journal of Statistics, 29(4), 555-572.
       https://doi.org/10.2307/3316007
    .. [3] Fienberg, S. E. and Rinaldo, A. (2012). Maximum likelihood estimation in log-linear models.
       Annals of Statistics, 40(2), 996-1023. https://doi.org/10.1214/12-AOS986
    .. [4] Chan, L., Silverman, B. W. and Vincent, K. (2021). Multiple systems estimation for sparse
       capture data. Journal of the American Statistical Association, 116(535), 1297-1306.
       https://doi.org/10.1080/01621459.2019.1708748
    .. [5] Buckland, S. T. and Garthwaite, P. H. (1991). Quantifying precision of mark-recapture
       estimates using the bootstrap and related methods. Biometrics, 47(1), 255-268.
       https://doi.org/10.2307/2532510

    Examples
    --------
    >>> from detcount import arguments, abundance, datasets
    >>> kosovo = datasets.load("kosovo")
    >>> print(abundance.LogLinear.from_formula("[123,14,34]").fit(kosovo))
    10,357 persons (9,004 to 12,106, 95% log-normal); 4,400 listed
    >>> abundance.LogLinear(interactions=(("EXH", "ABA"),)).existence_code(kosovo)
    0
    """

    interactions: tuple[tuple[str | int, ...], ...] = ()
    interval: LogNormal | ProfileLikelihood | BCaBootstrap | PercentileBootstrap = LogNormal()

    assumes: ClassVar[tuple[Assumption, ...]] = (
        Assumption.CLOSED_POPULATION,
        Assumption.ERROR_FREE_LINKAGE,
        Assumption.NO_OVERCOVERAGE,
        Assumption.MODELLED_DEPENDENCE,
        Assumption.HOMOGENEOUS_PERSONS,
    )
    references: ClassVar[tuple[Reference, ...]] = (
        references.FIENBERG_1972,
        references.RIVEST_LEVESQUE_2001,
        references.FIENBERG_RINALDO_2012,
        references.CHAN_2021,
        references.CHAO_1987,
        references.CORMACK_1992,
        references.EFRON_1987,
        references.BUCKLAND_GARTHWAITE_1991,
    )

    def __post_init__(self) -> None:
        object.__setattr__(self, "interactions", _checked_interactions(self.interactions))
        if not isinstance(self.interval, LogNormal | ProfileLikelihood | BCaBootstrap | PercentileBootstrap):
            raise InputError(
                "interval: expected LogNormal(), ProfileLikelihood(), BCaBootstrap() or "
                f"PercentileBootstrap(), got {self.interval!r}"
            )

    @classmethod
    def from_formula(
        cls,
        text: str,
        *,
        interval: LogNormal | ProfileLikelihood | BCaBootstrap | PercentileBootstrap = _LOG_NORMAL,
    ) -> LogLinear:
        """Read a bracket formula, lists by position from 1: ``"[123,14,34]"``.

        With more than nine lists a dot parts the numbers, throughout: ``"[1.10,2.3]"``.
        """
        groups = [code for code in parse_formula(text) if code.bit_count() > 1]
        positions = tuple(tuple(k + 1 for k in range(code.bit_length()) if code >> k & 1) for code in groups)
        return cls(interactions=positions, interval=interval)

    def existence_code(self, table: CaptureTable) -> int:
        """Say whether the model can be fitted to a table, without fitting it.

        Parameters
        ----------
        table : CaptureTable
            Persons by capture history, 2 to 16 lists.

        Returns
        -------
        int
            0, it can; 1, its likelihood has no extended maximum; 2, it does not determine the
            persons on no list; 3, both.

        Raises
        ------
        NotEstimableError
            If there are more than 16 lists, or a list names nobody.
        InputError
            If an interaction names a list that the table does not have.
        """
        _check_table(table)
        return existence_code(self._model(table), _cells(table))

    def fit(self, table: CaptureTable, *, seed: int = 0) -> AbundanceEstimate:
        """Estimate N, persons, from a table of 2 to 16 lists.

        Parameters
        ----------
        table : CaptureTable
            Persons by capture history.
        seed : int, optional
            Seed of the resamples; the point does not depend on it.

        Returns
        -------
        AbundanceEstimate
            Abundance in persons; its detail is a `LogLinearDetail`.

        Raises
        ------
        NotEstimableError
            If the likelihood has no maximum on the table, or does not determine N; if there are more
            than 16 lists, or a list names nobody.
        InputError
            If an interaction names a list that the table does not have.
        """
        _check_table(table)
        model, cells = self._model(table), _cells(table)
        _require_maximum(existence_code(model, cells), model)
        fits = fit_hierarchical(model, cells)
        empty = _empty_overlaps(model, fits, table)
        if empty:
            warnings.warn(_overlap_note(empty), SparseTableWarning, stacklevel=2)
        limits = self._limits(table, model, cells, fits, seed)
        return AbundanceEstimate(
            point=table.n_observed + float(fits.n_unobserved[0]),
            n_observed=table.n_observed,
            estimator=self,
            interval_rule=limits.rule,
            digest=table.digest,
            definition=table.definition,
            seed=seed,
            standard_error=float(fits.variance[0]) ** 0.5,
            notes=(*((_overlap_note(empty),) if empty else ()), *limits.notes),
            detail=LogLinearDetail(
                formula=formula(model),
                coefficients=_by_name(model, fits, table),
                empty_overlaps=empty,
                existence_code=OK,
                n_parameters=int(fits.n_parameters[0]),
                log_likelihood=float(fits.log_likelihood[0]),
                aic=float(fits.aic()[0]),
                aicc=float(fits.aicc(float(table.n_observed))[0]),
                bic=float(fits.bic(float(table.n_observed))[0]),
                deviance=float(fits.deviance[0]),
                degrees_of_freedom=int(fits.degrees_of_freedom[0]),
                fitted=_read_only(fits.fitted[0, 1:]),
                multinomial_point=limits.multinomial_point,
                n_without_estimate=limits.n_without_estimate,
            ),
            draws=limits.draws,
        )

    def _point(self, table: CaptureTable, *, seed: int = 0) -> float:
        """N alone, for verbs that refit many tables."""
        _check_table(table)
        model, cells = self._model(table), _cells(table)
        _require_maximum(existence_code(model, cells), model)
        return table.n_observed + float(fit_hierarchical(model, cells).n_unobserved[0])

    def _model(self, table: CaptureTable) -> NDArray[np.bool_]:
        """Terms of the model among the subsets of the lists."""
        return from_generators([_term(group, table) for group in self.interactions], table.n_lists)

    def _limits(
        self,
        table: CaptureTable,
        model: NDArray[np.bool_],
        cells: NDArray[np.float64],
        fits: HierarchicalFits,
        seed: int,
    ) -> _Limits:
        """Interval of the kind asked for, and what it leaves to say."""
        unobserved = float(fits.n_unobserved[0])
        if isinstance(self.interval, LogNormal):
            return _Limits(LogNormalRule(unobserved, float(fits.variance[0]), table.n_observed))
        if isinstance(self.interval, ProfileLikelihood):
            rule = _ProfileRule(*_kept_design(model, cells))
            return _Limits(rule, multinomial_point=multinomial_maximum(rule.design, rule.counts))
        return _bootstrap(self.interval, table, model, fits, seed)


@dataclass(frozen=True)
class _Limits:
    """An interval rule and what comes with it."""

    rule: IntervalRule
    notes: tuple[str, ...] = ()
    draws: NDArray[np.float64] | None = None
    multinomial_point: float | None = None
    n_without_estimate: int = 0


@dataclass(frozen=True, eq=False)
class _ProfileRule:
    """Multinomial profile likelihood of the cells that the model keeps."""

    design: NDArray[np.float64]
    counts: NDArray[np.float64]
    method: ClassVar[str] = "profile likelihood"

    def bounds(self, level: float) -> tuple[float, float]:
        return profile_bounds(self.design, self.counts, level=level)


def _bootstrap(
    interval: BCaBootstrap | PercentileBootstrap,
    table: CaptureTable,
    model: NDArray[np.bool_],
    fits: HierarchicalFits,
    seed: int,
) -> _Limits:
    """Refit the model to resampled tables, and for BCa without one person of each history."""
    n_observed = table.n_observed
    point = n_observed + float(fits.n_unobserved[0])
    start = fits.coefficients[0]
    seed = arguments.seed(seed)
    tables = population_resamples(table.counts, point, interval.n_resamples, seed)
    resampled = tables.sum(axis=1) + _refits(model, table, tables, start)
    failed = np.isnan(resampled)
    n_failed = int(failed.sum())
    if n_failed == len(resampled):
        raise NotEstimableError(
            "LogLinear",
            Message("the model can be fitted to none of {n:,} resampled tables", n=len(resampled)),
            Message("Use fewer interactions, or LogLinear(interval=ProfileLikelihood())."),
            advice=Message("Use fewer interactions, or the interval from the profile likelihood."),
        )
    draws = np.where(failed, np.inf, np.maximum(resampled, n_observed))
    lowest = np.where(failed, float(n_observed), draws)
    acceleration = 0.0
    if isinstance(interval, BCaBootstrap):
        left_out = _refits(model, table, jackknife_tables(table.counts), start) + n_observed - 1
        acceleration = jackknife_acceleration(left_out, table.counts.astype(np.float64))

    def rule(values: NDArray[np.float64]) -> PercentileRule | BCaRule:
        if isinstance(interval, BCaBootstrap):
            return BCaRule(values, point, acceleration)
        return PercentileRule(values)

    if not n_failed:
        return _Limits(rule(draws), draws=draws)
    note = Message(
        "The model cannot be fitted to {failed:,} of {n:,} resampled tables; they count as below every "
        "estimate for the lower limit and above every estimate for the upper limit.",
        failed=n_failed,
        n=len(draws),
    )
    return _Limits(CautiousRule(rule(lowest), rule(draws)), (note,), draws, n_without_estimate=n_failed)


def _refits(
    model: NDArray[np.bool_], table: CaptureTable, tables: NDArray[np.int64], start: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Unseen persons by the model in tables over the same histories, (R, m); nan where there is no fit."""
    n_codes = len(model)
    found = np.empty(len(tables))
    step = max(1, _DOUBLES // n_codes)
    for low in range(0, len(tables), step):
        part = tables[low : low + step]
        cells = np.zeros((len(part), n_codes))
        cells[:, table.codes.astype(np.int64)] = part
        fits = fit_hierarchical(model, cells, start=start, with_variance=False)
        found[low : low + step] = fits.n_unobserved
    return found


def _check_table(table: CaptureTable) -> None:
    """Decline tables that no log-linear model can be fitted to."""
    require_number_of_lists("LogLinear", table, most=MAX_DENSE_LISTS)
    require_names_on_every_list("LogLinear", table)


def _cells(table: CaptureTable) -> NDArray[np.float64]:
    """Persons by code, the unseen cell 0 in front."""
    return np.concatenate([[0.0], table.dense().astype(np.float64)])


def _require_maximum(code: int, model: NDArray[np.bool_]) -> None:
    """Decline a model that cannot be fitted; say which way it fails."""
    if code == OK:
        return
    shown, n_lists = formula(model), number_of_lists(len(model))
    if model[-1]:
        raise NotEstimableError(
            "LogLinear",
            Message(
                "model {model} has the interaction of all the lists together, which the listed persons "
                "cannot show (existence code {code})",
                model=shown,
                code=code,
            ),
            Message("Leave it out, or state its size with NoHighestOrderInteraction."),
            advice=Message("Leave it out, or state its size."),
        )
    reason = Message(_FAILS[code], model=shown, code=code)
    if int(model.sum()) == n_lists + 1:
        remedy = Message(
            "Merge lists that share nobody (table.merge); for two lists, use "
            "Chapman(interval=Hypergeometric())."
        )
        advice = Message(
            "Merge lists that share nobody; for two lists, use Chapman's estimator with its exact interval."
        )
    else:
        remedy = Message("Use fewer interactions, or merge lists that share few persons (table.merge).")
        advice = Message("Use fewer interactions, or merge lists that share few persons.")
    raise NotEstimableError("LogLinear", reason, remedy, advice=advice)


def _kept_design(
    model: NDArray[np.bool_], cells: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Design and counts over the cells that the extended maximum keeps, the intercept first."""
    terms, kept, _ = extended_support(model, cells)
    codes, rows = np.flatnonzero(terms[0]), np.flatnonzero(kept[0])
    return (codes & ~rows[:, None] == 0).astype(np.float64), cells[rows]


def _by_name(model: NDArray[np.bool_], fits: HierarchicalFits, table: CaptureTable) -> dict[str, float]:
    """Coefficients by the names of the lists, small terms first."""
    codes = sorted(np.flatnonzero(model).tolist(), key=lambda code: (code.bit_count(), code))
    return {
        ":".join(_members(code, table.lists)) if code else "intercept": float(fits.coefficients[0, code])
        for code in codes
    }


def _empty_overlaps(
    model: NDArray[np.bool_], fits: HierarchicalFits, table: CaptureTable
) -> tuple[tuple[str, ...], ...]:
    """Terms at minus infinity that contain no other such term."""
    empty = np.flatnonzero(model & np.isneginf(fits.coefficients[0])).tolist()
    smallest = [code for code in empty if not any(other != code and other & ~code == 0 for other in empty)]
    return tuple(_members(code, table.lists) for code in smallest)


def _members(code: int, lists: tuple[str, ...]) -> tuple[str, ...]:
    """Names of the lists of a term."""
    return tuple(name for k, name in enumerate(lists) if code >> k & 1)


def _overlap_note(empty: tuple[tuple[str, ...], ...]) -> Message:
    """Say which overlaps of the model are empty, and what that does."""
    return Message(
        "Nobody is on these lists together: {named!r:;}. The model takes that as impossible: the "
        "interaction is minus infinity."
        if len(empty) <= _NAMED
        else "Nobody is on these lists together: {named!r:;}; and {rest} more. The model takes that as "
        "impossible: the interaction is minus infinity.",
        named=empty[:_NAMED],
        rest=len(empty) - _NAMED,
    )


def _checked_interactions(groups: Any) -> tuple[tuple[str | int, ...], ...]:
    """Groups of lists as tuples, each of two or more, none named twice."""
    where = "interactions"
    if isinstance(groups, str) or not isinstance(groups, Iterable):
        raise InputError(f"{where}: expected groups of lists such as (('press', 'court'),), got {groups!r}")
    checked = []
    for group in groups:
        if isinstance(group, str) or not isinstance(group, Iterable):
            raise InputError(
                f"{where}: expected groups of lists such as (('press', 'court'),), got the group {group!r}. "
                "Put each group in brackets of its own"
            )
        members = tuple(_checked_member(member, where) for member in group)
        if len(members) < 2:
            raise InputError(
                f"{where}: expected two lists or more in a group, got {members!r}. "
                "The main effect of every list is always in the model"
            )
        if len(set(members)) < len(members):
            raise InputError(f"{where}: group {members!r} names a list twice")
        checked.append(members)
    return tuple(checked)


def _checked_member(member: Any, where: str) -> str | int:
    """Name of a list, or its position from 1."""
    if isinstance(member, str):
        return member
    if isinstance(member, int | np.integer) and not isinstance(member, bool) and member >= 1:
        return int(member)
    raise InputError(f"{where}: expected the name of a list or its position from 1, got {member!r}")


def _term(group: tuple[str | int, ...], table: CaptureTable) -> int:
    """Bit code of a group of lists."""
    code = 0
    for member in group:
        if isinstance(member, str):
            if member not in table.lists:
                raise InputError(
                    f"interactions: no list {member!r}. The lists are {', '.join(map(repr, table.lists))}"
                )
            position = table.lists.index(member)
        elif member > table.n_lists:
            raise InputError(f"interactions: no list {member}, the table has {table.n_lists} lists")
        else:
            position = member - 1
        if code >> position & 1:
            raise InputError(f"interactions: group {group!r} names list {table.lists[position]!r} twice")
        code |= 1 << position
    return code


def _read_only(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """A copy that nobody can change."""
    copied = np.array(values)
    copied.flags.writeable = False
    return copied
