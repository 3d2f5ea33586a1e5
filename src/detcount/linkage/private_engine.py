"""DuckDB connections that write nothing, fetch nothing, and say nothing of what they hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from detcount.errors import DetcountError, MissingExtraError
from detcount.words import Message

Answer = TypeVar("Answer")
_SETTINGS = {
    "temp_directory": "",  # rows would be spilled in clear when memory runs short
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "enable_external_access": "false",
    "lock_configuration": "true",
}


class EngineError(DetcountError, RuntimeError):
    """The engine that compares many rows failed; what it says may hold a cell and is not kept."""


@contextmanager
def private_connection(*, memory: str = "3GB", threads: int | None = None) -> Iterator[Any]:
    """Open a connection in memory, with its settings locked.

    Parameters
    ----------
    memory : str, optional
        Most memory that the engine takes; beyond it, it fails and does not write to a disk.
    threads : int, optional
        Threads; without it one for each core.

    Yields
    ------
    duckdb.DuckDBPyConnection
        The connection, closed at the end.
    """
    try:
        import duckdb
    except ImportError:
        raise MissingExtraError(Message("linking more than 100,000 rows"), "linkage") from None
    connection = duckdb.connect(":memory:")
    try:
        connection.execute("SET memory_limit = ?", [memory])
        if threads is not None:
            connection.execute("SET threads = ?", [threads])
        for name, value in _SETTINGS.items():  # in this order: without access no folder can be set
            connection.execute(f"SET {name} = '{value}'")
        yield connection
    finally:
        connection.close()


def quietly(work: Callable[[], Answer]) -> Answer:
    """Do something with the engine; of an error only the kind is told, in a new one without the old one."""
    kind = ""
    try:
        return work()
    except (DetcountError, KeyboardInterrupt, MemoryError):
        raise
    except Exception as error:
        kind = type(error).__name__
    # outside of the clause, so that the error of the engine, which may quote a cell, is not attached
    raise EngineError(
        Message(
            "linkage: the engine that compares many rows failed ({kind}); what it said is not shown, as it "
            "may quote a cell. Where memory ran short, link fewer rows at once",
            kind=kind,
        )
    )
