"""Links from the pages in another language to pages that there are in English alone."""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform

PAGE = re.compile(r"^([\w./]+)\.(?:md|rst|ipynb)(#.*)?$")


class Elsewhere(SphinxPostTransform):
    """Point them at the English pages, which lie one folder up."""

    default_priority = 5  # before MyST looks for the page

    def run(self, **kwargs: Any) -> None:
        """Replace the links of a page."""
        if self.config.language == "en":
            return
        for link in list(self.document.findall(addnodes.pending_xref)):
            page = PAGE.match(link.get("reftarget", ""))
            if page and page[1] not in self.env.all_docs:
                address = f"../{page[1]}.html{page[2] or ''}"
                there = nodes.reference("", "", *link.children, refuri=address, hreflang="en")
                link.replace_self(there)


def setup(app: Any) -> dict[str, bool]:
    """Tell Sphinx."""
    app.add_post_transform(Elsewhere)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
