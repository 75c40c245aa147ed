"""Lesson 10: gradients through many layers, how weights begin, dead relus, rates, and a step of Adam."""

import numpy as np

from ...check.compare import Mistake, compare
from ..exercise import Unusable, question
from .common import returned


@question(
    "The gradients of all weights of a deep network",
    "Begin at the last layer: its delta is the upstream times its slopes.",
    "BP4: the answers that enter the layer, transposed, times delta. BP2 brings the signal one layer back.",
    "Loop backwards: delta = upstream * slopes[k]; answers[k].T @ delta; upstream = delta @ weights[k].T",
    parts=6,
)
def weight_gradients(weight_gradients):
    for sizes in ((4, 4, 4, 4), (5, 3, 2, 4)):
        given = _deep(*sizes)
        found = returned(weight_gradients(*map(_copies, given)), "weight_gradients")
        wanted = _weight_gradients(*given)
        if not isinstance(found, list | tuple) or len(found) != len(wanted):
            raise Unusable(
                f"weight_gradients has to return a list of {len(wanted)} arrays, one for each layer"
            )
        slips = list(_slips_on_the_way_back(*given)) if len({*sizes}) == 1 else []
        for k, right in enumerate(wanted):
            mistakes = [Mistake("last layer first", _IN_ORDER, wanted[-1 - k])] if k != 1 else []
            mistakes += [slip._replace(gives=slip.gives[k]) for slip in slips]
            yield compare(f"dW of layer {k + 1}, sizes {sizes}", found[k], right, mistakes)


_IN_ORDER = "you go from the last layer to the first; the list goes the other way"


def _deep(*sizes):
    """Answers that enter each layer, slopes of its activation, its weights, and an upstream; 6 samples."""
    rng = np.random.default_rng(sum(sizes))
    answers = [rng.normal(size=(6, n)) for n in sizes[:-1]]
    slopes = [rng.uniform(0.2, 1, (6, n)) for n in sizes[1:]]
    weights = [rng.normal(size=shape) for shape in zip(sizes, sizes[1:], strict=False)]
    return answers, slopes, weights, rng.normal(size=(6, sizes[-1]))


def _copies(arrays):
    return [array.copy() for array in arrays] if isinstance(arrays, list) else arrays.copy()


def _weight_gradients(answers, slopes, weights, upstream):
    gradients = []
    for k in reversed(range(len(weights))):
        delta = upstream * slopes[k]
        gradients.insert(0, answers[k].T @ delta)
        upstream = delta @ weights[k].T
    return gradients


def _slips_on_the_way_back(answers, slopes, weights, upstream):
    """Mistakes with the gradients that each gives; all layers are of one size, so that all can be made."""
    open_wide = [np.ones_like(slope) for slope in slopes]
    yield Mistake("slopes left out", "each layer has an activation, and the signal has to pass its slope",
                  _weight_gradients(answers, open_wide, weights, upstream))  # fmt: skip
    turned = [W.T for W in weights]
    yield Mistake("weights not transposed", "going back, W stands transposed: BP2",
                  _weight_gradients(answers, slopes, turned, upstream))  # fmt: skip
    alone = [a.T @ (upstream * slope) for a, slope in zip(answers, slopes, strict=True)]
    yield Mistake("signal not passed on", "a layer gets what the layer above it sends down",
                  alone)  # fmt: skip
    eyes = [np.eye(len(W)) for W in weights]
    yield Mistake("weights left out", "on its way down the signal passes the weights of each layer",
                  _weight_gradients(answers, slopes, eyes, upstream))  # fmt: skip
    right = _weight_gradients(answers, slopes, weights, upstream)
    yield Mistake("gradient transposed", "a gradient has the shape of its weights", [dW.T for dW in right])


@question(
    "Three weights of one neuron, and their gradients",
    "Upstream × local: what is the derivative of the neuron's sum for one of its weights?",
    "The sum is w₁h₁ + w₂h₂ + w₃h₃, so each weight gets delta times the answer that it multiplies.",
    "−0.4 · 0.2 first; then go on, with the sign of each answer",
)
def zig_zag(after_sigmoid, after_tanh):
    delta = -0.4
    for name, yours, h in (
        ("after_sigmoid", after_sigmoid, [0.2, 0.9, 0.5]),
        ("after_tanh", after_tanh, [0.2, -0.9, 0.5]),
    ):
        h = np.array(h)
        mistakes = [
            Mistake("signal alone", "each weight also sees the answer that it multiplies", np.full(3, delta)),
            Mistake("answers alone", "the signal delta arrives at the neuron: upstream × local", h),
            Mistake("sign", "delta is negative", -delta * h),
            Mistake("signs of the answers lost", "an answer below 0 turns the sign", delta * np.abs(h)),
        ]
        yield compare(name, yours, delta * h, mistakes, show=False)


@question(
    "How wide the weights of 200 inputs begin",
    "A sum of n products of size 1 has the variance n · std². Which std makes it 1?",
    "A relu lets half of the squares through, so the variance of its weights is twice as large.",
    "1/√200 for tanh, √(2/200) for relu",
)
def spreads(tanh_std, relu_std):
    n = 200
    for name, yours, share in (("tanh_std", tanh_std, 1.0), ("relu_std", relu_std, 2.0)):
        other = 3.0 - share
        mistakes = [
            Mistake("variance for spread", "this is the variance; the spread is its root", share / n),
            Mistake("spread of the sum", "this is how wide the sum gets, not how wide the weights may be",
                    np.sqrt(n)),
            Mistake("relu and tanh exchanged", "which of the two loses half of what it is given?",
                    np.sqrt(other / n)),
            Mistake("spread doubled", "it is the variance that doubles, not the spread", share / np.sqrt(n)),
        ]  # fmt: skip
        yield compare(name, yours, np.sqrt(share / n), mistakes, rtol=1e-2, show=False)


@question(
    "How many relus are dead",
    "A neuron is a column of h. When has it died?",
    "Dead is a neuron that answers 0 to every sample, not one that answers 0 now and then.",
    "np.sum((h == 0).all(axis=0)) or h.max(axis=0), counted",
    parts=3,
)
def dead(dead):
    for seed, (N, n) in enumerate([(7, 5), (4, 9), (20, 6)]):
        h = _answers(seed, N, n)
        given = h.copy()
        yield compare(
            f"dead among {n} neurons, {N} samples",
            returned(dead(given), "dead"),
            (h == 0).all(axis=0).sum(),
            [
                Mistake("zeros counted", "a relu that is silent for one sample is not dead", (h == 0).sum()),
                Mistake("samples for neurons", "a neuron is a column of h", (h == 0).all(axis=1).sum()),
                Mistake("silent once is not dead", "dead is who answers to no sample at all",
                        (h == 0).any(axis=0).sum()),
                Mistake("the living counted", "these are the others", (h > 0).any(axis=0).sum()),
                Mistake("a share", "asked is how many", (h == 0).all(axis=0).mean()),
            ],
        )  # fmt: skip


def _answers(seed, N, n):
    """Answers of n relus to N samples: some dead, one sample that wakes nobody, all counts different."""
    rng = np.random.default_rng(seed)
    h = np.maximum(rng.normal(size=(N, n)), 0)
    h[:, 0] = np.arange(N) % 2 + 0.5  # two that are awake
    h[:, 1] = 1.0
    h[:, 2 : 4 + seed] = 0.0
    h[-1] = 0.0
    return h


@question(
    "The largest learning rate on a valley",
    "One step multiplies the distance p from the bottom by 1 − lr · curvature.",
    "The distance shrinks as long as that factor lies between −1 and 1.",
    "1 − lr · 50 > −1, solved for lr",
)
def largest_rate(lr):
    mistakes = [
        Mistake(
            "one step to the bottom",
            "with this one the first step arrives; how far beyond may one go?",
            1 / 50,
        ),
        Mistake("curvature left out", "a steeper valley bears a smaller rate", 2.0),
        Mistake("turned round", "the rate is small where the curvature is large", 25.0),
        Mistake("half of the curvature", "the slope of ½ · 50 · p² is 50 p", 2 / 25),
    ]
    yield compare("lr", lr, 2 / 50, mistakes, rtol=1e-2, show=False)


@question(
    "One step of Adam",
    "First the two running means: m of g, and v of g squared.",
    "Both begin at 0 and are too small by 1 − β to the power k: divide, but keep m and v as they are.",
    "m̂ = m / (1 − beta1**k), v̂ = v / (1 − beta2**k), p − lr · m̂ / (√v̂ + eps)",
    parts=6,
)
def adam_step(adam_step):
    for k in (1, 4):
        given = _before(k)
        found = returned(
            adam_step(*map(np.copy, given), k, lr=0.3, beta1=0.8, beta2=0.9, eps=1e-8), "adam_step"
        )
        if not isinstance(found, list | tuple) or len(found) != 3:
            raise Unusable("adam_step has to return three arrays: the new p, m and v")
        wanted = _adam(*given, k)
        for name, yours, right in zip("pmv", found, wanted, strict=True):
            slips = [slip._replace(gives=slip.gives["pmv".index(name)]) for slip in _slips_of_adam(*given, k)]
            yield compare(f"{name} after step {k}", yours, right, slips)


def _before(k):
    rng = np.random.default_rng(k)
    p, g = rng.normal(size=(2, 3)), rng.normal(size=(2, 3))
    m = v = np.zeros((2, 3))
    return (p, g, m, v) if k == 1 else (p, g, rng.normal(size=(2, 3)), rng.uniform(0.5, 2, (2, 3)))


def _adam(p, g, m, v, k, lr=0.3, beta1=0.8, beta2=0.9):
    m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g**2
    step = m / (1 - beta1**k) / (np.sqrt(v / (1 - beta2**k)) + 1e-8)
    return p - lr * step, m, v


def _slips_of_adam(p, g, m, v, k):
    lr, beta1, beta2 = 0.3, 0.8, 0.9
    up, new_m, new_v = _adam(p, g, m, v, k, lr=-lr)
    hat_m, hat_v = new_m / (1 - beta1**k), new_v / (1 - beta2**k)
    yield Mistake("uphill", "the gradient points uphill, and the loss has to get smaller", (up, new_m, new_v))
    as_they_are = p - lr * new_m / (np.sqrt(new_v) + 1e-8)
    yield Mistake("bias correction left out", "both means begin at 0, and are too small at first",
                  (as_they_are, new_m, new_v))  # fmt: skip
    yield Mistake("root left out", "v is a mean of squares: its root has the size of g",
                  (p - lr * hat_m / (hat_v + 1e-8), new_m, new_v))  # fmt: skip
    yield Mistake("no mean of the gradient", "the step goes along m, not along g",
                  (p - lr * g / (np.sqrt(hat_v) + 1e-8), new_m, new_v))  # fmt: skip
    yield Mistake("corrected means remembered", "the correction is for this step only",
                  (_adam(p, g, m, v, k)[0], hat_m, hat_v))  # fmt: skip
    sums = beta1 * m + g, beta2 * v + g**2
    yield Mistake("sums for means", "a running mean takes only the share 1 − β of what is new",
                  (p, *sums))  # fmt: skip
