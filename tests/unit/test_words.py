"""Messages: English text, other languages, values never touched; numbers, days and lists by language."""

import ast
import copy
import datetime as dt
import io
import pickle
import re
from functools import cache
from gettext import c2py
from pathlib import Path
from string import Formatter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases import tables
from detcount.words import Message, day, fields, join, languages, number, quoted, translated, translation
from detcount.words.catalogue import catalogue, is_neutral, read_po
from detcount.words.locale import FOLDERS, folder_of, locale_of
from house import calls
from house import nodes as all_nodes
from templates import (
    choices,
    for_scripts,
    in_words,
    is_message,
    modules,
    raised,
    templates,
)

TABLES = tables("words")

DAY = dt.date(2026, 1, 12)
ROOT = Path(__file__).parents[2]
LANGUAGES = ("en", "es")
OTHERS = [lang for lang in languages() if lang != "en"]


def test_a_message_is_its_english_text():
    note = Message("takes at most {most} lists, got {found}", most=1200, found=np.int64(3))
    assert isinstance(note, str)
    assert note == "takes at most 1200 lists, got 3"
    assert {note} == {"takes at most 1200 lists, got 3"}
    assert type(str(note)) is str
    assert (note.template, dict(note.values)) == (
        "takes at most {most} lists, got {found}",
        {"most": 1200, "found": 3},
    )
    assert type(note.values["found"]) is int
    assert note.translated("es") == "admite como máximo 1200 listas y hay 3"


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda note: pickle.loads(pickle.dumps(note))])
def test_a_message_survives_copies_and_pickles(again):
    inner = Message("list {name!r} names nobody", name="people with visas")
    note = Message.together([inner, Message("Leave it out.")])
    other = again(note)
    assert type(other) is Message
    assert (other, other.template, dict(other.values)) == (note, note.template, dict(note.values))
    assert other.translated("es") == "la lista 'people with visas' no incluye a nadie Déjela fuera."


def test_values_are_said_in_the_language():
    class Both:
        def translated(self, lang):
            return {"en": "the press", "es": "la prensa"}[lang]

    values = {
        "n": 12_345_678,
        "few": 4321.0,
        "share": 0.125,
        "p": 1234.5,
        "day": DAY,
        "who": Both(),
        "names": ["press", "Iglesia y Ley"],
        "modes": (4321, 54321.4),
        "either": ("press", "other, or another"),
        "code": "a and 2,000",
    }
    template = (
        "{n:,} {few:,.0f} {share:.1%} {p:,.2f} {day} ({day:no year}; {day:short}; {day:short year}) {who} "
        "{names!r} {modes:|,.0f} {either:or} {either:;} {code}"
    )
    note = Message(template, **values)
    assert note == (
        "12,345,678 4,321 12.5% 1,234.50 12 January 2026 (12 January; 12 Jan; 12 Jan 2026) the press "
        "'press' and 'Iglesia y Ley' 4,321 and 54,321 press or other, or another press; other, or another "
        "a and 2,000"
    )
    assert note.translated("es") == (
        "12\u00a0345\u00a0678 4\u00a0321 12,5\u00a0% 1\u00a0234,50 12 de enero de 2026 (12 de enero; 12 ene; "
        "12 ene 2026) la prensa 'press' e 'Iglesia y Ley' 4\u00a0321 y 54\u00a0321 press u other, or another "
        "press; other, or another a and 2,000"
    )


@pytest.mark.parametrize(("template", "fault"), TABLES["a_template_is_kept_simple"])
def test_a_template_is_kept_simple(template, fault):
    with pytest.raises(ValueError, match=fault):
        Message(template, name="press", names=["press", "court"])


def test_words_where_there_is_no_spanish():
    assert Message("nobody has done {this}", this="2,000").translated("es") == "nobody has done 2,000"
    assert translated("a and b", "es") == "a and b"
    assert translated(Message("Leave it out."), "es") == "Déjela fuera."
    assert translation("{name}: {n:,}", "es") == "{name}: {n:,}"
    assert not is_neutral("{name} lists")


@pytest.mark.parametrize(("value", "spec", "english", "spanish"), TABLES["numbers"])
def test_numbers(value, spec, english, spanish):
    assert number(value, spec, "en") == english
    assert number(value, spec, "es") == spanish


@pytest.mark.parametrize(("last", "joint", "word"), TABLES["lists_in_spanish"])
def test_lists_in_spanish(last, joint, word):
    assert join(["a", "b", last], "es", joint) == f"a, b {word} {last}"


def test_lists():
    assert [join([], lang) for lang in LANGUAGES] == ["", ""]
    assert join(["a", "b"], "en") == "a and b"
    assert join(["a", "b", "c"], "en", "or") == "a, b or c"
    assert [join(["a", "b"], "es", joint) for joint in (",", ";", "+")] == ["a, b", "a; b", "a + b"]
    assert [join(["a", "b", "c"], lang, "with") for lang in LANGUAGES] == ["a with b with c", "a con b con c"]


def test_days_do_not_follow_the_locale_of_the_process():
    import locale

    before = locale.setlocale(locale.LC_TIME)
    for name in ("es_ES.UTF-8", "C.UTF-8", "C"):
        try:
            locale.setlocale(locale.LC_TIME, name)
        except locale.Error:
            continue
        assert day(DAY, "en") == "12 January 2026"
    locale.setlocale(locale.LC_TIME, before)
    months = [day(dt.date(2026, month, 1), "en", year=False) for month in range(1, 13)]
    assert len(set(months)) == 12


@settings(max_examples=20)
@given(name=st.text())
def test_any_name_comes_back(name):
    assert ast.literal_eval(quoted(name)) == name
    for lang in LANGUAGES:
        assert name in Message("The model chosen, {model}, has {n:,} terms", model=name, n=12_345).translated(
            lang
        )
        assert quoted(name) in Message("Leave it out: table.drop({name!r}).", name=name).translated(lang)


@pytest.mark.parametrize("lang", OTHERS)
def test_every_template_is_in_every_catalogue(lang):
    known = catalogue(lang).forms
    assert sorted(in_words() - known.keys()) == [], "say these in the catalogue"
    assert sorted(known.keys() - in_words()) == [], "the library writes these no more"


@cache
def many():
    """The English templates for many, by those for one; gathering tests does not wait for them."""
    return {found.text: found.many for found in templates() if found.many is not None}


@pytest.mark.parametrize("lang", OTHERS)
def test_what_is_counted_has_every_plural_form(lang):
    known = catalogue(lang)
    n_forms = 1 + max(known.form_of(n) for n in range(2000))
    assert [text for text in many() if len(known.forms[text]) != n_forms] == []
    assert [text for text, forms in known.forms.items() if len(forms) > 1 and text not in many()] == []


@pytest.mark.parametrize("lang", OTHERS)
def test_translations_have_the_fields_of_their_templates(lang):
    def gaps(template):
        return {
            (name, spec or "", conversion or "")
            for _, name, spec, conversion in Formatter().parse(template)
            if name is not None
        }

    assert {
        english: gaps(english) ^ gaps(words)
        for english, forms in catalogue(lang).forms.items()
        for words in forms
        if gaps(english) != gaps(words) and not (len(forms) > 1 and gaps(words) <= gaps(many()[english]))
    } == {}


# Sentences whose Spanish has its values in another order; elsewhere two of them may have been swapped.
REORDERED = {
    ("least", "names"): ("names", "least"),
    ("n", "how", "criterion", "lists", "order"): ("criterion", "n", "how", "lists", "order"),
    ("n", "how", "criterion", "lists", "order", "left_out"): (
        *("criterion", "n", "how", "lists", "order", "left_out"),
    ),
    ("announced", "monitor"): ("monitor", "announced"),
}


@pytest.mark.parametrize("lang", OTHERS)
def test_values_stand_in_the_order_of_the_english(lang):
    def order(template):
        return tuple(name for _, name, _, _ in Formatter().parse(template) if name is not None)

    assert [
        english
        for english, forms in catalogue(lang).forms.items()
        for words in forms
        if order(words)
        not in (order(english), order(many().get(english, english)), REORDERED.get(order(english)))
    ] == []


def test_messages_are_given_the_values_their_templates_ask_for_and_no_others():
    found = []
    for module, tree in modules().items():
        for node in calls(tree):
            texts = [each.value for each in node.args if isinstance(each, ast.Constant)]
            named = {keyword.arg for keyword in node.keywords} - {"by"}
            if not is_message(node) or not texts or None in named:
                continue
            counted = (
                {"n"} if len(texts) == 2 and not {"by"} & {word.arg for word in node.keywords} else set()
            )
            if frozenset(counted).union(*map(fields, texts)) != named | counted:
                found.append((f"{module}, line {node.lineno}", sorted(named)))
    assert found == []


def test_every_template_stands_where_babel_finds_it():
    gathered = {text for each in templates() for text in (each.text, each.many)}
    assert [
        (f"{module}, line {node.lineno}", each.value)
        for module, tree in modules().items()
        for node in calls(tree)
        if is_message(node) or ast.unparse(node.func) == "N_"
        for each in node.args
        for each in ast.walk(each)
        if isinstance(each, ast.Constant) and isinstance(each.value, str)
        if not is_neutral(each.value) and each.value not in gathered
    ] == []


def plain(node):
    return isinstance(node, ast.JoinedStr | ast.BinOp) or isinstance(getattr(node, "value", None), str)


def test_errors_say_messages():
    assert [
        (error.where, name)
        for error in raised()
        for name, said_here in error.says.items()
        if any(plain(node) for node in choices(said_here))
    ] == []


# Where errors are of our own code, or of Python: nobody meets them by the data or the arguments they give.
OF_DEVELOPERS = re.compile(r"_numerics/|words/|estimates/|.*AttributeError|.*ArgumentTypeError")


def test_every_error_and_warning_is_a_message():
    made = [
        (f"{module}, line {node.lineno}: {ast.unparse(node.func)}", node.args[0])
        for module, tree in modules().items()
        for node in calls(tree)
        if node.args and ast.unparse(node.func).endswith(("Error", "Warning"))
    ]
    assert len(made) > 300
    assert [
        where
        for where, words in made
        if not OF_DEVELOPERS.match(where)
        and any(plain(node) and " " in ast.unparse(node) for node in choices(words))
    ] == []


# Calls, attributes, options and names of classes: what belongs into a script and not into a newspaper.
CODE = re.compile(r"\w\([^s)]|\w\(\)|\w\.\w+\(|\btable\.\w|\w=\S|`|\b[A-Z]+[a-z]+[A-Z]\w*|\w_\w")
NOT_CODE = re.compile(r"\{[^}]*\}|BCa|Beta\(")  # fields, and what statisticians write


def test_only_remedies_for_scripts_name_code():
    assert sorted(text for text in in_words() - for_scripts() if CODE.search(NOT_CODE.sub("", text))) == []


@pytest.mark.parametrize("lang", sorted({locale_of(lang).lineage[-1] for lang in OTHERS}))
def test_catalogues_are_read_as_babel_reads_them(lang):
    from babel.messages.pofile import read_po as by_babel

    text = folder_of(lang).joinpath("messages.po").read_text(encoding="utf-8")
    theirs = by_babel(io.StringIO(text), abort_invalid=True)
    read = {}
    for message in theirs:
        one = message.id if isinstance(message.id, str) else message.id[0]
        forms = (message.string,) if isinstance(message.string, str) else tuple(message.string)
        if one and all(forms):
            read[one] = forms
    assert {one: forms for one, forms in read_po(text).items() if one} == read
    assert len(read) > 500
    assert theirs.num_plurals == 1 + max(catalogue(lang).form_of(n) for n in range(2000))
    gettext_rule = c2py(theirs.plural_expr)
    assert all(gettext_rule(n) == catalogue(lang).form_of(n) for n in range(300))


@pytest.mark.parametrize(("text", "fault"), TABLES["a_catalogue_that_cannot_be_read_says_where"])
def test_a_catalogue_that_cannot_be_read_says_where(text, fault):
    with pytest.raises(ValueError, match=fault):
        read_po(text)


def test_a_percentage_in_spanish_words_has_an_unbreakable_space_as_in_values():
    forms = catalogue("es").forms
    written = {form for many in forms.values() for form in many if re.search(r"[\d}]\s?%(?![^{]*\})", form)}
    assert len(written) > 30
    assert {form for form in written if re.search(r"[\d}][^\S\u00a0]?%(?![^{]*\})", form)} == set()


def test_a_region_is_its_rules_and_the_words_of_its_language():
    note = Message("the likelihood ratio statistic is {g:,.1f} on {n:,} lists", g=1234.5, n=12_345)
    assert [number(1234.5, ",.1f", lang) for lang in ("en", "es", "es-MX", "es-VE")] == [
        *("1,234.5", "1\u00a0234,5", "1,234.5", "1.234,5"),
    ]
    assert number(0.5, ".0%", "es-MX") == "50%"
    within = Message("Within 80% limits")
    assert [within.translated(lang)[-4:] for lang in ("es", "es-VE", "es-MX")] == ["80\u00a0%"] * 2 + [" 80%"]
    assert note.translated("es-MX") == note.translated("es-VE") == note  # in no catalogue
    lacks = Message("needs exactly {needed} lists, got {found}", needed=2, found=3)
    spanish = {lacks.translated(lang) for lang in ("es", "es-MX", "es-VE")}
    assert spanish == {"necesita exactamente 2 listas y hay 3"}
    assert day(DAY, "es-VE") == "12 de enero de 2026"
    assert locale_of("es-MX").lineage == ("es-MX", "es")
    assert locale_of("es").months_short[8] == "sep"


def test_a_language_is_a_folder_and_brings_its_plural_forms(tmp_path, monkeypatch):
    folder = tmp_path / "xx"
    folder.mkdir()
    (folder / "messages.po").write_text(TABLES["latvian"], encoding="utf-8")
    (folder / "locale.toml").write_text('name = "xx"\nparent = "en"\n', encoding="utf-8")
    assert "xx" not in languages()
    monkeypatch.setenv(FOLDERS, str(tmp_path))
    assert languages() == ("en", "es", "es-MX", "es-VE", "xx")
    notes = [Message.counted("1 person", "{n:,} people", n=n) for n in (0, 1, 2, 11, 21)]
    assert [*map(str, notes)] == ["0 people", "1 person", "2 people", "11 people", "21 people"]
    assert [note.translated("xx") for note in notes] == [
        *("ni 0 persono", "1 persona", "2 personas", "11 personas", "21 persona"),
    ]
    again = pickle.loads(pickle.dumps(notes[-1]))
    assert (again, again.translated("xx"), again.template) == ("21 people", "21 persona", "1 person")
    assert Message("nothing counted", n=1).translated("xx") == "nothing counted"


def test_what_counts_nothing_may_not_be_counted():
    with pytest.raises(KeyError, match="k"):
        Message.counted("1 person", "{n} people", by="k", n=3)


def test_catalogues_stand_in_the_order_of_the_source():
    from write_catalogues import files

    late = [path.name for path, text in files().items() if path.read_text(encoding="utf-8") != text]
    assert late == [], "python3 dev.py words writes them"


# Words that a reader who has never seen the project does not understand at once, or not as they are meant.
BANNED_NAMES = re.compile(
    "told|tells?|lots?|chances?|carried|unmade|unsettled|swappable|cores|likeness|nearness|lessons?|heat|cold|"
    "rung|ladder|peel(ed)?|climb|silence|unfollowed|steady|desk|wire|filling|front|pilots|parcel|race|beaten|"
    "lost|gone|said|says?|unsaid|banks?|struck"
)
BANNED_PROSE = re.compile(
    r"\b(?:chances? of|carried out|tells? of|struck off|handed over|likeness|lessons?|holds? the truth|heat|"
    r"rungs?|(?<!hain-)ladder|filling|desk|banks?|struck|over the wire|steady|unmade|unsettled|peel\w*)\b"
)
# Sentences of assumptions, a label and an option, which stand to the letter in records of earlier versions.
ALLOWED_PROSE = re.compile(
    r"chance of being (on another|named|verified)|given the chances of both|lessons learned"
    "|^(carried out|bank)$"
)
# Parts of announcements and options of `simulate.Monitor` by which scripts call them.
ALLOWED_NAMES = {"carried_out", "p_all_carried_out", "report_chance", "follow_chance", "overcount_chance"}


def test_no_word_that_nobody_understands():
    """Not in names, files, docstrings, sentences, pages or notebooks."""
    found = []
    nodes = [(path, node) for path, tree in modules().items() for node in all_nodes(tree)]
    names = {(path, Path(path).stem) for path in modules()}
    for path, node in nodes:
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.arg(arg=name):
                names.add((path, name))
            case ast.Name(id=name, ctx=ast.Store()):
                names.add((path, name))
    for path, name in sorted(names):
        words = [] if name in ALLOWED_NAMES else re.findall(r"[A-Z]?[a-z]+|[A-Z]+", name)
        found += [f"{path}: {name}" for word in words if BANNED_NAMES.fullmatch(word.lower())]
    texts = [(path, node.value) for path, node in nodes if isinstance(node, ast.Constant)]
    texts += [(each.where, each.text) for each in templates()]
    for page in (ROOT / "README.md", *(ROOT / "docs").glob("*.md"), *(ROOT / "examples").glob("*.py")):
        texts.append((page.name, page.read_text(encoding="utf-8")))
    for where, text in texts:
        if isinstance(text, str) and BANNED_PROSE.search(text):
            found += [f"{where}: {word}" for word in BANNED_PROSE.findall(ALLOWED_PROSE.sub("", text))]
    assert found == []
