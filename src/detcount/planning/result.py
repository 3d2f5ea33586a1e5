"""`Plan`: limits that each step promises, and the best mix of steps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from detcount.assumptions import Assumption
from detcount.contract.specification import written_out
from detcount.estimates import Estimator
from detcount.estimates.result import RecordedRows, made_of
from detcount.planning.figure import draw_plan
from detcount.planning.options import Option
from detcount.privacy import Disclosure
from detcount.reports.blocks import Document, FigureSlot
from detcount.reports.numbers import persons, printed_limits, printed_point
from detcount.reports.printing import Column
from detcount.words import N_, Message, Number

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from detcount.reports.canvas import Canvas


def _about(value: float) -> Number | Message:
    """Write a promised number of persons: in the figures that it is worth."""
    return persons(printed_point(value))


@dataclass(frozen=True)
class _Promise:
    """Limits of N that are promised, and how the width varies over the outcomes."""

    low: float
    high: float
    narrow: float
    wide: float

    @property
    def width(self) -> float:
        """Persons from one limit to the other."""
        return self.high - self.low


@dataclass(frozen=True)
class Step(_Promise):
    """Promise of one step.

    Parameters
    ----------
    low, high : float
        Limits of N, persons: geometric means over the outcomes of the lower limit and of the width.
    narrow, wide : float
        Persons between the limits, from the narrow end to the wide one of eight outcomes in ten.
    option : AuditSample, RandomSample, ClusterSample or FurtherList
        The step.
    part : float
        Part of the step that was asked for.
    number : int
        Place of that step among those asked for.

    Examples
    --------
    See `Plan`, which has them.
    """

    option: Option
    part: float = 1.0
    number: int = 0


@dataclass(frozen=True)
class Mix(_Promise):
    """Promise of several steps together.

    Parameters
    ----------
    low, high : float
        Limits of N, persons: geometric means over the outcomes of the lower limit and of the width.
    narrow, wide : float
        Persons between the limits, from the narrow end to the wide one of eight outcomes in ten.
    options : tuple of AuditSample, RandomSample, ClusterSample or FurtherList
        The steps.

    Examples
    --------
    See `Plan`, which has them.
    """

    options: tuple[Option, ...]

    @property
    def cost(self) -> float:
        """Cost of all its steps."""
        return sum(step.cost or 0.0 for step in self.options)

    def words(self) -> Message:
        """Name the steps."""
        return Message("{steps:and}", steps=tuple(step.words() for step in self.options))


@dataclass(frozen=True, repr=False)
class Plan(RecordedRows):
    """Limits of N that steps promise before they are done.

    Parameters
    ----------
    estimator : Estimator
        What gives the limits.
    today : tuple of float
        Limits of N today, with the wrong entries that the steps expect, persons.
    level : float
        Level of the limits.
    steps : tuple of Step
        The steps, in the order given.
    efforts : tuple of Step
        Their parts too, for the picture.
    budget, goal : float, optional
        The cost and the width that mixes were sought for.
    best : Mix, optional
        The narrowest limits that the budget pays for.
    smallest : Mix, optional
        The cheapest mix that reaches the goal; None where none does.
    disclosure : {"full", "public"}
        Whether it was made of the lists, or of numbers that a public form prints.
    digest : str
        SHA-256 of the table; empty in a public plan.
    seed : int
        Seed of the draws.
    notes : tuple of str
        What a reader must know.

    Examples
    --------
    >>> import detcount as dc
    >>> table = dc.CaptureTable.from_counts({"10": 440, "01": 600, "11": 200}, lists=["press", "families"])
    >>> audit = dc.planning.AuditSample(list="press", n=100)
    >>> print(dc.plan(table, [audit]))
    100 entries of press checked: 1,610 to 14,300 hardly changes
    """

    estimator: Estimator
    today: tuple[float, float]
    level: float
    steps: tuple[Step, ...]
    efforts: tuple[Step, ...]
    budget: float | None = None
    goal: float | None = None
    best: Mix | None = None
    smallest: Mix | None = None
    disclosure: Disclosure = "full"
    digest: str = ""
    seed: int = 0
    notes: tuple[str, ...] = ()

    @property
    def assumptions(self) -> tuple[Assumption, ...]:
        """Conditions that today's answer and the steps rest on; a law of wrong entries stands in for none."""
        steps = [one for step in self.steps for one in step.option.assumes]
        audited = Assumption.RANDOM_AUDIT in steps
        own = [one for one in self.estimator.assumes if not (audited and one is Assumption.NO_OVERCOVERAGE)]
        return tuple(dict.fromkeys((*own, *steps)))

    _columns = (
        Column(name="step", value=lambda row: str(row.option.words())),
        Column(value=lambda row: row.option.words(), title=Message("step"), left=True),
        Column(name="low", title=Message("low"), write=_about),
        Column(name="high", title=Message("high"), write=_about),
        Column(name="width", title=Message("width"), write=_about),
        Column(name="narrow", title=Message("eight in ten, from"), write=_about),
        Column(name="wide", title=Message("up to"), write=_about),
        Column(
            name="cost", value="option.cost", title=Message("cost"), write=",.10g", missing="", if_any=True
        ),
        Column(name="condition", value=lambda row: row.option.condition(), title=Message("if"), left=True),
    )

    @property
    def _items(self) -> Iterable[Step]:
        return self.steps

    @property
    def _first(self) -> Step:
        """The step that promises most."""
        return min(self.steps, key=lambda step: step.width)

    def headline(self) -> Message:
        """Give the step that promises most, in one line."""
        return Message("{step}: {becomes}", step=self._first.option.words(), becomes=self._becomes())

    def sentence(self) -> Message:
        """Say what that step promises and on which condition, and the mixes that were sought."""
        step = self._first
        first = Message(
            "If {condition}, then with {step} {becomes}; in eight cases of ten the limits are then {narrow} "
            "to {wide} persons apart.",
            condition=step.option.condition(),
            step=step.option.words(),
            becomes=self._becomes(),
            narrow=_about(step.narrow),
            wide=_about(step.wide),
        )
        return Message.together((first, *self._of_mixes()))

    def document(self) -> Document:
        """Give a page: what each step promises, the picture of it, and the numbers.

        Returns
        -------
        Document
            The blocks, in no language yet.
        """
        made = super().document()
        title, alt = Message("What each step promises"), Message("Widths step by step, as in the record.")
        slot = FigureSlot("plan", title, alt, self._drawing)
        first = made.blocks[:2]
        return replace(made, blocks=(*first, slot, *made.blocks[2:]), private=bool(self.digest))

    def _recorded(self) -> dict[str, Any]:
        """Everything needed to make the numbers again."""
        mixes = {"best": self.best, "smallest": self.smallest}
        return {
            "plan": [repr(step.option) for step in self.steps],
            "estimator": repr(self.estimator),
            "specification": written_out(self.estimator),
            **{name: getattr(self, name) for name in ("disclosure", "level", "budget", "goal")},
            "today": list(self.today),
            "efforts": [_recorded(effort, effort.option) for effort in self.efforts],
            **{name: mix and _recorded(mix, *mix.options) for name, mix in mixes.items()},
            **made_of(self, {"data_sha256": self.digest}),
        }

    def plot(self, *, lang: str = "en") -> Figure:
        """Draw the width that each part of each step promises.

        Parameters
        ----------
        lang : str, optional
            Language of the words and numbers, one of `detcount.words.languages`.

        Returns
        -------
        matplotlib.figure.Figure
            The figure, on a canvas of its own; ``figure.savefig("plan.png")`` writes it.

        Raises
        ------
        InputError
            If the language is unknown.

        Examples
        --------
        >>> import detcount as dc
        >>> table = dc.CaptureTable.from_counts({"10": 440, "01": 600, "11": 200}, lists=["press", "ngo"])
        >>> made = dc.plan(table, [dc.planning.RandomSample(n=300, frame=9000)])
        >>> print(made.plot().axes[0].get_ylabel())
        persons between the limits
        """
        from detcount.reports.printed import figure_of

        return figure_of(self._drawing, lang)

    @property
    def _drawing(self) -> Callable[[Canvas], None]:
        lines = [
            (
                step.option.words(),
                [(one.part, one.width) for one in self.efforts if one.number == step.number],
            )
            for step in self.steps
        ]
        return partial(draw_plan, today=self.today[1] - self.today[0], lines=lines)

    def _limits(self, low: float, high: float) -> tuple[Number | Message, Number | Message]:
        """Limits as they are printed: about, or those of a public form to two figures, outward."""
        ends = printed_limits(low, high) if self.disclosure == "public" else map(printed_point, (low, high))
        first, last = map(persons, ends)
        return first, last

    def _becomes(self) -> Message:
        """Say what today's limits become by the step that promises most."""
        (low, high), (least, most) = (
            self._limits(*self.today),
            self._limits(self._first.low, self._first.high),
        )
        if self._first.high - self._first.low >= self.today[1] - self.today[0]:
            return Message("{low} to {high} hardly changes", low=low, high=high)
        return Message(
            "{low} to {high} becomes about {least} to {most}", low=low, high=high, least=least, most=most
        )

    def _of_mixes(self) -> Iterator[Message]:
        """Say which mixes were found."""
        if self.budget is not None and self.best is None:
            yield Message("No step costs at most {budget:,.10g}.", budget=self.budget)
        if self.goal is not None and self.smallest is None:
            yield Message("No mix of these steps promises limits {goal:,.0f} persons apart.", goal=self.goal)
        best = N_("On the conditions of the table {sought:,.10g} is best spent on {parts}.")
        smallest = N_(
            "On the conditions of the table {parts} brings the limits within {sought:,.0f} persons."
        )
        for mix, sought, found in ((self.best, self.budget, best), (self.smallest, self.goal, smallest)):
            if mix is not None:
                low, high = self._limits(mix.low, mix.high)
                parts = Message(
                    "{steps} (cost {cost:,.10g}, about {low} to {high})",
                    steps=mix.words(),
                    cost=mix.cost,
                    low=low,
                    high=high,
                )
                yield Message(found, sought=sought, parts=parts)


def _recorded(promise: Step | Mix, *options: Option) -> dict[str, Any]:
    """A promise as plain values."""
    numbers = {name: getattr(promise, name) for name in ("low", "high", "narrow", "wide")}
    return {"steps": [repr(option) for option in options], **numbers}
