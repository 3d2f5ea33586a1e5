"""The parts of lists of released people: their words, and a picture of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from detcount.reports.canvas import Canvas, marked
from detcount.reports.style import BLUE, BODY, INK, ORANGE, PALE, PAPER, QUIET, SMALL, WIDE
from detcount.words import Message

Kind = Literal["announced", "verified"]

PARTS: dict[Kind, tuple[str, ...]] = {
    "announced": ("held_after", "already_out", "verified", "unverified_on_register", "unverified_on_none"),
    "verified": ("held_after", "already_out", "announced", "unannounced_on_register", "unannounced_on_none"),
}
"""Parts of a list that exclude each other, in the order in which a person is counted."""
WORDS = {
    "named": Message("persons named"),
    "repeated": Message("rows that name somebody again"),
    "on_register": Message("on a register"),
    "not_on_register": Message("on no register"),
    "already_out": Message("left before"),
    "held_after": Message("inside later"),
    "arrested_again": Message("arrested again later"),
    "also_announced": Message("also announced"),
    "verified_by": Message("verified by one list"),
    "verified": Message("verified"),
    "unverified": Message("not verified"),
    "announced": Message("announced"),
    "not_announced": Message("not announced"),
    "unverified_on_register": Message("unverified, on a register"),
    "unverified_on_none": Message("unverified, on none"),
    "unannounced_on_register": Message("unannounced, on a register"),
    "unannounced_on_none": Message("unannounced, on none"),
    "released": Message("released between the days"),
    "remaining": Message("on a register and not known to have left"),
    "remaining_if_announced_left": Message("the same, if all announced left"),
}
_COLOURS = (ORANGE, QUIET, BLUE, PALE, PAPER)


def draw_parts(canvas: Canvas, bars: Mapping[str, Mapping[str, float]]) -> None:
    """Draw a bar for each list, parted by what became of those it names."""
    from matplotlib.patches import Patch

    n_words = len({part for parts in bars.values() for part, width in parts.items() if width})
    # each name stands over its bar, and each word has a line of its own, where it is narrow
    height = 1.6 + 0.7 * len(bars) + 0.22 * n_words if canvas.narrow else 1.7 + 0.42 * len(bars)
    axes = canvas.start(WIDE, height).add_subplot()
    x, above = (0.0, -0.3) if canvas.narrow else (-0.015, 0.0)
    ha, va = ("left", "bottom") if canvas.narrow else ("right", "center")
    looks: list[dict[str, Any]] = [
        {"facecolor": each, "edgecolor": INK, "linewidth": 0.8} for each in _COLOURS
    ]
    shown: dict[str, dict[str, Any]] = {}
    for y, (name, parts) in enumerate(bars.items()):
        left = 0.0
        for (part, width), look in zip(parts.items(), looks, strict=True):
            if width:
                marked(axes.barh(y, width, 0.55, left=left, **look)[0], part)
                shown[part] = look
            left += width
        axes.annotate(
            canvas.translated(name) if isinstance(name, Message) else name,
            (x, y + above), xycoords=("axes fraction", "data"), fontsize=SMALL, color=INK,
            annotation_clip=False, parse_math=False, ha=ha, va=va,
        )  # fmt: skip
    axes.set_xlim(0, 1.02 * max([1.0, *(sum(parts.values()) for parts in bars.values())]))
    axes.set_ylim(len(bars) - 0.4, -0.75)
    axes.set_yticks([])
    axes.set_xlabel(canvas.translated(Message("persons")), fontsize=BODY, color=INK)
    canvas.persons_axis(axes, "x")
    canvas.plain(axes)
    canvas.title(axes, Message("What became of those whom lists name as released"))
    canvas.legend([(Patch(**look), WORDS[part]) for part, look in shown.items()])
