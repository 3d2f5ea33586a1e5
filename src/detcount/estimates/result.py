"""Base of the answer of every estimator: rows, assumptions, papers, and the place where it was made."""

from __future__ import annotations

import datetime as dt
import math
import platform
import sys
from abc import abstractmethod
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

import numpy as np

from detcount.assumptions import Assumption
from detcount.contract.citation import CitationStyle, cite
from detcount.contract.specification import Specification, written_out
from detcount.reports.shown import Levelled, Tabular

PRIVATE = "whoever holds it can recover the cells: share it only with those who may see the lists"

_PRINTED = ("detcount", "numpy", "scipy")
_REQUIRED = ("pandas", "narwhals", "joblib", "threadpoolctl")
# what may have read the data or shared the work, by the module that shows that it did
_WHERE_USED = {
    "dask": "dask",
    "distributed": "distributed",
    "duckdb": "duckdb",
    "openpyxl": "openpyxl",
    "polars": "polars",
    "pyarrow": "pyarrow",
    "pyspark": "pyspark",
    "python_calamine": "python-calamine",
    "splink": "splink",
}


class Recorded(Protocol):
    """Record of any result."""

    @property
    def seed(self) -> int:
        """Seed of the fit."""

    @property
    def assumptions(self) -> tuple[Assumption, ...]:
        """Conditions that have to hold."""

    @property
    def notes(self) -> tuple[str, ...]:
        """Notes for a reader besides the assumptions."""


class Estimate(Levelled):
    """An answer of an estimator: a class gives `rows` at a level, and by `_recorded` what its record has."""

    _private: ClassVar[bool] = False

    if TYPE_CHECKING:  # fields, or properties, of each class

        @property
        def estimator(self) -> Specification:
            """The specification that made it."""

        @property
        def digest(self) -> str:
            """SHA-256 of the data."""

        @property
        def seed(self) -> int:
            """Seed of the fit."""

        @property
        def notes(self) -> tuple[str, ...]:
            """Notes for a reader besides the assumptions."""

    @property
    def assumptions(self) -> tuple[Assumption, ...]:
        """Conditions that have to hold for the numbers to mean what they say."""
        return self.estimator.assumes

    @abstractmethod
    def _recorded(self, level: float) -> dict[str, Any]:
        """Give the part of the record besides the specification, the data and the place where it was made."""

    def record(self, level: float = 0.95) -> dict[str, Any]:
        """Give everything needed to make the numbers again, as plain values that JSON can hold."""
        return {
            **({"private": PRIVATE} if self._private else {}),
            "estimator": repr(self.estimator),
            "specification": written_out(self.estimator),
            **plain(self._recorded(level)),
            **made_of(self, {"data_sha256": self.digest}),
        }

    def cite(self, style: CitationStyle = "text") -> str:
        """Say how to cite the library and the papers of the method used."""
        return cite(style, references=self.estimator.references)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} by {self.estimator!r}: {self}>"


class RecordedRows(Tabular):
    """A result with rows of one level and a record: a class gives by `_recorded` what its record has."""

    @abstractmethod
    def _recorded(self) -> dict[str, Any]:
        """Give the record besides the place where it was made."""

    def record(self) -> dict[str, Any]:
        """Give the numbers, and what they rest on, as plain values that JSON can hold."""
        return plain(self._recorded()) | provenance()


def made_of(result: Recorded, digests: Mapping[str, str]) -> dict[str, Any]:
    """End of a record: seed, data, what has to hold, notes, and where it was made."""
    return {
        "seed": result.seed,
        **digests,
        "assumptions": [str(assumption) for assumption in result.assumptions],
        "notes": [str(note) for note in result.notes],
        **provenance(),
    }


def provenance() -> dict[str, Any]:
    """Say where a number was made: platform, processor, linear algebra, and versions of the software.

    No path, no name of a person or of a machine is among it.

    Returns
    -------
    dict
        ``platform``; ``cpu`` with its ``machine`` and the ``features`` that numpy found; ``blas``, a list
        with ``name``, ``version`` and ``architecture`` of each library of linear algebra that is loaded; and
        ``versions`` of Python and of the libraries in use.

    Examples
    --------
    >>> from detcount.estimates.result import provenance
    >>> sorted(provenance())
    ['blas', 'cpu', 'platform', 'versions']
    """
    used = [name for module, name in _WHERE_USED.items() if module in sys.modules]
    libraries = {name: found for name in (*_REQUIRED, *used) if (found := _version(name)) is not None}
    return {
        "platform": f"{platform.system()} {platform.machine()}",
        "cpu": {"machine": platform.machine(), "features": list(_features())},
        "blas": [dict(one) for one in _blas("scipy.linalg" in sys.modules)],
        "versions": versions() | libraries,
    }


def versions() -> dict[str, str]:
    """Give the versions of the software on which the numbers depend most.

    Returns
    -------
    dict of str to str
        Versions of detcount, numpy, scipy and Python.

    Examples
    --------
    >>> from detcount.estimates.result import versions
    >>> sorted(versions())
    ['detcount', 'numpy', 'python', 'scipy']
    """
    return {**{name: str(_version(name)) for name in _PRINTED}, "python": platform.python_version()}


@cache
def _version(name: str) -> str | None:
    """The version of a library; none where it is there without being installed."""
    from importlib import metadata

    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


@cache
def _features() -> tuple[str, ...]:
    """List the features of this processor that numpy uses, as numpy names them."""
    settings: Any = np.show_config(mode="dicts")
    found = settings.get("SIMD Extensions", {})
    return (*found.get("baseline", ()), *found.get("found", ()))


@cache
def _blas(with_scipy: bool) -> tuple[tuple[tuple[str, str | None], ...], ...]:
    """Each library of linear algebra that is loaded; scipy brings another than numpy once it is used."""
    from threadpoolctl import threadpool_info

    rows = {
        (
            ("name", str(one["internal_api"])),
            ("version", one.get("version")),
            ("architecture", one.get("architecture")),
        )
        for one in threadpool_info()
        if one["user_api"] == "blas"
    }
    return tuple(sorted(rows, key=str))


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as a record has them: days and sentences as text, no infinity, what has a record as that."""
    return {name: _plain(value) for name, value in values.items()}


def _plain(value: Any) -> Any:
    """One value as a record has it."""
    if hasattr(value, "record"):
        return value.record()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return plain(value)
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    if isinstance(value, str):
        return str(value)
    return None if isinstance(value, float) and not math.isfinite(value) else value
