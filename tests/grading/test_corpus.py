"""Benign, broken and hostile hand-ins, graded in one batch: each gets its fair score, and harms nobody else.

`pytest tests/grading/test_corpus.py -s` prints the table of what became of them.
"""

import ctypes
import os
import random
import re
import secrets
import shutil
import socket
import subprocess
import sys
import sysconfig
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

import nbformat
import psutil
import pytest
from corpus import NOTHING, members
from corpus.hostile import canary
from course import CONFIG, Course

import bplib
from bplib.grading.hand_ins import read_graded
from bplib.rehearsal import Assignment, read_answer

pytestmark = [
    pytest.mark.timeout(1800),
    pytest.mark.skipif(
        not shutil.which("bwrap") and not os.environ.get("CI"), reason="bubblewrap is not installed"
    ),
]
MEMBERS = members()
ASSIGNMENTS = {
    name: Assignment(CONFIG.parent, name) for name in sorted({each.assignment for each in MEMBERS})
}
SETTINGS = "c.Execute.timeout = 4\nc.SandboxedExecute.budget = 60\nc.SandboxedExecute.memory = 700\n"
SUBREAPER = 36  # for prctl: orphans among our descendants become our children


def in_order(assignment):
    """{student: Member} in the order of the students: mixed, always the same way, with canaries between."""
    mixed = [each for each in MEMBERS if each.assignment == assignment]
    random.Random(assignment).shuffle(mixed)
    for place in range(0, len(mixed), 12):
        mixed.insert(place, canary(assignment))
    return {
        f"{place:03}-{re.sub('[^a-z0-9]+', '-', each.name.lower())}": each for place, each in enumerate(mixed)
    }


HAND_INS = {name: in_order(name) for name in ASSIGNMENTS}
EVERYBODY = [(assignment, student) for assignment, students in HAND_INS.items() for student in students]
every_hand_in = pytest.mark.parametrize(
    ("assignment", "student"), EVERYBODY, ids=[who for _, who in EVERYBODY]
)


class Surroundings:
    """What stands around the graders, and must be after the batch as it was before."""

    def __init__(self, root):
        self.home, self.token = root / "home", f"corpus{secrets.token_hex(4)}"
        self.secret = f"secret-{self.token}"
        self.home.mkdir()
        (self.home / "secret.txt").write_text(self.secret)
        self.listening = [socket.socket(), socket.socket(type=socket.SOCK_DGRAM)]
        self.listening[0].bind(("127.0.0.1", 0))
        self.port = self.listening[0].getsockname()[1]
        self.listening[1].bind(("127.0.0.1", self.port))
        for name in (f"\0{self.token}", str(self.home / "socket")):
            self.listening.append(socket.socket(socket.AF_UNIX))
            self.listening[-1].bind(name)
        for each in self.listening:
            each.settimeout(0)
            if each.type == socket.SOCK_STREAM:
                each.listen()

    def calls(self):
        """How many sockets somebody has called."""
        return sum(map(self.was_called, self.listening))

    def was_called(self, each):
        with suppress(BlockingIOError):
            return bool(each.accept() if each.type == socket.SOCK_STREAM else each.recv(10))
        return False

    def environment(self):
        return os.environ | {
            "HOME": str(self.home),
            "CORPUS_SECRET": self.secret,
            "BPLIB_COURSE_SEED": "2026",
        }

    def fill(self, course, other):
        words = {
            "course": course.root,
            "other": other,
            "home": self.home,
            "port": self.port,
            "token4": self.token[-8:],
            "token": self.token,
        }

        def fill(text):
            return re.sub(rf"<({'|'.join(words)})>", lambda found: str(words[found[1]]), text)

        return fill

    def footprints(self):
        """Files with the token in their name, where a hostile hand-in might leave one."""
        paths = sysconfig.get_paths()
        flat = ["/", "/tmp", "/dev/shm", "/var/tmp", "/run", "/etc", "/home", Path(bplib.__file__).parent]
        flat += [paths[name] for name in ("purelib", "stdlib", "scripts")]
        return [path for folder in flat for path in Path(folder).glob(f"*{self.token}*")]

    def close(self):
        for each in self.listening:
            each.close()
        for path in self.footprints():
            path.unlink()


@dataclass
class Graded:
    """The corpus after the batch."""

    around: Surroundings
    courses: dict = field(default_factory=dict)
    before: dict = field(default_factory=dict)
    after: dict = field(default_factory=dict)
    screens: dict = field(default_factory=dict)
    seconds: dict = field(default_factory=dict)
    hand_ins: dict = field(default_factory=dict)
    left_running: list = field(default_factory=list)

    def outputs(self, assignment, student):
        """What all cells of a hand-in show, as one text."""
        path = self.courses[assignment].root / "autograded" / student / assignment / f"{assignment}.ipynb"
        cells = nbformat.read(path, as_version=4).cells
        return "\n".join(str(output) for cell in cells for output in cell.get("outputs", []))

    def said(self, assignment, student):
        """What instructor and student are told."""
        notes = self.hand_ins[assignment][student].notes
        return "\n".join([*notes, *self.named(assignment, student), self.outputs(assignment, student)])

    def named(self, assignment, student):
        """The lines on the screen that name a student."""
        return re.findall(rf"^{re.escape(student)}: .*", self.screens[assignment], flags=re.MULTILINE)

    def scores(self, assignment, student):
        scores = self.courses[assignment].scores(student)
        return {cell: scores.get(cell) for cell in ASSIGNMENTS[assignment].points}


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    root = tmp_path_factory.mktemp("corpus")
    graded = Graded(Surroundings(root))
    try:
        with orphans_of_ours() as left_running:
            for name in ASSIGNMENTS:
                course = graded.courses[name] = given_out(root / name, name, graded.around)
                hand_in(course, HAND_INS[name], graded.around)
                graded.before[name] = state_of(root, course)
                began = monotonic()
                graded.screens[name] = autograde(course, graded.around)
                graded.seconds[name] = monotonic() - began
                graded.after[name] = state_of(root, course)
                graded.hand_ins[name] = {
                    each.student: each for each in read_graded(course.root, name).hand_ins
                }
            graded.left_running = left_running()
        yield graded
    finally:
        graded.around.close()


def given_out(root, name, around):
    """A course whose assignment has been given out."""
    root.mkdir()
    course = Course(root / "assignments", name, SETTINGS)
    shutil.copytree(ASSIGNMENTS[name].file.parent, course.root / "source" / name, dirs_exist_ok=True)
    course.generate()
    return course


def hand_in(course, students, around):
    right = right_answers(course.assignment)
    fill = around.fill(course, course.root / "submitted" / next(iter(students)) / course.assignment)
    for student, member in students.items():
        member.hand_in(course, student, right, fill)


def right_answers(name):
    file = next(path for path in ASSIGNMENTS[name].known("right") if path.stem != "the_library")
    return read_answer(file)[1] | {"explain": "Each gate multiplies what arrives."}


def autograde(course, around, python=("bplib.cli", "autograde"), folder=".."):
    """A command of the instructor, and what it wrote to the screen."""
    settings = {name: str(course.root / ".settings") for name in ("JUPYTER_CONFIG_DIR", "IPYTHONDIR")}
    run = subprocess.run(
        [sys.executable, "-m", *python, course.assignment],
        cwd=course.root / folder,
        env=around.environment() | settings,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        timeout=1500,
    )
    assert run.returncode in (0, 1), (run.returncode, run.stdout)
    return run.stdout


def state_of(root, course):
    """Every path that grading must leave alone, with its kind, size, rights and time of change."""
    folders = [root / "home", *(course.root / name for name in ("source", "release", "submitted"))]
    paths = [course.root / CONFIG.name, *(path for folder in folders for path in sorted(folder.rglob("*")))]
    status = {path: os.lstat(path) for path in paths}
    return {path: (it.st_mode, it.st_size, it.st_mtime_ns) for path, it in status.items()}


@contextmanager
def orphans_of_ours():
    """A function that names the processes which something started in here has left behind."""
    libc, before = ctypes.CDLL(None), set(psutil.Process().children())
    libc.prctl(SUBREAPER, 1, 0, 0, 0)

    def left():
        running = set(psutil.Process().children()) - before
        return [each for each in running if each.status() != psutil.STATUS_ZOMBIE]

    try:
        yield left
    finally:
        for each in left():
            each.kill()
        libc.prctl(SUBREAPER, 0, 0, 0, 0)


@every_hand_in
def test_a_member_of_the_corpus_gets_its_fair_score(graded, assignment, student):
    member = HAND_INS[assignment][student]
    fair = member.fair(ASSIGNMENTS[assignment].points)
    assert graded.scores(assignment, student) == pytest.approx(fair, abs=1e-4)


@every_hand_in
def test_what_has_to_be_said_about_a_member_is_said(graded, assignment, student):
    member = HAND_INS[assignment][student]
    if member.told:
        assert member.told in graded.said(assignment, student)
    if member.told == NOTHING:
        assert graded.named(assignment, student) == []
        assert graded.hand_ins[assignment][student].notes == ()


@every_hand_in
def test_no_attack_comes_through(graded, assignment, student):
    said = graded.said(assignment, student)
    assert "REACHED" not in said
    assert graded.around.secret not in said


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_all_are_graded_and_nobody_else(graded, assignment):
    query = "SELECT student_id FROM submitted_assignment"
    assert {student for (student,) in graded.courses[assignment].ask_gradebook(query)} == set(
        HAND_INS[assignment]
    )
    assert "0 could not be graded" in graded.screens[assignment]


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_nobody_has_more_points_than_there_are(graded, assignment):
    query = """
        SELECT grade.auto_score, cell.max_score FROM grade
        JOIN grade_cells AS cell ON cell.id = grade.cell_id"""
    scores = graded.courses[assignment].ask_gradebook(query)
    assert all(0 <= (score or 0) <= most for score, most in scores)


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_no_file_of_the_course_or_of_the_instructor_is_changed(graded, assignment):
    assert graded.after[assignment] == graded.before[assignment]


def test_no_file_is_left_behind(graded):
    assert graded.around.footprints() == []


def test_no_process_is_left_behind(graded):
    assert graded.left_running == []


def test_nobody_has_called_a_socket(graded):
    assert graded.around.calls() == 0


def test_plain_nbgrader_gives_a_sample_the_same_scores(graded, tmp_path):
    sample = dict(list(HAND_INS["ps01"].items())[::20])
    course = given_out(tmp_path / "plain", "ps01", graded.around)
    hand_in(course, sample, graded.around)
    autograde(course, graded.around, ("nbgrader", "autograde"), ".")
    assert {who: course.scores(who) for who in sample} == {
        who: graded.courses["ps01"].scores(who) for who in sample
    }


def test_the_table_of_the_corpus(graded, capsys):
    with capsys.disabled():
        print("\n" + "\n".join(rows(graded)))


def rows(graded):
    yield f"{'name':60} {'kind':8} {'fair':>6} {'got':>6} {'s':>6}  said"
    for assignment, student in EVERYBODY:
        member, about = HAND_INS[assignment][student], graded.hand_ins[assignment].get(student)
        fair = sum(member.fair(ASSIGNMENTS[assignment].points).values())
        got = sum(filter(None, graded.scores(assignment, student).values()))
        mark = " " if abs(fair - got) < 1e-3 else "!"
        note = about.notes[0] if about and about.notes else ""
        seconds = about.seconds or 0.0 if about else 0.0
        what, scores = f"{assignment} {member.name}", f"{fair:6.4g} {got:6.4g}{mark}"
        yield f"{what:60.60} {member.kind:8} {scores}{seconds:6.1f}  {note:.60}"
    for assignment, seconds in graded.seconds.items():
        yield f"{assignment}: {len(HAND_INS[assignment])} hand-ins in {seconds:.0f} s"
