"""The network of the book, one example at a time, in columns: z = w a + b. And the translation card."""

from itertools import pairwise

import numpy as np

from ... import gates
from ...errors import InputError, expect_shapes
from .fitting import finite, fits, fitting
from .rows import (
    cross_entropy_delta,
    cross_entropy_derivative,
    depth_of,
    quadratic_delta,
    quadratic_derivative,
    slope,
)


class Network:
    """Nielsen's network in Python 3: sigmoid layers, one example at a time, in columns.

    sizes           the widths of the layers, [784, 30, 10]; the input counts as a layer here
    rng             a Generator or a seed: draws weights and biases from the standard normal distribution, as
                    the book does, and later the order of the examples. The same one gives the same training
    weights[i]      w (sizes[i+1], sizes[i]);  biases[i]  b (sizes[i+1], 1); index −1 is the last layer, L
    output_delta    quadratic_delta or cross_entropy_delta
    Source: Nielsen, ch. 1 and 2, network.py.
    """

    def __init__(self, sizes, rng=0, output_delta=quadratic_delta):
        self.num_layers, self.sizes, self.output_delta = len(sizes), tuple(sizes), output_delta
        self.rng = rng = np.random.default_rng(rng)
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
        step = finite(eta, "update_mini_batch", "eta") / len(mini_batch)
        self.weights = [w - step * nw for w, nw in zip(self.weights, nabla_w, strict=True)]
        self.biases = [b - step * nb for b, nb in zip(self.biases, nabla_b, strict=True)]

    def SGD(self, training_data, epochs, mini_batch_size, eta, test_data=None):
        """Stochastic gradient descent: update_mini_batch on every part of the shuffled training_data.

        training_data    pairs (x, y) of columns; it keeps its order, a copy is shuffled, by the network's rng
        test_data        pairs (x, y) of which evaluate counts the right ones; after each epoch it is printed
        Raises InputError, ShapeError. Source: Nielsen, ch. 1, network.py.
        """
        test_data = list(test_data or ())
        for j in range(epochs):
            for mini_batch in self._mini_batches(list(training_data), mini_batch_size):
                self.update_mini_batch(mini_batch, eta)
            right = f": {self.evaluate(test_data)} / {len(test_data)}" if test_data else " complete"
            print(f"Epoch {j}{right}")

    def evaluate(self, test_data):
        """How many of the pairs (x, y) the network gets right; y is a class number or a column.

        The answer is the class of the largest output; of a single output, whether it is above one half.
        """
        return sum(class_of(self.feedforward(x)) == class_of(y) for x, y in test_data)

    def cost_derivative(self, output_activations, y):
        """∂Cₓ/∂aᴸ of the network's cost, for BP1: a − y when it is the quadratic one."""
        quadratic = self.output_delta is not cross_entropy_delta
        derivative = quadratic_derivative if quadratic else cross_entropy_derivative
        return derivative(output_activations, y)

    def _mini_batches(self, training_data, size):
        if not isinstance(size, int | np.integer) or size < 1:
            raise InputError(f"SGD: mini_batch_size must be a positive whole number; got {size!r}")
        shuffled = [training_data[i] for i in self.rng.permutation(len(training_data))]
        return [shuffled[k : k + size] for k in range(0, len(shuffled), size)]

    @staticmethod
    def _column(where, name, x, n):
        x = finite(x, where, name)
        expect_shapes(np.shape(x) == (n, 1), where, f"{name} must be a column ({n}, 1)", **{name: x})
        return x


def class_of(y):
    """The class that a column, or a class number, says."""
    if np.size(y) > 1:
        return int(np.argmax(y))
    return int(np.max(y) > 0.5) if np.ndim(y) else int(y)


def params_to_columns(params):
    """Our parameters as Nielsen writes them: w = Wᵀ, b a column.

    {"W1": (n0, n1), "b1": (n1,), …} -> biases [(n1, 1), …], weights [(n1, n0), …]; copies, to be written into
    Raises ShapeError, InputError. The gradients of the parameters are translated in the same way.
    """
    biases, weights = [], []
    for l in range(1, depth_of(params) + 1):
        W, b = fitting("params_to_columns", {f"W{l}": "n_in n_out", f"b{l}": "n_out"}, params).values()
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
        b, w = fitting("params_to_rows", wanted, {f"b{l}": b, f"w{l}": w}).values()
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
    return np.hstack(list(fitting("samples_to_rows", dict.fromkeys(given, "D 1"), given).values())).T
