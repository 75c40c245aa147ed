"""The network of Nielsen's third chapter: cost functions, L2 regularisation, better first weights."""

import json
from pathlib import Path

import numpy as np

from ...errors import InputError
from . import columns
from .columns import class_of
from .rows import cross_entropy_delta, quadratic_delta


class QuadraticCost:
    """Cₓ = ½ ‖a − y‖² of one example, and its δᴸ."""

    delta = staticmethod(quadratic_delta)

    @staticmethod
    def fn(a, y):
        """a, y columns of one shape -> a number."""
        return 0.5 * np.sum(np.square(a - y))


class CrossEntropyCost:
    """Cₓ = −Σ (y log a + (1 − y) log(1 − a)) of one example, and its δᴸ."""

    delta = staticmethod(cross_entropy_delta)

    @staticmethod
    def fn(a, y):
        """a, y columns of one shape -> a number; where y is 0, log a does not count, nor log(1 − a) at 1."""
        return -np.sum(_times_log(y, a) + _times_log(1.0 - y, 1.0 - a))


def _times_log(y, a):
    return y * np.log(np.where(y == 0, 1.0, a))


class Network(columns.Network):
    """Nielsen's second network: columns.Network with a choice of cost, smaller first weights, and L2.

    cost    QuadraticCost or CrossEntropyCost, or a class of your own with fn(a, y) and delta(z, a, y)
    rng     as there, a Generator or a seed
    Source: Nielsen, ch. 3, network2.py.
    """

    def __init__(self, sizes, cost=CrossEntropyCost, rng=0):
        super().__init__(sizes, rng, cost.delta)
        self.cost = cost
        self.weights = [w / np.sqrt(w.shape[1]) for w in self.weights]

    def default_weight_initializer(self):
        """New weights from N(0, 1/n_in), biases from N(0, 1): that is how the network begins."""
        self.large_weight_initializer()
        self.weights = [w / np.sqrt(w.shape[1]) for w in self.weights]

    def large_weight_initializer(self):
        """New weights and biases from N(0, 1): wide inputs saturate the hidden neurons then."""
        self.biases = [self.rng.standard_normal(b.shape) for b in self.biases]
        self.weights = [self.rng.standard_normal(w.shape) for w in self.weights]

    def SGD(
        self, training_data, epochs, mini_batch_size, eta, lmbda=0.0, evaluation_data=None,
        monitor_evaluation_cost=False, monitor_evaluation_accuracy=False,
        monitor_training_cost=False, monitor_training_accuracy=False, early_stopping_n=0,
    ):  # fmt: skip
        """Train, and return what was monitored: costs and accuracies, one number for each epoch.

        lmbda               the λ of the regularised cost C + λ/2n Σ w²
        early_stopping_n    stop after so many epochs without a better accuracy on evaluation_data
        Returns evaluation_cost, evaluation_accuracy, training_cost, training_accuracy.
        Raises InputError when it shall watch evaluation_data and there is none.
        """
        training_data, evaluation_data = list(training_data), list(evaluation_data or ())
        if early_stopping_n or monitor_evaluation_cost or monitor_evaluation_accuracy:
            _expect_some(evaluation_data)
        watched = [
            (monitor_evaluation_cost, lambda: self.total_cost(evaluation_data, lmbda)),
            (monitor_evaluation_accuracy or early_stopping_n, lambda: self.accuracy(evaluation_data)),
            (monitor_training_cost, lambda: self.total_cost(training_data, lmbda)),
            (monitor_training_accuracy, lambda: self.accuracy(training_data)),
        ]
        seen = [], [], [], []
        for _ in range(epochs):
            for mini_batch in self._mini_batches(training_data, mini_batch_size):
                self.update_mini_batch(mini_batch, eta, lmbda, len(training_data))
            for series, (wanted, measure) in zip(seen, watched, strict=True):
                if wanted:
                    series.append(measure())
            if early_stopping_n and len(seen[1]) - 1 - int(np.argmax(seen[1])) >= early_stopping_n:
                break
        return seen

    def update_mini_batch(self, mini_batch, eta, lmbda=0.0, n=1):
        """One step down the gradient of the regularised cost; n is the size of the whole training set."""
        shrunk = [eta * lmbda / n * w for w in self.weights]
        super().update_mini_batch(mini_batch, eta)
        self.weights = [w - less for w, less in zip(self.weights, shrunk, strict=True)]

    def accuracy(self, data, convert=False):
        """How many of the pairs (x, y) the network gets right, as evaluate.

        convert    what the book needs to be told, whether y are columns: here that can be seen
        """
        return self.evaluate(data)

    def total_cost(self, data, lmbda, convert=False):
        """The mean cost over the pairs (x, y), and λ/2n Σ w²; y may be class numbers or columns."""
        data = _expect_some(list(data))
        costs = [self.cost.fn(self.feedforward(x), self._target(y)) for x, y in data]
        squares = sum(np.sum(np.square(w)) for w in self.weights)
        return float(np.mean(costs) + 0.5 * lmbda / len(data) * squares)

    def _target(self, y):
        return y if np.ndim(y) else vectorized_result(y, self.sizes[-1])

    def save(self, filename):
        """Write sizes, weights, biases and the name of the cost to a JSON file."""
        data = {
            "sizes": list(self.sizes),
            "weights": [w.tolist() for w in self.weights],
            "biases": [b.tolist() for b in self.biases],
            "cost": self.cost.__name__,
        }
        Path(filename).write_text(json.dumps(data), encoding="utf-8")


def load(filename, cost=None):
    """The network that save(filename) wrote.

    cost    the class of its cost, where that is your own
    Raises InputError when the file holds no such network.
    """
    try:
        data = json.loads(Path(filename).read_text(encoding="utf-8"))
        net = Network(data["sizes"], cost or _COSTS[data["cost"]])
        net.weights = [np.array(w, dtype=float) for w in data["weights"]]
        net.biases = [np.array(b, dtype=float) for b in data["biases"]]
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"load: {filename} holds no network that save() wrote ({error!r})") from None
    return net


_COSTS = {cost.__name__: cost for cost in (QuadraticCost, CrossEntropyCost)}


def vectorized_result(j, n=10):
    """The class number j as a column (n, 1): 1 at j, 0 elsewhere."""
    if class_of(j) not in range(n):
        raise InputError(f"vectorized_result: a class number from 0 to {n - 1} is needed; got {j}")
    return np.eye(n)[:, [class_of(j)]]


def _expect_some(data):
    if not data:
        raise InputError("network2: there are no data to look at; pass evaluation_data, pairs (x, y)")
    return data
