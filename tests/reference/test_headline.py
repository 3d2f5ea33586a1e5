"""Headlines that were published: a number that moves fails here until the change log says so.

After a change that is meant, name it in CHANGELOG.md under "Numbers that change", with the data set and the
estimator in one entry, and write them again:

    DETCOUNT_WRITE_HEADLINE=1 python -m pytest tests/reference/test_headline.py -m ""
"""

import json
import os
import re
from pathlib import Path

import pytest

import detcount as dc
from assessed import assessed
from cases import tables

TABLES = tables("headline")

ROOT = Path(__file__).parents[2]
PATH = Path(__file__).with_name("headline.json")
load = dc.datasets.load
JOBS = {
    "kosovo": lambda: assessed("kosovo"),
    "korea": lambda: assessed("korea"),
    "venezuela_stock_2017": lambda: dc.assess_stock(stock=load("venezuela_stock_2017")),
}
ESTIMATORS = {
    "kosovo": "Calibrated",
    "korea": "Calibrated",
    "venezuela_stock_2017": "register only",  # a verdict, as no estimator answers
}
QUICK = ("kosovo", "korea")


def declared(log, name):
    """Whether an entry of the newest section names the data set and the estimator as what changes."""
    newest = re.split(r"^## ", log, flags=re.MULTILINE)[1]
    changes = newest.partition("### Numbers that change\n")[2].partition("\n### ")[0]
    entries = re.split(r"^- ", changes, flags=re.MULTILINE)[1:]
    wanted = (name, ESTIMATORS[name])
    return any(all(re.search(rf"\b{word}\b", entry) for word in wanted) for entry in entries)


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if name in QUICK else pytest.mark.slow) for name in JOBS]
)
def test_a_published_headline_stands_until_its_change_is_declared(name):
    result = JOBS[name]()
    found = [str(result.headline()), str(result.sentence())]
    published = json.loads(PATH.read_text(encoding="utf-8")) if PATH.exists() else {}
    if os.environ.get("DETCOUNT_WRITE_HEADLINE"):
        log = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
        assert found == published.get(name) or declared(log, name), (
            f"name {name} and {ESTIMATORS[name]} in one entry of 'Numbers that change' in CHANGELOG.md first"
        )
        published[name] = found
        PATH.write_text(json.dumps(published, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    assert _made(result) == ESTIMATORS[name]
    assert found == published[name], "a published number moved: declare it, then write the headline again"
    assert re.search(r"\d", found[0])


def _made(result):
    """The estimator behind what a headline prints; the verdict where none answers."""
    if isinstance(result, dc.assessment.StockAssessment):
        return type(result.path.estimator).__name__ if result.path else str(result.verdict)
    return type(result.recommended.estimator).__name__ if result.recommended else str(result.verdict)


@pytest.mark.parametrize(("entries", "expected"), TABLES["entries"])
def test_a_change_is_declared_where_one_entry_names_the_number(entries, expected):
    older = "\n## 0.8.0\n\n### Numbers that change\n\n- `Calibrated()` of `kosovo`.\n"
    assert declared(f"# Changes\n\n## Unreleased\n\n{entries}{older}", "kosovo") is expected


def test_every_headline_is_compared():
    assert json.loads(PATH.read_text(encoding="utf-8")).keys() == JOBS.keys() == ESTIMATORS.keys()
