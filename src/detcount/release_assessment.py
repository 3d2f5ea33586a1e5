"""The front door for releases: what was announced, what was verified, and what of the gap can be said."""

from __future__ import annotations

import datetime as dt
import warnings
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from detcount import arguments
from detcount._numerics.delay import discrete_cdf
from detcount._numerics.parallel import progress
from detcount.assumptions import Assumption
from detcount.citation import CitationStyle, Reference, cite
from detcount.definition import require_comparable
from detcount.errors import ConvergenceError, DetcountWarning, InputError, NotEstimableError
from detcount.estimates import GapEstimate, versions
from detcount.published import PublishedArrests, PublishedReleases, PublishedStock
from detcount.releases import (
    AnnouncedBatches,
    BatchesEstimate,
    ProcessEstimate,
    ReleaseProcess,
    StockFlowAudit,
    stock_flow_audit,
)
from detcount.releases.batches.notes import NOTE_DECLINED, NOTE_OTHER_MONITORS, REASON_NOTHING, REMEDY_NOTHING
from detcount.releases.process.notes import NOTE_NOTHING_VERIFIED
from detcount.report import releases_figures as figures
from detcount.report.html import page
from detcount.report.messages import check_language
from detcount.report.releases_content import (
    AnnouncedLine,
    AuditRow,
    ComparedRow,
    ConflictRow,
    CountRow,
    DelayRow,
    FanContent,
    FanDay,
    GapRow,
    LabelledNote,
    ReleasesContent,
    SilentRow,
    count_rows,
    latest_counts,
)
from detcount.report.releases_document import conflict_sentence, releases_document, silent_sentence
from detcount.report.releases_messages import tell
from detcount.report.releases_text import gap_text
from detcount.report.text import markdown, plain_text
from detcount.report.writing import Target, check_target, write_report
from detcount.words import Message, Name

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

__all__ = ["ReleasesAssessment", "assess_releases"]

REASON_NO_FIRST_DAY = "the first day that it counts from was not said, so that it can be set against nothing"
REASON_NO_COUNT = "no verified count of {monitor} lies within its days"
REMEDY_NO_COUNT = "Ask for the days of the verified; ReleaseProcess.gap says what counts of other days imply."
ADVICE_NO_COUNT = "Ask the monitor of which days the releases are that it verified."
REMEDY_NO_FIRST_DAY = "Ask {source} from which day on it counts."

T = TypeVar("T")

_DELAYS = (0, 1, 2, 3, 7, 14, 30)
_AHEAD = (*range(0, 15, 2), 18, 22, 28)  # days after the last count that a fan shows
_RECENT = 60  # days since its last count after which a total is no longer followed
_FEWEST = 4  # counts that a total needs to be drawn as it grows
_MOST_FANS = 3
_MOST_BARS = 8
_MOST_LABELS = 3  # a note about more announcements is about all
_MOST_OF_IT = 0.5  # share of the days audited that a total must cover to be set beside the exits
_ELSEWHERE = (NOTE_OTHER_MONITORS, NOTE_DECLINED)  # notes that other parts of the report say
_LEFT_OUT = ("provenance", "citation", "facts")


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class ReleasesAssessment:
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

    See Also
    --------
    assess_releases : Makes one.
    """

    reports: PublishedReleases
    as_of: dt.date
    seed: int
    batches: BatchesEstimate | None
    process: ProcessEstimate | None
    totals: tuple[GapEstimate, ...]
    audit: StockFlowAudit | None
    declined: dict[tuple[str, str], NotEstimableError]

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
        """Counts that contradict each other."""
        return self.reports.conflicts()

    @property
    def assumptions(self) -> tuple[Assumption, ...]:
        """What has to hold for the numbers to mean what they say."""
        made = (self.batches, self.process, self.audit)
        return _once(item for part in made if part is not None for item in part.assumptions)

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader must know besides."""
        made = (*self.gaps, self.batches, self.process, self.audit)
        return _once(note for part in made if part is not None for note in part.notes)

    def sentences(self, *, lang: str = "en") -> tuple[str, ...]:
        """Write a paragraph that can be printed for each announced number, in the order of `gaps`.

        Parameters
        ----------
        lang : {"en", "es"}, optional
            Language of the words and numbers.

        Returns
        -------
        tuple of str
            The paragraphs. Each says whose numbers it compares, the base of each percentage, and what
            each number rests on.
        """
        lang = check_language(lang)
        rows = (*self.content.batches, *self.content.totals)
        return tuple(gap_text(row.gap, lang=lang, measures=row.measures, beside=row.beside) for row in rows)

    def contradictions(self, *, lang: str = "en") -> tuple[str, ...]:
        """Say which counts contradict each other, a sentence each; `conflicts` is the same as a frame.

        Parameters
        ----------
        lang : {"en", "es"}, optional
            Language of the words and numbers.

        Returns
        -------
        tuple of str
            The sentences, in the order in which the later count became known.
        """
        lang = check_language(lang)
        return tuple(conflict_sentence(row, lang) for row in self.content.conflicts)

    def unanswered(self, *, lang: str = "en") -> tuple[str, ...]:
        """Say what has no answer, why, and what to do, a line each.

        Parameters
        ----------
        lang : {"en", "es"}, optional
            Language of the words.

        Returns
        -------
        tuple of str
            The lines.
        """
        lang = check_language(lang)
        return tuple(silent_sentence(row, lang) for row in self.content.silent)

    def to_markdown(self, *, lang: str = "en") -> str:
        """Write the report in Markdown.

        Parameters
        ----------
        lang : {"en", "es"}, optional
            Language of the report.

        Returns
        -------
        str
            The report, with a newline at its end.
        """
        return markdown(releases_document(self.content, check_language(lang)))

    def to_html(self, path: Target | None = None, *, lang: str = "en", force: bool = False) -> str:
        """Write the report as one HTML file that loads nothing from anywhere.

        Parameters
        ----------
        path : str, Path or text stream, optional
            File to write, or an open stream of text such as ``io.StringIO()``. A file that is there is
            replaced in one step, and only where it is a report of detcount.
        lang : {"en", "es"}, optional
            Language of the report.
        force : bool, optional
            Whether a file of that name that is no report of detcount may be written over.

        Returns
        -------
        str
            The page.

        Raises
        ------
        InputError
            If there is a folder of that name, or a file that is no report of detcount and not empty.
        TypeError
            If the path is neither the name of a file nor a stream of text.
        """
        lang = check_language(lang)
        check_target(path, force=force)
        content = self.content
        drawn = {"windows": figures.windows(content.counts, lang=lang)}
        for key, rows in (("batches", content.batches), ("totals", content.totals)):
            if rows:
                drawn[key] = figures.gap_bars([row.gap for row in rows[-_MOST_BARS:]], lang=lang)
        for k, row in enumerate(content.fans):
            drawn[f"fan {k}"] = figures.fan(row, lang=lang)
        text = page(releases_document(content, lang), drawn, lang=lang, title=tell("title", lang))
        write_report(text, path, force=force)
        return text

    def plot(self, *, lang: str = "en", most: int = 10) -> Figure:
        """Draw what became of the announced numbers, those of the last days at the bottom.

        Parameters
        ----------
        lang : {"en", "es"}, optional
            Language of the words and numbers.
        most : int, optional
            The announced numbers drawn, at most.

        Returns
        -------
        matplotlib.figure.Figure
            The figure, on a canvas of its own; ``figure.savefig("gap.png")`` writes it.
        """
        dated = sorted(self.gaps, key=lambda gap: gap.end or gap.as_of)
        return figures.gap_bars(dated[-max(most, 1) :], lang=lang)

    def plot_windows(self, *, lang: str = "en", most: int = 24) -> Figure:
        """Draw who counted the releases of which days, and when that was published.

        Parameters
        ----------
        lang : {"en", "es"}, optional
            Language of the words and numbers.
        most : int, optional
            The counts drawn, at most; of more the last to be published.

        Returns
        -------
        matplotlib.figure.Figure
            The figure, on a canvas of its own.
        """
        return figures.windows(self.content.counts, lang=lang, most=most)

    def plot_fan(self, source: str | None = None, *, lang: str = "en") -> Figure:
        """Draw a monitor's totals as they grew, what they will be, and what was announced.

        Parameters
        ----------
        source : str, optional
            The monitor; by default the one with the most counts.
        lang : {"en", "es"}, optional
            Language of the words and numbers.

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
            named = ", ".join(repr(row.source) for row in self.content.fans) or "none"
            raise InputError(
                f"source: expected a monitor with at least {_FEWEST} counts of one window, the last within "
                f"{_RECENT} days of {self.as_of}: {named}; got {source!r}"
            )
        return figures.fan(fans[0], lang=lang)

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
            "versions": versions(),
        }

    def cite(self, style: CitationStyle = "text") -> str:
        """Say how to cite the library and the papers of the methods that answered.

        Parameters
        ----------
        style : {"text", "bibtex", "cff"}, optional
            A line of prose each, BibTeX entries, or a Citation File Format document.

        Returns
        -------
        str
            The citation.
        """
        return cite(style, references=self._references())

    @cached_property
    def content(self) -> ReleasesContent:
        """Everything that a report shows, as rows in no language."""
        return _content(self)

    def _references(self) -> tuple[Reference, ...]:
        """Papers of the methods that answered."""
        made = (self.batches, self.process)
        return _once(paper for part in made if part is not None for paper in part.estimator.references)

    def __str__(self) -> str:
        return plain_text(releases_document(self.content, "en"), leave_out=_LEFT_OUT)

    def __repr__(self) -> str:
        n = len(self.gaps)
        return (
            f"<ReleasesAssessment of {len(self.reports):,} published counts, as of {self.as_of}: "
            f"{n} announced number{'' if n == 1 else 's'} answered, {len(self.declined)} declined>"
        )

    def _repr_markdown_(self) -> str:
        """Show the report in a notebook."""
        return self.to_markdown()


def assess_releases(
    reports: PublishedReleases,
    *,
    as_of: Any = None,
    batches: AnnouncedBatches | None = None,
    process: ReleaseProcess | None = None,
    stock: PublishedStock | None = None,
    arrests: PublishedArrests | None = None,
    audit: tuple[Any, Any] | None = None,
    seed: int = 0,
) -> ReleasesAssessment:
    """Set announced releases against verified ones, with all that the published counts can carry.

    The estimand, for each announced number of releases, is how many were carried out, and how the rest
    splits into pending, unverifiable and unsubstantiated. Announcements of one day or round are taken as
    batches; totals over longer windows are compared with what was verified in the same days by a model
    of the daily releases. Where a stock and arrests are given, the exits that they imply stand beside.

    Parameters
    ----------
    reports : PublishedReleases
        Published counts.
    as_of : str or datetime.date, optional
        The last day that may be known; by default that of the last count.
    batches : AnnouncedBatches, optional
        The model of single announcements; by default ``AnnouncedBatches()``.
    process : ReleaseProcess, optional
        The model of daily releases; by default ``ReleaseProcess()``.
    stock, arrests : PublishedStock, PublishedArrests, optional
        A register's own counts, for the audit; both or none.
    audit : tuple of two days, optional
        First and last day of the audit.
    seed : int, optional
        Seed of every fit, 0 or more.

    Returns
    -------
    ReleasesAssessment
        Counts in persons, what was declined with its reason, and the reports.

    Raises
    ------
    InputError
        If nothing had been published by `as_of`, the seed is no whole number of 0 or more, or stock,
        arrests and days of the audit are not given together, or their definitions are of different people.

    See Also
    --------
    assess : The front door for lists of people.

    Examples
    --------
    >>> import detcount as dc
    >>> reports = dc.datasets.load("venezuela_releases")
    >>> dc.assess_releases(reports, as_of="2025-12-31").batches.batch("event 2025-12-25").announced
    99
    """
    if not isinstance(reports, PublishedReleases):
        raise TypeError(
            f"assess_releases: expected PublishedReleases, got {type(reports).__name__}. "
            "Use PublishedReleases.from_frame(frame)"
        )
    seed = arguments.seed(seed)
    given = (stock is not None, arrests is not None, audit is not None)
    if any(given) and not all(given):
        raise InputError(
            "audit: expected stock, arrests and the two days of the audit together. Give all three"
        )
    published = [each for each in (reports, stock, arrests) if each is not None]
    require_comparable(
        "assess_releases", [each.definition for each in published], fields=("who", "where", "excludes")
    )
    known = reports if as_of is None else reports.as_of(as_of)
    day = known.last_published if as_of is None else _day(as_of)
    declined: dict[tuple[str, str], NotEstimableError] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DetcountWarning)  # their text stands in the notes
        audited = None
        with progress(4, "announced releases", at_once=True) as done:
            batched = _batched(known, batches or AnnouncedBatches(), seed, declined)
            done(1)
            processed = _processed(known, process or ReleaseProcess(), seed, declined)
            done(1)
            totals = _totals(known, batched, processed, declined)
            done(1)
            if stock is not None and arrests is not None and audit is not None:
                audited = _audited(stock, arrests, audit, as_of, seed, declined)
            done(1)
    return ReleasesAssessment(
        reports=known,
        as_of=day,
        seed=seed,
        batches=batched,
        process=processed,
        totals=totals,
        audit=audited,
        declined=declined,
    )


def _not_converged(estimator: str) -> NotEstimableError:
    """What stands in the report where an iteration stopped early."""
    return NotEstimableError(
        estimator,
        Message("an iteration did not converge"),
        Message("State tighter priors, or give fewer counts at a time."),
        advice=Message("Check the counts, or look at fewer of them at a time."),
    )


def _batched(
    reports: PublishedReleases,
    spec: AnnouncedBatches,
    seed: int,
    declined: dict[tuple[str, str], NotEstimableError],
) -> BatchesEstimate | None:
    """Announcements of one day or round."""
    try:
        found = spec.fit(reports, seed=seed)
    except NotEstimableError as error:
        declined["batches", ""] = error
        return None
    except ConvergenceError:
        declined["batches", ""] = _not_converged("AnnouncedBatches")
        return None
    return found


def _processed(
    reports: PublishedReleases,
    spec: ReleaseProcess,
    seed: int,
    declined: dict[tuple[str, str], NotEstimableError],
) -> ProcessEstimate | None:
    """Releases day by day."""
    try:
        return spec.fit(reports, seed=seed)
    except NotEstimableError as error:
        declined["process", ""] = error
    except ConvergenceError:
        declined["process", ""] = _not_converged("ReleaseProcess")
    return None


def _totals(
    reports: PublishedReleases,
    batched: BatchesEstimate | None,
    processed: ProcessEstimate | None,
    declined: dict[tuple[str, str], NotEstimableError],
) -> tuple[GapEstimate, ...]:
    """The last announced total of each source and event that is no batch, against the same days."""
    single = () if batched is None else batched.batches
    labels = {gap.label for gap in single}
    told = {(gap.announced_by, gap.announced, gap.end) for gap in single}
    found = []
    for row in latest_counts(reports):
        if row.role != "announced" or row.event in labels or (row.source, row.count, row.end) in told:
            continue
        label = row.event or _since(row)
        if row.start is None:
            declined["total", label] = NotEstimableError(
                "ReleaseProcess",
                Message(REASON_NO_FIRST_DAY),
                Message(REMEDY_NO_FIRST_DAY, source=row.source),
            )
            continue
        if row.count == 0:
            declined["total", label] = NotEstimableError(
                "ReleaseProcess", Message(REASON_NOTHING), Message(REMEDY_NOTHING)
            )
            continue
        if processed is None:
            continue
        try:
            gap = processed.gap(row.start, row.end or row.published, announced_by=row.source)
        except NotEstimableError as error:
            declined["total", label] = error
            continue
        if _says(gap.notes, NOTE_NOTHING_VERIFIED):
            declined["total", label] = NotEstimableError(
                "ReleaseProcess",
                Message(REASON_NO_COUNT, monitor=gap.verified_by),
                Message(REMEDY_NO_COUNT),
                advice=Message(ADVICE_NO_COUNT),
            )
            continue
        if gap.announced == row.count:  # else the window holds other announcements than this
            found.append(replace(gap, label=label))
    return tuple(found)


def _audited(
    stock: PublishedStock,
    arrests: PublishedArrests,
    days: tuple[Any, Any],
    as_of: Any,
    seed: int,
    declined: dict[tuple[str, str], NotEstimableError],
) -> StockFlowAudit | None:
    """Exits that a register implies, from what was known of it."""
    try:
        if as_of is not None:
            stock, arrests = stock.as_of(as_of), arrests.as_of(as_of)
        return stock_flow_audit(stock, arrests, *days, seed=seed)
    except NotEstimableError as error:
        declined["audit", ""] = error
    return None


def _content(assessment: ReleasesAssessment) -> ReleasesContent:
    """Rows of every part of the report."""
    reports = assessment.reports
    rows = count_rows(reports)
    batched = () if assessment.batches is None else assessment.batches.batches
    specs = (assessment.batches, assessment.process)
    return ReleasesContent(
        as_of=assessment.as_of,
        first=reports.first_published,
        last=reports.last_published,
        n_counts=len(reports),
        counts=latest_counts(reports),
        conflicts=_conflicts(reports, rows),
        batches=tuple(
            _gap_row(gap, rows, assessment.batches.by_monitor[k])  # type: ignore[union-attr]
            for k, gap in enumerate(batched)
        ),
        totals=tuple(_gap_row(gap, rows, {}) for gap in assessment.totals),
        delays=_delays(assessment),
        fans=_fans(assessment, rows),
        audit=_audit_row(assessment),
        silent=_silent(assessment),
        assumptions=assessment.assumptions,
        notes=_notes(assessment),
        specifications=tuple(repr(part.estimator) for part in specs if part is not None),
        seed=assessment.seed,
        digest=reports.digest,
        versions=tuple(versions().items()),
        citation=assessment.cite(),
        definition=reports.definition,
    )


def _conflicts(reports: PublishedReleases, rows: tuple[CountRow, ...]) -> tuple[ConflictRow, ...]:
    """Pairs of counts that contradict each other."""
    lines: Any = reports.conflicts().itertuples(index=False)
    return tuple(ConflictRow(line.kind, rows[line.first_row], rows[line.second_row]) for line in lines)


def _gap_row(gap: GapEstimate, rows: tuple[CountRow, ...], by_monitor: dict[str, Any]) -> GapRow:
    """An announced number with what was counted, and what others counted of the same."""
    announced = [row for row in rows if row.role == "announced" and row.source == gap.announced_by]
    named = [row for row in announced if row.event == gap.label and row.count == gap.announced] or announced
    verified = [row for row in rows if row.role == "verified" and row.source == gap.verified_by]
    same = [row for row in verified if row.count == gap.verified] or verified
    beside: list[CountRow] = []
    for name, count in by_monitor.items():
        if name != gap.verified_by:
            mine = [row for row in rows if row.source == name and row.count == count.bounds[0]]
            beside += mine[-1:]
    reported = {
        row.source: row
        for row in rows
        if row.role == "reported" and row.event == gap.label and row.source not in by_monitor
    }
    return GapRow(
        gap=gap,
        measures=(named[-1].measure if named else "", same[-1].measure if same else ""),
        beside=(*beside, *reported.values()),
    )


def _delays(assessment: ReleasesAssessment) -> tuple[DelayRow, ...]:
    """How long the monitor with the most counts takes to verify."""
    process = assessment.process
    if process is None or not process.delay_from_data:
        return ()
    draws = discrete_cdf(process.estimator.delay, process.posterior.delay, np.array(_DELAYS))
    low, high = np.quantile(draws, [0.025, 0.975], axis=0)
    return tuple(
        DelayRow(days, float(share), float(least), float(most))
        for days, share, least, most in zip(_DELAYS, draws.mean(axis=0), low, high, strict=True)
    )


def _fans(assessment: ReleasesAssessment, rows: tuple[CountRow, ...]) -> tuple[FanContent, ...]:
    """Running totals of the monitors that are still followed."""
    series: dict[tuple[str, str], list[CountRow]] = {}
    for row in rows:
        if row.role == "verified" and row.start is not None:
            series.setdefault((row.source, row.event or _since(row)), []).append(row)
    recent = [
        found
        for found in series.values()
        if len(found) >= _FEWEST
        and len({row.start for row in found}) == 1
        and (assessment.as_of - found[-1].published).days <= _RECENT
        and (found[-1].end or found[-1].published) > found[0].published
    ]
    recent.sort(key=len, reverse=True)
    return tuple(_fan(assessment, found, rows) for found in recent[:_MOST_FANS])


def _fan(assessment: ReleasesAssessment, observed: list[CountRow], rows: tuple[CountRow, ...]) -> FanContent:
    """One running total, what it will be for the same days, and the totals announced meanwhile."""
    first, last = observed[0], observed[-1]
    end = last.end or last.published
    expected: tuple[FanDay, ...] = ()
    eventually = None
    process = assessment.process
    if process is not None and last.source in process.sources and first.start is not None:
        days = [assessment.as_of + dt.timedelta(days=k) for k in _AHEAD]
        expected = tuple(
            FanDay(day, process.nowcast(last.source, start=first.start, end=end, on=day)) for day in days
        )
        eventually = process.nowcast(last.source, start=first.start, end=end)
    announced = {
        (row.source, row.event): row
        for row in rows
        if row.role == "announced"
        and row.published >= first.published
        and (row.end or row.published) >= first.published
    }
    return FanContent(
        source=last.source,
        event=last.event or _since(first),
        start=first.start,
        observed=tuple(observed),
        expected=expected,
        eventually=eventually,
        announced=tuple(
            AnnouncedLine(row, row.start == first.start) for row in announced.values() if row.count
        ),
    )


def _audit_row(assessment: ReleasesAssessment) -> AuditRow | None:
    """The audit and the totals of the same days."""
    audit = assessment.audit
    if audit is None:
        return None
    frame = audit.compare(assessment.reports)
    lines: Any = frame[frame["share"] >= _MOST_OF_IT].itertuples(index=False)
    reports = assessment.reports  # a frame keeps the names, and not the words that readers know them by
    names = {name: name for name in (*reports.source, *reports.event, *reports.measure)}
    compared = tuple(
        ComparedRow(
            CountRow(
                published=line.published.date(),
                source=names[line.source],
                role=line.role,
                start=line.start.date(),
                end=line.end.date(),
                count=int(line.count),
                at_least=bool(line.at_least),
                event=names[line.event],
                measure=names[line.measure],
            ),
            excess=int(line.excess),
            low=float(line.excess_low),
            high=float(line.excess_high),
            days_outside=int(line.days_outside),
        )
        for line in lines
    )
    return AuditRow(audit, compared)


def _silent(assessment: ReleasesAssessment) -> tuple[SilentRow, ...]:
    """What has no answer, once each; what the totals answer is not silent."""
    answered = {gap.label for gap in assessment.totals}
    found = [
        SilentRow(part, label, error.reason, error.advice)
        for (part, label), error in assessment.declined.items()
    ]
    named = {row.label for row in found if row.label}
    if assessment.batches is not None:
        found += [
            SilentRow("batches", label, error.reason, error.advice)
            for label, error in assessment.batches.declined.items()
            if label not in answered | named
        ]
    return tuple(found)


def _notes(assessment: ReleasesAssessment) -> tuple[LabelledNote, ...]:
    """Notes with what they are about, those that the report says elsewhere left out."""
    labels: dict[str, list[str]] = {}
    for gap in assessment.gaps:
        for note in gap.notes:
            labels.setdefault(note, []).append(gap.label)
    shown = assessment.totals or _fans(assessment, count_rows(assessment.reports)) or _delays(assessment)
    process = assessment.process if shown else None
    for part in (assessment.batches, process, assessment.audit):
        for note in () if part is None else part.notes:
            labels[note] = []
    return tuple(
        LabelledNote(() if len(about) > _MOST_LABELS else _once(about), note)
        for note, about in labels.items()
        if not _says((note,), *_ELSEWHERE)
    )


def _since(row: CountRow) -> str:
    """Name of a total that its source gave none: its first day."""
    if row.start is None:
        return Name("first day not said", Message("first day not said"))
    return Name(f"since {row.start}", Message("since {first}", first=row.start))


def _says(notes: Iterable[str], *templates: str) -> bool:
    """Whether one of the notes is made from one of the templates."""
    return any(isinstance(note, Message) and note.template in templates for note in notes)


def _day(value: Any) -> dt.date:
    """A day that `as_of` has read already."""
    day: dt.date = np.datetime64(value, "D").astype(object)
    return day


def _once(items: Iterable[T]) -> tuple[T, ...]:
    """Each once, in the order they stand."""
    return tuple(dict.fromkeys(items))
