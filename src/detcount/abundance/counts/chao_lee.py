"""Abundance from one list through its sample coverage."""

from __future__ import annotations

from typing import ClassVar, Literal, get_args

from detcount import arguments, references
from detcount._numerics import repeated_counts as numerics
from detcount.abundance.counts.answers import RepeatedCoverageDetail, estimate_from_counts, rare_repeats
from detcount.abundance.guards import ASSUMED_BY_ALL
from detcount.assumptions import Assumption
from detcount.citation import Reference
from detcount.estimates import AbundanceEstimate
from detcount.repeated import RepeatedCounts
from detcount.specification import specification
from detcount.words import Message


@specification
class ChaoLee:
    """Abundance from one list through the sample coverage, persons differing by a stated measure.

    The estimand is N, the persons in a closed population of whom one list names some, each as often as it
    happens. The share of all naming that goes to persons named is estimated first, then corrected for
    how much persons differ.

    Parameters
    ----------
    form : {"ACE", "ACE-1"}, optional
        How the variation between persons is measured: ``"ACE"``, or ``"ACE-1"`` with less bias where
        they differ much.
    cutoff : int, optional
        Persons named more often than this are taken as they are; at least 2.

    See Also
    --------
    SampleCoverage : The coverage of several lists.

    Notes
    -----
    With D persons named at most `cutoff` times, T times in all, f_k of them k times, C = 1 - f1/T,
    g = max(D/C sum k(k-1) f_k/(T(T-1)) - 1, 0) and N = D/C + f1 g/C plus the persons named more often.
    ``"ACE-1"`` multiplies g by 1 + f1 sum k(k-1) f_k/((T-1) T C). Where g is cut at 0 the standard error
    still is that of the uncut form, which is larger. Declines when nobody is named once, and when nobody
    is named more than once within the cutoff.

    It removes a part of the bias only: in simulations with rates of squared coefficient of variation 0, 0.25
    and 0.67 the 95% interval of ``"ACE-1"`` covered the truth 96%, 91% and 61% of the time.

    References
    ----------
    .. [1] Chao, A. and Lee, S.-M. (1992). Estimating the number of classes via sample coverage. Journal of
       the American Statistical Association, 87(417), 210-217.
       https://doi.org/10.1080/01621459.1992.10475194

    Examples
    --------
    >>> from detcount import RepeatedCounts, abundance
    >>> counts = RepeatedCounts.from_frequencies({1: 1645, 2: 183, 3: 37, 4: 13, 5: 1, 6: 1})
    >>> round(abundance.ChaoLee(form="ACE-1").fit(counts).point)
    11334
    """

    form: Literal["ACE", "ACE-1"] = "ACE"
    cutoff: int = 10

    assumes: ClassVar[tuple[Assumption, ...]] = (*ASSUMED_BY_ALL, Assumption.HETEROGENEITY_FORM)
    references: ClassVar[tuple[Reference, ...]] = (references.CHAO_LEE_1992, references.CHAO_1987)

    def __post_init__(self) -> None:
        arguments.one_of("form", self.form, get_args(numerics.Form))
        object.__setattr__(self, "cutoff", arguments.whole_number("cutoff", self.cutoff, least=2))

    def fit(self, counts: RepeatedCounts, *, seed: int = 0) -> AbundanceEstimate:
        """Estimate N, persons, from how often one list names each person."""
        f = rare_repeats(self, counts, self.cutoff)
        point, variance, coverage, variation = numerics.chao_lee(f, self.form, self.cutoff)
        notes = (
            (Message("The counts vary no more than a Poisson's, so persons are taken not to differ."),)
            if variation == 0
            else ()
        )
        return estimate_from_counts(
            self,
            counts,
            point,
            variance,
            seed,
            notes=notes,
            detail=RepeatedCoverageDetail(coverage, variation),
        )
