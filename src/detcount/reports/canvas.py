"""The canvas that figures are drawn on: sizes, colours, axes, words in one language; not pyplot's state."""

from __future__ import annotations

import io
import math
import re
import textwrap
import warnings
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from detcount.reports.numbers import persons, ratio
from detcount.reports.style import BODY, FAINT, INK, NARROW, PAPER, QUIET, SMALL, TITLE
from detcount.words import Message, day, translated

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

EMPTY_HEIGHT = 1.1  # inches of a figure with nothing in it
PART = "part."
_LETTER = 0.6  # breadth of a letter in its size, rather too much than too little
_APART = 1.45  # heights of letters between words beside each other's lines


def _png(figure: Figure) -> bytes:
    """The figure as PNG."""
    made = io.BytesIO()
    figure.savefig(made, format="png")
    return made.getvalue()


class LineLabel(NamedTuple):
    """Words that belong to a horizontal line.

    Parameters
    ----------
    height : float
        Where the line is.
    words : str
        What they say.
    color : str
        Their colour.
    style : Any, optional
        How the line is drawn; None where it is a mark and no line.
    """

    height: float
    words: str
    color: str
    style: Any = "-"


class Canvas:
    """A figure to be drawn, which knows how words and numbers are written.

    Parameters
    ----------
    lang : str
        Code of the language.
    narrow : bool, optional
        Whether it is for a telephone: names stand over what they name, and what lines mean is said below.

    Examples
    --------
    >>> from detcount.reports.canvas import Canvas
    >>> Canvas("es").lang
    'es'
    """

    def __init__(self, lang: str, *, narrow: bool = False) -> None:
        self.lang = lang
        self.narrow = narrow
        self.figure: Figure | None = None
        self._below: list[tuple[Any, str]] = []

    def translated(self, text: str) -> str:
        """Give words in the language of the canvas."""
        return translated(text, self.lang)

    def start(self, width: float, height: float) -> Figure:
        """Make the figure, so many inches high, and as wide as that or as a telephone; unknown to pyplot."""
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
        from matplotlib.layout_engine import ConstrainedLayoutEngine

        engine = ConstrainedLayoutEngine(h_pad=0.1)
        size = (min(width, NARROW) if self.narrow else width, height)
        self.figure = Figure(figsize=size, layout=engine, facecolor=PAPER)
        FigureCanvasAgg(self.figure)
        # a notebook asks for this, whichever backend is set
        vars(self.figure)["_repr_png_"] = partial(_png, self.figure)
        return self.figure

    def title(self, axes: Axes, text: str) -> None:
        """Set a title at the left; over the whole figure where it is narrow."""
        look: dict[str, Any] = {"fontsize": TITLE, "fontweight": "bold", "color": INK}
        look["fontfamily"] = "DejaVu Sans"
        if self.narrow:
            words = self.wrapped(text, TITLE * 1.12)
            axes.figure.suptitle(words, x=0.015, ha="left", **look)
        else:
            axes.set_title(self.translated(text), loc="left", pad=10, **look)

    def wrapped(self, text: str, size: float = SMALL, columns: int = 1, used: float = 0.0) -> str:
        """Give words in lines that fit the breadth of the figure, or of one of its columns.

        Parameters
        ----------
        text : str
            The words.
        size : float, optional
            Size of the letters, points.
        columns : int, optional
            In how many columns they stand.
        used : float, optional
            Breadth beside them that is taken by something else, points.

        Returns
        -------
        str
            The words in the language of the canvas, with ends of lines.
        """
        assert self.figure is not None, "words are set on a figure"
        room = 72 * self.figure.get_figwidth() / columns - used - 10
        lines = textwrap.wrap(
            self.translated(text), max(int(room / (_LETTER * size)), 8), break_on_hyphens=False
        )
        return "\n".join(lines)

    def legend(self, shown: Sequence[tuple[Any, str]]) -> None:
        """Say under the figure what is drawn: marks, and their words; in one column where it is narrow."""
        shown = [*shown, *self._below]
        if not shown:
            return
        assert self.figure is not None, "a legend stands under a figure"
        columns = 1 if self.narrow else 2
        self.figure.legend(
            handles=[handle for handle, _ in shown],
            labels=[self.wrapped(words, SMALL, columns, used=44) for _, words in shown],
            loc="outside lower left",
            ncols=columns,
            frameon=False,
            fontsize=SMALL,
            handlelength=2.4,
            labelcolor=INK,
            alignment="left",
        )

    def plain(self, axes: Axes, *, keep: tuple[str, ...] = ("bottom",)) -> None:
        """Leave only the spines that carry a scale."""
        for side, spine in axes.spines.items():
            spine.set_visible(side in keep)
            spine.set_color(QUIET)
        axes.tick_params(colors=INK, labelsize=BODY, length=3, color=QUIET)

    def empty(self, axes: Axes, title: str) -> None:
        """Say that there is nothing to draw."""
        self.title(axes, title)
        self.plain(axes, keep=())
        axes.set_xticks([])
        axes.set_yticks([])
        words = self.translated(Message("nothing to draw"))
        axes.text(0.5, 0.5, words, ha="center", va="center", color=QUIET, fontsize=BODY)

    def persons_axis(
        self, axes: Axes, which: Literal["x", "y"], label: str = "", *, grid: bool = False
    ) -> None:
        """Set round numbers of persons on an axis, its label, and faint lines where they are asked for."""
        from matplotlib.ticker import MaxNLocator

        axis = axes.xaxis if which == "x" else axes.yaxis
        axis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 2.5, 5, 10], integer=True))
        axis.set_major_formatter(self._formatter(persons))
        if label:
            axis.set_label_text(self.translated(label), fontsize=BODY, color=INK)
        if grid:
            axes.grid(axis=which, color=FAINT, linewidth=0.6, zorder=0)
            axes.set_axisbelow(True)

    def ratio_axis(self, axes: Axes, ticks: Sequence[float]) -> None:
        """Set ratios on the horizontal axis, at the ticks that are asked for alone."""
        from matplotlib.ticker import FixedLocator, NullLocator

        axes.xaxis.set_major_locator(FixedLocator(ticks))
        axes.xaxis.set_minor_locator(NullLocator())
        axes.xaxis.set_major_formatter(self._formatter(ratio))

    def day_axis(self, axes: Axes) -> None:
        """Set days on the horizontal axis; with their year where there are several."""
        import matplotlib.dates as mdates
        from matplotlib.ticker import FuncFormatter

        low, high = (mdates.num2date(end).date() for end in axes.get_xlim())  # type: ignore[no-untyped-call]
        year = low.year != high.year
        few, most = (2, 3 if year else 5) if self.narrow else (3, 7)
        locator = mdates.AutoDateLocator(minticks=few, maxticks=most, interval_multiples=True)  # type: ignore[no-untyped-call]
        locator.intervald[mdates.DAILY] = [1, 2, 5, 7, 14, 21]
        locator.intervald[mdates.MONTHLY] = [1, 2, 3, 4, 6, 8, 12]
        axes.xaxis.set_major_locator(locator)

        def written(value: float, _: int | None) -> str:
            return day(mdates.num2date(value).date(), self.lang, short=True, year=year)  # type: ignore[no-untyped-call]

        axes.xaxis.set_major_formatter(FuncFormatter(written))

    def margin_labels(self, axes: Axes, labels: Sequence[LineLabel]) -> None:
        """Set words at the right of horizontal lines, moved apart; in the legend where there is no room."""
        from matplotlib.lines import Line2D

        if self.narrow:
            for label in sorted(labels, key=lambda label: -label.height):
                style: Any = "none" if label.style is None else label.style
                mark = "o" if label.style is None else None
                handle = Line2D([], [], color=label.color, linewidth=1.4, linestyle=style, marker=mark)
                self._below.append((handle, label.words))
            return
        bottom, top = axes.get_ylim()
        assert self.figure is not None, "labels stand beside what is drawn"
        inches = axes.get_position().height * self.figure.get_figheight()
        apart = _APART * SMALL / 72 / max(inches, 0.3) * (top - bottom)
        for label, place in zip(*_moved_apart(labels, apart, top), strict=True):
            axes.annotate(
                self.translated(label.words),
                (1.015, place),
                xycoords=("axes fraction", "data"),
                va="center",
                fontsize=SMALL,
                color=label.color,
                annotation_clip=False,
            )

    def _formatter(self, write: Callable[[float], str]) -> Any:
        """Ticks of an axis, each written in the language."""
        from matplotlib.ticker import FuncFormatter

        return FuncFormatter(lambda value, _: self.translated(write(value)))


def _moved_apart(
    labels: Sequence[LineLabel], apart: float, top: float
) -> tuple[list[LineLabel], list[float]]:
    """Labels from the lowest, and places so far apart, near to their lines and below a top."""
    ordered = sorted(labels, key=lambda label: label.height)
    places: list[float] = []
    last = -math.inf
    for label in ordered:
        last = max(label.height, last + apart)
        places.append(last)
    most = top
    for k in reversed(range(len(places))):
        places[k] = min(places[k], most)
        most = places[k] - apart
    return ordered, places


def marked(artist: Any, name: str) -> Any:
    """Mark a part of a figure, such as the floor, so that it is found in the SVG by ``data-part``."""
    artist.set_gid(PART + name)
    return artist


def drawn(draw: Callable[[Canvas], None], lang: str, *, narrow: bool = False) -> Figure:
    """Draw a figure in a language.

    Parameters
    ----------
    draw : callable
        Draws on the canvas that it is given.
    lang : str
        Code of the language.
    narrow : bool, optional
        Whether it is for a telephone.

    Returns
    -------
    matplotlib.figure.Figure
        The figure, on a canvas of its own.

    Examples
    --------
    >>> from detcount.reports.canvas import drawn
    >>> def draw(canvas):
    ...     # two bars
    ...     axes = canvas.start(4, 3).subplots()
    ...     axes.barh(["press", "families"], [60, 80])
    >>> figure = drawn(draw, "en")
    >>> type(figure).__name__
    'Figure'
    """
    canvas = Canvas(lang, narrow=narrow)
    draw(canvas)
    assert canvas.figure is not None, "a drawing starts its canvas"
    return canvas.figure


def saved(figure: Figure, kind: Literal["png", "svg"], *, dpi: int | None = None, creator: str = "") -> bytes:
    """Write a figure; a letter that no font has is a box, and no warning.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        The figure.
    kind : {"png", "svg"}
        How it is written.
    dpi : int, optional
        Dots per inch of a PNG.
    creator : str, optional
        Who made it, as the file says.

    Returns
    -------
    bytes
        The file; the same bytes each time.
    """
    about = {"Software": creator} if kind == "png" else {"Date": None, "Creator": creator or None}
    stream = io.BytesIO()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r"Glyph \d+ ", category=UserWarning)
        vars(figure)["draw"] = partial(_drawn_or_laid_out, figure)
        try:
            figure.savefig(stream, format=kind, dpi=dpi or "figure", metadata=about)
        finally:
            del vars(figure)["draw"]
    return stream.getvalue()


def _drawn_or_laid_out(figure: Figure, renderer: Any) -> None:
    """Draw a figure that is laid out; matplotlib draws it twice, the first time for the layout alone."""
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    engine = figure.get_layout_engine()
    if isinstance(engine, ConstrainedLayoutEngine):
        engine.execute(figure)
    else:
        Figure.draw(figure, renderer)


def shortened(name: str, most: int = 28) -> str:
    """Cut a name to fit beside a figure: to the short one in brackets at its end, or to its beginning."""
    found = re.fullmatch(r".*\((\S{2,12})\)", name) if len(name) > most else None
    if found:
        return found.group(1)
    return name if len(name) <= most else f"{name[: most - 1]}…"
