"""Strata: split, estimate, keep what was declined, add up."""

import dataclasses
import io
import math
import os
import pickle
import re
import zipfile

import numpy as np
import pytest
from scipy.special import ndtri

from detcount import Calibrated, CaptureTable, abundance, bootstrap_estimate, fit_strata
from detcount._numerics.intervals import log_normal_bounds
from detcount.errors import DetcountWarning, InputError, NotEstimableError
from stubs import Stub

ROUNDING = 1e-12  # the same sums in another order
TWO_LOG_NORMALS = 0.02  # a sum of two log-normals is nearly one, and its own part has mean 1
QUANTILE = 0.02  # of a standard deviation: five times the Monte Carlo error of a quantile of 100,000 sums


def two(both=20, press=40):
    return CaptureTable.from_counts({"10": press, "01": 60, "11": both}, lists=["press", "families"])


@pytest.fixture
def tables():
    three = {"100": 9, "010": 8, "110": 7, "001": 6, "101": 5, "011": 4, "111": 3}
    return {
        "north": two(20),
        "south": CaptureTable.from_counts(three, lists=["a", "b", "c"]),
        "coast": two(33),
        "abroad": CaptureTable.from_counts({"10": 3}, lists=["press", "families"]),
    }


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


def normal_draws(mean, spread, n_draws=20_001):
    """Draws that are exactly as normal as so many can be, in an order of their own."""
    values = mean + spread * ndtri((np.arange(n_draws) + 0.5) / n_draws)
    return np.random.default_rng(8).permutation(values)


class TestTotal:
    def test_two_sums_where_nothing_is_known_of_what_is_shared(self, tables):
        total = fit_strata(abundance.Chapman(), tables).total(0.9)
        north, coast = (abundance.Chapman().fit(tables[name]) for name in ("north", "coast"))
        apart, together = total.sums
        assert (apart.shared, together.shared) == (0, 1)
        assert together.point == pytest.approx(north.point + coast.point, rel=ROUNDING)
        limits = [estimate.interval(0.9) for estimate in (north, coast)]
        assert together.interval.low == pytest.approx(sum(each.low for each in limits), rel=ROUNDING)
        assert together.interval.high == pytest.approx(sum(each.high for each in limits), rel=ROUNDING)
        assert together.monte_carlo_error is together.interval.monte_carlo_error is None
        variance = north.standard_error**2 + coast.standard_error**2  # of errors that add up apart
        low, high = log_normal_bounds(
            n_unobserved=together.point - 253, variance=variance, n_observed=253, level=0.9
        )
        assert apart.interval.low == pytest.approx(low, rel=TWO_LOG_NORMALS)
        assert apart.interval.high == pytest.approx(high, rel=TWO_LOG_NORMALS)
        assert apart.interval.method == "sum of 2 strata, 0 of their errors shared"
        assert total.n_observed == 253
        assert not total.learned
        assert total.assumptions == abundance.Chapman.assumes
        assert (total.point, total.interval) == (together.point, together.interval)
        assert total.at_least == together.interval.low + 45

    def test_says_what_is_not_in_it(self, tables):
        total = fit_strata(abundance.Chapman(), tables).total()
        assert (total.strata, total.left_out) == (("north", "coast"), ("south", "abroad"))
        assert total.n_left_out == 45
        lines = str(total).splitlines()
        assert lines[0].endswith(
            " if each errs for itself, in 2 of 4 strata, those with an estimate; 253 listed"
        )
        assert lines[1].endswith(" if all err together, in 2 of 4 strata, those with an estimate; 253 listed")
        assert lines[2] == "not in it: 'south' and 'abroad' (45 listed)"
        floor = round(total.interval.low) + 45  # the wider of the two, to the person as it has no draws
        assert lines[3].startswith(f"all strata together: at least {floor:,} persons")
        assert f"({floor - 45:,} to" in lines[1]
        assert lines[4:] == list(total.notes)
        assert "strata need not add up" in lines[-1]
        spanish = total.translated("es").splitlines()
        assert len(spanish) == len(lines)
        assert spanish[2] == "no incluye: 'south' y 'abroad' (45 en las listas)"
        assert not set(spanish) & set(lines)
        row = total.to_frame().iloc[0]
        assert (row["n_strata"], row["n_left_out"], row["n_observed_left_out"]) == (2, 2, 45)
        assert row["at_least"] == row["low"] + 45

    @pytest.mark.parametrize(
        ("shared", "spread"),
        [(0.0, math.hypot(30, 50)), (0.36, math.sqrt(30**2 + 50**2 + 2 * 0.36 * 30 * 50)), (1.0, 80.0)],
    )
    def test_normal_draws_add_up_as_normals_do(self, shared, spread):
        def drawn(data, seed):
            first = data.overlap("press", "families") == 20
            return {"point": 400.0, "draws": normal_draws(400, 30 if first else 50)}

        total = fit_strata(Stub(drawn), {"north": two(20), "coast": two(33)}).total(0.8, shared=shared)
        half = 1.2815515655446004 * spread
        assert total.point == pytest.approx(800, abs=QUANTILE * spread)
        assert total.interval.low == pytest.approx(800 - half, abs=QUANTILE * spread)
        assert total.interval.high == pytest.approx(800 + half, abs=QUANTILE * spread)

    def test_the_order_and_the_company_of_strata(self):
        tables = {name: two(15 + 3 * place) for place, name in enumerate(("d", "a", "c", "ñ"))}
        for estimator in (abundance.Chapman(), Calibrated()):
            one = fit_strata(estimator, tables).total()
            other = fit_strata(estimator, dict(reversed(tables.items()))).total()
            assert one.sums == other.sums
        again = fit_strata(abundance.Chapman(), tables, seed=1).total()
        first = fit_strata(abundance.Chapman(), tables).total()
        assert again.sums[0] != first.sums[0]
        assert again.sums[1].point == first.sums[1].point

    @pytest.mark.slow
    def test_draws_in_step_err_in_step(self):
        """Strata fitted with one seed have draws in step, and their Monte Carlo errors add up."""

        def drawn(data, seed):
            draws = 300 + 30 * np.random.default_rng(seed).standard_normal(4000)
            return {"point": 300.0, "draws": draws}

        tables = {f"s{k}": two(20 + k) for k in range(30)}
        totals = [fit_strata(Stub(drawn), tables, seed=seed).total(shared=1.0) for seed in range(40)]
        seen = np.std([total.interval.low for total in totals], ddof=1)
        said = np.median([total.interval.monte_carlo_error[0] for total in totals])
        assert 0.6 < said / seen < 1.6  # a ratio of standard deviations of 20 and of 40
        in_step = 30 * 30 / math.sqrt(4000)  # of the mean of one stratum, thirty times
        assert fit_strata(Stub(drawn), tables).total(shared=0.0).monte_carlo_error > 0.6 * in_step

    def test_infinite_draws_leave_no_upper_limit(self):
        draws = np.array([200.0] * 90 + [math.inf] * 10)
        made = Stub(lambda data, seed: {"point": 200.0, "draws": draws})
        result = fit_strata(made, {"north": two(), "coast": two(21)})
        for total in (result.total(shared=0.0), result.total(shared=1.0)):
            assert total.point == 400
            assert total.interval.high == math.inf
            assert "to no upper limit, 95%" in str(total)
            assert "sin límite superior" in total.translated("es")
        many = fit_strata(made, {f"s{k}": two() for k in range(20)})
        with pytest.raises(NotEstimableError, match="so many strata have no upper limit that their sum has"):
            many.total(shared=0.0)

    def test_strata_without_spread(self):
        @dataclasses.dataclass(frozen=True)
        class Certain:
            method = "certain"

            def bounds(self, level):
                return 200.0, 200.0

        made = fit_strata(Stub(lambda data, seed: {"point": 200.0}), {"north": two(), "coast": two(21)})
        certain = {
            name: dataclasses.replace(estimate, interval_rule=Certain())
            for name, estimate in made.estimates.items()
        }
        with pytest.raises(NotEstimableError, match="or no estimate has a spread"):
            dataclasses.replace(made, estimates=certain).total()
        one = {**made.estimates, "coast": certain["coast"]}
        total = dataclasses.replace(made, estimates=one).total(shared=0.5)
        alone = made.estimates["north"].interval()
        assert total.interval.high == pytest.approx(200 + alone.high, rel=0.02)  # its own part has mean 1

    def test_shared(self, tables):
        result = fit_strata(abundance.Chapman(), tables)
        assert result.total(shared=np.float64(1)).sums == (result.total().sums[1],)

    def test_calibrated_has_learned_what_is_shared(self):
        """Correlation of two strata: what cases of a group share, over all that a stratum errs by."""
        tables = {"north": two(20), "coast": two(90)}
        result = fit_strata(Calibrated(), tables)
        total = result.total()
        shares = [estimate.detail.shared for estimate in result.estimates.values()]
        assert total.learned
        assert len(total.sums) == 1
        assert total.sums[0].shared == pytest.approx(np.mean(shares), rel=ROUNDING)
        assert 0 < shares[0] < 1
        assert shares[1] == pytest.approx(shares[0])  # of cases of a source, whatever the table
        assert "as populations of known size from one source do" in str(total)
        apart, together = result.total(shared=0.0).interval, result.total(shared=1.0).interval
        assert together.low < total.interval.low < apart.low
        sampled = 3 * total.interval.monte_carlo_error[1]
        assert apart.high < total.interval.high < together.high + sampled
        mixed = dict(result.estimates)
        mixed["north"] = dataclasses.replace(mixed["north"], detail=None)
        assert len(dataclasses.replace(result, estimates=mixed).total().sums) == 2

    def test_a_bootstrap_stands_by_its_own_limits(self):
        """BCa limits are not quantiles of the draws."""
        table = CaptureTable.from_counts({"10": 11, "01": 17, "11": 9}, lists=["press", "families"])
        estimate = bootstrap_estimate(abundance.Chapman(), table)
        scores = ndtri(np.array([0.025, 0.975]))
        assert estimate.interval_rule.at(scores) == pytest.approx(
            (estimate.interval().low, estimate.interval().high), rel=ROUNDING
        )


OF_TWO = (abundance.Chapman, abundance.LincolnPetersen, abundance.OddsRatioAdjusted)
ESTIMATORS = (
    *(abundance.Chapman(), abundance.LincolnPetersen(), abundance.OddsRatioAdjusted(2.0)),
    *(abundance.ChaoLowerBound(), abundance.LogLinear(), abundance.SelectedLogLinear()),
    *(abundance.BayesAveragedLogLinear(), abundance.DecomposableGraphs(), abundance.Heterogeneity()),
    *(abundance.NoHighestOrderInteraction(), abundance.StepwiseLogLinear()),
)


class Runs:
    """What makes a file when it is unpickled."""

    def __init__(self, file):
        self.file = file

    def __reduce__(self):
        return os.system, (f"touch {self.file}",)


def altered(content, old, new):
    """A kept answer in which some text is other text."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(stream, "w") as after:
        for name in before.namelist():
            after.writestr(name, before.read(name).replace(old, new))
    return stream.getvalue()


def answer_in(content):
    """The text of a kept answer; the archive around it has the second in which it was written."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read("answer.json")


class TestCache:
    class Counting:
        """Chapman's estimate, which notes each fit in a file."""

        assumes = abundance.Chapman().assumes
        references = abundance.Chapman().references

        def __init__(self, file):
            self.file = file

        def fit(self, table, *, seed=0):
            with self.file.open("a") as file:
                file.write("fit\n")
            return abundance.Chapman().fit(table, seed=seed)

    def fits(self, file):
        return len(file.read_text().splitlines())

    def test_what_was_fitted_is_not_fitted_again(self, tmp_path):
        file, folder = tmp_path / "fits", tmp_path / "kept"
        tables = {f"Zutano {k}": two(press=40 + k) for k in range(4)}
        tables["nobody"] = CaptureTable.from_counts({"10": 7}, lists=["press", "families"])
        first = fit_strata(self.Counting(file), tables, cache=folder)
        assert self.fits(file) == 5
        again = fit_strata(self.Counting(file), {f"renamed {k}": t for k, t in tables.items()}, cache=folder)
        assert self.fits(file) == 5  # a name of a stratum is no part of what is kept
        assert [row["point"] for row in again.rows()] == [row["point"] for row in first.rows()]
        assert again.declined["renamed nobody"].reason == first.declined["nobody"].reason
        fit_strata(self.Counting(file), tables, cache=folder, seed=1)
        assert self.fits(file) == 10
        tables["Zutano 0"] = two(21, press=41)
        fit_strata(self.Counting(file), tables, cache=str(folder))
        assert self.fits(file) == 11
        held = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
        assert b"Zutano" not in held
        assert b"renamed" not in held

    def test_every_estimator_is_kept_to_the_last_bit(self, tmp_path, monkeypatch):
        lists = ["press", "court", "families"]
        histories = {"100": 40, "010": 60, "001": 35, "110": 20, "101": 12, "011": 9, "111": 6}
        three = CaptureTable.from_counts(histories, lists=lists)
        for estimator in ESTIMATORS:
            table = two() if isinstance(estimator, OF_TWO) else three
            folder = tmp_path / type(estimator).__name__
            first = fit_strata(estimator, {"a": table}, cache=folder)
            assert len(list(folder.glob("*.answer"))) == 1
            with monkeypatch.context() as patched:
                patched.setattr(type(estimator), "fit", None.__init__)  # it is not asked again
                again = fit_strata(estimator, {"a": table}, cache=folder)
            assert again.estimates["a"].record() == first.estimates["a"].record()
            assert again.estimates["a"].interval(0.8) == first.estimates["a"].interval(0.8)
            assert again.estimates["a"].estimator == estimator
            assert str(again.estimates["a"].summary()) == str(first.estimates["a"].summary())

    def test_what_is_not_of_these_data_is_made_anew_and_nothing_is_run(self, tmp_path):
        folder, ran = tmp_path / "kept", tmp_path / "ran"
        tables = {"a": two(), "b": two(press=41)}
        first = fit_strata(abundance.Chapman(), tables, cache=folder).rows()
        one, other = sorted(folder.glob("*.answer"))
        whole, of_other = one.read_bytes(), other.read_bytes()
        digest = re.search(rb'"digest": "([0-9a-f]{64})"', answer_in(whole))[1]
        bad = {
            "a pickle": pickle.dumps(Runs(str(ran))),
            "the answer of another stratum": of_other,
            "half of a file": whole[: len(whole) // 2],
            "nothing": b"",
            "a class that is no result": altered(whole, b"AbundanceEstimate", b"Popen"),
            "a module that is no result": altered(whole, b"detcount.estimates.abundance", b"subprocess"),
            "other data": altered(whole, digest, b"0" * 64),
        }
        for what, content in bad.items():
            one.write_bytes(content)
            with pytest.warns(DetcountWarning, match="computed again"):
                again = fit_strata(abundance.Chapman(), tables, cache=folder)
            assert again.rows() == first, what
            assert answer_in(one.read_bytes()) == answer_in(whole), what
            assert not ran.exists(), what
