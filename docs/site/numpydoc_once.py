"""numpydoc compiles its template again for every docstring; here once. A sixth of the time of the site."""

from __future__ import annotations

from functools import cache
from typing import Any

from numpydoc import docscrape_sphinx


def setup(app: Any) -> dict[str, bool]:
    """Keep the template that numpydoc has made first."""
    read = docscrape_sphinx.SphinxDocString.load_config

    @cache
    def template() -> Any:
        class Holder:
            pass

        holder = Holder()
        read(holder, {})
        return holder.template

    def load_config(self: Any, config: dict[str, Any]) -> None:
        read(self, {"template": template(), **config})

    docscrape_sphinx.SphinxDocString.load_config = load_config
    return {"parallel_read_safe": True, "parallel_write_safe": True}
