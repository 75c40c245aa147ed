"""Assignment 7: a network of the student's own lines, from the first weights to digits read."""

from dataclasses import replace
from functools import partial

import numpy as np

from ...check.compare import Mistake
from ...check.report import Finding
from ...graph.numerical import numerical_gradient
from ...networks.data import digits
from ..exercise import Unusable
from .common import and_then, compared, in_numpy, in_pairs, likeliest_first, returned, same, tell_apart
from .train_and_check import slips_of_a_step

NAMES = ("W1", "b1", "W2", "b2")
digits()  # imports scikit-learn: here the grader does it once for all, in a test for each hand-in anew

# ------------------------------------------------------------------------------- task 1: the beginning


@in_numpy("initialise: names and shapes", parts=4)
def shapes(initialise, seed=0, sizes=(5, 4, 3)):
    D, H, C = sizes
    params = _dict(initialise(D, H, C, 0.1, np.random.default_rng(seed)), "initialise")
    for name, shape in zip(NAMES, ((D, H), (H,), (H, C), (C,)), strict=True):
        yield _shape(name, params.get(name), shape)


def _shape(name, yours, wanted):
    if yours is None:
        return Finding(name, False, "is not in the dict")
    shape = np.shape(yours)
    if shape == wanted:
        return Finding(name, True, f"has the shape {wanted}")
    mistake = ()
    if shape == wanted[::-1]:
        mistake = _TURNED
    elif name.startswith("b") and len(shape) == 2:
        mistake = _TWO_AXES
    return Finding(name, False, f"has the shape {shape}, but needs {wanted}", *mistake)


_TURNED = "rows and columns exchanged", "samples are rows: x @ W wants a row of W for each input"
_TWO_AXES = "a bias with two axes", "a bias has one number for each neuron of its layer, and one axis"


@in_numpy("initialise: what stands in the arrays", parts=6)
def weights(initialise, seed=0, std=0.3):
    params = _dict(initialise(300, 200, 250, std, np.random.default_rng(seed)), "initialise")
    for name in ("W1", "W2"):
        W = _array(params, name)
        yield compared(f"spread of {name}", W.std(), std, _other_spreads(std, *W.shape), rtol=0.02)
        one_sided = [Mistake("mean not 0", "half of the weights should be negative", lambda yours: yours)]
        yield compared(f"mean of {name}", W.mean(), 0.0, one_sided, floor=0.03 * max(std, W.std()))
    for name in ("b1", "b2"):
        b = _array(params, name)
        random = [Mistake("biases not 0", _APART_BY_WEIGHTS, lambda yours: yours)]
        found = compared(name, b, np.zeros(b.shape), random)
        whole = found.ok and getattr(params[name], "dtype", np.dtype(float)).kind in "iu"
        yield Finding(name, False, "holds whole numbers", *_WHOLE_NUMBERS) if whole else found


_APART_BY_WEIGHTS = "biases begin at 0: the weights tell the neurons apart"
_WHOLE_NUMBERS = "array of integers", "a step of training cannot change whole numbers by a little: use floats"


def _other_spreads(std, n_in, *_):
    yield Mistake("all weights alike", "neurons that begin alike stay alike", 0.0)
    for other in (1.0, np.sqrt(2 / n_in), np.sqrt(1 / n_in)):
        yield Mistake("std ignored", "how wide the weights are spread is for std to say", other)
    for other in (std**2, np.sqrt(std)):
        yield Mistake("variance and std mixed up", "std is the standard deviation, not its square", other)
    for other in (std / np.sqrt(3), std / np.sqrt(12)):
        yield Mistake("uniform, not normal", "the weights are to be normally distributed", other)


@in_numpy("initialise: drawn from the rng it is given", parts=2)
def draws(initialise, seed=0):
    first, again, other = (
        _array(_dict(initialise(5, 4, 3, 0.1, np.random.default_rng(k)), "initialise"), "W1")
        for k in (seed, seed, seed + 1)
    )
    yield _yes("the same seed gives the same numbers", np.array_equal(first, again), _RNG)
    yield _yes("another seed gives other numbers", not np.array_equal(first, other), _RNG)


_RNG = (
    "rng ignored",
    "the same seed has to give the same numbers, and another seed others: draw from the rng in the arguments",
)

# ----------------------------------------------------------------------------------- task 2: forward


@in_numpy("predict: the scores")
def scores(predict, seed=0, sizes=(5, 4, 3, 2)):
    params, x, _ = _network(seed, *sizes)
    given = _copies(params, x)
    found = returned(predict(*given), "predict")
    yield compared(
        "scores", found, _scores(params, x), _other_scores(params, x), values=_more_scores(params, x)
    )
    yield from _touched(given, (params, x))


def _other_scores(params, x):
    W1, b1, W2, b2 = params.values()
    z, zero = x @ W1 + b1, {name: 0 * array for name, array in params.items()}
    scores = _scores(params, x)
    yield Mistake("relu left out", "without it two affine layers are one", z @ W2 + b2)
    yield Mistake("relu at the end too", "scores may be negative", np.maximum(scores, 0))
    before = (np.maximum(x, 0) @ W1 + b1) @ W2 + b2
    yield Mistake("relu of the inputs", "the relu stands behind the first affine layer", before)
    yield Mistake("another activation", "the hidden neurons are relus here", _sigmoid(z) @ W2 + b2)
    yield Mistake("softmax in predict", "predict ends with the scores", _softmax(scores))
    for left_out in (("b1",), ("b2",), ("b1", "b2")):
        without = params | {name: zero[name] for name in left_out}
        yield Mistake("bias left out", "each affine layer adds its own bias", _scores(without, x))


def _more_scores(params, x):
    W1, b1, W2, b2 = params.values()
    product, z = x @ W1, x @ W1 + b1
    hidden = {
        "relu before the bias": np.maximum(product, 0) + b1,
        "|z| for relu": np.abs(z),
        "min for max": np.minimum(z, 0),
        "a relu that leaks": np.where(z > 0, z, 0.01 * z),
        "tanh for relu": np.tanh(z),
        "1 for what passes": (z > 0) * 1.0,
        "relu twice a square": np.maximum(z, 0) ** 2,
        "b1 subtracted": np.maximum(product - b1, 0),
        "relu of z − 1": np.maximum(z - 1, 0),
    }
    made = {f"the scores with {name}": each @ W2 + b2 for name, each in hidden.items()}
    return made | {
        "the scores with b2 subtracted": np.maximum(z, 0) @ W2 - b2,
        "|scores|": np.abs(_scores(params, x)),
    }


@in_numpy("loss: the mean cross-entropy")
def mean_loss(loss, seed=0, sizes=(5, 4, 3, 2)):
    params, x, t = _network(seed, *sizes)
    given = _copies(params, x, t)
    found = returned(loss(*given), "loss")
    scores = _scores(params, x)
    known = {"shapes": [scores.shape], "values": _more_losses(scores, t)}
    yield compared("loss", found, _loss(params, x, t), _other_losses(scores, t), **known)
    yield from _touched(given, (params, x, t))


def _other_losses(scores, t):
    (N, C), right = scores.shape, np.arange(len(t))
    p = _softmax(scores)
    wanted = -np.log(p[right, t]).mean()
    yield Mistake("summed", "the loss is the mean over the samples, not their sum", N * wanted)
    yield Mistake("divided by C", "each sample counts once, not once for each class", wanted / C)
    yield Mistake("sign", "a cross-entropy is never negative", -wanted)
    for base in (2, 10):
        yield Mistake("another logarithm", "the loss uses the natural logarithm", wanted / np.log(base))
    for without in (p[right, t].mean(), 1 - p[right, t].mean()):
        yield Mistake("logarithm left out", "these are probabilities; the loss is −ln of them", without)
    columns = _softmax(scores.T).T
    yield Mistake("softmax over the wrong axis", "each sample has its own softmax",
                  -np.log(columns[right, t]).mean())  # fmt: skip
    yield Mistake("all classes counted", "only the right class counts in the loss",
                  -np.log(p).sum(axis=1).mean())  # fmt: skip


def _more_losses(scores, t):
    """Losses of other classes, of other numbers than the logarithms, and in other pieces."""
    (N, C), right, p = scores.shape, np.arange(len(t)), _softmax(scores)
    losses = {
        "one class beside": -np.log(p)[right, t - 1],
        "one class further": -np.log(p)[right, (t + 1) % C],
        "all classes": -np.log(p).mean(axis=1),
        "softmax taken twice": -np.log(_softmax(p))[right, t],
        "scores for logarithms": -scores[right, t],
        "the likeliest class": -np.log(p.max(axis=1)),
        "probabilities for logarithms": -p[right, t],
        "squares": ((p - np.eye(C)[t]) ** 2).sum(axis=1),
        "no sum of powers": scores.max(axis=1) - scores[right, t],
        "a yes or no for each class": -np.log(np.where(np.eye(C)[t] > 0, p, 1 - p)).sum(axis=1),
    }
    made = {f"the mean loss of {name}": each.mean() for name, each in losses.items()}
    made |= {f"the sum of losses of {name}": each.sum() for name, each in losses.items()}
    each = -np.log(p)[right, t]
    return made | {
        "the sum of losses divided by C": each.sum() / C,
        "the loss of each sample": each,
        "by all": each.sum() / (N * C),
    }


@in_numpy("loss: at zero weights", parts=2)
def loss_at_zero(loss, seed=0):
    for C in (3, 10):
        params, x, t = _network(seed, 4, 5, 6, C)
        zero = {name: np.zeros_like(array) for name, array in params.items()}
        found = returned(loss(zero, x, t), "loss")
        yield compared(f"loss for {C} classes", found, np.log(C), _other_losses(np.zeros((4, C)), t))


@in_numpy("loss: scores of a thousand")
def large_scores(loss, seed=0):
    params, x, t = _confident(seed)
    found = returned(loss(params, x, t), "loss")
    if np.ndim(found) == 0 and not np.isfinite(found):
        yield Finding("loss", False, f"is {found}", *_OVERFLOW)
        return
    p = _softmax(_scores(params, x))[np.arange(len(t)), t]
    advice = "whatever keeps the logarithm from 0 also bounds the loss, and then its slope is 0"
    bounded = [-np.log(np.maximum(p, bound)).mean() for bound in 10.0 ** -np.arange(5, 17)]
    cut = [Mistake("loss cut off", advice, each) for each in bounded]
    yield compared("loss", found, _loss(params, x, t), cut, rtol=1e-5)


_OVERFLOW = (
    "overflow",
    "exp of 1000 is more than a float can hold, and exp of −1000 is 0: lesson 5 keeps a softmax finite",
)

# ---------------------------------------------------------------------------------- task 3: backward


def _exact_gradient(gradient):
    """Both scores are 1, both probabilities 1/2; divided by 3 samples, they do not fit into float32."""
    params = {"W1": np.array([[1.0, -1, 2, 1], [0, 1, 0, -2]]), "b1": np.zeros(4)}
    params |= {"W2": np.array([[1.0, 0], [0, 1], [2, 2], [1, -1]]), "b2": np.full(2, -4.0)}
    x, t = np.tile([1.0, 2.0], (3, 1)), np.array([0, 1, 1])
    yield from in_pairs(gradient(params, x, t), _gradient(params, x, t))


@in_numpy("gradient: backpropagation against nudging", parts=4, exact=_exact_gradient)
def backprop(gradient, seed=0, sizes=(5, 4, 3, 2)):
    yield from and_then(_backprop(gradient, seed, sizes), lambda: _at_zero(gradient, seed))


def _backprop(gradient, seed, sizes):
    params, x, t = _network(seed, *sizes)
    given = _copies(params, x, t)
    found = _dict(gradient(*given), "gradient")
    wanted = _nudged(params, x, t)
    slips = likeliest_first(_other_gradients(params, x, t), {name: found.get(name) for name in NAMES})
    more = _more_gradients(params, x, t)
    for name in NAMES:
        mistakes = [slip._replace(gives=slip.gives[name]) for slip in slips]
        others = {what: each[name] for what, each in more.items() if name in each}
        others |= {f"d{other}": wanted[other] for other in NAMES if other != name}
        known = {"values": others, "shapes": [x.shape, (len(x), len(params["b2"]))]}
        yield compared(
            f"d{name}", found.get(name), wanted[name], mistakes, floor=1e-9, against="numerical", **known
        )
    yield from _touched(given, (params, x, t))


def _more_gradients(params, x, t):
    """Gradients that come of other errors at the scores, of another slope, or of other numbers passed on."""
    (W1, b1, W2, _), scores = params.values(), _scores(params, x)
    z, (N, C) = x @ W1 + b1, scores.shape
    h, p, one_hot = np.maximum(z, 0), _softmax(scores), np.eye(C)[t]
    delta, e = (p - one_hot) / N, np.exp(scores - scores.max(axis=1, keepdims=True))
    errors = {
        "scores for probabilities": scores - one_hot,
        "powers that are not divided": e - one_hot,
        "+ for − at the target": p + one_hot,
        "the slope of a sigmoid at the scores": (p - one_hot) * p * (1 - p),
        "a factor p": (p - one_hot) * p,
        "one class beside": p - np.roll(one_hot, -1, axis=1),
        "one class further": p - np.roll(one_hot, 1, axis=1),
        "the target taken from every row": p - np.isin(np.arange(C), t),
        "logarithms": np.log(p) - one_hot,
        "the target alone": -one_hot,
        "a softmax taken twice": _softmax(p) - one_hot,
        "the target set to 1": np.where(one_hot > 0, 1, p),
    }
    made = {f"a gradient with {name}": _gradients(x, h, W2, each / N, z > 0) for name, each in errors.items()}
    made |= {
        f"a gradient with {name}, without 1/N": _gradients(x, h, W2, each, z > 0)
        for name, each in errors.items()
    }
    s = _sigmoid(z)
    slopes = {
        "the slope of a sigmoid, taken of h": h * (1 - h),
        "the slope of a sigmoid": s * (1 - s),
        "1 − h²": 1 - h**2,
    }
    slopes |= {
        "the sign of z": np.sign(z),
        "a relu that leaks": np.where(z > 0, 1, 0.01),
        "z for the slope": z,
    }
    made |= {
        f"a gradient with {name} in the middle": _gradients(x, h, W2, delta, each)
        for name, each in slopes.items()
    }
    others = {
        "W2 already moved": W2 - h.T @ delta,
        "|W2|": np.abs(W2),
        "no W2": np.ones_like(W2),
        "W2 moved by a tenth": W2 - 0.1 * h.T @ delta,
    }
    made |= {f"a gradient with {name}": _gradients(x, h, each, delta, z > 0) for name, each in others.items()}
    passed = {"what passes, for how much": (z > 0) * 1.0, "z for h": z, "h²": h**2, "1 for h": 1 + 0 * h}
    made |= {f"a gradient with {name}": {"W2": each.T @ delta} for name, each in passed.items()}
    first = _gradients(x[:1], h[:1], W2, delta[:1], z[:1] > 0)
    return made | {"a gradient of the first sample": first}


def _at_zero(gradient, seed):
    """Where the sum of a neuron is exactly 0."""
    params, x, t = _network(seed, 5, 4, 3, 2)
    params["W1"][:, 0] = params["b1"][0] = 0.0
    found, wanted = _dict(gradient(params, x, t), "gradient"), _gradient(params, x, t)
    for name in NAMES:
        slope = [Mistake(*_AT_ZERO, lambda yours: yours)]
        yield compared(f"d{name} where a sum is 0", found.get(name), wanted[name], slope)


_AT_ZERO = "slope at 0", "where the sum is exactly 0, the slope of the relu is 0: no signal passes"


def _nudged(params, x, t):
    def loss(*arrays):
        return _loss(dict(zip(NAMES, arrays, strict=True)), x, t)

    return dict(zip(NAMES, numerical_gradient(loss, tuple(params.values())), strict=True))


def _other_gradients(params, x, t):
    """Mistakes with the gradients that each gives, by name."""
    z = x @ params["W1"] + params["b1"]
    scores = _scores(params, x)
    (N, C), one_hot = scores.shape, np.eye(scores.shape[1])[t]
    delta = (_softmax(scores) - one_hot) / N
    back = partial(_gradients, x, np.maximum(z, 0), params["W2"])
    right = back(delta, z > 0)
    yield Mistake("all zero", "every entry is 0: was it ever filled in?", _of_all(np.zeros_like, right))
    yield Mistake("1/N missing", "the loss is a mean, and its gradient keeps the 1/N", back(N * delta, z > 0))
    yield Mistake("1/N twice", "1/N lives in the loss and nowhere else", back(delta / N, z > 0))
    yield Mistake("divided by C", "the mean goes over the samples", back(delta * N / C, z > 0))
    yield Mistake("sign", "this is the way down; the gradient points uphill", back(-delta, z > 0))
    knows_nothing = back(_softmax(scores) / N, z > 0)
    yield Mistake("target not subtracted", "nothing in it knows the right answers", knows_nothing)
    columns = (_softmax(scores.T).T - one_hot) / N
    yield Mistake("softmax over the wrong axis", "each sample has its own softmax", back(columns, z > 0))
    yield Mistake("relu left out", "the signal has to pass the relu on its way back", back(delta, z < np.inf))
    value = back(delta, np.maximum(z, 0))
    yield Mistake("value for slope", "the slope of the relu is 0 or 1, however large its value", value)
    yield Mistake("relu inverted", "a signal passes where the value passed", back(delta, z < 0))
    cut = back(delta, (delta @ params["W2"].T) > 0)
    yield Mistake("cut by the signal", "the relu looks at the value that came forward", cut)
    sums = _gradients(x, z, params["W2"], delta, z > 0)
    yield Mistake("sums for answers", "W2 multiplies what the relu lets through", sums)
    turned = _of_all(np.transpose, right)
    yield Mistake("transposed", "a gradient has the shape of its parameter", turned)
    kept = right | {name: right[name][np.newaxis] for name in ("b1", "b2")}
    yield Mistake("a bias with two axes", "a gradient has the shape of its parameter", kept)
    averaged = right | {name: right[name] / N for name in ("b1", "b2")}
    yield Mistake("averaged instead of summed", "a bias reaches every sample: add what comes back", averaged)


def _gradients(x, h, W2, delta2, passes):
    """BP2 to BP4 from the errors of the scores; passes: where the relu lets a signal through."""
    delta1 = (delta2 @ W2.T) * passes
    db1, db2 = (delta.sum(axis=0) for delta in (delta1, delta2))
    return {"W1": x.T @ delta1, "b1": db1, "W2": h.T @ delta2, "b2": db2}


def _of_all(f, arrays):
    return {name: f(array) for name, array in arrays.items()}


@in_numpy("gradient: scores of a thousand", exact=_exact_gradient)
def large_gradients(gradient, seed=0):
    params, x, t = _confident(seed)
    dW1 = _array(_dict(gradient(params, x, t), "gradient"), "W1")
    if np.isfinite(dW1).all():
        yield compared("dW1", dW1, _gradient(params, x, t)["W1"])
    else:
        yield Finding("dW1", False, "is not finite", *_OVERFLOW)


# ------------------------------------------------------------------------------------ task 4: the check


class _Valley:
    """loss(params, x, t) = (mean x + mean t) · Σ (a p³ + b p): its central differences are known exactly."""

    def __init__(self, seed):
        rng = np.random.default_rng(seed)
        shape = {"W1": (3, 4), "b1": (4,), "W2": (4, 5), "b2": (5,)}
        self.a, self.b, self.params = (
            {name: rng.uniform(1, 2, shape[name]) for name in NAMES} for _ in range(3)
        )
        self.x, self.t = rng.uniform(0.5, 1.5, (5, 3)), np.arange(5) % 4
        self.scale = self.x.mean() + self.t.mean()

    def loss(self, params, x, t):
        cubes = (np.sum(self.a[n] * params[n] ** 3 + self.b[n] * params[n]) for n in NAMES)
        return float((x.mean() + t.mean()) * sum(cubes))

    def gradient(self, params, x, t):
        return {n: (x.mean() + t.mean()) * (3 * self.a[n] * params[n] ** 2 + self.b[n]) for n in NAMES}

    def nudged(self, h, sides=2):
        """What differences find at params: central ones, or with one side (f(p + h) − f(p)) / h."""
        bend = {n: 3 * p * h * (2 - sides) + h**2 for n, p in self.params.items()}
        right = self.gradient(self.params, self.x, self.t)
        return {n: right[n] + self.scale * self.a[n] * bend[n] for n in NAMES}


@in_numpy("relative_errors: a gradient with slips in it", parts=4)
def finds_slips(relative_errors, seed=0):
    yield from and_then(
        _finds_slips(relative_errors, _Valley(seed)), lambda: _finds_small_slips(relative_errors, seed)
    )


def _finds_small_slips(relative_errors, seed):
    """With gradients of 1e-9, where nothing may be added to the scale."""
    valley = _Valley(seed)
    valley.a, valley.b = ({name: 1e-9 * each for name, each in all_.items()} for all_ in (valley.a, valley.b))
    for found in _finds_slips(relative_errors, valley):
        hidden = () if found.ok or found.mistake in _KNOWN_ERRORS else _ADDED
        yield replace(
            found, what=f"{found.what}, of 1e-9", **dict(zip(("mistake", "advice"), hidden, strict=False))
        )


_ADDED = "added to the scale", "what is added so that nothing divides by 0 hides a small gradient"
_KNOWN_ERRORS = "divided by h", "two sizes added", "scale of one side"


def _finds_slips(relative_errors, valley):

    def wrong(params, x, t):
        g = valley.gradient(params, x, t)
        g["W1"], g["W2"] = g["W1"] / 2, 3 * g["W2"]
        g["b1"][g["b1"].argmin()] *= 0.6
        return g

    found = _errors(relative_errors, valley, wrong)
    g, n = wrong(valley.params, valley.x, valley.t), valley.nudged(1e-5)
    for name in NAMES:
        wanted = _error(g[name], n[name])
        mistakes = _other_errors(g[name], n[name])
        others = {"the numerical gradient": n[name], "the gradient": g[name], "n − g": n[name] - g[name]}
        others |= {
            "a yes or no": 0.0,
            "an error made of sums": np.abs(g[name] - n[name]).sum() / np.abs(g[name]).max(),
        }
        others |= {
            "an error without brackets, / 2 * h": _error(g[name], 1e-10 * n[name]),
            "an error to the other side": _error(g[name], -n[name]),
        }
        yield compared(
            f"error of {name}", found.get(name), wanted, mistakes, rtol=1e-4, floor=1e-6, values=others
        )


def _error(g, n):
    return np.abs(g - n).max() / max(np.abs(g).max(), np.abs(n).max())


_TOO_NEAR = "how far apart are the two points?"
_WHOLE_ARRAY = "the scale is that of the whole array"


def _other_errors(g, n):
    apart, ours, theirs = np.abs(g - n), np.abs(g).max(), np.abs(n).max()
    scale = max(ours, theirs)
    yield Mistake("nothing compared", "the gradient has slips in it: compare it with nudging", 0.0)
    yield Mistake("divided by h", _TOO_NEAR, _error(g, 2 * n))
    yield Mistake("absolute error", "divide by the size of the gradients", apart.max())
    yield Mistake("mean for maximum", "one wrong entry among many must not hide", apart.mean() / scale)
    entrywise = (apart / np.maximum(np.abs(g), np.abs(n))).max()
    yield Mistake("entry by entry", _WHOLE_ARRAY, entrywise)
    for one_side in (ours, theirs):
        yield Mistake(
            "scale of one side", "the scale is the largest size on either side", apart.max() / one_side
        )
    norm = np.linalg.norm
    for added in (apart.max() / (ours + theirs), norm(g - n) / (norm(g) + norm(n))):
        yield Mistake("two sizes added", "the scale is the larger of the two, not their sum", added)
    for signed in ((g - n).max() / scale, (n - g).max() / scale):
        yield Mistake("sign of the difference", "it is the size of the difference that matters", signed)


@in_numpy("relative_errors: the step h, to both sides", parts=4)
def nudges_by_h(relative_errors, seed=0):
    h, rng = 0.1, np.random.default_rng(seed)
    (valley,) = tell_apart(lambda rng: (_Valley(rng),), lambda valley: _by_h(valley, h), rng)
    found = _errors(relative_errors, valley, valley.gradient, h=h)
    for name, (wanted, mistakes) in zip(NAMES, _by_h(valley, h), strict=True):
        yield compared(f"error of {name} with h = {h}", found.get(name), wanted, mistakes, floor=1e-8)


def _by_h(valley, h):
    """For each parameter the error that central differences find, and mistakes."""
    right, central = valley.gradient(valley.params, valley.x, valley.t), valley.nudged(h)
    one_side, other_side = valley.nudged(h, 1), valley.nudged(-h, 1)
    for name in NAMES:
        g, n = right[name], central[name]
        yield (
            _error(g, n),
            [
                Mistake("forward difference", _ONE_SIDE, _error(g, one_side[name])),
                Mistake("forward difference", _ONE_SIDE, _error(g, other_side[name])),
                Mistake("divided by h", _TOO_NEAR, _error(g, 2 * n)),
                Mistake(
                    "entry by entry", _WHOLE_ARRAY, (np.abs(g - n) / np.maximum(np.abs(g), np.abs(n))).max()
                ),
                Mistake("h ignored", "the nudge has to be the argument h", 0.0),
            ],
        )


_ONE_SIDE = "this looks to one side only"


@in_numpy("relative_errors: the parameters afterwards")
def puts_back(relative_errors, seed=0):
    valley, asked = _Valley(seed), []
    params = {name: 1e-6 * p for name, p in valley.params.items()}  # smaller than h, or little is lost
    before = _of_all(np.copy, params)

    def loss(params, x, t):
        asked.append(_of_all(np.copy, params))
        return valley.loss(params, x, t)

    relative_errors(loss, valley.gradient, params, valley.x, valley.t)
    if all(same(each, before) for each in asked):
        raise Unusable("loss was never asked at nudged parameters, so there was nothing to put back")
    close = all(np.allclose(params[n], before[n], rtol=1e-12) for n in NAMES)
    mistake = _ARITHMETIC if close else _STAYS_NUDGED
    yield _yes("the parameters are as they were", same(params, before), mistake)


_STAYS_NUDGED = "parameters stay nudged", "put each entry back before the next one is nudged"
_ARITHMETIC = "put back by arithmetic", "p + h − h is not quite p: remember the entry itself"


@in_numpy("relative_errors: where both gradients are 0", parts=4)
def zeros_agree(relative_errors, seed=0):
    valley = _Valley(seed)
    nothing = _of_all(np.zeros_like, valley.params)

    def loss(params, x, t):
        return 1.0

    def gradient(params, x, t):
        return nothing

    found = relative_errors(loss, gradient, _of_all(np.copy, valley.params), valley.x, valley.t)
    for name, error in _dict(found, "relative_errors").items():
        if np.ndim(error) == 0 and np.isnan(error):
            yield Finding(f"error of {name}", False, "is nan", *_ZERO_BY_ZERO)
        else:
            yield compared(f"error of {name}", error, 0.0)


_ZERO_BY_ZERO = "zero divided by zero", "two gradients that are 0 agree: their error is 0, and no quotient"


def _errors(relative_errors, valley, gradient, **options):
    params = _of_all(np.copy, valley.params)
    found = relative_errors(valley.loss, gradient, params, valley.x, valley.t, **options)
    return _dict(found, "relative_errors")


# ------------------------------------------------------------------------------------- task 5: the step


@in_numpy("Momentum: the first step", parts=4)
def first_step(Momentum, seed=0):
    before, (grads, *_) = _pushes(seed)
    params, pushed = _of_all(np.copy, before), _of_all(np.copy, grads)
    held = dict(params)
    Momentum(0.3, 0.8).update(params, pushed)
    for name, p in before.items():
        slips = slips_of_a_step(p, grads[name], 0.3, not np.array_equal(params[name], p))
        others = {what: each[name] for what, each in _more_steps(before, [grads], 0.3, 0.8).items()}
        yield compared(
            f"{name} as its layer sees it", held[name], p - 0.3 * grads[name], slips, values=others
        )
    for name in before:
        changed = [Mistake("gradients changed", _CHANGED, lambda yours: yours)]
        yield compared(f"gradient of {name} after the step", pushed[name], grads[name], changed)


_CHANGED = "the gradients belong to the caller: work out the step beside them"


@in_numpy("Momentum: two more steps", parts=4)
def next_steps(Momentum, seed=0, lr=0.3, momentum=0.8):
    before, pushes = _pushes(seed)
    params, optimiser = _of_all(np.copy, before), Momentum(lr, momentum)
    for k, grads in enumerate(pushes, start=1):
        optimiser.update(params, _of_all(np.copy, grads))
        for name in before if k > 1 else ():
            slips = [
                slip._replace(gives=slip.gives[name])
                for slip in _other_steps(before, pushes[:k], lr, momentum)
            ]
            wanted = _rolled(before, pushes[:k], lr, momentum)[name]
            others = {
                what: each[name] for what, each in _more_steps(before, pushes[:k], lr, momentum).items()
            }
            yield compared(f"{name} after {k} steps", params[name], wanted, slips, values=others)


def _pushes(seed):
    rng = np.random.default_rng(seed)
    draw = lambda: {name: rng.normal(size=(2, 3)) for name in ("W", "V")}  # noqa: E731
    return draw(), [draw() for _ in range(3)]


def _rolled(params, pushes, lr, momentum, fresh=1.0):
    """v ← momentum · v − fresh · lr · g, then p ← p + v, for each push."""
    p, v = dict(params), _of_all(np.zeros_like, params)
    for g in pushes:
        v = {name: momentum * v[name] - fresh * lr * g[name] for name in p}
        p = {name: p[name] + v[name] for name in p}
    return p


def _other_steps(params, pushes, lr, momentum):
    """Mistakes with the parameters that each gives, by name."""
    rolled = partial(_rolled, params, pushes, lr)
    yield Mistake("velocity forgotten", "v has to outlive the call of update", rolled(0.0))
    yield Mistake("momentum ignored", "v keeps only a share of itself from step to step", rolled(1.0))
    damped = rolled(momentum, fresh=1 - momentum)
    yield Mistake("push weakened", "a gradient pushes with its whole lr · g", damped)
    uphill = _rolled(params, pushes, -lr, momentum)
    yield Mistake("uphill", "the gradient points uphill, and the loss has to get smaller", uphill)
    one_late = _rolled(params, pushes[:-1], lr, momentum)
    yield Mistake("one push late", "first the new velocity, then the step with it", one_late)
    shared = _one_velocity(params, pushes, lr, momentum)
    yield Mistake("one velocity for all", "each parameter has a velocity of its own", shared)


def _more_steps(params, pushes, lr, momentum):
    """Where other rules of this kind lead."""
    rules = {  # of p, v and g: the new p and the new v
        "a step ahead of the velocity": lambda p, v, g: (
            p + momentum * (momentum * v - lr * g) - lr * g,
            momentum * v - lr * g,
        ),
        "the square of momentum": lambda p, v, g: (p + momentum**2 * v - lr * g, momentum**2 * v - lr * g),
        "lr over all of the velocity": lambda p, v, g: (p + lr * (momentum * v - g), lr * (momentum * v - g)),
        "lr and momentum in each other's place": lambda p, v, g: (
            p + lr * v - momentum * g,
            lr * v - momentum * g,
        ),
        "each step taken twice": lambda p, v, g: (p + 2 * (momentum * v - lr * g), momentum * v - lr * g),
        "p kept as the velocity": lambda p, v, g: (p + momentum * v - lr * g, p + momentum * v - lr * g),
        "momentum added": lambda p, v, g: (p + momentum + v - lr * g, momentum + v - lr * g),
        "momentum on the gradient": lambda p, v, g: (p + v - momentum * lr * g, v - momentum * lr * g),
        "a velocity that is not moved along": lambda p, v, g: (p + v - lr * g, -lr * g),
        "v counted downhill and added": lambda p, v, g: (p + momentum * v + lr * g, momentum * v + lr * g),
        "a velocity of p − v": lambda p, v, g: (p - (momentum * v - lr * g), momentum * v - lr * g),
        "no lr": lambda p, v, g: (p + momentum * v - g, momentum * v - g),
        "the old velocity": lambda p, v, g: (p + v, momentum * v - lr * g),
        "a sum of all gradients": lambda p, v, g: (p - lr * (v + g), v + g),
    }
    return {f"a step with {name}": _by_rule(rule, params, pushes) for name, rule in rules.items()}


def _by_rule(rule, params, pushes):
    p, v = dict(params), dict.fromkeys(params, 0.0)
    for g in pushes:
        for name in p:
            p[name], v[name] = rule(p[name], v[name], g[name])
    return p


def _one_velocity(params, pushes, lr, momentum):
    p, v = dict(params), 0.0
    for g in pushes:
        for name in p:
            v = momentum * v - lr * g[name]
            p[name] = p[name] + v
    return p


@in_numpy("Momentum: a second optimiser", parts=2)
def second_optimiser(Momentum, seed=0, lr=0.3, momentum=0.8):
    before, (push, next_push, _) = _pushes(seed)
    first, second = _of_all(np.copy, before), _of_all(np.copy, before)
    Momentum(lr, momentum).update(first, _of_all(np.copy, push))
    Momentum(lr, momentum).update(second, _of_all(np.copy, next_push))
    for name, p in before.items():
        wanted = p - lr * next_push[name]
        shared = [Mistake("velocity shared", _SHARED, wanted + momentum * (first[name] - p))]
        yield compared(f"{name} after its first step", second[name], wanted, shared)


_SHARED = "it begins with the velocity of the first one: where does an object keep what is its own?"


# ------------------------------------------------------------------------------------- task 6: training


class _Watched:
    """What train does with N samples whose first number is their own: batches, orders, steps."""

    def __init__(self, train, N=10, epochs=3, batch_size=4, seed=0):
        self.x = np.stack([np.arange(N), np.ones(N)], axis=1)
        self.t = 100 + np.arange(N)
        self.params, self.given = {"w": np.zeros(2)}, _copies(self.x, self.t)
        self.batches, self.targets, self.seen, self.events = [], [], [], []
        rng = np.random.default_rng(seed)
        train(self.params, *self.given, self.gradient, self.step, epochs, batch_size, rng)
        if not self.batches:
            raise Unusable("gradient was never asked, so nothing has been learned")

    def gradient(self, params, x, t):
        self.batches.append(np.array(x)[:, 0].astype(int).tolist())
        self.targets.append((np.array(t) - 100).tolist())
        self.seen.append(params["w"].copy())
        self.events.append("gradient")
        return {"w": np.full(2, float(len(self.batches)))}

    def step(self, params, grads):
        self.events.append("step" if grads["w"][0] == len(self.batches) else "another step")
        params["w"] -= grads["w"]


@in_numpy("train: the mini-batches", parts=4)
def batches(train, seed=0, N=10, batch_size=4):
    watched = _Watched(train, N, 3, batch_size, seed)
    epoch = [len(range(k, min(k + batch_size, N))) for k in range(0, N, batch_size)]
    sizes = [len(batch) for batch in watched.batches]
    right = sizes == 3 * epoch
    yield Finding("sizes of the batches", right, f"{sizes}", *(() if right else _wrong_sizes(sizes, epoch)))
    if not right:
        return
    orders = np.concatenate(watched.batches).reshape(3, N)
    once = np.array_equal(np.sort(orders), [np.arange(N)] * 3)
    yield _yes("in an epoch each sample comes once", once, _REPLACED)
    yield _yes("each sample has its own target", watched.batches == watched.targets, _APART)
    mistake = _NO_ORDER if np.array_equal(orders[0], np.arange(N)) else _ONE_ORDER
    yield _yes("each epoch has a new order", all((orders[0] != order).any() for order in orders[1:]), mistake)


def _wrong_sizes(sizes, epoch):
    for mistake, others in (
        (_DROPPED, 3 * epoch[:-1]),
        (_WHOLE, 3 * [sum(epoch)]),
        (_ONE_EPOCH, epoch),
        (_FILLED, 3 * len(epoch) * epoch[:1]),
        (_SINGLES, 3 * sum(epoch) * [1]),
        (_ONE_BATCH, 3 * epoch[:1]),
        (_OTHER_EPOCHS, 2 * epoch),
        (_OTHER_EPOCHS, 4 * epoch),
        (_TOO_LARGE, 3 * [*(size + 1 for size in epoch[:-1]), epoch[-1]]),
    ):
        if sizes == others:
            return mistake
    return ()


_DROPPED = "last batch dropped", "what is left over at the end of an epoch is a batch too, a smaller one"
_WHOLE = "no mini-batches", "batch_size says how many samples go into one step"
_ONE_EPOCH = "one epoch only", "how often all samples are visited is for epochs to say"
_FILLED = "last batch filled up", "the last batch has only the samples that are left over"
_SINGLES = "one sample at a time", "batch_size says how many samples go into one step"
_ONE_BATCH = "one batch an epoch", "an epoch goes through all samples, one batch after the other"
_OTHER_EPOCHS = "an epoch too many or too few", "how often all samples are visited is for epochs to say"
_TOO_LARGE = "batches too large", "batch_size says how many samples go into one step"
_REPLACED = "drawn with replacement", "in an epoch some samples come twice and others never"
_APART = "x and t apart", "each sample has to keep its own target when the order changes"
_NO_ORDER = "never shuffled", "the samples come in the order in which they lie there, every time"
_ONE_ORDER = "shuffled once", "the order of the first epoch comes again: draw a new one for each"


@in_numpy("train: a step after every gradient", parts=3)
def steps(train, seed=0):
    watched = _Watched(train, seed=seed)
    events, n = watched.events, len(watched.batches)
    if "step" not in events:
        raise Unusable("step was never called with the gradient of its batch, so nothing is learned")
    mistake = _TOO_FEW if events.count("step") < n else _OTHERS
    yield _yes("one step follows on each gradient", events == n * ["gradient", "step"], mistake)
    moved = -np.cumsum([0, *range(1, n)])
    yield _yes(
        "each gradient is taken at the newest parameters",
        [w[0] for w in watched.seen] == moved.tolist(),
        _OLD,
    )
    yield _yes("the parameters of the caller have moved", watched.params["w"][0] == -n * (n + 1) / 2, _COPY)


_TOO_FEW = "steps left out", "every mini-batch has its own gradient and its own step"
_OTHERS = "gradient and step in disorder", "step belongs to the gradient that has just been worked out"
_OLD = "old parameters", "a gradient is needed where the parameters are now, not where they were"
_COPY = "a copy is trained", "the arrays in params are the network: it is they that have to move"


@in_numpy("train: the order comes from rng", parts=2)
def order_from_rng(train, seed=0):
    first, again, other = (_Watched(train, seed=k).batches for k in (seed, seed, seed + 1))
    yield _yes("the same seed gives the same numbers", first == again, _RNG)
    yield _yes("another seed gives other numbers", first != other, _RNG)


@in_numpy("train: x and t afterwards")
def samples_stay(train, seed=0):
    watched = _Watched(train, seed=seed)
    same = all(map(np.array_equal, watched.given, (watched.x, watched.t)))
    yield _yes("x and t are as they were", same, _IN_PLACE)


@in_numpy("train: a network that reads digits")
def reads_digits(train, seed=0):
    data, rng = digits(seed), np.random.default_rng(seed)
    params = {"W1": rng.normal(0, 0.1, (64, 50)), "b1": np.zeros(50)}
    params |= {"W2": rng.normal(0, 0.1, (50, 10)), "b2": np.zeros(10)}

    def step(params, grads):
        for name in params:
            params[name] -= 0.1 * grads[name]

    train(params, data.x_train, data.t_train, _gradient, step, 10, 32, rng)
    accuracy = np.mean(_scores(params, data.x_test).argmax(axis=1) == data.t_test)
    yield Finding("accuracy on new digits", accuracy >= 0.9, f"is {accuracy:.2f}; 0.90 is asked for")


# -------------------------------------------------------------------------------- the network, and answers


def _network(seed, N, D, H, C):
    """Parameters, samples and targets; no sum of a hidden neuron lies on the kink of the relu."""
    rng = np.random.default_rng(seed)
    while True:
        params = {"W1": rng.normal(size=(D, H)), "b1": rng.normal(size=H)}
        params |= {"W2": rng.normal(size=(H, C)), "b2": rng.normal(size=C)}
        x, t = rng.normal(size=(N, D)), rng.permutation(np.arange(N) % C)
        z = x @ params["W1"] + params["b1"]
        if np.abs(z).min() > 0.01 and (z > 0).any(axis=0).all() and (z < 0).any(axis=0).all():
            return params, x, t


def _confident(seed):
    """A network with scores of about ±1000, and targets that are not the largest of them."""
    params, x, t = _network(seed, 5, 4, 3, 2)
    params = params | {"W2": 1000 * params["W2"], "b2": 1000 * params["b2"]}
    t = _scores(params, x).argmin(axis=1)
    t[0] = 1 - t[0]
    return params, x, t


def _scores(params, x):
    hidden = x @ params["W1"] + params["b1"]
    return np.maximum(hidden, 0) @ params["W2"] + params["b2"]


def _loss(params, x, t):
    scores = _scores(params, x)
    scores = scores - scores.max(axis=1, keepdims=True)
    return np.mean(np.log(np.exp(scores).sum(axis=1)) - scores[np.arange(len(t)), t])


def _gradient(params, x, t):
    h, scores = np.maximum(x @ params["W1"] + params["b1"], 0), _scores(params, x)
    delta = (_softmax(scores) - np.eye(scores.shape[1])[t]) / len(x)
    return _gradients(x, h, params["W2"], delta, h > 0)


def _softmax(scores):
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def _sigmoid(z):
    return 1 / (1 + np.exp(-z))


def _dict(answer, who):
    if not isinstance(returned(answer, who), dict):
        raise Unusable(f"{who} has to return a dict with the names {', '.join(NAMES)}")
    return answer


def _array(params, name):
    if params.get(name) is None:
        raise Unusable(f"{name} is not in the dict")
    return np.asarray(params[name], dtype=float)


def _copies(*given):
    return tuple(_of_all(np.copy, each) if isinstance(each, dict) else each.copy() for each in given)


def _touched(given, before):
    """A finding, if anything that was given has been changed."""
    if not same(given, before):
        yield _yes("params, x and t are as they were", False, _IN_PLACE)


_IN_PLACE = "changed in place", "params, x and t belong to the caller: work beside them"


def _yes(what, ok, mistake):
    return Finding(what, True, "yes") if ok else Finding(what, False, "no", *mistake)
