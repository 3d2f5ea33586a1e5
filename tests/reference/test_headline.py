"""Headlines that were published: a number that moves fails here until the change log says so.

After a change that is meant, name it in CHANGELOG.md under "Numbers that change", and write them again:

    DETCOUNT_WRITE_HEADLINE=1 python -m pytest tests/reference/test_headline.py -m ""
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import detcount as dc
from assessed import assessed

ROOT = Path(__file__).parents[2]
PATH = Path(__file__).with_name("headline.json")
load: Callable[[str], Any] = dc.datasets.load
JOBS: dict[str, Callable[[], Any]] = {
    "kosovo": lambda: assessed("kosovo"),
    "korea": lambda: assessed("korea"),
    "exchange_releases_2025": lambda: dc.assess_releases(load("exchange_releases_2025")),
    "venezuela_stock_2017": lambda: dc.assess_stock(stock=load("venezuela_stock_2017")),
}
QUICK = ("kosovo", "korea")


def declared() -> bool:
    """Whether the newest section of the change log names numbers that change."""
    newest = re.split(r"^## ", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), flags=re.MULTILINE)[1]
    return "\n- " in newest.partition("### Numbers that change\n")[2]


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if name in QUICK else pytest.mark.slow) for name in JOBS]
)
def test_a_published_headline_stands_until_its_change_is_declared(name: str) -> None:
    result = JOBS[name]()
    found = [str(result.headline()), str(result.sentence())]
    published = json.loads(PATH.read_text(encoding="utf-8")) if PATH.exists() else {}
    if os.environ.get("DETCOUNT_WRITE_HEADLINE"):
        assert declared(), "name what moves in CHANGELOG.md under 'Numbers that change' first"
        published[name] = found
        PATH.write_text(json.dumps(published, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    assert found == published[name], "a published number moved: declare it, then write the headline again"
    assert re.search(r"\d", found[0])


def test_every_headline_is_compared() -> None:
    assert json.loads(PATH.read_text(encoding="utf-8")).keys() == JOBS.keys()
