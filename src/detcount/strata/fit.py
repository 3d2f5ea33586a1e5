"""One estimator, fitted to each stratum by itself."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from detcount import arguments
from detcount._numerics.kept import kept
from detcount._numerics.parallel import attempt, map_tasks
from detcount.captures import CaptureTable
from detcount.errors import InputError, NotEstimableError
from detcount.estimates import AbundanceEstimate
from detcount.fitting import Data, Fits
from detcount.repeated import RepeatedCounts
from detcount.strata.result import StrataResult
from detcount.words import Message

__all__ = ["fit_strata"]


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
        stand in it; names of lists do, where a note of an estimate has them. Use only a folder that nobody
        else can write to: reading an answer can run what somebody else has put there.

    Returns
    -------
    StrataResult
        Abundance in persons by stratum; ``total()`` adds up.

    Raises
    ------
    InputError
        If there are no strata, or the estimator cannot mean what it says for one of them.

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
    if not isinstance(tables, Mapping):
        raise TypeError(
            Message("tables: expected a mapping of names to tables, got {kind}", kind=type(tables).__name__)
        )
    if not tables:
        raise InputError(Message("tables: expected at least one stratum, got none"))
    for position, (name, table) in enumerate(tables.items()):
        if not isinstance(name, str) or not name.strip():
            raise InputError(
                Message(
                    "tables, position {position}: expected the name of a stratum as text, got {kind}",
                    position=position + 1,
                    kind=type(name).__name__,
                )
            )
        if not isinstance(table, (CaptureTable, RepeatedCounts)):
            raise TypeError(
                Message(
                    "tables, stratum {name!r}: expected a CaptureTable, got {kind}",
                    name=name,
                    kind=type(table).__name__,
                )
            )
    seed = arguments.seed(seed)
    answers = map_tasks(
        partial(_fit_one, estimator, seed, None if cache is None else Path(cache)),
        list(tables.items()),
        n_jobs=n_jobs,
        label="strata",
    )
    by_name = dict(zip(tables, answers, strict=True))
    return StrataResult(
        estimator=estimator,
        strata=tuple(tables),
        n_observed={name: table.n_observed for name, table in tables.items()},
        estimates={name: answer for name, answer in by_name.items() if isinstance(answer, AbundanceEstimate)},
        declined={name: answer for name, answer in by_name.items() if isinstance(answer, NotEstimableError)},
        seed=seed,
        of_tables=tuple(dict.fromkeys(note for table in tables.values() for note in _notes_of(table))),
    )


def _notes_of(table: CaptureTable | RepeatedCounts) -> tuple[str, ...]:
    """What a table says of how its persons were counted."""
    return table.notes if isinstance(table, CaptureTable) else ()


def _fit_one(
    estimator: Fits[Data], seed: int, cache: Path | None, stratum: tuple[str, Data]
) -> AbundanceEstimate | NotEstimableError:
    """Estimate of one stratum, or why it has none."""
    name, table = stratum
    fit = partial(attempt, type(estimator).__name__, partial(estimator.fit, table, seed=seed))
    try:
        if cache is None:
            return fit()
        return kept(cache, (estimator, table.digest, table.definition, _notes_of(table), seed), fit)
    except InputError as error:
        raise InputError(Message("stratum {name!r}: {error}", name=name, error=error.args[0])) from error
