"""Who was released, by name: lists of released people beside registers of the detained."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from scipy.special import ndtri

from detcount._numerics.by_name import PRIORS, TUNING, How, is_day
from detcount.assumptions import Assumption
from detcount.contract import arguments, references
from detcount.contract.citation import Reference
from detcount.contract.specification import specification
from detcount.errors import InputError, InputTypeError
from detcount.estimates import UncertainCount
from detcount.reading.cells import read_status
from detcount.reading.days import as_day, number_of
from detcount.releases.by_name_draws import Draw, LinkedReleases, ReleasedRowsLike, Table, drawn, held_by
from detcount.releases.by_name_figure import PARTS, Kind
from detcount.releases.by_name_result import ListCounts, ReleasedByNameEstimate
from detcount.words import Message

_NO_RELEASE = ("dead", "transferred", "inside")


def counts_of(one: Draw, kinds: Sequence[Kind]) -> list[dict[str, int]]:
    """Count the persons of each list by what registers and other lists say of them."""
    at, n = one.named, len(kinds)
    table = np.full((len(at.label), n), -1)
    table[at.who, at.on] = np.arange(len(at.on))
    verified, announced = (np.array([kind == which for kind in kinds]) for which in ("verified", "announced"))
    found = []
    for k, kind in enumerate(kinds):
        mine = np.flatnonzero(at.on == k)
        who = at.who[mine]
        pairs = table[who]  # the same persons on each list
        # a verification before the last arrest is of an earlier stay
        there = (pairs >= 0) & ~(is_day(at.day[pairs]) & (at.day[pairs] < at.since[mine][:, None]))
        others = there & (np.arange(n) != k)
        on = at.registered[who]
        checked = (others & (verified if kind == "announced" else announced)).any(axis=1)
        left = ~(at.held_after[mine] | at.already_out[mine])
        counts = {
            "named": len(mine),
            "repeated": int(at.rows[mine].sum()) - len(mine),
            "on_register": int(on.sum()),
            "not_on_register": int((~on).sum()),
            "already_out": int(at.already_out[mine].sum()),
            "held_after": int(at.held_after[mine].sum()),
            "arrested_again": int(at.again[mine].sum()),
            "checked": int(checked.sum()),
            "unchecked": int((~checked).sum()),
        }
        counts |= {f"other {j}": int(others[:, j].sum()) for j in range(n)}
        parts = (
            counts["held_after"],
            int((at.already_out[mine] & ~at.held_after[mine]).sum()),
            *(int((left & which).sum()) for which in (checked, ~checked & on, ~checked & ~on)),
        )
        found.append(counts | {f"part {name}": value for name, value in zip(PARTS[kind], parts, strict=True)})
    return found


def _window(name: str, value: Any) -> tuple[str, str]:
    """First and last day, as text."""
    if isinstance(value, str) or not isinstance(value, Sequence) or len(value) != 2:
        raise InputTypeError(Message("{name}: expected two days, the first and the last", name=name))
    first, last = (arguments.day(name, each) for each in value)
    if last < first:
        raise InputError(
            Message(
                "{name}: it ends on {last}, before it starts on {first}. Swap the two",
                name=name,
                first=first.isoformat(),
                last=last.isoformat(),
            )
        )
    return first.isoformat(), last.isoformat()


@specification
class ReleasedByName:
    """Who was released, from lists of names: announced, verified, and known to registers of the detained.

    The estimand of `lists` is, for each list, how many persons it names, and how many of them registers and
    other lists know, in every draw of who is who. That of `released` is the number of persons of the
    definition who left custody between the first and the last day of the announced lists, on any list or on
    none. Official lists name people who stayed inside, had left before or are of no definition; monitors err
    too, and may check from the official list. No number rests on one list alone.

    Parameters
    ----------
    window : tuple of two days, optional
        Days of release to be counted; by default those of the announced lists.
    apart : tuple of str, optional
        Verified lists that were made apart from the official ones. The others that `checked_from` does not
        name may have been made from these or not.

    Raises
    ------
    InputError
        From `fit`, if no list of released people was linked, or a stated list is none of them.

    See Also
    --------
    MonitoredReleases : Two monitors or more with days of verification, and no official list.

    Notes
    -----
    The announced who are on a register, had not left before and were not seen inside later were released,
    but for those who stayed unseen. Of them it is known whom each monitor verified. For everybody else only
    the verified are known. With announced A and registered G, 1 or 0, the verified lists V_1, ..., V_K of a
    person have the weights exp(sum_k v_k (a_k + g_k (1 - A) + b (1 - G)) + w sum_{j<k} v_j v_k). The draws
    are from the posterior; b is below 0, as monitors find sooner whom they know; g_k is near 0 for a monitor
    who works apart, and well below for one who checks from the official list. Two monitors show g_k too, by
    the persons whom both have. The number is too low where registers miss many and monitors hardly ever
    verify these.

    `docs/model.md` derives it.

    References
    ----------
    .. [1] Chapman, D. G. (1951). Some properties of the hypergeometric distribution with applications
       to zoological sample censuses. University of California Publications in Statistics, 1(7), 131-160.

    Examples
    --------
    >>> from detcount import releases
    >>> releases.ReleasedByName(window=("2025-12-25", "2025-12-31"))
    ReleasedByName(window=('2025-12-25', '2025-12-31'))
    """

    window: Annotated[tuple[str, str] | None, _window] = None
    apart: Annotated[tuple[str, ...] | None, arguments.different_names] = None

    assumes: ClassVar[tuple[Assumption, ...]] = (Assumption.HOMOGENEOUS_PERSONS, Assumption.MONITORS_IN_PAIRS)
    references: ClassVar[tuple[Reference, ...]] = (references.CHAPMAN_1951,)

    def fit(
        self, linked: LinkedReleases, *, announced: Mapping[str, int] | None = None, seed: int = 0
    ) -> ReleasedByNameEstimate:
        """Count who stands where, and estimate how many were released.

        Parameters
        ----------
        linked : Linkage
            Registers, and lists of released people attached to them.
        announced : mapping of str to int, optional
            Number that was announced beside each announced list.
        seed : int, optional
            Seed of the draws.

        Returns
        -------
        ReleasedByNameEstimate
            Counts by list, and the number released, persons.

        Raises
        ------
        InputError
            If no list of released people was linked, or a stated list is none of them.
        InputTypeError
            If `linked` is no linkage.
        """
        seed = arguments.seed(seed)
        released = linked.released
        if released is None:
            raise InputError(
                Message(
                    "ReleasedByName: expected lists of released people beside registers, got registers "
                    "alone. Name them as read_lists(..., released=)"
                )
            )
        stated = {name: arguments.whole_number("announced", n) for name, n in (announced or {}).items()}
        for name in (*(self.apart or ()), *stated):
            arguments.one_of("ReleasedByName: list", name, released.lists)
        draws = [
            drawn(linked, labels.astype(np.int64), person.astype(np.int64))
            for labels, person in zip(linked.draws, released.person, strict=True)
        ]
        limits = not (released.without_limits or linked.other_rules)
        kinds = released.kinds
        every = [counts_of(one, kinds) for one in draws]
        best = drawn(linked, linked.person, released.best)
        lists = {}
        for k, name in enumerate(released.lists):
            seen = best.named.seen[(best.named.on == k) & best.named.held_after]
            lists[name] = _list_counts(
                {key: [one[k][key] for one in every] for key in every[0][k]},
                released,
                k,
                limits=limits,
                stated=stated.get(name),
                held_on=as_day(int(seen.max())) if len(seen) else None,
            )
        first, last = self._days(released)
        number, verdict, notes = self._number(linked, released, draws, (first, last), limits, seed)
        remaining = [_remaining(one, kinds) for one in draws]
        return ReleasedByNameEstimate(
            lists=lists,
            released=number,
            remaining=_count([each[0] for each in remaining], limits, (0, math.inf)),
            remaining_if_announced_left=_count([each[1] for each in remaining], limits, (0, math.inf)),
            window=(None if first is None else as_day(first), None if last is None else as_day(last)),
            verdict=verdict,
            odds=self._odds(released) if verdict in ("estimate", "range") else None,
            estimator=self,
            definition=linked.definition,
            seed=seed,
            digest=linked.digest,
            notes=(*released.without_limits, *notes),
            linked=linked,
        )

    def _days(self, released: ReleasedRowsLike) -> tuple[int | None, int | None]:
        """First and last day of release that are counted; none where no list says it."""
        if self.window is not None:
            first, last = (number_of(dt.date.fromisoformat(each)) for each in self.window)
            return first, last
        official = np.array([kind == "announced" for kind in released.kinds])
        days = np.concatenate([released.days[official].ravel(), released.day[official[released.list_of]]])
        days = days[is_day(days)]
        return (int(days.min()), int(days.max())) if len(days) else (None, None)

    def _number(
        self,
        linked: LinkedReleases,
        released: ReleasedRowsLike,
        draws: Sequence[Draw],
        window: tuple[int | None, int | None],
        limits: bool,
        seed: int,
    ) -> tuple[UncertainCount | None, Literal["estimate", "range", "bounds", "refuse"], list[Message]]:
        """The number released, what of it can be printed, and notes."""
        first, last = window
        if first is None or last is None or not {"announced", "verified"} <= {*released.kinds}:
            return (
                None,
                "refuse",
                [
                    Message(
                        "Without an announced list with days, and a verified one, no number released follows."
                    )
                ],
            )
        ends = np.where(is_day(released.days), released.days, last)
        ends[:, 0] = first
        kept = np.array([read_status(each)[0] not in _NO_RELEASE for each in released.ended], dtype=bool)
        how = self._hows(released)
        chosen = np.unique(np.linspace(0, len(draws) - 1, min(len(draws), TUNING.n_links)).astype(np.int64))
        tables = [
            Table.of(linked, draws[d].labels, released.person[d].astype(np.int64), ends, last, kept)
            for d in chosen
        ]
        least, most = min(each.least for each in tables), max(each.most for each in tables)
        known = min(int(each.counts[1, 1].sum()) for each in tables)
        if known < PRIORS.fewest or not limits:
            why = Message(
                "Fewer than {n} of the announced have a day before their release on a register, so there are "
                "bounds alone.",
                n=PRIORS.fewest,
            )
            return UncertainCount.only_bounded(least, most), "bounds", [why] if known < PRIORS.fewest else []
        each = -(-TUNING.n_draws // len(tables))
        found = [one.draw(how, each, np.random.default_rng([seed, k])) for k, one in enumerate(tables)]
        number = np.concatenate([drawn for drawn, _ in found])
        apart = sum(each == "apart" for each in how) > 1
        mixed = any(one.mixed for one in tables)
        notes = []
        if any(replaced for _, replaced in found):
            notes.append(
                Message(
                    "Most of the announced are on no register. Those verified off the registers count by the "
                    "registers' coverage of the unannounced."
                )
            )
        verdict: Literal["estimate", "range"] = "estimate" if apart and not mixed else "range"
        count = UncertainCount.from_draws(
            number, bounds=(least, math.inf), identified_by="data" if verdict == "estimate" else "prior"
        )
        return count, verdict, notes

    def _hows(self, released: ReleasedRowsLike) -> list[How]:
        """Classify each monitor by its dependence on the official lists."""
        verified = [k for k, kind in enumerate(released.kinds) if kind == "verified"]
        return [self._how(released, k) for k in verified][: TUNING.most]

    def _odds(self, released: ReleasedRowsLike) -> tuple[float, float]:
        """Least and most odds ratio of being verified on no official list, at 95% of any monitor's prior."""
        shifts = np.array([getattr(PRIORS, how) for how in self._hows(released)])
        reach = ndtri(0.975) * shifts[:, 1]
        return float(np.exp((shifts[:, 0] - reach).min())), float(np.exp((shifts[:, 0] + reach).max()))

    def _how(self, released: ReleasedRowsLike, k: int) -> How:
        """Way in which a monitor works beside the official lists."""
        if released.lists[k] in released.checked_from:
            return "checked"
        return "apart" if released.lists[k] in (self.apart or ()) else "unstated"


def _remaining(one: Draw, kinds: Sequence[str]) -> tuple[int, int]:
    """Persons not known to have left once the verified have, and once the announced have too."""
    at = one.named
    held = held_by(one)
    leaves = ~(at.held_after | at.again)
    verified = np.array([kind == "verified" for kind in kinds])[at.on]
    freed = [{*at.label[at.who[leaves & which]].tolist()} for which in (verified, ~verified)]
    return len(held - freed[0]), len(held - freed[0] - freed[1])


def _list_counts(
    values: Mapping[str, Sequence[int]],
    released: ReleasedRowsLike,
    k: int,
    *,
    limits: bool,
    stated: int | None,
    held_on: dt.date | None,
) -> ListCounts:
    """Counts of one list over the draws."""
    kind = released.kinds[k]
    n_rows = float((released.list_of == k).sum())
    # whoever has a row is named: a list with rows names somebody, and repeats one row fewer than it has
    bounds = {"named": (min(n_rows, 1), n_rows), "repeated": (0, max(n_rows - 1, 0))}
    count = {key: _count(each, limits, bounds.get(key, (0, n_rows))) for key, each in values.items()}
    first, last = (as_day(int(each)) if is_day(each) else None for each in released.days[k])
    others = {name: j for j, name in enumerate(released.lists) if j != k}
    plain = ("named", "repeated", "on_register", "not_on_register", "already_out", "held_after")
    return ListCounts(
        kind=kind,
        first=first,
        last=last,
        stated=stated,
        held_on=held_on,
        **{name: count[name] for name in (*plain, "arrested_again")},
        others={name: count[f"other {j}"] for name, j in others.items()},
        other_kind=count["checked"],
        not_other_kind=count["unchecked"],
        parts={part: count[f"part {part}"] for part in PARTS[kind]},
        kinds={name: released.kinds[j] for name, j in others.items()},
    )


def _count(values: Sequence[int], limits: bool, bounds: tuple[float, float]) -> UncertainCount:
    """A count of draws, or its bounds where no limits can be claimed."""
    if not limits:
        return UncertainCount.only_bounded(*bounds)
    return UncertainCount.from_draws(values, bounds=bounds, identified_by="data")
