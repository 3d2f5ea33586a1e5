"""The picture of all announcements: a row each, what is verified, pending, and left open by the bounds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from detcount import arguments
from detcount.assessment.level import LEVEL
from detcount.assessment.releases.content import GapRow
from detcount.assessment.releases.counts import CountRow
from detcount.assessment.releases.figures.marks import fitting
from detcount.assessment.releases.messages import tell
from detcount.assessment.releases.phrases import count_words, days_words, known_as
from detcount.estimates import UncertainCount
from detcount.reports.canvas import EMPTY_HEIGHT, Canvas, marked
from detcount.reports.numbers import level_words
from detcount.reports.style import BLUE, BODY, INK, ORANGE, PALE, PAPER, QUIET, SMALL, WIDE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["announcements"]

_HATCH = "////"
_OTHER_DAYS = "\\\\\\\\"
_NAME = 20  # letters of a source that fit beside a bar
_ROW, _OVER_ROW = 0.62, 1.2  # inches of a row: words beside the bar, and over and under it
_THICK = 0.25  # inches of a bar
_LINE = 0.155  # inches from one line of words to the next


def announcements(canvas: Canvas, rows: Sequence[GapRow], level: float = LEVEL) -> None:
    """Draw each announced number as a bar: verified, pending, and the rest that the bounds leave open.

    Parameters
    ----------
    canvas : Canvas
        What it is drawn on.
    rows : sequence of GapRow
        The announced numbers, from the top.
    level : float, optional
        Level of the interval under each bar, in (0, 1).
    """
    level = arguments.level(level)
    row_height, rest = (_OVER_ROW, 2.6) if canvas.narrow else (_ROW, 1.6)
    height = rest + row_height * len(rows) if rows else EMPTY_HEIGHT
    axes = canvas.start(WIDE, height).add_subplot()
    title = tell("figure announcements")
    if not rows:
        canvas.empty(axes, title)
        return
    for y, row in enumerate(rows):
        _draw(canvas, axes, y, row, level)
    axes.set_xlim(0, 1)
    axes.set_ylim(len(rows) - 0.4, -0.6 if canvas.narrow else -0.5)
    axes.set_yticks([])
    axes.set_xlabel(canvas.say(tell("axis share")), fontsize=BODY, color=INK)
    canvas.percent_axis(axes)
    canvas.plain(axes)
    canvas.title(axes, title)
    canvas.legend(_shown(rows, level))


def _label(canvas: Canvas, row: GapRow) -> list[str]:
    """Which days, how many were announced and when: two lines."""
    gap = row.gap
    number: str = count_words(gap.announced, at_least=gap.at_least)
    if row.reviews:
        number = tell("cell reviews", number=number)
    if row.announced_on is None:
        second = tell("bar announced", number=number)
    else:
        second = tell("bar announced on", number=number, day=row.announced_on)
    return [canvas.say(days_words(gap.start, gap.end)), canvas.say(second)]


def _draw(canvas: Canvas, axes: Axes, y: int, row: GapRow, level: float) -> None:
    """One row: the bar, the interval under it, and what the figures are at its right."""
    gap = row.gap
    whole = max(gap.announced, 1)
    inch = 1 / (_OVER_ROW if canvas.narrow else _ROW)  # of the axis
    thick = _THICK * inch
    middle = y - 0.05 * inch
    verified = min(gap.verified / whole, 1.0)
    axes.barh(middle, 1.0, thick, facecolor=PAPER, edgecolor=QUIET, linestyle=(0, (3, 2)), linewidth=0.8)
    if verified:
        (bar,) = axes.barh(
            middle,
            verified,
            thick,
            color=BLUE,
            edgecolor=PAPER,
            hatch=_OTHER_DAYS if row.unlike else "",
            linewidth=0.8,
        )
        marked(bar, "verified")
    pending = _pending(row, level)
    if pending:
        axes.barh(
            middle,
            min(pending / whole, 1 - verified),
            thick,
            left=verified,
            color=PALE,
            edgecolor=PAPER,
            hatch=_HATCH if gap.pending.identified_by == "prior" else "",
            linewidth=0.8,
        )
    if gap.verified > gap.announced:
        axes.plot([1.0], [middle], marker=">", color=BLUE, markersize=6, zorder=4, clip_on=False)
    elif gap.carried_out.median is not None and not row.other_people:
        _limits(axes, middle + 0.2 * inch, gap.carried_out, whole, level)
    for other in row.beside:
        axes.plot(
            [min(other.count / whole, 1.0)],
            [middle],
            marker="D" if other.role == "verified" else "s",
            color=PAPER,
            markeredgecolor=INK,
            markeredgewidth=1.2,
            markersize=5,
            zorder=5,
            clip_on=False,
        )
    lines = [_verified(canvas, row)]
    if row.largest_beside is not None:
        lines.append(_beside(canvas, row.largest_beside))
    label = _label(canvas, row)
    if canvas.narrow:
        _write(axes, 0.0, middle - (_THICK / 2 + _LINE * (len(label) - 0.4)) * inch, label, inch, "left")
        _write(axes, 0.0, middle + (0.2 + _LINE * 0.8) * inch, lines, inch, "left")
    else:
        _write(axes, -0.015, y - _LINE * inch * (len(label) - 1) / 2, label, inch, "right")
        _write(axes, 1.03, y - _LINE * inch * (len(lines) - 1) / 2, lines, inch, "left")


def _write(axes: Axes, x: float, y: float, lines: list[str], inch: float, ends: str) -> None:
    """Lines of words from a height down, each a text of its own: their ends meet in any letters."""
    for k, line in enumerate(lines):
        axes.annotate(
            line,
            (x, y + k * _LINE * inch),
            xycoords=("axes fraction", "data"),
            ha=ends,
            va="center",
            fontsize=SMALL,
            color=INK,
            annotation_clip=False,
            parse_math=False,
        )


def _pending(row: GapRow, level: float) -> float:
    """How many more will be verified, about; none where only bounds are known, or people differ."""
    _, median, _ = row.gap.pending.printed(level)
    return 0.0 if row.other_people else median or 0.0


def _verified(canvas: Canvas, row: GapRow) -> str:
    """The verified figure with its day and its source."""
    number = count_words(row.gap.verified, at_least=row.at_least)
    name = fitting(canvas.say(known_as(row.gap.verified_by)), _NAME)
    return canvas.say(tell("bar verified", number=number, day=row.verified_on, who=name))


def _beside(canvas: Canvas, row: CountRow) -> str:
    """What another counted, with its day and its source."""
    number = count_words(row.count, at_least=row.at_least)
    name = fitting(canvas.say(known_as(row.source)), _NAME)
    key = f"bar other {row.role}"
    return canvas.say(tell(key, number=number, day=row.published, who=name))


def _limits(axes: Axes, y: float, count: UncertainCount, whole: int, level: float) -> None:
    """Limits as a line under the bar, the median as a mark; dotted where they rest on a prior."""
    low, median, high = count.printed(level)
    ends = [min(low / whole, 1.0), min(high / whole, 1.0)]
    style: Any = "-" if count.identified_by == "data" else (0, (1.2, 1))
    axes.plot(ends, [y, y], color=ORANGE, linewidth=2.2, linestyle=style, zorder=3, clip_on=False)
    if high > whole:
        axes.plot([1.0], [y], marker=">", color=ORANGE, markersize=5, zorder=3, clip_on=False)
    axes.plot(
        [min((median or 0.0) / whole, 1.0)],
        [y],
        marker="o",
        color=ORANGE,
        markersize=4.5,
        zorder=4,
        clip_on=False,
    )


def _shown(rows: Sequence[GapRow], level: float) -> list[tuple[Any, str]]:
    """What the colours, the patterns, the marks and the lines mean: those that are drawn."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    shown: list[tuple[Any, str]] = [(Patch(facecolor=BLUE), tell("part verified"))]
    if any(row.unlike for row in rows):
        shown.append((Patch(facecolor=BLUE, edgecolor=PAPER, hatch=_OTHER_DAYS), tell("part other days")))
    pending = {row.gap.pending.identified_by for row in rows if _pending(row, level)}
    if "data" in pending:
        shown.append((Patch(facecolor=PALE), tell("part pending")))
    if "prior" in pending:
        shown.append((Patch(facecolor=PALE, edgecolor=PAPER, hatch=_HATCH), tell("part pending prior")))
    shown.append((Patch(facecolor=PAPER, edgecolor=QUIET, linestyle=(0, (3, 2))), tell("part open")))
    split = [row.gap for row in rows if not row.other_people and row.gap.verified <= row.gap.announced]
    drawn = {gap.carried_out.identified_by for gap in split}
    styles: dict[str, Any] = {"data": "-", "prior": (0, (1.2, 1))}
    for by, style in styles.items():
        if by in drawn:
            line = Line2D([], [], color=ORANGE, linewidth=2.2, linestyle=style, marker="o", markersize=4.5)
            shown.append((line, tell(f"line carried out {by}", level=level_words(level))))
    for role, marker in (("verified", "D"), ("reported", "s")):
        if any(other.role == role for row in rows for other in row.beside):
            look: dict[str, Any] = {"marker": marker, "color": "none", "mec": INK, "markersize": 5}
            shown.append((Line2D([], [], markerfacecolor=PAPER, **look), tell(f"mark {role}")))
    return shown
