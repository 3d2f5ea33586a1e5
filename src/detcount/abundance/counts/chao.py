"""Lower bound of abundance from persons that one list names once and twice."""

from __future__ import annotations

from typing import ClassVar

from detcount import arguments, references
from detcount._numerics import repeated_counts as numerics
from detcount.abundance.counts.answers import estimate_from_counts, once_and_twice
from detcount.abundance.guards import ASSUMED_BY_ALL
from detcount.assumptions import Assumption
from detcount.citation import Reference
from detcount.errors import NotEstimableError
from detcount.estimates import AbundanceEstimate
from detcount.repeated import RepeatedCounts
from detcount.specification import specification
from detcount.words import Message


@specification
class ChaoCounts:
    """Lower bound of abundance from persons one list names once and twice.

    The estimand is a lower bound of N, the persons in a closed population of whom one list names some,
    each as often as it happens. Holds however persons differ in how easily they are named, as long as
    each is named by chance alone; close to N where few are hard to find.

    Parameters
    ----------
    bias_corrected : bool, optional
        Whether to use the form with less bias in small samples, which needs nobody named twice, as in
        `ChaoLowerBound`.

    See Also
    --------
    ChaoLowerBound : The same for several lists.

    Notes
    -----
    With f1 persons named once and f2 twice, N >= n + f1^2/(2 f2), bias-corrected
    n + f1 (f1 - 1)/(2 (f2 + 1)). Unlike `ChaoLowerBound` there is no factor (t - 1)/t, since nothing
    limits how often a person is named. Declines when f1 is 0, when f1 is 1 with the correction, and
    when f2 is 0 without it.

    References
    ----------
    .. [1] Chao, A. (1984). Nonparametric estimation of the number of classes in a population.
       Scandinavian Journal of Statistics, 11(4), 265-270.
    .. [2] Chao, A. (1987). Estimating the population size for capture-recapture data with unequal
       catchability. Biometrics, 43(4), 783-791. https://doi.org/10.2307/2531532

    Examples
    --------
    >>> from detcount import RepeatedCounts, abundance
    >>> counts = RepeatedCounts.from_frequencies({1: 1645, 2: 183, 3: 37, 4: 13, 5: 1, 6: 1})
    >>> print(abundance.ChaoCounts().fit(counts))
    9,229 persons (8,051 to 10,631, 95% log-normal); 1,880 listed
    """

    bias_corrected: bool = True

    assumes: ClassVar[tuple[Assumption, ...]] = (*ASSUMED_BY_ALL, Assumption.LOWER_BOUND)
    references: ClassVar[tuple[Reference, ...]] = (references.CHAO_1984, references.CHAO_1987)

    def __post_init__(self) -> None:
        arguments.true_or_false("bias_corrected", self.bias_corrected)

    def fit(self, counts: RepeatedCounts, *, seed: int = 0) -> AbundanceEstimate:
        """Estimate a lower bound of N, persons, from how often one list names each person."""
        f1, f2 = once_and_twice(self, counts, need_twice=not self.bias_corrected)
        if not self.bias_corrected:
            point, variance = numerics.chao(counts.n_observed, f1, f2)
        elif f1 > 1:
            point, variance = numerics.chao_bias_corrected(counts.n_observed, f1, f2)
        else:
            raise NotEstimableError(
                "ChaoCounts",
                Message(
                    "one person alone is named once, and the bias-corrected bound is then the number listed"
                ),
                Message("Use ChaoCounts(bias_corrected=False), or report those listed."),
                advice=Message("Use the bound without its correction for bias, or report those listed."),
            )
        return estimate_from_counts(self, counts, point, variance, seed)
