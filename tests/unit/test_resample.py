"""Bootstrap, its acceleration, and leave-one-list-out over any estimator."""

import math
import re

import numpy as np
import pytest

from detcount import CaptureTable, abundance, bootstrap_estimate, datasets, leave_one_list_out
from detcount._numerics.closed_forms import chapman
from detcount.abundance import BCaBootstrap, Chapman, PercentileBootstrap
from detcount.errors import ConvergenceError, NotEstimableError
from detcount.estimates import BCaRule
from detcount.verbs.resample.bootstrapping import draws_of
from detcount.verbs.resample.jackknifing import acceleration_of
from stubs import Stub

ROUNDING = 1e-10  # the same sums in another order
MOMENT_ERROR = 0.10  # standard deviation of 4,000 draws is known to 1.1% (1/sqrt(2n)); nine times that


@pytest.fixture
def two_lists():
    return CaptureTable.from_counts({"10": 40, "01": 60, "11": 20}, lists=["press", "families"])


@pytest.fixture
def three_lists():
    counts = {"100": 60, "010": 50, "110": 14, "001": 45, "101": 12, "011": 9, "111": 4}
    return CaptureTable.from_counts(counts, lists=["press", "court", "families"])


@pytest.fixture
def thin():
    """Three persons on the second list: one resample in twenty misses them all."""
    return CaptureTable.from_counts({"10": 40, "01": 2, "11": 1}, lists=["press", "families"])


class PointAlone(Stub):
    """An estimator that can give its point alone, and whose fit is not to be repeated."""

    def fit(self, data, *, seed=0):
        raise AssertionError("a refit asked for more than the point")

    def _point(self, data, *, seed=0):
        return float(self.function(data, seed))


def decline(data, seed):
    raise NotEstimableError("Stub", "never has an answer", "Use another.")


def bootstrap(estimator, table, *, n_resamples, seed=0, over="listed"):
    """The draws; what is said of those without an answer is a note."""
    return draws_of(estimator, table, n_resamples=n_resamples, seed=seed, over=over)[0]


class TestBootstrap:
    def test_against_a_plain_loop(self, two_lists):
        persons = two_lists.counts / two_lists.n_observed
        rng = np.random.default_rng(7)
        expected = []
        for _ in range(50):
            redrawn = rng.multinomial(two_lists.n_observed, persons)
            sizes = redrawn @ two_lists.histories
            both = int(redrawn[(two_lists.histories == 1).all(axis=1)].sum())
            expected.append(chapman(int(sizes[0]), int(sizes[1]), both)[0])
        assert bootstrap(Chapman(), two_lists, n_resamples=50, seed=7).tolist() == expected

    def test_declined_resamples_stand_as_infinite_and_are_counted(self, thin):
        draws, text = draws_of(Chapman(), thin, n_resamples=400, seed=1)
        n_declined = int(np.isinf(draws).sum())
        assert 0 < n_declined < 200
        assert text.startswith(f"Chapman had no answer for {n_declined} of 400 resamples")
        assert "list 'families' names nobody (" in text
        assert not np.isnan(draws).any()

    def test_reasons_are_ordered_and_the_rest_summed_up(self, two_lists):
        def point(data, seed):
            if seed % 3 == 0:
                raise NotEstimableError("Stub", f"reason {seed // 3 % 5 % 4}", "Use another.")
            return 500.0

        _, note = draws_of(Stub(point), two_lists, n_resamples=300, seed=4)
        assert re.search(r"infinite: reason 0 \(\d+\); .*; other reasons \(\d+\)$", note)

    def test_declines_when_most_resamples_have_no_answer(self, two_lists):
        with pytest.raises(NotEstimableError, match=r"had no answer for 30 of 30 resamples.*never has"):
            bootstrap(Stub(decline), two_lists, n_resamples=30)

    def test_an_iteration_that_stops_early_is_no_answer(self, two_lists):
        def point(data, seed):
            if seed % 8 == 0:
                raise ConvergenceError("stopped")
            return 500.0

        draws, note = draws_of(Stub(point), two_lists, n_resamples=80, seed=0)
        assert "an iteration did not converge" in note
        assert set(draws) == {500.0, math.inf}

    def test_a_defect_is_not_a_decline(self, two_lists):
        def point(data, seed):
            raise ZeroDivisionError("defect")

        with pytest.raises(ZeroDivisionError, match="defect"):
            bootstrap(Stub(point), two_lists, n_resamples=2)

    def test_only_the_point_is_refitted_where_the_estimator_can_give_it(self, two_lists):
        draws = bootstrap(PointAlone(lambda data, seed: 2.0 * data.n_observed), two_lists, n_resamples=5)
        assert draws.tolist() == [240.0] * 5

    def test_a_population_lists_another_number_each_time(self, two_lists):
        share = 120 / 300  # the stub says 300 persons, of whom 120 are listed

        def point(data, seed):
            return 300.0 if data is two_lists else float(data.n_observed)

        draws = bootstrap(Stub(point), two_lists, n_resamples=4000, over="population")
        assert draws.mean() == pytest.approx(120, rel=MOMENT_ERROR)
        assert draws.std() == pytest.approx(math.sqrt(300 * share * (1 - share)), rel=MOMENT_ERROR)


class TestBootstrapEstimate:
    @pytest.mark.parametrize("over", ["listed", "population"])
    def test_limits_come_from_draws_and_jackknife(self, two_lists, over):
        estimate = bootstrap_estimate(Chapman(), two_lists, interval=BCaBootstrap(300), seed=5, over=over)
        draws = bootstrap(Chapman(), two_lists, n_resamples=300, seed=5, over=over)
        acceleration = acceleration_of(Chapman(), two_lists, seed=0, n_jobs=1, over=over)
        draws = np.maximum(draws, 120)
        assert (estimate.draws == draws).all()
        rule = BCaRule(draws, estimate.point, acceleration)
        for level in (0.5, 0.95):
            assert (estimate.interval(level).low, estimate.interval(level).high) == rule.bounds(level)
        assert estimate.interval().method == "BCa bootstrap"
        assert estimate.standard_error == pytest.approx(draws.std(ddof=1), rel=ROUNDING)
        assert estimate.point == Chapman().fit(two_lists).point
        assert estimate.seed == 5
        whom = "the persons listed" if over == "listed" else "the estimated population"
        assert estimate.notes[-1] == f"the limits come from 300 bootstrap resamples of {whom}"

    def test_the_population_spreads_more_than_the_persons_listed(self, two_lists):
        listed, population = (
            bootstrap_estimate(Chapman(), two_lists, over=over) for over in ("listed", "population")
        )
        assert population.standard_error > 1.05 * listed.standard_error

    def test_what_was_declined_stands_in_the_notes(self, thin):
        estimate = bootstrap_estimate(Chapman(), thin, interval=PercentileBootstrap(400), seed=1)
        assert estimate.standard_error is None
        assert estimate.interval().high == math.inf
        assert "Chapman had no answer for" in estimate.notes[-1]
        n_declined = int(np.isinf(estimate.draws).sum())
        assert n_declined > 10  # more than the tail, so that the lower limit is those listed
        assert estimate.interval().low == 43
        counted_low = np.where(np.isinf(estimate.draws), 43, estimate.draws)
        assert estimate.interval(0.02).low == pytest.approx(np.quantile(counted_low, 0.49), rel=ROUNDING)

    def test_acceleration_needs_an_answer_without_each_person(self):
        table = CaptureTable.from_counts({"10": 5, "01": 3, "11": 1}, lists=["press", "families"])
        with pytest.raises(NotEstimableError, match="without one of the persons there is no answer"):
            bootstrap_estimate(Chapman(), table)


@pytest.mark.parametrize("over", ["listed", "population"])
def test_acceleration_is_that_of_leaving_out_every_person(over):
    table = CaptureTable.from_counts({"10": 16, "01": 28, "11": 13}, lists=["press", "families"])
    assert Chapman().fit(table).point == 89.0  # 30 x 42 / 14 - 1, so 32 persons are not listed
    persons, values = np.repeat(np.arange(3), table.counts), []
    for left_out in range(len(persons)):
        rest = np.bincount(np.delete(persons, left_out), minlength=3)
        values.append(Chapman().fit(CaptureTable(table.lists, table.histories, rest)).point)
    if over == "population":  # persons who change nothing
        values += [89.0] * 32
    away = np.mean(values) - np.array(values)
    found = acceleration_of(Chapman(), table, seed=0, n_jobs=1, over=over)
    assert found == pytest.approx((away**3).sum() / (6 * (away**2).sum() ** 1.5), rel=ROUNDING)


class TestLeaveOneListOut:
    def test_each_list_in_turn(self, three_lists):
        result = leave_one_list_out(Chapman(), three_lists)
        assert list(result.estimates) == ["press", "court", "families"]
        for name, estimate in result.estimates.items():
            assert estimate.point == Chapman().fit(three_lists.drop(name)).point
            assert result.n_observed[name] == estimate.n_observed
        assert result.full is None
        assert result.full_declined.reason == "needs exactly 2 lists, got 3"
        assert result.rows()[0]["declined"] == "needs exactly 2 lists, got 3"
        assert result.rows()[1]["ratio"] is None
        assert str(result).splitlines()[0] == "all lists: no answer (needs exactly 2 lists, got 3)"
        assert repr(result) == "<LeaveOneListOut of Chapman(): 3 of 3 answered>"

    def test_beside_the_estimate_from_all_lists(self, three_lists):
        def twice(data, seed):
            if "court" not in data.lists:
                raise NotEstimableError("Stub", "needs the court", "Keep it.")
            return 2.0 * data.n_observed

        result = leave_one_list_out(Stub(twice), three_lists, seed=4)
        assert result.full.point == 388
        assert result.full.seed == 4
        assert result.declined["court"].reason == "needs the court"
        frame = result.to_frame(level=0.8)
        assert frame["without"].tolist()[1:] == ["press", "court", "families"]
        assert frame["n_observed"].tolist() == [194, 134, 144, 149]
        assert frame["ratio"].tolist()[:2] == [1.0, 268 / 388]
        assert "without 'court': no answer (needs the court)" in str(result)

    def test_a_specification_that_names_the_list(self, three_lists):
        def named(data, seed):
            data.overlap("press", "court")
            return 500.0

        result = leave_one_list_out(Stub(named), three_lists)
        assert list(result.estimates) == ["families"]
        assert "cannot be fitted without list 'press' (no list 'press'" in result.declined["press"].reason

    @pytest.mark.parametrize("group", [("EXH", "ABA"), (1, 2), (1, "ABA")])
    def test_positions_mean_the_lists_of_the_whole_table(self, group):
        """Without the first list, position 1 would silently be another one."""
        result = leave_one_list_out(abundance.LogLinear((group,)), datasets.load("kosovo"))
        assert list(result.declined) == ["EXH", "ABA"]
        assert list(result.estimates) == ["OSCE", "HRW"]
        assert result.full.estimator == abundance.LogLinear((group,))
