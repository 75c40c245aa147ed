"""The four equations and what is built of them, with one example a row: z = a W + b."""

import numpy as np

from ... import gates
from ...errors import InputError
from .fitting import finite, fits, fitting


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


@fits(x="N D")
def forward(x, params, activation=gates.sigmoid, output=gates.sigmoid):
    """zˡ = aˡ⁻¹ Wˡ + bˡ and aˡ = σ(zˡ) for every layer, from a⁰ = x on.

    x (N, n0); params {"W1": (n0, n1), "b1": (n1,), "W2": …} -> {"a0": x, "z1": (N, n1), "a1": (N, n1), …}
    activation is the gate of the hidden layers, output that of the last one.
    Raises ShapeError with the names of the layer, InputError. Source: Nielsen, eq. (25).
    """
    depth, values = depth_of(params), {"a0": x}
    for l in range(1, depth + 1):
        wanted = {f"a{l - 1}": "N n_in", f"W{l}": "n_in n_out", f"b{l}": "n_out"}
        a, W, b = fitting("forward", wanted, {**values, **params}).values()
        z = a @ W + b
        values |= {f"z{l}": z, f"a{l}": (output if l == depth else activation).forward(z)}
    return values


def depth_of(params):
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
    depth = depth_of(params)
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
    gradient, eta = backprop(x, y, params, **options), finite(eta, "update_mini_batch", "eta")
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
