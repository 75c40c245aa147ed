"""What the last line of a test cell is worth, through the real nbgrader and a real kernel."""

import pytest

from bplib.grading.score import flaw
from tests.grading.course import Course, check

WORTH = {  # last lines of a test cell of 2 points: score
    "1.5": 1.5,
    "2": 2.0,
    "0": 0.0,
    "import sys; print('a line', file=sys.stderr)\n1.5": 1.5,
    "import warnings; warnings.warn('a warning')\n1.5": 1.5,
    "import logging; logging.error('a record')\n1.5": 1.5,
    "1.5;": 2.0,
    "score = 1.5": 2.0,
    "print(1.5)": 2.0,
    "None": 2.0,
    "assert 1 + 1 == 2": 2.0,
    "assert 1 + 1 == 3": 0.0,
    "import math": 2.0,
    "import sys; print('a line', file=sys.stderr)": 0.0,
    "raise SystemExit": 0.0,
    "import bdb; raise bdb.BdbQuit": 0.0,
    "True": 0.0,
    "'0.5'": 0.0,
    "[1.5]": 0.0,
    "-1.0": 0.0,
    "2.5": 0.0,
    "float('nan')": 0.0,
    "float('inf')": 0.0,
    "import numpy as np; np.float64(1.5)": 0.0,
    "import numpy as np; np.array(1.5)": 0.0,
    "from IPython.display import HTML; HTML('1.5')": 0.0,
    "raise ValueError('no')": 0.0,
    "1.5\nraise ValueError('no')": 0.0,
    "get_ipython().ast_node_interactivity = 'all'": 2.0,
    "1.5\nraise ValueError('shown after a result')": 0.0,
    "1.5\n2.0": 0.0,
    "2.0": 2.0,
}


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    settings = "c.CanScore.enabled = False  # here such tests are wanted"
    course = Course(tmp_path_factory.mktemp("course"), "scores", settings)
    course.write_source([check(f"test_{number}", last, points=2) for number, last in enumerate(WORTH)])
    course.generate()
    course.submit("ann", course.release())
    course.autograde()
    course.run("generate_feedback", course.assignment)
    return course


@pytest.mark.parametrize("last", WORTH)
def test_only_a_plain_number_within_the_points_counts(graded, last):
    number = list(WORTH).index(last)
    assert graded.scores("ann")[f"test_{number}"] == WORTH[last]


def test_a_test_without_a_score_says_so(graded):
    page = graded.feedback("ann")
    reason = (
        "NoScore: a test ends in its score, a Python number from 0 to 2; this one gave {}, so it scores 0"
    )
    for got in ("no value, and a message on stderr", "np.float64(1.5)", "True", "-1.0", "nan", "2.5"):
        assert reason.format(got) in page


def test_a_warning_is_shown_as_a_message(graded):
    assert "a line" in graded.feedback("ann")


GOOD = [
    "check.score()",
    "%time x = 1\nx",
    "x = 1\n1.5  # points",
    "(1.5\n)\n",
    "",
    "# nothing",
    "assert True",
    "score = 1.5",
    "if True:\n    1.5",
    "f(3)",
    "plt.show();",
    "'A doc string'",
    "f <- function(x) { x }",
    "with Checks(points=2) as check:\n    check(q)\ncheck.score()",
]
BAD = {
    "1.5;": "must end in its score",
    "check.score();": "must end in its score",
    "with Checks(points=2) as check:\n    check(q)": "must end in its score",
    "with Checks(points=3) as check:\n    check(q)\ncheck.score()": "and 3 in Checks",
    "with Checks(1.5) as check:\n    check(q)\ncheck.score()": "2 points in nbgrader, and 1.5 in Checks",
    "f(3) == 9": "ends in f(3) == 9, which is no number",
    "x = f(3)\nnot x": "ends in not x, which is no number",
    "x = f(3)\nTrue": "ends in True, which is no number",
}


@pytest.mark.parametrize("source", GOOD)
def test_a_cell_that_can_give_its_points_is_given_out(source):
    assert flaw(source, points=2) == ""


@pytest.mark.parametrize("source", BAD)
def test_a_cell_that_cannot_give_its_points_is_refused_with_the_reason(source):
    assert BAD[source] in flaw(source, points=2)
