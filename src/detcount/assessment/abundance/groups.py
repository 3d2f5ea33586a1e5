"""Who is missing: the groups of an assessment as rows, for those who may see the lists and for the public."""

from __future__ import annotations

import math
from functools import partial

from detcount.assessment.abundance.facts import AssessmentFacts
from detcount.assessment.abundance.rows import LISTED, GroupRow
from detcount.assessment.common.verdict import LEVEL
from detcount.privacy import FEW_LISTED, TUNING, companions
from detcount.reports.blocks import Block, FigureSlot, Heading, Paragraph, table_of_known
from detcount.reports.numbers import (
    NOTHING,
    level_words,
    number_or_dash,
    percent,
    persons,
    printed_limits,
    printed_point,
)
from detcount.strata import Composition, composition
from detcount.strata.groups import LIMITS_HELD
from detcount.strata.shares_figure import ShareRow, draw_shares, percents
from detcount.words import N_, Message

_GROUPS = Message("Who is missing")
_COLUMNS = (
    Message("Group"),
    LISTED,
    Message("Persons (limits)"),
    Message("Share of listed"),
    Message("Share of all (limits)"),
    Message("Share if apart"),
)
_NUMBER_WITH_LIMITS = N_("{number} ({limits})")
_STEP = 1 / TUNING.shares  # in which the public reads shares


def group_rows(found: Composition) -> tuple[GroupRow, ...]:
    """Rows of the groups for those who may see the lists, the pooled ones last."""
    rows = [*found.margins(LEVEL), *found.ordered_rows(LEVEL)]
    return tuple(
        GroupRow(
            row["group"],
            listed=row["n_observed"],
            limits=printed_limits(row["low"], row["high"], row["n_observed"]),
            share_limits=(row["share_low"], row["share_high"]),
            persons=printed_point(row["point"], row["n_observed"]),
            share=row["share"],
            listed_share=row["listed_share"],
            apart_share=row.get("apart_share"),
            pooled=row.get("pooled", False),
        )
        for row in rows
    )


def public_group_rows(found: Composition) -> tuple[GroupRow, ...] | None:
    """Rows that may be printed for the public; None where nothing may be.

    Limits of shares alone, in steps of five points, of groups of 100 listed or more. They are made from one
    table of the family of each group's companions, so that they are the same for all of the family.
    """
    families = {
        name: companions(table) if table.n_observed >= FEW_LISTED else ()
        for name, table in found.tables.items()
    }
    known = {name: family[0] for name, family in families.items() if family}
    if len(known) < len(families):
        return None
    again = composition(known, seed=found.seed)
    limits = [
        (row["group"], row["listed_share"], row["share_low"], row["share_high"]) for row in again.margins()
    ]
    limits += [(name, again.listed_shares[name], *ends) for name, ends in again.share_limits(LEVEL).items()]
    return tuple(
        GroupRow(
            name,
            share_limits=_outward(low, high),
            listed_share=round(round(listed / _STEP) * _STEP, 2),
        )
        for name, listed, low, high in limits
    )


def _outward(low: float, high: float) -> tuple[float, float]:
    """Limits of a share in steps of five points, outward."""
    return round(math.floor(low / _STEP) * _STEP, 2), round(math.ceil(high / _STEP) * _STEP, 2)


def groups_part(assessment: AssessmentFacts) -> list[Block]:
    """Lay out who is missing.

    Parameters
    ----------
    assessment : AssessmentFacts
        What the assessment says.

    Returns
    -------
    list of Block
        Heading, sentence, figure and table; nothing where no groups were given.
    """
    if assessment.groups is None:
        return []
    heading = Heading(_GROUPS, 2, "groups")
    if not assessment.groups:
        return [heading, Paragraph(assessment.groups_withheld)]
    public = assessment.disclosure == "public"
    drawn = [ShareRow(row.name, *row.share_limits, row.share, row.listed_share) for row in assessment.groups]
    lines = [
        Message(
            "The share of each group among all, listed or not, with {level} limits. Shares of the unlisted "
            "can differ from those of the listed: by how much they do was learned from members of lists "
            "whose fields are known. The groups add up to the total of the calibrated method, but for "
            "rounding.",
            level=level_words(LEVEL),
        ),
        LIMITS_HELD,
    ]
    lines += [Message("Shares are in steps of five points, limits outward.")] if public else []
    pooled = [row.name for row in assessment.groups if row.pooled]
    lines += (
        [Message("{names!r} were taken together, as few are listed of them.", names=pooled)] if pooled else []
    )
    caption = Message("Share of each group among all, with limits; hollow: among those listed")
    return [
        heading,
        Paragraph(Message.together(lines)),
        FigureSlot(
            "groups",
            caption,
            Message(
                "{k} groups, each with its share of all, {level} limits, and its share of those listed",
                k=len(drawn),
                level=level_words(LEVEL),
            ),
            partial(draw_shares, rows=drawn, level=LEVEL),
        ),
        table_of_known(
            _COLUMNS,
            [_cells(row) for row in assessment.groups],
            "lrrrrr",
            caption=_GROUPS,
        ),
    ]


def _cells(row: GroupRow) -> tuple[str, ...]:
    """A row as it is printed: numbers in the middle for those who may see the lists."""
    shares = [NOTHING if share is None else percent(share) for share in (row.listed_share, row.apart_share)]
    share_limits, number = percents(*row.share_limits), NOTHING
    if row.limits is not None and row.persons is not None and row.share is not None:
        low, high = map(persons, row.limits)
        limits = Message("{low} to {high}", low=low, high=high)
        number = Message(_NUMBER_WITH_LIMITS, number=persons(row.persons), limits=limits)
        share_limits = Message(_NUMBER_WITH_LIMITS, number=percent(row.share), limits=share_limits)
    return row.name, number_or_dash(row.listed), number, shares[0], share_limits, shares[1]
