"""The pages of the reference: one for each public module, and one for each public name."""

from __future__ import annotations

import importlib
import inspect
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
    return found


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
    for path, names in entries().items():
        (folder / f"{page_of(path)}.rst").write_text(page_of_module(path, names), encoding="utf-8")
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


def page_of_module(path: str, names: list[Entry]) -> str:
    """Everything that a module offers: a line each, then all of it."""
    rows = [(entry.link, entry.summary) for entry in names]
    own = [entry for entry in names if entry.kind != "module" and entry.path == f"{path}.{entry.name}"]
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
