"""Campaigns of which it is known that nothing more came: does a forecaster leave room for that?"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from backtest.candidates import GROWTH, LADDER
from backtest.forecasters import Case, answer, growth, ladder, others
from backtest.tables import table
from backtest.targets import CONTROLS, Question, Target, campaign_of
from detcount import datasets
from detcount.releases.process.elsewhere import CAMPAIGNS
from detcount.releases.process.members import GrowthShape


def control_lines(shapes: Mapping[str, GrowthShape]) -> list[str]:
    """A row a control: what was known, what stayed, 80% and 95% intervals."""
    rows = []
    for control in CONTROLS:
        known = datasets.load(control.dataset)
        start, on = np.datetime64(control.start), np.datetime64(control.on)
        row = max(i for i in range(len(known)) if known.source[i] == control.source)
        known = known.as_of(known.published[row])
        latest = int(known.select(source=control.source).count[-1])
        is_campaign = any(one.dataset == control.dataset for one in CAMPAIGNS)
        name = campaign_of(control.dataset, start).name if is_campaign else ""
        target = Target(
            f"{control.source}, from {control.start}", Question(control.source, start, on, on),
            known.published[-1], latest, False, control.outcome, np.arange(len(known)), name,
        )  # fmt: skip
        case = Case(target, known, others(name))
        for label, forecaster in (
            (LADDER, ladder),
            (GROWTH, growth(shapes.get(name, shapes["every campaign"]))),
        ):
            given = answer(forecaster, case)
            assert given is not None
            (low, high), (lower, higher) = given.interval(0.8), given.interval(0.95)
            rows.append(
                [target.series, control.why, str(latest), str(control.outcome), label,
                 f"{low:.0f} to {high:.0f}", f"{lower:.0f} to {higher:.0f}"]
            )  # fmt: skip
    return table(["series", "why", "latest", "stayed at", "forecaster", "80%", "95%"], rows)
