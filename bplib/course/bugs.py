"""The catalogue of the bug hunt: programs that are wrong in one line, and the measurements that show it.

catalogue      what can be wrong: name, line, wrong text
patients       ten programs, drawn anew for each seed
"""

from typing import NamedTuple

import numpy as np

from ..errors import InputError
from .program import Program


class Bug(NamedTuple):
    name: str
    line: str
    wrong: str


def catalogue():
    """Every Bug, those that a gradient check lets pass first."""
    return [
        Bug("labels shifted", "t", "np.roll(labels, 1)"),
        Bug("scaled by its own statistics", "x",
            "(pixels - pixels.mean(axis=0)) / (pixels.std(axis=0) + 0.1)"),
        Bug("dropout left on", "d1", "h1 * mask"),
        Bug("moved too early", "dd1", "delta2 @ moved_W2.T"),
        Bug("begins too wide", "W2", "rng.normal(0, 3, (H, C))"),
        Bug("begins too narrow", "W2", "rng.normal(0, 0.0001, (H, C))"),
        Bug("uphill", "moved", "q + rate * dq"),
        Bug("rate squared", "moved", "q - rate**2 * dq"),
        Bug("least for largest", "read", "scores.argmin(axis=1)"),
        Bug("softmax over the samples", "p", "e / e.sum(axis=0, keepdims=True)"),
        Bug("logarithm cushioned", "loss", "-np.mean(np.log(p[np.arange(len(t)), t] + 0.01))"),
        Bug("mean forgotten", "delta2", "p - np.eye(C)[t]"),
        Bug("bias averaged", "db1", "dz1.mean(axis=0)"),
        Bug("relu walked past", "dz1", "dh1"),
        Bug("relu asked about the signal", "dz1", "dh1 * (dh1 > 0)"),
        Bug("mask forgotten on the way back", "dh1", "dd1"),
        Bug("reshaped for transposed", "dW2", "(delta2.T @ d1).reshape(H, C)"),
    ]  # fmt: skip


def patients(seed=0, count=10):
    """Programs that are wrong in one line each, no two alike, {1: Program, …}: others for every seed.

    Raises InputError for more than the catalogue has.
    """
    bugs = catalogue()
    if not 1 <= count <= len(bugs):
        raise InputError(f"patients: count is a whole number from 1 to {len(bugs)}; got {count!r}")
    drawn = np.random.default_rng(seed).permutation(len(bugs))[:count]
    return {number: ill(bugs[k], rng=number) for number, k in enumerate(drawn, start=1)}


def ill(bug, **options):
    """The Program with that bug."""
    return Program({bug.line: bug.wrong}, **options)
