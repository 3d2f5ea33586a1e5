"""The front door and its report: families, rules one by one, verdicts, sentences, disclosure, pages."""

import inspect
import math
import re
from dataclasses import fields, replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

import detcount as dc
from assessed import FAIR, QUICK, assessed, assessed_quickly, found_by
from cases import tables
from detcount import calibration
from detcount.assessment import assess
from detcount.assessment.abundance.document import assessment_document
from detcount.assessment.abundance.moves import without_each_list
from detcount.assessment.abundance.public import AS_THEY_ARE, WITHOUT_NUMBERS
from detcount.assessment.abundance.verdict import RULES
from detcount.assessment.common.verdict import strictest
from detcount.assumptions import Assumption
from detcount.calibration import Calibrated
from detcount.copies import ListCopy
from detcount.errors import ConvergenceError, NotEstimableError
from detcount.privacy import companions
from detcount.reports.blocks import Table
from detcount.reports.render.text import plain_text
from detcount.words import Message
from pictures import pictures

TWO = dc.CaptureTable.from_counts({"10": 40, "01": 60, "11": 20}, lists=["press", "families"])
DISJOINT = dc.CaptureTable.from_counts({"100": 41, "010": 62, "001": 7}, lists=["press", "court", "ngo"])
ROOT = Path(__file__).parents[2]
EXACT = 1e-9  # the same arithmetic twice
PRINTED = 5e-4  # published to four or five figures
# one line a rule: what makes it fire, and what just does not
CASES = [
    *tables("verdict")["rules"],
    ("unlisted", {"unlisted_per_listed": 9.0}, {"unlisted_per_listed": None}, "refuse"),
    ("disagreement", {"disagreement": 7.0}, {"disagreement": None}, "range"),
    ("modes", {"modes": ((Message("Decomposable graphs (Bayes)"), (53.0, 79.0)),)}, {"modes": ()}, "range"),
    ("width", {"width": 20.0}, {"width": None}, "range"),
    ("says nothing", {"width": math.inf}, {"width": None}, "floor only"),
    ("too few", {"n_observed": 1}, {"n_observed": None}, "floor only"),
    ("copied lists", {"copies": (ListCopy("copy", ("ngo",), "press"),)}, {"copies": ()}, "refuse"),
    ("lists alike", {"copies": (ListCopy("alike", ("ngo",), "press"),)}, {"copies": ()}, "refuse"),
    ("lists alike", {"copies": (ListCopy("inside", ("ngo",), "press"),)}, {"copies": ()}, "refuse"),
    ("nested lists", {"copies": (ListCopy("extract", ("ngo",), "press"),)}, {"copies": ()}, "range"),
    ("nested lists", {"copies": (ListCopy("all on one", ("a", "b"), "c"),)}, {"copies": ()}, "range"),
]


@pytest.fixture(scope="module")
def kosovo():
    return assessed("kosovo")


@pytest.fixture(scope="module")
def western():
    return assessed_quickly("western")


@pytest.mark.parametrize(("rule", "fires", "does_not", "verdict"), CASES)
def test_each_rule_fires_at_its_limit_and_not_before(rule, fires, does_not, verdict):
    found = found_by(replace(FAIR, **fires))
    assert [finding.rule for finding in found] == [rule]
    assert strictest(found) == verdict
    assert found[0].text != found[0].text.translated("es")
    assert found_by(replace(FAIR, **does_not)) == ()


def test_every_rule_has_a_case():
    assert {rule.key for rule in RULES} == {case[0] for case in CASES}


def test_the_strictest_rule_decides():
    every = found_by(
        replace(FAIR, sample_coverage=0.1, disagreement=3.0, unlisted_per_listed=8.0, existence_code=1)
    )
    assert strictest(every) == "refuse"
    nothing = found_by(
        replace(FAIR, n_shared=0, n_claims=0, not_calibrated="nobody", unlisted_per_listed=9.0)
    )
    assert [finding.rule for finding in nothing] == ["no overlap"]
    assert strictest(nothing) == "floor only"


@pytest.mark.parametrize(("shared", "method"), [(19, "exact hypergeometric"), (20, "log-normal")])
def test_two_lists_that_share_few_have_the_interval_that_covers(shared, method):
    table = dc.CaptureTable.from_counts({"10": 40, "01": 60, "11": shared}, lists=["press", "families"])
    result = assess(table)
    for key in ("chapman", "lincoln-petersen"):
        assert result.estimates[key].interval().method == method
    rows = {row.key: row.interval for row in result.families}
    assert rows["chapman"] == method


def test_one_list_inside_another_has_an_exact_interval():
    table = dc.CaptureTable.from_counts({"10": 40, "11": 30}, lists=["press", "families"])
    assert assess(table).estimates["chapman"].interval().method == "exact hypergeometric"


def test_the_calibrated_estimate_is_recommended_and_stands_first(kosovo):
    alone = Calibrated().fit(kosovo.table)
    assert kosovo.recommended_family == "calibrated"
    assert next(iter(kosovo.estimates)) == "calibrated"
    assert kosovo.recommended is kosovo.estimates["calibrated"]
    assert kosovo.recommended.point == alone.point  # what is shared with other families changes no bit
    assert kosovo.recommended.interval() == alone.interval()
    assert kosovo.range == alone.interval()
    assert Assumption.EXCHANGEABLE_ERROR in kosovo.assumptions


@pytest.mark.slow  # the chains of the default take as long as all other families together
def test_latent_classes_of_an_assessment_say_what_the_default_says(kosovo):
    default = dc.abundance.LatentClass().fit(kosovo.table)
    # half the classes and fewer draws say the same: LCMCR itself moves by 2% between seeds on this table
    assert kosovo.estimates["latent class"].point == pytest.approx(default.point, rel=0.03)


@pytest.mark.parametrize("name", ["kosovo", pytest.param("western", marks=pytest.mark.slow)])
def test_no_number_is_printed_that_the_verdict_is_against(name):
    result = assessed("kosovo") if name == "kosovo" else assessed_quickly(name)
    assert result.verdict in {"range", "refuse"}
    point = f"{result.recommended.point:,.0f}"
    report = result.to_markdown() + str(result) + result.to_html()
    assert point not in report
    assert f"{result.recommended.point:.0f}" not in result.to_markdown(lang="es").replace("\u00a0", "")
    own = next(row for row in result.families if row.recommended)
    assert f"{own.low:,.0f}" in report


def test_what_the_calibration_assumes_and_learned_from_is_three_sentences(kosovo):
    detail = kosovo.recommended.detail
    text = kosovo.calibration
    assert f"{detail.n_cases} cases of known size from {detail.n_datasets} data sets" in text
    assert f"{detail.n_cases} casos de tamaño conocido de {detail.n_datasets} conjuntos" in text.translated(
        "es"
    )
    for words in (text, text.translated("es")):
        assert words.count(".") == 3
    assert text in " ".join(str(kosovo).split())
    assert text.translated("es") in kosovo.to_markdown(lang="es")


def test_how_often_packages_hold_the_truth_is_what_the_figures_say():
    page = (ROOT / "docs" / "calibration.md").read_text(encoding="utf-8")
    rows = [
        line.split("|") for line in page.splitlines() if re.match(r"\| [^`].*(Rcapture|LCMCR|dga|Mult)", line)
    ]
    held = [float(row[5]) for row in rows]
    assert len(held) == 6
    text = assessed("kosovo").calibration
    assert f"only {min(held):.0%} to {max(held):.0%} of the time" in text
    pairs = calibration.evaluate(
        dc.abundance.Chapman(), calibration.training_cases().of_more_lists.of_two_lists, ranked=False
    )
    two = assess(TWO).calibration
    assert f"only {pairs.cover(0.95):.0%} of the time" in two


def covers_of(part):
    """How often the calibrated 95% interval covered the truth by groups and by tables, as a page says."""
    rows = part.split("By group:")[1].split("\n\n")[1]
    by_group = re.findall(r"^\| \w+ \| (\d+) \| \d+ \| \d+ \| (\d+) \|", rows, re.MULTILINE)
    (by_tables,) = re.findall(r"^\| `Calibrated\(\)` \|(?:[^|]*\|){8} ([\d.]+) \|", part, re.MULTILINE)
    return sum(int(held) / int(n) for n, held in by_group) / len(by_group), float(by_tables)


def test_how_often_its_own_interval_holds_the_truth_stands_beside_it():
    figures = (
        (ROOT / "docs" / "calibration.md").read_text(encoding="utf-8").split("<!-- figures begin -->")[1]
    )
    more, rest = figures.split("Two lists: 523 pairs from 19 groups.")
    for table, part in ((assessed("kosovo"), more), (assess(TWO), rest.split("The first 28 cases")[0])):
        groups, tables = covers_of(part)
        text = table.calibration
        assert f"covered the truth {groups:.0%} of the time where groups" in text
        assert f"and {tables:.0%} where tables do" in text
        assert f"el {groups:.0%}".replace("%", "\u00a0%") in text.translated("es")
        assert f"el {tables:.0%}".replace("%", "\u00a0%") in text.translated("es")


def test_two_modes_are_shown_and_not_averaged_away():
    result = assessed_quickly("gaza")
    low, high = result.modes["decomposable"]
    assert low == pytest.approx(53_112, rel=PRINTED)
    assert high == pytest.approx(79_547, rel=PRINTED)
    assert "modes" in [finding.rule for finding in result.findings]
    assert result.verdict == "range"
    english, spanish = " ".join(str(result).split()), result.to_markdown(lang="es")
    assert "the posterior has several modes (Decomposable graphs (Bayes): 53,112 and 79,547)" in english
    assert "Grafos descomponibles (Bayes): 53\u00a0112 y 79\u00a0547" in spanish
    assert "tiene 2 modas, cerca de 53\u00a0112 y 79\u00a0547 personas" in spanish
    assert result.record()["modes"]["decomposable"] == [low, high]


def test_chains_that_do_not_agree_decline_with_their_reason(monkeypatch):
    reason = Message("list {name!r} names nobody", name="ngo")

    def fit(self, table, *, seed=0):
        raise ConvergenceError(
            f"LatentClass: {reason}",
            reason=reason,
            remedy="Raise max_draws, or report a range.",
            advice="Draw more, or report a range.",
        )

    monkeypatch.setattr(dc.abundance.LatentClass, "fit", fit)
    result = assess(dc.datasets.load("korea"))
    declined = result.declined["latent class"]
    assert (declined.reason, declined.remedy) == (reason, "Raise max_draws, or report a range.")
    assert reason.translated("es")[1:] in result.to_markdown(lang="es")


def test_companions_are_assessed_as_the_table_was():
    result = assess(TWO, seed=3, claim=500, families=["calibrated", "chapman"])
    asked = set(inspect.signature(assess).parameters) - {"table", "by", "wrong", "progress", "n_draws"}
    assert {field.name for field in fields(result.fits.asked)} == asked | {"leave_out", "over"}
    other = result.fits.asked.of_companion(TWO)
    assert (other.seed, other.claim, list(other.estimates)) == (3, 500, ["calibrated", "chapman"])


def test_a_companion_is_not_fitted_without_each_list_which_no_public_page_prints(monkeypatch):
    small = {"100": 41, "010": 33, "001": 25, "110": 3, "101": 4, "011": 6, "111": 2}
    result = assess(dc.CaptureTable.from_counts(small, lists=["a", "b", "c"]), families=["chao"])
    assert len(result.leave_one_list_out) == 3
    assert len(companions(result.table)) == 2
    fitted = []
    monkeypatch.setattr(
        "detcount.assessment.abundance.assessing.without_each_list", lambda *more: fitted.append(more)
    )
    result.public()
    assert fitted == []


def test_families_can_be_left_out_and_the_report_says_so():
    result = assess(TWO, families=["calibrated", "chapman"])
    assert list(result.estimates) == ["calibrated", "chapman"]
    assert result.declined["lincoln-petersen"].reason == "left out of this assessment on request"
    assert "Left out of this assessment on request" in result.full().to_markdown()
    assert result.recommended.point == assess(TWO).recommended.point


def test_without_calibration_the_next_family_is_recommended_for_a_range():
    result = assess(dc.datasets.load("spina"), families=[key for key in QUICK if key != "calibrated"])
    assert result.recommended_family == "selected"
    assert [finding.rule for finding in result.findings] == ["not calibrated"]
    assert result.verdict == "range"
    assert result.range == result.envelope
    assert "no se puede dar un intervalo aprendido" in result.to_markdown(lang="es")
    assert result.calibration is None


def test_sensitivity_starts_at_the_first_family_that_is_not_calibrated(kosovo):
    assert kosovo.sensitivity.family == "selected"
    base = kosovo.estimates["selected"]
    made = kosovo.sensitivity.curve
    curve = dict(zip(made.odds_ratios.tolist(), made.points.tolist(), strict=True))
    unlisted = base.point - 4400
    assert curve[1.0] == pytest.approx(base.point, rel=EXACT)
    assert curve[2.0] == pytest.approx(4400 + 2 * unlisted, rel=EXACT)
    assert kosovo.sensitivity.claim == 8800
    assert kosovo.sensitivity.tipping.at_point == pytest.approx(4400 / unlisted, rel=EXACT)


def test_a_claim_is_put_to_the_test():
    result = assess(TWO, claim=180)
    unlisted = 61 * 81 / 21 - 1 - 120
    assert result.sensitivity.tipping.at_point == pytest.approx(60 / unlisted, rel=EXACT)
    assert "the claim under test" in " ".join(str(result).split())
    assert "la afirmación puesta a prueba" in result.to_markdown(lang="es")


def test_a_claim_below_the_floor_is_reached_by_no_odds_ratio():
    result = assess(TWO, claim=90)
    assert result.sensitivity.tipping is None
    assert "No odds ratio brings the total to 90 people" in " ".join(str(result).split())
    assert "Ninguna razón de momios lleva el total a 90 personas" in result.to_markdown(lang="es")
    assert result.plot() is not None


def test_leaving_a_list_out_fits_the_same_family_again(kosovo):
    assert [row.name for row in kosovo.leave_one_list_out] == list(kosovo.table.lists)
    rest = kosovo.table.drop("HRW")
    row = kosovo.leave_one_list_out[3]
    assert row.n_observed == rest.n_observed
    again = Calibrated().fit(rest)
    assert (row.point, row.low, row.high) == (again.point, again.interval().low, again.interval().high)


def test_without_a_list_there_may_be_no_number_and_the_row_says_why_and_of_how_many():
    rows = without_each_list("lincoln-petersen", DISJOINT, 0)
    assert [(row.name, row.n_observed, row.point) for row in rows] == [
        ("press", 69, None),
        ("court", 48, None),
        ("ngo", 103, None),
    ]
    assert all("share nobody" in str(row.reason) for row in rows)


def test_an_estimate_is_a_sentence_with_its_condition():
    result = assessed("spina")
    assert result.verdict == "estimate"
    assert result.findings == ()
    assert result.reason == "no rule against printing an estimate applies"
    english, spanish = result.sentence(), result.sentence(lang="es")
    assert "At least 621 people are named on the lists. The lists support an estimate of about" in english
    assert "in all (95% interval" in english
    assert ", if standard estimators miss here by as much" in english
    assert "Al menos 621 personas figuran en las listas. Las listas permiten estimar un total" in spanish
    assert ", si los estimadores habituales se equivocan aquí en la misma medida" in spanish


SMALL = dc.CaptureTable.from_counts(
    {"100": 31, "010": 17, "001": 3, "110": 12, "101": 8, "011": 6, "111": 2}, lists=["a|b", "c_d", "<e>"]
)


@pytest.fixture(scope="module")
def small():
    return assess(SMALL)


def test_a_full_report_gives_every_count_and_says_so(small):
    text = small.full().to_markdown()
    assert "| a\\|b + c\\_d + \\<e> | 2 |" in text
    assert "This report is full" in text
    assert "Este informe es completo" in small.full().to_markdown(lang="es")


def test_a_public_data_set_is_printed_in_full_unless_asked_otherwise(kosovo):
    assert "as the data set is public" in kosovo.to_markdown()
    assert "| EXH + ABA | 403 |" in kosovo.to_markdown()
    public = kosovo.public().to_markdown()
    assert "403" not in public
    assert "| EXH | 1,910 |" in public


def test_the_representation_of_an_own_table_gives_a_floor_alone(small):
    assert repr(small) == "<Assessment of 75 persons or more on 3 lists>"
    assert str(small) == plain_text(assessment_document(small.public()), "en")
    assert small._repr_markdown_() == small.to_markdown()


def test_one_reason_is_one_row_with_all_advice(small):
    said_by = [("chapman", "Add a list."), ("selected", "Report those listed."), ("chao", "Add a list.")]
    rows = {
        key: NotEstimableError(key, "too few lists", "", advice=Message(advice)) for key, advice in said_by
    }
    blocks = assessment_document(replace(small.full(), fits=replace(small.fits, declined=rows))).blocks
    tables = [
        block
        for block in blocks
        if isinstance(block, Table) and block.caption == "Methods that cannot answer"
    ]
    assert tables[0].rows == (
        (
            "Chapman; Log-linear, chosen by BIC; Chao's lower bound",
            "Too few lists.",
            "Add a list. Report those listed.",
        ),
    )


class _Page(HTMLParser):
    void = frozenset({"meta", "img", "wbr", "br"})

    def __init__(self):
        super().__init__()
        self.open = []
        self.found = []

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
        if tag not in self.void:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.mark.parametrize(
    "lang", [*(pytest.param(each, marks=pytest.mark.slow) for each in ("en", "es")), "es-VE"]
)
def test_a_page_is_well_formed_and_loads_nothing(kosovo, lang, tmp_path):
    path = tmp_path / "report.html"
    text = kosovo.to_html(path, lang=lang)
    assert path.read_text(encoding="utf-8") == text
    page = _Page()
    page.feed(text)
    assert page.open == []
    tags = dict(page.found)
    assert tags["html"]["lang"] == lang
    assert "viewport" in [attributes.get("name") for tag, attributes in page.found if tag == "meta"]
    for kind in ("wide", "narrow"):
        drawn = pictures(text, kind)
        assert len(drawn) == 3
        assert all(len(each.alt) > 40 for each in drawn)
        assert not {each.title for each in drawn} & {each.alt for each in drawn}
    names = [attributes["id"] for _, attributes in page.found if "id" in attributes]
    assert len(names) == len(set(names))
    assert not {"script", "link", "iframe"} & {tag for tag, _ in page.found}
    assert "http" not in re.sub(r"https://doi\.org/", "", text)
    assert re.findall(r"url\((?!#)", text) == []
    assert "style=" not in text  # a strict policy of a page allows it
    headings = [tag for tag, _ in page.found if tag in {"h1", "h2", "h3"}]
    assert headings.count("h1") == 1
    scopes = [attributes.get("scope") for tag, attributes in page.found if tag == "th"]
    assert set(scopes) == {"col", "row"}
    assert len([tag for tag, _ in page.found if tag == "caption"]) == len(
        [tag for tag, _ in page.found if tag == "table"]
    )


def test_a_region_writes_every_number_by_its_own_rules():
    text = assess(TWO).full().to_markdown(lang="es-MX")
    assert "intervalo del 95% del propio método de Chapman" in text
    assert "\u00a0%" not in text
    assert " %" not in text


def test_of_many_lists_a_table_without_a_companion_is_printed_rounded_and_without_sizes():
    counts = {f"{code:05b}": 3 + code % 2 for code in range(1, 32)}
    table = dc.CaptureTable.from_counts(counts, lists=list("abcde"))
    assert companions(table) == ()
    result = assess(table, families=["calibrated", "chao", "mth poisson"])
    text = result.to_markdown()
    assert "With so many lists the tables that would give the same page cannot be counted" in text
    assert result.public().size_unit is None
    assert "Calibrated ★" in text


def test_every_rule_has_words_for_the_public():
    assert [rule.key for rule in RULES if rule.key not in {*AS_THEY_ARE, *WITHOUT_NUMBERS}] == []
