"""Whether each row is another person: identifiers that stand twice, and counts that nobody named."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detcount.arguments import plain
from detcount.errors import InputError
from detcount.frames import Column, Frame, Place, either, missing, numbered
from detcount.frames.places import message
from detcount.words import Message

NOTE_NO_PERSON = (
    "each row was counted as one person, and no column with an identifier was given that could show it: "
    "a person who stands in two rows is counted twice"
)
NOTE_LIKELY_COUNT = (
    "each row was counted as one person, although the column {column!r} holds whole numbers and is called "
    "like a count: if it says how many persons a row stands for, they were not counted"
)
_FEWEST_NAMES = 10  # so many lists or strata, most of one person each, are persons
_FIGURES_OF_DOCUMENTS = 6
_AT_HAND = 3  # suspects that a message names
_WHOLE_AS_TEXT = re.compile(r"(\d+)\.0+", re.ASCII)
_COUNT_AS_TEXT = re.compile(r"\d+|\d{1,3}(?:[.,' \u00a0\u202f]\d{3})+", re.ASCII)
_NEEDS_CARE = re.compile(r"[\s.]")  # what spellings of one identifier can differ in, besides letters
# fmt: off
_COUNT_WORDS = frozenset((
    "n", "count", "counts", "freq", "frequency", "frequencies", "persons", "people", "individuals",
    "cases", "number", "num", "total", "sum", "detainees", "prisoners", "victims", "personas", "conteo",
    "cuenta", "cantidad", "frecuencia", "frecuencias", "individuos", "casos", "numero", "suma", "cifra",
    "detenidos", "detenidas", "presos", "presas", "victimas",
))
_PERSON_WORDS = frozenset((
    "id", "ids", "identifier", "identificador", "documento", "document", "cedula", "ci", "dni", "passport",
    "pasaporte", "person", "persons", "persona", "personas", "detainee", "detainees", "detenido", "detenida",
    "detenidos", "detenidas", "preso", "presa", "presos", "presas", "prisoner", "prisoners", "surname",
    "apellido", "apellidos",
))
_OTHER_WORDS = frozenset((
    "id", "ids", "identifier", "identificador", "documento", "document", "cedula", "ci", "dni",
    "passport", "pasaporte", "expediente", "file", "phone", "telefono", "edad", "age", "year", "ano",
    "anio", "day", "dia", "month", "mes", "lists", "listas", "sources", "fuentes", "line", "linea",
    "row", "fila",
))
# fmt: on


def refuse_repeated_person(column: Column) -> None:
    """Refuse an identifier that is missing, stands twice, or stands in two spellings."""
    codes, found = numbered(column)
    if len(found) < len(codes):
        order = np.argsort(codes, kind="stable")
        again = int(np.flatnonzero(np.diff(codes[order]) == 0)[0])
        two = column.place.rows.two(order[again], order[again + 1])
        raise InputError(message("identifier twice", where=column.place.where, rows=two))
    one_identifier(codes, found, column)


def one_identifier(codes: NDArray[np.int64], found: NDArray[Any], column: Column) -> None:
    """Refuse one identifier in two spellings; `codes` numbers the rows by the values that were `found`."""
    if found.dtype.kind != "O":
        return
    values = found.tolist()
    if _one_by_one(values):
        return
    first: dict[str, int] = {}
    for code, value in enumerate(values):
        earlier = first.setdefault(_identifier(value), code)
        if earlier != code:
            rows = [int(np.flatnonzero(codes == each)[0]) for each in (earlier, code)]
            raise InputError(
                message(
                    "identifier in two spellings", where=column.place.where, rows=column.place.rows.two(*rows)
                )
            )


def _one_by_one(values: Sequence[Any]) -> bool:
    """Whether different values are different identifiers at a glance, as those of one alphabet mostly are."""
    try:
        together = "\0".join(values)
    except TypeError:
        return False
    one_case = together == together.upper() or together == together.lower()
    return together.isascii() and one_case and _NEEDS_CARE.search(together) is None


def _identifier(value: Any) -> str:
    """An identifier in one spelling."""
    if isinstance(value, (float, np.floating)) and float(value).is_integer():
        return str(int(value))
    text = " ".join(unicodedata.normalize("NFC", str(value)).split()).casefold()
    whole = _WHOLE_AS_TEXT.fullmatch(text)
    return text if whole is None else whole[1]


def refuse_names_of_persons(
    where: str,
    persons_each: NDArray[Any],
    expected: Message,
    remedy: Message,
    *,
    n_persons: int | None = None,
    column: str = "",
    values: Sequence[object] = (),
) -> None:
    """Refuse values that seem to be persons: by their number, what their column is called, their figures.

    A column of persons would otherwise be printed as the names of lists, however few they are.
    """
    n_values = len(persons_each)
    found: Message | None = None
    if n_values >= _FEWEST_NAMES and 2 * int((persons_each <= 1).sum()) > n_values:
        found = Message("more than half of them for one person each")
    elif n_persons is not None and n_values > max(n_persons, 1):
        found = Message.counted("for {n} person", "for {n} persons", n=n_persons)
    elif called_a_person(column):
        found = Message("in a column that is called like one of persons")
    elif any(sum(sign.isdigit() for sign in str(value)) >= _FIGURES_OF_DOCUMENTS for value in values):
        found = Message("some of them with as many figures as documents have")
    if found is not None:
        raise InputError(
            message(
                "values that are persons", where=where, what=expected, n=n_values, found=found, remedy=remedy
            )
        )


def called_a_person(column: object) -> bool:
    """Whether a column is called as those are that say which person a row is of."""
    return isinstance(column, str) and bool(_PERSON_WORDS.intersection(re.split(r"[^a-z]+", plain(column))))


def unnamed_count(
    frame: Frame, lists: Mapping[str, Column], taken: Collection[str], *, all_different: bool
) -> Message | None:
    """Refuse a column that must be the count of each row; give a note of one that is likely to be.

    Where all rows are different histories, any column of whole numbers must be; else one that is called so.
    A number that runs with the rows, a mark and the number of lists of each person are no counts.
    """
    others = [name for name in frame.names if isinstance(name, str) and name not in taken]
    called = [name for name in others if called_a_count(name)]
    n_rows = len(next(iter(lists.values())))
    suspects = []
    for name in called + [name for name in others if name not in called] if all_different else called:
        numbers = _whole_numbers(frame, name, text=name in called)
        if numbers is None or len(numbers) != n_rows or numbers.max(initial=0) <= 1:
            continue
        if _runs(numbers) and not (all_different and name in called):
            continue
        if not np.array_equal(numbers, _times_listed(lists)):
            suspects.append(name)
    if not suspects:
        return None
    if not all_different:
        return Message(NOTE_LIKELY_COUNT, column=suspects[0])
    raise InputError(
        message("counts without a name", n=n_rows, columns=either(suspects[:_AT_HAND]), column=suspects[0])
    )


def likely_count(
    frame: Frame, lists: Sequence[str], taken: Collection[str], *, n_rows: int
) -> Message | None:
    """Note of a column that is likely to be the count of each row, of a frame whose rows stay elsewhere."""
    for name in frame.names:
        if not isinstance(name, str) or name in taken or not called_a_count(name):
            continue
        each = frame.groups((name,))
        values = Frame(each, (name,), frame.rows)
        numbers = _whole_numbers(values, name, text=True)
        if numbers is None or numbers.max(initial=0) <= 1:
            continue
        if len(numbers) == n_rows and numbers.max() - numbers.min() == n_rows - 1:  # an index
            continue
        if numbers.max() <= len(lists):
            by_history = Frame(frame.groups((*lists, name)), (*lists, name), frame.rows)
            columns = {each: Column(by_history.data[each], Place("", Message(""))) for each in lists}
            times = _whole_numbers(by_history, name, text=True)
            if times is not None and np.array_equal(times, _times_listed(columns)):
                continue
        return Message(NOTE_LIKELY_COUNT, column=name)
    return None


def called_a_count(name: str) -> bool:
    """Whether a column is called as counts are."""
    words = set(re.split(r"[\W_]+", plain(name)))
    return bool(words & _COUNT_WORDS) and not words & _OTHER_WORDS


def _whole_numbers(frame: Frame, name: str, *, text: bool) -> NDArray[np.float64] | None:
    """Column of whole numbers of 0 and more, 0 where there is none; None if it holds anything else."""
    values = frame.values(name)
    if values is None:
        return None
    if values.dtype.kind == "O" or values.dtype.kind in "US":
        read = [_count(value, text) for value in values.tolist()]
        if any(number is None for number in read):
            return None
        values = np.array(read, dtype=np.float64)
    if values.dtype.kind not in "iuf":
        return None
    numbers = np.nan_to_num(values.astype(np.float64), nan=0.0, posinf=-1.0)
    return numbers if ((numbers >= 0) & (numbers == np.floor(numbers))).all() else None


def _count(value: Any, text: bool) -> float | None:
    """A cell as a count; 0 where nothing stands, None where it is something else."""
    if missing(value):
        return 0.0
    if isinstance(value, str):
        figures = text and _COUNT_AS_TEXT.fullmatch(value.strip())
        return float(re.sub(r"\D", "", value)) if figures else None
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, float, np.integer, np.floating)):
        return None
    return float(value) if -1e300 < value < 1e300 else None


def _runs(numbers: NDArray[np.float64]) -> bool:
    """Whether numbers run with the rows, as those of an index do."""
    return bool((np.diff(numbers) == 1).all())


def _times_listed(lists: Mapping[str, Column]) -> NDArray[np.float64]:
    """On how many lists each row is."""
    columns = list(lists.values())
    total = np.zeros(len(columns[0]))
    for column in columns:
        total += column.marks(0, len(column)).astype(np.float64)
    return total
