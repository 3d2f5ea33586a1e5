"""The pages of the reference: one for each public module, and one for each public name."""

from __future__ import annotations

import ast
import functools
import importlib
import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PUBLIC_MODULES = (
    "detcount",
    "detcount.abundance",
    "detcount.releases",
    "detcount.stock",
    "detcount.linkage",
    "detcount.assessment",
    "detcount.calibration",
    "detcount.diagnose",
    "detcount.verbs.sensitivity",
    "detcount.verbs.resample",
    "detcount.strata",
    "detcount.planning",
    "detcount.pooling",
    "detcount.verbs.predictive",
    "detcount.simulate",
    "detcount.datasets",
    "detcount.data.captures",
    "detcount.data.operates",
    "detcount.data.repeated",
    "detcount.data.persons",
    "detcount.data.published",
    "detcount.io",
    "detcount.assumptions",
    "detcount.contract.citation",
    "detcount.errors",
    "detcount.privacy",
    "detcount.quality",
    "detcount.reports",
    "detcount.words",
    "detcount.cli",
)
LONGEST_VALUE = 200  # letters of a constant that are printed


@dataclass(frozen=True)
class Entry:
    """A public name: where it is documented, and what it is."""

    name: str
    path: str
    item: Any

    @property
    def kind(self) -> str:
        """What autodoc or Sphinx is asked to print."""
        if inspect.ismodule(self.item):
            return "module"
        if inspect.isclass(self.item):
            return "exception" if issubclass(self.item, BaseException) else "class"
        return "function" if inspect.isfunction(self.item) else "data"

    @property
    def link(self) -> str:
        """The name, leading to where it is documented."""
        role = {"exception": "exc", "class": "class", "function": "func", "module": "mod"}.get(
            self.kind, "data"
        )
        return f":py:{role}:`{self.name} <{self.path}>`"

    @property
    def summary(self) -> str:
        """First line of what it says of itself."""
        if self.kind == "data":
            return f"``{shown(self.item)}``"
        return (inspect.getdoc(self.item) or "").split("\n\n")[0].replace("\n", " ")


def entries() -> dict[str, list[Entry]]:
    """Public names by module; a name of several modules is documented in the first of them."""
    found: dict[str, list[Entry]] = {}
    homes: dict[int, Entry] = {}
    for path in PUBLIC_MODULES:
        module = importlib.import_module(path)
        found[path] = []
        for name in names_of(module):
            item = getattr(module, name)
            if inspect.ismodule(item):
                entry = Entry(name, item.__name__, item)
            elif id(item) in homes and (inspect.isclass(item) or inspect.isfunction(item)):
                entry = homes[id(item)]
            else:
                entry = homes[id(item)] = Entry(name, f"{path}.{name}", item)
            found[path].append(entry)
    for path, names in found.items():
        for entry in names:  # grows: what a class returns is documented too
            for item in returned(entry.item):
                if id(item) not in homes:
                    where = f"{item.__module__}.{item.__name__}"
                    homes[id(item)] = Entry(item.__name__, where, item)
                    found[path].append(homes[id(item)])
    return found


def returned(item: Any) -> Iterator[type]:
    """Classes of detcount in the return annotations of a function, or of the public methods of a class."""
    functions = [item]
    if inspect.isclass(item):
        members = [member for name, member in inspect.getmembers_static(item) if name[0] != "_"]
        functions = [getattr(m, "fget", None) or getattr(m, "__func__", None) or m for m in members]
    for function in map(inspect.unwrap, filter(inspect.isfunction, functions)):
        if function.__module__.partition(".")[0] == "detcount":
            for name in re.findall(r"[^\W\d]\w*", str(function.__annotations__.get("return", ""))):
                found = named(function.__module__, name)
                if inspect.isclass(found) and re.match(r"detcount\.[^_]", found.__module__):
                    yield found


@functools.cache
def named(module: str, name: str) -> Any:
    """What a name stands for in a module, also where it is imported for annotations alone."""
    home = importlib.import_module(module)
    if hasattr(home, name):
        return getattr(home, name)
    for node in ast.walk(ast.parse(inspect.getsource(home))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("detcount"):
            for alias in node.names:
                if name == (alias.asname or alias.name):
                    return getattr(importlib.import_module(node.module), alias.name, None)
    return None


def names_of(module: Any) -> list[str]:
    """Public names of a module; of one that lists none, what it defines itself."""
    own = [
        name
        for name, item in vars(module).items()
        if name[0] != "_" and getattr(item, "__module__", None) == module.__name__
    ]
    return list(getattr(module, "__all__", own))


def shown(value: Any) -> str:
    """Value of a constant, cut where it is long."""
    text = repr(value).replace("typing.", "")
    return text if len(text) <= LONGEST_VALUE else text[:LONGEST_VALUE] + "…"


def write_reference(folder: Path) -> None:
    """Write the pages into a folder."""
    folder.mkdir()
    printed: set[str] = set()
    for path, names in entries().items():
        own = [entry for entry in names if entry.kind != "module" and entry.path not in printed]
        printed |= {entry.path for entry in own}
        (folder / f"{page_of(path)}.rst").write_text(page_of_module(path, names, own), encoding="utf-8")
    (folder / "index.rst").write_text(front(), encoding="utf-8")


def page_of(path: str) -> str:
    """Name of the page of a module."""
    return "detcount" if path == "detcount" else path.removeprefix("detcount.")


def headed(title: str, *parts: str, line: str = "=") -> str:
    """Put a page or a section together."""
    return "\n\n".join([f"{title}\n{line * len(title)}", *parts]) + "\n"


def table(rows: list[tuple[str, str]]) -> str:
    """Two columns: a name with its link, and one line on it."""
    lines = [".. list-table::", "   :widths: 35 65", "   :class: names", ""]
    for left, right in rows:
        lines += [f"   * - {left}", f"     - {right}"]
    return "\n".join(lines)


def section(entry: Entry) -> str:
    """Everything that a name says of itself."""
    if entry.kind == "data":
        body = f".. py:data:: {entry.name}\n   :value: {shown(entry.item)}"
    elif entry.kind == "class":
        members = ":members:\n   :inherited-members: Exception, tuple, str, dict"
        body = f".. autoclass:: {entry.path}\n   {members}"
    else:
        body = f".. auto{entry.kind}:: {entry.path}"
    return headed(entry.name, body, line="-")


def page_of_module(path: str, names: list[Entry], own: list[Entry]) -> str:
    """Everything that a module offers: a line each, then all that no page before has."""
    rows = [(entry.link, entry.summary) for entry in names]
    parts = [f".. automodule:: {path}\n   :no-members:", f".. py:currentmodule:: {path}", table(rows)]
    parts += map(section, own)
    return headed(path, *parts)


def front() -> str:
    """All modules, a line each."""
    rows = [
        (f":doc:`{path} <{page_of(path)}>`", Entry("", "", importlib.import_module(path)).summary)
        for path in PUBLIC_MODULES
    ]
    text = (
        "Every public name, with its arguments, its papers and an example. ``dc`` is detcount, after "
        "``import detcount as dc``."
    )
    pages = "\n".join(
        [".. toctree::", "   :hidden:", "", *(f"   {page_of(path)}" for path in PUBLIC_MODULES)]
    )
    return headed("Reference", text, table(rows), pages)
