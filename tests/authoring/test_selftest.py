"""The selftest notices what is wrong: a sound assignment is spoilt in one place, and one check says so."""

import os
import re
import shutil
import sys

import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from bplib.authoring import apart, promises, rehearsal, selftest
from bplib.authoring.declared import declared
from bplib.authoring.mutants import Survey, mutants
from bplib.authoring.notebooks import build_notebook
from bplib.authoring.rehearsal import Assignment, answered, read_answer, run
from bplib.check.compare import Mistake
from bplib.errors import InputError, MissingExtra

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
    problems = list(selftest.right_answer(assignment, course / RIGHT, range(1, 4)))
    assert len(problems) == 4  # the release, and three courses
    assert all("test_wave gives 0.0, not 2 of 2" in problem for problem in problems)


def test_a_right_answer_that_leaves_a_task_out(spoil, course):
    assignment = spoil(RIGHT, "# %% wave", "# wave")
    problems = selftest.right_answer(assignment, course / RIGHT, [1])
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
    problems = selftest.wrong_answer(spoil(WRONG, old, new), course / WRONG, [1])
    assert says in next(problems)


def test_a_wrong_answer_without_its_three_lines_is_named(spoil, course):
    with pytest.raises(InputError, match=r"taken_at_x.py: the docstring needs three lines, mistake"):
        list(selftest.wrong_answer(spoil(WRONG, "cell:", "where:"), course / WRONG))


def test_an_answer_to_a_task_that_does_not_exist_is_named(spoil, course):
    with pytest.raises(InputError, match="no cell has the grade_id waves"):
        list(selftest.wrong_answer(spoil(WRONG, "# %% wave", "# %% waves"), course / WRONG))


def test_a_file_that_is_no_answer_ends_its_own_row_alone(spoil, course):
    assignment = spoil(WRONG, "cell:", "where:")
    row = selftest._wrong_answer(assignment, course / WRONG, [1])
    assert not row.ok
    assert "taken_at_x.py: the docstring needs three lines" in row.says


def test_a_mistake_that_no_wrong_answer_makes(course):
    (course / "answers/ps01/wrong/h_ignored.py").unlink()
    says = "no wrong answer hears 'h ignored' in test_gradient"
    assert the_problem(selftest.mistakes(Assignment(course, "ps01"))) == says


def test_a_mistake_that_is_made_in_another_task_only(course):
    """add_shares_the_signal.py hears the same name in test_layers."""
    (course / "answers/ps01/wrong/factor_2.py").unlink()
    says = "no wrong answer hears 'factor 2' in test_wave"
    assert the_problem(selftest.mistakes(Assignment(course, "ps01"))) == says


def test_a_task_without_any_wrong_answer(course):
    for path in course.glob("answers/ps01/wrong/*.py"):
        if "cell: test_layers" in path.read_text("utf-8"):
            path.unlink()
    assert "test_layers has no wrong answer" in list(selftest.mistakes(Assignment(course, "ps01")))


def test_a_mistake_that_is_spoken_of_and_not_declared(course, monkeypatch):
    known = lambda *asked: declared(*asked) - {"taken at x"}  # noqa: E731
    monkeypatch.setattr("bplib.authoring.declared.declared", known)
    says = "test_wave speaks of 'taken at x', which none of its questions declares"
    assert the_problem(selftest.mistakes(Assignment(course, "ps01"))) == says


def test_two_right_answers_in_one_style(course):
    shutil.copy(course / RIGHT, course / "answers/ps01/right/recursion_again.py")
    assert the_problem(selftest.mistakes(Assignment(course, "ps01"))).startswith(
        "8 right answers in 7 styles"
    )


def test_an_instructor_version_that_is_wrong_or_noisy(spoil):
    assignment = spoil(TEXT, "return w, -w * (2 * y) * 3", "return w, -w * (2 * y)")
    assert (
        the_problem(selftest.instructor_version(assignment, [1, 2]))
        == "seed 1: test_wave gives 1.0, not 2 of 2"
    )
    assignment = spoil(
        TEXT, "import numpy as np", "import sys\nimport numpy as np\nprint('x', file=sys.stderr)"
    )
    assert "setup leaves on stderr 'x\\n'" in "".join(selftest.instructor_version(assignment, [1]))


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
        ("bp.Checks(points=2)", "bp.Checks(points=3)", "test_wave has to open with"),
        ("check.score()\n\n# %% [markdown]", "check.score();\n\n# %% [markdown]", "end in 'check.score()'"),
        (
            "wave, seed=bp.course_seed(), weight",
            "wave, seed=7, weight",
            "test_wave needs one block of hidden tests",
        ),
        ("## Task 2 · Three", "## ask.wave_anywhere · Three", "the release gives away 'ask.wave_anywhere'"),
        (
            "Five tasks",
            "Six tasks",
            "intro has to say 'Five tasks for the computer to grade (14 points) and one'",
        ),
        ("(4 points). They", "(5 points). They", "intro has to say 'that a person reads (4 points)'"),
        ("chain (2 points)", "chain (3 points)", "task_wave has to open with '## Task 2 · … (2 points)'"),
    ],
    ids=[
        "grade_id",
        "metadata",
        "points",
        "score",
        "seed",
        "secret",
        "tasks",
        "explanation",
        "points of a task",
    ],
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
    assert problems[0].startswith("the release: nbgrader fails ['test_wave'], we fail ['explain', 'test_")
    assert problems[1].startswith("a wrong answer to every other task: nbgrader fails ['test_wave'], we fail")
    assert len(problems) == 2


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
    assert list(selftest.instructor_version(assignment, range(1, 26))) == []


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
    assert re.search(
        r"^  WRONG  styles and mistakes +test_gradient has no wrong answer; no wrong answer hears",
        table,
        re.MULTILINE,
    )
    assert table.splitlines()[-1].startswith("1 of ")


def test_without_an_assignment_nothing_is_proved(tmp_path, course):
    assert selftest.selftest(tmp_path / "nothing", []) == 1
    with pytest.raises(InputError, match=r"there is no .*ps99.ipynb; `bplib build-notebooks ps99`"):
        selftest.selftest(course, ["ps99"])


def test_without_nbgrader_the_extra_is_named(course, monkeypatch):
    monkeypatch.setitem(sys.modules, "nbgrader", None)
    with pytest.raises(MissingExtra, match="pip install nbgrader"):
        Assignment(course, "ps01")


def test_a_mutant_changes_one_thing_and_each_is_made_once():
    source = "def f(x, W, dout):\n    dx = dout @ W.T\n    dx += x * 2\n    return dx, x.sum(axis=0)"
    made = list(mutants(source))
    changes = [mutant.change for mutant in made]
    assert len({mutant.source for mutant in made}) == len(made)
    assert all(mutant.source != source for mutant in made)
    for change in (
        "dout @ W.T -> W.T @ dout",
        "W.T -> W",
        "dx += x * 2 -> dx = x * 2",
        "x * 2 -> x",
        "x.sum(axis=0) -> x.sum(axis=1)",
        "x.sum(axis=0) -> x.sum()",
        "return (dx, x.sum(axis=0)) -> return (x.sum(axis=0), dx)",
    ):
        assert change in changes, changes


@pytest.mark.parametrize("source", ["x = 1", "def f(x):\n    while x > 0:\n        x -= 1\n    return x"])
def test_where_nothing_may_slip_no_mutant_is_made(source):
    assert list(mutants(source)) == []


def test_a_survivor_that_nobody_has_excused_is_a_finding(course, monkeypatch):
    found = Survey(made=3, caught=2, named=1, survivors=("wave: a + b -> b + a",))
    monkeypatch.setattr(selftest, "survey", lambda assignment: found)
    assignment, file = Assignment(course, "ps01"), course / "answers/ps01/survivors.txt"
    file.unlink(missing_ok=True)
    unknown = selftest.mutated(assignment)
    assert not unknown.ok and "full marks for wave: a + b -> b + a" in unknown.says
    file.write_text("wave: a + b -> b + a # a sum may be turned round\n", "utf-8")
    known = selftest.mutated(assignment)
    assert known.ok and known.says == "3 made, 2 caught, 1 named, 1 are right"
    file.write_text(file.read_text("utf-8") + "wave: x -> y # made up\n", "utf-8")
    assert "no survivor: wave: x -> y" in selftest.mutated(assignment).says


def test_mistakes_that_give_the_same_numbers_are_alike_and_what_is_right_here_is_like_none():
    right = np.array([1.0, 2.0, 4.0])
    given = {
        "twice": 2 * right,
        "added to itself": right + right,
        "sign": -right,
        "harmless here": right,
        "harmless too": 1.0 * right,
        "shape": lambda yours: yours,
    }
    mistakes = [Mistake(name, "…", gives) for name, gives in given.items()]
    met = apart.Comparison((1, 0), "dx", right, mistakes, 1e-6, 0.0)
    assert [(one.name, other.name) for one, other in met.alike()] == [("twice", "added to itself")]


PROMISES = "answers/ps01/promises.toml"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("and for an array of integers", "and for a list", "'and for a list' does not stand in its task"),
        ('["layers"]', '["sheets"]', "nothing asks for 'Let them do the work', no line begins with 'sheets'"),
        ('["layers"]', '["argument changed in place"]', "nothing asks for 'Let them do the work'"),
        ('["bill"]', '["gradient of tax"]', "test_fruits asks for 'bill', which no promise tells"),
        ("[test_wave]", "[test_waves]", "promises.toml speaks of test_waves, which is no test cell"),
    ],
    ids=["words", "not asked", "heard elsewhere", "not promised", "no such cell"],
)
def test_a_promise_that_is_not_asked_and_a_line_that_is_not_promised(spoil, old, new, says):
    assert any(says in each for each in promises.broken(spoil(PROMISES, old, new)))


def test_a_promise_that_the_text_no_longer_makes(spoil):
    assignment = spoil(TEXT, "It leaves `a` and `b` as they are.", "")
    said = "test_agree: 'It leaves `a` and `b` as they are' does not stand in its task"
    assert the_problem(promises.broken(assignment)) == said


def test_promises_that_cannot_be_read_end_their_own_row_alone(spoil):
    row = selftest._promised(spoil(PROMISES, "[test_wave]", "[test_wave"))
    assert not row.ok and "TOMLDecodeError" in row.says


def test_an_assignment_without_promises_asks_for_what_it_has_not_told(course):
    (course / PROMISES).unlink()
    problems = list(promises.broken(Assignment(course, "ps01")))
    assert "test_wave asks for 'slope at x = #', which no promise tells" in problems


def cells_of(*sources):
    """A notebook of code cells, by id; those called test_… are graded."""
    notebook = new_notebook()
    for name, source in sources:
        marks = {"nbgrader": {"grade": name.startswith("test_")}}
        notebook.cells.append(new_code_cell(source, id=name, metadata=marks))
    return notebook


CELLS = (
    ("data", "import numpy as np\nsamples = np.arange(6.0)"),
    ("f", "def f(x):\n    return np.sum(x)"),
    ("test_f", "with ask() as check:\n    check(f)"),
    ("g", "def g(x):\n    return 2 * f(x)"),
    ("h", "def h(x):\n    y = samples\n    return y + x"),
    ("test_g", "with ask() as check:\n    check(g)"),
    ("test_h", "with ask() as check:\n    check(h)"),
)


@pytest.mark.parametrize(
    ("changed", "source", "noticed"),
    [
        ("f", "def f(x):\n    return 0", ["test_f", "test_g"]),  # g calls it
        ("g", "def g(y):\n    x = h(y)\n    return x", ["test_g"]),  # names of its own are nobody else's
        ("h", "def h(x):\n    return x", ["test_h"]),
        ("f", "def f(x):\n    return 0\ndef h(x):\n    return x", ["test_f", "test_g", "test_h"]),
        ("f", "def f(x):\n    samples[:] = 0", ["test_f", "test_g", "test_h"]),  # h looks at it, too
        ("f", "def f(x:\n", ["test_f", "test_g", "test_h"]),
    ],
)
def test_a_change_is_noticed_where_what_it_makes_or_changes_is_read(changed, source, noticed):
    cells = [(name, source if name == changed else before) for name, before in CELLS]
    assert rehearsal.tests_that_may_notice(cells_of(*cells), {changed: source}) == noticed
