"""How many are held when each roster is taken, where people enter and leave between them (Jolly, Seber)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from detcount import arguments, references
from detcount._numerics.open_population import carried_over, jolly_seber, sightings
from detcount.assumptions import Assumption
from detcount.captures import CaptureTable
from detcount.citation import Reference
from detcount.errors import NotEstimableError
from detcount.specification import specification
from detcount.stock.open_population.checks import follow_one_another, require_rosters, require_taken_anew
from detcount.stock.open_population.quantities import (
    entered,
    finite,
    held,
    notes_of_cuts,
    reason_without_stock,
    stayed,
)
from detcount.stock.open_population.result import OpenPopulation
from detcount.words import Message

__all__ = ["JollySeber"]

_NAME = "JollySeber"
_LEAST = 3  # rosters: nothing can be said of the first and of the last


@specification
class JollySeber:
    """How many are held when each roster is taken, where people enter and leave between them.

    The estimand is N_i, the persons held when roster i is taken, for all rosters but the first and the last;
    with it the chance of staying until the next one, and the persons who entered by then. For rosters that
    are taken anew each time, such as the visits of a delegation that takes down every name it hears. A
    register that only adds and strikes off is not that: whoever is listed stays listed, and no recapture
    happens. It is recognised, and declined.

    Parameters
    ----------
    bias_corrected : bool, optional
        Take Seber's forms, with 1 added, which have little bias in small samples.

    See Also
    --------
    RobustDesign : Several rosters close together each time: the first and the last have a stock too.

    Notes
    -----
    Of roster i let n be the persons named, m those of them named before, r those named again later, and z the
    persons named before and after and not on it. Then M = m + n z / r are there who were named before,
    N = M n / m, phi = M_(i+1) / (M_i - m_i + n_i) and B = N_(i+1) - phi_i N_i. Seber's forms are
    M = m + (n + 1) z / (r + 1) and N = M (n + 1) / (m + 1). Standard errors are Seber's: of N and B given the
    numbers there, of phi as of a chance. Limits of N are log-normal above n + z, the persons certainly there.

    With the formulas without 1 the results are those of Rcapture's ``openp`` wherever no phi is above 1; that
    package then forces phi to 1 and estimates its neighbours anew, while here the formula of each stands.

    Who differ from others in how easily they are named make N too low. Rosters that leave out less than 2 in
    100 of those named before and after them, or on which those of the last one have more than ten times the
    odds of others known to be held, are taken for a register.

    References
    ----------
    .. [1] Jolly, G. M. (1965). Explicit estimates from capture-recapture data with both death and
       immigration: stochastic model. Biometrika, 52(1/2), 225-247. https://doi.org/10.2307/2333826
    .. [2] Seber, G. A. F. (1965). A note on the multiple-recapture census. Biometrika, 52(1/2), 249-259.
       https://doi.org/10.2307/2333827
    .. [3] Seber, G. A. F. (1982). The estimation of animal abundance and related parameters. Griffin.
    .. [4] Pradel, R. (1993). Flexibility in survival analysis from recapture data: handling trap-dependence.
       Marked individuals in the study of bird population, Birkhäuser, Basel, 29-37.

    Examples
    --------
    >>> from detcount import datasets, stock
    >>> print(stock.JollySeber().fit(datasets.load("duck")).headline())
    464 persons held at 'p5' (411 to 539, 95%); 4 of 6 occasions have an estimate
    """

    bias_corrected: bool = True

    assumes: ClassVar[tuple[Assumption, ...]] = (
        Assumption.ROSTERS_TAKEN_ANEW,
        Assumption.HOMOGENEOUS_PERSONS,
        Assumption.EQUAL_STAY,
        Assumption.ERROR_FREE_LINKAGE,
        Assumption.NO_OVERCOVERAGE,
    )
    references: ClassVar[tuple[Reference, ...]] = (
        references.JOLLY_1965,
        references.SEBER_1965,
        references.SEBER_1982,
        references.PRADEL_1993,
    )

    def __post_init__(self) -> None:
        arguments.true_or_false("bias_corrected", self.bias_corrected)

    def fit(self, table: CaptureTable, *, seed: int = 0) -> OpenPopulation:
        """Estimate the stock at each roster but the first and the last.

        Parameters
        ----------
        table : CaptureTable
            Persons by the rosters that name them; the lists are the rosters, in the order in which they were
            taken.
        seed : int, optional
            Stands in the result; nothing here is random.

        Returns
        -------
        OpenPopulation
            Persons held at each roster, chances of staying, and persons who entered.

        Raises
        ------
        NotEstimableError
            If there are fewer than three rosters, they are states of one register, or none has an estimate.
        TypeError
            If it is no capture table.
        """
        table = require_rosters(_NAME, table)
        seed = arguments.seed(seed)
        if table.n_lists < _LEAST:
            raise NotEstimableError(
                _NAME,
                Message("needs at least {least} rosters, got {n}", least=_LEAST, n=table.n_lists),
                Message("Add rosters that were taken before or after."),
            )
        histories = table.histories.astype(np.int64)
        seen, carried = sightings(histories, table.counts), carried_over(histories, table.counts)
        require_taken_anew(_NAME, seen, carried)
        names = table.lists
        reasons = {name: reason_without_stock(seen, k) for k, name in enumerate(names)}
        declined = {name: reason for name, reason in reasons.items() if reason is not None}
        if len(declined) == len(names):
            raise NotEstimableError(
                _NAME,
                Message("no roster has an estimate: too few persons are named on several of them"),
                Message("Report those named on each roster."),
            )
        forms = jolly_seber(seen, bias_corrected=self.bias_corrected)
        stock = {
            name: held(float(forms.stock[k]), float(forms.stock_variance[k]), float(seen.known[k]))
            for k, name in enumerate(names)
            if name not in declined
        }
        shares = finite(names, forms.survival, forms.survival_variance, stayed)
        entries = finite(names, forms.entries, forms.entries_variance, entered)
        return OpenPopulation(
            occasions=names,
            named=dict(zip(names, seen.named.astype(int).tolist(), strict=True)),
            known=dict(zip(names, seen.known.astype(int).tolist(), strict=True)),
            stock=stock,
            stayed=shares,
            entered={name: one for name, one in entries.items() if _both(names, name, stock)},
            declined=declined,
            estimator=self,
            carried_over=carried.odds_ratio,
            assumptions=self.assumes,
            digest=table.digest,
            seed=seed,
            notes=(*table.notes, *follow_one_another(carried), *notes_of_cuts(stock, shares, entries)),
            definition=table.definition,
        )


def _both(names: tuple[str, ...], name: str, stock: Mapping[str, object]) -> bool:
    """Whether a roster and the next one have a stock."""
    return name in stock and names[names.index(name) + 1] in stock
