"""Releases verified by several monitors: cases, the model, another estimator in its place, the gap."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from detcount import CaptureTable, abundance
from detcount.errors import InputError, NotEstimableError
from detcount.releases import MonitoredCases, MonitoredReleases, monitored

EXACT = 1e-10  # products of a few dozen probabilities in another order
PRIOR = 0.03  # the prior is worth a person among 30
CLOSE = 0.05  # one simulated table of 400 persons
SMALL = 400  # draws, where the numbers themselves are not looked at
FIRST = np.datetime64("2026-01-01")
NAMES = ("committee", "lawyers", "families de Ñuñoa")


def invented(seed=3, days=40, mean=10, ever=(0.75, 0.55, 0.4), scale=(3.0, 6.0, 9.0)):
    """Every release that some monitor ever verifies, with the day; the truth is in the attributes."""
    random = np.random.default_rng(seed)
    release = np.repeat(np.arange(days), random.poisson(mean, days))
    delay = np.stack([np.floor(s * random.weibull(1.1, len(release))) for s in scale], axis=1)
    found = random.random(delay.shape) < ever
    day = FIRST + (release[:, None] + delay).astype(int)
    verified = np.where(found, day, np.datetime64("NaT"))
    frame = pd.DataFrame({"release": FIRST + release})
    for name, column in zip(NAMES, verified.T, strict=False):
        frame[name] = column
    frame = frame[found.any(axis=1)].reset_index(drop=True)
    frame.attrs["released"] = len(release)
    return frame


def cases(frame=None, as_of="2026-02-09", monitors=NAMES):
    return MonitoredCases.from_frame(invented() if frame is None else frame, monitors=monitors, as_of=as_of)


@pytest.fixture(scope="module")
def estimate():
    return MonitoredReleases(n_draws=SMALL).fit(cases())


def test_old_releases_of_two_monitors_give_lincoln_petersen():
    """Where no delay is left the shares ever verified are m/n2 and m/n1, and the point n1 n2/m."""
    table = {"10": 60, "01": 45, "11": 30}
    rows = [pattern for pattern, count in table.items() for _ in range(count)]
    frame = {
        "release": ["2026-01-01"] * len(rows),
        "a": ["2026-01-01" if pattern[0] == "1" else None for pattern in rows],
        "b": ["2026-01-02" if pattern[1] == "1" else None for pattern in rows],
    }
    old = MonitoredCases.from_frame(frame, monitors=["a", "b"], as_of="2027-06-01")
    estimate = MonitoredReleases(n_draws=2000).fit(old)
    assert estimate.point == pytest.approx(90 * 75 / 30, rel=PRIOR)
    assert estimate.unverifiable.mean == pytest.approx(estimate.carried_out.mean - 135, abs=1.0)
    reference = abundance.LincolnPetersen().fit(old.table())
    ours, theirs = estimate.interval(0.8), reference.interval(0.8)
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), rel=CLOSE)


def test_delay_is_taken_out_where_a_plain_estimate_is_too_low(estimate):
    truth = invented().attrs["released"]
    plain = abundance.LogLinear().fit(cases().table()).point
    assert estimate.point == pytest.approx(truth, rel=CLOSE)
    assert plain < estimate.point
    assert estimate.interval(0.95).low <= truth <= estimate.interval(0.95).high


def test_draws_are_from_the_priors_that_the_docstring_states(monkeypatch):
    """Median log-normal around 7 days, shape around 1, shares uniform, log odds ratios around 0; by scipy."""
    priors, draw = [], monitored.sample_posterior
    spy = lambda *a, **words: priors.append(a[1]) or draw(*a, **words)  # noqa: E731
    monkeypatch.setattr(monitored, "sample_posterior", spy)
    MonitoredReleases(dependence=0.7, n_draws=SMALL).fit(cases())
    points = np.random.default_rng(4).normal(size=(6, 12))
    stated = stats.norm([math.log(7), 0.0] * 3 + [0.0] * 3, [1.5, 0.5] * 3 + [0.7] * 3).logpdf(points[:, :9])
    stated = stated.sum(axis=1) + stats.logistic.logpdf(points[:, 9:]).sum(axis=1)
    ours = max(priors, key=lambda prior: len(prior.mean)).log_density(points)
    assert ours - ours[0] == pytest.approx(stated - stated[0], rel=EXACT)


def test_where_hardly_any_dependence_is_allowed_the_data_do_not_speak_for_either_model():
    """Both are then one model, and its probability is that before the data."""
    notes = MonitoredReleases(dependence=1e-4, n_draws=SMALL).fit(cases()).notes
    assert "Probability that all monitors are independent: 20% (before the data: 20%)." in notes
    alone = MonitoredReleases(dependence=0, n_draws=SMALL).fit(cases()).notes
    assert not any(note.startswith("Probability that all") for note in alone)  # there is one model alone


def test_parts_add_up_draw_by_draw(estimate):
    released = estimate.release_draws
    assert (released == estimate.seen + estimate.pending_draws + estimate.unverifiable_draws).all()
    assert (estimate.draws == released.sum(axis=1)).all()
    assert estimate.pending.mean == pytest.approx(estimate.pending_draws.sum(axis=1).mean(), rel=EXACT)
    assert estimate.interval() == estimate.interval(0.95)
    assert (estimate.monitor_pending_draws >= 0).all()
    for j in range(3):
        assert (estimate.listed[:, j] + estimate.monitor_pending_draws[j] <= released).all()
    assert estimate.carried_out.identified_by == "data"
    assert estimate.n_seen == len(cases())
    assert estimate.carried_out.bounds == (len(cases()), math.inf)
    assert list(estimate.pending_by_monitor) == list(NAMES)


def test_no_person_and_no_name_is_shown(estimate):
    assert repr(cases()).startswith("<MonitoredCases: 3")
    assert str(estimate).endswith("from the counts)")
    assert estimate.translated("es").startswith(
        f"{estimate.n_seen:,} excarcelaciones verificadas al 2026-02-09; "
    )
    assert "2026-02-09" in repr(estimate)


def test_days_after_the_last_release_seen_add_nobody():
    """Releases ended on 15 January, and the monitors went on: no day without a release is filled."""
    known = cases(invented(days=15, mean=15), as_of="2026-01-20")
    estimate = MonitoredReleases(n_draws=SMALL).fit(known)
    assert estimate.days[-1] == known.release.max() == np.datetime64("2026-01-15")
    assert estimate.release_draws.shape == (SMALL, 15)
    assert (
        "No release after 15 January 2026 had been verified by 20 January 2026. Later releases are not "
        "counted, nor are those before 1 January 2026." in estimate.notes
    )


def test_notes_say_what_two_monitors_cannot_show():
    two = MonitoredReleases(n_draws=SMALL).fit(
        cases(invented().dropna(subset=NAMES[:2], how="all"), monitors=NAMES[:2])
    )
    assert any("Two monitors cannot show" in note for note in two.notes)
    unknown = "Verifications after 9 February 2026 were not known then"
    assert any(note.startswith(unknown) for note in two.notes)


def test_a_monitor_that_shares_nothing_is_named():
    frame = {
        "release": ["2026-01-01"] * 30,
        "a": ["2026-01-02"] * 20 + [None] * 10,
        "b": [None] * 8 + ["2026-01-03"] * 16 + [None] * 6,
        "c": [None] * 24 + ["2026-01-03"] * 6,
    }
    alone = MonitoredReleases(n_draws=SMALL).fit(
        MonitoredCases.from_frame(frame, monitors=["a", "b", "c"], as_of="2026-03-01")
    )
    assert any(note.startswith("Monitor 'c' shares no release with another") for note in alone.notes)


def test_the_table_gives_every_release_the_same_time():
    frame = {
        "release": ["2026-01-01", "2026-01-02", "2026-01-09", "2026-01-01", "2026-01-03"],
        "a": ["2026-01-03", "2026-01-08", "2026-01-09", None, "2026-01-03"],
        "b": ["2026-01-02", "2026-01-02", None, "2026-01-09", "2026-01-09"],
    }
    known = MonitoredCases.from_frame(frame, monitors=["a", "b"], as_of="2026-01-09")
    assert known.table() == CaptureTable.from_counts({"10": 1, "01": 1, "11": 3}, lists=["a", "b"])
    # the third is 0 days old; the fourth was verified after 8 days
    assert known.table(within=5) == CaptureTable.from_counts({"10": 1, "01": 1, "11": 1}, lists=["a", "b"])


@given(data=st.data())
@settings(max_examples=6, deadline=None)
def test_every_sample_of_cases_has_an_answer_or_a_reason(data):
    frame = invented(days=15, mean=3)
    rows = data.draw(st.lists(st.integers(0, len(frame) - 1), min_size=1, max_size=20, unique=True))
    day = data.draw(st.integers(10, 40))
    try:
        known = cases(frame.iloc[rows], as_of=FIRST + day)
        estimate = MonitoredReleases(n_draws=100).fit(known)
    except (NotEstimableError, InputError) as error:
        reasons = ("share no release", "had verified nobody", "no release was verified")
        assert any(reason in str(error) for reason in reasons)  # noqa: PT017
        return
    assert math.isfinite(estimate.point)
    assert estimate.interval(0.95).low >= estimate.n_seen
