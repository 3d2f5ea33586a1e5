"""Names that users of other libraries try on objects and functions, and what is meant by them here.

They stand in ``other_names.json``: the names, then by an attribute or an argument that has to be there the
code to be written. The first that is there is named.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import cache, wraps
from importlib import import_module, resources
from importlib.util import find_spec
from inspect import CO_VARKEYWORDS
from operator import attrgetter
from typing import Any, Literal

from detcount.errors import InputTypeError
from detcount.words import Message

Kind = Literal["attributes", "arguments"]


@cache
def ours(kind: Kind) -> dict[str, dict[str, str]]:
    """Give what may be meant by each name: the code, by what has to be there."""
    text = (resources.files("detcount.contract") / "other_names.json").read_text(encoding="utf-8")
    return {name: codes for names, codes in json.loads(text)[kind] for name in names}


def named_here(self: Any, name: str) -> Any:
    """Refuse an attribute that is not there, with what it is called here; the ``__getattr__`` of classes."""
    for there, code in ours("attributes").get(name, {}).items():
        try:
            found = attrgetter(there)(self)
        except AttributeError:
            continue
        if found is not None and (callable(found) or not code.startswith(f"{there}(")):
            kind = type(self).__name__
            words = Message("{kind} has no {name!r}. Write {code}", kind=kind, name=name, code=code)
            raise AttributeError(words)
    return object.__getattribute__(self, name)


def in_rooms(name: str, public: Iterable[str]) -> str:
    """Say that detcount has no such name, and in which of its rooms the name is."""
    words = f"module 'detcount' has no attribute {name!r}"
    for room in (each for each in public if name[0] != "_" and find_spec(f"detcount.{each}")):
        if name in import_module(f"detcount.{room}").__all__:
            return f"{words}. Write dc.{room}.{name}"
    return words


def refuse_other_names(function: Callable[..., Any], given: Iterable[str]) -> None:
    """Refuse an argument that a function does not take, with what it is called here."""
    code, where = function.__code__, function.__qualname__
    if code.co_flags & CO_VARKEYWORDS:
        return
    known = {*code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]}
    asked = [name for name in given if name not in known]
    if asked and where.endswith(_MAKING):
        known.add("fit")  # what is asked of a specification, and given to its fit
    for name in asked:
        codes = ours("arguments").get(name, {})
        for written in (text for there, text in codes.items() if there in known):
            raise InputTypeError(
                Message(
                    "{where}: no argument {name!r}. Write {code}",
                    where=where.removesuffix(_MAKING),
                    name=name,
                    code=written,
                )
            )


_MAKING = ".__init__"


def with_our_names(function: Callable[..., Any]) -> Callable[..., Any]:
    """Make a function that refuses names of other libraries with ours."""

    @wraps(function)
    def asked(*args: Any, **given: Any) -> Any:
        refuse_other_names(function, given)
        return function(*args, **given)

    return asked
