"""Assignment 10: how weights begin, Adam, a diagnosis layer by layer, and twenty layers mended."""

import numpy as np

from ...check.compare import Mistake, compare
from ...check.report import Finding
from ...networks.data import digits
from ..exercise import Unusable, question
from .common import in_numpy, likeliest_first, returned, same

digits()  # imports scikit-learn: here the grader does it once for all, in a test for each hand-in anew

# ----------------------------------------------------------------------------- task 1: how weights begin


@in_numpy("begin: a layer for each pair of sizes", parts=6)
def shapes(begin, seed=0, sizes=(5, 4, 6, 3)):
    layers = _layers(begin(list(sizes), "tanh", np.random.default_rng(seed)), len(sizes) - 1, "begin")
    for k, (W, b) in enumerate(layers, start=1):
        n_in, n_out = sizes[k - 1 : k + 1]
        yield _shape(f"W of layer {k}", W, (n_in, n_out))
        yield _biases(f"b of layer {k}", b, n_out)


def _shape(what, yours, wanted):
    if np.shape(yours) == wanted:
        return Finding(what, True, f"has the shape {wanted}")
    turned = _TURNED if np.shape(yours) == wanted[::-1] else ()
    return Finding(what, False, f"has the shape {np.shape(yours)}, but needs {wanted}", *turned)


_TURNED = "rows and columns exchanged", "samples are rows: h @ W wants a row of W for each input"


def _biases(what, b, n):
    if np.shape(b) == (n,) and getattr(b, "dtype", np.dtype(float)).kind in "iu":
        return Finding(what, False, "holds whole numbers", *_WHOLE_NUMBERS)
    if np.shape(b) == (1, n):
        return Finding(what, False, f"has the shape {np.shape(b)}, but needs {(n,)}", *_TWO_AXES)
    random = [Mistake("biases not 0", "biases begin at 0: the weights tell the neurons apart", np.asarray(b))]
    return compare(what, b, np.zeros(n), random)


_WHOLE_NUMBERS = "array of integers", "a step of training cannot change whole numbers by a little: use floats"
_TWO_AXES = "a bias with two axes", "a bias has one number for each neuron of its layer, and one axis"


@in_numpy("begin: how wide the weights are spread", parts=8)
def spreads(begin, seed=0, sizes=(500, 150, 250)):
    for activation, share in (("tanh", 1.0), ("relu", 2.0)):
        layers = _layers(begin(list(sizes), activation, np.random.default_rng(seed)), 2, "begin")
        for k, (W, _) in enumerate(layers, start=1):
            n_in, n_out = sizes[k - 1 : k + 1]
            W = np.asarray(W, dtype=float)
            wanted = np.sqrt(share / n_in)
            what = f"{activation}, layer {k}"
            mistakes = _other_spreads(share, n_in, n_out, sizes)
            spread = np.sqrt(np.mean(W**2))  # about 0: their mean is looked at below
            yield compare(f"spread of the weights, {what}", spread, wanted, mistakes, rtol=0.02)
            yield _drawn(f"their distribution, {what}", W)


def _other_spreads(share, n_in, n_out, sizes):
    exchanged = "which of the two sets half of its sums to 0, and needs wider weights?"
    yield Mistake("relu and tanh exchanged", exchanged, np.sqrt((3 - share) / n_in))
    yield Mistake("outputs for inputs", "a sum goes over the inputs of a neuron", np.sqrt(share / n_out))
    yield Mistake("variance for spread", "s² = 1/n is the variance; the spread is its root", share / n_in)
    yield Mistake("spread doubled", "for a relu the variance doubles, not the spread", share / np.sqrt(n_in))
    middle = "asked is the rule of the forward pass: the inputs alone"
    yield Mistake("inputs and outputs", middle, np.sqrt(2 / (n_in + n_out)))
    yield Mistake("wider with more inputs", "the more inputs, the smaller each weight", np.sqrt(n_in))
    yield Mistake("one spread for all", "each layer has a number of inputs of its own",
                  np.sqrt(share / sizes[0]))  # fmt: skip
    fixed = "how wide depends on the number of inputs"
    for std in (0.01, 0.1, 1.0):
        yield Mistake("a fixed spread", fixed, std)
    for cut in (3, 12):
        yield Mistake("uniform, not normal", "normally distributed, please", np.sqrt(share / n_in / cut))


def _drawn(what, W):
    """Normal numbers have some beyond three standard deviations, and a mean near 0."""
    if (W == W.flat[0]).all():
        return Finding(what, False, "all are the same", *_ALIKE)
    if abs(W.mean()) > 0.1 * W.std():
        return Finding(what, False, f"the mean is {W.mean():.2g}", *_ONE_SIDED)
    if np.abs(W).max() < 2.5 * W.std():
        return Finding(what, False, "no weight lies far out", *_UNIFORM)
    return Finding(what, True, "is normal, as far as it shows")


_ALIKE = "all weights alike", "neurons that begin alike stay alike: each weight is drawn by itself"
_ONE_SIDED = "mean not 0", "half of the weights should be negative"
_UNIFORM = "uniform, not normal", "normally distributed, please: a few weights lie three times as far as most"


@in_numpy("begin: drawn from the rng it is given", parts=3)
def draws(begin, seed=0):
    def weights(k):
        return [W for W, _ in _layers(begin([6, 6, 6], "relu", np.random.default_rng(k)), 2, "begin")]

    first, again, other = weights(seed), weights(seed), weights(seed + 1)
    if np.ptp(first[0]) == 0:
        raise Unusable("all weights of a layer are the same, so none has been drawn")
    yield _yes("the same seed gives the same numbers", np.array_equal(first[0], again[0]), _RNG)
    yield _yes("another seed gives other numbers", not np.array_equal(first[0], other[0]), _RNG)
    yield _yes("each layer has numbers of its own", not np.array_equal(*first), _ONE_MATRIX)


_RNG = (
    "rng ignored",
    "the same seed has to give the same numbers, and another seed others: draw from the rng in the arguments",
)
_ONE_MATRIX = "one matrix for all", "draw anew for each layer"

# ------------------------------------------------------------------------------------------ task 2: Adam

RATES = {"lr": 0.3, "beta1": 0.8, "beta2": 0.9, "eps": 0.05}


@in_numpy("Adam: the first step", parts=4)
def first_step(Adam, seed=0):
    before, (grads, *_) = _pushes(seed)
    params, pushed = _copied(before), _copied(grads)
    held = dict(params)
    Adam(**RATES).update(params, pushed)
    slips = likeliest_first(_other_steps(before, [grads]), held)
    for name in before:
        moved = not np.array_equal(params[name], before[name])
        stale = [Mistake(*_STALE, before[name])] if moved else []
        still = [Mistake("nothing moved", "the parameters are as they were before the step", before[name])]
        mistakes = [*stale, *still, *_of(name, slips)]
        wanted = _rolled(before, [grads])[name]
        yield compare(f"{name} as its layer sees it", held[name], wanted, mistakes)
    for name in before:
        changed = [Mistake("gradients changed", _CHANGED, lambda yours: yours)]
        yield compare(f"gradient of {name} after the step", pushed[name], grads[name], changed)


_STALE = (
    "stale layer",
    "the dict has a new array, and the layer still holds the old one: change the numbers in place",
)
_CHANGED = "the gradients belong to the caller: work out the step beside them"


@in_numpy("Adam: three more steps", parts=6)
def next_steps(Adam, seed=0):
    before, pushes = _pushes(seed)
    params, optimiser = _copied(before), Adam(**RATES)
    for k, grads in enumerate(pushes, start=1):
        optimiser.update(params, _copied(grads))
        slips = likeliest_first(_other_steps(before, pushes[:k]), params)
        for name in before if k > 1 else ():
            wanted = _rolled(before, pushes[:k])[name]
            yield compare(f"{name} after {k} steps", params[name], wanted, _of(name, slips))


@in_numpy("Adam: a second optimiser", parts=2)
def second_optimiser(Adam, seed=0):
    before, (push, next_push, *_) = _pushes(seed)
    first, second = _copied(before), _copied(before)
    Adam(**RATES).update(first, _copied(push))
    Adam(**RATES).update(second, _copied(next_push))
    third = _copied(before)
    Adam(**RATES).update(third, _copied(next_push))
    alike = all(np.array_equal(second[name], third[name]) for name in before)
    for name in before:
        shared = [] if alike else [Mistake(*_SHARED, second[name])]
        yield compare(
            f"{name} after its first step", second[name], _rolled(before, [next_push])[name], shared
        )


_SHARED = (
    "state shared",
    "it begins with what the first optimiser has remembered: where does an object keep what is its own?",
)


@in_numpy("Adam: its numbers are for the caller to choose", parts=4)
def other_rates(Adam, seed=0):
    before, pushes = _pushes(seed)
    for name, number in (("lr", 0.07), ("beta1", 0.5), ("beta2", 0.6), ("eps", 0.5)):
        params, rates = _copied(before), RATES | {name: number}
        optimiser = Adam(**rates)
        for grads in pushes[:2]:
            optimiser.update(params, _copied(grads))
        wanted = _rolled(before, pushes[:2], **rates)["W"]
        others = [_rolled(before, pushes[:2], **RATES | {name: usual})["W"] for usual in _USUAL[name]]
        ignored = [Mistake("a number ignored", f"{name} is for the caller to choose", W) for W in others]
        yield compare(f"W with {name} = {number}", params["W"], wanted, ignored)


_USUAL = {
    "lr": (0.001, 0.01, 0.3),
    "beta1": (0.9, 0.8),
    "beta2": (0.999, 0.9),
    "eps": (1e-8, 1e-7, 0.0, 0.05),
}


def _pushes(seed):
    rng = np.random.default_rng(seed)
    draw = lambda: {name: rng.normal(size=(2, 3)) for name in ("W", "V")}  # noqa: E731
    return draw(), [draw() for _ in range(4)]


def _means(m, v, g, beta1=RATES["beta1"], beta2=RATES["beta2"]):
    return beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g**2


def _hats(m, v, k, beta1=RATES["beta1"], beta2=RATES["beta2"]):
    return m / (1 - beta1**k), v / (1 - beta2**k)


def _step(m, v, g, hat_m, hat_v, eps):
    return hat_m / (np.sqrt(hat_v) + eps)


def _rolled(params, pushes, step=_step, means=_means, remember=True, count=None, keep=None, **rates):
    """Adam, push after push; what is handed in is another way to take one of its parts."""
    rates = RATES | rates
    betas = {name: rates[name] for name in ("beta1", "beta2")}
    p, state, calls = _copied(params), {}, 0
    for k, g in enumerate(pushes, start=1):
        for name in p:
            calls += 1
            m, v = means(*(state.get(name, (0.0, 0.0)) if remember else (0.0, 0.0)), g[name], **betas)
            hats = _hats(m, v, count(k, calls) if count else k, **betas)
            p[name] = p[name] - rates["lr"] * step(m, v, g[name], *hats, rates["eps"])
            state[name] = hats if keep == "hats" else (m, v)
    return p


def _other_steps(params, pushes):
    """Mistakes with the parameters that each gives, by name."""

    def gives(**other):
        return _rolled(params, pushes, **other)

    def stepped(step):
        return gives(step=step)

    def averaged(means):
        return gives(means=means)

    uphill = gives(lr=-RATES["lr"])
    yield Mistake("uphill", "the gradient points uphill, and the loss has to get smaller", uphill)
    forgotten = gives(remember=False)
    yield Mistake("means forgotten", "m and v have to outlive the call of update", forgotten)
    as_they_are = stepped(lambda m, v, g, hat_m, hat_v, eps: m / (np.sqrt(v) + eps))
    yield Mistake(
        "bias correction left out", "both means begin at 0, and are too small at first", as_they_are
    )
    for one in (
        stepped(lambda m, v, g, hat_m, hat_v, eps: hat_m / (np.sqrt(v) + eps)),
        stepped(lambda m, v, g, hat_m, hat_v, eps: m / (np.sqrt(hat_v) + eps)),
    ):
        yield Mistake("one mean corrected", "both of them begin at 0", one)
    without_root = stepped(lambda m, v, g, hat_m, hat_v, eps: hat_m / (hat_v + eps))
    yield Mistake("root left out", "v is a mean of squares: its root has the size of g", without_root)
    inside = stepped(lambda m, v, g, hat_m, hat_v, eps: hat_m / np.sqrt(hat_v + eps))
    yield Mistake("eps inside the root", "ε is added to the root, not below it", inside)
    along_g = stepped(lambda m, v, g, hat_m, hat_v, eps: g / (np.sqrt(hat_v) + eps))
    yield Mistake("no mean of the gradient", "the step goes along m, not along g", along_g)
    momentum = stepped(lambda m, v, g, hat_m, hat_v, eps: hat_m)
    yield Mistake("never divided", "the step is m over the root of v, entry by entry", momentum)
    exchanged = averaged(lambda m, v, g, beta1, beta2: _means(m, v, g, beta2, beta1))
    yield Mistake("betas exchanged", "beta1 is for the mean of g, beta2 for that of its square", exchanged)
    sums = averaged(lambda m, v, g, beta1, beta2: (beta1 * m + g, beta2 * v + g**2))
    yield Mistake("sums for means", "a running mean takes only the share 1 − β of what is new", sums)
    turned = averaged(lambda m, v, g, beta1, beta2: _means(m, v, g, 1 - beta1, 1 - beta2))
    yield Mistake("shares exchanged", "β is the share of what was, 1 − β that of what is new", turned)
    no_square = averaged(lambda m, v, g, beta1, beta2: (_means(m, v, g)[0], beta2 * v + (1 - beta2) * abs(g)))
    yield Mistake("square forgotten", "v is the mean of g squared", no_square)
    corrected = gives(keep="hats")
    yield Mistake("corrected means remembered", "the correction is for this step only", corrected)
    each = gives(count=lambda k, calls: calls)
    yield Mistake("counted for each parameter", "k counts calls of update, not parameters", each)
    late = gives(count=lambda k, calls: k + 1)
    yield Mistake("counted one late", "the first step is number 1", late)
    always = gives(count=lambda k, calls: 1)
    yield Mistake("always step 1", "the correction fades as the steps go on", always)
    shared = _one_state(params, pushes)
    yield Mistake("one state for all", "each parameter has an m and a v of its own", shared)


def _stepped(m, v, k, g):
    return RATES["lr"] * _step(m, v, g, *_hats(m, v, k), RATES["eps"])


def _one_state(params, pushes):
    p, m, v = _copied(params), 0.0, 0.0
    for k, g in enumerate(pushes, start=1):
        for name in p:
            m, v = _means(m, v, g[name])
            p[name] = p[name] - _stepped(m, v, k, g[name])
    return p


def _of(name, slips):
    return [slip._replace(gives=slip.gives[name]) for slip in slips]


def _copied(arrays):
    return {name: array.copy() for name, array in arrays.items()}


# ------------------------------------------------------------------------------------- task 3: a diagnosis


def _size(dW):
    return float(np.linalg.norm(dW))


# Asked in this order about the activation, the answers of each layer, and the sizes of the gradients.
RULES = {
    "dead": lambda f, answers, sizes: f == "relu" and any(_share(_dead(h)) for h in answers),
    "saturated": lambda f, answers, sizes: f == "tanh" and any(_share(np.abs(h) > 0.99) for h in answers),
    "symmetric": lambda f, answers, sizes: any((h == h[:, :1]).all() for h in answers),
    "exploding": lambda f, answers, sizes: max(sizes) > 1000,
    "vanishing": lambda f, answers, sizes: min(sizes) < max(sizes) / 1000 or max(sizes) < 1e-6,
}


def _share(which):
    return np.mean(which) >= 0.5


def _dead(h):
    return (h == 0).all(axis=0)


def _diagnosis(case, rules=RULES, size=_size):
    f, answers, gradients = case
    sizes = list(map(size, gradients))
    return next((name for name, fits in rules.items() if fits(f, answers, sizes)), "healthy")


@question("diagnose: networks to examine", parts=16)
def diagnoses(diagnose, seed=0):
    cases = list(_cases(seed))
    wanted = list(map(_diagnosis, cases))
    given = [
        (f, [h.copy() for h in answers], [g.copy() for g in gradients]) for f, answers, gradients in cases
    ]
    found = [returned(diagnose(*case), "diagnose") for case in given]
    slips = (slip for slip in _SLIPS if [_diagnosis(case, **slip.gives) for case in cases] == found)
    slip = next(slips, None)
    for k, (case, yours, right) in enumerate(zip(cases, found, wanted, strict=True), start=1):
        what = f"network {k}, {len(case[1])} layers of {case[0]}"
        if yours == right:
            yield Finding(what, True, f"is {right}")
        elif not isinstance(yours, str) or yours not in (*RULES, "healthy"):
            yield Finding(what, False, f"you say {yours!r}", *_ANOTHER_WORD)
        else:
            yield Finding(what, False, f"you say {yours}; it is {right}", *(slip[:2] if slip else ()))
    if not all(same(a, b) for a, b in zip(given, cases, strict=True)):
        yield Finding("answers and gradients", False, "are not what they were", *_IN_PLACE)


_ANOTHER_WORD = "another word", "the answer is one of the six words of the task"
_IN_PLACE = "changed in place", "what is handed in belongs to the caller: work beside it"


def _cases(seed):
    """Sixteen networks; each slip in the table below meets one on which it is wrong."""
    rng = np.random.default_rng(seed)
    N, n = 40, 8
    z = lambda scale=1.0: scale * rng.normal(size=(N, n))  # noqa: E731

    def relu(dead=0, shift=0.3):
        h = np.maximum(z() - shift, 0)
        h[0] = 0.0  # a sample that wakes nobody
        h[1] += 0.1  # and one that wakes everybody
        h[:, rng.permutation(n)[:dead]] = 0.0
        return h

    def far(share, sign):
        h = np.tanh(z(0.5))
        h[rng.random((N, n)) < share] = sign * 0.995
        return h

    def sized(*sizes):
        drawn = [rng.normal(size=(n, n)) for _ in sizes]
        return [size * g / np.linalg.norm(g) for size, g in zip(sizes, drawn, strict=True)]

    fine = lambda: sized(*rng.uniform(5, 90, 4))  # noqa: E731
    alike = np.tanh(np.tile(rng.normal(size=(N, 1)), n))
    yield "relu", [relu(1, -1.2), relu(0, -1.2), relu(2, -1.2), relu(0, -1.2)], fine()
    yield "tanh", [far(0.2, 1), np.tanh(z(0.8)), np.tanh(z(0.8)), far(0.2, -1)], fine()
    yield "relu", [relu(), relu(), relu(5), relu(1)], fine()
    yield "relu", [relu(shift=1.0), relu(1, 1.2), relu(shift=1.5), relu(shift=1.0)], fine()
    yield "tanh", [far(0.1, 1), far(0.2, 1), np.tanh(z()), far(0.75, -1)], fine()
    yield "tanh", [far(0.1, 1), far(0.75, 1), np.tanh(z()), np.tanh(z())], fine()
    yield "tanh", [np.tanh(z()) for _ in range(4)], sized(1800, 1500, 1200, 900)
    yield "relu", [relu() for _ in range(4)], sized(9e6, 3e4, 600, 2)
    yield "tanh", [np.tanh(z(0.3)) for _ in range(4)], sized(2e-6, 1e-4, 3e-2, 0.8)
    yield "relu", [relu() for _ in range(4)], sized(0.5, 2e-5, 2e-5, 0.9)
    yield "tanh", [np.tanh(z(0.01)) for _ in range(4)], sized(2e-8, 1e-8, 3e-8, 2e-8)
    yield "tanh", [np.tanh(z()), alike, np.tanh(z()), np.tanh(z())], fine()
    yield "relu", [relu(), relu(6), relu(), relu()], sized(1e-6, 2e-6, 1e-3, 0.7)
    yield "relu", [2 + 3 * relu() for _ in range(4)], fine()
    yield "tanh", [np.tanh(z()) for _ in range(4)], sized(6000, 5500, 5000, 5000)
    yield (
        "tanh",
        [np.tanh(z()), np.tanh(z()), np.tile(np.tanh(rng.normal(size=n)), (N, 1)), np.tanh(z())],
        fine(),
    )


def _with(**rules):
    return {"rules": RULES | rules}


def _dead_if(look):
    return _with(dead=lambda f, answers, sizes: f == "relu" and any(map(look, answers)))


def _saturated_if(look):
    return _with(saturated=lambda f, answers, sizes: f == "tanh" and any(map(look, answers)))


def _at_the(which):
    """The same rules, which look at some layers' answers only."""
    looks = ("dead", "saturated", "symmetric")
    return _with(**{name: lambda f, h, sizes, fits=RULES[name]: fits(f, which(h), sizes) for name in looks})


def _in_order(*names):
    return {"rules": {name: RULES[name] for name in names}}


_FIRST = "the first rule that fits decides, in the order of the table"
_SLIPS = [
    Mistake("always healthy", "this says healthy to everybody", {"rules": {}}),
    Mistake("zeros for dead", "dead is a relu that is silent for all samples, not for half of them",
            _dead_if(lambda h: _share(h == 0))),
    Mistake("silent once is not dead", "a dead relu is silent for every sample",
            _dead_if(lambda h: _share((h == 0).any(axis=0)))),
    Mistake("one dead is no illness", "at least half of the relus of a layer have to be dead",
            _dead_if(lambda h: _dead(h).any())),
    Mistake("half is enough", "half of the relus of a layer are enough, all are not needed",
            _dead_if(lambda h: _dead(h).all())),
    Mistake("sign forgotten", "a tanh saturates at −1 as well", _saturated_if(lambda h: _share(h > 0.99))),
    Mistake("activation ignored", "a relu may answer 5 and is not saturated",
            _with(saturated=lambda f, answers, sizes: any(_share(np.abs(h) > 0.99) for h in answers))),
    Mistake("one saturated is no illness", "at least half of the answers of a layer have to be far out",
            _saturated_if(lambda h: (np.abs(h) > 0.99).any())),
    Mistake("samples compared", "symmetric are neurons that answer alike to each sample: compare columns",
            _with(symmetric=lambda f, answers, sizes: any((h == h[:1]).all() for h in answers))),
    Mistake("starving overlooked", "it also vanishes where all layers get next to nothing",
            _with(vanishing=lambda f, answers, sizes: min(sizes) < max(sizes) / 1000)),
    Mistake("ratio overlooked", "it also vanishes where a layer gets less than a thousandth of another",
            _with(vanishing=lambda f, answers, sizes: max(sizes) < 1e-6)),
    Mistake("first against last", "the smallest may lie between: compare it with the largest",
            _with(vanishing=lambda f, answers, sizes: sizes[0] < sizes[-1] / 1000 or max(sizes) < 1e-6)),
    Mistake("largest entry for size", "the size is the root of the sum of all squares",
            {"size": lambda g: np.abs(g).max()}),
    Mistake("root left out", "the size is the root of the sum of squares", {"size": lambda g: np.sum(g**2)}),
    Mistake("mean for size", "the size is the root of the sum of squares, not a mean",
            {"size": lambda g: np.mean(np.abs(g))}),
    Mistake("one layer only", "one ill layer anywhere makes the network ill", _at_the(lambda h: h[:1])),
    Mistake("one layer only", "one ill layer anywhere makes the network ill", _at_the(lambda h: h[-1:])),
    Mistake("another order", _FIRST, _in_order("vanishing", "exploding", "dead", "saturated", "symmetric")),
    Mistake("another order", _FIRST, _in_order("dead", "saturated", "symmetric", "vanishing", "exploding")),
    Mistake("another order", _FIRST, _in_order("exploding", "vanishing", "dead", "saturated", "symmetric")),
    Mistake("symmetry overlooked", "there is a layer whose neurons all answer alike",
            _in_order("dead", "saturated", "exploding", "vanishing")),
]  # fmt: skip

# ---------------------------------------------------------------------------------- task 4: twenty layers

DEPTH = 20


@in_numpy("learn: twenty layers that read digits", parts=5)
def reads_digits(learn, seed=0):
    data = digits(seed)
    x, t = data.x_train.copy(), data.t_train.copy()
    layers, f = _network(learn(x, t, np.random.default_rng(seed)))
    yield from _as_asked(layers, f)
    yield _accuracy("accuracy on the digits to learn from", layers, f, (data.x_train, data.t_train), 0.95)
    yield _accuracy("accuracy on new digits", layers, f, (data.x_test, data.t_test), 0.85)
    if not same((x, t), (data.x_train, data.t_train)):
        yield Finding("x and t", False, "are not what they were", *_IN_PLACE)


def _network(answer):
    if not isinstance(returned(answer, "learn"), list | tuple) or len(answer) != 2 or not callable(answer[1]):
        raise Unusable("learn has to return two things: the list of (W, b), and the activation, a function")
    layers, f = answer
    if not isinstance(layers, list | tuple) or not all(
        isinstance(e, list | tuple) and len(e) == 2 for e in layers
    ):
        raise Unusable("the first thing that learn returns has to be a list of pairs (W, b)")
    return [(np.asarray(W, float), np.asarray(b, float)) for W, b in layers], f


def _as_asked(layers, f):
    n = len(layers)
    yield _yes(f"{n} layers", n == DEPTH, _OTHER_DEPTH)
    sizes = [layers[0][0].shape[0], *(W.shape[1] for W, _ in layers)]
    kept = sizes == [64, *[32] * (DEPTH - 1), 10]
    if n == DEPTH:
        yield _yes("64 inputs, 32 neurons in each hidden layer, 10 outputs", kept, _OTHER_SIZES)
    else:
        yield Finding("the sizes of the layers", False, "cannot be compared before there are twenty")
    z = np.array([[-2.0, -1.0, 0.0, 1.0, 2.0]])
    bends = np.abs(np.diff(np.asarray(f(z), float)[0], 2)).max() > 1e-9
    yield _yes("the activation bends", bends, _STRAIGHT)


_OTHER_DEPTH = "another depth", "the network has twenty layers with weights; to make it shallow is no repair"
_OTHER_SIZES = "other sizes", "the sizes of the layers are not ill: keep them"
_STRAIGHT = "no activation", "without a bend twenty layers are one"


def _accuracy_of(layers, f, x, t):
    h = x
    for k, (W, b) in enumerate(layers):
        h = h @ W + b
        h = h if k == len(layers) - 1 else np.asarray(f(h), float)
    return float(np.mean(h.argmax(axis=1) == t)) if np.isfinite(h).all() else np.nan


def _accuracy(what, layers, f, samples, wanted):
    share = _accuracy_of(layers, f, *samples)
    if share >= wanted:
        return Finding(what, True, f"is {share:.2f}")
    if np.isnan(share):
        return Finding(what, False, "the scores are not numbers", *_RAN_AWAY)
    mistake = _GUESSES if share < 0.25 else _ON_THE_WAY
    return Finding(what, False, f"is {share:.2f}; {wanted:.2f} is asked for", *mistake)


_RAN_AWAY = "ran away", "a parameter has grown without end: how long are the steps?"
_GUESSES = (
    "it only guesses",
    "no layer is told how to move, or the steps are too long: measure the answers and gradients by layer",
)
_ON_THE_WAY = "not there yet", "it learns; more epochs, or another rate, or a better beginning"


@in_numpy("learn: its chance comes from rng", parts=2)
def learns_from_rng(learn, seed=0):
    data = digits(seed)
    x, t = data.x_train[:64], data.t_train[:64]
    first, again, other = (
        _network(learn(x.copy(), t.copy(), np.random.default_rng(k)))[0][0][0] for k in (seed, seed, seed + 1)
    )
    if not np.isfinite(first).all():
        raise Unusable("the weights that come back are not numbers")
    yield _yes("the same seed gives the same network", np.array_equal(first, again), _RNG)
    yield _yes("another seed gives another one", not np.array_equal(first, other), _RNG)


# ---------------------------------------------------------------------------------------------- answers


def _layers(answer, n, who):
    if not isinstance(returned(answer, who), list | tuple):
        raise Unusable(f"{who} has to return a list of pairs (W, b), one for each layer")
    if len(answer) != n:
        raise Unusable(
            f"{who} returned {len(answer)} layers where {n} are asked for: one for each pair of sizes"
        )
    if not all(isinstance(each, list | tuple) and len(each) == 2 for each in answer):
        raise Unusable(f"{who} has to return a pair (W, b) for each layer")
    return answer


def _yes(what, ok, mistake):
    return Finding(what, True, "yes") if ok else Finding(what, False, "no", *mistake)
