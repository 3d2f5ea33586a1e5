"""`StockBalance`: late entries, bounds against linear programs, and what is refused."""

import itertools
import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from detcount import PublishedArrests, PublishedReleases, datasets, stock
from detcount._numerics.stock.balance import lower_bound, most_between
from detcount.errors import InputError, NotEstimableError
from register_totals import running, totals


@pytest.fixture(scope="module")
def shipped():
    return tuple(datasets.load(f"venezuela_{name}") for name in ("stock", "arrests", "releases"))


WEEKS = ["2024-01-01", "2024-01-08", "2024-01-15", "2024-01-22"]


def test_late_entries_put_people_inside_before(shipped):
    held, arrests, _ = shipped
    path = stock.StockBalance().fit(held, arrests=arrests)
    assert any(
        "With the 806 on the register on 5 January 2026 they put 928 inside just before" in note
        for note in path.notes
    )
    assert path.at("2026-01-07").bounds == (122, math.inf)
    assert path.at("2026-01-06").bounds == (0, math.inf)


def test_what_does_not_balance_falls_or_stands_twice_is_told(shipped):
    held = totals(WEEKS, [100, 110, 90, 95], entered=[None, 9, 2, 8], struck=[None, 5, 16, 3])
    notes = " ".join(stock.StockBalance().fit(held).notes)
    assert "In 2 of the 3 bulletins" in notes
    assert "the largest gap is 6 persons" in notes
    fell = stock.StockBalance().fit(held, arrests=running(WEEKS, [300, 330, 320, 360])).notes
    assert any("fell from 330 to 320 between 8 January 2024 and 15 January 2024" in note for note in fell)
    twice = stock.StockBalance().fit(totals([*WEEKS, WEEKS[-1]], [100, 104, 90, 95, 97])).notes
    assert any("95 and 97" in note for note in twice)
    months = totals(["2024-01-01", "2024-02-29", "2024-05-01"], [100, 104, 90])
    assert any(
        "2 times the register prints no total" in note for note in stock.StockBalance().fit(months).notes
    )
    # the flows of 8 September 2025 explain 823, and not 816
    whole = stock.StockBalance(register="Foro Penal").fit(shipped[0]).notes
    assert not any("Several figures" in note for note in whole)


def solved(least, most_entered, days, day, within_out):
    """Least held on a day, by a linear program over entries, exits and those free.

    K_u = K_{u-1} + e_u - x_u; S = K - B; B <= K, B <= x of the days to come.
    """
    n = int(days[-1] - days[0])
    at = day - int(days[0])
    # variables: K_0, e_1..e_n, x_1..x_n, B
    size = 1 + 2 * n + 1
    cells = np.cumsum(np.eye(n), axis=0)

    def total(u):
        row = np.zeros(size)
        row[0] = 1
        row[1 : 1 + n], row[1 + n : 1 + 2 * n] = cells[u - 1] if u else 0, -cells[u - 1] if u else 0
        return row

    equal = [total(int(d - days[0])) for d in days]
    upper, limits = [-total(u) for u in range(n + 1)], [0.0] * (n + 1)
    for k in range(len(days) - 1):
        if math.isfinite(most_entered[k]):
            row = np.zeros(size)
            row[1 + int(days[k] - days[0]) : 1 + int(days[k + 1] - days[0])] = 1
            upper.append(row)
            limits.append(most_entered[k])
    row = -total(at)
    row[-1] = 1
    upper.append(row)
    limits.append(0.0)
    row = np.zeros(size)
    row[-1] = 1
    row[1 + n + at : 1 + n + min(at + within_out, n)] = -1
    upper.append(row)
    limits.append(0.0 if at + within_out <= n else 1e9)  # beyond the last day nothing limits who is removed
    goal = total(at)
    goal[-1] = -1
    asked = {
        "A_ub": np.array(upper),
        "b_ub": limits,
        "A_eq": np.array(equal),
        "b_eq": least,
        "bounds": (0, None),
    }
    return linprog(goal, **asked).fun


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_the_bound_is_that_of_a_linear_program(data):
    n = data.draw(st.integers(2, 4))
    steps = data.draw(st.lists(st.integers(1, 4), min_size=n - 1, max_size=n - 1))
    days = np.concatenate([[0], np.cumsum(steps)]) + 100
    totals = np.array(data.draw(st.lists(st.integers(0, 30), min_size=n, max_size=n)))
    extra = data.draw(
        st.lists(st.one_of(st.integers(0, 9), st.just(math.inf)), min_size=n - 1, max_size=n - 1)
    )
    most = np.maximum(np.diff(totals), 0) + np.array(extra, dtype=float)
    out = data.draw(st.integers(0, 6))
    between = most_between(most, (), 0)
    low = lower_bound(totals, between, days, out)
    for day in range(int(days[0]), int(days[-1]) + 1):
        assert low[day - 100] == pytest.approx(solved(totals, most, days, day, out), abs=1e-6)
    assert not lower_bound(totals, between, days, None).any()


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_the_most_entries_are_those_of_a_linear_program(data):
    n = data.draw(st.integers(1, 6))
    alone = np.array(
        data.draw(st.lists(st.one_of(st.integers(0, 9), st.just(math.inf)), min_size=n, max_size=n))
    )
    cuts = sorted(data.draw(st.sets(st.integers(0, n), min_size=0, max_size=4)))
    growth = [(a, b, data.draw(st.integers(0, 9))) for a, b in itertools.pairwise(cuts)]
    backlog = data.draw(st.integers(0, 5))
    found = most_between(alone.astype(float), growth, backlog)
    for first, last in itertools.combinations(range(n + 1), 2):
        # entries of each span, and the backlog at each cut, from 0 to the most
        places = {cut: n + k for k, cut in enumerate(cuts)}
        equal, right = [], []
        for begin, until, grown in growth:
            row = np.zeros(n + len(cuts))
            row[begin:until], row[places[begin]], row[places[until]] = 1, 1, -1
            equal.append(row)
            right.append(grown)
        goal = np.zeros(n + len(cuts))
        goal[first:last] = -1
        limits = [(0, None if math.isinf(each) else each) for each in alone] + [(0, backlog)] * len(cuts)
        asked = {"A_eq": np.array(equal), "b_eq": right} if equal else {}
        result = linprog(goal, bounds=limits, **asked)
        if result.status == 2:  # what is printed and the running total cannot both be
            return
        wanted = math.inf if result.status == 3 else -result.fun
        assert found[first, last] == pytest.approx(wanted, abs=1e-6) or found[first, last] >= wanted
        if np.isinf(alone).all():
            assert found[first, last] == pytest.approx(wanted, abs=1e-6)


def test_floors_and_releases_that_the_register_counted_bound_too():
    held = totals(WEEKS, [100, 104, 90, 95], entered=[None, 9, 2, 8], struck=[None, 5, 16, 3])
    spec = stock.StockBalance(removed_within=7)
    path = spec.fit(held, floor={"2024-01-08": 103, "2030-01-01": 5000})
    assert path.at("2024-01-08").bounds == (103, math.inf)
    assert path.at("2024-01-01").bounds == (95, math.inf)
    assert path.at("2024-01-22").bounds == (0, math.inf)
    assert stock.StockBalance().fit(held, floor=80).floor.tolist() == [80] * 22
    again = stock.StockBalance().fit(held, floor=path)
    assert again.floor.tolist() == path.floor.tolist()
    counted = running(["2024-01-14"], [60], event="wave", start="2024-01-09", cls=PublishedReleases)
    assert spec.fit(held, releases=counted).at("2024-01-08").bounds[0] == 88  # with the two entered since
    counted = running(["2024-01-14"], [95], event="wave", start="2024-01-09", cls=PublishedReleases)
    assert spec.fit(held, releases=counted).at("2024-01-08").bounds[0] == 93


def test_there_are_bounds_alone(shipped):
    held, arrests, _ = shipped
    spec = stock.StockBalance(removed_within=30, backlog=60)
    path = spec.fit(held, arrests=arrests)
    assert path.identified_by == "bounds"
    count = path.at("2025-03-31")
    assert (count.median, count.bounds) == (None, (775, math.inf))
    assert np.isnan(path.point).all()
    assert path.probability_throughout(0, "2025-03-01", "2025-04-01") == 1.0
    assert math.isnan(path.probability_throughout(3000, "2025-03-01", "2025-04-01"))
    assert path.change("2025-01-09", "2025-02-10").bounds == (-math.inf, math.inf)
    assert "sharp bounds" in path.headline()
    assert "no number is more likely than another" in path.sentence()
    record = json.loads(json.dumps(path.record()))
    assert (record["median"], record["identified_by"]) == (None, "bounds")
    assert eval(repr(spec), vars(stock)) == spec
    with pytest.raises(NotEstimableError, match="without flows"):
        path.arrests("2025-01-09", "2025-02-10")


ONE = totals(WEEKS, [100, 104, 90, 95])


def fitted(held=ONE, **asked):
    return stock.StockBalance().fit(held, **asked)


def test_one_register_is_bounded_at_a_time(shipped):
    held = shipped[0]
    late = running(["2025-01-01", "2025-01-08"], [3, 5], event="x", source="Foro Penal")
    ignored = stock.StockBalance(register="Foro Penal").fit(held, arrests=late)
    assert any("no running total of arrests" in note for note in ignored.notes)
    several = running([*WEEKS, *WEEKS], [*range(8)], event="x").to_frame()
    several["event"] = ["a", "b"] * 4
    with pytest.raises(InputError, match="event: 2 fit"):
        fitted(arrests=PublishedArrests.from_frame(several))
