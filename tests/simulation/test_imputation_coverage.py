"""How often limits of counts by stratum hold the truth where fields were blanked, with lists and without."""

import math

import numpy as np
import pytest
from scipy.stats import t

from detcount import strata

pytestmark = pytest.mark.slow

N, N_RUNS, M, SIGMAS = 700, 40, 10, 3.5
LISTS = ["press", "court", "families", "monitor"]
REACH = {"f": (0.2, 0.3, 0.6, 0.2), "m": (0.5, 0.4, 0.25, 0.3)}


def people(random: np.random.Generator) -> dict[str, np.ndarray]:
    """Women are named by families and men by the press; age and place hang together with sex."""
    sex = np.where(random.random(2 * N) < 0.35, "f", "m")
    young = random.random(2 * N) < np.where(sex == "f", 0.5, 0.25)
    north = random.random(2 * N) < np.where(young, 0.3, 0.5)
    on = random.random((2 * N, 4)) < np.array([REACH[each] for each in sex])
    listed = np.flatnonzero(on.any(axis=1))[:N]
    columns = {name: on[listed, place].astype(int) for place, name in enumerate(LISTS)}
    age = np.where(young, "young", "old")
    return {**columns, "sex": sex[listed], "age": age[listed], "north": north[listed].astype(int)}


def blanked(rows: dict[str, np.ndarray], field: str, random: np.random.Generator) -> np.ndarray:
    """A fifth of the values blanked: of nearly half of those that families name, of few others."""
    share = np.where(rows["families"] == 1, 0.4, 0.05)
    share *= 0.2 / share.mean()
    return np.where(random.random(N) < share, None, rows[field])


def held(*, shuffled: bool) -> float:
    """Share of limits at 95% that hold the true number of listed persons of a stratum."""
    random = np.random.default_rng(4)
    hits = []
    for seed in range(N_RUNS):
        rows = people(random)
        given = {**rows, "sex": blanked(rows, "sex", random), "age": blanked(rows, "age", random)}
        if shuffled:  # the lists then say nothing of who a person is
            order = random.permutation(N)
            given |= {name: rows[name][order] for name in LISTS}
        drawn = strata.impute(
            given, lists=LISTS, fields=["sex", "age", "north"], n_replicates=M, n_classes=8, seed=seed
        ).replicates
        for by in (["sex"], ["age"], ["sex", "north"], ["sex", "families"]):
            frames = [frame.assign(families=rows["families"]) for frame in drawn]
            key = list(zip(*(rows[name] for name in by), strict=True))
            for stratum in sorted(set(key))[: 1 if len(by) == 1 else 4]:
                counts = np.array(
                    [
                        np.logical_and.reduce([frame[n] == v for n, v in zip(by, stratum, strict=True)]).sum()
                        for frame in frames
                    ]
                )
                half = t.ppf(0.975, M - 1) * math.sqrt((1 + 1 / M) * counts.var(ddof=1))
                hits.append(abs(counts.mean() - key.count(stratum)) <= half)
    return float(np.mean(hits))


def test_limits_hold_the_truth_with_the_lists():
    """Values of one run hang together: the band is that of as many runs, of two strata each."""
    assert held(shuffled=False) == pytest.approx(0.95, abs=SIGMAS * math.sqrt(0.05 * 0.95 / (2 * N_RUNS)))


def test_they_do_not_without_them():
    assert held(shuffled=True) < 0.85
