"""Attacks on what is public of lists of released people: parts of lists, and what leads to their rows."""

import itertools
import json
import math
import re
from dataclasses import replace

import numpy as np
import pytest

import detcount as dc
from attack.pages import reachable
from detcount.assessment.releases.by_name_rows import NamedRow, public_parts
from detcount.errors import InputError
from invented_released import true_links
from shown_examples import HOSTILE, example

LARGE = [(3, 41, 160, 55, 12), (1, 2, 130, 3, 4), (0, 9, 88, 1, 60), (4, 4, 4, 4, 400)]


def companions(parts):
    """Lists whose small parts are others: the tables that share a page with this one."""
    histories = ("100", "010", "001", "110", "101")
    given = dict(zip(histories, parts, strict=True))
    for table in dc.privacy.companions(dc.CaptureTable.from_counts(given, lists=("1", "2", "3"))):
        found = {
            "".join(map(str, row)): int(n)
            for row, n in zip(table.histories.tolist(), table.counts, strict=True)
        }
        yield tuple(found.get(history, 0) for history in histories)


@pytest.mark.parametrize("parts", LARGE)
def test_every_list_with_other_small_parts_has_the_same_page(parts):
    alike = list(companions(parts))
    assert len({public_parts(each) for each in alike}) == 1
    for k, count in enumerate(parts):
        if 1 <= count <= 4:
            assert len({each[k] for each in alike}) > 1
            assert public_parts(parts)[k] is None


@pytest.mark.parametrize("parts", LARGE)
def test_no_withheld_part_follows_by_subtraction(parts):
    row = NamedRow("lista", "announced", None, None, sum(parts), parts).public(1)
    possible = [set() for _ in parts]
    near = itertools.product(*(range(max(n - 6, 0), n + 6) for n in parts))
    alike = [guess for guess in near if abs(sum(guess) - sum(parts)) < 2]
    for guess in sorted(alike, key=lambda guess: math.dist(guess, parts)):
        if NamedRow("lista", "announced", None, None, sum(guess), guess).public(1) == row:
            for k, count in enumerate(guess):
                possible[k].add(count)
        if all(len(each) > 1 for each, count in zip(possible, parts, strict=True) if 1 <= count <= 4):
            return
    raise AssertionError(possible)


def test_few_named_leave_no_part():
    assert public_parts((1, 2, 60, 20, 3)) == (None,) * 5


def test_nothing_public_leads_to_the_rows():
    linked = example("ReleasedByNameEstimate").linked
    public = dc.assess_released(linked).public()
    assert not [each for each in reachable(public) if isinstance(each, np.ndarray) or callable(each)]
    with pytest.raises(InputError, match="answer: expected an assessment of data"):
        getattr(public, "answer")  # noqa: B009
    with pytest.raises(InputError, match="full"):
        public.full()
    assert "sha256" not in json.dumps(public.record())


def test_what_is_printed_unasked_is_public():
    linked = example("ReleasedByNameEstimate").linked
    unasked = dc.assess_released(linked)
    assert unasked.to_markdown() == unasked.public().to_markdown()
    assert unasked.to_frame().persons.isna().all()
    assert unasked.record()["answer"] is None
    full = unasked.full()
    assert full.to_frame().persons.notna().all()
    assert full.record()["answer"]["stated"] == dict.fromkeys(HOSTILE[1:])
    assert "monitors verified" in full.sentence()
    assert replace(unasked, disclosure="full").sentence() == full.sentence()


def test_a_dash_is_explained_where_one_stands():
    made = dc.assess_released(example("ReleasedByNameEstimate").linked)
    note = "–: nobody, or too few people to be printed."
    assert note in made.to_markdown()  # the card has one
    monitors = [row for row in made.lists if row.kind == "verified"]
    alone = replace(made, lists=tuple(monitors)).to_markdown()
    assert "–" not in alone.replace(note, "")
    assert note not in alone


def test_of_too_few_listed_no_odds_ratio_brings_a_total_of_nobody():
    counts = {"10": 6, "01": 5, "11": 4}
    made = dc.report({"lists": dc.CaptureTable.from_counts(counts, lists=["press", "court"])})
    assert "no odds ratio" not in made.to_markdown().lower()
    assert "half of the people are listed" in made.full().to_markdown()


def test_public_lists_are_called_by_number_in_the_language_of_the_figure():
    unasked = dc.assess_released(example("ReleasedByNameEstimate").linked)
    row = NamedRow(HOSTILE[1], "announced", None, None, sum(LARGE[0]), LARGE[0])
    axes = replace(unasked, lists=(row, replace(row, parts=(1,) * 5))).plot(lang="es").axes[0]
    assert [text.get_text() for text in axes.texts] == ["lista oficial 1"]  # of the other no part is printed


def test_links_without_limits_give_the_most_and_no_number_of_all_released():
    campaign = dc.simulate.released_lists(300, seed=4)
    made = dc.assess_released(true_links(campaign, n_draws=3, without_limits=("chains do not agree.",)))
    n_rows = len(campaign.frames["lista_oficial"])
    assert f"names at most {10 * math.ceil(n_rows / 10)} people" in made.sentence()
    assert "were released" not in made.sentence()
    assert (made.public().released, made.public().record()["verdict"]) == (None, "refuse")
    assert {row["named"] for row in made.public().rows()} == {None}
    assert f"Of 1 to {n_rows} people" in made.full().sentence()
    assert f"at most {n_rows}" in made.full().to_markdown()


def official(**how):
    return dc.simulate.ReleasedList(name="oficial", **{"named": 220, **how})


def monitor(name="verificados", **how):
    return dc.simulate.ReleasedList(name=name, kind="verified", **how)


FOLDERS = {  # each with something that leaves small parts, or repeats one count on several lists
    "few stayed inside": (official(undone=0.01, before=0.01), monitor()),
    "an amnesty of strangers": (official(inside=0.2), monitor()),
    "an official list that repeats names": (official(repeated=0.5), monitor()),
    "a monitor who checks from the official list": (official(), monitor(finds=0.1, checks=("oficial", 0.7))),
    "a monitor who names nobody else": (official(), monitor(finds=0.0, wrong=0.0, checks=("oficial", 0.6))),
    "hardly anybody verified": (official(), monitor(finds=0.02, wrong=0.0)),
    "everybody verified": (official(undone=0.0, before=0.0, inside=1.0), monitor(finds=1.0, unknown=1.0)),
    "two official lists": (official(), official(named=130, day=20), monitor()),
    "three monitors": (official(), monitor(), monitor("otros", finds=0.4), monitor("abogados", finds=0.1)),
    "no row has a day": (official(dated=False), monitor(dated=False)),
}


def near(count):
    """Numbers that tens can stand for."""
    return (0, math.inf) if count is None else (max(count - 5, 0), count + 4)


def written_in_word(made, file):
    """Numbers in the tables of a Word file."""
    from docx import Document

    made.to_docx(file, force=True)
    cells = [c.text for t in Document(str(file)).tables[:2] for row in t.rows[1:] for c in row.cells[1:]]
    return [int(cell.replace(",", "")) for cell in cells if cell.replace(",", "").isdigit()]


@pytest.mark.parametrize(
    "folder", [pytest.param(each, marks=pytest.mark.slow if k else []) for k, each in enumerate(FOLDERS)]
)
def test_no_small_part_of_a_folder_follows_from_all_that_is_printed(folder, tmp_path):
    lists = [replace(each, name=f"{each.name} {k}") for k, each in enumerate(FOLDERS[folder])]
    lists = [replace(each, checks=(lists[0].name, each.checks[1])) if each.checks else each for each in lists]
    campaign = dc.simulate.released_lists(320, released=tuple(lists), seed=9)
    assessed = dc.assess_released(true_links(campaign, n_draws=3))
    public, full = assessed.public(), assessed.answer.lists
    printed = sorted(public.lists, key=lambda row: row.kind)
    truths = [each for kind in ("announced", "verified") for each in full.values() if each.kind == kind]
    one_each = len(printed) == 2
    for row, truth in zip(printed, truths, strict=True):
        counts = [int(count.median) for count in truth.parts.values()]
        assert abs(row.named - truth.named.median) <= 5
        for k, (count, shown) in enumerate(zip(counts, row.parts, strict=True)):
            assert shown is None or abs(shown - count) <= 5  # no sentence is false
            others = [near(each) for j, each in enumerate(row.parts) if j != k]
            if one_each and k != 2:  # those verified of one list are those announced of the other
                others[2 - (k < 2)] = (
                    max(near(each.parts[2])[0] for each in printed),
                    min(near(each.parts[2])[1] for each in printed),
                )
            least = near(row.named)[0] - sum(high for _, high in others)
            most = near(row.named)[1] - sum(low for low, _ in others)
            assert shown is not None or (least <= max(count - 1, 0) and most >= count + 1), (k, least, most)
            assert not 1 <= count <= 4 or shown is None
    frame = public.to_frame()
    held = {*frame.persons.dropna(), *frame.named.dropna(), *written_in_word(public, tmp_path / "page.docx")}
    parts = public.record()["parts"]
    held |= {each[of] for each in parts for of in ("persons", "named")} - {None}
    assert {number % 10 for number in held} == {0}
    said = {int(n) for n in re.findall(r"about ([\d]+)", public.to_html())}
    assert {n % 10 for n in said} == {0}
