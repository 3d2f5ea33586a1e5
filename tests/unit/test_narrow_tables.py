"""Tables on a telephone: one of many columns is set in lines, so that no column is out of sight."""

import re
from pathlib import Path

from detcount.printing.html import html_table

CSS = (Path(__file__).parents[2] / "src/detcount/reports/render/page.css").read_text(encoding="utf-8")


def test_each_cell_of_many_columns_has_its_head_beside_it():
    page = html_table(("Día", "Low", "<b>", "Rests on"), [("1", "2", "3", "prior")], "en", align="lrrl")
    assert 'class="scroll stacked"' in page
    assert re.findall(r'data-head="([^"]*)"', page) == ["Low", "&lt;b&gt;", "Rests on"]
    few = html_table(("a", "b", "c"), [("1", "2", "3")], "en", align="lrr")
    assert 'class="scroll"' in few
    assert "data-head" not in few


def test_the_style_of_pages_sets_them_in_lines_and_shows_that_others_scroll():
    assert ".stacked td::before { content: attr(data-head)" in CSS
    scrolls = CSS.split(".scroll { overflow-x: auto")[1].split("}")[0]
    assert scrolls.count("local") == 2  # these hide the shadow where the table ends
