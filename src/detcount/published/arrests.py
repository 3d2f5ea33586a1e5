"""Published counts of arrests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from detcount.published.windowed import Windowed
from detcount.words import Message


@dataclass(frozen=True, eq=False, repr=False)
class PublishedArrests(Windowed):
    """Published counts of arrests, one row a count, in the order they became known.

    A count covers the arrests of its window. A running total is an event whose window always starts
    on the same day: what it grows by is what was entered in between, late entries among it.

    Parameters
    ----------
    published : ndarray of datetime64[D], shape (n_rows,)
        Day on which the source published the count. Kept sorted; rows of one day keep their order.
    source : tuple of str
        Who published it; never empty.
    role : tuple of str
        ``"announced"``, ``"verified"`` or ``"reported"``, as for releases.
    start, end : ndarray of datetime64[D], shape (n_rows,)
        First and last day of the arrests that the count covers; NaT where the source did not say.
    count : ndarray of int64, shape (n_rows,)
        Arrests; 0 or more.
    at_least : ndarray of bool, shape (n_rows,)
        The source said "at least" or "more than".
    event : tuple of str
        Name of what was counted; empty where there is none.
    measure : tuple of str
        What an arrest is in this count; empty where the source did not say.
    note : tuple of str
        A remark.
    definition : Definition, optional
        Who is counted, where every row counts the same. It is no part of equality or of the digest.
    notes : tuple of str, optional
        Which words of the frame were read as which columns and roles. It is no part of either, too.

    Raises
    ------
    InputError
        If a cell is not as described, a window ends before it starts, a verified count was published
        before its window starts, or a name is spelled in two ways.

    See Also
    --------
    PublishedReleases : Published counts of releases.

    Examples
    --------
    >>> from detcount import datasets
    >>> arrests = datasets.load("venezuela_arrests")
    >>> total = arrests.select(event="political arrests since 2014")
    >>> int(total.count[-1] - total.count[0])
    1253
    """

    _what: ClassVar[str] = Message("published arrests")
    _things: ClassVar[str] = Message("arrests")
