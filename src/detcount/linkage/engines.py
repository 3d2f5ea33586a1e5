"""Private engines on this machine: DuckDB and Spark, which write nothing in clear and quote no cell."""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

from detcount.errors import DetcountError, MissingExtraError
from detcount.linkage.blocks import TABLES
from detcount.words import Message

Answer = TypeVar("Answer")
_MEMORY = "3GB"


class EngineError(DetcountError, RuntimeError):
    """The engine that compares many rows failed; its message may quote a cell and is not kept."""


@contextmanager
def silenced(*names: str) -> Iterator[None]:
    """Keep what loggers of these names would write: it may quote a cell."""
    loggers = [logging.getLogger(name) for name in names]
    before = [(logger.level, logger.disabled) for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
        logger.disabled = True
    try:
        yield
    finally:
        for logger, (level, disabled) in zip(loggers, before, strict=True):
            logger.setLevel(level)
            logger.disabled = disabled


@contextmanager
def private_connection(memory: str = _MEMORY) -> Iterator[Any]:
    """Open DuckDB in memory, with its settings locked; beyond its memory it fails, and writes to no disk."""
    try:
        import duckdb
    except ImportError:
        raise MissingExtraError(Message("linking more than 100,000 rows"), "linkage") from None
    connection = duckdb.connect(":memory:")
    try:
        connection.execute("SET memory_limit = ?", [memory])
        for name, value in TABLES["duckdb"].items():
            connection.execute(f"SET {name} = '{value}'")
        yield connection
    finally:
        connection.close()


def quietly(work: Callable[[], Answer]) -> Answer:
    """Do something with the engine; an error of it is replaced by one that names its kind alone."""
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


_LOOPBACK = "127.0.0.1"
# Waits until the process that started it is gone, however it went, and removes the folder.
_GUARDIAN = """
import shutil, sys, time
sys.stdin.buffer.read()
for _ in range(100):
    shutil.rmtree(sys.argv[1], ignore_errors=True)
    time.sleep(0.1)
    if not __import__("os").path.exists(sys.argv[1]):
        break
"""
_QUOTING = ("SQLQueryContextLogger", "DataFrameQueryContextLogger")
_NO_LOG = "status = off\nrootLogger.level = off\n"


@contextmanager
def private_folder() -> Iterator[Path]:
    """Make a folder that only this user may enter, and remove it at the end, even if this process is killed.

    Yields
    ------
    Path
        The folder.
    """
    folder = tempfile.mkdtemp(prefix="detcount-")  # mode 0700
    guardian = subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", _GUARDIAN, folder],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # an interrupt at the keyboard is not for it
    )
    try:
        yield Path(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if guardian.stdin is not None:
            guardian.stdin.close()
        guardian.wait()


@contextmanager
def private_session() -> Iterator[Any]:
    """Start Spark in this process and its Java machine, and stop both at the end.

    Everything that Spark writes is in a private folder: what does not fit into memory (encrypted with a key
    that is in memory alone), checkpoints, its warehouse and temporary files. It listens on this machine
    alone, has no web page, and keeps no log.

    Yields
    ------
    pyspark.sql.SparkSession
        The session.

    Raises
    ------
    MissingExtraError
        If the extra ``spark`` is absent.
    EngineError
        If there is no Java, or Spark runs in this process already: its settings would hold.
    """
    try:
        from pyspark import SparkContext
        from pyspark.logger import PySparkLogger
        from pyspark.sql import SparkSession
    except ImportError:
        raise MissingExtraError(Message("linking on Spark"), "spark") from None
    if not (os.environ.get("JAVA_HOME") or shutil.which("java")):
        raise EngineError(Message("linkage: Spark needs Java 17 or later, and none is found. Install it"))
    if SparkContext._active_spark_context is not None:
        raise EngineError(
            Message(
                "linkage: a Spark session runs in this process, with its own folders and ports. Stop it, or "
                "link in another process"
            )
        )
    for name in _QUOTING:
        PySparkLogger.getLogger(name)
    with private_folder() as folder, silenced("py4j", *_QUOTING):
        builder = SparkSession.builder.appName("detcount")
        for name, value in _settings(folder).items():
            builder = builder.config(name, value)
        try:
            with _on_loopback(), warnings.catch_warnings():
                warnings.simplefilter("ignore")  # about versions of pandas, which is not used on Spark
                session = quietly(builder.getOrCreate)
            session.sparkContext.setCheckpointDir(str(folder / "checkpoints"))
            yield session
        finally:
            _stop(SparkContext)


@contextmanager
def _on_loopback() -> Iterator[None]:
    """Let the Java machine find the address of this machine's own loop alone."""
    before = os.environ.get("SPARK_LOCAL_IP")
    os.environ["SPARK_LOCAL_IP"] = _LOOPBACK
    try:
        yield
    finally:
        if before is None:
            del os.environ["SPARK_LOCAL_IP"]
        else:
            os.environ["SPARK_LOCAL_IP"] = before


def _settings(folder: Path) -> dict[str, str]:
    """Settings of a session that shows nothing to anybody."""
    n_threads = os.cpu_count() or 1
    silent = folder / "log4j2.properties"
    silent.write_text(_NO_LOG, encoding="utf-8")
    for name in ("java", "local"):
        (folder / name).mkdir()
    java = f"-Djava.io.tmpdir={folder / 'java'} -Dderby.system.home={folder / 'java'}"
    always: dict[str, str] = TABLES["spark"]
    return always | {
        "spark.master": f"local[{n_threads}]",
        "spark.driver.memory": _MEMORY.removesuffix("B").lower(),
        "spark.driver.extraJavaOptions": f"{java} -Dlog4j2.configurationFile={silent.as_uri()}",
        "spark.local.dir": str(folder / "local"),
        "spark.sql.shuffle.partitions": str(4 * n_threads),
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
    }


def _stop(context: Any) -> None:
    """Stop Spark and its Java machine, which holds rows; ignore one that is dead already."""
    gateway = context._gateway
    with suppress(Exception):
        if context._active_spark_context is not None:
            context._active_spark_context.stop()
    if gateway is None:
        return
    with suppress(Exception):
        gateway.shutdown()
    with suppress(Exception):
        gateway.proc.stdin.close()  # the Java machine ends with it
        gateway.proc.wait(timeout=30)
    context._gateway = None
    context._jvm = None
