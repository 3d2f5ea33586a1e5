"""Inputs that look right and are not: each is refused or noted, by row and never by content."""

import re

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detcount import CaptureTable, PublishedReleases, abundance, assess, fit_strata
from detcount.errors import InputError
from detcount.reading.content import Source
from detcount.reading.tables import read_with_notes
from detcount.strata import stratify

LISTS = ["prensa", "ong"]
# three histories, all different; asymmetric
# five persons, two of one history
PERSONS = {"prensa": [1, 0, 1, 1, 0], "ong": [0, 1, 1, 0, 1]}
SECRETS = [f"Zutano Ñáñez {k}" for k in range(40)]


def frame_of(frame, **options):
    return CaptureTable.from_frame(frame, lists=LISTS, **options)


def strata_of(frame, **options):
    return stratify(frame, by="lugar", lists=LISTS, **options)


def test_columns_that_need_not_be_read_are_not():
    frame = pl.LazyFrame({**PERSONS, "x": [3, 1, 4, 1, 5]})
    read = []

    def seen(values):
        read.extend(values.columns)
        return values

    watched = frame.map_batches(seen, schema=frame.collect_schema())
    frame_of(watched)
    assert read.count("x") == read.count("prensa")  # one pass over what the frame gives
    assert len(read) == 3


def test_the_note_on_identifiers_is_kept_and_printed():
    table = frame_of({"prensa": [1] * 30 + [0] * 14 + [1] * 12, "ong": [0] * 30 + [1] * 26})
    (note,) = table.notes
    assert note.startswith("each row was counted as one person, and no column with an identifier was given")
    assert table.keep(["ong", "prensa"]).notes == table.notes
    assert table == CaptureTable(table.lists, table.histories, table.counts)
    assert table.digest == CaptureTable(table.lists, table.histories, table.counts).digest
    assert CaptureTable.from_counts({"10": 4, "01": 3}, lists=LISTS).notes == ()
    assert frame_of({**PERSONS, "id": SECRETS[:5]}, person="id").notes == ()
    strata = strata_of({**PERSONS, "lugar": list("aabbb")})
    assert strata["b"].notes == table.notes
    result = fit_strata(abundance.ChaoLowerBound(), strata)
    assert [text for text in result.notes if text == note] == [note]  # once, not for each stratum
    assert note in str(result)
    assessment = assess(table, families=["chapman"])
    assert note in assessment.notes
    assert assessment.record(disclosure="public")["notes"] == [note]
    for disclosure in ("public", "full"):
        page = assessment.to_markdown(disclosure=disclosure)
        assert f"- {note[0].upper()}{note[1:]}." in page
    assert "- Cada fila se contó como una persona, y no se indicó" in assessment.to_markdown(lang="es")


# --- whatever a cell holds, no message shows it ------------------------------------------------------

words = st.text(st.characters(categories=["Lu", "Ll", "Nd", "Zs"]), min_size=4, max_size=12).filter(
    lambda text: text.strip().casefold() not in {"verdadero", "true", "false", "falso", "none"}
)
numbers = st.integers(100, 10**12) | st.floats(101, 1e9).map(lambda value: value + 0.123456)
cell = words | numbers | st.sampled_from([0, 1, None, "x", "no", True])


@given(cells=st.lists(cell, min_size=3, max_size=6), role=st.sampled_from(["list", "count", "person", "by"]))
def test_no_message_shows_a_cell(cells, role):
    n = len(cells)
    frame = {"columna": np.array(cells, dtype=object), "a": [1] * n, "b": [1, 0] * (n // 2) + [1] * (n % 2)}
    doors = {
        "list": lambda: CaptureTable.from_frame(frame, lists=["columna", "a"]),
        "count": lambda: CaptureTable.from_frame(frame, lists=["a", "b"], count="columna"),
        "person": lambda: CaptureTable.from_frame(frame, lists=["a", "b"], person="columna"),
        "by": lambda: stratify(frame, by="columna", lists=["a", "b"]),
    }
    try:
        doors[role]()
    except InputError as error:
        said = str(error)
        for word in ("columna", "expected", "text", "blank", "cells", "first", "value", "missing"):
            said = said.replace(word, "")
        for value in cells:
            if isinstance(value, str) and value not in ("x", "no"):
                assert value.strip() not in said or not value.strip()
            elif isinstance(value, (int, float)) and value > 99:
                assert not {str(value), f"{value:g}", f"{value:,}"} & set(re.findall(r"[\w.,+]+", said))


@given(cells=st.lists(st.lists(words | numbers, min_size=3, max_size=3), min_size=1, max_size=4))
def test_no_message_of_a_file_shows_a_cell(tmp_path_factory, cells):
    path = tmp_path_factory.getbasetemp() / "hostile.csv"
    lines = ["columna,a,b", *(",".join(map(str, row)) for row in cells)]
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        CaptureTable.from_frame(read_with_notes(Source.of(path))[0], lists=["a", "b"])
    said = str(caught.value)
    for value in (value for row in cells for value in row):
        text = value.strip() if isinstance(value, str) else str(value)
        assert len(text) < 4 or text not in said.replace("missing", "").replace("value", "")


@given(
    cells=st.lists(words | numbers, min_size=1, max_size=4),
    column=st.sampled_from(["published", "start", "role", "count", "at_least", "note"]),
)
def test_no_message_of_published_counts_shows_a_cell(cells, column):
    n = len(cells)
    frame = {name: ["2026-01-12"] * n for name in ("published", "start", "end")}
    frame |= {"source": ["m"] * n, "role": ["verified"] * n, "count": [3] * n, column: cells}
    said = ""
    try:
        PublishedReleases.from_frame(frame)
    except InputError as error:
        said = str(error)
    for value in cells:
        shown = {value.strip()} if isinstance(value, str) else {str(value), f"{value:g}", f"{value:,}"}
        assert not shown & set(re.findall(r"[\w.,+]+", said))
