"""The result: how many are held, day by day, and every way to print it.

It is one class, most of it the documentation of what it answers.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from detcount.assessment.common.result import Assessed
from detcount.assessment.common.verdict import LEVEL, Finding, Verdict, reason
from detcount.assessment.stock.content import AnswerKey, StockContent
from detcount.assessment.stock.document import path_figure, registers_figure, stock_document, verdict_words
from detcount.assumptions import Assumption
from detcount.citation import Reference
from detcount.definition import Definition, common
from detcount.errors import NotEstimableError
from detcount.estimates import StockPath, versions
from detcount.estimates.result import plain, provenance
from detcount.operates import Operates
from detcount.persons import PersonLists
from detcount.printing import frame_of
from detcount.privacy import Disclosure, keyed_digest
from detcount.published import PublishedArrests, PublishedReleases, PublishedStock
from detcount.reports.blocks import Document
from detcount.reports.numbers import persons
from detcount.reports.printed import figure_of
from detcount.stock import Snapshots, WrongShare
from detcount.stock.audit import StockFlowAudit
from detcount.stock.forecasts import RegisterBacktest, RegisterForecast
from detcount.stock.series import SeriesDetail
from detcount.words import Message

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


_NUMBERS = ("low", "median", "high", "floor", "ceiling", "identified_by")


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class StockAssessment(Assessed[StockContent]):
    """What lists of names and published totals can say about how many are held, day by day.

    Made by `assess_stock`. ``print(assessment)`` shows the sentences and the numbers.

    Parameters
    ----------
    people : PersonLists, optional
        Who is on which list, as known on `as_of`.
    drawn : tuple of PersonLists
        The other drawn partitions of rows into persons, where several were given.
    linked : bool
        Whether the persons come from rows that were linked, be it one partition: the public reads one day.
    stock : PublishedStock, optional
        Published totals, as known on `as_of`.
    arrests : PublishedArrests, optional
        Published arrests.
    releases : PublishedReleases, optional
        Published releases.
    as_of : datetime.date
        Last day that the data could know.
    day : datetime.date
        The day that verdict and sentence are about.
    seed : int
        Seed of every fit.
    answers : dict of str to StockPath
        The path of each method that answered: "lists", "integrated", "balance".
    declined : dict of str to NotEstimableError
        Why other methods have no answer.
    snapshots : Snapshots, optional
        The tables of the lists.
    all_belong : StockPath, optional
        The answer of the lists for the last days, if everybody on them belongs.
    audits : tuple of StockFlowAudit
        Exits that the totals of the register with most totals imply; none without its arrests.
    forecasts : tuple of (RegisterForecast, RegisterBacktest)
        What that register will publish, and how such forecasts did.
    has_anchors : bool
        Whether estimates at some dates were given.
    wrong : WrongShare
        Which share of the entries of lists was taken not to belong.
    operates : Operates, optional
        Where and when lists operate, where that was said.
    verdict : {"estimate", "range", "register only", "floor only", "refuse"}
        What can be printed.
    findings : tuple of Finding
        The rules that apply.
    recommended_key : str, optional
        Key of the recommended answer; None where no method answered.
    fill : callable
        Makes the rows of a report, for a disclosure.

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

    people: PersonLists | None
    drawn: tuple[PersonLists, ...]
    linked: bool
    stock: PublishedStock | None
    arrests: PublishedArrests | None
    releases: PublishedReleases | None
    as_of: dt.date
    day: dt.date
    seed: int
    answers: dict[AnswerKey, StockPath]
    declined: dict[AnswerKey, NotEstimableError]
    snapshots: Snapshots | None
    all_belong: StockPath | None
    audits: tuple[StockFlowAudit, ...]
    forecasts: tuple[RegisterForecast | None, RegisterBacktest | None]
    has_anchors: bool
    wrong: WrongShare
    operates: Operates | None
    verdict: Verdict
    findings: tuple[Finding, ...]
    recommended_key: AnswerKey | None
    fill: Callable[[StockAssessment, Disclosure], StockContent]

    @property
    def path(self) -> StockPath | None:
        """The recommended path; None where no method answered."""
        return None if self.recommended_key is None else self.answers[self.recommended_key]

    @property
    def definition(self) -> Definition | None:
        """Who is counted; None where nobody said so, or the data differ."""
        data = (self.people, self.stock)
        return common(each.definition for each in data if each is not None and each.definition is not None)

    @property
    def assumptions(self) -> tuple[Assumption, ...]:
        """What the recommended answer assumes."""
        return () if self.path is None else self.path.assumptions

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader must know besides."""
        return self.content("full").notes

    @property
    def reason(self) -> str:
        """Why the verdict is what it is; a `Message`, which can be said in other languages."""
        return reason(self.findings)

    @property
    def _private(self) -> bool:
        return self.people is not None

    def _content(self, disclosure: Disclosure, digest_key: str | None) -> StockContent:
        content = self.fill(self, disclosure)
        if disclosure == "full" or digest_key is None or self.people is None:
            return content
        people = ("keyed people", keyed_digest(self.people, digest_key))
        return replace(content, digests=(people, *content.digests))

    def _document(self, content: StockContent, *, named: bool) -> Document:
        return stock_document(content)

    def headline(self, *, disclosure: Disclosure | None = None) -> Message:
        """Give the limits of the day and the verdict, in one line.

        Parameters
        ----------
        disclosure : {"public", "full"}, optional
            As in `document`.

        Returns
        -------
        Message
            The line, which can be said in any language.
        """
        content = self.content(disclosure)
        verdict = verdict_words(content)
        row = next((row for row in content.answers if row.recommended), None)
        if row is None or self.verdict not in ("estimate", "range"):
            return verdict
        held = Message("{low} to {high} people held (95%).", low=persons(row.low), high=persons(row.high))
        return Message.together((held, verdict))

    def rows(self, level: float = 0.95, *, disclosure: Disclosure | None = None) -> list[dict[str, Any]]:
        """Give every answer as rows of a table, one dictionary a method and day.

        Parameters
        ----------
        level : float, optional
            Credibility of the limits of each day, in (0, 1).
        disclosure : {"public", "full"}, optional
            As in `document`; in public the answers stand for their last day alone, at 95%.

        Returns
        -------
        list of dict
            Method, whether it is recommended, day, limits, median, bounds, and what they rest on.
        """
        content = self.content(disclosure)
        if content.disclosure == "public":
            return [
                {"answer": row.key, "recommended": row.recommended, "date": row.day, "level": LEVEL}
                | {name: getattr(row, name) for name in _NUMBERS}
                for row in content.answers
            ]
        found: list[dict[str, Any]] = []
        for key, path in self.answers.items():
            first = {"answer": key, "recommended": key == self.recommended_key}
            days: list[dict[Any, Any]] = path.to_frame(level).drop(columns="estimated").to_dict("records")
            found.extend({**first, **row} for row in days)
        return found

    def to_frame(self, level: float = 0.95, *, disclosure: Disclosure | None = None) -> pd.DataFrame:
        """Give every answer day by day as a pandas frame.

        Parameters
        ----------
        level : float, optional
            Credibility of the limits of each day, in (0, 1).
        disclosure : {"public", "full"}, optional
            As in `document`; in public the answers stand for their last day alone, at 95%.

        Returns
        -------
        pandas.DataFrame
            Columns ``answer``, ``recommended``, ``date``, ``low``, ``median``, ``high``, ``level``,
            ``floor``, ``ceiling``, ``identified_by``.
        """
        return frame_of(self.rows(level, disclosure=disclosure))

    def plot(self, *, lang: str = "en", disclosure: Disclosure | None = None) -> Figure:
        """Draw the recommended path with its bounds, and published totals as points.

        Parameters
        ----------
        lang : str, optional
            Language of the words and numbers, one of `detcount.words.languages`.
        disclosure : {"public", "full"}, optional
            As in `document`.

        Returns
        -------
        matplotlib.figure.Figure
            The figure, on a canvas of its own; ``figure.savefig("held.png")`` writes it.

        Raises
        ------
        InputError
            If the language or the disclosure is unknown.
        """
        return figure_of(partial(path_figure, content=self.content(disclosure)), lang)

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
        return figure_of(partial(registers_figure, content=self.content("full")), lang)

    def record(self, *, disclosure: Disclosure | None = None) -> dict[str, Any]:
        """Give everything needed to make the numbers again, as plain values that JSON can hold.

        Parameters
        ----------
        disclosure : {"public", "full"}, optional
            As in `document`; in public the paths are left out.

        Returns
        -------
        dict
            Verdict with its reasons, answers, what lists show of each date and what wrong entries do, what
            was declined, seed, digests, versions.
        """
        content = self.content(disclosure)
        public = content.disclosure == "public"
        known = {
            "disclosure": content.disclosure,
            "as_of": self.as_of,
            "day": self.day,
            "verdict": self.verdict,
            "findings": self.findings,
            "sentence": content.sentence,
            "recommended": self.recommended_key,
            "answers": [
                {"answer": row.key, "day": row.day} | {name: getattr(row, name) for name in _NUMBERS}
                for row in content.answers
            ],
            "listed": _listed(content),
            "paths": {} if public else self.answers,
            "audits": self.audits,
            "declined": [{"answer": row.key, "reason": row.reason} for row in content.declined],
            "definition": self.definition,
            "with_anchors": self.has_anchors,
            "wrong": self.wrong.by_list or None,
            "operates": None if self.operates is None else asdict(self.operates),
            "seed": self.seed,
            "data_sha256": dict(content.digests),
        }
        return plain(known) | ({"versions": versions()} if public else provenance())

    @property
    def references(self) -> tuple[Reference, ...]:
        """Papers of the estimators behind the lists."""
        path = self.answers.get("lists")
        if path is None or not isinstance(path.detail, SeriesDetail):
            return ()
        made = (estimate.estimator for estimate in path.detail.estimates.values())
        return tuple(dict.fromkeys(paper for estimator in made for paper in estimator.references))


def _listed(content: StockContent) -> dict[str, Any]:
    """What lists show of each date, and what wrong entries do, as plain values."""

    def limits(pair: tuple[float, float] | None) -> dict[str, Any] | None:
        return None if pair is None else {"low": pair[0], "high": pair[1]}

    row = content.doubt
    dates: list[dict[str, Any]] = [
        {"day": shown.day, "not_known_to_have_left": shown.not_left}
        | {name: getattr(shown, name) for name in ("floor", "left_later", "named_later")}
        for shown in content.floors
    ]
    withheld = sorted({name for each in dates for name, value in each.items() if value is None})
    return {
        "dates": dates,
        **({"withheld": withheld} if withheld else {}),
        "left_unreported": None if row is None else limits(row.left),
        "do_not_belong": None if row is None else limits(row.wrong),
        "held_if_all_belong": None if row is None else limits(row.all_belong),
        "held_if_wrong": [
            {"list": each.name, "share": share, "held": held}
            for each in content.wrong
            for share, held in each.held
        ],
    }
