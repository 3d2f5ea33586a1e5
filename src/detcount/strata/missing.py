"""Fields that are missing of some persons on lists, drawn many times from what the other persons show.

It is one thing: reading such fields, the model of the missing, and the draws from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from detcount._numerics import imputing
from detcount._numerics.arrays import Bools, bincount, frozen
from detcount._numerics.patterns import unpack
from detcount.assumptions import Assumption
from detcount.contract import arguments, references
from detcount.contract.citation import Reference
from detcount.contract.definition import Definition
from detcount.contract.specification import door
from detcount.data.capture_rows import (
    checked_names,
    codes_by_part,
    free_name,
    places,
    refuse_names_of_persons,
    refuse_no_rows,
)
from detcount.data.captures import CaptureTable
from detcount.errors import InputError
from detcount.reading.frames import Column as Cells
from detcount.reading.frames import Frame, Marks, factorized, missing
from detcount.reports.printing import Column
from detcount.reports.shown import Tabular
from detcount.strata.columns import named_groups
from detcount.strata.split import labels_of, stratify
from detcount.words import Message

if TYPE_CHECKING:
    import pandas as pd


_LEAST_DRAWS, _MOST_DRAWS = 5, 1000
_MOST_CLASSES = 200


_UNKNOWN = -1


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Imputed(Tabular):
    """Draws of the missing fields of persons on lists.

    Parameters
    ----------
    lists : tuple of str
        Names of the lists.
    values : dict of str to tuple
        Of each field the values that some row has, in order.
    histories : ndarray of uint8, shape (n_rows, n_lists)
        Lists that name each person.
    drawn : ndarray of int16, shape (n_replicates, n_rows, n_fields)
        Places of the values among those of the field, known ones and drawn ones.
    missing : ndarray of bool, shape (n_rows, n_fields)
        Which values no row had.
    n_classes : int
        Classes of the mixture.
    r_hat : float
        Largest potential scale reduction of the expected persons with each value, over two chains.
    effective_size : float
        Fewest independent draws that the chains are worth for one of these numbers.
    seed : int
        Seed of the draws.

    Examples
    --------
    >>> import detcount as dc
    >>> people = {
    ...     "press": [1, 1, 0, 1, 1, 0, 0, 1] * 20,
    ...     "court": [0, 1, 1, 1, 1, 1, 1, 0] * 20,
    ...     "sex": ["f", "m", "m", "f", None, "m", "f", "m"] * 20,
    ... }
    >>> imputed = dc.strata.impute(people, lists=["press", "court"], fields=["sex"], n_replicates=5)
    >>> print(imputed.headline())
    5 draws of the values that are missing in 1 field of 160 persons
    """

    lists: tuple[str, ...]
    values: dict[str, tuple[Any, ...]]
    histories: NDArray[np.uint8]
    drawn: NDArray[np.int16]
    missing: Bools
    n_classes: int
    r_hat: float
    effective_size: float
    seed: int

    assumptions = (Assumption.MISSING_LIKE_KNOWN,)
    references: tuple[Reference, ...] = (references.SI_REITER_2013, references.RUBIN_1987)
    _notebook = "withheld"

    @property
    def fields(self) -> tuple[str, ...]:
        """Names of the fields."""
        return tuple(self.values)

    @property
    def n_replicates(self) -> int:
        """Number of draws."""
        return len(self.drawn)

    @cached_property
    def replicates(self) -> tuple[pd.DataFrame, ...]:
        """The draws as pandas frames, each with the lists, the fields, and which values were drawn.

        Rows stand in the order given. ``sex imputed`` is True where ``sex`` was drawn.
        """
        import pandas as pd

        frames = []
        for drawn in self.drawn:
            columns: dict[str, Any] = dict(zip(self.lists, self.histories.T, strict=True))
            for place, name in enumerate(self.fields):
                columns[name] = self._cells(name)[drawn[:, place]]
                columns[free_name(f"{name} imputed", tuple(columns))] = self.missing[:, place]
            frames.append(pd.DataFrame(columns))
        return tuple(frames)

    def stratify(
        self, by: str | Sequence[str], *, definition: Definition | None = None, drop_empty: bool = True
    ) -> list[dict[str, CaptureTable]]:
        """Split each draw into strata, for `fit_strata`.

        Parameters
        ----------
        by : str or sequence of str
            Fields whose values, or combinations of values, are the strata.
        definition : Definition, optional
            Who is counted in the whole.
        drop_empty : bool, optional
            Whether a list that names nobody in a stratum is left out of its table, where two lists remain.

        Returns
        -------
        list of dict of str to CaptureTable
            Persons by capture history in each stratum of each draw.

        Raises
        ------
        InputError
            If a field is unknown, or as in `stratify`.
        """
        names = arguments.different_names("by", (by,) if isinstance(by, str) else by)
        for name in names:
            arguments.one_of("by", name, self.fields)
        column = free_name(", ".join(names), self.lists)
        lists = dict(zip(self.lists, self.histories.T, strict=True))
        split = partial(stratify, by=column, lists=self.lists, definition=definition, drop_empty=drop_empty)
        tables = []
        for drawn in self.drawn:
            cells = [self._cells(name)[drawn[:, self.fields.index(name)]] for name in names]
            named = named_groups(zip(*(map(str, each) for each in cells), strict=True))
            tables.append(split({**lists, column: cells[0] if len(cells) == 1 else named}))
        return tables

    def headline(self) -> Message:
        """Say what was drawn, and of how many persons."""
        return Message.counted(
            "{draws:,} draws of the values that are missing in 1 field of {persons:,} persons",
            "{draws:,} draws of the values that are missing in {n:,} fields of {persons:,} persons",
            draws=self.n_replicates,
            n=int(self.missing.any(axis=0).sum()),
            persons=len(self.histories),
        )

    def sentence(self) -> Message:
        """Say how the draws were made."""
        return Message(
            "Each draw fills every missing value at random, by its probability in the person's class. Up to "
            "{classes} classes are learned from everybody. Persons of a class resemble each other in which "
            "of the {lists} lists name them and in all fields.",
            classes=self.n_classes,
            lists=len(self.lists),
        )

    @property
    def notes(self) -> tuple[Message, ...]:
        """Notes for a reader on the chains."""
        if self.r_hat <= imputing.TUNING.agreed:
            return (
                Message(
                    "two chains agree on how many missing values are which (R-hat {r_hat:.2f}, at least "
                    "{effective:,.0f} independent draws)",
                    r_hat=self.r_hat,
                    effective=self.effective_size,
                ),
            )
        return (
            Message(
                "two chains disagree on the counts of the missing values (R-hat {r_hat:.2f}, "
                "{effective:,.0f} independent draws): the data do not settle some of these numbers, and the "
                "draws may vary too much or too little. Draw again with another seed, and print no number "
                "that changes with it",
                r_hat=self.r_hat,
                effective=self.effective_size,
            ),
        )

    _columns = (
        Column(name="field", title=Message("Field")),
        Column(name="n_values", title=Message("Values"), write=","),
        Column(name="n_missing", title=Message("Missing"), write=","),
        Column(name="share_missing", title=Message("Share"), write=".1%"),
    )

    @property
    def _items(self) -> list[dict[str, Any]]:
        return [
            {
                "field": name,
                "n_values": len(values),
                "n_missing": int(self.missing[:, place].sum()),
                "share_missing": float(self.missing[:, place].mean()),
            }
            for place, (name, values) in enumerate(self.values.items())
        ]

    def _cells(self, name: str) -> NDArray[Any]:
        """Values of a field as an array, so that several can be taken at once."""
        values = np.empty(len(self.values[name]), dtype=object)
        values[:] = self.values[name]
        return values


@door
def impute(
    frame: Any,
    *,
    lists: Sequence[str],
    fields: Sequence[str],
    n_replicates: int = 10,
    n_classes: int = 40,
    seed: int = 0,
    yes: Sequence[str] = (),
    no: Sequence[str] = (),
    blank_is_0: bool = False,
) -> Imputed:
    """Draw the missing fields of persons on lists, several times.

    What is estimated is the value of each field that a row lacks, given the lists that name the person and
    the other fields: not one likeliest value, but draws that differ as much as is uncertain.

    Parameters
    ----------
    frame : pandas, polars or pyarrow frame, or mapping of str to array
        One row a person.
    lists : sequence of str
        The columns that are lists, 2 to 60; values 0, 1, True or False. None may be missing.
    fields : sequence of str
        Columns to fill, such as sex, age in bands or place, and columns without missing values that may say
        something of them, such as the year. Blank cells are missing. Values are categories: band ages.
    n_replicates : int, optional
        Draws, 5 to 1000.
    n_classes : int, optional
        Classes of the truncated mixture, 2 to 200; how many are used is learned.
    seed : int, optional
        Seed of the draws.
    yes, no : sequence of str, optional
        Words that stand for 1 and for 0 on lists, as in `CaptureTable.from_frame`.
    blank_is_0 : bool, optional
        Whether a blank cell in the column of a list means 0.

    Returns
    -------
    Imputed
        The draws: ``stratify`` splits them, and `fit_strata` takes all of them in one call.

    Raises
    ------
    InputError
        If there are fewer than 5 draws, a field is a list, no row has a value of a field, or its values seem
        to be persons; or if the lists cannot be read as `CaptureTable.from_frame` reads them.

    See Also
    --------
    detcount.fit_strata : One estimate of each stratum, with the spread between the draws.

    Notes
    -----
    A Dirichlet process mixture of product-multinomials [1]_ [2]_ over lists and fields together: within a
    class they are independent; weights of the classes are V_k prod_(h < k) (1 - V_h), V_k ~ Beta(1, alpha),
    alpha ~ Gamma(1/4, 1/4), and the shares of the values of a column in a class are Dirichlet around those
    among all rows, with the weight of 1/2 to 1024 rows, which is learned for each column. How two columns
    depend on each other within classes, such as sex and age of children, is learned from the rows that have
    both values, and used where one of them is drawn. The lists are in the model because persons named by
    families and persons named by the police differ in more than their known fields: without them, draws would
    mix the strata. A value that no row has is never drawn. Two chains of Gibbs sweeps give half of the draws
    each, 50 sweeps apart, after 300. Where R-hat is above 1.05 they go on, four times as long each time, up
    to 3,500 sweeps, and give new draws.

    That a value is missing may depend on the lists and on the other fields, not on the value itself. Limits
    from m draws follow Rubin's rules [3]_, as `fit_strata` has them.

    References
    ----------
    .. [1] Dunson, D. B. and Xing, C. (2009). Nonparametric Bayes modeling of multivariate categorical data.
       Journal of the American Statistical Association, 104(487), 1042-1051.
    .. [2] Si, Y. and Reiter, J. P. (2013). Nonparametric Bayesian multiple imputation for incomplete
       categorical variables in large-scale assessment surveys. Journal of Educational and Behavioral
       Statistics, 38(5), 499-521. https://doi.org/10.3102/1076998613480394
    .. [3] Rubin, D. B. (1987). Multiple imputation for nonresponse in surveys. Wiley, New York.

    Examples
    --------
    >>> import detcount as dc
    >>> people = {
    ...     "press": [1, 1, 0, 1, 1, 0, 0, 1] * 20,
    ...     "court": [0, 1, 1, 1, 1, 1, 1, 0] * 20,
    ...     "sex": ["f", "m", "m", "f", None, "m", "f", "m"] * 20,
    ... }
    >>> imputed = dc.strata.impute(people, lists=["press", "court"], fields=["sex"], n_replicates=5)
    >>> result = dc.fit_strata(dc.abundance.Chapman(), imputed.stratify("sex"))
    >>> list(result.estimates)
    ['f', 'm']
    """
    names = checked_names(lists)
    of_fields = arguments.different_names("fields", fields)
    both = [name for name in of_fields if name in names]
    if both:
        raise InputError(
            Message(
                "fields: {name!r} is a list too. What is on lists is known, and is not filled", name=both[0]
            )
        )
    n_replicates = arguments.whole_number(
        "n_replicates",
        n_replicates,
        least=_LEAST_DRAWS,
        most=_MOST_DRAWS,
        remedy=Message("The limits rest on how far draws differ, which fewer draws cannot show"),
    )
    n_classes = arguments.whole_number("n_classes", n_classes, least=2, most=_MOST_CLASSES)
    read = Frame.of(frame)
    asked = Marks(yes, no, blank_is_0)
    wanted = {
        name: (Message("field {name!r}", name=name), Message("It is drawn where it is blank"))
        for name in of_fields
    }
    columns = read.columns({**places(names), **wanted})
    refuse_no_rows(len(columns[names[0]]))
    codes = codes_by_part([columns[name] for name in names], names, refuse_unlisted=True, asked=asked)
    histories = unpack(np.concatenate([part.astype(np.uint64) for part in codes]), len(names))
    coded = [_coded(columns[name]) for name in of_fields]
    given = np.stack([places_of for _, places_of in coded], axis=1)
    table = np.concatenate([histories.astype(np.int16), given], axis=1)
    found = imputing.impute(table, n_draws=n_replicates, n_classes=n_classes, seed=seed)
    return Imputed(
        lists=names,
        values={name: values for name, (values, _) in zip(of_fields, coded, strict=True)},
        histories=frozen(histories),
        drawn=frozen(found.tables[:, :, len(names) :]),
        missing=frozen(given == _UNKNOWN),
        n_classes=n_classes,
        r_hat=found.r_hat,
        effective_size=found.effective_size,
        seed=seed,
    )


def _coded(column: Cells) -> tuple[tuple[Any, ...], NDArray[np.int16]]:
    """Values of a field in order, and the place of each row's among them, -1 where it is missing."""
    cells = np.empty(len(column), dtype=object)
    cells[:] = list(column.cells())
    known = np.array([not missing(cell) for cell in cells])
    if not known.any():
        raise InputError(
            Message(
                "{where}: no row has a value, and values are never invented. Leave the field out",
                where=column.place.where,
            )
        )
    rows = np.flatnonzero(known)
    _, which = labels_of(*factorized(Cells(cells[rows], column.place)), column.place)
    refuse_names_of_persons(
        column.place.where,
        bincount(which),
        Message("the values of a field"),
        Message("A field is filled by groups of persons: make bands of ages, months of days"),
    )
    first = np.unique(which, return_index=True)[1]
    places_of = np.full(len(cells), _UNKNOWN, dtype=np.int16)
    places_of[rows] = which
    return tuple(cells[rows[first]].tolist()), places_of
