"""Laws that are not yet true everywhere: each finds what stands in a table, or less."""

import ast
import importlib
import re
from pathlib import Path

import house
from cases import tables
from house import FACES

LAWS = tables("laws")
MOST: dict[str, int] = LAWS["most"]
PUBLIC = {
    face.removeprefix("detcount").strip("."): set(importlib.import_module(face).__all__) for face in FACES
}


def test_options_are_set_outside_tests():
    alone, nowhere = house.unset()
    assert len(nowhere) <= MOST["options set nowhere"], nowhere
    assert len(alone) <= MOST["options set in tests alone"], alone


def test_an_option_is_found_where_it_is_set():
    assert house.set_in(["Chapman(interval=Wald(level=0.9))", "f(Chao(a == 1), b=2)"]) == {
        ("Chapman", "interval"),
        ("Chapman", "level"),
    }


def small_modules(sizes):
    """Modules of few lines that are no face and no front of a folder."""
    public = set(PUBLIC)
    return {
        module
        for module, size in sizes.items()
        if size < LAWS["fewest lines"] and module not in public and not module.endswith("__init__")
    }


def test_a_module_is_worth_a_file():
    assert small_modules({"a.x": 39, "a.y": 40, "a.__init__": 3, "errors": 9}) == {"a.x"}
    assert small_modules(house.sizes()) == {*LAWS["small"]}


# A test imports public names, or one internal module of the room that it is named after.


def outside_its_room(path, source):
    """Modules that a test imports private names of, but for one of the room that it is named after."""
    found, modules = set(), {name.removesuffix(".__init__") for name in house.trees()}
    for node in ast.parse(source).body:
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "detcount":
            base = (node.module or "").removeprefix("detcount").strip(".")
            for name in (alias.name for alias in node.names):
                module = f"{base}.{name}".strip(".")
                if module in modules:
                    found |= {module} - PUBLIC.keys()
                elif name not in PUBLIC.get(base, ()):
                    found.add(base)
    words = {*re.split(r"[_/]", path.removesuffix(".py")), *path.split("/")}
    own = {module for module in found if words & {*re.split(r"[._]", module)}}
    return sorted(found - {min(own, default="")})


def test_tests_import_public_names_or_one_module_of_their_room():
    source = "from detcount import stock, CaptureTable\nfrom detcount.stock.series import series, _f\n"
    assert outside_its_room("unit/test_stock.py", source + "from detcount.abundance import Chapman") == []
    assert outside_its_room("unit/test_releases.py", source) == ["stock.series"]
    source += "from detcount.stock import audit"
    assert outside_its_room("unit/test_stock.py", source) == ["stock.series"]
    tests = Path(__file__).parent
    names = {path.relative_to(tests).as_posix(): path for path in tests.rglob("test_*.py")}
    found = {name: outside_its_room(name, path.read_text("utf-8")) for name, path in names.items()}
    beyond = {name: modules for name, modules in found.items() if modules}
    assert sum(map(len, beyond.values())) <= MOST["internal modules of tests"], beyond


# A docstring begins with a noun phrase or an imperative verb, and not with a relative clause.


def relative(tree):
    """First words of docstrings that begin with a relative clause."""
    kinds = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    found = (ast.get_docstring(node) or "" for node in ast.walk(tree) if isinstance(node, kinds))
    return [word for text in found for word in text.split()[:1] if word in ("What", "Whether", "How")]


def test_docstrings_begin_with_a_noun_or_a_verb():
    source = '"""What is held."""\nclass A:\n    """Rows, how many."""\n    def f(self):\n'
    source += '        """How many.\n\n        More."""\n        async def g():\n'
    source += '            """Whether so."""\n\ndef h():\n    """Whatever."""\n'
    assert relative(ast.parse(source)) == ["What", "How", "Whether"]
    found = {module: len(words) for module, tree in house.trees().items() if (words := relative(tree))}
    assert sum(found.values()) <= MOST["docstrings that begin with a relative clause"], found
