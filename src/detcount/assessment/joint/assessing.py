"""The assessment of all that there is: every job that some data allow, in one report."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Annotated, Any, TypeVar

from detcount._numerics.parallel import progress
from detcount.abundance import Anchored, PartialLists
from detcount.assessment.abundance import Assessment, assess
from detcount.assessment.abundance.linked import LISTED, LinkageAssessment
from detcount.assessment.common.verdict import LEVEL
from detcount.assessment.joint.entries import Fault
from detcount.assessment.joint.facts import EverHeld
from detcount.assessment.joint.folder import Files
from detcount.assessment.joint.names import OTHERS, UNSTATED
from detcount.assessment.joint.result import JointReport
from detcount.assessment.joint.settings import Settings
from detcount.assessment.joint.sources import Gathered, gathered
from detcount.assessment.releases import ReleasesAssessment, assess_releases
from detcount.assessment.releases.by_name import ReleasedAssessment, assess_released
from detcount.assessment.stock import StockAssessment, assess_stock
from detcount.assessment.stock.registers import ExitsRow, exits_about
from detcount.calibration import Calibrated
from detcount.contract import arguments
from detcount.contract.definition import Definition
from detcount.contract.specification import door
from detcount.data.captures import CaptureTable
from detcount.data.operates import Operates
from detcount.errors import ConvergenceError, InputError, NotEstimableError
from detcount.estimates import AbundanceEstimate
from detcount.linkage import Linkage
from detcount.pooling import Pooled
from detcount.quality import AuditAnswers, Audited, Trimmed
from detcount.quality.trimming import TrimmedEstimate
from detcount.reading.cells import place_name
from detcount.reading.kinds import Kind
from detcount.reports.opening import JOBS, PRINTABLE, Job
from detcount.stock import CoverageEstimate, CoverageFromReleases, flows
from detcount.strata import Composition, composition
from detcount.strata.cache import DEFINITION
from detcount.words import N_, Message
from detcount.wrong_entries import MOST_WRONG

_OPERATES_NOT_USED = N_("Where lists operate is not taken into account in the number: {why}")

Made = TypeVar("Made")
_FEWEST_DRAWS = 2  # that can be pooled


@door
def report(
    data: str | os.PathLike[str] | Mapping[str, Any] | Files,
    *,
    as_of: Annotated[Any, arguments.day] = None,
    families: Sequence[str] | None = None,
    anchor: Anchored | None = None,
    definition: Definition | None = None,
    take: Mapping[str, str] | None = None,
    lists: Sequence[str] | None = None,
    yes: Sequence[str] = (),
    no: Sequence[str] = (),
    blank_is_0: bool = False,
    dayfirst: bool | None = None,
    allow_future: bool = False,
    seed: int = 0,
) -> JointReport:
    """Say all that the data of a folder can carry, in one report: lists, releases and people held.

    Each file is recognised by the names of its columns, and the report says which file was taken for what and
    why. Lists of names are linked, as many as there are, with numbers over draws of who is who. Each job is
    done by its own function, `assess`, `assess_releases` and `assess_stock`; their reports follow one first
    page. Nothing is estimated from two jobs together: numbers that may be set beside each other are, as
    remarks, and those that contradict each other are said first. What a folder's ``detcount.toml`` says,
    which ``detcount start`` writes, holds where nothing else is asked; ``.detcount`` then keeps what was
    computed there.

    Parameters
    ----------
    data : str, path-like or mapping
        A folder with files as `detcount.io.read_frame` reads them, or a mapping of names to files, frames or
        data of detcount. The names "lists", "people", "stock", "arrests", "releases", "waves" and "audit"
        of a mapping say what stands there.
    as_of : str or datetime.date, optional
        The last day that may be known of releases and people held; by default the last of the data.
    families : sequence of str, optional
        The families that `assess` runs; by default all of them.
    anchor : Anchored, optional
        The list that is a random sample, and its design, as `assess` takes it; by default what
        ``detcount.toml`` says under ``[sample]``.
    definition : Definition, optional
        Who is counted in the tables that are read; data of detcount have their own.
    take : mapping of str to str, optional
        What a file is, by its name: "lists", "people", "stock", "arrests", "releases", "waves", "audit", or
        "nothing" for one that is to be left aside.
    lists : sequence of str, optional
        Columns that are lists, where other columns hold marks too.
    yes, no : sequence of str, optional
        Marks that mean 1 and 0 in those columns, beside 1 and 0 themselves.
    blank_is_0 : bool, optional
        Whether a blank in those columns means 0.
    dayfirst : bool, optional
        Whether days such as 31/01/2026 begin with the day; without it, as a row of the file shows.
    allow_future : bool, optional
        Whether counts of days that have not come are accepted.
    seed : int, optional
        Seed of every fit, 0 or more.

    Returns
    -------
    JointReport
        The assessment of each job, and their report.

    Raises
    ------
    InputError
        If nothing in the data can be used; the message lists each file with what to do. Of a folder what
        cannot be used is left aside, and said first; of a mapping it is refused.
    InputTypeError
        If the data are neither a folder nor a mapping, or something in it is no data.

    See Also
    --------
    assess : One table of lists.
    assess_releases : Announced and verified releases.
    assess_stock : How many are held, day by day.

    Examples
    --------
    >>> import detcount as dc
    >>> table = dc.CaptureTable.from_counts({"10": 40, "01": 60, "11": 90}, lists=["press", "families"])
    >>> print(dc.report({"lists": table}).headline())
    About 240 people (190 to 570) in all, on the lists or not.
    """
    how = {"as_of": as_of, "families": families, "lists": lists, "yes": yes, "no": no}
    how |= {"blank_is_0": blank_is_0, "dayfirst": dayfirst, "allow_future": allow_future}
    asked = Settings(definition=definition, take=dict(take or {}), read=how)
    jobs = _Jobs(gathered(data, asked, seed), seed, anchor, refuses=isinstance(data, Mapping))
    of_lists, of_stock, releases = jobs.first()
    released = jobs.released()
    waves = jobs.waves()
    audited = None if of_lists is None else jobs.audited(of_lists)
    read = jobs.read.without(jobs.faults, jobs=True)
    who = jobs.who(of_lists)
    partly = None if of_lists is None else jobs.where_they_operate()
    if read.cache is not None:
        read.cache.forget_others()
    return JointReport(
        lists=of_lists,
        stock=of_stock,
        releases=releases,
        released=released,
        waves=waves,
        files=read.rows,
        seed=seed,
        audit=read.data.get("audit"),
        audited=audited,
        who=who,
        between=read.between,
        partly=partly,
        ever=_ever(of_stock, seed) if of_stock and isinstance(of_lists, LinkageAssessment) else None,
        about=jobs.exits_about(releases) if of_stock and releases else (),
    )


class _Jobs:
    """The jobs of a report, each done with the data that it needs, or that was kept of them."""

    def __init__(self, read: Gathered, seed: int, anchor: Anchored | None, *, refuses: bool) -> None:
        self.read = read
        self.anchor = anchor or read.anchor
        if self.anchor is not None and "lists" not in read.data:
            raise InputError(
                Message(
                    "sample: expected lists of which {name!r} is one, got none that can be used. Add them, "
                    "or take the sample out",
                    name=self.anchor.sample,
                )
            )
        self.data = read.data
        self.seed = seed
        self.refuses = refuses
        self.faults: dict[str, Fault] = {}
        day, self.families = map(read.settings.read.get, ("as_of", "families"))
        self.as_of = None if day is None else arguments.day("as_of", day)
        self.operating = read.operates.rows if read.operates else ()
        self.days = tuple(row for row in self.operating if row[1] is None)

    def first(self) -> tuple[Assessment | None, StockAssessment | None, ReleasesAssessment | None]:
        """Do the three jobs that take longest, with a bar that says which is under way."""
        of_lists, of_releases = "lists" in self.data, "releases" in self.data
        of_stock = "people" in self.data or "stock" in self.data
        asked: dict[Job, bool] = {"lists": of_lists, "stock": of_stock, "releases": of_releases}
        named = [JOBS[job] for job, there in asked.items() if there]
        with progress(len(named), Message("report"), at_once=True, names=named) as done:
            lists = self.lists() if of_lists else None
            done(of_lists)
            stock = self.stock() if of_stock else None
            done(of_stock)
            releases = self.releases() if of_releases else None
        return lists, stock, releases

    def lists(self) -> Assessment:
        """Job of the lists: the number of people in all."""
        lists = self.data["lists"]
        compute = partial(assess, lists, families=self.families, seed=self.seed)
        sample = {} if self.anchor is None else {"anchor": self.anchor}
        return self._kept("lists", {"lists": lists}, compute, **self._wrong, **sample)

    def stock(self) -> StockAssessment | None:
        """People held, by people and totals; by one of them where both together are refused."""
        people, totals = self._parts("people"), self._totals
        found = self._tried("stock" if totals else "people", partial(self._held, people | totals))
        if found is None and people and totals:
            found = self._tried("people", partial(self._held, people))
            if found is None and (found := self._tried("people", partial(self._held, totals))) is not None:
                del self.faults["stock"]
        return found

    def releases(self) -> ReleasesAssessment | None:
        """Job of the releases that were announced."""
        announced = self.data["releases"]
        return self._tried("releases", lambda: assess_releases(announced, as_of=self.as_of, seed=self.seed))

    def released(self) -> ReleasedAssessment | None:
        """Job of the releases that lists name."""
        links = self.data.get("released", self.data.get("lists"))
        if not isinstance(links, Linkage) or links.released is None:
            return None
        stated = self.read.settings.names.items()
        numbers = {name: each.announced for name, each in stated if name in links.released.lists}
        announced = {name: n for name, n in numbers.items() if n is not None}
        return assess_released(links, announced=announced, seed=self.seed)

    def waves(self) -> CoverageEstimate | None:
        """Job of the waves: the people whom a list does not know, by who was released."""
        if "waves" not in self.data:
            return None
        return self._tried("waves", partial(CoverageFromReleases().fit, self.data["waves"], seed=self.seed))

    def audited(self, lists: Assessment) -> AbundanceEstimate | TrimmedEstimate | None:
        """The number of the lists without entries that do not belong."""
        if "audit" not in self.data:
            return None
        return self._tried("audit", partial(audited_of, lists, self.data["audit"], self.seed))

    def who(self, lists: Assessment | None) -> dict[str, Composition]:
        """Numbers by sex, age and place, where they can be printed."""
        if lists is None or lists.verdict not in PRINTABLE or self.anchor is not None:
            return {}
        total = Calibrated(listed=LISTED if isinstance(lists, LinkageAssessment) else 0.0)
        found = {}
        for kind, tables in self.data.get("who", {}).items():
            with suppress(NotEstimableError):
                shares = partial(composition, tables, estimator=total, seed=self.seed)
                found[kind] = self._kept("who", {kind: tables}, shares)
        return found

    def where_they_operate(self) -> AbundanceEstimate | Message | None:
        """The number with each list in its places alone, where lists are said to have places."""
        if self.read.operates is None or len(self.days) == len(self.operating):
            return None
        by_place = self.data.get("who", {}).get("place", ())[1:]  # drawn, without wrong entries
        return _where_they_operate(by_place, self.read.operates, self.seed)

    def exits_about(self, releases: ReleasesAssessment) -> tuple[ExitsRow, ...]:
        """Exits of a register about the days of releases that its source verified."""
        if not {"stock", "arrests"} <= self.data.keys():
            return ()
        return exits_about(self.data["stock"], self.data["arrests"], releases.reports, self.seed)

    @property
    def _wrong(self) -> dict[str, Any]:
        return {"wrong": self.read.wrong} if self.read.wrong else {}

    @property
    def _totals(self) -> dict[str, Any]:
        return self._parts("stock", "arrests", "releases") if "stock" in self.data else {}

    def _parts(self, *kinds: str) -> dict[str, Any]:
        return {kind: self.data[kind] for kind in kinds if kind in self.data}

    def _held(self, parts: Mapping[str, Any]) -> StockAssessment:
        days = {"operates": Operates(self.days)} if self.days else {}
        beside = self._wrong | days if "people" in parts else {}
        compute = partial(assess_stock, **parts, as_of=self.as_of, seed=self.seed)
        return self._kept("stock", parts, compute, **beside)

    def _kept(self, job: Job, parts: Mapping[str, Any], compute: Callable[..., Made], **stated: Any) -> Made:
        """A job that was done before with the same data, or that is done now."""
        if self.read.cache is None:
            return compute(**stated)
        digests = [(name, _digest(part)) for name, part in parts.items()]
        how = repr((job, digests, sorted(stated.items()), str(self.as_of), self.families, self.seed))
        known = {"data": self.data.get("lists"), DEFINITION: self.read.settings.definition}
        return self.read.cache.kept((how,), partial(compute, **stated), known)

    def _tried(self, kind: Kind, compute: Callable[[], Made]) -> Made | None:
        """A job, or None where it refuses what files of a folder hold."""
        try:
            return compute()
        except InputError as error:
            if self.refuses:
                raise
            self.faults.setdefault(kind, error)
            return None


def _where_they_operate(
    draws: Sequence[Mapping[str, CaptureTable]], operates: Operates, seed: int
) -> AbundanceEstimate | Message:
    """N with each list counted where it operates alone, over drawn links; or why there is none.

    Of people of other places, or of none that is known, nobody says which lists could name them: all could.
    """
    if len(draws) < _FEWEST_DRAWS:
        return Message(
            _OPERATES_NOT_USED, why=Message("two lists at least have to name places of several people.")
        )
    rows: list[Any] = []
    for name, place, _, _ in operates.rows:
        group = Message("people of {place}", place=place_name(place).title()) if place else None
        rows += [(name, of, None, None) for of in (group, OTHERS, UNSTATED)]
    estimator = PartialLists(operates=Operates(tuple(dict.fromkeys(rows))))
    try:
        return Pooled(estimator).fit(draws, seed=seed)
    except (InputError, NotEstimableError, ConvergenceError) as error:
        return Message(_OPERATES_NOT_USED, why=getattr(error, "reason", error.args[0]))


def _ever(held: StockAssessment, seed: int) -> EverHeld | None:
    """Those held on the first day of a path of lists, and those arrested since, draw by draw."""
    path = held.answers.get("lists")
    if held.people is None or path is None or len(path.dates) < 2 or held.verdict not in PRINTABLE:
        return None
    first, last = path.dates[0], path.dates[-1]
    try:
        since = flows(None, held.people, path, first, last, seed=seed)
    except (NotEstimableError, ConvergenceError):
        return None
    low, high = since.arrests.interval(LEVEL)
    within = path.interval(LEVEL)
    people = held.people
    again = len(people.spells.n_rows) > people.n_persons
    k = int(within.low.argmax())
    _, exits = since.exits.interval(LEVEL)
    most, left = (path.dates[k], float(within.low[k])), (last, exits)
    return EverHeld(first, float(within.low[0] + low), float(within.high[0] + high), again, most, left)


def _digest(part: Any) -> str:
    """Digest of data of detcount, to the last entry; of several all of them."""
    if isinstance(part, (tuple, list, dict)):
        return " ".join(map(_digest, part.values() if isinstance(part, dict) else part))
    audits = f"{part.wrong!r} {part.counts.sum()}" if isinstance(part, Linkage) else ""
    return f"{part.digest} {audits}"


def audited_of(
    lists: Assessment, audit: AuditAnswers, seed: int
) -> AbundanceEstimate | TrimmedEstimate | None:
    """The recommended number without the entries that do not belong.

    Where the samples say on which lists their entries stand they are taken out as `Audited` does; of samples
    of whole lists the exact upper limit is taken for the greatest share that may be wrong, which `Trimmed`
    makes bounds of. None where no number is recommended, or a list that was checked is not in the table.
    """
    table, names = lists.table, {name for each in audit.checked for name in each.lists}
    if lists.recommended is None or not names <= set(table.lists) or isinstance(lists, LinkageAssessment):
        return None
    estimator: Any = lists.recommended.estimator
    persons = {
        frozenset(itertools.compress(table.lists, history)): n
        for history, n in zip(table.histories.tolist(), table.counts.tolist(), strict=True)
    }
    by_history = len(audit.drawn) < len(audit.checked) or all(
        each.drawn_from == persons.get(frozenset(each.lists)) for each in audit.checked
    )
    on = next(iter(names)) if len(names) == 1 else None
    most = min(max(each.shares()[1] for each in audit.drawn), MOST_WRONG)
    try:
        if by_history:
            return Audited(audit.audits(), estimator).fit(table, seed=seed)
        return Trimmed(on=on, most=most, estimator=estimator).fit(table, seed=seed)
    except NotEstimableError:
        return None
