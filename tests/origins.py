"""The numbers of each model: the fields of its priors and its tuning, as their docstrings describe them."""

import ast
import importlib
import inspect
import re
from dataclasses import fields
from functools import cache
from typing import NamedTuple

from numpydoc.docscrape import NumpyDocString

from house import trees

HOLDERS = ("Priors", "Tuning")


class Constant(NamedTuple):
    """One field of the priors or the tuning of a model."""

    name: str
    value: object
    unit: str
    what: str
    origin: str


@cache
def holders() -> dict[str, type]:
    """The classes that hold numbers with an origin, by module and kind: ``_numerics.poisson.Tuning``."""
    return {
        f"{module}.{node.name}": getattr(importlib.import_module(f"detcount.{module}"), node.name)
        for module, tree in trees().items()
        for node in tree.body
        if isinstance(node, ast.ClassDef) and node.name in HOLDERS
    }


def constants(holder: type) -> list[Constant]:
    """The fields of a class of numbers, as its docstring describes them; the last sentence is the origin."""
    described = {each.name: each for each in NumpyDocString(inspect.getdoc(holder) or "")["Parameters"]}
    found = []
    for field in fields(holder):
        said = " ".join(described[field.name].desc)
        what, origin = re.fullmatch(r"(.*?\.) ([A-Z].*)", said).groups()
        unit = described[field.name].type.partition(", ")[2]
        found.append(Constant(field.name, field.default, unit, what, origin))
    return found


def constants_tables(kind: str) -> str:
    """A table for each model: its numbers, their units, what they are, and where they come from."""
    parts = []
    for name, holder in sorted(holders().items()):
        if name.endswith(kind):
            summary = (inspect.getdoc(holder) or "").partition("\n")[0]
            lines = [f"### `{name.removesuffix(f'.{kind}')}`", "", summary, ""]
            lines += ["| number | value | unit | what | origin |", "|---|---|---|---|---|"]
            lines += [
                f"| `{each.name}` | `{each.value}` | {each.unit} | {each.what} | {each.origin} |"
                for each in constants(holder)
            ]
            parts.append("\n".join(lines))
    return "\n\n".join(parts)
