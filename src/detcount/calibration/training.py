"""Populations of known size under one name: their groups, their weights, and their pairs of lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache, cached_property
from itertools import combinations

from detcount.contract.specification import checked
from detcount.datasets import KnownCase, known_truth
from detcount.errors import InputError
from detcount.words import Message

LEAST_GROUPS = 2  # one cannot show how much data sets differ


@dataclass(frozen=True)
class Tuning:
    """Weights of training cases.

    Parameters
    ----------
    least_lists : int, lists
        Lists from which a case is one of more lists. Convention: three.
    most_of_a_group : int, cases
        Cases that a group counts as at most. Scored in benchmarks/results/calibration_choice.md.
    """

    least_lists: int = 3
    most_of_a_group: int = 6


TUNING = Tuning()


@checked()
class TrainingCases:
    """Populations of known size under one name.

    Parameters
    ----------
    name : str
        What a note calls the training cases.
    cases : tuple of KnownCase
        The cases; no two of one name.

    Raises
    ------
    InputError
        If there is no case, or two have one name.

    See Also
    --------
    training_cases : The cases that ship.
    cases_from : Cases from a table of one's own.

    Notes
    -----
    Cases of one group share people, so that they are less evidence than as many cases of
    different groups: a case weighs min(1, 6 / cases of its group).

    Examples
    --------
    >>> import detcount as dc
    >>> training = dc.calibration.training_cases()
    >>> print(training.name, len(training.cases))
    known truth 106
    """

    name: str
    cases: tuple[KnownCase, ...]

    def __post_init__(self) -> None:
        cases = tuple(self.cases)
        if not cases:
            raise InputError(
                Message("cases: expected at least one case, got none. cases_from(table) makes them")
            )
        names = [case.name for case in cases]
        if len(set(names)) < len(names):
            twice = next(name for name in names if names.count(name) > 1)
            raise InputError(
                Message("cases: {twice!r} stands twice. Give every data set a name of its own", twice=twice)
            )
        object.__setattr__(self, "cases", cases)

    @property
    def groups(self) -> tuple[str, ...]:
        """Groups of data sets that share people, in the order of the cases."""
        return tuple(dict.fromkeys(case.group for case in self.cases))

    @cached_property
    def weights(self) -> tuple[float, ...]:
        """Weight of each case: one, or less where its group has more than six, which count as six in all."""
        sizes = Counter(case.group for case in self.cases)
        return tuple(min(1.0, TUNING.most_of_a_group / sizes[case.group]) for case in self.cases)

    def without(self, group: str) -> TrainingCases | None:
        """Leave a group out; None where nothing is left."""
        left = tuple(case for case in self.cases if case.group != group)
        return TrainingCases(self.name, left) if left else None

    def with_cases(self, cases: Iterable[KnownCase]) -> TrainingCases:
        """Add cases of one's own."""
        return TrainingCases(self.name, (*self.cases, *cases))

    @cached_property
    def of_two_lists(self) -> TrainingCases | None:
        """Every pair of lists that share somebody, as a case of two lists; None where there is no pair.

        The population stays the same; the pair alone lists it.
        """
        pairs = [
            replace(
                case,
                name=case.name if case.table.n_lists == 2 else f"{case.name}: {one} and {other}",
                table=case.table.keep([one, other]),
            )
            for case in self.cases
            for one, other in combinations(case.table.lists, 2)
            if case.table.overlap(one, other)
        ]
        return TrainingCases(self.name, tuple(pairs)) if pairs else None

    @cached_property
    def of_more_lists(self) -> TrainingCases | None:
        """The cases of three lists or more; None where there is none."""
        cases = tuple(case for case in self.cases if case.table.n_lists >= TUNING.least_lists)
        return TrainingCases(self.name, cases) if cases else None

    def __repr__(self) -> str:
        return (
            f"<TrainingCases {self.name!r}: {len(self.cases)} cases, {len(self.groups)} groups of data sets>"
        )


@cache
def training_cases() -> TrainingCases:
    """Give the cases of `datasets.known_truth` as training cases.

    Returns
    -------
    TrainingCases
        106 cases from 31 data sets, in 19 groups. Those of three lists or more are 84, in 11 groups.

    Examples
    --------
    >>> from detcount import calibration
    >>> calibration.training_cases().of_more_lists
    <TrainingCases 'known truth': 84 cases, 11 groups of data sets>
    """
    return TrainingCases("known truth", known_truth())
