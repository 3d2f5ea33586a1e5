"""Small faults put into a room on purpose, each in a process of its own: which do its tests not see?

    PYTHONPATH=src:tests python tests/mutants.py "closed forms" --faults 30 --seed 7

A fault turns a comparison, a sign or a condition, moves a number by one, or gives nothing back. Run by hand:
what survives and moves a printed number gets an assertion in the test beside it.
"""

from __future__ import annotations

import argparse
import ast
import copy
import importlib
import inspect
import os
import random
import signal
import sys
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

SECONDS = 240  # a fault that makes a loop endless counts as seen
CASES = ["tests/unit/test_cases_of_estimators.py", "tests/inputs/test_cases_of_reading.py"]
# modules, and the tests that stand for them
ROOMS = {
    "closed forms": (
        ["detcount._numerics.closed_forms", "detcount.abundance.two_lists"],
        ["tests/unit/test_two_list.py", CASES[0], "tests/reference/test_published_closed_forms.py",
         "tests/unit/test_no_interaction.py", "tests/unit/test_sample_coverage.py", "tests/unit/test_diagnose.py",
         "tests/property/test_closed_forms.py"],
    ),
    "privacy": (
        ["detcount.privacy"],
        ["tests/unit/test_privacy.py", "tests/attack/test_public_reports.py", "tests/report/test_golden.py"],
    ),
    "published": (
        ["detcount.published.conflicts", "detcount.published.counts", "detcount.published.events"],
        ["tests/unit/test_cases_of_counts.py", "tests/unit/releases/test_batches.py",
         "tests/unit/test_published_measures.py", "tests/report/test_releases_said.py"],
    ),
}  # fmt: skip
TURNED = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult,
    ast.And: ast.Or, ast.Or: ast.And, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}  # fmt: skip


def places(tree: ast.Module) -> list[tuple[int, str]]:
    """Nodes of bodies of functions that can be turned, by their number in the walk, with what is done."""
    said = {id(part) for node in ast.walk(tree) if isinstance(node, ast.Raise) for part in ast.walk(node)}
    inside = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        for statement in node.body
        for part in ast.walk(statement)
    }
    found = []
    for number, node in enumerate(ast.walk(tree)):
        if id(node) not in inside or id(node) in said:
            continue
        operators = node.ops if isinstance(node, ast.Compare) else [getattr(node, "op", None)]
        if type(operators[0]) in TURNED:
            found.append((number, "turned"))
        elif isinstance(node, ast.Constant) and type(node.value) in (int, float):
            found.append((number, "moved by one"))
        elif isinstance(node, ast.Return) and node.value is not None:
            found.append((number, "returns nothing"))
    return found


def faulty(tree: ast.Module, number: int) -> tuple[ast.Module, ast.AST]:
    """The tree with one fault, and where it is."""
    other = copy.deepcopy(tree)
    node: Any = next(node for k, node in enumerate(ast.walk(other)) if k == number)
    if isinstance(node, ast.Compare):
        node.ops[0] = TURNED[type(node.ops[0])]()
    elif isinstance(node, ast.Constant):
        node.value += 1
    elif isinstance(node, ast.Return):
        node.value = ast.copy_location(ast.Constant(None), node)
    else:
        node.op = TURNED[type(node.op)]()
    return other, node


def codes(code: CodeType) -> dict[str, CodeType]:
    """All bodies of functions in a module, by their qualified names."""
    found = {code.co_qualname: code}
    for part in code.co_consts:
        if isinstance(part, CodeType):
            found |= codes(part)
    return found


def put_in(module: ModuleType, tree: ast.Module) -> None:
    """Give the functions of a module other bodies, wherever they were imported to."""
    others = codes(compile(tree, str(module.__file__), "exec"))
    owners = [module, *(one for one in vars(module).values() if inspect.isclass(one))]
    for thing in (value for owner in owners for value in vars(owner).values()):
        inner = (
            getattr(thing, "__func__", None) or getattr(thing, "fget", None) or getattr(thing, "func", None)
        )
        function = inspect.unwrap(inner or thing) if callable(inner or thing) else None
        if isinstance(function, FunctionType) and function.__module__ == module.__name__:
            function.__code__ = others.get(function.__code__.co_qualname, function.__code__)


def seen(module: ModuleType, tree: ast.Module, tests: list[str]) -> bool:
    """Whether tests fail with a fault, in a process of its own."""
    child = os.fork()
    if child == 0:
        import pytest

        signal.alarm(SECONDS)
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        put_in(module, tree)
        os._exit(int(pytest.main(["-x", "-q", "-p", "no:cacheprovider", "-m", "not slow", *tests])))
    return os.waitpid(child, 0)[1] != 0


def main() -> None:
    """Put faults into a room, and name those that no test saw."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("room", choices=ROOMS)
    parser.add_argument("--faults", type=int, default=30)
    parser.add_argument("--seed", type=int, default=7)
    asked = parser.parse_args()
    names, tests = ROOMS[asked.room]
    modules = [importlib.import_module(name) for name in names]
    trees = [ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8")) for module in modules]
    chosen = [(k, *place) for k, tree in enumerate(trees) for place in places(tree)]
    random.Random(asked.seed).shuffle(chosen)
    if seen(modules[0], trees[0], tests):
        parser.error("the tests fail without any fault")
    unseen = 0
    for k, number, what in chosen[: asked.faults]:
        tree, node = faulty(trees[k], number)
        if not seen(modules[k], tree, tests):
            unseen += 1
            where = f"{names[k]}:{getattr(node, 'lineno', '?')}"
            sys.stderr.write(f"not seen: {where} {what}: {ast.unparse(node)[:100]}\n")
    tried = min(asked.faults, len(chosen))
    sys.stderr.write(f"{asked.room}: {tried} of {len(chosen)} faults, {unseen} not seen\n")


if __name__ == "__main__":
    main()
