"""What one hand-in does to its own process reaches no other: signals, memory, a sandbox that goes down."""

import os
import shutil
import signal
from threading import Thread

import pytest

from bplib.grading import workers
from bplib.grading.sandbox import pair
from bplib.grading.sandbox.link import Lost
from bplib.grading.sandbox.walls import Limits
from bplib.grading.trial import Trial, ground_for

needs_a_sandbox = pytest.mark.skipif(
    not shutil.which("bwrap") and not os.environ.get("CI"), reason="bubblewrap is not installed"
)


@pytest.fixture(scope="module")
def ground():
    with ground_for(Trial((("given", "import numpy"),)), Limits(memory=400)) as made:
        yield made


def shown(ground, *cells, seconds=5):
    """What each cell of a student has shown, or its error."""
    ran = Trial(tuple(("student", cell) for cell in cells), timeout=seconds).run(ground)
    return ["".join(each.get("text") or each["evalue"] for each in cell["outputs"]) for cell in ran]


SIGNALS = {
    "kills its group": "import os; os.kill(0, 9)",
    "stops its group": "import os, signal; os.kill(0, signal.SIGSTOP)",
    "kills the group of its parent": "import os; os.killpg(os.getpgid(os.getppid()), 9)",
    "kills all that it can name": "import os\nfor p in range(-50, 0): os.kill(p, 9)",
    "stops all that it can name": "import os\nfor p in [-1, 1, 2, *range(3, 99)]:\n"
    "    try: os.kill(p, 19)\n    except ProcessLookupError: pass",
    "makes a child that does it": "import os\nif not os.fork(): os.kill(0, 19)",
}


@needs_a_sandbox
@pytest.mark.parametrize("source", SIGNALS.values(), ids=SIGNALS)
def test_a_signal_to_a_whole_group_reaches_nobody_beside(ground, source):
    waits = "import time\nfor _ in range(20): time.sleep(0.1)\nprint('undisturbed')"
    said = []
    beside = Thread(target=lambda: said.extend(shown(ground, waits)))
    beside.start()
    shown(ground, source)
    beside.join()
    assert said == ["undisturbed\n"]
    assert ground.is_alive()


HELD = {
    "files in memory": """
import os, time
files = [os.memfd_create("x") for _ in range(12)]
for file in files:
    os.write(file, bytes(40 << 20))
""",
    "segments of System V": """
import ctypes, time
libc = ctypes.CDLL(None)
libc.shmat.restype = ctypes.c_void_p
for _ in range(10):
    place = ctypes.c_void_p(libc.shmat(libc.shmget(0, 50 << 20, 0o1600), None, 0))
    ctypes.memset(place, 1, 50 << 20)
    libc.shmdt(place)
""",
    "children": """
import os, time
for _ in range(5):
    if not os.fork():
        held = b"x" * (100 << 20)
        time.sleep(20)
os.wait()
""",
    "an array": "held = b'x' * (500 << 20)\nimport time",
}


@needs_a_sandbox
@pytest.mark.parametrize("source", HELD.values(), ids=HELD)
def test_memory_counts_however_it_is_held(ground, source):
    assert shown(ground, f"{source}\ntime.sleep(2)", "print('on')", seconds=30) == [
        "this cell used more than 400 MB of memory",
        "on\n",
    ]


@needs_a_sandbox
def test_pages_that_processes_share_count_once(ground):
    pool = """
import numpy as np, time
from multiprocessing import Pool
a = np.ones(12_000_000)
def entry(i):
    time.sleep(0.5)
    return int(a[i])
with Pool(12) as pool:
    print(sum(pool.map(entry, range(12))))
"""
    assert shown(ground, pool, seconds=30) == ["12\n"]


@needs_a_sandbox
def test_a_server_that_is_stopped_is_found_out_by_a_question(monkeypatch):
    monkeypatch.setattr(pair, "ANSWER", 1)
    server = pair.ForkServer("checker")
    try:
        server.wait_until_ready()
        assert server.answers()
        os.kill(server.process.pid, signal.SIGSTOP)
        assert server.process.poll() is None
        assert not server.answers()
        with pytest.raises(Lost, match="does not answer"):
            server.fork({})
    finally:
        server.close()


class Fragile:
    """A ground that some trials bring down."""

    made = 0

    def __init__(self, *_):
        Fragile.made, self.alive = Fragile.made + 1, True

    def is_alive(self):
        return self.alive

    def close(self, *_):
        pass

    __enter__ = lambda self: self  # noqa: E731
    __exit__ = close


class Told:
    """A trial that brings its ground down so many times, and shows then what it is told to."""

    def __init__(self, times):
        self.times = times

    def run(self, ground):
        if self.times:
            self.times -= 1
            ground.alive = False
            raise Lost("ended")
        return "shown"


@pytest.fixture
def here(monkeypatch):
    monkeypatch.setattr(workers, "ground_for", Fragile)
    monkeypatch.setattr(Fragile, "made", 0)
    return workers.Here(Limits(), ())


def test_a_hand_in_whose_sandbox_goes_down_runs_again_in_one_of_its_own(here):
    assert here.run(Told(1)) == "shown"
    assert here.run(Told(0)) == "shown"
    assert Fragile.made == 3  # the common one, one for the first alone, the next common one


def test_a_hand_in_that_ends_its_sandbox_alone_too_is_the_one_that_did_it(here):
    with pytest.raises(Lost, match="ended the sandbox twice"):
        here.run(Told(2))
    assert here.run(Told(0)) == "shown"


def test_an_error_in_a_ground_that_lives_is_no_reason_to_run_again(here):
    class Fails:
        def run(self, ground):
            raise Lost("sent something that cannot be read")

    with pytest.raises(Lost, match="cannot be read"):
        here.run(Fails())
    assert Fragile.made == 1
