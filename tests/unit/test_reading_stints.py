"""Stints of an invented register: counted at every midnight as one by one."""

import csv
import datetime as dt
import io
import warnings

import numpy as np
import openpyxl
import pytest

from detcount.cli import main
from detcount.data.published import PublishedStock
from detcount.errors import DetcountWarning, InputError
from detcount.io import read_frame

FIRST = dt.datetime.combine(dt.date(2025, 1, 1), dt.time())
HEAD = [
    *("Stay Book In Date Time", "Detention Book In Date And Time", "Detention Book Out Date Time"),
    *("Stay Book Out Date Time", "Detention Facility", "Birth Year", "Unique Identifier"),
]
N_DAYS = 120


def stints(seed=0, n=160):
    """Rows of persons who are moved, some let out and booked in again; some are still there."""
    rng = np.random.default_rng(seed)
    rows = []
    for k in range(n):
        at = FIRST + dt.timedelta(hours=float(rng.uniform(0, 24 * 80)))
        for _ in range(int(rng.integers(1, 3))):  # stays
            begun, places = at, []
            for _ in range(int(rng.integers(1, 4))):
                out = at + dt.timedelta(hours=float(rng.exponential(90)))
                places.append((at, out))
                at = out + dt.timedelta(hours=float(rng.choice([0.0, 0.5, 30.0], p=[0.5, 0.3, 0.2])))
            here = at > FIRST + dt.timedelta(days=100)
            for j, (one, two) in enumerate(places):
                out = None if here and j == len(places) - 1 else two
                rows.append([begun, one, out, None if here else places[-1][1], f"P{j}", 1990, f"{k:040x}"])
            if here:
                break
            at += dt.timedelta(hours=float(rng.uniform(0, 500)))
    order = rng.permutation(len(rows))
    return [rows[k] for k in order] + [rows[order[0]]]  # one row twice


def workbook(rows, n_sheets=3, *, beside=False):
    made = openpyxl.Workbook()
    made.remove(made.active)
    for k in range(n_sheets):
        sheet = made.create_sheet(f"Stints {k + 1}")
        for line in [
            "Office of Statistics",
            "Stints",
            "Source: register",
            "Sensitive",
            "",
            "As of 2025-05-01",
        ]:
            sheet.append([line])
        sheet.append(HEAD)
        for row in rows[k::n_sheets]:
            sheet.append(row)
    if beside:
        made.create_sheet("Notes").append(["Times are local"])
    made.save(stream := io.BytesIO())
    stream.seek(0)
    stream.name = "register.xlsx"
    return stream


def midnights(rows):
    """Persons held at the midnight that ends each day, one by one."""
    found = []
    for k in range(N_DAYS):
        night = FIRST + dt.timedelta(days=k + 1)
        inside = (row[-1] for row in rows if row[1] < night and (row[2] is None or row[2] >= night))
        found.append(len({*inside}))
    return found


def counted(stream):
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always", DetcountWarning)
        stock = PublishedStock.from_frame(read_frame(stream))
    return stock, " | ".join([*(str(each.message) for each in said), *map(str, stock.notes)])


def held(stock):
    by_day = {row["date"]: row["count"] for row in stock.to_frame().to_dict("records")}
    days = [FIRST.date() + dt.timedelta(days=k) for k in range(N_DAYS)]
    known = {f"{day:%Y-%m-%d}" if not isinstance(day, str) else day: n for day, n in by_day.items()}
    return [known.get(day.isoformat(), 0) for day in days if day.isoformat() in known]


@pytest.mark.parametrize("seed", [1, *(pytest.param(k, marks=pytest.mark.slow) for k in (2, 3))])
def test_the_number_held_at_every_midnight_is_that_of_the_stints(seed):
    rows = stints(seed)
    stock, said = counted(workbook(rows, beside=True))
    wanted = midnights(rows)
    assert held(stock) == wanted[: len(held(stock))]
    assert len(held(stock)) > 100
    assert max(wanted) > 20
    assert f"{len(rows)} stints of 160 persons were joined into" in said
    assert "'Notes' holds no stints and is not read" in said
    assert not any(row[-1] in said + stock.to_frame().to_csv() for row in rows)


def test_the_same_stints_in_a_text_are_the_same_counts():
    rows = stints(4)
    text = io.StringIO()
    csv.writer(text).writerows([HEAD, *([in_american(cell) for cell in row] for row in rows)])
    stream = io.BytesIO(text.getvalue().encode())
    stream.name = "register.csv"
    assert counted(stream)[0].digest == counted(workbook(rows))[0].digest


def in_american(cell):
    return f"{cell:%m/%d/%Y %H:%M}" if isinstance(cell, dt.datetime) else cell


def test_rows_set_aside_are_counted_and_a_stint_without_an_end_ends_where_the_next_begins():
    day = [FIRST + dt.timedelta(days=k, hours=9) for k in range(40)]
    rows = [
        [day[0], day[0], None, None, "A", 1990, "x1"],
        [day[0], day[3], day[8], None, "B", 1990, "x1"],
        [day[2], day[2], day[1], None, "A", 1990, "x2"],
        [day[2], None, day[5], None, "A", 1990, "x3"],
        [day[2], day[2], day[5], None, "A", 1990, None],
        [day[2], day[2], day[4], None, "A", 1990, None],
    ]
    stock, said = counted(workbook(rows, 1))
    assert held(stock) == [1, 1, 3, 3, 2, 1, 1, 1, 0]
    assert "2 rows are set aside, the first is data row 3" in said
    assert "1 stint without an end before another of its person is taken to end where that begins" in said
    assert "2 rows without an identifier are persons of their own" in said


def test_days_that_read_both_ways_are_set_aside_where_both_orders_stand():
    rows = [
        ["", "01/13/2025", "01/20/2025", "", "A", 1990, "x1"],
        ["", "14/01/2025", "15/01/2025", "", "A", 1990, "x2"],
        ["", "02/03/2025", "15/03/2025", "", "A", 1990, "x3"],
    ]
    stock, said = counted(workbook(rows, 1))
    assert "1 row is set aside, data row 3" in said
    assert held(stock) == [1, 2, 1, 1, 1, 1, 1, 0]


def test_a_stint_within_another_of_its_person_counts_nobody_twice_and_ends_nothing():
    day = [FIRST + dt.timedelta(days=k, hours=9) for k in range(9)]
    spans = ((0, 7, "x"), (2, 4, "x"), (3, 5, "y"))
    rows = [["", day[one], day[two], "", "A", 1990, who] for one, two, who in spans]
    assert held(counted(workbook(rows, 1))[0]) == [1, 1, 1, 2, 2, 1, 1, 0]


def test_no_day_at_all_is_refused():
    with pytest.raises(InputError, match="expected a day of the begin in some row"):
        counted(workbook([["", "soon", "", "", "A", 1990, "x1"]] * 3, 1))


def test_a_folder_takes_the_form_as_it_is(tmp_path, capsys):
    (tmp_path / "register.xlsx").write_bytes(workbook(stints(5)).getvalue())
    assert main(["start", str(tmp_path)]) == 0
    assert "register.xlsx: published totals of people held: 113 counts by 1 source" in capsys.readouterr().out
