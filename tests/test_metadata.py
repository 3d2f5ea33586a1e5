"""What stands in several files is the same in all of them; and nothing in the tree speaks of one machine."""

import ast
import json
import os
import re
import subprocess
import sys
import tomllib
from importlib import metadata, resources
from itertools import chain
from pathlib import Path
from urllib.parse import urlsplit

import yaml

from detcount import cite
from house import statements, trees

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
VERSION = PROJECT["version"]
COMMANDS = ["python3 dev.py demo", "python3 dev.py test"]

# Hosts of registries, in pieces, so that this file does not name them.
HOSTS = ["pypi." + "org", "files.python" + "hosted", "registry.npm" + "js", "conda.anaconda." + "org"]
PLACES = ["PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "UV_INDEX_URL", "UV_DEFAULT_INDEX", "UV_INDEX"]
PATHS = re.compile(r"(?<![\w.])/(?:work|farm|root|home/\w+|Users/\w+)/[\w.]")


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def tracked():
    """Files of the repository, or of the unpacked archive."""
    done = subprocess.run(
        ["git", "ls-files", "--cached", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode == 0 and done.stdout:
        return [path for name in done.stdout.split("\0") if name and (path := ROOT / name).is_file()]
    return [path for path in ROOT.rglob("*") if path.is_file() and ".venv" not in path.parts]


FILES = tracked()


def test_version_is_the_same_everywhere():
    assert metadata.version("detcount") == VERSION
    assert str(yaml.safe_load(read("CITATION.cff"))["version"]) == VERSION
    released = re.findall(r"^## (\S+) \((\d{4}-\d{2}-\d{2})\)$", read("CHANGELOG.md"), flags=re.MULTILINE)
    assert released[0] == (VERSION, str(yaml.safe_load(read("CITATION.cff"))["date-released"]))


def test_citation_file_is_what_the_library_says():
    assert read("CITATION.cff").rstrip("\n") == cite("cff")


def codemeta():
    """The same in the vocabulary of CodeMeta, made of the other files."""
    citation = yaml.safe_load(read("CITATION.cff"))
    urls = PROJECT["urls"]
    return {
        "@context": "https://w3id.org/codemeta/3.0",
        "type": "SoftwareSourceCode",
        "name": PROJECT["name"],
        "description": citation["abstract"],
        "version": VERSION,
        "dateModified": str(citation["date-released"]),
        "license": f"https://spdx.org/licenses/{PROJECT['license']}",
        "codeRepository": citation["repository-code"],
        "issueTracker": urls["Issues"],
        "softwareHelp": urls["Documentation"],
        "releaseNotes": urls["Changelog"],
        "author": [{"type": "Organization", "name": each["name"]} for each in citation["authors"]],
        "keywords": citation["keywords"],
        "inLanguage": ["en", "es"],
        "programmingLanguage": {"type": "ComputerLanguage", "name": "Python"},
        "runtimePlatform": f"Python {PROJECT['requires-python']}",
        "operatingSystem": "Linux, macOS, Windows",
        "softwareRequirements": PROJECT["dependencies"],
        "developmentStatus": "active",
    }


def test_codemeta_says_what_the_other_files_say():
    wanted = json.dumps(codemeta(), indent=2, ensure_ascii=False) + "\n"
    if os.environ.get("DETCOUNT_WRITE_GOLDEN"):
        (ROOT / "codemeta.json").write_text(wanted, encoding="utf-8")
    assert read("codemeta.json") == wanted


def test_zenodo_says_what_the_citation_says():
    zenodo, citation = json.loads(read(".zenodo.json")), yaml.safe_load(read("CITATION.cff"))
    assert (zenodo["title"], zenodo["description"]) == (citation["title"], citation["abstract"])
    assert (zenodo["license"], zenodo["keywords"]) == (citation["license"], citation["keywords"])
    assert zenodo["creators"] == citation["authors"]
    assert zenodo["upload_type"] == citation["type"]
    assert PROJECT["keywords"] == citation["keywords"]
    assert PROJECT["authors"] == citation["authors"]
    assert PROJECT["urls"]["Source"] == citation["repository-code"]


def test_changelog_names_the_numbers_that_change():
    for part in re.split(r"^## ", read("CHANGELOG.md"), flags=re.MULTILINE)[1:]:
        assert "### Numbers that change" in part


def test_readme_begins_with_the_two_commands():
    blocks = re.findall(r"^```sh\n(.*?)^```$", read("README.md"), flags=re.MULTILINE | re.DOTALL)
    assert [block.rstrip("\n") for block in blocks[:2]] == COMMANDS


def test_continuous_integration_calls_the_second_command():
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    assert f"\n{COMMANDS[1]}" in read(".ci/run")
    for command in COMMANDS:  # on Windows Python is called python
        assert f"- run: {command.replace('python3', 'python')}\n" in read(".github/workflows/test.yml")
    for call in (f"{COMMANDS[1]} --lowest", f"{COMMANDS[1]} --slow"):
        assert f"\n{call}\n" in read(".ci/run")
    assert f"- run: {COMMANDS[1].replace('python3', 'python')} --lowest\n" in read(
        ".github/workflows/test.yml"
    )


def test_bootstrap_says_what_it_knows():
    done = subprocess.run(
        [sys.executable, str(ROOT / "dev.py"), "--help"], capture_output=True, text=True, check=True
    )
    for command in COMMANDS:
        assert command in done.stdout
    wrong = subprocess.run(
        [sys.executable, str(ROOT / "dev.py"), "nothing"], capture_output=True, text=True, check=False
    )
    assert wrong.returncode == 2


def test_bootstrap_and_project_ask_for_the_same_python():
    oldest = re.search(r"^OLDEST = \((\d+), (\d+)\)$", read("dev.py"), flags=re.MULTILINE)
    assert oldest
    assert PROJECT["requires-python"] == f">={oldest[1]}.{oldest[2]}"


def test_licence_is_the_one_stated():
    assert PROJECT["license"] == yaml.safe_load(read("CITATION.cff"))["license"] == "BSD-3-Clause"
    assert read("LICENSE").startswith("BSD 3-Clause License")


def test_package_holds_its_data_and_its_types():
    package = resources.files("detcount")
    assert (package / "py.typed").is_file()
    assert (package / "datasets" / "data" / "kosovo.csv").is_file()


PINNED = re.compile(r"([a-z0-9][a-z0-9._-]*)==([\w.!+]+)( ; [\w\s.'\"<>=!*()-]+)?")
# Distributions whose module has another name.
MODULES = {"python-calamine": "python_calamine", "arviz-base": "arviz_base", "python-docx": "docx"}


def requirements(*extras):
    """Names and lower bounds of what the library needs, or of what some extras need."""
    optional = PROJECT["optional-dependencies"]
    lines = chain(*(optional[extra] for extra in extras)) if extras else PROJECT["dependencies"]
    parts = (re.fullmatch(r"([\w-]+)>=([\d.]+)", line) for line in lines if not line.startswith("detcount["))
    return {found[1].lower(): found[2] for found in parts if found}


def pinned(name):
    lines = [PINNED.fullmatch(line) for line in read(name).splitlines()]
    assert all(lines), name
    return {found[1]: found[2] for found in lines if found}


def test_constraints_are_names_and_versions():
    needed = set(requirements()) | set(requirements(*PROJECT["optional-dependencies"]))
    assert needed <= set(pinned("constraints.txt"))
    assert set(pinned("constraints-lowest.txt")) >= set(requirements()) | set(requirements(*TESTED_LOWEST))


TESTED_LOWEST = ("excel", "word", "linkage", "parquet", "notebooks", "pdf", "test")


def test_lower_bounds_are_the_versions_that_are_tested():
    lowest = pinned("constraints-lowest.txt")
    bounds = requirements() | requirements(*TESTED_LOWEST)
    assert {name: lowest[name] for name in bounds if lowest[name] != bounds[name]} == {}


def test_every_lower_bound_is_written_as_one():
    lines = [*PROJECT["dependencies"], *chain(*PROJECT["optional-dependencies"].values())]
    odd = [line for line in lines if not re.fullmatch(r"[\w-]+>=[\d.]+|detcount\[[\w,]+\]", line)]
    assert odd == []


def test_what_is_required_is_imported_and_nothing_else():
    found = set()
    for tree in trees().values():
        for node, _ in statements(tree):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                found.add((node.module or "").split(".")[0])
    found -= set(sys.stdlib_module_names) | {"detcount"}
    required = {MODULES.get(name, name) for name in requirements()}
    named = requirements("excel", "word", "arviz", "parquet", "linkage", "page", "spark", "pdf")
    extras = {MODULES.get(name, name) for name in named} - {"python-multipart"}  # it is for starlette
    assert required - found == set()
    assert found - required == extras


def test_every_extra_that_an_error_names_is_there():
    extras = PROJECT["optional-dependencies"]
    named = {
        extra
        for path in (ROOT / "src").rglob("*.py")
        for extra in re.findall(r'MissingExtraError\("[^"]+", "(\w+)"\)', path.read_text(encoding="utf-8"))
    }
    assert named <= set(extras)


def hosts():
    """Registries that are known, and those that this machine is set to use."""
    words = " ".join(os.environ.get(place, "") for place in PLACES).split()
    local = {host for word in words if (host := urlsplit(word.rpartition("=")[2]).hostname)}
    return [*HOSTS, *sorted(local)]


def test_no_file_speaks_of_a_registry_or_of_a_machine():
    named = hosts()
    faults = []
    for path in FILES:
        text = path.read_bytes().decode("utf-8", errors="replace")
        name = path.relative_to(ROOT).as_posix()
        faults += [(name, host) for host in named if host in text]
        faults += [(name, text[: found.start()].count("\n") + 1) for found in PATHS.finditer(text)]
    assert len(FILES) > 300
    assert faults == []
