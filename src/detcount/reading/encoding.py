"""The text of a file: its encoding found out, also two in one file, and letters that were saved wrongly."""

from __future__ import annotations

import codecs
import re
from collections import Counter

from detcount.errors import InputError
from detcount.reading import message
from detcount.reading.letters import LOST, repaired
from detcount.words import Message

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# the alphabets of Windows, of DOS (as old programs save CSV) and of old Macs; the first wins a tie
_ALPHABETS = {"cp1252": "Windows-1252", "cp850": "DOS 850", "mac-roman": "Mac Roman"}
_SPANISH = "áéíóúüñÁÉÍÓÚÜÑ"
_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n)?")
# bytes of UTF-8 of which one at least stands wherever UTF-8 was read as Windows-1252
_WRONGLY_SAVED = (b"\xc2", b"\xc5", b"\xc6", b"\xcb", b"\xe2")
_HEAD = 4096


def decoded(file: str, content: bytes) -> tuple[str, list[Message]]:
    """The text of a file, never shown, and what had to be guessed or repaired; other bytes are refused."""
    if content.startswith(codecs.BOM_UTF8):
        content = content[len(codecs.BOM_UTF8) :]
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), None) or _by_zeros(content)
    notes: list[Message] = []
    if encoding is None:
        text, notes = _without_mark(file, content)
    else:
        text = content.decode(encoding, "replace")
    if "\0" in text:
        raise InputError(
            message("bytes that are no text", file=file, line=text.count("\n", 0, text.index("\0")) + 1)
        )
    maybe = encoding is not None or bool(notes) or any(byte in content for byte in _WRONGLY_SAVED)
    whole = repaired(text) if maybe else text
    if whole != text:
        mended = sum(one != two for one, two in zip(text.split("\n"), whole.split("\n"), strict=False))
        notes.append(message("letters repaired", n=mended, file=file))
    n_lost = whole.count(LOST)
    if n_lost:
        notes.append(message("letters lost", n=n_lost, file=file))
    return whole, notes


def _by_zeros(content: bytes) -> str | None:
    """UTF-16 without its mark: every second byte of Latin text is zero."""
    head = content[:_HEAD]
    pairs = len(head) // 2
    if pairs < 2 or b"\0" not in head:
        return None
    even, odd = head[0 : 2 * pairs : 2].count(0), head[1 : 2 * pairs : 2].count(0)
    if odd > 0.6 * pairs and even < 0.1 * pairs:
        return "utf-16-le"
    return "utf-16-be" if even > 0.6 * pairs and odd < 0.1 * pairs else None


def _without_mark(file: str, content: bytes) -> tuple[str, list[Message]]:
    """UTF-8, or the alphabet that makes Spanish of the bytes, line by line where both stand in the file."""
    try:
        return content.decode("utf-8"), []
    except UnicodeDecodeError:
        pass
    alike = content.decode("utf-8", "ignore").isascii()  # nothing in it is UTF-8
    pieces = [content] if alike else _LINE.findall(content)
    good: list[str | None] = []
    for piece in pieces:
        try:
            good.append(piece.decode("utf-8"))
        except UnicodeDecodeError:
            good.append(None)
    others = [piece for piece, read in zip(pieces, good, strict=True) if read is None]
    alphabet = _alphabet(b"".join(others))
    text = "".join(
        _read(piece, alphabet) if read is None else read for piece, read in zip(pieces, good, strict=True)
    )
    n_utf8 = sum(read is not None and not read.isascii() for read in good)
    if not n_utf8:
        guess = message("guessed encoding", file=file, encoding=_ALPHABETS[alphabet])
    else:
        guess = message(
            "two encodings",
            file=file,
            n_utf8=n_utf8,
            n=len(others),
            encoding=_ALPHABETS[alphabet],
            first=next(number for number, read in enumerate(good, 1) if read is None),
        )
    return text, [guess]


def _alphabet(content: bytes) -> str:
    """The alphabet in which most bytes above 127 are letters of Spanish."""
    counted = Counter(content.translate(None, bytes(range(128))))

    def n_spanish(alphabet: str) -> int:
        return sum(n for byte, n in counted.items() if bytes([byte]).decode(alphabet, "replace") in _SPANISH)

    return max(_ALPHABETS, key=n_spanish)


def _read(content: bytes, alphabet: str) -> str:
    """Bytes in an alphabet; those that have no letter there are kept as Latin-1."""
    try:
        return content.decode(alphabet)
    except UnicodeDecodeError:
        kept = {0xDC00 + byte: byte for byte in range(128, 256)}
        return content.decode(alphabet, "surrogateescape").translate(kept)
