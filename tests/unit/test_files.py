"""Bytes of files, pipes and streams: so many and no more, and never a wait without an end."""

import io
import os
import threading

import pytest

from detcount.errors import InputError
from detcount.io import read_frame
from detcount.reading.content import Source, content_of

ROWS = b"a,b\n1,0\n0,1\n"


@pytest.mark.skipif(os.name == "nt", reason="pipes of another kind")
def test_a_pipe_is_read_where_somebody_writes_to_it(tmp_path, monkeypatch):
    place = tmp_path / "p.csv"
    os.mkfifo(place)
    monkeypatch.setattr("detcount.reading.content._NOBODY", 0.05)
    with pytest.raises(InputError, match=r"^p.csv: expected a file, got a pipe that nobody writes to"):
        content_of(place)
    begun = threading.Event()

    def write():  # who has opened it may think longer than is waited for nobody
        with place.open("wb") as pipe:
            begun.wait(0.2)
            pipe.write(ROWS)

    writer = threading.Thread(target=write)
    monkeypatch.setattr("detcount.reading.content._NOBODY", 20.0)
    threading.Timer(0.1, lambda: monkeypatch.setattr("detcount.reading.content._NOBODY", 0.0)).start()
    writer.start()
    assert content_of(place) == ROWS
    writer.join()


def test_so_many_bytes_are_read_and_no_more(tmp_path, monkeypatch):
    place = tmp_path / "a.csv"
    place.write_bytes(ROWS)
    assert content_of(place, most=len(ROWS)) == ROWS
    with pytest.raises(InputError, match=r"^a.csv: expected a file of at most 0 MB, got a longer one"):
        content_of(place, most=len(ROWS) - 1)
    assert Source.of(io.BytesIO(ROWS), "it").content == ROWS
    monkeypatch.setattr("detcount.reading.content.MOST_BYTES", len(ROWS) - 1)
    with pytest.raises(InputError, match=r"^it: expected a file of at most 0 MB"):
        Source.of(io.BytesIO(ROWS), "it")


def test_a_file_without_an_end_costs_no_memory(tmp_path):
    place = tmp_path / "hole.csv"
    with place.open("wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(InputError, match=r"^hole.csv: expected a file of at most 512 MB"):
        read_frame(place)
