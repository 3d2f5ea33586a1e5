"""No cell of a person in a message, a repr, a result or a log, whatever looks right and is not."""

import io
import logging
import pickle
import re
import traceback
from contextlib import redirect_stderr, redirect_stdout

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detcount import CaptureTable, PublishedReleases, RepeatedCounts, abundance, assess, fit_strata
from detcount.errors import InputError
from detcount.reading.content import Source
from detcount.reading.tables import read_with_notes
from detcount.strata import stratify

NAMES = ["Zoraida Quiñones", "Wilmer Xiquín", "Yajaira Ñáñez", "Quetzal Ávalos"]
DOCUMENTS = [17_345_981, 20_118_652, 9_876_543, 31_415_926]
SECRETS = [*NAMES, *map(str, DOCUMENTS), *(f"{document:,}" for document in DOCUMENTS), "Quiñones", "Xiqu"]
# how a message could still show a document: as a float, in scientific form, in a numpy scalar
SECRETS += [f"{document:g}" for document in DOCUMENTS] + [str(float(document)) for document in DOCUMENTS]
GOOD = {"name": NAMES, "document": DOCUMENTS, "press": [1, 0, 1, 1], "court": [0, 1, 1, 0]}
LISTS = ["press", "court"]
LIBRARIES = [dict, pd.DataFrame, pl.DataFrame, pa.table]


def clean(text):
    found = [secret for secret in SECRETS if secret in text]
    assert not found


def said(call):
    streams, log = io.StringIO(), io.StringIO()
    handler = logging.StreamHandler(log)
    logging.getLogger().addHandler(handler)
    try:
        with (
            redirect_stdout(streams),
            redirect_stderr(streams),
            pytest.raises((ValueError, TypeError)) as caught,
        ):
            call()
    finally:
        logging.getLogger().removeHandler(handler)
    parts = [streams.getvalue(), log.getvalue(), repr(caught.value.args)]
    error = caught.value
    while error is not None:
        parts.append("".join(traceback.format_exception_only(error)))
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n".join(parts)


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("column", ["name", "document"])
def test_a_column_of_persons_taken_for_a_list(library, column):
    frame = library(GOOD)
    clean(said(lambda: CaptureTable.from_frame(frame, lists=["press", column])))
    clean(said(lambda: CaptureTable.from_frame(frame, lists=[column, "court"], count="document")))


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_column_of_persons_taken_for_a_count(library):
    frame = library({**GOOD, "document": [-document for document in DOCUMENTS]})
    clean(said(lambda: CaptureTable.from_frame(frame, lists=LISTS, count="name")))
    clean(said(lambda: CaptureTable.from_frame(frame, lists=LISTS, count="document")))
    fractions = library({**GOOD, "document": [document + 0.5 for document in DOCUMENTS]})
    clean(said(lambda: CaptureTable.from_frame(fractions, lists=LISTS, count="document")))


@pytest.mark.parametrize("wrong", ["Wilmer Xiquín", 20_118_652, 20_118_652.0, None, np.nan])
def test_one_cell_of_a_person_among_marks(wrong):
    frame = {**GOOD, "press": np.array([1, wrong, 1, 0], dtype=object)}
    clean(said(lambda: CaptureTable.from_frame(frame, lists=LISTS)))
    clean(said(lambda: CaptureTable.from_frame(pd.DataFrame(frame), lists=LISTS)))


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("person", ["name", "document"])
def test_memberships_with_a_defect(library, person):
    base = {"name": NAMES, "document": DOCUMENTS, "source": ["press", "court", "press", "radio"]}
    door = {"person": person, "list": "source"}
    twice = {**base, "source": ["press"] * 4, person: [base[person][0]] * 2 + base[person][2:]}
    clean(said(lambda: CaptureTable.from_memberships(library(base), **door, lists=LISTS)))
    clean(said(lambda: CaptureTable.from_memberships(library(twice), **door, lists=LISTS)))
    blank = library({**base, "source": [None, *LISTS, "press"]})
    clean(said(lambda: CaptureTable.from_memberships(blank, **door)))


@pytest.mark.parametrize("library", LIBRARIES)
def test_memberships_the_wrong_way_round(library):
    names = [f"{name} {k}" for k in range(20) for name in NAMES]  # eighty "lists"
    swapped = library({"source": names, "person": ["press", "court"] * 40})
    clean(said(lambda: CaptureTable.from_memberships(swapped, person="person", list="source")))
    clean(said(lambda: CaptureTable.from_memberships(swapped, person="person", list="source", lists=LISTS)))
    few = library({"source": [NAMES[0], NAMES[0], NAMES[1]], "person": ["press", "press", "court"]})
    clean(said(lambda: CaptureTable.from_memberships(few, person="person", list="source")))
    documents = library({"source": DOCUMENTS, "person": ["press", "court", "press", "court"]})
    clean(said(lambda: CaptureTable.from_memberships(documents, person="person", list="source")))


def test_repeated_counts_of_documents():
    clean(said(lambda: RepeatedCounts.from_persons(DOCUMENTS)))
    clean(said(lambda: RepeatedCounts.from_persons(np.array(NAMES, dtype=object))))
    clean(said(lambda: RepeatedCounts.from_frequencies(dict.fromkeys(DOCUMENTS, 3))))
    clean(said(lambda: RepeatedCounts.from_frequencies({1: -DOCUMENTS[0]})))


@pytest.mark.parametrize("library", LIBRARIES)
def test_nothing_of_a_person_is_kept(library, capsys, caplog):
    rng = np.random.default_rng(11)
    marks = rng.random((4000, 2)) < [0.4, 0.3]
    marks = marks[marks.any(axis=1)]
    n = len(marks)
    who = {"name": [NAMES[k % 4] for k in range(n)], "document": [DOCUMENTS[k % 4] for k in range(n)]}
    frame = library({**who, "press": marks[:, 0], "court": marks[:, 1]})
    table = CaptureTable.from_frame(frame, lists=LISTS)
    estimate = abundance.Chapman().fit(table)
    kept = [table, table.__dict__, table.digest, table.to_frame().to_string(), estimate, estimate.__dict__]
    kept += [estimate.record(), estimate.rows(), estimate.cite()]
    clean("\n".join([*map(repr, kept), *map(str, kept)]))
    printed = capsys.readouterr()
    clean(printed.out + printed.err + caplog.text)
    for secret in SECRETS:
        assert secret.encode() not in pickle.dumps((table, estimate))


TWO_LISTS = ["prensa", "ong"]
# three histories, all different; asymmetric
# five persons, two of one history
PERSONS = {"prensa": [1, 0, 1, 1, 0], "ong": [0, 1, 1, 0, 1]}
PEOPLE = [f"Zutano Ñáñez {k}" for k in range(40)]


def frame_of(frame, **options):
    return CaptureTable.from_frame(frame, lists=TWO_LISTS, **options)


def strata_of(frame, **options):
    return stratify(frame, by="lugar", lists=TWO_LISTS, **options)


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
    assert CaptureTable.from_counts({"10": 4, "01": 3}, lists=TWO_LISTS).notes == ()
    assert frame_of({**PERSONS, "id": PEOPLE[:5]}, person="id").notes == ()
    strata = strata_of({**PERSONS, "lugar": list("aabbb")})
    assert strata["b"].notes == table.notes
    result = fit_strata(abundance.ChaoLowerBound(), strata)
    assert [text for text in result.notes if text == note] == [note]  # once, not for each stratum
    assert note in str(result)
    assessment = assess(table, families=["chapman"])
    assert note in assessment.notes
    assert assessment.public().record()["notes"] == [note]
    for shown in (assessment.public(), assessment.full()):
        page = shown.to_markdown()
        assert f"- {note[0].upper()}{note[1:]}." in page
    assert "- Cada fila se contó como una persona, y no se indicó" in assessment.to_markdown(lang="es")


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
