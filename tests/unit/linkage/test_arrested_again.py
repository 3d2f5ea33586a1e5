"""Persons who were arrested twice: one person, and two spells."""

import datetime as dt

import numpy as np
import pytest

from detcount import linkage, simulate
from detcount._numerics.linkage.fields import Background, day_cells, log_ratio
from detcount.simulate import WrittenList

HARD = tuple(
    WrittenList(name=name, share=share, documents_missing=0.97, birth="none")
    for name, share in (("a", 0.45), ("b", 0.40), ("c", 0.30))
)  # lists in which a name and a day is nearly all there is


def no_slips(written, true):
    return np.zeros(written.shape)


def test_two_arrests_are_weighed_as_all_ways_to_divide_the_rows():
    days = np.array([[[10, 10], [10, 10], [300, 300], [300, 300], [300, 300]]])
    background = Background(days[0], 0)
    miss, again = 0.02, 0.1
    cells = day_cells(days, np.zeros((1, 5), bool), background, no_slips)

    def one(rows):
        part = day_cells(days[:, rows], np.zeros((1, len(rows)), bool), background, no_slips)
        return np.exp(log_ratio(part, miss, 0.0)[0])

    every = 0.0
    for side in range(32):
        rows = np.array([bool(side >> k & 1) for k in range(5)])
        parts = [one(np.flatnonzero(half)) for half in (rows, ~rows) if half.any()]
        every += np.prod(parts) / 32
    expected = (1 - again) * one(np.arange(5)) + again * every
    got = np.exp(log_ratio(cells, miss, 0.0, again)[0])
    assert 0.9 * expected < got <= expected * (1 + 1e-9)  # but for ways to divide that no time would
    assert got > 20 * np.exp(log_ratio(cells, miss, 0.0)[0])
    alone = day_cells(days[:, :1], np.zeros((1, 1), bool), background, no_slips)
    assert log_ratio(alone, miss, 0.0, again)[0] == pytest.approx(log_ratio(alone, miss, 0.0)[0])


def test_persons_arrested_twice_are_one_person_with_two_spells():
    rows = {
        "Nombre": ["Ana Pérez Rojas", "Ana Pérez Rojas", "Luis Mora Gil"],
        "Cédula": ["V-12.345.678", "V-12.345.678", "V-9.111.222"],
        "Fecha de detención": ["2024-02-01", "2024-08-03", "2024-08-01"],
    }
    other = {
        "Nombre": ["Ana Pérez Rojas", "Luis Mora Gil"],
        "Cédula": ["V-12.345.678", "V-9.111.222"],
        "Fecha de detención": ["2024-08-04", "2024-08-02"],
    }
    linked = linkage.link(linkage.read_lists({"a": rows, "b": other}), n_draws=50)
    assert linked.n_persons == 2
    people = linked.people()
    spells = people.spells
    ana = spells.owner == np.bincount(spells.owner).argmax()
    assert ana.sum() == 2
    entered = [dt.date(1970, 1, 1) + dt.timedelta(int(day)) for day in spells.entered_first[ana]]
    assert entered[0] == dt.date(2024, 2, 1)
    assert entered[1] in (dt.date(2024, 8, 3), dt.date(2024, 8, 4))
    left = dt.date(1970, 1, 1) + dt.timedelta(int(spells.left_last[ana][0]))
    assert left == dt.date(2024, 8, 3)
    assert len(spells.owner) == 3


@pytest.mark.slow
def test_those_arrested_twice_are_joined_where_names_and_days_are_nearly_all_there_is():
    f1, ratio = [], []
    for seed in range(1, 5):
        invented = simulate.name_lists(600, lists=HARD, again=0.1, first_day="2020-07-29", seed=seed)
        linked = linkage.link(linkage.read_lists(invented.frames), n_draws=200)
        f1.append(linked.measure(invented.truth.to_frame()).f1.point)
        ratio.append(linked.n_persons / invented.truth.n_persons)
    assert np.mean(f1) > 0.985  # 0.981 without the share of those arrested twice
    assert abs(np.mean(ratio) - 1) < 0.01
