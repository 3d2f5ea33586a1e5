"""Errors that leave the linkage hold nothing of the cells, neither in words nor in what they refer to."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from detcount.errors import DetcountError
from detcount.words import Message

P = ParamSpec("P")
R = TypeVar("R")


def without_content(function: Callable[P, R]) -> Callable[P, R]:
    """Let errors leave a function without the frames, the causes and the words that could show a cell.

    Errors of this library keep their words, which name rows by number. Any other error may quote a cell, and
    its kind and place are said instead.
    """

    @wraps(function)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except Exception as error:
            fault = _bare(error, function.__name__)
        del args, kwargs  # as a traceback may be asked to show what the names of a frame hold
        fault.__context__ = fault.__cause__ = None
        raise fault.with_traceback(None)

    return guarded


def _bare(error: Exception, where: str) -> Exception:
    """The same error of ours, or another in place of one of a library."""
    ours = isinstance(error, DetcountError) or (len(error.args) == 1 and isinstance(error.args[0], Message))
    if ours or (isinstance(error, OSError) and error.filename is not None):
        return error
    trace = error.__traceback__
    place = ""
    while trace is not None:
        module = trace.tb_frame.f_globals.get("__name__", "")
        if module.startswith("detcount."):
            place = f"{module}:{trace.tb_lineno}"
        trace = trace.tb_next
    return DetcountError(
        Message(
            "{where}: an error that nobody expected, {kind} at {place}. Its words are not shown, as "
            "they may hold "
            "what a cell holds",
            where=where,
            kind=type(error).__name__,
            place=place,
        )
    )
