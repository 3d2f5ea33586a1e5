"""A language that nobody speaks, made from English as a folder of data: accents, length, plural forms."""

import string
from pathlib import Path

from babel.messages.pofile import read_po

from detcount.words.locale import folder_of

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
    with folder_of("es").joinpath("messages.po").open("rb") as catalogue:  # which has every template
        messages = [message for message in read_po(catalogue) if message.id]
    for message in messages:
        one, many = (message.id, None) if isinstance(message.id, str) else message.id
        entry = f"msgid {quoted(one)}\n"
        if many is None:
            entry += f"msgstr {quoted(accented(one))}\n"
        else:
            entry += f"msgid_plural {quoted(many)}\n"
            forms = [one, *[many] * 3]
            entry += "".join(
                f"msgstr[{k}] {quoted(accented(form, '¹²³⁴'[k]))}\n" for k, form in enumerate(forms)
            )
        entries.append(entry)
    (place / "messages.po").write_text("\n".join(entries), encoding="utf-8")
    return CODE
