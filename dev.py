"""Set up an environment of its own, then show, check or test detcount. Needs Python 3.11 or later alone.

python3 dev.py demo            assess the lists of Kosovo: print the answer, write report.html
                               (--lang es --out informe.docx: in Spanish, for Word)
python3 dev.py page            a page on your own computer: drop lists on it, read the report
python3 dev.py test            ruff, mypy, and every test that takes seconds
python3 dev.py test --slow     the simulations instead, --long the longest of them; --all for all, without the
                               checks of style
python3 dev.py test --lowest   a part of the tests with the oldest versions that are allowed, in .venv-lowest
python3 dev.py test --browser  the tests in a real browser
python3 dev.py test --spark    the tests on Spark, which needs Java 17 or later
python3 dev.py test --wasm F   the tests in WebAssembly, by node and Chromium; F is a folder with Pyodide
python3 dev.py lint            ruff and mypy alone
python3 dev.py docs            build the documentation site, in build/site
python3 dev.py words           bring the catalogues of all languages up to date, and say what they lack
python3 dev.py release         check all of a release that can be checked without network
python3 dev.py browser F       write build/detcount.html, the page as one file; F is a folder with Pyodide
python3 dev.py bundle          gather in one file all that installs detcount where there is no network

--yes answers what is asked before a package of the system is installed. Words that follow are handed on to
pytest. The environment is .venv, made once, and again when pyproject.toml, the constraints or Python change;
a second run needs no network.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

# this file has to be read by older Pythons as well, to say which one is needed
OLDEST = (3, 11)
NEWEST = (3, 14)
INTERRUPTED = 130
ROOT = os.path.dirname(os.path.abspath(__file__))
LOWEST = "--lowest" in sys.argv[1:]
CONSTRAINTS = "constraints-lowest.txt" if LOWEST else "constraints.txt"
VENV = os.path.join(ROOT, ".venv-lowest" if LOWEST else ".venv")
STAMP = os.path.join(VENV, "detcount-installed.json")
BIN = os.path.join(VENV, "Scripts" if os.name == "nt" else "bin")
PYTHON = os.path.join(BIN, "python.exe" if os.name == "nt" else "python")
# what meets the libraries: numbers from outside, the promises of estimators, every kind of frame and file
WITH_LOWEST = [
    "tests/contract",
    "tests/reference",
    "tests/inputs/test_cases_of_reading.py",
    "tests/unit/test_captures.py",
    "tests/unit/test_cases_of_estimators.py",
    "tests/unit/test_io.py",
    "tests/unit/test_published.py",
    "tests/unit/test_figures.py",
]
YES = "--yes" in sys.argv[1:]
APT = ["apt-get", "install", "-y", "--no-install-recommends"]
BROWSERS = ["chromium", "chromium-browser", "google-chrome"]
# tests that need a program that is not of Python: marker, places, extras, its names, its package
OUTSIDE = {
    "--browser": ("browser", ["tests/browser"], "test,browser", BROWSERS, "chromium"),
    "--wasm": ("wasm", ["tests/browser"], "dev,browser", ["node"], "nodejs"),
    "--spark": ("spark", ["tests/spark"], "test,spark", ["java"], "default-jre-headless"),
}


def main(words):
    """Run one of the commands; give its exit code."""
    commands = {"demo": demo, "page": page, "test": test, "lint": lint, "words": write_words}
    commands.update({"docs": docs, "release": release, "browser": browser, "bundle": bundle})
    if not words or words[0] not in commands:
        print(__doc__)
        return 0 if words and words[0] in ("-h", "--help") else 2
    if sys.version_info[:2] < OLDEST:
        return in_newer_python(words)
    if LOWEST and sys.version_info[:2] != OLDEST:
        return in_oldest_python(words)
    os.chdir(ROOT)
    return commands[words[0]]([word for word in words[1:] if word != "--yes"])


def demo(words):
    """Assess the lists of Kosovo."""
    install("excel,word")
    report = os.path.join(ROOT, "report.html")
    code = run([PYTHON, "-m", "detcount", "assess", "--dataset", "kosovo", "--html", report, *words])
    if code == 0:
        say(f"The report is in {report}. Open it in a browser.")
    return code


def page(words):
    """Open the page on this computer."""
    install("page,excel,word")
    return run([PYTHON, "-m", "detcount", "page", *words])


def test(words):
    """Check style and types, and run the tests; with --slow the simulations alone, with --all every test."""
    if LOWEST:
        install("test")
        words = [word for word in words if word != "--lowest"]
        return pytest(["-m", "not slow", *WITH_LOWEST, *words])
    for flag in OUTSIDE:
        if flag in words:
            return test_outside(flag, [word for word in words if word != flag])
    install("dev")
    which = ["-m", "not slow"]
    for flag, chosen in (("--slow", ["-m", "slow and not long"]), ("--long", ["-m", "long"]), ("--all", [])):
        if flag in words:
            words = [word for word in words if word != flag]
            which = chosen
            break
    else:
        return ruff() or tests_and_types(of_pytest([*which, *words]))
    return pytest([*which, *words])


def test_outside(flag, words):
    """Run the tests that need a program from outside Python, which apt installs where it is missing."""
    marker, places, extras, names, package = OUTSIDE[flag]
    if flag == "--wasm":
        if not words or not os.path.exists(os.path.join(words[0], "pyodide-lock.json")):
            stop("--wasm: expected a folder with a distribution of Pyodide after it. Name one.")
        os.environ["DETCOUNT_PYODIDE"], *words = os.path.abspath(words[0]), *words[1:]
    if not any(map(shutil.which, names)) and not apt(f"These tests need {package}.", package):
        stop(f"These tests need {package}. Install it, and try again.")
    install(extras)
    return pytest(["-m", marker, *places, *words])


def pytest(words):
    """Run tests, as many at a time as there are processors."""
    return run(of_pytest(words), OMP_NUM_THREADS="1")


def of_pytest(words):
    """The command that runs tests."""
    return [PYTHON, "-m", "pytest", "-q", "-n", "auto", *words]


def tests_and_types(tests):
    """Run tests, and mypy beside them, which has one processor; what it objects to ends the tests."""
    say("mypy, and beside it the tests")
    with tempfile.TemporaryFile("w+") as said:
        types = started([PYTHON, "-m", "mypy"], said)
        process = started(tests, None, OMP_NUM_THREADS="1")
        try:
            while process.poll() is None and not types.poll():
                time.sleep(0.2)
            if process.poll() is None:
                process.terminate()  # its workers end where nobody listens any more
            code, objected = process.wait(), types.wait()
        except KeyboardInterrupt:
            process.wait()  # the terminal has interrupted both
            types.wait()
            return INTERRUPTED
        said.seek(0)
        say(said.read().rstrip())
    return objected or code


def lint(words):
    """Check style and types."""
    install("dev")
    return check()


def docs(words):
    """Build the documentation site."""
    install("docs")
    return run([PYTHON, os.path.join("docs", "site", "build.py"), *words])


def write_words(words):
    """Bring the catalogues up to date."""
    install("test")
    return run([PYTHON, os.path.join("tests", "write_catalogues.py")])


def release(words):
    """Check a release without network."""
    install("dev")
    return run([PYTHON, os.path.join("release", "check.py"), *words])


def browser(words):
    """Write the page as one file that needs no Python."""
    install("dev")
    return run([PYTHON, os.path.join("release", "browser", "build.py"), *words])


def bundle(words):
    """Gather the wheels for a computer without network."""
    install("")
    return run([PYTHON, os.path.join("release", "bundle.py"), *words])


def check():
    """Run ruff and mypy until one of them objects."""
    return ruff() or tool(["mypy"])


def ruff():
    """Run what ruff checks until it objects."""
    return tool(["ruff", "check", "."]) or tool(["ruff", "format", "--check", "."])


def tool(command):
    """Run a tool of the environment, and say which."""
    say(" ".join(command))
    return run([PYTHON, "-m", *command])


def install(extra):
    """Make the environment and install detcount in it, unless that is done already."""
    key = fingerprint()
    done = installed()
    if done.get("key") == key and extra in done.get("extras", []):
        return
    if done and (done["python"] != list(sys.version_info[:2]) or not works(PYTHON)):
        say("Making the environment again, for another Python.")
        shutil.rmtree(VENV)
    if not os.path.isdir(VENV):
        say(f"Making an environment in {VENV}")
        make_environment()
    elif not works(PYTHON):
        stop(f"{VENV} is there, and holds no Python that runs. Remove it, and try again.")
    what = "detcount and its tools" if extra else "detcount and what it needs"
    say(f"Installing {what} (once; a few hundred megabytes)")
    target = f".[{extra}]" if extra else "."
    command = [*installer(), "--quiet", "--constraint", CONSTRAINTS, "--editable", target]
    code = run(command, told="Installing")
    if code == INTERRUPTED:
        raise KeyboardInterrupt
    if code:
        stop("The installation failed, for the reason above. Is there a network? Try again.")
    extras = sorted({"", extra, *(done.get("extras", []) if done.get("key") == key else [])})
    with open(STAMP, "w", encoding="utf-8") as stream:
        json.dump({"key": key, "extras": extras, "python": sys.version_info[:2]}, stream)


def fingerprint():
    """Hash of everything that decides what is installed, and where."""
    content = hashlib.sha256(f"{ROOT} {sys.version}".encode())
    for name in ("pyproject.toml", CONSTRAINTS):
        with open(os.path.join(ROOT, name), "rb") as stream:
            content.update(stream.read())
    return content.hexdigest()


def installed():
    """What the stamp says is installed."""
    try:
        with open(STAMP, encoding="utf-8") as stream:
            return json.load(stream)
    except (OSError, ValueError):
        return {}


def make_environment():
    """Make .venv, with whatever this machine has."""
    for way in (with_venv, with_uv, with_outside_pip, with_apt):
        if way():
            return
        shutil.rmtree(VENV, ignore_errors=True)
    stop(
        "This Python cannot make environments: it lacks ensurepip, and there is neither pip nor uv.\n"
        "On Debian or Ubuntu type this first:\n\n    sudo apt-get install -y python3-venv\n"
    )


def with_venv():
    """Make it as Python documents."""
    return importable("ensurepip") and run([sys.executable, "-m", "venv", VENV]) == 0


def with_uv():
    """Make it with uv, which brings what is missing."""
    return bool(shutil.which("uv")) and run(["uv", "venv", "--quiet", "--python", sys.executable, VENV]) == 0


def with_outside_pip():
    """Make it without pip; the pip of the system installs into it."""
    return importable("pip") and run([sys.executable, "-m", "venv", "--without-pip", VENV]) == 0


def with_apt():
    """Install Debian's package of ensurepip, where that needs no password."""
    if not sys.executable.startswith("/usr/bin/") or not shutil.which("apt-get"):
        return False
    return apt("Python lacks ensurepip.", "python3-venv") and with_venv()


def apt(why, *packages):
    """Install packages of Debian if whoever is at the keyboard agrees; say whether that was done."""
    if not shutil.which("apt-get"):
        return False
    before = [] if os.geteuid() == 0 else ["sudo"]
    command = [*before, *APT, *packages]
    if not agreed(f"{why} Run {' '.join(command)}?"):
        return False
    run([*before, "apt-get", "update", "-qq"])
    return run(command, DEBIAN_FRONTEND="noninteractive") == 0


def agreed(question):
    """Ask a question that --yes answers; where nobody can answer, the answer is no."""
    if YES:
        say(question + " yes (--yes)")
        return True
    if not sys.stdin.isatty():
        say(question + " Nobody is there to answer: give --yes, or run it by hand.")
        return False
    sys.stderr.write(question + " [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes", "s", "si", "sí")


def installer():
    """Give the command that installs into .venv: its own pip, uv, or the pip of the system."""
    if works(PYTHON, "import pip"):
        return [PYTHON, "-m", "pip", "install"]
    if shutil.which("uv"):
        return ["uv", "pip", "install", "--python", PYTHON, "--compile-bytecode"]
    return [sys.executable, "-m", "pip", "--python", PYTHON, "install"]


def importable(module):
    """Say whether this Python has a module."""
    return works(sys.executable, f"import {module}")


def works(python, program=""):
    """Say whether a Python is there and runs a program; a link or a shim may stand for nothing."""
    return os.path.exists(python) and run([python, "-c", program], quiet=True) == 0


def in_newer_python(words):
    """Run this file again in the newest Python that is on the path."""
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        python = shutil.which(f"python3.{minor}")
        if python and works(python):
            return run([python, os.path.abspath(__file__), *words])
    needed, found = ("{}.{}".format(*version[:2]) for version in (OLDEST, sys.version_info))
    say(
        f"detcount needs Python {needed} or later; this is {found}, and no later one is on the path.\n"
        "Install one (apt-get install python3, brew install python), or call it by its name."
    )
    return 1


def in_oldest_python(words):
    """Run this file again in the oldest Python allowed; the oldest libraries have wheels for it."""
    python = shutil.which("python{}.{}".format(*OLDEST))
    if python and works(python):
        return run([python, os.path.abspath(__file__), *words])
    say("The oldest versions run on Python {}.{}, which is not on the path. Install it.".format(*OLDEST))
    return 1


def run(command, quiet=False, told="", **variables):
    """Run a command, its output going where ours goes; give its exit code.

    Of a command that is silent for minutes `told` says the seconds, to whoever watches.
    """
    process = started(command, subprocess.DEVNULL if quiet else None, **variables)
    try:
        return watch(process, told) if told and sys.stderr.isatty() else process.wait()
    except KeyboardInterrupt:
        process.wait()  # the terminal has interrupted it too
        return INTERRUPTED


def started(command, out=None, **variables):
    """Start a command, its output going where ours goes or to a file; give its process."""
    environment = dict(os.environ, **variables)
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # else every later import parses its source again
    environment.pop("PYTHONHOME", None)
    sys.stdout.flush()
    return subprocess.Popen(command, env=environment, stdout=out, stderr=out)


def watch(process, told):
    """Wait for a process, and count the seconds in one line that is wiped at the end."""
    start = time.monotonic()
    try:
        while True:
            try:
                return process.wait(timeout=1)
            except subprocess.TimeoutExpired:
                sys.stderr.write(f"\r{told}: {time.monotonic() - start:.0f} s")
                sys.stderr.flush()
    finally:
        sys.stderr.write("\r" + " " * (len(told) + 12) + "\r")
        sys.stderr.flush()


def say(text):
    """Tell the person at the keyboard."""
    print(text, file=sys.stderr, flush=True)


def stop(text):
    """Say why nothing can be done, and end."""
    say(text)
    raise SystemExit(1)


if __name__ == "__main__":
    try:
        raise SystemExit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        say("dev.py: interrupted")
        raise SystemExit(INTERRUPTED) from None
