"""Open populations: published values, closed forms by hand, recovery of simulated truth, and registers."""

from __future__ import annotations

import itertools
import json
import math
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detcount import Calibrated, CaptureTable, abundance, datasets, stock
from detcount._numerics.open_population import carried_over, jolly_seber, sightings
from detcount.assumptions import Assumption
from detcount.errors import InputError, NotEstimableError, error_text

EXACT = 1e-5  # Rcapture prints its figures to this many digits
ROSTERS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun")

# Rcapture 1.4.4, openp(duck): estimate and standard error, at those periods where no chance is forced to 1
RCAPTURE_STOCK = {"p2": (378.606027263281, 18.892779), "p3": (455.214261968086, 26.111827)}
RCAPTURE_STAYED = {"p1": (0.446949298922983, 0.025558818), "p2": (0.957811945134944, 0.052336873)}
RCAPTURE_ENTERED = {"p2": (92.5808865552287, 23.475112)}
BEFORE_IT_IS_FORCED = {"p4": 353.4415, "p5": 466.3906}


def open_world(rng, *, n_rosters=6, start=600, stay=0.8, arrivals=120, named=0.5, register=False, back=0.0):
    """Histories of everybody ever held, and the truth: who is held at each roster."""
    n_ever = start + arrivals * (n_rosters - 1)
    entered = np.repeat(np.arange(n_rosters), [start] + [arrivals] * (n_rosters - 1))
    held = np.zeros((n_ever, n_rosters), dtype=bool)
    gone = np.zeros(n_ever, dtype=bool)
    for i in range(n_rosters):
        old = entered < i
        leaves = old & ~gone & (rng.random(n_ever) > stay)
        returns = old & gone & (rng.random(n_ever) < back)
        gone = (gone | leaves) & ~returns
        held[:, i] = (entered <= i) & ~gone
    if register:
        found = np.cumsum((rng.random(held.shape) < named) & held, axis=1) > 0
        seen = held & found
    else:
        seen = held & (rng.random(held.shape) < named)
    return seen, held


def table_of(seen, names=None):
    names = names or ROSTERS[: seen.shape[1]]
    rows = seen[seen.any(axis=1)]
    return CaptureTable.from_frame({n: rows[:, k].astype(int) for k, n in enumerate(names)}, lists=names)


@pytest.fixture(scope="module")
def duck():
    return stock.JollySeber(bias_corrected=False).fit(datasets.load("duck"))


@pytest.mark.reference
def test_the_duck_is_as_rcapture_has_it(duck):
    for quantities, expected in (
        (duck.stock, RCAPTURE_STOCK),
        (duck.stayed, RCAPTURE_STAYED),
    ):
        for name, (estimate, error) in expected.items():
            assert quantities[name].estimate == pytest.approx(estimate, rel=1e-8)
            assert quantities[name].standard_error == pytest.approx(error, rel=EXACT)
    for name, (estimate, error) in RCAPTURE_ENTERED.items():
        assert duck.entered[name].estimate == pytest.approx(estimate, rel=1e-8)
        # to Rcapture those who enter are Poisson; given their number, the variance is less by it
        variance = duck.entered[name].standard_error ** 2
        assert variance + estimate == pytest.approx(error**2, rel=EXACT)
    for name, estimate in BEFORE_IT_IS_FORCED.items():
        assert duck.stock[name].estimate == pytest.approx(estimate, rel=1e-6)


def test_a_chance_above_one_is_given_as_one_and_said(duck):
    assert duck.stayed["p4"].estimate == 1.0 < duck.stayed["p4"].formula
    assert any("chance of staying above 1 after 'p4'" in str(note) for note in duck.notes)
    assert duck.stayed["p4"].interval().high == 1.0


def test_the_first_and_the_last_roster_have_no_stock(duck):
    assert list(duck.stock) == ["p2", "p3", "p4", "p5"]
    assert set(duck.declined) == {"p1", "p6"}
    with pytest.raises(InputError, match="'p1' has no estimate: no roster before it names anybody"):
        duck.at("p1")
    with pytest.raises(InputError, match="no such occasion"):
        duck.at("p7")
    assert duck.at("p2") == duck.stock["p2"]


def by_hand(histories, counts, one):
    """M, N, phi and B of every roster, from loops over persons."""
    n_rosters = len(histories[0])
    n, m, r, z = ([0] * n_rosters for _ in range(4))
    for history, count in zip(histories, counts, strict=True):
        for i in range(n_rosters):
            before, after = any(history[:i]), any(history[i + 1 :])
            n[i] += count * history[i]
            m[i] += count * (history[i] and before)
            r[i] += count * (history[i] and after)
            z[i] += count * (before and after and not history[i])
    there = [0.0] + [m[i] + (n[i] + one) * z[i] / (r[i] + one) for i in range(1, n_rosters - 1)]
    size = [None] + [there[i] * (n[i] + one) / (m[i] + one) for i in range(1, n_rosters - 1)]
    share = [there[i + 1] / (there[i] - m[i] + n[i]) for i in range(n_rosters - 2)]
    entered = [None] + [size[i + 1] - share[i] * size[i] for i in range(1, n_rosters - 2)]
    return there, size, share, entered


@pytest.mark.parametrize("one", [0, 1])
def test_the_forms_by_loops_over_persons(one):
    rng = np.random.default_rng(5)
    histories = [list(h) for h in itertools.product((0, 1), repeat=5) if any(h)]
    counts = rng.integers(3, 60, len(histories)).tolist()
    found = jolly_seber(sightings(np.array(histories), np.array(counts)), bias_corrected=bool(one))
    there, size, share, entered = by_hand(histories, counts, one)
    np.testing.assert_allclose(found.marked[:-1], there, rtol=1e-12)
    np.testing.assert_allclose(found.stock[1:-1], size[1:], rtol=1e-12)
    np.testing.assert_allclose(found.survival[:-2], share, rtol=1e-12)
    np.testing.assert_allclose(found.entries[1:-2], entered[1:], rtol=1e-12)


def test_standard_errors_are_those_of_many_worlds():
    """The spread of estimates about the truth of their own world, over 400 worlds."""
    rng = np.random.default_rng(31)
    errors, stated = [], []
    for _ in range(400):
        seen, held = open_world(rng, n_rosters=5, start=400, arrivals=80, named=0.45)
        forms = jolly_seber(
            sightings(seen.astype(np.int64), np.ones(len(seen), dtype=np.int64)), bias_corrected=True
        )
        truth = held.sum(axis=0)
        came = np.array([(~held[:, i] & held[:, i + 1]).sum() for i in range(4)])
        stayed = forms.survival - 0.8
        errors.append([*(forms.stock - truth)[1:4], *(forms.entries[:4] - came)[1:3], *stayed[:3]])
        stated.append(
            np.sqrt([*forms.stock_variance[1:4], *forms.entries_variance[1:3], *forms.survival_variance[:3]])
        )
    spread, said = np.std(errors, axis=0), np.sqrt((np.array(stated) ** 2).mean(axis=0))
    # a standard deviation of 400 has a relative error of 3.5%; the forms are first-order
    np.testing.assert_allclose(said / spread, 1.0, atol=0.14)
    bias = np.abs(np.mean(errors, axis=0)) / (spread / math.sqrt(400))
    assert (bias < 4).all()


def covered(n_worlds, seed, **world):
    """How often 95% limits hold the truth, for stock, staying and entering."""
    rng = np.random.default_rng(seed)
    inside = {"stock": [], "stayed": [], "entered": []}
    for _ in range(n_worlds):
        seen, held = open_world(rng, **world)
        found = stock.JollySeber().fit(table_of(seen))
        for k, name in enumerate(found.occasions):
            truths = {
                "stock": held[:, k].sum(),
                "stayed": world.get("stay", 0.8),
                "entered": (~held[:, k] & held[:, k + 1]).sum() if k + 1 < held.shape[1] else 0,
            }
            for what, truth in truths.items():
                one = getattr(found, what).get(name)
                if one is not None:
                    limits = one.interval()
                    inside[what].append(limits.low <= truth <= limits.high)
    return {what: float(np.mean(values)) for what, values in inside.items()}


def test_limits_hold_the_truth_as_often_as_they_say():
    found = covered(60, 7, named=0.5)
    # 240 to 300 limits, four a world that go together: a standard error of some 0.02
    assert all(0.89 <= share <= 0.99 for share in found.values()), found


@pytest.mark.slow
def test_limits_hold_the_truth_in_small_and_large_worlds():
    for world in (
        {"start": 120, "arrivals": 30, "named": 0.4},
        {"start": 1500, "arrivals": 200, "named": 0.3},
        {"start": 300, "arrivals": 60, "named": 0.7, "stay": 0.95},
    ):
        found = covered(150, 11, **world)
        assert all(0.90 <= share <= 0.985 for share in found.values()), (world, found)


@pytest.mark.parametrize("back", [0.0, 0.15])
@pytest.mark.parametrize("named", [0.3, 0.8])
def test_a_register_is_recognised(named, back):
    for seed in range(6):
        seen, _ = open_world(np.random.default_rng(seed), n_rosters=8, named=named, back=back, register=True)
        with pytest.raises(NotEstimableError, match="register") as declined:
            stock.JollySeber().fit(table_of(seen, [f"r{k}" for k in range(8)]))
        assert "registro" in error_text(declined.value, "es")


def test_rosters_taken_anew_are_no_register():
    for seed, named in itertools.product(range(6), (0.2, 0.5, 0.9)):
        seen, _ = open_world(np.random.default_rng(seed), named=named)
        found = stock.JollySeber().fit(table_of(seen))
        assert found.carried_over < 3
        assert not any("follow the ones before" in str(note) for note in found.notes)


def test_rosters_of_unequal_persons_are_answered_with_a_note():
    rng = np.random.default_rng(3)
    seen, held = open_world(rng, n_rosters=8, start=2000, named=1.0)
    easy = rng.random(len(seen)) < 0.4
    seen = held & (rng.random(held.shape) < np.where(easy, 0.85, 0.15)[:, None])
    found = stock.JollySeber().fit(table_of(seen, [f"r{k}" for k in range(8)]))
    assert 2 < found.carried_over < 10
    assert any("numbers are then too low" in str(note) for note in found.notes)
    assert all(found.stock[f"r{k}"].estimate < held[:, k].sum() for k in range(2, 6))


def test_the_odds_of_going_on_by_loops():
    rng = np.random.default_rng(8)
    seen, _ = open_world(rng, n_rosters=5, start=200)
    seen = seen[seen.any(axis=1)]
    above = below = 0.0
    for i in (1, 2):
        cells = np.zeros((2, 2))
        for history in seen:
            if history[:i].any() and history[i + 1 :].any():
                cells[int(history[i]), int(history[i + 1])] += 1
        above += cells[1, 1] * cells[0, 0] / cells.sum()
        below += cells[1, 0] * cells[0, 1] / cells.sum()
    found = carried_over(seen.astype(np.int64), np.ones(len(seen), dtype=np.int64))
    assert found.odds_ratio == pytest.approx(above / below, rel=1e-12)


@settings(max_examples=40, deadline=None)
@given(
    counts=st.lists(st.integers(0, 40), min_size=15, max_size=15).filter(lambda c: sum(c) > 0),
    corrected=st.booleans(),
)
def test_an_answer_or_a_reason_for_any_table(counts, corrected):
    patterns = ["".join(h) for h in itertools.product("01", repeat=4) if "1" in h]
    table = CaptureTable.from_counts(dict(zip(patterns, counts, strict=True)), lists=ROSTERS[:4])
    try:
        found = stock.JollySeber(bias_corrected=corrected).fit(table)
    except NotEstimableError:
        return
    assert set(found.stock) | set(found.declined) == set(ROSTERS[:4])
    assert not set(found.stock) & set(found.declined)
    for name, one in found.stock.items():
        assert found.named[name] <= found.known[name] <= one.estimate < math.inf
        inner, outer = one.interval(0.8), one.interval(0.95)
        assert found.known[name] <= outer.low <= inner.low <= inner.high <= outer.high
    for one in found.stayed.values():
        assert 0 <= one.interval().low <= one.estimate <= one.interval().high <= 1
    assert all(one.estimate >= 0 for one in found.entered.values())
    json.dumps(found.record(), allow_nan=False)


def test_too_few_rosters_and_too_little_in_common():
    two = CaptureTable.from_counts({"10": 4, "01": 6, "11": 2}, lists=["a", "b"])
    with pytest.raises(NotEstimableError, match="needs at least 3 rosters, got 2"):
        stock.JollySeber().fit(two)
    apart = CaptureTable.from_counts({"100": 4, "010": 6, "001": 2}, lists=["a", "b", "c"])
    with pytest.raises(NotEstimableError, match="no roster has an estimate"):
        stock.JollySeber().fit(apart)
    with pytest.raises(TypeError, match="JollySeber: expected a CaptureTable whose lists are the rosters"):
        stock.JollySeber().fit({"a": [1, 0]})


def test_the_specification_is_the_method():
    for spec in (
        stock.JollySeber(),
        stock.JollySeber(bias_corrected=False),
        stock.RobustDesign(groups=(("a", "b"), ("c", "d"))),
        stock.RobustDesign(groups=(("a", "b"), ("c", "d")), estimator=abundance.Chapman()),
    ):
        assert eval(repr(spec), {**vars(stock), **vars(abundance)}) == spec
        assert pickle.loads(pickle.dumps(spec)) == spec
        assert len(set(spec.assumes)) == len(spec.assumes)


def test_the_result_survives_a_pickle_and_a_frame(duck):
    other = pickle.loads(pickle.dumps(duck))
    assert str(other) == str(duck)
    frame = duck.to_frame(0.8)
    assert list(frame["quantity"].unique()) == ["stayed", "stock", "entered"]
    assert frame.query("quantity == 'stock'")["occasion"].tolist() == ["p2", "p3", "p4", "p5"]
    assert frame.query("quantity == 'stayed' and occasion == 'p1'")["until"].tolist() == ["p2"]
    assert "Jolly" in duck.cite()


# The robust design.

MONTHS = (("Jan a", "Jan b", "Jan c"), ("Mar a", "Mar b", "Mar c"), ("May a", "May b", "May c"))


def months(rng, named=0.4, start=500):
    """Three groups of three rosters, and who is held at each group."""
    _, held = open_world(rng, n_rosters=3, start=start, arrivals=100, named=1.0)
    seen = np.repeat(held, 3, axis=1) & (rng.random((len(held), 9)) < named)
    return table_of(seen, [name for group in MONTHS for name in group]), held


def test_the_stock_of_a_group_is_that_of_the_estimator():
    table, _ = months(np.random.default_rng(2))
    found = stock.RobustDesign(groups=MONTHS, estimator=abundance.LogLinear()).fit(table)
    for group in MONTHS:
        estimate = abundance.LogLinear().fit(table.keep(group))
        one = found.at(group[0])
        known = found.known[group[0]]
        assert one.estimate == max(estimate.point, known)
        assert one.interval(0.8).low == max(estimate.interval(0.8).low, known)
    assert Assumption.CLOSED_POPULATION not in found.assumptions
    assert Assumption.CLOSED_WITHIN_GROUPS in found.assumptions


def test_the_default_estimator_is_calibrated():
    table, _ = months(np.random.default_rng(2))
    found = stock.RobustDesign(groups=MONTHS).fit(table)
    estimate = Calibrated().fit(table.keep(MONTHS[1]))
    assert found.at("Mar a").interval(0.5) == pytest.approx(found.at("Mar a").interval(0.5))
    assert found.at("Mar a").estimate == max(estimate.point, found.known["Mar a"])


def test_groups_recover_the_truth_of_many_worlds():
    rng = np.random.default_rng(17)
    inside = {"stock": [], "stayed": [], "entered": []}
    errors = []
    for _ in range(60):
        table, held = months(rng)
        found = stock.RobustDesign(groups=MONTHS, estimator=abundance.LogLinear()).fit(table)
        assert set(found.stock) == {"Jan a", "Mar a", "May a"}
        assert set(found.stayed) == set(found.entered) == {"Jan a", "Mar a"}
        for k, name in enumerate(found.occasions):
            truths = {"stock": held[:, k].sum()}
            errors.append(math.log(found.stock[name].estimate / truths["stock"]))
            if k < 2:
                truths["stayed"] = 0.8
                truths["entered"] = (~held[:, k] & held[:, k + 1]).sum()
            for what, truth in truths.items():
                limits = getattr(found, what)[name].interval()
                inside[what].append(limits.low <= truth <= limits.high)
    assert abs(np.mean(errors)) < 0.01
    shares = {what: np.mean(values) for what, values in inside.items()}
    assert all(0.89 <= share <= 0.995 for share in shares.values()), shares


def test_groups_that_cannot_be():
    table, _ = months(np.random.default_rng(2))
    with pytest.raises(InputError, match="at least two groups of at least two rosters"):
        stock.RobustDesign(groups=(("a", "b"), ("c",)))
    with pytest.raises(InputError, match="'b' twice"):
        stock.RobustDesign(groups=(("a", "b"), ("b", "c")))
    with pytest.raises(TypeError, match="groups: expected a tuple of tuples"):
        stock.RobustDesign(groups="abc")
    with pytest.raises(TypeError, match="estimator: expected an estimator"):
        stock.RobustDesign(groups=MONTHS, estimator=abundance.LogLinear)
    with pytest.raises(InputError, match="every roster of the table in one group"):
        stock.RobustDesign(groups=MONTHS[:2]).fit(table)
    with pytest.raises(TypeError, match="RobustDesign: expected a CaptureTable"):
        stock.RobustDesign(groups=MONTHS).fit([1])


def test_a_register_in_groups_is_recognised():
    seen, _ = open_world(np.random.default_rng(4), n_rosters=8, named=0.5, register=True)
    names = [f"r{k}" for k in range(8)]
    groups = tuple(tuple(names[k : k + 2]) for k in range(0, 8, 2))
    with pytest.raises(NotEstimableError, match="RobustDesign: the rosters leave out"):
        stock.RobustDesign(groups=groups, estimator=abundance.Chapman()).fit(table_of(seen, names))


def test_a_group_without_an_estimate_is_declined_by_itself():
    table, _ = months(np.random.default_rng(2))
    empty = ("Jul a", "Jul b")
    frame = table.to_frame()
    for name in empty:
        frame[name] = 0
    wider = CaptureTable.from_frame(frame, lists=[*table.lists, *empty], count="count")
    found = stock.RobustDesign(groups=(*MONTHS, empty), estimator=abundance.LogLinear()).fit(wider)
    assert set(found.declined) == {"Jul a"}
    assert set(found.stock) == {"Jan a", "Mar a", "May a"}
