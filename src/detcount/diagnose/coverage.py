"""Sample coverage: the share of the probabilities of being listed that belongs to those listed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from detcount._numerics.closed_forms import LEAST_COVERAGE, chao_tsay_coverage, good_turing_coverage
from detcount.contract.specification import door
from detcount.data.captures import CaptureTable
from detcount.errors import NotEstimableError
from detcount.reports.printing import Column
from detcount.reports.shown import Result
from detcount.words import Message


@dataclass(frozen=True, repr=False)
class SampleCoverageSummary(Result):
    """Share of the probabilities of being listed that belongs to the persons who are.

    Parameters
    ----------
    good_turing : float
        1 - f1 / (f1 + 2 f2 + 3 f3 + ...), of all listings taken together.
    chao_tsay : float
        1 - the mean over lists of the share found on that list alone.
    n_observed : int
        Persons on at least one list.
    n_once : int
        Persons on exactly one list, f1.
    n_listings : int
        Listings: persons counted once for each list they are on.
    notes : tuple of str
        What a reader must know besides.

    Examples
    --------
    >>> import detcount as dc
    >>> counts = {"100": 40, "010": 60, "001": 35, "110": 20, "101": 12, "011": 9, "111": 6}
    >>> table = dc.CaptureTable.from_counts(counts, lists=["press", "court", "families"])
    >>> print(dc.diagnose.sample_coverage(table))
    sample coverage 0.426 (Good-Turing), 0.430 (Chao-Tsay)
    coverage of at most 0.55: most of what an estimate adds rests on its model
    """

    _prints = ("headline", "notes")
    good_turing: float
    chao_tsay: float
    n_observed: int
    n_once: int
    n_listings: int
    notes: tuple[str, ...] = ()

    _notebook = "withheld"
    _columns = (
        Column(name="measure", title=Message("Measure")),
        Column(name="sample_coverage", title=Message("Sample coverage"), write=".3f"),
    )

    @property
    def _items(self) -> list[dict[str, Any]]:
        """The two measures."""
        return [
            {"measure": "Good-Turing", "sample_coverage": self.good_turing},
            {"measure": "Chao-Tsay", "sample_coverage": self.chao_tsay},
        ]

    def headline(self) -> Message:
        """Give both measures in one line."""
        return Message(
            "sample coverage {good_turing:.3f} (Good-Turing), {chao_tsay:.3f} (Chao-Tsay)",
            good_turing=self.good_turing,
            chao_tsay=self.chao_tsay,
        )

    def sentence(self) -> Message:
        """Say what the measures mean."""
        return Message(
            "By Good and Turing's measure {good_turing:.0%}, and by Chao and Tsay's {chao_tsay:.0%}, of the "
            "probabilities of being listed belong to persons who are listed already.",
            good_turing=self.good_turing,
            chao_tsay=self.chao_tsay,
        )

    def __repr__(self) -> str:
        return f"<SampleCoverageSummary: {self.good_turing:.3f} Good-Turing, {self.chao_tsay:.3f} Chao-Tsay>"


@door
def sample_coverage(table: CaptureTable) -> SampleCoverageSummary:
    """Estimate what share of the probabilities of being listed belongs to the persons who are listed.

    A low coverage says that the next listing would most likely be of a person not yet on any list, so that
    whatever is estimated rests on the model more than on the lists.

    Parameters
    ----------
    table : CaptureTable
        Persons by capture history.

    Returns
    -------
    SampleCoverageSummary
        Two measures, each from 0 to 1.

    Raises
    ------
    NotEstimableError
        If fewer than two lists name anybody.

    Notes
    -----
    With f_j persons on exactly j lists, Good and Turing's measure is 1 - f1/(f1 + 2 f2 + 3 f3 + ...). With
    n_j persons on list j and x_j on list j alone, Chao and Tsay's is 1 - the mean of x_j/n_j. They agree
    when all lists are as large as each other.

    References
    ----------
    .. [1] Good, I. J. (1953). The population frequencies of species and the estimation of population
       parameters. Biometrika, 40(3-4), 237-264. https://doi.org/10.1093/biomet/40.3-4.237
    .. [2] Chao, A. and Tsay, P. K. (1998). A sample coverage approach to multiple-system estimation with
       application to census undercount. Journal of the American Statistical Association, 93(441), 283-293.
       https://doi.org/10.1080/01621459.1998.10474109

    Examples
    --------
    >>> from detcount import CaptureTable, diagnose
    >>> table = CaptureTable.from_counts({"10": 40, "01": 60, "11": 20}, lists=["press", "families"])
    >>> print(diagnose.sample_coverage(table))
    sample coverage 0.286 (Good-Turing), 0.292 (Chao-Tsay)
    coverage of at most 0.55: most of what an estimate adds rests on its model
    """
    sizes = np.array(list(table.list_sizes.values()))
    exclusives = np.array(list(table.exclusives.values()))
    named = sizes > 0
    if named.sum() < 2:
        raise NotEstimableError(
            "sample_coverage",
            Message("fewer than two lists name anybody"),
            Message("Add a list that was made independently."),
        )
    frequencies = table.capture_frequencies
    chao_tsay = float(chao_tsay_coverage(sizes[named], exclusives[named]))
    notes = [
        Message("list {name!r} names nobody and is left out", name=name)
        for name in np.array(table.lists)[~named].tolist()
    ]
    if chao_tsay <= LEAST_COVERAGE:
        notes.append(
            Message(
                "coverage of at most {least}: most of what an estimate adds rests on its model",
                least=LEAST_COVERAGE,
            )
        )
    return SampleCoverageSummary(
        good_turing=good_turing_coverage(frequencies),
        chao_tsay=chao_tsay,
        n_observed=table.n_observed,
        n_once=int(frequencies[0]),
        n_listings=int(sizes.sum()),
        notes=tuple(notes),
    )
