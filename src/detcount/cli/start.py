"""``detcount start``: a folder looked at, and what only a person can say of it in ``detcount.toml``."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detcount.cli.data import none_given
from detcount.cli.terminal import print_beside
from detcount.words import Message, visible

if TYPE_CHECKING:
    from detcount.assessment.joint.starting import Started

_OPEN = '"..."'  # an answer that is asked for
_OF_WAVES = ("released_counts", "list_is_fresh")
_SIGNS = re.compile(r"^\s*#|[\"'\s]")
_PART = re.compile(r"\s*(\[[^\[\]=,]+\])\s*(#.*)?$")  # the name of a part of the settings
# a comment, unless it stands in a text
_TEXT_OR_COMMENT = re.compile(
    r'"""(?:\\.|[^\\])*?"""|\'\'\'.*?\'\'\'|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'|(#[^\n]*)', re.S
)


def answer(options: argparse.Namespace) -> str:
    """Say what each file seems to be, ask what none of them says, and write it down."""
    from detcount.assessment.joint.folder import files_of
    from detcount.assessment.joint.settings import SETTINGS
    from detcount.assessment.joint.starting import started
    from detcount.contract import arguments
    from detcount.reports.writing import write_report

    if options.folder is None:
        raise none_given("start", Message("a folder"))
    lang = arguments.language(options.lang)
    files_of(options.folder)  # refuses what is no folder
    place = Path(options.folder) / SETTINGS
    stays = place.exists() and not options.force

    def ask(question: Message) -> str:
        print_beside(question.translated(lang))
        return sys.stdin.readline()

    found = started(Path(options.folder), ask if sys.stdin.isatty() and not stays else None)
    lines = [f"{name}: {words.translated(lang)}" for name, words in found.seems.items()]
    if stays:
        return "\n".join(
            [
                *lines,
                Message(
                    "{file} stays as it is. --force writes it anew, with the answers that it has.",
                    file=SETTINGS,
                ).translated(lang),
            ]
        )
    text = settings_text(found, lang)
    if place.exists():
        text = with_comments(text, place.read_text(encoding="utf-8-sig"))
    write_report(text, place, force=True, private=True)
    return "\n".join(
        [
            *lines,
            Message(
                "written: {file}. Answer in it what only you know, then: detcount report {folder}",
                file=SETTINGS,
                folder=options.folder,
            ).translated(lang),
        ]
    )


def settings_text(found: Started, lang: str) -> str:
    """Write settings as TOML: what was said, and as comments what nobody has said yet.

    Parameters
    ----------
    found : Started
        What was said, and what each file, or list of names, seems to be.
    lang : str
        Language of the comments.

    Returns
    -------
    str
        The text of the file. Lines that begin with ``#:`` say what was seen.
    """
    from detcount.assessment.joint.settings import OF_FILES

    settings, seems = found.settings, found.seems
    counted = {} if settings.definition is None else settings.definition.record()
    about = Message(
        "What detcount cannot see in the files of this folder. Lines that begin with #: are written anew by "
        "detcount start --force, and your own comments stay. A line that begins with # and a word is a "
        "question: take the # away, and write the answer."
    )
    lines = [
        f"#: {about.translated(lang)}",
        "",
        "[counted]",
    ]
    unasked = () if "waves" in settings.take.values() else _OF_WAVES
    lines += [*_lines(counted, "counted", lang), "", "[read]", *_lines(settings.read, "read", lang, unasked)]
    if settings.sample or len(settings.names) > 1 or "lists" in settings.take.values():
        lines += ["", "[sample]", *_lines(settings.sample, "sample", lang)]
    aside = seems.keys() - settings.take.keys() - settings.names.keys()
    lines += ["", "[files]"] if settings.take or aside else []
    lines += (
        _comment(Message("What is this file? Write one of {kinds:,}.", kinds=OF_FILES), lang)
        if found.unclear
        else []
    )
    for name in sorted(aside):
        lines += _comment(Message("{name}: {what}", name=name, what=seems[name]), lang)
        lines += [f"# {_value(name)} = {_OPEN}"] if name in found.unclear else []
    for name, kind in settings.take.items():
        lines += [*_comment(seems.get(name), lang), f"{_value(name)} = {_value(kind)}"]
    for name, each in settings.names.items():
        lines += ["", f"[lists.{_value(name)}]", *_comment(seems.get(name), lang)]
        stated = {field.name: getattr(each, field.name) for field in fields(each)}
        lines += _lines(stated, "lists", lang)
    return "\n".join(lines) + "\n"


def with_comments(text: str, before: str) -> str:
    """Put the comments that somebody wrote into settings that are written anew, each above its line.

    Parameters
    ----------
    text : str
        The settings.
    before : str
        What stood in the file.

    Returns
    -------
    str
        The settings with the comments; those of lines that are gone stand at the end.
    """
    own: dict[tuple[str, str], list[str]] = {}
    lines = before.split("\n")
    for found in _TEXT_OR_COMMENT.finditer(before):
        comment = (found[1] or "").rstrip()
        if comment and not _is_ours(comment):
            at = before.count("\n", 0, found.start())
            below = next((k for k in range(at, len(lines)) if _is_setting(lines[k])), None)
            place = ("", "") if below is None else _place(lines, below)
            own.setdefault(place, []).append(comment)
    made: list[str] = []
    lines = text.split("\n")[:-1]
    for k, line in enumerate(lines):
        made += [*(own.pop(_place(lines, k), ()) if _is_setting(line) else ()), line]
    return "\n".join([*made, *chain(*own.values())]) + "\n"


def _is_ours(comment: str) -> bool:
    """Check whether a comment was written by this command: what was seen, a question, or an example."""
    from detcount.assessment.joint.settings import asked_in

    parts = ("counted", "read", "sample", "lists")
    asked = {f"# {key} = {each}" for part in parts for key, each in asked_in(part).items()}
    return comment.startswith("#:") or comment in asked or comment.endswith(f" = {_OPEN}")


def _is_setting(line: str) -> bool:
    """Check whether a line says something, or is an example of what could be said."""
    written = line.strip()
    return bool(written) and (written[0] != "#" or (_is_ours(written) and not written.startswith("#:")))


def _place(lines: Sequence[str], at: int) -> tuple[str, str]:
    """In which part a line stands, and what it is about; quotation marks make no difference."""
    parts = [found[1] for line in lines[: at + 1] if (found := _PART.match(line))]
    key = "" if _PART.match(lines[at]) else lines[at].partition("=")[0]
    return _SIGNS.sub("", parts[-1] if parts else ""), _SIGNS.sub("", key)


def _lines(stated: Mapping[str, Any], part: str, lang: str, unasked: Sequence[str] = ()) -> Iterator[str]:
    """A line for each setting that was stated; for each other one a question, and a line to uncomment."""
    from detcount.assessment.joint.settings import QUESTIONS, asked_in

    asked = asked_in(part)
    known = {key: value for key, value in stated.items() if value not in (None, "", (), [], {})}
    yield from (f"{key} = {_value(value)}" for key, value in known.items())
    for key in [key for key in asked if key not in known and key not in unasked]:
        if key in QUESTIONS:
            yield f"#: {QUESTIONS[key].translated(lang)}"
        yield f"# {key} = {asked[key]}"


def _comment(words: Message | None, lang: str) -> list[str]:
    """Words as a comment."""
    return [] if words is None else [f"#: {visible(words.translated(lang))}"]


def _value(value: Any) -> str:
    """A value as TOML writes it; its texts are those of JSON."""
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{_value(str(key))} = {_value(each)}' for key, each in value.items())}}}"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, dt.date):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
