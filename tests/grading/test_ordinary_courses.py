"""Courses that know nothing of bplib: their tests assert, and score what plain nbgrader gives, cell by
cell.

Each task is an answer and the tests that instructors write for it. Students answer all of them, none, or
some; plain nbgrader is the oracle.
"""

import os
import shutil
from itertools import count

import pytest
from nbformat.v4 import new_code_cell

from bplib.grading.apart import prelude, reason
from tests.grading.course import Course, answer, cell_of, check

pytestmark = pytest.mark.skipif(
    not shutil.which("bwrap") and not os.environ.get("CI"), reason="bubblewrap is not installed"
)
PLAIN = """
import os, sys
c = get_config()
c.CourseDirectory.course_id, c.Execute.timeout = "plain", 30
os.environ["PATH"] = f"{os.path.dirname(sys.executable)}:{os.environ['PATH']}"  # nbgrader runs alembic
"""

TASKS = {  # name: (right answer, wrong answer, tests)
    "squares": (
        "def squares(n):\n    'The squares up to n.'\n"
        "    if n < 1:\n        raise ValueError('n is below 1')\n"
        "    return [i**2 for i in range(1, n + 1)]",
        "def squares(n):\n    return [i**2 for i in range(n)]",
        [
            "assert squares(1) == [1]\nassert squares(4) == [1, 4, 9, 16]",
            "try:\n    squares(0)\nexcept ValueError:\n    pass\n"
            "else:\n    raise AssertionError('did not raise')",
            "import pytest\nwith pytest.raises(ValueError, match='below'):\n    squares(-4)",
            "from unittest import TestCase\nTestCase().assertEqual(squares(2), [1, 4])\nprint('Success!')",
            "from numpy.testing import assert_allclose\nassert_allclose(squares(3), [1, 4, 9])",
            "import hashlib\nfound = hashlib.sha1(str(squares(3)).encode()).hexdigest()\n"
            "assert found == '34a0f1777f0a573578fc0eb3c5b5246c48a0ea81'",
            "assert type(squares(2)) is list and str(type(squares)) == \"<class 'function'>\"",
            "import inspect\nassert 'range(1' in inspect.getsource(squares)",
            "assert squares.__doc__ and 'squares' in squares.__doc__",
            "sum(squares(k) == [i * i for i in range(1, k + 1)] for k in (1, 2)) / 2",
        ],
    ),
    "total": (
        "def total(n):\n    return sum(squares(n))",
        "def total(n):\n    return n * (n + 1) * (2 * n + 1) // 6",
        [
            "assert total(3) == 14",
            "kept = squares\ndel squares\ntry:\n    total(1)\nexcept NameError:\n    pass\nelse:\n"
            "    raise AssertionError('total does not use squares')\nfinally:\n    squares = kept",
            "kept, asked = squares, []\ndef squares(n):\n    asked.append(n)\n    return kept(n)\n"
            "total(3)\nsquares = kept\nassert asked == [3]",
            "from unittest.mock import patch\nwith patch('__main__.squares', return_value=[1, 1]) as mock:\n"
            "    assert total(7) == 2\nmock.assert_called_once_with(7)",
        ],
    ),
    "greet": (
        "def greet():\n    print('Hello', input('Who? '))",
        "def greet():\n    print('Hello')",
        [
            "import io\nfrom contextlib import redirect_stdout\n"
            "from unittest.mock import patch\n"
            "said = io.StringIO()\nwith patch('builtins.input', return_value='Ann'), redirect_stdout(said):\n"
            "    greet()\nassert said.getvalue() == 'Hello Ann\\n'",
        ],
    ),
    "value": (
        "answer = 42\nword = 'dx'",
        "answer = 41\nword = None",
        [
            "assert answer == 42",
            "assert 'word' in globals() and isinstance(word, str)",
            "assert word.upper() == 'DX', 'a word of two letters'",
        ],
    ),
    "again": (
        "answer = answer / 2\nresult = [answer]",
        "result = answer",
        ["assert answer == 21", "assert result == [21] and len(result) == 1", "result = 'of the test'"],
    ),
    "last": ("result = 'done'", "result = None", ["assert result == 'done'"]),
    "vector": (
        "class Vector:\n    def __init__(self, x, y):\n        self.x, self.y = x, y\n"
        "    def __add__(self, other):\n        return Vector(self.x + other.x, self.y + other.y)\n"
        "    def __eq__(self, other):\n        return (self.x, self.y) == (other.x, other.y)\n"
        "    def __len__(self):\n        return 2\n"
        "    def __getitem__(self, k):\n        return (self.x, self.y)[k]",
        "class Vector:\n    def __init__(self, x, y):\n        self.x, self.y = y, x",
        [
            "assert Vector(1, 2).x == 1",
            "assert Vector(1, 2) + Vector(3, 4) == Vector(4, 6)",
            "assert isinstance(Vector(1, 2), Vector) and not isinstance(3, Vector)",
            "v = Vector(5, 6)\nassert len(v) == 2 and v[1] == 6 and list(v) == [5, 6]",
            "v = Vector(0, 0)\nv.x = 7\nassert v.x == 7 and hasattr(v, 'y')",
        ],
    ),
    "numbers": (
        "def numbers():\n    n = 0\n    while True:\n        yield n\n        n += 1",
        "def numbers():\n    yield from range(2)",
        [
            "from itertools import islice\nassert list(islice(numbers(), 4)) == [0, 1, 2, 3]",
            "it = numbers()\nassert next(it) == 0 and next(it) == 1",
        ],
    ),
    "solve": (
        "import numpy as np\ndef solve(A, b):\n"
        "    if np.ndim(A) != 2:\n        raise TypeError('no matrix')\n"
        "    return np.linalg.solve(A, b)",
        "def solve(A, b):\n    A *= 0\n    return b / A.diagonal()",
        [
            "import numpy as np\nA, b = np.array([[2.0, 1.0], [1.0, 3.0]]), np.array([3.0, 5.0])\n"
            "kept = A.copy()\nx = solve(A, b)\nnp.testing.assert_allclose(kept @ x, b)",
            "assert (A == kept).all(), 'solve has changed the matrix'",
            "assert x.shape == (2,) and x.dtype == float",
            "%time x = solve(np.eye(2), np.ones(2))\nassert np.all(x == 1)",
            "from pytest import raises\nwith raises(TypeError):\n    solve(3, 4)",
        ],
    ),
    "file": (
        "with open('out.txt', 'w') as file:\n    file.write('written')",
        "print('nothing written')",
        ["import os\nassert os.path.exists('out.txt')", "assert open('out.txt').read() == 'written'"],
    ),
    "error": (
        "class TooLow(Exception):\n    pass\n"
        "def low(x):\n    if x < 0:\n        raise TooLow(x)\n    return x",
        "class TooLow(Exception):\n    pass\ndef low(x):\n    return x",
        ["try:\n    low(-1)\nexcept TooLow:\n    pass\nelse:\n    assert False", "assert low(3) == 3"],
    ),
    "imported": (
        "def root(x):\n    return math.sqrt(x)",
        "def root(x):\n    return x",
        ["import math\nassert root(16) == 4"],
    ),
    "average": (
        "def average(name='numbers.csv'):\n    with open(name) as file:\n"
        "        numbers = [float(line) for line in file]\n    return sum(numbers) / len(numbers)",
        "def average(name='numbers.csv'):\n    return 2.0",
        [
            "assert average() == 3.0, 'the mean of the file that goes with it'",
            "numbers = [float(line) for line in open('numbers.csv')]\n"
            "expected = sum(numbers) / len(numbers)\nassert average('numbers.csv') == expected",
        ],
    ),
    "money": (
        "class Money:\n    def __init__(self, amount):\n        self.amount = amount\n"
        "    def __add__(self, other):\n        return Money(self.amount + getattr(other, 'amount', other))\n"
        "    def __mul__(self, n):\n        return Money(self.amount * n)\n"
        "    __radd__, __rmul__ = __add__, __mul__",
        "class Money:\n    def __init__(self, amount):\n        self.amount = amount\n"
        "    def __add__(self, other):\n        return Money(self.amount + other.amount)",
        [
            "assert (2 * Money(3)).amount == 6",
            "assert (Money(3) + Money(4)).amount == 7",
            "purse = Money(3)\npurse += 1\nassert purse.amount == 4",
            "assert sum([Money(1), Money(2)]).amount == 3",
        ],
    ),
    "price": (
        "rate = 0.25\ndef price(x):\n    return x * (1 + rate)",
        "rate = 0.25\ndef price(x):\n    return x * 1.25",
        [
            "assert price(4) == 5",
            "kept, rate = rate, 1.0\ntry:\n    assert price(3) == 6, 'price does not ask for the rate'\n"
            "finally:\n    rate = kept",
            "expected = price(8)\nassert expected == 10 and rate == 0.25",
        ],
    ),
    "plot": (
        "import matplotlib.pyplot as plt\nfigure, axes = plt.subplots()\naxes.plot([1, 4, 9])\n"
        "axes.set_title('squares')",
        "import matplotlib.pyplot as plt\nfigure, axes = plt.subplots()",
        [
            "import matplotlib.pyplot as plt\n(line,) = axes.lines\n"
            "assert line.get_ydata().tolist() == [1, 4, 9] and axes.get_title() == 'squares'",
        ],
    ),
}
NAMES = list(TASKS)
STUDENTS = {  # name: how each task is answered
    "all": dict.fromkeys(NAMES, 0),
    "none": dict.fromkeys(NAMES),
    "wrong": dict.fromkeys(NAMES, 1),
    **{f"every-{n}": {name: (0, 1, None)[(k * n) % 3] for k, name in enumerate(NAMES)} for n in (1, 2, 4)},
    "first": {name: 0 if k < 6 else None for k, name in enumerate(NAMES)},
    "rest": {name: None if k < 6 else 0 for k, name in enumerate(NAMES)},
}


def source():
    number = count()
    for name, (right, _, tests) in TASKS.items():
        yield answer(name, f"### BEGIN SOLUTION\n{right}\n### END SOLUTION")
        yield from (check(f"test{next(number)}_{name}", test, points=1) for test in tests)
        yield new_code_cell("# your own experiments")


def course_of(root, config=None):
    course = Course(root, "hw", settings="c.Execute.timeout = 30\n")
    if config:
        (course.root / "nbgrader_config.py").write_text(config)
    (course.root / "source" / "hw" / "numbers.csv").write_text("1\n3\n5\n")
    course.write_source(list(source()))
    course.said = course.generate()
    for student, how in STUDENTS.items():
        notebook = course.release()
        for name, place in how.items():
            if place is not None:
                cell_of(notebook, name).source = TASKS[name][place]
        if student == "every-2":
            notebook.metadata.kernelspec = {
                "name": "conda-env-ml",
                "display_name": "ML",
                "language": "python",
            }
        course.submit(student, notebook)
    course.run("autograde", course.assignment)
    return course


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Course, "at_once", False)  # the warm process has put ours in nbgrader's place
        return course_of(tmp_path_factory.mktemp("plain"), PLAIN)


@pytest.fixture(scope="module")
def ours(tmp_path_factory):
    return course_of(tmp_path_factory.mktemp("ours"))


@pytest.mark.parametrize("student", STUDENTS)
def test_every_test_cell_scores_what_plain_nbgrader_gives(plain, ours, student):
    assert ours.scores(student) == plain.scores(student)


def test_right_answers_have_full_marks_and_blank_ones_only_where_nothing_is_asked(plain):
    assert set(plain.scores("all").values()) == {1.0}
    assert [cell for cell, score in plain.scores("none").items() if score] == [
        "test20_again",  # asserts nothing
        "test30_solve",  # looks at what the test before has made
    ]


def test_a_batch_gives_the_same_scores(ours):
    before = {student: ours.scores(student) for student in STUDENTS}
    ours.run("autograde", "hw", "--force", python=("-m", "bplib.cli"))
    assert {student: ours.scores(student) for student in STUDENTS} == before


def test_what_runs_beside_the_students_code_is_named_with_the_reason_when_it_is_generated(ours):
    assert ours.said.count("will run beside the student's code") == 4
    assert "it uses the file 'out.txt', which is not given out with the assignment" in ours.said
    assert "it catches TooLow, an error of the student's own" in ours.said


APART = [
    "assert f(3) == 4",
    "import numpy as np\nassert np.load('data/x.npy').sum() == f(2)",
    "%timeit f(3)",
    "try:\n    f(0)\nexcept (ValueError, np.linalg.LinAlgError):\n    pass",
    "class Own(Exception):\n    pass\ntry:\n    f(0)\nexcept Own:\n    pass",
    "from math import sin",
]
BESIDE = {
    "open('made.csv')": "the file 'made.csv'",
    "import json\njson.load(open('a/b.json'))": "the file 'a/b.json'",
    "figure, axis = plt.subplots()": "matplotlib",
    "import pandas as pd": "pandas",
    "from matplotlib import pyplot": "matplotlib",
    "!ls": "a command of the shell",
    "%run main.py": "a command of the shell",
    "assert 'for' in In[3]": "it looks at In",
    "import my_module": "my_module, which is not installed",
    "try:\n    f(0)\nexcept Mine:\n    pass": "it catches Mine",
    "with pytest.raises(Mine):\n    f(0)": "it catches Mine",
}


@pytest.mark.parametrize("test", APART)
def test_what_can_be_asked_from_afar_is_kept_apart(test):
    assert reason(test, given={"data/x.npy"}) == ""


@pytest.mark.parametrize("test", BESIDE)
def test_what_cannot_be_asked_from_afar_is_named(test):
    assert BESIDE[test] in reason(test, given={"data/x.npy"})


def test_a_cell_beside_brings_what_it_needs_of_earlier_tests_and_no_more():
    earlier = [
        "import os\nsize = 3\nother = f(1)",
        "def helper(x):\n    return x + size\nassert helper(1) == 4",
    ]
    assert prelude("assert helper(open('a').read())", earlier) == (
        "import os\nsize = 3\ndef helper(x):\n    return x + size"
    )
