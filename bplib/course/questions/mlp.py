"""Lesson 6: errors of neurons, the four equations by hand and in rows, and what they cost."""

import numpy as np

from ...check.compare import Mistake, compare
from ...graph.numerical import numerical_gradient
from ..exercise import question


@question(
    "The push of neuron 2, measured in pushes of neuron 1",
    "Both neurons sit in the middle of the same sigmoid. What differs is the way from them to the output.",
    "Neuron 1 reaches the output through a weight of 1. And neuron 2?",
    "The slopes of the sigmoids cancel in the quotient; it is the quotient of the two weights.",
)
def two_pushes(factor):
    mistakes = [
        Mistake("sign", "right in size; does the cost rise or fall when neuron 2 is pushed up?", 3),
        Mistake("upside down", "asked is the push of neuron 2 in units of that of neuron 1", -1 / 3),
        Mistake("weights ignored", "equal answers, but the weights behind them are not equal", 1),
    ]
    yield compare("factor", factor, -3, mistakes, rtol=1e-3, show=False)


@question(
    "The weight to neuron 2 from neuron 4",
    "In the book's name the neuron it goes to stands first.",
    "j is where it goes, k is where it comes from. The matrix has a row for every j, and code counts from 0.",
    "To neuron 2: j = 2, in the row of index 1. From neuron 4: k = 4, in the column of index 3.",
)
def name_a_weight(j, k, row, column):
    to_first = "the neuron that the weight goes to stands first"
    for name, yours, right, other in (("j", j, 2, 4), ("k", k, 4, 2)):
        mistakes = [
            Mistake("from and to exchanged", to_first, other),
            Mistake("counted from 0", "the book counts neurons from one", right - 1),
        ]
        yield compare(name, yours, right, mistakes, show=False)
    for name, yours, right, other in (("row", row, 1, 3), ("column", column, 3, 1)):
        mistakes = [
            Mistake("counted from 1", "code counts rows and columns from zero", right + 1),
            Mistake("from and to exchanged", to_first, other),
            Mistake("from and to exchanged", f"{to_first}, and code counts from zero", other + 1),
        ]
        yield compare(name, yours, right, mistakes, show=False)


@question(
    "BP1: the error of an output neuron with a = 0.8 and y = 1",
    "Two factors: how the cost moves with a, and how a moves with z.",
    "For C = ½ (a − y)² the first factor is a − y. The second is σ'(z), which for a sigmoid is a (1 − a).",
    "(0.8 − 1) · 0.8 · (1 − 0.8)",
)
def output_error(delta):
    a, y = 0.8, 1.0
    z = np.log(a / (1 - a))
    wanted = numerical_gradient(lambda z: 0.5 * (sigmoid(z) - y) ** 2, z)
    mistakes = [
        Mistake("slope left out", "this is ∂C/∂a; the error is asked at z, one sigmoid further back", a - y),
        Mistake("sign", "it is a − y, the answer less what was wanted", -wanted),
        Mistake("½ forgotten", "the ½ of the cost cancels the 2 of the square", 2 * wanted),
        Mistake("slope at a", "σ' is taken at z; put a into a (1 − a), not into σ'", (a - y) * slope(a)),
        Mistake("cost gradient left out", "this is σ'(z) alone; how does the cost move with a?", a * (1 - a)),
        Mistake("cost for error", "this is the cost itself; asked is its slope along z", 0.5 * (a - y) ** 2),
    ]
    yield compare("delta", delta, wanted, mistakes, rtol=1e-3, show=False)


@question(
    "BP2: the error of a hidden neuron with a = 0.7",
    "The neuron's z reaches the cost by two paths. What happens along each, and what where they meet?",
    "Each path brings weight times error of the neuron at its end. Add the two, then go through the sigmoid.",
    "(4 · 0.2 + (−2) · 0.3) · 0.7 · (1 − 0.7)",
)
def hidden_error(delta):
    a, weights, deltas = 0.7, np.array([4.0, -2.0]), np.array([0.2, 0.3])
    z = np.log(a / (1 - a))
    wanted = numerical_gradient(lambda z: np.sum(deltas * weights * sigmoid(z)), z)
    paths, own = weights * deltas, a * (1 - a)
    mistakes = [
        Mistake("slope left out", "this is ∂C/∂a of the neuron; the error is asked at its z", paths.sum()),
        *(Mistake("one path only", "the cost is reached by two paths: add both", p * own) for p in paths),
        Mistake(
            "value for slope", "multiply by a (1 − a), the slope of the sigmoid, not by a", paths.sum() * a
        ),
        Mistake(
            "sum times sum",
            "each error comes back through its own weight: first multiply, then add",
            weights.sum() * deltas.sum() * own,
        ),
        Mistake("weights left out", "each error comes back through its weight", deltas.sum() * own),
        Mistake("errors left out", "what comes back is weight times error", weights.sum() * own),
        Mistake("sign of a weight lost", "one of the weights is negative", np.abs(paths).sum() * own),
        Mistake("slope at a", "σ' is taken at z; put a into a (1 − a), not into σ'", paths.sum() * slope(a)),
    ]
    yield compare("delta", delta, wanted, mistakes, rtol=1e-3, show=False)


@question(
    "BP2 in rows, for a whole mini-batch",
    "Write the shapes down: delta_next (N, n_next), W_next (n, n_next), and the result (N, n).",
    "delta_next @ (something made of W_next) has the shape (N, n). Then multiply entry by entry with σ'(z).",
    "The matrix is W_next.T, and σ'(z) is sigmoid(z) * (1 - sigmoid(z)).",
    parts=3,
)
def back_one_layer(back_one_layer):
    for shape in ((4, 3, 3), (3, 4, 2), (2, 3, 5)):
        yield _one_layer_back(back_one_layer, *shape)


def _one_layer_back(back_one_layer, n_samples, n, n_next):
    rng = np.random.default_rng(n_samples)
    delta_next, W_next = rng.normal(size=(n_samples, n_next)), rng.normal(size=(n, n_next))
    z = rng.normal(size=(n_samples, n))
    wanted = numerical_gradient(lambda z: np.sum(delta_next * (sigmoid(z) @ W_next)), z)
    return compare(
        f"N = {n_samples}, {n} neurons before {n_next}",
        back_one_layer(delta_next.copy(), W_next.copy(), z.copy()),
        wanted,
        [*slips_of_bp2(delta_next, W_next, z), Mistake("1/N twice", _ONCE, wanted / n_samples)],
    )


_ONCE = "the 1/N came in with the error of the last layer: BP2 hands it on, and adds none of its own"


def slips_of_bp2(delta_next, W_next, z):
    """What goes wrong in BP2, in rows."""
    if W_next.shape[0] == W_next.shape[1]:
        yield Mistake("W for Wᵀ", W_FOR_WT, (delta_next @ W_next) * slope(z))
        advice = "first through the weights, then through the sigmoid of the layer where you arrive"
        yield Mistake("slope on the wrong side", advice, (delta_next * slope(z)) @ W_next.T)
    yield from slips_of_the_slope(delta_next @ W_next.T, z)


W_FOR_WT = "the error comes back through the weights the other way round; unequal sizes would show it"


def slips_of_the_slope(arrives, z):
    """What goes wrong with σ'(z) where it should multiply what ``arrives``, in rows or in columns."""
    a = sigmoid(z)
    one_back = "this is ∂C/∂a; the error is asked at z, one sigmoid further back"
    yield Mistake("slope left out", one_back, arrives)
    yield Mistake("slope at a", "σ' is taken at z, not at a = σ(z)", arrives * slope(a))
    yield Mistake("value for slope", "multiply by the slope of the sigmoid, not by its value", arrives * a)
    yield Mistake("z for a in a (1 − a)", "s (1 − s) wants s = σ(z), not z itself", arrives * z * (1 - z))
    yield Mistake("slope alone", "this is σ'(z) alone; it multiplies what comes back to a", slope(z))


@question(
    "The errors of one saturated neuron",
    "z = w x + b, and a = σ(z) is close to 1 while 0 is wanted.",
    "With the quadratic cost δ = (a − y) σ'(z). With cross-entropy the slope has cancelled.",
    "σ(2) = 0.881, and σ'(2) = 0.881 · 0.119. One error contains this slope, the other does not.",
)
def saturated(quadratic, cross_entropy):
    wanted = numerical_gradient(lambda z: 0.5 * sigmoid(z) ** 2, 2.0)
    a = sigmoid(2.0)
    mistakes = [
        Mistake("slope left out", "the quadratic cost does not cancel σ'(z)", a),
        Mistake("slope at a", "σ' is taken at z, not at a", a * slope(a)),
        Mistake("cost for error", "this is the cost itself; asked is its slope along z", 0.5 * a**2),
    ]
    yield compare("quadratic", quadratic, wanted, mistakes, rtol=5e-3, show=False)
    mistakes = [
        Mistake("slope kept", "with cross-entropy the slope of the sigmoid cancels", wanted),
        Mistake("cost for error", "this is the cost itself; asked is its slope along z", -np.log(1 - a)),
    ]
    yield compare("cross_entropy", cross_entropy, a, mistakes, rtol=5e-3, show=False)


@question(
    "Multiplications of the matrix products in a network 5 → 4 → 3",
    "One multiplication for each weight in the forward pass. How many weights are there?",
    "BP4 makes one product for each weight. BP2 takes the error of layer 2 back to layer 1, and stops there.",
    "The weights are 5 · 4 and 4 · 3 in number. BP2 uses only the second matrix.",
)
def products(forward, bp2, bp4):
    multiplied = Mistake(
        "sizes multiplied", "each layer has its own matrix: multiply in a layer, then add", 60
    )
    one = [Mistake("one layer only", "both layers have weights", weights) for weights in (20, 12)]
    yield compare("forward", forward, 32, [multiplied, *one], show=False)
    mistakes = [
        Mistake("error of the input", "nobody asks for the error of x: BP2 stops at layer 1", 32),
        Mistake("wrong matrix", "from layer 2 the error comes back through the weights of layer 2", 20),
    ]
    yield compare("bp2", bp2, 12, mistakes, show=False)
    yield compare("bp4", bp4, 32, [multiplied, *one], show=False)


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def slope(z):
    return sigmoid(z) * (1.0 - sigmoid(z))
