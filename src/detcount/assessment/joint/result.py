"""A report of every job that some data allow, in every form that it can be given."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Self

from detcount.assessment.common.result import Assessed
from detcount.assessment.common.verdict import LEVEL
from detcount.assessment.joint.answers import headline_of
from detcount.assessment.joint.document import joint_document
from detcount.assessment.joint.entries import SourceRow, left_aside
from detcount.assessment.joint.facts import WAVES_DIFFER, JointFacts
from detcount.assessment.joint.remarks import remarks_of
from detcount.assessment.joint.summaries import summaries_of
from detcount.errors import NotEstimableError
from detcount.estimates import versions
from detcount.reports.blocks import Document, FigureSlot
from detcount.reports.printed import figure_of
from detcount.reports.printing import frame_of
from detcount.words import Message, Sentence

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class JointReport(JointFacts, Assessed):
    """All that some data can say: the assessment of each job, and one report of them.

    Made by `report`. ``print(made)`` shows the first page and what each job prints.

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

    @property
    def statement(self) -> Message:
        """Sentences to print about each job, one after another; in no language yet."""
        sentences = (each for summary in summaries_of(self) for each in summary.sentences)
        return Message.together(map(Sentence, sentences))

    @property
    def _private(self) -> bool:
        return self.has_names

    def _for_public(self) -> Self:
        aside = Message("left aside")
        return replace(
            self,
            disclosure="public",
            lists=self.lists and self.lists.public(),
            stock=self.stock and self.stock.public(),
            releases=self.releases and self.releases.public(),
            released=self.released and self.released.public(),
            files=tuple(
                SourceRow("", row.kind, row.why if row.kind else aside, row.seems) for row in self.files
            ),
            waves=self.waves and self.waves.public(),
            audit=self.public_audit,
            audited=None,
            who={},
            between=tuple(
                Message(
                    "Two files say different things of one wave of releases. The full report says which, and "
                    "what."
                )
                if each.template == WAVES_DIFFER
                else each
                for each in self.between
            ),
            partly=self.partly
            and Message(
                "A list does not operate everywhere: the number that takes this into account stands in the "
                "full report alone."
            ),
            ever=self.ever and self.ever.public(),
            cited=self.references,
        )

    def _with_digest(self, public: Self, digest_key: str) -> Self:
        lists, stock = self.lists, self.stock
        return replace(
            public, lists=lists and lists.public(digest_key), stock=stock and stock.public(digest_key)
        )

    def full(self) -> Self:
        """Give the same report, of which every number is printed: for those who may see the data.

        Returns and errors are those of `Assessment.full`.
        """
        jobs: dict[str, Any] = {job: each.full() for job, each in self.jobs.items()}
        return replace(super().full(), **jobs)

    def _document(self) -> Document:
        return joint_document(self)

    def _headline(self) -> Message:
        return headline_of(self, summaries_of(self))

    def plot(self, *, lang: str = "en") -> Figure:
        """Draw the picture that opens the report: the people held by day, or what the first job draws.

        Parameters
        ----------
        lang : str, optional
            Language of the words and numbers, one of `detcount.words.languages`.

        Returns
        -------
        matplotlib.figure.Figure
            The figure, on a canvas of its own; ``figure.savefig("held.png")`` writes it.

        Raises
        ------
        InputError
            If the language is unknown.
        NotEstimableError
            If no job of the report has a figure.
        """
        for block in self.document().blocks:
            if isinstance(block, FigureSlot):
                return figure_of(block.draw, lang)
        reason = Message("no part of this report has a figure")
        raise NotEstimableError("plot", reason, Message("Take its numbers as a table."))

    def rows(self) -> list[dict[str, Any]]:
        """Give the numbers of the first page, and of groups, as rows of a table, one dictionary each.

        Returns
        -------
        list of dict
            Job, question, verdict, floor or number named, point, limits and their level; before them what was
            left aside that may be missed, as the job "files".
        """
        numbers = ("floor", "named", "point", "low", "high")
        none = dict.fromkeys(numbers) | {"level": LEVEL}
        words = left_aside(self.files, named=self.named)
        return [{"job": "files", "question": str(each), "verdict": "left aside"} | none for each in words] + [
            {"job": row.job, "question": str(row.question), "verdict": row.code}
            | {name: getattr(row, name) for name in numbers}
            | {"level": LEVEL}
            for summary in summaries_of(self._printed)
            for row in summary.rows
        ]

    def to_frame(self) -> pd.DataFrame:
        """Give the numbers of the first page as a pandas frame.

        Returns
        -------
        pandas.DataFrame
            Columns ``job``, ``question``, ``verdict``, ``floor``, ``named``, ``point``, ``low``, ``high``,
            ``level``, in persons.
        """
        return frame_of(self.rows())

    def record(self) -> dict[str, Any]:
        """Give the record of each job, as plain values that JSON can hold.

        Returns
        -------
        dict
            The records by job, what each file was taken for, the remarks, seed and versions; in full the
            numbers of the lists can be made again from it.
        """
        shown, public = self._printed, self._printed.disclosure == "public"
        jobs = {job: (each if public else each.full()).record() for job, each in shown.jobs.items()}
        beside = {name: getattr(shown, name) for name in ("audit", "audited", "partly")}
        beside = {} if public else beside
        beside["waves"] = shown.waves
        made = {name: each.record() for name, each in beside.items() if not isinstance(each, Message | None)}
        if shown.who:
            made["who"] = {kind: each.record() for kind, each in shown.who.items()}
        files = [{"file": row.name, "kind": row.kind} for row in shown.files]
        if not self.named:
            files = [{"kind": row.kind} for row in shown.files if row.kind is not None]
        missed = [str(words) for words in left_aside(shown.files, named=self.named)]
        return {
            "kind": "report",
            "disclosure": "public" if public else "full",
            "jobs": jobs,
            **made,
            "files": files,
            **({"left_aside": missed} if missed else {}),
            "remarks": [str(remark.words) for remark in remarks_of(shown)],
            "seed": self.seed,
            "versions": versions(),
        }
