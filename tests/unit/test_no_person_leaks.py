"""No name, document or identifier of a person in a message, a repr, a result or a log.

Tables are made of invented persons whose every cell is a marked word or number; whatever the library
says about them, right or wrong, is searched for the marks.
"""

import io
import logging
import pickle
import traceback
from contextlib import redirect_stderr, redirect_stdout

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from detcount import CaptureTable, RepeatedCounts, abundance

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
    """Everything a call says when it is refused: the error, its chain, its output, its log."""
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
    clean(
        said(
            lambda: CaptureTable.from_memberships(
                library({**base, "source": [None, *LISTS, "press"]}), **door
            )
        )
    )


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
    frame = library(
        {
            "name": [NAMES[k % 4] for k in range(n)],
            "document": [DOCUMENTS[k % 4] for k in range(n)],
            "press": marks[:, 0],
            "court": marks[:, 1],
        }
    )
    table = CaptureTable.from_frame(frame, lists=LISTS)
    estimate = abundance.Chapman().fit(table)
    kept = [table, table.__dict__, table.digest, table.to_frame().to_string(), estimate, estimate.__dict__]
    kept += [estimate.record(), estimate.rows(), estimate.cite()]
    clean("\n".join([*map(repr, kept), *map(str, kept)]))
    printed = capsys.readouterr()
    clean(printed.out + printed.err + caplog.text)
    for secret in SECRETS:
        assert secret.encode() not in pickle.dumps((table, estimate))
