"""`bplib autograde`: many hand-ins at once."""

import os
import shutil
import signal
import subprocess
import sys
import time

import pytest
from conftest import RIGHT, SOURCE
from course import Course

pytestmark = pytest.mark.skipif(
    not shutil.which("bwrap") and not os.environ.get("CI"), reason="bubblewrap is not installed"
)
FULL = {"test_relu": 2.0, "test_double": 3.0, "test_cube": 4.0, "why": None, "sketch": None}


@pytest.fixture
def small(tmp_path):
    (tmp_path / "assignments").mkdir()
    course = Course(tmp_path / "assignments", "ps1", settings="c.Execute.timeout = 4\n")
    course.write_source(SOURCE)
    course.generate()
    return course


def command(course, *options):
    return subprocess.Popen(
        [sys.executable, "-m", "bplib.cli", "autograde", "ps1", *options],
        cwd=course.root.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def grade(course, *options):
    said, _ = command(course, *options).communicate(timeout=200)
    return said


def test_a_batch_gives_fair_scores_once_and_grades_only_what_has_changed(small):
    small.submit("right", small.answered(**RIGHT))
    small.submit("partly", small.answered(**RIGHT | {"relu": "def relu(x):\n    return x"}))
    small.submit("ends", small.answered(**RIGHT | {"double": "def double(x):\n    import os; os._exit(1)"}))
    small.submit("broken", **{"ps1.ipynb": "no notebook"})
    first = grade(small)
    assert "4 graded" in first and "broken: ps1.ipynb is not a notebook" in first
    assert small.scores("right") == FULL
    assert small.scores("partly") == FULL | {"test_relu": 1.0}
    assert small.scores("ends") == FULL | {"test_double": 0.0}
    assert small.scores("broken")["test_cube"] == 0.0
    assert "0 graded" in grade(small)
    small.submit("partly", small.answered(**RIGHT))
    assert "1 graded" in grade(small)
    assert small.scores("partly") == FULL


def test_a_killed_batch_goes_on_where_it_was(small):
    students = [f"s{number:02}" for number in range(12)]
    for student in students:
        small.submit(student, small.answered(**RIGHT))
    for seconds in (3.0, 4.5, 6.0):
        running = command(small)
        time.sleep(seconds)
        os.killpg(running.pid, signal.SIGKILL)
        running.communicate()
    grade(small)
    assert {student: small.scores(student) for student in students} == dict.fromkeys(students, FULL)
    assert small.ask_gradebook("PRAGMA integrity_check") == [("ok",)]
    assert small.ask_gradebook("SELECT count(*) FROM submitted_assignment") == [(12,)]
