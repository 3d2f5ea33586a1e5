"""``detcount start``: a folder looked at, and what only a person can say of it in ``detcount.toml``."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detcount.cli.data import none_given
from detcount.cli.values import message
from detcount.terminal import print_beside
from detcount.words import Message, Messages, visible

if TYPE_CHECKING:
    from detcount.assessment.joint.settings import Settings

questions = Messages("detcount.assessment.joint")


def answer(options: argparse.Namespace) -> str:
    """Say what each file seems to be, ask what none of them says, and write it down."""
    from detcount import arguments
    from detcount.assessment.joint.settings import SETTINGS
    from detcount.assessment.joint.sources import files_of
    from detcount.assessment.joint.starting import started
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
        return "\n".join([*lines, message("settings stay", file=SETTINGS).translated(lang)])
    write_report(settings_text(found.settings, found.seems, lang), place, force=True, private=True)
    return "\n".join(
        [*lines, message("settings written", file=SETTINGS, folder=options.folder).translated(lang)]
    )


def settings_text(settings: Settings, seems: Mapping[str, Message], lang: str) -> str:
    """Write settings as TOML: what was said, and as comments what nobody has said yet.

    Parameters
    ----------
    settings : Settings
        What was said.
    seems : mapping of str to Message
        What each file, or list of names, seems to be.
    lang : str
        Language of the comments.

    Returns
    -------
    str
        The text of the file.
    """
    counted = {} if settings.definition is None else settings.definition.record()
    lines = [f"# {questions('settings head').translated(lang)}", "", "[counted]"]
    lines += [*_lines(counted, "counted", lang), "", "[read]", *_lines(settings.read, "read", lang)]
    aside = seems.keys() - settings.take.keys() - settings.names.keys()
    lines += ["", "[files]"] if settings.take or aside else []
    for name in sorted(aside):
        lines += _comment(Message("{name}: {what}", name=name, what=seems[name]), lang)
    for name, kind in settings.take.items():
        lines += [*_comment(seems.get(name), lang), f"{_value(name)} = {_value(kind)}"]
    for name, each in settings.names.items():
        lines += ["", f"[lists.{_value(name)}]", *_comment(seems.get(name), lang)]
        stated = {field.name: getattr(each, field.name) for field in fields(each)}
        lines += _lines(stated, "lists", lang)
    return "\n".join(lines) + "\n"


def _lines(stated: Mapping[str, Any], part: str, lang: str) -> Iterator[str]:
    """A line for each setting that was stated; for each other one a question, and a line to uncomment."""
    from detcount.assessment.joint.settings import asked_in

    asked = asked_in(part)
    known = {key: value for key, value in stated.items() if value not in (None, "", (), [], {})}
    yield from (f"{key} = {_value(value)}" for key, value in known.items())
    for key in [key for key in asked if key not in known]:
        if f"ask {key}" in questions:
            yield f"# {questions(f'ask {key}').translated(lang)}"
        yield f"# {key} = {asked[key]}"


def _comment(words: Message | None, lang: str) -> list[str]:
    """Words as a comment."""
    return [] if words is None else [f"# {visible(words.translated(lang))}"]


def _value(value: Any) -> str:
    """A value as TOML writes it; its texts are those of JSON."""
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{_value(str(key))} = {_value(each)}' for key, each in value.items())}}}"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, dt.date):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
