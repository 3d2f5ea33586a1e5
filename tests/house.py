"""The house as it stands: its ladder, its folders, its size, and the pages made from them.

`python tests/house.py` prints what is counted.
"""

import ast
import dataclasses
import gc
import importlib
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import detcount
from cases import tables

PACKAGE = Path(detcount.__file__).parent
LONG = 400  # lines beyond which a module says in its first lines why it is one thing


class Rung(NamedTuple):
    """Modules and folders that stand beside each other: none imports another; all may be imported above."""

    entries: list[str]
    what: str


TABLES = tables("house")
FACES: list[str] = TABLES["faces"]
RUNGS = [Rung(**each) for each in TABLES["rungs"]]


def module_name(path: Path) -> str:
    """Dotted name of a module under the package, ``abundance.two_lists.chapman``."""
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts)


@cache
def trees() -> dict[str, ast.Module]:
    """Every module, read; a million nodes stay, through which the garbage collector need not look again."""
    gc.disable()
    read = {
        module_name(path): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(PACKAGE.rglob("*.py"))
    }
    gc.enable()
    gc.freeze()
    return read


@cache
def nodes(tree: ast.Module) -> tuple[ast.AST, ...]:
    """All nodes of a module; a tree is walked once in a run."""
    return tuple(ast.walk(tree))


NOT_AT_IMPORT = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
ASKED_FOR = (ast.Import, ast.ImportFrom, ast.Call, ast.FunctionDef, ast.Assign, ast.AnnAssign)


@cache
def statements(tree: ast.Module) -> tuple[tuple[ast.AST, bool], ...]:
    """The imports, calls, functions and assignments of a module, in the order of `ast.walk`.

    Beside each stands whether it runs when the module is imported. A tree is walked once in a run.
    """
    waiting: list[tuple[ast.AST, bool]] = [(tree, True)]
    for node, at_import in waiting:  # which grows meanwhile
        inside = at_import and not isinstance(node, NOT_AT_IMPORT) and not is_type_checking(node)
        waiting += [(child, inside) for child in ast.iter_child_nodes(node)]
    return tuple(pair for pair in waiting if isinstance(pair[0], ASKED_FOR))


def is_type_checking(node: ast.AST) -> bool:
    """Whether a statement is ``if TYPE_CHECKING:``."""
    return isinstance(node, ast.If) and any(
        isinstance(part, ast.Name | ast.Attribute) and "TYPE_CHECKING" in ast.unparse(part)
        for part in ast.walk(node.test)
    )


def calls(tree: ast.Module) -> list[ast.Call]:
    """The calls of a module."""
    return [node for node, _ in statements(tree) if isinstance(node, ast.Call)]


@cache
def sizes() -> dict[str, int]:
    """Lines of every module."""
    return {
        module_name(path): path.read_text(encoding="utf-8").count("\n")
        for path in sorted(PACKAGE.rglob("*.py"))
    }


HELD = Path(__file__).with_name("house_lines.json")


def lines_of_code(source: str, read: Sequence[ast.AST] = ()) -> int:
    """Lines of a module that hold code: not blank, no comment, no docstring, no import."""
    written = enumerate(source.split("\n"), 1)
    lines = {number for number, line in written if line.strip() and not line.lstrip().startswith("#")}
    other: set[int] = set()
    for node in read or ast.walk(ast.parse(source)):
        if isinstance(node, ast.JoinedStr) or isinstance(getattr(node, "value", None), str):
            lines.update(range(node.lineno, node.end_lineno + 1))  # blank lines of a text too
        if isinstance(node, ast.Import | ast.ImportFrom):
            other.update(range(node.lineno, node.end_lineno + 1))
        elif isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0] if node.body else None
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                other.update(range(first.lineno, first.end_lineno + 1))
    return len(lines - other)


# TOML and JSON that no person edits: data that ship, and the schema of records
NOT_WRITTEN_BY_HAND = ("datasets/data/*", "reproduction/record.schema.json")


def lines_in(path: Path) -> int:
    """Lines of a file that are not blank."""
    return sum(1 for line in path.read_text(encoding="utf-8").splitlines() if line.strip())


def lines_of_data(folder: Path, *left_out: str) -> Iterator[tuple[Path, int]]:
    """Lines of each TOML and JSON file under a folder, by the path below it."""
    for path in sorted([*folder.rglob("*.toml"), *folder.rglob("*.json")]):
        below = path.relative_to(folder)
        if not any(below.match(pattern) for pattern in left_out):
            yield below, lines_in(path)


@cache
def lines_of_rooms() -> dict[str, int]:
    """Lines of code, TOML and JSON of each room: a folder or a module of the package."""
    found: Counter[str] = Counter()
    for path in PACKAGE.rglob("*.py"):
        module = module_name(path)
        read = nodes(trees()[module])
        found[room_of(module)] += lines_of_code(path.read_text(encoding="utf-8"), read)
    for path, lines in lines_of_data(PACKAGE, *NOT_WRITTEN_BY_HAND):
        found[path.parts[0].removesuffix(path.suffix)] += lines
    return dict(sorted(found.items()))


def sums() -> dict[str, int]:
    """What the house has of each thing that may only become fewer."""
    tests = Path(__file__).parent
    names = {
        f"{item.__module__}.{item.__qualname__}" if hasattr(item, "__qualname__") else f"{face}.{name}"
        for face in FACES
        for module in [importlib.import_module(face)]
        for name in module.__all__
        for item in [getattr(module, name)]
    }
    data = sum(lines for _, lines in lines_of_data(PACKAGE, *NOT_WRITTEN_BY_HAND))
    return {
        "lines of code": sum(lines_of_rooms().values()) - data,
        "lines of TOML and JSON": data,
        "files": sum(1 for _ in PACKAGE.rglob("*.py")),
        "public names": len(names),
        "lines of tests": sum(
            len(path.read_text(encoding="utf-8").splitlines()) for path in tests.rglob("*.py")
        ),
        "lines of TOML and JSON of tests": sum(
            lines for path, lines in lines_of_data(tests) if path.parts[0] != "reference"
        ),
    }


def held_lines() -> tuple[dict[str, int], dict[str, int]]:
    """The most that the house may have of each thing, and the lines of code of each of its rooms."""
    held = json.loads(HELD.read_text(encoding="utf-8"))
    return held["most"], held["rooms"]


def hold_lines(*, lower: bool = False) -> None:
    """Raise what rooms that grew are held to; or lower each room, and the most of all, to what they have."""
    most, held = held_lines()
    rooms = lines_of_rooms()
    if lower:
        most = {thing: min(most.get(thing, number), number) for thing, number in sums().items()}
    else:
        rooms = {room: max(lines, held.get(room, 0)) for room, lines in rooms.items()}
    HELD.write_text(json.dumps({"most": most, "rooms": rooms}, indent=2) + "\n", encoding="utf-8")


def is_folder(entry: str) -> bool:
    """Whether an entry of the ladder is a folder."""
    return (PACKAGE / entry).is_dir()


def first_line(module: str) -> str:
    """The first line of what a module says of itself."""
    return (ast.get_docstring(trees()[module]) or "").partition("\n")[0]


# The pages.


def ladder_table() -> str:
    """The ladder as a table, the top first."""
    lines = ["| rung | modules and folders | what lives there |", "|---|---|---|"]
    for number, rung in reversed([*enumerate(RUNGS)]):
        names = ", ".join(f"`{name}/`" if is_folder(name) else f"`{name}`" for name in rung.entries)
        lines.append(f"| {number} | {names} | {rung.what} |")
    return "\n".join(lines)


def longest_table(most: int = 10) -> str:
    """The longest modules, with what each says of itself."""
    lines = ["| lines | module | what it is |", "|---:|---|---|"]
    for module, size in sorted(sizes().items(), key=lambda item: (-item[1], item[0]))[:most]:
        lines.append(f"| {size} | `{module}` | {first_line(module)} |")
    return "\n".join(lines)


def inside_table(floors: dict[str, list[list[str]]]) -> str:
    """The floors of every folder: what stands left is imported by what stands right of it."""
    lines = ["| folder | from the ground up |", "|---|---|"]
    for folder, levels in sorted(floors.items()):
        shown = " → ".join(", ".join(f"`{name}`" for name in level) for level in levels)
        lines.append(f"| `{folder.replace('.', '/')}/` | {shown} |")
    return "\n".join(lines)


# What is counted of the house.


def room_of(module: str) -> str:
    """The room of a module: the folder or module of the package."""
    return module.split(".")[0]


def arrows() -> set[tuple[str, str]]:
    """Which room imports which, wherever in a module."""
    rooms = {room_of(module) for module in trees()}
    found = set()
    for module, tree in trees().items():
        for node, _ in statements(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("detcount"):
                inner = (node.module or "").split(".")[1:]
                named = [inner[0]] if inner else [alias.name for alias in node.names]
                found |= {(room_of(module), name) for name in named if name in rooms}
    return {(one, other) for one, other in found if one != other}


def n_floors() -> int:
    """Rooms that stand on each other in the longest way down."""
    needs: dict[str, set[str]] = {room_of(module): set() for module in trees()}
    for one, other in arrows() - {("cli", "__main__"), ("__init__", "cli")}:
        needs[one].add(other)

    @cache
    def height(room: str) -> int:
        return 1 + max(map(height, needs[room]), default=0)

    return max(map(height, needs))


def options() -> dict[str, set[str]]:
    """The options of each public specification: its fields with a default."""
    classes = {
        name: item
        for face in map(importlib.import_module, FACES)
        for name in face.__all__
        for item in [getattr(face, name)]
        if hasattr(item, "fit") and hasattr(item, "__dataclass_fields__")
    }
    missing = dataclasses.MISSING
    return {
        name: {
            one.name
            for one in dataclasses.fields(item)
            if one.init and not one.default is one.default_factory is missing
        }
        for name, item in classes.items()
    }


def fenced(path: Path) -> str:
    """The Python in fences of a page, or of the examples of a module."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return text + "\n" + "".join(f"{line}\n" for line in EXAMPLE.findall(text))
    return "\n".join(FENCE.findall(text))


ROOT = PACKAGE.parents[1]
FENCE = re.compile(r"^```[^\n]*\n(.*?)^```", re.DOTALL | re.MULTILINE)
EXAMPLE = re.compile(r"^ *(?:>>>|\.\.\.) (.*)$", re.MULTILINE)
SET = re.compile(r"\b([A-Z]\w+)\(([^()]*(?:\([^()]*(?:\([^()]*\)[^()]*)*\)[^()]*)*)")


def set_in(texts: Iterable[str]) -> set[tuple[str, str]]:
    """Options that texts set by name, each with its class."""
    return {
        (name, option)
        for text in texts
        for name, inside in SET.findall(text)
        for option in re.findall(r"\b(\w+)=(?!=)", inside)
    }


@cache
def unset() -> tuple[list[str], list[str]]:
    """Options that are set in tests alone, and nowhere."""
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md"), *PACKAGE.rglob("*.py")]
    pages += [*(ROOT / "examples").glob("*.py"), *(ROOT / "benchmarks").rglob("*.py")]
    outside = set_in(map(fenced, pages))
    kinds = ("*.py", "*.toml", "*.json")
    tests = [
        path for kind in kinds for path in Path(__file__).parent.rglob(kind) if "reference" not in path.parts
    ]
    inside = set_in(path.read_text(encoding="utf-8") for path in tests)
    all_of_them = {(name, option) for name, found in options().items() for option in found}
    left = sorted(all_of_them - outside)
    shown = {pair: ".".join(pair) for pair in left}
    return [shown[one] for one in left if one in inside], [shown[one] for one in left if one not in inside]


def is_number(node: ast.expr) -> bool:
    """Whether an expression is a number, or a tuple of numbers."""
    if isinstance(node, ast.UnaryOp):
        return is_number(node.operand)
    if isinstance(node, ast.Tuple):
        return bool(node.elts) and all(map(is_number, node.elts))
    return isinstance(node, ast.Constant) and type(node.value) in (int, float)


def counted() -> dict[str, str]:
    """What the page of the house counts, as it stands today."""
    found = sums()
    lines = found["lines of code"]
    everything = [node for tree in trees().values() for node in nodes(tree)]
    imports = [node for node in everything if isinstance(node, ast.Import | ast.ImportFrom)]
    lazy = {
        id(part)
        for node in everything
        if isinstance(node, ast.FunctionDef)
        for part in ast.walk(node)
        if isinstance(part, ast.Import | ast.ImportFrom)
    }
    comments = sum(
        line.lstrip().startswith("#")
        for path in PACKAGE.rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
    )
    lines_of_imports = sum((node.end_lineno or 0) - node.lineno + 1 for node in imports)
    alone, nowhere = unset()
    n_options = sum(map(len, options().values()))

    def per_1000(number: int) -> str:
        return f"{1000 * number / lines:.1f}"

    numbers = [
        one
        for tree in trees().values()
        for one in tree.body
        if isinstance(one, ast.Assign | ast.AnnAssign) and one.value and is_number(one.value)
    ]
    any_types = sum(isinstance(node, ast.Name) and node.id == "Any" for node in everything)
    return {
        "code lines / files": f"{lines:,} / {found['files']}",
        "TOML and JSON, not blank": f"{found['lines of TOML and JSON']:,}",
        "the same in tests; lines of Python there": (
            f"{found['lines of TOML and JSON of tests']:,}; {found['lines of tests']:,}"
        ),
        "files per 1,000 lines; import lines": (
            f"{per_1000(found['files'])}; {100 * lines_of_imports / lines:.1f}%"
        ),
        "rooms / floors / arrows": f"{len({*map(room_of, trees())})} / {n_floors()} / {len(arrows())}",
        "public names": str(found["public names"]),
        "options of specifications: set outside tests, in tests alone, nowhere": (
            f"{n_options - len(alone) - len(nowhere)}, {len(alone)}, {len(nowhere)} of {n_options}"
        ),
        "numeric constants of modules; per 1,000": f"{len(numbers)}; {per_1000(len(numbers))}",
        "Any, classes, lazy imports per 1,000": ", ".join(
            map(per_1000, (any_types, sum(isinstance(node, ast.ClassDef) for node in everything), len(lazy)))
        ),
        "comments on a line of their own per 1,000": per_1000(comments),
    }


if __name__ == "__main__":
    for what, number in counted().items():
        sys.stdout.write(f"{what}: {number}\n")
    for what, names in zip(("tests alone set", "nobody sets"), unset(), strict=True):
        sys.stdout.write(f"\n{what}: {', '.join(names)}\n")
