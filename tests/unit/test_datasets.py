"""The tables that ship: complete, as published, and described."""

import json
import pickle
from collections import Counter
from importlib import resources
from pathlib import Path

import numpy as np
import pytest
from jsonschema import Draft202012Validator

from cases import rows_in
from detcount import CaptureTable, abundance, datasets
from detcount.data import published
from detcount.data.published import PublishedStock
from detcount.datasets import Dataset
from detcount.datasets.tables import facts

INPUTS = Path(__file__).parents[1] / "inputs"
SCHEMA = json.loads((INPUTS / "catalogue.schema.json").read_text(encoding="utf-8"))
# what the publications, and the packages that carry the tables, print: ``persons`` with the number of lists,
# the sizes of some lists, and for published counts the class, counts and sources
PRINTED = json.loads((INPUTS / "datasets_published.json").read_text(encoding="utf-8"))
PUBLISHED = {name: tuple(sizes) for name, sizes in PRINTED["persons"].items()}
COUNTS = {name: (getattr(published, kind), *sizes) for name, (kind, *sizes) in PRINTED["counts"].items()}
EVERY = sorted({**PUBLISHED, **COUNTS})
FILES = {
    file.name.removesuffix(".csv")
    for file in (resources.files("detcount.datasets") / "data").iterdir()
    if file.name.endswith(".csv")
}


def text_cells(name):
    """Rows of a shipped file, read another way than by the library."""
    return rows_in(resources.files("detcount.datasets") / "data" / f"{name}.csv")


def cells(name):
    return [{column: int(value) for column, value in row.items()} for row in text_cells(name)]


def test_the_catalogue_is_of_its_schema():
    written = facts()
    assert [error.message for error in Draft202012Validator(SCHEMA).iter_errors(written)] == []
    assert written["known_truth"].keys() <= written["tables"].keys()
    used = {
        text[1:]
        for table in written["tables"].values()
        for text in (table["source"], table["found_in"], *table["caveats"])
        if text.startswith("@")
    }
    assert used == written["sentences"].keys()


def test_every_file_has_a_record_and_every_record_a_file():
    assert set(datasets.names()) == FILES == set(EVERY)
    assert list(datasets.names()) == sorted(datasets.names())


@pytest.mark.reference
def test_table_has_the_published_size(subtests):
    for name in sorted(PUBLISHED):
        with subtests.test(name):
            table = datasets.load(name)
            assert (table.n_lists, table.n_observed) == PUBLISHED[name]
            assert table.list_sizes == PRINTED["list_sizes"].get(name, table.list_sizes)


def test_table_holds_the_cells_of_its_file(subtests):
    for name in sorted(PUBLISHED):
        with subtests.test(name):
            table = datasets.load(name)
            rows = cells(name)
            assert list(rows[0]) == [*table.lists, "count"]
            listed = {
                tuple(row[column] for column in table.lists): row["count"]
                for row in rows
                if row["count"] and any(row[column] for column in table.lists)
            }
            loaded = dict(zip(map(tuple, table.histories.tolist()), table.counts.tolist(), strict=True))
            assert loaded == listed


@pytest.mark.reference
@pytest.mark.parametrize("name", PRINTED["cells"])
def test_cells_are_those_printed(name):
    printed = PRINTED["cells"][name]
    table = datasets.load(name).keep(printed["lists"])
    assert table == CaptureTable.from_counts(printed["counts"], lists=printed["lists"])


@pytest.mark.reference
def test_hiv_rome_is_as_rcapture_describes_it():
    table = datasets.load("hiv_rome")
    # printed by descriptive(HIV) of Rcapture, whose lists c1 to c4 are list4 to list1
    assert list(table.list_sizes.values())[::-1] == [466, 630, 693, 236]
    assert table.capture_frequencies.tolist() == [1_774, 115, 7, 0]
    captured = table.histories[:, ::-1]
    first, last = captured.argmax(axis=1), table.n_lists - 1 - captured[:, ::-1].argmax(axis=1)
    assert np.bincount(first, weights=table.counts).tolist() == [466, 593, 632, 205]
    assert np.bincount(last, weights=table.counts).tolist() == [403, 578, 679, 236]


@pytest.mark.reference
def test_census_rehearsal_has_the_numbers_of_its_copy():
    table = datasets.load("census_rehearsal_1988")
    # tests of Rcapture, after Rivest (2011): all interactions of two lists, 1,240 people
    both = 72 * 71 * 53 * 43 / (155 * 7 * 13)
    assert table.n_observed + both == pytest.approx(1240, abs=0.5)
    assert abundance.NoHighestOrderInteraction().fit(table).point == pytest.approx(414 + both, rel=1e-6)


@pytest.mark.reference
def test_cottontails_have_the_published_frequencies():
    table = datasets.load("cottontails")
    # Chao (1987), table 1: 43, 16, 8, 6, 0, 2, 1 caught once to seven times; 142 captures, 135 in the pen
    assert table.capture_frequencies.tolist()[:7] == [43, 16, 8, 6, 0, 2, 1]
    assert sum(table.list_sizes.values()) == 142
    assert datasets.describe("cottontails").truth == 135


@pytest.mark.reference
def test_injectors_of_scotland_have_the_published_totals():
    table = datasets.load("pwid_hcv_scotland")
    # McDonald et al. (2014), table 2 and abstract: 18,782 in all, 14,836 of them by their diagnosis
    assert table.n_observed == 18_782
    assert table.list_sizes["hcv_diagnosis"] == 14_836
    assert table.overlap(*table.lists) == 2_814
    assert not [case for case in datasets.known_truth() if case.group == "pwid_hcv_scotland"]


def test_tables_of_peru_are_parts_of_one():
    whole = datasets.load("peru_all")
    kinds = [datasets.load("peru_killed"), datasets.load("peru_disappeared")]
    strata = [datasets.load(name) for name in datasets.names() if name.startswith("peru_") and "19" in name]
    every = cells_of(whole)
    assert every == sum((cells_of(kind) for kind in kinds), Counter())
    assert (len(strata), sum(table.n_observed for table in strata)) == (9, 22_646)
    assert all(n <= every[history] for history, n in sum(map(cells_of, strata), Counter()).items())


def cells_of(table):
    return Counter(dict(zip(map(tuple, table.histories.tolist()), table.counts.tolist(), strict=True)))


def test_strata_say_which_lists_hardly_cover_them():
    for name in datasets.names():
        if not (name.startswith("peru_") and "19" in name):
            continue
        table = datasets.load(name)
        caveats = " ".join(datasets.describe(name).caveats)
        for each, size in table.list_sizes.items():
            if 0 < size < 0.02 * table.n_observed:
                assert f"{each} {size}" in caveats
            elif size == 0:
                assert f"list {each} names nobody" in caveats
            else:
                assert f"{each} {size}" not in caveats


def test_tables_of_the_same_people_carry_one_name():
    people = {}
    for name in PUBLISHED:
        people.setdefault(datasets.describe(name).people, set()).add(name)
    assert people.pop(None) == {"artificial_3", "cottontails", "duck", "hare", "lcm_sim1_expected"}
    shared = {key: names for key, names in people.items() if len(names) > 1}
    assert set(shared) == {"Ned", "UKdat", "neworl", "oud_massachusetts", "peru", "spina"}
    assert shared["peru"] == {name for name in PUBLISHED if name.startswith("peru_")}
    assert shared["oud_massachusetts"] == {name for name in PUBLISHED if name.startswith("oud_")}


def test_unseen_cell_is_in_the_truth_only():
    unseen = {
        name: sum(
            row["count"] for row in cells(name) if not any(row[column] for column in row if column != "count")
        )
        for name in PUBLISHED
    }
    with_truth = {name for name in datasets.names() if datasets.describe(name).truth is not None}
    assert {name for name, persons in unseen.items() if persons} == {"lcm_sim1_expected"}
    assert with_truth == {"cottontails", "lcm_sim1_expected"}
    record = datasets.describe("lcm_sim1_expected")
    assert (
        record.truth == datasets.load("lcm_sim1_expected").n_observed + unseen["lcm_sim1_expected"] == 2_000
    )


@pytest.mark.parametrize(("old", "new"), [("neworl", "neworl_186"), ("neworl_5", "neworl_5_186")])
def test_new_orleans_versions_differ_by_one_person_on_c_and_d(old, new):
    fewer, more = datasets.load(old), datasets.load(new)
    assert (fewer.lists, more.n_observed - fewer.n_observed) == (more.lists, 1)
    (row,) = np.flatnonzero(more.counts != fewer.counts)
    assert [name for name, on in zip(more.lists, more.histories[row], strict=True) if on] == ["C", "D"]


@pytest.mark.parametrize(("whole", "parts"), PRINTED["merged"].items())
def test_merged_versions_are_merges(whole, parts):
    table = datasets.load(whole.replace("_186", "") + "_5" + "_186" * whole.endswith("_186"))
    assert datasets.load(whole).merge(parts, into="".join(parts)).keep(table.lists) == table


def test_record_has_source_and_caveats(subtests):
    for name in EVERY:
        with subtests.test(name):
            record = datasets.describe(name)
            assert isinstance(record, Dataset)
            assert record.name == name
            assert record.caveats
            assert all(len(caveat) > 20 and not caveat.endswith(".") for caveat in record.caveats)
            assert 1960 <= record.year <= 2026
            assert str(record.year) in record.source
            assert record.what
            assert record.found_in
            assert all(words in " ".join(record.caveats) for words in PRINTED["caveats"].get(name, ()))


@pytest.mark.parametrize("name", sorted(COUNTS))
def test_published_counts_are_those_of_the_file(name):
    kind, n_counts, n_sources = COUNTS[name]
    loaded = datasets.load(name)
    assert isinstance(loaded, kind)
    assert (len(loaded), len(loaded.sources)) == (n_counts, n_sources)
    rows = text_cells(name)
    day = "date" if kind is PublishedStock else "published"
    assert [row[day] for row in rows] == getattr(loaded, day).astype(str).tolist()
    assert [int(row["count"]) for row in rows] == loaded.count.tolist()
    assert [row["at_least"] == "true" for row in rows] == loaded.at_least.tolist()
    for column in ("source", "role", "note"):
        assert tuple(row[column] for row in rows) == getattr(loaded, column)
    if kind is not PublishedStock:
        for column in ("start", "end"):
            assert [row[column] or "NaT" for row in rows] == getattr(loaded, column).astype(str).tolist()
        assert tuple(row["event"] for row in rows) == loaded.event
    for row in rows if "url" in rows[0] else ():
        assert row["date_basis"] in {"stated", "weekday", "page", "inferred"}
        assert row["url"].startswith("http") or "left out" in row["note"]


def test_releases_elsewhere_are_as_the_monitors_printed_them():
    for name, sources in PRINTED["series"].items():
        for source, counts in sources.items():
            assert datasets.load(name).select(source=source).count.tolist() == counts
    months = PRINTED["series"]["cuba_releases_2025"]["Supreme People's Court"]
    assert months[1] + months[2] == months[3]
    havana = datasets.load("cuba_releases_2010")
    to_spain = [n for n, what in zip(havana.count, havana.measure, strict=True) if "Spain" in what]
    assert to_spain == [5, 17, 20, 26, 32, 36, 42, 50, 114, 115]
    exchange = datasets.load("exchange_releases_2025").count
    assert exchange[0] == exchange[1] == 114 + 16 + 70
    algeria = datasets.load("algeria_releases_2021")
    assert algeria.at_least.tolist() == [True, False, True, False, True, False]


def test_stocks_elsewhere_are_as_they_were_printed():
    """Sums that the press prints, and the jumps that the caveats name."""
    rows = [row for row in text_cells("myanmar_stock") if row["released_since_2021_02"]]
    whole = [row for row in rows if row["arrested_since_2021_02"]]
    assert len(whole) == 7
    for row in whole:
        arrested, released = int(row["arrested_since_2021_02"]), int(row["released_since_2021_02"])
        assert arrested == int(row["count"]) + released
    assert datasets.load("nicaragua_stock").on("2023-01-31") == (245,)
    assert datasets.load("palestine_stock").count.tolist()[-2:] == [1319, 2070]
    assert datasets.load("venezuela_stock_2017").on("2019-02-04") == (966,)
    prisons = datasets.load("england_wales_stock")
    weeks = np.diff(prisons.date).astype(int).tolist()
    assert (set(weeks), weeks.count(7)) == ({3, 7, 14}, 68)
    assert (prisons.count.min(), prisons.count.max()) == (85427, 88521)


def test_describe_lists_every_table():
    frame = datasets.describe()
    columns = "name kind lists persons counts sources what year source found_in caveats"
    assert " ".join(frame.columns) == columns
    assert list(frame["name"]) == list(datasets.names())
    tables = frame[frame["kind"] == "captures"]
    assert {row.name: (row.lists, row.persons) for row in tables.itertuples(index=False)} == PUBLISHED
    assert tables[["counts", "sources"]].isna().all(axis=None)
    published = frame[frame["kind"] != "captures"]
    assert {row.name: (row.counts, row.sources) for row in published.itertuples(index=False)} == {
        name: expected[1:] for name, expected in COUNTS.items()
    }
    assert published[["lists", "persons"]].isna().all(axis=None)


def test_a_table_that_ships_knows_its_name_and_keeps_it():
    table = datasets.load("kosovo")
    assert table.dataset == "kosovo"
    rest = [table.keep(["HRW", "EXH"]), table.drop("ABA"), table.merge(["EXH", "ABA"], into="both")]
    assert {other.dataset for other in (*rest, pickle.loads(pickle.dumps(table)))} == {"kosovo"}
    own = CaptureTable(table.lists, table.histories, table.counts)
    assert (own.dataset, own == table, own.digest == table.digest) == ("", True, True)
