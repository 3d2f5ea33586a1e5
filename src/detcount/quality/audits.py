"""Audits: a random sample of entries that was checked one by one, and what it says of a list and of N.

It is two classes with their documentation: the answers, and the estimator that uses them.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Annotated, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.arrays import Ints, bincount
from detcount._numerics.withdrawn import Samples, sample_limits
from detcount.assumptions import Assumption
from detcount.contract import arguments
from detcount.contract.citation import Reference
from detcount.contract.references import RUBIN_1987
from detcount.contract.specification import door, specification
from detcount.data.captures import CaptureTable
from detcount.data.published.reading import Column as ReadColumn
from detcount.data.published.reading import read_columns
from detcount.errors import InputError, InputTypeError
from detcount.estimates import AbundanceEstimate
from detcount.estimates.result import RecordedRows
from detcount.fitting import Fits
from detcount.linkage import Audit
from detcount.linkage.quality import default_estimator
from detcount.pooling import Pooled
from detcount.reading.frames import Frame
from detcount.reading.headers import columns_of
from detcount.reports.blocks import Answer, Document, FigureSlot
from detcount.reports.numbers import level_words
from detcount.reports.opening import TUNING, opening, shortest, source_words
from detcount.reports.printed import opened
from detcount.reports.printing import Column
from detcount.strata.shares_figure import ShareRow, draw_shares
from detcount.words import N_, Message

ANSWER, POPULATION, LIST, OTHERS = "belongs", "drawn_from", "list", "also_on"
"""Columns of a sample: the answer, of how many entries it was drawn, the list, and other lists."""

_COLUMNS = (
    ReadColumn(ANSWER, "entries", filled=False),
    ReadColumn(POPULATION, "optional count", in_frame=False),
    ReadColumn(LIST, "text", in_frame=False, filled=False),
    ReadColumn(OTHERS, "text", in_frame=False, filled=False),
)
_LEVEL = 0.95


@dataclass(frozen=True, kw_only=True)
class Checked:
    """Result of the check of the sample of one list.

    Parameters
    ----------
    lists : tuple of str
        The list, and the others on which those of the sample stand too.
    drawn_from : int or None
        Entries of which the sample was drawn at random; None where it is not said.
    belong, wrong, unclear : int
        Entries that belong, that do not, and of which nobody could say.
    """

    lists: tuple[str, ...]
    drawn_from: int | None
    belong: int
    wrong: int
    unclear: int

    @property
    def settled(self) -> int:
        """Entries of which it is known."""
        return self.belong + self.wrong

    @property
    def name(self) -> str:
        """The lists in one text."""
        return " + ".join(self.lists)

    def shares(self, level: float = _LEVEL) -> tuple[float, float]:
        """Limits of the share that does not belong: exact, whatever those not settled are."""
        checked = self.settled + self.unclear
        low, _ = sample_limits(self.drawn_from, checked, self.wrong, level)
        _, high = sample_limits(self.drawn_from, checked, self.wrong + self.unclear, level)
        return low, high

    def limits(self, level: float = _LEVEL) -> tuple[int, int] | None:
        """The same in entries; None where it is not known from how many the sample was drawn."""
        if self.drawn_from is None:
            return None
        low, high = self.shares(level)
        return round(low * self.drawn_from), round(high * self.drawn_from)


@dataclass(frozen=True, repr=False)
class AuditAnswers(RecordedRows):
    """Results of checks of a random sample of entries: who belongs to those counted, and who does not.

    An entry does not belong where the person was freed before, is held for another reason, is there twice, or
    was never held. Made by `from_frame`; it has numbers alone, no names.

    Parameters
    ----------
    checked : tuple of Checked
        One for each list, or each set of lists, that was sampled.
    notes : tuple of Message, optional
        What a reader must know.

    See Also
    --------
    Audited : Takes such entries out of a number.
    detcount.linkage.Audit : Takes them out of linked lists.

    Examples
    --------
    >>> from detcount import quality
    >>> answers = quality.AuditAnswers.from_frame(
    ...     {"belongs": ["yes"] * 96 + ["no"] * 4, "list": ["families"] * 100, "drawn_from": [1200] * 100}
    ... )
    >>> print(answers.headline())
    families: of 100 entries checked 4 do not belong
    >>> answers.checked[0].limits()
    (15, 116)
    """

    checked: tuple[Checked, ...]
    notes: tuple[str, ...] = ()

    @classmethod
    def from_frame(cls, frame: Any, *, name: str = "list") -> AuditAnswers:
        """Read the answers of a sample.

        Parameters
        ----------
        frame : pandas, polars or pyarrow frame, mapping, or path
            A row an entry that was checked. ``belongs`` is yes, no, or blank where nobody could say;
            ``drawn_from``, ``list`` and ``also_on`` (other lists, with + between them) may be there.
        name : str, optional
            What the list is called where no column says it.

        Returns
        -------
        AuditAnswers
            The numbers.

        Raises
        ------
        InputError
            If no column ``belongs`` is there, an answer is another word, nothing is answered, or fewer
            entries are said to have been there than were checked.
        """
        whole = Frame.of(frame)
        if not columns_of("audit", whole.names).get(ANSWER):
            raise InputError(
                Message(
                    "audit: expected a column {column!r} with yes or no, got {names!r:,}. detcount audit "
                    "LIST --sample 100 writes a sample with it",
                    column=ANSWER,
                    names=tuple(whole.names),
                )
            )
        read = read_columns(whole, _COLUMNS, "audit", others=True)
        answers, totals = read.values[ANSWER], read.values[POPULATION]
        kinds = [
            *zip(*([text.strip() for text in read.values[name]] for name in (LIST, OTHERS)), strict=True)
        ]
        found = []
        for kind in dict.fromkeys(kinds):
            mine = [k for k, other in enumerate(kinds) if other == kind]
            counts = Counter(answers[k] for k in mine)
            others = sorted(filter(None, (part.strip() for part in kind[1].split("+"))))
            found.append(
                Checked(
                    lists=(kind[0] or name, *others),
                    drawn_from=_total({*totals[mine].tolist()}, len(mine), read.called[POPULATION]),
                    belong=counts["yes"],
                    wrong=counts["no"],
                    unclear=len(mine) - counts["yes"] - counts["no"],
                )
            )
        if not any(each.settled for each in found):
            raise InputError(
                Message(
                    "audit: expected yes or no in column {column!r}, got no answer",
                    column=read.called[ANSWER],
                )
            )
        return cls(tuple(found))

    @property
    def drawn(self) -> tuple[Checked, ...]:
        """The samples as they were drawn: one of a whole list, whatever other lists its entries stand on."""
        whole: dict[tuple[str, int | None], Checked] = {}
        for each in self.checked:
            key = each.name if each.drawn_from is None else each.lists[0], each.drawn_from
            one = whole.get(key)
            counts = {n: getattr(each, n) + getattr(one, n, 0) for n in ("belong", "wrong", "unclear")}
            whole[key] = replace(each, lists=each.lists if one is None else each.lists[:1], **counts)
        return tuple(whole.values())

    @property
    def _columns(self) -> Sequence[Column]:
        return (
            Column(name="list", value="name", title=Message("list"), left=True),
            Column(name="drawn_from", title=Message("entries"), write=","),
            Column(
                name="checked", value=lambda c: c.settled + c.unclear, title=Message("checked"), write=","
            ),
            Column(name="wrong", title=Message("do not belong"), write=","),
            Column(name="unclear", title=Message("not settled"), write=","),
            Column(name="low", value=lambda c: c.shares()[0], title=Message("share, at least"), write=".1%"),
            Column(name="high", value=lambda c: c.shares()[1], title=Message("share, at most"), write=".1%"),
        )

    @property
    def _items(self) -> Iterable[Checked]:
        return self.checked

    def _recorded(self) -> dict[str, Any]:
        """The numbers and the notes."""
        return {"audits": self.rows(), "notes": self.notes}

    def headline(self) -> Message:
        """Give one short sentence."""
        parts = [
            Message(
                "{name}: of {n:,} entries checked {wrong:,} do not belong",
                name=each.name,
                n=each.settled,
                wrong=each.wrong,
            )
            for each in self.checked
        ]
        return Message("{parts:;}", parts=tuple(parts))

    def sentence(self) -> Message:
        """Say what the sample means for the whole list."""
        return Message.together(map(self._of_one, self.drawn))

    def document(self) -> Document:
        """Give a page: what each sample says of its list, a picture of all, and their numbers.

        Returns
        -------
        Document
            The blocks, in no language yet.
        """
        answers = [self._answer(each) for each in self.drawn]
        title, alt = (
            Message("The share that does not belong"),
            Message("Limits list by list, as in the table."),
        )
        rows = [
            ShareRow(each.name, *each.shares(), each.wrong / (each.settled or 1), None) for each in self.drawn
        ]
        draw = partial(
            draw_shares, rows=rows, level=_LEVEL, title=title, axis=Message("share of the entries")
        )
        names = [each.name for each in self.drawn]
        words = source_words(names, (), (), named=True)
        return opened(
            opening(
                answers[0].sentence,
                None,
                [words],
                answers[: TUNING.lists],
                FigureSlot("shares", title, alt, draw),
                entries=True,
            ),
            self.summary(),
            map(self._of_one, self.drawn),
        )

    @staticmethod
    def _answer(each: Checked) -> Answer:
        """Answer of a sample on all entries of its list."""
        (low, high), limits, n = each.shares(), each.limits(), each.drawn_from
        known = {"name": each.name, "number": Message("{low:.1%} to {high:.1%}", low=low, high=high)}
        forms = (
            N_("{number} of the entries of {name} do not belong there."),
            N_("{number} do not belong there."),
        )
        basis = Message("of the entries; limits at {level}, exact", level=level_words(_LEVEL))
        if limits is not None:
            known["number"] = Message("{low:,} to {high:,}", low=limits[0], high=limits[1])
            forms = N_("Of {n:,} entries of {name}, {number} do not belong there."), forms[1]
            basis = Message("of {n:,}; limits at {level}, exact", n=n, level=level_words(_LEVEL))
        sentence = shortest(*(Message(form, n=n or 0, **known) for form in forms))
        question = Message("How many entries of {name} do not belong there", name=each.name)
        return Answer(question, known["number"], basis, sentence, Message("print the limits"), "fair")

    @staticmethod
    def _of_one(each: Checked) -> Message:
        (low, high), limits, name, n = each.shares(), each.limits(), each.name, each.drawn_from
        if limits is None:
            share = Message(
                "Of all entries of {name} {low:.1%} to {high:.1%} do not belong (95%, exact).",
                name=name,
                low=low,
                high=high,
            )
        else:
            least, most = limits
            share = Message(
                "Of the {n:,} entries of {name} that were sampled from, {least:,} to {most:,} do not belong "
                "({low:.1%} to {high:.1%}; 95%, exact).",
                name=name,
                n=n,
                least=least,
                most=most,
                low=low,
                high=high,
            )
        if not each.unclear:
            return share
        return Message(
            "{share} The limits hold whatever the {unclear:,} undetermined entries turn out to be.",
            share=share,
            unclear=each.unclear,
        )

    def audits(self) -> tuple[Audit, ...]:
        """Give the samples as steps that take wrong entries out of linked lists, or of a table.

        Returns
        -------
        tuple of Audit
            One for each sample; entries of which nobody could say are left out of it.
        """
        return tuple(
            Audit(
                list=each.lists[0],
                also=each.lists[1:],
                checked=each.settled,
                wrong=each.wrong,
                drawn_from=each.drawn_from,
            )
            for each in self.checked
            if each.settled
        )


@door
def audit_sample_size(width: float, *, share: float = 0.05, entries: int | None = None) -> int:
    """Give the entries to check for limits of a stated width on the share that does not belong.

    Parameters
    ----------
    width : float
        From the lower to the upper limit at 95%, as a share: 0.05 is five in a hundred.
    share : float, optional
        Share that is expected not to belong.
    entries : int, optional
        Entries of the list. All of them are checked where no sample is enough.

    Returns
    -------
    int
        The least sample whose exact limits are at most so far apart, if the share expected is found; in a
        sample that finds more they are wider.

    Examples
    --------
    >>> from detcount import quality
    >>> quality.audit_sample_size(0.1), quality.audit_sample_size(0.1, entries=300)
    (88, 74)
    """
    width = arguments.share("width", width)
    share = arguments.share("share", share)
    if entries is not None:
        entries = arguments.whole_number("entries", entries, least=1)
    most = math.ceil(8 / max(width, 1e-3) ** 2)
    low, high = 1, most if entries is None else min(entries, most)
    while low < high:
        half = (low + high) // 2
        least, greatest = sample_limits(entries, half, round(share * half), _LEVEL)
        low, high = (low, half) if greatest - least <= width else (half + 1, high)
    return low


def probability_of_width(entries: int, n: int, share: float, width: float) -> float:
    """The share of samples of n entries whose exact limits are at most so far apart, if a share is wrong."""
    from scipy.stats import hypergeom

    masses = hypergeom(entries, round(share * entries), n).pmf(np.arange(n + 1))
    limits = (sample_limits(entries, n, wrong, _LEVEL) for wrong in range(n + 1) if masses[wrong] > 0)
    return float(
        sum(p for p, (low, high) in zip(masses[masses > 0], limits, strict=True) if high - low <= width)
    )


@specification
class Audited:
    """N without the entries that do not belong, by audits of random samples of the lists.

    The estimand is that of the estimator: N, the persons of one population. In each of some drawn tables
    entries are taken away as the audits found; their estimates are pooled.

    Parameters
    ----------
    audits : tuple of Audit
        The samples: of those on one list alone, and of those on others too where `also` names them.
    estimator : Estimator, optional
        Fitted to each table; `Chapman` for two lists, `LogLinear` for more.
    n_draws : int, optional
        Tables that are drawn.

    See Also
    --------
    AuditAnswers : Reads samples.

    Notes
    -----
    Of n persons of one history a sample of c had w who do not belong. All w leave, and of the n - c others
    Binomial(n - c, e), with e from its posterior Beta(a + w, b + c - w). Whoever is in the samples of two
    lists counts once, as many as are expected. Histories of several lists of which fewer than 30 were checked
    take the share of all of these together; histories that no audit names are taken to belong. A sample that
    was drawn from fewer entries than there are persons, as from those not known to have left, says nothing
    against the others, who are taken to belong. The person leaves from all lists: where a wrong entry was
    linked to a namesake who belongs, N is too low. Estimates are pooled by Rubin's rules.

    References
    ----------
    .. [1] Rubin, D. B. (1987). Multiple imputation for nonresponse in surveys. Wiley, New York.

    Examples
    --------
    >>> import detcount as dc
    >>> table = dc.CaptureTable.from_counts({"10": 440, "01": 600, "11": 200}, lists=["press", "families"])
    >>> audit = dc.linkage.Audit(list="press", checked=100, wrong=10)
    >>> without = dc.quality.Audited((audit,)).fit(table)
    >>> dc.abundance.Chapman().fit(table).point > without.point
    True
    """

    audits: tuple[Audit, ...]
    estimator: Fits[Any] | None = None
    n_draws: Annotated[int, partial(arguments.whole_number, least=2)] = 40

    assumes: ClassVar[tuple[Assumption, ...]] = (Assumption.DRAWN_TABLES, Assumption.RANDOM_AUDIT)
    references: ClassVar[tuple[Reference, ...]] = (RUBIN_1987,)

    def __post_init__(self) -> None:
        if not self.audits or not all(isinstance(each, Audit) for each in self.audits):
            raise InputTypeError(Message("audits: expected a tuple of linkage.Audit"))
        if any(each.left is not None for each in self.audits):
            raise InputError(
                Message("audits: a table does not say whose exit is known. Give samples of all, without left")
            )
        if self.estimator is not None:  # that nobody else is on a list is what an audit stands in for
            others = [each for each in self.estimator.assumes if each is not Assumption.NO_OVERCOVERAGE]
            object.__setattr__(self, "assumes", (*others, *type(self).assumes))
            object.__setattr__(self, "references", (*self.estimator.references, *type(self).references))

    def fit(self, table: CaptureTable, *, seed: int = 0) -> AbundanceEstimate:
        """Estimate N without the entries that do not belong.

        Parameters
        ----------
        table : CaptureTable
            Persons by capture history, wrong entries among them.
        seed : int, optional
            Seed of the draws.

        Returns
        -------
        AbundanceEstimate
            N, with limits that include the uncertainty of the audits.

        Raises
        ------
        InputError
            If a list is not there, or more entries were checked than there are.
        NotEstimableError
            If the estimator declines a table.
        """
        found = _found(self.audits, table)
        rng = np.random.default_rng(seed)
        estimator = default_estimator(table.n_lists) if self.estimator is None else self.estimator
        tables = [counted(table, table.histories, found.belonging(rng)) for _ in range(self.n_draws)]
        pooled = Pooled(estimator).fit(tables, seed=seed)
        return replace(pooled, estimator=replace(self, estimator=estimator), digest=table.digest)


def _found(audits: Sequence[Audit], table: CaptureTable) -> Samples:
    """Count the results of audits for the persons of each history of a table."""
    rows = {tuple(history): k for k, history in enumerate(table.histories.tolist())}
    n_rows, counts = len(rows), table.counts
    missed, checked, wrong, rate = np.ones(n_rows), np.zeros(n_rows), np.zeros(n_rows), np.zeros(n_rows)
    prior = np.full((2, n_rows), 0.5)
    drawn: dict[tuple[str, int | None], list[tuple[int, int]]] = defaultdict(list)
    for audit in audits:
        on = (audit.list, *audit.also)
        for name in on:
            arguments.one_of("Audit: list", name, table.lists)
        row = rows.get(tuple(int(name in on) for name in table.lists), -1)
        n = 0 if row < 0 else int(counts[row])
        if audit.checked > n:
            raise InputError(
                Message(
                    "Audit: {checked:,} entries were checked, and only {n:,} persons are on {lists!r:and} "
                    "and on no other list. Give the sample of those",
                    checked=audit.checked,
                    n=n,
                    lists=on,
                )
            )
        if not checked[row]:
            prior[:, row] = audit.prior
        checked[row] += audit.checked
        wrong[row] += audit.wrong
        missed[row] *= 1 - audit.checked / n
        drawn[audit.list, audit.drawn_from].append((row, audit.checked))
    for (name, size), found in drawn.items():
        if size is not None and size < counts[sorted({row for row, _ in found})].sum():
            rate += table.histories[:, table.lists.index(name)] * sum(n for _, n in found) / size
    persons = counts * (1 - missed)  # whoever is in the samples of two lists is one
    wrong *= persons / np.maximum(checked, 1)
    return Samples(counts, table.histories.sum(axis=1) > 1, persons, wrong, prior, rate)


def counted(like: CaptureTable, histories: NDArray[np.uint8], counts: Ints) -> CaptureTable:
    """Persons by history as a table of the same lists; who is on none is left out."""
    each, position = np.unique(histories, axis=0, return_inverse=True)
    held = bincount(position.reshape(-1), weights=counts, minlength=len(each)).astype(np.int64)
    stay = (held > 0) & each.any(axis=1)
    if not stay.any():
        raise InputError(Message("tables: nobody is left. Leave fewer entries out"))
    return replace(like, histories=each[stay].astype(np.uint8), counts=held[stay])


def _total(numbers: set[float], checked: int, where: str) -> int | None:
    """From how many entries a sample was drawn; None where it is not said."""
    stated = {number for number in numbers if not math.isnan(number)}
    if not stated:
        return None
    if len(stated) > 1 or any(map(math.isnan, numbers)):
        raise InputError(
            Message(
                "audit: expected one whole number of entries of a list in column {column!r}", column=where
            )
        )
    number = int(stated.pop())
    if number < checked:
        raise InputError(
            Message(
                "audit: {checked:,} entries were checked, and the list is said to have {n:,}",
                checked=checked,
                n=number,
            )
        )
    return number
