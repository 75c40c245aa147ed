"""One training step (forward, softmax loss, backward, gradient descent), by everybody on the same numbers.

Each contender is a function that takes a Problem and returns (step, parameters): step() trains once,
parameters() shows [W1, b1, W2, b2, …] as they are. Before the clock runs, all must make the same step.
"""

from itertools import pairwise
from typing import NamedTuple

import numpy as np

import bplib
from bplib import gates
from bplib.networks.network import MLP, TwoLayerNet
from bplib.networks.optim import SGD

from .harness import Bar, show_times, shown, take_turns
from .peers import installed, peer

RATE = 1e-3


class Problem(NamedTuple):
    """W (n_in, n_out) and b (n_out,) for every layer in turn, x (N, D) and class numbers t (N,)."""

    sizes: tuple
    params: list
    x: np.ndarray
    t: np.ndarray

    def copies(self):
        return [p.copy() for p in self.params]


def problem(sizes, batch, dtype):
    rng = np.random.default_rng(0)
    params = []
    for n_in, n_out in pairwise(sizes):
        params += [rng.normal(0, np.sqrt(2 / n_in), (n_in, n_out)).astype(dtype), np.zeros(n_out, dtype)]
    return Problem(
        sizes, params, rng.random((batch, sizes[0])).astype(dtype), rng.integers(0, sizes[-1], batch)
    )


def layers_of(params):
    return list(zip(params[::2], params[1::2], strict=True))


# ---------------------------------------------------------------------------------- contenders


def bare_products(problem):
    """The floor: the matrix products of the step, into arrays that are there already, and nothing else."""
    weights, x = problem.copies()[::2], problem.x
    a = [x] + [np.ones((len(x), n), x.dtype) for n in problem.sizes[1:]]
    delta = [np.ones_like(activation) for activation in a]
    products = [(a[l], W, a[l + 1]) for l, W in enumerate(weights)]
    for l, W in reversed(list(enumerate(weights))):
        products.append((a[l].T, delta[l + 1], np.empty_like(W)))
        if l:
            products.append((delta[l + 1], W.T, delta[l]))

    def step():
        for left, right, out in products:
            np.dot(left, right, out)

    return step, None


def plain_numpy(problem):
    """What a careful textbook writes: BP1 to BP4 for the whole mini-batch."""
    params, x = problem.copies(), problem.x
    one_hot = np.eye(problem.sizes[-1], dtype=x.dtype)[problem.t]

    def step():
        layers, activations = layers_of(params), [x]
        for W, b in layers[:-1]:
            activations.append(np.maximum(activations[-1] @ W + b, 0))
        W, b = layers[-1]
        z = activations[-1] @ W + b
        z = z - z.max(axis=1, keepdims=True)
        e = np.exp(z)
        y = e / e.sum(axis=1, keepdims=True)
        loss = -(one_hot * np.log(y)).sum() / len(x)
        delta = (y - one_hot) / len(x)
        for l in reversed(range(len(layers))):
            W, b = layers[l]
            dW, db = activations[l].T @ delta, delta.sum(axis=0)
            if l:
                delta = (delta @ W.T) * (activations[l] > 0)
            W -= RATE * dW
            b -= RATE * db
        return loss

    return step, lambda: params


def bplib_mlp(problem):
    return bplib_network(MLP(problem.sizes, dtype=problem.x.dtype), problem)


def bplib_two_layer_net(problem):
    return bplib_network(TwoLayerNet(*problem.sizes, dtype=problem.x.dtype), problem)


def bplib_network(net, problem):
    net.params.update(zip(net.params, problem.params, strict=True))
    optimiser = SGD(RATE)

    def step():
        loss, gradients = net.loss_and_gradient(problem.x, problem.t)
        optimiser.update(net.params, gradients)
        return loss

    return step, lambda: list(net.params.values())


def bplib_graph(problem):
    """The same network, written as an expression and differentiated by the engine."""
    params = problem.copies()

    def loss(*params):
        *hidden, (W, b) = layers_of(params)
        a = problem.x
        for V, c in hidden:
            a = gates.relu(gates.affine(a, V, c))
        return gates.softmax_with_loss(gates.affine(a, W, b), problem.t)

    differentiate = bplib.grad(loss)

    def step():
        for p, gradient in zip(params, differentiate(*params), strict=True):
            p -= RATE * gradient

    return step, lambda: params


def pytorch(problem):
    torch = peer("torch")
    modules = []
    for W, b in layers_of(problem.copies()):
        linear = torch.nn.utils.skip_init(torch.nn.Linear, *W.shape)
        linear.weight = torch.nn.Parameter(torch.from_numpy(W.T.copy()))
        linear.bias = torch.nn.Parameter(torch.from_numpy(b))
        modules += [linear, torch.nn.ReLU()]
    net, loss_of = torch.nn.Sequential(*modules[:-1]), torch.nn.CrossEntropyLoss()
    optimiser = torch.optim.SGD(net.parameters(), lr=RATE)
    x, t = torch.from_numpy(problem.x), torch.from_numpy(problem.t)

    def step():
        optimiser.zero_grad()
        loss = loss_of(net(x), t)
        loss.backward()
        optimiser.step()
        return loss

    return step, lambda: [p.detach().numpy().T for p in net.parameters()]


def hips_autograd(problem):
    anp, value_and_grad = peer("autograd.numpy"), peer("autograd").value_and_grad
    params, rows = problem.copies(), np.arange(len(problem.t))

    def loss(params):
        *hidden, (W, b) = layers_of(params)
        a = problem.x
        for V, c in hidden:
            a = anp.maximum(anp.dot(a, V) + c, 0)
        z = anp.dot(a, W) + b
        z = z - anp.max(z, axis=1, keepdims=True)
        return anp.mean(anp.log(anp.sum(anp.exp(z), axis=1)) - z[rows, problem.t])

    differentiate = value_and_grad(loss)

    def step():
        value, gradients = differentiate(params)
        for p, gradient in zip(params, gradients, strict=True):
            p -= RATE * gradient
        return value

    return step, lambda: params


CONTENDERS = {
    "bare products": bare_products,
    "numpy by hand": plain_numpy,
    "MLP": bplib_mlp,
    "TwoLayerNet": bplib_two_layer_net,
    "graph": bplib_graph,
    "PyTorch": pytorch,
    "autograd": hips_autograd,
}


# ------------------------------------------------------------------------- Nielsen's way to go about it


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def nielsen_loop(problem):
    """One example at a time, in columns: chapter 2 as printed, with the quadratic cost."""
    columns = [(W.T.copy(), b[:, np.newaxis].copy()) for W, b in layers_of(problem.params)]
    one_hot = np.eye(problem.sizes[-1])[problem.t]
    examples = [(x[:, np.newaxis], y[:, np.newaxis]) for x, y in zip(problem.x, one_hot, strict=True)]

    def backprop(x, y):
        activations = [x]
        for w, b in columns:
            activations.append(sigmoid(w @ activations[-1] + b))
        gradients, delta = [], activations[-1] - y
        for l in reversed(range(len(columns))):
            delta = delta * activations[l + 1] * (1 - activations[l + 1])
            gradients.insert(0, (delta @ activations[l].T, delta))
            delta = columns[l][0].T @ delta
        return gradients

    def step():
        sums = [(np.zeros(w.shape), np.zeros(b.shape)) for w, b in columns]
        for x, y in examples:
            sums = [(w + dw, b + db) for (w, b), (dw, db) in zip(sums, backprop(x, y), strict=True)]
        for (w, b), (dw, db) in zip(columns, sums, strict=True):
            w -= RATE / len(examples) * dw
            b -= RATE / len(examples) * db

    return step, lambda: [p for w, b in columns for p in (w.T, b[:, 0])]


def bplib_as_nielsen(problem):
    net = MLP(problem.sizes, gates.sigmoid, gates.quadratic_cost, output=gates.sigmoid)
    return bplib_network(net, problem._replace(t=np.eye(problem.sizes[-1])[problem.t]))


NIELSEN = {"MLP": bplib_as_nielsen, "Nielsen's loop": nielsen_loop}


# ----------------------------------------------------------------------------------------- tables


# The bars: (who, at most how many times as long as, whom).
OF_PRODUCTS = [("MLP", 1.4, "bare products"), ("TwoLayerNet", 1.4, "bare products")]
LARGE = [*OF_PRODUCTS, ("MLP", 0.65, "PyTorch"), ("TwoLayerNet", 0.65, "PyTorch"), ("graph", 1.45, "MLP")]
SMALL = [("MLP", 0.33, "PyTorch"), ("TwoLayerNet", 0.33, "PyTorch"), ("graph", 1.45, "MLP")]


def run(quick):
    bars = steps((784, 50, 10), 100, quick, LARGE) + steps((64, 32, 10), 32, quick, SMALL)
    if not quick:
        bars += steps((784, 50, 10), 10, quick, [("graph", 1.45, "MLP")]) + steps((784, 50, 10), 1, quick, [])
    return bars + nielsen(quick)


def steps(sizes, batch, quick, limits):
    name = f"{'-'.join(map(str, sizes))}, batch {batch}"
    times, missing = measured(CONTENDERS, problem(sizes, batch, np.float32), 5 if quick else 25)
    show_times(f"Training step, {name}, float32", times, missing, ["bare products", "MLP", "PyTorch"])
    return shown(
        [
            Bar(f"{name}: {who}, in times {whom},", times.ratio(who, whom), limit)
            for who, limit, whom in limits
        ]
    )


def nielsen(quick):
    times, missing = measured(NIELSEN, problem((784, 50, 10), 100, np.float64), 5 if quick else 15)
    title = "The same, with sigmoids and quadratic cost in float64, against one example at a time"
    show_times(title, times, missing, ["MLP"])
    ratio = times.ratio("Nielsen's loop", "MLP")
    return shown([Bar("Nielsen's loop, in times MLP,", ratio, 10, at_least=True)])


def measured(makers, problem, rounds):
    """The times of all contenders, and who is missing."""
    made, missing = installed(makers, problem)
    expect_the_same_step(made)
    return take_turns({name: step for name, (step, _) in made.items()}, rounds), missing


def expect_the_same_step(made):
    """All of them train once, and must have the same parameters then."""
    after = {}
    for name, (step, parameters) in made.items():
        if parameters:
            step()
            after[name] = parameters()
    first, *others = after
    for other in others:
        for mine, theirs in zip(after[first], after[other], strict=True):
            np.testing.assert_allclose(
                theirs, mine, rtol=1e-4, atol=1e-6, err_msg=f"{other} and {first} differ"
            )
