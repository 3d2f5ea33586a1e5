"""Files with small counts of persons are for their owner alone; others are as the computer makes them."""

import os

import pytest

from detcount import CaptureTable
from detcount.cli import main

FORMATS = ("html", "docx", "xlsx", "json", "tex")


@pytest.mark.parametrize(("disclosure", "private"), [("full", True), ("public", False)])
def test_a_full_report_of_own_lists_is_its_owners_alone(disclosure, private, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    before = os.umask(0o022)
    try:
        table = CaptureTable.from_counts({"10": 71, "01": 62, "11": 33}, lists=["press", "families"])
        table.to_frame().to_csv("lists.csv", index=False)
        words = ["assess", "lists.csv", "--lists", "press,families", "--count", "count", "--quiet"]
        words += ["--families", "chapman,independence"]
        words += ["--disclosure", disclosure, "--csv", "numbers.csv", "--figures", "figures"]
        for name in FORMATS:
            words += ["--out", f"report.{name}"]
        assert main(words) == 0
    finally:
        os.umask(before)
    written = [tmp_path / f"report.{name}" for name in FORMATS] + [tmp_path / "numbers.csv"]
    written += sorted((tmp_path / "figures").iterdir())
    assert len(written) > len(FORMATS) + 1
    assert {path.stat().st_mode & 0o777 for path in written} == {0o600 if private else 0o644}
