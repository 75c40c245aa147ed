"""Student code locked up, and judged from a process that never runs it."""

import os
import shutil

import pytest

from bplib.authoring.rehearsal import Assignment, Ran
from bplib.grading.sandbox.walls import Limits
from bplib.grading.trial import Trial, ground_for
from tests.grading.course import ASSIGNMENTS, CONFIG
from tests.grading.twice import a_few, compare, disagreements

pytestmark = pytest.mark.skipif(
    not shutil.which("bwrap") and not os.environ.get("CI"), reason="bubblewrap is not installed"
)


@pytest.fixture(scope="module")
def ground():
    made = ground_for(Trial((("given", "import numpy"),)), Limits(memory=600))
    yield made
    made.close()


def shown(ground, *cells, **options):
    """What each cell has printed, or the name of its error."""
    ran = Trial(cells, **{"timeout": 5, **options}).run(ground)
    return ["".join(each.get("text") or each.get("ename", "") for each in cell["outputs"]) for cell in ran]


def test_a_test_calls_the_function_of_a_student(ground):
    cells = ("student", "def f(x): return 2 * x"), ("test", "print(f(21))")
    assert shown(ground, *cells) == ["", "42\n"]


def test_what_a_student_changes_in_place_is_seen_by_the_test(ground):
    student = "def move(params): params['W'] -= 1; params['b'] = params['b'] - 1"
    test = """import numpy as np
params = {"W": np.ones(2), "b": np.ones(2)}
W, b = params["W"], params["b"]
move(params)
print(W, b, params["b"])"""
    assert shown(ground, ("student", student), ("test", test))[1] == "[0. 0.] [1. 1.] [0. 0.]\n"


def test_a_function_of_the_test_is_called_and_its_error_comes_back_as_it_was(ground):
    student = "def twice(f): return f(1) + f(2)"
    test = """print(twice(lambda x: 10 * x))
error = KeyError("mine")
def fails(x): raise error
try:
    twice(fails)
except KeyError as same:
    print(same is error)"""
    assert shown(ground, ("student", student), ("test", test))[1] == "30\nTrue\n"


def test_an_object_that_says_it_equals_everything_equals_nothing(ground):
    student = "class Any:\n    __eq__ = __lt__ = lambda self, other: True\ndef f(): return Any()"
    assert shown(ground, ("student", student), ("test", "print(f() == 3)"))[1] == "False\n"


@pytest.mark.parametrize(
    "attempt",
    [
        "import socket; socket.create_connection(('127.0.0.1', 22), 1)",
        "import os; os.listdir('/var')",
        f"open({str(CONFIG)!r})",
        "open('/usr/bin/mine', 'w')",
        "import os, signal; os.kill(1, signal.SIGKILL); os.kill(-1, 0) or 1 / (os.getppid() != 1)",
        "import ctypes, os\nif ctypes.CDLL(None).unshare(0x10000000): raise OSError",
    ],
)
def test_student_code_reaches_nothing_outside(ground, attempt):
    assert shown(ground, ("student", attempt))[0].endswith(("Error", "Exception", "Refused"))


def test_nothing_is_left_for_the_next_student(ground):
    leave = "for folder in ('/tmp', '/dev/shm', '.'): open(folder + '/left', 'w').write('x')"
    look = "import os; print([f for f in ('/tmp', '/dev/shm', '.') if os.path.exists(f + '/left')])"
    assert shown(ground, ("student", leave), ("student", look))[1] == "['/tmp', '/dev/shm', '.']\n"
    assert shown(ground, ("student", look))[0] == "[]\n"


def test_the_checker_opens_no_file_for_a_student(ground, tmp_path):
    """An answer that asks the checker for the method tofile of an array of its own."""
    path = tmp_path / "pwned"
    attack = f"""import gc, numpy as np
from bplib.grading.sandbox.student import StudentEnd
end = next(each for each in gc.get_objects() if type(each) is StudentEnd)
def f():
    try:
        end.ask("get", np.frombuffer(b"pwned", "u1"), "tofile")({str(path)!r})
    except TypeError as refused:
        return str(refused)"""
    said = shown(ground, ("student", attack), ("test", "print(f())"))[1]
    assert "cannot be done" in said and not path.exists()


def test_an_answer_that_uses_up_the_memory_costs_only_itself(ground):
    student = "def f():\n    kept = []\n    while True: kept.append(bytearray(10**7))\ndef g(): return 1"
    cells = ("student", student), ("test", "f()"), ("test", "print(g())")
    got = shown(ground, *cells, timeout=20)
    assert got[1] in ("Lost", "MemoryError") and got[2] == "1\n"


def test_an_endless_loop_costs_only_itself(ground):
    cells = (
        ("student", "def f():\n    while True: pass"),
        ("test", "f()"),
        ("student", "x = 1"),
        ("test", "print(x)"),
    )
    assert shown(ground, *cells, timeout=1)[1:] == ["Lost", "", "1\n"]


def test_what_a_function_prints_in_a_test_is_shown_to_nobody(ground):
    cells = ("student", "def f(x): print('asked', x); return x"), ("test", "print(f(7.25))")
    assert shown(ground, *cells)[1] == "7.25\n"


def test_what_a_library_writes_to_stderr_past_python_waits_for_no_reader(ground):
    flood = "import os\nfor _ in range(9): os.write(2, bytes(100_000))\nprint('done')"
    assert shown(ground, ("student", flood), ("test", flood)) == ["done\n", "done\n"]


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_a_test_scores_and_says_in_the_sandbox_what_it_does_outside_of_it(name):
    assignment = Assignment(CONFIG.parent, name)
    assert list(disagreements(assignment, a_few(assignment))) == []


def test_another_score_and_another_line_are_told():
    """The comparison above can fail."""
    here = Ran(2.0, "wrong sign\n2 of 3\n", "", None)
    score = {"output_type": "execute_result", "data": {"text/plain": "2.0"}}
    said = {"output_type": "stream", "text": "wrong sign\n2 of 3\n"}
    assert list(compare(here, [said, score])) == []
    assert list(compare(here, [said])) == ["[] there, 2.0 here"]
    assert list(compare(here, [said | {"text": "wrong sign\n"}, score])) == ["None there, '2 of 3' here"]


GIVEN = "from bplib.course.exercise import Checks\ndef points(right): return 1.0 if right else 0.0"
FORGED = "class Checks:\n    pass\ndef points(right): return 1.0\n"


def test_a_student_cannot_put_own_judges_in_place_after_a_test_that_did_not_end(ground):
    slow = "import time\ndef slow():\n    time.sleep(0.3)\n    return 0"
    cells = [("given", GIVEN), ("student", FORGED + slow), ("test", "for _ in range(99): slow()")]
    got = shown(ground, *cells, ("test", "print(points(slow() == 1), Checks.__module__)"), timeout=1)
    assert got[2:] == ["Timeout", "0.0 bplib.course.exercise\n"]


def test_a_student_cannot_put_own_judges_in_place_of_a_given_cell_that_failed(ground):
    given = "start()\n" + GIVEN
    student = FORGED + "def start(): raise ValueError"
    got = shown(ground, ("student", student), ("given", given), ("test", "print(points(False))"))
    assert got[2] == "NameError"


def test_a_helper_that_an_unfinished_test_would_have_made_is_not_the_students(ground):
    first = "begin()\ndef right(x): return x == 1"
    student = "def right(x): return True\ndef begin(): raise ValueError"
    got = shown(ground, ("student", student), ("test", first), ("test", "print(right(2))"))
    assert got[2] == "NameError"


def test_what_a_student_says_of_own_cells_is_read_with_care(ground):
    """What is written straight to the grader's socket costs the cell that writes it, and no other."""
    forge = """import os, msgpack, struct
message = msgpack.packb({"outputs": [{"output_type": "error"}, 7, {"output_type": "stream", "text": 3}],
                         "began": "never", "ended": [], "count": {}})
for number in range(3, 20):
    try:
        os.write(number, struct.pack(">I", len(message)) + message)
    except OSError:
        pass
def f(): return 2"""
    cells = ("student", "def g(): return 1"), ("student", forge), ("test", "print(g())")
    assert shown(ground, *cells) == ["", "KernelDied", "1\n"]
