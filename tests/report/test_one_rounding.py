"""One number is the same on every line and in every format: page, Word, Excel, and what a record prints."""

import io
import re

import docx
import openpyxl
import pytest

from assessed import assessed_quickly


def number(text):
    return float(text.replace(",", "").strip("* "))


def limits_in_words(text):
    plain = re.sub(r"\\(.)", r"\1", text)
    pattern = r"([\d,]+) to ([\d,]+) in all|interval ([\d,]+) to ([\d,]+)\)|goes from ([\d,]+) to ([\d,]+)"
    found = re.findall(pattern, plain)
    return {tuple(number(each) for each in pair if each) for pair in found}


def tables_of(text):
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    return [[cell.strip("* ") for cell in line.strip("|").split("|")] for line in lines]


@pytest.fixture(params=["kosovo", "artificial_3"])
def shipped(request):
    return assessed_quickly(request.param)


def test_the_recommended_numbers_are_the_same_everywhere(shipped):
    printed = {row["family"]: row for row in shipped.record()["printed"]}
    own = printed[shipped.recommended_family or ""]
    limits = (own["low"], own["high"])
    text = shipped.to_markdown()
    row = next(row for row in tables_of(text) if row[0].endswith("★"))
    assert (number(row[2]), number(row[4])) == limits
    word = docx.Document(io.BytesIO(shipped.to_docx()))
    (cells,) = [r.cells for t in word.tables for r in t.rows if r.cells[0].text.endswith("★")]
    assert (number(cells[2].text), number(cells[4].text)) == limits
    book = openpyxl.load_workbook(io.BytesIO(shipped.to_excel()))
    (values,) = [
        [cell.value for cell in line]
        for sheet in book
        for line in sheet.iter_rows()
        if str(line[0].value).endswith("★")
    ]
    assert (values[2], values[4]) == limits
    paragraphs = " ".join(paragraph.text for paragraph in word.paragraphs)
    for words in (text, paragraphs, shipped.sentence()):
        assert limits_in_words(words) <= {limits}
    assert limits_in_words(text) == {limits}


def test_the_curve_has_the_numbers_of_its_method_where_nothing_is_changed(shipped):
    content = shipped
    rows = tables_of(shipped.to_markdown())
    (curve,) = [row for row in rows if row[0] == "1" and len(row) == 4]
    method = next(row for row in rows if row[0].removesuffix(" ★") == str(content.curve_base))
    assert curve[2] == method[3]  # its limits are by another interval where the method has a bootstrap's
