"""``detcount link``: lists of names, who is who on them, and capture histories without any name."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

from detcount.cli.faults import tell
from detcount.cli.options import add_language
from detcount.cli.values import Choice, Files, Whole, flag
from detcount.errors import InputError, NotEstimableError
from detcount.words import Message, said

if TYPE_CHECKING:
    from detcount.linkage import Linkage

__all__ = ["add_linkage", "answer"]

_KEY_SUFFIX = ".key"


def add_linkage(command: argparse.ArgumentParser) -> None:
    """Lists of names, and what is written of who is who on them."""
    command.add_argument(
        "files",
        nargs="*",
        action=Files,
        metavar=Message("FILE"),
        help=Message(
            "CSV, Excel or Parquet file with a list of names; NAME=FILE gives the list another name"
        ),
    )
    group = command.add_argument_group(Message("linkage"))
    group.add_argument(
        "--out",
        action=Files,
        metavar=Message("OUT"),
        help=Message("write capture histories, with their persons, to this file"),
    )
    group.add_argument(
        "--disclosure",
        action=Choice,
        const=("public", "full"),
        metavar="{public,full}",
        help=Message("what is printed of the lists: tens and no small count, or every number; public"),
    )
    group.add_argument(
        "--review",
        action=Files,
        metavar=Message("OUT"),
        help=Message("write the pairs whose answer would move the number most to this workbook"),
    )
    group.add_argument(
        "--with-names",
        action="store_true",
        help=Message("write names and documents into --review too; it is then as secret as the lists"),
    )
    group.add_argument("--most", action=Whole, default=100, metavar="N", help=Message("pairs to write; 100"))
    group.add_argument(
        "--decisions",
        action=Files,
        metavar=Message("FILE"),
        help=Message("a review in which somebody wrote what the pairs are"),
    )
    group.add_argument(
        "--key-file",
        action=Files,
        metavar=Message("FILE"),
        help=Message("file with the secret of the digests in a review; made beside it where there is none"),
    )
    group.add_argument("--draws", action=Whole, default=100, metavar="N", help=Message("tables to draw; 100"))
    group.add_argument(
        "--engine",
        metavar=Message("ENGINE"),
        help=Message("duckdb or spark, to choose the pairs that are compared there at any number of rows"),
    )
    group = command.add_argument_group(Message("answer"))
    add_language(group)
    group.add_argument(
        "--force", action="store_true", help=Message("write over files of those names that are there")
    )
    group.add_argument(
        "--seed",
        action=Whole,
        default=0,
        metavar=Message("INTEGER"),
        help=Message("seed of the random numbers; 0"),
    )


def answer(options: argparse.Namespace) -> str:
    """Link the lists, write what was asked for, and say rows, persons, errors, the bound and abundance."""
    from detcount import linkage
    from detcount.linkage.histories import public_words

    _check(options)
    files = _named(options.files)
    key = _key(options)
    lists = linkage.read_lists(files)
    linked = linkage.link(
        lists, seed=options.seed, decisions=options.decisions, key=key, engine=options.engine
    )
    if options.out is not None:
        linkage.write_histories(
            options.out, linked.table(), disclosure=options.disclosure, force=options.force
        )
        tell(Message("capture histories written to {file}", file=options.out).say(options.lang))
    if options.review is not None:
        n = linked.review(options.review, most=options.most, names=lists if options.with_names else None)
        words = Message.counted(
            "1 pair to decide written to {file}",
            "{n:,} pairs to decide written to {file}",
            n=n,
            file=options.review,
        )
        tell(words.say(options.lang))
    if options.disclosure == "full":
        lines = [lists.sentence(), linked.sentence(), *_abundance(linked, options), *linked.notes]
    else:
        lines = [public_words(linked.n_persons, linked.lists)]
    return "\n\n".join(said(line, options.lang) for line in dict.fromkeys(lines))


def _abundance(linked: Linkage, options: argparse.Namespace) -> list[Message]:
    """The estimate over drawn tables, and how much of its width is linkage; nothing for one list."""
    if len(linked.lists) < 2:
        return []
    from detcount import linkage, pooling

    estimator = linkage.default_estimator(len(linked.lists))
    name = type(estimator).__name__
    try:
        linked.persons_interval()  # without limits of who is who there are none of all persons
        pooled = pooling.pool(estimator, linked.tables(options.draws, seed=options.seed), seed=options.seed)
    except NotEstimableError as error:
        return [
            Message(
                "No estimate of all persons by {estimator}: {reason}.", estimator=name, reason=error.reason
            )
        ]
    limits = pooled.interval(0.95)
    return [
        Message(
            "Over {draws:,} draws of who is who {estimator} estimates {point:,.0f} persons in all, "
            "{low:,.0f} to {high:,.0f} with 95% confidence if the lists are independent; {share:.0%} of the "
            "variance is due to the links.",
            draws=options.draws,
            estimator=name,
            point=pooled.point,
            low=limits.low,
            high=limits.high,
            share=getattr(pooled.detail, "share_between", 0.0),
        )
    ]


def _check(options: argparse.Namespace) -> None:
    """Refuse what cannot be written before minutes are spent."""
    from detcount import arguments
    from detcount.linkage.large import ENGINES
    from detcount.reports.writing import check_target

    arguments.language(options.lang)
    if options.engine is not None:
        arguments.one_of("--engine", options.engine, ENGINES)
    if not options.files:
        raise InputError(
            Message(
                "{command}: expected files with lists of names, got none. See {help}",
                command="link",
                help="detcount link --help",
            )
        )
    read = {os.path.realpath(path) for path in _named(options.files).values()}
    if options.decisions is not None:
        os.stat(options.decisions)  # a review that is not there, before its secret is looked for
        read.add(os.path.realpath(options.decisions))
    for name in ("out", "review"):
        place = getattr(options, name)
        if place is None:
            continue
        if os.path.realpath(place) in read:
            raise InputError(
                Message(
                    "{option}: expected another file than the one with the data, got the same. Choose "
                    "another name",
                    option=flag(name),
                )
            )
        check_target(place, force=options.force, marks=())
    if options.with_names and options.review is None:
        raise InputError(
            Message("--with-names: expected --review beside it, the only file that may hold names")
        )


def _named(files: list[str]) -> dict[str, str]:
    """Files by the name of their list."""
    named: dict[str, str] = {}
    for word in files:
        name, equals, path = word.partition("=")
        if not equals or os.path.exists(word):
            name, path = Path(word).stem, word
        if name in named:
            raise InputError(
                Message(
                    "link: two files give the list the name {name!r}. Write NAME=FILE for one of them",
                    name=name,
                )
            )
        named[name] = path
    return named


def _key(options: argparse.Namespace) -> str | None:
    """The secret of the digests; it is made where a review is written and there is none."""
    place = options.key_file
    if place is None:
        beside = options.decisions if options.decisions is not None else options.review
        if beside is None:
            return None
        place = f"{beside}{_KEY_SUFFIX}"
    path = Path(place)
    if path.exists():
        return path.read_text(encoding="utf-8").strip()
    if options.decisions is not None:
        raise InputError(
            Message(
                "--decisions: expected the secret of its review in {file}, which is not there. Name it as "
                "--key-file",
                file=path.name,
            )
        )
    from detcount.privacy import new_digest_key

    key = new_digest_key()
    private = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(private, "w", encoding="utf-8") as stream:
        stream.write(f"{key}\n")
    words = Message("secret of the digests written to {file}; keep it where the lists are", file=path.name)
    tell(words.say(options.lang))
    return key
