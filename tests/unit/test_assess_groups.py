"""`assess` by groups: the section, its record, and the command."""

import json

import numpy as np
import pandas as pd
import pytest

from detcount import CaptureTable, assess
from detcount.cli import main
from detcount.errors import InputError
from detcount.strata import composition, stratify
from detcount.strata.composing import together

LISTS = ("press", "court", "families")
WOMEN = {"100": 41, "010": 35, "001": 3, "110": 32, "101": 17, "011": 14, "111": 38}
MEN = {"100": 130, "010": 103, "001": 4, "110": 101, "101": 48, "011": 41, "111": 111}
FEW = {"100": 3, "010": 2, "001": 1}
ALSO = {"010": 4, "001": 1}
FAMILIES = ("calibrated",)


def tables():
    named = {"women": WOMEN, "men": MEN, "few": FEW, "also": ALSO}
    return {name: CaptureTable.from_counts(counts, lists=LISTS) for name, counts in named.items()}


def test_a_full_report_has_listed_and_estimated_shares_beside_each_other():
    groups = tables()
    result = assess(together(groups), by=groups, families=FAMILIES)
    text = result.to_markdown(disclosure="full")
    section = text.split("## Who is missing")[1].split("\n## ")[0]
    share = result.composition.shares["women"]
    assert "| women | 180 | " in section
    assert f"{share:.0%} (" in section
    assert "'few' and 'also' were taken together, as few are listed of them" in section
    assert section.index("| men") < section.index("| few")
    assert "Quiénes faltan" in result.to_markdown(lang="es", disclosure="full")
    assert result.record()["groups"] == composition(groups).record()
    assert "Who is missing" not in assess(together(groups), families=FAMILIES).to_markdown()


def test_a_group_without_an_estimate_apart_leaves_the_shares_apart_open():
    groups = tables()
    rows = assess(together(groups), by=groups, families=FAMILIES).composition.rows()
    assert {row["apart_share"] for row in rows} == {None}
    assert [row["apart"] is None for row in rows] == [False, False, True, True]


def rows_of_people(path):
    """A file of persons with two fields, one of them blank at times."""
    people = []
    for sex, counts in (("f", WOMEN), ("m", MEN)):
        for history, count in counts.items():
            for k in range(count):
                age = ("15-17", "18+", "")[k % 3]
                people.append({**dict(zip(LISTS, map(int, history), strict=True)), "sex": sex, "age": age})
    pd.DataFrame(people).to_csv(path, index=False)


def asked(path, *more):
    return main(
        [
            "assess",
            str(path),
            "--lists",
            ",".join(LISTS),
            "--families",
            "calibrated",
            "--disclosure",
            "full",
            *more,
        ]
    )


def test_the_command_takes_columns_of_groups_and_blank_cells_are_a_group(tmp_path, capsys):
    path, csv = tmp_path / "people.csv", tmp_path / "groups.csv"
    rows_of_people(path)
    assert asked(path, "--by", "sex,age", "--csv", str(csv), "--json", str(tmp_path / "r.json")) == 0
    assert "| f, not recorded |" in capsys.readouterr().out
    frame = pd.read_csv(csv)
    assert frame["group"].tolist() == [
        "f, 15-17",
        "f, 18+",
        "f, not recorded",
        "m, 15-17",
        "m, 18+",
        "m, not recorded",
    ]
    assert frame["n_observed"].sum() == sum(WOMEN.values()) + sum(MEN.values())
    assert frame["share"].sum() == pytest.approx(1)
    assert json.loads((tmp_path / "r.json").read_text())["groups"]["composition"][0]["group"] == "f, 15-17"


def test_every_layout_of_a_file_gives_the_same_groups(tmp_path, capsys):
    rows = [(h, n, sex) for sex, counts in (("f", WOMEN), ("m", MEN)) for h, n in counts.items()]
    persons = [(h, sex) for h, n, sex in rows for _ in range(n)]
    entries = [(k, LISTS[j], s) for k, (h, s) in enumerate(persons) for j in range(3) if h[j] == "1"]
    layouts = {
        "--lists press,court,families": pd.DataFrame([[*h, s] for h, s in persons], columns=[*LISTS, "sex"]),
        "--pattern h --count n --lists press,court,families": pd.DataFrame(rows, columns=["h", "n", "sex"]),
        "--person id --list list": pd.DataFrame(entries, columns=["id", "list", "sex"]),
    }
    path, printed = str(tmp_path / "p.csv"), []
    for words, frame in layouts.items():
        frame.to_csv(path, index=False)
        command = ["assess", path, *words.split(), "--families", "calibrated", "--by", "sex", "--quiet"]
        assert main([*command, "--disclosure", "full", "--csv", path + ".out", "--force"]) == 0
        printed.append(pd.read_csv(path + ".out"))
    for other in printed[1:]:
        pd.testing.assert_frame_equal(other, printed[0], rtol=1e-9)
    frame.assign(sex=["f", *frame["sex"][1:-1], "f"]).to_csv(path, index=False)
    assert main(command) == 2
    assert "expected every person in one group of sex, got some in two" in capsys.readouterr().err


@pytest.mark.slow
def test_records_with_groups_are_made_again_by_the_command_and_from_the_tables(tmp_path, capsys):
    path = tmp_path / "people.csv"
    rows_of_people(path)
    for disclosure, agrees in (
        ("full", "the same, to the last bit"),
        ("public", "agree with what was printed"),
    ):
        record = tmp_path / f"{disclosure}.json"
        words = ["assess", str(path), "--lists", ",".join(LISTS), "--families", "calibrated", "--by", "sex"]
        assert main([*words, "--disclosure", disclosure, "--json", str(record), "--quiet"]) == 0
        again = ["reproduce", str(record), str(path), "--families", "calibrated"]
        assert main([*again, "--by", "sex"]) == 0
        assert agrees in capsys.readouterr().out
        assert main(again) == 2
        assert "--by: expected the columns of groups" in capsys.readouterr().err


def test_the_public_command_gives_limits_alone(tmp_path):
    path, csv = tmp_path / "people.csv", tmp_path / "groups.csv"
    rows_of_people(path)
    words = ["assess", str(path), "--lists", ",".join(LISTS), "--families", "calibrated", "--by", "sex"]
    assert main([*words, "--csv", str(csv), "--quiet"]) == 0
    frame = pd.read_csv(csv)
    assert list(frame) == ["group", "share_low", "share_high", "level"]
    assert ((frame["share_low"] * 20).round(6) % 1 == 0).all()


def test_the_page_takes_a_column_of_groups(tmp_path):
    from detcount.page.answering import answer
    from detcount.page.protocol import Question, Reading

    path = tmp_path / "people.csv"
    rows_of_people(path)
    frame = pd.read_csv(path)
    question = Question(lists=(0, 1, 2), by=3, families=("calibrated",), full=True)
    _document, record = answer(frame, Reading(), question)
    assert [row["group"] for row in record["groups"]["composition"]] == ["f", "m"]


def by_columns(**columns):
    """Tables of groups, by columns of four values each: of the counts of women, men, men and women."""
    rows = [
        {**dict(zip(LISTS, map(int, history), strict=True)), "n": n}
        | {name: values[k] for name, values in columns.items()}
        for k, counts in enumerate((WOMEN, MEN, MEN, WOMEN))
        for history, n in counts.items()
    ]
    return stratify(pd.DataFrame(rows), by=list(columns), lists=LISTS, count="n")


def test_margins_of_two_fields_stand_first_and_add_up_from_the_same_draws():
    groups = by_columns(sex=["f", "m", "f", "m"], age=["15-17", "15-17", "18+", "18+"])
    result = assess(together(groups), by=groups, families=FAMILIES)
    found = result.composition
    margins = {row["group"]: row for row in found.margins()}
    assert list(margins) == ["f", "m", "15-17", "18+"]
    assert margins["f"]["share"] + margins["m"]["share"] == pytest.approx(1)
    assert margins["15-17"]["point"] == pytest.approx(found.points["f, 15-17"] + found.points["m, 15-17"])
    drawn = found.draws[:, [list(found.groups).index(name) for name in ("f, 15-17", "f, 18+")]].sum(axis=1)
    assert margins["f"]["high"] == pytest.approx(np.quantile(drawn, 0.975))
    text = result.to_markdown(disclosure="full")
    assert text.index("| f | 718 |") < text.index("| f, 15-17 | 180 |")
    assert composition(tables()).margins() == []
    for row in found.margins(0.001):  # narrower than the distance from the middle of the draws to the point
        assert row["low"] <= row["point"] <= row["high"]
        assert row["share_low"] <= row["share"] <= row["share_high"]


def test_a_comma_in_a_value_makes_no_column():
    groups = by_columns(
        place=["Valencia, Carabobo", "Caracas", "Caracas", "Valencia, Carabobo"], sex=[*"fmfm"]
    )
    margins = composition(groups).margins()
    assert [row["group"] for row in margins] == ["Caracas", "Valencia, Carabobo", "f", "m"]
    assert [row["n_observed"] for row in margins] == [1076, 360, 718, 718]
    named = {
        name: CaptureTable.from_counts(MEN, lists=LISTS) for name in ("Caracas, DC", "Valencia, Carabobo")
    }
    assert composition(named).margins() == []
    with pytest.raises(InputError, match="one name, as a comma stands in a value"):
        by_columns(place=["a, b", "a", "x", "y"], sex=["c", "b, c", "f", "m"])


def test_groups_of_few_have_a_row_together_before_their_own():
    found = composition(tables())
    rows = found.ordered_rows()
    assert [row["group"] for row in rows] == ["women", "men", "other, of which", "few", "also"]
    others = rows[2]
    assert others["n_observed"] == 11
    assert others["share"] == pytest.approx(found.shares["few"] + found.shares["also"])
    assert others["high"] == pytest.approx(np.quantile(found.draws[:, 2:].sum(axis=1), 0.975))
    assert "other, of which" in found.translated("en")
