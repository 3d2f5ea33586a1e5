"""What rows with the same document teach of the others: how days slip."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from detcount._numerics.arrays import Floats, Ints
from detcount._numerics.linkage.cluster_days import ARREST_SLIPS, BIRTH_SLIPS, slip_errors, slip_shares
from detcount.linkage.records import MISSING_DAY, Records
from detcount.reading.documents import PASSPORT

_MOST_ROWS = 4  # with one document: more are seldom one person
_PRIORS = {"born": BIRTH_SLIPS, "arrested": ARREST_SLIPS}


def same_document(records: Records, shared: np.ndarray | None = None) -> tuple[Ints, Ints]:
    """Pairs of rows that write the same document, by document; of more than four rows, none.

    Parameters
    ----------
    records : Records
        Rows of all lists.
    shared : ndarray of bool, optional
        Rows with a document that somebody else has too, which are left out.
    """
    known = records.document >= 0 if shared is None else (records.document >= 0) & ~shared
    rows = np.flatnonzero(known)
    passport = records.document_kind == PASSPORT
    rows = rows[np.lexsort((rows, passport[rows], records.document[rows]))]
    new = np.diff(records.document[rows], prepend=-1) != 0
    new |= np.diff(passport[rows].astype(np.int64), prepend=-1) != 0
    group = np.cumsum(new)
    pairs = [np.empty((2, 0), dtype=np.int64)]
    few = np.bincount(group, minlength=1)[group] <= _MOST_ROWS
    rows, group = rows[few], group[few]
    for step in range(1, _MOST_ROWS):
        same = group[step:] == group[:-step]
        pairs.append(np.stack([rows[:-step][same], rows[step:][same]]))
    one, two = np.concatenate(pairs, axis=1)
    order = np.lexsort((two, one, passport[one], records.document[one]))
    return one[order], two[order]


def slips_of(field: str, days: Ints, one: Ints, two: Ints) -> Callable[[Ints, Ints], Floats]:
    """How days of a field slip, from pairs of rows of the same people.

    Parameters
    ----------
    field : {"born", "arrested"}
        The field.
    days : ndarray of int64, shape (n, 2)
        First and last possible day of each row.
    one, two : ndarray of int64
        Pairs of rows.

    Returns
    -------
    callable
        Probability of written days given a slip from true ones.
    """
    exact = (days[:, 0] == days[:, 1]) & (days[:, 0] != MISSING_DAY)
    differ = exact[one] & exact[two] & (days[one, 0] != days[two, 0])
    shares = slip_shares(days[one[differ], 0], days[two[differ], 0], _PRIORS[field])
    return partial(slip_errors, shares)
