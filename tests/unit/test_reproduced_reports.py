"""Records of the command made again by the command: several jobs, the stock, releases, a key that is lost."""

import json

import pandas as pd
import pytest

import detcount as dc
from detcount.assessment import report
from detcount.cli import main
from detcount.errors import InputError
from detcount.privacy import new_digest_key

PEOPLE = "press,court,families\n" + "".join(
    f"{history[0]},{history[1]},{history[2]}\n" * n
    for history, n in {
        "100": 60, "010": 50, "001": 45, "110": 14, "101": 17, "011": 9, "111": 6
    }.items()
)  # fmt: skip
TOTALS = "date,source,role,count\n" + "".join(
    f"2025-0{month}-{day:02d},Foro,verified,{900 - 9 * month - day}\n"
    for month in (1, 2, 3)
    for day in (6, 20)
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("folder")
    (made / "personas.csv").write_text(PEOPLE, encoding="utf-8")
    (made / "totales.csv").write_text(TOTALS, encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def record(folder, tmp_path_factory):
    path = tmp_path_factory.mktemp("records") / "record.json"
    words = ["report", str(folder), "--families", "chao,independence,calibrated", "--disclosure", "full"]
    assert main([*words, "--seed", "4", "--json", str(path)]) == 0
    return path


def edited(path, tmp_path, change):
    held = json.loads(path.read_text(encoding="utf-8"))
    change(held)
    other = tmp_path / "edited.json"
    other.write_text(json.dumps(held), encoding="utf-8")
    return str(other)


def test_each_job_of_a_folder_is_made_again(folder, record, capsys):
    assert main(["reproduce", str(record), str(folder)]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "to the last bit" in out.split(".")[0]
    assert "lists: all" in out
    assert "people held: all" in out
    assert main(["reproduce", str(record), str(folder), "--lang", "es"]) == 0
    assert "personas detenidas: " in " ".join(capsys.readouterr().out.split())


def test_only_the_job_that_was_edited_is_different(folder, record, tmp_path, capsys):
    def change(held):
        held["jobs"]["lists"]["estimates"]["chao"]["point"] += 1

    assert main(["reproduce", edited(record, tmp_path, change), str(folder)]) == 1
    out = " ".join(capsys.readouterr().out.split())
    assert "lists / estimates / chao / point" in out
    assert "lists: 1 of" in out
    assert "people held: all" in out


def test_from_python_a_folder_or_its_data(folder, record):
    made = dc.reproduce(record, folder)
    assert list(made.jobs) == ["lists", "stock"]
    assert len(made.values) == sum(len(each.values) for each in made.jobs.values())
    lists = dc.CaptureTable.from_frame(
        pd.read_csv(folder / "personas.csv"), lists=["press", "court", "families"]
    )
    totals = dc.PublishedStock.from_frame(pd.read_csv(folder / "totales.csv"))
    data = {"lists": lists.keep(lists.lists[::-1]), "stock": totals}
    again = dc.reproduce(record, data)
    assert again.counts["same"] == len(again.values) == len(made.values)
    with pytest.raises(InputError, match="those of the job 'stock' too"):
        dc.reproduce(record, {"lists": lists})
    with pytest.raises(InputError, match="SHA-256 begins with"):
        dc.reproduce(record, {**data, "lists": other_people(lists)})


def other_people(table):
    counts = table.counts.copy()
    counts[0] += 1
    return dc.CaptureTable(table.lists, table.histories, counts)


@pytest.mark.parametrize("jobs", [{}, [], 3, {"lists": 3}, {"other": {}}, {"stock": {"seed": 0}}])
def test_damaged_jobs_are_refused_in_words(jobs, folder, record):
    held = json.loads(record.read_text(encoding="utf-8"))
    with pytest.raises(InputError, match=r"^record: expected .*Take it again from who made it|what a result"):
        dc.reproduce(held | {"jobs": jobs}, folder)


def test_a_public_report_agrees_or_does_not(folder, record, tmp_path):
    families = ["chao", "independence", "calibrated"]
    public = report(folder, families=families, seed=4).public().record()
    made = dc.reproduce(public, folder, families=families)
    assert str(made) == "the data agree with what was printed"
    public["jobs"]["lists"]["at_least"] += 10
    assert (
        str(dc.reproduce(public, folder, families=families)) == "the data do not agree with what was printed"
    )


def test_faults_of_the_command_are_one_line(record, tmp_path, capsys):
    for words, said in (
        (["reproduce"], "expected a record, got none"),
        (["reproduce", str(record)], "expected the folder"),
        (["reproduce", str(record), str(tmp_path / "none")], "none"),
    ):
        assert main(words) == 2
        out, error = capsys.readouterr()
        assert (out, len(error.splitlines())) == ("", 1)
        assert said in error


def test_the_stock_through_the_command(folder, tmp_path, capsys):
    path = tmp_path / "stock.json"
    totals = str(folder / "totales.csv")
    assert main(["stock", totals, "--disclosure", "full", "--json", str(path)]) == 0
    capsys.readouterr()
    assert main(["reproduce", str(path), totals]) == 0
    assert "to the last bit" in capsys.readouterr().out

    def change(held):
        held["answers"][0]["low"] += 1

    assert main(["reproduce", edited(path, tmp_path, change), totals]) == 1
    assert "answers / 1 / low" in capsys.readouterr().out
    other = tmp_path / "other.csv"
    other.write_text(TOTALS.replace("885", "886"), encoding="utf-8")
    assert main(["reproduce", str(path), str(other)]) == 2
    assert "SHA-256 begins with" in capsys.readouterr().err


@pytest.mark.slow
def test_releases_through_the_command(tmp_path, capsys):
    path = tmp_path / "releases.json"
    words = ["--dataset", "exchange_releases_2025"]
    assert main(["releases", *words, "--json", str(path)]) == 0
    capsys.readouterr()
    assert main(["reproduce", str(path), *words]) == 0
    assert "to the last bit" in capsys.readouterr().out
    assert main(["reproduce", str(path), "--dataset", "venezuela_releases"]) == 2
    assert "SHA-256 begins with" in capsys.readouterr().err


def test_a_key_that_is_lost_is_not_needed(folder, tmp_path, capsys):
    key, path, people = tmp_path / "key", tmp_path / "record.json", str(folder / "personas.csv")
    asked = ["--families", "chao,independence,calibrated"]
    words = ["assess", people, *asked, "--lists", "press,court,families", "--disclosure", "public"]
    assert main([*words, "--key-file", str(key), "--json", str(path)]) == 0, capsys.readouterr().err
    assert json.loads(path.read_text(encoding="utf-8"))["keyed_digest"]
    key.unlink()
    capsys.readouterr()
    assert main(["reproduce", str(path), people, *asked]) == 0
    assert "the data agree with what was printed" in capsys.readouterr().out
    other = tmp_path / "other.csv"
    other.write_text(PEOPLE + "1,0,0\n" * 40, encoding="utf-8")
    assert main(["reproduce", str(path), str(other), *asked]) == 1
    assert "the data do not agree with what was printed" in capsys.readouterr().out


@pytest.mark.slow
def test_people_held_under_a_key_are_made_again_with_it_and_without(tmp_path):
    people, key = dc.simulate.detention_system(n_days=120, seed=2).people, new_digest_key()
    record = dc.assess_stock(people=people).public(key).record()
    assert len(record["data_sha256"]["keyed people"]) == 64
    assert dc.reproduce(record, people).agrees
    assert dc.reproduce(record, people, digest_key=key).agrees
    with pytest.raises(InputError, match="SHA-256 begins with"):
        dc.reproduce(record, people, digest_key=new_digest_key())


def test_waves_beside_the_jobs_of_a_folder_are_made_again(tmp_path):
    waves = tmp_path / "olas.csv"
    waves.write_text(
        "wave,day,source,list_size_before,released_identified,of_these_on_list,released_counts\n"
        "diciembre,2025-12-02,el monitor,77,35,18,same\n",
        encoding="utf-8",
    )
    (tmp_path / "totales.csv").write_text(TOTALS, encoding="utf-8")
    held = json.loads(json.dumps(report(tmp_path).record()))
    made = dc.reproduce(held, tmp_path)
    assert list(made.jobs) == ["stock", "waves"]
    assert made.agrees
    held["waves"]["waves"][0]["high"] += 1
    assert [each.name for each in dc.reproduce(held, tmp_path).values if each.outcome == "different"] == [
        "waves / waves / 1 / high"
    ]
    waves.write_text(waves.read_text(encoding="utf-8").replace(",18,", ",17,"), encoding="utf-8")
    with pytest.raises(InputError, match="those of the record"):
        dc.reproduce(held, tmp_path)
