"""Refit an estimator without each list in turn."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from detcount._numerics.parallel import attempt, map_tasks
from detcount.abundance.loglinear import LogLinear
from detcount.assumptions import Assumption
from detcount.contract.specification import door
from detcount.data.captures import CaptureTable
from detcount.errors import InputError, NotEstimableError
from detcount.estimates import AbundanceEstimate, Specification
from detcount.estimates.abundance import limits_of, printed_limits
from detcount.estimates.count import LIMITS
from detcount.fitting import Fits
from detcount.reports.printing import Columns
from detcount.reports.shown import Levelled
from detcount.words import Message, Number, Sentence


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class LeaveOneListOut(Levelled):
    """Estimates of the same population without each list in turn.

    Parameters
    ----------
    estimator : Specification
        The estimator that was fitted each time.
    lists : tuple of str
        The lists, in the order of the table.
    n_observed : dict of str to int
        Persons on at least one of the other lists, for each list left out.
    estimates : dict of str to AbundanceEstimate
        The estimate without each list, where there is one.
    declined : dict of str to NotEstimableError
        Why there is none, where there is none.
    full : AbundanceEstimate, optional
        The estimate from all lists; None where the estimator has no answer for them.
    full_declined : NotEstimableError, optional
        Why the estimator has no answer for all lists.

    Examples
    --------
    >>> from detcount import CaptureTable, abundance, leave_one_list_out
    >>> table = CaptureTable.from_counts(
    ...     {"100": 60, "010": 50, "110": 14, "001": 45, "101": 12, "011": 9, "111": 4},
    ...     lists=["press", "court", "families"],
    ... )
    >>> print(leave_one_list_out(abundance.Chapman(), table))
    all lists: no answer (needs exactly 2 lists, got 3)
    without 'press': 395 persons (276 to 613, 95% log-normal); 134 listed
    without 'court': 379 persons (276 to 562, 95% log-normal); 144 listed
    without 'families': 373 persons (277 to 539, 95% log-normal); 149 listed
    """

    _prints = ("_lines",)
    estimator: Specification
    lists: tuple[str, ...]
    n_observed: dict[str, int]
    estimates: dict[str, AbundanceEstimate]
    declined: dict[str, NotEstimableError]
    full: AbundanceEstimate | None = None
    full_declined: NotEstimableError | None = None

    def rows(self, level: float = 0.95) -> list[dict[str, Any]]:
        """Give one row for all lists and one without each; `ratio` is to the estimate from all lists."""
        without = (
            (name, self.n_observed[name], self.estimates.get(name), self.declined.get(name))
            for name in self.lists
        )
        rows = ((None, None, self.full, self.full_declined), *without)
        return [_left_out_row(*row, self.full, level) for row in rows]

    def headline(self) -> Message:
        """Say how many lists can be left out."""
        return Message(
            "an estimate without each of {n} of {n_lists} lists",
            n=len(self.estimates),
            n_lists=len(self.lists),
        )

    def sentence(self) -> Message:
        """Say the estimate of all lists, and without each in turn."""
        return Message.together(Sentence(line) for line in self._lines)

    _notebook = "withheld"

    @property
    def assumptions(self) -> tuple[Assumption, ...]:
        """Conditions that have to hold for the estimates to mean what they say."""
        return self.estimator.assumes

    @property
    def _table(self) -> Columns:
        """A row a list left out."""
        found = [(Message("none"), self.full), *((name, self.estimates.get(name)) for name in self.lists)]
        rows = (
            (name, "–" if each is None else Number(each.n_observed), *printed_limits(each))
            for name, each in found
        )
        return Columns((Message("List left out"), *LIMITS), tuple(rows))

    @property
    def _lines(self) -> list[Message]:
        """The estimates in words."""
        lines = [Message("all lists: {answer}", answer=_answer(self.full, self.full_declined))]
        lines += [
            Message(
                "without {name!r}: {answer}",
                name=name,
                answer=_answer(self.estimates.get(name), self.declined.get(name)),
            )
            for name in self.lists
        ]
        return lines

    def __repr__(self) -> str:
        return f"<LeaveOneListOut of {self.estimator!r}: {len(self.estimates)} of {len(self.lists)} answered>"


def _answer(
    estimate: AbundanceEstimate | None, declined: NotEstimableError | None
) -> AbundanceEstimate | Message | None:
    """Estimate, or why there is none."""
    return estimate if declined is None else Message("no answer ({reason})", reason=declined.reason)


def _left_out_row(
    name: str | None,
    n_observed: int | None,
    estimate: AbundanceEstimate | None,
    declined: NotEstimableError | None,
    full: AbundanceEstimate | None,
    level: float,
) -> dict[str, Any]:
    """Row of the table of lists left out."""
    return {
        "without": name,
        "n_observed": n_observed if estimate is None else estimate.n_observed,
        **limits_of(estimate, level),
        "ratio": None if estimate is None or full is None else estimate.point / full.point,
        "declined": getattr(declined, "reason", None),
    }


@door
def leave_one_list_out(
    estimator: Fits[CaptureTable], table: CaptureTable, *, seed: int = 0, n_jobs: int | None = None
) -> LeaveOneListOut:
    """Estimate abundance without each list in turn.

    The population is the same each time, so estimates that move far with one list rest on that list.
    Persons on no other list leave with it. A specification that names the list left out, by its name or
    its position, has no meaning without it, and is declined there.

    Parameters
    ----------
    estimator : Estimator
        Any estimator.
    table : CaptureTable
        Persons by capture history.
    seed : int, optional
        Seed of every fit.
    n_jobs : int, optional
        Number of workers; -1 means one a core. None takes the number that ``joblib.parallel_config`` sets, or
        else 1.

    Returns
    -------
    LeaveOneListOut
        Abundance in persons without each list, and from all; what was declined stands beside them.

    Raises
    ------
    InputError
        If an option of the estimator does not fit the whole table, such as a list that it does not have.

    Examples
    --------
    >>> from detcount import CaptureTable, abundance, leave_one_list_out
    >>> table = CaptureTable.from_counts(
    ...     {"100": 60, "010": 50, "110": 14, "001": 45, "101": 12, "011": 0, "111": 0},
    ...     lists=["press", "court", "families"],
    ... )
    >>> result = leave_one_list_out(abundance.Chapman(), table)
    >>> round(result.estimates["court"].point), result.n_observed["court"]
    (387, 131)
    """
    name = type(estimator).__name__
    whole = attempt(name, partial(estimator.fit, table, seed=seed))
    task = partial(_attempt_without, _by_name(estimator, table), name, table, seed)
    answers = map_tasks(task, table.lists, n_jobs=n_jobs, label=Message("without each list in turn"))
    found = dict(zip(table.lists, answers, strict=True))
    return LeaveOneListOut(
        estimator=estimator,
        lists=table.lists,
        n_observed={left_out: table.n_observed - table.exclusives[left_out] for left_out in table.lists},
        estimates={name: answer for name, answer in found.items() if isinstance(answer, AbundanceEstimate)},
        declined={name: answer for name, answer in found.items() if isinstance(answer, NotEstimableError)},
        full=None if isinstance(whole, NotEstimableError) else whole,
        full_declined=whole if isinstance(whole, NotEstimableError) else None,
    )


def _by_name(estimator: Fits[CaptureTable], table: CaptureTable) -> Fits[CaptureTable]:
    """Name the lists that a log-linear model gives by position: without one list, positions shift."""
    if not isinstance(estimator, LogLinear):
        return estimator
    lists = table.lists
    groups = tuple(
        tuple(
            lists[member - 1] if isinstance(member, int) and member <= len(lists) else member
            for member in group
        )
        for group in estimator.interactions
    )
    return replace(estimator, interactions=groups)


def _attempt_without(
    estimator: Fits[CaptureTable], name: str, table: CaptureTable, seed: int, left_out: str
) -> AbundanceEstimate | NotEstimableError:
    """Estimate without one list, or why there is none."""
    return attempt(name, partial(_without, estimator, table, left_out, seed))


def _without(
    estimator: Fits[CaptureTable], table: CaptureTable, left_out: str, seed: int
) -> AbundanceEstimate:
    """Estimate without one list. A specification that names the list has nothing to say without it."""
    name = type(estimator).__name__
    if table.n_lists == 2:
        raise NotEstimableError(
            name, Message("only one list would be left"), Message("Add a list that was made independently.")
        )
    if table.exclusives[left_out] == table.n_observed:
        raise NotEstimableError(
            name,
            Message("everybody is on list {name!r} and on no other", name=left_out),
            Message("Check how the lists were linked."),
        )
    try:
        return estimator.fit(table.drop(left_out), seed=seed)
    except InputError as error:
        raise NotEstimableError(
            name,
            Message(
                "the specification cannot be fitted without list {name!r} ({error})",
                name=left_out,
                error=str(error),
            ),
            Message("Fit the remaining lists with a specification of their own."),
        ) from error
