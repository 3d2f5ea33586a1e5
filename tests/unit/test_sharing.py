"""Work shared out over processes: the same answers, refusals and interrupts, whoever does it."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

import cloudpickle
import joblib
import numpy as np
import pytest

from detcount import Assessment, CaptureTable, abundance, assess, bootstrap, fit_strata, pooling
from detcount._numerics import parallel, sharing, workers
from detcount._numerics.parallel import map_tasks
from detcount.errors import InputError, NotEstimableError, WorkerError

cloudpickle.register_pickle_by_value(sys.modules[__name__])  # workers cannot import a file of tests

NAP = 0.05  # seconds of a task: 40 of them are worth sending
N_NAPS = 40


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """Two worker processes of Dask on this machine."""
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1"
        ) as here,
        distributed.Client(here) as client,
    ):
        yield client


@pytest.fixture(params=["loky", "dask"])
def backend(request: pytest.FixtureRequest) -> Iterator[str]:
    """Two worker processes, of this machine or of a cluster."""
    if request.param == "dask":
        request.getfixturevalue("cluster")
    with joblib.parallel_config(backend=request.param, n_jobs=2):
        yield request.param


def table(seed: int, n_persons: int = 300) -> CaptureTable:
    """Four lists that depend on each other."""
    random = np.random.default_rng(seed)
    ease = random.normal(size=(n_persons, 1))
    rows = (random.random((n_persons, 4)) < 1 / (1 + np.exp(0.6 - ease))).astype(np.int8)
    histories, counts = np.unique(rows[rows.any(axis=1)], axis=0, return_counts=True)
    return CaptureTable(["press", "court", "families", "clinic"], histories, counts)


def nap(task: int) -> tuple[int, int]:
    """A task that takes its time, and says where."""
    time.sleep(NAP)
    return task * task, os.getpid()


def refuse_from(first: int, kind: type[BaseException], task: int) -> int:
    time.sleep(NAP)
    if task >= first:
        raise kind(f"task {task}")
    return task


def die_once(folder: str, home: int, task: int) -> int:
    """End the first worker that comes so far."""
    time.sleep(NAP)
    flag = Path(folder) / "died"
    if task >= 10 and os.getpid() != home and not flag.exists():
        flag.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return task


def interrupt_away_from(home: int, task: int) -> int:
    time.sleep(NAP)
    if os.getpid() != home:
        raise KeyboardInterrupt
    return task


def die_away_from(home: int, task: int) -> int:
    time.sleep(NAP)
    if os.getpid() != home:
        os.kill(os.getpid(), signal.SIGKILL)
    return task


def threads_of_linear_algebra(task: int) -> set[int]:
    import scipy.linalg  # noqa: F401 - brings a library of its own
    from threadpoolctl import threadpool_info

    time.sleep(NAP)
    return {library["num_threads"] for library in threadpool_info()}


def kept(result: Any) -> list[tuple[Any, ...]]:
    """Everything that an answer by strata says."""
    return [tuple(row.values()) for row in result.rows()]


def said(assessment: Assessment) -> list[Any]:
    """Everything that an assessment says, with the draws of its estimates."""
    draws = {
        key: np.asarray(getattr(each, "draws", None)).tolist() for key, each in assessment.estimates.items()
    }
    reasons = {key: (error.reason, error.remedy, error.advice) for key, error in assessment.declined.items()}
    return [assessment.record(), str(assessment.summary()), draws, reasons, assessment.leave_one_list_out]


def sent_home(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Places of the tasks that others did; they are asked however little there is to do."""
    came: list[int] = []
    take = sharing.Sharing._take

    def seen(work: Any, parcel: workers.Parcel) -> None:
        came.extend(parcel.places)
        take(work, parcel)

    monkeypatch.setattr(sharing.Sharing, "_take", seen)
    monkeypatch.setattr(sharing, "_TO_START", 0.0)
    monkeypatch.setattr(sharing, "_TO_SEND", 0.0)
    monkeypatch.setattr(sharing, "_LOOK", 0.001)
    return came


@pytest.mark.slow
class TestWorkers:
    def test_the_tasks_are_done_by_the_workers_and_come_back_in_order(self, backend: str) -> None:
        answers = map_tasks(nap, range(N_NAPS), n_jobs=None, label="naps")
        assert [square for square, _ in answers] == [k * k for k in range(N_NAPS)]
        done_by = [process for _, process in answers]
        others = set(done_by) - {os.getpid()}
        assert len(others) == 2
        assert sum(map(done_by.count, others)) > N_NAPS / 3

    def test_strata_are_the_same_to_the_last_bit(self, backend: str) -> None:
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

    def test_a_bootstrap_and_a_pooled_estimate_too(self, backend: str) -> None:
        estimator = abundance.SelectedLogLinear()
        shared = bootstrap(estimator, table(1), n_resamples=12, seed=5)
        assert shared.tolist() == bootstrap(estimator, table(1), n_resamples=12, seed=5, n_jobs=1).tolist()
        tables = [table(k) for k in range(8)]
        pooled = pooling.pool(estimator, tables)
        assert pooled.record() == pooling.pool(estimator, tables, n_jobs=1).record()

    def test_the_families_of_an_assessment_and_those_without_each_list(
        self, backend: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        came = sent_home(monkeypatch)
        shared = assess(table(2), seed=3)
        assert len(came) > 3
        with joblib.parallel_config(n_jobs=1, backend="loky"):
            alone = assess(table(2), seed=3)
        assert said(shared) == said(alone)

    @pytest.mark.parametrize("kind", [InputError, ZeroDivisionError])
    def test_the_first_refusal_is_raised_as_with_one_worker(
        self, backend: str, kind: type[Exception]
    ) -> None:
        with pytest.raises(kind, match=r"^task 17") as caught:
            map_tasks(partial(refuse_from, 17, kind), range(N_NAPS), n_jobs=None, label="naps")
        assert hasattr(caught.value, "__notes__") == (kind is ZeroDivisionError)

    def test_a_reason_to_decline_crosses_whole(self, backend: str) -> None:
        def decline(task: int) -> NotEstimableError:
            time.sleep(NAP)
            return NotEstimableError("Stub", f"reason {task}", "Use another.", advice="Ask again.")

        declined = map_tasks(decline, range(N_NAPS), n_jobs=None, label="naps")[-1]
        assert (declined.reason, declined.remedy, declined.advice) == (
            "reason 39",
            "Use another.",
            "Ask again.",
        )

    def test_an_interrupt_in_a_worker_ends_the_work(self, backend: str) -> None:
        with pytest.raises(KeyboardInterrupt):
            map_tasks(partial(interrupt_away_from, os.getpid()), range(200), n_jobs=None, label="naps")
        assert map_tasks(nap, range(3), n_jobs=None, label="naps")[2][0] == 4

    def test_an_interrupt_says_nothing_of_work_that_was_not_used(self, backend: str) -> None:
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            with suppress(KeyboardInterrupt):
                map_tasks(partial(interrupt_away_from, os.getpid()), range(200), n_jobs=None, label="naps")
            gc.collect()
        assert [str(each.message) for each in said] == []

    def test_the_work_is_finished_when_a_worker_is_killed(self, backend: str, tmp_path: Path) -> None:
        task = partial(die_once, str(tmp_path), os.getpid())
        assert map_tasks(task, range(N_NAPS), n_jobs=None, label="naps") == list(range(N_NAPS))
        assert (tmp_path / "died").exists()

    def test_workers_with_other_versions_are_refused(
        self, backend: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for position, name in enumerate(("detcount", "numpy")):
            other = list(workers.versions())
            other[position] = (name, "0.0.1")
            monkeypatch.setattr(sharing, "versions", lambda other=other: tuple(other))
            with pytest.raises(InputError, match=rf"^a worker has {name} \d.* has {name} 0\.0\.1\. Install"):
                map_tasks(nap, range(N_NAPS), n_jobs=None, label="naps")

    def test_each_has_one_thread_of_linear_algebra(self, backend: str) -> None:
        seen = map_tasks(threads_of_linear_algebra, range(N_NAPS), n_jobs=None, label="naps")
        assert set().union(*seen) == {1}

    def test_a_bar_moves(self, backend: str, monkeypatch: pytest.MonkeyPatch) -> None:
        moved: list[int] = []

        @contextmanager
        def seen(total: int, label: str, **more: Any) -> Iterator[Callable[[int], object]]:
            yield moved.append

        monkeypatch.setattr(parallel, "progress", seen)
        map_tasks(nap, range(N_NAPS), n_jobs=None, label="naps")
        assert sum(moved) == N_NAPS
        assert len(moved) >= 3


@pytest.mark.slow
def test_workers_that_die_again_and_again_are_given_up() -> None:
    task = partial(die_away_from, os.getpid())
    with (
        pytest.raises(WorkerError, match=r"^workers ended 3 times in the middle of their work\."),
        joblib.parallel_config(backend="loky", n_jobs=2),
    ):
        map_tasks(task, range(400), n_jobs=None, label="naps")


def test_a_backend_without_answers_before_the_end_is_served_in_rounds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    threads = joblib._parallel_backends.ThreadingBackend
    monkeypatch.setattr(threads, "supports_return_generator", False)
    with joblib.parallel_config(backend="threading", n_jobs=2):
        answers = map_tasks(nap, range(N_NAPS), n_jobs=None, label="naps")
    assert [square for square, _ in answers] == [k * k for k in range(N_NAPS)]


def test_small_work_stays_in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    def shared(*_: Any) -> None:
        raise AssertionError("nobody else is asked")

    monkeypatch.setattr(sharing.Sharing, "_share", shared)
    tables = {f"stratum {k}": table(k) for k in range(30)}
    fit_strata(abundance.ChaoLowerBound(), tables, n_jobs=2)
    with pytest.raises(AssertionError, match="nobody else"), joblib.parallel_config(backend="threading"):
        map_tasks(nap, range(N_NAPS), n_jobs=2, label="naps")


def compute(seconds: float, task: int) -> int:
    """A task that keeps a processor busy."""
    start = time.thread_time()
    while time.thread_time() - start < seconds:
        pass
    return task


def took(seconds: float) -> workers.Seconds:
    """What a task takes that computes all the time."""
    return workers.Seconds(seconds, seconds)


def test_a_short_task_that_waited_for_its_turn_is_not_one_that_waits() -> None:
    work = sharing.Sharing(nap, range(100), 2)
    late = workers.Seconds(wall=0.5, processor=0.002)
    work._timed(range(10), [*[took(0.002)] * 9, late])
    assert late.alone == 0.5  # by itself it may be waiting for anything
    assert work._rest == pytest.approx(0.2)
    work._timed(range(10, 20), [workers.Seconds(wall=5.0, processor=0.001)] * 10)
    assert work._rest == pytest.approx(100 * 50.518 / 20)


def one_in_ten_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the clock on the wall that of a machine on which ten programs compute."""
    monkeypatch.setattr(time, "perf_counter", lambda: 10 * time.process_time())


def test_a_busy_machine_sends_no_small_work(monkeypatch: pytest.MonkeyPatch) -> None:
    def shared(*_: Any) -> None:
        raise AssertionError("others are asked")

    one_in_ten_turns(monkeypatch)
    monkeypatch.setattr(sharing.Sharing, "_share", shared)
    with joblib.parallel_config(backend="threading", n_jobs=2):
        assert map_tasks(partial(compute, 0.002), range(40), n_jobs=2, label="work") == list(range(40))
        with pytest.raises(AssertionError, match="others are asked"):
            map_tasks(partial(compute, 0.02), range(40), n_jobs=2, label="work")


def test_workers_say_what_a_task_takes_of_a_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    one_in_ten_turns(monkeypatch)
    parcel = workers.work(workers.versions(), partial(compute, 0.02), (0, 1), [0, 1])
    assert all(0.02 <= seconds.alone < 0.06 for seconds in parcel.seconds)


def test_a_task_that_waits_takes_as_long_as_it_waits_and_a_program_that_it_starts_counts() -> None:
    watch = workers.Stopwatch()
    time.sleep(0.1)
    waited = watch.seconds
    assert 0.1 <= waited.alone == waited.wall
    watch = workers.Stopwatch(lambda: 0.0)
    busy = "import time\nwhile time.process_time() < 0.3: pass"
    subprocess.run([sys.executable, "-c", busy], check=True)
    assert 0.25 <= watch.seconds.alone < 1.5  # children are counted in hundredths of a second


def test_answers_come_back_as_they_were_sent_whatever_they_are() -> None:
    class Unknown:
        """Of a notebook: no module has it."""

        def __init__(self, value: int) -> None:
            self.value = value

    sent = workers.work(workers.versions(), workers.packed(Unknown), (0, 1), workers.packed([3, 4]))
    assert isinstance(sent.answers, bytes)
    assert [answer.value for answer in workers.unpacked(sent.answers)] == [3, 4]
    here = workers.work(workers.versions(), Unknown, (0, 1), [3, 4])
    assert isinstance(here.answers, list)
    never = workers.work(
        workers.versions(), workers.packed(lambda _: threading.Lock()), (5,), workers.packed([1])
    )
    assert isinstance(never.error, TypeError)
    assert any("In a worker" in note for note in never.error.__notes__)
    work = sharing.Sharing(nap, range(6), 2)
    work._take(never)
    assert (work._errors, work._stop) == ({5: never.error}, True)


def test_bundles_shrink_towards_the_end_and_follow_what_a_task_costs() -> None:
    work = sharing.Sharing(nap, range(1000), 2)
    work._timed(range(100), [took(0.1)] * 100)
    sizes = []
    while bundle := work._next(2):
        sizes.append(len(bundle))
    assert sum(sizes) == 1000
    assert sizes == sorted(sizes, reverse=True)
    assert (sizes[0], sizes[-1]) == (125, 1)
    cheap = sharing.Sharing(nap, range(1000), 2)
    cheap._timed(range(100), [took(0.0001)] * 100)
    assert len(cheap._next(2)) == 334  # three at least, so that a bar moves


def test_bundles_follow_what_each_kind_costs() -> None:
    kinds = [4] * 600 + [7] * 9 + [5] * 30  # the dear ones stand in the middle
    work = sharing.Sharing(nap, range(639), 2, kinds=kinds)
    cost = {4: 0.002, 5: 0.01, 7: 1.0}
    assert work._pop(shortest=True) == 638 - 39  # this process begins with the cheap
    first = [work._next(2), work._next(2)]
    assert [kinds[place] for (place,) in first] == [7, 7]  # nothing is known of them yet: each travels alone
    work._timed((0,), [took(cost[4])])
    work._timed(first[0], [took(cost[7])])
    bundles = []
    while bundle := work._next(2):
        bundles.append(bundle)
        work._timed(bundle, [took(cost[kinds[place]]) for place in bundle])
    assert sorted(place for bundle in (*first, *bundles, (599,)) for place in bundle) == list(range(639))
    taken = [sum(cost[kinds[place]] for place in bundle) for bundle in bundles]
    assert max(taken) <= 2.0 + 1e-9
    assert [kinds[place] for place in bundles[0]] == [7, 7]  # 8.5 s are left, in eight bundles
    assert {kinds[place] for place in bundles[-1]} == {4}
    assert len(bundles[-1]) < 40


def test_a_short_and_dear_end_is_seen_before_it_is_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    work = sharing.Sharing(nap, range(30), 2, kinds=[4] * 20 + [7] * 10)
    work._timed(range(2), [took(0.01), took(0.01)])
    assert work._rest == pytest.approx(0.3)  # a dear task takes no less than a cheap one
    work._timed((25,), [took(2.0)])
    assert work._rest == pytest.approx(20.2)


def test_the_longest_go_first_and_each_alone() -> None:
    work = sharing.Sharing(nap, range(6), 2, longest=[4, 1])
    assert [work._next(2) for _ in range(7)] == [(4,), (1,), (0,), (2,), (3,), (5,), ()]


def test_an_assessment_is_the_same_where_others_fit_its_families() -> None:
    families = ["chao", "selected", "stepwise", "thresholded", "pairwise"]
    apart = CaptureTable.from_counts({"100": 40, "010": 30, "001": 20}, lists=["press", "court", "clinic"])
    came = []
    for each in (table(2), apart):
        alone = assess(each, seed=3, families=families)
        with pytest.MonkeyPatch.context() as patch, joblib.parallel_config(backend="threading", n_jobs=2):
            sent = sent_home(patch)
            shared = assess(each, seed=3, families=families)
        came.extend(sent)
        assert said(shared) == said(alone)
    assert came


def test_one_thread_of_linear_algebra_here_too_and_as_many_as_before_afterwards() -> None:
    from threadpoolctl import threadpool_info, threadpool_limits

    with threadpool_limits(limits=2):
        seen = map_tasks(threads_of_linear_algebra, range(2), n_jobs=1, label="naps")
        assert set().union(*seen) == {1}
        assert {library["num_threads"] for library in threadpool_info()} == {2}


def test_held_is_left_by_the_last(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = threading.Event(), threading.Event()

    def inside() -> None:
        with workers.held():
            first.set()
            second.wait(10)

    other = threading.Thread(target=inside)
    with workers.held():
        other.start()
        assert first.wait(10)
    assert len(workers._INSIDE) == 1
    second.set()
    other.join()
    assert workers._INSIDE == []
