"""Small faults in the numerics, the releases and the stock, one at a time: do the tests notice?

    python benchmarks/mutants.py map             run the tests once, to see which of them reach which line
    python benchmarks/mutants.py run --most 30   try the first mutants of each target that were not tried yet
    python benchmarks/mutants.py write           write benchmarks/results/mutants.md

`--target releases` does one target alone. 75 mutants of each target are drawn by a fixed seed from all that
the rules below can make. Each runs in a copy of the tree, against the tests of its target that reach its
line, the quickest first, until one fails; where none does, against all tests of their files. A fork of a
process that has the libraries in memory saves most of the time. What was tried is kept in a file, so a run
can be stopped and continued. Verdicts on the mutants that no test noticed stand in
benchmarks/results/mutants_judged.csv.

Two libraries were looked at first. mutmut 3.8 leaves out whatever has a decorator (all properties) and the
constants of modules, and draws no sample. cosmic-ray 8.7 starts Python for each mutant, with one command for
all of them, where a fork is ready at once and only the tests that reach the line are needed.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import copy
import csv
import importlib
import itertools
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
import traceback
import xml.etree.ElementTree as ElementTree
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
RESULTS = Path(__file__).parent / "results"
JUDGED = RESULTS / "mutants_judged.csv"
SEED = 20261129
N_DRAWN = 75
PACKAGE = "src/detcount/"
TARGETS = {  # patterns of files, and of the tests that are asked
    "releases": (
        "releases/*.py published/*.py",
        """
        unit/releases/*.py unit/test_published.py unit/test_cases_of_counts.py unit/test_campaign.py
        unit/test_releases_*.py unit/test_datasets.py unit/test_gap*.py property/test_published*.py
        property/test_releases*.py reference/test_releases*.py reference/test_headline.py
        contract/test_releases.py report/test_releases*.py inputs/test_cases_of_reading.py
        """,
    ),
    "stock": (
        "stock/*.py assessment/stock/*.py assessment/*/verdict.py",
        """
        unit/stock/*.py unit/test_cli_stock.py unit/test_assess*.py property/test_stock*.py
        property/test_assess*.py report/test_stock*.py report/test_golden.py
        """,
    ),
    "_numerics": (  # without those of linkage, whose tests take long
        "_numerics/*.py _numerics/latent_class/*.py _numerics/selection/*.py _numerics/stock/*.py",
        """
        unit/releases/*.py unit/stock/test_integrated*.py unit/stock/test_late*.py unit/stock/test_balance.py
        unit/stock/test_cov*.py unit/test_bayes*.py unit/test_calibration.py unit/test_composition.py
        unit/test_cases_of_est*.py unit/test_diag*.py unit/test_doubly*.py unit/test_g*.py unit/test_het*.py
        unit/test_id*.py unit/test_interactions.py unit/test_la*.py unit/test_log*.py unit/test_missing.py
        unit/test_mo*.py unit/test_parallel.py unit/test_partial*.py unit/test_pooling.py
        unit/test_resample.py unit/test_sel*.py unit/test_similarity.py unit/test_two*.py
        unit/test_predictive.py unit/quality/*.py property/test_[cls]*.py reference/test_[c-gi-mops]*.py
        """,
    ),
}
# CPU seconds: of the tests for one mutant, as they took unchanged; and until a mutant is given up
MOST_TESTED, MOST_RUN = 40.0, 60.0
LIBRARIES = (
    *("numpy", "scipy.linalg", "scipy.optimize", "scipy.sparse", "scipy.special", "scipy.stats", "pandas"),
    *("matplotlib.pyplot", "narwhals", "joblib", "tqdm", "pytest", "hypothesis", "polars", "pyarrow", "yaml"),
)

SWAPPED: dict[type[ast.AST], type[ast.AST]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.Pow: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.FloorDiv,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.BitXor: ast.BitOr,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.And: ast.Or,
    ast.Or: ast.And,
}
PARTNERS = dict(
    [
        *(
            pair := [
                ("min", "max"),
                ("minimum", "maximum"),
                ("floor", "ceil"),
                ("any", "all"),
                ("argmin", "argmax"),
            ]
        ),
        *[(b, a) for a, b in pair],
        *[("log1p", "log"), ("expm1", "exp"), ("cumsum", "cumprod"), ("mean", "sum"), ("sorted", "list")],
        *[("less", "less_equal"), ("nanmin", "nanmax"), ("nanmax", "nanmin"), ("logaddexp", "maximum")],
    ]
)
TOLERANCE = (
    1e-4  # smaller constants are tolerances: doubled or halved, as a hundredth of them changes nothing
)


@dataclass(frozen=True)
class Mutant:
    """One change of one place."""

    target: str
    file: str
    owner: str  # function or class
    line: int
    end_line: int
    start: int  # place in the text of the file
    end: int
    before: str
    after: str
    place: int  # of several that read the same in one function, from 0

    @property
    def key(self) -> str:
        """Name that survives changes elsewhere in the file."""
        words = (self.file.removeprefix("src/detcount/"), self.owner, short(self.before), short(self.after))
        return " | ".join((*words, str(self.place)))


def changes(node: ast.AST) -> Iterator[ast.AST | None]:
    """Every change of one node that stays a program; None removes a statement."""
    if isinstance(node, ast.BinOp | ast.AugAssign | ast.BoolOp) and type(node.op) in SWAPPED:
        yield changed(node, op=SWAPPED[type(node.op)]())
    if isinstance(node, ast.AugAssign):
        yield None
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        yield None
    if isinstance(node, ast.Compare):
        for place, op in enumerate(node.ops):
            if type(op) in SWAPPED:
                ops = [SWAPPED[type(op)]() if place == other else kept for other, kept in enumerate(node.ops)]
                yield changed(node, ops=ops)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.USub | ast.Invert):
        yield node.operand
    if isinstance(node, ast.IfExp):
        yield changed(node, body=node.orelse, orelse=node.body)
    if isinstance(node, ast.Constant):
        yield from (ast.Constant(value) for value in other_values(node.value))
    if isinstance(node, ast.Slice):
        yield from (
            changed(node, **{end: None}) for end in ("lower", "upper") if getattr(node, end) is not None
        )
    if isinstance(node, ast.Return) and node.value is not None and not is_none(node.value):
        yield ast.Return(ast.Constant(None))
    if isinstance(node, ast.Call):
        yield from changed_calls(node)


def other_values(value: object) -> list[object]:
    """Neighbours of a number, and the other truth; texts stay."""
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value + 1, value - 1]
    if isinstance(value, float):
        return [value * 2, value / 2] if abs(value) < TOLERANCE else [value * 1.01, value * 0.99]
    return []


def changed_calls(node: ast.Call) -> Iterator[ast.AST]:
    """Two arguments in each other's place, and the function's counterpart."""
    if len(node.args) >= 2 and not any(isinstance(arg, ast.Starred) for arg in node.args):
        yield changed(node, args=[node.args[1], node.args[0], *node.args[2:]])
    if len(node.keywords) >= 2 and all(word.arg for word in node.keywords[:2]):
        first, second, *rest = node.keywords
        words = [ast.keyword(first.arg, second.value), ast.keyword(second.arg, first.value), *rest]
        yield changed(node, keywords=words)
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if name in PARTNERS:
        part = "attr" if isinstance(node.func, ast.Attribute) else "id"
        yield changed(node, func=changed(node.func, **{part: PARTNERS[name]}))


def changed(node: ast.AST, **fields: Any) -> ast.AST:
    """Copy of a node with some parts replaced."""
    other = copy.copy(node)
    for name, value in fields.items():
        setattr(other, name, value)
    return other


def is_none(node: ast.expr) -> bool:
    """Whether an expression is the word None."""
    return isinstance(node, ast.Constant) and node.value is None


def places(tree: ast.Module) -> Iterator[tuple[ast.AST, str]]:
    """Nodes that may change, with the function they stand in; no words, annotations, messages or imports."""

    def visit(node: ast.AST, owner: str) -> Iterator[tuple[ast.AST, str]]:
        for name, value in ast.iter_fields(node):
            if name in {"annotation", "returns", "decorator_list"}:
                continue
            for child in value if isinstance(value, list) else [value]:
                if not isinstance(child, ast.AST) or isinstance(
                    child, ast.JoinedStr | ast.Raise | ast.Import
                ):
                    continue
                if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
                    continue
                inner = owner
                if isinstance(child, ast.FunctionDef | ast.ClassDef):
                    inner = f"{owner}.{child.name}".removeprefix(".")
                yield child, inner
                yield from visit(child, inner)

    yield from visit(tree, "")


def mutants_of(target: str, path: Path, root: Path) -> list[Mutant]:
    """Every mutant of one file."""
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines(keepends=True)
    begins = [0]
    for line in lines:
        begins.append(begins[-1] + len(line.encode()))
    found: list[Mutant] = []
    seen: Counter[tuple[str, str, str]] = Counter()
    for node, owner in places(ast.parse(text)):
        if not hasattr(node, "lineno"):
            continue
        start, end = (
            begins[node.lineno - 1] + node.col_offset,
            begins[node.end_lineno - 1] + node.end_col_offset,
        )
        for after in changes(node):
            said = "pass" if after is None else ast.unparse(after)
            if isinstance(after, ast.expr) and not isinstance(after, ast.Slice):
                said = f"({said})"
            if isinstance(node, ast.Constant) and isinstance(after, ast.Constant):
                said = repr(after.value) if not str(after.value).startswith("-") else f"({after.value!r})"
            before = ast.unparse(node)
            name = path.relative_to(root).as_posix()
            where = (target, name, owner, node.lineno, node.end_lineno, start, end)
            alike = (owner, short(before), short(said))
            found.append(Mutant(*where, before, said, seen[alike]))
            seen[alike] += 1
    return found


def drawn(root: Path) -> list[Mutant]:
    """The mutants of each target, in the order in which they were drawn."""
    chosen = []
    for target, (files, _tests) in TARGETS.items():
        paths = matching(root, PACKAGE, files)
        every = [mutant for path in paths for mutant in mutants_of(target, path, root)]
        random.Random(f"{SEED} {target}").shuffle(every)
        programs = (mutant for mutant in every if applied(root, mutant) is not None)
        chosen += itertools.islice(programs, N_DRAWN)
    return chosen


def matching(root: Path, folder: str, patterns: str) -> list[Path]:
    """Files of some patterns, each once; a pattern that fits none is refused."""
    found: set[Path] = set()
    for pattern in patterns.split():
        if not (more := set(root.glob(folder + pattern))):
            raise SystemExit(f"no file is {folder}{pattern}")
        found |= more
    return sorted(found)


def applied(root: Path, mutant: Mutant) -> bytes | None:
    """The file with the change; None where it would be no program, or the same one."""
    text = (root / mutant.file).read_bytes()
    new = text[: mutant.start] + mutant.after.encode() + text[mutant.end :]
    try:
        tree = ast.parse(new)
    except SyntaxError:
        return None
    return new if ast.dump(tree) != dump(root / mutant.file) else None


@cache
def dump(path: Path) -> str:
    """Tree of an unchanged file as text."""
    return ast.dump(ast.parse(path.read_bytes()))


def copied(work: Path) -> Path:
    """A copy of the committed tree; made once, so that lines and tests stay what they were."""
    tree = work / "tree"
    if not tree.is_dir():
        tree.mkdir(parents=True)
        archive = subprocess.run(["git", "archive", "HEAD"], cwd=ROOT, capture_output=True, check=True)
        subprocess.run(["tar", "-x", "-C", str(tree)], input=archive.stdout, check=True)
    return tree


def make_map(work: Path, target: str, words: list[str]) -> None:
    """Run the tests of a target once with coverage, each line with the tests that reach it."""
    tree = copied(work)
    files, tests = TARGETS[target]
    folders = {path.parent for path in matching(tree, PACKAGE, files)}
    covered = [f"--cov={folder}" for folder in sorted(folders)]
    options = ["-q", "-m", "not slow", "-p", "no:cacheprovider", "--hypothesis-seed=0", "--cov-context=test"]
    environment = dict(os.environ, PYTHONPATH=str(tree / "src"), OMP_NUM_THREADS="1")
    environment["COVERAGE_FILE"] = str(work / f"{target}.coverage")
    outputs = ["--cov-report=", f"--junitxml={work / target}.xml"]
    chosen = [str(path.relative_to(tree)) for path in matching(tree, "tests/", tests)]
    command = [
        sys.executable,
        "-m",
        "pytest",
        *options,
        *covered,
        *outputs,
        *(words or ["-n", "0", "--dist=no"]),
        *chosen,
    ]
    done = subprocess.run(command, cwd=tree, env=environment, check=False)
    print("pytest ended with", done.returncode)


def seconds_of_tests(work: Path, target: str) -> dict[str, float]:
    """How long each test took, by its name; tests that fail without any change are left out."""
    found: dict[str, float] = defaultdict(float)
    for case in ElementTree.parse(work / f"{target}.xml").iter("testcase"):
        if case.find("failure") is None and case.find("error") is None and case.find("skipped") is None:
            path = f"{case.get('classname', '').replace('.', '/')}.py"
            found[f"{path}::{case.get('name')}"] += float(case.get("time", 0))  # subtests add up
    return found


class Reach:
    """Which tests reach a line."""

    def __init__(self, work: Path, target: str, tree: Path, most: float) -> None:
        from coverage import CoverageData

        self.tree, self.most = tree, most
        self.seconds = seconds_of_tests(work, target)
        data = CoverageData(basename=str(work / f"{target}.coverage"))
        data.read()
        self.lines: dict[str, dict[int, set[str]]] = {}
        for path in data.measured_files():
            by_line = data.contexts_by_lineno(path)
            name = f"src/{path.rpartition('/src/')[2]}"
            self.lines[name] = {
                line: {context.rpartition("|")[0] for context in contexts if context}
                for line, contexts in by_line.items()
            }

    def tests(self, mutant: Mutant) -> list[str]:
        """Tests that reach a mutant, the quickest first, up to so many seconds in all."""
        lines = self.lines.get(mutant.file, {})
        found = set().union(*(lines.get(line, set()) for line in range(mutant.line, mutant.end_line + 1)))
        if not found:  # runs when the module is imported: the tests that reach whatever uses it
            found = set().union(*(lines.get(line, set()) for line in self.users(mutant)))
        known = sorted((self.seconds[name], name) for name in found if name in self.seconds)
        chosen, total = [], 0.0
        for seconds, name in known:
            total += seconds + 0.01
            if chosen and total > self.most:
                break
            chosen.append(name)
        return chosen

    def files(self, names: list[str]) -> list[str]:
        """The files of some tests, the quickest first, up to so many seconds in all."""
        total: Counter[str] = Counter()
        for name, seconds in self.seconds.items():
            total[name.partition("::")[0]] += seconds
        files = sorted({name.partition("::")[0] for name in names}, key=total.__getitem__)
        spent = list(itertools.accumulate(total[file] for file in files))
        return [
            file for file, seconds in zip(files, spent, strict=True) if seconds <= max(self.most, spent[0])
        ]

    def users(self, mutant: Mutant) -> list[int]:
        """Lines that use the name which the changed statement gives; all lines where it gives none."""
        tree = ast.parse((self.tree / mutant.file).read_text(encoding="utf-8"))
        names = {
            part.id
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign | ast.AnnAssign | ast.FunctionDef | ast.ClassDef)
            and node.lineno <= mutant.line <= (node.end_lineno or 0)
            for part in ast.walk(node)
            if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)
        }
        lines = [n.lineno for n in ast.walk(tree) if isinstance(n, ast.Name) and n.id in names]
        reached = self.lines.get(mutant.file, {})
        return lines if any(reached.get(line) for line in lines) else list(reached)


def run(work: Path, most: int, target: str, seconds: float) -> None:
    """Try mutants of a target that were not tried yet."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # a run that is stopped takes its fault out
    tree = copied(work)
    reach = Reach(work, target, tree, seconds)
    tried = {entry["key"] for entry in results(work)}
    left = [mutant for mutant in drawn(tree) if mutant.target == target and mutant.key not in tried]
    prepare(tree)
    for mutant in left[:most]:
        names = reach.tests(mutant)
        start = time.monotonic()
        code, told = attempt(tree, mutant, names) if names else ("unreached", "")
        if code == "survives":  # what tests share is reached by the first of them alone
            again, more = attempt(tree, mutant, reach.files(names))
            code, told = (again, more) if again == "killed" else (code, told)
        entry = {"key": mutant.key, **asdict(mutant), "outcome": code, "n_tests": len(names), "told": told}
        with (work / "tried.jsonl").open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(entry) + "\n")
        print(f"{code:9} {time.monotonic() - start:6.1f} s {len(names):4} tests  {mutant.key}", flush=True)


def results(work: Path) -> list[dict[str, Any]]:
    """What was tried before."""
    path = work / "tried.jsonl"
    return (
        [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []
    )


def prepare(tree: Path) -> None:
    """Bring the libraries into memory; children find the copied tree before any other."""
    os.environ.update(OMP_NUM_THREADS="1", MPLBACKEND="Agg", PYTHONPATH=str(tree / "src"))
    sys.dont_write_bytecode = True
    for name in LIBRARIES:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    sys.path.insert(0, str(tree / "src"))


def attempt(tree: Path, mutant: Mutant, names: list[str]) -> tuple[str, str]:
    """Put the fault in, run the tests in a child, take the fault out."""
    path = tree / mutant.file
    text, status = path.read_bytes(), path.stat()
    new = applied(tree, mutant)
    assert new is not None
    log = tree / "mutant.log"
    try:
        path.write_bytes(new)
        child = os.fork()
        if child == 0:
            in_child(tree, names, log)
        try:
            return waited(child, log)
        except BaseException:  # a run that is stopped stops its tests
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child, signal.SIGKILL)
            raise
    finally:
        path.write_bytes(text)
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def in_child(tree: Path, names: list[str], log: Path) -> None:
    """Run the tests; never come back."""
    import pytest

    os.setpgid(0, 0)
    resource.setrlimit(resource.RLIMIT_CPU, (int(MOST_RUN), int(MOST_RUN) + 5))
    os.chdir(tree)
    with log.open("w", encoding="utf-8") as stream:
        os.dup2(stream.fileno(), 1)
        os.dup2(stream.fileno(), 2)
        options = ["-x", "-q", "--tb=line", "-p", "no:cacheprovider", "-n", "0", "--hypothesis-seed=0"]
        options += ["-m", "not slow"]
        options += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]  # pytest is in memory already
        code = 3
        try:
            code = pytest.main([*options, *names])
        except BaseException:  # whatever a fault may raise: the child ends here
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(int(code))


def waited(child: int, log: Path) -> tuple[str, str]:
    """How a child ended."""
    start = time.monotonic()
    while True:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            break
        if time.monotonic() - start > 12 * MOST_RUN:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return "no end", ""
        time.sleep(0.05)
    if os.WIFSIGNALED(status):
        return "no end", ""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    failed = [line for line in lines if line.startswith(("FAILED", "ERROR", "SUBFAILED"))]
    code = os.WEXITSTATUS(status)
    outcome = {0: "survives", 1: "killed", 2: "killed"}.get(code, f"code {code}")
    return outcome, (failed or lines[-1:] or [""])[0][:200]


def judged() -> dict[str, tuple[str, str]]:
    """What was decided on mutants that no test noticed when they were tried."""
    if not JUDGED.exists():
        return {}
    with JUDGED.open(encoding="utf-8", newline="") as stream:
        return {row["mutant"]: (row["verdict"], row["reason"]) for row in csv.DictReader(stream)}


def write(work: Path, note: str) -> None:
    """Write what came out."""
    entries, decisions = results(work), judged()
    kinds = ["killed", "survives", "no end", "unreached"]
    text = [
        "# Mutants",
        "",
        f"Written by `benchmarks/mutants.py`, seed {SEED}, {N_DRAWN} drawn for each target. *Killed*: a test "
        f"fails. *Survives*: every test that reaches the line passes, the quickest first, {MOST_TESTED:.0f} "
        f"seconds of tests. *No end*: neither after {MOST_RUN:.0f} CPU seconds. "
        "*Unreached*: no test of those that were mapped reaches the line.",
        *(["", note] if note else []),
        "",
        "| target | drawn | tried | " + " | ".join(kinds) + " |",
        "|---|---|---|" + "---|" * len(kinds),
    ]
    for target in TARGETS:
        mine = [entry for entry in entries if entry["target"] == target]
        count = Counter(entry["outcome"] for entry in mine)
        cells = [str(count[kind]) for kind in kinds]
        text.append(f"| `{target}` | {N_DRAWN} | {len(mine)} | " + " | ".join(cells) + " |")
    left = [entry for entry in entries if entry["outcome"] != "killed"]
    verdicts = Counter(decisions.get(entry["key"], ("not looked at", ""))[0] for entry in left)
    text += [
        "",
        "What became of those that survived or were not reached: "
        + "; ".join(f"{verdict}: {count}" for verdict, count in sorted(verdicts.items()))
        + ".",
        "",
        "| where | before | after | verdict | reason |",
        "|---|---|---|---|---|",
    ]
    for entry in left:
        verdict, reason = decisions.get(entry["key"], ("not looked at", ""))
        where = f"{entry['file'].removeprefix('src/detcount/')}: {entry['owner']}"
        cells = [where, f"`{short(entry['before'])}`", f"`{short(entry['after'])}`", verdict, reason]
        text.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    (RESULTS / "mutants.md").write_text("\n".join(text) + "\n", encoding="utf-8")


def short(text: str) -> str:
    """A piece of code in one line."""
    line = " ".join(text.split())
    return line if len(line) <= 90 else f"{line[:87]}..."


def main(words: list[str]) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("step", choices=["map", "run", "write", "clean"])
    parser.add_argument(
        "--work", type=Path, default=ROOT / "build" / "mutants", help="where the copy is kept"
    )
    parser.add_argument("--most", type=int, default=N_DRAWN, help="mutants of each target to try in this run")
    parser.add_argument("--target", choices=list(TARGETS))
    parser.add_argument("--seconds", type=float, default=MOST_TESTED, help="of tests for each mutant")
    parser.add_argument("--note", default="", help="a sentence on this run, for the results")
    known, rest = parser.parse_known_args(words)
    if known.step in {"map", "run"}:
        for target in [known.target] if known.target else TARGETS:
            if known.step == "map":
                make_map(known.work, target, rest)
            else:
                run(known.work, known.most, target, known.seconds)
    elif known.step == "clean":
        shutil.rmtree(known.work)
    else:
        write(known.work, known.note)


if __name__ == "__main__":
    sys.path[:] = [
        place for place in sys.path if Path(place) != Path(__file__).parent
    ]  # coverage.py is there
    main(sys.argv[1:])
