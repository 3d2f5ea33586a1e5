"""Folders with lists of released people: recognised, never counted as lists of the detained, and reported."""

import shutil

import numpy as np
import pytest

import detcount as dc
from detcount.assessment.joint.sources import Settings, gathered
from detcount.errors import InputError
from shown_examples import example

CAMPAIGN = dc.simulate.released_lists(300, seed=4)
NAMES = {
    "foro": "foro",
    "families": "familias",
    "lista_oficial": "excarcelados",
    "verificados": "verificados",
}


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    place = tmp_path_factory.mktemp("campaign")
    for name, called in NAMES.items():
        CAMPAIGN.frames[name].to_csv(place / f"{called}.csv", index=False)
    return place


@pytest.fixture
def folder(written, tmp_path):
    return shutil.copytree(written, tmp_path / "datos")


def test_lists_of_released_people_alone_are_refused(folder):
    for name in ("foro", "familias"):
        (folder / f"{name}.csv").unlink()
    with pytest.raises(InputError, match="no list of the detained stands beside it"):
        gathered(folder, Settings())


def test_the_first_page_answers_by_name():
    released = example("ReleasedAssessment")
    made = dc.assessment.JointReport(
        lists=None, stock=None, releases=None, files=(), seed=0, released=released
    )
    assert made.headline() == (
        "An official list names about 40 people as released from 25 to 26 December 2025."
    )
    full = made.full()
    assert full.headline() == (
        "Of 40 people named as released from 25 to 26 December 2025, monitors verified about 25; nobody "
        "verified about 15."
    )
    page = full.to_html(lang="es")
    assert "nadie verificó a unas 15" in page
    assert "verificadas (de 23 a 26), de 40 nombradas" in page
    assert len(full.headline().translated("es").split()) <= 30


@pytest.mark.slow
def test_they_are_linked_with_the_detained_and_counted_as_none_of_them(folder):
    read = gathered(folder, Settings())
    found, why = read.data, {row.name: row.why for row in read.rows}
    assert "people announced as released" in why["excarcelados.csv"]
    assert "people whose release was verified" in why["verificados.csv"]
    assert found["lists"].lists == ("familias", "foro")
    assert found["released"].released.lists == ("excarcelados", "verificados")
    people = found["people"][0]
    without = found["lists"].people()
    day = np.datetime64("2025-12-25").astype(int)
    freed = [int(((each.left_first >= day) & (each.left_last < 10**6)).sum()) for each in (without, people)]
    assert freed[0] + 10 < freed[1]  # verified days are exits
    (folder / "detcount.toml").write_text(
        '[lists.oficial]\nfile = "excarcelados.csv"\nreleased = "no"\n', encoding="utf-8"
    )
    assert gathered(folder, Settings()).data["lists"].lists == ("familias", "foro", "oficial")


@pytest.mark.slow
def test_the_report_says_who_was_released(folder):
    (folder / "detcount.toml").write_text(
        '[lists.oficial]\nfile = "excarcelados.csv"\nreleased = "announced"\nannounced = 990\n'
        "days = [2025-12-25, 2025-12-25]\n"
        '[lists.foro_verifica]\nfile = "verificados.csv"\nchecked_from = "oficial"\n',
        encoding="utf-8",
    )
    made = dc.report(folder, families=("calibrated",))
    released = made.released.answer
    assert released.linked.released.checked_from == {"foro_verifica": "oficial"}
    truth = CAMPAIGN.truth.counts("lista_oficial")
    assert abs(released.lists["oficial"].named.median - truth["named"]) <= 0.015 * truth["named"]
    assert "The number announced was 990" in made.full().sentence()
    public = made.to_markdown()
    assert "official list 1" in public
    assert not any(name in public for name in ("foro_verifica", "excarcelados", "990"))
    assert made.record()["jobs"]["released"]["answer"] is None
    again = dc.reproduce(made.full().record(), folder)
    ours = {each.outcome for each in again.values if each.name.startswith("released")}
    assert ours
    assert ours <= {"same", "rounding"}
