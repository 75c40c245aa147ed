"""Assignment 6: how the answers are judged, by nudging a network that is written out once more here."""

from copy import deepcopy
from functools import partial
from itertools import pairwise

import numpy as np

from ...check.compare import Mistake
from ...check.report import Finding
from ...graph.numerical import numerical_gradient
from ..exercise import Unusable
from .common import compared, in_numpy, in_pairs, leaves_alone, likeliest_first, returned, tell_apart, whole
from .mlp import W_FOR_WT, sigmoid, slips_of_bp2, slips_of_the_slope, slope

SQUARE, UNEQUAL = (3, 3, 3, 3), (4, 3, 5, 2)  # the first names a transpose, the second needs it

# ------------------------------------------------------------------------------- a network in columns


def _network(sizes, seed):
    """x, y, weights and biases, in columns, with y between 0 and 1."""
    rng = np.random.default_rng((len(sizes), *sizes, seed))
    weights = [rng.normal(size=(n, n_in)) for n_in, n in pairwise(sizes)]
    biases = [rng.normal(size=(n, 1)) for n in sizes[1:]]
    return rng.normal(size=(sizes[0], 1)), rng.uniform(size=(sizes[-1], 1)), weights, biases


def _feedforward(x, weights, biases, activation=sigmoid):
    layers = [(None, x)]
    for w, b in zip(weights, biases, strict=True):
        z = w @ layers[-1][1] + b
        layers.append((z, activation(z)))
    zs, activations = map(list, zip(*layers, strict=True))
    return zs[1:], activations


def _cost(x, y, weights, biases):
    return 0.5 * float(np.sum((_feedforward(x, weights, biases)[1][-1] - y) ** 2))


def _two_lists(answer, who, names, lengths):
    try:
        first, second = returned(answer, who)
        got = len(first), len(second)
    except (TypeError, ValueError):
        raise Unusable(f"{who} has to return two lists, {names[0]} and {names[1]}") from None
    if got != lengths:
        raise Unusable(
            f"{names[0]} has to hold {lengths[0]} arrays and {names[1]} {lengths[1]}; "
            f"yours hold {got[0]} and {got[1]}"
        )
    return first, second


def _another_shape(mistake):
    """A mistake that shows in the shape alone."""
    return lambda wanted: Mistake(*mistake, lambda yours: wanted if yours.shape == wanted.shape else yours)


_NOT_A_COLUMN = (
    "not a column",
    "a layer's numbers stand in a column (n, 1); look at the shape of each factor and at the kind of product",
)
_not_a_column = _another_shape(_NOT_A_COLUMN)


# ------------------------------------------------------------------------------- task 1: the forward pass


@in_numpy("feedforward: every z and every a", parts=7)
def feedforward(feedforward, sizes=UNEQUAL, seed=0):
    x, _, weights, biases = _network(sizes, seed)
    answer = feedforward(*deepcopy((x, weights, biases)))
    zs, activations = _two_lists(answer, "feedforward", ("zs", "activations (x first)"), (3, 4))
    right = _feedforward(x, weights, biases)
    made = [slip._replace(gives=slip.gives(x, weights, biases)) for slip in _forward_slips(sizes)]
    slips = likeliest_first(_by_place(made), _placed((zs, activations)))
    for k, letter in enumerate("za"):
        yours = (zs, activations)[k]
        for l, wanted in enumerate(right[k]):
            mistakes = [slip._replace(gives=slip.gives[k, l]) for slip in slips]
            what = f"{letter}{l + 1 - k}, layers of {', '.join(map(str, sizes))}"
            others = {what: lists[k][l] for what, lists in _other_passes(x, weights, biases).items()}
            yield compared(what, yours[l], wanted, [*mistakes, _not_a_column(wanted)], values=others)


def _other_passes(x, weights, biases):
    """zs and activations that come of another activation, or of other sums."""
    zs, activations = _feedforward(x, weights, biases)
    functions = {"tanh": np.tanh, "relu": lambda z: np.maximum(z, 0), "σ(−z)": lambda z: sigmoid(-z)}
    passes = {f"a with {name} for σ": _feedforward(x, weights, biases, f) for name, f in functions.items()}
    passes |= {"a with σ taken twice": _feedforward(x, weights, biases, lambda z: sigmoid(sigmoid(z)))}
    passes |= {"what a bias that is subtracted gives": _feedforward(x, weights, [-b for b in biases])}
    passes |= {"what a pass gives that begins with σ(x)": _feedforward(sigmoid(x), weights, biases)}
    after = [w @ a for w, a in zip(weights, activations, strict=False)]
    passes |= {
        "what comes of adding the bias behind σ": (
            after,
            [x, *(sigmoid(z) + b for z, b in zip(after, biases, strict=True))],
        )
    }
    twice = [sigmoid(a) for a in activations]
    return passes | {"a with one more σ": (zs, twice), "a with σ left out": (zs, [x, *zs])}


def _forward_slips(sizes):
    yield Mistake("bias left out", "each layer has a bias: it is added to the weighted sum", _without_bias)
    yield Mistake("z handed on", "the next layer gets a = σ(z) of this one, not z itself", _z_handed_on)
    yield Mistake(
        "last layer without sigmoid", "the last layer has a sigmoid like all others", _no_last_sigmoid
    )
    yield Mistake("a kept for z", "zs keeps what enters the sigmoid, before it is applied", _a_kept_for_z)
    yield Mistake("z kept for a", "activations keeps what leaves the sigmoid", _z_kept_for_a)
    if sizes == SQUARE:
        advice = "row j of w belongs to neuron j: which product multiplies each row by the column a?"
        yield Mistake("w transposed", advice, lambda x, w, b: _feedforward(x, [each.T for each in w], b))
        yield Mistake(
            "x in every layer", "what enters a layer is the answer of the one before it", _x_in_every_layer
        )


def _without_bias(x, weights, biases):
    return _feedforward(x, weights, [0 * b for b in biases])


def _z_handed_on(x, weights, biases):
    zs = [x]
    for w, b in zip(weights, biases, strict=True):
        zs.append(w @ zs[-1] + b)
    return zs[1:], [x, *map(sigmoid, zs[1:])]


def _no_last_sigmoid(x, weights, biases):
    zs, activations = _feedforward(x, weights, biases)
    return zs, [*activations[:-1], zs[-1]]


def _x_in_every_layer(x, weights, biases):
    zs = [w @ x + b for w, b in zip(weights, biases, strict=True)]
    return zs, [x, *map(sigmoid, zs)]


def _a_kept_for_z(x, weights, biases):
    _, activations = _feedforward(x, weights, biases)
    return activations[1:], activations


def _z_kept_for_a(x, weights, biases):
    zs, _ = _feedforward(x, weights, biases)
    return zs, [x, *zs]


# ---------------------------------------------------------------------------------- task 2: BP1 and BP2


def _exact_bp1(bp1):
    """Where z is 0 the slope of the sigmoid is 1/4."""
    (cost_gradient,) = whole((4, 1))
    yield bp1(cost_gradient, np.zeros((4, 1))), cost_gradient / 4


def _exact_bp2(bp2):
    delta_next, w_next = whole((3, 1), (3, 4))
    yield bp2(delta_next, w_next, np.zeros((4, 1))), w_next.T @ delta_next / 4


def _exact_bp1_and_bp2(bp1, bp2):
    yield from _exact_bp1(bp1)
    yield from _exact_bp2(bp2)


@in_numpy("bp1: the error of the last layer", exact=_exact_bp1)
def bp1(bp1, seed=0):
    cost_gradient, z = _columns(seed, 4, 4)
    yours = returned(bp1(*deepcopy((cost_gradient, z))), "bp1")
    wanted = numerical_gradient(lambda z: np.sum(cost_gradient * sigmoid(z)), z)
    mistakes = [*slips_of_the_slope(cost_gradient, z), _not_a_column(wanted)]
    known = {"factors": {"cost_gradient": cost_gradient}, "slopes": {"σ'(z)": ("sigmoid", z)}}
    yield compared("delta of 4 neurons", yours, wanted, mistakes, **known)


@in_numpy("bp2: the error of a layer from that of the next", parts=2, exact=_exact_bp2)
def bp2(bp2, seed=0):
    for n_next, n in ((3, 3), (2, 4)):
        delta_next, z = _columns(seed, n_next, n)
        w_next = np.random.default_rng((seed, n)).normal(size=(n_next, n))
        yours = returned(bp2(*deepcopy((delta_next, w_next, z))), "bp2")
        wanted = numerical_gradient(partial(_carried, delta_next, w_next), z)
        mistakes, known = _slips_of_bp2(delta_next, w_next, z), _around_bp2(delta_next, w_next, z)
        yield compared(f"{n} neurons before {n_next}", yours, wanted, mistakes, **known)


def _around_bp2(delta_next, w_next, z):
    back, s = w_next.T @ delta_next, slope(z)
    arrivals = {
        "all weights times all errors": w_next.T.sum(axis=1, keepdims=True) * delta_next.sum(),
        "the error of one neuron alone": w_next[:1].T * delta_next[0],
        "the error of the last neuron alone": w_next[-1:].T * delta_next[-1],
        "the sizes of the weights": np.abs(w_next).T @ delta_next,
        "the mean of what comes back": back / len(delta_next),
        "the largest of what comes back": (w_next.T * delta_next.T).max(axis=1, keepdims=True),
        "the squares of the errors": w_next.T @ delta_next**2,
    }
    values = {f"the error with {name}": each * s for name, each in arrivals.items()}
    values |= {f"{name}, without a slope": each for name, each in arrivals.items()} | {
        "a difference for a product": back - s
    }
    return {"factors": {"what comes back": back}, "slopes": {"σ'(z)": ("sigmoid", z)}, "values": values}


def _carried(delta_next, w_next, z):
    """A cost that moves with the next layer's sums as delta_next says."""
    return np.sum(delta_next * (w_next @ sigmoid(z)))


def _slips_of_bp2(delta_next, w_next, z):
    for slip in slips_of_bp2(delta_next.T, w_next.T, z.T):  # which speaks in rows
        yield slip._replace(gives=slip.gives.T)
    advice = "this has no delta_next in it: the errors of the next layer are what comes back"
    yield Mistake("upstream ignored", advice, w_next.T.sum(axis=1, keepdims=True) * slope(z))
    yield _not_a_column(z)


def _columns(seed, *sizes):
    rng = np.random.default_rng((seed, *sizes))
    return [rng.normal(size=(n, 1)) for n in sizes]


@in_numpy("bp1 and bp2: the arguments after the call", parts=2, exact=_exact_bp1_and_bp2)
def bp1_and_bp2_leave_alone(bp1, bp2, seed=0):
    w_next = np.random.default_rng(seed).normal(size=(2, 4))
    delta_next, z = _columns(seed, 2, 4)
    yield leaves_alone(bp1, *_columns(seed, 4, 4))
    yield leaves_alone(bp2, delta_next, w_next, z)


# ---------------------------------------------------------------------------------- task 3: BP3 and BP4


@in_numpy("bp3: the gradient of the biases")
def bp3(bp3, seed=0):
    (delta,) = _columns(seed, 4)
    yours = returned(bp3(delta.copy()), "bp3")
    advice = "every bias has a gradient of its own; a sum over examples is not needed with one example"
    total = np.sum(delta)
    summed = [Mistake("summed over the neurons", advice, gives) for gives in (total, [total], [[total]])]
    yield compared(
        "4 biases", yours, delta, [*summed, _not_a_column(delta)], values={"1 for every bias": 1 + 0 * delta}
    )


def _exact_bp4(bp4):
    a, delta = whole((3, 1), (4, 1))
    yield bp4(a, delta), delta @ a.T


@in_numpy("bp4: the gradient of the weights", parts=2, exact=_exact_bp4)
def bp4(bp4, seed=0):
    for n_in, n in ((3, 3), (5, 2)):
        delta, a = _columns(seed, n, n_in)
        yours = returned(bp4(a.copy(), delta.copy()), "bp4")
        wanted = numerical_gradient(lambda w, a=a, delta=delta: np.sum(delta * (w @ a)), np.zeros((n, n_in)))
        mistakes = [
            Mistake("transposed", "a gradient has the shape of its variable", wanted.T),
            Mistake("error left out", "each row of w has an error of its own", wanted / delta),
            Mistake("a left out", "the larger what w multiplies, the larger its slope", wanted / a.T),
            _not_a_matrix(wanted),
        ]
        functions = {
            "σ(a)": sigmoid(a),
            "a (1 − a)": a * (1 - a),
            "σ'(a)": slope(a),
            "|a|": np.abs(a),
            "a²": a**2,
        }
        others = {f"the gradient with {name} for a": delta @ each.T for name, each in functions.items()}
        others |= {
            "a sum for a product": delta + a.T,
            "the gradient with |δ|": np.abs(delta) @ a.T,
            "a difference": delta - a.T,
        }
        yield compared(f"w of {n} rows and {n_in} columns", yours, wanted, mistakes, values=others)


_NOT_A_MATRIX = (
    "not a matrix",
    "there is a slope for each pair of neurons: which product of two columns gives all pairs?",
)
_not_a_matrix = _another_shape(_NOT_A_MATRIX)


# ------------------------------------------------------------------------------------- task 4: backprop

EQUATIONS = (
    _feedforward,
    lambda cost_gradient, z: cost_gradient * slope(z),
    lambda delta_next, w_next, z: (w_next.T @ delta_next) * slope(z),
    lambda delta: delta.copy(),
    lambda a_previous, delta: delta @ a_previous.T,
)


def _exact_backprop(backprop):
    """With biases that make every z 0, each answer is 1/2 and each slope 1/4."""
    x, *weights = whole((4, 1), (3, 4), (2, 3))
    biases = [-(w @ a) for w, a in zip(weights, (x, np.full((3, 1), 0.5)), strict=True)]
    y = np.array([[0.25], [0.75]])
    zs, activations = _feedforward(x, weights, biases)
    exact = _back(zs, activations, weights, (0.5 - y) / 4)
    yield from in_pairs(backprop(x, y, weights, biases, *EQUATIONS), exact)


@in_numpy("backprop: the gradients of one example", parts=6, exact=_exact_backprop)
def backprop(backprop, sizes=UNEQUAL, seed=0):
    x, y, weights, biases = _network(sizes, seed)
    answer = backprop(*deepcopy((x, y, weights, biases)), *EQUATIONS)
    yours = _two_lists(answer, "backprop", ("nabla_b", "nabla_w"), (3, 3))
    right = _nudged(x, y, weights, biases)
    slips = likeliest_first(_by_place(_backward_slips(sizes, x, y, weights, biases, right)), _placed(yours))
    for k, letter in enumerate("bw"):
        for l, wanted in enumerate(right[k]):
            mistakes = [slip._replace(gives=slip.gives[k, l]) for slip in slips]
            what = f"dC/d{letter}{l + 1}, layers of {', '.join(map(str, sizes))}"
            others = {
                f"what belongs to {'bw'[i]}{j + 1}": g
                for (i, j), g in _placed(right).items()
                if (i, j) != (k, l)
            }
            yield compared(what, yours[k][l], wanted, mistakes, values=others)


def _placed(lists):
    """{(list, place): array} of two lists of arrays."""
    return {(k, l): each for k, arrays in enumerate(lists) for l, each in enumerate(arrays)}


def _by_place(slips):
    return [slip._replace(gives=_placed(slip.gives)) for slip in slips]


def _nudged(x, y, weights, biases):
    """nabla_b and nabla_w by central differences."""

    def cost_with(kind, l, value):
        changed = [list(weights), list(biases)]
        changed[kind][l] = value
        return _cost(x, y, *changed)

    return [
        [numerical_gradient(partial(cost_with, kind, l), p) for l, p in enumerate(params)]
        for kind, params in ((1, biases), (0, weights))
    ]


def _backward_slips(sizes, x, y, weights, biases, right):
    zs, activations = _feedforward(x, weights, biases)
    back = partial(_back, zs, activations, weights)
    a = activations[-1]
    error = (a - y) * slope(zs[-1])
    yield Mistake("½ forgotten", "the 2 of the square and the ½ of the cost cancel", _scaled(right, 2))
    yield Mistake("sign", _TOO_LARGE, _scaled(right, -1))
    yield Mistake("target left out", "how the cost moves with a depends on y", back(a * slope(zs[-1])))
    yield Mistake(
        "cost for its gradient", "bp1 wants ∂C/∂a, not C itself", back(0.5 * (a - y) ** 2 * slope(zs[-1]))
    )
    yield Mistake(
        "BP1 left out", "a − y is ∂C/∂a; one sigmoid further back it becomes the error", back(a - y)
    )
    yield Mistake("in the other order", "nabla_b comes first, then nabla_w", right[::-1])
    yield Mistake("slope at a", _Z_OF_THE_LAYER, back((a - y) * slope(a), slope=_slope_at_a))
    if sizes == SQUARE:
        yield Mistake("weights of the wrong layer", _OFF_BY_ONE, back(error, w=-1))
        yield Mistake("slope of the wrong layer", _OFF_BY_ONE, back(error, z=1))
        yield Mistake(
            "a of the wrong layer", "a weight multiplies the a of the layer before", back(error, a=1)
        )
        yield Mistake(
            "from the end", "the first gradient in a list belongs to the first layer", _reversed(right)
        )
        yield Mistake("error not carried on", _NOT_CARRIED, back(error, carries=False))


_TOO_LARGE = "where an answer is too large, raising it raises the cost; yours says the opposite"
_Z_OF_THE_LAYER = "bp1 and bp2 want the z of their layer, and take the slope there themselves"
_OFF_BY_ONE = "BP2 mixes two layers: write down, for one l, which list holds what at which index"
_NOT_CARRIED = "each step of BP2 starts from the error that the step before has found"


def _slope_at_a(z):
    return slope(sigmoid(z))


def _back(zs, activations, weights, error, slope=slope, w=0, z=0, a=0, carries=True):
    """nabla_b and nabla_w from the error of the last layer, with an index that is off by w, z or a."""
    deltas = [error]
    for l in range(len(zs) - 2, -1, -1):
        delta_next = deltas[0] if carries else error
        deltas.insert(0, weights[l + 1 + w].T @ delta_next * slope(zs[l + z]))
    return deltas, [delta @ activations[l + a].T for l, delta in enumerate(deltas)]


def _scaled(gradients, factor):
    return [[factor * gradient for gradient in each] for each in gradients]


def _reversed(gradients):
    return [each[::-1] for each in gradients]


# --------------------------------------------------------------------------- task 5: update_mini_batch


@in_numpy("update_mini_batch: the new parameters", parts=4)
def update_mini_batch(update_mini_batch, seed=0, examples=3, eta=0.5):
    given = tell_apart(
        lambda rng: _mini_batch(int(rng.integers(2**32)), examples),
        lambda *drawn: _with_its_slips(*drawn, eta),
        np.random.default_rng(seed),
    )
    answer = update_mini_batch(*deepcopy(given), eta, _backprop)
    yours = _two_lists(answer, "update_mini_batch", ("weights", "biases"), (2, 2))
    right = _step(*given, eta / examples)
    slips = likeliest_first(_by_place(_slips_of_the_step(right, *given, eta)), _placed(yours))
    other_steps = {name: _step(*given, factor) for name, factor in _other_factors(eta, examples).items()}
    for k, letter in enumerate("wb"):
        for l, wanted in enumerate(right[k]):
            mistakes, old = [slip._replace(gives=slip.gives[k, l]) for slip in slips], given[k][l]
            gradient = (old - wanted) / eta
            others = {name: lists[k][l] for name, lists in other_steps.items()}
            others |= {"the gradient itself": gradient, "the sum of the gradients": gradient * examples}
            others |= {"the step to the other side": old - wanted, "a step added to nothing": wanted - old}
            yield compared(f"{letter}{l + 1} after the step", yours[k][l], wanted, mistakes, values=others)


def _with_its_slips(weights, biases, batch, eta):
    """For each new parameter what is right, and what the mistakes make of it."""
    right = _step(weights, biases, batch, eta / len(batch))
    slips = _by_place(_slips_of_the_step(right, weights, biases, batch, eta))
    for place, wanted in _placed(right).items():
        yield wanted, [slip._replace(gives=slip.gives[place]) for slip in slips]


def _other_factors(eta, N):
    """For each step that is too long or too short, what the sum of the gradients is multiplied by."""
    factors = {
        "eta times the number of examples": eta * N,
        "half the learning rate": eta / (2 * N),
        "no learning rate": 1.0,
    }
    factors |= {
        "twice the learning rate": 2 * eta / N,
        "eta squared": eta**2 / N,
        "a mean of all but one": eta / (N - 1),
    }
    factors |= {
        "eta that divides": 1 / (eta * N),
        "a mean of one more": eta / (N + 1),
        "uphill, summed": -eta,
    }
    return {f"the step with {name}": factor for name, factor in factors.items()}


@in_numpy("update_mini_batch: the arguments after the call")
def update_leaves_alone(update_mini_batch, seed=0):
    yield leaves_alone(update_mini_batch, *_mini_batch(seed, 3), 0.5, _backprop)


def _mini_batch(seed, examples):
    _, _, weights, biases = _network((3, 4, 2), seed)
    rng = np.random.default_rng(seed)
    batch = [(rng.normal(size=(3, 1)), rng.uniform(size=(2, 1))) for _ in range(examples)]
    return weights, biases, batch


def _backprop(x, y, weights, biases):
    zs, activations = _feedforward(x, weights, biases)
    return _back(zs, activations, weights, (activations[-1] - y) * slope(zs[-1]))


def _step(weights, biases, batch, factor):
    """New weights and biases: the old ones less factor times the sum of the gradients."""
    for nablas in [_backprop(x, y, weights, biases) for x, y in batch]:
        biases, weights = (
            [p - factor * nabla for p, nabla in zip(*pair, strict=True)]
            for pair in zip((biases, weights), nablas, strict=True)
        )
    return weights, biases


def _slips_of_the_step(right, weights, biases, batch, eta):
    N, step = len(batch), partial(_step, weights, biases, batch)
    old = weights, biases
    yield Mistake("summed", "the cost is the mean over the examples, and so is its gradient", step(eta))
    yield Mistake("averaged twice", "the number of examples divides once", step(eta / N**2))
    yield Mistake("uphill", "the cost has to fall: which way does the gradient point?", step(-eta / N))
    yield Mistake("eta left out", "the learning rate says how long the step is", step(1 / N))
    yield Mistake("divided by the layers", "the mean goes over the examples", step(eta / len(weights)))
    for factor in (eta, eta / N):
        yield Mistake("one example only", "all examples have a say", _step(*old, batch[-1:], factor))
        yield Mistake("moved too early", _TOO_EARLY, _one_after_another(*old, batch, factor))
    yield Mistake("in the other order", "the weights come first, then the biases", right[::-1])
    yield Mistake("not moved", "the parameters are what they were", old)
    yield Mistake("step alone", "asked are the new parameters, not the way to them", _differences(right, old))


_TOO_EARLY = "all gradients are taken at the old parameters, and then comes one step"


def _one_after_another(weights, biases, batch, factor):
    for example in batch:
        weights, biases = _step(weights, biases, [example], factor)
    return weights, biases


def _differences(new, old):
    return [[p - q for p, q in zip(*pair, strict=True)] for pair in zip(new, old, strict=True)]


# ------------------------------------------------------------------------- task 6: a mini-batch in rows


def _exact_gradient(gradient):
    """Four times the same x, with biases that make every z 0; the targets differ."""
    W1, W2, x = whole((3, 4), (4, 2), (3,))
    params = {"W1": W1, "b1": -x @ W1, "W2": W2, "b2": -0.5 * W2.sum(axis=0)}
    X, Y = np.tile(x, (4, 1)), np.resize([0.25, 0.75, 0.5, 0.0, 1.0], (4, 2))
    yield from in_pairs(gradient(X, Y, params), _rows_back(X, Y, params))


@in_numpy("gradient: a whole mini-batch in rows", parts=4, exact=_exact_gradient)
def gradient(gradient, sizes=(3, 4, 2), examples=5, seed=0):
    X, Y, params = _in_rows(sizes, examples, seed)
    yours = returned(gradient(*deepcopy((X, Y, params))), "gradient")
    if not isinstance(yours, dict):
        raise Unusable(f"gradient has to return a dict with the names {', '.join(params)}")
    right = _nudged_rows(X, Y, params)
    made = [
        slip._replace(gives={name: slip.gives(wanted, name) for name, wanted in right.items()})
        for slip in _slips_in_rows(X, Y, params)
    ]
    slips, other = likeliest_first(made, {name: yours.get(name) for name in right}), _other_rows(X, Y, params)
    for name, wanted in right.items():
        if name not in yours:
            yield Finding(f"dC/d{name}", False, "is not in the dict")
            continue
        mistakes = [slip._replace(gives=slip.gives[name]) for slip in slips]
        mistakes.append(_not_its_shape(wanted))
        others = {what: each[name] for what, each in other.items() if name in each}
        shapes = [X.shape, Y.shape]
        yield compared(
            f"dC/d{name}, {examples} rows", yours[name], wanted, mistakes, values=others, shapes=shapes
        )


def _other_rows(X, Y, params):
    """The gradients that come of another slope, of other numbers passed on, or of another way forward."""
    back, (Z1, Z2), N = partial(_rows_back, X, Y, params), _rows_forward(X, params), len(X)
    A1, A2 = sigmoid(Z1), sigmoid(Z2)
    delta2 = (A2 - Y) * slope(Z2) / N
    wrong_slopes = {
        "z (1 − z) for the slope": lambda z: z * (1 - z),
        "the slope of a relu": lambda z: (z > 0) * 1.0,
        "the slope of tanh": lambda z: 1 - sigmoid(z) ** 2,
        "a for the slope": sigmoid,
        "the slope twice": lambda z: slope(z) ** 2,
        "1 − a for the slope": lambda z: 1 - sigmoid(z),
        "a minus in the slope": lambda z: -slope(z),
    }
    made = {f"a gradient with {name} behind": back(last=f) for name, f in wrong_slopes.items()}
    made |= {f"a gradient with {name} in the middle": back(hidden=f) for name, f in wrong_slopes.items()}
    made |= {f"a gradient with {name} in both": back(last=f, hidden=f) for name, f in wrong_slopes.items()}
    for name in params:
        without = params | {name: 0 * params[name]}
        made[f"a gradient without {name} on the way forward"] = _rows_back(X, Y, without)
    moved = params | {"W2": params["W2"] - A1.T @ delta2}
    made |= {
        "a gradient with W2 already moved": back(W2=moved["W2"]),
        "a gradient with |W2|": back(W2=np.abs(params["W2"])),
    }
    made |= {"a gradient without W2": back(W2=np.ones_like(params["W2"]))}
    one = delta2 * np.eye(N)[:, :1]
    made |= {"a gradient of the first example": _backward_rows(X, A1, one, params, slope(Z1))}
    errors = {
        "z − y for a − y": Z2 - Y,
        "no target": A2,
        "the square of the error": (A2 - Y) ** 2,
        "no error": 1 + 0 * Y,
    }
    for name, error in errors.items():
        for ending, last in (("", slope(Z2)), (", and without the last slope", 1.0)):
            gradients = _backward_rows(X, A1, error * last / N, params, slope(Z1))
            made[f"a gradient with {name}{ending}"] = gradients
    passed = {"z for a": Z1, "the slope for a": slope(Z1), "1 for a": 1 + 0 * A1, "a²": A1**2}
    made |= {f"a gradient with {name} before W2": {"W2": each.T @ delta2} for name, each in passed.items()}
    spread = {
        "the sums of W2 and of the errors": delta2.sum(axis=1, keepdims=True) * params["W2"].sum(axis=1)
    }
    spread |= {
        "the slope of the other layer": delta2
        @ params["W2"].T
        * slope(Z2).sum(axis=1, keepdims=True)
        / slope(Z1)
    }
    return made | {
        f"a gradient with {name}": _backward_rows(X, A1, delta2, params, slope(Z1), each)
        for name, each in spread.items()
    }


def _backward_rows(X, A1, delta2, params, hidden, arrived=None):
    delta1 = (delta2 @ params["W2"].T if arrived is None else arrived) * hidden
    layers = {1: (X, delta1), 2: (A1, delta2)}
    W = {f"W{layer}": below.T @ delta for layer, (below, delta) in layers.items()}
    b = {f"b{layer}": np.sum(delta, axis=0) for layer, (_, delta) in layers.items()}
    return W | b


@in_numpy("gradient: the arguments after the call", exact=_exact_gradient)
def gradient_leaves_alone(gradient, seed=0):
    yield leaves_alone(gradient, *_in_rows((3, 4, 2), 5, seed))


def _in_rows(sizes, examples, seed):
    rng = np.random.default_rng((*sizes, examples, seed))
    n0, n1, n2 = sizes
    params = {"W1": rng.normal(size=(n0, n1)), "b1": rng.normal(size=n1)}
    params |= {"W2": rng.normal(size=(n1, n2)), "b2": rng.normal(size=n2)}
    return rng.normal(size=(examples, n0)), rng.uniform(size=(examples, n2)), params


def _rows_forward(X, params):
    Z1 = X @ params["W1"] + params["b1"]
    Z2 = sigmoid(Z1) @ params["W2"] + params["b2"]
    return Z1, Z2


def _nudged_rows(X, Y, params):
    def mean_cost(name, value):
        _, Z2 = _rows_forward(X, params | {name: value})
        return 0.5 * float(np.sum((sigmoid(Z2) - Y) ** 2)) / len(X)

    return {name: numerical_gradient(partial(mean_cost, name), p) for name, p in params.items()}


def _slips_in_rows(X, Y, params):
    """Mistakes with what each makes of the right gradient of a parameter."""
    back, (N, C) = partial(_rows_back, X, Y, params), Y.shape
    yield Mistake(
        "1/N missing", "the mean of the costs has a 1/N, and its gradient too", lambda right, _: N * right
    )
    yield Mistake("1/N twice", "one 1/N is enough: it stands in the cost", lambda right, _: right / N)
    yield Mistake(
        "divided by the outputs", "the mean goes over the examples alone", lambda right, _: right / C
    )
    yield Mistake(
        "½ forgotten", "the 2 of the square and the ½ of the cost cancel", lambda right, _: 2 * right
    )
    yield Mistake("sign", _TOO_LARGE, lambda right, _: -right)
    one = _rows_back(X[-1:], Y[-1:], params)
    yield Mistake("one example only", "each row of X has a say", lambda _, name: one[name])
    yield Mistake("one example only", "each row of X has a say", lambda _, name: one[name] / N)
    for slip in (
        Mistake(
            "BP1 left out", "A − Y is ∂C/∂A; one sigmoid further back it becomes the error", back(last=_one)
        ),
        Mistake("slope left out", "BP2 ends with the slope of the layer where it arrives", back(hidden=_one)),
        Mistake("slope at a", "σ' is taken at z, not at a", back(last=_slope_at_a, hidden=_slope_at_a)),
        Mistake("slope at a", "σ' is taken at z, not at a", back(hidden=_slope_at_a)),
    ):
        yield slip._replace(gives=lambda _, name, gives=slip.gives: gives[name])
    if params["W2"].shape[0] == C:
        untransposed = back(W2=params["W2"].T)
        yield Mistake("W for Wᵀ", W_FOR_WT, lambda _, name: untransposed[name])
    yield Mistake(
        "transposed", "in rows W is (n_in, n_out), and so is its gradient", lambda right, _: right.T
    )
    yield Mistake("keepdims", "a bias has one axis, and so has its gradient", lambda right, _: right[None])


_NOT_ITS_SHAPE = (
    "not the shape of its variable",
    "a gradient has the shape of its variable: over which axis do the examples add up?",
)
_not_its_shape = _another_shape(_NOT_ITS_SHAPE)


def _one(z):
    return 1.0


def _rows_back(X, Y, params, W2=None, last=slope, hidden=slope):
    """The four gradients by BP1 to BP4 in rows; a slip has another W2 or another slope."""
    Z1, Z2 = _rows_forward(X, params)
    delta2 = (sigmoid(Z2) - Y) * last(Z2) / len(X)
    other = params if W2 is None else params | {"W2": W2}
    return _backward_rows(X, sigmoid(Z1), delta2, other, hidden(Z1))
