"""Tables: their shape, and their Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from detcount.definition import require_comparable
from detcount.estimates import AbundanceEstimate
from detcount.report.messages import check_language, persons, say

__all__ = [
    "Table",
    "escape",
    "markdown_table",
    "to_markdown",
]


@dataclass(frozen=True)
class Table:
    """Cells of text under headings.

    Parameters
    ----------
    columns : tuple of str
        The headings.
    rows : tuple of tuple of str
        The cells.
    align : str
        A letter a column: ``l`` or ``r``.
    caption : str, optional
        What the table shows, for readers who cannot see it whole.
    code : tuple of int, optional
        Columns that hold specifications, set as code.
    details : tuple of int, optional
        Columns that a terminal leaves out.
    strong : tuple of int, optional
        Rows to be set apart.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    align: str
    caption: str = ""
    code: tuple[int, ...] = ()
    details: tuple[int, ...] = ()
    strong: tuple[int, ...] = ()


def to_markdown(estimates: Iterable[AbundanceEstimate], *, level: float = 0.95, lang: str = "en") -> str:
    """Set estimates as a Markdown table: persons listed, estimate and limits, a row each.

    Parameters
    ----------
    estimates : iterable of AbundanceEstimate
        The estimates, in the order of the rows.
    level : float, optional
        Level of the intervals, in (0, 1).
    lang : {"en", "es"}, optional
        Language of the headings and of the numbers.

    Returns
    -------
    str
        The table, its last line without a newline.

    Raises
    ------
    InputError
        If the level is not between 0 and 1, the language is neither, or the estimates count different
        things by their definitions.

    Examples
    --------
    >>> from detcount import CaptureTable, abundance, report
    >>> table = CaptureTable.from_counts({"10": 40, "01": 60, "11": 20}, lists=["press", "families"])
    >>> print(report.to_markdown([abundance.Chapman().fit(table)]))
    | Estimator | Listed | Low | Point | High |
    |:---|---:|---:|---:|---:|
    | `Chapman()` | 120 | 184 | 234 | 325 |
    """
    lang = check_language(lang)
    estimates = tuple(estimates)
    require_comparable("to_markdown", [estimate.definition for estimate in estimates])
    rows = tuple(
        (
            repr(estimate.estimator),
            *(persons(number, lang) for number in (estimate.n_observed, *estimate.printed(level))),
        )
        for estimate in estimates
    )
    headings = tuple(say(key, lang) for key in ("estimator", "listed", "low", "point", "high"))
    return markdown_table(Table(headings, rows, "lrrrr", code=(0,)))


def markdown_table(table: Table) -> str:
    """Set a table in Markdown."""
    rule = "|".join(":---" if side == "l" else "---:" for side in table.align)
    lines = [_markdown_row(table.columns), f"|{rule}|"]
    for number, row in enumerate(table.rows):
        cells = [
            _code(cell) if k in table.code else escape(cell, strong=number in table.strong)
            for k, cell in enumerate(row)
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _markdown_row(cells: Sequence[str]) -> str:
    """One row of text."""
    return f"| {' | '.join(escape(cell) for cell in cells)} |"


# What opens markup: also the end of a link's words, an entity, a line through words.
_MARKS = re.compile(r"[\\|*_`<~]|\](?=[(\[:])|&(?=#?\w+;)")


def escape(cell: str, *, strong: bool = False) -> str:
    """Text that cannot end a cell or open markup."""
    cell = _MARKS.sub(r"\\\g<0>", cell).replace("\n", " ")
    return f"**{cell}**" if strong and cell else cell


def _code(cell: str) -> str:
    """Code in a cell; a bar would end the cell even there."""
    if not cell:
        return ""
    ticks = "`" * (1 + max(map(len, re.findall("`+", cell)), default=0))
    pad = " " if "`" in cell else ""
    return f"{ticks}{pad}{cell}{pad}{ticks}".replace("|", "\\|")
