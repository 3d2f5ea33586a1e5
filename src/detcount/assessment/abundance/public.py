"""What of an assessment may be printed for the public: one function from contents to a content.

The contents are those of a table and of its companions (`detcount.privacy`), and nothing here knows which of
them is the table's own. Limits cover all of them, a finding of any of them is there, and what they do not
share is left out. No renderer has to know of it: what a content does not have cannot be printed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from detcount._numerics.closed_forms import LEAST_COVERAGE
from detcount.assessment.abundance.content import (
    CURVE_SHOWN,
    AssessmentContent,
    CurveRow,
    FamilyRow,
    ListRow,
    NoteRow,
    ends,
    message,
)
from detcount.assessment.abundance.verdict import MOST_UNLISTED
from detcount.assessment.common.verdict import (
    MOST_DISAGREEMENT,
    MOST_WIDTH,
    Finding,
    Verdict,
    strictest,
)
from detcount.captures import CaptureTable
from detcount.privacy import (
    FEW_LISTED,
    MOST_COMPARED_LISTS,
    coarse_limits,
    coarse_point,
    companions,
    least_of_listed,
    public_floor,
    round_to,
)
from detcount.privacy import size_unit as unit_of_sizes
from detcount.reports.numbers import percent, printed_limits, ratio, to_figures
from detcount.words import Message
from detcount.wrong_entries import WrongEntries

T = TypeVar("T", bound=Hashable)

_FIGURES = 2  # significant digits of a limit that is printed
_NEAR = 1e-9  # what a float lacks to a whole unit is no reason to go to the next one
# findings whose words have no number but a limit; they are printed where they hold of every companion
AS_THEY_ARE = (
    "no overlap",
    "too few",
    "says nothing",
    "copied lists",
    "lists alike",
    "nested lists",
    "empty list",
    "no answer",
    "nothing beside",
)
WITHHELD = "withheld"
"""The rule that a public report names in the place of one whose name would show small counts."""
# how the words of a rule for the public write its limit
_LIMITS = {
    "coverage": percent(LEAST_COVERAGE),
    "unlisted": ratio(MOST_UNLISTED),
    "disagreement": ratio(MOST_DISAGREEMENT),
    "width": ratio(MOST_WIDTH),
}
_A_METHOD = message("public base")
_FEW = Finding("few", "floor only", message("public few"))


def content_for_public(
    table: CaptureTable,
    own: AssessmentContent,
    content_of: Callable[[CaptureTable], AssessmentContent],
) -> AssessmentContent:
    """Give what a public report of a table shows: the same for it and its companions, without a digest.

    Parameters
    ----------
    table : CaptureTable
        The table.
    own : AssessmentContent
        What a full report of it shows.
    content_of : callable
        What a full report of a companion shows, assessed as the table was.

    Returns
    -------
    AssessmentContent
        What may be printed of all of them alike; notes of the data hold no count of persons.
    """
    notes = tuple(NoteRow((), note) for note in table.notes)
    family = companions(table)
    few = table.n_observed < FEW_LISTED
    if few or not family:
        many = table.n_lists > MOST_COMPARED_LISTS and not few
        return replace(public_content([own], size_unit=None, alone=not many, rounded_only=many), notes=notes)
    contents = [own if other == table else content_of(other) for other in family]
    return replace(public_content(contents, size_unit=unit_of_sizes(family)), notes=notes)


def public_content(
    contents: Sequence[AssessmentContent],
    *,
    size_unit: int | None,
    alone: bool = False,
    rounded_only: bool = False,
) -> AssessmentContent:
    """Give what a report for the public shows.

    Parameters
    ----------
    contents : sequence of AssessmentContent
        Of a table and of its companions, in an order that is the same for each of them.
    size_unit : int, optional
        Persons that list sizes are rounded to; without it they are left out.
    alone : bool, optional
        Whether few are listed, or there are small counts and no companion: then the floor is all there is.
    rounded_only : bool, optional
        Whether it has none but so many lists that rounding is enough; the page says so.

    Returns
    -------
    AssessmentContent
        A function of few, coarse values: the number listed, rounded sizes, limits to two significant digits.
    """
    first = contents[0]
    findings = (_FEW,) if alone else _with_width(_findings(contents), contents)
    verdict = strictest(findings)
    if verdict in ("floor only", "refuse"):
        contents = [_without_numbers(content) for content in contents]
    n = public_floor(first.n_observed)
    own = [row for content in contents for row in content.families if row.recommended]
    limits = _recommended_limits(contents)
    recommended = limits is not None
    spans = [content.span for content in contents if content.span is not None]
    span = _coarse_around(spans, first.least and n) if len(spans) == len(contents) else None
    assumptions = tuple(dict.fromkeys(item for content in contents for item in content.assumptions))
    curve = _curve([content.curve for content in contents], n)
    whole = [content.all_belong for content in contents if content.all_belong is not None]
    return AssessmentContent(
        disclosure="public",
        rounded_only=rounded_only,
        dataset=first.dataset,
        n_observed=n,
        lists=tuple(_list_row(row, None if alone else size_unit) for row in first.lists),
        size_unit=None if alone else size_unit,
        families=(*([] if limits is None else [_family(own, limits, verdict)]), *_spread(span)),
        declined=(),
        verdict=verdict,
        findings=findings,
        calibration=_same(content.calibration for content in contents) if recommended else None,
        n_claims=first.n_claims,
        span=span,
        curve=curve,
        curve_base=_A_METHOD if curve else None,
        claim=first.claim if first.claim_given else 2.0 * n,
        claim_given=first.claim_given,
        tipping_within=_tipping([content.tipping for content in contents]),
        assumptions=assumptions,
        recommended=recommended,
        seed=first.seed,
        versions=first.versions,
        definition=first.definition,
        wrong_entries=_wrong_entries([content.wrong_entries for content in contents], n),
        wrong_entries_base=_A_METHOD,  # which of them answers first, one person more or less can change
        law=first.law,
        all_belong=_covering(whole, 0) if recommended and len(whole) == len(contents) else None,
        citation="\n".join(
            dict.fromkeys(line for content in contents for line in content.citation.splitlines())
        ),
    )


def of_linked(content: AssessmentContent) -> AssessmentContent:
    """Give what of a public content stays where the rows were linked: one more or less moves each number.

    Parameters
    ----------
    content : AssessmentContent
        What the public may read of the table of the best partition.

    Returns
    -------
    AssessmentContent
        The number listed, the verdict, and the limits that it allows on a coarse grid; nothing else.
    """
    own = [row for row in content.families if row.recommended]
    families = []
    for row in own:
        low, high = coarse_limits(row.low, row.high, least_of_listed(row.low, content.n_observed))
        point = None if row.point is None else coarse_point(row.point, low, high)
        families.append(replace(row, low=low, point=point, high=high))
    calibrated = any(row.role == "calibrated" for row in own)
    return replace(
        content,
        size_unit=None,
        lists=tuple(ListRow(row.name, None, None) for row in content.lists),
        families=tuple(families),
        span=None
        if calibrated or content.span is None
        else coarse_limits(*content.span, int(content.least and content.n_observed)),
        curve=(),
        curve_base=None,
        tipping_within=None,
        wrong_entries=(),
        wrong_entries_base=None,
        all_belong=None,
    )


def _covering(limits: Sequence[tuple[float, float]], floor: int) -> tuple[float, float]:
    """Limits around all of some, to two significant digits."""
    return printed_limits(min(low for low, _ in limits), max(high for _, high in limits), floor)


def _coarse_around(limits: Sequence[tuple[float, float]], floor: int) -> tuple[float, float]:
    """Limits around all of some, on the coarse grid."""
    return coarse_limits(min(low for low, _ in limits), max(high for _, high in limits), floor)


def _list_row(row: ListRow, unit: int | None) -> ListRow:
    """A list with its size as it may be printed."""
    shown = None if unit is None or row.persons is None else round_to(row.persons, unit)
    return ListRow(row.name, shown, None)


def _family(rows: Sequence[FamilyRow], limits: tuple[float, float], verdict: Verdict) -> FamilyRow:
    """The method that every content recommends, with a number between its limits where it can be printed."""
    points = [row.point for row in rows if row.point is not None]
    point = None
    if verdict == "estimate" and len(points) == len(rows):
        least, most = (to_figures(end, _FIGURES) for end in (min(points), max(points)))
        point = least if least == most else coarse_point((least + most) / 2, *limits)
    return replace(
        rows[0], estimator="", low=limits[0], point=point, high=limits[1], interval="", modes=(), strip=()
    )


def _spread(span: tuple[float, float] | None) -> list[FamilyRow]:
    """From the lowest to the highest limit of the methods that claim a number, be it one or many."""
    if span is None:
        return []
    name = message("public spread")
    return [FamilyRow("spread", name, "", "claim", False, span[0], None, span[1], "")]


def _curve(curves: Sequence[Sequence[CurveRow]], floor: int) -> tuple[CurveRow, ...]:
    """The total by odds ratio: limits around all of the curves, and no number between."""
    if not all(curves):
        return ()
    return tuple(
        CurveRow(together[0].odds_ratio, None, *_coarse_around([ends(row) for row in together], floor))
        for together in zip(*curves, strict=True)
        if any(math.isclose(together[0].odds_ratio, shown, rel_tol=_NEAR) for shown in CURVE_SHOWN)
    )


def _tipping(values: Sequence[float | None]) -> tuple[float, float] | None:
    """Powers of two between which the odds ratio lies at which the total reaches the claim in any content."""
    known = [value for value in values if value is not None and 0 < value < math.inf]
    if not known or len(known) < len(values):
        return None
    return 2.0 ** math.floor(math.log2(min(known)) + _NEAR), 2.0 ** (math.floor(math.log2(max(known))) + 1)


def _wrong_entries(rows: Sequence[Sequence[WrongEntries]], n: int) -> tuple[WrongEntries, ...]:
    """What wrong entries would do, in whole per cent, of the lists for which every content says the same."""
    shown = []
    for together in zip(*rows, strict=False):
        floors = {round(100 * row.floor_change) for row in together}
        totals = {None if row.total_change is None else round(100 * row.total_change) for row in together}
        if len({row.name for row in together}) > 1 or len(floors) > 1:
            continue
        total = totals.pop() if len(totals) == 1 else None
        shown.append(
            WrongEntries(
                name=together[0].name,
                share=together[0].share,
                n_observed=n,
                point=None,
                floor_change=floors.pop() / 100,
                total_change=None if total is None else total / 100,
            )
        )
    return tuple(shown)


def _without_numbers(content: AssessmentContent) -> AssessmentContent:
    """The same where no number of the total is to be printed."""
    cite_alone = content.citation.splitlines()[0]
    return replace(
        content,
        families=(),
        span=None,
        curve=(),
        tipping=None,
        wrong_entries=(),
        assumptions=(),
        citation=cite_alone,
    )


def _findings(contents: Sequence[AssessmentContent]) -> tuple[Finding, ...]:
    """What the rules found in any of the contents, in words that show none of their numbers."""
    every = [finding for content in contents for finding in content.findings]
    found = []
    for rule in dict.fromkeys(finding.rule for finding in every):
        seen = [finding for finding in every if finding.rule == rule]
        shared = len(seen) == len(contents) and len({finding.text for finding in seen}) == 1
        text = _text(rule, seen, shared)
        name = WITHHELD if text == message("public other rule") else rule
        found.append(Finding(name, strictest(seen), text, seen[0].copies if shared else ()))
    return tuple(dict.fromkeys(found))


def _recommended_limits(contents: Sequence[AssessmentContent]) -> tuple[float, float] | None:
    """Limits of the method that every content recommends, if it is the same one."""
    own = [row for content in contents for row in content.families if row.recommended]
    if len(own) < len(contents) or len({row.key for row in own}) > 1:
        return None
    return _covering([(row.low, row.high) for row in own], public_floor(contents[0].least))


def _with_width(findings: tuple[Finding, ...], contents: Sequence[AssessmentContent]) -> tuple[Finding, ...]:
    """The findings, and that the calibrated interval is wide where it is so only as it is printed."""
    limits = _recommended_limits(contents)
    calibrated = any(row.role == "calibrated" for row in contents[0].families if row.recommended)
    if limits is None or not calibrated or limits[1] <= MOST_WIDTH * limits[0]:
        return findings
    if any(finding.rule == "width" for finding in findings):
        return findings
    return (*findings, Finding("width", "range", _text("width", (), shared=False)))


def _text(rule: str, seen: Sequence[Finding], shared: bool) -> Message:
    """A finding without its numbers; of a rule without words here, only that it applies."""
    if rule in AS_THEY_ARE and shared:
        return seen[0].text
    if f"public {rule}" not in message:
        return message("public other rule")
    return message(f"public {rule}", **{rule: _LIMITS[rule]} if rule in _LIMITS else {})


def _same(values: Iterable[T | None]) -> T | None:
    """The value that all share, if there is one."""
    found = tuple(dict.fromkeys(values))
    return found[0] if len(found) == 1 else None
