"""The front door: families, rules one by one, verdicts, sentences, sensitivity, record."""

from __future__ import annotations

import json
import math
import time
from dataclasses import replace

import pytest

import detcount as dc
from detcount.assessment import FAMILIES, RECOMMENDED_ORDER, Assessment, assess
from detcount.errors import InputError, NotEstimableError
from detcount.estimates import Interval
from detcount.report.verdict import RULES, Evidence, apply_rules, printable_sentence, strictest

TWO = dc.CaptureTable.from_counts({"10": 40, "01": 60, "11": 20}, lists=["press", "families"])
DISJOINT = dc.CaptureTable.from_counts({"100": 41, "010": 62, "001": 7}, lists=["press", "court", "ngo"])
EMPTY_LIST = dc.CaptureTable.from_counts({"100": 40, "010": 60, "110": 23}, lists=["press", "court", "ngo"])
FAIR = Evidence(
    n_lists=3,
    empty_lists=(),
    n_shared=50,
    sample_coverage=0.7,
    n_claims=4,
    unlisted_a_listed=1.2,
    disagreement=1.3,
)
EXACT = 1e-9  # the same arithmetic twice
PRINTED = 5e-4  # published to four or five figures

# one line a rule: what makes it fire, and what just does not
CASES = [
    ("no overlap", {"n_shared": 0}, {"n_shared": 1}, "floor only"),
    ("empty list", {"empty_lists": ("ngo",)}, {"empty_lists": ()}, "refuse"),
    ("empty overlap", {"needs_empty_overlap": "no overlap"}, {"needs_empty_overlap": ""}, "refuse"),
    ("existence", {"existence_code": 1}, {"existence_code": 0}, "refuse"),
    ("existence", {"existence_code": 2}, {"existence_code": 0}, "refuse"),
    ("existence", {"existence_code": 3}, {"existence_code": 0}, "refuse"),
    ("no answer", {"n_claims": 0}, {"n_claims": 1}, "refuse"),
    ("coverage", {"sample_coverage": 0.55}, {"sample_coverage": 0.5501}, "range"),
    ("coverage", {"sample_coverage": 0.2}, {"sample_coverage": 0.2, "n_lists": 2}, "range"),
    ("unlisted", {"unlisted_a_listed": 5.01}, {"unlisted_a_listed": 5.0}, "refuse"),
    ("unlisted", {"unlisted_a_listed": 9.0}, {"unlisted_a_listed": None}, "refuse"),
    ("disagreement", {"disagreement": 2.01}, {"disagreement": 2.0}, "range"),
    ("disagreement", {"disagreement": 7.0}, {"disagreement": None}, "range"),
]


@pytest.fixture(scope="module")
def kosovo() -> Assessment:
    return assess(dc.datasets.load("kosovo"))


@pytest.fixture(scope="module")
def western() -> Assessment:
    return assess(dc.datasets.load("western"))


@pytest.mark.parametrize(("rule", "fires", "does_not", "verdict"), CASES)
def test_each_rule_fires_at_its_limit_and_not_before(
    rule: str, fires: dict[str, object], does_not: dict[str, object], verdict: str
) -> None:
    found = apply_rules(replace(FAIR, **fires))
    assert [finding.rule for finding in found] == [rule]
    assert strictest(found) == verdict
    assert found[0].text.en
    assert found[0].text.es
    assert found[0].text.en != found[0].text.es
    assert apply_rules(replace(FAIR, **does_not)) == ()


def test_every_rule_has_a_case() -> None:
    assert {rule.key for rule in RULES} == {case[0] for case in CASES}


def test_fair_evidence_allows_an_estimate() -> None:
    assert strictest(apply_rules(FAIR)) == "estimate"


def test_the_strictest_rule_decides() -> None:
    every = apply_rules(
        replace(FAIR, sample_coverage=0.1, disagreement=3.0, unlisted_a_listed=8.0, existence_code=1)
    )
    assert strictest(every) == "refuse"
    assert strictest(apply_rules(replace(FAIR, n_shared=0, n_claims=0))) == "floor only"


def test_two_lists_show_chapman_twice_and_lincoln_petersen() -> None:
    result = assess(TWO)
    assert list(result.estimates) == ["chapman", "chapman exact", "lincoln-petersen"]
    assert result.declined == {}
    assert result.verdict == "estimate"
    assert result.recommended is result.estimates["chapman"]
    assert result.recommended.point == pytest.approx(61 * 81 / 21 - 1, rel=EXACT)
    assert result.disagreement == pytest.approx(240 / (61 * 81 / 21 - 1), rel=EXACT)
    assert result.leave_one_list_out == ()


def test_kosovo_lays_every_family_side_by_side(kosovo: Assessment) -> None:
    wanted = {family.key for family in FAMILIES if family.lists == "more"}
    assert set(kosovo.estimates) | set(kosovo.declined) == wanted
    assert set(kosovo.estimates) & set(kosovo.declined) == set()
    assert kosovo.estimates["selected"].point == pytest.approx(10356.52, rel=PRINTED)
    assert kosovo.estimates["independence"].point == pytest.approx(7394.59, rel=PRINTED)
    assert kosovo.estimates["no highest-order interaction"].point == pytest.approx(16941.88, rel=PRINTED)
    assert kosovo.recommended is kosovo.estimates["selected"]
    assert kosovo.n_observed == 4400


def test_bounds_and_baselines_do_not_count_as_disagreement(kosovo: Assessment) -> None:
    claims = [family.key for family in FAMILIES if family.role == "claim" and family.key in kosovo.estimates]
    points = [kosovo.estimates[key].point for key in claims]
    assert kosovo.disagreement == pytest.approx(max(points) / min(points), rel=EXACT)
    assert kosovo.estimates["independence"].point < min(points)
    assert kosovo.range is not None
    assert kosovo.range.low == min(kosovo.estimates[key].interval().low for key in claims)
    assert kosovo.range.high == max(kosovo.estimates[key].interval().high for key in claims)


def test_kosovo_overlaps_too_little_for_one_number(kosovo: Assessment) -> None:
    # 1 - mean of 1131/1910, 845/1528, 936/1786, 306/685
    assert kosovo.sample_coverage == pytest.approx(
        1 - (1131 / 1910 + 845 / 1528 + 936 / 1786 + 306 / 685) / 4, rel=EXACT
    )
    assert [finding.rule for finding in kosovo.findings] == ["coverage"]
    assert kosovo.verdict == "range"
    assert kosovo.reason == kosovo.findings[0].text.en


def test_overlaps_of_pairs_are_those_of_the_table(kosovo: Assessment) -> None:
    assert kosovo.overlaps == {pair: kosovo.table.overlap(*pair) for pair in kosovo.overlaps}
    assert len(kosovo.overlaps) == 6


def test_sensitivity_starts_at_the_recommended_estimate(kosovo: Assessment) -> None:
    assert kosovo.sensitivity is not None
    assert kosovo.recommended is not None
    curve = dict(
        zip(
            kosovo.sensitivity.curve.odds_ratios.tolist(),
            kosovo.sensitivity.curve.points.tolist(),
            strict=True,
        )
    )
    unlisted = kosovo.recommended.point - 4400
    assert curve[1.0] == pytest.approx(kosovo.recommended.point, rel=EXACT)
    assert curve[2.0] == pytest.approx(4400 + 2 * unlisted, rel=EXACT)
    assert kosovo.sensitivity.claim == 8800
    assert kosovo.sensitivity.tipping is not None
    assert kosovo.sensitivity.tipping.at_point == pytest.approx(4400 / unlisted, rel=EXACT)


def test_a_claim_is_put_to_the_test() -> None:
    result = assess(TWO, claim=180)
    assert result.sensitivity is not None
    assert result.sensitivity.tipping is not None
    unlisted = 61 * 81 / 21 - 1 - 120
    assert result.sensitivity.tipping.at_point == pytest.approx(60 / unlisted, rel=EXACT)
    assert "the claim under test" in " ".join(str(result).split())
    assert "la afirmación puesta a prueba" in result.to_markdown(lang="es")


def test_a_claim_below_the_floor_is_reached_by_no_odds_ratio() -> None:
    result = assess(TWO, claim=90)
    assert result.sensitivity is not None
    assert result.sensitivity.tipping is None
    assert "No odds ratio brings the total to 90 people" in " ".join(str(result).split())
    assert "Ninguna razón de momios lleva el total a 90 personas" in result.to_markdown(lang="es")
    assert result.plot() is not None


def test_leaving_a_list_out_fits_the_same_family_again(kosovo: Assessment) -> None:
    assert [row.name for row in kosovo.leave_one_list_out] == list(kosovo.table.lists)
    rest = kosovo.table.drop("HRW")
    row = kosovo.leave_one_list_out[3]
    assert row.n_observed == rest.n_observed
    again = dc.abundance.SelectedLogLinear(interval=dc.abundance.PercentileBootstrap(100)).fit(rest)
    assert row.point == pytest.approx(again.point, rel=EXACT)


def test_of_three_lists_two_are_left_to_chapman() -> None:
    table = dc.datasets.load("spina")
    result = assess(table)
    for row in result.leave_one_list_out:
        assert row.point == dc.abundance.Chapman().fit(table.drop(row.name)).point
    assert "from the two lists that stay when one is left out (Chapman)" in " ".join(str(result).split())


def test_leaving_out_keeps_what_declines() -> None:
    # everybody on the list of the ngo is also on that of the court
    table = dc.CaptureTable.from_counts(
        {"100": 31, "010": 17, "110": 12, "011": 9, "111": 2}, lists=["press", "court", "ngo"]
    )
    rows = {row.name: row for row in assess(table).leave_one_list_out}
    assert rows["press"].point is None
    assert "everybody on list 'ngo' is also on list 'court'" in rows["press"].reason
    assert rows["ngo"].point is not None
    assert "cannot answer: " in " ".join(str(assess(table)).split())


def test_lists_that_share_nobody_have_a_floor_only() -> None:
    result = assess(DISJOINT)
    assert result.verdict == "floor only"
    assert result.recommended is None
    assert result.sensitivity is None
    assert result.findings[0].rule == "no overlap"
    assert "no upper bound" in result.reason
    assert result.sentence() == (
        "At least 110 people are named on the lists. Nobody is named on two lists, so nothing in them limits "
        "the total from above: no upper bound can be given."
    )
    assert "no se puede dar una cota superior" in result.sentence(lang="es")


def test_two_lists_that_share_nobody_have_a_floor_only() -> None:
    result = assess(dc.CaptureTable.from_counts({"10": 40, "01": 61}, lists=["press", "court"]))
    assert result.verdict == "floor only"
    assert result.recommended is None


def test_an_empty_list_stops_every_family_and_says_what_to_do() -> None:
    result = assess(EMPTY_LIST)
    assert result.estimates == {}
    assert all("'ngo'" in error.reason + error.remedy for error in result.declined.values())
    assert result.verdict == "refuse"
    assert result.findings[0].rule == "empty list"
    assert "'ngo' names nobody; leave it out (table.drop)" in result.reason
    assert result.recommended is None
    assert result.disagreement is None
    assert result.range is None
    assert assess(EMPTY_LIST.drop("ngo")).verdict == "estimate"
    assert "la lista 'ngo' no incluye a nadie" in result.to_markdown(lang="es")


def test_too_many_unlisted_for_each_listed_is_refused(western: Assessment) -> None:
    result = western
    assert result.verdict == "refuse"
    assert "unlisted" in [finding.rule for finding in result.findings]
    assert result.recommended is None
    assert result.sentence().startswith("At least 345 people are named on the lists. The lists cannot carry")


def test_methods_far_apart_leave_a_range() -> None:
    result = assess(dc.datasets.load("diabetes"))
    assert [finding.rule for finding in result.findings] == ["disagreement"]
    assert result.verdict == "range"
    assert result.recommended is not None
    assert "support a range and no single number" in result.sentence()


def test_an_estimate_is_a_sentence_with_its_condition() -> None:
    result = assess(dc.datasets.load("spina"))
    assert result.verdict == "estimate"
    assert result.findings == ()
    assert result.reason == "no rule against printing an estimate applies"
    english, spanish = result.sentence(), result.sentence(lang="es")
    assert english.startswith(
        "At least 621 people are named on the lists. The lists support an estimate of about"
    )
    assert "in all (95% interval" in english
    assert ", if some candidate model describes" in english
    assert spanish.startswith(
        "Al menos 621 personas figuran en las listas. Las listas permiten estimar un total"
    )
    assert ", si alguno de los modelos candidatos describe" in spanish


def test_thirty_four_lists_are_assessed() -> None:
    table = dc.datasets.load("colombia_recruitment_2000_2004")
    assert assess(table).verdict == "refuse"
    named = [name for name, size in table.list_sizes.items() if size]
    result = assess(table.keep(named))
    assert "chao" in result.estimates
    assert "takes at most 16 lists, got 26" in result.declined["selected"].reason
    assert [finding.rule for finding in result.findings] == ["no answer"]
    assert result.plot() is not None
    assert "more not shown" in result.to_markdown()


def test_an_interval_without_an_upper_limit_is_said_so() -> None:
    result = assess(TWO)
    assert result.recommended is not None
    text = printable_sentence(
        "range",
        n_observed=120,
        findings=result.findings,
        recommended=result.recommended,
        span=Interval(150.0, math.inf, 0.95, "envelope"),
        n_claims=2,
    )
    assert "150 or more in all, with no upper limit" in text.en
    assert "150 o más en total, sin límite superior" in text.es


def test_one_person_is_one_person() -> None:
    result = assess(dc.CaptureTable.from_counts({"11": 1}, lists=["press", "court"]))
    assert result.sentence().startswith("At least 1 person is named on the lists.")
    assert "Al menos 1 persona figura en las listas." in result.to_markdown(lang="es")


def test_the_record_is_json_and_has_everything(kosovo: Assessment) -> None:
    record = json.loads(json.dumps(kosovo.record(), allow_nan=False))
    assert record["data_sha256"] == kosovo.table.digest
    assert record["seed"] == 0
    assert set(record["estimates"]) == set(kosovo.estimates)
    assert record["declined"]["sample coverage"]["remedy"]
    assert set(record["versions"]) == {"detcount", "numpy", "scipy", "python"}
    assert record["recommended"] == "selected"
    assert record["reasons"][0]["rule"] == "coverage"
    assert len(record["leave_one_list_out"]) == 4


def test_the_record_of_a_floor_is_json() -> None:
    record = json.loads(json.dumps(assess(DISJOINT).record(), allow_nan=False))
    assert record["recommended"] is None
    assert record["sensitivity"] is None


def test_the_citation_has_the_papers_of_the_recommended_method(
    kosovo: Assessment, western: Assessment
) -> None:
    assert kosovo.recommended is not None
    lines = kosovo.cite().splitlines()
    assert len(lines) == 1 + len(kosovo.recommended.estimator.references)
    every = western.cite("bibtex")
    assert every.count("@article") > len(lines)


def test_the_seed_stands_in_every_estimate() -> None:
    result = assess(dc.datasets.load("korea"), seed=5)
    assert result.seed == 5
    assert {estimate.seed for estimate in result.estimates.values()} == {5}
    again = assess(dc.datasets.load("korea"), seed=5)
    assert again.record() == result.record()


def test_assumptions_are_those_of_the_recommended_estimate_or_of_all(
    kosovo: Assessment, western: Assessment
) -> None:
    assert kosovo.recommended is not None
    assert kosovo.assumptions == kosovo.recommended.assumptions
    every = {item for estimate in western.estimates.values() for item in estimate.assumptions}
    assert set(western.assumptions) == every
    assert len(western.assumptions) == len(every)


def test_notes_stand_once_with_those_of_the_recommended_first(kosovo: Assessment) -> None:
    assert kosovo.recommended is not None
    assert kosovo.notes[: len(kosovo.recommended.notes)] == kosovo.recommended.notes
    assert len(set(kosovo.notes)) == len(kosovo.notes)


def test_recommended_families_exist_and_claim_a_number() -> None:
    roles = {family.key: family.role for family in FAMILIES}
    assert len(roles) == len(FAMILIES)
    assert all(roles[key] in {"claim", "again"} for key in RECOMMENDED_ORDER)


def test_declined_families_keep_their_error(kosovo: Assessment) -> None:
    assert isinstance(kosovo.declined["sample coverage"], NotEstimableError)
    assert kosovo.declined["sample coverage"].reason in str(kosovo.declined["sample coverage"])


def test_repr_is_short(kosovo: Assessment) -> None:
    assert repr(kosovo).startswith("<Assessment of 4,400 persons on 4 lists: range; ")


def test_notebooks_show_the_report(kosovo: Assessment) -> None:
    assert kosovo._repr_markdown_() == kosovo.to_markdown()


def test_a_frame_is_refused_with_the_line_that_reads_it() -> None:
    with pytest.raises(TypeError, match=r"expected a CaptureTable, got dict. Make one with CaptureTable"):
        assess({"press": [1, 0]})  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", [-1, 1.5, True, "0"])
def test_a_seed_is_a_whole_number(seed: object) -> None:
    with pytest.raises(InputError, match="seed: expected a whole number of 0 or more"):
        assess(TWO, seed=seed)  # type: ignore[arg-type]


@pytest.mark.parametrize("claim", [0, -5.0, math.inf, math.nan])
def test_a_claim_is_a_number_of_persons(claim: float) -> None:
    with pytest.raises(InputError, match="claim: expected a number of persons above 0"):
        assess(TWO, claim=claim)


def test_a_claim_is_no_text() -> None:
    with pytest.raises(TypeError, match="claim: expected a number of persons, got str"):
        assess(TWO, claim="many")  # type: ignore[arg-type]


def test_kosovo_is_assessed_in_seconds() -> None:
    start = time.process_time()
    assess(dc.datasets.load("kosovo"))
    assert time.process_time() - start < 10  # half a second where it was written; the limit is the promise
