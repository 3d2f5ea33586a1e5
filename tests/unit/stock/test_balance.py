"""`StockBalance`: the printed balances, the audit as a case, late entries, bounds, and what is refused."""

from __future__ import annotations

import itertools
import json
import math
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from detcount import (
    Definition,
    PublishedArrests,
    PublishedReleases,
    PublishedStock,
    datasets,
    stock,
)
from detcount._numerics.stock.balance import lower_bound, most_between, on_days, upper_bound, waiting
from detcount.errors import InputError, NotEstimableError, error_text

AT_ONCE = {"entry_delay": (0.0, 0.0), "exit_delay": (0.0, 0.0)}
KNOWN = {"never_entered": (0.0, 0.0)}
# What the register printed: total before, entered, struck off, total after.
PRINTED = {
    "2024-12-30": (1849, 20, 75, 1794),
    "2025-01-09": (1794, 15, 112, 1697),
    "2025-03-31": (901, 7, 5, 903),
    "2025-09-08": (816, 11, 4, 823),
    "2025-11-03": (875, 11, 2, 884),
    "2025-12-15": (893, 10, 1, 902),
}


@pytest.fixture(scope="module")
def shipped():
    return tuple(datasets.load(f"venezuela_{name}") for name in ("stock", "arrests", "releases"))


@pytest.fixture(scope="module")
def path(shipped):
    held, arrests, _ = shipped
    return stock.StockBalance(**KNOWN).fit(held, arrests=arrests)


def frame(days, counts, *, entered=None, struck=None, source="monitor"):
    blank = [None] * len(days)
    return PublishedStock.from_frame(
        {
            "date": days,
            "source": [source] * len(days),
            "role": ["verified"] * len(days),
            "count": counts,
            "entered_in_week": blank if entered is None else entered,
            "released_in_week": blank if struck is None else struck,
        },
        allow_future=True,
    )


def running(days, counts, *, event="arrests", start="2023-01-01", source="monitor", cls=PublishedArrests):
    n = len(days)
    starts = start if isinstance(start, list) else [start] * n
    return cls.from_frame(
        {
            "published": days, "source": [source] * n, "role": ["verified"] * n, "event": [event] * n,
            "start": starts, "end": days, "count": counts,
        },
        allow_future=True,
    )  # fmt: skip


WEEKS = ["2024-01-01", "2024-01-08", "2024-01-15", "2024-01-22"]


def test_the_printed_balances_of_the_register_hold_to_the_person(path):
    assert {str(each.date): each.unexplained for each in path.detail.balances} == dict.fromkeys(PRINTED, 0)
    for each in path.detail.balances:
        before, entered, struck, after = PRINTED[str(each.date)]
        assert before + entered - struck == after
        first, last = (path.dates.index(day) for day in (each.previous, each.date))
        assert (path.detail.register[:, first] == before).all()
        assert (path.detail.register[:, last] == after).all()
        assert path.detail.entries(each.previous, each.date).interval(0.99).low == entered
        assert path.detail.struck_off(each.previous, each.date).interval(0.99).high == struck


def test_of_two_totals_of_a_day_the_one_that_the_flows_explain_is_taken(path, shipped):
    assert sorted(shipped[0].select(source="Foro Penal").on("2025-09-08")) == [816, 823]
    assert set(path.detail.register[:, path.dates.index(np.datetime64("2025-09-08").item())]) == {823}


def test_the_register_balances_on_every_day_of_every_draw(path):
    detail = path.detail
    change = np.diff(detail.register, axis=1)
    assert (change == (detail.entered - detail.struck)[:, 1:]).all()
    held = detail.register - detail.free + detail.waiting
    assert (path.draws == np.clip(held, path.floor, path.ceiling)).all()
    assert (detail.free <= detail.register).all()
    assert min(detail.entered.min(), detail.struck.min(), detail.waiting.min(), detail.free.min()) >= 0


def test_the_audit_is_a_case(path, shipped):
    audit = stock.stock_flow_audit(*shipped[:2], "2024-10-07", "2025-03-31")
    ours = path.detail.struck_off("2024-10-07", "2025-03-31")
    assert (ours.median, ours.interval().low, ours.interval().high) == pytest.approx(
        (1440, 1418, 1462), abs=2
    )
    for level in (0.5, 0.8, 0.95):
        mine, theirs = ours.interval(level), audit.exits.interval(level)
        assert (mine.low, mine.high) == pytest.approx((theirs.low, theirs.high), abs=2)


def test_late_entries_put_people_inside_before(path, shipped):
    (late,) = path.detail.late
    assert (late.total, late.count, late.together, str(late.bulletin)) == (806, 122, 928, "2026-01-05")
    assert any(
        "they put 928 inside just before, if all of them were held then" in note for note in path.notes
    )
    held, arrests, _ = shipped
    at_once = stock.StockBalance(**KNOWN, **AT_ONCE, n_draws=500).fit(held, arrests=arrests)
    # between the bulletins of 5 and 9 January some were struck off already
    assert at_once.at("2026-01-07").median == pytest.approx(928, abs=12)
    assert at_once.at("2026-01-05").interval().high == 928  # none of the 122 is put before the window
    assert at_once.at("2026-01-07").bounds[0] == 122
    # they are no arrests of these days, and raise the days before, the nearer the more
    without = stock.StockBalance(register="Foro Penal", **KNOWN, **AT_ONCE, n_draws=500).fit(held)
    more = [
        at_once.at(day).median - without.at(day).median for day in ("2025-01-09", "2025-11-03", "2026-01-05")
    ]
    assert 0 <= more[0] < more[1] < more[2] <= 122


def test_with_no_delays_the_stock_is_the_register():
    held = frame(WEEKS, [100, 104, 90, 95], entered=[None, 9, 2, 8], struck=[None, 5, 16, 3])
    path = stock.StockBalance(**KNOWN, **AT_ONCE, n_draws=50).fit(held)
    assert [path.at(day).interval(0.9).low for day in WEEKS] == [100, 104, 90, 95]
    assert (path.draws == path.detail.register).all()
    assert (path.detail.struck.sum(axis=1) == 24).all()
    assert (path.detail.entered.sum(axis=1) == 19).all()


def test_delays_move_entries_and_exits_to_earlier_days():
    days = [f"2024-{month:02}-01" for month in range(1, 13)]
    held = frame(days, [200 + 20 * k for k in range(12)])
    total = running(days, [500 + 80 * k for k in range(12)])
    spec = {**KNOWN, "n_draws": 2000}
    later = stock.StockBalance(**spec, entry_delay=(10.0, 10.0), exit_delay=(0.0, 0.0)).fit(
        held, arrests=total
    )
    sooner = stock.StockBalance(**spec, entry_delay=(0.0, 0.0), exit_delay=(10.0, 10.0)).fit(
        held, arrests=total
    )
    middle = later.dates.index(np.datetime64("2024-07-01").item())
    # by Little's law those who wait are the flow of a day times the mean wait: 80 and 60 a month
    assert later.detail.waiting[:, middle].mean() == pytest.approx(80 / 30.5 * 10, rel=0.05)
    assert sooner.detail.free[:, middle].mean() == pytest.approx(60 / 30.5 * 10, rel=0.05)
    assert later.point[middle] > 320 > sooner.point[middle]


def test_one_printed_flow_and_the_total_give_the_other():
    held = frame(WEEKS, [100, 104, 90, 95], entered=[None, 9, None, 8], struck=[None, None, 16, None])
    detail = stock.StockBalance(**KNOWN, n_draws=20).fit(held).detail
    assert detail.struck_off(*WEEKS[:2]).interval(0.9).low == 5
    assert detail.entries(*WEEKS[1:3]).interval(0.9).high == 2
    assert detail.struck_off(*WEEKS[2:]).interval(0.9).high == 3


def test_flows_that_do_not_balance_are_corrections_and_are_told():
    held = frame(WEEKS, [100, 110, 90, 95], entered=[None, 9, 2, 8], struck=[None, 5, 16, 3])
    path = stock.StockBalance(**KNOWN, n_draws=20).fit(held)
    assert [each.unexplained for each in path.detail.balances] == [6, -6, 0]
    assert any("do not explain the change of the total" in note and "up to 6" in note for note in path.notes)
    assert (path.detail.register[:, [0, 7, 14, 21]] == [100, 110, 90, 95]).all()
    assert path.detail.struck_off(*WEEKS[:2]).interval(0.9).low == 5


def test_a_running_total_that_stands_still_or_falls_is_told():
    days = ["2024-01-01", "2024-01-31", "2024-02-29", "2024-03-31"]
    held = frame(days, [100, 120, 110, 130])
    still = stock.StockBalance(**KNOWN, n_draws=200).fit(held, arrests=running(days, [300, 330, 330, 360]))
    assert any("stands still over 1 span" in note for note in still.notes)
    fell = stock.StockBalance(**KNOWN, n_draws=200).fit(held, arrests=running(days, [300, 330, 320, 360]))
    assert any("fell between two bulletins" in note for note in fell.notes)
    for path in (still, fell):
        assert (path.detail.register[:, [0, 30, 59, 90]] == [100, 120, 110, 130]).all()
    assert (still.detail.entered[:, 1:31].sum(axis=1) == 30).all()


def test_releases_that_the_register_counted_force_exits_where_no_running_total_does(shipped):
    held = frame(WEEKS, [100, 104, 90, 95])
    counted = running(["2024-01-14"], [60], event="wave", start="2024-01-09", cls=PublishedReleases)
    path = stock.StockBalance(**KNOWN, n_draws=500).fit(held, releases=counted)
    assert path.detail.struck_off(*WEEKS[1:3]).interval(0.99).low == 60
    plain = stock.StockBalance(**KNOWN, n_draws=500).fit(held)
    assert plain.detail.struck_off(*WEEKS[1:3]).median < 30
    assert plain.notes != path.notes or path.detail.entries(*WEEKS[1:3]).interval(0.99).low == 46
    whole = stock.StockBalance(**KNOWN, n_draws=500).fit(shipped[0], arrests=shipped[1], releases=shipped[2])
    assert any("itself counts 169 releases" in note for note in whole.notes)
    assert whole.detail.struck_off("2024-10-07", "2025-03-31").median == pytest.approx(1440, abs=4)


# Bounds.


def solved(least, most_entered, days, day, within_out, within_in):
    """Least and most held on a day, by a linear program over entries, exits, those waiting and those free.

    K_u = K_{u-1} + e_u - x_u; S = K - B + L; B <= K, B <= x of the days to come; L <= e of the days to come.
    """
    n = int(days[-1] - days[0])
    at = day - int(days[0])
    # variables: K_0, e_1..e_n, x_1..x_n, B, L
    size = 1 + 2 * n + 2
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
    row[-2] = 1
    upper.append(row)
    limits.append(0.0)
    row = np.zeros(size)
    row[-2] = 1
    row[1 + n + at : 1 + n + min(at + within_out, n)] = -1
    upper.append(row)
    limits.append(
        0.0 if at + within_out <= n else 1e9
    )  # beyond the last day nothing limits who is struck off
    row = np.zeros(size)
    row[-1] = 1
    row[1 + at : 1 + min(at + within_in, n)] = -1
    upper.append(row)
    limits.append(0.0 if at + within_in <= n else 1e9)
    goal = total(at)
    goal[-2], goal[-1] = -1, 1
    asked = {
        "A_ub": np.array(upper),
        "b_ub": limits,
        "A_eq": np.array(equal),
        "b_eq": least,
        "bounds": (0, None),
    }
    low, high = linprog(goal, **asked), linprog(-goal, **asked)
    return low.fun, math.inf if high.status == 3 or high.fun < -1e8 else -high.fun


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_bounds_are_those_of_a_linear_program(data):
    n = data.draw(st.integers(2, 4))
    steps = data.draw(st.lists(st.integers(1, 4), min_size=n - 1, max_size=n - 1))
    days = np.concatenate([[0], np.cumsum(steps)]) + 100
    totals = np.array(data.draw(st.lists(st.integers(0, 30), min_size=n, max_size=n)))
    extra = data.draw(
        st.lists(st.one_of(st.integers(0, 9), st.just(math.inf)), min_size=n - 1, max_size=n - 1)
    )
    most = np.maximum(np.diff(totals), 0) + np.array(extra, dtype=float)
    out, into = data.draw(st.integers(0, 6)), data.draw(st.integers(0, 6))
    between = most_between(most, (), 0)
    low, high = lower_bound(totals, between, days, out), upper_bound(totals, between, days, into)
    for day in range(int(days[0]), int(days[-1]) + 1):
        least, greatest = solved(totals, most, days, day, out, into)
        assert low[day - 100] == pytest.approx(least, abs=1e-6)
        assert high[day - 100] == pytest.approx(greatest, abs=1e-6)


def test_without_limits_nothing_is_bound():
    days, totals = np.array([0, 7]), np.array([50, 60])
    most = most_between(np.array([20.0]), (), 0)
    assert (lower_bound(totals, most, days, None) == 0).all()
    assert (upper_bound(totals, most, days, None) == math.inf).all()


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


def test_no_draw_is_below_the_floor_or_outside_the_bounds():
    held = frame(WEEKS, [100, 104, 90, 95], entered=[None, 9, 2, 8], struck=[None, 5, 16, 3])
    spec = stock.StockBalance(**KNOWN, exit_delay=(5.0, 30.0), struck_within=7, entered_within=7)
    path = spec.fit(held, floor={"2024-01-08": 103, "2030-01-01": 5000})
    assert path.at("2024-01-08").bounds == (103, 106)
    assert path.at("2024-01-01").bounds == (95, 109)
    assert (path.draws >= path.floor).all()
    assert (path.draws <= path.ceiling).all()
    assert path.at("2024-01-22").bounds == (0, math.inf)
    assert stock.StockBalance(**KNOWN).fit(held, floor=80).floor.tolist() == [80] * 22
    again = stock.StockBalance(**KNOWN).fit(held, floor=path)
    assert again.floor.tolist() == path.floor.tolist()
    with pytest.raises(
        InputError, match="floor, 8 January 2024: 130 persons are more than the 106 who can be held"
    ):
        spec.fit(held, floor={"2024-01-08": 130})


# What it rests on.


def test_without_a_prior_of_the_unknown_there_are_bounds_alone(shipped):
    held, arrests, _ = shipped
    path = stock.StockBalance(struck_within=30, backlog=60, n_draws=50).fit(held, arrests=arrests)
    assert path.identified_by == "bounds"
    assert (path.ceiling == math.inf).all()
    count = path.at("2025-03-31")
    assert (count.median, count.identified_by) == (None, "bounds")
    assert 700 < count.bounds[0] <= 903
    limits = path.interval(0.8)
    assert (limits.low == path.floor).all()
    assert (limits.high == math.inf).all()
    assert np.isnan(path.point).all()
    assert path.probability_throughout(0, "2025-03-01", "2025-04-01") == 1.0
    assert math.isnan(path.probability_throughout(3000, "2025-03-01", "2025-04-01"))
    assert path.change("2025-01-09", "2025-02-10").bounds == (-math.inf, math.inf)
    assert "sharp bounds" in path.headline()
    assert "no number is more likely than another" in path.sentence()
    assert any("do not hold the number that it does not know" in note for note in path.notes)
    record = json.loads(json.dumps(path.record()))
    assert (record["median"], record["identified_by"]) == (None, "bounds")
    assert path.to_frame()["median"].isna().all()


def test_the_prior_of_the_unknown_is_what_the_width_is_made_of(shipped, path):
    held, arrests, _ = shipped
    wide = stock.StockBalance(never_entered=(0.1, 1.0)).fit(held, arrests=arrests)
    assert wide.identified_by == "prior"
    ratio = wide.draws / path.draws  # the same seed, the same register
    assert np.quantile(ratio, [0.025, 0.975]) == pytest.approx([1.1, 2.0], abs=0.05)
    assert "never_entered=(0.1, 1.0)" in wide.method
    assert any("the stock of all is higher" in note for note in path.notes)


def test_arrests_and_exits_of_the_path_balance_and_rest_on_the_prior(path):
    start, end = "2025-10-27", "2026-01-19"
    arrests, exits = path.arrests(start, end), path.exits(start, end)
    assert arrests.identified_by == exits.identified_by == "prior"
    change = path.at(end).draws - path.at(start).draws
    assert (arrests.draws - exits.draws == change).all()
    # the 122 were arrested before January: entries of January are not its arrests
    january = ("2026-01-07", "2026-01-19")
    assert path.arrests(*january).median < path.detail.entries(*january).median - 100
    assert path.register("2025-11-03").interval(0.99).low == 884
    with pytest.raises(NotEstimableError, match="without flows"):
        fitted().arrests(*WEEKS[:2])


def test_the_same_seed_gives_the_same_bits(shipped):
    spec = stock.StockBalance(**KNOWN, n_draws=300)
    path, again = spec.fit(shipped[0], arrests=shipped[1]), spec.fit(shipped[0], arrests=shipped[1])
    assert (again.draws == path.draws).all()
    assert again.digest == path.digest
    other = spec.fit(shipped[0], arrests=shipped[1], seed=1)
    assert (other.draws != path.draws).any()
    kept = pickle.loads(pickle.dumps(path))
    assert not kept.detail.register.flags.writeable
    assert (kept.detail.register == path.detail.register).all()
    assert eval(repr(stock.StockBalance(**KNOWN)), vars(stock)) == stock.StockBalance(**KNOWN)


def test_waits_are_geometric():
    events = np.zeros((40_000, 30), dtype=np.int64)
    events[:, 20] = 1
    found = waiting(events, np.zeros(40_000, dtype=np.int64), np.full(40_000, 4.0), np.random.default_rng(0))
    wanted = (4 / 5) ** np.arange(1, 21)[::-1]
    assert found[:, :20].mean(axis=0) == pytest.approx(wanted, abs=0.01)
    assert not found[:, 20:].any()


def test_what_happens_in_a_span_is_on_its_days():
    counts = np.array([[10, 0, 600]])
    found = on_days(counts, np.array([5, 7, 8, 14]), np.random.default_rng(0))
    assert found.shape == (1, 10)
    assert (found[0, 0], found[0, 1:3].sum(), found[0, 3], found[0, 4:].sum()) == (0, 10, 0, 600)
    assert found[0, 4:].min() > 60


# What is refused.

ONE = frame(WEEKS, [100, 104, 90, 95])


def fitted(held=ONE, **asked):
    return stock.StockBalance(n_draws=20).fit(held, **asked)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (
            lambda: fitted(running(WEEKS, [1, 2, 3, 4])),
            TypeError,
            "stock: expected PublishedStock, got PublishedArrests. A stock counts the people held on a day",
        ),
        (lambda: fitted(arrests=ONE), TypeError, "arrests: expected PublishedArrests"),
        (lambda: fitted([100, 104]), TypeError, "stock: expected PublishedStock, got list"),
        (lambda: stock.StockBalance(register="Monitor").fit(ONE), InputError, "register"),
        (lambda: fitted(frame(WEEKS[:1], [3])), NotEstimableError, "exact totals of two days"),
        (lambda: stock.StockBalance(never_entered=(0.5, 0.1)), InputError, "expected two limits"),
        (lambda: stock.StockBalance(entry_delay=(0.0, 4.0)), InputError, "expected two limits"),
        (lambda: stock.StockBalance(exit_delay=3.0), InputError, "expected two limits"),
        (lambda: stock.StockBalance(struck_within=-1), InputError, "struck_within"),
        (lambda: stock.StockBalance(backlog=1.5), (InputError, TypeError), "backlog"),
        (lambda: fitted().detail.entries("2023-01-01", WEEKS[1]), InputError, "start: expected"),
        (lambda: fitted().detail.struck_off(WEEKS[1], WEEKS[0]), InputError, "end: expected"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(call, error, words):
    with pytest.raises(error) as caught:
        call()
    assert words in error_text(caught.value)


def test_one_register_is_balanced_at_a_time(shipped):
    held = shipped[0]
    with pytest.raises(InputError, match="register: 2 sources publish totals"):
        stock.StockBalance().fit(held)
    named = stock.StockBalance(register="Foro Penal", n_draws=50).fit(held)
    assert named.detail.source == "Foro Penal"
    late = running(["2025-01-01", "2025-01-08"], [3, 5], event="x", source="Foro Penal")
    ignored = stock.StockBalance(register="Foro Penal", n_draws=50).fit(held, arrests=late)
    assert any("no running total of arrests" in note for note in ignored.notes)


def test_counts_of_different_people_are_not_put_together():
    men, all_ = (Definition(unit="person", who=who) for who in ("men held", "people held"))
    held = PublishedStock.from_frame(ONE.to_frame(), definition=men, allow_future=True)
    arrests = PublishedArrests.from_frame(
        running(WEEKS, [1, 2, 3, 4]).to_frame(), definition=all_, allow_future=True
    )
    with pytest.raises(InputError, match="StockBalance"):
        stock.StockBalance().fit(held, arrests=arrests)
