"""Invented lists written to files of every kind, and in every order, are read as the same people."""

import numpy as np
import pytest

from detcount import simulate
from detcount.linkage import read_lists

KEY = "a key of the tests"


def by_digest(records):
    """What is known of each row, by its digest."""
    return {
        bytes(records.key[k]): (
            sorted(
                (records.words[w], round(float(share), 9))
                for w, share in zip(
                    records.word[records.word_record == k],
                    records.word_given[records.word_record == k],
                    strict=True,
                )
            ),
            *(
                getattr(records, name)[k].tolist()
                for name in ("document", "born", "arrested", "place", "sex")
            ),
        )
        for k in range(len(records))
    }


@pytest.fixture(scope="module")
def frames():
    return dict(simulate.name_lists(200, seed=8).frames)


@pytest.mark.parametrize("kind", ["csv", "cp1252", "utf-16", "xlsx", "parquet"])
def test_files_of_every_kind_hold_the_same_people(frames, tmp_path, kind):
    files = {name: tmp_path / f"{name}.data" for name in frames}
    for name, frame in frames.items():
        if kind == "xlsx":
            frame.to_excel(tmp_path / "book.xlsx", index=False)
            (tmp_path / "book.xlsx").rename(files[name])
        elif kind == "parquet":
            frame.to_parquet(files[name])
        elif kind == "csv":
            frame.to_csv(files[name], index=False)
        else:
            frame.to_csv(files[name], index=False, sep=";", encoding=kind)
    found = read_lists(files)
    assert found.problems.empty
    assert by_digest(found.records(KEY)) == by_digest(read_lists(frames).records(KEY))


def test_no_order_of_rows_columns_or_lists_matters(frames):
    rng = np.random.default_rng(4)
    moved = {
        name: frame.iloc[rng.permutation(len(frame))][list(rng.permutation(frame.columns))]
        for name, frame in reversed(frames.items())
    }
    one, other = read_lists(frames).records(KEY), read_lists(moved).records(KEY)
    assert one.words == other.words
    assert one.lists == other.lists
    assert by_digest(one) == by_digest(other)
