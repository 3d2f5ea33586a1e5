"""Lists that are no witnesses of their own: copies of another list, or extracts from one."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from detcount._numerics.diagnostics import pair_overlaps, split_by_pair, tails_of_shared
from detcount.data.captures import CaptureTable


@dataclass(frozen=True)
class Tuning:
    """Thresholds of lists that are copies.

    Parameters
    ----------
    nearly_all : float, share
        Share of a list on another from which it may be a copy. Convention: nine in ten.
    fewest : int, persons
        Persons from which a list is tested. Convention: ten.
    strongest : float, odds ratio
        Strongest dependence of two real lists: one pair in 60 exceeds it. Scored in
        benchmarks/results/known_truth.md.
    least_of_a_copy : float, odds ratio
        Least odds ratio of a copy with some names changed. Convention: a hundred.
    significance : float, probability
        Significance of the tests. Convention: 5%.
    """

    nearly_all: float = 0.9
    fewest: int = 10
    strongest: float = 10.0
    least_of_a_copy: float = 100.0
    significance: float = 0.05


TUNING = Tuning()
NEARLY_ALL = TUNING.nearly_all
FEWEST_ON_LIST = TUNING.fewest


CopyKind = Literal["copy", "alike", "extract", "inside", "all on one"]


@dataclass(frozen=True)
class ListCopy:
    """Two lists that share nearly everybody, or of which one lies nearly whole inside the other.

    Parameters
    ----------
    kind : {"copy", "alike", "extract", "inside", "all on one"}
        "copy": each names nearly everybody whom the other names, and other lists show that this is not
        because both are nearly complete. "alike": the same, and nothing shows whether both are nearly
        complete. "extract": the smaller list lies nearly whole inside the larger, and other lists show that
        this is not because the larger is nearly complete. "inside": the same of two lists, where nothing
        shows it. "all on one": of three lists or more, one names everybody whom any other names.
    smaller : tuple of str
        The list that may be a copy or an extract, one name; every other list where the kind is "all on one".
    larger : str
        The list that it may come from.

    See Also
    --------
    copied_lists : Finds them.
    """

    kind: CopyKind
    smaller: tuple[str, ...]
    larger: str

    @property
    def shares(self) -> tuple[tuple[str, str, float], ...]:
        """Counts behind it: a list, another, and the least share of the first that is on it."""
        least = 1.0 if self.kind == "all on one" else NEARLY_ALL
        stated = tuple((name, self.larger, least) for name in self.smaller)
        if self.kind in ("copy", "alike"):
            stated += tuple((self.larger, name, least) for name in self.smaller)
        return stated


def copied_lists(table: CaptureTable) -> tuple[ListCopy, ...]:
    """Find lists that are copies of each other, or extracts from one another.

    A copy is not a second witness: whoever is on the one is on the other, and that says nothing about persons
    who are on neither. Estimators take agreement between lists for a sign that few are missing, so a copy
    makes the total too low.

    Parameters
    ----------
    table : CaptureTable
        Persons by capture history.

    Returns
    -------
    tuple of ListCopy
        What was found, in the order of the lists; empty where every list looks like a witness of its own.

    Notes
    -----
    A pair of lists is looked at where the smaller names at least 10 persons, and at least 90% of them are on
    the larger one too. Two nearly complete lists that were made apart also share nearly everybody. What tells
    the two cases apart are the persons whom other lists name: by the two lists these fall into four cells,
    whose odds ratio is near 1 where the lists were made apart, nearly complete or not. The pair is a "copy"
    or an "extract" where an odds ratio of 10 is too small for what is seen (Fisher's exact test, one-sided,
    at 5%); of the pairs of real lists that `calibration` learns from about one in 60 has a greater one. Where
    either list has 90% of the other and this test finds nothing, the pair is "alike" unless an odds ratio of
    100 is too large for what is seen. With two lists there is no other list, and nothing tells.

    Measured on simulated lists: of 3,600 tables of lists made apart, each naming 10% to 90% of 100 to 1,000
    persons, at most 3 of 100 of a kind had a pair called a copy or an extract; copies with up to 5% of the
    names changed were found in 90 of 100 tables and more where another list names about 20 persons of the
    copied one. Of lists made apart that each name 90% and more of some hundred persons, most pairs are
    "alike": nothing tells.

    A copy in which more than one name in ten is changed is seen as a list of its own.

    Examples
    --------
    >>> from detcount import CaptureTable
    >>> from detcount.copies import copied_lists
    >>> table = CaptureTable.from_counts(
    ...     {"100": 2, "010": 1, "001": 70, "110": 60, "111": 20}, lists=["press", "agency", "families"]
    ... )
    >>> copied_lists(table)
    (ListCopy(kind='copy', smaller=('agency',), larger='press'),)
    """
    overlaps = pair_overlaps(table.histories, table.counts)
    found = []
    for i, j in combinations(range(table.n_lists), 2):
        small, large = sorted((i, j), key=lambda k: (int(overlaps[k, k]), -k))
        n_small, n_large, shared = (int(overlaps[pair]) for pair in ((small, small), (large, large), (i, j)))
        if n_small < FEWEST_ON_LIST or shared < NEARLY_ALL * n_small:
            continue
        cells = split_by_pair(table.histories, table.counts, i, j) if table.n_lists > 2 else None
        kind = _kind(cells, shared >= NEARLY_ALL * n_large)
        if kind is not None:
            found.append(ListCopy(kind, (table.lists[small],), table.lists[large]))
    return tuple(found) or _all_on_one(table)


def _kind(cells: tuple[int, int, int, int] | None, both_ways: bool) -> CopyKind | None:
    """Classify a pair that shares so many, by the persons whom other lists name; None for witnesses."""
    if cells is None:
        return "alike" if both_ways else "inside"
    at_least, _ = tails_of_shared(cells, TUNING.strongest)
    if at_least <= TUNING.significance:
        return "copy" if both_ways else "extract"
    _, at_most = tails_of_shared(cells, TUNING.least_of_a_copy)
    return "alike" if both_ways and at_most > TUNING.significance else None


def _all_on_one(table: CaptureTable) -> tuple[ListCopy, ...]:
    """One of three lists or more that names everybody, while the others name enough people together."""
    if table.n_lists < 3 or table.n_observed < FEWEST_ON_LIST:
        return ()
    sizes = table.list_sizes
    largest = max(table.lists, key=lambda name: sizes[name])
    others = tuple(name for name in table.lists if name != largest)
    named_by_others = table.n_observed - table.exclusives[largest]
    if sizes[largest] < table.n_observed or named_by_others < FEWEST_ON_LIST:
        return ()
    return (ListCopy("all on one", others, largest),)
