"""Who is counted: what a definition says, where it stands, and what it refuses."""

import copy
import datetime as dt
import json
import pickle
from dataclasses import replace
from pathlib import Path

import pytest

import detcount as dc
from detcount import Definition, abundance, datasets
from detcount.assessment import assess
from detcount.contract.definition import NOT_DEFINED
from detcount.strata import fit_strata, stratify

PRINTED = json.loads(
    (Path(__file__).parents[1] / "inputs" / "datasets_published.json").read_text(encoding="utf-8")
)
HELD = Definition(
    unit="person",
    who="personas detenidas and held <with> visas, 2,000",
    where="Ñuñoa",
    period=("2024-07-29", "2025-01-31"),
    excludes=("house arrest", "arrests of up to 48 hours"),
)
DETENTIONS = replace(HELD, unit="detention")
COUNTS = {"10": 40, "01": 60, "11": 20}
LISTS = ["press", "families"]


def table(definition=HELD):
    return dc.CaptureTable.from_counts(COUNTS, lists=LISTS, definition=definition)


def test_the_sentence_has_its_values_unchanged_in_both_languages():
    sentence = HELD.sentence()
    assert str(sentence) == (
        "Who is counted: personas detenidas and held <with> visas, 2,000; Ñuñoa; from 29 July 2024 to 31 "
        "January 2025; "
        "each person once; not counted: house arrest, arrests of up to 48 hours."
    )
    assert sentence.translated("es") == (
        "A quién se cuenta: personas detenidas and held <with> visas, 2,000; Ñuñoa; del 29 de julio de "
        "2024 al 31 de "
        "enero de 2025; cada persona una sola vez; sin contar: house arrest, arrests of up to 48 hours."
    )


def test_a_day_and_detentions_are_said():
    held = Definition(unit="detention", who="people held", day=dt.date(2025, 3, 31))
    assert str(held.sentence()) == (
        "Who is counted: people held; at the end of 31 March 2025; "
        "each detention once, so that a person detained twice counts twice."
    )
    assert "al final del 31 de marzo de 2025" in held.sentence().translated("es")


def test_every_table_made_of_a_table_has_its_definition():
    three = dc.CaptureTable.from_counts(
        {"101": 4, "010": 5, "111": 6}, lists=["a", "b", "c"], definition=HELD
    )
    frame = {"a": [1, 0, 1], "b": [0, 1, 1], "place": ["n", "s", "n"]}
    made = [
        three.keep(["c", "a"]),
        three.drop("b"),
        three.merge(["a", "c"], into="ac"),
        pickle.loads(pickle.dumps(three)),
        copy.deepcopy(three),
        dc.CaptureTable.from_frame(frame, lists=["a", "b"], definition=HELD),
        dc.CaptureTable.from_frame(
            {"a": [1, 0], "b": [1, 1], "n": [2, 3]}, lists=["a", "b"], count="n", definition=HELD
        ),
        dc.CaptureTable.from_memberships(
            {"who": ["x", "y", "x"], "on": ["a", "b", "b"]}, person="who", list="on", definition=HELD
        ),
        *stratify(frame, by="place", lists=["a", "b"], definition=HELD).values(),
        dc.RepeatedCounts.from_frequencies({1: 5, 2: 3}, definition=HELD),
        dc.RepeatedCounts.from_persons([1, 1, 2], definition=HELD),
    ]
    assert [each.definition for each in made] == [HELD] * len(made)


def test_a_definition_changes_no_number_and_no_digest():
    assert table() == table(None)
    assert table().digest == table(None).digest
    assert hash(table()) == hash(table(None))


def test_detentions_are_not_counted_by_an_identifier_of_persons():
    people = {"id": ["x", "y"], "a": [1, 0], "b": [1, 1]}
    assert dc.CaptureTable.from_frame(people, lists=["a", "b"], definition=DETENTIONS).n_observed == 2


@pytest.mark.parametrize(
    "estimator",
    [abundance.Chapman(), abundance.LincolnPetersen(), abundance.LogLinear(), dc.Calibrated()],
)
def test_estimates_and_records_say_who_is_counted(estimator):
    estimate = estimator.fit(table())
    assert estimate.definition == HELD
    recorded = json.loads(json.dumps(estimate.record()))["definition"]
    assert recorded["period"] == ["2024-07-29", "2025-01-31"]
    assert recorded["excludes"] == ["house arrest", "arrests of up to 48 hours"]
    assert estimator.fit(table(None)).record()["definition"] is None


@pytest.mark.parametrize("lang", ["en", "es"])
def test_reports_say_first_who_is_counted_or_that_nobody_said_so(lang):
    plain = replace(HELD, who="personas detenidas and held", where="")
    for definition, sentence in ((plain, plain.sentence()), (None, NOT_DEFINED)):
        line = assess(table(definition)).to_markdown(lang=lang).splitlines()[2]
        assert line.startswith(sentence.translated(lang))


def test_strata_that_are_added_have_the_definition_that_all_share():
    def total(*definitions):
        tables = {f"part {k}": table(each) for k, each in enumerate(definitions)}
        return fit_strata(abundance.Chapman(), tables).total()

    assert total(HELD, replace(HELD, where="Maipú")).definition is None
    assert total(HELD, HELD).definition == HELD
    assert total(HELD, None).definition is None


def test_data_sets_that_ship_say_who_is_counted_where_the_record_does():
    kosovo = datasets.load("kosovo")
    assert kosovo.definition == datasets.describe("kosovo").definition
    assert str(kosovo.definition.sentence()) == (
        "Who is counted: persons killed; Kosovo; from 20 March 1999 to 22 June 1999; each person once."
    )
    without = {name for name in datasets.names() if datasets.describe(name).definition is None}
    published = {name for name in datasets.names() if datasets.describe(name).kind != "captures"}
    of_nobody = {"artificial_3", "cottontails", "duck", "hare", "lcm_sim1_expected"}
    assert without == of_nobody | published - {*PRINTED["releases that say who is counted"]}
