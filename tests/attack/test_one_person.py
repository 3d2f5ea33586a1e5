"""Public pages with and without one person, in every format: rounded numbers differ, and nothing else.

The reader has both pages, and knows every rule by which they are made.
"""

import io
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import numpy as np
import pandas as pd
import pytest

from attack.pages import differences, texts, tokens, zeros
from attack.pages import made as made_of
from detcount import assess
from detcount.assessment import report
from detcount.cli import main
from detcount.quality import AuditAnswers
from folders import write_folder

FAMILIES = ("calibrated", "averaged", "chao", "sample coverage")
LISTED = (35, 12, 13, 18, 7, 34, 6)
"""Sample coverage has an answer, and none of one person of three lists less."""
TAKEN = {"nobody": None, "one list": 0, "two lists": 4, "three lists": 6}
"""From which history a person is taken."""
WAVE = {"list_size_before": 339, "released_identified": 20, "of_these_on_list": 19}


def audited():
    frame = {"belongs": ["yes"] * 38 + ["no"] * 2, "list": ["press"] * 40, "drawn_from": [120] * 40}
    return AuditAnswers.from_frame(frame)


@cache
def lists(taken):
    """Lists, a wave of releases and an audit, without one person of some lists."""
    place = TAKEN[taken]
    cells = tuple(n - (k == place) for k, n in enumerate(LISTED))
    wave = {name: [n - (place is not None)] for name, n in WAVE.items()}
    wave |= {"wave": ["May"], "day": ["2025-05-10"], "source": ["press"], "list_is_fresh": ["yes"]}
    data = {"lists": made_of(cells), "waves": wave | {"released_counts": ["same"]}, "audit": audited()}
    return report(data, families=FAMILIES)


@pytest.mark.parametrize(
    "taken",
    ["two lists", *(pytest.param(name, marks=pytest.mark.slow) for name in ("one list", "three lists"))],
)
@pytest.mark.slow
def test_one_person_less_on_lists_and_in_waves_changes_rounded_numbers_alone(taken):
    assert differences(texts(lists("nobody")), texts(lists(taken))) == {}
    assert differences(texts(lists("nobody").lists), texts(lists(taken).lists)) == {}
    full = [lists(each).full().to_markdown() for each in ("nobody", taken)]
    assert tokens(full[0]) != tokens(full[1]), "there is nothing to hide"


def test_no_withheld_number_is_0():
    made = lists("nobody")
    assert zeros(made.record(), made.full().record()) == []
    few = report({"lists": made.lists.table.keep(["press", "court"])}, families=("chapman",))
    assert few.record()["jobs"]["lists"]["lists"] == {"press": None, "court": None}
    tiny = assess(made_of((3, 4, 5)), families=("chapman",)).public().record()
    assert tiny["at_least"] is None
    assert tiny["withheld"] == ["at_least", "lists"]


@pytest.mark.parametrize("listed", [pytest.param(337, marks=pytest.mark.slow), 86])
@pytest.mark.parametrize("outside", [1, 2])
def test_a_wave_prints_what_its_companion_does_and_no_count(listed, outside):
    """Of those released 1 to 4 were not on the list: 5 less as many give the same page."""

    def page(n):
        wave = {"list_size_before": listed, "released_identified": 30 + n, "of_these_on_list": 30}
        wave |= {"wave": "May", "day": "2025-05-10", "source": "press", "released_counts": "same"}
        rows = {name: [value] for name, value in (wave | {"list_is_fresh": "yes"}).items()}
        return report({"waves": rows, "audit": audited()})

    one, other = page(outside), page(5 - outside)
    assert texts(one) == texts(other)
    for made, n in ((one, outside), (other, 5 - outside)):
        counts = {str(count) for count in (listed, listed + n, 30 + n) if count % 10}
        assert not counts & set(tokens(made.to_markdown(detail=True)))
        assert counts & set(tokens(made.full().to_markdown(detail=True)))
    assert [row["job"] for row in one.rows()] == (["waves"] if listed > 100 else [])


def test_the_files_of_numbers_of_the_command_have_no_more_than_the_page(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rows = [f"{h // 4},{h // 2 % 2},{h % 2},{n}" for h, n in enumerate(LISTED, 1)]
    Path("table.csv").write_text("\n".join(["press,court,families,count", *rows]), encoding="utf-8")
    words = ["assess", "table.csv", "--lists", "press,court,families", "--count", "count", "--quiet"]
    assert main([*words, "--csv", "-", "--out", "page.md", "--families", ",".join(FAMILIES)]) == 0
    found = pd.read_csv(io.StringIO(capsys.readouterr().out))
    assert list(found.family) == ["calibrated", "spread"]
    page = set(tokens(Path("page.md").read_text(encoding="utf-8")))
    assert {f"{n:.0f}" for n in [*found.low, *found.high]} <= page


@cache
def folder(taken):
    """A folder of names and a wave, without one person who is on so many lists; 0 for nobody."""
    place = Path(mkdtemp())
    write_folder(place, "english", n_days=120, size=1.2)
    (place / "detcount.toml").write_text('[read]\nfamilies = ["averaged", "calibrated"]\n', encoding="utf-8")
    wave = {name: n - bool(taken) for name, n in WAVE.items()}
    pd.read_csv(place / "waves.csv").assign(**wave).to_csv(place / "waves.csv", index=False)
    if taken:
        links = folder(0).lists.linkage
        person = np.flatnonzero(np.bincount(links.person) == taken)[0]
        for k in np.flatnonzero(links.person == person):
            file = place / f"{links.lists[links.list_of[k]]}.tsv"
            frame = pd.read_csv(file, dtype=str, sep="\t")
            frame.drop(index=links.row[k] - 1).to_csv(file, index=False, sep="\t")
    return report(place)


@pytest.mark.slow
@pytest.mark.parametrize("taken", [1, 2, 3])
def test_one_person_less_in_a_folder_of_names_changes_rounded_numbers_alone(taken):
    one, other = folder(0), folder(taken)
    assert other.lists.table.n_observed == one.lists.table.n_observed - 1
    assert differences(texts(one), texts(other)) == {}
    assert zeros(one.record(), one.full().record()) == []
    row = one.rows()[0]
    assert (row["verdict"], row["floor"]) == ("estimate", None)
    answer = f"about {row['point']:,.0f} people ({row['low']:,.0f} to {row['high']:,.0f}) in all"
    assert answer in one.to_markdown().splitlines()[0]
    assert tokens(one.full().to_markdown()) != tokens(other.full().to_markdown())
