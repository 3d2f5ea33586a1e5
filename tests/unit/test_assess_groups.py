"""The words of verdicts, and assessments by groups: the section, its record, and the command."""

import json
import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from assessed import FAIR, found_by
from cases import tables
from detcount import CaptureTable, abundance, assess
from detcount.assessment.abundance.facts import AssessmentFacts
from detcount.assessment.abundance.rows import FamilyRow
from detcount.cli import main
from detcount.errors import InputError
from detcount.estimates import Interval
from detcount.reports.numbers import printed_limits, printed_point
from detcount.strata import composition, stratify
from detcount.strata.composing import together
from detcount.words import Message

LISTS = ("press", "court", "families")
WOMEN = {"100": 41, "010": 35, "001": 3, "110": 32, "101": 17, "011": 14, "111": 38}
MEN = {"100": 130, "010": 103, "001": 4, "110": 101, "101": 48, "011": 41, "111": 111}
FEW = {"100": 3, "010": 2, "001": 1}
ALSO = {"010": 4, "001": 1}
FAMILIES = ("calibrated",)


def every_group():
    named = {"women": WOMEN, "men": MEN, "few": FEW, "also": ALSO}
    return {name: CaptureTable.from_counts(counts, lists=LISTS) for name, counts in named.items()}


def test_a_full_report_has_listed_and_estimated_shares_beside_each_other():
    groups = every_group()
    result = assess(together(groups), by=groups, families=FAMILIES)
    text = result.full().to_markdown()
    section = text.split("## Who is missing")[1].split("\n## ")[0]
    share = result.composition.shares["women"]
    assert "| women | 180 | " in section
    assert f"{share:.0%} (" in section
    assert "'few' and 'also' were taken together, as few are listed of them" in section
    assert section.index("| men") < section.index("| few")
    assert "limits of 95% held 85%" in section
    in_spanish = result.full().to_markdown(lang="es")
    assert "Quiénes faltan" in in_spanish
    assert "los límites del 95 % contuvieron el 85 %" in in_spanish.replace("\xa0", " ")
    assert result.record()["groups"] == composition(groups).record()
    assert "Who is missing" not in assess(together(groups), families=FAMILIES).to_markdown()


def test_a_group_without_an_estimate_apart_leaves_the_shares_apart_open():
    groups = every_group()
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


def words_for(path, *more):
    return ["assess", str(path), "--lists", ",".join(LISTS), "--families", "calibrated", *more]


def test_the_command_takes_columns_of_groups_and_blank_cells_are_a_group(tmp_path, capsys):
    path, csv = tmp_path / "people.csv", tmp_path / "groups.csv"
    rows_of_people(path)
    out = ("--disclosure", "full", "--csv", str(csv), "--json", str(tmp_path / "r.json"))
    assert main(words_for(path, "--by", "sex,age", *out)) == 0
    assert "| f, not recorded |" in capsys.readouterr().out
    frame = pd.read_csv(csv)
    assert frame["group"].tolist() == [
        f"{sex}, {age}" for sex in "fm" for age in ("15-17", "18+", "not recorded")
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
    ends = {"full": "the same, to the last bit", "public": "agree with what was printed"}
    for disclosure, agrees in ends.items():
        record = tmp_path / f"{disclosure}.json"
        words = words_for(path, "--by", "sex", "--disclosure", disclosure, "--json", str(record), "--quiet")
        assert main(words) == 0
        again = ["reproduce", str(record), str(path), "--families", "calibrated"]
        assert main([*again, "--by", "sex"]) == 0
        assert agrees in capsys.readouterr().out
        assert main(again) == 2
        assert "--by: expected the columns of groups" in capsys.readouterr().err


def test_the_public_command_gives_limits_alone(tmp_path, capsys):
    path, csv = tmp_path / "people.csv", tmp_path / "groups.csv"
    rows_of_people(path)
    assert main(words_for(path, "--by", "sex", "--csv", str(csv))) == 0
    assert "limits of 95% held 85%" in " ".join(capsys.readouterr().out.split())
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
    text = result.full().to_markdown()
    assert text.index("| f | 718 |") < text.index("| f, 15-17 | 180 |")
    assert composition(every_group()).margins() == []
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
    found = composition(every_group())
    rows = found.ordered_rows()
    assert [row["group"] for row in rows] == ["women", "men", "other, of which", "few", "also"]
    others = rows[2]
    assert others["n_observed"] == 11
    assert others["share"] == pytest.approx(found.shares["few"] + found.shares["also"])
    assert others["high"] == pytest.approx(np.quantile(found.draws[:, 2:].sum(axis=1), 0.975))
    assert "other, of which" in found.translated("en")


MODES = ((Message("Decomposable graphs (Bayes)"), (53.0, 1479.0)),)
# Written by hand: what is found, the end of the clause in English and in Spanish.
CLAUSES = [
    *tables("verdict")["clauses"],
    (
        {"modes": MODES},
        "(Decomposable graphs (Bayes): 53 and 1,480 people), and one number would hide all but one of them",
        "(Grafos descomponibles (Bayes): 53 y 1 480 personas), y una cifra única ocultaría todas menos una",
    ),
]
TABLE = CaptureTable.from_counts({"10": 40, "01": 60, "11": 300}, lists=["press", "families"])
SPAN = Interval(130.0, 412.0, 0.95, "by hand")
OPEN = Interval(130.0, math.inf, 0.95, "by hand")
CONTRARY = found_by(replace(FAIR, sample_coverage=0.5, unlisted_per_listed=9.04, disagreement=2.56, width=30))
COVERAGE = "the lists overlap too little for one number: sample coverage is 50%, and that needs more than 55%"
DISAGREE = "the methods disagree: the highest number is 2.56 times the lowest, more than 2"
UNLISTED = "the estimate sets 9.04 unlisted people beside each listed one, more than 5"
NOTHING = "the calibrated interval says next to nothing: its upper limit is more than 20 times the lower"


def plain(text):
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize(("found", "english", "spanish"), CLAUSES)
def test_a_clause_says_what_was_found_and_the_limit(found, english, spanish):
    (finding,) = found_by(replace(FAIR, **found))
    assert finding.text.endswith(english)
    assert plain(finding.text.translated("es")).endswith(spanish)


ASSUMED = abundance.Chapman().fit(TABLE).assumptions


def sentence(
    verdict,
    *,
    span=SPAN,
    point=None,
    calibrated=False,
    n_claims=3,
    n_observed=120,
    assumptions=ASSUMED,
):
    """A sentence with findings of every strictness, its numbers rounded as rows of reports are."""
    low, high = printed_limits(span.low, span.high, n_observed)
    about = None if point is None else printed_point(point, n_observed)
    role = "calibrated" if calibrated else "claim"
    own = FamilyRow("own", "Own", "", role, True, low, about, high, "")
    other = FamilyRow("other", "Other", "", "claim", False, low, None, high, "")
    return AssessmentFacts(
        fits=None,
        dataset="",
        definition=None,
        seed=0,
        claim=None,
        n_observed=n_observed,
        lists=(),
        families=(own, *[other] * (n_claims - (role == "claim"))),
        verdict=verdict,
        findings=CONTRARY,
        span=(low, high),
        assumptions=assumptions,
    ).statement


@pytest.mark.parametrize(
    ("verdict", "reasons", "others"),
    [
        ("range", (COVERAGE, DISAGREE), (UNLISTED, NOTHING)),
        ("refuse", (UNLISTED,), (COVERAGE, DISAGREE, NOTHING)),
        ("floor only", (NOTHING,), (COVERAGE, DISAGREE, UNLISTED)),
        ("estimate", (), (COVERAGE, DISAGREE, UNLISTED, NOTHING)),
    ],
)
def test_the_reasons_are_those_of_the_verdict_alone(verdict, reasons, others):
    said = sentence(verdict)
    assert said.startswith("At least 120 people are named on the lists. ")
    assert "; ".join(reasons) in said
    assert [other for other in others if other in said] == []


@pytest.mark.parametrize("verdict", ["floor only", "refuse"])
def test_no_number_but_the_floor_and_the_reason_where_none_may_be_printed(verdict):
    for span in (SPAN, OPEN):
        said = sentence(verdict, span=span, calibrated=True)
        for number in ("130", "410", "412", "408", "420"):
            assert number not in said
            assert number not in said.translated("es")


@pytest.mark.parametrize(
    ("span", "calibrated", "n_claims", "english", "spanish"),
    [
        (SPAN, True, 3, "130 to 420 in all (95% interval, learned from", "de 130 a 420 en total (intervalo"),
        (OPEN, True, 3, "130 or more in all, with no upper limit (95%", "130 o más en total, sin límite"),
        (SPAN, False, 1, "130 to 420 in all (95% interval of the one method", "de 130 a 420 en total"),
        (SPAN, False, 3, "lowest to the highest limit of the 95% intervals of 3 methods", "de 130 a 420"),
        (OPEN, False, 3, "with no upper limit (from the 95% intervals of 3 methods)", "130 o más en total"),
    ],
)
def test_a_range_is_of_one_method_of_several_or_calibrated(span, calibrated, n_claims, english, spanish):
    said = sentence("range", span=span, calibrated=calibrated, n_claims=n_claims)
    assert english in said
    assert spanish in plain(said.translated("es"))


def test_a_range_has_the_conditions_of_the_calibrated_estimate_alone():
    assert ", if being on one list does not change" in sentence("range", calibrated=True)
    assert " y si en cada lista" in sentence("range", calibrated=True).translated("es")
    assert "if being on one list" not in sentence("range")


def test_an_estimate_is_about_a_number_and_has_its_interval():
    # Chapman's formula: 340 on the press list, 360 on the families', 300 on both
    estimate = abundance.Chapman().fit(TABLE)
    assert estimate.point == pytest.approx(341 * 361 / 301 - 1)
    said = sentence("estimate", span=estimate.interval(), point=estimate.point)
    assert "an estimate of about 410 in all (95% interval 400 to 420), if being on one list" in said
    assert "un total de unas 410 (intervalo del 95 %: de 400 a 420), si figurar" in plain(
        said.translated("es")
    )


def test_one_shared_person_is_enough_for_the_rules_about_the_overlap():
    bad = {"sample_coverage": 0.1, "n_claims": 0, "unlisted_per_listed": 9.0, "existence_code": 3}
    worst = replace(FAIR, n_shared=1, needs_empty_overlap="why", not_calibrated="why", **bad)
    rules = ["empty overlap", "existence", "no answer", "coverage", "unlisted", "not calibrated"]
    assert [finding.rule for finding in found_by(worst)] == rules
