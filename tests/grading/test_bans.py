"""What a task bans is seen in a student's process, whatever the answer does; honest tools cost nothing."""

import os
import shutil

import pytest

from bplib.grading.sandbox.walls import Limits
from bplib.grading.trial import Trial, ground_for

pytestmark = pytest.mark.skipif(
    not shutil.which("bwrap") and not os.environ.get("CI"), reason="bubblewrap is not installed"
)
TEST = """
from bplib.check.compare import compare
from bplib.course.exercise import Checks, question

@question("The square of x", bans=("bplib.gates",))
def ask(f):
    yield compare("f", f(3.0), 9.0)

with Checks(points=2) as check:
    check(ask, f)
check.score()
"""


@pytest.fixture(scope="module")
def ground():
    with ground_for(
        Trial((("given", "import numpy\nimport bplib"), ("test", TEST))), Limits(memory=900)
    ) as made:
        yield made


def outcome(ground, *cells):
    """(score, what is said) of the test after these cells."""
    trial = Trial((*(("student", cell) for cell in cells), ("test", TEST)), timeout=30)
    *_, shown = trial.run(ground)
    said = "".join(each.get("text") or each.get("evalue", "") for each in shown["outputs"])
    scores = [each["data"]["text/plain"] for each in shown["outputs"] if "data" in each]
    return scores, said


BANNED = {
    "in the open": "def f(x):\n    return square(x)",
    "with the profile function off and back": """
import sys
def f(x):
    look = sys.getprofile()
    sys.setprofile(None)
    y = square(x)
    sys.setprofile(look)
    return y""",
    "below a profile function of its own": """
import sys
def f(x):
    look = sys.getprofile()
    sys.setprofile(lambda *event: None)
    y = square(x)
    sys.setprofile(look)
    return y""",
    "below cProfile": """
import cProfile
def f(x):
    with cProfile.Profile():
        return square(x)""",
    "below a trace function": """
import sys
def f(x):
    sys.settrace(lambda *event: None)
    return square(x)""",
    "in a thread that threading does not profile": """
import threading
def f(x):
    threading.setprofile(None)
    out = []
    thread = threading.Thread(target=lambda: out.append(square(x)))
    thread.start(); thread.join()
    return out[0]""",
    "in a thread that threading does not know": """
import _thread, time
def f(x):
    out = []
    _thread.start_new_thread(lambda: out.append(square(x)), ())
    while not out: time.sleep(0.001)
    return out[0]""",
    "in a thread of an earlier cell": """
import queue, threading
asked, told = queue.Queue(), queue.Queue()
def work():
    while True:
        told.put(square(*asked.get()))
threading.Thread(target=work, daemon=True).start()
def f(x):
    asked.put((x,))
    return told.get()""",
    "in a forked child": """
import os
def f(x):
    mine, its = os.pipe()
    if not os.fork():
        os.write(its, repr(float(square(x))).encode())
        os._exit(0)
    os.wait()
    return float(os.read(mine, 99))""",
    "in a pool of processes": """
from multiprocessing import get_context
def work(x):
    return float(square(x))
def f(x):
    with get_context("fork").Pool(1) as pool:
        return pool.map(work, [x])[0]""",
    "in another program": """
import subprocess, sys
def f(x):
    program = f"from bplib.gates import square; print(float(square({x})))"
    return float(subprocess.run([sys.executable, "-c", program], capture_output=True, text=True).stdout)""",
    "after a change to the watch": """
from bplib.course import watch
watch._Watch.note_call = lambda *call: None
def f(x):
    return square(x)""",
    "with the watch closed to new things": """
from bplib.course import watch
def f(x):
    watch._Watch.owner_of = lambda *call: None
    return square(x)""",
}


@pytest.mark.parametrize("answer", BANNED.values(), ids=BANNED)
def test_what_is_banned_does_not_count(ground, answer):
    scores, said = outcome(ground, "from bplib.gates import square\n" + answer)
    assert scores == ["0.0"]
    assert "library used" in said


HONEST = {
    "cProfile": """
import cProfile, io, pstats
def f(x):
    profile = cProfile.Profile()
    profile.enable()
    y = x * x
    profile.disable()
    pstats.Stats(profile, stream=io.StringIO()).print_stats()
    return y""",
    "cProfile in a with": "import cProfile\ndef f(x):\n    with cProfile.Profile():\n        return x * x",
    "cProfile of a call": "import cProfile\ndef f(x):\n    return cProfile.Profile().runcall(lambda: x * x)",
    "profile": "import profile\ndef f(x):\n    return profile.Profile().runcall(lambda: x * x)",
    "a function of its own": """
import sys
def f(x):
    sys.setprofile(lambda *event: None)
    y = x * x
    sys.setprofile(None)
    return y""",
    "a pool of processes": """
from multiprocessing import get_context
def work(x):
    return x * x
def f(x):
    with get_context("fork").Pool(1) as pool:
        return pool.map(work, [x])[0]""",
    "threads": """
from concurrent.futures import ThreadPoolExecutor
pool = ThreadPoolExecutor(2)
def f(x):
    return list(pool.map(lambda x: x * x, [x, x]))[1]""",
}


@pytest.mark.parametrize("answer", HONEST.values(), ids=HONEST)
def test_honest_tools_cost_nothing(ground, answer):
    assert outcome(ground, answer) == (["2.0"], "The square of x: right\n2 of 2 points in this cell\n")
