"""How every pair of lists overlaps."""

from __future__ import annotations

from dataclasses import dataclass, replace

from detcount._numerics.diagnostics import pair_overlaps
from detcount.captures import CaptureTable
from detcount.printing import Column, Summary
from detcount.shown import Tabular
from detcount.words import Message, Sentence
from detcount.words.by_key import Messages

message = Messages("detcount.diagnose")


@dataclass(frozen=True)
class ListSize:
    """How many persons one list names.

    Parameters
    ----------
    name : str
        Name of the list.
    size : int
        Persons on the list.
    exclusive : int
        Persons on the list and on no other.

    Examples
    --------
    >>> import detcount as dc
    >>> counts = {"100": 40, "010": 60, "001": 35, "110": 20, "101": 12, "011": 9, "111": 6}
    >>> table = dc.CaptureTable.from_counts(counts, lists=["press", "court", "families"])
    >>> print(dc.diagnose.list_summary(table).lists[0])
    ListSize(name='press', size=78, exclusive=40)
    """

    name: str
    size: int
    exclusive: int

    @property
    def shared(self) -> int:
        """Persons on the list and on some other."""
        return self.size - self.exclusive

    @property
    def shared_share(self) -> float | None:
        """Share of the list that is on some other; None for a list that names nobody."""
        return self.shared / self.size if self.size else None


@dataclass(frozen=True, repr=False)
class ListSummary(Tabular):
    """Sizes of the lists, and how much of each is found nowhere else.

    Parameters
    ----------
    lists : tuple of ListSize
        One entry a list, in the order of the table.
    n_observed : int
        Persons on at least one list.

    Examples
    --------
    >>> import detcount as dc
    >>> counts = {"100": 40, "010": 60, "001": 35, "110": 20, "101": 12, "011": 9, "111": 6}
    >>> table = dc.CaptureTable.from_counts(counts, lists=["press", "court", "families"])
    >>> print(dc.diagnose.list_summary(table).headline())
    3 lists, 182 persons
    """

    lists: tuple[ListSize, ...]
    n_observed: int

    _notebook = "withheld"
    _columns = (
        Column(name="list", value="name", title=Message("list")),
        Column(name="size", title=Message("persons"), write=","),
        Column(name="exclusive", title=Message("on no other list"), write=","),
        Column(name="shared", title=Message("on another list"), write=","),
        Column(name="shared_share", title=Message("share on another list"), write=".0%", missing="-"),
    )

    @property
    def _items(self) -> tuple[ListSize, ...]:
        return self.lists

    def headline(self) -> Message:
        """Say how many lists there are, and how many persons."""
        return Message("{n} lists, {persons:,} persons", n=len(self.lists), persons=self.n_observed)

    def sentence(self) -> Message:
        """Say which list names most, and how many persons only one list names."""
        largest = max(self.lists, key=lambda entry: entry.size)
        return message(
            "lists name persons",
            n=len(self.lists),
            persons=self.n_observed,
            name=largest.name,
            size=largest.size,
            alone=sum(entry.exclusive for entry in self.lists),
        )

    def say(self, lang: str) -> str:
        """Give the sizes in words, in one language."""
        return self._told(lang)

    def __repr__(self) -> str:
        return f"<ListSummary: {len(self.lists)} lists, {self.n_observed:,} persons>"


def list_summary(table: CaptureTable) -> ListSummary:
    """Say how many persons each list names, and how many of them no other list does.

    Parameters
    ----------
    table : CaptureTable
        Persons by capture history.

    Returns
    -------
    ListSummary
        Persons by list.

    Examples
    --------
    >>> from detcount import CaptureTable, diagnose
    >>> table = CaptureTable.from_counts({"10": 40, "01": 60, "11": 20}, lists=["press", "families"])
    >>> print(diagnose.list_summary(table))
    list      persons  on no other list  on another list  share on another list
    press          60                40               20                    33%
    families       80                60               20                    25%
    """
    exclusives = table.exclusives
    sizes = tuple(ListSize(name, size, exclusives[name]) for name, size in table.list_sizes.items())
    return ListSummary(sizes, table.n_observed)


_COPIED = "everybody on {inner!r} is on {outer!r}: it may be copied from it"


@dataclass(frozen=True)
class ListPair:
    """How two lists overlap.

    Parameters
    ----------
    first, second : str
        Names of the lists.
    n_first, n_second : int
        Persons on each of them.
    shared : int
        Persons on both.

    Examples
    --------
    >>> import detcount as dc
    >>> counts = {"100": 40, "010": 60, "001": 35, "110": 20, "101": 12, "011": 9, "111": 6}
    >>> table = dc.CaptureTable.from_counts(counts, lists=["press", "court", "families"])
    >>> pair = dc.diagnose.overlap_table(table).pairs[0]
    >>> print(pair)
    ListPair(first='press', second='court', n_first=78, n_second=95, shared=26)
    """

    first: str
    second: str
    n_first: int
    n_second: int
    shared: int

    @property
    def first_only(self) -> int:
        """Persons on the first and not on the second."""
        return self.n_first - self.shared

    @property
    def second_only(self) -> int:
        """Persons on the second and not on the first."""
        return self.n_second - self.shared

    @property
    def share_of_first(self) -> float | None:
        """Share of the first list that is on the second; None for a list that names nobody."""
        return self.shared / self.n_first if self.n_first else None

    @property
    def share_of_second(self) -> float | None:
        """Share of the second list that is on the first; None for a list that names nobody."""
        return self.shared / self.n_second if self.n_second else None


@dataclass(frozen=True, repr=False)
class OverlapTable(Tabular):
    """How every pair of lists overlaps, whoever else is named on other lists.

    Parameters
    ----------
    pairs : tuple of ListPair
        One entry a pair, in the order of the table.
    n_observed : int
        Persons on at least one list.

    Examples
    --------
    >>> import detcount as dc
    >>> counts = {"100": 40, "010": 60, "001": 35, "110": 20, "101": 12, "011": 9, "111": 6}
    >>> table = dc.CaptureTable.from_counts(counts, lists=["press", "court", "families"])
    >>> print(dc.diagnose.overlap_table(table).headline())
    3 pairs of lists, 182 persons
    """

    pairs: tuple[ListPair, ...]
    n_observed: int

    @property
    def notes(self) -> tuple[str, ...]:
        """Pairs that share nobody, and lists that stand wholly within another."""
        told = []
        for pair in self.pairs:
            if not pair.n_first or not pair.n_second:
                continue
            if pair.shared == 0:
                told.append(Message("{lists!r} share nobody", lists=(pair.first, pair.second)))
            elif pair.first_only == 0 and pair.second_only == 0:
                told.append(message("name the same persons", lists=(pair.first, pair.second)))
            elif pair.first_only == 0:
                told.append(Message(_COPIED, inner=pair.first, outer=pair.second))
            elif pair.second_only == 0:
                told.append(Message(_COPIED, inner=pair.second, outer=pair.first))
        return tuple(told)

    _notebook = "withheld"
    _columns = (
        Column(name="first", title=Message("first")),
        Column(name="second", title=Message("second"), left=True),
        Column(name="n_first"),
        Column(name="n_second"),
        Column(name="shared", title=Message("on both"), write=","),
        Column(name="first_only", title=Message("first only"), write=","),
        Column(name="second_only", title=Message("second only"), write=","),
        Column(name="share_of_first"),
        Column(name="share_of_second"),
    )

    @property
    def _items(self) -> tuple[ListPair, ...]:
        return self.pairs

    def headline(self) -> Message:
        """Say how many pairs of lists there are, and how many persons."""
        return Message("{n} pairs of lists, {persons:,} persons", n=len(self.pairs), persons=self.n_observed)

    def sentence(self) -> Message:
        """Say which lists share most persons, and what is odd about others."""
        most = max(self.pairs, key=lambda pair: pair.shared)
        told = message("pairs with overlap", lists=(most.first, most.second), shared=most.shared)
        return Message.together([told, *map(Sentence, self.notes)])

    def summary(self) -> Summary:
        """Give the whole: a row a pair; its notes are in the paragraph."""
        return replace(super().summary(), notes=())

    def say(self, lang: str) -> str:
        """Give the overlaps in words, in one language."""
        return self._told(lang, self.notes)

    def __repr__(self) -> str:
        return f"<OverlapTable: {len(self.pairs)} pairs of lists, {self.n_observed:,} persons>"


def overlap_table(table: CaptureTable) -> OverlapTable:
    """Say for each pair of lists how many persons are on both, and how many on only one of the two.

    Parameters
    ----------
    table : CaptureTable
        Persons by capture history.

    Returns
    -------
    OverlapTable
        Persons by pair of lists. What independent lists would share depends on N, which is not known here;
        see `pairwise_odds_ratios`.

    Examples
    --------
    >>> from detcount import CaptureTable, diagnose
    >>> table = CaptureTable.from_counts({"10": 40, "01": 60, "11": 3}, lists=["press", "families"])
    >>> print(diagnose.overlap_table(table))
    first  second    on both  first only  second only
    press  families        3          40           60
    >>> diagnose.overlap_table(table).pairs[0].shared
    3
    """
    shared = pair_overlaps(table.histories, table.counts)
    pairs = tuple(
        ListPair(table.lists[i], table.lists[j], int(shared[i, i]), int(shared[j, j]), int(shared[i, j]))
        for i in range(table.n_lists)
        for j in range(i + 1, table.n_lists)
    )
    return OverlapTable(pairs, table.n_observed)
