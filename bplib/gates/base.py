"""What a gate is: a pure rule that keeps nothing, and writes into nothing that it is given."""

from functools import reduce
from operator import add as plus
from operator import index

import numpy as np

from ..errors import BplibError, GraphError, InputError, ShapeError, shapes
from ..values import as_input, as_value, like, zero_like

_BROADCAST = (
    "shapes must be equal or broadcast (aligned at the right, each pair of sizes equal or one of them 1)"
)


class Gate:
    """One derivative rule: out = forward(*xs), downstream = backward(upstream, out, *xs).

    ``backward`` returns one gradient for each input, of that input's shape, or None where there is none.
    A gradient is always new memory: whoever receives it may change it.
    ``jvp`` pushes tangents forward: the change of out when each x changes by its tangent.
    A gate that is made of simpler ones says so in ``opened(*xs)``, for pictures in full detail.
    A gate is ``linear`` when its Jacobian stays the same near x, as that of a sum or of a choice, and
    ``bilinear`` when that is so for each of its inputs while the others stay, as for a product.
    """

    inputs = ("x",)
    targets = ()  # the inputs that are given, not learned, and have no gradient
    symbol = "?"
    linear = bilinear = False

    @property
    def name(self):
        """The name of the rule, as messages and traces print it."""
        return type(self).__name__

    @property
    def parameters(self):
        """The options of a gate that has some, such as the exponent of a power, as __init__ names them."""
        return dict(vars(self))

    def with_options(self, *values, **options):
        """The same gate with other options: that of leaky_relu(x, 0.2), or of softmax(z, axis=0).

        Raises GraphError for an option that the gate does not have.
        """
        names = list(self.parameters)
        given = dict(zip(names, values, strict=False))
        if len(values) > len(names) or not options.keys() <= set(names) - given.keys():
            got = ", ".join([*map(repr, values), *(f"{name}=" for name in options)])
            takes = (
                f"{self.name} takes {', '.join(self.inputs)}, and the options {', '.join(names) or '(none)'}"
            )
            raise GraphError(f"{takes}; the options here are {got}")
        return type(self)(**(vars(self) | given | options))

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

    def partial_jvp(self, tangents, out, *xs):
        """jvp where some inputs do not move, such as data: their tangents are None."""
        moving = [i for i, tangent in enumerate(tangents) if tangent is not None]
        if self.bilinear:
            return add_up([self.forward(*xs[:i], tangents[i], *xs[i + 1 :]) for i in moving])
        tangents = [tangents[i] if i in moving else zero_like(x) for i, x in enumerate(xs)]
        return self.jvp(tangents, out, *xs)

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

    def __call__(self, *xs, **options):
        """A plain number in, a plain number out; with a Node among xs, the gate joins the Node's graph.

        Options follow the inputs, by name or in their order.
        """
        n = len(self.inputs)
        if options or (len(xs) > n and self.parameters):
            return self.with_options(*xs[n:], **options)(*xs[:n])
        for x in xs:
            if is_node(x):
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


def as_mask(x, what):
    """Where x, made of plain numbers, is not 0: what a gate takes as given. Raises InputError for a node."""
    if is_node(x):
        raise InputError(
            f"{what} is given, no gradient goes there: not a node, but for example node.value > 0"
        )
    return as_input(x, what) != 0


def anew(view):
    """view as memory of its own: a gradient is never a part of the upstream."""
    return view + 0.0


def is_node(x):
    """Whether x is a value of a graph, which a gate that is called on it will join."""
    return hasattr(x, "extend_graph")


def plain_number(x, what, hint=""):
    """x as a float: a number of the gate's own, which no gradient reaches. Raises InputError for all else."""
    if not isinstance(x, int | float | np.integer | np.floating):
        raise InputError(f"{what} must be a plain number, got a {type(x).__name__}{hint}")
    return float(x)


def whole_number(x, what, least=1):
    """x as an int, least or more. Raises InputError for all else."""
    number = plain_number(x, what)
    if number % 1.0 != 0.0 or number < least:
        raise InputError(f"{what} must be a whole number from {least} on, got {x}")
    return int(number)


def whole_numbers(x, what):
    """x as an int, or a tuple of them. Raises InputError for all else."""
    try:
        return tuple(map(index, x)) if isinstance(x, tuple | list) else index(x)
    except TypeError:
        got = f"got {x!r}" if isinstance(x, str | float | tuple | list) else f"got a {type(x).__name__}"
        raise InputError(f"{what} must be a whole number or a tuple of such; {got}") from None


def as_axes(axis, what):
    """axis as numpy takes it: None for all of them, an int, or a tuple. Raises InputError for all else."""
    return None if axis is None else whole_numbers(axis, what)


def as_shape(shape, what):
    """shape as a tuple, that of one axis too. Raises InputError for what is no shape."""
    sizes = whole_numbers(shape, what)
    return sizes if isinstance(sizes, tuple) else (sizes,)
