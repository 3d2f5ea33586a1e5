"""Two lists and covariates: independent lists among persons who are alike in what is known of them."""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol, runtime_checkable

import numpy as np

from detcount._numerics import doubly_robust as numerics
from detcount._numerics.arrays import Bools, Floats, Ints, bincount, repeat
from detcount.abundance.guards import ASSUMED_BY_ALL
from detcount.abundance.two_lists import list_inside_another, require_overlap, sizes_and_overlap
from detcount.assumptions import Assumption
from detcount.contract import arguments, references
from detcount.contract.citation import Reference
from detcount.contract.specification import specification
from detcount.data.capture_rows import codes_by_part, places, refuse_names_of_persons, refuse_two_roles
from detcount.data.captures import CaptureTable
from detcount.errors import InputError, NotEstimableError
from detcount.estimates import AbundanceEstimate, LogNormalRule
from detcount.estimates.interval import persons
from detcount.reading.frames import Column, Frame, column_name, factorized, numbered, whole
from detcount.words import Message

# What it did on pairs of lists whose population is known (benchmarks/results/doubly_robust.csv); what it
# declines, it missed.
KNOWN_PAIRS, NEARER, COVERED = 147, 0.25, 0.20
_MOST_GROUPS = 12  # that notes name


@runtime_checkable
class Classifier(Protocol):
    """Classifier as in scikit-learn: the shares of three outcomes, learned from columns of numbers."""

    def fit(self, X: Any, y: Any) -> Any:
        """Learn from rows and their outcomes."""

    def predict_proba(self, X: Any) -> Any:
        """Give the shares of the outcomes for rows, in the order of ``classes_``."""


@dataclass(frozen=True, eq=False)
class DoublyRobustDetail:
    """Details of an estimate by `DoublyRobust`.

    Parameters
    ----------
    groups : dict of str to AbundanceEstimate
        The estimate of each group of `by`; they add up to the whole. Empty without `by`.
    declined : dict of str to str
        Groups without an estimate, and why.
    n_truncated : int
        Persons whose share on both lists, of the listed who are alike, was raised to `least`.
    n_folds : int
        Parts of the persons; the shares of each part were learned from the others. 1 without covariates.
    plug_in : float
        N by the shares alone, without the correction that makes the estimate doubly robust, persons.
    """

    groups: Mapping[str, AbundanceEstimate]
    declined: Mapping[str, str]
    n_truncated: int
    n_folds: int
    plug_in: float


_MOST_PERSONS = 2_000_000  # six millions took 1.7 GB


@specification
class DoublyRobust:
    """Abundance from two lists that are independent among persons alike in their covariates.

    The estimand is N, the persons in a closed population of whom each of two lists names some. Whoever
    differs in age, place or sex may differ in how easily each list finds them; among persons alike in these,
    the lists have to be independent. With more than two lists choose a pair, or take `LogLinear`.

    Parameters
    ----------
    lists : tuple of str
        The two columns that are lists; values 0, 1, True or False.
    covariates : tuple of str, optional
        Columns that say how persons differ. Text and categories are compared as they are, numbers by their
        order. What is missing is a value of its own.
    by : str, optional
        Column whose groups have an estimate each; it is a covariate too.
    count : str, optional
        Column with the number of persons of a row; without it every row is one person.
    nuisance : classifier, optional
        Gives the shares of the three outcomes (first list only, 0; second only, 1; both, 2) for rows of
        covariates: ``fit(X, y)`` and ``predict_proba(X)`` of scikit-learn. By default a multinomial logit.
    n_folds : int, optional
        Parts of the persons; the shares of each are learned from the others.
    least : float, optional
        Least share on both lists, of the listed who are alike: smaller ones are raised to it, and counted.

    See Also
    --------
    Chapman : Two lists without covariates.
    OddsRatioAdjusted : Two lists that depend on each other by a stated odds ratio.

    Notes
    -----
    Of the listed with covariates x let q1, q2 and q12 be the shares on the first list, on the second and on
    both. N is the sum over the listed of (q1 q2 / q12) (Y1 / q1 + Y2 / q2 - Y1 Y2 / q12), with variance n v +
    n m (m - 1), where m and v are the mean and the variance of what is summed. A small error in one of the
    shares does no harm where the others are right. Limits take log(N - n) as normal. Without covariates it is
    `LincolnPetersen`.

    It cannot correct lists that find the same persons for reasons that no column holds. On populations of
    known size it was seldom nearer to the truth than `Chapman`, and its limits seldom covered the truth; a
    note of each estimate says how often.

    References
    ----------
    .. [1] Das, M., Kennedy, E. H. and Jewell, N. P. (2023). Doubly robust capture-recapture methods for
       estimating population size. Journal of the American Statistical Association, 119(546), 1309-1321.
       https://doi.org/10.1080/01621459.2023.2187814

    Examples
    --------
    >>> from detcount import abundance
    >>> rows = {
    ...     "press": [1, 0, 1, 1, 0, 1],
    ...     "families": [0, 1, 1, 0, 1, 1],
    ...     "place": ["north", "north", "north", "south", "south", "south"],
    ...     "persons": [40, 30, 20, 70, 32, 30],
    ... }
    >>> print(abundance.DoublyRobust(("press", "families"), ("place",), count="persons").fit(rows))
    352 persons (303 to 432, 95% log-normal); 222 listed
    """

    lists: tuple[str, str]
    covariates: tuple[str, ...] = ()
    by: str | None = None
    count: str | None = None
    nuisance: Classifier | None = None
    n_folds: int = 5
    least: float = 0.03

    assumes: ClassVar[tuple[Assumption, ...]] = (*ASSUMED_BY_ALL, Assumption.INDEPENDENT_GIVEN_COVARIATES)
    references: ClassVar[tuple[Reference, ...]] = (references.DAS_2023, references.CHAO_1987)

    def __post_init__(self) -> None:
        lists = arguments.different_names("lists", self.lists)
        if len(lists) != 2:
            raise InputError(
                Message(
                    "lists: expected two lists, got {n}. Choose a pair, or take LogLinear on a capture table "
                    "of all of them",
                    n=len(lists),
                )
            )
        object.__setattr__(self, "lists", lists)
        if self.covariates != ():
            object.__setattr__(self, "covariates", arguments.different_names("covariates", self.covariates))
        refuse_two_roles((*lists, *self.covariates), count=self.count, person=None)
        refuse_two_roles(lists, count=None, person=None, by=self.by)
        if set(lists) & set(self.covariates):
            raise InputError(
                Message(
                    "covariates: {names!r:,} are lists. Name other columns",
                    names=tuple(set(lists) & set(self.covariates)),
                )
            )
        n_folds = arguments.whole_number("n_folds", self.n_folds, least=2, most=100)
        object.__setattr__(self, "n_folds", n_folds)
        arguments.number("least", self.least, least=1e-6, most=0.5)

    def fit(self, frame: Any, *, seed: int = 0) -> AbundanceEstimate:
        """Estimate N, persons, from a frame with a row for each person on one of the two lists, or on both.

        Parameters
        ----------
        frame : pandas, polars or pyarrow frame, or mapping of str to array
            One row a person, or a row for several who are alike where `count` is given.
        seed : int, optional
            Seed of the folds.

        Returns
        -------
        AbundanceEstimate
            Abundance in persons; its detail is a `DoublyRobustDetail` with the groups.

        Raises
        ------
        NotEstimableError
            If the lists share nobody, or the estimate is no more than the listed.
        InputError
            If the frame cannot be read, or a group is missing.
        """
        read = Frame.of(frame)
        columns = read.columns(places(self.lists, by=self.by, count=self.count))
        marks = [columns[name] for name in self.lists]
        codes = np.concatenate(list(codes_by_part(marks, self.lists, refuse_unlisted=True)))
        repeats = np.ones(len(codes), dtype=np.int64)
        if self.count is not None:
            repeats = whole(columns[self.count].part(0, len(codes)), columns[self.count].place)
        if (n := int(repeats.sum())) > _MOST_PERSONS:
            raise InputError(
                Message(
                    "count: expected at most {most:,} persons, got {n:,}: each is compared by itself. "
                    "Estimate groups, or a sample",
                    most=_MOST_PERSONS,
                    n=n,
                )
            )
        outcomes = repeat(codes.astype(np.int64) - 1, repeats)
        listed = bincount(codes.astype(np.int64), weights=repeats, minlength=4)[1:].astype(np.int64)
        histories = np.array([[1, 0], [0, 1], [1, 1]], dtype=np.uint8)
        table = CaptureTable(self.lists, histories[listed > 0], listed[listed > 0])
        require_overlap("DoublyRobust", table, sizes_and_overlap("DoublyRobust", table)[2])
        if not listed[:2].all():
            raise list_inside_another("DoublyRobust", table)
        content = hashlib.sha256(json.dumps([self.lists, self.covariates, self.by]).encode())
        content.update(outcomes.astype("<i8").tobytes())
        pieces, n_missing, more = [np.ones((len(outcomes), 1))], 0, Message.together(())
        groups, names = np.zeros(len(codes), dtype=np.int64), np.array([], dtype=object)
        for name in dict.fromkeys((*self.covariates, *((self.by,) if self.by else ()))):
            where = Message("covariate {column}", column=column_name(name))
            column = columns[name] if name == self.by else read.columns({name: (where, more)})[name]
            if name == self.by:
                groups, names = numbered(column)
            piece, missing = _columns_of(column, repeats, as_category=name == self.by)
            pieces.append(piece)
            n_missing += int(missing.sum())
            content.update(np.round(piece, 9).astype("<f8").tobytes())
        design = np.concatenate(pieces, axis=1)
        shares, n_folds = self._shares(design, outcomes, seed)
        shares, low = numerics.truncated(shares, self.least)
        each = numerics.influence(shares, outcomes)
        given = {"digest": content.hexdigest(), "seed": seed}
        found: dict[str, AbundanceEstimate] = {}
        without: dict[str, str] = {}
        of_rows = repeat(groups, repeats)
        for code, name in sorted(enumerate(names.tolist()), key=lambda pair: str(pair[1])):
            try:
                found[str(name)] = self._estimate(each[of_rows == code], given)
            except NotEstimableError as error:
                without[str(name)] = error.reason
        first, second = (shares[:, k] + shares[:, numerics.BOTH] for k in range(2))
        detail = DoublyRobustDetail(
            groups=found,
            declined=without,
            n_truncated=int(low.sum()),
            n_folds=n_folds,
            plug_in=float((first * second / shares[:, numerics.BOTH]).sum()),
        )
        return self._estimate(each, given, notes=self._notes(detail, n_missing), detail=detail)

    def _shares(self, design: Floats, outcomes: Ints, seed: int) -> tuple[Floats, int]:
        """Shares of the outcomes for each person, learned from persons of other folds, and how many folds."""
        if design.shape[1] == 1:
            shares = bincount(outcomes, minlength=3) / len(outcomes)
            return np.tile(shares, (len(outcomes), 1)), 1
        folds = np.random.default_rng(seed).permutation(len(outcomes)) % self.n_folds
        shares = np.empty((len(outcomes), 3))
        for fold in range(self.n_folds):
            inside, others = folds == fold, folds != fold
            if self.nuisance is None:
                coefficients = numerics.fit_outcomes(design[others], outcomes[others])
                shares[inside] = numerics.outcome_shares(design[inside], coefficients)
                continue
            classifier = copy.deepcopy(self.nuisance)
            classifier.fit(design[others, 1:], outcomes[others])
            known = getattr(classifier, "classes_", np.arange(3))
            given = np.zeros((int(inside.sum()), 3))
            given[:, np.asarray(known, dtype=np.int64)] = classifier.predict_proba(design[inside, 1:])
            if not (np.isfinite(given).all() and np.allclose(given.sum(axis=1), 1, atol=1e-6)):
                raise InputError(
                    Message(
                        "nuisance: expected shares of three outcomes that add up to 1, got others from "
                        "{kind}.predict_proba",
                        kind=type(classifier).__name__,
                    )
                )
            shares[inside] = given
        return shares, self.n_folds

    def _estimate(
        self, each: Floats, given: Mapping[str, Any], *, notes: tuple[str, ...] = (), detail: object = None
    ) -> AbundanceEstimate:
        """Estimate of some of the listed, from what each of them stands for."""
        point, variance = numerics.size_and_variance(each)
        if point <= len(each):
            raise NotEstimableError(
                "DoublyRobust",
                Message(
                    "the estimate is {point:,.0f} persons, no more than the {n:,} listed",
                    point=point,
                    n=len(each),
                ),
                Message("Use fewer covariates, or report those listed."),
            )
        return AbundanceEstimate(
            point=point,
            n_observed=len(each),
            estimator=self,
            interval_rule=LogNormalRule(point - len(each), variance, len(each)),
            standard_error=variance**0.5,
            notes=notes,
            detail=detail,
            **given,
        )

    def _notes(self, detail: DoublyRobustDetail, n_missing: int) -> tuple[str, ...]:
        """Write the notes for a reader: results elsewhere, the persons it rests on, and the groups."""
        notes: list[str] = [
            Message(
                "On {n} pairs of lists whose population is known this estimator was nearer to the truth than "
                "Chapman's, without covariates, in {nearer:.0%}, and its 95% limits covered the truth in "
                "{covered:.0%}.",
                n=KNOWN_PAIRS,
                nearer=NEARER,
                covered=COVERED,
            )
        ]
        if detail.n_truncated:
            notes.append(
                Message.counted(
                    "For 1 person the overlap among similar persons listed was below {least:.0%} and was set "
                    "to that.",
                    "For {n:,} persons the overlap among similar persons listed was below {least:.0%} and "
                    "was set to that.",
                    n=detail.n_truncated,
                    least=self.least,
                )
            )
        if n_missing:
            notes.append(
                Message.counted(
                    "1 covariate of a person is missing; missing was taken as a value of its own.",
                    "{n:,} covariates of persons are missing; missing was taken as a value of its own.",
                    n=n_missing,
                )
            )
        if len(detail.groups) <= _MOST_GROUPS:
            for name, estimate in detail.groups.items():
                low, point, high = map(persons, estimate.printed())
                notes.append(
                    Message(
                        "Group {name!r}: {point} persons ({low} to {high}).",
                        name=name,
                        point=point,
                        low=low,
                        high=high,
                    )
                )
        notes += [
            Message("Group {name!r} has no estimate: {reason}.", name=name, reason=why)
            for name, why in detail.declined.items()
        ]
        return tuple(notes)


def _columns_of(column: Column, repeats: Ints, *, as_category: bool) -> tuple[Floats, Bools]:
    """Columns of numbers that say what a covariate says, and where it is missing."""
    codes, found = factorized(column)
    codes = repeat(codes.astype(np.int64), repeats)
    if found.dtype.kind in "iuf" and not as_category:
        known = codes >= 0
        values = np.zeros(len(codes))
        values[known] = found.astype(np.float64)[codes[known]]
        return numerics.number_columns(values, known), ~known
    blank = [k for k, value in enumerate(found.tolist()) if isinstance(value, str) and not value.strip()]
    codes[np.isin(codes, blank)] = -1
    refuse_names_of_persons(
        column.place.where,
        bincount(codes[codes >= 0], minlength=len(found)),
        Message("the values of a covariate"),
        Message("A column that tells who somebody is explains nothing: group its values first"),
    )
    return numerics.category_columns(codes, len(found)), codes < 0
