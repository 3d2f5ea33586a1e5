"""The files that the options name, as frames."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from detcount.cli.faults import tell
from detcount.words import said

if TYPE_CHECKING:
    import pandas as pd

READING = ("sheet", "header_row", "dayfirst")
"""The options that say how a file is read."""
STANDARD = "-"
"""The name of standard input and of standard output."""


def frame_of(options: argparse.Namespace, file: str) -> pd.DataFrame:
    """Read a file as the options say; what had to be guessed is said beside the answer."""
    from detcount.reading.content import Source
    from detcount.reading.tables import read_with_notes

    source = Source.of(sys.stdin.buffer if file == STANDARD else file)
    frame, notices = read_with_notes(source, options.sheet, options.header_row)
    if not options.quiet:
        for notice in notices:
            tell(said(notice, options.lang))
    return frame


def tell_notes(options: argparse.Namespace, data: Iterable[Any]) -> None:
    """Say beside the answer how words of published counts were read."""
    if not options.quiet:
        for note in (note for each in data for note in each.notes):
            tell(said(note, options.lang))
