"""Lists with something odd, linked: copies, repeated rows, two scripts, two arrests, days that contradict."""

import datetime as dt
import itertools
from dataclasses import replace

import numpy as np
import pytest

from cases import tables
from detcount import linkage, simulate
from detcount._numerics.linkage.fields import Background, day_cells, log_ratio
from detcount.errors import InputError
from detcount.linkage import partitions
from detcount.linkage.spells import persons_of
from detcount.simulate import WrittenList


def test_the_offset_is_nearly_normal_and_moves_slowly():
    found = np.array([partitions.offset_at(sweep) for sweep in range(3200)])
    assert abs(found.mean()) < 1e-9
    assert found.std() == pytest.approx(1.0, abs=0.06)
    assert np.abs(np.diff(found)).max() < 0.7


@pytest.fixture(scope="module")
def lists():
    invented = simulate.name_lists(70, seed=3, pool="narrow")
    known = ("Cédula", "Fecha de nacimiento", "Edad", "Estado")
    frames = {
        name: frame.drop(columns=[each for each in frame if each in known])
        for name, frame in invented.frames.items()
    }
    return linkage.read_lists(frames)


@pytest.mark.parametrize(("width", "low", "high"), [(0.0, 0.5, 1.5), (2.0, 1.8, 5.0)])
def test_doubtful_pairs_err_together_where_rows_have_a_common_offset(lists, monkeypatch, width, low, high):
    """The variance of the number of persons over that of pairs that err one by one: 1 without an offset."""
    monkeypatch.setattr(partitions, "PRIORS", replace(partitions.PRIORS, offset=width))
    linked = linkage.link(lists, n_draws=400)
    p = linked.pair_probability
    assert low < linked.n_persons_draws.var() / (p * (1 - p)).sum() < high


def lists_of(share, seed=3):
    """Three lists, the last of which has taken a share of the rows of the first as they are."""
    frames = dict(simulate.name_lists(420, seed=seed, mistakes=None).frames)
    taken = frames["government"].sample(frac=share, random_state=1) if share else frames["government"][:0]
    frames["committee"] = taken.reset_index(drop=True) if share else frames["committee"]
    return frames


@pytest.mark.parametrize(("share", "said"), [(0.0, False), (0.6, True)])
@pytest.mark.slow
def test_copied_rows_are_said_and_others_not(share, said):
    linked = linkage.link(linkage.read_lists(lists_of(share)), n_draws=10)
    found = [note for note in linked.notes if "misspellings" in note]
    assert bool(found) is said
    if said:
        assert "'committee' and 'government'" in found[0]
        words = {word for name in lists_of(share)["government"].iloc[:, 0] for word in name.split()}
        assert not any(word in found[0] for word in words if len(word) > 3)
        assert found[0].translated("es") != found[0]


@pytest.mark.slow
def test_rows_that_are_marked_are_not_said_again():
    frames = lists_of(0.6)
    frames["committee"] = frames["committee"].assign(**{"Referido por": "government"})
    linked = linkage.link(linkage.read_lists(frames), n_draws=10)
    assert not any("misspellings" in note for note in linked.notes)
    assert np.count_nonzero(linked.referred)


OTHERS = [
    ("Luis Mora Gil", "V-9.111.222", "2024-08-01"),
    ("Rosa Salas Parra", "V-10.111.333", "2024-08-02"),
    ("Omar Gil Mora", "V-11.999.222", "2024-08-05"),
]
ANA = ("Ana Pérez Rojas", "V-12.345.678", "2024-08-03")


def table(rows, *heads):
    return {head: [row[k] for row in rows] for k, head in enumerate(heads)}


def full(rows):
    return table(rows, "Nombre", "Cédula", "Fecha de detención")


@pytest.mark.parametrize("n", [150, pytest.param(1000, marks=pytest.mark.slow)])
def test_a_row_many_times_in_a_list_is_one_person(n):
    lists = linkage.read_lists({"a": full([ANA] * n), "b": full([*OTHERS, ANA])})
    linked = linkage.link(lists, n_draws=50)
    assert linked.headline() == f"{n + 4:,} rows on 2 lists are 4 persons (4 to 4, 95%); 0 doubtful pairs"
    assert (
        f"{n - 1:,} rows repeat another of their list in every cell, and are taken for the same person"
        in linked.notes
    )
    assert (linked.person[:n] == linked.person[-1]).all()
    assert linked.n_rows == len(linked.digests) == n + 4
    assert linked.table().counts.sum() == 4
    assert linked.quality.precision.point == 1.0


def test_two_rows_of_a_common_name_alone_may_be_namesakes_and_hundreds_are_not():
    for n, joined in ((2, False), (150, True)):
        rows = [("Ana Pérez",)] * n
        others = [(name,) for name, *_ in OTHERS]
        lists = {"a": table(rows, "Nombre"), "b": table([*others, rows[0]], "Nombre")}
        linked = linkage.link(linkage.read_lists(lists), n_draws=50)
        assert any("in every cell" in note for note in linked.notes) == joined


def test_rows_decided_to_be_namesakes_and_lists_without_duplicates_are_not_joined():
    key = "a key that is long enough"
    lists = linkage.read_lists({"a": full([ANA, ANA, *OTHERS]), "b": full([*OTHERS])})
    digests = [digest.decode() for digest in lists.records(key).key[:2]]
    decided = linkage.Decisions((digests[0],), (digests[1],), (False,), linkage.files.key_check(key))
    linked = linkage.link(lists, n_draws=50, key=key, decisions=decided)
    assert (linked.draws[:, 0] != linked.draws[:, 1]).all()
    stated = linkage.link(lists, n_draws=50, max_copies={"a": 1})
    assert (stated.draws[:, 0] != stated.draws[:, 1]).all()
    assert np.unique(linkage.link(lists, n_draws=50).draws[:, :2]).tolist() == [0]


@pytest.mark.slow
def test_twenty_lists_are_linked():
    four = full([*OTHERS, ANA])
    linked = linkage.link(linkage.read_lists({f"l{k}": four for k in range(20)}), n_draws=50)
    assert linked.headline() == "80 rows on 20 lists are 4 persons (4 to 4, 95%); 0 doubtful pairs"


LETTERS = dict(zip("abcdefghijklmnopqrstuvwxyz", "абцдефгхийклмнопкрстуввхуз", strict=True))


def cyrillic(text):
    plain = text.lower().replace("ñ", "n")
    return "".join(LETTERS.get(letter, letter) for letter in plain)


@pytest.fixture(scope="module")
def frames():
    return simulate.name_lists(80, mistakes=simulate.Mistakes.none(), seed=5).frames


def renamed(frame, documents=True):
    column = next(name for name in frame.columns if "ombre" in name)
    changed = frame.assign(**{column: frame[column].map(cyrillic)})
    kept = [name for name in changed.columns if documents or "dula" not in name]
    return changed[kept]


def test_a_list_in_two_scripts_is_refused_with_the_remedy(frames):
    mixed = frames["government"].copy()
    mixed.iloc[:10] = renamed(mixed).iloc[:10]
    match = (
        r"^list 'b': 10 names are in Cyrillic letters, and others in Latin letters, so that one person would "
        "count as two. Give documents in both, ask who keeps the list for all names in one script, or give "
        "the names of each script as a list of their own$"
    )
    with pytest.raises(InputError, match=match):
        linkage.read_lists({"b": mixed})


def test_lists_in_two_scripts_are_linked_where_persons_show_the_letters(frames):
    both = {"a": frames["government"], "b": renamed(frames["foro_penal"])}
    lists = linkage.read_lists(both)
    assert any("lists are in several scripts (Cyrillic letters and Latin letters)" in n for n in lists.notes)
    linked = linkage.link(lists, n_draws=40)
    plain = linkage.link(linkage.read_lists(both | {"b": frames["foro_penal"]}), n_draws=40)
    assert abs(linked.n_persons - plain.n_persons) <= 1
    few = {name: frame.head(6) for name, frame in both.items()}
    match = r"^list '[ab]': its names are in \w+ letters, and too few persons on it and on another list were"
    with pytest.raises(InputError, match=match):
        linkage.link(linkage.read_lists(few), n_draws=40)


def test_documents_in_both_stand_for_names_and_a_slip_is_no_script():
    whole = tuple(
        simulate.WrittenList(name=name, share=0.6, documents_missing=0.0, birth="none") for name in "ab"
    )
    invented = simulate.name_lists(60, lists=whole, mistakes=simulate.Mistakes.none(), seed=3)
    lists = linkage.read_lists({"a": invented.frames["a"], "b": renamed(invented.frames["b"])})
    assert any("lists are in several scripts" in note for note in lists.notes)
    linked = linkage.link(lists, n_draws=50)
    assert abs(linked.n_persons - invented.truth.n_persons) <= 1
    few = {name: frame.copy() for name, frame in invented.frames.items()}
    few["a"] = few["a"].loc[few["a"].index.repeat(4)].reset_index(drop=True)
    few["a"].iloc[:1] = renamed(few["a"]).iloc[:1]
    assert any("1 name is not in Latin letters" in note for note in linkage.read_lists(few).notes)


def test_names_all_in_another_script_are_compared_letter_by_letter_and_it_is_said(frames):
    lists = linkage.read_lists({"a": renamed(frames["government"]), "b": renamed(frames["foro_penal"])})
    (note,) = (note for note in lists.notes if "letters" in note)
    assert note == (
        "all names are in Cyrillic letters: they were compared letter by letter, without what is known of "
        "spellings in Spanish"
    )
    assert not [note for note in linkage.read_lists(frames).notes if "letter by letter" in note]


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
    rows = full([(*ANA[:2], "2024-02-01"), ANA, OTHERS[0]])
    other = full([(*ANA[:2], "2024-08-04"), (*OTHERS[0][:2], "2024-08-02")])
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


TABLES = tables("contradicting_days")

ROWS = TABLES["rows"]


@pytest.mark.parametrize(
    ("column", "row", "day", "named", "expected"),
    TABLES["a_cell_that_another_contradicts_is_left_out"],
)
def test_a_cell_that_another_contradicts_is_left_out(column, row, day, named, expected):
    frame = {name: list(cells) for name, cells in ROWS.items()}
    frame[column][row - 1] = day
    lists = linkage.read_lists({"foro": frame, "prensa": ROWS})
    (problem,) = lists.problems.to_dict("records")
    assert (problem["row"], problem["column"], problem["expected"]) == (row, named or column, expected)
    people = linkage.link(lists, n_draws=50).people()
    assert people.n_persons == 2
    assert set(people.left_last[people.person == people.person[0]] < 1_000_000) == {True}


WHOLE = TABLES["whole"]


def test_no_pair_of_cells_stops_the_persons():
    titles = list(WHOLE)[1:]
    rows = [WHOLE]
    for one, other in itertools.combinations(titles, 2):
        for day in ("2024-07-01", "2024-08-15", "2025-01-01"):
            changed = {one: day, other: "2024-09-15"}
            rows.append(WHOLE | changed | ({"Situación": "detenida"} if "Situación" in changed else {}))
    lists = linkage.read_lists({"press": {title: [row[title] for row in rows] for title in WHOLE}})
    n = len(rows)
    of = (lists.spells(), ("press", "families"), np.zeros(n, int), np.arange(n), np.ones(n, bool))
    people = persons_of(*of, definition=None)
    assert people.n_persons == n
