"""Where and when lists operate: what a table says of it, and what is refused."""

import datetime as dt

import pandas as pd
import pytest

from detcount import Operates
from detcount.errors import InputError

TABLE = {
    "list": ["court", "court", "press", "prison"],
    "place": ["north", "south", None, "east"],
    "from": ["2024-10-01", None, None, "2024-01-01"],
    "to": [None, "2024-06-30", "2024-12-31", None],
}
LISTS = ("press", "court", "families", "prison")
EARLY, LATE = dt.date(2024, 2, 1), dt.date(2024, 11, 1)


def test_a_list_operates_where_and_when_its_rows_say_and_one_without_rows_always():
    there = Operates.from_frame(TABLE).there(LISTS, places=["north", "south", "east"], days=[EARLY, LATE])
    assert there.shape == (4, 3, 2)
    assert there[0].all()  # press, everywhere until the end of the year
    assert there[1].tolist() == [[False, True], [True, False], [False, False]]
    assert there[2].all()  # families: no row names it
    assert there[3].tolist() == [[False, False], [False, False], [True, True]]
    ever = Operates.from_frame(TABLE).there(LISTS, places=["north", "east"])
    assert ever[:, :, 0].tolist() == [[True, True], [True, False], [True, True], [False, True]]


def test_days_are_counted_to_the_last_and_a_list_may_have_two_periods():
    rows = (("press", None, "2024-01-10", "2024-01-12"), ("press", None, "2024-01-20", None))
    days = [dt.date(2024, 1, day) for day in (9, 10, 12, 13, 19, 20, 31)]
    there = Operates(rows).there(["press"], days=days)[0, 0]
    assert there.tolist() == [False, True, True, False, False, True, True]


def test_in_one_place_the_lists_of_others_operate_nowhere():
    north = Operates.from_frame(TABLE).at("north")
    assert north.there(LISTS, days=[EARLY, LATE])[:, 0].tolist() == [
        [True, True],
        [False, True],
        [True, True],
        [False, False],
    ]
    assert north.nowhere == ("prison",)
    with pytest.raises(InputError, match=r"list 'court' operates in 'north', and no place"):
        Operates.from_frame(TABLE).there(LISTS, days=[EARLY])


def test_a_file_a_frame_and_a_mapping_say_the_same(tmp_path):
    file = tmp_path / "operates.csv"
    file.write_text(pd.DataFrame(TABLE).rename(columns={"place": "stratum"}).to_csv(index=False))
    assert Operates.from_frame(file) == Operates.from_frame(pd.DataFrame(TABLE)) == Operates.from_frame(TABLE)
    short = Operates.of({"press": ("2024-10-01", None)})
    assert short == Operates((("press", None, "2024-10-01", None),))
    assert Operates.of(short) is short
    assert Operates.of(None).there(["press"]).all()
    assert Operates((("press", None, dt.date(2024, 10, 1), None),)) == short
    assert repr(short) == "Operates(rows=(('press', None, '2024-10-01', None),))"
    assert eval(repr(short), {"Operates": Operates}) == short
