"""Look of every figure: colours by day and by night, sizes of letters, breadths, marks of sources."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Colour:
    """A colour of the figures.

    Parameters
    ----------
    light : str
        As it is drawn, for white paper.
    dark : str
        What takes its place on a page that is read in the dark.
    """

    light: str
    dark: str


# Okabe and Ito's colours, darkened where text is set in them. Those that mean something by themselves differ
# in lightness too, so that they are told apart in grey and by readers who see few colours.
PALETTE = {
    "paper": Colour("#ffffff", "#121416"),
    "ink": Colour("#1b1b1b", "#e4e4e4"),
    "quiet": Colour("#626262", "#a9a9a9"),
    "faint": Colour("#d9d9d9", "#3d4349"),
    "band": Colour("#f4f4f4", "#1b2025"),
    "blue": Colour("#0a4a86", "#8ec4f5"),
    "pale": Colour("#8cc0e6", "#2c5f92"),
    "orange": Colour("#b8561b", "#da8146"),
    "green": Colour("#00694f", "#4fc3a1"),
    "purple": Colour("#7a3b69", "#d59ac6"),
    "olive": Colour("#8a6d00", "#d9bd4a"),
    "slate": Colour("#44546a", "#a3b3c9"),
}
PAPER = PALETTE["paper"].light
INK = PALETTE["ink"].light
QUIET = PALETTE["quiet"].light
FAINT = PALETTE["faint"].light
BAND = PALETTE["band"].light
BLUE = PALETTE["blue"].light  # what is estimated or verified
PALE = PALETTE["pale"].light  # what is expected of it
ORANGE = PALETTE["orange"].light  # the floor, and what is announced

SERIES = (
    (ORANGE, "o"),
    (PALETTE["green"].light, "s"),
    (PALETTE["purple"].light, "D"),
    (PALETTE["olive"].light, "^"),
    (PALETTE["slate"].light, "v"),
    (INK, "P"),
)
"""Colour and shape of each source: the shape alone tells them apart too."""

TITLE, BODY, SMALL = 11.0, 9.0, 8.5
"""Sizes of letters, points."""
WIDE, NARROW = 8.4, 3.6
"""Inches across: for a page, and for a telephone, where letters of the same size are then as large."""
FAMILY = "'DejaVu Sans', Verdana, 'Noto Sans', 'Segoe UI', Arial, sans-serif"
"""Letters of a figure that stands alone; the first are those that it was measured with, and the broadest."""
DASHED: Any = (0, (5, 3))
DOTTED: Any = (0, (2, 2))
