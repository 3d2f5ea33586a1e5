"""What people write: invisible characters, lost and wrongly decoded letters, common names."""

from __future__ import annotations

import html
import re
import tomllib
import unicodedata
from importlib import resources

LOST = "\ufffd"
"""What stands where a letter was lost."""
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad]")
_SPACES = re.compile(r"\s+")
_ENTITY = re.compile(r"&(?:[a-zA-Z]{2,8}|#\d{2,5}|#x[0-9a-fA-F]{2,4});")
# UTF-8 that was read as Windows-1252: a leading byte, and bytes of 128 to 191 as that alphabet shows them
_FOLLOWING = "".join(
    {bytes([byte]).decode("latin-1") for byte in range(0x80, 0xC0)}
    | {bytes([byte]).decode("cp1252", "ignore") for byte in range(0x80, 0xC0)}
)
_MOJIBAKE = re.compile(f"[\u00c2-\u00f4][{re.escape(_FOLLOWING)}]+")
_ROUNDS = 3  # as often as a file may have been saved wrongly


def clean(text: str) -> str:
    """Text in one line, with composed letters, and without what cannot be seen."""
    if text.isascii() and "&" not in text:
        return " ".join(text.split())
    if "&" in text and _ENTITY.search(text):
        text = html.unescape(text)
    text = _INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    return _SPACES.sub(" ", text).strip()


def repaired(text: str) -> str:
    """Text in which UTF-8 that was read as Windows-1252 is read as UTF-8, if there is any."""
    for _ in range(_ROUNDS):
        if text.isascii():
            return text
        again = _MOJIBAKE.sub(_read_again, text)
        if again == text:
            return text
        text = again
    return text


def _read_again(found: re.Match[str]) -> str:
    """A run of letters as the UTF-8 that it was."""
    run = found[0]
    for end in range(len(run), 1, -1):  # what follows may be a sign of its own
        try:
            return b"".join(map(_byte, run[:end])).decode("utf-8") + run[end:]
        except UnicodeError:
            continue
    return run


def _byte(letter: str) -> bytes:
    """The byte that was read as this letter."""
    try:
        return letter.encode("cp1252")
    except UnicodeEncodeError:  # five bytes have no letter there, and were kept as they were
        return letter.encode("latin-1")


def words_of(text: str) -> frozenset[str]:
    """The words of a text, each once."""
    return frozenset(text.split())


_NAMES = tomllib.loads((resources.files("detcount.reading") / "names.toml").read_text(encoding="utf-8"))
FEMALE = words_of(_NAMES["female"])
GIVEN = FEMALE | words_of(_NAMES["male"])
SURNAMES = words_of(_NAMES["surnames"])
DEVOTIONS = words_of(_NAMES["devotions"])
GLUED: dict[str, str] = _NAMES["glued"]
