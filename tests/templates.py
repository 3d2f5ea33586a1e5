"""The templates of messages, gathered by Babel from the source: what every catalogue must know."""

import ast
import json
import re
import tomllib
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from babel.messages.extract import extract_from_dir

from detcount.words.catalogue import catalogue, is_neutral
from house import PACKAGE, calls, statements
from house import trees as modules_by_name


class Template(NamedTuple):
    """A template and where it stands.

    Of what is counted it is the template for one; `many` is the other, None where nothing is counted.
    """

    text: str
    where: str
    many: str | None = None


def constants(tree: ast.Module) -> dict[str, list[ast.expr]]:
    bodies = [tree, *(node for node in tree.body if isinstance(node, ast.ClassDef))]
    return assigned(node for body in bodies for node in body.body)


def assigned(nodes: Iterable[ast.AST]) -> dict[str, list[ast.expr]]:
    found: dict[str, list[ast.expr]] = {}
    for node in nodes:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    found.setdefault(target.id, []).append(node.value)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
            found.setdefault(node.target.id, []).append(node.value)
    return found


@cache
def modules() -> dict[str, ast.Module]:
    return {f"{name.replace('.', '/')}.py": tree for name, tree in modules_by_name().items()}


@cache
def everywhere() -> dict[str, list[ast.expr]]:
    found: dict[str, list[ast.expr]] = {}
    for tree in modules().values():
        for name, nodes in constants(tree).items():
            found.setdefault(name, []).extend(nodes)
    return found


def of_name(name: str, own: dict[str, list[ast.expr]]) -> list[ast.expr]:
    return own.get(name, everywhere().get(name, []))


def texts(node: ast.expr, own: dict[str, list[ast.expr]]) -> list[str]:
    """The templates that an expression can be: a text, a choice of texts, or a constant that holds some."""
    match node:
        case ast.Constant(value=str() as text):
            return [text]
        case ast.IfExp(body=one, orelse=other):
            held = [one, other]
        case ast.Name(id=name):
            held = of_name(name, own)
        case ast.Subscript(value=value):
            held = [value]
        case ast.Dict(values=held) | ast.Call(func=ast.Name(id="N_"), args=held):
            pass
        case _:
            return []
    return [text for inner in held for text in texts(inner, own)]


def words_of_catalogue(read: dict[str, Any]) -> list[str]:
    """The words of definitions, of names and of events."""
    stated = [table["definition"] for table in read["tables"].values() if "definition" in table]
    known = [each[field] for each in stated for field in ("who", "where")]
    return [*known, *read["names"].values(), *read["events"].values()]


def words_of_commands(read: dict[str, Any]) -> list[str]:
    """What commands and options are for, and what stands for their values."""
    parts = [*read["commands"].values(), *read["groups"].values(), *read["options"].values()]
    known = [
        part[field] for part in parts for field in ("does", "note", "title", "about", "help") if field in part
    ]
    stand = [part["metavar"] for part in parts if "metavar" in part]
    return [
        read["about"],
        *known,
        *(word for each in stand for word in ([each] if isinstance(each, str) else each)),
    ]


def words_of_page(read: dict[str, Any]) -> list[str]:
    """What stands on the pages of the page."""
    return [text for place in read.values() for text in place.values()]


def words_of_roles(read: dict[str, Any]) -> list[str]:
    """What readers call the roles of columns, the kinds of data and columns of persons."""
    return [words for part in ("roles", "kinds", "persons") for words in read[part].values()]


# Modules that make messages of what a data file says: the file, and what finds its templates.
FROM_DATA: dict[str, tuple[str, Callable[[dict[str, Any]], list[str]]]] = {
    "cli/parser.py": ("cli/commands.json", words_of_commands),
    "page/pages.py": ("page/words.json", words_of_page),
    "reading/headers.py": ("reading/headers.toml", words_of_roles),
    "datasets/tables.py": ("datasets/data/catalogue.json", words_of_catalogue),
}


def in_data(module: str) -> list[Template]:
    """The templates of the data file of a module."""
    if module not in FROM_DATA:
        return []
    file, words_of = FROM_DATA[module]
    load = tomllib.loads if file.endswith(".toml") else json.loads
    read = load((PACKAGE / file).read_text(encoding="utf-8"))
    return [Template(text, file) for text in words_of(read)]


def is_message(node: ast.AST) -> bool:
    """Whether a node is a call of ``Message`` or of ``Message.counted``."""
    match node:
        case ast.Call(func=ast.Name(id="Message")):
            return True
        case ast.Call(func=ast.Attribute(attr="counted", value=ast.Name(id="Message"))):
            return True
    return False


# Calls whose first texts are templates, for Babel; of what is counted one stands for one thing, one for many.
KEYWORDS: dict[str, Any] = {
    "Message": None,
    "counted": (1, 2),
    "N_": {1: (1,), 2: (1, 2), 3: (1, 2)},
}  # 3: after a comma at the end


@cache
def templates() -> tuple[Template, ...]:
    """What Babel finds in the source, and the words of data files, in the order of the modules."""
    found = []
    everywhere = extract_from_dir(PACKAGE, [("**.py", "python")], keywords=KEYWORDS, directory_filter=bool)
    for module, line, text, _, _ in everywhere:
        one, many = (text, None) if isinstance(text, str) else text
        found.append(Template(one, f"{module}, line {line}", many))
    found += [each for module in FROM_DATA for each in in_data(module)]
    return tuple(sorted(found, key=lambda one: Path(one.where.split(",")[0])))


RAISED = ("NotEstimableError", "ConvergenceError")
SAYS = {"reason": 1, "remedy": 2, "advice": None}  # what an error says, and its place among the arguments


class Raised(NamedTuple):
    """What an error is given to say, where it is made; `says` holds the expressions by name."""

    where: str
    says: dict[str, ast.expr]


@cache
def raised() -> tuple[Raised, ...]:
    found = []
    for module, tree in modules().items():
        for node in calls(tree):
            if not isinstance(node.func, ast.Name) or node.func.id not in RAISED:
                continue
            says = {keyword.arg: keyword.value for keyword in node.keywords if keyword.arg in SAYS}
            for name, place in SAYS.items():
                if node.func.id == "NotEstimableError" and place is not None and place < len(node.args):
                    says[name] = node.args[place]
            where = f"{module}, line {node.lineno}"
            found.append(Raised(where, {str(name): value for name, value in says.items()}))
    return tuple(found)


def choices(node: ast.expr) -> list[ast.expr]:
    """The expressions that one of them is chosen from, by "if" and by "or"."""
    match node:
        case ast.IfExp(body=one, orelse=other):
            return [*choices(one), *choices(other)]
        case ast.BoolOp(values=values):
            return [inner for value in values for inner in choices(value)]
    return [node]


# Errors that whoever writes scripts reads, and no report prints.
OF_SCRIPTS = {
    "InputError",
    "InputTypeError",
    "TypeError",
    "ValueError",
    "KeyError",
    "IndexError",
    "MissingExtraError",
    "WorkerError",
    "OSError",
    "refuse_to_come",
}


def made_for_scripts(tree: ast.Module, own: dict[str, list[ast.expr]]) -> set[str]:
    """Templates that a module gives to errors of scripts, also through names."""
    found: set[str] = set()
    for node in calls(tree):
        called = ast.unparse(node.func)
        if called == "ConvergenceError":  # a report prints its reason and advice, and not its message
            held = node.args[:1]
        elif (
            called in OF_SCRIPTS
            or ast.unparse(node).startswith(
                ("arguments.", "partial(arguments.")
            )  # whose refusals are for scripts
            or called.endswith("add_argument")  # whose help is for who types it
        ):
            held = [node, *node.args, *(keyword.value for keyword in node.keywords)]
        else:
            continue
        named = [part.id for each in held for part in ast.walk(each) if isinstance(part, ast.Name)]
        held += [made for name in named for made in of_name(name, own)]
        for each in held:
            for call in ast.walk(each):
                if is_message(call):
                    found.update(text for given in call.args for text in texts(given, own))
    return found


@cache
def for_scripts() -> frozenset[str]:
    """Templates of remedies that stand beside advice without code, and of errors that no report prints."""
    trees = modules()
    own = {module: assigned(node for node, _ in statements(tree)) for module, tree in trees.items()}
    found = {template.text for template in in_data("cli/parser.py")}  # whose help is for who types it
    for module, tree in trees.items():
        found |= made_for_scripts(tree, own[module])
    for error in raised():
        if not {"remedy", "advice"} <= error.says.keys():
            continue
        names = own[error.where.split(",")[0]]
        for node in choices(error.says["remedy"]):
            for made in of_name(node.id, names) if isinstance(node, ast.Name) else [node]:
                for call in ast.walk(made):
                    if isinstance(call, ast.Call) and ast.unparse(call.func) == "Message":
                        found.update(texts(call.args[0], names))
    return frozenset(found)


def words_left(text: str, lang: str) -> set[str]:
    """English words of templates, and not of their translations, in a text outside quotes and code."""
    code = r"'[^']*'|\"[^\"]*\"|--[\w-]+|\b\w+=\w*|\b\w+_\w+"  # names, options, arguments, columns
    return words([re.sub(code, "", text)]) & english_alone(lang)


@cache
def english_alone(lang: str) -> frozenset[str]:
    """Words of the templates that no translation of a language has."""
    known = catalogue(lang).forms  # of all templates, as the tests of words hold
    return frozenset(words(known) - words(form for forms in known.values() for form in forms))


def words(texts: Iterable[str]) -> set[str]:
    """The words of some templates, in small letters, without the values in braces."""
    return {word for text in texts for word in re.findall(r"[^\W\d_]+", re.sub(r"{[^}]*}", "", text).lower())}


def in_words() -> frozenset[str]:
    """The templates that have words, so that a language must say them in its own."""
    return frozenset(template.text for template in templates() if not is_neutral(template.text))
