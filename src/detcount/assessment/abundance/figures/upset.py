"""The figure of the overlaps: bars of persons by the lists that name them, over a matrix of the lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from detcount.assessment.abundance.content import MAX_PATTERNS, AssessmentContent, OverlapRow
from detcount.assessment.abundance.messages import message
from detcount.reports.canvas import EMPTY_HEIGHT, Canvas, marked, shortened
from detcount.reports.numbers import persons
from detcount.reports.style import BAND, BLUE, BODY, FAINT, INK, QUIET, SMALL, WIDE
from detcount.words import Message

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_ALL_LISTS = 12  # of more lists only those on some bar are drawn
_BARS = 10  # bars that have room where the figure is narrow
_WIDE_LABEL = 6  # characters that do not fit over a bar when there are many
_NAME, _SHORT_NAME = 28, 13  # letters of a list, beside the matrix of a wide figure and of a narrow one


def upset(canvas: Canvas, content: AssessmentContent) -> None:
    """Draw the persons on each combination of lists: bars above, the lists they are on below.

    Parameters
    ----------
    canvas : Canvas
        Where it is drawn.
    content : AssessmentContent
        What the assessment says.
    """
    if not content.patterns:
        canvas.empty(canvas.start(WIDE, EMPTY_HEIGHT).add_subplot(), message("figure upset"))
        return
    figure = canvas.start(WIDE, upset_height(content, narrow=canvas.narrow))
    draw_upset(canvas, figure, figure.add_gridspec(1, 1)[0], content)


def upset_height(content: AssessmentContent, *, narrow: bool = False) -> float:
    """Inches for the bars and the rows of lists."""
    return 2.3 + _matrix_height(len(_drawn_lists(content, _most(narrow=narrow)))) + (0.4 if narrow else 0.0)


def _most(*, narrow: bool) -> int:
    """How many bars are drawn, at most."""
    return _BARS if narrow else MAX_PATTERNS


def _matrix_height(n_lists: int) -> float:
    """Inches for the rows of lists."""
    return 0.3 + 0.22 * max(n_lists, 2)


def _drawn_lists(content: AssessmentContent, most: int) -> list[str]:
    """Lists, the largest first; of many, those that some bar is on."""
    order = sorted(range(len(content.lists)), key=lambda k: (-(content.lists[k].persons or 0), k))
    names = [content.lists[k].name for k in order]
    if len(names) <= _ALL_LISTS:
        return names
    on = {name for row in content.patterns[:most] for name in row.lists}
    return [name for name in names if name in on]


def draw_upset(canvas: Canvas, figure: Figure, slot: Any, content: AssessmentContent) -> None:
    """Bars of persons by capture history over a matrix of the lists."""
    most = _most(narrow=canvas.narrow)
    shown = content.patterns[:most]
    names = _drawn_lists(content, most)
    grid = slot.subgridspec(2, 1, height_ratios=[2.0, _matrix_height(len(names))], hspace=0.02)
    bars, matrix = figure.add_subplot(grid[0]), figure.add_subplot(grid[1])
    labels = [canvas.say(persons(row.persons)) for row in shown]
    many = _BARS // 2 if canvas.narrow else 12
    turned = len(shown) > many and max(map(len, labels)) > (3 if canvas.narrow else _WIDE_LABEL)
    turn = (90 if canvas.narrow else 45) if turned else 0
    for x, row in enumerate(shown):
        (bar,) = bars.bar(x, float(row.persons), width=0.62, zorder=2, color=BLUE)
        marked(bar, "bar")
        bars.annotate(
            labels[x],
            (x, float(row.persons)),
            xytext=(0, 2.5),
            textcoords="offset points",
            ha="left" if turned else "center",
            va="center" if turn == 90 else "bottom",
            fontsize=SMALL,
            rotation=turn,
            rotation_mode="anchor",
            color=INK,
        )
    bars.set_ylim(0, shown[0].persons * (1.4 if turned else 1.18))
    bars.set_xlim(-0.6, max(len(shown), 3) - 0.4)
    bars.set_xticks([])
    canvas.persons_axis(bars, "y", message("axis persons"), grid=True)
    canvas.plain(bars, keep=("left",))
    canvas.title(bars, message("figure upset"))
    _draw_matrix(canvas, matrix, content, names, shown)
    left_out = []
    if len(content.patterns) > len(shown):
        left_out.append(message("more rows", k=persons(len(content.patterns) - len(shown))))
    if len(names) < len(content.lists):
        left_out.append(message("lists in no bar", k=len(content.lists) - len(names)))
    if left_out:
        words = canvas.wrapped(Message.together(left_out), used=120 if canvas.narrow else 0)
        matrix.set_xlabel(words, fontsize=SMALL, color=QUIET, loc="right")


def _draw_matrix(
    canvas: Canvas,
    matrix: Axes,
    content: AssessmentContent,
    names: list[str],
    shown: tuple[OverlapRow, ...],
) -> None:
    """Which lists each bar is on."""
    sizes = {row.name: row.persons for row in content.lists}
    most = _SHORT_NAME if canvas.narrow else _NAME
    labels = [
        shortened(name, most)
        if (size := sizes[name]) is None
        else f"{shortened(name, most)}  ({canvas.say(persons(size))})"
        for name in names
    ]
    dot = 34 if len(names) <= 12 else 18
    for y in range(0, len(names), 2):
        matrix.axhspan(y - 0.5, y + 0.5, color=BAND, zorder=0)
    for x, row in enumerate(shown):
        on = [y for y, name in enumerate(names) if name in row.lists]
        matrix.scatter([x] * len(names), range(len(names)), s=dot, color=FAINT, zorder=1, linewidths=0)
        matrix.scatter([x] * len(on), on, s=dot, color=INK, zorder=3, linewidths=0)
        if len(on) > 1:
            matrix.plot([x, x], [min(on), max(on)], color=INK, linewidth=1.6, zorder=2)
    matrix.set_yticks(range(len(names)))
    matrix.set_yticklabels(labels, parse_math=False)  # a name with a sign of money is no formula
    matrix.set_ylim(len(names) - 0.5, -0.5)
    matrix.set_xlim(-0.6, max(len(shown), 3) - 0.4)
    matrix.set_xticks([])
    canvas.plain(matrix, keep=())
    matrix.tick_params(axis="y", length=0, labelsize=BODY if len(names) <= 12 else 7.5)
