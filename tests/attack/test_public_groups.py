"""A public page with groups gives no small count of a group."""

import itertools
import json
import re
from functools import cache

import pytest

from detcount import CaptureTable, assess
from detcount.assessment.abundance.groups import public_group_rows
from detcount.privacy import companions
from detcount.strata import composition
from detcount.strata.composing import together

LISTS = ("press", "court", "families")
WOMEN = {"100": 41, "010": 35, "001": 3, "110": 32, "101": 17, "011": 14, "111": 38}
MEN = {"100": 130, "010": 103, "001": 4, "110": 101, "101": 48, "011": 41, "111": 111}
FAMILIES = ("calibrated",)


def made(**groups):
    return {name: CaptureTable.from_counts(counts, lists=LISTS) for name, counts in groups.items()}


@cache
def page_of(women, men):
    groups = {"women": women, "men": men}
    return assess(together(groups), by=groups, families=FAMILIES)


def section(result):
    return result.to_markdown(detail=True).split("## Who is missing")[1].split("\n## ")[0]


def test_every_table_of_a_group_that_could_be_its_own_gives_the_same_rows():
    tables = made(women=WOMEN, men=MEN)
    rows = {
        public_group_rows(composition(dict(zip(tables, chosen, strict=True))))
        for chosen in itertools.product(*(companions(table) for table in tables.values()))
    }
    assert len(rows) == 1
    assert rows != {None}


@pytest.mark.parametrize("who", ["women", "men"])
def test_an_attacker_who_knows_all_but_a_small_count_cannot_find_it(who):
    """The attacker knows every other count of the group, and how many are listed."""
    tables = made(women=WOMEN, men=MEN)
    table = tables[who]
    small = [k for k, count in enumerate(table.counts.tolist()) if count < 5]
    assert small
    printed = section(page_of(**tables))
    for k in small:
        agreeing = set()
        for other in companions(table):
            if section(page_of(**{**tables, who: other})) == printed:
                agreeing.add(int(other.counts[k]))
        assert len(agreeing) > 1


def test_the_page_has_limits_in_steps_and_no_count_of_a_group():
    result = page_of(**made(women=WOMEN, men=MEN))
    assert result.verdict in ("estimate", "range")
    text = section(result)
    assert "women" in text
    told = [int(number) for number in re.findall(r"(\d+)%", text.replace("95% limits", ""))]
    assert told
    assert all(number % 5 == 0 for number in told)
    assert not re.search(r"\b(180|538)\b", text)
    record = result.public().record()
    assert {key for row in record["groups"] for key in row} == {"group", "share_low", "share_high"}
    assert "composition" not in json.dumps(record)


def test_limits_on_the_page_hold_those_of_the_full_report_up_to_a_step():
    result = page_of(**made(women=WOMEN, men=MEN))
    full = result.composition.share_limits()
    for row in result.public().groups:
        low, high = full[row.name]
        assert row.share_limits[0] <= low + 0.05
        assert row.share_limits[1] >= high - 0.05


def test_groups_of_few_and_totals_that_cannot_be_printed_withhold_all_groups():
    few = {history: count // 4 + 1 for history, count in WOMEN.items()}
    assert sum(few.values()) < 100
    result = page_of(**made(women=few, men=MEN))
    assert result.public().groups == ()
    assert "Nothing can be printed of groups" in section(result)
    assert "women" not in section(result)
    apart = assess(
        together(made(women={"100": 400, "010": 2}, men={"001": 500, "100": 3})),
        by=made(women={"100": 400, "010": 2}, men={"001": 500, "100": 3}),
        families=FAMILIES,
    )
    assert apart.composition is None
    assert apart.public().groups == ()


@pytest.mark.slow
def test_one_person_more_in_a_group_seldom_moves_the_page():
    """Whoever sees the pages of two weeks learns of one person at most that a step was passed."""
    tables = made(women=WOMEN, men=MEN)
    printed, same = section(page_of(**tables)), 0
    for history in WOMEN:
        more = made(women={**WOMEN, history: WOMEN[history] + 1})["women"]
        same += section(page_of(women=more, men=tables["men"])) == printed
    assert same >= 5
