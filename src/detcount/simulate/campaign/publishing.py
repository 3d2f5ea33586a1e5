"""What the parties of an invented campaign publish of it, day by day."""

from __future__ import annotations

import numpy as np

from detcount.published import PublishedReleases
from detcount.simulate.campaign.lots import Batch, announced_by_day
from detcount.simulate.campaign.parties import Authority, Monitor
from detcount.simulate.campaign.shares import MONITORS
from detcount.simulate.campaign.truth import CampaignTruth, day_of, on_register

_LEFT_PRISON = "left prison"
_FROM_PRISON = "release from prison"
_SLIPS = 7  # stream of a monitor

# one published count: published, source, role, start, end, count, at least, event, measure
Row = tuple[int, str, str, int, int | None, int, bool, str, str]


def announcements(
    truth: CampaignTruth, batches: tuple[Batch, ...], authority: Authority, rng: np.random.Generator
) -> list[Row]:
    """What the authority publishes: its batches and its running totals."""
    rows: list[Row] = []
    for day in range(truth.n_days):
        for k, batch in enumerate(batches):
            said = announced_by_day(batch)
            if day not in [when for when, _ in said]:
                continue
            end = day if batch.kind == "running total" else batch.last_day
            count = sum(number for when, number in said if when <= day)
            rows.append(
                (
                    day, authority.name, "announced", batch.day, end, count, batch.at_least,
                    f"batch {k + 1}", batch.measure,
                )
            )  # fmt: skip
        rounds = rng.random() < authority.at_least_share
        start = _window_start(authority.windows, day)
        if start is None or not authority.report_every or day % authority.report_every:
            continue
        count = int(truth.announced[start : day + 1].sum())
        count, at_least = _rounded(count, rounds)
        since = f"since {day_of(truth, start)}"
        rows.append((day, authority.name, "announced", start, day, count, at_least, since, _LEFT_PRISON))
    return rows


def verifications(
    truth: CampaignTruth, j: int, batches: tuple[Batch, ...], monitor: Monitor, seed: int
) -> list[Row]:
    """What a monitor publishes: counts by batch and running totals."""
    rows: list[Row] = []
    rng = np.random.default_rng([seed, MONITORS + j, 1])
    slips = np.random.default_rng([seed, MONITORS + j, _SLIPS])
    measure = monitor.measure or (_LEFT_PRISON if monitor.counts_house_arrest else _FROM_PRISON)

    def publish(day: int, start: int, end: int, count: int, event: str, rounds: bool) -> None:
        slip = slips.random() < monitor.overcount_chance * np.exp(-(day - start) / monitor.overcount_days)
        count += int(slips.poisson(monitor.overcount_share * count)) * slip
        count, at_least = _rounded(count, rounds)
        rows.append((day, monitor.name, "verified", start, end, count, at_least, event, measure))

    for day in range(truth.n_days):
        # drawn every day, so that one option does not move another
        published = rng.random() < monitor.report_chance
        earlier = rng.random() < monitor.second_figure
        part = rng.random()
        rounds = rng.random(len(batches) + 1) < monitor.at_least_share
        if day % monitor.report_every or not published:
            continue
        if monitor.batches:
            for k, batch in enumerate(batches):
                # by the days; of what is said in retrospect nobody knows before that it is a batch
                if batch.announced_on <= day < batch.day + truth.followed[j, k]:
                    count = on_register(truth, j, truth.of_batch(k), float(day))
                    end = day if batch.last_day is None else min(batch.last_day, day)
                    publish(day, batch.day, end, count, f"batch {k + 1}", bool(rounds[k]))
        start = _window_start(monitor.windows, day)
        if monitor.totals and start is not None:
            of_window = truth.of_window(start, day)
            count = on_register(truth, j, of_window, float(day))
            since = f"since {day_of(truth, start)}"
            gained = count - on_register(truth, j, of_window, float(day - 1))
            if earlier and gained > 0:
                publish(day, start, day, count - gained + int(part * gained), since, False)
            publish(day, start, day, count, since, bool(rounds[-1]))
    return rows


def as_published(truth: CampaignTruth, rows: list[Row]) -> PublishedReleases:
    """The rows as published counts."""
    first = np.datetime64(truth.first_day, "D")
    published, source, role, start, end, count, at_least, event, measure = zip(*rows, strict=True)
    return PublishedReleases(
        published=first + np.array(published, dtype=np.int64),
        source=source,
        role=role,
        start=first + np.array(start, dtype=np.int64),
        end=first + np.array(["NaT" if day is None else day for day in end], dtype="timedelta64[D]"),
        count=np.array(count, dtype=np.int64),
        at_least=np.array(at_least, dtype=bool),
        event=event,
        measure=measure,
        note=("",) * len(rows),
    )


def _window_start(windows: tuple[tuple[int, int], ...], day: int) -> int | None:
    """First day that a running total of a day counts; None before the first window."""
    starts = [start for since, start in windows if since <= day]
    return starts[-1] if starts else None


def _rounded(count: int, rounds: bool) -> tuple[int, bool]:
    """A count, or "at least" the ten below it."""
    return (count // 10 * 10, True) if rounds and count >= 10 else (count, False)
