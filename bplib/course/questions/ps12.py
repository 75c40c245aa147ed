"""Assignment 12: batch norm both ways, dropout, attention backward, the causal mask, rows that add up."""

import numpy as np

from ...check.compare import Mistake, compare
from ...check.stock import usual_slips
from .common import (
    and_then,
    compared,
    in_numpy,
    leaves_alone,
    likeliest_first,
    normal,
    returned,
    several,
    whole,
)


def _named(names, yours, right, slips, what):
    """A finding for each of several results; one slip in all of them is called by one name."""
    slips = likeliest_first(slips, dict(enumerate(yours)))
    for k, name in enumerate(names):
        mistakes = [slip._replace(gives=slip.gives[k]) for slip in slips]
        stock = usual_slips(right[k])
        yield compare(f"{name}, {what}", yours[k], right[k], [*mistakes, *stock])


# -------------------------------------------------------------------------------- task 1: a column in order

# N, D, ε: few samples, so that N − 1 shows, and an ε that is too large to be overlooked.
COLUMNS = ((5, 3, 0.5), (4, 6, 1e-3), (7, 2, 2.0))


def _batch(seed, N, D):
    rng = np.random.default_rng((seed, N, D))
    x, upstream = rng.normal(1.0, 2.0, (2, N, D))
    return x, rng.uniform(1.5, 2.5, D), rng.uniform(1.0, 2.0, D), upstream


@in_numpy("batch_norm: forward", parts=4)
def normalises(batch_norm, seed=0):
    def findings():
        for N, D, eps in COLUMNS:
            x, gamma, beta, _ = _batch(seed, N, D)
            yours = returned(batch_norm(x.copy(), gamma.copy(), beta.copy(), eps), "batch_norm")
            right = gamma * _standard(x, eps)[0] + beta
            yield compared(f"y, x {(N, D)}, eps {eps}", yours, right, _slips_of_norm(x, gamma, beta, eps))

    given = _batch(seed, 3, 2)[:3]
    yield from and_then(findings(), lambda: [leaves_alone(batch_norm, *given, 0.1)])


def _standard(x, eps, axis=0, less=0):
    """x̂ and σ."""
    centred = x - x.mean(axis=axis, keepdims=True)
    sigma = np.sqrt((centred**2).sum(axis=axis, keepdims=True) / (x.shape[axis] - less) + eps)
    return centred / sigma, sigma


def _outside(x, eps):
    """x̂ and σ when ε is added to the root."""
    sigma = x.std(axis=0) + eps
    return (x - x.mean(axis=0)) / sigma, sigma


_LESS = "divided by N − 1", "the variance is the mean of the squares over all N samples"
_OUTSIDE = "ε outside of the root", "ε is added to the variance, before the root"
_NO_EPS = "ε left out", "ε is added to the variance"
_SUM_OF_SQUARES = "sum of squares", "the variance is a mean: it has its 1/N"
_ONE_FOR_ALL = "one for all", "each feature has a mean and a variance of its own"
_SHARES = "what goes through mean and variance has their 1/N"
_ROWS = "along the rows", "each feature has its own mean, over the samples: axis 0"


def _slips_of_norm(x, gamma, beta, eps):
    def moved(standard):
        return gamma * standard + beta

    right, sigma = _standard(x, eps)
    yield Mistake(*_LESS, moved(_standard(x, eps, less=1)[0]))
    yield Mistake(*_OUTSIDE, moved(_outside(x, eps)[0]))
    yield Mistake(*_NO_EPS, moved(_standard(x, 0.0)[0]))
    yield Mistake(*_ROWS, moved(_standard(x, eps, axis=1)[0]))
    yield Mistake("variance for its root", "divide by the root of the variance", moved(right / sigma))
    yield Mistake("not divided by σ", "divide by the root of the variance", moved(right * sigma))
    yield Mistake("times σ", "the root of the variance divides", moved(right * sigma**2))
    yield Mistake("not centred", "subtract the mean first", moved(x / sigma))
    yield Mistake("not centred", "subtract the mean first", moved(x / np.sqrt((x**2).mean(axis=0) + eps)))
    squares = ((x - x.mean(axis=0)) ** 2).sum(axis=0)
    yield Mistake(*_SUM_OF_SQUARES, moved((x - x.mean(axis=0)) / np.sqrt(squares + eps)))
    centred = x - x.mean(axis=0)
    yield Mistake(*_ONE_FOR_ALL, moved(centred / np.sqrt((centred**2).mean() + eps)))
    yield Mistake(*_ONE_FOR_ALL,
                  moved((x - x.mean()) / np.sqrt(x.var() + eps)))  # fmt: skip
    yield Mistake("γ and β left out", "γ and β come after x̂", right)
    yield Mistake("β left out", "β is added at the end", gamma * right)
    yield Mistake("β too early", "β is added after γ has multiplied", gamma * (right + beta))
    yield Mistake("β taken off", "β is added", gamma * right - beta)
    yield Mistake("γ and β exchanged", "γ multiplies, and β is added", beta * right + gamma)
    yield Mistake(*_ONE_FOR_ALL, moved(centred / x.std()))
    yield Mistake("γ left out", "γ multiplies x̂", right + beta)


def _exact_norm_back(batch_norm_back):
    x = np.array([[-1.0, 1.0], [1.0, 1.0], [-1.0, -1.0], [1.0, -1.0]])  # variance 1, and with ε = 3 σ is 2
    upstream, gamma = whole((4, 2), (2,))
    yield from zip(batch_norm_back(upstream, x, gamma, 3.0), _norm_back(upstream, x, gamma, 3.0), strict=True)


@in_numpy("batch_norm_back: mean and variance move, too", parts=10, exact=_exact_norm_back)
def normalises_back(batch_norm_back, seed=0):
    def findings():
        for N, D, eps in COLUMNS:
            x, gamma, _, upstream = _batch(seed, N, D)
            names = "dx", "dgamma", "dbeta"
            yours = several(
                batch_norm_back(upstream.copy(), x.copy(), gamma.copy(), eps), names, "batch_norm_back"
            )
            right = _norm_back(upstream, x, gamma, eps)
            slips = _slips_of_norm_back(upstream, x, gamma, eps)
            yield from _named(names, yours, right, slips, f"x {(N, D)}, eps {eps}")

    x, gamma, _, upstream = _batch(seed, 3, 2)
    yield from and_then(findings(), lambda: [leaves_alone(batch_norm_back, upstream, x, gamma, 0.1)])


def _norm_back(upstream, x, gamma, eps, seen=None, axis=0, mean=np.mean):
    """dx, dγ, dβ; seen is what x̂ and σ are taken for, and mean what is taken of what goes through them."""
    standard, sigma = seen or _standard(x, eps, axis)
    g = gamma * upstream
    along, stretched = (mean(each, axis=axis, keepdims=True) for each in (g, g * standard))
    dx = (g - along - standard * stretched) / sigma
    return dx, (upstream * standard).sum(axis=0), upstream.sum(axis=0)


def _slips_of_norm_back(upstream, x, gamma, eps):
    def other(upstream=upstream, gamma=gamma, **options):
        return _norm_back(upstream, x, gamma, eps, **options)

    dx, dgamma, dbeta = other()
    (standard, sigma), g, N = _standard(x, eps), gamma * upstream, len(x)
    along, stretched = g.mean(axis=0), standard * (g * standard).mean(axis=0)
    moves = "mean and variance are made of x: what goes through them comes back to x"
    yield Mistake("mean and variance as constants", moves, (g / sigma, dgamma, dbeta))
    yield Mistake("variance as a constant", moves, ((g - along) / sigma, dgamma, dbeta))
    yield Mistake("mean as a constant", moves, ((g - stretched) / sigma, dgamma, dbeta))
    yield Mistake("sums for means", _SHARES, other(mean=np.sum))
    yield Mistake(*_LESS, other(seen=_standard(x, eps, less=1)))
    yield Mistake(*_OUTSIDE, other(seen=_outside(x, eps)))
    yield Mistake(*_NO_EPS, other(seen=_standard(x, 0.0)))
    yield Mistake(*_ROWS, other(axis=1))
    arrives = "what arrives at x̂ is γ times the upstream"
    yield Mistake("γ left out", arrives, other(gamma=np.ones_like(gamma)))
    once = "γ and β are used at every sample: what comes back to them is a sum over the samples"
    yield Mistake("γ and β not added up", once, (dx, upstream * standard, upstream))
    yield Mistake("γ not added up", once, (dx, upstream * standard, dbeta))
    yield Mistake("mean over the batch", once, (dx, dgamma / N, dbeta / N))
    yield Mistake("x for x̂", "γ is multiplied by x̂", (dx, (upstream * x).sum(axis=0), dbeta))
    yield Mistake("γ's gradient with γ", "y = γ x̂ + β: the local derivative of γ is x̂",
                  (dx, gamma * dgamma, dbeta))  # fmt: skip
    yield Mistake("divided by σ²", "divide by σ once", (dx / sigma, dgamma, dbeta))
    distance = "x̂ is the distance over σ"
    yield Mistake("not divided by σ", distance, (dx * sigma, dgamma, dbeta))
    yield Mistake("not divided by σ", distance, (g - (along + stretched) / sigma, dgamma, dbeta))
    to_sigma = standard * (g * x).mean(axis=0) / sigma
    yield Mistake("x for x̂", "σ is made of the distances", ((g - along - to_sigma) / sigma, dgamma, dbeta))
    yield Mistake(*_ROWS, (dx, (upstream * standard).sum(axis=1), upstream.sum(axis=1)))
    yield Mistake("β's gradient with γ", "β is added behind γ", (dx, dgamma, gamma * dbeta))
    signs = "both shares are taken off"
    yield Mistake("wrong sign of a share", signs, ((g - along + stretched) / sigma, dgamma, dbeta))
    yield Mistake("wrong sign of a share", signs, ((g + along - stretched) / sigma, dgamma, dbeta))
    yield Mistake("wrong sign of a share", signs, ((g + along + stretched) / sigma, dgamma, dbeta))
    yield Mistake("sums for means", _SHARES, ((g - along * N - stretched) / sigma, dgamma, dbeta))
    yield Mistake("sums for means", _SHARES, ((g - along - stretched * N) / sigma, dgamma, dbeta))
    halves = "½ of the root and 2 of the square cancel each other"
    yield Mistake("½ of the root forgotten", halves, ((g - along - 2 * stretched) / sigma, dgamma, dbeta))
    yield Mistake("2 of the square forgotten", halves, ((g - along - stretched / 2) / sigma, dgamma, dbeta))
    power = "the slope of 1/√v is −½ v to the power −3/2"
    for wrong in (stretched * sigma, stretched * sigma**2, stretched / sigma):
        yield Mistake("wrong power of σ", power, ((g - along - wrong) / sigma, dgamma, dbeta))
    unstretched = (g * standard).mean(axis=0)
    yield Mistake("x̂ left out", "the share through σ goes along x̂",
                  ((g - along - unstretched) / sigma, dgamma, dbeta))  # fmt: skip
    yield Mistake("γ left out of a share", arrives, ((g - along / gamma - stretched) / sigma, dgamma, dbeta))
    yield Mistake("γ left out of a share", arrives, ((g - along - stretched / gamma) / sigma, dgamma, dbeta))
    yield Mistake(
        "γ left out of a share", arrives, ((g - (along + stretched) / gamma) / sigma, dgamma, dbeta)
    )
    yield Mistake("x − μ for x̂", distance, other(seen=(standard * sigma, sigma)))
    yield Mistake("x − μ for x̂", distance, (dx, dgamma * sigma[0], dbeta))
    squares = ((x - x.mean(axis=0)) ** 2).sum(axis=0)
    root = np.sqrt(squares + eps)
    yield Mistake(*_SUM_OF_SQUARES, other(seen=((x - x.mean(axis=0)) / root, root)))
    yield Mistake("γ and β exchanged", "first the gradient of x, then of γ, then of β", (dx, dbeta, dgamma))
    yield Mistake("upstream ignored", "everything is upstream times local", other(np.ones_like(upstream)))


# ---------------------------------------------------------------------------------------- task 2: dropout

DROPPED = (((3, 4), 0.2), ((7,), 0.6), ((2, 3, 2), 0.25))


def _dropping(seed, shape, rate):
    x, upstream = normal((seed, len(shape)), shape, shape)
    mask = np.random.default_rng((seed, len(shape), 1)).permutation(np.arange(x.size) % 3 > 0)
    return x, upstream, mask.reshape(shape)


@in_numpy("dropout: forward", parts=4)
def drops(dropout, seed=0):
    yield from _dropped(dropout, seed, "y", "dropout", given=0)


@in_numpy("dropout_back: the same mask", parts=4)
def drops_back(dropout_back, seed=0):
    yield from _dropped(dropout_back, seed, "dx", "dropout_back", given=1)


def _dropped(function, seed, name, who, given):
    """Forth and back it is one product, of x or of the upstream."""

    def findings():
        for shape, rate in DROPPED:
            *values, mask = _dropping(seed, shape, rate)
            signal = values[given]
            yours = returned(function(signal.copy(), mask.copy(), rate), who)
            right = signal * mask / (1 - rate)
            yield compared(f"{name} {shape}, rate {rate}", yours, right, _slips_of_drop(signal, mask, rate))

    *values, mask = _dropping(seed, (4, 3), 0.3)
    yield from and_then(findings(), lambda: [leaves_alone(function, values[given], mask, 0.3)])


def _slips_of_drop(signal, mask, rate):
    stays = "divide by the share that stays, 1 − rate"
    yield Mistake("scale left out", stays, signal * mask)
    yield Mistake("scaled by 1 − rate", stays, signal * mask * (1 - rate))
    yield Mistake("divided by the rate", stays, signal * mask / rate)
    yield Mistake("mask left out", "what was left out is 0, both ways", signal / (1 - rate))
    yield Mistake("mask turned over", "the mask is true where an entry stays", signal * ~mask / (1 - rate))
    yield Mistake("divided by the share of the mask", "the rate says it, not the mask that was drawn",
                  signal * mask / mask.mean())  # fmt: skip


# --------------------------------------------------------------------------------------- task 3: attention

# Queries, keys, d, e: all different; and how far all keys are moved together. That changes no weight, but
# makes scores that overflow unless they are shifted.
ASKED = ((3, 4, 2, 5, 0.0), (2, 5, 3, 4, 0.0), (4, 2, 5, 3, 0.0), (3, 4, 2, 5, 1e4))


def _asked(seed, T, S, d, e, moved):
    Q, K, V, upstream = normal((seed, T, S), (T, d), (S, d), (S, e), (T, e))
    return Q, K + moved, V, upstream


def _shown(T, S, d, e, moved):
    large = ", large scores" if moved else ""
    return f"Q {(T, d)}, K {(S, d)}, V {(S, e)}{large}"


@in_numpy("attend: forward", parts=5)
def attends(attend, seed=0):
    def findings():
        for sizes in ASKED:
            Q, K, V, _ = _asked(seed, *sizes)
            yours = returned(attend(Q.copy(), K.copy(), V.copy()), "attend")
            yield compared(f"O, {_shown(*sizes)}", yours, _weights(Q, K) @ V, _slips_of_attend(Q, K, V))

    given = _asked(seed, 2, 3, 4, 1, 0.0)[:3]
    yield from and_then(findings(), lambda: [leaves_alone(attend, *given)])


def _softmax(S, axis=-1):
    e = np.exp(S - S.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def _weights(Q, K, root=None, axis=-1):
    return _softmax(Q @ K.T / (root or np.sqrt(Q.shape[1])), axis)


_ROOT = "√d left out", "the scores are divided by the root of the length of a query"
_NO_SOFTMAX = "softmax left out", "scores become weights by softmax"
_DOWN = "softmax down the columns", "the weights of one query, a row, add up to 1"


def _denominator_slips(S):
    """Weights whose rows do not add up to 1, each shifted by its largest score."""
    e = np.exp(S - S.max(axis=1, keepdims=True))
    row = "weights of a row add up to 1: divide by their sum"
    yield Mistake("not divided by the sum", row, e)
    yield Mistake("not divided by the sum", row, np.exp(np.minimum(S, 700)))
    yield Mistake(*_DOWN, e / e.sum(axis=0))
    yield Mistake("softmax over everything", "each row has a softmax of its own", e / e.sum())


def _slips_of_attend(Q, K, V):
    (T, d), (S, e) = Q.shape, V.shape
    yield Mistake(*_ROOT, _weights(Q, K, root=1.0) @ V)
    yield Mistake("d for √d", "divide by the root of d", _weights(Q, K, root=d) @ V)
    yield Mistake("times √d", "the root of d divides", _weights(Q, K, root=1 / np.sqrt(d)) @ V)
    d_is = "d is the length of a query, and of a key"
    yield Mistake("root of the number of keys", d_is, _weights(Q, K, root=np.sqrt(S)) @ V)
    yield Mistake("root of the number of queries", d_is, _weights(Q, K, root=np.sqrt(T)) @ V)
    yield Mistake("root of the length of a value", d_is, _weights(Q, K, root=np.sqrt(e)) @ V)
    yield Mistake(*_DOWN, _weights(Q, K, axis=0) @ V)
    for slip in _denominator_slips(Q @ K.T / np.sqrt(d)):
        yield slip._replace(gives=slip.gives @ V)
    yield Mistake("wrong sign", "a large score makes a large weight", _weights(-Q, K) @ V)
    yield Mistake(*_NO_SOFTMAX, Q @ K.T / np.sqrt(d) @ V)
    yield Mistake("all alike", "each query has weights of its own", np.tile(V.mean(axis=0), (T, 1)))


def _exact_attend_back(attend_back):
    Q, V, upstream = whole((2, 4), (4, 3), (2, 3))
    K = np.ones((4, 4))  # all keys alike: each weight is a quarter, and nothing comes back to Q
    yield from zip(attend_back(upstream, Q, K, V)[1:], _attend_back(upstream, Q, K, V)[1:], strict=True)


@in_numpy("attend_back: four old pieces", parts=13, exact=_exact_attend_back)
def attends_back(attend_back, seed=0):
    def findings():
        for sizes in ASKED:
            Q, K, V, upstream = _asked(seed, *sizes)
            names = "dQ", "dK", "dV"
            yours = several(attend_back(upstream.copy(), Q.copy(), K.copy(), V.copy()), names, "attend_back")
            right = _attend_back(upstream, Q, K, V)
            yield from _named(names, yours, right, _slips_of_attend_back(upstream, Q, K, V), _shown(*sizes))

    Q, K, V, upstream = _asked(seed, 2, 3, 4, 1, 0.0)
    yield from and_then(findings(), lambda: [leaves_alone(attend_back, upstream, Q, K, V)])


def _through(A, dA):
    """dS: through the softmax of each row."""
    return A * (dA - (dA * A).sum(axis=-1, keepdims=True))


def _to_queries_and_keys(dS, Q, K, root=None):
    root = root or np.sqrt(Q.shape[1])
    return dS @ K / root, dS.T @ Q / root


def _attend_back(upstream, Q, K, V, A=None, root=None, through=_through):
    A = _weights(Q, K) if A is None else A
    return *_to_queries_and_keys(through(A, upstream @ V.T), Q, K, root), A.T @ upstream


def _softmax_slips(back):
    """What becomes of the results when back is told another way through the softmax."""

    def summed(x, axis=-1):
        return x.sum(axis=axis, keepdims=True)

    shares = "all weights of a row share one denominator: the Jacobian of softmax is no diagonal"
    yield Mistake("softmax by its diagonal", shares, back(lambda A, dA: A * (1 - A) * dA))
    yield Mistake("sum left out", shares, back(lambda A, dA: A * dA))
    between = "the softmax lies between weights and scores"
    yield Mistake("softmax skipped", between, back(lambda A, dA: dA))
    weighs = "the sum over the row is weighted with the weights"
    yield Mistake("sum not weighted", weighs, back(lambda A, dA: A * (dA - summed(dA))))
    each = "each row has a sum of its own"
    yield Mistake("sum over everything", each, back(lambda A, dA: A * (dA - (dA * A).sum())))
    yield Mistake("sum down the columns", each, back(lambda A, dA: A * (dA - summed(dA * A, axis=0))))
    order = "the sum is taken off first, and then the weights multiply"
    mean = "what is taken off is the sum over the row, with the weights"
    yield Mistake("mean for the sum", mean, back(lambda A, dA: A * (dA - dA.mean(axis=-1, keepdims=True))))
    yield Mistake("upstream ignored", "everything is upstream times local", back(lambda A, dA: A * (1 - A)))
    yield Mistake("mean for the sum", mean, back(lambda A, dA: A * (dA - summed(dA * A) / A.shape[-1])))
    yield Mistake("sum added", "the sum is taken off", back(lambda A, dA: A * (dA + summed(dA * A))))
    yield Mistake("taken off too late", order, back(lambda A, dA: A * dA - summed(dA * A)))
    yield Mistake("weights left out", order, back(lambda A, dA: dA - summed(dA * A)))


_ROOT_BACK = "√d left out on the way back", "the factor 1/√d multiplies the signal, too"
_ROOT_FORTH = "√d left out on the way forth", "the weights are those of the way forth, with 1/√d"


def _slips_of_attend_back(upstream, Q, K, V):
    def other(upstream=upstream, **options):
        return _attend_back(upstream, Q, K, V, **options)

    dQ, dK, dV = other()
    root = np.sqrt(Q.shape[1])
    yield Mistake(*_ROOT_BACK, other(root=1.0))
    yield Mistake("√d for one of them", "both Q and K get the factor", (dQ, dK * root, dV))
    yield Mistake("√d for one of them", "both Q and K get the factor", (dQ * root, dK, dV))
    yield Mistake("d for √d", "divide by the root of d", (dQ / root, dK / root, dV))
    unscaled = _weights(Q, K, root=1.0)
    yield Mistake(*_ROOT_FORTH, other(A=unscaled))
    yield Mistake(*_ROOT, other(A=unscaled, root=1.0))
    yield from _softmax_slips(lambda through: other(through=through))
    scores = other(A=Q @ K.T / root)
    yield Mistake(*_NO_SOFTMAX, scores)
    yield Mistake(*_NO_SOFTMAX, (dQ, dK, scores[2]))
    yield Mistake(*_DOWN, other(A=_weights(Q, K, axis=0)))
    for slip in _denominator_slips(Q @ K.T / root):
        yield slip._replace(gives=other(A=slip.gives))
    yield Mistake("upstream ignored", "everything is upstream times local", other(np.ones_like(upstream)))
    yield Mistake("results in another order", "first dQ, then dK, then dV", (dK, dQ, dV))
    yield Mistake("results in another order", "first dQ, then dK, then dV", (dV, dK, dQ))


# ------------------------------------------------------------------------------------ task 4: causal

PLACES = ((4, 3), (5, 2), (3, 4))


def _places(seed, T, d):
    return normal((seed, T, d), (T, d), (T, d), (T, T))


def _told(T, d):
    return f"Q and K {(T, d)}"


@in_numpy("causal_weights: nobody sees what comes", parts=4)
def hides(causal_weights, seed=0):
    def findings():
        for sizes in PLACES:
            Q, K, _ = _places(seed, *sizes)
            yours = returned(causal_weights(Q.copy(), K.copy()), "causal_weights")
            yield compared(f"A, {_told(*sizes)}", yours, _hidden(_scores(Q, K)), _slips_of_mask(Q, K))

    given = _places(seed, 3, 2)[:2]
    yield from and_then(findings(), lambda: [leaves_alone(causal_weights, *given)])


def _scores(Q, K):
    return Q @ K.T / np.sqrt(Q.shape[1])


def _hidden(S, sees=None, score=-np.inf):
    sees = np.tri(len(S), dtype=bool) if sees is None else sees
    return _softmax(np.where(sees, S, score))


_ZEROS = "0 for −∞", "a score of 0 is an ordinary score: e⁰ = 1. What is hidden gets −∞"
_AFTER = (
    "mask after the softmax",
    "mask the scores before the softmax, or what is hidden stays in the denominator",
)
_OPEN = "mask left out", "place i sees the places 0 to i"
_PAST = "past hidden", "place i sees itself and what came before it"
_AHEAD = "one place ahead", "place i sees the places up to i, not i + 1"


def _slips_of_mask(Q, K):
    S, T = _scores(Q, K), len(Q)
    sees = np.tri(T, dtype=bool)
    yield Mistake(*_ZEROS, _hidden(S, score=0.0))
    yield Mistake(*_AFTER, _softmax(S) * sees)
    yield Mistake(*_OPEN, _softmax(S))
    yield Mistake(*_PAST, _hidden(S, sees.T))
    yield Mistake(*_AHEAD, _hidden(S, np.tri(T, k=1, dtype=bool)))
    yield Mistake(*_ROOT, _hidden(S * np.sqrt(Q.shape[1])))
    root = np.sqrt(Q.shape[1])
    yield Mistake("d for √d", "divide by the root of d", _hidden(S / root))
    yield Mistake("times √d", "the root of d divides", _hidden(S * root**2))
    yield from _denominator_slips(np.where(sees, S, -np.inf))
    yield Mistake("queries and keys exchanged", "row i has the weights of query i", _hidden(S.T))
    yield Mistake(*_DOWN, _softmax(np.where(sees, S, -np.inf), axis=0))


def _exact_causal_back(causal_back):
    Q, upstream = whole((2, 4), (2, 2))
    K = np.ones((2, 4))
    yield causal_back(upstream, Q, K)[1], _causal_back(upstream, Q, K)[1]


@in_numpy("causal_back: nothing comes back from there", parts=7, exact=_exact_causal_back)
def hides_back(causal_back, seed=0):
    def findings():
        for sizes in PLACES:
            Q, K, upstream = _places(seed, *sizes)
            names = "dQ", "dK"
            yours = several(causal_back(upstream.copy(), Q.copy(), K.copy()), names, "causal_back")
            right = _causal_back(upstream, Q, K)
            yield from _named(names, yours, right, _slips_of_causal_back(upstream, Q, K), _told(*sizes))

    Q, K, upstream = _places(seed, 3, 2)
    yield from and_then(findings(), lambda: [leaves_alone(causal_back, upstream, Q, K)])


def _causal_back(upstream, Q, K, A=None, root=None, through=_through):
    A = _hidden(_scores(Q, K)) if A is None else A
    return _to_queries_and_keys(through(A, upstream), Q, K, root)


def _slips_of_causal_back(upstream, Q, K):
    def other(upstream=upstream, **options):
        return _causal_back(upstream, Q, K, **options)

    S, T, root = _scores(Q, K), len(Q), np.sqrt(Q.shape[1])
    sees = np.tri(T, dtype=bool)
    yield Mistake(*_OPEN, other(A=_softmax(S)))
    yield Mistake(*_ZEROS, other(A=_hidden(S, score=0.0)))
    yield Mistake(*_ZEROS, other(A=_hidden(S, score=0.0), through=lambda A, dA: _through(A, dA) * sees))
    yield Mistake(*_AFTER, other(upstream * sees, A=_softmax(S)))
    yield Mistake(*_AFTER, other(A=_softmax(S) * sees))
    yield Mistake(*_PAST, other(A=_hidden(S, sees.T)))
    yield Mistake(*_AHEAD, other(A=_hidden(S, np.tri(T, k=1, dtype=bool))))
    yield Mistake(*_ROOT_BACK, other(root=1.0))
    unscaled = _hidden(S * root)
    yield Mistake(*_ROOT_FORTH, other(A=unscaled))
    yield Mistake(*_ROOT, other(A=unscaled, root=1.0))
    yield from _softmax_slips(lambda through: other(through=through))
    dQ, dK = other()
    dS = _through(_hidden(S), upstream) / root
    other_one = "Q multiplied Kᵀ: one of the two ways back transposes dS"
    yield Mistake("dS not transposed", other_one, (dQ, dS @ Q))
    yield Mistake("dS transposed for Q", other_one, (dS.T @ K, dK))
    yield Mistake("dS transposed for Q", other_one, (dS.T @ K, dS @ Q))
    yield Mistake("results in another order", "first dQ, then dK", (dK, dQ))
    yield Mistake("queries and keys exchanged", "row i has the weights of query i", other(A=_hidden(S.T)))
    for slip in _denominator_slips(np.where(sees, S, -np.inf)):
        yield slip._replace(gives=other(A=slip.gives))
    yield Mistake("upstream ignored", "everything is upstream times local", other(np.ones_like(upstream)))


# ------------------------------------------------------------------------------------- task 5: embedding

# Rows of W, their length, and an index in which rows come twice, or never.
TABLES = ((5, 3, [3, 0, 3, 3, 1]), (4, 2, [[0, 2, 2], [3, 0, 2]]), (3, 4, [2]))


def _table(seed, V, D, index):
    index = np.array(index)
    return *normal((seed, V, D), (V, D), (*index.shape, D)), index


def _rows(V, D, index):
    return f"W {(V, D)}, index {np.shape(index)}"


@in_numpy("look_up: rows that are chosen", parts=4)
def looks_up(look_up, seed=0):
    def findings():
        for table in TABLES:
            W, _, index = _table(seed, *table)
            yours = returned(look_up(W.copy(), index.copy()), "look_up")
            yield compared(f"y, {_rows(*table)}", yours, W[index], _slips_of_rows(W, index))

    W, _, index = _table(seed, *TABLES[1])
    yield from and_then(findings(), lambda: [leaves_alone(look_up, W, index)])


def _slips_of_rows(W, index):
    yield Mistake("counted from 1", "row 0 is the first", W[index - 1])
    yield Mistake("counted from the end", "row 0 is the first", W[::-1][index])
    yield Mistake("index flattened", "the shape of the index stays, with the length of a row behind it",
                  W[index.ravel()])  # fmt: skip
    yield Mistake("each row once", "an index that comes twice takes its row twice", W[np.unique(index)])


@in_numpy("look_up_back: a scatter-add", parts=4)
def scatters(look_up_back, seed=0):
    def findings():
        for table in TABLES:
            W, upstream, index = _table(seed, *table)
            yours = returned(look_up_back(upstream.copy(), index.copy(), len(W)), "look_up_back")
            slips = _slips_of_scatter(upstream, index, len(W))
            yield compared(f"dW, {_rows(*table)}", yours, _scattered(upstream, index, len(W)), slips)

    W, upstream, index = _table(seed, *TABLES[1])
    yield from and_then(findings(), lambda: [leaves_alone(look_up_back, upstream, index, len(W))])


def _scattered(upstream, index, V):
    dW = np.zeros((V, upstream.shape[-1]))
    np.add.at(dW, index, upstream)
    return dW


def _set(upstream, index, V, order=1):
    """Each row gets the last of its upstreams, or the first with order −1."""
    dW, D = np.zeros((V, upstream.shape[-1])), upstream.shape[-1]
    for row, signal in list(zip(index.ravel(), upstream.reshape(-1, D), strict=True))[::order]:
        dW[row] = signal
    return dW


def _slips_of_scatter(upstream, index, V):
    right = _scattered(upstream, index, V)
    often = np.bincount(index.ravel(), minlength=V)[:, None]
    again = "a row that is taken twice is a fork: each upstream is added"
    yield Mistake("overwritten", again, _set(upstream, index, V))
    yield Mistake("overwritten", again, _set(upstream, index, V, order=-1))
    yield Mistake("mean for sum", again, right / np.maximum(often, 1))
    yield Mistake("rows that were taken only", "dW has a row for each row of W, 0 where nothing came back",
                  right[np.unique(index)])  # fmt: skip
    yield Mistake("upstream ignored", "each row adds up the upstream that belongs to it",
                  _scattered(np.ones_like(upstream), index, V))  # fmt: skip
    yield Mistake("counted from 1", "row 0 is the first", _scattered(upstream, index - 1, V))
    yield Mistake("upstream as it is", "the index says to which row each upstream goes", upstream)
    yield Mistake("all rows alike", "only the rows that were taken hear anything",
                  np.tile(right.sum(axis=0), (V, 1)))  # fmt: skip
