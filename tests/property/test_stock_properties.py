"""Snapshots against a slow count with sets of days, person by person; and what must not change them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detcount import PersonLists, stock
from detcount._numerics.stock.spells import shared_at
from detcount.errors import InputError

START = np.datetime64("2024-01-01")
N_DAYS = 40
LISTS = ("press", "court", "ong")
COLUMNS = {
    "person": "id", "list": "source", "entered": "arrest", "left": "exit",
    "listed_on": "seen", "left_known_on": "heard",
}  # fmt: skip


def written(first, last):
    return f"{START + first}/{START + last}"


@st.composite
def entries(draw):
    """Rows of a few persons; spells on one list that may overlap are mended by leaving the later row out."""
    rows = {name: [] for name in COLUMNS.values()}
    for person in range(draw(st.integers(2, 7))):
        for name in draw(st.lists(st.sampled_from(LISTS), min_size=1, max_size=4)):
            first = draw(st.integers(0, 20))
            last = first + draw(st.sampled_from([0, 0, 0, 3, 10]))
            seen = first + draw(st.integers(0, 15))
            out = draw(st.booleans())
            x_first = first + draw(st.integers(0, 12))
            x_last = max(x_first, first) + draw(st.sampled_from([0, 0, 4]))
            heard = max(x_first, seen) + draw(st.integers(0, 8))
            rows["id"].append(f"p{person}")
            rows["source"].append(name)
            rows["arrest"].append(written(first, last))
            rows["exit"].append(written(x_first, x_last) if out else None)
            rows["seen"].append(str(START + seen))
            rows["heard"].append(str(START + heard) if out else None)
    return rows


def people_of(rows):
    """The lists, and their rows: the later of two that overlap is left out. Of fewer than two lists None."""
    while len(set(rows["source"])) > 1:
        try:
            return PersonLists.from_frame(rows, **COLUMNS, lists=LISTS), rows
        except InputError as error:
            bad = int(str(error).split("data rows ")[1].split(":")[0].split(" and ")[1]) - 1
            rows = {name: [cell for k, cell in enumerate(cells) if k != bad] for name, cells in rows.items()}
    return None, rows


def span(cell):
    first, last = ((np.datetime64(day) - START).astype(int) for day in cell.split("/"))
    return set(range(first, last + 1))


def number(cell):
    return int((np.datetime64(cell) - START).astype(int))


def agreed(spans):
    common = set.intersection(*spans)
    together = set.union(*spans)
    return common or set(range(min(together), max(together) + 1))


def slow(people, rows, known):
    """Lists, days of the table and certain days of every spell, on what was known on a day."""
    found = []
    kept = people.row.tolist()
    for person in sorted(set(rows["id"])):
        mine = []
        for k in kept:
            if rows["id"][k] == person and number(rows["seen"][k]) <= known:
                entry = span(rows["arrest"][k])
                entry = {day for day in entry if day <= number(rows["seen"][k])}
                told = rows["exit"][k] is not None and number(rows["heard"][k]) <= known
                out = span(rows["exit"][k]) if told else None
                if out is not None:
                    out = {day for day in out if day <= number(rows["heard"][k])}
                middle = (min(entry) + max(entry)) // 2
                mine.append(
                    (middle, max(out) if out else 999, rows["source"][k], entry, out, number(rows["seen"][k]))
                )
        mine.sort(key=lambda each: each[:2])
        groups = []
        for each in mine:
            before = [other for group in groups for other in group]
            over = max((other[1] for other in before), default=-1)
            latest = max((min(other[3]) for other in before), default=-1)
            if not groups or (min(each[3]) >= over and min(each[3]) > latest):
                groups.append([])
            groups[-1].append(each)
        free = -1
        for group in groups:
            entry = agreed([each[3] for each in group])
            listed = min(each[5] for each in group)
            entry = {day for day in entry if day <= max(listed, min(entry))}
            enter = max((min(entry) + max(entry)) // 2, free)
            outs = [each[4] for each in group if each[4] is not None]
            leave = 999
            seen = [each[5] for each in group if each[4] is None or each[5] < min(each[4])]
            if outs:
                out = agreed(outs)
                least = max(min(out), min(entry))
                most = max(max(out), least)
                after = max(least, (min(entry) + max(entry)) // 2)
                leave = (after + max(most, after) + 1) // 2
            leave = max(leave, enter)
            free = leave if outs else free
            certain = set(range(max(entry), least)) if outs else set(range(max(entry), max(seen) + 1))
            found.append((frozenset(each[2] for each in group), set(range(enter, leave)), certain))
    return found


def histories(table):
    return {
        frozenset(np.array(table.lists)[row.astype(bool)].tolist()): int(count)
        for row, count in zip(table.histories, table.counts, strict=True)
    }


@given(entries())
def test_tables_floor_and_names_are_those_of_a_slow_count(rows):
    people, rows = people_of(rows)
    if people is None:
        return
    last = (np.datetime64(people.latest_day) - START).astype(int)
    days = list(range(0, int(last) + 1, 4))
    dates = [START + day for day in days]
    latest = stock.snapshots(people, dates)
    daily = stock.snapshots(people, dates, as_of="day")
    whole = slow(people, rows, int(last))
    for day, date in zip(days, latest.dates, strict=True):
        assert latest.floor(date) == sum(day in certain for _, _, certain in whole)
        for taken, spells in ((latest, whole), (daily, slow(people, rows, day))):
            wanted = {}
            for names, covers, _ in spells:
                if day in covers:
                    wanted[names] = wanted.get(names, 0) + 1
            if date in taken.tables:
                assert histories(taken.tables[date]) == wanted
            else:
                assert len(set().union(*wanted)) < 2
        assert latest.named(date) == sum(wanted.values())


@given(entries(), st.integers(0, N_DAYS))
def test_each_day_as_known_then_is_the_table_of_what_was_known(rows, day):
    people, rows = people_of(rows)
    if people is None:
        return
    date = START + day
    if date > np.datetime64(people.latest_day) or (people.listed > int(date.astype(int))).all():
        return
    daily = stock.snapshots(people, [date], as_of="day")
    for other in (
        stock.snapshots(people.as_of(date), [date]),
        stock.snapshots(people, [date], as_of=date),
    ):
        assert daily.tables == other.tables
    assert daily.named(date) == stock.snapshots(people.as_of(date), [date]).named(date)


@settings(max_examples=20)
@given(entries(), st.permutations(range(28)), st.permutations(LISTS))
def test_neither_the_order_of_rows_nor_that_of_lists_matters(rows, order, lists):
    people, rows = people_of(rows)
    if people is None:
        return
    order = [k for k in order if k < len(rows["id"])] + list(range(28, len(rows["id"])))
    other = PersonLists.from_frame(
        {name: [cells[k] for k in order] for name, cells in rows.items()}, **COLUMNS, lists=lists
    )
    date = people.latest_day
    for as_of in ("latest", "day"):
        one, two = (stock.snapshots(each, [date], as_of=as_of) for each in (people, other))
        assert {day: histories(table) for day, table in one.tables.items()} == {
            day: histories(table) for day, table in two.tables.items()
        }
        assert one.floors.tolist() == two.floors.tolist()
        assert one.names.tolist() == two.names.tolist()


DAYS = st.integers(0, 20)


@given(st.lists(st.tuples(DAYS, DAYS), min_size=1), st.sets(DAYS, min_size=1))
def test_who_is_shared_is_counted_one_by_one(spells, days):
    start, stop = np.array(spells).T
    days = np.array(sorted(days))
    found = shared_at(start, stop, days)
    for i, first in enumerate(days):
        for j, last in enumerate(days):
            wanted = sum(a <= min(first, last) and max(first, last) < b for a, b in spells)
            assert found[i, j] == wanted


def test_floor_and_named_differ_where_an_exit_was_learned_late():
    rows = {"id": ["a", "b"], "source": ["press", "court"], "arrest": ["2024-01-01"] * 2}
    rows |= {"exit": ["2024-01-05", None], "seen": ["2024-01-03"] * 2, "heard": ["2024-01-09", None]}
    people = PersonLists.from_frame(rows, **COLUMNS)
    taken = stock.snapshots(people, ["2024-01-04"])
    assert [taken.floor(f"2024-01-0{k}") for k in (1, 4, 5)] == [2, 1, 0]
    assert [taken.not_known_to_have_left(f"2024-01-0{k}") for k in (1, 4, 5)] == [2, 2, 1]
    assert taken.evidence("2024-01-02") == {"left_later": 1, "named_later": 1}
    assert [taken.named(f"2024-01-0{k}") for k in (2, 8, 9)] == [0, 2, 1]
    assert taken.floor("2023-12-31") == 0
    with pytest.raises(InputError, match="expected a day up to 9 January 2024"):
        taken.floor("2024-01-10")
