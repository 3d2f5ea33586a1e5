"""A random sample among the lists of a folder: its settings, the joint report and its record."""

import json

import pandas as pd
import pytest

import detcount as dc
from detcount.abundance import Anchored, ClustersAtRandom, KnownShare, PersonsAtRandom
from detcount.cli import main
from detcount.errors import InputError

LISTS = ("press", "families", "visit")
COUNTS = {"100": 310, "010": 190, "110": 90, "101": 31, "011": 20, "111": 9, "001": 42}
TABLE = dc.CaptureTable.from_counts(COUNTS, lists=LISTS)
VISITS = {"inmates": [30, 25, 61], "unlisted": [11, 8, 23], "drawn_from": 20}
BY_LOT = '[read]\nfamilies = ["calibrated"]\n\n[sample]\nlist = "visit"\nchosen = "lot"\n'
DESIGNS = {
    'design = "120/1500"\n': PersonsAtRandom(drawn=120, roll=1500),
    'design = "0.08"\n': KnownShare(0.08),
    'design = "prisons.csv"\ninmates = 900\n': ClustersAtRandom.from_frame(
        pd.DataFrame(VISITS), clusters=20, inmates=900
    ),
    'design = "prisons.csv"\nclusters = 30\n': ClustersAtRandom.from_frame(pd.DataFrame(VISITS), clusters=30),
}


def folder(parent, settings):
    place = parent / "folder"
    place.mkdir(exist_ok=True)
    TABLE.to_frame().to_csv(place / "people.csv", index=False)
    pd.DataFrame(VISITS).to_csv(place / "prisons.csv", index=False)
    (place / "detcount.toml").write_text(settings, encoding="utf-8")
    return place


@pytest.mark.parametrize("stated", DESIGNS)
def test_how_many_in_all_is_the_answer_of_the_sample(stated, tmp_path):
    made = dc.report(folder(tmp_path, BY_LOT + stated))
    alone = dc.assess(TABLE, anchor=Anchored("visit", DESIGNS[stated]), families=["calibrated"])
    assert made.lists.recommended_family == "anchored"
    assert made.lists.recommended.interval() == alone.recommended.interval()
    assert made.lists.sentence() == alone.sentence()
    row = next(each for each in made.rows() if each["job"] == "lists")
    asked = "How many people in all, by the lists and a random sample"
    assert (row["question"], row["verdict"]) == (asked, alone.verdict)
    assert {each.name: each.kind for each in made.files} == {"people.csv": "lists", "prisons.csv": None}
    for text in (made.to_markdown(), made.full().to_markdown()):
        assert "by the lists and a random sample" in text
    assert "una muestra al azar" in made.to_markdown(lang="es")


@pytest.mark.parametrize("public", [True, False])
def test_the_record_is_made_again_from_the_folder(public, tmp_path, capsys):
    place = folder(tmp_path, BY_LOT + 'design = "prisons.csv"\ninmates = 900\n')
    made = dc.report(place)
    record = json.loads(json.dumps((made.public() if public else made.full()).record()))
    if public:
        assert record["jobs"]["lists"]["anchor"] == "visit"
        assert "ClustersAtRandom" not in json.dumps(record)
    assert dc.reproduce(record, place, families=["calibrated"]).agrees
    kept = tmp_path / "record.json"
    kept.write_text(json.dumps(record), encoding="utf-8")
    assert main(["reproduce", str(kept), str(place), "--families", "calibrated"]) == 0
    capsys.readouterr()


def test_the_command_and_the_call_take_a_sample_too(tmp_path, capsys):
    place = folder(tmp_path, '[read]\nfamilies = ["calibrated"]\n')
    words = [
        "report",
        str(place),
        "--anchor",
        "visit=120/1500",
        "--json",
        str(tmp_path / "r.json"),
        "--quiet",
    ]
    assert main([*words, "--disclosure", "full"]) == 0, capsys.readouterr().err
    record = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    anchor = Anchored("visit", PersonsAtRandom(drawn=120, roll=1500))
    assert record["jobs"]["lists"]["anchor"] == repr(anchor)
    given = dc.report({"lists": TABLE}, anchor=anchor, families=["calibrated"])
    assert given.lists.record()["estimates"] == record["jobs"]["lists"]["estimates"]
    with pytest.raises(InputError, match=r"expected lists of which 'visit' is one, got none"):
        dc.report({"waves": dc.datasets.load("nicaragua_stock")}, anchor=anchor, take={"waves": "stock"})
    capsys.readouterr()


@pytest.mark.parametrize(
    ("stated", "says"),
    [
        ('list = "visit"\n', "got none under chosen and design. .* Were its people or prisons drawn by lot"),
        ('list = "visit"\ndesign = "0.1"\n', "got none under chosen. What nobody states is not guessed"),
        ('list = "visit"\nchosen = "hand"\ndesign = "0.1"\n', "drawn by lot, got some that somebody chose"),
        ('list = "visit"\nchosen = "luck"\n', "'chosen': expected 'lot' or 'hand', got other text"),
        ('list = "visit"\nchosen = "lot"\ndesign = "prison.csv"\n', "names of files .* got 'prison.csv'"),
        ('list = "visit"\nchosen = "lot"\ndesign = "."\n', "names of files .* got '.'"),
        ('list = "church"\nchosen = "lot"\ndesign = "0.1"\n', "sample: expected 'press', 'families' or"),
        (
            'list = "visit"\nchosen = "lot"\ndesign = "90/1500"\n',
            "90 persons were drawn, and the sample names 102",
        ),
    ],
)
def test_a_sample_without_a_design_is_refused_and_asked_about(stated, says, tmp_path):
    with pytest.raises(InputError, match=says):
        dc.report(folder(tmp_path, f"[sample]\n{stated}"))


def test_the_settings_ask_about_a_sample_where_there_are_lists(tmp_path, capsys):
    place = folder(tmp_path, "")
    assert main(["start", str(place), "--force"]) == 0
    text = (place / "detcount.toml").read_text(encoding="utf-8")
    assert "[sample]\n#: Is one of the lists a sample" in text
    assert '# chosen = "lot"\n' in text
    assert "it seems to be a sample of prisons" in text
    answered = text.replace('# list = "visit"', 'list = "visit"').replace(
        '# chosen = "lot"', 'chosen = "lot"'
    )
    (place / "detcount.toml").write_text(answered.replace("# design =", "design ="), encoding="utf-8")
    assert main(["start", str(place), "--force", "--lang", "es"]) == 0
    kept = (place / "detcount.toml").read_text(encoding="utf-8")
    assert '[sample]\nlist = "visit"\nchosen = "lot"\ndesign = "120/1500"\n' in kept
    assert dc.report(place).lists.recommended_family == "anchored"
    (place / "people.csv").unlink()
    (place / "detcount.toml").unlink()
    assert main(["start", str(place)]) == 0
    assert "\n[sample]\n" not in (place / "detcount.toml").read_text(encoding="utf-8")
    capsys.readouterr()
