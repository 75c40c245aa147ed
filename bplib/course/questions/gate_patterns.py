"""Lesson 2: the patterns of the gates, forks, composite gates, and a classifier."""

import math

import numpy as np

from ...check.compare import Mistake, compare
from ...check.report import Finding
from ...gates import sigmoid
from ...graph.derivatives import grad
from ...graph.node import Node
from ...graph.numerical import numerical_gradient
from ...graph.order import topological_order
from ..exercise import Unusable, question
from .common import returned


@question(
    "How strongly y pushes (x + y)(y + z)",
    "y stands in both brackets. What does a nudge of y do to the first one, and what to the second?",
    "Through the first bracket the nudge counts (y + z) times, through the second (x + y) times.",
    "Both effects happen in the same nudge. f changes by the one and by the other.",
)
def used_twice(slope):
    mistakes = [
        Mistake("one branch missing", "y has two ways to f, and this is what goes through one of them", 5),
        Mistake("one branch missing", "y has two ways to f, and this is what goes through one of them", 3),
        Mistake("multiplied", "in a row sensitivities multiply; these two stand side by side", 15),
        Mistake("averaged", "a nudge of y does not go half to one bracket and half to the other", 4),
    ]
    yield compare("slope", slope, 8, mistakes, rtol=1e-3, show=False)


@question(
    "What four gates send back",
    "Ask of each input: if it grows by 1, how much does the gate's output grow? Times the upstream.",
    "+ grows by 1 with each input. In 2 · 3 the 2 counts three times. The smaller of 4 and 5 moves nothing.",
    "add: the upstream twice. multiply: upstream times the other input. copy: the sum. max: all or nothing.",
)
def four_patterns(d_add, d_multiply, d_copy, d_max):
    from_add = [
        Mistake("upstream ignored", "1 and 1 are the local derivatives; what arrives is not 1", (1, 1)),
        Mistake("upstream added", "values and gradients are different things; nothing is added", (5, 6)),
        Mistake("values for gradients", "these numbers went forward", (3, 4)),
        Mistake("one signal for two inputs", "each of the two inputs gets its own: (first, second)", 2),
    ]
    from_multiply = [
        Mistake("inputs swapped", "each input hears from the other one, not from itself", (10, 15)),
        Mistake("upstream ignored", "these are the local derivatives; what arrives is not 1", (3, 2)),
        Mistake("sent to both", "× is no +: what counts for an input is how large the other is", (5, 5)),
    ]
    from_copy = [
        Mistake("branches kept apart", "there is a single x, so there is a single gradient", (4, 2)),
        Mistake("one branch missing", "both copies push the output", 4),
        Mistake("one branch missing", "both copies push the output", 2),
        Mistake("multiplied", "in a row sensitivities multiply; two copies stand side by side", 8),
        Mistake("averaged", "every copy counts in full", 3),
        Mistake("handed out again", "there is a single x, so there is a single gradient", (6, 6)),
    ]
    from_max = [
        Mistake("sent to both", "a nudge of the smaller input does not change the maximum", (9, 9)),
        Mistake("averaged", "the gate does not share its signal out", (4.5, 4.5)),
        Mistake("router turned round", "which of the two inputs moves the output?", (9, 0)),
        Mistake("upstream ignored", "these are the local derivatives; what arrives is not 1", (0, 1)),
        Mistake("values for gradients", "5 is what went forward", (0, 5)),
    ]
    yield compare("d_add", d_add, (2, 2), from_add, show=False)
    yield compare("d_multiply", d_multiply, (15, 10), from_multiply, show=False)
    yield compare("d_copy", d_copy, 6, from_copy, show=False)
    yield compare("d_max", d_max, (0, 9), from_max, show=False)


@question(
    "The gradients of 2 (x y + max(z, w))",
    "Start at the right with the signal 1. The gate ×2 multiplies it; what arrives at the +?",
    "The + hands its signal to both sides. Then × looks at the other input, and max at who was larger.",
    "At x y and at max the signal is 2. dx = 2 · y, dy = 2 · x; z = 2 is larger than w = −1.",
)
def circuit(dx, dy, dz, dw):
    x, y = 3, -4
    ignored = "right for the gate alone; which signal arrives at it?"
    to_x = [
        Mistake("upstream ignored", ignored, y),
        Mistake("inputs swapped", "this is what × sends to its other side", 2 * x),
        Mistake("sign", "the other input is negative: what does that make of the signal?", -2 * y),
    ]
    to_y = [
        Mistake("upstream ignored", ignored, x),
        Mistake("inputs swapped", "this is what × sends to its other side", 2 * y),
        Mistake("sign", "no factor is negative here", -2 * x),
    ]
    to_z = [
        Mistake("upstream ignored", ignored, 1),
        Mistake("router turned round", "which of z and w came through the max?", 0),
        Mistake("value for derivative", "max passes a value on; its local derivative is another number", 4),
    ]
    to_w = [
        Mistake("sent to both", "a nudge of w does not change the maximum", 2),
        Mistake("sent to both", "a nudge of w does not change the maximum", 1),
        Mistake("value for derivative", "w and its gradient are different things", -2),
    ]
    answers = (("dx", dx, 2 * y, to_x), ("dy", dy, 2 * x, to_y), ("dz", dz, 2, to_z), ("dw", dw, 0, to_w))
    for name, yours, right, mistakes in answers:
        yield compare(name, yours, right, mistakes, rtol=1e-3, show=False)


@question(
    "The way back through e = (a + b)(b + 1)",
    "First forward: c = a + b and d = b + 1. Then what × sends to c, and what it sends to d.",
    "× sends d to c, and c to d. Each + hands on what it gets. b stands behind both of them.",
    "dc = d and dd = c. Then da = dc, and db is what comes through c plus what comes through d.",
)
def fork(back):
    for seed in range(3):
        a, b = np.random.default_rng(seed).uniform(1, 3, 2).round(2).tolist()
        da, db = numerical_gradient(lambda a, b: (a + b) * (b + 1), (a, b))
        answer = back(a, b)
        if not isinstance(answer, tuple | list) or len(answer) != 2:
            raise Unusable("back has to return two numbers, da and db")
        missing = "b sends its value two ways; this is what comes back along one of them"
        to_a = [
            Mistake("inputs swapped", "that is what × sends to d; a stands behind c", a + b),
            Mistake("upstream ignored", "1 is what the gate + does alone; which signal arrives there?", 1),
            Mistake("value for derivative", "this is e itself, and not how it changes", (a + b) * (b + 1)),
        ]
        to_b = [
            Mistake("one branch missing", missing, b + 1),
            Mistake("one branch missing", missing, a + b),
            Mistake("upstream ignored", "two local derivatives of 1; which signals arrive there?", 2),
            Mistake("multiplied", "the two ways are side by side, not in a row", (a + b) * (b + 1)),
            Mistake("averaged", "each of the two ways counts in full", db / 2),
        ]
        yield compare(f"da at a = {a}, b = {b}", answer[0], da, to_a)
        yield compare(f"db at a = {a}, b = {b}", answer[1], db, to_b)


_GRAPHS = {
    "(a + b)(b + 1)": (lambda a, b: (a + b) * (b + 1), {"a": 2.0, "b": 3.5}),
    "t (t + 1), t = a b": (lambda a, b: (a * b) * (a * b + 1), {"a": 1.5, "b": -2.0}),
    "(x + σ(y)) (x − y)": (lambda x, y: (x + sigmoid(y)) * (x - y), {"x": 3.0, "y": -0.5}),
}


@question(
    "A backward sweep through any graph",
    "Begin with a dict of zeros, one for each node, and 1 at the last. Then: for node in reversed(order)",
    "A node without a gate sends nothing. Any other: node.gate.backward(gradient[node], node.value, *values)",
    "for parent, signal in zip(node.parents, signals): gradient[parent] += signal. Last, return gradient",
    parts=6,
)
def sweep(sweep):
    for formula, (f, inputs) in _GRAPHS.items():
        nodes = {name: Node(value, name) for name, value in inputs.items()}
        order = topological_order(_with_t(f, nodes))
        found = returned(sweep(list(order)), "sweep")
        if not isinstance(found, dict):
            raise Unusable("sweep has to return a dict: the gradient of every node, by node")
        wanted = dict(zip(nodes, numerical_gradient(f, tuple(inputs.values())), strict=True))
        for name, node in nodes.items():
            what = f"d{name} of {formula}"
            if node not in found:
                yield Finding(what, False, f"there is no gradient of {name} in the dict", *_NOT_REACHED)
            else:
                yield compare(what, found[node], wanted[name], _slips_of_a_sweep(order, node, wanted[name]))


_NOT_REACHED = "node not reached", "walk through all nodes, and give each parent what the gate sends to it"


def _with_t(f, nodes):
    """The graph of f; of the second formula with one node t in place of two products."""
    if f is not _GRAPHS["t (t + 1), t = a b"][0]:
        return f(*nodes.values())
    a, b = nodes.values()
    t = a * b
    return t * (t + 1)


def _slips_of_a_sweep(order, node, wanted):
    """What the gradient of an input becomes by mistakes in the loop."""
    advice = "a node may get several signals: add each to what is there, += and not ="
    yield Mistake("overwritten at a fork", advice, _swept(order, add=lambda old, new: new)[node])
    first = _swept(order, add=lambda old, new: old or new)[node]
    yield Mistake("one branch missing", "the first signal is there; what comes later has to be added", first)
    ignored = _swept(order, upstream=lambda gradient: 1.0)[node]
    yield Mistake("upstream ignored", "a gate is given what has arrived at its node, not 1", ignored)
    advice = "no signal has come this far: does the last node begin with 1, and does the walk begin there?"
    yield Mistake("no signal", advice, 0.0)
    advice = "every call has a graph of its own: begin with a new dict, 1 at the last node and 0 elsewhere"
    yield Mistake("counted twice", advice, 2 * wanted)


def _swept(order, add=lambda old, new: old + new, upstream=lambda gradient: gradient):
    gradient = dict.fromkeys(order, 0.0)
    gradient[order[-1]] = 1.0
    for node in reversed(order):
        if node.gate:
            values = [parent.value for parent in node.parents]
            signals = node.gate.backward(upstream(gradient[node]), node.value, *values)
            for parent, signal in zip(node.parents, signals, strict=True):
                gradient[parent] = add(gradient[parent], signal)
    return gradient


@question(
    "Two stages of the opened sigmoid",
    "The local derivative of the gate exp at its input −1 is e⁻¹. Where does that number stand?",
    "exp is its own derivative, so its local derivative is its output, 0.37. The gate neg has −1.",
    "−0.53 · 0.37 for the first, and the same times −1 for the second.",
)
def two_stages(through_exp, through_neg):
    e = math.exp(-1)
    arrives = -((1 + e) ** -2)
    wanted = arrives * e
    from_exp = [
        Mistake("taken at the wrong x", "what enters the gate exp is −1, not 1", arrives * math.e),
        Mistake("upstream ignored", "this is the local derivative; what arrives is not 1", e),
        Mistake("local derivative left out", "exp has passed its signal on unchanged", arrives),
        Mistake("input for derivative", "−1 is what enters exp; its derivative there is e⁻¹", -arrives),
        Mistake("sign", "a negative signal times a positive local derivative", -wanted),
    ]
    from_neg = [
        Mistake("sign", "neg turns the sign round, of values and of gradients", wanted),
        Mistake("upstream ignored", "this is the local derivative; what arrives is not 1", -1),
        Mistake("upstream ignored", "what arrives at exp is not 1", -e),
        Mistake("taken at the wrong x", "what enters the gate exp is −1, not 1", -arrives * math.e),
        Mistake("local derivative left out", "exp has passed its signal on unchanged", -arrives),
        Mistake("local derivative left out", "exp has passed its signal on unchanged", arrives),
    ]
    yield compare("through_exp", through_exp, wanted, from_exp, rtol=2e-2, show=False)
    yield compare("through_neg", through_neg, -wanted, from_neg, rtol=2e-2, show=False)


@question(
    "A tanh neuron, from its output back to x₁, w₁, x₂, w₂",
    "Written with the output o, the local derivative of tanh is 1 − o². How much is that?",
    "0.5 arrives at the sum, and + hands it on. Each × then multiplies it by the value on its other side.",
    "dx₁ = 0.5 · w₁, dw₁ = 0.5 · x₁, and the same with 2.",
)
def tanh_neuron(dx1, dw1, dx2, dw2):
    (x1, w1, x2, w2), bias = (2.0, -3.0, 0.0, 1.0), 6.8813735870195432
    n = x1 * w1 + x2 * w2 + bias
    o, slope = np.tanh(n), grad(np.tanh)(n)
    answers = (("dx1", dx1, w1, x1), ("dw1", dw1, x1, w1), ("dx2", dx2, w2, x2), ("dw2", dw2, x2, w2))
    for name, yours, other, own in answers:
        mistakes = [
            Mistake("inputs swapped", "× sends to each input the value of the other one", slope * own),
            Mistake("tanh left out", "right up to the sum; tanh stands behind it", other),
            Mistake(
                "taken at n",
                "the slope is written with what tanh puts out, not with what enters it",
                (1 - n**2) * other,
            ),
            Mistake("another slope", "o (1 − o) is the slope of the sigmoid", o * (1 - o) * other),
            Mistake("square forgotten", "right but for a square", (1 - o) * other),
            Mistake("value for derivative", "o is what tanh puts out, not its slope", o * other),
            Mistake("other factor forgotten", "this is what arrives at the product", slope),
        ]
        yield compare(name, yours, slope * other, mistakes, rtol=1e-2, show=False)


@question(
    "The classifier when class 1 is the right one",
    "Which of the two margins, s₀ − s₁ + 1 and s₂ − s₁ + 1, are above 0? Each of those routes a signal 1.",
    "Both are. Each sends 1 to its own score and −1 to s₁, where the two arrivals add up.",
    "ds₁ = −2. To W[0, 1] come x₀ · ds₁ from the scores and 2 · 0.1 · W[0, 1] from the regulariser.",
)
def classifier(ds, dw):
    x, W, strength = 1.0, -0.5, 0.1
    scores = np.array([0.8, 0.3, -0.3])
    wanted = np.array([1.0, -2.0, 1.0])
    to_scores = [
        Mistake("sign", "the loss falls when the right class gains", -wanted),
        Mistake("one branch missing", "s₁ stands in two margins, and both send something back", (1, -1, 1)),
        Mistake("right class forgotten", "s₁ stands in both margins, with a minus", (1, 0, 1)),
        Mistake(
            "pattern of another class",
            "this has one margin open, as in the example; now look again",
            (1, -1, 0),
        ),
        *(
            Mistake(
                "margins for slopes",
                "these are the margins; how do they change with the scores?",
                (1.5, own, 0.4),
            )
            for own in (-1.9, 0, 1)
        ),
        Mistake("scores for gradients", "these are the scores of the example", scores),
        Mistake("another right class", "that was with class 0 as the right one", (-1, 1, 0)),
    ]
    yield compare("ds", ds, wanted, to_scores, rtol=1e-3, show=False)
    total = x * wanted[1] + 2 * strength * W
    to_weight = [
        Mistake("regulariser forgotten", "W is used twice: for the scores and in the penalty", x * wanted[1]),
        Mistake("overwritten at a fork", "this is the regulariser's part alone", 2 * strength * W),
        Mistake("factor 2", "right but for a 2: which square is differentiated?", total - strength * W),
        Mistake("sign", "the penalty's part has the sign of the weight", total - 4 * strength * W),
        Mistake("another weight", "that would be W[1, 1], with x₁ and its own value", 2 * wanted[1] + 0.08),
        Mistake("another weight", "that would be W[1, 1], with x₁ and its own value", 2 * wanted[1]),
    ]
    yield compare("dw", dw, total, to_weight, rtol=1e-3, show=False)
