"""``detcount page``: a form on one's own machine, for whoever types no commands."""

from __future__ import annotations

import argparse
import webbrowser
from importlib.util import find_spec

from detcount.cli.faults import tell
from detcount.errors import InputError, MissingExtraError
from detcount.words import Message

_NEEDED = ("starlette", "uvicorn", "python_multipart", "jinja2")
_LAST_PORT = 65535


def answer(options: argparse.Namespace) -> str:
    """Serve the page until it is interrupted."""
    from detcount import arguments

    lang = arguments.language(options.lang)
    if not 0 <= options.port <= _LAST_PORT:
        raise InputError(
            Message(
                "--port: expected a number from 0 to {last}, got {port}", last=_LAST_PORT, port=options.port
            )
        )
    if any(find_spec(name) is None for name in _NEEDED):
        raise MissingExtraError(Message("the page on this computer"), "page")
    from detcount.page.server import serve

    def started(address: str) -> None:
        print(address, flush=True)
        tell(
            Message(
                "the page is at this address, for this computer alone. Ctrl-C ends it, and everything is "
                "forgotten"
            ).say(lang)
        )
        if not options.no_browser:
            webbrowser.open(address)

    serve(options.port, lang, started)
    tell(Message("the page has ended, and everything is forgotten").say(lang))
    return ""
