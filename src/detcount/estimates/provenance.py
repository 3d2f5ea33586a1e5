"""Where a number was made: the versions it depends on, and who may hold its record."""

from __future__ import annotations

import platform
from typing import Any

__all__ = ["PRIVATE", "provenance", "versions"]

PRIVATE = "whoever holds it can recover the cells: share it only with those who may see the lists"


def provenance() -> dict[str, Any]:
    """Say where a number was made: the platform, and the versions it depends on.

    Returns
    -------
    dict
        ``platform``, and ``versions`` of Python, detcount, numpy and scipy.

    Examples
    --------
    >>> from detcount.estimates import provenance
    >>> sorted(provenance())
    ['platform', 'versions']
    """
    return {"platform": f"{platform.system()} {platform.machine()}", "versions": versions()}


def versions() -> dict[str, str]:
    """Say which software the numbers depend on, and its versions.

    Returns
    -------
    dict of str to str
        Versions of detcount, numpy, scipy and Python.

    Examples
    --------
    >>> from detcount.estimates import versions
    >>> sorted(versions())
    ['detcount', 'numpy', 'python', 'scipy']
    """
    from importlib import metadata

    names = ("detcount", "numpy", "scipy")
    return {**{name: metadata.version(name) for name in names}, "python": platform.python_version()}
