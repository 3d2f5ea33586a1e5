"""The picture of the events: a bar for what was announced, filled as far as one monitor verified it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from detcount.assessment.releases.sentences import count_words, days_words, known_as
from detcount.data.published.counts import PublishedCount
from detcount.data.published.events import Event
from detcount.reports.canvas import EMPTY_HEIGHT, Canvas, marked, shortened
from detcount.reports.numbers import persons
from detcount.reports.style import BLUE, BODY, INK, ORANGE, PALE, PAPER, SMALL, WIDE
from detcount.words import N_, Message

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_ROW, _OVER_ROW = 0.42, 0.8  # inches of a row: words beside the bar, and over and under it
_THICK, _LINE = 0.22, 0.155  # inches of a bar, and from one line of words to the next
_NAME = 22


def draw_events(canvas: Canvas, events: Sequence[Event]) -> None:
    """Draw each event as a bar on one scale of persons, and the counts of others as marks.

    Parameters
    ----------
    canvas : Canvas
        What it is drawn on.
    events : sequence of Event
        The events, from the top.
    """
    row, rest = (_OVER_ROW, 2.1) if canvas.narrow else (_ROW, 1.55)
    axes = canvas.start(WIDE, rest + row * len(events) if events else EMPTY_HEIGHT).add_subplot()
    if not events:
        canvas.empty(axes, Message("What was announced, verified and reported"))
        return
    for y, event in enumerate(events):
        _draw(canvas, axes, y, event, 1 / row)
    axes.set_xlim(0, 1.02 * max(_longest(event) for event in events))
    axes.set_ylim(len(events) - 0.45, -0.6)
    axes.set_yticks([])
    axes.set_xlabel(canvas.translated(Message("Persons")), fontsize=BODY, color=INK)
    canvas.persons_axis(axes, "x")
    canvas.plain(axes)
    canvas.title(axes, Message("What was announced, verified and reported"))
    canvas.legend(_shown(events))


def _longest(event: Event) -> int:
    """The largest number of a row, persons."""
    counts = [each.count for each in (*event.announced, *_compared(event), *event.reported)]
    return max([1, *counts, *(part.total for part in event.parts)])


def _compared(event: Event) -> tuple[PublishedCount, ...]:
    """The verified counts that may stand on the bar of an event."""
    return () if event.announced and event.definitions == "different" else event.verified


def _draw(canvas: Canvas, axes: Axes, y: int, event: Event, inch: float) -> None:
    """One row: the bar, the marks, and the words beside them."""
    thick, middle = _THICK * inch, float(y)
    verified = _compared(event)
    most = max((each.count for each in verified), default=0)
    filled = max([most, *(one.total for one in event.parts)])
    if event.announced:
        bar: Any = {"facecolor": PAPER, "edgecolor": ORANGE, "linewidth": 1.2}
        marked(axes.barh(middle, event.announced[0].count, thick, **bar)[0], "announced")
    if filled:
        look: dict[str, Any] = (
            {"color": BLUE} if most == filled else {"color": PALE, "edgecolor": PAPER, "hatch": "////"}
        )
        kind = "verified" if most == filled else "in parts"
        marked(axes.barh(middle, filled, 0.7 * thick, **look)[0], kind)
    others = [each for each in verified if each.count != filled]
    for each, mark in (*((one, "D") for one in others), *((one, "s") for one in event.reported)):
        look = {"color": PAPER, "mec": INK, "mew": 1.1, "markersize": 4.5, "zorder": 5, "clip_on": False}
        axes.plot([each.count], [middle], marker=mark, **look)
    label = [canvas.translated(days_words(event.head.start, event.head.end or event.head.last))]
    lines = [canvas.translated(line) for line in _lines(canvas, event)]
    if canvas.narrow:
        _write(axes, 0.0, middle - (_THICK / 2 + 0.6 * _LINE) * inch, label, inch, "left")
        _write(axes, 0.0, middle + (_THICK / 2 + 0.6 * _LINE) * inch, [" · ".join(lines)], inch, "left")
    else:
        _write(axes, -0.015, middle, label, inch, "right")
        _write(axes, 1.02, middle - _LINE * inch * (len(lines) - 1) / 2, lines, inch, "left")


def _lines(canvas: Canvas, event: Event) -> list[Message]:
    """Write the words beside a bar: announced, and the largest that was verified or else reported."""
    found = []
    if event.announced:
        stated = event.announced[0]
        found.append(
            Message("{number} announced", number=count_words(stated.count, at_least=stated.at_least))
        )
    largest = max(_compared(event), key=lambda each: each.count, default=None)
    reported = max(event.reported, key=lambda each: each.count, default=None)
    part = max(event.parts, key=lambda part: part.total, default=None)
    if largest is not None and (part is None or part.total <= largest.count):
        found.append(_line(canvas, N_("{number} verified, {who}"), largest))
    elif part is not None:
        who = shortened(canvas.translated(known_as(part.source)), _NAME)
        found.append(Message("{number} verified, {who}", number=persons(part.total), who=who))
    elif reported is not None:
        found.append(_line(canvas, N_("{number} reported, {who}"), reported))
    else:
        found.append(Message("no verified count"))
    return found


def _line(canvas: Canvas, template: str, each: PublishedCount) -> Message:
    """One count and its source, as short as fits."""
    who = shortened(canvas.translated(known_as(each.source)), _NAME)
    return Message(template, number=count_words(each.count, at_least=each.at_least), who=who)


def _write(axes: Axes, x: float, y: float, lines: list[str], inch: float, ends: str) -> None:
    """Lines of words from a height down."""
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


def _shown(events: Sequence[Event]) -> list[tuple[Any, str]]:
    """Give the legend of the bars and marks that are drawn."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    shown: list[tuple[Any, str]] = []
    if any(event.announced for event in events):
        shown.append((Patch(facecolor=PAPER, edgecolor=ORANGE, linewidth=1.2), Message("announced")))
    if any(_compared(event) for event in events):
        shown.append((Patch(facecolor=BLUE), Message("the most that one monitor verified")))
    if any(event.parts for event in events):
        shown.append(
            (
                Patch(facecolor=PALE, edgecolor=PAPER, hatch="////"),
                Message("verified, added from counts of parts of the days"),
            )
        )
    look: dict[str, Any] = {"color": "none", "mec": INK, "mfc": PAPER, "markersize": 5}
    if any(len({each.count for each in _compared(event)}) > 1 for event in events):
        shown.append((Line2D([], [], marker="D", **look), Message("verified by others")))
    if any(event.reported for event in events):
        shown.append((Line2D([], [], marker="s", **look), Message("reported")))
    return shown
