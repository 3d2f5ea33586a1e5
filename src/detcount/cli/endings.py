"""The end that somebody else makes of the command: what it is writing is taken away first."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_SIGNALS = ("SIGTERM", "SIGHUP")  # the second is that of a terminal which is closed


class _Ended(BaseException):
    """A signal came, which is to end the process."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def _end(number: int, _: FrameType | None) -> None:
    """Leave whatever is being done, through every clause that puts things in order."""
    raise _Ended(number)


@contextmanager
def in_order() -> Iterator[None]:
    """End by a signal as a process does that knows none, but not before half-written files are removed."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    known = [getattr(signal, name) for name in _SIGNALS if hasattr(signal, name)]
    ours = [number for number in known if signal.getsignal(number) == signal.SIG_DFL]
    for number in ours:
        signal.signal(number, _end)
    ended: int | None = None
    try:
        yield
    except _Ended as signalled:
        ended = signalled.number
    finally:
        for number in ours:
            signal.signal(number, signal.SIG_DFL)
    if ended is not None:
        os.kill(os.getpid(), ended)
