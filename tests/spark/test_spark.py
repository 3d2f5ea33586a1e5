"""Many rows compared on Spark: what DuckDB says, in a private folder that does not stay."""

import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from detcount import linkage, simulate
from detcount.linkage.channel import learn_channel
from detcount.linkage.large import splink_pairs

pytestmark = pytest.mark.spark

SECRET = "zutanejo31415926"
# Starts Spark, fails at a cast, writes a checkpoint in clear, and waits to be killed.
_JOB = f"""
import sys, time
from detcount.linkage import engines
from detcount.linkage.engines import EngineError, private_session, quietly
engines._MEMORY = "512MB"
with private_session() as session:
    try:
        quietly(lambda: session.sql("select cast('{SECRET}' as int)").collect())
    except EngineError as error:
        print(error, error.__cause__, error.__context__, flush=True)
    try:
        with private_session():
            pass
    except EngineError as error:
        print(error, flush=True)
    session.range(3).selectExpr("id", "'{SECRET}' as name").checkpoint()
    folder = session.conf.get("spark.sql.warehouse.dir").removeprefix("file:").rsplit("/", 1)[0]
    print("folder", folder, session._sc._gateway.proc.pid, flush=True)
    time.sleep(600)
"""


def test_pairs_and_scores_are_those_of_duckdb(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.setattr("detcount.linkage.engines._MEMORY", "1GB")
    lists = linkage.read_lists(simulate.name_lists(400, seed=31).frames)
    records = lists.records()
    channel = learn_channel(records)
    expected, _ = splink_pairs(records, channel)
    found, _ = splink_pairs(records, channel, engine="spark")
    assert len(found.first) > 200
    for name in ("first", "second"):
        assert (getattr(found, name) == getattr(expected, name)).all(), name
    for name in ("probability", "without_document"):
        np.testing.assert_allclose(getattr(found, name), getattr(expected, name), rtol=1e-9)
    left = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert left == []


def test_a_killed_job_leaves_nothing_and_tells_nothing(tmp_path):
    job = subprocess.Popen(
        [sys.executable, "-c", _JOB],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=tmp_path,
        env=os.environ | {"TMPDIR": str(tmp_path)},
    )
    with job:
        try:
            look_at(job, tmp_path)
        finally:
            job.kill()


def look_at(job, tmp_path):
    psutil = pytest.importorskip("psutil")
    said = []
    for line in job.stdout:
        said.append(line)
        if line.startswith("folder"):
            break
    whole = "".join(said)
    assert SECRET not in whole
    assert "None None" in whole
    assert "runs in this process" in whole
    _, name, machine = said[-1].split()
    folder = Path(name)
    assert folder.parent == tmp_path
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    written = [path for path in folder.rglob("*") if path.is_file()]
    assert any("checkpoints" in str(path) for path in written)
    assert all(folder in path.parents for path in tmp_path.rglob("*") if path.is_file())
    java = psutil.Process(int(machine))
    family = [java, *java.children(recursive=True)]
    listening = [c for p in family for c in p.net_connections("inet") if c.status == psutil.CONN_LISTEN]
    assert listening
    assert {connection.laddr.ip.removeprefix("::ffff:") for connection in listening} <= {"127.0.0.1", "::1"}
    job.send_signal(signal.SIGKILL)
    job.wait()
    for _ in range(300):
        if not folder.exists():
            break
        time.sleep(0.1)
    assert not folder.exists()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    psutil.wait_procs(family, timeout=20)
    assert not any(process.is_running() and process.status() != "zombie" for process in family)
