"""No wrong rule is called right and no right one wrong: rules made from the catalogue of all gates.

The right ones are the library's, which tests/gates holds against JAX; the wrong ones are these, bent.
"""

from itertools import islice

import numpy as np
import pytest

from bplib import check_gate
from tests.gates import catalogue

pytestmark = pytest.mark.slow

WRONG, RIGHT = 600, 200


class Bent:
    """A gate of the catalogue whose gradient for input i is bent: bend(gradient, upstream, out)."""

    def __init__(self, gate, i, bend):
        self.gate, self.i, self.bend = gate, i, bend
        self.inputs, self.targets = gate.inputs, gate.targets

    def forward(self, *xs):
        return self.gate.forward(*xs)

    def backward(self, upstream, out, *xs):
        gradients = list(self.gate.backward(upstream, out, *xs))
        gradients[self.i] = self.bend(np.asarray(gradients[self.i]), upstream, out)
        return tuple(gradients)


def one_entry(change):
    def bend(g, upstream, out):
        g = np.array(g)
        k = np.unravel_index(np.abs(g).argmax(), g.shape)
        g[k] = change(g[k])
        return g

    return bend


BENDS = {
    "sign": lambda g, u, out: -g,
    "twice": lambda g, u, out: 2 * g,
    "half": lambda g, u, out: g / 2,
    "1 % too large": lambda g, u, out: 1.01 * g,
    "1 % too small": lambda g, u, out: 0.99 * g,
    "a term missing": one_entry(lambda entry: 0.0),
    "sign of one entry": one_entry(lambda entry: -entry),
    "1 % in one entry": one_entry(lambda entry: 1.01 * entry),
    "a constant too many": lambda g, u, out: g + 0.02 * np.abs(g).max(),
    "upstream twice": lambda g, u, out: g * np.sum(u),
    "transposed": lambda g, u, out: g.T,
    "one entry further": lambda g, u, out: np.roll(g, 1),
    "one row further": lambda g, u, out: np.roll(g, 1, axis=0) if g.ndim else g,
    "backwards": lambda g, u, out: np.flip(g),
    "sum missing": lambda g, u, out: np.broadcast_to(g, np.broadcast_shapes(g.shape, np.shape(out))),
    "averaged": lambda g, u, out: g / max(g.size, np.size(out)),
    "all zero": lambda g, u, out: 0 * g,
    "all the same": lambda g, u, out: np.full(g.shape, g.mean()),
    "absolute value": lambda g, u, out: np.abs(g),
    "cut to whole numbers": lambda g, u, out: np.trunc(g),
    "upstream left out": lambda g, u, out: g / np.abs(u).max(),
}


def is_another(case, i, bend):
    """Whether what bend gives differs, for some upstream that the check draws, by half a percent at least."""
    out = case.gate.forward(*case.xs)
    for seed in (0, 1):
        upstream = np.random.default_rng(seed).normal(size=np.shape(out))
        right = np.asarray(case.gate.backward(upstream, out, *case.xs)[i])
        wrong = np.asarray(bend(right, upstream, out))
        if wrong.shape != right.shape:
            return True
        if np.abs(wrong - right).max() > 0.005 * np.abs(right).max() > 0:
            return True
    return False


def wrong_rules():
    """(name, rule, xs), in random order."""
    rng = np.random.default_rng(2024)
    cases = catalogue.CASES
    while True:
        case, name = cases[rng.integers(len(cases))], list(BENDS)[rng.integers(len(BENDS))]
        i = int(rng.integers(case.learned))
        try:
            another = is_another(case, i, BENDS[name])
        except ValueError:  # this cannot be bent so
            continue
        if another:
            yield f"{case} {case.gate.inputs[i]} {name}", Bent(case.gate, i, BENDS[name]), case.xs


def test_of_600_wrong_rules_none_is_called_right_and_none_is_beyond_telling():
    wrong = list(islice(wrong_rules(), WRONG))
    verdicts = {(name, check_gate(rule, *xs).verdict) for name, rule, xs in wrong}
    assert {each for each in verdicts if each[1] != "not yet"} == set()
    assert len({name.split("(")[0] for name, *_ in wrong}) >= 40


def test_of_200_right_rules_none_is_called_wrong_and_none_is_beyond_telling():
    rng = np.random.default_rng(2025)
    right = [case for seed in (1, 2) for case in catalogue.cases(seed=seed)]
    for k in rng.permutation(len(right))[:RIGHT]:
        report = check_gate(Bent(right[k].gate, 0, lambda g, u, out: g), *right[k].xs)
        assert report.verdict == "right", (str(right[k]), report)
