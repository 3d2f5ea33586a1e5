"""Where a number was made: the software and the processor it depends on, and who may hold its record."""

from __future__ import annotations

import math
import platform
import sys
from functools import cache
from typing import Any

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


def finite(value: Any) -> Any:
    """Give a value of a record as JSON can hold it: None for a number that is not finite."""
    return None if isinstance(value, float) and not math.isfinite(value) else value


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
    >>> from detcount.estimates.origin import provenance
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
    """Say which software the numbers depend on before all, and its versions.

    Returns
    -------
    dict of str to str
        Versions of detcount, numpy, scipy and Python.

    Examples
    --------
    >>> from detcount.estimates.origin import versions
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
    """What numpy makes use of in this processor, as numpy names it."""
    import numpy as np

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
