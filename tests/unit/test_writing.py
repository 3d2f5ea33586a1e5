"""Reports are written whole or not at all, and over nothing but reports."""

import io
import os
import stat
from pathlib import Path

import pytest

from detcount import CaptureTable, assess
from detcount.errors import InputError
from detcount.reports.writing import GENERATOR, check_target, write_report

PAGE = f"<!doctype html>\n{GENERATOR}\n<p>Ñandú</p>\n"
NEW = PAGE.replace("Ñandú", "otra")
OF_0_2_0 = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>How many people</title>
<style>
:root { --ink: #1b1b1b; --quiet: #595959; --rule: #d9d9d9; --blue: #1f5a8a; --tint: #f3f6f9; }
"""
DATA = "prensa,familias\n1,0\n"


@pytest.fixture(scope="module")
def assessment():
    table = CaptureTable.from_counts({"10": 40, "01": 60, "11": 20}, lists=["press", "families"])
    return assess(table, families=["chapman"])


def test_a_new_file_and_a_report_of_ours_are_written(tmp_path):
    path = tmp_path / "informe.html"
    for text in (PAGE, NEW):
        write_report(text, path)
        assert path.read_text(encoding="utf-8") == text
    (tmp_path / "empty.html").touch()
    path.write_text(OF_0_2_0, encoding="utf-8")
    write_report(NEW, path)
    assert path.read_text(encoding="utf-8") == NEW
    write_report(PAGE, str(tmp_path / "empty.html"))
    assert sorted(file.name for file in tmp_path.iterdir()) == ["empty.html", "informe.html"]


def test_another_file_is_written_over_by_force_alone(tmp_path, assessment):
    path = tmp_path / "people.csv"
    path.write_text(DATA, encoding="utf-8")
    with pytest.raises(InputError, match=r"^people.csv: there is a file of this name"):
        assessment.to_html(path)
    assert path.read_text(encoding="utf-8") == DATA
    text = assessment.to_html(path, force=True)
    assert path.read_text(encoding="utf-8") == text
    assert GENERATOR in text
    assessment.to_html(path, lang="es")
    assert 'lang="es"' in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch, step):
    path = tmp_path / "informe.html"
    write_report(PAGE, path)

    def full(*_):
        raise OSError(28, "No space left on device", str(tmp_path / "other"))

    monkeypatch.setattr(os, step, full)
    with pytest.raises(OSError, match=r"^\[Errno 28\] No space left on device: 'informe.html'$"):
        write_report(NEW, path)
    assert path.read_text(encoding="utf-8") == PAGE
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(os.name == "nt", reason="permissions and links of another kind")
@pytest.mark.parametrize(("mask", "mode"), [(0o027, 0o640), (0o777, 0o600)])
def test_permissions_and_links_are_kept(tmp_path, mask, mode):
    path, link = tmp_path / "informe.html", tmp_path / "link.html"
    before = os.umask(mask)
    try:
        write_report(PAGE, path)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == mode
    path.chmod(0o604)
    link.symlink_to(path.name)
    write_report(NEW, link)
    assert link.is_symlink()
    assert path.read_text(encoding="utf-8") == NEW
    assert stat.S_IMODE(path.stat().st_mode) == 0o604
    (tmp_path / "people.csv").write_text(DATA, encoding="utf-8")
    link.unlink()
    link.symlink_to("people.csv")
    with pytest.raises(InputError, match=r"link.html: there is a file of this name"):
        write_report(NEW, link)


@pytest.mark.skipif(os.name == "nt", reason="no such device")
def test_a_device_or_a_pipe_is_written_to_and_stays_one(tmp_path):
    write_report(PAGE, os.devnull)
    assert not Path(os.devnull).is_file()
    reading, writing = os.pipe()
    (tmp_path / "link").symlink_to(f"/dev/fd/{writing}")
    write_report(PAGE, tmp_path / "link")
    os.close(writing)
    with open(reading, encoding="utf-8") as stream:
        assert stream.read() == PAGE


def test_folders_are_no_files(tmp_path):
    with pytest.raises(InputError, match="expected the name of a file, got that of a folder"):
        check_target(tmp_path)
    with pytest.raises(FileNotFoundError, match=r"does not exist. Make it first: .x.html.$"):
        check_target(tmp_path / "no" / "x.html")


def test_a_stream_of_text_takes_the_page(tmp_path, assessment):
    stream = io.StringIO()
    assert assessment.to_html(stream) == stream.getvalue()
    with (tmp_path / "page.html").open("w", encoding="utf-8") as file:
        write_report(PAGE, file)
    assert (tmp_path / "page.html").read_text(encoding="utf-8") == PAGE
