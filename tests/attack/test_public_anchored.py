"""Attacks on public pages of lists with a random sample: small counts of the lists and of clusters."""

import numpy as np
import pandas as pd
import pytest

import detcount as dc
from attack import pages as reader
from detcount.abundance import Anchored, ClustersAtRandom, KnownShare, PersonsAtRandom
from detcount.privacy import companions

FEW = ("chao", "chapman", "calibrated")
SMALL = reader.SMALL


def pages(table, anchor):
    return reader.pages_of(dc.assess(table, families=FEW, anchor=anchor))


def turned(table, anchor):
    """Tables and designs that an attacker tries: every small count of either the other one."""
    for other in companions(table):
        design = anchor.design
        if not isinstance(design, ClustersAtRandom):
            yield other, anchor
            continue
        unlisted = np.array([row[2] for row in design.visited])
        for each in (unlisted, np.where((unlisted > 0) & (unlisted < 5), 5 - unlisted, unlisted)):
            each = each.copy()
            place = max(np.flatnonzero(each > 4), key=lambda k: design.visited[k][1])
            each[place] += other.exclusives["visit"] - each.sum()
            rows = tuple((*row[:2], int(n)) for row, n in zip(design.visited, each, strict=True))
            yield other, Anchored("visit", ClustersAtRandom(rows, design.frame))


def invented(seed):
    random = np.random.default_rng(seed)
    found = random.choice([0, 1, 2, 3, 4, 9, 14], 5)
    found[0] = random.integers(20, 60)
    counts = {
        "100": 90,
        "010": 71,
        "110": 33,
        "101": 11,
        "011": int(random.integers(1, 5)),
        "001": found.sum(),
    }
    table = dc.CaptureTable.from_counts(counts, lists=("press", "families", "visit"))
    inmates = np.array([150, 40, 60, 35, 80])
    return table, dc.abundance.ClustersAtRandom.from_frame(
        {"inmates": inmates, "unlisted": found}, clusters=30, inmates=2400
    )


@pytest.mark.parametrize("seed", [0, *(pytest.param(k, marks=pytest.mark.slow) for k in (1, 2))])
def test_small_counts_of_lists_and_of_clusters_have_another_value_on_the_same_page(seed):
    table, design = invented(seed)
    anchor = Anchored("visit", design)
    tried = [*turned(table, anchor)]
    seen = [pages(*each) for each in tried]
    assert all(page == seen[0] for page in seen)
    assert "random sample" in seen[0]["markdown en"]
    for k, (_, _, unlisted) in enumerate(design.visited):
        if unlisted in SMALL:
            assert len({each.design.visited[k][2] for _, each in tried}) == 2
    hidden = {int(each.counts[np.argmax(table.counts == table.counts.min())]) for each, _ in tried}
    assert len(hidden) == 2


@pytest.mark.parametrize("design", [PersonsAtRandom(drawn=40, roll=900), KnownShare(0.07)])
def test_few_whom_a_sample_found_have_another_number_on_the_same_page(design):
    counts = {"100": 90, "010": 71, "110": 33, "101": 11, "011": 9, "001": 3}
    table = dc.CaptureTable.from_counts(counts, lists=("press", "families", "visit"))
    anchor = Anchored("visit", design)
    seen = [pages(other, anchor) for other, _ in turned(table, anchor)]
    assert len(seen) == 2
    assert seen[0] == seen[1]


def test_a_design_that_excludes_the_companion_leaves_the_floor():
    counts = {"100": 90, "010": 71, "110": 33, "101": 11, "011": 9, "001": 3}
    table = dc.CaptureTable.from_counts(counts, lists=("press", "families", "visit"))
    found = dc.assess(table, families=FEW, anchor=Anchored("visit", PersonsAtRandom(drawn=23, roll=900)))
    assert found.recommended_family == "anchored"
    assert found.public().families == ()
    assert found.public().verdict == "floor only"


@pytest.mark.parametrize("seed", range(2))
def test_the_joint_page_of_a_folder_with_a_sample_shows_no_small_count(seed, tmp_path):
    table, design = invented(seed)
    seen = []
    for k, (other, anchor) in enumerate(turned(table, Anchored("visit", design))):
        place = tmp_path / str(k)
        place.mkdir()
        other.to_frame().to_csv(place / "people.csv", index=False)
        rows = {
            name: [row[at] for row in anchor.design.visited] for at, name in ((1, "inmates"), (2, "unlisted"))
        }
        pd.DataFrame({"prison": list("ABCDE"), **rows, "drawn_from": 30}).to_csv(
            place / "visits.csv", index=False
        )
        (place / "detcount.toml").write_text(
            '[read]\nfamilies = ["chao", "calibrated"]\n[sample]\nlist = "visit"\nchosen = "lot"\n'
            'design = "visits.csv"\ninmates = 2400\n'
        )
        made = dc.report(place)
        assert made.lists.recommended_family == "anchored"
        seen.append((reader.pages_of(made), made.full().to_markdown()))
    assert len({full for _, full in seen}) == len(seen) > 2
    assert all(page == seen[0][0] for page, _ in seen)
    assert "a random sample" in seen[0][0]["markdown en"]
