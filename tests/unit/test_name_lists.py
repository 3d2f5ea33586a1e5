"""Invented populations and lists of names: margins, dependence, and what each switch does."""

import itertools
import math
import unicodedata

import numpy as np
import pytest
from scipy import stats

from detcount import abundance, simulate
from detcount.simulate import Mistakes, WrittenList, populations
from detcount.simulate.names.people import given_names, invent_people, surnames
from detcount.simulate.names.writing import misspell

CLEAN = Mistakes.none()
SIGMAS = 4.0  # an honest share lies this many standard deviations off once in 16,000 tests


def plain(text):
    return "".join(c for c in unicodedata.normalize("NFD", text.lower()) if unicodedata.category(c) != "Mn")


def near(found, n, share):
    """Whether a share of n draws is as far off as chance brings it."""
    return abs(found / n - share) < SIGMAS * np.sqrt(share * (1 - share) / n)


def test_lists_have_the_sizes_and_the_gaps_that_are_the_defaults():
    invented = simulate.name_lists(10_000, seed=5)
    sizes = [len(frame) for frame in invented.frames.values()]
    np.testing.assert_allclose(sizes, [5000, 4500, 3000], rtol=0.04)
    for (name, frame), share in zip(invented.frames.items(), (0.15, 0.40, 0.75), strict=True):
        assert near((frame["Cédula"] == "").sum(), len(frame), share), name
    columns = invented.frames["committee"]
    assert near((columns["Segundo apellido"] == "").sum(), len(columns), 0.30 * (1 - 0.02))
    rows = invented.truth.to_frame()
    again = rows.duplicated(["list", "person"]).sum()
    assert near(again, len(rows), 0.04)
    assert len(invented.truth.relatives) == 150


def test_the_truth_is_who_was_written():
    one = WrittenList(name="a", share=0.9, layout="columns", accents=True, documents_missing=0.0)
    invented = simulate.name_lists(400, lists=(one,), mistakes=CLEAN, duplicates=0.2, seed=2)
    frame, truth = invented.frames["a"], invented.truth
    assert truth.row.tolist() == list(range(1, len(frame) + 1))
    by_document = frame.groupby("Cédula").indices
    assert len(by_document) == truth.n_persons
    for rows in by_document.values():
        assert len(set(truth.person[rows])) == 1
    assert truth.person.max() < 400
    assert len(frame) > truth.n_persons


def test_one_person_has_one_name_in_every_format():
    layouts = ("surnames, given", "given surnames", "surnames given", "columns")
    lists = tuple(
        WrittenList(name=layout, share=0.999, layout=layout, capitals=k == 0, accents=k > 1)
        for k, layout in enumerate(layouts)
    )
    invented = simulate.name_lists(150, lists=lists, mistakes=CLEAN, duplicates=0.0, seed=3)
    words = {}
    for k, name in enumerate(layouts):
        frame = invented.frames[name]
        cells = frame[[column for column in frame if "ombre" in column or "apellido" in column]]
        for person, row in zip(invented.truth.person[invented.truth.list_of == k], cells.values, strict=True):
            words.setdefault(person, []).append(sorted(plain(" ".join(row).replace(",", " ")).split()))
    assert len(words) > 140
    assert all(written == each[0] for each in words.values() for written in each)


def test_every_format_writes_the_same_days_and_documents():
    formats = ("24/08/2024", "2024-08-24", "24-ago-2024", "serial")
    documents = ("V-12.345.678", "12345678", "V12345678", "V-12345678-0")
    lists = tuple(
        WrittenList(name=f"{k}", share=0.999, day=day, document=document, documents_missing=0.0)
        for k, (day, document) in enumerate(zip(formats, documents, strict=True))
    )
    invented = simulate.name_lists(60, lists=lists, mistakes=CLEAN, duplicates=0.0, relatives=0.0, seed=1)
    truth = invented.truth
    people = invent_people(60, "wide", 0.0, 19_933, np.random.default_rng([1, 0]))
    for k in range(4):
        frame = invented.frames[f"{k}"]
        for person, cell, day in zip(
            truth.person[truth.list_of == k], frame["Cédula"], frame["Fecha de detención"], strict=True
        ):
            digits = "".join(letter for letter in cell if letter.isdigit())
            assert digits[: 8 if k == 3 else None].startswith(str(people.document[person]))
            date = np.datetime64(int(people.arrested[person]), "D").item()
            if k == 0:
                assert day == date.strftime("%d/%m/%Y")
            if k == 1:
                assert day == str(date)
            if k == 2:
                assert (int(day.split("-")[0]), int(day.split("-")[2])) == (date.day, date.year)
            if k == 3:
                assert int(day) == people.arrested[person] + 25_569  # the number that a spreadsheet keeps


def test_each_kind_of_error_can_be_switched_on_alone():
    one = (WrittenList(name="a", share=0.9, layout="columns", accents=False, documents_missing=0.0),)
    options = {"lists": one, "duplicates": 0.0, "relatives": 0.0, "seed": 6}
    clean = simulate.name_lists(1500, mistakes=CLEAN, **options).frames["a"]
    assert not (clean.drop(columns=["Segundo nombre"]) == "").any(axis=None)
    changed = {
        "second_surnames": "Segundo apellido",
        "documents": "Cédula",
        "days": "Fecha de detención",
        "births": "Fecha de nacimiento",
        "places": "Estado",
        "sexes": "Sexo",
    }
    for kind, column in changed.items():
        mistakes = Mistakes(**{**vars(CLEAN), kind: 0.3})
        frame = simulate.name_lists(1500, mistakes=mistakes, **options).frames["a"]
        differs = frame != clean
        low = {"places": 0.9, "days": 0.9, "births": 0.7}.get(
            kind, 1.0
        )  # some wrong cells are the right ones
        assert 0.3 * low - 0.04 < differs[column].mean() < 0.345, kind
        assert not differs.drop(columns=[column]).any(axis=None), kind
    for column in ("Fecha de detención", "Fecha de nacimiento", "Estado", "Sexo"):
        kind = {"Fecha de detención": "days", "Fecha de nacimiento": "births", "Estado": "places"}.get(column)
        kind = f"{kind or 'sexes'}_missing"
        mistakes = Mistakes(**{**vars(CLEAN), kind: 0.25})
        frame = simulate.name_lists(1500, mistakes=mistakes, **options).frames["a"]
        assert near((frame[column] == "").sum(), len(frame), 0.25), kind


def test_a_tenth_of_words_is_misspelt():
    rng = np.random.default_rng(3)
    words = [*surnames("wide")[0], *given_names(False)[0]]
    words = [word for word in words if " " not in word and "-" not in word]
    wrong = [misspell(word, rng) for word in words]
    assert sum(a != b for a, b in zip(words, wrong, strict=True)) > 0.99 * len(words)
    one = (WrittenList(name="a", share=0.99, layout="columns"),)
    frames = [
        simulate.name_lists(4000, lists=one, mistakes=mistakes, duplicates=0.0, seed=9).frames["a"]
        for mistakes in (CLEAN, Mistakes(**{**vars(CLEAN), "words": 0.1}))
    ]
    single = [~frame["Primer apellido"].str.contains("[ -]") for frame in frames]
    both = single[0] & single[1]
    written = [frame["Primer apellido"][both].map(plain) for frame in frames]
    found = (written[0].to_numpy() != written[1].to_numpy()).sum()
    # a misspelling of ñ that drops its tilde cannot be seen here, nor can one that writes the same letters
    assert 0.088 * both.sum() < found < 0.11 * both.sum()


def test_relatives_share_surnames_day_and_place_and_differ_in_first_name_and_document():
    people = invent_people(4000, "wide", 0.1, 20_000, np.random.default_rng(8))
    pairs = np.flatnonzero(people.relative_of >= 0)
    assert len(pairs) == 200
    for other in pairs.tolist():
        one = people.relative_of[other]
        assert people.family[one][0] == people.family[other][0]
        assert people.given[one][0] != people.given[other][0]
        assert people.arrested[one] == people.arrested[other]
        assert people.place[one] == people.place[other]
        assert people.document[one] != people.document[other]
    siblings = sum(people.family[people.relative_of[k]] == people.family[k] for k in pairs.tolist())
    assert near(siblings, 200, 0.8)


def test_forwarded_rows_are_copied_with_their_errors_and_said():
    sender = WrittenList(name="families", share=0.4, layout="given surnames")
    receiver = WrittenList(
        name="ngo", share=0.3, layout="given surnames", documents_missing=0.5, forwards=("families", 0.5)
    )
    invented = simulate.name_lists(2000, lists=(sender, receiver), seed=4)
    frame, truth = invented.frames["ngo"], invented.truth
    said = (frame["Referido por"] == "families").to_numpy()
    assert (said == truth.forwarded[truth.list_of == 1]).all()
    assert near(said.sum(), len(invented.frames["families"]), 0.5)
    theirs = set(map(tuple, invented.frames["families"].values))
    assert set(map(tuple, frame[said].drop(columns="Referido por").values)) <= theirs
    fair = abundance.Chapman().fit(truth.table(forwarded=False)).point
    naive = abundance.Chapman().fit(truth.table()).point
    assert abs(fair / 2000 - 1) < 0.1
    assert naive < 0.8 * fair
    silent = WrittenList(name="ngo", share=0.3, forwards=("families", 0.5), marks_forwarded=False)
    assert "Referido por" not in simulate.name_lists(300, lists=(sender, silent)).frames["ngo"]


SIZE = 200_000
SHARES = np.array([0.31, 0.12, 0.05, 0.22])  # asymmetric
SPREAD = 4.5  # standard errors; over all margins of all mechanisms one false alarm in a thousand
SAME = 1e-9
NODES = 2e-3  # the mean of a logit-normal is taken at 201 quantiles
MECHANISMS = [
    simulate.Independent(),
    simulate.LogitNormal(sd=1.2),
    simulate.TwoClasses(share=0.7, odds_ratio=8.0),
]


def drawn(mechanism, size=SIZE, seed=20261127):
    return mechanism.histories(size, SHARES, np.random.default_rng(seed))


def log_odds_ratio(listed, first, second):
    """And its standard error, for two lists in the whole population."""
    a, b = listed[:, first] == 1, listed[:, second] == 1
    cells = np.array([(a & b).sum(), (a & ~b).sum(), (~a & b).sum(), (~a & ~b).sum()], dtype=float)
    value = math.log(cells[0] * cells[3] / (cells[1] * cells[2]))
    return value, math.sqrt((1 / cells).sum())


@pytest.mark.parametrize("mechanism", MECHANISMS, ids=repr)
def test_every_list_names_the_share_that_it_is_said_to(mechanism):
    listed = drawn(mechanism)
    assert listed.shape == (SIZE, 4)
    assert listed.dtype == np.uint8
    band = SPREAD * np.sqrt(SHARES * (1 - SHARES) / SIZE)
    assert (np.abs(listed.mean(axis=0) - SHARES) < band + NODES * SHARES).all()


@pytest.mark.parametrize("mechanism", [simulate.LogitNormal(), simulate.TwoClasses()], ids=repr)
def test_every_two_lists_depend_positively(mechanism):
    listed = drawn(mechanism)
    for first, second in itertools.combinations(range(4), 2):
        value, error = log_odds_ratio(listed, first, second)
        assert value > SPREAD * error


def test_two_classes_by_hand():
    mechanism = simulate.TwoClasses(share=0.7, odds_ratio=8.0)
    listed = drawn(mechanism)
    both = (listed[:, 0] & listed[:, 1]).mean()
    hard = populations._solved(
        lambda c: 0.7 * stats.logistic.cdf(c) + 0.3 * stats.logistic.cdf(c + math.log(8)), SHARES
    )
    low, high = stats.logistic.cdf(hard), stats.logistic.cdf(hard + math.log(8))
    assert (0.7 * low + 0.3 * high).tolist() == pytest.approx(SHARES.tolist(), rel=SAME)
    expected = 0.7 * low[0] * low[1] + 0.3 * high[0] * high[1]
    assert both == pytest.approx(expected, abs=SPREAD * math.sqrt(expected / SIZE))
