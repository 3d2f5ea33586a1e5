"""Whole reports about the stock, word for word, and what they show.

After a change that is meant, write them again and read the difference:

    DETCOUNT_WRITE_GOLDEN=1 python -m pytest tests/report
"""

import re
import time
from pathlib import Path

import pytest

import detcount as dc
from cases import as_it_was, kept_pages
from detcount import assess_stock
from detcount.privacy import keyed_digest, new_digest_key
from near import words
from pictures import bare, pictures
from stock_assessed import lists, shipped

GOLDEN = Path(__file__).parent / "golden"
# What is printed is rounded to what Monte Carlo errors support; a sampler that takes another path on another
# platform moves limits of the prior, which are far out, by some of these steps.
NEAR = 0.08
A_STEP = 12.0
SECONDS = 2.0  # of processor time, for the shipped totals
NUMBER = re.compile(r"(?<![\w.])\d[\d,\u00a0]*(?:\.\d+)?(?![\w])")
REPORTS = {"stock_lists": lists, "stock_totals": shipped}


def numbers(text):
    return [float(re.sub(r"[,\u00a0]", "", found)) for found in NUMBER.findall(text)]


@pytest.mark.parametrize(("name", "lang", "kind"), kept_pages(*REPORTS))
def test_reports_are_as_they_were(name, lang, kind):
    path = GOLDEN / f"{name}.{lang}.{kind}"
    found = bare(REPORTS[name](), kind, lang)
    wanted = as_it_was(path, found)
    assert words(found) == words(wanted)
    pairs = zip(numbers(found), numbers(wanted), strict=True)
    assert [(a, b) for a, b in pairs if abs(a - b) > max(A_STEP, NEAR * max(abs(a), abs(b)))] == []


def test_a_public_report_has_a_digest_of_the_lists_only_under_a_key():
    key, people = new_digest_key(), lists().people
    page, plain = lists().public(key).to_markdown(), lists().to_markdown()
    assert keyed_digest(people, key) in page
    assert page.count("Keyed digest of the lists") == 1
    assert people.digest not in page + plain
    assert people.digest in lists().full().to_markdown()
    assert shipped().public(key).to_markdown() == shipped().to_markdown()


def test_a_page_loads_nothing_and_describes_its_pictures():
    page = shipped().to_html(lang="es")
    drawn = pictures(page)
    assert len(drawn) == len(pictures(page, "narrow")) == 1
    assert all(len(each.alt) > 60 for each in drawn)
    assert re.findall(r'src=|href="(?!#)', page) == []
    assert 'lang="es"' in page
    assert len({each.drawing for each in drawn}) == len(drawn)


def test_a_total_of_a_register_is_called_neither_a_floor_nor_the_number_held():
    text = shipped().to_markdown()
    assert "none of these is the number held" in text
    assert "is neither a floor nor an estimate" in text
    assert not re.search(r"at least \d[\d,]* people were held", text)


def test_forecasts_are_of_the_register_and_were_scored():
    found = shipped()
    assert min(day for day, *_ in found.forecast_rows) > shipped().stock.last_date
    done = dc.stock.backtest_register(shipped().stock.select(source="Foro Penal", role="verified"))
    assert list(found.backtest) == done.scores()


def test_no_person_is_in_any_output():
    rows = [
        (f"Zoraida Quintanilla {k:03d}", name, f"2024-0{6 + k % 3}-1{k % 9}")
        for k in range(60)
        for j, name in enumerate(("press", "court"))
        if (k + j) % 3
    ]
    frame = {name: [row[k] for row in rows] for k, name in enumerate(("name", "list", "day"))}
    result = assess_stock(people=dc.PersonLists.from_frame(frame, person="name", list="list", entered="day"))
    outputs = [str(result), repr(result), result._repr_html_(), str(result.full().record())]
    outputs += [result.full().to_html(lang=lang) for lang in ("en", "es")]
    assert not any("Zoraida" in output or "Quintanilla" in output for output in outputs)


@pytest.mark.slow
def test_the_shipped_totals_are_assessed_in_seconds():
    names = {name: dc.datasets.load(f"venezuela_{name}") for name in ("stock", "arrests", "releases")}
    begun = time.process_time()
    result = assess_stock(**names)
    assert time.process_time() - begun < SECONDS
    assert result.verdict == "register only"
    rows = {str(row.start): row for row in result.exits if str(row.end) == "2025-03-31"}
    row = rows["2024-10-07"]
    assert (row.low, row.implied, row.high, row.lacked) == (1423, 1440, 1457, 17)


def test_who_left_a_register_if_entries_came_late_is_said_in_a_fold_alone():
    said = {
        "en": "If it lacked no more than 17 entries on either day, the most that it was seen to lack, 1,441 "
        "to 1,458 left after 7 October 2024 and up to 28 April 2025.",
        "es": "Si en ninguno de los dos días le faltaban más de 17 ingresos, lo máximo que se observó, "
        "salieron de 1 441 a 1 458 después del 7 de octubre de 2024 y hasta el 28 de abril de 2025.",
    }
    for lang, line in said.items():
        page = re.sub(r"\s", " ", re.sub(r"<wbr>", "", shipped().to_html(lang=lang)))
        open_part = re.sub(r"<details.*?</details>", "", page)
        assert line in page
        text = re.sub(r"\s", " ", shipped().to_markdown(lang=lang))
        for each in (open_part, text):
            assert not re.search(r"1[, ]458|lacked no more|le faltaban", each)
        assert re.search(r"1[, ]441", text)
    assert "prior" not in str(shipped())
