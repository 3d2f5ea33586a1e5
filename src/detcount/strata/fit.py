"""One estimator, fitted to each stratum by itself."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from pathlib import Path

from detcount import arguments
from detcount._numerics.parallel import map_tasks
from detcount.errors import DetcountWarning, NotEstimableError
from detcount.estimates import AbundanceEstimate
from detcount.fitting import Data, Fits
from detcount.strata.cache import Answer
from detcount.strata.result import StrataResult
from detcount.strata.tasks import Fitting, checked_tables, notes_of, number_of_lists
from detcount.words import Message


def fit_strata(
    estimator: Fits[Data],
    tables: Mapping[str, Data],
    *,
    seed: int = 0,
    n_jobs: int | None = None,
    cache: str | Path | None = None,
) -> StrataResult:
    """Estimate abundance in each stratum by itself, and keep what was declined.

    Prefer strata within which persons are alike in how easily they are listed: a difference between
    strata then biases nothing.

    Parameters
    ----------
    estimator : Estimator
        Any estimator; fitted to every stratum with the same options.
    tables : mapping of str to CaptureTable or RepeatedCounts
        Persons listed in each stratum, such as `stratify` gives.
    seed : int, optional
        Seed of every fit: a stratum has the estimate that it would have alone.
    n_jobs : int, optional
        Workers; -1 for one a core. Without it ``joblib.parallel_config`` decides, and is 1 outside of one.
    cache : str or Path, optional
        Folder in which the answer of each stratum is kept, under a digest of its table, of the estimator, the
        seed and the versions of the software: a later call fits only what is new. Names of strata do not
        stand in it; names of lists do, where a note of an estimate has them. Answers are numbers and text,
        and reading them runs nothing; one that is damaged, or of other data, is made anew with a warning.
        Whoever can write to the folder can still change the numbers in it.

    Returns
    -------
    StrataResult
        Abundance in persons by stratum; ``total()`` adds up.

    Raises
    ------
    InputError
        If there are no strata, the cache is a file, or the estimator cannot mean what it says for one of
        them.
    TypeError
        If the estimator is none.

    See Also
    --------
    stratify : Make the tables from a frame.

    Notes
    -----
    Warnings about single strata stand in the notes of their estimates.

    Examples
    --------
    >>> from detcount import CaptureTable, abundance, fit_strata
    >>> north = CaptureTable.from_counts({"10": 40, "01": 60, "11": 20}, lists=["press", "families"])
    >>> south = CaptureTable.from_counts({"10": 7}, lists=["press", "families"])
    >>> result = fit_strata(abundance.Chapman(), {"north": north, "south": south})
    >>> list(result.estimates), result.declined["south"].reason
    (['north'], "list 'families' names nobody")
    """
    checked_tables(tables)
    seed = arguments.seed(seed)
    if not callable(getattr(estimator, "fit", None)):
        raise TypeError(
            Message(
                "estimator: expected one with a method fit, as detcount.abundance.Chapman(), got {kind}",
                kind=type(estimator).__name__,
            )
        )
    fitting = Fitting(estimator, seed, cache)
    if fitting.cache is not None:
        fitting.cache.check()
    tasks = fitting.tasks(list(tables.items()))
    tasks.sort(key=lambda task: -number_of_lists(task[0][1]))  # the longest first
    answers = map_tasks(
        fitting,
        tasks,
        n_jobs=n_jobs,
        label="batches of strata" if fitting.at_once else "strata",
    )
    found: dict[str, Answer] = {}
    said: dict[str, None] = {}
    for task, its_answers in zip(tasks, answers, strict=True):
        for (name, _), (answer, told) in zip(task, its_answers, strict=True):
            found[name] = answer
            said[told] = None
    for told in filter(None, said):
        warnings.warn(told, DetcountWarning, stacklevel=2)
    by_name = {name: found[name] for name in tables}
    return StrataResult(
        estimator=estimator,
        strata=tuple(tables),
        n_observed={name: table.n_observed for name, table in tables.items()},
        estimates={name: answer for name, answer in by_name.items() if isinstance(answer, AbundanceEstimate)},
        declined={name: answer for name, answer in by_name.items() if isinstance(answer, NotEstimableError)},
        seed=seed,
        of_tables=tuple(dict.fromkeys(note for table in tables.values() for note in notes_of(table))),
    )
