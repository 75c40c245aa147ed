"""A student is forgotten, a term saved and brought back, the seed kept where git does not see it."""

import hashlib
import os
import shutil
import subprocess
from unittest.mock import patch

import pytest
from nbgrader.api import Gradebook

from bplib.cli import main
from bplib.errors import InputError
from bplib.grading import find_alembic
from bplib.grading.backup import backup, restore
from bplib.grading.forgetting import forget
from bplib.grading.to_grade import course_config
from tests.grading.course import CONFIG

pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")


@pytest.fixture(autouse=True)
def same_environment():
    """What nbgrader_config.py sets ends with the test."""
    before = os.umask(0o022)
    with patch.dict(os.environ):
        yield
    os.umask(before)


@pytest.fixture(scope="module")
def gradebook(tmp_path_factory):
    """Of three students, two of whom have handed in."""
    path = tmp_path_factory.mktemp("gradebook") / "gradebook.db"
    with patch.dict(os.environ):
        find_alembic()
        with Gradebook(f"sqlite:///{path}", "bplib") as gradebook:
            gradebook.add_assignment("ps01")
            gradebook.add_notebook("ps01", "ps01")
            for student in ("ann", "ann2", "zoe"):
                gradebook.add_student(student, last_name=f"Surname of {student}")
            gradebook.add_submission("ps01", "ann")
            gradebook.add_submission("ps01", "ann2")
    return path


@pytest.fixture
def course(tmp_path, gradebook):
    """A course in the middle of a term."""
    root = tmp_path / "assignments"
    root.mkdir()
    shutil.copy(CONFIG, root)
    shutil.copy(gradebook, root)
    for student in ("ann", "ann2"):
        for step in ("submitted", "autograded", "feedback"):
            (root / step / student / "ps01").mkdir(parents=True)
            (root / step / student / "ps01" / "ps01.ipynb").write_text(f"{step} of {student}")
        (root / "submitted" / student / "ps01-kept-1").mkdir()
        (root / "submitted" / student / "ps01-kept-1" / "ps01.ipynb").write_text("older")
        (root / ".grading/ps01").mkdir(parents=True, exist_ok=True)
        (root / f".grading/ps01/{student}.done").write_text("{}")
        (root / f".exchange/bplib/inbound/{student}+ps01+2026-03-01 10:00:00 UTC+x").mkdir(parents=True)
    (root / "reports").mkdir()
    for table in ("grades.csv", "students.csv", "reports/ps01.csv"):
        (root / table).write_text('"id"\n"ann"\n"ann2"\n')
    (root / "canvas.csv").write_text('"id"\n"ann2"\n')
    (root / "source/ps01").mkdir(parents=True)
    (root / "source/ps01/ps01.ipynb").write_text("the solutions")
    return root


def names_of(root):
    """Every path that names ann, and every file that says her name."""
    for path in root.rglob("*"):
        if path.name.split("+")[0] in ("ann", "ann.done") or (
            path.is_file() and (b"Surname of ann\x00" in path.read_bytes() or b'"ann"' in path.read_bytes())
        ):
            yield path.relative_to(root).as_posix()


def test_of_a_student_who_is_forgotten_nothing_is_left_and_the_others_lose_nothing(course, capsys):
    forget(course, "ann")
    assert list(names_of(course)) == ["students.csv"]
    said = capsys.readouterr().out
    assert "students.csv still names ann" in said and "the gradebook, submitted/ann" in said
    with Gradebook(f"sqlite:///{course}/gradebook.db", "bplib") as gradebook:
        assert [student.id for student in gradebook.students] == ["ann2", "zoe"]
        assert [each.student.id for each in gradebook.assignment_submissions("ps01")] == ["ann2"]
    assert b"Surname of ann2" in (course / "gradebook.db").read_bytes()
    assert b"Surname of annS" not in (course / "gradebook.db").read_bytes()
    assert (course / "submitted/ann2/ps01-kept-1/ps01.ipynb").read_text() == "older"
    assert (course / ".grading/ps01/ann2.done").exists() and (course / "canvas.csv").exists()


@pytest.mark.parametrize("student", ["nobody", "an", "../assignments", "*", ""])
def test_who_is_not_there_cannot_be_forgotten(course, student, monkeypatch, capsys):
    before = contents(course)
    monkeypatch.chdir(course.parent)
    assert main(["forget", student]) == 1
    assert "bplib: " in capsys.readouterr().err
    assert contents(course) == before


def test_a_student_of_whom_only_a_name_is_known_is_forgotten_too(course):
    forget(course, "zoe")
    with pytest.raises(InputError, match="there is nothing of 'zoe'"):
        forget(course, "zoe")


def contents(folder):
    """{path: (bytes, time)} of all files, but not of the database: it is asked."""
    return {
        path.relative_to(folder).as_posix(): (
            hashlib.sha256(path.read_bytes()).digest(),
            path.stat().st_mtime_ns,
        )
        for path in folder.rglob("*")
        if path.is_file() and path.name != "gradebook.db" and "before-restore" not in str(path)
    }


def test_a_backup_brings_back_a_term_and_keeps_what_was_in_its_place(course, tmp_path, capsys):
    before = contents(course)
    backup(course, tmp_path / "term.zip")
    assert "read again and compared" in capsys.readouterr().out
    assert (tmp_path / "term.zip").stat().st_mode & 0o077 == 0
    forget(course, "ann")
    (course / "source/ps01/ps01.ipynb").write_text("newer solutions")
    restore(course, tmp_path / "term.zip")
    after = contents(course)
    assert after.pop("source/ps01/ps01.ipynb") != before.pop("source/ps01/ps01.ipynb")
    assert after == before
    with Gradebook(f"sqlite:///{course}/gradebook.db", "bplib") as gradebook:
        assert len(gradebook.students) == 3 and len(gradebook.assignment_submissions("ps01")) == 2
    [aside] = course.glob("before-restore-*")
    assert (aside / "gradebook.db").exists() and not (aside / "submitted/ann").exists()
    assert (aside / "submitted/ann2").exists() and aside.name in capsys.readouterr().out


def test_a_term_is_brought_back_to_another_machine(course, tmp_path):
    backup(course, tmp_path / "term.zip")
    other = tmp_path / "other"
    other.mkdir()
    shutil.copy(CONFIG, other)
    restore(other, tmp_path / "term.zip")
    assert (other / "submitted/ann/ps01/ps01.ipynb").read_text() == "submitted of ann"
    assert not (other / "source").exists() and not list(other.glob("before-restore-*"))


def spoilt(content, place):
    at = int(len(content) * place)
    return content[:at] + bytes([content[at] ^ 0x55]) + content[at + 1 :]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda content: content[:-200],
        lambda content: content[: len(content) // 2],
        lambda content: spoilt(content, 0.02),
        lambda content: spoilt(content, 0.4),
        lambda content: b"",
        lambda content: b"no zip",
    ],
)
def test_a_damaged_backup_is_refused_and_nothing_is_changed(course, tmp_path, spoil):
    backup(course, tmp_path / "term.zip")
    before = contents(course)
    (tmp_path / "term.zip").write_bytes(spoil((tmp_path / "term.zip").read_bytes()))
    with pytest.raises(InputError, match="damaged"):
        restore(course, tmp_path / "term.zip")
    assert contents(course) == before and not list(course.glob("before-restore-*"))


def test_a_backup_replaces_none(course, tmp_path):
    (tmp_path / "term.zip").write_bytes(b"last week's")
    with pytest.raises(InputError, match="is there already"):
        backup(course, tmp_path / "term.zip")
    assert (tmp_path / "term.zip").read_bytes() == b"last week's"


@pytest.mark.parametrize(
    ("written", "seed"), [(None, "1"), ("2027\n", "2027"), (" 18446744073709551615 ", "18446744073709551615")]
)
def test_the_seed_is_read_from_a_file_of_its_own(course, monkeypatch, written, seed):
    monkeypatch.delenv("BPLIB_COURSE_SEED", raising=False)
    if written:
        (course / ".course_seed").write_text(written)
    course_config(course)
    assert os.environ["BPLIB_COURSE_SEED"] == seed


def test_git_does_not_see_the_seed_or_what_students_did(root):
    private = (
        "assignments/.course_seed",
        "assignments/gradebook.db",
        "assignments/submitted/ann/ps01/ps01.ipynb",
    )
    done = subprocess.run(["git", "check-ignore", *private], cwd=root, capture_output=True, text=True)
    assert done.stdout.split() == list(private)
