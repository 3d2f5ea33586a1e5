"""`Calibrated`: an estimate with what populations of known size teach of errors and of dependence."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from detcount._numerics.monte_carlo import N_DRAWS
from detcount._numerics.unlisted import unlisted
from detcount.abundance.guards import answer_to, require_names_on_every_list, require_number_of_lists
from detcount.assumptions import Assumption
from detcount.calibration.dependence import cells, learned_anew, shipped_dependence
from detcount.calibration.errors import errors_of_base
from detcount.calibration.result import CalibratedDetail, CalibratedRule, notes_of_dependence, notes_of_errors
from detcount.calibration.similarity import Similarity, similarity
from detcount.calibration.training import LEAST_GROUPS, TrainingCases, training_cases
from detcount.contract import arguments, references
from detcount.contract.citation import Reference
from detcount.contract.specification import specification
from detcount.data.captures import CaptureTable
from detcount.datasets import KnownCase
from detcount.errors import InputError, InputTypeError, NotEstimableError
from detcount.estimates import AbundanceEstimate, Estimator
from detcount.words import Message


@specification
class Calibrated:
    """Abundance with what populations of known size teach of how lists depend on each other.

    The estimand is N, the persons in a closed population of whom each list names some. How lists depend on
    each other is seen whole in populations of known size, the unlisted with them. A log-linear model with
    every interaction takes from them how large interactions are, and how much that differs from source to
    source; its posterior gives point and interval. Prefer it to any single estimator when the interval has
    to cover the truth, and the way the lists depend on each other is not known.

    Parameters
    ----------
    base : estimator or tuple of estimators, optional
        Estimators whose errors are learned from the cases instead: by which factors they missed the
        unlisted there, together.
    training : TrainingCases or tuple of KnownCase, optional
        Cases to learn from; None takes `training_cases()`; what these teach is read from a file. One's own
        are learned from in some seconds, and shown by name and number: such a specification cannot be
        evaluated back from its text.
    listed : float, optional
        Power a of the share of all who are on lists, by which the prior is multiplied: the share is Beta(a,
        1) beforehand. 0 leaves 1/N, for which every order of magnitude is equally likely. The median
        with a + 1 is the number p with the least expected abs(p / N - 1) by the prior with a. Not with a
        base.

    Raises
    ------
    InputError
        If the base is empty, the training cases are of fewer than two groups, or `listed` is below 0 or
        stands beside a base.

    See Also
    --------
    evaluate : How an estimator does on cases, those learned from left out.
    cases_from : Cases from a table of one's own.

    Notes
    -----
    *Dependence.* All 2^K cells are Poisson, that of the unlisted too. The logarithms of their means are sums
    of interactions of every order, written around the middle of the table: a list that names a person has
    1/2, one that does not -1/2. So an interaction of two lists is their log odds ratio, averaged evenly over
    the other lists. Interactions of two lists are normal with mean m and standard deviation lambda s_2, of
    three with lambda s_3 around 0, of more with lambda s_4. One number for a source is lambda = exp(omega
    zeta), zeta having Student's t-distribution of four degrees of freedom; log lambda is held between -2 and
    2.5. The constant and the lists alone have normals so wide, standard deviations 10 and 3, that they say
    next to nothing; N then has about 1/N for its prior. The normals are integrated by Laplace's method, zeta
    over a grid. m, s_k and omega are taken where their posterior given the cases is greatest, with m ~ N(0,
    1) and logarithms of the others ~ N(log 1/2, 1); the cases of one group share lambda, and the log evidence
    of a case weighs min(1, 6 / cases of its group). Tables of two lists take the same numbers, with zeta cut
    off below its 2% and above its 98% point, as they show nothing of lambda. Beyond six lists the smallest
    count as one.

    *Errors of a base.* The base's n_0 is the geometric mean of n_0 + 1/2 over its estimators, less 1/2. With
    discrepancy e = log(true n_0 / estimated n_0), N = n + n_0 exp(e). Discrepancies are normal around a
    centre of their group, with variance sigma^2 + c, where c is the sampling variance: 1/r if r persons are
    on two lists or more, and for two lists 1/a + 1/b + 1/m, with a and b persons on one list only and m on
    both.
    Centres are normal with mean mu and standard deviation tau; mu ~ N(0, 1), and tau and sigma are
    half-normal with scale 1. All three are integrated out. An estimator of the base that declines is left
    out of the mean, for the cases too; tables of two lists learn from the pairs of lists of every case.

    Less than half a person counts as half a person where it is an estimate of n_0, or an empty cell a or b
    (one list inside the other), and as nobody in the result. Declines when nobody is on two lists, or no
    estimator of the base answers.

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
    12,928 persons (8,952 to 20,965, 95% calibrated); 4,400 listed
    """

    base: Estimator | tuple[Estimator, ...] | None = None
    training: TrainingCases | tuple[KnownCase, ...] | None = None
    listed: float = 0.0

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
        arguments.number("Calibrated: listed", self.listed, least=0)
        if self.base is not None:
            if self.listed:
                raise InputError(
                    Message(
                        "Calibrated: listed: expected 0 beside a base, which has no prior. Leave one of them "
                        "out"
                    )
                )
            estimators = self.base if isinstance(self.base, tuple) else (self.base,)
            if not estimators:
                raise InputError(
                    Message("base: expected at least one estimator, got none. None takes the default")
                )
            for estimator in estimators:
                if isinstance(estimator, type) or not isinstance(estimator, Estimator):
                    raise InputTypeError(
                        Message(
                            "base: expected an estimator such as Chapman(), got {got}", got=repr(estimator)
                        )
                    )
        if isinstance(self.training, tuple):
            object.__setattr__(self, "training", TrainingCases("own cases", self.training))
        if self.training is not None:
            if not isinstance(self.training, TrainingCases):
                raise InputTypeError(
                    Message(
                        "training: expected TrainingCases or a tuple of KnownCase, got {kind}",
                        kind=type(self.training).__name__,
                    )
                )
            _require_groups(self.training)

    def fit(self, table: CaptureTable, *, seed: int = 0) -> AbundanceEstimate:
        """Estimate N, persons, from a table of two lists or more."""
        require_number_of_lists("Calibrated", table)
        require_names_on_every_list("Calibrated", table)
        if not table.capture_frequencies[1:].any():
            raise NotEstimableError(
                "Calibrated",
                Message("nobody is on two lists"),
                Message(
                    "Report the persons listed as a floor, or add a list that shares persons with these."
                ),
            )
        like = similarity(table, self.training if isinstance(self.training, TrainingCases) else None)
        detail, notes = (
            self._by_dependence(table, like) if self.base is None else self._by_errors(table, like, seed)
        )
        if like is not None and like.marked:
            notes = (*notes, like.sentence())
        rule = CalibratedRule(detail.distribution, table.n_observed)
        return answer_to(self, table)(
            point=rule.at(0.5),
            interval_rule=rule,
            seed=seed,
            notes=notes,
            detail=detail,
            draws=rule.sample(N_DRAWS, np.random.default_rng(seed)),
        )

    def _by_dependence(
        self, table: CaptureTable, like: Similarity | None
    ) -> tuple[CalibratedDetail, tuple[str, ...]]:
        """Calibrate a table by the dependence of lists in the cases."""
        training = shipped_dependence() if self.training is None else learned_anew(self.learned_from())
        detail = CalibratedDetail(
            distribution=unlisted(cells(table), training.learned, listed=self.listed),
            n_cases=training.n_cases,
            n_datasets=training.n_datasets,
            n_groups=training.n_groups,
            training=training,
            similarity=like,
            interactions=training.learned,
        )
        notes = notes_of_dependence(training, table.n_lists)
        return detail, (
            *notes,
            Message(
                "The prior of the share listed is Beta({a:g}, 1), under which lists rarely name almost "
                "nobody. It lowers the number where few are listed, and hardly changes it where nearly all "
                "are.",
                a=self.listed,
            ),
        ) if self.listed else notes

    def _by_errors(
        self, table: CaptureTable, like: Similarity | None, seed: int
    ) -> tuple[CalibratedDetail, tuple[str, ...]]:
        """Calibrate a table by the errors of the base on the cases."""
        assert self.base is not None
        base = self.base if isinstance(self.base, tuple) else (self.base,)
        errors = errors_of_base(base, table, self.learned_from(), seed)
        detail = CalibratedDetail(
            distribution=errors.distribution,
            n_cases=len(errors.cases),
            n_datasets=len({case.dataset for case in errors.cases}),
            n_groups=len({case.group for case in errors.cases}),
            training=errors,
            similarity=like,
            base_unobserved=errors.used,
            declined=errors.declined,
            n_unobserved=errors.n_unobserved,
            discrepancies=dict(errors.training.discrepancies),
            share_between=errors.training.share_between,
            sampling_variance=errors.sampling_variance,
        )
        return detail, notes_of_errors(errors, table.n_lists)

    def learned_from(self) -> TrainingCases:
        """Cases to learn from."""
        if self.training is None:
            return training_cases()
        return (
            self.training
            if isinstance(self.training, TrainingCases)
            else TrainingCases("own cases", self.training)
        )


def _require_groups(training: TrainingCases) -> None:
    """Refuse training cases that cannot show how data sets differ."""
    if len(training.groups) < LEAST_GROUPS:
        raise InputError(
            Message(
                "training: expected at least {least} groups of data sets, got {n}. One cannot show how much "
                "data sets differ; training_cases().with_cases(...) adds to those that ship",
                least=LEAST_GROUPS,
                n=len(training.groups),
            )
        )
