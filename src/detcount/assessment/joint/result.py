"""The result: the assessment of each job, and one report of them all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from detcount.assessment.abundance.document import assessment_document
from detcount.assessment.abundance.linked import LinkageAssessment
from detcount.assessment.abundance.result import Assessment
from detcount.assessment.common.result import Assessed
from detcount.assessment.common.verdict import LEVEL
from detcount.assessment.joint.content import (
    AuditContent,
    EverHeld,
    Job,
    JobContents,
    message,
    summaries_of,
)
from detcount.assessment.joint.document import joint_document, together
from detcount.assessment.joint.remarks import remarks_of
from detcount.assessment.joint.sources import SourceRow, left_aside
from detcount.assessment.releases.document import releases_document
from detcount.assessment.releases.result import ReleasesAssessment
from detcount.assessment.stock.content import ExitsRow
from detcount.assessment.stock.document import stock_document
from detcount.assessment.stock.result import StockAssessment
from detcount.citation import Reference
from detcount.definition import Definition
from detcount.estimates import AbundanceEstimate, versions
from detcount.printing import frame_of
from detcount.privacy import Disclosure
from detcount.quality import AuditAnswers
from detcount.quality.trimming import TrimmedEstimate
from detcount.reports.blocks import Document
from detcount.stock import CoverageEstimate
from detcount.strata import Composition
from detcount.words import Message

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class JointReport(Assessed[JobContents]):
    """All that some data can say: the assessment of each job, and one report of them.

    Made by `report`. ``print(made)`` shows the first page and what each job prints.

    Parameters
    ----------
    lists : Assessment, optional
        What the lists say of how many there are.
    stock : StockAssessment, optional
        How many are held, day by day.
    releases : ReleasesAssessment, optional
        What became of announced releases.
    files : tuple of SourceRow
        What each file was taken for, and why.
    seed : int
        Seed of every fit.
    waves : CoverageEstimate, optional
        How many a list does not know, from who was released.
    audit : AuditAnswers, optional
        What was found of the entries of lists that were checked.
    audited : AbundanceEstimate or TrimmedEstimate, optional
        The recommended number of the lists without the entries that do not belong, or bounds of it.
    who : mapping of str to Composition, optional
        How many there are by "sex", "age" and "place" among all, listed or not, where linked lists say it.
    between : tuple of Message, optional
        Where two files say different things of one wave of releases.
    partly : AbundanceEstimate or Message, optional
        The number of the lists with each counted in the places alone where it operates, or why there is none.
    ever : EverHeld, optional
        Those held at the start of linked lists, and those arrested since.
    about : tuple of ExitsRow, optional
        Exits of a register about the days of releases that its source verified.

    See Also
    --------
    report : Makes one.

    Examples
    --------
    >>> import detcount as dc
    >>> table = dc.CaptureTable.from_counts({"10": 40, "01": 60, "11": 20}, lists=["press", "families"])
    >>> sorted(dc.report({"lists": table}).jobs)
    ['lists']
    """

    lists: Assessment | None
    stock: StockAssessment | None
    releases: ReleasesAssessment | None
    files: tuple[SourceRow, ...]
    seed: int
    waves: CoverageEstimate | None = None
    audit: AuditAnswers | None = None
    audited: AbundanceEstimate | TrimmedEstimate | None = None
    who: Mapping[str, Composition] = field(default_factory=dict)
    between: tuple[Message, ...] = ()
    partly: AbundanceEstimate | Message | None = None
    ever: EverHeld | None = None
    about: tuple[ExitsRow, ...] = ()

    @property
    def jobs(self) -> dict[Job, Assessment | StockAssessment | ReleasesAssessment]:
        """The assessments, by job, in the order of the report."""
        names: tuple[Job, ...] = ("lists", "stock", "releases")
        return {job: each for job in names if (each := getattr(self, job)) is not None}

    @property
    def definition(self) -> Definition | None:
        """Who is counted; None where nobody said so, or the jobs count different people or days."""
        tables = (None if self.lists is None else self.lists.table, self.stock, self.waves)
        found = [each.definition for each in tables if each is not None]
        found += [] if self.releases is None else [self.releases.reports.definition]
        return found[0] if found and all(each == found[0] for each in found) else None

    @property
    def _private(self) -> bool:
        jobs = (self.lists, self.stock)
        return self.audit is not None or any(each is not None and each._private for each in jobs)

    def _content(self, disclosure: Disclosure, digest_key: str | None) -> JobContents:
        full, differ = disclosure == "full", message.templates["waves differ"]
        audit = None
        if self.audit is not None:
            audit = AuditContent(self.audit, self.audited if full else None, not full, self._taken_out)
        return JobContents(
            lists=None if self.lists is None else self.lists._content(disclosure, digest_key),
            stock=None if self.stock is None else self.stock._content(disclosure, digest_key),
            releases=None if self.releases is None else self.releases.content(),
            waves=self.waves if full or self.waves is None else self.waves.public(),
            audit=audit,
            who=self.who or None if full else None,
            ever=self.ever,
            between=tuple(
                each if full or each.template != differ else message("waves differ in full")
                for each in self.between
            ),
            partly=self.partly if full or self.partly is None else message("operates in full"),
            doubtful=self._doubtful,
            about=self.about,
        )

    @property
    def _taken_out(self) -> bool:
        """Whether linked lists are without what each sample found."""
        if self.audit is None or not isinstance(self.lists, LinkageAssessment):
            return False
        return {each.lists for each in self.audit.checked} <= {
            kind.lists for kind in self.lists.linkage.wrong
        }

    @property
    def _doubtful(self) -> int | None:
        """Pairs of rows that may be one person; None where rows are not linked."""
        return self.lists.linkage.n_doubtful if isinstance(self.lists, LinkageAssessment) else None

    def headline(self, *, disclosure: Disclosure | None = None) -> Message:
        """Give the verdict of each job, in one line.

        Parameters
        ----------
        disclosure : {"public", "full"}, optional
            As in `document`.

        Returns
        -------
        Message
            The line, which can be said in any language.
        """
        n = sum(bool(row.seems) for row in self.files)
        parts = [message("headline left", n=n)] if n else []
        for summary in summaries_of(self.content(disclosure)):
            verdict = summary.rows[0].verdict if summary.rows else Message("no number can be printed")
            parts.append(message(f"headline {summary.job}", verdict=verdict))
        return Message("{parts:;}", parts=parts)

    def rows(self, *, disclosure: Disclosure | None = None) -> list[dict[str, Any]]:
        """Give the numbers of the first page, and of groups, as rows of a table, one dictionary each.

        Parameters
        ----------
        disclosure : {"public", "full"}, optional
            As in `document`.

        Returns
        -------
        list of dict
            Job, question, verdict, floor or number named, point, limits and their level; before them what was
            left aside that may be missed, as the job "files".
        """
        numbers = ("floor", "named", "point", "low", "high")
        none = dict.fromkeys(numbers) | {"level": LEVEL}
        words = left_aside(self.files, named=disclosure == "full")
        return [{"job": "files", "question": str(each), "verdict": "left aside"} | none for each in words] + [
            {"job": row.job, "question": str(row.question), "verdict": row.code}
            | {name: getattr(row, name) for name in numbers}
            | {"level": LEVEL}
            for summary in summaries_of(self.content(disclosure))
            for row in summary.rows
        ]

    def to_frame(self, *, disclosure: Disclosure | None = None) -> pd.DataFrame:
        """Give the numbers of the first page as a pandas frame.

        Parameters
        ----------
        disclosure : {"public", "full"}, optional
            As in `document`.

        Returns
        -------
        pandas.DataFrame
            Columns ``job``, ``question``, ``verdict``, ``floor``, ``named``, ``point``, ``low``, ``high``,
            ``level``, in persons.
        """
        return frame_of(self.rows(disclosure=disclosure))

    def _document(self, contents: JobContents, *, named: bool) -> Document:
        made: dict[str, Callable[[Any], Document]] = {
            "lists": assessment_document,
            "who": lambda who: together(message("job who"), who.values()),
            "stock": stock_document,
            "releases": releases_document,
            "waves": lambda waves: waves.document(),
            "audit": lambda audit: audit.document(),
        }
        found = {job: getattr(contents, job) for job in made}
        remarks = remarks_of(contents)
        documents = {job: made[job](each) for job, each in found.items() if each is not None}
        return joint_document(
            summaries_of(contents),
            documents,
            contradictions=tuple(each.words for each in remarks if each.contradicts),
            remarks=tuple(each.words for each in remarks if not each.contradicts),
            files=self.files,
            named=named,
            rounded=not named and self._private,
            definition=self.definition,
            citation=self.cite(),
        )

    def record(self, *, disclosure: Disclosure | None = None) -> dict[str, Any]:
        """Give the record of each job, as plain values that JSON can hold.

        Parameters
        ----------
        disclosure : {"public", "full"}, optional
            As in `document`; with "full" the numbers of the lists can be made again.

        Returns
        -------
        dict
            The records by job, what each file was taken for, the remarks, seed and versions.
        """
        shown = self._disclosure(disclosure)
        full = shown == "full"
        jobs = {
            job: each.record() if isinstance(each, ReleasesAssessment) else each.record(disclosure=shown)
            for job, each in self.jobs.items()
        }
        content = self.content(shown)
        beside = {name: getattr(self, name) for name in ("audit", "audited", "partly")}
        beside["waves"] = content.waves
        made = {
            name: each.record()
            for name, each in beside.items()
            if not isinstance(each, Message | None) and (full or name == "waves")
        }
        if self.who and full:
            made["who"] = {kind: each.record() for kind, each in self.who.items()}
        files = [{"file": row.name, "kind": row.kind} for row in self.files]
        if disclosure != "full":
            files = [{"kind": row.kind} for row in self.files if row.kind is not None]
        missed = [str(words) for words in left_aside(self.files, named=disclosure == "full")]
        remarks = [str(remark.words) for remark in remarks_of(content)]
        return {
            "kind": "report",
            "disclosure": shown,
            "jobs": jobs,
            **made,
            "files": files,
            **({"left_aside": missed} if missed else {}),
            "remarks": remarks,
            "seed": self.seed,
            "versions": versions(),
        }

    @property
    def references(self) -> tuple[Reference, ...]:
        """Papers of the methods that answered, of every job."""
        papers = [paper for job in self.jobs.values() for paper in job.references]
        for beside in (self.waves, self.audited, *self.who.values()):
            papers += () if beside is None else beside.estimator.references
        return tuple(dict.fromkeys(papers))
