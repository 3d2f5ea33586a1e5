"""Meaning of cells: text, documents of identity, sex, status, place and referral, as codes."""

from __future__ import annotations

import datetime as dt
import hashlib
import math
import re
from collections.abc import Iterable, Sequence
from typing import Any, Literal

import numpy as np

from detcount.contract.arguments import plain
from detcount.reading.frames import missing
from detcount.reading.text import NAMES, PATTERNS, words_of
from detcount.words import Message


def as_text(cell: Any) -> str:
    """The text of a cell; empty where it holds nothing."""
    if isinstance(cell, str):
        return cell
    if cell is None or missing(cell):
        return ""
    if isinstance(cell, (bool, np.bool_)):
        return str(bool(cell)).lower()
    if isinstance(cell, (int, np.integer)):
        return str(int(cell))
    if isinstance(cell, (float, np.floating)):
        number = float(cell)
        return str(int(number)) if math.isfinite(number) and number == int(number) else repr(number)
    if isinstance(cell, np.datetime64):
        cell = cell.astype("datetime64[us]").item()
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    if isinstance(cell, dt.date):
        return cell.isoformat()
    if isinstance(cell, bytes):
        return cell.decode("utf-8", "replace")
    return str(cell)


UNKNOWN, CITIZEN, FOREIGNER, PASSPORT = range(4)
NO_DOCUMENT = -1
EXPECTED = Message("one document number, such as V-12.345.678")
SHORTENED = Message("a document number with all its figures; a spreadsheet shortened this one")
TOO_SHORT = Message("a document number of at least {n} figures", n=4)

_CEDULA = re.compile(r"([vejgp])?\W*(\d[\d.,' \u00b7-]*\d)(?:\W*(r))?")
_RIF = re.compile(r"([vejgp])\W*(\d[\d.,' ]*)-\W*(\d)")
_POINT_ZERO = re.compile(r"(\d{4,})[.,]0+")
_SCIENTIFIC = re.compile(r"\d(?:[.,](\d+))?e\+?(\d{1,2})")
_NUMBER_OF = str.maketrans("", "", " .,'-/\u00b7")
_WORD = re.compile(r"[a-z]{7}")  # no document has so many letters together
_KINDS = {"v": CITIZEN, "e": FOREIGNER, "p": PASSPORT}
_FEWEST, _MOST = 4, 18  # figures; more do not fit into a whole number of 64 bits
_WEIGHTS = (3, 2, 7, 6, 5, 4, 3, 2)
_LETTERS = {"v": 1, "e": 2, "j": 3, "p": 4, "g": 5}


def read_document(text: str) -> tuple[int, int, Message | None]:
    """Number and kind of a document as it is written, -1 where there is none; and what was expected."""
    written = plain(text).strip(" .,;:'\"")
    if not written or PATTERNS["no document"].fullmatch(written):
        return NO_DOCUMENT, UNKNOWN, None
    taxpayer = "rif" in written
    passport = "pasaporte" in written or "passport" in written
    written = PATTERNS["label of document"].sub("", written) or written
    scientific = _SCIENTIFIC.fullmatch(written)
    if scientific is not None:
        if len(scientific[1] or "") < int(scientific[2]):
            return NO_DOCUMENT, UNKNOWN, SHORTENED
        written = (written[0] + scientific[1])[: int(scientific[2]) + 1]
    point_zero = _POINT_ZERO.fullmatch(written)
    if point_zero is not None:
        written = point_zero[1]
    rif = _RIF.fullmatch(written)
    if rif is not None and len(figures := rif[2].translate(_NUMBER_OF)) in (7, 8):
        return _checked(int(figures), rif[1], passport)
    found = _CEDULA.fullmatch(written)
    if found is None:
        return _other(written, passport)
    figures = found[2].translate(_NUMBER_OF)
    letter = found[1]
    if letter is not None and len(figures) == 9 and (taxpayer or figures[0] != "0"):
        figures = figures[:8] if _check_digit(letter, figures[:8]) == int(figures[8]) else figures
    if len(figures) > _MOST:
        return NO_DOCUMENT, UNKNOWN, EXPECTED
    number = int(figures)
    if number and len(str(number)) < _FEWEST:
        return NO_DOCUMENT, UNKNOWN, TOO_SHORT
    return _checked(number, letter, passport)


def name_and_document(cell: str) -> tuple[str, str]:
    """A name, and the document that stands behind it in the same cell; blank where none does."""
    found = PATTERNS["document behind a name"].search(cell)
    return (cell, "") if found is None else (cell[: found.start()], found[1])


def looks_like_document(text: str) -> bool:
    """Check whether a cell can hold a document of a person, and nothing else that lists have."""
    number, kind, _ = read_document(text)
    return number >= 100_000 and (kind != UNKNOWN or number < 10**9)


def _checked(number: int, letter: str | None, passport: bool) -> tuple[int, int, Message | None]:
    """A number with its kind; the document of a company is of no person, and is refused."""
    if letter in ("j", "g"):
        return NO_DOCUMENT, UNKNOWN, Message("the document of a person, not of a company or an office")
    if number == 0:
        return NO_DOCUMENT, UNKNOWN, None
    return number, PASSPORT if passport else _KINDS.get(letter or "", UNKNOWN), None


def _check_digit(letter: str, figures: str) -> int:
    """The figure that the register of taxpayers adds to a document."""
    total = 4 * _LETTERS[letter] + sum(w * int(f) for w, f in zip(_WEIGHTS, figures, strict=True))
    digit = 11 - total % 11
    return 0 if digit >= 10 else digit


def _other(written: str, passport: bool) -> tuple[int, int, Message | None]:
    """A document with letters in it, as a number; something that is none is refused."""
    signs = written.translate(_NUMBER_OF)
    n_figures = sum(sign.isdigit() for sign in signs)
    plain = signs.isascii() and signs.isalnum()
    if (
        not plain
        or _WORD.search(signs)
        or n_figures < _FEWEST
        or not _FEWEST <= len(signs) <= 20
        or "y" in written.split()
    ):
        return NO_DOCUMENT, UNKNOWN, EXPECTED
    kind = PASSPORT if passport or (len(signs) <= 10 and signs[0].isalpha()) else UNKNOWN
    if len(signs) <= 12:  # 36 to the power of 12 fits into 64 bits
        return int(signs, 36), kind, None
    return int.from_bytes(hashlib.sha256(signs.encode()).digest()[:7], "big"), kind, None


Status = Literal["inside", "released", "dead", "transferred", "house arrest", "unknown"]
EXPECTED_SEX = Message("the sex, such as M or F")
EXPECTED_STATUS = Message("a status, such as inside, released or dead")

_FEMALE, _MALE, _THIRD = (words_of(NAMES["sexes"][sex]) for sex in ("female", "male", "another"))

_STATUSES: tuple[tuple[re.Pattern[str], Status], ...] = tuple(
    (re.compile(rf"\b(?:{each['words']})\b".replace("\n", "")), each["says"]) for each in NAMES["statuses"]
)
_DENIALS = [
    pattern for (pattern, _), each in zip(_STATUSES, NAMES["statuses"], strict=True) if each.get("denies")
]
_SIGNS = re.compile(r"[^\w]+")


def read_sexes(cells: Sequence[str]) -> tuple[list[int], list[int]]:
    """Code of the sex in each cell (0 male, 1 female, 2 another, -1 none), and positions of other cells.

    An M stands for mujer in a column where an H stands for hombre.
    """
    words = [plain(cell).strip(" .") for cell in cells]
    m_is_woman = bool({"h", "hombre"} & set(words)) and not {
        "f",
        "femenino",
        "female",
        "fem",
        "masculino",
    } & set(words)
    codes, wrong = [], []
    for position, word in enumerate(words):
        if not word or (PATTERNS["nothing"].fullmatch(word) and word not in _THIRD):
            codes.append(-1)
        elif word in _FEMALE or (word == "m" and m_is_woman):
            codes.append(1)
        elif word in _MALE:
            codes.append(0)
        elif word.split()[0] in _THIRD or word in _THIRD:
            codes.append(2)
        else:
            codes.append(-1)
            wrong.append(position)
    return codes, wrong


def looks_like_sex(cells: Iterable[str]) -> bool:
    """Check whether every cell that is not blank holds a sex, and one of them at least is M or F."""
    words = {plain(cell).strip(" .") for cell in cells} - {""}
    return bool(words) and words <= _FEMALE | _MALE | _THIRD and bool(words & (_FEMALE | _MALE - {"v"}))


def read_status(text: str) -> tuple[Status | None, Message | None]:
    """The status in a cell, or None; and what was expected, where the cell holds something else."""
    words = plain(text).strip(" .")
    nothing = PATTERNS["nothing"].fullmatch(words) and not any(denial.search(words) for denial in _DENIALS)
    if not words or nothing:
        return None, None
    for pattern, status in _STATUSES:
        if pattern.search(words):
            return status, None
    return None, EXPECTED_STATUS


def is_referred(text: str, own: str) -> bool:
    """Check whether a cell says that another list forwarded the row."""
    words = plain(text).strip(" .")
    return (
        bool(words)
        and words not in ("0", "false", "f")
        and not PATTERNS["nothing"].fullmatch(words)
        and words != plain(own)
    )


def place_name(text: str) -> str:
    """A place in one spelling, so that two spellings of it are equal; empty where none is written."""
    words = _SIGNS.sub(" ", plain(text)).strip()
    if not words or PATTERNS["nothing"].fullmatch(plain(text).strip(" .")):
        return ""
    return PATTERNS["kind of place"].sub("", words) or words
