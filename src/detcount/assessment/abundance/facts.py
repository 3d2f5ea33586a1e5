"""Contents of an assessment of lists: rows that reports show, and the fits they were made from.

It is one class and what stands in it, most of it their documentation.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from detcount.abundance import Anchored
from detcount.assessment.abundance.families import ANCHORED, CALIBRATED, claims_of
from detcount.assessment.abundance.moves import Sensitivity
from detcount.assessment.abundance.rows import (
    CurveRow,
    FamilyRow,
    GroupRow,
    LeaveOutRow,
    ListRow,
    NoteRow,
    at_least,
)
from detcount.assessment.abundance.verdict import sample_coverage, shared_by_pair
from detcount.assessment.common.result import withheld
from detcount.assessment.common.verdict import LEVEL, Finding, Verdict, reason
from detcount.assumptions import Assumption, conditions
from detcount.contract.citation import Reference
from detcount.contract.definition import Definition
from detcount.data.captures import CaptureTable
from detcount.errors import NotEstimableError
from detcount.estimates import AbundanceEstimate, Interval
from detcount.privacy import Disclosure
from detcount.reports.numbers import level_words, persons
from detcount.reports.overlaps import OverlapRow
from detcount.strata import Composition
from detcount.words import N_, Message
from detcount.wrong_entries import WrongEntries

OTHER_RULE = Message(
    "a rule against printing more applies, and its reason cannot be given without numbers that would show "
    "small counts"
)
"""The reason in a public report for a rule whose own words would show small counts."""
_WITH_LIMIT = {
    "estimate": N_(
        "The lists support an estimate of about {point} in all ({level} interval {low} to {high}), if "
        "{condition}."
    ),
    "public estimate": N_(
        "The lists support an estimate of {low} to {high} in all ({level} interval), if {condition}."
    ),
    "range": N_(
        "The lists support a range and no single number: {low} to {high} in all (from the lowest to the "
        "highest limit of the {level} intervals of {k} methods). The reason: {reason}."
    ),
    "range of one": N_(
        "The lists support a range and no single number: {low} to {high} in all ({level} interval of the one "
        "method that gives a number). The reason: {reason}."
    ),
    "public range": N_(
        "The lists support a range and no single number: {low} to {high} in all ({level} interval), if "
        "{condition}. The reason: {reason}."
    ),
    "calibrated range": N_(
        "The lists support a range and no single number: {low} to {high} in all ({level} interval, learned "
        "from populations of known size), if {condition}. The reason: {reason}."
    ),
    "anchored range": N_(
        "The lists and a random sample support a range and no single number: {low} to {high} in all ({level} "
        "interval), if {condition}. The reason: {reason}."
    ),
    "anchored": N_(
        "The lists and a random sample support an estimate of about {point} in all ({level} interval {low} "
        "to {high}), if {condition}."
    ),
    "public anchored": N_(
        "The lists and a random sample support an estimate of {low} to {high} in all ({level} interval), if "
        "{condition}."
    ),
}
_WITHOUT_LIMIT = {
    "estimate": N_(
        "The lists support an estimate of about {point} in all ({level} interval {low} or more, with no "
        "upper limit), if {condition}."
    ),
    "public estimate": N_(
        "The lists support an estimate of {low} or more in all ({level} interval, with no upper limit), if "
        "{condition}."
    ),
    "range": N_(
        "The lists support a range and no single number: {low} or more in all, with no upper limit (from the "
        "{level} intervals of {k} methods). The reason: {reason}."
    ),
    "range of one": N_(
        "The lists support a range and no single number: {low} or more in all, with no upper limit ({level} "
        "interval of the one method that gives a number). The reason: {reason}."
    ),
    "public range": N_(
        "The lists support a range and no single number: {low} or more in all, with no upper limit ({level} "
        "interval), if {condition}. The reason: {reason}."
    ),
    "calibrated range": N_(
        "The lists support a range and no single number: {low} or more in all, with no upper limit ({level} "
        "interval, learned from populations of known size), if {condition}. The reason: {reason}."
    ),
}


class Asked(Protocol):
    """Protocol of the options of an assessment, which apply to companions of a table too."""

    def of_companion(self, table: CaptureTable, anchor: Anchored | None = None) -> AssessmentFacts:
        """Assess another table alike, without what a public report does not have."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Fits:
    """Fits that only those may know who may see the lists.

    Parameters
    ----------
    asked : Asked
        What was asked of the table.
    table : CaptureTable
        The lists.
    estimates : dict of str to AbundanceEstimate
        The answer of every family that has one, by key.
    declined : dict of str to NotEstimableError
        Why the others have none, by key.
    disagreement : float, optional
        Highest over lowest number among the families that claim one; None where none does.
    modes : dict of str to tuple of float
        Modes of the posterior of N, persons, of the families that have more than one, by key.
    sensitivity : Sensitivity, optional
        The first family of `RECOMMENDED_ORDER` that is not calibrated, or else the first that there is, by
        odds ratio. The calibrated interval holds such dependence already.
    leave_one_list_out : tuple of LeaveOutRow
        The recommended family without each list in turn, of more than 10 lists without each of the 8
        largest; empty for two lists, or without an estimate.
        Limits that take a bootstrap are left to the function of this name.
    leave_out_base : str, optional
        Name of that family.
    all_belong : AbundanceEstimate, optional
        The number if everybody on the lists belongs, where a share of the entries was taken not to.
    composition : Composition, optional
        Persons and shares by group, where groups were given.
    anchor : Anchored, optional
        The list that is a random sample, and its design.
    """

    asked: Asked
    table: CaptureTable
    estimates: dict[str, AbundanceEstimate]
    declined: dict[str, NotEstimableError]
    disagreement: float | None
    modes: dict[str, tuple[float, ...]]
    sensitivity: Sensitivity | None
    leave_one_list_out: tuple[LeaveOutRow, ...]
    leave_out_base: str | None
    all_belong: AbundanceEstimate | None
    composition: Composition | None = None
    anchor: Anchored | None = None


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class AssessmentFacts:
    """Contents of an assessment: rows that reports show, and the fits where they may be known.

    Parameters
    ----------
    fits : Fits, optional
        What those alone may know who may see the lists; None in an assessment for the public.
    disclosure : {"public", "full"}, optional
        For whom it was made; None where nobody chose.
    dataset : str
        Name of the public data set that the table comes from; empty for any other.
    definition : Definition, optional
        Who is counted; None where nobody said so.
    seed : int
        Seed of every fit.
    claim : float, optional
        Persons in all, of the claim to test; without it twice the persons listed, the point at which
        most of them are listed or are not.
    n_observed : int
        Persons on at least one list: the floor; in public rounded down.
    lists : tuple of ListRow
        The lists, in the order of the table.
    size_unit : int, optional
        Persons that the sizes of lists are rounded to; None where they are whole, or not to be printed.
    rounded_only : bool, optional
        Whether it is public and of one table alone, of so many lists that rounding is enough.
    verdict : {"estimate", "range", "floor only", "refuse"}
        What can be printed.
    findings : tuple of Finding
        The rules against printing more, each with what it found.
    families : tuple of FamilyRow
        The families that answer, with limits and number as they are printed.
    calibration : Message, optional
        What the recommended interval assumes, and what it was learned from; None where it is not calibrated.
    span : tuple of (float, float), optional
        From the lowest to the highest limit of the families that claim a number, persons, as it is printed.
    curve : tuple of CurveRow
        The total by odds ratio.
    curve_base : str, optional
        Name of the family that the curve starts from.
    tipping_within : tuple of (float, float), optional
        In public powers of two between which the odds ratio lies at which the total reaches the claim.
    assumptions : tuple of Assumption
        What the recommended number assumes; of every family that answers, where none is recommended.
    references : tuple of Reference
        Papers of the recommended family; of every one that answers, where none is recommended.
    remarks : tuple of NoteRow
        What a reader must know besides, and which families say it.
    wrong_entries : tuple of WrongEntries
        What becomes of the recommended number if a share of the entries of one list does not belong, by list
        (of the largest where there are many); empty without an estimate, or where it was not asked for.
    wrong_entries_base : str, optional
        Name of the family whose model says how the unlisted change then.
    law : Message, optional
        Which share of the entries was taken to be of people who do not belong.
    limits_if_all_belong : tuple of (float, float), optional
        Limits of the number if everybody on the lists belongs, as they are printed.
    groups : tuple of GroupRow, optional
        Who is missing, by group; None where no groups were given, empty where nothing can be printed.
    groups_withheld : str, optional
        Why nothing can be printed of them.
    keyed_digest : str, optional
        In public the digest of the data under a key; empty without one.
    sample : str, optional
        The list that is a random sample of stated design.
    """

    fits: Fits | None
    disclosure: Disclosure | None = None
    dataset: str
    definition: Definition | None
    seed: int
    claim: float | None
    n_observed: int
    lists: tuple[ListRow, ...]
    size_unit: int | None = None
    rounded_only: bool = False
    verdict: Verdict
    findings: tuple[Finding, ...]
    families: tuple[FamilyRow, ...]
    calibration: Message | None = None
    span: tuple[float, float] | None = None
    curve: tuple[CurveRow, ...] = ()
    curve_base: str | None = None
    tipping_within: tuple[float, float] | None = None
    assumptions: tuple[Assumption, ...]
    references: tuple[Reference, ...] = ()
    remarks: tuple[NoteRow, ...] = ()
    wrong_entries: tuple[WrongEntries, ...] = ()
    wrong_entries_base: str | None = None
    law: Message | None = None
    limits_if_all_belong: tuple[float, float] | None = None
    groups: tuple[GroupRow, ...] | None = None
    groups_withheld: str = ""
    keyed_digest: str = ""
    sample: str | None = None

    def _known(self, name: str) -> Fits:
        """Give what those may know who may see the lists; refuse it in public."""
        if self.fits is None:
            raise withheld(name)
        return self.fits

    @property
    def table(self) -> CaptureTable:
        """The lists."""
        return self._known("table").table

    @property
    def estimates(self) -> dict[str, AbundanceEstimate]:
        """The answer of every family that has one, by key."""
        return self._known("estimates").estimates

    @property
    def declined(self) -> dict[str, NotEstimableError]:
        """Why the other families have none, by key."""
        return self._known("declined").declined

    @property
    def disagreement(self) -> float | None:
        """Highest over lowest number among the families that claim one; None where none does."""
        return self._known("disagreement").disagreement

    @property
    def modes(self) -> dict[str, tuple[float, ...]]:
        """Modes of the posterior of N, persons, of the families that have more than one, by key."""
        return self._known("modes").modes

    @property
    def sensitivity(self) -> Sensitivity | None:
        """Change of the number with the odds ratio between lists; None without an estimate."""
        return self._known("sensitivity").sensitivity

    @property
    def leave_one_list_out(self) -> tuple[LeaveOutRow, ...]:
        """The recommended family without each list in turn; empty for two lists, or without an estimate."""
        return self._known("leave_one_list_out").leave_one_list_out

    @property
    def leave_out_base(self) -> str | None:
        """Name of that family."""
        return self._known("leave_out_base").leave_out_base

    @property
    def all_belong(self) -> AbundanceEstimate | None:
        """The number if everybody on the lists belongs, where a share of the entries was taken not to."""
        return self._known("all_belong").all_belong

    @property
    def composition(self) -> Composition | None:
        """Persons and shares by group, where groups were given."""
        return self._known("composition").composition

    @property
    def recommended(self) -> AbundanceEstimate | None:
        """The calibrated estimate, wherever any two lists overlap.

        Its interval is to be rested on, its point only where the verdict is "estimate". Where calibration
        declines, the first other of `RECOMMENDED_ORDER` if the verdict is "range"; else None.
        """
        estimates, key = self._known("recommended").estimates, self.recommended_family
        return None if key is None else estimates[key]

    @property
    def recommended_family(self) -> str | None:
        """Key of the recommended family."""
        return None if self.recommended_row is None else self.recommended_row.key

    @property
    def recommended_row(self) -> FamilyRow | None:
        """The recommended family as it is printed."""
        return next((row for row in self.families if row.recommended), None)

    @property
    def anchored(self) -> bool:
        """True if the recommended number rests on a random sample."""
        return self.recommended_row is not None and self.recommended_row.role == "anchored"

    @property
    def envelope(self) -> Interval | None:
        """From the lowest to the highest 95% limit of the families that claim a number."""
        estimates = self._known("envelope").estimates
        limits = [estimates[key].interval(LEVEL) for key in claims_of(estimates)]
        if not limits:
            return None
        ends = min(each.low for each in limits), max(each.high for each in limits)
        return Interval(*ends, LEVEL, "envelope")

    @property
    def range(self) -> Interval | None:
        """Range printed in place of one number: the calibrated 95% interval, or else the envelope."""
        estimates = self._known("range").estimates
        key = self.recommended_family
        if key is not None and key in (CALIBRATED, ANCHORED):
            return estimates[key].interval(LEVEL)
        return self.envelope

    @property
    def sample_coverage(self) -> float:
        """Mean over the lists of the share of their persons who are on another list."""
        return sample_coverage(self._known("sample_coverage").table)

    @cached_property
    def overlaps(self) -> dict[tuple[str, ...], int]:
        """Persons on both lists of each pair."""
        return shared_by_pair(self._known("overlaps").table)

    @cached_property
    def patterns(self) -> tuple[OverlapRow, ...]:
        """Persons on exactly these lists, the most frequent first; none in public."""
        return () if self.fits is None else self.fits.table.patterns

    @property
    def sizes(self) -> dict[str, int | None]:
        """Persons on each list; None where they are not to be printed."""
        return {each.name: each.persons for each in self.lists}

    @property
    def notes(self) -> tuple[str, ...]:
        """Notes for a reader: of the recommended estimate, of the data, of the other methods."""
        return tuple(row.text for row in self.remarks)

    @property
    def reason(self) -> str:
        """Why the verdict is what it is; a `Message`, which can be said in other languages."""
        return reason(self.findings)

    @property
    def n_claims(self) -> int:
        """Rows of families that claim a number."""
        return sum(row.role == "claim" for row in self.families)

    @property
    def claimed(self) -> float:
        """Persons in all, of the claim under test."""
        return 2.0 * self.n_observed if self.claim is None else float(self.claim)

    @property
    def tipping(self) -> float | None:
        """The odds ratio at which the total reaches the claim; None where none does, and in public."""
        sensitivity = None if self.fits is None else self.fits.sensitivity
        return None if sensitivity is None or sensitivity.tipping is None else sensitivity.tipping.at_point

    @property
    def digest(self) -> str:
        """SHA-256 of the data; in public under a key, and empty without one."""
        return self.keyed_digest if self.fits is None else self.fits.table.digest

    @property
    def print_point(self) -> bool:
        """True if the number in the middle of the recommended interval can be printed."""
        return self.verdict == "estimate"

    @property
    def least(self) -> int:
        """Persons below whom no limit is printed: those named, but where some may not belong."""
        return self.n_observed if self.law is None else 0

    @property
    def statement(self) -> Message:
        """Statement for print: the floor, and as much as the verdict allows."""
        own = self.recommended_row
        calibrated = own is not None and own.role == "calibrated"
        limits = None if own is None else (own.low, own.high)
        if self.verdict == "range" and not calibrated and not self.anchored:
            limits = self.span
        found = (finding.text for finding in self.findings if finding.verdict == self.verdict)
        because = Message.together(found, "; ")
        named = at_least(self.n_observed)
        if self.verdict in ("floor only", "refuse") or limits is None:
            because = because or OTHER_RULE
            if self.verdict != "floor only":
                rest = Message("The lists cannot carry an estimate of the total: {reason}.", reason=because)
            elif any(finding.rule == "no overlap" for finding in self.findings):
                rest = Message(
                    "Nobody is named on two lists, so nothing in them limits the total from above: no upper "
                    "bound can be given."
                )
            else:
                rest = Message(
                    "They say too little of the people who are on none of them for any number of the total: "
                    "{reason}.",
                    reason=because,
                )
        else:
            key = "public estimate" if own is None or own.point is None else "estimate"
            if self.verdict == "range":
                several = "range of one" if self.n_claims == 1 else "range"
                spread = "public range" if self.disclosure == "public" else several
                key = "calibrated range" if calibrated else spread
            if self.anchored:
                key = key.replace("estimate", "anchored") if self.verdict == "estimate" else "anchored range"
            rest = Message(
                (_WITH_LIMIT if math.isfinite(limits[1]) else _WITHOUT_LIMIT)[key],
                low=persons(limits[0]),
                high=persons(limits[1]),
                point="" if own is None or own.point is None else persons(own.point),
                level=level_words(LEVEL),
                condition=conditions(self.assumptions),
                reason=because,
                k=self.n_claims,
            )
            rest = Message.together((rest, *self._belonging))
            if self.law is not None:
                named = Message(
                    "At least {n:,} people are named on the lists. What follows leaves out entries of people "
                    "who do not belong, and so can begin below that.",
                    n=self.n_observed,
                )
        return Message.together((named, rest))

    @property
    def _belonging(self) -> list[Message]:
        """Entries taken not to belong, the number without that, and how to change it."""
        if self.law is None:
            return []
        found = [
            Message(
                "This is the number if entries of people who do not belong are taken out. {law} To change "
                "that, have a random sample of the entries checked, list by list, or state the share.",
                law=self.law,
            )
        ]
        if self.limits_if_all_belong is not None:
            low, high = map(persons, self.limits_if_all_belong)
            found.append(
                Message(
                    "If everybody on the lists belongs there are {low} to {high} ({level}).",
                    low=low,
                    high=high,
                    level=level_words(LEVEL),
                )
            )
        return found
