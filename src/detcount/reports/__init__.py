"""Reports: documents made of blocks, figures drawn on a canvas, and the formats that they are set in.

Nothing here knows what a report is about: `detcount.assessment` does. Nobody's name
stands in any report: lists by name, persons by number.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def resource(name: str) -> str:
    """A file of data of the renderers: a skeleton, a style, signs."""
    return files("detcount.reports.render").joinpath(name).read_text(encoding="utf-8")
