"""``detcount audit``: a random sample of a list to be checked, and what its answers mean."""

from __future__ import annotations

import argparse
from pathlib import Path

from detcount.cli.data import STANDARD, frame_of, none_given
from detcount.cli.places import check_each, check_places, table_text, write_answer
from detcount.errors import InputError
from detcount.terminal import print_beside
from detcount.words import Message

_MARKS = ("belongs,list,row,drawn_from",)


def answer(options: argparse.Namespace) -> str:
    """Draw a sample to be checked, say how large it should be, or read the answers of one."""
    if options.file is None:
        raise none_given(options.command, Message("a file"))
    if options.width is not None:
        return _size(options)
    if options.sample is not None:
        return _sample(options)
    check_places(options, (options.file,))
    from detcount.quality import AuditAnswers
    from detcount.shown import together

    answers = AuditAnswers.from_frame(frame_of(options, options.file), name=_name(options.file))
    return write_answer(options, together([answers]), answers.to_frame, record=answers.record)


def _size(options: argparse.Namespace) -> str:
    """How many entries to check for limits that are so far apart."""
    from detcount.quality import audit_sample_size

    entries = len(frame_of(options, options.file))
    return Message(
        "Check {n:,} of the {entries:,} entries: if {share:.0%} do not belong, the limits are at most "
        "{width:.1%} apart (95%). detcount audit {file} --sample draws them",
        n=audit_sample_size(options.width, share=options.share, entries=entries),
        entries=entries,
        share=options.share,
        width=options.width,
        file=Path(options.file).name,
    ).say(options.lang)


def _sample(options: argparse.Namespace) -> str:
    """Write a sample, which has names and is its owner's alone."""
    from detcount.quality.samples import drawn_sample
    from detcount.reports.writing import check_target, write_report

    if len(options.out) != 1 or Path(options.out[0]).suffix.lower() != ".csv":
        raise InputError(
            Message("--sample: expected --out with the name of a .csv file beside it, for the sample")
        )
    (place,) = options.out
    check_each([("out", place)], (options.file,))
    check_target(place, force=options.force, marks=_MARKS)
    frame, name = frame_of(options, options.file), _name(options.file)
    sample = drawn_sample(
        frame, options.sample, name=name, status=options.status, left=options.left, seed=options.seed
    )
    write_report(f"{table_text(sample)}\n", place, force=options.force, marks=_MARKS, private=True)
    if not options.quiet:
        words = Message(
            "{n:,} entries to check written to {file}, which has the names of the list: keep it where the "
            "list is. Write yes or no under belongs, and give it to detcount audit",
            n=options.sample,
            file=Path(place).name,
        )
        print_beside(words.say(options.lang))
    return ""


def _name(file: str) -> str:
    """What a list is called: its file."""
    return "list" if file == STANDARD else Path(file).stem
