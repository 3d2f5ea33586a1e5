"""``detcount releases --names``: lists of released people from files, what is printed and what is refused."""

import csv
import io
import stat

import pytest

from detcount import simulate
from detcount.cli import main

CAMPAIGN = simulate.released_lists(300, seed=4)
NAMES = ["--names", "lista_oficial.csv", "--names", "verificados.csv"]
DETAINED = ["--lists", "foro.csv", "--lists", "familias=families.csv"]


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, frame in CAMPAIGN.frames.items():
        frame.to_csv(f"{name}.csv", index=False)
    return tmp_path


@pytest.mark.slow
def test_lists_are_recognised_and_counted(folder, capsys):
    words = ["releases", *NAMES, *DETAINED, "--disclosure", "full", "--csv", "-", "--review", "rows.csv"]
    assert main([*words, "--number", "lista_oficial=990"]) == 0
    out, err = capsys.readouterr()
    assert "'lista_oficial' is taken as 'announced'" in err
    assert "'verificados' is taken as 'verified'" in err
    rows = list(csv.DictReader(io.StringIO(out)))
    counts = {(row["list"], row["part"]): float(row["persons"]) for row in rows}
    truth = CAMPAIGN.truth.counts("lista_oficial")
    named = {int(row["named"]) for row in rows if row["list"] == "lista_oficial"}
    assert max(abs(n - truth["named"]) for n in named) <= 0.015 * truth["named"]
    assert abs(counts["lista_oficial", "verified"] - truth["verified"]) <= 2
    assert sum(n for (name, _), n in counts.items() if name == "lista_oficial") == named.pop()
    assert stat.S_IMODE((folder / "rows.csv").stat().st_mode) == 0o600
    written = {cell for frame in CAMPAIGN.frames.values() for cell in frame.iloc[:, 0] if len(cell) > 4}
    review = (folder / "rows.csv").read_text("utf-8")
    assert review.startswith("list,row,on_register")
    assert not any(name in review + out + err for name in written)


@pytest.mark.slow
def test_what_is_printed_unasked_is_public_and_short(folder, capsys):
    assert main(["releases", *NAMES, *DETAINED, "--lang", "es", "--out", "informe.html"]) == 0
    out, _ = capsys.readouterr()
    assert "nombra a unas" in out
    assert len(out.splitlines()) <= 27
    assert "informe.html" in out
    assert stat.S_IMODE((folder / "informe.html").stat().st_mode) & stat.S_IRUSR


DAYS = {"--dayfirst": "from 3 to 5 April 2025", "--monthfirst": "from 4 March 2025 to 4 May 2025"}


@pytest.mark.parametrize(
    ("order", "place"),
    [
        ("--monthfirst", "rows"),
        ("--dayfirst", "title"),
        pytest.param("--dayfirst", "rows", marks=pytest.mark.slow),
        pytest.param("--monthfirst", "title", marks=pytest.mark.slow),
    ],
)
def test_days_are_read_in_the_stated_order(folder, capsys, order, place):
    days = ["03/04/2025", "04/04/2025", "05/04/2025"] if place == "rows" else ["", "", ""]
    people = ["Ana Paz,V-11111111", "Luis Mora,V-12222222", "Eva Gil,V-13333333"]
    rows = "".join(f"{who},{day}\n" for who, day in zip(people, days, strict=True))
    title = "Excarcelados el 04/03/2025,,\n" if place == "title" else ""
    (folder / "r.csv").write_text(f"{title}Nombre,Cédula,Fecha de excarcelación\n{rows}", encoding="utf-8")
    (folder / "a.csv").write_text("Nombre,Cédula\n" + "".join(f"{who}\n" for who in people), encoding="utf-8")
    words = ["releases", "--names", "r.csv", "--lists", "a.csv", "--take", "r=announced"]
    assert main([*words, order]) == 0
    out, err = capsys.readouterr()
    on_title = {"--dayfirst": "on 4 March 2025", "--monthfirst": "on 3 April 2025"}
    assert (DAYS if place == "rows" else on_title)[order] in out
    assert "no row shows whether" not in err
    assert "several days" not in err


def test_a_day_of_the_other_order_is_not_used(folder, capsys):
    (folder / "a.csv").write_text("Nombre,Arresto\nAna Paz,01/31/2025\nEva Gil,03/04/2025\n", "utf-8")
    assert main(["link", "a.csv", "--dayfirst", "--disclosure", "full"]) == 0
    out, _ = capsys.readouterr()
    assert "row 1, column 'Arresto': expected a day in the stated order of day and month" in out
    assert main(["link", "a.csv", "--monthfirst", "--disclosure", "full"]) == 0
    out, _ = capsys.readouterr()
    assert "0 cells could not be read" in out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (NAMES, "--names: expected a list of the detained beside it, got none"),
        ([*NAMES, *DETAINED, "--dataset", "venezuela_releases"], "--names: expected no --dataset beside it"),
        ([*NAMES, *DETAINED, "--as-of", "2026-01-01"], "--names: expected no --as-of beside it"),
        ([*NAMES, *DETAINED, "--header-row", "2"], "--names: expected no --header-row beside it"),
        ([*NAMES, *DETAINED, "--level", "0.8"], "--level"),
        (
            [*NAMES, *DETAINED, "--days", "other=2025-12-25"],
            "--days: expected LIST=VALUE with one of",
        ),
        ([*NAMES, *DETAINED, "--take", "lista_oficial"], "--take: expected LIST=VALUE"),
        ([*NAMES, *DETAINED, "--take", "lista_oficial=true"], "released: expected"),
        ([*NAMES, *DETAINED, "--number", "lista_oficial=many"], "--number: expected a whole number"),
        ([*NAMES, *DETAINED, "--review", "foro.csv", "--force"], "--review: expected another file"),
        (["--names", "foro.csv", *DETAINED[2:]], "does not show whether it is announced or verified"),
        (["--names", "foro.csv", "--lists", "foro.csv"], "two files give the list the name 'foro'"),
        (["counts.csv", "--review", "rows.csv"], "file of counts: expected no --review beside it"),
    ],
)
def test_what_cannot_be_meant_is_refused(capsys, words, message):
    assert main(["releases", *words]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert message in err.splitlines()[-1]
