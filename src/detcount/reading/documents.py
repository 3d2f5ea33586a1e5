"""Documents of identity as numbers: prefixes, points, zeros and check digits taken off."""

from __future__ import annotations

import hashlib
import re

from detcount.arguments import plain
from detcount.words import Message

UNKNOWN, CITIZEN, FOREIGNER, PASSPORT = range(4)
NO_DOCUMENT = -1
EXPECTED = Message("one document number, such as V-12.345.678")
SHORTENED = Message("a document number with all its figures; a spreadsheet shortened this one")
TOO_SHORT = Message("a document number of at least {n} figures", n=4)

_NOTHING = re.compile(
    r"(?:[-–—./*?x0 ]*|n/?[acdp]|s/[nci]|s[nc]|nd|np|sd|null|none|nan|no|ninguno|ninguna|unknown|pendiente|"
    r"(?:sin|no|without|not)\b.*|desconocid[oa]|indocumentad[oa]|por (?:verificar|confirmar)|9{8,})"
)
_LABEL = re.compile(
    r"^(?:(?:nro|num|numero|no|n)?\W*(?:de )?(?:cedula(?: de identidad)?|documento|c\.? ?i|ci|dni|rif|"
    r"pasaporte|passport|id|n[ro]o?)\b\W*)"
)
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
    if not written or _NOTHING.fullmatch(written):
        return NO_DOCUMENT, UNKNOWN, None
    taxpayer = "rif" in written
    passport = "pasaporte" in written or "passport" in written
    written = _LABEL.sub("", written) or written
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


def looks_like_document(text: str) -> bool:
    """Whether a cell can hold a document of a person, and nothing else that lists have."""
    number, kind, _ = read_document(text)
    return number >= 100_000 and (kind != UNKNOWN or number < 10**9)


def _checked(number: int, letter: str | None, passport: bool) -> tuple[int, int, Message | None]:
    """A number with its kind; companies have documents too, which are nobody's."""
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
