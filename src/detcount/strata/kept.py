"""Answers kept in a folder under what they were made from, so that work that was done is not done again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from detcount._numerics.workers import versions
from detcount.errors import InputError, NotEstimableError
from detcount.estimates import AbundanceEstimate
from detcount.reports.writing import write_report
from detcount.strata.stored import NotStored, read, stored
from detcount.words import Message

Answer = AbundanceEstimate | NotEstimableError
_SUFFIX = ".answer"


class Kept:
    """A folder of answers.

    What an answer was made from is hashed, with the versions of the software: nothing of it can be read
    there.
    What is read is held against what is asked for; what is damaged, or another answer, is computed again.

    Parameters
    ----------
    folder : Path
        The folder; it is made when an answer is kept.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def check(self) -> None:
        """Refuse a folder that is a file, or cannot be made, before there is anything to keep."""
        if self._folder.exists() and not self._folder.is_dir():
            raise InputError(
                Message(
                    "cache: expected the name of a folder, got that of a file, {file}. Choose another name",
                    file=self._folder.name,
                )
            )
        self._folder.mkdir(parents=True, exist_ok=True)

    def has(self, made_from: tuple[Any, ...]) -> bool:
        """Whether an answer is there; it is not read, and no folder is made."""
        return self._place(made_from).is_file()

    def answer(
        self,
        made_from: tuple[Any, ...],
        digest: str,
        estimator: object,
        compute: Callable[[], Answer],
    ) -> tuple[Answer, str]:
        """The answer that is kept, or a new one, which is kept, and what is to be said of the folder.

        `digest` is that of the data.
        """
        place = self._place(made_from)
        told = ""
        if place.is_file():
            try:
                found = read(place.read_bytes(), place.stem, estimator)
                if isinstance(found, NotEstimableError) or (
                    isinstance(found, AbundanceEstimate) and found.digest == digest
                ):
                    return found, ""
            except (NotStored, OSError):
                pass
            told = Message(
                "cache: an answer that was kept is damaged, or not of these data, and was made anew"
            )
        answer = compute()
        try:
            write_report(stored(answer, place.stem, estimator), place, force=True, private=True)
        except NotStored as error:
            told = Message(
                "cache: the answer holds a {kind}, which no file can hold, and was not kept",
                kind=str(error) or type(answer).__name__,
            )
        except OSError as error:
            told = Message(
                "cache: the answer could not be kept, and stands in the result alone: {what}",
                what=error.strerror or type(error).__name__,
            )
        return answer, told

    def _place(self, made_from: tuple[Any, ...]) -> Path:
        """The file of an answer."""
        import joblib

        return self._folder / f"{joblib.hash((made_from, versions()))}{_SUFFIX}"
