"""Estimates as a table in Markdown: persons listed, estimate and limits, a row each."""

from __future__ import annotations

from collections.abc import Iterable

from detcount import arguments
from detcount.assessment.abundance.messages import message
from detcount.definition import require_comparable
from detcount.estimates import AbundanceEstimate
from detcount.reports.blocks import Table
from detcount.reports.numbers import persons
from detcount.reports.render.markdown import markdown_table


def to_markdown(estimates: Iterable[AbundanceEstimate], *, level: float = 0.95, lang: str = "en") -> str:
    """Set estimates as a Markdown table: persons listed, estimate and limits, a row each.

    Parameters
    ----------
    estimates : iterable of AbundanceEstimate
        The estimates, in the order of the rows.
    level : float, optional
        Level of the intervals, in (0, 1).
    lang : str, optional
        Language of the headings and of the numbers, one of `detcount.words.languages`.

    Returns
    -------
    str
        The table, its last line without a newline.

    Raises
    ------
    InputError
        If the level is not between 0 and 1, the language is unknown, or the estimates count different
        things by their definitions.

    Examples
    --------
    >>> from detcount import CaptureTable, abundance, assessment
    >>> table = CaptureTable.from_counts({"10": 40, "01": 60, "11": 20}, lists=["press", "families"])
    >>> print(assessment.to_markdown([abundance.Chapman().fit(table)]))
    | Estimator | Listed | Low | Point | High |
    |:---|---:|---:|---:|---:|
    | `Chapman()` | 120 | 184 | 234 | 325 |
    """
    lang = arguments.language(lang)
    estimates = tuple(estimates)
    require_comparable("to_markdown", [estimate.definition for estimate in estimates])
    rows = tuple(
        (
            repr(estimate.estimator),
            *(persons(number) for number in (estimate.n_observed, *estimate.printed(level))),
        )
        for estimate in estimates
    )
    headings = tuple(message(key) for key in ("estimator", "listed", "low", "point", "high"))
    return markdown_table(Table(headings, rows, "lrrrr", code=(0,)), lang)
