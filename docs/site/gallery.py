"""The pictures of the gallery: each block of code of docs/gallery.md runs, and its figure is set below it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

BLOCK = re.compile(r"^```python\n(.*?)^```\n", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^## (.*)$", re.MULTILINE)


def draw_gallery(source: Path) -> None:
    """Draw the figures into a folder beside the page, and name them in it."""
    import matplotlib

    matplotlib.use("agg")
    from matplotlib.figure import Figure

    page = source / "gallery.md"
    folder = source / "gallery"
    folder.mkdir()
    namespace: dict[str, Any] = {}
    text = page.read_text(encoding="utf-8")

    def drawn(block: re.Match[str]) -> str:
        namespace.pop("figure", None)
        exec(compile(block[1], str(page), "exec"), namespace)
        figure = namespace.get("figure")
        if not isinstance(figure, Figure):
            return block[0]
        heading = HEADING.findall(text, 0, block.start())[-1]
        name = f"{len(list(folder.iterdir())) + 1}.svg"
        figure.savefig(folder / name, bbox_inches="tight", metadata={"Date": None})
        return f"{block[0]}\n![{heading}](gallery/{name})\n"

    page.write_text(BLOCK.sub(drawn, text), encoding="utf-8")
