"""Whole reports, word for word; numbers as near as platforms allow.

After a change that is meant, write them again and read the difference:

    DETCOUNT_WRITE_GOLDEN=1 python -m pytest tests/report
"""

from functools import cache
from pathlib import Path

import pytest

import detcount as dc
from assessed import assessed
from cases import as_it_was, capture_table, kept_pages
from detcount.assessment import assess
from near import apart, words
from pictures import bare, pictures

GOLDEN = Path(__file__).parent / "golden"

SHIPPED = ("kosovo", "korea", "artificial_3")
TABLES = {"no_overlap": "no overlap of three"}  # others have the names of their pages
PAGES = kept_pages(*SHIPPED, "two_lists", "small_counts", "few", "no_overlap")


@cache
def _assessed(name):
    if name in SHIPPED:
        return assessed(name)
    return assess(capture_table(TABLES.get(name, name.replace("_", " "))))


@pytest.mark.parametrize(("name", "lang", "kind"), PAGES)
def test_reports_are_as_they_were(name, lang, kind):
    path = GOLDEN / f"{name}.{lang}.{kind}"
    found = bare(_assessed(name), kind, lang)
    wanted = as_it_was(path, found)
    assert words(found) == words(wanted)
    assert apart(found, wanted) == []


@pytest.mark.parametrize("kind", ["rows", "memberships"])
def test_no_person_is_in_any_output(kind):
    people = [f"Zoraida Quintanilla {k:03d}" for k in range(60)]
    press, court = [1] * 45 + [0] * 15, [0] * 20 + [1] * 40
    if kind == "rows":
        import pandas as pd

        frame = pd.DataFrame({"name": people, "press": press, "court": court}).set_index("name")
        table = dc.CaptureTable.from_frame(frame, lists=["press", "court"])
    else:
        rows = [(person, "press") for person, on in zip(people, press, strict=True) if on]
        rows += [(person, "court") for person, on in zip(people, court, strict=True) if on]
        columns = {"name": [person for person, _ in rows], "source": [name for _, name in rows]}
        table = dc.CaptureTable.from_memberships(columns, person="name", list="source")
    result = assess(table)
    page = result.full().to_html(lang="es")
    assert len(pictures(page)) == len(pictures(page, "narrow")) == 3
    outputs = [
        str(result),
        repr(result),
        result.full().to_markdown(),
        result.full().to_markdown(lang="es"),
        page,
        str(result.record()),
        result.cite(),
        *(text.get_text() for axes in result.full().plot().axes for text in axes.texts),
    ]
    assert not any("Zoraida" in output or "Quintanilla" in output for output in outputs)
    assert any("press" in output for output in outputs)
