"""What is known of a table that ships: who is in it, who published it, and what to mind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from detcount.definition import Definition

DatasetKind = Literal["captures", "releases", "stock", "arrests"]


@dataclass(frozen=True)
class Dataset:
    """A table that ships with the library, without its counts.

    Parameters
    ----------
    name : str
        What `load` takes.
    what : str
        Who or what is counted, where and when.
    source : str
        The publication the counts come from.
    year : int
        Year of that publication.
    found_in : str
        Where the counts were copied from: a package, or the publication itself.
    caveats : tuple of str
        What a reader must know before using the table; never empty.
    truth : int, optional
        Size of the population where it is known otherwise: by construction, or by a count of all.
    kind : {"captures", "releases", "stock", "arrests"}, optional
        What `load` gives: a `CaptureTable`, or `PublishedReleases`, `PublishedStock`, `PublishedArrests`.
    definition : Definition, optional
        Who is counted, as far as the source says it. None for animals and invented populations, and for
        published counts, whose sources count by definitions of their own.
    people : str, optional
        One name for all tables that hold the same people: what is learned from one of them is not new to
        another. None for animals, invented populations and published counts.

    Examples
    --------
    >>> import detcount as dc
    >>> kosovo = dc.datasets.describe("kosovo")
    >>> print(kosovo.year, kosovo.what)
    2002 persons killed, Kosovo, 20 March to 22 June 1999
    """

    name: str
    what: str
    source: str
    year: int
    found_in: str
    caveats: tuple[str, ...]
    truth: int | None = None
    kind: DatasetKind = "captures"
    definition: Definition | None = None
    people: str | None = None
