"""Public part of an assessment: what a table and its companions (`detcount.privacy`) share.

Limits cover those of all of them, a finding of any of them is there, and the rest is left out, without
regard to which of them is the table's own. What is not there cannot be printed, stored or computed again.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any, TypeVar

from detcount._numerics.closed_forms import LEAST_COVERAGE
from detcount.assessment.abundance.anchor import WIDE, designs
from detcount.assessment.abundance.facts import OTHER_RULE, AssessmentFacts, Fits
from detcount.assessment.abundance.groups import public_group_rows
from detcount.assessment.abundance.rows import (
    CURVE_SHOWN,
    CurveRow,
    FamilyRow,
    GroupRow,
    ListRow,
    NoteRow,
    ends,
)
from detcount.assessment.abundance.verdict import MOST_UNLISTED
from detcount.assessment.common.verdict import (
    MOST_DISAGREEMENT,
    MOST_WIDTH,
    Finding,
    Verdict,
    strictest,
)
from detcount.assumptions import Assumption
from detcount.errors import InputError
from detcount.estimates import versions
from detcount.privacy import (
    FEW_LISTED,
    TUNING,
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

A = TypeVar("A", bound=AssessmentFacts)
T = TypeVar("T", bound=Hashable)

_LIMITED = {"calibrated": "width", "anchored": "wide limits"}  # by role the rule of wide limits
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
    "contradiction",
    "no sample",
)
WITHHELD = "withheld"
"""The rule that a public report names in the place of one whose name would show small counts."""
WITHOUT_NUMBERS = {
    "empty overlap": Message("the model needs an overlap of lists that is empty"),
    "existence": Message("the overlaps of the lists do not determine a total"),
    "coverage": Message(
        "the lists overlap too little for one number: sample coverage is not above {coverage}",
        coverage=percent(LEAST_COVERAGE),
    ),
    "unlisted": Message(
        "the estimate sets more than {unlisted} unlisted people beside each listed one",
        unlisted=ratio(MOST_UNLISTED),
    ),
    "disagreement": Message(
        "the methods disagree: the highest number is more than {disagreement} times the lowest",
        disagreement=ratio(MOST_DISAGREEMENT),
    ),
    "modes": Message("a posterior has several modes, and one number would hide all but one of them"),
    "width": Message(
        "the calibrated interval is wide: its upper limit is more than {width} times the lower",
        width=ratio(MOST_WIDTH),
    ),
    "wide limits": WIDE,
    "not calibrated": Message("no interval learned from populations of known size can be given"),
}
"""Findings of rules for the public, by rule: with the limit of the rule and no number of the data."""
_A_METHOD = Message("a standard method")
_FEW = Finding(
    "few",
    "floor only",
    Message("the lists name so few people that anything beyond their number would show who is on which list"),
)


def for_public(assessment: A, fits: Fits, own: AssessmentFacts) -> A:
    """Give what anybody may know of lists: the same for their table and its companions, without a digest.

    Parameters
    ----------
    assessment : AssessmentFacts
        What was found.
    fits : Fits
        Its fits.
    own : AssessmentFacts
        What stands for its table among the companions, which are assessed as the table was.

    Returns
    -------
    AssessmentFacts
        What may be printed of all of them alike, without fits; notes of the data hold no count of persons.
    """
    table, asked = fits.table, fits.asked
    family = companions(table)
    few = table.n_observed < FEW_LISTED
    found: list[AssessmentFacts] = []
    if fits.anchor is None and not few:
        found = [own if other == table else asked.of_companion(other) for other in family]
    elif fits.anchor is not None and not few:
        with suppress(InputError):  # the design of the sample allows no companion
            found = [asked.of_companion(*each) for each in designs(fits.anchor, family)]
    if found:
        made = shared(assessment, found, table.notes, size_unit=unit_of_sizes(family))
    else:
        many = table.n_lists > TUNING.compared_lists and not few and fits.anchor is None
        made = shared(assessment, [own], table.notes, size_unit=None, alone=not many, rounded_only=many)
    if fits.composition is None:
        return made
    rows = public_group_rows(fits.composition) if made.verdict in ("estimate", "range") else None
    if rows is None:
        return replace(
            made,
            groups=(),
            groups_withheld=Message(
                "Nothing can be printed of groups: the total cannot be, or fewer than 100 are listed of one "
                "of them."
            ),
        )
    return replace(made, groups=rows)


def shared(
    assessment: A,
    found: Sequence[AssessmentFacts],
    notes: Sequence[str],
    *,
    size_unit: int | None,
    alone: bool = False,
    rounded_only: bool = False,
) -> A:
    """Give what may be printed of a table and of its companions alike.

    Parameters
    ----------
    assessment : AssessmentFacts
        What was found, of which nothing is kept but what all of them share whatever their counts.
    found : sequence of AssessmentFacts
        Of a table and of its companions, in an order that is the same for each of them.
    notes : sequence of str
        Notes of the table.
    size_unit : int, optional
        Persons that list sizes are rounded to; without it they are left out.
    alone : bool, optional
        Whether few are listed, or there are small counts and no companion: then the floor is all there is.
    rounded_only : bool, optional
        Whether it has none but so many lists that rounding is enough; the page says so.

    Returns
    -------
    AssessmentFacts
        A function of few, coarse values: the number listed, rounded sizes, limits to two significant digits.
    """
    first = found[0]
    findings = (_FEW,) if alone else _with_width(_findings(found), found)
    verdict = strictest(findings)
    if verdict in ("floor only", "refuse"):
        found = [_without_numbers(each) for each in found]
    n = public_floor(first.n_observed)
    own = [row for each in found for row in each.families if row.recommended]
    limits = _recommended_limits(found)
    recommended = limits is not None
    spans = [each.span for each in found if each.span is not None]
    span = _coarse_around(spans, first.least and n) if len(spans) == len(found) else None
    curve = _curve([each.curve for each in found], n)
    whole = [each.limits_if_all_belong for each in found if each.limits_if_all_belong is not None]
    return replace(
        assessment,
        fits=None,
        disclosure="public",
        rounded_only=rounded_only,
        n_observed=n,
        lists=tuple(_list_row(row, None if alone else size_unit) for row in first.lists),
        size_unit=None if alone else size_unit,
        families=(*([] if limits is None else [_family(own, limits, verdict)]), *_spread(span)),
        verdict=verdict,
        findings=findings,
        calibration=_same(each.calibration for each in found) if recommended else None,
        span=span,
        curve=curve,
        curve_base=_A_METHOD if curve else None,
        tipping_within=_tipping([each.tipping for each in found]),
        assumptions=tuple(dict.fromkeys(item for each in found for item in each.assumptions)),
        references=tuple(dict.fromkeys(paper for each in found for paper in each.references)),
        remarks=tuple(NoteRow((), note) for note in notes),
        wrong_entries=_wrong_entries([each.wrong_entries for each in found], n),
        wrong_entries_base=_A_METHOD,  # which of them answers first, one person more or less can change
        limits_if_all_belong=_covering(whole, 0) if recommended and len(whole) == len(found) else None,
    )


def of_linked(public: A, assumptions: Sequence[Assumption]) -> A:
    """Give what of it stays public where the rows were linked: one more or less moves each number.

    Parameters
    ----------
    public : AssessmentFacts
        What the public may read of the table of the best partition.
    assumptions : sequence of Assumption
        What the number itself assumes.

    Returns
    -------
    AssessmentFacts
        The number listed, the verdict, and the limits that it allows on a coarse grid; nothing else.
    """
    own, families = public.recommended_row, []
    if own is not None:
        low, high = coarse_limits(own.low, own.high, least_of_listed(own.low, public.n_observed))
        point = None if own.point is None else coarse_point(own.point, low, high)
        families.append(replace(own, low=low, point=point, high=high))
    calibrated = own is not None and own.role in _LIMITED
    return replace(
        public,
        size_unit=None,
        lists=tuple(ListRow(row.name, None, None) for row in public.lists),
        families=tuple(families),
        span=None
        if calibrated or public.span is None
        else coarse_limits(*public.span, int(public.least and public.n_observed)),
        curve=(),
        curve_base=None,
        tipping_within=None,
        assumptions=tuple(each for each in public.assumptions if each in assumptions),
        wrong_entries=(),
        wrong_entries_base=None,
        limits_if_all_belong=None,
    )


def record_of(public: AssessmentFacts) -> dict[str, Any]:
    """Give what is public as plain values that JSON can hold."""
    own = public.recommended_row
    groups = public.groups or ()
    return {
        "disclosure": "public",
        "verdict": public.verdict,
        "reasons": [finding.record() for finding in public.findings],
        "sentence": str(public.statement),
        "definition": None if public.definition is None else public.definition.record(),
        "notes": list(public.notes),
        "at_least": public.n_observed or None,
        "lists": {row.name: row.persons for row in public.lists},
        "sizes_rounded_to": public.size_unit,
        "withheld": [*([] if public.n_observed else ["at_least"]), *([] if public.size_unit else ["lists"])],
        "recommended": own and {"family": own.key, **_limits_record(own.low, own.high), "point": own.point},
        "spread": None if public.span is None else _limits_record(*public.span),
        "claim": public.claimed,
        "claim_reached_within": None if public.tipping_within is None else list(public.tipping_within),
        "sensitivity": [{"odds_ratio": row.odds_ratio, **_limits_record(*ends(row))} for row in public.curve],
        "wrong_entries": [
            {
                "list": row.name,
                "share": row.share,
                "floor_change": row.floor_change,
                "total_change": row.total_change,
            }
            for row in public.wrong_entries
        ],
        **({} if public.groups is None else {"groups": [_group_record(row) for row in groups]}),
        **({} if public.sample is None else {"anchor": public.sample}),
        "seed": public.seed,
        "keyed_digest": public.keyed_digest or None,
        "versions": versions(),
    }


def _limits_record(low: float, high: float) -> dict[str, float | None]:
    """Limits that JSON can hold: none where there is no upper one."""
    return {"low": low, "high": high if math.isfinite(high) else None}


def _group_record(row: GroupRow) -> dict[str, Any]:
    """A group as plain values."""
    return {"group": row.name, "share_low": row.share_limits[0], "share_high": row.share_limits[1]}


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
    """The method that all of them recommend, with a number between its limits where it can be printed."""
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
    name = Message("Methods that claim a number, lowest to highest limit")
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
    """Powers of two between which the odds ratio lies at which the total reaches the claim in any of them."""
    known = [value for value in values if value is not None and 0 < value < math.inf]
    if not known or len(known) < len(values):
        return None
    return 2.0 ** math.floor(math.log2(min(known)) + _NEAR), 2.0 ** (math.floor(math.log2(max(known))) + 1)


def _wrong_entries(rows: Sequence[Sequence[WrongEntries]], n: int) -> tuple[WrongEntries, ...]:
    """Give the effect of wrong entries in whole per cent, of the lists for which all of them agree."""
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


def _without_numbers(one: AssessmentFacts) -> AssessmentFacts:
    """The same where no number of the total is to be printed."""
    return replace(
        one, fits=None, families=(), span=None, curve=(), wrong_entries=(), assumptions=(), references=()
    )


def _findings(found: Sequence[AssessmentFacts]) -> tuple[Finding, ...]:
    """Give the findings of the rules in any of them, in words that show none of their numbers."""
    every = [finding for each in found for finding in each.findings]
    made = []
    for rule in dict.fromkeys(finding.rule for finding in every):
        seen = [finding for finding in every if finding.rule == rule]
        alike = len(seen) == len(found) and len({finding.text for finding in seen}) == 1
        text = _text(rule, seen, alike)
        name = WITHHELD if text == OTHER_RULE else rule
        made.append(Finding(name, strictest(seen), text, seen[0].copies if alike else ()))
    return tuple(dict.fromkeys(made))


def _recommended_limits(found: Sequence[AssessmentFacts]) -> tuple[float, float] | None:
    """Limits of the method that all of them recommend, if it is the same one."""
    own = [row for each in found for row in each.families if row.recommended]
    if len(own) < len(found) or len({row.key for row in own}) > 1:
        return None
    return _covering([(row.low, row.high) for row in own], public_floor(found[0].least))


def _with_width(findings: tuple[Finding, ...], found: Sequence[AssessmentFacts]) -> tuple[Finding, ...]:
    """The findings, and that the calibrated interval is wide where it is so only as it is printed."""
    limits = _recommended_limits(found)
    role = next((row.role for row in found[0].families if row.recommended), "claim")
    if limits is None or role not in _LIMITED or limits[1] <= MOST_WIDTH * limits[0]:
        return findings
    if any(finding.rule == _LIMITED[role] for finding in findings):
        return findings
    return (*findings, Finding(_LIMITED[role], "range", WITHOUT_NUMBERS[_LIMITED[role]]))


def _text(rule: str, seen: Sequence[Finding], shared: bool) -> Message:
    """A finding without its numbers; of a rule without words here, only that it applies."""
    return seen[0].text if rule in AS_THEY_ARE and shared else WITHOUT_NUMBERS.get(rule, OTHER_RULE)


def _same(values: Iterable[T | None]) -> T | None:
    """The value that all share, if there is one."""
    found = tuple(dict.fromkeys(values))
    return found[0] if len(found) == 1 else None
