"""The ways of estimating that are run side by side, and what each answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

from detcount import abundance
from detcount._numerics.parallel import map_tasks
from detcount.abundance.guards import require_names_on_every_list
from detcount.assessment.abundance.rows import Role
from detcount.calibration import Calibrated
from detcount.data.captures import CaptureTable
from detcount.errors import ConvergenceError, InputError, InputTypeError, NotEstimableError
from detcount.estimates import AbundanceEstimate, Estimator
from detcount.words import N_, Message

ANCHORED, CALIBRATED = "anchored", "calibrated"
_PRECEDENCE: tuple[Role, ...] = ("claim", "bound", "baseline", "calibrated", "anchored")


@dataclass(frozen=True)
class Tuning:
    """Options and limits of methods.

    Parameters
    ----------
    few_shared : int, persons
        People on both lists, below which the limits are exact ones; log-normal ones would cover too seldom.
        Convention: twenty.
    selected_lists : int, lists
        Most lists among which models are chosen by BIC. Convention: ten; with more it would take minutes.
    averaged_lists : int, lists
        Most lists of stepwise and averaged models and of latent classes. Convention: nine; with more it
        would take minutes.
    classes : int, classes
        Latent classes. Convention: half of the default of `LatentClass`, to save time.
    effective : int, draws
        Effective size at which the chains of latent classes end. Convention: less than the default.
    class_draws : int, draws
        Most draws of latent classes. Convention: less than the default.
    """

    few_shared: int = 20
    selected_lists: int = 10
    averaged_lists: int = 9
    classes: int = 5
    effective: int = 400
    class_draws: int = 1000


TUNING = Tuning()


@dataclass(frozen=True)
class Family:
    """One way of estimating, as `assess` runs it.

    Parameters
    ----------
    key : str
        Short name; the key of ``assessment.estimates`` and ``assessment.declined``.
    name : str
        Name of the family, as it is printed; a `Message` where it has words.
    estimator : Estimator, or function of CaptureTable that gives one
        The specification; a function where it names lists.
    lists : {"two", "more", "any"}
        Whether it is for two lists, for three and more, or for both.
    role : {"calibrated", "claim", "bound", "baseline"}, optional
        "claim" gives a number of persons. "bound" is a lower bound and "baseline" a model that the
        others extend: neither speaks for the total. "calibrated" is made from the others. These three do
        not count when families are compared.
    most_lists : int, optional
        Lists beyond which it is not asked, as it would take minutes.

    Examples
    --------
    >>> import detcount as dc
    >>> [family.key for family in dc.assessment.FAMILIES][:3]
    ['calibrated', 'chapman', 'lincoln-petersen']
    """

    key: str
    name: str
    estimator: Estimator | Callable[[CaptureTable], Estimator]
    lists: Literal["two", "more", "any"]
    role: Role = "claim"
    most_lists: int | None = None


def _two_largest_lists(table: CaptureTable) -> Estimator:
    """Two lists taken as independent: the largest, which overlap the most at random."""
    require_names_on_every_list("PairwiseNoInteraction", table)
    sizes = table.list_sizes
    first, second = sorted(table.lists, key=lambda name: (-sizes[name], table.lists.index(name)))[:2]
    return abundance.PairwiseNoInteraction((first, second))


def _exact_where_few(
    estimator: abundance.Chapman | abundance.LincolnPetersen, table: CaptureTable
) -> Estimator:
    """The same with the exact interval where two lists share few persons, or one lies inside the other."""
    shared = table.overlap(*table.lists)
    if shared >= TUNING.few_shared and shared < min(table.list_sizes.values()):
        return estimator
    return replace(estimator, interval=abundance.Hypergeometric())


FAMILIES: tuple[Family, ...] = (
    Family(CALIBRATED, Message("Calibrated"), Calibrated(), "any", "calibrated"),
    Family("chapman", "Chapman", lambda table: _exact_where_few(abundance.Chapman(), table), "two"),
    Family(
        "lincoln-petersen",
        "Lincoln-Petersen",
        lambda table: _exact_where_few(abundance.LincolnPetersen(), table),
        "two",
    ),
    Family("independence", Message("Independent lists (Mt)"), abundance.LogLinear(), "more", "baseline"),
    Family(
        "chao", Message("{author}'s lower bound", author="Chao"), abundance.ChaoLowerBound(), "more", "bound"
    ),
    Family(
        "mth chao",
        Message("Heterogeneity, Mth Chao"),
        abundance.Heterogeneity(model="Mth", form="Chao"),
        "more",
        "bound",
    ),
    Family(
        "mth poisson",
        Message("Heterogeneity, Mth Poisson"),
        abundance.Heterogeneity(model="Mth", form="Poisson"),
        "more",
    ),
    Family(
        "mth darroch",
        Message("Heterogeneity, Mth Darroch"),
        abundance.Heterogeneity(model="Mth", form="Darroch"),
        "more",
    ),
    Family(
        "selected",
        Message("Log-linear, chosen by BIC"),
        abundance.SelectedLogLinear(criterion="bic"),
        "more",
        most_lists=TUNING.selected_lists,
    ),
    Family(
        "stepwise",
        Message("Log-linear, stepwise"),
        abundance.StepwiseLogLinear(),
        "more",
        most_lists=TUNING.averaged_lists,
    ),
    Family(
        "averaged",
        Message("Log-linear, averaged by AIC"),
        abundance.AveragedLogLinear(criterion="aic"),
        "more",
        most_lists=TUNING.averaged_lists,
    ),
    Family(
        "thresholded", Message("Log-linear, thresholded (Bayes)"), abundance.ThresholdedLogLinear(), "more"
    ),
    Family("decomposable", Message("Decomposable graphs (Bayes)"), abundance.DecomposableGraphs(), "more"),
    Family(
        "latent class",
        Message("Latent classes (Bayes)"),
        abundance.LatentClass(
            n_classes=TUNING.classes, min_effective_size=TUNING.effective, max_draws=TUNING.class_draws
        ),
        "more",
        most_lists=TUNING.averaged_lists,
    ),
    Family(
        "no highest-order interaction",
        Message("No highest-order interaction"),
        abundance.NoHighestOrderInteraction(),
        "more",
    ),
    Family("pairwise", Message("Two largest lists alone"), _two_largest_lists, "more", "baseline"),
    Family("sample coverage", Message("Sample coverage"), abundance.SampleCoverage(), "more"),
    Family(
        "sample coverage, low",
        Message("Sample coverage, one step"),
        abundance.SampleCoverage(estimate="low-coverage"),
        "more",
        "bound",
    ),
)

RECOMMENDED_ORDER: tuple[str, ...] = (CALIBRATED, "chapman", "selected", "averaged", "stepwise")


_SAMPLE: tuple[str, Role] = (Message("Random sample with lists"), "anchored")
_NAMES = {family.key: (family.name, family.role) for family in FAMILIES} | {ANCHORED: _SAMPLE}


def family_name(key: str) -> str:
    """The name of a family, as it is printed."""
    return _NAMES[key][0]


def role_of(key: str) -> Role:
    """Role of a family among the others."""
    return _NAMES[key][1]


def families_for(table: CaptureTable, anchor: Estimator | None = None) -> tuple[Family, ...]:
    """The families made for two lists, or those for more; first that of a random sample."""
    wanted = "two" if table.n_lists == 2 else "more"
    first = () if anchor is None else (Family(ANCHORED, _SAMPLE[0], anchor, "any", _SAMPLE[1]),)
    return first + tuple(family for family in FAMILIES if family.lists in (wanted, "any"))


def estimator_of(family: Family, table: CaptureTable) -> Estimator:
    """The specification of a family for one table."""
    return family.estimator if isinstance(family.estimator, Estimator) else family.estimator(table)


def claims_of(estimates: Iterable[str]) -> tuple[str, ...]:
    """Keys of the families with an answer that claim a number."""
    return tuple(key for key in estimates if role_of(key) == "claim")


def best_available(estimates: Iterable[str]) -> str | None:
    """The first family with an answer: one that claims a number, else a bound, else whatever there is."""
    return min(estimates, key=lambda key: _PRECEDENCE.index(role_of(key)), default=None)


ON_REQUEST = N_("left out of this assessment on request")
"""Why a family that nobody asked for gave no answer."""

_LONGEST = ("latent class", "averaged", "selected", "stepwise", CALIBRATED)

_TOO_MANY_LISTS = N_("not asked with more than {most} lists, where it takes minutes")


def wanted_families(families: Sequence[str] | None) -> frozenset[str]:
    """Keys to run, all of them known."""
    known = {family.key for family in FAMILIES}
    if families is None:
        return frozenset(known)
    if isinstance(families, str):
        raise InputTypeError(
            Message(
                "families: expected a sequence of keys, got the text {text!r}. Write [{text!r}]",
                text=families,
            )
        )
    families = tuple(families)
    if not families:
        raise InputError(
            Message(
                "families: expected at least one key, got none. Leave `families` out to run every one; the "
                "keys are {keys!r:,}",
                keys=sorted(known),
            )
        )
    for key in families:
        if key not in known:
            raise InputError(
                Message(
                    "families: no family {got}; the keys are {keys!r:,}", got=repr(key), keys=sorted(known)
                )
            )
    return frozenset(families)


def fit_families(
    table: CaptureTable, seed: int, wanted: frozenset[str], anchor: Estimator | None = None
) -> tuple[dict[str, AbundanceEstimate], dict[str, NotEstimableError]]:
    """Fit the families made for so many lists; those that decline stand beside. Warnings stand in the notes.

    Inside of ``joblib.parallel_config`` its workers fit them.
    """
    families = families_for(table, anchor)
    keys = [family.key for family in families]
    fitted = map_tasks(
        partial(_answer, table, seed, wanted, anchor),
        keys,
        n_jobs=None,
        label=Message("families of estimators"),
        at_once=True,
        names=[family.name for family in families],
        longest=[keys.index(key) for key in _LONGEST if key in keys],
    )
    answers = dict(zip(keys, fitted, strict=True))
    estimates: dict[str, AbundanceEstimate] = {}
    declined: dict[str, NotEstimableError] = {}
    for family in families:
        answer = answers[family.key]
        if isinstance(answer, NotEstimableError):
            declined[family.key] = answer
        else:
            estimates[family.key] = answer
    return estimates, declined


def not_asked(family: Family, table: CaptureTable, wanted: frozenset[str]) -> NotEstimableError | None:
    """Why a family is not even tried; None where it is."""
    if family.key not in wanted and family.key != ANCHORED:
        return NotEstimableError(
            family.name,
            Message(ON_REQUEST),
            Message("Run assess without `families`."),
            advice=Message("Ask every method."),
        )
    if family.most_lists is not None and table.n_lists > family.most_lists:
        return NotEstimableError(
            family.name,
            Message(_TOO_MANY_LISTS, most=family.most_lists),
            Message("Merge lists that share a source (table.merge), or fit it alone."),
            advice=Message("Merge lists that share a source, or fit it alone."),
        )
    return None


def was_asked(error: NotEstimableError) -> bool:
    """Check whether a family was tried; else it was left out whatever the data."""
    return getattr(error.reason, "template", "") not in (ON_REQUEST, _TOO_MANY_LISTS)


def _answer(
    table: CaptureTable, seed: int, wanted: frozenset[str], anchor: Estimator | None, key: str
) -> AbundanceEstimate | NotEstimableError:
    """The answer of a family; it is given by its key, as a worker cannot be sent a function."""
    family = next(family for family in families_for(table, anchor) if family.key == key)
    if (unasked := not_asked(family, table, wanted)) is not None:
        return unasked
    try:
        return estimator_of(family, table).fit(table, seed=seed)
    except NotEstimableError as error:
        return error
    except ConvergenceError as error:
        return without_convergence(family, error)


def without_convergence(family: Family, error: ConvergenceError) -> NotEstimableError:
    """The reason and the remedy of an iteration that gave up, in its own words."""
    return NotEstimableError(
        family.name,
        error.reason or Message("an iteration did not converge"),
        error.remedy or Message("Use another family."),
        advice=error.advice,
    )
