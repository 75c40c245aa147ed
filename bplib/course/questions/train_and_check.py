"""Lesson 7: how many parameters, saturation, the way back through layers, first checks, and the step."""

import numpy as np

from ...check.compare import Mistake, compare
from ...errors import ShapeError
from ...gates import cross_entropy, sigmoid, softmax, softmax_with_loss
from ...graph.derivatives import grad
from ...graph.numerical import numerical_gradient
from ...networks.layers import Affine, Relu, SoftmaxWithLoss
from ..exercise import Unusable, question
from .common import returned


@question(
    "The parameters of a network 64 → 50 → 10",
    "A layer of neurons has a weight for each pair of an input and a neuron. And what else?",
    "Every neuron of the two layers with weights has a bias too.",
    "64 · 50 + 50 for the hidden layer, 50 · 10 + 10 for the output.",
)
def parameters(guess):
    mistakes = [
        Mistake("biases left out", "each neuron has a bias besides its weights", 3700),
        Mistake("biases for the inputs", "an input is no neuron: it has no bias", 3824),
        Mistake("sizes multiplied", "each layer has its own matrix: multiply in a layer, then add", 32000),
        Mistake("first layer only", "the ten outputs have weights as well", 3250),
        Mistake("neurons counted", "these are the neurons; asked are their weights and biases", 60),
    ]
    yield compare("parameters", guess, 3760, mistakes, show=False)


@question(
    "The gradient of a weight into a sigmoid neuron",
    "Upstream × local, twice: first through the sigmoid, then through the product x · w.",
    "The signal at z is 2 · σ'(z). The product sends each of its factors that signal times the other one.",
    "2 · σ'(z) · 3, with σ'(0) = 0.25 and σ'(10) = 0.0000454",
)
def saturated(at_0, at_10):
    upstream, x = 2.0, 3.0
    for name, yours, z in (("at_0", at_0, 0.0), ("at_10", at_10, 10.0)):
        slope = grad(sigmoid)(z)
        mistakes = [
            Mistake("slope left out", "the signal has to pass the sigmoid before it gets to w", upstream * x),
            Mistake("input left out", "this is the signal at z; how does z depend on w?", upstream * slope),
            Mistake("upstream ignored", "the signal that arrives at the neuron is not 1", x * slope),
            Mistake("value for slope", "multiply by the slope, not by the value", upstream * x * sigmoid(z)),
            Mistake("rounded to 0", "it is small, and yet not 0: keep three digits", 0.0),
        ]  # fmt: skip
        wanted = numerical_gradient(lambda w, z=z: upstream * sigmoid(z + x * w), 0.0)
        yield compare(name, yours, wanted, mistakes, rtol=1e-2, show=False)


@question(
    "The way back through the layers",
    "First all the way forward, the loss included: the layers have to remember.",
    "last_layer.backward() is the first upstream. Each layer's answer is the upstream of the one before it.",
    "Walk with `for layer in reversed(layers.values()): upstream = layer.backward(upstream)`, then collect.",
    parts=8,
)
def backward_loop(gradient):
    for sizes in ((4, 3, 3, 3), (5, 4, 3, 2)):
        yield from _way_back(gradient, *sizes)


def _way_back(gradient, N, D, H, C):
    params, x, t = _network(N, D, H, C)
    layers, last_layer = _layers(params), SoftmaxWithLoss()
    try:
        found = gradient(layers, last_layer, x.copy(), t.copy())
    except ShapeError as error:
        raise Unusable(f"{_TURNED} (a layer said: {error})") from error
    names = ", ".join(params)
    if not isinstance(returned(found, "gradient"), dict):
        raise Unusable(f"gradient has to return a dict with the names {names}")
    if found.keys() != params.keys():
        raise Unusable(
            f"the dict has to have the names {names}; yours has {', '.join(map(str, found)) or 'none'}"
        )
    wanted = dict(zip(params, numerical_gradient(_loss_of(x, t), tuple(params.values())), strict=True))
    slips = list(_slips_on_the_way_back(params, x, t)) if D == C else []
    for name in params:
        mistakes = [slip._replace(gives=slip.gives[name]) for slip in slips]
        mistakes += [
            Mistake("names exchanged", _EXCHANGED, wanted[name[0] + ("2" if name[1] == "1" else "1")])
        ]
        yield compare(f"{name}, {N} samples, {D} → {H} → {C}", found[name], wanted[name], mistakes)


_TURNED = "a layer got an array that it cannot take: going back, the last layer comes first"
_EXCHANGED = "this belongs to the other layer: the number in the name is that of the layer"


def _network(N, D, H, C):
    rng = np.random.default_rng(N)
    params = {"W1": rng.normal(size=(D, H)), "b1": rng.normal(size=H)}
    params |= {"W2": rng.normal(size=(H, C)), "b2": rng.normal(size=C)}
    return params, rng.normal(size=(N, D)), rng.permutation(np.arange(N) % C)


def _layers(params):
    first, second = Affine(params["W1"], params["b1"]), Affine(params["W2"], params["b2"])
    return {"Affine1": first, "Relu1": Relu(), "Affine2": second}


def _loss_of(x, t):
    def loss(W1, b1, W2, b2):
        return softmax_with_loss(np.maximum(x @ W1 + b1, 0) @ W2 + b2, t)

    return loss


def _slips_on_the_way_back(params, x, t):
    """Mistakes with the gradients that each gives; the sizes are equal, so that all of them can be made."""

    def walk(order, first=None, hand_on=True):
        layers, last_layer, scores = _layers(params), SoftmaxWithLoss(), x
        for layer in layers.values():
            scores = layer.forward(scores)
        last_layer.forward(scores, t)
        upstream = last_layer.backward() if first is None else first(scores)
        for name in order:
            downstream = layers[name].backward(upstream)
            upstream = downstream if hand_on else upstream
        return {f"{kind}{k}": layers[f"Affine{k}"].grads[kind] for k in (1, 2) for kind in ("W", "b")}

    back = ("Affine2", "Relu1", "Affine1")
    in_order = "begin at the last layer; each layer's answer is the upstream of the layer before it"
    for turned in (walk(back[::-1]), walk(back, hand_on=False)):
        yield Mistake("signal not handed back", in_order, turned)
    past_the_relu = walk(("Affine2", "Affine1"))
    yield Mistake("relu left out", "the signal has to pass the relu on its way back too", past_the_relu)
    yield Mistake(
        "loss left out", "the first signal comes from the loss: ask last_layer", walk(back, np.ones_like)
    )
    advice = "values travel forward; what travels back begins with last_layer"
    yield Mistake("scores for signals", advice, walk(back, np.copy))


@question(
    "The loss of a network whose weights and biases are all 0",
    "All scores are 0. What does the softmax make of equal scores?",
    "Every class gets the probability 1/C, the right one too. The loss is −ln of that.",
    "−ln(1/10), which is ln 10; and ln 2 for two classes",
)
def at_zero(ten_classes, two_classes):
    for name, yours, C in (("ten_classes", ten_classes, 10), ("two_classes", two_classes, 2)):
        p = softmax(np.zeros((1, C)))
        wanted = cross_entropy(p, [0])
        mistakes = [
            Mistake("probability for loss", "this is a probability; the loss is −ln of it", p[0, 0]),
            Mistake("sign", "a cross-entropy is never negative", -wanted),
            Mistake("another logarithm", "the loss uses the natural logarithm", np.log10(C)),
            Mistake("another logarithm", "the loss uses the natural logarithm", np.log2(C)),
            Mistake("weights for loss", "zero weights mean that it knows nothing, not that it is right", 0.0),
            Mistake("summed over the classes", "only the right class counts in the loss", C * wanted),
        ]  # fmt: skip
        yield compare(name, yours, wanted, mistakes, rtol=1e-2, show=False)


@question(
    "Two slopes of the relu at 0",
    "Put numbers in: relu(h) for a small positive h, relu(−h), and their difference over 2h.",
    "relu(h) is h and relu(−h) is 0. For the backward pass see the conventions: ReLU'(0) = …",
    "Half the slope of the right side; and a neuron that does not fire passes no signal back.",
)
def kink(central, ours):
    mistakes = [
        Mistake("one side only", "a central difference looks to both sides", 1.0),
        Mistake("one side only", "a central difference looks to both sides", 0.0),
        Mistake("not divided by 2h", "the two points are 2h apart, not h/2", 2.0),
    ]
    yield compare("central", central, 0.5, mistakes, show=False)
    mistakes = [
        Mistake("the measured slope", "backward does not measure: it has a rule for the kink", 0.5),
        Mistake("the right side", "a relu that does not fire passes nothing back", 1.0),
    ]
    yield compare("ours", ours, 0.0, mistakes, show=False)


@question(
    "A step down the gradient, in place",
    "For each name: the gradient points uphill, and lr says how far to go.",
    "The numbers have to change in the array that is there. Which spelling makes a new one?",
    "for name in params: params[name] -= lr * grads[name]",
    parts=4,
)
def step_down(step_down):
    rng, lr = np.random.default_rng(7), 0.3
    before = {"W": rng.normal(size=(2, 3)), "b": rng.normal(size=3)}
    params = {name: array.copy() for name, array in before.items()}
    grads = {name: rng.normal(size=array.shape) for name, array in before.items()}
    held, pushed = dict(params), {name: array.copy() for name, array in grads.items()}
    step_down(params, pushed, lr)
    for name in before:
        p, g = before[name], grads[name]
        moved = not np.array_equal(params[name], p)
        yield compare(
            f"{name} as its layer sees it", held[name], p - lr * g, slips_of_a_step(p, g, lr, moved)
        )
    for name in before:
        changed = [Mistake("gradients changed", _CHANGED, lambda yours: yours)]
        yield compare(f"gradient of {name} after the step", pushed[name], grads[name], changed)


_CHANGED = "the gradients belong to the caller: work out the step beside them"


def slips_of_a_step(p, g, lr, moved):
    """What one gets from p instead of p − lr · g; moved: whether the dict, if not its layer, has changed."""
    if moved:
        advice = (
            "the dict has a new array, and the layer still holds the old one: change the numbers in place"
        )
        yield Mistake("stale layer", advice, p)
    else:
        yield Mistake("nothing moved", "the parameters are as they were before the step", p)
    yield Mistake("uphill", "the gradient points uphill, and the loss has to get smaller", p + lr * g)
    yield Mistake("lr ignored", "how far to go is for lr to say", p - g)
    yield Mistake("gradient in place of the step", "the parameter has been overwritten, not moved", -lr * g)
