"""Figures as SVG in which text is text: it is found by a search, read out, and grows with the page.

What matplotlib writes is made smaller and plainer: looks are attributes and no styles, so that a strict
policy of a page allows them and a dark page can turn them; names that nothing refers to are left out.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from detcount.reports.canvas import PART, saved
from detcount.reports.style import FAMILY
from detcount.words import visible

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_TAG = re.compile(r"<(\w[\w:]*)((?:\s+[\w:.-]+=\"[^\"]*\")+)\s*(/?)>")
_ATTRIBUTE = re.compile(r"([\w:.-]+)=\"([^\"]*)\"")
# older versions of matplotlib state a font in one, which is no attribute of SVG
_FONT = re.compile(r"font: (?P<style>italic )?(?P<weight>\d+ )?(?P<size>[\d.]+px)[^;]*;? ?")
_NUMBER = re.compile(r"-?\d+\.\d+")
_NO_TURN = re.compile(r"rotate\(-?0 [^)]*\)")
_REFERENCE = re.compile(r"(?:url\(|xlink:href=\")#(\w+)")
_HEAD = re.compile(r"^.*?<svg[^>]*viewBox=\"([^\"]*)\"[^>]*>", re.DOTALL)
_METADATA = re.compile(r"\s*<metadata>.*?</metadata>", re.DOTALL)
_SHEET = re.compile(r"\s*<defs>\s*<style[^>]*>.*?</style>\s*</defs>", re.DOTALL)
_ROUNDED = frozenset({"d", "x", "y", "transform", "width", "height"})
_OPEN = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
_LOOK = 'stroke-linejoin="round" stroke-linecap="butt"'


def svg(figure: Figure, *, creator: str | None = None) -> str:
    """Draw a figure as an SVG file, the same bytes each time.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        The figure.
    creator : str, optional
        Who made it, as the file says.

    Returns
    -------
    str
        The file.
    """
    written = _written(figure, creator)
    box, metadata = _box(written), _METADATA.search(written)
    return "\n".join(
        [
            '<?xml version="1.0" encoding="utf-8"?>',
            f'{_OPEN} width="{box[0]}pt" height="{box[1]}pt" viewBox="0 0 {box[0]} {box[1]}"'
            f' font-family="{FAMILY}" {_LOOK}>',
            *([metadata.group().strip()] if metadata and creator else []),
            _plainer(written, ""),
        ]
    )


def inline_svg(figure: Figure, *, key: str, title: str, alt: str, kind: str) -> str:
    """Draw a figure as a piece of a page.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        The figure.
    key : str
        What sets its names apart from those of the other figures of the page.
    title, alt : str
        Its title, and what it shows, for readers who cannot see it.
    kind : str
        Its class, by which the page shows it or another.

    Returns
    -------
    str
        The element.
    """
    written = _written(figure, None)
    width, height = _box(written)
    head = (
        f'<svg class="{kind}" viewBox="0 0 {width} {height}" role="img"'
        f' aria-labelledby="{key}t {key}d" {_LOOK}>'
        f'<title id="{key}t">{escape(title)}</title><desc id="{key}d">{escape(alt)}</desc>'
    )
    return head + _plainer(written, key)


def _written(figure: Figure, creator: str | None) -> str:
    """Give the figure as matplotlib writes it, with text as text."""
    from matplotlib import rc_context

    with rc_context({"svg.hashsalt": "detcount", "svg.fonttype": "none"}):
        text = saved(figure, "svg", creator=creator or "").decode("utf-8")
    return "\n".join(map(visible, text.split("\n")))


def _box(written: str) -> tuple[str, str]:
    """Breadth and height."""
    found = _HEAD.match(written)
    assert found, "matplotlib says how large a figure is"
    _, _, width, height = found.group(1).split()
    return _short(width), _short(height)


def _plainer(written: str, key: str) -> str:
    """The body of a figure, without what nobody needs."""
    body = _SHEET.sub("", _METADATA.sub("", _HEAD.sub("", written)))
    used = set(_REFERENCE.findall(body))
    body = _TAG.sub(lambda found: _tag(found, used, key), body)
    body = re.sub(r">\s+<", "><", body)
    while "<g></g>" in body:
        body = body.replace("<g></g>", "")
    return body.strip()


def _tag(found: re.Match[str], used: set[str], key: str) -> str:
    """One tag: looks as attributes, short numbers, names that are referred to."""
    name, attributes, end = found.groups()
    plainer: list[tuple[str, str]] = []
    for attribute, value in _ATTRIBUTE.findall(attributes):
        if attribute == "id":
            if value.startswith(PART):
                plainer.append(("data-part", value.removeprefix(PART)))
            elif value in used:
                plainer.append(("id", key + value))
        elif attribute == "style":
            plainer += [(look, stated.replace("url(#", f"url(#{key}")) for look, stated in _looks(value)]
        elif attribute == "clip-path":
            plainer.append((attribute, value.replace("url(#", f"url(#{key}")))
        elif attribute == "xlink:href":
            plainer.append((attribute, f"#{key}{value[1:]}"))
        elif attribute == "transform" and _NO_TURN.fullmatch(value):
            continue
        elif attribute in _ROUNDED:
            plainer.append((attribute, " ".join(_NUMBER.sub(lambda n: _short(n.group()), value).split())))
        else:
            plainer.append((attribute, value))
    written = "".join(f' {attribute}="{value}"' for attribute, value in plainer)
    return f"<{name}{written}{end}>"


def _looks(style: str) -> list[tuple[str, str]]:
    """Looks, one by one; the family of letters is said once for the figure."""
    style = _FONT.sub(_font, style)
    pairs = [each.split(": ", 1) for each in style.split("; ") if ": " in each]
    return [(name.strip(), value.strip(" ;")) for name, value in pairs if name.strip() != "font-family"]


def _font(found: re.Match[str]) -> str:
    """A font, look by look."""
    return "".join(f"font-{name}: {value}; " for name, value in found.groupdict().items() if value)


def _short(number: str) -> str:
    """A number of points, to a hundredth."""
    return f"{float(number):.2f}".rstrip("0").rstrip(".")
