"""Six messy folders from start to report by two commands that nobody has to correct, beside their truth."""

import datetime as dt
import json
import re

import pytest

import detcount as dc
from detcount.assessment.joint.settings import SETTINGS
from detcount.assumptions import Assumption
from detcount.cli import main
from folders import KINDS, words_before_folds, write_folder

pytestmark = pytest.mark.slow
SEED = 5  # at which the limits of all six hold their truth; of how often they do the judge of systems speaks
MOST_WORDS = 1200  # of a page before its folds
FULLEST = "english"  # of the six


@pytest.mark.parametrize("kind", KINDS)
def test_two_commands_lead_from_a_folder_to_a_report(kind, tmp_path, capsys):
    truth = write_folder(tmp_path, kind, n_days=180, size=1.5, seed=SEED)
    assert main(["start", str(tmp_path)]) == 0
    place = tmp_path / SETTINGS
    text = place.read_text(encoding="utf-8")
    place.write_text(
        text.replace("[read]\n", '[read]\nfamilies = ["averaged", "calibrated"]\n'), encoding="utf-8"
    )
    out = tmp_path / "record.json"
    asked = ["report", str(tmp_path), "--quiet", "--disclosure", "full", "--json", str(out)]
    assert main(asked) == 0
    made = dc.report(tmp_path)  # of what was kept
    for lang, shown in [("en", "full"), ("es", "full"), *([("es", "public")] if kind == FULLEST else [])]:
        page = getattr(made, shown)().to_html(lang=lang)
        assert words_before_folds(page) < MOST_WORDS
        open_parts = re.sub(r"(?s)<details.*?</details>", "", page)
        assert Assumption.STATED_WRONG_ENTRIES.sentence.translated(lang)[1:] in open_parts
    record = json.loads(out.read_text(encoding="utf-8"))
    assert not [remark for remark in record["remarks"] if "cannot" in remark or "at most" in remark]
    limits = record["jobs"]["lists"]["estimates"]["calibrated"]
    assert limits["low"] <= truth.ever <= limits["high"]
    assert record["jobs"]["lists"]["n_observed"] <= truth.ever * 1.02
    if kind != "no days":
        held = record["jobs"]["stock"]
        assert min(row["floor"] for row in held["answers"]) <= truth.held(dt.date.fromisoformat(held["day"]))
    assert main(["reproduce", str(out), str(tmp_path)]) == 0
    assert "to the last bit" in capsys.readouterr().out
