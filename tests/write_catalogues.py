"""Bring the catalogues up to date with the source: ``python3 dev.py words``.

Each language keeps its translations, in the order of the source and with the modules that say them. What the
library says no more is dropped; what is new is left empty, and named here. ``messages.pot`` is the same
without translations: what a new language begins with.
"""

import io
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

import detcount
from detcount.words.catalogue import is_neutral
from detcount.words.locale import locale_of
from templates import templates

LOCALES = Path(detcount.__file__).parent / "words" / "locales"
HEADER = """\
# {name}
#
# What is translated are the English templates of messages. What stands in braces is a value: it is kept as
# it is, with its format after the colon, as in {{n:,}}, in whatever order the language wants.

msgid ""
msgstr ""
"Project-Id-Version: detcount\\n"
"Language: {code}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural};\\n"

"""


def source() -> Catalog:
    """Every template of the source, with the modules that say it."""
    catalog = Catalog(charset="utf-8", fuzzy=False)
    for template in templates():
        if is_neutral(template.text):
            continue
        key = template.text if template.many is None else (template.text, template.many)
        module = template.where.split(",")[0]
        known = catalog.get(template.text)
        places = [] if known is None else known.locations
        if known is not None and template.many is not None and not known.pluralizable:
            raise SystemExit(f"{template.where}: {template.text!r} is counted here, and not elsewhere")
        if (module, None) not in places:
            catalog.add(key, locations=[(module, None)])  # type: ignore[list-item]
    return catalog


def text_of(catalog: Catalog, code: str, name: str) -> str:
    """A catalogue as a file, the same whoever writes it and when."""
    stream = io.BytesIO()
    write_po(stream, catalog, width=110, include_lineno=False, omit_header=True)
    plural = f"nplurals={catalog.num_plurals}; plural={catalog.plural_expr.strip('()')}"
    return HEADER.format(code=code, name=name, plural=plural) + stream.getvalue().decode("utf-8").lstrip("\n")


def renewed(text: str, code: str) -> tuple[str, list[str]]:
    """A language's file with what the source says now, and the templates that it lacks."""
    old, new = read_po(io.StringIO(text)), source()
    new._num_plurals, new._plural_expr = old.num_plurals, old.plural_expr
    missing = []
    for message in new:
        one = message.id if isinstance(message.id, str) else message.id[0]
        known = old.get(one) if one else None
        if known is not None and type(known.id) is type(message.id):
            message.string, message.user_comments = known.string, known.user_comments
        forms = (message.string,) if isinstance(message.string, str) else message.string
        if one and not (forms and all(forms)):
            missing.append(one)
    return text_of(new, code, locale_of(code).name), missing


def files() -> dict[Path, str]:
    """The catalogues as they should be, by file."""
    made = {LOCALES / "messages.pot": text_of(source(), "", "A new language")}
    for path in sorted(LOCALES.glob("*/messages.po")):
        code = path.parent.name
        made[path], missing = renewed(path.read_text(encoding="utf-8"), code)
        for template in missing:
            sys.stderr.write(f"{code}: not translated yet: {template}\n")
    return made


if __name__ == "__main__":
    for path, text in files().items():
        path.write_text(text, encoding="utf-8")
