"""Quality of a linkage, by its own posterior or by labels, and the two-line bound of abundance."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from detcount import abundance
from detcount._numerics.arrays import Floats, Ints
from detcount._numerics.intervals import quantiles
from detcount._numerics.linkage.agreement import agreement, count_pairs, pairs_within, ratio, ratio_limits
from detcount._numerics.linkage.settings import TUNING
from detcount.data.captures import CaptureTable
from detcount.errors import DetcountWarning, InputError, NotEstimableError
from detcount.estimates import AbundanceEstimate
from detcount.reading.frames import Frame
from detcount.reports.printing import Column
from detcount.reports.shown import Tabular
from detcount.words import Message


@dataclass(frozen=True)
class Share:
    """A share with its limits.

    Parameters
    ----------
    point, low, high : float
        The share, and its limits at 95%.

    Examples
    --------
    >>> import detcount as dc
    >>> lists = dc.linkage.read_lists(
    ...     {
    ...         "press": {"Nombre": ["Ana Pérez Rojas", "Luis Mora"], "Cédula": ["V-12.345.678", ""]},
    ...         "families": {"Apellidos": ["PEREZ ROJAS"], "Nombres": ["ANA"], "CI": ["12345678"]},
    ...     }
    ... )
    >>> linked = dc.linkage.link(lists, n_draws=200)
    >>> linked.quality.precision.high
    1.0
    """

    point: float
    low: float
    high: float


@dataclass(frozen=True, repr=False, kw_only=True)
class LinkageQuality(Tabular):
    """Precision, recall and F1 of links.

    A link is a pair of rows of one person; a person with three rows has three of them.

    Parameters
    ----------
    basis : {"posterior", "labels"}
        True if the posterior expects these errors; False if labels measured them.
    precision : Share
        Share of the links made that are right.
    recall : Share
        Share of the right links that were made.
    f1 : Share
        Harmonic mean of both.
    n_links : int
        Links made.
    n_labelled : int, optional
        Persons whose rows were labelled; 0 for the posterior.

    Examples
    --------
    >>> from detcount.linkage import LinkageQuality, Share
    >>> share = Share(0.98, 0.96, 0.99)
    >>> LinkageQuality(basis="labels", precision=share, recall=share, f1=share, n_links=320, n_labelled=200)
    <LinkageQuality: links: 98.0% right (96.0% to 99.0%), 98.0% of the right ones made (96.0% to 99.0%)>
    """

    basis: Literal["posterior", "labels"]
    precision: Share
    recall: Share
    f1: Share
    n_links: int
    n_labelled: int = 0

    @property
    def wrong_links(self) -> float:
        """Links made that are expected to be wrong."""
        return self.n_links * (1 - self.precision.point)

    @property
    def missed_links(self) -> float:
        """Right links that are expected to be missing."""
        right = self.n_links * self.precision.point
        return right * (1 / self.recall.point - 1) if self.recall.point > 0 else float("inf")

    _columns = (
        Column(name="share"),
        Column(value="name", title=Message("Share")),
        Column(name="low", title=Message("Low"), write=".1%"),
        Column(name="point", title=Message("Point"), write=".1%"),
        Column(name="high", title=Message("High"), write=".1%"),
        Column(name="basis"),
    )

    @property
    def _items(self) -> list[dict[str, Any]]:
        names = {"precision": Message("Precision"), "recall": Message("Recall"), "f1": Message("F1")}
        return [
            {"share": key, "name": name, "basis": self.basis, **vars(getattr(self, key))}
            for key, name in names.items()
        ]

    def headline(self) -> Message:
        """Say precision and recall in one line."""
        return Message(
            "links: {precision:.1%} right ({p_low:.1%} to {p_high:.1%}), {recall:.1%} of the right ones made "
            "({r_low:.1%} to {r_high:.1%})",
            precision=self.precision.point,
            p_low=self.precision.low,
            p_high=self.precision.high,
            recall=self.recall.point,
            r_low=self.recall.low,
            r_high=self.recall.high,
        )

    def sentence(self) -> Message:
        """Word the expected numbers of wrong and missing links, and their source."""
        counted = Message(
            "Of {links} about {wrong:,.0f} are wrong, and about {missed:,.0f} are missing.",
            links=Message.counted("1 link", "{n:,} links", n=self.n_links),
            wrong=self.wrong_links,
            missed=self.missed_links,
        )
        basis = (
            Message("So the posterior of the linkage expects, if its model of errors is right.")
            if self.basis == "posterior"
            else Message(
                "This was measured on {persons}.",
                persons=Message.counted("1 labelled person", "{n:,} labelled persons", n=self.n_labelled),
            )
        )
        return Message.together((counted, basis))


def expected_quality(point: Ints, draws: Ints, missed: float) -> LinkageQuality:
    """Errors that the posterior expects of a partition; `missed` is the share of links never compared."""
    some = draws[np.linspace(0, len(draws) - 1, min(len(draws), TUNING.quality_draws)).astype(np.int64)]
    precision, recall, f1 = agreement(point, some)
    recall = recall * (1 - missed)
    if missed:
        f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-12)

    def share(values: Floats) -> Share:
        tail = (1 - TUNING.quality_level) / 2
        low, high = quantiles(values, np.array([tail, 1 - tail])).tolist()
        return Share(float(values.mean()), low, high)

    return LinkageQuality(
        basis="posterior",
        precision=share(precision),
        recall=share(recall),
        f1=share(f1),
        n_links=pairs_within(point),
    )


def measured_quality(point: Ints, places: dict[tuple[str, int], int], labels: Any) -> LinkageQuality:
    """Measure a partition with the rows of some persons; `places` are those of rows by list and number."""
    rows, cluster = _labelled(places, labels)
    counts = count_pairs(point, rows, cluster)

    def share(top: Floats, bottom: Floats) -> Share:
        return Share(ratio(top, bottom), *ratio_limits(top, bottom, TUNING.quality_level))

    return LinkageQuality(
        basis="labels",
        precision=share(counts.right, counts.kept),
        recall=share(counts.right, counts.true),
        f1=share(2 * counts.right, counts.kept + counts.true),
        n_links=pairs_within(point),
        n_labelled=len(counts.true),
    )


def _labelled(places: dict[tuple[str, int], int], labels: Any) -> tuple[Ints, Ints]:
    """Places of the labelled rows, and their persons from 0."""
    read = Frame.of(labels)
    cells = read.cells(["list", "row", "person"])
    records = []
    for position, (name, number) in enumerate(zip(cells["list"], cells["row"], strict=True)):
        try:
            records.append(places[str(name), int(number)])
        except (ValueError, KeyError, TypeError):
            raise InputError(
                Message(
                    "labels, {row}: expected the name of a list and the number of one of its rows, got "
                    "something else",
                    row=read.rows(position),
                )
            ) from None
    if len(set(records)) < len(records):
        raise InputError(Message("labels: a row is labelled twice. Label every row once"))
    if not records:
        raise InputError(Message("labels: expected the rows of at least one person, got none"))
    _, cluster = np.unique(list(map(str, cells["person"])), return_inverse=True)
    return np.array(records), cluster.astype(np.int64)


def default_estimator(n_lists: int) -> Any:
    """Give the simplest estimator of so many lists, which takes them for independent.

    Parameters
    ----------
    n_lists : int
        Number of lists.

    Returns
    -------
    Estimator or None
        `Chapman` for two lists, `LogLinear` without interactions for more; None for one list.

    Examples
    --------
    >>> from detcount.linkage import default_estimator
    >>> default_estimator(2), default_estimator(3)
    (Chapman(), LogLinear())
    """
    if n_lists < 2:
        return None
    return abundance.Chapman() if n_lists == 2 else abundance.LogLinear()


def estimated(estimator: Any, table: CaptureTable | None, seed: int = 0) -> AbundanceEstimate | None:
    """The estimate; None where the estimator declines."""
    if estimator is None or table is None:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DetcountWarning)
            found = estimator.fit(table, seed=seed)
    except NotEstimableError:
        return None
    return found if isinstance(found, AbundanceEstimate) else None


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class LinkageBound(Tabular):
    """Abundance if every doubtful pair of rows is one person, and if none is.

    Parameters
    ----------
    n_pairs : int
        Doubtful pairs.
    all_match, none_match : AbundanceEstimate or None
        Abundance, persons, if all are one person and if none is; None where the estimator has no answer.
    n_persons : tuple of int
        Persons listed in the two cases.
    doubtful : tuple of float
        Probabilities between which a pair is doubtful.

    Examples
    --------
    >>> import detcount as dc
    >>> lists = dc.linkage.read_lists(
    ...     {
    ...         "press": {"Nombre": ["Ana Pérez Rojas", "Luis Mora"], "Cédula": ["V-12.345.678", ""]},
    ...         "families": {"Apellidos": ["PEREZ ROJAS"], "Nombres": ["ANA"], "CI": ["12345678"]},
    ...     }
    ... )
    >>> linked = dc.linkage.link(lists, n_draws=200)
    >>> print(linked.bound().headline())
    2 persons listed if every doubtful pair is one person, 2 if none is
    """

    n_pairs: int
    all_match: AbundanceEstimate | None
    none_match: AbundanceEstimate | None
    n_persons: tuple[int, int]
    doubtful: tuple[float, float]

    def headline(self) -> Message:
        """Give the two numbers in one line."""
        low, high = self.n_persons
        if self.all_match is None or self.none_match is None:
            return Message(
                "{low:,} persons listed if every doubtful pair is one person, {high:,} if none is",
                low=low,
                high=high,
            )
        return Message(
            "{low:,.0f} persons if every doubtful pair is one person, {high:,.0f} if none is",
            low=self.all_match.point,
            high=self.none_match.point,
        )

    def sentence(self) -> Message:
        """Say what the two numbers rest on."""
        low, high = self.doubtful
        stated = [
            Message.counted(
                "1 pair of rows is doubtful, with a probability of {low:.0%} to {high:.0%} to be one person.",
                "{n:,} pairs of rows are doubtful, with a probability of {low:.0%} to {high:.0%} to be one "
                "person.",
                n=self.n_pairs,
                low=low,
                high=high,
            )
        ]
        low, high = self.n_persons
        stated.append(
            Message(
                "If every one of them is one person the lists name {low:,} persons; if none is, {high:,}.",
                low=low,
                high=high,
            )
        )
        if self.all_match is not None and self.none_match is not None:
            low, high = self.all_match.point, self.none_match.point
            name = type(self.all_match.estimator).__name__
            stated.append(
                Message(
                    "The estimate by {estimator} is then {low:,.0f} persons in all, and {high:,.0f}.",
                    estimator=name,
                    low=low,
                    high=high,
                )
            )
        return Message.together(stated)

    _columns = (
        Column(name="one person"),
        Column(value="words", title=Message("One person is")),
        Column(name="n_persons", title=Message("Listed"), write=","),
        Column(name="low", title=Message("Low"), write=",.0f"),
        Column(name="point", title=Message("Point"), write=",.0f"),
        Column(name="high", title=Message("High"), write=",.0f"),
    )

    @property
    def _items(self) -> list[dict[str, Any]]:
        names = {"every doubtful pair": self.all_match, "no doubtful pair": self.none_match}
        words = (Message("every doubtful pair"), Message("no doubtful pair"))
        items: list[dict[str, Any]] = []
        for (name, estimate), in_words, n in zip(names.items(), words, self.n_persons, strict=True):
            low = point = high = None
            if estimate is not None:
                (low, high), point = estimate.interval(TUNING.quality_level), estimate.point
            numbers = {"n_persons": n, "low": low, "point": point, "high": high}
            items.append({"one person": name, "words": in_words, **numbers})
        return items

    def __repr__(self) -> str:
        return f"<LinkageBound: {self.n_pairs:,} doubtful pairs; {self.headline()}>"
