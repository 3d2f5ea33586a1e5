"""From names to days in the shell: persons as numbers in a file that the stock reads."""

import dataclasses

import numpy as np
import pytest

import detcount as dc
from detcount._numerics.linkage.agreement import numbered
from detcount.cli.command import main
from detcount.linkage.files import persons_text
from invented_linkage import invented_linkage

ROLES = ("entered", "left", "status", "listed_on", "left_known_on", "last_confirmed")


def with_days(seed):
    """Linked rows with days of every kind, and persons arrested twice."""
    rng = np.random.default_rng(seed)
    linked = invented_linkage(seed=seed, n_draws=3)
    n = linked.n_rows
    start = np.datetime64("2025-01-01") + (linked.person * 7 % 250) + rng.integers(0, 2, n) * 90
    out = start + rng.integers(1, 60, n)

    def shown(days, blank):
        return [None if rng.random() < blank else str(day) for day in days]

    left = shown(out, 0.6)
    spells = {
        "entered": [rng.choice([d, d[:7], f"before {d}"]) if d else None for d in shown(start, 0.1)],
        "left": left,
        "status": [None if day else "inside" for day in left],
        "listed_on": shown(start + 40, 0.2),
        "last_confirmed": [None] * n,
        "left_known_on": [None] * n,
    }
    spells["listed_on"] = [
        listed if listed or entered else str(day)
        for listed, entered, day in zip(spells["listed_on"], spells["entered"], start, strict=True)
    ]
    return dataclasses.replace(linked, spells={k: [v and str(v) for v in c] for k, c in spells.items()})


@pytest.mark.parametrize("seed", range(4))
def test_the_file_is_read_as_the_persons_that_it_was_written_of(seed, tmp_path):
    people = with_days(seed).people()
    file = tmp_path / "people.csv"
    file.write_text(persons_text(people), encoding="utf-8")
    columns = {role: role for role in ROLES}
    again = dc.PersonLists.from_frame(
        dc.io.read_frame(file), person="person", list="list", lists=people.lists, **columns
    )
    shown = dataclasses.replace(people, person=numbered(people.person))
    assert again.digest == shown.digest
    assert np.array_equal(again.confirmed, people.confirmed)


@pytest.fixture
def files(tmp_path, monkeypatch):
    rng = np.random.default_rng(1)
    monkeypatch.chdir(tmp_path)
    invented = dc.simulate.name_lists(40, seed=4)
    for name, frame in invented.frames.items():
        days = [f"2025-0{rng.integers(1, 9)}-11" if rng.random() < 0.4 else "" for _ in range(len(frame))]
        frame.assign(**{"Fecha de excarcelación": days}).to_csv(f"{name}.csv", index=False)
    return invented.frames


@pytest.mark.slow
def test_names_become_days_and_a_report_in_two_commands(files, tmp_path, capsys):
    lists = [f"{name}.csv" for name in files]
    asked = ["--persons", "people.csv", "--json", "record.json", "--html", "page.html", "--draws", "4"]
    assert main(["link", *lists, *asked]) == 0
    said = capsys.readouterr()
    held = (tmp_path / "people.csv").read_text(encoding="utf-8")
    assert (tmp_path / "people.csv").stat().st_mode & 0o077 == 0
    words = {word for frame in files.values() for word in " ".join(frame.iloc[:, 0]).split() if len(word) > 5}
    assert not any(word in text for word in words for text in (held, said.out, said.err))
    assert main(["stock", "people.csv", "--quiet"]) == 0
    assert '"disclosure": "public"' in (tmp_path / "record.json").read_text(encoding="utf-8")
    assert main(["reproduce", "record.json", "."]) == 0


@pytest.mark.slow
def test_what_an_error_says_can_be_typed(files, capsys):
    frame = files["committee"]
    files["government"].head(12).to_csv("government.csv", index=False)
    frame[["Sexo"]].assign(Nota=[f"ver el acta {k} de 2024" for k in range(len(frame))]).to_csv(
        "committee.csv", index=False
    )
    assert main(["link", "committee.csv", "government.csv"]) != 0
    said = capsys.readouterr().err
    assert "--columns committee:name=..." in said
    assert (
        main(["link", "committee.csv", "government.csv", "--columns", "committee:name=Nota", "--draws", "4"])
        == 0
    )
    assert main(["link", "government.csv", "--columns", "nombre"]) != 0
    assert main(["link", "government.csv", "--sheet", "other=x"]) != 0
