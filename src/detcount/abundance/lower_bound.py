"""Chao's lower bound for several lists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from detcount._numerics.closed_forms import chao_bound
from detcount.abundance.guards import (
    ASSUMED_BY_ALL,
    LOWER_BOUND,
    log_normal_estimate,
    require_names_on_every_list,
    require_number_of_lists,
)
from detcount.assumptions import Assumption
from detcount.contract import references
from detcount.contract.arguments import TrueOrFalse
from detcount.contract.citation import Reference
from detcount.contract.specification import specification
from detcount.data.captures import CaptureTable
from detcount.errors import NotEstimableError
from detcount.estimates import AbundanceEstimate
from detcount.words import Message

_NAME = "ChaoLowerBound"


@dataclass(frozen=True)
class ChaoLowerBoundDetail:
    """The two numbers behind Chao's lower bound.

    Parameters
    ----------
    once : int
        Persons on exactly one list, f1.
    twice : int
        Persons on exactly two lists, f2.
    """

    once: int
    twice: int


@specification
class ChaoLowerBound:
    """Lower bound of abundance from the persons on exactly one and exactly two lists.

    The estimand is a lower bound of N, the persons in a closed population that every list drew on. It
    holds however persons differ in how easily they are listed, and comes close to N where few are hard
    to find. Lists of very unequal reach push it up, above N where persons are alike (its 95% intervals then
    covered the truth in 67% of simulations). `Heterogeneity` with its defaults allows for such lists.

    Parameters
    ----------
    bias_corrected : bool, optional
        Whether to use the form with less bias in small samples, which needs nobody on two lists.

    See Also
    --------
    Heterogeneity : The same bound for lists of unequal reach, and estimates that lean on a form.
    ChaoCounts : One list that names a person several times.

    Notes
    -----
    With f1 persons on exactly one list, f2 on exactly two, and K lists, N >= n + (K - 1)/K f1^2/(2 f2);
    bias-corrected, f1(f1 - 1)/(2(f2 + 1)) takes the place of f1^2/(2 f2). With x for what is added to n,
    a = (K - 1)/K, the variance is x + x^2 (4/f1 + 1/f2), and bias-corrected
    x + x^2 - a^2 f1(f1 - 1)(f1 - 2)(f1 - 3)/(4(f2 + 1)(f2 + 2)), whose last term has for its mean the
    square of the mean of x. Positive dependence between lists leaves it a lower bound; negative
    dependence does not. Declines when f1 is 0 (bias-corrected, also when it is 1), and when f2 is 0
    without the correction.

    References
    ----------
    .. [1] Chao, A. (1987). Estimating the population size for capture-recapture data with unequal
       catchability. Biometrics, 43(4), 783-791. https://doi.org/10.2307/2531532
    .. [2] Chao, A. (1989). Estimating population size for sparse data in capture-recapture experiments.
       Biometrics, 45(2), 427-438. https://doi.org/10.2307/2531487
    .. [3] Rivest, L.-P. and Levesque, T. (2001). Improved log-linear model estimators of abundance in
       capture-recapture experiments. Canadian Journal of Statistics, 29(4), 555-572.
       https://doi.org/10.2307/3316007

    Examples
    --------
    >>> from detcount import abundance, datasets
    >>> print(abundance.ChaoLowerBound().fit(datasets.load("kosovo")))
    8,797 persons (8,379 to 9,258, 95% log-normal); 4,400 listed
    """

    bias_corrected: TrueOrFalse = True

    assumes: ClassVar[tuple[Assumption, ...]] = (
        *ASSUMED_BY_ALL,
        Assumption.EQUAL_LIST_SHARES,
        Assumption.LOWER_BOUND,
    )
    references: ClassVar[tuple[Reference, ...]] = (
        references.CHAO_1987,
        references.CHAO_1989,
        references.RIVEST_LEVESQUE_2001,
    )

    def fit(self, table: CaptureTable, *, seed: int = 0) -> AbundanceEstimate:
        """Estimate a lower bound of N, persons, from a table of two or more lists."""
        require_number_of_lists(_NAME, table)
        require_names_on_every_list(_NAME, table)
        once, twice = (int(count) for count in table.capture_frequencies[:2])
        if once == 0 or (self.bias_corrected and once == 1):
            raise NotEstimableError(
                _NAME,
                Message("nobody is on exactly one list, so the bound is the number listed")
                if once == 0
                else Message(
                    "one person alone is on exactly one list, so the corrected bound is the number listed"
                ),
                Message("Report those listed."),
            )
        if twice == 0 and not self.bias_corrected:
            raise NotEstimableError(
                _NAME,
                Message("nobody is on exactly two lists"),
                Message("Use ChaoLowerBound(bias_corrected=True)."),
                advice=Message("Use Chao's lower bound with its correction for bias."),
            )
        unseen, variance = chao_bound(once, twice, table.n_lists, bias_corrected=self.bias_corrected)
        notes = [LOWER_BOUND]
        if twice == 0:
            notes.append(
                Message("Nobody is on exactly two lists; the figure rests on the bias correction alone.")
            )
        return log_normal_estimate(
            self,
            table,
            n_unobserved=unseen,
            variance=variance,
            seed=seed,
            notes=tuple(notes),
            detail=ChaoLowerBoundDetail(once, twice),
        )
