"""The selftest notices what is wrong: a sound assignment is spoilt in one place, and one check says so."""

import os
import re
import shutil
import sys

import pytest

from bplib import selftest
from bplib.authoring import build_notebook
from bplib.errors import InputError, MissingExtra
from bplib.rehearsal import Assignment, answered, read_answer, run

RIGHT, WRONG = "answers/ps01/right/recursion.py", "answers/ps01/wrong/taken_at_x.py"
TEXT = "source/ps01/ps01.py"


@pytest.fixture
def course(root, tmp_path):
    """A copy of ps01 that may be spoilt."""
    for part in ("source", "answers"):
        shutil.copytree(root / "assignments" / part / "ps01", tmp_path / part / "ps01")
    return tmp_path


@pytest.fixture
def spoil(course):
    """Change a file of the course; the assignment as it is then."""

    def change(file, old, new):
        path = course / file
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")
        if file == TEXT:
            build_notebook(path, path.with_suffix(".ipynb"), execute=False)
        return Assignment(course, "ps01")

    return change


def the_problem(problems):
    """The one sentence of a check, or the first of several that differ in the seed."""
    problems = list(problems)
    assert len({re.sub(r"seed \d+", "", problem) for problem in problems}) == 1, problems
    return problems[0]


def test_a_right_answer_that_loses_points(spoil, course):
    assignment = spoil(RIGHT, "w_and_signal(y**2)", "w_or_signal(y**2)")
    problems = list(selftest.right_answer(assignment, course / RIGHT, seeds=3))
    assert len(problems) == 4  # the release, and three courses
    assert all("test_wave gives 0.0, not 2 of 2" in problem for problem in problems)


def test_a_right_answer_that_leaves_a_task_out(spoil, course):
    assignment = spoil(RIGHT, "# %% wave", "# wave")
    problems = selftest.right_answer(assignment, course / RIGHT, seeds=1)
    assert next(problems) == "does not answer wave"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("points: 1", "points: 1.5", "test_wave gives 1.0, not 1.5 of 2"),
        ("points: 1", "points: 2", "test_wave has to be a test cell that gives more than 2 points"),
        ("cell: test_wave", "cell: wave", "wave has to be a test cell that gives more than 1 points"),
        ("taken at x", "taken at noon", "test_wave does not say 'taken at noon'"),
        ("# %% wave", "# %% agree\nagree = None\n\n# %% wave", "test_agree gives 0.0, not 2 of 2"),
        ("def wave(x):", "def wave(x):\n    np.log(x, out='0')", "test_wave gives 0.0, not 1 of 2"),
    ],
    ids=["score", "full marks", "cell", "words", "another task", "raises"],
)
def test_a_wrong_answer_that_does_not_do_what_it_states(spoil, course, old, new, says):
    problems = selftest.wrong_answer(spoil(WRONG, old, new), course / WRONG, seeds=1)
    assert says in next(problems)


def test_a_wrong_answer_without_its_three_lines_is_named(spoil, course):
    with pytest.raises(InputError, match=r"taken_at_x.py: the docstring needs three lines, mistake"):
        list(selftest.wrong_answer(spoil(WRONG, "cell:", "where:"), course / WRONG))


def test_an_answer_to_a_task_that_does_not_exist_is_named(spoil, course):
    with pytest.raises(InputError, match="no cell has the grade_id waves"):
        list(selftest.wrong_answer(spoil(WRONG, "# %% wave", "# %% waves"), course / WRONG))


def test_a_mistake_that_no_wrong_answer_makes(course):
    (course / "answers/ps01/wrong/h_ignored.py").unlink()
    assert the_problem(selftest.mistakes(Assignment(course, "ps01"))) == "no wrong answer hears 'h ignored'"


def test_two_right_answers_in_one_style(course):
    shutil.copy(course / RIGHT, course / "answers/ps01/right/recursion_again.py")
    assert the_problem(selftest.mistakes(Assignment(course, "ps01"))).startswith(
        "8 right answers in 7 styles"
    )


def test_an_instructor_version_that_is_wrong_or_noisy(spoil):
    assignment = spoil(TEXT, "return w, -w * (2 * y) * 3", "return w, -w * (2 * y)")
    assert (
        the_problem(selftest.instructor_version(assignment, 2)) == "seed 1: test_wave gives 1.0, not 2 of 2"
    )
    assignment = spoil(
        TEXT, "import numpy as np", "import sys\nimport numpy as np\nprint('x', file=sys.stderr)"
    )
    assert "setup leaves on stderr 'x\\n'" in "".join(selftest.instructor_version(assignment, 1))


def test_a_release_that_earns_points(spoil):
    assignment = spoil(
        TEXT, "def agree(a, b, rtol=1e-5):\n", "def agree(a, b, rtol=1e-5):\n    return a is b\n"
    )
    assert any("test_agree gives" in problem for problem in selftest.release(assignment))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('"grade_id": "task_wave"', '"grade_id": "task_agree"', "two cells have the grade_id task_agree"),
        ('"grade_id": "wave"', '"grade_id": "the wave"', "nbgrader: "),
        ("Checks(points=2)", "Checks(points=3)", "test_wave has to open with"),
        ("check.score()\n\n# %% [markdown]", "check.score();\n\n# %% [markdown]", "end in 'check.score()'"),
        (
            "wave, seed=course_seed(), weight",
            "wave, seed=7, weight",
            "test_wave needs one block of hidden tests",
        ),
        ("## Task 2 · Three", "## ask.wave_anywhere · Three", "the release gives away 'ask.wave_anywhere'"),
    ],
    ids=["grade_id", "metadata", "points", "score", "seed", "secret"],
)
def test_a_notebook_that_is_not_in_order(spoil, old, new, says):
    assert any(says in problem for problem in selftest.document(spoil(TEXT, old, new)))


def test_a_notebook_that_is_not_what_its_text_says(course):
    (course / TEXT).write_text(
        (course / TEXT).read_text("utf-8").replace("Three links", "Four links"), "utf-8"
    )
    assert "is not what its text says" in the_problem(selftest.document(Assignment(course, "ps01")))


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        (TEXT, "| 1 | what forward", "| 2 | what forward", "the rubric adds up to 5, not to 4"),
        (
            TEXT,
            '"grade_id": "explain"',
            '"grade_id": "why"',
            "exactly one Markdown cell, 'explain', has to be",
        ),
        (
            "answers/ps01/explain/half.md",
            "2 of 4",
            "3 of 4",
            "explain/half.md has to open with '<!-- 2 of 4: ",
        ),
        ("answers/ps01/explain/full.md", "million", "very " * 100, "words; asked are 100 to 200 words"),
    ],
    ids=["rubric", "grade_id", "worth", "length"],
)
def test_an_explanation_that_is_not_in_order(spoil, file, old, new, says):
    assert says in the_problem(selftest.explanations(spoil(file, old, new)))


def test_a_missing_sample_answer(course):
    (course / "answers/ps01/explain/full.md").unlink()
    assert the_problem(selftest.explanations(Assignment(course, "ps01"))) == "there is no explain/full.md"


def test_validate_that_disagrees(course, monkeypatch):
    monkeypatch.setattr(selftest, "failed_by_nbgrader", lambda notebook: {"test_wave"})
    problems = list(selftest.validate(Assignment(course, "ps01")))
    assert problems[0] == "the instructor version: nbgrader fails ['test_wave'], we fail []"
    assert len(problems) == 3


def test_hidden_numbers_follow_the_seed_and_the_environment_stays_as_it_was(course, monkeypatch):
    monkeypatch.setenv("BPLIB_COURSE_SEED", "7")
    assignment = Assignment(course, "ps01")
    cells = {"wave": "def wave(x):\n    return 0, 0"}
    said = [run(answered(assignment.notebook, cells), seed)["test_wave"].stdout for seed in (1, 2, 2)]
    assert said[0] != said[1] == said[2]
    assert os.environ["BPLIB_COURSE_SEED"] == "7"


def test_pictures_open_no_window_leave_nothing_on_stderr_and_do_not_pile_up(spoil):
    plot = "import matplotlib.pyplot as plt\n\nplt.figure()\nplt.plot([1, 2])\nplt.show()\nplt.figure()\n"
    assignment = spoil(TEXT, "bp.check_gate(", f"{plot}\nbp.check_gate(")
    assert list(selftest.instructor_version(assignment, 25)) == []


def test_an_answer_is_read_with_its_docstring_and_its_cells(tmp_path):
    (tmp_path / "a.py").write_text(
        '"""Loops."""\n\n\n# %% one\nx = 1\n\n\n# %% two\n# a remark\ny = "# %% x"\n'
    )
    assert read_answer(tmp_path / "a.py") == ("Loops.", {"one": "x = 1", "two": '# a remark\ny = "# %% x"'})


def test_the_table_ends_in_0_when_all_is_well_and_in_1_when_not(course, capsys):
    for path in (course / "answers/ps01/wrong").glob("[!rt]*.py"):
        path.unlink()  # a few are enough here; that some mistakes are then never heard is the finding
    assert selftest.selftest(course, ["ps01"], seeds=1, quick=True) == 1
    table = capsys.readouterr().out
    assert re.search(r"^  ok +right/recursion +14 of 14 points, 2 seeds$", table, re.MULTILINE)
    assert re.search(r"^  WRONG  styles and mistakes +no wrong answer hears", table, re.MULTILINE)
    assert table.splitlines()[-1].startswith("1 of ")


def test_without_an_assignment_nothing_is_proved(tmp_path, course):
    assert selftest.selftest(tmp_path / "nothing", []) == 1
    with pytest.raises(InputError, match=r"there is no .*ps99.ipynb; `bplib build-notebooks ps99`"):
        selftest.selftest(course, ["ps99"])


def test_without_nbgrader_the_extra_is_named(course, monkeypatch):
    monkeypatch.setitem(sys.modules, "nbgrader", None)
    with pytest.raises(MissingExtra, match=r'"bplib\[instructor\]"'):
        Assignment(course, "ps01")
