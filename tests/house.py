"""The house as it stands: its ladder, what is inside its folders, and the pages made from them."""

import ast
import html
import importlib
import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import NamedTuple

import detcount
from cases import tables
from detcount.words import languages

PACKAGE = Path(detcount.__file__).parent
LONG = 400  # lines beyond which a module says in its first lines why it is one thing


class Rung(NamedTuple):
    """Modules and folders that stand beside each other: none imports another; all may be imported above."""

    entries: list[str]
    what: str


TABLES = tables("house")
FACES: list[str] = TABLES["faces"]
RUNGS = [Rung(**each) for each in TABLES["rungs"]]
JOBS: dict[str, list[str]] = TABLES["jobs"]


def module_name(path: Path) -> str:
    """Dotted name of a module under the package, ``abundance.two_lists.chapman``."""
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts)


@cache
def trees() -> dict[str, ast.Module]:
    """Every module, read."""
    return {
        module_name(path): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(PACKAGE.rglob("*.py"))
    }


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


def lines_of_code(source: str) -> int:
    """Lines of a module that hold code: not blank, no comment, no docstring, no import."""
    written = enumerate(source.split("\n"), 1)
    lines = {number for number, line in written if line.strip() and not line.lstrip().startswith("#")}
    other: set[int] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.JoinedStr) or isinstance(getattr(node, "value", None), str):
            lines.update(range(node.lineno, node.end_lineno + 1))  # blank lines of a text too
        if isinstance(node, ast.Import | ast.ImportFrom):
            other.update(range(node.lineno, node.end_lineno + 1))
        elif isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0] if node.body else None
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                other.update(range(first.lineno, first.end_lineno + 1))
    return len(lines - other)


@cache
def lines_of_rooms() -> dict[str, int]:
    """Lines of code of each room: a folder or a module of the package."""
    found: Counter[str] = Counter()
    for path in PACKAGE.rglob("*.py"):
        found[module_name(path).split(".")[0]] += lines_of_code(path.read_text(encoding="utf-8"))
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
    return {
        "lines of code": sum(lines_of_rooms().values()),
        "files": sum(1 for _ in PACKAGE.rglob("*.py")),
        "public names": len(names),
        "lines of tests": sum(
            len(path.read_text(encoding="utf-8").splitlines()) for path in tests.rglob("*.py")
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
        most = {thing: min(most[thing], number) for thing, number in sums().items()}
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


# The picture.

WIDTH = 1040
INK, QUIET, RULE, TINT, BLUE = "#1b1b1b", "#595959", "#c9c9c9", "#f3f6f9", "#1f5a8a"
FONT = 'font-family="system-ui, DejaVu Sans, Arial, sans-serif"'


def text(x: float, y: float, words: str, size: int = 13, *, color: str = INK, weight: str = "normal") -> str:
    """Words at a place."""
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="{size}" fill="{color}" font-weight="{weight}">'
        f"{html.escape(words)}</text>"
    )


def rectangle(x: float, y: float, width: float, height: float) -> str:
    """An empty box."""
    size = f'x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}"'
    return f'<rect {size} rx="4" fill="{TINT}" stroke="{RULE}"/>'


def box(x: float, y: float, width: float, height: float, lines: list[str]) -> str:
    """A box with a name, and smaller words below it."""
    made = [
        rectangle(x, y, width, height),
        text(x + 9, y + 19, lines[0], 13, weight="600"),
    ]
    made += [text(x + 9, y + 36 + 15 * k, line, 11, color=QUIET) for k, line in enumerate(lines[1:])]
    return "\n".join(made)


def arrow(x: float, y: float, length: float) -> str:
    """An arrow to the right."""
    return (
        f'<path d="M{x:g} {y:g}h{length - 6:g}" stroke="{BLUE}" stroke-width="2" fill="none"/>'
        f'<path d="M{x + length - 8:g} {y - 4:g}l8 4l-8 4z" fill="{BLUE}"/>'
    )


def files_of(folder: str, *names: str) -> list[str]:
    """Which of some modules a folder has."""
    return [name for name in names if {f"{folder}.{name}", f"{folder}.{name}.__init__"} & sizes().keys()]


def lane(y: float, job: str) -> list[str]:
    """The way of one job's numbers to paper."""
    data, estimators, what = JOBS[job]
    front = f"assessment.{job}"
    parts = [
        [data, "the data"],
        [f"{estimators}/", "specification", ".fit(data)", "→ estimates"],
        ["front door", *files_of(front, "assessing", "evidence", "verdict", "result")],
        ["content", *files_of(front, "content", "build_content", "public")],
        ["document", *files_of(front, "document", "figures", "messages", "sentences")],
    ]
    made = [text(10, y + 8, f"{job}: {what}", 12, color=QUIET)]
    x, width, gap = 10.0, 126.0, 20.0
    for k, lines in enumerate(parts):
        made.append(box(x, y + 16, width, 96, lines))
        if k + 1 < len(parts):
            made.append(arrow(x + width, y + 64, gap))
        x += width + gap
    made.append(arrow(x - gap, y + 64, gap + 8))
    return made


def renderers(y: float, height: float) -> list[str]:
    """The shared end of every way: formats and languages."""
    formats = sorted(
        name.split(".")[-1] for name in sizes() if name.startswith("reports.render.") and "__" not in name
    )
    x = 10.0 + 5 * 146 + 8
    lines = [
        "renderer",
        "reports/render:",
        *formats,
        "words/locales:",
        *languages(),
        "",
        "the only place with a format and a language",
    ]
    return [box(x, y + 16, WIDTH - x - 10, height - 16, lines)]


def ladder_rows(y: float) -> list[str]:
    """The rungs, the top first."""
    made = []
    for rung in reversed(RUNGS):
        names = " · ".join(f"{name}/" if is_folder(name) else name for name in rung.entries)
        made.append(rectangle(10, y, WIDTH - 20, 24))
        made.append(text(20, y + 16, names, 12, weight="600"))
        what = text(WIDTH - 20, y + 16, rung.what.replace("`", ""), 11, color=QUIET)
        made.append(what.replace("<text ", '<text text-anchor="end" '))
        y += 27
    return made


def picture() -> str:
    """The way of a number to paper above, the ladder that it stands on below."""
    height_of_lane = 124
    y = 40.0
    parts = [text(10, 24, "From numbers to paper", 16, weight="700")]
    for job in JOBS:
        parts += lane(y, job)
        y += height_of_lane
    parts += renderers(40.0, height_of_lane * len(JOBS) - 12)
    parts.append(
        text(10, y + 26, "The ladder: a module imports only from rungs below its own", 16, weight="700")
    )
    parts += ladder_rows(y + 40)
    height = y + 40 + 27 * len(RUNGS) + 8
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:g}" {FONT} role="img" '
            'aria-label="The way of a number to paper, and the ladder of modules">',
            f'<rect width="{WIDTH}" height="{height:g}" fill="#fff"/>',
            *parts,
            "</svg>",
            "",
        ]
    )
