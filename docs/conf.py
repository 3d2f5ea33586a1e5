"""What Sphinx is told. `python3 dev.py docs` puts the pages together in build/site and calls Sphinx there."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import detcount

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE / "site"))  # formulas, links

project = "detcount"
author = copyright = "The detcount developers"
version = release = detcount.__version__
language = os.environ.get("DETCOUNT_DOCS_LANGUAGE", "en")

extensions = ["sphinx.ext.autodoc", "numpydoc", "myst_nb", "numpydoc_once", "formulas", "elsewhere"]
exclude_patterns = ["locales"]
suppress_warnings = [
    "ref.citation",  # a paper that a docstring lists and does not name in its text
    "toc.not_included",  # pages that others link to: results of benchmarks
    "mystnb.unknown_mime_type",  # what a notebook shows beside its HTML
]

# Markdown, and notebooks as they are stored
myst_enable_extensions = ["dollarmath"]
myst_fence_as_directive = ["math"]
myst_heading_anchors = 4
nb_execution_mode = "off"

# the reference
autodoc_member_order = "bysource"
autodoc_typehints = "none"  # numpydoc prints the types of each argument
autodoc_preserve_defaults = True
numpydoc_show_class_members = False
numpydoc_class_members_toctree = False
add_module_names = False
python_use_unqualified_type_names = True
toc_object_entries = False

# sentences in other languages
locale_dirs = ["locales"]
gettext_compact = False
gettext_uuid = False
gettext_location = False

# how it looks; nothing is loaded from outside
html_theme = "pydata_sphinx_theme"
html_title = f"detcount {release}"
html_favicon = str(HERE / "site" / "static" / "icon.svg")
html_static_path = [str(HERE / "site" / "static")]
templates_path = [str(HERE / "site" / "templates")]
html_css_files = ["site.css"]
html_js_files = ["versions.js"]
html_show_sourcelink = False
html_copy_source = False
html_show_sphinx = False
html_theme_options = {
    "logo": {"text": "detcount"},
    "navbar_end": ["languages", "versions", "theme-switcher"],
    "header_links_before_dropdown": 6,
    "secondary_sidebar_items": ["page-toc"],
    "footer_start": ["copyright"],
    "footer_end": [],
    "show_toc_level": 2,
    "navigation_depth": 3,
    "search_bar_text": {"en": "Search", "es": "Buscar"}[language],
}
WITHOUT_SIDEBAR = ["index", "journalists", "gallery", "changes"]
html_sidebars = {name: [] for name in (WITHOUT_SIDEBAR if language == "en" else ["**"])}
html_context = {
    "default_mode": "auto",
    "versions": json.loads(os.environ.get("DETCOUNT_DOCS_VERSIONS", "[]")),
    "translated": json.loads(os.environ.get("DETCOUNT_DOCS_TRANSLATED", "[]")),
}
