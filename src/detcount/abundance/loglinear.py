"""One log-linear model of how lists depend on each other, stated in advance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np

from detcount._numerics.arrays import Bools, Floats, frozen
from detcount._numerics.existence import OK, existence_code
from detcount._numerics.patterns import formula, from_generators, parse_formula
from detcount._numerics.poisson import HierarchicalFits, fit_hierarchical
from detcount.abundance.guards import (
    ASSUMED_BY_ALL,
    answer_to,
    counts_by_code,
    require_names_on_every_list,
    require_number_of_lists,
)
from detcount.abundance.intervals import (
    BCaBootstrap,
    LogLinearProfileRule,
    LogNormal,
    PercentileBootstrap,
    ProfileLikelihood,
)
from detcount.abundance.loglinear_terms import (
    Interactions,
    Limits,
    bootstrap_limits,
    coefficients_by_name,
    empty_overlaps,
    kept_design,
    overlap_note,
    require_maximum,
    term_code,
)
from detcount.assumptions import Assumption
from detcount.contract import references
from detcount.contract.citation import Reference
from detcount.contract.specification import AS_TYPED, specification
from detcount.data.capture_rows import MAX_DENSE_LISTS
from detcount.data.captures import CaptureTable
from detcount.errors import NotEstimableError, warn
from detcount.estimates import AbundanceEstimate, LogNormalRule

_LOG_NORMAL = LogNormal()


@dataclass(frozen=True, eq=False)
class LogLinearDetail:
    """Details of an estimate by `LogLinear`.

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
    fitted: Floats
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
    DetcountWarning
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
    them on three or four lists, such 95% intervals covered the truth 88 to 92 times in 100, and these 95.
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
    >>> from detcount import abundance, datasets
    >>> kosovo = datasets.load("kosovo")
    >>> print(abundance.LogLinear.from_formula("[123,14,34]").fit(kosovo))
    10,357 persons (9,004 to 12,106, 95% log-normal); 4,400 listed
    >>> abundance.LogLinear(interactions=(("EXH", "ABA"),)).existence_code(kosovo)
    0
    """

    interactions: Interactions = ()
    interval: Annotated[LogNormal | ProfileLikelihood | BCaBootstrap | PercentileBootstrap, AS_TYPED] = (
        LogNormal()
    )

    assumes: ClassVar[tuple[Assumption, ...]] = (
        *ASSUMED_BY_ALL,
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

    @classmethod
    def from_formula(
        cls,
        text: str,
        *,
        interval: LogNormal | ProfileLikelihood | BCaBootstrap | PercentileBootstrap = _LOG_NORMAL,
    ) -> LogLinear:
        """Read a bracket formula, lists by position from 1: ``"[123,14,34]"``.

        With more than nine lists, dots separate all the numbers: ``"[1.10,2.3]"``.
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
        check_table(table)
        return existence_code(self._model(table), counts_by_code(table))

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
        answer = self._fit_many([table], seed=seed)[0]
        if isinstance(answer, NotEstimableError):
            raise answer
        empty = answer.detail.empty_overlaps if isinstance(answer.detail, LogLinearDetail) else ()
        if empty:
            warn(overlap_note(empty))
        return answer

    def _fit_many(
        self, tables: Sequence[CaptureTable], *, seed: int = 0
    ) -> list[AbundanceEstimate | NotEstimableError]:
        """Estimates of tables of as many lists, all at once, or why they have none."""
        models: dict[int, Bools] = {}
        answers: dict[int, AbundanceEstimate | NotEstimableError] = {}
        for place, table in enumerate(tables):
            try:
                check_table(table)
                models[place] = self._model(table)
            except NotEstimableError as error:
                answers[place] = error
        if models:
            cells = np.stack([counts_by_code(tables[place]) for place in models])
            all_fits = fit_hierarchical(np.stack(list(models.values())), cells)
            for row, (place, model) in enumerate(models.items()):
                try:
                    require_maximum(int(all_fits.code[row]), model)
                    answers[place] = self._answer(tables[place], model, cells[row], all_fits.one(row), seed)
                except NotEstimableError as error:
                    answers[place] = error
        return [answers[place] for place in range(len(tables))]

    def _answer(
        self, table: CaptureTable, model: Bools, cells: Floats, fits: HierarchicalFits, seed: int
    ) -> AbundanceEstimate:
        """Estimate from the fit of one table."""
        empty = empty_overlaps(model, fits, table)
        limits = self._limits(table, model, cells, fits, seed)
        return answer_to(self, table)(
            point=table.n_observed + float(fits.n_unobserved[0]),
            interval_rule=limits.rule,
            seed=seed,
            standard_error=float(fits.variance[0]) ** 0.5,
            notes=(*((overlap_note(empty),) if empty else ()), *limits.notes),
            detail=LogLinearDetail(
                formula=formula(model),
                coefficients=coefficients_by_name(model, fits, table),
                empty_overlaps=empty,
                existence_code=OK,
                n_parameters=int(fits.n_parameters[0]),
                log_likelihood=float(fits.log_likelihood[0]),
                aic=float(fits.aic()[0]),
                aicc=float(fits.aicc(float(table.n_observed))[0]),
                bic=float(fits.bic(float(table.n_observed))[0]),
                deviance=float(fits.deviance[0]),
                degrees_of_freedom=int(fits.degrees_of_freedom[0]),
                fitted=frozen(fits.fitted[0, 1:]),
                multinomial_point=limits.multinomial_point,
                n_without_estimate=limits.n_without_estimate,
            ),
            draws=limits.draws,
        )

    def _point(self, table: CaptureTable, *, seed: int = 0) -> float:
        """N alone, for verbs that refit many tables."""
        check_table(table)
        model, cells = self._model(table), counts_by_code(table)
        require_maximum(existence_code(model, cells), model)
        return table.n_observed + float(fit_hierarchical(model, cells).n_unobserved[0])

    def _model(self, table: CaptureTable) -> Bools:
        """Terms of the model among the subsets of the lists."""
        return from_generators([term_code(group, table.lists) for group in self.interactions], table.n_lists)

    def _limits(
        self, table: CaptureTable, model: Bools, cells: Floats, fits: HierarchicalFits, seed: int
    ) -> Limits:
        """Interval of the kind asked for, and what it leaves to say."""
        unobserved = float(fits.n_unobserved[0])
        if isinstance(self.interval, LogNormal):
            return Limits(LogNormalRule(unobserved, float(fits.variance[0]), table.n_observed))
        if isinstance(self.interval, ProfileLikelihood):
            rule = LogLinearProfileRule(*kept_design(model, cells))
            return Limits(rule, multinomial_point=rule.profile().maximum())
        return bootstrap_limits(self.interval, table, model, fits, seed)


def check_table(table: CaptureTable) -> None:
    """Decline tables that no log-linear model can be fitted to."""
    require_number_of_lists("LogLinear", table, most=MAX_DENSE_LISTS)
    require_names_on_every_list("LogLinear", table)
