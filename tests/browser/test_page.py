"""The page in a real browser: CSV, Excel, bad files, a refusal, the keyboard alone, a telephone, paper."""

import re

import pytest

from page_sent import CSV, served

pytestmark = pytest.mark.browser

SAVED = {"report.docx": b"PK", "report.xlsx": b"PK", "record.json": b"{", "report.html": b"<!"}
SLOWLY = 90_000  # milliseconds that a report may take on a busy machine
ROWS = [[int(cell) if cell.isdigit() else cell for cell in row.split(";")] for row in CSV.split()]


@pytest.fixture(scope="module")
def page_server():
    with served() as client:
        yield client


@pytest.fixture
def address(page_server):
    """Its address; what others sent is forgotten."""
    page_server.sessions.opened.clear()
    return f"http://127.0.0.1:{page_server.port}/{page_server.token}/"


def send(page, address, file, lang):
    page.goto(f"{address}?lang={lang}")
    page.set_input_files("#file", str(file))
    page.click("form button[type=submit]")
    page.wait_for_selector("form[action*='/read']", timeout=SLOWLY)


def quick_methods(page):
    """Leave all methods out but two, so that the test is short."""
    page.locator("details", has=page.locator("#family-0")).locator("summary").click()
    for box in page.locator("input[name=families]").all():
        if box.get_attribute("value") not in ("independence", "chao"):
            box.uncheck()


def answered(page):
    page.click("form[action*='/ask'] button[type=submit]")
    page.wait_for_selector(".bar", timeout=SLOWLY)


def sideways(page):
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


@pytest.fixture
def csv_file(tmp_path):
    file = tmp_path / "datos.csv"
    file.write_text(CSV, encoding="utf-8")
    return file


@pytest.fixture
def excel_file(tmp_path):
    from openpyxl import Workbook

    made = Workbook()
    for row in ROWS:
        made.active.append(row)
    made.create_sheet("notas").append(["x"])
    made.save(tmp_path / "datos.xlsx")
    return tmp_path / "datos.xlsx"


def test_a_csv_with_semicolons_becomes_a_spanish_report(browser_page, axe, address, csv_file, tmp_path):
    page = browser_page
    page.goto(f"{address}?lang=es")
    assert axe(page) == []
    send(page, address, csv_file, "es")
    assert axe(page) == []
    assert page.locator("fieldset input[name=lists]:checked").count() == 3
    assert page.locator("#count").input_value() == "3"
    quick_methods(page)
    assert axe(page) == []
    answered(page)
    assert page.locator("html").get_attribute("lang") == "es"
    assert page.locator("h1").inner_text().startswith("Las listas nombran al menos")
    assert axe(page) == []
    for name, begins in SAVED.items():
        with page.expect_download() as download:
            page.click(f".bar a[href$='{name}']")
        place = tmp_path / name
        download.value.save_as(place)
        assert place.read_bytes().startswith(begins)
        assert download.value.suggested_filename == f"detcount-{name}"
    page.emulate_media(media="print")
    assert not page.locator(".bar").is_visible()
    paper = page.pdf(format="A4", prefer_css_page_size=True)
    boxes = {tuple(map(float, box.split())) for box in re.findall(rb"/MediaBox \[([^\]]+)\]", paper)}
    assert {(round(x), round(y)) for _, _, x, y in boxes} == {(595, 842)}


def test_a_workbook_with_two_sheets_asks_for_one(browser_page, axe, address, excel_file):
    page = browser_page
    send(page, address, excel_file, "en")
    assert "the workbook has 2 sheets" in page.locator("[role=alert]").inner_text()
    assert axe(page) == []
    page.select_option("#sheet", "Sheet")
    page.click("form[action*='/read'] button[type=submit]")
    page.wait_for_selector("fieldset", timeout=SLOWLY)
    quick_methods(page)
    answered(page)
    assert "The lists name at least" in page.locator("h1").inner_text()
    page.click("form[action*='/forget'] button")
    page.wait_for_selector("#file")


@pytest.mark.parametrize("lang", ["en", "es"])
def test_bad_files_and_refusals_are_said_in_words(browser_page, axe, address, tmp_path, lang):
    page = browser_page
    bad = tmp_path / "malo.xlsx"
    bad.write_bytes(b"PK\x03\x04 Perez-Quintana")
    send(page, address, bad, lang)
    said = page.locator("[role=alert]").inner_text()
    assert {"en": "cannot be read as a workbook", "es": "no se puede leer como libro"}[lang] in said
    assert "Perez" not in page.content()
    assert axe(page) == []

    nobody = tmp_path / "nadie.csv"
    nobody.write_text("nombre,prensa,ong\nPerez-Quintana,1,0\nGomez,0,0\n", encoding="utf-8")
    send(page, address, nobody, lang)
    page.click("form[action*='/ask'] button[type=submit]")
    page.wait_for_selector("[role=alert]", timeout=SLOWLY)
    assert "3" in page.locator("[role=alert]").inner_text()
    assert "Perez" not in page.content()
    assert "Gomez" not in page.content()

    page.goto(f"{address}nothing?lang={lang}")
    assert page.locator("[role=alert]").inner_text()
    assert axe(page) == []


def test_the_keyboard_alone_is_enough(browser_page, address, csv_file):
    page = browser_page

    def tab_to(selector, most=60):
        for _ in range(most):
            page.keyboard.press("Tab")
            if page.evaluate(f"document.activeElement.matches({selector!r})"):
                outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
                assert outline != "none", f"{selector}: the focus cannot be seen"
                return
        raise AssertionError(f"{selector} cannot be reached")

    page.goto(f"{address}?lang=es")
    tab_to("#file")
    page.set_input_files("#file", str(csv_file))  # the dialogue of the system is no page
    tab_to("main button")
    page.keyboard.press("Enter")
    page.wait_for_selector("fieldset", timeout=SLOWLY)
    tab_to("#list-2")
    page.keyboard.press("Space")
    assert not page.locator("#list-2").is_checked()
    tab_to("form[action*='/ask'] button")
    page.keyboard.press("Enter")
    page.wait_for_selector("form[action*='/stop'], .bar, [role=alert]", timeout=SLOWLY)
    if page.locator("form[action*='/stop']").count():
        page.goto(f"{page.url}&still=1")
        if page.locator("form[action*='/stop']").count():
            tab_to("form[action*='/stop'] button")
            page.keyboard.press("Enter")
    page.wait_for_selector("[role=alert], .bar", timeout=SLOWLY)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_telephone_needs_no_sideways_scroll(new_page, axe, address, tmp_path, scheme):
    page = new_page(viewport={"width": 360, "height": 740}, color_scheme=scheme)
    wide = tmp_path / "listas.csv"
    long = "Comité de Familiares de Detenidos y Desaparecidos" * 2
    wide.write_text(CSV.replace("familias", long), encoding="utf-8")
    page.goto(f"{address}?lang=es-VE")
    assert sideways(page) <= 0
    send(page, address, wide, "es-VE")
    for summary in page.locator("summary").all():
        summary.click()
    assert sideways(page) <= 0
    assert axe(page) == []
    if scheme == "dark":
        quick = page.locator("input[name=families]").all()
        for box in quick[3:]:
            box.uncheck()
        answered(page)
        assert sideways(page) <= 0
        assert axe(page) == []


def test_it_works_without_javascript(new_page, address, csv_file):
    page = new_page(java_script_enabled=False)
    send(page, address, csv_file, "en")
    page.locator("#list-0").wait_for()
    page.click("form[action*='/ask'] button[type=submit]")
    page.wait_for_selector("form[action*='/stop'], .bar", timeout=SLOWLY)
    if page.locator("form[action*='/stop']").count():
        page.click("form[action*='/stop'] button")
    page.wait_for_selector("[role=alert], .bar", timeout=SLOWLY)
