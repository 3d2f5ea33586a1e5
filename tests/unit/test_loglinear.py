"""What `LogLinear` asks of a table, says of it, and keeps."""

import numpy as np
import pytest

from detcount import CaptureTable
from detcount._numerics.patterns import from_generators
from detcount._numerics.poisson import fit_hierarchical
from detcount.abundance import LogLinear, PercentileBootstrap

CLOSED_FORM = 1e-9  # relative: the score converges to 1e-10

LISTS = ["press", "court", "families"]
TABLE = CaptureTable.from_counts(
    {"100": 60, "010": 50, "110": 34, "001": 45, "101": 12, "011": 9, "111": 14}, lists=LISTS
)


def test_draws_are_refits_of_populations_drawn_again():
    fit = LogLinear(((1, 2),), interval=PercentileBootstrap(100)).fit(TABLE, seed=11)
    rng = np.random.default_rng(11)
    listed = rng.binomial(round(fit.point), TABLE.n_observed / fit.point, size=100)
    tables = rng.multinomial(listed, TABLE.counts / TABLE.n_observed)
    model = from_generators([0b011], 3)
    for draw, counts in zip(fit.draws, tables, strict=True):
        cells = np.zeros(8)
        cells[TABLE.codes.astype(int)] = counts
        expected = counts.sum() + fit_hierarchical(model, cells).n_unobserved[0]
        assert draw == pytest.approx(max(expected, TABLE.n_observed), rel=CLOSED_FORM)
