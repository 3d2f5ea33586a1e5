"""Marks in place of 0 and 1, such as "x" or "sí": which there are, and reading those that were asked for."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detcount import arguments
from detcount.errors import InputError
from detcount.frames.asking import how_to_ask
from detcount.frames.cells import kind_of_cell, missing, or_between, shown
from detcount.frames.places import Place
from detcount.words import Message, quoted

_WITH_ZEROS = re.compile(r"[+-]?\d{1,15}(?:\.0*)?", re.ASCII)

# What people write for "is on the list" and "is not"; a column of nothing else can be described.
YES = ("x", "si", "sí", "s", "yes", "y", "true", "verdadero", "v", "✓", "✔", "*", "+")
NO = ("no", "n", "false", "falso", "f", "-", "–", "—")
_ZERO_ALREADY, _ONE_ALREADY = "0", "1"


@dataclass(frozen=True)
class Marks:
    """Words that mean 1 and 0 in a table because its reader asked for it.

    Parameters
    ----------
    yes, no : sequence of str, optional
        Words for 1 and for 0, beside the figures; spaces, capitals and accents make no difference. A figure 1
        in a column of words has to be one of them.
    blank_is_0 : bool, optional
        Whether a blank cell means 0.
    """

    yes: Sequence[str] = ()
    no: Sequence[str] = ()
    blank_is_0: bool = False
    _known: dict[str, bool] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        known = {_ZERO_ALREADY: False, _ONE_ALREADY: True}
        for name, words, means in (("yes", self.yes, True), ("no", self.no, False)):
            for word in _words(name, words):
                if known.setdefault(word, means) is not means:
                    raise InputError(
                        Message(
                            "{name}: {word!r} means {number} already",
                            name=name,
                            word=word,
                            number=int(not means),
                        )
                    )
        arguments.true_or_false("blank_is_0", self.blank_is_0)
        object.__setattr__(self, "yes", tuple(self.yes))
        object.__setattr__(self, "no", tuple(self.no))
        object.__setattr__(self, "_known", known)

    def __bool__(self) -> bool:
        return bool(self.yes or self.no or self.blank_is_0)

    def note(self) -> Message:
        """What readers of the table must know of it."""
        blank = [Message("a blank cell")] if self.blank_is_0 else []
        ones, zeros = list(map(quoted, self.yes)), [*map(quoted, self.no), *blank]
        if not zeros:
            return Message(
                "in the columns of lists {ones} was read as 1, as was asked", ones=or_between(ones)
            )
        if not ones:
            return Message(
                "in the columns of lists {zeros} was read as 0, as was asked", zeros=or_between(zeros)
            )
        return Message(
            "in the columns of lists {ones} was read as 1 and {zeros} as 0, as was asked",
            ones=or_between(ones),
            zeros=or_between(zeros),
        )

    def read(self, cells: Iterable[Any], n_cells: int, place: Place) -> NDArray[np.uint8]:
        """Cells of a column as 0 and 1; the first that is neither is refused, by its row.

        So is a figure 1 among words, unless it is one of them: it may be a slip, or a total.
        """
        seen: dict[Any, bool] = {}
        marks = np.empty(n_cells, dtype=np.uint8)
        words, figure = False, -1
        for row, cell in enumerate(cells):
            try:
                mark = seen.get(cell)
            except TypeError:  # a cell that holds several things
                mark = None
            if mark is None:
                mark = self._meaning(cell, place, row)
                number = number_of(cell)
                words |= number is None and not missing(cell)
                figure = row if number == 1 and figure < 0 else figure
                if cell == cell:
                    seen[cell] = mark
            marks[row] = mark
        if words and figure >= 0 and _ONE_ALREADY not in map(arguments.plain, self.yes):
            raise InputError(
                Message(
                    "{where}: expected a word that yes or no names, got the figure 1 in a column of such "
                    "words. If it is meant, {ask}",
                    where=place.at(figure),
                    ask=how_to_ask({"yes": [*self.yes, _ONE_ALREADY]}),
                )
            )
        return marks

    def _meaning(self, cell: Any, place: Place, row: int) -> bool:
        """Whether a cell means 1; a cell that means nothing is refused."""
        if missing(cell):
            if self.blank_is_0:
                return False
            raise InputError(
                Message(
                    "{where}: the cell is blank. If that means 0, {ask}; if nobody knows, leave the row out",
                    where=place.at(row),
                    ask=how_to_ask({"blank_is_0": True}),
                ),
                ask_for={"blank_is_0": True},
            )
        number = number_of(cell)
        if isinstance(cell, str) and arguments.plain(cell) in self._known:
            return self._known[arguments.plain(cell)]
        if number is not None and math.isfinite(number) and f"{number:g}" in self._known:
            return self._known[f"{number:g}"]
        mark = mark_of(cell)
        if mark is not None:
            ask_for = {"yes": [*self.yes, mark]} if mark in YES else {"no": [*self.no, mark]}
            raise InputError(
                Message(
                    "{where}: expected 0, 1 or a word that yes or no names, got {mark!r}. If it means "
                    "{number}, {ask}",
                    where=place.at(row),
                    mark=mark,
                    number=int(mark in YES),
                    ask=how_to_ask(ask_for),
                ),
                ask_for=ask_for,
            )
        raise InputError(
            Message(
                "{where}: expected 0, 1 or a word that yes or no names, got {got}",
                where=place.at(row),
                got=shown(number) if number is not None else kind_of_cell(cell),
            )
        )


def _words(name: str, words: Any) -> list[str]:
    """Words as they are compared; one text is not taken for the words of its letters."""
    if isinstance(words, str):
        raise InputError(
            Message(
                "{name}: expected several words, got the text {text!r}. Write [{text!r}]",
                name=name,
                text=words,
            )
        )
    try:
        found = list(words)
    except TypeError:
        raise TypeError(
            Message("{name}: expected a sequence of words, got {kind}", name=name, kind=type(words).__name__)
        ) from None
    for word in found:
        if not isinstance(word, str):
            raise TypeError(
                Message("{name}: expected words as text, got {kind}", name=name, kind=type(word).__name__)
            )
        if not word.strip():
            raise InputError(
                Message(
                    "{name}: expected words, got a blank one. If blank cells mean 0, {ask}",
                    name=name,
                    ask=how_to_ask({"blank_is_0": True}),
                )
            )
    return [arguments.plain(word) for word in found]


def mark_of(value: Any) -> str | None:
    """A mark that people write in place of 1 and 0, in one spelling."""
    if not isinstance(value, str):
        return None
    plain = unicodedata.normalize("NFC", value.strip()).casefold()
    return plain if plain in YES or plain in NO else None


def means_yes(value: Any) -> bool | None:
    """Whether a cell says yes, by a mark or by 1 and 0; None where it says neither yes nor no."""
    mark, number = mark_of(value), number_of(value)
    if mark is not None:
        return mark in YES
    return bool(number) if number in (0, 1) else None


def number_of(value: Any) -> float | None:
    """Number that a cell holds, also as text in figures."""
    if isinstance(value, str):
        return float(value) if _WITH_ZEROS.fullmatch(value.strip()) else None
    if isinstance(value, (bool, int, float, np.bool_, np.integer, np.floating)):
        try:
            return float(value)
        except OverflowError:
            return math.inf
    return None
