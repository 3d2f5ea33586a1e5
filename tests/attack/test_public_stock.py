"""Attacks on public reports of the stock, by a reader who has nothing but the pages and subtracts."""

import itertools
import json
import pickle
import re
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from attack.pages import differences, reachable, texts, zeros
from detcount import CaptureTable, PersonLists, assess_stock, simulate
from detcount.cli import main
from detcount.errors import InputError
from detcount.estimates import StockPath, UncertainCount
from detcount.privacy import new_digest_key
from detcount.reports.blocks import FigureSlot, unfolded
from detcount.reports.canvas import drawn
from detcount.reports.render.svg import svg
from detcount.stock import Snapshots

NUMBER = re.compile(r"(?<![\w.,])\d[\d,\u00a0\u202f]*(?![\w.])")
SEEDS = (11, *(pytest.param(seed, marks=pytest.mark.slow) for seed in (12, 13)))
# Whole numbers that stand in every report: days, years, levels, ratios of the rules.
PLAIN = {*range(32), 80, 95, 365, *range(2020, 2030)}


@cache
def assessed(seed):
    return assess_stock(people=simulate.detention_system(n_days=100, seed=seed).people)


@cache
def pages(seed):
    """Everything that is public, without what it takes to make the numbers again."""
    assessment = assessed(seed)
    texts = [assessment.to_markdown(lang=lang) for lang in ("en", "es")]
    cell = re.sub('base64,[^"]*', "", assessment._repr_html_())  # its picture is read as drawn below
    texts += [str(assessment), repr(assessment), cell, assessment.to_frame().to_csv()]
    record = assessment.record()
    texts.append(json.dumps({key: record[key] for key in ("sentence", "answers", "findings", "declined")}))
    return "\n".join(re.split("To make the numbers again|Para repetir las cifras", text)[0] for text in texts)


def numbers(text):
    """Whole numbers of a text that are no shares."""
    text = re.sub(r"\d+[\s\u00a0\u202f]?%", "", text)
    return {int(re.sub(r"[,\u00a0\u202f]", "", found)) for found in NUMBER.findall(text)}


def secrets(assessment):
    """Counts of persons on the lists, as they are: floors, sizes, overlaps, cells, differences of floors."""
    taken, people = assessment.snapshots, assessment.people
    found = {*taken.floors.tolist(), *taken.names.tolist(), *people.list_sizes.values(), people.n_persons}
    found |= set(np.abs(np.diff(taken.floors)).tolist())
    for table in taken.tables.values():
        found |= {table.n_observed, *table.counts.tolist(), *table.list_sizes.values()}
        found |= {table.overlap(*pair) for pair in itertools.combinations(table.lists, 2)}
    return {int(each) for each in found if each % 10} - PLAIN


@pytest.mark.parametrize("seed", SEEDS)
def test_no_count_of_the_lists_is_on_a_page(seed):
    hidden = secrets(assessed(seed))
    assert len(hidden) > 100
    lasting = {n for note in assessed(seed).public().notes for n in numbers(str(note))}  # days, not persons
    assert hidden & (numbers(pages(seed)) - lasting) == set()
    full = assessed(seed).full().to_markdown()
    assert hidden & numbers(full), "a report with every number has none, so that nothing is tested"


def test_the_picture_in_a_notebook_is_that_of_the_public_report():
    shown = assessed(11)._repr_html_()
    assert "base64," in shown
    assert shown == assessed(11).public()._repr_html_() != assessed(11).full()._repr_html_()


@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_is_subtracted_gives_tens(seed):
    found = assessed(seed).public()
    values = [value for row in found.answer_rows for value in (row.low, row.high, row.median, row.floor)]
    values += [value for row in found.day_rows for value in (row.low, row.high, row.median, row.least)]
    values += [value for row in found.change_rows for value in (row.low, row.median, row.high)]
    values += [value for row in assessed(seed).rows() for value in (row["low"], row["high"], row["floor"])]
    assert len([value for value in values if value is not None]) > 40
    assert {value % 10 for value in values if value is not None} == {0}


@pytest.mark.parametrize("seed", SEEDS)
def test_outlines_of_figures_tell_no_more_than_the_table(seed):
    fan = assessed(seed).public().fan
    drawn_values = [fan.median, fan.floor, *itertools.chain(*fan.bands)]
    assert {float(value % 10) for values in drawn_values for value in values} == {0.0}
    assert max(np.diff([day.toordinal() for day in fan.dates])) <= 7
    assert len(fan.dates) < len(assessed(seed).path.dates) / 5
    slots = [block for block in unfolded(assessed(seed).document().blocks) if isinstance(block, FigureSlot)]
    points = max(len(re.findall(r"[ML] ?-?\d", svg(drawn(slot.draw, "en"), creator="x"))) for slot in slots)
    days = len(assessed(seed).path.dates)
    everything = [
        block for block in unfolded(assessed(seed).full().document().blocks) if isinstance(block, FigureSlot)
    ]
    whole = max(
        len(re.findall(r"[ML] ?-?\d", svg(drawn(slot.draw, "en"), creator="x"))) for slot in everything
    )
    assert points < whole - days  # the outline of a day stands in full reports alone


@pytest.mark.parametrize("seed", SEEDS)
def test_notes_and_reasons_tell_no_count(seed):
    hidden = secrets(assessed(seed))
    every = assessed(seed).notes
    full = {note for note in every if numbers(str(note)) & hidden and "correlated" not in note}
    assert full, "no note tells a count, so that nothing is tested"
    assert not full & set(assessed(seed).public().notes)
    for found in assessed(seed).findings:
        assert not {n for n in numbers(str(found.text)) if 0 < n < 10}, found.text


def test_the_sentence_has_the_numbers_of_the_tables():
    for found in (assessed(11).public(), assessed(11).full()):
        answer = found.answer_rows[0]
        words = re.sub(r"(?<=\d),(?=\d{3})", "", str(found.statement))
        told = re.findall(r"about (\d+) people .*?interval (\d+) to (\d+)\)", words)
        assert told == [(f"{answer.median:.0f}", f"{answer.low:.0f}", f"{answer.high:.0f}")]
        same = [row for row in found.day_rows if row.day == answer.day]
        assert [(row.low, row.median, row.high) for row in same] == [(answer.low, answer.median, answer.high)]


def test_what_is_withheld_of_the_lists_is_null_and_never_0():
    made = assessed(11)
    linked = replace(made, linked=True)  # as of names that were linked
    for each in (made, linked):
        record = each.record()
        assert zeros(record, each.full().record()) == []
        assert all(row["floor"] != 0 for row in each.rows())
    withheld = ["left_later", "named_later", "not_known_to_have_left"]
    assert record["listed"]["withheld"] == withheld
    assert [{record["listed"]["dates"][0][name] for name in withheld}] == [{None}]
    assert "Left later" not in linked.to_markdown(detail=True)


DATA = (PersonLists, Snapshots, CaptureTable, StockPath, UncertainCount)


@pytest.mark.parametrize(("linked", "key"), [(False, None), (True, new_digest_key())], ids=["", "linked"])
def test_what_is_public_holds_what_is_printed_and_nothing_else(linked, key):
    made = replace(assessed(11), linked=linked)
    public = made.public(key)
    public.to_html()  # keeps what it computes
    hidden, days = secrets(made), {n for note in public.notes for n in numbers(str(note))}
    assert public.public() is public
    page = made.public(key).to_markdown()
    for each in (public, pickle.loads(pickle.dumps(public))):
        assert type(each) is type(made)
        assert each.to_markdown() == page
        found = list(reachable(each))
        assert not [one for one in found if isinstance(one, DATA)]
        assert not [one for one in found if isinstance(one, BaseException) and one.__traceback__]
        assert hidden & {one for one in found if isinstance(one, int | float)} <= days
        assert made.people.digest not in {one for one in found if isinstance(one, str)}
        for name in ("people", "drawn", "answers", "path", "snapshots", "all_belong"):
            with pytest.raises(InputError, match=f"{name}: expected an assessment of data"):
                getattr(each, name)
        with pytest.raises(InputError, match="full: expected"):
            each.full()
    assert hidden & {one for one in reachable(made.snapshots) if isinstance(one, int | float)} - days


def without(people, person):
    kept = people.person != person
    arrays = {
        name: value[kept]
        for name, value in vars(people).items()
        if isinstance(value, np.ndarray) and len(value) == len(kept)
    }
    arrays["person"] = np.unique(arrays["person"], return_inverse=True)[1]
    return replace(people, **arrays)


@pytest.mark.parametrize("person", [7, pytest.param(41, marks=pytest.mark.slow)])
def test_one_person_less_changes_figures_in_tens_alone(person):
    people = assessed(11).people
    other = assess_stock(people=without(people, person))
    assert other.people.n_persons == people.n_persons - 1
    assert differences(texts(assessed(11)), texts(other)) == {}


def test_few_people_leave_no_trace_of_how_few_they_are():
    def page(n):
        rows = [(f"p{k}", name, "2024-08-01") for k in range(n) for name in ("press", "court")]
        frame = {name: [row[k] for row in rows] for k, name in enumerate(("id", "list", "day"))}
        return assess_stock(
            people=PersonLists.from_frame(frame, person="id", list="list", entered="day")
        ).to_html()

    assert page(3) == page(4) == page(7)


def test_the_command_prints_what_the_page_does(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rows = [
        (f"Secreto {k}", name, f"2024-0{6 + k % 3}-1{k % 9}")
        for k in range(60)
        for j, name in enumerate(("prensa", "familias", "ong"))
        if (k + j) % 3
    ]
    text = "persona,lista,arresto\n" + "\n".join(",".join(row) for row in rows)
    with open("filas.csv", "w", encoding="utf-8") as file:
        file.write(text)
    words = ["stock", "filas.csv", "--person", "persona", "--list", "lista", "--entered", "arresto"]
    assert main([*words, "--json", "-"]) == 0
    out = capsys.readouterr().out
    assert "Secreto" not in out
    record = json.loads(out)
    assert record["paths"] == {}
    assert "people" not in record["data_sha256"]
    assert main([*words, "--csv", "-"]) == 0
    table = capsys.readouterr().out
    assert len(table.splitlines()) <= 2
    assert main([*words, "--csv", "-", "--level", "0.8"]) == 2
    assert "--level: expected 0.95, which the public report has" in capsys.readouterr().err
