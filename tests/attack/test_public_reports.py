"""Attacks on public reports, by a reader who has nothing but the page and knows how it is made.

Each of the first attacks gave a count of 1 to 4 away in reports that hid small counts one by one.
"""

import itertools
import json
import re
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import pytest

from assessed import QUICK
from attack import pages as reader
from cases import tables
from detcount import abundance, datasets
from detcount.assessment import assess
from detcount.privacy import FEW_LISTED

TABLES = tables("public_reports")

# the families of the 4-list tables: those that answer in a fraction of a second
FOUR = (*TABLES["four"],)
CHEAP = ("chapman", "chao")
_AT_RANDOM = 100


@dataclass(frozen=True)
class Once:
    """What was asked of a table, with every companion assessed once in a run."""

    families: tuple[str, ...] | None

    def of_companion(self, table):
        return assessed_with(table, self.families)


@cache
def assessed_with(table, families):
    """An assessment; those of companions are made once."""
    result = assess(table, families=families)
    return replace(result, fits=replace(result.fits, asked=Once(families)))


def agreeing(printed, k, cells):
    return all(low <= row @ np.array(cells) <= high for row, low, high in reader.constraints(printed, k))


def candidates(cells, printed):
    """Tables that an attacker tries: all of two lists, nearest first; else those that turn small counts.

    The attacker knows how companions are made, and tries each way of it with each cell to make up for it;
    then the same counts in other places, and others at random.
    """
    k = (len(cells) + 1).bit_length() - 1
    n = sum(cells)
    if k == 2:
        every = [(a, b, n - a - b) for a in range(n + 1) for b in range(n - a + 1)]
        near = sorted(every, key=lambda other: sum(abs(x - y) for x, y in zip(cells, other, strict=True)))
        return [other for other in near[1:] if agreeing(printed, k, other)]
    found = []
    for turned in ([m + 1 if m % 2 else m - 1 for m in cells], [5 - m for m in cells]):
        other = [new if old in reader.SMALL else old for new, old in zip(turned, cells, strict=True)]
        gap = n - sum(other)
        for place in sorted(range(len(cells)), key=lambda j: -cells[j]):
            tried = list(other)
            tried[place] += gap
            if tried[place] >= 0 and agreeing(printed, k, tuple(tried)):
                found.append(tuple(tried))
    rng = np.random.default_rng(n)
    others = [rng.permutation(cells) for _ in range(_AT_RANDOM)]
    others += [rng.multinomial(n, rng.dirichlet(np.ones(len(cells)))) for _ in range(_AT_RANDOM)]
    found += [other for row in others if agreeing(printed, k, other := tuple(map(int, row)))]
    return [other for other in dict.fromkeys(found) if other != cells]


def found_out(cells, families, *, pictures=False):
    """Hidden counts that have one value in all the tables found that print the same pages."""
    hidden = reader.hidden_counts(cells)
    if not hidden:
        return set()
    pages = reader.pages_of(assessed_with(reader.made(cells), families), pictures=pictures)
    left = dict(hidden)
    for other in candidates(cells, reader.read_markdown(pages["markdown en"])):
        apart = {name for name, (row, value) in left.items() if row @ np.array(other) != value}
        if not apart or not alike_at_a_glance(cells, other):
            continue
        result = assessed_with(reader.made(other), families)
        if reader.pages_of(result, pictures=pictures) == pages:
            left = {name: item for name, item in left.items() if name not in apart}
        if not left:
            break
    return set(left)


@cache
def glance(cells):
    return assess(reader.made(cells), families=CHEAP).to_markdown()


def alike_at_a_glance(cells, other):
    """Whether it is worth computing everything."""
    return glance(cells) == glance(other)


def linear_faults(cells):
    """Hidden counts that follow from the printed counts and words of any format."""
    k = (len(cells) + 1).bit_length() - 1
    result = assess(reader.made(cells), families=CHEAP)
    text = result.to_markdown()
    printed = reader.read_markdown(text)
    assert printed == reader.read_markdown(result.to_markdown(lang="es"))
    assert printed == reader.read_plain(str(result)) == reader.read_record(result.public().record())
    known = reader.constraints(printed, k, text)
    faults = []
    for name, (row, value) in reader.hidden_counts(cells).items():
        low, high = reader.integer_range(row, known, apart_from=value)
        if low == high:
            faults.append(f"{cells}: {name}")
    return faults


# what succeeded before


def test_list_sizes_of_two_lists_do_not_give_the_overlap():
    cells = (41, 37, 3)
    printed = reader.read_markdown(assess(reader.made(cells)).to_markdown())
    assert printed.n[0] <= sum(cells) <= printed.n[1]
    row = reader.quantities(2)["pair 01"]
    low, high = reader.integer_range(row, reader.constraints(printed, 2))
    assert high > low
    assert high >= 3 >= low


def test_sizes_and_exclusives_do_not_give_the_cells():
    cells = (31, 17, 12, 3, 8, 4, 2)
    text = assess(reader.made(cells), families=CHEAP).to_markdown()
    assert "On no other list" not in text
    assert " + " not in text
    assert linear_faults(cells) == []


def test_no_digest_of_256_tables_is_on_the_page():
    cells = (31, 17, 12, 3, 8, 4, 2)
    pages = reader.pages_of(assess(reader.made(cells), families=CHEAP), pictures=True)
    places = [j for j, n in enumerate(cells) if n in reader.SMALL]
    for values in itertools.product(reader.SMALL, repeat=len(places)):
        tried = list(cells)
        for place, value in zip(places, values, strict=True):
            tried[place] = value
        digest = reader.made(tuple(tried)).digest
        assert not any(digest[:12] in page for page in pages.values())


def test_no_row_of_whole_persons_tells_tables_apart():
    cells = (31, 17, 12, 3, 8, 4, 2)
    estimate = abundance.LogLinear().fit(reader.made(cells))
    row = (f"{estimate.interval().low:,.0f}", f"{estimate.point:,.0f}", f"{estimate.interval().high:,.0f}")
    places = [j for j, n in enumerate(cells) if n in reader.SMALL]
    alike = 0
    for values in itertools.product(reader.SMALL, repeat=len(places)):
        tried = list(cells)
        for place, value in zip(places, values, strict=True):
            tried[place] = value
        other = abundance.LogLinear().fit(reader.made(tuple(tried)))
        told = (f"{other.interval().low:,.0f}", f"{other.point:,.0f}", f"{other.interval().high:,.0f}")
        alike += told == row
    assert alike == 1  # the row would tell which of the tables it is
    for page in reader.pages_of(assessed_with(reader.made(cells), QUICK)).values():
        assert not set(re.findall(r"\d+", page.replace(",", ""))) >= set(row)
        assert "LogLinear" not in page


# the linear test


@pytest.mark.parametrize("seed", range(12))
def test_a_few_tables_keep_their_small_counts(seed):
    rng = np.random.default_rng(seed)
    assert linear_faults(reader.random_cells(rng, 2 + seed % 3)) == []


@pytest.mark.slow
@pytest.mark.parametrize(("k", "tables"), [(2, 350), (3, 350), (4, 200), (5, 100)])
def test_a_thousand_tables_keep_their_small_counts(k, tables):
    rng = np.random.default_rng(100 + k)
    hidden = 0
    for _ in range(tables):
        cells = reader.random_cells(rng, k)
        hidden += len(reader.hidden_counts(cells))
        assert linear_faults(cells) == []
    assert hidden > tables


def test_sums_of_strata_give_no_small_count_of_a_stratum():
    rng = np.random.default_rng(7)
    rows = np.array(reader.histories(3))
    for _ in range(8):
        strata = [reader.random_cells(rng, 3) for _ in range(3)]
        total = tuple(int(n) for n in np.sum(strata, axis=0))
        pages = [
            reader.read_markdown(assess(reader.made(cells), families=CHEAP).to_markdown())
            for cells in (*strata, total)
        ]
        known = []
        for s, printed in enumerate(pages):
            parts = range(3) if s == 3 else (s,)
            for row, low, high in reader.constraints(printed, 3):
                wide = np.zeros(3 * len(rows))
                for part in parts:
                    wide[part * len(rows) : (part + 1) * len(rows)] = row
                known.append((wide, low, high))
        for s, cells in enumerate(strata):
            for name, (row, value) in reader.hidden_counts(cells).items():
                wide = np.zeros(3 * len(rows), dtype=int)
                wide[s * len(rows) : (s + 1) * len(rows)] = row
                low, high = reader.integer_range(wide, known, apart_from=value)
                assert low < high, (strata, s, name)


def test_two_reports_a_person_apart_give_no_small_count():
    """Two reports of one table: whoever was added may be on any lists, and small counts stay uncertain."""
    rng = np.random.default_rng(11)
    n_hidden = 0
    for _ in range(8):
        cells = reader.random_cells(rng, 3)
        place = int(rng.integers(len(cells)))
        more = tuple(n + (j == place) for j, n in enumerate(cells))
        first, second = (
            reader.read_markdown(assess(reader.made(item), families=CHEAP).to_markdown())
            for item in (cells, more)
        )
        possible = {name: set() for name in reader.hidden_counts(cells)}
        n_hidden += len(possible)
        for j in range(len(cells)):
            known = reader.constraints(first, 3)
            for row, low, high in reader.constraints(second, 3):
                known.append((row, low - row[j], high - row[j]))
            try:
                for name, (row, value) in reader.hidden_counts(cells).items():
                    possible[name] |= set(reader.integer_range(row, known, apart_from=value))
            except AssertionError:
                continue
        assert all(len(values) > 1 for values in possible.values())
    assert n_hidden > 15


def test_no_format_names_a_rule_that_the_page_withholds():
    """At least nine in ten of one list on the other: with 140 listed 27 and 3 tell how few are not."""
    result = assess(reader.made((3, 110, 27)), families=CHEAP)
    assert "lists alike" in {found.rule for found in result.findings}
    assert "its reason cannot be given" in result.to_markdown()
    assert read_record_rules(result) == ["withheld", "not calibrated"]
    assert not any("lists alike" in page for page in reader.pages_of(result).values())


def read_record_rules(result):
    return [found["rule"] for found in result.public().record()["reasons"]]


# the membership test


def a_person_apart(seed, n_tables):
    """Whether pages with and without one person are the same: of fewer than 100 people, and of more."""
    rng = np.random.default_rng(seed)
    few = []
    more = []
    while len(few) + len(more) < n_tables:
        k = 2 + (len(few) + len(more)) % 2
        cells = reader.random_cells(rng, k)
        if sum(cells) < 4:
            continue
        place = rng.choice(len(cells), p=np.array(cells) / sum(cells))
        fewer = tuple(n - (j == place) for j, n in enumerate(cells))
        families = ("calibrated", "independence") if k > 2 else None
        one, other = (reader.pages_of(assessed_with(reader.made(each), families)) for each in (cells, fewer))
        (few if sum(cells) < FEW_LISTED else more).append(one == other)
        if shape_of(one) == shape_of(other):  # the same rules apply: figures alone may differ
            assert reader.differences(one, other) == {}
    return few, more


def shape_of(pages):
    """What of a public record is no figure: rules, and which numbers there are at all."""
    record = {key: value for key, value in json.loads(pages["record"]).items() if key != "sentence"}
    return re.sub(r"\d[\d.]*", "#", json.dumps(record))


@pytest.mark.slow
def test_one_person_less_leaves_pages_of_few_people_as_they_are():
    few, _ = a_person_apart(5, 12)
    assert np.mean(few) >= 0.9


@pytest.mark.slow
def test_one_person_less_in_200_tables():
    few, more = a_person_apart(6, 200)
    assert len(few) > 100
    assert np.mean(few) >= 0.95
    assert np.mean(more) >= 0.3  # a range is printed of them, whose rounded limits move


# the fingerprint test


@pytest.mark.parametrize(
    "cells",
    [
        *((14, 9, 2), (6, 1, 3), (2, 3, 1), (55, 4, 4)),
        *(pytest.param(each, marks=pytest.mark.slow) for each in ((30, 22, 4), (12, 7, 1), (40, 3, 20))),
    ],
)
def test_two_lists_share_their_page_with_other_counts(cells):
    assert found_out(cells, None) == set()


@pytest.mark.parametrize("cells", [(20, 15, 3, 12, 4, 2, 1), (9, 14, 6, 8, 1, 2, 5)])
def test_three_lists_share_their_page_with_other_counts(cells):
    assert found_out(cells, ("calibrated", "independence", "chao", "pairwise")) == set()


@pytest.mark.parametrize("cells", [(14, 9, 2), (3, 1, 1)])
def test_pages_and_pictures_are_the_same_too(cells):
    assert found_out(cells, None, pictures=True) == set()
    result = assess(reader.made(cells))
    for lang in ("en", "es"):
        assert reader.read_html(result.to_html(lang=lang)) == reader.read_markdown(result.to_markdown())


@pytest.mark.slow
@pytest.mark.parametrize(
    ("k", "tables", "families"),
    [(2, 130, None), (3, 37, FOUR), (3, 15, QUICK), (3, 3, None), (4, 15, FOUR)],
    ids=["two lists", "three lists", "and models compared", "and latent classes", "four lists"],
)
def test_random_tables_share_their_pages(k, tables, families):
    rng = np.random.default_rng(1000 * k + tables)
    tried = 0
    while tried < tables:
        cells = reader.random_cells(rng, k)
        if not reader.hidden_counts(cells):
            continue
        tried += 1
        assert found_out(cells, families, pictures=tried <= 2) == set(), cells


def test_every_number_of_the_page_is_in_the_public_content():
    result = assessed_with(reader.made((31, 17, 12, 3, 8, 4, 2)), QUICK)
    content = result.public()
    allowed = {content.n_observed, 0.95, content.size_unit, len(content.lists), content.seed}
    allowed |= {row.persons for row in content.lists} | {content.claimed, content.n_claims}
    allowed |= {
        value for row in content.families if row.recommended for value in (row.low, row.high, row.point)
    }
    allowed |= set(content.span or ()) | set(content.tipping_within or ())
    allowed |= {value for row in content.curve for value in (row.odds_ratio, row.low, row.high)}
    allowed |= {
        abs(round(100 * change))
        for row in content.wrong_entries
        for change in (row.floor_change, row.total_change)
        if change is not None
    }
    known = {f"{value:g}" for value in allowed if value is not None} | {
        f"{value:.0f}" for value in allowed if value
    }
    text = result.to_markdown()
    body = text.split("## To make the numbers again")[0]
    # limits of rules, the words on what is published, and what the calibration was learned from
    for fixed in TABLES["no_figures"]:
        body = body.replace(fixed, "")
    found = set(re.findall(r"\d+(?:\.\d+)?", re.sub(r"(?<=\d),(?=\d{3})", "", body)))
    assert found <= known


def test_a_public_data_set_has_companions_too():
    result = assess(datasets.load("artificial_3"), families=CHEAP)
    assert result.public().to_markdown() != result.to_markdown()
    assert reader.cells_of(result.table) != reader.cells_of(reader.made((1, 1, 1, 1, 1, 1, 1)))
