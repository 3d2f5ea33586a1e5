"""The schema of records that ships: every record is of it, and a damaged one is not."""

import copy
import json
from functools import cache
from importlib.resources import files
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from cases import tables
from detcount.cli import main
from detcount.reproduction.reading import record_schema
from shown_examples import EXAMPLES, example

KEPT = sorted(
    path
    for path in (Path(__file__).parents[1] / "reference/records").glob("*/*.json")
    if path.stem != "exchange_releases_2025"  # its method is withdrawn
)
TABLES = tables("record_schema")
RECORDED = TABLES["recorded"]
OLDER = TABLES["older"]
DISCLOSED = {name.removesuffix(" full") for name in TABLES["kind"] if name.endswith(" full")}


@cache
def schema():
    text = files("detcount.reproduction").joinpath("record.schema.json").read_text(encoding="utf-8")
    return json.loads(text)


@cache
def recorded():
    """A record of every result that shows itself and has one, by name."""
    found = {}
    for name in RECORDED:
        made = example(name)
        found[name] = made.record()
        if name in DISCLOSED:
            for disclosure in ("public", "full"):
                found[f"{name} {disclosure}"] = (
                    made.record(disclosure=disclosure)
                    if name == "Linkage"
                    else getattr(made, disclosure)().record()
                )
    return {name: json.loads(json.dumps(record, allow_nan=False)) for name, record in found.items()}


@cache
def of_kind(kind):
    """The validator of one kind of record, whose faults are not hidden behind those of the others."""
    return Draft202012Validator({"$defs": schema()["$defs"], "$ref": f"#/$defs/{kind}"})


def kinds_of(record):
    kinds = [one["$ref"].removeprefix("#/$defs/") for one in schema()["anyOf"]]
    return [kind for kind in kinds if of_kind(kind).is_valid(record)]


@cache
def kinds():
    """The kinds that each record is of, by name."""
    return {name: kinds_of(record) for name, record in recorded().items()}


def said(record, kind):
    """What is wrong with a record, for who reads a test that fails."""
    return "; ".join(
        f"{error.json_path}: {error.message[:120]}" for error in of_kind(kind).iter_errors(record)
    )


KIND = TABLES["kind"]


def test_the_schema_is_one():
    Draft202012Validator.check_schema(schema())
    assert {f"#/$defs/{kind}" for kind in KIND.values()} == {one["$ref"] for one in schema()["anyOf"]}


def test_every_record_is_of_exactly_one_kind():
    wrong = {}
    for name, found in kinds().items():
        if len(found) != 1 or KIND.get(name, found[0]) != found[0]:
            wrong[name] = said(recorded()[name], KIND.get(name, "estimate")), found
    assert wrong == {}


@pytest.mark.slow
def test_no_other_result_has_a_record():
    some = {name for name in EXAMPLES if callable(getattr(example(name), "record", None))}
    assert some == set(RECORDED)


def test_each_kind_was_made():
    assert {kind for found in kinds().values() for kind in found} == set(KIND.values())


@pytest.mark.parametrize("path", KEPT, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_records_of_earlier_versions_are_of_it(path):
    assert len(kinds_of(json.loads(path.read_text(encoding="utf-8")))) == 1


@pytest.mark.parametrize("kind", sorted(set(KIND.values())))
def test_a_damaged_record_is_of_no_kind(kind):
    """Each value at the top is taken away, or becomes another kind of thing; a key is added."""
    record = next(recorded()[name] for name, found in kinds().items() if found == [kind])
    for key, value in record.items():
        without = {name: each for name, each in record.items() if name != key}
        if key not in (*OLDER, "with_anchors", "wrong", "operates", "listed", "linkage"):
            assert not of_kind(kind).is_valid(without), key
        if schema()["$defs"][kind]["properties"][key] == {}:
            continue
        for other in (7, "x", [{}]) if isinstance(value, dict) else ({"x": 1.5}, {}):
            assert not of_kind(kind).is_valid(record | {key: other}), (key, other)
    assert not of_kind(kind).is_valid(record | {"nombre": "x"})
    assert kinds_of(record | {"nombre": "x"}) == []


def test_damage_inside_is_seen_too():
    record = recorded()["Assessment full"]
    key = next(iter(record["estimates"]))
    for damage in ({"point": "300"}, {"low": None}, {"level": 1.0}, {"data_sha256": "0"}, {"seed": -1}):
        edited = copy.deepcopy(record)
        edited["estimates"][key] |= damage
        assert kinds_of(edited) == [], damage
    edited = copy.deepcopy(record)
    edited["versions"].pop("numpy")
    assert kinds_of(edited) == []
    stock = copy.deepcopy(recorded()["StockAssessment full"])
    assert stock["paths"]
    assert kinds_of(stock | {"disclosure": "public"}) == [], "a public one has no paths"


def test_the_command_writes_the_schema_and_records_of_it(capsys, tmp_path):
    assert main(["reproduce", "--schema"]) == 0
    assert json.loads(capsys.readouterr().out) == schema()
    written = tmp_path / "record.json"
    words = ["assess", "--dataset", "kosovo", "--families", "chao,independence", "--disclosure", "full"]
    assert main([*words, "--json", str(written)]) == 0
    assert kinds_of(json.loads(written.read_text(encoding="utf-8"))) == ["lists"]
    capsys.readouterr()


def test_the_schema_is_found_from_python():
    assert record_schema() == schema()
