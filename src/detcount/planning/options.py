"""Steps that a plan weighs: entries checked, persons or prisons drawn by lot, one more list."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, ClassVar, TypeAlias

from scipy.special import betaincinv

from detcount._numerics.planned import PRIORS
from detcount.assumptions import Assumption
from detcount.contract import arguments
from detcount.contract.arguments import AtLeast1
from detcount.contract.specification import specification
from detcount.words import Message

Cost = Annotated[float | None, arguments.positive]


def _inner(name: str, value: object) -> float:
    """A share above 0 and below 1."""
    return arguments.level(value, name)


@specification
class AuditSample:
    """So many entries of a list, drawn at random, are checked one by one.

    Parameters
    ----------
    list : str
        The list.
    n : int
        Entries to check.
    wrong : float, optional
        Share of its entries that do not belong, in the mean; its law is Beta(1/2, b). Whoever another list
        names too is taken to belong.
    cost : float, optional
        Cost of the whole step, in any unit.

    See Also
    --------
    detcount.quality.Audited : Uses the answers.

    Examples
    --------
    >>> from detcount.planning import AuditSample
    >>> AuditSample(list="press", n=100)
    AuditSample(list='press', n=100)
    """

    list: str
    n: AtLeast1
    wrong: Annotated[float, _inner] = PRIORS.wrong
    cost: Cost = None

    _where: ClassVar[str] = "AuditSample: "
    assumes: ClassVar[tuple[Assumption, ...]] = (Assumption.RANDOM_AUDIT,)

    def words(self) -> Message:
        """Name the step."""
        return Message("{n:,} entries of {list} checked", n=self.n, list=self.list)

    def condition(self) -> Message:
        """Say what the promise rests on."""
        b = PRIORS.strength * (1 - self.wrong) / self.wrong
        return Message(
            "about {share:.0%} of the entries of {list} that no other list has do not belong, and at most "
            "{most:.0%} in 19 cases of 20",
            share=self.wrong,
            list=self.list,
            most=float(betaincinv(PRIORS.strength, b, PRIORS.high)),
        )


@specification
class RandomSample:
    """Persons are drawn by lot, and whoever is on no list is found among them.

    Parameters
    ----------
    n : int
        Persons to draw.
    frame : int, optional
        Persons on the roll that they are drawn from. Without it one in so many of those counted is drawn, by
        today's number.
    cost : float, optional
        Cost of the whole step, in any unit.

    See Also
    --------
    detcount.abundance.Anchored : Uses the sample.

    Examples
    --------
    >>> from detcount.planning import RandomSample
    >>> RandomSample(n=200, frame=1500)
    RandomSample(n=200, frame=1500)
    """

    n: AtLeast1
    frame: Annotated[int | None, arguments.whole_number] = None
    cost: Cost = None

    _where: ClassVar[str] = "RandomSample: "
    assumes: ClassVar[tuple[Assumption, ...]] = (Assumption.RANDOM_SAMPLE,)

    def words(self) -> Message:
        """Name the step."""
        if self.frame is None:
            return Message("{n:,} persons drawn by lot", n=self.n)
        return Message("{n:,} of {frame:,} persons drawn by lot", n=self.n, frame=self.frame)

    def condition(self) -> Message:
        """Say what the promise rests on."""
        return Message("today's limits hold and everybody counted can be drawn")


@specification
class ClusterSample:
    """Prisons are drawn by lot, and whoever is inside and on no list is found.

    Parameters
    ----------
    prisons : int
        Prisons to visit, two or more.
    among : int
        Prisons that they are drawn from.
    inmates : int, optional
        Inmates of all of them, for whatever reason, where that is known.
    cost : float, optional
        Cost of the whole step, in any unit.

    See Also
    --------
    detcount.abundance.ClustersAtRandom : Takes the counts of a visit.

    Examples
    --------
    >>> from detcount.planning import ClusterSample
    >>> ClusterSample(prisons=4, among=40)
    ClusterSample(prisons=4, among=40)
    """

    prisons: AtLeast1
    among: AtLeast1
    inmates: Annotated[int | None, arguments.whole_number] = None
    cost: Cost = None

    _where: ClassVar[str] = "ClusterSample: "
    assumes: ClassVar[tuple[Assumption, ...]] = (Assumption.RANDOM_SAMPLE,)

    def words(self) -> Message:
        """Name the step."""
        return Message("{n:,} of {among:,} prisons visited", n=self.prisons, among=self.among)

    def condition(self) -> Message:
        """Say what the promise rests on."""
        return Message(
            "today's limits hold, everybody counted is in one of the prisons, and the share on no list "
            "differs between them by about {spread:.0%}",
            spread=PRIORS.uneven**-0.5,
        )


@specification
class FurtherList:
    """One more list of the same persons is linked to the others.

    Parameters
    ----------
    reach : float
        Share of all persons counted whom it names, above 0 and below 1.
    cost : float, optional
        Cost of the whole step, in any unit.

    Examples
    --------
    >>> from detcount.planning import FurtherList
    >>> FurtherList(reach=0.3)
    FurtherList(reach=0.3)
    """

    reach: Annotated[float, _inner]
    cost: Cost = None

    _where: ClassVar[str] = "FurtherList: "
    assumes: ClassVar[tuple[Assumption, ...]] = (Assumption.ERROR_FREE_LINKAGE,)

    def words(self) -> Message:
        """Name the step."""
        return Message("one more list that names {share:.0%} of all", share=self.reach)

    def condition(self) -> Message:
        """Say what the promise rests on."""
        return Message(
            "the new list names {share:.0%} of all and depends on the others as those do on each other",
            share=self.reach,
        )


Option: TypeAlias = AuditSample | RandomSample | ClusterSample | FurtherList


def part_of(step: Option, share: float) -> Option:
    """Give a part of a step at its part of the cost; a further list is linked or not."""
    if isinstance(step, FurtherList):
        return step
    name, least = ("prisons", 2) if isinstance(step, ClusterSample) else ("n", 1)
    n = max(round(share * getattr(step, name)), least)
    cost = None if step.cost is None else step.cost * n / getattr(step, name)
    return replace(step, **{name: n, "cost": cost})
