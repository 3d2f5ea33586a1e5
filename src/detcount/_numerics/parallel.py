"""The same function over many independent tasks: on one core, several, or a cluster."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

from detcount import arguments
from detcount._numerics.sharing import Sharing, may_share
from detcount._numerics.workers import held
from detcount.errors import ConvergenceError, NotEstimableError
from detcount.words import Message

Task = TypeVar("Task")
Answer = TypeVar("Answer")

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
    kinds: Sequence[int] = (),
) -> list[Answer]:
    """Apply a function to every task and give the answers in the order of the tasks.

    Workers come from joblib, so that ``joblib.parallel_config`` decides where they run; `n_jobs` None
    leaves their number to it too, and is 1 outside of it. Work that takes less time than workers need to
    start stays in this process. Linear algebra has one thread, here as there. Warnings of detcount about
    single tasks are left out: they speak of data that the reader has not seen. A bar is drawn when a
    person watches, with `at_once` and `names` as in `progress`. Where tasks differ much in what they
    take, `longest` has the places of the longest: workers begin with these, and each task travels alone.
    `kinds` has a number for each task instead: those of one kind take about as long, and those of a
    higher number longer. What a kind takes is measured, and workers begin with the longest.
    """
    n_jobs = arguments.workers(n_jobs)
    shared = len(tasks) > 1 and may_share(n_jobs)
    bar = progress(len(tasks), label, at_once=at_once, names=() if shared else names)
    with held(), bar as done:
        if not shared:
            return _alone(function, tasks, done)
        return Sharing(function, tasks, n_jobs, longest=longest, kinds=kinds).run(done)


@contextmanager
def progress(
    total: int, label: str, *, at_once: bool = False, names: Sequence[str] = ()
) -> Iterator[Callable[[int], object]]:
    """Draw a bar over so many tasks when a person watches; what is given moves it on by a number of them.

    It appears with the first task that ends after some seconds; `at_once` is for tasks that take many.
    With `names` of the tasks, in order, it says which one is under way.
    """
    if not _watched():
        yield lambda _: None
        return
    from tqdm import tqdm

    with tqdm(total=total, desc=label, delay=0 if at_once else _PATIENCE, leave=False) as bar:

        def done(n_tasks: int) -> None:
            bar.update(n_tasks)
            if bar.n < len(names):
                bar.set_postfix_str(names[bar.n])

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


def _alone(
    function: Callable[[Task], Answer], tasks: Sequence[Task], done: Callable[[int], object]
) -> list[Answer]:
    """One task after the other."""
    answers = []
    for task in tasks:
        answers.append(function(task))
        done(1)
    return answers


def _watched() -> bool:
    """Whether a person sees standard error."""
    return sys.stderr is not None and sys.stderr.isatty()
