"""``detcount reproduce``: a record made again from the data."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detcount.cli.coverage import waves_of
from detcount.cli.data import cells_of, groups_of, none_given, table_of
from detcount.cli.doors import anchor_of
from detcount.cli.places import check_each, table_text
from detcount.errors import InputError
from detcount.words import Message

if TYPE_CHECKING:
    from detcount.assessment.joint.sources import Gathered
    from detcount.data.captures import CaptureTable
    from detcount.data.published import PublishedReleases
    from detcount.linkage.name_lists import NameLists
    from detcount.stock import ReleaseWaves

_MARKS = ("name,recorded,found,outcome,",)  # how our tables begin


def reproduce_record(options: argparse.Namespace) -> tuple[str, int]:
    """Make a record again; give what became of its numbers, and the exit code that goes with it."""
    from detcount.assessment.joint.sources import Gathered
    from detcount.contract import arguments
    from detcount.privacy import secret_of
    from detcount.reports.writing import check_target, write_report
    from detcount.reproduction import reproduce
    from detcount.reproduction.reading import read_record, record_schema

    lang = arguments.language(options.lang)
    if options.schema:
        return json.dumps(record_schema(), indent=1, ensure_ascii=False), 0
    if options.record is None:
        raise none_given("reproduce", Message("a record"))
    beside = (getattr(options, name, None) for name in ("file", "people", "arrests", "releases"))
    check_each([("csv", options.csv)], (options.record, *beside, *_inside(options.file)))
    check_target(options.csv, force=options.force, marks=_MARKS)
    record = read_record(options.record)
    data, sample = _data(options, record), anchor_of(options)
    if isinstance(data, Gathered):
        sample = sample or data.anchor
        data = data.data
    made = reproduce(
        record,
        data,
        families=options.families,
        digest_key=None if options.key_file is None else secret_of(options.key_file),
        anchor=sample,
    )
    if options.csv is not None:
        write_report(f"{table_text(made.to_frame())}\n", options.csv, force=options.force, marks=_MARKS)
    return made.summary().translated(lang), 0 if made.agrees else 1


def _inside(place: str | None) -> list[str]:
    """The files of a folder, where the data are one."""
    return [str(file) for file in Path(place).iterdir()] if place and Path(place).is_dir() else []


def _data(
    options: argparse.Namespace, record: dict[str, Any]
) -> CaptureTable | NameLists | PublishedReleases | ReleaseWaves | Mapping[str, Any] | Gathered:
    """The data that the options describe; lists that nobody named are those of the record."""
    options.quiet = True  # how the data were read was said when the record was made
    if "jobs" in record:
        return _folder(options, record)
    if "linkage" in record or "linkage_sha256" in record:
        from detcount.assessment.joint.folder import files_of
        from detcount.linkage import read_lists

        if options.file is None:
            raise none_given("reproduce", Message("the folder with the lists of names"))
        files = {file.stem: file for file in files_of(options.file) if file.stem in record["lists"]}
        return read_lists(files, allow_future=options.allow_future)
    if "waves_sha256" in record:
        return waves_of(options)
    if "as_of" in record and "answers" in record:
        from detcount.cli.stock import data_of

        return data_of(options)
    if "as_of" in record:
        options.stock = options.audit = None
        from detcount.cli.releases import reports_of

        return reports_of(options)
    named = record.get("lists")
    if options.lists is None and options.dataset is None and options.list is None:
        if not named:
            raise InputError(
                Message("--lists: expected the names of the lists, as the record of one estimate has none")
            )
        options.lists = [str(name) for name in named]
    if "groups" in record:
        if options.by is None:
            raise InputError(
                Message(
                    "--by: expected the columns of groups, as the record is of groups. Name them as they "
                    "were named then"
                )
            )
        options.by = options.by.split(",")
        return groups_of(options)
    return table_of(options)


def _folder(options: argparse.Namespace, record: Mapping[str, Any]) -> Gathered:
    """The data of the folder that a report of several jobs was made from."""
    from detcount.assessment.joint.folder import entries_in
    from detcount.assessment.joint.settings import Settings
    from detcount.assessment.joint.sources import gathered

    if options.file is None:
        raise none_given("reproduce", Message("the folder that the report was made from"))
    stated = record.get("files")
    there = {entry.name for entry in entries_in(Path(options.file))}
    rows = [row for row in stated if isinstance(row, dict)] if isinstance(stated, list) else []
    taken: dict[str, Any] = {str(row.get("file")): row.get("kind") or "nothing" for row in rows}
    take = {name: kind for name, kind in taken.items() if name in there}
    how = {name: getattr(options, name) for name in ("lists", "dayfirst", "allow_future")}
    asked = Settings(take=take, read=how | cells_of(options))
    return gathered(options.file, asked, int(record["seed"]))
