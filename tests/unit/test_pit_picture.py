"""The picture of where the truths lie says what the table below it says."""

import re
from pathlib import Path
from xml.etree import ElementTree

DOCS = Path(__file__).parents[2] / "docs"
SVG = "{http://www.w3.org/2000/svg}"


def test_bars_are_the_shares_of_the_table():
    page = (DOCS / "calibration.md").read_text(encoding="utf-8")
    table = re.findall(r"^\| (0\.\d to [01]\.\d) \| (0\.\d\d) \|$", page, flags=re.MULTILINE)
    bars = [
        bar
        for bar in ElementTree.parse(DOCS / "pit.svg").iter(f"{SVG}rect")
        if bar.find(f"{SVG}title") is not None
    ]
    titles = [bar.findtext(f"{SVG}title", "").split(": ") for bar in bars]
    assert len(table) == 10
    assert titles == [list(row) for row in table]
    heights = [float(bar.get("height", "nan")) for bar in bars]
    shares = [float(share) for _, share in table]
    assert all(abs(height / 800 - share) < 0.0051 for height, share in zip(heights, shares, strict=True))
    assert "](pit.svg)" in page
