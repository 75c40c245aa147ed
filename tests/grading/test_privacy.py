"""A machine with other users: nothing of a course is theirs to read, and who leaves it open hears of it."""

import os
import shutil
import subprocess
from pathlib import Path
from tempfile import mkdtemp

import pytest

from bplib.doctor import privacy
from bplib.files import open_to_others
from tests.grading import warm
from tests.grading.small import RIGHT

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")


@pytest.fixture
def common():
    """A folder that every user of this machine may enter, as /opt is."""
    folder = Path(mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def read_by_others(folder):
    """The parts of a folder in which somebody with none of the owner's rights can read anything."""
    return {
        path.name
        for path in folder.iterdir()
        if path.stat().st_mode & 0o077 and (path.is_file() or read_by_others(path) or not any(path.iterdir()))
    }


def test_what_grading_writes_is_for_nobody_else(given_out, tmp_path):
    course = given_out.copy(tmp_path / "assignments")
    course.submit("ann", course.answered(**RIGHT))
    bplib = ("-m", "bplib.cli")
    assert "1 graded" in course.run("autograde", "ps1", python=bplib)
    course.run("generate_feedback", "ps1")
    course.run("export")
    course.run("report", "ps1", python=bplib)
    written = {"gradebook.db", "autograded", "feedback", "reports", "grades.csv", ".grading", "release"}
    assert written <= {path.name for path in course.root.iterdir()}
    assert not written & read_by_others(course.root)
    assert {"source", "submitted"} <= read_by_others(course.root)  # as this test has made them


def test_a_course_shared_with_a_group_stays_open_to_the_group(tmp_path):
    ask = "import os\nfrom bplib.grading import keep_private\n"
    ask += "from traitlets.config import Config\nc = Config()\n"
    share = "c.CourseDirectory.groupshared = True\n"
    say = "keep_private(c); print(oct(os.umask(0)))"
    for set_before, mask in (("", "0o77"), (share, "0o27")):
        (tmp_path / "ask.py").write_text(ask + set_before + say)
        done = warm.run(["ask.py"], tmp_path, os.environ)
        assert done.stdout.strip() == mask, done.stderr


SECRET = {"source/ps1/ps1.ipynb": 0o644, "gradebook.db": 0o644, "submitted/ann/ps1/ps1.ipynb": 0o640}


def course_in(folder):
    course = folder / "clone" / "assignments"
    for name, mode in SECRET.items():
        (course / name).parent.mkdir(parents=True, exist_ok=True)
        (course / name).write_text("{}")
        (course / name).chmod(mode)
    (course / "nbgrader_config.py").write_text("")
    (course / "release").mkdir()
    (folder / "clone" / ".git").mkdir()
    return course


def test_an_open_clone_is_named_with_its_cure_and_the_cure_helps(common, monkeypatch):
    course = course_in(common)
    clone = course.parent
    says = open_to_others(course)
    assert ".git, gradebook.db, source, submitted" in says and f"`chmod go-rwx {clone}`" in says
    monkeypatch.chdir(clone)
    assert privacy().grade == "note" and "gradebook.db" in privacy().says
    subprocess.run(["chmod", "go-rwx", clone], check=True)
    assert open_to_others(course) == "" and privacy().grade == "fine"


@pytest.mark.parametrize("closed", ["", "clone", "clone/assignments"])
def test_a_folder_above_that_is_closed_closes_what_is_in_it(common, closed):
    course = course_in(common)
    (common / "clone" / ".git").rmdir()
    (common / closed).chmod(0o750)
    assert open_to_others(course) == ""


def test_who_grades_in_an_open_course_hears_of_it(given_out, common):
    course = given_out.copy(common / "assignments")
    course.root.chmod(0o755)
    course.submit("ann", course.answered(**RIGHT))
    for said in (course.run("autograde", "ps1", python=("-m", "bplib.cli")), course.autograde("--force")):
        assert f"in {course.root}: `chmod go-rwx {course.root}` ends that." in said


def test_a_newer_hand_in_from_the_exchange_takes_the_place_and_the_older_stays_beside_it(given_out, tmp_path):
    course = given_out.copy(tmp_path / "assignments")
    course.run("release_assignment", "ps1")
    inbound = course.root / ".exchange/bplib/inbound"

    def hand_in(time, text):
        folder = inbound / f"ann+ps1+{time}+x"
        folder.mkdir()
        (folder / "ps1.ipynb").write_text(text)
        (folder / "timestamp.txt").write_text(time)

    def collected():
        course.run("collect", "ps1", "--ExchangeCollect.check_owner=False")
        return {
            path.name[:8]: (path / "ps1.ipynb").read_text() for path in course.root.glob("submitted/ann/*")
        }

    hand_in("2026-03-01 10:00:00.0 UTC", "first")
    assert collected() == collected() == {"ps1": "first"}
    hand_in("2026-03-02 10:00:00.0 UTC", "second")
    assert collected() == collected() == {"ps1": "second", "ps1-kept": "first"}
    shutil.rmtree(inbound / "ann+ps1+2026-03-02 10:00:00.0 UTC+x")
    assert collected()["ps1"] == "second"
