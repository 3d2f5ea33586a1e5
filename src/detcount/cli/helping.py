"""The pages of help: those of argparse, with messages that are said as a page is printed."""

from __future__ import annotations

import argparse
import re
import textwrap
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from detcount.words import Message, said


class _Page(argparse.HelpFormatter):
    """A page of help in one language; codes, options and commands to copy stay whole."""

    def __init__(self, prog: str, *, lang: str, **named: Any) -> None:
        super().__init__(prog, **named)
        self._lang = lang

    def start_section(self, heading: str | None) -> None:
        """Begin a part of the page."""
        super().start_section(heading and said(heading, self._lang))

    def add_text(self, text: str | None) -> None:
        """Add a paragraph."""
        super().add_text(text and said(text, self._lang))

    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[Any],
        prefix: str | None = None,
    ) -> None:
        """Add how the command is typed."""
        if prefix is None:
            prefix = f"{Message('usage').say(self._lang)}: "
        super().add_usage(usage, actions, groups, prefix)

    def _get_help_string(self, action: argparse.Action) -> str | None:
        """What an option is for."""
        return action.help and said(action.help, self._lang)

    def _metavar_formatter(
        self, action: argparse.Action, default_metavar: str
    ) -> Callable[[int], tuple[str, ...]]:
        """What stands for the values of an option."""
        written = super()._metavar_formatter(action, default_metavar)
        return lambda n_values: tuple(said(each, self._lang) for each in written(n_values))

    def _split_lines(self, text: str, width: int) -> list[str]:
        """Lines of what an option is for."""
        return textwrap.wrap(text, width, break_on_hyphens=False)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        """Lines of a paragraph; a command is one line, to be copied."""
        if re.match(rf"{re.escape(self._prog.split()[0])} ", text):
            return f"{indent}{text}"
        return textwrap.fill(
            text, width, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False
        )


class Parser(argparse.ArgumentParser):
    """A parser whose help and whose faults can be said in any language.

    Parameters
    ----------
    lang : str
        Code of the language of its help.
    **named
        What `argparse.ArgumentParser` takes.
    """

    def __init__(self, *, lang: str, **named: Any) -> None:
        super().__init__(
            **named,
            formatter_class=partial(_Page, lang=lang),
            add_help=False,
            exit_on_error=False,
            allow_abbrev=False,
        )
        self._positionals.title = Message("arguments")
        self._optionals.title = Message("options")
        self.add_argument("-h", "--help", action="help", help=Message("print this help and stop"))
