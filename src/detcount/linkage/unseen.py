"""The share of true pairs that no rule of candidates brings together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detcount._numerics.arrays import Floats
from detcount._numerics.linkage.candidates import FoundPairs, unseen_draws
from detcount.linkage.candidates import Candidates
from detcount.linkage.records import MISSING_DAY, Records

_DRAWS = 2_000
_CLASSES = 8  # with and without days of birth, days of arrest, places


@dataclass(frozen=True, kw_only=True)
class Missed:
    """Share of the true pairs that no rule brings together, by capture-recapture between the rules.

    Pairs of which one row has neither a name nor a document count too: nothing could bring them together.

    Parameters
    ----------
    share : float
        Posterior mean.
    low, high : float
        Limits of the 95% interval.
    n_compared : float
        Expected number of true pairs on which both kinds of rules could speak, and on which the estimate
        rests.
    pairs : ndarray of float64, shape (n_draws, n_lists**2)
        Draws of the expected number of these pairs by their two lists, the smaller list first, without those
        of rows that have neither a name nor a document.
    """

    share: float
    low: float
    high: float
    n_compared: float
    pairs: Floats


def missed_share(records: Records, found: Candidates, one: Floats) -> Missed:
    """Estimate the share of true pairs that no rule brings together.

    Parameters
    ----------
    records : Records
        Rows of all lists.
    found : Candidates
        Pairs that some rule brings together.
    one : ndarray of float64, shape (p,)
        Probability that each is one person.

    Returns
    -------
    Missed
        The share among all pairs of rows of one person.

    Notes
    -----
    Rules with words and rules with documents err independently: misspelt names do not mistype documents. How
    often rules with words miss is seen on the pairs that share a document, for each two lists and apart for
    pairs with and without days of birth, days of arrest and places, and holds without documents too.

    On two rows of which one has no name and the other no document neither kind can speak, nor of a row that
    has none of the two. How many such pairs there are follows from the rows of each list: whether a row has
    a name, and a document, has to do with its list, and not with how many lists name the person.
    """
    first, second, free, worded = found.first, found.second, found.free, found.worded
    named = np.zeros(len(records), np.bool_)
    whole = np.array([len(word) > 1 for word in records.words], np.bool_)
    named[records.word_record[whole[records.word]]] = True
    with_document = records.document >= 0
    n_lists = len(records.lists)
    lists = np.sort(np.stack([records.list_of[first], records.list_of[second]]), axis=0)
    dated = [value[:, 0] != MISSING_DAY for value in (records.born, records.arrested)]
    place = lists[0] * n_lists + lists[1]
    for known in (*dated, records.place >= 0):
        place = place * 2 + (known[first] & known[second])

    def tally(which: np.ndarray) -> Floats:
        counts = np.bincount(place[which], one[which], minlength=_CLASSES * n_lists * n_lists)
        return np.asarray(counts.reshape(-1, _CLASSES))

    names, documents = (known[first] & known[second] for known in (named, with_document))
    only_named, only_documented = names & ~documents, documents & ~names
    able, alone = names & documents, (named & ~with_document, with_document & ~named)
    none = np.zeros(len(records), np.bool_)
    if found.every:  # all rows were compared: no rule had to bring any together
        able = only_documented = worded = np.zeros(len(first), np.bool_)
        only_named, alone = ~able, (none, none)
    nothing = ~(named | with_document)
    partners = np.bincount(
        np.concatenate([first, second]), np.concatenate([one, one]), minlength=len(records)
    )
    together = max(float(partners @ partners) / max(float(partners.sum()), 1.0), 1.0)
    seen = FoundPairs(
        both=tally(able & free & worded),
        free=tally(able & free & ~worded),
        worded=tally(able & ~free),
        names=np.stack([tally(only_named & worded), tally(only_named)]),
        documents=np.stack([tally(only_documented & free), tally(only_documented)]),
        neither=tally(~(able | only_named | only_documented)).sum(axis=1),
        unable=_unable(records, nothing, *alone),
        together=together,
        apart=_unable(records, none, *alone),
    )
    draws = unseen_draws(seen, np.random.default_rng(0), _DRAWS)
    low, high = np.quantile(draws.share, [0.025, 0.975]).tolist()
    return Missed(
        share=float(draws.share.mean()),
        low=low,
        high=high,
        n_compared=float(one[able | found.every].sum()),
        pairs=draws.pairs,
    )


def _unable(records: Records, nothing: np.ndarray, one: np.ndarray, other: np.ndarray) -> Floats:
    """Probability that one of two rows of two lists has nothing, or one a name and the other a document."""
    n_lists = len(records.lists)
    sizes = np.maximum(np.bincount(records.list_of, minlength=n_lists), 1)
    shares = [np.bincount(records.list_of[kind], minlength=n_lists) / sizes for kind in (nothing, one, other)]
    alone = np.outer(shares[1], shares[2])
    unable = 1.0 - np.outer(1.0 - shares[0], 1.0 - shares[0]) + alone + alone.T
    return np.asarray(unable.reshape(-1))
