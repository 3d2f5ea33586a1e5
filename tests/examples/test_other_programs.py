"""The pages for users of R and of Excel: their code and commands do what the pages say."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from detcount import abundance, assess, datasets, fit_strata
from detcount.cli import main

DOCS = Path(__file__).parents[2] / "docs"
RSCRIPT = shutil.which("Rscript")


def has_reticulate():
    """Asked when the test runs: R takes a second to say it, in every process that gathers tests."""
    return RSCRIPT is not None and not subprocess.call(
        [RSCRIPT, "-e", 'quit(status = !requireNamespace("reticulate", quietly = TRUE))'],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def code(page, language):
    text = (DOCS / f"{page}.md").read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.M | re.S)


@pytest.mark.slow
def test_the_code_of_the_page_runs_in_r(tmp_path):
    if not has_reticulate():
        pytest.skip("needs R with reticulate")
    installing, *blocks = code("from_r", "r")
    assert "virtualenv_create" in installing
    script = tmp_path / "page.R"
    text = "\n".join(blocks).replace('use_virtualenv("detcount")', f'use_python("{sys.executable}")')
    assert text.count("use_python") == 1
    script.write_text(text, encoding="utf-8")
    path = os.pathsep.join(sys.path)
    environment = {**os.environ, "PYTHONPATH": path, "RETICULATE_PYTHON": sys.executable}
    done = subprocess.run([str(RSCRIPT), str(script)], capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr[-3000:]
    assert "10 persons are on at least one list" in done.stdout
    assert "[1] TRUE" in done.stdout  # a seed of 1 and a seed of 1L
    assert re.search(r"chao +8796", done.stdout)
    assert "Al menos 4\u00a0400 personas figuran en las listas" in done.stdout


@pytest.mark.parametrize("name", ["DecomposableGraphs", "LatentClass", "ThresholdedLogLinear", "LogLinear"])
def test_a_seed_may_be_a_whole_float_as_r_writes_it(name):
    table = datasets.load("kosovo").keep(["EXH", "ABA", "OSCE"])
    options = {"LatentClass": {"n_classes": 2, "max_draws": 400, "min_effective_size": 100}}
    estimator = getattr(abundance, name)(**options.get(name, {}))
    one, other = estimator.fit(table, seed=3.0), estimator.fit(table, seed=3)
    assert (one.point, one.seed) == (other.point, 3)
    assert isinstance(one.seed, int)


def test_verbs_take_a_whole_float_for_a_seed():
    table = datasets.load("kosovo")
    assert (
        assess(table, families=["chao"], seed=2.0).record()
        == assess(table, families=["chao"], seed=2).record()
    )
    pair = table.keep(["EXH", "ABA"])
    totals = [fit_strata(abundance.Chapman(), {"a": pair, "b": pair}, seed=seed).total() for seed in (2.0, 2)]
    assert totals[0].sums[0].point == totals[1].sums[0].point


@pytest.fixture
def sheet(tmp_path, monkeypatch):
    """The sheet of the page, with more people."""
    from openpyxl import Workbook

    monkeypatch.chdir(tmp_path)
    book = Workbook()
    book.active.append(["id", "press", "families", "court"])
    marks = ["x  ", "xx ", " xx", " x ", "x x", "  x", "xxx", "x  ", " x "] * 9
    for number, row in enumerate(marks, 1):
        book.active.append([f"V-{number}", *(mark.strip() or None for mark in row)])
    book.save("people.xlsx")
    return tmp_path


def test_the_command_of_the_page_for_excel_makes_a_word_file(sheet):
    from docx import Document

    command = next(block for block in code("from_excel", "sh") if "--out report.docx" in block).split()
    assert command[0] == "detcount"
    assert main([*command[1:], "--families", "chao,independence", "--quiet"]) == 0
    text = "\n".join(paragraph.text for paragraph in Document("report.docx").paragraphs)
    assert "At least 75 people are named on the lists. The number is rounded down." in text
    assert not re.search(r"\b81\b", text)  # a public report of so few people says no more
    assert "V-1" not in text


def test_without_options_the_answer_is_the_command_of_the_page(sheet, capsys):
    bare = next(block for block in code("from_excel", "sh") if block.strip() == "detcount assess people.xlsx")
    assert main(bare.split()[1:]) != 0
    said = " ".join(capsys.readouterr().err.split())
    whole = next(block for block in code("from_excel", "sh") if "--out report.docx" in block)
    options = whole.split("people.xlsx")[1].replace("--person id", "").replace("--out report.docx", "")
    assert "people.xlsx" + " ".join(("", *options.split())) in said
