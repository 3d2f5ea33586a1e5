"""Who is counted: the definition that stands beside numbers, so that unlike things are not compared."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, get_args

from detcount.contract import arguments
from detcount.errors import InputError, InputTypeError
from detcount.words import Message

Unit = Literal["person", "detention"]
NOT_DEFINED = Message(
    "Nobody stated who is counted here: whether persons or detentions, who, where and when. Numbers of "
    "different definitions are not to be compared or added."
)
_UNLIKE = Message("Numbers that count different things are not to be compared or added")
_ONCE: dict[Unit, Message] = {
    "person": Message("each person once"),
    "detention": Message("each detention once, so that a person detained twice counts twice"),
}


@dataclass(frozen=True, kw_only=True)
class Definition:
    """Who is counted: the population that a table, a published count or an estimate speaks of.

    A person with two spells in detention is one person and two detentions. Numbers that count one thing and
    numbers that count another cannot be added or compared, and are refused where that is tried.

    Parameters
    ----------
    unit : {"person", "detention"}
        Whether each person counts once, or each detention.
    who : str
        Whom, in words: ``"people held for political ends"``. Printed unchanged in every language.
    where : str, optional
        The territory or place. Printed unchanged.
    period : tuple of two str or datetime.date, optional
        First and last day: whoever belongs to the population on any of these days is counted. Written as
        year, month, day: 2026-01-31.
    day : str or datetime.date, optional
        The day at whose end the population is counted, instead of a period.
    excludes : tuple of str, optional
        Who is not counted. Printed unchanged.

    Raises
    ------
    InputError
        If the unit is unknown, `who` is empty, a text has several lines, a day is not a day, the period ends
        before it starts, or both a period and a day are given.

    Notes
    -----
    A definition changes no number: it is no part of the equality of tables or of their digest.

    Examples
    --------
    >>> from detcount import Definition
    >>> held = Definition(
    ...     unit="person",
    ...     who="people held for political ends",
    ...     period=("2024-07-29", "2025-01-31"),
    ... )
    >>> print(held.sentence())
    Who is counted: people held for political ends; from 29 July 2024 to 31 January 2025; each person once.
    """

    unit: Unit
    who: str
    where: str = ""
    period: tuple[dt.date, dt.date] | None = None
    day: dt.date | None = None
    excludes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not isinstance(self.unit, str) or self.unit not in get_args(Unit):
            raise InputError(
                Message("definition, unit: expected 'person' or 'detention', got something else")
            )
        object.__setattr__(self, "who", _text("who", self.who))
        if not isinstance(self.where, str) or self.where:
            object.__setattr__(self, "where", _text("where", self.where))
        if self.period is not None and self.day is not None:
            raise InputError(
                Message(
                    "definition: expected a period or a day, got both. A period counts whoever was in the "
                    "population on any of its days, a day whoever was in it at its end"
                )
            )
        if self.period is not None:
            object.__setattr__(self, "period", _period(self.period))
        if self.day is not None:
            object.__setattr__(self, "day", arguments.day("definition, day", self.day))
        if isinstance(self.excludes, str) or not isinstance(self.excludes, Iterable):
            raise InputTypeError(
                Message(
                    "definition, excludes: expected a tuple of texts, got {kind}",
                    kind=type(self.excludes).__name__,
                )
            )
        object.__setattr__(self, "excludes", tuple(_text("excludes", each) for each in self.excludes))

    def sentence(self) -> Message:
        """Say who is counted, as a sentence; ``sentence().translated("es")`` says it in Spanish.

        Returns
        -------
        Message
            The sentence. What the definition holds stands in it unchanged.
        """
        parts: list[str] = [self.who]
        if self.where:
            parts.append(self.where)
        if self.period is not None:
            start, end = self.period
            parts.append(Message("from {start} to {end}", start=start, end=end))
        if self.day is not None:
            parts.append(Message("at the end of {day}", day=self.day))
        parts.append(_ONCE[self.unit])
        if self.excludes:
            parts.append(Message("not counted: {names:,}", names=self.excludes))
        return Message("Who is counted: {parts:;}.", parts=parts)

    def record(self) -> dict[str, Any]:
        """Give the definition as plain values that JSON can hold.

        Returns
        -------
        dict
            The fields; days as text.
        """
        return {
            "unit": self.unit,
            "who": self.who,
            "where": self.where,
            "period": None if self.period is None else [day.isoformat() for day in self.period],
            "day": None if self.day is None else self.day.isoformat(),
            "excludes": list(self.excludes),
        }


def checked(definition: Any) -> Definition | None:
    """Give a definition, or None where there is none; anything else is a wrong type."""
    if definition is not None and not isinstance(definition, Definition):
        raise InputTypeError(
            Message("definition: expected a Definition or None, got {kind}", kind=type(definition).__name__)
        )
    return definition


def require_comparable(
    where: str,
    definitions: Iterable[Definition | None],
    *,
    fields: tuple[str, ...] = ("unit", "who", "where", "period", "day", "excludes"),
) -> None:
    """Refuse to compare what counts different things; data without a definition are not checked."""
    stated = [definition for definition in definitions if definition is not None]
    for field in fields:
        if len({getattr(definition, field) for definition in stated}) > 1:
            raise InputError(
                Message(
                    "{where}: expected numbers of one definition, got different values of {field!r}. {why}",
                    where=where,
                    field=field,
                    why=_UNLIKE,
                )
            )


def require_strata(where: str, definitions: Iterable[Definition | None]) -> None:
    """Refuse to add parts that count different things; parts differ in who is counted, or where."""
    stated = [definition for definition in definitions if definition is not None]
    require_comparable(where, stated, fields=("unit", "period", "day", "excludes"))
    if len({each.who for each in stated}) > 1 and len({each.where for each in stated}) > 1:
        raise InputError(
            Message(
                "{where}: expected parts that differ in who is counted or in where, got parts that differ in "
                "both. {why}",
                where=where,
                why=_UNLIKE,
            )
        )


def common(definitions: Iterable[Definition | None]) -> Definition | None:
    """Give the definition that all have, or None."""
    found = set(definitions)
    return found.pop() if len(found) == 1 else None


def _text(name: str, value: Any) -> str:
    """A text of one line with something in it."""
    if not isinstance(value, str):
        raise InputTypeError(
            Message("definition, {name}: expected text, got {kind}", name=name, kind=type(value).__name__)
        )
    if not value.strip() or len(value.splitlines()) > 1:
        raise InputError(
            Message("definition, {name}: expected text of one line, got none, or several lines", name=name)
        )
    return value


def _period(value: Any) -> tuple[dt.date, dt.date]:
    """First and last day."""
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise InputTypeError(
            Message("definition, period: expected two days, got {kind}", kind=type(value).__name__)
        )
    days = tuple(value)
    if len(days) != 2:
        raise InputError(
            Message("definition, period: expected two days, the first and the last, got {n}", n=len(days))
        )
    start, end = (arguments.day("definition, period", each) for each in days)
    if end < start:
        raise InputError(
            Message(
                "definition, period: it ends on {end}, before it starts on {start}. Swap the two",
                end=end.isoformat(),
                start=start.isoformat(),
            )
        )
    return start, end
