"""What the last line of a test cell is worth, through the real nbgrader and a real kernel."""

import pytest
from course import Course, check

from bplib.grading.score import shows_value

WORTH = {  # last lines of a test cell of 2 points: score
    "1.5": 1.5,
    "2": 2.0,
    "0": 0.0,
    "import sys; print('a line', file=sys.stderr)\n1.5": 1.5,
    "import warnings; warnings.warn('a warning')\n1.5": 1.5,
    "import logging; logging.error('a record')\n1.5": 1.5,
    "1.5;": 0.0,
    "score = 1.5": 0.0,
    "print(1.5)": 0.0,
    "None": 0.0,
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
    "get_ipython().ast_node_interactivity = 'all'": 0.0,
    "1.5\nraise ValueError('shown after a result')": 0.0,
    "1.5\n2.0": 0.0,
    "2.0": 2.0,
}


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    settings = "c.EndsInScore.enabled = False  # here such tests are wanted"
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
    for got in ("nothing", "np.float64(1.5)", "True", "-1.0", "nan", "2.5"):
        assert reason.format(got) in page


def test_a_warning_is_shown_as_a_message(graded):
    assert "a line" in graded.feedback("ann")


@pytest.mark.parametrize("source", ["check.score()", "%time x = 1\nx", "x = 1\n1.5  # points", "(1.5\n)\n"])
def test_a_cell_that_ends_in_an_expression_shows_a_value(source):
    assert shows_value(source)


@pytest.mark.parametrize(
    "source", ["", "# nothing", "assert True", "score = 1.5", "1.5;", "if True:\n    1.5"]
)
def test_a_cell_that_ends_otherwise_shows_none(source):
    assert not shows_value(source)
