"""Closed forms of a stated dependence: of all lists together, or of two of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from detcount._numerics.closed_forms import log_unobserved, odds_ratio_adjusted, variance_without_interaction
from detcount._numerics.patterns import unpack
from detcount.abundance.guards import (
    ASSUMED_BY_ALL,
    OddsRatio,
    log_normal_estimate,
    require_names_on_every_list,
    require_number_of_lists,
)
from detcount.assumptions import Assumption
from detcount.contract import references
from detcount.contract.citation import Reference
from detcount.contract.specification import specification
from detcount.data.captures import CaptureTable
from detcount.errors import InputError, InputTypeError, NotEstimableError
from detcount.estimates import AbundanceEstimate
from detcount.words import Message

_NAMED_LISTS = 5  # up to here an empty overlap is named by its lists


@dataclass(frozen=True)
class Tuning:
    """Numerical limits of closed forms of no interaction.

    Parameters
    ----------
    many : float, persons
        Number that counts as without end. Convention: more than have ever lived.
    few : float, persons
        Number that counts as nobody. Convention: rounding.
    """

    many: float = 1e12
    few: float = 1e-12


TUNING = Tuning()


def _checked_pair(_name: str, lists: Any) -> tuple[str, str]:
    """Names of two different lists."""
    if isinstance(lists, str) or not isinstance(lists, Sequence):
        raise InputTypeError(
            Message("lists: expected the names of two lists, got {kind}", kind=type(lists).__name__)
        )
    names = tuple(lists)
    if len(names) != 2 or not all(isinstance(name, str) for name in names):
        raise InputError(
            Message("lists: expected the names of two lists as text, got {n} values", n=len(names))
        )
    if names[0] == names[1]:
        raise InputError(Message("lists: {name!r} is named twice. Name two different lists", name=names[0]))
    return names[0], names[1]


TwoLists = Annotated[tuple[str, str], _checked_pair]


@specification
class NoHighestOrderInteraction:
    """Abundance from any number of lists, whose joint dependence is stated as an odds ratio.

    The estimand is N, the persons in a closed population. Every dependence that the listed can show is
    taken as it is observed; only the one among all the lists together, which they cannot show, is
    stated. With two lists the odds ratio is the ordinary one (see `OddsRatioAdjusted`). With three it
    compares the odds ratio of two of them among persons on the third with that among persons who are
    not, and so on. The product behind the estimate is as noisy as its smallest count: where an overlap
    is small, `LogLinear` with fewer interactions is steadier, and rests on more.

    Parameters
    ----------
    odds_ratio : float, optional
        The factor that the stated dependence puts on the persons on no list, above 0; 1 means no
        highest-order interaction, more means more unlisted persons.

    See Also
    --------
    PairwiseNoInteraction : States the dependence of two lists only, and needs only their overlap.
    odds_ratio_curve : The answer over a range of odds ratios.

    Notes
    -----
    n_0 = OR times the product of the counts on an odd number of lists, over the product of the counts on
    an even number of at least 2. Multinomial sampling of N persons gives N the variance
    n_0 + n_0^2 (sum of 1/n_w): that of the log-linear model with every interaction but the highest.
    OR is the reciprocal of the xi of Aleshin-Guendel et al. Declines when a capture history has nobody,
    since n_0 is then 0 or infinite.

    References
    ----------
    .. [1] Fienberg, S. E. (1972). The multiple recapture census for closed populations and incomplete
       2^k contingency tables. Biometrika, 59(3), 591-603. https://doi.org/10.1093/biomet/59.3.591
    .. [2] Rivest, L.-P. and Lévesque, T. (2001). Improved log-linear model estimators of abundance in
       capture-recapture experiments. Canadian Journal of Statistics, 29(4), 555-572.
       https://doi.org/10.2307/3316007
    .. [3] Aleshin-Guendel, S., Sadinle, M. and Wakefield, J. (2024). The central role of the identifying
       assumption in population size estimation. Biometrics, 80(1), ujad028.
       https://doi.org/10.1093/biomtc/ujad028

    Examples
    --------
    >>> from detcount import abundance, datasets
    >>> print(abundance.NoHighestOrderInteraction().fit(datasets.load("kosovo")))
    16,942 persons (9,595 to 34,679, 95% log-normal); 4,400 listed
    """

    odds_ratio: OddsRatio = 1.0

    assumes: ClassVar[tuple[Assumption, ...]] = (*ASSUMED_BY_ALL, Assumption.NO_HIGHEST_ORDER_INTERACTION)
    references: ClassVar[tuple[Reference, ...]] = (
        references.FIENBERG_1972,
        references.RIVEST_LEVESQUE_2001,
        references.ALESHIN_GUENDEL_2024,
        references.CHAO_1987,
    )

    def fit(self, table: CaptureTable, *, seed: int = 0) -> AbundanceEstimate:
        """Estimate N, persons, from a table of 2 to 16 lists."""
        name = "NoHighestOrderInteraction"
        require_number_of_lists(name, table, most=16)
        require_names_on_every_list(name, table)
        _require_every_history(name, table)
        log_n = math.log(self.odds_ratio) + log_unobserved(table.histories, table.counts)
        if not math.log(TUNING.few) < log_n < math.log(TUNING.many):
            raise NotEstimableError(
                name,
                Message(
                    "the product of the counts puts the persons on no list at 10^{power:.0f}",
                    power=log_n / math.log(10),
                ),
                Message(
                    "The counts cannot carry so many interactions. Merge lists of one source (table.merge)."
                ),
                advice=Message("The counts cannot carry so many interactions. Merge lists of one source."),
            )
        n_unobserved = math.exp(log_n)
        variance = variance_without_interaction(n_unobserved, table.counts)
        return log_normal_estimate(self, table, n_unobserved=n_unobserved, variance=variance, seed=seed)


def _require_every_history(estimator: str, table: CaptureTable) -> None:
    """Decline a table in which some capture history has nobody, and say which."""
    n_histories = (1 << table.n_lists) - 1
    n_empty = n_histories - len(table.counts)
    if n_empty == 0:
        return
    reason = Message("{empty:,} of the {all:,} capture histories have nobody", empty=n_empty, all=n_histories)
    if table.n_lists <= _NAMED_LISTS:
        missing = (table.dense() == 0).argmax() + 1
        members = unpack(missing.reshape(1).astype("uint64"), table.n_lists)[0]
        lists = [name for name, mark in zip(table.lists, members, strict=True) if mark]
        reason = (
            Message("nobody is on {lists!r} and on no other list", lists=lists)
            if n_empty == 1
            else Message(
                "nobody is on {lists!r} and on no other list, and {more:,} more of the {all} capture "
                "histories are empty",
                lists=lists,
                more=n_empty - 1,
                all=n_histories,
            )
        )
    raise NotEstimableError(
        estimator,
        reason,
        Message(
            "Use LogLinear with fewer interactions or PairwiseNoInteraction, or merge lists (table.merge)."
        ),
        advice=Message(
            "Use a log-linear model with fewer interactions, or two of the lists alone, or merge lists."
        ),
    )


@specification
class PairwiseNoInteraction:
    """Abundance from two of the lists, whose dependence is stated; the others only count whom they name.

    The estimand is N, the persons in a closed population. The two lists are taken as they overlap in the
    whole population, whatever the other lists do, so the choice of the pair is the assumption: take the
    two that were made with least regard to each other. Needs nothing but an overlap of the pair, where
    `NoHighestOrderInteraction` needs every one.

    Parameters
    ----------
    lists : tuple of str
        Names of the two lists.
    odds_ratio : float, optional
        Odds ratio between the two in the whole population, above 0; 1 means independent, more means a
        larger N.

    See Also
    --------
    OddsRatioAdjusted : Explains the odds ratio; the same numbers where there are only two lists.

    Notes
    -----
    With m11, m10 and m01 persons on both, the first only and the second only, whatever other lists they
    are on, the persons on neither are OR m10 m01/m11. Of those m00 are known, from the other lists, so
    N = n + OR m10 m01/m11 - m00. The variance of N is x + x^2 (1/m10 + 1/m01 + 1/m11) for
    x = OR m10 m01/m11. OR is the reciprocal of the xi of Aleshin-Guendel et al. Declines when one of the
    three counts is zero, and when more persons are known to be on neither than the pair implies.

    References
    ----------
    .. [1] Aleshin-Guendel, S., Sadinle, M. and Wakefield, J. (2024). The central role of the identifying
       assumption in population size estimation. Biometrics, 80(1), ujad028.
       https://doi.org/10.1093/biomtc/ujad028

    Examples
    --------
    >>> from detcount import abundance, datasets
    >>> print(abundance.PairwiseNoInteraction(("ABA", "HRW")).fit(datasets.load("kosovo")))
    9,691 persons (8,305 to 11,570, 95% log-normal); 4,400 listed
    """

    lists: TwoLists
    odds_ratio: OddsRatio = 1.0

    assumes: ClassVar[tuple[Assumption, ...]] = (*ASSUMED_BY_ALL, Assumption.KNOWN_ODDS_RATIO)
    references: ClassVar[tuple[Reference, ...]] = (references.ALESHIN_GUENDEL_2024, references.CHAO_1987)

    def fit(self, table: CaptureTable, *, seed: int = 0) -> AbundanceEstimate:
        """Estimate N, persons, from a table that has the two lists."""
        name = "PairwiseNoInteraction"
        one, other = self.lists
        both = table.overlap(one, other)
        first, second = (table.overlap(each) - both for each in self.lists)
        for count, reason in (
            (both, Message("nobody is on both {lists!r}", lists=self.lists)),
            (first, Message("nobody is on {one!r} but not on {other!r}", one=one, other=other)),
            (second, Message("nobody is on {one!r} but not on {other!r}", one=other, other=one)),
        ):
            if count == 0:
                raise NotEstimableError(
                    name, reason, Message("Choose another pair of lists, or report those listed.")
                )
        on_neither, variance = odds_ratio_adjusted(first, second, both, self.odds_ratio)
        known = table.n_observed - first - second - both
        if on_neither <= known:
            raise NotEstimableError(
                name,
                Message(
                    "lists {lists!r} imply {on_neither:,.0f} persons on neither, and the other lists already "
                    "name {known:,} of them",
                    lists=self.lists,
                    on_neither=on_neither,
                    known=known,
                ),
                Message(
                    "The two lists do not overlap as stated. State a greater odds ratio with its reason, or "
                    "choose another pair."
                ),
            )
        n_unobserved = on_neither - known
        return log_normal_estimate(self, table, n_unobserved=n_unobserved, variance=variance, seed=seed)
