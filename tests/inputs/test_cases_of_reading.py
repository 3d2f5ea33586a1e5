"""What each door makes of a file or of columns, word for word: the numbers and notes, or the refusal.

The cases stand in `cases_of_reading.json`, each under a sentence. After a change that is meant, write what is
found again and read the difference:

    DETCOUNT_WRITE_GOLDEN=1 python -m pytest tests/inputs
"""

import dataclasses
import datetime as dt
import io
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import detcount
from cases import stored, wanted
from detcount import CaptureTable, linkage
from detcount.errors import DetcountError, DetcountWarning, error_text
from detcount.io import read_frame
from detcount.linkage import NameLists
from detcount.quality import AuditAnswers, Versions
from detcount.releases import MonitoredCases
from detcount.stock import ReleaseWaves
from detcount.strata import stratify
from detcount.words import Message
from templates import words_left

CASES = Path(__file__).with_name("cases_of_reading.json")
STORED = stored(CASES)
HIDDEN = ("Zutano", "Ñáñez", "Zzyzxquil", "87654321", "qwwordfree")  # names of persons in the cases
CLASSES = {one.__name__: one for one in (MonitoredCases, ReleaseWaves, AuditAnswers, Versions)}
TODAY = dt.datetime.now(dt.UTC).date()  # the clock speaks in refusals of days that have not come
LIBRARIES = {"pandas": pd.DataFrame, "polars": pl.DataFrame, "pyarrow": pa.table}  # which say the same


def shown(value):
    if isinstance(value, CaptureTable):
        histories = {
            "".join("1" if code >> k & 1 else "0" for k in range(value.n_lists)): count
            for code, count in zip(value.codes.tolist(), value.counts.tolist(), strict=True)
        }
        return [
            f"{', '.join(value.lists)}: {histories}",
            *(line for one in value.notes for line in shown(one)),
        ]
    if isinstance(value, NameLists):
        records = dataclasses.replace(value.records(key="of the tests"), key=np.zeros(0))
        parts = {"mapping": value.mapping, "problems": value.problems, "spells": value.spells()}
        parts |= {f"note {k}": note for k, note in enumerate(value.notes, 1)}
        return shown(parts | {"unlinkable": str(value.unlinkable), "records": records})
    if isinstance(value, pd.DataFrame):
        return [f"{name}: {value[name].tolist()}" for name in value.columns]
    if isinstance(value, Message):
        return [str(value), value.translated("es")]
    if isinstance(value, dict):
        return [f"{name}: {line}" for name, one in value.items() for line in shown(one)]
    if dataclasses.is_dataclass(value):
        parts = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
        parts |= {f"{name} {k}": one for name in ("notes",) for k, one in enumerate(parts.pop(name, ()), 1)}
        return [f"{name}: {line}" for name, one in parts.items() if one is not None for line in shown(one)]
    if isinstance(value, np.ndarray):
        plain = value.astype(str) if value.dtype.kind == "M" else value
        return [str(plain.round(6).tolist() if value.dtype.kind == "f" else plain.tolist())]
    return [str(value)]


def opened(case, folder, library):
    """What a door is given: the columns of a case in some library, or its file as it is read."""
    if "columns" in case:
        return library(case["columns"])
    if "lists" in case:
        return {name: one.get("columns") or file_of(one, folder) for name, one in case["lists"].items()}
    return read_frame(file_of(case, folder), **case["read"])


def file_of(case, folder):
    """The file of a case, or an open stream where it has no name."""
    content = case["text"].encode(case.get("encoding", "utf-8"))
    if not case["file"]:
        return io.BytesIO(content)
    (folder / case["file"]).write_bytes(content)
    return folder / case["file"]


def found_of(case, folder, library=dict):
    """What a door answers or refuses, with the warnings on the way."""
    owner, _, name = case.get("door", "").rpartition(".")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", DetcountWarning)
        try:
            value = opened(case, folder, library)
            if "lists" in case:
                value = linkage.read_lists(value, **case["options"])
            elif owner:
                value = getattr(CLASSES.get(owner) or getattr(detcount, owner), name)(
                    value, **case["options"]
                )
            elif name:
                value = stratify(value, **case["options"])
            lines = shown(value)
        except (DetcountError, TypeError) as error:
            spanish = error_text(error, "es")
            lines = [type(error).__name__, str(error).replace(f" {TODAY}. ", " (today). ")]
            lines += [f"{option}: {asked}" for option, asked in getattr(error, "ask_for", {}).items()]
            before = "" if error.__suppress_context__ else str(error.__context__)
            assert not any(word in line for line in [*lines, spanish, before] for word in HIDDEN)
            assert words_left(spanish, "es") <= {*case.get("names", ())}, "English words in the Spanish"
    return [*(str(one.message) for one in caught), *lines]


@pytest.mark.parametrize("name", STORED)
def test_each_case_is_read_or_refused_as_it_was(name, tmp_path):
    case = STORED[name]
    found = found_of(case, tmp_path)
    assert found == wanted(CASES, STORED, name, found)
    for library in case.get("also", ()):
        assert found_of(case, tmp_path, LIBRARIES[library]) == found, library
