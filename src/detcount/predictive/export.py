"""The draws of an estimate for ArviZ."""

from __future__ import annotations

from typing import Any

import numpy as np

from detcount.abundance.latent_class import LatentClassDetail
from detcount.errors import MissingExtraError, NotEstimableError
from detcount.estimates import AbundanceEstimate
from detcount.fitting import checked_estimate
from detcount.words import Message


def to_arviz(estimate: AbundanceEstimate) -> Any:
    """Give the draws of N to ArviZ, for its plots and diagnostics.

    Parameters
    ----------
    estimate : AbundanceEstimate
        An estimate with draws: any Bayesian one, or one with a bootstrap.

    Returns
    -------
    xarray.DataTree
        Group ``posterior`` with the variable ``N``, persons, by chain and draw.

    Raises
    ------
    NotEstimableError
        If the estimate has no draws.
    MissingExtraError
        If the extra ``arviz`` is not installed.

    Notes
    -----
    Draws that were made one by one stand as one chain: nothing can be learned from comparing parts of it.

    Examples
    --------
    >>> import detcount as dc
    >>> counts = {"100": 40, "010": 60, "001": 35, "110": 20, "101": 12, "011": 9, "111": 6}
    >>> table = dc.CaptureTable.from_counts(counts, lists=["press", "court", "families"])
    >>> fitted = dc.abundance.DecomposableGraphs().fit(table)
    >>> data = dc.to_arviz(fitted)  # needs pip install "detcount[arviz]"  # doctest: +SKIP
    """
    estimate = checked_estimate(estimate)
    if estimate.draws is None:
        raise NotEstimableError(
            "to_arviz",
            Message("the estimate by {estimator} has no draws", estimator=repr(estimate.estimator)),
            Message("Fit a Bayesian estimator such as DecomposableGraphs or LatentClass."),
            advice=Message("Fit a Bayesian estimator, such as decomposable graphs or latent classes."),
        )
    try:
        from arviz_base import from_dict
    except ImportError as error:
        raise MissingExtraError("to_arviz", "arviz") from error
    chains = estimate.draws[None, :]
    if isinstance(estimate.detail, LatentClassDetail):
        chains = estimate.detail.chains
    origin = {"estimator": repr(estimate.estimator), "seed": estimate.seed, "data_sha256": estimate.digest}
    return from_dict({"posterior": {"N": np.array(chains)}}, attrs={"/": origin})
