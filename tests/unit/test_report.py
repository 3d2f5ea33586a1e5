"""Reports of lists: tables, disclosure, words of estimators, pages."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

import detcount as dc
from assessed import QUICK, assessed, assessed_quickly
from detcount.assessment import assess
from detcount.assessment.abundance.content import DeclinedRow, message
from detcount.assessment.abundance.document import assessment_document
from detcount.assessment.abundance.public import AS_THEY_ARE
from detcount.assessment.abundance.verdict import RULES
from detcount.privacy import companions
from detcount.reports.blocks import Table
from detcount.reports.render.text import plain_text
from detcount.words import Message
from pictures import pictures

TWO = dc.CaptureTable.from_counts({"10": 40, "01": 60, "11": 20}, lists=["press", "families"])
SMALL = dc.CaptureTable.from_counts(
    {"100": 31, "010": 17, "001": 3, "110": 12, "101": 8, "011": 6, "111": 2}, lists=["a|b", "c_d", "<e>"]
)


@pytest.fixture(scope="module")
def kosovo():
    return assessed("kosovo")


@pytest.fixture(scope="module")
def small():
    return assess(SMALL)


def test_a_full_report_gives_every_count_and_says_so(small):
    text = small.to_markdown(disclosure="full")
    assert "| a\\|b + c\\_d + \\<e> | 2 |" in text
    assert "This report is full" in text
    assert "Este informe es completo" in small.to_markdown(lang="es", disclosure="full")


def test_a_public_report_says_what_it_leaves_out(small):
    english, spanish = small.to_markdown(), small.to_markdown(lang="es")
    assert "This report is for the public." in english
    assert "no proof against somebody who knows all counts but one" in english
    assert "No protege frente a quien conozca todos los recuentos menos uno" in spanish
    for text in (english, spanish):
        assert " + " not in text
        assert small.table.digest not in text


def test_a_public_data_set_is_printed_in_full_unless_asked_otherwise(kosovo):
    assert "as the data set is public" in kosovo.to_markdown()
    assert "| EXH + ABA | 403 |" in kosovo.to_markdown()
    public = kosovo.to_markdown(disclosure="public")
    assert "403" not in public
    assert "| EXH | 1,910 |" in public


def test_the_representation_of_an_own_table_gives_a_floor_alone(small):
    assert repr(small) == "<Assessment of 75 persons or more on 3 lists>"
    assert str(small) == plain_text(assessment_document(small.public_content), "en")
    assert small._repr_markdown_() == small.to_markdown()


@pytest.mark.slow
def test_sentences_of_estimators_are_known_in_spanish(kosovo, small):
    results = [kosovo, small, assess(TWO), assessed("korea"), assessed("artificial_3"), assessed("spina")]
    results += [assessed_quickly(name) for name in ("hav", "gaza", "diabetes")]
    # choosing among the models of five lists takes seconds; what is said of it stands in the tables above
    families = [key for key in QUICK if key not in {"averaged", "selected"}]
    results += [assess(dc.datasets.load(name), families=families) for name in ("western", "congenital")]
    nested = dc.CaptureTable.from_counts({"10": 40, "11": 30}, lists=["press", "families"])
    apart = dc.CaptureTable.from_counts(
        {"100": 41, "010": 62, "001": 7, "110": 3}, lists=["press", "court", "ngo"]
    )
    results += [assess(nested), assess(apart), assess(apart, families=["chao"])]
    texts = [note for result in results for note in result.notes]
    texts += [error.reason for result in results for error in result.declined.values()]
    texts += [error.remedy for result in results for error in result.declined.values()]
    texts += [error.advice for result in results for error in result.declined.values()]
    texts += [row.reason for result in results for row in result.leave_one_list_out if row.reason]
    assert len(texts) > 100
    assert [text for text in texts if not isinstance(text, Message)] == []


@pytest.mark.slow
def test_readers_of_reports_are_given_no_code(small):
    apart = dc.CaptureTable.from_counts(
        {"100": 41, "010": 62, "001": 7, "110": 3}, lists=["press", "court", "ngo"]
    )
    many = dc.CaptureTable.from_frame(
        {f"list {k}": [k == j or j == 26 for j in range(27)] for k in range(26)},
        lists=[f"list {k}" for k in range(26)],
    )
    for result in (small, assess(TWO), assess(apart), assess(apart, families=["chao"]), assess(many)):
        advice = [row.advice for row in result.full_content.declined]
        texts = [*advice, *result.reason.split("; "), result.sentence()]
        assert [text for text in texts if _CODE.search(text)] == []


def test_one_reason_is_one_row_with_all_advice(small):
    said_by = [("one", "Add a list."), ("two", "Report those listed."), ("three", "Add a list.")]
    rows = tuple(DeclinedRow(key, key, "too few lists", advice) for key, advice in said_by)
    blocks = assessment_document(replace(small.full_content, declined=rows)).blocks
    tables = [
        block
        for block in blocks
        if isinstance(block, Table) and block.caption == "Methods that cannot answer"
    ]
    assert tables[0].rows == (("one; two; three", "Too few lists.", "Add a list. Report those listed."),)


# Calls, attributes and options: what belongs into a script and not into a newspaper.
_CODE = re.compile(r"\w\(|\w\.\w+\(|\btable\.|\w=\S|`|\b[A-Z][a-z]+[A-Z]\w*|_")


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


@pytest.mark.parametrize("lang", ["en", "es", "es-VE"])
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
    text = assess(TWO).to_markdown(lang="es-MX", disclosure="full")
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
    assert result.public_content.size_unit is None
    assert "Calibrated ★" in text


def test_every_rule_has_words_for_the_public():
    unknown = [
        rule.key for rule in RULES if rule.key not in AS_THEY_ARE and f"public {rule.key}" not in message
    ]
    assert unknown == []
