"""How many are held at groups of rosters, closed within each group and open between them (Pollock)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from detcount import arguments, references
from detcount._numerics.arrays import Floats, Ints
from detcount._numerics.intervals import normal_quantile
from detcount._numerics.open_population import (
    Sightings,
    carried_over,
    marked,
    sightings,
    survival_with_variance,
)
from detcount.assumptions import Assumption
from detcount.calibration import Calibrated
from detcount.captures import CaptureTable
from detcount.citation import Reference
from detcount.errors import InputError, NotEstimableError
from detcount.estimates import AbundanceEstimate, Estimator
from detcount.specification import specification
from detcount.stock.open_population.checks import follow_one_another, require_rosters, require_taken_anew
from detcount.stock.open_population.quantities import entered, finite, notes_of_cuts, stayed
from detcount.stock.open_population.result import OpenPopulation, OpenQuantity
from detcount.words import Message

__all__ = ["RobustDesign"]

_NAME = "RobustDesign"
_LEVEL = 0.95
_FEWEST = 2  # groups, and rosters in a group


@specification
class RobustDesign:
    """How many are held at groups of rosters, closed within each group and open between them.

    The estimand is N_i, the persons held while the rosters of group i are taken; with it the chance of
    staying until the next group, and the persons who entered by then. Preferred to `JollySeber` wherever
    several rosters or lists were made within days of each other, as the rosters of a group then may depend
    on each other and persons may differ, as far as the estimator of abundance allows for it.

    Parameters
    ----------
    groups : tuple of tuple of str
        Names of the rosters of each group, the groups in the order in which they were taken. A group has at
        least two rosters, and every roster stands in one group.
    estimator : Estimator, optional
        Any estimator of abundance, fitted to the rosters of each group; None takes `Calibrated`.

    Raises
    ------
    InputError
        If there are fewer than two groups, a group has fewer than two rosters, or a roster stands twice.

    See Also
    --------
    JollySeber : One roster each time.

    Notes
    -----
    N_i is the estimate from the rosters of group i alone. The groups, each roster of them united, give M as
    in `JollySeber`; at the last group, where no later one tells, and where the formula has no answer, M is m
    N / n. Then phi = M_(i+1) / (M_i - m_i + n_i), and B = N_(i+1) - phi_i N_i, whose standard error takes
    the three to be independent. A group is named by its first roster.

    Only the stock has the robustness: who differ from others in how easily they are named, or rosters that
    depend on each other, still bias M, although phi, a quotient of two of them, only a little.

    References
    ----------
    .. [1] Pollock, K. H. (1982). A capture-recapture design robust to unequal probability of capture. Journal
       of Wildlife Management, 46(3), 752-757. https://doi.org/10.2307/3808568
    .. [2] Kendall, W. L. and Nichols, J. D. and Hines, J. E. (1997). Estimating temporary emigration using
       capture-recapture data with Pollock's robust design. Ecology, 78(2), 563-578.
       https://doi.org/10.2307/2265831
    .. [3] Seber, G. A. F. (1982). The estimation of animal abundance and related parameters. Griffin.

    Examples
    --------
    >>> from detcount import CaptureTable, abundance, stock
    >>> seen = {"1100": 30, "1000": 40, "0100": 35, "1111": 9, "1010": 8, "1001": 6, "0110": 7, "0101": 5,
    ...         "1110": 6, "1101": 4, "1011": 5, "0111": 4, "0011": 20, "0010": 35, "0001": 30}
    >>> table = CaptureTable.from_counts(seen, lists=["May a", "May b", "June a", "June b"])
    >>> design = stock.RobustDesign(
    ...     groups=(("May a", "May b"), ("June a", "June b")), estimator=abundance.Chapman()
    ... )
    >>> print(design.fit(table).headline())
    204 persons held at 'June a' (177 to 250, 95%); 2 of 2 occasions have an estimate
    """

    groups: tuple[tuple[str, ...], ...]
    estimator: Estimator | None = None

    assumes: ClassVar[tuple[Assumption, ...]] = (
        Assumption.ROSTERS_TAKEN_ANEW,
        Assumption.CLOSED_WITHIN_GROUPS,
        Assumption.EQUAL_STAY,
        Assumption.ERROR_FREE_LINKAGE,
        Assumption.NO_OVERCOVERAGE,
    )
    references: ClassVar[tuple[Reference, ...]] = (
        references.POLLOCK_1982,
        references.KENDALL_1997,
        references.SEBER_1982,
    )

    def __post_init__(self) -> None:
        object.__setattr__(self, "groups", _groups(self.groups))
        if self.estimator is not None and not _estimates(self.estimator):
            raise TypeError(
                Message(
                    "estimator: expected an estimator such as Calibrated(), got {got}",
                    got=repr(self.estimator),
                )
            )

    def fit(self, table: CaptureTable, *, seed: int = 0) -> OpenPopulation:
        """Estimate the stock at each group of rosters.

        Parameters
        ----------
        table : CaptureTable
            Persons by the rosters that name them.
        seed : int, optional
            Seed of the estimator of abundance.

        Returns
        -------
        OpenPopulation
            Persons held at each group, chances of staying, and persons who entered.

        Raises
        ------
        InputError
            If a roster of the groups is no list of the table, or a list of the table is in no group.
        NotEstimableError
            If the groups are states of one register, or the estimator declines at every one of them.
        TypeError
            If it is no capture table.
        """
        table = require_rosters(_NAME, table)
        seed = arguments.seed(seed)
        _all_in_a_group(self.groups, table)
        names = tuple(group[0] for group in self.groups)
        histories = np.stack(
            [
                table.histories[:, [table.lists.index(one) for one in group]].any(axis=1)
                for group in self.groups
            ],
            axis=1,
        ).astype(np.int64)
        seen, carried = sightings(histories, table.counts), carried_over(histories, table.counts)
        if len(names) > _FEWEST:
            require_taken_anew(_NAME, seen, carried)
        chosen = Calibrated() if self.estimator is None else self.estimator
        estimates, declined = _fitted(chosen, table, self.groups, seed)
        if not estimates:
            raise NotEstimableError(
                _NAME,
                Message(
                    "no group of rosters has an estimate: {reason}", reason=next(iter(declined.values()))
                ),
                Message("Take another estimator, or report those named at each group."),
            )
        stock = {
            name: _held(estimate, float(seen.known[names.index(name)]))
            for name, estimate in estimates.items()
        }
        shares, entries = _moved(names, seen, stock)
        of_estimates = dict.fromkeys(note for estimate in estimates.values() for note in estimate.notes)
        return OpenPopulation(
            occasions=names,
            named=dict(zip(names, seen.named.astype(int).tolist(), strict=True)),
            known=dict(zip(names, seen.known.astype(int).tolist(), strict=True)),
            stock=stock,
            stayed=shares,
            entered=entries,
            declined=declined,
            estimator=self,
            carried_over=carried.odds_ratio,
            assumptions=tuple(
                dict.fromkeys(
                    one for one in (*self.assumes, *chosen.assumes) if one is not Assumption.CLOSED_POPULATION
                )
            ),
            digest=table.digest,
            seed=seed,
            notes=(
                *dict.fromkeys((*table.notes, *of_estimates)),
                *follow_one_another(carried),
                *notes_of_cuts(stock, shares, entries),
            ),
            definition=table.definition,
        )


def _estimates(estimator: object) -> bool:
    """Whether it is an estimator of abundance, and no class of them."""
    return isinstance(estimator, Estimator) and not isinstance(estimator, type)


def _groups(groups: object) -> tuple[tuple[str, ...], ...]:
    """Groups of rosters, each roster once."""
    if isinstance(groups, str) or not isinstance(groups, (tuple, list)):
        raise TypeError(
            Message(
                "groups: expected a tuple of tuples of names of rosters, got {kind}",
                kind=type(groups).__name__,
            )
        )
    made = tuple((group,) if isinstance(group, str) else tuple(group) for group in groups)
    if len(made) < _FEWEST or min(map(len, made)) < _FEWEST:
        raise InputError(
            Message(
                "groups: expected at least two groups of at least two rosters, got {sizes!r:,}. For one "
                "roster each time use JollySeber",
                sizes=[str(len(group)) for group in made],
            )
        )
    every = [name for group in made for name in group]
    twice = sorted({str(name) for name in every if every.count(name) > 1})
    if twice:
        raise InputError(
            Message("groups: expected each roster in one group, got {names!r:,} twice", names=twice)
        )
    return made


def _all_in_a_group(groups: tuple[tuple[str, ...], ...], table: CaptureTable) -> None:
    """Refuse groups that name other rosters than the table has."""
    named = {name for group in groups for name in group}
    absent = [name for name in named if name not in table.lists]
    left = [name for name in table.lists if name not in named]
    if absent or left:
        raise InputError(
            Message(
                "groups: expected every roster of the table in one group, and no other: {n} of the groups "
                "are not in the table, and {left} of the table {lists!r:,} are in no group",
                n=len(absent),
                left=len(left),
                lists=table.lists,
            )
        )


def _united(table: CaptureTable, groups: tuple[tuple[str, ...], ...]) -> Ints:
    """Whether each history has a roster of each group."""
    columns = [[table.lists.index(name) for name in group] for group in groups]
    return np.stack([table.histories[:, some].any(axis=1) for some in columns], axis=1).astype(np.int64)


def _fitted(
    estimator: Estimator, table: CaptureTable, groups: tuple[tuple[str, ...], ...], seed: int
) -> tuple[dict[str, AbundanceEstimate], dict[str, str]]:
    """The estimate of each group that has one, and why others have none."""
    estimates: dict[str, AbundanceEstimate] = {}
    declined: dict[str, str] = {}
    for group in groups:
        try:
            estimate = estimator.fit(table.keep(group), seed=seed)
        except (NotEstimableError, InputError) as error:
            declined[group[0]] = error.reason if isinstance(error, NotEstimableError) else error.args[0]
            continue
        if math.isfinite(estimate.interval(_LEVEL).high):
            estimates[group[0]] = estimate
        else:
            declined[group[0]] = Message("its limits are not finite")
    return estimates, declined


def _held(estimate: AbundanceEstimate, known: float) -> OpenQuantity:
    """Persons held at a group, at least those certainly there."""
    return OpenQuantity(
        max(estimate.point, known),
        _standard_error(estimate),
        estimate.point,
        known,
        math.inf,
        estimate.interval().method,
        estimate,
    )


def _standard_error(estimate: AbundanceEstimate) -> float:
    """Standard error of an estimate, or what its limits at 95% make of it."""
    if estimate.standard_error is not None:
        return estimate.standard_error
    limits = estimate.interval(_LEVEL)
    width = math.log(max(limits.high, 1.0) / max(limits.low, 1.0))
    return estimate.point * width / (2 * normal_quantile(_LEVEL))


def _moved(
    names: tuple[str, ...], seen: Sightings, stock: Mapping[str, OpenQuantity]
) -> tuple[dict[str, OpenQuantity], dict[str, OpenQuantity]]:
    """Who stays until the next group, and who enters by then."""
    there = marked(seen, bias_corrected=True)
    size = np.array([stock[name].estimate if name in stock else np.nan for name in names])
    error = np.array([stock[name].standard_error if name in stock else np.nan for name in names])
    missing = ~np.isfinite(there)
    with np.errstate(divide="ignore", invalid="ignore"):
        by_size = seen.before * size / seen.named
        last = by_size[-1] ** 2 * (
            (1 - seen.named[-1] / size[-1]) / seen.before[-1] + (error[-1] / size[-1]) ** 2
        )
    there = np.where(missing & (seen.before > 0), by_size, there)
    share, variance = survival_with_variance(seen, there, float(last))
    entries = np.full(len(names), np.nan)
    spread: Floats = np.full(len(names), np.nan)
    entries[:-1] = size[1:] - share[:-1] * size[:-1]
    spread[:-1] = error[1:] ** 2 + share[:-1] ** 2 * error[:-1] ** 2 + size[:-1] ** 2 * variance[:-1]
    return finite(names, share, variance, stayed), finite(names, entries, spread, entered)
