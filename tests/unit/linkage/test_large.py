"""Many rows: the private engine, the columns that enter it, and the pairs that come out."""

import numpy as np
import pytest

from detcount import linkage, simulate
from detcount.errors import DetcountError
from detcount.linkage.blocks import columns_of
from detcount.linkage.channel import learn_channel
from detcount.linkage.engines import EngineError, private_connection, quietly
from detcount.linkage.large import splink_pairs
from detcount.simulate import Mistakes, WrittenList

SECRET = "zutanejo31415926"


@pytest.fixture
def empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_engine_reads_writes_and_changes_nothing(empty_folder):
    import duckdb

    (empty_folder / "rows.csv").write_text("a\n1\n")
    with private_connection("200MB") as connection:
        settings = dict(
            connection.execute(
                "select name, value from duckdb_settings() where name in "
                "('temp_directory', 'lock_configuration', 'enable_external_access', 'memory_limit')"
            ).fetchall()
        )
        assert settings["temp_directory"] == ""
        assert settings["lock_configuration"] == "true"
        assert settings["enable_external_access"] == "false"
        for wanted in (
            "select * from 'rows.csv'",
            "copy (select 1) to 'out.csv'",
            "attach 'other.db'",
            "set temp_directory = '.tmp'",
            "set enable_external_access = true",
            "install httpfs",
        ):
            with pytest.raises(duckdb.Error):
                connection.execute(wanted)
    assert [path.name for path in empty_folder.iterdir()] == ["rows.csv"]


def test_short_memory_is_an_error_and_no_file(empty_folder):
    with private_connection("30MB") as connection, pytest.raises(EngineError):
        quietly(
            lambda: connection.execute(
                "create table t as select i, md5(i::text) as word from range(5000000) r(i) order by word"
            ).fetchall()
        )
    assert list(empty_folder.rglob("*")) == []


def test_an_error_of_the_engine_quotes_no_cell():
    with (
        private_connection() as connection,
        pytest.raises(EngineError, match="the engine") as caught,
    ):
        quietly(lambda: connection.execute(f"select cast('{SECRET}' as integer)").fetchall())
    error = caught.value
    assert "ConversionException" in str(error)
    assert SECRET not in str(error)
    assert error.__cause__ is None
    assert error.__context__ is None
    assert isinstance(error, DetcountError)


def test_what_enters_the_engine_is_numbers_and_the_same_in_every_format():
    layouts = ("surnames, given", "given surnames", "columns")
    lists = tuple(
        WrittenList(
            name=f"{k}", share=0.99, layout=layout, capitals=k == 0, accents=k > 0, documents_missing=0
        )
        for k, layout in enumerate(layouts)
    )
    invented = simulate.name_lists(60, lists=lists, mistakes=Mistakes.none(), duplicates=0.0, seed=2)
    read = linkage.read_lists(invented.frames)
    records = read.records()
    columns = columns_of(records, learn_channel(records))
    assert all(values.dtype == np.int64 and len(values) == len(records) for values in columns.values())
    truth = invented.truth.person  # lists are in the order of their names here
    assert read.lists == invented.truth.lists
    for name in ("family_1", "given_1", "document", "born", "arrested", "place", "sex"):
        agree = [len(set(columns[name][truth == person].tolist())) == 1 for person in np.unique(truth)]
        assert np.mean(agree) > 0.9, name


@pytest.mark.slow
def test_many_rows_are_linked_by_our_own_model_once_splink_has_chosen(empty_folder, monkeypatch):
    invented = simulate.name_lists(400, seed=12)
    lists = linkage.read_lists(invented.frames)
    records = lists.records()
    found, blocks = splink_pairs(records, learn_channel(records))
    assert (found.first < found.second).all()
    silent = (records.document[found.first] < 0) | (records.document[found.second] < 0)
    equal = ~silent & (records.document[found.first] == records.document[found.second])
    np.testing.assert_allclose(found.without_document[silent], found.probability[silent], rtol=1e-9)
    assert (found.without_document[equal] < found.probability[equal]).all()
    assert blocks.by_rule(found.first, found.second)[0][equal].all()
    monkeypatch.setattr("detcount.linkage.linking.LARGE", 100)
    linked = linkage.link(lists, n_draws=100)
    assert any("Splink chose" in str(note) for note in linked.notes)
    measured = linked.measure(invented.truth.to_frame())
    assert measured.precision.point > 0.97
    assert measured.recall.point > 0.9
    assert 0 < linked.missed < 0.2
    assert list(empty_folder.rglob("*")) == []
