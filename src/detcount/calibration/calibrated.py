"""`Calibrated`: an estimate with what populations of known size teach of errors and of dependence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

import numpy as np

from detcount import arguments, references
from detcount._numerics.calibration import Distribution, Pool
from detcount._numerics.interactions import unlisted
from detcount.abundance.guards import require_names_on_every_list, require_number_of_lists
from detcount.assumptions import Assumption
from detcount.calibration.bank import LEAST_GROUPS, Bank, known_bank
from detcount.calibration.base import errors_of_base, estimators_of
from detcount.calibration.lessons import (
    MOST_LISTS_INTERACTING,
    cases_for,
    cells,
    interaction_lesson,
    n_on_several,
    overlap,
)
from detcount.calibration.notes import notes_of
from detcount.calibration.result import CalibratedDetail, CalibratedRule
from detcount.captures import CaptureTable
from detcount.citation import Reference
from detcount.datasets import KnownCase
from detcount.errors import InputError, NotEstimableError
from detcount.estimates import AbundanceEstimate, Estimator
from detcount.specification import specification
from detcount.words import Message

__all__ = ["Calibrated", "Learned"]

_N_DRAWS = 4000

Learned = Literal["errors", "interactions"]

_WAYS: tuple[Learned, ...] = ("errors", "interactions")


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
    12,836 persons (7,100 to 28,930, 95% calibrated); 4,400 listed
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
                raise InputError(
                    Message("base: expected at least one estimator, got none. None takes the default")
                )
            for estimator in estimators:
                if isinstance(estimator, type) or not isinstance(estimator, Estimator):
                    raise TypeError(
                        Message(
                            "base: expected an estimator such as Chapman(), got {got}", got=repr(estimator)
                        )
                    )
        if isinstance(self.bank, tuple):
            object.__setattr__(self, "bank", Bank("own cases", self.bank))
        if self.bank is not None:
            if not isinstance(self.bank, Bank):
                raise TypeError(
                    Message(
                        "bank: expected a Bank or a tuple of KnownCase, got {kind}",
                        kind=type(self.bank).__name__,
                    )
                )
            _require_groups(self.bank)
        learns = (self.learns,) if isinstance(self.learns, str) else tuple(self.learns)
        if not learns or len(set(learns)) < len(learns) or not set(learns) <= set(_WAYS):
            raise InputError(
                Message(
                    "learns: expected one or both of {ways}, each once, got {got}",
                    ways=repr(_WAYS),
                    got=repr(self.learns),
                )
            )
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
        seed = arguments.seed(seed)
        random = np.random.default_rng(seed)
        if n_on_several(table) == 0:
            raise NotEstimableError(
                "Calibrated",
                Message("nobody is on two lists"),
                Message(
                    "Report the persons listed as a floor, or add a list that shares persons with these."
                ),
            )
        of_two = table.n_lists == 2
        parts: list[Distribution] = []
        errors = sizes = None
        if "errors" in self.learns:
            errors = errors_of_base(
                estimators_of(self.base, table.n_lists),
                table,
                fitted,
                self.learned_from(),
                seed,
                searching=self.base is not None,
            )
            parts.append(errors.distribution)
        if "interactions" in self.learns and not (of_two and errors):
            seen = cells(table)
            if overlap(seen):
                learned = interaction_lesson(self.learned_from(), of_two)
                sizes = learned.mean
                parts.append(unlisted(seen, learned))
            elif errors is None:
                raise NotEstimableError(
                    "Calibrated",
                    Message(
                        "beyond {most} lists the smallest are taken as one, and no other two overlap",
                        most=MOST_LISTS_INTERACTING,
                    ),
                    Message("Merge lists that share a source, or learn of errors too."),
                )
        distribution = parts[0] if len(parts) == 1 else Pool(tuple(parts))
        rule = CalibratedRule(distribution, table.n_observed)
        part = cases_for(self.learned_from(), of_two) if errors is None else errors.cases
        return AbundanceEstimate(
            point=rule.at(0.5),
            n_observed=table.n_observed,
            estimator=self,
            interval_rule=rule,
            digest=table.digest,
            definition=table.definition,
            seed=seed,
            notes=notes_of(part, errors, sizes, table.n_lists, "interactions" in self.learns),
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
                shared=None if errors is None else errors.shared,
                interactions=sizes,
            ),
            draws=rule.sample(_N_DRAWS, random),
        )

    def learned_from(self) -> Bank:
        """Cases to learn from."""
        if self.bank is None:
            return known_bank()
        return self.bank if isinstance(self.bank, Bank) else Bank("own cases", self.bank)


def _require_groups(bank: Bank) -> None:
    """Refuse a bank that cannot show how data sets differ."""
    if len(bank.groups) < LEAST_GROUPS:
        raise InputError(
            Message(
                "bank: expected at least {least} groups of data sets, got {n}. One "
                "cannot show how much data sets differ; known_bank().with_cases(...) adds to "
                "those that ship",
                least=LEAST_GROUPS,
                n=len(bank.groups),
            )
        )
