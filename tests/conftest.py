"""What every test may use."""

import os
from pathlib import Path

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # before numpy is imported, here and in every kernel a test starts

import numpy as np
import pytest
from hypothesis import settings

settings.register_profile("bplib", deadline=None)  # a busy machine is not a failing test
settings.load_profile("bplib")


@pytest.fixture(scope="session")
def root():
    """The folder of the project."""
    return Path(__file__).parents[1]


@pytest.fixture
def rng():
    """Random numbers, the same in every run."""
    return np.random.default_rng(20)
