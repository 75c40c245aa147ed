"""The sandbox on machines of all kinds: without bubblewrap, with leaks, without namespaces within; calls
within calls; and what is left when a grader is killed.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from time import monotonic, sleep

import psutil
import pytest

from bplib.authoring.rehearsal import Assignment, answered, read_answer, read_wrong_answer
from bplib.grading.sandbox import pair
from bplib.grading.sandbox.bubblewrap import HOW_TO, NoSandbox, command
from bplib.grading.sandbox.walls import Limits
from bplib.grading.trial import Trial, as_trial, ground_for
from tests.grading import warm as warm_python
from tests.grading.course import CONFIG
from tests.grading.small import RIGHT

BWRAP = shutil.which("bwrap")
pytestmark = pytest.mark.skipif(not BWRAP and not os.environ.get("CI"), reason="bubblewrap is not installed")


@pytest.fixture(scope="module")
def warm():
    made = ground_for(Trial((("given", "import numpy"),)), Limits(memory=600))
    yield made
    made.close()


@pytest.fixture(scope="module")
def cold():
    """Where bubblewrap's own namespace is the last: the kernel refuses any in it."""
    if "--disable-userns" not in subprocess.run([BWRAP, "--help"], capture_output=True, text=True).stdout:
        pytest.skip("this bubblewrap cannot forbid further namespaces")

    def command(*arguments):
        start, program, rest = rpartition(usual(*arguments))
        return [*start, program, "--unshare-user", "--disable-userns", *rest]

    def rpartition(words):
        place = len(words) - 1 - words[::-1].index(words[0])
        return words[:place], words[place], words[place + 1 :]

    usual = pair.command
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pair, "command", command)
        made = ground_for(Trial((("given", "import numpy"),)), Limits(memory=600))
        assert made.students is None
        yield made
        made.close()


def shown(ground, *cells, **options):
    """What each cell has printed, or its error."""
    ran = Trial(cells, **{"timeout": 5, **options}).run(ground)
    return [
        "".join(each.get("text") or "{ename}: {evalue}".format(**each) for each in cell["outputs"])
        for cell in ran
    ]


# ------------------------------------------------------------------------- a Python anew for every student


def test_without_namespaces_in_the_sandbox_every_answer_scores_the_same(warm, cold):
    assignment = Assignment(CONFIG.parent, "ps01")
    answers = [read_answer(assignment.known("right")[0])[1]]
    wrong = dict(read_wrong_answer(path) for path in assignment.known("wrong"))
    answers += [cells for claim, cells in wrong.items() if claim.cell == next(iter(assignment.points))][:2]
    assert len(answers) == 3
    for cells in answers:
        trial = as_trial(answered(assignment.notebook, cells), {}, {}, timeout=60)
        one, other = (
            [of_cell and [output.get("data", output) for output in of_cell["outputs"]] for of_cell in run]
            for run in (trial.run(warm), trial.run(cold))
        )
        assert one == other


FILL = "def f():\n    kept = []\n    while True: kept.append(bytearray(10**7))"
CONNECT = "import socket\ndef f(): socket.create_connection(('127.0.0.1', 22), 1)"
SEEN = "import os\ndef f(): return os.listdir('/tmp'), os.getuid() != 0, os.path.exists('/var')"


@pytest.mark.parametrize(
    ("student", "test", "expected"),
    [
        ("def f(x): x[0] = 9", "x = [1]\nf(x)\nprint(x)", "[9]\n"),
        ("def f(g): return g(2) + 1", "print(f(lambda x: 10 * x))", "21\n"),
        ("def f(): import os; os._exit(1)", "f()", "Lost: your code ended Python"),
        ("def f():\n    while True: pass", "f()", "Lost: your code did not finish within 2 s"),
        (FILL, "f()", ("Lost: your code ended Python", "MemoryError")),
        (CONNECT, "f()", ("ConnectionRefusedError", "OSError: [Errno 101] Network is unreachable")),
        ("def f(): open('/usr/mine', 'w')", "f()", "OSError: [Errno 30] Read-only"),
        (SEEN, "print(f())", "([], True, False)\n"),
    ],
)
def test_without_namespaces_in_the_sandbox_calls_walls_and_limits_are_the_same(cold, student, test, expected):
    cells = ("student", student), ("test", test), ("student", "y = 1"), ("test", "print(y)")
    got = shown(cold, *cells, timeout=2 if "2 s" in expected else 10)
    assert got[1].startswith(expected) and got[3] == "1\n"


def test_without_namespaces_in_the_sandbox_nothing_is_left_for_the_next_student(cold):
    leave = "for folder in ('/tmp', '/dev/shm', '.'): open(folder + '/left', 'w').write('x')"
    look = "import os; print([f for f in ('/tmp', '/dev/shm', '.') if os.path.exists(f + '/left')])"
    assert shown(cold, ("student", leave), ("student", look))[1] == "['/tmp', '/dev/shm', '.']\n"
    assert shown(cold, ("student", look))[0] == "[]\n"


# ------------------------------------------------------------------------------------- calls within calls

STUDENT = """import numpy as np
from bplib.networks.layers import Affine
def down(n, back):
    return 0 if n == 0 else 1 + back(n - 1)
def library(): return Affine(np.ones((1, 1)), np.ones(1)).forward(np.ones((1, 1)))
def own(): return 1
def around(call): return call()
def before(call): return library(), call()
def after(call): return call(), library()
def hides(call):
    try:
        return call()
    except ValueError:
        return None
def makes_it_grow(x, call):
    x += [1]
    call()
    x += [len(x)]"""


def test_test_and_student_call_each_other_many_levels_deep(warm):
    test = "def back(n): return down(n, back)\nprint(down(25, back))"
    assert shown(warm, ("student", STUDENT), ("test", test))[1] == "25\n"


@pytest.mark.parametrize(
    ("call", "inner", "outer"),
    [
        ("around(watched(own))", [], []),
        ("around(watched(library))", ["bplib.networks.layers.Affine"], ["bplib.networks.layers.Affine"]),
        ("before(watched(own))", [], ["bplib.networks.layers.Affine"]),
        ("after(watched(own))", [], ["bplib.networks.layers.Affine"]),
        ("around(watched(lambda: around(own)))", [], []),
        (
            "around(watched(lambda: around(library)))",
            ["bplib.networks.layers.Affine"],
            ["bplib.networks.layers.Affine"],
        ),
        (
            "hides(watched(fails_after(library)))",
            ["bplib.networks.layers.Affine"],
            ["bplib.networks.layers.Affine"],
        ),
        ("(around(watched(own)), around(library))", [], ["bplib.networks.layers.Affine"]),
    ],
)
def test_what_each_watch_has_seen_is_what_happened_within_it(warm, call, inner, outer):
    test = f"""from bplib.course.watch import watching
def watched(f):
    def call():
        global inner
        with watching(("bplib.networks.layers.Affine",)) as inner:
            f()
    return call
def fails_after(f):
    def call():
        f()
        raise ValueError
    return call
with watching(("bplib.networks.layers.Affine",)) as outer:
    {call}
print(sorted(inner.used), sorted(outer.used))
with watching(("bplib.networks.layers.Affine",)) as later:
    own()
print(sorted(later.used))"""
    assert shown(warm, ("student", STUDENT), ("test", test))[1] == f"{inner} {outer}\n[]\n"


def test_what_is_shared_is_up_to_date_at_every_level(warm):
    test = """x, seen = [], []
def call():
    seen.append(list(x))
    x.append(7)
    if len(x) < 5:
        makes_it_grow(x, call)
makes_it_grow(x, call)
print(x, seen)"""
    x, seen = [1, 7, 1, 7, 1, 7, 6, 7, 8], [[1], [1, 7, 1], [1, 7, 1, 7, 1]]
    assert shown(warm, ("student", STUDENT), ("test", test))[1] == f"{x} {seen}\n"


def test_objects_that_a_test_no_longer_uses_take_no_memory(warm):
    student = "import numpy as np\nclass Net:\n    def __init__(self): self.W = np.ones(4_000_000)"
    test = "for _ in range(60): net = Net()\nprint(net.W.sum())"
    assert shown(warm, ("student", student), ("test", test), timeout=20)[1] == "4000000.0\n"


def test_an_error_with_a_very_long_message_is_shown_in_part(warm):
    student = "raise ValueError('long ' * 20_000_000)"
    ran = Trial((("student", student), ("student", "x = 1"))).run(warm)
    (error,) = ran[0]["outputs"]
    assert error["ename"] == "ValueError" and error["evalue"].startswith("long long")
    assert len(str(error)) < 100_000


# --------------------------------------------------------------------------------- no sandbox, or a leaky one

MARK = "\nopen({!r}, 'w').close()"


@pytest.fixture(scope="module")
def handed_in(given_out, tmp_path_factory):
    """A course with one hand-in that leaves a mark where it can."""
    root = tmp_path_factory.mktemp("machine")
    course = given_out.copy(root / "assignments")
    course.mark = root / "mark"
    leaves = RIGHT | {"relu": RIGHT["relu"] + MARK.format(str(course.mark))}
    course.submit("ann", course.answered(**leaves))
    yield course
    assert not course.mark.exists()


def run(course, *words, before=(), **environment):
    """(what it said, its exit code) of a command of bplib or nbgrader."""
    module, folder = ("bplib.cli", course.root.parent) if words[0] == "bplib" else ("nbgrader", course.root)
    arguments = ["-m", module, *words[1:]]
    environment = {**os.environ, "IPYTHONDIR": str(course.root / ".ipython"), **environment}
    if before:
        arguments, options = [*before, sys.executable, *arguments], {"capture_output": True, "text": True}
        done = subprocess.run(arguments, cwd=folder, env=environment, timeout=200, **options)
    else:
        done = warm_python.run(arguments, folder, environment)
    return in_one_line(done.stdout + done.stderr), done.returncode


def in_one_line(text):
    return " ".join(text.split())


commands = pytest.mark.parametrize("program", ["bplib", "nbgrader"])
WITHOUT_BWRAP = (BWRAP, "--dev-bind", "/", "/", "--ro-bind", os.devnull, BWRAP, "--")


def nothing_is_graded(course):
    found = course.root / "autograded"
    return not course.mark.exists() and not (found.exists() and list(found.rglob("*.ipynb")))


@commands
def test_without_bubblewrap_nothing_is_run_and_the_message_says_what_to_do(handed_in, program):
    said, code = run(handed_in, program, "autograde", "ps1", before=WITHOUT_BWRAP)
    assert code != 0 and in_one_line(HOW_TO.format(reason="bubblewrap (bwrap) is not installed")) in said
    assert nothing_is_graded(handed_in)


@commands
def test_a_sandbox_that_shows_the_machine_grades_nothing(handed_in, program):
    config = handed_in.root / "nbgrader_config.py"
    before = config.read_text("utf-8")
    config.write_text(before + "c.SandboxedExecute.readable = ['/var']\n", "utf-8")
    try:
        said, code = run(handed_in, program, "autograde", "ps1")
    finally:
        config.write_text(before, "utf-8")
    assert code != 0 and "what runs in it still reaches ['/var']" in said
    assert nothing_is_graded(handed_in)


def test_the_mark_is_left_where_nothing_is_locked_up(handed_in):
    said, code = run(handed_in, "nbgrader", "autograde", "ps1", BPLIB_UNSAFE_NO_SANDBOX="1")
    assert code == 0 and handed_in.mark.exists(), said
    handed_in.mark.unlink()
    shutil.rmtree(handed_in.root / "autograded")


def test_a_sandbox_that_shows_files_of_the_grader_is_refused(monkeypatch):
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        os.chmod(folder, 0o755)  # else the student's process cannot look into it, whatever it sees
        monkeypatch.setattr(tempfile, "tempdir", folder)
        with pytest.raises(NoSandbox, match=r"still reaches .*the grader's files"):
            ground_for(Trial(()), readable=[folder])
        assert os.listdir(folder) == []


def test_a_python_in_a_folder_that_the_sandbox_empties_is_refused_by_name(monkeypatch):
    monkeypatch.setattr(sys, "prefix", "/tmp/course/.venv")
    with pytest.raises(NoSandbox, match=r"/tmp/course/\.venv is in a folder that students get empty"):
        command(())


def test_a_sandbox_that_does_not_start_is_refused_with_what_it_said(monkeypatch):
    monkeypatch.setattr(pair, "command", lambda *_: ["sh", "-c", "echo no namespaces here >&2; exit 1"])
    with pytest.raises(NoSandbox, match="cannot lock it up: no namespaces here"):
        ground_for(Trial(()))


# ------------------------------------------------------------------------------------ a grader that is killed

GRADER = """
from bplib.grading.trial import Trial, ground_for
student = "def f(): return 1"
busy = "n = 0\\nwhile True:\\n    n += f()\\n    open(f'file{n % 50}', 'w').close()"
Trial((("student", student), ("test", busy)), given={"data.txt": b"x"}, timeout=60).run(ground_for(Trial(())))
"""


def wait_for(what, seconds=300):
    end = monotonic() + seconds
    while not what():
        assert monotonic() < end
        sleep(0.05)


def test_a_killed_grader_leaves_no_folder_and_no_process(tmp_path):
    grader = subprocess.Popen(
        [sys.executable, "-c", GRADER],
        env={**os.environ, "TMPDIR": str(tmp_path)},
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    wait_for(lambda: list(tmp_path.rglob("file49")))
    started = psutil.Process(grader.pid).children(recursive=True)
    assert len(started) > 3
    os.killpg(grader.pid, signal.SIGKILL)  # it, and all that it has started and that is in its group
    grader.wait(20)
    wait_for(lambda: not any(map(is_running, started)))
    wait_for(lambda: not list(tmp_path.iterdir()))


def is_running(process):
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_after_every_hand_in_its_folder_is_removed(warm):
    folder = Path(warm.folder.name)
    test = "import os\nprint(os.path.dirname(os.getcwd()), open('data.txt').read())"
    trial = Trial((("test", test),), given={"data.txt": b"mine"})
    (cell,) = trial.run(warm)
    assert cell["outputs"][0]["text"] == f"{folder} mine\n"
    assert list(folder.iterdir()) == []
