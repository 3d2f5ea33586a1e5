"""The way of a number to paper: front door, content, document, renderer, each once, and never back."""

import re
import sys
from itertools import groupby
from pathlib import Path

import pytest

import detcount as dc
from cases import capture_table
from house import PACKAGE, module_name

# What a module is on the way; modules that are on no way, as words and numbers are, have no role.
ROLES = {
    "front door": (
        *(r"assessment\.\w+\.(front|assessing)", r"assessment\.\w+\.result"),
        *(r"assessment\.common\.result", r"reports\.printed"),
    ),
    "content": (r"assessment\.\w+\.(filling|build_content)", r"assessment\.\w+\.public"),
    "document": tuple(
        rf"assessment\.\w+\.{name}" for name in ("document", "robustness", "sentences", "remarks")
    ),
    "renderer": (r"reports\.render\..*", r"reports\.canvas", r"assessment\.\w+\.figures?(\..*)?"),
}
RUN = tuple(ROLES)


def role(module):
    return next(
        (name for name in ROLES if any(re.fullmatch(pattern, module) for pattern in ROLES[name])), None
    )


def watched(work, note):
    """Do something, with a look at each call."""
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(None)


def way(work):
    """The roles that calls enter while something is done, each run of one role once."""
    entered = []
    known = {}

    def note(frame, event, _):
        if event != "call":
            return
        name = frame.f_code.co_filename
        if name not in known:
            path = Path(name)
            known[name] = role(module_name(path)) if path.is_relative_to(PACKAGE) else None
        # a property or a comprehension reads what is there, a phrase is a word: other functions are steps
        if known[name] is not None and not re.fullmatch(r"<.*|__.*|known_as|\w+_words", frame.f_code.co_name):
            entered.append(known[name])

    watched(work, note)
    return [name for name, _ in groupby(entered)]


def moves(work):
    """Pairs of files of which one calls the other while something is done, whatever lies between them."""
    found, ours = set(), {str(path) for path in PACKAGE.rglob("*.py")}

    def note(frame, event, _):
        names = []
        while event == "call" and frame is not None and len(names) < 2:
            names += {frame.f_code.co_filename} & ours
            frame = frame.f_back if names else None
        found.add(tuple(names))

    watched(work, note)
    return {pair for pair in found if len({*pair}) == 2}


def steps(entered):
    """The furthest step reached so far, where it is a new one."""
    order = [RUN.index(name) for name in entered]
    furthest = [max(order[: k + 1]) for k in range(len(order))]
    return [RUN[step] for step, _ in groupby(furthest)]


def back(entered):
    """Steps from a later room into an earlier one, which starts its work again."""
    order = [RUN.index(name) for name in entered]
    return {(a, b) for a, b, x, y in zip(entered, entered[1:], order, order[1:], strict=False) if y < x}


def lists():
    return dc.assess(capture_table("two lists"), families=["chapman", "calibrated"])


def releases():
    reports = dc.datasets.load("venezuela_releases")
    return dc.assess_releases(reports, as_of="2024-12-31")


@pytest.mark.parametrize("make", [lists, pytest.param(releases, marks=pytest.mark.slow)])
@pytest.mark.parametrize("lang", [pytest.param("en", marks=pytest.mark.slow), "es"])
def test_each_step_is_taken_once(make, lang):
    result = make()
    entered = way(lambda: result.to_html(lang=lang))
    # what is published is content as it stands: the result of releases makes its rows itself
    assert tuple(steps(entered)) == tuple(step for step in RUN if make is lists or step != "content")
    # the door is where the page comes back to, to be written
    assert back(entered) <= {
        ("content", "front door"),
        ("document", "front door"),
        ("renderer", "front door"),
    }
    assert entered.index("renderer") > max(k for k, name in enumerate(entered) if name in RUN[1:3])


@pytest.mark.slow
def test_a_report_walks_few_files():
    table = dc.datasets.load("kosovo")
    dc.assess(table).to_html()  # what is imported once is no part of the walk
    walked = moves(lambda: dc.assess(table).to_html())
    assert 60 < len({file for pair in walked for file in pair}) <= 90
    assert 15 < len(moves(releases().content)) <= 30


def test_a_way_back_is_seen():
    assert back(["front door", "document", "content", "document", "renderer"]) == {("document", "content")}
    assert role("assessment.stock.document") == "document"
    assert role("reports.render.docx") == "renderer"
    assert role("words.message") is None


def test_every_room_of_the_way_is_there():
    modules = {module_name(path) for path in PACKAGE.rglob("*.py")}
    patterns = [pattern for room in ROLES.values() for pattern in room]
    assert [each for each in patterns if not any(re.fullmatch(each, name) for name in modules)] == []


def test_the_page_for_newcomers_names_what_is_there():
    page = (PACKAGE / "README.md").read_text(encoding="utf-8")
    paths = re.findall(r"`([\w/]+(?:\.py|\.json|/))`", page)
    homes = (PACKAGE, PACKAGE / "assessment" / "abundance")
    assert len(paths) > 40
    assert [path for path in paths if not any((home / path).exists() for home in homes)] == []
