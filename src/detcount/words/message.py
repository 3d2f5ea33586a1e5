"""Message: a sentence that is its English text, and can be translated."""

from __future__ import annotations

import datetime as dt
import string
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from numbers import Real
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol, Self, TypeGuard, cast, get_args, overload, runtime_checkable

from detcount.words.catalogue import translation
from detcount.words.locale import Joint, day, join, number, quoted, visible

_DAYS: dict[str, dict[str, bool]] = {
    "": {},
    "no year": {"year": False},
    "short": {"short": True, "year": False},
    "short year": {"short": True},
    "month": {"month": True},
}


@runtime_checkable
class Translatable(Protocol):
    """Words that can be translated.

    Examples
    --------
    >>> from detcount.words import Message, Translatable
    >>> isinstance(Message("persons"), Translatable)
    True
    """

    def translated(self, lang: str) -> str:
        """Give the words in one language."""
        ...


def _is_translatable(value: object) -> TypeGuard[Translatable]:
    """Check as `isinstance` does, which takes longer than writing the sentence."""
    return hasattr(type(value), "translated")


class Message(str):
    """A sentence or a clause: its text is the English, and it can be translated.

    A message is a `str`, so that whoever prints, compares or searches a note need not know of it. Nobody
    has to read its prose to translate it: it keeps the template and the values it was made from.

    Parameters
    ----------
    template : str
        English words with the names of values in braces, in Python's format language:
        ``"{n:,} persons"``. The conversion ``!r`` puts names in quotation marks. A list is joined by "and";
        ``{names:or}``, ``{names:with}``, ``{names:;}``, ``{names:,}`` and ``{names:+}`` join otherwise, and
        what follows ``|`` is the format of each item: ``{modes:and|,.0f}``. A day takes the formats
        "no year", "short", "short year" and "month".
    **values : str, number, datetime.date, Message, or list or tuple of these
        What stands in the braces. A plain `str` is a name or a code: it is never looked up, split or changed.

    See Also
    --------
    translated : Also takes plain strings.

    Examples
    --------
    >>> from detcount.words import Message
    >>> note = Message("needs exactly {needed} lists, got {found}", needed=2, found=3)
    >>> print(note)
    needs exactly 2 lists, got 3
    >>> print(note.translated("es"))
    necesita exactamente 2 listas y hay 3
    """

    __slots__ = ("_counted", "_template", "_values")
    _template: str
    _values: dict[str, Any]
    _counted: tuple[str, str] | None  # the template for many, and the name of the value that is counted

    def __new__(cls, template: str, /, **values: object) -> Self:
        """Write the English text."""
        return cls._made(template, None, values)

    @classmethod
    def counted(cls, one: str, many: str, /, *, by: str = "n", **values: object) -> Self:
        """Make a message whose words depend on a number, by the plural forms of each language.

        Parameters
        ----------
        one : str
            The English words for one thing; the template by which catalogues know the message.
        many : str
            The English words for any other number of things.
        by : str, optional
            Name of the value that is the number.
        **values : str, number, datetime.date, Message, or list or tuple of these
            What stands in the braces.

        Returns
        -------
        Message
            The message.

        Examples
        --------
        >>> from detcount.words import Message
        >>> print(Message.counted("{n} list", "{n} lists", n=3))
        3 lists
        """
        return cls._made(one, (many, by), values)

    @classmethod
    def _made(cls, template: str, counted: tuple[str, str] | None, values: Mapping[str, object]) -> Self:
        """A message of a template, with the template for many where something is counted."""
        plain = {name: _plain(value) for name, value in values.items()}
        english = template
        if counted is not None and plain[counted[1]] != 1:
            english = counted[0]
        message = super().__new__(cls, _written(english, plain, "en"))
        message._template = template
        message._counted = counted
        message._values = plain
        return message

    @classmethod
    def together(cls, parts: Iterable[str], joint: str = " ") -> Self:
        """Set messages one after another; each is translated by itself.

        Parameters
        ----------
        parts : iterable of str
            The messages; what is not one is left as it is.
        joint : str, optional
            What stands between them; no word.

        Returns
        -------
        Message
            All of them.
        """
        values = {f"part{k}": part for k, part in enumerate(parts)}
        return cls(joint.join(f"{{{name}}}" for name in values), **values)

    @property
    def template(self) -> str:
        """The English words, with the names of the values in braces; of what is counted those for one."""
        return self._template

    @property
    def values(self) -> Mapping[str, Any]:
        """Values that stand in the braces."""
        return MappingProxyType(self._values)

    def translated(self, lang: str) -> str:
        """Give the words in one language.

        Parameters
        ----------
        lang : str
            Code of the language, one of `languages`.

        Returns
        -------
        str
            The words; the English ones where the language's catalogue has none.
        """
        if lang == "en":
            return str(self)
        count = None if self._counted is None else self._values[self._counted[1]]
        words = translation(self._template, lang, count)
        return str(self) if words is None else _written(words, self._values, lang)

    def __reduce__(self) -> tuple[Callable[..., Message], tuple[Any, ...]]:
        return _again, (type(self), self._template, self._counted, self._values)


@overload
def N_(text: str, /) -> str: ...


@overload
def N_(one: str, many: str, /) -> tuple[str, str]: ...


def N_(text: str, many: str | None = None, /) -> str | tuple[str, str]:
    """Mark a template for the catalogues where it is not given to `Message` at once, as gettext's ``N_``.

    Parameters
    ----------
    text : str
        The template.
    many : str, optional
        The template for any number of things but one, where something is counted.

    Returns
    -------
    str or tuple of str
        What was given: ``Message(text, ...)`` or ``Message.counted(*pair, ...)`` takes it.

    Examples
    --------
    >>> from detcount.words import Message, N_
    >>> shown = {"lists": N_("{n} list", "{n} lists")}
    >>> print(Message.counted(*shown["lists"], n=3))
    3 lists
    """
    return text if many is None else (text, many)


def translated(text: str | Translatable, lang: str) -> str:
    """Translate words where they can be translated, and leave a plain string as it is.

    Parameters
    ----------
    text : str or Message
        The words.
    lang : str
        Code of the language, one of `languages`.

    Returns
    -------
    str
        The words in that language, in one line, without control characters of the data in them.

    Examples
    --------
    >>> from detcount.words import translated
    >>> translated("press", "es")
    'press'
    """
    return visible(_in_words(text, lang))


def _in_words(text: str | Translatable, lang: str) -> str:
    """Words in a language, the names in them as they are."""
    return text.translated(lang) if _is_translatable(text) else cast(str, text)


def fields(template: str) -> frozenset[str]:
    """Names of the values that a template asks for.

    Parameters
    ----------
    template : str
        The template of a `Message`.

    Returns
    -------
    frozenset of str
        The names.

    Examples
    --------
    >>> from detcount.words import fields
    >>> sorted(fields("{n} persons on {name!r}"))
    ['n', 'name']
    """
    return frozenset(part.name for part in _parts(template) if part.name is not None)


def _again(
    cls: type[Message], template: str, counted: tuple[str, str] | None, values: dict[str, Any]
) -> Message:
    """Make a message again, from a pickle or for a copy."""
    return cls._made(template, counted, values)


def _plain(value: object) -> object:
    """A value as Python's own type: numbers of arrays and texts of frames as plain ones, lists as tuples."""
    if type(value) in {str, int, float} or isinstance(value, dt.date) or _is_translatable(value):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, bool) or not isinstance(value, Real | list | tuple):
        raise TypeError(f"expected a text, a number, a day or a list of these, got {type(value).__name__}")
    if isinstance(value, list | tuple):
        return tuple(_plain(item) for item in value)
    return value.item() if hasattr(value, "item") else value


class _Part(NamedTuple):
    """Words of a template, and the value that follows them, if any."""

    words: str
    name: str | None
    spec: str
    in_quotes: bool


@cache
def _parts(template: str) -> tuple[_Part, ...]:
    """A template in its parts; cached, as errors inside loops use the same ones again and again."""
    parts = []
    for words, name, spec, conversion in string.Formatter().parse(template):
        if name is not None and not name.isidentifier():
            raise ValueError(f"expected the name of a value in braces, got {name!r}")
        if conversion not in {None, "r"}:
            raise ValueError(f"expected the conversion !r or none, got !{conversion}")
        parts.append(_Part(words, name, spec or "", conversion == "r"))
    return tuple(parts)


def _written(template: str, values: Mapping[str, object], lang: str) -> str:
    """A template with its values in it, in a language."""
    written = []
    for words, name, spec, in_quotes in _parts(template):
        written.append(words)
        if name is not None:
            value = _in_quotes(values[name], lang) if in_quotes else values[name]
            written.append(_one(value, spec, lang))
    return "".join(written)


def _in_quotes(value: Any, lang: str) -> Any:
    """A name, or each name of a list, in quotation marks."""
    if isinstance(value, tuple):
        return tuple(_in_quotes(item, lang) for item in value)
    return quoted(_in_words(value, lang))


def _one(value: object, spec: str, lang: str) -> str:
    """A value in words."""
    if type(value) is str and not spec:
        return value
    if isinstance(value, tuple):
        joint, _, each = spec.partition("|")
        if joint not in {"", *get_args(Joint)}:
            raise ValueError(f"expected a joint of a list, got {joint!r}")
        return join([_one(item, each, lang) for item in value], lang, cast(Joint, joint or "and"))
    if isinstance(value, dt.date):
        return day(value, lang, **_DAYS[spec])
    if isinstance(value, Real):
        return number(value, spec, lang)
    if spec:
        raise ValueError(f"a text takes no format, got {spec!r}")
    return _in_words(cast(str, value), lang)
