"""Strata without one of the lists: how often limits hold a known truth, how near a blanked list comes."""

import numpy as np
import pytest

from detcount import CaptureTable, abundance, datasets
from invented_tables import histories_of, of_counts, of_marks

pytestmark = pytest.mark.slow

SEED = 20261129
N_TABLES = 200
BAND = 0.046  # three times the binomial error of 200 at 95%
N_DRAWN, N_HALVES, LEAST_NEARER, N_POOLED = 30, 20, 0.9, 60
LISTS = ("press", "court", "families")
PERU = tuple(
    f"peru_{agent}_{years}"
    for agent in ("STATE", "SHINING_PATH", "OTHER")
    for years in ("1980_84", "1985_89", "1990_2002")
)


def cells_of(size: int, reach: np.ndarray, dependence: float) -> np.ndarray:
    """Shares of the eight histories of three lists, of which the third depends on both others."""
    on = histories_of(3).astype(int)
    logs = on @ reach + dependence * on[:, 2] * (on[:, 0] + on[:, 1])
    shares = np.exp(logs)
    return size * shares / shares.sum()


def test_limits_hold_the_truth_though_a_list_is_absent_in_half_of_the_strata():
    rng = np.random.default_rng(SEED)
    sizes = np.array([900, 700, 1200, 800, 1000, 600])
    reaches = [np.array([*rng.normal(-0.7, 0.5, 2), -0.9]) for _ in sizes]
    spec = abundance.PartialLists(
        interactions=(("press", "families"), ("court", "families")), varying=("press", "court")
    )
    held, of_stratum, apart = [], [], []
    for _ in range(N_TABLES):
        tables = {}
        for s, (size, reach) in enumerate(zip(sizes, reaches, strict=True)):
            counts = rng.multinomial(size, cells_of(1, reach, 0.9))
            whole = of_counts(counts, LISTS)
            tables[f"s{s}"] = whole if s % 2 else whole.drop("families")
        estimate = spec.fit(tables)
        limits = estimate.interval()
        held.append(limits.low <= sizes.sum() <= limits.high)
        limits = estimate.detail.strata["s2"].interval()
        of_stratum.append(limits.low <= sizes[2] <= limits.high)
        limits = abundance.LincolnPetersen().fit(tables["s2"]).interval()
        apart.append(limits.low <= sizes[2] <= limits.high)
    assert abs(np.mean(held) - 0.95) < BAND
    assert abs(np.mean(of_stratum) - 0.95) < BAND
    assert np.mean(apart) < 0.8  # two lists that depend through a third which is not there


def test_limits_hold_the_truth_where_many_small_strata_are_pooled():
    rng = np.random.default_rng(SEED + 1)
    sizes = np.array([60, 80, 100, 120, 150, 200, 300, 400, 700, 1200])
    spec = abundance.PartialLists(interactions=(("press", "families"), ("court", "families")))
    held, errors, alike = [], [], []
    for _ in range(N_POOLED):
        tables = {}
        for s, size in enumerate(sizes):
            reach = rng.normal([-0.7, -0.7, -0.9], 0.6)
            counts = rng.multinomial(size, cells_of(1, reach, 0.9))
            whole = of_counts(counts, LISTS)
            tables[f"s{s}"] = whole if s % 2 else whole.drop("families")
        estimate = spec.fit(tables)
        limits = estimate.interval()
        held.append(limits.low <= sizes.sum() <= limits.high)
        errors.append(np.log(estimate.point / sizes.sum()))
        alike.append(np.log(abundance.PartialLists(spec.operates, spec.interactions, ()).fit(tables).point))
    assert abs(np.mean(held) - 0.95) < 3 * np.sqrt(0.05 * 0.95 / N_POOLED)
    assert abs(np.mean(errors)) < 0.03
    alike = np.abs(np.array(alike) - np.log(sizes.sum()))
    assert np.mean(np.abs(errors)) < 0.8 * np.mean(alike)


@pytest.fixture(scope="module")
def peru() -> tuple[dict[str, CaptureTable], tuple[tuple[str, str], ...]]:
    """Nine published tables as strata, and the pairs of lists that share a hundred persons in all."""
    loaded = {name: datasets.load(name) for name in PERU}
    # without their definitions, whose periods differ: here they are strata of all who were killed
    tables = {name: CaptureTable(each.lists, each.histories, each.counts) for name, each in loaded.items()}
    lists = next(iter(tables.values())).lists
    assert all(each.lists == lists for each in tables.values())
    pairs = [(a, b) for k, a in enumerate(lists) for b in lists[k + 1 :]]
    shared = {pair: sum(each.overlap(*pair) for each in tables.values()) for pair in pairs}
    return tables, tuple(pair for pair in pairs if shared[pair] >= 100)


def without(interactions, tables):
    """What can still be asked where a list is blanked."""
    return abundance.PartialLists(interactions=interactions, varying=()).fit(tables)


def test_tables_drawn_from_the_fit_give_it_back_within_two_hundredths(peru):
    tables, interactions = peru
    lists = next(iter(tables.values())).lists
    fit = without(interactions, tables)
    coefficients = fit.detail.coefficients
    codes = np.arange(1 << len(lists))
    terms = {
        sum(1 << lists.index(name) for name in key.split(":")): value for key, value in coefficients.items()
    }
    logs = np.array([sum(value for term, value in terms.items() if term & code == term) for code in codes])
    shares = np.exp(logs) / np.exp(logs).sum()
    sizes = {name: round(each.point) for name, each in fit.detail.strata.items()}
    rng = np.random.default_rng(SEED)
    found = []
    for _ in range(N_DRAWN):
        half = set(rng.permutation(list(tables))[: len(tables) // 2].tolist())
        drawn = {}
        for name, size in sizes.items():
            counts = rng.multinomial(size, shares)
            whole = of_counts(counts, lists)
            drawn[name] = whole.drop(lists[1]) if name in half else whole
        found.append(without(interactions, drawn).point)
    assert np.mean(found) == pytest.approx(sum(sizes.values()), rel=0.02)


def test_a_blanked_list_is_nearer_to_the_whole_than_strata_left_out(peru):
    tables, interactions = peru
    reference = without(interactions, tables).point
    rng = np.random.default_rng(SEED)
    nearer = []
    for _ in range(N_HALVES):
        name = str(rng.choice(next(iter(tables.values())).lists[:4]))
        half = set(rng.permutation(list(tables))[: len(tables) // 2].tolist())
        left = {key: each.drop(name) if key in half else each for key, each in tables.items()}
        kept = {key: each for key, each in tables.items() if key not in half}
        partial = without(interactions, left).point
        dropped = without(interactions, kept).point + sum(left[key].n_observed for key in half)
        nearer.append(abs(np.log(partial / reference)) < abs(np.log(dropped / reference)))
    assert np.mean(nearer) >= LEAST_NEARER


def test_latent_classes_sum_out_what_does_not_operate():
    four = (*LISTS, "prison")
    rng = np.random.default_rng(5)
    chances = np.array([[0.6, 0.5, 0.45, 0.4], [0.12, 0.2, 0.15, 0.25]])
    made = {}
    for name, weight, there in (("a", 0.5, 4), ("b", 0.3, 4), ("c", 0.6, 3)):
        classes = (rng.random(20_000) > weight).astype(int)
        marks = (rng.random((20_000, 4)) < chances[classes])[:, :there]
        made[name] = of_marks(marks, four[:there])
    spec = abundance.PartialLists(classes=2, interval=abundance.PercentileBootstrap(100))
    estimate = spec.fit(made, seed=1)
    assert estimate.point == pytest.approx(60_000, rel=0.05)
    low, high = estimate.interval().low, estimate.interval().high
    assert low < 60_000 < high
    assert np.array_equal(estimate.draws, spec.fit(made, seed=1).draws)
    apart = sum(abundance.LogLinear().fit(each).point for each in made.values())
    assert apart < 0.9 * 60_000  # which independent lists fall short of
