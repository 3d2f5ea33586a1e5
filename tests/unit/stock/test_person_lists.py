"""`PersonLists`: how rows are read, what is refused, what was known on a day, and that nobody is named."""

import datetime as dt
import logging
import pickle

import numpy as np
import pandas as pd
import pytest

from detcount import Definition, PersonLists
from detcount._numerics.stock.spells import LONG_AGO, NEVER
from detcount.errors import InputError, error_text
from detcount.persons.dates import as_day, number_of

COLUMNS = {"person": "id", "list": "source", "entered": "arrest", "left": "exit"}
ALL = {**COLUMNS, "status": "state", "listed_on": "seen", "left_known_on": "heard"}
CANARIES = ("Xochiquetzal Urdaneta", "Wladimir Ñáñez", "V-31415926")


def read(rows, **asked):
    return PersonLists.from_frame(rows, **{**COLUMNS, **asked})


def rows_of(names, rows):
    """Columns of rows that are written in a line, - for a cell that is blank."""
    cells = [[None if cell == "-" else cell for cell in row.split()] for row in rows.split("|")]
    return {name: list(column) for name, column in zip(names.split(), zip(*cells, strict=True), strict=True)}


def day(text):
    return number_of(dt.date.fromisoformat(text))


def one(arrest, exit=None, **cells):
    """One person on one list, beside another who makes the second list."""
    rows = {"id": ["a", "z"], "source": ["press", "court"], "arrest": [arrest, "2024-01-01"]}
    rows["exit"] = [exit, None]
    rows |= {name: [cell, None] for name, cell in cells.items()}
    return rows


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("2024-08-15", "2024-08-15", "2024-08-15"),
        ("15/08/2024", "2024-08-15", "2024-08-15"),
        (45_519, "2024-08-15", "2024-08-15"),
        ("2024-08-15 10:30", "2024-08-15", "2024-08-15"),
        (dt.date(2024, 8, 15), "2024-08-15", "2024-08-15"),
        (dt.datetime.fromisoformat("2024-08-15T09:00"), "2024-08-15", "2024-08-15"),
        (np.datetime64("2024-08-15"), "2024-08-15", "2024-08-15"),
        (pd.Timestamp("2024-08-15"), "2024-08-15", "2024-08-15"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2024-8", "2024-08-01", "2024-08-31"),
        ("2023", "2023-01-01", "2023-12-31"),
        (2023, "2023-01-01", "2023-12-31"),
        (2023.0, "2023-01-01", "2023-12-31"),
        ("2024-08-03/2024-08-09", "2024-08-03", "2024-08-09"),
        ("2024-07 / 2024-08", "2024-07-01", "2024-08-31"),
        ("before 2024-08", None, "2024-07-31"),
        ("Antes de 2024-08-10", None, "2024-08-09"),
        ("after 2024-07", "2024-08-01", "2024-09-30"),
        ("después de 2024-07-05", "2024-07-06", "2024-09-30"),
        ("unknown", None, "2024-09-30"),
        (None, None, "2024-09-30"),
        ("  ", None, "2024-09-30"),
    ],
)
def test_a_day_is_a_span_of_days(written, first, last):
    rows = one(written, seen="2024-09-30")
    people = read(rows, listed_on="seen")
    row = int(np.flatnonzero(people.on == people.lists.index("press"))[0])
    assert people.entered_first[row] == (LONG_AGO if first is None else day(first))
    assert people.entered_last[row] == day(last)


@pytest.mark.parametrize(
    ("rows", "asked", "words"),
    [
        (one("2024-08-15", "2024-08-14"), {}, "exit is before the arrest"),
        (one("2024-08", "2024-07"), {}, "exit is before the arrest"),
        (one("2024-08-15", seen="2024-08-14"), {"listed_on": "seen"}, "named the person before the arrest"),
        (one("2024-08-15", "2024-09-01", heard="2024-08-31"), {"left_known_on": "heard"}, "it happened"),
        (one("2024-08-15", heard="2024-08-31"), {"left_known_on": "heard"}, "and no exit"),
        (
            one("2024-08-15", "2024-09-01", heard="2024-09-05", seen="2024-10-01"),
            {"left_known_on": "heard", "listed_on": "seen"},
            "known before the list named",
        ),
        (one("2024-08-15", "2024-09-01", state="inside"), {"status": "state"}, "status is inside"),
        (one("2024-08-15", state="at large"), {"status": "state"}, "expected 'inside', 'released'"),
        (one(None), {}, "nothing places the person in time"),
        (one("2024-08-15T10:00+02:00"), {}, "time zone"),
        (one("2024-08-15 10:00Z"), {}, "time zone"),
        (one(dt.datetime(2024, 8, 15, tzinfo=dt.UTC)), {}, "time zone"),
        (one("05/08/2024"), {}, "no row shows whether the day or the month comes first"),
        (one("2024-13"), {}, "a day of the calendar"),
        (one("2024-02-30"), {}, "a day of the calendar"),
        (one("2024-08-09/2024-08-03"), {}, "the earlier of two days first"),
        (one(4_519), {}, "expected a day"),
        (one("2024-08-15", seen="after 2024-08-20"), {"listed_on": "seen"}, "a day, a month or a year"),
        (one("2024-08-15"), {"left": "arrest"}, "named for two things"),
        (one("2024-08-15"), {"left": "exti"}, "no such column"),
        (one("2024-08-15"), {"held": ("released",)}, "expected statuses among"),
        (one("2024-08-15"), {"definition": Definition(unit="detention", who="all")}, "unit 'person'"),
    ],
)  # fmt: skip
def test_what_cannot_be_true_is_refused(rows, asked, words):
    with pytest.raises(InputError, match=words) as caught:
        read(rows, **asked)
    assert error_text(caught.value, "es") != str(caught.value)


def test_a_column_with_both_orders_of_days_is_refused():
    rows = rows_of(
        "id source arrest exit", "a press 31/01/2024 - | b court 01/31/2024 - | c press 03/04/2024 -"
    )
    with pytest.raises(InputError, match="the day first in some rows and the month in others"):
        read(rows)


def test_spells_that_overlap_on_one_list_are_refused():
    rows = rows_of("id source arrest", "a press 2024-01-10 | b court 2024-06-30 | a press 2024-05-02")
    for exit, fine in [("2024-05-02", True), ("2024-05-03", False), ("2024-05", False), (None, True)]:
        rows["exit"] = [exit, None, None]
        if fine:
            assert len(read(rows).spells.owner) == 3
        else:
            with pytest.raises(
                InputError, match="data rows 1 and 3: the same person stands twice on list 'press'"
            ):
                read(rows)


def test_an_exit_that_one_list_knows_holds_on_all():
    rows = rows_of(
        "id source arrest exit", "a press 2024-08 2024-10-02 | a court 2024-08-20 - | b court 2024-08-20 -"
    )
    spells = read(rows).spells
    assert spells.code.tolist() == [3, 1]
    assert spells.left.tolist() == [day("2024-10-02"), NEVER]
    assert spells.entered.tolist() == [day("2024-08-20")] * 2  # the one day that both lists allow


def test_lists_that_contradict_each_other_leave_every_day_between_possible():
    rows = {
        "id": ["a", "a", "b"],
        "source": ["press", "court", "press"],
        "arrest": ["2024-02-01", "2024-02-03", "2024-02-01"],
        "exit": ["2024-12-20", "2024-03-01", None],
    }
    people = read(rows)
    spells = people.spells
    assert (spells.left_first[0], spells.left_last[0]) == (day("2024-03-01"), day("2024-12-20"))
    assert people.conflicts().to_dict("records") == [
        {"what": "left", "days": 294, "rows": (1, 2)},
        {"what": "entered", "days": 2, "rows": (1, 2)},
    ]
    assert len(people.conflicts(beyond=2)) == 1
    assert any("by up to 294 days" in note for note in people.notes)
    assert any("hasta 294" in note.say("es") for note in people.notes)


def test_two_spells_of_a_person_are_two():
    rows = rows_of(
        "id source arrest exit", "a press 2024-02-01 2024-03-01 | a court 2024-02-03 - | a court 2024-06 -"
    )
    with pytest.raises(InputError, match="got 2 different values, for 1 person"):
        read(rows)  # more lists than persons: the two may be the wrong way round
    for told in (None, "2024-03-02"):  # whoever is arrested again had left, whether or not the court says it
        rows["exit"] = ["2024-03-01", told, None]
        named = read(rows, lists=["court", "press"])
        assert named.spells.code.tolist() == [3, 1]
        assert named.n_persons == 1
    rows["exit"] = ["2024-03-01", None, None]
    rows["arrest"][2] = "2024-03-20"  # within two months it may be a slip of the pen
    with pytest.raises(InputError, match="data rows 2 and 3"):
        read(rows, lists=["court", "press"])


def test_whoever_is_arrested_again_had_left_on_an_unknown_day():
    rows = rows_of(
        "id source arrest exit", "a press 2024-02-01 - | a court 2024-08-03 - | b court 2024-02-02 -"
    )
    spells = read(rows).spells
    assert spells.code.tolist() == [2, 1, 1]
    assert spells.left_last.tolist() == [day("2024-08-03"), NEVER, NEVER]
    assert spells.left_first[0] == day("2024-02-01")
    rows["exit"][0] = "2024-09-01"  # a later day of exit contradicts a second arrest
    assert read(rows).spells.code.tolist() == [3, 1]


def test_statuses_say_whether_somebody_left():
    rows = {
        "id": list("abcdefg"),
        "source": ["press", "court"] * 3 + ["press"],
        "arrest": ["2024-01-01"] * 7,
        "exit": ["2024-03-01", None, "2024-03-01", "2024-03-01", "2024-03-01", None, None],
        "state": ["released", "inside", "dead", "transferred", "house arrest", "unknown", " Released "],
    }
    left = read(rows, status="state").spells.left
    assert (left < NEVER).tolist() == [True, False, True, True, True, False, True]
    kept = read(rows, status="state", held=("house arrest", "transferred"))
    assert (kept.spells.left < NEVER).tolist() == [True, False, True, False, False, False, True]
    assert any("transferred" in note for note in kept.notes)


def test_statuses_are_read_as_lists_write_them():
    words = [
        "Excarcelada",
        "detenido",
        "Fallecido",
        "trasladada",
        "arresto domiciliario",
        "held",
        "PRESO",
        "libre",
    ]
    rows = {
        "id": list("abcdefgh"),
        "source": ["press", "court"] * 4,
        "arrest": ["2024-01-01"] * 8,
        "exit": [None] * 8,
        "state": words,
    }
    people = read(rows, status="state")
    inside = {"detenido", "held", "PRESO"}
    assert (people.spells.left < NEVER).tolist() == [word not in inside for word in words]
    assert people.notes[0] == (
        "Statuses were read so: 'Excarcelada' as 'released', 'detenido' as 'inside', 'Fallecido' as 'dead', "
        "'trasladada' as 'transferred', 'arresto domiciliario' as 'house arrest', 'held' as 'inside', "
        "'PRESO' as 'inside', 'libre' as 'released'."
    )
    assert not any(
        "Statuses" in note for note in read({**rows, "state": ["inside"] * 8}, status="state").notes
    )


def test_an_exit_without_a_day_is_known_at_the_end_and_happened_between():
    rows = rows_of("id source arrest exit", "a press 2024-01-01 unknown | b court 2024-01-05 2024-04-10")
    people = read(rows)
    assert people.latest_day == dt.date(2024, 4, 10)
    assert as_day(people.spells.left[0]) == dt.date(2024, 2, 20)  # in the middle
    assert people.spells.left_first[0] == day("2024-01-01")  # so that the floor never counts the person
    assert (people.as_of("2024-04-09").spells.left == NEVER).all()


def test_what_was_known_on_a_day():
    rows = {
        "id": ["a", "a", "b", "c"],
        "source": ["press", "court", "press", "court"],
        "arrest": ["2024-01-01"] * 4,
        "exit": ["2024-02-01", None, None, "2024-02-05"],
        "state": ["released", "inside", "inside", "dead"],
        "seen": ["2024-01-10", "2024-03-01", "2024-04-01", "2024-01-20"],
        "heard": ["2024-02-20", None, None, "2024-03-15"],
    }
    people = read(rows, status="state", listed_on="seen", left_known_on="heard")
    assert people.latest_day == dt.date(2024, 4, 1)
    early = people.as_of("2024-02-19")
    assert early.list_sizes == {"court": 1, "press": 1}
    assert (early.spells.left == NEVER).all()
    assert early.latest_day == dt.date(2024, 2, 19)
    later = people.as_of("2024-02-20")
    assert later.spells.left.tolist() == [day("2024-02-01"), NEVER]
    assert early.as_of("2024-01-15") == people.as_of("2024-01-15")
    assert people.as_of("2024-04-01") == people
    with pytest.raises(InputError, match="nobody was listed by 9 January 2024; the first was on 10 January"):
        people.as_of("2024-01-09")
    with pytest.raises(InputError, match="expected a day up to 1 April 2024"):
        people.as_of("2024-04-02")


def canaried(**changes):
    """Rows whose persons would be seen anywhere."""
    rows = {
        "id": [CANARIES[0], CANARIES[0], CANARIES[1], CANARIES[2]],
        "source": ["press", "court", "press", "court"],
        "arrest": ["2024-01-01", "2024-01", "2024-01-03", "before 2024-03"],
        "exit": ["2024-02-01", "2024-12-05", None, "unknown"],
        "state": ["released", "dead", "inside", "transferred"],
        "seen": ["2024-01-10", "2024-03-01", "2024-04-01", "2024-05-20"],
        "heard": ["2024-02-20", "2024-12-20", None, None],
    }
    return {**rows, **changes}


def clean(text):
    assert not [canary for canary in CANARIES if canary in text]


def test_no_person_is_in_any_output(caplog):
    caplog.set_level(logging.DEBUG)
    people = PersonLists.from_frame(canaried(), **ALL)
    shown = [
        repr(people),
        str(people),
        str(people.summary()),
        people.summary().say("es"),
        people._repr_html_(),
    ]
    shown += [people.to_frame().to_string(), people.conflicts().to_string(), repr(vars(people)), caplog.text]
    shown += [repr(people.as_of("2024-06-01")), people.digest, *people.notes]
    clean("\n".join(shown))
    for canary in CANARIES:
        assert canary.encode() not in pickle.dumps(people)
    again = pickle.loads(pickle.dumps(people))
    assert again == people
    assert not again.person.flags.writeable


@pytest.mark.parametrize(
    "changes",
    [
        *({name: [*canaried()[name][:3], canary]} for name in ("arrest", "exit", "state", "seen", "heard")
          for canary in CANARIES),
        {"source": [*CANARIES, "press"]},
        {"id": [CANARIES[0], CANARIES[0].upper(), CANARIES[1], CANARIES[2]]},
        {"id": [CANARIES[0], None, CANARIES[1], CANARIES[2]]},
        {"id": [CANARIES[0], CANARIES[0], CANARIES[0], CANARIES[2]]},
        {"exit": ["2023-02-01", None, None, None]},
    ],
)  # fmt: skip
def test_no_person_is_in_an_error(changes, caplog):
    caplog.set_level(logging.DEBUG)
    with pytest.raises(InputError) as caught:
        PersonLists.from_frame(canaried(**changes), **ALL, lists=["press", "court"])
    clean(str(caught.value) + error_text(caught.value, "es") + repr(caught.value.__context__) + caplog.text)


def test_persons_in_place_of_lists_are_refused():
    names = [f"{canary} {k}" for k in range(5) for canary in CANARIES]
    rows = {
        "id": ["press", "court", "ong"] * 5,
        "source": names,
        "arrest": ["2024-01-01"] * 15,
        "exit": [None] * 15,
    }
    with pytest.raises(InputError, match="wrong way round") as caught:
        read(rows)
    clean(str(caught.value))


def test_a_day_far_after_all_others_may_be_a_slip_of_the_pen():
    def rows(last):
        seen = [f"2024-{1 + k % 12:02}-10" for k in range(40)]
        seen[7] = last
        return {
            "id": range(40),
            "source": ["press", "court"] * 20,
            "arrest": ["2024-01-05"] * 40,
            "seen": seen,
        }

    def read(frame):
        return PersonLists.from_frame(
            frame, person="id", list="source", entered="arrest", listed_on="seen", allow_future=True
        )

    people = read(rows("2042-10-08"))
    (note,) = [note for note in people.notes if "slip of the pen" in note]
    assert "6,511 days or more after all others, the last 8 October 2042" in note
    assert not any("slip of the pen" in note for note in read(rows("2025-03-08")).notes)
    few = {key: list(cells)[:10] for key, cells in rows("2042-10-08").items()}
    assert not any("slip of the pen" in note for note in read(few).notes)
