"""A record: what it says of where it was made, and that it is made again, or a difference is found."""

import copy
import getpass
import json
import math
import os
import platform
import re
import socket
import sys
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from threadpoolctl import threadpool_info

import detcount as dc
from detcount import abundance, releases, stock
from detcount.cli import main
from detcount.contract.specification import written_out
from detcount.errors import InputError
from detcount.estimates.result import provenance
from detcount.reproduction.reading import read_specification
from detcount.reproduction.result import changed_numbers, compared

FEW = ["chapman", "chao", "calibrated", "selected"]


@pytest.fixture(scope="module")
def table():
    return dc.datasets.load("kosovo")


@pytest.fixture(scope="module")
def record(table):
    return dc.assess(table, families=FEW, seed=3).full().record()


def test_a_record_is_made_again_to_the_last_bit(table, record):
    made = dc.reproduce(record, table)
    assert made.agrees
    assert made.counts["same"] == len(made.values) > 100
    assert not made.changes
    assert "to the last bit" in made.headline()
    frame = made.to_frame()
    assert len(frame) == len(made.values)
    low = frame.set_index("name").loc["estimates / chao / low"]
    assert low.recorded == low.found == record["estimates"]["chao"]["low"]


def test_lists_in_another_order_and_a_file_give_the_same(table, record, tmp_path):
    path = tmp_path / "record.json"
    path.write_text(json.dumps(record), encoding="utf-8")
    turned = table.keep(table.lists[::-1])
    assert turned.digest != table.digest
    assert dc.reproduce(path, turned).counts["same"] > 100
    assert dc.reproduce(str(path), turned).agrees


@pytest.mark.parametrize(
    "estimator",
    [
        dc.abundance.LogLinear(interval=dc.abundance.LogNormal()),
        dc.abundance.SelectedLogLinear(interval=dc.abundance.PercentileBootstrap(n_resamples=200)),
        dc.abundance.PairwiseNoInteraction(lists=("EXH", "OSCE")),
        dc.Calibrated(),
    ],
    ids=lambda estimator: type(estimator).__name__,
)
def test_the_record_of_an_estimate_is_made_again(estimator, table):
    record = estimator.fit(table, seed=5).record(0.8)
    made = dc.reproduce(record, table)
    assert made.counts["same"] == len(made.values) >= 10


@pytest.mark.slow
def test_a_record_of_releases_is_made_again_and_a_changed_count_is_refused():
    reports = dc.datasets.load("venezuela_releases")
    record = dc.assess_releases(reports, as_of="2024-12-31").record()
    assert dc.reproduce(record, reports).agrees
    record["data_sha256"] = "0" * 64
    with pytest.raises(InputError, match="expected those of the record"):
        dc.reproduce(record, reports)
    record["register"] = {"x": 1}
    with pytest.raises(InputError, match="needs more data"):
        dc.reproduce(record, reports)


def test_rounding_monte_carlo_error_and_difference_are_told_apart():
    then = {"point": 100.0, "low": 90.0, "high": 110.0, "n_observed": 50, "monte_carlo_error": 1.0}
    now = {**then, "point": 104.0, "low": 90.0 * (1 + 1e-10), "high": 110.5}
    ends = {value.name: value.outcome for value in compared(then, now)}
    assert ends["point"] == "within Monte Carlo error"  # 4 is less than 4 sqrt(2)
    assert ends["low"] == "rounding"
    assert ends["high"] == "different"  # no error is stated for it
    assert ends["n_observed"] == "same"
    far = {value.name: value.outcome for value in compared(then, {**then, "point": 106.0})}
    assert far["point"] == "different"
    assert {v.outcome for v in compared({"a": [1, 2]}, {"a": [1, 2, 3]})} == {"different"}
    assert {v.outcome for v in compared({"a": True}, {"a": 1})} == {"same"}
    assert {v.outcome for v in compared({"a": 1}, {"b": 1})} == {"different"}
    assert {v.outcome for v in compared({"a": 10**400}, {"a": 1.5})} == {"different"}


def test_an_edited_record_is_found_out(table, record):
    edited = copy.deepcopy(record)
    edited["estimates"]["chao"]["high"] += 1
    made = dc.reproduce(edited, table)
    assert [value.name for value in made.different] == ["estimates / chao / high"]
    assert not made.agrees
    assert "estimates / chao / high" in made.summary().translated("en")
    assert made.sentence().translated("es")


def test_a_record_of_another_version_comes_with_the_change_log(table, record):
    older = copy.deepcopy(record)
    older["versions"]["detcount"] = "0.3.0"
    made = dc.reproduce(older, table)
    assert [version for version, _ in made.changes] == [version for version, _ in changed_numbers("0.3.0")]
    assert changed_numbers("0.1.0")
    assert changed_numbers("99.0.0") == ()
    assert made.changes[0][1].split()[0] in made.summary().translated("en")


def test_what_cannot_be_a_record_is_refused(table, record, tmp_path):
    cut = tmp_path / "cut.json"
    cut.write_text(json.dumps(record)[:500], encoding="utf-8")
    with pytest.raises(InputError, match="cut off or damaged"):
        dc.reproduce(cut, table)


def test_options_of_earlier_versions_are_read_by_their_names_of_today():
    known = {"StockBalance": dc.stock.StockBalance, "Calibrated": dc.Calibrated}
    assert read_specification("StockBalance(struck_within=30)", known).removed_within == 30
    assert read_specification("Calibrated(bank=None)", known) == dc.Calibrated()


def test_the_command_has_an_exit_code_for_each_end(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    made = main(
        ["assess", "--dataset", "kosovo", "--families", "chao,calibrated", "--quiet", "--json", "r.json"]
    )
    assert made == 0
    assert main(["reproduce", "r.json", "--dataset", "kosovo", "--csv", "values.csv"]) == 0
    assert "to the last bit" in capsys.readouterr().out
    assert (tmp_path / "values.csv").read_text(encoding="utf-8").startswith("name,recorded,found,outcome,")
    dc.datasets.load("kosovo").to_frame().to_csv("kosovo.csv", index=False)
    assert main(["reproduce", "r.json", "kosovo.csv", "--count", "count", "--lang", "es"]) == 0
    assert "hasta el último bit" in capsys.readouterr().out
    record = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    record["estimates"]["chao"]["point"] += 0.1
    (tmp_path / "edited.json").write_text(json.dumps(record), encoding="utf-8")
    assert main(["reproduce", "edited.json", "--dataset", "kosovo"]) == 1
    assert "1 of" in capsys.readouterr().out
    assert main(["reproduce", "edited.json", "--dataset", "korea"]) == 2
    assert main(["reproduce", "nothing.json", "--dataset", "korea"]) == 2


@pytest.fixture(scope="module")
def system():
    return dc.simulate.detention_system(n_days=120, seed=2)


@pytest.fixture(scope="module")
def of_stock(system):
    return dc.assess_stock(people=system.people, seed=3).full().record()


@pytest.mark.slow
def test_a_record_of_the_stock_is_made_again(system, of_stock):
    edited = copy.deepcopy(of_stock)
    edited["answers"][0]["median"] += 1
    made = dc.reproduce(edited, {"people": system.people})
    assert [each.name for each in made.different] == ["answers / 1 / median"]
    assert made.counts["same"] == len(made.values) - 1 > 100


@pytest.mark.slow
@pytest.mark.parametrize("of", ["lists", "stock"])
def test_a_public_record_answers_only_whether_it_agrees(of, table, system):
    data = table if of == "lists" else system.people
    made = dc.assess(data) if of == "lists" else dc.assess_stock(people=data)
    record = made.public().record()
    assert str(dc.reproduce(record, data)) == "the data agree with what was printed"
    number, by, name = (record, 1, "at_least") if of == "lists" else (record["answers"][0], 10, "high")
    number[name] += by
    wrong = dc.reproduce(record, data)
    assert str(wrong) == "the data do not agree with what was printed"
    assert name not in wrong.summary().translated("en")


def test_waves_of_releases_are_made_again(tmp_path, capsys):
    place, record = tmp_path / "waves.csv", tmp_path / "numbers.json"
    place.write_text(
        "wave,day,source,list_size_before,released_identified,of_these_on_list,released_counts\n"
        "december,2025-12-02,the monitor,77,35,18,same\n",
        encoding="utf-8",
    )
    said = ["--who", "people held for political ends"]
    assert main(["coverage", str(place), "--odds-ratio", "0.5", "2", *said, "--json", str(record)]) == 0
    capsys.readouterr()
    assert main(["reproduce", str(record), str(place)]) == 0
    assert "values are the same, to the last bit" in capsys.readouterr().out
    place.write_text(place.read_text(encoding="utf-8").replace(",18,", ",17,"), encoding="utf-8")
    assert main(["reproduce", str(record), str(place)]) == 2
    assert "expected those of the record, whose SHA-256 begins with" in capsys.readouterr().err
    assert main(["reproduce", str(record)]) == 2
    assert "reproduce: expected a file, got none" in capsys.readouterr().err


def texts(value):
    if isinstance(value, dict):
        for key, inside in value.items():
            yield str(key)
            yield from texts(inside)
    elif isinstance(value, list):
        for inside in value:
            yield from texts(inside)
    elif isinstance(value, str):
        yield value


def test_linear_algebra_and_processor_are_what_runs_here():
    import scipy.linalg  # noqa: F401

    said = provenance()
    loaded = {
        (one["internal_api"], one["version"], one.get("architecture"))
        for one in threadpool_info()
        if one["user_api"] == "blas"
    }
    assert {(one["name"], one["version"], one["architecture"]) for one in said["blas"]} == loaded
    assert len(said["blas"]) == len(loaded)
    found = np.show_config(mode="dicts")["SIMD Extensions"]
    assert set(said["cpu"]["features"]) == {*found["baseline"], *found["found"]}
    assert said["cpu"]["machine"] == platform.machine()


def test_no_path_and_no_name_of_machine_or_user(table):
    records = [
        dc.assess(table, families=["chao", "calibrated"]).record(),
        dc.assess(table, families=["chao"]).public().record(),
        abundance.LogLinear().fit(table).record(),
    ]
    names = {
        getpass.getuser(),
        socket.gethostname(),
        socket.getfqdn(),
        str(Path.home()),
        os.getcwd(),
        sys.prefix,
    }
    for record in records:
        for text in texts(record):
            assert not any(name in text for name in names if len(name) > 3), text
            assert not re.search(r"(^|\s)(/\w|[A-Za-z]:\\|\\\\|file:)|0x[0-9a-f]{6}", text), text


def every_specification():
    """Each that can be made without being told anything, and some that have others inside."""
    made = [
        abundance.IdentifiedBy(prior=abundance.UniformN(most_unobserved=900)),
        abundance.SelectedLogLinear(interval=abundance.PercentileBootstrap(n_resamples=770)),
        abundance.ElicitedLogNormal(median=40.0, upper90=200.0),
        dc.Calibrated(base=(abundance.LogLinear(), abundance.ChaoLowerBound())),
    ]
    for room in (abundance, releases, stock):
        for name in room.__all__:
            kind = getattr(room, name)
            if isinstance(kind, type) and getattr(kind, "__repr__", None).__name__ == "_repr":
                try:
                    made.append(kind())
                except TypeError:
                    continue
    return made


def test_every_option_is_written_out_with_its_value():
    found = every_specification()
    assert len(found) > 40
    for one in found:
        said = json.loads(json.dumps(written_out(one), allow_nan=False))
        assert said["name"] == type(one).__name__
        assert list(said["options"]) == [field.name for field in fields(one)]
        for name, value in said["options"].items():
            held = getattr(one, name)
            if isinstance(held, (int, float, str)) and held not in (math.inf, -math.inf):
                assert value == held
            elif isinstance(held, tuple):
                assert len(value) == len(held)
            elif held is not None:
                assert value["name"] == type(held).__name__


def test_an_edited_option_is_found_out_and_an_older_record_without_them_is_not_blamed(table):
    record = abundance.LogLinear().fit(table).record()
    record["specification"]["options"]["interval"]["name"] = "ProfileLikelihood"
    made = dc.reproduce(record, table)
    assert [value.name for value in made.different] == ["specification / options / interval / name"]
    for name in ("specification", "cpu", "blas"):
        del record[name]
    assert dc.reproduce(record, table).agrees
