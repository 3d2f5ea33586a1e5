"""Hypothesis profiles, which tests wait until they are asked for by name, and which share a process.

There are 15 examples at the desk, 15 that never change in continuous integration, and 200 new ones each
night (`HYPOTHESIS_PROFILE=thorough`).
"""

import os
import re
from collections.abc import Callable, Generator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from _pytest.doctest import DoctestModule
from hypothesis import HealthCheck, settings

os.environ.setdefault("MPLBACKEND", "Agg")
os.environ["LANGUAGE"] = "en"  # whatever language the computer speaks

_SLOW_START = [HealthCheck.too_slow]  # the first example of a test pays for its imports

settings.register_profile("dev", max_examples=15, deadline=None, suppress_health_check=_SLOW_START)
settings.register_profile(
    "ci", max_examples=15, deadline=None, derandomize=True, suppress_health_check=_SLOW_START
)
settings.register_profile("thorough", max_examples=200, deadline=None, suppress_health_check=_SLOW_START)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if "CI" in os.environ else "dev"))

# what needs a program from outside Python, by marker
_OUTSIDE = ("browser", "spark", "wasm")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out tests that need a program from outside Python, unless ``-m`` asks for them."""
    asked = config.option.markexpr
    left_out = [
        item for item in items if any(item.get_closest_marker(m) and m not in asked for m in _OUTSIDE)
    ]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(file_path: Path) -> Generator[None, list[pytest.Collector], list[pytest.Collector]]:
    """Look for examples in the library alone, not in tests."""
    found = yield
    return [each for each in found if not isinstance(each, DoctestModule)]


# helpers that keep what took long to fit or to read: files that use one of them run in one process, one
# after another; the templates are read from the source as the house is
_KEEPERS = re.compile(r"^from (shown_examples|stock_assessed|assessed|house|templates) import", re.MULTILINE)


@cache
def _shared_by(file: str) -> str:
    """The helper whose fits a file uses, or the file alone."""
    path = Path(__file__).parents[1] / file
    found = _KEEPERS.search(path.read_text(encoding="utf-8")) if path.is_file() else None
    return found.group(1).replace("templates", "house") if found else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Callable[..., Any]) -> Any:
    """Give files that share fits to one worker; of `--dist=loadfile` alone, which keeps a file together."""
    if config.getoption("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    class SharedFits(LoadFileScheduling):
        """Files whose tests look at the same fits are one piece of work."""

        def _split_scope(self, nodeid: str) -> str:
            return _shared_by(super()._split_scope(nodeid))

    return SharedFits(config, log)


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    """No socket can be opened, and none can connect."""
    import socket

    def refuse(*_args: object, **_options: object) -> None:
        raise AssertionError("a socket was opened")

    for name in ("socket", "create_connection"):
        monkeypatch.setattr(socket, name, refuse)
