"""Figures: the methods side by side, the overlaps, the sensitivity. No global state of pyplot."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from detcount.report.content import AssessmentContent, FamilyRow, OverlapRow
from detcount.report.document import MAX_PATTERNS
from detcount.report.messages import check_language, persons, ratio, say

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["forest", "overview", "sensitivity", "upset"]

_INK = "#1b1b1b"
_QUIET = "#6b6b6b"
_FAINT = "#d9d9d9"
_BLUE = "#1f5a8a"
_ORANGE = "#b8501a"
_ALL_LISTS = 12  # of more lists only those on some bar are drawn
_EMPTY_HEIGHT = 1.1
_STRIP = 0.36  # half the height of a strip at its highest, rows
_WIDE_LABEL = 6  # characters that do not fit over a bar when there are many
_WIDEST_AXIS = 12.0  # points so many times as far from the floor as the middle one leave the axis


def forest(content: AssessmentContent, *, lang: str = "en") -> Figure:
    """Draw the estimate and interval of every method, with the floor.

    Parameters
    ----------
    content : AssessmentContent
        What the assessment says.
    lang : {"en", "es"}, optional
        Language of the words and numbers.

    Returns
    -------
    matplotlib.figure.Figure
        The figure, on a canvas of its own.
    """
    lang = check_language(lang)
    figure = _figure(8.4, _forest_height(content))
    _draw_forest(figure.add_subplot(), content, lang)
    return figure


def upset(content: AssessmentContent, *, lang: str = "en") -> Figure:
    """Draw the persons on each combination of lists: bars above, the lists they are on below.

    Parameters
    ----------
    content : AssessmentContent
        What the assessment says.
    lang : {"en", "es"}, optional
        Language of the words and numbers.

    Returns
    -------
    matplotlib.figure.Figure
        The figure, on a canvas of its own.
    """
    lang = check_language(lang)
    if not content.patterns:
        figure = _figure(8.4, _EMPTY_HEIGHT)
        _empty(figure.add_subplot(), say("figure upset", lang), lang)
        return figure
    figure = _figure(8.4, _upset_height(content))
    _draw_upset(figure, figure.add_gridspec(1, 1)[0], content, lang)
    return figure


def sensitivity(content: AssessmentContent, *, lang: str = "en") -> Figure:
    """Draw the total by odds ratio, with the floor, the claim and where it flips.

    Parameters
    ----------
    content : AssessmentContent
        What the assessment says.
    lang : {"en", "es"}, optional
        Language of the words and numbers.

    Returns
    -------
    matplotlib.figure.Figure
        The figure, on a canvas of its own.
    """
    lang = check_language(lang)
    figure = _figure(8.4, _curve_height(content))
    _draw_sensitivity(figure.add_subplot(), content, lang)
    return figure


def overview(content: AssessmentContent, *, lang: str = "en") -> Figure:
    """Draw the figures one under the other: three, and two where overlaps are not to be printed.

    Parameters
    ----------
    content : AssessmentContent
        What the assessment says.
    lang : {"en", "es"}, optional
        Language of the words and numbers.

    Returns
    -------
    matplotlib.figure.Figure
        The figure, on a canvas of its own.
    """
    lang = check_language(lang)
    heights = {"forest": _forest_height(content), "curve": _curve_height(content)}
    if content.patterns:
        heights = {"forest": heights["forest"], "upset": _upset_height(content), "curve": heights["curve"]}
    figure = _figure(9.2, sum(heights.values()))
    grid = figure.add_gridspec(len(heights), 1, height_ratios=list(heights.values()))
    _draw_forest(figure.add_subplot(grid[0]), content, lang)
    if "upset" in heights:
        _draw_upset(figure, grid[1], content, lang)
    _draw_sensitivity(figure.add_subplot(grid[-1]), content, lang)
    return figure


def _figure(width: float, height: float) -> Figure:
    """Make a figure that pyplot does not know of."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    engine = ConstrainedLayoutEngine(h_pad=0.1)
    figure = Figure(figsize=(width, height), layout=engine, facecolor="white")
    FigureCanvasAgg(figure)
    return figure


def _forest_height(content: AssessmentContent) -> float:
    """Inches for the forest."""
    return 1.5 + 0.36 * max(len(content.families), 2) if content.families else _EMPTY_HEIGHT


def _curve_height(content: AssessmentContent) -> float:
    """Inches for the curve."""
    return 3.6 if content.curve else _EMPTY_HEIGHT


def _upset_height(content: AssessmentContent) -> float:
    """Inches for the bars and the rows of lists."""
    return 2.3 + _matrix_height(len(_drawn_lists(content)))


def _matrix_height(n_lists: int) -> float:
    """Inches for the rows of lists."""
    return 0.3 + 0.22 * max(n_lists, 2)


def _drawn_lists(content: AssessmentContent) -> list[str]:
    """Lists, the largest first; of many, those that some bar is on."""
    order = sorted(range(len(content.lists)), key=lambda k: (-(content.lists[k].persons or 0), k))
    names = [content.lists[k].name for k in order]
    if len(names) <= _ALL_LISTS:
        return names
    on = {name for row in content.patterns[:MAX_PATTERNS] for name in row.lists}
    return [name for name in names if name in on]


def _title(axes: Axes, text: str) -> None:
    """Title at the left."""
    axes.set_title(
        text, loc="left", fontsize=11, fontweight="bold", color=_INK, pad=10, fontfamily="DejaVu Sans"
    )


def _plain(axes: Axes, *, keep: tuple[str, ...] = ("bottom",)) -> None:
    """Only the spines that carry a scale."""
    for side, spine in axes.spines.items():
        spine.set_visible(side in keep)
        spine.set_color(_QUIET)
    axes.tick_params(colors=_INK, labelsize=9, length=3, color=_QUIET)


def _empty(axes: Axes, title: str, lang: str) -> None:
    """A figure with nothing in it says so."""
    _title(axes, title)
    _plain(axes, keep=())
    axes.set_xticks([])
    axes.set_yticks([])
    axes.text(0.5, 0.5, say("nothing to draw", lang), ha="center", va="center", color=_QUIET, fontsize=10)


def _persons_axis(axes: Axes, which: str, lang: str) -> None:
    """Round numbers of persons on an axis."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axis = axes.xaxis if which == "x" else axes.yaxis
    axis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 2.5, 5, 10], integer=True))
    axis.set_major_formatter(FuncFormatter(lambda value, _: persons(value, lang)))


def _draw_forest(axes: Axes, content: AssessmentContent, lang: str) -> None:
    """A row for each method: limits as a line, the estimate as a mark, the numbers at the right."""
    title = say("figure forest", lang)
    rows = content.families
    if not rows:
        _empty(axes, title, lang)
        return
    floor = content.n_observed
    end = _axis_end(rows, floor)
    span = end - floor
    start = floor - 0.05 * span if floor - 0.05 * span > 0 else 0.0
    axes.set_xlim(start, end + 0.02 * span)
    axes.set_ylim(len(rows) - 0.4, -0.95)
    axes.axvline(floor, color=_ORANGE, linewidth=1.4, zorder=1)
    axes.text(
        floor,
        -0.62,
        f" {say('floor line', lang).format(n=persons(floor, lang))}",
        color=_ORANGE,
        fontsize=9,
        va="center",
    )
    for y, row in enumerate(rows):
        _draw_strip(axes, y, row, floor, end)
        _draw_family(
            axes,
            y,
            row,
            end,
            lang,
            show_point=content.print_point or not row.recommended,
            show_numbers=content.disclosure == "full" or row.recommended,
        )
    axes.set_yticks(range(len(rows)))
    axes.set_yticklabels(
        [f"{row.name.say(lang)} ★" if row.recommended else row.name.say(lang) for row in rows]
    )
    for label, row in zip(axes.get_yticklabels(), rows, strict=True):
        label.set_fontweight("bold" if row.recommended else "normal")
    axes.set_xlabel(say("axis persons", lang), fontsize=9, color=_INK)
    _persons_axis(axes, "x", lang)
    _plain(axes)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x", color=_FAINT, linewidth=0.6, zorder=0)
    axes.set_axisbelow(True)
    _title(axes, title)


def _axis_end(rows: tuple[FamilyRow, ...], floor: int) -> float:
    """Where the axis of persons ends: at the greatest limit, unless it runs away from the rest.

    More is allowed to the recommended limits, which are for reading.
    """
    points = sorted(_middle(row) for row in rows)
    middle = max(points[len(points) // 2] - floor, 1.0)
    farthest = min(points[-1] - floor, _WIDEST_AXIS * middle)
    highest = max([row.high for row in rows if math.isfinite(row.high)] + points)
    advised = max((row.high for row in rows if row.recommended and math.isfinite(row.high)), default=0.0)
    return floor + max(1.0, min(highest - floor, 2.5 * farthest), min(advised - floor, 4 * farthest))


def _middle(row: FamilyRow) -> float:
    """The number of a method; the geometric middle of its limits where it is not to be printed."""
    if row.point is not None:
        return row.point
    return math.sqrt(row.low * row.high) if math.isfinite(row.high) else row.low


def _draw_strip(axes: Axes, y: int, row: FamilyRow, floor: int, end: float) -> None:
    """Where a posterior has its mass, as high as log n_0 is dense there; several modes as ticks."""
    shown = [(max(x, floor), height) for x, height in row.strip if x <= end]
    if len(shown) > 1:
        x = [place for place, _ in shown]
        axes.fill_between(
            x,
            [y - _STRIP * height for _, height in shown],
            [y + _STRIP * height for _, height in shown],
            color=_BLUE,
            alpha=0.3,
            linewidth=0,
            zorder=1.5,
        )
    if len(row.modes) > 1:
        inside = [mode for mode in row.modes if mode <= end]
        axes.vlines(inside, y - _STRIP, y + _STRIP, color=_INK, linewidth=1.3, zorder=3)


def _draw_family(
    axes: Axes, y: int, row: FamilyRow, end: float, lang: str, *, show_point: bool, show_numbers: bool
) -> None:
    """One method."""
    color = _BLUE if row.role in ("claim", "calibrated") else _QUIET
    width = 3.0 if row.recommended else 1.8
    low, high = min(row.low, end), min(row.high, end)
    axes.plot([low, high], [y, y], color=color, linewidth=width, solid_capstyle="butt", zorder=2)
    if row.high > end:
        axes.plot([end], [y], marker=">", color=color, markersize=7, zorder=3, clip_on=False)
    if not show_point or row.point is None:
        pass
    elif row.point > end:
        axes.plot([end], [y], marker=">", color=color, markersize=9, zorder=3, clip_on=False)
    else:
        solid = row.role in ("claim", "calibrated") and len(row.modes) < 2
        face = color if solid else "white"
        shape = {"claim": "o", "bound": "^", "baseline": "s", "calibrated": "D"}[row.role]
        axes.plot(
            [row.point],
            [y],
            marker=shape,
            color=color,
            markerfacecolor=face,
            markersize=8 if row.recommended else 6.5,
            markeredgewidth=1.5,
            zorder=4,
            linestyle="none",
        )
    if not show_numbers:
        return
    low, point, high = row.printed or (row.low, row.point, row.high)
    high_text = persons(high, lang) if math.isfinite(high) else "∞"
    limits = f"{persons(low, lang)} – {high_text}"
    axes.annotate(
        limits if point is None or not show_point else f"{persons(point, lang)}  ({limits})",
        (1.02, y),
        xycoords=("axes fraction", "data"),
        va="center",
        fontsize=8.5,
        color=_INK,
        fontweight="bold" if row.recommended else "normal",
        annotation_clip=False,
    )


def _draw_upset(figure: Figure, slot: Any, content: AssessmentContent, lang: str) -> None:
    """Bars of persons by capture history over a matrix of the lists."""
    shown = content.patterns[:MAX_PATTERNS]
    names = _drawn_lists(content)
    grid = slot.subgridspec(2, 1, height_ratios=[2.0, _matrix_height(len(names))], hspace=0.02)
    bars, matrix = figure.add_subplot(grid[0]), figure.add_subplot(grid[1])
    labels = [persons(row.persons, lang) for row in shown]
    turned = len(shown) > 12 and max(map(len, labels)) > _WIDE_LABEL
    for x, row in enumerate(shown):
        bars.bar(x, float(row.persons), width=0.62, zorder=2, color=_BLUE)
        bars.annotate(
            labels[x],
            (x, float(row.persons)),
            xytext=(0, 2.5),
            textcoords="offset points",
            ha="left" if turned else "center",
            va="bottom",
            fontsize=8,
            rotation=45 if turned else 0,
            rotation_mode="anchor",
            color=_INK,
        )
    bars.set_ylim(0, shown[0].persons * 1.18)
    bars.set_xlim(-0.6, max(len(shown), 3) - 0.4)
    bars.set_xticks([])
    _persons_axis(bars, "y", lang)
    _plain(bars, keep=("left",))
    bars.set_ylabel(say("axis persons", lang), fontsize=9, color=_INK)
    bars.grid(axis="y", color=_FAINT, linewidth=0.6, zorder=0)
    bars.set_axisbelow(True)
    _title(bars, say("figure upset", lang))
    _draw_matrix(matrix, content, names, shown, lang)
    left_out = []
    if len(content.patterns) > len(shown):
        left_out.append(say("more rows", lang).format(k=persons(len(content.patterns) - len(shown), lang)))
    if len(names) < len(content.lists):
        left_out.append(say("lists in no bar", lang).format(k=len(content.lists) - len(names)))
    if left_out:
        matrix.set_xlabel(" ".join(left_out), fontsize=8.5, color=_QUIET, loc="right")


def _draw_matrix(
    matrix: Axes,
    content: AssessmentContent,
    names: list[str],
    shown: tuple[OverlapRow, ...],
    lang: str,
) -> None:
    """Which lists each bar is on."""
    sizes = {row.name: row.persons for row in content.lists}
    labels = [
        _short(name) if (size := sizes[name]) is None else f"{_short(name)}  ({persons(size, lang)})"
        for name in names
    ]
    dot = 34 if len(names) <= 12 else 18
    for y in range(0, len(names), 2):
        matrix.axhspan(y - 0.5, y + 0.5, color="#f4f4f4", zorder=0)
    for x, row in enumerate(shown):
        on = [y for y, name in enumerate(names) if name in row.lists]
        matrix.scatter([x] * len(names), range(len(names)), s=dot, color=_FAINT, zorder=1, linewidths=0)
        matrix.scatter([x] * len(on), on, s=dot, color=_INK, zorder=3, linewidths=0)
        if len(on) > 1:
            matrix.plot([x, x], [min(on), max(on)], color=_INK, linewidth=1.6, zorder=2)
    matrix.set_yticks(range(len(names)))
    matrix.set_yticklabels(labels, parse_math=False)  # a name with a sign of money is no formula
    matrix.set_ylim(len(names) - 0.5, -0.5)
    matrix.set_xlim(-0.6, max(len(shown), 3) - 0.4)
    matrix.set_xticks([])
    _plain(matrix, keep=())
    matrix.tick_params(axis="y", length=0, labelsize=9 if len(names) <= 12 else 7.5)


def _short(name: str, most: int = 28) -> str:
    """A name that fits beside a figure."""
    return name if len(name) <= most else f"{name[: most - 1]}…"


def _draw_sensitivity(axes: Axes, content: AssessmentContent, lang: str) -> None:
    """The total by odds ratio."""
    from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

    title = say("figure sensitivity", lang)
    if not content.curve or content.curve_base is None:
        _empty(axes, title, lang)
        return
    x = [row.odds_ratio for row in content.curve]
    points = [row.point for row in content.curve if row.point is not None]
    limits = [(row.low, row.high) for row in content.curve if row.low is not None and row.high is not None]
    tipping = content.tipping
    near = points or [min(high, low * _WIDEST_AXIS) for low, high in limits]
    top = 1.12 * max([*near, content.claim if tipping is not None and tipping <= 2 * x[-1] else 0.0])
    if len(limits) == len(x):
        lows, highs = [low for low, _ in limits], [min(high, 10 * top) for _, high in limits]
        top = max(top, min(1.05 * max(highs), 1.6 * max(points))) if points else top
        axes.fill_between(x, lows, highs, color=_BLUE, alpha=0.15 if points else 0.3, linewidth=0)
    axes.set_xscale("log")
    floor = content.n_observed
    axes.set_ylim(max(0.0, floor - 0.08 * (top - floor)), top)
    axes.set_xlim(x[0], x[-1])
    axes.axhline(floor, color=_ORANGE, linewidth=1.4, zorder=2)
    labels = [(float(floor), say("floor line", lang).format(n=persons(floor, lang)), _ORANGE)]
    if tipping is not None and content.claim < top:
        labels.append((content.claim, _claim_words(content, lang), _INK))
        axes.axhline(content.claim, color=_INK, linewidth=1.0, linestyle=(0, (5, 3)), zorder=2)
        if x[0] <= tipping <= x[-1]:
            words = say("tipping label", lang)
            words = words.format(n=persons(content.claim, lang), value=ratio(tipping, lang))
            _draw_tipping(axes, tipping, words)
    _margin_labels(axes, labels)
    if points:
        axes.plot(x, points, color=_BLUE, linewidth=2.2, zorder=3)
        base = min(range(len(x)), key=lambda k: abs(math.log(x[k])))
        axes.plot([x[base]], [points[base]], "o", color=_BLUE, markersize=7, zorder=4)
        axes.annotate(
            f"{say('assumed label', lang)}: {persons(points[base], lang)}",
            (x[base], points[base]),
            xytext=(-6, 9),
            textcoords="offset points",
            ha="right",
            fontsize=8.5,
            color=_BLUE,
            bbox={"facecolor": "white", "alpha": 0.85, "edgecolor": "none", "pad": 1.0},
            zorder=5,
        )
    ticks = [value for value in (0.1, 0.25, 0.5, 1, 2, 4, 10) if x[0] * 0.999 <= value <= x[-1] * 1.001]
    axes.xaxis.set_major_locator(FixedLocator(ticks))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: ratio(value, lang)))
    _persons_axis(axes, "y", lang)
    _plain(axes, keep=("bottom", "left"))
    axes.set_xlabel(say("axis odds ratio", lang), fontsize=9, color=_INK)
    axes.set_ylabel(say("axis persons", lang), fontsize=9, color=_INK)
    _title(axes, f"{title} ({content.curve_base.say(lang)})")


def _claim_words(content: AssessmentContent, lang: str) -> str:
    """The claim, short enough for a margin."""
    key = "claim given short" if content.claim_given else "claim half short"
    return say(key, lang).format(n=persons(content.claim, lang))


def _draw_tipping(axes: Axes, tipping: float, words: str) -> None:
    """The odds ratio at which the total meets the claim, named at the top where the curve is not."""
    low, high = axes.get_xlim()
    axes.axvline(tipping, color=_INK, linewidth=1.0, linestyle=(0, (2, 2)), zorder=2)
    right = tipping < math.sqrt(low * high)
    axes.annotate(
        words,
        (tipping, 0.96),
        xycoords=("data", "axes fraction"),
        xytext=(5 if right else -5, 0),
        textcoords="offset points",
        ha="left" if right else "right",
        va="top",
        fontsize=8.5,
        color=_INK,
    )


def _margin_labels(axes: Axes, labels: list[tuple[float, str, str]]) -> None:
    """Words at the right of horizontal lines, moved apart where the lines are close."""
    bottom, top = axes.get_ylim()
    apart = 0.075 * (top - bottom)
    last = -math.inf
    for y, text, color in sorted(labels):
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
