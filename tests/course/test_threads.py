"""A course's kernel works with one BLAS thread, whoever started it."""

import os
import subprocess
import sys

import pytest

SAY = """
import numpy
from bplib.course.questions import chain_rule
import scipy.linalg, os, threadpoolctl
print(sorted({pool["num_threads"] for pool in threadpoolctl.threadpool_info() if pool["user_api"] == "blas"}))
"""
NAMES = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


def threads(**said):
    """How many threads the BLAS libraries have, those loaded before bplib and those loaded after."""
    environment = {name: value for name, value in os.environ.items() if name not in NAMES} | said
    done = subprocess.run([sys.executable, "-c", SAY], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_lesson_that_has_imported_numpy_first_has_one_thread():
    assert threads() == "[1]"


@pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="one processor has one thread")
def test_who_asks_for_two_threads_has_two():
    assert threads(OPENBLAS_NUM_THREADS="2") == "[2]"
