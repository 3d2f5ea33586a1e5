"""Many rows: blocks against slow rewrites, the private engine, what enters it and what comes out."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detcount import linkage, simulate
from detcount._numerics.linkage.candidates import masked_places, shared_numbers
from detcount.errors import DetcountError
from detcount.linkage.blocks import UNKNOWN, blocks_of, columns_of, rough_words
from detcount.linkage.channel import learn_channel
from detcount.linkage.engines import EngineError, private_connection, quietly
from detcount.linkage.large import TUNING, splink_pairs
from detcount.linkage.records import MISSING_DAY
from detcount.simulate import Mistakes, WrittenList
from invented_names import as_records, invent

UNSTATED = (MISSING_DAY, MISSING_DAY)


@given(entries=st.lists(st.integers(0, 6), min_size=1, max_size=30), most=st.integers(1, 8))
@settings(max_examples=60, deadline=None)
def test_blocks_that_are_kept_are_shared_and_not_too_large(entries, most):
    number = shared_numbers(np.array(entries), most).tolist()
    for k, value in enumerate(entries):
        size = entries.count(value)
        assert (number[k] >= 0) == (value != 0 and 1 < size <= most)
    for a, b in combinations(range(len(entries)), 2):
        if number[a] >= 0 and number[b] >= 0:
            assert (number[a] == number[b]) == (entries[a] == entries[b])
    assert sorted({*number} - {-1}) == list(range(len({*number} - {-1})))


@given(number=st.integers(10, 99_999_999), seed=st.integers(0, 1000))
@settings(max_examples=80, deadline=None)
def test_numbers_that_differ_at_one_place_share_its_key(number, seed):
    rng = np.random.default_rng(seed)
    text = str(number)
    at = int(rng.integers(1, len(text)))
    place = len(text) - 1 - at
    replaced = int(text[:at] + str(rng.integers(10)) + text[at + 1 :])
    swapped = int(text[: at - 1] + text[at] + text[at - 1] + text[at + 1 :])
    for name, other in ((f"near_{place}", replaced), (f"near_{place}s", swapped)):
        position, key = masked_places(np.array([number, other]), 8)[name]
        if len(str(other)) == len(text):
            assert position.tolist() == [0, 1]
            assert key[0] == key[1]
    for name, (position, key) in masked_places(np.array([12_345_678, 12_945_378]), 8).items():
        assert position.tolist() == ([] if name == "near_7s" else [0, 1])  # no neighbour before the first
        assert len(key) == 0 or key[0] != key[1]


def named(*names, **days):
    born, arrested = days.get("born", UNSTATED), days.get("arrested", UNSTATED)
    rows = [(0, k, [(a, 0.97), (b, 0.03)], -1, born, arrested, -1, -1) for k, (a, b) in enumerate(names)]
    return as_records(("one",), rows)


def test_misspelt_words_have_the_number_of_what_was_meant():
    frequent = [("martin", "moreno")] * 40 + [("marin", "gonzalez")] * 30
    records = named(*frequent, ("mratin", "morno"), ("marin", "gonsales"))
    number = dict(zip(records.words, rough_words(records, learn_channel(records)).tolist(), strict=True))
    assert number["morno"] == number["moreno"]
    assert number["mratin"] == number["martin"]
    assert number["gonsales"] == number["gonzalez"]
    assert number["marin"] != number["martin"]  # both are frequent
    assert len({number[word] for word in ("marin", "martin", "moreno", "gonzalez")}) == 4


def test_true_pairs_share_a_block_and_few_others_do():
    made = invent(3000, 21, words=0.15)
    records = made.records
    blocks = blocks_of(records, columns_of(records, learn_channel(records)))
    true = np.array(sorted(made.true_pairs()))
    free, worded = blocks.by_rule(true[:, 0], true[:, 1])
    assert (free | worded).mean() > 0.98
    assert (blocks.by_rule(true[:, 1], true[:, 0])[1] == worded).all()
    strangers = np.random.default_rng(0).integers(len(records), size=(20_000, 2))
    strangers = strangers[made.person[strangers[:, 0]] != made.person[strangers[:, 1]]]
    assert np.mean(np.any(blocks.by_rule(strangers[:, 0], strangers[:, 1]), axis=0)) < 0.05


def test_what_is_compared_has_no_document_and_no_day_in_clear():
    made = invent(400, 22)
    records, channel = made.records, learn_channel(made.records)
    columns = columns_of(records, channel)
    known = records.document >= 0
    for name, values in columns.items():
        assert not np.isin(values[known], records.document[known]).any(), name
    assert not np.isin(columns["document"][known], records.document[known]).any()
    for name, days in (("born", records.born), ("arrested", records.arrested)):
        known = days[:, 0] != MISSING_DAY
        assert ((columns[name] == UNKNOWN) == ~known).all()
        gap = columns[name][known] - days[known, 0]
        assert (gap == gap[0]).all()
        assert gap[0] != 0
        again = columns_of(records, channel)[name][known] - days[known, 0]
        assert again[0] != gap[0]  # the first day is drawn anew


def test_large_blocks_are_left_out_and_told():
    crowd = [("jose", "gonzalez")] * 250
    records = named(*crowd, ("ana", "perez"), ("ana", "perez"))
    blocks = blocks_of(records, columns_of(records, learn_channel(records)))
    assert blocks.n_left == 250
    assert np.array(blocks.by_rule(np.array([0, 250]), np.array([1, 251])))[1].tolist() == [False, True]
    records = named(*crowd, born=(7000, 7000))
    assert blocks_of(records, columns_of(records, learn_channel(records)), most=300).n_left == 0


def test_rows_that_say_nothing_share_no_block():
    written = [(0, k, [("x", 0.97)], -1, (9000, 9000), (19_000, 19_000), 1, 0) for k in range(3)]
    records = as_records(("one",), written)
    object.__setattr__(records, "linkable", np.zeros(3, np.bool_))
    blocks = blocks_of(records, columns_of(records, learn_channel(records)))
    assert blocks.keys == {}
    assert blocks.pairs == ()


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
    with private_connection() as connection, pytest.raises(EngineError, match="the engine") as caught:
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
    monkeypatch.setattr("detcount.linkage.linking.TUNING", replace(TUNING, engine_rows=100))
    linked = linkage.link(lists, n_draws=100)
    assert any("Splink chose" in str(note) for note in linked.notes)
    measured = linked.measure(invented.truth.to_frame())
    assert measured.precision.point > 0.97
    assert measured.recall.point > 0.9
    assert 0 < linked.missed < 0.2
    assert list(empty_folder.rglob("*")) == []
