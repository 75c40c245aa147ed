"""The table of derivatives: one class for each gate, each with its forward and its backward rule.

    upstream × local = downstream

``upstream`` is the gradient that arrives at the gate's output, ``local`` the derivative of the output with
respect to one input, ``downstream`` what the gate passes on to that input. A gate is pure: it keeps nothing,
and writes into nothing that it is given.
"""

from functools import reduce
from operator import add as plus

import numpy as np

from . import values
from .errors import GraphError, InputError, ShapeError
from .values import as_value, like


class Gate:
    """One derivative rule: out = forward(*xs), downstream = backward(upstream, out, *xs).

    ``backward`` returns one gradient for each input, of that input's shape, or None where there is none.
    ``jvp`` pushes tangents forward: the change of out when each x changes by its tangent.
    """

    inputs = ("x",)
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

    def jvp(self, tangents, out, *xs):
        raise NotImplementedError

    def expect_inputs(self, xs):
        """Raise GraphError unless xs holds one value for each input."""
        if len(xs) != len(self.inputs):
            wants = ", ".join(self.inputs)
            raise GraphError(f"{self.name} takes {len(self.inputs)} inputs ({wants}); got {len(xs)}")

    def __call__(self, *xs):
        """A plain number in, a plain number out; with a Node among xs, the gate joins the Node's graph."""
        for x in xs:
            if hasattr(x, "extend_graph"):
                return x.extend_graph(self, xs)
        return as_value(self.forward(*map(as_value, xs)))


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


# ------------------------------------------------------------------------------------- arithmetic


class Add(Elementwise):
    """out = x + y.  The gradient distributor: each input gets the upstream as it is."""

    inputs, symbol = ("x", "y"), "+"

    def forward(self, x, y):
        return x + y

    def local(self, out, x, y):
        return 1.0, 1.0


class Subtract(Elementwise):
    """out = x − y."""

    inputs, symbol = ("x", "y"), "−"

    def forward(self, x, y):
        return x - y

    def local(self, out, x, y):
        return 1.0, -1.0


class Multiply(Elementwise):
    """out = x · y.  The switcher: each input gets the upstream times the other input."""

    inputs, symbol = ("x", "y"), "×"

    def forward(self, x, y):
        return x * y

    def local(self, out, x, y):
        return y, x


class Divide(Elementwise):
    """out = x / y."""

    inputs, symbol = ("x", "y"), "÷"

    def forward(self, x, y):
        return values.divide(x, y)

    def local(self, out, x, y):
        return values.divide(1.0, y), values.divide(-out, y)


class Negate(Elementwise):
    """out = −x."""

    symbol = "neg"

    def forward(self, x):
        return -x

    def local(self, out, x):
        return (-1.0,)


class Reciprocal(Elementwise):
    """out = 1 / x, and d(1/x)/dx = −1/x² = −out²."""

    symbol = "1/x"

    def forward(self, x):
        return values.divide(1.0, x)

    def local(self, out, x):
        return (-out * out,)


class Square(Elementwise):
    """out = x²."""

    symbol = "x²"

    def forward(self, x):
        return x * x

    def local(self, out, x):
        return (2.0 * x,)


class Power(Elementwise):
    """out = xⁿ for a fixed number n.

    Raises InputError when n is not a plain number: for a variable exponent write exp(n * log(x)).
    """

    symbol = "xⁿ"

    def __init__(self, exponent):
        if not isinstance(exponent, int | float | np.integer | np.floating):
            kind = type(exponent).__name__
            raise InputError(
                f"Power: the exponent must be a plain number, got a {kind}; write exp(n * log(x))"
            )
        self.exponent = float(exponent)

    def forward(self, x):
        return values.power(x, self.exponent)

    def local(self, out, x):
        return (self.exponent * values.power(x, self.exponent - 1.0) if self.exponent else 0.0 * x,)


# ------------------------------------------------------------------------- functions of one number


class Exp(Elementwise):
    """out = eˣ, its own derivative."""

    symbol = "exp"

    def forward(self, x):
        return values.exp(x)

    def local(self, out, x):
        return (out,)


class Log(Elementwise):
    """out = log x, to the base e."""

    symbol = "log"

    def forward(self, x):
        return values.log(x)

    def local(self, out, x):
        return (values.divide(1.0, x),)


class Sin(Elementwise):
    """out = sin x, with x in radians."""

    symbol = "sin"

    def forward(self, x):
        return values.sin(x)

    def local(self, out, x):
        return (values.cos(x),)


class Sigmoid(Elementwise):
    """out = 1 / (1 + e⁻ˣ), computed without overflow; written with out, the derivative is out · (1 − out)."""

    symbol = "σ"

    def forward(self, x):
        e = values.exp(-abs(x))
        return values.where(x >= 0, 1.0, e) / (1.0 + e)

    def local(self, out, x):
        return (out * (1.0 - out),)


class Tanh(Elementwise):
    """out = tanh x; written with out, which forward has already paid for, the derivative is 1 − out²."""

    symbol = "tanh"

    def forward(self, x):
        return values.tanh(x)

    def local(self, out, x):
        return (1.0 - out * out,)


class Relu(Elementwise):
    """out = max(0, x).  The derivative at the kink x = 0 is taken as 0."""

    symbol = "relu"

    def forward(self, x):
        return values.maximum(x, 0.0)

    def local(self, out, x):
        return (values.where(x > 0, 1.0, 0.0),)


# ---------------------------------------------------------------------------------- who gets what


class Max(Elementwise):
    """out = max(x, y).  The router: all of the upstream goes to the larger input; at a tie, to x."""

    inputs, symbol = ("x", "y"), "max"

    def forward(self, x, y):
        return values.maximum(x, y)

    def local(self, out, x, y):
        return values.where(x >= y, 1.0, 0.0), values.where(x >= y, 0.0, 1.0)


class Copy(Gate):
    """out[k] = x for k = 0 … n−1: one value is used in n places.  The gradient adder: dx = Σₖ upstream[k].

    x (any shape) -> out (n, *x.shape).  The engine uses this rule wherever a value has several users.
    """

    symbol = "copy"

    def __init__(self, n):
        self.n = n

    def forward(self, x):
        return np.stack([x] * self.n)

    def backward(self, upstream, out, x):
        return (like(add_up(upstream), x),)

    def jvp(self, tangents, out, x):
        return self.forward(*tangents)


class Repeat(Gate):
    """out = x, repeated (broadcast) to a larger shape.  Backward sums over the repeats.

    x (any shape that broadcasts to shape) -> out (shape).  Raises ShapeError where it does not.
    """

    symbol = "repeat"

    def __init__(self, shape):
        self.shape = tuple(shape)

    def forward(self, x):
        try:
            return np.broadcast_to(x, self.shape)
        except ValueError:
            rule = "x must broadcast to the wanted shape: align the axes at the right, each equal or 1"
            raise ShapeError(f"Repeat.forward: {rule}; got x {np.shape(x)}, shape {self.shape}") from None

    def backward(self, upstream, out, x):
        return (like(upstream, x),)

    def jvp(self, tangents, out, x):
        return self.forward(*tangents)


class Sum(Gate):
    """out = Σ x over all entries, or along one axis.  Backward repeats the upstream along what was summed.

    x (any shape) -> out: without that axis, or with length 1 there when keepdims.
    """

    symbol = "Σ"

    def __init__(self, axis=None, keepdims=False):
        self.axis, self.keepdims = axis, keepdims

    def forward(self, x):
        return np.sum(x, axis=self.axis, keepdims=self.keepdims)

    def backward(self, upstream, out, x):
        if self.axis is not None and not self.keepdims:
            upstream = np.expand_dims(upstream, self.axis)
        return (like(np.broadcast_to(upstream, np.shape(x)), x),)

    def jvp(self, tangents, out, x):
        return self.forward(*tangents)


def add_up(gradients):
    """The gradient of a value used in several places: the sum of what comes back from each."""
    return reduce(plus, gradients)


add, subtract, multiply, divide = Add(), Subtract(), Multiply(), Divide()
negate, reciprocal, square = Negate(), Reciprocal(), Square()
exp, log, sin, tanh = Exp(), Log(), Sin(), Tanh()
sigmoid, relu, maximum = Sigmoid(), Relu(), Max()
