"""The pictures of the first page and the gallery: each block of code runs, and its figure is set below it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

BLOCK = re.compile(r"^```python\n(.*?)^```\n", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^## (.*)$", re.MULTILINE)
DRAWN = re.compile(r"^(figure = .*\.plot\w*\()", re.MULTILINE)
PAGES = ("index", "gallery")


def draw_pictures(source: Path) -> None:
    """Draw the figures of both pages into a folder beside them, and name them there."""
    import matplotlib

    matplotlib.use("agg")
    folder = source / "pictures"
    folder.mkdir()
    for name in PAGES:
        draw_page(source / f"{name}.md", folder)


def draw_page(page: Path, folder: Path) -> None:
    """Draw the figures of one page."""
    from matplotlib.figure import Figure

    namespace: dict[str, Any] = {}
    text = page.read_text(encoding="utf-8")

    def drawn(block: re.Match[str]) -> str:
        namespace.pop("figure", None)
        exec(compile(block[1], str(page), "exec"), namespace)
        figure = namespace.get("figure")
        if not isinstance(figure, Figure):
            return block[0]
        heading = HEADING.findall(text, 0, block.start())[-1]
        name = f"{len(list(folder.glob('?.svg'))) + 1}.svg"
        figure.savefig(folder / name, bbox_inches="tight", metadata={"Date": None})
        if page.stem == "index":  # the pages in Spanish take what is called 1.es.svg in place of 1.svg
            line = next(line for line in block[1].splitlines() if DRAWN.match(line))
            exec(DRAWN.sub(r'\1lang="es", ', line), namespace)
            spanish = folder / name.replace(".svg", ".es.svg")
            namespace["figure"].savefig(spanish, bbox_inches="tight", metadata={"Date": None})
        return f"{block[0]}\n![{heading}]({folder.name}/{name})\n"

    page.write_text(BLOCK.sub(drawn, text), encoding="utf-8")
