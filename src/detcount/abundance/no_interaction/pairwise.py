"""Two of the lists, whose dependence is stated; the others only count whom they name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from detcount import references
from detcount._numerics.two_list import odds_ratio_adjusted
from detcount.abundance.guards import ASSUMED_BY_ALL, checked_odds_ratio, log_normal_estimate, require_table
from detcount.assumptions import Assumption
from detcount.captures import CaptureTable
from detcount.citation import Reference
from detcount.errors import InputError, NotEstimableError
from detcount.estimates import AbundanceEstimate
from detcount.specification import specification
from detcount.words import Message


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

    lists: tuple[str, str]
    odds_ratio: float = 1.0

    assumes: ClassVar[tuple[Assumption, ...]] = (*ASSUMED_BY_ALL, Assumption.KNOWN_ODDS_RATIO)
    references: ClassVar[tuple[Reference, ...]] = (references.ALESHIN_GUENDEL_2024, references.CHAO_1987)

    def __post_init__(self) -> None:
        object.__setattr__(self, "lists", _checked_pair(self.lists))
        object.__setattr__(self, "odds_ratio", checked_odds_ratio(self.odds_ratio))

    def fit(self, table: CaptureTable, *, seed: int = 0) -> AbundanceEstimate:
        """Estimate N, persons, from a table that has the two lists."""
        name = "PairwiseNoInteraction"
        require_table(name, table)
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
                    "lists {lists!r} imply {on_neither:,.0f} persons on neither, and the other lists "
                    "already name {known:,} of them",
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
        return log_normal_estimate(
            self,
            table,
            point=table.n_observed + n_unobserved,
            n_unobserved=n_unobserved,
            variance=variance,
            seed=seed,
        )


def _checked_pair(lists: Sequence[str]) -> tuple[str, str]:
    """Names of two different lists."""
    if isinstance(lists, str) or not isinstance(lists, Sequence):
        raise TypeError(
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
