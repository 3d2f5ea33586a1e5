"""Inputs that look right and are not: each is refused or noted, by row and never by content."""

import re

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detcount import (
    CaptureTable,
    Definition,
    PublishedReleases,
    abundance,
    assess,
    fit_strata,
)
from detcount.errors import InputError, error_text
from detcount.reading.content import Source
from detcount.reading.tables import read_with_notes
from detcount.strata import stratify
from templates import words_left

LISTS = ["prensa", "ong"]
# three histories, all different; asymmetric
MARKS = {"prensa": [1, 0, 1], "ong": [0, 1, 1]}
# five persons, two of one history
PERSONS = {"prensa": [1, 0, 1, 1, 0], "ong": [0, 1, 1, 0, 1]}
SECRETS = [f"Zutano Ñáñez {k}" for k in range(40)]
DOCUMENTS = [17_345_981, 20_118_652, 9_876_543, 31_415_926, 12_131_415]


def frame_of(frame, **options):
    return CaptureTable.from_frame(frame, lists=LISTS, **options)


def members_of(frame, **options):
    return CaptureTable.from_memberships(frame, person="quien", list="lista", **options)


def strata_of(frame, **options):
    return stratify(frame, by="lugar", lists=LISTS, **options)


COUNTED = r"^the 3 rows are 3 different capture histories, and column 'personas' holds whole numbers"
TWICE = "one identifier in two spellings, which differ in spaces, capitals, the way accents are stored"
SWAPPED = r"got 40 different values, more than half of them for one person each. Are person and list"

HOSTILE = {
    "counts that nobody named": (frame_of, {**MARKS, "personas": [200, 150, 50]}, {}, COUNTED),
    "counts of few": (frame_of, {**MARKS, "personas": [1, 2, 3]}, {}, COUNTED),
    "counts in text": (frame_of, {**MARKS, "personas": ["1.200", "150", "50"]}, {}, COUNTED),
    "counts of another name": (frame_of, {**MARKS, "x": [4, 0, 9]}, {}, r"column 'x' holds whole numbers"),
    "counts as floats": (
        frame_of,
        {**MARKS, "x": [4.0, 0.0, 9.0]},
        {},
        r"--count\). If each row is one",
    ),
    "counts in strata": (
        strata_of,
        {"lugar": ["a", "a", "b"], "prensa": [1, 0, 1], "ong": [0, 1, 0], "personas": [20, 9, 7]},
        {},
        r"^the 3 rows are 3 different capture histories",
    ),
    "an identifier twice": (
        frame_of,
        {**PERSONS, "id": [*SECRETS[:4], SECRETS[1]]},
        {"person": "id"},
        r"^person 'id', data rows 2 and 5: the same identifier stands twice",
    ),
    "a document twice": (
        frame_of,
        {**PERSONS, "id": [*DOCUMENTS[:4], DOCUMENTS[0]]},
        {"person": "id"},
        r"^person 'id', data rows 1 and 5: the same identifier stands twice",
    ),
    "an identifier in two cases": (
        frame_of,
        {**PERSONS, "id": [*SECRETS[:4], SECRETS[2].upper()]},
        {"person": "id"},
        rf"^person 'id', data rows 3 and 5: {TWICE}",
    ),
    "an identifier decomposed": (
        frame_of,
        {**PERSONS, "id": ["n\u0303", "b", "c", "d", "\u00f1"]},
        {"person": "id"},
        rf"^person 'id', data rows 1 and 5: {TWICE}",
    ),
    "1 and 1.0": (
        frame_of,
        {**PERSONS, "id": ["1", "2", "3", "4", "1.0"]},
        {"person": "id"},
        rf"^person 'id', data rows 1 and 5: {TWICE}",
    ),
    "no identifier": (
        frame_of,
        {**PERSONS, "id": [*SECRETS[:4], None]},
        {"person": "id"},
        r"^person 'id', data row 5: a value is missing. Every row needs an identifier",
    ),
    "an identifier in two strata": (
        strata_of,
        {**PERSONS, "lugar": list("aabbb"), "id": [*SECRETS[:4], SECRETS[0]]},
        {"person": "id"},
        r"^person 'id', data rows 1 and 5: the same identifier stands twice",
    ),
    "person and count": (
        frame_of,
        {**PERSONS, "id": SECRETS[:5], "n": [1, 2, 3, 4, 5]},
        {"person": "id", "count": "n"},
        r"^person and count: expected one of them, got both",
    ),
    "a person that is a list": (
        frame_of,
        PERSONS,
        {"person": "ong"},
        r"^person: column 'ong' is also",
    ),
    "members 1 and 1.0": (
        members_of,
        {"quien": ["1", "2", "1.0"], "lista": ["prensa", "ong", "ong"]},
        {},
        rf"^person 'quien', data rows 1 and 3: {TWICE}",
    ),
    "members with spaces": (
        members_of,
        {"quien": [SECRETS[0], SECRETS[1], SECRETS[0] + " "], "lista": ["prensa", "ong", "ong"]},
        {},
        rf"^person 'quien', data rows 1 and 3: {TWICE}",
    ),
    "lists in two spellings": (
        members_of,
        {"quien": SECRETS[:3], "lista": ["Comit\u00e9", "ong", "Comite\u0301"]},
        {},
        r"^list 'lista', data rows 1 and 3: one name in two spellings",
    ),
    "person and list swapped": (members_of, {"lista": SECRETS, "quien": LISTS * 20}, {}, SWAPPED),
    "swapped, all on both lists": (
        members_of,
        {"lista": [*SECRETS[:20], *SECRETS[:20]], "quien": ["prensa"] * 20 + ["ong"] * 20},
        {},
        r"got 20 different values, for 2 persons. Are person and list the wrong way round",
    ),
    "strata of names": (
        strata_of,
        {"lugar": SECRETS, "prensa": [1] * 40, "ong": [1, 0] * 20},
        {},
        r"^by 'lugar': expected the names of strata, got 40 different values, more than half of them for one",
    ),
    "strata of names with counts": (
        strata_of,
        {"lugar": SECRETS, "prensa": [1] * 40, "ong": [1, 0] * 20, "n": [1] * 40},
        {"count": "n"},
        r"group its values first$",
    ),
    "strata in two spellings": (
        strata_of,
        {**PERSONS, "lugar": ["Mérida", "b", "b", "Merida", "b"]},
        {},
        r"^by 'lugar', (data rows 1 and 4|2 rows): one name in two spellings",
    ),
    "a history twice in a stratum": (
        strata_of,
        {**PERSONS, "lugar": [*SECRETS[:3], SECRETS[0], SECRETS[3]], "n": [3, 4, 5, 6, 7]},
        {"count": "n"},
        r"^data rows 1 and 4 hold the same capture history of one stratum",
    ),
    "more than have lived": (
        frame_of,
        {**MARKS, "n": [8 * 10**15, 3, 4]},
        {"count": "n"},
        r"^count 'n': expected fewer than 120,000,000,000 in all, about as many people as have ever lived",
    ),
}


@pytest.mark.parametrize(("door", "frame", "options", "message"), HOSTILE.values(), ids=HOSTILE.keys())
def test_a_refusal_is_said_in_spanish_without_a_word_of_english(door, frame, options, message):
    with pytest.raises(InputError) as caught:
        door(frame, **options)
    said = error_text(caught.value, "es")
    assert said != str(caught.value)
    assert words_left(said, "es") == set()
    assert words_left(str(caught.value), "es") != set()


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


def test_rows_of_detentions_may_be_of_one_person():
    detentions = Definition(unit="detention", who="detentions of journalists")
    assert frame_of(PERSONS, definition=detentions).notes == ()
    with pytest.raises(InputError, match="expected the unit 'person', as 'id' identifies persons"):
        frame_of({**PERSONS, "id": SECRETS[:5]}, person="id", definition=detentions)
    with pytest.raises(InputError, match="expected the unit 'person', as 'id' identifies persons"):
        strata_of({**PERSONS, "id": SECRETS[:5], "lugar": list("aabbb")}, person="id", definition=detentions)
    with pytest.raises(InputError, match=COUNTED):
        frame_of({**MARKS, "personas": [200, 150, 50]}, definition=detentions)


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
