"""Figures about releases: the gap in parts, the windows in time, the totals as they grow."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from detcount import arguments
from detcount.estimates import GapEstimate, UncertainCount
from detcount.published import PublishedReleases
from detcount.releases import ReleaseProcess
from detcount.report.figures import _FAINT, _INK, _QUIET, _empty, _figure, _persons_axis, _plain, _title
from detcount.report.messages import check_language, percent, persons
from detcount.report.releases_content import CountRow, FanContent, latest_counts
from detcount.report.releases_messages import (
    event_words,
    tell,
)
from detcount.words import day, said

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["fan", "gap_bars", "windows"]

# Okabe and Ito's colours, darkened where text is set in them; told apart by readers who see few colours,
# and by their lightness in print without any.
_VERIFIED = "#0b5394"
_PENDING = "#79b4dc"
_UNVERIFIABLE = "#d4d4d4"
_UNSUBSTANTIATED = "#e08214"
_ORANGE_INK = "#a8480f"
_ROLES = {"announced": _ORANGE_INK, "verified": _VERIFIED, "reported": _QUIET}
_MARKS = {"announced": "D", "verified": "o", "reported": "s"}
_HATCH = "////"
_ROOM_FOR_NUMBER = 0.045  # share of the axis that a number of three figures needs
_MOST_WINDOWS = 24
_NAME = 44
_LEVELS = (0.95, 0.8)


def gap_bars(gaps: Sequence[GapEstimate], *, lang: str = "en", level: float = 0.95) -> Figure:
    """Draw each announced number as a bar: verified, pending, unverifiable, unsubstantiated.

    Parameters
    ----------
    gaps : sequence of GapEstimate
        The announced numbers, from the top.
    lang : {"en", "es"}, optional
        Language of the words and numbers.
    level : float, optional
        Level of the intervals under each bar, in (0, 1).

    Returns
    -------
    matplotlib.figure.Figure
        The figure, on a canvas of its own. What is hatched rests on a prior, not on the counts.
    """
    lang = check_language(lang)
    height = 1.9 + 0.78 * max(len(gaps), 1) if gaps else 1.1
    figure = _figure(8.4, height)
    _draw_gaps(figure.add_subplot(), tuple(gaps), lang, level)
    return figure


def windows(
    reports: PublishedReleases | Sequence[CountRow], *, lang: str = "en", most: int = _MOST_WINDOWS
) -> Figure:
    """Draw who counted the releases of which days, and when the count was published.

    Parameters
    ----------
    reports : PublishedReleases, or sequence of CountRow
        The published counts; of successive ones of a source about an event the last is drawn.
    lang : {"en", "es"}, optional
        Language of the words and numbers.
    most : int, optional
        The counts drawn, at most; of more the last to be published.

    Returns
    -------
    matplotlib.figure.Figure
        The figure, on a canvas of its own.
    """
    lang = check_language(lang)
    rows = latest_counts(reports) if isinstance(reports, PublishedReleases) else tuple(reports)
    shown, n_left = _chosen_windows(rows, max(most, 1))
    figure = _figure(8.4, 1.9 + 0.27 * max(len(shown), 2))
    _draw_windows(figure.add_subplot(), shown, n_left, lang)
    return figure


def fan(content: FanContent, *, lang: str = "en") -> Figure:
    """Draw the totals of a monitor by day of publication, what they will be, and what was announced.

    Parameters
    ----------
    content : FanContent
        The totals.
    lang : {"en", "es"}, optional
        Language of the words and numbers.

    Returns
    -------
    matplotlib.figure.Figure
        The figure, on a canvas of its own.
    """
    lang = check_language(lang)
    figure = _figure(8.4, 4.0)
    _draw_fan(figure.add_subplot(), content, lang)
    return figure


def _draw_gaps(axes: Axes, gaps: tuple[GapEstimate, ...], lang: str, level: float) -> None:
    """Bars of shares of the announced number, the limits under them, the numbers in them."""
    level = arguments.level(level)
    title = tell("figure gaps", lang)
    if not gaps:
        _empty(axes, title, lang)
        return
    for y, gap in enumerate(gaps):
        _draw_gap(axes, y, gap, lang, level)
    axes.set_xlim(0, 1)
    axes.set_ylim(len(gaps) - 0.35, -0.5)
    axes.set_yticks(range(len(gaps)))
    axes.set_yticklabels([_gap_label(gap, lang) for gap in gaps], parse_math=False)
    axes.set_xlabel(tell("axis share", lang), fontsize=9, color=_INK)
    from matplotlib.ticker import FuncFormatter

    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: percent(value, lang)))
    _plain(axes)
    axes.tick_params(axis="y", length=0, labelsize=9)
    _title(axes, title)
    _gap_legend(axes, gaps, lang, level)


def _gap_label(gap: GapEstimate, lang: str) -> str:
    """What was announced, in two lines."""
    number = persons(gap.announced, lang)
    number = f"≥{number}" if gap.at_least else number
    who = _short(said(gap.announced_by, lang))
    return f"{_short(event_words(gap.label, lang))}\n{tell('bar announced', lang).format(number)}\n{who}"


def _short(name: str) -> str:
    """A name that fits beside a figure: what it is known by, or its beginning."""
    found = re.fullmatch(r".*\((\S{2,12})\)", name)
    if len(name) > _NAME and found:
        return found.group(1)
    return name if len(name) <= _NAME else f"{name[: _NAME - 1]}…"


def _draw_gap(axes: Axes, y: int, gap: GapEstimate, lang: str, level: float) -> None:
    """One bar."""
    whole = max(gap.announced, 1)
    verified = min(gap.verified, whole)
    middle, thick = y - 0.12, 0.4
    _segment(axes, middle, thick, 0, verified / whole, _VERIFIED, "", persons(gap.verified, lang), "white")
    left = verified / whole
    parts = (
        (gap.pending, _PENDING),
        (gap.unverifiable, _UNVERIFIABLE),
        (gap.unsubstantiated, _UNSUBSTANTIATED),
    )
    if any(count.mean is None for count, _ in parts):
        if left < 1:
            axes.barh(
                middle, 1 - left, thick, left=left, facecolor="white", edgecolor=_QUIET, linestyle=(0, (3, 2))
            )
            if 1 - left > 0.25:
                text = tell("not split", lang).format(persons(whole - verified, lang))
                axes.text((1 + left) / 2, middle, text, ha="center", va="center", fontsize=8.5, color=_INK)
        return
    for count, color in parts:
        width = min((count.mean or 0.0) / whole, 1 - left)
        hatch = _HATCH if count.identified_by == "prior" else ""
        _segment(axes, middle, thick, left, width, color, hatch, persons(count.mean or 0.0, lang), _INK)
        left += width
    _limits(axes, y + 0.19, gap.eventually_verified, whole, level, _VERIFIED)
    _limits(axes, y + 0.32, gap.carried_out, whole, level, _ORANGE_INK)


def _segment(
    axes: Axes,
    y: float,
    thick: float,
    left: float,
    width: float,
    color: str,
    hatch: str,
    text: str,
    ink: str,
) -> None:
    """A part of a bar, with its number where there is room for it."""
    if width <= 0:
        return
    axes.barh(y, width, thick, left=left, color=color, edgecolor="white", hatch=hatch, linewidth=0.8)
    if width > _ROOM_FOR_NUMBER:
        axes.text(
            left + width / 2,
            y,
            text,
            ha="center",
            va="center",
            fontsize=8.5,
            fontweight="bold",
            color=ink,
            bbox={"facecolor": color, "edgecolor": "none", "pad": 1.2} if hatch else None,
        )


def _limits(axes: Axes, y: float, count: UncertainCount, whole: int, level: float, color: str) -> None:
    """Limits as a line under the bar, the mean as a mark; an open one runs off the axis."""
    interval = count.interval(level)
    low, high = min(interval.low / whole, 1.0), min(interval.high / whole, 1.0)
    axes.plot([low, high], [y, y], color=color, linewidth=2.0, solid_capstyle="butt", zorder=3, clip_on=False)
    if interval.high > whole:
        axes.plot([1.0], [y], marker=">", color=color, markersize=5, zorder=3, clip_on=False)
    if count.mean is not None:
        at = min(count.mean / whole, 1.0)
        axes.plot([at], [y], marker="o", color=color, markersize=4.5, zorder=4, clip_on=False)


def _gap_legend(axes: Axes, gaps: tuple[GapEstimate, ...], lang: str, level: float) -> None:
    """What the colours, the hatching and the lines mean."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    handles: list[Any] = [Patch(facecolor=_VERIFIED, label=tell("part verified", lang))]
    for name, color in (
        ("pending", _PENDING),
        ("unverifiable", _UNVERIFIABLE),
        ("unsubstantiated", _UNSUBSTANTIATED),
    ):
        elsewhere = name == "pending" and any(isinstance(gap.estimator, ReleaseProcess) for gap in gaps)
        key = f"part {name} or elsewhere" if elsewhere else f"part {name}"
        handles.append(Patch(facecolor=color, label=tell(key, lang)))
    shown = percent(level, lang)
    for key, color in (("line eventually", _VERIFIED), ("line carried out", _ORANGE_INK)):
        label = tell(key, lang).format(level=shown)
        handles.append(Line2D([], [], color=color, linewidth=2, marker="o", markersize=4.5, label=label))
    if any(part.identified_by == "prior" for gap in gaps for part in gap.parts.values()):
        handles.append(Patch(facecolor="white", edgecolor=_QUIET, hatch=_HATCH, label=tell("hatched", lang)))
    axes.figure.legend(
        handles=handles, loc="outside lower left", ncols=2, frameon=False, fontsize=8.5, handlelength=1.8
    )


def _chosen_windows(rows: Sequence[CountRow], most: int) -> tuple[tuple[CountRow, ...], int]:
    """The windows that are drawn: the last to be published, announced and verified before reported."""
    order = sorted(
        range(len(rows)), key=lambda k: (rows[k].published, rows[k].role != "reported", k), reverse=True
    )
    kept = sorted(order[:most])
    return tuple(rows[k] for k in kept), len(rows) - len(kept)


def _draw_windows(axes: Axes, rows: tuple[CountRow, ...], n_left: int, lang: str) -> None:
    """A row a count: its window as a line, the day it was published as a mark, the number at the right."""
    title = tell("figure windows", lang)
    if not rows:
        _empty(axes, title, lang)
        return
    import matplotlib.dates as mdates

    def place(day: dt.date) -> float:
        return float(mdates.date2num(day))  # type: ignore[no-untyped-call]

    days = [day for row in rows for day in (row.start, row.end, row.published) if day is not None]
    first, last = place(min(days)), place(max(days))
    span = max(last - first, 1.0)
    unknown = first - 0.06 * span
    for y, row in enumerate(rows):
        color = _ROLES.get(row.role, _QUIET)
        start = unknown if row.start is None else place(row.start)
        end = place(row.end or row.published)
        if y % 2 == 0:
            axes.axhspan(y - 0.5, y + 0.5, color="#f6f6f6", zorder=0)
        if row.start is None:
            known = max(end - 0.04 * span, unknown)
            axes.plot([unknown, known], [y, y], color=color, linewidth=2, linestyle=(0, (1, 1.5)), zorder=2)
            axes.plot([known, end], [y, y], color=color, linewidth=4, solid_capstyle="butt", zorder=2)
        else:
            # a day is a day long
            axes.plot(
                [start, max(end, start + 0.006 * span)],
                [y, y],
                color=color,
                linewidth=4.5,
                solid_capstyle="butt",
                zorder=2,
            )
        axes.plot([end, place(row.published)], [y, y], color=color, linewidth=0.8, zorder=1)
        axes.plot(
            [place(row.published)],
            [y],
            marker=_MARKS.get(row.role, "o"),
            color=color,
            markerfacecolor="white",
            markersize=6,
            markeredgewidth=1.5,
            zorder=4,
        )
        number = persons(row.count, lang)
        axes.annotate(
            f"≥{number}" if row.at_least else number,
            (1.015, y),
            xycoords=("axes fraction", "data"),
            va="center",
            fontsize=8.5,
            color=_INK,
            annotation_clip=False,
        )
    axes.set_xlim(first - 0.08 * span, last + 0.03 * span)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_yticks(range(len(rows)))
    axes.set_yticklabels([_short(said(row.source, lang)) for row in rows], parse_math=False)
    for label, row in zip(axes.get_yticklabels(), rows, strict=True):
        label.set_color(_ROLES.get(row.role, _QUIET))
    _day_axis(axes, lang)
    _plain(axes)
    axes.tick_params(axis="y", length=0, labelsize=8.5)
    axes.grid(axis="x", color=_FAINT, linewidth=0.6, zorder=0)
    axes.set_axisbelow(True)
    if n_left:
        text = tell("more windows", lang).format(persons(n_left, lang))
        axes.set_xlabel(text, fontsize=8.5, color=_QUIET, loc="right")
    _title(axes, title)
    _windows_legend(axes, rows, lang)


def _windows_legend(axes: Axes, rows: tuple[CountRow, ...], lang: str) -> None:
    """What the colours, the marks and the lines mean."""
    from matplotlib.lines import Line2D

    handles = [
        Line2D(
            [],
            [],
            color=_ROLES[role],
            linewidth=4.5,
            marker=_MARKS[role],
            markerfacecolor="white",
            markersize=6,
            markeredgewidth=1.5,
            label=tell(f"role {role}", lang),
        )
        for role in _ROLES
        if any(row.role == role for row in rows)
    ]
    handles.append(
        Line2D(
            [],
            [],
            color="none",
            marker="o",
            markeredgecolor=_INK,
            markerfacecolor="white",
            markeredgewidth=1.5,
            label=tell("mark published", lang),
        )
    )
    if any(row.start is None for row in rows):
        handles.append(
            Line2D(
                [], [], color=_INK, linewidth=2, linestyle=(0, (1, 1.5)), label=tell("start unknown", lang)
            )
        )
    axes.figure.legend(
        handles=handles, loc="outside lower left", ncols=3, frameon=False, fontsize=8.5, handlelength=2.4
    )


def _day_axis(axes: Axes, lang: str) -> None:
    """Days on the horizontal axis, in the words of the language; the year where there are several."""
    import matplotlib.dates as mdates
    from matplotlib.ticker import FuncFormatter

    low, high = (mdates.num2date(end).date() for end in axes.get_xlim())  # type: ignore[no-untyped-call]
    locator = mdates.AutoDateLocator(minticks=3, maxticks=7, interval_multiples=True)  # type: ignore[no-untyped-call]
    locator.intervald[mdates.DAILY] = [1, 2, 5, 7, 14, 21]
    axes.xaxis.set_major_locator(locator)
    year = low.year != high.year
    axes.xaxis.set_major_formatter(
        FuncFormatter(lambda value, _: day(mdates.num2date(value).date(), lang, short=True, year=year))  # type: ignore[no-untyped-call]
    )


def _draw_fan(axes: Axes, content: FanContent, lang: str) -> None:
    """Totals as marks, what they will be as a band, announced totals as lines."""
    title = tell("figure fan", lang).format(said(content.source, lang), said(content.event, lang))
    if not content.observed:
        _empty(axes, title, lang)
        return
    import matplotlib.dates as mdates

    def place(day: dt.date) -> float:
        return float(mdates.date2num(day))  # type: ignore[no-untyped-call]

    x = [place(row.published) for row in content.observed]
    y = [row.count for row in content.observed]
    axes.plot(x, y, color=_VERIFIED, linewidth=1.4, zorder=3)
    axes.plot(x, y, "o", color=_VERIFIED, markersize=5, zorder=4)
    labels: list[tuple[float, str, str]] = []
    right = x[-1]
    tops = [float(max(y))]
    if content.expected:
        days = [place(row.day) for row in content.expected]
        for level, alpha in zip(_LEVELS, (0.22, 0.38), strict=True):
            spans = [row.total.interval(level) for row in content.expected]
            highs = [min(span.high, 1e9) for span in spans]
            axes.fill_between(
                days, [span.low for span in spans], highs, color=_PENDING, alpha=alpha, linewidth=0, zorder=1
            )
            tops.append(max(highs))
        medians = [row.total.median for row in content.expected]
        axes.plot(
            days,
            [math.nan if median is None else median for median in medians],
            color=_VERIFIED,
            linewidth=1.4,
            linestyle=(0, (4, 2)),
            zorder=3,
        )
        right = days[-1]
    left = x[0]
    span = max(right - left, 1.0)
    for line in content.announced:
        at = place(line.count.published)
        tops.append(float(line.count.count))
        style: Any = "-" if line.same_window else (0, (2, 2))
        from_ = max(at, left - 0.04 * span)
        axes.plot(
            [from_, right],
            [line.count.count] * 2,
            color=_ORANGE_INK,
            linewidth=1.4,
            linestyle=style,
            zorder=2,
        )
        axes.plot([from_], [line.count.count], marker="D", color=_ORANGE_INK, markersize=5, zorder=3)
        number = persons(line.count.count, lang)
        number = f"≥{number}" if line.count.at_least else number
        labels.append((float(line.count.count), f"{number}  {_window_label(line.count, lang)}", _ORANGE_INK))
    axes.set_ylim(0, 1.1 * max(tops))
    axes.set_xlim(left - 0.06 * span, right + 0.02 * span)
    if content.eventually is not None and content.eventually.median is not None:
        last = content.eventually.interval()
        words = tell("in the end", lang).format(
            *(persons(value, lang) for value in (content.eventually.median, last.low, last.high))
        )
        labels.append((float(content.eventually.median), words, _VERIFIED))
    from detcount.report.figures import _margin_labels

    _margin_labels(axes, labels)
    _persons_axis(axes, "y", lang)
    _day_axis(axes, lang)
    _plain(axes, keep=("bottom", "left"))
    axes.grid(axis="y", color=_FAINT, linewidth=0.6, zorder=0)
    axes.set_axisbelow(True)
    axes.set_ylabel(tell("axis releases", lang), fontsize=9, color=_INK)
    axes.set_xlabel(tell("axis published", lang), fontsize=9, color=_INK)
    _title(axes, title)
    _fan_legend(axes, content, lang)


def _window_label(row: CountRow, lang: str) -> str:
    """The window of an announced total, short."""
    if row.start is None:
        return tell("short start unknown", lang)
    return tell("short since", lang).format(day(row.start, lang, short=True))


def _fan_legend(axes: Axes, content: FanContent, lang: str) -> None:
    """What the marks, bands and lines mean."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    handles: list[Any] = [
        Line2D([], [], color=_VERIFIED, marker="o", markersize=5, label=tell("fan verified", lang))
    ]
    if content.expected:
        handles.append(Patch(facecolor=_PENDING, alpha=0.5, label=tell("fan expected", lang)))
    for same in (True, False):
        if any(line.same_window is same for line in content.announced):
            style: Any = "-" if same else (0, (2, 2))
            key = "fan announced" if same else "fan announced elsewhere"
            handles.append(
                Line2D(
                    [],
                    [],
                    color=_ORANGE_INK,
                    linestyle=style,
                    marker="D",
                    markersize=5,
                    label=tell(key, lang),
                )
            )
    axes.figure.legend(
        handles=handles, loc="outside lower left", ncols=2, frameon=False, fontsize=8.5, handlelength=2.4
    )
