"""Assessment of how many are held, day by day, in every form that it can be given."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Self

from detcount.assessment.abundance.linked import BLURRED, LISTED, farthest, without_one
from detcount.assessment.common.result import Assessed
from detcount.assessment.common.verdict import LEVEL
from detcount.assessment.stock.document import path_figure, registers_figure, stock_document, verdict_words
from detcount.assessment.stock.facts import StockFacts
from detcount.assessment.stock.rows import has_numbers, near, public_declined, public_fan, public_links
from detcount.calibration import Calibrated
from detcount.data.captures import CaptureTable
from detcount.estimates import versions
from detcount.estimates.result import plain, provenance
from detcount.privacy import BLUR, blurred_limits, canonical, coarse_limits, coarse_point, keyed_digest
from detcount.reports.blocks import Document
from detcount.reports.numbers import persons, printed
from detcount.reports.printed import figure_of
from detcount.reports.printing import frame_of
from detcount.stock import snapshots
from detcount.words import Message

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Tuning:
    """Noise of the limits of the people held, under the owner's key.

    Parameters
    ----------
    least : int, persons
        Persons on the lists of the last date below which the grid stays. Convention: on three
        smaller systems the noise was wider than the grid (benchmarks/public_numbers.py).
    between : float, share
        Of the way from the lower limit to the upper one, by ratio, at which the number between them is
        printed. Scored in benchmarks/results/public_numbers.md.
    """

    least: int = 500
    between: float = 0.5


TUNING = Tuning()

_NUMBERS = ("low", "median", "high", "floor", "ceiling", "identified_by")


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class StockAssessment(StockFacts, Assessed):
    """Assessment of how many are held, day by day, by lists of names and published totals.

    Made by `assess_stock`. ``print(assessment)`` shows the sentences and the numbers.

    Parameters
    ----------
    blurred : bool
        Whether the limits have noise, which was drawn with a secret.

    See Also
    --------
    assess_stock : Makes one.

    Examples
    --------
    >>> import detcount as dc
    >>> stock = dc.PublishedStock.from_frame(
    ...     {"date": ["2025-01-06", "2025-01-13"], "source": ["monitor"] * 2, "count": [900, 870]}
    ...     | {"role": ["verified"] * 2}
    ... )
    >>> print(dc.assess_stock(stock=stock).verdict)
    register only
    """

    blurred: bool = False

    @property
    def _private(self) -> bool:
        return self.has_people

    def _for_public(self) -> Self:
        if not self.has_people:
            return replace(self, disclosure="public")
        notes = tuple(note for note in self.notes if not has_numbers(note))
        shown = replace(
            self,
            disclosure="public",
            basis=None,
            assumptions=self.assumed,
            declined={key: public_declined(error) for key, error in self.declined.items()},
            notes=notes,
            notes_withheld=len(notes) < len(self.notes),
            answer_rows=tuple(row.public() for row in self.answer_rows if self.printable),
            day_rows=tuple(row.public() for row in self.day_rows),
            fan=self.fan and public_fan(self.fan),
            change_rows=tuple(row.public() for row in self.change_rows),
            floor_rows=tuple(row.public() for row in self.floor_rows),
            doubt=self.doubt and self.doubt.public(),
            wrong_rows=tuple(row.public() for row in self.wrong_rows),
            links=self.links and public_links(self.links),
            effective_paths=self.effective_paths and float(round(self.effective_paths)),
        )
        return shown._last_day_alone() if self.linked else shown

    def _last_day_alone(self) -> Self:
        """Keep what the public reads of linked rows of names: one row moves every other number."""
        answers = []
        for row in self.answer_rows:
            if row.recommended:
                low, high = coarse_limits(row.low, row.high, int(row.floor or 0))
                median = None if row.median is None else coarse_point(row.median, low, high)
                answers.append(replace(row, low=low, median=median, high=high))
        shown = [row for row in self.floor_rows if row.floor is not None][:1] or self.floor_rows[:1]
        floors = tuple(replace(row, left_later=None, named_later=None, not_left=None) for row in shown)
        rest = dict[str, Any](day_rows=(), wrong_rows=(), change_rows=())
        rest |= dict.fromkeys(("fan", "doubt", "links", "effective_paths"))
        return replace(self, answer_rows=tuple(answers), floor_rows=floors, **rest)

    def _with_digest(self, public: Self, digest_key: str) -> Self:
        people = self.people
        if people is None:
            return public
        made = replace(public, keyed_digest=keyed_digest(people, digest_key))
        path, tables = self.path, self._last_tables() if self.linked and made.answer_rows else []
        if path is None or not tables:
            return made
        shown, found = made.answer_rows[0], path.at(self.day).interval(LEVEL)
        question = f"held on {self.day} {canonical(tables[0])}"
        moves = self._moves_by_one(tables, math.log(found.high / found.low))
        low, high = blurred_limits(found.low, found.high, moves, digest_key, question)
        low = max(low, shown.floor or 0.0)
        median = None if shown.median is None else printed(low * (high / low) ** TUNING.between)
        row = replace(shown, low=low, median=median, high=high)
        return replace(made, answer_rows=(row,), notes=(*made.notes, BLURRED), blurred=True)

    def _last_tables(self) -> list[CaptureTable]:
        """Tables of the last date by a few of the drawn partitions; none where lists give no estimate.

        Where few people are on them the grid is closer than noise would be.
        """
        basis = self._known("snapshots")
        if basis.snapshots is None or "lists" not in basis.paths:
            return []
        date, few = basis.snapshots.dates[-1], basis.people[: BLUR.tables]
        taken = [snapshots(each, [date], operates=self.operates).tables.get(date) for each in few]
        tables = [table for table in taken if table is not None and table.n_observed >= TUNING.least]
        return tables if len(tables) == len(few) else []

    def _moves_by_one(self, tables: Sequence[CaptureTable], width: float) -> tuple[float, float]:
        """Give how far one person moves the logarithms of the limits of the last day, at most.

        A person who is inside moves the calibrated limits of the table of that day. A known exit says how
        many have left unreported, and how many do not belong: in proportion to the known exits.
        """
        basis, inside = self._known("people"), tables[0].n_observed
        low, high = farthest(tables, without_one(tables), Calibrated(listed=LISTED), width)
        exits = max(basis.people[0].n_persons - inside, 1)
        hidden = 0.0 if self.doubt is None else self.doubt.left[1] + self.doubt.wrong[1]
        more = hidden / exits / inside
        return low + more, high + more

    def _document(self) -> Document:
        return stock_document(self)

    def _headline(self) -> Message:
        verdict, row = verdict_words(self), self.recommended
        if row is None or not self.printable:
            return verdict
        held = Message("{low} to {high} people held (95%).", low=persons(row.low), high=persons(row.high))
        return Message.together((held, verdict))

    def rows(self, level: float = 0.95) -> list[dict[str, Any]]:
        """Give every answer as rows of a table, one dictionary a method and day.

        Parameters
        ----------
        level : float, optional
            Credibility of the limits of each day, in (0, 1).

        Returns
        -------
        list of dict
            Method, whether it is recommended, day, limits, median, bounds, and what they rest on; for the
            public the last day of each method alone, at 95%.
        """
        if self._printed.withholds:
            return [
                {"answer": row.key, "recommended": row.recommended, "date": row.day, "level": LEVEL}
                | {name: getattr(row, name) for name in _NUMBERS}
                for row in self._printed.answer_rows
            ]
        found: list[dict[str, Any]] = []
        for key, path in self.answers.items():
            first = {"answer": key, "recommended": key == self.recommended_key}
            days: list[dict[Any, Any]] = path.to_frame(level).drop(columns="estimated").to_dict("records")
            found.extend({**first, **row} for row in days)
        return found

    def to_frame(self, level: float = 0.95) -> pd.DataFrame:
        """Give every answer day by day as a pandas frame.

        Parameters
        ----------
        level : float, optional
            Credibility of the limits of each day, in (0, 1).

        Returns
        -------
        pandas.DataFrame
            Columns ``answer``, ``recommended``, ``date``, ``low``, ``median``, ``high``, ``level``,
            ``floor``, ``ceiling``, ``identified_by``; for the public as in `rows`.
        """
        return frame_of(self.rows(level))

    def plot(self, *, lang: str = "en") -> Figure:
        """Draw the recommended path with its bounds, and published totals as points.

        Parameters
        ----------
        lang : str, optional
            Language of the words and numbers, one of `detcount.words.languages`.

        Returns
        -------
        matplotlib.figure.Figure
            The figure, on a canvas of its own; ``figure.savefig("held.png")`` writes it.

        Raises
        ------
        InputError
            If the language is unknown.
        """
        return figure_of(partial(path_figure, found=self._printed), lang)

    def plot_registers(self, *, lang: str = "en") -> Figure:
        """Draw the totals that every source published.

        Parameters
        ----------
        lang : str, optional
            Language of the words and numbers, one of `detcount.words.languages`.

        Returns
        -------
        matplotlib.figure.Figure
            The figure, on a canvas of its own.
        """
        return figure_of(partial(registers_figure, found=self), lang)

    def record(self) -> dict[str, Any]:
        """Give everything needed to make the numbers again, as plain values that JSON can hold.

        Returns
        -------
        dict
            Verdict with its reasons, answers, what lists show of each date and what wrong entries do, what
            was declined, seed, digests, versions; for the public without the paths.
        """
        shown = self._printed
        known = {
            "disclosure": "public" if shown.withholds else "full",
            "as_of": self.as_of,
            "day": self.day,
            "verdict": self.verdict,
            "findings": self.findings,
            "sentence": shown.statement,
            "recommended": self.recommended_key,
            "answers": [
                {"answer": row.key, "day": row.day} | {name: getattr(row, name) for name in _NUMBERS}
                for row in shown.answer_rows
            ],
            "listed": _listed(shown),
            "paths": {} if shown.withholds else shown.answers,
            "audits": self.audits,
            "declined": [{"answer": key, "reason": error.reason} for key, error in shown.declined.items()],
            "definition": self.definition,
            "with_anchors": self.has_anchors,
            "wrong": self.wrong.by_list or None,
            "operates": None if self.operates is None else asdict(self.operates),
            "seed": self.seed,
            "data_sha256": shown.digests,
        }
        if self.blurred:
            known["blurred"] = True
        return plain(known) | ({"versions": versions()} if shown.withholds else provenance())


def _listed(found: StockFacts) -> dict[str, Any]:
    """Give the evidence of lists for each date, and the effect of wrong entries, as plain values."""

    def limits(pair: tuple[float, float] | None) -> dict[str, Any] | None:
        return None if pair is None else {"low": pair[0], "high": pair[1]}

    row = found.doubt
    dates: list[dict[str, Any]] = [
        {"day": shown.day, "not_known_to_have_left": shown.not_left}
        | {name: getattr(shown, name) for name in ("floor", "left_later", "named_later")}
        for shown in found.floor_rows
    ]
    withheld = sorted({name for each in dates for name, value in each.items() if value is None})
    return {
        "dates": dates,
        **({"withheld": withheld} if withheld else {}),
        "left_unreported": None if row is None else limits(row.left),
        "do_not_belong": None if row is None else limits(row.wrong),
        "held_if_all_belong": None if row is None else limits(row.all_belong),
        "held_if_wrong": [
            {"list": each.name, "share": share, "held": near(held)}
            for each in found.wrong_rows
            for share, held in each.held
        ],
    }
