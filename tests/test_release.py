"""A release is checked before it is made: by checks of ours, broken on purpose, and by one of workflows."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml

from scripts import loaded

ROOT = Path(__file__).parent.parent
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
INSTALLED = ROOT / "src" / "detcount"


CHECK = loaded("release/check.py")
BUNDLE = loaded("release/bundle.py")
INSTALLED_ELSEWHERE = loaded("release/installed.py")


@pytest.fixture(scope="module")
def clean_wheel(tmp_path_factory):
    path = tmp_path_factory.mktemp("built") / "detcount-0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for source in sorted(INSTALLED.rglob("*")):
            if source.is_file() and "__pycache__" not in source.parts:
                archive.write(source, f"detcount/{source.relative_to(INSTALLED).as_posix()}")
        archive.write(ROOT / "CHANGELOG.md", "detcount/CHANGELOG.md")
        archive.write(ROOT / "LICENSE", "detcount-0.dist-info/licenses/LICENSE")
    return path


@pytest.fixture
def wheel(clean_wheel, tmp_path):
    """A copy of that wheel, to be spoilt."""
    return Path(shutil.copy(clean_wheel, tmp_path))


@pytest.fixture
def source(tmp_path):
    """An archive of the source with what it has to hold, and nothing more."""
    import tarfile

    path = tmp_path / "detcount-0.tar.gz"
    names = ["pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", "CITATION.cff", "tests/conftest.py"]
    names += ["README.es.md", "codemeta.json"]
    with tarfile.open(path, "w:gz") as archive:
        for name in names:
            archive.add(ROOT / name, f"detcount-0/{name}")
    return path


@pytest.mark.slow
def test_a_wheel_of_the_library_alone_has_no_fault(wheel, source):
    assert list(CHECK.contents_faults(wheel, source)) == []


def test_what_a_wheel_should_not_hold_is_named(wheel, source):
    with zipfile.ZipFile(wheel, "a") as archive:
        archive.writestr("tests/test_one.py", "")
        archive.writestr("detcount/leftover.csv", "name\n")
        archive.writestr("detcount-0.dist-info/RECORD", "/home/" + "someone/detcount\n")
    assert list(CHECK.contents_faults(wheel, source)) == [
        "the wheel holds detcount/leftover.csv",
        "the wheel holds tests/test_one.py",
        "detcount-0.dist-info/RECORD names a path",
    ]


def test_a_tag_has_to_be_the_version():
    version = re.search(r'^version = "(.+)"$', (ROOT / "pyproject.toml").read_text(), flags=re.MULTILINE)
    assert version
    said = f"the tag is v0.0.1; the version of pyproject.toml is {version[1]}, so it should be v{version[1]}"
    assert said in list(CHECK.version_faults(version[1], "v0.0.1"))
    assert not any("tag" in fault for fault in CHECK.version_faults(version[1], f"v{version[1]}"))
    assert list(CHECK.version_faults("0.0.1", None)) != []


def test_other_bytes_are_a_fault(tmp_path):
    paths = [tmp_path / name for name in ("one.whl", "two.whl", "three.whl")]
    for path, content in zip(paths, (b"a", b"a", b"b"), strict=True):
        path.write_bytes(content)
    assert list(CHECK.bytes_faults({"whl": paths[0]}, {"whl": paths[1]})) == []
    assert list(CHECK.bytes_faults({"whl": paths[0]}, {"whl": paths[2]})) == [
        "one.whl has other bytes when it is built again"
    ]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_every_action_is_pinned_by_hash_and_may_do_little(path):
    workflow = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert workflow["permissions"] == {}
    for job in workflow["jobs"].values():
        allowed = {"contents": "read"} if job.get("environment") is None else {}
        assert {name: right for name, right in job["permissions"].items() if right != "write"} == allowed
        for step in job["steps"]:
            if "uses" in step:
                assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", step["uses"])


def test_only_the_reviewed_job_of_a_release_may_write():
    jobs = yaml.safe_load((ROOT / ".github/workflows/release.yml").read_text(encoding="utf-8"))["jobs"]
    writing = {name for name, job in jobs.items() if "write" in job["permissions"].values()}
    assert writing == {"publish"}
    assert jobs["publish"]["environment"] == "release"
    assert not any("uses" in step and "checkout" in step["uses"] for step in jobs["publish"]["steps"])


def test_nothing_is_published_that_was_not_installed_and_asked():
    jobs = yaml.safe_load((ROOT / ".github/workflows/release.yml").read_text(encoding="utf-8"))["jobs"]
    assert set(jobs["publish"]["needs"]) == {"build", "installed"}
    pythons = jobs["installed"]["strategy"]["matrix"]["python"]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = [re.search(r":: (3\.\d+)$", line) for line in project["classifiers"]]
    supported = [found[1] for found in named if found]
    assert pythons == [supported[0], supported[-1]]


def test_a_folder_without_both_files_is_not_taken_for_a_release(tmp_path):
    (tmp_path / "detcount-0.0.1-py3-none-any.whl").touch()
    with pytest.raises(SystemExit, match="expected one wheel and one source, got 1 files"):
        INSTALLED_ELSEWHERE.main(["--dist", str(tmp_path)])


@pytest.mark.slow
def test_a_wheel_that_does_not_answer_is_a_fault(wheel, tmp_path):
    """It has no metadata, so that nothing can be installed."""
    named = tmp_path / "detcount-0.0.1-py3-none-any.whl"
    shutil.copy(wheel, named)
    assert "-m pip install failed" in INSTALLED_ELSEWHERE.fault_of(named, sys.executable)


def test_workflows_pass_their_checker():
    assert shutil.which(
        "zizmor", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    )
    assert list(CHECK.workflow_faults()) == []


def test_the_oldest_versions_and_windows_are_in_the_matrix():
    jobs = yaml.safe_load((ROOT / ".github/workflows/test.yml").read_text(encoding="utf-8"))["jobs"]
    assert "windows-latest" in jobs["test"]["strategy"]["matrix"]["os"]
    assert any("--lowest" in step.get("run", "") for step in jobs["lowest"]["steps"])


def test_a_bundle_for_another_computer_asks_its_wheels_what_they_need_there(tmp_path):
    def make(name, *needs):
        with zipfile.ZipFile(tmp_path / f"{name}-1.0-py3-none-any.whl", "w") as archive:
            lines = "".join(f"Requires-Dist: {need}\n" for need in needs)
            archive.writestr(f"{name}-1.0.dist-info/METADATA", f"Name: {name}\nVersion: 1.0\n{lines}")

    make("detcount", "tq_dm>=1", 'word>=1; extra == "word"', 'never>=1; extra == "dev"')
    make("tq_dm", 'colorama; platform_system == "Windows"', 'old; python_version < "3.12"')
    make("word")
    there = BUNDLE.missing(tmp_path, {"word"}, "win_amd64", "3.13")
    assert there == ["colorama"]
    assert BUNDLE.missing(tmp_path, set(), "macosx_12_0_arm64", "3.11") == ["old"]
    assert re.fullmatch(
        r"tq-dm==1\.0 --hash=sha256:[0-9a-f]{64}\n", BUNDLE.hashed(tmp_path / "tq_dm-1.0-py3-none-any.whl")
    )


def test_a_package_is_packed_to_the_same_bytes(tmp_path):
    folder = tmp_path / "wheels"
    folder.mkdir()
    for name in ("b.whl", "a.whl"):
        (folder / name).write_text(name)
    first, second = tmp_path / "one" / "x.zip", tmp_path / "two" / "x.zip"
    for target in (first, second):
        target.parent.mkdir()
        BUNDLE.pack(folder, target)
        os.utime(folder / "a.whl", (0, 0))
    assert first.read_bytes() == second.read_bytes()
    assert zipfile.ZipFile(first).namelist() == ["x/a.whl", "x/b.whl"]


@pytest.mark.slow
def test_a_bundle_installs_where_there_is_no_network(tmp_path):
    """Wheels are gathered here, and installed without network where the kernel can take it away."""
    subprocess.run(
        [sys.executable, ROOT / "release" / "bundle.py", "--out", tmp_path, "--extras", ""], check=True
    )
    (made,) = tmp_path.glob("*.zip")
    with zipfile.ZipFile(made) as archive:
        archive.extractall(tmp_path)
    folder = tmp_path / made.stem
    alone = (
        ["unshare", "-rn"] if subprocess.run(["unshare", "-rn", "true"], check=False).returncode == 0 else []
    )
    commands = [
        line.strip().replace("python3 ", f"{sys.executable} ", 1) if "venv" in line else line.strip()
        for line in (folder / "INSTALL.txt").read_text(encoding="utf-8").splitlines()
        if line.startswith("    ")
    ]
    assert len(commands) == 3
    said = [
        subprocess.run(
            [*alone, *command.split()], cwd=folder, check=True, capture_output=True, text=True
        ).stdout
        for command in commands
    ]
    assert "4,400" in said[-1]
    broken = next(folder.glob("narwhals-*.whl"))
    with zipfile.ZipFile(broken, "a") as archive:
        archive.writestr("narwhals/more.py", "")
    again = subprocess.run(
        [*commands[1].split(), "--force-reinstall"], cwd=folder, check=False, capture_output=True, text=True
    )
    assert again.returncode != 0
    assert "DO NOT MATCH" in again.stderr
