"""Data to learn from: digits and moons and spirals without a network, MNIST with one.

Samples are rows, targets are class numbers, and every random choice comes from an explicit rng.
"""

from importlib import import_module
from typing import NamedTuple
from warnings import catch_warnings

import numpy as np

from ..errors import BplibError, need


class Data(NamedTuple):
    """Samples to train on and samples to test on: x (N, D), t (N,) class numbers."""

    x_train: np.ndarray
    t_train: np.ndarray
    x_test: np.ndarray
    t_test: np.ndarray


def digits(rng=0, test=0.2, dtype=np.float64):
    """1797 handwritten digits of 8×8 pixels, each pixel in [0, 1]; x (N, 64), t in 0 … 9.

    rng     a Generator or a seed: which of them are kept for testing
    test    their share; every class gives the same share
    Needs no network. Raises MissingExtra without scikit-learn. Source: UCI, through scikit-learn.
    """
    x, t = _part_of_sklearn("datasets").load_digits(return_X_y=True)
    seed = int(np.random.default_rng(rng).integers(2**32))
    split = _part_of_sklearn("model_selection").train_test_split
    x_train, x_test, t_train, t_test = split(
        (x / 16.0).astype(dtype), t, test_size=test, stratify=t, random_state=seed
    )
    return Data(x_train, t_train, x_test, t_test)


def mnist(dtype=np.float64):
    """70 000 handwritten digits of 28×28 pixels, each pixel in [0, 1]; x (N, 784), t in 0 … 9.

    The usual split: the last 10 000 are for testing. The first call downloads 15 MB from OpenML, later
    ones read scikit-learn's copy on disk.
    Raises BplibError when OpenML cannot be reached, MissingExtra without scikit-learn.
    """
    fetch = _part_of_sklearn("datasets").fetch_openml
    try:
        with catch_warnings(action="ignore"):  # of the second attempt, that it is one
            x, t = fetch(
                "mnist_784", version=1, return_X_y=True, as_frame=False, parser="liac-arff", n_retries=1
            )
    except OSError as error:
        raise BplibError(
            f"mnist: OpenML could not be reached ({error}). "
            f"Try again with a network, or use digits(): smaller, of the same form, and already here"
        ) from error
    x, t = (x / 255.0).astype(dtype), t.astype(np.int64)
    return Data(x[:60_000], t[:60_000], x[60_000:], t[60_000:])


def moons(n=200, noise=0.1, rng=0):
    """Two half circles that reach into each other: x (n, 2), t in {0, 1}, half of the samples each."""
    rng = np.random.default_rng(rng)
    t = np.arange(n) % 2
    angle = rng.uniform(0.0, np.pi, n)
    x = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    x[t == 1] = [1.0, 0.5] - x[t == 1]
    return x + rng.normal(0.0, noise, x.shape), t


def spirals(n=300, classes=3, noise=0.2, rng=0):
    """The arms of a spiral, one for each class: x (n, 2) in the unit disc or near it, t in 0 … classes−1.

    noise    how far, in radians, a sample strays from its arm. Source: CS231n notes.
    """
    rng = np.random.default_rng(rng)
    t = np.arange(n) % classes
    radius = rng.uniform(0.0, 1.0, n)
    angle = 4.0 * radius + 2.0 * np.pi * t / classes + rng.normal(0.0, noise, n)
    return radius[:, np.newaxis] * np.stack([np.sin(angle), np.cos(angle)], axis=1), t


def _part_of_sklearn(name):
    try:
        return import_module(f"sklearn.{name}")
    except ImportError:
        raise need("scikit-learn") from None
