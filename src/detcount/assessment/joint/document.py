"""A report of several jobs as one document: a first page, then the document of each job as it is."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from detcount.assessment.common.verdict import LEVEL
from detcount.assessment.joint.answers import answers_of, headline_of, picture_of, sources_of
from detcount.assessment.joint.entries import SourceRow, left_aside
from detcount.assessment.joint.facts import AuditShown, JointFacts
from detcount.assessment.joint.remarks import remarks_of
from detcount.assessment.joint.summaries import JobSummary, summaries_of
from detcount.assumptions import Assumption
from detcount.contract.citation import cite
from detcount.contract.definition import NOT_DEFINED, Definition
from detcount.reading.headers import KIND_WORDS
from detcount.reports.blocks import (
    Answers,
    Block,
    Bullets,
    Details,
    Document,
    FigureSlot,
    Heading,
    Paragraph,
    Quote,
    Table,
    citation_part,
    title_part,
)
from detcount.reports.numbers import level_words, number_or_dash
from detcount.reports.opening import JOBS, TUNING, Job, JobNumber, opening
from detcount.reports.printed import joined
from detcount.reports.shown import Printed
from detcount.strata import Composition
from detcount.words import Capitalised, Message, Sentence

_HEADS = {
    "floor": Message("At least"),
    "point": Message("About"),
    "low": Message("Lower limit"),
    "high": Message("Upper limit"),
}

_FURTHER = Message("Further numbers")
_READ = Message("What was read")


def joint_document(report: JointFacts) -> Document:
    """Set out a report of several jobs.

    Parameters
    ----------
    report : JointFacts
        The assessment of each job, and what stands beside them.

    Returns
    -------
    Document
        The document, in no language yet.
    """
    title, named, definition = (
        Message("How many people are detained: what the data at hand can carry"),
        report.named,
        report.definition,
    )
    summaries, remarks, documents = summaries_of(report), remarks_of(report), _documents(report)
    picture = picture_of(report, documents)
    contradicted = tuple(each.words for each in remarks if each.contradicts)
    blocks: list[Block] = [
        *opening(
            headline_of(report, summaries),
            definition,
            (sources_of(report), _aside_words(report.files)),
            answers_of(report, summaries),
            picture,
            *_contradicted(len(contradicted)),
        ),
        *([Paragraph(Message("Numbers that contradict each other:"))] if contradicted else []),
        *([Bullets(contradicted)] if contradicted else []),
        *_left_aside(report.files, named=named),
        *_beyond(summaries, rounded=report.has_names and not named),
        *_beside(tuple(each.words for each in remarks if not each.contradicts), len(summaries)),
        *_read(report.files, named=named),
    ]
    of_job = {summary.job: summary for summary in summaries}
    for job, document in documents.items():
        rows, words = of_job[job].rows, of_job[job].sentences
        if rows:  # the numbers stand above: the sentences are folded with the rest, where they stand in it
            words = tuple(each for each in words if Quote(each) not in document.blocks)
        blocks.append(Heading(document.title, 2, f"job {job}", anchor=f"job-{job}"))
        if job == "who":  # of whom there are too many for the first table
            blocks.append(_numbers(rows, document.title))
        if rows and words:
            blocks.append(Paragraph(Message("What can be printed of it, with what it rests on:")))
        blocks += [*map(Quote, words), *_job(job, _without(document, picture), definition, words)]
    blocks += citation_part(cite("text", references=report.references))
    hidden = dict.fromkeys(part for each in documents.values() for part in each.not_in_terminal)
    private = any(each.private for each in documents.values())
    folded = {
        f"job {job}": Message(
            "All of this part: what can be printed of it, methods, figures, what it assumes, and how to make "
            "it again"
        )
        for job in documents
    }
    folded |= {
        "read": Message("What each file was taken for, and why"),
        "citation": Message("The software, and the papers of the methods"),
    }
    return Document(title, tuple(blocks), not_in_terminal=tuple(hidden), private=private, folded=folded)


def _aside_words(files: tuple[SourceRow, ...]) -> Message | None:
    """Count the files that were left aside and may hold data."""
    left = sum(bool(row.seems) for row in files)
    words = Message.counted("1 file left aside", "{n} files left aside", n=left)
    return Message("{words}.", words=words) if left else None


def _contradicted(n: int) -> list[Block]:
    """Say how much is contradicted, where anything is."""
    words = Message.counted(
        "Two numbers of this report contradict each other: one of them is wrong.",
        "Numbers of this report contradict each other in {n} ways: in each, one of two is wrong.",
        n=n,
    )
    return [Paragraph(words)] if n else []


def _without(document: Document, shown: FigureSlot | None) -> Document:
    """A document without a figure that stands on the first page, nor a heading that has nothing else."""
    kept: list[Block] = []
    for block, after in zip(document.blocks, (*document.blocks[1:], None), strict=True):
        same = isinstance(block, FigureSlot) and shown is not None and block.title == shown.title
        if same and isinstance(after, Heading | None) and kept and isinstance(kept[-1], Heading):
            kept.pop()
        elif not same:
            kept.append(block)
    return replace(document, blocks=tuple(kept))


def _documents(report: JointFacts) -> dict[Job, Document]:
    """The document of each job, in the order of the report."""
    made: dict[Job, Document | None] = {
        "lists": _page(report.lists),
        "who": together(Message("Who is missing from the lists"), report.who.values())
        if report.who
        else None,
        "stock": _page(report.stock),
        "released": _page(report.released),
        "releases": _page(report.releases),
        "waves": _page(report.waves),
        "audit": _audit(report),
    }
    return {job: document for job, document in made.items() if document is not None}


def _page(result: Printed | None) -> Document | None:
    """The document of a result, where there is one."""
    return None if result is None else result.document()


def _audit(report: JointFacts) -> Document | None:
    """Results for entries that were checked; for the public in sentences alone."""
    if not isinstance(report.audit, AuditShown):
        return _page(report.audit)
    title = Message("Entries of the lists that were checked one by one")
    found = map(Paragraph, report.audit.sentences)
    return Document(title, (*title_part(title, None), *found, *citation_part("")))


def _left_aside(files: tuple[SourceRow, ...], *, named: bool) -> list[Block]:
    """Files left aside that may be missed, before all numbers."""
    words = left_aside(files, named=named)
    if not words:
        return []
    n = sum(bool(row.seems) for row in files)
    after = (
        []
        if named
        else [
            Paragraph(
                Message(
                    "The full report names the files and says why, and so does the command when it is run; "
                    "detcount start asks for what is missing."
                )
            )
        ]
    )
    return [
        Paragraph(
            Message.counted(
                "This report leaves one file aside that may hold data:",
                "This report leaves {n} files aside that may hold data:",
                n=n,
            )
        ),
        Bullets(words),
        *after,
    ]


def _beyond(summaries: tuple[JobSummary, ...], *, rounded: bool) -> list[Block]:
    """Set out the numbers that no answer above has, what they rest on, and what would change them."""
    known = [row for summary in summaries for row in summary.rows]
    rows = [row for summary in summaries if summary.job != "who" for row in summary.rows[1:]]
    stated = [
        (
            len(known) > 1,
            Message(
                "Each number answers another question, by a definition of its own: they are not to be added."
            ),
        ),
        (
            # For the public without a look at the numbers, which one person less may change.
            any(
                row.named is not None and row.low is not None and (rounded or row.low < row.named)
                for row in known
            ),
            Message("A lower limit can be below the number listed, as some of those may not belong."),
        ),
        (
            rounded,
            Message(
                "For the public, numbers that rest on names are rounded in large steps, limits outward, so "
                "that no person shows: the limits of the full report are narrower."
            ),
        ),
    ]
    blocks: list[Block] = []
    if words := [each for holds, each in stated if holds]:
        blocks.append(Paragraph(Message.together(words)))
    if rows:
        blocks += [
            Heading(_FURTHER, 2, "further"),
            _numbers(rows, _FURTHER, anchors=tuple(f"job-{row.job}" for row in rows)),
            Paragraph(
                Message(
                    "At least: the floor. Lower and upper limit: {level} limits, or bounds where the verdict "
                    "says so. A dash stands where no number is to be printed.",
                    level=level_words(LEVEL),
                )
            ),
        ]
    changes = tuple(dict.fromkeys(words for summary in summaries for words in summary.changes))
    if changes:
        blocks += [Heading(Message("What would change them most"), 2, "changes")]
        blocks += [Bullets(changes[: TUNING.changes])]
        more = changes[TUNING.changes :]
        blocks += [Details(Message("What else would change them"), (Bullets(more),))] if more else []
    if rests := _rests(summaries):
        blocks += [Heading(Message("What the numbers rest on"), 2, "rests"), Bullets(rests)]
    return blocks


def _numbers(rows: Sequence[JobNumber], caption: str, anchors: tuple[str, ...] = ()) -> Table:
    """Numbers as a table, a row each."""
    known = ["floor", *(["point"] if any(row.point for row in rows) else []), "low", "high"]
    columns = (Message("Question"), *(_HEADS[name] for name in known), Message("Verdict"))
    cells = []
    for row in rows:
        numbers: list[str] = [_number(getattr(row, name)) for name in known]
        if row.named is not None:
            numbers[0] = Message("{n} listed", n=_number(row.named))
        cells.append((row.question, *numbers, row.verdict))
    return Table(columns, tuple(cells), "l" + "r" * len(known) + "l", caption=caption, anchors=anchors)


def _number(value: float | None) -> str:
    """A number of persons; a dash where none is to be printed."""
    return number_or_dash(value if value is None or math.isinf(value) else round(value, 6))


def _rests(summaries: tuple[JobSummary, ...]) -> tuple[Message, ...]:
    """Assumptions of the numbers, each once with its jobs; of many the first of each job."""
    jobs: dict[Assumption, list[Message]] = {}
    for summary in summaries:
        for assumption in summary.assumptions[: TUNING.assumed]:
            jobs.setdefault(assumption, []).append(JOBS[summary.job])
    return tuple(
        Message("{what} ({jobs:,}).", what=Capitalised(each.sentence), jobs=of) for each, of in jobs.items()
    )


def _beside(remarks: tuple[Message, ...], n_jobs: int) -> list[Block]:
    """Remarks on jobs beside each other; nothing where there is one job or none can be compared."""
    if n_jobs < 2 or not remarks:
        return []
    return [
        Heading(Message("Beside each other"), 2, "beside"),
        Paragraph(
            Message(
                "These remarks compare what is printed above and below. They are no estimates, and none of "
                "them changes a number."
            )
        ),
        Bullets(remarks),
    ]


def _read(files: tuple[SourceRow, ...], *, named: bool) -> list[Block]:
    """Kinds of the files, and what was left aside; their names only where that is asked for."""
    if not files:
        return []
    rows = [
        (row.name, Message("left aside") if row.kind is None else KIND_WORDS[row.kind], Sentence(row.why))
        for row in files
        if row.kind is not None or named
    ]
    n_aside = sum(row.kind is None for row in files)
    first = 0 if named else 1
    columns = (Message("File"), Message("Taken for"), Message("Why"))[first:]
    shown = tuple(row[first:] for row in rows)
    blocks: list[Block] = [
        Heading(_READ, 2, "read"),
        *([Table(columns, shown, "l" * len(columns), caption=_READ)] if shown else []),
    ]
    if not named:
        words = (
            [
                Message.counted(
                    "One other file was left aside, as nothing in it was understood or needed.",
                    "{n} other files were left aside, as nothing in them was understood or needed.",
                    n=n_aside,
                )
            ]
            if n_aside
            else []
        )
        blocks.append(
            Paragraph(
                Message.together([*words, Message("The names of files stand in the full report alone.")])
            )
        )
    return blocks


def _job(
    job: str, document: Document, definition: Definition | None, sentences: tuple[Message, ...]
) -> Iterator[Block]:
    """Document of a job, each heading one level lower, but for what stands above it."""
    stated_above = Paragraph(NOT_DEFINED if definition is None else definition.sentence())
    above = (stated_above, *map(Quote, sentences))
    opened = any(isinstance(block, Answers) for block in document.blocks)
    part = ""
    for block in document.blocks:
        if isinstance(block, Heading):
            if block.level == 1:
                continue
            if block.level == 2:
                part = block.part
            if part != "citation":
                yield replace(block, level=block.level + 1)
        elif opened and not part and not isinstance(block, FigureSlot):
            continue  # what opens the page of the job stands on the first page
        elif part != "citation" and (part or block not in above):
            yield _own(block, job)


def together(title: Message, found: Iterable[Composition]) -> Document:
    """Compositions for those who may see the lists as one: the first, with the tables of the others after."""
    first, *others = (joined([replace(each.summary(), notes=())], "") for each in found)
    tables = [block for each in others for block in each.blocks if isinstance(block, Table)]
    at = next(k for k, block in enumerate(first.blocks, 1) if isinstance(block, Table))
    return replace(first, title=title, blocks=(*first.blocks[:at], *tables, *first.blocks[at:]))


def _own(block: Any, job: str) -> Any:
    """A block whose figures are called after their job, as two jobs may have figures of one name."""
    if isinstance(block, Details):
        return replace(block, blocks=tuple(_own(each, job) for each in block.blocks))
    return replace(block, key=f"{job} {block.key}") if isinstance(block, FigureSlot) else block
