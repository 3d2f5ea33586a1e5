"""Cases in files: what is given under a sentence, and what was found in it, a line for each thing found."""

import csv
import json
import os
import tomllib
from pathlib import Path
from typing import Any

from detcount import CaptureTable


def stored(path: Path) -> dict[str, dict[str, Any]]:
    """The cases of a file by their sentences."""
    return {case["case"]: case for case in json.loads(path.read_text(encoding="utf-8"))}


def wanted(path: Path, cases: dict[str, dict[str, Any]], name: str, found: list[str]) -> list[str]:
    """What a case should have; DETCOUNT_WRITE_GOLDEN=1 writes what was found into the file, to be read."""
    if os.environ.get("DETCOUNT_WRITE_GOLDEN"):
        cases[name]["found"] = found
        path.write_text(written([*cases.values()]), encoding="utf-8")
    kept: list[str] = cases[name]["found"]
    return kept


def written(cases: list[dict[str, Any]]) -> str:
    """JSON with two lines for a case: what is given, and what was found in it."""
    lines = []
    for case in cases:
        given = {name: value for name, value in case.items() if name != "found"}
        lines += [json.dumps(given, ensure_ascii=False)[:-1] + ', "found":']
        lines += [f" {json.dumps(case['found'], ensure_ascii=False)}}},"]
    return "\n".join(["[", *lines])[:-1] + "\n]\n"


def as_it_was(path: Path, found: str) -> str:
    """A page that is kept; DETCOUNT_WRITE_GOLDEN=1 writes it again, to be read."""
    if os.environ.get("DETCOUNT_WRITE_GOLDEN"):
        path.write_text(found, encoding="utf-8")
    return path.read_text(encoding="utf-8")


def kept_pages(*names: str) -> list[tuple[str, ...]]:
    """Name, language and format of each page that is kept in `report/golden`, of some names."""
    kept = sorted((Path(__file__).parent / "report" / "golden").iterdir())
    found = [tuple(page.name.split(".")) for page in kept if page.name.split(".")[0] in names]
    assert {page[0] for page in found} == set(names)
    return found


def tables(name: str) -> dict[str, Any]:
    """Tables of cases that a file of tests reads, from `tables/<name>.toml`."""
    path = Path(__file__).with_name("tables") / f"{name}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def capture_table(name: str) -> CaptureTable:
    """A small table of persons on lists, from `tables/capture_tables.toml`."""
    return CaptureTable.from_counts(**tables("capture_tables")[name])


def rows_in(path: Path) -> list[dict[str, str]]:
    """The rows of a file, read another way than by the library."""
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def of_package(name: str) -> list[dict[str, str]]:
    """What another package answered, a row an answer, from `reference/data/<name>.csv`."""
    return rows_in(Path(__file__).parent / "reference" / "data" / f"{name}.csv")


def extra(row: dict[str, str]) -> dict[str, str]:
    """What a package answered besides its estimate, from ``name=value;name=value``."""
    return dict(part.split("=", 1) for part in row["extra"].split(";") if "=" in part)
