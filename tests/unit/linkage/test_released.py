"""Lists of released people: how they are read, and their rows beside the persons of registers."""

import itertools
import pickle
from collections import Counter
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from detcount import linkage, simulate
from detcount.errors import InputError
from detcount.linkage import attaching

REGISTER = {
    "Nombre": ["Ana Pérez Rojas", "Luis Mora Díaz", "Zoraida Quiñones"],
    "Cédula": ["V-12.345.678", "", "V-17.345.981"],
    "Fecha de detención": ["2025-01-02", "2025-01-03", "2025-02-03"],
    "Municipio": ["Sucre", "Baruta", "Sucre"],
}
OFFICIAL = {
    "Apellidos y nombres": ["PEREZ ROJAS ANA", "QUIÑONES ZORAIDA", "XIQUIN WILMER"],
    "Cédula": ["12345678", "17345981", "20118652"],
    "Centro penitenciario": ["Sucre", "Baruta", "Yare"],
    "Expediente": ["00001-2025", "00002-2025", "00003-2025"],
    "Fecha de excarcelación": ["25/12/2025", "25/12/2025", "26/12/2025"],
}
VERIFIED = {"Nombre": ["Zoraida Quiñones", "Wilmer Xiquín"], "Verificado el": ["2025-12-27", "2025-12-30"]}
SOURCES = {"foro": REGISTER, "official": OFFICIAL, "checked": VERIFIED}
RELEASED = {"official": "announced", "checked": "verified"}
CAMPAIGN = simulate.released_lists(120, seed=3)


def read(**options):
    return linkage.read_lists(SOURCES, released=RELEASED, **options)


def test_columns_of_released_lists_have_no_arrest_and_no_place():
    lists = read()
    used = {
        (name, column): role for name, column, role in lists.mapping[["list", "column", "role"]].to_numpy()
    }
    assert used["official", "Fecha de excarcelación"] == used["checked", "Verificado el"] == "left"
    assert used["official", "Centro penitenciario"] == used["official", "Expediente"] == ""
    assert used["foro", "Municipio"] == "place"
    assert lists.lists == ("foro",)
    assert lists.n_rows == 3  # a released list is no list of the detained
    assert str(lists) == "3 rows on 1 list (foro); 5 rows of released people on 2 lists (checked, official)"


def test_a_further_day_of_a_released_list_is_no_arrest():
    dated = {"Fecha": ["2025-12-20", "2025-12-20", "2025-12-21"], **OFFICIAL}
    mapping = linkage.read_lists({**SOURCES, "official": dated}, released=RELEASED).mapping
    used = {tuple(each[:2]): each[2] for each in mapping[["list", "column", "role"]].to_numpy().tolist()}
    assert used["official", "Fecha de excarcelación"] == "left"
    assert used["official", "Fecha"] == ""


def test_rows_have_their_day_and_lists_those_stated_or_of_their_rows():
    days = {"official": ("2025-12-24", "2025-12-31")}
    rows = linkage.link(read(days=days, checked_from={"checked": "official"}), n_draws=100).released
    day = np.datetime64("1970-01-01") + rows.day
    assert rows.lists == ("checked", "official")
    assert rows.kinds == ("verified", "announced")
    assert [str(each) for each in day] == [
        "2025-12-27", "2025-12-30", "2025-12-25", "2025-12-25", "2025-12-26",
    ]  # fmt: skip
    stated = np.datetime64("1970-01-01") + rows.days
    assert stated.astype(str).tolist() == [["2025-12-27", "2025-12-30"], ["2025-12-24", "2025-12-31"]]
    assert rows.checked_from == {"checked": "official"}


def test_released_rows_are_the_persons_of_registers_or_of_each_other():
    linked = linkage.link(read(), n_draws=200)
    rows = linked.released
    best = dict(
        zip(zip(rows.list_of.tolist(), rows.row.tolist(), strict=True), rows.best.tolist(), strict=True)
    )
    ana, luis, zoraida = linked.person.tolist()
    assert best[1, 1] == ana
    assert best[1, 2] == best[0, 1] == zoraida
    assert best[1, 3] == best[0, 2] > max(ana, luis, zoraida)  # Wilmer is on no register
    assert repr(rows) == "<ReleasedRows: 5 rows of 2 lists, 3 of them on a register>"
    assert rows.person.shape == (200, 5)
    assert not rows.without_limits


@pytest.mark.slow
def test_registers_are_linked_as_without_them():
    alone = {name: CAMPAIGN.frames[name] for name in CAMPAIGN.truth.registers}
    without = linkage.link(linkage.read_lists(alone), n_draws=60, seed=2)
    lists = linkage.read_lists(CAMPAIGN.frames, released=CAMPAIGN.released)
    linked = linkage.link(lists, n_draws=60, seed=2)
    assert (linked.draws == without.draws).all()
    assert (linked.person == without.person).all()
    assert (linked.pair_probability == without.pair_probability).all()
    again = linkage.link(lists, n_draws=60, seed=2).released
    assert (again.person == linked.released.person).all()


def test_rows_that_resemble_nobody_count_among_those_on_no_register(monkeypatch):
    counted = []

    class Watched(attaching._Chain):
        def parameters(self):
            super().parameters()
            counted.append((len(self.near), sum(map(len, self.rows.values()))))

    monkeypatch.setattr(attaching, "_Chain", Watched)
    monkeypatch.setattr(attaching, "TUNING", replace(attaching.TUNING, attached_least=0.5))
    strangers = ["UBA, YDO", "OXTE, WEKE", "IRBI, KAO", "ELKA, MUZU", "JOF, BREWIN"]
    official = {"Apellidos y nombres": ["PEREZ ROJAS, ANA", *strangers]}
    lists = linkage.read_lists({"foro": REGISTER, "official": official}, released={"official": "announced"})
    linkage.link(lists, n_draws=20)
    assert {*counted} == {(1, 6)}  # one that may be somebody else, of six


@pytest.mark.slow
def test_a_simulated_truth_is_recovered():
    linked = linkage.link(
        linkage.read_lists(CAMPAIGN.frames, released=CAMPAIGN.released), n_draws=200, seed=1
    )
    rows, truth = linked.released, CAMPAIGN.truth
    most = linked.draws.max(axis=1)
    for k, name in enumerate(rows.lists):
        mine, counts = rows.list_of == k, truth.counts(name)
        drawn = [np.unique(draw[mine]) for draw in rows.person]
        on = [int((each <= top).sum()) for each, top in zip(drawn, most, strict=True)]
        low, high = np.quantile(on, [0.01, 0.99])
        assert low <= counts["on_register"] <= high
        assert abs(np.median([*map(len, drawn)]) - counts["named"]) <= 1
    where = truth.list_of < len(truth.registers)
    of_register = dict(
        zip(linked.person.tolist(), truth.person[where][_order(linked, truth)].tolist(), strict=False)
    )
    true = np.concatenate([truth.person[truth.list_of == len(truth.registers) + k] for k in range(2)])
    attached = rows.best < rows.n_registered
    right = [of_register[best] == who for best, who in zip(rows.best[attached], true[attached], strict=True)]
    assert np.mean(right) > 0.97
    known = np.isin(true, truth.person[where])
    assert (attached & known).sum() > 0.95 * known.sum()
    assert (attached & ~known).sum() <= 2


def _order(linked, truth):
    """Rows of the truth in the order of those of the linkage."""
    names = [truth.registers.index(name) for name in linked.lists]
    keys = {(at, row): k for k, (at, row) in enumerate(zip(truth.list_of, truth.row, strict=True))}
    places = zip(linked.list_of.tolist(), linked.row.tolist(), strict=True)
    return np.array([keys[names[at], row] for at, row in places])


TABLE = {
    (0, (10,)): 3.0, (0, (11,)): 2.0, (1, (11,)): 1.5, (1, (12,)): 0.5, (-1, (10, 11)): 2.5,
    (-1, (11, 12)): 1.0, (0, (10, 11)): 6.0, (1, (11, 12)): 3.0,
}  # fmt: skip


class Weighed:
    """Evidence by a table: rows 10, 11 and 12 beside clusters 0 and 1 of registers."""

    def of(self, cluster, members):
        return (
            0.0
            if not members or (cluster < 0 and len(members) == 1)
            else TABLE.get((cluster, members), -40.0)
        )

    def each(self, keys):
        return [self.of(*key) for key in keys]


COPIED = [[-1.0, 0.5], [0.5, 0.2]]  # log odds that a row of a list copies one of another


class Fixed(attaching._Chain):
    """A chain at fixed parameters."""

    def parameters(self):
        self.expected = {code: np.log(0.5 + code) for code in range(64)}
        self.again = [0.2, 0.4]
        self.prior = {}
        if self.turn == 0:
            self.mixed, self.log_odds, self.turn = {}, COPIED, 1


@pytest.mark.slow
def test_the_chain_draws_assignments_by_their_probability():
    list_of, near = {10: 0, 11: 1, 12: 1}, {10: [0, 11], 11: [0, 1, 10, 12], 12: [1, 11]}
    chain = Fixed(list_of, near, {0: 0, 1: 1}, [(11, 12)], Weighed(), np.random.default_rng(5))
    offset, relief, counted = 0.3, 0.8, Counter()
    for _ in range(20_000):
        chain.take({0: 0, 1: 1}, 2)
        chain.sweep(offset, relief)
        counted[_named({row: chain.group_of[row] for row in list_of})] += 1
    expected = {}
    for groups in itertools.product([-2, -3, 10, 11, 12], repeat=3):
        state = _named(dict(zip(list_of, groups, strict=True)))
        rows = {}
        for row, group in state:
            rows.setdefault(group, []).append(row)
        value = 0.0
        for cluster in (-2, -3):
            members = rows.pop(cluster, [])
            value += _by_hand(cluster, members, list_of) + relief * len(members)
        value += sum(_by_hand(group, members, list_of) + offset for group, members in rows.items())
        expected[state] = np.exp(value)
    total = sum(expected.values())
    for state, weight in expected.items():
        share = weight / total
        assert counted[state] / 20_000 == pytest.approx(share, abs=0.004 + 5 * np.sqrt(share / 20_000))


class Bound(Weighed):
    """Two rows that are one person, whom each alone would hardly leave."""

    def of(self, cluster, members):
        one_person = {(-1, (10, 11)): 15.0, (0, (10,)): 1.0, (0, (11,)): 1.0, (0, (10, 11)): 25.0}
        return one_person.get((cluster, members), 0.0)


def test_two_rows_of_one_person_go_to_a_register_together():
    chain = Fixed({10: 0, 11: 1}, {10: [0, 11], 11: [0, 10]}, {0: 0}, [], Bound(), np.random.default_rng(5))
    chain.group_of = {10: 7, 11: 7}
    chain.next = 8
    for _ in range(20):
        chain.take({0: 0}, 2)
        chain.sweep(0.0, 0.0)
    assert chain.group_of == {10: -2, 11: -2}
    assert chain.anchor == {10: 0, 11: 0}


def _named(group_of):
    """A state whatever its groups are called."""
    first = {}
    for row, group in group_of.items():
        first.setdefault(group, group if group < 0 else row)
    return tuple((row, first[group]) for row, group in group_of.items())


def _by_hand(group, members, list_of):
    """Log weight of a person, by the formulas of the page."""
    lists = [list_of[row] for row in members]
    code = int(group < 0) + sum(2 << each for each in set(lists))
    value = np.log(0.5 + code)
    for each, q in enumerate((0.2, 0.4)):
        n = lists.count(each)
        value += (np.log1p(-q) + (n - 1) * np.log(q) + np.log([1, 1, 2, 6][n])) if n else 0.0
    cluster, members, weigh = -2 - group if group < 0 else -1, tuple(sorted(members)), Weighed().of
    if len(members) < 2 or len(members) + (group < 0) < 3:
        return value + weigh(cluster, members)
    priors, ways = [], []
    for own in itertools.chain(*(itertools.combinations(members, n) for n in range(1, 1 + len(members)))):
        prior, evidence = 0.0, weigh(cluster, own)
        for row in {*members} - {*own}:
            alike, one = max((weigh(-1, tuple(sorted((row, one)))), one) for one in own)
            evidence += alike
            prior += COPIED[list_of[row]][list_of[one]]
        priors.append(prior)
        ways.append(prior + evidence)
    return value + np.logaddexp.reduce(ways) - np.logaddexp.reduce(priors)


@pytest.mark.slow
def test_an_error_that_two_lists_share_is_one_error():
    given = ("Ana", "Eva", "Iris", "Olga", "Luz", "Ruth")
    surnames = (
        "Pérez",
        "Mora",
        "Quiñones",
        "Xiquín",
        "Bermúdez",
        "Salas",
        "Tovar",
        "Rondón",
        "Muñoz",
        "Xirau",
    )
    people = [f"{given[k % 6]} {surnames[k % 10]} {surnames[(3 * k + k // 10 + 1) % 10]}" for k in range(24)]
    official = [name.upper().replace("QUIÑ", "QIÑ").replace("XI", "SI") for name in people[4:]]
    again = [" ".join(name.split()[1:] + name.split()[:1]) for name in official]
    lists = linkage.read_lists(
        {"foro": {"Nombre": people[:16]}, "one": {"Nombre": official}, "two": {"Nombre": again}},
        released={"one": "announced", "two": "announced"},
    )
    rows = linkage.link(lists, n_draws=100).released
    on = (rows.best < rows.n_registered).reshape(2, -1)
    assert (on[0] == on[1]).all()
    assert 8 <= on[0].sum() <= 12  # 5 of 12 where each row counts by itself
    assert not on[0, 12:].any()


@pytest.mark.parametrize("kind", ["csv", "parquet", "xlsx"])
def test_files_are_read_as_frames_are(kind, tmp_path):
    paths = {}
    for name, columns in SOURCES.items():
        paths[name] = tmp_path / f"{name}.{kind}"
        frame = pd.DataFrame(columns)
        {"csv": frame.to_csv, "xlsx": frame.to_excel}.get(kind, frame.to_parquet)(paths[name], index=False)
    found = linkage.link(linkage.read_lists(paths, released=RELEASED), n_draws=50).released
    frames = linkage.link(read(), n_draws=50).released
    assert (found.best == frames.best).all()
    assert (found.day == frames.day).all()


def kind(name, columns):
    """What a list that nobody named in `released` is noted to be."""
    notes = [str(note) for note in linkage.read_lists({"foro": REGISTER, name: columns}).notes]
    found = [note for note in notes if "seems to name released people" in note]
    return found[0].rsplit("'", 2)[1] if found else None


def test_a_list_of_released_people_is_recognised(tmp_path):
    assert kind("lista de excarcelados", OFFICIAL) == "announced"
    assert kind("liberados foro", VERIFIED) == "verified"
    assert kind("detenidos", OFFICIAL) is None
    assert kind("lista", OFFICIAL) == "announced"  # everybody on it has a day of release
    assert kind("lista", {**OFFICIAL, "Fecha de excarcelación": ["", "25/12/2025", "26/12/2025"]}) is None
    assert kind("liberados", REGISTER) is None  # it has arrests
    assert kind("libérés", {"Nom": ["Awa Diop"], "Libéré(e) le": ["2025-12-25"]}) == "announced"
    titled = tmp_path / "lista.csv"
    rows = zip(*OFFICIAL.values(), strict=True)
    lines = ["MINISTERIO. Privados de libertad EXCARCELADOS", ";".join(OFFICIAL), *map(";".join, rows)]
    titled.write_text("\n".join(lines), encoding="utf-8")
    assert kind("lista", titled) == "announced"


@pytest.mark.slow
def test_the_day_in_a_title_is_that_of_rows_without_one(tmp_path):
    undated = {name: cells for name, cells in OFFICIAL.items() if not name.startswith("Fecha")}
    titled = tmp_path / "lista.csv"

    def rows(title, columns=undated, **options):
        lines = [title, ";".join(columns), *map(";".join, zip(*columns.values(), strict=True))]
        titled.write_text("\n".join(lines), encoding="utf-8")
        lists = linkage.read_lists({**SOURCES, "official": titled}, released=RELEASED, **options)
        stated = np.datetime64("1970-01-01") + linkage.link(lists, n_draws=20).released.days[1]
        notes = [str(note) for note in lists.notes if "title or name" in str(note)]
        return stated.astype(str).tolist(), notes

    christmas = "Excarcelados el 25 de diciembre de 2025;;;"
    days, (note,) = rows(christmas)
    assert days == ["2025-12-25"] * 2
    assert "gives 25 December 2025 as the first day and 25 December 2025 as the last" in note
    assert rows(christmas, days={"official": ("2025-12-24", "2025-12-26")}) == (
        ["2025-12-24", "2025-12-26"],
        [],
    )
    assert rows("Excarcelados el 24 de enero de 2026;;;", OFFICIAL) == (["2025-12-25", "2025-12-26"], [])
    days, (note,) = rows("Excarcelados 25 de diciembre de 2025; 3 de enero de 2026;;")
    assert "several days" in note
    assert days[0] < "1900"
    assert rows("Excarcelados;;;") == (days, [])
    assert kind("lista", titled) is None
    rows(christmas)
    assert kind("lista", titled) == "announced"
    assert kind("excarcelados 2025-12-25", undated) == "announced"
    assert (
        kind("excarcelados 2025-12-25", {**undated, "Estado": ["detenido", "excarcelado", "detenido"]})
        is None
    )


def test_a_list_that_is_named_is_not_noted():
    assert not [note for note in read().notes if "seems to name" in str(note)]


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"released": {"other": "announced"}}, "released"),
        ({"released": {"official": "rumoured"}}, "rumoured"),
        ({"released": dict.fromkeys(SOURCES, "announced")}, "expected a list of the detained"),
        ({"released": RELEASED, "days": {"foro": ("2025-12-25", "2025-12-25")}}, "days"),
        ({"released": RELEASED, "days": {"official": "2025-12-25"}}, "expected two days"),
        ({"released": RELEASED, "days": {"official": ("2025-12-25", "2025-12-24")}}, "first day before"),
        ({"released": RELEASED, "checked_from": {"official": "checked"}}, "checked_from"),
    ],
)
def test_what_is_stated_wrongly_is_refused(options, why):
    with pytest.raises(InputError, match=why) as caught:
        linkage.read_lists(SOURCES, **options)
    assert "Quiñones" not in str(caught.value)


def test_no_name_leaves_in_any_way():
    lists = read()
    linked = linkage.link(lists, n_draws=50)
    shown = [repr(lists), str(lists), repr(lists.released), repr(linked), repr(linked.released), str(linked)]
    shown += [str(lists.summary()), lists.mapping.to_string(), lists.problems.to_string()]
    stored = pickle.dumps(linked)
    for secret in ("Quiñones", "quinones", "QUIÑONES", "Xiqu", "XIQU", "17345981", "20118652"):
        assert not [text for text in shown if secret in text]
        assert secret.encode() not in stored
    for holder in (lists, lists.released):
        with pytest.raises(TypeError, match="never pickled"):
            pickle.dumps(holder)
    wrong = dict(OFFICIAL, **{"Fecha de excarcelación": ["25/12/2025", "Quiñones", "26/12/2025"]})
    problems = linkage.read_lists({**SOURCES, "official": wrong}, released=RELEASED).problems
    assert problems[["list", "row"]].to_numpy().tolist() == [["official", 2]]
    assert "Qui" not in problems.to_string()
    twice = dict(OFFICIAL, **{"Apellidos y nombres": ["PEREZ, ANA; QUIÑONES, LUIS", "a b", "c d"]})
    with pytest.raises(InputError, match="row") as caught:
        linkage.read_lists({**SOURCES, "official": twice}, released=RELEASED)
    assert "QUI" not in str(caught.value)
