"""One estimator, fitted to each stratum by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Generic

from detcount._numerics.parallel import attempt, map_tasks
from detcount.contract.specification import door
from detcount.data.captures import CaptureTable
from detcount.data.repeated import RepeatedCounts
from detcount.errors import DetcountError, InputError, InputTypeError, NotEstimableError, warn
from detcount.estimates import AbundanceEstimate
from detcount.fitting import Data, Fits
from detcount.pooling.pooled import Pooled, pooled
from detcount.pooling.result import Combine
from detcount.strata.cache import Answer, Cache
from detcount.strata.result import StrataResult
from detcount.words import Message

Stratum = tuple[str, Data]


@dataclass(frozen=True)
class Tuning:
    """Strata that are fitted together.

    Parameters
    ----------
    at_once : int, strata
        Most strata in an array. Computational (`test_numbers`): more gain nothing.
    cells : int, cells
        Most cells in an array, so that it stays in cache. Computational (`test_numbers`).
    """

    at_once: int = 128
    cells: int = 1 << 16


TUNING = Tuning()


class Fitting(Generic[Data]):
    """One estimator with its seed, and the folder in which answers are kept; workers are sent this."""

    def __init__(self, estimator: Fits[Data], seed: int, cache: str | Path | None) -> None:
        self._estimator = estimator
        self._seed = seed
        self.cache = None if cache is None else Cache(Path(cache))
        self.at_once = hasattr(estimator, "_fit_many")

    def __call__(self, strata: Sequence[Stratum[Data]]) -> list[tuple[Answer, str]]:
        """Estimate of each stratum, or why it has none, and what is to be said of the folder."""
        if len(strata) > 1 and self.at_once:
            new = [place for place, (_, table) in enumerate(strata) if not self.is_kept(table)]
            try:
                many = self._many([strata[place] for place in new]) if new else []
                found = dict(zip(new, many, strict=True))
                return [self._answer(stratum, found.get(place)) for place, stratum in enumerate(strata)]
            except DetcountError:
                pass  # one at a time, they say of which stratum it is
        return [self._answer(stratum) for stratum in strata]

    def tasks(self, strata: Sequence[Stratum[Data]]) -> list[tuple[Stratum[Data], ...]]:
        """Strata that are fitted together: one, or many of the same number of lists."""
        if not self.at_once:
            return [(stratum,) for stratum in strata]
        alike: dict[int, list[Stratum[Data]]] = {}
        for stratum in strata:
            alike.setdefault(number_of_lists(stratum[1]), []).append(stratum)
        tasks = []
        for n_lists, group in alike.items():
            most = max(1, min(self._most_at_once(n_lists), TUNING.cells >> min(n_lists, 60)))
            tasks += [tuple(group[k : k + most]) for k in range(0, len(group), most)]
        return tasks

    def _most_at_once(self, n_lists: int) -> int:
        """Strata in an array, by what the estimator says of itself."""
        of_its_own = getattr(self._estimator, "_most_at_once", None)
        return TUNING.at_once if of_its_own is None else int(of_its_own(n_lists))

    def is_kept(self, table: Data) -> bool:
        """Check whether the folder has the answer of a table."""
        return self.cache is not None and self.cache.has(self._made_from(table))

    def _many(self, strata: Sequence[Stratum[Data]]) -> list[Answer]:
        """Answers of strata of the same number of lists, as arrays."""
        answers: list[Answer] = self._estimator._fit_many(  # type: ignore[attr-defined]
            [table for _, table in strata], seed=self._seed
        )
        return answers

    def _answer(self, stratum: Stratum[Data], found: Answer | None = None) -> tuple[Answer, str]:
        """Answer of a stratum: what was found, what is kept, or a new one; what is to be said of it."""
        name, table = stratum
        fit = partial(attempt, type(self._estimator).__name__, partial(self._fit, table, found))
        try:
            if self.cache is None:
                return fit(), ""
            return self.cache.answer(self._made_from(table), table.digest, self._estimator, fit)
        except InputError as error:
            raise InputError(Message("stratum {name!r}: {error}", name=name, error=error.args[0])) from error

    def _fit(self, table: Data, found: Answer | None) -> Answer:
        """Give the stored answer, or a new estimate."""
        return self._estimator.fit(table, seed=self._seed) if found is None else found

    def _made_from(self, table: Data) -> tuple[Any, ...]:
        """List the inputs of an answer, besides the versions of the software."""
        return self._estimator, table.digest, table.definition, notes_of(table), self._seed


def checked_tables(tables: Any) -> None:
    """Refuse what is no mapping of names to tables."""
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
            raise InputTypeError(
                Message(
                    "tables, stratum {name!r}: expected a CaptureTable, got {kind}",
                    name=name,
                    kind=type(table).__name__,
                )
            )


def _is_several(tables: Any) -> bool:
    """Check whether the tables are those of several draws."""
    several = isinstance(tables, Sequence) and not isinstance(tables, str)
    return several and len(tables) > 0 and all(isinstance(each, Mapping) for each in tables)


def _key(table: CaptureTable | RepeatedCounts) -> tuple[Any, ...]:
    """Make the key of the answer for a table, besides the estimator and the seed."""
    return table.digest, table.definition, notes_of(table)


def notes_of(table: CaptureTable | RepeatedCounts) -> tuple[str, ...]:
    """Give the notes of a table on how its persons were counted."""
    return table.notes if isinstance(table, CaptureTable) else ()


def number_of_lists(table: CaptureTable | RepeatedCounts) -> int:
    """Lists of a table; counts of how often persons are named are of one."""
    return table.n_lists if isinstance(table, CaptureTable) else 1


@door
def fit_strata(
    estimator: Fits[Data],
    tables: Mapping[str, Data] | Sequence[Mapping[str, Data]],
    *,
    combine: Combine = "auto",
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
        Persons listed in each stratum, such as `stratify` gives. Or a sequence of such mappings, one for each
        draw of what is not known, such as ``Imputed.stratify`` gives: every table of every draw is fitted,
        equal ones once, and the estimates of a stratum are pooled.
    combine : {"auto", "mixture", "rubin", "rubin-n", "verdata"}, optional
        How the estimates of the draws of a stratum become one, as in `pool`.
    seed : int, optional
        Seed of every fit: a stratum has the estimate that it would have alone.
    n_jobs : int, optional
        Number of workers; -1 means one a core. None takes the number that ``joblib.parallel_config`` sets, or
        else 1.
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
        If there are no strata, the cache is a file, or an option of the estimator does not fit one of the
        tables.
    InputTypeError
        If `estimator` is not an estimator.

    See Also
    --------
    stratify : Make the tables from a frame.

    Notes
    -----
    Warnings about single strata stand in the notes of their estimates.

    Of several draws, a stratum that one of them lacks, or for which one of them has no estimate, has none: to
    leave the draw out would choose among the draws. ``total()`` adds up the strata within each draw, and
    pools the sums by Rubin's rules.

    Examples
    --------
    >>> from detcount import CaptureTable, abundance, fit_strata
    >>> north = CaptureTable.from_counts({"10": 40, "01": 60, "11": 20}, lists=["press", "families"])
    >>> south = CaptureTable.from_counts({"10": 7}, lists=["press", "families"])
    >>> result = fit_strata(abundance.Chapman(), {"north": north, "south": south})
    >>> list(result.estimates), result.declined["south"].reason
    (['north'], "list 'families' names nobody")
    """
    replicates: Sequence[Mapping[str, Data]]
    replicates = tables if _is_several(tables) else [tables]  # type: ignore[assignment,list-item]
    for each in replicates:
        checked_tables(each)
    fitting = Fitting(estimator, seed, cache)
    if fitting.cache is not None:
        fitting.cache.check()
    distinct = {_key(table): (name, table) for each in replicates for name, table in each.items()}
    tasks = fitting.tasks(list(distinct.values()))
    tasks.sort(key=lambda task: -number_of_lists(task[0][1]))  # the longest first
    answers = map_tasks(
        fitting,
        tasks,
        n_jobs=n_jobs,
        label=Message("batches of strata") if fitting.at_once else Message("strata"),
    )
    found: dict[tuple[Any, ...], Answer] = {}
    stated: dict[str, None] = {}
    for task, its_answers in zip(tasks, answers, strict=True):
        for (_, table), (answer, warning) in zip(task, its_answers, strict=True):
            found[_key(table)] = answer
            stated[warning] = None
    for warning in filter(None, stated):
        warn(warning)
    of_draws: dict[str, list[Data]] = {}
    for each in replicates:
        for name, table in each.items():
            of_draws.setdefault(name, []).append(table)
    specification: Any = Pooled(estimator, combine) if len(replicates) > 1 else estimator
    by_name = {
        name: _of_draws(specification, [found[_key(table)] for table in drawn], len(replicates), seed)
        for name, drawn in of_draws.items()
    }
    return StrataResult(
        estimator=specification,
        strata=tuple(of_draws),
        n_observed={name: min(table.n_observed for table in drawn) for name, drawn in of_draws.items()},
        estimates={name: answer for name, answer in by_name.items() if isinstance(answer, AbundanceEstimate)},
        declined={name: answer for name, answer in by_name.items() if isinstance(answer, NotEstimableError)},
        seed=seed,
        of_tables=tuple(
            dict.fromkeys(note for drawn in of_draws.values() for table in drawn for note in notes_of(table))
        ),
    )


def _of_draws(specification: Any, answers: Sequence[Answer], n_draws: int, seed: int) -> Answer:
    """The answer of a stratum: of one table as it is, of the tables of several draws pooled."""
    if n_draws == 1:
        return answers[0]
    name = type(specification.estimator).__name__
    if len(answers) < n_draws:
        return NotEstimableError(
            name,
            Message("{n} of {draws} draws have somebody in the stratum", n=len(answers), draws=n_draws),
            Message("Unite strata, or estimate without them."),
        )
    return attempt(name, partial(pooled, specification, answers, seed=seed))
