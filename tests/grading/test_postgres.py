"""The gradebook in PostgreSQL: all that an instructor does and reads is as with a file of sqlite."""

import csv
import os
import shutil
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from copy import copy
from dataclasses import replace
from glob import glob
from pathlib import Path
from tempfile import mkdtemp
from unittest.mock import patch

import psycopg
import pytest

from bplib.cli import main
from bplib.grading.export import CanvasExport, CsvExport, MoodleExport
from bplib.grading.gradebook import opened
from bplib.grading.hand_ins import course_in, read_graded
from bplib.grading.report import as_page
from bplib.grading.whose import students_of
from tests.grading import warm
from tests.grading.course import CONFIG, Course
from tests.grading.small import RIGHT, SOURCE

PROGRAMS = os.path.dirname(max(glob("/usr/lib/postgresql/*/bin/initdb"), default=""))  # Debian's, Ubuntu's
pytestmark = [
    pytest.mark.skipif(not PROGRAMS and not os.environ.get("CI"), reason="PostgreSQL is not installed"),
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning"),  # nbgrader's way to add entries
]
PASSWORD = "p@ss/w0rd%"
QUOTED = "p%40ss%2Fw0rd%25"
FULL = {"test_relu": 2.0, "test_double": 3.0, "test_cube": 4.0, "why": None, "sketch": None}
NOTHING = dict.fromkeys(FULL, 0.0) | {"sketch": None}
GRADED = """
    SELECT count(DISTINCT grade.notebook_id) FROM grade
    JOIN submitted_notebook AS notebook ON notebook.id = grade.notebook_id
    JOIN submitted_assignment AS submission ON submission.id = notebook.assignment_id
    WHERE submission.student_id LIKE 's%' AND grade.auto_score IS NOT NULL"""
HAND_INS = {
    "right": RIGHT,
    "partly": RIGHT | {"relu": "def relu(x):\n    return x"},
    "ends": RIGHT | {"double": "def double(x):\n    import os; os._exit(1)"},
}


class Server:
    """PostgreSQL in a folder of its own, reached through a socket there; no network."""

    def __init__(self):
        self.folder = mkdtemp(prefix="bplib-postgres-")
        self.owner = {}
        if os.geteuid() == 0:  # whom PostgreSQL refuses
            shutil.chown(self.folder, "postgres", "postgres")
            self.owner = {"user": "postgres", "group": "postgres", "extra_groups": []}

    def call(self, program, *options, **settings):
        command = [Path(PROGRAMS, program), f"--pgdata={self.folder}/data", *options]
        quiet = {"stdout": subprocess.DEVNULL, "timeout": 60, "cwd": self.folder}
        return subprocess.run(command, **quiet, **self.owner, **settings)

    def create(self):
        password = Path(self.folder, "password")
        password.write_text(PASSWORD)
        options = ("--auth=scram-sha-256", f"--pwfile={password}", "--username=teacher", "--encoding=UTF8")
        self.call("initdb", *options, "--no-locale", "--no-sync", check=True)

    def start(self):
        settings = f"-k {self.folder} -c listen_addresses= -c fsync=off"
        self.call(
            "pg_ctl", "start", "--wait", f"--log={self.folder}/log", f"--options={settings}", check=True
        )

    def stop(self):
        self.call("pg_ctl", "stop", "--wait", "--mode=immediate", stderr=subprocess.DEVNULL)

    def connect(self, database="postgres"):
        return psycopg.connect(
            host=self.folder, user="teacher", password=PASSWORD, dbname=database, autocommit=True
        )

    def url(self, database, password=QUOTED):
        return f"postgresql+psycopg://teacher:{password}@/{database}?host={self.folder}"


@pytest.fixture(scope="module")
def server():
    with ExitStack() as closing:
        server = Server()
        closing.callback(shutil.rmtree, server.folder)
        closing.callback(server.stop)
        server.create()
        server.start()
        yield server


class CourseOnServer(Course):
    def __init__(self, root, server, database):
        self.server, self.database = server, database
        with server.connect() as connection:
            connection.execute(f"CREATE DATABASE {database}")
        super().__init__(root, "ps1", settings=db_url(server.url(database)))

    def ask_gradebook(self, query, *values):
        with self.server.connect(self.database) as connection:
            return connection.execute(query.replace("?", "%s"), values or None).fetchall()

    def copy(self, root, database):
        """The same course in another folder, with a copy of its database."""
        with self.server.connect() as connection:
            connection.execute(f"CREATE DATABASE {database} TEMPLATE {self.database}")
        copied(self, root, self.server.url(database))
        twin = copy(self)
        twin.root, twin.database = root, database
        return twin


def db_url(url):
    return f"c.Execute.timeout = 4\nc.CourseDirectory.db_url = {url!r}\n"


def copied(course, root, url):
    """Copy all the files of a course and give the copy another db_url."""
    shutil.copytree(course.root, root)
    with open(root / CONFIG.name, "a") as config:
        config.write(db_url(url))


def command(course, *options):
    return subprocess.Popen(
        [sys.executable, "-m", "bplib.cli", *options],
        cwd=course.root.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def bplib(course, *options):
    """What a verb says that ends well."""
    done = warm.run(["-m", "bplib.cli", *options], course.root.parent, os.environ)
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    return said


def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("postgres") / "assignments"


def graded(course):
    for student, answers in HAND_INS.items():
        course.submit(student, course.answered(**answers), **{"timestamp.txt": "2026-03-01 12:00:00 UTC"})
    course.submit("broken", **{"ps1.ipynb": "no notebook"})
    with opened(course_in(course.root)) as gradebook:
        gradebook.add_student("right", last_name="Ångström", first_name="Ann")
        gradebook.add_student("ends", last_name="de Groot")
    said = bplib(course, "autograde", "ps1")
    assert "4 graded" in said and "broken: ps1.ipynb is not a notebook" in said
    return course


@pytest.fixture(scope="module")
def on_server(server, tmp_path_factory):
    """A course with its gradebook in PostgreSQL, graded."""
    course = CourseOnServer(folder(tmp_path_factory), server, "class")
    course.write_source(SOURCE)
    course.generate()
    return graded(course)


@pytest.fixture(scope="module")
def in_file(given_out, tmp_path_factory):
    """The same with nbgrader's file of sqlite."""
    return graded(given_out.copy(folder(tmp_path_factory)))


@pytest.fixture(autouse=True)
def same_environment():
    """What nbgrader_config.py sets ends with the test."""
    with patch.dict(os.environ):
        yield


# ----------------------------------------------------------------------------------------------- all is well


def scores(course):
    return {student: course.scores(student) for student in (*HAND_INS, "broken")}


def test_the_scores_are_those_of_a_gradebook_in_a_file(on_server, in_file):
    assert not (on_server.root / "gradebook.db").exists()
    assert scores(on_server) == {
        "right": FULL,
        "partly": FULL | {"test_relu": 1.0},
        "ends": FULL | {"test_double": 0.0},
        "broken": NOTHING,
    }
    assert scores(on_server) == scores(in_file)


def test_what_has_been_graded_is_not_graded_again(on_server, monkeypatch, capsys):
    monkeypatch.chdir(on_server.root.parent)
    assert main(["autograde", "ps1"]) == 0
    assert "0 graded" in capsys.readouterr().out


def test_nbgraders_own_autograde_gives_the_same_scores(on_server):
    before = scores(on_server)
    on_server.autograde("--force", "--student=partly")
    assert scores(on_server) == before


def without_times(course):
    found = read_graded(course.root, "ps1")
    return replace(found, hand_ins=[replace(each, seconds=None) for each in found.hand_ins])


def reported(course, monkeypatch):
    monkeypatch.chdir(course.root.parent)
    assert not main(["report", "ps1"])
    return [row | {"seconds": ""} for row in rows(course.root / "reports/ps1.csv", encoding="utf-8-sig")]


def rows(path, encoding="utf-8"):
    with open(path, newline="", encoding=encoding) as file:
        return list(csv.DictReader(file))


def test_the_report_is_that_of_a_gradebook_in_a_file(on_server, in_file, monkeypatch):
    found = without_times(on_server)
    assert len(found.hand_ins) == 4 and found == without_times(in_file)
    assert as_page(found) == as_page(without_times(in_file))
    assert reported(on_server, monkeypatch) == reported(in_file, monkeypatch)


def exported(course, exporter, path):
    with opened(course_in(course.root), reading=True) as gradebook:
        exporter(to=str(path)).export(gradebook)
    return rows(path)


@pytest.mark.parametrize("exporter", [CsvExport, CanvasExport, MoodleExport])
def test_the_exports_are_those_of_a_gradebook_in_a_file(on_server, in_file, exporter, tmp_path):
    table = exported(on_server, exporter, tmp_path / "grades.csv")
    assert len(table) >= 4 and table == exported(in_file, exporter, tmp_path / "grades.csv")


def test_nbgraders_own_export_writes_the_table_too(on_server, in_file, tmp_path):
    assert on_server.export() == exported(in_file, CsvExport, tmp_path / "grades.csv")


def test_collect_knows_the_students_of_the_gradebook(on_server, in_file):
    known = students_of(course_in(on_server.root))
    assert known.ids == {*HAND_INS, "broken"}
    assert vars(known) == vars(students_of(course_in(in_file.root)))


# ------------------------------------------------------------------------------------------ something is not


@contextmanager
def stopped(server):
    server.stop()
    try:
        yield
    finally:
        server.start()


def test_a_server_that_stops_in_mid_run_costs_nothing(server, on_server, tmp_path):
    course = on_server.copy(tmp_path / "assignments", "stopped")
    students = [f"s{number}" for number in range(5)]
    for student in students:
        course.submit(student, course.answered(**RIGHT))
    with command(course, "autograde", "ps1") as running:
        while course.ask_gradebook(GRADED)[0][0] < 1:
            assert running.poll() is None, running.communicate()
            time.sleep(0.02)
        with stopped(server):
            said, _ = running.communicate(timeout=200)
    last = said.splitlines()[-1]
    assert running.returncode == 1 and "Traceback" not in said
    assert last.startswith("bplib: the gradebook stopped cannot be reached") and "goes on from there" in last
    before = course.ask_gradebook(GRADED)[0][0]
    said = bplib(course, "autograde", "ps1")
    assert "0 could not be graded" in said
    assert {student: course.scores(student) for student in students} == dict.fromkeys(students, FULL)
    assert before < 5 and course.ask_gradebook(GRADED) == [(5,)]
    assert scores(course) == scores(on_server)


@pytest.fixture
def screen(on_server, tmp_path, monkeypatch, capfd):
    """Call a verb in a copy of the course whose db_url is another; the one line that it says."""

    def screen(verb, url):
        copied(on_server, tmp_path / "assignments", url)
        monkeypatch.chdir(tmp_path)
        capfd.readouterr()
        assert main(verb) == 1
        said, errors = capfd.readouterr()
        assert said == "" and errors.count("\n") == 1 and PASSWORD not in errors and QUOTED not in errors
        return errors

    return screen


VERBS = pytest.mark.parametrize(
    "verb",
    [["autograde", "ps1"], ["report", "ps1"], ["collect", "ps1", "assignments"]],
    ids=lambda verb: verb[0],
)


@VERBS
def test_a_wrong_password_is_said_and_not_shown(server, screen, verb):
    said = screen(verb, server.url("class", "s3cret"))
    assert "cannot be reached" in said and "password authentication failed" in said
    assert "s3cret" not in said


@VERBS
def test_a_server_that_is_not_there_is_said_in_one_sentence(server, screen, verb, tmp_path):
    nowhere = server.url("class").replace(server.folder, str(tmp_path))
    assert "the gradebook class cannot be reached" in screen(verb, nowhere)


@VERBS
def test_a_missing_driver_is_named_with_the_extra_that_brings_it(server, screen, verb, monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    said = screen(verb, server.url("class"))
    assert said.endswith('needs psycopg[binary]. Install it with: python -m pip install "psycopg[binary]"\n')


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("postgresql+psycopg://teacher:half@s3cret@localhost/class", "write an @ in the password as %40"),
        ("s3cret", "no address of a database; one looks like postgresql+psycopg://"),
        ("postgresql+psycopg://teacher:s3cret@localhost:door/class", "no address of a database"),
        ("postgresql+pg8000://teacher:s3cret@localhost/class", "the driver pg8000, which is not installed"),
    ],
    ids=["@ in the password", "no address", "no port", "another driver"],
)
def test_a_slip_in_the_address_is_named_and_no_password_shown(screen, url, says):
    said = screen(["report", "ps1"], url)
    assert says in said and "s3cret" not in said
