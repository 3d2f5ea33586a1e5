"""`PartialLists` against another library, and against what its paper proves, on published tables.

The worked example of Zwane, van der Pal and van der Heijden (2004), neural tube defects on five registers
of which some began late, could not be had: its table stands in no public source that we can read. Nor do
those of Sutherland (2003) or of Zult, van der Heijden and Bakker (2024, homeless people, a register that
comes late), and no R package ships such data (looked for twice in November 2026). In its place stand
their theorem on lists that depend on no other, the closed form of two periods of which one lacks a list, and
the Poisson regression of statsmodels where every list operates.
"""

import numpy as np
import pytest
import statsmodels.api as sm

from detcount import CaptureTable, abundance, datasets

SAME = 1e-6  # of two maxima, each found to seven digits or more
YEARS = tuple(f"oud_massachusetts_{year}" for year in range(2011, 2016))
KEPT = 4  # lists of the six or seven of a year, those that name most


@pytest.fixture(scope="module")
def years() -> dict[str, CaptureTable]:
    loaded = {name: datasets.load(name) for name in YEARS}
    common = [name for name in loaded[YEARS[0]].lists if all(name in each.lists for each in loaded.values())]
    sizes = {name: min(each.list_sizes[name] for each in loaded.values()) for name in common}
    largest = sorted(common, key=lambda name: -sizes[name])[:KEPT]
    tables = {name: each.keep(largest) for name, each in loaded.items()}
    return {name: CaptureTable(each.lists, each.histories, each.counts) for name, each in tables.items()}


def test_where_all_operate_it_is_the_regression_of_statsmodels(years):
    lists = years[YEARS[0]].lists
    pair = (lists[0], lists[2])
    rows, counts = [], []
    codes = np.arange(1, 1 << len(lists))
    on = codes[:, None] >> np.arange(len(lists)) & 1
    for s, each in enumerate(years.values()):
        dense = dict(zip(map(tuple, each.histories.tolist()), each.counts.tolist(), strict=True))
        year = np.zeros((len(codes), len(years)))
        year[:, s] = 1
        reach = np.concatenate([on * (s == other) for other in range(len(years))], axis=1)
        rows.append(np.concatenate([year, reach, on[:, [0]] * on[:, [2]]], axis=1))
        counts += [dense.get(tuple(row), 0) for row in on.tolist()]
    theirs = sm.GLM(np.array(counts), np.concatenate(rows), family=sm.families.Poisson()).fit(tol=1e-12)
    ours = abundance.PartialLists(interactions=(pair,)).fit(years)
    unseen = np.exp(theirs.params[: len(years)])
    assert ours.point == pytest.approx(sum(counts) + unseen.sum(), rel=SAME)
    slopes = np.zeros(len(theirs.params))
    slopes[: len(years)] = unseen
    variance = unseen.sum() + slopes @ theirs.cov_params() @ slopes
    assert ours.standard_error == pytest.approx(variance**0.5, rel=1e-4)
    assert ours.detail.deviance == pytest.approx(theirs.deviance, rel=SAME)
    assert ours.detail.coefficients[":".join(pair)] == pytest.approx(theirs.params[-1], abs=SAME)


def test_two_periods_of_which_one_lacks_a_list_have_a_closed_form(years):
    """[12][3] before (Bishop, Fienberg and Holland 1975); now 1 and 2 alone, with that odds ratio."""
    before, later = (years[name].keep(years[name].lists[:3]) for name in YEARS[3:])
    cells = dict(zip(map(tuple, before.histories.tolist()), before.counts.tolist(), strict=True))
    on_third = [n for history, n in cells.items() if history[2] and any(history[:2])]
    not_on_third = [n for history, n in cells.items() if not history[2]]
    neither = cells[0, 0, 1] * (1 + sum(not_on_third) / sum(on_third))
    both, first, second = (cells[*pair, 0] + cells[*pair, 1] for pair in ((1, 1), (1, 0), (0, 1)))
    now = later.keep(before.lists[:2])
    n12 = now.overlap(*now.lists)
    n1, n2 = (now.list_sizes[name] - n12 for name in now.lists)
    spec = abundance.PartialLists(interactions=(before.lists[:2],))
    found = spec.fit({"before": before, "now": now}).detail.strata
    unseen = cells[0, 0, 1] * sum(not_on_third) / sum(on_third)
    assert found["before"].point == pytest.approx(before.n_observed + unseen, rel=SAME)
    odds_ratio = both * neither / (first * second)
    assert found["now"].point == pytest.approx(n1 + n2 + n12 + odds_ratio * n1 * n2 / n12, rel=SAME)


def test_a_list_that_depends_on_no_other_changes_nothing_where_it_is_absent(years):
    partial = {name: each.drop("APCD") if name in YEARS[:2] else each for name, each in years.items()}
    independent = abundance.PartialLists().fit(partial)
    for name in YEARS:
        single = abundance.LogLinear().fit(partial[name])
        assert independent.detail.strata[name].point == pytest.approx(single.point, rel=SAME)
