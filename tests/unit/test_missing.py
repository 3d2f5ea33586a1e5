"""Missing fields of persons on lists: the mixture behind them, what is filled, strata over the draws."""

import math
from dataclasses import dataclass, replace

import numpy as np
import pytest
from scipy import stats

from detcount import CaptureTable, abundance, fit_strata, pooling, strata
from detcount._numerics.imputing import _drawn, _Patterns, _sweep, impute
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
        assert "Up to 6 classes are learned" in " ".join(str(imputed.summary()).split())

    def test_a_list_that_names_everybody_is_no_reason_for_warnings(self, frame):
        everybody = {**frame, LISTS[0]: np.ones(len(frame["sex"]), dtype=int)}
        with np.errstate(all="raise", under="ignore"):
            found = strata.impute(everybody, lists=LISTS, fields=["sex"], **FEW)
        assert set(found.replicates[0]["sex"]) == {"f", "m"}

    @pytest.mark.parametrize("seed", [3, 4])
    def test_groups_that_share_no_lists_are_found_from_any_start(self, seed):
        """Chains that began with classes all alike disagreed (R-hat 1.5, 1.3): two groups stayed one."""
        random = np.random.default_rng(seed)
        group = random.integers(0, 18, 360)
        on = (random.random((18, 14)) < 0.25)[group] ^ (random.random((360, 14)) < 0.01)
        on[:, 0] |= ~on.any(axis=1)
        lists = {f"list {place}": on[:, place].astype(int) for place in range(14)}
        town = np.where(random.random(360) < 0.25, None, group * 5 % 18)
        found = strata.impute(
            {**lists, "town": town}, lists=list(lists), fields=["town"], n_classes=24, n_replicates=5
        )
        assert found.r_hat <= 1.05

    def test_chains_that_disagree_say_what_to_do(self, imputed):
        (note,) = replace(imputed, r_hat=2.4).notes
        assert "with another seed, and print no number that changes" in note


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


def table(seed: int = 3) -> np.ndarray:
    """Two lists and two columns of 2 and 3 values that hang together, with a third of the last missing."""
    random = np.random.default_rng(seed)
    kind = random.random(900) < 0.4
    lists = random.random((900, 2)) < np.where(kind[:, None], [0.8, 0.3], [0.3, 0.7])
    first = random.random(900) < np.where(kind, 0.9, 0.2)
    last = np.where(kind, random.choice([0, 1, 2], 900, p=[0.6, 0.3, 0.1]), random.choice([1, 2], 900))
    codes = np.column_stack([lists, first, last]).astype(np.int16)
    codes[random.random(900) < np.where(lists[:, 0], 0.5, 0.2), 3] = -1
    return codes


def test_one_class_draws_from_the_shares_of_all():
    # with one column that is constant and one that is missing at random nothing separates classes
    random = np.random.default_rng(2)
    codes = np.zeros((3000, 2), dtype=np.int16)
    codes[:, 1] = random.random(3000) < 0.3
    hidden = random.random(3000) < 0.3
    share = codes[~hidden, 1].mean()
    codes[hidden, 1] = -1
    found = impute(codes, n_draws=20, n_classes=2, seed=0)
    drawn = found.tables[:, hidden, 1].mean(axis=1)
    # beta-binomial: the share among those known errs, and the draw does
    spread = np.sqrt(share * (1 - share) * (1 / (~hidden).sum() + 1 / hidden.sum()))
    assert drawn.mean() == pytest.approx(share, abs=4 * spread / np.sqrt(20))
    assert 0.5 * spread < drawn.std(ddof=1) < 2 * spread


def test_rows_of_a_pattern_are_filled_without_regard_to_their_order():
    codes = table()
    order = np.argsort(codes[:, 3] >= 0, kind="stable")
    codes = codes[order]  # the missing ones first
    found = impute(codes, n_draws=20, n_classes=10, seed=0)
    rows = np.flatnonzero(codes[:, 3] < 0)
    halves = [found.tables[:, part, 3] == 2 for part in np.array_split(rows, 2)]
    assert halves[0].mean() == pytest.approx(halves[1].mean(), abs=0.06)


def test_nothing_missing_gives_the_table_itself():
    codes = table()[:60]
    codes[:, 3] = np.maximum(codes[:, 3], 0)
    found = impute(codes, n_draws=5, n_classes=3, seed=0)
    assert (found.tables == codes).all()
    assert found.r_hat == 1.0


def test_without_rows_a_sweep_leaves_the_prior_as_it_is():
    """Minus the logarithm of the last weight is a gamma variable of H - 1 over another of a quarter."""
    random, n = np.random.default_rng(4), 1000
    patterns = _Patterns.of(table())
    nobody = np.zeros((len(patterns.counts), 4), dtype=np.int64)
    patterns = replace(patterns, counts=nobody[:, 0])
    last, shares = [], []
    for _ in range(n):
        state, _ = _sweep(patterns, _drawn(patterns, nobody, random.gamma(0.25, 4.0), random), random)
        last.append(-state.log_weights[-1])
        shares.append(state.shares.mean(axis=1))
    for place in (1.0, 4.0, 15.0):
        expected = stats.betaprime.cdf(place / 0.25, 3, 0.25)
        error = 4 * np.sqrt(expected * (1 - expected) / n)
        assert np.mean(np.array(last) <= place) == pytest.approx(expected, abs=error)
    error = 4 * np.std(shares, axis=0) / np.sqrt(n)
    assert (np.abs(np.mean(shares, axis=0) - patterns.shares) < error).all()


def test_a_tie_of_two_blank_columns_that_no_class_holds_is_drawn():
    # the two classes are taken up by the lists; among children half are girls, among others a sixth women
    random = np.random.default_rng(7)
    kind, child = random.random((2, 2400)) < [[0.5], [0.2]]
    lists = random.random((2400, 5)) < np.where(kind, 0.85, 0.15)[:, None]
    codes = np.column_stack([lists, random.random(2400) < np.where(child, 0.5, 1 / 6), child]).astype(
        np.int16
    )
    blank = random.random((2400, 2)) < 0.3
    truth = (codes[:, 5] * codes[:, 6])[blank.any(axis=1)].sum()
    codes[:, 5:][blank] = -1
    found = impute(codes, n_draws=10, n_classes=2, seed=0).tables[:, blank.any(axis=1)]
    girls = (found[:, :, 5] * found[:, :, 6]).sum(axis=1)
    assert girls.mean() == pytest.approx(truth, rel=0.15)  # without the tie it is half of that
