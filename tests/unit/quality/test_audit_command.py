"""``detcount audit``: a sample that its owner alone can read, and what its answers mean."""

import csv
import os
import stat

import pytest

from cases import rows_in
from detcount.cli import main


@pytest.fixture
def listed(tmp_path):
    file = tmp_path / "familias.csv"
    lines = [f"Ana Pérez {k},{'liberada' if k % 3 == 0 else 'detenida'}" for k in range(60)]
    file.write_text("\n".join(["Nombre,Estado", *lines]) + "\n", encoding="utf-8")
    return file


def test_sample_is_of_those_not_known_to_have_left_and_its_owners_alone(listed, tmp_path, capsys):
    sample = tmp_path / "sample.csv"
    assert main(["audit", str(listed), "--sample", "15", "--status", "Estado", "--out", str(sample)]) == 0
    told = capsys.readouterr()
    assert "Ana" not in told.out + told.err
    assert os.name == "nt" or stat.S_IMODE(sample.stat().st_mode) == 0o600
    rows = rows_in(sample)
    assert len(rows) == 15
    assert {row["Estado"] for row in rows} == {"detenida"}
    assert {row["drawn_from"] for row in rows} == {"40"}
    assert all(row["Nombre"].endswith(f" {int(row['row']) - 1}") for row in rows)


def test_answers_say_what_the_list_is_and_no_name(listed, tmp_path, capsys):
    sample = tmp_path / "sample.csv"
    main(["audit", str(listed), "--sample", "20", "--out", str(sample), "--quiet"])
    rows = rows_in(sample)
    with sample.open("w", encoding="utf-8", newline="") as stream:
        written = csv.DictWriter(stream, list(rows[0]))
        written.writeheader()
        written.writerows(row | {"belongs": "no" if k < 2 else "sí"} for k, row in enumerate(rows))
    capsys.readouterr()
    assert main(["audit", str(sample), "--lang", "es"]) == 0
    told = capsys.readouterr().out
    assert "De los 60 registros de familias de los que se sacó la muestra, de 2 a 16 no corresponden" in told
    assert "Ana" not in told


def test_a_sample_goes_beside_the_list_and_its_answers_are_never_lost(listed, capsys):
    sample = listed.with_name("familias-sample.csv")
    assert main(["audit", str(listed), "--sample", "15"]) == 0
    answered = sample.read_text(encoding="utf-8").replace("\n,familias", "\nno,familias")
    sample.write_text(answered, encoding="utf-8")
    assert main(["audit", str(listed), "--sample", "15"]) != 0
    assert "there is a sample already, which may hold answers" in capsys.readouterr().err
    assert sample.read_text(encoding="utf-8") == answered
    assert main(["audit", str(listed), "--sample", "15", "--force"]) == 0
    assert sample.read_text(encoding="utf-8") != answered


def test_a_folder_with_a_sample_that_nobody_has_answered_is_reported_without_it(tmp_path, capsys):
    lists = tmp_path / "personas.csv"
    lists.write_text("prensa,ong\n" + "1,0\n0,1\n1,1\n" * 30, encoding="utf-8")
    assert main(["audit", str(lists), "--sample", "10"]) == 0
    assert main(["report", str(tmp_path)]) == 0
    assert "it is a sample of entries to check, and nothing is answered yet" in capsys.readouterr().err
