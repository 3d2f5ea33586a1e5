"""How good a linkage is: as its own posterior says, or as labels of a sample measure it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from detcount._numerics.arrays import Floats, Ints
from detcount._numerics.intervals import quantiles
from detcount._numerics.linkage.agreement import agreement, count_pairs, pairs_within, ratio, ratio_limits
from detcount.errors import InputError
from detcount.frames import Frame
from detcount.printing import Column
from detcount.shown import Tabular
from detcount.words import Message, Messages

message = Messages("detcount.linkage")

_LEVEL = 0.95
_MOST_DRAWS = 400  # partitions that the expected errors are read from


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
    """How many of the links are right, and how many of the right ones are there.

    A link is a pair of rows of one person; a person with three rows has three of them.

    Parameters
    ----------
    basis : {"posterior", "labels"}
        Whether the errors are those that the posterior expects, or were measured with labels.
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
        return message(
            "quality",
            precision=self.precision.point,
            p_low=self.precision.low,
            p_high=self.precision.high,
            recall=self.recall.point,
            r_low=self.recall.low,
            r_high=self.recall.high,
        )

    def sentence(self) -> Message:
        """Say how many links are expected to be wrong or missing, and who says so."""
        counted = message(
            "links wrong and missing",
            links=Message.counted("1 link", "{n:,} links", n=self.n_links),
            wrong=self.wrong_links,
            missed=self.missed_links,
        )
        basis = (
            Message("So the posterior of the linkage expects, if its model of errors is right.")
            if self.basis == "posterior"
            else message(
                "measured on persons",
                persons=Message.counted("1 labelled person", "{n:,} labelled persons", n=self.n_labelled),
            )
        )
        return Message.together((counted, basis))

    def __repr__(self) -> str:
        return f"<LinkageQuality: {self.headline()}>"


def expected_quality(point: Ints, draws: Ints, missed: float) -> LinkageQuality:
    """What the posterior expects of a partition; `missed` is the share of links that were never compared."""
    some = draws[np.linspace(0, len(draws) - 1, min(len(draws), _MOST_DRAWS)).astype(np.int64)]
    precision, recall, f1 = agreement(point, some)
    recall = recall * (1 - missed)
    if missed:
        f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-12)

    def share(values: Floats) -> Share:
        tail = (1 - _LEVEL) / 2
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
        return Share(ratio(top, bottom), *ratio_limits(top, bottom, _LEVEL))

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
            raise InputError(message("no row to label", row=read.rows(position))) from None
    if len(set(records)) < len(records):
        raise InputError(Message("labels: a row is labelled twice. Label every row once"))
    if not records:
        raise InputError(Message("labels: expected the rows of at least one person, got none"))
    _, cluster = np.unique(list(map(str, cells["person"])), return_inverse=True)
    return np.array(records), cluster.astype(np.int64)
