"""Text of data as it may be shown: nothing in it commands a terminal or turns the text around it."""

from __future__ import annotations

import re

# C0 and C1, what turns text around, ends of lines and paragraphs, halves of characters, no characters; the
# marks of direction that Arabic and Hebrew need (U+200E, U+200F, U+061C) turn nothing
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]")
_BLANKS = frozenset("\t\n\r\u2028\u2029")


def visible(text: str) -> str:
    """Write text in one line, a sign in the place of each character that is not seen.

    Parameters
    ----------
    text : str
        Text that may be somebody's data: the name of a list, a column or a file.

    Returns
    -------
    str
        The text. Tabulators and ends of lines are blanks; other control characters, those that change the
        direction of text, and bytes of a file's name that are no text, are U+FFFD.

    Examples
    --------
    >>> from detcount.words import visible
    >>> visible("press")
    'press'
    """
    return text if text.isprintable() else _UNSEEN.sub(_instead, text)


def escaped_controls(json: str) -> str:
    """Write the characters of a text in JSON that are not seen by their codes; it says the same as before.

    Parameters
    ----------
    json : str
        Text in JSON, whose lines end by U+000A.

    Returns
    -------
    str
        The text.
    """
    return _UNSEEN.sub(lambda found: found[0] if found[0] == "\n" else f"\\u{ord(found[0]):04x}", json)


def _instead(found: re.Match[str]) -> str:
    """What stands for a character."""
    return " " if found[0] in _BLANKS else "\ufffd"
