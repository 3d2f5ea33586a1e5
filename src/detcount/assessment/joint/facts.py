"""Contents of a report of several jobs: the assessment of each, and what stands beside them."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from detcount.assessment.abundance.facts import AssessmentFacts
from detcount.assessment.abundance.linked import LinkageAssessment
from detcount.assessment.abundance.result import Assessment
from detcount.assessment.joint.entries import SourceRow
from detcount.assessment.releases.by_name import ReleasedAssessment
from detcount.assessment.releases.result import ReleasesAssessment
from detcount.assessment.stock.registers import ExitsRow
from detcount.assessment.stock.result import StockAssessment
from detcount.contract.citation import Reference
from detcount.contract.definition import Definition
from detcount.estimates import AbundanceEstimate
from detcount.privacy import FEW_LISTED, Disclosure, public_floor
from detcount.quality import AuditAnswers
from detcount.quality.audits import Checked
from detcount.quality.trimming import TrimmedEstimate
from detcount.reports.numbers import printed
from detcount.reports.opening import Job
from detcount.stock import CoverageEstimate
from detcount.strata import Composition
from detcount.words import N_, Message

WAVES_DIFFER = N_(
    "Of the wave {wave} {sources:and} say {released:and} released, of whom {listed:and} listed."
)
"""What is said where two files differ on one wave."""


@dataclass(frozen=True)
class AuditShown:
    """Rows of a report about an audit of lists.

    Parameters
    ----------
    sentences : tuple of Message
        What was found of each sample.
    least : int, optional
        Persons listed who belong at the least; None where nothing can be said of them.
    taken_out : bool
        Whether linked lists are already without what the samples found.
    """

    sentences: tuple[Message, ...]
    least: int | None
    taken_out: bool


@dataclass(frozen=True)
class EverHeld:
    """Those held at the start of the lists, and those arrested since.

    Parameters
    ----------
    start : datetime.date
        The first day.
    low, high : float
        Limits at 95%, persons.
    again : bool
        Whether the lists know anybody who was arrested twice, who counts twice there.
    most : tuple of date and float, optional
        The day on which most were held, and the lower limit of their number.
    left : tuple of date and float, optional
        The last day, and the upper limit of those who left up to it.
    """

    start: dt.date
    low: float
    high: float
    again: bool
    most: tuple[dt.date, float] | None = None
    left: tuple[dt.date, float] | None = None

    def public(self) -> EverHeld:
        """Give the same in the figures that are printed, outward."""
        low, high = printed(self.low, towards="down"), printed(self.high, towards="up")
        most = self.most and (self.most[0], printed(self.most[1], towards="down"))
        left = self.left and (self.left[0], printed(self.left[1], towards="up"))
        return replace(self, low=low, high=high, most=most, left=left)


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class JointFacts:
    """The assessment of each job, what the files were taken for, and what stands beside the jobs.

    Parameters
    ----------
    lists : Assessment, optional
        What the lists say of how many there are.
    stock : StockAssessment, optional
        How many are held, day by day.
    releases : ReleasesAssessment, optional
        What became of announced releases.
    files : tuple of SourceRow
        What each file was taken for, and why; in public without their names.
    seed : int
        Seed of every fit.
    waves : CoverageEstimate, optional
        How many a list does not know, from who was released.
    audit : AuditAnswers or AuditShown, optional
        What was found of the entries of lists that were checked; in public what is shown of it.
    audited : AbundanceEstimate or TrimmedEstimate, optional
        The recommended number of the lists without the entries that do not belong, or bounds of it; none in
        public.
    who : mapping of str to Composition, optional
        How many there are by "sex", "age" and "place" among all, listed or not, where linked lists say it;
        none in public.
    between : tuple of Message, optional
        Where two files say different things of one wave of releases.
    partly : AbundanceEstimate or Message, optional
        The number of the lists with each counted in the places alone where it operates, or why there is none.
    ever : EverHeld, optional
        Those held at the start of linked lists, and those arrested since.
    about : tuple of ExitsRow, optional
        Exits of a register about the days of releases that its source verified.
    released : ReleasedAssessment, optional
        What became of those whom lists name as released.
    disclosure : {"public", "full"}, optional
        For whom it was made; None where nobody chose.
    cited : tuple of Reference, optional
        In public the papers of all methods that answered.
    """

    lists: Assessment | None
    stock: StockAssessment | None
    releases: ReleasesAssessment | None
    files: tuple[SourceRow, ...]
    seed: int
    waves: CoverageEstimate | None = None
    audit: AuditAnswers | AuditShown | None = None
    audited: AbundanceEstimate | TrimmedEstimate | None = None
    who: Mapping[str, Composition] = field(default_factory=dict)
    between: tuple[Message, ...] = ()
    partly: AbundanceEstimate | Message | None = None
    ever: EverHeld | None = None
    about: tuple[ExitsRow, ...] = ()
    released: ReleasedAssessment | None = None
    disclosure: Disclosure | None = None
    cited: tuple[Reference, ...] = ()

    @property
    def jobs(self) -> dict[Job, Assessment | StockAssessment | ReleasesAssessment | ReleasedAssessment]:
        """The assessments, by job, in the order of the report."""
        names: tuple[Job, ...] = ("lists", "stock", "released", "releases")
        return {job: each for job in names if (each := getattr(self, job)) is not None}

    @property
    def definition(self) -> Definition | None:
        """Who is counted; None where nobody said so, or the jobs count different people or days."""
        found = [each.definition for each in (self.lists, self.stock, self.released, self.waves) if each]
        found += [] if self.releases is None else [self.releases.reports.definition]
        return found[0] if found and all(each == found[0] for each in found) else None

    @property
    def references(self) -> tuple[Reference, ...]:
        """Papers of the methods that answered, of every job."""
        if self.cited:
            return self.cited
        papers = [paper for job in self.jobs.values() for paper in job.references]
        for beside in (self.waves, self.audited, *self.who.values()):
            papers += () if beside is None else beside.estimator.references
        return tuple(dict.fromkeys(papers))

    @property
    def named(self) -> bool:
        """True if files are named: a letter is called after who wrote it, a list after who made it."""
        return self.disclosure == "full"

    @property
    def has_names(self) -> bool:
        """True if anything rests on somebody's own lists, or on a check of them."""
        return self.audit is not None or any(job._private for job in self.jobs.values())

    @property
    def linked(self) -> bool:
        """True if the lists are rows of names that were linked."""
        return isinstance(self.lists, LinkageAssessment)

    @property
    def doubtful(self) -> int | None:
        """Pairs of linked rows that may be one person; None in public, and where rows are not linked."""
        if not isinstance(self.lists, LinkageAssessment) or self.lists.fits is None:
            return None
        return self.lists.linkage.n_doubtful

    @property
    def audit_shown(self) -> AuditShown | None:
        """Rows about the audit of the lists."""
        if not isinstance(self.audit, AuditAnswers):
            return self.audit
        sentences, drawn = (self.audit.sentence(),), self.audit.drawn
        return AuditShown(sentences, _least(drawn, self.lists, public=False), self._taken_out)

    @property
    def public_audit(self) -> AuditShown | None:
        """Public part of that audit: shares of large samples alone, in whole per cent."""
        if not isinstance(self.audit, AuditAnswers):
            return self.audit
        found, drawn = [], self.audit.drawn
        for each in drawn:
            low, high = each.shares()
            low, high = math.floor(100 * low) / 100, math.ceil(100 * high) / 100
            if _many(each.drawn_from):
                found.append(
                    Message(
                        "Of the entries of {name} of which the sample was drawn {low:.0%} to {high:.0%} do "
                        "not belong (95%, exact).",
                        name=each.name,
                        low=low,
                        high=high,
                    )
                )
        lists = None if self.lists is None else self.lists.public()
        least = _least(drawn, lists, public=True)
        return AuditShown(
            (*found, Message("What was found of each sample stands in the full report.")),
            least,
            self._taken_out,
        )

    @property
    def _taken_out(self) -> bool:
        """True if linked lists are without what each sample found."""
        if not isinstance(self.audit, AuditAnswers) or not isinstance(self.lists, LinkageAssessment):
            return False
        removed = {kind.lists for kind in self.lists.linkage.wrong}
        return {each.lists for each in self.audit.checked} <= removed


def _many(entries: int | None) -> bool:
    """Check whether a list has so many entries that shares of it show no small count."""
    return entries is not None and entries >= FEW_LISTED


def _least(drawn: Sequence[Checked], lists: AssessmentFacts | None, *, public: bool) -> int | None:
    """Persons listed who belong at the least; None where nothing can be said of them."""
    if lists is None:
        return None
    sizes = {row.name: row.persons for row in lists.lists}
    entries = [each.drawn_from or sizes.get(each.lists[0]) for each in drawn]
    if None in entries or (public and not all(map(_many, entries))):
        return None
    most = sum(math.ceil(each.shares()[1] * (n or 0)) for each, n in zip(drawn, entries, strict=True))
    least = max(lists.n_observed - most, 0)
    return public_floor(least) if public else least
