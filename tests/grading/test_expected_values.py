"""What a test expects never comes to a student's code, and what a hidden test asks with stays hidden."""

import os
import shutil
from textwrap import dedent

import pytest
from nbformat.v4 import new_code_cell

from bplib.grading.feedback import TOLD, StudentView
from bplib.grading.sandbox.names import names_made_first
from bplib.grading.sandbox.walls import Limits
from bplib.grading.trial import Trial, ground_for

needs_a_sandbox = pytest.mark.skipif(
    not shutil.which("bwrap") and not os.environ.get("CI"), reason="bubblewrap is not installed"
)


@pytest.fixture(scope="module")
def ground():
    with ground_for(Trial((("given", "import numpy"),)), Limits(memory=700)) as made:
        yield made


def ran(ground, *cells, **options):
    """What each cell has shown, or the error it ended in."""
    shown = Trial(cells, timeout=20, **options).run(ground)
    return ["".join(each.get("text") or each["evalue"] for each in cell["outputs"]) for cell in shown]


SPY = """
import numpy as np
met = []

def note(*things):
    met.append(things)
    return 0.0

class Spy:
    __sub__ = __rsub__ = __add__ = __radd__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = note
    __matmul__ = __rmatmul__ = __pow__ = __rpow__ = __mod__ = __rmod__ = __floordiv__ = __rfloordiv__ = note
    __and__ = __rand__ = __or__ = __ror__ = __xor__ = __iadd__ = __isub__ = __imul__ = __itruediv__ = note
    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __contains__ = __format__ = __index__ = note
    __divmod__ = __round__ = __array_ufunc__ = __array_function__ = __reduce_ex__ = __copy__ = note
    __call__ = __instancecheck__ = __hash__ = __bool__ = __len__ = __str__ = note
    def __array__(self, *more): return note(*more) or np.zeros(2)
    def __float__(self): return 0.0

want = expected = y_true = 0

def f(x):
    met.append((want, expected, y_true))
    return Spy()
"""
MEETINGS = {
    "minus": "y - want",
    "minus, from behind": "want - y",
    "plus and its kind": """
        import operator
        names = "add sub mul truediv floordiv mod pow and_ or_ xor matmul iadd isub lt le gt ge eq ne"
        for name in names.split():
            for pair in ((y, want), (want, y)):
                try:
                    getattr(operator, name)(*pair)
                except TypeError:
                    pass""",
    "in": "want in y",
    "a member of a list": "y in [want]; [want].count(y); {want: 1}.get(y)",
    "close": "import math; math.isclose(y, want)",
    "numpy's close": "import numpy as np; np.allclose(y, want); np.isclose(want, y)",
    "an array of numpy": "import numpy as np; np.array([want, want]) - y; np.array([y, want])",
    "a product of arrays": "import numpy as np; np.full((2, 2), want) @ y; np.dot(y, np.full(2, want))",
    "numpy's functions": "import numpy as np; np.subtract(y, want); np.maximum(want, y)",
    "assert_allclose": "from numpy.testing import assert_allclose; assert_allclose(y, want)",
    "unittest": "from unittest import TestCase; TestCase().assertAlmostEqual(y, want)",
    "approx": "import pytest; assert y == pytest.approx(want); assert pytest.approx(want) == y",
    "a sum": "sum([want, y]); sum([y], want)",
    "text": "f'{y:{want}}'; '%s %s' % (y, want); format(y, str(want)); repr((y, want))",
    "sorting": "sorted([want, y]); max(y, want)",
    "pickling": "import pickle; pickle.dumps((y, want))",
    "copying": "import copy; copy.deepcopy([y, want])",
    "a kind": "isinstance(want, y); isinstance(want, type(y)); issubclass(type(want), y)",
    "an index": "[want][y]; 'x' * y",
    "rounding": "round(y, want); divmod(y, want); pow(want, y)",
    "an error": "raise ValueError(want) from y",
    "names that the student has": "expected = y_true = want; f(2); f(3)",
}


@needs_a_sandbox
def test_what_a_test_expects_never_meets_a_students_code(ground):
    tests = []
    for number, how in enumerate(MEETINGS.values()):
        lines = [f"want = {1000 + number}.5", "y = f(1)"]
        for line in dedent(how).strip().split("\n\n") if "\n" in how else how.split("; "):
            indented = "\n    ".join(line.splitlines())
            lines.append(f"try:\n    {indented}\nexcept Exception:\n    pass")
        tests.append(("test", "\n".join(lines)))
    *_, met = ran(ground, ("student", SPY), *tests, ("student", "print(met)"))
    assert met.count("(0, 0, 0)") == len(MEETINGS) + 2  # f was called, and saw only names of its own
    assert [how for number, how in enumerate(MEETINGS) if f"{1000 + number}.5" in met] == []


VALUE = """
class Value:
    def __init__(self, data): self.data = data
    def __add__(self, other): return Value(self.data + getattr(other, "data", other))
    def __mul__(self, other): return Value(self.data * getattr(other, "data", other))
    def __sub__(self, other): return self + (other * -1)
    def __rsub__(self, other): return Value(other) - self
    def __pow__(self, other): return Value(self.data ** other)
    def __contains__(self, other): return other == self.data
    __radd__, __rmul__ = __add__, __mul__

class vector(Value): pass

def net(x): return Value(x) * 2
"""


@needs_a_sandbox
@pytest.mark.parametrize(
    "test",
    [
        "assert (2 * Value(3) + 1).data == 7",
        "assert (1 - Value(3)).data == -2 and (Value(3) ** 2).data == 9",
        "v = Value(3)\nv += 4\nassert v.data == 7 and 7 in v and 8 not in v",
        "loss = sum((net(x) - y) ** 2 for x, y in [(1, 2.0), (2, 5.0)])\nassert loss.data == 1.0 and Value",
    ],
)
def test_objects_of_a_class_that_the_task_asks_for_compute_with_numbers(ground, test):
    assert ran(ground, ("student", VALUE), ("test", test))[-1] == ""


@needs_a_sandbox
def test_the_instructors_own_answer_says_that_a_name_in_small_letters_is_a_class(ground):
    cells = ("student", VALUE), ("test", "assert (vector(3) * 2).data == 6")
    assert ran(ground, *cells, answers={0: {"vector": True}})[-1] == ""
    assert (
        "is no number"
        in ran(ground, ("student", VALUE.replace("return Value", "return vector")), cells[1])[-1]
    )


@pytest.mark.parametrize(
    "cell, made",
    [
        ("want = 3\nassert f(1) == want", {"want"}),
        ("kept = squares\nsquares = 3", {"kept"}),
        ("answer = answer / 2", set()),
        ("n += 1", set()),
        ("for k in range(3):\n    assert f(k) == k", {"k"}),
        ("for k in ks:\n    ks = k", {"k"}),
        ("assert [x for x in xs] == xs", {"x"}),
        ("with open(name) as file:\n    text = file.read()", {"file", "text"}),
        ("def squares(n):\n    return kept(n)\nkept = squares", {"squares", "kept"}),
        ("del squares\nsquares = 3", set()),
        ("if (n := f(n)):\n    pass", set()),
        ("try:\n    f()\nexcept E as error:\n    said = error", {"error", "said"}),
    ],
)
def test_what_a_cell_makes_before_it_reads_it_is_its_own(cell, made):
    assert names_made_first(cell) == made


KEEPS = "kept = []\ndef f(x):\n    kept.append(x)\n    print(x)\n    return x"


@needs_a_sandbox
def test_an_own_cell_that_shows_what_tests_have_asked_with_is_known(ground):
    cells = (
        ("student", KEEPS),
        ("test", "assert f(4242) == 4242"),
        ("student", "print('kept', kept)"),
        ("student", "print('as at home')\n2 + 3"),
        ("student", "raise ValueError(kept)"),
        ("test", "assert f(1) == 1"),
        ("student", "import os\nprint('on'); os._exit(0)"),
        ("student", "print(kept)"),  # in a new process, where nothing has been asked
        ("student", "print('still as at home')"),
    )
    shown = Trial(cells, timeout=20).run(ground)
    assert [place for place, cell in enumerate(shown) if cell.get("told_by_tests")] == [2, 4]
    assert shown[2]["outputs"][0]["text"] == "kept [4242]\n"  # the instructor sees it


def test_a_page_for_students_leaves_out_what_tests_have_told():
    cell = new_code_cell("print(kept)", metadata={"told_by_tests": True})
    cell.outputs = [{"output_type": "stream", "name": "stdout", "text": "4242"}]
    cell, _ = StudentView().preprocess_cell(cell, {}, 0)
    assert [each.text for each in cell.outputs] == [TOLD]
