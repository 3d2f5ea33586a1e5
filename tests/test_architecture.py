"""The ladder and the laws that can be read from the source: who imports whom, and what nobody may call."""

import ast
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import house
import origins
from cases import tables
from house import FACES, PACKAGE, ROOT, RUNGS, module_name, statements

# Siblings that may import each other for a reason: the command is what `python -m` runs.
SIBLINGS = {("__main__", "cli")}

CASES = tables("architecture")
HEAVY: list[str] = CASES["heavy"]
FOR_NUMBERS = {"numpy", "scipy"}
# The modules of _numerics that move work instead of computing.
FOR_WORKERS = {"_numerics.parallel": {"joblib", "threadpoolctl", "tqdm"}}
# numpy.random has no state of its own in these
SEEDED = {"default_rng", "Generator", "SeedSequence", "BitGenerator", "PCG64", "Philox", "SFC64"}
CLOCKS = {("date", "today"), ("datetime", "now"), ("datetime", "today"), ("datetime", "utcnow")}
# The one module that may: it refuses counts of days that have not come, and no number depends on it.
CLOCK_READERS = {"reading.frames.places"}
# What stands in a sentence has the names that its template gives.
TAKES_VALUES = {
    "words.message.Message.counted",
}
TAKE_PLACES = {("bincount",), ("repeat",), ("reduceat",)}
FILTERS = {("warnings", "simplefilter"), ("warnings", "filterwarnings")}
STANDARD_RANDOM = "random"
KNOW_A_LANGUAGE: list[str] = CASES["know a language"]


@dataclass(frozen=True)
class Imported:
    """One name that a module imports."""

    module: str
    line: int
    at_import: bool  # outside functions and outside TYPE_CHECKING


def entry(module: str) -> str:
    """The entry of the ladder that a module belongs to."""
    return module.split(".")[0]


def rung(module: str) -> int:
    """Position on the ladder, from 0."""
    for position, step in enumerate(RUNGS):
        if entry(module) in step.entries:
            return position
    raise AssertionError(f"{module}: give it a rung in tests/tables/house.toml")


def submodules() -> set[str]:
    names = {module_name(path) for path in PACKAGE.rglob("*.py")}
    return names | {name.removesuffix(".__init__") for name in names}


MODULES = submodules()


def imports(tree: ast.Module) -> Iterator[Imported]:
    for node, at_import in statements(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Imported(alias.name, node.lineno, at_import)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            inner = base.removeprefix("detcount").removeprefix(".")
            for alias in node.names:
                longer = f"{inner}.{alias.name}".removeprefix(".")
                is_module = base.split(".")[0] == "detcount" and longer in MODULES
                is_part = base == "scipy" and f"scipy.{alias.name}" in HEAVY
                name = f"{base}.{alias.name}" if is_module or is_part else base
                yield Imported(name, node.lineno, at_import)


def dotted(node: ast.expr) -> tuple[str, ...]:
    """``np.random.seed`` as its parts; empty for anything else."""
    if isinstance(node, ast.Name):
        return (node.id,)
    if isinstance(node, ast.Attribute) and (before := dotted(node.value)):
        return (*before, node.attr)
    return ()


def ladder_faults(module: str, tree: ast.Module) -> list[str]:
    """Imports that go up or sideways."""
    faults = []
    for found in imports(tree):
        if found.module.split(".")[0] != "detcount":
            continue
        target = found.module.removeprefix("detcount").removeprefix(".") or "__init__"
        if entry(target) == entry(module) or (entry(module), entry(target)) in SIBLINGS:
            continue
        if module == "__init__" and entry(target) != "cli":
            continue
        if rung(target) >= rung(module):
            faults.append(f"{module}, line {found.line}: imports {target}, which is not below it")
    return faults


def needs_inside(trees: dict[str, ast.Module]) -> dict[str, set[str]]:
    """What each module imports of its own entry of the ladder, in functions and for type checkers too."""
    needs: dict[str, set[str]] = {}
    for module, tree in trees.items():
        found = {
            each.module.removeprefix("detcount").removeprefix(".")
            for each in imports(tree)
            if each.module.split(".")[0] == "detcount"
        }
        needs[module] = {
            target if target in trees else f"{target}.__init__"
            for target in found
            if entry(target) == entry(module) and (target in trees or f"{target}.__init__" in trees)
        } - {module}
    return needs


def circles(trees: dict[str, ast.Module]) -> list[str]:
    """Modules of one entry that import each other in a circle."""
    needs = needs_inside(trees)
    done: set[str] = set()
    while ready := {module for module in needs.keys() - done if needs[module] <= done}:
        done |= ready
    caught = needs.keys() - done
    while idle := {module for module in caught if not any(module in needs[other] for other in caught)}:
        caught -= idle
    return [
        f"{each} is in a circle with {', '.join(sorted(needs[each] & caught))}" for each in sorted(caught)
    ]


def floors() -> dict[str, list[list[str]]]:
    """The modules of every folder, and folders inside it as one, by how much of the folder they stand on."""
    needs = needs_inside(house.trees())
    found = {}
    for folder in sorted({module.rpartition(".")[0] for module in needs} - {""}):
        inside: dict[str, set[str]] = {}
        for module, targets in needs.items():
            if module.startswith(f"{folder}."):
                name = module.removeprefix(f"{folder}.").split(".")[0]
                inside.setdefault(name, set()).update(
                    target.removeprefix(f"{folder}.").split(".")[0]
                    for target in targets
                    if target.startswith(f"{folder}.")
                )
        inside = {
            name: targets - {name, "__init__"} for name, targets in inside.items() if name != "__init__"
        }
        levels: list[list[str]] = []
        done: set[str] = set()
        while ready := sorted(name for name in inside.keys() - done if inside[name] <= done):
            levels.append(ready)
            done |= set(ready)
        assert done == inside.keys(), (
            f"{folder}: {sorted(inside.keys() - done)} import each other in a circle"
        )
        if len(inside) > 1:
            found[folder] = levels
    return found


def language_faults(module: str, tree: ast.Module) -> list[str]:
    """Functions that take a language, where none is to be known."""
    if any(re.fullmatch(pattern, module) for pattern in KNOW_A_LANGUAGE):
        return []
    return [
        f"{module}, line {node.lineno}: {node.name} takes a language; let a renderer say what it makes"
        for node, _ in statements(tree)
        if isinstance(node, ast.FunctionDef) and node.name != "translated"
        for argument in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
        if argument.arg in ("lang", "language", "locale")
    ]


def import_faults(module: str, tree: ast.Module) -> list[str]:
    """Heavy imports; numerics that need more than numbers."""
    faults = []
    for found in imports(tree):
        if found.at_import and any(f"{found.module}.".startswith(f"{heavy}.") for heavy in HEAVY):
            faults.append(f"{module}, line {found.line}: imports {found.module} outside a function")
        if found.module.split(".")[0] == STANDARD_RANDOM:
            faults.append(f"{module}, line {found.line}: imports random, which has a global state")
        known = sys.stdlib_module_names | FOR_NUMBERS | FOR_WORKERS.get(module, set()) | {"detcount"}
        if entry(module) == "_numerics" and found.module.split(".")[0] not in known:
            faults.append(f"{module}, line {found.line}: imports {found.module}; numbers need arrays only")
        if entry(module) == "_numerics" and found.module.startswith("detcount"):
            target = found.module.removeprefix("detcount.")
            allowed = {"_numerics", "errors", "words"} | ({"contract"} if module in FOR_WORKERS else set())
            if entry(target) not in allowed:
                faults.append(f"{module}, line {found.line}: imports {target}; numbers need arrays only")
    return faults


def call_faults(module: str, tree: ast.Module) -> list[str]:
    """Calls that ask the clock, or touch a global state."""
    faults = []
    for node, at_import in statements(tree):
        if not isinstance(node, ast.Call):
            continue
        parts = dotted(node.func)
        where = f"{module}, line {node.lineno}: {'.'.join(parts)}"
        if parts[-2:] in CLOCKS and module not in CLOCK_READERS:
            faults.append(f"{where} asks the clock; take the day as an argument")
        if len(parts) > 2 and parts[-2] == "random" and parts[-1] not in SEEDED:
            faults.append(f"{where} uses the global random state")
        if parts[-1:] == ("default_rng",) and not node.args and not node.keywords:
            faults.append(f"{where} without a seed")
        if parts[-1:] in TAKE_PLACES and len(parts) > 1 and module != "_numerics.arrays":
            faults.append(f"{where} refuses places of 64 bits in a browser; take that of _numerics.arrays")
        if at_import and parts[-2:] in FILTERS:
            faults.append(f"{where} changes warnings for whoever imports")
    return faults


def signature_faults(module: str, tree: ast.Module) -> list[str]:
    """Public functions and methods that take ``**kwargs``."""
    if any(part.startswith("_") and part != "__init__" for part in module.split(".")):
        return []
    faults = []

    def visit(body: list[ast.stmt], owner: str) -> None:
        for node in body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                visit(node.body, f"{owner}{node.name}.")
            public = isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
            if public and node.args.kwarg and f"{module}.{owner}{node.name}" not in TAKES_VALUES:
                faults.append(
                    f"{module}, line {node.lineno}: {owner}{node.name} takes **{node.args.kwarg.arg}"
                )

    visit(tree.body, "")
    return faults


RULES = (ladder_faults, import_faults, call_faults, signature_faults, language_faults)
SOURCES = sorted(PACKAGE.rglob("*.py"))


def test_modules_keep_the_rules() -> None:
    trees = house.trees()
    assert len(trees) > 100
    assert [fault for module, tree in trees.items() for rule in RULES for fault in rule(module, tree)] == []


def test_modules_of_a_folder_go_one_way() -> None:
    assert circles(house.trees()) == []


def test_circles_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(globals(), "MODULES", MODULES | {"a.x", "a.y", "a.z"})
    sources = {
        "a.__init__": "from detcount.a.x import f",
        "a.x": "def f():\n    from detcount.a.y import g",
        "a.y": "if TYPE_CHECKING:\n    from detcount.a import z",
        "a.z": "from detcount.a.x import f",
        "a.w": "from detcount.a.x import f",
    }
    trees = {module: ast.parse(source) for module, source in sources.items()}
    assert circles(trees) == [
        "a.x is in a circle with a.y",
        "a.y is in a circle with a.z",
        "a.z is in a circle with a.x",
    ]


def test_every_entry_of_the_ladder_is_there() -> None:
    there = {entry(module_name(path)) for path in SOURCES}
    assert there == {name for step in RUNGS for name in step.entries}


def test_every_pattern_of_a_law_matches_a_module() -> None:
    patterns = [*KNOW_A_LANGUAGE, *FOR_WORKERS, *CLOCK_READERS, *(one for one, _ in SIBLINGS)]
    assert [each for each in patterns if not any(re.fullmatch(each, name) for name in MODULES)] == []
    functions = {
        f"{module}.{name}"
        for module, tree in house.trees().items()
        for node in tree.body
        for name in (
            [f"{node.name}.{inner.name}" for inner in node.body if isinstance(inner, ast.FunctionDef)]
            if isinstance(node, ast.ClassDef)
            else [getattr(node, "name", "")]
        )
    }
    assert sorted(TAKES_VALUES - functions) == []


@pytest.mark.parametrize(("module", "source", "fault"), CASES["caught"])
def test_rules_catch_what_they_forbid(module: str, source: str, fault: str) -> None:
    tree = ast.parse(source)
    found = [fault for rule in RULES for fault in rule(module, tree)]
    assert len(found) == 1, found
    assert re.search(fault, found[0]), found


@pytest.mark.parametrize(("module", "source"), CASES["allowed"])
def test_rules_let_pass_what_they_allow(module: str, source: str) -> None:
    tree = ast.parse(source)
    assert [fault for rule in RULES for fault in rule(module, tree)] == []


def test_a_new_module_needs_a_rung() -> None:
    with pytest.raises(AssertionError, match="novel: give it a rung"):
        rung("novel")


# One job, one room.

ONE_ROOM = {name: set(rooms) for name, rooms in CASES["one room"].items()}


def test_each_job_is_done_in_one_room() -> None:
    doing: dict[str, set[str]] = {name: set() for name in ONE_ROOM}
    made: dict[str, set[str]] = {name: set() for name in CASES["one definition"]}
    for module, tree in house.trees().items():
        for node in house.nodes(tree):
            name = getattr(node, "attr", getattr(node, "id", getattr(node, "name", "")))
            if name in doing:
                doing[name].add(module)
            if name in made and isinstance(node, ast.FunctionDef | ast.ClassDef):
                made[name].add(module)
    assert doing == ONE_ROOM
    assert made == {name: {module} for name, module in CASES["one definition"].items()}


# What src does not use.


def unused(trees: dict[str, ast.Module]) -> list[str]:
    """Functions and classes of modules that nothing in the package names, and that are not public."""
    public, named, made = set(), set(), []
    for module, tree in trees.items():
        if module.endswith("__init__") and "._" not in f".{module.removesuffix('__init__')}":
            public |= {
                each.value
                for node in tree.body
                if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"
                for each in ast.walk(node.value)
                if isinstance(each, ast.Constant)
            }
        named |= {node.id for node in house.nodes(tree) if isinstance(node, ast.Name)}
        named |= {node.attr for node in house.nodes(tree) if isinstance(node, ast.Attribute)}
        made += [
            (module, node.name) for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)
        ]
    return [
        f"{module}.{name}" for module, name in made if name not in named | public | {"__getattr__", "__dir__"}
    ]


def test_a_function_that_src_does_not_use_is_found() -> None:
    sources = {
        "a.__init__": "from detcount.a.x import f, g\n__all__ = ['f']",
        "a._x.__init__": "__all__ = ['h']",
        "a.x": "def f(): return i()\ndef g(): ...\ndef h(): ...\ndef i(): ...\nclass C: ...",
    }
    assert unused({name: ast.parse(source) for name, source in sources.items()}) == [
        "a.x.g",
        "a.x.h",
        "a.x.C",
    ]


def test_src_uses_its_functions() -> None:
    assert unused(house.trees()) == []


# What a module offers is what others import of it; a list of names belongs to a face that users import.


def needless_lists(trees: dict[str, ast.Module], public: set[str]) -> list[str]:
    """Modules that list their names, and are no face."""
    return [
        module
        for module, tree in trees.items()
        if not module.endswith("__init__") and module not in public
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"
    ]


def test_modules_that_are_no_face_list_no_names() -> None:
    listing = {"a.__init__": "__all__ = ['f']", "a.x": "__all__ = ['f']", "errors": "__all__ = ['E']"}
    assert needless_lists({m: ast.parse(s) for m, s in listing.items()}, {"errors"}) == ["a.x"]
    public = {module.removeprefix("detcount.") for module in FACES}
    assert needless_lists(house.trees(), public) == []


# The pages that are made from the house. DETCOUNT_WRITE_GOLDEN=1 writes them.

MADE = re.compile(r"(<!-- made from the code: (\w+) -->\n).*?(\n<!-- end -->)", re.DOTALL)


def pages() -> dict[Path, str]:
    parts = {"ladder": house.ladder_table(), "inside": house.inside_table(floors())}
    parts |= {kind.lower(): origins.constants_tables(kind) for kind in origins.HOLDERS}
    return {
        path: MADE.sub(lambda found: found[1] + parts[found[2]] + found[3], path.read_text(encoding="utf-8"))
        for path in (ROOT / "CONTRIBUTING.md", ROOT / "docs" / "architecture.md", ROOT / "docs" / "priors.md")
    }


def test_pages_show_the_house_as_it_is() -> None:
    for path, text in pages().items():
        if os.environ.get("DETCOUNT_WRITE_GOLDEN"):
            path.write_text(text, encoding="utf-8")
        assert path.read_text(encoding="utf-8") == text, f"{path.name}: write it with DETCOUNT_WRITE_GOLDEN=1"
    assert "<!-- made from the code: ladder -->" in (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def test_the_pages_name_folders_that_are_there() -> None:
    for name in ("CONTRIBUTING.md", "docs/architecture.md"):
        text = MADE.sub("", (ROOT / name).read_text(encoding="utf-8"))
        folders = re.findall(r"`([a-z_]+(?:/[a-z_]+)*)/`", text)
        assert [each for each in folders if not any((root / each).is_dir() for root in (PACKAGE, ROOT))] == []


BY_HAND = {"__post_init__": 45, "rows": 20, "to_frame": 27, "record": 17, "summary": 7}  # may only fall


def test_options_check_and_results_show_themselves_by_what_is_declared() -> None:
    classes = [
        node
        for tree in house.trees().values()
        for node in house.nodes(tree)
        if isinstance(node, ast.ClassDef)
    ]
    written = [part.name for node in classes for part in node.body if isinstance(part, ast.FunctionDef)]
    assert {name: n for name, most in BY_HAND.items() if (n := written.count(name)) > most} == {}


def test_long_modules_say_why_they_are_one_thing() -> None:
    sys.stdout.write(f"\nThe ten longest modules:\n{house.longest_table()}\n")
    long = [module for module, size in house.sizes().items() if size > house.LONG]
    assert [module for module in long if "\n\n" not in (ast.get_docstring(house.trees()[module]) or "")] == []


# The size of the house.


def test_lines_of_code_are_counted_as_they_are_said_to_be() -> None:
    source = '"""Doc.\n\nMore."""\nimport os\nfrom a import (\n    b,\n)\n\n# why\nX = 1  # one\n\n\n'
    source += 'def f():\n    """Say it."""\n    import re\n    text = """a\n\n    b"""\n'
    source += "    return (\n        text\n    )\n"
    assert house.lines_of_code(source) == 1 + 1 + 3 + 3


def grown(rooms: dict[str, int], held: dict[str, int]) -> list[str]:
    """Rooms, or sums, that have more than they are held to."""
    return [
        f"{name}: {number}, held to {held.get(name, 0)}"
        for name, number in rooms.items()
        if number > held.get(name, 0)
    ]


def test_a_room_that_grew_is_named() -> None:
    assert grown({"a": 5, "b": 2, "c": 1}, {"a": 4, "b": 3}) == ["a: 5, held to 4", "c: 1, held to 0"]
    assert grown({"a": 4, "b": 3}, {"a": 4, "b": 3}) == []


def test_the_house_does_not_grow() -> None:
    if wanted := os.environ.get("DETCOUNT_WRITE_GOLDEN"):
        house.hold_lines(lower=wanted == "lower")
    most, held = house.held_lines()
    rooms, sums = house.lines_of_rooms(), house.sums()
    sys.stdout.write(f"\n{sums}\n{rooms}\n")
    # A room may take lines that another gave up: DETCOUNT_WRITE_GOLDEN=1 raises the rooms that grew, and
    # DETCOUNT_WRITE_GOLDEN=lower lowers all to what they have, with the most of all. Those numbers are raised
    # by hand alone, in a commit of its own that says why.
    assert grown(rooms, held) + grown(sums, most) == [], "shorten them, or write tests/house_lines.json again"
