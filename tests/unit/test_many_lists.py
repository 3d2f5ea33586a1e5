"""Many lists: an answer within a minute, what is left out said, and a bar for those who watch."""

import time
import warnings

import numpy as np
import pytest

from detcount import CaptureTable, assess
from detcount._numerics import parallel
from detcount.assessment.abundance.families import families_for
from detcount.errors import DetcountWarning

MOST_SECONDS = 60.0  # of processor time; about 15 on the machine that this was written on


def table_of(n_lists, shares, n_persons=400):
    """Lists of all sizes that hold different shares of a population."""
    random = np.random.default_rng(n_lists)
    chances = np.linspace(*shares, n_lists)
    marks = (random.random((n_persons, n_lists)) < chances).astype(np.int8)
    named = {f"list {k:02}": marks[marks.any(axis=1), k] for k in range(n_lists)}
    return CaptureTable.from_frame(named, lists=list(named))


def test_of_many_lists_the_largest_are_left_out_and_the_report_says_so():
    table = table_of(12, (0.02, 0.2))
    assessment = assess(table, families=["chao"])
    left_out = [row.name for row in assessment.leave_one_list_out]
    sizes = table.list_sizes
    assert len(left_out) == 8
    assert left_out == [name for name in table.lists if name in left_out]
    assert min(sizes[name] for name in left_out) >= max(
        sizes[name] for name in table.lists if name not in left_out
    )
    assert "Of 12 lists the 8 largest are left out" in assessment.to_markdown(disclosure="full")
    assert "De 12 listas se dejan fuera las 8 más grandes" in assessment.to_markdown(
        lang="es", disclosure="full"
    )
    ten = assess(table.keep([*left_out, "list 00", "list 01"]), families=["chao"])
    assert len(ten.leave_one_list_out) == 10
    assert "largest are left out" not in ten.to_markdown(disclosure="full")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("n_lists", "shares"), [(20, (0.02, 0.1)), (60, (0.005, 0.05)), (60, (0.1, 0.4))], ids=str
)
def test_many_lists_are_answered_within_a_minute(n_lists, shares):
    start = time.process_time()
    assessment = assess(table_of(n_lists, shares, 2000))
    assert "refuse" in assessment.verdict or assessment.recommended is not None
    assessment.to_html()
    assert time.process_time() - start < MOST_SECONDS


def test_a_bar_is_drawn_for_those_who_watch(monkeypatch, capsys):
    table = table_of(3, (0.2, 0.5))
    unwatched = assess(table, families=["chao"])
    assert capsys.readouterr() == ("", "")
    monkeypatch.setattr(parallel, "_watched", lambda: True)
    watched = assess(table, families=["chao"])
    out, err = capsys.readouterr()
    assert out == ""
    assert err.index("families of estimators:") < err.index("without each list in turn:")
    families = [str(family.name) for family in families_for(table)]
    places = [err.index(f", {name}]") for name in (*families, *table.lists)]
    assert places == sorted(places)  # it says what it is doing, from the first to the last
    assert watched.record() == unwatched.record()


def test_a_bar_is_gone_when_the_work_is_interrupted(monkeypatch, capsys):
    monkeypatch.setattr(parallel, "_watched", lambda: True)
    monkeypatch.setattr(parallel, "_PATIENCE", 0)

    def interrupted(task):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        parallel.map_tasks(interrupted, [1, 2, 3], n_jobs=1, label="work")
    drawn = capsys.readouterr().err.split("\r")
    assert "work" in drawn[1]
    assert [line.strip() for line in drawn[-2:]] == ["", ""]


def test_warnings_about_single_tasks_are_left_out_and_those_of_others_are_not():
    def warn(category):
        warnings.warn("seen", category, stacklevel=1)
        return 7

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        tasks = [DetcountWarning]
        assert parallel.map_tasks(warn, tasks, n_jobs=1, label="work") == [7]
        with pytest.raises(UserWarning, match="seen"):
            parallel.map_tasks(warn, [UserWarning], n_jobs=1, label="work")
