"""Persons by the lists that name them, drawn as bars over a matrix of the lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from detcount.reports.canvas import EMPTY_HEIGHT, Canvas, marked, shortened
from detcount.reports.numbers import persons
from detcount.reports.style import BAND, BLUE, BODY, FAINT, INK, QUIET, SMALL, WIDE
from detcount.words import Message

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Sizes = Mapping[str, int | None]
"""Persons on each list; None where they are not to be printed."""
BY_LISTS = Message("People by the lists that name them")


@dataclass(frozen=True)
class Tuning:
    """Sizes of tables and figures of overlaps.

    Parameters
    ----------
    patterns : int, rows
        Combinations of lists that a report shows. Convention: twenty.
    """

    patterns: int = 20


TUNING = Tuning()
MAX_PATTERNS = TUNING.patterns


def more_rows(k: int) -> Message:
    """Say how many rows are not shown."""
    return Message("{k} more not shown.", k=persons(k))


@dataclass(frozen=True)
class OverlapRow:
    """Persons on several lists at once, or with one capture history.

    Parameters
    ----------
    lists : tuple of str
        The lists that name them.
    persons : int
        How many they are.
    """

    lists: tuple[str, ...]
    persons: int


_ALL_LISTS = 12  # of more lists only those on some bar are drawn
_BARS = 10  # bars that have room where the figure is narrow
_WIDE_LABEL = 6  # characters that do not fit over a bar when there are many
_NAME, _SHORT_NAME = 28, 13  # letters of a list, beside the matrix of a wide figure and of a narrow one


def draw_overlaps(canvas: Canvas, rows: Sequence[OverlapRow], sizes: Sizes) -> None:
    """Draw the persons on each combination of lists: bars above, the lists they are on below.

    Parameters
    ----------
    canvas : Canvas
        What it is drawn on.
    rows : sequence of OverlapRow
        Persons on exactly some lists, the most frequent first.
    sizes : mapping of str to int
        Persons on each list; None where they are not to be printed.
    """
    if not rows:
        canvas.empty(canvas.start(WIDE, EMPTY_HEIGHT).add_subplot(), BY_LISTS)
        return
    figure = canvas.start(WIDE, overlaps_height(rows, sizes, narrow=canvas.narrow))
    draw_upset(canvas, figure, figure.add_gridspec(1, 1)[0], rows, sizes)


def overlaps_height(rows: Sequence[OverlapRow], sizes: Sizes, *, narrow: bool = False) -> float:
    """Inches for the bars and the rows of lists."""
    return (
        2.3 + _matrix_height(len(_drawn_lists(rows, sizes, _most(narrow=narrow)))) + (0.4 if narrow else 0.0)
    )


def _most(*, narrow: bool) -> int:
    """Give the largest number of bars that are drawn."""
    return _BARS if narrow else MAX_PATTERNS


def _matrix_height(n_lists: int) -> float:
    """Inches for the rows of lists."""
    return 0.3 + 0.22 * max(n_lists, 2)


def _drawn_lists(rows: Sequence[OverlapRow], sizes: Sizes, most: int) -> list[str]:
    """Lists, the largest first; of many, those that some bar is on."""
    names = sorted(sizes, key=lambda name: -(sizes[name] or 0))
    if len(names) <= _ALL_LISTS:
        return names
    on = {name for row in rows[:most] for name in row.lists}
    return [name for name in names if name in on]


def draw_upset(canvas: Canvas, figure: Figure, slot: Any, rows: Sequence[OverlapRow], sizes: Sizes) -> None:
    """Bars of persons by capture history over a matrix of the lists."""
    most = _most(narrow=canvas.narrow)
    shown = rows[:most]
    names = _drawn_lists(rows, sizes, most)
    grid = slot.subgridspec(2, 1, height_ratios=[2.0, _matrix_height(len(names))], hspace=0.02)
    bars, matrix = figure.add_subplot(grid[0]), figure.add_subplot(grid[1])
    labels = [canvas.translated(persons(row.persons)) for row in shown]
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
    canvas.persons_axis(bars, "y", Message("people"), grid=True)
    canvas.plain(bars, keep=("left",))
    canvas.title(bars, BY_LISTS)
    _draw_matrix(canvas, matrix, sizes, names, shown)
    left_out = []
    if len(rows) > len(shown):
        left_out.append(more_rows(len(rows) - len(shown)))
    if len(names) < len(sizes):
        left_out.append(Message("{k} lists are in none of these combinations.", k=len(sizes) - len(names)))
    if left_out:
        words = canvas.wrapped(Message.together(left_out), used=120 if canvas.narrow else 0)
        matrix.set_xlabel(words, fontsize=SMALL, color=QUIET, loc="right")


def _draw_matrix(
    canvas: Canvas,
    matrix: Axes,
    sizes: Sizes,
    names: list[str],
    shown: Sequence[OverlapRow],
) -> None:
    """Which lists each bar is on."""
    most = _SHORT_NAME if canvas.narrow else _NAME
    labels = [
        shortened(name, most)
        if (size := sizes[name]) is None
        else f"{shortened(name, most)}  ({canvas.translated(persons(size))})"
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
