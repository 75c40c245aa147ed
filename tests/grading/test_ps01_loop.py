"""The whole loop on the real first assignment: generate, hand in, autograde, give feedback, export."""

import re
import shutil
from html import unescape
from types import SimpleNamespace

import nbformat
import pytest
from nbformat.v4 import new_code_cell

from bplib.authoring.rehearsal import Assignment, mark, read_answer, read_wrong_answer
from tests.grading.course import CONFIG, Course, cell_of

PS01 = Assignment(CONFIG.parent, "ps01")
FULL = PS01.points
NOTHING = dict.fromkeys(FULL, 0.0)
MISTAKES = ("forward_difference", "one_layer_everywhere")  # those of the student `partly`
WAITS, EMPTY = (
    {"explain": None},
    {"explain": 0.0},
)  # the explanation is read by a person, unless there is none
ONEIL = "O'Neil, Jr"


def known_wrong(name):
    """What a known wrong answer states, and its cells."""
    return read_wrong_answer(PS01.answers / "wrong" / f"{name}.py")


def stated_scores():
    claims = [known_wrong(name)[0] for name in MISTAKES]
    return {claim.cell: claim.points for claim in claims}


STUDENTS = {
    ONEIL: FULL | WAITS,
    "partly": FULL | stated_scores() | WAITS,
    "blank": NOTHING | EMPTY,
    "syntax_error": FULL | {"test_wave": 0.0} | WAITS,
    "copied_cell": FULL | WAITS,
    "test_deleted": FULL | WAITS,
    "dead_kernel": FULL | {"test_wave": 0.0} | WAITS,
    "not_json": NOTHING | EMPTY,
}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """The real assignment, given out in a course of its own with a seed of its own."""
    course = Course(tmp_path_factory.mktemp("ps01"), "ps01")
    shutil.copytree(PS01.file.parent, course.root / "source" / "ps01", dirs_exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BPLIB_COURSE_SEED", "2026")
        course.generate()
        yield course


@pytest.fixture(scope="module")
def right():
    _, cells = read_answer(PS01.answers / "right" / "in_place_and_put_back.py")
    return cells | {"explain": "Each gate multiplies what arrives."}


@pytest.fixture(scope="module")
def graded(course, right):
    hand_in(course, right)
    screen = course.autograde()
    course.run("generate_feedback", "ps01")
    course.ask_gradebook("UPDATE student SET last_name = ? WHERE id = ?", ONEIL, ONEIL)
    return SimpleNamespace(screen=screen, table={row["student_id"]: row for row in course.export()})


def hand_in(course, right):
    first, second = (known_wrong(name)[1] for name in MISTAKES)
    for student, changes in {
        ONEIL: {},
        "partly": first | second,
        "syntax_error": {"wave": "def wave(x)\n    return x"},
        "dead_kernel": {"wave": "import os\n\nos._exit(1)"},
    }.items():
        course.submit(student, course.answered(**right | changes))
    course.submit("blank", course.release())
    course.submit("copied_cell", with_a_corrected_copy(course.answered(**right), "agree"))
    course.submit("test_deleted", without(course.answered(**right), "test_layers"))
    course.submit("not_json", **{"ps01.ipynb": "{'cells': []}"})


def with_a_corrected_copy(notebook, grade_id):
    """The first copy raises, the second, with the same grade_id, is right."""
    cell = cell_of(notebook, grade_id)
    copy = new_code_cell(cell.source, metadata=cell.metadata)
    notebook.cells.insert(notebook.cells.index(cell) + 1, copy)
    cell.source = "raise ValueError('first try')"
    return notebook


def without(notebook, grade_id):
    notebook.cells.remove(cell_of(notebook, grade_id))
    return notebook


def page(course, student):
    """The text of a student's feedback page, as it is read."""
    return unescape(re.sub(r"<[^>]+>", "", course.feedback(student)))


def kept_back(course):
    """Lines of the instructor's version that no student may see: hidden tests, and the model answers."""
    source, given_out = PS01.notebook, course.release()
    seen = {line.strip() for cell in given_out.cells for line in cell.source.splitlines()}
    lines = {line.strip() for cell in source.cells for line in cell.source.splitlines()}
    return {line for line in lines - seen if len(line) > 12}


@pytest.mark.parametrize("student", STUDENTS)
def test_every_hand_in_gets_its_fair_score_in_every_cell(course, graded, student):
    assert course.scores(student) == pytest.approx(STUDENTS[student], abs=1e-4)


def test_one_bad_hand_in_never_stops_the_others(course, graded):
    autograded = {path.name for path in (course.root / "autograded").iterdir()}
    feedback = {path.name for path in (course.root / "feedback").iterdir()}
    assert autograded == feedback == set(STUDENTS)


def test_the_instructor_is_told_which_hand_ins_need_a_look(graded):
    named = set(re.findall(r"Needs a look: ([^.]+)\.", graded.screen))
    assert named == {"copied_cell", "test_deleted", "not_json"}


def test_the_release_holds_neither_hidden_tests_nor_answers(course):
    assert [path.name for path in (course.root / "release" / "ps01").iterdir()] == ["ps01.ipynb"]
    given_out = nbformat.writes(course.release())
    for secret in ("SOLUTION", "HIDDEN TESTS", "_anywhere", "seed=", "two million runs"):
        assert secret not in given_out
    assert given_out.count("YOUR ANSWER HERE") == 1


def test_the_release_is_what_the_selftest_takes_for_it(course):
    def essence(notebook):
        return [(mark(cell).get("grade_id"), cell.source) for cell in notebook.cells]

    assert essence(course.release()) == essence(PS01.release())


@pytest.mark.parametrize("student", ["partly", "blank", "syntax_error", "dead_kernel", "not_json"])
def test_feedback_shows_no_hidden_test_and_no_model_answer(course, graded, student):
    text = page(course, student)
    shown = {line for line in kept_back(course) if line in text}
    own = "\n".join(cell.source for cell in course.autograded(student).cells if mark(cell).get("solution"))
    assert {line for line in shown if line not in own} == set()
    for secret in (
        "HIDDEN TESTS",
        "MARK SCHEME",
        "agree_on_shapes",
        "site-packages",
        "bplib/course/questions",
    ):
        assert secret not in text


@pytest.mark.parametrize(
    ("student", "message"),
    [
        (ONEIL, "4 of 4 points in this cell"),
        ("partly", "forward difference: this looks to one side of x only"),
        ("partly", "one layer in several places: a layer remembers only its last forward pass"),
        ("partly", "wave: at points of its own choice: right"),
        ("blank", "numerical_gradient: the slopes of a cubic: not answered yet"),
        ("syntax_error", "SyntaxError"),
        ("syntax_error", "wave is not there: has its cell been run, and without an error?"),
        ("dead_kernel", "this cell ended Python"),
        ("not_json", "not JSON"),
    ],
)
def test_feedback_says_what_is_right_and_what_is_not(course, graded, student, message):
    assert message in page(course, student)


def test_the_table_of_grades_can_be_read_back_with_any_name(graded):
    assert set(graded.table) == set(STUDENTS)
    assert graded.table[ONEIL]["last_name"] == ONEIL
    for student, scores in STUDENTS.items():
        row = graded.table[student]
        assert float(row["score"]) == pytest.approx(sum(filter(None, scores.values())), abs=1e-3)
        assert float(row["max_score"]) == 18


def test_validate_tells_a_student_that_all_is_right(course, right, tmp_path):
    nbformat.write(course.answered(**right), tmp_path / "ps01.ipynb")
    assert "Success! Your notebook passes all the tests." in course.run(
        "validate", str(tmp_path / "ps01.ipynb")
    )


def test_validate_tells_a_student_what_is_still_open(course, tmp_path):
    nbformat.write(course.release(), tmp_path / "ps01.ipynb")
    screen = course.run("validate", str(tmp_path / "ps01.ipynb"))
    assert f"FAILED ON {len(FULL) + 1} CELL" in screen
    for first_question in (
        "ask.slopes",
        "ask.wave",
        "ask.mul_layer",
        "ask.two_fruits",
        "ask.agree_on_rounding",
    ):
        assert f"check({first_question}, " in screen
    assert "You did not provide a response." in screen
