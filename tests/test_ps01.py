"""Assignment 1: right answers of every style get full marks, wrong ones are named and lose points."""

import re

import answers
import nbformat
import pytest
from nbgrader.nbgraderformat import MetadataValidator

from bplib.authoring import build_notebook
from bplib.compare import Mistake
from bplib.questions import ps01 as ask

POINTS = {"test_gradient": 4.0, "test_wave": 2.0, "test_layers": 3.0, "test_fruits": 3.0, "test_agree": 2.0}
TASKS = {"gradient", "wave", "layers", "fruits", "agree"}
RIGHT = answers.answer_files("ps01", "right")
WRONG = answers.answer_files("ps01", "wrong")

by_name = {"ids": lambda path: path.stem}


@pytest.fixture(scope="module")
def source():
    return answers.instructor_version("ps01")


@pytest.fixture(scope="module")
def release(source):
    return answers.blank(source)


@pytest.fixture
def seeds(monkeypatch):
    """Go through courses with this many seeds."""

    def each(count):
        for seed in range(count):
            monkeypatch.setenv("BPLIB_COURSE_SEED", str(seed))
            yield seed

    return each


def raised(ran):
    return [cell.error for cell in ran.values() if cell.error]


def stderr(ran, cells=()):
    return "".join(ran[cell].stderr for cell in cells or ran)


# ---------------------------------------------------------------------------------------- known answers


@pytest.mark.parametrize("path", RIGHT, **by_name)
def test_a_right_answer_gets_full_marks_with_every_seed(path, source, seeds):
    _, cells = answers.read_answer(path)
    assert set(cells) == TASKS
    for _ in seeds(20):
        ran = answers.run(answers.answered(source, cells))
        assert not raised(ran) and stderr(ran, POINTS) == ""
        assert answers.scores(ran, source) == POINTS


@pytest.mark.parametrize("path", RIGHT, **by_name)
def test_a_right_answer_gets_full_marks_before_the_hidden_tests_are_known(path, release):
    ran = answers.run(answers.answered(release, answers.read_answer(path)[1]))
    assert not raised(ran) and stderr(ran, POINTS) == ""
    assert answers.scores(ran, release) == POINTS


@pytest.mark.parametrize("path", WRONG, **by_name)
def test_a_wrong_answer_gets_the_score_it_states_and_hears_what_is_wrong(path, source, seeds):
    docstring, cells = answers.read_answer(path)
    claim = answers.claim(docstring)
    assert claim.points < POINTS[claim.cell]
    for _ in seeds(4):
        ran = answers.run(answers.answered(source, cells))
        assert answers.scores(ran, source) == POINTS | {claim.cell: claim.points}
        assert claim.mistake in ran[claim.cell].stdout
        assert stderr(ran) == ""


def test_there_are_right_answers_in_at_least_five_styles():
    assert len({answers.read_answer(path)[0] for path in RIGHT}) >= 5


def is_mistake(value):
    """Task 5 keeps its mistakes as pairs: name and advice."""
    return isinstance(value, tuple) and len(value) == 2 and all(isinstance(part, str) for part in value)


def test_every_mistake_that_the_questions_know_is_made_by_a_wrong_answer(source, monkeypatch):
    known = {pair[0] for pair in vars(ask).values() if is_mistake(pair)}
    assert "compared with ==" in known

    def noted(name, *rest):
        known.add(name)
        return Mistake(name, *rest)

    monkeypatch.setattr(ask, "Mistake", noted)
    named = set()
    for path in WRONG:
        docstring, cells = answers.read_answer(path)
        claim = answers.claim(docstring)
        feedback = answers.run(answers.answered(source, cells))[claim.cell].stdout
        named.update(re.findall(r"^ {11}(.+?): ", feedback, re.MULTILINE))
    assert len(known) > 25
    assert known <= named


# ------------------------------------------------------------------------- the blank and the solved notebook


def test_the_blank_release_scores_0_and_says_kindly_what_is_open(release):
    ran = answers.run(release)
    assert not raised(ran) and stderr(ran) == ""
    assert answers.scores(ran, release) == dict.fromkeys(POINTS, 0.0)
    for test in POINTS:
        *findings, last = ran[test].stdout.splitlines()
        assert findings and all(line.endswith("not answered yet") for line in findings)
        assert re.fullmatch(r"0 of \d points in this cell", last)


def test_an_empty_answer_earns_nothing_from_the_hidden_tests_either(source, release):
    stubs = {task: cell.source for cell in release.cells if (task := answers.grade_id_of(cell)) in TASKS}
    ran = answers.run(answers.answered(source, stubs))
    assert not raised(ran) and stderr(ran) == ""
    assert answers.scores(ran, source) == dict.fromkeys(POINTS, 0.0)


def test_the_instructor_version_gets_full_marks_with_nothing_on_stderr(source, seeds):
    for _ in seeds(20):
        ran = answers.run(source)
        assert not raised(ran) and stderr(ran) == ""
        assert answers.scores(ran, source) == POINTS


@pytest.mark.parametrize("cells", [{}, {"agree": "def agree(a, b, rtol=1e-5):\n    return a == b"}, "blank"])
def test_the_value_of_a_test_cell_is_a_plain_float_within_its_points(cells, source, release):
    notebook = release if cells == "blank" else answers.answered(source, cells)
    ran = answers.run(notebook)
    for test, score in answers.scores(ran, notebook).items():
        assert type(score) is float
        assert 0 <= score <= POINTS[test]


# ------------------------------------------------------------------------------- the notebook as a document


def test_the_notebook_is_what_its_text_says(tmp_path):
    folder = answers.ASSIGNMENTS / "source" / "ps01"
    build_notebook(folder / "ps01.py", tmp_path / "ps01.ipynb", execute=False)
    assert nbformat.read(folder / "ps01.ipynb", 4) == nbformat.read(tmp_path / "ps01.ipynb", 4)


def test_its_marks_are_what_nbgrader_expects(source):
    nbformat.validate(source)
    MetadataValidator().validate_nb(source)
    grade_ids = [answers.grade_id_of(cell) for cell in source.cells if answers.mark(cell)]
    assert len(grade_ids) == len(set(grade_ids))


def test_14_points_are_graded_by_tests_and_4_by_a_person(source):
    assert answers.full_marks(source) == POINTS and sum(POINTS.values()) == 14
    by_hand = [
        cell for cell in source.cells if cell.cell_type == "markdown" and answers.mark(cell).get("grade")
    ]
    assert [answers.mark(cell)["points"] for cell in by_hand] == [4]


def test_every_test_cell_checks_for_its_points_and_ends_in_the_score(source):
    for cell in answers.test_cells(source):
        assert cell.source.startswith(f"with Checks(points={answers.mark(cell)['points']}) as check:")
        assert cell.source.splitlines()[-1] == "check.score()"


def test_hidden_tests_are_in_every_test_cell_and_solutions_nowhere_in_the_release(source, release):
    for cell in answers.test_cells(source):
        assert cell.source.count("### BEGIN HIDDEN TESTS") == 1
        assert cell.source.count("### END HIDDEN TESTS") == 1
    given_out = nbformat.writes(release)
    for secret in (
        "HIDDEN TESTS",
        "SOLUTION",
        "seed=",
        "_anywhere",
        "layers_are_independent",
        "agree_on_shapes",
    ):
        assert secret not in given_out
    stubs = [cell.source.count("raise NotImplementedError()") for cell in answers.code_cells(release)]
    assert [count for count in stubs if count] == [1, 1, 4, 1, 1]


def test_the_visible_points_of_wave_tell_a_derivative_taken_at_x_from_one_taken_at_y(source):
    shown = {
        float(x) for cell in source.cells for x in re.findall(r"ask\.wave, wave, x=(\S+)\)", cell.source)
    }
    assert shown == set(ask.SHOWN)
    assert all(abs((3 * x - 1) - x) > 0.1 for x in shown)
