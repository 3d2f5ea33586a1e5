"""Docstrings: numpydoc's rules on every public name, and what an estimator has to say about itself."""

import enum
import importlib
import inspect
import re
import types
from functools import cached_property
from typing import Protocol

from numpydoc.docscrape import NumpyDocString
from numpydoc.validate import validate

from detcount import abundance
from detcount.assumptions import Assumption
from detcount.contract.citation import Reference
from house import FACES as PUBLIC_MODULES

# Rules of numpydoc that this library does not follow, each with its reason.
IGNORED = {
    "ES01",  # an extended summary where the first line says it all
    "SA01",  # a See Also section without anything to see
    "SS05",  # takes plural nouns ("Limits of N") for verbs in the third person
}
# Methods and properties may take one line; then arguments and results are those of the class or the protocol,
# and the example of the class is theirs.
IGNORED_IN_MEMBERS = IGNORED | {"PR01", "RT01", "EX01"}
# What is made without arguments says no arguments, but has its example.
IGNORED_WITHOUT_ARGUMENTS = IGNORED | {"PR01", "RT01"}
# Single exceptions: texts that begin with a symbol or end with code.
EXCEPTIONS = {
    ("detcount.estimates.interval.LogNormalRule", "SS02"),  # log(N - n)
    ("detcount.diagnose.fit.CellResidual", "PR08"),  # sqrt(n) + ...
    ("detcount.diagnose.odds_ratios.PairOddsRatio", "PR08"),  # both x neither / ...
    ("detcount.contract.citation.Reference", "PR09"),  # ends with the pattern to write
}


def public_objects():
    """Every public class and function, under the name where it is defined."""
    found = {}
    for module in map(importlib.import_module, PUBLIC_MODULES):
        for name in module.__all__:
            item = getattr(module, name)
            if inspect.isclass(item) or inspect.isfunction(item):
                found[f"{item.__module__}.{item.__qualname__}"] = item
    return dict(sorted(found.items()))


def members(name, cls):
    kinds = (types.FunctionType, classmethod, staticmethod, property, cached_property)
    return [
        f"{name}.{attribute}"
        for attribute, value in vars(cls).items()
        if not attribute.startswith("_") and isinstance(value, kinds)
    ]


OBJECTS = public_objects()
CLASSES = {name: item for name, item in OBJECTS.items() if inspect.isclass(item)}
MEMBERS = [member for name, cls in CLASSES.items() for member in members(name, cls)]
ESTIMATORS = {name: cls for name, cls in vars(abundance).items() if hasattr(cls, "fit")}


def faults(name, ignored):
    errors = validate(name)["errors"]
    return [
        f"{code}: {text}" for code, text in errors if code not in ignored and (name, code) not in EXCEPTIONS
    ]


def has_no_parameters(item):
    """Whether a class is made without arguments that its docstring could explain."""
    return inspect.isclass(item) and (issubclass(item, enum.Enum | Exception) or Protocol in item.__bases__)


def test_classes_and_functions_follow_numpydoc():
    found = {
        name: faults(name, IGNORED_WITHOUT_ARGUMENTS if has_no_parameters(item) else IGNORED)
        for name, item in OBJECTS.items()
    }
    assert len(found) > 100
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_members_follow_numpydoc():
    found = {name: faults(name, IGNORED_IN_MEMBERS) for name in MEMBERS}
    assert len(found) > 150
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_exceptions_are_still_needed():
    needless = [
        (name, code)
        for name, code in EXCEPTIONS
        if code not in {found for found, _ in validate(name)["errors"]}
    ]
    assert needless == []


def test_estimator_says_what_it_assumes(subtests):
    for name in ESTIMATORS:
        with subtests.test(name):
            assumes = ESTIMATORS[name].assumes
            assert assumes[0] is Assumption.CLOSED_POPULATION
            assert len(set(assumes)) == len(assumes)
            assert all(isinstance(assumption, Assumption) for assumption in assumes)


def test_estimator_has_the_sections_that_a_reader_needs(subtests):
    for name in ESTIMATORS:
        with subtests.test(name):
            sections = NumpyDocString(inspect.getdoc(ESTIMATORS[name]) or "")
            for section in ("Extended Summary", "Notes", "References", "Examples"):
                assert any(line.strip() for line in sections[section]), section


def printed_references(cls):
    text = " ".join(NumpyDocString(inspect.getdoc(cls) or "")["References"])
    return {
        (surname, int(year)) for surname, year in re.findall(r"\.\. \[\d+\] ([^,]+),.*?\((\d{4})\)", text)
    }


INTERVALS = {name: cls for name, cls in vars(abundance.intervals).items() if name in abundance.__all__}


def test_docstring_and_citation_name_the_same_papers(subtests):
    for name in ESTIMATORS:
        with subtests.test(name):
            references = ESTIMATORS[name].references
            assert all(isinstance(reference, Reference) for reference in references)
            cited = {(reference.authors.split(",")[0], reference.year) for reference in references}
            assert len(cited) == len(references)
            printed = printed_references(ESTIMATORS[name])
            assert printed
            assert printed <= cited
            # papers on intervals stand in the docstrings of the intervals
            assert cited <= printed.union(*map(printed_references, INTERVALS.values()))
