"""Grading a class: plain nbgrader, which runs student code as the grader, beside the sandbox and the checker.

All grade the same hand-ins to one small assignment, one command after the other in the same run.
"""

import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import perf_counter

from tests.grading.course import Course, answer, check

from .harness import Bar, duration, exponent, number, show, shown

SMALL = [
    answer("double", "def double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION"),
    check("test_double", "3.0 if double(4.0) == 8.0 else 0.0", points=3),
    answer("cube", "def cube(x):\n    ### BEGIN SOLUTION\n    return x**3\n    ### END SOLUTION"),
    check("test_cube", "assert cube(3.5) == 42.875\n4", points=4),
]
RIGHT = {"double": "def double(x):\n    return x + x", "cube": "def cube(x):\n    return x * x * x"}
PLAIN = 'c = get_config()\nc.CourseDirectory.course_id = "plain"\n'
PEAK = """\
import resource, sys
from bplib.cli import main
code = main(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
sys.exit(code)"""


def run(quick):
    if not shutil.which("bwrap"):
        print("\nGrading: not measured, bubblewrap is not installed")
        return []
    with class_of(6 if quick else 60) as course:
        return shown(beside_nbgrader(course) + alone(course, 4 if quick else 20)) + growth(quick)


@contextmanager
def class_of(size):
    """A course with hand-ins, all of them right."""
    with TemporaryDirectory() as folder:
        course = Course(Path(folder, "assignments"), "ps1")
        course.at_once = False  # a start takes what it takes
        course.write_source(SMALL)
        course.generate()
        for student in range(size):
            course.submit(f"s{student:04}", course.answered(**RIGHT))
        yield course


def beside_nbgrader(course):
    """A whole class, in three ways."""
    size = len(list((course.root / "submitted").iterdir()))
    seconds = {
        "nbgrader autograde, no sandbox": seconds_of(as_plain(course).autograde),
        "nbgrader autograde, sandbox and checker": seconds_of(course.autograde),
        "bplib autograde, sandbox and checker": seconds_of(grade, course, "--force"),
    }
    plain, *_, ours = seconds.values()
    rows = [
        [name, duration(took), number(size / took), number(plain / took)] for name, took in seconds.items()
    ]
    show(f"A class of {size}, small assignment", ["", "in all", "a second", "× no sandbox"], rows)
    return [Bar("hand-ins a second, in times nbgrader without a sandbox,", plain / ours, 4, True)]


def as_plain(course):
    """The same class in a folder of its own, with nothing of ours in its settings."""
    plain = Course(course.root.parent / "plain", "ps1")
    plain.at_once = False
    shutil.copytree(course.root, plain.root, dirs_exist_ok=True)
    (plain.root / "nbgrader_config.py").write_text(PLAIN)
    return plain


def alone(course, rounds):
    """One hand-in, from the call of the command to its end."""
    times = [seconds_of(grade, course, "--force", "--student", "s0000") for _ in range(rounds)]
    late = quantiles(times, n=20, method="inclusive")[-1]
    show(
        "One hand-in alone, whole command",
        ["", "median", "p95"],
        [["", duration(median(times)), duration(late)]],
    )
    return [Bar("one hand-in alone, seconds at p95,", late, 2.5)]


def growth(quick):
    """Time and memory of the coordinator, by the size of the class."""
    rows, sizes = [], (5, 10) if quick else (100, 300, 1000)
    for size in sizes:
        with class_of(size) as course:
            start = perf_counter()
            peak = float(grade(course).split()[-1])
            rows.append((perf_counter() - start, peak))
    times, peaks = zip(*rows, strict=True)
    table = [
        [str(size), duration(took), f"{peak:.0f} MB"] for size, (took, peak) in zip(sizes, rows, strict=True)
    ]
    show("Classes, by their size", ["hand-ins", "in all", "memory at most"], table)
    if quick:
        return []
    return shown(
        [
            Bar("time of a class, exponent of its size,", exponent(sizes, times), 1.1),
            Bar("memory for 1 000 hand-ins, in times that for 100,", peaks[-1] / peaks[0], 1.2),
        ]
    )


def grade(course, *options):
    """What `bplib autograde` prints, and last its memory in MB."""
    command = [sys.executable, "-c", PEAK, "autograde", "ps1", *options]
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(
        command, cwd=course.root.parent, env=environment, check=True, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    return done.stdout


def seconds_of(f, *arguments):
    start = perf_counter()
    f(*arguments)
    return perf_counter() - start
