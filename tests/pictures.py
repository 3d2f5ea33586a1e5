"""The figures of a page: found, left out, and read as the data that they were drawn from."""

import html
import re
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.text import Text
from numpy.typing import NDArray

_SVG = re.compile(
    r'<svg class="(\w+)"[^>]*><title id="[^"]*">([^<]*)</title><desc id="[^"]*">([^<]*)</desc>(.*?)</svg>',
    re.DOTALL,
)
_PART = re.compile(r'<g data-part="([^"]+)">(.*?)</g>', re.DOTALL)
_POINT = re.compile(r"[ML] (-?[\d.]+) (-?[\d.]+)")
_USE = re.compile(r'<use [^>]*x="(-?[\d.]+)" y="(-?[\d.]+)"')


@dataclass(frozen=True)
class Picture:
    """A figure of a page: for a page or a telephone, its title, what it shows, and its drawing."""

    kind: str
    title: str
    alt: str
    drawing: str

    @property
    def words(self) -> list[str]:
        return [html.unescape(text) for text in re.findall(r"<text[^>]*>([^<]*)</text>", self.drawing)]


def pictures(page: str, kind: str = "wide") -> list[Picture]:
    """Give the figures of a page that are for a page, or for a telephone."""
    found = [Picture(*map(html.unescape, each[:3]), each[3]) for each in _SVG.findall(page)]
    assert len(found) == page.count("<svg")
    return [each for each in found if each.kind == kind]


def without_drawings(page: str) -> str:
    """Give a page with the titles and words of its figures, once each, and without their drawings."""
    page = re.sub(r'<svg class="narrow".*?</svg>\n', "", page, flags=re.DOTALL)
    return re.sub(r"(<svg[^>]*><title.*?</desc>).*?(</svg>)", r"\1\2", page, flags=re.DOTALL)


def bare(result: Any, kind: str, lang: str) -> str:
    """A report without its pictures, software versions and style."""
    if kind == "txt":
        return f"{result}\n"
    text = str(result.to_markdown(lang=lang) if kind == "md" else result.to_html(lang=lang))
    if kind == "html":
        text = re.sub(r"<style>.*?</style>", "<style></style>", without_drawings(text), flags=re.DOTALL)
    text = re.sub(r"detcount [\d.]+\w*,(<wbr>)? numpy ([^`<]|<wbr>)*", "SOFTWARE", text)
    return re.sub(r"Version \S+ \[software\]", "Version [software]", text)


def parts(drawing: str) -> dict[str, list[NDArray[np.float64]]]:
    found: dict[str, list[NDArray[np.float64]]] = {}
    for name, inside in _PART.findall(drawing):
        corners = _USE.findall(inside) or _POINT.findall(inside)
        found.setdefault(name, []).append(np.array(corners, dtype=np.float64))
    return found


def overlapping(figure: Figure) -> list[tuple[str, str]]:
    """Texts that cover each other or leave the figure."""
    figure.canvas.draw()
    renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]
    hidden = set()
    for axis in (axis for axes in figure.axes for axis in (axes.xaxis, axes.yaxis)):
        low, high = sorted(axis.get_view_interval())
        for tick in axis.get_major_ticks():
            hidden.add(tick.label2)
            if not low <= tick.get_loc() <= high:
                hidden.add(tick.label1)
    boxes = [
        (text.get_text(), text.get_window_extent(renderer))
        for text in figure.findobj(Text)
        if text.get_text().strip() and text.get_visible() and text not in hidden  # type: ignore[attr-defined]
    ]
    whole = figure.bbox
    faults = [
        (text, "the edge") for text, box in boxes if box.x0 < -1 or box.x1 > whole.x1 + 1 or box.y0 < -1
    ]
    return faults + [
        (one, other)
        for k, (one, box) in enumerate(boxes)
        for other, where in boxes[k + 1 :]
        if box.shrunk(0.95, 0.85).overlaps(where.shrunk(0.95, 0.85))
    ]
