"""`PersonLists`: how rows are read, what is refused, what was known on a day, and that nobody is named."""

import datetime as dt
import logging
import pickle

import pytest

from detcount import PersonLists
from detcount._numerics.stock.spells import NEVER
from detcount.errors import InputError
from detcount.reading.days import number_of

COLUMNS = {"person": "id", "list": "source", "entered": "arrest", "left": "exit"}
ALL = {**COLUMNS, "status": "state", "listed_on": "seen", "left_known_on": "heard"}
CANARIES = ("Xochiquetzal Urdaneta", "Wladimir Ñáñez", "V-31415926")


def read(rows, **asked):
    return PersonLists.from_frame(rows, **{**COLUMNS, **asked})


def day(text):
    return number_of(dt.date.fromisoformat(text))


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
        people.summary().translated("es"),
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


def test_a_day_far_after_all_others_may_be_a_typing_error():
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
    (note,) = [note for note in people.notes if "typing error, correct" in note]
    assert "6,511 days or more after all others, the last 8 October 2042" in note
    assert not any("typing error, correct" in note for note in read(rows("2025-03-08")).notes)
    few = {key: list(cells)[:10] for key, cells in rows("2042-10-08").items()}
    assert not any("typing error, correct" in note for note in read(few).notes)
