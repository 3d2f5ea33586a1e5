"""Batches released whole before the eyes of a monitor: all verified at once, nothing pending."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from detcount._numerics.batches.likelihood import log_likelihood_of
from detcount._numerics.batches.model import BatchModel
from detcount._numerics.batches.scores import sample_prior

__all__ = ["handed_over"]

_LATEST = 1  # days from a release to the first figure of who stood by
_DRAWS = 4000  # of the prior, over which the likelihood of a first figure is averaged


def handed_over(model: BatchModel, place: int) -> float:
    """Chance that the batch of a series was released whole before the eyes of its monitor.

    Nothing else is possible but that every figure is then the number announced. Without, that number is one
    of many: the likelihood of the first figure averaged over the prior. Who gives the number announced days
    later may have been told it.
    """
    series = model.series[place]
    whole = series.counts == model.announced[series.batch]
    stood_by = series.delays[0].max() <= _LATEST
    if not (model.handed_over and whole.all() and stood_by) or series.at_least.any():
        return 0.0
    first = replace(series, batch=0, monitor=0, **{name: getattr(series, name)[:1] for name in _OF_FIGURES})
    alone = replace(
        model,
        announced=(model.announced[series.batch],),
        series=(first,),
        verification=model.verification[[series.monitor]],
    )
    scores = sample_prior(alone, _DRAWS, np.random.default_rng(0))
    otherwise = float(np.exp(log_likelihood_of(alone, 0, scores)).mean())
    return model.handed_over / (model.handed_over + (1 - model.handed_over) * otherwise)


_OF_FIGURES = ("counts", "at_least", "delays")
