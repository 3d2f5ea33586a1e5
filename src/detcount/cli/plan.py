"""``detcount plan``: limits that a step not done yet would leave."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from detcount.cli.data import likely_lists, read_or_suggest, table_of
from detcount.cli.places import check_places, write_answer
from detcount.cli.values import number, whole
from detcount.errors import InputError
from detcount.words import Message

if TYPE_CHECKING:
    from detcount.planning.options import Option

_KINDS = ("sample", "prisons", "further-list")


def answer(options: argparse.Namespace) -> str:
    """Promise what steps would give, and write the report where asked."""
    check_places(options, (options.file,))
    costs = _costs(options)
    steps = tuple(_steps(options, costs))
    if not steps:
        raise InputError(
            Message(
                "plan: expected a step, got none. Write --audit LIST=100, --sample 200, --prisons 4/40 or "
                "--further-list 0.3"
            )
        )
    unused = [name for name in costs if name not in (*_KINDS, *(getattr(step, "list", "") for step in steps))]
    if unused:
        raise InputError(
            Message(
                "--cost: expected an audited list or {kinds!r:or}, got {name!r}. Write --cost sample=3",
                kinds=_KINDS,
                name=unused[0],
            )
        )
    table = read_or_suggest(table_of, options, likely_lists)
    from detcount.planning import plan
    from detcount.privacy import check_disclosure

    make = partial(
        plan,
        table,
        steps,
        budget=options.budget,
        goal=options.goal,
        disclosure=check_disclosure(options.disclosure, table.dataset),
        seed=options.seed,
    )
    made = make()
    numbers = made if options.level == made.level else make(level=options.level)
    return write_answer(options, made, numbers.to_frame)


def _costs(options: argparse.Namespace) -> dict[str, float]:
    """The cost of each step that has one."""
    parts = (_parts("--cost", each, "=") for each in options.cost)
    return {name: number(text, "--cost") for name, text in parts}


def _steps(options: argparse.Namespace, costs: dict[str, float]) -> Iterator[Option]:
    """The steps that the options name."""
    from detcount import planning

    wrong = {} if options.wrong is None else {"wrong": options.wrong}
    for each in options.audit:
        name, n = _parts("--audit", each, "=")
        yield planning.AuditSample(list=name, n=whole(n, "--audit"), cost=costs.get(name), **wrong)
    if options.sample is not None:
        n, _, frame = options.sample.partition("/")
        roll = whole(frame, "--sample") if frame else None
        yield planning.RandomSample(n=whole(n, "--sample"), frame=roll, cost=costs.get("sample"))
    if options.prisons is not None:
        prisons, among = (whole(part, "--prisons") for part in _parts("--prisons", options.prisons, "/"))
        inmates, cost = options.inmates, costs.get("prisons")
        yield planning.ClusterSample(prisons=prisons, among=among, inmates=inmates, cost=cost)
    if options.further_list is not None:
        yield planning.FurtherList(reach=options.further_list, cost=costs.get("further-list"))


def _parts(option: str, text: str, mark: str) -> tuple[str, str]:
    """Words before a mark and after it."""
    first, found, last = text.rpartition(mark)
    if not found or not first:
        raise InputError(
            Message(
                "{option}: expected two values with {mark} between them, got {text!r}. See {help}",
                option=option,
                mark=mark,
                text=text,
                help="detcount plan --help",
            )
        )
    return first.strip(), last.strip()
