"""An attack on the public report of several jobs: does it part data that the pages of the jobs leave alike?

Persons on three lists, with days. Companions are data of which small counts of histories differ, as
`privacy.companions` has them, beside the same people held. The reader has the joint page, and those
of the jobs.
"""

import json
import re
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import numpy as np
import pandas as pd
import pytest

from detcount import CaptureTable, PersonLists, PublishedStock, assess_stock
from detcount.assessment import report
from detcount.assessment.joint.remarks import remarks_of
from detcount.privacy import companions
from detcount.quality import AuditAnswers
from detcount.reports.render.markdown import markdown
from folders import write_folder

LISTS = ("prensa", "familias", "ong")
SHARED = {"110": 331, "011": 322, "101": 317}
_N_LEFT = 3
ALONE = {"100": 483, "010": 371, "001": 264}


@dataclass(frozen=True)
class World:
    """Persons by capture history; some with one of them left before the last day."""

    counts: tuple[tuple[str, int], ...]

    @property
    def table(self):
        return CaptureTable.from_counts(dict(self.counts), lists=list(LISTS))

    @property
    def people(self):
        rows, person = [], 0
        for history, count in self.counts:
            for k in range(count):
                left = "2025-02-10" if history == "100" and k < _N_LEFT else None
                person += 1
                for name, mark in zip(LISTS, history, strict=True):
                    if mark == "1":
                        rows.append((f"p{person}", name, "2024-11-05", left))
        names = ("id", "list", "entered", "left")
        frame = {name: [row[k] for row in rows] for k, name in enumerate(names)}
        return PersonLists.from_frame(frame, person="id", list="list", entered="entered", left="left")


def worlds():
    """Data with small counts, a companion beside each."""
    for n_all in (1, 3):
        table = CaptureTable.from_counts({**SHARED, **ALONE, "111": n_all}, lists=list(LISTS))
        others = companions(table)
        assert len(others) > 1
        for other in others:
            counts = {
                "".join(map(str, history)): int(count)
                for history, count in zip(other.histories.tolist(), other.counts, strict=True)
                if count
            }
            yield World(tuple(sorted(counts.items())))


WORLDS = tuple(worlds())


@cache
def held():
    return assess_stock(people=WORLDS[0].people)


def checked():
    return AuditAnswers.from_frame(
        {"belongs": ["yes"] * 28 + ["no"] * 2, "list": ["ong"] * 30, "drawn_from": [900] * 30}
    )


@cache
def made(of):
    return replace(
        report({"lists": of.table}, families=("averaged", "calibrated")), stock=held(), audit=checked()
    )


def text(document):
    return markdown(document, "en") + markdown(document, "es")


def pages(of):
    result = made(of)
    return text(result.lists.public().document()), text(result.stock.public().document())


def joint(of):
    result = made(of)
    words = [text(result.document()), str(result.rows()), str(result.headline()), str(result.sentence())]
    remarks = [each.words.translated(lang) for each in remarks_of(result.public()) for lang in ("en", "es")]
    return "\n".join([*words, *remarks, repr(result)])


@pytest.mark.slow
def test_the_joint_page_parts_no_data_that_the_pages_of_the_jobs_leave_alike():
    of_jobs = {}
    for each in WORLDS:
        of_jobs.setdefault(pages(each), set()).add(joint(each))
    assert len(of_jobs) < len(WORLDS), "every companion has pages of its own, so that nothing is tested"
    assert all(len(found) == 1 for found in of_jobs.values())
    assert len({joint(each) for each in WORLDS}) == len(of_jobs)
    assert len({pages(each)[0] for each in WORLDS}) == 2 < len({each.counts for each in WORLDS}) == 4
    # the full report parts them all: there is something to hide
    assert len({text(made(each).full().document()) for each in WORLDS}) == len(WORLDS)


NUMBER = re.compile(r"\d(?:[\d,\u00a0\u202f]*\d)?")


@pytest.mark.slow
def test_the_joint_page_has_no_number_that_the_jobs_do_not_print():
    level = {"95", "100"}  # of the limits of the front page; entries of the audit that it advises
    for each in WORLDS[:2]:
        printed = set(NUMBER.findall("".join(pages(each))))
        found = set(NUMBER.findall(text(replace(made(each), audit=None).document())))
        assert len(found) > 20
        assert found - printed <= level


def test_the_picture_of_linked_people_draws_the_limits_of_one_day_and_what_was_published():
    rows = {"date": ["2025-01-12", "2025-02-09"], "source": "Foro", "role": "verified", "count": [611, 587]}
    totals = PublishedStock.from_frame(pd.DataFrame(rows))
    stock = replace(assess_stock(people=WORLDS[0].people, stock=totals), linked=True)
    result = replace(made(WORLDS[0]), stock=stock)
    pages = (each.document().blocks for each in (result.full(), result.public()))
    full, public = (next(block for block in page if hasattr(block, "draw")) for page in pages)
    assert len(full.draw.keywords["fan"].dates) > 1
    fan, row = public.draw.keywords["fan"], result.public().stock.recommended
    ((low, high),) = fan.bands
    assert (fan.dates, low.tolist(), high.tolist()) == ((row.day,), [row.low], [row.high])
    assert fan.median is None or fan.median.tolist() == [row.median]
    assert not fan.floor.any()
    assert [each.counts for each in public.draw.keywords["totals"]] == [(611, 587)]


def written(place):
    """A small folder of names."""
    write_folder(place, "no days", n_days=120, size=0.8)
    (place / "detcount.toml").write_text('[read]\nfamilies = ["averaged", "calibrated"]\n')
    return place


@cache
def whole():
    return report(written(Path(mkdtemp())))


PARTS = ("Primer nombre", "Segundo nombre", "Primer apellido", "Segundo apellido")
ANOTHER = {
    "comité": dict(zip(PARTS, ("Wuinston", "", "Zutanez", "Quispe"), strict=True)),
    "foro penal": {"Nombre y apellido": "Wuinston Zutanez Quispe"},
    "gobierno": {"Nombre y apellido": "ZUTANEZ QUISPE, WUINSTON"},
}


@pytest.mark.slow
@pytest.mark.parametrize("another", [False, True], ids=["nobody", "another"])
def test_a_folder_of_names_with_one_person_less_or_another_in_the_place_tells_nobody_apart(another, tmp_path):
    """Public pages and records of both, with all that is folded and drawn, are the same to the letter."""
    links, place = whole().lists.linkage, written(tmp_path)
    (person, *_) = np.flatnonzero(np.bincount(links.person) == (3 if another else 1))
    for k in np.flatnonzero(links.person == person):
        file, row = place / f"{links.lists[links.list_of[k]]}.csv", links.row[k] - 1
        frame = pd.read_csv(file, dtype=str)
        for column, cell in (ANOTHER[file.stem] | {"Cédula": "V-31.234.567"}).items():
            frame.loc[row, column] = cell
        (frame if another else frame.drop(index=row)).to_csv(file, index=False)
    found = report(place)
    assert found.lists.table.n_observed == whole().lists.table.n_observed - (not another)
    assert whole().lists.verdict == "estimate"
    one, other = (
        each.to_html() + each.to_html(lang="es") + json.dumps(each.record()) for each in (found, whole())
    )
    assert one == other
    assert another or found.full().to_markdown() != whole().full().to_markdown()
