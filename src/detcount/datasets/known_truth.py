"""Real populations of known size, with real lists of their members: a test for any interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import cast

from detcount.contract import arguments
from detcount.contract.specification import door
from detcount.data.captures import CaptureTable
from detcount.datasets.tables import CaptureName, catalogue, facts, load
from detcount.errors import InputError
from detcount.words import Message


@dataclass(frozen=True)
class Tuning:
    """Which tables give populations of known size.

    Parameters
    ----------
    of_two : int, lists
        Lists of a table that gives populations with two lists of them. Convention: three.
    barely : int, persons
        One person in so many: a list that names fewer hardly covers the population. Convention: 1%.
    """

    of_two: int = 3
    barely: int = 100


TUNING = Tuning()


@dataclass(frozen=True)
class KnownCase:
    """The members of one list, whose number is known, and the other lists cut to them.

    Parameters
    ----------
    name : str
        Name of the case, of no other one.
    dataset : str
        The table it comes from.
    group : str
        Data sets that share people have one group; whoever learns from cases leaves a whole group out.
    reference_list : str
        The list whose members are the population.
    truth : int
        Its members: the size to be estimated.
    table : CaptureTable
        The members that other lists name, by capture history over these lists.
    left_out : tuple of str, optional
        Lists that name too few members, or are too many, and take no part.

    Raises
    ------
    InputError
        If a name is empty, or fewer persons than the table lists are said to be the truth.

    Examples
    --------
    >>> import detcount as dc
    >>> case = dc.datasets.known_truth()[0]
    >>> print(case.truth, case.table.n_observed, case.n_unobserved)
    1910 779 1131
    """

    name: str
    dataset: str
    group: str
    reference_list: str
    truth: int
    table: CaptureTable
    left_out: tuple[str, ...] = field(default=(), compare=False)

    def __post_init__(self) -> None:
        for field_name in ("name", "dataset", "group", "reference_list"):
            value = getattr(self, field_name)
            if not isinstance(value, str) or not value.strip():
                raise InputError(
                    Message(
                        "{field}: expected text, got {got}. A case needs its labels",
                        field=field_name,
                        got=repr(value),
                    )
                )
        object.__setattr__(self, "truth", arguments.whole_number("truth", self.truth, unit="of persons"))
        if self.truth < self.table.n_observed:
            raise InputError(
                Message(
                    "truth: expected at least the {n_observed:,} persons listed, got {truth:,}. Listed "
                    "persons belong to the population",
                    n_observed=self.table.n_observed,
                    truth=self.truth,
                )
            )

    @property
    def n_unobserved(self) -> int:
        """Members that no other list names: what an estimator has to find."""
        return self.truth - self.table.n_observed

    @property
    def hardly_covering(self) -> tuple[str, ...]:
        """Lists that name fewer than one in a hundred of the population: a mark on the case, not a fault."""
        return tuple(
            name for name, size in self.table.list_sizes.items() if size * TUNING.barely < self.truth
        )


@door
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
        Name shared with other tables of the same people. Without it a table that ships has the group of its
        record, so that no other table of these people is taken for new; any other is a group of its own.
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
    `datasets.known_truth` says which tables that ship give its cases by these defaults. Where lists are cut
    to `max_lists` they stand by the members they name, the most first.

    Examples
    --------
    >>> from detcount import calibration, datasets
    >>> [case.name for case in calibration.cases_from(datasets.load("kosovo"), dataset="Kosovo")]
    ['Kosovo|EXH', 'Kosovo|ABA', 'Kosovo|OSCE', 'Kosovo|HRW']
    """
    max_lists = arguments.whole_number("max_lists", max_lists, least=2)
    min_lists = arguments.whole_number(
        "min_lists", min_lists, least=2, most=max_lists, remedy=Message("One list alone has no overlap")
    )
    if table.n_lists < min_lists + 1:
        raise InputError(
            Message(
                "cases_from: expected at least {least} lists, got {n_lists}. One is the population, and "
                "{min_lists} must list it",
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
    shared = _group_of(table) or dataset if group is None else group
    cases = []
    for reference in table.lists:
        if references is not None and reference not in references:
            continue
        truth, inside, left_out = _inside(table, reference, min_on_list, max_lists)
        if inside is None or truth < min_members or inside.n_lists < min_lists:
            continue
        if inside.n_observed < min_observed:
            continue
        cases.append(
            KnownCase(
                name=f"{dataset}|{reference}",
                dataset=dataset,
                group=shared,
                reference_list=reference,
                truth=truth,
                table=inside,
                left_out=left_out,
            )
        )
    return tuple(cases)


def _inside(
    table: CaptureTable, reference: str, min_on_list: int, max_lists: int
) -> tuple[int, CaptureTable | None, tuple[str, ...]]:
    """Members of a list, the other lists cut to them, and those left out; no table of one list."""
    members = table.histories[:, table.lists.index(reference)] == 1
    counts = table.counts[members]
    sizes = dict(zip(table.lists, (counts @ table.histories[members]).tolist(), strict=True))
    del sizes[reference]
    kept = [name for name, size in sizes.items() if size >= min_on_list]
    if len(kept) > max_lists:
        kept = sorted(kept, key=lambda name: -sizes[name])[:max_lists]
    left_out = tuple(name for name in sizes if name not in kept)
    if len(kept) < 2:
        return int(counts.sum()), None, left_out
    inside = CaptureTable(table.lists, table.histories[members], counts).keep(kept)
    return int(counts.sum()), inside, left_out


def _group_of(table: CaptureTable) -> str | None:
    """The people of a table that ships, by their name; None for any other table."""
    record = catalogue().get(table.dataset or "")
    return None if record is None else record.people


@cache
def known_truth() -> tuple[KnownCase, ...]:
    """Give 106 populations of known size, 84 of them with three lists or more.

    Returns
    -------
    tuple of KnownCase
        From lists of persons killed or disappeared (Kosovo, Peru, Gaza, Sudan), potential victims of
        trafficking (United Kingdom, Netherlands), children recruited (Colombia), patients and persons who
        use drugs or are homeless, deaths at work, and people counted in a census. Tables of three lists give
        populations with two.

    See Also
    --------
    detcount.calibration.cases_from : The rule that makes them, for tables of one's own.

    Notes
    -----
    The tables of people that ship, by the defaults of `cases_from`, with `min_lists=2` for tables of three
    lists, and with three exceptions: in the Colombian table the four largest lists alone are populations; of
    the Peruvian tables the nine strata give cases, and neither the whole nor its kinds, which hold the same
    people again; and the treatment list of Massachusetts in 2013 is no population, as its printed total and
    its cells disagree.

    Examples
    --------
    >>> from detcount import datasets
    >>> case = datasets.known_truth()[0]
    >>> case.name, case.truth, case.table.n_observed
    ('Kosovo|EXH', 1910, 779)
    """
    return tuple(case for name, rule in facts()["known_truth"].items() for case in _cases(name, **rule))


def _cases(
    name: str, label: str | None = None, largest: int | None = None, without: Sequence[str] = ()
) -> tuple[KnownCase, ...]:
    """The cases of one table by the rule: what their names begin with, and which lists are populations."""
    table = load(cast(CaptureName, name))
    by_size = sorted(table.lists, key=lambda name: -table.list_sizes[name])[:largest]
    return cases_from(
        table,
        dataset=label or name,
        references=[name for name in by_size if name not in without],
        min_lists=2 if table.n_lists == TUNING.of_two else 3,
    )
