"""The answer of every family, or why it has none."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from detcount._numerics.parallel import map_tasks
from detcount.assessment.abundance.families import CALIBRATED, FAMILIES, Family, estimator_of, families_for
from detcount.captures import CaptureTable
from detcount.errors import ConvergenceError, InputError, NotEstimableError
from detcount.estimates import AbundanceEstimate
from detcount.words import Message

ON_REQUEST = "left out of this assessment on request"
"""Why a family that nobody asked for gave no answer."""

_LONGEST = ("latent class", "averaged", "selected", "stepwise", CALIBRATED)

_TOO_MANY_LISTS = "not asked with more than {most} lists, where it takes minutes"


def wanted_families(families: Sequence[str] | None) -> frozenset[str]:
    """Keys to run, all of them known."""
    known = {family.key for family in FAMILIES}
    if families is None:
        return frozenset(known)
    if isinstance(families, str):
        raise TypeError(
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
    table: CaptureTable, seed: int, wanted: frozenset[str]
) -> tuple[dict[str, AbundanceEstimate], dict[str, NotEstimableError]]:
    """Fit the families made for so many lists; what declines is kept. Warnings stand in the notes.

    Inside of ``joblib.parallel_config`` its workers fit them.
    """
    families = families_for(table)
    keys = [family.key for family in families]
    fitted = map_tasks(
        partial(_answer, table, seed, wanted),
        keys,
        n_jobs=None,
        label="families of estimators",
        at_once=True,
        names=[str(family.name) for family in families],
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
    if family.key not in wanted:
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
    """Whether a family was tried; else it was left out whatever the data."""
    return getattr(error.reason, "template", "") not in (ON_REQUEST, _TOO_MANY_LISTS)


def _answer(
    table: CaptureTable, seed: int, wanted: frozenset[str], key: str
) -> AbundanceEstimate | NotEstimableError:
    """What a family says; by its key, as a function in a family would not travel."""
    family = next(family for family in families_for(table) if family.key == key)
    if (unasked := not_asked(family, table, wanted)) is not None:
        return unasked
    try:
        return estimator_of(family, table).fit(table, seed=seed)
    except NotEstimableError as error:
        return error
    except ConvergenceError as error:
        return _without_convergence(family, error)


def _without_convergence(family: Family, error: ConvergenceError) -> NotEstimableError:
    """The reason and the remedy of an iteration that gave up, in its own words."""
    return NotEstimableError(
        family.name,
        error.reason or Message("an iteration did not converge"),
        error.remedy or Message("Use another family."),
        advice=error.advice,
    )
