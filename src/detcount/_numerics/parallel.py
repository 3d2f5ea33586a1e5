"""The same function over many independent tasks: on one core, several, or a cluster, through joblib."""

from __future__ import annotations

import sys
import threading
import traceback
import warnings
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import BrokenExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, lru_cache
from typing import Any, TypeVar

from detcount.contract import arguments
from detcount.errors import (
    ConvergenceError,
    DetcountError,
    DetcountWarning,
    InputError,
    NotEstimableError,
    WorkerError,
)
from detcount.words import Message

Task = TypeVar("Task")
Answer = TypeVar("Answer")

_WORDS: ContextVar[Callable[[str], str]] = ContextVar("words", default=str)
_PATIENCE = 2.0  # seconds of work before a bar appears


def map_tasks(
    function: Callable[[Task], Answer],
    tasks: Sequence[Task],
    *,
    n_jobs: int | None,
    label: str,
    at_once: bool = False,
    names: Sequence[str] = (),
    longest: Sequence[int] = (),
) -> list[Answer]:
    """Apply a function to every task and give the answers in the order of the tasks.

    Workers come from joblib, so that ``joblib.parallel_config`` decides where they run. With `n_jobs` None it
    decides their number too, which is 1 outside of it. Linear algebra has one thread in every process.
    Warnings of detcount about single tasks are left out: they are about data that the reader has not seen. A
    bar is drawn when a person watches, with `at_once` and `names` as in `progress`. Where tasks take very
    different times, `longest` has the places of the longest: workers begin with these, and each task is sent
    by itself.
    """
    n_jobs = arguments.workers(n_jobs)
    shared = len(tasks) > 1 and _may_share(n_jobs)
    bar = progress(len(tasks), label, at_once=at_once, names=() if shared else names)
    with _one_thread(), bar as done:
        if shared:
            return _shared(function, tasks, n_jobs, longest, done)
        answers = []
        for task in tasks:
            answers.append(function(task))
            done(1)
        return answers


@contextmanager
def labels_by(words: Callable[[str], str]) -> Iterator[None]:
    """Let a function write what stands beside bars."""
    before = _WORDS.set(words)
    try:
        yield
    finally:
        _WORDS.reset(before)


@contextmanager
def progress(
    total: int, label: str, *, at_once: bool = False, names: Sequence[str] = ()
) -> Iterator[Callable[[int], object]]:
    """Draw a bar over so many tasks when a person watches; yields a function that moves it on by a number.

    It appears with the first task that ends after some seconds; `at_once` is for tasks that take many.
    With `names` of the tasks, in order, it says which one is under way, in the words of `labels_by`.
    """
    if not _watched():
        yield lambda _: None
        return
    from tqdm import tqdm

    words, delay = _WORDS.get(), 0 if at_once else _PATIENCE
    with tqdm(total=total, desc=words(label), delay=delay, leave=False) as bar:

        def done(n_tasks: int) -> None:
            bar.update(n_tasks)
            if bar.n < len(names):
                bar.set_postfix_str(words(names[bar.n]))

        done(0)
        yield done


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


@cache
def versions() -> tuple[tuple[str, str], ...]:
    """Versions of the software that computes numbers: workers with others could give other numbers."""
    from importlib import metadata

    return tuple((name, metadata.version(name)) for name in ("detcount", "numpy", "scipy"))


def _watched() -> bool:
    """Check whether a person sees standard error."""
    return sys.stderr is not None and sys.stderr.isatty()


def _may_share(n_jobs: int | None) -> bool:
    """Check whether there may be workers; joblib is loaded only where somebody asked for more than one."""
    if n_jobs is not None or "joblib" not in sys.modules:
        return n_jobs not in (None, 1)
    import joblib

    backend, _ = joblib.parallel.get_active_backend()
    elsewhere = type(backend).__module__ != "joblib._parallel_backends"
    return elsewhere or joblib.effective_n_jobs(None) > 1


def _shared(
    function: Callable[[Task], Answer],
    tasks: Sequence[Task],
    n_jobs: int | None,
    longest: Sequence[int],
    done: Callable[[int], object],
) -> list[Answer]:
    """Answers of workers; the first task that failed is raised, as with one worker."""
    import joblib

    backend, _ = joblib.parallel.get_active_backend()
    parallel = joblib.Parallel(
        n_jobs=n_jobs,
        batch_size=1 if longest else "auto",
        return_as="generator" if getattr(backend, "supports_return_generator", False) else "list",
    )
    order = list(dict.fromkeys((*longest, *range(len(tasks)))))
    send = joblib.delayed(_work)
    answers: dict[int, Answer] = {}
    try:
        with _closed_quietly(parallel(send(versions(), function, tasks[k]) for k in order)) as found:
            for place, (answer, error) in zip(order, found, strict=True):
                if error is not None:
                    raise error
                answers[place] = answer
                done(1)
    except BrokenExecutor as broken:
        raise WorkerError(
            Message(
                "a worker ended in the middle of its work. A machine that runs out of memory ends them: use "
                "fewer, with a smaller n_jobs"
            )
        ) from broken
    return [answers[place] for place in range(len(tasks))]


@contextmanager
def _closed_quietly(found: Any) -> Iterator[Any]:
    """Close the iterator of results when the block ends; else joblib would warn the user about it."""
    try:
        yield found
    finally:
        if isinstance(found, Generator):
            with warnings.catch_warnings():
                warnings.filterwarnings(
                    "ignore", r"[\s\S]*tasks (have been|which were still being)", UserWarning
                )
                found.close()


def _work(
    asked: tuple[tuple[str, str], ...], function: Callable[[Any], Any], task: Any
) -> tuple[Any, BaseException | None]:
    """Do a task in a worker. An error comes back as a value: backends differ in what they do with one."""
    try:
        _refuse_other_versions(asked)
        with _one_thread():
            return function(task), None
    except (Exception, KeyboardInterrupt) as error:
        if not isinstance(error, (DetcountError, KeyboardInterrupt)):
            error.add_note("In a worker:\n" + "".join(traceback.format_tb(error.__traceback__)))
        return None, error


def _refuse_other_versions(asked: tuple[tuple[str, str], ...]) -> None:
    """Refuse work that was sent from other versions."""
    for (name, wanted), (_, here) in zip(asked, versions(), strict=True):
        if wanted != here:
            raise InputError(
                Message(
                    "a worker has {name} {there}, and the process that sent the work has {name} {here}. "
                    "Install the same versions everywhere: others may give other numbers",
                    name=name,
                    there=here,
                    here=wanted,
                )
            )


_LOCK = threading.Lock()
_INSIDE: list[Any] = []  # what puts a process back as it was, once for each task in it


@contextmanager
def _one_thread() -> Iterator[None]:
    """One thread of linear algebra, and no warning about single tasks, while tasks are in this process.

    Numbers must not depend on where a task is done, and sums by two threads have other last bits. Both
    settings belong to a whole process, in which some backends run several tasks: the first task to begin sets
    them, and the last one to end restores them.
    """
    with _LOCK:
        if not _INSIDE:
            filters = warnings.catch_warnings()
            filters.__enter__()
            warnings.simplefilter("ignore", DetcountWarning)
            limits = _linear_algebra(len(sys.modules)).limit(limits=1)
            limits.__enter__()
            _INSIDE.append((filters, limits))
        else:
            _INSIDE.append(None)
    try:
        yield
    finally:
        with _LOCK:
            if len(_INSIDE) == 1:
                filters, limits = _INSIDE[0]
                limits.__exit__(None, None, None)
                filters.__exit__(None, None, None)
            _INSIDE.pop()


@lru_cache(maxsize=1)
def _linear_algebra(n_modules: int) -> Any:
    """Libraries of linear algebra in this process; looked for again when more modules were loaded."""
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()
