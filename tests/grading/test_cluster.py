"""`bplib autograde --scheduler`: notebooks run on the workers of a Dask cluster, a real one."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest

from bplib.errors import InputError
from bplib.grading import workers
from bplib.grading.sandbox.bubblewrap import NoSandbox
from bplib.grading.sandbox.link import Lost
from bplib.grading.sandbox.walls import Limits
from bplib.grading.trial import Trial
from tests.grading.course import Course, check
from tests.grading.small import RIGHT, SOURCE

psutil = pytest.importorskip("psutil")
pytest.importorskip("distributed")
pytestmark = pytest.mark.skipif(
    not shutil.which("bwrap") and not os.environ.get("CI"), reason="bubblewrap is not installed"
)
SEEDED = check(
    "test_seed", "from bplib.course.exercise import course_seed\nfloat(course_seed() == 2027)", points=1
)
FULL = {"test_relu": 2.0, "test_double": 3.0, "test_cube": 4.0, "test_seed": 1.0, "why": None, "sketch": None}
SLOW = RIGHT | {"relu": f"import time\ntime.sleep(0.5)\n{RIGHT['relu']}"}
CLASS = [f"s{number}" for number in range(6)]


# ---------------------------------------------------------------------------------------------- the cluster


class Cluster:
    """A scheduler, and workers in a folder of their own."""

    def __init__(self, folder):
        self.folder, self.file, self.processes = folder, folder / "scheduler.json", []

    def start(self, what, *options, **environment):
        """`dask scheduler` or `dask worker`, as one types it, on this machine only."""
        command = [sys.executable, "-m", "dask", what, "--host", "127.0.0.1", "--no-dashboard", *options]
        process = subprocess.Popen(
            command,
            cwd=self.folder,
            env=os.environ | environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.processes.append(process)
        return process

    def scheduler(self, **environment):
        return self.start("scheduler", "--port", "0", "--scheduler-file", self.file, **environment)

    def worker(self, first="", nanny="--no-nanny", **environment):
        """A worker for one notebook at a time, which runs the code `first` before anything else."""
        preload = self.folder / f"first_{len(self.processes)}.py"
        preload.write_text(first)
        options = ("--nthreads", "1", nanny, "--preload", preload)
        return self.start("worker", self.address, *options, **environment)

    @property
    def address(self):
        wait_until(lambda: self.file.exists() and self.file.read_text().endswith("}"))
        return json.loads(self.file.read_text())["address"]

    @contextmanager
    def client(self, expected=1):
        """A client of it, when so many workers have come."""
        from distributed import Client

        with Client(self.address, set_as_default=False) as client:
            if expected:
                client.wait_for_workers(expected, 30)
            yield client

    def ready(self, expected=1):
        """Its address, when so many workers have come."""
        with self.client(expected):
            return self.address

    def close(self):
        for process in self.processes:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@pytest.fixture
def cluster(tmp_path):
    (tmp_path / "cluster").mkdir()
    cluster = Cluster(tmp_path / "cluster")
    yield cluster
    cluster.close()


WATCH = """
import sys
def watch(event, arguments):
    path = str(arguments[0]) if arguments else ""
    if path.startswith("{courses}") and "/assignments" in path:
        open("{seen}", "a").write(event + " " + path)
sys.addaudithook(watch)
"""


class Two(Cluster):
    """A worker with a nanny, as Dask has it, and one without. They note when they touch a course."""

    def __init__(self, folder, courses):
        super().__init__(folder)
        self.seen = folder / "seen"
        watch = WATCH.format(courses=courses, seen=self.seen)
        self.boss, _, self.alone = self.scheduler(), self.worker(watch, "--nanny"), self.worker(watch)


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    """For the tests in their order here: the second loses a worker, the third the scheduler."""
    two = Two(tmp_path_factory.mktemp("two"), tmp_path_factory.getbasetemp())
    yield two
    two.close()


def wait_until(happens, seconds=300):
    end = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < end, f"waited {seconds} s in vain"
        time.sleep(0.02)


# ----------------------------------------------------------------------------------------------- the course


@pytest.fixture(scope="module")
def generated(tmp_path_factory):
    settings = 'c.Execute.timeout = 3\nos.environ["BPLIB_COURSE_SEED"] = "2027"\n'
    course = Course(tmp_path_factory.mktemp("generated"), "ps1", settings)
    course.write_source([*SOURCE, SEEDED])
    course.generate()
    return course


@pytest.fixture
def small(generated, tmp_path):
    return generated.copy(tmp_path / "assignments")


@pytest.fixture
def slow_class(small):
    """All right, and slow enough that a batch has a middle."""
    for student in CLASS:
        small.submit(student, small.answered(**SLOW))
    return small


def begin(course, *options, settings=""):
    """`bplib autograde` on its way."""
    code = f"import sys\nfrom bplib.cli import main\n{settings}\nsys.exit(main())"
    return subprocess.Popen(
        [sys.executable, "-c", code, "autograde", "ps1", *options],
        cwd=course.root.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def end(running):
    """Its exit code, and what it said."""
    said, _ = running.communicate(timeout=400)
    return running.returncode, said


def grade(course, *options, **more):
    return end(begin(course, *options, **more))


def done(course):
    return list((course.root / ".grading" / "ps1").glob("*.done"))


def scores_of(course, students):
    return {student: course.scores(student) for student in students}


# ------------------------------------------------------------------------------------------------- batches


def test_a_cluster_gives_the_scores_of_one_machine_and_its_workers_never_see_the_course(
    two, small, tmp_path_factory
):
    small.submit("right", small.answered(**RIGHT))
    small.submit("partly", small.answered(**RIGHT | {"relu": "def relu(x):\n    return x"}))
    small.submit("ends", small.answered(**RIGHT | {"double": "def double(x):\n    import os; os._exit(1)"}))
    small.submit("hangs", small.answered(**RIGHT | {"cube": f"{RIGHT['cube']}\nwhile True:\n    pass"}))
    small.submit("fails", small.answered(**RIGHT | {"double": "def double(x):\n    return x / 0"}))
    small.submit("large", small.answered(**RIGHT), **{"data.bin": bytes(12_000_000)})
    small.submit("broken", **{"ps1.ipynb": "no notebook"})
    small.submit("empty", small.answered())
    here = small.copy(tmp_path_factory.mktemp("here") / "assignments")
    on_this_machine = begin(here)
    code, said = grade(small, "--scheduler", two.ready(2))
    assert end(on_this_machine)[0] == code == 0
    assert re.sub(r"\d+\.\d s", "T", said) == (
        "broken: ps1.ipynb is not a notebook: its text is not JSON. It was not graded and scores 0 until "
        "it is handed in again.\n"
        "8 graded in T, 0 as before or not asked for.\n1 need a look, 0 could not be graded.\n"
        "Out of time or memory: ends (test_double), hangs (cube).\n"
    )
    assert not two.seen.exists(), two.seen.read_text()

    students = os.listdir(small.root / "submitted")
    assert len(students) == 8 and scores_of(small, students) == scores_of(here, students)
    assert small.scores("right") == small.scores("large") == FULL
    assert small.scores("partly") == FULL | {"test_relu": 1.0}
    assert small.scores("ends") == small.scores("fails") == FULL | {"test_double": 0.0}


def test_a_worker_that_is_killed_costs_no_score_and_leaves_nothing_running(slow_class, two):
    running = begin(slow_class, "--scheduler", two.ready(2))
    wait_until(lambda: done(slow_class))
    offspring = psutil.Process(two.alone.pid).children(recursive=True)
    assert offspring and len(done(slow_class)) < len(CLASS) - 2
    two.alone.kill()
    code, said = end(running)
    assert code == 0 and "6 graded" in said and "0 need a look" in said, said
    assert scores_of(slow_class, CLASS) == dict.fromkeys(CLASS, FULL)
    assert slow_class.ask_gradebook("SELECT count(*) FROM submitted_assignment") == [(6,)]
    assert psutil.wait_procs(offspring, timeout=60)[1] == []


def test_when_the_scheduler_dies_the_batch_goes_on_without_it(slow_class, two):
    address = two.ready()
    running = begin(slow_class, "--scheduler", address)
    wait_until(lambda: done(slow_class))
    two.boss.kill()
    code, said = end(running)
    assert code == 1
    assert said == (
        f"bplib: the Dask scheduler at {address} has gone away. What was finished is kept: the same "
        "command goes on from there, without --scheduler on this machine.\n"
    )
    rest = len(CLASS) - len(done(slow_class))
    assert 0 < rest < len(CLASS)
    code, said = grade(slow_class)
    assert code == 0 and f"{rest} graded" in said, said
    assert scores_of(slow_class, CLASS) == dict.fromkeys(CLASS, FULL)


TROUBLE = """
import os, time
from bplib.grading.workers import Here
def run(here, trial, run=Here.run):
    if "DEADLY" in str(trial.cells):
        time.sleep(1)
        os.kill(os.getpid(), 9)
    return for_ever(1) if "STRANGE" in str(trial.cells) else run(here, trial)
def for_ever(n):
    return for_ever(n + 1)
Here.run = run
"""


def test_a_hand_in_that_kills_its_workers_is_set_aside_and_the_others_are_graded(small, cluster):
    small.submit("a", small.answered(**RIGHT))
    small.submit("b", small.answered(**RIGHT))
    small.submit("deadly", small.answered(**RIGHT | {"cube": "DEADLY"}))
    cluster.scheduler(DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES="0")
    cluster.worker(TROUBLE)
    cluster.worker(TROUBLE)
    code, said = grade(small, "--scheduler", cluster.ready(2))
    assert code == 1
    assert "deadly: could not be run: the workers that took it died, 1 of 1" in said
    assert "2 graded" in said and "1 could not be graded" in said
    assert scores_of(small, "ab") == {"a": FULL, "b": FULL}

    with pytest.raises(Lost, match="maximum recursion depth exceeded"):  # by the worker that is left
        use(cluster.address, Trial((("student", "STRANGE"),)))


def test_without_a_scheduler_the_command_says_so_in_a_sentence(small):
    small.submit("right", small.answered(**RIGHT))
    with socket.create_server(("127.0.0.1", 0)) as server:
        nobody = "tcp://{}:{}".format(*server.getsockname())
    soon = "from bplib.grading import workers\nworkers.CONNECT = 1"
    code, said = grade(small, "--scheduler", nobody, settings=soon)
    assert code == 1
    assert said == f"bplib: there is no Dask scheduler at {nobody} (no answer in 1 s)\n"


# ------------------------------------------------------------------------------- clusters that are not fit


SMALL = Trial((("student", "1 + 1"),))


def use(address, trial=SMALL):
    """Have a notebook run on a cluster."""
    with workers.workers_for(Limits(), (), None, address) as pool:
        return pool.submit(trial).result(60)


@pytest.mark.parametrize("address", ["nowhere", "what://is:1", "tls://127.0.0.1:8786"])
def test_an_address_that_cannot_be_one_is_refused_at_once(address):
    began = time.process_time()
    with pytest.raises(InputError, match=f"there is no Dask scheduler at {address} "):
        use(address)
    assert time.process_time() - began < 3


def test_a_port_where_something_else_listens_is_no_scheduler(monkeypatch):
    monkeypatch.setattr(workers, "CONNECT", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as server:
        with pytest.raises(InputError, match=r"there is no Dask scheduler at .* \(no answer in 0\.5 s\)"):
            use("{}:{}".format(*server.getsockname()))


def test_nobody_waits_for_ever_for_a_worker_and_one_without_a_sandbox_runs_nothing(cluster, monkeypatch):
    cluster.scheduler()
    with monkeypatch.context() as soon, cluster.client(0) as client:
        soon.setattr(workers, "PATIENCE", 0.5)
        late = workers.Cluster(client, cluster.address, (Limits(), ()))
        with pytest.raises(InputError, match=f"no worker has come to {cluster.address} in 0.5 s; start one"):
            use(cluster.address)
        with pytest.raises(workers.ClusterLost, match="no worker is left"):
            late.submit(SMALL).result(60)

        cluster.worker("import shutil\nshutil.which = lambda *name, **path: None")
        cannot = r"(?s)The worker at tcp://.* cannot lock it up: bubblewrap \(bwrap\) is not installed\."
        with pytest.raises(NoSandbox, match=cannot):
            use(cluster.ready())
        with pytest.raises(NoSandbox, match=cannot):  # as of one that came when the batch was on its way
            late.submit(SMALL).result(60)


def test_a_worker_with_another_bplib_is_refused(cluster):
    other = cluster.folder / "bplib_course-0.0.7.dist-info"
    other.mkdir()
    (other / "METADATA").write_text("Metadata-Version: 2.1\nName: bplib-course\nVersion: 0.0.7\n")
    cluster.scheduler()
    cluster.worker(PYTHONPATH=str(cluster.folder))
    with pytest.raises(
        InputError, match=r"bplib-course is \S+ here, 0\.0\.7 at .*tcp://.*\. Scores would depend"
    ):
        use(cluster.ready())
