"""Every gate with its formula and with points to try it at, shared by all tests of gates.

The formulas are written in autograd's numpy: called on plain arrays they are plain numpy, and autograd
differentiates them without knowing bplib. Shapes are unequal and larger than 1; no point lies near a kink
or a tie, for an x is an even number of tenths and a y an odd one.
"""

from collections.abc import Callable
from typing import NamedTuple

import autograd.numpy as anp
import numpy as np

from bplib import gates


class Entry(NamedTuple):
    gate: gates.Gate
    formula: Callable
    positive: bool = False  # the domain is x > 0
    shapes: tuple = ()  # of x, for a gate that asks for particular ones


ENTRIES = (
    Entry(gates.Add(), lambda x, y: x + y),
    Entry(gates.Subtract(), lambda x, y: x - y),
    Entry(gates.Multiply(), lambda x, y: x * y),
    Entry(gates.Divide(), lambda x, y: x / y),
    Entry(gates.Max(), lambda x, y: anp.maximum(x, y)),
    Entry(gates.Negate(), lambda x: -x),
    Entry(gates.Reciprocal(), lambda x: 1 / x),
    Entry(gates.Square(), lambda x: x**2),
    Entry(gates.Power(3), lambda x: x**3),
    Entry(gates.Power(-2), lambda x: 1 / (x * x)),
    Entry(gates.Power(0.5), lambda x: anp.sqrt(x), positive=True),
    Entry(gates.Exp(), lambda x: anp.exp(x)),
    Entry(gates.Log(), lambda x: anp.log(x), positive=True),
    Entry(gates.Sin(), lambda x: anp.sin(x)),
    Entry(gates.Sigmoid(), lambda x: 1 / (1 + anp.exp(-x))),
    Entry(gates.Tanh(), lambda x: 2 / (1 + anp.exp(-2 * x)) - 1),
    Entry(gates.Relu(), lambda x: anp.where(x > 0, x, 0.0 * x)),
    Entry(gates.Copy(3), lambda x: anp.array([x, x, x])),
    Entry(gates.Repeat((4, 2, 3)), lambda x: x + anp.zeros((4, 2, 3)), shapes=((), (3,), (2, 1), (4, 1, 3))),
    Entry(gates.Sum(), lambda x: anp.sum(x)),
    Entry(gates.Sum(0), lambda x: anp.sum(x, axis=0), shapes=((3,), (2, 3), (4, 2, 3))),
    Entry(
        gates.Sum(-1, keepdims=True), lambda x: anp.sum(x, axis=-1, keepdims=True), shapes=((3,), (4, 2, 3))
    ),
    Entry(gates.Sum((0, 2)), lambda x: anp.sum(x, axis=(0, 2)), shapes=((4, 2, 3),)),
)

ONE = (((),), ((3,),), ((2, 3),), ((4, 1, 3),))
TWO = (
    ((), ()),
    ((2, 3), (2, 3)),
    ((2, 3), (3,)),
    ((3,), (2, 3)),
    ((2, 3), ()),
    ((), (2, 3)),
    ((4, 1, 3), (2, 1)),
)


class Case(NamedTuple):
    """A gate at one point."""

    gate: gates.Gate
    formula: Callable
    xs: tuple

    def __str__(self):
        numbers = ",".join(str(value) for value in self.gate.parameters.values())
        return f"{type(self.gate).__name__}({numbers})-" + "-".join(str(np.shape(x)) for x in self.xs)


def point(shape, offset, positive, rng):
    """Numbers of shape, between 0.2 and 1.9 in size: an even number of tenths, plus offset tenths."""
    tenths = 2 * rng.integers(1, 10, size=shape) + offset
    signs = 1 if positive else rng.choice([-1, 1], size=shape)
    numbers = signs * tenths / 10
    return numbers if shape else float(numbers)


def _cases():
    rng = np.random.default_rng(5)
    for entry in ENTRIES:
        usual = ONE if len(entry.gate.inputs) == 1 else TWO
        for shapes in [(shape,) for shape in entry.shapes] or usual:
            xs = tuple(point(shape, i, entry.positive, rng) for i, shape in enumerate(shapes))
            yield Case(entry.gate, entry.formula, xs)


CASES = tuple(_cases())
