"""The tools of these tests find what they are there to find."""

import pytest

from browser.conftest import beyond_loopback
from cases import tables

TABLES = tables("browser")

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("address", "beyond"), TABLES["addresses"])
def test_an_address_is_here_or_beyond(address, beyond):
    assert beyond_loopback(address) is beyond


def test_axe_finds_what_is_amiss(browser_page, axe):
    browser_page.set_content(
        '<html lang="en"><title>t</title><main><h1>t</h1><img src="data:,"><input></main>'
    )
    rules = {each.split(":")[0] for each in axe(browser_page)}
    assert {"image-alt", "label"} <= rules
    browser_page.set_content('<!doctype html><html lang="en"><title>t</title><main><h1>t</h1></main>')
    assert axe(browser_page) == []
