"""A language that nobody speaks, made from English as a folder of data: accents, length, plural forms."""

import string
from pathlib import Path

from detcount.words.catalogue import is_neutral
from templates import templates

CODE = "en-XA"
PLAIN = string.ascii_letters
ACCENTED = "áƀçðéƒĝĥíĵķļɱñóþǫŕšţúṽŵẋýžÁƁÇÐÉƑĜĤÍĴĶĻṀÑÓÞǪŔŠŢÚṼŴẊÝŽ"
ACCENTS = str.maketrans(PLAIN, ACCENTED)
LONGER = 0.4
FORMS = "nplurals=4; plural=(n == 1 ? 0 : n == 2 ? 1 : n < 5 ? 2 : 3)"
RULES = """\
name = "Ƥšéúðó"
parent = "en"

[days]
months = [{months}]
months_short = [{months}]
day = "{{day}}. {{month}} {{year}}"
short = "{{day}}. {{month}} {{year}}"

[lists]
and = [{{ before = "", word = "àñð" }}]
or = [{{ before = "", word = "òŕ" }}]
with = [{{ before = "", word = "ŵíţĥ" }}]
"""


def accented(template: str, mark: str = "") -> str:
    """The words of a template with accents and longer by two fifths; what stands in braces is kept."""
    made, length = [], 0
    for words, name, spec, conversion in string.Formatter().parse(template):
        made.append(words.translate(ACCENTS).replace("{", "{{").replace("}", "}}"))
        length += len(words)
        if name is not None:
            made.append(f"{{{name}{'!' + conversion if conversion else ''}{':' + spec if spec else ''}}}")
    return "".join(made) + mark + "ø" * round(LONGER * length)


def quoted(text: str) -> str:
    """A text as catalogues write it."""
    for sign, escape in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\t", "\\t")):
        text = text.replace(sign, escape)
    return f'"{text}"'


def write_locale(folder: Path) -> str:
    """Write the language into a folder of its own below this one; give its code."""
    place = folder / CODE
    place.mkdir()
    months = ", ".join(f'"ɱ{k}"' for k in range(1, 13))
    (place / "locale.toml").write_text(RULES.format(months=months), encoding="utf-8")
    entries = [f'msgid ""\nmsgstr "Plural-Forms: {FORMS};\\n"\n']
    written = set()
    for template in templates():
        if is_neutral(template.text) or template.text in written:
            continue
        written.add(template.text)
        entry = f"msgid {quoted(template.text)}\n"
        if template.many is None:
            entry += f"msgstr {quoted(accented(template.text))}\n"
        else:
            entry += f"msgid_plural {quoted(template.many)}\n"
            forms = [template.text, *[template.many] * 3]
            entry += "".join(
                f"msgstr[{k}] {quoted(accented(form, '¹²³⁴'[k]))}\n" for k, form in enumerate(forms)
            )
        entries.append(entry)
    (place / "messages.po").write_text("\n".join(entries), encoding="utf-8")
    return CODE
