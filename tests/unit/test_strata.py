"""Strata: split, estimate, keep what was declined, add up."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from detcount import CaptureTable, RepeatedCounts, abundance, fit_strata, stratify
from detcount._numerics.intervals import log_normal_bounds
from detcount.assumptions import Assumption
from detcount.errors import ConvergenceError, InputError, NotEstimableError
from detcount.estimates import AbundanceEstimate, LogNormalRule

ROUNDING = 1e-12  # the same sums in another order
MONTE_CARLO = 0.03  # a quantile of 20,000 draws of a sum with a standard deviation near 10% of it; five times


def two(both: int = 20) -> CaptureTable:
    return CaptureTable.from_counts({"10": 40, "01": 60, "11": both}, lists=["press", "families"])


@pytest.fixture
def tables() -> dict[str, CaptureTable]:
    three = {"100": 9, "010": 8, "110": 7, "001": 6, "101": 5, "011": 4, "111": 3}
    return {
        "north": two(20),
        "south": CaptureTable.from_counts(three, lists=["a", "b", "c"]),
        "coast": two(33),
        "abroad": CaptureTable.from_counts({"10": 3}, lists=["press", "families"]),
    }


@dataclasses.dataclass(frozen=True)
class Stub:
    """An estimator that gives whatever a function says."""

    function: Any
    assumes: Any = (Assumption.CLOSED_POPULATION,)
    references: Any = ()

    def fit(self, data: Any, *, seed: int = 0) -> AbundanceEstimate:
        return AbundanceEstimate(
            n_observed=data.n_observed,
            estimator=self,
            interval_rule=LogNormalRule(1.0, 1.0, data.n_observed),
            digest=data.digest,
            seed=seed,
            **self.function(data, seed),
        )


class TestFitStrata:
    def test_keeps_what_was_declined(self, tables):
        result = fit_strata(abundance.Chapman(), tables)
        assert list(result.estimates) == ["north", "coast"]
        assert result.declined["south"].reason == "needs exactly 2 lists, got 3"
        assert result.declined["abroad"].reason == "list 'families' names nobody"
        assert result.strata == ("north", "south", "coast", "abroad")
        assert result.n_observed == {"north": 120, "south": 42, "coast": 133, "abroad": 3}
        assert repr(result) == "<StrataResult of Chapman(): 2 of 4 answered>"

    def test_a_stratum_has_the_estimate_that_it_has_alone(self, tables):
        result = fit_strata(abundance.Chapman(), tables, seed=11)
        alone = abundance.Chapman().fit(tables["coast"], seed=11)
        assert result.estimates["coast"].record() == alone.record()
        assert result.seed == 11

    def test_the_same_whatever_the_workers(self, tables):
        alone = fit_strata(abundance.Chapman(), tables)
        shared = fit_strata(abundance.Chapman(), tables, n_jobs=2)  # errors cross processes
        assert alone.rows() == shared.rows()
        assert str(shared.declined["south"]) == str(alone.declined["south"])

    def test_an_iteration_that_stops_early_is_kept(self, tables):
        def stops(data, seed):
            raise ConvergenceError("Stub: stopped. Use more rounds.")

        result = fit_strata(Stub(stops), {"north": tables["north"]})
        assert result.declined["north"].reason == "an iteration stopped before it had converged"

    def test_a_mistake_names_the_stratum(self, tables):
        def named(data, seed):
            data.overlap("press", "court")

        with pytest.raises(InputError, match="stratum 'north': no list 'court'"):
            fit_strata(Stub(named), {"north": tables["north"]})

    def test_rows_and_text(self, tables):
        result = fit_strata(abundance.Chapman(), tables)
        rows = result.rows(level=0.8)
        assert [row["stratum"] for row in rows] == ["north", "south", "coast", "abroad"]
        assert rows[0]["low"] == abundance.Chapman().fit(tables["north"]).interval(0.8).low
        assert rows[1]["declined"] == "needs exactly 2 lists, got 3"
        assert rows[1]["point"] is None
        frame = result.to_frame()
        assert frame["n_observed"].tolist() == [120, 42, 133, 3]
        assert frame["point"].isna().tolist() == [False, True, False, True]
        lines = str(result).splitlines()
        assert lines[0].startswith("north: 234 persons (184 to 325")
        assert lines[1] == "south: no answer (needs exactly 2 lists, got 3); 42 listed"

    def test_small_strata_and_notes_are_told(self, tables):
        def noted(data, seed):
            return {"point": 500.0, "notes": ("mind the gap",)}

        notes = fit_strata(Stub(noted), tables).notes
        assert notes[0] == "stratum 'north': mind the gap"
        assert notes[-1].startswith("fewer than 5 persons are listed in 'abroad': they can be recognised")

    def test_counts_of_one_list(self):
        counts = RepeatedCounts.from_frequencies({1: 54, 2: 17})
        result = fit_strata(Stub(lambda data, seed: {"point": 2.0 * data.n_observed}), {"north": counts})
        assert result.estimates["north"].point == 142

    def test_tables_that_are_none(self, tables):
        with pytest.raises(InputError, match="tables: expected at least one stratum, got none"):
            fit_strata(abundance.Chapman(), {})
        with pytest.raises(TypeError, match="tables: expected a mapping of names to tables, got list"):
            fit_strata(abundance.Chapman(), list(tables.values()))
        with pytest.raises(TypeError, match="tables, stratum 'x': expected a CaptureTable, got int"):
            fit_strata(abundance.Chapman(), {"x": 3})
        for name in (3, " "):
            with pytest.raises(InputError, match="tables, position 0: expected the name of a stratum as"):
                fit_strata(abundance.Chapman(), {name: tables["north"]})


class TestTotal:
    def test_variances_add_up(self, tables):
        total = fit_strata(abundance.Chapman(), tables).total(0.9)
        north, coast = (abundance.Chapman().fit(tables[name]) for name in ("north", "coast"))
        low, high = log_normal_bounds(
            n_unobserved=north.n_unobserved + coast.n_unobserved,
            variance=north.standard_error**2 + coast.standard_error**2,
            n_observed=253,
            level=0.9,
        )
        assert total.point == pytest.approx(north.point + coast.point, rel=ROUNDING)
        assert (total.interval.low, total.interval.high) == pytest.approx((low, high), rel=ROUNDING)
        assert total.interval.method == "log-normal, strata independent"
        assert total.n_observed == 253
        assert total.assumptions == abundance.Chapman.assumes

    def test_says_what_is_not_in_it(self, tables):
        total = fit_strata(abundance.Chapman(), tables).total()
        assert (total.strata, total.left_out) == (("north", "coast"), ("south", "abroad"))
        assert total.n_left_out == 45
        assert total.at_least == total.interval.low + 45
        lines = str(total).splitlines()
        assert lines[0].endswith("in 2 of 4 strata; 253 listed")
        assert lines[1] == "not in it: 'south', 'abroad' (45 listed)"
        assert lines[2].startswith(f"all strata together: at least {total.at_least:,.0f} persons")

    def test_one_line_when_every_stratum_answers(self, tables):
        del tables["south"], tables["abroad"]
        total = fit_strata(abundance.Chapman(), tables).total()
        assert "\n" not in str(total)
        assert total.at_least == total.interval.low

    def test_one_stratum_is_its_own_total(self):
        result = fit_strata(abundance.Chapman(), {"north": two()})
        alone = abundance.Chapman().fit(two()).interval()
        assert result.total().interval.low == pytest.approx(alone.low, rel=ROUNDING)
        assert result.total().interval.high == pytest.approx(alone.high, rel=ROUNDING)

    def test_draws_are_paired_at_random(self):
        """Strata fitted with one seed have draws in step; their sum must not have twice the spread."""

        def drawn(data, seed):
            draws = 300 + 30 * np.random.default_rng(seed).standard_normal(20_000)
            return {"point": 300.0, "draws": draws}

        result = fit_strata(Stub(drawn), {"north": two(20), "coast": two(33)})
        interval = result.total().interval
        assert interval.method == "draws added, strata independent"
        half = 1.959964 * 30 * math.sqrt(2)
        assert interval.low == pytest.approx(600 - half, rel=MONTE_CARLO)
        assert interval.high == pytest.approx(600 + half, rel=MONTE_CARLO)
        assert result.total().interval == interval

    def test_different_numbers_of_draws(self):
        def drawn(data, seed):
            n_draws = 20_000 if data.overlap("press", "families") == 20 else 5_000
            return {"point": 300.0, "draws": 300 + 30 * np.random.default_rng(4).standard_normal(n_draws)}

        interval = fit_strata(Stub(drawn), {"north": two(20), "coast": two(33)}).total(0.8).interval
        assert interval.high - interval.low == pytest.approx(
            2 * 1.281552 * 30 * math.sqrt(2), rel=MONTE_CARLO
        )

    def test_draws_stand_in_for_a_missing_standard_error(self):
        def mixed(data, seed):
            if data.overlap("press", "families") == 20:
                return {"point": 300.0, "standard_error": 40.0}
            return {"point": 300.0, "draws": np.array([270.0, 330.0, 300.0])}

        total = fit_strata(Stub(mixed), {"north": two(20), "coast": two(33)}).total()
        low, high = log_normal_bounds(n_unobserved=347, variance=1600 + 900, n_observed=253, level=0.95)
        assert (total.interval.low, total.interval.high) == pytest.approx((low, high), rel=ROUNDING)

    def test_infinite_draws_leave_no_upper_limit(self):
        draws = np.array([200.0] * 90 + [math.inf] * 10)
        result = fit_strata(Stub(lambda data, seed: {"point": 200.0, "draws": draws}), {"north": two()})
        assert result.total().interval.high == math.inf
        assert "to no upper limit" in str(result.total())

    def test_nothing_to_add_up(self, tables):
        result = fit_strata(abundance.Chapman(), {"south": tables["south"]})
        with pytest.raises(NotEstimableError, match="no stratum has an estimate \\('south': needs exactly"):
            result.total()

    def test_a_stratum_without_spread(self):
        result = fit_strata(Stub(lambda data, seed: {"point": 200.0}), {"north": two()})
        with pytest.raises(NotEstimableError, match="stratum 'north' has no standard error and no draws"):
            result.total()
        result = fit_strata(Stub(lambda data, seed: {"point": 200.0, "standard_error": 0.0}), {"n": two()})
        with pytest.raises(NotEstimableError, match="or no estimate has a spread"):
            result.total()

    @pytest.mark.parametrize("level", [0, 1, 95])
    def test_level(self, tables, level):
        with pytest.raises(InputError, match="level: expected a number between 0 and 1, got"):
            fit_strata(abundance.Chapman(), tables).total(level)


PEOPLE = {
    "place": ["south", "north", "north", "south", "north"],
    "press": [1, 0, 1, 1, 1],
    "court": [0, 1, 1, 0, 1],
}


class TestStratify:
    @pytest.mark.parametrize("make", [dict, pd.DataFrame, pl.DataFrame, pa.table])
    def test_frames_of_every_kind(self, make):
        tables = stratify(make(PEOPLE), by="place", lists=["press", "court"])
        assert list(tables) == ["north", "south"]
        assert tables["north"] == CaptureTable.from_counts({"01": 1, "11": 2}, lists=["press", "court"])
        assert tables["south"] == CaptureTable.from_counts({"10": 2}, lists=["press", "court"])

    def test_a_count_beside_each_history(self):
        frame = {
            "sex": ["f", "m", "f", "m", "f"],
            "a": [1, 1, 0, 0, 0],
            "b": [0, 0, 1, 1, 0],
            "count": [5, 7, 2, 0, 0],
        }
        tables = stratify(frame, by="sex", lists=["b", "a"], count="count")
        assert tables["f"] == CaptureTable.from_counts({"01": 5, "10": 2}, lists=["b", "a"])
        assert tables["m"] == CaptureTable.from_counts({"01": 7}, lists=["b", "a"])

    def test_numbers_are_sorted_as_numbers_and_written_plainly(self):
        frame = {"year": [2010.0, 999.0, 2010.0], "a": [1, 1, 1], "b": [0, 1, 1]}
        assert list(stratify(frame, by="year", lists=["a", "b"])) == ["999", "2010"]

    def test_a_category_that_nobody_has_is_no_stratum(self):
        place = pd.Categorical(["south", "north"], categories=["north", "west", "south"])
        frame = pd.DataFrame({"place": place, "a": [1, 1], "b": [1, 0]})
        assert list(stratify(frame, by="place", lists=["a", "b"])) == ["north", "south"]

    @pytest.mark.parametrize("missing", [None, float("nan"), " ", pd.NA])
    def test_a_missing_stratum_is_named_by_row(self, missing):
        place = pd.Series(["north", "south", missing], dtype=object)
        frame = pd.DataFrame({"place": place, "a": [1, 1, 1], "b": [1, 0, 0]})
        with pytest.raises(InputError, match=r"by 'place', data row 3: a value is missing\. Every row needs"):
            stratify(frame, by="place", lists=["a", "b"])
        with pytest.raises(InputError, match="by 'place', data row 3: a value is missing"):
            stratify({key: frame[key].to_numpy() for key in frame}, by="place", lists=["a", "b"])

    def test_missing_in_polars(self):
        frame = pl.DataFrame({"place": ["north", None], "a": [1, 1], "b": [1, 0]})
        with pytest.raises(InputError, match="by 'place', data row 2: a value is missing"):
            stratify(frame, by="place", lists=["a", "b"])

    def test_rows_are_those_of_the_whole_frame(self):
        frame = {"place": ["south", "north", "south"], "a": [1, 1, 2], "b": [0, 1, 1]}
        with pytest.raises(InputError, match="list 'a', data row 3: expected 0 or 1, got 2"):
            stratify(frame, by="place", lists=["a", "b"])
        frame["a"] = [1, 1, 0]
        frame["b"] = [0, 1, 0]
        with pytest.raises(InputError, match="data row 3: on none of the lists 'a', 'b'"):
            stratify(frame, by="place", lists=["a", "b"])
        frame["count"] = [3, 4, 1]
        with pytest.raises(InputError, match="data row 3: on none of the lists 'a', 'b'"):
            stratify(frame, by="place", lists=["a", "b"], count="count")

    def test_a_history_twice_in_a_stratum(self):
        frame = {"place": ["x", "y", "x", "x"], "a": [1, 1, 0, 1], "b": [0, 0, 1, 0], "count": [1, 2, 3, 4]}
        with pytest.raises(
            InputError, match="data rows 1 and 4 hold the same capture history of one stratum"
        ):
            stratify(frame, by="place", lists=["a", "b"], count="count")

    def test_a_stratum_of_nobody(self):
        frame = {"place": ["x", "y"], "a": [1, 1], "b": [0, 0], "count": [1, 0]}
        with pytest.raises(InputError, match="by 'place', data row 2: every count of this stratum is 0"):
            stratify(frame, by="place", lists=["a", "b"], count="count")

    def test_values_written_alike(self):
        frame = {"place": np.array(["1", 1], dtype=object), "a": [1, 1], "b": [0, 1]}
        with pytest.raises(InputError, match="by 'place': two different values are written alike"):
            stratify(frame, by="place", lists=["a", "b"])

    def test_a_column_with_two_roles(self):
        with pytest.raises(InputError, match="by: column 'press' is also named as a list"):
            stratify(PEOPLE, by="press", lists=["press", "court"])
        with pytest.raises(InputError, match="count: column 'court' is also named as a list"):
            stratify(PEOPLE, by="place", lists=["press", "court"], count="court")
        with pytest.raises(InputError, match="by and count: both are column 'place'"):
            stratify(PEOPLE, by="place", lists=["press", "court"], count="place")

    def test_absent_column_and_no_rows(self):
        with pytest.raises(InputError, match=r"by 'plaza': the frame has no such column.*'place'"):
            stratify(PEOPLE, by="plaza", lists=["press", "court"])
        with pytest.raises(InputError, match="the frame has no rows"):
            stratify({"p": [], "a": [], "b": []}, by="p", lists=["a", "b"])
