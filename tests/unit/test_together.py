"""Results of every kind as files: the words of a notebook, and nothing that a notebook does not show."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO

import pytest

import detcount as dc
from detcount.errors import InputError
from shown_examples import example

TABLE = dc.CaptureTable.from_counts(
    {"100": 60, "010": 41, "110": 22, "001": 35, "101": 14, "011": 3, "111": 5},
    lists=["press", "families", "=court"],
)
ESTIMATE = dc.abundance.ChaoLowerBound().fit(TABLE)
OTHER = dc.abundance.LogLinear().fit(TABLE)


def words_of(content: bytes) -> str:
    """Every text of a Word or Excel file."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        parts = [archive.read(name).decode() for name in archive.namelist() if name.endswith(".xml")]
    return re.sub(r"<[^>]+>", " ", " ".join(parts))


@pytest.mark.parametrize("lang", ["en", "es"])
def test_an_estimate_is_a_word_file_with_its_number_and_what_has_to_hold(lang: str) -> None:
    words = words_of(ESTIMATE.to_docx(lang=lang))
    listed = {"en": "180 listed", "es": "180 en las listas"}[lang]
    assert listed in words
    assert {"en": "What has to hold", "es": "Lo que tiene que cumplirse"}[lang] in words
    assert "ChaoLowerBound" in words


def test_results_stand_one_after_the_other_under_their_headlines() -> None:
    page = dc.together([ESTIMATE, OTHER], title="Two answers").to_markdown()
    first, second = (page.index(str(result)) for result in (ESTIMATE, OTHER))
    assert page.startswith("# Two answers\n")
    assert 0 < first < second
    assert page.index("log-normal") < second


def test_the_same_bytes_each_time(tmp_path) -> None:
    path = tmp_path / "both.xlsx"
    content = dc.together([ESTIMATE, OTHER]).to_excel(path)
    assert path.read_bytes() == content == dc.together([ESTIMATE, OTHER]).to_excel()


def test_a_name_is_never_a_formula() -> None:
    openpyxl = pytest.importorskip("openpyxl")
    two = TABLE.keep(["press", "families"])
    result = dc.fit_strata(dc.abundance.Chapman(), {"=1+1": two, "@north": two})
    book = openpyxl.load_workbook(BytesIO(result.to_excel()))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert any("=1+1" in str(cell.value) for cell in cells)
    assert not any(cell.data_type == "f" for cell in cells)


@pytest.mark.parametrize(
    "result",
    [
        TABLE,
        dc.diagnose.overlap_table(TABLE),
        dc.diagnose.residuals(OTHER, TABLE),
        dc.diagnose.list_summary(TABLE),
    ],
    ids=lambda result: type(result).__name__,
)
def test_a_file_shows_no_count_that_a_notebook_does_not(result) -> None:
    shown = re.sub(r"<style>.*?</style>|<[^>]+>", " ", result._repr_html_(), flags=re.DOTALL)
    numbers = set(re.findall(r"\d+", shown))
    written = dc.together([result]).to_markdown().split("## Citation")[0]
    assert set(re.findall(r"\d+", written)) <= numbers
    assert set(re.findall(r"\d+", result.to_latex().split("\\begin{document}")[1].split("Citation")[0])) <= (
        numbers | {"2", "0", "1", "45"}
    )


@pytest.mark.parametrize("name", ["LinkageAssessment", "Reproduction", "Linkage", "PersonLists", "NameLists"])
def test_results_of_every_room_stand_in_a_document(name: str) -> None:
    result = example(name)
    shown = re.sub(r"<style>.*?</style>|<[^>]+>", " ", result._repr_html_(), flags=re.DOTALL)
    written = dc.together([result], title="Results").to_markdown().split("## Citation")[0]
    assert set(re.findall(r"\d+", written)) <= set(re.findall(r"\d+", shown))
    assert len(written) > 40


def test_a_whole_assessment_may_be_among_them() -> None:
    assessment = dc.assess(TABLE.keep(["press", "families"]))
    page = dc.together([ESTIMATE, assessment], title="All").to_html(lang="es")
    assert page.count("<h1") == 1
    assert "180 en las listas" in page


def test_nothing_and_what_is_no_result_are_refused() -> None:
    with pytest.raises(InputError, match="expected one result or more, got none"):
        dc.together([])
    with pytest.raises(TypeError, match="result 2: expected one of detcount, got int"):
        dc.together([ESTIMATE, 3])  # type: ignore[list-item]
    with pytest.raises(InputError, match="lang"):
        ESTIMATE.to_latex(lang="xx")
