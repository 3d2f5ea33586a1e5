"""Numbers: each constant of a module is a field of the priors or the tuning of a model, with its origin."""

import ast
import functools
import gc
import importlib
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import detcount as dc
import house
import origins
from cases import tables

ROOT = Path(__file__).parents[1]
TABLES = tables("origins")
EXEMPT: dict[str, str] = TABLES["exempt"]  # pattern of module:name, and why
OPEN: dict[str, int] = TABLES["open"]  # rooms that still have constants of their own, and how many
MOVED: list[dict[str, Any]] = TABLES["moved"]
PAPERS = json.loads((house.PACKAGE / "contract" / "references.json").read_text(encoding="utf-8"))
DECLARED = {"dataclass", "specification", "checked"}
PLAIN = {0, 1, 2}


def numbers(node: ast.AST) -> list[complex]:
    """The numbers of an expression other than 0, 1 and 2."""
    return [
        each.value
        for each in ast.walk(node)
        if isinstance(each, ast.Constant)
        and type(each.value) in (int, float, complex)
        and each.value not in PLAIN
    ]


def constants(body: list[ast.stmt], owner: str = "") -> Iterator[tuple[str, int]]:
    """Names that a module or a class gives numbers, and how many.

    Defaults of public dataclasses are options, which their docstrings describe.
    """
    for node in body:
        if isinstance(node, ast.ClassDef):
            decorators = {ast.unparse(each).split("(")[0] for each in node.decorator_list}
            is_declared = bool(decorators & DECLARED) and not node.name.startswith("_")
            if node.name not in origins.HOLDERS and not is_declared:
                yield from constants(node.body, f"{node.name}.")
        elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if found := numbers(node.value):
                yield owner + ", ".join(ast.unparse(each) for each in targets), len(found)
        elif isinstance(node, ast.If | ast.Try):
            yield from constants([*node.body, *node.orelse], owner)


def room(module: str) -> str:
    """The folder or module of the package that a constant is in; of `_numerics` the folder inside."""
    parts = module.split(".")
    return ".".join(parts[: 2 if parts[0] in ("_numerics", "assessment", "simulate") else 1])


def loose() -> dict[str, dict[str, int]]:
    """Constants without an origin: by room."""
    found: dict[str, dict[str, int]] = {}
    for module, tree in house.trees().items():
        for name, n in constants(tree.body):
            where = f"{module}:{name}"
            if not any(re.fullmatch(pattern, where) for pattern in EXEMPT):
                found.setdefault(room(module), {})[where] = n
    return found


def test_constants_are_found():
    source = "A = -3\nB = (1, 4.5)\nC = np.array([7, 8])\nD = 1 << 5\nclass E:\n    F = 9\n"
    source += "@dataclass(frozen=True)\nclass G:\n    h: int = 10\nclass Tuning:\n    i: int = 11\n"
    source += "if X:\n    J = 12"
    assert dict(constants(ast.parse(source).body)) == {"A": 1, "B": 1, "C": 2, "D": 1, "E.F": 1, "J": 1}


def test_constants_have_an_origin():
    held = {name: sum(found.values()) for name, found in loose().items()}
    grown = {name: loose()[name] for name, n in held.items() if n > OPEN.get(name, 0)}
    assert grown == {}, "make them fields of Priors or Tuning, which say where they come from"
    assert sorted(OPEN.keys() - held.keys()) == [], "rooms without loose constants leave the list"


def test_every_exemption_matches_a_constant():
    names = [f"{module}:{name}" for module, tree in house.trees().items() for name, _ in constants(tree.body)]
    assert [p for p in EXEMPT if not any(re.fullmatch(p, name) for name in names)] == []


IS_COMPUTATIONAL = re.compile(r"Computational \(`test_numbers`\)")
ORIGINS = {
    "paper": re.compile(r"\((?P<surname>[^\W\d]+) (?P<year>\d{4})\)"),
    "result": re.compile(r"benchmarks/results/[\w.]*\w"),
    "data": re.compile(r"datasets/[\w.]*\w"),
    "convention": re.compile("Convention"),
    "computational": IS_COMPUTATIONAL,
}


def origin_faults(text: str) -> list[str]:
    """Where the origin of a number is missing, or does not exist."""
    found = {kind: match for kind, pattern in ORIGINS.items() if (match := pattern.search(text))}
    faults = [] if found else ["without an origin"]
    paths = [ROOT / each[0] for each in ORIGINS["result"].finditer(text)]
    paths += [house.PACKAGE / "datasets" / "data" / each[0][9:] for each in ORIGINS["data"].finditer(text)]
    faults += [f"{path.name} is not there" for path in paths if not path.is_file()]
    for each in ORIGINS["paper"].finditer(text):
        if not any(
            p["authors"].split(",")[0].split(" ")[0] == each["surname"] and str(p["year"]) == each["year"]
            for p in PAPERS.values()
        ):
            faults.append(f"{each[0]} is not in references.json")
    return faults


def test_origins_are_checked():
    assert origin_faults("Convention: a week.") == origin_faults("Their default (Si 2013).") == []
    assert origin_faults("It is so.") == ["without an origin"]
    assert origin_faults("Scored in benchmarks/results/none.md.") == ["none.md is not there"]
    assert origin_faults("A rule (Nobody 1900).") == ["(Nobody 1900) is not in references.json"]


def test_each_number_has_an_origin():
    found = {
        f"{name}.{each.name}": faults
        for name, holder in origins.holders().items()
        for each in origins.constants(holder)
        if (faults := origin_faults(each.origin))
    }
    assert found == {}


def test_stated_coverage_is_that_of_the_stored_benchmarks():
    stored = json.loads((ROOT / "benchmarks" / "results" / "limits_elsewhere.json").read_text("utf-8"))
    shares, lists = stored["composition"], stored["PartialLists"]
    assert importlib.import_module("detcount.strata.groups").LIMITS_HELD.values == {
        "share": shares["held_95"],
        "n": shares["shares"],
    }
    assert importlib.import_module("detcount.abundance.partial_lists").LIMITS_HELD.values == {
        "k": lists["held_95"],
        "n": lists["fits"],
    }


def test_stated_coverage_of_assessments_is_that_of_the_stored_figures():
    page = (ROOT / "benchmarks" / "results" / "known_truth.md").read_text("utf-8")
    more, two = page.split("Two lists: ")
    two, packages = two.split("The first 28 cases")

    def at_95(text: str, row: str, place: int) -> list[float]:
        """The figures of a column, in rows that match."""
        cells = [re.split(r" *\| *", line)[1:] for line in text.splitlines() if re.match(row, line)]
        return [float(each[place].split(" ")[0]) for each in cells]

    of_packages = at_95(packages, r"\| \w.*, (Rcapture|LCMCR|dga|MultipleSystemsEstimation) ", 4)
    assert len(of_packages) == 6
    groups = two.split("By group:")[1]
    cases, inside = (np.array(at_95(groups, r"\| \w+ \| \d", place)) for place in (1, 4))
    [alone] = re.findall(r"`Chapman\(\)` on the pairs .*: (0\.\d\d) at 95%", two)
    [own], [own_by_tables] = (at_95(more, r"\| 95% ", place) for place in (1, 2))
    [two_by_tables] = at_95(two, r"\| `Calibrated", 9)
    stated = importlib.import_module("detcount.assessment.abundance.assessing").TUNING
    assert stated.packages == (min(of_packages), max(of_packages))
    assert stated.chapman == float(alone)
    assert stated.own == (own, own_by_tables)
    assert stated.own_of_two == (round(float((inside / cases).mean()), 2), two_by_tables)


def test_stated_coverage_of_chapman_is_that_of_the_cases_that_ship():
    pairs = dc.calibration.training_cases().of_more_lists.of_two_lists
    covered = dc.calibration.evaluate(dc.abundance.Chapman(), pairs, levels=(0.95,), ranked=False).cover(0.95)
    stated = importlib.import_module("detcount.assessment.abundance.assessing").TUNING
    assert stated.chapman == round(covered, 2)


# What is only computational moves no printed number.

LISTS = ["press", "court", "families"]
WOMEN = dc.CaptureTable.from_counts(
    {"100": 40, "010": 60, "001": 35, "110": 20, "101": 12, "011": 9, "111": 6}, lists=LISTS
)
MEN = dc.CaptureTable.from_counts(
    {"100": 90, "010": 80, "001": 75, "110": 44, "101": 35, "011": 30, "111": 21}, lists=LISTS
)
PART = {"north": WOMEN, "south": dc.CaptureTable.from_counts({"10": 30, "01": 41, "11": 13}, lists=LISTS[:2])}
TIMES = dc.RepeatedCounts.from_frequencies([276, 152, 82, 40, 29, 12, 8, 3, 2, 1])
PERSONS = {
    "press": [1, 0, 1, 1, 0, 1],
    "families": [0, 1, 1, 0, 1, 1],
    "place": ["north"] * 3 + ["south"] * 3,
    "persons": [40, 30, 20, 70, 32, 30],
}


def load(name):
    return dc.datasets.load(name)


def cases():
    days = np.repeat(np.arange("2026-01-01", "2026-01-11", dtype="datetime64[D]"), 12)
    committee = np.where(np.arange(120) % 3 < 2, days + np.arange(120) % 5, np.datetime64("NaT"))
    lawyers = np.where(np.arange(120) % 4 < 2, days + np.arange(120) % 7, np.datetime64("NaT"))
    seen = ~(np.isnat(committee) & np.isnat(lawyers))
    return dc.releases.MonitoredCases.from_frame(
        {"release": days[seen], "committee": committee[seen], "lawyers": lawyers[seen]},
        monitors=["committee", "lawyers"],
        as_of="2026-01-20",
    )


def totals():
    return dc.PublishedReleases.from_frame(
        {
            "published": ["2026-01-03", "2026-01-04", "2026-01-12"],
            "start": ["2026-01-02"] * 3,
            "end": ["2026-01-03"] * 3,
            "event": ["January"] * 3,
            "source": ["ministry", "monitor", "monitor"],
            "role": ["announced", "verified", "verified"],
            "measure": ["people"] * 3,
            "count": [90, 31, 44],
        }
    )


def running():
    return dc.PublishedReleases.from_frame(
        {
            "published": ["2026-01-09", "2026-01-10", "2026-01-11", "2026-01-13"],
            "source": ["monitor"] * 4,
            "role": ["verified"] * 4,
            "start": ["2026-01-08"] * 4,
            "end": ["2026-01-09", "2026-01-10", "2026-01-11", "2026-01-13"],
            "count": [9, 16, 17, 56],
        }
    )


def held():
    system = dc.simulate.detention_system(n_days=100, seed=3)
    taken = dc.stock.snapshots(system.people, system.truth.dates[60:100:20])
    path = dc.stock.series(dc.abundance.LogLinear(), taken, n_draws=400)
    return [path.headline(), *(path.at(day).headline() for day in path.dates[::7])]


def register():
    totals = dc.datasets.load("venezuela_stock").as_of("2024-12-31")
    fitted = dc.stock.IntegratedStock(register="Foro Penal", coverage=(0.33, 0.9), n_draws=400).fit(totals)
    return [fitted.headline()]


def waves():
    rows = {
        "wave": ["December", "January"],
        "day": ["2025-12-02", "2026-01-10"],
        "source": ["monitor"] * 2,
        "list_size_before": [77, 62],
        "released_identified": [35, 24],
        "of_these_on_list": [18, 18],
    }
    found = dc.stock.CoverageFromReleases().fit(dc.stock.ReleaseWaves.from_frame(rows, scope="same"))
    return [found.sentence()]


JOBS = {
    "held": held,
    "register": register,
    "waves": waves,
    "log-linear": lambda: [
        dc.abundance.LogLinear().fit(load("kosovo")),
        dc.abundance.StepwiseLogLinear().fit(load("kosovo")),
    ],
    "selected": lambda: [
        dc.abundance.SelectedLogLinear().fit(load("ukdat_5")),
        dc.abundance.AveragedLogLinear().fit(load("kosovo")),
    ],
    "bayes": lambda: [dc.abundance.BayesAveragedLogLinear().fit(load("kosovo"))],
    "graphs": lambda: [dc.abundance.DecomposableGraphs().fit(load("ned"))],
    "calibrated": lambda: [
        dc.calibration.Calibrated().fit(load("kosovo")),
        dc.calibration.evaluate(dc.abundance.ChaoLowerBound(), dc.datasets.known_truth()[:20]).headline(),
    ],
    "classes": lambda: [dc.abundance.LatentClass(min_effective_size=100).fit(load("kosovo"))],
    "anchored": lambda: [
        dc.abundance.Anchored("families", dc.abundance.KnownShare(0.2), dc.abundance.Chapman()).fit(MEN)
    ],
    "closed": lambda: [
        dc.abundance.SampleCoverage(estimate="low-coverage").fit(MEN),
        dc.abundance.Chapman().fit(dc.datasets.load("kosovo").keep(list(load("kosovo").lists[:2]))),
        dc.abundance.ChaoLowerBound().fit(MEN),
    ],
    "composition": lambda: [dc.strata.composition({"women": WOMEN, "men": MEN}).headline()],
    "partial": lambda: [
        *map(
            str,
            dc.abundance.PartialLists(interactions=(("press", "families"),)).fit(PART).detail.strata.values(),
        )
    ],
    "robust": lambda: [
        dc.abundance.DoublyRobust(("press", "families"), ("place",), count="persons").fit(PERSONS)
    ],
    "times": lambda: [
        dc.abundance.ZeroTruncatedNegativeBinomial().fit(TIMES),
        dc.abundance.ZeroTruncatedPoisson().fit(TIMES),
    ],
    "delay": lambda: [dc.releases.VerificationDelay(monitor="committee").fit(cases()).headline()],
    "monitors": lambda: [dc.releases.MonitoredReleases().fit(cases()).headline()],
    "announced": lambda: [dc.releases.AnnouncedBatches(n_draws=400).fit(totals()).rows()],
    "totals": lambda: [dc.releases.ReleaseProcess(n_draws=400).fit(running()).rows()],
    "diagnosed": lambda: [dc.diagnose.pairwise_odds_ratios(load("kosovo")).headline()],
    "tabulated": lambda: [
        dc.CaptureTable.from_frame(
            {
                n: (np.arange(3000) % k < 2).astype(int)
                for n, k in (("a", 1), ("b", 5), ("c", 7), ("d", 4), ("e", 9))
            },
            lists=list("abcde"),
        ).counts.tolist()
    ],
    "linked": lambda: [
        dc.linkage.link(dc.linkage.read_lists(dc.simulate.name_lists(60, seed=2).frames), n_draws=100)
    ],
    "learned": lambda: [
        dc.calibration.Calibrated(training=dc.calibration.training_cases().cases[:12]).fit(load("kosovo"))
    ],
    "together": lambda: [
        str(x)
        for x in dc.fit_strata(dc.abundance.LogLinear(), {"women": WOMEN, "men": MEN}).estimates.values()
    ],
    "strata": lambda: [
        str(x)
        for x in dc.fit_strata(
            dc.abundance.DecomposableGraphs(), {"women": WOMEN, "men": MEN}
        ).estimates.values()
    ],
}


def computational() -> dict[str, set[str]]:
    """The fields of each tuning that are said to move no printed number."""
    said = {
        name: {each.name for each in origins.constants(holder) if IS_COMPUTATIONAL.search(each.origin)}
        for name, holder in origins.holders().items()
    }
    return {name: names for name, names in said.items() if names}


def test_every_computational_number_is_moved():
    moved: dict[str, set[str]] = {}
    for case in MOVED:
        moved.setdefault(case["numbers"], set()).update(case["to"])
    assert moved == computational()


def caches() -> list[Any]:
    """What remembers answers in the modules that are loaded, and in their classes."""
    modules = [module for name, module in [*sys.modules.items()] if name.split(".")[0] == "detcount"]
    values = [value for module in modules for value in vars(module).values()]
    values += [value for each in values if isinstance(each, type) for value in vars(each).values()]
    return [each for each in values if isinstance(each, functools._lru_cache_wrapper)]


def printed(job: str) -> str:
    """What a job prints, nothing remembered of those before."""
    for each in caches():
        each.cache_clear()
    return "\n".join(map(str, JOBS[job]()))


@functools.cache
def printed_as_it_is(job: str) -> str:
    """What a job prints while nothing is moved; several models are parts of one job."""
    return printed(job)


def test_every_cache_is_found():
    gc.unfreeze()  # what was there when the source was read is looked through as well
    kept = [each for each in gc.get_objects() if isinstance(each, functools._lru_cache_wrapper)]
    kept = [each for each in kept if str(each.__module__).split(".")[0] == "detcount"]
    assert len(kept) > 20
    assert {*map(id, kept)} <= {*map(id, caches())}


LONGER = ("_numerics.scales.Tuning", "_numerics.selection.tuning.Tuning", "_numerics.anchored.Tuning")


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(each, id=each["numbers"], marks=[pytest.mark.slow] * (each["numbers"] in LONGER))
        for each in MOVED
    ],
)
def test_no_printed_number_moves(case: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    before = printed_as_it_is(case["job"])
    module, _, kind = case["numbers"].rpartition(".")
    holder = getattr(importlib.import_module(f"detcount.{module}"), kind.upper())
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in case["to"].items()}
    for each in [*sys.modules.values()]:
        if getattr(each, kind.upper(), None) is holder:
            monkeypatch.setattr(each, kind.upper(), replace(holder, **values))
    assert printed(case["job"]) == before
