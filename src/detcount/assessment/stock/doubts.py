"""What lists show of a day, who stands among those not known to have left, and what wrong entries do."""

from __future__ import annotations

import warnings

from detcount import abundance
from detcount.assessment.common.verdict import LEVEL
from detcount.assessment.stock.content import DoubtRow, FloorRow, WrongRow
from detcount.assessment.stock.disclosing import Rounding
from detcount.assessment.stock.result import StockAssessment
from detcount.errors import ConvergenceError, DetcountWarning, NotEstimableError
from detcount.estimates import Estimator
from detcount.stock import SeriesDetail, WrongShare
from detcount.wrong_entries import wrong_entries

SHARES = (0.01, 0.03, 0.05)


def floor_rows(assessment: StockAssessment, rounding: Rounding) -> tuple[FloorRow, ...]:
    """Give what lists show of the dates of their tables, the last first."""
    taken = assessment.snapshots
    if taken is None:
        return ()
    rows = []
    for day in reversed(taken.dates):
        seen = taken.evidence(day)
        rows.append(
            FloorRow(
                day=day,
                floor=rounding.down(taken.floor(day)),
                left_later=rounding.down(seen["left_later"]),
                named_later=rounding.down(seen["named_later"]),
                not_left=rounding.down(taken.not_known_to_have_left(day)),
            )
        )
    return tuple(rows)


def doubt_of(assessment: StockAssessment, rounding: Rounding) -> DoubtRow | None:
    """Give who stands among those not known to have left on the last day of the lists."""
    path = assessment.answers.get("lists")
    detail = None if path is None else path.detail
    people = assessment.people
    if people is None or path is None or not isinstance(detail, SeriesDetail) or not detail.wrong:
        return None
    day = max(detail.wrong)
    left, wrong = (count[day].interval(LEVEL).printed for count in (detail.left, detail.wrong))
    whole = assessment.all_belong
    limits = None
    if whole is not None and whole.identified_by == "data" and whole.dates[-1] == path.dates[-1]:
        low, _, high = whole.at(whole.dates[-1]).printed(LEVEL)
        limits = (rounding.down(low), rounding.up(high))
    return DoubtRow(
        day,
        (rounding.down(left[0]), rounding.up(left[1])),
        (rounding.down(wrong[0]), rounding.up(wrong[1])),
        WrongShare().sentence(people),
        limits,
        set(people.lists) <= set(people.audited),
    )


def wrong_rows(assessment: StockAssessment, rounding: Rounding) -> tuple[WrongRow, ...]:
    """Give the number held on the last day, if some entries of one list do not belong.

    The answer if all belong is taken times what a model fitted in milliseconds says of the last table without
    these entries.
    """
    whole, taken = assessment.all_belong, assessment.snapshots
    table = None if taken is None else taken.tables.get(taken.dates[-1])
    if whole is None or whole.identified_by != "data" or table is None:
        return ()
    median = whole.at(whole.dates[-1]).printed(LEVEL)[1]
    base: Estimator = abundance.Chapman() if table.n_lists == 2 else abundance.LogLinear()
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in table.lists}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DetcountWarning)
        try:
            fitted = base.fit(table)
            for share in SHARES:
                for row in wrong_entries(fitted, table, share=share):
                    if row.total_change is not None and median is not None:
                        found[row.name].append((share, rounding.near(median * (1 + row.total_change))))
        except (NotEstimableError, ConvergenceError):
            return ()
    return tuple(WrongRow(name, tuple(held)) for name, held in found.items() if len(held) == len(SHARES))
