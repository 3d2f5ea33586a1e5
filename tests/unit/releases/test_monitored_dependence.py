"""Monitors that depend on each other: odds ratios by pair, and what they do to the number."""

import math
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.contingency_tables import StratifiedTable

from detcount import simulate
from detcount._numerics import monitored as numerics
from detcount._numerics.diagnostics import mantel_haenszel
from detcount.assumptions import Assumption
from detcount.errors import DetcountWarning
from detcount.releases import MonitoredCases, MonitoredReleases

EXACT = 1e-10  # sums of a few dozen numbers in another order
REFERENCE = 1e-9  # statsmodels computes the same sums
SIGMAS = 4.0  # standard errors: left once in 16,000 right comparisons
SMALL = 400  # draws
NAMES = ("committee", "lawyers", "families")


def campaign(seed=1, copies=None, n=500, days=50):
    """Cases of three monitors known on the last day, the third copying, and how many were released."""
    monitors = tuple(
        simulate.Monitor(name, share, delay_parameters=(1.1, scale), batches=False, copies=whom)
        for name, share, scale, whom in zip(
            NAMES, (0.55, 0.4, 0.3), (3.0, 5.0, 8.0), (None, None, copies), strict=True
        )
    )
    invented = simulate.release_campaign(
        batches=(),
        daily=n / days,
        n_days=days,
        house_arrest_share=0.0,
        authority=simulate.Authority(report_every=0),
        monitors=monitors,
        seed=seed,
    )
    day = invented.reports.last_published
    known = MonitoredCases.from_frame(invented.cases_as_of(day), monitors=NAMES, as_of=day)
    return known, len(invented.cases)


tables = st.lists(st.tuples(*[st.integers(0, 9)] * 4), min_size=1, max_size=6).map(
    lambda rows: np.array(rows).reshape(-1, 2, 2)
)


@given(strata=tables)
def test_mantel_and_haenszel_are_those_of_statsmodels(strata):
    ours = mantel_haenszel(strata)
    says = (strata.sum(axis=1).min(axis=1) > 0) & (strata.sum(axis=2).min(axis=1) > 0)
    assert ours.n == strata[says].sum()
    if not says.any():
        assert math.isnan(ours.odds_ratio)
        assert ours.p_value == 1
        return
    theirs = StratifiedTable([stratum.astype(float) for stratum in strata[says]])
    assert ours.p_value == pytest.approx(theirs.test_null_odds(correction=False).pvalue, rel=REFERENCE)
    if not math.isfinite(ours.log_error):
        assert ours.odds_ratio in (0.0, math.inf) or math.isnan(ours.odds_ratio)
        assert ours.interval(0.95) == (0.0, math.inf)
        return
    assert ours.odds_ratio == pytest.approx(theirs.oddsratio_pooled, rel=REFERENCE)
    assert ours.log_error == pytest.approx(theirs.logodds_pooled_se, rel=REFERENCE)
    assert ours.interval(0.9) == pytest.approx(theirs.oddsratio_pooled_confint(0.1), rel=REFERENCE)


def test_tables_of_a_pair_are_counted_person_by_person():
    random = np.random.default_rng(4)
    release = random.integers(0, 5, 80)
    delay = np.where(random.random((80, 4)) < 0.5, random.integers(0, 3, (80, 4)), -1)
    delay[(delay < 0).all(axis=1), 1] = 2
    data = numerics.registers(release, delay, 6)
    assert data.seen.tolist() == np.bincount(release, minlength=5).tolist()
    for first, second in combinations(range(4), 2):
        ours = numerics.pair_tables(data, first, second)
        expected = np.zeros((5, 2, 2), dtype=int)
        for day, person in zip(release, delay, strict=True):
            others = [person[k] >= 0 for k in range(4) if k not in (first, second)]
            if any(others):
                expected[day, int(person[first] < 0), int(person[second] < 0)] += 1
        assert (ours == expected).all()
        both = ((delay[:, first] >= 0) & (delay[:, second] >= 0)).sum()
        assert data.together(first, second) == both


def test_log_likelihood_is_the_sum_over_persons_who_depend():
    release, days = np.array([0, 0, 1, 2, 3, 3]), 5
    delay = np.array([[0, 2, -1], [-1, 3, 1], [2, -1, 0], [1, 0, 1], [-1, 1, -1], [-1, -1, 0]])
    data = numerics.registers(release, delay, days)
    edges, ratios = ((0, 1), (0, 2), (1, 2)), (0.9, 0.2, -0.6)
    structure = numerics.Dependence(3, None)
    medians, shapes, logits = (2.0, 4.0, 3.0), (1.3, 0.8, 1.1), (0.4, -0.7, 0.1)
    points = np.array(
        [value for pair in zip(np.log(medians), np.log(shapes), strict=True) for value in pair]
        + [*ratios, *logits]
    )
    laws = [
        stats.weibull_min(shape, scale=median / math.log(2) ** (1 / shape))
        for median, shape in zip(medians, shapes, strict=True)
    ]
    expected = 0.0
    for t, person in zip(release, delay, strict=True):
        reached = [law.cdf(days - 1 - t + 1) for law in laws]
        chance = [f / (1 + math.exp(-logit)) for f, logit in zip(reached, logits, strict=True)]

        def weight(history, chance=chance):
            found = math.prod((p / (1 - p)) ** h for p, h in zip(chance, history, strict=True))
            return found * math.exp(
                sum(r * history[i] * history[j] for r, (i, j) in zip(ratios, edges, strict=True))
            )

        total = sum(weight(history) for history in product((0, 1), repeat=3) if any(history))
        expected += math.log(weight([int(d >= 0) for d in person]) / total)
        for d, law, f in zip(person, laws, reached, strict=True):
            expected += math.log((law.cdf(d + 1) - law.cdf(d)) / f) if d >= 0 else 0.0
    ours = float(numerics.log_likelihood_of_histories("weibull", points, data, structure))
    assert ours == pytest.approx(expected, rel=EXACT)


def test_shares_ever_are_those_of_all_histories():
    edges = tuple(combinations(range(4), 2))
    structure = numerics.Dependence(4, None)
    ratios, logits = np.array([0.0, 1.2, 0.4, 0.0, 0.1, -0.5]), np.array([0.3, -0.2, -1.0, 0.6])
    points = np.concatenate([np.zeros(8), ratios, logits])
    weights = {
        history: math.exp(
            np.dot(history, logits)
            + sum(r * history[i] * history[j] for r, (i, j) in zip(ratios, edges, strict=True))
        )
        for history in product((0, 1), repeat=4)
    }
    total = sum(weights.values())
    expected = [sum(w for history, w in weights.items() if history[j]) / total for j in range(4)]
    assert numerics.shares_ever(points, structure) == pytest.approx(expected, rel=EXACT)


def test_what_the_first_monitor_will_find_others_find_again():
    """With chances 0 and shares 0 or 1 nothing is random."""
    data = numerics.Registers(
        np.array([3, 2]),
        np.array([[1, 0, 0], [1, 1, 0], [0, 0, 1], [1, 0, 1]]),
        np.array([[3, 1, 0, 0], [0, 0, 1, 5]]),
        (),
    )
    unseen = np.array([[7, 9]])
    futures = numerics.draw_futures(
        unseen,
        data,
        np.zeros((1, 2, 3)),
        np.array([[1.0, 1.0, 0.0]]),
        np.zeros((1, 3)),
        np.random.default_rng(1),
    )
    assert futures.pending.tolist() == [[7, 9]]
    assert futures.unverifiable.tolist() == [[0, 0]]
    # all that nobody has seen, and what is on the registers of others alone
    assert futures.by_monitor.tolist() == [[[7, 10]], [[10, 15]], [[0, 0]]]


def test_the_unseen_are_never_seen_with_the_ratio_of_the_sums():
    n = 40_000
    now, ever = np.array([0.3, 0.2, 0.1]), np.array([0.5, 0.6, 0.4])
    ratio = np.array([1.1])
    data = numerics.Registers(np.array([4]), np.array([[1, 0, 0], [0, 1, 1]]), np.array([[n, n]]), ())
    ratios = np.array([[ratio[0], 0.0, 0.0]])
    futures = numerics.draw_futures(
        np.array([[n]]), data, now[None, None], ever[None], ratios, np.random.default_rng(2)
    )

    def total(chance, ratio=ratio[0]):
        odds = chance / (1 - chance)
        return (1 + odds[0] + odds[1] + odds[0] * odds[1] * math.exp(ratio)) * (1 + odds[2])

    never = total(now) / total(ever)
    within = lambda found, p: abs(found - n * p) < SIGMAS * math.sqrt(n * p * (1 - p))  # noqa: E731
    assert within(futures.unverifiable[0, 0], never)
    assert futures.pending[0, 0] + futures.unverifiable[0, 0] == n
    # the third is independent of the others, and finds its own share of what nobody has seen
    later = (ever - now) / (1 - now)
    others = data.by_pattern[0, 0]
    own = futures.by_monitor[2, 0, 0]
    expected = n * later[2] + others * later[2]
    assert abs(own - expected) < SIGMAS * math.sqrt(2 * expected)
    # the second finds more of what the first has: its odds are multiplied
    at_last, by_now = (x / (1 - x) * math.exp(ratio[0]) for x in (ever[1], now[1]))
    at_last, by_now = (x / (1 + x) for x in (at_last, by_now))
    given_first = (at_last - by_now) / (1 - by_now)
    odds = later / (1 - later)
    history = {(0, 1): odds[1], (1, 0): odds[0], (1, 1): odds[0] * odds[1] * math.exp(ratio[0])}
    pair_now, pair_ever = (total(x) / (1 + x[2] / (1 - x[2])) for x in (now, ever))
    of_unseen = (1 - pair_now / pair_ever) * (history[0, 1] + history[1, 1]) / sum(history.values())
    expected = n * given_first + n * of_unseen
    assert abs(futures.by_monitor[1, 0, 0] - expected) < SIGMAS * math.sqrt(expected)


def test_a_monitor_that_copies_is_named_and_the_number_allows_for_it():
    known, released = campaign(copies=("committee", 0.5))
    with pytest.warns(DetcountWarning, match="'committee' and 'families' are not independent"):
        estimate = MonitoredReleases(n_draws=SMALL).fit(known)
    with pytest.warns(DetcountWarning, match="as independent, as was asked for"):
        naive = MonitoredReleases(dependence=0, n_draws=SMALL).fit(known)
    assert estimate.interval(0.95).low <= released <= estimate.interval(0.95).high
    assert naive.interval(0.95).high < released
    shown = {(pair.first, pair.second): pair for pair in estimate.pairs}
    assert shown["committee", "families"].is_shown
    assert shown["committee", "families"].low > 1
    assert any("odds ratio" in note and "compared within each day" in note for note in estimate.notes)
    assert "razón de momios" in " ".join(
        note.translated("es") for note in estimate.notes if hasattr(note, "translated")
    )
    assert Assumption.INDEPENDENT_MONITORS in naive.assumptions
    assert Assumption.MONITORS_IN_PAIRS in estimate.assumptions
    released_by_draw = estimate.release_draws
    for j in range(3):
        assert (estimate.listed[:, j] + estimate.monitor_pending_draws[j] <= released_by_draw).all()


def test_an_odds_ratio_that_is_stated_multiplies_what_two_monitors_miss():
    """Where no delay is left the releases that both miss are about ratio x n10 n01/n11."""
    rows = [pattern for pattern, count in {"10": 60, "01": 45, "11": 30}.items() for _ in range(count)]
    frame = {
        "release": ["2026-01-01"] * len(rows),
        "a": [f"2026-01-0{1 + k % 5}" if rows[k][0] == "1" else None for k in range(len(rows))],
        "b": [f"2026-01-0{2 + k % 7}" if rows[k][1] == "1" else None for k in range(len(rows))],
    }
    old = MonitoredCases.from_frame(frame, monitors=["a", "b"], as_of="2027-06-01")
    for ratio in (0.5, 3.0):
        spec = MonitoredReleases(odds_ratio=ratio, n_draws=SMALL)
        estimate = spec.fit(old)
        note = next(note for note in estimate.notes if note.startswith("Two monitors cannot show"))
        values = [
            int(word.replace(",", "").rstrip(".")) for word in note.split() if word.strip(",.").isdigit()
        ]
        expected = [135 + times * ratio * 60 * 45 / 30 for times in (1.0, 0.5, 2.0)]
        given = [value for value in values if value > 100]
        assert given == pytest.approx(expected, rel=0.08)  # the flat prior of the shares, times the ratio
        # the point is the median of a law with a long tail upwards
        assert estimate.point == pytest.approx(135 + ratio * 90, rel=0.06)
        assert estimate.carried_out.identified_by == "prior"
    assert eval(repr(spec), {"MonitoredReleases": MonitoredReleases}) == spec


@pytest.mark.slow
def test_independent_monitors_are_seldom_warned_of():
    # 5% of campaigns in all, by Bonferroni; and the odds ratios are around 1
    n, warned, logs = 250, 0, []
    for seed in range(n):
        known, _ = campaign(seed=seed, n=300, days=30)
        number = (known.release - known.release.min()).astype(int)
        delay = np.where(
            np.isnat(known.verified),
            -1,
            (known.verified - known.release[:, None]).astype("timedelta64[D]").astype(int),
        )
        data = numerics.registers(number, delay, int(number.max()) + 1)
        found = [mantel_haenszel(numerics.pair_tables(data, *pair)) for pair in combinations(range(3), 2)]
        warned += any(one.p_value < 0.05 / 3 for one in found)
        logs += [math.log(one.odds_ratio) / one.log_error for one in found if math.isfinite(one.log_error)]
    assert warned <= 0.05 * n + SIGMAS * math.sqrt(0.05 * 0.95 * n)
    assert abs(np.mean(logs)) < SIGMAS / math.sqrt(n)
    assert 0.8 < np.std(logs) < 1.2


@settings(max_examples=4, deadline=None)
@given(data=st.data())
def test_few_cases_of_three_monitors_have_an_answer(data):
    known, _ = campaign(n=100, days=20)
    rows = data.draw(st.lists(st.integers(0, len(known) - 1), min_size=6, max_size=15, unique=True))
    some = MonitoredCases(known.release[rows], known.verified[rows], known.monitors, known.as_of)
    on = ~np.isnat(some.verified)
    if not on.any(axis=0).all() or not (on.sum(axis=1) > 1).any():
        return
    estimate = MonitoredReleases(n_draws=100).fit(some)
    assert math.isfinite(estimate.point)
    assert estimate.interval(0.95).low >= estimate.n_seen
