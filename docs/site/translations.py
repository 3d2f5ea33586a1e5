"""How far the catalogue of a page covers it, and the note on a page that has changed since."""

from __future__ import annotations

import re
from collections.abc import Iterable

# Not in the sentences of a catalogue: blocks of code, comments, tags, settings of a page
CODE = re.compile(r"^ *```.*?^ *```$|^---\n.*?^---$|<!--.*?-->|<[^>]+>", re.M | re.S)
# Written in one way on the page and in another in its catalogue: links, marks of Markdown, line ends
MARKS = re.compile(r"\]\([^)]*\)|(?<=\[)(?:\.\./)?examples/|[\s>*`|\\#-]")
VERSION = re.compile(r'"Project-Id-Version: detcount (\d+\.\d+\.\d+)\\n"')
NEWER = (
    "> Esta página traduce la de la versión {version}. Lo que aparece en inglés es más reciente y aún no está"
    " traducido.\n"
)


def in_english_alone(page: str, sentences: Iterable[str]) -> str:
    """Find what is left of a page without the sentences that have a translation; only letters count."""
    left = MARKS.sub("", CODE.sub("", page))
    for each in sorted({MARKS.sub("", one) for one in sentences} - {""}, key=len, reverse=True):
        left = left.replace(each, "\n")
    return "\n".join(line for line in left.splitlines() if re.search(r"[^\W\d_]", line))


def version_of(catalogue: str) -> str:
    """Read of which version the page was when its translation was last complete."""
    found = VERSION.search(catalogue)
    return found[1] if found else "0.0.0"


def of_version(catalogue: str, version: str) -> str:
    """Write that version into the head of a catalogue."""
    return VERSION.sub(f'"Project-Id-Version: detcount {version}\\\\n"', catalogue)


def with_note(page: str, version: str) -> str:
    """Say below the first heading of a page that some of it is newer than its translation."""
    return re.sub(
        r"^(# .*\n)", lambda heading: f"{heading[1]}\n{NEWER.format(version=version)}", page, count=1
    )
