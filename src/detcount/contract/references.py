"""The papers behind the methods, each once, by authors and year: ``references.CHAPMAN_1951``.

They stand in ``references.json``: a paper that stood in two places would be cited in two ways.
"""

from __future__ import annotations

import json
from functools import cache
from importlib import resources

from detcount.contract.citation import Reference


@cache
def papers() -> dict[str, Reference]:
    """Every paper, by the name that it has here."""
    text = (resources.files("detcount.contract") / "references.json").read_text(encoding="utf-8")
    return {name: Reference(**paper) for name, paper in json.loads(text).items()}


def __getattr__(name: str) -> Reference:
    """Give a paper by its name."""
    if name not in papers():
        raise AttributeError(f"references.json has no paper {name!r}")
    return papers()[name]
