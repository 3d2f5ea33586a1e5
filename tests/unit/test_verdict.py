"""The words of the verdict: what each rule says of its numbers, and the sentence that each verdict allows."""

import math
from dataclasses import replace

import pytest

from assessed import FAIR, found_by
from cases import tables
from detcount import CaptureTable, abundance
from detcount.assessment.abundance.content import AssessmentContent, FamilyRow
from detcount.estimates import Interval
from detcount.reports.numbers import printed_limits, printed_point
from detcount.words import Message

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
    return AssessmentContent(
        disclosure="full",
        n_observed=n_observed,
        families=(FamilyRow("own", "Own", "", role, True, low, about, high, ""),),
        verdict=verdict,
        findings=CONTRARY,
        n_claims=n_claims,
        span=(low, high),
        assumptions=assumptions,
        recommended=True,
        **dict.fromkeys(("lists", "declined", "versions"), ()),
        **dict.fromkeys(("dataset", "citation"), ""),
        **dict.fromkeys(("seed", "claim", "claim_given"), 0),
    ).sentence


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
    worst = replace(
        FAIR,
        n_shared=1,
        sample_coverage=0.1,
        n_claims=0,
        unlisted_per_listed=9.0,
        existence_code=3,
        needs_empty_overlap="why",
        not_calibrated="why",
    )
    rules = ["empty overlap", "existence", "no answer", "coverage", "unlisted", "not calibrated"]
    assert [finding.rule for finding in found_by(worst)] == rules
