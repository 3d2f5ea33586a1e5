"""How often the limits of `DoublyRobust` hold a known truth, with the true shares and with learned ones."""

import math

import numpy as np
import pytest

from detcount import CaptureTable, abundance

pytestmark = pytest.mark.slow

SEED = 20261129
N_PERSONS = 2000
N_KNOWN, N_LEARNED = 1000, 60
LISTS = ("press", "families")
# Binomial error of 1,000 and of 60 tables at 95%, three times: .0069 and .0281.
BAND_KNOWN = 0.02
BAND_LEARNED = 0.085
GROUPS = 4


def chances(place: np.ndarray, age: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of being on each list: the lists are independent given the covariates, and depend without."""
    first = -0.4 + 0.9 * age + 0.5 * (place == 1) - 0.6 * (place == 2)
    second = -0.7 + 0.8 * age - 0.4 * (place == 1) - 0.5 * (place == 3)
    return 1 / (1 + np.exp(-first)), 1 / (1 + np.exp(-second))


def listed(rng: np.random.Generator) -> dict[str, np.ndarray]:
    # as many in each region on average
    place, age = rng.integers(0, GROUPS, N_PERSONS), rng.uniform(-1.7, 1.7, N_PERSONS)
    first, second = (rng.random(N_PERSONS) < chance for chance in chances(place, age))
    seen = first | second
    rows = {"press": first, "families": second, "place": place, "age": age}
    rows = {name: values[seen].astype(float if name == "age" else int) for name, values in rows.items()}
    return rows | {"region": np.array(["north", "south", "east", "west"])[rows["place"]]}


class TrueShares:
    """The shares of the listed who are alike; the covariate that it is given is the number of the person."""

    def __init__(self, rows: dict[str, np.ndarray]) -> None:
        first, second = chances(rows["place"], rows["age"])
        both, seen = first * second, 1 - (1 - first) * (1 - second)
        self.shares = np.stack([(first - both) / seen, (second - both) / seen, both / seen], axis=1)

    def fit(self, X, y):
        return self

    def predict_proba(self, X):
        from scipy.special import ndtr

        return self.shares[np.rint(ndtr(X[:, 0]) * (len(self.shares) + 1)).astype(int) - 1]


def cover(estimates: list) -> float:
    return float(np.mean([each.interval().low <= N_PERSONS <= each.interval().high for each in estimates]))


def test_limits_hold_the_truth_where_the_shares_are_known():
    rng = np.random.default_rng(SEED)
    found = []
    for _ in range(N_KNOWN):
        rows = listed(rng)
        spec = abundance.DoublyRobust(LISTS, ("person",), nuisance=TrueShares(rows), least=1e-6)
        found.append(spec.fit(rows | {"person": np.arange(len(rows["age"]))}))
    assert 0.95 - BAND_KNOWN < cover(found) < 0.95 + BAND_KNOWN
    points = np.array([each.point for each in found])
    spread = points.std()
    assert abs(points.mean() - N_PERSONS) < 3 * spread / math.sqrt(N_KNOWN)
    assert np.mean([each.standard_error for each in found]) == pytest.approx(spread, rel=0.1)


def test_learned_shares_come_near_where_chapman_is_far():
    rng = np.random.default_rng(SEED + 1)
    found, without = [], []
    for _ in range(N_LEARNED):
        rows = listed(rng)
        found.append(abundance.DoublyRobust(LISTS, ("region", "age")).fit(rows))
        counts = np.bincount(rows["press"] + 2 * rows["families"], minlength=4)
        table = CaptureTable.from_counts(
            {"10": int(counts[1]), "01": int(counts[2]), "11": int(counts[3])}, lists=LISTS
        )
        without.append(abundance.Chapman().fit(table))
    assert cover(found) > 0.95 - BAND_LEARNED
    assert cover(without) < 0.2
    errors = np.array([[each.point - N_PERSONS for each in many] for many in (found, without)])
    assert abs(errors[0].mean()) < 0.4 * abs(errors[1].mean())
    groups = abundance.DoublyRobust(LISTS, ("age",), by="region").fit(rows).detail.groups
    assert len(groups) >= GROUPS - 1  # of 280 listed one may stand for fewer than they are
    for each in groups.values():
        assert each.interval(0.999).low < N_PERSONS / GROUPS < each.interval(0.999).high
