"""The files that describe the project agree with one another and with what is installed."""

import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from importlib import metadata

import pytest
import yaml
from packaging.requirements import Requirement

import bplib
from bplib.authoring.version import of_content
from tests.conftest import LONG

pytestmark = pytest.mark.slow

PYTHONS = ["3.11", "3.12", "3.13"]
PLATFORMS = [("linux", "posix"), ("darwin", "posix"), ("win32", "nt")]


@pytest.fixture(scope="module")
def project(root):
    return tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]


@pytest.fixture(scope="module")
def pins(root):
    lines = (root / "constraints.txt").read_text("utf-8").splitlines()
    return [Requirement(line) for line in lines if not line.lstrip().startswith("#")]


def everything_asked_for(project):
    """The requirements that constraints.txt answers for: all but those that are exact where they stand."""
    extras = project["optional-dependencies"].values()
    asked = map(Requirement, [*project["dependencies"], *(line for extra in extras for line in extra)])
    return [
        each for each in asked if each.name != "bplib-course" and not str(each.specifier).startswith("==")
    ]


def normal(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def test_the_core_depends_on_numpy_alone(project):
    assert [Requirement(line).name for line in project["dependencies"]] == ["numpy"]


def test_every_pin_is_one_exact_version_and_names_no_index(root, pins):
    assert all(re.fullmatch(r"==[\w.]+", str(pin.specifier)) and pin.url is None for pin in pins)
    assert not re.search(
        r"://|--hash|index", (root / "constraints.txt").read_text("utf-8").split("txt\n", 1)[1]
    )


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_platform_and_python_has_one_pin_that_fits_each_requirement(project, pins, platform, python):
    here = {"python_version": python, "python_full_version": f"{python}.9"}
    here |= {"sys_platform": platform[0], "os_name": platform[1]}
    for asked in everything_asked_for(project):
        fitting = [pin for pin in pins if normal(pin.name) == normal(asked.name)]
        [pin] = [pin for pin in fitting if pin.marker is None or pin.marker.evaluate(here)]
        assert asked.specifier.contains(str(pin.specifier).removeprefix("==")), f"{asked} is pinned to {pin}"


def test_everything_that_is_installed_for_the_course_is_pinned(project, pins):
    pinned = {normal(pin.name) for pin in pins}
    waiting, seen = everything_asked_for(project), set()
    while waiting:
        asked = waiting.pop()
        if normal(asked.name) not in seen:
            seen.add(normal(asked.name))
            waiting += needs(asked)
    assert len(seen) > 100 and not seen - pinned


def needs(asked):
    """What an installed package asks for in its turn, on this machine."""
    extras = asked.extras or {""}
    lines = map(Requirement, metadata.requires(asked.name) or [])
    return [
        r for r in lines if r.marker is None or any(r.marker.evaluate({"extra": extra}) for extra in extras)
    ]


def test_conda_installs_what_pyproject_says_in_the_pinned_versions(root, project):
    environment = yaml.safe_load((root / "environment.yml").read_text("utf-8"))
    python, pip, by_pip = environment["dependencies"]
    assert python == "python" + project["requires-python"]
    assert pip == "pip"
    assert by_pip == {"pip": ["--constraint constraints.txt", "--editable .[course,test]"]}
    assert {"course", "test"} <= project["optional-dependencies"].keys()


def test_start_py_asks_for_the_same_python_and_for_extras_that_exist(root, project):
    start = (root / "start.py").read_text("utf-8")
    [version] = re.findall(r"version_info < \((\d+), (\d+)\)", start)
    assert ">=" + ".".join(version) == project["requires-python"]
    asked = set(re.findall(r'"(\w+)"', re.search(r"EXTRAS = .*", start)[0])) - {"lab"}
    assert asked == set(project["optional-dependencies"]) - {"benchmark", "lite"}


def test_the_readme_names_the_system_packages_that_ci_installs(root):
    readme = (root / "README.md").read_text("utf-8")
    [line] = re.findall(r"apt-get install (.*)", readme)
    ci = set(re.findall(r"packages\+=\(([\w-]+)\)", (root / ".ci" / "run").read_text("utf-8")))
    assert set(line.split()) == ci - {
        "python3-venv"
    }  # the venv module is a matter of Python, not of the tests


def test_the_version_of_the_wheel_follows_its_content(root, tmp_path):
    """So that pip installs a changed course over an older one."""
    package = tmp_path / "bplib"
    shutil.copytree(root / "bplib", package)
    shutil.copy(root / "pyproject.toml", tmp_path)
    before = of_content(package)
    assert re.fullmatch(rf"{re.escape(bplib.__version__)}\+[0-9a-f]{{8}}", before) and before == of_content()
    changes = [package / "gates/base.py", package / "widgets/static/view.js", tmp_path / "pyproject.toml"]
    versions = {before}
    for path in changes:
        path.write_text(path.read_text("utf-8") + "\n", "utf-8")
        versions.add(of_content(package))
    (package / "gates/base.py").rename(package / "gates/basis.py")
    versions.add(of_content(package))
    assert len(versions) == 2 + len(changes)


def test_the_wheel_holds_the_whole_package_and_nothing_else(root, tmp_path):
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--wheel-dir",
        str(tmp_path),
        str(root),
    ]
    subprocess.run(command, check=True, capture_output=True)
    [wheel] = tmp_path.glob("*.whl")
    assert wheel.name == f"bplib_course-{of_content()}-py3-none-any.whl"
    names = [name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name]
    beside = {name.split(".data/data/")[1] for name in names if ".data/data/" in name}
    assert beside == {
        "share/jupyter/lab/settings/overrides.d/bplib.json",
        "etc/jupyter/labconfig/page_config.d/bplib.json",
    }
    inside = {name for name in names if ".data/" not in name}
    here = {
        path for path in (root / "bplib").rglob("*") if path.is_file() and "__pycache__" not in path.parts
    }
    assert inside == {path.relative_to(root).as_posix() for path in here}
    assert any(name.endswith(".js") for name in inside)


def test_every_long_test_that_begins_first_is_there(root):
    assert [name for name in LONG if not (root / "tests" / name).exists()] == []
