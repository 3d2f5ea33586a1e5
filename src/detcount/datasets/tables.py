"""Read a table that ships with the library, and say what is known about it."""

from __future__ import annotations

import csv
from importlib import resources
from typing import TYPE_CHECKING, overload

import numpy as np

from detcount.captures import CaptureTable
from detcount.datasets.catalogue import CATALOGUE, Dataset
from detcount.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["describe", "load", "names"]


def names() -> tuple[str, ...]:
    """Name every table that `load` can read, in alphabetical order.

    Returns
    -------
    tuple of str
        The names.

    Examples
    --------
    >>> from detcount import datasets
    >>> len(datasets.names()), datasets.names()[:2]
    (22, ('artificial_3', 'colombia_recruitment_2000_2004'))
    """
    return tuple(dataset.name for dataset in CATALOGUE)


def load(name: str) -> CaptureTable:
    """Read a table that ships with the library.

    Parameters
    ----------
    name : str
        One of `names()`.

    Returns
    -------
    CaptureTable
        Persons by capture history. A file that also holds the cell of those on no list has it left
        out; its `Dataset` then says how many there are in truth.

    Raises
    ------
    InputError
        If there is no such table; the message names those with a similar name.

    See Also
    --------
    describe : Source, year and caveats of the tables.

    Examples
    --------
    >>> from detcount import datasets
    >>> table = datasets.load("kosovo")
    >>> table.n_observed, table.list_sizes["HRW"]
    (4400, 685)
    """
    dataset = _dataset(name)
    file = resources.files("detcount.datasets") / "data" / f"{dataset.name}.csv"
    header, *rows = csv.reader(file.read_text(encoding="utf-8").splitlines())
    values = np.array(rows, dtype=np.int64)
    if dataset.truth is not None:
        values = values[values[:, :-1].any(axis=1)]
    columns = {column: values[:, k] for k, column in enumerate(header)}
    return CaptureTable.from_frame(columns, lists=header[:-1], count=header[-1])


@overload
def describe(name: None = None) -> pd.DataFrame: ...
@overload
def describe(name: str) -> Dataset: ...
def describe(name: str | None = None) -> pd.DataFrame | Dataset:
    """Say where one table comes from and what to mind, or list all of them.

    Parameters
    ----------
    name : str, optional
        One of `names()`; without it every table is listed.

    Returns
    -------
    Dataset or pandas.DataFrame
        The record of one table; or a frame with a row for each and the columns ``name``, ``lists``,
        ``persons``, ``what``, ``year``, ``source``, ``found_in``, ``caveats``.

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
        return _dataset(name)
    import pandas as pd

    tables = [load(dataset.name) for dataset in CATALOGUE]
    return pd.DataFrame(
        {
            "name": [dataset.name for dataset in CATALOGUE],
            "lists": [table.n_lists for table in tables],
            "persons": [table.n_observed for table in tables],
            "what": [dataset.what for dataset in CATALOGUE],
            "year": [dataset.year for dataset in CATALOGUE],
            "source": [dataset.source for dataset in CATALOGUE],
            "found_in": [dataset.found_in for dataset in CATALOGUE],
            "caveats": ["; ".join(dataset.caveats) for dataset in CATALOGUE],
        }
    )


def _dataset(name: str) -> Dataset:
    """Record of a table, or an error that names its neighbours."""
    known = {dataset.name: dataset for dataset in CATALOGUE}
    if not isinstance(name, str):
        raise TypeError(f"name: expected the name of a data set as text, got {type(name).__name__}")
    if name not in known:
        from difflib import get_close_matches

        near = get_close_matches(name.lower(), known, n=3, cutoff=0.5)
        hint = f"Did you mean {' or '.join(map(repr, near))}? " if near else ""
        raise InputError(f"no data set {name!r}. {hint}detcount.datasets.names() gives all {len(known)}")
    return known[name]
