"""Pages of the documentation site in a browser: nothing is asked of the network; axe finds nothing amiss."""

from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

import detcount

pytestmark = pytest.mark.browser

SITE = Path(__file__).parents[2] / "build" / "site" / detcount.__version__
NAMES = ("index", "es/journalists", "model", "reference/abundance", "gallery")


@pytest.fixture
def site():
    """The site, which python3 dev.py docs or the slow tests have built."""
    if not (SITE / "index.html").exists():
        pytest.skip("the site is not built: python3 dev.py docs")
    return SITE


@pytest.fixture
def served(site):
    handler = partial(Quiet, directory=str(site.parent))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/{site.name}"
        server.shutdown()


class Quiet(SimpleHTTPRequestHandler):
    def do_GET(self):
        """Answer axe, which looks for what a style imports in the wrong folder."""
        if self.path.endswith("/basic.css") and "/_static/" not in self.path:
            self.path = f"/{detcount.__version__}/_static/basic.css"
        super().do_GET()

    def log_message(self, *words):
        """Say nothing."""


@pytest.mark.parametrize("name", NAMES)
def test_a_page_opens_without_a_request_or_an_error(site, browser_page, name):
    browser_page.goto((site / f"{name}.html").as_uri())
    assert browser_page.locator("h1").first.inner_text().strip("#¶ \n")
    assert browser_page.locator("details.versions").first.is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", NAMES)
def test_a_page_is_legible_on_a_telephone(site, new_page, name, scheme):
    page = new_page(viewport={"width": 400, "height": 800}, color_scheme=scheme)
    page.goto((site / f"{name}.html").as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    assert page.locator("html").get_attribute("data-theme") == scheme


@pytest.mark.parametrize("name", NAMES)
def test_axe_finds_nothing(served, browser_page, axe, name):
    browser_page.goto(f"{served}/{name}.html")
    assert axe(browser_page) == []


def test_versions_come_from_the_folder_of_the_site(served, browser_page):
    versions = f"{served.rsplit('/', 1)[0]}/versions.json"
    with browser_page.expect_response(versions) as answer:
        browser_page.goto(f"{served}/reference/abundance.html", wait_until="networkidle")
    assert answer.value.status == 200
    box = browser_page.locator("details.versions").first
    box.locator("summary").click()
    assert box.locator("a").first.inner_text().split()[0] == detcount.__version__
    assert box.locator("[aria-current]").count() == 1
