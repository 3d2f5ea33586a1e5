"""Closed-population models: lists of different reach, persons who differ."""

from __future__ import annotations

from typing import Any, ClassVar, cast, get_args

from detcount import arguments, references
from detcount._numerics.heterogeneity import Form
from detcount.abundance.guards import ASSUMED_BY_ALL, require_names_on_every_list, require_number_of_lists
from detcount.abundance.heterogeneity.log_linear import NAME, Model, fit_log_linear, label, notes_of
from detcount.abundance.intervals import LogNormal, ProfileLikelihood
from detcount.assumptions import Assumption
from detcount.captures import CaptureTable
from detcount.citation import Reference
from detcount.errors import InputError, NotEstimableError
from detcount.estimates import AbundanceEstimate, LogNormalRule
from detcount.specification import specification
from detcount.words import Message

_MOST_DENSE_LISTS = 16
_DEFAULT_THETA = {"Poisson": 2.0, "Gamma": 3.5}
_LARGEST_THETA = 100.0  # theta^60 still is a number
_LARGEST_RATIO = 1e6  # unlisted persons for each listed one: what an estimate running off to infinity has


class _AssumptionsOfModel:
    """What the model and form of an instance assume; of the class, what its defaults do."""

    def __get__(self, instance: Heterogeneity | None, owner: type) -> tuple[Assumption, ...]:
        model, form = ("Mth", "Chao") if instance is None else (instance.model, instance.form)
        own: list[Assumption] = []
        if form != "Chao":
            own.append(Assumption.INDEPENDENT_LISTS)
        if model in {"M0", "Mh"}:
            own.append(Assumption.EQUAL_LIST_SHARES)
        if model in {"M0", "Mt"}:
            own.append(Assumption.HOMOGENEOUS_PERSONS)
        else:
            own.append(Assumption.LOWER_BOUND if form == "Chao" else Assumption.HETEROGENEITY_FORM)
        return (*ASSUMED_BY_ALL, *own)


@specification
class Heterogeneity:
    """Abundance when lists differ in reach, persons in how easily they are listed, or both.

    The estimand is N, the persons in a closed population that every list drew on. M0 takes lists and
    persons as equal; Mt lets lists differ; Mh lets persons differ; Mth lets both. With form ``"Chao"``
    the figure is a lower bound that holds however persons differ; the other forms are estimates that lean
    on a form which the listed persons cannot confirm. Prefer `LogLinear` where particular lists depend on
    each other.

    Parameters
    ----------
    model : {"Mth", "M0", "Mt", "Mh"}, optional
        What differs.
    form : {"Chao", "Poisson", "Darroch", "Gamma"}, optional
        How persons differ, for Mh and Mth: ``"Chao"`` unless given. Corrections grow from Poisson to
        Gamma. Not for the other models.
    theta : float, optional
        Parameter of the forms Poisson (2 unless given; above 1, at most 100) and Gamma (3.5; above 0).
    bias_corrected : bool, optional
        Whether counts are changed to take bias out in small samples; for M0, Mt and form ``"Chao"``,
        with the log-normal interval.
    interval : LogNormal or ProfileLikelihood, optional
        How limits are found. The profile likelihood may set no upper limit.

    Raises
    ------
    InputError
        If an option does not go with the model or form.

    See Also
    --------
    ChaoLowerBound : Model Mh with form Chao from two numbers.
    LogLinear : Dependence between particular lists.

    Notes
    -----
    Counts n_w of the capture histories are Poisson with log mean b + u_w + g(k), where k is the number of
    lists in w, u_w a multiple of k (M0, Mh) or a sum over its lists (Mt, Mth), and g(k) is 0 (M0, Mt) or
    has the column theta^k - 1 (Poisson), k^2/2 (Darroch), log(theta) - log(theta + k) (Gamma) or
    max(k - j + 1, 0) for j = 3, ..., K with coefficients of at least zero (Chao). N = n + exp(b), with
    variance exp(b) + exp(2b) var(b). Which coefficients are at zero is settled by the
    maximum under the constraint, for each N anew in the profile.

    Bias correction changes the counts before the fit (Rivest and Levesque 2001): M0 takes f1 - 1/2 and
    f2 + 1 persons on one and two lists; Mt and Mth spread (K - 2)/2 over the histories with one list and
    1 over those with two; Mh has the closed form a f1(f1 - 1)/(2(f2 + 1)), a = (K - 1)/K. That of Mt and
    Mth is made for lists that name few: with four lists that each name a fifth or more, the plain
    fit has less bias. `detail` describes the fit to the counts
    as they are.

    The profile interval holds every N whose multinomial profile likelihood is within half a chi-square
    quantile of the greatest. The point stays that of the Poisson fit; `detail.multinomial_point` is the
    maximum that the interval surrounds.

    References
    ----------
    .. [1] Otis, D. L., Burnham, K. P., White, G. C. and Anderson, D. R. (1978). Statistical inference from
       capture data on closed animal populations. Wildlife Monographs, 62, 3-135.
    .. [2] Darroch, J. N., Fienberg, S. E., Glonek, G. F. V. and Junker, B. W. (1993). A three-sample
       multiple-recapture approach to census population estimation with heterogeneous catchability.
       Journal of the American Statistical Association, 88(423), 1137-1148.
       https://doi.org/10.1080/01621459.1993.10476387
    .. [3] Rivest, L.-P. and Levesque, T. (2001). Improved log-linear model estimators of abundance in
       capture-recapture experiments. Canadian Journal of Statistics, 29(4), 555-572.
       https://doi.org/10.2307/3316007
    .. [4] Rivest, L.-P. and Baillargeon, S. (2007). Applications and extensions of Chao's moment estimator
       for the size of a closed population. Biometrics, 63(4), 999-1006.
       https://doi.org/10.1111/j.1541-0420.2007.00779.x
    .. [5] Cormack, R. M. (1992). Interval estimation for mark-recapture studies of closed populations.
       Biometrics, 48(2), 567-576. https://doi.org/10.2307/2532310

    Examples
    --------
    >>> from detcount import abundance, datasets
    >>> hare = datasets.load("hare")
    >>> print(abundance.Heterogeneity(form="Poisson").fit(hare))
    81 persons (74 to 97, 95% log-normal); 68 listed
    >>> profile = abundance.ProfileLikelihood()
    >>> print(abundance.Heterogeneity(form="Poisson", interval=profile).fit(hare).interval())
    72 to 94, 95% profile likelihood
    """

    model: Model = "Mth"
    form: Form | None = None
    theta: float | None = None
    bias_corrected: bool = False
    interval: LogNormal | ProfileLikelihood = LogNormal()

    assumes: ClassVar[tuple[Assumption, ...]] = cast(Any, _AssumptionsOfModel())
    references: ClassVar[tuple[Reference, ...]] = (
        references.OTIS_1978,
        references.DARROCH_1993,
        references.RIVEST_LEVESQUE_2001,
        references.RIVEST_BAILLARGEON_2007,
        references.CORMACK_1992,
        references.CHAO_1987,
    )

    def __post_init__(self) -> None:
        if self.model not in get_args(Model):
            raise InputError(
                Message(
                    "{name}: expected one of {known:,}, got {got}",
                    name="model",
                    known=get_args(Model),
                    got=repr(self.model),
                )
            )
        arguments.true_or_false("bias_corrected", self.bias_corrected)
        if not isinstance(self.interval, (LogNormal, ProfileLikelihood)):
            raise TypeError(
                Message(
                    "interval: expected LogNormal() or ProfileLikelihood(), got {kind}",
                    kind=type(self.interval).__name__,
                )
            )
        self._settle_form()
        self._settle_theta()
        if self.bias_corrected and self.form not in {None, "Chao"}:
            raise InputError(
                Message(
                    "bias_corrected: no correction is known for form {form}. Use form='Chao', or leave "
                    "bias_corrected out",
                    form=repr(self.form),
                )
            )
        if self.bias_corrected and isinstance(self.interval, ProfileLikelihood):
            raise InputError(
                Message(
                    "bias_corrected: a profile likelihood is that of the counts as they are. Use "
                    "interval=LogNormal()"
                )
            )

    def _settle_form(self) -> None:
        """Write the form that is used into the specification, so that it is printed."""
        if self.model in {"Mh", "Mth"}:
            if self.form is None:
                object.__setattr__(self, "form", "Chao")
            if self.form not in get_args(Form):
                raise InputError(
                    Message(
                        "{name}: expected one of {known:,}, got {got}",
                        name="form",
                        known=get_args(Form),
                        got=repr(self.form),
                    )
                )
        elif self.form is not None:
            raise InputError(
                Message(
                    "form: model {model} has none, got {got}. Leave it out, or use model='Mh' or 'Mth'",
                    model=self.model,
                    got=repr(self.form),
                )
            )

    def _settle_theta(self) -> None:
        """Write the parameter that is used into the specification, so that it is printed."""
        if self.form not in _DEFAULT_THETA:
            if self.theta is not None:
                raise InputError(
                    Message(
                        "theta: form {form} has none, got {got}. Leave it out"
                        if self.form
                        else "theta: model {model} has none, got {got}. Leave it out",
                        form=repr(self.form),
                        model=self.model,
                        got=repr(self.theta),
                    )
                )
            return
        theta = _DEFAULT_THETA[self.form] if self.theta is None else self.theta
        least = 1.0 if self.form == "Poisson" else 0.0
        if isinstance(theta, bool) or not isinstance(theta, (int, float)):
            raise TypeError(Message("theta: expected a number, got {kind}", kind=type(theta).__name__))
        if not least < theta <= _LARGEST_THETA:
            raise InputError(
                Message(
                    "theta: expected a number above {least:g} and at most {most:g} for form {form}, "
                    "got {got}",
                    least=least,
                    most=_LARGEST_THETA,
                    form=repr(self.form),
                    got=repr(theta),
                )
            )
        object.__setattr__(self, "theta", float(theta))

    def fit(self, table: CaptureTable, *, seed: int = 0) -> AbundanceEstimate:
        """Estimate N, persons, from a table of two or more lists, three where persons differ."""
        most = _MOST_DENSE_LISTS if self.model in {"Mt", "Mth"} else 60
        least = 3 if self.model in {"Mh", "Mth"} else 2
        require_number_of_lists(NAME, table, least=least, most=most)
        require_names_on_every_list(NAME, table)
        n_unobserved, variance, detail, rule = fit_log_linear(self, table)
        if n_unobserved > _LARGEST_RATIO * table.n_observed:
            raise NotEstimableError(
                NAME,
                Message(
                    "{model} puts more than a million unlisted persons beside each listed one",
                    model=label(self),
                ),
                Message("Use ChaoLowerBound, or report those listed."),
                advice=Message("Use Chao's lower bound, or report those listed."),
            )
        return AbundanceEstimate(
            point=table.n_observed + n_unobserved,
            n_observed=table.n_observed,
            estimator=self,
            interval_rule=rule or LogNormalRule(n_unobserved, variance, table.n_observed),
            digest=table.digest,
            definition=table.definition,
            seed=seed,
            standard_error=variance**0.5,
            notes=notes_of(self, detail),
            detail=detail,
        )
