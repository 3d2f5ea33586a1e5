"""The tables that ship: complete, as published, and described."""

from __future__ import annotations

import csv
import pickle
from collections import Counter
from importlib import resources
from typing import get_args

import numpy as np
import pytest

from detcount import CaptureTable, PublishedReleases, abundance, datasets
from detcount.datasets import Dataset
from detcount.datasets.catalogue import CaptureName, StockName
from detcount.errors import InputError
from detcount.published import PublishedArrests, PublishedStock

# persons and lists as the publications and the packages that carry the tables print them
PUBLISHED = {
    "artificial_3": (3, 96),
    "census_rehearsal_1988": (3, 414),
    "colombia_recruitment_2000_2004": (34, 7_329),
    "congenital": (5, 537),
    "cottontails": (18, 76),
    "deaths_maryland": (4, 215),
    "diabetes": (4, 2_069),
    "duck": (6, 896),
    "gaza": (3, 29_271),
    "hare": (6, 68),
    "hav": (3, 271),
    "hiv_lorestan": (3, 2_281),
    "hiv_rome": (4, 1_896),
    "homeless_budapest": (3, 2_606),
    "homeless_st_petersburg": (3, 1_634),
    "korea": (3, 123),
    "kosovo": (4, 4_400),
    "lcm_sim1_expected": (5, 727),
    "ned": (6, 8_234),
    "ned_5": (5, 8_234),
    "neworl": (8, 185),
    "neworl_186": (8, 186),
    "neworl_5": (5, 185),
    "neworl_5_186": (5, 186),
    "oud_massachusetts_2011": (6, 66_467),
    "oud_massachusetts_2012": (6, 76_085),
    "oud_massachusetts_2013": (7, 96_701),
    "oud_massachusetts_2014": (7, 117_830),
    "oud_massachusetts_2015": (7, 124_915),
    "peru_OTHER_1980_84": (6, 980),
    "peru_OTHER_1985_89": (6, 1_192),
    "peru_OTHER_1990_2002": (6, 2_141),
    "peru_SHINING_PATH_1980_84": (6, 2_448),
    "peru_SHINING_PATH_1985_89": (6, 3_142),
    "peru_SHINING_PATH_1990_2002": (6, 3_557),
    "peru_STATE_1980_84": (6, 3_367),
    "peru_STATE_1985_89": (6, 3_179),
    "peru_STATE_1990_2002": (6, 2_640),
    "peru_all": (6, 24_057),
    "peru_disappeared": (6, 9_237),
    "peru_killed": (6, 14_820),
    "pwid_brighton": (4, 856),
    "pwid_brussels": (3, 306),
    "pwid_hcv_scotland": (4, 18_782),
    "spina": (3, 621),
    "spina_626": (3, 626),
    "sudan_deaths": (3, 4_823),
    "ukdat": (6, 2_744),
    "ukdat_5": (5, 2_744),
    "western": (5, 345),
}

# class, counts and sources of the published counts
COUNTS = {
    "algeria_releases_2021": (PublishedReleases, 6, 4),
    "bahrain_releases_2024": (PublishedReleases, 5, 2),
    "cuba_releases_2010": (PublishedReleases, 16, 2),
    "cuba_releases_2025": (PublishedReleases, 11, 5),
    "egypt_releases_2022": (PublishedReleases, 6, 3),
    "england_wales_stock": (PublishedStock, 71, 1),
    "exchange_releases_2025": (PublishedReleases, 2, 2),
    "myanmar_releases_2011": (PublishedReleases, 7, 3),
    "myanmar_releases_2021": (PublishedReleases, 7, 2),
    "myanmar_releases_2022": (PublishedReleases, 4, 2),
    "myanmar_stock": (PublishedStock, 31, 1),
    "nicaragua_stock": (PublishedStock, 13, 1),
    "palestine_stock": (PublishedStock, 13, 1),
    "venezuela_arrests": (PublishedArrests, 30, 5),
    "venezuela_releases": (PublishedReleases, 100, 17),
    "venezuela_releases_2017": (PublishedReleases, 5, 4),
    "venezuela_stock": (PublishedStock, 51, 6),
    "venezuela_stock_2017": (PublishedStock, 18, 1),
}
EVERY = sorted({**PUBLISHED, **COUNTS})

FILES = {
    file.name.removesuffix(".csv")
    for file in (resources.files("detcount.datasets") / "data").iterdir()
    if file.name.endswith(".csv")
}


def text_cells(name: str) -> list[dict[str, str]]:
    """Rows of a shipped file, read another way than by the library."""
    file = resources.files("detcount.datasets") / "data" / f"{name}.csv"
    with file.open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def cells(name: str) -> list[dict[str, int]]:
    """Rows of a table of persons."""
    return [{column: int(value) for column, value in row.items()} for row in text_cells(name)]


def test_every_file_has_a_record_and_every_record_a_file() -> None:
    assert set(datasets.names()) == FILES == set(EVERY)
    assert list(datasets.names()) == sorted(datasets.names())


def test_names_that_give_a_stock_are_typed_so() -> None:
    stocks = {name for name in datasets.names() if datasets.describe(name).kind == "stock"}
    assert set(get_args(StockName)) == stocks


def test_names_that_give_a_capture_table_are_typed_so() -> None:
    assert set(get_args(CaptureName)) == set(PUBLISHED)
    assert {name for name in datasets.names() if datasets.describe(name).kind == "captures"} == set(PUBLISHED)


@pytest.mark.reference
def test_table_has_the_published_size(subtests: pytest.Subtests) -> None:
    for name in sorted(PUBLISHED):
        with subtests.test(name):
            table = datasets.load(name)
            assert (table.n_lists, table.n_observed) == PUBLISHED[name]


def test_table_holds_the_cells_of_its_file(subtests: pytest.Subtests) -> None:
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
def test_kosovo_has_the_published_cells() -> None:
    table = datasets.load("kosovo")
    # Ball et al. (2002): sizes of the four lists, and the 27 persons on all of them
    assert table.list_sizes == {"EXH": 1_910, "ABA": 1_528, "OSCE": 1_786, "HRW": 685}
    assert table.overlap("EXH", "ABA", "OSCE", "HRW") == 27


@pytest.mark.reference
def test_gaza_has_the_published_cells() -> None:
    published = {
        "100": 19_048,
        "010": 5_104,
        "110": 1_929,
        "001": 1_469,
        "101": 1_173,
        "011": 351,
        "111": 197,
    }
    assert datasets.load("gaza") == CaptureTable.from_counts(
        published, lists=["hospital", "survey", "social_media"]
    )


@pytest.mark.reference
def test_hiv_rome_is_as_rcapture_describes_it() -> None:
    table = datasets.load("hiv_rome")
    # printed by descriptive(HIV) of Rcapture, whose lists c1 to c4 are list4 to list1
    assert list(table.list_sizes.values())[::-1] == [466, 630, 693, 236]
    assert table.capture_frequencies.tolist() == [1_774, 115, 7, 0]
    captured = table.histories[:, ::-1]
    first, last = captured.argmax(axis=1), table.n_lists - 1 - captured[:, ::-1].argmax(axis=1)
    assert np.bincount(first, weights=table.counts).tolist() == [466, 593, 632, 205]
    assert np.bincount(last, weights=table.counts).tolist() == [403, 578, 679, 236]


@pytest.mark.reference
def test_census_rehearsal_has_the_numbers_of_its_copy() -> None:
    table = datasets.load("census_rehearsal_1988")
    assert table.list_sizes == {"e1": 305, "e2": 293, "e3": 135}
    # tests of Rcapture, after Rivest (2011): all interactions of two lists, 1,240 people
    both = 72 * 71 * 53 * 43 / (155 * 7 * 13)
    assert table.n_observed + both == pytest.approx(1240, abs=0.5)
    assert abundance.NoHighestOrderInteraction().fit(table).point == pytest.approx(414 + both, rel=1e-6)


@pytest.mark.reference
def test_hiv_lorestan_has_the_published_sizes() -> None:
    table = datasets.load("hiv_lorestan")
    # abstract of Poorolajal et al. (2017): the lists, and the persons left without duplicates
    assert table.list_sizes == {"transfusion": 1_175, "counselling": 867, "prison": 414}
    assert table.n_observed == 2_281


@pytest.mark.reference
def test_deaths_maryland_has_the_published_margin() -> None:
    table = datasets.load("deaths_maryland")
    # Cormack, Chang & Smith (2000), table 3b: the lists without that of death certificates
    published = {"111": 72, "110": 5, "101": 29, "100": 54, "011": 24, "010": 3, "001": 14}
    lists = ["ntof", "workers_compensation", "mosh"]
    assert table.keep(lists) == CaptureTable.from_counts(published, lists=lists)
    assert table.list_sizes["death_certificates"] == 212


def test_pwid_brighton_has_the_sizes_of_its_copy() -> None:
    assert datasets.load("pwid_brighton").list_sizes == {
        "treatment": 193,
        "arrest_referral": 82,
        "exchange": 631,
        "survey": 126,
    }


@pytest.mark.reference
def test_opioid_tables_have_the_printed_list_totals() -> None:
    # supplement of Barocas et al. (2018): 32 of the 33 totals; treatment in 2013 prints 39,951 for 36,951
    printed = {
        2011: {"APCD": 11_734, "BSAS": 33_505, "CaseMix": 17_942, "RVRS_Death": 578, "RVRS_Birth": 106,
               "PMP": 29_162},
        2013: {"APCD": 63_138, "BSAS": 36_951, "CaseMix": 21_146, "RVRS_Death": 892, "RVRS_Birth": 894,
               "MATRIS": 5_163, "PMP": 36_497},
    }  # fmt: skip
    for year, sizes in printed.items():
        assert datasets.load(f"oud_massachusetts_{year}").list_sizes == sizes
    assert any("39,951" in caveat for caveat in datasets.describe("oud_massachusetts_2013").caveats)


@pytest.mark.reference
def test_cottontails_have_the_published_frequencies() -> None:
    table = datasets.load("cottontails")
    # Chao (1987), table 1: 43, 16, 8, 6, 0, 2, 1 caught once to seven times; 142 captures, 135 in the pen
    assert table.capture_frequencies.tolist()[:7] == [43, 16, 8, 6, 0, 2, 1]
    assert sum(table.list_sizes.values()) == 142
    assert datasets.describe("cottontails").truth == 135


@pytest.mark.reference
def test_injectors_of_scotland_have_the_published_totals() -> None:
    table = datasets.load("pwid_hcv_scotland")
    # McDonald et al. (2014), table 2 and abstract: 18,782 in all, 14,836 of them by their diagnosis
    assert table.n_observed == 18_782
    assert table.list_sizes["hcv_diagnosis"] == 14_836
    assert table.overlap(*table.lists) == 2_814
    assert not [case for case in datasets.known_truth() if case.group == "pwid_hcv_scotland"]


def test_tables_of_peru_are_parts_of_one() -> None:
    whole = datasets.load("peru_all")
    kinds = [datasets.load("peru_killed"), datasets.load("peru_disappeared")]
    strata = [datasets.load(name) for name in datasets.names() if name.startswith("peru_") and "19" in name]
    every = cells_of(whole)
    assert every == sum((cells_of(kind) for kind in kinds), Counter())
    assert (len(strata), sum(table.n_observed for table in strata)) == (9, 22_646)
    assert all(n <= every[history] for history, n in sum(map(cells_of, strata), Counter()).items())


def cells_of(table: CaptureTable) -> Counter[tuple[int, ...]]:
    """Persons by capture history."""
    return Counter(dict(zip(map(tuple, table.histories.tolist()), table.counts.tolist(), strict=True)))


def test_strata_say_which_lists_hardly_cover_them() -> None:
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


def test_tables_of_the_same_people_carry_one_name() -> None:
    people: dict[str | None, set[str]] = {}
    for name in PUBLISHED:
        people.setdefault(datasets.describe(name).people, set()).add(name)
    assert people.pop(None) == {"artificial_3", "cottontails", "duck", "hare", "lcm_sim1_expected"}
    shared = {key: names for key, names in people.items() if len(names) > 1}
    assert set(shared) == {"Ned", "UKdat", "neworl", "oud_massachusetts", "peru", "spina"}
    assert shared["peru"] == {name for name in PUBLISHED if name.startswith("peru_")}
    assert shared["oud_massachusetts"] == {name for name in PUBLISHED if name.startswith("oud_")}


def test_unseen_cell_is_in_the_truth_only() -> None:
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
    assert any("1,273" in caveat and "2,000" in caveat for caveat in record.caveats)


@pytest.mark.parametrize(("old", "new"), [("neworl", "neworl_186"), ("neworl_5", "neworl_5_186")])
def test_new_orleans_versions_differ_by_one_person_on_c_and_d(old: str, new: str) -> None:
    fewer, more = datasets.load(old), datasets.load(new)
    assert (fewer.lists, more.n_observed - fewer.n_observed) == (more.lists, 1)
    (row,) = np.flatnonzero(more.counts != fewer.counts)
    assert [name for name, on in zip(more.lists, more.histories[row], strict=True) if on] == ["C", "D"]
    for name in (old, new):
        assert any("two versions" in caveat for caveat in datasets.describe(name).caveats)


@pytest.mark.parametrize(
    ("whole", "merged", "parts", "into"),
    [
        ("ukdat", "ukdat_5", ["PF", "NCA"], "PFNCA"),
        ("ned", "ned_5", ["I", "O"], "IO"),
        ("neworl", "neworl_5", ["B", "E", "F", "G"], "BEFG"),
        ("neworl_186", "neworl_5_186", ["B", "E", "F", "G"], "BEFG"),
    ],
)
def test_merged_versions_are_merges(whole: str, merged: str, parts: list[str], into: str) -> None:
    table = datasets.load(merged)
    assert datasets.load(whole).merge(parts, into=into).keep(table.lists) == table


@pytest.mark.parametrize("name", ["spina", "spina_626"])
def test_spina_names_its_other_version(name: str) -> None:
    assert any("621" in caveat and "626" in caveat for caveat in datasets.describe(name).caveats)


def test_record_has_source_and_caveats(subtests: pytest.Subtests) -> None:
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


def test_duck_says_that_it_is_open() -> None:
    assert any("open population" in caveat for caveat in datasets.describe("duck").caveats)


def test_colombia_says_that_it_is_one_replicate_of_34_lists() -> None:
    caveats = " ".join(datasets.describe("colombia_recruitment_2000_2004").caveats)
    assert "one replicate" in caveats
    assert "34 lists" in caveats
    assert min(datasets.load("colombia_recruitment_2000_2004").list_sizes.values()) == 0


@pytest.mark.parametrize("name", sorted(COUNTS))
def test_published_counts_are_those_of_the_file(name: str) -> None:
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
        assert tuple(row["event"] for row in rows) == loaded.event  # type: ignore[union-attr]
    for row in rows if "url" in rows[0] else ():
        assert row["date_basis"] in {"stated", "weekday", "page", "inferred"}
        assert row["url"].startswith("http") or "left out" in row["note"]


def test_contradictions_of_the_press_are_caveats() -> None:
    caveats = " ".join(datasets.describe("venezuela_releases").caveats)
    for figures in (("225", "255"), ("533", "177", "910"), ("75", "61"), ("187", "194"), ("406", "303")):
        assert all(figure in caveats for figure in figures)
    assert "823 and 816" in " ".join(datasets.describe("venezuela_stock").caveats)
    assert "stale" in " ".join(datasets.describe("venezuela_arrests").caveats)


def test_releases_elsewhere_are_as_the_monitors_printed_them() -> None:
    cuba = datasets.load("cuba_releases_2025")
    assert cuba.select(source="Prisoners Defenders").count.tolist() == [50, 192, 200, 209]
    months = cuba.select(source="Supreme People's Court").count.tolist()
    assert months == [127, 378, 175, 553]
    assert months[1] + months[2] == months[3]
    havana = datasets.load("cuba_releases_2010")
    to_spain = [n for n, what in zip(havana.count, havana.measure, strict=True) if "Spain" in what]
    assert to_spain == [5, 17, 20, 26, 32, 36, 42, 50, 114, 115]
    exchange = datasets.load("exchange_releases_2025").count
    assert exchange[0] == exchange[1] == 114 + 16 + 70
    assert datasets.load("myanmar_releases_2011").select(source="AAPP").count.tolist() == [220, 247, 272, 300]
    algeria = datasets.load("algeria_releases_2021")
    assert algeria.at_least.tolist() == [True, False, True, False, True, False]


def test_stocks_elsewhere_are_as_they_were_printed() -> None:
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


def test_describe_lists_every_table() -> None:
    frame = datasets.describe()
    assert list(frame.columns) == [
        "name",
        "kind",
        "lists",
        "persons",
        "counts",
        "sources",
        "what",
        "year",
        "source",
        "found_in",
        "caveats",
    ]
    assert list(frame["name"]) == list(datasets.names())
    tables = frame[frame["kind"] == "captures"]
    assert {row.name: (row.lists, row.persons) for row in tables.itertuples(index=False)} == PUBLISHED
    assert tables[["counts", "sources"]].isna().all(axis=None)
    published = frame[frame["kind"] != "captures"]
    assert {row.name: (row.counts, row.sources) for row in published.itertuples(index=False)} == {
        name: expected[1:] for name, expected in COUNTS.items()
    }
    assert published[["lists", "persons"]].isna().all(axis=None)


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("kosov", "Did you mean 'kosovo'?"),
        ("NEWORL", "Did you mean 'neworl', "),
        ("spina_621", "'spina_626' or 'spina'"),
        (
            "zzz",
            rf"no data set 'zzz'\. detcount\.datasets\.names\(\) gives all {len(datasets.names())}, and so",
        ),
    ],
)
def test_unknown_name_gets_its_neighbours(name: str, hint: str) -> None:
    with pytest.raises(InputError, match=hint):
        datasets.load(name)
    with pytest.raises(InputError, match=hint):
        datasets.describe(name)


def test_name_has_to_be_text() -> None:
    with pytest.raises(TypeError, match="name: expected the name of a data set as text, got int"):
        datasets.load(3)  # type: ignore[arg-type]


def test_a_table_that_ships_knows_its_name_and_keeps_it() -> None:
    table = datasets.load("kosovo")
    assert table.dataset == "kosovo"
    rest = [table.keep(["HRW", "EXH"]), table.drop("ABA"), table.merge(["EXH", "ABA"], into="both")]
    assert {other.dataset for other in (*rest, pickle.loads(pickle.dumps(table)))} == {"kosovo"}
    own = CaptureTable(table.lists, table.histories, table.counts)
    assert (own.dataset, own == table, own.digest == table.digest) == ("", True, True)
