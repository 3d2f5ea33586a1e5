"""The notebooks run, are what their scripts say, and print the numbers that they were stored with."""

import re
from functools import cache
from pathlib import Path

import nbformat
import pytest

from scripts import loaded

EXAMPLES = Path(__file__).parents[2] / "examples"
SCRIPTS = sorted(EXAMPLES.glob("[0-9]*.py"))
LARGEST = 300_000  # bytes: a notebook is read on a telephone as well
OTHER_DRAWS = 0.05  # another numpy or processor may draw other resamples, whose limits differ by this
SMALLEST = 0.01  # probabilities of the tails are read from few resamples
NUMBER = re.compile(r"(?<![\w.])\d[\d,]*(?:\.\d+)?(?![\w])")


@cache
def execute():
    return loaded("examples/execute.py")


def stored(script):
    return nbformat.read(script.with_suffix(".ipynb"), as_version=4)


def page(output):
    return "".join(output.get("data", {}).get("text/html", ""))


def printed(notebook):
    """Text of every output, cell by cell; tables as frames show themselves are left out."""
    texts = []
    for cell in notebook.cells:
        outputs = cell.get("outputs", [])
        texts.append(
            "".join(
                output.get("text", "") or output.get("data", {}).get("text/plain", "")
                for output in outputs
                if 'class="detcount"' in page(output) or not page(output)
            )
        )
    return texts


def parts(text):
    return NUMBER.sub("0", text).split(), [float(found.replace(",", "")) for found in NUMBER.findall(text)]


def test_the_parts_of_a_text_are_words_and_numbers():
    words, numbers = parts("10,357 persons (95% BCa): 0.5, [12,34] 4400.")
    assert words == ["0", "persons", "(0%", "BCa):", "0,", "[0]", "0."]
    assert numbers == [10357, 95, 0.5, 1234, 4400]


def test_the_first_notebook_is_there():
    assert [script.stem for script in SCRIPTS][:1] == ["01_first_estimate"]
    assert len(SCRIPTS) > 9


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_a_notebook_has_the_cells_of_its_script(script):
    cells = execute().notebook_of(script).cells
    assert [(cell.cell_type, cell.source, cell.id) for cell in cells] == [
        (cell.cell_type, cell.source, cell.id) for cell in stored(script).cells
    ]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_a_notebook_is_small_has_a_picture_and_names_no_machine(script):
    text = script.with_suffix(".ipynb").read_text(encoding="utf-8")
    nbformat.validate(nbformat.from_dict(stored(script)))
    assert len(text.encode()) < LARGEST
    assert '"image/png"' in text
    assert not re.search(r"/home/|/root/|/Users/|/work/|Traceback", text)


# Up to half a minute each, of calls that other tests make: those of the pages, of reports and of linkage.
@pytest.mark.slow
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_a_notebook_runs_and_prints_what_it_is_stored_with(script):
    fresh = execute().executed(execute().notebook_of(script))
    for now, then in zip(printed(fresh), printed(stored(script)), strict=True):
        words, numbers = parts(now)
        stored_words, stored_numbers = parts(then)
        assert words == stored_words
        assert numbers == pytest.approx(stored_numbers, rel=OTHER_DRAWS, abs=SMALLEST)
    outputs = [output for cell in fresh.cells for output in cell.get("outputs", [])]
    assert any("image/png" in output.get("data", {}) for output in outputs)
