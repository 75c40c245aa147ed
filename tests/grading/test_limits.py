"""What crosses is limited, and what is shown; threads ask in turn; what is no number counts for none."""

import os
import shutil

import pytest

from bplib.grading.sandbox.shell import LARGEST_OUTPUT, checked, size
from bplib.grading.sandbox.walls import Limits
from bplib.grading.trial import MOST_SHOWN, Trial, ground_for

pytestmark = pytest.mark.skipif(
    not shutil.which("bwrap") and not os.environ.get("CI"), reason="bubblewrap is not installed"
)


@pytest.fixture(scope="module")
def ground():
    with ground_for(Trial((("given", "import numpy"),)), Limits(memory=700)) as made:
        yield made


def outputs(ground, student, test, **options):
    *_, shown = Trial((("student", student), ("test", test)), timeout=20, **options).run(ground)
    return shown["outputs"]


def said(ground, student, test):
    """What a test has shown, or the error it ended in; "" if it asserts and all is well."""
    return "".join(each.get("text") or each["evalue"] for each in outputs(ground, student, test))


PARALLEL = {
    "a pool of threads": """
from concurrent.futures import ThreadPoolExecutor
def slopes(f, xs):
    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(lambda x: (f(x + 1e-4) - f(x - 1e-4)) / 2e-4, xs))
""",
    "two threads": """
from threading import Thread
def slopes(f, xs):
    out = [0.0] * len(xs)
    def work(part):
        for k in part:
            out[k] = (f(xs[k] + 1e-4) - f(xs[k] - 1e-4)) / 2e-4
    threads = [Thread(target=work, args=(range(n, len(xs), 2),)) for n in (0, 1)]
    for each in threads: each.start()
    for each in threads: each.join()
    return out
""",
    "asyncio": """
import asyncio
async def one(f, x):
    return (await asyncio.to_thread(f, x + 1e-4) - await asyncio.to_thread(f, x - 1e-4)) / 2e-4
async def every(f, xs):
    return await asyncio.gather(*(one(f, x) for x in xs))
def slopes(f, xs):
    return asyncio.new_event_loop().run_until_complete(every(f, xs))
""",
}


@pytest.mark.parametrize("answer", PARALLEL.values(), ids=PARALLEL)
def test_a_right_answer_may_ask_from_several_threads(ground, answer):
    test = "xs = [0.1 * k for k in range(40)]\n"
    test += "assert all(abs(s - 2 * x) < 1e-6 for s, x in zip(slopes(lambda x: x * x, xs), xs))"
    assert said(ground, answer, test) == ""


def test_a_copy_of_the_process_hears_that_it_cannot_ask(ground):
    answer = """
import os
def g(f):
    if not os.fork():
        try:
            f(1)
        except RuntimeError as error:
            open("heard", "w").write(str(error))
        os._exit(0)
    os.wait()
    return open("heard").read(), f(2)
"""
    test = "text, y = g(lambda x: x + 1)\nassert y == 3 and 'in another process: use threads' in text, text"
    assert said(ground, answer, test) == ""


PRETENDERS = {
    "sub": "class Z:\n    def __sub__(self, other): return 0.0",
    "matmul": "class Z:\n    def __matmul__(self, other): return other.T @ other",
    "mul": "import numpy as np\nclass Z:\n    def __mul__(self, other): return np.zeros(3)",
}


@pytest.mark.parametrize("operation", PRETENDERS)
def test_an_object_that_is_no_number_gives_no_number_to_a_test(ground, operation):
    sign = {"sub": "-", "matmul": "@", "mul": "*"}[operation]
    test = f"import numpy as np\nZ() {sign} np.ones(3)"
    assert "Z is no number: a test computes with numbers only" in said(ground, PRETENDERS[operation], test)


def test_an_object_computes_with_its_like_and_with_numbers_to_new_objects(ground):
    answer = (
        "class V:\n    def __init__(s, x): s.x = x\n    def __mul__(s, o): return V(s.x * getattr(o, 'x', o))"
    )
    answer += "\n    def __matmul__(s, o): return s.x * o.x"
    assert said(ground, answer, "assert (V(3) * 2).x == 6 and V(3) @ V(4) == 12") == ""


def test_a_number_may_stand_before_an_object_that_computes_with_it(ground):
    answer = """
class V:
    def __init__(self, x): self.x = x
    def __add__(self, other): return V(self.x + getattr(other, "x", other))
    def __rsub__(self, other): return V(other - self.x)
    def __rtruediv__(self, other): return V(other / self.x)
    __radd__ = __add__
"""
    test = "x = V(4.0)\nassert [(2 + x).x, (1 - x).x, (6 / x).x] == [6.0, -3.0, 1.5]\n"
    test += "try:\n    2 * x\nexcept TypeError:\n    pass\nelse:\n    assert False, 'V has no ×'"
    assert said(ground, answer, test) == ""


def test_an_object_behind_a_number_gives_no_number_either(ground):
    answer = "class Z:\n    def __rmul__(self, other): return 7.0"
    assert "Z is no number: a test computes with numbers only" in said(ground, answer, "2.0 * Z()")


def test_exact_numbers_cross_as_they_are(ground):
    answer = "from fractions import Fraction\nfrom decimal import Decimal\n"
    answer += "def f(): return Fraction(1, 3), Decimal('0.10')"
    test = "a, b = f()\nassert abs(a - 1 / 3) < 1e-9 and a * 3 == 1 and str(b) == '0.10'"
    assert said(ground, answer, test) == ""


LARGE = {
    "a range": ("def f(): return range(10**9)", "sorted(f())"),
    "a list that holds itself": (
        "def f():\n    a = []\n    a += [a, a]\n    return a",
        "str(list(f()))[:10] * 10**9",
    ),
    "a growing reply": ("def f(k): return 'x' * (k * 10**6)", "x = [f(k) for k in range(1, 60)]"),
}


@pytest.mark.parametrize("answer, test", LARGE.values(), ids=LARGE)
def test_what_a_test_makes_of_an_answer_is_limited(ground, answer, test):
    (error,) = outputs(ground, answer, test)
    assert error["ename"] in ("MemoryError", "Lost")  # beyond what a test, or one message, may hold
    assert said(ground, "def g(): return 1", "assert g() == 1") == ""


def test_own_cells_cannot_bloat_a_notebook(ground):
    html = "get_ipython().outputs.append({'output_type': 'display_data', "
    html += "'data': {'text/html': 'x' * 4_900_000}})"
    errors = (
        "get_ipython().outputs += [{'output_type': 'error', 'ename': 'E' * 10**6, 'evalue': 'v' * 10**6, "
    )
    errors += "'traceback': ['t' * 10**5] * 90}]"
    cells = [html] * 6 + [errors] * 3
    ran = Trial(tuple(("student", cell) for cell in cells), timeout=20).run(ground)
    assert sum(size(output) for cell in ran for output in cell["outputs"]) < MOST_SHOWN + 1_000_000
    assert all(cell["outputs"] for cell in ran)


def test_what_arrives_is_cut_to_the_same_limits_as_what_is_sent():
    many = [{"output_type": "stream", "name": "stdout", "text": "x" * 1_000_000}] * 50
    assert sum(map(size, checked(many))) < LARGEST_OUTPUT + 1_100_000
    assert checked(many)[-1]["text"] == "... the rest was cut ...\n"


def test_files_that_together_are_larger_than_a_message_arrive(ground):
    files = {f"data{k}.bin": bytes([k]) * 18_000_000 for k in range(4)}
    cell = "import os\nprint(sum(os.path.getsize(name) for name in os.listdir()))"
    (shown,) = Trial((("student", cell),), files=files, timeout=20).run(ground)
    assert shown["outputs"][0]["text"] == "72000000\n"


DOORS = {
    "open": "def f(): return open('secret.txt').read()",
    "open of builtins": "import builtins\ndef f(): return builtins.open('secret.txt').read()",
    "a name of the shell's": "def f(): return get_ipython().user_ns['open']('secret.txt').read()",
}


@pytest.mark.parametrize("answer", DOORS.values(), ids=DOORS)
def test_no_function_of_the_checker_is_lent_to_a_student_by_the_way(ground, answer):
    trial = Trial((("student", answer), ("test", "f()")), given={"secret.txt": b"REACHED"}, timeout=20)
    (error,) = trial.run(ground)[-1]["outputs"]
    assert error["ename"] == "FileNotFoundError"


def test_a_test_may_feed_input_and_import_what_the_answer_uses(ground):
    answer = "def greet(): print('Hello', input('Who? '), math.pi > 3)"
    test = "import io, math, sys\nbefore = sys.stdin, sys.stdout\n"
    test += "sys.stdin, sys.stdout = io.StringIO('Bob\\n'), io.StringIO()\n"
    test += "try:\n    greet()\n    said = sys.stdout.getvalue()\n"
    test += "finally:\n    sys.stdin, sys.stdout = before\nassert said == 'Who? Hello Bob True\\n', said"
    assert said(ground, answer, test) == ""
