"""The way of a number to paper: front door, what is public, document, renderer, each once, never back."""

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
        *(r"assessment\.\w+\.assessing", r"assessment\.\w+\.result"),
        *(r"assessment\.common\.result", r"reports\.printed"),
    ),
    "public": (r"assessment\.\w+\.public",),
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


def calls(work):
    """Each call of the package while something is done: the file it comes from, its own, its function."""
    made, ours = [], {str(path) for path in PACKAGE.rglob("*.py")}

    def note(frame, event, _):
        if event == "call" and frame.f_code.co_filename in ours:
            before = frame.f_back
            while before is not None and before.f_code.co_filename not in ours:
                before = before.f_back
            made.append(
                (before and before.f_code.co_filename, frame.f_code.co_filename, frame.f_code.co_name)
            )

    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(None)
    return made


def way(work):
    """The roles that calls enter while something is done, each run of one role once."""
    made = calls(work)
    known = {file: role(module_name(Path(file))) for _, file, _ in made}
    # a property or a comprehension reads what is there, a phrase is a word: other functions are steps
    steps = [known[file] for _, file, name in made if not re.fullmatch(r"<.*|__.*|known_as|\w+_words", name)]
    return [name for name, _ in groupby(step for step in steps if step)]


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
    # published counts are public as they stand
    assert tuple(steps(entered)) == tuple(step for step in RUN if make is lists or step != "public")
    # the door is where the page comes back to, to be written
    assert back(entered) <= {
        ("public", "front door"),
        ("document", "front door"),
        ("renderer", "front door"),
    }
    assert entered.index("renderer") > max(k for k, name in enumerate(entered) if name in RUN[1:3])


@pytest.mark.slow
def test_a_report_walks_few_files():
    table = dc.datasets.load("kosovo")
    dc.assess(table).to_html()  # what is imported once is no part of the walk
    assert 60 < len({file for _, file, _ in calls(lambda: dc.assess(table).to_html())}) <= 92
    made = calls(releases().document)
    moves = {(before, file) for before, file, _ in made if before not in (None, file)}
    assert 15 < len(moves) <= 49  # thirteen of them make the answers that open the page


def test_a_way_back_is_seen():
    assert back(["front door", "document", "public", "document", "renderer"]) == {("document", "public")}
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
