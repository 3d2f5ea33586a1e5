"""The figures of a document as files of their own, PNG or SVG, which bear the mark of detcount."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from detcount.reports.blocks import Document, FigureSlot, unfolded
from detcount.reports.canvas import drawn, saved
from detcount.reports.render.svg import svg
from detcount.reports.writing import check_target, write_report

PictureKind = Literal["png", "svg"]
"""How a figure is written: dots, or outlines that can be enlarged."""

_CREATOR = "detcount"
_MARKS = (f"Software\0{_CREATOR}", f"<dc:title>{_CREATOR}</dc:title>")  # as PNG and SVG have it
_DOTS_PER_INCH = 200


def write_pictures(
    document: Document, folder: Path, kind: PictureKind, lang: str, *, force: bool = False
) -> tuple[Path, ...]:
    """Write every figure of a document to a folder; nothing is drawn before all the places are checked.

    Parameters
    ----------
    document : Document
        What has the figures.
    folder : Path
        Where they go; it is made where there is none.
    kind : {"png", "svg"}
        How they are written.
    lang : str
        Code of the language.
    force : bool, optional
        Whether pictures of the same names that detcount did not draw may be written over.

    Returns
    -------
    tuple of Path
        The files, named by the key of the figure: ``forest.png``.
    """
    slots = {
        folder / f"{block.key.replace(' ', '-')}.{kind}": block
        for block in unfolded(document.blocks)
        if isinstance(block, FigureSlot)
    }
    folder.mkdir(exist_ok=True)
    for path in slots:
        check_target(path, force=force, marks=_MARKS)
    for path, slot in slots.items():
        figure = drawn(slot.draw, lang)
        picture = (
            saved(figure, "png", dpi=_DOTS_PER_INCH, creator=_CREATOR)
            if kind == "png"
            else svg(figure, creator=_CREATOR)
        )
        write_report(picture, path, force=force, marks=_MARKS, private=document.private)
    return tuple(slots)
