"""What every test may use."""

import os
import signal
from pathlib import Path

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # before numpy is imported, here and in every kernel a test starts

# What JAX has compiled for an oracle is not compiled again in the next run.
os.environ["JAX_COMPILATION_CACHE_DIR"] = str(Path(__file__).parents[1] / ".pytest_cache" / "jax")
os.environ["JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS"] = "0"
os.environ["JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES"] = "-1"

import numpy as np
import pytest
from hypothesis import settings

# Whoever is started in the background ignores Ctrl-C, and hands that on to all that a test starts.
signal.signal(signal.SIGINT, signal.default_int_handler)

UMASK = 0o022  # what most machines have

# Notebooks, browsers, nbgrader, installations take their time. A file elsewhere says so: pytest.mark.slow.
SLOW = ("authoring", "benchmarks", "browser", "grading", "lessons")


def pytest_addoption(parser):
    parser.addoption("--quick", action="store_true", help="only what is quick, for while you work")


def pytest_ignore_collect(collection_path, config):
    if config.getoption("quick") and collection_path.parent == Path(__file__).parent:
        return collection_path.name in SLOW or None


# Begun first, so that no worker is left alone with them at the end.
LONG = (
    "grading/test_honest_work.py",
    "grading/test_attacks.py",
    "grading/test_accidents.py",
    "authoring/test_assignments.py",
    "grading/test_batch.py",
    "grading/test_cluster.py",
    "grading/test_sandbox.py",
    "grading/test_walls.py",
    "grading/test_commands.py",
    "authoring/test_bundle.py",
    "authoring/test_release.py",
    "browser",
    "test_start.py",
    "grading",
    "check",
    "authoring",
)


def pytest_collection_modifyitems(items, config):
    if config.getoption("quick"):
        chosen = [item for item in items if not item.get_closest_marker("slow")]
        config.hook.pytest_deselected(items=[item for item in items if item.get_closest_marker("slow")])
        items[:] = chosen
    items.sort(key=lambda item: place_of(item.nodeid.removeprefix("tests/")))


def place_of(test):
    return next((place for place, name in enumerate(LONG) if test.startswith(name)), len(LONG))


settings.register_profile("bplib", deadline=None)  # a busy machine is not a failing test
settings.load_profile("bplib")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol():
    """A course's configuration keeps private what its process writes, and this one goes on to other tests."""
    os.umask(UMASK)
    return (yield)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_fixture_setup():
    made = yield
    os.umask(UMASK)
    return made


@pytest.fixture(scope="session")
def root():
    """The folder of the project."""
    return Path(__file__).parents[1]


@pytest.fixture
def rng():
    """Random numbers, the same in every run."""
    return np.random.default_rng(20)
