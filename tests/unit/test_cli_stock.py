"""``detcount stock``: files and data sets, in every form and language, and what it refuses."""

import json
from functools import cache

import pandas as pd
import pytest

from detcount import PersonLists, assess_releases, assess_stock, simulate
from detcount.cli import main
from faults import FAULTS

SECRET = "Secreta Pérez"
COLUMNS = ["--person", "id", "--list", "list", "--entered", "arrest", "--left", "exit"]


@cache
def system():
    return simulate.detention_system(n_days=120, seed=2)


def rows():
    made = [
        (f"{SECRET} {k}", name, f"2024-0{6 + k % 3}-1{k % 9}", "2024-10-05" if k % 7 == 0 else None)
        for k in range(80)
        for j, name in enumerate(("prensa", "familias", "ong"))
        if (k + j) % 3
    ]
    return {name: [row[k] for row in made] for k, name in enumerate(("id", "list", "arrest", "exit"))}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    pd.DataFrame(rows()).to_csv("rows.csv", index=False)
    for name in ("stock", "arrests", "releases"):
        getattr(system(), name).to_frame().to_csv(f"{name}.csv", index=False)
    return tmp_path


def refused(words, capsys):
    assert main(words) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("detcount: ")
    assert err.count("\n") == 1
    assert SECRET not in err
    return err


@pytest.mark.slow
def test_files_give_what_the_library_gives(folder, capsys):
    words = ["stock", "stock.csv", "--arrests", "arrests.csv", "--seed", "3", "--as-of", "2024-09-30"]
    assert main(words) == 0
    expected = assess_stock(stock=system().stock, arrests=system().arrests, as_of="2024-09-30", seed=3)
    assert capsys.readouterr().out == expected.to_markdown()


def test_rows_of_lists_are_read_with_their_columns(folder, capsys):
    people = PersonLists.from_frame(rows(), person="id", list="list", entered="arrest", left="exit")
    expected = assess_stock(people=people).to_markdown(lang="es")
    for words in (["rows.csv"], ["--people", "rows.csv"]):
        assert main(["stock", *words, *COLUMNS, "--lang", "es"]) == 0
        out = capsys.readouterr().out
        assert out == expected
        assert SECRET not in out


@pytest.mark.slow
def test_every_form_is_written(folder, capsys):
    words = ["stock", "rows.csv", *COLUMNS, "--disclosure", "full", "--quiet", "--level", "0.8"]
    words += ["--html", "o.html", "--json", "o.json", "--csv", "o.csv", "--figures", "pictures"]
    assert main(words) == 0
    assert capsys.readouterr().out == ""
    assert "who may see the lists" in (folder / "o.html").read_text(encoding="utf-8")
    record = json.loads((folder / "o.json").read_text(encoding="utf-8"))
    assert record["disclosure"] == "full"
    table = pd.read_csv("o.csv")
    assert set(table["level"]) == {0.8}
    assert sorted(each.name for each in (folder / "pictures").iterdir()) == ["path.png"]
    assert main(words) == 0  # over its own files, and over no others
    (folder / "o.csv").write_text("mine", encoding="utf-8")
    assert "--force" in refused(words, capsys)


def test_a_register_in_files_stands_beside_the_releases(folder, capsys):
    register = {"stock": system().stock, "arrests": system().arrests}
    days = [str(day) for day in sorted({*system().stock.date.tolist()})][::2][:2]
    words = ["releases", "releases.csv", "--stock", "stock.csv", "--arrests", "arrests.csv", "--allow-future"]
    for more, audit in (([], None), (["--audit", *days], tuple(days))):
        assert main([*words, *more]) == 0
        expected = assess_releases(system().releases, **register, audit=audit)
        assert capsys.readouterr().out == expected.to_markdown()


@pytest.mark.parametrize(("words", "message"), FAULTS["stock"])
def test_what_cannot_be_meant_is_refused(words, message, folder, capsys):
    assert message in refused(["stock", *words], capsys)
