"""`detcount.plan` on invented systems: stored figures keep their rule, and a few systems are run again."""

from pathlib import Path

import pandas as pd
import pytest

from scripts import loaded

STORED = Path(__file__).parents[2] / "benchmarks" / "results" / "plan.csv"
FEW, WIDE = 6, 3.0  # systems; a factor that no mean of so few lies beyond, at three standard errors


def test_the_stored_widths_are_those_promised():
    rows = pd.read_csv(STORED, index_col="kind")
    assert [*rows.index] == ["persons", "prisons", "further list", "audit", "mix", "all"]
    assert (rows["systems"] >= 60).all()
    assert rows["given over promised"].between(1 / 1.15, 1.15).all()
    assert rows["promised over today"].drop("audit").max() < 0.7


@pytest.mark.slow
def test_steps_give_about_what_was_promised():
    rows = loaded("benchmarks/plan.py").main(FEW, 7)
    assert len(rows) == 6
    assert rows["given over promised"].between(1 / WIDE, WIDE).all()
    assert rows.loc["audit", "given over promised"] == pytest.approx(1, abs=0.15)
