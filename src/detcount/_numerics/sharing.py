"""Tasks shared out over workers of joblib, in bundles that follow what a task costs."""

from __future__ import annotations

import math
import sys
import threading
import time
import warnings
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor
from contextlib import contextmanager
from contextvars import copy_context
from typing import Any, Generic, TypeVar

from detcount._numerics.workers import Parcel, Seconds, Stopwatch, packed, unpacked, versions, work
from detcount.errors import WorkerError
from detcount.words import Message

Task = TypeVar("Task")
Answer = TypeVar("Answer")

_LOOK = 0.05  # seconds between two looks at how the first tasks get on
_TO_START = 1.0  # seconds of work that workers have to save before they are started
_TO_SEND = 0.2  # the same where they run already
_KEPT = 200.0  # seconds after which workers of this machine may have gone: joblib keeps idle ones for 300
_BUNDLES_PER_WORKER = 4  # of what is left, so that bundles become small towards the end
_LEAST_BUNDLE = 0.05  # seconds: a bundle costs some milliseconds to send
_ROUNDING = 1e-9  # of sums of seconds
_MOST_LOST = 3  # times that a pool of workers may break

_last_use: dict[str, float] = {}


def may_share(n_jobs: int | None) -> bool:
    """Whether there may be workers; joblib is loaded only where somebody asked for more than one."""
    if n_jobs is None:
        return "joblib" in sys.modules and _Backend(None).shares
    return n_jobs != 1


@contextmanager
def _closed_in_silence(parcels: Generator[Parcel]) -> Iterator[Iterable[Parcel]]:
    """End what is left of the work with the block; joblib would warn the user of an iterator of ours."""
    try:
        yield parcels
    finally:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", r"[\s\S]*tasks (have been|which were still being)", UserWarning)
            parcels.close()


def number_of_workers(n_jobs: int | None) -> int:
    """Workers that work may be sent to; 1 where there are none."""
    return _Backend(n_jobs).n_workers if may_share(n_jobs) else 1


class _Backend:
    """Where joblib would run the work."""

    def __init__(self, n_jobs: int | None) -> None:
        import joblib

        backend, _ = joblib.parallel.get_active_backend()
        self.in_threads = bool(getattr(backend, "uses_threads", False)) and not hasattr(backend, "client")
        self.elsewhere = type(backend).__module__ != "joblib._parallel_backends"
        self.unordered = bool(getattr(backend, "supports_return_generator", False))
        self.n_workers = int(joblib.effective_n_jobs(n_jobs))
        self._kind = type(backend).__name__

    @property
    def shares(self) -> bool:
        """Whether somebody else can do the work."""
        return self.n_workers > 1 or self.elsewhere

    @property
    def least_saved(self) -> float:
        """Seconds of work that make it worth while."""
        running = self.elsewhere or self.in_threads
        running = running or time.monotonic() - _last_use.get(self._kind, -math.inf) < _KEPT
        return _TO_SEND if running else _TO_START

    def used(self) -> None:
        """Remember that its workers run."""
        _last_use[self._kind] = time.monotonic()


class Sharing(Generic[Task, Answer]):
    """One function over tasks that are shared out.

    The first tasks are done here, in a thread, until it is known what a task costs. Where the rest would
    take longer than workers need to start, it goes to them; this process goes on until their first
    answers come.

    Parameters
    ----------
    function : callable
        What is done with each task.
    tasks : sequence
        The tasks.
    n_jobs : int or None
        Workers, as joblib counts them.
    longest : sequence of int, optional
        Places of the tasks to begin with, where tasks differ much in what they take. Each is a bundle then.
    kinds : sequence of int, optional
        Kind of each task: those of one kind take about as long, and those of a higher number longer. What a
        kind takes is measured. Workers begin with the longest, this process with the shortest.
    """

    def __init__(
        self,
        function: Callable[[Task], Answer],
        tasks: Sequence[Task],
        n_jobs: int | None,
        *,
        longest: Sequence[int] = (),
        kinds: Sequence[int] = (),
    ) -> None:
        self._function = function
        self._tasks = tasks
        self._n_jobs = n_jobs
        self._alike = not longest
        self._kinds = list(kinds) or [0] * len(tasks)
        self._several = len(set(self._kinds)) > 1
        self._lock = threading.Lock()
        self._left: deque[int] = deque()
        self._n_left: Counter[int] = Counter()
        order = sorted(range(len(tasks)), key=lambda place: -self._kinds[place])
        self._order = tuple(dict.fromkeys((*longest, *order)))
        self._leave(self._order)
        self._answers: dict[int, Answer] = {}
        self._errors: dict[int, BaseException] = {}
        self._here: int | None = None  # the task that this process is at
        self._stop_here = threading.Event()
        self._ended_here = threading.Event()
        self._stop = False
        self._watch_here = Stopwatch(time.process_time)  # of the task that this process is at
        self._seconds: dict[int, Seconds] = defaultdict(lambda: Seconds(0.0, 0.0))  # by kind
        self._n_timed: Counter[int] = Counter()
        self._told = 0

    def run(self, done: Callable[[int], object]) -> list[Answer]:
        """Answers in the order of the tasks; `done` is told how many more there are."""
        context = copy_context()
        threading.Thread(target=context.run, args=(self._do_here,), daemon=True).start()
        try:
            backend = None
            while not self._ended_here.wait(_LOOK):
                self._tell(done)
                rest = self._rest
                if rest < _TO_SEND:
                    continue
                backend = backend or _Backend(self._n_jobs)
                if backend.shares and rest >= backend.least_saved:
                    self._share(backend, done)
                    break
            while not self._ended_here.wait(_LOOK):
                self._tell(done)
        finally:
            self._stop = True
            self._stop_here.set()
        self._tell(done)
        if self._errors:
            raise self._errors[min(self._errors)]
        return [self._answers[place] for place in range(len(self._tasks))]

    def _leave(self, places: Iterable[int]) -> None:
        """Tasks that are left to do, in the order in which workers take them."""
        self._left = deque(places)
        self._n_left = Counter(self._kinds[place] for place in self._left)

    def _pop(self, *, shortest: bool = False) -> int:
        """The next task, out of those that are left."""
        place = self._left.pop() if shortest else self._left.popleft()
        self._n_left[self._kinds[place]] -= 1
        return place

    def _cost(self, kind: int) -> float:
        """Seconds of a task of a kind; before one has ended, the least that it can be by what is known."""
        if self._n_timed[kind]:
            return self._seconds[kind].alone / self._n_timed[kind]
        here, shorter = (
            self._here,
            [known for known in list(self._n_timed) if known < kind and self._n_timed[known]],
        )
        if here is not None and self._kinds[here] == kind:
            return self._watch_here.seconds.alone
        return self._cost(max(shorter)) if shorter else 0.0

    @property
    def _rest(self) -> float:
        """Seconds of the tasks that are left."""
        return sum(n * self._cost(kind) for kind, n in list(self._n_left.items()) if n)

    def _timed(self, places: Sequence[int], seconds: Sequence[Seconds]) -> None:
        """Remember what tasks took."""
        with self._lock:
            for place, one in zip(places, seconds, strict=False):
                self._seconds[self._kinds[place]] += one
                self._n_timed[self._kinds[place]] += 1

    def _tell(self, done: Callable[[int], object]) -> None:
        """Move the bar by what came since."""
        n_ended = len(self._answers)
        if n_ended > self._told:
            done(n_ended - self._told)
            self._told = n_ended

    def _do_here(self) -> None:
        """Do tasks in this process until there are none, or workers have answered."""
        try:
            while not self._stop_here.is_set():
                with self._lock:
                    if self._stop or not self._left:
                        break
                    here = self._pop(shortest=self._several)
                    self._here, self._watch_here = here, Stopwatch(time.process_time)
                watch = Stopwatch()
                try:
                    self._answers[here] = self._function(self._tasks[here])
                    self._timed((here,), (watch.seconds,))
                except BaseException as error:  # raised where the caller waits
                    self._errors[here] = error
                    self._stop = True
                finally:
                    self._here = None
        finally:
            self._ended_here.set()

    def _share(self, backend: _Backend, done: Callable[[int], object]) -> None:
        """Send what is left to the workers; again, where some of them died."""
        function = self._function if backend.in_threads else packed(self._function)
        n_lost = 0
        while self._left and not self._stop:
            try:
                with _closed_in_silence(self._parcels(backend, function)) as parcels:
                    for parcel in parcels:
                        self._take(parcel)
                        self._tell(done)
            except BrokenExecutor as broken:
                n_lost += 1
                if n_lost == _MOST_LOST:
                    raise WorkerError(
                        Message(
                            "workers ended {n} times in the middle of their work. A machine that runs out "
                            "of memory ends them: use fewer, with a smaller n_jobs",
                            n=n_lost,
                        )
                    ) from broken
                with self._lock:
                    kept = {*self._answers, self._here}
                    self._leave(k for k in self._order if k not in kept)
            else:
                backend.used()

    def _parcels(self, backend: _Backend, function: Any) -> Generator[Parcel]:
        """What the workers send back, as it comes; in rounds where a backend gives nothing before the end."""
        import joblib

        asked = versions()
        send = joblib.delayed(work)

        def bundles() -> Iterator[Any]:
            # joblib takes the next bundle when one has ended, so that its size follows what was measured
            while places := self._next(backend.n_workers):
                tasks: Any = [self._tasks[place] for place in places]
                try:
                    yield send(asked, function, places, tasks if backend.in_threads else packed(tasks))
                except Exception as error:  # joblib would wait for ever: it asks from a thread of its own
                    self._errors[places[0]] = error
                    self._stop = True

        if backend.unordered:
            with joblib.Parallel(
                n_jobs=self._n_jobs, return_as="generator_unordered", batch_size=1
            ) as parallel:
                yield from parallel(bundles())
            return
        with joblib.Parallel(n_jobs=self._n_jobs, batch_size=1) as parallel:
            source = bundles()
            while round_of := [next(source, None) for _ in range(backend.n_workers)]:
                sent = [bundle for bundle in round_of if bundle is not None]
                if not sent:
                    return
                yield from parallel(sent)

    def _next(self, n_workers: int) -> tuple[int, ...]:
        """Places of the next bundle; none when there is nothing to do."""
        with self._lock:
            if self._stop or not self._left:
                return ()
            rest = self._rest
            share = max(rest / (_BUNDLES_PER_WORKER * n_workers), min(_LEAST_BUNDLE, rest / 3))
            places = [self._pop()]
            cost = self._known_cost(places[0])
            while self._alike and self._left and cost < share * (1 - _ROUNDING):
                next_cost = self._known_cost(self._left[0])
                if next_cost == math.inf:
                    break
                cost += next_cost
                places.append(self._pop())
            return tuple(places)

    def _known_cost(self, place: int) -> float:
        """Seconds of a task; endless where none of its kind has ended, so that it travels alone."""
        kind = self._kinds[place]
        return max(self._cost(kind), 1e-9) if self._n_timed[kind] else math.inf

    def _take(self, parcel: Parcel) -> None:
        """Keep what a worker sent. The first task that failed is raised, as with one worker."""
        self._stop_here.set()
        answers = unpacked(parcel.answers) if isinstance(parcel.answers, bytes) else parcel.answers
        self._answers.update(zip(parcel.places, answers, strict=False))
        if isinstance(parcel.error, KeyboardInterrupt):
            raise parcel.error
        if parcel.error is not None:
            self._errors[parcel.places[len(answers)]] = parcel.error
            self._stop = True
        self._timed(parcel.places, parcel.seconds)
