"""The benchmark of members of lists: odds ratios person by person, worlds whose steps are known, its page."""

import itertools
import math
from pathlib import Path

import numpy as np
import pytest

from detcount import CaptureTable
from scripts import loaded

ROOT = Path(__file__).parents[2]
SAME = 1e-9  # the same sums in another order
TABLE = CaptureTable.from_counts(
    {
        "1111": 31, "1110": 23, "1101": 19, "1011": 17, "0111": 29, "1100": 41, "1010": 13, "1001": 37,
        "0110": 11, "0101": 43, "0011": 7, "1000": 61, "0100": 53, "0010": 47, "0001": 59,
    },
    lists=["a", "b", "c", "d"],
)  # fmt: skip


@pytest.fixture(scope="module")
def benchmark():
    return loaded("benchmarks/members_of_lists.py")


def people():
    return [
        tuple(history)
        for history, count in zip(TABLE.histories.tolist(), TABLE.counts.tolist(), strict=True)
        for _ in range(count)
    ]


def by_hand(x, y, members):
    """Log odds ratio of two lists among persons, half a person in every cell."""
    cells = dict.fromkeys(itertools.product((0, 1), repeat=2), 0.5)
    for person in members:
        cells[person[x], person[y]] += 1
    return math.log(cells[1, 1] * cells[0, 0] / (cells[1, 0] * cells[0, 1]))


def test_steps_person_by_person(benchmark):
    everybody = people()
    first, second = [], []
    for x, y in itertools.combinations(range(4), 2):
        a, b = (k for k in range(4) if k not in (x, y))
        both = by_hand(x, y, [p for p in everybody if p[a] and p[b]])
        one = np.mean([by_hand(x, y, [p for p in everybody if p[k]]) for k in (a, b)])
        either = by_hand(x, y, [p for p in everybody if p[a] or p[b]])
        first.append(one - both)
        second.append(either - one)
    chosen = benchmark.combinations(TABLE)
    assert len(chosen) == 6
    found = benchmark.averages(TABLE, chosen, TABLE.counts)
    assert found[0] == pytest.approx(np.mean(first), rel=SAME)
    assert found[1] == pytest.approx(np.mean(second), rel=SAME)


def test_a_combination_needs_people_and_not_an_overlap(benchmark):
    """Expected on both lists among members of a and b: 54 on c, 50 on d, of 114, which is 23.7."""
    on_both = [p for p in people() if p[0] and p[1]]
    expected = sum(p[2] for p in on_both) * sum(p[3] for p in on_both) / len(on_both)
    assert (2, 3, 0, 1) in benchmark.combinations(TABLE, least=expected - 0.01)
    assert (2, 3, 0, 1) not in benchmark.combinations(TABLE, least=expected + 0.01)


def test_the_page_has_the_figures_of_the_results(benchmark):
    """What the page says in words is in its table, and the table is the one that was computed."""
    page = (ROOT / "docs" / "members_of_lists.md").read_text(encoding="utf-8")
    results = benchmark.RESULTS.read_text(encoding="utf-8")
    figures = page.split(benchmark.BEGIN)[1].split(benchmark.END)[0].strip()
    assert figures in results
    row = next(line for line in figures.splitlines() if line.startswith("| `kosovo`"))
    kosovo = benchmark.steps("kosovo")
    assert row == (
        f"| `kosovo` | {kosovo.n_combinations} | {kosovo.first:+.2f} ± {kosovo.first_error:.2f} | "
        f"{kosovo.second:+.2f} ± {kosovo.second_error:.2f} |"
    )
    assert "+0.04 on the log scale" in page
    assert "**+0.04 ± " in figures
