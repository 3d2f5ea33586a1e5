"""``detcount audit``: a random sample of a list to be checked, and what its answers mean."""

from __future__ import annotations

import argparse
from pathlib import Path

from detcount.cli.data import STANDARD, frame_of, none_given
from detcount.cli.places import check_each, check_places, table_text, write_answer
from detcount.cli.terminal import print_beside
from detcount.errors import InputError
from detcount.words import Message


def answer(options: argparse.Namespace) -> str:
    """Draw a sample to be checked, say how large it should be, or read the answers of one."""
    if options.file is None:
        raise none_given(options.command, Message("a file"))
    if options.width is not None:
        if options.sample is not None:
            raise InputError(
                Message(
                    "--sample, --width: expected one of them. --width says how many entries to check, "
                    "--sample draws them"
                )
            )
        return _size(options)
    if options.sample is not None:
        return _sample(options)
    check_places(options, (options.file,))
    from detcount.quality import AuditAnswers

    answers = AuditAnswers.from_frame(frame_of(options, options.file), name=_name(options.file))
    return write_answer(options, answers, answers.to_frame)


def _size(options: argparse.Namespace) -> str:
    """Compute how many entries to check for limits that are so far apart."""
    from detcount.quality.audits import audit_sample_size, probability_of_width

    entries = len(frame_of(options, options.file))
    width, share, file = options.width, options.share, Path(options.file).name
    n = audit_sample_size(width, share=share, entries=entries)
    probability = probability_of_width(entries, n, share, width)
    stated = Message(
        "Check {n:,} of the {entries:,} entries: if {share:.0%} do not belong, the limits are at most "
        "{width:.1%} apart (95%) in {probability:.0%} of such samples, and wider in the others. detcount "
        "audit {file} --sample {n} draws them",
        n=n,
        entries=entries,
        share=share,
        width=width,
        file=file,
        probability=probability,
    )
    return stated.translated(options.lang)


def _sample(options: argparse.Namespace) -> str:
    """Write a sample, which has names and is its owner's alone; answers are not written over."""
    from detcount.quality.samples import drawn_sample
    from detcount.reports.writing import write_report

    file, places = Path(options.file), options.out
    if not places and options.file != STANDARD:
        places = [str(file.with_name(f"{file.stem}-sample.csv"))]
    if len(places) != 1 or Path(places[0]).suffix.lower() != ".csv":
        raise InputError(
            Message("--sample: expected --out with the name of a .csv file beside it, for the sample")
        )
    place = Path(places[0])
    check_each([("out", str(place))], (options.file,))
    if place.exists() and not options.force:
        raise InputError(
            Message(
                "{file}: there is a sample already, which may hold answers. Give --out with another name, or "
                "--force to lose it",
                file=place.name,
            )
        )
    sample = drawn_sample(
        frame_of(options, options.file),
        options.sample,
        name=_name(options.file),
        status=options.status,
        left=options.left,
        seed=options.seed,
    )
    write_report(f"{table_text(sample)}\n", place, force=options.force, private=True)
    if not options.quiet:
        print_beside(
            Message(
                "{n:,} entries to check written to {file}, which has the names of the list: keep it where "
                "the list is. Write yes or no under belongs, and give it to detcount audit",
                n=options.sample,
                file=place.name,
            ).translated(options.lang)
        )
    return ""


def _name(file: str) -> str:
    """Name a list after its file."""
    return "list" if file == STANDARD else Path(file).stem
