"""Strata in which not every list operates: one model for all, which sums over what was not observed.

The estimator, the strata that it reads and the two models that it fits.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Annotated, Any, ClassVar

import numpy as np

from detcount._numerics import partial_lists as numerics
from detcount._numerics.arrays import Bools, Floats, Ints, bincount
from detcount._numerics.patterns import from_generators
from detcount.abundance.guards import ASSUMED_BY_ALL, label, list_without_names, members, too_many_lists
from detcount.abundance.intervals import LogNormal, PercentileBootstrap
from detcount.abundance.loglinear_terms import Interactions, note_on_failed, term_code
from detcount.assumptions import Assumption
from detcount.contract import arguments, references
from detcount.contract.citation import Reference
from detcount.contract.definition import Definition, common, require_strata
from detcount.contract.specification import AS_TYPED, specification
from detcount.data.captures import CaptureTable
from detcount.data.operates import Operates
from detcount.errors import InputError, NotEstimableError
from detcount.estimates import AbundanceEstimate, CautiousRule, IntervalRule, LogNormalRule, PercentileRule
from detcount.estimates.interval import persons
from detcount.words import Message

# of 95%, on data kept aside: benchmarks/results/limits_elsewhere.json
LIMITS_HELD = Message(
    "These limits can be too narrow: a list was blanked in half of the strata, and limits of 95% held what "
    "the same data say unblanked in {k} of {n} cases.",
    k=38,
    n=56,
)
_MOST_STRATA = 12  # that notes name
_MOST_LISTS = 10


@dataclass(frozen=True)
class Tuning:
    """Strata of lists that operate in part.

    Parameters
    ----------
    least_pooled : int, strata
        Strata from which their spread is estimated. Scored in benchmarks/results/partial_lists_59_strata.csv.
    """

    least_pooled: int = 6


TUNING = Tuning()


@dataclass(frozen=True, eq=False)
class PartialListsDetail:
    """Details of an estimate by `PartialLists`.

    Parameters
    ----------
    strata : dict of str to AbundanceEstimate
        The estimate of each stratum; they add up to the whole.
    operating : dict of str to tuple of str
        The lists that operate in each stratum.
    log_likelihood : float
        Of the Poisson model, with its constant; with latent classes of the listed alone.
    n_parameters : int
        Coefficients, those of each stratum among them; of pooled ones the spread of each list.
    coefficients : dict of str to float
        Logarithms of factors that all strata share, by lists joined by ":"; empty with latent classes.
    deviance : float or None
        Twice the distance to a mean for each count; None with latent classes.
    degrees_of_freedom : int or None
        Counts less coefficients; None with latent classes, or where strata are pooled.
    n_without_estimate : int
        Redrawn tables to which the model cannot be fitted.
    """

    strata: Mapping[str, AbundanceEstimate]
    operating: Mapping[str, tuple[str, ...]]
    log_likelihood: float
    n_parameters: int
    coefficients: Mapping[str, float] = field(default_factory=dict)
    deviance: float | None = None
    degrees_of_freedom: int | None = None
    n_without_estimate: int = 0


@specification
class PartialLists:
    """Abundance in strata of which each list covers some: one log-linear model, or latent classes, for all.

    The estimand is N, the persons in a closed population that falls into strata (places, periods), in total
    and by stratum. A list that does not operate in a stratum has no zeros there: whom it would have named is
    not known, and the model sums over it. How lists depend on each other is learned where they operate
    together.

    Parameters
    ----------
    operates : Operates, optional
        Where each list operates; without it a list operates in the strata whose tables have it.
    interactions : tuple of tuple of str or int, optional
        Groups of lists that may depend on each other, alike in all strata, as in `LogLinear`; positions from
        1 count the lists of the first table, then those that only later ones have.
    varying : tuple of str, optional
        Lists whose reach differs from stratum to stratum, each stratum by itself. By default, with six strata
        or more, the reach of every list differs around its mean by as much as is learned from all of them.
        With fewer, lists that operate everywhere or are in no interaction differ, and others are alike.
    classes : int, optional
        Latent classes of persons; 1 takes the log-linear model. With more, lists are independent in a class,
        which they reach alike in all strata, and strata differ in how large classes are.
    interval : LogNormal or PercentileBootstrap, optional
        How limits are found. The bootstrap redraws tables from the model; latent classes need it.

    See Also
    --------
    detcount.Operates : Where and when lists operate.
    LogLinear : One table.
    detcount.fit_strata : Each stratum by itself, over the lists of its own.

    Notes
    -----
    In stratum s the persons with history w over all lists are Poisson with log mean a_s + sum of b_ks over
    the lists k of w + sum of the interactions inside w. By default, with six strata or more, b_ks is normal
    around b_k with a variance that EM learns for each list. Histories that differ only in lists that do not
    operate in s are counted together, with the sum of their means. The maximum is found by EM [1]_, and the
    last digits by Fisher's scoring; N_s = n_s plus the mean of those on no list that operates, with the
    variance that the information gives. Where a list is in no interaction, leaving it out where it is absent
    is the same [1]_. Interactions of lists that never operate together are declined by name.

    A test on 24,000 victims of Peru in twelve periods blanked one list in half of the periods, chosen in 100
    ways, and compared totals with that of the complete data. This estimator was off by 10%. Leaving those
    periods out, and scaling the rest up by the persons listed, was off by 36%, and further from the truth in
    99 of the 100; leaving the list out was off by 25%. With 59 small strata this estimator was off by 16%. It
    was nearer in 26 of the 36 ways in which the other strata had an answer; in 30 they had none. Where the
    reach of a list changes much (that of one register of Massachusetts changed ninefold in five years), it is
    no better than leaving that list out.

    References
    ----------
    .. [1] Zwane, E. N., van der Pal-de Bruin, K. and van der Heijden, P. G. M. (2004). The multiple-record
       systems estimator when registrations refer to different but overlapping populations. Statistics in
       Medicine, 23(14), 2267-2281. https://doi.org/10.1002/sim.1818
    .. [2] Fienberg, S. E. (1972). The multiple recapture census for closed populations and incomplete
       2^k contingency tables. Biometrika, 59(3), 591-603. https://doi.org/10.1093/biomet/59.3.591
    .. [3] Buckland, S. T. and Garthwaite, P. H. (1991). Quantifying precision of mark-recapture
       estimates using the bootstrap and related methods. Biometrics, 47(1), 255-268.
       https://doi.org/10.2307/2532510

    Examples
    --------
    >>> from detcount import CaptureTable, abundance
    >>> north = {"100": 40, "010": 60, "001": 35, "110": 20, "101": 12, "011": 9, "111": 6}
    >>> south = {"10": 30, "01": 41, "11": 13}
    >>> tables = {
    ...     "north": CaptureTable.from_counts(north, lists=["press", "court", "families"]),
    ...     "south": CaptureTable.from_counts(south, lists=["press", "court"]),
    ... }
    >>> estimate = abundance.PartialLists(interactions=(("press", "families"),)).fit(tables)
    >>> print(estimate.detail.strata["south"])
    179 persons (130 to 279, 95% log-normal); 84 listed
    """

    operates: Operates | None = None
    interactions: Interactions = ()
    varying: tuple[str, ...] | None = None
    classes: Annotated[int, partial(arguments.whole_number, least=1, most=20)] = 1
    interval: Annotated[LogNormal | PercentileBootstrap, AS_TYPED] = LogNormal()

    assumes: ClassVar[tuple[Assumption, ...]] = (
        *ASSUMED_BY_ALL,
        Assumption.MODELLED_DEPENDENCE,
        Assumption.HOMOGENEOUS_PERSONS,
        Assumption.REACH_ELSEWHERE,
    )
    references: ClassVar[tuple[Reference, ...]] = (
        references.ZWANE_2004,
        references.FIENBERG_1972,
        references.CHAO_1987,
        references.BUCKLAND_GARTHWAITE_1991,
    )

    def __post_init__(self) -> None:
        if self.operates is not None:
            object.__setattr__(self, "operates", Operates.of(self.operates))
        if self.varying:
            object.__setattr__(self, "varying", arguments.different_names("varying", self.varying))
        if self.classes > 1 and (self.interactions or isinstance(self.interval, LogNormal)):
            raise InputError(
                Message(
                    "classes: latent classes have no interactions, and their limits need a bootstrap. Write "
                    "PartialLists(classes=2, interval=PercentileBootstrap())"
                )
            )

    def fit(self, tables: Mapping[str, CaptureTable], *, seed: int = 0) -> AbundanceEstimate:
        """Estimate N, persons, in total and by stratum.

        Parameters
        ----------
        tables : mapping of str to CaptureTable
            Persons by capture history in each stratum, such as `stratify` gives.
        seed : int, optional
            Seed of redrawn tables, and of the starts of latent classes.

        Returns
        -------
        AbundanceEstimate
            Abundance in persons; its detail is a `PartialListsDetail` with the strata.

        Raises
        ------
        NotEstimableError
            If lists of an interaction never operate together or share nobody where they do, or the data do
            not determine the model.
        InputError
            If a list names somebody where it does not operate, or `operates` names another list.
        """
        strata = _Strata.of(tables, self.operates)
        found = self._by_classes(strata, seed) if self.classes > 1 else self._by_terms(strata)
        sizes = strata.n_observed + found.unseen
        draws, failed = None, np.zeros(0, dtype=bool)
        if isinstance(self.interval, PercentileBootstrap):
            draws, failed = _redrawn(found, self.interval.n_resamples, np.random.default_rng(seed))

        def estimate(of: slice, variance: float, data: Any, **stated: Any) -> AbundanceEstimate:
            n = int(strata.n_observed[of].sum())
            rule: IntervalRule = LogNormalRule(float(found.unseen[of].sum()), variance, n)
            drawn = None
            if draws is not None:
                drawn = np.where(failed, np.inf, np.maximum(draws[:, of].sum(axis=1), n))
                rule = PercentileRule(drawn)
                if failed.any():
                    rule = CautiousRule(PercentileRule(np.where(failed, float(n), drawn)), rule)
                variance = float(drawn[~failed].var(ddof=1))
            return AbundanceEstimate(
                point=float(sizes[of].sum()),
                n_observed=n,
                estimator=self,
                interval_rule=rule,
                digest=data.digest,
                definition=data.definition,
                seed=seed,
                standard_error=variance**0.5,
                draws=drawn,
                **stated,
            )

        by_stratum = {
            name: estimate(slice(s, s + 1), float(found.variances[s]), table)
            for s, (name, table) in enumerate(tables.items())
        }
        n_failed = int(failed.sum())
        detail = PartialListsDetail(
            strata=by_stratum,
            operating={
                name: tuple(each for each, there in zip(strata.lists, row, strict=True) if there)
                for name, row in zip(tables, strata.operates, strict=True)
            },
            n_without_estimate=n_failed,
            **found.stated,
        )
        notes = [*found.notes]
        if n_failed:
            notes.append(note_on_failed(n_failed, len(failed)))
        if len(by_stratum) <= _MOST_STRATA:
            for name, each in by_stratum.items():
                low, point, high = map(persons, each.printed())
                notes.append(
                    Message(
                        "Stratum {name!r}: {point} persons ({low} to {high}).",
                        name=name,
                        point=point,
                        low=low,
                        high=high,
                    )
                )
        return estimate(slice(None), found.total_variance, strata, notes=tuple(notes), detail=detail)

    def _by_terms(self, strata: _Strata) -> _Found:
        """Fit the log-linear model."""
        lists, operates = strata.lists, strata.operates
        model = from_generators([term_code(group, strata.lists) for group in self.interactions], len(lists))
        together = [code for code in np.flatnonzero(model).tolist() if code.bit_count() > 1]
        bits = 1 << np.arange(len(lists))
        for code in sorted(together, key=int.bit_count):
            inside = (code & bits) > 0
            there = operates[:, inside].all(axis=1)
            if not there.any():
                raise NotEstimableError(
                    "PartialLists",
                    Message(
                        "lists {lists!r:and|} never operate together, so nothing shows how they depend on "
                        "each other",
                        lists=members(code, lists),
                    ),
                    Message("Leave their interaction out."),
                )
            codes = np.arange(1 << len(lists))
            if not strata.counts[there][:, (codes & code) == code].any():
                raise NotEstimableError(
                    "PartialLists",
                    Message(
                        "nobody is on lists {lists!r:and|} together where all of them operate",
                        lists=members(code, lists),
                    ),
                    Message("Leave their interaction out, or merge lists (table.merge)."),
                    advice=Message("Leave their interaction out, or merge lists."),
                )
        linked = np.array([any(code >> k & 1 for code in together) for k in range(len(lists))])
        everywhere = operates.all(axis=0)
        varying = everywhere | ~linked
        pooled = self.varying is None and len(strata.names) >= TUNING.least_pooled
        if self.varying is not None:
            for name in self.varying:
                if name not in lists:
                    raise InputError(
                        Message(
                            "varying: no list {name!r}. The lists are {lists!r:,}", name=name, lists=lists
                        )
                    )
            varying = np.array([name in self.varying for name in lists])
            if (varying & linked & ~everywhere).any():
                name = lists[int(np.flatnonzero(varying & linked & ~everywhere)[0])]
                where = strata.names[int(np.flatnonzero(~operates[:, lists.index(name)])[0])]
                raise NotEstimableError(
                    "PartialLists",
                    Message(
                        "list {name!r} does not operate in stratum {stratum!r}, and is in an interaction: "
                        "what its reach would be there cannot be found",
                        name=name,
                        stratum=where,
                    ),
                    Message("Leave it out of varying: its reach is then alike in all strata."),
                    advice=Message("Take its reach as alike in all strata."),
                )
        absent = varying & ((strata.list_sizes == 0) | ~operates) & (not pooled)
        here = operates & ~absent
        shared_here = strata.counts[:, np.bitwise_count(np.arange(1 << len(lists))) > 1].any(axis=1)
        bare = ((1 << here.sum(axis=1)) - 1 < 1 + (varying & ~absent).sum(axis=1)) | (
            ~shared_here & ~(here & ~varying).any(axis=1)
        )
        if bare.any() and not pooled:
            name = strata.names[int(bare.argmax())]
            raise NotEstimableError(
                "PartialLists",
                Message(
                    "in stratum {stratum!r} too few lists name anybody, or share anybody, to show the reach "
                    "of each",
                    stratum=name,
                ),
                Message("Leave the stratum out, or name fewer lists as varying."),
                advice=Message("Leave the stratum out, or take the reach of fewer lists as different."),
            )
        shared = np.array([*bits[pooled | ~varying], *together], dtype=np.int64)
        cells, columns = numerics.partial_cells(
            strata.counts, operates, absent, shared, np.flatnonzero(pooled | varying)
        )
        of_list = [code.bit_length() - 1 if pooled and s >= 0 else -1 for code, s in columns]
        fit, precision = numerics.fit_pooled(cells, np.array(of_list))
        if fit.information is None or not fit.converged:
            raise _not_determined()
        unseen, variances, total = numerics.size_variances(cells, fit)
        notes: list[str] = []
        if pooled:
            spreads = [precision[of_list.index(k)] ** -0.5 for k in range(len(lists))]
            notes.append(
                Message(
                    "How far each list reaches differs between strata around its mean, as much as is learned "
                    "from all of them (standard deviations of the logarithm {least:.2f} to {most:.2f}); a "
                    "stratum of few persons has nearly the mean.",
                    least=min(spreads),
                    most=max(spreads),
                )
            )
        for k in np.flatnonzero(linked & ~everywhere):
            missing = tuple(
                name for name, there in zip(strata.names, operates[:, k], strict=True) if not there
            )
            notes.append(
                Message.counted(
                    "List {name!r} does not operate in 1 stratum ({strata!r:,}); there it is taken to "
                    "overlap with others as elsewhere.",
                    "List {name!r} does not operate in {n} strata ({strata!r:,}); there it is taken to "
                    "overlap with others as elsewhere.",
                    name=lists[k],
                    n=len(missing),
                    strata=missing[:_MOST_STRATA],
                )
            )
        for s, k in zip(*np.nonzero(absent & operates), strict=True):
            notes.append(
                Message(
                    "List {name!r} operates in stratum {stratum!r} and names nobody there; it is taken to "
                    "reach nobody there.",
                    name=lists[k],
                    stratum=strata.names[s],
                )
            )

        def refitted(counts: Floats) -> Floats | None:
            again = numerics.fit_partial(cells, counts, fit.coefficients, precision)
            return again.means[cells.unseen] if again.converged and again.information is not None else None

        return _Found(
            unseen=unseen,
            variances=variances,
            total_variance=total,
            means=fit.means,
            cells=cells,
            refitted=refitted,
            stated={
                "coefficients": {
                    label(code, lists): float(value)
                    for (code, at), value in zip(columns, fit.coefficients, strict=True)
                    if at < 0
                },
                "log_likelihood": fit.log_likelihood,
                "deviance": fit.deviance,
                "degrees_of_freedom": None if pooled else int((~cells.unseen).sum()) - len(columns),
                "n_parameters": len(columns) - len(precision.nonzero()[0]) + pooled * len(lists),
            },
            notes=(*notes, LIMITS_HELD),
        )

    def _by_classes(self, strata: _Strata, seed: int) -> _Found:
        """Fit latent classes, whose probabilities to be on a list are alike in all strata."""
        nobody = np.zeros_like(strata.operates)
        cells, _ = numerics.partial_cells(
            strata.counts, strata.operates, nobody, np.array([], dtype=np.int64), np.array([], dtype=np.int64)
        )
        random = np.random.default_rng(seed)
        fit = numerics.fit_classes(cells, cells.counts, strata.operates, self.classes, random)

        def refitted(counts: Floats) -> Floats | None:
            again = numerics.fit_classes(cells, counts, strata.operates, self.classes, random, fit)
            return again.means[cells.unseen]

        return _Found(
            unseen=fit.means[cells.unseen],
            variances=np.zeros(len(strata.names)),
            total_variance=0.0,
            means=fit.means,
            cells=cells,
            refitted=refitted,
            stated={
                "log_likelihood": fit.log_likelihood,
                "n_parameters": fit.probabilities.size + fit.weights.size,
            },
            notes=(
                Message(
                    "{n} classes of persons, which each list reaches alike in all strata; strata differ in "
                    "how large the classes are.",
                    n=self.classes,
                ),
            ),
        )


@dataclass(frozen=True, eq=False)
class _Found:
    """A model fitted to the strata, whichever it is."""

    unseen: Floats
    variances: Floats
    total_variance: float
    means: Floats
    cells: numerics.PartialCells
    refitted: Callable[[Floats], Floats | None]
    stated: dict[str, Any]
    notes: tuple[str, ...]


def _redrawn(found: _Found, n: int, random: np.random.Generator) -> tuple[Floats, Bools]:
    """N of each stratum in tables redrawn from the model, (n, strata), and which tables have no fit."""
    cells = found.cells
    sizes = np.zeros((n, len(found.unseen)))
    failed = np.zeros(n, dtype=bool)
    for row in range(n):
        counts = np.zeros(len(found.means))
        for s in range(len(found.unseen)):
            inside = cells.stratum == s
            probabilities = found.means[inside]
            counts[inside] = random.multinomial(
                round(probabilities.sum()), probabilities / probabilities.sum()
            )
        unseen = found.refitted(np.where(cells.unseen, 0.0, counts))
        failed[row] = unseen is None
        listed = bincount(cells.stratum, weights=np.where(cells.unseen, 0.0, counts))
        sizes[row] = listed + (0.0 if unseen is None else unseen)
    if failed.all():
        raise _not_determined()
    return sizes, failed


def _not_determined() -> NotEstimableError:
    """The error of lists that do not determine the model."""
    return NotEstimableError(
        "PartialLists",
        Message("the lists overlap too little to determine the model"),
        Message("Use fewer interactions, merge lists or strata, or name fewer lists as varying."),
        advice=Message("Use fewer interactions, or merge lists or strata."),
    )


@dataclass(frozen=True, eq=False)
class _Strata:
    """Tables of strata over the lists of all of them."""

    names: tuple[str, ...]
    lists: tuple[str, ...]
    counts: Floats
    operates: Bools
    list_sizes: Ints
    n_observed: Ints
    digest: str
    definition: Definition | None

    @classmethod
    def of(cls, tables: Mapping[str, CaptureTable], operates: Operates | None) -> _Strata:
        """Check the tables, and that nobody is on a list where it does not operate."""
        if len(tables) < 2:
            raise InputError(
                Message(
                    "tables: expected two strata or more, got {n}. Take LogLinear for one table",
                    n=len(tables),
                )
            )
        definitions = tuple(table.definition for table in tables.values())
        require_strata("strata", definitions)
        names = tuple(tables)
        lists = tuple(dict.fromkeys(name for table in tables.values() for name in table.lists))
        if len(lists) > _MOST_LISTS:
            raise too_many_lists("PartialLists", len(lists), _MOST_LISTS)
        there = np.array([[name in table.lists for name in lists] for table in tables.values()])
        counts = np.zeros((len(names), 1 << len(lists)))
        for s, table in enumerate(tables.values()):
            bits = np.array([1 << lists.index(name) for name in table.lists])
            counts[s, table.histories.astype(np.int64) @ bits] = table.counts
        codes = np.arange(1 << len(lists))
        on = (codes[:, None] >> np.arange(len(lists)) & 1).astype(np.float64)
        sizes = (counts @ on).astype(np.int64)
        if operates is not None:
            stated = operates.there(lists, places=names)[:, :, 0].T
            for s, k in np.argwhere(~stated & (sizes > 0)).tolist():
                n = int(sizes[s, k])
                raise InputError(
                    Message.counted(
                        "list {name!r} names 1 person in stratum {stratum!r}, where it does not operate. "
                        "Mend the table, or what says where it operates",
                        "list {name!r} names {n:,} persons in stratum {stratum!r}, where it does not "
                        "operate. Mend the table, or what says where it operates",
                        name=lists[k],
                        stratum=names[s],
                        n=n,
                    )
                )
            for s, k in np.argwhere(stated & ~there).tolist():
                raise InputError(
                    Message(
                        "list {name!r} operates in stratum {stratum!r}, and its table has no such list. Add "
                        "it, with zeros, or say that it does not operate there",
                        name=lists[k],
                        stratum=names[s],
                    )
                )
            there = stated
        if not sizes.any(axis=0).all():
            raise list_without_names("PartialLists", lists[int(sizes.any(axis=0).argmin())])
        content = hashlib.sha256(json.dumps([names, lists, there.astype(int).tolist()]).encode())
        content.update(counts.astype("<f8").tobytes())
        return cls(
            names=names,
            lists=lists,
            counts=counts,
            operates=there,
            list_sizes=sizes,
            n_observed=counts.sum(axis=1).astype(np.int64),
            digest=content.hexdigest(),
            definition=common(definitions),
        )
