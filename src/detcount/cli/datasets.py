"""``detcount datasets``: the tables that ship, and what each one holds."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from detcount.captures import CaptureTable
    from detcount.published import PublishedArrests, PublishedReleases, PublishedStock


def answer(options: argparse.Namespace) -> str:
    """List the data sets, or describe one."""
    from detcount import datasets
    from detcount.captures import CaptureTable

    if options.name is None:
        described = datasets.describe()
        rows = zip(described["name"], described["year"], described["what"], strict=True)
        return "\n".join(
            [
                "| name | holds | year | what |",
                "|---|---|---|---|",
                *(
                    f"| {name} | {_holds(datasets.load(name))} | {year} | {what} |"
                    for name, year, what in rows
                ),
            ]
        )
    record = datasets.describe(options.name)
    table = datasets.load(options.name)
    if isinstance(table, CaptureTable):
        parts = ", ".join(f"{name} {size:,}" for name, size in table.list_sizes.items())
    else:
        parts = ", ".join(f"{source} {table.source.count(source):,}" for source in table.sources)
    return "\n".join(
        [
            f"{record.name}: {record.what}",
            f"{_holds(table)}: {parts}",
            f"Source: {record.source}",
            f"Found in: {record.found_in}",
            *(f"Mind: {caveat}" for caveat in record.caveats),
        ]
    )


def _holds(table: CaptureTable | PublishedReleases | PublishedStock | PublishedArrests) -> str:
    """How much a table holds, in words."""
    from detcount.captures import CaptureTable

    if isinstance(table, CaptureTable):
        return f"{table.n_observed:,} persons on {table.n_lists} lists"
    return f"{len(table):,} published counts by {len(table.sources)} sources"
