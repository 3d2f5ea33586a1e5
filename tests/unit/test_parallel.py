"""Work shared out over processes, and many lists: the same answers, a bar for those who watch."""

import os
import signal
import sys
import time
import warnings
from functools import partial

import cloudpickle
import joblib
import numpy as np
import pytest

from detcount import CaptureTable, abundance, assess, fit_strata
from detcount._numerics import parallel
from detcount._numerics.parallel import map_tasks
from detcount.assessment.abundance.families import families_for
from detcount.cli import main
from detcount.errors import DetcountWarning, InputError, NotEstimableError, WorkerError

cloudpickle.register_pickle_by_value(sys.modules[__name__])  # workers cannot import a file of tests
NAP = 0.01  # seconds of a task
N_NAPS = 40


@pytest.fixture(scope="module")
def cluster():
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1"
        ) as here,
        distributed.Client(here) as client,
    ):
        yield client


@pytest.fixture(params=["loky", "dask"])
def backend(request):
    """Two worker processes, of this machine or of a cluster."""
    if request.param == "dask":
        request.getfixturevalue("cluster")
    with joblib.parallel_config(backend=request.param, n_jobs=2):
        yield request.param


def table(seed, n_persons=300):
    random = np.random.default_rng(seed)
    ease = random.normal(size=(n_persons, 1))
    rows = (random.random((n_persons, 4)) < 1 / (1 + np.exp(0.6 - ease))).astype(np.int8)
    histories, counts = np.unique(rows[rows.any(axis=1)], axis=0, return_counts=True)
    return CaptureTable(["press", "court", "families", "clinic"], histories, counts)


def nap(task):
    time.sleep(NAP)
    return task * task, os.getpid()


def refuse_from(first, kind, task):
    time.sleep(NAP)
    if task >= first:
        raise kind(f"task {task}")
    return task


def threads_of_linear_algebra(task):
    import scipy.linalg  # noqa: F401 - brings a library of its own
    from threadpoolctl import threadpool_info

    time.sleep(NAP)
    return {library["num_threads"] for library in threadpool_info()}


def kept(result):
    return [tuple(row.values()) for row in result.rows()]


def said(assessment):
    draws = {
        key: np.asarray(getattr(each, "draws", None)).tolist() for key, each in assessment.estimates.items()
    }
    reasons = {key: (error.reason, error.remedy, error.advice) for key, error in assessment.declined.items()}
    return [assessment.record(), str(assessment.summary()), draws, reasons, assessment.leave_one_list_out]


def die(task):
    if task == 10:
        os.kill(os.getpid(), signal.SIGKILL)
    return task


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")  # of a pool that ends
class TestWorkers:
    def test_the_tasks_are_done_by_the_workers_and_come_back_in_order(self, backend):
        answers = map_tasks(nap, range(N_NAPS), n_jobs=None, label="naps")
        assert [square for square, _ in answers] == [k * k for k in range(N_NAPS)]
        done_by = [process for _, process in answers]
        others = set(done_by) - {os.getpid()}
        assert len(others) == 2
        assert set(done_by) == others

    def test_strata_are_the_same_to_the_last_bit(self, backend):
        tables = {f"stratum {k}": table(k) for k in range(12)}
        tables["nobody twice"] = CaptureTable.from_counts(
            {"1000": 4, "0100": 5, "0010": 3, "0001": 2}, lists=list(table(0).lists)
        )
        estimator = abundance.SelectedLogLinear()
        shared = fit_strata(estimator, tables)
        with joblib.parallel_config(n_jobs=1, backend="loky"):
            alone = fit_strata(estimator, tables, n_jobs=1)
        assert kept(shared) == kept(alone)
        assert shared.declined["nobody twice"].advice == alone.declined["nobody twice"].advice
        assert shared.notes == alone.notes
        assert kept(shared) == kept(fit_strata(estimator, tables, n_jobs=3))

    @pytest.mark.parametrize("kind", [InputError, ZeroDivisionError])
    def test_the_first_refusal_is_raised_as_with_one_worker(self, backend, kind):
        with pytest.raises(kind, match=r"^task 17") as caught:
            map_tasks(partial(refuse_from, 17, kind), range(N_NAPS), n_jobs=None, label="naps")
        assert hasattr(caught.value, "__notes__") == (kind is ZeroDivisionError)

    def test_a_reason_to_decline_crosses_whole(self, backend):
        def decline(task):
            time.sleep(NAP)
            return NotEstimableError("Stub", f"reason {task}", "Use another.", advice="Ask again.")

        declined = map_tasks(decline, range(N_NAPS), n_jobs=None, label="naps")[-1]
        said_by = (declined.reason, declined.remedy, declined.advice)
        assert said_by == ("reason 39", "Use another.", "Ask again.")

    def test_an_interrupt_in_a_worker_ends_the_work(self, backend):
        with pytest.raises(KeyboardInterrupt):
            map_tasks(partial(refuse_from, 9, KeyboardInterrupt), range(200), n_jobs=None, label="naps")
        assert map_tasks(nap, range(3), n_jobs=None, label="naps")[2][0] == 4

    def test_workers_with_other_versions_are_refused(self, backend, monkeypatch):
        other = (parallel.versions()[0], ("numpy", "0.0.1"), parallel.versions()[2])
        monkeypatch.setattr(parallel, "versions", lambda: other)
        with pytest.raises(InputError, match=r"^a worker has numpy \d.* has numpy 0\.0\.1\. Install"):
            map_tasks(nap, range(N_NAPS), n_jobs=None, label="naps")

    def test_each_has_one_thread_of_linear_algebra(self, backend):
        seen = map_tasks(threads_of_linear_algebra, range(N_NAPS), n_jobs=None, label="naps")
        assert set().union(*seen) == {1}


@pytest.mark.slow
def test_a_worker_that_dies_ends_the_work():
    with (
        pytest.raises(WorkerError, match=r"^a worker ended in the middle of its work\."),
        joblib.parallel_config(backend="loky", n_jobs=2),
    ):
        map_tasks(die, range(N_NAPS), n_jobs=None, label="naps")


@pytest.mark.parametrize("apart", [False, True])
def test_an_assessment_is_the_same_where_others_fit_its_families(*, apart):
    families = ["chao", "selected", "stepwise", "thresholded", "pairwise"]
    rows = CaptureTable.from_counts({"100": 40, "010": 30, "001": 20}, lists=["press", "court", "clinic"])
    given = rows if apart else table(2)
    alone = assess(given, seed=3, families=families)
    with joblib.parallel_config(backend="threading", n_jobs=2):
        shared = assess(given, seed=3, families=families)
    assert said(shared) == said(alone)


def test_one_thread_of_linear_algebra_here_too_and_as_many_as_before_afterwards():
    from threadpoolctl import threadpool_info, threadpool_limits

    with threadpool_limits(limits=2):
        seen = map_tasks(threads_of_linear_algebra, range(2), n_jobs=1, label="naps")
        assert set().union(*seen) == {1}
        assert {library["num_threads"] for library in threadpool_info()} == {2}


MOST_SECONDS = 60.0  # of processor time; about 15 on the machine that this was written on


def table_of(n_lists, shares, n_persons=400):
    """Lists of all sizes that hold different shares of a population."""
    random = np.random.default_rng(n_lists)
    chances = np.linspace(*shares, n_lists)
    marks = (random.random((n_persons, n_lists)) < chances).astype(np.int8)
    named = {f"list {k:02}": marks[marks.any(axis=1), k] for k in range(n_lists)}
    return CaptureTable.from_frame(named, lists=list(named))


def test_of_many_lists_the_largest_are_left_out_and_the_report_says_so():
    table = table_of(12, (0.02, 0.2))
    assessment = assess(table, families=["chao"])
    left_out = [row.name for row in assessment.leave_one_list_out]
    sizes = table.list_sizes
    assert len(left_out) == 8
    assert left_out == [name for name in table.lists if name in left_out]
    assert min(sizes[name] for name in left_out) >= max(
        sizes[name] for name in table.lists if name not in left_out
    )
    assert "Of 12 lists the 8 largest are left out" in assessment.full().to_markdown()
    assert "De 12 listas se dejan fuera las 8 más grandes" in assessment.full().to_markdown(
        lang="es",
    )
    ten = assess(table.keep([*left_out, "list 00", "list 01"]), families=["chao"])
    assert len(ten.leave_one_list_out) == 10
    assert "largest are left out" not in ten.full().to_markdown()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("n_lists", "shares"), [(20, (0.02, 0.1)), (60, (0.005, 0.05)), (60, (0.1, 0.4))], ids=str
)
def test_many_lists_are_answered_within_a_minute(n_lists, shares):
    start = time.process_time()
    assessment = assess(table_of(n_lists, shares, 2000))
    assert "refuse" in assessment.verdict or assessment.recommended is not None
    assessment.to_html()
    assert time.process_time() - start < MOST_SECONDS


def test_a_bar_is_drawn_for_those_who_watch(monkeypatch, capsys):
    table = table_of(3, (0.2, 0.5))
    unwatched = assess(table, families=["chao"])
    assert capsys.readouterr() == ("", "")
    monkeypatch.setattr(parallel, "_watched", lambda: True)
    watched = assess(table, families=["chao"])
    out, err = capsys.readouterr()
    assert out == ""
    assert err.index("families of estimators:") < err.index("without each list in turn:")
    families = [str(family.name) for family in families_for(table)]
    places = [err.index(f", {name}]") for name in (*families, *table.lists)]
    assert places == sorted(places)  # it says what it is doing, from the first to the last
    assert watched.record() == unwatched.record()


def test_bars_speak_the_language_of_the_command(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(parallel, "_watched", lambda: True)
    (tmp_path / "people.csv").write_text("press,court,count\n1,0,40\n0,1,60\n1,1,30\n")
    words = ["assess", str(tmp_path / "people.csv"), "--lists", "press,court", "--count", "count"]
    words += ["--families", "chapman"]
    for lang, label in (("es", "familias de estimadores"), ("en", "families of estimators")):
        main([*words, "--lang", lang])
        assert f"\r{label}:" in capsys.readouterr().err


def test_a_bar_is_gone_when_the_work_is_interrupted(monkeypatch, capsys):
    monkeypatch.setattr(parallel, "_watched", lambda: True)
    monkeypatch.setattr(parallel, "_PATIENCE", 0)

    def interrupted(task):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        parallel.map_tasks(interrupted, [1, 2, 3], n_jobs=1, label="work")
    drawn = capsys.readouterr().err.split("\r")
    assert "work" in drawn[1]
    assert [line.strip() for line in drawn[-2:]] == ["", ""]


def test_warnings_about_single_tasks_are_left_out_and_those_of_others_are_not():
    def warn(category):
        warnings.warn("seen", category, stacklevel=1)
        return 7

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        tasks = [DetcountWarning]
        assert parallel.map_tasks(warn, tasks, n_jobs=1, label="work") == [7]
        with pytest.raises(UserWarning, match="seen"):
            parallel.map_tasks(warn, [UserWarning], n_jobs=1, label="work")
