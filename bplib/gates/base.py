"""What a gate is: a pure rule that keeps nothing, and writes into nothing that it is given."""

from functools import reduce
from operator import add as plus

import numpy as np

from ..errors import BplibError, GraphError, InputError, ShapeError, shapes
from ..values import as_value, like

_BROADCAST = (
    "shapes must be equal or broadcast (aligned at the right, each pair of sizes equal or one of them 1)"
)


class Gate:
    """One derivative rule: out = forward(*xs), downstream = backward(upstream, out, *xs).

    ``backward`` returns one gradient for each input, of that input's shape, or None where there is none.
    A gradient is always new memory: whoever receives it may change it.
    ``jvp`` pushes tangents forward: the change of out when each x changes by its tangent.
    A gate that is made of simpler ones says so in ``opened(*xs)``, for pictures in full detail.
    """

    inputs = ("x",)
    targets = ()  # the inputs that are given, not learned, and have no gradient
    symbol = "?"

    @property
    def name(self):
        """The name of the rule, as messages and traces print it."""
        return type(self).__name__

    @property
    def parameters(self):
        """The plain numbers of a gate that has some, such as the exponent of a power."""
        return dict(vars(self))

    def forward(self, *xs):
        raise NotImplementedError

    def backward(self, upstream, out, *xs):
        raise NotImplementedError

    def partial_backward(self, wanted, upstream, out, *xs):
        """backward for those who want some of the gradients only; a rule may leave the others out, as None.

        wanted    for each input, True or False
        """
        return self.backward(upstream, out, *xs)

    def jvp(self, tangents, out, *xs):
        raise NotImplementedError

    def expect_inputs(self, xs):
        """Raise GraphError unless xs holds one value for each input."""
        if len(xs) != len(self.inputs):
            wants = ", ".join(self.inputs)
            raise GraphError(f"{self.name} takes {len(self.inputs)} inputs ({wants}); got {len(xs)}")

    def explain(self, error, xs):
        """Raise numpy's complaint about xs again, as a ShapeError that names the gate and every shape."""
        if not isinstance(error, BplibError):
            rule = _BROADCAST if isinstance(self, Elementwise) else error
            got = shapes(**dict(zip(self.inputs, xs, strict=True)))
            raise ShapeError(f"{self.name}.forward: {rule}; got {got}") from error

    def __call__(self, *xs):
        """A plain number in, a plain number out; with a Node among xs, the gate joins the Node's graph."""
        for x in xs:
            if hasattr(x, "extend_graph"):
                return x.extend_graph(self, xs)
        self.expect_inputs(xs)
        xs = [as_value(x, name) for name, x in zip(self.inputs, xs, strict=True)]
        try:
            return as_value(self.forward(*xs))
        except ValueError as error:
            self.explain(error, xs)
            raise


class Elementwise(Gate):
    """y[i] = f(x[i], …), entry by entry: such a gate only states its local derivatives.

    Inputs of unlike shape are broadcast, as numpy does; the gradient of what was repeated is summed.
    """

    def local(self, out, *xs):
        """The local derivatives ∂out/∂x, one for each input."""
        raise NotImplementedError

    def backward(self, upstream, out, *xs):
        return tuple(like(upstream * local, x) for local, x in zip(self.local(out, *xs), xs, strict=True))

    def jvp(self, tangents, out, *xs):
        moves = [local * tangent for local, tangent in zip(self.local(out, *xs), tangents, strict=True)]
        return like(add_up(moves), out)


class Loss(Gate):
    """out is one number that judges x by its target t: such a gate only states its gradient ∂out/∂x.

    The mean over the N rows is taken here, so the gradient carries the 1/N. A single sample, without the
    axis of rows, counts as N = 1. Targets are given, not learned: they have no gradient.
    """

    @property
    def targets(self):
        return self.inputs[1:]

    def gradient(self, out, x, t):
        """∂out/∂x."""
        raise NotImplementedError

    def judge(self, x, t):
        """out and ∂out/∂x together, for a layer that will need both; a rule may share what they share."""
        out = self.forward(x, t)
        return out, self.gradient(out, x, t)

    def backward(self, upstream, out, x, t):
        return like(upstream * self.gradient(out, x, t), x), None

    def jvp(self, tangents, out, x, t):
        return like(np.sum(self.gradient(out, x, t) * tangents[0]), out)


def add_up(gradients):
    """The gradient of a value used in several places: the sum of what comes back from each."""
    return reduce(plus, gradients)


def plain_number(x, what, hint=""):
    """x as a float: a number of the gate's own, which no gradient reaches. Raises InputError for all else."""
    if not isinstance(x, int | float | np.integer | np.floating):
        raise InputError(f"{what} must be a plain number, got a {type(x).__name__}{hint}")
    return float(x)
