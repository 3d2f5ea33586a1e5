"""Every note, reason and remedy that an estimator of releases can write has its Spanish form."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
import string
from types import ModuleType

import pytest

from detcount import datasets, releases
from detcount.report import releases_content
from detcount.report.releases_es import SPANISH, english_templates, is_known, translate_release

MODULES = [
    importlib.import_module(f"detcount.releases.{found.name}")
    for found in pkgutil.iter_modules(releases.__path__)
]
PRINTED = {"audit", "batches", "process"}  # whose reasons a report shows
WORDS = {"estimator": "Chapman()", "note": "Report those listed."}
VALUES = {
    "mean": 0.8,
    "worth": 812.0,
    "a": 8.0,
    "b": 2.0,
    "c": 1.0,
    "d": 1.0,
    "concentration": 10.0,
    "shape": 0.71,
}


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


def filled(template: str) -> str:
    """A template with something in each field; numbers where it formats numbers."""
    values = {}
    for _, name, form, _ in string.Formatter().parse(template):
        if name is not None:
            values[name] = VALUES.get(name, 7.0) if form else WORDS.get(name, f"something {name}")
    return template.format(**values)


def constants() -> list[tuple[str, str, str]]:
    """Every template, by module and name, also those that stand beside a table of them."""
    return [
        (module.__name__, name, template)
        for module in [*MODULES, releases_content]
        for name, template in english_templates(module).items()
    ]


@pytest.mark.parametrize(("module", "name", "template"), constants())
def test_a_remark_has_its_spanish_form(module, name, template):
    said = dict(SPANISH_BY_NAME).get(module, {})
    assert name in said, f"{module}.{name} needs a line in report/releases_es.py"
    assert fields(said[name]) == fields(template)
    text = filled(template)
    assert is_known(text)
    spanish = translate_release(text, "es")
    assert spanish != text
    assert not re.search(r"[{}]|\0", spanish)
    assert spanish.endswith(".") == text.endswith(".")


SPANISH_BY_NAME = [(module.__name__, said) for module, said in SPANISH]


def test_no_spanish_form_is_left_over():
    left = [
        f"{module.__name__}.{name}"
        for module, said in SPANISH
        for name in said
        if name not in english_templates(module)
    ]
    assert left == []


def test_there_is_something_to_translate():
    assert len(constants()) > 60
    assert {module.__name__.rsplit(".", 1)[-1] for module, _ in SPANISH} >= PRINTED


def inline(module: ModuleType) -> list[str]:
    """Reasons and remedies that stand where they are raised; fields of f-strings as words."""
    found = []
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "NotEstimableError":
            found += [text for text in map(written, node.args[1:]) if text]
    return found


def written(node: ast.expr) -> str:
    """Text of a literal; nothing where the text has a name."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        parts = [part.value if isinstance(part, ast.Constant) else "something" for part in node.values]
        return "" if parts == ["something", "."] else "".join(parts)
    return ""


@pytest.mark.parametrize("module", [one for one in MODULES if one.__name__.rsplit(".", 1)[-1] in PRINTED])
def test_a_reason_where_it_is_raised_has_its_spanish_form(module):
    assert [text for text in inline(module) if not is_known(text)] == []


def test_there_are_reasons_where_they_are_raised():
    assert sum(len(inline(module)) for module in MODULES) > 10


@pytest.mark.parametrize("day", ["2024-11-30", "2025-12-31", "2026-01-29"])
def test_whatever_the_shipped_series_bring_out_is_known(day):
    reports = datasets.load("venezuela_releases").as_of(day)
    estimate = releases.AnnouncedBatches(n_draws=200).fit(reports)
    notes = [*estimate.notes, *(note for gap in estimate.batches for note in gap.notes)]
    notes += [text for error in estimate.declined.values() for text in (error.reason, error.remedy)]
    assert [note for note in notes if not is_known(note)] == []
    assert not any(re.search(r"\b(?:the|and|of|was|were)\b", translate_release(note, "es")) for note in notes)


def test_days_numbers_and_names_are_written_the_spanish_way():
    note = releases.batches.NOTE_WITHDRAWN.format(
        monitor="Justicia, Encuentro y Perdon (JEP)",
        before="12,075",
        day_before="2025-12-26",
        after="61",
        day_after="2025-12-29",
        withdrawn="12,014",
    )
    assert translate_release(note, "es") == (
        "Justicia, Encuentro y Perdón (JEP) dio 12\u00a0075 verificadas el 26 de diciembre de 2025 y 61 el 29 de diciembre "
        "de 2025: se usa la última cifra, y 12\u00a0014 excarcelaciones verificadas cuentan como retiradas."
    )
    assert "on 26 December 2025 and 61 on 29 December 2025" in translate_release(note, "en")


def test_a_list_of_numbers_stays_a_list():
    note = releases.batches.NOTE_SAME_DAY.format(monitor="Foro Penal", day="2026-01-12", figures="41, 56")
    assert "(41, 56)" in translate_release(note, "es")


def test_a_remark_within_a_remark_is_looked_up_too():
    note = releases.batches.NOTE_DECLINED.format(
        label="round 2024-12-26",
        reason=releases.batches.REASON_UNVERIFIED,
        remedy=releases.batches.REMEDY_UNVERIFIED,
    )
    assert translate_release(note, "es").startswith(
        "Sin estimar, ronda del 26 de diciembre de 2024: ningún observador publicó una cifra verificada. Informe"
    )


def test_what_is_not_known_stays_as_it_is():
    assert not is_known("A sentence that nobody writes.")
    assert translate_release("A sentence that nobody writes.", "es") == "A sentence that nobody writes."
    assert translate_release("Of 2026-02-31 nobody knows.", "en") == "Of 2026-02-31 nobody knows."
