"""The figures of a page: found, left out, and read as the data that they were drawn from."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Picture", "parts", "pictures", "without_drawings"]

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
        """Its texts, in their order."""
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


def parts(drawing: str) -> dict[str, list[NDArray[np.float64]]]:
    """Give the corners of every marked part of a drawing, points across and down, by its name."""
    found: dict[str, list[NDArray[np.float64]]] = {}
    for name, inside in _PART.findall(drawing):
        corners = _USE.findall(inside) or _POINT.findall(inside)
        found.setdefault(name, []).append(np.array(corners, dtype=np.float64))
    return found
