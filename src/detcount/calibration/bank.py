"""Populations of known size: a bank of them, and how any table of four lists or more gives some."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from itertools import combinations

from detcount import arguments
from detcount.abundance.guards import require_table
from detcount.captures import CaptureTable
from detcount.datasets import KnownCase, known_truth
from detcount.errors import InputError
from detcount.words import Message

__all__ = ["LEAST_GROUPS", "Bank", "cases_from", "known_bank"]

LEAST_GROUPS = 2  # one cannot show how much data sets differ
_LEAST_LISTS = 3


@dataclass(frozen=True, repr=False)
class Bank:
    """Populations of known size under one name.

    Parameters
    ----------
    name : str
        What a note calls the bank.
    cases : tuple of KnownCase
        The cases; no two of one name.

    Raises
    ------
    InputError
        If there is no case, or two have one name.

    See Also
    --------
    known_bank : The cases that ship.
    cases_from : Cases from a table of one's own.
    """

    name: str
    cases: tuple[KnownCase, ...]

    def __post_init__(self) -> None:
        cases = tuple(self.cases)
        for case in cases:
            if not isinstance(case, KnownCase):
                raise TypeError(Message("cases: expected KnownCase, got {kind}", kind=type(case).__name__))
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

    def without(self, group: str) -> Bank | None:
        """Leave a group out; None where nothing is left."""
        left = tuple(case for case in self.cases if case.group != group)
        return Bank(self.name, left) if left else None

    def with_cases(self, cases: Iterable[KnownCase]) -> Bank:
        """Add cases of one's own."""
        return Bank(self.name, (*self.cases, *cases))

    @cached_property
    def of_two_lists(self) -> Bank | None:
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
        return Bank(self.name, tuple(pairs)) if pairs else None

    @cached_property
    def of_more_lists(self) -> Bank | None:
        """The cases of three lists or more; None where there is none."""
        cases = tuple(case for case in self.cases if case.table.n_lists >= _LEAST_LISTS)
        return Bank(self.name, cases) if cases else None

    def __repr__(self) -> str:
        return f"<Bank {self.name!r}: {len(self.cases)} cases, {len(self.groups)} groups of data sets>"


@cache
def known_bank() -> Bank:
    """Give the cases of `datasets.known_truth` as a bank.

    Returns
    -------
    Bank
        28 cases from eight data sets, in six groups.

    Examples
    --------
    >>> from detcount import calibration
    >>> calibration.known_bank()
    <Bank 'known truth': 28 cases, 6 groups of data sets>
    """
    return Bank("known truth", known_truth())


def cases_from(
    table: CaptureTable,
    *,
    dataset: str,
    group: str | None = None,
    references: Sequence[str] | None = None,
    min_members: int = 150,
    min_observed: int = 30,
    min_on_list: int = 5,
    min_lists: int = 3,
    max_lists: int = 5,
) -> tuple[KnownCase, ...]:
    """Make cases of known size from a table of four lists or more, or of three.

    The members of each list in turn are a population; the other lists, cut to them, list it.

    Parameters
    ----------
    table : CaptureTable
        Persons on four lists or more; on three, if cases of two lists are asked for.
    dataset : str
        Name of the table, which the names of its cases begin with.
    group : str, optional
        Name shared with other tables of the same people; without it the data set is a group of its own.
    references : sequence of str, optional
        Lists whose members are taken as populations; without it every list is tried.
    min_members : int, optional
        Least members of such a list.
    min_observed : int, optional
        Least members that the lists kept name.
    min_on_list : int, optional
        Least members that a list names to be kept; the others stand in `KnownCase.left_out`.
    min_lists : int, optional
        Least lists that must be kept: 3, or 2 for cases of two lists.
    max_lists : int, optional
        Most lists kept, those that name most members.

    Returns
    -------
    tuple of KnownCase
        A case for each list that passes, in the order of the table; may be empty.

    Raises
    ------
    InputError
        If the table has too few lists, a reference is no list of it, or `min_lists` is less than two.

    Notes
    -----
    Applied to the tables that ship, the defaults give the cells of every case of `datasets.known_truth`
    that comes from them, and no others, if the four largest lists alone are `references` in the Colombian
    table. The cases cannot tell which least number of members chose them: any from 103 to 173 gives the
    same, as does no least number of members with at least five persons on two lists and 40 observed. Where
    lists are cut to `max_lists` they stand by the members they name, the most first.

    Examples
    --------
    >>> from detcount import calibration, datasets
    >>> [case.name for case in calibration.cases_from(datasets.load("kosovo"), dataset="Kosovo")]
    ['Kosovo|EXH', 'Kosovo|ABA', 'Kosovo|OSCE', 'Kosovo|HRW']
    """
    require_table("cases_from", table)
    max_lists = arguments.whole_number("max_lists", max_lists, least=2)
    min_lists = arguments.whole_number(
        "min_lists", min_lists, least=2, most=max_lists, remedy=Message("One list alone has no overlap")
    )
    if table.n_lists < min_lists + 1:
        raise InputError(
            Message(
                "cases_from: expected at least {least} lists, got {n_lists}. One is the "
                "population, and {min_lists} must list it",
                least=min_lists + 1,
                n_lists=table.n_lists,
                min_lists=min_lists,
            )
        )
    for reference in references or ():
        if reference not in table.lists:
            raise InputError(
                Message(
                    "references: no list {reference!r}; the lists are {lists!r:,}",
                    reference=reference,
                    lists=table.lists,
                )
            )
    cases = []
    for position, reference in enumerate(table.lists):
        if references is not None and reference not in references:
            continue
        members = table.histories[:, position] == 1
        truth = int(table.counts[members].sum())
        sizes = dict(
            zip(table.lists, (table.counts[members] @ table.histories[members]).tolist(), strict=True)
        )
        del sizes[reference]
        kept = [name for name, size in sizes.items() if size >= min_on_list]
        if len(kept) > max_lists:
            kept = sorted(kept, key=lambda name: -sizes[name])[:max_lists]
        if truth < min_members or len(kept) < min_lists:
            continue
        inside = CaptureTable(table.lists, table.histories[members], table.counts[members]).keep(kept)
        if inside.n_observed < min_observed:
            continue
        cases.append(
            KnownCase(
                name=f"{dataset}|{reference}",
                dataset=dataset,
                group=dataset if group is None else group,
                reference_list=reference,
                truth=truth,
                table=inside,
                left_out=tuple(name for name in sizes if name not in kept),
            )
        )
    return tuple(cases)
