"""The two-line bound: abundance if every doubtful pair is one person, and if none is."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from detcount import abundance
from detcount.captures import CaptureTable
from detcount.errors import DetcountWarning, NotEstimableError
from detcount.estimates import AbundanceEstimate
from detcount.printing import Column, frame_of, plain_rows
from detcount.shown import Result
from detcount.words import Message, Messages

if TYPE_CHECKING:
    import pandas as pd

message = Messages("detcount.linkage")


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
    """What an estimator says; None where it declines."""
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
class LinkageBound(Result):
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
            return message("listed if doubtful pairs are one", low=low, high=high)
        return message(
            "persons if doubtful pairs are one", low=self.all_match.point, high=self.none_match.point
        )

    def sentence(self) -> Message:
        """Say what the two numbers rest on."""
        low, high = self.doubtful
        stated = [message("pairs in doubt", n=self.n_pairs, low=low, high=high)]
        low, high = self.n_persons
        stated.append(message("persons listed in doubt", low=low, high=high))
        if self.all_match is not None and self.none_match is not None:
            low, high = self.all_match.point, self.none_match.point
            name = type(self.all_match.estimator).__name__
            stated.append(message("persons in all in doubt", estimator=name, low=low, high=high))
        return Message.together(stated)

    _columns = (
        Column(name="one person"),
        Column(value="words", title=Message("One person is")),
        Column(name="n_persons", title=Message("Listed"), write=","),
        Column(name="low", title=Message("Low"), write=",.0f"),
        Column(name="point", title=Message("Point"), write=",.0f"),
        Column(name="high", title=Message("High"), write=",.0f"),
    )

    def _cases(self, level: float) -> list[dict[str, Any]]:
        """The two cases, with their names in words."""
        names = (
            ("every doubtful pair", Message("every doubtful pair"), self.all_match),
            ("no doubtful pair", Message("no doubtful pair"), self.none_match),
        )
        cases = []
        for (name, words, estimate), n_persons in zip(names, self.n_persons, strict=True):
            low = point = high = None
            if estimate is not None:
                interval = estimate.interval(level)
                low, point, high = interval.low, estimate.point, interval.high
            numbers = {"n_persons": n_persons, "low": low, "point": point, "high": high}
            cases.append({"one person": name, "words": words, **numbers})
        return cases

    @property
    def _items(self) -> list[dict[str, Any]]:
        return self._cases(0.95)

    def rows(self, level: float = 0.95) -> list[dict[str, Any]]:
        """Give one row a case."""
        return plain_rows(self._columns, self._cases(level))

    def to_frame(self, level: float = 0.95) -> pd.DataFrame:
        """Give the two cases as a pandas frame, a row each."""
        return frame_of(self.rows(level))

    def __repr__(self) -> str:
        return f"<LinkageBound: {self.n_pairs:,} doubtful pairs; {self.headline()}>"
