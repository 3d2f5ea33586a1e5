"""The command and where its answers go: JSON, tables, figures, nothing; and never over what is not ours."""

import csv
import io
import json
import os
from pathlib import Path

import pytest

from detcount import CaptureTable, assess
from detcount.cli import main
from detcount.reports.blocks import FigureSlot
from faults import FAULTS

LISTS = ["prensa", "familias"]
# asymmetric: no two lists or cells alike
TABLE = CaptureTable.from_counts({"10": 41, "01": 33, "11": 19}, lists=LISTS)
FAMILIES = ["chapman", "independence"]
ANSWER = assess(TABLE, families=FAMILIES)
WORDS = ["assess", "counts.csv", "--lists", "prensa,familias", "--count", "count", "--families"]
WORDS += [",".join(FAMILIES)]
FULL = [*WORDS, "--disclosure", "full"]


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    TABLE.to_frame().to_csv("counts.csv", index=False)
    return tmp_path


def ran(words, capsys, code=0):
    assert main(words) == code
    return capsys.readouterr()


@pytest.mark.parametrize("disclosure", [None, "full"])
def test_json(disclosure, capsys):
    words = WORDS if disclosure is None else FULL
    out, err = ran([*words, "--json", "n.json", "--lang", "es"], capsys)
    assert out.startswith("# ")
    assert err == "detcount: cifras escritas en n.json\n"
    record = json.loads(Path("n.json").read_text(encoding="utf-8"))
    assert record.pop("made_by") == "detcount"
    expected = ANSWER.record(disclosure="public" if disclosure is None else "full")
    assert record == json.loads(json.dumps(expected))
    out, err = ran([*words, "--json", "-"], capsys)
    assert json.loads(out) == {"made_by": "detcount", **record}
    assert err == ""


def test_the_table_has_what_the_report_shows_and_no_more(capsys):
    out, _ = ran([*FULL, "--csv", "-"], capsys)
    rows = {row["family"]: row for row in csv.DictReader(io.StringIO(out))}
    assert list(rows) == [*ANSWER.estimates, *ANSWER.declined]
    for key, estimate in ANSWER.estimates.items():
        interval = estimate.interval(0.95)
        found = [float(rows[key][name]) for name in ("low", "point", "high", "level")]
        assert found == pytest.approx([interval.low, estimate.point, interval.high, 0.95])
    out, err = ran([*WORDS, "--csv", "n.csv"], capsys)
    assert err == "detcount: numbers written to n.csv\n"
    public = list(csv.DictReader(io.StringIO(Path("n.csv").read_text(encoding="utf-8"))))
    shown = ANSWER.public_content.families
    assert [row["family"] for row in public] == [row.key for row in shown]
    assert [float(row["low"]) for row in public] == [row.low for row in shown]
    assert public != list(rows.values())


def test_the_level_of_the_table(capsys):
    out, _ = ran([*FULL, "--csv", "-", "--level", "0.8"], capsys)
    row = next(csv.DictReader(io.StringIO(out)))
    interval = next(iter(ANSWER.estimates.values())).interval(0.8)
    assert [float(row[name]) for name in ("low", "high", "level")] == [interval.low, interval.high, 0.8]
    _, err = ran([*FULL, "--level", "0.8"], capsys, 2)
    assert "--level: expected --csv beside it" in err
    _, err = ran([*WORDS, "--csv", "-", "--level", "0.8"], capsys, 2)
    assert "--level: expected 0.95, which the public report has, got 0.8" in err
    _, err = ran([*WORDS, "--csv", "-", "--level", "95"], capsys, 2)
    assert "--level: expected" in err
    _, err = ran([*WORDS, "--csv", "-", "--level", "0,8", "--lang", "es"], capsys, 2)
    assert err == "detcount: --level: se esperaba un número como 0.8 y se recibió '0,8'\n"


@pytest.mark.parametrize(
    ("kind", "begins"), [pytest.param("png", b"\x89PNG", marks=pytest.mark.slow), ("svg", b"<?xml")]
)
def test_figures(kind, begins, capsys):
    words = [*FULL, "--figures", "figuras", "--figures-as", kind]
    keys = [block.key for block in ANSWER.document(disclosure="full").blocks if isinstance(block, FigureSlot)]
    _, err = ran(words, capsys)
    assert err == f"detcount: {len(keys)} figures written to figuras\n"
    assert len(keys) > 1
    files = sorted(Path("figuras").iterdir())
    assert [file.name for file in files] == sorted(f"{key}.{kind}" for key in keys)
    before = {file: file.read_bytes() for file in files}
    assert all(content.startswith(begins) for content in before.values())
    ran(words, capsys)  # ours are written over
    assert {file: file.read_bytes() for file in files} == before
    files[0].write_bytes(begins + b" a photograph")
    _, err = ran(words, capsys, 2)
    assert f"{files[0].name}: there is a file of this name that is no report of detcount" in err
    assert files[0].read_bytes() == begins + b" a photograph"
    ran([*words, "--force"], capsys)
    assert files[0].read_bytes() == before[files[0]]


def test_quiet(capsys):
    words = [*WORDS, "--quiet", "--html", "r.html", "--csv", "n.csv", "--json", "n.json", "--figures", "f"]
    assert ran(words, capsys) == ("", "")
    assert {"r.html", "n.csv", "n.json", "f"} <= {path.name for path in Path().iterdir()}
    out, err = ran([*WORDS, "--quiet", "--csv", "-"], capsys)
    assert out.startswith("family,")
    assert err == ""
    _, err = ran(["assess", "none.csv", "--lists", "a,b", "--quiet"], capsys, 2)
    assert "none.csv" in err


@pytest.mark.parametrize(("words", "message"), FAULTS["places"])
def test_places_are_checked_first(words, message, capsys, monkeypatch):
    Path("notes.txt").write_text("years of work", encoding="utf-8")
    before = Path("counts.csv").read_bytes()
    monkeypatch.setattr("detcount.cli.doors.table_of", lambda options: pytest.fail("read before"))
    out, err = ran([*WORDS, *words], capsys, 2)
    assert out == ""
    assert message in err
    assert Path("notes.txt").read_text(encoding="utf-8") == "years of work"
    assert Path("counts.csv").read_bytes() == before


@pytest.mark.parametrize(("words", "mode"), [(FULL, 0o600), (WORDS, 0o644)], ids=["full", "public"])
def test_files_with_small_counts_of_persons_are_their_owners_alone(words, mode, capsys):
    before = os.umask(0o022)
    try:
        names = [f"report.{ending}" for ending in ("html", "docx", "xlsx", "json", "tex")]
        outs = [word for name in names for word in ("--out", name)]
        ran([*words, "--quiet", "--csv", "numbers.csv", "--figures", "figures", *outs], capsys)
    finally:
        os.umask(before)
    written = [*map(Path, names), Path("numbers.csv"), *Path("figures").iterdir()]
    assert len(written) > len(names) + (words == FULL)  # of fewer than 100 people no public figure
    assert {path.stat().st_mode & 0o777 for path in written} == {mode}


@pytest.mark.slow
def test_out_writes_every_format_by_its_ending(folder, capsys):
    words = ["assess", "--dataset", "kosovo", "--families", "chapman,calibrated", "--lang", "es", "--quiet"]
    names = ["r.html", "r.docx", "r.xlsx", "r.tex", "r.md", "r.json"]
    outs = [word for name in names for word in ("--out", name)]
    assert main([*words, *outs]) == 0
    first = {name: (folder / name).read_bytes() for name in names}
    assert all(first.values())
    assert json.loads(first["r.json"])["made_by"] == "detcount"
    assert main([*words, *outs]) == 0  # its own files it writes over, with the same bytes
    assert {name: (folder / name).read_bytes() for name in names if name != "r.json"} == {
        name: content for name, content in first.items() if name != "r.json"
    }
    for odd, told in (
        (["--out", "r.pdf"], "--out: expected a file that ends in .html, .docx, .xlsx, .tex, .md or .json"),
        (["--out", "r.md", "--json", "r.md"], "got the same. Choose another name"),
        (["--out", "a.docx", "--out", "./a.docx"], "--out: expected another file than that of --out"),
    ):
        capsys.readouterr()
        assert main(["assess", "--dataset", "kosovo", "--force", *odd]) == 2
        assert told in capsys.readouterr().err
