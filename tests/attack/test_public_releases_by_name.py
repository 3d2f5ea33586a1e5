"""Attacks on what is public of lists of released people: parts of lists, and what leads to their rows."""

import itertools
import json
import math
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
