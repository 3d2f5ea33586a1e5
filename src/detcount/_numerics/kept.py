"""Answers kept in a folder under what they were made from, so that work that was done is not done again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from detcount._numerics.workers import versions

__all__ = ["is_kept", "kept"]

Answer = TypeVar("Answer")


def kept(folder: Path, made_from: tuple[Any, ...], compute: Callable[[], Answer]) -> Answer:
    """The answer that is kept in a folder, or a new one, which is kept.

    What it was made from is hashed, with the versions of the software: nothing of it can be read there.
    """
    import joblib

    memory = joblib.Memory(folder, verbose=0)
    once = memory.cache(_computed, ignore=["compute"])
    answer: Answer = once(joblib.hash((made_from, versions())), compute)
    return answer


def is_kept(folder: Path, made_from: tuple[Any, ...]) -> bool:
    """Whether an answer is kept in a folder; it is not read, and no folder is made."""
    import joblib

    if not folder.is_dir():
        return False
    once = joblib.Memory(folder, verbose=0).cache(_computed, ignore=["compute"])
    return bool(once.check_call_in_cache(joblib.hash((made_from, versions())), None))


def _computed(digest: str, compute: Callable[[], Any]) -> Any:
    """An answer; the digest is the name that it is kept under."""
    return compute()
