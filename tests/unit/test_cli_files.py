"""The command and the files that people have: every layout, every mark, and what the first error tells."""

import io
import shlex
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from detcount import (
    CaptureTable,
    PublishedArrests,
    PublishedReleases,
    PublishedStock,
    assess,
    assess_releases,
    datasets,
)
from detcount.cli import main
from faults import FAULTS

LISTS = ["prensa", "familias"]
# asymmetric: no two lists or cells alike
TABLE = CaptureTable.from_counts({"10": 41, "01": 33, "11": 19}, lists=LISTS)
FAMILIES = ["chapman", "independence"]
QUICK = ["--families", ",".join(FAMILIES)]
ANSWER = assess(TABLE, families=FAMILIES)
Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def persons(yes=1, no=0):
    """A row a person, with marks of any kind."""
    frame = TABLE.to_frame()
    rows = frame.loc[frame.index.repeat(frame["count"]), LISTS].reset_index(drop=True)
    marked = rows.astype(object).replace({1: yes, 0: no})
    marked.insert(0, "cédula", [f"V-{row:05}" for row in range(len(marked))])
    return marked


def memberships():
    """A row for each person on each list."""
    return persons().melt("cédula", var_name="fuente").query("value == 1").drop(columns="value")


def answered(words, capsys):
    assert main(["assess", *words, *QUICK]) == 0, capsys.readouterr().err
    out, err = capsys.readouterr()
    assert err == ""
    return out


def refused(words, capsys):
    assert main(words) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert "V-0" not in err
    return err


def test_memberships(capsys):
    memberships().to_csv("m.csv", index=False)
    words = ["m.csv", "--person", "cédula", "--list", "fuente"]
    expected = assess(TABLE.keep(sorted(LISTS)), families=FAMILIES).to_markdown()
    assert answered(words, capsys) == expected
    assert answered([*words, "--lists", "prensa,familias"], capsys) == ANSWER.to_markdown()
    assert expected != ANSWER.to_markdown()  # the order of the lists was asked for


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_patterns(suffix, capsys):
    frame = pd.DataFrame({"patrón": ["10", "01", "11"], "n": [41, 33, 19]})
    if suffix == "csv":
        frame.to_csv("p.csv", index=False)
    else:
        frame["patrón"] = frame["patrón"].astype(int)  # a workbook takes the zero in front
        frame.to_excel("p.xlsx", index=False)
    words = [f"p.{suffix}", "--pattern", "patrón", "--count", "n", "--lists", "prensa,familias"]
    assert answered(words, capsys) == ANSWER.to_markdown()


@pytest.mark.parametrize(("words", "message"), FAULTS["layouts"])
def test_options_of_different_layouts_are_refused(words, message, capsys):
    Path("m.csv").write_text("f,p\n", encoding="utf-8")
    assert message in refused(["assess", "m.csv", *words], capsys)


@pytest.mark.parametrize(("file", "message"), FAULTS["unreadable files"])
def test_a_file_that_no_option_makes_readable_is_said_before_its_lists_are_asked_for(file, message, capsys):
    Path("empty.csv").touch()
    Path("bytes.csv").write_bytes(b"\xff\x00\xfe\x81\x8d")
    Path("folder").mkdir()
    assert message in refused(["assess", file], capsys)


def test_options_are_said_as_they_are_typed(capsys):
    row = "2199-01-05,ong,verified,30"
    Path("s.csv").write_text(f"date,source,role,count\n{row}\n", encoding="utf-8")
    assert "say allow_future=True, --allow-future on the command line" in refused(["stock", "s.csv"], capsys)
    assert "no se esperaba archivo" in refused(
        ["assess", "s.csv", "--dataset", "kosovo", "--lang", "es"], capsys
    )
    assert "and so does the command detcount datasets" in refused(["assess", "--dataset", "zzz"], capsys)


def test_families(capsys):
    persons().to_csv("p.csv", index=False)
    out = answered(["p.csv", "--lists", "prensa,familias", "--disclosure", "full"], capsys)
    assert "Chapman" in out
    everything = assess(TABLE).to_markdown(disclosure="full")
    assert out != everything
    assert set(everything.split()) - set(out.split())


@pytest.mark.parametrize(
    ("yes", "no", "words"),
    [
        ("x", None, ["--yes", "x", "--blank-is-0"]),
        ("Sí", "no", ["--yes", "x,sí,1", "--no", "no"]),
        ("VERDADERO", "FALSO", ["--yes", "verdadero", "--no", "falso"]),
        (1, None, ["--blank-is-0"]),
    ],
)
@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_marks_are_read_where_they_are_asked_for(yes, no, words, suffix, capsys):
    frame = persons(yes, no)
    file = f"p.{suffix}"
    if suffix == "csv":
        frame.to_csv(file, index=False)
    else:
        frame.to_excel(file, index=False)
    base = ["assess", file, "--lists", "prensa,familias", "--person", "cédula"]
    assert "The whole command" in refused(base, capsys)
    assert main([*base, *words, *QUICK, "--json", "-", "--disclosure", "full"]) == 0
    asked = capsys.readouterr().out
    assert '"n_observed": 93' in asked


def test_a_title_above_the_names(capsys):
    lines = persons().to_csv(index=False)
    Path("t.csv").write_text(f"Listado de enero,,\n,,\n{lines}", encoding="utf-8")
    words = ["t.csv", "--lists", "prensa,familias", "--person", "cédula"]
    assert main(["assess", *words, *QUICK]) == 0
    out, told = capsys.readouterr()
    assert out == ANSWER.to_markdown()
    assert "1 row above the names of the columns is taken for a title" in told
    assert answered([*words, "--header-row", "3"], capsys) == ANSWER.to_markdown()


def test_a_sheet(capsys):
    with pd.ExcelWriter("libro.xlsx") as book:
        pd.DataFrame({"nota": ["nada"]}).to_excel(book, sheet_name="notas", index=False)
        persons().to_excel(book, sheet_name="personas", index=False)
    words = ["libro.xlsx", "--lists", "prensa,familias", "--person", "cédula"]
    refused(["assess", *words], capsys)
    assert answered([*words, "--sheet", "personas"], capsys) == ANSWER.to_markdown()


class Piped:
    """Standard input as another program fills it."""

    def __init__(self, content):
        self.buffer = io.BytesIO(content)


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "parquet"])
def test_standard_input(suffix, capsys, monkeypatch):
    write = {
        "csv": lambda stream: persons().to_csv(stream, index=False),
        "xlsx": lambda stream: persons().to_excel(stream, index=False),
        "parquet": lambda stream: persons().to_parquet(stream, index=False),
    }
    stream = io.BytesIO()
    write[suffix](stream)
    monkeypatch.setattr(sys, "stdin", Piped(stream.getvalue()))
    words = ["-", "--lists", "prensa,familias", "--person", "cédula"]
    assert answered(words, capsys) == ANSWER.to_markdown()


def test_a_pipe_is_read(capsys):
    persons().to_csv("p.csv", index=False)
    words = ["assess", "-", "--lists", "prensa,familias", "--person", "cédula", *QUICK]
    with open("p.csv", "rb") as file:
        done = subprocess.run(
            [sys.executable, "-m", "detcount", *words], stdin=file, capture_output=True, check=True
        )
    assert done.stdout.decode() == ANSWER.to_markdown()


@pytest.mark.parametrize("named", [True, False])
def test_the_first_error_spells_out_the_command_that_works(named, capsys):
    """An Excel of x and blanks, saved as CSV by a Spanish Windows: cp1252, semicolons, a title row."""
    table = persons("x", "")
    table.columns = pd.Index(["cédula", "prensa", "ñandú, y otros"])
    lines = table.to_csv(index=False, sep=";", lineterminator="\r\n")
    content = f"Listado de detenidos, año 2025;;\r\n;;\r\n{lines}"
    Path("detenidos de enero.csv").write_bytes(content.encode("cp1252"))
    words = ["assess", "detenidos de enero.csv", "--person", "cédula", "--lang", "es", *QUICK]
    if named:
        words += ["--lists", 'prensa,"ñandú, y otros"']
    assert main(words) == 2
    error = capsys.readouterr().err  # below what was guessed and left out
    command = shlex.split(error.split("el archivo: ")[1])
    assert command[0] == "detcount"
    assert command[1 : 1 + len(words)] == words
    added = command[1 + len(words) :]
    assert set(added) >= {"--yes", "x", "--blank-is-0"}
    assert main(command[1:]) == 0
    out, _ = capsys.readouterr()
    assert "Al menos 75 personas" in out.replace("\u00a0", " ")


def test_no_command_is_suggested_where_none_works(capsys):
    Path("p.csv").write_text("a,b\nx,V-01\n,x\n", encoding="utf-8")
    assert "The whole command" not in refused(["assess", "p.csv", "--lists", "a,b"], capsys)
    assert "The whole command" not in refused(["assess", "p.csv"], capsys)


def test_lists_that_nobody_named_are_suggested(capsys):
    persons().to_csv("p.csv", index=False)
    error = refused(["assess", "p.csv"], capsys)
    assert error.endswith("detcount assess p.csv --lists prensa,familias\n")


def published():
    """A series as a file has it."""
    return datasets.load("venezuela_releases").as_of("2025-12-31").to_frame()


def day_first(frame):
    """Days as a Spanish spreadsheet writes them."""
    changed = frame.copy()
    for column in {"published", "start", "end", "date"} & set(changed.columns):
        changed[column] = pd.to_datetime(changed[column]).dt.strftime("%d/%m/%Y")
    return changed


@pytest.mark.slow
def test_days_that_are_first(capsys):
    day_first(published()).to_csv("c.csv", index=False)
    error = refused(["releases", "c.csv", "--csv", "-"], capsys)
    assert error.endswith("detcount releases c.csv --csv - --dayfirst\n")
    assert main(["releases", "c.csv", "--csv", "-", "--dayfirst"]) == 0
    asked = capsys.readouterr().out
    published().to_csv("c.csv", index=False)
    assert main(["releases", "c.csv", "--csv", "-"]) == 0
    assert capsys.readouterr().out == asked
    assert "event 2025-12-25,2025-12-25,2025-12-25,verified,Foro Penal,61,False,2025-12-29," in asked


@pytest.mark.slow
def test_a_register_in_files(capsys):
    day_first(datasets.load("venezuela_stock").to_frame()).to_csv("stock.csv", index=False)
    day_first(datasets.load("venezuela_arrests").to_frame()).to_csv("arrests.csv", index=False)
    day_first(published()).to_csv("c.csv", index=False)
    words = ["releases", "c.csv", "--dayfirst", "--stock", "stock.csv", "--arrests", "arrests.csv"]
    alone = [*words[:-2], "--audit", "2024-10-07", "2025-03-31"]
    assert "--stock, --arrests: expected both or none" in refused(alone, capsys)
    days = ["--audit", "2024-10-07", "2025-03-31"]
    assert main([*words, *days, "--as-of", "2025-12-31"]) == 0
    expected = assess_releases(
        PublishedReleases.from_frame(published()),
        as_of="2025-12-31",
        stock=PublishedStock.from_frame(datasets.load("venezuela_stock").to_frame()),
        arrests=PublishedArrests.from_frame(datasets.load("venezuela_arrests").to_frame()),
        audit=("2024-10-07", "2025-03-31"),
    )
    assert expected.register is not None
    assert capsys.readouterr().out == expected.to_markdown()
    words[words.index("stock.csv")] = "none.csv"
    assert "none.csv" in refused([*words, *days], capsys)


@pytest.mark.parametrize(
    ("words", "data"),
    [
        (["stock"], "venezuela_stock"),
        pytest.param(["releases"], "venezuela_releases", marks=pytest.mark.slow),
    ],
)
def test_a_spanish_file_is_read_at_once(words, data, capsys):
    frame = datasets.load(data).to_frame()
    frame = frame[frame[frame.columns[0]] < "2025-03-01"]
    frame.to_csv("c.csv", index=False)
    assert main([*words, "c.csv", "--csv", "-", "--lang", "es"]) == 0
    expected = capsys.readouterr()
    assert "se leyó así" not in expected.err
    spanish = {
        "published": "fecha",
        "date": "fecha",
        "source": "fuente",
        "role": "rol",
        "start": "desde",
        "end": "hasta",
        "count": "cantidad",
        "at_least": "al_menos",
        "event": "evento",
        "measure": "medida",
    }
    frame["role"] = frame["role"].map(
        {"announced": "anunciado", "verified": "Verificado", "reported": "reportado"}
    )
    frame["at_least"] = frame["at_least"].map({True: "sí", False: "no"})
    frame.rename(columns=spanish).to_csv("c.csv", index=False, sep=";")
    assert main([*words, "c.csv", "--csv", "-", "--lang", "es"]) == 0
    out, err = capsys.readouterr()
    assert out == expected.out
    assert "se leyó así: 'fecha' como " in err
    assert main([*words, "c.csv", "--csv", "-", "--quiet"]) == 0
    assert capsys.readouterr().err == ""
