"""A real browser: Chromium of the distribution, driven by Playwright; and axe, which reads a page as aids do.

``browser_page`` is an empty page. When its test ends, nothing must have been asked of any address beyond this
machine, and nothing said to the console as an error. ``axe`` takes a page and gives what it finds amiss.
"""

import shutil
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
_HERE = ("127.0.0.1", "localhost", "[::1]", "::1", "")
_LOADED = ("file", "data", "blob", "about", "chrome-error")


def beyond_loopback(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme not in _LOADED and (parts.hostname or "") not in _HERE


@pytest.fixture(scope="session")
def launched() -> dict[str, Any]:
    """How the browser is launched; that there is none is a fault of whoever asked for these tests."""
    program = next(filter(None, map(shutil.which, NAMES)), None)
    assert program is not None, "there is no Chromium: python3 dev.py test --browser installs it"
    return {"executable_path": program, "args": list(ARGUMENTS)}


@pytest.fixture(scope="session")
def browser(launched: dict[str, Any]) -> Iterator[Any]:
    """The browser."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(**launched)
        yield started
        started.close()


@pytest.fixture
def new_page(browser: Any) -> Iterator[Callable[..., Any]]:
    """Open pages, each as if in a browser of its own; words are those of `Browser.new_context`."""
    asked: list[str] = []
    said: list[str] = []
    contexts = []

    def opened(**how: Any) -> Any:
        context = browser.new_context(**{"viewport": {"width": 1200, "height": 900}, **how})
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("console", lambda message: said.extend(_errors_in(message, page)))
        return page

    yield opened
    for context in contexts:
        context.close()
    assert [address for address in asked if beyond_loopback(address)] == []
    assert said == []


def _errors_in(message: Any, page: Any) -> list[str]:
    """What a line of the console says is wrong; that a page itself is an answer with 4xx is not."""
    of_page = message.location.get("url") == page.url and "status of 4" in message.text
    return [message.text] if message.type in ("error", "warning") and not of_page else []


@pytest.fixture
def browser_page(new_page: Callable[..., Any]) -> Any:
    return new_page()


@pytest.fixture
def axe() -> Callable[[Any], list[str]]:
    """Read a page with axe; gives the rules that it breaks, each with the places."""
    from axe_playwright_python.sync_playwright import Axe

    def run(page: Any) -> list[str]:
        found = Axe().run(page).response["violations"]
        return [
            f"{each['id']}: {', '.join(' '.join(map(str, node['target'])) for node in each['nodes'])}"
            for each in found
        ]

    return run
