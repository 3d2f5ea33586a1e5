"""Strata in which not every list operates: against brute force, closed forms and one table."""

import itertools
import json
import math
import time
from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import minimize

from cases import tables as tables_of_cases
from detcount import CaptureTable, Definition, Operates, abundance, datasets, fit_strata, reproduce
from detcount._numerics import partial_lists as numerics
from detcount.errors import InputError, NotEstimableError

EXACT = 1e-9
SAME = 1e-6  # of a maximum that scipy finds by its own steps
THREE = ("press", "court", "families")
NORTH = {"100": 40, "010": 60, "001": 35, "110": 20, "101": 12, "011": 9, "111": 6}
EAST = {"100": 33, "010": 21, "001": 50, "110": 9, "101": 17, "011": 8, "111": 4}
SOUTH = {"10": 30, "01": 41, "11": 13}


def table(counts: dict[str, int], lists: tuple[str, ...] = THREE) -> CaptureTable:
    return CaptureTable.from_counts(counts, lists=list(lists))


@pytest.fixture
def tables() -> dict[str, CaptureTable]:
    return {"north": table(NORTH), "east": table(EAST), "south": table(SOUTH, THREE[:2])}


def brute_force(tables, interactions, varying) -> float:
    """N by a likelihood written cell by cell, and maximised by scipy from two starts."""
    names = list(tables)

    def log_mean(history, s, parameters):
        total = parameters["a", s]
        for k, name in enumerate(THREE):
            if history[k]:
                total += parameters["b", name, s if name in varying else -1]
        for pair in interactions:
            if all(history[THREE.index(name)] for name in pair):
                total += parameters["c", pair]
        return total

    keys = [("a", s) for s in range(len(names))]
    for name in THREE:
        keys += [("b", name, s) for s in range(len(names))] if name in varying else [("b", name, -1)]
    keys += [("c", pair) for pair in interactions]

    def means(values):
        parameters = dict(zip(keys, values, strict=True))
        seen, unseen = [], 0.0
        for s, each in enumerate(tables.values()):
            there = [name in each.lists for name in THREE]
            sums: dict[tuple[int, ...], float] = {}
            for history in itertools.product((0, 1), repeat=3):
                key = tuple(mark for mark, on in zip(history, there, strict=True) if on)
                sums[key] = sums.get(key, 0.0) + math.exp(log_mean(history, s, parameters))
            counts = dict(zip(map(tuple, each.histories.tolist()), each.counts.tolist(), strict=True))
            for key, mean in sums.items():
                if any(key):
                    seen.append((counts.get(key, 0), mean))
                else:
                    unseen += mean
        return seen, unseen

    def loss(values):
        return sum(mean - count * math.log(mean) for count, mean in means(values)[0])

    best = min(
        (
            minimize(loss, np.full(len(keys), start), method="BFGS", options={"gtol": 1e-7})
            for start in (0.5, -0.5)
        ),
        key=lambda found: found.fun,
    )
    best = minimize(loss, best.x, method="BFGS", options={"gtol": 1e-9})
    return sum(each.n_observed for each in tables.values()) + means(best.x)[1]


@pytest.mark.parametrize(
    ("interactions", "varying"),
    [
        ((("press", "families"),), ("press", "court")),
        ((("press", "families"), ("court", "families")), ()),
        ((("press", "court"),), ("press",)),
    ],
)
def test_it_is_the_maximum_that_brute_force_finds(tables, interactions, varying):
    estimate = abundance.PartialLists(interactions=interactions, varying=varying).fit(tables)
    assert estimate.point == pytest.approx(brute_force(tables, interactions, varying), rel=SAME)


def many_strata() -> dict[str, CaptureTable]:
    """Eight strata of few to many persons, of which two lack the last list."""
    random = np.random.default_rng(11)
    made = {}
    for s in range(8):
        reach = [0.2 + 0.6 * random.random() for _ in THREE]
        on = random.random((30 + 40 * s, 3)) < reach
        on[:, 2] |= on[:, 0] & (random.random(len(on)) < 0.2)
        marks, counts = np.unique(on[on.any(axis=1)].astype(np.uint8), axis=0, return_counts=True)
        whole = CaptureTable(THREE, marks, counts)
        made[f"s{s}"] = whole.drop("families") if s in (1, 6) else whole
    return made


def test_the_reach_of_many_strata_is_the_mode_of_the_posterior_and_its_spread_a_fixed_point():
    tables = many_strata()
    there = np.array([[name in each.lists for name in THREE] for each in tables.values()])
    counts = np.zeros((8, 8))
    for s, each in enumerate(tables.values()):
        np.add.at(counts[s], each.histories @ (1 << np.arange(each.n_lists)), each.counts)
    cells, columns = numerics.partial_cells(
        counts, there, np.zeros_like(there), np.array([1, 2, 4, 5]), np.arange(3)
    )
    of_list = np.array([code.bit_length() - 1 if s >= 0 else -1 for code, s in columns])
    fit, precision = numerics.fit_pooled(cells, of_list)

    def log_posterior(values):
        total = -0.5 * float(precision @ values**2)
        for s in range(8):
            sums: dict[int, float] = {}
            seen_by = int(there[s] @ (1 << np.arange(3)))
            for code in range(8):
                inside = [
                    value
                    for (term, at), value in zip(columns, values, strict=True)
                    if at in (-1, s) and term & code == term
                ]
                sums[code & seen_by] = sums.get(code & seen_by, 0.0) + math.exp(sum(inside))
            total += sum(counts[s, code] * math.log(m) - m for code, m in sums.items() if code)
        return total

    top = log_posterior(fit.coefficients)
    for k in range(len(columns)):
        step = np.zeros(len(columns))
        step[k] = 1e-3
        assert log_posterior(fit.coefficients + step) < top > log_posterior(fit.coefficients - step)
    squares = fit.coefficients**2 + fit.information.variances()
    for k in range(3):
        assert squares[of_list == k].mean() * precision[of_list == k][0] == pytest.approx(1, abs=1e-4)
    estimate = abundance.PartialLists(interactions=(("press", "families"),)).fit(tables)
    assert estimate.point == pytest.approx(counts.sum() + fit.means[cells.unseen].sum(), rel=EXACT)
    assert "as much as is learned from all of them" in estimate.notes[0]
    alike = abundance.PartialLists(interactions=(("press", "families"),), varying=()).fit(tables)
    assert alike.standard_error != pytest.approx(estimate.standard_error, rel=0.01)


def test_steps_that_reach_too_far_are_shortened_until_the_maximum_is_met():
    # a list is blanked in four of nine published tables: full steps of scoring lower the likelihood there
    loaded = [
        datasets.load(f"peru_{agent}_{years}")
        for agent in ("STATE", "SHINING_PATH", "OTHER")
        for years in ("1980_84", "1985_89", "1990_2002")
    ]
    bits, blanked = 1 << np.arange(6), [4, 6, 7, 8]
    counts = np.zeros((9, 64))
    operates = np.ones((9, 6), dtype=bool)
    operates[blanked, 0] = False
    for s, each in enumerate(loaded):
        seen = np.where(operates[s], each.histories, 0).astype(np.int64)
        np.add.at(counts[s], seen @ bits, each.counts)
    counts[:, 0] = 0
    codes = np.arange(64)
    pairs = [int(a | b) for a, b in itertools.combinations(bits, 2)]
    shared = [pair for pair in pairs if counts[:, (codes & pair) == pair].sum() >= 100]
    cells, columns = numerics.partial_cells(
        counts, operates, np.zeros_like(operates), np.array([*bits, *shared]), np.arange(6)
    )
    precision = np.array([1 / 9 if s >= 0 and code else 0.0 for code, s in columns])
    fit = numerics.fit_partial(cells, cells.counts, precision=precision)
    assert fit.converged
    means = np.exp(cells.design @ fit.coefficients)
    seen = ~cells.unseen
    missed = np.repeat(np.where(seen, cells.counts / fit.means - 1, 0.0), cells.sizes)
    slopes = cells.design.T @ (means * missed) - precision * fit.coefficients
    assert np.abs(slopes).max() < 1e-6


def test_a_list_in_no_interaction_may_be_left_out_where_it_is_absent(tables):
    # theorem of Zwane, van der Pal and van der Heijden (2004)
    estimate = abundance.PartialLists().fit(tables)
    apart = fit_strata(abundance.LogLinear(), tables)
    for name, each in apart.estimates.items():
        found = estimate.detail.strata[name]
        assert found.point == pytest.approx(each.point, rel=SAME)
        assert found.standard_error == pytest.approx(each.standard_error, rel=SAME)
    assert estimate.standard_error == pytest.approx(
        math.sqrt(sum(each.standard_error**2 for each in apart.estimates.values())), rel=SAME
    )


def test_strata_that_are_alike_are_one_table():
    one = table(NORTH)
    spec = abundance.PartialLists(interactions=(("press", "court"),), varying=())
    pair = spec.fit({"a": one, "b": one})
    single = abundance.LogLinear(interactions=(("press", "court"),)).fit(
        table({history: 2 * count for history, count in NORTH.items()})
    )
    assert pair.point == pytest.approx(single.point, rel=SAME)
    assert pair.standard_error == pytest.approx(single.standard_error, rel=SAME)
    assert pair.detail.coefficients["press:court"] == pytest.approx(
        single.detail.coefficients["press:court"], abs=SAME
    )
    assert pair.detail.log_likelihood < 0
    assert pair.detail.degrees_of_freedom == 14 - 6


@pytest.mark.slow
def test_four_times_as_many_strata_take_at_most_five_times_the_work():
    seconds, found = [], []
    for n in (15, 60):
        begun = time.process_time()
        found.append(abundance.PartialLists().fit({f"s{k}": table(NORTH) for k in range(n)}))
        seconds.append(time.process_time() - begun)
    assert found[1].point == pytest.approx(4 * found[0].point, rel=0.01)
    assert seconds[1] < 5 * seconds[0]


def test_where_lists_operate_can_be_said_by_tables_or_by_a_table(tables):
    spec = abundance.PartialLists(interactions=(("press", "families"), ("court", "families")))
    zeros = tables | {"south": table({f"{history}0": count for history, count in SOUTH.items()})}
    stated = Operates.from_frame({"list": ["families", "families"], "stratum": ["north", "east"]})
    said = abundance.PartialLists(operates=stated, interactions=spec.interactions).fit(zeros)
    assert said.point == spec.fit(tables).point
    assert said.detail.operating["south"] == ("press", "court")
    everywhere = spec.fit(zeros)  # a list that could have named people and named none
    assert everywhere.detail.strata["south"].point != pytest.approx(said.detail.strata["south"].point)
    assert any("names nobody there" in note for note in everywhere.notes)
    assert any("'families' does not operate in 1 stratum" in note for note in said.notes)


def test_neither_the_order_of_lists_nor_of_strata_matters(tables):
    spec = abundance.PartialLists(interactions=(("press", "families"),))
    one = spec.fit(tables)
    turned = {name: each.keep(list(each.lists[::-1])) for name, each in reversed(tables.items())}
    other = spec.fit(turned)
    assert other.point == pytest.approx(one.point, rel=SAME)
    for name, each in one.detail.strata.items():
        assert other.detail.strata[name].point == pytest.approx(each.point, rel=SAME)
        assert other.detail.strata[name].standard_error == pytest.approx(each.standard_error, rel=SAME)


def test_strata_add_up_and_limits_hold_the_listed(tables):
    estimate = abundance.PartialLists(interactions=(("press", "families"),), varying=()).fit(tables)
    parts = estimate.detail.strata
    assert sum(each.point for each in parts.values()) == pytest.approx(estimate.point, rel=EXACT)
    assert sum(each.n_observed for each in parts.values()) == estimate.n_observed == 408
    for each in (estimate, *parts.values()):
        assert each.n_observed <= each.interval().low <= each.point <= each.interval().high
    # shared effects make the strata err together
    alone = math.sqrt(sum(each.standard_error**2 for each in parts.values()))
    assert estimate.standard_error > 1.05 * alone
    assert estimate.digest != abundance.PartialLists().fit(dict(reversed(tables.items()))).digest
    record = estimate.record()
    assert record["estimator"] == repr(estimate.estimator)
    assert "zwane" in estimate.cite().lower()


def test_each_stratum_keeps_its_definition_and_the_whole_has_what_all_share(tables):
    stated = {
        name: replace(each, definition=Definition(unit="person", who="detained persons", where=name))
        for name, each in tables.items()
    }
    estimate = abundance.PartialLists().fit(stated)
    assert estimate.detail.strata["east"].definition.where == "east"
    assert estimate.definition is None or estimate.definition.where != "east"


def test_a_record_is_made_again_from_the_tables(tables):
    stated = Operates((("families", "north", "2024-01-01", None), ("families", "east", None, None)))
    estimate = abundance.PartialLists(operates=stated, interactions=(("press", "families"),)).fit(tables)
    record = json.loads(json.dumps(estimate.record()))
    assert reproduce(record, tables).agrees
    with pytest.raises(InputError, match="expected those of the record"):
        reproduce(record, tables | {"south": table(SOUTH | {"11": 14}, THREE[:2])})


def test_the_bootstrap_redraws_the_strata_together(tables):
    few = abundance.PercentileBootstrap(100)
    spec = abundance.PartialLists(interactions=(("press", "families"),), varying=(), interval=few)
    estimate = spec.fit(tables, seed=3)
    normal = abundance.PartialLists(interactions=(("press", "families"),), varying=()).fit(tables)
    assert estimate.point == normal.point
    assert sum(each.draws for each in estimate.detail.strata.values()) == pytest.approx(estimate.draws)
    assert estimate.standard_error == pytest.approx(normal.standard_error, rel=0.35)
    assert estimate.interval().low < estimate.point < estimate.interval().high


@pytest.mark.slow
def test_redrawn_tables_without_a_fit_are_counted_and_said():
    few = {"100": 9, "010": 8, "001": 7, "110": 3, "011": 4, "101": 2}
    tables = {"a": table(few), "b": table({"10": 8, "01": 9, "11": 6}, THREE[:2])}
    spec = abundance.PartialLists(
        interactions=(("press", "families"),), interval=abundance.PercentileBootstrap(100)
    )
    estimate = spec.fit(tables)
    failed = int(np.isinf(estimate.draws).sum())
    assert 0 < failed == estimate.detail.n_without_estimate
    assert any(f"{failed} of 100" in note for note in estimate.notes)
    assert estimate.interval().high > estimate.point


def test_no_step_away_from_the_classes_is_better():
    counts = np.zeros((2, 8))
    counts[:, 1:] = [[40, 60, 20, 35, 12, 9, 26], [33, 21, 9, 50, 17, 8, 24]]
    operates = np.array([[True, True, True], [True, True, True]])
    none = np.zeros_like(operates)
    empty = np.array([], dtype=np.int64)
    cells, _ = numerics.partial_cells(counts, operates, none, empty, empty)
    fit = numerics.fit_classes(cells, cells.counts, operates, 2, np.random.default_rng(0))

    def value(probabilities, weights):
        total = 0.0
        for s in range(2):
            shares = np.zeros(8)
            for code in range(8):
                on = np.array([code >> k & 1 for k in range(3)])
                shares[code] = (
                    weights[s] * np.prod(np.where(on, probabilities, 1 - probabilities), axis=1)
                ).sum()
            total += (counts[s, 1:] * np.log(shares[1:] / (1 - shares[0]))).sum()
        return total

    best = value(fit.probabilities, fit.weights)
    assert best == pytest.approx(fit.log_likelihood, abs=1e-9)
    for at in np.ndindex(fit.probabilities.shape):
        for step in (-1e-3, 1e-3):
            moved = fit.probabilities.copy()
            moved[at] = np.clip(moved[at] + step, 1e-9, 1 - 1e-9)
            assert value(moved, fit.weights) <= best + 1e-7
    for step in (-1e-3, 1e-3):
        weights = fit.weights + np.array([[step, -step], [0, 0]])
        assert value(fit.probabilities, weights) <= best + 1e-7


@pytest.mark.parametrize(("said", "strata", "words"), tables_of_cases("partial_lists")["declined_by_name"])
def test_what_the_strata_do_not_show_is_declined_by_name(said, strata, words):
    tables = {name: table(counts, lists) for name, (lists, counts) in strata.items()}
    with pytest.raises(NotEstimableError, match=words):
        abundance.PartialLists(**said).fit(tables)
