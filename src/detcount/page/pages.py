"""The pages as text: templates, words of ``words.json``, and a policy that allows their own style only."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from detcount.page.protocol import Limits
from detcount.words import Message, languages, locale_of

if TYPE_CHECKING:
    from jinja2 import Environment

_STATED = {
    place: {name: Message(text) for name, text in known.items()}
    for place, known in json.loads(
        (files("detcount.page") / "words.json").read_text(encoding="utf-8")
    ).items()
}
FIELDS = _STATED["field"]
"""The fields of the forms, as messages name them."""
STAGES = _STATED["stages"]
"""What is being done on a file."""
_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)


def rendered(name: str, lang: str, limits: Limits, values: Mapping[str, Any]) -> str:
    """Set a page.

    Parameters
    ----------
    name : str
        Its template.
    lang : str
        Code of the language.
    limits : Limits
        The limits that it states.
    values : mapping of str to object
        What stands in it besides words.

    Returns
    -------
    str
        The page.
    """
    return (
        _environment()
        .get_template(name)
        .render(
            lang=lang,
            **{place: _in(known, lang) for place, known in _STATED.items()},
            w=_in(_STATED["pages"] | _limits_words(limits), lang),
            languages=[(code, locale_of(code).name) for code in languages()],
            style=style(),
            **{"in_browser": False, **values},
        )
    )


def _in(words: Mapping[str, Message], lang: str) -> dict[str, str]:
    """Words in a language."""
    return {key: each.translated(lang) for key, each in words.items()}


def _limits_words(limits: Limits) -> dict[str, Message]:
    """The words that have a limit in them."""
    return {
        "file_hint": Message(
            "CSV, Excel, Word, HTML or JSON, up to {most} MB. You can also drop it on this field.",
            most=limits.file_bytes >> 20,
        ),
        "stays_forgets": Message(
            "File and report are forgotten after {minutes} minutes without use, or when you say so.",
            minutes=round(limits.unseen / 60),
        ),
    }


def with_bar(report: str, bar: str) -> str:
    """Put a bar above a report, with its style; files to download have none."""
    head, body = report.split("</style>", 1)
    before, after = body.split("<main>", 1)
    return f'{head}{_file("bar.css")}</style>{before}{bar}\n<main id="report">{after}'


def policy(page: str) -> str:
    """Give the policy of a page: shown in its own style, its forms sent back here."""
    hashes = [
        base64.b64encode(hashlib.sha256(style.encode()).digest()).decode() for style in _STYLE.findall(page)
    ]
    styles = " ".join(f"'sha256-{each}'" for each in hashes) or "'none'"
    return (
        f"default-src 'none'; style-src {styles}; img-src data:; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )


@cache
def _environment() -> Environment:
    """Where templates come from; values in them are escaped, and an unknown name is an error."""
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    return Environment(
        loader=FunctionLoader(_file),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def style() -> str:
    """The style of reports, and what forms need besides."""
    report = files("detcount.reports.render").joinpath("page.css").read_text(encoding="utf-8")
    return f"{report}{_file('bar.css')}{_file('forms.css')}"


@cache
def _file(name: str) -> str:
    """A template, or a style."""
    return files("detcount.page").joinpath("templates", name).read_text(encoding="utf-8")
