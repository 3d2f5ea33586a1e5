"""The templates of messages, read from the source: what every catalogue must know."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import detcount
from detcount.words.catalogue import is_neutral

PACKAGE = Path(detcount.__file__).parent


class Template(NamedTuple):
    """A template, where it stands, and the values it is given (None: they are not written out)."""

    text: str
    where: str
    values: frozenset[str] | None


def constants(tree: ast.Module) -> dict[str, list[ast.expr]]:
    """What a module or its classes assign to names outside functions."""
    found: dict[str, list[ast.expr]] = {}
    for body in (tree.body, *(node.body for node in tree.body if isinstance(node, ast.ClassDef))):
        for node in body:
            if isinstance(node, ast.Assign):
                for target in node.targets:
                    if isinstance(target, ast.Name):
                        found.setdefault(target.id, []).append(node.value)
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
                found.setdefault(node.target.id, []).append(node.value)
    return found


def texts(node: ast.expr, own: dict[str, list[ast.expr]], everywhere: dict[str, list[ast.expr]]) -> list[str]:
    """The templates that an expression can be: a text, a choice of texts, or a constant that holds some."""

    def held(nodes: list[ast.expr | None]) -> list[str]:
        return [text for inner in nodes if inner is not None for text in texts(inner, own, everywhere)]

    match node:
        case ast.Constant(value=str() as text):
            return [text]
        case ast.IfExp(body=one, orelse=other):
            return held([one, other])
        case ast.Name(id=name):
            return held([*own.get(name, everywhere.get(name, []))])
        case ast.Attribute(attr=name):
            return held([*everywhere.get(name, [])])
        case ast.Subscript(value=value):
            return held([value])
        case ast.Dict(values=values):
            return held([*values])
        case ast.Tuple(elts=values) | ast.List(elts=values):
            return held([*values])
    return []


def modules() -> Iterator[tuple[str, ast.Module]]:
    """Every module of the library, by its path."""
    for path in sorted(PACKAGE.rglob("*.py")):
        yield str(path.relative_to(PACKAGE)), ast.parse(path.read_text(encoding="utf-8"))


@cache
def templates() -> tuple[Template, ...]:
    """Every template that the library makes messages from; fails where one cannot be read from the source."""
    trees = dict(modules())
    own = {module: constants(tree) for module, tree in trees.items()}
    everywhere: dict[str, list[ast.expr]] = {}
    for names in own.values():
        for name, nodes in names.items():
            everywhere.setdefault(name, []).extend(nodes)
    found = []
    for module, tree in trees.items():
        for node in ast.walk(tree):
            if not (
                isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Message"
            ):
                continue
            where = f"{module}, line {node.lineno}"
            known = texts(node.args[0], own[module], everywhere)
            assert known, f"{where}: write the template as a text, or as a constant of the module"
            written = all(keyword.arg for keyword in node.keywords)
            values = frozenset(str(keyword.arg) for keyword in node.keywords) if written else None
            found += [Template(text, where, values) for text in known]
    return tuple(found)


def in_words() -> frozenset[str]:
    """The templates that have words, so that a language must say them in its own."""
    return frozenset(template.text for template in templates() if not is_neutral(template.text))
