"""The assessment of lists: every family of estimators side by side, and what of it can be printed.

It is one specification and what it gives of a table: its fits, and the rows that reports show of them.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Self, cast, overload

from detcount.abundance import Anchored
from detcount.abundance.guards import note_on_modes
from detcount.assessment.abundance import anchor as samples
from detcount.assessment.abundance.facts import Fits
from detcount.assessment.abundance.families import (
    ANCHORED,
    CALIBRATED,
    RECOMMENDED_ORDER,
    best_available,
    claims_of,
    family_name,
    fit_families,
    role_of,
    wanted_families,
)
from detcount.assessment.abundance.groups import group_rows
from detcount.assessment.abundance.moves import (
    left_out_family,
    sensitivity_of,
    without_each_list,
    wrong_entries_of,
)
from detcount.assessment.abundance.result import Assessment
from detcount.assessment.abundance.rows import CurveRow, FamilyRow, LeaveOutRow, ListRow, NoteRow
from detcount.assessment.abundance.verdict import RULES, evidence_of, modes_of
from detcount.assessment.common.verdict import LEVEL, Finding, apply_rules, strictest
from detcount.assumptions import Assumption
from detcount.calibration import Calibrated
from detcount.calibration.result import CalibratedDetail
from detcount.contract import arguments
from detcount.contract.specification import door, of_kind
from detcount.data.captures import CaptureTable
from detcount.errors import InputError, NotEstimableError
from detcount.estimates import AbundanceEstimate
from detcount.estimates.figures import strip_of
from detcount.pooling.result import PooledDetail
from detcount.reports.numbers import level_words, percent, persons, printed_limits, printed_point
from detcount.strata import composition
from detcount.strata.composing import together
from detcount.verbs.sensitivity import SensitivityCurve
from detcount.words import Message
from detcount.wrong_entries import checked_share

if TYPE_CHECKING:
    from detcount.assessment.abundance.linked import LinkageAssessment, OverDraws
    from detcount.linkage import Linkage


@dataclass(frozen=True)
class Tuning:
    """Coverage of 95% intervals on populations of known size, as the page states it.

    Parameters
    ----------
    packages : tuple, shares
        Least and most of six package defaults, on the first 28 cases. Measured in
        benchmarks/results/known_truth.md, tables alike.
    chapman : float, share
        That of `Chapman` on the pairs of lists of the training cases of three lists or more, tables alike.
        Measured in benchmarks/results/known_truth.md.
    own : tuple, shares
        That of `Calibrated` on groups it did not learn from, three lists or more: groups alike, and tables.
        Measured in benchmarks/results/known_truth.md.
    own_of_two : tuple, shares
        The same for two lists. Measured in benchmarks/results/known_truth.md.
    """

    packages: tuple[float, float] = (0.53, 0.66)
    chapman: float = 0.26
    own: tuple[float, float] = (0.93, 0.80)
    own_of_two: tuple[float, float] = (0.93, 0.85)


TUNING = Tuning()


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
    anchor: Anchored | None = ...,
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
    anchor: Anchored | None = ...,
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
    anchor: Anchored | None = None,
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
    anchor : Anchored, optional
        The list that is a random sample, and how it was drawn. Its answer is then the recommended one, with
        `Calibrated` of the other lists weighed by it unless `Anchored.lists` says otherwise. Lists that are
        copies of each other, or have no answer, do not count. Of lists that were linked everybody in the
        sample is taken to belong, unless `wrong` names it.

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
        If the table is neither a `CaptureTable` nor a `Linkage`, or the anchor no `Anchored`.

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

    With a random sample these rules do not apply, as it shows how the lists depend. A floor alone is left by
    fewer than 10 persons, or limits more than a factor 20 apart; a range by limits more than a factor 4
    apart, or a sample and lists that contradict each other. In public every count of 1 to 4 of the lists and
    of the clusters visited has another value that gives the same page.

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
    linked = None if isinstance(table, CaptureTable) else _linkage(table)
    if linked is None:
        of_kind(CaptureTable, "table", table)
        if wrong is not None:
            raise InputError(
                Message(
                    "wrong: expected lists that were linked, got a table, which is taken as it is. Take "
                    "those who do not belong out of the table"
                )
            )
    asked = AssessmentSpecification.of(seed=seed, claim=claim, families=families, wrong_entries=wrong_entries)
    if anchor is not None:
        arguments.one_of("anchor: sample", anchor.sample, table.lists)
        asked = replace(asked, anchor=anchor)
    if linked is None:
        assessment = asked.assess(cast("CaptureTable", table))
        return assessment if by is None else _with_groups(assessment, by)
    from detcount.assessment.abundance.linked import of_links, over_draws

    if anchor is not None:
        wrong = samples.belonging(anchor, wrong)
    drawn, over, law = over_draws(linked, n_draws, wrong, asked.seed)
    return of_links(replace(asked, over=over).assess(drawn), linked, over, law)


@dataclass(frozen=True)
class AssessmentSpecification:
    """Options of an assessment, applied to a table and to its companions.

    Parameters
    ----------
    seed : int
        Seed of every fit.
    families : frozenset of str
        Keys of the `FAMILIES` to run.
    claim : float, optional
        Persons in all, of the claim to test.
    wrong_entries : float, optional
        Share of the entries of one list that are taken not to belong, for each list in turn.
    leave_out : bool, optional
        Whether the recommended family runs without each list in turn.
    over : OverDraws, optional
        Pools what families say over draws of who is who, where persons are linked rows. What is asked of one
        model (its modes, how it moves) is asked of the table's own.
    anchor : Anchored, optional
        The list that is a random sample.
    """

    seed: int
    families: frozenset[str]
    claim: float | None = None
    wrong_entries: float = 0.0
    leave_out: bool = True
    over: OverDraws | None = None
    anchor: Anchored | None = None

    @classmethod
    def of(
        cls,
        *,
        seed: int,
        claim: float | None,
        families: Sequence[str] | None,
        wrong_entries: float | None,
    ) -> Self:
        """Check what `assess` was asked."""
        return cls(
            seed=arguments.seed(seed),
            claim=None if claim is None else arguments.positive("claim", claim, unit="of persons"),
            wrong_entries=0.0 if wrong_entries is None else checked_share(wrong_entries),
            families=wanted_families(families),
        )

    def of_companion(self, table: CaptureTable, anchor: Anchored | None = None) -> Assessment:
        """Assess a companion, with its sample, without what a public report does not have."""
        over = None if self.over is None else self.over.of_companion()
        return replace(self, leave_out=False, over=over, anchor=anchor or self.anchor).assess(table)

    def assess(self, table: CaptureTable) -> Assessment:
        """Fit every family to a table, and say what of it can be printed."""
        seed, over = self.seed, self.over
        anchor = self.anchor
        if anchor is not None:
            calibrated = Calibrated() if over is None else over.calibrated
            anchor = samples.with_lists(anchor, table, calibrated, seed)
        of_table, declined = fit_families(table, seed, self.families, anchor)
        estimates = of_table
        if over is not None:
            estimates, declined = over(table, of_table, declined, anchor)
        anchored = ANCHORED in estimates
        chosen = next((key for key in (ANCHORED, *RECOMMENDED_ORDER) if key in estimates), None)
        other = next((key for key in RECOMMENDED_ORDER if key in estimates and key != CALIBRATED), None)
        claims = claims_of(estimates)
        points = [estimates[key].point for key in claims]
        disagreement = max(points) / min(points) if points else None
        modes = {key: several for key in claims if len(several := modes_of(of_table[key])) > 1}
        best = of_table.get(other or "")
        evidence = evidence_of(table, estimates, declined, self.families, best, disagreement, modes)
        findings = apply_rules(evidence, RULES)
        if anchored:
            findings = apply_rules(estimates[ANCHORED], samples.RULES)
        elif anchor is not None:
            findings = (*findings, Finding("no sample", "range", samples.NO_SAMPLE))
        verdict = strictest(findings)
        recommended = chosen if chosen in (ANCHORED, CALIBRATED) or verdict in ("estimate", "range") else None
        base = None if evidence.n_shared == 0 or anchored else other or best_available(estimates)
        repeated = chosen if chosen in (ANCHORED, CALIBRATED) else base
        sensitivity = None if base is None else sensitivity_of(of_table[base], base, self.claim)
        without: tuple[LeaveOutRow, ...] = ()
        if repeated is not None and self.leave_out and not anchored:
            without = without_each_list(left_out_family(repeated, table), table, seed)
        left_out = None
        if recommended == CALIBRATED or sensitivity is not None:
            left_out = left_out_family(CALIBRATED if recommended == CALIBRATED else base or "", table)
        wrong_base, wrong = (
            (None, ())
            if repeated is None
            else wrong_entries_of(of_table, repeated, table, self.wrong_entries, anchor)
        )
        whole = None
        if over is not None:
            whole = over.all_belong(table, {} if chosen is None else {chosen: estimates[chosen]}, anchor)
        stated = [estimates[recommended]] if recommended is not None else list(estimates.values())
        assumed = dict.fromkeys(each for estimate in stated for each in estimate.assumptions)
        if whole is not None:
            assumed.pop(Assumption.NO_OVERCOVERAGE, None)
        families = tuple(
            _family_row(key, estimate, recommended=key == recommended, modes=modes.get(key, ()))
            for key, estimate in estimates.items()
        )
        claiming = [row for row in families if row.role == "claim"]
        sizes, alone = table.list_sizes, table.exclusives
        return Assessment(
            fits=Fits(
                asked=self,
                table=table,
                estimates=estimates,
                declined=declined,
                disagreement=disagreement,
                modes=modes,
                sensitivity=sensitivity,
                leave_one_list_out=without,
                leave_out_base=None if left_out is None else family_name(left_out),
                all_belong=whole,
                anchor=self.anchor,
            ),
            dataset=table.dataset,
            definition=table.definition,
            seed=seed,
            claim=self.claim,
            n_observed=table.n_observed,
            lists=tuple(ListRow(name, sizes[name], alone[name]) for name in table.lists),
            verdict=verdict,
            findings=findings,
            families=families,
            calibration=samples.explained(anchor)
            if anchor is not None and anchored
            else _calibration(estimates[CALIBRATED], table)
            if recommended == CALIBRATED
            else None,
            span=(min(row.low for row in claiming), max(row.high for row in claiming)) if claiming else None,
            curve=() if sensitivity is None else _curve_rows(sensitivity.curve),
            curve_base=None if sensitivity is None else family_name(sensitivity.family),
            assumptions=tuple(assumed),
            references=tuple(dict.fromkeys(each for one in stated for each in one.estimator.references)),
            remarks=_remarks(table, estimates, recommended, modes),
            wrong_entries=wrong,
            wrong_entries_base=None if wrong_base is None else family_name(wrong_base),
            law=None if over is None else over.law,
            limits_if_all_belong=None if whole is None else _limits_of(whole),
            sample=None if anchor is None else anchor.sample,
        )


def _with_groups(assessment: Assessment, by: Mapping[str, CaptureTable]) -> Assessment:
    """An assessment with its persons by group; why there are none where the total has no estimate."""
    given = together(by)
    if given.keep(assessment.table.lists) != assessment.table:
        raise InputError(
            Message(
                "by: expected groups of the same {listed:,} persons with the same histories as the table, "
                "got {n:,} persons. Split the rows that the table was made from",
                n=given.n_observed,
                listed=assessment.n_observed,
            )
        )
    try:
        found = composition(by, seed=assessment.seed)
    except NotEstimableError as declined:
        why = Message("There are no shares of groups: {reason}.", reason=declined.reason)
        return replace(assessment, groups=(), groups_withheld=why)
    fits = None if assessment.fits is None else replace(assessment.fits, composition=found)
    return replace(assessment, fits=fits, groups=group_rows(found))


def _linkage(table: Any) -> Linkage | None:
    """The linkage that was given; None for a table. To assess a table the room of linkage is not imported."""
    result = sys.modules.get("detcount.linkage.result")
    return table if result is not None and isinstance(table, result.Linkage) else None


def _remarks(
    table: CaptureTable,
    estimates: Mapping[str, AbundanceEstimate],
    recommended: str | None,
    modes: Mapping[str, tuple[float, ...]],
) -> tuple[NoteRow, ...]:
    """Notes of the recommended estimate, of the data and of the other families, each with who says it."""
    notes = {
        key: dict.fromkeys((*estimate.notes, *([note_on_modes(modes[key])] if key in modes else [])))
        for key, estimate in estimates.items()
    }
    first = () if recommended is None else estimates[recommended].notes
    texts = dict.fromkeys((*first, *table.notes, *(text for each in notes.values() for text in each)))
    return tuple(
        NoteRow(tuple(family_name(key) for key, each in notes.items() if text in each), text)
        for text in texts
    )


def _limits_of(estimate: AbundanceEstimate) -> tuple[float, float]:
    """Limits as they are printed."""
    least, _, most = estimate.printed(LEVEL)
    return printed_limits(least, most, estimate.n_observed)


def _calibration(estimate: AbundanceEstimate, table: CaptureTable) -> Message | None:
    """In one sentence what the calibrated interval assumes, and what it was learned from."""
    detail = estimate.detail
    if isinstance(detail, PooledDetail):
        detail = detail.estimates[0].detail
    if not isinstance(detail, CalibratedDetail):
        return None
    learned = {"k": persons(detail.n_cases), "d": detail.n_datasets, "level": level_words(LEVEL)}
    two = table.n_lists == 2
    groups, tables = map(percent, TUNING.own_of_two if two else TUNING.own)
    own = Message(
        "On cases that it had not learned from this {level} interval covered the truth {groups} of the time "
        "where groups of tables with the same people count alike, and {tables} where tables do: less often "
        "than it says.",
        level=level_words(LEVEL),
        groups=groups,
        tables=tables,
    )
    if two:
        chapman = percent(TUNING.chapman)
        return Message.together(
            (
                Message(
                    "The calibrated interval assumes that these people and lists are like those it was "
                    "learned from in how lists depend on each other: {k} cases of known size from {d} data "
                    "sets. On pairs of their lists Chapman's own {level} interval covered the truth only "
                    "{chapman} of the time.",
                    **learned,
                    chapman=chapman,
                ),
                own,
            )
        )
    least, most = map(percent, TUNING.packages)
    return Message.together(
        (
            Message(
                "The calibrated interval assumes that these people and lists are like those it was learned "
                "from in how lists depend on each other: {k} cases of known size from {d} data sets. On 28 "
                "of them the {level} intervals of established software packages covered the truth only "
                "{least} to {most} of the time.",
                **learned,
                least=least,
                most=most,
            ),
            own,
        )
    )


def _family_row(
    key: str, estimate: AbundanceEstimate, *, recommended: bool, modes: tuple[float, ...]
) -> FamilyRow:
    """One family, for the tables and the forest."""
    low, high = _limits_of(estimate)
    return FamilyRow(
        key=key,
        name=family_name(key),
        estimator=repr(estimate.estimator),
        role=role_of(key),
        recommended=recommended,
        low=low,
        point=printed_point(estimate.printed(LEVEL)[1], estimate.n_observed),
        high=high,
        interval=estimate.interval(LEVEL).method,
        modes=modes,
        strip=strip_of(estimate),
    )


def _curve_rows(curve: SensitivityCurve) -> tuple[CurveRow, ...]:
    """The curve, for the table and the figure."""
    columns = (curve.odds_ratios, curve.points, curve.lows, curve.highs)
    return tuple(CurveRow(*row) for row in zip(*(column.tolist() for column in columns), strict=True))
