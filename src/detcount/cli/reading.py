"""The files that the options name, as frames."""

from __future__ import annotations

import argparse
import sys
import warnings
from typing import TYPE_CHECKING

from detcount.cli.faults import tell
from detcount.errors import DetcountWarning
from detcount.words import said

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["READING", "STANDARD", "frame_of"]

READING = ("sheet", "header_row", "dayfirst")
"""The options that say how a file is read."""
STANDARD = "-"
"""The name of standard input and of standard output."""


def frame_of(options: argparse.Namespace, file: str) -> pd.DataFrame:
    """Read a file as the options say; what had to be guessed is said beside the answer."""
    from detcount.io import read_frame

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", DetcountWarning)
        source = sys.stdin.buffer if file == STANDARD else file
        frame = read_frame(source, sheet=options.sheet, header_row=options.header_row)
    for warning in caught:
        if issubclass(warning.category, DetcountWarning):
            if not options.quiet:
                tell(said(_text(warning.message), options.lang))
        else:
            warnings.warn_explicit(warning.message, warning.category, warning.filename, warning.lineno)
    return frame


def _text(warning: Warning | str) -> str:
    """What a warning says."""
    return warning.args[0] if isinstance(warning, Warning) and warning.args else str(warning)
