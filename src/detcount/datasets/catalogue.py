"""The tables that ship, read from ``data/catalogue.json``: who is in each, and what to mind."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal

from detcount.definition import Definition
from detcount.words import Message

DatasetKind = Literal["captures", "releases", "stock", "arrests"]

# The tables of persons by capture history; a test holds it to the catalogue.
CaptureName = Literal[
    "artificial_3",
    "census_rehearsal_1988",
    "colombia_recruitment_2000_2004",
    "congenital",
    "cottontails",
    "deaths_maryland",
    "diabetes",
    "duck",
    "gaza",
    "hare",
    "hav",
    "hiv_lorestan",
    "hiv_rome",
    "homeless_budapest",
    "homeless_st_petersburg",
    "korea",
    "kosovo",
    "lcm_sim1_expected",
    "ned",
    "ned_5",
    "neworl",
    "neworl_186",
    "neworl_5",
    "neworl_5_186",
    "oud_massachusetts_2011",
    "oud_massachusetts_2012",
    "oud_massachusetts_2013",
    "oud_massachusetts_2014",
    "oud_massachusetts_2015",
    "peru_OTHER_1980_84",
    "peru_OTHER_1985_89",
    "peru_OTHER_1990_2002",
    "peru_SHINING_PATH_1980_84",
    "peru_SHINING_PATH_1985_89",
    "peru_SHINING_PATH_1990_2002",
    "peru_STATE_1980_84",
    "peru_STATE_1985_89",
    "peru_STATE_1990_2002",
    "peru_all",
    "peru_disappeared",
    "peru_killed",
    "pwid_brighton",
    "pwid_brussels",
    "pwid_hcv_scotland",
    "spina",
    "spina_626",
    "sudan_deaths",
    "ukdat",
    "ukdat_5",
    "western",
]

# The series of persons held; the same test.
StockName = Literal[
    "england_wales_stock",
    "myanmar_stock",
    "nicaragua_stock",
    "palestine_stock",
    "venezuela_stock",
    "venezuela_stock_2017",
]


@dataclass(frozen=True)
class Dataset:
    """A table that ships with the library, without its counts.

    Parameters
    ----------
    name : str
        What `load` takes.
    what : str
        Who or what is counted, where and when.
    source : str
        The publication the counts come from.
    year : int
        Year of that publication.
    found_in : str
        Where the counts were copied from: a package, or the publication itself.
    caveats : tuple of str
        What a reader must know before using the table; never empty.
    truth : int, optional
        Size of the population where it is known otherwise: by construction, or by a count of all.
    kind : {"captures", "releases", "stock", "arrests"}, optional
        What `load` gives: a `CaptureTable`, or `PublishedReleases`, `PublishedStock`, `PublishedArrests`.
    definition : Definition, optional
        Who is counted, as far as the source says it. None for animals and invented populations, and for
        published counts, whose sources count by definitions of their own.
    people : str, optional
        One name for all tables that hold the same people: what is learned from one of them is not new to
        another. None for animals, invented populations and published counts.

    Examples
    --------
    >>> import detcount as dc
    >>> kosovo = dc.datasets.describe("kosovo")
    >>> print(kosovo.year, kosovo.what)
    2002 persons killed, Kosovo, 20 March to 22 June 1999
    """

    name: str
    what: str
    source: str
    year: int
    found_in: str
    caveats: tuple[str, ...]
    truth: int | None = None
    kind: DatasetKind = "captures"
    definition: Definition | None = None
    people: str | None = None


@cache
def catalogue() -> dict[str, Dataset]:
    """Every table that ships, by name in alphabetical order."""
    sentences = facts()["sentences"]
    return {name: _dataset(name, record, sentences) for name, record in sorted(facts()["tables"].items())}


@cache
def facts() -> dict[str, Any]:
    """What the file says: shared ``sentences``, ``tables``, ``known_truth``, ``names`` and ``events``."""
    found: dict[str, Any] = json.loads(shipped("catalogue.json"))
    return found


def shipped(file: str) -> str:
    """Text of a file that ships."""
    return (resources.files("detcount.datasets") / "data" / file).read_text(encoding="utf-8")


def _dataset(name: str, record: dict[str, Any], sentences: dict[str, str]) -> Dataset:
    """One table; a text that begins with @ names a shared sentence."""

    def written(text: str) -> str:
        return sentences[text[1:]] if text.startswith("@") else text

    stated = record.get("definition")
    return Dataset(
        **record
        | {
            "name": name,
            "source": written(record["source"]),
            "found_in": written(record["found_in"]),
            "caveats": tuple(written(text) for text in record["caveats"]),
            "definition": None if stated is None else _definition(**stated),
        }
    )


def _definition(
    unit: Literal["person", "detention"], who: str, where: str, period: list[str] | None = None
) -> Definition:
    """Who is counted, in words that have a translation."""
    days = None if period is None else (dt.date.fromisoformat(period[0]), dt.date.fromisoformat(period[1]))
    return Definition(unit=unit, who=Message(who), where=Message(where), period=days)
