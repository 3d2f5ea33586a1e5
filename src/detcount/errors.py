"""Errors and warnings: where, what was expected, what was found, what to do; in any language.

There is one grammar of refusal. Data or an argument that cannot mean what they say:
``InputError(Message("where: expected ..., got .... What to do"))``, with a colon after the place, and the
remedy last and without a full stop. Valid data without an answer: ``NotEstimableError(name, reason, remedy,
advice=...)``, where the reason is a clause without a full stop; remedy and advice are sentences with one.
"""

from __future__ import annotations

import re
import sys
import warnings
from collections.abc import Mapping

from detcount.words import Message, translated

__all__ = [
    "ConvergenceError",
    "DetcountError",
    "DetcountWarning",
    "InputError",
    "InputTypeError",
    "MissingExtraError",
    "NotEstimableError",
    "WorkerError",
]


def __dir__() -> list[str]:
    """Public names alone."""
    return [*__all__]


class DetcountError(Exception):
    """Root of every error that detcount raises on purpose.

    What it says is a `Message`, or a plain text that is the same in every language; `error_text` says it.

    Examples
    --------
    >>> import detcount as dc
    >>> try:
    ...     dc.CaptureTable.from_counts({"10": -4, "01": 6}, lists=["press", "families"])
    ... except dc.errors.DetcountError as error:
    ...     print(error)
    count 'count', data row 1: expected a whole number of persons, got -4
    """


class InputError(DetcountError, ValueError):
    """Data or an argument cannot mean what it says.

    Parameters
    ----------
    message : str
        Where, what was expected, what was found, and what to do.
    ask_for : mapping of str to object, optional
        Arguments under which the data would be read as they seem to be meant, such as ``header_row=3``; empty
        where there are none. The message names them.

    Examples
    --------
    >>> import detcount as dc
    >>> try:
    ...     dc.CaptureTable.from_frame({"press": [1, 1], "court": [0, 2]}, lists=["press", "court"])
    ... except dc.errors.InputError as error:
    ...     print(error)
    list 'court', data row 2: expected 0 or 1, got 2
    """

    def __init__(self, message: str, *, ask_for: Mapping[str, object] | None = None) -> None:
        super().__init__(message)
        self.ask_for = dict(ask_for or {})


class InputTypeError(InputError, TypeError):
    """An argument is of a kind that cannot mean what is asked, as a frame in place of a capture table.

    Examples
    --------
    >>> import detcount as dc
    >>> try:
    ...     dc.abundance.LogLinear().fit({"press": [1, 0], "court": [1, 1]})
    ... except dc.errors.InputTypeError as error:
    ...     print(str(error).partition(".")[0])
    table: expected CaptureTable, got dict
    """


class NotEstimableError(DetcountError, ValueError):
    """The data are valid, and this estimator has no answer for them.

    Parameters
    ----------
    estimator : str
        Name of the estimator that declines.
    reason : str
        What the data lack, without a full stop.
    remedy : str
        What the analyst can do about it, a sentence; it may name code.
    advice : str, optional
        The same for readers of a report, without code; `remedy` where it is not given.

    Examples
    --------
    >>> import detcount as dc
    >>> counts = {"100": 40, "010": 60, "001": 35, "110": 20, "101": 12, "011": 9, "111": 6}
    >>> table = dc.CaptureTable.from_counts(counts, lists=["press", "court", "families"])
    >>> try:
    ...     dc.abundance.Chapman().fit(table)
    ... except dc.errors.NotEstimableError as declined:
    ...     print(declined.reason)
    needs exactly 2 lists, got 3
    """

    def __init__(self, estimator: str, reason: str, remedy: str, *, advice: str | None = None) -> None:
        super().__init__(estimator, reason, remedy)
        self.estimator = estimator
        self.reason = reason
        self.remedy = remedy
        self.advice = remedy if advice is None else advice

    @property
    def message(self) -> Message:
        """Who declines, why, and what can be done."""
        return Message(
            "{estimator}: {reason}. {remedy}",
            estimator=self.estimator,
            reason=self.reason,
            remedy=self.remedy,
        )

    def __str__(self) -> str:
        return str(self.message)


class ConvergenceError(DetcountError, RuntimeError):
    """An iteration stopped before it had converged.

    Parameters
    ----------
    message : str
        What did not converge, and what to do.
    last : object, optional
        The partial answer.
    reason : str, optional
        What a report says of it, without a full stop; None where it has nothing to say to its readers.
    remedy, advice : str, optional
        What to do about it, as in `NotEstimableError`.

    Examples
    --------
    >>> import detcount as dc
    >>> error = dc.errors.ConvergenceError("the chains disagree")
    >>> isinstance(error, RuntimeError)
    True
    """

    def __init__(
        self,
        message: str,
        last: object = None,
        *,
        reason: str | None = None,
        remedy: str | None = None,
        advice: str | None = None,
    ) -> None:
        super().__init__(message, last)
        self.message = message
        self.last = last
        self.reason = reason
        self.remedy = remedy
        self.advice = remedy if advice is None else advice

    def __str__(self) -> str:
        return str(self.message)


class MissingExtraError(DetcountError, ImportError):
    """An optional dependency is absent.

    Parameters
    ----------
    what : str
        The function or option that needs it, a `Message` where that is said in words.
    extra : str
        Name of the extra to install.

    Examples
    --------
    >>> import detcount as dc
    >>> issubclass(dc.errors.MissingExtraError, dc.errors.DetcountError)
    True
    """

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(what, extra)
        self.what = what
        self.extra = extra

    @property
    def message(self) -> Message:
        """Name of the missing extra, and the line that installs it; nothing is installed into a browser."""
        if sys.platform == "emscripten":
            return Message(
                "{what} needs libraries that a browser does not have. Do it where detcount is installed, or "
                "save the table as CSV first",
                what=self.what,
            )
        return Message(
            "{what} needs libraries that are not installed. Install them with: {command}",
            what=self.what,
            command=install_command(self.extra),
        )

    def __str__(self) -> str:
        return str(self.message)


def install_command(extra: str) -> str:
    """Give the line that installs the libraries of an extra into the Python that runs.

    It names the libraries and not detcount, so that it works from a clone, from a wheel and from an index.

    Parameters
    ----------
    extra : str
        Name of the extra.

    Returns
    -------
    str
        A command of the shell.

    Examples
    --------
    >>> from detcount.errors import install_command
    >>> print(install_command("excel").partition(" -m ")[2])
    pip install 'python-calamine>=0.2.3'
    """
    from importlib.util import find_spec

    needed = " ".join(f"'{each}'" for each in _requirements(extra))
    python = sys.executable if re.fullmatch(r"[\w./:\\-]+", sys.executable) else f'"{sys.executable}"'
    if find_spec("pip") is None:
        return f"uv pip install --python {python} {needed}"
    return f"{python} -m pip install {needed}"


def _requirements(extra: str) -> list[str]:
    """Libraries of an extra, with those of the extras that it names."""
    from importlib.metadata import requires

    found = []
    for line in requires("detcount") or ():
        library, _, condition = line.partition(";")
        if re.search(rf"extra == ['\"]{extra}['\"]", condition):
            inner = re.fullmatch(r"detcount\[([\w,]+)\]", library.strip())
            found += (
                [each for name in inner[1].split(",") for each in _requirements(name)]
                if inner
                else [library.strip()]
            )
    return found


class WorkerError(DetcountError, RuntimeError):
    """A worker process ended before it had done its part of the work.

    Examples
    --------
    >>> import detcount as dc
    >>> issubclass(dc.errors.WorkerError, dc.errors.DetcountError)
    True
    """


class DetcountWarning(UserWarning):
    """Warning that a reader of a number must know; the text also stands in the notes of the result.

    Examples
    --------
    >>> import detcount as dc
    >>> import warnings
    >>> warnings.simplefilter("ignore", dc.errors.DetcountWarning)
    """


_OF_SYSTEM = (
    Message("No such file or directory"),
    Message("Permission denied"),
    Message("Is a directory"),
    Message("Not a directory"),
    Message("No space left on device"),
    Message("Read-only file system"),
    Message("File name too long"),
)


def system_words(error: OSError) -> str:
    """Give what the system says of a file.

    Parameters
    ----------
    error : OSError
        What happened when the file was read or written.

    Returns
    -------
    str
        The words, a `Message` where they are common ones in English.

    Examples
    --------
    >>> from detcount.errors import system_words
    >>> print(system_words(FileNotFoundError(2, "No such file or directory")))
    No such file or directory
    """
    found = error.strerror or ""
    return next((words for words in _OF_SYSTEM if words == found), found)


def error_text(error: BaseException, lang: str = "en") -> str:
    """Say what an error says, in a language.

    Parameters
    ----------
    error : Exception
        An error of detcount, or an `OSError` that it raises.
    lang : str, optional
        Code of the language, one of `words.languages`.

    Returns
    -------
    str
        The words; what other libraries say stays as it is.

    Examples
    --------
    >>> from detcount import errors
    >>> print(errors.error_text(FileNotFoundError(2, "No such file or directory", "a.csv"), "es"))
    [Errno 2] no existe el archivo o la carpeta: 'a.csv'
    """
    if isinstance(error, OSError) and error.filename is not None and error.strerror:
        code, what, file = f"Errno {error.errno}", system_words(error), str(error.filename)
        return Message("[{code}] {what}: {file!r}", code=code, what=what, file=file).translated(lang)
    text = getattr(error, "message", error.args[0] if len(error.args) == 1 else None)
    return translated(text, lang) if isinstance(text, str) else str(error)


def warn(note: str) -> None:
    """Warn whoever called the library, from wherever in it the note comes."""
    frame, level = sys._getframe(), 1
    while frame.f_back is not None and frame.f_globals.get("__name__", "").partition(".")[0] == "detcount":
        frame, level = frame.f_back, level + 1
    warnings.warn(note, DetcountWarning, stacklevel=level)
