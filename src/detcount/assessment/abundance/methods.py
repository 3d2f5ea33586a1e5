"""The part of a document that lays the methods side by side, in full and for the public."""

from __future__ import annotations

from functools import partial

from detcount.assessment.abundance.cells import NOTHING, number_or_dash
from detcount.assessment.abundance.content import AssessmentContent, DeclinedRow, FamilyRow
from detcount.assessment.abundance.figures import forest
from detcount.assessment.abundance.messages import tell
from detcount.assessment.level import LEVEL
from detcount.estimates.interval import interval_name
from detcount.reports.blocks import Block, FigureSlot, Heading, Paragraph, Table
from detcount.reports.numbers import level_words, persons, ratio
from detcount.words import Message, Sentence

_SAME = 1.005  # highest over lowest number below which a ratio would be printed as 1
_COLUMNS = ("method", "kind", "low", "point", "high", "interval", "estimator")
_PUBLIC_COLUMNS = ("method", "kind", "low", "point", "high")


def methods_part(content: AssessmentContent) -> list[Block]:
    """Lay out the methods that answer, and those that do not.

    Parameters
    ----------
    content : AssessmentContent
        What a full report shows.

    Returns
    -------
    list of Block
        Heading, figure, tables and remarks.
    """
    blocks: list[Block] = [Heading(tell("families"), 2, "families")]
    if not content.families:
        blocks.append(Paragraph(tell("none answered")))
    else:
        blocks += [_forest(content, "alt forest"), _family_table(content)]
        if content.calibration is not None:
            blocks.append(Paragraph(content.calibration))
        remarks = _remarks(content)
        if remarks:
            blocks.append(Paragraph(Message.together(remarks)))
    blocks.append(Heading(tell("declined"), 2, "declined"))
    if not content.declined:
        return [*blocks, Paragraph(tell("none declined"))]
    headings = tuple(tell(key) for key in ("method", "reason", "remedy"))
    return [*blocks, Table(headings, _declined(content.declined), "lll", caption=tell("declined"))]


def _forest(content: AssessmentContent, alt: str) -> FigureSlot:
    """The figure of the methods."""
    return FigureSlot(
        "forest",
        tell("figure forest"),
        tell(alt, level=level_words(LEVEL), k=len(content.families), n=persons(content.n_observed)),
        partial(forest, content=content),
    )


def _remarks(content: AssessmentContent) -> list[Message]:
    """What has to be said of the table of methods."""
    remarks = []
    if content.recommended:
        remarks.append(tell("recommended mark"))
        if not content.print_point:
            remarks.append(tell("no point"))
    if content.disagreement is not None and content.n_claims > 1:
        key = "agreement sentence" if content.disagreement < _SAME else "disagreement sentence"
        remarks.append(tell(key, ratio=ratio(content.disagreement), k=content.n_claims))
    several = [row for row in content.families if len(row.modes) > 1]
    if several:
        remarks.append(tell("modes sentence", modes=tuple(map(_modes, several))))
    roles = {row.role for row in content.families}
    if roles & {"bound", "baseline"}:
        remarks.append(tell("kinds sentence"))
    elif "calibrated" in roles:
        remarks.append(tell("kinds sentence two"))
    remarks.append(tell("rounded"))
    if any(row.strip for row in content.families):
        remarks.append(tell("ticks sentence" if several else "strips sentence"))
    return remarks


def _modes(row: FamilyRow) -> Message:
    """The modes of a posterior, and whose it is."""
    return Message("{name}: {modes}", name=row.name, modes=tuple(map(persons, row.modes)))


def _declined(declined: tuple[DeclinedRow, ...]) -> tuple[tuple[str, str, str], ...]:
    """One row for each reason, with all the methods that give it."""
    names: dict[str, list[str]] = {}
    advice: dict[str, dict[str, None]] = {}
    for row in declined:
        reason = Sentence(row.reason)
        names.setdefault(reason, []).append(row.name)
        advice.setdefault(reason, {})[row.advice] = None
    return tuple(
        (Message("{names:;}", names=names[reason]), reason, Message.together(advice[reason]))
        for reason in names
    )


def _family_table(content: AssessmentContent) -> Table:
    """A row for each method that answers; the recommended number only where it can be printed."""
    rows = tuple(
        (
            _starred(row),
            tell(f"kind {row.role}"),
            number_or_dash(row.low),
            number_or_dash(row.point) if content.print_point or not row.recommended else NOTHING,
            number_or_dash(row.high),
            interval_name(row.interval),
            row.estimator,
        )
        for row in content.families
    )
    return Table(
        tuple(map(tell, _COLUMNS)),
        rows,
        "llrrrll",
        caption=tell("figure forest"),
        code=(6,),
        details=(6,),
        strong=tuple(k for k, row in enumerate(content.families) if row.recommended),
    )


def _starred(row: FamilyRow) -> str:
    """The name of a method, marked where it is the recommended one."""
    return Message("{name} ★", name=row.name) if row.recommended else row.name


def public_methods_part(content: AssessmentContent) -> list[Block]:
    """Lay out the recommended limits and the spread of the methods; of each other one, whether it answers.

    Parameters
    ----------
    content : AssessmentContent
        What a public report shows.

    Returns
    -------
    list of Block
        Heading, figure, table and remarks; nothing where no method is to be shown.
    """
    if not content.families:
        return []
    blocks: list[Block] = [Heading(tell("families"), 2, "families"), _forest(content, "alt forest public")]
    rows = _public_rows(content)
    if rows:
        kept = [k for k in range(len(_PUBLIC_COLUMNS)) if k < 2 or any(row[k] != NOTHING for row in rows)]
        blocks.append(
            Table(
                tuple(tell(_PUBLIC_COLUMNS[k]) for k in kept),
                tuple(tuple(row[k] for k in kept) for row in rows),
                "".join("llrrr"[k] for k in kept),
                caption=tell("figure forest"),
                strong=(0,) if content.recommended else (),
            )
        )
    if content.calibration is not None:
        blocks.append(Paragraph(content.calibration))
    remarks = [tell("recommended mark")] if content.recommended else []
    remarks.append(tell("public methods", names=tuple(row.name for row in content.families)))
    for key, asked in (("public declined", True), ("public not asked", False)):
        names = tuple(row.name for row in content.declined if row.asked == asked)
        if names:
            remarks.append(tell(key, names=names))
    return [*blocks, Paragraph(Message.together(remarks))]


def _public_rows(content: AssessmentContent) -> list[tuple[str, ...]]:
    """The recommended method, and the span of all that claim a number."""
    rows: list[tuple[str, ...]] = [
        (
            _starred(row),
            tell(f"kind {row.role}"),
            persons(row.low),
            number_or_dash(row.point),
            persons(row.high),
        )
        for row in content.families
        if row.recommended
    ]
    if content.span is not None and content.n_claims > 1:
        low, high = map(persons, content.span)
        rows.append((tell("public spread", k=content.n_claims), tell("kind claim"), low, NOTHING, high))
    return rows
