"""The paper has the length that its journal asks for; its references and figure are what its script makes."""

import re
from pathlib import Path

from scripts import loaded

ROOT = Path(__file__).parent.parent
MAKE = loaded("paper/make.py")
TEXT = (ROOT / "paper/paper.md").read_text(encoding="utf-8")
BODY = re.sub(r"<!--.*?-->", "", TEXT.split("\n---\n", 1)[1], flags=re.DOTALL)
WORDS = range(750, 1751)  # what the Journal of Open Source Software asks for


def test_paper_has_the_sections_and_the_length_of_its_journal():
    assert len(BODY.split()) in WORDS
    wanted = ["Summary", "Statement of need", "State of the field", "Software design", "Research impact"]
    assert re.findall(r"^# (.+)$", BODY, re.M) == [
        *wanted,
        "AI usage disclosure",
        "Acknowledgements",
        "References",
    ]


def test_references_of_the_paper_are_those_of_the_library():
    keys = MAKE.cited(TEXT)
    stored = (ROOT / "paper/paper.bib").read_text(encoding="utf-8")
    assert sorted(re.findall(r"^@\w+\{(\w+),", stored, re.M)) == keys
    assert stored == MAKE.bibliography(keys)


def test_figure_reads_the_stored_benchmark():
    found = MAKE.covers(MAKE.RESULTS.read_text(encoding="utf-8"))
    assert found["`Calibrated()`"] == max(found.values())
    others = [cover for name, cover in found.items() if not name.startswith("`")]
    assert f"in {min(others):.0%} to {max(others):.0%} of the cases" in " ".join(TEXT.split())
    assert f"It covered {found['`Calibrated()`']:.0%} of the 28" in " ".join(TEXT.split())


def test_figure_is_drawn(tmp_path):
    MAKE.draw({"`Ours()`": 0.9, "theirs, R": 0.5}, tmp_path / "figure.png")
    assert (tmp_path / "figure.png").stat().st_size > 0
    assert (ROOT / "paper/figure.png").is_file()
