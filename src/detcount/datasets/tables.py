"""The tables that ship: what ``data/catalogue.json`` knows of each, and the counts of its file."""

from __future__ import annotations

import csv
import datetime as dt
import json
import re
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Literal, overload

import numpy as np

from detcount.contract.definition import Definition
from detcount.contract.specification import door
from detcount.data.captures import CaptureTable
from detcount.data.published import PublishedArrests, PublishedReleases, PublishedStock
from detcount.errors import InputError
from detcount.words import Message, Name

if TYPE_CHECKING:
    import pandas as pd


Shipped = CaptureTable | PublishedReleases | PublishedStock | PublishedArrests
_DAY, _MONTH = r"(\d{4}-\d{2}-\d{2})", r"(\d{4}-\d{2})"
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
    """Read the file: shared ``sentences``, ``tables``, ``known_truth``, ``names`` and ``events``."""
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


def names() -> tuple[str, ...]:
    """Name every table that `load` can read, in alphabetical order.

    Returns
    -------
    tuple of str
        The names.

    Examples
    --------
    >>> from detcount import datasets
    >>> [name for name in datasets.names() if "releases" in name][:2]
    ['algeria_releases_2021', 'bahrain_releases_2024']
    """
    return tuple(catalogue())


@overload
def load(name: CaptureName) -> CaptureTable: ...
@overload
def load(name: Literal["venezuela_releases"]) -> PublishedReleases: ...
@overload
def load(name: StockName) -> PublishedStock: ...
@overload
def load(name: Literal["venezuela_arrests"]) -> PublishedArrests: ...
@overload
def load(name: str) -> Shipped: ...
@door
def load(name: str) -> Shipped:
    """Read a table that ships with the library.

    Parameters
    ----------
    name : str
        One of `names()`.

    Returns
    -------
    CaptureTable, PublishedReleases, PublishedStock or PublishedArrests
        Persons by capture history, or published counts, as ``describe(name).kind`` says. A file that
        also holds the cell of those on no list has it left out; its `Dataset` then says how many there
        are in truth.

    Raises
    ------
    InputError
        If there is no such table; the message names those with a similar name.

    See Also
    --------
    describe : Source, year and caveats of the tables.

    Notes
    -----
    The files of published counts of Venezuela since 2024 hold two columns more than the tables: how the
    day was found, ``date_basis``, and the address of the page, ``url``. Those of other campaigns say in
    ``note`` where a count was read.

    Examples
    --------
    >>> from detcount import datasets
    >>> table = datasets.load("kosovo")
    >>> table.n_observed, table.list_sizes["HRW"]
    (4400, 685)
    >>> datasets.load("venezuela_releases").select(source="Foro Penal", event="since 2026-01-08")
    <PublishedReleases: 19 counts by 1 source, 2026-01-09 to 2026-01-29 (19 verified)>
    """
    dataset = _known(name)
    header, *rows = csv.reader(shipped(f"{dataset.name}.csv").splitlines())
    if dataset.kind != "captures":
        columns = {column: [row[k] for row in rows] for k, column in enumerate(header)}
        return _published(dataset, columns)
    values = np.array(rows, dtype=np.int64)
    if dataset.truth is not None:
        values = values[values[:, :-1].any(axis=1)]
    counts = {column: values[:, k] for k, column in enumerate(header)}
    table = CaptureTable.from_frame(counts, lists=header[:-1], count=header[-1])
    return replace(table, dataset=dataset.name, definition=dataset.definition)


@overload
def describe(name: None = None) -> pd.DataFrame: ...
@overload
def describe(name: str) -> Dataset: ...
@door
def describe(name: str | None = None) -> pd.DataFrame | Dataset:
    """Say where one table comes from and what to mind, or list all of them.

    Parameters
    ----------
    name : str, optional
        One of `names()`; without it every table is listed.

    Returns
    -------
    Dataset or pandas.DataFrame
        The record of one table; or a frame with a row for each and the columns ``name``, ``kind``,
        ``lists`` and ``persons`` (missing for published counts), ``counts`` and ``sources`` (missing
        for persons by capture history), ``what``, ``year``, ``source``, ``found_in``, ``caveats``.

    Raises
    ------
    InputError
        If there is no such table.

    Examples
    --------
    >>> from detcount import datasets
    >>> datasets.describe("lcm_sim1_expected").truth
    2000
    >>> datasets.describe().set_index("name").loc["neworl", ["lists", "persons", "year"]].tolist()
    [8, 185, 2020]
    """
    if name is not None:
        return _known(name)
    import pandas as pd

    rows = [
        {
            "name": dataset.name,
            "kind": dataset.kind,
            **_sizes(load(dataset.name)),
            **{name: getattr(dataset, name) for name in ("what", "year", "source", "found_in")},
            "caveats": "; ".join(dataset.caveats),
        }
        for dataset in catalogue().values()
    ]
    sizes = dict.fromkeys(("lists", "persons", "counts", "sources"), "Int64")
    return pd.DataFrame(rows).astype(sizes)


def _sizes(
    table: Shipped,
) -> dict[str, int | None]:
    """Count what a table holds."""
    if isinstance(table, CaptureTable):
        return {"lists": table.n_lists, "persons": table.n_observed, "counts": None, "sources": None}
    return {"lists": None, "persons": None, "counts": len(table), "sources": len(table.sources)}


def _published(
    dataset: Dataset, text: dict[str, list[str]]
) -> PublishedReleases | PublishedStock | PublishedArrests:
    """Published counts of a file, whose cells are text."""
    columns: dict[str, list[object]] = {name: list(cells) for name, cells in text.items()}
    columns["at_least"] = [cell == "true" for cell in text["at_least"]]
    for name in ("source", "event", "measure", "note"):
        if name in text:
            columns[name] = [known_name(cell) for cell in text[name]]
    for name in ("count", "entered_in_week", "released_in_week"):
        if name in text:
            columns[name] = [int(cell) if cell else None for cell in text[name]]
    if dataset.kind == "stock":
        return PublishedStock.from_frame(columns, allow_future=True)
    if dataset.kind == "arrests":
        return PublishedArrests.from_frame(columns, allow_future=True)
    return PublishedReleases.from_frame(columns, allow_future=True, definition=dataset.definition)


def _known(name: str) -> Dataset:
    """Record of a table, or an error that names its neighbours."""
    known = catalogue()
    if name not in known:
        from difflib import get_close_matches

        near = get_close_matches(name.lower(), known, n=3, cutoff=0.5)
        if near:
            raise InputError(
                Message(
                    "no data set {name!r}. Did you mean {near!r:or}? detcount.datasets.names() gives all "
                    "{n}, and so does the command detcount datasets",
                    name=name,
                    near=near,
                    n=len(known),
                )
            )
        raise InputError(
            Message(
                "no data set {name!r}. detcount.datasets.names() gives all {n}, and so does the command "
                "detcount datasets",
                name=name,
                n=len(known),
            )
        )
    return known[name]


def known_name(text: str) -> str:
    """Give a name of the shipped series with the words it is known by; any other as it is."""
    names = facts()["names"]
    if text in names:
        return Name(text, Message(names[text]))
    for event, words in facts()["events"].items():
        if found := re.fullmatch(event.replace("DAY", _DAY).replace("MONTH", _MONTH), text):
            return Name(text, Message(words, **_days(found)))
    if text == "December 2025":
        return Name(text, Message("{first:month}", first=dt.date(2025, 12, 1)))
    return text


def _days(found: re.Match[str]) -> dict[str, dt.date]:
    """The days that a name is made of; of a month the first."""
    days = [dt.date.fromisoformat(f"{text}-01"[:10]) for text in found.groups()]
    return dict(zip(("first", "second"), days, strict=False))
