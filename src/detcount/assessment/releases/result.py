"""The result: what published counts say about announced releases, and every way to print it.

One thing: the result, which hands each way of printing on to who knows it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Literal

from detcount import arguments
from detcount.assessment.cited import Cited
from detcount.assessment.releases import figures
from detcount.assessment.releases.content import FEWEST, RECENT, ReleasesContent
from detcount.assessment.releases.document import releases_document
from detcount.assessment.releases.paragraphs import gap_paragraph
from detcount.assessment.releases.remarks import conflict_sentence, silent_sentence
from detcount.assessment.releases.sentences import gap_sentence
from detcount.assumptions import Assumption
from detcount.citation import Reference
from detcount.errors import InputError, NotEstimableError
from detcount.estimates import GapEstimate
from detcount.estimates.origin import provenance
from detcount.printing import frame_of
from detcount.published import PublishedReleases
from detcount.releases import BatchesEstimate, Influence, ProcessEstimate
from detcount.reports.blocks import Document
from detcount.reports.printed import Printed, figure_of, markdown_of
from detcount.shown import Shown
from detcount.stock import StockFlowAudit
from detcount.words import Message

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

__all__ = ["ReleasesAssessment"]

_FOLLOWED = (
    "source: expected a monitor with at least {fewest} counts of one window, the last within {recent} days "
    "of {day}: {names!r:,}; got {got}"
)
_NONE_FOLLOWED = (
    "source: expected a monitor with at least {fewest} counts of one window, the last within {recent} days "
    "of {day}: none; got {got}"
)


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class ReleasesAssessment(Cited, Printed, Shown):
    """What published counts can say about announced releases.

    Made by `assess_releases`. ``print(assessment)`` shows the sentences and the numbers; the reports show the
    published counts too.

    Parameters
    ----------
    reports : PublishedReleases
        The published counts, as known on `as_of`.
    as_of : datetime.date
        Last day the data could know.
    seed : int
        Seed of every fit.
    batches : BatchesEstimate, optional
        The announcements of one day or round; None where there is no answer.
    process : ProcessEstimate, optional
        Releases day by day; None where there is no answer.
    totals : tuple of GapEstimate
        The announced totals over longer windows, the last of each source, against what was verified in
        the same days.
    audit : StockFlowAudit, optional
        Exits implied by a register; None where no stock was given, or there is no answer.
    declined : dict of (str, str) to NotEstimableError
        What has no answer and why, by part (batches, process, total, audit) and announcement.
    fill : callable
        Makes the rows of the report from the assessment.
    influence : Influence, optional
        What each published count does to each announcement; None where that was not asked for.

    See Also
    --------
    assess_releases : Makes one.

    Examples
    --------
    >>> import detcount as dc
    >>> rows = {
    ...     "published": ["2026-01-03", "2026-01-04", "2026-01-12"],
    ...     "start": ["2026-01-02"] * 3,
    ...     "end": ["2026-01-03"] * 3,
    ...     "event": ["January"] * 3,
    ...     "source": ["ministry", "monitor", "monitor"],
    ...     "role": ["announced", "verified", "verified"],
    ...     "measure": ["people"] * 3,
    ...     "count": [90, 31, 44],
    ... }
    >>> reports = dc.PublishedReleases.from_frame(rows)
    >>> few = dc.releases.AnnouncedBatches(n_draws=200), dc.releases.ReleaseProcess(n_draws=200)
    >>> assessment = dc.assess_releases(reports, batches=few[0], process=few[1])
    >>> print(assessment.as_of)
    2026-01-12
    """

    reports: PublishedReleases
    as_of: dt.date
    seed: int
    batches: BatchesEstimate | None
    process: ProcessEstimate | None
    totals: tuple[GapEstimate, ...]
    audit: StockFlowAudit | None
    declined: dict[tuple[str, str], NotEstimableError]
    fill: Callable[[ReleasesAssessment], ReleasesContent]
    influence: Influence | None = None

    @property
    def gaps(self) -> tuple[GapEstimate, ...]:
        """Every announced number that there is an answer for: batches, then totals."""
        return (*(() if self.batches is None else self.batches.batches), *self.totals)

    @property
    def windows(self) -> pd.DataFrame:
        """Who counted what: a row for each event and window."""
        return self.reports.windows()

    @property
    def conflicts(self) -> pd.DataFrame:
        """Counts that do not stand together: updates, corrections and contradictions."""
        return self.reports.conflicts()

    @property
    def assumptions(self) -> tuple[Assumption, ...]:
        """What has to hold for the numbers to mean what they say."""
        made = (self.batches, self.process, self.audit)
        return tuple(dict.fromkeys(item for part in made if part is not None for item in part.assumptions))

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader must know besides."""
        made = (*self.gaps, self.batches, self.process, self.audit)
        return tuple(dict.fromkeys(note for part in made if part is not None for note in part.notes))

    def headline(self) -> Message:
        """Say how many announced numbers have an answer, in one line."""
        answered = Message.counted(
            "{n} announced number with an answer, as of {day}",
            "{n} announced numbers with an answer, as of {day}",
            n=len(self.gaps),
            day=self.as_of,
        )
        if not self.declined:
            return answered
        return Message("{answered}, {n} without", answered=answered, n=len(self.declined))

    def sentence(self, *, lang: str = "en") -> str:
        """Write what can be printed of all announced numbers; `sentences` has them one by one.

        Parameters
        ----------
        lang : str, optional
            Language of the words and numbers, one of `detcount.words.languages`.

        Returns
        -------
        str
            The sentences one after another.
        """
        return " ".join(self.sentences(lang=lang))

    def rows(self, level: float = 0.95) -> list[dict[str, Any]]:
        """Give every announced number as rows of a table, one dictionary a quantity."""
        return [row for gap in self.gaps for row in gap.rows(level)]

    def to_frame(self, level: float = 0.95) -> pd.DataFrame:
        """Give the rows as a pandas frame."""
        return frame_of(self.rows(level))

    def sentences(self, *, lang: str = "en", detail: bool = False) -> tuple[str, ...]:
        """Write what can be printed of each announced number, those of the last days first.

        Parameters
        ----------
        lang : str, optional
            Language of the words and numbers, one of `detcount.words.languages`.
        detail : bool, optional
            Whether each is a paragraph that also says what its numbers rest on, and what moves them.

        Returns
        -------
        tuple of str
            A sentence of at most 45 words each, in the order of ``content.announced``: what was announced and
            verified, each figure with its day and its source, and what others counted.
        """
        rows = self.content.announced
        if not detail:
            return _said(map(gap_sentence, rows), lang)
        return _said((Message.together([gap_sentence(row), gap_paragraph(row)]) for row in rows), lang)

    def contradictions(self, *, lang: str = "en") -> tuple[str, ...]:
        """Say which counts contradict each other, a sentence each; `conflicts` also has what was corrected.

        Parameters
        ----------
        lang : str, optional
            Language of the words and numbers, one of `detcount.words.languages`.

        Returns
        -------
        tuple of str
            The sentences, in the order in which the later count became known.
        """
        rows = (row for row in self.content.conflicts if row.kind == "contradiction")
        return _said(map(conflict_sentence, rows), lang)

    def unanswered(self, *, lang: str = "en") -> tuple[str, ...]:
        """Say what has no answer, why, and what to do, a line each.

        Parameters
        ----------
        lang : str, optional
            Language of the words, one of `detcount.words.languages`.

        Returns
        -------
        tuple of str
            The lines.
        """
        return _said(map(silent_sentence, self.content.silent), lang)

    def to_markdown(self, *, lang: str = "en", detail: bool = False) -> str:
        """Write the report in Markdown.

        Parameters
        ----------
        lang : str, optional
            Language of the report, one of `detcount.words.languages`.
        detail : bool, optional
            Whether what the page folds away is written out: a paragraph and the numbers of each announcement.

        Returns
        -------
        str
            The report, with a newline at its end.

        Raises
        ------
        InputError
            If the language is unknown.
        """
        return markdown_of(self.document, lang, detail=detail)

    def document(self) -> Document:
        """Give what the report says, in no language yet.

        Returns
        -------
        Document
            The blocks, from the title to the citation.
        """
        return releases_document(self.content)

    def plot(
        self,
        *,
        kind: Literal["announcements", "windows", "fan"] = "announcements",
        lang: str = "en",
        most: int = 10,
    ) -> Figure:
        """Draw what became of the announced numbers, those of the last days at the top; or another figure.

        Parameters
        ----------
        kind : {"announcements", "windows", "fan"}, optional
            What became of each announced number; or who counted which days, as `plot_windows`; or the totals
            of the monitor with the most counts, as `plot_fan`.
        lang : str, optional
            Language of the words and numbers, one of `detcount.words.languages`.
        most : int, optional
            The announced numbers or the counts drawn, at most.

        Returns
        -------
        matplotlib.figure.Figure
            The figure, on a canvas of its own; ``figure.savefig("gap.png")`` writes it.

        Raises
        ------
        InputError
            If the kind or the language is unknown, or no monitor has a total that is still followed.
        """
        arguments.one_of("kind", kind, ("announcements", "windows", "fan"))
        if kind == "windows":
            return self.plot_windows(lang=lang, most=most)
        if kind == "fan":
            return self.plot_fan(lang=lang)
        return figure_of(partial(figures.announcements, rows=self.content.announced[: max(most, 1)]), lang)

    def plot_windows(self, *, lang: str = "en", most: int = figures.MOST_WINDOWS) -> Figure:
        """Draw who counted the releases of which days, and when that was published.

        Parameters
        ----------
        lang : str, optional
            Language of the words and numbers, one of `detcount.words.languages`.
        most : int, optional
            The counts drawn, at most; of more the last to be published.

        Returns
        -------
        matplotlib.figure.Figure
            The figure, on a canvas of its own.
        """
        return figure_of(partial(figures.windows, rows=self.content.counts, most=most), lang)

    def plot_fan(self, source: str | None = None, *, lang: str = "en") -> Figure:
        """Draw a monitor's totals as they grew, what they will be, and what was announced.

        Parameters
        ----------
        source : str, optional
            The monitor; by default the one with the most counts.
        lang : str, optional
            Language of the words and numbers, one of `detcount.words.languages`.

        Returns
        -------
        matplotlib.figure.Figure
            The figure, on a canvas of its own.

        Raises
        ------
        InputError
            If that monitor has no total that is still followed.
        """
        fans = [row for row in self.content.fans if source in (None, row.source)]
        if not fans:
            named = [row.source for row in self.content.fans]
            words = {"fewest": FEWEST, "recent": RECENT, "day": str(self.as_of), "got": repr(source)}
            raise InputError(
                Message(_FOLLOWED, names=named, **words) if named else Message(_NONE_FOLLOWED, **words)
            )
        return figure_of(partial(figures.fan, content=fans[0]), lang)

    def record(self) -> dict[str, Any]:
        """Give everything needed to make the numbers again, as plain values that JSON can hold.

        Returns
        -------
        dict
            Estimates with their records, what was declined, seed, digest, versions.
        """
        return {
            "as_of": self.as_of.isoformat(),
            "definition": None if self.reports.definition is None else self.reports.definition.record(),
            "n_counts": len(self.reports),
            "sentences": list(self.sentences()),
            "batches": None if self.batches is None else self.batches.record(),
            "process": None if self.process is None else self.process.record(),
            "totals": [gap.record() for gap in self.totals],
            "audit": None if self.audit is None else self.audit.record(),
            "declined": [
                {"part": part, "label": label, "reason": error.reason, "remedy": error.remedy}
                for (part, label), error in self.declined.items()
            ],
            "seed": self.seed,
            "data_sha256": self.reports.digest,
            **provenance(),
        }

    @cached_property
    def content(self) -> ReleasesContent:
        """Everything that a report shows, as rows in no language."""
        return self.fill(self)

    @property
    def references(self) -> tuple[Reference, ...]:
        """Papers of the methods that answered."""
        made = (self.batches, self.process)
        return tuple(
            dict.fromkeys(paper for part in made if part is not None for paper in part.estimator.references)
        )

    def __repr__(self) -> str:
        n = len(self.gaps)
        return (
            f"<ReleasesAssessment of {len(self.reports):,} published counts, as of {self.as_of}: "
            f"{n} announced number{'' if n == 1 else 's'} answered, {len(self.declined)} declined>"
        )


def _said(texts: Iterable[Message], lang: str) -> tuple[str, ...]:
    """Sentences in a language that exists."""
    lang = arguments.language(lang)
    return tuple(text.say(lang) for text in texts)
