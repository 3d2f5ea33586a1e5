"""Run the command: an answer on standard output, or what is at fault in one line."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Sequence

from detcount.cli.endings import in_order
from detcount.cli.faults import INTERRUPTED, at_fault, fault_words, tell
from detcount.cli.language import language_in
from detcount.cli.parser import build, parse
from detcount.cli.reproduce import Outcome
from detcount.errors import DetcountError, DetcountWarning
from detcount.terminal import forgiving_streams
from detcount.words import Message, visible

_ENDED = 143


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
    with forgiving_streams(), in_order():
        return _run(sys.argv[1:] if arguments is None else arguments)
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
            answer = options.answer(options)
        if answer:
            print("\n".join(map(visible, answer.split("\n"))), flush=True)
        return answer.code if isinstance(answer, Outcome) else 0
    except BrokenPipeError:  # whoever reads us, `head` for one, has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (DetcountError, OSError) as error:
        return at_fault(fault_words(error, lang))
    except KeyboardInterrupt:
        tell(Message("interrupted").say(lang))
        return INTERRUPTED
    return 0
