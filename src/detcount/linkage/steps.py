"""Named steps between a linkage and its tables, each of which notes its effect."""

from __future__ import annotations

from dataclasses import dataclass, replace

from detcount.contract import arguments
from detcount.contract.specification import doors
from detcount.errors import InputError
from detcount.linkage.result import Linkage
from detcount.linkage.spells import Audited
from detcount.words import Message


@dataclass(frozen=True, eq=False, repr=False)
class Changed:
    """A linkage after a step.

    Parameters
    ----------
    linkage : Linkage
        The linkage after it.
    note : str
        Its effect in words, which stands among the notes of the linkage.

    Examples
    --------
    >>> import detcount as dc
    >>> lists = dc.linkage.read_lists(
    ...     {
    ...         "press": {"Nombre": ["Ana Pérez Rojas", "Luis Mora"], "Cédula": ["V-12.345.678", ""]},
    ...         "families": {"Apellidos": ["PEREZ ROJAS"], "Nombres": ["ANA"], "CI": ["12345678"]},
    ...     }
    ... )
    >>> linked = dc.linkage.link(lists, n_draws=200)
    >>> changed = dc.linkage.RemoveReferrals().apply(linked)
    >>> changed
    <Changed: 0 rows that another list forwarded are taken out of the lists that received them>
    """

    linkage: Linkage
    note: str

    def __repr__(self) -> str:
        return f"<Changed: {self.note}>"


@doors
@dataclass(frozen=True)
class RemoveReferrals:
    """Take from each list the rows that another list forwarded to it.

    The list did not find those persons by itself, so that their overlap with the list that forwarded them
    is no evidence of how many are on neither [1]_. The rows still help to find who is who.

    References
    ----------
    .. [1] Jones, H. E., Hickman, M., Welton, N. J., De Angelis, D., Harris, R. J. and Ades, A. E. (2014).
       Recapture or precapture? Fallibility of standard capture-recapture methods in the presence of
       referrals between sources. American Journal of Epidemiology, 179(11), 1383-1393.
       https://doi.org/10.1093/aje/kwu056

    Examples
    --------
    >>> import detcount as dc
    >>> dc.linkage.RemoveReferrals()
    RemoveReferrals()
    """

    def apply(self, linkage: Linkage) -> Changed:
        """Take the rows away.

        Parameters
        ----------
        linkage : Linkage
            The linkage.

        Returns
        -------
        Changed
            The linkage without them, and how many rows they were.
        """
        without = replace(linkage, counts=linkage.counts & ~linkage.referred)
        n_rows = int((linkage.counts & linkage.referred).sum())
        note = Message.counted(
            "1 row that another list forwarded is taken out of the list that received it",
            "{n:,} rows that another list forwarded are taken out of the lists that received them",
            n=n_rows,
        )
        return Changed(replace(without, notes=(*linkage.notes, note)), note)


@doors
@dataclass(frozen=True, kw_only=True)
class Audit:
    """Take from a list the share of its entries that a random sample found not to belong.

    Persons who do not belong are those outside the definition: released before, held for another reason, or
    not there at all. The sample is of entries of one kind: on this list and on no other, unless `also` names
    others, and with an exit or without one, if `left` is given. For the number held it is best drawn from
    entries not known to have left (``left=False``): there most of those stand who do not belong. Each drawn
    table and each drawn `people` loses persons of its own: the share e is Beta(a + wrong, b + checked -
    wrong), and of the n persons of this kind Binomial(n, 1 - e) stay.

    Parameters
    ----------
    list : str
        Name of the list.
    checked : int
        Entries in the sample.
    wrong : int
        Of those, entries that do not belong.
    also : tuple of str, optional
        Other lists on which those of the sample stand too.
    left : bool, optional
        True if the sample is of persons whose exit a list knows, False if not; None for both.
    prior : tuple of float, optional
        Parameters (a, b) of the Beta prior of the share; Jeffreys'.
    drawn_from : int, optional
        Entries of which the whole sample of the list was drawn, with those of other kinds. `quality.Audited`
        takes the others for right where the list has more.

    Examples
    --------
    >>> import detcount as dc
    >>> audit = dc.linkage.Audit(list="press", checked=50, wrong=2)
    >>> audit.checked, audit.wrong
    (50, 2)
    """

    list: str
    checked: int
    wrong: int
    also: tuple[str, ...] = ()
    left: bool | None = None
    prior: tuple[float, float] = (0.5, 0.5)
    drawn_from: int | None = None

    def __post_init__(self) -> None:
        checked = arguments.whole_number("Audit: checked", self.checked, least=1)
        arguments.whole_number("Audit: wrong", self.wrong, most=checked)
        arguments.positive_pair("Audit: prior", self.prior)

    def apply(self, linkage: Linkage) -> Changed:
        """Take the entries away: in the table the expected number, in each drawn table one of its own.

        Parameters
        ----------
        linkage : Linkage
            The linkage.

        Returns
        -------
        Changed
            The linkage with the audit, and the expected number of persons that it takes away.

        Raises
        ------
        InputError
            If there is no such list, it was audited before, or the sample is larger than what it was drawn
            of.
        """
        lists = (self.list, *self.also)
        for name in lists:
            arguments.one_of("Audit: list", name, linkage.lists)
        if any(kind.meets(lists, self.left) for kind in linkage.wrong):
            raise InputError(
                Message("Audit: list {list!r} was audited before. Put both samples into one", list=self.list)
            )
        alpha, beta = self.prior[0] + self.wrong, self.prior[1] + self.checked - self.wrong
        kind = Audited(lists, self.left, alpha, beta)
        alone = len(linkage.persons_like(kind, linkage.person))
        if self.checked > alone:
            raise InputError(
                Message(
                    "Audit: {checked:,} entries were checked, and only {alone:,} persons are {which}. Give "
                    "the sample of those",
                    checked=self.checked,
                    alone=alone,
                    which=self._which(),
                )
            )
        expected = alone * kind.share
        note = Message(
            "of {checked:,} entries {which} {wrong:,} did not belong: about {expected:,.0f} of {alone:,} "
            "persons are taken away",
            checked=self.checked,
            which=self._which(),
            wrong=self.wrong,
            expected=expected,
            alone=alone,
        )
        changed = replace(linkage, wrong=(*linkage.wrong, kind), notes=(*linkage.notes, note))
        return Changed(changed, note)

    def _which(self) -> Message:
        """Name the entries that the sample is of."""
        if self.also:
            where = Message("on lists {lists!r:and}", lists=[self.list, *self.also])
        else:
            where = Message("on list {list!r} alone", list=self.list)
        if self.left is None:
            return where
        if self.left:
            return Message("{where}, whose exit is known,", where=where)
        return Message("{where}, whose exit is not known,", where=where)
