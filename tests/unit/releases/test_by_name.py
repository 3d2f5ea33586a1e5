import datetime as dt
import json
import stat
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.special import logit

from detcount import linkage, releases, simulate, stock
from detcount._numerics import by_name
from detcount._numerics.by_name import (
    PRIORS,
    delays_shown,
    log_probabilities,
    released_draws,
    undone_prior,
    without_wrong,
)
from detcount.errors import InputError
from detcount.estimates import UncertainCount
from invented_released import LONG_AGO, NEVER, Linked, linked_by

D = int(np.datetime64("2025-12-25", "D").astype(int))
# sampled numbers of 4,000 draws: the Monte Carlo error of a mean is far below
NEAR = 0.04


def small(**changes):
    """A register of nine and two lists: each person of the official one is of another part.

    1 verified; 2 verified and named twice; 3 left before; 4 inside later; 5 and 6 unverified; 7 verified, and
    arrested again; 8 left long ago and never named; 9 held still. 101 is named
    and on no register; 102 and 103 are verified alone, 103 wrongly as 9.
    """
    person = [1, 1, 2, 3, 4, 5, 6, 7, 7, 8, 9]
    entered = [D - 90, D - 89, D - 80, D - 70, D - 60, D - 50, D - 40, D - 300, D + 9, D - 500, D - 30]
    left = [NEVER] * 3 + [D - 3] + [NEVER] * 5 + [D - 400, NEVER]
    seen = [D - 2, NEVER, NEVER, NEVER, D + 5, NEVER, D, NEVER, NEVER, NEVER, D + 3]
    named = [1, 2, 2, 3, 4, 5, 6, 7, 101]
    verified = [1, 2, 7, 102, 9]
    given = {
        "lists": ("foro", "families"), "list_of": [0, 1, 0, 0, 1, 0, 0, 1, 1, 0, 0], "person": person,
        "entered": entered, "left": left, "seen": seen, "names": ("lista", "comité"),
        "kinds": ("announced", "verified"), "spans": [(D, D + 1), (LONG_AGO, NEVER)],
        "of": [0] * len(named) + [1] * len(verified), "who": named + verified,
        "day": [NEVER] * len(named) + [D + 1, D + 2, D + 1, D + 4, D + 1],
    }  # fmt: skip
    return linked_by(**given | changes)


class Undated(Linked):
    entries = None


def medians(counts):
    return {name: count.median for name, count in counts.items()}


def test_each_person_is_where_the_registers_have_it():
    found = releases.ReleasedByName().fit(small())
    official = found.lists["lista"]
    assert medians(official.quantities) == {
        "named": 8, "repeated": 1, "on_register": 7, "not_on_register": 1, "already_out": 1, "held_after": 1,
        "arrested_again": 1, "verified": 3, "unverified": 5, "verified_by: comité": 3,
        "part: held_after": 1, "part: already_out": 1, "part: verified": 3,
        "part: unverified_on_register": 2, "part: unverified_on_none": 1,
    }  # fmt: skip
    assert official.held_on == dt.date(2025, 12, 30)
    theirs = found.lists["comité"]
    assert medians(theirs.parts) == {
        "held_after": 1, "already_out": 0, "announced": 3, "unannounced_on_register": 0,
        "unannounced_on_none": 1,
    }  # fmt: skip
    assert (theirs.announced.median, theirs.not_announced.median, theirs.verified) == (3, 2, None)
    # 1, 2 and 9 have no exit; 4, 5, 6 neither; 7 was arrested again: the verified 1 and 2 are out
    assert found.remaining.median == 5
    assert found.remaining_if_announced_left.median == 3


def test_parts_add_up_to_the_named_in_every_draw():
    found = releases.ReleasedByName().fit(small(n_draws=60, noise=0.2))
    for one in found.lists.values():
        assert len(np.unique(one.on_register.draws)) > 1
        assert (sum(count.draws for count in one.parts.values()) == one.named.draws).all()
        assert (one.on_register.draws + one.not_on_register.draws == one.named.draws).all()


def test_a_verification_before_the_last_arrest_is_of_an_earlier_stay():
    early = small(day=[NEVER] * 9 + [D - 100, D + 2, D + 1, D + 4, D + 1])
    assert releases.ReleasedByName().fit(early).lists["lista"].verified.median == 2


def test_few_on_a_register_leave_bounds_alone():
    found = releases.ReleasedByName().fit(small())
    assert (found.verdict, found.released.bounds) == ("bounds", (4.0, 7.0))
    assert "Of the people on these lists 4 to 7 were released" in found.sentence()
    assert any("Fewer than 10" in note for note in found.notes)


def test_links_without_limits_leave_bounds_alone():
    found = releases.ReleasedByName().fit(small(without_limits=("chains do not agree.",), n_draws=3))
    assert found.lists["lista"].named.bounds == (1, 9)
    assert found.lists["lista"].named.median is None
    assert found.verdict == "bounds"
    assert "Of 1 to 9 people" in found.sentence()


def test_who_died_was_not_released():
    ended = ["fallecido"] + [""] * 13
    assert releases.ReleasedByName().fit(small(ended=ended)).released.bounds[1] == 6


def test_the_sentence_says_the_parts_and_the_number_announced():
    found = releases.ReleasedByName().fit(small(), announced={"lista": 9})
    said = str(found.sentence())
    assert said.startswith(
        "Of 8 people named as released from 25 to 26 December 2025, monitors verified 3. "
        "Nobody verified 3, 1 of them on no list of the detained. 1 had left before. 1 stood as held on a "
        "later day, the last 30 December 2025. The number announced was 9; the list names 8. Monitors name 2 "
        "more."
    )
    assert all(len(each.split()) <= 30 for each in said.split(". "))
    assert found.lists["lista"].stated == 9


def test_the_record_has_no_row_of_anybody():
    record = json.dumps(releases.ReleasedByName().fit(small()).record())
    assert '"person"' not in record
    assert '"stated"' in record


def test_the_figure_has_a_bar_for_each_part():
    figure = releases.ReleasedByName().fit(small()).plot(lang="es")
    widths = [bar.get_width() for bar in figure.axes[0].patches]
    assert sorted(widths) == [1, 1, 1, 1, 1, 2, 3, 3]


def test_other_data_and_other_lists_are_refused():
    with pytest.raises(TypeError, match="linked: expected"):
        releases.ReleasedByName().fit(pd.DataFrame())
    alone = replace(small(), released=None)
    with pytest.raises(InputError, match="expected lists of released people"):
        releases.ReleasedByName().fit(alone)
    with pytest.raises(InputError, match="ReleasedByName: list: expected"):
        releases.ReleasedByName(apart=("press",)).fit(small())
    with pytest.raises(InputError, match="before it starts"):
        releases.ReleasedByName(window=("2025-12-26", "2025-12-25"))


def test_a_window_leaves_out_other_days():
    wide = releases.ReleasedByName(window=("2025-12-01", "2025-12-31")).fit(small())
    assert wide.window == (dt.date(2025, 12, 1), dt.date(2025, 12, 31))
    # 3 left on 22 December, within this window
    assert wide.released.bounds == (4.0, 8.0)


def test_verified_days_are_exits_and_announced_names_possible_ones():
    linked = small()
    found = releases.ReleasedByName().fit(linked)
    people = linked.people()
    out = found.with_exits(people)
    changed = np.flatnonzero(out.left_last != people.left_last)
    assert {*people.person[changed].tolist()} == {0, 1}  # the first two
    assert {*out.left_last[changed].tolist()} == {D + 1, D + 2}
    assert (out.status[changed] != people.status[changed]).all()
    more = found.with_exits(people, announced=True)
    assert {*people.person[more.left_last != people.left_last].tolist()} == {0, 1, 4, 5}
    assert (more.left_first >= more.entered_first).all()
    assert (more.left_known >= more.left_first)[more.left_last < NEVER].all()


def test_waves_are_read_by_the_coverage_of_registers():
    found = releases.ReleasedByName().fit(small())
    rows = found.waves(("comité",))
    # 8 left long ago, and 3 before the list: 1, 2, 4, 5, 6, 7 and 9 were there
    assert (rows["list_size_before"], rows["released_identified"], rows["of_these_on_list"]) == (
        [7],
        [4],
        [3],
    )
    waves = stock.ReleaseWaves.from_frame(rows, scope="same", fresh=True)
    assert stock.CoverageFromReleases().fit(waves).answers[0].kind == "coverage"
    with pytest.raises(InputError, match="waves: lists: expected 'comité'"):
        found.waves(("lista",))


def test_the_review_is_for_its_owner(tmp_path):
    place = tmp_path / "rows.csv"
    found = releases.ReleasedByName().fit(small())
    assert found.review(place) == 5
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    frame = pd.read_csv(place)
    assert frame[["list", "row"]].values.tolist() == [
        ["lista", 4], ["lista", 5], ["lista", 9], ["comité", 13], ["comité", 14],
    ]  # fmt: skip


def test_probabilities_are_those_of_every_pattern():
    point = np.array([0.3, -0.4, 0.2, -0.9, -0.5, 0.7, 0.0])
    found = np.exp(log_probabilities(point, 2))
    for announced in (0, 1):
        for registered in (0, 1):
            one, two = (
                np.exp(point[k] + (1 - announced) * point[2 + k] + (1 - registered) * point[4])
                for k in (0, 1)
            )
            weights = np.array([1, one, two, one * two * np.exp(0.7)])
            assert found[announced, registered] == pytest.approx(weights / weights.sum())


def test_one_monitor_that_finds_all_alike_gives_the_ratio(monkeypatch):
    even = replace(PRIORS, apart=(0.0, 1e-3), known=0.0, known_spread=1e-3, spread=1e-3)
    monkeypatch.setattr(by_name, "PRIORS", even)
    # 300 announced off the registers are of no definition or not verified: far more than are needed
    table = np.array([[[0, 60], [0, 90]], [[300, 120], [200, 300]]])
    draws, _ = released_draws(
        table, ["apart"], (-9.0, 0.01), n_draws=4000, mixed=False, rng=np.random.default_rng(1)
    )
    assert np.mean(draws) == pytest.approx(570 / 0.6, rel=NEAR)


def test_the_released_off_the_registers_are_at_most_the_announced_there(monkeypatch):
    even = replace(PRIORS, apart=(0.0, 1e-3), known=0.0, known_spread=1e-3, spread=1e-9)
    monkeypatch.setattr(by_name, "PRIORS", even)
    verified, unverified, rate = 60, 85, 0.4
    table = np.array([[[0, 0], [0, 0]], [[unverified, verified], [24_000, 16_000]]])
    draws, _ = released_draws(
        table, ["apart"], (-12.0, 0.01), n_draws=4000, mixed=False, rng=np.random.default_rng(4)
    )
    off = draws - 40_000 + 24_000 / (1 + np.exp(12))  # but for those who stayed
    # the unverified are negative binomial, cut at the announced: each number in turn
    weights, by_hand = rate**verified, np.empty(unverified + 1)
    for k in range(unverified + 1):
        by_hand[k] = weights
        weights *= (verified + k) / (k + 1) * (1 - rate)
    expected = verified + np.arange(unverified + 1) @ by_hand / by_hand.sum()
    assert off.mean() == pytest.approx(expected, abs=1)
    assert off.max() < verified + unverified + 1
    free = verified / rate
    assert expected < free - 5  # the cut is felt


def test_those_off_the_registers_are_replaced_only_where_monitors_contradict_the_registers():
    found = {}
    for off in (0, 300):  # verified off the registers: nobody, or far more than the registers allow
        table = np.array([[[0, 10], [0, 40]], [[900, off], [40, 60]]])
        found[off] = released_draws(
            table, ["unstated"], (-3.0, 0.5), n_draws=500, mixed=True, rng=np.random.default_rng(5)
        )
    assert [replaced for _, replaced in found.values()] == [False, True]
    assert np.median(found[300][0]) < 300  # and not their number


def test_a_monitor_who_checks_leaves_more_of_the_unannounced_open():
    table = np.array([[[0, 10], [0, 10]], [[60, 20], [40, 60]]])
    wide = {}
    for how in ("apart", "unstated", "checked"):
        draws, _ = released_draws(
            table, [how], (-3.0, 0.5), n_draws=2000, mixed=False, rng=np.random.default_rng(2)
        )
        wide[how] = np.quantile(draws, 0.9)
    assert wide["apart"] < wide["unstated"] < wide["checked"]


def test_those_who_stayed_unseen_follow_those_seen():
    rng = np.random.default_rng(3)
    none, _ = undone_prior(0, 200, (80, 100), rng)
    some, _ = undone_prior(20, 200, (80, 100), rng)
    blind, _ = undone_prior(0, 200, (0, 100), rng)
    # of 20 seen at four fifths, five more are expected among 180
    assert some == pytest.approx(logit(5 / 180), abs=0.35)
    assert none < some
    assert blind == pytest.approx(logit(0.05), abs=0.35)


def test_wrong_names_are_taken_from_those_of_one_monitor_alone():
    table = np.arange(16).reshape(2, 2, 4) * 30
    thinned = np.mean([without_wrong(table, np.random.default_rng(k)) for k in range(400)], axis=0)
    assert (thinned[1] == table[1]).all()
    assert (thinned[0, :, [0, 3]] == table[0, :, [0, 3]]).all()
    lost = (table - thinned)[0, :, 1:3].sum()
    names = table[..., [1, 3]].sum() + table[..., [2, 3]].sum()
    assert lost < names / 50 * 1.2
    assert lost > 0


def test_delays_are_those_of_the_announced():
    assert delays_shown(np.full(4, D), np.full(4, D + 40)) == PRIORS.late
    assert delays_shown(np.full(9, D), D + np.arange(9)) == 7


def test_registers_without_days_say_who_is_on_them():
    found = releases.ReleasedByName().fit(Undated(**vars(small())))
    official = found.lists["lista"]
    assert (official.on_register.median, official.held_after.median, official.already_out.median) == (7, 0, 0)


@pytest.mark.slow
def test_invented_lists_are_linked_and_counted_as_they_are():
    inside, apart = [], []
    for seed in range(3):
        made = simulate.released_lists(150, seed=seed)
        lists = linkage.read_lists(
            made.frames, released=made.released, days=made.days, checked_from=made.checked_from
        )
        found = releases.ReleasedByName().fit(linkage.link(lists, n_draws=100))
        shown = {(name, count): getattr(found.lists[name], count, None) for name in made.released
                 for count in made.truth.counts(name)}  # fmt: skip
        shown[""] = found.released
        truth = {key: made.truth.counts(key[0])[key[1]] if key else made.truth.released for key in shown}
        counted = {key: count for key, count in shown.items() if isinstance(count, UncertainCount)}
        inside += [c.interval().low <= truth[key] <= c.interval().high for key, c in counted.items()]
        apart += [abs(c.median - truth[key]) for key, c in counted.items() if key]
    assert len(inside) > 50
    assert np.mean(inside) >= 0.95
    assert np.mean(apart) < 0.5  # persons; lists name 43 to 107


@pytest.mark.slow
def test_the_odds_that_the_number_assumes_are_said():
    hows = ("apart", "checked")
    official = simulate.ReleasedList(name="official", named=90)
    monitors = [simulate.ReleasedList(name=how, kind="verified") for how in hows]
    made = simulate.released_lists(250, seed=0, released=(official, *monitors))
    lists = linkage.read_lists(
        made.frames, released=made.released, days=made.days, checked_from={"checked": "official"}
    )
    found = releases.ReleasedByName(apart=("apart",)).fit(linkage.link(lists, n_draws=20))
    reach = 1.959964
    least = min(np.exp(mean - reach * spread) for mean, spread in (getattr(PRIORS, how) for how in hows))
    most = max(np.exp(mean + reach * spread) for mean, spread in (getattr(PRIORS, how) for how in hows))
    assert np.allclose(found.odds, (least, most), rtol=1e-6)
    assert found.verdict == "range"
    assert f"at {least:.2g} to {most:.2g} times the odds of somebody on one" in found.sentence()
