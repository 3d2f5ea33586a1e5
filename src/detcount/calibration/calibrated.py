"""Intervals held to populations whose size is known.

The members of one list are a population of known size, and the other lists, cut to it, are real lists of
it, which depend on each other as real lists do. Standard estimators miss most of these populations, and
nearly always below. `Calibrated` learns from cases by how much, and carries it to the table at hand;
`evaluate` says how any estimator does on cases, those learned from left out.

>>> import detcount as dc
>>> estimate = dc.Calibrated().fit(dc.datasets.load("korea"))
>>> estimate.interval(0.5).low < estimate.point < estimate.interval(0.5).high
True
"""

from __future__ import annotations

import json
import math
import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from importlib import resources
from itertools import combinations
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from detcount import references
from detcount._numerics.calibration import (
    Discrepancies,
    Mixture,
    balanced_weights,
    hierarchical,
    interval_score,
    log_discrepancies,
    stacked,
    student_t,
)
from detcount.abundance import ChaoLowerBound, Chapman, DecomposableGraphs, LogLinear, SelectedLogLinear
from detcount.abundance._guards import require_names_on_every_list, require_number_of_lists, require_table
from detcount.assumptions import Assumption
from detcount.captures import CaptureTable
from detcount.citation import Reference
from detcount.datasets import KnownCase, known_truth
from detcount.errors import ConvergenceError, DetcountWarning, InputError, NotEstimableError
from detcount.estimates import AbundanceEstimate, Estimator
from detcount.specification import specification

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "DEFAULT_BASE",
    "DEFAULT_BASE_OF_TWO",
    "Bank",
    "Calibrated",
    "CalibratedDetail",
    "CaseResult",
    "Evaluation",
    "cases_from",
    "evaluate",
    "fitted_unobserved",
    "known_bank",
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

_N_DRAWS = 4000
_MOST_LISTS_SELECTED = 10  # beyond, the default base would search models for minutes
_HALF = 0.5  # of a person: the least that an estimate of n_0 counts as, here and in the cases
_LEAST_GROUPS = 2
_LEAST_LISTS = 3

Spread = Literal["hierarchical", "student-t"]


@dataclass(frozen=True, repr=False)
class Bank:
    """Populations of known size under one name.

    Parameters
    ----------
    name : str
        What a note calls the bank.
    cases : tuple of KnownCase
        The cases; no two of one name.

    Raises
    ------
    InputError
        If there is no case, or two have one name.

    See Also
    --------
    known_bank : The cases that ship.
    cases_from : Cases from a table of one's own.
    """

    name: str
    cases: tuple[KnownCase, ...]

    def __post_init__(self) -> None:
        cases = tuple(self.cases)
        for case in cases:
            if not isinstance(case, KnownCase):
                raise TypeError(f"cases: expected KnownCase, got {type(case).__name__}")
        if not cases:
            raise InputError("cases: expected at least one case, got none. cases_from(table) makes them")
        names = [case.name for case in cases]
        if len(set(names)) < len(names):
            twice = next(name for name in names if names.count(name) > 1)
            raise InputError(f"cases: {twice!r} stands twice. Give every data set a name of its own")
        object.__setattr__(self, "cases", cases)

    @property
    def groups(self) -> tuple[str, ...]:
        """Groups of data sets that share people, in the order of the cases."""
        return tuple(dict.fromkeys(case.group for case in self.cases))

    def without(self, group: str) -> Bank | None:
        """Leave a group out; None where nothing is left."""
        left = tuple(case for case in self.cases if case.group != group)
        return Bank(self.name, left) if left else None

    def with_cases(self, cases: Iterable[KnownCase]) -> Bank:
        """Add cases of one's own."""
        return Bank(self.name, (*self.cases, *cases))

    @cached_property
    def of_two_lists(self) -> Bank | None:
        """Every pair of lists that share somebody, as a case of two lists; None where there is no pair.

        The population stays the same; the pair alone lists it.
        """
        pairs = [
            replace(
                case,
                name=case.name if case.table.n_lists == 2 else f"{case.name}: {one} and {other}",
                table=case.table.keep([one, other]),
            )
            for case in self.cases
            for one, other in combinations(case.table.lists, 2)
            if case.table.overlap(one, other)
        ]
        return Bank(self.name, tuple(pairs)) if pairs else None

    @cached_property
    def of_more_lists(self) -> Bank | None:
        """The cases of three lists or more; None where there is none."""
        cases = tuple(case for case in self.cases if case.table.n_lists >= _LEAST_LISTS)
        return Bank(self.name, cases) if cases else None

    def __repr__(self) -> str:
        return f"<Bank {self.name!r}: {len(self.cases)} cases, {len(self.groups)} groups of data sets>"


@cache
def known_bank() -> Bank:
    """Give the cases of `datasets.known_truth` as a bank.

    Returns
    -------
    Bank
        28 cases from eight data sets, in six groups.

    Examples
    --------
    >>> from detcount import calibration
    >>> calibration.known_bank()
    <Bank 'known truth': 28 cases, 6 groups of data sets>
    """
    return Bank("known truth", known_truth())


def cases_from(
    table: CaptureTable,
    *,
    dataset: str,
    group: str | None = None,
    references: Sequence[str] | None = None,
    min_members: int = 150,
    min_observed: int = 30,
    min_on_list: int = 5,
    min_lists: int = 3,
    max_lists: int = 5,
) -> tuple[KnownCase, ...]:
    """Make cases of known size from a table of four lists or more, or of three.

    The members of each list in turn are a population; the other lists, cut to them, list it.

    Parameters
    ----------
    table : CaptureTable
        Persons on four lists or more; on three, if cases of two lists are asked for.
    dataset : str
        Name of the table, which the names of its cases begin with.
    group : str, optional
        Name shared with other tables of the same people; without it the data set is a group of its own.
    references : sequence of str, optional
        Lists whose members are taken as populations; without it every list is tried.
    min_members : int, optional
        Least members of such a list.
    min_observed : int, optional
        Least members that the lists kept name.
    min_on_list : int, optional
        Least members that a list names to be kept; the others stand in `KnownCase.left_out`.
    min_lists : int, optional
        Least lists that must be kept: 3, or 2 for cases of two lists.
    max_lists : int, optional
        Most lists kept, those that name most members.

    Returns
    -------
    tuple of KnownCase
        A case for each list that passes, in the order of the table; may be empty.

    Raises
    ------
    InputError
        If the table has too few lists, a reference is no list of it, or `min_lists` is less than two.

    Notes
    -----
    Applied to the tables that ship, the defaults give the cells of every case of `datasets.known_truth`
    that comes from them, and no others, if the four largest lists alone are `references` in the Colombian
    table. The cases cannot tell which least number of members chose them: any from 103 to 173 gives the
    same, as does no least number of members with at least five persons on two lists and 40 observed. Where
    lists are cut to `max_lists` they stand by the members they name, the most first.

    Examples
    --------
    >>> from detcount import calibration, datasets
    >>> [case.name for case in calibration.cases_from(datasets.load("kosovo"), dataset="Kosovo")]
    ['Kosovo|EXH', 'Kosovo|ABA', 'Kosovo|OSCE', 'Kosovo|HRW']
    """
    require_table("cases_from", table)
    if not isinstance(min_lists, int) or min_lists < 2 or min_lists > max_lists:
        raise InputError(
            f"min_lists: expected a whole number from 2 to max_lists, {max_lists}, got {min_lists!r}. "
            "One list alone has no overlap"
        )
    if table.n_lists < min_lists + 1:
        raise InputError(
            f"cases_from: expected at least {min_lists + 1} lists, got {table.n_lists}. "
            f"One is the population, and {min_lists} must list it"
        )
    for reference in references or ():
        if reference not in table.lists:
            raise InputError(
                f"references: no list {reference!r}; the lists are {', '.join(map(repr, table.lists))}"
            )
    cases = []
    for position, reference in enumerate(table.lists):
        if references is not None and reference not in references:
            continue
        members = table.histories[:, position] == 1
        truth = int(table.counts[members].sum())
        sizes = dict(
            zip(table.lists, (table.counts[members] @ table.histories[members]).tolist(), strict=True)
        )
        del sizes[reference]
        kept = [name for name, size in sizes.items() if size >= min_on_list]
        if len(kept) > max_lists:
            kept = sorted(kept, key=lambda name: -sizes[name])[:max_lists]
        if truth < min_members or len(kept) < min_lists:
            continue
        inside = CaptureTable(table.lists, table.histories[members], table.counts[members]).keep(kept)
        if inside.n_observed < min_observed:
            continue
        cases.append(
            KnownCase(
                name=f"{dataset}|{reference}",
                dataset=dataset,
                group=dataset if group is None else group,
                reference_list=reference,
                truth=truth,
                table=inside,
                left_out=tuple(name for name in sizes if name not in kept),
            )
        )
    return tuple(cases)


@dataclass(frozen=True, eq=False)
class CalibratedDetail:
    """What stands behind an estimate by `Calibrated`.

    Parameters
    ----------
    base_unobserved : dict of str to float
        Estimate of the persons on no list by each estimator of the base that answers.
    declined : dict of str to str
        Estimators of the base that do not, and why.
    n_unobserved : float
        The base's one estimate of the persons on no list, before calibration; half a person at least.
    discrepancies : dict of str to float
        Logarithm of true over estimated n_0 of each case learned from.
    distribution : Mixture
        Distribution of the discrepancy of the table at hand.
    n_cases, n_datasets, n_groups : int
        Cases learned from, data sets they come from, and groups of data sets that share people.
    share_between : float or None
        Share of the variance of discrepancies that lies between groups; None for the Student-t.
    chance : float
        Variance added for which persons happened to be on which lists.
    """

    base_unobserved: dict[str, float]
    declined: dict[str, str]
    n_unobserved: float
    discrepancies: dict[str, float]
    distribution: Mixture
    n_cases: int
    n_datasets: int
    n_groups: int
    share_between: float | None
    chance: float

    def to_frame(self) -> pd.DataFrame:
        """Give the cases learned from as a pandas frame, a row each."""
        import pandas as pd

        return pd.DataFrame(
            {"case": list(self.discrepancies), "discrepancy": list(self.discrepancies.values())}
        )


@dataclass(frozen=True, eq=False)
class _CalibratedRule:
    """Quantiles of n + n_0 exp(e), exact; less than half a person is nobody."""

    distribution: Mixture
    n_observed: int
    n_unobserved: float
    method: ClassVar[str] = "calibrated"

    def bounds(self, level: float) -> tuple[float, float]:
        tail = (1 - level) / 2
        return self.at(tail), self.at(1 - tail)

    def at(self, probability: float) -> float:
        """Number of persons that is not passed with a probability."""
        with np.errstate(over="ignore"):
            unlisted = self.n_unobserved * float(np.exp(self.distribution.quantile(probability)))
        return self.n_observed + (unlisted if unlisted >= _HALF else 0.0)


@specification
class Calibrated:
    """Abundance with the error that estimators made on populations of known size put right.

    The estimand is N, the persons in a closed population of whom each list names some. A base of
    estimators gives one number of unlisted persons; on every case of a bank the same base missed by a
    known factor; the distribution of these factors, for a data set not seen before, turns the number into
    a point and an interval. Prefer it to any single estimator when the interval has to hold the truth, and
    the way the lists depend on each other is not known.

    Parameters
    ----------
    base : estimator or tuple of estimators, optional
        What is calibrated. None takes `Chapman` for two lists, and for more `LogLinear`,
        `ChaoLowerBound`, `SelectedLogLinear` and `DecomposableGraphs` together.
    bank : Bank or tuple of KnownCase, optional
        Cases to learn from; None takes `known_bank()`. A bank of one's own is shown by its name and size,
        so such a specification cannot be evaluated back from its text.
    spread : {"hierarchical", "student-t"}, optional
        Model of the discrepancies. The Student-t is simpler, and kept to compare with.

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
    The base's n_0 is the geometric mean of n_0 + 1/2 over its estimators, less 1/2. With discrepancy
    e = log(true n_0 / estimated n_0), N = n + n_0 exp(e). Discrepancies are normal around a centre of
    their group, with variance sigma^2 + c, where c stands for chance: 1/r if r persons are on two lists or
    more, and for two lists 1/a + 1/b + 1/m, with a and b persons on one list only and m on both. Centres are
    normal with mean mu and standard deviation tau; mu ~ N(0, 1), and tau and sigma are half-normal with
    scale 1. All three are integrated out, so that few groups mean a wide interval. Less than half a person
    counts as half a person where it is an estimate of n_0, or an empty cell a or b (one list inside the
    other), and as nobody in the result. An estimator of the base that
    declines is left out of the mean, for the cases too; so is the default's `SelectedLogLinear` with more
    than 10 lists, where its search takes minutes. Tables of two lists learn from the pairs of lists
    of every case. Declines when nobody is on two lists, or no estimator of the base answers.

    References
    ----------
    .. [1] Hook, E. B. and Regal, R. R. (2000). Accuracy of alternative approaches to capture-recapture
       estimates of disease frequency: internal validity analysis of data from five sources. American
       Journal of Epidemiology, 152(8), 771-779. https://doi.org/10.1093/aje/152.8.771
    .. [2] Binette, O. and Steorts, R. C. (2022). On the reliability of multiple systems estimation for the
       quantification of modern slavery. Journal of the Royal Statistical Society Series A, 185(2),
       640-676. https://doi.org/10.1111/rssa.12803

    Examples
    --------
    >>> import detcount as dc
    >>> estimate = dc.Calibrated().fit(dc.datasets.load("kosovo"))
    >>> print(estimate)
    12,476 persons (6,668 to 32,772, 95% calibrated); 4,400 listed
    """

    base: Estimator | tuple[Estimator, ...] | None = None
    bank: Bank | tuple[KnownCase, ...] | None = None
    spread: Spread = "hierarchical"

    assumes: ClassVar[tuple[Assumption, ...]] = (
        Assumption.CLOSED_POPULATION,
        Assumption.ERROR_FREE_LINKAGE,
        Assumption.NO_OVERCOVERAGE,
        Assumption.EXCHANGEABLE_ERROR,
    )
    references: ClassVar[tuple[Reference, ...]] = (
        references.HOOK_REGAL_2000,
        references.BINETTE_STEORTS_2022,
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
        if self.spread not in ("hierarchical", "student-t"):
            raise InputError(f"spread: expected 'hierarchical' or 'student-t', got {self.spread!r}")

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
        lesson = _lesson(tuple(used), self._bank(), table.n_lists == 2, self.spread)
        n_unobserved = max(stacked(np.array(list(used.values()))), _HALF)
        chance = _chance(table) if self.spread == "hierarchical" else 0.0
        distribution = lesson.distribution.widened(chance)
        rule = _CalibratedRule(distribution, table.n_observed, n_unobserved)
        return AbundanceEstimate(
            point=rule.at(0.5),
            n_observed=table.n_observed,
            estimator=self,
            interval_rule=rule,
            digest=table.digest,
            seed=seed,
            notes=_notes(lesson, len(used), declined, n_unobserved),
            detail=CalibratedDetail(
                base_unobserved={repr(key): value for key, value in used.items()},
                declined=declined,
                n_unobserved=n_unobserved,
                discrepancies=dict(lesson.discrepancies),
                distribution=distribution,
                n_cases=len(lesson.discrepancies),
                n_datasets=lesson.n_datasets,
                n_groups=lesson.n_groups,
                share_between=lesson.share_between,
                chance=chance,
            ),
            draws=_drawn(distribution, table.n_observed, n_unobserved, random),
        )

    def _base(self, n_lists: int) -> tuple[Estimator, ...]:
        """Estimators to calibrate for a number of lists."""
        if self.base is None:
            return DEFAULT_BASE_OF_TWO if n_lists == 2 else DEFAULT_BASE
        return self.base if isinstance(self.base, tuple) else (self.base,)

    def _bank(self) -> Bank:
        """Cases to learn from."""
        if self.bank is None:
            return known_bank()
        return self.bank if isinstance(self.bank, Bank) else Bank("own cases", self.bank)


@dataclass(frozen=True, eq=False)
class _Lesson:
    """What a bank teaches on a base."""

    distribution: Mixture
    share_between: float | None
    discrepancies: tuple[tuple[str, float], ...]
    n_datasets: int
    n_groups: int
    of_two: bool


@cache
def _lesson(base: tuple[Estimator, ...], bank: Bank, of_two: bool, spread: Spread) -> _Lesson:
    """Distribution of the base's discrepancies over the cases for which all of it answers."""
    part = bank.of_two_lists if of_two else bank.of_more_lists
    cases, estimates = [], []
    for case in part.cases if part is not None else ():
        values = [_on_case(estimator, case.table) for estimator in base]  # type: ignore[arg-type]
        if not any(math.isnan(value) for value in values):
            cases.append(case)
            estimates.append(stacked(np.array(values)))
    groups = _numbered([case.group for case in cases])
    if len(set(groups.tolist())) < _LEAST_GROUPS:
        raise NotEstimableError(
            "Calibrated",
            f"the base answers for {len(cases)} cases of {'two' if of_two else 'three or more'} lists in the "
            f"bank, from {len(set(groups.tolist()))} of the two groups of data sets that it takes",
            "Use a bank with more data sets, or another base.",
        )
    seen = Discrepancies(
        values=log_discrepancies(
            np.array([case.n_unobserved for case in cases], dtype=np.float64), np.array(estimates)
        ),
        groups=groups,
        chance=np.array([_chance(case.table) for case in cases]),
    )
    datasets = _numbered([case.dataset for case in cases])
    share: float | None = None
    if spread == "hierarchical":
        distribution, share = hierarchical(seen)
    else:
        distribution = student_t(seen, balanced_weights(datasets))
    return _Lesson(
        distribution=distribution,
        share_between=share,
        discrepancies=tuple(
            (case.name, value) for case, value in zip(cases, seen.values.tolist(), strict=True)
        ),
        n_datasets=len(set(datasets.tolist())),
        n_groups=len(set(groups.tolist())),
        of_two=of_two,
    )


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


def _drawn(
    distribution: Mixture, n_observed: int, n_unobserved: float, random: np.random.Generator
) -> NDArray[np.float64]:
    """Numbers of persons drawn from the distribution whose quantiles the rule gives."""
    with np.errstate(over="ignore"):
        unlisted = n_unobserved * np.exp(distribution.draws(_N_DRAWS, random))
    return np.asarray(n_observed + np.where(unlisted >= _HALF, unlisted, 0.0))


def _numbered(labels: Sequence[str]) -> NDArray[np.int64]:
    """Labels as numbers, in the order in which they appear."""
    numbers = {label: number for number, label in enumerate(dict.fromkeys(labels))}
    return np.array([numbers[label] for label in labels], dtype=np.int64)


def _require_groups(bank: Bank) -> None:
    """Refuse a bank that cannot show how data sets differ."""
    if len(bank.groups) < _LEAST_GROUPS:
        raise InputError(
            f"bank: expected at least {_LEAST_GROUPS} groups of data sets, got {len(bank.groups)}. "
            "One cannot show how much data sets differ; known_bank().with_cases(...) adds to those that ship"
        )


def _notes(lesson: _Lesson, n_used: int, declined: dict[str, str], n_unobserved: float) -> tuple[str, ...]:
    """What a reader must know."""
    what = "pairs of lists" if lesson.of_two else "cases"
    learned = (
        f"Learned from {len(lesson.discrepancies)} {what} of known size, from {lesson.n_datasets} data sets"
    )
    if lesson.share_between is not None:
        learned += (
            f" in {lesson.n_groups} groups; about {lesson.share_between:.0%} of the spread of errors lies "
            "between groups"
        )
    notes = [f"{learned}."]
    if declined:
        notes.append(
            f"Without {' and '.join(declined)}, which gave no answer: what was learned is for the rest too, "
            f"{n_used} {'estimator' if n_used == 1 else 'estimators'}."
        )
    if n_unobserved <= _HALF:
        notes.append("The base finds nobody unlisted, which counts as half a person, as in the cases.")
    return tuple(notes)


@dataclass(frozen=True)
class CaseResult:
    """How an estimator did on one case.

    Parameters
    ----------
    name, dataset, group : str
        The case, the data set it comes from, and the group of data sets that share people.
    truth : int
        Size of the population, persons.
    n_observed : int
        Persons listed.
    point : float or None
        Estimate of N, persons; None where the estimator declines.
    limits : tuple of tuple of float
        Lower and upper limit at each level, persons; empty where it declines.
    reason : str, optional
        Why it declines.
    """

    name: str
    dataset: str
    group: str
    truth: int
    n_observed: int
    point: float | None
    limits: tuple[tuple[float, float], ...]
    reason: str | None = None


@dataclass(frozen=True, repr=False)
class Evaluation:
    """How an estimator did on populations of known size.

    Figures are averages over data sets of averages over their cases, so that every data set counts once;
    width, bias and error are medians over cases. Cases for which the estimator declines are left out.

    Parameters
    ----------
    estimator : str
        The estimator, as it is printed.
    levels : tuple of float
        Levels of the intervals.
    cases : tuple of CaseResult
        The result of each case.
    """

    estimator: str
    levels: tuple[float, ...]
    cases: tuple[CaseResult, ...]

    @property
    def answered(self) -> tuple[CaseResult, ...]:
        """Cases with an estimate."""
        return tuple(case for case in self.cases if case.point is not None)

    @property
    def n_answered(self) -> int:
        """Cases with an estimate."""
        return len(self.answered)

    def cover(self, level: float = 0.95) -> float:
        """Share of truths inside the interval, each data set once."""
        low, high = self._limits(level)
        truth = self._truth
        return self._averaged((low <= truth) & (truth <= high))

    def score(self, level: float = 0.95) -> float:
        """Interval score on log N: width plus 2/alpha times the miss, each data set once; lower is better."""
        low, high = (np.log(limits) for limits in self._limits(level))
        return self._averaged(interval_score(low, high, np.log(self._truth), level))

    def width(self, level: float = 0.95) -> float:
        """Median width of intervals of log N."""
        low, high = self._limits(level)
        return float(np.median(np.log(high) - np.log(low)))

    @property
    def bias(self) -> float:
        """Median of log(estimate / truth)."""
        return float(np.median(self._errors))

    @property
    def absolute_error(self) -> float:
        """Median of the absolute value of log(estimate / truth)."""
        return float(np.median(np.abs(self._errors)))

    def by_dataset(self) -> dict[str, Evaluation]:
        """Give one evaluation for each data set."""
        labels = dict.fromkeys(case.dataset for case in self.cases)
        return {
            label: replace(self, cases=tuple(case for case in self.cases if case.dataset == label))
            for label in labels
        }

    def row(self) -> dict[str, Any]:
        """Give all figures as one row."""
        return {
            "estimator": self.estimator,
            "cases": self.n_answered,
            **{f"cover {level:g}": self.cover(level) for level in self.levels},
            "score": self.score(max(self.levels)),
            "width": self.width(max(self.levels)),
            "bias": self.bias,
            "absolute error": self.absolute_error,
        }

    def to_frame(self) -> pd.DataFrame:
        """Give a pandas frame with a row for every case."""
        import pandas as pd

        rows = []
        for case in self.cases:
            row: dict[str, Any] = {
                name: getattr(case, name)
                for name in ("name", "dataset", "group", "truth", "n_observed", "point", "reason")
            }
            for level, (low, high) in zip(self.levels, case.limits, strict=False):
                row |= {f"low {level:g}": low, f"high {level:g}": high}
            rows.append(row)
        return pd.DataFrame(rows)

    def __repr__(self) -> str:
        return f"<Evaluation of {self.estimator}: {self.n_answered} of {len(self.cases)} cases answered>"

    @property
    def _truth(self) -> NDArray[np.float64]:
        return np.array([case.truth for case in self._some()], dtype=np.float64)

    @property
    def _errors(self) -> NDArray[np.float64]:
        points = np.array([case.point for case in self._some()], dtype=np.float64)
        return np.asarray(np.log(points / self._truth))

    def _limits(self, level: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Lower and upper limits at a level that was asked for."""
        if level not in self.levels:
            raise InputError(f"level: expected one of {self.levels}, got {level!r}. Name it in `levels`")
        position = self.levels.index(level)
        limits = np.array([case.limits[position] for case in self._some()])
        return limits[:, 0], limits[:, 1]

    def _averaged(self, values: NDArray[Any]) -> float:
        """Average of data sets' averages."""
        return float(balanced_weights(_numbered([case.dataset for case in self._some()])) @ values)

    def _some(self) -> tuple[CaseResult, ...]:
        """Cases with an estimate; no figure stands on none."""
        if not self.answered:
            raise NotEstimableError(self.estimator, "it answers for no case", "Use a bank with other cases.")
        return self.answered


def evaluate(
    estimator: Estimator,
    bank: Bank | tuple[KnownCase, ...] | None = None,
    *,
    levels: Sequence[float] = (0.5, 0.8, 0.95),
    seed: int = 0,
) -> Evaluation:
    """Hold an estimator to populations of known size.

    `Calibrated` is fitted anew for every group of data sets from the other groups, so that it never sees
    the people it is judged on; other estimators learn nothing from cases and are fitted as they are.

    Parameters
    ----------
    estimator : estimator
        What is judged.
    bank : Bank or tuple of KnownCase, optional
        The cases; None takes `known_bank()`. `Bank.of_two_lists` has the pairs. `Calibrated` learns from
        its own bank when it has one, and from these cases otherwise.
    levels : sequence of float, optional
        Levels of the intervals, each in (0, 1).
    seed : int, optional
        Seed of every fit.

    Returns
    -------
    Evaluation
        The result of each case, and figures over all of them.

    Examples
    --------
    >>> from detcount import abundance, calibration
    >>> result = calibration.evaluate(abundance.ChaoLowerBound())
    >>> result.n_answered, result.cover(0.95) < 0.7
    (28, True)
    """
    if bank is None:
        bank = known_bank()
    elif not isinstance(bank, Bank):
        bank = Bank("own cases", bank)
    for level in levels:
        if not 0 < level < 1:
            raise InputError(f"levels: expected numbers between 0 and 1, got {level!r}. 0.95 means 95%")
    left_out = {group: _leaving_out(estimator, bank, group) for group in bank.groups}
    results = []
    for case in bank.cases:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DetcountWarning)
                estimate = left_out[case.group].fit(case.table, seed=seed)
        except (NotEstimableError, ConvergenceError) as declined:
            results.append(_result(case, None, (), str(declined)))
            continue
        intervals = [estimate.interval(level) for level in levels]
        results.append(
            _result(case, estimate.point, tuple((each.low, each.high) for each in intervals), None)
        )
    return Evaluation(repr(estimator), tuple(levels), tuple(results))


def _leaving_out(estimator: Estimator, bank: Bank, group: str) -> Estimator:
    """The estimator, having seen nobody of a group."""
    if not isinstance(estimator, Calibrated):
        return estimator
    rest = (bank if estimator.bank is None else estimator._bank()).without(group)
    if rest is None or len(rest.groups) < _LEAST_GROUPS:
        raise InputError(
            f"bank: expected at least {_LEAST_GROUPS + 1} groups of data sets, got {len(bank.groups)}. "
            "One is left out, and two must remain to learn from"
        )
    return replace(estimator, bank=rest)


def _result(
    case: KnownCase, point: float | None, limits: tuple[tuple[float, float], ...], reason: str | None
) -> CaseResult:
    """The result of a case."""
    return CaseResult(
        name=case.name,
        dataset=case.dataset,
        group=case.group,
        truth=case.truth,
        n_observed=case.table.n_observed,
        point=point,
        limits=limits,
        reason=reason,
    )
