"""The four equations of backpropagation, BP1–BP4, after M. Nielsen, *Neural Networks and Deep Learning*.

Two forms of the same mathematics, each the transpose of the other:

    rows       X (N, D), W (n_in, n_out), b (n_out,):  z = a W + b    one example a row; the functions below
    columns    x (D, 1), w (n_out, n_in), b (n_out, 1):  z = w a + b    one example at a time; Network

Layers count from 1, as in the book's equations: W1, b1, z1 and a1 belong to the first layer with weights, and
a0 is x. ``delta[l]``, the error δˡ = ∂C/∂zˡ, is the gradient at the node ``z{l}`` of a trace.
"""

import inspect
from functools import wraps
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from . import gates
from .errors import InputError, expect_shapes
from .values import as_input


def fits(**wanted):
    """A function's shapes, stated and checked: ``@fits(a_previous="N n_in", delta="N n_out")``.

    The same letter is the same size everywhere; "…" is any shape, the same for every argument that has it.
    The arguments arrive as floats or float arrays.
    Raises ShapeError; InputError for text, NaN, infinity and what is empty.
    """

    def decorate(function):
        signature = inspect.signature(function)

        @wraps(function)
        def checked(*xs, **options):
            call = signature.bind(*xs, **options)
            call.arguments |= _fitting(function.__name__, wanted, call.arguments)
            return function(*call.args, **call.kwargs)

        return checked

    return decorate


def _fitting(where, wanted, given):
    """The wanted ones of the given values, as floats and float arrays whose shapes fit together."""
    values = {name: _finite(given[name], where, name) for name in wanted}
    sizes, fit = {"1": 1}, True
    for name, letters in wanted.items():
        shape = np.shape(values[name])
        letters, shape = (["…"], [shape]) if letters == "…" else (letters.split(), shape)
        fit &= len(letters) == len(shape)
        fit &= all(sizes.setdefault(*pair) == pair[1] for pair in zip(letters, shape, strict=False))
    expect_shapes(fit, where, f"needs {_written(wanted)}", **values)
    return values


def _written(wanted):
    if "…" in wanted.values():
        return f"{' and '.join(wanted)} of one shape"
    return ", ".join(f"{name} ({letters.replace(' ', ', ')})" for name, letters in wanted.items())


def _finite(x, where, name):
    x = as_input(x, f"{where}: {name}")
    if np.size(x) == 0:
        raise InputError(f"{where}: {name} is empty, of shape {np.shape(x)}; at least one number is needed")
    if not np.isfinite(x).all():
        raise InputError(f"{where}: {name} is infinite: look for an overflow or a division by zero before it")
    return x


# ------------------------------------------------------------------- what one example costs, and how steeply


@fits(a="…", y="…")
def quadratic_derivative(a, y):
    """∂Cₓ/∂a = a − y for one example's cost Cₓ = ½ ‖a − y‖²: the 2 of the square cancels the ½.

    a, y (rows or columns, the same shape) -> that shape. Unit: cost per unit of activation.
    Raises ShapeError, InputError. Source: Nielsen, eq. (6) and ch. 2, ``cost_derivative``.
    """
    return a - y


@fits(a="…", y="…")
def cross_entropy_derivative(a, y):
    """∂Cₓ/∂a = (a − y) / (a (1 − a)) for one example's Cₓ = −Σ (y log a + (1 − y) log(1 − a)).

    a, y (rows or columns, the same shape) -> that shape. Unit: cost per unit of activation.
    Raises InputError where a is not between 0 and 1, both excluded; ShapeError. Source: Nielsen, ch. 3.
    """
    if np.any((a <= 0) | (a >= 1)):
        raise InputError(
            "cross_entropy_derivative: a must lie between 0 and 1; at 0 and 1 it is infinite, while "
            "its product with σ'(z) is not: cross_entropy_delta(z, a, y)"
        )
    return (a - y) / (a * (1.0 - a))


@fits(z="…")
def slope(z, activation=gates.sigmoid):
    """The slope of the activation function at z: σ'(z) = σ(z) (1 − σ(z)) for the sigmoid.

    z (any shape) -> that shape; activation an elementwise gate. Unit: activation per unit of z.
    It is taken at z, not at a = σ(z). Raises InputError. Source: Nielsen, ch. 2, ``sigmoid_prime``.
    """
    return activation.local(activation.forward(z), z)[0]


def quadratic_delta(z, a, y):
    """δᴸ of one example by BP1, for the quadratic cost and sigmoid outputs: (a − y) · σ'(z).

    z, a, y (rows or columns, the same shape) -> that shape. Unit: cost per unit of z. Raises ShapeError.
    Source: Nielsen, ch. 2, eq. (30); network2.py, ``QuadraticCost.delta``.
    """
    return bp1(quadratic_derivative(a, y), slope(z))


@fits(z="…", a="…", y="…")
def cross_entropy_delta(z, a, y):
    """δᴸ of one example, for cross-entropy and sigmoid outputs: a − y. The slope σ'(z) has cancelled.

    z, a, y (rows or columns, the same shape) -> that shape. Unit: cost per unit of z. Raises ShapeError.
    Softmax outputs with the log-likelihood cost have the same δᴸ. Source: Nielsen, ch. 3.
    """
    return a - y


# ------------------------------------------------------------------------------------ the four equations


@fits(cost_gradient="…", slope="…")
def bp1(cost_gradient, slope):
    """BP1, the error of the output layer: δᴸ = ∂C/∂aᴸ ⊙ σ'(zᴸ).

    cost_gradient, slope (N, n), or any one shape -> δ of that shape. Unit: cost per unit of z.
    Raises ShapeError when the two differ, InputError. Source: Nielsen, eq. (BP1).
    """
    return cost_gradient * slope


@fits(delta_next="N n_next", W_next="n n_next", slope="N n")
def bp2(delta_next, W_next, slope):
    """BP2, the error of a layer from that of the next: δˡ = (δˡ⁺¹ Wˡ⁺¹ᵀ) ⊙ σ'(zˡ).

    delta_next (N, n_next), W_next (n, n_next), slope (N, n) -> (N, n). Unit: cost per unit of zˡ.
    Columns: δˡ = (wˡ⁺¹ᵀ δˡ⁺¹) ⊙ σ'(zˡ). Raises ShapeError, InputError. Source: Nielsen, eq. (BP2).
    """
    return (delta_next @ W_next.T) * slope


@fits(delta="N n")
def bp3(delta):
    """BP3, the gradient of the cost for the biases: ∂C/∂bˡ = δˡ, summed over the examples.

    delta (N, n) -> (n,). Unit: cost per unit of bias; delta already carries the 1/N of the mean.
    Raises ShapeError unless delta has two axes, InputError. Source: Nielsen, eq. (BP3).
    """
    return delta.sum(axis=0)


@fits(a_previous="N n_in", delta="N n_out")
def bp4(a_previous, delta):
    """BP4, the gradient of the cost for the weights: ∂C/∂Wˡ = aˡ⁻¹ᵀ δˡ.

    a_previous (N, n_in), delta (N, n_out) -> (n_in, n_out). Unit: cost per unit of weight; delta already
    carries the 1/N of the mean. Columns: ∂C/∂wˡ = δˡ aˡ⁻¹ᵀ.
    Raises ShapeError when the two differ in N, InputError. Source: Nielsen, eq. (BP4).
    """
    return a_previous.T @ delta


# ------------------------------------------------------------------- rows: a whole mini-batch at once


@fits(x="N D")
def forward(x, params, activation=gates.sigmoid, output=gates.sigmoid):
    """zˡ = aˡ⁻¹ Wˡ + bˡ and aˡ = σ(zˡ) for every layer, from a⁰ = x on.

    x (N, n0); params {"W1": (n0, n1), "b1": (n1,), "W2": …} -> {"a0": x, "z1": (N, n1), "a1": (N, n1), …}
    activation is the gate of the hidden layers, output that of the last one.
    Raises ShapeError with the names of the layer, InputError. Source: Nielsen, eq. (25).
    """
    depth, values = _depth(params), {"a0": x}
    for l in range(1, depth + 1):
        wanted = {f"a{l - 1}": "N n_in", f"W{l}": "n_in n_out", f"b{l}": "n_out"}
        a, W, b = _fitting("forward", wanted, {**values, **params}).values()
        z = a @ W + b
        values |= {f"z{l}": z, f"a{l}": (output if l == depth else activation).forward(z)}
    return values


def _depth(params):
    depth = len(params) // 2
    wanted = [f"{kind}{l}" for l in range(1, depth + 1) for kind in "Wb"]
    if not depth or set(wanted) != set(params):
        got = ", ".join(params) or "nothing"
        raise InputError(f"params must hold W1, b1, W2, b2, … without a gap; got {got}")
    return depth


def deltas(values, params, y, output_delta=quadratic_delta, activation=gates.sigmoid):
    """δˡ = ∂C/∂zˡ of every layer, for the mean cost C = 1/N Σ Cₓ: BP1 at the end, then BP2 back to layer 1.

    values from forward(x, params), y (N, n_L) -> {1: (N, n1), …, L: (N, n_L)}. Unit: cost per unit of z.
    output_delta is quadratic_delta or cross_entropy_delta. The 1/N comes in here, and nowhere else.
    Raises ShapeError, InputError. Source: Nielsen, ch. 2, "The backpropagation algorithm".
    """
    depth = _depth(params)
    delta = {depth: output_delta(values[f"z{depth}"], values[f"a{depth}"], y) / len(values["a0"])}
    for l in range(depth - 1, 0, -1):
        delta[l] = bp2(delta[l + 1], params[f"W{l + 1}"], slope(values[f"z{l}"], activation))
    return dict(sorted(delta.items()))


def backprop(x, y, params, output_delta=quadratic_delta, activation=gates.sigmoid, output=gates.sigmoid):
    """The gradient of the mean cost for every parameter, by BP1–BP4, for a whole mini-batch in matrices.

    x (N, n0), y (N, n_L), params {"W1": (n0, n1), "b1": (n1,), …} -> a dict like params, with its shapes
    Raises ShapeError, InputError. Source: Nielsen, ch. 2, "Fully matrix-based approach".
    """
    values = forward(x, params, activation, output)
    delta = deltas(values, params, y, output_delta, activation)
    gradient = {}
    for l in delta:
        gradient[f"W{l}"], gradient[f"b{l}"] = bp4(values[f"a{l - 1}"], delta[l]), bp3(delta[l])
    return gradient


def update_mini_batch(x, y, params, eta, **options):
    """One step of gradient descent, p − η ∂C/∂p for every parameter, as new arrays: params stays as it is.

    x (N, n0), y (N, n_L), eta the learning rate, options those of backprop -> a dict like params
    Raises ShapeError, InputError. Source: Nielsen, eqs. (20) and (21).
    """
    gradient, eta = backprop(x, y, params, **options), _finite(eta, "update_mini_batch", "eta")
    return {name: params[name] - eta * gradient[name] for name in params}


def read_deltas(trace):
    """δˡ of every layer as the engine has found them: the gradients at the nodes z1, z2, … of a trace.

    trace -> {1: (N, n1), …, L: (N, n_L)}. Raises InputError when the trace has no gradient at a node z1.
    """
    delta = {}
    while (name := f"z{len(delta) + 1}") in trace.gradient:
        delta[len(delta) + 1] = trace.gradient[name]
    if not delta:
        raise InputError("read_deltas: the trace has no gradient at z1; name the weighted inputs z1, z2, …")
    return delta


# ----------------------------------------------------------------------- columns: one example at a time


class Network:
    """Nielsen's network in Python 3: sigmoid layers, one example at a time, in columns.

    sizes           the widths of the layers, [784, 30, 10]; the input counts as a layer here
    rng             draws weights and biases from the standard normal distribution, as the book does
    weights[i]      w (sizes[i+1], sizes[i]);  biases[i]  b (sizes[i+1], 1); index −1 is the last layer, L
    output_delta    quadratic_delta or cross_entropy_delta
    Source: Nielsen, ch. 1 and 2, network.py.
    """

    def __init__(self, sizes, rng, output_delta=quadratic_delta):
        self.num_layers, self.sizes, self.output_delta = len(sizes), tuple(sizes), output_delta
        self.biases = [rng.standard_normal((n, 1)) for n in sizes[1:]]
        self.weights = [rng.standard_normal((n, n_in)) for n_in, n in pairwise(sizes)]

    def feedforward(self, a):
        """The network's answer to a (n0, 1): (n_L, 1). Raises ShapeError, InputError."""
        a = self._column("feedforward", "a", a, self.sizes[0])
        for b, w in zip(self.biases, self.weights, strict=True):
            a = gates.sigmoid(np.dot(w, a) + b)
        return a

    def backprop(self, x, y):
        """The gradient of one example's cost Cₓ: lists nabla_b, nabla_w, in the shapes of biases and weights.

        x (n0, 1), y (n_L, 1). Raises ShapeError, InputError.
        Source: Nielsen, ch. 2, "The code for backpropagation".
        """
        x = self._column("backprop", "x", x, self.sizes[0])
        y = self._column("backprop", "y", y, self.sizes[-1])
        nabla_b = [np.zeros(b.shape) for b in self.biases]
        nabla_w = [np.zeros(w.shape) for w in self.weights]
        activation, activations, zs = x, [x], []
        for b, w in zip(self.biases, self.weights, strict=True):
            z = np.dot(w, activation) + b
            activation = gates.sigmoid(z)
            zs.append(z)
            activations.append(activation)
        delta = self.output_delta(zs[-1], activations[-1], y)
        nabla_b[-1] = delta
        nabla_w[-1] = np.dot(delta, activations[-2].T)
        for l in range(2, self.num_layers):  # l = 2 is the last hidden layer: counted from the end
            delta = np.dot(self.weights[-l + 1].T, delta) * slope(zs[-l])
            nabla_b[-l] = delta
            nabla_w[-l] = np.dot(delta, activations[-l - 1].T)
        return nabla_b, nabla_w

    def update_mini_batch(self, mini_batch, eta):
        """One step of gradient descent on the mean cost of mini_batch, a list of pairs (x, y) of columns.

        Replaces weights and biases. Raises InputError when mini_batch is empty, ShapeError.
        Source: Nielsen, eqs. (20) and (21).
        """
        if not mini_batch:
            raise InputError("update_mini_batch: mini_batch is empty; it needs at least one pair (x, y)")
        nabla_b = [np.zeros(b.shape) for b in self.biases]
        nabla_w = [np.zeros(w.shape) for w in self.weights]
        for x, y in mini_batch:
            delta_nabla_b, delta_nabla_w = self.backprop(x, y)
            nabla_b = [nb + dnb for nb, dnb in zip(nabla_b, delta_nabla_b, strict=True)]
            nabla_w = [nw + dnw for nw, dnw in zip(nabla_w, delta_nabla_w, strict=True)]
        step = _finite(eta, "update_mini_batch", "eta") / len(mini_batch)
        self.weights = [w - step * nw for w, nw in zip(self.weights, nabla_w, strict=True)]
        self.biases = [b - step * nb for b, nb in zip(self.biases, nabla_b, strict=True)]

    @staticmethod
    def _column(where, name, x, n):
        x = _finite(x, where, name)
        expect_shapes(np.shape(x) == (n, 1), where, f"{name} must be a column ({n}, 1)", **{name: x})
        return x


# ----------------------------------------------------------------- the translation card: rows and columns


def params_to_columns(params):
    """Our parameters as Nielsen writes them: w = Wᵀ, b a column.

    {"W1": (n0, n1), "b1": (n1,), …} -> biases [(n1, 1), …], weights [(n1, n0), …]; copies, to be written into
    Raises ShapeError, InputError. The gradients of the parameters are translated in the same way.
    """
    biases, weights = [], []
    for l in range(1, _depth(params) + 1):
        W, b = _fitting("params_to_columns", {f"W{l}": "n_in n_out", f"b{l}": "n_out"}, params).values()
        biases.append(b[:, None].copy())
        weights.append(W.T.copy())
    return biases, weights


def params_to_rows(biases, weights):
    """Nielsen's parameters as we write them: W = wᵀ, b one axis.

    biases [(n1, 1), …], weights [(n1, n0), …] -> {"W1": (n0, n1), "b1": (n1,), …}; copies, to be written into
    Raises ShapeError, InputError. ``params_to_rows(*network.backprop(x, y))`` are gradients in rows.
    """
    if len(biases) != len(weights):
        raise InputError(
            f"params_to_rows: every layer has biases and weights; got {len(biases)} and {len(weights)}"
        )
    params = {}
    for l, (b, w) in enumerate(zip(biases, weights, strict=True), start=1):
        wanted = {f"b{l}": "n_out 1", f"w{l}": "n_out n_in"}
        b, w = _fitting("params_to_rows", wanted, {f"b{l}": b, f"w{l}": w}).values()
        params |= {f"W{l}": w.T.copy(), f"b{l}": b[:, 0].copy()}
    return params


@fits(X="N D")
def samples_to_columns(X):
    """The rows of X, each as a column: X (N, D) -> a list of N columns (D, 1).

    Raises ShapeError, InputError.
    """
    return [np.array(row)[:, None] for row in X]


def samples_to_rows(columns):
    """Columns, each as a row of one matrix: a list of N columns (D, 1) -> (N, D).

    Raises ShapeError, InputError.
    """
    if not len(columns):
        raise InputError("samples_to_rows: columns is empty; at least one column (D, 1) is needed")
    given = {f"columns[{n}]": column for n, column in enumerate(columns)}
    return np.hstack(list(_fitting("samples_to_rows", dict.fromkeys(given, "D 1"), given).values())).T


# ------------------------------------------------------------------------------------------ what it costs


class Multiplications(NamedTuple):
    """The multiplications of matrix products for one example: the forward pass, BP2 and BP4."""

    forward: int
    bp2: int
    bp4: int

    @property
    def times_forward(self):
        """Forward and backward together, measured in forward passes."""
        return sum(self) / self.forward


def multiplications(sizes):
    """How many multiplications the matrix products of one example take, forward and backward.

    sizes the widths of the layers: [784, 30, 10] takes 2.01 forward passes in all. Layer 1 has BP4 but no
    BP2, since nobody asks for ∂C/∂x; of many layers of equal width each costs 3. Raises InputError.
    """
    products = _products(sizes)
    return Multiplications(sum(products), sum(products[1:]), sum(products))


def chain_multiplications(sizes):
    """Multiplications of ∂C/∂x = ∂C/∂aᴸ · Jᴸ ⋯ J¹, from the loss on and from the input on.

    sizes as above -> (from the loss: vector times matrix, from the input: matrix times matrix)
    Both give the same row; only the brackets differ. Raises InputError.
    """
    products = _products(sizes)
    return sum(products), sizes[0] * (sum(products[1:]) + sizes[-1])


def _products(sizes):
    if len(sizes) < 2 or any(n != int(n) or n < 1 for n in sizes):
        raise InputError(f"sizes must be two or more whole numbers from 1 on; got {list(sizes)}")
    return [n_in * n_out for n_in, n_out in pairwise(sizes)]
