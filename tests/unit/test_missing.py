"""Missing fields of persons on lists: what is filled, what never is, and strata over the draws."""

import math
from dataclasses import dataclass

import numpy as np
import pytest

from detcount import CaptureTable, abundance, fit_strata, pooling, strata
from detcount.errors import InputError

FEW = {"n_replicates": 5, "n_classes": 6}
LISTS = ["press", "court", "families"]


def people(n: int = 400, seed: int = 5) -> dict[str, np.ndarray]:
    """Persons of three lists; sex is unknown more often where the press alone names somebody."""
    random = np.random.default_rng(seed)
    sex = np.where(random.random(3 * n) < 0.3, "f", "m").astype(object)
    year = random.choice([2003, 2004, 2005], 3 * n, p=[0.5, 0.3, 0.2])
    reach = np.where((sex == "f")[:, None], [0.3, 0.45, 0.5], [0.5, 0.35, 0.3])
    on = random.random((3 * n, 3)) < reach
    some = on.any(axis=1)
    alone = on[:, 0] & ~on[:, 1:].any(axis=1)
    sex[random.random(3 * n) < np.where(alone, 0.4, 0.1)] = None
    frame = {name: on[some, place].astype(int) for place, name in enumerate(LISTS)}
    return {**frame, "sex": sex[some], "year": year[some]}


@pytest.fixture(scope="module")
def frame():
    return people()


@pytest.fixture(scope="module")
def imputed(frame):
    return strata.impute(frame, lists=LISTS, fields=["sex", "year"], **FEW)


class TestImpute:
    def test_known_values_stay_and_missing_ones_are_filled(self, frame, imputed):
        known = np.array([value is not None for value in frame["sex"]])
        for drawn in imputed.replicates:
            assert list(drawn) == [*LISTS, "sex", "sex imputed", "year", "year imputed"]
            assert (drawn["sex"][known] == frame["sex"][known]).all()
            assert set(drawn["sex"]) == {"f", "m"}
            assert (drawn["sex imputed"] == ~known).all()
            assert not drawn["year imputed"].any()
            assert drawn["year"].tolist() == frame["year"].tolist()
            assert drawn["court"].tolist() == frame["court"].tolist()
        assert any(
            (one["sex"] != other["sex"]).any()
            for one, other in zip(imputed.replicates, imputed.replicates[1:], strict=False)
        )

    def test_the_same_seed_gives_the_same_draws(self, frame, imputed):
        again = strata.impute(frame, lists=LISTS, fields=["sex", "year"], **FEW)
        assert (again.drawn == imputed.drawn).all()
        other = strata.impute(frame, lists=LISTS, fields=["sex", "year"], seed=1, **FEW)
        assert (other.drawn != imputed.drawn).any()

    def test_what_is_told(self, imputed, frame):
        n = len(frame["sex"])
        missing = int(sum(value is None for value in frame["sex"]))
        assert imputed.headline() == f"5 draws of the values that are missing in 1 field of {n:,} persons"
        assert imputed.to_frame()["n_missing"].tolist() == [missing, 0]
        assert imputed.rows()[1]["n_values"] == 3
        assert imputed.notes[0].startswith("two chains agree on how many missing values are which")
        assert "up to 6 classes of persons" in str(imputed.summary())


class TestStrataOfDraws:
    def test_strata_by_one_field_and_by_two(self, imputed, frame):
        by_sex = imputed.stratify("sex")
        assert [list(tables) for tables in by_sex] == [["f", "m"]] * 5
        assert all(
            sum(table.n_observed for table in tables.values()) == len(frame["sex"]) for tables in by_sex
        )
        by_both = imputed.stratify(["year", "sex"])
        assert list(by_both[0]) == ["2003, f", "2003, m", "2004, f", "2004, m", "2005, f", "2005, m"]
        with pytest.raises(InputError, match="by: expected 'sex' or 'year', got 'place'"):
            imputed.stratify("place")

    def test_a_list_that_names_nobody_in_a_stratum_is_left_out(self, frame):
        court = np.where(frame["year"] == 2005, 0, frame["court"])
        some = court + frame["press"] + frame["families"] > 0
        rows = {name: values[some] for name, values in {**frame, "court": court}.items()}
        imputed = strata.impute(rows, lists=LISTS, fields=["sex", "year"], **FEW)
        assert imputed.stratify("year")[0]["2005"].lists == ("press", "families")
        assert imputed.stratify("year", drop_empty=False)[0]["2005"].lists == tuple(LISTS)

    def test_each_stratum_has_the_pooled_estimate_of_its_tables(self, imputed):
        tables = imputed.stratify("sex")
        result = fit_strata(abundance.LogLinear(), tables)
        alone = pooling.pool(abundance.LogLinear(), [each["f"] for each in tables])
        assert result.estimates["f"].record() == alone.record()
        assert repr(result.estimator) == "Pooled(estimator=LogLinear())"
        assert result.n_observed["f"] == min(each["f"].n_observed for each in tables)

    def test_equal_tables_are_fitted_once(self, imputed):
        fitted = []

        @dataclass(frozen=True)
        class Counting:
            assumes = abundance.LogLinear.assumes
            references = abundance.LogLinear.references

            def fit(self, table, *, seed=0):
                fitted.append(table.digest)
                return abundance.LogLinear().fit(table, seed=seed)

        tables = imputed.stratify("year")  # no year is missing
        result = fit_strata(Counting(), tables)
        assert len(fitted) == 3
        assert result.estimates["2003"].detail.share_between == 0

    def test_one_cache_keeps_the_answers_of_all_draws(self, imputed, tmp_path):
        tables = imputed.stratify("sex")
        first = fit_strata(abundance.LogLinear(), tables, cache=tmp_path)
        kept = {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
        assert len(kept) == len({table.digest for each in tables for table in each.values()})
        again = fit_strata(abundance.LogLinear(), tables, cache=tmp_path)
        assert {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == kept
        assert again.estimates["m"].record() == first.estimates["m"].record()

    def test_the_total_is_rubins_over_the_totals_of_the_draws(self, imputed):
        tables = imputed.stratify("sex")
        total = fit_strata(abundance.LogLinear(), tables).total(shared=1.0)
        each = [fit_strata(abundance.LogLinear(), one).total(shared=1.0) for one in tables]
        n = min(one.n_observed for one in each)
        logs = np.log([one.point - n for one in each])
        assert total.point == pytest.approx(n + math.exp(logs.mean()), rel=1e-12)
        spreads = [
            np.log((one.interval.high - n) / (one.interval.low - n)) / (2 * 1.959963984540054) for one in each
        ]
        variance = np.mean(np.square(spreads)) + 1.2 * logs.var(ddof=1)
        share = 1.2 * logs.var(ddof=1) / variance
        from scipy.stats import t

        half = t.ppf(0.975, 4 / share**2) * math.sqrt(variance)
        assert total.interval.low == pytest.approx(n + math.exp(logs.mean() - half), rel=1e-9)
        assert total.interval.high == pytest.approx(n + math.exp(logs.mean() + half), rel=1e-9)
        assert total.n_observed == n
        assert total.interval.method.endswith("5 draws by Rubin's rules")

    def test_a_stratum_that_some_draws_lack_has_no_estimate(self, imputed):
        tables = imputed.stratify("sex")
        del tables[2]["f"]
        result = fit_strata(abundance.LogLinear(), tables)
        assert result.declined["f"].reason == "4 of 5 draws have somebody in the stratum"
        assert list(result.estimates) == ["m"]

    def test_the_largest_r_hat_is_told(self):
        counts = {"100": 40, "010": 60, "001": 35, "110": 20, "101": 12, "011": 9, "111": 6}
        north = CaptureTable.from_counts(counts, lists=LISTS)
        south = CaptureTable.from_counts({**counts, "100": 55}, lists=LISTS)
        result = fit_strata(abundance.LatentClass(min_effective_size=100), {"north": north, "south": south})
        r_hats = {name: each.detail.r_hat for name, each in result.estimates.items()}
        largest = max(r_hats, key=r_hats.__getitem__)
        assert (
            f"R-hat of log N is at most {r_hats[largest]:.3f} in 2 strata, in stratum '{largest}'"
            in result.notes
        )
        assert result.to_frame()["r_hat"].tolist() == list(r_hats.values())
