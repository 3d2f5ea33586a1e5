"""``detcount link``: lists of names, who is who on them, and capture histories without any name."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detcount.cli.data import STANDARD, none_given
from detcount.cli.places import MARKS as NUMBERS_MARKS
from detcount.cli.places import check_each, disclosed, keep_key, key_of, write_answer
from detcount.cli.terminal import print_beside
from detcount.errors import InputError, NotEstimableError
from detcount.words import Message, translated

if TYPE_CHECKING:
    from detcount.linkage import Linkage


_KEY_SUFFIX = ".key"


def answer(options: argparse.Namespace) -> str:
    """Link the lists, write what was asked for, and say rows, persons, errors, the bound and abundance."""
    from detcount import linkage
    from detcount.linkage.files import PERSONS_MARKS, persons_text, public_words
    from detcount.linkage.result import ONE_RULE
    from detcount.reports.writing import write_report

    _check(options)
    key, new = _key(options)
    columns = columns_of(options.columns or ())
    sources = sources_of(options.files, options.sheet or ())
    how = {"allow_future": options.allow_future, "dayfirst": options.dayfirst}
    lists = linkage.read_lists(sources, columns, **how)
    linked = linkage.link(
        lists, seed=options.seed, decisions=options.decisions, key=key, engine=options.engine
    )
    if new:
        keep_key(key, _key_place(options), options.lang)
    if options.out is not None:
        linkage.write_histories(
            options.out, linked.table(), disclosure=options.disclosure, force=options.force
        )
        print_beside(
            Message("capture histories written to {file}", file=options.out).translated(options.lang)
        )
    if options.persons is not None:
        text = persons_text(linked.people())
        write_report(text, options.persons, force=options.force, marks=PERSONS_MARKS, private=True)
        print_beside(
            Message(
                "persons with days, as numbers, written to {file}; it shows who was held when to whoever "
                "knows the lists, so keep it where they are",
                file=options.persons,
            ).translated(options.lang)
        )
    _write_assessment(linked, options, key)
    if options.review is not None:
        n = linked.review(
            options.review,
            most=options.most,
            names=lists if options.with_names else None,
            force=options.force,
        )
        words = Message.counted(
            "1 pair to decide written to {file}",
            "{n:,} pairs to decide written to {file}",
            n=n,
            file=options.review,
        )
        print_beside(words.translated(options.lang))
    if options.disclosure == "full":
        lines: list[str] = [lists.sentence(), *lists.problem_notes(), linked.sentence()]
        lines += [*_abundance(linked, options), *linked.notes]
    else:
        for note in lists.notes:  # to who has the lists, and not into what may be passed on
            print_beside(note.translated(options.lang))
        otherwise = linked.other_rules
        n_persons = linked.least if otherwise else linked.n_persons
        lines = [public_words(n_persons, linked.lists, other_rules=otherwise)]
        lines += [ONE_RULE] if otherwise else []
    return "\n\n".join(translated(line, options.lang) for line in dict.fromkeys(lines))


def _write_assessment(linked: Linkage, options: argparse.Namespace, key: str | None) -> None:
    """Write how many there are in all, over drawn tables, as a page and as numbers."""
    if options.html is None and options.json is None:
        return
    from detcount.assessment import assess

    made = assess(linked, seed=options.seed, n_draws=options.draws)
    assessment = disclosed(made, options.disclosure or "public", key)
    asked = argparse.Namespace(**{**vars(options), "out": [], "csv": None, "figures": None, "quiet": False})
    write_answer(asked, assessment, assessment.to_frame)


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
    from detcount.contract import arguments
    from detcount.linkage.files import MARKS, PERSONS_MARKS, check_review
    from detcount.linkage.large import ENGINES
    from detcount.reports.formats import FORMATS
    from detcount.reports.writing import check_target

    arguments.language(options.lang)
    if options.engine is not None:
        arguments.one_of("--engine", options.engine, ENGINES)
    if not options.files:
        raise none_given("link", Message("files with lists of names"))
    arguments.whole_number("--most", options.most, least=1)
    if options.decisions is not None:
        os.stat(options.decisions)  # a review that is not there, before its secret is looked for
    read = [*named_files(options.files).values(), options.decisions]
    sources_of(options.files, options.sheet or ())
    written = ("out", "persons", "html", "json", "review")
    places = (*((name, getattr(options, name)) for name in written), ("key_file", _key_place(options)))
    check_each(places, read)
    marks = {"out": MARKS, "persons": PERSONS_MARKS, "html": FORMATS["html"].marks}
    marks["json"] = NUMBERS_MARKS["json"]
    for name, ours in marks.items():
        if getattr(options, name) not in (None, STANDARD):
            check_target(getattr(options, name), force=options.force, marks=ours)
    if options.review is not None:
        check_review(options.review, force=options.force)
    if options.with_names and options.review is None:
        raise InputError(
            Message("--with-names: expected --review beside it, the only file that may hold names")
        )


def named_files(files: Sequence[str]) -> dict[str, str]:
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


def sources_of(files: Sequence[str], sheets: Sequence[str]) -> dict[str, Any]:
    """Files by the name of their list, with the sheet of those of which one was named."""
    named: dict[str, Any] = dict(named_files(files))
    for word in sheets:
        name, equals, sheet = word.partition("=")
        if equals and name in named:
            named[name] = (named[name], sheet)
        elif not equals:
            named = {each: (path, word) if isinstance(path, str) else path for each, path in named.items()}
        else:
            raise InputError(
                Message(
                    "--sheet: expected NAME, or LIST=NAME with one of the lists {known!r:,}, got {name!r}",
                    name=name,
                    known=list(named),
                )
            )
    return named


def columns_of(words: Sequence[str]) -> dict[str, Any]:
    """Columns by role, of all lists or of one."""
    found: dict[str, Any] = {}
    for word in words:
        where, equals, column = word.partition("=")
        name, _, role = where.rpartition(":")
        if not equals or not role:
            raise InputError(
                Message("--columns: expected ROLE=COLUMN or LIST:ROLE=COLUMN, got {got!r}", got=word)
            )
        roles = found.setdefault(name, {}) if name else found
        roles[role] = [*roles.get(role, ()), *([column] if column else ())]
    return found


def _key_place(options: argparse.Namespace) -> str | None:
    """Where the secret of the digests stands; nowhere where nothing needs it."""
    if options.key_file is not None:
        return str(options.key_file)
    beside = options.decisions if options.decisions is not None else options.review
    return None if beside is None else f"{beside}{_KEY_SUFFIX}"


def _key(options: argparse.Namespace) -> tuple[str | None, bool]:
    """The secret of the digests, and whether it is new; decisions need that of their review."""
    place = _key_place(options)
    if place is not None and options.decisions is not None and not os.path.exists(place):
        raise InputError(
            Message(
                "--decisions: expected the secret of its review in {file}, which is not there. Name it as "
                "--key-file",
                file=Path(place).name,
            )
        )
    return key_of(place)
