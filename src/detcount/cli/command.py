"""Run the command: an answer on standard output, or what is at fault in one line, in the language asked for.

Where a signal ends the process, half-written files are removed first.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import pairwise
from types import FrameType

from detcount._numerics.parallel import labels_by
from detcount.cli.parser import build, parse
from detcount.cli.places import in_a_terminal
from detcount.cli.terminal import forgiving_streams, print_beside
from detcount.errors import DetcountError, DetcountWarning, error_text, system_words
from detcount.words import Message, languages, translated, visible

_FAULT, _INTERRUPTED, _ENDED = 2, 130, 143  # exit codes
_ENGLISH = "en"
_VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")  # in gettext's order: the first that is set
_SIGNALS = ("SIGTERM", "SIGHUP")  # the second is that of a terminal which is closed


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Parameters
    ----------
    arguments : sequence of str, optional
        The words after ``detcount``; by default those of the command line.

    Returns
    -------
    int
        The exit code: 0 for an answer, 1 where a record is not made again, 2 for a fault in data, options
        or files.

    Examples
    --------
    >>> from detcount.cli import main
    >>> main(["cite"])  # doctest: +ELLIPSIS
    The detcount developers (...
    0
    """
    words = sys.argv[1:] if arguments is None else arguments
    with forgiving_streams(), _in_order(), labels_by(partial(translated, lang=language_in(words))):
        return _run(words)
    raise SystemExit(_ENDED)  # by a signal that somebody else keeps from ending the process


def _run(words: Sequence[str]) -> int:
    """Print the answer, or the fault in one line."""
    lang = language_in(words)
    parser = build(lang)
    try:
        options = parse(parser, words)
        if options is None:
            parser.print_help()
            return 0
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore", DetcountWarning
            )  # their text stands in the notes that are printed
            found = options.answer(options)
        answer, code = found if isinstance(found, tuple) else (found, 0)
        answer = in_a_terminal(answer, options)
        if answer:
            print("\n".join(map(visible, answer.split("\n"))), flush=True)
        return int(code)
    except BrokenPipeError:  # whoever reads us, `head` for one, has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (DetcountError, OSError) as error:
        print_beside(_fault_words(error, lang))
        return _FAULT
    except KeyboardInterrupt:
        print_beside(Message("interrupted").translated(lang))
        return _INTERRUPTED
    return 0


def _fault_words(error: DetcountError | OSError, lang: str) -> str:
    """Write an error in a language; of a file without its folders."""
    if isinstance(error, DetcountError):
        return error_text(error, lang)
    if error.filename is None or error.strerror is None:
        return translated(error.strerror or Message("the file cannot be read or written"), lang)
    name = os.path.basename(os.fsdecode(error.filename))
    return Message("{file}: {what}", file=name, what=system_words(error)).translated(lang)


def language_in(words: Sequence[str]) -> str:
    """The language that the words of a command ask for, or else that of the computer.

    Parameters
    ----------
    words : sequence of str
        The words after ``detcount``.

    Returns
    -------
    str
        Code of a language that there is; English where another is asked for.
    """
    asked = [*_asked(words)]
    if asked:
        return asked[-1] if asked[-1] in languages() else _ENGLISH
    return _of_computer()


def _asked(words: Sequence[str]) -> Iterator[str]:
    """The languages that are named as an option."""
    for word, following in pairwise([*words, ""]):
        if word == "--lang":
            yield following
        elif word.startswith("--lang="):
            yield word.removeprefix("--lang=")


def _of_computer() -> str:
    """The language that the environment names, as in es_VE.UTF-8, or that of which it is a region."""
    known = languages()
    named = next((os.environ[name] for name in _VARIABLES if os.environ.get(name)), "")
    for each in named.split(":"):
        code = each.split(".")[0].split("@")[0].replace("_", "-")
        for candidate in (code, code.split("-")[0]):
            if candidate in known:
                return candidate
    return _ENGLISH


class _Ended(BaseException):
    """A signal came that ends the process."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def _end(number: int, _: FrameType | None) -> None:
    """Stop what is being done, so that every clause that removes half-written files runs."""
    raise _Ended(number)


@contextmanager
def _in_order() -> Iterator[None]:
    """End on a signal as any process does, but only after half-written files are removed."""
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
