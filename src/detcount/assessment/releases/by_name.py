"""The front door for lists of released people, and its result: the parts of each list, in full or in tens."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Self

from detcount.assessment.common.result import Assessed, withheld
from detcount.assessment.releases.by_name_rows import NamedRow, answer_of_named
from detcount.contract.citation import Reference, cite
from detcount.contract.definition import Definition
from detcount.contract.specification import door
from detcount.estimates import versions
from detcount.estimates.result import plain, provenance
from detcount.privacy import FEW_LISTED, Disclosure, coarse_limits
from detcount.releases import ReleasedByName
from detcount.releases.by_name_draws import LinkedReleases
from detcount.releases.by_name_figure import PARTS, WORDS, Kind, draw_parts
from detcount.releases.by_name_result import (
    ReleasedByNameEstimate,
    about,
    between,
    if_found,
)
from detcount.reports.blocks import (
    Answer,
    Bullets,
    Document,
    FigureSlot,
    Heading,
    Paragraph,
    Quote,
    citation_part,
    provenance_part,
    software_rows,
    table_of_known,
)
from detcount.reports.numbers import NOTHING, number_or_dash
from detcount.reports.opening import TUNING, opening, source_words
from detcount.reports.printed import figure_of
from detcount.reports.printing import Column
from detcount.reports.shown import Tabular
from detcount.words import Message

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_CAPTIONS: dict[Kind, Message] = {
    "announced": Message("People named as released by an authority"),
    "verified": Message("People whose release monitors verified"),
}


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class ReleasedAssessment(Assessed, Tabular):  # type: ignore[misc]  # both summaries are said in a language
    """Who was released, by name: the parts of each list, and the number released.

    Made by `assess_released`. What is public of it is in tens, without names of lists or
    parts of 1 to 4 people.

    Parameters
    ----------
    lists : tuple of NamedRow
        What is shown of each list.
    released : (float, float), optional
        95% limits of the number released, or its bounds; for the public on a coarse grid.
    window : (datetime.date, datetime.date)
        First and last day of release that are counted.
    verdict : {"estimate", "range", "bounds", "refuse"}
        What of the number can be printed.
    odds : (float, float), optional
        Odds of being verified on no official list, over those on one, that the number assumes.
    specification : str
        The method.
    definition : Definition, optional
        Who is counted.
    seed : int
        Seed of the draws.
    notes : tuple of str
        What a reader must know besides; none in public.
    result : ReleasedByNameEstimate, optional
        The answer; none in public.
    disclosure : {"public", "full"}, optional
        For whom it was made.
    """

    lists: tuple[NamedRow, ...]
    released: tuple[float, float] | None
    window: tuple[dt.date | None, dt.date | None]
    verdict: str
    odds: tuple[float, float] | None
    specification: str
    definition: Definition | None
    seed: int
    notes: tuple[str, ...]
    result: ReleasedByNameEstimate | None
    disclosure: Disclosure | None = None

    @property
    def answer(self) -> ReleasedByNameEstimate:
        """Every count, for those who may see the lists."""
        if self.result is None:
            raise withheld("answer")
        return self.result

    @property
    def statement(self) -> Message:
        """Sentence to print."""
        if self.result is not None:
            return self.result.sentence()
        sentences = [row.sentence() for row in self.lists]
        if self.released is not None and self.odds is not None:
            sentences.append(if_found(self.odds, *self.released, self.window))
        return Message.together(sentences)

    @property
    def references(self) -> tuple[Reference, ...]:
        """Papers of the method."""
        return ReleasedByName.references

    @property
    def _private(self) -> bool:
        return True

    def _of(self, kind: Kind) -> list[NamedRow]:
        """Lists of one kind."""
        return [row for row in self.lists if row.kind == kind]

    def _for_public(self) -> Self:
        few = any(row.named < FEW_LISTED for row in self._of("announced"))
        # bounds are of the people on these lists alone, and a number of all released follows from none
        whole = self.verdict in ("estimate", "range") and not few
        limits = coarse_limits(*self.released, 0) if whole and self.released is not None else None
        return replace(
            self,
            lists=tuple(row.public(n) for kind in PARTS for n, row in enumerate(self._of(kind), 1)),
            released=limits,
            verdict="refuse" if limits is None else "range",
            notes=(),
            result=None,
            disclosure="public",
        )

    def _headline(self) -> Message:
        n = Message.counted("1 list", "{n} lists", n=len(self.lists))
        return Message("{lists} of released people, {when}", lists=n, when=between(*self.window))

    @property
    def _columns(self) -> Sequence[Column]:
        return tuple(Column(name=name) for name in ("list", "kind", "part", "persons", "named"))

    @property
    def _items(self) -> Iterable[dict[str, Any]]:
        for row in self._printed.lists:
            for part, count in zip(PARTS[row.kind], row.parts, strict=True):
                yield {
                    "list": row.name,
                    "kind": row.kind,
                    "part": part,
                    "persons": count,
                    "named": None if row.at_most else row.named,
                }

    def plot(self, *, lang: str = "en") -> Figure:
        """Draw the parts of each list, a bar a list; parts that are withheld are left out.

        Parameters
        ----------
        lang : str, optional
            Language of the words and numbers, one of `detcount.words.languages`.

        Returns
        -------
        matplotlib.figure.Figure
            The figure, on a canvas of its own; ``figure.savefig("parts.png")`` writes it.

        Raises
        ------
        InputError
            If the language is unknown.
        """
        return figure_of(partial(draw_parts, bars=self._printed._bars), lang)

    @property
    def _bars(self) -> dict[str, dict[str, float]]:
        """Lengths of the parts of each bar; of a list with no part to print there is none."""
        return {
            row.name: {
                part: float(count or 0) for part, count in zip(PARTS[row.kind], row.parts, strict=True)
            }
            for row in self.lists
            if any(row.parts)
        }

    def record(self) -> dict[str, Any]:
        """Give what may be known as plain values that JSON can hold.

        Returns
        -------
        dict
            The sentence, the parts, the number, seed and versions; in full the record of the answer too.
        """
        shown = self._printed
        known = {
            "disclosure": shown.disclosure,
            "sentence": shown.sentence(),
            "window": shown.window,
            "verdict": shown.verdict,
            "released": None if shown.released is None else list(shown.released),
            "parts": shown.rows(),
            "definition": shown.definition,
            "method": shown.specification,
            "seed": shown.seed,
            "answer": None if shown.result is None else shown.result.record(),
        }
        return plain(known) | provenance()

    @property
    def answers(self) -> list[Answer]:
        """Answers on those whom each official list names, the longest first, or whom monitors name."""
        shown = self._printed
        full = {} if shown.result is None else shown.result.lists
        rows = shown._of("announced") or shown._of("verified")
        longest = sorted(rows, key=attrgetter("named"), reverse=True)
        return [answer_of_named(row, full.get(row.name)) for row in longest[: TUNING.events]]

    def _document(self) -> Document:
        title = Message("Released people, by name")
        tables = []
        for kind, parts in PARTS.items():
            rows = self._of(kind)
            sizes = [row.number(about(row.named, exactly=row.named > 0)) for row in rows]
            cells = [
                (row.name, n, *map(number_or_dash, row.parts)) for row, n in zip(rows, sizes, strict=True)
            ]
            heads = (Message("List"), Message("named"), *(WORDS[part] for part in parts))
            table = table_of_known(heads, cells, "lrrrrrr", first=2, caption=_CAPTIONS[kind])
            tables += [table] if cells else []
        alt = Message("A bar for each list of released people, parted by what became of those it names.")
        shown = any(count for row in self.lists for count in row.parts)
        figure = FigureSlot("parts", title, alt, partial(draw_parts, bars=self._bars))
        withheld_note = Message("{dash}: nobody, or too few people to be printed.", dash=NOTHING)
        answers, days = self.answers, [day for day in self.window if day is not None]
        shown_cells = {answers[0].number, *(cell for table in tables for row in table.rows for cell in row)}
        named = self.disclosure != "public"
        words = source_words([row.name for row in self.lists], (), days, named=named)
        return Document(
            title,
            (
                *opening(answers[0].sentence, self.definition, [words], answers, figure if shown else None),
                Heading(Message("The numbers"), 2, "numbers"),
                *tables,
                *([Paragraph(withheld_note)] if NOTHING in shown_cells else []),
                Heading(Message("What can be printed, with what it rests on"), 2, "rest"),
                Quote(self.statement),
                *([Bullets(self.notes)] if self.notes else []),
                *provenance_part(
                    [
                        (Message("Specification"), self.specification),
                        *software_rows(tuple(versions().items()), self.seed),
                    ]
                ),
                *citation_part(cite(references=self.references)),
            ),
            not_in_terminal=("provenance", "citation"),
            folded={"rest": "", "provenance": "", "citation": ""},
        )

    def __repr__(self) -> str:
        return f"<ReleasedAssessment: {self.headline()}>"


@door
def assess_released(
    linked: LinkedReleases,
    *,
    estimator: ReleasedByName | None = None,
    announced: Mapping[str, int] | None = None,
    seed: int = 0,
) -> ReleasedAssessment:
    """Set lists of released people against each other and against registers, person by person.

    Parameters
    ----------
    linked : Linkage
        Registers, and lists of released people attached to them.
    estimator : ReleasedByName, optional
        The method; by default without a stated window.
    announced : mapping of str to int, optional
        Number that was announced beside each announced list.
    seed : int, optional
        Seed of the draws.

    Returns
    -------
    ReleasedAssessment
        Persons by list and part; printed as for the public unless `full` is asked for.

    Raises
    ------
    InputError
        If no list of released people was linked.

    See Also
    --------
    assess_releases : The front door for published counts.

    Examples
    --------
    Lists are linked, and assessed, in ``docs/releases.md``.
    """
    found = (estimator or ReleasedByName()).fit(linked, announced=announced, seed=seed)
    rows = [
        NamedRow(
            name,
            one.kind,
            one.first,
            one.last,
            int(one.named.bounds[1] if one.named.median is None else one.named.median),
            tuple(None if count.median is None else int(count.median) for count in one.parts.values()),
            at_most=one.named.median is None,
        )
        for name, one in found.lists.items()
    ]
    limits = found.range
    return ReleasedAssessment(
        lists=tuple(rows),
        released=None if limits is None else (limits.low, limits.high),
        window=found.window,
        verdict=found.verdict,
        odds=found.odds,
        specification=repr(found.estimator),
        definition=found.definition,
        seed=seed,
        notes=found.notes,
        result=found,
    )
