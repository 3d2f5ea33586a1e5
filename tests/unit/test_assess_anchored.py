"""Assessments with a random sample among the lists: answer, verdict, words, record, and the command."""

import json
import math
from pathlib import Path

import pandas as pd
import pytest

import detcount as dc
from detcount.abundance import Anchored, ClustersAtRandom, KnownShare, PersonsAtRandom
from detcount.cli import main
from detcount.errors import InputError, InputTypeError

LISTS = ("press", "families", "visit")
COUNTS = {"100": 310, "010": 190, "110": 90, "101": 31, "011": 20, "111": 9, "001": 42}
ROLL = Anchored("visit", PersonsAtRandom(drawn=120, roll=1500))
FEW = ["chao", "independence", "calibrated"]


def assessed(counts=COUNTS, anchor=ROLL, lists=LISTS, **asked):
    table = dc.CaptureTable.from_counts(counts, lists=lists)
    return dc.assess(table, anchor=anchor, families=FEW, **asked)


def test_the_answer_is_that_of_lists_and_sample_together():
    found = assessed()
    together = Anchored("visit", ROLL.design, lists=dc.Calibrated()).fit(found.table)
    assert found.recommended.interval() == together.interval() == found.range
    assert (found.recommended_family, found.verdict) == ("anchored", "estimate")
    assert "calibrated" in found.estimates
    assert "The lists and a random sample support an estimate of about" in found.sentence()
    assert "the sample was drawn as its design says" in found.sentence()
    text = found.full().to_markdown()
    assert "weighed by what the sample found" in text
    assert "If the lists depend on each other" not in text


def test_rules_of_how_lists_depend_do_not_bear_on_a_sample():
    apart = {"100": 310, "010": 190, "001": 42, "101": 31, "011": 20}
    assert assessed(apart, None).verdict == "floor only"
    found = assessed(apart)
    assert found.verdict == "estimate"
    assert found.recommended.interval() == ROLL.fit(found.table).interval()  # the lists have no answer
    assert "weighed" not in found.full().to_markdown()


def test_copies_of_each_other_are_not_weighed():
    copied = {"110": 400, "100": 4, "010": 3, "111": 40, "001": 42}
    found = assessed(copied)
    assert found.recommended.estimator.lists is None
    assert "nearly the same" in dc.assess(found.table.drop("visit"), families=["chapman"]).reason


@pytest.mark.parametrize(
    ("counts", "drawn", "roll", "rule", "verdict"),
    [
        ({"100": 3, "010": 2, "110": 1, "001": 1}, 20, 40, "too few", "floor only"),
        ({"100": 20, "010": 1, "001": 2, "101": 3}, 20, 9000, "says nothing", "floor only"),
        ({"100": 200, "010": 1, "001": 3, "101": 3}, 20, 4000, "wide limits", "range"),
        ({**COUNTS, "110": 400, "001": 250, "111": 30}, 400, 9000, "contradiction", "range"),
    ],
)
def test_what_a_sample_does_not_allow_is_not_printed(counts, drawn, roll, rule, verdict):
    anchor = Anchored("visit", PersonsAtRandom(drawn=drawn, roll=roll))
    found = assessed(counts, anchor)
    assert found.verdict == verdict
    assert rule in [finding.rule for finding in found.findings]
    assert found.public().verdict in (verdict, "floor only")


def test_without_an_answer_of_the_sample_the_lists_stand_and_it_is_said():
    visits = ClustersAtRandom.from_frame({"inmates": [60, 60], "unlisted": [21, 21]}, clusters=9, inmates=540)
    found = assessed(anchor=Anchored("visit", visits))
    assert found.recommended_family == "calibrated"
    assert found.verdict == "range"
    assert "rests on the lists alone" in found.reason
    assert "do not differ" in found.declined["anchored"].reason


def test_wrong_entries_leave_those_whom_the_sample_found():
    found = assessed()
    rows = {row.name: row for row in found.wrong_entries}
    lost = {name: math.floor(0.05 * n + 0.5) for name, n in found.table.list_sizes.items()}
    point = found.recommended.point
    assert rows["press"].point == pytest.approx(point - lost["press"])
    assert rows["visit"].point < point - lost["visit"]


@pytest.mark.parametrize("design", [ROLL.design, KnownShare(0.08), None])
def test_records_are_made_again(design):
    visits = {"inmates": [30, 25, 61], "unlisted": [11, 8, 23]}
    design = design or ClustersAtRandom.from_frame(visits, clusters=20, inmates=900)
    found = assessed(anchor=Anchored("visit", design))
    table, record = found.table, found.full().record()
    assert dc.reproduce(json.loads(json.dumps(record)), table).agrees
    public = found.public().record()
    assert public["anchor"] == "visit"
    assert repr(design) not in json.dumps(public)
    again = dc.reproduce(public, table, families=FEW, anchor=Anchored("visit", design))
    assert again.agrees
    with pytest.raises(InputError, match=r"anchor: expected the random sample 'visit' with its design"):
        dc.reproduce(public, table, families=FEW)


@pytest.mark.slow
def test_names_that_were_linked_have_a_sample_among_them():
    lists = dc.linkage.read_lists(dc.simulate.name_lists(90, seed=4).frames)
    linked = dc.linkage.link(lists, n_draws=100)
    anchor = Anchored("committee", KnownShare(0.29))
    found = dc.assess(linked, anchor=anchor, families=["calibrated"], n_draws=3)
    assert found.recommended_family == "anchored"
    assert found.wrong.by_list == {"committee": 0.0}
    visits = ClustersAtRandom.from_frame({"inmates": [9, 8], "unlisted": [3, 1]}, clusters=9)
    with pytest.raises(InputError, match="as lists were linked, got clusters"):
        dc.assess(linked, anchor=Anchored("committee", visits))


def test_other_things_are_refused():
    with pytest.raises(InputTypeError, match="anchor: expected Anchored or None"):
        assessed(anchor=ROLL.design)
    with pytest.raises(InputError, match="anchor: sample"):
        assessed(anchor=Anchored("church", ROLL.design))


@pytest.mark.parametrize(
    ("words", "design"),
    [
        (["visit=120/1500"], ROLL.design),
        (["visit=0.08"], KnownShare(0.08)),
        (["visit=visited.csv", "--clusters", "20", "--inmates", "900"], None),
    ],
)
def test_the_command_takes_each_design(words, design, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    visits = {"inmates": [30, 25, 61], "unlisted": [11, 8, 23]}
    pd.DataFrame(visits).to_csv("visited.csv", index=False)
    design = design or ClustersAtRandom.from_frame(visits, clusters=20, inmates=900)
    found = assessed(anchor=Anchored("visit", design))
    found.table.to_frame().to_csv("counts.csv", index=False)
    asked = ["counts.csv", "--lists", ",".join(LISTS), "--count", "count", "--anchor", *words]
    full = ["--disclosure", "full", "--families", ",".join(FEW), "--json", "record.json", "--quiet"]
    assert main(["assess", *asked, *full]) == 0, capsys.readouterr().err
    written = json.loads((tmp_path / "record.json").read_text(encoding="utf-8"))
    assert written["estimates"]["anchored"]["low"] == found.recommended.interval().low
    assert main(["assess", *asked, "--families", "calibrated", "--json", "public.json", "--quiet"]) == 0
    assert main(["reproduce", "public.json", *asked, "--families", "calibrated"]) == 0
    capsys.readouterr()


@pytest.mark.parametrize("visited", [True, False])
def test_a_sample_drawn_by_the_command_says_what_it_was_drawn_from(visited, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    roll = pd.DataFrame({"name": [f"place {k}" for k in range(20 if visited else 1500)]})
    roll.to_csv("roll.csv", index=False)
    assert main(["audit", "roll.csv", "--sample", "3" if visited else "120", "--seed", "7"]) == 0
    drawn = pd.read_csv("roll-sample.csv")
    design = PersonsAtRandom(drawn=120, roll=1500)
    if visited:
        found = {"inmates": [30, 25, 61], "unlisted": [11, 8, 23]}
        drawn.assign(**found).to_csv("roll-sample.csv", index=False)
        design = ClustersAtRandom.from_frame(found, clusters=20)
    dc.CaptureTable.from_counts(COUNTS, lists=LISTS).to_frame().to_csv("counts.csv", index=False)
    asked = ["counts.csv", "--lists", ",".join(LISTS), "--count", "count", "--families", "calibrated"]
    full = ["--anchor", "visit=roll-sample.csv", "--disclosure", "full", "--json", "record.json", "--quiet"]
    assert main(["assess", *asked, *full]) == 0, capsys.readouterr().err
    record = json.loads((tmp_path / "record.json").read_text(encoding="utf-8"))
    assert record["anchor"] == repr(Anchored("visit", design))


@pytest.mark.parametrize(
    ("word", "fault"),
    [
        ("visit", "expected a list and its design"),
        ("visit=visited.csv", "expected beside a file without a column drawn_from"),
        ("visit=half.csv", "row 2"),
    ],
)
def test_the_command_refuses_half_a_design(word, fault, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    dc.CaptureTable.from_counts(COUNTS, lists=LISTS).to_frame().to_csv("counts.csv", index=False)
    Path("visited.csv").write_text("inmates,unlisted\n30,11\n61,8\n", encoding="utf-8")
    Path("half.csv").write_text("drawn_from,inmates,unlisted\n20,30,11\n20,,\n", encoding="utf-8")
    words = ["assess", "counts.csv", "--lists", ",".join(LISTS), "--count", "count", "--anchor", word]
    assert main(words) == 2
    assert fault in capsys.readouterr().err
