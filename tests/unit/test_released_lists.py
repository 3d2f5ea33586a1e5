"""Invented lists of released people: the truth against a recount of what is written."""

import numpy as np
import pandas as pd
import pytest

from detcount import simulate
from detcount.errors import InputError

OFFICIAL = simulate.ReleasedList(
    name="gaceta", named=120, inside=0.4, day=2, over_days=3, undone=0.3, before=0.1, repeated=0.1, clerks=3
)
AGAIN = simulate.ReleasedList(name="segunda", named=40, day=9, undone=0.0, before=0.3)
MONITOR = simulate.ReleasedList(
    name="foro_verifica", kind="verified", checks=("gaceta", 0.8), finds=0.3, wrong=0.1, documents_missing=0.7
)
MADE = simulate.released_lists(
    400, released=(OFFICIAL, AGAIN, MONITOR), again=0.2, house_arrest=0.3, seen_inside=0.8, seed=12
)


NEVER = int(MADE.truth.out.max())


def rows() -> pd.DataFrame:
    truth = MADE.truth
    names = np.array([*truth.registers, *truth.released_lists], dtype=object)[truth.list_of]
    frame = pd.DataFrame({"list": names, "person": truth.person, "stay": truth.stay, "day": truth.day})
    frame["left"], frame["seen"] = truth.left, truth.seen
    frame["entered"] = np.where(truth.stay >= 0, truth.entered[truth.stay], NEVER)
    return frame


@pytest.mark.parametrize("name", ["gaceta", "segunda", "foro_verifica"])
def test_counts_are_those_of_a_recount(name: str) -> None:
    frame, truth = rows(), MADE.truth
    mine = frame[frame["list"] == name]
    first = truth.days[truth.released_lists.index(name), 0]
    registers = frame[frame["stay"] >= 0]
    expected = dict.fromkeys(("on_register", "already_out", "held_after", "arrested_again"), 0)
    for person, own in mine.groupby("person"):
        day = own["day"].max()
        stays = registers[registers["person"] == person].groupby("stay").agg(
            entered=("entered", "first"), left=("left", "min"), seen=("seen", "max")
        )  # fmt: skip
        last = stays[stays["entered"] <= day].sort_values("entered").tail(1)
        expected["on_register"] += len(stays) > 0
        expected["already_out"] += int((last["left"] < first).sum())
        expected["held_after"] += int((last["seen"] > day).sum())
        expected["arrested_again"] += bool((stays["entered"] > day).any())
    found = truth.counts(name)
    assert {key: found[key] for key in expected} == expected
    assert found["named"] + found["repeated"] == len(MADE.frames[name])
    assert found["on_register"] + found["not_on_register"] == found["named"]
    others = {"gaceta", "segunda"} - {name}
    announced = set(mine["person"]) & set(frame[frame["list"].isin(others)]["person"])
    assert found["announced" if name == "foro_verifica" else "also_announced"] == len(announced)


def test_every_count_is_of_somebody_on_some_list() -> None:
    found = [MADE.truth.counts(name) for name in MADE.truth.released_lists]
    for name in ("already_out", "held_after", "arrested_again", "repeated", "not_on_register"):
        assert sum(each[name] for each in found) > 0, name


def test_the_released_are_those_of_the_definition_who_left_in_the_window() -> None:
    truth = MADE.truth
    first, last = truth.window
    left = {who for who, out in zip(truth.stay_person, truth.out, strict=True) if first <= out <= last}
    assert truth.released == len(left) > 50
    assert truth.inside[[*left]].all()
    assert last - first + 1 == 9 - 2 + 1  # from the first day of one list to the last of another
    named = truth.on("gaceta") & {*np.flatnonzero(truth.inside).tolist()}
    assert len(named) == 48
    assert 0.02 < len(named - left) / len(named) < 0.6  # undone, or out before


def test_monitors_check_from_the_official_list() -> None:
    truth = MADE.truth
    held = truth.stay_person[truth.out == NEVER]
    freed = {*truth.stay_person[truth.out < NEVER].tolist()} - {*held.tolist()}
    named = (truth.on("gaceta") & freed, {*np.flatnonzero(truth.inside)} & freed - truth.on("gaceta"))
    shares = [len(each & truth.on("foro_verifica")) / len(each) for each in named]
    assert shares[0] > 0.5 > 0.3 > shares[1]
    assert MADE.checked_from == {"foro_verifica": "gaceta"}


def test_stays_of_a_person_follow_each_other() -> None:
    truth = MADE.truth
    order = np.lexsort((truth.entered, truth.stay_person))
    same = truth.stay_person[order][1:] == truth.stay_person[order][:-1]
    assert same.sum() > 20
    assert (truth.out[order][:-1][same] < truth.entered[order][1:][same]).all()
    assert (truth.out >= truth.entered).all()
    recorded = truth.stay >= 0
    assert (truth.seen[recorded] <= truth.out[truth.stay[recorded]]).all()
    assert max(truth.seen[~recorded]) < 0 < NEVER - 100_000


def test_one_seed_makes_one_campaign_and_written_days_are_those_of_the_truth() -> None:
    again = simulate.released_lists(
        400, released=(OFFICIAL, AGAIN, MONITOR), again=0.2, house_arrest=0.3, seen_inside=0.8, seed=12
    )
    for name, frame in MADE.frames.items():
        pd.testing.assert_frame_equal(frame, again.frames[name])
    truth = MADE.truth
    mine = truth.list_of == len(truth.registers)
    written = pd.to_datetime(MADE.frames["gaceta"]["Fecha de excarcelación"], format="%d/%m/%Y")
    assert (written.to_numpy().astype("datetime64[D]").astype(np.int64) == truth.day[mine]).all()
    statuses = MADE.frames["gaceta"]["Situación"].value_counts(normalize=True)
    assert 0.15 < statuses["arresto domiciliario"] < 0.45
    assert simulate.released_lists(60, seed=1).frames["foro"].equals(
        simulate.released_lists(60, seed=2).frames["foro"]
    ) is False  # fmt: skip


def test_more_clerks_err_more_and_a_document_less_is_written() -> None:
    titles = MADE.frames["gaceta"]["Apellidos y nombres"]
    assert titles.str.contains(",").mean() < 0.6  # two of three hands write no comma
    assert (
        MADE.frames["foro_verifica"]["Cédula"].eq("").mean()
        > 0.5
        > MADE.frames["gaceta"]["Cédula"].eq("").mean()
    )


def test_wrong_arguments_are_refused() -> None:
    with pytest.raises(InputError, match="expected an announced list, got none"):
        simulate.released_lists(50, released=(MONITOR,))
    with pytest.raises(InputError, match="checks"):
        simulate.released_lists(50, released=(AGAIN, MONITOR))
    with pytest.raises(InputError, match="exits_known"):
        simulate.released_lists(50, exits_known=1.5)
    with pytest.raises(InputError, match="it names nobody"):
        simulate.released_lists(50, registers=(simulate.WrittenList(name="empty", share=1e-9),))
