"""Hand-ins of the corpus, graded in one batch: each gets its fair score, and harms nobody else.

`pytest tests/grading/test_attacks.py -s` prints the table of what became of them; so do the other modules
of tests that name members, see Corpus.
"""

import ctypes
import os
import random
import re
import secrets
import shutil
import socket
import sysconfig
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from time import monotonic

import nbformat
import psutil
import pytest

import bplib
from bplib.authoring.rehearsal import Assignment, read_answer
from bplib.grading.hand_ins import read_graded
from tests.grading import warm
from tests.grading.corpus import NOTHING
from tests.grading.corpus.hostile import canary
from tests.grading.course import CONFIG, Course

SETTINGS = "c.Execute.timeout = 4\nc.SandboxedExecute.budget = 60\nc.SandboxedExecute.memory = 700\n"
SUBREAPER = 36  # for prctl: orphans among our descendants become our children


@cache
def assignment_of(name):
    return Assignment(CONFIG.parent, name)


def by_assignment(members):
    return {name: in_order(members, name) for name in sorted({each.assignment for each in members})}


def in_order(members, assignment):
    """{student: Member} in the order of the students: mixed, always the same way, with canaries between."""
    mixed = [each for each in members if each.assignment == assignment]
    random.Random(assignment).shuffle(mixed)
    for place in range(0, len(mixed), 12):
        mixed.insert(place, canary(assignment))
    return {
        f"{place:03}-{re.sub('[^a-z0-9]+', '-', each.name.lower())}": each for place, each in enumerate(mixed)
    }


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
    hand_ins: dict
    courses: dict = field(default_factory=dict)
    before: dict = field(default_factory=dict)
    after: dict = field(default_factory=dict)
    screens: dict = field(default_factory=dict)
    seconds: dict = field(default_factory=dict)
    found: dict = field(default_factory=dict)
    left_running: list = field(default_factory=list)

    def grade(self, root, name):
        course = self.courses[name]
        self.before[name] = state_of(root, course)
        began = monotonic()
        self.screens[name] = autograde(course, self.around)
        self.seconds[name] = monotonic() - began
        self.after[name] = state_of(root, course)
        self.found[name] = {each.student: each for each in read_graded(course.root, name).hand_ins}

    def outputs(self, assignment, student):
        """What all cells of a hand-in show, as one text."""
        path = self.courses[assignment].root / "autograded" / student / assignment / f"{assignment}.ipynb"
        cells = nbformat.read(path, as_version=4).cells
        return "\n".join(str(output) for cell in cells for output in cell.get("outputs", []))

    def said(self, assignment, student):
        """What instructor and student are told."""
        notes = self.found[assignment][student].notes
        return "\n".join([*notes, *self.named(assignment, student), self.outputs(assignment, student)])

    def named(self, assignment, student):
        """The lines on the screen that name a student."""
        return re.findall(rf"^{re.escape(student)}: .*", self.screens[assignment], flags=re.MULTILINE)

    def scores(self, assignment, student):
        scores = self.courses[assignment].scores(student)
        return {cell: scores.get(cell) for cell in assignment_of(assignment).points}


@contextmanager
def graded(root, hand_ins):
    """Courses in which these hand-ins, {assignment: {student: Member}}, have been graded."""
    graded = Graded(Surroundings(root), hand_ins)
    try:
        for name, students in hand_ins.items():
            graded.courses[name] = given_out(root / name, name)
            hand_in(graded.courses[name], students, graded.around)
        with orphans_of_ours() as left_running:
            for name in hand_ins:
                graded.grade(root, name)
            graded.left_running = left_running()
        yield graded
    finally:
        graded.around.close()


def given_out(root, name):
    """A course whose assignment has been given out."""
    root.mkdir()
    course = Course(root / "assignments", name, SETTINGS)
    shutil.copytree(assignment_of(name).file.parent, course.root / "source" / name, dirs_exist_ok=True)
    course.generate()
    return course


def hand_in(course, students, around):
    right = right_answers(course.assignment)
    fill = around.fill(course, course.root / "submitted" / next(iter(students)) / course.assignment)
    for student, member in students.items():
        member.hand_in(course, student, right, fill)


def right_answers(name):
    file = next(path for path in assignment_of(name).known("right") if path.stem != "the_library")
    return read_answer(file)[1] | {"explain": "Each gate multiplies what arrives."}


def autograde(course, around, python=("bplib.cli", "autograde", "--workers", "4"), folder=".."):
    """A command of the instructor, and what it wrote to the screen. More workers than processors: some sleep."""
    settings = {name: str(course.root / ".settings") for name in ("JUPYTER_CONFIG_DIR", "IPYTHONDIR")}
    command = ["-m", *python, course.assignment]
    run = warm.run(command, course.root / folder, around.environment() | settings, seconds=1500)
    screen = run.stdout + run.stderr
    assert run.returncode in (0, 1), (run.returncode, screen)
    return screen


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


@pytest.mark.timeout(1800)
@pytest.mark.skipif(
    not shutil.which("bwrap") and not os.environ.get("CI"), reason="bubblewrap is not installed"
)
class Corpus:
    """The tests of a part of the corpus, for a class of tests that names its members."""

    members = ()

    def pytest_generate_tests(self, metafunc):
        hand_ins = by_assignment(self.members)
        if "student" in metafunc.fixturenames:
            everybody = [(name, student) for name, students in hand_ins.items() for student in students]
            metafunc.parametrize(("assignment", "student"), everybody, ids=[who for _, who in everybody])
        elif "assignment" in metafunc.fixturenames:
            metafunc.parametrize("assignment", hand_ins)

    def test_a_member_of_the_corpus_gets_its_fair_score(self, corpus, assignment, student):
        fair = corpus.hand_ins[assignment][student].fair(assignment_of(assignment).points)
        assert corpus.scores(assignment, student) == pytest.approx(fair, abs=1e-4)

    def test_what_has_to_be_said_about_a_member_is_said(self, corpus, assignment, student):
        member = corpus.hand_ins[assignment][student]
        if member.told:
            assert member.told in corpus.said(assignment, student)
        if member.told == NOTHING:
            assert corpus.named(assignment, student) == []
            assert corpus.found[assignment][student].notes == ()

    def test_no_attack_comes_through(self, corpus, assignment, student):
        said = corpus.said(assignment, student)
        assert "REACHED" not in said
        assert corpus.around.secret not in said

    def test_all_are_graded_and_nobody_else(self, corpus, assignment):
        query = "SELECT student_id FROM submitted_assignment"
        students = {student for (student,) in corpus.courses[assignment].ask_gradebook(query)}
        assert students == set(corpus.hand_ins[assignment])
        assert "0 could not be graded" in corpus.screens[assignment]

    def test_nobody_has_more_points_than_there_are(self, corpus, assignment):
        query = """
            SELECT grade.auto_score, cell.max_score FROM grade
            JOIN grade_cells AS cell ON cell.id = grade.cell_id"""
        scores = corpus.courses[assignment].ask_gradebook(query)
        assert all(0 <= (score or 0) <= most for score, most in scores)

    def test_no_file_of_the_course_or_of_the_instructor_is_changed(self, corpus, assignment):
        assert corpus.after[assignment] == corpus.before[assignment]

    def test_no_file_is_left_behind(self, corpus):
        assert corpus.around.footprints() == []

    def test_no_process_is_left_behind(self, corpus):
        assert corpus.left_running == []

    def test_nobody_has_called_a_socket(self, corpus):
        assert corpus.around.calls() == 0

    def test_plain_nbgrader_gives_a_sample_the_same_scores(self, corpus, tmp_path):
        sample = dict(list(corpus.hand_ins["ps01"].items())[::40])
        course = given_out(tmp_path / "plain", "ps01")
        hand_in(course, sample, corpus.around)
        autograde(course, corpus.around, ("nbgrader", "autograde"), ".")
        assert {who: course.scores(who) for who in sample} == {
            who: corpus.courses["ps01"].scores(who) for who in sample
        }

    def test_the_table_of_the_corpus(self, corpus, capsys):
        with capsys.disabled():
            print("\n" + "\n".join(rows(corpus)))


def rows(corpus):
    yield f"{'name':60} {'kind':8} {'fair':>6} {'got':>6} {'s':>6}  said"
    for assignment, students in corpus.hand_ins.items():
        for student, member in students.items():
            yield row(corpus, assignment, student, member)
        yield f"{assignment}: {len(students)} hand-ins in {corpus.seconds[assignment]:.0f} s"


def row(corpus, assignment, student, member):
    about = corpus.found[assignment].get(student)
    fair = sum(member.fair(assignment_of(assignment).points).values())
    got = sum(filter(None, corpus.scores(assignment, student).values()))
    mark = " " if abs(fair - got) < 1e-3 else "!"
    note = about.notes[0] if about and about.notes else ""
    seconds = about.seconds or 0.0 if about else 0.0
    what, scores = f"{assignment} {member.name}", f"{fair:6.4g} {got:6.4g}{mark}"
    return f"{what:60.60} {member.kind:8} {scores}{seconds:6.1f}  {note:.60}"
