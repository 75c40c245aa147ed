"""What is done is remembered, by name and day, on this machine, and only when a student has done it."""

import json
from datetime import date
from html import unescape

import pytest

from bplib.check.report import Finding
from bplib.cli import main
from bplib.course import diary
from bplib.course.exercise import Checks, question
from bplib.course.progress import progress
from bplib.course.questions import chain_rule, ps01, start_here

TODAY = "2026-03-04"


class Today(date):
    """A day that midnight does not end."""

    @classmethod
    def today(cls):
        return cls.fromisoformat(TODAY)


@pytest.fixture
def file(tmp_path, monkeypatch):
    """Where this test's diary is kept, on one and the same day."""
    monkeypatch.setattr(diary, "date", Today)
    path = tmp_path / "somewhere" / "progress.json"
    monkeypatch.setenv("BPLIB_PROGRESS", str(path))
    return path


def unit(name):
    (found,) = [unit for unit in progress().units if unit.name == name]
    return found


def test_a_self_check_that_is_right_is_remembered_with_the_day(file):
    start_here.shape_of_a_product(32, 50)
    assert json.loads(file.read_text("utf-8")) == {
        "version": 1,
        "done": {"start_here.shape_of_a_product": TODAY},
    }


@pytest.mark.parametrize("answer", [(50, 32), (32, ...), (..., ...)], ids=["wrong", "half", "open"])
def test_an_answer_that_is_not_right_is_not(file, answer):
    start_here.shape_of_a_product(*answer)
    assert not file.exists()


def test_a_question_of_somebody_else_is_not(file):
    ask = question("one")(lambda: [Finding("one", True, "")])
    assert ask().ok
    assert not file.exists()


def test_the_first_day_stays(file):
    file.parent.mkdir()
    file.write_text(json.dumps({"version": 1, "done": {"start_here.slope": "2026-01-02"}}))
    start_here.slope(lambda x: 2 * x)
    start_here.shape_of_a_product(32, 50)
    assert diary.read() == {"start_here.slope": "2026-01-02", "start_here.shape_of_a_product": TODAY}


def wave(x):
    y = 3 * x - 1
    w = 2.718281828459045 ** -(y**2)
    return w, -w * 2 * y * 3


@pytest.mark.parametrize(
    ("points", "done"), [((0.7, -0.2), ["ps01.wave"]), ((0.7, 1e9), [])], ids=["all", "part"]
)
def test_a_task_is_done_when_its_cell_reaches_all_points(file, capsys, points, done):
    with Checks(points=2) as check:
        for x in points:
            check(ps01.wave, wave if x < 1 else (lambda x: (1, 1)), x=x)
    check.score()
    assert list(diary.read()) == done


def test_the_table_has_the_lessons_and_assignments_in_order_with_what_there_is_to_do(file):
    names = [unit.name for unit in progress().units]
    assert names[:3] == ["Lesson 0 · start here", "Lesson 1 · chain rule", "Assignment 1"]
    assert unit("Lesson 0 · start here").open == (start_here.shape_of_a_product.title, start_here.slope.title)
    assert unit("Assignment 1").open == (
        "Task 1 · A numerical gradient you can trust (4 points)",
        "Task 2 · Three links of a chain (2 points)",
        "Task 3 · Two layers that remember (3 points)",
        "Task 4 · The basket (3 points)",
        "Task 5 · Do two gradients agree? (2 points)",
    )


def test_the_table_says_what_is_done_and_what_is_open(file, capsys):
    start_here.shape_of_a_product(32, 50)
    chain_rule.dearer_apple(2.2)
    start_here.slope(lambda x: 2 * x)
    assert main(["progress"]) is None
    lines = capsys.readouterr().out.splitlines()
    said = " ".join(" ".join(lines).split())
    assert f"Lesson 0 · start here 2 of 2 self-checks all done on {TODAY} Lesson 1" in said
    assert "Lesson 1 · chain rule 1 of 6 self-checks open: Three links of a chain at x = 0.5; " in said
    assert "Assignment 1 0 of 5 tasks" in said
    assert lines[-1] == f"Remembered in {file}, on this computer only. Delete the file to start anew."
    assert all(len(line) <= 100 for line in lines[:-1])


def test_the_rich_table_says_the_same_as_the_text(file):
    start_here.slope(lambda x: 2 * x)
    html, unit_ = unescape(progress()._repr_html_()), unit("Lesson 0 · start here")
    for words in (unit_.name, unit_.count, unit_.remark, str(file)):
        assert words in html


def test_an_empty_progress_is_the_same_on_every_machine(monkeypatch):
    monkeypatch.setenv("BPLIB_PROGRESS", "off")
    start_here.slope(lambda x: 2 * x)
    assert not any(unit.done for unit in progress().units)
    assert progress().remark == "Nothing is remembered here."


@pytest.mark.parametrize("sign", ["NBGRADER_EXECUTION", "PYTEST_VERSION"])
def test_nothing_is_kept_while_a_notebook_is_graded_validated_or_tested(sign, monkeypatch, tmp_path):
    for name in ("BPLIB_PROGRESS", "NBGRADER_EXECUTION", "PYTEST_VERSION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert diary.place() == tmp_path / ".bplib" / "progress.json"
    monkeypatch.setenv(sign, "yes")
    assert diary.place() is None


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", '{"done": 3}', '{"done": {"a.b": 7}}', '{"done": {"a.b": "soon"}}', b"\xff\xfe\x00"],
)
def test_a_damaged_file_is_said_to_be_one_and_left_alone(file, content):
    file.parent.mkdir()
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    before = file.read_bytes()
    assert start_here.slope(lambda x: 2 * x).ok
    assert progress().remark == f"{file} is damaged: delete it, and what you do next is remembered."
    assert file.read_bytes() == before


def test_a_file_that_cannot_be_read_is_said_to_be_one(file):
    file.mkdir(parents=True)
    assert start_here.slope(lambda x: 2 * x).ok
    assert progress().remark.startswith(f"{file} cannot be read: ")


def test_a_place_where_nothing_can_be_written_stops_nobody(file):
    file.parent.write_text("a file where the folder should be")
    assert start_here.slope(lambda x: 2 * x).ok
    assert progress().remark == f"{file} cannot be written, so what you do now is not remembered."


def test_a_read_only_folder_stops_nobody(file, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError("read-only")

    monkeypatch.setattr("os.access", lambda path, mode: False)  # the superuser may write everywhere
    monkeypatch.setattr("pathlib.Path.mkdir", refuse)
    assert start_here.slope(lambda x: 2 * x).ok
    assert progress().remark == f"{file} cannot be written, so what you do now is not remembered."


def test_a_file_is_whole_or_not_written(file, monkeypatch):
    start_here.slope(lambda x: 2 * x)
    before = file.read_bytes()

    def full(self, target):
        raise OSError("no space left")

    monkeypatch.setattr("pathlib.Path.replace", full)
    assert start_here.shape_of_a_product(32, 50).ok
    assert file.read_bytes() == before
    assert [path.name for path in file.parent.iterdir()] == [file.name]
