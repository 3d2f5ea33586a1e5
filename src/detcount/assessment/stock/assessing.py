"""The front door for the stock: every answer that the data allow side by side, and what can be printed."""

from __future__ import annotations

import datetime as dt
import warnings
from collections.abc import Mapping, Sequence
from typing import Any

from detcount._numerics.parallel import progress
from detcount.assessment.common.verdict import apply_rules, strictest
from detcount.assessment.stock.registers import audits_of, forecasts_of
from detcount.assessment.stock.result import StockAssessment
from detcount.assessment.stock.rows import (
    answer_rows,
    change_rows,
    conditions_of,
    day_rows,
    doubt_row,
    drawn_fan,
    effective_paths,
    floor_rows,
    links_words,
    notes_of,
    papers_of,
    settling,
    wrong_rows,
)
from detcount.assessment.stock.verdict import RULES, Given, answers_of, evidence_of, recommended_of
from detcount.contract import arguments
from detcount.contract.definition import Definition, common, require_comparable
from detcount.contract.specification import door
from detcount.data.operates import Operates
from detcount.data.persons import PersonLists
from detcount.data.published import PublishedArrests, PublishedReleases, PublishedStock
from detcount.errors import DetcountWarning, InputError
from detcount.estimates import StockPath
from detcount.stock import Snapshots, WrongShare, snapshots
from detcount.words import Message

_MOST_YEARS = 30  # of totals: days before the first of them are drawn one by one


@door
def assess_stock(
    *,
    people: PersonLists | Sequence[PersonLists] | None = None,
    stock: PublishedStock | None = None,
    arrests: PublishedArrests | None = None,
    releases: PublishedReleases | None = None,
    anchors: Any = None,
    as_of: Any = None,
    wrong: WrongShare | float | Mapping[str, float] | None = None,
    operates: Operates | Mapping[str, tuple[Any, Any]] | None = None,
    seed: int = 0,
) -> StockAssessment:
    """Say how many are held, day by day, with all that lists of names and published totals can carry.

    The estimand is S_t, the people held at the end of day t. It is not what the register of a monitor holds,
    which lacks the people whom the monitor does not know. Every method that the data allow answers; the
    answers stand side by side, with the bounds, a verdict, what would settle it, and how forecasts of the
    register itself did.

    Parameters
    ----------
    people : PersonLists or sequence of PersonLists, optional
        Who is on which list, since when and until when. Of several, as `linkage.Linkage.people` draws them,
        the answer is over all, and what lists show is of the one with fewest known to be inside.
    stock : PublishedStock, optional
        Published totals of people held.
    arrests : PublishedArrests, optional
        Published arrests, beside the stock.
    releases : PublishedReleases, optional
        Published releases, beside the stock.
    anchors : StockPath or mapping, optional
        Estimates of the number held at some dates, as `stock.IntegratedStock` takes them; beside the stock.
    as_of : str or datetime.date, optional
        The last day that may be known; by default the last of the data.
    wrong : float, mapping of str to float or stock.WrongShare, optional
        Which share of the entries is of people who do not belong, of all lists or by list; 0 says that
        everybody belongs. Without it a share is drawn of lists that `linkage.Audit` did not check, by the law
        of `stock.WrongShare`. The floor is less by a share that is stated, and by none that is drawn.
    operates : Operates, or mapping of str to two days, optional
        Where and when lists operate: on other days a list is absent from the tables.
    seed : int, optional
        Seed of every fit, 0 or more.

    Returns
    -------
    StockAssessment
        Paths of the stock in persons, the verdict, and the reports.

    Raises
    ------
    InputError
        If there are neither people nor a stock, if arrests, releases or anchors come without a stock, if
        nothing was known on `as_of`, if the definitions are of different people, if shares or days are of a
        list that is not there, or the seed is no whole number of 0 or more.
    InputTypeError
        If something is of another kind, as a flow in the place of a stock.

    See Also
    --------
    assess : The front door for one table of lists.
    assess_releases : The front door for announced releases.

    Notes
    -----
    Verdicts, from the least to the most that can be printed: "floor only" (lists that share nobody, fewer
    than 10 people named, or fewer than two dates with an estimate), "refuse" (no number), "register only"
    (what registers hold, each by name and day), "range" (limits and no number between), "estimate". Without
    lists and without anchors the verdict is "register only": totals do not hold the number of people whom no
    register knows.

    *Bounds.* `stock.StockBalance` bounds the stock from below with the register of most totals, if everybody
    on it was arrested, whoever left is removed within 30 days, and its running total of arrests lacks no
    more entries than a tenth of its largest total. Reports say so. It has no upper bound, and is never the
    recommended answer.

    *Public reports.* What rests on lists of names is rounded to tens, limits outward and floors downward. One
    person more or less on the lists can move such a number by ten. Of drawn partitions (`people` as a
    sequence) the public reads one floor, and the limits of the last day on the grid of
    `privacy.coarse_limits`.

    Examples
    --------
    >>> import detcount as dc
    >>> system = dc.simulate.detention_system(n_days=120, seed=2)
    >>> assessment = dc.assess_stock(people=system.people, stock=system.stock)
    >>> assessment.verdict, assessment.recommended_key
    ('estimate', 'lists')
    """
    drawn: tuple[Any, ...] = tuple(people) if isinstance(people, Sequence) else (people,)
    drawn = tuple(each for each in drawn if each is not None)
    _check_together(bool(drawn), stock, {"arrests": arrests, "releases": releases, "anchors": anchors})
    known = [each for each in (*drawn, stock, arrests, releases) if each is not None]
    require_comparable(
        "assess_stock", [each.definition for each in known], fields=("who", "where", "excludes")
    )
    day = None if as_of is None else arguments.day("as_of", as_of)
    if day is not None:
        stock = None if stock is None else stock.as_of(day)
        arrests = None if arrests is None else arrests.as_of(day)
        releases = None if releases is None else releases.as_of(day)
    drawn = _as_known(drawn, day)
    shares = WrongShare.of(wrong)
    where = None if operates is None else Operates.of(operates)
    data = Given(drawn, stock, arrests, releases, anchors, shares, where)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DetcountWarning)  # their text stands in the notes
        with progress(2, Message("people held"), at_once=True) as done:
            answers = answers_of(data, seed)
            done(1)
            audits = () if stock is None or arrests is None else audits_of(stock, arrests, releases, seed)
            forecasts = forecasts_of(stock, seed)
            done(1)
    chosen = recommended_of(answers.paths)
    path = None if chosen is None else answers.paths[chosen]
    last = _last_day(data, day)
    about = _about(data, path, answers.snapshots)
    findings = apply_rules(evidence_of(answers, data, path, about), RULES)
    verdict = strictest(findings)
    printable, exact = verdict in ("estimate", "range"), verdict == "estimate"
    shown, balance = path if printable else None, answers.paths.get("balance")
    return StockAssessment(
        stock=stock,
        arrests=arrests,
        releases=releases,
        basis=answers,
        as_of=last,
        day=about,
        seed=seed,
        linked=isinstance(people, Sequence),
        has_anchors=anchors is not None,
        wrong=shares,
        operates=where,
        definition=_definition(drawn, stock),
        verdict=verdict,
        findings=findings,
        recommended_key=chosen,
        specifications=tuple((key, each.method) for key, each in answers.paths.items()),
        declined=dict(answers.declined),
        assumptions=() if path is None else path.assumptions,
        references=papers_of(answers),
        notes=notes_of(answers, chosen),
        answer_rows=answer_rows(answers, chosen, verdict),
        day_rows=day_rows(stock, balance, shown, exact=exact),
        fan=None if shown is None else drawn_fan(shown, exact=exact),
        change_rows=() if shown is None else change_rows(shown),
        floor_rows=floor_rows(answers.snapshots),
        doubt=doubt_row(answers, shares) if printable else None,
        wrong_rows=wrong_rows(answers, shares.by_list.values()) if printable else (),
        links=links_words(answers) if printable else None,
        effective_paths=None if shown is None else effective_paths(shown),
        conditions=conditions_of(balance),
        settle=settling(data, path, findings, last),
        audits=audits,
        forecasts=forecasts,
    )


def _definition(drawn: tuple[PersonLists, ...], stock: PublishedStock | None) -> Definition | None:
    """Who is counted; None where nobody said so, or the data differ."""
    data = (*drawn[:1], *(() if stock is None else (stock,)))
    return common(each.definition for each in data if each.definition is not None)


def _check_together(people: bool, stock: PublishedStock | None, beside: dict[str, Any]) -> None:
    """Refuse flows and anchors without the totals that they stand beside."""
    if not people and stock is None:
        raise InputError(
            Message(
                "assess_stock: expected people, stock or both, got neither. Give lists of names with days, "
                "or published totals"
            )
        )
    first, last = (stock.date[0], stock.date[-1]) if stock is not None else (None, None)
    if first is not None and (last - first).astype(int) > _MOST_YEARS * 366:
        raise InputError(
            Message(
                "stock: expected counts of at most {n} years, got {first} and {last}. Mend the day if it is "
                "a slip of the pen, or keep the years that are asked about",
                n=_MOST_YEARS,
                first=str(first),
                last=str(last),
            )
        )
    alone = [name for name, value in beside.items() if value is not None]
    if stock is None and alone:
        raise InputError(
            Message(
                "{name}: expected stock beside it, got none. Give the published totals of the register",
                name=alone[0],
            )
        )


def _as_known(drawn: tuple[PersonLists, ...], day: dt.date | None) -> tuple[PersonLists, ...]:
    """Give the data as known on one common day, smallest floor first."""
    last = min((each.latest_day for each in drawn), default=None)
    if last is None:
        return ()
    last = last if day is None else min(day, last)
    cut = [each.as_of(last) if day is not None or each.latest_day > last else each for each in drawn]
    return (
        tuple(cut)
        if len(cut) == 1
        else tuple(sorted(cut, key=lambda each: snapshots(each, [last]).floors.sum()))
    )


def _last_day(given: Given, as_of: dt.date | None) -> dt.date:
    """The last day that the data could know."""
    if as_of is not None:
        return as_of
    days = [each.latest_day for each in given.people]
    days += [] if given.stock is None else [given.stock.last_date]
    days += [each.last_published for each in (given.arrests, given.releases) if each is not None]
    return max(days)


def _about(given: Given, path: StockPath | None, taken: Snapshots | None) -> dt.date:
    """The day that the verdict is about: the last of the recommended path, or else of the data."""
    if path is not None:
        return path.dates[-1]
    if taken is not None:
        return taken.dates[-1]
    assert given.stock is not None  # there are people or totals
    return given.stock.last_date
