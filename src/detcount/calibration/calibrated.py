"""`Calibrated`: an estimate with what populations of known size teach of errors and of dependence."""

from __future__ import annotations

import json
import math
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from detcount import references
from detcount._numerics.calibration import (
    Discrepancies,
    Distribution,
    Mixture,
    Pool,
    hierarchical,
    log_discrepancies,
    numbered,
    quantile,
    stacked,
)
from detcount._numerics.interactions import LearnedSizes, Sizes, learn_sizes, unlisted
from detcount.abundance import ChaoLowerBound, Chapman, DecomposableGraphs, LogLinear, SelectedLogLinear
from detcount.abundance._guards import require_names_on_every_list, require_number_of_lists
from detcount.assumptions import Assumption
from detcount.calibration.bank import Bank, known_bank
from detcount.captures import CaptureTable
from detcount.citation import Reference
from detcount.datasets import KnownCase
from detcount.errors import ConvergenceError, DetcountWarning, InputError, NotEstimableError
from detcount.estimates import AbundanceEstimate, Estimator
from detcount.specification import specification

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "DEFAULT_BASE",
    "DEFAULT_BASE_OF_TWO",
    "LEAST_GROUPS",
    "Calibrated",
    "CalibratedDetail",
    "fitted_unobserved",
]

# One of each family that answers within a second: independence, heterogeneity (a lower bound), selected
# dependence, averaged dependence. Chosen before any of them was tried.
DEFAULT_BASE: tuple[Estimator, ...] = (
    LogLinear(),
    ChaoLowerBound(),
    SelectedLogLinear(),
    DecomposableGraphs(),
)
DEFAULT_BASE_OF_TWO: tuple[Estimator, ...] = (Chapman(),)

LEAST_GROUPS = 2  # one cannot show how much data sets differ
_N_DRAWS = 4000
_MOST_LISTS_SELECTED = 10  # beyond, the default base would search models for minutes
_MOST_LISTS_INTERACTING = 6  # 64 cells; each more makes eight times the work
_HALF = 0.5  # of a person: the least that an estimate of n_0 counts as, here and in the cases

Learned = Literal["errors", "interactions"]
_WAYS: tuple[Learned, ...] = ("errors", "interactions")


@dataclass(frozen=True, eq=False)
class CalibratedDetail:
    """What stands behind an estimate by `Calibrated`.

    Parameters
    ----------
    base_unobserved : dict of str to float
        Estimate of the persons on no list by each estimator of the base that answers.
    declined : dict of str to str
        Estimators of the base that do not, and why.
    n_unobserved : float or None
        The base's one estimate of the persons on no list, before calibration; half a person at least. None
        where there is no base.
    discrepancies : dict of str to float
        Logarithm of true over estimated n_0 of each case learned from.
    distribution : Distribution
        Distribution of the logarithm of the persons on no list of the table at hand.
    n_cases, n_datasets, n_groups : int
        Cases learned from, data sets they come from, and groups of data sets that share people.
    share_between : float or None
        Share of the variance of discrepancies that lies between groups; None where only interactions are
        learned.
    chance : float
        Variance added to the discrepancy for which persons happened to be on which lists.
    interactions : Sizes or None
        Posterior mean of the sizes of interactions in the bank; None where they are not used.
    """

    base_unobserved: dict[str, float]
    declined: dict[str, str]
    n_unobserved: float | None
    discrepancies: dict[str, float]
    distribution: Distribution
    n_cases: int
    n_datasets: int
    n_groups: int
    share_between: float | None
    chance: float
    interactions: Sizes | None

    def to_frame(self) -> pd.DataFrame:
        """Give the cases learned from as a pandas frame, a row each."""
        import pandas as pd

        return pd.DataFrame(
            {"case": list(self.discrepancies), "discrepancy": list(self.discrepancies.values())}
        )


@dataclass(frozen=True, eq=False)
class _CalibratedRule:
    """Quantiles of n + n_0, log n_0 having a distribution; less than half a person is nobody."""

    distribution: Distribution
    n_observed: int
    method: ClassVar[str] = "calibrated"

    def bounds(self, level: float) -> tuple[float, float]:
        tail = (1 - level) / 2
        return self.at(tail), self.at(1 - tail)

    def at(self, probability: float) -> float:
        """Number of persons that is not passed with a probability."""
        with np.errstate(over="ignore"):
            unlisted = float(np.exp(quantile(self.distribution, probability)))
        return self.n_observed + (unlisted if unlisted >= _HALF else 0.0)


@specification
class Calibrated:
    """Abundance with what populations of known size teach of errors and of dependence.

    The estimand is N, the persons in a closed population of whom each list names some. Two things are
    learned from a bank of populations of known size. A base of estimators gives one number of unlisted
    persons; on every case the same base missed by a known factor; the distribution of these factors, for a
    data set not seen before, is one answer. How lists depend on each other is in the cells of the cases,
    the unlisted with them; a log-linear model with every interaction, their sizes as in the bank, is the
    other. An equal mixture of both gives point and interval. Prefer it to any single estimator when the
    interval has to hold the truth, and the way the lists depend on each other is not known.

    Parameters
    ----------
    base : estimator or tuple of estimators, optional
        What is calibrated. None takes `Chapman` for two lists, and for more `LogLinear`,
        `ChaoLowerBound`, `SelectedLogLinear` and `DecomposableGraphs` together.
    bank : Bank or tuple of KnownCase, optional
        Cases to learn from; None takes `known_bank()`. A bank of one's own is shown by its name and size,
        so such a specification cannot be evaluated back from its text.
    learns : tuple of {"errors", "interactions"}, optional
        What is learned from the bank: by how much the base missed, how lists depend on each other, or both,
        which then count alike. Of two lists both are one thing, and errors are taken where both are asked
        for.

    Raises
    ------
    InputError
        If the base is empty, or the bank has fewer than two groups of data sets.

    See Also
    --------
    evaluate : How an estimator does on cases, those learned from left out.
    cases_from : Cases from a table of one's own.

    Notes
    -----
    *Errors.* The base's n_0 is the geometric mean of n_0 + 1/2 over its estimators, less 1/2. With
    discrepancy e = log(true n_0 / estimated n_0), N = n + n_0 exp(e). Discrepancies are normal around a
    centre of their group, with variance sigma^2 + c, where c stands for chance: 1/r if r persons are on two
    lists or more, and for two lists 1/a + 1/b + 1/m, with a and b persons on one list only and m on both.
    Centres are normal with mean mu and standard deviation tau; mu ~ N(0, 1), and tau and sigma are
    half-normal with scale 1. All three are integrated out, so that few groups mean a wide interval. Less
    than half a person counts as half a person where it is an estimate of n_0, or an empty cell a or b (one
    list inside the other), and as nobody in the result. An estimator of the base that declines is left out
    of the mean, for the cases too; so is the default's `SelectedLogLinear` with more than 10 lists, where
    its search takes minutes.

    *Interactions.* All 2^K cells are Poisson, that of the unlisted too, and the logarithms of their means
    are sums of interactions of every order, written around the middle of the table (a list that names a
    person has 1/2, one that does not -1/2), so that one of two lists is their log odds ratio averaged
    evenly over the other lists. Interactions of two lists are normal with mean m and standard deviation
    s_2, of three with s_3 around 0, of more with s_4. m ~ N(0, 1), and log s_k ~ N(log 1/2, 1). The
    constant and the lists alone have normals so wide, standard deviations 10 and 3, that they say next to
    nothing; N then has about 1/N for its prior. The normals are integrated by Laplace's method, m and s_k
    over weighted points of their posterior given the cases. Beyond six lists the smallest count as one
    here.

    Tables of two lists learn from the pairs of lists of every case; there the discrepancy of `Chapman` is
    the log odds ratio, and errors alone are taken. Declines when nobody is on two lists, or no estimator of
    the base answers.

    References
    ----------
    .. [1] Hook, E. B. and Regal, R. R. (2000). Accuracy of alternative approaches to capture-recapture
       estimates of disease frequency: internal validity analysis of data from five sources. American
       Journal of Epidemiology, 152(8), 771-779. https://doi.org/10.1093/aje/152.8.771
    .. [2] Binette, O. and Steorts, R. C. (2022). On the reliability of multiple systems estimation for the
       quantification of modern slavery. Journal of the Royal Statistical Society Series A, 185(2),
       640-676. https://doi.org/10.1111/rssa.12803
    .. [3] King, R. and Brooks, S. P. (2001). On the Bayesian analysis of population size. Biometrika, 88(2),
       317-336. https://doi.org/10.1093/biomet/88.2.317
    .. [4] Rue, H., Martino, S. and Chopin, N. (2009). Approximate Bayesian inference for latent Gaussian
       models by using integrated nested Laplace approximations. Journal of the Royal Statistical Society
       Series B, 71(2), 319-392. https://doi.org/10.1111/j.1467-9868.2008.00700.x

    Examples
    --------
    >>> import detcount as dc
    >>> estimate = dc.Calibrated().fit(dc.datasets.load("kosovo"))
    >>> print(estimate)
    12,823 persons (7,110 to 28,800, 95% calibrated); 4,400 listed
    """

    base: Estimator | tuple[Estimator, ...] | None = None
    bank: Bank | tuple[KnownCase, ...] | None = None
    learns: tuple[Learned, ...] = _WAYS

    assumes: ClassVar[tuple[Assumption, ...]] = (
        Assumption.CLOSED_POPULATION,
        Assumption.ERROR_FREE_LINKAGE,
        Assumption.NO_OVERCOVERAGE,
        Assumption.EXCHANGEABLE_ERROR,
    )
    references: ClassVar[tuple[Reference, ...]] = (
        references.HOOK_REGAL_2000,
        references.BINETTE_STEORTS_2022,
        references.KING_BROOKS_2001,
        references.RUE_2009,
    )

    def __post_init__(self) -> None:
        if self.base is not None:
            estimators = self.base if isinstance(self.base, tuple) else (self.base,)
            if not estimators:
                raise InputError("base: expected at least one estimator, got none. None takes the default")
            for estimator in estimators:
                if isinstance(estimator, type) or not isinstance(estimator, Estimator):
                    raise TypeError(f"base: expected an estimator such as Chapman(), got {estimator!r}")
        if isinstance(self.bank, tuple):
            object.__setattr__(self, "bank", Bank("own cases", self.bank))
        if self.bank is not None:
            if not isinstance(self.bank, Bank):
                raise TypeError(
                    f"bank: expected a Bank or a tuple of KnownCase, got {type(self.bank).__name__}"
                )
            _require_groups(self.bank)
        learns = (self.learns,) if isinstance(self.learns, str) else tuple(self.learns)
        if not learns or len(set(learns)) < len(learns) or not set(learns) <= set(_WAYS):
            raise InputError(f"learns: expected one or both of {_WAYS}, each once, got {self.learns!r}")
        object.__setattr__(self, "learns", tuple(way for way in _WAYS if way in learns))

    def fit(self, table: CaptureTable, *, seed: int = 0) -> AbundanceEstimate:
        """Estimate N, persons, from a table of two lists or more."""
        return self.fit_sharing(table, {}, seed=seed)

    def fit_sharing(
        self,
        table: CaptureTable,
        fitted: Mapping[Estimator, AbundanceEstimate],
        *,
        seed: int = 0,
    ) -> AbundanceEstimate:
        """Estimate as `fit` does, taking estimates of the base that are there already.

        Parameters
        ----------
        table : CaptureTable
            Persons by capture history.
        fitted : mapping of estimator to AbundanceEstimate
            Estimates from the same table with the same seed. Estimators of the base that are missing are
            fitted, others left aside.
        seed : int, optional
            Seed of the draws.

        Returns
        -------
        AbundanceEstimate
            Abundance in persons, the same as that of `fit`.
        """
        require_number_of_lists("Calibrated", table)
        require_names_on_every_list("Calibrated", table)
        random = np.random.default_rng(seed)
        if _on_several(table) == 0:
            raise NotEstimableError(
                "Calibrated",
                "nobody is on two lists",
                "Report the persons listed as a floor, or add a list that shares persons with these.",
            )
        of_two = table.n_lists == 2
        parts: list[Distribution] = []
        errors = sizes = None
        if "errors" in self.learns:
            errors = self._errors(table, fitted, seed)
            parts.append(errors.distribution)
        if "interactions" in self.learns and not (of_two and errors):
            learned = _learned_sizes(self.learned_from(), of_two)
            sizes = learned.mean
            parts.append(unlisted(_cells(table), learned))
        distribution = parts[0] if len(parts) == 1 else Pool(tuple(parts))
        rule = _CalibratedRule(distribution, table.n_observed)
        part = _part(self.learned_from(), of_two) if errors is None else errors.cases
        return AbundanceEstimate(
            point=rule.at(0.5),
            n_observed=table.n_observed,
            estimator=self,
            interval_rule=rule,
            digest=table.digest,
            seed=seed,
            notes=_notes(part, errors, sizes, table.n_lists),
            detail=CalibratedDetail(
                base_unobserved={} if errors is None else errors.used,
                declined={} if errors is None else errors.declined,
                n_unobserved=None if errors is None else errors.n_unobserved,
                discrepancies={} if errors is None else dict(errors.lesson.discrepancies),
                distribution=distribution,
                n_cases=len(part),
                n_datasets=len({case.dataset for case in part}),
                n_groups=len({case.group for case in part}),
                share_between=None if errors is None else errors.lesson.share_between,
                chance=0.0 if errors is None else errors.chance,
                interactions=sizes,
            ),
            draws=_drawn(distribution, table.n_observed, random),
        )

    def _errors(
        self, table: CaptureTable, fitted: Mapping[Estimator, AbundanceEstimate], seed: int
    ) -> _Errors:
        """The base's one number, and what is learned of how far it missed."""
        answers = {
            estimator: f"not asked with more than {_MOST_LISTS_SELECTED} lists: its search takes minutes"
            if self.base is None and table.n_lists > _MOST_LISTS_SELECTED and estimator == SelectedLogLinear()
            else _unobserved(estimator, table, seed, fitted.get(estimator))
            for estimator in self._base(table.n_lists)
        }
        used = {key: value for key, value in answers.items() if isinstance(value, float)}
        declined = {repr(key): value for key, value in answers.items() if isinstance(value, str)}
        if not used:
            raise NotEstimableError(
                "Calibrated",
                f"no estimator of the base answers ({'; '.join(f'{k}: {v}' for k, v in declined.items())})",
                "Report the persons listed as a floor, or merge lists that share a source.",
            )
        lesson = _lesson(tuple(used), self.learned_from(), table.n_lists == 2)
        n_unobserved = max(stacked(np.array(list(used.values()))), _HALF)
        chance = _chance(table)
        return _Errors(
            lesson=lesson,
            used={repr(key): value for key, value in used.items()},
            declined=declined,
            n_unobserved=n_unobserved,
            chance=chance,
            distribution=lesson.distribution.widened(chance).shifted(math.log(n_unobserved)),
        )

    def _base(self, n_lists: int) -> tuple[Estimator, ...]:
        """Estimators to calibrate for a number of lists."""
        if self.base is None:
            return DEFAULT_BASE_OF_TWO if n_lists == 2 else DEFAULT_BASE
        return self.base if isinstance(self.base, tuple) else (self.base,)

    def learned_from(self) -> Bank:
        """Cases to learn from."""
        if self.bank is None:
            return known_bank()
        return self.bank if isinstance(self.bank, Bank) else Bank("own cases", self.bank)


@dataclass(frozen=True, eq=False)
class _Lesson:
    """What a bank teaches on a base."""

    distribution: Mixture  # of the discrepancy of the next case, without its chance
    share_between: float
    cases: tuple[KnownCase, ...]
    discrepancies: tuple[tuple[str, float], ...]


@dataclass(frozen=True, eq=False)
class _Errors:
    """What a base says of a table, and what its errors on a bank make of it."""

    lesson: _Lesson
    used: dict[str, float]
    declined: dict[str, str]
    n_unobserved: float
    chance: float
    distribution: Mixture  # of log n_0

    @property
    def cases(self) -> tuple[KnownCase, ...]:
        """Cases learned from."""
        return self.lesson.cases


def _part(bank: Bank, of_two: bool) -> tuple[KnownCase, ...]:
    """The cases of a bank that a table learns from."""
    part = bank.of_two_lists if of_two else bank.of_more_lists
    return () if part is None else part.cases


def _require_groups_among(cases: tuple[KnownCase, ...], what: str, of_two: bool) -> None:
    """Decline where cases do not show how much data sets differ."""
    n_groups = len({case.group for case in cases})
    if n_groups < LEAST_GROUPS:
        raise NotEstimableError(
            "Calibrated",
            f"{what} {len(cases)} cases of {'two' if of_two else 'three or more'} lists in the "
            f"bank, from {n_groups} of the two groups of data sets that it takes",
            "Use a bank with more data sets, or another base.",
        )


@cache
def _lesson(base: tuple[Estimator, ...], bank: Bank, of_two: bool) -> _Lesson:
    """Distribution of the base's discrepancies over the cases for which all of it answers."""
    cases, estimates = [], []
    for case in _part(bank, of_two):
        values = [_on_case(estimator, case.table) for estimator in base]  # type: ignore[arg-type]
        if not any(math.isnan(value) for value in values):
            cases.append(case)
            estimates.append(stacked(np.array(values)))
    _require_groups_among(tuple(cases), "the base answers for", of_two)
    seen = Discrepancies(
        values=log_discrepancies(
            np.array([case.n_unobserved for case in cases], dtype=np.float64), np.array(estimates)
        ),
        groups=numbered([case.group for case in cases]),
        chance=np.array([_chance(case.table) for case in cases]),
    )
    distribution, share = hierarchical(seen)
    return _Lesson(
        distribution=distribution,
        share_between=share,
        cases=tuple(cases),
        discrepancies=tuple(
            (case.name, value) for case, value in zip(cases, seen.values.tolist(), strict=True)
        ),
    )


@cache
def _learned_sizes(bank: Bank, of_two: bool) -> LearnedSizes:
    """Sizes of interactions in the cases of a bank."""
    cases = _part(bank, of_two)
    _require_groups_among(cases, "there are", of_two)
    tables = []
    for case in cases:
        cells = _cells(case.table)
        cells[0] = case.n_unobserved
        tables.append(cells)
    return learn_sizes(tables)


def _cells(table: CaptureTable) -> NDArray[np.float64]:
    """Persons by capture history, list k having bit k; beyond six lists the smallest are one.

    Lists of one size stand by how many persons they share with each other list, so that neither the order
    nor the names of lists say which are put together.
    """
    histories = table.histories.astype(np.int64)
    if table.n_lists > _MOST_LISTS_INTERACTING:
        shared = histories.T @ (histories * table.counts[:, None])
        order = sorted(range(table.n_lists), key=lambda k: (-shared[k, k], *sorted(-shared[k])))
        largest, others = order[: _MOST_LISTS_INTERACTING - 1], order[_MOST_LISTS_INTERACTING - 1 :]
        histories = np.column_stack([histories[:, largest], histories[:, others].max(axis=1)])
    n_lists = histories.shape[1]
    codes = histories @ (1 << np.arange(n_lists))
    return np.bincount(codes, weights=table.counts, minlength=1 << n_lists).astype(np.float64)


def _unobserved(
    estimator: Estimator,
    table: CaptureTable,
    seed: int,
    answer: AbundanceEstimate | None = None,
) -> float | str:
    """n_0 of an estimator, or its reason to have none."""
    if answer is not None:
        return answer.n_unobserved
    if isinstance(estimator, Chapman) and table.n_lists == 2:
        first, second, both = _two(table)
        return max(first, _HALF) * max(second, _HALF) / (both + 1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DetcountWarning)
        try:
            point_alone = getattr(estimator, "_point", None)
            point = (
                estimator.fit(table, seed=seed).point
                if point_alone is None
                else point_alone(table, seed=seed)
            )
        except NotEstimableError as declined:
            return declined.reason
        except ConvergenceError:
            return "an iteration stopped before it had converged"
    return max(float(point) - table.n_observed, 0.0)


def fitted_unobserved(estimator: Estimator, case: KnownCase) -> float | None:
    """Fit an estimator to a case, whatever is stored of it.

    Parameters
    ----------
    estimator : estimator
        What is fitted, with seed 0.
    case : KnownCase
        The case.

    Returns
    -------
    float or None
        Estimate of the persons on no list; None where the estimator declines.
    """
    answer = _unobserved(estimator, case.table, seed=0)
    return answer if isinstance(answer, float) else None


@cache
def _on_case(estimator: Estimator, table: CaptureTable) -> float:
    """n_0 of an estimator on a case, from the file that ships where it is there; nan where it declines."""
    stored = _stored().get(repr(estimator), {})
    if table.digest in stored:
        known = stored[table.digest]
        return math.nan if known is None else known
    answer = _unobserved(estimator, table, seed=0)
    return answer if isinstance(answer, float) else math.nan


@cache
def _stored() -> dict[str, dict[str, float | None]]:
    """n_0 of the default base on the cases that ship, by estimator and digest of the table."""
    file = resources.files("detcount.datasets") / "data" / "known_truth_estimates.json"
    return {
        name: {entry["digest"]: entry["unobserved"] for entry in entries}
        for name, entries in json.loads(file.read_text(encoding="utf-8"))["estimates"].items()
    }


def _on_several(table: CaptureTable) -> int:
    """Persons on two lists or more."""
    return int(table.counts[table.histories.sum(axis=1) > 1].sum())


def _two(table: CaptureTable) -> tuple[int, int, int]:
    """Persons on the first list only, on the second only, and on both."""
    both = table.overlap(*table.lists)
    first, second = (size - both for size in table.list_sizes.values())
    return first, second, both


def _chance(table: CaptureTable) -> float:
    """Variance of log n_0 from which persons happened to be on which lists.

    For two lists the delta method's, an empty cell counted as half a person; for more, one over the persons
    on two lists or more, which stands for the cells that say most of n_0.
    """
    if table.n_lists == 2:
        first, second, both = _two(table)
        return 1 / max(first, _HALF) + 1 / max(second, _HALF) + 1 / max(both, _HALF)
    return 1 / max(_on_several(table), 1)


def _drawn(distribution: Distribution, n_observed: int, random: np.random.Generator) -> NDArray[np.float64]:
    """Numbers of persons drawn from the distribution whose quantiles the rule gives."""
    with np.errstate(over="ignore"):
        unlisted = np.exp(distribution.draws(_N_DRAWS, random))
    return np.asarray(n_observed + np.where(unlisted >= _HALF, unlisted, 0.0))


def _require_groups(bank: Bank) -> None:
    """Refuse a bank that cannot show how data sets differ."""
    if len(bank.groups) < LEAST_GROUPS:
        raise InputError(
            f"bank: expected at least {LEAST_GROUPS} groups of data sets, got {len(bank.groups)}. "
            "One cannot show how much data sets differ; known_bank().with_cases(...) adds to those that ship"
        )


def _notes(
    cases: tuple[KnownCase, ...], errors: _Errors | None, sizes: Sizes | None, n_lists: int
) -> tuple[str, ...]:
    """What a reader must know."""
    what = "pairs of lists" if n_lists == 2 else "cases"
    n_datasets, n_groups = len({case.dataset for case in cases}), len({case.group for case in cases})
    learned = f"Learned from {len(cases)} {what} of known size, from {n_datasets} data sets"
    share = None if errors is None else errors.lesson.share_between
    if share is not None:
        learned += f" in {n_groups} groups; about {share:.0%} of the spread of errors lies between groups"
    notes = [f"{learned}."]
    most = max(case.table.n_lists for case in cases)
    if n_lists > most:
        notes.append(f"There are {n_lists} lists here, and at most {most} in a case learned from.")
    if sizes is not None:
        low, middle, high = (math.exp(sizes.mean + k * sizes.pairs) for k in (-1, 0, 1))
        notes.append(
            f"Over the cases the odds ratio of two lists is {middle:.1f} in the middle, and from {low:.1f} "
            f"to {high:.1f} for two thirds of pairs."
        )
        if n_lists > _MOST_LISTS_INTERACTING:
            n_merged = n_lists - _MOST_LISTS_INTERACTING + 1
            notes.append(f"For the interactions the {n_merged} smallest lists are taken as one.")
    if errors is not None and errors.declined:
        notes.append(
            f"Without {' and '.join(errors.declined)}, which gave no answer: what was learned is for the "
            f"rest too, {len(errors.used)} {'estimator' if len(errors.used) == 1 else 'estimators'}."
        )
    if errors is not None and errors.n_unobserved <= _HALF:
        notes.append("The base finds nobody unlisted, which counts as half a person, as in the cases.")
    return tuple(notes)
