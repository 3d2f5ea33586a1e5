"""The picture of all announcements: a row each, what is verified, pending, and left open by the bounds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from detcount import arguments
from detcount.assessment.level import LEVEL
from detcount.assessment.releases.content import GapRow
from detcount.assessment.releases.counts import CountRow
from detcount.assessment.releases.figures.marks import ORANGE_INK, PENDING, VERIFIED, fitting
from detcount.assessment.releases.messages import tell
from detcount.assessment.releases.phrases import count_words, days_words, known_as
from detcount.estimates import UncertainCount
from detcount.report.canvas import EMPTY_HEIGHT, INK, QUIET, Canvas
from detcount.report.numbers import level_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["announcements"]

_HATCH = "////"
_OTHER_DAYS = "...."
_NAME = 20  # letters of a source that fit beside a bar
_THICK = 0.42


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
    height = 1.6 + 0.62 * len(rows) if rows else EMPTY_HEIGHT
    axes = canvas.start(8.4, height).add_subplot()
    title = tell("figure announcements")
    if not rows:
        canvas.empty(axes, title)
        return
    for y, row in enumerate(rows):
        _draw(canvas, axes, y, row, level)
    axes.set_xlim(0, 1)
    axes.set_ylim(len(rows) - 0.4, -0.5)
    axes.set_yticks(range(len(rows)))
    axes.set_yticklabels([_label(canvas, row) for row in rows], parse_math=False)
    axes.set_xlabel(canvas.say(tell("axis share")), fontsize=9, color=INK)
    canvas.percent_axis(axes)
    canvas.plain(axes)
    axes.tick_params(axis="y", length=0, labelsize=8.5)
    canvas.title(axes, title)
    _legend(canvas, axes, rows, level)


def _label(canvas: Canvas, row: GapRow) -> str:
    """Which days, how many were announced and when: two lines."""
    gap = row.gap
    number: str = count_words(gap.announced, at_least=gap.at_least)
    if row.reviews:
        number = tell("cell reviews", number=number)
    if row.announced_on is None:
        second = tell("bar announced", number=number)
    else:
        second = tell("bar announced on", number=number, day=row.announced_on)
    return f"{canvas.say(days_words(gap.start, gap.end))}\n{canvas.say(second)}"


def _draw(canvas: Canvas, axes: Axes, y: int, row: GapRow, level: float) -> None:
    """One row: the bar, the interval under it, and what the figures are at its right."""
    gap = row.gap
    whole = max(gap.announced, 1)
    middle = y - 0.08
    verified = min(gap.verified / whole, 1.0)
    axes.barh(middle, 1.0, _THICK, facecolor="white", edgecolor=QUIET, linestyle=(0, (3, 2)), linewidth=0.8)
    if verified:
        axes.barh(
            middle,
            verified,
            _THICK,
            color=VERIFIED,
            edgecolor="white",
            hatch=_OTHER_DAYS if row.unlike else "",
            linewidth=0.8,
        )
    pending = _pending(row, level)
    if pending:
        axes.barh(
            middle,
            min(pending / whole, 1 - verified),
            _THICK,
            left=verified,
            color=PENDING,
            edgecolor="white",
            hatch=_HATCH if gap.pending.identified_by == "prior" else "",
            linewidth=0.8,
        )
    if gap.verified > gap.announced:
        axes.plot([1.0], [middle], marker=">", color=VERIFIED, markersize=6, zorder=4, clip_on=False)
    elif gap.carried_out.median is not None and not row.other_people:
        _limits(axes, y + 0.24, gap.carried_out, whole, level)
    for other in row.beside:
        axes.plot(
            [min(other.count / whole, 1.0)],
            [middle],
            marker="D" if other.role == "verified" else "s",
            color="white",
            markeredgecolor=INK,
            markeredgewidth=1.2,
            markersize=5,
            zorder=5,
            clip_on=False,
        )
    lines = [_verified(canvas, row)]
    if row.largest_beside is not None:
        lines.append(_beside(canvas, row.largest_beside))
    axes.annotate(
        "\n".join(lines),
        (1.02, y - 0.02),
        xycoords=("axes fraction", "data"),
        va="center",
        fontsize=8,
        color=INK,
        linespacing=1.25,
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
    axes.plot(ends, [y, y], color=ORANGE_INK, linewidth=2.2, linestyle=style, zorder=3, clip_on=False)
    if high > whole:
        axes.plot([1.0], [y], marker=">", color=ORANGE_INK, markersize=5, zorder=3, clip_on=False)
    axes.plot(
        [min((median or 0.0) / whole, 1.0)],
        [y],
        marker="o",
        color=ORANGE_INK,
        markersize=4.5,
        zorder=4,
        clip_on=False,
    )


def _legend(canvas: Canvas, axes: Axes, rows: Sequence[GapRow], level: float) -> None:
    """What the colours, the patterns, the marks and the lines mean: those that are drawn."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    handles: list[Any] = [Patch(facecolor=VERIFIED, label=canvas.say(tell("part verified")))]

    def patch(key: str, **look: Any) -> None:
        handles.append(Patch(label=canvas.say(tell(key)), **look))

    def line(label: str, **look: Any) -> None:
        handles.append(Line2D([], [], label=label, **look))

    if any(row.unlike for row in rows):
        patch("part other days", facecolor=VERIFIED, edgecolor="white", hatch=_OTHER_DAYS)
    pending = {row.gap.pending.identified_by for row in rows if _pending(row, level)}
    if "data" in pending:
        patch("part pending", facecolor=PENDING)
    if "prior" in pending:
        patch("part pending prior", facecolor=PENDING, edgecolor="white", hatch=_HATCH)
    patch("part open", facecolor="white", edgecolor=QUIET, linestyle=(0, (3, 2)))
    split = [row.gap for row in rows if not row.other_people and row.gap.verified <= row.gap.announced]
    shown = {gap.carried_out.identified_by for gap in split}
    for by, style in (("data", "-"), ("prior", (0, (1.2, 1)))):
        if by in shown:
            label = canvas.say(tell(f"line carried out {by}", level=level_words(level)))
            line(label, color=ORANGE_INK, linewidth=2.2, linestyle=style, marker="o", markersize=4.5)
    for role, marker in (("verified", "D"), ("reported", "s")):
        if any(other.role == role for row in rows for other in row.beside):
            look = {"marker": marker, "color": "none", "markeredgecolor": INK, "markersize": 5}
            line(canvas.say(tell(f"mark {role}")), markerfacecolor="white", **look)
    axes.figure.legend(
        handles=handles, loc="outside lower left", ncols=2, frameon=False, fontsize=8.5, handlelength=2.0
    )
