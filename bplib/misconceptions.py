"""The table of known mistakes in a backward rule, and what each of them computes.

A wrong gradient is compared with what every mistake would have given; the first that fits is named.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from .compare import Mistake
from .derivatives import numerical_vjp


@dataclass
class Seen:
    """What a backward rule was given, and what follows from it for input number i, all by differences.

    earlier    the upstream of the call before this one; None in the first
    """

    gate: object
    upstream: object
    out: object
    xs: tuple
    i: int
    earlier: object = None

    @property
    def name(self):
        return self.gate.inputs[self.i]

    @cached_property
    def wanted(self):
        """The right downstream of input i."""
        return self.downstream(self.i)

    def downstream(self, i, upstream=None, xs=None):
        """Jᵀ · upstream for input i, in float64."""
        xs = [np.asarray(x, dtype=float) for x in (self.xs if xs is None else xs)]
        return numerical_vjp(self.gate.forward, xs, i, self.upstream if upstream is None else upstream)

    @cached_property
    def local(self):
        """The local derivative, summed where the input is used more than once."""
        return self.downstream(self.i, upstream=np.ones(np.shape(self.out)))

    def remembered(self):
        return [] if self.earlier is None else [self.downstream(self.i, upstream=self.earlier)]

    def others(self):
        return [self.downstream(j) for j in range(len(self.xs)) if j != self.i]

    def at_out(self):
        """The downstream with the local derivative taken at out, for a gate with one input of out's shape."""
        alike = len(self.xs) == 1 and np.shape(self.out) == np.shape(self.xs[0])
        return [self.downstream(0, xs=(self.out,))] if alike else []

    def unsummed(self):
        """The downstream of an input that was broadcast, before the sum over its repeats."""
        x, shape = self.xs[self.i], np.shape(self.out)
        if np.shape(x) == shape or np.broadcast_shapes(np.shape(x), shape) != shape:
            return []
        return [self.downstream(self.i, xs=self._with(np.broadcast_to(x, shape)))]

    def averaged(self):
        """The downstream divided by the number of repeats, or of entries that were summed."""
        ratio = np.size(self.xs[self.i]) / np.size(self.out)
        return [self.wanted * min(ratio, 1 / ratio)]

    def one_sided(self):
        """The downstream by forward and by backward differences, where they differ: at a kink."""
        x = np.asarray(self.xs[self.i], dtype=float)
        aside = 2e-5 * np.maximum(1.0, np.abs(x))  # further than the step of the central difference
        sides = [self.downstream(self.i, xs=self._with(x + side)) for side in (-aside, aside)]
        return [] if np.allclose(*sides, rtol=1e-3, atol=1e-9) else sides

    def _with(self, x):
        return [*self.xs[: self.i], x, *self.xs[self.i + 1 :]]


def mistakes_of_a_rule(seen):
    """Every Mistake of the table with what it gives here, worked out one at a time."""
    for name, advice, gives in _TABLE:
        for value in gives(seen):
            yield Mistake(name, advice.format(x=seen.name), value)


def mistakes_at_a_fork(name, arrivals):
    """The mistakes of a value with several users; ``arrivals`` is what came back from each."""
    if len(arrivals) < 2:
        return
    uses = f"{name} is used {len(arrivals)} times and each use sends a gradient back"
    total = np.sum(arrivals, axis=0)
    for part in np.asarray(arrivals):
        yield Mistake("overwritten at a fork", f"{uses}: add them all, += and not =", part)
    for part in np.asarray(arrivals):
        yield Mistake("one branch missing", f"{uses}: one of them is not in d{name}", total - part)


# name, advice, what the mistake gives
_TABLE = (
    (
        "kink",
        "{x} sits on a kink, where the slopes from the left and from the right differ and no number can "
        "decide; check a little to the side of it",
        Seen.one_sided,
    ),
    (
        "all zero",
        "every entry of d{x} is 0: was it ever filled in?",
        lambda s: [np.zeros_like(s.wanted)],
    ),
    (
        "sum forgotten",
        "d{x} has the shape of out: {x} was broadcast, so sum over the axes along which it was repeated",
        Seen.unsummed,
    ),
    (
        "upstream ignored",
        "d{x} is the local derivative alone; the chain rule wants upstream × local",
        lambda s: [s.local],
    ),
    (
        "upstream remembered",
        "d{x} belongs to the upstream of an earlier call: backward gets its upstream anew each time",
        Seen.remembered,
    ),
    (
        "sign",
        "d{x} has the right size and the opposite sign",
        lambda s: [-s.wanted],
    ),
    (
        "local derivative left out",
        "d{x} is the upstream itself, passed on unchanged; multiply it by the local derivative",
        lambda s: [s.upstream],
    ),
    (
        "upstream added",
        "d{x} is upstream + local; along a path derivatives multiply, only at a fork do they add",
        lambda s: [s.upstream + s.local] if np.shape(s.upstream) == np.shape(s.local) else [],
    ),
    (
        "inputs swapped",
        "d{x} is the gradient of another input: what multiplies {x} in the forward formula?",
        Seen.others,
    ),
    (
        "local derivative taken at the output",
        "the local derivative was evaluated at out; the formula wants it at {x}",
        Seen.at_out,
    ),
    (
        "averaged instead of summed",
        "d{x} is a mean where a sum belongs: a value that is repeated gets the sum of what comes back",
        Seen.averaged,
    ),
    (
        "factor 2",
        "d{x} is off by a factor of 2: look for a forgotten or an extra 2 or ½",
        lambda s: [2 * s.wanted, s.wanted / 2],
    ),
    (
        "transposed",
        "d{x} is transposed: a gradient has the shape of its variable",
        lambda s: [np.transpose(s.wanted)],
    ),
)
