"""What an instructor and a student meet at nbgrader's commands in a course with our nbgrader_config.py."""

import os
import re

import nbformat
import pytest
from nbformat.v4 import new_code_cell

from tests.grading.course import Course, check

FULL = {"test_relu": 2.0, "test_double": 3.0, "test_cube": 4.0, "why": None, "sketch": None}
FORMGRADER = """
from nbgrader.apps import NbGraderAPI
from nbgrader.apps.baseapp import NbGrader

app = NbGrader()
app.initialize([])
api = NbGraderAPI(config=app.config)
for student in ("pipe", "ann"):
    print(api.autograde("ps1", student)["success"], api.coursedir.submitted_directory)
"""


def test_a_release_holds_no_solution_hidden_test_or_mark_scheme(course):
    text = nbformat.writes(course.release())
    for secret in ("max(0.0, x)", "secret in", "assert cube", "Two points for axes", "BEGIN"):
        assert secret not in text


def test_the_database_is_whole_although_path_does_not_lead_to_alembic(course):
    assert len(course.ask_gradebook("SELECT version_num FROM alembic_version")) == 1


def test_validate_passes_a_right_answer_and_names_a_wrong_one(course, right, tmp_path):
    nbformat.write(course.answered(**right), tmp_path / "right.ipynb")
    nbformat.write(
        course.answered(**right | {"double": "def double(x):\n    return 0"}), tmp_path / "wrong.ipynb"
    )
    assert "Success! Your notebook passes all the tests." in course.run(
        "validate", str(tmp_path / "right.ipynb")
    )
    assert "FAILED ON 1 CELL" in course.run("validate", str(tmp_path / "wrong.ipynb"))


def test_a_released_assignment_stays_inside_the_course(course):
    course.run("release_assignment", course.assignment)
    released = list(course.root.glob(".exchange/*/outbound/ps1/*"))
    assert [path.name for path in released] == ["ps1.ipynb"]


def test_the_formgrader_grades_through_the_intake_too(course, right):
    course.submit("ann", course.answered(**right))
    os.mkfifo(course.submit("pipe") / "ps1.ipynb")
    (course.root / "formgrader.py").write_text(FORMGRADER)
    screen = course.run(python=("formgrader.py",))
    assert re.findall(r"^(True|False) (\w+)$", screen, re.MULTILINE) == [("True", "submitted")] * 2
    assert course.scores("ann") == FULL
    assert course.scores("pipe")["test_relu"] == 0.0


def test_commands_say_nothing_alarming_about_good_hand_ins_and_code_runs_with_one_blas_thread(course, right):
    notebook = course.answered(**right)
    notebook.cells.append(new_code_cell("import os\nprint('threads', os.environ['OPENBLAS_NUM_THREADS'])"))
    course.submit("good", notebook)
    screen = course.autograde("--student=good") + course.run("generate_feedback", "ps1", "--student=good")
    assert "INFO" in screen
    assert not re.findall(r"(?i).*(?:warning|error|traceback|TCP).*", screen)
    assert "threads 1" in course.feedback("good")


def test_a_notebook_that_is_not_run_scores_nothing(course, right):
    notebook = course.answered(**right)
    course.submit("not_run", notebook)
    course.autograde("--student=not_run", "--no-execute")
    assert [course.scores("not_run")[name] for name in ("test_relu", "test_double", "test_cube")] == [
        0.0,
        0.0,
        0.0,
    ]


def test_a_notebook_beyond_its_time_is_stopped_with_a_message(course, right):
    course.submit("too_long", course.answered(**right))
    course.autograde("--student=too_long", "--RobustExecute.budget=-1")
    assert course.scores("too_long")["test_relu"] == 0.0
    assert course.autograded("too_long").cells[3].outputs[0].ename == "NotRun"


def test_a_late_hand_in_loses_a_share_for_each_started_day(course, right):
    course.submit("late", course.answered(**right), **{"timestamp.txt": "2026-03-02 00:00:01 UTC"})
    course.ask_gradebook("UPDATE assignment SET duedate = '2026-03-01 00:00:00.000000' WHERE name = 'ps1'")
    course.autograde("--student=late")
    course.ask_gradebook("INSERT INTO student (id) VALUES ('absent')")
    rows = {
        row["student_id"]: row
        for row in course.export("--student=['late', 'absent']", "--assignment=['ps1']")
    }
    assert set(rows) == {"late", "absent"}
    assert float(rows["late"]["late_submission_penalty"]) == pytest.approx(0.1 * 9 * 2)
    assert float(rows["late"]["score"]) == pytest.approx(9 - 0.1 * 9 * 2)
    assert (rows["absent"]["score"], rows["absent"]["max_score"]) == ("", "20.0")


@pytest.fixture
def new_course(tmp_path):
    course = Course(tmp_path, "ps2")
    course.write_source([check("test_data", "float(open('data.txt').read())", points=2)])
    (course.root / "source" / "ps2" / "data.txt").write_text("2.0")
    (course.root / "source" / "ps2" / "ps2.py").write_text("the solutions as text")
    return course


def test_helper_files_are_given_out_and_come_from_the_source_when_graded_but_solutions_as_text_stay(
    new_course,
):
    new_course.generate()
    given_out = sorted(path.name for path in (new_course.root / "release" / "ps2").iterdir())
    assert given_out == ["data.txt", "ps2.ipynb"]
    new_course.submit("ann", new_course.release(), **{"data.txt": "0.0"})
    new_course.autograde()
    assert new_course.scores("ann") == {"test_data": 2.0}


def test_a_test_cell_that_cannot_give_its_points_is_not_given_out(new_course):
    new_course.write_source([check("test_last", "with Checks(points=2) as check:\n    pass", points=2)])
    screen = new_course.run("generate_assignment", "ps2", expect=1)
    assert "The test cell 'test_last' must end in its score" in screen
    assert not (new_course.root / "release" / "ps2").exists()


def test_what_is_missing_is_named_in_plain_words(new_course):
    assert "submitted/*/ps2" in new_course.autograde(expect=1)
    new_course.submit("ann", **{"ps2.ipynb": "{}"})
    assert "run `nbgrader generate_assignment` first" in new_course.autograde(expect=1)


def test_nbgrader_does_not_go_on_without_the_plug_ins(new_course):
    (new_course.root / "bplib.py").write_text("raise ImportError('no bplib here')")
    new_course.at_once = False
    screen = new_course.run("generate_assignment", "ps2", expect=1)
    assert screen.strip().splitlines()[-1] == "nbgrader_config.py: no bplib here"
    assert not (new_course.root / "release").exists()
