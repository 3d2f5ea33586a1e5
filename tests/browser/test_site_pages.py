"""Pages of the documentation site in a browser: nothing is asked of the network; axe finds nothing amiss."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import detcount

pytestmark = pytest.mark.browser

SITE = Path(__file__).parents[2] / "build" / "site" / detcount.__version__
NAMES = ("index", "es/journalists", "model", "reference/abundance", "gallery")


@pytest.fixture
def site() -> Path:
    """The site, which python3 dev.py docs or the slow tests have built."""
    if not (SITE / "index.html").exists():
        pytest.skip("the site is not built: python3 dev.py docs")
    return SITE


@pytest.mark.parametrize("name", NAMES)
def test_a_page_opens_without_a_request_or_an_error(site: Path, browser_page: Any, name: str) -> None:
    browser_page.goto((site / f"{name}.html").as_uri())
    assert browser_page.locator("h1").first.inner_text().strip("#¶ \n")
    assert browser_page.locator("details.versions").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", NAMES)
def test_a_page_is_legible_on_a_telephone(
    site: Path, new_page: Callable[..., Any], name: str, scheme: str
) -> None:
    page = new_page(viewport={"width": 400, "height": 800}, color_scheme=scheme)
    page.goto((site / f"{name}.html").as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    assert page.locator("html").get_attribute("data-theme") == scheme


@pytest.mark.parametrize("name", NAMES)
def test_axe_finds_nothing(site: Path, browser_page: Any, axe: Callable[[Any], list[str]], name: str) -> None:
    browser_page.goto((site / f"{name}.html").as_uri())
    assert axe(browser_page) == []
