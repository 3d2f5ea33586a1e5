"""Sizes of lists: persons that each names, and persons that only it names."""

from __future__ import annotations

from dataclasses import dataclass

from detcount.contract.specification import door
from detcount.data.captures import CaptureTable
from detcount.reports.printing import Column
from detcount.reports.shown import Tabular
from detcount.words import Message


@dataclass(frozen=True)
class ListSize:
    """Persons on one list.

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

    _prints = ("_table",)
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
        return Message(
            "{n} lists name {persons:,} persons; the largest is {name!r} with {size:,}, and {alone:,} "
            "persons are on one list alone.",
            n=len(self.lists),
            persons=self.n_observed,
            name=largest.name,
            size=largest.size,
            alone=sum(entry.exclusive for entry in self.lists),
        )

    def __repr__(self) -> str:
        return f"<ListSummary: {len(self.lists)} lists, {self.n_observed:,} persons>"


@door
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
