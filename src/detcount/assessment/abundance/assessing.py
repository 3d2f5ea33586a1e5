"""The assessment of lists: every family of estimators side by side, and what of it can be printed."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, overload

from detcount import arguments
from detcount.assessment.abundance.build_content import content_of
from detcount.assessment.abundance.content import message
from detcount.assessment.abundance.families import (
    CALIBRATED,
    RECOMMENDED_ORDER,
    best_available,
    claims_of,
    fit_families,
    wanted_families,
)
from detcount.assessment.abundance.moves import (
    left_out_family,
    sensitivity_of,
    without_each_list,
    wrong_entries_of,
)
from detcount.assessment.abundance.result import Assessment
from detcount.assessment.abundance.verdict import RULES, evidence_of, modes_of
from detcount.assessment.common.verdict import LEVEL, apply_rules, strictest
from detcount.captures import CaptureTable
from detcount.errors import NotEstimableError
from detcount.estimates import AbundanceEstimate, Interval
from detcount.specification import door, of_kind
from detcount.strata import composition
from detcount.strata.composing import together
from detcount.wrong_entries import checked_share

if TYPE_CHECKING:
    from detcount.assessment.abundance.linked import LinkageAssessment, OverDraws
    from detcount.linkage import Linkage


@overload
def assess(
    table: CaptureTable,
    *,
    seed: int = ...,
    claim: float | None = ...,
    families: Sequence[str] | None = ...,
    wrong_entries: float | None = ...,
    n_draws: int = ...,
    by: Mapping[str, CaptureTable] | None = ...,
) -> Assessment: ...


@overload
def assess(
    table: Linkage,
    *,
    seed: int = ...,
    claim: float | None = ...,
    families: Sequence[str] | None = ...,
    wrong_entries: float | None = ...,
    n_draws: int = ...,
    wrong: float | Mapping[str, float] | None = ...,
) -> LinkageAssessment: ...


@door
def assess(
    table: CaptureTable | Linkage,
    *,
    seed: int = 0,
    claim: float | None = None,
    families: Sequence[str] | None = None,
    wrong_entries: float | None = 0.05,
    n_draws: int = 50,
    by: Mapping[str, CaptureTable] | None = None,
    wrong: float | Mapping[str, float] | None = None,
) -> Assessment | LinkageAssessment:
    """Run every family of estimators on some lists, and say what of it can be printed.

    The estimand is N, the persons in the closed population that the lists were made of, listed or not.
    Each family says it under assumptions of its own; the lists cannot choose between them. So the
    answer is all of them beside the floor, how far they are apart, how the number moves when its
    assumption fails, and a verdict.

    Parameters
    ----------
    table : CaptureTable or Linkage
        Persons by capture history; or lists of names that were linked, over whose draws every family runs
        too.
    seed : int, optional
        Seed of every fit, 0 or more.
    claim : float, optional
        A number of persons in all that somebody claims, to be tested against the sensitivity curve;
        without it twice the persons listed.
    families : sequence of str, optional
        Keys of the `FAMILIES` to run, where time is short; without it every one. Those left out stand
        among the families that decline, so that no report hides the choice.
    wrong_entries : float, optional
        Share of the entries of one list, from 0 to 0.5, that are taken not to belong to the population, for
        each list in turn: persons freed before, held for another reason, or entered twice. None or 0 leaves
        that table out.
    n_draws : int, optional
        Tables to draw from a linkage.
    by : mapping of str to CaptureTable, optional
        The same persons by group, such as `stratify` gives, for a section on who is missing
        (`strata.composition`).
    wrong : float or mapping of str to float, optional
        Of lists that were linked, which share of the entries is of people who do not belong, of all lists or
        by list; 0 says that everybody belongs. Without it a share is drawn of lists that `linkage.Audit` did
        not check, by the law of `stock.WrongShare` and as often as those on one list leave; the number if
        everybody belongs stands beside it. Tables are taken as they are.

    Returns
    -------
    Assessment or LinkageAssessment
        Estimates in persons, the families that declined with their reasons, and the verdict; of a linkage
        every estimate is pooled over drawn tables, so that its limits include the doubt of who is who.

    Raises
    ------
    InputError
        If the seed is no whole number of 0 or more, the claim no number above 0, a family unknown, the share
        of wrong entries not from 0 to 0.5, `by` holds other persons than the table, or `wrong` is given for
        a table.
    InputTypeError
        If the table is neither a `CaptureTable` nor a `Linkage`.

    See Also
    --------
    leave_one_list_out : The same for one estimator.

    Notes
    -----
    The recommended estimate is calibrated (`Calibrated`): its interval was learned from populations of known
    size, and assumes that the error of standard estimators is here as it was there. The other families
    stay beside it under assumptions of their own.

    Verdicts, from the least to the most that can be printed: "floor only" (nobody is on two lists),
    "refuse" (no estimate of the total), "range" (limits and no number between), "estimate". Refused are
    tables with a list that names nobody, an empty overlap without which no log-linear model can be fitted,
    or a model whose existence code is not 0; without a family that claims a number; with lists that share
    nearly everybody (`detcount.copies`); or with more than 5 persons unlisted for each listed one by the
    recommended estimate. A floor alone is left by fewer than 10 persons, or a calibrated interval whose
    upper limit is more than 20 times the lower. A range is left by sample coverage of 0.55 or less (three
    lists and more), families more than a factor 2 apart, a posterior with several modes, a calibrated
    interval whose upper limit is more than 4 times the lower, a list that looks like an extract from
    another, or no calibration. The report of a refused table shows the calibrated limits with a warning,
    and no sentence to print has them.

    Families that claim a number are compared; a lower bound and a baseline that other families extend are
    shown beside them and do not count. `LatentClass` has a limit on its draws: where its chains do
    not agree by then it stands among the families that decline.

    Examples
    --------
    >>> import detcount as dc
    >>> table = dc.CaptureTable.from_counts({"10": 40, "01": 60, "11": 90}, lists=["press", "families"])
    >>> assessment = dc.assess(table)
    >>> assessment.verdict, assessment.recommended_family, list(assessment.declined)
    ('estimate', 'calibrated', [])
    >>> print(assessment.sentence().split(". ")[0])
    At least 190 people are named on the lists
    """
    assessed = partial(_assessed, seed=seed, claim=claim, families=families, wrong_entries=wrong_entries)
    linked = None if isinstance(table, CaptureTable) else _linkage(table)
    if linked is None:
        of_kind(CaptureTable, "table", table)
        if wrong is not None:
            raise message.refused("wrong of a table")
        assessment = assessed(table, leave_out=True)
        return assessment if by is None else _with_groups(assessment, by)
    from detcount.assessment.abundance.linked import assessed_over_draws

    return assessed_over_draws(linked, assessed, seed, n_draws, wrong)


def _with_groups(assessment: Assessment, by: Mapping[str, CaptureTable]) -> Assessment:
    """An assessment with its persons by group; why there are none where the total has no estimate."""
    given = together(by)
    if given.keep(assessment.table.lists) != assessment.table:
        raise message.refused("groups of others", n=given.n_observed, listed=assessment.n_observed)
    try:
        return replace(assessment, composition=composition(by, seed=assessment.seed))
    except NotEstimableError as declined:
        return replace(assessment, groups_declined=message("groups declined", reason=declined.reason))


def _linkage(table: Any) -> Linkage | None:
    """The linkage that was given; None for a table. To assess a table the room of linkage is not imported."""
    result = sys.modules.get("detcount.linkage.result")
    return table if result is not None and isinstance(table, result.Linkage) else None


def _assessed(
    table: Any,
    *,
    seed: int,
    claim: float | None,
    families: Sequence[str] | None,
    wrong_entries: float | None,
    leave_out: bool,
    over: OverDraws | None = None,
) -> Assessment:
    """Assess a table; a companion is fitted without `leave_out`, as its report does not print those rows.

    Where persons are linked rows, `over` pools what families say over draws of who is who; what is asked of
    one model (its modes, how it moves) is asked of the table's own.
    """
    seed = arguments.seed(seed)
    if claim is not None:
        claim = arguments.positive("claim", claim, unit="of persons")
    wrong_share = 0.0 if wrong_entries is None else checked_share(wrong_entries)
    wanted = wanted_families(families)
    of_table, declined = fit_families(table, seed, wanted)
    estimates = of_table
    if over is not None:
        estimates, declined = over(table, of_table, declined)
    chosen = next((key for key in RECOMMENDED_ORDER if key in estimates), None)
    other = next((key for key in RECOMMENDED_ORDER if key in estimates and key != CALIBRATED), None)
    printed = {} if chosen is None else {chosen: estimates[chosen]}
    claims = claims_of(estimates)
    points = [estimates[key].point for key in claims]
    disagreement = max(points) / min(points) if points else None
    modes = {key: several for key in claims if len(several := modes_of(of_table[key])) > 1}
    evidence = evidence_of(table, estimates, declined, wanted, of_table.get(other or ""), disagreement, modes)
    findings = apply_rules(evidence, RULES)
    verdict = strictest(findings)
    printable = chosen if chosen == CALIBRATED or verdict in ("estimate", "range") else None
    base = None if evidence.n_shared == 0 else other or best_available(estimates)
    repeated = chosen if chosen == CALIBRATED else base
    wrong_base, wrong = (
        (None, ()) if repeated is None else wrong_entries_of(of_table, repeated, table, wrong_share)
    )
    return Assessment(
        table=table,
        seed=seed,
        estimates=estimates,
        declined=declined,
        verdict=verdict,
        findings=findings,
        recommended=None if printable is None else estimates[printable],
        recommended_family=printable,
        disagreement=disagreement,
        envelope=_span([estimates[key] for key in claims]),
        modes=modes,
        sensitivity=None if base is None else sensitivity_of(of_table[base], base, claim),
        leave_one_list_out=()
        if repeated is None or not leave_out
        else without_each_list(left_out_family(repeated, table), table, seed),
        claim=claim,
        wrong_entries=wrong,
        wrong_entries_base=wrong_base,
        all_belong=None if over is None else over.all_belong(table, printed),
        law=None if over is None else over.law,
        fill=content_of,
        again=partial(
            _assessed,
            seed=seed,
            claim=claim,
            families=families,
            wrong_entries=wrong_entries,
            leave_out=False,
            over=None if over is None else over.of_companion(),
        ),
    )


def _span(estimates: list[AbundanceEstimate]) -> Interval | None:
    """From the lowest to the highest limit."""
    if not estimates:
        return None
    intervals = [estimate.interval(LEVEL) for estimate in estimates]
    return Interval(
        min(interval.low for interval in intervals),
        max(interval.high for interval in intervals),
        LEVEL,
        "envelope",
    )
