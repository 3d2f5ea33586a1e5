"""The canvas that figures are drawn on: sizes, colours, axes, words in one language; not pyplot's state."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from detcount.report.numbers import percent, persons, ratio
from detcount.words import Message, day, said

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["BLUE", "EMPTY_HEIGHT", "FAINT", "INK", "ORANGE", "QUIET", "Canvas", "drawn", "shortened"]

INK = "#1b1b1b"
QUIET = "#6b6b6b"
FAINT = "#d9d9d9"
BLUE = "#1f5a8a"
ORANGE = "#b8501a"
EMPTY_HEIGHT = 1.1  # inches of a figure with nothing in it


class Canvas:
    """A figure to be drawn, which knows how words and numbers are written.

    Parameters
    ----------
    lang : str
        Code of the language.
    """

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self.figure: Figure | None = None

    def say(self, text: str) -> str:
        """Give words in the language of the canvas."""
        return said(text, self.lang)

    def start(self, width: float, height: float) -> Figure:
        """Make the figure, so many inches wide and high, one that pyplot does not know of."""
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
        from matplotlib.layout_engine import ConstrainedLayoutEngine

        engine = ConstrainedLayoutEngine(h_pad=0.1)
        self.figure = Figure(figsize=(width, height), layout=engine, facecolor="white")
        FigureCanvasAgg(self.figure)
        return self.figure

    def title(self, axes: Axes, text: str) -> None:
        """Set a title at the left."""
        axes.set_title(
            self.say(text),
            loc="left",
            fontsize=11,
            fontweight="bold",
            color=INK,
            pad=10,
            fontfamily="DejaVu Sans",
        )

    def plain(self, axes: Axes, *, keep: tuple[str, ...] = ("bottom",)) -> None:
        """Leave only the spines that carry a scale."""
        for side, spine in axes.spines.items():
            spine.set_visible(side in keep)
            spine.set_color(QUIET)
        axes.tick_params(colors=INK, labelsize=9, length=3, color=QUIET)

    def empty(self, axes: Axes, title: str) -> None:
        """Say that there is nothing to draw."""
        self.title(axes, title)
        self.plain(axes, keep=())
        axes.set_xticks([])
        axes.set_yticks([])
        words = self.say(Message("nothing to draw"))
        axes.text(0.5, 0.5, words, ha="center", va="center", color=QUIET, fontsize=10)

    def persons_axis(self, axes: Axes, which: str) -> None:
        """Set round numbers of persons on the axis "x" or "y"."""
        from matplotlib.ticker import MaxNLocator

        axis = axes.xaxis if which == "x" else axes.yaxis
        axis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 2.5, 5, 10], integer=True))
        axis.set_major_formatter(self._formatter(persons))

    def percent_axis(self, axes: Axes) -> None:
        """Write the shares of the horizontal axis as percentages."""
        axes.xaxis.set_major_formatter(self._formatter(percent))

    def ratio_axis(self, axes: Axes, ticks: Sequence[float]) -> None:
        """Set ratios on the horizontal axis, where they are asked for and nowhere else."""
        from matplotlib.ticker import FixedLocator, NullLocator

        axes.xaxis.set_major_locator(FixedLocator(ticks))
        axes.xaxis.set_minor_locator(NullLocator())
        axes.xaxis.set_major_formatter(self._formatter(ratio))

    def day_axis(self, axes: Axes) -> None:
        """Set days on the horizontal axis; with their year where there are several."""
        import matplotlib.dates as mdates
        from matplotlib.ticker import FuncFormatter

        low, high = (mdates.num2date(end).date() for end in axes.get_xlim())  # type: ignore[no-untyped-call]
        locator = mdates.AutoDateLocator(minticks=3, maxticks=7, interval_multiples=True)  # type: ignore[no-untyped-call]
        locator.intervald[mdates.DAILY] = [1, 2, 5, 7, 14, 21]
        axes.xaxis.set_major_locator(locator)
        year = low.year != high.year

        def written(value: float, _: int | None) -> str:
            return day(mdates.num2date(value).date(), self.lang, short=True, year=year)  # type: ignore[no-untyped-call]

        axes.xaxis.set_major_formatter(FuncFormatter(written))

    def margin_labels(self, axes: Axes, labels: list[tuple[float, str, str]]) -> None:
        """Set words at the right of horizontal lines, moved apart: height, words, colour of each."""
        bottom, top = axes.get_ylim()
        apart = 0.075 * (top - bottom)
        last = -math.inf
        for y, text, color in sorted((y, self.say(text), color) for y, text, color in labels):
            place = max(y, last + apart)
            last = place
            axes.annotate(
                text,
                (1.015, place),
                xycoords=("axes fraction", "data"),
                va="center",
                fontsize=8.5,
                color=color,
                annotation_clip=False,
            )

    def _formatter(self, write: Callable[[float], str]) -> Any:
        """Ticks of an axis, each written in the language."""
        from matplotlib.ticker import FuncFormatter

        return FuncFormatter(lambda value, _: self.say(write(value)))


def drawn(draw: Callable[[Canvas], None], lang: str) -> Figure:
    """Draw a figure in a language.

    Parameters
    ----------
    draw : callable
        Draws on the canvas that it is given.
    lang : str
        Code of the language.

    Returns
    -------
    matplotlib.figure.Figure
        The figure, on a canvas of its own.
    """
    canvas = Canvas(lang)
    draw(canvas)
    assert canvas.figure is not None, "a drawing starts its canvas"
    return canvas.figure


def shortened(name: str, most: int = 28) -> str:
    """Cut a name to fit beside a figure: to the short one in brackets at its end, or to its beginning."""
    found = re.fullmatch(r".*\((\S{2,12})\)", name) if len(name) > most else None
    if found:
        return found.group(1)
    return name if len(name) <= most else f"{name[: most - 1]}…"
