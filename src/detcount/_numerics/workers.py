"""Bundles of tasks for workers of joblib: what is sent, what a worker does with it, and what comes back."""

from __future__ import annotations

import os
import pickle
import sys
import threading
import time
import traceback
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache, lru_cache
from typing import Any, NamedTuple

from detcount.errors import DetcountError, DetcountWarning, InputError
from detcount.words import Message

_WAITING = 0.005  # share of the time below which who computes so little waits for something else


class Seconds(NamedTuple):
    """What one task takes, or several together.

    Parameters
    ----------
    wall : float
        Seconds by the clock.
    processor : float
        Seconds of a processor, those of programs that the task starts and waits for among them.
    """

    wall: float
    processor: float

    def __add__(self, other: tuple[Any, ...]) -> Seconds:
        wall, processor = other
        return Seconds(self.wall + wall, self.processor + processor)

    @property
    def alone(self) -> float:
        """Seconds on a machine with nothing else to do.

        They are those of a processor, but for who hardly computes: it waits for something that no clock of
        processors sees, such as another machine. One short task may look so when it had to wait for its turn.
        """
        return min(self) if self.processor > _WAITING * self.wall else self.wall


class Stopwatch:
    """Seconds since it was made.

    Parameters
    ----------
    processor : callable, optional
        Clock of the processor: of this thread, or of the whole process for who looks from another one.
    """

    def __init__(self, processor: Callable[[], float] = time.thread_time) -> None:
        self._processor = processor
        self._start = self._now()

    @property
    def seconds(self) -> Seconds:
        """What it shows."""
        now = self._now()
        return Seconds(now.wall - self._start.wall, now.processor - self._start.processor)

    def _now(self) -> Seconds:
        """What the clocks show."""
        times = os.times()
        return Seconds(time.perf_counter(), self._processor() + times.children_user + times.children_system)


class Parcel(NamedTuple):
    """What a worker did with a bundle.

    Parameters
    ----------
    places : tuple of int
        Places of the tasks among all.
    answers : list or bytes
        Answers of the tasks, in this order; fewer where one failed. Bytes where the tasks came as bytes: what
        backends do with each array costs more than the array.
    error : BaseException or None
        Why the task after the last answer failed.
    seconds : tuple of Seconds
        What each task took that has an answer.
    """

    places: tuple[int, ...]
    answers: list[Any] | bytes
    error: BaseException | None
    seconds: tuple[Seconds, ...]


@cache
def versions() -> tuple[tuple[str, str], ...]:
    """Versions of what computes the numbers: workers with others could give other numbers."""
    from importlib import metadata

    return tuple((name, metadata.version(name)) for name in ("detcount", "numpy", "scipy"))


def packed(value: Any) -> bytes:
    """A value as bytes that a worker can read, also where it was defined in a notebook."""
    import cloudpickle

    return bytes(cloudpickle.dumps(value))


def unpacked(value: bytes) -> Any:
    """What was packed."""
    return pickle.loads(value)


def work(
    asked: tuple[tuple[str, str], ...],
    function: bytes | Callable[[Any], Any],
    places: tuple[int, ...],
    tasks: bytes | Sequence[Any],
) -> Parcel:
    """Do a bundle in a worker. An error comes back as a value: backends differ in what they do with one."""
    answers: list[Any] = []
    seconds: list[Seconds] = []
    error: BaseException | None = None
    try:
        _refuse_other_versions(asked)
        call = _function(function) if isinstance(function, bytes) else function
        bundle = unpacked(tasks) if isinstance(tasks, bytes) else tasks
        with held():
            for task in bundle:
                watch = Stopwatch()
                answers.append(call(task))
                seconds.append(watch.seconds)
    except (Exception, KeyboardInterrupt) as raised:
        error = _told_where(raised)
    if not isinstance(tasks, bytes):
        return Parcel(places, answers, error, tuple(seconds))
    try:
        return Parcel(places, _packed_answers(answers), error, tuple(seconds))
    except Exception as raised:
        return Parcel(places, packed([]), _told_where(raised), ())


def _told_where(error: BaseException) -> BaseException:
    """An error that says where in the worker it came from, unless the user knows what it is about."""
    if not isinstance(error, (DetcountError, KeyboardInterrupt)):
        error.add_note("In a worker:\n" + "".join(traceback.format_tb(error.__traceback__)))
    return error


def _packed_answers(answers: list[Any]) -> bytes:
    """Answers as bytes; those of a class from a notebook by a packer that takes longer."""
    try:
        return pickle.dumps(answers, pickle.HIGHEST_PROTOCOL)
    except Exception:
        return packed(answers)


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


@lru_cache(maxsize=4)
def _function(function: bytes) -> Any:
    """A function, read once for all bundles that a worker gets of it."""
    return unpacked(function)


_LOCK = threading.Lock()
_INSIDE: list[Any] = []  # what puts a process back as it was, once for each bundle in it


@contextmanager
def held() -> Iterator[None]:
    """One thread of linear algebra, and no warning about single tasks, while tasks are in this process.

    Numbers must not depend on where a task is done, and sums by two threads have other last bits. Both
    belong to a whole process, and some backends have several bundles in one: the first in sets them, and
    the last out puts them back.
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
