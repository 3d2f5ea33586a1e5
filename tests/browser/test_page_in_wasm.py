"""The library in WebAssembly, where pointers have 32 bits and there is no process, thread or socket.

`python3 dev.py test --wasm FOLDER` names a distribution of Pyodide; without one these tests are skipped.
Node runs tests of the library that need nothing compiled beside numpy, scipy, pandas and matplotlib. Chromium
opens the page of `python3 dev.py browser`, whose answers are compared with those given here.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from urllib.parse import urlsplit

import pandas as pd
import pytest

import detcount as dc
from detcount.page.worker import Held
from folders import write_folder

ROOT = Path(__file__).parents[2]
FOLDER = os.environ.get("DETCOUNT_PYODIDE", "")
pytestmark = [
    pytest.mark.wasm,
    pytest.mark.skipif(not FOLDER, reason="names no Pyodide: python3 dev.py test --wasm FOLDER"),
]
UNDER_NODE = (
    *("tests/unit/test_cases_of_estimators.py", "tests/unit/test_diagnose.py"),
    *(
        "tests/unit/test_heterogeneity.py",
        "tests/unit/test_interactions.py",
        "tests/unit/test_composition.py",
    ),
    *("tests/unit/test_members_of_lists.py", "tests/unit/linkage/test_partition_numerics.py"),
    *(
        "tests/unit/linkage/test_persons_file.py",
        "tests/unit/stock/test_flows.py",
        "tests/unit/test_arrays.py",
    ),
    *("tests/reference/test_loglinear_published.py", "tests/reference/test_headline.py"),
    *("tests/reference/test_records.py", "tests/reference/test_releases_published.py"),
    *("tests/unit/test_writing.py", "tests/unit/test_reproduction.py", "tests/unit/releases/test_by_name.py"),
)
# the tail of a posterior moves within its Monte Carlo error, and a deviance of 0 has no minus; there are no
# pipes, no failures of a disk, and no features of a processor
LEFT_OUT = " and ".join(
    f"not {each}"
    for each in (
        "(tails and 2)",
        "(small and samples)",
        "pipe",
        "failure_leaves",
        "processor_are",
        "statsmodels",
    )
)
PATIENCE = 1800.0  # seconds, on a machine that is shared
A_REPORT = 900_000  # milliseconds, on a machine that is shared
A_FOLDER = 150.0  # seconds of a processor that a folder of six files may take, as is promised
MEMORY = 1.5e9  # bytes of the page with such a folder, as is promised
EXACT = 1e-9  # sums are rounded otherwise on another processor
READ_AS_IT_IS = {"sheet": None, "header_row": None, "dayfirst": False}
OF_THE_MACHINE = {"blas", "cpu", "platform", "versions"}
SHIPPED = ("kosovo.csv", "korea.csv", "venezuela_releases.csv", "venezuela_stock_2017.csv", "korea.xlsx")


def test_tests_of_the_library_pass_under_node():
    here = Path(__file__).parent
    site = sysconfig.get_path("purelib")
    command = ["node", str(here / "wasm.mjs"), FOLDER, str(ROOT), site, str(here / "in_wasm.py")]
    options = ["-q", "--noconftest", "-o", "addopts=--import-mode=importlib", "-p", "no:cacheprovider"]
    words = [*options, "--capture=sys", "-m", "not slow", "-k", LEFT_OUT, *UNDER_NODE]
    run = subprocess.run([*command, *words], capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert run.returncode == 0, f"{run.stdout[-4000:]}\n{run.stderr[-1000:]}"
    passed = re.search(r"(\d+) passed", run.stdout)
    assert passed, run.stdout
    assert int(passed[1]) > 300


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    place = tmp_path_factory.mktemp("built") / "detcount.html"
    script = ROOT / "release" / "browser" / "build.py"
    subprocess.run([sys.executable, str(script), FOLDER, "--out", str(place)], check=True)
    return place


@pytest.fixture
def opened(new_page, built):
    def started(**how):
        page = new_page(**how)
        asked = []
        page.on("request", lambda request: asked.append(urlsplit(request.url).scheme))
        page.goto(built.as_uri(), wait_until="commit")
        page.wait_for_selector("#file", timeout=A_REPORT)
        return page, asked

    return started


def saved(page, ending):
    with page.expect_download() as download:
        page.click(f".bar a[href$='.{ending}']")
    return Path(download.value.path()).read_bytes()


def apart(one, other, place=""):
    """Places where two records differ, but for the machine and the last bits."""
    if isinstance(one, dict) and isinstance(other, dict):
        return [
            fault
            for key in {*one, *other} - OF_THE_MACHINE
            for fault in apart(one.get(key), other.get(key), f"{place}/{key}")
        ]
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return [
            fault
            for k, pair in enumerate(zip(one, other, strict=True))
            for fault in apart(*pair, f"{place}/{k}")
        ]
    near = isinstance(one, float) and isinstance(other, float) and abs(one - other) <= EXACT * abs(one)
    return [] if one == other or near else [f"{place}: {one}, {other}"]


def answer_here(file):
    """The record of a full report, by what answers the local page."""
    found = {}

    def send(head, body):
        found[head.get("name", head["is"])] = body or head

    held, head = Held(), {"name": file.name, "reading": READ_AS_IT_IS}
    held.do({**head, "do": "look"}, file.read_bytes(), send)
    question = found["looked"]["looked"]["question"] | {"full": True}
    held.do({**head, "do": "answer", "lang": "en", "question": question}, b"", send)
    return json.loads(found["json"])


def test_shipped_data_have_the_same_answers_in_a_browser(opened, tmp_path):
    page, asked = opened(locale="en-GB")
    for name in SHIPPED:
        file = Path(dc.__file__).parent / "datasets" / "data" / name
        if file.suffix == ".xlsx":
            frame = pd.read_csv(file.with_suffix(".csv"))
            file = tmp_path / name
            frame.to_excel(file, sheet_name="Lista", index=False)
        page.set_input_files("#file", str(file))
        page.click("form[action^='/file'] button")
        page.wait_for_selector("form[action*='/ask']", timeout=A_REPORT)
        if page.locator("#full").count():
            page.check("#full")
        page.click("form[action*='/ask'] button[type=submit]")
        page.wait_for_selector(".bar", timeout=A_REPORT)
        found = json.loads(saved(page, "json"))
        assert apart(found, answer_here(file)) == []
        page.click(".bar form[action*='/forget'] button")
        page.wait_for_selector("#file")
    assert [scheme for scheme in asked if scheme not in ("file", "blob")] == []


def cost_of_pages():
    """Most bytes in memory, and most seconds of a processor, of a page that is open in a browser."""
    cost = [(0.0, 0.0)]
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if b"--type=renderer" in (process / "cmdline").read_bytes():
                held = re.search(r"VmHWM:\s+(\d+)", (process / "status").read_text())
                ticks = (process / "stat").read_text().rpartition(")")[2].split()[11:13]
                cost.append((1024.0 * int(held[1]), sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")))
        except OSError:  # it has ended
            continue
    return max(cost)


def drop(page, place, path):
    """Drop a file or a folder on a field, as from a window of files."""
    page.locator(place).scroll_into_view_if_needed()
    box = page.locator(place).bounding_box()
    data = {"items": [], "files": [str(path)], "dragOperationsMask": 1}
    where = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2, "data": data}
    session = page.context.new_cdp_session(page)
    for step in ("dragEnter", "dragOver", "drop"):
        session.send("Input.dispatchDragEvent", {"type": step, **where})
    page.wait_for_function("place => document.querySelector(place).files.length", arg=place)


def test_a_folder_becomes_a_report_in_two_languages(opened, axe, tmp_path):
    write_folder(tmp_path / "carpeta", "plain")
    page, asked = opened(locale="es-VE", viewport={"width": 400, "height": 800})
    assert page.locator("html").get_attribute("lang") == "es-VE"
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    drop(page, "#folder", tmp_path / "carpeta")
    page.click("form[action^='/folder'] button")
    page.wait_for_selector(".spin")
    page.wait_for_selector(".bar", timeout=A_REPORT)
    memory, seconds = cost_of_pages()
    headline = page.locator("h1").inner_text()
    assert headline == dc.report(tmp_path / "carpeta").headline().translated("es-VE")
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    assert saved(page, "xlsx").startswith(b"PK")
    assert headline in saved(page, "html").decode()
    assert [scheme for scheme in asked if scheme not in ("file", "blob")] == []
    assert 0 < seconds < A_FOLDER
    assert 0 < memory < MEMORY


def test_work_is_stopped_and_the_file_is_still_there(opened):
    page, _ = opened(locale="en-GB")
    page.set_input_files("#file", str(Path(dc.__file__).parent / "datasets" / "data" / "kosovo.csv"))
    page.click("form[action^='/file'] button")
    page.wait_for_selector("form[action*='/ask']", timeout=A_REPORT)
    page.click("form[action*='/ask'] button[type=submit]")
    page.click("form[action*='/stop'] button")
    page.wait_for_selector("form[action*='/ask']", timeout=A_REPORT)
    assert page.locator(".file").inner_text().startswith("kosovo.csv")


def test_a_pdf_is_refused_with_what_to_do(opened, tmp_path):
    (tmp_path / "lista.pdf").write_bytes(b"%PDF-1.7\n")
    page, _ = opened(locale="es-VE")
    page.set_input_files("#file", str(tmp_path / "lista.pdf"))
    page.click("form[action^='/file'] button")
    page.wait_for_selector(".fault", timeout=A_REPORT)
    assert "Hágalo donde detcount esté instalado" in page.inner_text(".fault")


STORED = """async () => [
    localStorage.length, sessionStorage.length, document.cookie.length,
    (await indexedDB.databases()).length, globalThis.caches ? (await caches.keys()).length : 0,
]"""


def test_closing_the_tab_leaves_nothing(browser, launched, built, tmp_path):
    """A browser with a folder of its own, as people have it, writes nothing of a list into it."""
    marked = "Zubizarreta"
    file = tmp_path / "lista.csv"
    file.write_text(f"{marked},prensa,n\n1,0,40\n0,1,30\n1,1,12\n")
    profile = tmp_path / "profile"
    with browser.browser_type.launch_persistent_context(profile, **launched) as context:
        page = context.pages[0]
        page.goto(built.as_uri(), wait_until="commit")
        page.wait_for_selector("#file", timeout=A_REPORT)
        page.set_input_files("#file", str(file))
        page.click("form[action^='/file'] button")
        page.wait_for_selector("form[action*='/ask']", timeout=A_REPORT)
        assert marked in page.inner_text("body")
        page.click("form[action*='/ask'] button[type=submit]")
        page.wait_for_selector(".bar", timeout=A_REPORT)
        assert page.evaluate(STORED) == [0] * 5
    written = [path for path in profile.rglob("*") if path.is_file()]
    assert written
    assert [path for path in written if marked.encode() in path.read_bytes()] == []


def test_the_page_cannot_connect_and_names_its_licences(browser, built):
    page = browser.new_page()
    asked = []
    page.on("request", lambda request: asked.append(urlsplit(request.url).scheme))
    page.goto(built.as_uri(), wait_until="commit")
    page.wait_for_selector("#file", timeout=A_REPORT)
    tried = page.evaluate("fetch('http://127.0.0.1:9/').then(() => 'sent', (error) => error.name)")
    assert tried == "TypeError"
    assert page.evaluate("document.querySelectorAll('script[src], link[rel=stylesheet]').length") == 0
    page.click("a[href$='/licences']")
    text = page.inner_text("pre")
    page.close()
    assert [scheme for scheme in asked if scheme not in ("file", "blob")] == []
    assert all(
        name in text for name in ("Mozilla Public License", "numpy", "scipy", "PYTHON SOFTWARE FOUNDATION")
    )


def test_a_file_that_the_lock_file_does_not_mean_is_refused(tmp_path):
    shutil.copytree(FOLDER, tmp_path / "other", ignore=shutil.ignore_patterns("*.map", "scikit*", "pyarrow*"))
    changed = next((tmp_path / "other").glob("scipy-*.whl"))
    changed.write_bytes(changed.read_bytes() + b" ")
    script = ROOT / "release" / "browser" / "build.py"
    command = [sys.executable, str(script), str(tmp_path / "other"), "--out", str(tmp_path / "page.html")]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode != 0
    assert "the digest is not that of the lock file" in run.stderr
    assert not (tmp_path / "page.html").exists()
