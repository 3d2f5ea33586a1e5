"""The same function over many independent tasks: on one core, several, or a cluster."""

from __future__ import annotations

import sys
import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

from detcount import arguments
from detcount.errors import ConvergenceError, DetcountWarning, NotEstimableError
from detcount.words import Message

__all__ = ["attempt", "map_tasks", "progress"]

Task = TypeVar("Task")
Answer = TypeVar("Answer")

_PATIENCE = 2.0  # seconds of work before a bar appears
_CHUNKS_PER_WORKER = 4  # tasks travel in bundles: a bundle costs as much to send as a small fit
_ROUNDS = 20  # how often a bar over several workers moves


def map_tasks(
    function: Callable[[Task], Answer], tasks: Sequence[Task], *, n_jobs: int | None, label: str
) -> list[Answer]:
    """Apply a function to every task and give the answers in the order of the tasks.

    Workers come from joblib, so that ``joblib.parallel_config`` decides where they run; `n_jobs` None
    leaves their number to it too, and is 1 outside of it. Warnings of detcount about single tasks are
    left out: they speak of data that the reader has not seen. A bar is drawn when a person watches.
    """
    n_jobs = arguments.workers(n_jobs)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DetcountWarning)
        workers = _workers(n_jobs)
        if workers == 1 or len(tasks) < 2:
            return _alone(function, tasks, label)
        return _together(function, tasks, n_jobs, workers, label)


@contextmanager
def progress(total: int, label: str, *, at_once: bool = False) -> Iterator[Callable[[int], object]]:
    """Draw a bar over so many tasks when a person watches; what is given moves it on by a number of them.

    It appears with the first task that ends after some seconds; `at_once` is for tasks that take many.
    """
    if not _watched():
        yield lambda _: None
        return
    from tqdm import tqdm

    with tqdm(total=total, desc=label, delay=0 if at_once else _PATIENCE, leave=False) as bar:
        yield bar.update


def attempt(name: str, function: Callable[[], Answer]) -> Answer | NotEstimableError:
    """Give the answer of a function, or its reason to have none, as a value that can be kept."""
    try:
        return function()
    except NotEstimableError as error:
        return error
    except ConvergenceError as error:
        return NotEstimableError(
            name,
            error.reason or Message("an iteration stopped before it had converged"),
            error.remedy or error.message,
            advice=error.advice or Message("Use another estimator."),
        )


def _workers(n_jobs: int | None) -> int:
    """Workers that joblib would use; it is loaded only where somebody asked for more than one."""
    if n_jobs == 1 or (n_jobs is None and "joblib" not in sys.modules):
        return 1
    import joblib

    return int(joblib.effective_n_jobs(n_jobs))


def _alone(function: Callable[[Task], Answer], tasks: Sequence[Task], label: str) -> list[Answer]:
    """One task after the other."""
    answers = []
    with progress(len(tasks), label) as done:
        for task in tasks:
            answers.append(function(task))
            done(1)
    return answers


def _together(
    function: Callable[[Task], Answer], tasks: Sequence[Task], n_jobs: int | None, workers: int, label: str
) -> list[Answer]:
    """Bundles of tasks over the workers; in rounds, so that a bar can move, when a person watches."""
    import joblib

    size = -(-len(tasks) // (_CHUNKS_PER_WORKER * workers))
    bundles = [tasks[start : start + size] for start in range(0, len(tasks), size)]
    step = max(workers, -(-len(bundles) // _ROUNDS)) if _watched() else len(bundles)
    send = joblib.delayed(_bundle)
    answers: list[Answer] = []
    with joblib.Parallel(n_jobs=n_jobs) as parallel, progress(len(tasks), label) as done:
        for start in range(0, len(bundles), step):
            for part in parallel(send(function, bundle) for bundle in bundles[start : start + step]):
                answers += part
                done(len(part))
    return answers


def _bundle(function: Callable[[Task], Answer], tasks: Sequence[Task]) -> list[Answer]:
    """Work of one worker. Filters belong to a whole process, so a thread leaves them to its parent."""
    if threading.current_thread() is not threading.main_thread():
        return [function(task) for task in tasks]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DetcountWarning)
        return [function(task) for task in tasks]


def _watched() -> bool:
    """Whether a person sees standard error."""
    return sys.stderr is not None and sys.stderr.isatty()
