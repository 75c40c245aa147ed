"""`bplib autograde`: many hand-ins at once."""

import errno
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from bplib.cli import main
from bplib.grading import to_grade, workers
from bplib.grading.batch import autograde
from bplib.grading.execute import SandboxedExecute
from bplib.grading.keeping import Kept
from bplib.grading.sandbox.walls import Limits
from bplib.grading.score import FailClosed
from tests.grading import warm
from tests.grading.small import RIGHT

pytestmark = pytest.mark.skipif(
    not shutil.which("bwrap") and not os.environ.get("CI"), reason="bubblewrap is not installed"
)
FULL = {"test_relu": 2.0, "test_double": 3.0, "test_cube": 4.0, "why": None, "sketch": None}


@pytest.fixture
def small(given_out, tmp_path):
    """A course with one small assignment and no hand-ins."""
    return given_out.copy(tmp_path / "assignments")


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
    """What the command says, run to its end."""
    done = warm.run(["-m", "bplib.cli", "autograde", "ps1", *options], course.root.parent, os.environ)
    return done.stdout + done.stderr


def test_a_batch_gives_fair_scores_once_and_grades_only_what_has_changed(small):
    small.submit("right", small.answered(**RIGHT))
    small.submit("partly", small.answered(**RIGHT | {"relu": "def relu(x):\n    return x"}))
    small.submit("ends", small.answered(**RIGHT | {"double": "def double(x):\n    import os; os._exit(1)"}))
    small.submit("broken", **{"ps1.ipynb": "no notebook"})
    late = {"timestamp.txt": "2026-03-02 00:00:01 UTC"}
    small.submit("partly", **late)
    small.ask_gradebook("UPDATE assignment SET duedate = '2026-03-01 00:00:00.000000' WHERE name = 'ps1'")
    small.ask_gradebook("INSERT INTO student (id) VALUES ('zoe'), ('amy')")
    first = grade(small)
    roll = "Nothing from 2: amy, zoe.\nLate: partly (day 2).\nOut of time or memory: ends (test_double).\n"
    assert roll in first
    assert "4 graded" in first and "broken: ps1.ipynb is not a notebook" in first
    assert small.scores("right") == FULL
    assert small.scores("partly") == FULL | {"test_relu": 1.0}
    assert small.scores("ends") == FULL | {"test_double": 0.0}
    assert small.scores("broken")["test_cube"] == 0.0
    assert "0 graded" in grade(small)
    small.submit("partly", small.answered(**RIGHT))
    assert "1 graded" in grade(small)
    assert small.scores("partly") == FULL


def graded(course):
    """{student: how often the gradebook has a hand-in of theirs}"""
    rows = course.ask_gradebook("SELECT student_id, count(*) FROM submitted_assignment GROUP BY student_id")
    return dict(rows)


def hand_in_right(course, number):
    students = [f"s{each:02}" for each in range(number)]
    for student in students:
        course.submit(student, course.answered(**RIGHT))
    return students


def is_whole(course, students):
    """Whether each of them has the full score, once, in a sound gradebook."""
    return (
        {student: course.scores(student) for student in students} == dict.fromkeys(students, FULL)
        and graded(course) == dict.fromkeys(students, 1)
        and course.ask_gradebook("PRAGMA integrity_check") == [("ok",)]
    )


def until(condition, seconds=300):
    """Wait for something to become true."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def saved(course):
    return len(list((course.root / "autograded").glob("*/ps1/ps1.ipynb")))


def servers_of(process):
    """The processes of a batch, itself excepted, that are still there."""
    found = []
    for each in Path("/proc").iterdir():
        with suppress(OSError):
            if each.name.isdecimal() and os.getsid(int(each.name)) == process.pid:
                found.append(int(each.name))
    return [each for each in found if each != process.pid]


def test_a_batch_killed_at_ten_random_moments_ends_with_every_score_once(small, rng):
    students = hand_in_right(small, 40)
    for _ in range(10):
        running = command(small)
        time.sleep(rng.uniform(0.3, 4))
        os.killpg(running.pid, signal.SIGKILL)
        running.communicate()
    before = saved(small)
    said = grade(small)
    assert is_whole(small, students)
    assert f"{before} as before" in said or f"{before - 1} as before" in said  # one may be half saved
    assert not list((small.root / ".grading" / "ps1").glob("*.part"))
    assert not list((small.root / ".grading" / "ps1").glob("staging-*"))


def test_what_has_run_is_not_run_again_for_the_gradebook(small, monkeypatch):
    hand_in_right(small, 2)
    monkeypatch.setattr(SandboxedExecute, "place", lambda *_: pytest.fail("a notebook ran twice"))
    assert autograde(small.root, "ps1") == 0
    assert is_whole(small, ["s00", "s01"])


def test_ctrl_c_ends_a_batch_with_one_sentence_and_nothing_left_running(small):
    students = hand_in_right(small, 12)
    running = command(small)
    until(lambda: saved(small) > 1)
    os.kill(running.pid, signal.SIGINT)
    said, _ = running.communicate(timeout=200)
    assert running.returncode == 130
    assert said.splitlines()[-1] == (
        "bplib: stopped. What was finished is kept; the same command goes on from there."
    )
    assert "Traceback" not in said
    until(lambda: not servers_of(running))
    assert 0 < saved(small) < 12
    grade(small)
    assert is_whole(small, students)


def test_a_forced_batch_that_is_stopped_goes_on_without_force(small, monkeypatch, capsys):
    students = hand_in_right(small, 4)
    assert autograde(small.root, "ps1") == 0
    keep, kept = Kept.keep, []

    def keep_two(self, student, what, content):
        if len(kept) == 2:
            raise KeyboardInterrupt
        keep(self, student, what, content)
        if what == "done":
            kept.append(student)

    with monkeypatch.context() as stopped:
        stopped.setattr(Kept, "keep", keep_two)
        with pytest.raises(KeyboardInterrupt):
            autograde(small.root, "ps1", force=True)
    capsys.readouterr()
    assert autograde(small.root, "ps1") == 0
    assert "2 graded" in capsys.readouterr().out
    assert is_whole(small, students)


def test_a_sandbox_that_somebody_kills_is_made_again(small):
    students = hand_in_right(small, 12)
    running = command(small)
    until(lambda: saved(small) > 1)
    for process in servers_of(running):
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
    said, _ = running.communicate(timeout=200)
    assert running.returncode == 0, said
    assert is_whole(small, students)


def test_making_a_sandbox_leaves_alone_what_nbgrader_puts_into_the_environment_meanwhile(monkeypatch):
    def made_while_nbgrader_saves(*_):
        monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")

    monkeypatch.setattr(workers, "ground_for", made_while_nbgrader_saves)
    workers.Here(Limits(), ()).common(None)
    assert os.environ["NBGRADER_EXECUTION"] == "autograde"


def test_two_graders_of_one_assignment_do_not_meet(small):
    students = hand_in_right(small, 2)
    with Kept(small.root, "ps1").locked():
        second = command(small)
        said, _ = second.communicate(timeout=200)
    assert second.returncode == 1
    assert said.splitlines()[-1] == "bplib: somebody is grading ps1 already; wait for it to end"
    assert saved(small) == 0
    grade(small)
    assert is_whole(small, students)


def test_a_full_disk_ends_a_batch_with_a_sentence_and_costs_nothing(small, monkeypatch, capsys):
    students = hand_in_right(small, 6)
    replace, written = os.replace, []

    def replace_while_there_is_room(part, path):
        if str(path).endswith(".done"):
            if len(written) == 2:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
            written.append(path)
        replace(part, path)

    with monkeypatch.context() as full:
        full.setattr(os, "replace", replace_while_there_is_room)
        full.chdir(small.root.parent)
        assert main(["autograde", "ps1"]) == 1
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 1 and "No space left on device" in said[0] and "the same command goes on" in said[0]
    assert "2 as before" in grade(small)
    assert is_whole(small, students)


def test_one_hand_in_that_cannot_be_read_does_not_end_the_batch(small, monkeypatch, capsys):
    students = hand_in_right(small, 3)
    take_in = to_grade.take_in

    def fail_once(folder, *others):
        if folder.parent.name == "s01":
            raise PermissionError("not for you")
        return take_in(folder, *others)

    with monkeypatch.context() as odd:
        odd.setattr(to_grade, "take_in", fail_once)
        assert autograde(small.root, "ps1") == 1
    said = capsys.readouterr().out
    assert "s01: could not be read: not for you" in said and "2 graded" in said
    assert autograde(small.root, "ps1") == 0
    assert is_whole(small, students)


def test_what_nbgrader_cannot_save_is_named_with_its_reason(small, monkeypatch, capsys):
    hand_in_right(small, 2)

    def fail(self, nb, resources):
        raise RuntimeError("no score at all")

    monkeypatch.setattr(FailClosed, "preprocess", fail)
    assert autograde(small.root, "ps1") == 1
    assert "s01: nbgrader could not grade it: RuntimeError: no score at all" in capsys.readouterr().out
